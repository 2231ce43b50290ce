"""An archive that is a ZIP: what its listing must be like, and how its files are read.

`zipfile` lists `../../x` as it stands, returns the last of two files with one name, and inflates
bzip2 and LZMA blocks without bound. So the listing is judged here first, by structure alone.
"""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from eligibility.errors import Problem
from eligibility.linkedin.codes import UnreadableFile, problem, refusal
from eligibility.linkedin.entries import Archive, Entry, duplicates, place, refuse_if
from eligibility.linkedin.names import inside, is_clutter, is_safe
from eligibility.linkedin.stream import CountedStream, Limits, Meter

_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000  # bit 0, strong encryption, masked local headers
_LOCAL_HEADER: Final = 30  # bytes before the name; the least that separates two entries
#: Bytes of the archive's listing for each entry allowed: no honest listing needs more.
_LISTING_PER_ENTRY: Final = 512


class _LongListing(Exception):
    """The listing is too long to be taken in."""


class _Careful(io.RawIOBase):
    """The ZIP's own bytes. `zipfile` reads a listing whole, before entries can be counted."""

    def __init__(self, raw: IO[bytes], most: int) -> None:
        self._raw = raw
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._most:
            raise _LongListing
        return self._raw.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def seekable(self) -> bool:
        return True


@contextmanager
def open_zip(given: Path | bytes, meter: Meter) -> Iterator[Archive]:
    """The ZIP at a path, or the one that these bytes are; its listing judged, no file read yet."""
    try:
        raw = io.BytesIO(given) if isinstance(given, bytes) else given.open("rb", buffering=0)
    except OSError as error:
        raise refusal("archive-not-readable") from error
    with raw:
        careful = _Careful(raw, max(meter.limits.entries * _LISTING_PER_ENTRY, 1024 * 1024))
        try:
            zipped = zipfile.ZipFile(cast("BinaryIO", careful))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError) as bad:
            if isinstance(bad.__context__, OSError):  # so zipfile calls what could not be read
                raise refusal("archive-not-readable") from bad
            hint = "Give the export's ZIP as LinkedIn sent it, or the folder it unpacks to."
            raise refusal("archive-not-a-zip", hint=hint) from None
        except _LongListing:
            raise refusal("archive-long-listing", hint=meter.limits.way_out("entries")) from None
        except OSError as error:
            raise refusal("archive-not-readable") from error
        with zipped:
            files = [
                (number, inside(info.orig_filename), info)
                for number, info in enumerate(zipped.infolist(), 1)
            ]
            refuse_if(_wrong_with_listing(files, meter.limits))
            yield Archive(
                "zip",
                tuple(
                    Entry(path, number, partial(_open, zipped, info, path, number, meter))
                    for number, path, info in files
                    if not path.endswith("/") and not is_clutter(path)
                ),
            )


def _wrong_with_listing(
    files: list[tuple[int, str, zipfile.ZipInfo]], limits: Limits
) -> list[Problem]:
    if len(files) > limits.entries:
        return [problem("archive-too-many-entries", "", limits.way_out("entries"))]
    found = [
        problem(code, place(path, number), hint)
        for number, path, info in files
        for code, hint in _wrong_with_entry(path, info, limits)
    ]
    plain = ((number, path) for number, path, _ in files if not path.endswith("/"))
    return found + duplicates(plain) + _overlaps(files)


def _wrong_with_entry(
    path: str, info: zipfile.ZipInfo, limits: Limits
) -> Iterator[tuple[str, str]]:
    folder_with_bytes = path.endswith("/") and info.file_size > 0
    if folder_with_bytes or not is_safe(path):
        yield "archive-unsafe-name", ""
    if path.rstrip("/").count("/") > limits.depth:
        yield "archive-too-deep", limits.way_out("depth")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "archive-link", ""
    if info.flag_bits & _ENCRYPTED:
        yield "archive-encrypted", ""
    if limits.exceeds_ratio(info.file_size, info.compress_size):
        yield "archive-ratio", limits.way_out("ratio")


def _overlaps(files: list[tuple[int, str, zipfile.ZipInfo]]) -> list[Problem]:
    """Entries that share bytes: what lets a small ZIP hold the same bomb a thousand times."""
    found = []
    end = 0
    for number, path, info in sorted(files, key=lambda file: file[2].header_offset):
        if info.header_offset < end:
            found.append(problem("archive-overlap", place(path, number)))
        end = max(end, info.header_offset + _LOCAL_HEADER + info.compress_size)
    return found


def _open(
    zipped: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, number: int, meter: Meter
) -> io.BufferedReader:
    """The bytes of one file, counted. Only methods that inflate within bounds are taken."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile("archive-file-compression", "Unpack it and give the folder.")
    where = place(path, number)
    if info.file_size > meter.limits.file_bytes:
        raise refusal("archive-too-large", where, meter.limits.way_out("file_bytes"))
    try:
        source = zipped.open(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error) as e:
        raise UnreadableFile("archive-file-damaged") from e
    except OSError as error:
        raise UnreadableFile("archive-file-not-readable") from error
    return io.BufferedReader(CountedStream(source, where, meter))
