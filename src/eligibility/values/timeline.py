"""The time line that every instant lies on, and how local times are read onto it.

Instants are integers: microseconds since 1970-01-01T00:00Z. The line runs from the first to the
last microsecond, in UTC, of the years 1900 to 2200. Zones come from the `tzdata` package and never
from the machine, so that one history is read alike everywhere.
"""

import pkgutil
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from eligibility.errors import EligibilityError, Problem, shown

#: The zone in which dates are read where a history names none: the court's, N.D. California.
COURT_ZONE: Final = "America/Los_Angeles"
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: One day, in microseconds.
DAY: Final = 86_400_000_000
#: One second, in microseconds.
SECOND: Final = 1_000_000


def instant(when: datetime) -> int:
    """The UTC microseconds of an aware `datetime`.

    >>> instant(datetime(2024, 9, 18, 7, tzinfo=UTC))
    1726642800000000
    """
    delta = when - _EPOCH
    return delta.days * DAY + delta.seconds * SECOND + delta.microseconds


def moment_of(when: int) -> datetime:
    """The aware UTC `datetime` of an instant; the inverse of `instant`."""
    return _EPOCH + timedelta(microseconds=when)


#: The first and the last instant of the time line, both inclusive.
EARLIEST: Final = instant(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
LATEST: Final = instant(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)) - 1


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone name of the `tzdata` package."""
    data = pkgutil.get_data("tzdata", "zones")
    return frozenset((data or b"").decode("ascii").split())


@lru_cache(maxsize=64)
def load_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        EligibilityError: `unknown-zone`, if the zone table has no such name.
    """
    if name not in zone_names():
        raise EligibilityError(
            [
                Problem(
                    "unknown-zone",
                    "time_zone",
                    f"`{shown(name)}` is no IANA time zone.",
                    "Write one such as `America/Los_Angeles` or `UTC`.",
                )
            ]
        )
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    return ZoneInfo.from_file(BytesIO(data or b""), key=name)


def local_span(first: datetime, last: datetime, zone: ZoneInfo) -> tuple[int, int] | None:
    """All instants from local time `first` to local time `last`, both naive, both inclusive.

    A local time that the zone repeats counts with both its instants. None if daylight saving (or
    a change of the date line) skips all of them.
    """
    earliest, latest = _edge(first, zone, 0), _edge(last, zone, 1)
    return (earliest, latest) if earliest <= latest else None


def _edge(local: datetime, zone: ZoneInfo, fold: int) -> int:
    """The first (fold 0) or last (fold 1) instant of a local time, or the nearest inside."""
    naive = local.replace(tzinfo=UTC)
    before, after = (_offset(local, zone, f) for f in (0, 1))
    if before >= after:  # an ordinary or a repeated local time
        return instant(naive - (before, after)[fold])
    low, high = instant(naive - after), instant(naive - before)
    while low < high:  # skipped: find the first instant after the jump
        middle = (low + high) // 2
        if moment_of(middle).astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle + 1
    return high - fold


def _offset(local: datetime, zone: ZoneInfo, fold: int) -> timedelta:
    return zone.utcoffset(local.replace(fold=fold)) or timedelta(0)


def write_instant(when: int) -> str:
    """An instant as RFC 3339 in UTC.

    >>> write_instant(1726642799999999)
    '2024-09-18T06:59:59.999999Z'
    """
    return moment_of(when).replace(tzinfo=None).isoformat() + "Z"
