"""Dates as the caller says that they are written, rewritten in the notation of histories.

A format is made of the usual directives: `%Y` `%m` `%d`, `%b` or `%B` for English names of months,
`%H` `%M` `%S` `%f`, `%I` `%p`, `%z`. Day, month and year must all be there, the year with four
digits: nothing is guessed. After a date of a format without time, a time may follow.
"""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from eligibility.errors import Problem, shown
from eligibility.values.date_words import MONTHS

_DIRECTIVES: Final = {
    "Y": "(?P<Y>[0-9]{4})",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    "b": "(?P<b>[A-Za-z]{3,9})[.]?",
    "B": "(?P<b>[A-Za-z]{3,9})[.]?",
    "H": "(?P<H>[0-9]{1,2})",
    "I": "(?P<H>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{2})",
    "S": "(?P<S>[0-9]{2})",
    "f": "(?P<f>[0-9]{1,9})",
    "p": "(?P<p>[AaPp][Mm])",
    "z": "(?P<z>Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
}
_GROUPS: Final = ("Y", "m", "d", "b", "H", "M", "S", "f", "p", "z")
_TIMES: Final = frozenset("HIMSfpz")
#: What may follow a date of a format that says nothing of times.
_ANY_TIME: Final = (
    "(?:[ T](?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.](?P<f>[0-9]{1,9}))?)?"
    "(?: ?(?P<p>[AaPp][Mm]))?)?"
)
_MONTHS: Final = tuple(map(str.lower, MONTHS))
_HINT: Final = "Write it as `%d/%m/%Y`, `%m/%d/%Y %H:%M`, `%d-%b-%Y`, or so."


def problem_of(date_format: str) -> Iterator[Problem]:
    """What is wrong with a date format, if anything is."""
    pieces = _pieces(date_format)
    said, between = pieces[1::2], "".join(pieces[::2]).replace("T", "")
    parts = set(said)
    hours, months = parts & {"H", "I"}, parts & {"m", "b", "B"}
    strange = sorted(parts - set(_DIRECTIVES))
    faults = {
        f"has `%{''.join(strange[:1])}`, which is not read": strange,
        "says something twice": len(parts) < len(said) or len(months) > 1 or len(hours) > 1,
        "must say day, month and year, the year with four digits (`%Y`)": (
            not parts >= {"Y", "d"} or not months
        ),
        "must say `%I` together with `%p`, and else `%H`": ("I" in parts) != ("p" in parts),
        "must say hour and minute, if it says more than a day": (
            parts & _TIMES and not (hours and "M" in parts)
        ),
        "must say the second before its fraction": "f" in parts and "S" not in parts,
        "has letters or digits that are no directive": any(map(str.isalnum, between)),
        "would read days of the notation, as `2024-09-01`, in another way": (
            date_format.startswith(("%Y-%d-%m", "%Y-%d-%b", "%Y-%d-%B"))
        ),
    }
    for words in [words for words, is_so in faults.items() if is_so][:1]:
        message = f"The date format `{shown(date_format, 60)}` {words}."
        yield Problem("input-option", "date_format", message, _HINT)


def _pieces(date_format: str) -> list[str]:
    """What stands between the directives of a format, and these: in turn."""
    return re.split("%(.)", date_format, flags=re.DOTALL)


def pattern_of(date_format: str) -> str:
    """The regular expression of the texts in a format; its groups are named by the directives."""
    pieces = _pieces(date_format)
    # numbers that nothing parts have all their digits, or two days could be written the same
    is_tight = any(not between for between in pieces[2:-1:2])
    known = {name: each.replace("{1,2}", "{2}") for name, each in _DIRECTIVES.items()}
    known = known if is_tight else _DIRECTIVES
    written = "".join(
        known[piece] if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)
    )
    is_day = not _TIMES & set(pieces[1::2])
    return f"^{written}{_ANY_TIME if is_day else ''}$"


def rewritten(text: pl.Expr, date_format: str) -> pl.Expr:
    """Texts that are in a format, in the notation; all others, and those no calendar has, as is."""
    pattern = pattern_of(date_format)
    groups = text.str.extract_groups(pattern).struct
    part = {
        name: groups.field(name) if f"(?P<{name}>" in pattern else pl.lit(None, pl.String)
        for name in _GROUPS
    }
    month = part["m"]
    if "(?P<b>" in pattern:
        numbers = {name[:3]: f"{at}" for at, name in enumerate(_MONTHS, 1)}
        whole = part["b"].str.to_lowercase()
        is_month = whole.is_in([*numbers, *_MONTHS, "sept"])
        found = whole.str.slice(0, 3).replace_strict(numbers, default=None, return_dtype=pl.String)
        month = pl.when(is_month).then(found)
    day = pl.format("{}-{}-{}", part["Y"], month.str.zfill(2), part["d"].str.zfill(2))
    hour = _hour(part["H"], part["p"])
    second, fraction = part["S"], part["f"].str.slice(0, 6)
    offset = part["z"].str.replace(r"^([+-][0-9]{2}):?([0-9]{2})$", "${1}:${2}")
    offset = offset.str.replace(r"^([+-][0-9]{2})$", "${1}:00")
    time = pl.concat_str(
        pl.lit("T") + hour.cast(pl.String).str.zfill(2) + ":" + part["M"],
        (":" + second).fill_null(""),
        ("." + fraction).fill_null(""),
        offset.fill_null(""),
    )
    is_real = day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    is_time = hour.is_between(0, 23) & (part["M"] < "60") & (second.fill_null("00") < "60")
    written = pl.when(part["H"].is_null()).then(day).when(is_time).then(day + time)
    return pl.coalesce(pl.when(is_real).then(written), text)


def _hour(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    number = hour.cast(pl.Int64)
    in_half = pl.when(number.is_between(1, 12)).then(number % 12)
    is_pm = half.str.to_lowercase() == "pm"
    return pl.when(half.is_null()).then(number).when(is_pm).then(in_half + 12).otherwise(in_half)
