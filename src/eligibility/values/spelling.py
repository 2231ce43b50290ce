"""What a text that is no moment was probably meant to be: other spellings of dates and times.

Only hints are made of this. Nothing is read otherwise than it is written: `moment` offers a
spelling to whoever wrote the text, and only if it can be read itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, TypeAlias

#: What a part means as a first and as a last bound; alike where it is one date or time.
_Bounds: TypeAlias = tuple[str, str]

#: Longer texts are no slips of the pen.
_LONGEST: Final = 100
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
#: A date with strokes or dots, year first; with other orders nobody can say which is the month.
_STROKES: Final = re.compile(r"\b([0-9X]{4})[/.]([0-9X]{1,2})[/.]([0-9X]{1,2})(?![0-9X])")
_STROKED_MONTH: Final = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})")
_OPEN: Final = frozenset({"", "..", "*", "OPEN", "UNKNOWN"})
_DATE: Final = re.compile(r"([0-9X]{4})(?:-?([0-9X]{2})|-([0-9X]))(?:-?([0-9X]{2})|-([0-9X]))?")
_WEEK: Final = re.compile(r"([0-9]{4})-?W([0-9]{2})(?:-?([1-7]))?")
_DAY_OF_YEAR: Final = re.compile(r"([0-9]{4})-([0-9]{3})")
_TIMED: Final = re.compile(r"([0-9W-]{4,10})(?:T| +)(.{1,40})")
_TIME: Final = re.compile(
    r"([0-9]{1,2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]*))?)?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_OFFSET: Final = re.compile(r"([+-][0-9]{2}):?([0-9]{2})?")
_ZONED_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:?[0-9]{2})")


def respelt(text: str, code: str) -> Iterator[str]:
    """Texts that a text may have been meant as, the likeliest first; perhaps none is a moment.

    Args:
        text: what was refused.
        code: why; only bounds in the wrong order are swapped, only one out of range is left open.

    >>> list(respelt("2024/5/1 9:05", "moment-notation"))
    ['2024-05-01T09:05']
    """
    if len(text) > _LONGEST or code == "moment-qualifier":
        return
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    plain = _STROKES.sub(_with_dashes, plain)
    plain = _STROKED_MONTH.sub(_with_dashes, plain) if _STROKED_MONTH.fullmatch(plain) else plain
    first, stroke, last = (part.strip() for part in _with_stroke(plain).partition("/"))
    if not stroke:
        earliest, latest = _bounds(first)
        yield earliest if earliest == latest else f"{earliest}/{latest}"
        return
    earliest, latest = _bounds(first)[0], _bounds(last)[1]
    yield f"{earliest}/{latest}"
    shared = len(first) - len(last)  # ISO 8601 leaves out of an end what the start has said
    if last and shared > 0:
        yield f"{earliest}/{_bounds(first[:shared] + last)[1]}"
    if code == "moment-order":
        yield f"{latest}/{earliest}"
    if code == "moment-range":
        yield from (f"../{latest}", f"{earliest}/..")


def _with_dashes(found: re.Match[str]) -> str:
    return "-".join(part.rjust(2, "0") for part in found.groups())


def _with_stroke(text: str) -> str:
    """`../b` for `..b`, and `a/..` for `a..`."""
    if "/" in text or text == "..":
        return f"{text}/{text}" if text == ".." else text
    if text.startswith(".."):
        return f"../{text[2:]}"
    return text.replace("..", "/.." if text.endswith("..") else "/", 1)


def _bounds(part: str) -> _Bounds:
    if part in _OPEN:
        return "..", ".."
    part = re.sub(r" *(?:UTC|GMT)$", "Z", part)
    timed, zoned = _TIMED.fullmatch(part), _ZONED_DAY.fullmatch(part)
    if zoned:
        return f"{zoned[1]}T00:00{_offset(zoned[2])}", f"{zoned[1]}T23:59{_offset(zoned[2])}"
    if timed:
        return _timed(_bounds(timed[1]), timed[2].replace(" ", "")) or (part, part)
    return _dated(part)


def _dated(part: str) -> _Bounds:
    found, week, day = (kind.fullmatch(part) for kind in (_DATE, _WEEK, _DAY_OF_YEAR))
    try:
        if week:
            at = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return f"{at}", f"{at if week[3] else at + timedelta(days=6)}"
        if day:
            at = date(int(day[1]), 1, 1) + timedelta(days=int(day[2]) - 1)
            return (f"{at}", f"{at}") if at.year == int(day[1]) else (part, part)
    except (ValueError, OverflowError):
        return part, part
    if found:
        said = [part for part in found.groups() if part]
        written = "-".join(part.rjust(2, "0") for part in said)
        return written, written
    return part, part


def _timed(days: _Bounds, time: str) -> _Bounds | None:
    """A date and a time: with a colon, a dot and six decimals, and no hour 24 or second 60."""
    found = _TIME.fullmatch(time)
    if not found or days[0] != days[1]:
        return None
    day, (hour, minute, second, decimals, offset) = days[0], found.groups()
    after = _offset(offset or "")
    if minute is None:
        return f"{day}T{hour:0>2}:00{after}", f"{day}T{hour:0>2}:59{after}"
    if hour == "24" and not (minute + (second or "") + (decimals or "")).strip("0"):
        midnight = f"{_next_day(day)}T00:00" + (":00" if second else "") + after
        return midnight, midnight
    start = f"{day}T{hour:0>2}:{minute}"
    if second == "60":
        return f"{start}:59.999999{after}", f"{_minute_after(day, hour, minute)}:00{after}"
    end = f":{second}" if second else ""
    end += f".{decimals[:6]}" if decimals else ""
    return f"{start}{end}{after}", f"{start}{end}{after}"


def _offset(offset: str) -> str:
    found = _OFFSET.fullmatch(offset)
    return f"{found[1]}:{found[2] or '00'}" if found else offset


def _next_day(day: str) -> str:
    try:
        return f"{date.fromisoformat(day) + timedelta(days=1)}"
    except (ValueError, OverflowError):
        return day


def _minute_after(day: str, hour: str, minute: str) -> str:
    of_day = int(hour) * 60 + int(minute) + 1
    if of_day >= 24 * 60:
        return f"{_next_day(day)}T00:00"
    return f"{day}T{of_day // 60:02}:{of_day % 60:02}"
