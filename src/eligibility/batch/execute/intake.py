"""What an input comes to, be it tables or JSON lines: normalised parts, and the counts of them.

Of JSON lines more is known once all parts are there: the accounts that stand on several lines,
which are left out of every part.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl
from attrs import evolve, frozen

from eligibility.batch.errors import BatchError
from eligibility.batch.execute.engines import Frames
from eligibility.batch.state.counts import NOTHING, Counts, Records
from eligibility.batch.tables.json_lines import LINE, REFUSED, REJECTS, duplicates
from eligibility.batch.tables.parquet_files import height, heights, stored
from eligibility.batch.tables.parts import tables_in, tables_together
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS
from eligibility.errors import CODES, Problem, json_text
from eligibility.facts.model import History

#: Parts of JSON lines are decided together up to about so many accounts.
_ACCOUNTS_AT_ONCE: Final = 100_000
#: The lines of an account are searched among about so many at once.
_HASHES_AT_ONCE: Final = 500_000


@frozen
class Intake:
    """The normalised parts of an input, and what became of all that was read.

    `twice`: of JSON lines, the accounts that stand on several of them, as `duplicates` has them;
    None of tables, of which a part has but what is decided.
    """

    model: type[History]
    parts: Sequence[Path]
    counts: Counts
    twice: pl.DataFrame | None = None

    def groups(self) -> list[list[Path]]:
        """The parts that are decided together; those of tables are as large as they are to be."""
        if self.twice is None:
            return [[part] for part in self.parts]
        groups: list[list[Path]] = [[]]
        held = 0
        for part in self.parts:
            if held >= _ACCOUNTS_AT_ONCE:
                groups.append([])
                held = 0
            groups[-1].append(part)
            held += Counts.of(part).fit
        return groups

    def tables(self, group: Sequence[Path]) -> Frames:
        """The tables of some parts, without the accounts that are left out."""
        if self.twice is None:
            (part,) = group
            return tables_in(part, self.model)
        every = tables_together(group, self.model)
        every[ACCOUNTS] = every[ACCOUNTS].drop(LINE)
        if self.twice.is_empty():
            return every
        lost = self.twice.lazy().select(ACCOUNT_ID)
        return {name: t.join(lost, on=ACCOUNT_ID, how="anti") for name, t in every.items()}

    def write_rejects(self, file: BinaryIO) -> None:
        """Write all that does not fit: that of each part, and then what stands twice."""
        for part in self.parts:
            with (part / REJECTS).open("rb") as of_part:
                shutil.copyfileobj(of_part, file)
        for account, lines, others in self.twice.iter_rows() if self.twice is not None else ():
            beside = ", ".join(f"{line:,}" for line in sorted(lines + others))
            for line in lines:
                reject = {
                    LINE: line,
                    ACCOUNT_ID: account,
                    "code": "duplicate-account",
                    "path": ACCOUNT_ID,
                    "message": f"{CODES['duplicate-account']} It stands on lines {beside}.",
                    "hint": "Keep one of them.",
                }
                file.write(json_text(reject).encode() + b"\n")

    def rows_counted(self) -> dict[str, int]:
        """How many rows of each list the parts should hold."""
        # of JSON lines, a part holds the records of lines that are left out in the end
        out = 0 if self.twice is None else 1
        return {n: each.used + out * each.left_out for n, each in self.counts.records.items()}

    def rows_held(self) -> dict[str, int]:
        """How many they hold."""
        rows = {n: [part / f"{n}.parquet" for part in self.parts] for n in self.counts.records}
        held = heights(stored(*files) for files in rows.values())
        return dict(zip(rows, held, strict=True))


def of_lines(parts: Sequence[Path], model: type[History], name: str) -> Intake:
    """The intake of the chunks of a file of JSON lines.

    Raises:
        BatchError: `no-accounts`, the file of that name has none.
    """
    counts = sum(map(Counts.of, parts), NOTHING)
    if not counts.read:
        message, hint = f"There are no accounts in `{name}`.", "Give one history on each line."
        raise BatchError([Problem("no-accounts", name, message, hint)])
    accounts = stored(*(part / f"{ACCOUNTS}.parquet" for part in parts))
    refused = stored(*(part / REFUSED for part in parts))
    twice = duplicates(accounts, max(1, counts.read // _HASHES_AT_ONCE), refused)
    lost = int(twice["lines"].list.len().sum())
    records = _records_without(twice, parts, counts.records)
    left = evolve(counts, fit=counts.fit - lost, rejected=counts.rejected + lost, records=records)
    return Intake(model, parts, left, twice)


def _records_without(
    twice: pl.DataFrame, parts: Sequence[Path], records: Mapping[str, Records]
) -> Mapping[str, Records]:
    """The records by table, where those of accounts that stand on two lines are left out."""
    if twice.is_empty():
        return records
    ids, without = twice.lazy().select(ACCOUNT_ID), {}
    for name, each in records.items():
        rows = stored(*(part / f"{name}.parquet" for part in parts))
        out = height(rows.join(ids, on=ACCOUNT_ID, how="semi"))
        without[name] = evolve(each, used=each.used - out, left_out=each.left_out + out)
    return without
