"""What may be so of one record: a union of boxes.

A box says for each yes/no fact and word which values it may have, and for each moment the first and
the last instant at which it may lie (UTC microseconds, both inclusive); all that fits is possible,
as long as the moments come in their order. Almost always one box says all. It takes several where
facts hang together: a message was shared after it was sent, or never; a record that nobody listed
fails this statement of completeness or that.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeGuard

from attrs import field, frozen

from eligibility.facts.records import Record, Value
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict, unchecked
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: Earliest and latest instant, UTC microseconds, both inclusive.
Bounds: TypeAlias = tuple[int, int]
#: The values that a yes/no fact or a word may have.
Values: TypeAlias = frozenset[Value]
#: What is said of a record, by field: values, and bounds of moments.
Said: TypeAlias = Mapping[str, Values | Bounds]

ANY_TIME: Final[Bounds] = (EARLIEST, LATEST)


def _kept(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping of values that never change, as one that does not either."""
    return given if isinstance(given, FrozenDict) else FrozenDict(given)


@frozen
class Box:
    """Every field that a record has, with what it may be.

    The bounds of a moment speak of the worlds in which it exists; one that exists in none is left
    out.
    """

    values: Mapping[str, Values] = field(converter=_kept)
    bounds: Mapping[str, Bounds] = field(converter=_kept)

    def within(self, other: "Box") -> bool:
        """Whether the other allows all that this one allows."""
        return all(may_be <= other.values[name] for name, may_be in self.values.items()) and all(
            other.bounds[name][0] <= first and last <= other.bounds[name][1]
            for name, (first, last) in self.bounds.items()
        )


#: A box of mappings that never change: histories have tens of thousands of them.
new_box: Final = unchecked(Box)


def boxes_of(list_shape: ListShape, said: Said) -> tuple[Box, ...] | tuple[str, ...]:
    """All that a record of which so much is said may be, or the fields that contradict each other.

    Moments that may not exist take a box of their own only where their order narrows others.
    """
    exists_if, condition = list_shape.record.exists_if, list_shape.existence_condition
    values, bounds = dict(list_shape.all_values), dict.fromkeys(list_shape.moments, ANY_TIME)
    for name, known in said.items():
        if isinstance(known, frozenset):
            values[name] = known
        else:
            bounds[name] = known
    named = [name for name in exists_if if name in said]
    if condition and values[condition] == _NO and named:
        return (condition, *named)
    return _boxes(list_shape, values, bounds)


def _boxes(
    list_shape: ListShape, values: dict[str, Values], bounds: dict[str, Bounds]
) -> tuple[Box, ...] | tuple[str, ...]:
    """The same of values and bounds of all fields."""
    record, condition = list_shape.record, list_shape.existence_condition
    exists = values[condition] if condition else _YES
    if False not in exists:
        clash = _propagate(bounds, record.order)
        return clash or (new_box(FrozenDict(values), FrozenDict(bounds)),)
    alone = {name: at for name, at in bounds.items() if name not in record.exists_if}
    if clash := _propagate(alone, record.order):
        return clash
    can_exist = exists != _NO and not _propagate(bounds, record.order)
    if can_exist and bounds.items() >= alone.items():
        return (new_box(FrozenDict(values), FrozenDict(bounds)),)
    values[condition or ""] = _NO  # if no world has such moments as well
    never = new_box(FrozenDict(values), FrozenDict(alone))
    if not can_exist:
        return (never,)
    values[condition or ""] = _YES
    return new_box(FrozenDict(values), FrozenDict(bounds)), never


def possible_boxes(list_shape: ListShape, said: Said) -> tuple[Box, ...]:
    """All that a record of which so much is said may be; nothing, if that contradicts itself."""
    found = boxes_of(list_shape, said)
    return found if is_possible(found) else ()


def is_possible(found: tuple[Box, ...] | tuple[str, ...]) -> TypeGuard[tuple[Box, ...]]:
    """Whether it is boxes that were found, not fields that contradict each other."""
    return isinstance(found[0], Box)


_YES: Final[Values] = frozenset({True})
_NO: Final[Values] = frozenset({False})


def narrowed(box: Box, list_shape: ListShape, more: Said) -> tuple[Box, ...]:
    """What is left of a box where more is known; a moment that is known exists."""
    values, bounds = {**box.values}, {**box.bounds}
    for name, known in more.items():
        if isinstance(known, frozenset):
            values[name] &= known
            if not values[name]:
                return ()
            continue
        if name not in bounds:
            return ()
        first, last = max(bounds[name][0], known[0]), min(bounds[name][1], known[1])
        bounds[name] = first, last
        if condition := list_shape.record.exists_if.get(name):
            values[condition] &= _YES
        if first > last or (condition and not values[condition]):
            return ()
    made = _boxes(list_shape, values, bounds)
    return made if is_possible(made) else ()


def without(box: Box, list_shape: ListShape, where: Said) -> Iterator[Box]:
    """What is left of a box without all that meets a condition on each of some fields."""
    for name, asked in where.items():
        if isinstance(asked, frozenset):
            yield from narrowed(box, list_shape, {name: list_shape.all_values[name] - asked})
            continue
        if condition := list_shape.record.exists_if.get(name):
            yield from narrowed(box, list_shape, {condition: _NO})
        yield from narrowed(box, list_shape, {name: (EARLIEST, asked[0] - 1)})
        yield from narrowed(box, list_shape, {name: (asked[1] + 1, LATEST)})


def largest(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes that lie within no other one of them."""
    kept: list[Box] = []
    for box in boxes:
        if not any(box.within(other) for other in kept):
            kept = [other for other in kept if not other.within(box)]
            kept.append(box)
    return tuple(kept)


def disjoint(boxes: Iterable[Box], list_shape: ListShape) -> tuple[Box, ...]:
    """The same possibilities, in boxes that have none in common."""
    kept: list[Box] = []
    for box in boxes:
        left = [box]
        for other in kept:
            where = restrictions(other, list_shape)
            left = [piece for each in left for piece in _minus(each, list_shape, where)]
        kept += left
    return tuple(kept)


def restrictions(box: Box, list_shape: ListShape) -> Said:
    """What a box asks of a record, field by field; nothing of what it leaves open."""
    exists_if, every = list_shape.record.exists_if, list_shape.all_values
    values = {name: may_be for name, may_be in box.values.items() if may_be != every[name]}
    return values | {
        name: at
        for name, at in box.bounds.items()
        if at != ANY_TIME and (name not in exists_if or box.values[exists_if[name]] == _YES)
    }


def unimplied(where: Said, record: type[Record]) -> dict[str, Values | Bounds]:
    """Conditions without what follows from others by the order of moments.

    Whatever was charged in 2023 was bought by 2023: nobody asks for both.
    """
    left = dict(where)
    for first, then in record.order:
        (low, high), (least, most) = (
            known if isinstance(known := left.get(key, ANY_TIME), tuple) else ANY_TIME
            for key in (first, then)
        )
        exists = then not in record.exists_if or left.get(record.exists_if[then]) == _YES
        if most <= high:
            left[first] = low, LATEST
        if least <= low and (exists or most < LATEST):
            left[then] = EARLIEST, most
    return {key: each for key, each in left.items() if each != ANY_TIME}


def _minus(box: Box, list_shape: ListShape, where: Said) -> Iterator[Box]:
    """What is left of a box without all that meets every condition, in pieces apart."""
    left = [box]
    for name, asked in where.items():
        for each in left:
            yield from without(each, list_shape, {name: asked})
        left = [piece for each in left for piece in narrowed(each, list_shape, {name: asked})]


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around several."""
    values: dict[str, Values] = {}
    bounds: dict[str, Bounds] = {}
    for box in boxes:
        for name, may_be in box.values.items():
            values[name] = values.get(name, may_be) | may_be
        for name, (first, last) in box.bounds.items():
            known = bounds.get(name, (first, last))
            bounds[name] = min(first, known[0]), max(last, known[1])
    return Box(FrozenDict(values), FrozenDict(bounds))


def _propagate(bounds: dict[str, Bounds], order: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Narrow bounds by what came first, in place; the two moments that clash, if any do.

    `order` lists pairs so that one pass forward and one back reach everything.
    """
    for first, then in order:
        if first in bounds and then in bounds and bounds[first][0] > bounds[then][0]:
            bounds[then] = (bounds[first][0], bounds[then][1])
    for first, then in reversed(order):
        if first in bounds and then in bounds:
            if bounds[then][1] < bounds[first][1]:
                bounds[first] = (bounds[first][0], bounds[then][1])
            if bounds[first][0] > bounds[first][1]:  # so it is if and only if they clash
                return (first, then)
    return ()


def place(
    times: Mapping[str, TimeSet],
    bounds: Mapping[str, tuple[int, int]],
    list_shape: ListShape,
    *,
    last: bool = False,
) -> dict[str, int] | None:
    """The earliest instants, or the last, within bounds and time sets and in their order, or None.

    Moments are placed first to last, each as early as its bounds, its time set and those placed
    before it allow; or last to first, each as late as can be. If that fails, nothing fits.
    """
    at: dict[str, int] = {}
    for name, before, after in reversed(list_shape.placing) if last else list_shape.placing:
        if name not in bounds:
            continue
        low, high = bounds[name]
        within = times.get(name, TimeSet.ALL)
        if last:
            for then in after:
                if then in at and at[then] < high:
                    high = at[then]
            found = within.last(low, high)
        else:
            for first in before:
                if first in at and at[first] > low:
                    low = at[first]
            found = within.first(low, high)
        if found is None:
            return None
        at[name] = found
    return at
