"""Where a start or an end of a span can turn the outcome: not where the span covers too much.

With a later end, or an earlier start, a span surely covers more. Where that alone keeps an opponent
in, nothing turns beyond, unless that one is let in itself; and where it keeps two in, nothing does.
"""

from bisect import bisect_left

from attrs import frozen

from eligibility.definition.conditions import Covered, SpanLeaf
from eligibility.facts.known import KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.reach import Reach


@frozen(eq=False)
class Where:
    """The instants at which a fact of a span can divide: whoever is let in, or one opponent.

    It `is_plain` where the two sides differ just there: a value says of all instants whether they
    are covered, and so may a moment that says in which of several boxes the span is.
    """

    is_plain: bool
    near: TimeSet
    far: TimeSet = TimeSet.EMPTY
    exempt: KnownRecord | None = None

    def if_let_in(self, one: KnownRecord) -> TimeSet:
        """Those at which it can if a record is let in."""
        is_exempt = self.exempt is not None and self.exempt.index == one.index
        return self.near | self.far if is_exempt else self.near


def where_divides(turning: Turning, leaf: SpanLeaf, span: tuple[int, Reach], key: str) -> Where:
    """Where a fact of a span, with its place and what it can be, can divide what a leaf asks of it.

    What other spans cover whatever comes out is covered in any case, as the possibly pass reads it.
    """
    index, reach = span
    bounds = {"start": reach.start, "end": reach.end}.get(key, reach.region)
    region, is_end = TimeSet.of(bounds), key == "end"
    is_plain = key in ("start", "end") and not reach.is_around
    if not turning.surely:
        region &= ~turning.covered("least", leaf, but=index)
    if (
        turning.surely
        or key not in ("start", "end")
        or not isinstance(leaf, Covered)
        or not turning.anyway.lets_in
    ):
        return Where(is_plain, region)
    sure = reach.start[1] if is_end else reach.end[0]
    edges = [x for x in turning.edges if (x >= sure if is_end else x <= sure)]
    edges.sort(reverse=not is_end)

    def kept_in(x: int) -> tuple[KnownRecord, ...]:
        """Two of the opponents, or fewer, that are in if all up to an instant is covered."""
        covered = TimeSet.of((sure, x) if is_end else (x, sure))
        return turning.contenders.staying(turning.anyway.times_with({leaf: covered}))

    def up_to(at: int) -> TimeSet:
        """The instants that are not beyond an edge."""
        if at == len(edges):
            return region
        return region & (~TimeSet.since(edges[at] + 1) if is_end else TimeSet.since(edges[at]))

    if not edges or not kept_in(edges[-1]):
        return Where(is_plain, region)
    first = bisect_left(edges, 1, key=lambda x: len(kept_in(x)))
    exempt, *others = kept_in(edges[first])
    second = first if others else bisect_left(edges, 2, first, key=lambda x: len(kept_in(x)))
    return Where(is_plain, up_to(first), up_to(second) & ~up_to(first), exempt)
