"""What each clause asks of one record, as SQL over a record and a window of its account.

A window is one choice of coverage: for each condition on coverage, one piece of what is surely (or
possibly) covered or not covered. A record gets through a clause if it does so with some window.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from attrs import frozen

from eligibility.batch.sql.coverage import covers, meets
from eligibility.batch.sql.expressions import (
    Interval,
    Sql,
    all_hold,
    any_holds,
    big,
    choose,
    column,
    is_inside,
    is_some,
    latest,
    negated,
    number,
    spans_of,
    together,
)
from eligibility.batch.sql.propagate import Entry
from eligibility.batch.tables.schema import TableContract, alone, bounds_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Uncovered
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST

RECORD: Final = "r"
WINDOW: Final = "w"


@frozen
class Slot:
    """One part of a window: a piece of what a list covers, or leaves open, for one moment."""

    moment: str
    spans: str
    is_gap: bool

    @property
    def relation(self) -> str:
        """What the piece is one of."""
        return f"{self.spans}_gaps" if self.is_gap else f"{self.spans}_pieces"

    @property
    def columns(self) -> tuple[str, str]:
        """The columns of a window that hold the piece."""
        return bounds_of(f"{self.moment}_{'outside' if self.is_gap else 'inside'}_{self.spans}")

    @property
    def interval(self) -> Interval:
        """The piece, of a window."""
        first, last = self.columns
        return Interval(column(first, WINDOW), column(last, WINDOW))


def slot_of(leaf: Covered | Uncovered) -> Slot:
    """The part of a window that a condition is about."""
    return Slot(leaf.moment.rpartition(".")[2], leaf.spans, isinstance(leaf, Uncovered))


def slots_of(way: Disjunct) -> list[Slot]:
    """The parts of a window that a way to meet a stage needs."""
    return list(dict.fromkeys(slot for test in way.moments.values() for slot in _slots(test)))


@frozen
class Asked:
    """What a definition asks of one record, stage by stage."""

    definition: ClassDefinition
    read: TableContract
    shape: ListShape
    surely: bool

    @property
    def ways(self) -> list[Disjunct]:
        """The one way to meet each stage."""
        return [stage.disjuncts[0] for stage in self.definition.normal_forms]

    @property
    def before(self) -> int:
        """How many stages ask for no record."""
        return sum(not way.needs_record for way in self.ways)

    def at_first(self, list_shape: Entry) -> Sql:
        """What the first stage that asks for a record asks of it, without its window."""
        way = self.ways[self.before]
        bounds = _bounds(way, list_shape)
        test = covers if self.surely else meets
        return all_hold(
            [
                *(self._value(way, list_shape, name) for name in way.values),
                *(test(asked.times, bounds[name]) for name, asked in way.moments.items()),
            ]
        )

    def gets_in(self, list_shape: Entry) -> Sql:
        """Whether a record of which `at_first` holds gets through that stage with its window."""
        return self._moments(self.ways[self.before], list_shape, None)

    def through(self, list_shape: Entry, *, at_first: bool) -> Sql:
        """How many stages a record gets through, with a window.

        `at_first`: whether only records are asked about that get through the first one.
        """
        ways, start = self.ways, self.before
        failing: list[tuple[Sql, Sql]] = []
        for at in range(start + at_first, len(ways)):
            met = all_hold(
                self._asked_anew(ways[at], ways[at - 1] if at > start else None, list_shape)
            )
            failing.append((negated(met), number(at)))
        return choose(failing, number(len(ways)))

    def _asked_anew(self, way: Disjunct, last: Disjunct | None, list_shape: Entry) -> Iterator[Sql]:
        """What a stage asks that the one before it did not."""
        for name, allowed in way.values.items():
            if last is None or last.values.get(name) != allowed:
                yield self._value(way, list_shape, name)
        if last is None or (last.moments, last.assumes_existence) != (
            way.moments,
            way.assumes_existence,
        ):
            yield self._moments(way, list_shape, last)

    def _value(self, way: Disjunct, list_shape: Entry, name: str) -> Sql:
        return list_shape.is_one_of(
            name, self.read.codes(name, way.values[name]), surely=self.surely
        )

    def _moments(self, way: Disjunct, list_shape: Entry, last: Disjunct | None) -> Sql:
        bounds = _bounds(way, list_shape)
        if self.surely:
            return all_hold(
                condition
                for name, test in way.moments.items()
                for condition in self._surely(bounds[name], test, _before(way, last, name))
            )
        if len(way.moments) == 1:  # bounds are propagated: any instant leaves room for the others
            ((name, test),) = way.moments.items()
            return meets(test.times, together([*_windows(way, name), bounds[name]]))
        return any_holds(self._placed(way, bounds, choice) for choice in _choices(way))

    def _surely(self, bounds: Interval, test: MomentTest, last: MomentTest | None) -> Iterator[Sql]:
        if last is None or last.times != test.times:
            yield covers(test.times, bounds)
        met = _slots(last) if last else []
        for slot in _slots(test):
            if slot not in met:
                yield is_inside(bounds, slot.interval)

    def _placed(
        self, way: Disjunct, bounds: Mapping[str, Interval], times: Mapping[str, Interval]
    ) -> Sql:
        """Whether all moments fit, each as early as it can be; see `facts.place`."""
        at: dict[str, Sql] = {}
        fits: list[Sql] = []
        for name in self.shape.sequence if way.moments else ():
            if name not in bounds:
                continue
            within = together([*_windows(way, name), bounds[name], times.get(name, _ANY)])
            order = self.shape.record.order
            came = [at[first] for first, then in order if then == name and first in at]
            at[name] = latest(within.first, *came)
            fits.append(is_some(Interval(at[name], within.last)))
        return all_hold(fits)


_ANY: Final = Interval(big(EARLIEST), big(LATEST))


def _choices(way: Disjunct) -> Iterator[dict[str, Interval]]:
    """One interval of the time set of each moment, in every combination."""
    names = list(way.moments)
    for chosen in product(*(spans_of(way.moments[name].times) for name in names)):
        yield dict(zip(names, chosen, strict=True))


def _slots(test: MomentTest) -> list[Slot]:
    return [slot_of(leaf) for leaf in test.coverage]


def _windows(way: Disjunct, name: str) -> list[Interval]:
    return [slot.interval for slot in _slots(way.moments[name])] if name in way.moments else []


def _before(way: Disjunct, last: Disjunct | None, name: str) -> MomentTest | None:
    """What the stage before asked of the same bounds of a moment."""
    return (
        last.moments.get(name) if last and last.assumes_existence == way.assumes_existence else None
    )


def _bounds(way: Disjunct, list_shape: Entry) -> Mapping[str, Interval]:
    return list_shape.bounds if way.assumes_existence else list_shape.alone


def record_columns(list_shape: Entry, shape: ListShape) -> dict[str, Sql]:
    """The columns of a record made ready: values, and each moment as it may exist and anyway."""
    shown: dict[str, Sql] = {name: list_shape.value(name) for name in list_shape.values}
    for name, interval in list_shape.bounds.items():
        first, last = bounds_of(name)
        shown |= {first: interval.first, last: interval.last}
    for name in sorted(_told_apart(shape)):
        first, last = bounds_of(alone(name))
        shown |= {first: list_shape.alone[name].first, last: list_shape.alone[name].last}
    return shown


def reading_record(shape: ListShape) -> Entry:
    """The same columns, read again from a record."""
    bounds = {name: _read(name) for name in shape.moments}
    apart = _told_apart(shape)
    anyway = bounds | {name: _read(alone(name)) for name in apart}
    return Entry({name: column(name, RECORD) for name in shape.values}, bounds, anyway)


def _read(name: str) -> Interval:
    first, last = bounds_of(name)
    return Interval(column(first, RECORD), column(last, RECORD))


def _told_apart(shape: ListShape) -> set[str]:
    """The moments that a later one, which may not exist, could narrow."""
    if shape.existence_condition is None:
        return set()
    ordered = {name for pair in shape.record.order for name in pair}
    return ordered - set(shape.record.exists_if)
