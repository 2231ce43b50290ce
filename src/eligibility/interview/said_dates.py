"""Dates as people say them, in the notation: `March 2021`, `4 May 2023`, `2021 or 2022`.

Whatever is no such date is left as it is, for the notation to read or to refuse. A date of which
nobody can say which part is the month, such as `4/5/2023`, is none; nor is `around 2020` or `early
2020`, since nobody can say what it leaves out. Whoever is unsure gives two dates.
"""

import re
from datetime import date, timedelta
from typing import Final

from eligibility.values.date_words import MONTHS

_MONTHS: Final = tuple(map(str.lower, MONTHS))
_NAME: Final = "(?P<month>sept|" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in _MONTHS) + ")"
_SAID: Final = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?{_NAME} (?P<year>[0-9]{{4}})"),
    re.compile(rf"{_NAME} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<year>[0-9]{{4}})"),
    re.compile(rf"{_NAME} (?:of )?(?P<year>[0-9]{{4}})"),
    re.compile(r"(?P<number>0?[1-9]|1[0-2])[/ -](?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<number>0?[1-9]|1[0-2])"),
    re.compile(r"(?P<year>[0-9]{4})"),
)
_YEARLESS: Final = re.compile(rf"(?:[0-9]{{1,2}} )?{_NAME}")
_BETWEEN: Final = re.compile(
    r"(?:between|from) (.+) (?:and|to|until) (.+)|(.+) (?:to|or) (.+)"
    r"|([0-9]{4}) ?[-\u2013] ?([0-9]{4})|([a-z]+(?: [0-9]{4})?) ?[-\u2013] ?([a-z]+ [0-9]{4})"
)
_OR_SO: Final = re.compile(r"(.+) or (earlier|before|later|after|since)(?: than that)?")
_ONE_SIDED: Final = re.compile(
    r"(?P<side>before|after|since|from|until|till|by|up to|not later than|no later than"
    r"|not earlier than|no earlier than|not before|not after) (.+)"
)
_ABOUT: Final = re.compile(
    r"(?:(?:it was |in |at )?(?:about|around|approximately|approx|roughly|circa|ca|c|maybe|perhaps"
    r"|probably|sometime|some time|early|late|mid|(?:the )?(?:beginning|start|middle|end) of)\b"
    r"|(?:in |the )*(?:spring|summer|autumn|fall|winter)\b|~).*|.*[~?]|.* or so"
)
#: What is said of a side, in the notation: the date itself is in.
_UP_TO: Final = frozenset(
    {"until", "till", "by", "up to", "not later than", "no later than", "not after"}
)


def is_about(text: str) -> bool:
    """Whether somebody said about when it was: between which dates, they have to say themselves.

    >>> is_about("around March 2021"), is_about("c. 2020"), is_about("March 2021")
    (True, True, False)
    """
    return _ABOUT.fullmatch(" ".join(text.lower().split())) is not None


def in_notation(text: str) -> str:
    """A date that somebody said, in the notation.

    >>> in_notation("March 2021"), in_notation("May 4, 2023"), in_notation("2021-03")
    ('2021-03', '2023-05-04', '2021-03')
    >>> in_notation("between May and July 2024"), in_notation("2021 or 2022")
    ('2024-05/2024-07', '2021/2022')
    >>> in_notation("before 2020"), in_notation("after March 2021"), in_notation("since 2019")
    ('../2019-12-31', '2021-04-01/..', '2019/..')
    """
    words = " ".join(text.replace(",", " ").replace(".", " ").lower().split())
    words = re.sub(r"^(?:some ?time |at some time )?(?:in|on|during) ", "", words)
    words = re.sub(r"^the ", "", words)
    if or_so := _OR_SO.fullmatch(words):
        words = f"{'until' if or_so[2] in ('earlier', 'before') else 'since'} {or_so[1]}"
    if between := _BETWEEN.fullmatch(words):
        first, last = [part for part in between.groups() if part]
        if _YEARLESS.fullmatch(first):  # 'between May and July 2024'
            first = f"{first} {last[-4:]}"
        bounds = _one(first), _one(last)
        return "/".join(filter(None, bounds)) if all(bounds) else text.strip()
    if (sided := _ONE_SIDED.fullmatch(words)) and (one := _one(sided[2])):
        return _one_sided(sided["side"], one) or text.strip()
    return _one(words) or text.strip()


def _one_sided(side: str, one: str) -> str | None:
    """A date that it was before, or after; with the date itself, if that is what is said."""
    if side in _UP_TO:
        return f"../{one}"
    if side not in ("before", "after"):
        return f"{one}/.."
    year, month, day = (*map(int, one.split("-")), 0, 0)[:3]
    try:
        first = date(year, month or 1, day or 1)
        if side == "before":
            return f"../{first - timedelta(days=1)}"
        following = (year + (month == 12 or not month), month % 12 + 1 if month else 1, 1)
        return f"{first + timedelta(days=1) if day else date(*following)}/.."
    except (ValueError, OverflowError):  # no day of the calendar: the notation says so
        return None


def _one(words: str) -> str | None:
    for form in _SAID:
        if said := form.fullmatch(words):
            found = said.groupdict()
            parts = [found["year"]]
            if number := found.get("number"):
                parts.append(f"{int(number):02}")
            if name := found.get("month"):
                at = next(n for n, month in enumerate(_MONTHS, 1) if month[:3] == name[:3])
                parts.append(f"{at:02}")
            if day := found.get("day"):
                parts.append(f"{int(day):02}")
            return "-".join(parts)
    return None
