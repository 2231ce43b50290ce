"""Words for a part of a year, or for some years: which months, or years, they may mean.

As widely as people use them: whoever takes one of these for what was said leaves out nothing.
"""

import re
from typing import Final

from eligibility.values.date_words import MONTHS

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
} | {"last half": (6, 11), "latter half": (6, 11), "last quarter": (9, 11)}
_WITHIN: Final = {
    "easter": (2, 3),
    "halloween": (9, 9),
    "thanksgiving": (10, 10),
    "christmas": (11, 11),
    "xmas": (11, 11),
    "valentine's day": (1, 1),
    "memorial day": (4, 4),
    "independence day": (6, 7),
    "fourth of july": (6, 6),
    "labor day": (8, 8),
    "labour day": (4, 8),
    "diwali": (9, 10),
    "boxing day": (11, 11),
    "nye": (11, 11),
    "new year's day": (0, 0),
    "new years day": (0, 0),
    "new year's eve": (11, 11),
    "new years eve": (11, 11),
}
PARTS: Final = _ROUGHLY | _EXACTLY | _WITHIN
_PART: Final = rf"(?:the )?(?P<part>{'|'.join(PARTS)})"
_OF_YEAR: Final = (
    re.compile(rf"{_PART}[-/ ](?:of )?(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<year>[0-9]{{4}})[-/ ]{_PART}"),
)
_WINTER: Final = re.compile(r"winter (?:of )?(?P<year>[0-9]{4})(?:[/-](?P<until>[0-9]{2,4}))?")
_NEW_YEAR: Final = re.compile(r"new year(?:'?s)? (?:of )?(?P<year>[0-9]{4})")
_DECADE: Final = re.compile(
    r"(?:the )?(?:(?:early|mid|late)[- ])?(?:(?P<ten>[0-9]{3})0|'?(?P<short>[1289])0)'?s"
)
#: `202?` and `20??`
_DIGITS: Final = re.compile(r"[0-9]{3}\?|[0-9]{2}\?\?")
_YEARS: Final = re.compile(r"(?:the )?(?:[0-9]{3}0|'?[1289]0)'?s")


def span(said: str) -> tuple[str, str] | None:
    """The first and the last month, or year, that a word for a part of a time may mean.

    >>> span("spring 2021"), span("q3 2021"), span("winter 2020/21")
    (('March 2021', 'June 2021'), ('July 2021', 'September 2021'), ('December 2020', 'March 2021'))
    >>> span("the 90s"), span("202?"), span("monday 2021")
    (('1990', '1999'), ('2020', '2029'), None)
    """
    if winter := _WINTER.fullmatch(said):
        year = int(winter["year"])  # of one year it is not said which: at its beginning, or its end
        return f"December {year if winter['until'] else year - 1}", f"March {year + 1}"
    if new := _NEW_YEAR.fullmatch(said):
        return f"December {int(new['year']) - 1}", f"January {new['year']}"
    if decade := _DECADE.fullmatch(said):
        ten = decade["ten"] or ("20" if decade["short"] in "12" else "19") + decade["short"]
        return f"{ten}0", f"{ten}9"
    if _DIGITS.fullmatch(said):
        first, last = (said.replace("?", digit) for digit in "09")
        return first, last
    for form in _OF_YEAR:
        if part := form.fullmatch(said):
            first, last = (f"{MONTHS[at]} {part['year']}" for at in PARTS[part["part"]])
            return first, last
    return None


def is_exact(said: str) -> bool:
    """Whether everybody knows where that time begins and ends."""
    return _YEARS.fullmatch(said) is not None or any(each in said for each in _EXACTLY)


def is_rough(said: str) -> bool:
    """Whether nobody knows where that time begins and ends."""
    return any(each in said for each in _ROUGHLY)
