"""One instant of which only bounds are known, and the notation it is written in.

The notation is a profile of EDTF (ISO 8601-2): RFC 3339 instants, local date-times and dates,
months, years, unspecified digits, and bounds `a/b`, `../b`, `a/..`. What a text leaves open is
kept as the earliest and the latest instant that it may mean.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, NoReturn

from attrs import evolve, frozen

from eligibility.arguments import expect, wrong
from eligibility.errors import InvalidMoment, Problem, shown
from eligibility.immutable import as_repr
from eligibility.values.python_dates import written
from eligibility.values.spelling import respelt
from eligibility.values.timeline import (
    COURT_ZONE,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    instant,
    load_zone,
    local_span,
    moment_of,
    utc_second,
    write_instant,
)
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth

_DATE: Final = re.compile(r"([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?")
_TIME: Final = re.compile(
    r"([0-9]{4})-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
_BOUNDS_HINT: Final = (
    "Write bounds instead, such as `2024-05/2024-08`, `../2024-09-17` or `2024-05/..`."
)
_SECOND_60: Final = re.compile(r":60(?![0-9:])")
_FINER: Final = re.compile(r":[0-9]{2}[.,][0-9]{7}")
_INSTANT: Final = "Instants are UTC microseconds; of a text, `Moment.parse(text)` makes a moment."
_SWAP: Final = "Swap the bounds."
_SEASONS: Final = range(21, 42)


@frozen(order=False, repr=False)
class Moment:
    """One instant somewhere from `earliest` to `latest`: UTC microseconds, both inclusive.

    `text` is the moment as it was written. `zone` names the zone that the text was read in if the
    text alone does not say which instants it means; it is empty for a record that stands in no
    history yet, and None where the text needs no zone.

    >>> Moment.parse("2024-09-17T23:59:00-07:00").before(Moment.parse("2024-09-18"))
    Truth.TRUE
    >>> Moment.parse("2024").before(Moment.parse("2024-09-18"))
    Truth.UNKNOWN
    """

    earliest: int
    latest: int
    text: str
    zone: str | None = None

    @classmethod
    def parse(cls, text: str | date, zone: str = COURT_ZONE) -> "Moment":
        """The moment that a text means, dates being read in `zone`.

        A `date` of Python is that day in the zone; a `datetime` must have an offset of its own.

        >>> from datetime import UTC, datetime
        >>> Moment.parse(datetime(2024, 9, 18, 7, tzinfo=UTC)).text
        '2024-09-18T07:00:00+00:00'

        Raises:
            InvalidMoment: `moment-notation`, `moment-qualifier`, `moment-calendar`,
                `moment-range`, `moment-order`, `moment-gap` or `moment-naive`.
        """
        if not isinstance(text, str):
            expect(text, str | date, "text", "Write `2024-09-17`, in quotes.")
            return cls.parse(written(text), zone)
        if type(zone) is not str:
            expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        whole_second = utc_second(text) if len(text) == 20 else None
        if whole_second is not None:
            return cls(whole_second, whole_second, text)
        timed = _TIME.fullmatch(text)
        if timed and timed[3] and timed[2]:
            try:
                at = _instant(text, timed)
            except InvalidMoment:
                return _read(text, zone)  # which finds out what was meant
            return cls(at, at, text)
        return _read(text, zone)

    @classmethod
    def at(cls, when: int) -> "Moment":
        """The moment that is exactly this instant."""
        expect(when, int, "when", _INSTANT)
        return cls.between(when, when)

    @classmethod
    def between(cls, earliest: int, latest: int, zone: str = COURT_ZONE) -> "Moment":
        """The moment with these bounds, written in days of `zone` where they are whole days.

        >>> Moment.between(EARLIEST, Moment.parse("2024-09-17").latest).text
        '../2024-09-17'

        Raises:
            InvalidMoment: `moment-order` or `moment-range`.
        """
        if type(earliest) is not int or type(latest) is not int:
            expect(earliest, int, "earliest", _INSTANT)
            expect(latest, int, "latest", _INSTANT)
        elif not EARLIEST <= earliest <= latest <= LATEST:
            raise _no_bounds(earliest, latest)
        expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        if earliest == latest:
            return cls(earliest, latest, write_instant(earliest))
        first, first_local = _write_bound(earliest, zone, 0)
        last, last_local = _write_bound(latest, zone, 1)
        text = first if first == last and first_local else f"{first}/{last}"
        return cls(earliest, latest, text, zone if first_local or last_local else None)

    @property
    def is_exact(self) -> bool:
        """Whether the instant is known to the microsecond."""
        return self.earliest == self.latest

    @property
    def sort_key(self) -> tuple[int, int]:
        """A total order for display; it says nothing of which moment came first."""
        return (self.earliest, self.latest)

    def before(self, other: "Moment") -> Truth:
        """Whether this instant is earlier than the other."""
        _expect_moment(other)
        return Truth(self.latest < other.earliest, self.earliest < other.latest)

    def after(self, other: "Moment") -> Truth:
        """Whether this instant is later than the other."""
        return _expect_moment(other).before(self)

    def not_after(self, other: "Moment") -> Truth:
        """Whether this instant is the other or earlier."""
        return ~_expect_moment(other).before(self)

    def not_before(self, other: "Moment") -> Truth:
        """Whether this instant is the other or later."""
        return ~self.before(other)

    def same(self, other: "Moment") -> Truth:
        """Whether the two are one instant; two moments of the same year may not be."""
        return self.not_after(other) & self.not_before(other)

    def within(self, times: TimeSet) -> Truth:
        """Whether the instant is in a set of instants."""
        expect(times, TimeSet, "times")
        return Truth(
            times.covers(self.earliest, self.latest),
            times.first(self.earliest, self.latest) is not None,
        )

    def in_zone(self, zone: str) -> "Moment":
        """This moment as a history of that zone holds it.

        A text that has been read in no history's zone yet is read again; any other moment keeps
        its instants, and is written so that it needs no other zone.
        """
        if self.zone is None or self.zone == zone:
            return self
        expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        if not self.zone:
            return Moment.parse(self.text, zone)
        return Moment.between(self.earliest, self.latest, zone)

    def afloat(self) -> "Moment":
        """This moment, to be read again in the zone of the history that it comes into."""
        return evolve(self, zone="") if self.zone is not None else self

    def __repr__(self) -> str:
        zone = f", {self.zone!r}" if self.zone not in (None, "", COURT_ZONE) else ""
        return f"Moment.parse({self.text!r}{zone})"

    _repr_pretty_ = as_repr

    def __attrs_post_init__(self) -> None:
        if (type(self.earliest), type(self.latest)) != (int, int):
            hint = 'Write `Moment.parse("2024-09-17")`.'
            raise wrong("Moment", "two instants and a text", (self.earliest, self.latest), hint)

    def _refuse(self, other: object) -> NoReturn:
        raise TypeError(
            f"moments have no order of their own (compared with {type(other).__name__}): ask "
            "`a.before(b)`, which answers with a Truth, or sort by `sort_key`."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _refuse


def _expect_moment(value: Moment) -> Moment:
    if not isinstance(value, Moment):
        raise wrong("other", "a `Moment`", value, 'Write `Moment.parse("2024-09-17")`.')
    return value


def _write_bound(when: int, zone: str, end: int) -> tuple[str, bool]:
    """A bound as text, and whether the text is a day of the zone."""
    if when == (EARLIEST, LATEST)[end]:
        return "..", False
    local = moment_of(when + end).astimezone(load_zone(zone))
    day = moment_of(when).astimezone(load_zone(zone)).date()
    if local.time() == time(0) and FIRST_YEAR <= day.year <= LAST_YEAR:
        read = _read(day.isoformat(), zone)
        if (read.earliest, read.latest)[end] == when:
            return day.isoformat(), True
    return write_instant(when), False


def _refusal(code: str, text: str, message: str, hint: str = "") -> InvalidMoment:
    return InvalidMoment([Problem(code, "", f"`{shown(text, 80)}` {message}", hint)])


@lru_cache(maxsize=4096)
def _read(text: str, zone: str) -> Moment:
    """Any notation but a plain instant; of a text that is none, what it may have been meant as."""
    try:
        return _read_strictly(text, zone)
    except InvalidMoment as error:
        (problem,) = error.problems
        tried = (_readable(each, zone) for each in respelt(text, problem.code))
        meant = next(filter(None, tried), None)
        raise error if meant is None else _meant(problem, text, meant) from None


def _readable(text: str, zone: str) -> Moment | None:
    try:
        return _read_strictly(text, zone)
    except InvalidMoment:
        return None


def _meant(problem: Problem, text: str, meant: Moment) -> InvalidMoment:
    """The refusal of a text, with the spelling that can be read as the way out."""
    message, hint = problem.message, f"Write `{meant.text}`."
    if _SECOND_60.search(text):
        if _is_leap(meant):
            message = f"`{shown(text, 80)}` names a leap second; moments here count none."
            hint = f"Write bounds, `{meant.text}`."
        else:
            message = f"`{shown(text, 80)}` has a second 60, and no leap second can be then."
            hint = problem.hint
    elif _FINER.search(text):
        message = f"`{shown(text, 80)}` says more than microseconds."
    return InvalidMoment([evolve(problem, message=message, hint=hint)])


def _is_leap(second_60: Moment) -> bool:
    """Whether a second 60 would be a leap second: before January or July begins, in UTC."""
    ends = (second_60.earliest + 1, second_60.latest)
    return any(
        (at.month, at.day, at.time()) in ((1, 1, time(0)), (7, 1, time(0)))
        for at in (moment_of(min(end, LATEST)) for end in ends)
    )


def _read_strictly(text: str, zone: str) -> Moment:
    first, slash, last = text.partition("/")
    if not slash:
        earliest, latest, local = _simple(text, text, zone)
    else:
        open_start = first == ".."
        open_end = last == ".."
        start = (EARLIEST, EARLIEST, False) if open_start else _simple(first, text, zone)
        end = (LATEST, LATEST, False) if open_end else _simple(last, text, zone)
        earliest, latest, local = start[0], end[1], start[2] or end[2]
        if earliest > latest:
            raise _refusal("moment-order", text, "ends before it starts.", _SWAP)
    return Moment(earliest, latest, text, zone if local else None)


def _simple(part: str, text: str, zone: str) -> tuple[int, int, bool]:
    """The bounds of one date or time, and whether they hang on the zone."""
    timed = _TIME.fullmatch(part)
    if timed:
        if timed[3]:
            at = _instant(part, timed)
            return at, at if timed[2] else at + 59_999_999, False
        local = _datetime(part, timed)
        last = local if timed[2] else local.replace(second=59, microsecond=999_999)
        return (*_clip(local_span(local, last, load_zone(zone)), part, text), True)
    dated = _DATE.fullmatch(part)
    if not dated:
        raise _misspelt(part, text)
    first_day, last_day = _days(dated, text)
    first = datetime(*first_day)  # noqa: DTZ001 - a local time; the zone is applied below
    last = datetime(*last_day, 23, 59, 59, 999_999)  # noqa: DTZ001 - a local time as well
    return (*_clip(local_span(first, last, load_zone(zone)), part, text), True)


def _clip(span: tuple[int, int] | None, part: str, text: str) -> tuple[int, int]:
    if span is None:
        message = (
            "names a local time that its zone skips."
            if part == text
            else (f"has a bound, `{part}`, that its zone skips.")
        )
        hint = "Write the instant with its offset, such as `2024-03-10T03:30:00-07:00`."
        raise _refusal("moment-gap", text, message, hint)
    if span[0] > LATEST or span[1] < EARLIEST:
        raise _out_of_range(text)
    return max(span[0], EARLIEST), min(span[1], LATEST)


def _instant(part: str, timed: re.Match[str]) -> int:
    at = instant(_datetime(part, timed))
    if not EARLIEST <= at <= LATEST:
        raise _out_of_range(part)
    return at


def _datetime(part: str, timed: re.Match[str]) -> datetime:
    if not FIRST_YEAR <= int(timed[1]) <= LAST_YEAR:
        raise _out_of_range(part)
    try:
        if part[11:13] == "24":  # Python 3.13 would read it as the next day
            raise ValueError
        return datetime.fromisoformat(part.upper())
    except ValueError:
        raise _refusal(
            "moment-calendar", part, "is no day and time of the calendar.", "Check its digits."
        ) from None


def _no_bounds(earliest: int, latest: int) -> InvalidMoment:
    if earliest > latest:
        return _refusal("moment-order", f"{earliest}/{latest}", "ends before it starts.", _SWAP)
    return _out_of_range(f"{earliest}/{latest}")


def _out_of_range(text: str) -> InvalidMoment:
    message = f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}."
    hint = "Leave a bound open that is not known, as in `../2024-09-17`."
    return _refusal("moment-range", text, message, hint)


def _misspelt(part: str, text: str) -> InvalidMoment:
    if re.search(r"[~?%]", part):
        return _refusal(
            "moment-qualifier", text, "is qualified as uncertain or approximate.", _BOUNDS_HINT
        )
    hint = "Write `2024-09-17T23:59:00-07:00`, `2024-09-17`, `2024-09`, `2024-09-1X`, or bounds "
    return _refusal(
        "moment-notation", text, "is not a moment.", hint + "such as `2024-05/2024-08`."
    )


def _days(dated: re.Match[str], text: str) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The first and the last day that a date with unspecified digits may mean."""
    year, month, day = dated.groups()
    years = [y for y in _matching(year) if FIRST_YEAR <= y <= LAST_YEAR]
    if not years:
        raise _out_of_range(text)
    if month and month.isdigit() and int(month) in _SEASONS:
        raise _refusal("moment-qualifier", text, "names a season.", _BOUNDS_HINT)
    months = [m for m in _matching(month or "XX") if 1 <= m <= 12]
    days = _matching(day or "XX")
    all_months = [(y, m) for y in years for m in months]
    first = next(((y, m, fit[0]) for y, m in all_months if (fit := _fitting(days, y, m))), None)
    last = next(
        ((y, m, fit[-1]) for y, m in reversed(all_months) if (fit := _fitting(days, y, m))), None
    )
    if first is None or last is None:
        raise _refusal("moment-calendar", text, "is no day of the calendar.", "Check its digits.")
    return first, last


def _fitting(days: list[int], year: int, month: int) -> list[int]:
    last = monthrange(year, month)[1]
    return [day for day in days if 1 <= day <= last]


def _matching(pattern: str) -> list[int]:
    """Every number whose digits match a pattern in which X is any digit, ascending."""
    numbers = [0]
    for char in pattern:
        digits = range(10) if char == "X" else (int(char),)
        numbers = [10 * n + digit for n in numbers for digit in digits]
    return numbers
