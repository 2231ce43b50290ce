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
    r"on or about|i think|i believe|i guess|i suppose|not sure|unsure|it was|it must have been"
    r"|maybe|perhaps|probably|possibly|about|around|approximately|approx|roughly|circa|ca"
    r"|sometime|some time|or so|or thereabouts|something like|like|in|on|at|the"
)
_LEADING: Final = re.compile(rf"^(?:(?:{_HEDGE}|c)\b|[~\s])+")
_TRAILING: Final = re.compile(rf"(?:\b(?:{_HEDGE})|-?ish|[~?!\s])+$")
#: Of a year, which months a word means, as widely as people use it: where nobody knows where it
#: begins and ends, where everybody does, and of what is a day or two of them.
_ROUGHLY: Final = {
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
}
_EXACTLY: Final = {
    said: (at * months, at * months + months - 1)
    for part, months in (("half", 6), ("quarter", 3))
    for at, names in enumerate(("first/1st", "second/2nd", "third/3rd", "fourth/4th"))
    if at * months < len(MONTHS)
    for said in (
        *(f"{name} {part}" for name in names.split("/")),
        *(f"{part[0]}{at + 1}", f"{at + 1}{part[0]}"),
    )
}
_WITHIN: Final = {
    "easter": (2, 3),
    "halloween": (9, 9),
    "thanksgiving": (10, 10),
    "christmas": (11, 11),
    "xmas": (11, 11),
    "new year's day": (0, 0),
    "new years day": (0, 0),
    "new year's eve": (11, 11),
    "new years eve": (11, 11),
}
_PARTS: Final = _ROUGHLY | _EXACTLY | _WITHIN
_PART: Final = rf"(?:the )?(?P<part>{'|'.join(_PARTS)})"
_OF_YEAR: Final = (
    re.compile(rf"{_PART}[-/ ](?:of )?(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<year>[0-9]{{4}})[-/ ]{_PART}"),
)
_WINTER: Final = re.compile(r"winter (?:of )?(?P<year>[0-9]{4})(?:[/-](?P<until>[0-9]{2,4}))?")
_NEW_YEAR: Final = re.compile(r"new year(?:'?s)? (?:of )?(?P<year>[0-9]{4})")
_DECADE: Final = re.compile(r"(?:the )?(?:(?:early|mid|late)[- ])?(?P<ten>[0-9]{3})0'?s")
_OF_DATE: Final = re.compile(
    rf"(?:(?:{'|'.join(_PARTS)})[- ](?:of )?"
    r"|(?:first|second|third|fourth|last) (?:week|weekend|days) (?:of|in) )(?P<date>.+)"
)
_SIDED: Final = re.compile(
    r"(?:it was )?(?P<side>before|until|till|by|up to|after|since|from)(?: the)? (?P<rest>.+)"
)
_BETWEEN: Final = re.compile(
    r"(?:(?:between|from) )?(?P<first>.+)(?: (?:and|to|or|until|through|[-\u2013]) |/)(?P<last>.+)"
)
_TO_NOW: Final = re.compile(
    r"(?:(?:since|from) )?(?P<date>.+?)(?: (?:to|until|till|through) | ?[-\u2013] ?)"
    r"(?:now|today|(?:the )?present)"
)
_NOTED: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2]))?(?:-(?P<day>[0-9]{2}))?"
)
_UNKNOWN: Final = re.compile(
    r"(?:i )?(?:don'?t|do not|can'?t|cannot) (?:know|remember|recall|say|tell)\b.*"
    r"|(?:i'?m )?(?:not|un) ?sure\b.*|(?:i )?(?:have |'?ve )?no (?:idea|clue)\b.*|i forgot\b.*"
    r"|unknown|n/a|never mind|\?+|idk|dunno"
)
_ENDLESS: Final = re.compile(
    r"(?:it )?(?:has not|hasn'?t|has never|never|not)(?: yet)? ended(?: yet)?|not yet|ongoing"
    r"|(?:i )?still(?: (?:have it|going|running|ongoing|active))?"
)
_MONTH: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in map(str.lower, MONTHS))
#: What says more of a date that stands beside it: a side, another date, that it was not then.
_TELLING: Final = re.compile(
    rf"[^a-z' ]|\b(?:{_MONTH}|before|after|since|until|till|by|from|to|through|or|and|but|not|no"
    r"|never|cannot|[a-z]+n't|except|than|ago|latest|earliest|later|earlier|starting|ending|as"
    r"|weeks?|kw|months?|years|fiscal|tax|financial|school|academic|post)\b"
)
#: Of more words than so many no part is looked for.
_FEW_WORDS: Final = 12
_NAMED: Final = rf"(?:{_MONTH}|{'|'.join(_PARTS)}|winter)"
_YEARLESS: Final = (
    rf"(?:(?:[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?)?(?:{_MONTH})(?: [0-9]{{1,2}}(?:st|nd|rd|th)?)?"
    rf"|{'|'.join(_PARTS)}|winter)"
)
_NO_YEAR: Final = re.compile(
    rf"(?:(?:last|this|next) )?"
    rf"(?P<said>(?:between |from )?{_YEARLESS}(?: (?:or|and|to|until) {_YEARLESS})?)"
)
#: `Mar 21` may be the day of a month, or the month of a year.
_DAY_OR_YEAR: Final = re.compile(rf"(?P<month>{_MONTH}) (?P<year>1[5-9]|2[0-9]|3[01])")
_SHORT_YEAR: Final = re.compile(
    rf"(?P<rest>.*\b{_NAMED}\b.*?)(?: of)?(?:[ -]'?|')(?P<year>[0-9]{{2}})|'(?P<alone>[0-9]{{2}})"
)
_SHORT_NUMBERS: Final = re.compile(r"(?P<days>[0-9]{1,2}[/ -][0-9]{1,2})[/ -](?P<year>[0-9]{2})")
#: `3/21` may be the day of a month, or the month of a year.
_TWO_NUMBERS: Final = re.compile(r"(?P<first>[0-9]{1,2})[/ -](?P<last>[0-9]{1,2})")
_TWO_YEARS: Final = re.compile(r"[0-9]{4}[/ -][0-9]{2}")
_WITH_TIME: Final = re.compile(
    r"(?P<day>.+?) (?:at [0-9].*|[0-9]{1,2}(?::[0-9]{2})+.*|[0-9]{1,2} ?(?:am|pm|a m|p m))"
)
_FROM_TODAY: Final = re.compile(
    r".*\b(?:last|this|next|the other) (?:year|month|week)\b.*"
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
    >>> lacking("March '21"), lacking("13/4/21")
    ('Write the year with all four digits: March 2021.', 'Write the month as a word and the year \
with all four digits: 13 April 2021.')
    >>> lacking("5 May"), lacking("last spring or summer, I think")
    ('Write the year, too, such as 5 May 2021.', 'Write the year, too, such as March to September \
2021.')
    >>> lacking("last year")
    'Write which year that was, such as 2021.'
    """
    words = _unhedged(plain(text))
    if sided := _SIDED.fullmatch(words):
        words = sided["rest"]
    if (timed := _WITH_TIME.fullmatch(words)) and (day := _plain(in_notation(timed["day"]))):
        return f"Write the day without the time, such as {day}."
    if days := either_way(words):
        return f"It may mean {' or '.join(days)}. Write the month as a word."
    if short := _SHORT_NUMBERS.fullmatch(words):
        return f"Write the month as a word and the year with all four digits{_long(short)}."
    if two := _TWO_NUMBERS.fullmatch(words):
        first, last = int(two["first"]), int(two["last"])
        said = f"{MONTHS[first - 1]} 20{last}" if 0 < first <= 12 < last else "March 2021"
        return f"Write the month as a word and the year with all four digits, such as {said}."
    if unclear := _DAY_OR_YEAR.fullmatch(words):
        month = _capital(unclear["month"])
        either = f"It may mean {month} 20{unclear['year']} or a day in {month}."
        return f"{either} Write the year with all four digits."
    if short := _SHORT_YEAR.fullmatch(words):
        like = _example(f"{short['rest'] or ''} 20{short['year'] or short['alone']}".strip())
        return f"Write the year with all four digits{f': {like}' if like else ', such as 2021'}."
    if _TWO_YEARS.fullmatch(words):
        follows = (int(words[:4]) + 1) % 100 == int(words[5:])
        like = f": {words[:4]} to {words[:2]}{words[5:]}" if follows else ", such as 2021"
        return f"Write the year with all four digits{like}."
    if yearless := _NO_YEAR.fullmatch(words):
        like = _example(f"{yearless['said']} 2021")
        return f"Write the year, too, such as {like or 'March 2021'}."
    return "Write which year that was, such as 2021." if _FROM_TODAY.fullmatch(words) else ""


def _unhedged(words: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", words))


def _long(short: re.Match[str]) -> str:
    """The days that three numbers may mean, after a colon; nothing, if they are none."""
    full = f"{short['days']} 20{short['year']}"
    days = either_way(full) or tuple(filter(None, [_plain(in_notation(full))]))
    return f": {' or '.join(days)}" if days else ", such as 5 March 2021"


def _example(words: str) -> str | None:
    """What somebody meant, in words that are a date, if a year was all that lacked."""
    if in_notation(words) != words:
        return _capital(words)
    return suggested(words)


def _capital(words: str) -> str:
    """Words with the names of months as they are written."""
    return re.sub(rf"\b(?:{_MONTH})\b", lambda found: found[0].capitalize(), words)


def suggested(text: str) -> str | None:
    """Two dates that may be meant, in words that are a date; None if that says too little.

    >>> suggested("spring 2024, I think"), suggested("about March 2021"), suggested("mid-2022")
    ('March to June 2024', 'February to April 2021', 'April to September 2022')
    >>> suggested("2021?"), suggested("last year"), suggested("March 2021")
    ('2020 to 2022', None, None)
    >>> suggested("2021 Q3"), suggested("around 2019 or 2020"), suggested("before Christmas 2022")
    ('July to September 2021', '2018 to 2021', 'until December 2022')
    """
    words = plain(text)
    said = _unhedged(words)
    if span := _span(said):
        return _joined(*span)
    if (sided := _SIDED.fullmatch(said)) and (beside := _beside(sided["side"], sided["rest"])):
        return beside
    if (two := _BETWEEN.fullmatch(said)) and (rough := _rough(two["first"], two["last"])):
        return rough
    if (of := _OF_DATE.fullmatch(said)) and (date := _plain(in_notation(of["date"]))):
        return date
    if to_now := _TO_NOW.fullmatch(said):
        return _part_of(f"since {to_now['date']}")
    around = _around(in_notation(said)) if said != words or is_about(text) else None
    return _joined(*around) if around else _amid(words)


def _amid(words: str) -> str | None:
    """The longest part of what was typed that is a date, if the rest says nothing of it."""
    said = words.split()
    count = len(said) if len(said) <= _FEW_WORDS else 0
    parts = ((at, at + size) for size in range(count - 1, 0, -1) for at in range(count - size + 1))
    found = (
        _part_of(" ".join(said[first:last]))
        for first, last in parts
        if not _TELLING.search(" ".join((*said[:first], *said[last:])))
    )
    return next(filter(None, found), None)


def _part_of(words: str) -> str | None:
    """A part of what was typed, as a date to type instead."""
    return _plain(in_notation(words)) or _example(words)


def suggested_one(text: str, *, last: bool) -> str | None:
    """The first date that may be meant, or the last, where one date alone is asked for.

    >>> suggested_one("summer 2022", last=False), suggested_one("summer 2022", last=True)
    ('June 2022', 'September 2022')
    >>> suggested_one("before summer 2022", last=False), suggested_one("soon", last=True)
    (None, None)
    """
    noted = in_notation(suggested(text) or "")
    return _plain(noted.rpartition("/")[2] if last else noted.partition("/")[0])


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


def _span(said: str) -> tuple[str, str] | None:
    """The first and the last month, or year, that a word for a part of a time may mean."""
    if winter := _WINTER.fullmatch(said):
        year = int(winter["year"])  # of one year it is not said which: at its beginning, or its end
        return f"December {year if winter['until'] else year - 1}", f"March {year + 1}"
    if new := _NEW_YEAR.fullmatch(said):
        return f"December {int(new['year']) - 1}", f"January {new['year']}"
    if decade := _DECADE.fullmatch(said):
        return f"{decade['ten']}0", f"{decade['ten']}9"
    for form in _OF_YEAR:
        if part := form.fullmatch(said):
            first, last = (f"{MONTHS[at]} {part['year']}" for at in _PARTS[part["part"]])
            return first, last
    return None


def _joined(first: str, last: str) -> str:
    """One time from another: of one year it is said once."""
    if first == last:
        return first
    same = re.fullmatch(r"[A-Z][a-z]+ ([0-9]{4})", first)
    start = first.split(maxsplit=1)[0] if same and last.endswith(same[1]) else first
    return f"{start} to {last}"


def _beside(side: str, rest: str) -> str | None:
    """What lies before or after a part of a year, as widely as that may be meant."""
    said = _unhedged(rest)
    span = _span(said) or (_around(in_notation(said)) if said != rest else None)
    if span is None:
        return None
    first, last = span
    is_exact, is_rough = (any(each in rest for each in kind) for kind in (_EXACTLY, _ROUGHLY))
    if side == "before":
        return f"before {first}" if is_exact else f"until {first if is_rough else last}"
    if side == "after":
        return f"after {last}" if is_exact else f"since {last if is_rough else first}"
    return f"since {first}" if side in ("since", "from") else f"until {last}"


def _rough(first: str, last: str) -> str | None:
    """From the first that one time may mean to the last of another, if one of them is rough."""
    if not re.search("[0-9]{4}", first):
        first = f"{first} {last[-4:]}"
    spans = [_span(each) for each in (first, last)]
    if not any(spans):
        return None
    noted = (_plain(in_notation(each)) for each in (first, last))
    both = [span or (date or "", date or "") for span, date in zip(spans, noted, strict=True)]
    begins, ends = zip(*both, strict=True)
    if not all(begins):
        return None
    return _joined(min(begins, key=in_notation), max(ends, key=in_notation))


def _plain(noted: str) -> str | None:
    """A day, a month, or a year, in words."""
    date = _NOTED.fullmatch(noted)
    if date is None:
        return None
    month = MONTHS[int(date["month"]) - 1] if date["month"] else ""
    return " ".join(filter(None, (date["day"] and str(int(date["day"])), month, date["year"])))


def _around(noted: str) -> tuple[str, str] | None:
    """From before to after: a month or a year, or some, and those on either side."""
    first, _, last = noted.partition("/")
    start, end = _beyond(first, -1), _beyond(last or first, 1)
    return (start, end) if start and end else None


def _beyond(noted: str, by: int) -> str | None:
    """The month, or the year, before or after one."""
    date = _NOTED.fullmatch(noted)
    if date is None:
        return None
    if not date["month"]:
        return f"{int(date['year']) + by}"
    year, month = divmod(12 * int(date["year"]) + int(date["month"]) - 1 + by, 12)
    return f"{MONTHS[month]} {year}"
