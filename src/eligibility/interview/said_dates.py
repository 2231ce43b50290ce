"""Dates as people say them, in the notation: `March 2021`, `4 May 2023`, `2021 or 2022`.

Whatever is no such date is left as it is, for the notation to read or to refuse. A date that may
mean another one is none: `4/5/2023` (unlike `15/5/2023`) may be two days, `2011/12` a month or two
years. Nor is `around 2020` or `early 2020`, since nobody can say what it leaves out. Whoever is
unsure gives two dates.
"""

import re
from datetime import date, timedelta
from typing import Final

from eligibility.interview.spelt_dates import MONTH, plain
from eligibility.values.date_words import MONTHS

_MONTHS: Final = tuple(map(str.lower, MONTHS))
_NAME: Final = f"(?P<month>{MONTH})"
_DAY: Final = "(?P<day>[0-9]{1,2})"
_YEAR: Final = "(?P<year>[0-9]{4})"
_NUMBER: Final = "(?P<number>0?[1-9]|1[0-2])"
_SAID: Final = (
    re.compile(rf"{_DAY}[ -]?(?:of )?{_NAME}[ -]?{_YEAR}"),
    re.compile(rf"{_NAME}[ -]?(?:the )?{_DAY}[ -]{_YEAR}"),
    re.compile(rf"{_NAME}[ -]?(?:of )?{_YEAR}"),
    re.compile(rf"{_YEAR}[ -]{_NAME}(?:[ -]{_DAY})?"),
    re.compile(rf"{_NUMBER}[/ -]{_YEAR}"),
    re.compile(rf"{_YEAR}[/ -]{_NUMBER}(?:[/ -]{_DAY})?"),
    re.compile(_YEAR),
)
#: Days and months as numbers, in whichever order.
_NUMBERS: Final = re.compile(rf"([0-9]{{1,2}})[/ -]([0-9]{{1,2}})[/ -]{_YEAR}")
_TWO_YEARS: Final = re.compile(r"[0-9]{4}[/ ][0-9]{2}")
_WEEKDAY: Final = re.compile(
    r"^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)? "
)
_ORDINAL: Final = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_NAMED: Final = re.compile(rf"\b(?:{MONTH})\b")
#: `201x`, which the notation writes with a large X.
_ANY_DIGIT: Final = re.compile(r"[0-9]{3}x|[0-9]{2}xx")
#: `at some point in 2021`
_SOME_TIME: Final = re.compile(
    r"^(?:at )?some ?(?:time|where|point|stage) "
    r"(?=(?:in|on|during|within|between|before|after|since|until) )"
)
_TIME_OF_DAY: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)( UTC)?"
)
#: A month, or a day of one, that takes its year from what follows: `between May and July 2024`.
_YEARLESS: Final = re.compile(rf"(?:[0-9]{{1,2}} )?{_NAME}(?P<after> [0-9]{{1,2}})?")
_DAY_OF_YEAR: Final = re.compile(r"[0-9]{1,2} [0-9]{4}")
#: `May 5-10, 2021` and `15/16 March 2021`
_DAYS_OF_MONTH: Final = re.compile(
    rf"{_NAME} (?P<first>[0-9]{{1,2}}) ?[-/] ?(?P<last>[0-9]{{1,2}}) {_YEAR}"
)
_TO: Final = "to|until|till|through"
_BETWEEN: Final = re.compile(
    rf"(?:between|from) (.+) (?:and|{_TO}) (.+)|(.+) (?:or|{_TO}) (.+)"
    r"|(?:(?:between|from) )?(?:([0-9]{4}) ?[-/] ?([0-9]{4})"
    r"|([0-9/ ]+[/ ][0-9]{4}) ?- ?([0-9/ ]+[/ ][0-9]{4})"
    r"|([a-z]+(?: [0-9]{4})?) ?[-/] ?([a-z]+ [0-9]{4})"
    r"|([0-9]{1,2}) ?[-/] ?([0-9]{1,2} (?:of )?[a-z]+ [0-9]{4})"
    r"|([a-z]+ [0-9]{1,2}) ?- ?([a-z]+ [0-9]{1,2} [0-9]{4})|(.+) - (.+))"
)
#: `after 2019 and before 2021`
_INSIDE: Final = re.compile(r"after (.+?)(?: and| but)? before (.+)")
_DAY_ALONE: Final = re.compile(r"[0-9]{1,2}")
#: What begins with a day, or a month as a number: that alone can be said once more before it.
_DAY_FIRST: Final = re.compile(r"[0-9]{1,2}\b.*[ /-][0-9]{4}")
_ONWARDS: Final = re.compile(r"from (.+) on|(?:from )?(.+) onwards?")
_OR_SO: Final = re.compile(r"(.+) (?:or|and) (earlier|before|later|after|since)(?: than that)?")
#: `2021 at the latest`
_AT_MOST: Final = re.compile(
    r"(?:by )?(?P<one>.+?) (?:at )?(?:the )?(?P<side>latest|earliest)"
    r"|(?:at )?(?:the )?(?P<first>latest|earliest)(?: (?:by|in|on))? (?P<rest>.+)"
)
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
#: What may mean one of several times, or the time on the other side of a date.
_EITHER: Final = re.compile(r"\b(?:some|some(?:time|where)|or|not|no|by|latest|earliest)\b|[0-9-]x")
#: `March/May 2021`, and `15/20 March 2021`, as people write that it was one of the two.
_ONE_OF: Final = re.compile(r"[a-z]/|/[a-z]|/[0-9]{1,2} [a-z]|[a-z] [0-9]{1,2}/")


def is_about(text: str) -> bool:
    """Whether somebody said about when it was: between which dates, they have to say themselves.

    >>> is_about("around March 2021"), is_about("c. 2020"), is_about("March 2021")
    (True, True, False)
    >>> is_about("some time in 2021")
    False
    """
    is_rough = _ABOUT.fullmatch(plain(text)) is not None
    return is_rough and in_notation(text) == text.strip()


def in_notation(text: str) -> str:
    """A date that somebody said, in the notation.

    >>> in_notation("March 2021"), in_notation("May 4, 2023"), in_notation("2021-03")
    ('2021-03', '2023-05-04', '2021-03')
    >>> in_notation("between May and July 2024"), in_notation("2021 or 2022")
    ('2024-05/2024-07', '2021/2022')
    >>> in_notation("May 5-10, 2021"), in_notation("between May 5 and 10, 2021")
    ('2021-05-05/2021-05-10', '2021-05-05/2021-05-10')
    >>> in_notation("before 2020"), in_notation("after March 2021"), in_notation("since 2019")
    ('../2019-12-31', '2021-04-01/..', '2019/..')
    """
    if time := _TIME_OF_DAY.fullmatch(text.strip()):
        return f"{time[1]}T{time[2]}{'Z' if time[3] else ''}"
    words = plain(text)
    if _NAMED.search(words):  # `1st 2021` is no month
        words = _ORDINAL.sub("", words)
    words = _SOME_TIME.sub("", words)
    words = re.sub(r"^on or (before|after) (.+)", r"\2 or \1", words)
    words = _WEEKDAY.sub("", re.sub(r"^(?:in|on|during|within) ", "", words))
    words = re.sub(r"^(?:the )?(?:year )?", "", words)
    if onwards := _ONWARDS.fullmatch(words):
        words = f"since {onwards[1] or onwards[2]}"
    if or_so := _OR_SO.fullmatch(words):
        words = f"{'until' if or_so[2] in ('earlier', 'before') else 'since'} {or_so[1]}"
    if most := _AT_MOST.fullmatch(words):
        side = "until" if "latest" in (most["side"], most["first"]) else "since"
        words = f"{side} {most['one'] or most['rest']}"
    if inside := _INSIDE.fullmatch(words):
        return _inside(_one(inside[1]), _one(inside[2])) or text.strip()
    if days := _DAYS_OF_MONTH.fullmatch(words):
        words = " to ".join(
            f"{days['month']} {days[at]} {days['year']}" for at in ("first", "last")
        )
    if between := _BETWEEN.fullmatch(words):
        return _two(*filter(None, between.groups())) or text.strip()
    if (sided := _ONE_SIDED.fullmatch(words)) and (one := _one(sided[2])):
        return _one_sided(sided["side"], one) or text.strip()
    return _one(words) or (words.upper() if _ANY_DIGIT.fullmatch(words) else text.strip())


def _two(first: str, last: str) -> str | None:
    """Two dates that it lies between, of which the first may take its month and year from the last.

    >>> _two("may", "july 2024"), _two("3", "9 march 2021"), _two("may 5", "10 2021")
    ('2024-05/2024-07', '2021-03-03/2021-03-09', '2021-05-05/2021-05-10')
    >>> _two("march", "10 2021"), _two("march", "2021")  # a day, or October; of which year
    (None, None)
    """
    if yearless := _YEARLESS.fullmatch(first):
        if re.fullmatch(_YEAR, last):
            return None
        if _DAY_OF_YEAR.fullmatch(last):
            if not yearless["after"]:
                return None
            last = f"{yearless['month']} {last}"
        first = f"{first} {last[-4:]}"
    elif _DAY_ALONE.fullmatch(first) and _DAY_FIRST.fullmatch(last):
        first = _DAY_ALONE.sub(first, last, count=1)
    bounds = _one(first), _one(last)
    return "/".join(filter(None, bounds)) if all(bounds) else None


def wholly(text: str) -> str:
    """A time, in the notation, of which somebody means all; empty if it may be another one.

    Who had none until 2020 may have had one in that year: of dates that a time reaches to, or from,
    it has what lies between. Bounds in the notation are taken as they are.

    >>> wholly("2021"), wholly("after 2020"), wholly("2019/2021")
    ('2021', '2021-01-01/..', '2019/2021')
    >>> wholly("until 2020"), wholly("since May 2021"), wholly("between 2018 and May 2020")
    ('../2019-12-31', '2021-06-01/..', '2019-01-01/2020-04-30')
    >>> wholly("2019 or 2021"), wholly("not before 2020"), wholly("202X"), wholly("2019 to 2020")
    ('', '', '', '')
    >>> wholly("../..")
    ''
    """
    words, noted = plain(text), in_notation(text)
    if _EITHER.search(words) or noted == "../..":
        return ""
    if noted == text.strip() or "/" not in noted or words.startswith(("before ", "after ")):
        return noted
    if _ONE_OF.search(words):
        return ""
    first, last = noted.split("/")
    after = first if first == ".." else (_one_sided("after", first) or "").partition("/")[0]
    before = last if last == ".." else (_one_sided("before", last) or "").rpartition("/")[2]
    is_empty = ".." not in (after, before) and after > before
    return "" if is_empty or not (after and before) else f"{after}/{before}"


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


def _inside(before: str | None, behind: str | None) -> str | None:
    """From after one date to before another."""
    first = before and _one_sided("after", before)
    last = behind and _one_sided("before", behind)
    return f"{first.removesuffix('..')}{last.removeprefix('../')}" if first and last else None


def either_way(text: str) -> tuple[str, ...]:
    """The two days that a date may be, where nobody can tell which part of it is the month.

    >>> either_way("4/5/2023"), either_way("4/15/2023"), either_way("5.5.2023")
    (('4 May 2023', '5 April 2023'), (), ())
    """
    numbers = _NUMBERS.fullmatch(plain(text))
    first, then = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if numbers is None or first == then or not (0 < first <= 12 and 0 < then <= 12):
        return ()
    both = (first, then), (then, first)
    return tuple(f"{day} {MONTHS[month - 1]} {numbers['year']}" for day, month in both)


def _in_order(numbers: re.Match[str]) -> str | None:
    """A date of two numbers of which only one can be the month, or which are the same."""
    first, then = int(numbers[1]), int(numbers[2])
    low, high = sorted((first, then))
    is_sure = 0 < low <= 12 and (high > 12 or low == high)
    return f"{numbers['year']}-{low:02}-{high:02}" if is_sure else None


def _one(words: str) -> str | None:
    if numbers := _NUMBERS.fullmatch(words):
        return _in_order(numbers)
    for form in _SAID:
        if said := form.fullmatch(words):
            found = said.groupdict()
            parts = [found["year"]]
            if _TWO_YEARS.fullmatch(words) and (int(words[:4]) + 1) % 100 == int(words[5:]):
                return None
            if number := found.get("number"):
                parts.append(f"{int(number):02}")
            if name := found.get("month"):
                at = next(n for n, month in enumerate(_MONTHS, 1) if month[:3] == name[:3])
                parts.append(f"{at:02}")
            if day := found.get("day"):
                parts.append(f"{int(day):02}")
            return "-".join(parts)
    return None
