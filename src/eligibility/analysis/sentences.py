"""How two definitions differ, as a sentence for a lawyer.

Where two definitions are readings of the same words, they are called by the words of the reading in
which they differ. What one takes in and the other leaves out is said by the clause that the witness
fails, and by the facts of the witness on which that turns, as the reasons of its verdict have them.
"""

from collections.abc import Iterator

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.paths import parse, value_at
from eligibility.facts.shape import shape
from eligibility.facts.wording import title_of, value_words
from eligibility.values.date_words import day_words
from eligibility.values.english import capital
from eligibility.values.moment import Moment
from eligibility.verdict.record import evaluate


def difference_words(
    a: ClassDefinition, b: ClassDefinition, only_a: History | None, only_b: History | None
) -> str:
    """What `a` does to the accounts of `b`; the histories are in the one and out of the other."""
    this, that = names(a, b)
    begins = capital(this)
    if only_a is None and only_b is None:
        return f"{begins} and {that} take in the same accounts."
    if only_b is None:
        assert only_a is not None  # noqa: S101 - not both are None
        lets_in = f"{begins} lets in accounts that {that} leaves out, {_such_as(only_a, b)}"
        return f"{lets_in}; it leaves nobody out."
    leaves_out = f"{begins} leaves out accounts that {that} takes in, {_such_as(only_b, a)}"
    if only_a is None:
        return f"{leaves_out}; it lets nobody in."
    return f"{leaves_out}; it lets in others, {_such_as(only_a, b)}."


def names(a: ClassDefinition, b: ClassDefinition) -> tuple[str, str]:
    """What to call two definitions: by the words in which their readings differ, or their ids."""
    differing = [name for name, word in a.reading.items() if b.reading.get(name) != word]
    if a.id == b.id and differing and a.reading.keys() == b.reading.keys():
        return _reading_name(a, differing), _reading_name(b, differing)
    if a.id == b.id:
        return "the first definition", "the second definition"
    return f"the definition `{a.id}`", f"the definition `{b.id}`"


def _reading_name(definition: ClassDefinition, dimensions: list[str]) -> str:
    if len(dimensions) == 1:
        return f"the reading `{definition.reading[dimensions[0]]}`"
    words = ", ".join(f"{name}={definition.reading[name]}" for name in dimensions)
    return f"the reading `{words}`"


def _such_as(history: History, definition: ClassDefinition) -> str:
    """An example by the clauses that the history fails, and the facts on which that turns."""
    verdict = evaluate(history, definition)
    texts = {step.id: step.text.rstrip(",;. ") for step in definition.steps}
    failed = [f"“{texts[code]}”" for reason in verdict.reasons for code in reason.code.split("+")]
    facts = [fact for reason in verdict.reasons for fact in _facts(reason.facts, history)]
    turning = f" ({'; '.join(dict.fromkeys(facts))})" if facts else ""
    return f"such as one that does not meet {' and '.join(dict.fromkeys(failed))}{turning}"


def _facts(facts: tuple[str, ...], history: History) -> Iterator[str]:
    """The values that a verdict turns on; that a list is whole is no value."""
    for path in facts:
        at = parse(path)
        if not at.is_complete:
            title = title_of(path, type(history))
            if at.is_of_record and shape(type(history)).lists[at.name].is_spans:
                title = f"{title_of(at.name, type(history))}: {title}"
            value = value_at(path, history)
            shown = day_words(value.earliest) if isinstance(value, Moment) else value_words(value)
            yield f"“{title}”: {shown}"
