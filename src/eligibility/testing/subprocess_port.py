"""A port as a command: a history as JSON on each line that it reads, a status on each it writes.

The command is kept running over many lines. What it writes on its standard error is shown if it
ends before it has answered.
"""

import contextlib
import queue
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, ClassVar, Final, Self

#: How many of the last lines of its standard error are shown.
_LAST_LINES: Final = 5


class PortError(Exception):
    """A command that did not answer; `kind` says how that came."""

    kind: ClassVar[str]


class PortEnded(PortError):
    """The command ended before it answered. It is started again for the next history."""

    kind = "ended"


class PortLost(PortError):
    """The command does not answer line by line, or never did: nothing more can be asked."""

    kind = "lost"


class Port:
    r"""A command that is asked line by line, for as long as the `with` block lasts.

    >>> import sys
    >>> always = "import sys\nfor _ in sys.stdin: print('indeterminate', flush=True)"
    >>> with Port([sys.executable, "-c", always]) as port:
    ...     port('{"account_id": "A-1001"}')
    'indeterminate'

    Args:
        command: the program and its arguments.
        timeout: how long an answer may take, in seconds.

    Raises:
        OSError: the command cannot be started.
    """

    def __init__(self, command: Sequence[str], timeout: float = 10) -> None:
        self.command, self.timeout = list(command), timeout
        self._running: subprocess.Popen[bytes] | None = None
        self._has_answered = False
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            self._complaints: IO[bytes] = opened.enter_context(tempfile.TemporaryFile())
            opened.callback(self._stop)
            self._start()
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def __call__(self, text: str) -> str:
        """The line with which the command answers a JSON text.

        Line ends within the text, which mean nothing in JSON, are sent as spaces.

        Raises:
            PortEnded: it ended instead.
            PortLost: it did not answer in time, has never answered, or said more than was asked.
        """
        running = self._running or self._start()
        if not self._lines.empty() and (extra := self._lines.get()) is not None:
            self._stop()
            raise PortLost(f"It answered one history with a second line, {_shown(extra)}.")
        line = text.replace("\r", " ").replace("\n", " ")
        try:
            assert running.stdin is not None  # noqa: S101 - it was started with a pipe
            running.stdin.write(line.encode("utf-8", "surrogatepass") + b"\n")
            running.stdin.flush()
            answer = self._lines.get(timeout=self.timeout)
        except BrokenPipeError:
            answer = None
        except queue.Empty:
            self._stop()
            raise PortLost(
                f"It gave no answer within {self.timeout:g} seconds. It has to write a line for "
                "each line that it reads, and to flush its output after it."
            ) from None
        if answer is None:
            raise (PortEnded if self._has_answered else PortLost)(self._last_words())
        self._has_answered = True
        return answer.decode("utf-8", "replace").strip()

    def _start(self) -> subprocess.Popen[bytes]:
        self._lines = queue.SimpleQueue()
        self._complaints.seek(0)
        self._complaints.truncate()
        self._running = running = subprocess.Popen(  # noqa: S603 - the caller's own command
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )
        threading.Thread(target=_read, args=(running, self._lines), daemon=True).start()
        return running

    def _stop(self) -> int | None:
        """End the command, if it is running, and say how it ended."""
        running, self._running = self._running, None
        if running is None:
            return None
        if running.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                running.stdin.close()
        try:
            return running.wait(timeout=1)
        except subprocess.TimeoutExpired:
            running.kill()
            return running.wait()

    def _last_words(self) -> str:
        ended = self._stop()
        self._complaints.seek(0)
        words = self._complaints.read().decode("utf-8", "replace").splitlines()
        last_words = "".join(f"\n    {line}" for line in words[-_LAST_LINES:])
        return f"It ended, with exit status {ended}, before it answered.{last_words}"


def _read(running: "subprocess.Popen[bytes]", lines: "queue.SimpleQueue[bytes | None]") -> None:
    """Pass on what a command answers, and None at the end."""
    assert running.stdout is not None  # noqa: S101 - it was started with a pipe
    with running.stdout as answers:
        for line in answers:
            lines.put(line)
    lines.put(None)


def _shown(line: bytes) -> str:
    return repr(line.decode("utf-8", "replace").strip()[:40])
