"""Spans that only together cover some instants: what there is to know of each of them.

Each covers as much of them as it can. Where one end of a span stays open, all that it surely covers
may be the instant of its other end; then it has one instant, and the others cover the rest.
"""

from collections.abc import Iterable, Iterator, Mapping

from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.reach import More, Reach


def chained(
    spans: Iterable[tuple[KnownRecord, Reach]], anyway: TimeSet, first: int, last: int
) -> Iterator[dict[int, More]]:
    """Every way to cover instants together that are not covered `anyway`: by index, what to know.

    The instants are UTC microseconds, both inclusive.
    """
    far: dict[int, Bounds] = {}
    known: dict[int, More] = {}
    reaches: dict[int, Reach] = {}
    for span, reach in spans:
        reaches[span.index] = reach
        low, high = max(first, reach.start[0]), min(last, reach.end[1])
        if low <= high and (more := reach.covering(low, high)) is not None:
            far[span.index], known[span.index] = (low, high), more
    for points in _points(TimeSet.of((first, last)) & ~anyway, far, reaches):
        yield {**known, **points}


def _points(
    wanted: TimeSet, far: Mapping[int, Bounds], spans: Mapping[int, Reach]
) -> Iterator[dict[int, More]]:
    """Every way for some spans to have one instant surely, where all others cover the rest."""
    left = wanted & ~TimeSet.union(far.values())
    if left.is_empty:
        yield {}
        return
    if sum(high - low + 1 for low, high in left.spans) > len(spans):
        return
    at = left.spans[0][0]
    for index, reach in spans.items():
        known = reach.covering(at, at)
        if known is not None:
            others = {each: bounds for each, bounds in far.items() if each != index}
            free = {each: other for each, other in spans.items() if each != index}
            for more in _points(wanted & ~TimeSet.of((at, at)), others, free):
                yield {**more, index: known}
