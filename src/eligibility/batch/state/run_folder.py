"""The folder of a run: what in it is ours, and what has been finished there.

A folder is taken only if it is empty or holds a run of ours, and by one process at a time. Its file
`run.json` says what the run is of, and which names in the folder it has made: nothing else is ever
replaced or removed. What is not finished lies in a work folder, under names that nobody else uses;
a thing gets its name when it is whole. So a process may be killed at any moment, and another one
goes on.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

from attrs import Factory, field, frozen

from eligibility.batch.errors import BatchError, is_full_disk, naming_full_disk
from eligibility.batch.state.lock import LOCK, locked
from eligibility.errors import EligibilityError, Problem, shown

#: What a run is of, and what it has made.
RUN: Final = "run.json"
#: What is needed on the way, until the run is done.
WORK: Final = ".eligibility-work"
#: Of a piece, such as a part or a chunk: whose it is, and its files. Its name is one of those that
#: are no part of an input.
PIECE: Final = "_piece.json"
#: Grows when what a run keeps of itself is read in another way.
_FORMAT: Final = 3
_SCRATCH: Final = "tmp"
#: In the work folder, all that a run has finished; what is not worth keeping has other names.
_FINISHED: Final = ("part-*", "chunk-*", "prepared.json")
#: A disk with less room than this is full: Polars may say only that it could not write a footer.
_NO_ROOM: Final = 1 << 16
_ANEW: Final = "Decide anew, in another folder."

T = TypeVar("T")


@frozen
class Place:
    """Where pieces of one run lie, each a folder that gets its name when it is whole.

    `run`: what the run is of, as a digest: a piece of another run is never taken for one of ours.
    `work`: where lies what is not finished; on the same disk.
    """

    path: Path
    run: str = ""
    work: Path = field(default=Factory(lambda place: place.path, takes_self=True))

    def has(self, name: str) -> bool:
        """Whether a piece is there.

        Raises:
            BatchError: `damaged-run`, it is not whole, or a piece of another run.
        """
        piece = self.path / name
        if not os.path.lexists(piece):
            return False
        run, files = read_state(piece / PIECE, lambda written: (written["run"], written["files"]))
        if run != self.run:
            raise damaged_run(piece, "is a piece of another run")
        if piece.is_symlink() or files != _sizes(piece):
            raise damaged_run(piece, "is not whole: files of it are missing, or have changed")
        return True

    @contextmanager
    def piece(self, name: str) -> Iterator[Path]:
        """A folder to make a piece in."""
        with self.temporary(name) as made:
            made.mkdir()
            yield made
            written = {"run": self.run, "files": _sizes(made)}
            (made / PIECE).write_text(json.dumps(written), encoding="utf-8")
            try:
                made.rename(self.path / name)
            except OSError:
                # a process of this run that was being ended may have come first
                if not self.has(name):
                    raise

    @contextmanager
    def temporary(self, name: str) -> Iterator[Path]:
        """A path that nobody else uses, whose name ends as it shall in the end."""
        scratch = self.work / _SCRATCH / uuid4().hex
        scratch.mkdir(parents=True)
        try:
            yield scratch / name
        except Exception as error:
            is_told = isinstance(error, EligibilityError) or is_full_disk(error)
            if not is_told and shutil.disk_usage(scratch).free < _NO_ROOM:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    @contextmanager
    def whole(self, name: str) -> Iterator[Path]:
        """A path to write a file to; then it gets its name, in place of the one before.

        A link of that name is replaced, never written through.
        """
        target = self.path / name
        with self.temporary(target.name) as made:
            yield made
            with made.open("rb+") as file:
                os.fsync(file.fileno())
            made.replace(target)

    def note(self, *names: str) -> None:
        """Say what is about to be made; only a whole folder of ours keeps a list."""

    def write(self, name: str, text: str) -> None:
        """Write a file, whole or not at all."""
        with self.whole(name) as made:
            made.write_text(text, encoding="utf-8")


@frozen
class RunFolder(Place):
    """A folder that one run holds for itself alone."""

    of: Mapping[str, Any] = Factory(dict)
    made: list[str] = Factory(list)

    @property
    def inner(self) -> Place:
        """The work folder, as a place for pieces."""
        return Place(self.work, self.run, self.work)

    def note(self, *names: str) -> None:
        """Set down names, before anything of that name is made.

        Raises:
            BatchError: `not-ours`, what has such a name is not of this run.
        """
        new = [name for name in names if name not in self.made]
        strange = [name for name in new if os.path.lexists(self.path / name)]
        if strange:
            hint = "Move it away, or name another folder."
            words = "`{}` is in the way: this run did not make it."
            raise BatchError(
                Problem("not-ours", name, words.format(shown(name)), hint) for name in strange
            )
        if new:
            self.made.extend(new)
            self.save()

    def save(self) -> None:
        """Set down what the run is of, and what it has made."""
        written = {"format": _FORMAT, "of": self.of, "made": self.made}
        self.write(RUN, json.dumps(written, indent=2) + "\n")  # names of files may be no Unicode

    @contextmanager
    def whole(self, name: str) -> Iterator[Path]:
        """As `Place.whole`; what has the name and is not of this run is left alone."""
        top, *below = Path(name).parts
        if name != RUN:
            self.note(top)
        if below:
            (self.path / top).mkdir(exist_ok=True)
            _refuse_link(self.path / top)
        with Place.whole(self, name) as made:  # attrs makes the class anew: `super()` is lost here
            yield made

    def clear(self) -> None:
        """Remove what was only needed on the way, and nothing else that lies there."""
        for path in self.work.glob("*"):
            if path.is_symlink():
                continue
            if path.name == _SCRATCH or (path / PIECE).is_file():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name in _FINISHED:
                path.unlink()
        try:
            self.work.rmdir()
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT}:
                raise  # somebody else's file in it stays, and so does the folder


@contextmanager
def held(
    path: Path, of: Callable[[], Mapping[str, Any]], source: Path | None = None
) -> Iterator[RunFolder]:
    """Hold a folder for a run, begun now or before.

    Args:
        path: the folder; it is made.
        of: what the run is of, as plain data; asked once the folder is held.
        source: what the run reads, where that is a file or folder.

    Raises:
        BatchError: `output-is-input`; `not-ours`; `folder-in-use`; `another-run`; `damaged-run`;
            `disk-full`, also from what is done while it is held.
    """
    if source is not None:
        _keep_apart(path, source)
    with naming_full_disk(path.name):
        _make(path)
        _read_run(path)
        with locked(path):
            yield _begun(path, json.loads(json.dumps(of())))


def _begun(path: Path, of: Mapping[str, Any]) -> RunFolder:
    run = blake2b(json.dumps([_FORMAT, of], sort_keys=True).encode(), digest_size=16).hexdigest()
    folder = RunFolder(path, run, path / WORK, of)
    before = _read_run(path)
    if before is not None:
        folder.made.extend(before[2])
        if before[:2] != (_FORMAT, of):
            if _has_finished(folder):
                message = f"`{shown(path.name)}` holds another run, or its input has changed since."
                hint = "Name another folder."
                raise BatchError([Problem("another-run", path.name, message, hint)])
            folder.clear()
            before = None
    shutil.rmtree(folder.work / _SCRATCH, ignore_errors=True)
    if before is None:
        folder.made[:] = [WORK]
        folder.save()
    return folder


def _has_finished(folder: RunFolder) -> bool:
    """Whether there is anything that would be lost if the folder were used for something else."""
    made = [name for name in folder.made if name != WORK and os.path.lexists(folder.path / name)]
    return bool(made) or any(any(folder.work.glob(pattern)) for pattern in _FINISHED)


def _make(path: Path) -> None:
    name = path.name or str(path)
    words = None
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        words = "is a link that leads nowhere" if path.is_symlink() else "is a file, and no folder"
    except NotADirectoryError:
        words = "cannot be made: a part of its path is a file"
    if words:
        hint = "Name a folder that is empty or not there yet."
        raise BatchError([Problem("not-ours", name, f"`{shown(name)}` {words}.", hint)])


def _read_run(path: Path) -> tuple[int, dict[str, Any], list[str]] | None:
    """What the run in a folder says of itself: format, what it is of, what it made.

    Returns:
        None, if the folder is empty.

    Raises:
        BatchError: `not-ours`, it holds something else; `damaged-run`.
    """
    _refuse_link(path / LOCK)
    _refuse_link(path / WORK)
    names = {each.name for each in path.iterdir()} - {LOCK, WORK}
    names |= {f"{WORK}/{each.name}" for each in path.glob(f"{WORK}/*") if each.name != _SCRATCH}
    # read after the names: a run that begins meanwhile writes this before anything else
    if os.path.lexists(path / RUN):
        return read_state(
            path / RUN,
            lambda written: (written["format"], dict(written["of"]), [*map(str, written["made"])]),
        )
    if not names:
        return None
    few = ", ".join(f"`{shown(name)}`" for name in sorted(names)[:3]) + ", …" * (len(names) > 3)
    message = f"`{shown(path.name)}` is not empty, and holds no run: there is {few}."
    hint = "Name a folder that is empty or not there yet."
    raise BatchError([Problem("not-ours", path.name, message, hint)])


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        message = f"`{shown(path.name)}` is a link: what it leads to is not of this run."
        hint = "Remove the link, or name another folder."
        raise BatchError([Problem("not-ours", path.name, message, hint)])


def _keep_apart(out: Path, source: Path) -> None:
    """Refuse results that would go into the input, or around it, whatever names lead there."""
    given, ours = Path(os.path.realpath(source)), Path(os.path.realpath(out))  # links may go round
    within = any(_same(each, given) for each in (ours, *ours.parents))
    if within or any(_same(each, ours) for each in given.parents):
        name = out.name or str(out)
        message = f"`{shown(name)}` is the input, holds it, or lies in it."
        hint = "Name a folder apart from it."
        raise BatchError([Problem("output-is-input", name, message, hint)])


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file: names differ in case, and places are mounted twice."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return one == other


def read_state(path: Path, shape: Callable[[Any], T]) -> T:
    """What a run has kept of itself in a file of JSON.

    Args:
        path: the file.
        shape: makes of the JSON what it says; what is not as it should be it raises at.

    Raises:
        BatchError: `damaged-run`.
    """
    if not path.is_file():
        raise damaged_run(path, "is missing")
    try:
        return shape(json.loads(path.read_bytes().decode("utf-8")))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise damaged_run(path, "does not say what a run keeps there") from None


def damaged_run(path: Path, words: str) -> BatchError:
    """The error that something of a run is not as it was left."""
    name = f"{path.parent.name}/{path.name}"
    return BatchError([Problem("damaged-run", name, f"`{shown(name, 120)}` {words}.", _ANEW)])


def fingerprint(path: Path) -> str:
    """A digest of what stands in a file."""
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()


def _sizes(piece: Path) -> dict[str, int]:
    """The files of a piece, and how large they are."""
    files = sorted(each for each in piece.rglob("*") if each.name != PIECE and not each.is_dir())
    return {each.relative_to(piece).as_posix(): each.lstat().st_size for each in files}
