"""How far a span can be narrowed, by all that can be known of it.

Of facts that somebody can know any value can come out. All other facts stay open, and a pass takes
them at one extreme: the *possibly* pass takes spans that help as long as they can be and spans that
harm as short, the *surely* pass the other way round. So of one pass every span is an interval, of
which either end is fixed or can be chosen.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TypeAlias

from attrs import frozen

from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Bounds, Box, Said, Values, narrowed
from eligibility.facts.known import KnownRecord, new_record
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict
from eligibility.values.timeset import TimeSet

#: What more is known of a record: values, and bounds of moments.
More: TypeAlias = Mapping[str, Values | Bounds]


def narrower(list_shape: ListShape, record: KnownRecord, known: Said) -> KnownRecord | None:
    """A record of which more is known, or None if no world has it so.

    What is supposed of it stays supposed: nothing but its own boxes is narrowed.
    """
    if not known:
        return record
    boxes: list[Box] = []
    for box in record.boxes:
        boxes += narrowed(box, list_shape, known)
    return new_record(record.index, record.said, tuple(boxes)) if boxes else None


@frozen
class Reach:
    """What a span can be, in one pass: where it starts and ends, and whether it counts.

    `known` are the facts of it that can be known, `allowed` the values with which it counts. It may
    be of the smallest box around several: as long as that, it need not be able to be at all.
    """

    start: Bounds
    end: Bounds
    values: Mapping[str, Values]
    allowed: Mapping[str, Values]
    known: frozenset[str]
    grown: bool
    is_around: bool = False

    @cached_property
    def counts(self) -> bool:
        """Whether it can count."""
        for name, some in self.allowed.items():
            if not self.values[name] & some:
                return False
            if name not in self.known and not self.grown and not self.values[name] <= some:
                return False
        return True

    @cached_property
    def may_not_count(self) -> tuple[str, ...]:
        """The facts that can come out so that it does not count."""
        values, known = self.values, self.known
        return tuple([n for n, some in self.allowed.items() if n in known and values[n] - some])

    def decides(self, key: str) -> bool:
        """Whether a fact of it decides when it was, or whether it counts."""
        return key in ("start", "end") or key in self.may_not_count

    @cached_property
    def is_least(self) -> bool:
        """Whether some instants are covered however it is narrowed."""
        if self.is_around and self.grown:
            return False
        return self.start[1] <= self.end[0] and self.counts and not self.may_not_count

    def touches(self, times: TimeSet) -> bool:
        """Whether it has an instant in a time set however it is narrowed.

        One that may lie on either side of all its instants has some instant between them.
        """
        if not self.counts or self.may_not_count or self.is_around:
            return False
        low, high = self.start[1], self.end[0]
        return times.covers(high, low) if high < low else times.first(low, high) is not None

    @cached_property
    def is_nowhere(self) -> bool:
        """Whether it surely covers no single instant, whatever comes out."""
        return self.start[0] > self.end[1] and not self.known & {"start", "end"}

    @cached_property
    def region(self) -> Bounds:
        """From the first to the last instant that it can cover."""
        return min(self.start[0], self.end[0]), max(self.start[1], self.end[1])

    @property
    def of_many(self) -> Bounds | None:
        """Where one of many such spans can surely cover each instant, if that is only one of each.

        Of each of them one end can be known, and is surely covered; the other one stays open.
        """
        if self.grown or len(self.known & {"start", "end"}) != 1:
            return None
        (a, begun), (ending, b) = self.start, self.end
        return (a, max(begun, ending)) if "start" in self.known else (min(begun, ending), b)

    @property
    def can_be_cut(self) -> bool:
        """Whether it can be narrowed to any one instant from its earliest end to its last start."""
        return self.start[1] > self.end[0] and bool(self.known & {"start", "end"})

    def counting(self) -> dict[str, Values | Bounds]:
        """What there is to know of it so that it counts."""
        return {name: self.values[name] & self.allowed[name] for name in self.may_not_count}

    def covering(self, first: int, last: int) -> dict[str, Values | Bounds] | None:
        """What there is to know of it so that it covers some instants, if it can."""
        (a, begun), (ending, b) = self.start, self.end
        if not self.counts:
            return None
        if a <= first and last <= b:
            found = self.counting()
            if begun > first:
                found["start"] = (a, first)
            if ending < last:
                found["end"] = (last, b)
            return found
        # Of a span of which one end stays open, the other end is surely covered, wherever it lies.
        if first == last and "start" in self.known and a <= first <= begun:
            return {**self.counting(), "start": (first, first)}
        if first == last and "end" in self.known and ending <= first <= b:
            return {**self.counting(), "end": (first, first)}
        return None

    def having(self, times: TimeSet) -> Iterator[dict[str, Values | Bounds]]:
        """What there is to know of it so that it has some instant of a time set, in every way.

        That is one instant that it covers, the one nearest to where it surely is first. Where
        nobody can know when it started and when it ended, it may be enough that it counts.
        """
        (a, begun), (ending, b) = self.start, self.end
        found = [times.first(begun, b), times.last(a, ending), times.first(a, b), times.last(a, b)]
        found += [times.first(*self.start), times.first(*self.end)]
        if self.counts and self.is_nowhere and times.covers(b, a):
            yield self.counting()
        for at in dict.fromkeys(at for at in found if at is not None):
            if (known := self.covering(at, at)) is not None:
                yield known

    def exactly(self, first: int, last: int) -> dict[str, Values | Bounds]:
        """What there is to know of it so that it lasts from one instant to another."""
        wanted = {"start": (first, first), "end": (last, last)}
        return {key: at for key, at in wanted.items() if key in self.known}

    def before(self, first: int) -> dict[str, Values | Bounds] | None:
        """What there is to know of it so that it covers nothing from an instant on, if it can."""
        if "end" in self.known:  # it started before it ended
            return _below("end", self.end, first)
        if self.end[1] >= first:
            return None
        return _below("start", self.start, first) if "start" in self.known else {}

    def after(self, last: int) -> dict[str, Values | Bounds] | None:
        """What there is to know of it so that it covers nothing up to an instant, if it can."""
        if "start" in self.known:
            return _above("start", self.start, last)
        if self.start[0] <= last:
            return None
        return _above("end", self.end, last) if "end" in self.known else {}

    def flips(self, key: str, first: int, last: int) -> Iterator[tuple[More, More, More]]:
        """How one fact of it alone decides whether it covers the last, or first, of some instants.

        Each as what is known of the rest, and of that fact where it covers it and where it covers
        none of them. Of a moment these are two instants side by side, for it divides between them.
        """
        if not self.counts or key not in self.known:
            return
        if key in self.allowed:
            yield from self._flips_of_value(key, first, last)
            return
        (a, begun), (ending, b) = self.start, self.end
        other = "end" if key == "start" else "start"
        counts = self.counting()
        if other not in self.known and not (ending > last if key == "start" else begun < first):
            at, open_end = (last, ending) if key == "start" else (first, begun)
            yield from self._flips_open(key, at, open_end, counts)
        elif key == "start" and a <= last < min(begun, b):
            rest: More = {other: (max(ending, last + 1), b)} if other in self.known else {}
            yield {**counts, **rest}, _just(key, last), _just(key, last + 1)
        elif key == "end" and max(a, ending) < first <= b:
            rest = {other: (a, min(begun, first - 1))} if other in self.known else {}
            yield {**counts, **rest}, _just(key, first), _just(key, first - 1)

    def _flips_of_value(self, key: str, first: int, last: int) -> Iterator[tuple[More, More, More]]:
        so, others = self.values[key] & self.allowed[key], self.values[key] - self.allowed[key]
        near = (*self.start, *self.end)  # it may lie between them, and cover neither
        for at in sorted({first, last, *(x for x in near if first < x < last)}):
            common = self.covering(at, at)
            if common is not None:
                common.pop(key, None)
                yield common, {key: so}, {key: others}

    def _flips_open(
        self, key: str, at: int, other: int, common: More
    ) -> Iterator[tuple[More, More, More]]:
        """The same where the other end stays open: the known end is covered, wherever it lies."""
        low, high = self.start if key == "start" else self.end
        if not low <= at <= high:
            return
        is_far = other < at if key == "start" else other > at
        if at < high and (key == "start" or is_far):
            yield common, _just(key, at), _just(key, at + 1)
        if at > low and (key == "end" or is_far):
            yield common, _just(key, at), _just(key, at - 1)


def _just(name: str, at: int) -> More:
    return {name: (at, at)}


def _below(name: str, bounds: Bounds, first: int) -> dict[str, Values | Bounds] | None:
    """What there is to know of a moment so that it lies before an instant, if it can."""
    low, high = bounds
    if low >= first:
        return None
    return {name: (low, first - 1)} if high >= first else {}


def _above(name: str, bounds: Bounds, last: int) -> dict[str, Values | Bounds] | None:
    """The same so that it lies after an instant."""
    low, high = bounds
    if high <= last:
        return None
    return {name: (last + 1, high)} if low <= last else {}


def reach_of(
    span: KnownRecord | Box, where: tuple[Is, ...], known: frozenset[str], *, grown: bool
) -> Reach:
    """What a span can be, in a pass that takes what nobody can know as long, or as short, as it is.

    `known` are the fields of it that can be known.
    """
    start, end = span.bounds["start"], span.bounds["end"]
    if "start" not in known:
        start = (start[0],) * 2 if grown else (start[1],) * 2
    if "end" not in known:
        end = (end[1],) * 2 if grown else (end[0],) * 2
    is_around = isinstance(span, KnownRecord) and len(span.boxes) > 1
    return Reach(start, end, span.values, _allowed(where), known, grown, is_around)


@lru_cache(maxsize=1024)
def _allowed(where: tuple[Is, ...]) -> Mapping[str, Values]:
    """The values with which a span counts, by field."""
    return FrozenDict({field_of(only.path): only.values for only in where})
