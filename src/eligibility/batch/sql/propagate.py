"""Records as the statement reads them: with what follows from known orders.

A normalised table holds what is known as it was given. Here, once for each list that a definition
reads, the bounds of moments are propagated along the known order, just as `facts.boxes` does it for
one record. What is supposed of records comes before: see `supposing`.
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
    big,
    choose,
    column,
    earliest,
    is_one_of,
    is_some,
    latest,
    may_be,
    must_be,
    negated,
    number,
)
from eligibility.batch.tables.schema import UNKNOWN, TableContract, alone, bounds_of
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST

#: What a record is called where it stands beside a window.
RECORD: Final = "r"
_YES: Final = 1
_NO: Final = 0

Bounds = Mapping[str, Interval]


@frozen
class Given:
    """What is known of the records of a list as it was given: values by number, and moments."""

    values: Mapping[str, Sql]
    moments: Bounds


@frozen
class RecordSql:
    """The records of one list as expressions over its table.

    `values`: each value. `bounds`: each moment in the worlds in which all of the record's moments
    exist. `alone`: each moment that exists anyway, without what follows from one that may not.
    `sizes`: how many values there are of each. `clash`: when the record's moments cannot all exist.
    """

    values: Mapping[str, Sql]
    bounds: Bounds
    alone: Bounds
    sizes: Mapping[str, int]
    existence_condition: str = ""
    clash: Sql = field(factory=exp.false)

    @property
    def never(self) -> Sql:
        """When moments that hang on the fact `existence_condition` cannot have come to be."""
        if not self.existence_condition:
            return exp.false()
        return all_hold([is_one_of(self.values[self.existence_condition], (UNKNOWN,)), self.clash])

    def is_one_of(self, name: str, codes: tuple[int, ...], *, surely: bool) -> Sql:
        """Whether a value, completed, is one of some, surely or possibly."""
        value, size = self.values[name], self.sizes[name]
        never = self.never if name == self.existence_condition else exp.false()
        if surely:
            held = must_be(value, codes, size)
            return any_holds([held, never if _NO in codes else exp.false()])
        able = may_be(value, codes, size)
        return able if _NO in codes else all_hold([able, negated(never)])

    def value(self, name: str) -> Sql:
        """A value, completed."""
        if name != self.existence_condition:
            return self.values[name]
        return choose([(self.never, number(_NO))], self.values[name])


def given_of(read: TableContract) -> Given:
    """The records of a list, from the columns of its table."""
    moments = {name: _given(name) for name in read.moments}
    return Given({name: column(name) for name in read.values}, moments)


def blank(read: TableContract) -> Given:
    """A record of which nothing is known."""
    anything = {name: Interval(big(EARLIEST), big(LATEST)) for name in read.moments}
    return Given(dict.fromkeys(read.values, number(UNKNOWN)), anything)


def record_sql(given: Given, list_shape: ListShape) -> RecordSql:
    """Records with what follows from what is given of them."""
    values, moments = given.values, given.moments
    order, existence_condition = list_shape.record.order, list_shape.existence_condition
    bounds, clash = _propagated(moments, order)
    sizes = _sizes(list_shape)
    if existence_condition is None:
        return RecordSql(values, bounds, bounds, sizes, clash=clash)
    sure = {name: moments[name] for name in moments if name not in list_shape.record.exists_if}
    alone, _ = _propagated(sure, order)
    known = is_one_of(values[existence_condition], (_YES,))
    narrowed = {name: _either(known, bounds[name], alone[name]) for name in alone}
    return RecordSql(values, bounds, narrowed, sizes, existence_condition, clash)


def clashes_anyway(given: Given, list_shape: ListShape) -> Sql:
    """Whether moments clash that exist in every world."""
    exists_if, condition = list_shape.record.exists_if, list_shape.existence_condition
    sure = {name: at for name, at in given.moments.items() if name not in exists_if}
    _, alone = _propagated(sure, list_shape.record.order)
    if condition is None:
        return alone
    _, clash = _propagated(given.moments, list_shape.record.order)
    return any_holds([alone, all_hold([is_one_of(given.values[condition], (_YES,)), clash])])


def _sizes(list_shape: ListShape) -> Mapping[str, int]:
    return {name: len(options) for name, options in list_shape.options.items()}


def _given(name: str, table: str | None = None) -> Interval:
    first, last = bounds_of(name)
    return Interval(column(first, table), column(last, table))


def _either(condition: Sql, this: Interval, other: Interval) -> Interval:
    return Interval(
        choose([(condition, this.first)], other.first), choose([(condition, this.last)], other.last)
    )


def _propagated(
    given: Bounds, order: tuple[tuple[str, str], ...]
) -> tuple[dict[str, Interval], Sql]:
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
    values = {name: column(name, RECORD) for name in shape.values}
    return RecordSql(values, bounds, anyway, _sizes(shape))


def _apart(shape: ListShape) -> set[str]:
    """The moments that a later one, which may not exist, could narrow."""
    if shape.existence_condition is None:
        return set()
    ordered = {name for pair in shape.record.order for name in pair}
    return ordered - set(shape.record.exists_if)
