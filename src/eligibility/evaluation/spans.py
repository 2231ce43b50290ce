"""What compiled definitions call: sets of instants as plain tuples of spans, in order and apart.

One span, which is what there mostly is, is seen to at once; the rest is `TimeSet`'s.
"""

from bisect import bisect_right
from collections.abc import Collection
from operator import length_hint
from typing import Any, Final, TypeAlias

from eligibility.facts.completeness import values_of
from eligibility.facts.model import Value
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: First and last instant of each span, in order; no two touch.
Spans: TypeAlias = tuple[tuple[int, int], ...]

ALL: Final[Spans] = TimeSet.ALL.spans
#: No instant lies within these bounds.
NOWHERE: Final = (LATEST + 1, EARLIEST - 1, False)


def union(spans: list[tuple[int, int]]) -> Spans:
    """The instants that some of the spans cover; one that ends before it starts covers none."""
    if len(spans) == 1 and spans[0][0] <= spans[0][1]:
        return (spans[0],)
    return TimeSet.union(spans).spans if spans else ()


def both(one: Spans, other: Spans) -> Spans:
    """The instants of both."""
    if len(one) == len(other) == 1:
        first, last = max(one[0][0], other[0][0]), min(one[0][1], other[0][1])
        return ((first, last),) if first <= last else ()
    return (TimeSet(one) & TimeSet(other)).spans


def minus(one: Spans, other: Spans) -> Spans:
    """The instants of the one that are not of the other."""
    return (TimeSet(one) & ~TimeSet(other)).spans if one and other else one


def covers(spans: Spans, first: int, last: int) -> bool:
    """Whether all instants from the first to the last are covered."""
    at = bisect_right(spans, (first, LATEST + 1)) - 1
    return at >= 0 and last <= spans[at][1]


def earliest(spans: Spans, first: int, last: int) -> int | None:
    """The earliest instant that is covered from the first to the last, if one is."""
    at = bisect_right(spans, (first, LATEST + 1))
    if at and first <= spans[at - 1][1]:
        return first if first <= last else None
    return spans[at][0] if at < len(spans) and spans[at][0] <= last else None


def meets(spans: Spans, first: int, last: int) -> bool:
    """Whether some instant from the first to the last is covered."""
    return earliest(spans, first, last) is not None


def touches(times: Spans, spans: list[tuple[int, int]]) -> bool:
    """Whether some span, from its latest start to its earliest end, surely has one of the instants.

    One whose latest start comes later may have any one of the instants between and no other.
    """
    return any(
        meets(times, start, end) if start <= end else covers(times, end, start)
        for start, end in spans
    )


class Ranks(dict[Any, int]):
    """By what is known of a word, whether it is one of some: 2 surely, 1 possibly, 0 not."""

    def __init__(self, words: Collection[Value], allowed: Collection[Value]) -> None:
        super().__init__({word: 2 if word in allowed else 0 for word in words} | {None: 1})
        self._allowed = frozenset(allowed)

    def __missing__(self, several: tuple[str, ...]) -> int:
        values = values_of(several)
        return 2 if values <= self._allowed else 1 if values & self._allowed else 0


HELPERS: Final = {
    each.__name__: each
    for each in (union, both, minus, covers, earliest, meets, touches, min, length_hint)
} | {"ALL": ALL, "NOWHERE": NOWHERE}
