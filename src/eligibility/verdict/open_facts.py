"""What the status can turn on and only the defendant can know: nobody here can tell."""

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from eligibility.arguments import checked
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.asking import Asker
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.paths import pattern
from eligibility.facts.wording import known_by
from eligibility.immutable import unchecked
from eligibility.verdict.one_more_record import ways_of_one_more
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.relevance import Relevance, relevant_facts


@frozen(field_transformer=checked)
class OpenFact:
    """What the status can turn on and nobody here can tell: the question, if it could be asked.

    A path such as `messages[].shared` is of a record that nobody listed.
    """

    text: str
    paths: tuple[str, ...]
    known_by: str | None = None


#: There are many, so past the checks.
_open_fact: Final = unchecked(OpenFact)


def open_facts(
    facts: KnownHistory, definition: ClassDefinition, history: History
) -> Iterator[OpenFact]:
    """What can matter of an undecided history, and only the defendant can know.

    Of a record that nobody listed, its facts are those of whichever record: `messages[].shared`.
    """
    asker, asked, model = Asker(history), can_be_asked(type(history)), type(history)
    for fact in relevant_facts(facts, definition, among=lambda path: not asked(path)):
        whole = bool(fact.list) and fact.index is None
        path = fact.path
        text = asker.complete(fact.list) if whole else asker.fact(path)
        yield _open_fact(text, (path,), known_by(path, model))
    for path in open_of_one_more(facts, definition, asked):
        yield _open_fact(asker.fact(path), (path,), known_by(path, model))


def open_of_one_more(
    facts: KnownHistory, definition: ClassDefinition, asked: Callable[[str], bool]
) -> Iterator[str]:
    """The facts of a record that nobody listed, as if it were the next of its list."""
    lists = (*definition.filters, definition.record_list)
    for name in dict.fromkeys(name for name in lists if name in facts.open):
        keys = [k for k in facts.shape.lists[name].facts if not asked(pattern(name, k))]
        matter: set[str] = set()
        for _, more, record in ways_of_one_more(facts, name) if keys else ():
            relevance = Relevance(more, definition, is_cut=False)
            matter |= {key for key in keys if relevance.of_fact(name, record, key)}
        yield from (pattern(name, key) for key in keys if key in matter)
