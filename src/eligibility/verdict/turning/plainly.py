"""What is plain to see of whether an unknown fact can matter, before any pair is looked for.

Facts and a definition of the exact fragment come in, and each fact is asked about by itself. Most
can be told at once, and `relevance` looks for a pair of worlds only for those that cannot:

- A record that cannot be in the class in any world is none that anything turns on.
- A span decides only whether it covers a moment of some record. If no record can have one where the
  span may begin, and be in, it does not matter when it began.
- Where everything can be known, and nothing but facts of its own keeps any other record out, a
  record that can be in is in alone in some world. There another value than what is asked for puts
  it out; and so does a later instant than the times of the clauses allow, if no moment hangs on it.
"""

from collections.abc import Mapping
from functools import cached_property

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, SpanLeaf
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.coverage import in_one_box, possibly_counts
from eligibility.evaluation.reference import Possibly, Surely, Times
from eligibility.facts.boxes import Bounds, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.verdict.alike import Able, Alike, kept_with


@frozen(slots=False, eq=False)
class Plainly:
    """What is plain of some facts, under a definition."""

    facts: KnownHistory
    definition: ClassDefinition

    @classmethod
    def of(cls, facts: KnownHistory, definition: ClassDefinition) -> "Plainly":
        """The one of these facts, kept with them: it is asked by several who look for questions."""
        return kept_with(facts, definition, cls)

    @cached_property
    def _disjunct(self) -> Disjunct | None:
        """The one way to be in the class; None outside of the exact fragment."""
        if not self.definition.exact or not in_one_box(self.facts, self.definition):
            return None
        (disjunct,) = self.definition.normal_form.disjuncts
        return disjunct

    @cached_property
    def _view(self) -> Possibly:
        return Possibly(self.facts, self.definition)

    @cached_property
    def _times(self) -> Times:
        return self._view.times(self._disjunct) if self._disjunct else {}

    def bears_on_nothing(self, name: str, record: KnownRecord, field: str) -> bool:
        """Whether a fact of a record cannot matter, whatever can be known."""
        disjunct = self._disjunct
        if disjunct is None:
            return False
        if name != self.definition.record_list:
            return not any(
                self._may_decide(leaf, record, field) for leaf in self._leaves if leaf.spans == name
            )
        return not self._able.has(record)

    @cached_property
    def _able(self) -> Able:
        return Able.of(self.facts, self.definition)

    @cached_property
    def _leaves(self) -> tuple[SpanLeaf, ...]:
        """All that is asked of spans."""
        disjunct = self._disjunct
        tests = disjunct.moments.values() if disjunct else ()
        evers = disjunct.evers if disjunct else ()
        return (*(leaf for test in tests for leaf in test.coverage), *evers)

    def _may_decide(self, leaf: SpanLeaf, span: KnownRecord, key: str) -> bool:
        """Whether a fact of a span may decide what is asked of it."""
        if not possibly_counts(span, leaf.where):
            return False
        if isinstance(leaf, Ever) or key not in ("start", "end"):
            return True
        first, last = self._hulls[field_of(leaf.moment)]
        low, high = span.bounds[key]
        return low <= last and first <= high

    @cached_property
    def _hulls(self) -> Mapping[str, Bounds]:
        """From the first to the last instant of each moment at which any record may be in."""
        name = self.definition.record_list or ""
        boxes = [box for record in self.facts.lists[name] for box in record.boxes]
        boxes += self.facts.unlisted[name]
        found: dict[str, Bounds] = dict.fromkeys(
            self.facts.shape.lists[name].moments, (LATEST, EARLIEST)
        )
        for box in boxes:
            for key, (low, high) in box.bounds.items():
                first, last = found[key]
                found[key] = (min(low, first), max(high, last))
        for key, times in self._times.items():
            spans = times.spans or ((LATEST, EARLIEST),)
            found[key] = max(found[key][0], spans[0][0]), min(found[key][1], spans[-1][1])
        return found

    # ---- where everything can be known ---------------------------------------------------------

    @cached_property
    def are_apart(self) -> bool:
        """Whether any record that can be in can be so while no other is."""
        disjunct, name = self._disjunct, self.definition.record_list
        if disjunct is None or name is None or disjunct.evers:
            return False
        sure = Surely(self.facts, self.definition)
        key_of = Alike.of(self.facts, self.definition).key
        kinds = {key_of(record.said): record for record in self.facts.lists[name]}
        by_spans = (sure.meets(each, disjunct, self._times) for each in kinds.values())
        return self._view.account(disjunct) and not any(by_spans)

    def turns(self, name: str, record: KnownRecord, key: str) -> bool:
        """Whether a fact of a record can matter where all can be known, as far as that is plain."""
        disjunct = self._disjunct
        if disjunct is None or name != self.definition.record_list or not self.are_apart:
            return False
        box, *others = record.boxes
        placed = None if others else self._view.placed(box, disjunct, self._times)
        if placed is None:
            return False
        asked: Values | None = disjunct.values.get(key)
        if asked is not None:
            return not box.values[key] <= asked
        test = disjunct.moments.get(key)
        order = self.facts.shape.lists[name].record.order
        if test is None or any(first == key for first, _ in order):
            return False
        out = (~test.times).last(*box.bounds[key])
        return out is not None and out > placed[key]
