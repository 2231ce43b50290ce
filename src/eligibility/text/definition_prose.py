"""A definition as sentences: plain text, for any definition over any history model."""

from collections.abc import Iterable, Iterator

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
from eligibility.facts.model import History, Value
from eligibility.facts.paths import parse
from eligibility.facts.wording import phrases_of, spoken_of, word_of
from eligibility.text.section import Section, inexact
from eligibility.values.date_words import times_words
from eligibility.values.english import listed


def definition_sections(definition: ClassDefinition) -> tuple[Section, ...]:
    """A definition as numbered prose, with what each clause means and where it comes from."""
    count = len(definition.clauses)
    name = definition.record_list
    one = f"some one of its {spoken_of(name, definition.model).nouns}" if name else "it"
    all_of = "all of these together" if count > 1 else "this"
    head = (
        f"{definition.id}, version {definition.version}",
        f"SHA-256 of the definition: {definition.digest}",
        f"An account fits the description if {one} meets {all_of}"
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
        sections.append(inexact())
    if definition.notice:
        sections.append(Section("Notice", (definition.notice,)))
    return tuple(sections)


def _numbered(
    clauses: Iterable[Clause], first: int, definition: ClassDefinition, lead: str = "Means"
) -> Iterator[str]:
    for number, clause in enumerate(clauses, first):
        yield f"{number}. {clause.id}: {clause.text}"
        yield f"  {lead}: {condition_words(clause.condition, definition.model)}."
        yield f"  Source: {clause.citation}"
        yield from (f"  See also: {citation}" for citation in clause.context)


def condition_words(condition: Condition, model: type[History]) -> str:
    """A condition in words, in the model's own phrases; times are in the court's zone."""
    match condition:
        case Is(path=path, values=values):
            return _is(path, values, model)
        case Within(moment=path, times=times):
            return _happened(path, times_words(times), model)
        case Covered(moment=path, spans=spans, where=where):
            during = f"while {_spans(spans, where, model)} lasted"
            return _happened(path, during, model)
        case Uncovered(moment=path, spans=spans, where=where):
            during = f"while none of the {spoken_of(spans, model).nouns} lasted"
            return _happened(path, f"{during}{_where(where, model)}", model)
        case Ever(spans=spans, times=times, where=where):
            return f"{_spans(spans, where, model)} lasted {times_words(times)}"
        case AllOf(conditions=parts):
            return "; and ".join(_part_words(part, model) for part in parts)
        case AnyOf(conditions=parts):
            return "either " + "; or ".join(_part_words(part, model) for part in parts)


def _part_words(part: Condition, model: type[History]) -> str:
    words = condition_words(part, model)
    return f"({words})" if isinstance(part, AllOf | AnyOf) else words


def _subject(path: str, model: type[History]) -> str:
    at = parse(path)
    own = phrases_of(path, model).subject
    return own or (f"the {spoken_of(at.name, model).noun}" if at.is_of_record else model.holder)


def _is(path: str, values: frozenset[Value], model: type[History]) -> str:
    phrases, defendant = phrases_of(path, model), model.knowers["defendant"]
    if isinstance(phrases.says, str):  # one phrase for whichever word it is
        words = listed(sorted(word_of(path, value, model) for value in values), "or")
        return f"{_subject(path, model)} {phrases.of_value(None, words)}"
    said = (phrases.of_value(value, word_of(path, value, model), defendant) for value in values)
    return f"{_subject(path, model)} {listed(sorted(said), 'or')}"


def _happened(path: str, when: str, model: type[History]) -> str:
    return f"{_subject(path, model)} {phrases_of(path, model).of_value(None, when)}"


def _spans(name: str, where: tuple[Is, ...], model: type[History]) -> str:
    return f"one of the {spoken_of(name, model).nouns}{_where(where, model)}"


def _where(where: tuple[Is, ...], model: type[History]) -> str:
    return "".join(f" of which {condition_words(only, model)}" for only in where)
