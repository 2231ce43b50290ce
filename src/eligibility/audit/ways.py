"""Every way that one record of a list may be, as records of worlds in which nothing is open.

A record that is listed may be all that it does not deny; one that nobody listed, all that no
statement of completeness takes in. Under a supposition only the ways are left that agree with it;
where it leaves none of a record that is listed, what the record says stands.

There are as many ways as there are microseconds, so a moment stands for its *stretch*: instants
that nobody who asks tells apart. Who asks names the instants at which stretches begin; those at
which a statement or a supposition changes its mind (`edges`) must be among them.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, TypeAlias

from attrs import frozen

from eligibility.audit.worlds import agrees, meets
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.model import History, Record, Value
from eligibility.facts.shape import ListShape, shape
from eligibility.facts.supposition import Supposition
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

Bounds: TypeAlias = tuple[int, int]
#: Of each moment that exists, the first and the last stretch in which it may lie, by their places.
Places: TypeAlias = tuple[tuple[str, int, int], ...]


@frozen
class OfList:
    """What holds of the records of one list, listed or not."""

    list_shape: ListShape
    stated: tuple[Mapping[str, Any], ...]
    supposition: Supposition | None
    is_complete: bool

    @classmethod
    def of(cls, history: History, name: str, supposition: Supposition | None) -> "OfList":
        """What is stated of a list, and what is supposed of it."""
        about = (each for each in history.complete if isinstance(each, CompletenessStatement))
        stated = tuple(each.where for each in about if each.list == name)
        supposed_complete = supposition is not None and name in supposition.complete
        so = supposition if supposition is not None and supposition.list == name else None
        is_complete = name in history.complete or supposed_complete
        return cls(shape(type(history)).lists[name], stated, so, is_complete)

    @property
    def values(self) -> tuple[str, ...]:
        """The yes/no facts and words that a statement or the supposition reads."""
        read = [name for where in self.stated for name in where]
        if so := self.supposition:
            read += [so.unless[0], so.fact]
        return tuple(name for name in self.list_shape.values if name in read)

    @property
    def edges(self) -> frozenset[int]:
        """The instants from which on they may say otherwise."""
        asked = (each for where in self.stated for each in where.values())
        moments = [each for each in asked if isinstance(each, Moment)]
        edges = {at for each in moments for at in (each.earliest, each.latest + 1)}
        if so := self.supposition:
            edges.add(so.before)
        return frozenset(at for at in edges if EARLIEST < at <= LATEST)

    def ways(
        self,
        record: Record | None,
        values: Iterable[str],
        instants: Sequence[int],
        spend: Callable[[int], None],
    ) -> Iterator[tuple[Any, Mapping[str, int]]]:
        """Every way that a record may be, or one that nobody listed (None), and its stretches.

        Of the yes/no facts and words only `values` are told apart. `spend` is told beforehand how
        many ways are tried.
        """
        read = dict.fromkeys((*values, *self.values))
        known = self.list_shape.record.model_construct() if record is None else record
        found = False
        for way, stretches in _every(self.list_shape, known, read, instants, spend):
            if record is None and any(meets(way, where) for where in self.stated):
                continue
            if self.supposition is None or agrees(way, self.supposition):
                found = True
                yield way, stretches
        if record is not None and not found:
            yield from _every(self.list_shape, known, read, instants, spend)

    def can_agree(self, record: Record, spend: Callable[[int], None]) -> bool:
        """Whether a record that is listed can be as it is supposed."""
        so, instants = self.supposition, (EARLIEST, *sorted(self.edges))
        ways = _every(self.list_shape, record, self.values, instants, spend)
        return so is None or any(agrees(way, so) for way, _ in ways)


def _every(
    list_shape: ListShape,
    record: Record,
    values: Iterable[str],
    instants: Sequence[int],
    spend: Callable[[int], None],
) -> Iterator[tuple[Any, Mapping[str, int]]]:
    """Every way that a record may be by itself; a moment stands where its stretch begins."""
    made: Any = list_shape.record.model_construct
    for exists, moments in places_of(list_shape, record, instants).items():
        names = [name for name, _, _ in moments]
        pairs = [pair for pair in list_shape.record.order if {*names} >= {*pair}]
        order = [(names.index(first), names.index(then)) for first, then in pairs]
        choices = [
            (exists,)
            if name == list_shape.existence_condition
            else values_of(list_shape, record, name)
            for name in values
        ]
        ranges = [range(first, last + 1) for _, first, last in moments]
        spend(prod(map(len, (*choices, *ranges))))
        for at in product(*ranges):
            if any(at[first] > at[then] for first, then in order):
                continue
            stretches = dict(zip(names, at, strict=True))
            moment_of = {name: Moment.at(instants[n]) for name, n in stretches.items()}
            for chosen in product(*choices):
                yield made(**moment_of, **dict(zip(values, chosen, strict=True))), stretches


def places_of(list_shape: ListShape, record: Record, instants: Sequence[int]) -> dict[bool, Places]:
    """The stretches of a record's moments, once for each way of `bounds_of`."""
    return {
        exists: tuple(
            (name, bisect_right(instants, first) - 1, bisect_right(instants, last) - 1)
            for name, (first, last) in bounds.items()
        )
        for exists, bounds in bounds_of(list_shape, record).items()
    }


def bounds_of(list_shape: ListShape, record: Record) -> dict[bool, dict[str, Bounds]]:
    """The bounds of a record's moments, narrowed by their order.

    Once for the worlds in which all of them exist (True), once for those without the moments that
    have an existence condition (False); neither if no world fits.
    """
    condition = list_shape.existence_condition
    known = getattr(record, condition) if condition else True
    found: dict[bool, dict[str, Bounds]] = {}
    for exists in (True, False) if known is None else (known,):
        low: dict[str, int] = {}
        high: dict[str, int] = {}
        for name in list_shape.moments:
            if exists or name not in list_shape.record.exists_if:
                at = getattr(record, name)
                low[name], high[name] = (at.earliest, at.latest) if at else (EARLIEST, LATEST)
        order = [pair for pair in list_shape.record.order if low.keys() >= set(pair)]
        for first, then in order:
            low[then] = max(low[first], low[then])
        for first, then in reversed(order):
            high[first] = min(high[first], high[then])
        if all(low[name] <= high[name] for name in low):
            found[exists] = {name: (low[name], high[name]) for name in low}
    return found


def values_of(list_shape: ListShape, record: Record, name: str) -> frozenset[Value]:
    """The values that a yes/no fact or a word of a record may have."""
    value = getattr(record, name)
    if value is None:
        return list_shape.all_values[name]
    return frozenset(value) if isinstance(value, tuple) else frozenset({value})
