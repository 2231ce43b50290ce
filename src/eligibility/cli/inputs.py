"""From what the command line names to histories: JSON files, standard input, export archives.

Sizes are looked at before anything is read. Whatever is wrong with one input is raised as an
`EligibilityError` with all of its problems; the other inputs are none the wiser.
"""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from attrs import frozen

from eligibility.api import read_history
from eligibility.errors import InvalidHistory, Problem, printable
from eligibility.facts.model import History
from eligibility.facts.read import MOST_BYTES, MOST_RECORDS, too_large
from eligibility.values.timeline import COURT_ZONE

if TYPE_CHECKING:
    from eligibility.linkedin.report import ArchiveReport
    from eligibility.linkedin.stream import Limits

#: The name that stands for standard input.
STDIN: Final = "-"
#: How every ZIP file begins, be it empty or split; no JSON text begins so.
_ZIP_MAGIC: Final = b"PK"


@frozen
class InputOptions:
    """What only the caller can know of an input; None where it is not said."""

    account_id: str | None = None
    owner_url: str | None = None
    time_zone: str | None = None
    limits: "Limits | None" = None
    records: int | None = None
    """How many records a history in JSON may have; all else is of an export archive."""

    @property
    def given(self) -> list[str]:
        """The options that are said of an export archive."""
        named = {
            "--account-id": self.account_id,
            "--owner-url": self.owner_url,
            "--time-zone": self.time_zone,
            "--limit": self.limits,
        }
        return [option for option, value in named.items() if value is not None]


@frozen
class Input:
    """One history, the name of its input as printable text, and how an archive was read."""

    name: str
    history: History
    report: "ArchiveReport | None" = None


def shown_name(name: str) -> str:
    """The name of an input as printable text, also where the file system has stray bytes."""
    return "standard input" if name == STDIN else printable(name) or "(no name)"


def is_archive(name: str) -> bool:
    """Whether an input is a folder, a ZIP by its name, or a ZIP by its first bytes.

    A damaged ZIP is still one by its name, so that it is called damaged and not 'no JSON'.
    """
    if name in ("", STDIN):
        return False
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return True
        if not stat.S_ISREG(mode):
            return False
        with path.open("rb") as file:
            return path.suffix.lower() == ".zip" or file.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC
    except (OSError, ValueError):
        return False  # `read_input` says what is wrong with it


def size_of(name: str) -> int:
    """How many bytes an input is known to have; 0 if that is not known."""
    try:
        return 0 if name == STDIN else Path(name).stat().st_size
    except (OSError, ValueError):
        return 0


def read_input(
    name: str,
    options: InputOptions,
    model: type[History],
    progress: Callable[[int], None] | None = None,
) -> Input:
    """The history of a model that an input states; an archive is always one of the case.

    Raises:
        EligibilityError: all that is wrong with it; `not-readable` if it cannot be opened.
    """
    if is_archive(name):
        return _read_archive(name, options, progress)
    most = MOST_RECORDS if options.records is None else options.records
    return Input(shown_name(name), read_history(bytes_of(name), model, most_records=most))


def _read_archive(
    name: str, options: InputOptions, progress: Callable[[int], None] | None
) -> Input:
    from eligibility.linkedin import read_archive  # noqa: PLC0415 - JSON alone does not need it

    reading = read_archive(
        name,
        account_id=options.account_id,
        owner_profile_url=options.owner_url,
        time_zone=options.time_zone or COURT_ZONE,
        limits=options.limits,
        progress=progress,
    )
    return Input(shown_name(name), reading.history, reading.report)


def bytes_of(name: str) -> bytes:
    """All bytes of a file, or of standard input.

    Raises:
        InvalidHistory: `not-readable`, or `too-large`.
    """
    if not name:
        raise _not_readable("it has no name")
    try:
        if name == STDIN:
            if sys.stdin is None:
                raise _not_readable("it is closed")
            return _at_most(sys.stdin.buffer)
        with Path(name).open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > MOST_BYTES:
                raise too_large(status.st_size)
            return _at_most(file)
    except OSError as error:
        raise _not_readable(error.strerror or "it is not open for reading") from None
    except ValueError as error:
        if isinstance(error, InvalidHistory):
            raise
        raise _not_readable("no file can have this name") from None


def _at_most(file: BinaryIO) -> bytes:
    """All bytes of a stream, which may have no end: never more than the limit and one."""
    text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise too_large(len(text))
    return text


def _not_readable(cause: str) -> InvalidHistory:
    hint = "Give the path of a history in JSON, of an export archive, or `-` for standard input."
    return InvalidHistory([Problem("not-readable", "", f"This cannot be read: {cause}.", hint)])


def json_name(name: str) -> str:
    """The name of an input as JSON can hold it: the name itself, but for stray bytes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
