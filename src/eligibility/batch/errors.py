"""What can be wrong with tables, files and runs, beside what can be wrong with one history."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from eligibility.errors import EligibilityError, Problem

#: Of more problems than this with tables, the rest is only counted.
MOST_PROBLEMS: Final = 40
#: How libraries that keep the system's number to themselves say that a disk is full: on Linux and
#: macOS, with a quota, on Windows; and DuckDB, which counts by itself what it may write.
_FULL: Final = (
    "No space left on device",
    "os error 28)",
    "Disk quota exceeded",
    "not enough space on the disk",
    "max_temp_directory_size",
)


class BatchError(EligibilityError):
    """A run over many accounts cannot start, or cannot go on; every problem at once."""


class InvalidTables(BatchError):
    """Tables that are not those of a history model: files, names, columns, types; all problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        kept = sorted(problems, key=lambda problem: problem.path)
        more = len(kept) - MOST_PROBLEMS
        if more > 1:
            message = f"There are {more:,} more problems with these tables."
            kept = [*kept[:MOST_PROBLEMS], Problem(kept[-1].code, "", message, "Mend these first.")]
        super().__init__(kept)


def is_full_disk(error: BaseException | None) -> bool:
    """Whether an error, or what it came of, is that a disk is full."""
    while error is not None:
        if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if any(words in str(error) for words in _FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def naming_full_disk(name: str) -> Iterator[None]:
    """Say plainly that a disk is full, whichever library found it so.

    Raises:
        BatchError: `disk-full`.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of Polars is no `Exception`
        if not is_full_disk(error):
            raise
        message = "There is no room left on the disk."
        hint = "What is finished is kept: make room, and run it again."
        raise BatchError([Problem("disk-full", name, message, hint)]) from error
