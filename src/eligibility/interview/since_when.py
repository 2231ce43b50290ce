"""Since when something was, of whoever is asked when it began; until when, of when it ended.

'Since 2018' may say that it began then, or then or later. Taken as the second it decides less than
what most people mean by it, taken as the first it may decide wrongly: so they are asked which.
'From 2018 until 2020' may say when it began and when it ended, or between which years it began.
"""

import re
from typing import Final

from eligibility.facts.paths import field_of
from eligibility.interview.question import Question
from eligibility.interview.said_dates import in_notation
from eligibility.interview.spelt_dates import plain
from eligibility.interview.vague_dates import in_words, suggested
from eligibility.values.notation import refusal

_NOW: Final = "(?:to|until|till|through|-) (?:now|today|(?:the )?present)"
_SAID: Final = {
    "start": re.compile(
        rf"(?:(?:ever )?since|from) (.+?)(?: on(?:wards?)?| {_NOW})?|(.+?) (?:onwards?|{_NOW})"
    ),
    "end": re.compile("(?:until|till) (.+)"),
}
#: From when until when; `2018 to 2020` is how somebody says that it was between the two.
_BOTH: Final = re.compile(
    r"(?:from|(?:ever )?since) (.+?) (?:to|until|till|through(?: to)?|-) (.+)"
    r"|(.+?) (?:until|till) (.+)"
)
#: What began, and lasts.
_LASTS: Final = re.compile(rf".+ {_NOW}")
#: They say which side is meant: `>= 2018`
_SIGNS: Final = re.compile("[<>\u2264\u2265]")
_WORD: Final = {"start": "since ", "end": "until "}
_OR: Final = {"start": "later", "end": "earlier"}
_DID: Final = {"start": "began", "end": "ended"}
_WHICH: Final = {"start": "first", "end": "second"}


def since_when(text: str, question: Question) -> str | None:
    """The date in 'since 2018', if a question asks when something began; None if that is not said.

    In 'until 2018', if it asks when it ended.
    """
    form = _SAID.get(field_of(question.path or ""))
    said = form.fullmatch(plain(text)) if form and not _SIGNS.search(text) else None
    return next(filter(None, said.groups())) if said else None


def from_until(text: str, question: Question) -> tuple[str, str] | None:
    """Both dates, in words, of 'from 2018 until 2020', if a question asks for one of the two."""
    found = _BOTH.fullmatch(plain(text)) if field_of(question.path or "") in _DID else None
    dates = [in_words(in_notation(each)) for each in found.groups() if each] if found else []
    return (dates[0], dates[1]) if len(dates) == 2 and dates[0] and dates[1] else None


def expect_one_side(text: str, question: Question) -> None:
    """Refuse 'since 2018' when something began, and 'from 2018 until 2020'.

    Raises:
        InvalidMoment: it may be then, or another time; the hint says how to say which.
    """
    if both := from_until(text, question):
        hint = f"Write `{both[field_of(question.path or '') == 'end']}` if that is when it was."
        raise refusal("moment-notation", text, "says two dates, of which one is asked for.", hint)
    noted = in_notation(since_when(text, question) or "")
    if in_words(noted):
        hint = f"Write `{noted}` if it was then; if not, between which dates it was."
        raise refusal("moment-notation", text, "may be then, or another time.", hint)


def which_is_meant(text: str, question: Question, shown: str) -> str | None:
    """What to write instead, for whoever said so, and is shown it so; None if nothing so."""
    side = field_of(question.path or "")
    if both := from_until(text, question):
        asks = f"“{shown}” has two dates, and this asks only when it {_DID[side]}."
        this = f"If that was the {_WHICH[side]}, write: {both[side == 'end']}."
        return f"{asks} {this} If it was between the two, write: between {both[0]} and {both[1]}."
    if side == "end" and _LASTS.fullmatch(plain(text)):
        return f"This asks only when it {_DID[side]}. If it has not ended, write: not ended."
    said = since_when(text, question)
    if said is not None and (date := in_words(in_notation(said))):
        means = f"“{shown}” may mean {date}, or {_OR[side]}. If it was then, write: {date}."
        return f"{means} If you are not sure, write between which dates: May to August 2021."
    between = suggested(said or text) if side in _OR else None
    if between is None or not (said or between.startswith(_WORD[side])):
        return None
    like = re.sub(f"^{_WORD[side]}(.+)", rf"\1 or {_OR[side]}", between)
    return f"Write the dates that you are sure of. Instead of “{shown}”, for example: {like}."
