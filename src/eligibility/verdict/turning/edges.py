"""Every instant at which something begins or ends: between two of them it is all one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from eligibility.definition.conditions import Ever, SpanLeaf
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.known import KnownHistory, KnownRecord


def edges_of(
    facts: KnownHistory,
    disjunct: Disjunct,
    leaves: Iterable[SpanLeaf],
    opponents: Iterable[KnownRecord],
) -> tuple[int, ...]:
    """Those of what is asked for, of spans and of opponents, with their neighbours, in order."""
    pairs = [pair for test in disjunct.moments.values() for pair in test.times.spans]
    for leaf in leaves:
        spans = [span.bounds for span in facts.lists[leaf.spans]]
        spans += [box.bounds for box in facts.unlisted[leaf.spans]]
        pairs += (pair for bounds in spans for pair in bounds.values())
        pairs += leaf.times.spans if isinstance(leaf, Ever) else ()
    pairs += (pair for record in opponents for pair in record.bounds.values())
    return tuple(sorted({edge + by for pair in pairs for edge in pair for by in (-1, 0, 1)}))


def between(edges: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    """Those from one instant to another, both included.

    >>> between((1, 4, 6, 9), 4, 8)
    (4, 6)
    """
    return edges[bisect_left(edges, first) : bisect_right(edges, last)]
