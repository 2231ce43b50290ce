"""Which definitions one statement can decide; what stands in the way is said, with the clause."""

from collections import Counter
from collections.abc import Iterator

from eligibility.batch.sql.builder import PlanBuilder
from eligibility.batch.tables.schema import clause_columns, survey_columns
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    Clause,
    Covered,
    Ever,
    Is,
    Uncovered,
    disjuncts,
    leaves,
)
from eligibility.errors import InvalidDefinition, Problem

_HINT = "Decide about such a class with `evaluate`, one account at a time."


def refuse(definition: ClassDefinition) -> None:
    """Refuse a definition that the compiler cannot turn into one statement.

    Raises:
        InvalidDefinition: `not-compilable`, with the clauses that stand in the way; all of them.
    """
    problems = list(_problems(definition))
    if problems:
        raise InvalidDefinition(problems)


def refuse_together(plan: PlanBuilder) -> None:
    """Refuse several definitions that one statement cannot decide by together.

    Raises:
        InvalidDefinition: `not-compilable`.
    """
    definitions, supposing = plan.definitions, plan.supposing
    filters: dict[str, set[frozenset[Is]]] = {}
    for definition in definitions:
        for step in definition.steps:
            for leaf in leaves(step.condition):
                if isinstance(leaf, Covered | Uncovered | Ever):
                    filters.setdefault(leaf.spans, set()).add(frozenset(leaf.where))
    apart = sorted(name for name, found in filters.items() if len(found) > 1)
    lists = {definition.record_list for definition in definitions} - {None}
    words = ""
    if len({definition.model for definition in definitions}) > 1 or len(lists) > 1:
        words = "They are about different records."
    elif apart:
        words = f"They read `{apart[0]}` by different filters."
    elif supposing and supposing.list in filters and len(plan.variants) > 1:
        words = f"They suppose different things of `{supposing.list}`."
    elif len(set(survey_columns(definitions))) < len(definitions):
        words = "Two of them are of the same reading."
    if words:
        hint = "Decide by each in a run of its own."
        raise InvalidDefinition([Problem("not-compilable", "", words, hint)])


def _problems(definition: ClassDefinition) -> Iterator[Problem]:
    steps = definition.steps
    for step in steps:
        if len(disjuncts(step.condition)) > 1:
            yield _problem(definition, step, "can be met in more than one way")
    if not definition.exact:
        for first, then, words in _entangled(steps, definition.record_list):
            beside = "" if then is first else f", beside `{then.id}`"
            yield _problem(definition, first, f"{words}{beside}")
    columns = clause_columns(steps)
    alike = Counter(name.lower() for name in columns)  # as most engines compare names
    for name in dict.fromkeys(columns):
        if alike[name.lower()] > 1:
            step = steps[columns.index(name)]
            yield _problem(definition, step, f"would share the column `{name}` with another clause")


def _problem(definition: ClassDefinition, step: Clause, words: str) -> Problem:
    at = definition.steps.index(step)
    inside = at < len(definition.clauses)
    where = f"clauses[{at}]" if inside else f"exclusions[{at - len(definition.clauses)}]"
    return Problem("not-compilable", where, f"The clause `{step.id}` {words}.", _HINT)


def _entangled(steps: tuple[Clause, ...], each: str | None) -> Iterator[tuple[Clause, Clause, str]]:
    """The clauses that read a list of spans so that two passes cannot take apart."""
    read: dict[str, list[tuple[Clause, Covered | Uncovered | Ever]]] = {}
    for step in steps:
        for leaf in leaves(step.condition):
            if isinstance(leaf, Covered | Uncovered | Ever):
                read.setdefault(leaf.spans, []).append((step, leaf))
    for name, readers in read.items():
        first, leaf = readers[0]
        if name == each:
            yield first, first, f"reads `{name}` as spans, and the record is taken from it"
        for step, other in readers[1:]:
            if frozenset(other.where) != frozenset(leaf.where):
                yield step, first, f"reads `{name}` by another filter"
            if isinstance(other, Uncovered) != isinstance(leaf, Uncovered):
                yield step, first, f"reads `{name}` the other way round"
            elif (
                isinstance(other, Uncovered)
                and isinstance(leaf, Uncovered)
                and other.moment != leaf.moment
            ):
                yield step, first, f"asks of another moment that `{name}` does not cover it"
