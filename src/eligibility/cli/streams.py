"""Standard streams that are closed or full, or whose reader has gone: never a traceback."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

_IN, _OUT, _ERR = range(3)
_FAILED: Final = 1


@contextmanager
def standard_streams() -> Iterator[None]:
    """Run a program so that what it cannot write ends it with status 1 and a sentence.

    Without standard output it is not run at all: nobody would see what comes of it. Without
    standard error it is run, and its exit status says what there is to say.
    """
    _fill_gaps()
    if sys.stdout is None:
        _give_up("standard output is closed")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
    except BrokenPipeError:
        _give_up()  # whoever read it has read enough
    except OSError as error:
        _give_up(error.strerror or "unknown cause")


def _fill_gaps() -> None:
    """Put nothing in the place of each stream that is closed.

    Else the next file that is opened would take its number, and get what is meant for the stream.
    """
    for number in (_IN, _OUT, _ERR):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(io.FileIO(_ERR, "w", closefd=False), write_through=True)


def _give_up(cause: str = "") -> NoReturn:
    """Say why nothing more can be written, if that can be said, and leave."""
    if cause:
        with suppress(OSError):
            sys.stderr.write(f"eligibility: the output cannot be written: {cause}\n")
            sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_WRONLY)
    for number in (_OUT, _ERR):
        os.dup2(nothing, number)  # whatever is left in a buffer goes there, without an error
    sys.exit(_FAILED)
