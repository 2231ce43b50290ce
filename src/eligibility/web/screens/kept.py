"""What somebody takes along: the check itself as a file, the history, the verdict.

Whatever is taken up again is not trusted: an interview that supposes something else, or asks
somebody else, is refused.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from eligibility.api import write_letter
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InvalidHistory, Problem, json_text
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview
from eligibility.interview.saved import NOT_READ
from eligibility.text.letter_html import letter_page
from eligibility.web.screens.archives import Archive
from eligibility.web.screens.findings import Findings

#: A file to take along: its name, its media type, its bytes.
File: TypeAlias = tuple[str, str, bytes]
_JSON: Final = "application/json"
#: The names of the file that is taken up again, and of the letter.
SAVED: Final = "answers"
LETTER: Final = "letter"
_TOO_MUCH: Final = frozenset({"too-large", "too-many-records"})
NOT_READABLE: Final = (
    "The file is empty, or your browser could not read it. Choose it again, or begin without it."
)
_OR_ELSE: Final = "Or choose another file, or start without it."
_CHOOSE: Final = "Choose the file that “Save my answers” gave you, or begin without it."


def written(interview: Interview, not_read: tuple[str, ...]) -> str:
    """The check as text: an interview as it is saved, and what of an archive was not read."""
    data = json.loads(interview.to_json())
    return json_text({**data, **({NOT_READ: list(not_read)} if not_read else {})})


def taken_up(
    text: str | bytes, definition: ClassDefinition, supposing: Supposition | None
) -> tuple[Interview, tuple[str, ...]]:
    """The interview that was saved here, and what of an archive was not read.

    What is supposed stands in the text with its words. Somebody may have put other words there, and
    a verdict would then suppose what nobody alleges: only what this check supposes is taken.

    Raises:
        InvalidHistory: `not-an-interview`, or all that is wrong with the history in it.
    """
    try:
        interview = Interview.from_json(text, definition)
        not_read = json.loads(text).get(NOT_READ, [])
    except EligibilityError as error:
        if any(each.code in _TOO_MUCH for each in error.problems):
            raise
        words = "This is not a file of answers that was saved here, or it was altered since."
        hint = _CHOOSE
        if any(each.path == "definition" for each in error.problems):
            words = (
                "These answers were saved with another description, or an earlier version of it."
            )
            hint = "Begin without them, or open the page that they were saved with."
        raise _not_ours("", words, hint) from error
    if interview.supposing != supposing:
        raise _not_ours("supposing", "The file supposes something else than this check does.")
    if interview.knower != "claimant":
        raise _not_ours("knower", "The file asks somebody else than this check does.")
    if not (isinstance(not_read, list) and all(isinstance(each, str) for each in not_read)):
        raise _not_ours(NOT_READ, "A part of the file is not what it should be.")
    return interview, tuple(not_read)


def _not_ours(path: str, words: str, hint: str = _CHOOSE) -> InvalidHistory:
    return InvalidHistory([Problem("not-an-interview", path, words, hint)])


def refused(error: EligibilityError) -> tuple[str, ...]:
    """Why a file cannot be taken up again, as it is said to whoever chose it."""
    if any(each.code in _TOO_MUCH for each in error.problems):
        return (f"This file is larger than any that was saved here. {_CHOOSE}",)
    return tuple(f"{each.message} {each.hint}" for each in error.problems)


def mixed_up(field: str, path: Path, archive: Archive | None) -> tuple[str, ...]:
    """That a file was chosen in the field of the other kind; nothing, if that cannot be seen."""
    start = b""
    with suppress(OSError), path.open("rb") as file:  # it may be gone by now
        start = file.read(2)
    if archive and field == "saved" and start == b"PK":
        return (f"This is a ZIP file. If it is your export, choose it further up. {_OR_ELSE}",)
    if field == "archive" and start.startswith(b"{"):
        words = "This is no ZIP file. If it holds your answers, choose it further down."
        return (f"{words} {_OR_ELSE}",)
    return ()


# ---- files to take along -----------------------------------------------------------------------


def download(name: str, found: Findings, not_read: tuple[str, ...]) -> File:
    """A file to take along, by the value of the button `download`.

    Raises:
        KeyError: there is no such file.
    """
    if name == LETTER:
        return f"self-check-{name}.html", "text/html", _letter(found.interview, not_read).encode()
    if name == SAVED:
        return f"self-check-{name}.json", _JSON, written(found.interview, not_read).encode()
    return f"self-check-{name}.json", _JSON, _TEXTS[name](found).encode()


def _letter(interview: Interview, not_read: tuple[str, ...]) -> str:
    """The letter, as an HTML document of its own."""
    letter = write_letter(
        interview.history, interview.definition, supposing=interview.supposing, unread=not_read
    )
    return letter_page(letter)


def _history(found: Findings) -> str:
    return found.interview.history.model_dump_json(indent=2, exclude_none=True)


def _plain(found: Findings) -> str:
    return found.plain.to_json(indent=2)


def _supposing(found: Findings) -> str:
    return found.interview.verdict.to_json(indent=2)


#: The files of JSON, by name.
_TEXTS: Final[Mapping[str, Callable[[Findings], str]]] = {
    "history": _history,
    "verdict": _plain,
    "verdict-supposing": _supposing,
}
NAMES: Final = (SAVED, LETTER, *_TEXTS)
