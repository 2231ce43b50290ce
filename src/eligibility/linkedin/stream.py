"""Bytes of one file of the archive, counted as they are read.

What an archive declares about its sizes proves nothing, so the bytes are counted after inflation,
and reading stops at a limit. Nothing is ever extracted to disk or held whole in memory.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Final

from attrs import field, frozen
from attrs.validators import ge

from eligibility.linkedin.codes import UnreadableFile, refusal

_MIB: Final = 1024 * 1024
#: Below this many bytes a high ratio is no danger: an almost empty table packs very well.
_RATIO_FROM: Final = _MIB


@frozen
class Limits:
    """How much of an archive is read before it is refused. All are far above any real export.

    >>> Limits(entries=2_000).entries
    2000
    """

    entries: int = field(default=10_000, validator=ge(1))
    """Files and folders in the archive."""
    depth: int = field(default=16, validator=ge(1))
    """Folders within folders."""
    file_bytes: int = field(default=512 * _MIB, validator=ge(1))
    """Inflated bytes of one file."""
    total_bytes: int = field(default=1024 * _MIB, validator=ge(1))
    """Inflated bytes of all files that are read, together."""
    ratio: int = field(default=500, validator=ge(1))
    """Inflated bytes for one packed byte, of any file of more than 1 MiB."""
    rows: int = field(default=1_000_000, validator=ge(1))
    """Rows of one table."""
    line_chars: int = field(default=_MIB, validator=ge(1))
    """Characters of one line."""

    def exceeds_ratio(self, inflated: int, packed: int) -> bool:
        """Whether a file inflates to more than honest tables do."""
        return inflated > _RATIO_FROM and inflated > self.ratio * max(packed, 1)


class Meter:
    """Counts the bytes of all files together, tells `progress`, and stops at the limit."""

    def __init__(self, limits: Limits, progress: Callable[[int], None] | None = None) -> None:
        self.limits = limits
        self.total = 0
        self._progress = progress

    def count(self, read: int, where: str) -> None:
        """Take note of so many more bytes."""
        self.total += read
        if self.total > self.limits.total_bytes:
            raise refusal(
                "archive-too-large", where, "If it is honest, raise `Limits.total_bytes`."
            )
        if self._progress is not None:
            self._progress(self.total)


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
            raise refusal(
                "archive-too-large", self._where, "If it is honest, raise `Limits.file_bytes`."
            )
        self._meter.count(len(block), self._where)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the source too."""
        if not self.closed:
            self._source.close()
        super().close()
