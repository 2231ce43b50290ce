"""Spans that cover some instants, one alone or only together: what there is to know of each.

Of several each covers as much of them as it can. Where one end of a span stays open, all that it
surely covers may be the instant of its other end; then it has one instant, and the others cover the
rest.
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


def shortest(
    found: Iterable[tuple[KnownRecord, Reach]], first: int, last: int, turned: int | None
) -> Iterator[tuple[int, More]]:
    """The spans that can cover some instants, without those that then cover more than another."""
    ways = [
        (min(reach.start[1], first), max(reach.end[0], last), span, reach, known)
        for span, reach in found
        if (known := reach.covering(first, last)) is not None
    ]
    ways.sort(key=lambda way: way[1] - way[0])
    kept: list[tuple[int, int]] = []
    seen: set[tuple[object, ...]] = set()
    for start, end, span, reach, known in ways:
        is_turned = turned == span.index
        like = (start, end, reach.can_be_cut and span.boxes, is_turned)
        longer = any(start <= a and b <= end and (start, end) != (a, b) for a, b in kept)
        if like not in seen and (reach.is_around or not longer):
            seen.add(like)
            # One that is cut to these instants is cut nowhere else.
            if not (reach.can_be_cut or reach.is_around):
                kept.append((start, end))
            yield span.index, known
