"""Whether a fact of a span can turn the outcome: when it began or ended, whether it counts."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from attrs import evolve, frozen

from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.edges import between
from eligibility.verdict.turning.ever_flips import ever_flips
from eligibility.verdict.turning.in_one_pass import Turning, always
from eligibility.verdict.turning.let_in import (
    able,
    contested,
    each_once,
    instants_of,
    room,
    ways_in,
)
from eligibility.verdict.turning.pairs import Asked, Pair
from eligibility.verdict.turning.reach import More, Reach, narrower
from eligibility.verdict.turning.where_divides import Where, where_divides

#: The instants between whose two sides the outcomes divide: of each the last of the earlier side.
Cuts: TypeAlias = tuple[int, ...]
#: So many records that could not be kept out are compared with.
_FEW: Final = 4


@frozen(eq=False)
class _Fact:
    """A fact of a span of a list, and how far the span can be narrowed in one pass.

    Some instants may be tried `also`, beside those at which something begins or ends.
    """

    name: str
    span: KnownRecord
    reach: Reach
    key: str
    also: tuple[int, ...]


def span_turns(turning: Turning, name: str, span: KnownRecord, key: str) -> Cuts | None:
    """Where a fact of a span divides the outcomes of one pass; None if it does not."""
    return _first(turning, _all_ways(turning, span, (name, key)))


def divides_span(turning: Turning, span: KnownRecord, fact: tuple[str, str], at: int) -> bool:
    """Whether a fact of a span, of a list and a field, divides between an instant and the next.

    A record can only turn it by a moment that is, or may be, the one of the two that is covered if
    the other is not: the first of a start, the last of an end. Where nobody can know when the span
    ended, or began, it is covered just then, so either may be.
    """
    name, key = fact
    if key not in ("start", "end"):
        return False  # no way into the class asks for another moment of a span, or of such a record
    covered = (at, at) if key == "start" else (at + 1, at + 1)
    if not turning.spans.known(name, span.index) >= {"start", "end"}:
        covered = at, at + 1
    ways = _all_ways(turning, span, fact, TimeSet.of(covered), covered)
    return _first(turning, (way for way in ways if way.cut == (at,))) is not None


def span_turns_at_the_end(turning: Turning, name: str, span: KnownRecord, key: str) -> Cuts | None:
    """Where the start of a span divides at the earliest, and its end at the latest."""
    last, leaves = key == "end", [leaf for leaf in turning.leaves if leaf.spans == name]
    if turning.surely or any(isinstance(leaf, Ever) for leaf in leaves):
        ways = _all_ways(turning, span, (name, key))
        return _first(turning, sorted(ways, key=lambda way: way.cut, reverse=last))
    moments = {field_of(leaf.moment) for leaf in leaves if not isinstance(leaf, Ever)}
    instants = {at for moment in moments for at in instants_of(turning, moment)}
    each = (
        _first(turning, _all_ways(turning, span, (name, key), TimeSet.of((at, at))))
        for at in sorted(instants, reverse=last)
    )
    return next((cuts for cuts in each if cuts is not None), None)


def _all_ways(
    turning: Turning,
    span: KnownRecord,
    fact: tuple[str, str],
    within: TimeSet = TimeSet.ALL,
    also: tuple[int, ...] = (),
) -> Iterator["_Way"]:
    """Every way in which a fact of a span, of a list and a field, may divide.

    A moment lies within instants. Some may be tried `also`, beside those at which something begins
    or ends.
    """
    name, key = fact
    for leaf in turning.leaves:
        reach = turning.spans.reach(name, span, leaf, span.index) if leaf.spans == name else None
        if reach is not None and reach.decides(key):
            yield from _ways(turning, _Fact(name, span, reach, key, also), leaf, within)


def _first(turning: Turning, ways: Iterable["_Way"]) -> Cuts | None:
    """The cut of the first way that turns the outcome.

    Where a record could not be kept out, one that may be all that it may be, and more, could not be
    either. That is looked up among the last few of those that ask the same.
    """
    failed: dict[tuple[object, ...], deque[KnownRecord]] = {}
    for way in ways:
        beaten = failed.setdefault((way.how, *way.asked), deque(maxlen=_FEW))
        if way.one is not None and any(_is_within(less, way.one) for less in beaten):
            continue
        if way.turns(turning):
            return way.cut
        if way.one is not None and way.one.index not in turning.contenders.opposing:
            beaten.append(way.one)
    return None


def _is_within(less: KnownRecord, more: KnownRecord) -> bool:
    return all(any(box.within(other) for other in more.boxes) for box in less.boxes)


@frozen(eq=False)
class _Way:
    """One way in which a fact of a span may divide: where and how, the pair, the pivotal record.

    `alone` is an instant that no other span of those that are asked for may cover, if there is one.
    """

    cut: Cuts
    how: tuple[int, ...]
    pair: Pair
    asked: list[Asked]
    one: KnownRecord | None
    alone: tuple[SpanLeaf, int, int] | None = None

    def turns(self, turning: Turning) -> bool:
        """Whether it does."""
        other = always(self.one)
        pairs = self._pairs(turning)
        return any(turning.turns(pair, self.asked, self.one, other) for pair in pairs)

    def _pairs(self, turning: Turning) -> Iterator[Pair]:
        if self.alone is None:
            yield self.pair
            return
        leaf, span, at = self.alone
        for number, pair in enumerate(turning.spans.avoid(self.pair, leaf, at, at, but=span)):
            how = (*self.pair.how, id(leaf), at, number)
            yield Pair(pair.one, pair.two, pair.turned, how)


def _ways(turning: Turning, of: _Fact, leaf: SpanLeaf, within: TimeSet) -> Iterator[_Way]:
    if isinstance(leaf, Ever):
        yield from _ever_ways(turning, of, leaf)
        return
    moment, pivotal = field_of(leaf.moment), turning.pivotal
    if of.also:
        pivotal = evolve(pivotal, edges=lambda: tuple(sorted({*turning.edges, *of.also})))
    where = _where(turning, of, leaf)
    exempt = [where.exempt] if where.exempt else []
    parts = [
        (where.near, able(turning, of.name, moment, within & where.near)),
        (where.far, iter(exempt)),
    ]
    is_end = of.key == "end"
    for region, records in parts if is_end else reversed(parts):
        every = (
            pivotal.of(r, moment, within & region, from_first=is_end, room=room(turning, of.name))
            for r in records
        )
        for one, asked in each_once(turning, every, of.name):
            yield from _cover_ways(turning, of, leaf, (asked, one))


def _where(turning: Turning, of: _Fact, leaf: SpanLeaf) -> Where:
    """Where a fact can divide what is asked of its span."""
    at = of.name, of.span.index, of.key, id(leaf)
    if at not in turning.kept:
        turning.kept[at] = where_divides(turning, leaf, (of.span.index, of.reach), of.key)
    found: Where = turning.kept[at]
    return found


def _cover_ways(
    turning: Turning,
    of: _Fact,
    leaf: Covered | Uncovered,
    let_in: tuple[list[Asked], KnownRecord],
) -> Iterator[_Way]:
    """A fact of a span decides whether it covers what a record asks of it."""
    asked, one = let_in
    helps, where = isinstance(leaf, Covered), _where(turning, of, leaf)
    region = contested(turning, asked, of.name) if where.is_plain else TimeSet.ALL
    beside = TimeSet.union((low - 1, high + 1) for low, high in region.spans)
    alone = where.if_let_in(one) & beside
    for first, last in ((low, high) for each, low, high in asked if each is leaf):
        if helps and first < last:
            for cut, how, made, at in _alone(turning, of, leaf, (first, last), alone):
                yield _Way(cut, how, made, asked, one, (leaf, of.span.index, at))
            continue
        for at, (common, covers, leaves) in enumerate(of.reach.flips(of.key, first, last)):
            sides = (covers, leaves) if helps else (leaves, covers)
            cut = _cut(of.key, covers, leaves)
            if cut and region.first(cut[0], cut[0] + 1) is None:
                continue
            if pair := _turned(turning, of, common, sides):
                yield _Way(cut, (first, last, at), pair, asked, one)


def _alone(
    turning: Turning, of: _Fact, leaf: SpanLeaf, within: Bounds, region: TimeSet
) -> Iterator[tuple[Cuts, tuple[int, ...], Pair, int]]:
    """Instants of several that only this span may cover, of which a fact of it decides.

    They lie in a region. Where there is one, it can be a bound of some span, or of what is to be
    covered, or beside it.
    """
    region &= TimeSet.of(within)
    if region.is_empty or not turning.covered("most", leaf).covers(*within):
        return
    low, high = region.spans[0][0], region.spans[-1][1]
    # What lies before it started, or after it ended, others have to cover.
    left = ~turning.covered("most", leaf, but=of.span.index)
    if of.key == "start" and (at := left.first(*within)) is not None:
        high = min(high, at)
    if of.key == "end" and (at := left.last(*within)) is not None:
        low = max(low, at)
    sure = turning.covered("least", leaf)
    for at in dict.fromkeys((*within, *of.also, *between(turning.edges, low, high))):
        if not low <= at <= high or at not in region or at in sure:
            continue
        for number, (common, covers, leaves) in enumerate(of.reach.flips(of.key, at, at)):
            if pair := _turned(turning, of, common, (covers, leaves)):
                yield _cut(of.key, covers, leaves), (at, number), pair, at


def _ever_ways(turning: Turning, of: _Fact, ever: Ever) -> Iterator[_Way]:
    """A fact of a span decides whether some span has an instant in a time set."""
    if turning.anyway.holds(ever, of.span.index):
        return
    for at, (common, so, not_so) in enumerate(ever_flips(ever.times, of.reach, of.key)):
        pair = _turned(turning, of, common, (so, not_so))
        if pair:
            for one, asked in ways_in(turning, of.name):
                yield _Way(_cut(of.key, so, not_so), (at,), pair, asked, one)


def _cut(key: str, *sides: More) -> Cuts:
    """The last instant of the earlier of two sides between which a moment divides."""
    ends = [each[1] for side in sides if isinstance(each := side[key], tuple)]
    return (min(ends),) if ends else ()


def _turned(turning: Turning, of: _Fact, rest: More, sides: tuple[More, More]) -> Pair | None:
    """A pair that differs in a fact of a span; None if no world has the one or the other."""
    fact = of.name, of.span.index, of.key
    how = (*fact, *(tuple(each.items()) for each in (rest, *sides)))
    if how not in turning.turned:
        turning.work.spend(1 + len(turning.facts.lists[of.name]))
        shape = turning.facts.shape.lists[of.name]
        one, two = (narrower(shape, of.span, {**rest, **side}) for side in sides)
        pair = None
        if one is not None and two is not None:
            first, second = (turning.base.with_record(of.name, made) for made in (one, two))
            pair = Pair(first, second, fact, how)
        turning.turned[how] = pair
    return turning.turned[how]
