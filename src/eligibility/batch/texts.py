"""Columns of moments, however they are written, as columns of bounds.

What a text means is what `Moment.parse` says. Instants with an offset, and local times away from
any change of the clock, are read by the column; every other text once, however often it stands.
"""

from datetime import timedelta
from typing import Final

import polars as pl

from eligibility.errors import InvalidMoment
from eligibility.moment import Moment
from eligibility.timeline import (
    COURT_ZONE,
    EARLIEST,
    LATEST,
    SECOND,
    load_zone,
    local_span,
    moment_of,
)

#: What becomes of a moment: its bounds, or the code of what is wrong with it.
BOUNDS: Final = pl.Struct({"earliest": pl.Int64, "latest": pl.Int64, "code": pl.String})

_HOUR: Final = 3600 * SECOND
_INSTANT: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
    r"(?:\.([0-9]{1,6}))?(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?$"
)


def read_texts(values: pl.Series, zones: pl.Series | None, *, is_end: bool) -> pl.Series:
    """The bounds of moments written as texts; `is_end`: `..` says that it has not ended.

    Args:
        values: texts, null where the moment is unknown.
        zones: for each, the zone that a local time is read in; the court's if there are none.
        is_end: whether it is the end of a span.

    Returns:
        A struct for each: `earliest`, `latest`, null where it is unknown or cannot be read, and
        `code`, null where nothing is wrong.
    """
    rows = _rows(values, zones)
    parts = rows["value"].str.extract_groups(_INSTANT).struct.unnest()
    whole = parts["1"].str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
    fraction = parts["2"].fill_null("0").str.pad_end(6, "0").cast(pl.Int64)
    sign = pl.when(parts["3"].str.starts_with("-")).then(-1).otherwise(1)
    offset = sign * (
        parts["3"].str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0) * 60
        + parts["3"].str.slice(4, 2).cast(pl.Int64, strict=False).fill_null(0)
    )
    rows = rows.with_columns(
        local=whole.cast(pl.Int64) + fraction, is_local=parts["3"].is_null()
    ).with_columns(instant=pl.col("local") - offset * 60 * SECOND)
    return _bounds(rows, is_end=is_end)


def read_timestamps(values: pl.Series, zones: pl.Series | None, *, is_end: bool) -> pl.Series:
    """The bounds of naive timestamps, read as local times; as `read_texts` gives them."""
    written = values.dt.cast_time_unit("us")
    text = written.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    rows = _rows(text, zones).with_columns(local=written.cast(pl.Int64), is_local=True)
    return _bounds(rows.with_columns(instant=pl.col("local")), is_end=is_end)


def _rows(values: pl.Series, zones: pl.Series | None) -> pl.DataFrame:
    zone = pl.lit(COURT_ZONE) if zones is None else zones.fill_null(COURT_ZONE)
    return pl.DataFrame({"value": values.cast(pl.String)}).with_columns(zone=zone)


def _bounds(rows: pl.DataFrame, *, is_end: bool) -> pl.Series:
    rows = rows.with_columns(hour=pl.when("is_local").then(pl.col("local") // _HOUR))
    rows = rows.join(_offsets(rows), on=["zone", "hour"], how="left", maintain_order="left")
    at = pl.when("is_local").then(pl.col("local") - pl.col("offset")).otherwise("instant")
    rows = rows.with_columns(at=pl.when(at.is_between(EARLIEST, LATEST)).then(at))
    slow = rows.filter(pl.col("value").is_not_null() & pl.col("at").is_null())
    pairs = slow.select("value", "zone").unique()
    read = [_read(value, zone, is_end=is_end) for value, zone in pairs.iter_rows()]
    known = pairs.with_columns(pl.Series("bounds", read, dtype=BOUNDS))
    rows = rows.join(known, on=["value", "zone"], how="left", maintain_order="left")
    exact = pl.struct(earliest="at", latest="at", code=pl.lit(None, pl.String))
    found = pl.when(pl.col("at").is_not_null()).then(exact).otherwise("bounds")
    return rows.select(found.alias("bounds")).to_series()


def _offsets(rows: pl.DataFrame) -> pl.DataFrame:
    """By zone and local hour, the one offset from UTC throughout the hour; no row if it changes."""
    hours = rows.filter(pl.col("hour").is_not_null()).select("zone", "hour").unique()
    found = [_offset(zone, hour) for zone, hour in hours.iter_rows()]
    return hours.with_columns(pl.Series("offset", found, dtype=pl.Int64))


def _offset(zone: str, hour: int) -> int | None:
    first = moment_of(hour * _HOUR).replace(tzinfo=None)
    last = first + timedelta(hours=1) - timedelta(microseconds=1)
    span = local_span(first, last, load_zone(zone))
    if span is None or span[1] - span[0] != _HOUR - 1:
        return None
    return hour * _HOUR - span[0]


def _read(value: str, zone: str, *, is_end: bool) -> dict[str, int | str | None]:
    if is_end and value == "..":
        return {"earliest": LATEST, "latest": LATEST, "code": None}
    try:
        moment = Moment.parse(value, zone)
    except InvalidMoment as error:
        return {"earliest": None, "latest": None, "code": error.problems[0].code}
    return {"earliest": moment.earliest, "latest": moment.latest, "code": None}
