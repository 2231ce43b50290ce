"""What verdicts come to: how many accounts have each status, and where the others drop out.

Verdicts come in, by the row; small tables go out. The attrition has a row for all accounts and one
for each clause and exclusion, in the order of the definition.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from eligibility.batch.tables.result import STATUS, clause_columns, survey_columns
from eligibility.definition.class_definition import ClassDefinition
from eligibility.verdict.record import Status

#: The step before the first clause.
ALL_ACCOUNTS: Final = "all-accounts"


def attrition(verdicts: pl.LazyFrame | pl.DataFrame, definition: ClassDefinition) -> pl.DataFrame:
    """How far the accounts get, clause by clause.

    Args:
        verdicts: as `decide` gives them; rows without a status are not counted.
        definition: the one that they were decided by.

    Returns:
        `step` (a clause's id), `words`, and how many accounts are `still_in` (some record surely
        meets this clause and all before it), `undecided` (possibly) and `out` (none can).
    """
    decided = verdicts.lazy().filter(pl.col(STATUS).is_not_null())
    columns = clause_columns(definition.steps)
    words = ("true", "unknown", "false")
    counts = decided.select(
        pl.len().alias("accounts"),
        *((pl.col(c) == word).sum().alias(f"{c} {word}") for c in columns for word in words),
    ).collect(engine="streaming")
    found = counts.row(0, named=True)
    rows: list[tuple[str, str, int, int, int]] = [
        (ALL_ACCOUNTS, "all accounts that were decided", found["accounts"], 0, 0)
    ]
    for column, step in zip(columns, definition.steps, strict=True):
        still_in, undecided, out = (found[f"{column} {word}"] for word in words)
        rows.append((step.id, step.text, still_in, undecided, out))
    schema = {"step": pl.String(), "words": pl.String()} | dict.fromkeys(
        ("still_in", "undecided", "out"), pl.Int64()
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def statuses(
    verdicts: pl.LazyFrame, definitions: Sequence[ClassDefinition]
) -> list[dict[str, int]]:
    """How many accounts have each status, by each definition; of a run of one, or of a survey."""
    columns = [STATUS] if len(definitions) == 1 else survey_columns(definitions)
    counts = verdicts.select(
        (pl.col(column) == status.value).sum().alias(f"{column} {status.value}")
        for column in columns
        for status in Status
    )
    found = counts.collect(engine="streaming").row(0, named=True)
    return [
        {status.value: found[f"{column} {status.value}"] for status in Status}
        for column in columns
    ]
