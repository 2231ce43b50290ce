"""Safe access to an archive, be it a ZIP or an unpacked folder. The one place that opens files.

A path comes in; `Entry` records go out, each with a way to its bytes. Whatever could make the
archive mean two things, or reach outside it, refuses it as a whole before any file is read.
"""

import io
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from attrs import frozen

from eligibility.errors import ArchiveError, Problem
from eligibility.linkedin.codes import problem, refusal
from eligibility.linkedin.names import Role, role_of, shown
from eligibility.linkedin.stream import Meter

#: How many problems are listed one by one.
MOST_PROBLEMS: Final = 100


@frozen
class Entry:
    """One file of the archive: its path inside (never shown), its place, and its bytes."""

    path: str
    number: int
    open: Callable[[], io.BufferedReader]

    @property
    def role(self) -> Role:
        """What it is, by its name."""
        return role_of(self.path)


@frozen
class Archive:
    """An open archive: `zip` or `folder`, and its files in the order of its own listing."""

    kind: str
    entries: tuple[Entry, ...]


def open_archive(path: Path, meter: Meter) -> AbstractContextManager[Archive]:
    """The archive at a path, whatever the path is called: a folder may well end in `.zip`.

    Raises:
        ArchiveError: the archive is refused, with every reason that was found.
    """
    from eligibility.linkedin.folder import open_folder  # noqa: PLC0415 - it imports this module
    from eligibility.linkedin.zipped import open_zip  # noqa: PLC0415 - it imports this module too

    try:
        if path.is_dir():
            return open_folder(path, meter)
        if not path.exists():
            raise refusal("archive-missing", hint="Give the export's ZIP, or its folder.")
    except OSError as error:
        raise refusal("archive-not-readable") from error
    except ValueError as error:  # a NUL in the path
        raise refusal("archive-missing") from error
    return open_zip(path, meter)


def place(path: str, number: int) -> str:
    """Where a refused entry stands, with its name if that is one of LinkedIn's."""
    name = shown(path, number)
    return name if name == f"entry {number}" else f"entry {number} ({name})"


def folded(path: str) -> str:
    """The path as a careless file system would see it: two such must not be the same."""
    parts = (part.rstrip(" .") for part in path.split("/"))
    return unicodedata.normalize("NFC", "/".join(part for part in parts if part)).casefold()


def duplicates(files: Iterable[tuple[int, str]]) -> list[Problem]:
    """A problem for every file, given as place and path, that an earlier one folds to as well."""
    seen: dict[str, int] = {}
    found = []
    for number, path in files:
        first = seen.setdefault(folded(path), number)
        if first != number:
            hint = f"It has the name of entry {first}."
            found.append(problem("archive-duplicate-name", place(path, number), hint))
    return found


def refuse_if(problems: list[Problem]) -> None:
    """Raise with all the problems, if there are any: the first hundred, and how many more."""
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [problem("archive-more-problems", "", f"{more:,} more.")] if more > 0 else []
        raise ArchiveError(problems[:MOST_PROBLEMS] + rest)
