"""One run at a time in a folder: a lock that the system releases when its holder ends, however.

The lock is on a file that stays; in it stands who holds it, so that a second run can say so.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import lock_descriptor

from eligibility.batch.errors import BatchError
from eligibility.errors import Problem, shown

LOCK: Final = ".eligibility-lock"
#: Windows lets nobody read a byte that is locked, and the first one is.
_FIRST: Final = 1
#: A holder has the lock for a moment before its name stands there.
_PATIENCE: Final = 1.0


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process, alone.

    Raises:
        BatchError: `folder-in-use`, and by whom; `not-lockable`, on some network file systems.
    """
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        _take(file, folder)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
        _write(file, b" " + json.dumps(holder).encode())
        try:
            yield
        finally:
            _write(file, b"")
    finally:
        os.close(file)  # and with it goes the lock


def _write(file: int, text: bytes) -> None:
    os.ftruncate(file, 0)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, text)


def _take(file: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not _try(file, folder):
        os.lseek(file, _FIRST, os.SEEK_SET)
        holder = _holder(os.read(file, 1000))
        if holder or time.monotonic() > until:
            message = f"`{shown(folder.name)}` is in use by another run{holder}."
            hint = "Wait until it has ended, or name another folder."
            raise BatchError([Problem("folder-in-use", folder.name, message, hint)])
        time.sleep(0.02)


def _try(file: int, folder: Path) -> bool:
    try:
        return lock_descriptor(file, blocking=False)
    except OSError as error:
        message = f"`{shown(folder.name)}` cannot be kept for one run: {error.strerror}."
        hint = "Name a folder on a disk of this machine."
        raise BatchError([Problem("not-lockable", folder.name, message, hint)]) from None


def _holder(text: bytes) -> str:
    """Who holds the lock, in words; nothing if that does not stand there yet."""
    try:
        holder = json.loads(text)
        return (
            f": process {holder['pid']} on {shown(holder['host'])}, since {shown(holder['since'])}"
        )
    except (ValueError, KeyError, TypeError):
        return ""
