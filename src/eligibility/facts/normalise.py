"""Station 2: a history, normalised.

A validated history comes in; what goes on to `evaluate` is the same facts as plain values and
bounds, with what follows from known orders filled in: nothing is shared before it is sent, nothing
ends before it starts, what was not shared was never shared at any time. What cannot be so at all
is reported here, all of it at once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import is_
from typing import Any, TypeAlias

from attrs import evolve, field, frozen
from pydantic import BaseModel

from eligibility.errors import InconsistentHistory, Problem, first_of
from eligibility.facts.paths import answer_at, fact_path
from eligibility.facts.records import HistoryFields, Record, Value, is_a, members
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.immutable import FrozenDict, freeze
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: Earliest and latest instant, UTC microseconds, both inclusive.
Bounds: TypeAlias = tuple[int, int]
ANY_TIME: Bounds = (EARLIEST, LATEST)


@frozen
class KnownRecord:
    """One record, normalised.

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
class KnownHistory:
    """A history, normalised: its records by list, which lists are open, and the yes/no facts."""

    shape: Shape
    lists: Mapping[str, tuple[KnownRecord, ...]] = field(converter=freeze)
    open: frozenset[str]
    answers: Mapping[str, bool | None] = field(converter=freeze)

    def with_record(self, name: str, record: KnownRecord) -> "KnownHistory":
        """These facts, with one record of a list known differently."""
        records = self.lists[name]
        at = record.index
        return self.with_list(name, (*records[:at], record, *records[at + 1 :]))

    def with_list(self, name: str, records: tuple[KnownRecord, ...]) -> "KnownHistory":
        """These facts, with the records of one list known differently."""
        return evolve(self, lists={**self.lists, name: records})


def normalise(history: HistoryFields, like: KnownHistory | None = None) -> KnownHistory:
    """The facts of a history, found once and kept with it for as long as it says the same.

    Records that say the same as those of `like`, in the same places, are taken from there.

    Raises:
        InconsistentHistory: no world fits the history; every clash is named with its paths.
    """
    values = tuple(map(vars(history).get, type(history).model_fields))
    of, known = getattr(history, "_normalised", ((), None))
    if known is None or not all(map(is_, of, values)):
        known = _normalised(history, like)
        if _has_frozen_parts(type(history)):
            object.__setattr__(history, "_normalised", (values, known))
    return known


@lru_cache(maxsize=128)
def _has_frozen_parts(model: type[HistoryFields]) -> bool:
    """Whether no record or group of a model can change; they may be declared to be changeable."""
    fields = model.model_fields.values()
    parts = (part for info in fields for part in members(info.annotation) if is_a(part, BaseModel))
    return all(part.model_config.get("frozen") for part in parts)


def _normalised(history: HistoryFields, like: KnownHistory | None) -> KnownHistory:
    seen = shape(type(history))
    problems: list[Problem] = []
    lists: dict[str, tuple[KnownRecord, ...]] = {}
    for name, list_shape in seen.lists.items():
        records = []
        alike = like.lists[name] if like else ()
        for index, record in enumerate(getattr(history, name)):
            known = said(list_shape, record)
            if index < len(alike) and alike[index].said == known:
                records.append(alike[index])
                continue
            made = normalise_record(list_shape, index, known)
            if isinstance(made, tuple):
                problems.append(_clash(name, index, made))
            else:
                records.append(made)
        lists[name] = tuple(records)
    if problems:
        raise InconsistentHistory(first_of(problems))
    complete = frozenset(history.complete)
    return KnownHistory(seen, lists, frozenset(seen.lists) - complete, answers_of(history))


def said(list_shape: ListShape, record: Record) -> dict[str, Value | Bounds]:
    """What a record says: its known values, and the bounds of its known moments."""
    known: dict[str, Value | Bounds] = {}
    fields = vars(record)
    for name in list_shape.moments:
        moment = fields[name]
        if moment is not None:
            known[name] = (moment.earliest, moment.latest)
    for name in list_shape.values:
        if fields[name] is not None:
            known[name] = fields[name]
    return known


def normalise_record(
    list_shape: ListShape, index: int, known: Mapping[str, Value | Bounds]
) -> KnownRecord | tuple[str, ...]:
    """One record, normalised, or the fields that contradict each other."""
    order, existence_condition = list_shape.record.order, list_shape.existence_condition
    values: dict[str, Any] = {name: known.get(name) for name in list_shape.values}
    bounds: dict[str, Any] = {name: known.get(name, ANY_TIME) for name in list_shape.moments}
    if existence_condition is None or values[existence_condition] is True:
        return _propagate(bounds, order) or _record(index, known, values, bounds, bounds)
    exists_if = list_shape.record.exists_if
    alone = {name: span for name, span in bounds.items() if name not in exists_if}
    given = [name for name in exists_if if name in known]
    if values[existence_condition] is False and given:
        return (existence_condition, *given)
    if _propagate(bounds, order):
        values[existence_condition] = False  # no world has such a moment: it never came to be
    return _propagate(alone, order) or _record(
        index, known, values, alone if values[existence_condition] is False else bounds, alone
    )


def _record(
    index: int,
    known: Mapping[str, Value | Bounds],
    values: dict[str, Any],
    bounds: dict[str, Any],
    alone: dict[str, Any],
) -> KnownRecord:
    frozen_alone = FrozenDict(alone)
    frozen_bounds = frozen_alone if bounds is alone else FrozenDict(bounds)
    return KnownRecord(index, FrozenDict(known), FrozenDict(values), frozen_bounds, frozen_alone)


def consequences(
    list_shape: ListShape, record: KnownRecord | None, known: Mapping[str, Value | Bounds]
) -> dict[str, Value | Bounds | None]:
    """What is to be known of a record, and None for the moments that then never came to be."""
    said = record.said if record is not None else {}
    return {**known, **{name: None for name in list_shape.gone(known) if name in said}}


def knowing(
    list_shape: ListShape, record: KnownRecord, known: Mapping[str, Value | Bounds]
) -> KnownRecord | tuple[str, ...]:
    """A record of which more is known, or the fields that then contradict each other."""
    merged = {**record.said, **consequences(list_shape, record, known)}
    fields = (*list_shape.moments, *list_shape.values)  # in the order of `said`
    known = {name: value for name in fields if (value := merged.get(name)) is not None}
    return normalise_record(list_shape, record.index, known)


def forgetting(list_shape: ListShape, record: KnownRecord, fields: Sequence[str]) -> KnownRecord:
    """A record without what it says of some fields."""
    known = {name: value for name, value in record.said.items() if name not in fields}
    made = normalise_record(list_shape, record.index, known)
    return made if isinstance(made, KnownRecord) else record


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
    named = " and ".join(f"`{fact_path(name, index, field)}`" for field in fields)
    return Problem(
        "inconsistent",
        fact_path(name, index, fields[-1]),
        f"{named} contradict each other: they cannot both be so.",
        "Correct one of them, or leave out what is not known.",
    )


def answers_of(history: HistoryFields) -> dict[str, bool | None]:
    """The yes/no facts about the account, by path; None is unknown."""
    return {path: answer_at(path, history) for path in shape(type(history)).yes_no}


def blank(list_shape: ListShape, index: int) -> KnownRecord:
    """A record of which nothing is known."""
    made = normalise_record(list_shape, index, {})
    assert isinstance(made, KnownRecord)  # noqa: S101 - nothing known cannot clash
    return made


def place(
    times: Mapping[str, TimeSet],
    bounds: Mapping[str, tuple[int, int]],
    list_shape: ListShape,
    *,
    last: bool = False,
) -> dict[str, int] | None:
    """The earliest instants, or the last, within bounds and time sets and in their order, or None.

    Moments are placed first to last, each as early as its bounds, its time set and those placed
    before it allow; or last to first, each as late as can be. If that fails, nothing fits.
    """
    at: dict[str, int] = {}
    for name in reversed(list_shape.sequence) if last else list_shape.sequence:
        if name not in bounds:
            continue
        low, high = bounds[name]
        for first, then in list_shape.record.order:
            if then == name and first in at:
                low = max(low, at[first])
            if first == name and then in at:
                high = min(high, at[then])
        within = times.get(name, TimeSet.ALL)
        found = within.last(low, high) if last else within.first(low, high)
        if found is None:
            return None
        at[name] = found
    return at
