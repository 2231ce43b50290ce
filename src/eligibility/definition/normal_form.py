"""The form of a class definition that evaluation reads: a disjunction, read beside `reference`.

Conditions come in; what goes out, for some clauses together, is every way to meet them (a
*disjunct*): what is asked of the account, of the values of one record, and of each of its moments.

Each step keeps the meaning. Conditions are multiplied out, *all of (any of (a, b), c)* into *a and
c, or b and c*. All that is asked of one fact is intersected: *not before May* and *in 2024* are one
time set. What every value has is asked of none, so it is left out, known or not. To ask something
of a moment is to ask that it exists. A disjunct that no history meets is dropped.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, product

import attrs
from attrs import field, frozen

from eligibility.definition.conditions import (
    Condition,
    Covered,
    Ever,
    Is,
    Leaf,
    SpanLeaf,
    Uncovered,
    Within,
    disjuncts,
    leaves,
)
from eligibility.facts.boxes import ANY_TIME, Values, place
from eligibility.facts.model import History, Value
from eligibility.facts.paths import field_of, parse
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.immutable import freeze
from eligibility.values.timeset import TimeSet


@frozen
class MomentTest:
    """All that one disjunct asks of one moment."""

    times: TimeSet
    covered: tuple[Covered, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def coverage(self) -> tuple[Covered | Uncovered, ...]:
        """All that it asks of spans."""
        return (*self.covered, *self.uncovered)


@frozen
class Disjunct:
    """One way to meet some clauses: all of this, `values` and `moments` of one and the same record.

    `assumes_existence`: whether it asks for the fact without which some moment would not exist.
    `needs_record`: whether it speaks of a record at all, if only to ask that there be one.
    """

    answers: tuple[Is, ...]
    evers: tuple[Ever, ...]
    values: Mapping[str, frozenset[Value]] = field(converter=freeze)
    moments: Mapping[str, MomentTest] = field(converter=freeze)
    assumes_existence: bool
    needs_record: bool

    @property
    def span_leaves(self) -> tuple[SpanLeaf, ...]:
        """All that it asks of lists of spans."""
        return (*self.evers, *(leaf for test in self.moments.values() for leaf in test.coverage))


@frozen
class NormalForm:
    """What it takes to meet some clauses together: any one of the disjuncts."""

    disjuncts: tuple[Disjunct, ...]

    def wanted(self, name: str) -> Values:
        """The values of a fact of the record that are asked for in some way."""
        asked = (each.values[name] for each in self.disjuncts if name in each.values)
        return frozenset(chain.from_iterable(asked))


@frozen
class Way:
    """One way to meet one condition: the leaves that restrict something, of a record or not."""

    leaves: tuple[Leaf, ...]
    needs_record: bool


@lru_cache(maxsize=1024)  # the readings of a case share most of their conditions
def ways_to_meet(condition: Condition, model: type[History]) -> tuple[Way, ...]:
    """Every way to meet a condition, of histories of a model."""
    seen = shape(model)
    return tuple(
        Way(
            tuple(_restricting(together, seen)),
            any(True for leaf in together for _ in record_lists(leaf)),
        )
        for together in disjuncts(condition)
    )


@lru_cache(maxsize=1024)
def is_of_nobody(condition: Condition, model: type[History]) -> bool:
    """Whether no history meets a condition about the account alone."""
    return not normal_form([ways_to_meet(condition, model)], None).disjuncts


def normal_form(
    ways_of_each: Iterable[tuple[Way, ...]], list_shape: ListShape | None
) -> NormalForm:
    """What it takes for one record of a list to meet all of some conditions, in any way of each."""
    found = (_disjunct(together, list_shape) for together in product(*ways_of_each))
    return NormalForm(tuple(each for each in found if can_hold(each, list_shape)))


def _restricting(leaves_of: Iterable[Leaf], seen: Shape) -> Iterator[Leaf]:
    """The leaves without what is true of every value: that asks for nothing, known or not."""
    for leaf in leaves_of:
        if not isinstance(leaf, Is | Within):
            where = _filter(leaf.where, seen)
            if isinstance(leaf, Uncovered) and not all(only.values for only in where):
                yield Within(leaf.moment, TimeSet.ALL)  # there are no such spans
            else:
                yield attrs.evolve(leaf, where=where)
        elif isinstance(leaf, Within) or leaf.values != seen.options_at(leaf.path):
            yield leaf


def _filter(where: Iterable[Is], seen: Shape) -> tuple[Is, ...]:
    """Which spans count, with one condition on each fact, whichever way it was written."""
    allowed: dict[str, frozenset[Value]] = {}
    for only in where:
        allowed[only.path] = allowed.get(only.path, only.values) & only.values
    return tuple(
        Is(path, values)
        for path, values in sorted(allowed.items())
        if values != seen.options_at(path)
    )


def _disjunct(together: tuple[Way, ...], list_shape: ListShape | None) -> Disjunct:
    restricting = [leaf for way in together for leaf in way.leaves]
    values: dict[str, frozenset[Value]] = {}
    answers: dict[str, frozenset[Value]] = {}
    moments: dict[str, MomentTest] = {}
    for leaf in restricting:
        if isinstance(leaf, Is):
            at = parse(leaf.path)
            allowed, name = (values, at.field) if at.is_pattern else (answers, leaf.path)
            allowed[name] = allowed.get(name, leaf.values) & leaf.values
        elif not isinstance(leaf, Ever):
            name = field_of(leaf.moment)
            moments[name] = _tested(moments.get(name, MomentTest(TimeSet.ALL, (), ())), leaf)
    condition = list_shape.existence_condition if list_shape else None
    yes = frozenset[Value]({True})
    if list_shape and condition and moments.keys() & list_shape.record.exists_if.keys():
        values[condition] = values.get(condition, yes) & yes  # it asks of a moment: so it exists
    return Disjunct(
        tuple(Is(path, allowed) for path, allowed in answers.items()),
        tuple(leaf for leaf in restricting if isinstance(leaf, Ever)),
        values,
        moments,
        assumes_existence=condition is not None and values.get(condition) == yes,
        needs_record=any(way.needs_record for way in together),
    )


def _tested(test: MomentTest, leaf: Within | Covered | Uncovered) -> MomentTest:
    if isinstance(leaf, Within):
        return attrs.evolve(test, times=test.times & leaf.times)
    if isinstance(leaf, Covered):
        return attrs.evolve(test, covered=(*test.covered, leaf))
    return attrs.evolve(test, uncovered=(*test.uncovered, leaf))


def record_lists(condition: Condition) -> Iterator[str]:
    """The lists whose one record a condition speaks of."""
    for leaf in leaves(condition):
        match leaf:
            case (
                Is(path=path) | Within(moment=path) | Covered(moment=path) | Uncovered(moment=path)
            ) if parse(path).is_pattern:
                yield parse(path).name


def _hides(hidden: Uncovered, covered: Covered) -> bool:
    """Whether every span that one condition asks for is one that the other rules out."""
    asked = {only.path: only.values for only in covered.where}
    return hidden.spans == covered.spans and all(
        only.path in asked and asked[only.path] <= only.values for only in hidden.where
    )


def can_hold(disjunct: Disjunct, list_shape: ListShape | None) -> bool:
    """Whether some history meets a disjunct."""
    values, tests, evers = disjunct.values, disjunct.moments, disjunct.evers
    if not all(values.values()) or not all(only.values for only in disjunct.answers):
        return False
    if any(ever.times.is_empty or not all(o.values for o in ever.where) for ever in evers):
        return False
    for test in tests.values():
        if any(_hides(o, leaf) for leaf in test.covered for o in test.uncovered):
            return False
        if any(not only.values for leaf in test.covered for only in leaf.where):
            return False
    times = {name: test.times for name, test in tests.items()}
    return (
        list_shape is None
        or place(times, dict.fromkeys(list_shape.moments, ANY_TIME), list_shape) is not None
    )
