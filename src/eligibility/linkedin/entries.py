"""What an archive holds, be it a ZIP or an unpacked folder: files, each with a way to its bytes.

Whatever could make an archive mean two things, or reach outside it, refuses it as a whole before
any file is read.
"""

import io
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from attrs import frozen

from eligibility.errors import ArchiveError, Problem
from eligibility.linkedin.codes import problem
from eligibility.linkedin.names import Role, role_of, shown

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
