"""Two histories that differ in one fact only, narrowed alike in everything else.

The search for what can matter (`relevance`) narrows both until the one is in the class and the
other is not. What is narrowed of a span is narrowed in both, but for the one fact that is to turn
the outcome.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias

from attrs import field, frozen

from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered
from eligibility.evaluation.work import Work
from eligibility.facts.boxes import ANY_TIME, Bounds, Box
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, pattern
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.chains import chained, shortest
from eligibility.verdict.turning.more_spans import MoreSpans
from eligibility.verdict.turning.reach import More, Reach, narrower, reach_of
from eligibility.verdict.unknown import known_alike

#: A list of spans, the place of a span in it, and one of its facts.
SpanFact: TypeAlias = tuple[str, int, str]
#: All of these instants must be covered by spans, or by none.
Asked: TypeAlias = tuple[Covered | Uncovered, int, int]


@frozen
class Pair:
    """The two histories; `turned` is the fact of a span in which they differ, if it is one."""

    one: KnownHistory
    two: KnownHistory
    turned: SpanFact | None = None
    how: tuple[object, ...] = ()

    def narrow(self, name: str, more: Mapping[int, More], *, second: bool = False) -> "Pair | None":
        """Both, with more known of some spans of a list; None if no world has it so.

        What is known of the fact in which they differ is known in the first only, or, if it is
        said so, in the second only.
        """
        if not any(more.values()):
            return self
        if self.two is self.one:
            both = _with(self.one, name, more)
            return None if both is None else self.of(both, both)
        alike = {
            at: {key: each for key, each in known.items() if (name, at, key) != self.turned}
            for at, known in more.items()
        }
        one = _with(self.one, name, alike if second else more)
        two = _with(self.two, name, more if second else alike)
        return self.of(one, two) if one and two else None

    def add(self, name: str, boxes: tuple[Box, ...]) -> "Pair":
        """Both, with a span more that is in some of these boxes."""
        one = with_one_more(self.one, name, boxes)
        two = one if self.one is self.two else with_one_more(self.two, name, boxes)
        return self.of(one, two)

    def of(self, one: KnownHistory, two: KnownHistory) -> "Pair":
        """The same of other histories."""
        return Pair(one, two, self.turned, self.how)


#: The index of a span that only one of the two histories has.
ONLY_ONE: Final = -1


def with_one_more(
    facts: KnownHistory, name: str, boxes: tuple[Box, ...], index: int | None = None
) -> KnownHistory:
    """Facts with a span more that is in some of these boxes."""
    spans = facts.lists[name]
    at = sum(span.index != ONLY_ONE for span in spans) if index is None else index
    return facts.with_list(name, (*spans, KnownRecord(at, {}, boxes)))


def _with(facts: KnownHistory, name: str, more: Mapping[int, More]) -> KnownHistory | None:
    """Facts with more known of spans, by their index; None if no world has it so."""
    list_shape, spans = facts.shape.lists[name], [*facts.lists[name]]
    for at in [at for at, span in enumerate(spans) if span.index in more]:
        made = narrower(list_shape, spans[at], more[spans[at].index])
        if made is None:
            return None
        spans[at] = made
    return facts.with_list(name, tuple(spans))


@frozen(eq=False)
class Spans:
    """What can be known of the spans of a history, as one of the two passes reads them."""

    facts: KnownHistory
    knowable: Callable[[str], bool]
    surely: bool
    work: Work
    more: MoreSpans = field(init=False)
    _known: dict[tuple[str, object], frozenset[str]] = field(init=False, factory=dict)
    _reaches: dict[tuple[str, int, int], Reach] = field(init=False, factory=dict)
    _were: dict[int, list[tuple[KnownRecord, Reach]]] = field(init=False, factory=dict)
    _covering: dict[tuple[int, int, int], bool] = field(init=False, factory=dict)

    @more.default
    def _that_nobody_listed(self) -> MoreSpans:
        return MoreSpans(self.facts, lambda name: self.known(name, ONLY_ONE))

    def known(self, name: str, index: int) -> frozenset[str]:
        """The facts of a record that can be known; of one that nobody listed, too."""
        listed = 0 <= index < len(self.facts.lists[name])
        at = name, known_alike(self.knowable, name, index) if listed else None
        if at not in self._known:
            self._known[at] = frozenset(
                key
                for key in self.facts.shape.lists[name].facts
                if (listed or self.can_close(name))
                and self.knowable(fact_path(name, index, key) if listed else pattern(name, key))
            )
        return self._known[at]

    def kind(self, name: str, record: KnownRecord) -> tuple[object, ...]:
        """What is the same of records of a list of which the same is and can be known."""
        if record.index >= len(self.facts.lists[name]):
            return (None,)
        return (tuple(record.said.items()), self.known(name, record.index))

    def can_close(self, name: str) -> bool:
        """Whether it can be known what records an open list lacks."""
        return name in self.facts.open and self.knowable(complete_path(name))

    def reach(self, name: str, span: KnownRecord | Box, leaf: SpanLeaf, index: int) -> Reach:
        """What a span can be; of one that is as it was, it is found once."""
        listed = self.facts.lists[name]
        is_listed = 0 <= index < len(listed) and span is listed[index]
        at = (name, index, id(leaf)) if is_listed else None
        found = self._reaches.get(at) if at else None
        if found is None:
            grown = not isinstance(leaf, Uncovered) is not self.surely
            found = reach_of(span, leaf.where, self.known(name, index), grown=grown)
            if at:
                self._reaches[at] = found
        return found

    def reaches(self, now: KnownHistory, leaf: SpanLeaf) -> list[tuple[KnownRecord, Reach]]:
        """All spans that can count, with what they can be."""
        spans, name = now.lists[leaf.spans], leaf.spans
        self.work.spend(len(spans))
        if id(leaf) not in self._were:
            listed = self.facts.lists[name]
            self._were[id(leaf)] = [(s, self.reach(name, s, leaf, s.index)) for s in listed]
        were = self._were[id(leaf)]  # most are as they were
        found = [
            was if was[0] is span else (span, self.reach(name, span, leaf, span.index))
            for span, was in zip(spans, were, strict=False)
        ]
        found += [(s, self.reach(name, s, leaf, s.index)) for s in spans[len(were) :]]
        return [each for each in found if each[1].counts]

    def beyond(self, leaf: SpanLeaf) -> Iterator[tuple[Box, Reach]]:
        """The same of spans that nobody listed, if it can be known that there are some."""
        if self.can_close(leaf.spans):
            for box in self.facts.unlisted[leaf.spans]:
                reach = self.reach(leaf.spans, box, leaf, len(self.facts.lists[leaf.spans]))
                if reach.counts:
                    yield box, reach

    def one_more_covers(self, leaf: SpanLeaf, times: TimeSet) -> bool:
        """Whether one of these spans can cover all instants of a time set; found once."""
        first, last = (times.spans[0][0], times.spans[-1][1]) if times.spans else ANY_TIME
        at = id(leaf), first, last
        if at not in self._covering:
            self._covering[at] = any(
                all(
                    self.reach(leaf.spans, b, leaf, ONLY_ONE).covering(first, last) is not None
                    for b in boxes
                )
                for each in self.beyond(leaf)
                for boxes in self.more.covering(leaf.spans, each, first, last)
            )
        return self._covering[at]

    def left_open(self, leaf: SpanLeaf) -> TimeSet:
        """What spans cover that nobody listed, if nobody can know whether there are any."""
        grown = not isinstance(leaf, Uncovered) is not self.surely
        if not grown or self.can_close(leaf.spans):
            return TimeSet.EMPTY
        last = len(self.facts.lists[leaf.spans])
        found = (self.reach(leaf.spans, b, leaf, last) for b in self.facts.unlisted[leaf.spans])
        return TimeSet.union((r.start[0], r.end[1]) for r in found if r.counts)

    def least(self, now: KnownHistory, leaf: SpanLeaf) -> TimeSet:
        """What spans cover whatever comes out of all that can be known."""
        found = self.reaches(now, leaf)
        sure = TimeSet.union([(r.start[1], r.end[0]) for _, r in found if r.is_least])
        return sure | self.left_open(leaf)

    def touch_anyway(
        self, now: KnownHistory, leaf: SpanLeaf, times: TimeSet, but: int | None = None
    ) -> bool:
        """Whether some span, but one, has an instant in a time set, whatever comes out."""
        if any(times.first(*span) is not None for span in self.left_open(leaf).spans):
            return True
        every = self.reaches(now, leaf)
        return any(reach.touches(times) for span, reach in every if span.index != but)

    def most(self, now: KnownHistory, leaf: SpanLeaf) -> TimeSet:
        """What spans can cover, each by itself."""
        every = [*self.reaches(now, leaf), *self.beyond(leaf)]
        found = [reach.region for _, reach in every if not reach.is_nowhere]
        return TimeSet.union(found) | self.left_open(leaf)

    # ---- every way to let spans cover some instants, or none of them ----

    def asked(self, pair: Pair, asked: list[Asked], evers: list[Ever]) -> Iterator[Pair]:
        """Every way in which the first of a pair does all that is asked of its spans."""
        if asked:
            (leaf, first, last), *others = asked
            of = self.cover if isinstance(leaf, Covered) else self.avoid
            for done in of(pair, leaf, first, last):
                yield from self.asked(done, others, evers)
        elif evers:
            for done in self.touch(pair, evers[0]):
                yield from self.asked(done, [], evers[1:])
        else:
            yield pair

    def cover(self, pair: Pair, leaf: SpanLeaf, first: int, last: int) -> Iterator[Pair]:
        """Every way to cover instants that is not worse than another: no longer than it must be."""
        found = self.reaches(pair.one, leaf)
        least = TimeSet.union([(r.start[1], r.end[0]) for _, r in found if r.is_least])
        least |= self.left_open(leaf)
        if least.covers(first, last):
            yield pair
            return
        is_turned = pair.turned is not None and pair.turned[0] == leaf.spans
        turned = pair.turned[1] if pair.turned else None
        for more, boxes in self._cover_with_one_more(pair, leaf, (first, last), least):
            yield more
            if not is_turned and all(_lasts(box, first, last) for box in boxes):
                return  # nothing covers less; but one that is turned has to cover some of it
        for index, known in shortest(found, first, last, turned):
            self.work.spend(1 + len(pair.one.lists[leaf.spans]))
            if done := pair.narrow(leaf.spans, {index: known}):
                yield done
        if first < last:
            yield from self._chain(pair, leaf, first, last)

    def _cover_with_one_more(
        self, pair: Pair, leaf: SpanLeaf, at: Bounds, least: TimeSet
    ) -> Iterator[tuple[Pair, tuple[Box, ...]]]:
        """Ways to cover instants by one span more, with what that may be; others cover the rest."""
        for box, reach in self.beyond(leaf):
            low, high = max(at[0], reach.region[0]), min(at[1], reach.region[1])
            if low > high or least.covers(low, high):
                continue
            for boxes in self.more.covering(leaf.spans, (box, reach), low, high):
                more = pair.add(leaf.spans, boxes)
                if (low, high) == at:
                    yield more, boxes
                elif self.least(more.one, leaf).covers(low, high):
                    yield from ((each, boxes) for each in self.cover(more, leaf, *at))

    def _chain(self, pair: Pair, leaf: SpanLeaf, first: int, last: int) -> Iterator[Pair]:
        """Ways to cover instants by several spans: of each, all that it can among them.

        First by all of them, then by those that can do so without what comes just before, and by
        those that can do so without what comes just after.
        """
        found = self.reaches(pair.one, leaf)
        tried: list[list[int]] = []
        for some in (
            found,
            [(span, reach) for span, reach in found if reach.start[1] >= first],
            [(span, reach) for span, reach in found if reach.end[0] <= last],
        ):
            if (indexes := [span.index for span, _ in some]) not in tried:
                tried.append(indexes)
                for more in chained(some, self.left_open(leaf), first, last):
                    self.work.spend(1 + len(found))
                    if done := pair.narrow(leaf.spans, more):
                        yield done

    def avoid(
        self, pair: Pair, leaf: SpanLeaf, first: int, last: int, but: int | None = None
    ) -> Iterator[Pair]:
        """Every way for spans, but one, to cover none of some instants, and else as much as can be.

        A span that can lie on either side of them covers all up to them on the one or from them on
        on the other. So on each side only the longest counts: the span that reaches back furthest
        lies before, the one that reaches on furthest lies after. If they are the same, there are
        two ways.
        """
        if self.left_open(leaf).first(first, last) is not None:
            return
        others = (each for each in self.reaches(pair.one, leaf) if each[0].index != but)
        found = _apart(others, first, last)
        if found is None:
            return
        more, either = found
        for box, reach in self.beyond(leaf):
            counting = reach.counting()
            sides = (side for side in (reach.before(first), reach.after(last)) if side is not None)
            for boxes in (b for s in sides for b in self.more.like(leaf.spans, box, counting | s)):
                if boxes and self._are_off(leaf, boxes, first, last):
                    pair = pair.add(leaf.spans, boxes)
        back = min(either, default=None, key=lambda way: way.reach.start[0])
        on = max(either, default=None, key=lambda way: way.reach.end[1])
        ways = [{way.index: way.before if way is back else way.after for way in either}]
        if back is on and back is not None:
            ways.append({way.index: way.after if way is on else way.before for way in either})
        for way in ways:
            self.work.spend(1 + len(pair.one.lists[leaf.spans]))
            if done := pair.narrow(leaf.spans, {**more, **way}):
                yield done

    def _are_off(self, leaf: SpanLeaf, boxes: tuple[Box, ...], first: int, last: int) -> bool:
        """Whether a span of any of some boxes covers none of some instants, as the pass takes it.

        What nobody can tell apart from a span that covers none of them may cover some all the same.
        """
        found = (self.reach(leaf.spans, box, leaf, ONLY_ONE) for box in boxes)
        return not self.surely or all(
            not reach.counts or reach.end[1] < first or last < reach.start[0] for reach in found
        )

    def touch(self, pair: Pair, ever: Ever) -> Iterator[Pair]:
        """Every way to let some span have an instant in a time set."""
        if self.touch_anyway(pair.one, ever, ever.times):
            yield pair
            return
        for each in self.beyond(ever):
            for boxes in self.more.having(ever, each):
                yield pair.add(ever.spans, boxes)
        for span, reach in self.reaches(pair.one, ever):
            for known in reach.having(ever.times):
                self.work.spend(1 + len(pair.one.lists[ever.spans]))
                if done := pair.narrow(ever.spans, {span.index: known}):
                    yield done

    def may_touch(self, now: KnownHistory, ever: Ever) -> bool:
        """Whether some span can have an instant in a time set."""
        if self.touch_anyway(now, ever, ever.times):
            return True
        every = chain((r for _, r in self.reaches(now, ever)), (r for _, r in self.beyond(ever)))
        return any(True for reach in every for _ in reach.having(ever.times))


def _lasts(box: Box, first: int, last: int) -> bool:
    """Whether a span of a box lasts just from one instant to another."""
    return (*box.bounds["start"], *box.bounds["end"]) == (first, first, last, last)


@frozen(eq=False)
class _Way:
    """A span that can lie on either side of some instants, and what is then known of it."""

    index: int
    reach: Reach
    before: More
    after: More


def _apart(
    found: Iterable[tuple[KnownRecord, Reach]], first: int, last: int
) -> tuple[dict[int, More], list[_Way]] | None:
    """What keeps spans off some instants: those of one way, those of two; None if one cannot be."""
    more: dict[int, More] = {}
    either: list[_Way] = []
    for span, reach in found:
        before, after = reach.before(first), reach.after(last)
        if before is not None and after is not None:
            either.append(_Way(span.index, reach, before, after))
        elif before is not None or after is not None:
            more[span.index] = before if before is not None else after or {}
        elif reach.may_not_count:
            not_so = reach.may_not_count[0]
            more[span.index] = {not_so: reach.values[not_so] - reach.allowed[not_so]}
        elif reach.start[0] <= reach.end[1]:  # otherwise it surely covers no instant
            return None
    return more, either
