"""Whether a fact of a span can turn the outcome: when it began or ended, whether it counts."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, TypeAlias

from attrs import evolve, frozen

from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered
from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import Bounds, Box
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning import let_in
from eligibility.verdict.turning.edges import between
from eligibility.verdict.turning.ever_flips import ever_flips
from eligibility.verdict.turning.in_one_pass import Turning, always
from eligibility.verdict.turning.let_in import able, each_once, instants_of, room, taken, ways_in
from eligibility.verdict.turning.pairs import ONLY_ONE, Asked, Pair, with_one_more
from eligibility.verdict.turning.reach import More, Reach, narrower
from eligibility.verdict.turning.where_divides import Where, where_divides

#: The instants between whose two sides the outcomes divide: of each the last of the earlier side.
Cuts: TypeAlias = tuple[int, ...]
#: So many records that could not be kept out are compared with.
_FEW: Final = 4
#: So many instants are looked at before all others.
_SOME: Final = 64


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
    Several pairs are made when they are tried.
    """

    cut: Cuts
    how: tuple[int, ...]
    pair: Pair | Callable[[], Iterable[Pair]]
    asked: list[Asked]
    one: KnownRecord | None
    alone: tuple[SpanLeaf, int, int] | None = None

    def turns(self, turning: Turning) -> bool:
        """Whether it does."""
        other = always(self.one)
        pairs = self._pairs(turning)
        return any(turning.turns(pair, self.asked, self.one, other) for pair in pairs)

    def _pairs(self, turning: Turning) -> Iterator[Pair]:
        if not isinstance(self.pair, Pair):
            yield from self.pair()
            return
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
        for one, asked in each_once(turning, every, of.name, where.differs):
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
    helps = isinstance(leaf, Covered)
    for first, last in ((low, high) for each, low, high in asked if each is leaf):
        if helps and first < last:
            for cut, how, made, at in _alone(turning, of, leaf, one, (first, last)):
                yield _Way(cut, how, made, asked, one, (leaf, of.span.index, at))
            continue
        for at, (common, covers, leaves) in enumerate(of.reach.flips(of.key, first, last)):
            sides = (covers, leaves) if helps else (leaves, covers)
            pair = _turned(turning, of, common, sides)
            if pair:
                yield _Way(_cut(of.key, covers, leaves), (first, last, at), pair, asked, one)


def _alone(
    turning: Turning, of: _Fact, leaf: SpanLeaf, one: KnownRecord, within: Bounds
) -> Iterator[tuple[Cuts, tuple[int, ...], Pair, int]]:
    """Instants of several that only this span may cover, of which a fact of it decides.

    Where there is one, it can be a bound of some span, or of what is to be covered, or beside it.
    """
    region = _where(turning, of, leaf).if_let_in(one) & TimeSet.of(within)
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


def one_more_turns(turning: Turning, leaf: SpanLeaf) -> bool:
    """Whether a span that nobody listed can turn the outcome.

    One that harms does if it can cover all instants at which any record can be in.
    """
    if isinstance(leaf, Uncovered) and _shuts_out(turning, leaf):
        return True
    return any(way.turns(turning) for _, way in _ways_of_one_more(turning, leaf, TimeSet.ALL))


def _shuts_out(turning: Turning, leaf: Uncovered) -> bool:
    """Whether a span that nobody listed can keep out all records, some of which can be in."""
    return (
        not turning.surely
        and turning.spans.one_more_covers(leaf, turning.times[field_of(leaf.moment)])
        and Possibly(turning.base, turning.definition).account(turning.disjunct)
        and any(True for _ in turning.contenders.able())
    )


def hull_of_one_more(turning: Turning, leaf: SpanLeaf) -> Bounds | None:
    """The first and the last instant that a span that nobody listed may turn the outcome by."""
    first = _end_of_one_more(turning, leaf, 0)
    return None if first is None else (first, _end_of_one_more(turning, leaf, 1) or first)


def _end_of_one_more(turning: Turning, leaf: SpanLeaf, at: int) -> int | None:
    """The first instant of all such spans, or the last."""
    for within in _from_one_end(turning, leaf, at):
        ways = _ways_of_one_more(turning, leaf, within)
        if turning.surely or isinstance(leaf, Ever):
            ways = _from_one_end_on(ways, at)
        for hull, way in ways:
            if hull[at] in within and way.turns(turning):
                return hull[at]
    return None


def _from_one_end_on(ways: Iterable[tuple[Bounds, _Way]], at: int) -> Iterator[tuple[Bounds, _Way]]:
    """Ways from the first instant on, or from the last: those at the very end as they come."""
    end, others = (EARLIEST, LATEST)[at], []
    for each in ways:
        if each[0][at] == end:
            yield each
        else:
            others.append(each)
    yield from sorted(others, key=lambda each: each[0][at], reverse=bool(at))


def _from_one_end(turning: Turning, leaf: SpanLeaf, at: int) -> Iterator[TimeSet]:
    """Where to look from the first instant on, or from the last: at each, or at ever more."""
    every = [] if isinstance(leaf, Ever) else sorted(instants_of(turning, field_of(leaf.moment)))
    if (is_taken := taken(turning, leaf.spans)) and not isinstance(leaf, Ever):
        # whoever is in from one instant on is in from each later one on, too
        is_from = partial(is_taken.is_from, field_of(leaf.moment))
        fit = let_in.where_one_is(turning, leaf).spans
        every = every[: bisect_left(every, True, key=is_from)]
        every = [at for low, high in fit for at in between(tuple(every), low, high)]
        yield from (TimeSet.of((x, x)) for x in (every[::-1] if at else every))
    for end in every[:: -1 if at else 1][_SOME : _SOME + 1] if turning.surely else ():
        yield TimeSet.of((end, LATEST) if at else (EARLIEST, end))
    if turning.surely or isinstance(leaf, Ever):
        yield TimeSet.ALL


def _ways_of_one_more(
    turning: Turning, leaf: SpanLeaf, within: TimeSet
) -> Iterator[tuple[Bounds, _Way]]:
    """Each with the first and the last instant that the span is wanted for."""
    for box, reach in turning.spans.beyond(leaf):
        if not isinstance(leaf, Ever):
            yield from _ways_to_cover(turning, leaf, (box, reach), within)
            continue
        times = leaf.times & TimeSet.of(reach.region)
        if times.is_empty or turning.anyway.holds(leaf):
            continue
        hull = times.spans[0][0], times.spans[-1][1]
        for boxes in turning.spans.more.having(leaf, (box, reach)):
            pair = _of_one_more(turning, leaf, boxes)
            for one, asked in ways_in(turning, leaf.spans):
                yield hull, _Way((), (), pair, asked, one)


def _ways_to_cover(
    turning: Turning, leaf: Covered | Uncovered, more: tuple[Box, Reach], within: TimeSet
) -> Iterator[tuple[Bounds, _Way]]:
    """The same where it is wanted to cover, or not to cover, a moment of some record."""
    moment, within = field_of(leaf.moment), within & TimeSet.of(more[1].region)
    left = let_in.left(turning, leaf)
    if not turning.surely:  # there it is one instant, which must not be covered anyway
        within &= left
    every = (
        turning.pivotal.of(r, moment, within, room=room(turning, leaf.spans))
        for r in able(turning, leaf.spans, moment, within)
    )
    for one, asked in each_once(turning, every, leaf.spans):
        for at in ((first, last) for each, first, last in asked if each is leaf):
            if not (wanted := left & TimeSet.of(at)).is_empty:
                pairs = partial(_with_one_more, turning, leaf, more, at)
                yield (wanted.spans[0][0], wanted.spans[-1][1]), _Way((), (), pairs, asked, one)


def _with_one_more(
    turning: Turning, leaf: Covered | Uncovered, of: tuple[Box, Reach], at: Bounds
) -> Iterator[Pair]:
    """Pairs of which one has a span more that covers some instants."""
    box, reach = of
    first, last = max(at[0], reach.region[0]), min(at[1], reach.region[1])
    how = leaf, id(box), first, last
    if how not in turning.kept:
        every = turning.spans.more.covering(leaf.spans, of, first, last, longest=True)
        turning.kept[how] = tuple(_of_one_more(turning, leaf, boxes) for boxes in every)
    found: tuple[Pair, ...] = turning.kept[how]
    yield from found


def _of_one_more(turning: Turning, leaf: SpanLeaf, boxes: tuple[Box, ...]) -> Pair:
    """A pair of which one has such a span more: the first, if it helps, the second, if it harms."""
    more = with_one_more(turning.base, leaf.spans, boxes, ONLY_ONE)
    turned, how = (leaf.spans, ONLY_ONE, ""), (leaf.spans, *boxes)
    if isinstance(leaf, Uncovered):
        return Pair(turning.base, more, turned, how)
    return Pair(more, turning.base, turned, how)
