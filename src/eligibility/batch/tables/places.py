"""Where a row of a table lies: in which of its files, and which row of that file it is.

A table may be many files, and a person mends one of them. Only where a row of several files does
not fit are the rows of these counted; mostly there is none.
"""

from pathlib import Path
from typing import Final

import polars as pl
from attrs import Factory, frozen

from eligibility.batch.tables.options import InputOptions
from eligibility.batch.tables.prepare import REJECTS
from eligibility.batch.tables.scan import rows_by_file
from eligibility.batch.tables.strays import ROW
from eligibility.facts.model import History

#: What is added to a reject: the file, by its path inside the input folder, and the row, from 1.
PLACE: Final = {"file": pl.String(), "file_row": pl.UInt32()}
#: A reject as it is written.
PLACED_REJECTS: Final = REJECTS | PLACE

_FILES: Final = {"table": pl.String(), "file": pl.String(), "first": pl.UInt32()}


@frozen
class Places:
    """Where the rows of the tables of a folder lie; of frames, which have no files, nowhere.

    `counted`: by table, its files and the first row of each, once somebody has asked.
    """

    folder: Path | None
    model: type[History]
    options: InputOptions
    counted: dict[str, pl.DataFrame] = Factory(dict)

    def of(self, rejects: pl.DataFrame) -> pl.DataFrame:
        """The rejects in their order, each with the place of its row."""
        if self.folder is None:
            return rejects.with_columns(pl.lit(None, kind).alias(n) for n, kind in PLACE.items())
        files = [self._files(self.folder, table) for table in rejects["table"].unique()]
        rows = rejects.with_row_index("at").sort(ROW)
        placed = rows.join_asof(
            pl.concat([pl.DataFrame(schema=_FILES), *files]).sort("first"),
            left_on=ROW,
            right_on="first",
            by="table",
            strategy="backward",
            check_sortedness=False,  # Polars cannot check it by table; both are sorted here
        )
        in_file = (pl.col(ROW) - pl.col("first") + 1).cast(pl.UInt32)
        return placed.sort("at").with_columns(file_row=in_file).select(*PLACED_REJECTS)

    def _files(self, folder: Path, table: str) -> pl.DataFrame:
        if table not in self.counted:
            files = rows_by_file(folder, table, self.model, self.options)
            found = pl.DataFrame(
                {"file": list(files), "rows": list(files.values())},
                schema={"file": pl.String, "rows": pl.UInt32},
            )
            first = (pl.col("rows").cum_sum() - pl.col("rows") + 1).cast(pl.UInt32)
            found = found.with_columns(table=pl.lit(table), first=first).filter(pl.col("rows") > 0)
            self.counted[table] = found.select(*_FILES)
        return self.counted[table]
