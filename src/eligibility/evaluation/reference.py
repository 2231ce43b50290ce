"""Station 4, the reference: what surely holds and what possibly holds.

Facts and a definition come in; for each stage of the definition a `Truth` goes out. It suffices to
look twice. *Surely*: spans shrunk to what is certain, permissions grown to what is possible, every
moment inside its time set with all its bounds, unknown facts against the claimant. *Possibly*: the
other way round, every moment able to meet its time set, moments of one record in their order, and
a list that is not complete holding one more record, as favourable as can be.

Conditions on the same moment are intersected as time sets before they are tested: that is what
three-valued logic alone would miss. The one thing that looking twice misses is in `joint`.
"""

from collections.abc import Mapping

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever
from eligibility.definition.normal_form import Disjunct, NormalForm
from eligibility.evaluation.coverage import (
    certain_coverage,
    possible_coverage,
    possibly_counts,
    surely_counts,
)
from eligibility.evaluation.joint_coverage import sure_together
from eligibility.facts.normalise import KnownHistory, KnownRecord, blank, place
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth


def decide(facts: KnownHistory, definition: ClassDefinition) -> tuple[Truth, ...]:
    """For each stage, whether some record meets it; the last one is the class itself."""
    surely = _surely_through(facts, definition)
    possibly = max(surely, _through(Possibly(facts, definition), definition))
    return tuple(Truth(at < surely, at < possibly) for at in range(len(definition.normal_forms)))


def membership(facts: KnownHistory, definition: ClassDefinition) -> Truth:
    """Whether the account is in the class."""
    surely = surely_in(facts, definition)
    return Truth(surely, surely or possibly_in(facts, definition))


def surely_in(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether the account is in the class in every world."""
    return surely_met(facts, definition, definition.normal_forms[-1])


def possibly_in(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether the account is in the class in some world."""
    view = Possibly(facts, definition)
    return _first(view, definition.normal_forms[-1], view.records) is not None


def _through(view: "Surely | Possibly", definition: ClassDefinition) -> int:
    """How many stages are met. Stages only get stricter, so one pass over the records does."""
    stages, records = definition.normal_forms, view.records
    if _first(view, stages[-1], records) is not None:
        return len(stages)
    at: int | None = 0
    for count, stage in enumerate(stages[:-1]):
        at = _first(view, stage, records, at or 0)
        if at is None:
            return count
    return len(stages) - 1


def _first(
    view: "Surely | Possibly", stage: NormalForm, records: tuple[KnownRecord, ...], at: int = 0
) -> int | None:
    """The place, from `at` on, of the first record that meets a stage; `at` if none is needed."""
    tests = [(way, view.times(way)) for way in stage.disjuncts if view.account(way)]
    if any(not way.needs_record for way, _ in tests):
        return at
    for place_of in range(at, len(records) if tests else 0):
        for way, times in tests:
            if view.meets(records[place_of], way, times):
                return place_of
    return None


@frozen
class Surely:
    """What holds in every world."""

    facts: KnownHistory
    definition: ClassDefinition

    @property
    def records(self) -> tuple[KnownRecord, ...]:
        """The records that the class may turn on."""
        each = self.definition.record_list
        return self.facts.lists[each] if each else ()

    def account(self, way: Disjunct) -> bool:
        """Whether the account meets what is asked of it alone."""
        return all(self.facts.answers[only.path] in only.values for only in way.answers) and all(
            self.ever(ever) for ever in way.evers
        )

    def ever(self, ever: Ever) -> bool:
        """Whether some span that counts has an instant in the time set."""
        for span in self.facts.lists[ever.spans]:
            start, end = span.bounds["start"][1], span.bounds["end"][0]
            if surely_counts(span, ever.where) and (
                ever.times.covers(end, start)  # whichever instant of these it is cut down to
                if span.is_crossing
                else ever.times.first(start, end) is not None
            ):
                return True
        return False

    def times(self, way: Disjunct) -> dict[str, TimeSet]:
        """For each moment, the instants that it must lie in, surely."""
        return {
            moment: TimeSet.intersection(
                test.times,
                *(certain_coverage(self.facts, o.spans, o.where) for o in test.covered),
                *(~possible_coverage(self.facts, o.spans, o.where) for o in test.uncovered),
            )
            for moment, test in way.moments.items()
        }

    def meets(self, record: KnownRecord, way: Disjunct, times: Mapping[str, TimeSet]) -> bool:
        """Whether a record meets an alternative in every world."""
        for name, allowed in way.values.items():
            if record.values[name] not in allowed:
                return False
        bounds = record.bounds if way.assumes_existence else record.alone
        return all(within.covers(*bounds[name]) for name, within in times.items())


@frozen
class Possibly:
    """What holds in some world."""

    facts: KnownHistory
    definition: ClassDefinition

    @property
    def records(self) -> tuple[KnownRecord, ...]:
        """The records that the class may turn on, with one more if there may be one."""
        each, list_shape = self.definition.record_list, self.definition.list_shape
        if not each or not list_shape:
            return ()
        known = self.facts.lists[each]
        return (*known, blank(list_shape, len(known))) if each in self.facts.open else known

    def account(self, way: Disjunct) -> bool:
        """Whether the account can meet what is asked of it alone."""
        for only in way.answers:
            answer = self.facts.answers[only.path]
            if answer is not None and answer not in only.values:
                return False
        return all(self._ever(ever) for ever in way.evers)

    def _ever(self, ever: Ever) -> bool:
        return ever.spans in self.facts.open or any(
            possibly_counts(span, ever.where)
            and ever.times.first(span.bounds["start"][0], span.bounds["end"][1]) is not None
            for span in self.facts.lists[ever.spans]
        )

    def times(self, way: Disjunct) -> dict[str, TimeSet]:
        """For each moment, the instants that it may lie in."""
        return {
            moment: TimeSet.intersection(
                test.times,
                *(possible_coverage(self.facts, o.spans, o.where) for o in test.covered),
                *(~certain_coverage(self.facts, o.spans, o.where) for o in test.uncovered),
            )
            for moment, test in way.moments.items()
        }

    def meets(self, record: KnownRecord, way: Disjunct, times: Mapping[str, TimeSet]) -> bool:
        """Whether a record meets an alternative in some world."""
        for name, allowed in way.values.items():
            value = record.values[name]
            if value is not None and value not in allowed:
                return False
        return self.placed(record, way, times) is not None

    def placed(
        self, record: KnownRecord, way: Disjunct, times: Mapping[str, TimeSet]
    ) -> dict[str, int] | None:
        """Instants for the record's moments with which it meets the alternative."""
        list_shape = self.definition.list_shape
        bounds = record.bounds if way.assumes_existence else record.alone
        if len(times) == 1:  # bounds are propagated: any instant leaves room for the others
            ((name, within),) = times.items()
            found = within.first(*bounds[name])
            return None if found is None else {name: found}
        return place(times, bounds, list_shape) if list_shape else {}


def _surely_through(facts: KnownHistory, definition: ClassDefinition) -> int:
    count = _through(Surely(facts, definition), definition)
    for stage in definition.normal_forms[count:]:
        if not _together(facts, definition, stage):
            break
        count += 1
    return count


def surely_met(facts: KnownHistory, definition: ClassDefinition, stage: NormalForm) -> bool:
    """Whether some record meets a stage in every world, the same record or not."""
    return _some_surely(facts, definition, stage) or bool(_together(facts, definition, stage))


def is_exact(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether, of these facts, no more can be said than `membership` says."""
    return (
        definition.exact and _together(facts, definition, definition.normal_forms[-1]) is not None
    )


def _together(facts: KnownHistory, definition: ClassDefinition, stage: NormalForm) -> bool | None:
    view = Surely(facts, definition)
    ways = [way for way in stage.disjuncts if way.needs_record and view.account(way)]
    return sure_together(facts, view.records, ways)


def _some_surely(facts: KnownHistory, definition: ClassDefinition, stage: NormalForm) -> bool:
    view = Surely(facts, definition)
    return _first(view, stage, view.records) is not None
