"""What somebody may mean who is unsure when it was: two dates that it lies between, to be offered.

A text that is no date comes in, such as `spring 2024, I think`; a date goes out that can be typed
instead, `March to June 2024`. It is never taken for what was said: only whoever said it knows how
far off it may be, and on which half of the earth spring was.
"""

import re
from typing import Final

from attrs import evolve

from eligibility.errors import InvalidMoment
from eligibility.interview.said_dates import either_way, in_notation, is_about, plain, wholly
from eligibility.values.date_words import MONTHS
from eligibility.values.moment import Moment
from eligibility.values.notation import refusal

_HEDGE: Final = (
    r"i think|i believe|i guess|i suppose|it was|it must have been|maybe|perhaps|probably|possibly"
    r"|about|around|approximately|approx|roughly|circa|ca|sometime|some time|or so|or thereabouts"
    r"|something like|like|in|on|at|the"
)
_LEADING: Final = re.compile(rf"^(?:(?:{_HEDGE}|c)\b|[~\s])+")
_TRAILING: Final = re.compile(rf"(?:\b(?:{_HEDGE})|-?ish|[~?!\s])+$")
#: Of a year, which months a word means, as widely as people use it.
_PARTS: Final = {
    "spring": (2, 5),
    "summer": (5, 8),
    "autumn": (8, 11),
    "fall": (8, 11),
    "early": (0, 3),
    "beginning": (0, 3),
    "start": (0, 3),
    "mid": (3, 8),
    "middle": (3, 8),
    "late": (8, 11),
    "end": (8, 11),
    "easter": (2, 3),
    "thanksgiving": (10, 10),
    "christmas": (11, 11),
    "first half": (0, 5),
    "1st half": (0, 5),
    "second half": (6, 11),
    "2nd half": (6, 11),
} | {
    f"{name}{quarter}": (3 * at, 3 * at + 2)
    for at, names in enumerate(("q1/first/1st", "q2/second/2nd", "q3/third/3rd", "q4/fourth/4th"))
    for name, quarter in zip(names.split("/"), ("", " quarter", " quarter"), strict=True)
}
_PART: Final = re.compile(rf"(?P<part>{'|'.join(_PARTS)})[- ](?:of )?(?P<year>[0-9]{{4}})")
_WINTER: Final = re.compile(r"winter (?:of )?(?P<year>[0-9]{4})(?:[/-](?P<until>[0-9]{2,4}))?")
_OF_DATE: Final = re.compile(rf"(?:{'|'.join(_PARTS)})[- ](?:of )?(?P<date>.+)")
_NOTED: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2}))?(?:-[0-9]{2})?")
_UNKNOWN: Final = re.compile(
    r"(?:i )?(?:don'?t|do not|can'?t|cannot) (?:know|remember|recall|say|tell)\b.*"
    r"|(?:i'?m )?(?:not|un) ?sure\b.*|(?:i )?(?:have |'?ve )?no (?:idea|clue)\b.*|i forgot\b.*"
    r"|unknown|never mind|\?+|idk|dunno"
)
_ENDLESS: Final = re.compile(
    r"(?:it )?(?:has not|hasn'?t|has never|never|not)(?: yet)? ended(?: yet)?|not yet|ongoing"
    r"|(?:i )?still(?: (?:have it|going|running|ongoing|active))?"
)
_MONTH: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in map(str.lower, MONTHS))
_YEARLESS: Final = (
    rf"(?:(?:[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?)?(?:{_MONTH})(?: [0-9]{{1,2}}(?:st|nd|rd|th)?)?"
    rf"|{'|'.join(_PARTS)}|winter)"
)
_NO_YEAR: Final = re.compile(
    rf"(?:between |from )?{_YEARLESS}(?: (?:or|and|to|until) {_YEARLESS})?"
)
_SHORT_YEAR: Final = re.compile(
    rf"(?:.*\b(?:{_MONTH}|{'|'.join(_PARTS)})\b.*[ -])?'[0-9]{{2}}|[0-9/]+/[0-9]{{2}}"
)
#: `3/21` may be the day of a month, or the month of a year.
_TWO_NUMBERS: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}")
_FROM_TODAY: Final = re.compile(
    r"(?:last|this|next|the other) (?:year|month|week|spring|summer|autumn|fall|winter|christmas).*"
    r"|.*\bago|.*\b(?:today|yesterday|recently|lately)|just now|now"
)


def is_unknown(text: str) -> bool:
    """Whether somebody said that they do not know.

    >>> is_unknown("I don't know"), is_unknown("no idea, sorry"), is_unknown("March 2021")
    (True, True, False)
    """
    return _UNKNOWN.fullmatch(plain(text)) is not None


def is_endless(text: str) -> bool:
    """Whether somebody said, when asked for an end, that there was none yet.

    >>> is_endless("it has not ended"), is_endless("Still have it."), is_endless("2024")
    (True, True, False)
    """
    return _ENDLESS.fullmatch(plain(text)) is not None


def lacking(text: str) -> str:
    """What a date lacks that somebody typed, as advice; nothing, if that cannot be told.

    >>> lacking("4/5/2023")
    'It may mean 4 May 2023 or 5 April 2023. Write the month as a word.'
    >>> lacking("March '21")
    'Write the year with all four digits, such as 2021.'
    >>> lacking("5 May"), lacking("in spring or summer, I think")
    ('Write the year, too, such as March 2021.', 'Write the year, too, such as March 2021.')
    >>> lacking("last summer")
    'Write which year that was, such as 2021.'
    """
    words = _TRAILING.sub("", _LEADING.sub("", plain(text)))
    if days := either_way(text):
        return f"It may mean {' or '.join(days)}. Write the month as a word."
    if _TWO_NUMBERS.fullmatch(words):
        return "Write the month as a word and the year with all four digits, such as March 2021."
    if _SHORT_YEAR.fullmatch(words):
        return "Write the year with all four digits, such as 2021."
    if _NO_YEAR.fullmatch(words):
        return "Write the year, too, such as March 2021."
    return "Write which year that was, such as 2021." if _FROM_TODAY.fullmatch(words) else ""


def suggested(text: str) -> str | None:
    """Two dates that may be meant, in words that are a date; None if that says too little.

    >>> suggested("spring 2024, I think"), suggested("about March 2021"), suggested("mid-2022")
    ('March to June 2024', 'February to April 2021', 'April to September 2022')
    >>> suggested("2021?"), suggested("last year"), suggested("March 2021")
    ('2020 to 2022', None, None)
    """
    words = plain(text)
    said = _TRAILING.sub("", _LEADING.sub("", words))
    if winter := _WINTER.fullmatch(said):
        return _winter(int(winter["year"]), has_two=winter["until"] is not None)
    if part := _PART.fullmatch(said):
        first, last = (MONTHS[at] for at in _PARTS[part["part"]])
        return f"{'' if first == last else f'{first} to '}{last} {part['year']}"
    if of := _OF_DATE.fullmatch(said):
        return _plain(in_notation(of["date"]))
    return _around(in_notation(said)) if said != words or is_about(text) else None


def read_date(text: str, zone: str) -> Moment:
    """A date that somebody said, read in a zone.

    Raises:
        InvalidMoment: it is no date; of one that is vague, the hint is a date to say instead.
    """
    try:
        return Moment.parse(in_notation(text), zone)
    except InvalidMoment as error:
        hint = "Say `dont_know()`." if is_unknown(text) else ""
        if between := suggested(text):
            hint = f"Write between which dates it was, such as `{in_notation(between)}`."
        if not hint:
            raise
        raise InvalidMoment([evolve(each, hint=hint) for each in error.problems]) from None


def read_stretch(text: str, zone: str) -> Moment:
    """A time of which somebody means all, such as one in which there was none of something.

    Raises:
        InvalidMoment: it is no time, or it may be another one: `2019 or 2021`, `not before 2020`.
    """
    if noted := wholly(text):
        return Moment.parse(noted, zone)
    hint = "Write `before 2020`, `after May 2021`, or the first and the last date: `2019/2021`."
    raise refusal("moment-notation", text, "does not say which time is meant.", hint)


def _winter(year: int, *, has_two: bool) -> str:
    """A winter; of one year it is not said which: the one at its beginning, or at its end."""
    return f"December {year if has_two else year - 1} to March {year + 1}"


def _plain(noted: str) -> str | None:
    """A month, or a year, in words."""
    date = _NOTED.fullmatch(noted)
    if date is None:
        return None
    return f"{MONTHS[int(date['month']) - 1]} {date['year']}" if date["month"] else date["year"]


def _around(noted: str) -> str | None:
    """A month or a year, and those on either side."""
    date = _NOTED.fullmatch(noted)
    if date is None:
        return None
    year, month = int(date["year"]), int(date["month"] or 0)
    if not month:
        return f"{year - 1} to {year + 1}"
    before = f"{MONTHS[month - 2]}{f' {year - 1}' if month == 1 else ''}"
    after = f"{MONTHS[month % 12]} {year + (month == 12)}"
    return f"{before}{f' {year}' if month == 12 else ''} to {after}"
