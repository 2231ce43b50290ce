"""Which input it is: what stands in its files. A change that keeps sizes and times is one too."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

from eligibility.batch.errors import BatchError
from eligibility.batch.state.run_folder import fingerprint
from eligibility.batch.tables.folder import means_nothing
from eligibility.errors import Problem, shown

States: TypeAlias = frozenset[tuple[str, tuple[int, int]]]


def identity(source: Path | Mapping[str, Any]) -> list[Any]:
    """The files of an input, each with a digest of what stands in it.

    About a gigabyte is read in a second, of which a run takes half a minute or more. Files whose
    names mean nothing (`folder.means_nothing`) are no part of an input. Frames have no
    identity: each time they are others.
    """
    if not isinstance(source, Path):
        return [uuid4().hex]
    return [[name, fingerprint(path)] for name, path in _files(source)]


@contextmanager
def unchanged(source: Path | Mapping[str, Any], since: States) -> Iterator[None]:
    """See that no file of an input is written while it is read.

    Args:
        source: the input.
        since: its `states` before its identity was taken.

    Raises:
        BatchError: `input-changed`, at the end.
    """
    yield
    changed = sorted({name for name, _ in since ^ states(source)})
    if changed:
        hint = "Decide anew, in another folder, once it is written to its end."
        raise BatchError(
            Problem("input-changed", name, f"`{shown(name)}` changed while it was read.", hint)
            for name in changed
        )


def states(source: Path | Mapping[str, Any]) -> States:
    """The files of an input, each with its size and when it was written."""
    if not isinstance(source, Path):
        return frozenset()
    stats = ((name, path.stat()) for name, path in _files(source))
    return frozenset((name, (stat.st_size, stat.st_mtime_ns)) for name, stat in stats)


def _files(source: Path) -> list[tuple[str, Path]]:
    if not source.is_dir():
        return [(source.name, source)] if source.is_file() else []
    found, been = [], set()
    for folder, below, names in os.walk(source, followlinks=True):
        place = Path(folder).stat()
        if (place.st_dev, place.st_ino) in been:  # a link that leads back
            below.clear()
            continue
        been.add((place.st_dev, place.st_ino))
        below[:] = sorted(name for name in below if not means_nothing(name))
        paths = (Path(folder, name) for name in names if not means_nothing(name))
        found += [(p.relative_to(source).as_posix(), p) for p in paths if p.is_file()]
    return sorted(found)
