"""A class definition brought into the form that `evaluate` reads.

Conditions come in; what goes out is, for each stage, the ways to meet it: what is asked of the
account, of the values of one record, and of each of its moments, all conditions on one moment
together. What is true of every value asks for nothing and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs
from attrs import field, frozen

from eligibility.definition.conditions import (
    AllOf,
    Condition,
    Covered,
    Ever,
    Is,
    Leaf,
    Uncovered,
    Within,
    disjuncts,
    leaves,
)
from eligibility.facts.model import Value
from eligibility.facts.normalise import ANY_TIME, place
from eligibility.facts.paths import field_of, parse
from eligibility.facts.shape import ListShape, Shape
from eligibility.immutable import freeze
from eligibility.values.timeset import TimeSet


@frozen
class MomentTest:
    """All that one alternative asks of one moment."""

    times: TimeSet
    covered: tuple[Covered, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def coverage(self) -> tuple[Covered | Uncovered, ...]:
        """All that it asks of spans."""
        return (*self.covered, *self.uncovered)


@frozen
class Disjunct:
    """One way to meet a stage: all of this, with `values` and `moments` of one and the same record.

    `gated`: whether it asks for the fact without which some moment would not exist.
    `needs_record`: whether it speaks of a record at all, if only to ask that there be one.
    """

    answers: tuple[Is, ...]
    evers: tuple[Ever, ...]
    values: Mapping[str, frozenset[Value]] = field(converter=freeze)
    moments: Mapping[str, MomentTest] = field(converter=freeze)
    assumes_existence: bool
    needs_record: bool


@frozen
class NormalForm:
    """What it takes to get through the first so many clauses: any one of the alternatives."""

    disjuncts: tuple[Disjunct, ...]


def normal_form(conditions: Iterable[Condition], each: str | None, seen: Shape) -> NormalForm:
    """What it takes for one record of the list `each` to meet all of the conditions."""
    ways = disjuncts(AllOf(tuple(conditions)))
    list_shape = seen.lists[each] if each else None
    made = (_alternative(way, list_shape, seen) for way in ways)
    return NormalForm(tuple(way for way in made if can_hold(way, list_shape)))


def _telling(leaves_of: Iterable[Leaf], seen: Shape) -> Iterator[Leaf]:
    """The leaves without what is true of every value: that asks for nothing, known or not."""
    for leaf in leaves_of:
        if not isinstance(leaf, Is | Within):
            telling = (o for o in leaf.where if o.values != known_values(o.path, seen))
            yield attrs.evolve(leaf, where=tuple(telling))
        elif isinstance(leaf, Within) or leaf.values != known_values(leaf.path, seen):
            yield leaf


def known_values(path: str, seen: Shape) -> frozenset[Value]:
    """Every value that a path can have; empty if there is no such path."""
    both: frozenset[Value] = frozenset({True, False})
    at = parse(path)
    if not at.is_pattern:
        return both if path in seen.yes_no else frozenset()
    list_shape = seen.lists.get(at.name)
    if list_shape is None or at.field in list_shape.yes_no:
        return both if list_shape else frozenset()
    return frozenset(list_shape.vocabulary.get(at.field, ()))


def _alternative(way: tuple[Leaf, ...], list_shape: ListShape | None, seen: Shape) -> Disjunct:
    needs_record = any(True for leaf in way for _ in record_lists(leaf))
    way = tuple(_telling(way, seen))
    values: dict[str, frozenset[Value]] = {}
    answers: dict[str, frozenset[Value]] = {}
    moments: dict[str, MomentTest] = {}
    exists_if = list_shape.record.exists_if if list_shape else {}
    for leaf in way:
        if isinstance(leaf, Is):
            at = parse(leaf.path)
            known, name = (values, at.field) if at.is_pattern else (answers, leaf.path)
            known[name] = known.get(name, leaf.values) & leaf.values
        elif not isinstance(leaf, Ever):
            name = field_of(leaf.moment)
            moments[name] = _tested(moments.get(name, MomentTest(TimeSet.ALL, (), ())), leaf)
    for existence_condition in [exists_if[name] for name in moments if name in exists_if]:
        values[existence_condition] = values.get(existence_condition, frozenset({True})) & {True}
    return Disjunct(
        tuple(Is(path, allowed) for path, allowed in answers.items()),
        tuple(leaf for leaf in way if isinstance(leaf, Ever)),
        values,
        moments,
        bool(
            list_shape
            and list_shape.existence_condition
            and values.get(list_shape.existence_condition) == frozenset({True})
        ),
        needs_record,
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


def can_hold(way: Disjunct, list_shape: ListShape | None) -> bool:
    """Whether some history meets an alternative."""
    if not all(way.values.values()) or not all(only.values for only in way.answers):
        return False
    if any(ever.times.is_empty or not all(o.values for o in ever.where) for ever in way.evers):
        return False
    for test in way.moments.values():
        if any(_hides(o, leaf) for leaf in test.covered for o in test.uncovered):
            return False
        if any(not only.values for leaf in test.covered for only in leaf.where):
            return False
    times = {name: test.times for name, test in way.moments.items()}
    return (
        list_shape is None
        or place(times, dict.fromkeys(list_shape.moments, ANY_TIME), list_shape) is not None
    )
