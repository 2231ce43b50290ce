"""Fictional normalised tables, of any size: as normalising leaves them, and with shuffled rows.

    python benchmarks/batch_tables.py FOLDER ACCOUNTS

writes `FOLDER/ready` (sorted by account) and `FOLDER/shuffled`, one Parquet file for each table:
the population of `eligibility batch demo` without the rows that do not fit. Memory stays bounded.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq

from eligibility.batch.demo.population import BLOCK, blocks

SEED = 20240918
KINDS = ("ready", "shuffled")
ROW_GROUP = 250_000
#: So many accounts are shuffled at a time, in memory.
_AT_A_TIME = 250_000


class Files:
    """Parquet files that grow, one for each table, with row groups of an even size."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.writers, self.waiting = folder, {}, {}

    def add(self, name, frame):
        """Add rows to a table."""
        held = pl.concat([self.waiting[name], frame]) if name in self.waiting else frame
        whole = len(held) // ROW_GROUP * ROW_GROUP
        if whole:
            self.write(name, held[:whole])
        self.waiting[name] = held[whole:]

    def write(self, name, frame):
        """Write rows that fill row groups, or are the last."""
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if name not in self.writers:
            file = self.folder / f"{name}.parquet"
            self.writers[name] = pq.ParquetWriter(file, table.schema, compression="zstd")
        self.writers[name].write_table(table, row_group_size=ROW_GROUP)

    def close(self):
        """Write what is left."""
        for name, frame in self.waiting.items():
            self.write(name, frame)
        for writer in self.writers.values():
            writer.close()


def write_tables(folder, accounts, seed=SEED):
    """Write both kinds of tables, unless they are there."""
    done = folder / "done"
    if done.exists():
        return
    ready = Files(folder / "ready")
    parts = max(1, round(accounts / _AT_A_TIME))
    random = np.random.default_rng(seed)
    with TemporaryDirectory(dir=folder) as scattered:
        scatter = [Files(Path(scattered) / f"{part}") for part in range(parts)]
        for block in blocks(accounts, seed):
            for name, table in block.tables.items():
                frame = table.select(~cs.ends_with("_known"))
                ready.add(name, frame)
                where = random.integers(0, parts, len(frame))
                for part, files in enumerate(scatter):
                    files.add(name, frame.filter(pl.Series(where == part)))
        ready.close()
        for files in scatter:
            files.close()
        shuffled = Files(folder / "shuffled")
        for files in scatter:
            for name in files.waiting:
                frame = pl.read_parquet(files.folder / f"{name}.parquet")
                shuffled.add(name, frame.sample(fraction=1, shuffle=True, seed=seed))
        shuffled.close()
    done.write_text(f"{accounts} accounts in blocks of {BLOCK}, seed {seed}\n")


def tables_in(folder):
    """Where tables lie, by name."""
    return {file.stem: file for file in sorted(folder.glob("*.parquet"))}


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]), int(sys.argv[2]))
