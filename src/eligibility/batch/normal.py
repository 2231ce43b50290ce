"""Making ready, row by row: a table as people bring it becomes a table as the statement reads it.

Every row comes out, with what is wrong with it beside it. A row never looks at another row, so it
is the same for a whole table, for a piece of one, and on every engine that can hand on a piece.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import polars as pl

from eligibility.batch.contract import (
    ACCOUNT_ID,
    NO_YES,
    TIME_ZONE,
    UNKNOWN,
    TableContract,
    bounds_of,
)
from eligibility.batch.texts import BOUNDS, read_texts, read_timestamps
from eligibility.model import ListShape
from eligibility.timeline import EARLIEST, LATEST, zone_names

#: Of a row made ready: whether something is wrong with it.
IS_WRONG: Final = "is_wrong"

_PROBLEM: Final = pl.Struct({"code": pl.String, "column": pl.String, "value": pl.String})
_LONGEST: Final = 200

#: Something that can be wrong with a row: when, which code, and the column.
Wrong: TypeAlias = tuple[pl.Expr, str | pl.Expr, str]


def normalised(
    frame: pl.LazyFrame,
    table: TableContract,
    entry: ListShape | None,
    *,
    carry: tuple[str, ...] = (),
) -> pl.LazyFrame:
    """A table made ready, with `is_wrong` for each row.

    Args:
        frame: the table; for local times, with the account's `time_zone` beside each row.
        table: what it should hold.
        entry: the list of the model that it holds; None for `accounts`.
        carry: more columns to keep as they are.
    """
    made, wrong = _reading(frame, table, entry)
    columns = (value.alias(name) for name, value in made.items())
    return frame.select(*columns, *carry, _any(wrong).alias(IS_WRONG))


def problems(
    frame: pl.LazyFrame,
    table: TableContract,
    entry: ListShape | None,
    *,
    carry: tuple[str, ...] = (),
) -> pl.LazyFrame:
    """Everything that is wrong with the rows of a table: `account_id`, `code`, `column`, `value`.

    The arguments are those of `normalised`.
    """
    made, wrong = _reading(frame, table, entry)
    found = frame.filter(_any(wrong))  # and of these few rows, what it is
    told = [
        pl.when(when.fill_null(value=False))
        .then(
            pl.struct(
                code=pl.lit(code) if isinstance(code, str) else code,
                column=pl.lit(column),
                value=_said(column, frame.collect_schema()),
            )
        )
        .otherwise(pl.lit(None, _PROBLEM))
        for when, code, column in wrong
    ]
    listed = found.select(
        *carry, made[ACCOUNT_ID], pl.concat_list(told).list.drop_nulls().alias("problem")
    )
    return listed.explode("problem").unnest("problem")


def _said(column: str, schema: pl.Schema) -> pl.Expr:
    """What stands in a column, shortened."""
    if column not in schema:
        return pl.lit("")
    return pl.col(column).cast(pl.String, strict=False).fill_null("").str.slice(0, 60)


def _any(wrong: list[Wrong]) -> pl.Expr:
    return pl.any_horizontal(when.fill_null(value=False) for when, _, _ in wrong)


def _reading(
    frame: pl.LazyFrame, table: TableContract, entry: ListShape | None
) -> tuple[dict[str, pl.Expr], list[Wrong]]:
    """The columns made ready, and all that can be wrong with them."""
    schema = frame.collect_schema()
    account = pl.col(ACCOUNT_ID).cast(pl.String)
    made: dict[str, pl.Expr] = {ACCOUNT_ID: account}
    wrong: list[Wrong] = [
        (account.is_null() | (account.str.len_chars() == 0), "missing", ACCOUNT_ID),
        (account.str.len_chars() > _LONGEST, "too-long", ACCOUNT_ID),
    ]
    for name in (*table.flags, *table.values):
        words = table.values.get(name, NO_YES)
        read = _value(name, words, schema)
        if name in schema:
            code = "wrong-type" if words == NO_YES else "not-in-vocabulary"
            wrong.append((read.is_null() & pl.col(name).is_not_null(), code, name))
        nothing = 0 if name in table.flags else UNKNOWN
        made[name] = read.fill_null(nothing).replace(UNKNOWN, nothing).cast(pl.Int8)
    given: dict[str, pl.Expr] = {}
    for name in table.moments:
        first, last, given[name], more = _moment(name, schema, is_end=_is_end(name, entry))
        made |= dict(zip(bounds_of(name), (first, last), strict=True))
        wrong += more
    if entry is not None:
        wrong += _inconsistent(entry, table, made, given)
    for name in table.carried:
        made[name] = pl.col(name).cast(pl.String) if name in schema else pl.lit(None, pl.String)
        if name == TIME_ZONE and name in schema:
            wrong.append((~made[name].is_in(sorted(zone_names())), "unknown-zone", name))
        elif name in schema:
            wrong.append((made[name].str.len_chars() > _LONGEST, "too-long", name))
            wrong.append((made[name].str.len_chars() == 0, "too-short", name))
    return made, wrong


def _value(name: str, words: tuple[str, ...], schema: pl.Schema) -> pl.Expr:
    """A yes/no fact or a word as its number; null where nothing stands, or nothing that is read."""
    if name not in schema or schema[name] == pl.Null:
        return pl.lit(None, pl.Int8)
    value, kind = pl.col(name), schema[name]
    if kind == pl.Boolean:
        return value.cast(pl.Int8)
    if kind.is_numeric():
        number = value.cast(pl.Int64, strict=False)
        whole = number.is_between(UNKNOWN, len(words) - 1) & (number == value)
        return pl.when(whole).then(number).cast(pl.Int8)
    codes = {word: code for code, word in enumerate(words)}
    if words == NO_YES:
        codes = {"true": 1, "false": 0, "1": 1, "0": 0}
    codes = {"unknown": UNKNOWN, "-1": UNKNOWN, **codes}
    text = value.cast(pl.String).str.strip_chars()
    text = text.str.to_lowercase() if words == NO_YES else text
    return text.replace_strict(codes, default=None, return_dtype=pl.Int8)


def _is_end(name: str, entry: ListShape | None) -> bool:
    return entry is not None and entry.is_spans and name == "end"


def _moment(
    name: str, schema: pl.Schema, *, is_end: bool
) -> tuple[pl.Expr, pl.Expr, pl.Expr, list[Wrong]]:
    """A moment's bounds, whether something is said of it, and what can be wrong with it."""
    if name in schema:
        read = _read(name, schema, is_end=is_end)
        first, last = read.struct.field("earliest"), read.struct.field("latest")
        code = read.struct.field("code")
        ends = (first.fill_null(EARLIEST), last.fill_null(LATEST))
        return *ends, first.is_not_null(), [(code.is_not_null(), code, name)]
    known = [column for column in bounds_of(name) if column in schema]
    wrong: list[Wrong] = []
    bounds: list[pl.Expr] = []
    for column, end, field in zip(
        bounds_of(name), (EARLIEST, LATEST), ("earliest", "latest"), strict=True
    ):
        if column in known:
            read = _read(column, schema, is_end=is_end)
            code = read.struct.field("code")
            wrong.append((code.is_not_null(), code, column))
            bounds.append(read.struct.field(field).fill_null(end))
        else:
            bounds.append(pl.lit(end, pl.Int64))
    first, last = bounds
    if len(known) == 2:
        wrong.append((first > last, "moment-order", known[0]))
    return first, last, (first > EARLIEST) | (last < LATEST), wrong


def _read(column: str, schema: pl.Schema, *, is_end: bool) -> pl.Expr:
    """A column as bounds: microseconds, timestamps, dates, or texts."""
    kind, value = schema[column], pl.col(column)
    if kind == pl.Null:
        return pl.lit(None, BOUNDS)
    if kind.is_numeric():
        number = value.cast(pl.Int64, strict=False)
        outside = ~number.is_between(EARLIEST, LATEST) | number.is_null() & value.is_not_null()
        code = pl.when(outside).then(pl.lit("moment-range"))
        held = pl.when(~outside).then(number)
        return pl.struct(earliest=held, latest=held, code=code)
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        number = value.dt.cast_time_unit("us").cast(pl.Int64)
        code = pl.when(~number.is_between(EARLIEST, LATEST)).then(pl.lit("moment-range"))
        held = pl.when(code.is_null()).then(number)
        return pl.struct(earliest=held, latest=held, code=code)
    naive = isinstance(kind, pl.Datetime)
    if kind == pl.Date:
        value = value.dt.strftime("%Y-%m-%d")
    elif not naive:
        value = _as_number(value.cast(pl.String).str.strip_chars())
    zone = pl.col(TIME_ZONE) if TIME_ZONE in schema else pl.lit(None, pl.String)
    reader = read_timestamps if naive else read_texts

    def read(rows: pl.Series) -> pl.Series:
        parts = rows.struct
        zones = parts.field("zone") if TIME_ZONE in schema else None
        return reader(parts.field("value"), zones, is_end=is_end)

    return pl.struct(value=value, zone=zone).map_batches(
        read, return_dtype=BOUNDS, is_elementwise=True
    )


def _as_number(text: pl.Expr) -> pl.Expr:
    """Microseconds that stand as text, as in a CSV file, written as the instants they are."""
    number = pl.when(text.str.contains(r"^-?[0-9]{5,19}$")).then(text.cast(pl.Int64, strict=False))
    inside = pl.when(number.is_between(EARLIEST, LATEST)).then(number)
    written = inside.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    return pl.coalesce(written, pl.when(text != "").then(text))


def _inconsistent(
    entry: ListShape,
    table: TableContract,
    made: Mapping[str, pl.Expr],
    given: Mapping[str, pl.Expr],
) -> Iterator[Wrong]:
    """That no world fits a record; see `facts.make_ready`."""

    def clash(first: str, then: str) -> pl.Expr:
        return made[bounds_of(first)[0]] > made[bounds_of(then)[1]]

    pairs = _never_later(entry.record.order, set(table.moments))
    alone = _never_later(entry.record.order, set(table.moments) - set(entry.record.exists_if))
    for first, then in sorted(alone):
        yield clash(first, then), "inconsistent", then
    if entry.gate is None:
        return
    gate = made[entry.gate]
    for first, then in sorted(pairs - alone):
        yield clash(first, then) & (gate == 1), "inconsistent", then
    for name in entry.record.exists_if:
        yield given[name] & (gate == 0), "inconsistent", name


def _never_later(order: tuple[tuple[str, str], ...], names: set[str]) -> set[tuple[str, str]]:
    """Every pair of moments of which the first is never later, by way of others or not."""
    pairs = {pair for pair in order if set(pair) <= names}
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more
