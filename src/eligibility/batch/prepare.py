"""Making ready: tables in; tables that the statement reads out, and what does not fit beside them.

A row that does not fit takes its whole account out: what is left of it could be another verdict.
Nothing gets lost: every account that was read is fit, rejected, or inconsistent.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from attrs import frozen

from eligibility.batch.contract import ACCOUNT_ID, ACCOUNTS, TIME_ZONE, contract
from eligibility.batch.inputs import frames
from eligibility.batch.normal import IS_WRONG, normalised, problems
from eligibility.errors import CODES
from eligibility.model import History, shape

ROW: Final = "row"
#: What does not fit: where, which code, and what stands there.
REJECTS: Final = {
    ACCOUNT_ID: pl.String(),
    "table": pl.String(),
    ROW: pl.UInt32(),
    "column": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "message": pl.String(),
}


@frozen
class Prepared:
    """Tables made ready.

    `tables`: by name, as the statement reads them; `accounts` holds those that fit. `accounts`: all
    that were read. `rejects`: what does not fit, with table, row (from 1), column and code.
    """

    model: type[History]
    tables: Mapping[str, pl.LazyFrame]
    accounts: pl.LazyFrame
    rejects: pl.LazyFrame

    def left_out(self) -> pl.LazyFrame:
        """What was read and is not decided, each with one `problem`.

        Accounts that do not fit, a row for each row that was read; and the accounts of records that
        are not in `accounts`.
        """
        first = self.rejects.group_by(ACCOUNT_ID).agg(
            # what else is wrong goes before a contradiction: that one may be made of it
            pl.struct("code", "table", "column").sort_by(pl.col("code") == "inconsistent").first()
        )
        field = pl.col("code").struct.field
        where = pl.format("{}: {}.{}", field("code"), field("table"), field("column"))
        known = first.select(ACCOUNT_ID, problem=where, is_lost=field("code") == "unknown-account")
        rows = self.accounts.select(ACCOUNT_ID)
        nameless = rows.filter(pl.col(ACCOUNT_ID).is_null())
        return pl.concat(
            [
                rows.join(known.drop("is_lost"), on=ACCOUNT_ID, how="inner"),
                known.filter("is_lost").drop("is_lost").join(rows, on=ACCOUNT_ID, how="anti"),
                nameless.with_columns(problem=pl.lit(f"missing: {ACCOUNTS}.{ACCOUNT_ID}")),
            ]
        )


def prepare(tables: Mapping[str, Any], model: type[History]) -> Prepared:
    """Tables made ready, lazily: nothing is read yet.

    Args:
        tables: as `inputs.frames` takes them.
        model: the history model that they are tables of.

    Raises:
        InvalidTables: names, columns or types that do not fit.
    """
    return prepared({n: f.with_row_index(ROW, 1) for n, f in frames(tables, model).items()}, model)


def prepared(found: Mapping[str, pl.LazyFrame], model: type[History]) -> Prepared:
    """Tables made ready, from frames that have a `row` for each row."""
    known, lists = contract(model), shape(model).lists
    ready: dict[str, pl.LazyFrame] = {}
    wrong: list[pl.LazyFrame] = []
    bad: list[pl.LazyFrame] = []
    for name, table in known.items():
        frame = _in_zones(name, found)
        read = normalised(frame, table, lists.get(name))
        ready[name] = read.drop(IS_WRONG)
        bad.append(read.filter(IS_WRONG).select(ACCOUNT_ID))
        told = problems(frame, table, lists.get(name), carry=(ROW,))
        where = (ACCOUNT_ID, pl.lit(name).alias("table"), ROW)
        wrong.append(told.select(*where, "column", "code", "value"))
    accounts = ready[ACCOUNTS]
    twice = accounts.group_by(ACCOUNT_ID).len().filter(pl.col("len") > 1).select(ACCOUNT_ID)
    bad.append(twice)
    wrong.append(_told(found[ACCOUNTS], twice, ACCOUNTS, "duplicate-account", ACCOUNT_ID))
    for name in lists:
        wrong.append(_orphans(found[name], accounts, name))
        if "id" in found[name].collect_schema():
            same = _same_ids(found[name])
            bad.append(same.select(ACCOUNT_ID))
            wrong.append(_told(found[name], same, name, "duplicate-id", "id"))
    fit = accounts.filter(pl.col(ACCOUNT_ID).is_not_null()).join(
        pl.concat(bad).unique(), on=ACCOUNT_ID, how="anti"
    )
    rejects = pl.concat(wrong, how="vertical_relaxed").with_columns(
        pl.col("code").replace_strict(CODES, default="", return_dtype=pl.String).alias("message")
    )
    kept = rejects.select(pl.col(name).cast(kind) for name, kind in REJECTS.items())
    return Prepared(model, {**ready, ACCOUNTS: fit}, accounts, kept)


def _in_zones(name: str, found: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """A table with the zone of each row's account beside it, if accounts have zones."""
    frame, accounts = found[name], found[ACCOUNTS]
    if name == ACCOUNTS or TIME_ZONE not in accounts.collect_schema():
        return frame
    zones = accounts.select(ACCOUNT_ID, TIME_ZONE).unique(ACCOUNT_ID, keep="any")
    return frame.join(zones, on=ACCOUNT_ID, how="left", maintain_order="left")


def _told(
    frame: pl.LazyFrame, which: pl.LazyFrame, table: str, code: str, column: str
) -> pl.LazyFrame:
    """The rows of a table that are among some, each as a reject."""
    keys = which.collect_schema().names()
    rows = frame.join(which, on=keys, how="semi")
    return rows.select(
        ACCOUNT_ID,
        pl.lit(table).alias("table"),
        ROW,
        pl.lit(column).alias("column"),
        pl.lit(code).alias("code"),
        pl.col(column).cast(pl.String).str.slice(0, 60).alias("value"),
    )


def _orphans(frame: pl.LazyFrame, accounts: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Records of accounts that nobody has listed."""
    known = accounts.select(ACCOUNT_ID)
    lost = frame.join(known, on=ACCOUNT_ID, how="anti")
    return lost.filter(pl.col(ACCOUNT_ID).is_not_null()).select(
        ACCOUNT_ID,
        pl.lit(name).alias("table"),
        ROW,
        pl.lit(ACCOUNT_ID).alias("column"),
        pl.lit("unknown-account").alias("code"),
        pl.col(ACCOUNT_ID).str.slice(0, 60).alias("value"),
    )


def _same_ids(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts and ids that stand twice in one list."""
    named = frame.filter(pl.col("id").is_not_null()).group_by(ACCOUNT_ID, "id").len()
    return named.filter(pl.col("len") > 1).select(ACCOUNT_ID, "id")
