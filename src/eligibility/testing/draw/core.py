"""Writes the one record that is in the class, or would be but for one thing.

It begins with a world: an instant for each moment, in their order. What the record then says is
wide of that world only where it makes no difference.
"""

from collections.abc import Mapping
from typing import Final

from attrs import define, field, frozen

from eligibility.definition.conditions import Covered, Is, Leaf, Uncovered, Within
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.facts.boxes import Bounds
from eligibility.facts.paths import field_of, parse
from eligibility.facts.shape import ListShape
from eligibility.testing.draw.histories import RecordData, after, known_record, one_of
from eligibility.testing.draw.instants import Draws
from eligibility.testing.draw.spans import either, open_value
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

NO_TEST: Final = MomentTest(TimeSet.ALL, (), ())
#: All instants that have one before and one after them.
INSIDE: Final = TimeSet.of((EARLIEST + 1, LATEST - 1))


@frozen
class Opening:
    """A fact to leave open: `list.field`, `complete.list` or the path of an answer.

    Of a moment: `leaf` is the condition that is to turn on it. Where that is a set of times,
    `sides` are two instants next to each other, the one in it and the other not.
    """

    path: str
    leaf: Leaf | None = None
    sides: Bounds | None = None

    @property
    def list(self) -> str:
        """The list that the fact is of, or whose completeness it is."""
        return parse(self.path).subject


@frozen
class Core:
    """A record, and what there is to know of it to write the spans around it.

    `hulls` are the bounds of its tested moments, `outside` the instant at which one that was left
    open would not do.
    """

    record: RecordData
    hulls: Mapping[str, Bounds]
    outside: Mapping[str, int]


@define
class CoreWriter:
    """Writes a core that meets a disjunct, but for the leaf `broken`, and the fact left open."""

    draws: Draws
    record_list: str
    list_shape: ListShape
    disjunct: Disjunct
    broken: Leaf | None
    opening: Opening | None
    _at: dict[str, int] = field(factory=dict)
    _outside: dict[str, int] = field(factory=dict)

    def written(self) -> Core:
        """The core; some world fits it."""
        record = self._values()
        self._place()
        gone = self.list_shape.gone(record)
        self._state(record, gone)
        known = known_record(self.list_shape, record)
        assert known is not None, record  # noqa: S101 - it is written around a world: a bug of ours
        bounds = known.bounds
        hulls = {name: bounds[name] for name in self.disjunct.moments if name not in gone}
        for name in (*self._outside, *(name for name in gone if name in self.disjunct.moments)):
            hulls[name] = (self._at[name], self._at[name])
        return Core(record, hulls, self._outside)

    # ---- values ----

    def _values(self) -> RecordData:
        record: RecordData = {}
        for name, values in self.list_shape.options.items():
            allowed = self.disjunct.values.get(name)
            if allowed is None:
                value = one_of(self.draws, (None, *values))
            elif self._is_open(name):
                value = open_value(self.draws, self.list_shape, name, allowed)
            else:
                fails = self._fails(name)
                value = one_of(self.draws, [v for v in values if (v in allowed) is not fails])
            if value is not None:
                record[name] = value
        return record

    def _fails(self, name: str) -> bool:
        broken = self.broken
        return isinstance(broken, Is) and (at := parse(broken.path)).is_pattern and at.field == name

    def _is_open(self, name: str) -> bool:
        return self.opening is not None and self.opening.path == f"{self.record_list}.{name}"

    # ---- a world ----

    def _times(self, name: str) -> TimeSet:
        """Where a moment is to lie: it meets its test, or surely fails it."""
        broken = self.broken
        if isinstance(broken, Within) and field_of(broken.moment) == name:
            return ~broken.times
        return self.disjunct.moments.get(name, NO_TEST).times

    def _place(self) -> None:
        """Place the moments in their order, and of an open one also an instant that will not do."""
        opened = next((name for name in self.list_shape.moments if self._is_open(name)), None)
        sides = self.opening.sides if self.opening and opened else None
        room = self._rooms(opened, sides)
        for name in self.list_shape.sequence:
            before = (after(self.list_shape, name, at) for at in (self._at, self._outside))
            low = max((at for at in before if at is not None), default=EARLIEST)
            if name == opened and sides:
                self._at[name], self._outside[name] = sides
                continue
            within = self._times(name) & TimeSet.of((low, room[name]))
            at = self._at[name] = self.draws.instant(best(within, INSIDE, *self._elsewhere()))
            if name == opened:
                others = TimeSet.of((low, room[name])) & _but(at)
                wishes = [
                    *map(_but, self._at.values()),
                    *(~ever.times for ever in self.disjunct.evers),
                ]
                self._outside[name] = self.draws.instant(best(others, *wishes))

    def _elsewhere(self) -> list[TimeSet]:
        """Away from where spans are, or are not, for the sake of something else."""
        broken = self.broken
        evers = [
            ~ever.times
            for ever in self.disjunct.evers
            if isinstance(broken, Covered | Uncovered) and ever.spans == broken.spans
        ]
        return [*evers, *(_but(at) for at in self._outside.values())]

    def _rooms(self, opened: str | None, sides: Bounds | None) -> dict[str, int]:
        """For each moment, the last instant that leaves room for those that follow it."""
        room: dict[str, int] = {}
        latest: dict[str, int] = {}
        for name in reversed(self.list_shape.sequence):
            following = [latest[then] for f, then in self.list_shape.record.order if f == name]
            room[name] = min(following, default=LATEST)
            last = self._times(name).last(EARLIEST, room[name])
            latest[name] = room[name] if last is None else last
            if name == opened:
                latest[name] = min(sides) if sides else min(latest[name], room[name] - 1)
        return room

    # ---- what is said of it ----

    def _state(self, record: RecordData, gone: tuple[str, ...]) -> None:
        """Say of each moment as much as is needed, beginning with the first or with the last."""
        names = [name for name in self.list_shape.sequence if name not in gone]
        for name in reversed(names) if self.draws.flip() else names:
            existence_condition = self.list_shape.record.exists_if.get(name)
            if name in self._outside:
                if self.draws.flip():
                    record[name] = either(
                        self.draws, *sorted((self._at[name], self._outside[name]))
                    )
            elif name in self.disjunct.moments:
                self._state_tested(record, name)
            elif self.draws.flip() and (
                existence_condition is None or record.get(existence_condition) is True
            ):
                record[name] = self.draws.moment(self._at[name])

    def _state_tested(self, record: RecordData, name: str) -> None:
        low, high = self._between(record, name)
        times = TimeSet.intersection(self._times(name), *self._elsewhere())
        if self.opening is not None:
            times &= INSIDE  # so that a span can begin before it, or end after it
        if self._at[name] not in times:
            times |= TimeSet.of((self._at[name], self._at[name]))

        def fits(first: int, last: int) -> bool:
            return times.covers(max(first, low), min(last, high))

        if not fits(EARLIEST, LATEST) or self.draws.flip():
            record[name] = self.draws.moment(self._at[name], fits)

    def _between(self, record: RecordData, name: str) -> Bounds:
        """What is left to a moment by those that are stated already: not before, not after."""
        order = self.list_shape.record.order
        low = [record[f].earliest for f, then in order if then == name and f in record]
        high = [record[then].latest for f, then in order if f == name and then in record]
        return max(low, default=EARLIEST), min(high, default=LATEST)


def _but(at: int) -> TimeSet:
    return ~TimeSet.of((at, at))


def best(times: TimeSet, *wishes: TimeSet) -> TimeSet:
    """A set that is not empty, within as many wishes as leave something of it."""
    for wish in wishes:
        if not (times & wish).is_empty:
            times &= wish
    return times
