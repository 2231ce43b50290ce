"""Pairs of histories known to their end: nothing is left open of spans that can be known.

The surely pass takes all that is open against the class anyway. The possibly pass takes it for the
class, so for it everything that can be known is known: as much against the class as can be, in the
second history of a pair, and the same in the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeAlias

from attrs import field, frozen

from eligibility.definition.conditions import Covered, SpanLeaf, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds, Values
from eligibility.facts.known import KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.lazily import lazy_product
from eligibility.verdict.turning.pairs import Pair, Spans
from eligibility.verdict.turning.reach import More, Reach

#: Whether those who must be out can be, if spans cover but one instant of what a leaf asks.
Spares: TypeAlias = Callable[[SpanLeaf, int], bool]


@frozen(eq=False)
class Ends:
    """What makes pairs known to their end; `edges` are the instants at which something changes."""

    spans: Spans
    disjunct: Disjunct
    leaves: tuple[SpanLeaf, ...]
    edges: tuple[int, ...]
    opponents: tuple[KnownRecord, ...]
    _free: dict[str, TimeSet] = field(init=False, factory=dict)

    def of(self, pair: Pair, one: KnownRecord | None, spares: Spares) -> Iterator[Pair]:
        """Every way to know all of a pair that is not worse than another, against all opponents.

        And against the record that is let in.
        A span that covers some one instant covers one that `spares` those who must be out. Lists
        that help come first: there is one way to know most of them, and it is looked for once.
        """
        waiting = [iter((pair,))]
        leaves = sorted({leaf.spans: leaf for leaf in self.leaves}.values(), key=_harms)
        while waiting:
            now = next(waiting[-1], None)
            if now is None:
                waiting.pop()
            elif len(waiting) > len(leaves):
                yield now
            else:
                leaf = leaves[len(waiting) - 1]
                waiting.append(self._of_list(now, leaf, one, spares))

    def _of_list(
        self, pair: Pair, leaf: SpanLeaf, one: KnownRecord | None, spares: Spares
    ) -> Iterator[Pair]:
        every = list(self.spans.reaches(pair.two, leaf))
        ways = [self._ways(each, leaf, one, spares) for each in every]
        for chosen in lazy_product(ways):
            self.spans.work.spend(1 + len(chosen))
            known = {span.index: more for (span, _), more in zip(every, chosen, strict=True)}
            if done := pair.narrow(leaf.spans, known, second=True):
                yield done

    def _ways(
        self,
        of: tuple[KnownRecord, Reach],
        leaf: SpanLeaf,
        one: KnownRecord | None,
        spares: Spares,
    ) -> Iterator[More]:
        """Every way to know all of a span that is not worse than another."""
        span, reach = of
        every = [reach]
        if reach.is_around:  # it is in any of several boxes
            every += (self.spans.reach(leaf.spans, b, leaf, span.index) for b in span.boxes)
        for each in every:
            for known in self._most(each) if _harms(leaf) else self._least(leaf, each, one, spares):
                yield {key: at for key, at in known.items() if key in reach.known}

    def _of(self, name: str) -> Iterator[SpanLeaf]:
        """All that is asked of one list."""
        return (leaf for leaf in self.leaves if leaf.spans == name)

    def _harmless(self, name: str, one: KnownRecord | None, within: Bounds) -> int | None:
        """An instant that no record and no clause would have covered by spans of a list."""
        moments = [
            moment
            for moment, test in self.disjunct.moments.items()
            if any(covered.spans == name for covered in test.covered)
        ]
        if name not in self._free:
            taken = (r.bounds[at] for r in self.opponents for at in moments if at in r.bounds)
            evers = (ever.times.spans for ever in self.disjunct.evers if ever.spans == name)
            self._free[name] = ~TimeSet.union(chain(taken, *evers))
        theirs = [one.bounds[at] for at in moments if at in one.bounds] if one else []
        left = TimeSet.of(within) & ~TimeSet.union(theirs)
        found = (self._free[name].first(*each) for each in left.spans)
        return next((at for at in found if at is not None), None)

    def _least(
        self, leaf: SpanLeaf, reach: Reach, one: KnownRecord | None, spares: Spares
    ) -> Iterator[More]:
        """A span that covers as little as can be: if it is crossing, any one instant."""
        if (free := next(reach.may_not_count, None)) is not None:
            others: Values = reach.values[free] - reach.allowed[free]
            yield {free: others, "start": _just(reach.start[0]), "end": _just(reach.end[1])}
            return
        first, last = reach.end[0], reach.start[1]
        if first >= last:
            yield {"start": _just(last), "end": _just(first)}
            return
        at = self._harmless(leaf.spans, one, (first, last))
        if at is None and not any(isinstance(of, Covered) for of in self._of(leaf.spans)):
            at = first  # wherever it lies, it has an instant that is asked for
        for x in self._instants(first, last) if at is None else (at,):
            self.spans.work.spend(1)
            if at is not None or spares(leaf, x):
                yield {"start": _just(x), "end": _just(x)}

    def _most(self, reach: Reach) -> Iterator[More]:
        """A span that covers as much as can be; if one end stays open, the other may lie beyond."""
        counts = reach.counting()
        yield {**counts, "start": _just(reach.start[0]), "end": _just(reach.end[1])}
        first, last = reach.end[0], reach.start[1]
        if first < last and len(reach.known & {"start", "end"}) == 1:
            key = next(iter(reach.known & {"start", "end"}))
            yield from ({**counts, key: _just(x)} for x in self._instants(first, last))

    def _instants(self, first: int, last: int) -> Iterator[int]:
        """The first of some instants, those between at which something changes, and the last."""
        yield first
        edges = self.edges
        yield from (edges[at] for at in range(bisect_right(edges, first), bisect_left(edges, last)))
        yield last


def _harms(leaf: SpanLeaf) -> bool:
    return isinstance(leaf, Uncovered)


def _just(at: int) -> tuple[int, int]:
    return at, at
