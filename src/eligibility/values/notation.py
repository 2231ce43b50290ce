"""The notation that moments are written in: a text comes in, bounds of an instant go out.

It is a profile of EDTF (ISO 8601-2): RFC 3339 instants, local date-times and dates, months, years,
unspecified digits, and bounds `a/b`, `../b`, `a/..`. A text that is none is refused with the
spelling that was probably meant.
"""

import re
from calendar import monthrange
from datetime import datetime, time
from typing import Final, TypeAlias

from attrs import evolve

from eligibility.errors import InvalidMoment, Problem, shown
from eligibility.values.spelling import respelt
from eligibility.values.timeline import (
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    instant,
    load_zone,
    local_span,
    moment_of,
)

#: The earliest and the latest instant that a text may mean, and whether that hangs on the zone.
Meant: TypeAlias = tuple[int, int, bool]

_DATE: Final = re.compile(r"([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?")
_TIME: Final = re.compile(
    r"([0-9]{4})-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
#: An instant as machines write it. `fromisoformat` reads more than the notation has, such as a NUL
#: or a week, so it is given nothing that does not match.
_MACHINE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3}(?:[0-9]{3})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_BOUNDS_HINT: Final = (
    "Write bounds instead, such as `2024-05/2024-08`, `../2024-09-17` or `2024-05/..`."
)
_SECOND_60: Final = re.compile(r":60(?![0-9:])")
_FINER: Final = re.compile(r":[0-9]{2}[.,][0-9]{7}")
_SEASONS: Final = range(21, 42)
SWAP: Final = "Swap the bounds."


def machine_instant(text: str) -> int | None:
    """The instant of a text that machines write; None of any other text, which may still be one.

    They write `2024-09-17T23:59:00`, perhaps with milliseconds or microseconds, and `Z` or an
    offset.
    """
    if not _MACHINE.fullmatch(text):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = instant(when)
    is_in_range = FIRST_YEAR <= when.year <= LAST_YEAR and EARLIEST <= at <= LATEST
    return at if is_in_range else None


def meant_by(text: str, zone: str) -> Meant:
    """What a text of the notation means.

    Raises:
        InvalidMoment: it is none; with what it may have been meant as.
    """
    try:
        return _read(text, zone)
    except InvalidMoment as error:
        (problem,) = error.problems
        tried = ((each, _readable(each, zone)) for each in respelt(text, problem.code))
        spelling, meant = next((each for each in tried if each[1]), ("", None))
        raise error if meant is None else _respelt(problem, text, spelling, meant) from None


def refusal(code: str, text: str, message: str, hint: str = "") -> InvalidMoment:
    """That a text is no moment."""
    return InvalidMoment([Problem(code, "", f"`{shown(text, 80)}` {message}", hint)])


def _readable(text: str, zone: str) -> Meant | None:
    try:
        return _read(text, zone)
    except InvalidMoment:
        return None


def _respelt(problem: Problem, text: str, spelling: str, meant: Meant) -> InvalidMoment:
    """The refusal of a text, with the spelling that can be read as the way out."""
    message, hint = problem.message, f"Write `{spelling}`."
    if _SECOND_60.search(text):
        if _is_leap(meant):
            message = f"`{shown(text, 80)}` names a leap second; moments here count none."
            hint = f"Write bounds, `{spelling}`."
        else:
            message = f"`{shown(text, 80)}` has a second 60, and no leap second can be then."
            hint = problem.hint
    elif _FINER.search(text):
        message = f"`{shown(text, 80)}` says more than microseconds."
    return InvalidMoment([evolve(problem, message=message, hint=hint)])


def _is_leap(second_60: Meant) -> bool:
    """Whether a second 60 would be a leap second: before January or July begins, in UTC."""
    ends = (second_60[0] + 1, second_60[1])
    return any(
        (at.month, at.day, at.time()) in ((1, 1, time(0)), (7, 1, time(0)))
        for at in (moment_of(min(end, LATEST)) for end in ends)
    )


def _read(text: str, zone: str) -> Meant:
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
            raise refusal("moment-order", text, "ends before it starts.", SWAP)
    return earliest, latest, local


def _simple(part: str, text: str, zone: str) -> Meant:
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
        raise refusal("moment-gap", text, message, hint)
    if span[0] > LATEST or span[1] < EARLIEST:
        raise out_of_range(text)
    return max(span[0], EARLIEST), min(span[1], LATEST)


def _instant(part: str, timed: re.Match[str]) -> int:
    at = instant(_datetime(part, timed))
    if not EARLIEST <= at <= LATEST:
        raise out_of_range(part)
    return at


def _datetime(part: str, timed: re.Match[str]) -> datetime:
    if not FIRST_YEAR <= int(timed[1]) <= LAST_YEAR:
        raise out_of_range(part)
    try:
        if part[11:13] == "24":  # Python 3.13 would read it as the next day
            raise ValueError
        return datetime.fromisoformat(part.upper())
    except ValueError:
        raise refusal(
            "moment-calendar", part, "is no day and time of the calendar.", "Check its digits."
        ) from None


def out_of_range(text: str) -> InvalidMoment:
    """That a text means an instant before or after the time line."""
    message = f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}."
    hint = "Check the year. Leave a bound open that is not known, as in `../2024-09-17`."
    return refusal("moment-range", text, message, hint)


def _misspelt(part: str, text: str) -> InvalidMoment:
    if re.search(r"[~?%]", part):
        return refusal(
            "moment-qualifier", text, "is qualified as uncertain or approximate.", _BOUNDS_HINT
        )
    hint = "Write `2024-09-17T23:59:00-07:00`, `2024-09-17`, `2024-09`, `2024-09-1X`, or bounds "
    return refusal("moment-notation", text, "is not a moment.", hint + "such as `2024-05/2024-08`.")


def _days(dated: re.Match[str], text: str) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The first and the last day that a date with unspecified digits may mean."""
    year, month, day = dated.groups()
    years = [y for y in _matching(year) if FIRST_YEAR <= y <= LAST_YEAR]
    if not years:
        raise out_of_range(text)
    if month and month.isdigit() and int(month) in _SEASONS:
        raise refusal("moment-qualifier", text, "names a season.", _BOUNDS_HINT)
    months = [m for m in _matching(month or "XX") if 1 <= m <= 12]
    days = _matching(day or "XX")
    all_months = [(y, m) for y in years for m in months]
    first = next(((y, m, fit[0]) for y, m in all_months if (fit := _fitting(days, y, m))), None)
    last = next(
        ((y, m, fit[-1]) for y, m in reversed(all_months) if (fit := _fitting(days, y, m))), None
    )
    if first is None or last is None:
        raise refusal("moment-calendar", text, "is no day of the calendar.", "Check its digits.")
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
