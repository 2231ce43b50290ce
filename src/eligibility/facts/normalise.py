"""Station 2: a history made ready.

A validated history comes in; what goes on to `evaluate` is the same facts as plain values and
bounds, with what follows from known orders filled in: nothing is shared before it is sent, nothing
ends before it starts, what was not shared was never shared at any time. What cannot be so at all
is reported here, all of it at once.
"""


from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from eligibility.errors import InconsistentHistory, Problem, first_of
from eligibility.facts.model import History, ListShape, Record, Shape, Value, shape
from eligibility.immutable import FrozenDict, freeze
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: Earliest and latest instant, UTC microseconds, both inclusive.
Bounds: TypeAlias = tuple[int, int]
ANY_TIME: Bounds = (EARLIEST, LATEST)


@frozen
class Ready:
    """One record made ready.

    `said` holds the known facts as they were given: values, and bounds for moments. `values` and
    `bounds` are those, completed: every field is there, None is an unknown value, and the bounds of
    a moment speak of the worlds in which it exists. `alone` has the bounds of the moments that
    exist anyway, without what follows from one that may not.
    """

    index: int
    said: Mapping[str, Value | Bounds]
    values: Mapping[str, Value | None]
    bounds: Mapping[str, Bounds]
    alone: Mapping[str, Bounds]

    def open_bounds(self, moment: str) -> Bounds:
        """Wherever a moment may lie, whether or not moments come to be that may not exist."""
        return self.alone.get(moment, self.bounds[moment])

    @property
    def is_crossing(self) -> bool:
        """Of a span: whether it surely covers no single instant, though it covers some."""
        return self.bounds["start"][1] > self.bounds["end"][0]


@frozen
class Facts:
    """A history made ready: its records by list, which lists are open, and the yes/no facts."""

    shape: Shape
    lists: Mapping[str, tuple[Ready, ...]] = field(converter=freeze)
    open: frozenset[str]
    answers: Mapping[str, bool | None] = field(converter=freeze)

    def with_record(self, name: str, record: Ready) -> "Facts":
        """These facts, with one record of a list known differently."""
        records = self.lists[name]
        at = record.index
        return self.with_list(name, (*records[:at], record, *records[at + 1 :]))

    def with_list(self, name: str, records: tuple[Ready, ...]) -> "Facts":
        """These facts, with the records of one list known differently."""
        return evolve(self, lists={**self.lists, name: records})


def ready(history: History) -> Facts:
    """The facts of a history.

    Raises:
        InconsistentHistory: no world fits the history; every clash is named with its paths.
    """
    seen = shape(type(history))
    problems: list[Problem] = []
    lists: dict[str, tuple[Ready, ...]] = {}
    for name, entry in seen.lists.items():
        records = []
        for index, record in enumerate(getattr(history, name)):
            made = make_ready(entry, index, said(entry, record))
            if isinstance(made, tuple):
                problems.append(_clash(name, index, made))
            else:
                records.append(made)
        lists[name] = tuple(records)
    if problems:
        raise InconsistentHistory(first_of(problems))
    complete = frozenset(history.complete)
    return Facts(seen, lists, frozenset(seen.lists) - complete, answers_of(history))


def said(entry: ListShape, record: Record) -> dict[str, Value | Bounds]:
    """What a record says: its known values, and the bounds of its known moments."""
    known: dict[str, Value | Bounds] = {}
    fields = vars(record)
    for name in entry.moments:
        moment = fields[name]
        if moment is not None:
            known[name] = (moment.earliest, moment.latest)
    for name in entry.values:
        if fields[name] is not None:
            known[name] = fields[name]
    return known


def make_ready(
    entry: ListShape, index: int, known: Mapping[str, Value | Bounds]
) -> Ready | tuple[str, ...]:
    """One record made ready, or the fields that contradict each other."""
    order, gate = entry.record.order, entry.gate
    values: dict[str, Any] = {name: known.get(name) for name in entry.values}
    bounds: dict[str, Any] = {name: known.get(name, ANY_TIME) for name in entry.moments}
    if gate is None or values[gate] is True:
        return _propagate(bounds, order) or _made(index, known, values, bounds, bounds)
    exists_if = entry.record.exists_if
    alone = {name: span for name, span in bounds.items() if name not in exists_if}
    given = [name for name in exists_if if name in known]
    if values[gate] is False and given:
        return (gate, *given)
    if _propagate(bounds, order):
        values[gate] = False  # no world has such a moment: it never came to be
    return _propagate(alone, order) or _made(
        index, known, values, alone if values[gate] is False else bounds, alone
    )


def _made(
    index: int,
    known: Mapping[str, Value | Bounds],
    values: dict[str, Any],
    bounds: dict[str, Any],
    alone: dict[str, Any],
) -> Ready:
    frozen_alone = FrozenDict(alone)
    frozen_bounds = frozen_alone if bounds is alone else FrozenDict(bounds)
    return Ready(index, FrozenDict(known), FrozenDict(values), frozen_bounds, frozen_alone)


def consequences(
    entry: ListShape, record: Ready | None, known: Mapping[str, Value | Bounds]
) -> dict[str, Value | Bounds | None]:
    """What is to be known of a record, and None for the moments that then never came to be."""
    gone = {
        name: None
        for name, gate in entry.record.exists_if.items()
        if known.get(gate) is False and record is not None and name in record.said
    }
    return {**known, **gone}


def knowing(
    entry: ListShape, record: Ready, known: Mapping[str, Value | Bounds]
) -> Ready | tuple[str, ...]:
    """A record of which more is known, or the fields that then contradict each other."""
    merged = {**record.said, **consequences(entry, record, known)}
    said = {name: value for name, value in merged.items() if value is not None}
    return make_ready(entry, record.index, said)


def forgetting(entry: ListShape, record: Ready, fields: Sequence[str]) -> Ready:
    """A record without what it says of some fields."""
    known = {name: value for name, value in record.said.items() if name not in fields}
    made = make_ready(entry, record.index, known)
    return made if isinstance(made, Ready) else record


def _propagate(bounds: dict[str, Any], order: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Narrow bounds by what came first, in place; the two moments that clash, if any do.

    `order` lists pairs so that one pass forward and one back reach everything.
    """
    for first, then in order:
        if first in bounds and then in bounds and bounds[first][0] > bounds[then][0]:
            bounds[then] = (bounds[first][0], bounds[then][1])
    for first, then in reversed(order):
        if first in bounds and then in bounds:
            if bounds[then][1] < bounds[first][1]:
                bounds[first] = (bounds[first][0], bounds[then][1])
            if bounds[first][0] > bounds[first][1]:  # so it is if and only if they clash
                return (first, then)
    return ()


def _clash(name: str, index: int, fields: tuple[str, ...]) -> Problem:
    named = " and ".join(f"`{name}[{index}].{field}`" for field in fields)
    return Problem(
        "inconsistent",
        f"{name}[{index}].{fields[-1]}",
        f"{named} contradict each other: no world fits both.",
        "Correct one of them, or leave out what is not known.",
    )


def answers_of(history: History) -> dict[str, bool | None]:
    """The yes/no facts about the account, by path; None is unknown."""
    return {path: _answer(history, path) for path in shape(type(history)).yes_no}


def _answer(history: History, path: str) -> bool | None:
    value: Any = history
    for key in path.split("."):
        value = getattr(value, key)
    return value if isinstance(value, bool) else None


def blank(entry: ListShape, index: int) -> Ready:
    """A record of which nothing is known."""
    made = make_ready(entry, index, {})
    assert isinstance(made, Ready)  # noqa: S101 - nothing known cannot clash
    return made














def place(
    times: Mapping[str, TimeSet], bounds: Mapping[str, tuple[int, int]], entry: ListShape
) -> dict[str, int] | None:
    """The earliest instants, within bounds and time sets and in their order, or None.

    Moments are placed first to last, each as early as its bounds, its time set and those placed
    before it allow. If that fails, nothing fits.
    """
    at: dict[str, int] = {}
    for name in entry.sequence:
        if name not in bounds:
            continue
        earliest, latest = bounds[name]
        for first, then in entry.record.order:
            if then == name and first in at:
                earliest = max(earliest, at[first])
        found = times.get(name, TimeSet.ALL).first(earliest, latest)
        if found is None:
            return None
        at[name] = found
    return at


def place_last(
    times: Mapping[str, TimeSet], bounds: Mapping[str, tuple[int, int]], entry: ListShape
) -> dict[str, int] | None:
    """The latest instants, as `place` gives the earliest: last to first, each as late as can be."""
    at: dict[str, int] = {}
    for name in reversed(entry.sequence):
        if name in bounds:
            earliest, latest = bounds[name]
            for first, then in entry.record.order:
                if first == name and then in at:
                    latest = min(latest, at[then])
            found = times.get(name, TimeSet.ALL).last(earliest, latest)
            if found is None:
                return None
            at[name] = found
    return at
