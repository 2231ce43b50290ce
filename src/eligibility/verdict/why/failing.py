"""How a record fails: the fewest of its facts, and the fewest clauses, that keep it out.

The facts of an ineligible account come in, with one of its records. `reasons` says why what is
found here suffices, and why each part of it is needed.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.definition.normal_form import Disjunct, NormalForm
from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import Bounds, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.normalise import blank, forgetting
from eligibility.facts.shape import ListShape
from eligibility.values.timeset import TimeSet
from eligibility.verdict.minimise import minimise_record


def never_came(list_shape: ListShape, record: KnownRecord) -> Iterator[str]:
    """The facts that its moments rule out: what could only have come after it had to come first."""
    for existence_condition in set(list_shape.record.exists_if.values()):
        if record.values[existence_condition] == {False}:
            yield existence_condition


@frozen
class Failing:
    """Whether a record fails in every world, all else being as it is known."""

    view: Possibly
    tests: list[tuple[Disjunct, Mapping[str, TimeSet]]]
    _alone: dict[object, KnownRecord | None] = field(factory=dict)

    @classmethod
    def of(cls, facts: KnownHistory, definition: ClassDefinition, form: NormalForm) -> "Failing":
        """As the facts stand, of a normal form."""
        view = Possibly(facts, definition)
        return cls(
            view, [(each, view.times(each)) for each in form.disjuncts if view.account(each)]
        )

    def fails(self, record: KnownRecord | None) -> bool:
        """Whether it does; None stands for no record being needed."""
        for disjunct, times in self.tests:
            if not disjunct.needs_record or (record and self.view.meets(record, disjunct, times)):
                return False
        return True

    def can_have(self, known: Values | Bounds, name: str, list_shape: ListShape) -> bool:
        """Whether a value by itself is no reason why a record fails: some disjunct allows it.

        It is not told of a value by which moments exist, nor where something is supposed.
        """
        if isinstance(known, tuple) or list_shape.supposed is not None:
            return False
        if name == list_shape.existence_condition:
            return False
        return all(
            name not in each.values or not known.isdisjoint(each.values[name])
            for each, _ in self.tests
        )

    def alone(
        self, record: KnownRecord, list_shape: ListShape, kept: str = ""
    ) -> KnownRecord | None:
        """A record of which one fact is known, or none, if it fails; one for all that say alike."""
        key = kept, record.said.get(kept)
        if key not in self._alone:
            others = [name for name in record.said if name != kept]
            only = (
                forgetting(list_shape, record, others) if kept else blank(list_shape, record.index)
            )
            self._alone[key] = only if self.fails(only) else None
        return self._alone[key]


def least_failing(record: KnownRecord, list_shape: ListShape, failing: Failing) -> KnownRecord:
    """The record with as few facts as still keep it out; a single one if one suffices."""
    for kept in filter(record.said.__contains__, list_shape.facts):
        if failing.can_have(record.said[kept], kept, list_shape):
            continue
        only = failing.alone(record, list_shape, kept)
        if only is not None:
            return failing.alone(record, list_shape) or only
    return minimise_record(list_shape, record, failing.fails)


def failing_clauses(
    definition: ClassDefinition,
    facts: KnownHistory,
    record: KnownRecord | None,
    spoken: tuple[Clause, ...] = (),
    known: dict[int, Failing] | None = None,
) -> tuple[Clause, ...]:
    """The fewest clauses that a record cannot meet together; if it can be, among `spoken`."""
    known = {} if known is None else known
    for steps in (spoken, definition.steps):
        for size in range(1, len(steps) + 1):
            for some in combinations(steps, size):
                form = definition.normal_form_of(some)  # kept with it, so its id is its own
                if id(form) not in known:
                    known[id(form)] = Failing.of(facts, definition, form)
                if known[id(form)].fails(record):
                    return some
    return definition.steps
