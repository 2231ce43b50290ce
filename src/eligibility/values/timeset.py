"""A set of instants, as sorted disjoint spans of UTC microseconds, both ends inclusive."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from numbers import Integral
from typing import Any, ClassVar, Final, TypeGuard

from attrs import frozen

from eligibility.arguments import expect, wrong
from eligibility.errors import WrongArgument
from eligibility.values.timeline import EARLIEST, LATEST

_AFTER_ALL: Final = LATEST + 1
_SPANS: Final = (
    "Write `TimeSet.of((first, last))`, with instants in UTC microseconds; `Moment.parse(text)` "
    "has them as `earliest` and `latest`."
)
_INSTANT: Final = (
    "An instant is a whole number, UTC microseconds: `Moment.parse(text).earliest` is one. Of a "
    "moment, ask `moment.within(times)`."
)


def _is_instant(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; a solver's number says that it is one."""
    return type(value) is int or isinstance(value, Integral)


def _no_pairs(spans: object) -> WrongArgument:
    """What is wrong with spans that are no pairs of instants."""
    parts: list[Any] = list(spans) if isinstance(spans, Iterable) else [spans]
    odd = (part for part in parts if not (isinstance(part, tuple) and len(part) == 2))
    instants = (at for pair in parts if isinstance(pair, tuple) for at in pair)
    strange = (at for at in instants if not _is_instant(at))
    return wrong("spans", "pairs of instants", next(odd, next(strange, spans)), _SPANS)


@frozen
class TimeSet:
    """Instants of the time line, in canonical form: equal sets are equal records.

    >>> TimeSet.of((1, 3), (4, 6), (9, 9))
    TimeSet(spans=((1, 6), (9, 9)))
    """

    spans: tuple[tuple[int, int], ...]

    ALL: ClassVar["TimeSet"]
    EMPTY: ClassVar["TimeSet"]

    @classmethod
    def of(cls, *spans: tuple[int, int]) -> "TimeSet":
        """The union of spans; those that overlap or touch are merged, empty ones are dropped."""
        return cls.union(spans)

    def __attrs_post_init__(self) -> None:
        if type(self.spans) is not tuple:
            raise _no_pairs([self.spans])
        pairs: tuple[Any, ...] = self.spans
        for pair in pairs:
            if type(pair) is not tuple or len(pair) != 2 or not all(map(_is_instant, pair)):
                raise _no_pairs(self.spans)

    @classmethod
    def union(cls, spans: Iterable[tuple[int, int]]) -> "TimeSet":
        """The union of spans, in any order."""
        merged: list[tuple[int, int]] = []
        try:
            for start, end in sorted(spans):
                if start > end:
                    continue
                if merged and start <= merged[-1][1] + 1:
                    merged[-1] = (merged[-1][0], max(merged[-1][1], end))
                else:
                    merged.append((start, end))
        except (TypeError, ValueError):
            raise _no_pairs(spans) from None
        for pair in merged:
            if type(pair[0]) is not int or type(pair[1]) is not int:
                return cls(tuple(merged))  # which looks at what they are
        return _new_set(tuple(merged))

    @classmethod
    def before(cls, instant: int) -> "TimeSet":
        """All instants earlier than this one."""
        expect(instant, int, "instant", _INSTANT)
        return cls.of((EARLIEST, min(instant - 1, LATEST)))

    @classmethod
    def since(cls, instant: int) -> "TimeSet":
        """This instant and all later ones."""
        expect(instant, int, "instant", _INSTANT)
        return cls.of((max(instant, EARLIEST), LATEST))

    def __and__(self, other: "TimeSet") -> "TimeSet":
        if not isinstance(other, TimeSet):
            raise wrong("TimeSet & …", "a `TimeSet`", other, _SPANS)
        if len(self.spans) == len(other.spans) == 1:  # as most are
            ((first, last),), ((begin, end),) = self.spans, other.spans
            if first <= begin and end <= last:
                return other
            if begin <= first and last <= end:
                return self
        for some, others in ((self, other), (other, self)):
            if len(some.spans) == 1:
                return others.between(*some.spans[0])
        return _new_set(tuple(_overlaps(self.spans, other.spans)))

    @classmethod
    def intersection(cls, *sets: "TimeSet") -> "TimeSet":
        """The instants that lie in all of the sets; all instants for no set."""
        result = cls.ALL
        for each in sets:
            result &= each
        return result

    def __or__(self, other: "TimeSet") -> "TimeSet":
        if not isinstance(other, TimeSet):
            raise wrong("TimeSet | …", "a `TimeSet`", other, _SPANS)
        return TimeSet.union(self.spans + other.spans)

    def __invert__(self) -> "TimeSet":
        """All instants of the time line outside of this set."""
        gaps: list[tuple[int, int]] = []
        start = EARLIEST
        for first, last in self.spans:
            if start < first:
                gaps.append((start, first - 1))
            start = last + 1
        if start <= LATEST:
            gaps.append((start, LATEST))
        return _new_set(tuple(gaps))

    def __contains__(self, instant: object) -> bool:
        if not _is_instant(instant):
            raise wrong("… in TimeSet", "an instant, a whole number", instant, _INSTANT)
        at = self._at(instant)
        return at >= 0 and instant <= self.spans[at][1]

    def _at(self, instant: int) -> int:
        """The place of the last span that starts at an instant or before it; -1 if none does."""
        return bisect_right(self.spans, (instant, _AFTER_ALL)) - 1

    @property
    def is_empty(self) -> bool:
        """Whether no instant is in the set."""
        return not self.spans

    def covers(self, earliest: int, latest: int) -> bool:
        """Whether every instant from `earliest` to `latest`, inclusive, is in the set."""
        at = self._at(earliest)
        return at >= 0 and latest <= self.spans[at][1]

    def first(self, earliest: int, latest: int) -> int | None:
        """The first instant of the set from `earliest` to `latest`, inclusive, if there is one."""
        if len(self.spans) == 1:  # as most are
            ((start, end),) = self.spans
            found = max(start, earliest)
            return found if found <= latest and found <= end else None
        at = self._at(earliest)
        if at >= 0 and self.spans[at][1] >= earliest:
            return earliest if earliest <= latest else None
        at += 1
        if at < len(self.spans) and self.spans[at][0] <= latest:
            return self.spans[at][0]
        return None

    def between(self, earliest: int, latest: int) -> "TimeSet":
        """The instants of the set from `earliest` to `latest`, inclusive."""
        at = self._at(earliest)
        if at < 0 or self.spans[at][1] < earliest:
            at += 1
        some = self.spans[at : self._at(latest) + 1]
        if not some:
            return TimeSet.EMPTY
        (start, then), (last, end) = some[0], some[-1]
        start, end = max(start, earliest), min(end, latest)
        alone = len(some) == 1
        return _new_set(((start, end),) if alone else ((start, then), *some[1:-1], (last, end)))

    def last(self, earliest: int, latest: int) -> int | None:
        """The last instant of the set from `earliest` to `latest`, inclusive, if there is one."""
        at = self._at(latest)
        if at < 0:
            return None
        found = min(latest, self.spans[at][1])
        return found if found >= earliest else None


def _overlaps(
    mine: Iterable[tuple[int, int]], theirs: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """What spans of two sets have in common, each being in order."""
    mine, theirs = iter(mine), iter(theirs)
    a, b = next(mine, None), next(theirs, None)
    while a and b:
        start = max(a[0], b[0])
        if a[1] < b[1]:
            if start <= a[1]:
                yield start, a[1]
            a = next(mine, None)
        else:
            if start <= b[1]:
                yield start, b[1]
            b = next(theirs, None)


_set_spans: Final = vars(TimeSet)["spans"].__set__


def _new_set(spans: tuple[tuple[int, int], ...]) -> TimeSet:
    """A set of spans that are known to be in order and apart: they are not looked at again."""
    made = object.__new__(TimeSet)
    _set_spans(made, spans)
    return made


TimeSet.ALL = TimeSet.of((EARLIEST, LATEST))
TimeSet.EMPTY = TimeSet(())
