"""Instants that are taken: where spans let a record have a moment, they let another one in as well.

A pivotal record has each of its moments at some instant, and what spans do there they do in both
histories of a pair, but for those of the list of which a span is turned. So an opponent that can
have the moment at that instant, and meets all else whatever comes out, is possibly in in the second
one too, and the pair is none. If it is the pivotal record itself, that is the same in both: nor
does another value of a fact of its own keep it out.
"""

from attrs import field, frozen

from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import Bounds, place
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.anyway import Anyway
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.pairs import Asked
from eligibility.verdict.turning.pivotal import apt, one_apt


@frozen(eq=False)
class Taken:
    """Tells what is taken where a span of a list is `turned`, as the possibly pass reads it.

    Where a fact of a record is turned, no list is: all that spans do they do in both histories.
    """

    contenders: Contenders
    anyway: Anyway
    turned: str
    _by: dict[tuple[str, int], tuple[KnownRecord, ...]] = field(init=False, factory=dict)
    _lasts: dict[str, int] = field(init=False, factory=dict)
    _found_from: dict[str, Bounds] = field(init=False, factory=dict)

    def leaves_none(self, moment: str, instant: int) -> bool:
        """Whether an opponent is in whoever is let in with a moment at an instant."""
        return self.is_at(moment, instant) or self.is_from(moment, instant)

    def is_at(self, moment: str, instant: int) -> bool:
        """Whether an opponent is in if a moment can be at an instant."""
        return bool(self._in_at(moment, instant))

    def is_from(self, earlier: str, instant: int) -> bool:
        """Whether an opponent is in whoever is let in, if a moment of that is an instant, or later.

        So it is if an opponent that can be in by one box alone can have a later moment there, and
        as late as can be: it can have it at any instant between. Of several boxes it might have it
        at the first instant by the one, at the last by another, and between by none. And so it
        might where something that can be known of it leaves no more than a part of the box.
        """
        below, above = self._found_from.get(earlier, (EARLIEST - 1, LATEST + 1))
        if below < instant < above:
            below, above = (below, instant) if self._is_from(earlier, instant) else (instant, above)
            self._found_from[earlier] = below, above
        return instant >= above

    def _is_from(self, earlier: str, instant: int) -> bool:
        order = self.contenders.list_shape.record.order
        for moment in (then for first, then in order if first == earlier):
            last = self._last(moment)
            if instant > last:
                return True
            both = {r.index for r in self._in_at(moment, last) if self._is_in_one_box(r)}
            if both and any(r.index in both for r in self._in_at(moment, instant)):
                return True
        return False

    def _is_in_one_box(self, record: KnownRecord) -> bool:
        """Whether an opponent can be in by one of its boxes alone, whatever comes out of it."""
        known = self.contenders.spans.known(self.contenders.name, record.index)
        return one_apt(record, known, self.anyway.disjunct) is not None

    def has(self, one: KnownRecord, asked: list[Asked]) -> bool:
        """Whether a record that asks something of spans is in, in both histories."""
        if self.anyway.has(one):
            return True
        tests, held = self.anyway.disjunct.moments, {**self.anyway.times}
        for leaf, *at in asked:
            moment = field_of(leaf.moment)
            if self._is_common(moment):
                held[moment] |= tests[moment].times & TimeSet.of((at[0], at[1]))
        view = Possibly(self.anyway.facts, self.anyway.definition)
        return held != self.anyway.times and view.meets(one, self.anyway.disjunct, held)

    def left(self, record: KnownRecord, moment: str) -> TimeSet:
        """The instants of a moment at which a record can be let in, and is not in anyway.

        If it can be in in one box, in which nothing but that moment is known of when it was, it is
        in with that at any instant up to the last at which it can be: what comes after has room.
        """
        list_shape, disjunct = self.contenders.list_shape, self.anyway.disjunct
        known = self.contenders.spans.known(self.contenders.name, record.index)
        is_first = all(then != moment for _, then in list_shape.record.order)
        boxes = apt(record, disjunct) if is_first and self._is_common(moment) else []
        if len(boxes) != 1 or known & boxes[0].bounds.keys() != {moment}:
            return TimeSet.ALL
        held = {**self.anyway.times, moment: disjunct.moments[moment].times}
        last = place(held, boxes[0].bounds, list_shape, last=True)
        return TimeSet.since(last[moment] + 1) if last else TimeSet.ALL

    def _in_at(self, moment: str, instant: int) -> tuple[KnownRecord, ...]:
        """Two of the opponents, or fewer, that are in if a moment can be at an instant."""
        at = moment, instant
        if at not in self._by:
            held = {**self.anyway.times, moment: TimeSet.of((instant, instant))}
            self._by[at] = self.contenders.staying(held) if self._is_common(moment) else ()
        return self._by[at]

    def _last(self, moment: str) -> int:
        """The last instant at which a moment may be, of a record that is let in."""
        if moment not in self.anyway.disjunct.moments:
            return LATEST
        if moment not in self._lasts:
            able, list_shape = self.contenders.able(moment), self.contenders.list_shape
            boxes = (box for record in able for box in apt(record, self.anyway.disjunct))
            placed = (place(self.contenders.times, b.bounds, list_shape, last=True) for b in boxes)
            self._lasts[moment] = max(
                (at[moment] for at in placed if at and moment in at), default=LATEST
            )
        return self._lasts[moment]

    def _is_common(self, moment: str) -> bool:
        """Whether spans do at a moment what they do in both histories, if anything is asked."""
        test = self.anyway.disjunct.moments.get(moment)
        leaves = test.coverage if test and self.anyway.lets_in else ()
        return bool(leaves) and all(leaf.spans != self.turned for leaf in leaves)
