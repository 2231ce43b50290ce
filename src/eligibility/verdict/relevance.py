"""Which unknown facts can matter: those that alone tell a world in the class from one outside.

A fact is relevant if two worlds differ in it alone and only one of them is in the class. In such a
pair one record meets the class in the one world and fails in the other, and no other record meets
it in the other. So for every record that can meet the class, at every instant that could make a
difference, all else is narrowed as far against it as can be, and it is seen whether some other
*sure record* (one that the surely pass finds in the class, or would) still gets in, whatever is so.

Outside the fragment that this argument holds for, every unknown fact that the definition speaks of
is taken for relevant: too much may be asked there, never too little. So is what the search has not
come to when its allowance of work is spent.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from typing import Any, Final

from attrs import evolve, field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, SpanLeaf, Uncovered, span_leaves
from eligibility.definition.normal_form import Disjunct, MomentTest, NormalForm
from eligibility.evaluation.coverage import certain_coverage, possibly_counts
from eligibility.evaluation.reference import Possibly, Surely, surely_met
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.normalise import Bounds, KnownHistory, KnownRecord
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import DAY
from eligibility.values.timeset import TimeSet
from eligibility.verdict.narrowing import (
    satisfy,
    turning,
)
from eligibility.verdict.unknown import RelevantFact, all_unknown

#: How many narrowings of the other spans are tried for one record at one instant.
_MOST_NARROWINGS: Final = 256
#: How many instants are tried for one fact at one record.
_MOST_TRIALS: Final = 4000


def relevant_facts(facts: KnownHistory, definition: ClassDefinition) -> Iterator[RelevantFact]:
    """Every unknown fact that the class may turn on, given that it is undecided."""
    (disjunct, *others) = definition.normal_forms[-1].disjuncts
    read = [leaf.spans for step in definition.steps for leaf in span_leaves(step.condition)]
    if others or not definition.exact or len(read) > len(set(read)):
        yield from all_unknown(facts, definition, set(read))
        return
    found: set[tuple[str, int | None, str]] = set()
    try:
        for fact in _Search(facts, definition, disjunct, Work.on(facts.lists)).relevant_facts():
            found.add((fact.list, fact.index, fact.field))
            yield fact
    except OutOfWorkError:
        for fact in all_unknown(facts, definition, set(read)):
            if (fact.list, fact.index, fact.field) not in found:
                yield fact


@frozen
class _Search:
    """The facts, the one disjunct of the class, and the records that could surely meet it."""

    facts: KnownHistory
    definition: ClassDefinition
    disjunct: Disjunct
    work: Work
    view: Possibly = field(init=False)
    times: dict[str, TimeSet] = field(init=False)
    able: tuple[KnownRecord, ...] = field(init=False)
    sure_records: tuple[KnownRecord, ...] = field(init=False)
    sure_places: frozenset[int] = field(init=False)
    form: NormalForm = field(init=False)

    @view.default
    def _view(self) -> Possibly:
        return Possibly(self.facts, self.definition)

    @times.default
    def _times(self) -> dict[str, TimeSet]:
        return self.view.times(self.disjunct)

    @able.default
    def _able(self) -> tuple[KnownRecord, ...]:
        return tuple(r for r in self.view.records if self.view.meets(r, self.disjunct, self.times))

    @sure_records.default
    def _sure_records(self) -> tuple[KnownRecord, ...]:
        sure = Surely(self.facts, self.definition)
        return tuple(r for r in self.able if sure.meets(r, self.disjunct, self.times))

    @sure_places.default
    def _places(self) -> frozenset[int]:
        return frozenset(other.index for other in self.sure_records)

    @form.default
    def _form(self) -> NormalForm:
        """The form that sure records are held to, the account itself being taken as fitting."""
        return NormalForm((evolve(self.disjunct, answers=(), evers=()),))

    @property
    def list_shape(self) -> ListShape:
        """The shape of the list that the record is taken from."""
        return self.facts.shape.lists[self.definition.record_list or ""]

    def relevant_facts(self) -> Iterator[RelevantFact]:
        """All of them.

        Raises:
            OutOfWorkError: it takes too long to find the others.
        """
        for only in self.disjunct.answers:
            if self.facts.answers[only.path] is None:
                yield RelevantFact("", None, only.path)
        for ever in self.disjunct.evers:
            yield from self.ever(ever)
        for name, test in self.disjunct.moments.items():
            for covered in test.covered:
                yield from self.helpful(covered, name)
            for uncovered in test.uncovered:
                yield from self.harmful(uncovered, name)
        yield from self.records()

    def _alike(
        self, records: Iterable[KnownRecord], found: Callable[[KnownRecord], Iterable[RelevantFact]]
    ) -> Iterator[RelevantFact]:
        """The relevant facts of each of some records; records that say the same share theirs."""
        known: dict[tuple[Any, ...], tuple[RelevantFact, ...]] = {}
        for record in records:
            said = tuple(record.said.items())
            if said not in known:
                known[said] = tuple(found(record))
            yield from (evolve(fact, index=record.index) for fact in known[said])

    # ---- facts of the records themselves ----

    def records(self) -> Iterator[RelevantFact]:
        """The relevant facts among the facts of each record, and whether there is another one."""
        each = self.definition.record_list
        if each is None:
            return
        listed = len(self.facts.lists[each])
        yield from self._alike((r for r in self.able if r.index < listed), self._of_record)
        for record in (r for r in self.able if r.index == listed):
            if not self._has_other_sure(record) or any(True for _ in self._narrowed(record)):
                yield RelevantFact(each, None, "complete")

    def _of_record(self, record: KnownRecord) -> Iterator[RelevantFact]:
        each = self.definition.record_list or ""
        values = [name for name in self.disjunct.values if record.values[name] is None]
        bounds = self._bounds(record)
        moments = {name for name in self.disjunct.moments if bounds[name][0] < bounds[name][1]}
        if not self._has_other_sure(record):
            yield from (RelevantFact(each, record.index, name) for name in values)
            values = []
            at = self.view.placed(record, self.disjunct, self.times)
            for name in sorted(moments):
                divides = self._division(record, name, at or {}, self.times[name])
                if divides is not None:
                    moments.discard(name)
                    yield RelevantFact(each, record.index, name, divides)
        if not values and not moments:
            return
        for at, narrower in self._narrowed(record):
            yield from (RelevantFact(each, record.index, name) for name in values)
            values = []
            within = Surely(narrower, self.definition).times(self.disjunct)
            for name in sorted(moments):
                divides = self._division(record, name, at, within[name])
                if divides is not None:
                    moments.discard(name)
                    yield RelevantFact(each, record.index, name, divides)
            if not moments:
                return

    def _division(
        self, record: KnownRecord, name: str, at: dict[str, int], within: TimeSet
    ) -> int | None:
        """The last instant before which, or after which, this moment alone turns the record."""
        low, high = self._bounds(record)[name]
        for first, then in self.list_shape.record.order:
            low = max(low, at[first]) if then == name and first in at else low
            high = min(high, at[then]) if first == name and then in at else high
        outside = (~within).first(low, high)
        if outside is None:
            return None
        return min(outside, at[name])

    def _narrowed(self, record: KnownRecord) -> Iterator[tuple[dict[str, int], KnownHistory]]:
        """Where a record can be in the class, and what makes it so, with no other one in it."""
        for at in islice(self._placements(record), _MOST_TRIALS):
            for narrower in islice(
                satisfy(self.facts, self._asked(at), self.work), _MOST_NARROWINGS
            ):
                if self._others_can_fail(narrower, record):
                    yield at, narrower

    # ---- spans that help, and spans that harm ----

    def helpful(self, leaf: Covered, name: str) -> Iterator[RelevantFact]:
        """The relevant facts among spans that a moment must be covered by."""
        yield from self._of_spans(leaf, name)
        if leaf.spans in self.facts.open and self._turns(leaf, name, None, TimeSet.ALL) is not None:
            yield RelevantFact(leaf.spans, None, "complete")

    def harmful(self, leaf: Uncovered, name: str) -> Iterator[RelevantFact]:
        """The relevant facts among spans that a moment must not be covered by."""
        yield from self._of_spans(leaf, name)
        if leaf.spans in self.facts.open:
            yield RelevantFact(leaf.spans, None, "complete")  # one more could cover everything

    def _of_spans(self, leaf: Covered | Uncovered, name: str) -> Iterator[RelevantFact]:
        def found(span: KnownRecord) -> Iterator[RelevantFact]:
            for key in self._unknown(span, leaf):
                yield from self._fact_of_span(leaf, name, span, key)

        spans = self.facts.lists[leaf.spans]
        yield from self._alike((s for s in spans if possibly_counts(s, leaf.where)), found)

    def _unknown(self, span: KnownRecord, leaf: SpanLeaf) -> Iterator[str]:
        yield from (key for o in leaf.where if span.values[key := field_of(o.path)] is None)
        yield from (key for key in ("start", "end") if span.bounds[key][0] < span.bounds[key][1])

    def _fact_of_span(
        self, leaf: Covered | Uncovered, name: str, span: KnownRecord, key: str
    ) -> Iterator[RelevantFact]:
        (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
        region = {"start": (first, begun - 1), "end": (ending + 1, last)}.get(key, (first, last))
        at = self._turns(leaf, name, span, TimeSet.of(region), key)
        if at is not None:
            before = {"start": at, "end": at - 1}.get(key)
            yield RelevantFact(leaf.spans, span.index, key, before)

    def _turns(
        self,
        leaf: Covered | Uncovered,
        name: str,
        span: KnownRecord | None,
        region: TimeSet,
        key: str = "",
    ) -> int | None:
        """An instant at which some record is in or out as this one fact of a span goes."""
        self.work.spend(len(self.facts.lists[leaf.spans]) + len(self.able))
        fitting = region & self.times[name]
        if span is None or isinstance(leaf, Covered):
            rest = self._without(leaf.spans, span)
            fitting &= ~certain_coverage(rest, leaf.spans, leaf.where)
        for record in self.able:
            low, high = self._bounds(record)[name]
            if fitting.first(low, high) is None:
                continue
            for at in islice(self._placements(record, name, fitting), _MOST_TRIALS):
                for out in islice(
                    turning(self.facts, (leaf, at[name]), span, key, self.work), _MOST_NARROWINGS
                ):
                    asked = [a for a in self._asked(at) if a[0] is not leaf]
                    for narrower in islice(satisfy(out, asked, self.work), _MOST_NARROWINGS):
                        if self._others_can_fail(narrower, record):
                            return at[name]
        return None

    # ---- spans that the account must ever have had ----

    def ever(self, leaf: Ever) -> Iterator[RelevantFact]:
        """The relevant facts among spans of which some one must have an instant in the time set."""
        sure = Surely(self.facts, self.definition)

        def found(span: KnownRecord) -> Iterator[RelevantFact]:
            self.work.spend(len(self.facts.lists[leaf.spans]))
            alone = evolve(sure, facts=self._without(leaf.spans, span))
            if possibly_counts(span, leaf.where) and not alone.ever(leaf):
                for key in self._unknown(span, leaf):
                    yield from islice(self._ever_turns(leaf, span, key), 1)

        yield from self._alike(self.facts.lists[leaf.spans], found)
        if leaf.spans in self.facts.open and not sure.ever(leaf):
            yield RelevantFact(leaf.spans, None, "complete")

    def _ever_turns(self, leaf: Ever, span: KnownRecord, key: str) -> Iterator[RelevantFact]:
        (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
        edges = {x + d for pair in leaf.times.spans for x in pair for d in (-1, 0, 1)}
        if key == "start":
            for end in sorted({ending, last, *(x for x in edges if ending <= x <= last)}):
                meets = leaf.times.last(first, end)
                if meets is not None and meets < min(begun, end):
                    yield RelevantFact(leaf.spans, span.index, key, meets)
        elif key == "end":
            for start in sorted({first, begun, *(x for x in edges if first <= x <= begun)}):
                meets = leaf.times.first(start, last)
                if meets is not None and meets > max(ending, start):
                    yield RelevantFact(leaf.spans, span.index, key, meets - 1)
        elif leaf.times.first(first, last) is not None:
            yield RelevantFact(leaf.spans, span.index, key)

    # ---- narrowing the rest ----

    def _bounds(self, record: KnownRecord) -> dict[str, Bounds]:
        return dict(self.disjunct.bounds_of(record))

    def _has_other_sure(self, record: KnownRecord) -> bool:
        return len(self.sure_records) > (record.index in self.sure_places)

    def _other_sure(self, record: KnownRecord) -> tuple[KnownRecord, ...]:
        """The sure records without this one."""
        self.work.spend(len(self.sure_records))
        return tuple(other for other in self.sure_records if other.index != record.index)

    def _others_can_fail(self, narrower: KnownHistory, record: KnownRecord) -> bool:
        """Whether, with so much known, all sure records but this one can still fail."""
        sure_records = self._other_sure(record)
        if not sure_records or self.definition.record_list is None:
            return True
        self.work.spend(sum(len(records) for records in narrower.lists.values()))
        trial = narrower.with_list(self.definition.record_list, sure_records)
        return not surely_met(trial, self.definition, self.form)

    def _asked(self, at: dict[str, int]) -> list[tuple[Covered | Uncovered, int]]:
        asked: list[tuple[Covered | Uncovered, int]] = []
        for name, test in self.disjunct.moments.items():
            asked += [(covered, at[name]) for covered in test.covered]
            asked += [(uncovered, at[name]) for uncovered in test.uncovered]
        return asked

    def _without(self, name: str, span: KnownRecord | None) -> KnownHistory:
        if span is None:
            return self.facts
        rest = tuple(s for s in self.facts.lists[name] if s.index != span.index)
        return self.facts.with_list(name, rest)

    # ---- instants that could make a difference ----

    def _placements(
        self, record: KnownRecord, name: str | None = None, fitting: TimeSet = TimeSet.ALL
    ) -> Iterator[dict[str, int]]:
        """Instants for the tested moments: every one at which something changes, in order."""
        bounds = self._bounds(record)
        names = list(self.disjunct.moments)
        choices = []
        for each in names:
            within = self.times[each] & TimeSet.of(bounds[each])
            if each == name:
                within &= fitting
            choices.append([*middle_day(within), *self._instants(record, within)])
        order = [(a, b) for a, b in self.list_shape.record.order if a in names and b in names]
        for chosen in product(*choices):
            self.work.spend(1)
            at = dict(zip(names, chosen, strict=True))
            if all(at[a] <= at[b] for a, b in order):
                yield at

    def _instants(self, record: KnownRecord, within: TimeSet) -> Iterator[int]:
        edges = {x for pair in within.spans for x in pair}
        near = set[int]()
        for test in self.disjunct.moments.values():
            near |= self._edges(test)
        for other in self._other_sure(record):
            for low, high in self._bounds(other).values():
                near |= {low - 1, low, high, high + 1}
        for low, high in self._bounds(record).values():
            near |= {low, high}
        yield from sorted(edges | {x for x in near if x in within})

    def _edges(self, test: MomentTest) -> set[int]:
        found = {x + d for pair in test.times.spans for x in pair for d in (-1, 0, 1)}
        read = {leaf.spans for leaf in test.covered} | {leaf.spans for leaf in test.uncovered}
        for name in read:
            self.work.spend(len(self.facts.lists[name]))
            for span in self.facts.lists[name]:
                for pair in span.bounds.values():
                    found |= {x + d for x in pair for d in (-1, 0, 1)}
        return found


def middle_day(within: TimeSet) -> Iterator[int]:
    """An instant in the middle, whole days from the end: it makes for a plainer question."""
    if within.spans:
        first, after = within.spans[0][0], within.spans[-1][1] + 1
        middle = after - (after - first) // (2 * DAY) * DAY
        if middle != after and middle in within:
            yield middle
