"""What somebody may mean who is unsure when it was: two dates that it lies between, to be offered.

A text that is no date comes in, such as `spring 2024, I think`; a date goes out that can be typed
instead, `March to June 2024`. It is never taken for what was said: only whoever said it knows how
far off it may be, and on which half of the earth spring was. What else is lacking, `unclear_dates`
says.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from attrs import evolve

from eligibility.errors import InvalidMoment
from eligibility.interview.parts_of_years import PARTS, is_exact, is_rough, span
from eligibility.interview.said_dates import in_notation, is_about, wholly
from eligibility.interview.spelt_dates import MONTH, plain, without_slips
from eligibility.values.date_words import MONTHS
from eligibility.values.moment import Moment
from eligibility.values.notation import refusal

_HEDGE: Final = (
    r"(?:on|in) or (?:about|around)|i think|i believe|i guess|i suppose|not sure|unsure|it was"
    r"|it must have been|maybe|perhaps|probably|possibly|about|around|approximately|approx|roughly"
    r"|circa|ca|it (?:may|might|could) (?:be|have been)|somewhere|round about"
    r"|sometime|some time|or so|or thereabouts|something like|like|in|on|at|the"
)
_LEADING: Final = re.compile(rf"^(?:(?:{_HEDGE}|c)\b|[~\s])+")
_TRAILING: Final = re.compile(rf"(?:\b(?:{_HEDGE})|-?ish|[~?!\s])+$")
_OF_DATE: Final = re.compile(
    rf"(?:(?:{'|'.join(PARTS)})[- ](?:of )?"
    r"|(?:first|second|third|fourth|last|1st|2nd|3rd|4th)(?: few)? (?:weekend|(?:day|week|month)s?)"
    r" (?:of|in) )(?P<date>.+)"
)
#: Of a week or a weekend that is named by a day, how far from it the first and the last day may be.
_WEEKS: Final = (
    (re.compile(r"(?:the )?(?:week (?:starting|beginning|commencing)|w/c) (?:on )?(.+)"), 0, 6),
    (re.compile(r"(?:the )?(?:week ending|w/e) (?:on )?(.+)"), -6, 0),
    (re.compile(r"(?:the )?week (?:of|around|with) (?:the )?(.+)"), -6, 6),
    (re.compile(r"(?:the )?weekend (?:of|around) (?:the )?(.+)"), -2, 2),
)
SIDED: Final = re.compile(
    r"(?:it was )?(?P<side>before|until|till|by|up to|after|since|from)(?: the)? (?P<rest>.+)"
)
_BETWEEN: Final = re.compile(
    r"(?:(?:between|from) )?(?P<first>.+)(?: (?:and|to|into|or|until|through|-) |/)(?P<last>.+)"
)
_ITEM: Final = rf"(?:(?:(?:[0-9]{{1,2}} )?(?:{MONTH}) )?[0-9]{{4}}|(?:{MONTH}))"
#: `2019 and 2021`, `March April or May 2021`, `2019 2020`
_SEVERAL: Final = re.compile(
    rf"(?P<first>{_ITEM})(?: {_ITEM})* (?:and|or) (?P<last>{_ITEM})"
    r"|(?P<from>[0-9]{4})(?: [0-9]{4})* (?P<to>[0-9]{4})"
)
_TO_NOW: Final = re.compile(
    r"(?:(?:since|from|between) )?(?P<date>.+?)(?: (?:to|until|till|through|and) | ?- ?)"
    r"(?:now|today|date|(?:the )?present)"
)
_UP_TO: Final = re.compile(r"(?:-|\u2026|to|through) ?(?P<date>.+)")
_NOTED: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-9]{2}))?)?"
)
_UNKNOWN: Final = re.compile(
    r"(?:i )?(?:don'?t|do not|can'?t|cannot) (?:know|remember|recall|say|tell)\b.*"
    r"|(?:i'?m )?(?:not|un) ?sure\b.*|(?:i )?(?:have |'?ve )?no (?:idea|clue)\b.*|i forgot\b.*"
    r"|unknown|n/a|never mind|[?-]+|idk|dunno|forgot(?:ten)?|tbd|not known|no memory\b.*"
)
_ENDLESS: Final = re.compile(
    r"(?:it )?(?:has not|hasn'?t|has never|never|not)(?: yet)? ended(?: yet)?|not yet|ongoing"
    r"|(?:i )?still(?: (?:have it|going|running|ongoing|active))?"
    r"|(?:to|until|till|through) (?:this day|now|today|date|(?:the )?present)|(?:it )?continues"
    r"|(?:n/a )?(?:still )?active|current(?:ly)?(?: active)?|present"
)
#: What says more of a date that stands beside it: a side, another date, that it was not then.
_TELLING: Final = re.compile(
    rf"[^a-z' ]|\b(?:{MONTH}|before|after|since|until|till|by|from|to|through|or|and|but|not|no"
    r"|never|cannot|[a-z]+n't|except|than|ago|latest|earliest|later|earlier|starting|ending|as"
    r"|weeks?|wk|kw|cw|months?|years|fiscal|tax|financial|school|academic|fy|post|day|least"
    r"|noon|midday|midnight|morning|afternoon|evening)\b"
)
#: Of more words than so many no part is looked for.
_FEW_WORDS: Final = 12


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


def unhedged(words: str) -> str:
    """What was said, without the words that say how sure somebody is of it."""
    return _TRAILING.sub("", _LEADING.sub("", words))


def example_of(words: str) -> str | None:
    """What somebody meant, in words that are a date, if a year was all that lacked."""
    if in_notation(words) != words:
        return capital(words)
    return suggested(words)


def is_date(words: str) -> bool:
    """Whether words that are not of the notation are a date of the calendar."""
    try:
        return in_notation(words) != words and bool(Moment.parse(in_notation(words), "UTC"))
    except InvalidMoment:
        return False


def capital(words: str) -> str:
    """Words with the names of months as they are written."""
    return re.sub(rf"\b(?:{MONTH})\b", lambda found: found[0].capitalize(), words)


def put_right(text: str) -> str | None:
    """What was typed with a slip of the finger, without it, if that is a date.

    >>> put_right("Febuary 2021"), put_right("sumer 2021"), put_right("May 2021")
    ('February 2021', None, None)
    """
    typed = plain(text)
    words = without_slips(typed)
    return capital(words) if words != typed and is_date(words) else None


def suggested(text: str) -> str | None:
    """Two dates that may be meant, in words that are a date; None if that says too little.

    >>> suggested("spring 2024, I think"), suggested("about March 2021"), suggested("mid-2022")
    ('March to June 2024', 'February to April 2021', 'April to September 2022')
    >>> suggested("2021?"), suggested("last year"), suggested("March 2021")
    ('2020 to 2022', None, None)
    >>> suggested("2021 Q3"), suggested("around 2019 or 2020"), suggested("before Christmas 2022")
    ('July to September 2021', '2018 to 2021', 'until December 2022')
    >>> suggested("Febuary 2021"), suggested("2019 and 2021"), suggested("week ending 5 May 2021")
    ('February 2021', '2019 to 2021', '29 April 2021 to 5 May 2021')
    """
    if right := put_right(text):
        return right
    words = without_slips(plain(text))
    said = words if span(words) else unhedged(words)
    meant = (
        _joined(*found) if isinstance(found, tuple) else found
        for found in (read(said) for read in _READ)
    )
    return next(filter(None, meant), None) or _near(said, words, text)


def _near(said: str, words: str, text: str) -> str | None:
    """What lies around a date, if it was said to be about then; else what part of it is one."""
    several = _several(said)
    noted = several or in_notation(said)
    around = _around(noted) if said != words or is_about(text) else None
    if around:
        return _joined(*around)
    return _from_to(several) if several else _amid(words)


def _several(said: str) -> str:
    """Of several dates the first and the last, in the notation, in whichever order they are."""
    found = None if is_date(said) else _SEVERAL.fullmatch(said)
    if found is None:
        return ""
    first, last = found["first"] or found["from"], found["last"] or found["to"]
    noted = in_notation(f"between {first} and {last}").split("/")
    return "/".join(sorted(noted)) if all(map(in_words, noted)) else ""


def _from_to(noted: str) -> str:
    """Two dates in the notation, in words."""
    first, last = (in_words(each) or "" for each in noted.split("/"))
    return _joined(first, last)


def _two(said: str) -> str | None:
    two = _BETWEEN.fullmatch(said)
    return two and _rough(two["first"], two["last"])


def _of_date(said: str) -> str | None:
    part = _OF_DATE.fullmatch(said)
    return part and in_words(in_notation(part["date"]))


def _open(said: str) -> str | None:
    if to_now := _TO_NOW.fullmatch(said):
        return _part_of(f"since {to_now['date']}")
    up_to = _UP_TO.fullmatch(said)
    return up_to and _part_of(f"until {up_to['date']}")


def _week(said: str) -> str | None:
    """The first and the last day of a week that is named by one of its days."""
    for form, least, most in _WEEKS:
        if (week := form.fullmatch(said)) and (noted := in_notation(week[1])):
            try:
                days = [date.fromisoformat(noted) + timedelta(days=by) for by in (least, most)]
            except OverflowError:  # after the last day of the calendar
                return None
            except ValueError:  # no day
                return in_words(noted)
            return " to ".join(f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in days)
    return None


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
    return in_words(in_notation(words)) or example_of(words)


def suggested_one(text: str, *, last: bool) -> str | None:
    """The first date that may be meant, or the last, where one date alone is asked for.

    >>> suggested_one("summer 2022", last=False), suggested_one("summer 2022", last=True)
    ('June 2022', 'September 2022')
    >>> suggested_one("before summer 2022", last=False), suggested_one("soon", last=True)
    (None, None)
    """
    noted = in_notation(suggested(text) or "")
    return in_words(noted.rpartition("/")[2] if last else noted.partition("/")[0])


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


def _joined(first: str, last: str) -> str:
    """One time from another: of one year it is said once."""
    if first == last:
        return first
    same = re.fullmatch(r"[A-Z][a-z]+ ([0-9]{4})", first)
    start = first.split(maxsplit=1)[0] if same and last.endswith(same[1]) else first
    return f"{start} to {last}"


def _beside(said: str) -> str | None:
    """What lies before or after a part of a year, as widely as that may be meant."""
    sided = SIDED.fullmatch(said)
    if sided is None:
        return None
    side, rest = sided["side"], unhedged(sided["rest"])
    part = _of_date(rest)
    around = _around(in_notation(rest)) if rest != sided["rest"] else None
    times = span(rest) or (part and (part, part)) or around
    if not times:
        return None
    first, last = times
    if side == "before":
        return f"before {first}" if is_exact(rest) else f"until {first if is_rough(rest) else last}"
    if side == "after":
        return f"after {last}" if is_exact(rest) else f"since {last if is_rough(rest) else first}"
    return f"since {first}" if side in ("since", "from") else f"until {last}"


def _rough(first: str, last: str) -> str | None:
    """From the first that one time may mean to the last of another, if one of them is rough."""
    if not re.search("[0-9]{4}", first):
        first = f"{first} {last[-4:]}"
    spans = [span(each) for each in (first, last)]
    if not any(spans):
        return None
    noted = (in_words(in_notation(each)) for each in (first, last))
    both = [each or (one or "", one or "") for each, one in zip(spans, noted, strict=True)]
    begins, ends = zip(*both, strict=True)
    if not all(begins):
        return None
    return _joined(min(begins, key=in_notation), max(ends, key=in_notation))


def in_words(noted: str) -> str | None:
    """A day, a month, or a year, in words."""
    found = _NOTED.fullmatch(noted)
    if found is None:
        return None
    month = MONTHS[int(found["month"]) - 1] if found["month"] else ""
    return " ".join(filter(None, (found["day"] and str(int(found["day"])), month, found["year"])))


def _around(noted: str) -> tuple[str, str] | None:
    """From before to after: a month or a year, or some, and those on either side."""
    first, _, last = noted.partition("/")
    start, end = _beyond(first, -1), _beyond(last or first, 1)
    return (start, end) if start and end else None


def _beyond(noted: str, by: int) -> str | None:
    """The month, or the year, before or after one."""
    found = _NOTED.fullmatch(noted)
    if found is None:
        return None
    if not found["month"]:
        return f"{int(found['year']) + by}"
    year, month = divmod(12 * int(found["year"]) + int(found["month"]) - 1 + by, 12)
    return f"{MONTHS[month]} {year}"


#: What a text without hedges may be; the first that it is holds.
_READ: Final[tuple[Callable[[str], str | tuple[str, str] | None], ...]] = (
    span,
    _beside,
    _two,
    _of_date,
    _week,
    _open,
)
