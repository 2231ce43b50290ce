"""A definition and a verdict as sentences: plain text, for any definition over any history model.

A definition or a verdict comes in; sections of lines go out, to a terminal or a page. Two leading
spaces are one step of indentation.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import frozen

from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    Within,
)
from eligibility.errors import printable
from eligibility.facts.model import History, Value
from eligibility.facts.paths import parse, value_at
from eligibility.facts.wording import change_lines, title_of, value_words
from eligibility.values.date_words import times_words
from eligibility.values.truth import Status
from eligibility.verdict.questions import Question
from eligibility.verdict.record import Verdict

#: How many facts, reasons and questions are told before the rest is counted.
MOST_FACTS: Final = 5
MOST_REASONS: Final = 6


@frozen
class Section:
    """A heading and its lines; a section without a heading stands alone."""

    heading: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*([self.heading] if self.heading else []), *self.lines])


def joined(sections: Iterable[Section]) -> str:
    """Sections as one text, a blank line between them."""
    return "\n\n".join(str(section) for section in sections)


# ---- a definition ------------------------------------------------------------------------------


def definition_sections(definition: ClassDefinition) -> tuple[Section, ...]:
    """A definition as numbered prose, with what each clause means and where it comes from."""
    count = len(definition.clauses)
    of = (
        f"some one of its {definition.record_list} meets "
        if definition.record_list
        else "it meets "
    )
    all_of = "all of these together" if count > 1 else "this"
    head = (
        f"{definition.id}, version {definition.version}",
        f"SHA-256 of the definition: {definition.digest}",
        f"An account fits the description if {of}{all_of}"
        + (", and no exclusion takes it out." if definition.exclusions else "."),
    )
    sections = [
        Section(definition.title, head),
        Section("Clauses", tuple(_numbered(definition.clauses, 1, definition))),
    ]
    if definition.exclusions:
        lines = _numbered(definition.exclusions, count + 1, definition, "Left out if")
        sections.append(Section("Exclusions: whoever is one of these is left out", tuple(lines)))
    if not definition.exact:
        sections.append(_inexact())
    if definition.notice:
        sections.append(Section("Notice", (definition.notice,)))
    return tuple(sections)


def _inexact() -> Section:
    words = (
        "The definition lies outside the fragment in which evaluation is exact: what is decided "
        "is so, but something that follows from what is known may be called indeterminate."
    )
    return Section("Not exact", (words,))


def _numbered(
    clauses: Iterable[Clause], first: int, definition: ClassDefinition, lead: str = "Means"
) -> Iterator[str]:
    for number, clause in enumerate(clauses, first):
        yield f"{number}. {clause.id}: {clause.text}"
        yield f"  {lead}: {condition_words(clause.condition, definition.model)}."
        yield f"  Source: {clause.citation}"
        yield from (f"  See also: {citation}" for citation in clause.context)


def condition_words(condition: Condition, model: type[History]) -> str:
    """A condition in words, in the model's own titles; times are in the court's zone."""
    match condition:
        case Is(path=path, values=values):
            return f"“{title_of(path, model)}” is {_one_of(values)}"
        case Within(moment=path, times=times):
            return f"“{title_of(path, model)}” lies {times_words(times)}"
        case Covered(moment=path, spans=spans, where=where):
            return f"“{title_of(path, model)}” lies within one of {_spans(spans, where, model)}"
        case Uncovered(moment=path, spans=spans, where=where):
            return (
                f"“{title_of(path, model)}” is a moment that there was, and lies within none of "
                f"{_spans(spans, where, model)}"
            )
        case Ever(spans=spans, times=times, where=where):
            return f"one of {_spans(spans, where, model)} has an instant {times_words(times)}"
        case AllOf(conditions=parts):
            return "; and ".join(_part_words(part, model) for part in parts)
        case AnyOf(conditions=parts):
            return "either " + "; or ".join(_part_words(part, model) for part in parts)


def _part_words(part: Condition, model: type[History]) -> str:
    words = condition_words(part, model)
    return f"({words})" if isinstance(part, AllOf | AnyOf) else words


def _one_of(values: frozenset[Value]) -> str:
    words = sorted(value_words(value) for value in values)
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


def _spans(name: str, where: tuple[Is, ...], model: type[History]) -> str:
    words = f"the {title_of(name, model).lower()}"
    return words + "".join(f" of which {condition_words(only, model)}" for only in where)


# ---- a verdict ---------------------------------------------------------------------------------


def verdict_sections(verdict: Verdict) -> tuple[Section, ...]:
    """A decided verdict as sentences, without its notice: status, reading, ladder and reasons."""
    sections = [Section("", status_lines(verdict)), Section("Reading", (reading_line(verdict),))]
    sections.append(Section(_ladder_heading(verdict), tuple(_ladder(verdict))))
    sections.append(Section("Why", tuple(reason_lines(verdict))))
    if not verdict.exact:
        sections.append(_inexact())
    return tuple(sections)


def verdict_text(verdict: Verdict) -> str:
    """A verdict as one text, with its open questions, its two scenarios and its notice.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility import evaluate
    >>> verdict_text(evaluate(AccountHistory(account_id="A-1001"))).splitlines()[0]
    'INDETERMINATE'
    """
    expect(verdict, Verdict, "verdict", "`evaluate(history)` makes one.")
    sections = (*verdict_sections(verdict), *open_sections(verdict), notice_section(verdict))
    return joined(section for section in sections if section.lines)


def notice_section(verdict: Verdict) -> Section:
    """The standing words about the status of the case."""
    return Section("Notice", (verdict.notice,) if verdict.notice else ())


_FITS: Final = {
    Status.ELIGIBLE: "Account {id} fits the description under the stated reading.",
    Status.INELIGIBLE: "Account {id} does not fit the description under the stated reading.",
    Status.INDETERMINATE: (
        "What is known does not decide whether account {id} fits the description under the "
        "stated reading."
    ),
}
_WOULD_FIT: Final = {
    Status.ELIGIBLE: "account {id} would fit the description under the stated reading.",
    Status.INELIGIBLE: "account {id} would still not fit the description under the stated reading.",
    Status.INDETERMINATE: (
        "it would still not be decided whether account {id} fits the description under the "
        "stated reading."
    ),
}


def status_lines(verdict: Verdict) -> tuple[str, ...]:
    """The status, what it means, and, under a supposition, that it is under one."""
    status, account = verdict.status, printable(verdict.given.account_id)
    if verdict.supposing is None:
        return (status.value.upper(), _FITS[status].format(id=account))
    return (
        f"{status.value.upper()}, supposing {verdict.supposing.name}",
        f"This is no finding of what happened. {verdict.supposing.text}",
        f"Source: {verdict.supposing.citation}",
        f"If that were so, {_WOULD_FIT[status].format(id=account)}",
    )


def reading_line(verdict: Verdict) -> str:
    """The definition, and how its words were read."""
    words = ", ".join(f"{name}={value}" for name, value in verdict.reading.items())
    name = f"{verdict.definition.id}, version {verdict.definition.version}"
    return f"{name}: {words}" if words else name


def _ladder_heading(verdict: Verdict) -> str:
    each = verdict.definition.record_list
    return f"How far any one of the {each} got" if each else "How far the account got"


def _ladder(verdict: Verdict) -> Iterator[str]:
    width = max(len(clause.truth.word) for clause in verdict.clauses)
    for number, clause in enumerate(verdict.clauses, 1):
        yield f"{clause.truth.word:{width}}  {number}. {clause.id}: {clause.text}"


def reason_lines(verdict: Verdict) -> Iterator[str]:
    """The reasons, each with the facts that it cites; of many facts the first few."""
    for reason in verdict.reasons[:MOST_REASONS]:
        yield reason.text
        yield f"  Source: {reason.citation}"
        for path in reason.facts[:MOST_FACTS]:
            yield f"  {fact_words(path, verdict)}"
        if len(reason.facts) > MOST_FACTS:
            yield f"  and {len(reason.facts) - MOST_FACTS:,} more facts like these"
    if len(verdict.reasons) > MOST_REASONS:
        yield f"and {len(verdict.reasons) - MOST_REASONS:,} more reasons"


def fact_words(path: str, verdict: Verdict) -> str:
    """A fact that a reason cites: its path, its value, its record's id and source."""
    at = parse(path)
    if at.is_complete:
        return f"{path}: the list of {at.subject} holds all there is"
    evidence = verdict.evidence(path)
    about = [evidence.id, evidence.source and f"source: {evidence.source}"]
    known = "; ".join(printable(each) for each in about if each)
    return f"{path} = {value_words(value_at(path, verdict.history))}" + (
        f" ({known})" if known else ""
    )


# ---- what is open ------------------------------------------------------------------------------


def open_sections(
    verdict: Verdict, hints_for: Callable[[str], Iterable[str]] = lambda _: ()
) -> tuple[Section, ...]:
    """Of an indeterminate verdict: the first question, and the two ways it could go.

    `hints_for` gives, for a path, what hints at the answer without being a fact.
    """
    if verdict.status is not Status.INDETERMINATE:
        return ()
    return (
        Section("First question to answer", tuple(question_lines(verdict.questions, hints_for))),
        *scenario_sections(verdict),
    )


def question_lines(
    questions: tuple[Question, ...], hints_for: Callable[[str], Iterable[str]] = lambda _: ()
) -> Iterator[str]:
    """The first question with the status that each answer leads to, and how many more there are."""
    for question in questions[:1]:
        yield printable(question.text)
        for answer in question.answers:
            yield f"  {printable(answer.text)}: {Status.of(answer.truth).value}"
        for hint in (hint for path in question.paths for hint in hints_for(path)):
            yield f"  A hint, no fact: {printable(hint)}"
    if len(questions) > 1:
        more = len(questions) - 1
        yield f"{more:,} more {'question' if more == 1 else 'questions'} may matter."


def scenario_sections(verdict: Verdict) -> tuple[Section, ...]:
    """The two ways it could go, each told as what would then be known besides."""
    scenarios = verdict.scenarios
    if scenarios is None:
        return ()
    ways = (("eligible", scenarios.eligible_if), ("ineligible", scenarios.ineligible_if))
    return tuple(
        Section(f"One way it would be {status}", tuple(change_lines(verdict.history, history)))
        for status, history in ways
        if history is not None
    )


# ---- all readings ------------------------------------------------------------------------------
