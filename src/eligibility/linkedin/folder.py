"""An archive that was unpacked: a folder, read without following any link."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from attrs import define, field

from eligibility.errors import Problem
from eligibility.linkedin.codes import UnreadableFile, problem, refusal
from eligibility.linkedin.entries import Archive, Entry, duplicates, place, refuse_if
from eligibility.linkedin.names import inside, is_clutter, is_safe
from eligibility.linkedin.stream import CountedStream, Limits, Meter

#: Where the system can, it is told as well that the last step must be no link, nor may it wait.
_OPEN_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@contextmanager
def open_folder(path: Path, meter: Meter) -> Iterator[Archive]:
    """The folder at a path, its listing judged, its files not yet read."""
    walk = _Walk(meter.limits)
    try:
        walk.into(path, "", 0)
    except OSError as error:
        raise refusal("archive-not-readable") from error
    files = [(number, inside(real), real) for number, real in enumerate(walk.paths, 1)]
    plain = ((number, name) for number, name, _ in files)
    refuse_if(walk.problems + _unsafe(files) + duplicates(plain))
    yield Archive(
        "folder",
        tuple(
            Entry(name, number, partial(_open, path, real, number, meter))
            for number, name, real in files
            if not is_clutter(name)
        ),
    )


def _unsafe(files: list[tuple[int, str, str]]) -> list[Problem]:
    """Some programs unpack a ZIP with backslashes into files that have them in their names."""
    return [
        problem("archive-unsafe-name", place(name, number))
        for number, name, real in files
        if "\\" in real and not is_safe(name)
    ]


@define
class _Walk:
    """The files under a folder, in the order of their names, and what is wrong with them."""

    limits: Limits
    paths: list[str] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    count: int = 0

    def into(self, folder: Path, within: str, depth: int) -> None:
        """Take in one folder and those in it."""
        if depth > self.limits.depth:
            raise refusal("archive-too-deep", hint=self.limits.way_out("depth"))
        for item in self._listing(folder):
            path = within + item.name
            kind = item.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(kind):
                self.into(folder / item.name, f"{path}/", depth + 1)
                continue
            self.paths.append(path)
            if not stat.S_ISREG(kind):
                hint = "Give a folder that holds the export and nothing else."
                self.problems.append(problem("archive-link", place(path, len(self.paths)), hint))

    def _listing(self, folder: Path) -> list[os.DirEntry[str]]:
        items = []
        with os.scandir(folder) as listing:
            for item in listing:
                self.count += 1
                if self.count > self.limits.entries:
                    hint = self.limits.way_out("entries")
                    raise refusal("archive-too-many-entries", hint=hint)
                items.append(item)
        return sorted(items, key=lambda item: item.name)


def _open(root: Path, real: str, number: int, meter: Meter) -> io.BufferedReader:
    """The bytes of one file, counted; a link put in its place meanwhile is not followed."""
    try:
        handle = os.open(root / real, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise UnreadableFile("archive-file-not-readable") from error
    source = os.fdopen(handle, "rb", buffering=0)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        source.close()
        raise UnreadableFile("archive-file-not-readable")
    return io.BufferedReader(CountedStream(source, place(inside(real), number), meter))
