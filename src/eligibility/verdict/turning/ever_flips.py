"""How a fact of a span alone decides whether it has an instant in a time set."""

from collections.abc import Iterable, Iterator

from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.reach import More, Reach


def ever_flips(times: TimeSet, reach: Reach, key: str) -> Iterator[tuple[More, More, More]]:
    """How one fact of a span alone decides whether it has an instant in a time set."""
    (a, begun), (ending, b) = reach.start, reach.end
    if not reach.counts or key not in reach.known:
        return
    if key in reach.allowed:
        yield from _of_value(times, reach, key)
        return
    edges = {x + d for pair in times.spans for x in pair for d in (-1, 0, 1)}
    counting = reach.counting()
    if {"start", "end"} - reach.known and ending < begun:
        yield from _of_open_end(times, reach, key, sorted(edges))
    if key == "start":
        for end in sorted({ending, b, *(x for x in edges if ending <= x <= b)}):
            at = times.last(a, end)
            common = {**counting, "end": (end, end)} if "end" in reach.known else counting
            if at is not None and at < min(begun, end):
                yield common, {key: (at, at)}, {key: (at + 1, at + 1)}
    elif key == "end":
        for start in sorted({a, begun, *(x for x in edges if a <= x <= begun)}):
            at = times.first(start, b)
            common = {**counting, "start": (start, start)} if "start" in reach.known else counting
            if at is not None and at > max(ending, start):
                yield common, {key: (at, at)}, {key: (at - 1, at - 1)}


def _of_value(times: TimeSet, reach: Reach, key: str) -> Iterator[tuple[More, More, More]]:
    """The same of a value: whether it counts."""
    so, others = reach.values[key] & reach.allowed[key], reach.values[key] - reach.allowed[key]
    for more in reach.having(times):
        yield {name: each for name, each in more.items() if name != key}, {key: so}, {key: others}


def _of_open_end(
    times: TimeSet, reach: Reach, key: str, edges: Iterable[int]
) -> Iterator[tuple[More, More, More]]:
    """The same where the other end stays open: the known end is covered, wherever it lies."""
    low, high = {"start": reach.start, "end": reach.end}.get(key, (1, 0))
    for x, y in ((x, x + d) for x in edges if x in times for d in (-1, 1)):
        if y not in times and low <= min(x, y) and max(x, y) <= high:
            yield reach.counting(), {key: (x, x)}, {key: (y, y)}
