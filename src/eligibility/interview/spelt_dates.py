"""The spellings of dates, in one table: what was typed comes in, the same in fewer words goes out.

Each row of the table means the same on both sides, wherever it stands, so what is left for
`said_dates` to read has one word for each thing. A slip of the finger is not put right here: it may
have been another word, so what it was is only offered (`without_slips`).
"""

import re
from difflib import get_close_matches
from typing import Final
from unicodedata import normalize

from eligibility.values.date_words import MONTHS

#: The names of months, as short as three letters; the longest of a month come first.
MONTH: Final = "|".join(
    month[:size].lower() for month in MONTHS for size in range(len(month), 2, -1)
)
_QUARTER: Final = "[qh][1-4]|[1-4][qh]"
_DAY_OR_MONTH: Final = rf"[0-9]|(?:{MONTH})\b"
_HEDGE: Final = "maybe|probably|perhaps|possibly|around|about|approx|early|mid|late"
#: Marks first, since `.` and `,` say nothing once `..` and `->` are words.
_MARKS: Final = (
    ("[\u2018\u2019\u00b4`]", "'"),
    ("[\u2010-\u2015\u2212]", "-"),
    (r"(?<=\b[0-9]{4})\.{2,3}(?=[0-9]{4}\b)|-+>|\u2192", " to "),
    (r"(?<=[0-9]) ?~ ?(?=[0-9])", " to "),
    (r"\.{2,}", " \u2026 "),
    (r"[,.;()\[\]\"\u201c\u201d]|:(?= )|^[ !]+|[ !]+$|^=", " "),
    (">=|=>|\u2265", " since "),
    ("<=|=<|\u2264", " until "),
    (">", " after "),
    ("<", " before "),
    ("&", " and "),
    (r"(?<=[0-9]) ?\+ *$", " or later"),
    (r"\s+", " "),
    ("^ | $", ""),
)
_WORDS: Final = (
    (r"\bjanuar\b", "january"),
    (r"\bfebruar\b", "february"),
    (r"\b(?:m\u00e4rz|maerz)\b", "march"),
    (r"\bmai\b", "may"),
    (r"\bjuni\b", "june"),
    (r"\bjuli\b", "july"),
    (r"\bokt(?:ober)?\b", "october"),
    (r"\bdez(?:ember)?\b", "december"),
    (rf"\b(c|ca|mid|early|late|fy|{_QUARTER}|{MONTH})('?[0-9]{{2}}(?:[0-9]{{2}})?)\b", r"\1 \2"),
    (rf"\b([0-9]{{4}})({_QUARTER}|{MONTH})\b", r"\1 \2"),
    (rf"\b({_QUARTER}) ?[-/] ?({_QUARTER})\b", r"\1 to \2"),
    (r"\b([qh])([1-4]) ?[-/] ?([1-4])\b", r"\1\2 to \1\3"),
    (r"\b([a-z]+)-to-([a-z]+)\b", r"\1 to \2"),
    (rf"\b({MONTH}) ?/ ?([0-9]{{4}})\b", r"\1 \2"),
    (rf"^((?:[0-9]{{1,2}} )?(?:{MONTH})) - ([0-9]{{4}})$", r"\1 \2"),
    (rf"^([0-9]{{4}}) ?/ ?({MONTH})$", r"\1 \2"),
    (rf"\b({MONTH}) in (?:the year )?([0-9]{{4}})\b", r"\1 \2"),
    (rf"^([0-9]{{4}}) in ({MONTH})$", r"\1 \2"),
    (rf"\b(?:the )?month of (?={MONTH})", ""),
    (r"^either ", ""),
    (r" (or|to|until) in ", r" \1 "),
    (r" or (?:maybe|perhaps|possibly|probably|even) ", " or "),
    (rf"^([0-9]{{4}}) ((?:{_HEDGE}) )({MONTH})$", r"\2\3 \1"),
    (r"\bthru\b", "through"),
    (r"'?\btil\b", "until"),
    (r"\bbtw\b|\bbetw\b", "between"),
    (r"\bx-mas\b", "xmas"),
    (r"\bup (?:to|until|till|through)\b(?: and including\b)?", "until"),
    (r"(?<!no )(?<!not )\b(?:prior to|earlier than)\b", "before"),
    (r"(?<!no )(?<!not )\blater than\b", "after"),
    (rf"^pre[ -]?(?={_DAY_OR_MONTH})", "before "),
    (rf"^post[ -]?(?={_DAY_OR_MONTH})", "after "),
    (r"\b(?:as from|(?:starting|beginning) (?:in|on|from))\b", "from"),
    (rf"^starting (?={_DAY_OR_MONTH})", "from "),
    (rf"^(.*(?:[0-9]|{MONTH}|spring|summer|autumn|fall|winter))[ -]?ish\b", r"about \1"),
)
_SAME: Final = tuple((re.compile(form), same) for form, same in (*_MARKS, *_WORDS))
#: `20210305` and `15032021`: no text can be read both ways.
_EIGHT_DIGITS: Final = re.compile(
    r"(?P<day>[0-9]{4})(?P<year>(?:19|20)[0-9]{2})|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{2}"
)
#: `202103`, where the middle is no month, and the beginning neither: a year and its month.
_SIX_DIGITS: Final = re.compile(r"((?:19|20)(?:1[3-9]|[2-9][0-9]))(0[1-9]|1[0-2])")
#: What a slip of the finger may have been; short words are too much like others.
_RIGHT: Final = (
    *map(str.lower, MONTHS),
    *("spring", "summer", "autumn", "winter", "christmas", "easter", "halloween", "thanksgiving"),
    *("early", "middle", "late", "beginning", "start", "first", "second", "third", "fourth"),
    *("half", "quarter", "last", "latter", "week", "month", "year", "decade", "weekend"),
    *(
        "weeks",
        "months",
        "years",
        "quarters",
        "decades",
        "weekly",
        "monthly",
        "yearly",
        "quarterly",
    ),
    *("towards", "throughout", "least", "lately", "started", "starts", "starting", "eastern"),
    *("before", "after", "until", "since", "between", "through", "earlier", "later"),
    *("latest", "earliest", "about", "around", "approximately", "roughly", "sometime"),
    *("maybe", "perhaps", "probably", "possibly"),
)
#: Nobody types a date of more characters.
_LONGEST: Final = 500
_LEAST: Final = 4
_MOST: Final = 20
_ALIKE: Final = 0.8


def plain(text: str) -> str:
    """What was typed, in small letters, one word for each thing, without marks that say nothing.

    Of a text that is too long to be a date, nothing.

    >>> plain("March/2021"), plain("Q3-4 2021"), plain("thru May\u20142021"), plain(">2020")
    ('march 2021', 'q3 to q4 2021', 'through may-2021', 'after 2020')
    >>> plain("2019..2021"), plain("2019..")  # not 2019: it may be open
    ('2019 to 2021', '2019 \u2026')
    """
    if len(text) > _LONGEST:
        return ""
    words = normalize("NFKC", text).lower()  # digits of any width
    for form, same in _SAME:
        words = form.sub(same, words)
    if digits := _EIGHT_DIGITS.fullmatch(words):
        parts = (2, 4) if digits["year"] else (4, 6)
        return "-".join((words[: parts[0]], words[slice(*parts)], words[parts[1] :]))
    return _SIX_DIGITS.sub(r"\1-\2", words) if _SIX_DIGITS.fullmatch(words) else words


def without_slips(words: str) -> str:
    """Words in which each that is hardly one is the word of dates that is most like it.

    >>> without_slips("betwen Febuary 2020 and Marhc 2021".lower()), without_slips("later in 2021")
    ('between february 2020 and march 2021', 'later in 2021')
    """
    return re.sub(rf"\b[a-z]{{{_LEAST},{_MOST}}}\b", _right, words)


def _right(found: re.Match[str]) -> str:
    word = found[0]
    if re.fullmatch(MONTH, word):
        return word
    like = get_close_matches(word, (each for each in _RIGHT if each[0] == word[0]), 1, _ALIKE)
    return like[0] if like else word
