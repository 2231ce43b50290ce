"""Parquet files of tables: what their footer says, and which of their columns are days."""

import re
from base64 import b64decode
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from attrs import frozen

from eligibility.batch.tables.folder import TableFile, wrong_file
from eligibility.batch.tables.foreign import DAMAGED, as_days
from eligibility.errors import Problem, shown

#: Where Arrow keeps its own types in a Parquet file.
_ARROW_SCHEMA: Final = "ARROW:schema"
#: What may be a zone that is no IANA name.
_OFFSET: Final = re.compile(rb"[+-]\d")


@frozen
class ParquetFile:
    """A Parquet file whose footer can be read; `days`: its columns of Arrow's `date64`."""

    part: TableFile
    header: tuple[tuple[str, pl.DataType], ...]
    days: tuple[str, ...]

    def scanned(self, paths: Sequence[Path]) -> pl.LazyFrame:
        """The rows of files that all have this header."""
        return stored(*paths).with_columns(as_days(pl.col(name)) for name in self.days)


def stored(*files: Path) -> pl.LazyFrame:
    """The rows of Parquet files of these very names: `out[1]` is no pattern, which `out1` fits."""
    return pl.scan_parquet(list(files), glob=False, hive_partitioning=False)


def heights(frames: Iterable[pl.LazyFrame]) -> list[int]:
    """How many rows each of some frames has."""
    counted = [frame.select(pl.len()) for frame in frames]
    return [each.item() for each in pl.collect_all(counted, engine="streaming")]


def height(frame: pl.LazyFrame) -> int:
    """How many rows a frame has."""
    return heights([frame])[0]


def opened(part: TableFile, *, is_whole: bool = False) -> tuple[ParquetFile | None, list[Problem]]:
    """A Parquet file, or what is wrong with it.

    Args:
        part: the file.
        is_whole: whether all its rows are to be read, to see that they can be.
    """
    try:
        if zone := _offset(part.path):
            words = f"has timestamps in the zone `{shown(zone)}`, which is no IANA name"
            hint = "Write them in `UTC`: the instants are the same."
            return None, [wrong_file(part.name, words, hint)]
        schema = pl.Schema(pl.read_parquet_schema(part.path))
        file = ParquetFile(part, tuple(schema.items()), _days(part.path, schema))
        if is_whole:
            file.scanned([part.path]).select(pl.all().null_count()).collect(engine="streaming")
    except pl.exceptions.DuplicateError:
        return None, [
            wrong_file(part.name, "has two columns of one name", "Name each column once.")
        ]
    except (*DAMAGED, ValueError) as error:  # the latter is Arrow's
        cause = error.strerror if isinstance(error, OSError) else None
        words = f"cannot be read: {cause}" if cause else "is a damaged Parquet file, or cut off"
        return None, [wrong_file(part.name, words, "Write it again.")]
    return file, []


def _offset(path: Path) -> str | None:
    """The first zone of timestamps that is no IANA name: Polars panics at a file that has one."""
    arrow = pl.read_parquet_metadata(path).get(_ARROW_SCHEMA)
    if arrow is None or not _OFFSET.search(b64decode(arrow)):
        return None
    import pyarrow.parquet as pq  # noqa: PLC0415 - only files that Arrow wrote with such a zone
    from pyarrow import types  # noqa: PLC0415 - as above

    zones = (each.type.tz for each in pq.read_schema(path) if types.is_timestamp(each.type))
    return next((zone for zone in zones if zone and not _is_known(zone)), None)


def _is_known(zone: str) -> bool:
    """Whether Polars knows a zone: whole hours from UTC it does, and others not."""
    try:
        pl.Series([], dtype=pl.Datetime("us", zone))
    except pl.exceptions.ComputeError:
        return False
    return True


def _days(path: Path, schema: pl.Schema) -> tuple[str, ...]:
    """The columns that were days of Arrow's, which Polars takes for timestamps."""
    if pl.Datetime("ms") not in schema.values() or _ARROW_SCHEMA not in pl.read_parquet_metadata(
        path
    ):
        return ()
    import pyarrow.parquet as pq  # noqa: PLC0415 - only files that Arrow wrote with such columns
    from pyarrow import types  # noqa: PLC0415 - as above

    timestamps = {name for name, kind in schema.items() if kind == pl.Datetime("ms")}
    read = pq.read_schema(path)
    return tuple(f.name for f in read if f.name in timestamps and types.is_date(f.type))
