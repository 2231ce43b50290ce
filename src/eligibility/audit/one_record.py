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

from functools import cached_property
from typing import Any, Final, TypeAlias, assert_never

from attrs import field, frozen

from eligibility.audit.spans import Known
from eligibility.audit.ways import OfList, places_of
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
from eligibility.facts.model import Record, Value
from eligibility.facts.paths import answer_at, field_of, parse
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: How many ways are tried of one record, and how many in all.
MOST_WAYS: Final = 200_000
MOST_IN_ALL: Final = 1_000_000

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

    known: Known
    definition: ClassDefinition
    best: bool
    cuts: frozenset[tuple[Reader, int]] = frozenset()
    _reached: dict[Any, tuple[int, int]] = field(factory=dict)

    @cached_property
    def _conditions(self) -> tuple[Condition, ...]:
        return tuple(self._alone(step.condition) for step in self.definition.steps)

    def _alone(self, condition: Condition) -> Condition:
        """What a condition asks of the record alone (claim 1)."""
        best, history = self.best, self.known.history
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
                return Within(moment, self.known.coverage(name, where, most=best) | cuts)
            case Uncovered(moment=moment, spans=name, where=where):
                return Within(moment, ~self.known.coverage(name, where, most=not best))
            case Ever(spans=name, times=times, where=where):
                spans = (self.known.possible if best else self.known.sure)(name, where)
                met = (
                    times.first(start, end) is not None
                    if start <= end
                    else times.covers(end, start)  # some one of these (claim 4 of `enumeration`)
                    for start, end in spans
                )
                return _ALWAYS if any(met) else _NEVER
        assert_never(condition)

    @cached_property
    def _leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for condition in self._conditions for leaf in leaves(condition))

    @cached_property
    def _list(self) -> OfList:
        return self.known.list(self.definition.record_list or "")

    @cached_property
    def _values(self) -> tuple[str, ...]:
        """The values of a record that make a difference."""
        read = [field_of(leaf.path) for leaf in self._leaves if isinstance(leaf, Is)]
        return tuple(dict.fromkeys((*read, *self._list.values)))

    @cached_property
    def _instants(self) -> tuple[int, ...]:
        """The first instant of every stretch in which no condition changes (claim 2)."""
        sets = [leaf.times.spans for leaf in self._leaves if isinstance(leaf, Within)]
        edges = {edge for spans in sets for first, last in spans for edge in (first, last + 1)}
        edges |= self._list.edges
        return tuple(sorted({EARLIEST, *(edge for edge in edges if edge <= LATEST)}))

    def reach(self, record: Record | None) -> tuple[int, int]:
        """How many clauses, from the first on, a record meets at least, and at most."""
        list_shape = self.definition.list_shape
        if record is None or list_shape is None:
            return self._met(None), self._met(None)
        places = places_of(list_shape, record, self._instants)
        alike = (*(getattr(record, name) for name in self._values), *places.items())
        return self._among(alike, record)

    @property
    def reach_unlisted(self) -> tuple[int, int]:
        """The same of a record that nobody listed: of none, if there can be none."""
        return (0, 0) if self._list.is_complete else self._among("unlisted", None)

    def _among(self, alike: object, record: Record | None) -> tuple[int, int]:
        """The least and the most of all ways that a record may be; `alike` is found once."""
        if alike not in self._reached:
            spend = self.known.spend
            ways = self._list.ways(record, self._values, self._instants, spend)
            found = {self._met(way) for way, _ in ways} or {0}
            self._reached[alike] = (min(found), max(found))
        return self._reached[alike]

    def _met(self, record: Record | None) -> int:
        for count, condition in enumerate(self._conditions):
            if not holds(condition, record, self.known.history):
                return count
        return len(self._conditions)
