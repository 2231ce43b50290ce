"""Frames of other libraries as Polars frames: nothing that they say is guessed at or rounded.

What goes out of a frame is a `Piece`: its rows, and for each column the kinds of value that it
holds. A column of Python objects holds several: each is read as what it is, and all are written as
texts that mean the same.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import polars as pl
from attrs import frozen

from eligibility.batch.tables.moments import UNITS
from eligibility.batch.tables.words import as_one_text, is_list, text_of_words
from eligibility.errors import shown
from eligibility.immutable import FrozenDict

#: The kinds of value that a column holds; of objects, each with the first row that holds it.
Kinds = FrozenDict[pl.DataType, int | None]

#: A column, and what it holds.
_Column = tuple[pl.Series, Kinds]

_TEXT: Final = pl.String()
_NAIVE, _AWARE = pl.Datetime("us"), pl.Datetime("us", "UTC")
#: The days of the calendar, counted from 1970: from the year 1, before the year 10000.
_YEAR_1, _YEAR_10000 = -719_162, 2_932_897
_MS_OF_DAY: Final = 86_400_000
_AS_TEXT: Final = "Write it as text, as timestamps, or as true and false."


#: What Polars raises at a file that it cannot read to its end. A panic is no `Exception`.
DAMAGED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
#: What Polars, Arrow and pandas raise at a frame of somebody else that they cannot take.
_FAILURES: Final = (*DAMAGED, TypeError, ValueError, LookupError, NotImplementedError)


class Unreadable(ValueError):
    """A frame that cannot be read: what is wrong with it, and the way out."""


@frozen
class Piece:
    """A table, or a part of one, as lazy rows; `where` names its file.

    `kinds`: what its columns hold, by name, which their types may not tell.
    """

    frame: pl.LazyFrame
    kinds: Mapping[str, Kinds]
    where: str = ""

    @classmethod
    def of(cls, frame: pl.LazyFrame, where: str = "") -> "Piece":
        """A frame whose columns hold what their types say."""
        kinds = {name: _only(kind) for name, kind in frame.collect_schema().items()}
        return cls(frame, kinds, where)


def piece_of(table: Any) -> Piece:
    """A frame of any kind that is known: Polars, pandas, or whatever speaks Arrow's interface.

    Raises:
        Unreadable: it is no frame, or a column of it cannot be read.
    """
    if isinstance(table, pl.LazyFrame):
        is_plain = pl.Object() not in table.collect_schema().values()
        return Piece.of(table) if is_plain else piece_of(table.collect())
    if isinstance(table, pl.DataFrame):
        columns = {name: table.get_column(name) for name in table.columns}
        return _of_columns(columns, _of_polars)
    if type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "columns"):
        return _of_pandas_frame(table)
    if hasattr(table, "__arrow_c_stream__"):
        return _of_arrow(table)
    words = f"is a `{shown(type(table).__name__)}`, which is no table"
    raise Unreadable(words, "Give a frame of Polars, pandas, PyArrow or DuckDB.")


def as_days(values: pl.Expr) -> pl.Expr:
    """The days that Arrow's `date64` holds: milliseconds, which stand for their day alone."""
    days = (values.to_physical() // _MS_OF_DAY).clip(-(2**31), 2**31 - 1)
    return days.cast(pl.Int32).cast(pl.Date)


def as_text(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A column of one kind as texts that mean the same."""
    if is_list(kind):
        return as_one_text(value, kind)
    if kind == pl.Boolean:
        return pl.when(value).then(pl.lit("true")).when(~value).then(pl.lit("false"))
    if isinstance(kind, pl.Date | pl.Datetime):
        in_day = 1 if isinstance(kind, pl.Date) else 86_400 * UNITS[kind.time_unit]
        number = value.to_physical().cast(pl.Int64)
        held = pl.when(number.is_between(_YEAR_1 * in_day, _YEAR_10000 * in_day - 1)).then(number)
        if isinstance(kind, pl.Date):
            written = held.cast(pl.Date).dt.strftime("%Y-%m-%d")
        else:
            micro = held * 1000 if kind.time_unit == "ms" else held
            micro = micro // 1000 if kind.time_unit == "ns" else micro
            written = micro.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
            written += "" if kind.time_zone is None else "Z"
        return pl.coalesce(written, pl.lit("out of the calendar: ") + number.cast(pl.String))
    if kind.is_float() or isinstance(kind, pl.Decimal):
        whole = value.cast(pl.Int64, strict=False)
        said = pl.when(whole == value).then(whole.cast(pl.String)).otherwise(value.cast(pl.String))
        return pl.when(value.is_not_nan() if kind.is_float() else True).then(said)
    return value.cast(pl.String)


def _of_columns(columns: Mapping[str, Any], read: Callable[[Any], _Column]) -> Piece:
    series, kinds = [], {}
    for name, column in columns.items():
        try:
            values, held = read(column)
        except Unreadable as error:
            words, hint = error.args
            raise Unreadable(f"has a column `{shown(name, 60)}` that {words}", hint) from None
        series.append(values.alias(name))
        kinds[name] = held
    return Piece(pl.DataFrame(series).lazy(), kinds)


def _of_pandas_frame(table: Any) -> Piece:
    """The columns of a frame, and of its index what has a name: it says something as they do."""
    index = [name for name in table.index.names if name is not None]
    names = [str(name) for name in (*index, *table.columns)]
    _refuse_twice(names)
    columns = [table.index.get_level_values(name).to_series() for name in index]
    columns += (table[name] for name in table.columns)
    return _of_columns(dict(zip(names, columns, strict=True)), _of_pandas)


def _refuse_twice(names: Sequence[str]) -> None:
    if len({*names}) < len(names):
        raise Unreadable("has two columns of one name", "Name each column once.")


def _of_polars(column: pl.Series) -> _Column:
    if column.dtype == pl.Object:
        return of_objects(column.to_list())
    return column, _only(column.dtype)


def _of_pandas(column: Any) -> _Column:
    if column.dtype == "category":  # the categories may be objects of several kinds
        column = column.astype(column.dtype.categories.dtype)
    kind = column.dtype
    if kind.kind == "O" and str(kind) == "object":  # not every kind of text is one of objects
        return of_objects(column.array)
    if hasattr(kind, "pyarrow_dtype"):
        return _of_arrow_column(column.array.__arrow_array__())
    if str(kind).startswith(("period", "interval")):  # numbers inside, which mean something else
        raise _strange(kind)
    if getattr(kind, "tz", None) is not None:  # `UTC+05:30` is no zone to Polars; an instant is one
        column = column.dt.tz_convert("UTC")
    try:
        read: pl.Series = pl.from_pandas(column)  # type: ignore[assignment]  # of a column, one
    except _FAILURES:
        raise _strange(kind) from None
    return read, _only(read.dtype)


def _strange(kind: Any) -> Unreadable:
    return Unreadable(f"has the type `{shown(kind)}`, which is not read", _AS_TEXT)


def _of_arrow(table: Any) -> Piece:
    import pyarrow as pa  # noqa: PLC0415 - only who comes with such a table needs it

    try:
        read = pa.RecordBatchReader.from_stream(table).read_all()
    except _FAILURES:
        raise Unreadable("cannot be read to its end", "Give it as a Polars frame.") from None
    _refuse_twice(read.column_names)
    return _of_columns(dict(zip(read.column_names, read.columns, strict=True)), _of_arrow_column)


def _of_arrow_column(column: Any) -> _Column:
    import pyarrow as pa  # noqa: PLC0415 - only who comes with such a column needs it

    kind = column.type
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type, pa):
        column, kind = column.cast(kind.value_type), kind.value_type
    if isinstance(kind, pa.BaseExtensionType):
        raise _strange(kind)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))  # the same instants
    try:
        read = pl.Series(column)
    except _FAILURES:
        raise _strange(kind) from None
    if pa.types.is_date64(kind):
        read = pl.select(as_days(pl.lit(read))).to_series()
    return read, _only(read.dtype)


def _is_text(kind: Any, pa: Any) -> bool:
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(is_text or pa.types.is_string_view(kind))


def of_objects(values: Iterable[Any]) -> _Column:
    """Python objects, each read as what it is: the texts that say so, and their kinds.

    A `date` is a day, a `datetime` with a zone an instant, one without a local time.

    Raises:
        Unreadable: an object that says nothing to a table, with its row.

    >>> values, _ = of_objects([date(2024, 9, 1), datetime(2024, 9, 18, 2, tzinfo=UTC), None])
    >>> values.to_list()
    ['2024-09-01', '2024-09-18T02:00:00.000000Z', None]
    """
    texts: list[str | None] = []
    kinds: dict[pl.DataType, int | None] = {}
    for row, value in enumerate(values, 1):
        try:
            text, kind = _listed(value) if _is_listed(value) else _said(value)
            if text is not None and not text.isascii():
                text.encode()  # which a text with half a character cannot be
        except (ValueError, OverflowError, TypeError):
            words = f"holds a `{shown(type(value).__name__)}` in row {row:,}, which is not read"
            raise Unreadable(words, "Write it as text, or leave it out.") from None
        texts.append(text)
        if kind is not None:
            kinds.setdefault(kind, row)
    column = pl.Series(texts, dtype=pl.String)
    return column, FrozenDict(kinds) if kinds else _only(_TEXT)


def _only(kind: pl.DataType) -> Kinds:
    return FrozenDict({kind: None})


def _is_listed(value: Any) -> bool:
    return isinstance(value, list | tuple) or type(value).__name__ == "ndarray"


def _listed(value: Any) -> tuple[str, pl.DataType]:
    return text_of_words(value), pl.List(pl.String())


def _said(value: Any) -> tuple[str | None, pl.DataType | None]:
    """What one object says, and of which kind it is; None for one that says nothing."""
    if isinstance(value, str):
        return str.__str__(value), _TEXT
    kind = type(value)
    if kind.__module__ == "numpy":
        if kind.__name__ == "datetime64":
            return _said(_of_numpy(value))
        return _said(value.item())
    if value is None or kind.__name__ in ("NaTType", "NAType"):
        return None, None
    if isinstance(value, bool):
        return str(value).lower(), pl.Boolean()
    if isinstance(value, int):
        return str(int(value)), pl.Int64()
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        plain = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        return _time(plain)
    if isinstance(value, date):
        return value.isoformat(), pl.Date()
    raise TypeError


def _number(value: float | Decimal) -> tuple[str | None, pl.DataType | None]:
    if math.isnan(value):
        return None, None
    is_whole = not math.isinf(value) and value == int(value)
    return str(int(value) if is_whole else value), pl.Float64()


def _time(value: datetime) -> tuple[str, pl.DataType]:
    if value.tzinfo is None or value.utcoffset() is None:
        return value.replace(tzinfo=None).isoformat(timespec="microseconds"), _NAIVE
    in_utc = value.astimezone(UTC).replace(tzinfo=None)
    return in_utc.isoformat(timespec="microseconds") + "Z", _AWARE


def _of_numpy(value: Any) -> Any:
    """A `datetime64`: of years, months and days the text, of less the timestamp."""
    if str(value) == "NaT":
        return None
    unit = value.dtype.name.removeprefix("datetime64").strip("[]")
    if unit in ("Y", "M"):
        return str(value)
    whole = value.astype("datetime64[us]").item()
    if not isinstance(whole, datetime):
        raise ValueError(unit)  # numpy gives a number for what no calendar has
    return whole.date() if unit == "D" else whole
