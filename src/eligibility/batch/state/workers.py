"""Processes that work for this one and end with it, however it ends."""

import gc
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Final

from eligibility.batch.errors import BatchError
from eligibility.errors import Problem

#: Which way to start workers, the first that there is.
_STARTS: Final = ("forkserver", "spawn")
#: Histories that are kept are no garbage: a worker looks for some less often than Python does.
_OBJECTS_BETWEEN_COLLECTIONS: Final = 1_000_000


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes; if what they are needed for fails or is stopped, they end at once.

    They hold one end of a pipe, and this process alone the other: once that is closed, be it by the
    system because this process was killed, they end.

    Raises:
        BatchError: `cut-short`, the system ended one of them.
    """
    start = next(each for each in _STARTS if each in get_all_start_methods())
    context = get_context(start)
    leash, hand = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _begin, (leash,))
    try:
        yield pool
    except BrokenProcessPool:
        message = "A process that reads lines has ended; most likely the machine ran out of memory."
        hint = (
            "What is finished is kept: run it again, with fewer workers. In a program of your own,"
            " begin it with `if __name__ == '__main__':`."
        )
        raise BatchError([Problem("cut-short", "", message, hint)]) from None
    except BaseException:
        hand.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        hand.close()
        leash.close()


def _begin(leash: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; one of them answers
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    Thread(target=_end_with, args=(leash,), daemon=True).start()


def _end_with(leash: Connection) -> None:
    with suppress(EOFError, OSError):
        leash.recv_bytes()  # nothing is ever sent
    os._exit(1)
