"""What is made of a run's verdicts: the attrition and its picture, JSON lines, full verdicts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from eligibility.batch.errors import BatchError
from eligibility.batch.execute.attrition import attrition, draw
from eligibility.batch.execute.job import Run
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.guarded import sink_csv, sink_json_lines
from eligibility.batch.tables.json_lines import REJECTS
from eligibility.batch.tables.parts import tables_together
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS
from eligibility.batch.tables.strays import HELD_BACK
from eligibility.errors import Problem, shown
from eligibility.values.truth import Status
from eligibility.verdict.record import evaluate

ATTRITION: Final = "attrition"
REASONS: Final = "reasons.jsonl"
#: One record without an id may hold back millions of accounts: no more of them are read than this.
_MOST_READ: Final = 10_000


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
    with run.holding() as folder:
        with folder.whole("verdicts.csv") as made:
            sink_csv(run.verdicts(), made)
        with folder.whole(Path(REJECTS).with_suffix(".csv").name) as made:
            sink_csv(run.rejects(), made)


def write_reasons(run: Run, accounts: Sequence[str]) -> None:
    """Write the full verdicts of some accounts, by the reference evaluator.

    Raises:
        BatchError: `unknown-account`, for each that was not decided.
    """
    with run.holding() as folder:
        _refuse_undecided(run, accounts)
        with folder.whole(REASONS) as made, made.open("w", encoding="utf-8") as file:
            (definition,) = run.definitions
            tables = tables_together(run.parts(), definition.model)
            for history in histories_of(tables, accounts, definition.model):
                verdict = evaluate(history, definition, supposing=run.supposing)
                file.write(verdict.to_json() + "\n")


def _refuse_undecided(run: Run, accounts: Sequence[str]) -> None:
    decided = run.verdicts().filter(pl.col(ACCOUNT_ID).is_in(list(accounts))).collect()
    missing = [each for each in accounts if each not in set(decided[ACCOUNT_ID])]
    if missing:
        hint = "Look for it in the table of accounts, and among the rejects."
        raise BatchError(
            Problem("unknown-account", ACCOUNTS, f"`{shown(each)}` was not decided.", hint)
            for each in missing
        )


def held_back(rejects: Iterable[Path], most: int) -> list[str]:
    """The first few records that accounts are held back for, each with whom it may belong to."""
    said: dict[str, None] = {}
    for reject in islice(_held_back_in(rejects), _MOST_READ):
        row = reject["row"] if reject.get("file") is None else reject["file_row"]
        where = f"{shown(reject.get('file') or reject['table'], 120)}, row {row:,}"
        if reject["value"] is None:
            whose = f"names no account: every account that says `{reject['table']}` is complete"
            said[f"{where}, {whose} is held back"] = None
        else:
            account, value = (shown(reject[name], 60) for name in (ACCOUNT_ID, "value"))
            said[f"{where}, says `{value}`, which may be `{account}`"] = None
        if len(said) == most:
            break
    return list(said)


def _held_back_in(rejects: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in rejects:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if f'"{HELD_BACK}"' in line and (reject := json.loads(line))["code"] == HELD_BACK:
                    yield reject


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
