"""How all else of K could be: spans that cover all that they can, or as little as they can.

Facts come in and go out, with one list of spans, or the account, known to be in one way. In the
exact fragment a list either helps to be in the class or harms, so these two ways tell the most.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is, Uncovered, span_leaves
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds, Box, Said, narrowed
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, field_of
from eligibility.interview.knowable import Knowable
from eligibility.values.timeline import EARLIEST, LATEST

_Known: TypeAlias = Callable[[KnownRecord], Said]


@frozen(slots=False)
class Completions:
    """Completions of facts, under a definition, for somebody who can know so much."""

    definition: ClassDefinition
    knowable: Knowable

    @cached_property
    def disjuncts(self) -> tuple[Disjunct, ...]:
        """The ways to be in the class."""
        return self.definition.normal_forms[-1].disjuncts

    @cached_property
    def filters(self) -> Mapping[str, tuple[Is, ...]]:
        """The lists of spans that clauses read, and which of their spans count."""
        found: dict[str, tuple[Is, ...]] = {}
        for step in self.definition.steps:
            for leaf in span_leaves(step.condition):
                found.setdefault(leaf.spans, leaf.where)
        return found

    @cached_property
    def harming(self) -> frozenset[str]:
        """The lists of spans that take out of the class whom they cover."""
        leaves = (leaf for step in self.definition.steps for leaf in span_leaves(step.condition))
        kinds: dict[str, bool] = {}
        for leaf in leaves:
            kinds[leaf.spans] = kinds.get(leaf.spans, True) and isinstance(leaf, Uncovered)
        return frozenset(name for name, only in kinds.items() if only)

    # ---- spans ---------------------------------------------------------------------------------

    def grown(self, facts: KnownHistory, name: str, apart: int | None = None) -> KnownHistory:
        """Facts in which the spans of a list cover all that they can, but for one of them."""
        facts = self._each(facts, name, apart, lambda r: self.longest(name, r))
        if not self.knowable.records(name) or not facts.unlisted[name]:
            return facts
        return self.with_span(facts, name, (EARLIEST, LATEST))

    def shrunk(
        self, facts: KnownHistory, name: str, apart: int | None = None, *, early: bool = False
    ) -> KnownHistory:
        """Facts in which the spans of a list cover as little as they can, but for one of them."""
        facts = self._each(facts, name, apart, lambda r: self._shortest(name, r, early=early))
        if not self.knowable.records(name) or not facts.unlisted[name]:
            return facts
        return self.closed(facts, name)

    def closed(self, facts: KnownHistory, name: str) -> KnownHistory:
        """Facts in which a list has no other records."""
        return evolve(
            facts,
            stated={**facts.stated, name: {complete_path(name): {}}},
            unlisted={**facts.unlisted, name: ()},
        )

    def with_span(self, facts: KnownHistory, name: str, *spans: Bounds) -> KnownHistory:
        """Facts in which a list has these spans more, as nearly as they are possible, and no other.

        They count.
        """
        list_shape, records = facts.shape.lists[name], list(facts.lists[name])
        where = {field_of(only.path): only.values for only in self.filters[name]}
        for box in facts.unlisted[name]:
            for first, last in spans:
                said: dict[str, frozenset[bool | str] | Bounds] = dict(where)
                for key, at in (("start", first), ("end", last)):
                    low, high = box.bounds[key]
                    if self.knowable.fact(name, None, key):
                        said[key] = (max(low, min(high, at)),) * 2
                for made in narrowed(box, list_shape, said):
                    whole: dict[str, Any] = {**made.values, **made.bounds}
                    records.append(KnownRecord(len(records), whole, (made,)))
        return self.closed(facts.with_list(name, tuple(records)), name)

    def _each(
        self, facts: KnownHistory, name: str, apart: int | None, known: _Known
    ) -> KnownHistory:
        list_shape, records = facts.shape.lists[name], []
        for record in facts.lists[name]:
            boxes: tuple[Box, ...] = ()
            if record.index != apart:
                said = known(record)
                boxes = tuple(b for box in record.boxes for b in narrowed(box, list_shape, said))
            records.append(evolve(record, boxes=boxes or record.boxes))
        return facts.with_list(name, tuple(records))

    def longest(self, name: str, span: KnownRecord) -> dict[str, Any]:
        """What there is to know of a span so that it counts and covers all that it can."""
        where = {field_of(only.path): only.values for only in self.filters[name]}
        said: dict[str, Any] = {
            k: each for k, each in where.items() if self.knowable.fact(name, span.index, k)
        }
        start, end = span.bounds["start"], span.bounds["end"]
        if self.knowable.fact(name, span.index, "start"):
            said["start"] = (start[0], start[0])
        if self.knowable.fact(name, span.index, "end"):
            said["end"] = (end[1], end[1])
        return said

    def _shortest(self, name: str, span: KnownRecord, *, early: bool) -> Said:
        for only in self.filters[name]:
            key = field_of(only.path)
            others = span.values[key] - only.values
            if others and self.knowable.fact(name, span.index, key):
                return {key: others}
        (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
        said: dict[str, Bounds] = {}
        if self.knowable.fact(name, span.index, "start"):
            at = min(begun, max(first, ending)) if early else begun
            said["start"] = (at, at)
            begun = at
        if self.knowable.fact(name, span.index, "end"):
            at = min(last, max(ending, begun))
            said["end"] = (at, at)
        return said

    # ---- the account ---------------------------------------------------------------------------

    def answered(self, facts: KnownHistory, *, good: bool, apart: str = "") -> KnownHistory:
        """Facts in which what is unknown of the account is as the class asks for, or is not."""
        answers = dict(facts.answers)
        for disjunct in self.disjuncts:
            for only in disjunct.answers:
                path = only.path
                if answers[path] is None and path != apart and self.knowable.account(path):
                    wanted = True in only.values
                    answers[path] = wanted if good else not wanted
        return evolve(facts, answers=answers)
