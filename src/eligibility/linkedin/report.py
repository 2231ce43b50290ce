"""What was read of an archive, what was passed over, and why. It holds no word of the archive's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, field, frozen

from eligibility.errors import Problem
from eligibility.facts.paths import parse, record_path
from eligibility.immutable import FrozenDict, freeze
from eligibility.linkedin.codes import CODES, PASSED_OVER, UNREAD_ROWS, problem
from eligibility.linkedin.entries import MOST_PROBLEMS
from eligibility.linkedin.messages import Basis, Inbox
from eligibility.linkedin.names import Role
from eligibility.linkedin.owner import Owner
from eligibility.linkedin.receipts import Receipts
from eligibility.values.english import counted


@frozen
class FileReport:
    """One file: what it was taken for, how many rows became records, and why others did not."""

    name: str
    """Its name if that is one of LinkedIn's, else its place in the archive's listing."""
    role: str
    rows_read: int = 0
    passed_over: Mapping[str, int] = field(factory=FrozenDict, converter=freeze)
    problem: Problem | None = None
    """Why it could not be read, or not to its end."""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON data."""
        return {
            "name": self.name,
            "role": self.role,
            "rows_read": self.rows_read,
            "passed_over": dict(self.passed_over),
            "problem": None if self.problem is None else asdict(self.problem),
        }


@frozen
class Note:
    """Something to know about the reading, or a hint: a code, a sentence, and what it speaks of."""

    code: str
    text: str
    count: int = 1
    paths: tuple[str, ...] = ()
    """Records of the history, such as `messages[12]`, or files of the archive."""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON data."""
        return {
            "code": self.code,
            "text": self.text,
            "count": self.count,
            "paths": list(self.paths),
        }


@frozen
class ArchiveReport:
    """What was read of an archive. Hints are what may be so; none of them is in the history."""

    kind: str
    """`zip` or `folder`."""
    files: tuple[FileReport, ...]
    notes: tuple[Note, ...]
    hints: tuple[Note, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every file that could not be read, or not to its end, or not in all of its rows."""
        found = [file.problem for file in self.files if file.problem is not None]
        found += [each for file in self.files for each in _unread_rows(file)][:MOST_PROBLEMS]
        return tuple(found)

    def hints_for(self, path: str) -> tuple[str, ...]:
        """What hints at the answer to a question about a path such as `messages[12].inmail`.

        Hints are no facts. Show them beside the question, to whoever answers it.
        """
        at = parse(path)
        if at.index is None or at.field != "inmail":
            return ()
        record = record_path(at.name, at.index)
        return tuple(hint.text for hint in self.hints if record in hint.paths)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {
            "kind": self.kind,
            "files": [file.to_dict() for file in self.files],
            "notes": [note.to_dict() for note in self.notes],
            "hints": [hint.to_dict() for hint in self.hints],
        }


def _unread_rows(file: FileReport) -> Iterator[Problem]:
    """The problem of a file that was read, but for rows that might have said something."""
    counts = ((file.passed_over.get(why, 0), PASSED_OVER[why]) for why in UNREAD_ROWS)
    if file.problem is None and (said := [f"{counted(n, 'row')}: {why}" for n, why in counts if n]):
        yield problem("archive-file-rows", file.name, " ".join(said))


def note(code: str, more: str = "") -> Note:
    """A note in the words of the table, about the archive as a whole."""
    return Note(code, f"{CODES[code]} {more}".strip())


def note_on(code: str, paths: Iterable[str], more: str = "") -> Note:
    """A note in the words of the table, about these records or files."""
    named = tuple(paths)
    return Note(code, f"{CODES[code]} {more}".strip(), len(named), named)


def on_messages(inbox: Inbox, whose: Owner) -> Iterator[Note]:
    """What is not known of the messages, and how many it concerns."""
    no_direction = inbox.count(Basis.NOTHING, Basis.ABSENT)
    for code, count in (
        ("archive-inmail-unknown", len(inbox.records)),
        ("archive-time-unread", len(inbox.unread_times)),
        ("archive-time-no-zone", len(inbox.without_zone)),
        ("archive-direction-unknown", no_direction),
        ("archive-direction-conflict", inbox.count(Basis.CONFLICT)),
    ):
        if count:
            yield Note(code, CODES[code], count)
    if whose.note and no_direction:
        yield note(whose.note)


def on_receipts(paid: Receipts) -> Iterator[Note]:
    """What is assumed of each span, and what is not known of some."""
    for code, indexes in (
        (
            "archive-receipt-covers-payment",
            sorted(set(range(len(paid.records))) - set(paid.unclear)),
        ),
        ("archive-receipt-plan-unknown", paid.without_plan),
        ("archive-receipt-unclear", paid.unclear),
        ("archive-time-no-zone", paid.without_zone),
    ):
        if indexes:
            yield note_on(code, _paths("premium", indexes))


def on_files(named: Mapping[Role, Sequence[str]]) -> Iterator[Note]:
    """What was not there, and what was there and not opened, by what the report calls each file."""
    for role, code in (
        (Role.MESSAGES, "archive-no-messages"),
        (Role.RECEIPTS, "archive-no-receipts"),
    ):
        if not named.get(role):
            yield note(code)
    if len(named.get(Role.MESSAGES, ())) > 1:
        yield note_on("archive-several-files", named[Role.MESSAGES])
    if logs := named.get(Role.ASSISTANT_LOG):
        yield note_on("archive-assistant-logs", logs)
    if others := [*named.get(Role.OTHER, ()), *named.get(Role.UNKNOWN, ())]:
        yield note_on("archive-other-files", others)


def hints(inbox: Inbox, whose: Owner) -> tuple[Note, ...]:
    """What may be so of which messages."""
    caution = "" if whose.who else "The owner is not known; the sender may be the owner."
    return tuple(
        note_on(code, _paths("messages", indexes), caution if "sender" in code else "")
        for code, indexes in sorted(inbox.hints.items())
    )


def _paths(of: str, indexes: Iterable[int]) -> list[str]:
    return [record_path(of, index) for index in indexes]
