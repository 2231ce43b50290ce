"""What is made of a run's verdicts: the attrition and its picture, JSON lines, full verdicts."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from eligibility.batch.errors import BatchError
from eligibility.batch.execute.attrition import attrition, draw
from eligibility.batch.execute.job import Run
from eligibility.batch.execute.spreadsheet import sink_csv
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.json_lines import LINE_REJECTS, REJECTS
from eligibility.batch.tables.json_output import sink_json_lines
from eligibility.batch.tables.parts import tables_in
from eligibility.batch.tables.prepare import REJECTS as TABLE_REJECTS
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS
from eligibility.batch.tables.strays import HELD_BACK
from eligibility.errors import Problem, shown
from eligibility.values.truth import Status
from eligibility.verdict.record import evaluate

ATTRITION: Final = "attrition"
REASONS: Final = "reasons.jsonl"


def write_attrition(run: Run) -> pl.DataFrame:
    """Write the attrition as CSV and as a picture."""
    (definition,) = run.definitions
    table = attrition(run.verdicts(), definition)
    with run.holding() as folder:
        with folder.whole(f"{ATTRITION}.csv") as made:
            sink_csv(table.lazy(), made)
        with folder.whole(f"{ATTRITION}.svg") as made:
            draw(table, definition, made)
    return table


def write_json_lines(run: Run) -> None:
    """Write the verdicts as JSON lines, beside the Parquet files."""
    with run.holding() as folder, folder.whole("verdicts.jsonl") as made:
        sink_json_lines(run.verdicts(), made)


def write_csv(run: Run) -> None:
    """Write the verdicts, and what was not decided, as CSV, beside the other files."""
    rejects = run.out / REJECTS
    schema = LINE_REJECTS if run.kind == "lines" else TABLE_REJECTS
    rows = pl.LazyFrame(schema=schema)
    with run.holding() as folder:
        with folder.whole("verdicts.csv") as made:
            sink_csv(run.verdicts(), made)
        if rejects.stat().st_size:
            rows = pl.scan_ndjson(rejects, schema=schema)
        with folder.whole(rejects.with_suffix(".csv").name) as made:
            sink_csv(rows, made)


def write_reasons(run: Run, accounts: Sequence[str]) -> None:
    """Write the full verdicts of some accounts, by the reference evaluator.

    Raises:
        BatchError: `unknown-account`, for each that was not decided.
    """
    with run.holding() as folder:
        _refuse_undecided(run, accounts)
        with folder.whole(REASONS) as made, made.open("w", encoding="utf-8") as file:
            (definition,) = run.definitions
            parts = run.parts()
            tables = {
                name: pl.scan_parquet([tables_in(part, definition.model)[name] for part in parts])
                for name in tables_in(parts[0], definition.model)
            }
            for history in histories_of(tables, accounts, definition.model):
                verdict = evaluate(history, definition, supposing=run.supposing)
                file.write(verdict.to_json() + "\n")


def _refuse_undecided(run: Run, accounts: Sequence[str]) -> None:
    decided = run.verdicts().filter(pl.col(ACCOUNT_ID).is_in(list(accounts))).collect()
    missing = [each for each in accounts if each not in set(decided[ACCOUNT_ID])]
    if missing:
        hint = "Look for it among the rejects."
        raise BatchError(
            Problem("unknown-account", ACCOUNTS, f"`{shown(each)}` was not decided.", hint)
            for each in missing
        )


def held_back(rejects: Iterable[Path], most: int) -> list[str]:
    """Of accounts that are held back, the first few, each with the record that may be theirs."""
    said: list[str] = []
    for file in rejects:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if f'"{HELD_BACK}"' in line and (reject := json.loads(line))["code"] == HELD_BACK:
                    if len(said) == most:
                        return said
                    value, where = reject["value"], f"{reject['table']}, row {reject['row']:,}"
                    whose = "one without an id" if value is None else f"`{shown(value, 60)}`"
                    said.append(f"`{shown(reject[ACCOUNT_ID], 60)}`: {whose} in {where}")
    return said


def shown_table(run: Run) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of what a run comes to, to be printed."""
    if len(run.definitions) == 1:
        table = attrition(run.verdicts(), run.definitions[0])
        head = ["after", "still in", "undecided", "out"]
        return head, [
            [row["step"], *(f"{row[key]:,}" for key in ("still_in", "undecided", "out"))]
            for row in table.iter_rows(named=True)
        ]
    rows = [
        [" ".join(definition.reading.values()), *(f"{count:,}" for count in found.values())]
        for definition, found in zip(run.definitions, run.statuses(), strict=True)
    ]
    return ["reading", *(status.value for status in Status)], rows
