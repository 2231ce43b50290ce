"""What follows from a history, by listing: slow, plain, and nothing of `evaluate` in it.

The lists of spans and what is asked of the account are settled twice, once at their best for the
claimant and once at their worst. What is then left is asked of one record alone, and each record is
tried in every way that it may be, by the two-valued logic of `worlds`. Instants are listed as far
as any condition can tell them apart. `verify` holds verdicts against what comes out.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Any, Final, TypeAlias

from attrs import evolve, field, frozen

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
from eligibility.values.truth import Truth

#: How many ways are listed of one record, how many in all, and how many records with all cuts.
MOST_WAYS: Final = 200_000
MOST_IN_ALL: Final = 1_000_000
MOST_CUTS: Final = 50_000

_Bounds: TypeAlias = tuple[int, int]
_Reader: TypeAlias = tuple[str, tuple[Is, ...]]  # a list of spans, and which of them count
_ALWAYS, _NEVER = AllOf(()), AnyOf(())


class _TooManyError(Exception):
    """A record may be in more ways than are listed."""


class Budget:
    """How many ways may still be listed, by all that share it."""

    def __init__(self) -> None:
        self._left = MOST_IN_ALL

    def spend(self, ways: int) -> None:
        """Take so many out of it; too many for one record, or for what is left, are refused."""
        if ways > min(MOST_WAYS, self._left):
            raise _TooManyError
        self._left -= ways


@frozen
class Reach:
    """How many clauses, from the first on, some one record meets: in every world, and in some.

    Where `exact` is false, it may be more in every world, or fewer in some.
    """

    surely: int
    possibly: int
    exact: bool

    def truth(self, count: int) -> Truth | None:
        """Whether some record meets so many clauses together; None if that was not found out."""
        found = Truth(count <= self.surely, count <= self.possibly)
        return found if self.exact or found != Truth.UNKNOWN else None


@frozen(eq=False)
class Enumeration:
    """What follows from a history under a definition.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> Enumeration(AccountHistory(account_id="A-1001"), class_definition()).reach
    Reach(surely=0, possibly=5, exact=True)
    """

    history: History
    definition: ClassDefinition
    budget: Budget = field(factory=Budget)

    @cached_property
    def reach(self) -> Reach:
        """How far some record gets."""
        try:
            surely, exact = self._surely()
            possibly = self._farthest(self._best.reach(record)[1] for record in self._able)
        except _TooManyError:
            return Reach(0, self._all, exact=False)
        return Reach(surely, max(surely, possibly), self.definition.exact and exact)

    @property
    def truth(self) -> Truth | None:
        """Whether the account is in the class; None if that was not found out."""
        return self.reach.truth(self._all)

    def truth_with(self, index: int, record: Record) -> Truth | None:
        """The same, if another record stood at a place of the list that one is taken from."""
        if self._narrow:
            records = (*self._records[:index], record, *self._records[index + 1 :])
            known = self.history.model_copy(update={self.definition.record_list or "": records})
            return Enumeration(known, self.definition, self.budget).truth
        try:
            surely = self._worst.reach(record)[0] == self._all or bool({*self._sure} - {index})
            possibly = self._best.reach(record)[1] == self._all or bool({*self._fit} - {index})
        except _TooManyError:
            return None
        whole = Reach(self._all * surely, self._all * possibly, self.definition.exact)
        return whole.truth(self._all)

    @property
    def _all(self) -> int:
        return len(self.definition.steps)

    @cached_property
    def _best(self) -> "_Settled":
        return _Settled(self.history, self.definition, self.budget, best=True)

    @cached_property
    def _worst(self) -> "_Settled":
        return _Settled(self.history, self.definition, self.budget, best=False)

    @property
    def _records(self) -> tuple[Record, ...]:
        each = self.definition.record_list
        return getattr(self.history, each) if each else ()

    @property
    def _able(self) -> tuple[Record | None, ...]:
        """The records, one more if there may be one, and none: clauses may be of the account."""
        each, list_shape = self.definition.record_list, self.definition.list_shape
        if list_shape is None or each in self.history.complete:
            return (*self._records, None)
        return (*self._records, list_shape.record.model_construct(), None)

    @cached_property
    def _sure(self) -> tuple[int, ...]:
        """The places of the first two records that are surely in the class, if there are two."""
        reaches = (self._worst.reach(record)[0] for record in (*self._records, None))
        return tuple(islice((at for at, met in enumerate(reaches) if met == self._all), 2))

    @cached_property
    def _fit(self) -> tuple[int, ...]:
        """The places of the first two that are possibly in the class, if there are two."""
        reaches = (self._best.reach(record)[1] for record in self._able)
        return tuple(islice((at for at, met in enumerate(reaches) if met == self._all), 2))

    def _farthest(self, reaches: Iterable[int]) -> int:
        farthest = 0
        for reach in reaches:
            farthest = max(farthest, reach)
            if farthest == self._all:
                break
        return farthest

    # ---- spans that surely cover no single instant, and yet cover some ----

    def _surely(self) -> tuple[int, bool]:
        """How far some record gets in every world, and whether all that matters was listed."""
        records = (*self._records, None)
        least = self._farthest(self._worst.reach(record)[0] for record in records)
        ways = prod(last - first + 1 for _, first, last in self._narrow)
        if least == self._all or not self._narrow:
            return least, True
        if ways * len(records) > MOST_CUTS:
            return least, False
        readers = [reader for reader, _, _ in self._narrow]
        found = self._all
        for places in product(*(range(first, last + 1) for _, first, last in self._narrow)):
            cuts = frozenset(zip(readers, places, strict=True))
            settled = evolve(self._worst, cuts=cuts, known={})
            found = min(found, self._farthest(settled.reach(record)[0] for record in records))
        return found, True

    @cached_property
    def crossing(self) -> tuple[tuple[_Reader, int, int], ...]:
        """The instants, first to last, to cut such spans to; without what reaches round another."""
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        covered = [leaf for leaf in asked if isinstance(leaf, Covered)]
        loose: list[tuple[_Reader, int, int]] = []
        for reader in dict.fromkeys((leaf.spans, leaf.where) for leaf in covered):
            inner = EARLIEST - 1
            spans = _spans(self.history, *reader, most=False)
            for last, first in sorted((begun, -ending) for begun, ending in spans):
                if inner < -first < last:
                    inner = -first
                    loose.append((reader, inner, last))
        return tuple(loose)

    @cached_property
    def _narrow(self) -> tuple[tuple[_Reader, int, int], ...]:
        """Those of them that may help a record.

        A record gains by cuts where it lacks no more instants than are cut. So of many more
        instants than that there is one that no record lacks; a span that is cut there helps nobody.
        """
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        covered = sum(isinstance(leaf, Covered) for leaf in asked)
        lacked = len(self.crossing) * covered * len(self._records)
        return tuple(each for each in self.crossing if each[2] - each[1] < lacked)


# ---- one record, in every way that it may be -----------------------------------------------------


@frozen(eq=False)
class _Settled:
    """Clauses as they ask of one record, all else being settled, and how far records get.

    All else is at its best for the claimant, or at its worst; `cuts` are covered besides.
    """

    history: History
    definition: ClassDefinition
    budget: Budget
    best: bool
    cuts: frozenset[tuple[_Reader, int]] = frozenset()
    _known: dict[Any, tuple[int, int]] = field(factory=dict)

    @cached_property
    def _conditions(self) -> tuple[Condition, ...]:
        return tuple(self._settled(step.condition) for step in self.definition.steps)

    def _settled(self, condition: Condition) -> Condition:
        """A condition of one record alone."""
        best, history = self.best, self.history
        match condition:
            case AllOf(conditions=parts):
                return AllOf(tuple(map(self._settled, parts)))
            case AnyOf(conditions=parts):
                return AnyOf(tuple(map(self._settled, parts)))
            case Is(path=path, values=values) if not parse(path).is_pattern:
                known = answer_at(path, history)
                may_be: frozenset[Value] = frozenset({True, False} if known is None else {known})
                return _ALWAYS if (may_be & values if best else may_be <= values) else _NEVER
            case Covered(moment=moment, spans=name, where=where):
                cuts = TimeSet.union((at, at) for by, at in self.cuts if by == (name, where))
                return Within(moment, _coverage(history, condition, most=best) | cuts)
            case Uncovered(moment=moment):
                return Within(moment, ~_coverage(history, condition, most=not best))
            case Ever(spans=name, times=times, where=where):
                met = (
                    times.first(start, end) is not None
                    if start <= end
                    else times.covers(end, start)  # whichever instant of these it is cut down to
                    for start, end in _spans(history, name, where, most=best)
                )
                unlisted = best and name not in history.complete
                return _ALWAYS if unlisted or any(met) else _NEVER
        return condition

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
        """The instants at which the answer to some condition changes, and the first of all."""
        sets = [leaf.times.spans for leaf in self._leaves if isinstance(leaf, Within)]
        edges = {edge for spans in sets for first, last in spans for edge in (first, last + 1)}
        return tuple(sorted({EARLIEST, *edges}))

    @cached_property
    def _moments(self) -> tuple[Moment, ...]:
        return tuple(map(Moment.at, self._instants))

    def _place(self, instant: int) -> int:
        return bisect_right(self._instants, instant) - 1

    def reach(self, record: Record | None) -> tuple[int, int]:
        """How many clauses, from the first on, a record meets at least, and at most."""
        list_shape = self.definition.list_shape
        if record is None or list_shape is None:
            return self._met(None), self._met(None)
        places = {
            gated: tuple((name, self._place(a), self._place(b)) for name, (a, b) in bounds.items())
            for gated, bounds in _bounds(list_shape, record).items()
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
        """Every way that a record may be, its moments back at instants: in each set, in order."""
        made: Any = list_shape.record.model_construct
        for gated, moments in places.items():
            names = [name for name, _, _ in moments]
            pairs = [pair for pair in list_shape.record.order if {*names} >= {*pair}]
            order = [(names.index(first), names.index(then)) for first, then in pairs]
            choices = [
                (gated,)
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

    Once for the worlds in which all of them exist (True), once for those that lack the moments
    that hang on a fact (False); without what no world fits.
    """
    known = (
        getattr(record, list_shape.existence_condition) if list_shape.existence_condition else True
    )
    found: dict[bool, dict[str, _Bounds]] = {}
    for gated in (True, False) if known is None else (known,):
        low: dict[str, int] = {}
        high: dict[str, int] = {}
        for name in list_shape.moments:
            if gated or name not in list_shape.record.exists_if:
                at = getattr(record, name)
                low[name], high[name] = (at.earliest, at.latest) if at else (EARLIEST, LATEST)
        order = [pair for pair in list_shape.record.order if low.keys() >= set(pair)]
        for first, then in order:
            low[then] = max(low[first], low[then])
        for first, then in reversed(order):
            high[first] = min(high[first], high[then])
        if all(low[name] <= high[name] for name in low):
            found[gated] = {name: (low[name], high[name]) for name in low}
    return found


def _values(list_shape: ListShape, record: Record, name: str) -> frozenset[Value]:
    """The values that a yes/no fact or a word of a record may have."""
    value = getattr(record, name)
    return frozenset(list_shape.options[name] if value is None else (value,))


def _spans(history: History, name: str, where: tuple[Is, ...], *, most: bool) -> Iterator[_Bounds]:
    """Of each span that surely counts, latest start and earliest end; or, if `most`, the widest.

    Of a span that surely covers no single instant the latest start lies after the earliest end.
    """
    list_shape = shape(type(history)).lists[name]
    asked: dict[str, frozenset[Value]] = {}
    for only in where:
        asked[field_of(only.path)] = asked.get(field_of(only.path), only.values) & only.values
    for span in getattr(history, name):
        may_be = {key: _values(list_shape, span, key) for key in asked}
        counts = (may_be[k] & asked[k] if most else may_be[k] <= asked[k] for k in asked)
        if all(counts):
            *_, bounds = _bounds(list_shape, span).values()  # the last are the widest
            (first, begun), (ending, last) = bounds["start"], bounds["end"]
            yield (first, last) if most else (begun, ending)


def _coverage(history: History, leaf: Covered | Uncovered, *, most: bool) -> TimeSet:
    """The instants that some span may cover, or those that one covers whatever is so."""
    if most and leaf.spans not in history.complete:
        return TimeSet.ALL
    return TimeSet.union(_spans(history, leaf.spans, leaf.where, most=most))
