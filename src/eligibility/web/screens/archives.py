"""How a self-check begins with an archive: which one it takes, in whose words, and what reads it.

A model of histories comes in; the archive that its facts can be read of goes out, if there is one.
"""

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from eligibility.errors import EligibilityError
from eligibility.facts.model import History
from eligibility.facts.records import MY_ACCOUNT
from eligibility.history import AccountHistory
from eligibility.immutable import FrozenDict

if TYPE_CHECKING:
    from eligibility.linkedin import ArchiveReport

#: Told, after every block, how many bytes have been read so far.
Progress: TypeAlias = Callable[[int], None]


@frozen
class FromArchive:
    """What an archive says: a history, records to ask about first, and what could not be read."""

    history: History
    likely: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


@frozen
class Archive:
    """An archive to begin with.

    Args:
        asks: whether somebody has one.
        steps: how to get one, a sentence each.
        label: what the field for its file is called.
        accept: which files a browser offers.
        read: what it says.
        refusals: why one cannot be read and what to do, for people, by the code of the error. Of
            other codes it is the error's own message.
    """

    asks: str
    steps: tuple[str, ...]
    label: str
    accept: str
    read: Callable[[str | PathLike[str], Progress | None], FromArchive]
    refusals: Mapping[str, str] = field(default=FrozenDict(), repr=False)

    def refused(self, error: EligibilityError) -> tuple[str, ...]:
        """Why an archive cannot be read, each reason once, and what to do."""
        said = (self.refusals.get(each.code, f"{each.message} {_OTHER}") for each in error.problems)
        return tuple(dict.fromkeys(said))


def archive_of(model: type[History]) -> Archive | None:
    """The archive that histories of a model can be read of."""
    return _LINKEDIN if model is AccountHistory else None


# ---- LinkedIn's --------------------------------------------------------------------------------

#: So many messages at most: whatever is read can be saved, and taken up again.
_MOST_MESSAGES: Final = 90_000
#: What the report notes that somebody who gave the archive has to know: it is not all there.
_NOT_ALL: Final = frozenset({"archive-no-messages", "archive-no-receipts", "archive-more-unread"})
_UNCLEAR: Final = "archive-receipt-unclear"
#: What of a record could not be read: what the records are called, and what is not known of them.
_IN_PART: Final = FrozenDict(
    {
        "archive-time-unread": ("message", "the date cannot be read."),
        _UNCLEAR: ("receipt", "what was paid for cannot be read, so nothing was concluded."),
    }
)
#: Why a file could not be read, where the report says it to programmers.
_PLAINLY: Final = FrozenDict(
    {
        "archive-file-encoding": "This file is damaged, or is no text.",
        "archive-file-line-ends": "The first line of this file is not as LinkedIn writes it.",
        "archive-file-no-header": "The columns of this file are not those that LinkedIn writes.",
        "archive-file-header-twice": "A column of this file stands there twice.",
        "archive-file-malformed": "The rows of this file do not fit its columns.",
    }
)


def _read_linkedin(path: str | PathLike[str], progress: Progress | None) -> FromArchive:
    from eligibility.linkedin import Limits, read_archive  # noqa: PLC0415 - only who has one needs it

    limits = Limits(messages=_MOST_MESSAGES)
    reading = read_archive(path, account_id=MY_ACCOUNT, limits=limits, progress=progress)
    report, history = reading.report, reading.history
    unclear = sum(each.count for each in report.notes if each.code == _UNCLEAR)
    paid = len(history.premium) - unclear
    counted = ((len(history.messages), "message"), (paid, "receipt for Premium"))
    found = tuple(_several(count, noun) for count, noun in counted if count)
    return FromArchive(
        history,
        likely=tuple(path for hint in report.hints for path in hint.paths),
        not_read=tuple(_not_read(report)),
        found=found or ("no message, and no receipt for Premium",),
    )


def _not_read(report: "ArchiveReport") -> Iterator[str]:
    """Files and rows that were not read, and what is missing: a line each."""
    for each in report.problems:
        of_rows = f" {each.hint}" if each.code == "archive-file-rows" else ""
        yield f"{each.path}: {_PLAINLY.get(each.code, each.message)}{of_rows}"
    for note in report.notes:
        if note.code in _NOT_ALL:
            yield note.text
        elif note.code in _IN_PART:
            noun, words = _IN_PART[note.code]
            yield f"{_several(note.count, noun)}: {words}"


def _several(count: int, noun: str) -> str:
    """So many of a thing.

    >>> _several(1, "message"), _several(2000, "receipt for Premium")
    ('1 message', '2,000 receipts for Premium')
    """
    first, _, rest = noun.partition(" ")
    return f"{count:,} {first}{'s' * (count != 1)} {rest}".strip()


_OTHER: Final = "Choose another file, or start without it."
_AS_SENT: Final = "Choose the ZIP file as LinkedIn sent it, or start without it."
_ODD: Final = f"This ZIP file is not built as a LinkedIn export is, so it was not read. {_AS_SENT}"
_TOO_MUCH: Final = "This export is larger than can be read here. Start without it."
_REFUSALS: Final = {
    "archive-not-a-zip": "This is no ZIP file, or it is damaged. If your computer unpacked the "
    "export by itself, compress the folder again and choose that. Or start without it.",
    "archive-not-an-export": "This ZIP file holds none of the files of a LinkedIn export. "
    f"{_AS_SENT} If it lies inside another ZIP file, unpack that one first.",
    "archive-encrypted": "This ZIP file is locked with a password. Unpack it, compress the folder "
    "again without a password, and choose that. Or start without it.",
    "archive-not-readable": f"Your browser could not read the file. {_OTHER}",
    **dict.fromkeys(
        (
            *("archive-too-many-entries", "archive-too-large", "archive-too-many-lines"),
            *("archive-too-many-rows", "archive-too-many-messages", "archive-too-many-receipts"),
        ),
        _TOO_MUCH,
    ),
    **dict.fromkeys(
        (
            *("archive-unsafe-name", "archive-duplicate-name", "archive-link", "archive-overlap"),
            *("archive-ratio", "archive-long-listing", "archive-too-deep"),
        ),
        _ODD,
    ),
}
_LINKEDIN: Final = Archive(
    asks="Do you have your LinkedIn data export?",
    steps=(
        "In LinkedIn, open Settings, then Data privacy, then “Get a copy of your data”.",
        "Ask for the larger archive. It may take a day.",
        "LinkedIn sends a ZIP file. It has your messages and your receipts.",
        "Names and what people wrote are not kept: only dates, and which way a message went.",
    ),
    label="Your data export, a ZIP file",
    accept=".zip",
    read=_read_linkedin,
    refusals=FrozenDict(_REFUSALS),
)
