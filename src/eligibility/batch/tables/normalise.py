"""A table as people bring it, row by row, as a table that the statement reads.

Every row comes out, with what is wrong with it beside it. A row depends on no other row, so it
is the same for a whole table, for a piece of one, and on every engine that can hand on a piece.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

import polars as pl
from attrs import frozen

from eligibility.batch.tables.moments import (
    BOUNDS,
    read_dates,
    read_instants,
    read_texts,
    read_timestamps,
)
from eligibility.batch.tables.notation import LEAST_MICROSECONDS, cause_of, in_notation
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    NO_YES,
    POLARS_TYPES,
    STATEMENTS,
    TIME_ZONE,
    UNKNOWN,
    TableContract,
    bounds_of,
    is_named,
)
from eligibility.batch.tables.stated import stated
from eligibility.batch.tables.words import (
    as_words,
    is_list,
    is_text,
    numbers_of_lists,
    numbers_of_texts,
)
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST, zone_names

#: Of a normalised row: whether something is wrong with it.
IS_WRONG: Final = "is_wrong"

_PROBLEM: Final = pl.Struct({"code": pl.String, "column": pl.String, "value": pl.String})
_LONGEST: Final = 200

#: What is wrong with a number of which nobody says what it counts.
NO_UNIT: Final = "number-unit"

#: Something that can be wrong with a row: when, which code, and the column.
Wrong: TypeAlias = tuple[pl.Expr, str | pl.Expr, str]


def normalise_table(
    frame: pl.LazyFrame,
    table: TableContract,
    list_shape: ListShape | None,
    *,
    carry: tuple[str, ...] = (),
    is_ours: bool = False,
) -> pl.LazyFrame:
    """A normalised table, with `is_wrong` for each row.

    Args:
        frame: the table; for local times, with the account's `time_zone` beside each row.
        table: what it should hold.
        list_shape: the list of the model that it holds; None for `accounts`.
        carry: more columns to keep as they are.
        is_ours: whether the numbers of its moments were written here: then they are microseconds,
            however small.
    """
    read = _reading(frame, table, list_shape, is_ours=is_ours)
    columns = (read.made[name].alias(name) for name in table.normalised_columns)
    wrong = read.is_wrong.alias(IS_WRONG)
    return read.begun(frame).select(*columns, *carry, wrong)


def row_problems(
    frame: pl.LazyFrame,
    table: TableContract,
    list_shape: ListShape | None,
    *,
    carry: tuple[str, ...] = (),
) -> pl.LazyFrame:
    """Everything that is wrong with the rows of a table: `account_id`, `code`, `column`, `value`.

    The arguments are those of `normalise_table`.
    """
    read = _reading(frame, table, list_shape)
    schema = frame.collect_schema()
    problems = [
        pl.when(when)
        .then(
            pl.struct(
                code=pl.lit(code) if isinstance(code, str) else code,
                column=pl.lit(column),
                value=_said(column, schema),
            )
        )
        .otherwise(pl.lit(None, _PROBLEM))
        for when, code, column in read.wrong
    ]
    found = read.begun(frame).filter(read.is_wrong)  # and of these few rows, what it is
    listed = found.select(
        *carry, read.made[ACCOUNT_ID], pl.concat_list(problems).list.drop_nulls().alias("problem")
    )
    return listed.explode("problem").unnest("problem")


def needs_zone(frame: pl.LazyFrame, table: TableContract) -> bool:
    """Whether what some rows of a list mean may hang on the zone of their account."""
    schema = frame.collect_schema()
    names = (*table.moments, *(bound for name in table.moments for bound in bounds_of(name)))
    return any(_is_parsed(schema[name]) for name in names if name in schema)


@frozen
class _Reading:
    """How a table is read.

    `first`: columns that are not in their final form, each read once, under a name of its own.
    `made`: the normalised columns. `wrong`: all that can be wrong; each condition is true or false.
    """

    first: Mapping[str, pl.Expr]
    made: Mapping[str, pl.Expr]
    wrong: tuple[Wrong, ...]

    @property
    def is_wrong(self) -> pl.Expr:
        return pl.any_horizontal(when for when, _, _ in self.wrong)

    def begun(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The table, with what had to be read first beside its columns."""
        return frame.with_columns(**self.first)


def _reading(
    frame: pl.LazyFrame,
    table: TableContract,
    list_shape: ListShape | None,
    *,
    is_ours: bool = False,
) -> _Reading:
    schema = frame.collect_schema()
    first: dict[str, pl.Expr] = {}
    made: dict[str, pl.Expr] = {ACCOUNT_ID: pl.col(ACCOUNT_ID).cast(pl.String)}
    wrong = list(_identified(made[ACCOUNT_ID], list_shape))
    for name in (*table.flags, *table.values):
        words = table.values.get(name, NO_YES)
        kind = POLARS_TYPES[table.normalised_columns[name]]
        read, more = _value(name, words, schema, first, kind=kind, is_ours=is_ours)
        made[name] = _known(read, 0 if name in table.flags else UNKNOWN)
        wrong += more
    given: dict[str, pl.Expr] = {}
    for name in table.moments:
        is_end = list_shape is not None and list_shape.is_end(name)
        bounds, more = _moment(name, schema, first, is_end=is_end)
        line = zip(bounds, (EARLIEST, LATEST), strict=True)
        ends = [each.fill_null(end) for each, end in line]
        made |= dict(zip(bounds_of(name), ends, strict=True))
        given[name] = bounds[0].is_not_null()
        if name not in schema:  # bounds that say nothing are none; a text that does says that it is
            given[name] = (ends[0] > EARLIEST) | (ends[1] < LATEST)
        wrong += [each for each in more if not (is_ours and each[1] == NO_UNIT)]
    if list_shape is not None:
        wrong += _inconsistent(list_shape, table, made, given)
    if list_shape is None:
        complete = _text(STATEMENTS, schema)
        if schema.get(STATEMENTS, pl.Null()) != pl.Null:
            as_read = pl.col(_place(STATEMENTS)).struct
            first[_place(STATEMENTS)] = stated(complete, _text(TIME_ZONE, schema), table.lists)
            complete, code = as_read.field("text"), as_read.field("code")
            wrong.append((code.is_not_null(), code, STATEMENTS))
        made[STATEMENTS] = complete.fill_null("")
    for name in table.carried:
        made[name] = _text(name, schema)
        wrong += _carried(name, made[name], schema)
    sure = tuple((when.fill_null(value=False), code, column) for when, code, column in wrong)
    return _Reading(first, made, sure)


def _identified(account: pl.Expr, list_shape: ListShape | None) -> Iterator[Wrong]:
    yield ~is_named(account), "missing", ACCOUNT_ID
    if list_shape is None:  # the id of a record is that of an account, or it is of none
        yield account.str.len_chars() > _LONGEST, "too-long", ACCOUNT_ID


def _carried(name: str, text: pl.Expr, schema: pl.Schema) -> Iterator[Wrong]:
    if name not in schema or schema[name] == pl.Null:
        return
    if name == TIME_ZONE:
        yield ~text.is_in(sorted(zone_names())), "unknown-zone", name
    else:
        yield text.str.len_chars() > _LONGEST, "too-long", name


def _place(column: str) -> str:
    """What a column is called once it has been read; no model has such a name."""
    return f"{column} as read"


def _text(name: str, schema: pl.Schema) -> pl.Expr:
    """A column as text; an empty text says as little as none."""
    if name not in schema or schema[name] == pl.Null:
        return pl.lit(None, pl.String)
    text = pl.col(name).cast(pl.String)
    return pl.when(text != "").then(text) if is_text(schema[name]) else text


def _said(column: str, schema: pl.Schema) -> pl.Expr:
    """What stands in a column, or in the two of a moment, shortened."""
    named = [name for name in (column, *bounds_of(column)) if name in schema]
    texts = []
    for name in named:
        value = pl.col(name)
        if is_list(schema[name]):
            value = as_words(value, schema[name]).list.join(", ", ignore_nulls=True)
        text = value.cast(pl.String, strict=False)
        if isinstance(schema[name], pl.Datetime | pl.Date):  # the year 300000 cannot be written
            is_odd = pl.col(_place(name)).struct.field("code") == "moment-range"
            held = pl.when(is_odd.fill_null(value=False)).then(None).otherwise(value)
            text = pl.coalesce(held.cast(pl.String), value.to_physical().cast(pl.String))
        texts.append(text.fill_null(""))
    return pl.concat_str(texts, separator="/").str.slice(0, 60) if texts else pl.lit("")


def _value(  # noqa: PLR0913 - what a column holds, and what it is to hold
    name: str,
    words: tuple[str, ...],
    schema: pl.Schema,
    first: dict[str, pl.Expr],
    *,
    kind: pl.DataType,
    is_ours: bool,
) -> tuple[pl.Expr, list[Wrong]]:
    """A yes/no fact or a word as its number, null where nothing is said; and what can be wrong."""
    if name not in schema or schema[name] == pl.Null:
        return pl.lit(None, kind), []
    value, given = pl.col(name), schema[name]
    code = "wrong-type" if words == NO_YES else "not-in-vocabulary"
    if given == pl.Boolean:
        return value.cast(kind), []
    if given == kind and is_ours:
        return value, []
    if given == pl.Int8:
        return value.cast(kind), [(~value.is_between(UNKNOWN, len(words) - 1), code, name)]
    if given.is_numeric():
        value = _number(name, schema)
        number = value.cast(pl.Int64, strict=False)
        held = number.is_between(UNKNOWN, len(words) - 1) & (number == value)
        first[_place(name)] = pl.when(held).then(number).cast(kind)
    elif is_list(given):
        listed = as_words(value, given)
        first[_place(name)] = numbers_of_lists(listed, words, kind)
    else:
        value = _text(name, schema)
        first[_place(name)] = numbers_of_texts(value, words, kind)
    read = pl.col(_place(name))
    return read, [(value.is_not_null() & read.is_null(), code, name)]


def _number(name: str, schema: pl.Schema) -> pl.Expr:
    """A column of numbers; one that is none says nothing."""
    value = pl.col(name)
    return value.fill_nan(None) if schema[name].is_float() else value


def _known(number: pl.Expr, nothing: int) -> pl.Expr:
    """A number, or what stands for none; of a list that may be complete it is not known to be."""
    number = number.fill_null(nothing)
    return number if nothing == UNKNOWN else pl.max_horizontal(number, pl.lit(nothing, pl.Int8))


def _moment(
    name: str, schema: pl.Schema, first: dict[str, pl.Expr], *, is_end: bool
) -> tuple[tuple[pl.Expr, pl.Expr], list[Wrong]]:
    """The earliest and the latest instant that a moment's columns say, and what can be wrong."""
    if name in schema:
        return _instants(name, schema, first, is_end=is_end, is_bound=False)
    wrong: list[Wrong] = []
    bounds: list[pl.Expr] = []
    for at, column in enumerate(bounds_of(name)):
        if column in schema:
            read, more = _instants(column, schema, first, is_end=is_end, is_bound=True)
            bounds.append(read[at])
            wrong += more
        else:
            bounds.append(pl.lit(None, pl.Int64))
    earliest, latest = bounds
    if all(column in schema for column in bounds_of(name)):
        wrong.append((earliest > latest, "moment-order", name))
    return (earliest, latest), wrong


def _is_parsed(kind: pl.DataType) -> bool:
    return not (kind == pl.Null or kind.is_numeric())


def _instants(
    column: str, schema: pl.Schema, first: dict[str, pl.Expr], *, is_end: bool, is_bound: bool
) -> tuple[tuple[pl.Expr, pl.Expr], list[Wrong]]:
    """The earliest and the latest instant that one column says, null where it says nothing."""
    kind, read = schema[column], pl.col(_place(column))
    if kind == pl.Null:
        return (pl.lit(None, pl.Int64), pl.lit(None, pl.Int64)), []
    if _is_parsed(kind):
        first[_place(column)] = _parsed(column, schema, is_end=is_end, is_bound=is_bound)
        field = read.struct.field
        code = field("code")
        return (field("earliest"), field("latest")), [(code.is_not_null(), code, column)]
    value = _number(column, schema)
    small = LEAST_MICROSECONDS - 1  # as a text with so few digits, it may count anything
    unsaid = (value.is_between(-small, small), NO_UNIT, column)
    if kind == pl.Int64:
        return (value, value), [
            (~value.is_between(EARLIEST, LATEST), "moment-range", column),
            unsaid,
        ]
    number = value.cast(pl.Int64, strict=False)
    held = number.is_between(EARLIEST, LATEST) & (number == value)
    first[_place(column)] = pl.when(held).then(number)
    lost = value.is_not_null() & read.is_null() & ~value.is_between(-small, small)
    return (read, read), [(lost, "moment-range", column), unsaid]


def _parsed(column: str, schema: pl.Schema, *, is_end: bool, is_bound: bool) -> pl.Expr:
    """Timestamps, days or texts as bounds."""
    kind, value = schema[column], pl.col(column)
    has_zone = isinstance(kind, pl.Datetime) and kind.time_zone is not None
    if is_text(kind):
        value = _text(column, schema)
    zone = _text(TIME_ZONE, schema)

    def read(rows: pl.Series) -> pl.Series:
        values = rows.struct.field("value")
        zones = rows.struct.field("zone") if TIME_ZONE in schema else None
        if has_zone:
            return read_instants(values)
        if isinstance(values.dtype, pl.Datetime):
            return read_timestamps(values, zones)
        if values.dtype == pl.Date:
            return read_dates(values, zones)
        rewritten = partial(in_notation, is_bound=is_bound)
        bounds = read_texts(values, zones, is_end=is_end, rewritten=rewritten).struct.unnest()
        wrong = bounds["code"].is_not_null().arg_true()
        if len(wrong):  # mostly there are none, and never many
            codes = cause_of(bounds["code"].gather(wrong), values.gather(wrong))
            bounds = bounds.with_columns(bounds["code"].scatter(wrong, codes))
        return bounds.to_struct()

    return pl.struct(value=value, zone=zone).map_batches(
        read, return_dtype=BOUNDS, is_elementwise=True
    )


def _inconsistent(
    list_shape: ListShape,
    table: TableContract,
    made: Mapping[str, pl.Expr],
    given: Mapping[str, pl.Expr],
) -> Iterator[Wrong]:
    """That no world fits a record; see `facts.normalise`."""

    def clash(first: str, then: str) -> pl.Expr:
        return made[bounds_of(first)[0]] > made[bounds_of(then)[1]]

    pairs = _never_later(list_shape.record.order, set(table.moments))
    alone = _never_later(
        list_shape.record.order, set(table.moments) - set(list_shape.record.exists_if)
    )
    for first, then in sorted(alone):
        yield clash(first, then), "inconsistent", then
    if list_shape.existence_condition is None:
        return
    existence_condition = made[list_shape.existence_condition]
    for first, then in sorted(pairs - alone):
        yield clash(first, then) & (existence_condition == 1), "inconsistent", then
    for name in list_shape.record.exists_if:
        yield given[name] & (existence_condition == 0), "inconsistent", name


def _never_later(order: tuple[tuple[str, str], ...], names: set[str]) -> set[tuple[str, str]]:
    """Every pair of moments of which the first is never later, by way of others or not."""
    pairs = {pair for pair in order if set(pair) <= names}
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more
