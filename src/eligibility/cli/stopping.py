"""Ctrl-C and SIGTERM end a long command within seconds, whatever library is at work just then.

Python hands a signal to its main thread, which may be in a query of Polars or DuckDB for minutes.
So a thread of its own waits for signals as well. Once one has come, the command has a second to end
by itself; then the process ends as it stands. That is safe: a run can be cut off at any moment.
"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Final

from eligibility.errors import Problem

STOPPED: Final = Problem(
    "stopped",
    "",
    "The run was stopped.",
    "What is finished is kept: run the same command again to go on.",
)
#: The exit status of a command that a signal has ended is this and the signal's number.
BY_SIGNAL: Final = 128
_GRACE_SECONDS: Final = 1.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """A signal said to stop."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, SIGINT and SIGTERM raise `Stopped`, once; what does not end by it is ended."""
    if current_thread() is not main_thread():  # Python lets no other thread ask for signals
        yield
        return
    heard, signalled = socket.socketpair()
    signalled.setblocking(False)
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        if not stopped:  # once: it is ending
            stopped.append(number)
            raise Stopped(number)

    ended, before = Event(), {number: signal.signal(number, stop) for number in _SIGNALS}
    fd_before = signal.set_wakeup_fd(signalled.fileno(), warn_on_full_buffer=False)
    watch = Thread(target=_watch, args=(heard, ended), daemon=True)
    watch.start()
    try:
        yield
    except Exception as error:
        if stopped:  # a library that was interrupted has said so in its own words
            raise Stopped(stopped[0]) from error
        raise
    finally:
        ended.set()
        signal.set_wakeup_fd(fd_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        signalled.close()
        watch.join()
        heard.close()


def _watch(heard: socket.socket, ended: Event) -> None:
    while said := heard.recv(1):  # nothing more, once the other end is closed
        if said[0] in _SIGNALS and not ended.wait(_GRACE_SECONDS):
            if os.isatty(2):
                os.write(2, b"\x1b[?25h")  # a bar of progress has hidden the cursor
            os.write(2, f"eligibility: {STOPPED}\n".encode())
            os._exit(BY_SIGNAL + said[0])
