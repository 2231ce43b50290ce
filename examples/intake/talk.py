"""The interview as web pages: one question a page, and the page carries all that was said.

Nothing is kept on the server. A page shows no status beside an answer: it would tempt.
"""

import tempfile
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

from schema_form import Html, tag

from eligibility import AccountHistory, InvalidHistory, Problem
from eligibility.interview import Interview, Question
from eligibility.linkedin import read_archive
from eligibility.rules import AS_ALLEGED, class_definition

#: An account has no name here.
ACCOUNT: Final = "my-account"
_STEPS: Final = (
    "In LinkedIn, open Settings, then Data privacy, then “Get a copy of your data”. LinkedIn sends "
    "a ZIP file. It is read here, and not kept; no message text is looked at but to find its date."
)


def start_page() -> tuple[Html, ...]:
    """What is asked first: the data export, for it answers most questions."""
    chosen = tag("input", type="file", name="archive", accept=".zip")
    with_file = tag("button", "Go on with my export", class_="main")
    upload = tag(
        "form", chosen, with_file, method="post", action="/begin", enctype="multipart/form-data"
    )
    without = tag("form", tag("button", "Go on without it"), method="post", action="/begin")
    words = "A few questions follow. “I don’t know” is always an answer."  # noqa: RUF001 - a page's own apostrophe
    every = tag("a", "Fill in everything on one form instead", href="/form")
    asked = tag("h2", "Do you have your LinkedIn data export?")
    return tag("p", words), tag("section", asked, tag("p", _STEPS), upload, without), every


def begun(body: bytes, content_type: str) -> Interview:
    """The interview of an upload, or of nothing."""
    history: Any = AccountHistory(account_id=ACCOUNT)
    likely: list[str] = []
    if archive := _uploaded(body, content_type):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.zip"
            path.write_bytes(archive)
            reading = read_archive(path, account_id=ACCOUNT)
        history = reading.history
        likely = [path for hint in reading.report.hints for path in hint.paths]
    return Interview.start(history, class_definition(), supposing=AS_ALLEGED, likely=likely)


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
    interview = Interview.from_json(text, class_definition())
    if interview.supposing not in (None, AS_ALLEGED):
        raise _not_ours("supposing", "It supposes something else than what the complaint alleges.")
    if interview.knower != "claimant":
        raise _not_ours("knower", "It asks somebody else than the claimant.")
    return interview


def _not_ours(path: str, words: str) -> InvalidHistory:
    hint = "Begin again on the first page."
    return InvalidHistory([Problem("not-an-interview", path, words, hint)])


def said(interview: Interview, fields: Mapping[str, list[str]]) -> Interview:
    """The interview after what was pressed or typed."""
    pressed = fields.get("say", [""])[0]
    if pressed == "back":
        return interview.undo()
    if pressed == "unknown":
        return interview.dont_know()
    if pressed == "date":
        return interview.date(fields.get("date", [""])[0])
    if pressed == "ticked":
        return interview.answer(*(_place(at) for at in fields.get("tick", [])))
    return interview.answer(_place(pressed))


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def asked_page(interview: Interview, question: Question, wrong: str = "") -> tuple[Html, ...]:
    """One question, its answers as buttons, and 'I don't know'."""
    parts = [tag("p", wrong, class_="wrong")] if wrong else []
    if question.help:
        parts.append(tag("small", question.help))
    if question.takes_several:
        for at, answer in enumerate(question.answers):
            box = tag("input", type="checkbox", name="tick", value=str(at))
            parts.append(tag("label", box, answer.text, class_="tick"))
        parts.append(_button("Go on with what is ticked", "ticked", class_="main"))
    if question.takes_date:
        hint = f"For example: {question.example}" if question.example else ""
        parts += [tag("input", type="text", name="date", placeholder=hint)]
        parts += [_button("That is when", "date", class_="main")]
    if not question.takes_several:
        parts += [_button(each.text, str(at)) for at, each in enumerate(question.answers)]
    parts.append(_button("I don't know", "unknown"))
    if interview.replies:
        parts.append(_button("Back", "back"))
    kept = tag("input", type="hidden", name="interview", value=interview.to_json())
    form = tag("form", kept, *parts, method="post", action="/say")
    done = f"{question.topic} ({round(100 * interview.progress)} % done)"
    return (tag("section", tag("small", done), tag("h2", question.text), form),)


def _button(text: str, say: str, **attributes: str) -> Html:
    return tag("button", text, name="say", value=say, **attributes)


def open_page(interview: Interview) -> tuple[Html, ...]:
    """What stays open, and who could know it."""
    left = [
        tag("li", f"It is not known {fact.text}." + (f" {fact.who} may know." if fact.who else ""))
        for fact in interview.open
    ]
    return (tag("h2", "What stays open"), tag("ul", *left)) if left else ()
