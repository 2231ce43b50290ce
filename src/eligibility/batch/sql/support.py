"""Which definitions one statement can decide; what stands in the way is said, with the clause."""

from collections import Counter
from collections.abc import Iterator

from attrs import evolve

from eligibility.batch.sql.builder import PlanBuilder
from eligibility.batch.tables.schema import clause_columns, survey_columns
from eligibility.definition.checks import place_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is
from eligibility.errors import InvalidDefinition, Problem

_HINT = "Decide one account at a time: `eligibility check`, or `evaluate` in Python."


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
    definitions = plan.definitions
    filters: dict[str, set[frozenset[Is]]] = {}
    for definition in definitions:
        for name, ways in definition.filters.items():
            filters.setdefault(name, set()).update(map(frozenset, ways))
    apart = sorted(name for name, found in filters.items() if len(found) > 1)
    lists = {definition.record_list for definition in definitions} - {None}
    words = ""
    if len({definition.model for definition in definitions}) > 1 or len(lists) > 1:
        words = "They are about different records."
    elif apart:
        words = f"They read `{apart[0]}` by different filters."
    elif len(set(survey_columns(definitions))) < len(definitions):
        words = "Two of them are of the same reading."
    if words:
        hint = "Decide by each in a run of its own."
        raise InvalidDefinition([Problem("not-compilable", "", words, hint)])


def _problems(definition: ClassDefinition) -> Iterator[Problem]:
    for problem in definition.inexact_by:
        yield evolve(problem, code="not-compilable", hint=_HINT)
    steps = definition.steps
    columns = clause_columns(steps)
    alike = Counter(name.lower() for name in columns)  # as most engines compare names
    for name in dict.fromkeys(columns):
        if alike[name.lower()] > 1:
            step = steps[columns.index(name)]
            words = f"The clause `{step.id}` would share the column `{name}` with another clause."
            place = place_of(steps.index(step), len(definition.clauses))
            yield Problem("not-compilable", place, words, _HINT)
