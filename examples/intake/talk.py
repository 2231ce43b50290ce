"""The interview behind the pages: how it begins, goes on, is taken up again, and what went wrong.

Nothing is kept on the server. What a browser or a file brings is an interview as text.
"""

import tempfile
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

from eligibility import AccountHistory, EligibilityError, InvalidHistory, InvalidMoment, Problem
from eligibility.interview import Interview
from eligibility.linkedin import read_archive
from eligibility.rules import AS_ALLEGED, class_definition

#: An account has no name here.
ACCOUNT: Final = "my-account"
_UNKNOWN: Final = "If you do not know, press “I don't know”."


def begun(body: bytes, content_type: str) -> tuple[Interview, tuple[str, ...]]:
    """The interview of an upload, which may be an interview that was saved, or of nothing.

    Beside it stands what of an export could not be read: its facts are asked for instead.
    """
    uploaded = _uploaded(body, content_type)
    if uploaded.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return taken_up(uploaded), ()
    history: Any = AccountHistory(account_id=ACCOUNT)
    likely: list[str] = []
    unread: tuple[str, ...] = ()
    if uploaded:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.zip"
            path.write_bytes(uploaded)
            reading = read_archive(path, account_id=ACCOUNT)
        history = reading.history
        likely = [path for hint in reading.report.hints for path in hint.paths]
        unread = tuple(f"{each.path}: {each.message}" for each in reading.report.problems)
    begins = Interview.start(history, class_definition(), supposing=AS_ALLEGED, likely=likely)
    return begins, unread


def _uploaded(body: bytes, content_type: str) -> bytes:
    """The file of a posted form; nothing if there is none."""
    if not content_type.startswith("multipart/form-data"):
        return b""
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    parts = message_from_bytes(head + body).walk()
    found = (part.get_payload(decode=True) for part in parts if part.get_filename())
    first = next(found, b"")
    return first if isinstance(first, bytes) else b""


def carried(fields: Mapping[str, list[str]]) -> Interview:
    """The interview that a page carried."""
    return taken_up(fields.get("interview", [""])[0])


def taken_up(text: str | bytes) -> Interview:
    """The interview that was saved, if it is one that begins here.

    What is supposed stands in the text with its words. Somebody may have put other words there, and
    a verdict would then suppose what no complaint alleges: only our own supposition is taken.
    """
    try:
        interview = Interview.from_json(text, class_definition())
    except EligibilityError as error:
        if any(each.code in ("too-large", "too-many-records") for each in error.problems):
            raise
        words = "This is not the file of an interview that was saved here, or it was altered since."
        raise _not_ours("", words) from error
    if interview.supposing not in (None, AS_ALLEGED):
        raise _not_ours("supposing", "It supposes something else than what the complaint alleges.")
    if interview.knower != "claimant":
        raise _not_ours("knower", "It asks somebody else than the claimant.")
    return interview


def _not_ours(path: str, words: str) -> InvalidHistory:
    hint = "Begin again on the first page, with the file that “Save” gave you or without it."
    return InvalidHistory([Problem("not-an-interview", path, words, hint)])


def said(interview: Interview, fields: Mapping[str, list[str]]) -> Interview:
    """The interview after what was pressed or typed.

    Raises:
        EligibilityError: that does not fit the question; `in_plain_words` says so to a claimant.
    """
    if changed := fields.get("change", [""])[0]:
        asked, _, time = changed.rpartition("#")
        return interview.change(asked, _place(time))
    pressed = fields.get("say", [""])[0]
    if pressed == "back":
        return interview.undo()
    if pressed == "unknown":
        return interview.dont_know()
    if pressed == "date":
        return interview.date(fields.get("date", [""])[0])
    if pressed == "none":
        return interview.answer()
    if pressed == "ticked":
        ticked = [_place(at) for at in fields.get("tick", [])] or [-1]  # none has its own button
        return interview.answer(*ticked, rest="unsure" not in fields)
    return interview.answer(_place(pressed))


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def in_plain_words(
    error: EligibilityError, interview: Interview, fields: Mapping[str, list[str]]
) -> str:
    """Why what was pressed or typed does not fit, and what to do, for whoever is asked."""
    question = interview.question
    if "change" in fields:
        return "That question was not asked. Choose one of the list."
    if question is None:
        return "Every question is answered. To say something else, press “Back” or “Change”."
    typed = fields.get("date", [""])[0].strip()
    if isinstance(error, InvalidMoment):
        example = f"Write it like this: {question.example or 'March 2021'}. A year alone will do."
        if not typed:
            return f"No date was typed. {example} {_UNKNOWN}"
        shown = typed if len(typed) <= 40 else f"{typed[:40]}…"
        if any(each.code == "moment-calendar" for each in error.problems):
            return f"There is no such day as “{shown}”. Please check it. {_UNKNOWN}"
        return f"We cannot read “{shown}” as a date. {example} {_UNKNOWN}"
    if any(each.code == "not-a-refinement" for each in error.problems):
        return (
            "That does not fit what is known already, or what you said before. Say something else "
            "here, or change an earlier answer in the list below."
        )
    if question.takes_several:
        return f"Nothing is ticked. Tick what is so. {_UNKNOWN}"
    return f"Please press one of the answers. {_UNKNOWN}"
