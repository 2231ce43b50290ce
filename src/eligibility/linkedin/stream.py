"""Bytes of one file of the archive, counted as they are read.

What an archive declares about its sizes proves nothing, so the bytes are counted after inflation,
and reading stops at a limit. Nothing is ever extracted to disk or held whole in memory.
"""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from typing import IO, Final

from attrs import Attribute, field, frozen

from eligibility.arguments import wrong
from eligibility.linkedin.codes import UnreadableFile, refusal

_MIB: Final = 1024 * 1024
#: Below this many bytes a high ratio is no danger: an almost empty table packs very well.
_RATIO_FROM: Final = _MIB


def _is_from_one(_limits: "Limits", limit: "Attribute[int]", value: object) -> None:
    if type(value) is not int or value < 1:
        raise wrong(f"Limits.{limit.name}", "a whole number from 1", value)


@frozen
class Limits:
    """How much of an archive is read before it is refused. All are far above any real export.

    A server may well set them lower: time and memory follow the records, above all the messages.

    >>> Limits(messages=50_000).messages
    50000
    """

    entries: int = field(default=10_000, validator=_is_from_one)
    """Files and folders in the archive."""
    depth: int = field(default=16, validator=_is_from_one)
    """Folders within folders."""
    file_bytes: int = field(default=256 * _MIB, validator=_is_from_one)
    """Inflated bytes of one file that is read."""
    total_bytes: int = field(default=256 * _MIB, validator=_is_from_one)
    """Inflated bytes of all files that are read, together."""
    ratio: int = field(default=500, validator=_is_from_one)
    """Inflated bytes for one packed byte, of any file of more than 1 MiB."""
    lines: int = field(default=5_000_000, validator=_is_from_one)
    """Line ends in all files that are read, together; a row may have many."""
    rows: int = field(default=300_000, validator=_is_from_one)
    """Rows of all tables together, whatever is in them; blank ones and headers are rows too."""
    messages: int = field(default=200_000, validator=_is_from_one)
    """Messages of all files together. The largest mailbox that was seen has 22,557."""
    receipts: int = field(default=5_000, validator=_is_from_one)
    """Receipts of all files together: one a day for more than a decade."""
    row_chars: int = field(default=4 * _MIB, validator=_is_from_one)
    """Characters of one row, over all of its lines."""
    line_chars: int = field(default=_MIB, validator=_is_from_one)
    """Characters of one line."""

    def exceeds_ratio(self, inflated: int, packed: int) -> bool:
        """Whether a file inflates to more than honest tables do."""
        return inflated > _RATIO_FROM and inflated > self.ratio * max(packed, 1)

    def way_out(self, name: str) -> str:
        """What to do about an honest archive that meets a limit, wherever it is read.

        >>> Limits().way_out("rows")
        'The limit is 300,000. To raise it: `--limit rows=N`, or `Limits(rows=N)` in Python.'
        """
        most = getattr(self, name)
        return (
            f"The limit is {most:,}. To raise it: `--limit {name}=N`, or `Limits({name}=N)` in "
            "Python."
        )


class Meter:
    """Counts what is read of all files together, tells `progress`, and stops at the limits."""

    def __init__(self, limits: Limits, progress: Callable[[int], None] | None = None) -> None:
        self.limits = limits
        self.total = 0
        self.counts: Counter[str] = Counter()
        self._progress = progress

    def read(self, block: bytes, where: str) -> None:
        """Take note of some more bytes, and of the line ends in them."""
        self.count("lines", where, block.count(b"\n") + block.count(b"\r"))
        self.total += len(block)
        if self.total > self.limits.total_bytes:
            raise refusal("archive-too-large", where, self.limits.way_out("total_bytes"))
        if self._progress is not None:
            self._progress(self.total)

    def count(self, what: str, where: str, more: int = 1) -> None:
        """Take note of one more, by the name of the limit, before anything is built of it."""
        self.counts[what] += more
        if self.counts[what] > getattr(self.limits, what):
            raise refusal(f"archive-too-many-{what}", where, self.limits.way_out(what))


class CountedStream(io.RawIOBase):
    """A file's inflated bytes, read block by block and counted.

    Whatever goes wrong below (a damaged block, a wrong checksum) comes out as `UnreadableFile`,
    so that it can be named in the report; a limit that is passed refuses the archive.
    """

    def __init__(self, source: IO[bytes], where: str, meter: Meter) -> None:
        self._source = source
        self._where = where
        self._meter = meter
        self._read = 0

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # the ABC's WriteableBuffer is a typing-only name
        """Fill the buffer with the next bytes; 0 at the end."""
        try:
            block = self._source.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise UnreadableFile("archive-file-damaged") from error
        except OSError as error:
            raise UnreadableFile("archive-file-not-readable") from error
        self._read += len(block)
        if self._read > self._meter.limits.file_bytes:
            hint = self._meter.limits.way_out("file_bytes")
            raise refusal("archive-too-large", self._where, hint)
        self._meter.read(block, self._where)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the source too."""
        if not self.closed:
            self._source.close()
        super().close()
