"""Pairs of histories known to their end: nothing is left open of spans that can be known.

The surely pass takes all that is open against the class anyway. The possibly pass takes it for the
class, so for it everything that can be known is known: as much against the class as can be, in the
second history of a pair, and the same in the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from attrs import field, frozen

from eligibility.definition.conditions import Covered, SpanLeaf, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.lazily import lazy_product
from eligibility.verdict.turning.pairs import Pair, Spans
from eligibility.verdict.turning.reach import More, Reach, narrower

#: Whether those who must be out can be, if spans cover but one instant of what a leaf asks.
Spares: TypeAlias = Callable[[SpanLeaf, int], bool]


@frozen(eq=False)
class _Ended:
    """A span as it was, and as it is once all is known of it, if there is one way to know that.

    `at` is then the one instant that it may have, of several.
    """

    span: KnownRecord
    ended: KnownRecord | None
    at: int | None = None

    def but(self, low: int, high: int) -> "_Ended":
        """The same if its one instant is none of some; else there may be several ways."""
        is_free = self.at is None or not low <= self.at <= high
        return self if is_free else _Ended(self.span, None)


@frozen(eq=False)
class Ends:
    """What makes pairs known to their end; `edges` are the instants at which something changes."""

    spans: Spans
    disjunct: Disjunct
    leaves: tuple[SpanLeaf, ...]
    edges: tuple[int, ...]
    opponents: tuple[KnownRecord, ...]
    _free: dict[str, TimeSet] = field(init=False, factory=dict)
    _ended: dict[int, list[_Ended]] = field(init=False, factory=dict)
    _whole: dict[int, KnownHistory] = field(init=False, factory=dict)

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
        pair, left = self._with_ends(pair, leaf, one)
        ways = [self._ways(each, leaf, one, spares) for each in left]
        for chosen in lazy_product(ways):
            self.spans.work.spend(1 + len(chosen) + len(pair.two.lists[leaf.spans]) // 8)
            known = {span.index: more for (span, _), more in zip(left, chosen, strict=True)}
            if done := pair.narrow(leaf.spans, known, second=True):
                yield done

    def _with_ends(
        self, pair: Pair, leaf: SpanLeaf, one: KnownRecord | None
    ) -> tuple[Pair, list[tuple[KnownRecord, Reach]]]:
        """A pair with all known of each span of a list of which there is one way, and the others.

        Of a span that is as it was that is found once; it holds unless the record that is let in
        may have a moment at the one instant that the span then has.
        """
        name, every = leaf.spans, self._places(leaf)
        places = every
        for low, high in [] if _harms(leaf) or one is None else self._of_one(name, one):
            if any(low <= each.at <= high for each in places if each.at is not None):
                places = [e.but(low, high) for e in places]

        def to_its_end(facts: KnownHistory) -> KnownHistory:
            spans = facts.lists[name]
            is_whole = spans is self.spans.facts.lists[name] and places is every
            if is_whole and id(leaf) in self._whole:
                return facts.with_list_of(name, self._whole[id(leaf)])
            ended = [
                each.ended if each.ended and each.span is span else span
                for span, each in zip(spans, places, strict=False)
            ]
            made = facts.with_list(name, (*ended, *spans[len(places) :]))
            if is_whole:
                self._whole[id(leaf)] = made
            return made

        spans = pair.two.lists[name]
        done = {s.index for s, e in zip(spans, places, strict=False) if e.ended and e.span is s}
        left = [e for e in self.spans.reaches(pair.two, leaf) if e[0].index not in done]
        two = to_its_end(pair.two)
        return pair.of(two if pair.one is pair.two else to_its_end(pair.one), two), left

    def _places(self, leaf: SpanLeaf) -> list[_Ended]:
        """Each span as it was, and all that is then known of it if there is one way."""
        if id(leaf) not in self._ended:
            facts, name = self.spans.facts, leaf.spans
            shape = facts.shape.lists[name]
            found = [_Ended(span, span) for span in facts.lists[name]]
            for span, reach in self.spans.reaches(facts, leaf):
                ways = self._ways((span, reach), leaf, None, lambda _leaf, _at: True)
                more, *others = islice(ways, 2)
                made = None if others or reach.is_around else narrower(shape, span, more)
                known = more.get("start", more.get("end"))
                is_one = not _harms(leaf) and reach.end[0] < reach.start[1]
                at = known[0] if is_one and isinstance(known, tuple) else None
                found[span.index] = _Ended(span, made, at)
            self._ended[id(leaf)] = found
        return self._ended[id(leaf)]

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

    def _of_one(self, name: str, record: KnownRecord) -> list[Bounds]:
        """Where the moments of a record may lie that spans of a list are asked to cover."""
        tests = self.disjunct.moments.items()
        moments = [m for m, test in tests if any(leaf.spans == name for leaf in test.covered)]
        return [record.bounds[moment] for moment in moments if moment in record.bounds]

    def _harmless(self, name: str, one: KnownRecord | None, within: Bounds) -> int | None:
        """An instant that no record and no clause would have covered by spans of a list."""
        if name not in self._free:
            taken = (bounds for record in self.opponents for bounds in self._of_one(name, record))
            evers = (ever.times.spans for ever in self.disjunct.evers if ever.spans == name)
            self._free[name] = ~TimeSet.union(chain(taken, *evers))
        left = TimeSet.of(within) & ~TimeSet.union(self._of_one(name, one) if one else ())
        found = (self._free[name].first(*each) for each in left.spans)
        return next((at for at in found if at is not None), None)

    def _least(
        self, leaf: SpanLeaf, reach: Reach, one: KnownRecord | None, spares: Spares
    ) -> Iterator[More]:
        """A span that covers as little as can be: if it is crossing, any one instant."""
        if reach.may_not_count:
            free = reach.may_not_count[0]
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
