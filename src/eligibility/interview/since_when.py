"""Since when something was, of whoever is asked when it began; until when, of when it ended.

'Since 2018' may say that it began then, or then or later. Taken as the second it decides less than
what most people mean by it, taken as the first it may decide wrongly: so they are asked which.
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
#: They say which side is meant: `>= 2018`
_SIGNS: Final = re.compile("[<>\u2264\u2265]")
_WORD: Final = {"start": "since ", "end": "until "}
_OR: Final = {"start": "later", "end": "earlier"}


def since_when(text: str, question: Question) -> str | None:
    """The date in 'since 2018', if a question asks when something began; None if that is not said.

    In 'until 2018', if it asks when it ended.
    """
    form = _SAID.get(field_of(question.path or ""))
    said = form.fullmatch(plain(text)) if form and not _SIGNS.search(text) else None
    return next(filter(None, said.groups())) if said else None


def expect_one_side(text: str, question: Question) -> None:
    """Refuse 'since 2018' when something began.

    Raises:
        InvalidMoment: it may be then, or another time; the hint says how to say which.
    """
    noted = in_notation(since_when(text, question) or "")
    if in_words(noted):
        hint = f"Write `{noted}` if it was then; if not, between which dates it was."
        raise refusal("moment-notation", text, "may be then, or another time.", hint)


def which_is_meant(text: str, question: Question, shown: str) -> str | None:
    """What to write instead, for whoever said so, and is shown it so; None if nothing so."""
    side = field_of(question.path or "")
    said = since_when(text, question)
    if said is not None and (date := in_words(in_notation(said))):
        means = f"“{shown}” may mean {date}, or {_OR[side]}. If it was then, write: {date}."
        return f"{means} If you are not sure, write between which dates: May to August 2021."
    between = suggested(said or text) if side in _OR else None
    if between is None or not (said or between.startswith(_WORD[side])):
        return None
    like = re.sub(f"^{_WORD[side]}(.+)", rf"\1 or {_OR[side]}", between)
    return f"Write the dates that you are sure of. Instead of “{shown}”, for example: {like}."
