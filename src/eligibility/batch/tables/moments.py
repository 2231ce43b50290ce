"""Columns of moments, however they are written, as columns of bounds.

What a text means is what `Moment.parse` says. Instants in UTC, as machines write them, are read by
Polars itself. Every other text is read once, however often it stands there: instants with an
offset, and local times and days away from any change of the clock, by the column; the rest one by
one.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

import polars as pl

from eligibility.errors import InvalidMoment
from eligibility.values.moment import Moment
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    LATEST,
    SECOND,
    load_zone,
    moment_of,
    zone_names,
)

#: What becomes of a moment: its bounds, or the code of what is wrong with it.
BOUNDS: Final = pl.Struct({"earliest": pl.Int64, "latest": pl.Int64, "code": pl.String})
#: How many of a timestamp's units make a second.
UNITS: Final = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

_MINUTE: Final = 60 * SECOND
_HOUR: Final = 60 * _MINUTE
#: A day; hour, minute, second, fraction, offset from UTC. Groups are numbered from 1.
_TIMED: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?$"
)
#: What Polars reads by itself: without a fraction, which is the most common, and with one. It would
#: take years of five digits as well, and other things that are no moments here.
_IN_UTC: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NATIVE: Final = {
    _IN_UTC + "Z$": "%Y-%m-%dT%H:%M:%SZ",
    _IN_UTC + r"\.[0-9]{1,6}Z$": "%Y-%m-%dT%H:%M:%S%.fZ",
}
#: A text, and the zone that it is read in.
_Pair: TypeAlias = tuple[str, str]


def read_texts(
    values: pl.Series,
    zones: pl.Series | None,
    *,
    is_end: bool,
    rewritten: Callable[[pl.Series], pl.Series] = lambda texts: texts,
) -> pl.Series:
    """The bounds of moments written as texts.

    Args:
        values: texts, null where the moment is unknown.
        zones: for each, the zone that a local time is read in; the court's if there are none.
        is_end: whether it is the end of a span: then `..` says that it has not ended.
        rewritten: texts of other notations, in the one of histories; instants in UTC stay.

    Returns:
        A struct for each: `earliest`, `latest`, null where it is unknown or cannot be read, and
        `code`, null where nothing is wrong.

    >>> read_texts(pl.Series(["2024-09-18T00:00:00-07:00"]), None, is_end=False)[0]["latest"]
    1726642800000000
    """
    texts = values.cast(pl.String)
    at = _natively(texts)
    others = (at.is_null() & texts.is_not_null()).arg_true()
    columns = {"earliest": at, "latest": at.clone()}
    columns["code"] = pl.repeat(None, len(texts), dtype=pl.String, eager=True)
    if len(others):
        given = pl.DataFrame({"value": texts.gather(others)})
        if zones is not None:
            given = given.with_columns(zone=zones.gather(others))
        each = given.unique()
        where = None if zones is None else each["zone"]
        read = _taken_apart(rewritten(each["value"]), where, is_end=is_end)
        each = each.with_columns(read.struct.unnest().get_columns())
        how: Any = {"how": "left", "nulls_equal": True, "maintain_order": "left"}
        found = given.join(each, on=given.columns, **how)
        columns = {name: column.scatter(others, found[name]) for name, column in columns.items()}
    return pl.DataFrame(columns).to_struct("bounds")


def _natively(texts: pl.Series) -> pl.Series:
    """The microseconds of instants in UTC; null where a text is none, or not on the time line."""
    found = pl.repeat(None, len(texts), dtype=pl.Int64, eager=True)
    for pattern, notation in _NATIVE.items():
        held = texts.str.contains(pattern)
        if held.any():
            only = pl.select(pl.when(held).then(texts)).to_series()
            # hardly two of them are the same: to remember them takes longer than to read them
            read = only.str.to_datetime(notation, time_unit="us", strict=False, cache=False)
            found = pl.select(pl.coalesce(found, read.cast(pl.Int64))).to_series()
    return _inside(found, EARLIEST, LATEST)


def _taken_apart(texts: pl.Series, zones: pl.Series | None, *, is_end: bool) -> pl.Series:
    """The bounds of texts, read by their groups as far as that goes."""
    groups = texts.str.extract_groups(_TIMED).struct.unnest().get_columns()
    names = ("day", "hour", "minute", "second", "fraction", "offset")
    read = pl.DataFrame([group.alias(name) for name, group in zip(names, groups, strict=True)])
    sign = pl.when(pl.col("offset").str.starts_with("-")).then(-_MINUTE).otherwise(_MINUTE)
    hours = pl.col("offset").str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = pl.col("offset").str.slice(4, 2).cast(pl.Int64, strict=False)
    hour, minute, second = (
        pl.col(name).cast(pl.Int64).fill_null(0) for name in ("hour", "minute", "second")
    )
    midnight = pl.col("day").str.to_date("%Y-%m-%d", strict=False).cast(pl.Int64) * DAY
    fraction = pl.col("fraction").str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    rows = read.select(
        texts.alias("value"),
        local=midnight + hour * _HOUR + minute * _MINUTE + second * SECOND + fraction,
        length=pl.when(pl.col("hour").is_null())
        .then(DAY - 1)
        .when(pl.col("second").is_null())
        .then(_MINUTE - 1)
        .otherwise(0),
        # the zone Z has no digits, and so no offset
        offset=pl.when(pl.col("offset").is_not_null()).then(
            sign * (hours.fill_null(0) * 60 + minutes.fill_null(0))
        ),
    )
    return _bounds(rows, zones, is_end=is_end)


def read_timestamps(values: pl.Series, zones: pl.Series | None) -> pl.Series:
    """The bounds of naive timestamps, read as local times; otherwise as `read_texts`."""
    local = microseconds(values)
    text = local.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    return _local_bounds(values, local, text, zones, length=0)


def read_dates(values: pl.Series, zones: pl.Series | None) -> pl.Series:
    """The bounds of days, from their first to their last instant; otherwise as `read_texts`."""
    days = values.to_physical().cast(pl.Int64)
    local = _inside(days, EARLIEST // DAY, LATEST // DAY) * DAY
    text = local.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%d")
    return _local_bounds(values, local, text, zones, length=DAY - 1)


def read_instants(values: pl.Series) -> pl.Series:
    """The bounds of timestamps with a zone, which are instants; otherwise as `read_texts`."""
    at = microseconds(values)
    return _with_lost(at, at, values.is_not_null() & at.is_null())


def microseconds(values: pl.Series) -> pl.Series:
    """The microseconds of timestamps, null where they do not lie on the time line."""
    assert isinstance(values.dtype, pl.Datetime)  # noqa: S101 - the caller asked
    unit = UNITS[values.dtype.time_unit]
    number = values.to_physical()
    if unit <= SECOND:  # first of all what lies outside, for it might not fit
        factor = SECOND // unit
        return _inside(number, -(-EARLIEST // factor), LATEST // factor) * factor
    return _inside(number // (unit // SECOND), EARLIEST, LATEST)


def _inside(numbers: pl.Series, first: int, last: int) -> pl.Series:
    held = numbers.is_between(first, last)
    return pl.select(pl.when(held).then(numbers)).to_series()


def _local_bounds(
    values: pl.Series, local: pl.Series, text: pl.Series, zones: pl.Series | None, *, length: int
) -> pl.Series:
    rows = pl.DataFrame({"value": text, "local": local}).with_columns(
        length=pl.lit(length, pl.Int64), offset=pl.lit(None, pl.Int64)
    )
    read = _bounds(rows, zones, is_end=False)
    lost = values.is_not_null() & local.is_null()
    if not lost.any():
        return read
    known = read.struct
    return _with_lost(known.field("earliest"), known.field("latest"), lost, known.field("code"))


def _with_lost(
    earliest: pl.Series, latest: pl.Series, lost: pl.Series, code: pl.Series | None = None
) -> pl.Series:
    """Bounds, with those that do not lie on the time line said to be lost."""
    other = pl.lit(None, pl.String) if code is None else code
    code_of = pl.when(lost).then(pl.lit("moment-range")).otherwise(other)
    return pl.select(pl.struct(earliest=earliest, latest=latest, code=code_of)).to_series()


def _bounds(rows: pl.DataFrame, zones: pl.Series | None, *, is_end: bool) -> pl.Series:
    """The bounds of texts, of which some have been read as far as a local time.

    Args:
        rows: `value`; and where it was read: `local`, microseconds as if it were UTC, `length`
            until the last instant that it may mean, and `offset`, null for a local time.
        zones: as for `read_texts`.
        is_end: as for `read_texts`.
    """
    on = ["day"] if zones is None else ["zone", "day"]
    # a year that is not on the line is refused, whatever the offset makes of it
    is_odd = ~pl.col("local").is_between(EARLIEST, LATEST)
    rows = rows.with_columns(
        pl.when(is_odd).then(None).otherwise("local").alias("local"),
        pl.when(is_odd).then(pl.lit("moment-range")).alias("code"),
        pl.lit(COURT_ZONE).alias("zone") if zones is None else _known(zones).alias("zone"),
    ).with_columns(day=pl.when(pl.col("offset").is_null()).then(pl.col("local") // DAY))
    rows = _with_offsets(rows, on)
    first = pl.col("local") - pl.col("offset")
    held = (first >= EARLIEST) & (first + pl.col("length") <= LATEST)
    rows = rows.with_columns(earliest=pl.when(held).then(first)).with_columns(
        latest=pl.col("earliest") + pl.col("length")
    )
    unread = pl.col("value").is_not_null() & pl.col("earliest").is_null() & pl.col("code").is_null()
    pairs = rows.lazy().filter(unread).select("value", "zone").unique().collect()
    if not pairs.is_empty():
        read = [_read(pair, is_end=is_end) for pair in pairs.iter_rows()]
        slow = pairs.with_columns(pl.Series("slow", read, dtype=BOUNDS))
        rows = rows.join(slow, on=["value", "zone"], how="left", maintain_order="left")
        field = pl.col("slow").struct.field
        rows = rows.with_columns(
            pl.coalesce(name, field(name)) for name in ("earliest", "latest", "code")
        )
    return rows.select(pl.struct("earliest", "latest", "code").alias("bounds")).to_series()


def _known(zones: pl.Series) -> pl.Series:
    """Zones that there are; the court's where there is none, or one that is refused elsewhere."""
    names = zones.unique().drop_nulls().to_list()
    strange = [name for name in names if name not in zone_names()]
    return zones.replace(strange, [COURT_ZONE] * len(strange)).fill_null(COURT_ZONE)


def _with_offsets(rows: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Fill in the offsets of local times, where the clock keeps one throughout the day or hour."""
    days = rows.lazy().filter(pl.col("day").is_not_null()).select("zone", "day").unique().collect()
    if days.is_empty():
        return rows
    kept = [_offset(zone, day * DAY, DAY) for zone, day in days.iter_rows()]
    days = days.with_columns(pl.Series("kept", kept, dtype=pl.Int64))
    known = days.select(*on, "kept")
    rows = rows.join(known, on=on, how="left", maintain_order="left")
    rows = rows.with_columns(pl.coalesce("offset", "kept").alias("offset")).drop("kept")
    if days["kept"].null_count() == 0:
        return rows
    short = pl.col("day").is_not_null() & pl.col("offset").is_null() & (pl.col("length") < _HOUR)
    rows = rows.with_columns(hour=pl.when(short).then(pl.col("local") // _HOUR))
    hours = rows.filter(pl.col("hour").is_not_null()).select("zone", "hour").unique()
    kept = [_offset(zone, hour * _HOUR, _HOUR) for zone, hour in hours.iter_rows()]
    known = hours.with_columns(pl.Series("kept", kept, dtype=pl.Int64))
    rows = rows.join(known, on=["zone", "hour"], how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("offset", "kept").alias("offset"))


@lru_cache(maxsize=1 << 17)
def _offset(zone: str, local: int, length: int) -> int | None:
    """The one offset that the clock keeps from a local time on for so long; None if it changes.

    The clock of no zone is changed there and back within a day, so the ends tell.
    """
    first = moment_of(local).replace(tzinfo=None)
    ends = (first, first + timedelta(microseconds=length - 1))
    clock = load_zone(zone)
    offsets = {clock.utcoffset(end.replace(fold=fold)) for end in ends for fold in (0, 1)}
    (offset,) = offsets if len(offsets) == 1 else (None,)
    return None if offset is None else offset // timedelta(microseconds=1)


def _read(pair: _Pair, *, is_end: bool) -> dict[str, int | str | None]:
    value, zone = pair
    if is_end and value == "..":
        return {"earliest": LATEST, "latest": LATEST, "code": None}
    try:
        moment = Moment.parse(value, zone)
    except InvalidMoment as error:
        return {"earliest": None, "latest": None, "code": error.problems[0].code}
    return {"earliest": moment.earliest, "latest": moment.latest, "code": None}
