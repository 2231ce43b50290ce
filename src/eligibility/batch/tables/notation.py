"""What stands in a column of moments, in the notation of histories, where it says the same.

Some of it cannot be misread (what databases and data frames write of a timestamp); the rest is read
as the caller says. All other texts stay as they are, and are refused with their rows.
"""

from typing import Final

import polars as pl

from eligibility.batch.tables.date_formats import rewritten
from eligibility.batch.tables.options import InputOptions, NumberUnit
from eligibility.batch.tables.words import is_text
from eligibility.values.timeline import EARLIEST, LATEST

#: A number with fewer digits may be a year, a day, seconds, or milliseconds: it names no instant.
#: Microseconds have as many from 1973 on, and before October 1966.
LEAST_MICROSECONDS: Final = 10**14
#: Numbers and dates that only the caller can read, as texts.
_NUMBER: Final = r"^-?[0-9]{5,}(?:\.[0-9]+)?$"
_OTHER_DATE: Final = r"^[0-9A-Za-z]{1,9}[-/. ][0-9A-Za-z]{1,9}[-/., ]{1,2}[0-9]{2,4}(?:[ T].*)?$"
#: A timestamp with a blank, a short offset, or more digits than microseconds have.
_TIMESTAMP: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?:(\.[0-9]{1,6})[0-9]{0,3})? ?(?:([Zz]|UTC)|([+-][0-9]{2})(?::?([0-9]{2}))?)?$"
)
#: What a text must have for that: searching for it is quicker than taking every text apart.
_MAY_BE_TIMESTAMP: Final = r"^[0-9-]{10} |:[0-9.]+[+-][0-9]{2}(?:[0-9]{2})?$|\.[0-9]{7}"
_IN_UNIT: Final[dict[NumberUnit, int]] = {"s": 1_000_000, "ms": 1_000, "us": 1}
#: Microseconds far off the time line, which a timestamp still holds.
_FAR: Final = 2**62
_NS_IN_US: Final = 1_000


def in_notation(values: pl.Series, *, is_bound: bool) -> pl.Series:
    """Texts of moments, those that cannot be misread in the notation.

    Args:
        values: the texts.
        is_bound: whether microseconds may stand there as well, as they do in a CSV file.
    """
    text = pl.lit(values)
    if values.str.contains(_MAY_BE_TIMESTAMP).any():
        day, time, fraction, utc, hours, minutes = (
            text.str.extract_groups(_TIMESTAMP).struct.field(f"{at}") for at in range(1, 7)
        )
        zulu = pl.when(utc.is_not_null()).then(pl.lit("Z"))
        offset = pl.coalesce(zulu, hours + ":" + minutes.fill_null("00"), pl.lit(""))
        text = pl.coalesce(day + "T" + time + fraction.fill_null("") + offset, text)
    if is_bound:
        number = text.str.extract(r"^(-?[0-9]{15,19})$").cast(pl.Int64, strict=False)
        held = pl.when(number.is_between(EARLIEST, LATEST)).then(number)
        text = pl.coalesce(_written(held), text)
    return pl.select(text).to_series()


def cause_of(codes: pl.Series, texts: pl.Series) -> pl.Series:
    """Why texts are no moments, where only the caller can say what they mean."""
    code, text = pl.lit(codes), pl.lit(texts)
    is_number = text.str.contains(_NUMBER)
    is_date = text.str.contains(_OTHER_DATE) & ~text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")
    cause = pl.when(is_number).then(pl.lit("number-unit")).when(is_date).then(pl.lit("date-format"))
    said = pl.when(code == "moment-notation").then(pl.coalesce(cause, code)).otherwise(code)
    return pl.select(said).to_series()


def as_said(column: str, kind: pl.DataType, options: InputOptions) -> pl.Expr:
    """A column of moments, read as the caller says that it is written."""
    value = pl.col(column)
    if options.number_unit is not None and kind.is_numeric():
        number = value.fill_nan(None) if kind.is_float() else value
        return _counted(number, kind, options.number_unit).cast(pl.Datetime("us", "UTC"))
    if not is_text(kind):
        return value
    text = value.cast(pl.String)
    if options.number_unit is not None:
        text = _counted_text(text, options.number_unit)
    return text if options.date_format is None else rewritten(text, options.date_format)


def _counted(number: pl.Expr, kind: pl.DataType, unit: NumberUnit) -> pl.Expr:
    """Microseconds, of numbers of a unit; what is far off the time line stays far off."""
    if kind.is_integer():
        whole = number.cast(pl.Int128)  # which holds any of them, unsigned ones too
        exact = whole // _NS_IN_US if unit == "ns" else whole * _IN_UNIT[unit]
        return exact.clip(-_FAR, _FAR).cast(pl.Int64)
    broken = number.cast(pl.Float64)
    exact = (broken / _NS_IN_US).floor() if unit == "ns" else (broken * _IN_UNIT[unit]).round()
    return exact.clip(-_FAR, _FAR).cast(pl.Int64)


def _counted_text(text: pl.Expr, unit: NumberUnit) -> pl.Expr:
    """The same of texts of nine digits and more: fewer may be a year, or a day."""
    whole = text.str.extract(r"^(-?[0-9]{9,19})(?:\.0*)?$").cast(pl.Int64, strict=False)
    part = text.str.extract(r"^(-?[0-9]{9,19}\.[0-9]+)$").cast(pl.Float64, strict=False)
    counted = pl.coalesce(_counted(whole, pl.Int64(), unit), _counted(part, pl.Float64(), unit))
    return pl.coalesce(_written(pl.when(counted.is_between(EARLIEST, LATEST)).then(counted)), text)


def _written(microseconds: pl.Expr) -> pl.Expr:
    return microseconds.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
