"""One record in every way that it may be: how many clauses it meets at least, and at most.

A history and a definition come in; the clauses are turned into conditions of a record alone, and
each record is tried in all its ways by the two-valued logic of `worlds`.

Claim 1: all that is not of the record can be taken at its best for the claimant, or at its worst. A
list of spans, or an answer about the account, bears on every record the same way, so one world has
all of them at their best: some record can meet the clauses just if it can there. That turns every
condition into one of the record: *covered by Premium* into *within these times*. The same with the
worst tells what is so in every world, but for spans that have no worst (`enumeration`, claim 4).

Claim 2: of the instants that no condition tells apart, one will do. If conditions change at 10 and
at 20, a moment is before 10, from 10 to 19, or from 20 on. Once bounds are narrowed by the order of
moments, two in one such stretch can come in their order; so only the order of stretches counts.

Outside the fragment claim 1 fails: the best of all may be more than any world has, the worst less.
Then what holds at the worst does hold, what fails at the best does fail, and the rest is not known.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias, assert_never

from attrs import field, frozen

from eligibility.audit.worlds import holds
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Covered,
    Ever,
    Is,
    Leaf,
    Uncovered,
    Within,
    leaves,
)
from eligibility.facts.model import History, Record, Value
from eligibility.facts.paths import answer_at, field_of, parse
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: How many ways are tried of one record, and how many in all.
MOST_WAYS: Final = 200_000
MOST_IN_ALL: Final = 1_000_000

_Bounds: TypeAlias = tuple[int, int]
#: A list of spans, and which of them count: the same ones, in whichever order that is asked.
Reader: TypeAlias = tuple[str, frozenset[Is]]
_ALWAYS, _NEVER = AllOf(()), AnyOf(())


class TooManyWaysError(Exception):
    """A record may be in more ways than are tried."""


class Budget:
    """How many ways may still be tried, by all that share it."""

    def __init__(self) -> None:
        self._left = MOST_IN_ALL

    def spend(self, ways: int) -> None:
        """Take so many out of it; too many for one record, or for what is left, are refused."""
        if ways > min(MOST_WAYS, self._left):
            raise TooManyWaysError
        self._left -= ways


@frozen(eq=False)
class OneRecord:
    """Clauses as they ask of one record, and how far a record gets.

    All else is at its best for the claimant, or at its worst; `cuts` are covered besides.
    """

    history: History
    definition: ClassDefinition
    budget: Budget
    best: bool
    cuts: frozenset[tuple[Reader, int]] = frozenset()
    _known: dict[Any, tuple[int, int]] = field(factory=dict)

    @cached_property
    def _conditions(self) -> tuple[Condition, ...]:
        return tuple(self._alone(step.condition) for step in self.definition.steps)

    def _alone(self, condition: Condition) -> Condition:
        """What a condition asks of the record alone (claim 1)."""
        best, history = self.best, self.history
        match condition:
            case AllOf(conditions=parts):
                return AllOf(tuple(map(self._alone, parts)))
            case AnyOf(conditions=parts):
                return AnyOf(tuple(map(self._alone, parts)))
            case Within():
                return condition
            case Is(path=path, values=values):
                if parse(path).is_pattern:
                    return condition
                known = answer_at(path, history)
                may_be: frozenset[Value] = frozenset({True, False} if known is None else {known})
                return _ALWAYS if (may_be & values if best else may_be <= values) else _NEVER
            case Covered(moment=moment, spans=name, where=where):
                reader = (name, frozenset(where))
                cuts = TimeSet.union((at, at) for by, at in self.cuts if by == reader)
                return Within(moment, _coverage(history, condition, most=best) | cuts)
            case Uncovered(moment=moment):
                return Within(moment, ~_coverage(history, condition, most=not best))
            case Ever(spans=name, times=times, where=where):
                met = (
                    times.first(start, end) is not None
                    if start <= end
                    else times.covers(
                        end, start
                    )  # it covers some one of these (claim 4 of `enumeration`)
                    for start, end in spans_of(history, name, where, most=best)
                )
                unlisted = best and name not in history.complete and all(_asked(where).values())
                return _ALWAYS if unlisted or any(met) else _NEVER
        assert_never(condition)

    @cached_property
    def _leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for condition in self._conditions for leaf in leaves(condition))

    @cached_property
    def _values(self) -> tuple[str, ...]:
        """The values of a record that make a difference."""
        read = (field_of(leaf.path) for leaf in self._leaves if isinstance(leaf, Is))
        return tuple(dict.fromkeys(read))

    @cached_property
    def _instants(self) -> tuple[int, ...]:
        """The first instant of every stretch in which no condition changes (claim 2)."""
        sets = [leaf.times.spans for leaf in self._leaves if isinstance(leaf, Within)]
        edges = {edge for spans in sets for first, last in spans for edge in (first, last + 1)}
        return tuple(sorted({EARLIEST, *(edge for edge in edges if edge <= LATEST)}))

    @cached_property
    def _moments(self) -> tuple[Moment, ...]:
        return tuple(map(Moment.at, self._instants))

    def _stretch(self, instant: int) -> int:
        return bisect_right(self._instants, instant) - 1

    def reach(self, record: Record | None) -> tuple[int, int]:
        """How many clauses, from the first on, a record meets at least, and at most."""
        list_shape = self.definition.list_shape
        if record is None or list_shape is None:
            return self._met(None), self._met(None)
        places = {
            exists: tuple(
                (name, self._stretch(a), self._stretch(b)) for name, (a, b) in bounds.items()
            )
            for exists, bounds in _bounds(list_shape, record).items()
        }
        alike = (*(getattr(record, name) for name in self._values), *places.items())
        if alike not in self._known:
            found = {self._met(way) for way in self._ways(list_shape, record, places)}
            self._known[alike] = (min(found), max(found))
        return self._known[alike]

    def _met(self, record: Record | None) -> int:
        for count, condition in enumerate(self._conditions):
            if not holds(condition, record, self.history):
                return count
        return len(self._conditions)

    def _ways(
        self,
        list_shape: ListShape,
        record: Record,
        places: Mapping[bool, tuple[tuple[str, int, int], ...]],
    ) -> Iterator[Record]:
        """Every way that a record may be; a moment stands where its stretch begins."""
        made: Any = list_shape.record.model_construct
        for exists, moments in places.items():
            names = [name for name, _, _ in moments]
            pairs = [pair for pair in list_shape.record.order if {*names} >= {*pair}]
            order = [(names.index(first), names.index(then)) for first, then in pairs]
            choices = [
                (exists,)
                if name == list_shape.existence_condition
                else _values(list_shape, record, name)
                for name in self._values
            ]
            ranges = [range(first, last + 1) for _, first, last in moments]
            self.budget.spend(prod(map(len, (*choices, *ranges))))
            for at in product(*ranges):
                if any(at[first] > at[then] for first, then in order):
                    continue
                instants = {name: self._moments[n] for name, n in zip(names, at, strict=True)}
                for values in product(*choices):
                    yield made(**instants, **dict(zip(self._values, values, strict=True)))


def _bounds(list_shape: ListShape, record: Record) -> dict[bool, dict[str, _Bounds]]:
    """The bounds of a record's moments, narrowed by their order.

    Once for the worlds in which all of them exist (True), once for those without the moments that
    have an existence condition (False); neither if no world fits.
    """
    condition = list_shape.existence_condition
    known = getattr(record, condition) if condition else True
    found: dict[bool, dict[str, _Bounds]] = {}
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


def _values(list_shape: ListShape, record: Record, name: str) -> frozenset[Value]:
    """The values that a yes/no fact or a word of a record may have."""
    value = getattr(record, name)
    return frozenset(list_shape.options[name] if value is None else (value,))


def spans_of(history: History, name: str, where: Iterable[Is], *, most: bool) -> Iterator[_Bounds]:
    """Of each span that surely counts, latest start and earliest end; or, if `most`, the widest.

    Of a span that surely covers no single instant the latest start lies after the earliest end.
    """
    list_shape, asked = shape(type(history)).lists[name], _asked(where)
    for span in getattr(history, name):
        may_be = {key: _values(list_shape, span, key) for key in asked}
        counts = (may_be[k] & asked[k] if most else may_be[k] <= asked[k] for k in asked)
        if all(counts):
            *_, bounds = _bounds(list_shape, span).values()  # the last are the widest
            (first, begun), (ending, last) = bounds["start"], bounds["end"]
            yield (first, last) if most else (begun, ending)


def _asked(where: Iterable[Is]) -> dict[str, frozenset[Value]]:
    """The values that a span may have so that it counts, by field."""
    asked: dict[str, frozenset[Value]] = {}
    for only in where:
        asked[field_of(only.path)] = asked.get(field_of(only.path), only.values) & only.values
    return asked


def _coverage(history: History, leaf: Covered | Uncovered, *, most: bool) -> TimeSet:
    """The instants that some span may cover, or those that one covers whatever is so."""
    if most and leaf.spans not in history.complete and all(_asked(leaf.where).values()):
        return TimeSet.ALL
    return TimeSet.union(spans_of(history, leaf.spans, leaf.where, most=most))
