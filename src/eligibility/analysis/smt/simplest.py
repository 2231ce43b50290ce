"""The simplest world that the solver allows, as a real history.

A solver with an answer comes in; its open choices are made one by one, each time the simplest value
that still leaves an answer: few records, no rather than yes, the first word of a vocabulary,
moments at the beginning of a year or of a day that matters. So the history does not hang on the
solver's whims, and a person can read it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from eligibility.analysis.smt.solver import Term, can_be, z3
from eligibility.analysis.smt.worlds import SymbolicRecord, Worlds
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Condition, time_edges
from eligibility.facts.model import History, Value
from eligibility.facts.paths import put_answer
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    instant,
    load_zone,
    moment_of,
    write_instant,
)
from eligibility.values.truth import Status
from eligibility.verdict.record import evaluate

#: The year of a moment that no condition holds to any time.
_PLAIN_YEAR = 2024
_ZONE = load_zone(COURT_ZONE)


def simplest(solver: Term, worlds: Worlds, conditions: Iterable[Condition]) -> History:
    """The simplest world that fits what the solver has to satisfy; there must be one.

    `conditions` are those of the definition: their times say which days matter. What is chosen
    stays with the solver: the caller brings it back to where it was.
    """
    chooser = _Chooser(solver)
    records = [record for of_list in worlds.lists.values() for record in of_list]
    count = z3.Sum([z3.IntVal(0), *(z3.If(record.there, 1, 0) for record in records)])
    chooser.first_of(count, range(len(records) + 1))
    here = {
        name: [record for record in of_list if chooser.first_of(record.there, (False, True))]
        for name, of_list in worlds.lists.items()
    }
    answers = {path: chooser.first_of(term, (False, True)) for path, term in worlds.answers.items()}
    values = {record: dict(_values(chooser, record)) for found in here.values() for record in found}
    simple = simple_instants(conditions)
    moments = {  # spans last: they lie around what happened
        record: dict(_moments(chooser, record, values[record], simple))
        for record in sorted(values, key=lambda record: record.list_shape.is_spans)
    }
    lists = {
        name: [{**values[record], **moments[record]} for record in here[name]] for name in here
    }
    return written(worlds.model, lists, answers, complete=lists)


class _Chooser:
    """Makes choices for a solver, each of which leaves it an answer."""

    def __init__(self, solver: Term) -> None:
        self._solver = solver
        self._can_be()

    def _can_be(self, *terms: Term) -> bool:
        found = can_be(self._solver, *terms)
        if found:
            self._model = self._solver.model()
        return found

    def first_of(self, term: Term, choices: Iterable[Any]) -> Any:
        """The first of the choices that the term can be; failing all, the least number."""
        for choice in choices:
            here = term == choice
            fits = z3.is_true(self._model.eval(here, model_completion=True))
            if fits or self._can_be(here):
                self._solver.add(here)
                return choice
        least = z3.Optimize()
        least.add(self._solver.assertions())
        least.minimize(term)
        least.check()
        found = least.model().eval(term).as_long()
        self._solver.add(term == found)
        self._can_be()
        return found


def _values(chooser: _Chooser, record: SymbolicRecord) -> Iterator[tuple[str, Value]]:
    for name in record.list_shape.yes_no:
        yield name, chooser.first_of(record.facts[name], (False, True))
    for name, words in record.list_shape.vocabulary.items():
        yield name, words[chooser.first_of(record.facts[name], range(len(words)))]


def _moments(
    chooser: _Chooser, record: SymbolicRecord, values: Mapping[str, Value], simple: tuple[int, ...]
) -> Iterator[tuple[str, str]]:
    list_shape = record.list_shape
    exists_if = list_shape.record.exists_if
    for name in list_shape.sequence:
        if name not in exists_if or values[exists_if[name]] is True:
            choices = (LATEST, *simple) if list_shape.is_end(name) else simple
            if not list_shape.is_spans:
                choices = (*simple[1:], simple[0])  # a little later than spans begin
            at = chooser.first_of(record.facts[name], choices)
            yield name, instant_text(list_shape, name, at)


def simple_instants(conditions: Iterable[Condition]) -> tuple[int, ...]:
    """Instants that are easy to read, the simplest first: beginnings of years, then of days.

    They are the years around every time that the conditions name, and the day before and after.
    """
    edges = time_edges(conditions)
    around = [moment_of(at).year for at in edges] or [_PLAIN_YEAR]
    years = range(max(min(around) - 1, FIRST_YEAR), min(max(around) + 1, LAST_YEAR) + 1)
    starts = [instant(datetime(year, 1, 1, tzinfo=_ZONE)) for year in years]
    days = [at + days * DAY for at in edges for days in (-1, 0, 1)]
    return tuple(dict.fromkeys([*starts, *(at for at in days if EARLIEST <= at <= LATEST)]))


def written(
    model: type[History],
    lists: Mapping[str, Iterable[Mapping[str, Any]]],
    answers: Mapping[str, object],
    complete: Iterable[str],
) -> History:
    """Records and answers as a history."""
    data: dict[str, Any] = {"account_id": "example", "complete": tuple(complete), **lists}
    for path, answer in answers.items():
        put_answer(data, path, answer)
    return model.model_validate(data)


def instant_text(list_shape: ListShape, name: str, at: int) -> str:
    """An instant in the notation: local where a day begins in the court's zone, else in UTC."""
    if list_shape.is_end(name) and at == LATEST:
        return ".."
    local = moment_of(at).astimezone(_ZONE)
    return local.isoformat() if local.time().isoformat() == "00:00:00" else write_instant(at)


@contextmanager
def supposing(solver: Term, *terms: Term) -> Iterator[None]:
    """Tells a solver more, for as long as the block lasts."""
    solver.push()
    try:
        solver.add(*terms)
        yield
    finally:
        solver.pop()


def promised(history: History, definition: ClassDefinition, status: Status) -> History:
    """The history, once `evaluate` has decided it as was found; else the fault is ours."""
    found = evaluate(history, definition).status
    if found is not status:
        raise RuntimeError(
            f"the analysis found a history that is {status.value} under `{definition.id}`, but it "
            f"evaluates as {found.value}: please report this, with {history.model_dump_json()}"
        )
    return history
