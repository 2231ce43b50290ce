"""What comes out whatever can be known: of histories of which more is known, what stays the same.

Spans cover some instants however they are narrowed, and others they can never reach. A record that
is possibly in, even if spans that help cover no more than they must, and those that harm all that
they can, is possibly in whatever comes out of them; so need not be looked for a way to keep it out.
"""

from collections.abc import Mapping
from functools import cached_property, partial

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, SpanLeaf
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly, Times
from eligibility.facts.boxes import Bounds, Box
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.extremes import lies_late
from eligibility.verdict.turning.keeping_out import KeepingOut
from eligibility.verdict.turning.pairs import Spans
from eligibility.verdict.turning.pivotal import one_apt
from eligibility.verdict.turning.reach import narrower


@frozen(slots=False, eq=False)
class Anyway:
    """What the possibly pass makes of one disjunct, however spans are narrowed by what is known.

    Whether some span has an instant that is asked for, it says of either pass.
    """

    facts: KnownHistory
    definition: ClassDefinition
    disjunct: Disjunct
    spans: Spans
    _kept: dict[int, bool] = field(init=False, factory=dict)
    #: By the boxes of a record, which are kept so that nothing else is taken for them.
    _has: dict[int, tuple[tuple[Box, ...], bool]] = field(init=False, factory=dict)

    @cached_property
    def times(self) -> Times:
        """Where each moment meets all that is asked of it."""
        return self.times_with({})

    def times_with(self, done: Mapping[SpanLeaf, TimeSet]) -> Times:
        """The same, if spans do as well what some leaves ask, at some instants of each."""
        held = {name: test.times for name, test in self.disjunct.moments.items()}
        for name, test in self.disjunct.moments.items():
            for leaf in test.covered:
                held[name] &= self._least[leaf] | done.get(leaf, TimeSet.EMPTY)
            for hidden in test.uncovered:
                held[name] &= ~self._most[hidden] | done.get(hidden, TimeSet.EMPTY)
        return held

    @cached_property
    def _least(self) -> Mapping[SpanLeaf, TimeSet]:
        """What spans cover at least, of each leaf that they help."""
        leaves = (leaf for test in self.disjunct.moments.values() for leaf in test.covered)
        return {leaf: self.spans.least(self.facts, leaf) for leaf in leaves}

    @cached_property
    def _most(self) -> Mapping[SpanLeaf, TimeSet]:
        """What they cover at most, of each leaf that they harm."""
        leaves = (leaf for test in self.disjunct.moments.values() for leaf in test.uncovered)
        return {leaf: self.spans.most(self.facts, leaf) for leaf in leaves}

    @cached_property
    def lets_in(self) -> bool:
        """Whether, as far as the account and spans go, a record that meets `times` is in.

        None meets them where one span more that harms can cover all that a clause asks for.
        """
        tests = self.disjunct.moments.values()
        asked = ((leaf, test.times) for test in tests for leaf in test.uncovered)
        is_shut = any(self.spans.one_more_covers(leaf, times) for leaf, times in asked)
        return not is_shut and all(map(self.holds, self.disjunct.evers))

    def holds(self, ever: Ever, but: int | None = None) -> bool:
        """Whether some span, but one, has an instant in a time set."""
        return self.spans.touch_anyway(self.facts, ever, ever.times, but)

    def has(self, record: KnownRecord) -> bool:
        """Whether a record as it is is possibly in."""
        at = id(record.boxes)
        if at not in self._has:
            self._has[at] = record.boxes, self.lets_in and self._is_met(record)
        return self._has[at][1]

    def _is_met(self, record: KnownRecord) -> bool:
        view = Possibly(self.facts, self.definition)
        return view.meets(record, self.disjunct, self.times) or any(
            map(partial(self._is_met_by_one, record), self._crossing)
        )

    def keeps(self, record: KnownRecord) -> bool:
        """Whether a record that has the values that are asked for is in, wherever it may lie."""
        if record.index not in self._kept:
            list_shape = self.facts.shape.lists[self.definition.record_list or ""]
            known = self.spans.known(self.definition.record_list or "", record.index)
            asked = {n: each for n, each in self.disjunct.values.items() if n in known}
            made = narrower(list_shape, record, asked)
            out = KeepingOut(self.facts, self.definition, self.disjunct, self.spans)
            self._kept[record.index] = self.lets_in and (
                made is None
                or out.narrowed(made, self.times) is None
                or self._keeps_at_worst(made, known)
            )
        return self._kept[record.index]

    def _keeps_at_worst(self, record: KnownRecord, known: frozenset[str]) -> bool:
        """Whether it is in where all moments that can be known lie as late as can be."""
        list_shape = self.facts.shape.lists[self.definition.record_list or ""]
        latest = {n: (at[1], at[1]) for n, at in record.bounds.items() if n in known}
        is_plain = all(lies_late(self.disjunct, list_shape, name) for name in latest)
        if not self._crossing or not is_plain or not one_apt(record, known, self.disjunct):
            return False
        made = narrower(list_shape, record, latest)
        return made is not None and self.has(made)

    @cached_property
    def _crossing(self) -> tuple[tuple[str, Bounds, Times], ...]:
        """Where spans surely have one of some instants that a moment may lie at, with its times."""
        return tuple(
            (moment, (reach.end[0], reach.start[1]), times)
            for moment, test in self.disjunct.moments.items()
            for leaf in test.covered
            for times in (self.times_with({leaf: TimeSet.ALL}),)
            for _, reach in self.spans.reaches(self.facts, leaf)
            if reach.touches(times[moment]) and not reach.is_least
        )

    def _is_met_by_one(self, record: KnownRecord, by: tuple[str, Bounds, Times]) -> bool:
        """Whether a record may be in at each of these instants, and so at the one that it is.

        What it can be at the first and at the last, it can be at all between (`needs`).
        """
        moment, (first, last), times = by
        view, list_shape = Possibly(self.facts, self.definition), self.definition.list_shape
        assert list_shape is not None  # noqa: S101 - it has moments
        for box in record.boxes:
            low, high = box.bounds.get(moment, (1, 0))
            if low <= first and last <= high:
                alone = KnownRecord(record.index, record.said, (box,))
                at = [narrower(list_shape, alone, {moment: (x, x)}) for x in (first, last)]
                if all(each and view.meets(each, self.disjunct, times) for each in at):
                    return True
        return False
