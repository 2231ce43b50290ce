"""How a self-check begins with an archive: which one it takes, in whose words, and what reads it.

A model of histories comes in; the archive that its facts can be read of goes out, if there is one.
"""

from collections.abc import Callable
from os import PathLike
from typing import Final, TypeAlias

from attrs import frozen

from eligibility.facts.model import History
from eligibility.history import AccountHistory

#: Told, after every block, how many bytes have been read so far.
Progress: TypeAlias = Callable[[int], None]
#: An account has no name here.
ACCOUNT: Final = "my-account"


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
    """

    asks: str
    steps: tuple[str, ...]
    label: str
    accept: str
    read: Callable[[str | PathLike[str], Progress | None], FromArchive]


def archive_of(model: type[History]) -> Archive | None:
    """The archive that histories of a model can be read of."""
    return _LINKEDIN if model is AccountHistory else None


def _read_linkedin(path: str | PathLike[str], progress: Progress | None) -> FromArchive:
    from eligibility.linkedin import read_archive  # noqa: PLC0415 - only who has one needs it

    reading = read_archive(path, account_id=ACCOUNT, progress=progress)
    report, history = reading.report, reading.history
    counted = ((len(history.messages), "message"), (len(history.premium), "receipt for Premium"))
    return FromArchive(
        history,
        likely=tuple(path for hint in report.hints for path in hint.paths),
        not_read=tuple(f"{each.path}: {each.message}" for each in report.problems),
        found=tuple(_several(count, noun) for count, noun in counted),
    )


def _several(count: int, noun: str) -> str:
    """So many of a thing.

    >>> _several(1, "message"), _several(2000, "receipt for Premium")
    ('1 message', '2,000 receipts for Premium')
    """
    first, _, rest = noun.partition(" ")
    return f"{count:,} {first}{'s' * (count != 1)} {rest}".strip()


_LINKEDIN: Final = Archive(
    asks="Do you have your LinkedIn data export?",
    steps=(
        "In LinkedIn, open Settings, then Data privacy, then “Get a copy of your data”.",
        "LinkedIn sends a ZIP file. It has your messages and your receipts.",
        "Names and what people wrote are not kept: only dates, and which way a message went.",
    ),
    label="Your data export, a ZIP file",
    accept=".zip",
    read=_read_linkedin,
)
