"""Dates in words: the one place where an instant, or what is known of one, becomes English.

Whole days of a zone are said as days, and whole months and years as such; a time of day is said
only where it is needed. Months are English, whatever the locale of the process.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final

from attrs import field, frozen

from eligibility.values.timeline import (
    COURT_ZONE,
    EARLIEST,
    LATEST,
    SECOND,
    load_zone,
    local_span,
    moment_of,
)
from eligibility.values.timeset import TimeSet

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MORE_THAN_A_DAY: Final = 30 * 3600 * 1_000_000
_MICROSECOND: Final = timedelta(microseconds=1)


def day_words(at: int, zone: str = COURT_ZONE) -> str:
    """An instant in words, in local time of a zone; only the day if the day begins with it.

    >>> day_words(1726642800000000)
    '18 September 2024'
    """
    local = _local(at, zone)
    return _day(local) if local.time() == time() else f"{_clock(local)} on {_day(local)}"


@lru_cache(maxsize=4096)
def is_midnight(at: int, zone: str = COURT_ZONE) -> bool:
    """Whether a day of a zone begins with an instant.

    >>> is_midnight(1726642800000000), is_midnight(1726642800000000, "Europe/Berlin")
    (True, False)
    """
    return at % SECOND == 0 and _local(at, zone).time() == time()  # offsets are whole seconds


def day_before_and_after(at: int, zone: str = COURT_ZONE) -> tuple[int, ...]:
    """The beginnings of the days that an instant lies between; of a day that it begins, that one.

    >>> [day_words(day) for day in day_before_and_after(1726650000000000)]
    ['18 September 2024', '19 September 2024']
    """
    local = _local(at, zone)
    midnight = datetime.combine(local.date(), time())
    days = [midnight] if local.time() == time() else [midnight, midnight + timedelta(days=1)]
    spans = (local_span(day, day + timedelta(days=1), load_zone(zone)) for day in days)
    return tuple(span[0] for span in spans if span is not None)


def whole_days(bounds: tuple[int, int], zone: str = COURT_ZONE) -> tuple[int, int]:
    """Bounds, widened to whole days; but those that are an instant beside a day's end stay."""
    first, last = bounds
    if first > EARLIEST and not (is_midnight(first, zone) or is_midnight(first + 1, zone)):
        first = max(EARLIEST, day_before_and_after(first, zone)[0])
    if last < LATEST and not (is_midnight(last, zone) or is_midnight(last + 1, zone)):
        last = min(LATEST, day_before_and_after(last, zone)[1] - 1)
    return first, last


def times_words(times: TimeSet, zone: str = COURT_ZONE) -> str:
    """A set of instants in words, after a verb.

    >>> times_words(TimeSet.before(1726642800000000))
    'before 18 September 2024'
    """
    if times == TimeSet.ALL:
        return "at any time"
    edges = {edge for first, last in times.spans for edge in (first, last + 1)}
    dates = Dates(zone, edges)
    return " or ".join(dates.when(*span) for span in times.spans) or "at no time"


def _edges(edges: Iterable[int]) -> frozenset[int]:
    return frozenset(edges)


@frozen
class Dates:
    """Words for what is known of moments, in the local time of a zone.

    `edges` are instants that something turns on: a moment on the same day as one of them is said
    with its time, any other by its day.
    """

    zone: str = COURT_ZONE
    edges: frozenset[int] = field(default=frozenset(), converter=_edges)

    def when(self, earliest: int, latest: int) -> str:
        """Where a moment lies, after a verb, bounds in UTC microseconds and inclusive.

        The last instant of a day, which nobody knows from the next, is said as the next day, unless
        something turns on it; what turns earlier on that day makes no difference.

        >>> Dates(edges=[1722600000000000]).when(1722668399999999, LATEST)
        'on 3 August 2024 or later'
        >>> Dates().when(1722495600000000, 1725173999999999)
        'in August 2024'
        >>> Dates().when(1722495599999999, 1725173999999999)
        'in August 2024'
        """
        if EARLIEST < earliest < latest and is_midnight(earliest + 1, self.zone):
            turns = any(abs(edge - earliest) <= SECOND for edge in self.edges)
            earliest += not turns
        if earliest == latest == EARLIEST:
            return f"at the start of {moment_of(EARLIEST).year}"  # of no zone's day, but of dates
        if earliest == latest:
            local = _local(earliest, self.zone)
            return f"on {_day(local)}" + (f" at {_clock(local)}" if self.is_near(earliest) else "")
        if earliest <= EARLIEST and latest >= LATEST:
            return "at some time"
        if earliest <= EARLIEST:
            return self.up_to(latest)
        if latest >= LATEST:
            return self.since(earliest)
        first, last = self._bound(earliest), self._bound(latest)
        if isinstance(first, datetime) and isinstance(last, datetime):
            return self._days(first, last)
        return f"between {_said(first)} and {_said(last)}"

    def up_to(self, latest: int) -> str:
        """Not later than an instant.

        >>> Dates().up_to(1726642799999999)
        'before 18 September 2024'
        """
        after = _local(latest + 1, self.zone)
        if after.time() == time():
            return f"before {_day(after)}"
        if not self.is_near(latest):
            return f"before {_day(_local(latest, self.zone) + timedelta(days=1))}"
        if after.microsecond == 0:
            return f"before {day_words(latest + 1, self.zone)}"
        return f"by {self._instant(latest)}"

    def since(self, earliest: int) -> str:
        """Not earlier than an instant.

        >>> Dates().since(1726642800000000)
        'on 18 September 2024 or later'
        """
        local = _local(earliest, self.zone)
        if is_midnight(earliest, self.zone) or not self.is_near(earliest):
            return f"on {_day(local)} or later"
        before = _local(earliest - 1, self.zone)
        if local.microsecond and not before.microsecond:
            return f"after {self._instant(earliest - 1)}"
        return f"at {self._instant(earliest)} or later"

    def _instant(self, at: int) -> str:
        """An instant with its time, also at midnight: `by 15 August` would take in the day."""
        local = _local(at, self.zone)
        return f"{_clock(local)} on {_day(local)}"

    def is_near(self, at: int) -> bool:
        """Whether something turns on the day of an instant."""
        if not self.edges:
            return False
        day = _local(at, self.zone).date()
        return any(
            EARLIEST < edge <= LATEST
            and abs(edge - at) <= _MORE_THAN_A_DAY  # most edges are far: spare them the zone
            and not is_midnight(edge, self.zone)
            and _local(edge, self.zone).date() == day
            for edge in self.edges
        )

    def _bound(self, at: int) -> "datetime | str":
        """The day of a bound, or, where something turns on that day, its time as well."""
        if self.is_near(at) and not (is_midnight(at, self.zone) or is_midnight(at + 1, self.zone)):
            return day_words(at, self.zone)
        return _local(at, self.zone)

    def _days(self, first: datetime, last: datetime) -> str:
        if first.date() == last.date():
            return f"on {_day(first)}"
        ends_month = (last.date() + timedelta(days=1)).day == 1
        if first.day == 1 and ends_month and first.year == last.year:
            if first.month == last.month:
                return f"in {MONTHS[first.month - 1]} {first.year}"
            if (first.month, last.month) == (1, 12):
                return f"in {first.year}"
        same_year = first.year == last.year
        start = _day(first).removesuffix(f" {first.year}") if same_year else _day(first)
        return f"between {start} and {_day(last)}"


def when_words(earliest: int, latest: int, edges: Collection[int], zone: str = COURT_ZONE) -> str:
    """What `Dates` says of a moment, which is said again and again.

    >>> when_words(1722495600000000, 1725173999999999, [])
    'in August 2024'
    """
    return _when(zone, frozenset(near(edges, earliest, latest) if edges else ()), earliest, latest)


def near(instants: Iterable[int], earliest: int, latest: int) -> list[int]:
    """Those of some instants that may lie on the day of a bound: to ask the zone takes longer."""
    ordered = sorted(instants)
    first, last = _on_its_day(ordered, earliest), _on_its_day(ordered, latest)
    return first if first == last else [*first, *last]


def _on_its_day(ordered: list[int], at: int) -> list[int]:
    first = bisect_left(ordered, at - _MORE_THAN_A_DAY)
    return ordered[first : bisect_right(ordered, at + _MORE_THAN_A_DAY, first)]


@lru_cache(maxsize=4096)
def _when(zone: str, edges: frozenset[int], earliest: int, latest: int) -> str:
    return Dates(zone, edges).when(earliest, latest)


def _said(bound: datetime | str) -> str:
    return bound if isinstance(bound, str) else _day(bound)


def _local(at: int, zone: str) -> datetime:
    return moment_of(min(max(at, EARLIEST), LATEST)).astimezone(load_zone(zone))


def _day(local: datetime) -> str:
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def _clock(local: datetime) -> str:
    text = local.time().isoformat()
    return text.removesuffix(":00") if text.count(":") == 2 else text
