"""What may matter since spans that nobody here can know cover one of a few instants.

A span that starts at 6 or earlier and ends at 5 or later, in microseconds, surely covers one of the
two instants, and neither of them surely. So a message at 5 and one at 6 are in together, and what
is said of the one can turn the outcome beside the other. The search for pairs lets in one record at
a time: where that may happen by a span of which neither end can be known, what is unknown of the
records that can be known to lie there counts as relevant. It takes one at each of those instants,
so it is rare: a span that is known to the second has a million of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly, Surely, Times
from eligibility.facts.boxes import Bounds, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, field_of, pattern
from eligibility.values.timeset import TimeSet
from eligibility.verdict.unknown import hanging_on, is_open

#: So many instants more than records that may lie there are thought of, if there may be more.
_MOST_UNLISTED: Final = 2
#: The place of one that nobody listed.
_UNLISTED: Final = -1
#: The list, the place and the field of a fact; of whether there are more records, no place.
Fact: TypeAlias = tuple[str, int | None, str]


def together(
    facts: KnownHistory, definition: ClassDefinition, knowable: Callable[[str], bool]
) -> Iterator[Fact]:
    """The facts of such records, by list, place and field, and whether there are more of them."""
    if (name := definition.record_list) is not None:
        for spans in definition.filters:
            yield from _Together(facts, definition, knowable, name, spans).facts_of_records()


@frozen(slots=False)
class _Together:
    """What may matter of the records of one list by spans of another."""

    facts: KnownHistory
    definition: ClassDefinition
    knowable: Callable[[str], bool]
    name: str
    spans: str

    def facts_of_records(self) -> Iterator[Fact]:
        """What may matter, by each span of which neither end can be known."""
        most = len(self.facts.lists[self.name]) + _MOST_UNLISTED
        windows = {
            (span.bounds["end"][0], span.bounds["start"][1])
            for span in self.facts.lists[self.spans]
            if span.is_crossing and self._is_outside(span)
        }
        windows = {(first, last) for first, last in windows if last - first < most}
        if not windows:
            return
        able = self._able_of(self.facts.lists[self.name])
        lying = {record.index: self._lies(record) for record in able}
        sure = TimeSet.union(_spans(lying[each.index] for each in able if self._is_sure(each)))
        more = TimeSet.union(_spans(self._lies(record) for record in self._more))
        for window in sorted(windows):
            yield from self._beside(lying, TimeSet.of(window) & ~sure, more)

    def _beside(self, lying: Mapping[int, TimeSet], left: TimeSet, more: TimeSet) -> Iterator[Fact]:
        """What matters of records if there may be one at each instant that is `left`.

        Of those listed, `lying` says where they may lie; one more may lie where there is `more`.
        """
        there = {index: at for index, at in lying.items() if not (at & left).is_empty}
        lacking = left & ~TimeSet.union(_spans(there.values()))
        most = 0 if more.is_empty else _MOST_UNLISTED
        if left.is_empty or not (lacking & ~more).is_empty or _count(left) > len(there) + most:
            return
        if most:
            yield self.name, None, "complete"
        hanging = hanging_on(self.definition, self.name, self.facts.shape.lists[self.name])
        for index in there:
            record = self.facts.lists[self.name][index]
            yield from ((self.name, index, key) for key in hanging if is_open(record, key))

    @cached_property
    def _ways(self) -> list[tuple[Disjunct, Times]]:
        """Every way into the class by a record, with the instants at which it may be in."""
        disjuncts = [each for each in self.definition.normal_form.disjuncts if each.needs_record]
        view = Possibly(self.facts, self.definition)
        return [(disjunct, view.times(disjunct)) for disjunct in disjuncts]

    @property
    def _more(self) -> list[KnownRecord]:
        """What one more record may be that nobody listed, if it can be known that there is one."""
        if self.name not in self.facts.open or not self.knowable(complete_path(self.name)):
            return []
        return self._able_of([KnownRecord(_UNLISTED, {}, self.facts.unlisted[self.name])])

    def _able_of(self, records: Iterable[KnownRecord]) -> list[KnownRecord]:
        """The records that may be in the class, surely so as far as can be known of them.

        If there are several ways in, by one or another whatever comes out of a value.
        """
        view, is_one = Possibly(self.facts, self.definition), len(self._ways) == 1
        return [
            record
            for record in records
            if any(
                view.meets(record, disjunct, times)
                and (not is_one or all(self._can_be(self.name, record, *each) for each in wanted))
                for disjunct, times in self._ways
                for wanted in [disjunct.values.items()]
            )
        ]

    def _is_outside(self, span: KnownRecord) -> bool:
        """Whether neither end of a span can be known, though it counts, or can be known to."""
        if any(self._knows(self.spans, span, key) for key in ("start", "end")):
            return False
        where, *others = self.definition.filters[self.spans]
        asked = ((field_of(only.path), only.values) for only in where)
        return bool(others) or all(self._can_be(self.spans, span, *each) for each in asked)

    def _can_be(self, name: str, record: KnownRecord, key: str, wanted: Values) -> bool:
        """Whether a fact of a record is one of some values, or can be known to be."""
        if self._knows(name, record, key):
            return not record.values[key].isdisjoint(wanted)
        return record.values[key] <= wanted

    def _knows(self, name: str, record: KnownRecord, key: str) -> bool:
        is_listed = record.index != _UNLISTED
        path = fact_path(name, record.index, key) if is_listed else pattern(name, key)
        return self.knowable(path)

    def _lies(self, record: KnownRecord) -> TimeSet:
        """Where a moment of a record at which spans are asked for lies, or can be known to lie.

        A moment that nobody can know is pinned by another one that it follows on, and where the
        record may be in one of several boxes, by what tells them apart.
        """
        keys = record.bounds if len(record.boxes) == 1 else {**record.bounds, **record.values}
        can_be_pinned = any(
            is_open(record, key) and self._knows(self.name, record, key) for key in keys
        )
        return TimeSet.union(
            _spans(
                times[moment].between(*record.bounds[moment])
                for disjunct, times in self._ways
                for moment in self._asked_of(disjunct)
                if moment in record.bounds and (can_be_pinned or _is_exact(record, moment))
            )
        )

    def _is_sure(self, record: KnownRecord) -> bool:
        """Whether a record is in whatever else comes out, if a span covers the instant of it."""
        if self._if_covered is None:
            return False
        moment, disjunct, times = self._if_covered
        is_exact = _is_exact(record, moment)
        return is_exact and Surely(self.facts, self.definition).meets(record, disjunct, times)

    @cached_property
    def _if_covered(self) -> tuple[str, Disjunct, Times] | None:
        """The moment at which spans are asked for, and what is asked for beside them.

        It is looked for where there is one way in, which asks for them once; None elsewhere.
        """
        if len(self._ways) != 1:
            return None
        ((disjunct, _),), view = self._ways, Surely(self.facts, self.definition)
        if len(asked := self._asked_of(disjunct)) != 1 or not view.account(disjunct):
            return None
        test = disjunct.moments[asked[0]]
        others = tuple(leaf for leaf in test.covered if leaf.spans != self.spans)
        alone = {**disjunct.moments, asked[0]: evolve(test, covered=others)}
        disjunct = evolve(disjunct, moments=alone)
        return asked[0], disjunct, view.times(disjunct)

    def _asked_of(self, disjunct: Disjunct) -> list[str]:
        """The moments at which a way into the class asks for the spans."""
        return [
            moment
            for moment, test in disjunct.moments.items()
            if any(leaf.spans == self.spans for leaf in test.covered)
        ]


def _is_exact(record: KnownRecord, moment: str) -> bool:
    first, last = record.bounds[moment]
    return first == last


def _spans(sets: Iterable[TimeSet]) -> Iterator[Bounds]:
    return chain.from_iterable(each.spans for each in sets)


def _count(some: TimeSet) -> int:
    """How many instants there are."""
    return sum(last - first + 1 for first, last in some.spans)
