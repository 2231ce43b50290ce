"""An archive that is a ZIP: what its listing must be like, and how its files are read.

`zipfile` lists `../../x` as it stands, returns the last of two files with one name, and inflates
bzip2 and LZMA blocks without bound. So the listing is judged here first, by structure alone.
"""

import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, cast

from eligibility.errors import Problem
from eligibility.linkedin.archive import Archive, Entry, duplicates, place, refuse_if
from eligibility.linkedin.codes import UnreadableFile, problem, refusal
from eligibility.linkedin.names import is_clutter
from eligibility.linkedin.stream import CountedStream, Limits, Meter

_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000  # bit 0, strong encryption, masked local headers
_LOCAL_HEADER: Final = 30  # bytes before the name; the least that separates two entries
#: Absolute, with a drive, with a backslash or with a NUL.
_UNSAFE: Final = re.compile(r"/|[A-Za-z]:|[^\\\0]*[\\\0]")
#: Bytes of the archive's listing for each entry allowed: no honest listing needs more.
_LISTING_PER_ENTRY: Final = 2_048


class _Careful(io.FileIO):
    """The ZIP's own bytes. `zipfile` reads a listing whole, before entries can be counted."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise zipfile.BadZipFile
        return super().read(-1 if size is None else size) or b""


@contextmanager
def open_zip(path: Path, meter: Meter) -> Iterator[Archive]:
    """The ZIP at a path, its listing judged, its files not yet read."""
    try:
        raw = _Careful(path)
    except OSError as error:
        raise refusal("archive-not-readable") from error
    with raw:
        raw.most = max(meter.limits.entries * _LISTING_PER_ENTRY, 1024 * 1024)
        try:
            zipped = zipfile.ZipFile(cast("BinaryIO", raw))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError):
            hint = "Give the export's ZIP as LinkedIn sent it, or the folder it unpacks to."
            raise refusal("archive-not-a-zip", hint=hint) from None
        except OSError as error:
            raise refusal("archive-not-readable") from error
        with zipped:
            infos = zipped.infolist()
            refuse_if(_wrong_with_listing(infos, meter.limits))
            yield Archive(
                "zip",
                tuple(
                    Entry(info.filename, number, partial(_open, zipped, info, number, meter))
                    for number, info in enumerate(infos, 1)
                    if not info.is_dir() and not is_clutter(info.filename)
                ),
            )


def _wrong_with_listing(infos: list[zipfile.ZipInfo], limits: Limits) -> list[Problem]:
    if len(infos) > limits.entries:
        return [problem("archive-too-many-entries", "", f"The limit is {limits.entries}.")]
    found = [
        problem(code, place(info.filename, number))
        for number, info in enumerate(infos, 1)
        for code in _wrong_with_entry(info, limits)
    ]
    files = ((n, info.filename) for n, info in enumerate(infos, 1) if not info.is_dir())
    return found + duplicates(files) + _overlaps(infos)


def _wrong_with_entry(info: zipfile.ZipInfo, limits: Limits) -> Iterator[str]:
    name = info.orig_filename  # `filename` is cut at a NUL and turned to the system's slashes
    if not name or _UNSAFE.match(name) or ".." in name.split("/"):
        yield "archive-unsafe-name"
    if name.count("/") > limits.depth:
        yield "archive-too-deep"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "archive-link"
    if info.flag_bits & _ENCRYPTED:
        yield "archive-encrypted"
    if limits.exceeds_ratio(info.file_size, info.compress_size):
        yield "archive-ratio"


def _overlaps(infos: list[zipfile.ZipInfo]) -> list[Problem]:
    """Entries that share bytes: what lets a small ZIP hold the same bomb a thousand times."""
    ordered = sorted(enumerate(infos, 1), key=lambda pair: pair[1].header_offset)
    found = []
    end = 0
    for number, info in ordered:
        if info.header_offset < end:
            found.append(problem("archive-overlap", place(info.filename, number)))
        end = max(end, info.header_offset + _LOCAL_HEADER + info.compress_size)
    return found


def _open(
    zipped: zipfile.ZipFile, info: zipfile.ZipInfo, number: int, meter: Meter
) -> io.BufferedReader:
    """The bytes of one file, counted. Only methods that inflate within bounds are taken."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile("archive-file-compression", "Unpack it and give the folder.")
    where = place(info.filename, number)
    if info.file_size > meter.limits.file_bytes:
        raise refusal("archive-too-large", where, "If it is honest, raise `Limits.file_bytes`.")
    try:
        source = zipped.open(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error) as e:
        raise UnreadableFile("archive-file-damaged") from e
    except OSError as error:
        raise UnreadableFile("archive-file-not-readable") from error
    return io.BufferedReader(CountedStream(source, where, meter))
