"""A time as an export writes it, and every instant that it may mean.

All shapes that exports use are read, and no other: English month names whatever the account's
language, US order where the month is a number. A text says an instant only as exactly as it is
written, so a reading is always two bounds. Where it has no zone, it is widened, not guessed.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import frozen

from eligibility.values.date_words import MONTHS

#: Clocks on Earth run from 12 hours behind UTC to 14 ahead: UTC is the local time less the offset.
_BEFORE: Final = timedelta(hours=14)
_AFTER: Final = timedelta(hours=12)
_MICROSECOND: Final = timedelta(microseconds=1)
_WIDTHS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "day": timedelta(days=1),
}
#: LinkedIn opened in 2003; a year before it is a misreading, not a time.
_YEARS: Final = range(2003, 2100)
#: `strptime` reads month names in the language of the process; exports write them in English.
_MONTHS: Final = {
    name[:length]: number
    for number, name in enumerate(map(str.lower, MONTHS), 1)
    for length in (3, len(name))
}

_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
_ZONE: Final = r"(?P<zone>UTC|GMT|Z|[+-]\d\d:?\d\d)"
_ISO_DATE: Final = r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
_HALF: Final = r"(?P<half>[AP]M)"
_YEAR: Final = r"(?P<year>\d\d(?:\d\d)?)"
_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        # 2025-06-01 14:03:22 UTC, 2019-11-06T02:08:20, 2022/01/05 07:09:11 UTC, 2024-08-16
        rf"{_ISO_DATE}(?:[ T]{_CLOCK}(?: ?{_ZONE})?)?",
        # 1/29/26, 2:37 PM
        rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR},? {_CLOCK} ?{_HALF}",
        # July 05, 2017, 11:05 AM
        rf"(?P<name>[a-z]+) (?P<day>\d{{1,2}}), (?P<year>\d{{4}}),? {_CLOCK} ?{_HALF}",
        # Tue Mar 08 16:20:11 UTC 2022
        rf"[a-z]{{3}} (?P<name>[a-z]{{3}}) (?P<day>\d\d) {_CLOCK} {_ZONE} (?P<year>\d{{4}})",
        # 08 Feb 2026, 12 Mar 19
        rf"(?P<day>\d{{1,2}}) (?P<name>[a-z]+) {_YEAR}",
    )
)


@frozen
class Bounds:
    """The earliest and the latest instant that a text may mean, both inclusive, in UTC."""

    earliest: datetime
    latest: datetime
    zoned: bool
    """Whether the text names its zone; otherwise the bounds were widened."""

    def __str__(self) -> str:
        return f"{written(self.earliest)}/{written(self.latest)}"


def read_time(text: str) -> Bounds | None:
    """The bounds of a time in one of the shapes that exports use; None for anything else.

    >>> str(read_time("2024-09-17 23:59:59 UTC"))
    '2024-09-17T23:59:59Z/2024-09-17T23:59:59.999999Z'
    >>> str(read_time("9/17/24, 12:05 AM"))
    '2024-09-16T10:05:00Z/2024-09-17T12:05:59.999999Z'
    >>> read_time("17/9/24, 12:05 AM") is None
    True
    """
    if len(text) > 60:
        return None
    plain = " ".join(text.split())  # a no-break space before AM is a space too
    for shape in _SHAPES:
        match = shape.fullmatch(plain)
        if match:
            return _bounds(match.groupdict())
    return None


def written(when: datetime) -> str:
    """An instant in RFC 3339, with as many decimals as it has."""
    return when.isoformat().replace("+00:00", "Z")


def _bounds(parts: dict[str, str | None]) -> Bounds | None:
    unit = "day" if not parts.get("hour") else "second" if parts.get("second") else "minute"
    zone = parts.get("zone")
    try:
        first = datetime(
            _year(parts["year"] or ""),
            _month(parts),
            int(parts["day"] or 0),
            _hour(parts),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=UTC,
        ) - _offset(zone)
    except ValueError:
        return None
    last = first + _WIDTHS[unit] - _MICROSECOND
    if zone:
        return Bounds(first, last, True)
    return Bounds(first - _BEFORE, last + _AFTER, False)


def _year(digits: str) -> int:
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    if year not in _YEARS:
        raise ValueError
    return year


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    if name.casefold() not in _MONTHS:
        raise ValueError
    return _MONTHS[name.casefold()]


def _hour(parts: dict[str, str | None]) -> int:
    """The hour of the day. One old pattern writes AM and PM behind an hour that counts to 23."""
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").upper()
    if half == "AM":
        if hour > 12:
            raise ValueError
        return hour % 12
    if half == "PM" and hour == 0:
        raise ValueError
    return hour + 12 if half == "PM" and hour < 12 else hour


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone.upper() in ("UTC", "GMT", "Z"):
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
