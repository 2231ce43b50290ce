"""Tables cut into parts of accounts: sorted ones where they lie, others by a hash of the account.

For the latter every row is first written to disk, by part, as it came. How many rows of each table
each part has is kept beside them: what is missing later is an error, never 'there is none'.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from eligibility.batch.state.run_folder import Place, damaged_run, read_state
from eligibility.batch.tables.parquet_files import heights, stored
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, KEY
from eligibility.batch.tables.strays import ROW

_SPOOL: Final = "spool"
#: In it: how many rows of each table each part has.
_ROWS: Final = "rows.json"


def numbered(found: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """Each row with its number in its table, from 1."""
    return {name: frame.with_row_index(ROW, 1) for name, frame in found.items()}


def is_sorted(found: Mapping[str, pl.LazyFrame]) -> bool:
    """Whether all tables are sorted by account, and every row names one."""
    ids = pl.col(ACCOUNT_ID)
    asked = [frame.select(ids.is_sorted() & (ids.null_count() == 0)) for frame in found.values()]
    return all(answer.item() for answer in pl.collect_all(asked, engine="streaming"))


def cut(found: Mapping[str, pl.LazyFrame], at: Sequence[int]) -> list[dict[str, pl.LazyFrame]]:
    """Sorted tables before, between and from the accounts of some rows on."""
    ids = pl.col(ACCOUNT_ID)
    first = found[ACCOUNTS].select(ids.gather(list(at))).collect(engine="streaming")[ACCOUNT_ID]
    before = [(ids < account).sum().alias(f"{nth}") for nth, account in enumerate(first)]
    asked = [frame.select(*before, pl.len()) for frame in found.values()]
    ends = [answer.row(0) for answer in pl.collect_all(asked, engine="streaming")]
    return [
        {
            name: frame.slice(start, end - start).with_row_index(ROW, start + 1)
            for (name, frame), (start, end) in zip(found.items(), piece, strict=True)
        }
        for piece in zip(*(pairwise((0, *each)) for each in ends), strict=True)
    ]


def spooled(
    found: Mapping[str, pl.LazyFrame], rows: Mapping[str, int], work: Place, partitions: int
) -> list[dict[str, pl.LazyFrame]]:
    """Every row, as it came, in the part of its account.

    Raises:
        BatchError: `damaged-run`, some of the `rows` of a table are not there.
    """
    tables = numbered(found)
    spool = work.path / _SPOOL
    if not work.has(_SPOOL):
        with work.piece(_SPOOL) as made:
            part = (KEY % partitions).alias("part")
            for name, frame in tables.items():
                frame.with_columns(part).sink_parquet(
                    pl.PartitionBy(made / name, key="part", include_key=False),
                    engine="streaming",
                    mkdir=True,
                )
            counted = {n: [_count(made / n, at) for at in range(partitions)] for n in tables}
            (made / _ROWS).write_text(json.dumps(counted), encoding="utf-8")
    said = read_state(spool / _ROWS, lambda written: {name: [*written[name]] for name in tables})
    for name, in_parts in said.items():
        if len(in_parts) != partitions or sum(in_parts) != rows[name]:
            raise damaged_run(spool / name, f"does not hold the {rows[name]:,} rows that were read")
    return [
        {name: _of_part(spool / name, at, said[name][at], table) for name, table in tables.items()}
        for at in range(partitions)
    ]


def _files_of(table: Path, part: int) -> list[Path]:
    return sorted((table / f"part={part}").glob("*.parquet"))


def _count(table: Path, part: int) -> int:
    return sum(heights(map(stored, _files_of(table, part))))


def _of_part(table: Path, part: int, rows: int, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of one part; a table that has none there, and was said to have none, is empty."""
    if _count(table, part) != rows:
        raise damaged_run(table / f"part={part}", f"does not hold its {rows:,} rows")
    return stored(*_files_of(table, part)) if rows else frame.clear()
