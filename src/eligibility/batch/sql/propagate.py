"""Records as the statement reads them: supposed, and with what follows from known orders.

A normalised table holds what is known as it was given. Here, once for each list that a definition
reads, facts are supposed, and the bounds of moments are propagated along the known order, just as
`facts.normalise` does it for one record.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen
from sqlglot import exp

from eligibility.batch.sql.expressions import (
    Interval,
    Sql,
    all_hold,
    any_holds,
    as_,
    big,
    choose,
    column,
    earliest,
    is_one_of,
    is_some,
    latest,
    negated,
    number,
    table,
    together,
)
from eligibility.batch.tables.schema import ACCOUNT_ID, UNKNOWN, TableContract, alone, bounds_of
from eligibility.facts.shape import ListShape
from eligibility.facts.supposition import Supposition
from eligibility.values.timeline import EARLIEST, LATEST

#: What a record is called where it stands beside a window.
RECORD: Final = "r"
_YES: Final = 1
_NO: Final = 0

Bounds = dict[str, Interval]


@frozen
class RecordSql:
    """The records of one list as expressions over its table.

    `values`: each value. `bounds`: each moment in the worlds in which all of the record's moments
    exist. `alone`: each moment that exists anyway, without what follows from one that may not.
    `never`: when moments that hang on the fact `existence_condition` cannot have come to be.
    """

    values: Mapping[str, Sql]
    bounds: Mapping[str, Interval]
    alone: Mapping[str, Interval]
    existence_condition: str = ""
    never: Sql = field(factory=exp.false)

    def is_one_of(self, name: str, codes: tuple[int, ...], *, surely: bool) -> Sql:
        """Whether a value, completed, is one of some, surely or possibly."""
        value, never = (
            self.values[name],
            self.never if name == self.existence_condition else exp.false(),
        )
        if surely:
            return any_holds([is_one_of(value, codes), never if _NO in codes else exp.false()])
        able = is_one_of(value, (*codes, UNKNOWN))
        return able if _NO in codes else all_hold([able, negated(never)])

    def value(self, name: str) -> Sql:
        """A value, completed."""
        if name != self.existence_condition:
            return self.values[name]
        return choose([(self.never, number(_NO))], self.values[name])


def record_sql(read: TableContract, list_shape: ListShape) -> RecordSql:
    """The records of a list, from the columns of its table."""
    values: dict[str, Sql] = {name: column(name) for name in read.values}
    given = {name: _given(name) for name in read.moments}
    order, existence_condition = list_shape.record.order, list_shape.existence_condition
    bounds, clash = _propagated(given, order)
    if existence_condition is None:
        return RecordSql(values, bounds, bounds)
    sure = {name: given[name] for name in given if name not in list_shape.record.exists_if}
    alone, _ = _propagated(sure, order)
    known = is_one_of(values[existence_condition], (_YES,))
    narrowed = {name: _either(known, bounds[name], alone[name]) for name in alone}
    never = all_hold([is_one_of(values[existence_condition], (UNKNOWN,)), clash])
    return RecordSql(values, bounds, narrowed, existence_condition, never)


def blank(read: TableContract) -> RecordSql:
    """A record of which nothing is known."""
    anything = {name: Interval(big(EARLIEST), big(LATEST)) for name in read.moments}
    return RecordSql(dict.fromkeys(read.values, number(UNKNOWN)), anything, anything)


def _given(name: str, table: str | None = None) -> Interval:
    first, last = bounds_of(name)
    return Interval(column(first, table), column(last, table))


def _either(condition: Sql, this: Interval, other: Interval) -> Interval:
    return Interval(
        choose([(condition, this.first)], other.first), choose([(condition, this.last)], other.last)
    )


def _propagated(given: Bounds, order: tuple[tuple[str, str], ...]) -> tuple[Bounds, Sql]:
    """The bounds narrowed by what came first, and whether they then clash."""
    bounds = dict(given)
    pairs = [(first, then) for first, then in order if first in bounds and then in bounds]
    for first, then in pairs:
        bounds[then] = Interval(latest(bounds[first].first, bounds[then].first), bounds[then].last)
    for first, then in reversed(pairs):
        bounds[first] = Interval(
            bounds[first].first, earliest(bounds[first].last, bounds[then].last)
        )
    clashes = (negated(is_some(bounds[first])) for first, _ in pairs)
    return bounds, any_holds(clashes)


def supposed(read: TableContract, supposing: Supposition) -> exp.Select:
    """The table of a list with what is supposed filled in; see `Supposition.apply`."""
    name, value = supposing.unless
    came, happened = _given(supposing.when), _given(supposing.then)
    until = Interval(big(EARLIEST), big(supposing.before - 1))
    filled = together([Interval(came.first, big(LATEST)), happened, until])
    fills = all_hold(
        [
            negated(is_one_of(column(name), read.codes(name, frozenset({value})))),
            exp.NEQ(this=column(supposing.fact), expression=number(_NO)),
            exp.LT(this=came.last, expression=big(supposing.before)),
            is_some(filled),
        ]
    )
    first, last = bounds_of(supposing.then)
    becomes: dict[str, Sql] = {
        supposing.fact: number(_YES),
        first: filled.first,
        last: filled.last,
    }
    names = [ACCOUNT_ID, *read.values, *(b for name in read.moments for b in bounds_of(name))]
    filling = {name: choose([(fills, value)], column(name)) for name, value in becomes.items()}
    shown = [as_(filling.get(each, column(each)), each) for each in names]
    return exp.select(*shown).from_(table(read.name))


def record_columns(record: RecordSql, shape: ListShape) -> dict[str, Sql]:
    """The columns of a record normalised: values, and each moment as it may exist and anyway."""
    shown: dict[str, Sql] = {name: record.value(name) for name in record.values}
    for name, interval in record.bounds.items():
        first, last = bounds_of(name)
        shown |= {first: interval.first, last: interval.last}
    for name in sorted(_apart(shape)):
        first, last = bounds_of(alone(name))
        shown |= {first: record.alone[name].first, last: record.alone[name].last}
    return shown


def reading_record(shape: ListShape) -> RecordSql:
    """The same columns, read again from a record."""
    bounds = {name: _given(name, RECORD) for name in shape.moments}
    apart = _apart(shape)
    anyway = bounds | {name: _given(alone(name), RECORD) for name in apart}
    return RecordSql({name: column(name, RECORD) for name in shape.values}, bounds, anyway)


def _apart(shape: ListShape) -> set[str]:
    """The moments that a later one, which may not exist, could narrow."""
    if shape.existence_condition is None:
        return set()
    ordered = {name for pair in shape.record.order for name in pair}
    return ordered - set(shape.record.exists_if)
