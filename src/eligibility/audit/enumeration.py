"""What follows from a history, by enumeration: slow, plain, and nothing of `evaluation` in it.

To try every world is out of reach, for there are as many as there are microseconds. Each of these
claims takes some away and loses none; what is left is tried by the two-valued logic of `worlds`.

Claim 1: all that is not of the one record can be taken at its best for the claimant, or at its
worst. A list of spans, or an answer about the account, bears on every record the same way, so one
world has all of them at their best: some record can meet the clauses just if it can there. That
turns every condition into one of a record alone: *covered by Premium* into *within these times*.
The same with the worst tells what is so in every world, but for claim 4.

Claim 2: of the instants that no condition tells apart, one will do. If conditions change at 10 and
at 20, a moment is before 10, from 10 to 19, or from 20 on. Once bounds are narrowed by the order of
moments, two in one such stretch can come in their order; so only the order of stretches counts.

Claim 3: records are tried one by one. In every world some record meets the clauses, if one record
does in all its ways. If each fails in some way, some world has all of them fail: they do not meet.

Claim 4: a span whose latest start lies after its earliest end has no worst: it covers some one of
the instants between, and no more than that need be so. So claim 3 is asked again for every choice
of such instants, the *cuts*. A span that reaches round another one can be cut where that one is, so
it adds nothing. Nor does one with more instants than all records together can want covered.

Outside the fragment claim 1 fails: the best of all may be more than any world has, the worst less.
Then what holds at the worst does hold, what fails at the best does fail, and the rest is not known.
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

#: How many ways are tried of one record, how many in all, and how many records with all cuts.
MOST_WAYS: Final = 200_000
MOST_IN_ALL: Final = 1_000_000
MOST_CUTS: Final = 50_000

_Bounds: TypeAlias = tuple[int, int]
#: A list of spans, and which of them count: the same ones, in whichever order that is asked.
_Reader: TypeAlias = tuple[str, frozenset[Is]]
_ALWAYS, _NEVER = AllOf(()), AnyOf(())


class _TooManyError(Exception):
    """A record may be in more ways than are tried."""


class Budget:
    """How many ways may still be tried, by all that share it."""

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
    def _best(self) -> "_OneRecord":
        return _OneRecord(self.history, self.definition, self.budget, best=True)

    @cached_property
    def _worst(self) -> "_OneRecord":
        return _OneRecord(self.history, self.definition, self.budget, best=False)

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

    # ---- claim 4: spans that surely cover no single instant, and yet cover some ----

    def _surely(self) -> tuple[int, bool]:
        """How far some record gets in every world, and whether every cut was tried."""
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
            cut = evolve(self._worst, cuts=cuts, known={})
            found = min(found, self._farthest(cut.reach(record)[0] for record in records))
        return found, True

    @cached_property
    def crossing(self) -> tuple[tuple[_Reader, int, int], ...]:
        """The instants, first to last, to cut such spans to; without what reaches round another.

        In the order of their latest starts, a span reaches round none of those before it just if
        its earliest end lies after all of theirs.
        """
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        covered = [leaf for leaf in asked if isinstance(leaf, Covered)]
        found: list[tuple[_Reader, int, int]] = []
        for reader in dict.fromkeys((leaf.spans, frozenset(leaf.where)) for leaf in covered):
            farthest = EARLIEST - 1
            spans = _spans(self.history, *reader, most=False)
            for begun, ending in sorted(spans, key=lambda bounds: (bounds[0], -bounds[1])):
                if farthest < ending < begun:
                    farthest = ending
                    found.append((reader, ending, begun))
        return tuple(found)

    @cached_property
    def _narrow(self) -> tuple[tuple[_Reader, int, int], ...]:
        """Those of them that may help a record.

        A record gains by cuts if they cover every instant that it still wants covered for a clause,
        so these are no more than there are cuts. A span that has more instants than all records
        want in that way has one that none of them wants, and cut to that it helps nobody.
        """
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        covered = sum(isinstance(leaf, Covered) for leaf in asked)
        wanted = len(self.crossing) * covered * len(self._records)
        return tuple(each for each in self.crossing if each[2] - each[1] < wanted)


# ---- claims 1 to 3: one record, in every way that it may be --------------------------------------


@frozen(eq=False)
class _OneRecord:
    """Clauses as they ask of one record, and how far a record gets.

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
        return tuple(self._alone(step.condition) for step in self.definition.steps)

    def _alone(self, condition: Condition) -> Condition:
        """What a condition asks of the record alone (claim 1)."""
        best, history = self.best, self.history
        match condition:
            case AllOf(conditions=parts):
                return AllOf(tuple(map(self._alone, parts)))
            case AnyOf(conditions=parts):
                return AnyOf(tuple(map(self._alone, parts)))
            case Is(path=path, values=values) if not parse(path).is_pattern:
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
                    else times.covers(end, start)  # it covers some one of these (claim 4)
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
        """The first instant of every stretch in which no condition changes (claim 2)."""
        sets = [leaf.times.spans for leaf in self._leaves if isinstance(leaf, Within)]
        edges = {edge for spans in sets for first, last in spans for edge in (first, last + 1)}
        return tuple(sorted({EARLIEST, *edges}))

    @cached_property
    def _moments(self) -> tuple[Moment, ...]:
        return tuple(map(Moment.at, self._instants))

    def _place(self, instant: int) -> int:
        """The stretch that an instant lies in."""
        return bisect_right(self._instants, instant) - 1

    def reach(self, record: Record | None) -> tuple[int, int]:
        """How many clauses, from the first on, a record meets at least, and at most."""
        list_shape = self.definition.list_shape
        if record is None or list_shape is None:
            return self._met(None), self._met(None)
        places = {
            exists: tuple((name, self._place(a), self._place(b)) for name, (a, b) in bounds.items())
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


def _spans(history: History, name: str, where: Iterable[Is], *, most: bool) -> Iterator[_Bounds]:
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
