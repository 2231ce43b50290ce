"""SQL expressions, made with sqlglot: the few that the statement is built of.

Times are UTC microseconds. A bound at the end of the time line says nothing and is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from attrs import frozen
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.tokens import Tokenizer

from eligibility.batch.tables.schema import UNKNOWN
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

Sql: TypeAlias = exp.Expr

#: Words that some engine does not take for a name, or, as PostgreSQL's `user`, for another one.
_RESERVED: Final = (
    frozenset(Tokenizer.KEYWORDS)
    | {word.upper() for word in DuckDB.Generator.RESERVED_KEYWORDS}
    | {"ADD", "CURRENT_ROLE", "NOTHING", "RAISE", "SYSTEM_USER", "TRANSACTION"}
)


#: Of so few words, several are all.
_FEW: Final = 2


@frozen
class Interval:
    """All instants from `first` to `last`, both inclusive; none if they cross."""

    first: Sql
    last: Sql


def column(name: str, table: str | None = None) -> Sql:
    """A column."""
    return exp.column(identifier(name), table)


def identifier(name: str) -> exp.Identifier:
    """A name, quoted if an engine could read it as a word of SQL, or in other letters."""
    made = exp.to_identifier(name)
    is_plain = name == name.lower() and name.upper() not in _RESERVED
    made.set("quoted", made.args.get("quoted") or not is_plain)
    return made


def number(value: int) -> Sql:
    """An integer."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def big(value: int) -> Sql:
    """An integer of 64 bits, wherever it stands."""
    return exp.Cast(this=number(value), to=exp.DataType(this=exp.DType.BIGINT, nested=False))


def text(value: str) -> Sql:
    """A text."""
    return exp.Literal.string(value)


def latest(*values: Sql) -> Sql:
    """The latest of some instants."""
    return _one_of("GREATEST", EARLIEST, values)


def earliest(*values: Sql) -> Sql:
    """The earliest of some instants."""
    return _one_of("LEAST", LATEST, values)


def _one_of(function: str, end: int, values: Sequence[Sql]) -> Sql:
    flat = (part for value in values for part in _flat(function, value))
    telling = list(dict.fromkeys(value for value in flat if value != big(end))) or [big(end)]
    if len(telling) == 1:
        return telling[0].copy()
    return call(function, *telling)


def _flat(function: str, value: Sql) -> Sequence[Sql]:
    nested = isinstance(value, exp.Anonymous) and value.this == function
    return value.expressions if nested else [value]


def call(function: str, *values: Sql) -> Sql:
    """A function of this very name: no dialect adds its own care for nulls, there are none."""
    return exp.Anonymous(this=function, expressions=[value.copy() for value in values])


def together(intervals: Iterable[Interval]) -> Interval:
    """The instants that are in all of some intervals."""
    known = list(intervals)
    return Interval(latest(*(i.first for i in known)), earliest(*(i.last for i in known)))


def is_some(interval: Interval) -> Sql:
    """Whether there is an instant in an interval."""
    return exp.LTE(this=interval.first.copy(), expression=interval.last.copy())


def is_inside(inner: Interval, outer: Interval) -> Sql:
    """Whether an interval that is not empty lies within another."""
    begins = exp.LTE(this=outer.first.copy(), expression=inner.first.copy())
    ends = exp.LTE(this=inner.last.copy(), expression=outer.last.copy())
    return all_hold(
        ([] if outer.first == big(EARLIEST) else [begins])
        + ([] if outer.last == big(LATEST) else [ends])
    )


def spans_of(times: TimeSet) -> list[Interval]:
    """The intervals of a set of instants."""
    return [Interval(big(first), big(last)) for first, last in times.spans]


def all_hold(conditions: Iterable[Sql]) -> Sql:
    """All of some conditions; true of none."""
    known = [c.copy() for c in conditions if c != exp.true()]
    if exp.false() in known:
        return exp.false()
    return exp.and_(*known, copy=False) if known else exp.true()


def any_holds(conditions: Iterable[Sql]) -> Sql:
    """Any of some conditions; false of none."""
    known = [c.copy() for c in conditions if c != exp.false()]
    if exp.true() in known:
        return exp.true()
    return exp.or_(*known, copy=False) if known else exp.false()


def is_one_of(value: Sql, codes: Sequence[int]) -> Sql:
    """Whether a value is one of some numbers."""
    if value.is_number:
        return exp.true() if any(value == number(code) for code in codes) else exp.false()
    if not codes:
        return exp.false()
    if len(codes) == 1:
        return exp.EQ(this=value.copy(), expression=number(codes[0]))
    return exp.In(this=value.copy(), expressions=[number(code) for code in codes])


def may_be(value: Sql, codes: Sequence[int], size: int) -> Sql:
    """Whether a value of a vocabulary of some size is, in some world, one of some numbers."""
    if (known := _constant(value)) is not None:
        bits = _bits(known, size)
        return exp.true() if any(bits >> code & 1 for code in codes) else exp.false()
    alone = is_one_of(value, (*codes, UNKNOWN))
    return alone if size <= _FEW else any_holds([alone, has_bit(value, codes)])


def must_be(value: Sql, codes: Sequence[int], size: int) -> Sql:
    """Whether it is one of them in every world."""
    others = [code for code in range(size) if code not in codes]
    if (known := _constant(value)) is not None:
        bits = _bits(known, size)
        return exp.false() if any(bits >> code & 1 for code in others) else exp.true()
    alone = is_one_of(value, codes)
    if len(codes) == 1 or size <= _FEW:
        return alone
    return any_holds([alone, _several(value, others, exp.EQ)])


def has_bit(value: Sql, codes: Sequence[int]) -> Sql:
    """Whether a value stands for several words, some of which have these numbers."""
    return _several(value, codes, exp.NEQ)


def _several(value: Sql, codes: Sequence[int], compare: type[exp.Binary]) -> Sql:
    """That a value stands for several words, and that some (or none) of them are among these."""
    bits = exp.Paren(this=exp.Sub(this=number(UNKNOWN), expression=value.copy()))
    mask = number(sum(1 << code for code in codes))
    common = exp.Paren(this=exp.BitwiseAnd(this=bits, expression=mask))
    held = compare(this=common, expression=number(0))
    return all_hold([exp.LT(this=value.copy(), expression=number(UNKNOWN)), held])


def _constant(value: Sql) -> int | None:
    return int(value.sql()) if value.is_number else None


def _bits(known: int, size: int) -> int:
    """The numbers that a constant stands for."""
    if known == UNKNOWN:
        return (1 << size) - 1
    return 1 << known if known > UNKNOWN else UNKNOWN - known


def coalesce(value: Sql, otherwise: Sql) -> Sql:
    """A value, or another where an outer join found no row."""
    return exp.Coalesce(this=value.copy(), expressions=[otherwise.copy()])


def negated(condition: Sql) -> Sql:
    """Whether a condition does not hold."""
    if condition in (exp.true(), exp.false()):
        return exp.false() if condition == exp.true() else exp.true()
    return exp.not_(exp.paren(condition))


def choose(cases: Iterable[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    """The value of the first condition that holds."""
    known = [(c, value) for c, value in cases if c != exp.false()]
    if not known or all(value == otherwise for _, value in known):
        return otherwise.copy()
    case = exp.Case(default=otherwise.copy())
    for condition, value in known:
        case.append("ifs", exp.If(this=condition.copy(), true=value.copy()))
    return case


def count_if(condition: Sql) -> Sql:
    """1 if a condition holds, else 0."""
    return choose([(condition, number(1))], number(0))


def as_(value: Sql, name: str) -> Sql:
    """A value under a name."""
    if isinstance(value, exp.Column) and value.name == name:
        return value.copy()
    return exp.alias_(value.copy(), identifier(name))


def table(name: str, alias: str | None = None) -> exp.Table:
    """A relation, under an alias."""
    return exp.Table(
        this=identifier(name),
        alias=exp.TableAlias(this=exp.to_identifier(alias)) if alias else None,
    )


def equal(name: str, this: str, other: str) -> Sql:
    """Whether a column is the same in two relations."""
    return exp.EQ(this=column(name, this), expression=column(name, other))
