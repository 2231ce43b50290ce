"""What a date lacks that somebody typed: a text that is no date comes in, and advice goes out."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from eligibility.interview.parts_of_years import PARTS
from eligibility.interview.said_dates import either_way, in_notation
from eligibility.interview.spelt_dates import MONTH, plain, without_slips
from eligibility.interview.vague_dates import (
    SIDED,
    capital,
    example_of,
    in_words,
    unhedged,
)
from eligibility.values.date_words import MONTHS

_PART: Final = f"{'|'.join(PARTS)}|winter"
_NTH: Final = "[0-9]{1,2}(?:st|nd|rd|th)?"
_YEARLESS: Final = (
    rf"(?:(?:{_NTH}[ -](?:of )?)?(?:{MONTH})(?: {_NTH})?|(?:(?:{_PART})[- ](?:of )?)?(?:{_PART}))"
)
_YEARLESSES: Final = rf"(?:between |from )?{_YEARLESS}(?: (?:or|and|to|until) {_YEARLESS})?"
#: A time of day, or a zone, wherever it stands beside a day.
_TIME: Final = re.compile(
    r"(?:^|[ t])(?:at )?(?:[0-9]{1,2}(?::[0-9]{2}){1,2}(?: ?[ap] ?m)?"
    r"(?: ?[+-][0-9]{2}:?[0-9]{2})?|[0-9]{1,2} ?(?:[ap] ?m|h|o'clock)|[0-9]{4} ?(?:h|hrs|hours)"
    r"|noon|midday|midnight|(?:in the )?(?:morning|afternoon|evening)"
    r"|[ecmp][sd]?t|cet|cest|bst|ist|gmt|utc|z)(?: (?:on|of))?(?![a-z0-9:])"
)
_NUMBERS: Final = re.compile(
    r"(?<![0-9/])([0-9]{1,2})[/ -]([0-9]{1,2})[/ -](?P<year>[0-9]{4})(?![0-9])"
)
_MONTH_AS_WORD: Final = "Write the month as a word"
_YEAR_IN_FULL: Final = "Write the year with all four digits"
_BOTH_IN_FULL: Final = f"{_MONTH_AS_WORD} and the year with all four digits"
_Advice: TypeAlias = str | Callable[[re.Match[str]], str]


def lacking(text: str) -> str:
    """What a date lacks that somebody typed, as advice; nothing, if that cannot be told.

    >>> lacking("4/5/2023")
    'It may mean 4 May 2023 or 5 April 2023. Write the month as a word.'
    >>> lacking("March '21"), lacking("13/4/21")
    ('Write the year with all four digits: March 2021.', 'Write the month as a word and the year \
with all four digits: 13 April 2021.')
    >>> lacking("5 May"), lacking("last spring or summer, I think")
    ('Write the year, too, such as 5 May 2021.', 'Write the year, too, such as March to September \
2021.')
    >>> lacking("last year"), lacking("5 March 2021 at noon")
    ('Write which year that was, such as 2021.', 'Write the day without the time, such as 5 March \
2021.')
    """
    said = unhedged(without_slips(plain(text)))
    sided = SIDED.fullmatch(said)
    words = sided["rest"] if sided else said
    timeless = " ".join(_TIME.sub(" ", words).split())
    if timeless != words and (day := in_words(in_notation(timeless))):
        return f"Write the day without the time, such as {day}."
    if days := _days(timeless):
        either = f"It may mean {' or '.join(days)}. {_MONTH_AS_WORD}."
        return either if len(days) > 1 else f"{_MONTH_AS_WORD}: {days[0]}."
    for form, advice in _ADVICE:
        if found := form.fullmatch(said) or form.fullmatch(words):
            return advice if isinstance(advice, str) else advice(found)
    return ""


def _days(words: str) -> tuple[str, ...]:
    """What may be meant by days of which nobody can tell which number is the month."""
    numbers = _NUMBERS.findall(words)
    if not any(either_way("/".join(each)) for each in numbers):
        return ()
    ways = ([(y, b, a) for a, b, y in numbers], [(y, a, b) for a, b, y in numbers])
    said = ([in_words(f"{y}-{m:0>2}-{d:0>2}") for y, m, d in way] for way in ways)
    return tuple(" to ".join(filter(None, days)) for days in said if all(days))


def _day_month_or_years(found: re.Match[str]) -> str:
    first, last = int(found["first"]), int(found["last"])
    if last == first + 1 > 13:
        return f"{_YEAR_IN_FULL}: 20{first} to 20{last}."
    like = f"{MONTHS[first - 1]} 20{last}" if 0 < first <= 12 < last else "March 2021"
    return f"{_BOTH_IN_FULL}, such as {like}."


def _day_of_short_year(found: re.Match[str]) -> str:
    full = f"{found['days']} 20{found['year']}"
    days = either_way(full) or tuple(filter(None, [in_words(in_notation(full))]))
    like = f": {' or '.join(days)}" if days else ", such as 5 March 2021"
    return f"{_BOTH_IN_FULL}{like}."


def _day_or_year(found: re.Match[str]) -> str:
    month = capital(found["month"])
    return f"It may mean {month} 20{found['year']} or a day in {month}. {_YEAR_IN_FULL}."


def _short_year(found: re.Match[str]) -> str:
    like = example_of(f"{found['rest']} 20{found['year']}".strip())
    return f"{_YEAR_IN_FULL}{f': {like}' if like else ', such as 2021'}."


def _two_years(found: re.Match[str]) -> str:
    first, last = int(found["first"]), int(found["last"])
    follows = (first + 1) % 100 == last
    like = f": {first} to {first // 100}{last:02}" if follows else ", such as 2021"
    return f"{_YEAR_IN_FULL}{like}."


def _yearless(found: re.Match[str]) -> str:
    like = example_of(f"{found['said']} 2021")
    return f"Write the year, too, such as {like or 'March 2021'}."


def _month_or_day(found: re.Match[str]) -> str:
    month = MONTHS[int(found["month"]) - 1]
    return (
        f"It may mean {month} 20{found['year']} or 20 {month} 20{found['year']}. {_MONTH_AS_WORD}."
    )


def _open_or_not(found: re.Match[str]) -> str:
    one = in_words(in_notation(found["one"] or found["as_of"]))
    return f"It may mean {one} alone, or {one} or later." if one else ""


def _then_or_earlier(found: re.Match[str]) -> str:
    one = in_words(in_notation(found["one"]))
    return f"If it was then or earlier, write until {one}." if one else ""


_OWN_YEAR: Final = (
    "Not every such year begins in the same month. Write its first month and its last one, such as "
    "April 2021 to March 2022."
)
_OF_WEEK: Final = "Write the days of that week, or the month, such as 8 to 14 March 2021."
#: What a text may be of which something lacks, and what is said of it; the first that is holds.
_ADVICE: Final[tuple[tuple[re.Pattern[str], _Advice], ...]] = tuple(
    (re.compile(form), advice)
    for form, advice in (
        (r"(?P<days>[0-9]{1,2}[/ -][0-9]{1,2})[/ -](?P<year>[0-9]{2})", _day_of_short_year),
        (r"(?P<first>[0-9]{1,2})[/ -](?P<last>[0-9]{1,2})", _day_month_or_years),
        (rf"(?P<month>{MONTH})[ -](?P<year>1[5-9]|2[0-9]|3[01])", _day_or_year),
        (r".*\b(?:fy|fiscal|financial|tax|school|academic)\b.*", _OWN_YEAR),
        (
            rf"(?P<rest>.*\b(?:{MONTH}|{_PART})\b.*?)(?: of)?(?:[ -]'?|')(?P<year>[0-9]{{2}})",
            _short_year,
        ),
        (
            r"(?:in |the year )?'?(?P<year>(?P<rest>)[0-9]{2})",
            _short_year,
        ),
        (r"(?P<first>[0-9]{4})[/ -](?P<last>[0-9]{2})", _two_years),
        (
            rf"(?:(?:last|this|next) )?(?P<said>{_YEARLESSES})",
            _yearless,
        ),
        (r"(?P<month>0[1-9]|1[0-2])20(?P<year>[0-9]{2})", _month_or_day),
        (r"(?P<one>.+?) ?(?:-|\u2026|to|until)|as of (?P<as_of>.+)", _open_or_not),
        (r"(?:since at least|(?:at )?least since) (?P<one>.+)", _then_or_earlier),
        (r".*\b(?:kw|cw|wk|w|weeks?)[ -]?[0-9]{1,2}\b.*|[0-9]{4}-?w[0-9]{1,2}", _OF_WEEK),
        (
            (
                r".*\b(?:last|this|next|the other) (?:year|month|week)\b.*|.*\bago"
                r"|.*\b(?:today|yesterday|recently|lately)|just now|now"
            ),
            "Write which year that was, such as 2021.",
        ),
    )
)
