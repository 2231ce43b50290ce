"""The law: what is so in every world that a history leaves open, and what is so in some.

A normalised history and a definition come in; for each clause a `Truth` goes out. No world is
enumerated: two passes over the records do, each of which takes all that is open at one extreme.

    what is read              the surely pass                   the possibly pass
    a record                  each of its boxes                 some one of its boxes
    a yes/no fact, a word     all its values are allowed        some value is allowed
    a moment                  all its bounds lie in its times   some instant does, in their order
    spans that must cover it  latest start to earliest end      earliest start to latest end
    spans that must not       earliest start to latest end      latest start to earliest end
    a list that is open       the records that it has           one more, in the boxes that are left

All that is asked of one moment is intersected as one time set before it is tested: that is what
three-valued logic alone would miss.

Why that is exact in the fragment (`ClassDefinition.exact`): a list of spans either helps every
record or harms every record, and what one record may be is no concern of another. So all that helps
can be so at once, and that world decides *possibly*; all that harms can be so at once, and that
world decides *surely*. One thing has no extreme: a span that may start after it may end still
covers some one instant. It can keep clear of the one moment that it must not cover; of several that
it must cover it cannot always keep clear together, and that is `joint_coverage`.
"""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever
from eligibility.definition.normal_form import Disjunct, NormalForm
from eligibility.evaluation import coverage
from eligibility.evaluation.joint_coverage import jointly_met
from eligibility.facts.boxes import Box, place
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth

#: By moment, the instants that it is held to.
Times: TypeAlias = Mapping[str, TimeSet]


def clause_truths(facts: KnownHistory, definition: ClassDefinition) -> tuple[Truth, ...]:
    """For each clause, whether some record meets it and all before it; the last is the class."""
    view = Surely(facts, definition)
    surely = _clauses_met(view)
    for form in definition.normal_forms[surely:]:
        if not _jointly(view, form):
            break
        surely += 1
    possibly = max(surely, _clauses_met(Possibly(facts, definition)))
    return tuple(Truth(at < surely, at < possibly) for at in range(len(definition.normal_forms)))


def membership(facts: KnownHistory, definition: ClassDefinition) -> Truth:
    """Whether the account is in the class."""
    surely = surely_in(facts, definition)
    return Truth(surely, surely or possibly_in(facts, definition))


def surely_in(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether it is in the class in every world."""
    return surely_met(facts, definition, definition.normal_form)


def possibly_in(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether it is in the class in some world."""
    view = Possibly(facts, definition)
    return _first(view, definition.normal_form, view.records) is not None


def surely_met(facts: KnownHistory, definition: ClassDefinition, form: NormalForm) -> bool:
    """Whether some record meets a normal form in every world, the same record or not."""
    view = Surely(facts, definition)
    return _first(view, form, view.records) is not None or bool(_jointly(view, form))


def is_exact(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether, of these facts, no more can be said than `membership` says."""
    exact = definition.exact and coverage.in_one_box(facts, definition)
    return exact and _jointly(Surely(facts, definition), definition.normal_form) is not None


def _jointly(view: "Surely", form: NormalForm) -> bool | None:
    disjuncts = [each for each in form.disjuncts if each.needs_record and view.account(each)]
    return jointly_met(view.facts, view.records, disjuncts)


def _clauses_met(view: "Pass") -> int:
    """How many clauses, from the first on, are met together.

    One walk over the records answers for all: a record that failed a form fails the next one.
    """
    forms, records = view.definition.normal_forms, view.records
    if _first(view, forms[-1], records) is not None:
        return len(forms)
    at: int | None = 0
    for count, form in enumerate(forms[:-1]):
        at = _first(view, form, records, at or 0)
        if at is None:
            return count
    return len(forms) - 1


def _first(
    view: "Pass", form: NormalForm, records: tuple[KnownRecord, ...], start: int = 0
) -> int | None:
    """The place, from `start` on, of the first record that meets a form; `start` if none need."""
    tests = [(each, view.times(each)) for each in form.disjuncts if view.account(each)]
    if any(not disjunct.needs_record for disjunct, _ in tests):
        return start
    for at in range(start, len(records) if tests else 0):
        for disjunct, times in tests:
            if view.meets(records[at], disjunct, times):
                return at
    return None


@frozen
class Pass:
    """A history as one of the two passes reads it, for one definition."""

    facts: KnownHistory
    definition: ClassDefinition
    surely: ClassVar[bool]

    @property
    def records(self) -> tuple[KnownRecord, ...]:
        """The records that the class may turn on."""
        name = self.definition.record_list
        known = self.facts.lists[name] if name else ()
        if self.surely or not name or not self.facts.unlisted[name]:
            return known
        return (*known, KnownRecord(len(known), {}, self.facts.unlisted[name]))

    def account(self, disjunct: Disjunct) -> bool:
        """Whether what is asked of the account alone holds."""
        for only in disjunct.answers:
            answer = self.facts.answers[only.path]
            if answer not in only.values and (self.surely or answer is not None):
                return False
        return all(map(self.ever, disjunct.evers))

    def ever(self, ever: Ever) -> bool:
        """Whether some span that counts has an instant in the time set."""
        if self.surely:
            return coverage.surely_touched(self.facts, ever)
        return coverage.possibly_touched(self.facts, ever)

    def times(self, disjunct: Disjunct) -> Times:
        """For each moment, the instants that it is held to."""
        least, most = coverage.certain_coverage, coverage.possible_coverage
        helping, harming = (least, most) if self.surely else (most, least)
        held: dict[str, TimeSet] = {}
        for moment, test in disjunct.moments.items():
            times = test.times
            for leaf in test.covered:
                times &= helping(self.facts, leaf.spans, leaf.where)
            for hidden in test.uncovered:
                times &= ~harming(self.facts, hidden.spans, hidden.where)
            held[moment] = times
        return held

    def meets(self, record: KnownRecord, disjunct: Disjunct, times: Times) -> bool:
        """Whether a record meets a disjunct, its moments being held to `times`."""
        fits = self.inside if self.surely else self.placed
        for box in record.boxes:
            if (fits(box, disjunct, times) not in (None, False)) is not self.surely:
                return not self.surely
        return self.surely

    def inside(self, box: Box, disjunct: Disjunct, times: Times) -> bool:
        """Whether all that a box allows meets a disjunct."""
        for name, allowed in disjunct.values.items():
            if not box.values[name] <= allowed:
                return False
        return all(within.covers(*box.bounds[name]) for name, within in times.items())

    def placed(self, box: Box, disjunct: Disjunct, times: Times) -> dict[str, int] | None:
        """Instants of the moments of a box that meets a disjunct, in their order, if it can."""
        for name, allowed in disjunct.values.items():
            if box.values[name].isdisjoint(allowed):
                return None
        list_shape = self.definition.list_shape
        return place(times, box.bounds, list_shape) if list_shape else {}


@frozen
class Surely(Pass):
    """What holds in every world."""

    surely: ClassVar[bool] = True


@frozen
class Possibly(Pass):
    """What holds in some world."""

    surely: ClassVar[bool] = False
