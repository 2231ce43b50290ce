"""Whether a fact of a span can turn the outcome: when it began or ended, whether it counts."""

from collections.abc import Iterator
from typing import TypeAlias

from attrs import frozen

from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered
from eligibility.facts.boxes import Bounds, Box
from eligibility.facts.normalise import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet
from eligibility.verdict.pairs import ONLY_ONE, Asked, Pair, with_one_more
from eligibility.verdict.reach import More, Reach, narrower
from eligibility.verdict.turning import Turning, always

#: The instants between whose two sides the outcomes divide: of each the last of the earlier side.
Cuts: TypeAlias = tuple[int, ...]


@frozen(eq=False)
class _Fact:
    """A fact of a span of a list, and how far the span can be narrowed in one pass."""

    name: str
    span: KnownRecord
    reach: Reach
    key: str


def span_turns(turning: Turning, name: str, span: KnownRecord, key: str) -> Cuts | None:
    """Where a fact of a span divides the outcomes of one pass; None if it does not."""
    for leaf in turning.leaves:
        if leaf.spans == name:
            of = _Fact(name, span, turning.spans.reach(name, span, leaf, span.index), key)
            if isinstance(leaf, Ever):
                found = _ever_turns(turning, of, leaf)
            else:
                found = _cover_turns(turning, of, leaf)
            if found is not None:
                return found
    return None


def _cover_turns(turning: Turning, of: _Fact, leaf: Covered | Uncovered) -> Cuts | None:
    """Where a fact of a span divides, that decides whether a moment of some record is covered."""
    region = {"start": of.reach.start, "end": of.reach.end}.get(of.key, of.reach.region)
    moment, within = field_of(leaf.moment), TimeSet.of(region)
    for record in turning.able(moment, within):
        ways = turning.pivotal(record, moment, within, from_first=of.key == "end")
        for one, _, asked in ways:
            for covers, leaves, pair in _covering_pairs(turning, of, leaf, asked):
                if turning.turns(pair, asked, one, always(one)):
                    return _cut(of.key, covers, leaves)
    return None


def _covering_pairs(
    turning: Turning, of: _Fact, leaf: Covered | Uncovered, asked: list[Asked]
) -> Iterator[tuple[More, More, Pair]]:
    """Pairs in which a fact of a span decides whether it covers what a record asks of it."""
    helps = isinstance(leaf, Covered)
    for first, last in ((low, high) for each, low, high in asked if each is leaf):
        for edges in sorted({(first, first), (last, last)}) if helps else [(first, last)]:
            for common, covers, leaves in of.reach.flips(of.key, *edges):
                sides = (covers, leaves) if helps else (leaves, covers)
                pair = _turned(turning, of, common, sides)
                if pair:
                    yield covers, leaves, pair


def _cut(key: str, *sides: More) -> Cuts:
    """The last instant of the earlier of two sides between which a moment divides."""
    ends = [each[1] for side in sides if isinstance(each := side[key], tuple)]
    return (min(ends),) if ends else ()


def _turned(turning: Turning, of: _Fact, rest: More, sides: tuple[More, More]) -> Pair | None:
    """A pair that differs in a fact of a span; None if no world has the one or the other."""
    shape = turning.facts.shape.lists[of.name]
    one, two = (narrower(shape, of.span, {**rest, **side}) for side in sides)
    if one is None or two is None:
        return None
    first, second = (turning.base.with_record(of.name, made) for made in (one, two))
    return Pair(first, second, (of.name, of.span.index, of.key))


def _ever_turns(turning: Turning, of: _Fact, ever: Ever) -> Cuts | None:
    """Where a fact of a span divides, that decides whether some span has an instant in a set."""
    if turning.holds_anyway(ever, of.span.index):
        return None
    for common, so, not_so in _ever_flips(ever.times, of.reach, of.key):
        pair = _turned(turning, of, common, (so, not_so))
        if pair and _lets_in(turning, pair):
            return _cut(of.key, so, not_so)
    return None


def _lets_in(turning: Turning, pair: Pair) -> bool:
    """Whether some record is let in by the first of a pair, and none by the second."""
    if not turning.disjunct.needs_record:
        return bool(turning.turns(pair, [], None, always(None)))
    return any(
        turning.turns(pair, asked, one, always(one))
        for record in turning.able()
        for one, _, asked in turning.pivotal(record)
    )


def _ever_flips(times: TimeSet, reach: Reach, key: str) -> Iterator[tuple[More, More, More]]:
    """How one fact of a span alone decides whether it has an instant in a time set."""
    (a, begun), (ending, b) = reach.start, reach.end
    if not reach.counts or key not in reach.known:
        return
    edges = {x + d for pair in times.spans for x in pair for d in (-1, 0, 1)}
    counting = reach.counting()
    if key == "start":
        for end in sorted({ending, b, *(x for x in edges if ending <= x <= b)}):
            at = times.last(a, end)
            common = {**counting, "end": (end, end)} if "end" in reach.known else counting
            if at is not None and at < min(begun, end):
                yield common, {key: (a, at)}, {key: (at + 1, min(begun, end))}
    elif key == "end":
        for start in sorted({a, begun, *(x for x in edges if a <= x <= begun)}):
            at = times.first(start, b)
            common = {**counting, "start": (start, start)} if "start" in reach.known else counting
            if at is not None and at > max(ending, start):
                yield common, {key: (at, b)}, {key: (max(ending, start), at - 1)}
    elif (at := times.first(a, b)) is not None:
        yield from reach.flips(key, at, at)


def one_more_turns(turning: Turning, leaf: SpanLeaf) -> bool:
    """Whether a span that nobody listed can turn the outcome."""
    for box, reach in turning.spans.beyond(leaf):
        low, high = reach.region
        if isinstance(leaf, Ever):
            first = leaf.times.first(low, high)
            if first is not None and not turning.holds_anyway(leaf):
                pair = _with_one_more(turning, leaf, (box, reach), (first, first))
                if pair and _lets_in(turning, pair):
                    return True
            continue
        moment, within = field_of(leaf.moment), TimeSet.of((low, high))
        for record in turning.able(moment, within):
            for one, _, asked in turning.pivotal(record, moment, within):
                for at in ((first, last) for each, first, last in asked if each is leaf):
                    pair = _with_one_more(turning, leaf, (box, reach), at)
                    if pair and turning.turns(pair, asked, one, always(one)):
                        return True
    return False


def _with_one_more(
    turning: Turning, leaf: SpanLeaf, of: tuple[Box, Reach], at: Bounds
) -> Pair | None:
    """A pair of which one has a span more: the first, if it helps, or the second, if it harms."""
    box, reach = of
    first, last = max(at[0], reach.region[0]), min(at[1], reach.region[1])
    known = reach.covering(first, last)
    if known is None:
        return None
    if isinstance(leaf, Uncovered):
        boxes = turning.spans.box(leaf.spans, box, known)
    else:
        boxes = turning.spans.box(leaf.spans, box, {**known, **reach.exactly(first, last)})
    if not boxes:
        return None
    more = with_one_more(turning.base, leaf.spans, boxes, ONLY_ONE)
    turned = (leaf.spans, ONLY_ONE, "")
    if isinstance(leaf, Uncovered):
        return Pair(turning.base, more, turned)
    return Pair(more, turning.base, turned)
