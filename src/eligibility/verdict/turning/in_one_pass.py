"""Whether one fact can turn the outcome, in one of the two passes.

A fact is relevant if two worlds of what can be known differ in it alone and in what then follows.
What follows differs in one of two ways: the account is possibly in the class in the one and not in
the other, or surely in the one and not in the other. So for each pass a pair is looked for: a
*pivotal* record that makes the first history possibly (or surely) in, and all else narrowed as far
against the class as that leaves room for, so that in the second no record is possibly (or surely)
in. A pair is only taken if `evaluation.reference` says so of both, those aside that what can be
known keeps out (`staying`): what decides nothing is never asked. That none is missed rests on this:

- Of two records neither has a say in what the other is. One that has a fact of its own that can
  keep it out is kept out by that, whatever the spans do. Only the others, which spans alone decide,
  can stand in the way (`opponents`).
- Less coverage by spans that help, and more by those that harm, keeps more records out. So spans
  are narrowed no further than it takes to let the pivotal record in (`pairs`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import tee
from typing import Any, Final, Literal, TypeAlias

from attrs import define, field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, SpanLeaf, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.joint_coverage import jointly_met
from eligibility.evaluation.reference import Possibly, Surely, Times, possibly_in, surely_in
from eligibility.evaluation.work import Work
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.shape import ListShape
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.anyway import Anyway
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.edges import edges_of
from eligibility.verdict.turning.ends import Ends, Spares
from eligibility.verdict.turning.extremes import stops
from eligibility.verdict.turning.pairs import Asked, Pair, SpanFact, Spans
from eligibility.verdict.turning.pivotal import Pivotal

#: So many ways in which spans can lie are tried before anything is asked of them.
_FEW: Final = 200
#: What a record may be in the second history, by where its moments are held to; None is no record.
Other: TypeAlias = Callable[[Mapping[str, TimeSet]], Iterable[KnownRecord | None]]


def always(*records: KnownRecord | None) -> Other:
    """A record that is in the second history one of these, wherever its moments are held to."""
    return lambda _times: records


@frozen(eq=False)
class Out:
    """The second of a pair that turns the outcome.

    `one` was let in by the first, `record` is what it is in the second; None is no record.
    """

    facts: KnownHistory
    one: KnownRecord | None
    record: KnownRecord | None


@define(eq=False)
class Turning:
    """One history and definition, with one disjunct, as one of the two passes reads it."""

    facts: KnownHistory
    definition: ClassDefinition
    disjunct: Disjunct
    knowable: Callable[[str], bool]
    surely: bool
    work: Work
    spans: Spans = field(init=False)
    base: KnownHistory = field(init=False)
    #: Pairs that differ in a fact of a span, by how; None where no world is so.
    turned: dict[tuple[object, ...], Pair | None] = field(init=False, factory=dict)
    #: What else was found of spans, by what was looked for.
    kept: dict[tuple[object, ...], Any] = field(init=False, factory=dict)
    _ways: dict[tuple[object, ...], Iterator[tuple[Pair, Anyway, frozenset[int]]]] = field(
        init=False, factory=dict
    )
    _covers: dict[tuple[object, ...], TimeSet] = field(init=False, factory=dict)
    _room: dict[tuple[object, ...], bool] = field(init=False, factory=dict)
    _failed: set[SpanFact | None] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        self.spans = Spans(self.facts, self.knowable, self.surely, self.work)
        good = {
            only.path: next(iter(only.values)) is True
            for only in self.disjunct.answers
            if self.facts.answers[only.path] is None and self.knowable(only.path)
        }
        closed = filter(self.spans.can_close, self.facts.open)
        self.base = self.facts.answering(good).listing_all(*closed)

    @cached_property
    def times(self) -> Times:
        """Where the moments of a record can lie that is let in, if spans do all that they can.

        Of the surely pass that is less: what nobody can know speaks against the class.
        """
        held = {**Possibly(self.facts, self.definition).times(self.disjunct)}
        for name, test in self.disjunct.moments.items() if self.surely else ():
            for leaf in test.covered:
                held[name] &= self.spans.most(self.facts, leaf)
            for hidden in test.uncovered:
                held[name] &= ~self.spans.least(self.facts, hidden)
        return held

    @property
    def records_in(self) -> str:
        """The list that the record is taken from."""
        return self.definition.record_list or ""

    @property
    def list_shape(self) -> ListShape:
        """The shape of that list."""
        return self.facts.shape.lists[self.records_in]

    # ---- the records -------------------------------------------------------------------------

    @cached_property
    def contenders(self) -> Contenders:
        """Those that may be in."""
        return Contenders(self.facts, self.definition, self.disjunct, self.spans, self.times)

    @cached_property
    def can_turn(self) -> bool:
        """Whether anything can turn what this pass says: not if some record is in anyway.

        Of the surely pass that would be decided already; there, all that is asked of the account
        must be known, and some record must be able to be in.
        """
        if self.surely:
            known, asked = self.base.answers, self.disjunct
            is_so = all(known[only.path] in only.values for only in asked.answers)
            is_so = is_so and all(self.spans.may_touch(self.facts, ever) for ever in asked.evers)
            return is_so and (not asked.needs_record or any(True for _ in self.contenders.able()))
        if not self.disjunct.needs_record or not self.anyway.lets_in:
            return True
        return not self.contenders.staying(self.anyway.times) and self._can_be_left

    @property
    def _can_be_left(self) -> bool:
        """Whether spans can lie so that all opponents are out.

        If not, nothing turns: in the second of a pair nobody may be in, and one that stays in is in
        whatever can be known of it. What a pair asks only narrows spans, and one more is as long as
        can be here: each of its ends is one of these, or lets in more. Only a few ways are tried.
        """
        more = [(leaf, *each) for leaf in self.may_lack for each in self.spans.beyond(leaf)]
        if not all(reach.known >= {"start", "end"} for *_, reach in more):
            return True  # many of them may cover more
        pair = Pair(self.base, self.base)
        for leaf, box, _ in more:
            pair = pair.add(leaf.spans, (box,))
        for tried, end in enumerate(self.ends.of(pair, None, self._spares(None))):
            view = Possibly(end.two, self.definition)
            if tried == _FEW or not view.account(self.disjunct):
                return True
            if not self.contenders.staying(view.times(self.disjunct)):
                return True
        return False

    @cached_property
    def anyway(self) -> Anyway:
        """What comes out of spans whatever can be known of them."""
        return self._anyway(self.facts)

    def _anyway(self, facts: KnownHistory) -> Anyway:
        return Anyway(facts, self.definition, self.disjunct, self.spans)

    # ---- what is looked for -----------------------------------------------------------------

    @cached_property
    def pivotal(self) -> Pivotal:
        """Where a record lies that is let in."""
        return Pivotal(
            *(self.spans, self.records_in, self.disjunct, self.times),
            edges=lambda: self.edges,
            stops=self._stops,
        )

    def _stops(self, moment: str) -> frozenset[int]:
        """The instants before which a moment that nobody can know has another room."""
        at = "stops", moment
        if at not in self.kept:
            opponents = self.contenders.opponents
            self.kept[at] = stops(self.facts, self.disjunct, self.list_shape, opponents, moment)
        found: frozenset[int] = self.kept[at]
        return found

    @cached_property
    def certain(self) -> Mapping[str, TimeSet]:
        """Where the moments surely lie in what is asked of them."""
        return Surely(self.facts, self.definition).times(self.disjunct)

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """Every instant at which something begins or ends, with its neighbours."""
        found = edges_of(self.facts, self.disjunct, self.leaves, self.contenders.opponents)
        self.work.spend(len(found))
        return found

    @cached_property
    def ends(self) -> Ends:
        """What makes a pair known to its end."""
        return Ends(self.spans, self.disjunct, self.leaves, self.edges, self.contenders.opponents)

    def covered(self, how: Literal["least", "most"], leaf: SpanLeaf, but: int = -1) -> TimeSet:
        """What spans, but one, cover whatever comes out; or at most, each by itself."""
        at = how, id(leaf), but
        if at not in self._covers:
            others = tuple(s for s in self.facts.lists[leaf.spans] if s.index != but)
            find = self.spans.least if how == "least" else self.spans.most
            self._covers[at] = find(self.facts.with_list(leaf.spans, others), leaf)
        return self._covers[at]

    @cached_property
    def leaves(self) -> tuple[SpanLeaf, ...]:
        """All that is asked of spans."""
        tests = self.disjunct.moments.values()
        return (*(leaf for test in tests for leaf in test.coverage), *self.disjunct.evers)

    @cached_property
    def may_lack(self) -> frozenset[SpanLeaf]:
        """All that is asked of lists that may lack spans that harm: one more is put where asked."""
        harm = (leaf for leaf in self.leaves if isinstance(leaf, Uncovered))
        return frozenset(leaf for leaf in harm if any(self.spans.beyond(leaf)))

    # ---- whether a pair is one -------------------------------------------------------------------

    def turns(
        self, pair: Pair, asked: list[Asked], one: KnownRecord | None, other: Other
    ) -> Out | None:
        """The second of a pair, kept out where the first can be let in by a record; None if not so.

        `other` gives the record as it may be in the second, by where its moments are held to.
        Once that has failed of a fact, it is first looked whether any record would have room.
        """
        if pair.turned in self._failed and not self.leaves_room(pair, asked, one):
            return None
        if (found := next(self._outs(pair, asked, one, other), None)) is None:
            self._failed.add(pair.turned)
        return found

    def _outs(
        self, pair: Pair, asked: list[Asked], one: KnownRecord | None, other: Other
    ) -> Iterator[Out]:
        for narrowed_, anyway, stuck in self._narrowed(pair, asked):
            if self._stays_in(anyway, stuck, one, other):
                continue
            for final in self._finals(narrowed_, one):
                self.work.spend(1 + sum(len(final.two.lists[leaf.spans]) for leaf in self.leaves))
                if not self._is_in(final.one, (one,) if one else ()):
                    continue
                if not self.surely and not self._are_out(final.two, one):
                    continue
                times = (Surely if self.surely else Possibly)(final.two, self.definition).times
                for each in other(times(self.disjunct)):
                    found = Out(final.two, one, each)
                    if not self.lets_in(found, each):
                        yield found

    def lets_in(self, out: Out, record: KnownRecord | None) -> bool:
        """Whether the second of a pair would be in with another record, or without one.

        If it is, it mostly is by that record alone. Of the possibly pass it can only be by that:
        the opponents were kept out, and are in nowhere, whatever the other record is.
        """
        alone = (record,) if record else ()
        if self._is_in(out.facts, alone):
            return True
        return self.surely and not self._are_out(out.facts, out.one, alone)

    def _narrowed(
        self, pair: Pair, asked: list[Asked]
    ) -> Iterator[tuple[Pair, Anyway, frozenset[int]]]:
        """Every way in which the first of a pair does what is asked of its spans.

        Each with what then comes out anyway in the second, and which opponents are in anyway: two
        of them at most, for one is let in. It is the same for all records that ask the same.
        """
        how = (pair.how, *((id(leaf), *at) for leaf, *at in asked))
        if (ways := self._ways.get(how)) is None:
            every = self.spans.asked(pair, asked, list(self.disjunct.evers))
            each = ((way, self._anyway(way.two)) for way in every)
            ways = ((way, anyway, self._stuck(anyway)) for way, anyway in each)
        self._ways[how], found = tee(ways)
        return found

    def _stuck(self, anyway: Anyway) -> frozenset[int]:
        if self.surely or not anyway.lets_in:
            return frozenset()
        self.work.spend(1 + sum(len(anyway.facts.lists[leaf.spans]) for leaf in self.leaves))
        return frozenset(each.index for each in self.contenders.staying(anyway.times))

    def _stays_in(
        self, anyway: Anyway, stuck: frozenset[int], one: KnownRecord | None, other: Other
    ) -> bool:
        """Whether an opponent but one, or the other record, is possibly in whatever comes out."""
        self.work.spend(1)
        if self.surely or not anyway.lets_in:
            return False
        if any(one is None or at != one.index for at in stuck):
            return True
        return all(each is not None and anyway.has(each) for each in other(anyway.times))

    def opponents_but(self, one: KnownRecord | None) -> tuple[KnownRecord, ...]:
        """All opponents but one."""
        every, places = self.contenders.opponents, self.contenders.opposing
        at = places.get(one.index) if one else None
        return every if at is None else every[:at] + every[at + 1 :]

    def _finals(self, pair: Pair, one: KnownRecord | None) -> Iterable[Pair]:
        return (pair,) if self.surely else self.ends.of(pair, one, self._spares(one))

    def _spares(self, one: KnownRecord | None) -> Spares:
        """Whether all but one can be out, if spans cover no more than one instant."""

        def spares(leaf: SpanLeaf, at: int) -> bool:
            if not isinstance(leaf, Covered) or not self.anyway.lets_in:
                return True
            worst = self.anyway.times_with({leaf: TimeSet.of((at, at))})
            return not self._staying_but(worst, one)

        return spares

    def _staying_but(self, times: Times, one: KnownRecord | None) -> list[KnownRecord]:
        found = self.contenders.staying(times)
        return [each for each in found if one is None or each.index != one.index]

    def leaves_room(self, pair: Pair, asked: list[Asked], one: KnownRecord | None) -> bool:
        """Whether spans can do what is asked so that no opponent is in the second.

        That is the same whichever record is let in, so it is found once for all of them.
        """
        but = one if one is not None and one.index in self.contenders.opposing else None
        how = (pair.how, but and but.index, *((id(leaf), *at) for leaf, *at in asked))
        if how not in self._room:
            self._room[how] = self._finds_room(pair, asked, but)
        return self._room[how]

    def _finds_room(self, pair: Pair, asked: list[Asked], but: KnownRecord | None) -> bool:
        if not self.opponents_but(but):
            return True
        # what is in whatever is asked stays in, if no span is put there by what is asked
        if not self.may_lack and all(
            self._stays_in(*each[1:], but, always(None)) for each in self._narrowed(pair, [])
        ):
            return False
        return any(
            self._are_out(final.two, but)
            for narrowed_, anyway, stuck in self._narrowed(pair, asked)
            if not self._stays_in(anyway, stuck, but, always(None))
            for final in self._finals(narrowed_, but)
        )

    def _are_out(
        self, facts: KnownHistory, but: KnownRecord | None, also: tuple[KnownRecord, ...] = ()
    ) -> bool:
        """Whether no opponent but one is in, nor any of them and others jointly."""
        view = (Surely if self.surely else Possibly)(facts, self.definition)
        if not view.account(self.disjunct):
            return True
        if self._staying_but(view.times(self.disjunct), but):
            return False
        if not self.surely:
            return True
        records = (*self.opponents_but(but), *also)
        return not jointly_met(facts, records, [self.disjunct], self.work)

    def _is_in(self, facts: KnownHistory, records: tuple[KnownRecord, ...]) -> bool:
        self.work.spend(sum(len(facts.lists[leaf.spans]) for leaf in self.leaves))
        trial = facts.with_list(self.records_in, records) if self.records_in else facts
        return (surely_in if self.surely else possibly_in)(trial, self.definition)
