"""Whether a span that nobody listed can turn the outcome, and by which instants that it covers.

One that helps is looked for where some record can be let in by it, one that harms where it can keep
one out. Of all such spans the first and the last instant are what an interview asks for.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from heapq import heappop, heappush, merge
from operator import itemgetter

from attrs import frozen

from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered
from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import ANY_TIME, Bounds, Box
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning import let_in
from eligibility.verdict.turning.edges import between
from eligibility.verdict.turning.in_one_pass import Turning, always
from eligibility.verdict.turning.let_in import able, each_once, instants_of, room, taken, ways_in
from eligibility.verdict.turning.pairs import ONLY_ONE, Asked, Pair, with_one_more
from eligibility.verdict.turning.reach import Reach


@frozen(eq=False)
class _Wanted:
    """One way in which the span may be wanted: for a record that asks something of spans.

    Pairs of histories with it and without it are made when they are tried.
    """

    pairs: Iterable[Pair]
    asked: list[Asked]
    one: KnownRecord | None

    def turns(self, turning: Turning) -> bool:
        """Whether the outcome turns by it."""
        other = always(self.one)
        return any(turning.turns(pair, self.asked, self.one, other) for pair in self.pairs)


def can_turn(turning: Turning, leaf: SpanLeaf) -> bool:
    """Whether a span that nobody listed can turn the outcome.

    One that harms does if it can cover all instants at which any record can be in.
    """
    if isinstance(leaf, Uncovered) and _shuts_out(turning, leaf):
        return True
    return _can_be_wanted(turning, leaf)


def _can_be_wanted(turning: Turning, leaf: SpanLeaf) -> bool:
    """Whether one can turn the outcome by what it covers for a record; found once."""
    at = "wanted", id(leaf)
    if at not in turning.kept:
        ways = _ways_of_one_more(turning, leaf)
        turning.kept[at] = any(way.turns(turning) for way in ways)
    found: bool = turning.kept[at]
    return found


def _shuts_out(turning: Turning, leaf: Uncovered) -> bool:
    """Whether a span that nobody listed can keep out all records, some of which can be in."""
    return (
        not turning.surely
        and turning.spans.one_more_covers(leaf, turning.times[field_of(leaf.moment)])
        and Possibly(turning.base, turning.definition).account(turning.disjunct)
        and any(True for _ in turning.contenders.able())
    )


def hull(turning: Turning, leaf: SpanLeaf) -> Bounds | None:
    """The first and the last instant that a span that nobody listed may turn the outcome by."""
    if not _can_be_wanted(turning, leaf):
        return None
    if (first := _end_of_one_more(turning, leaf, 0)) is None:
        return None
    last = _end_of_one_more(turning, leaf, 1)
    return first, first if last is None else last


def _end_of_one_more(turning: Turning, leaf: SpanLeaf, at: int) -> int | None:
    """The first instant of all such spans, or the last."""
    for within in _from_one_end(turning, leaf, at):
        every = (_in_order(turning, leaf, more, within, at) for more in turning.spans.beyond(leaf))
        for far, way in merge(*every, key=itemgetter(0)):
            instant = -far if at else far
            if instant in within and way.turns(turning):
                return instant
    return None


def _in_order(
    turning: Turning, leaf: SpanLeaf, more: tuple[Box, Reach], within: TimeSet, at: int
) -> Iterator[tuple[int, _Wanted]]:
    """Ways from the first instant on, or from the last, each with how far on it is.

    A span is wanted for no instant at which a record cannot have its moment. So where records come
    in the order of when they can, those that come later have nothing to add before that.
    """
    if isinstance(leaf, Ever):
        every = _ways_with(turning, leaf, more, within)
        yield from ((_far(hull, at), way) for hull, way in every)
        return
    moment, listed = field_of(leaf.moment), turning.facts.lists[turning.records_in]
    fitting = within & let_in.left(turning, leaf) & turning.times[moment]

    def far(record: KnownRecord | None) -> int:
        bounds = ANY_TIME
        if record is not None and record.index < len(listed):
            bounds = listed[record.index].bounds.get(moment, ANY_TIME)
        return _far(_hull(fitting & TimeSet.of(bounds), bounds), at)

    waiting: list[tuple[int, int, _Wanted]] = []
    for number, (hull, way) in enumerate(_ways_with(turning, leaf, more, within, far)):
        heappush(waiting, (_far(hull, at), number, way))
        while waiting and waiting[0][0] <= far(way.one):
            yield heappop(waiting)[::2]
    yield from (heappop(waiting)[::2] for _ in range(len(waiting)))


def _far(bounds: Bounds, at: int) -> int:
    """How far from the first of all instants, or from the last, a stretch begins."""
    return -bounds[1] if at else bounds[0]


def _hull(times: TimeSet, otherwise: Bounds = ANY_TIME) -> Bounds:
    """The first and the last of some instants, if there are any."""
    return (times.spans[0][0], times.spans[-1][1]) if times.spans else otherwise


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
    if turning.surely or isinstance(leaf, Ever):
        yield TimeSet.ALL


def _ways_of_one_more(turning: Turning, leaf: SpanLeaf) -> Iterator[_Wanted]:
    """Every way in which a span that nobody listed may turn the outcome."""
    for more in turning.spans.beyond(leaf):
        yield from (way for _, way in _ways_with(turning, leaf, more, TimeSet.ALL))


def _ways_with(
    turning: Turning,
    leaf: SpanLeaf,
    more: tuple[Box, Reach],
    within: TimeSet,
    order: Callable[[KnownRecord], int] | None = None,
) -> Iterator[tuple[Bounds, _Wanted]]:
    """Each with the first and the last instant that the span is wanted for.

    Records that are let in come in some order, where one is given.
    """
    if not isinstance(leaf, Ever):
        yield from _ways_to_cover(turning, leaf, more, within, order)
        return
    times = leaf.times & TimeSet.of(more[1].region)
    if times.is_empty or turning.anyway.holds(leaf):
        return
    for boxes in turning.spans.more.having(leaf, more):
        pair = _of_one_more(turning, leaf, boxes)
        for one, asked in ways_in(turning, leaf.spans):
            yield _hull(times), _Wanted((pair,), asked, one)


def _ways_to_cover(
    turning: Turning,
    leaf: Covered | Uncovered,
    more: tuple[Box, Reach],
    within: TimeSet,
    order: Callable[[KnownRecord], int] | None,
) -> Iterator[tuple[Bounds, _Wanted]]:
    """The same where it is wanted to cover, or not to cover, a moment of some record."""
    moment, within = field_of(leaf.moment), within & TimeSet.of(more[1].region)
    left = let_in.left(turning, leaf)
    if not turning.surely:  # there it is one instant, which must not be covered anyway
        within &= left
    records = able(turning, leaf.spans, moment, within & left)
    every = (
        turning.pivotal.of(r, moment, within, room=room(turning, leaf.spans))
        for r in (sorted(records, key=order) if order else records)
    )
    for one, asked in each_once(turning, every, leaf.spans):
        for at in ((first, last) for each, first, last in asked if each is leaf):
            if not (wanted := left & TimeSet.of(at)).is_empty:
                yield _hull(wanted), _Wanted(_with_one_more(turning, leaf, more, at), asked, one)


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
