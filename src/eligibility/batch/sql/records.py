"""What each clause asks of one record, as SQL over a record and a window of its account.

A window is one choice of coverage: for each condition on coverage, one piece of what is surely (or
possibly) covered or not covered. A record gets through a clause if it does so with some window.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, assert_never

from attrs import frozen

from eligibility.batch.sql.coverage import covers, meets
from eligibility.batch.sql.expressions import (
    Interval,
    Sql,
    all_hold,
    any_holds,
    big,
    choose,
    column,
    is_inside,
    is_some,
    latest,
    negated,
    number,
    spans_of,
    together,
)
from eligibility.batch.sql.propagate import RecordSql
from eligibility.batch.tables.schema import TableContract, bounds_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Uncovered
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST

WINDOW: Final = "w"


@frozen
class WindowPart:
    """One part of a window: a piece of what a list covers, or leaves open, for one moment."""

    moment: str
    spans: str
    is_gap: bool

    @property
    def relation(self) -> str:
        """What the piece is one of."""
        return f"{self.spans}_gaps" if self.is_gap else f"{self.spans}_pieces"

    @property
    def columns(self) -> tuple[str, str]:
        """The columns of a window that hold the piece."""
        return bounds_of(f"{self.moment}_{'outside' if self.is_gap else 'inside'}_{self.spans}")

    @property
    def interval(self) -> Interval:
        """The piece, of a window."""
        first, last = self.columns
        return Interval(column(first, WINDOW), column(last, WINDOW))


def slot_of(leaf: Covered | Uncovered) -> WindowPart:
    """The part of a window that a condition is about."""
    match leaf:
        case Covered(moment=moment, spans=spans):
            return WindowPart(field_of(moment), spans, is_gap=False)
        case Uncovered(moment=moment, spans=spans):
            return WindowPart(field_of(moment), spans, is_gap=True)
    assert_never(leaf)


def slots_of(disjunct: Disjunct) -> list[WindowPart]:
    """The parts of a window that a disjunct needs."""
    return list(dict.fromkeys(slot for test in disjunct.moments.values() for slot in _slots(test)))


@frozen
class RecordTest:
    """What a definition asks of one record, clause by clause: one disjunct for each normal form."""

    definition: ClassDefinition
    read: TableContract
    shape: ListShape
    surely: bool

    @property
    def disjuncts(self) -> list[Disjunct]:
        """The one disjunct of each normal form."""
        return [form.disjuncts[0] for form in self.definition.normal_forms]

    @property
    def before(self) -> int:
        """How many normal forms ask for no record."""
        return sum(not disjunct.needs_record for disjunct in self.disjuncts)

    @property
    def asked(self) -> tuple[object, ...]:
        """What decides how far a record gets: two definitions that ask the same tell it alike.

        Clauses in the end that ask no more of a record, exclusions mostly, are left out.
        """
        forms = [(d.values, d.moments, d.assumes_existence) for d in self.disjuncts[self.before :]]
        while len(forms) > 1 and forms[-1] == forms[-2]:
            forms.pop()
        return self.before, *forms

    def at_first(self, record: RecordSql) -> Sql:
        """What the first disjunct that asks for a record asks of it, without its window."""
        disjunct = self.disjuncts[self.before]
        bounds = _bounds(disjunct, record)
        test = covers if self.surely else meets
        return all_hold(
            [
                *(self._value(disjunct, record, name) for name in disjunct.values),
                *(test(asked.times, bounds[name]) for name, asked in disjunct.moments.items()),
            ]
        )

    def gets_in(self, record: RecordSql) -> Sql:
        """Whether a record of which `at_first` holds meets that disjunct with its window."""
        return self._moments(self.disjuncts[self.before], record, None)

    def through(self, record: RecordSql, *, at_first: bool) -> Sql:
        """How many normal forms a record meets in order, with a window.

        `at_first`: whether only records are asked about that get through the first one.
        """
        disjuncts, start = self.disjuncts, self.before
        failing: list[tuple[Sql, Sql]] = []
        for at in range(start + at_first, len(disjuncts)):
            met = all_hold(
                self._added(disjuncts[at], disjuncts[at - 1] if at > start else None, record)
            )
            failing.append((negated(met), number(at)))
        return choose(failing, number(len(disjuncts)))

    def _added(self, disjunct: Disjunct, last: Disjunct | None, record: RecordSql) -> Iterator[Sql]:
        """What a disjunct asks that the one before it did not."""
        for name, allowed in disjunct.values.items():
            if last is None or last.values.get(name) != allowed:
                yield self._value(disjunct, record, name)
        if last is None or (last.moments, last.assumes_existence) != (
            disjunct.moments,
            disjunct.assumes_existence,
        ):
            yield self._moments(disjunct, record, last)

    def _value(self, disjunct: Disjunct, record: RecordSql, name: str) -> Sql:
        return record.is_one_of(
            name, self.read.codes(name, disjunct.values[name]), surely=self.surely
        )

    def _moments(self, disjunct: Disjunct, record: RecordSql, last: Disjunct | None) -> Sql:
        bounds = _bounds(disjunct, record)
        if self.surely:
            return all_hold(
                condition
                for name, test in disjunct.moments.items()
                for condition in self._surely(bounds[name], test, _before(disjunct, last, name))
            )
        if len(disjunct.moments) == 1:
            # bounds are propagated: any instant leaves room for the others
            ((name, test),) = disjunct.moments.items()
            return meets(test.times, together([*_windows(disjunct, name), bounds[name]]))
        return any_holds(self._placed(disjunct, bounds, choice) for choice in _choices(disjunct))

    def _surely(self, bounds: Interval, test: MomentTest, last: MomentTest | None) -> Iterator[Sql]:
        if last is None or last.times != test.times:
            yield covers(test.times, bounds)
        met = _slots(last) if last else []
        for slot in _slots(test):
            if slot not in met:
                yield is_inside(bounds, slot.interval)

    def _placed(
        self, disjunct: Disjunct, bounds: Mapping[str, Interval], times: Mapping[str, Interval]
    ) -> Sql:
        """Whether all moments fit, each as early as it can be; see `normalise.place`."""
        at: dict[str, Sql] = {}
        fits: list[Sql] = []
        for name in self.shape.sequence if disjunct.moments else ():
            if name not in bounds:
                continue
            within = together([*_windows(disjunct, name), bounds[name], times.get(name, _ANY)])
            order = self.shape.record.order
            came = [at[first] for first, then in order if then == name and first in at]
            at[name] = latest(within.first, *came)
            fits.append(is_some(Interval(at[name], within.last)))
        return all_hold(fits)


_ANY: Final = Interval(big(EARLIEST), big(LATEST))


def _choices(disjunct: Disjunct) -> Iterator[dict[str, Interval]]:
    """One interval of the time set of each moment, in every combination."""
    names = list(disjunct.moments)
    for chosen in product(*(spans_of(disjunct.moments[name].times) for name in names)):
        yield dict(zip(names, chosen, strict=True))


def _slots(test: MomentTest) -> list[WindowPart]:
    return [slot_of(leaf) for leaf in test.coverage]


def _windows(disjunct: Disjunct, name: str) -> list[Interval]:
    return (
        [slot.interval for slot in _slots(disjunct.moments[name])]
        if name in disjunct.moments
        else []
    )


def _before(disjunct: Disjunct, last: Disjunct | None, name: str) -> MomentTest | None:
    """What the disjunct before asked of the same bounds of a moment."""
    return (
        last.moments.get(name)
        if last and last.assumes_existence == disjunct.assumes_existence
        else None
    )


def _bounds(disjunct: Disjunct, record: RecordSql) -> Mapping[str, Interval]:
    return record.bounds if disjunct.assumes_existence else record.alone
