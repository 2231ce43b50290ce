"""Tables in; normalised tables out, and what does not fit beside them.

A row that does not fit takes its whole account out: what is left of it could be another verdict.
So does a record that may be an account's and belongs to nobody (`strays`). Nothing gets lost: every
account that was read is fit, held back, rejected, or inconsistent.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import evolve, frozen

from eligibility.arguments import expect
from eligibility.batch.tables.cutting import numbered
from eligibility.batch.tables.normalise import IS_WRONG, needs_zone, normalise_table, row_problems
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.parquet_files import stored
from eligibility.batch.tables.scan import frames, reading
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    KEY,
    NUMBER,
    TIME_ZONE,
    TableContract,
    contract,
    is_named,
)
from eligibility.batch.tables.strays import HELD_BACK, ROW, Strays, strays_in
from eligibility.errors import CODES
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.values.timeline import COURT_ZONE

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

TABLES_HINT: Final = 'Write a dict: `{"accounts": accounts, "messages": messages}`, say.'
OPTIONS_HINT: Final = 'Write `InputOptions(date_format="%d/%m/%Y")`, say.'

_KEY: Final = KEY.alias("key")


@frozen
class Prepared:
    """Normalised tables; nothing is read until somebody asks.

    `found`: the tables as they came, each row with its number. The rows are first searched for
    accounts of which something may be wrong, which is quick; only of those it is asked what it is.
    `given`: what is nobody's, if these tables are a piece of others. `whole`: the lists that are
    supposed to hold every record. `kept`: the rows as they were read, once that has been done.
    """

    model: type[History]
    found: Mapping[str, pl.LazyFrame]
    given: Strays | None = None
    whole: tuple[str, ...] = ()
    kept: Mapping[str, pl.LazyFrame] | None = None

    @cached_property
    def strays(self) -> Strays:
        """What is nobody's in these tables, or in all that they are a piece of."""
        if self.given is not None:
            return self.given
        with reading():
            return strays_in([self.found])

    def supposing(self, whole: tuple[str, ...]) -> "Prepared":
        """The same, where lists are supposed to hold every record, whatever accounts say."""
        if not self.strays.nameless.keys() & set(whole):
            return self
        return evolve(self, given=self.strays, whole=whole)

    @cached_property
    def tables(self) -> Mapping[str, pl.LazyFrame]:
        """The tables, by name, as the statement reads them; of the accounts that fit alone."""
        return {name: frame.drop(ROW) for name, frame in self._normalised.items()}

    def in_order(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """The same tables sorted by account, and the records of an account as they came.

        The order is one and the same however the rows arrive, as they do from a cut-up table. Each
        account has its place in it as its `NUMBER`, and so have its records.
        """
        accounts = (
            self._normalised[ACCOUNTS].sort(ACCOUNT_ID, ROW).drop(ROW).collect(engine="streaming")
        )
        places = pl.int_range(len(accounts), dtype=pl.UInt32, eager=True).alias(NUMBER)
        accounts = accounts.with_columns(places)
        yield ACCOUNTS, accounts
        numbers = accounts.lazy().select(ACCOUNT_ID, NUMBER)
        place = pl.col(NUMBER).cast(pl.UInt64) * (1 << 32) + pl.col(ROW)
        for name, frame in self._rows.items():
            if name == ACCOUNTS:
                continue
            # whose account is lost finds no number
            rows = frame.drop(IS_WRONG).join(numbers, on=ACCOUNT_ID, maintain_order="left")
            held = rows.with_columns(place.alias(ROW)).collect(engine="streaming")
            yield name, (held if held[ROW].is_sorted() else held.sort(ROW)).drop(ROW)

    def read_once(self, folder: Path | None = None) -> "Prepared":
        """The same, with its rows as they are read now, each once: in a folder, or in memory."""
        read = _read(self.found, self.model)
        with reading():
            if folder is None:
                # all at once: of a morsel of some rows it takes as long to see which texts it has
                kept = {name: each.collect(engine="in-memory") for name, each in read.items()}
                return evolve(self, kept={name: each.lazy() for name, each in kept.items()})
            for name, each in read.items():
                each.sink_parquet(folder / f"{name}.parquet", compression="lz4", engine="streaming")
        return evolve(self, kept={n: stored(folder / f"{n}.parquet") for n in read})

    @property
    def _rows(self) -> Mapping[str, pl.LazyFrame]:
        """Every row, normalised as far as it goes, and whether something is wrong with it."""
        return self.kept or _read(self.found, self.model)

    @cached_property
    def _normalised(self) -> Mapping[str, pl.LazyFrame]:
        tables = {name: read.drop(IS_WRONG) for name, read in self._rows.items()}
        if self._rejects.is_empty():
            return tables
        lost = self._rejects.select(ACCOUNT_ID).unique().lazy()
        return {
            name: frame.filter(pl.col(ACCOUNT_ID).is_not_null()).join(
                lost, on=ACCOUNT_ID, how="anti", maintain_order="left"
            )
            for name, frame in tables.items()
        }

    @property
    def rejects(self) -> pl.LazyFrame:
        """What does not fit, with table, row (from 1), column and code; see `REJECTS`."""
        return self._rejects.lazy()

    def left_out(self) -> pl.LazyFrame:
        """What was read and is not decided, each with one `problem`.

        Accounts that do not fit, a row for each row that was read; the accounts of records that are
        not in `accounts`, a row for each; and a row for each record that names no account.
        """
        # what else is wrong goes before a contradiction: that one may be made of it
        rank = pl.col("code").replace_strict({HELD_BACK: 1, "inconsistent": 2}, default=0)
        words = pl.format("{}: {}.{}", "code", "table", "column").alias("problem")
        problems = self._rejects.lazy().with_columns(words).sort(rank, "problem")
        known = problems.drop_nulls(ACCOUNT_ID).group_by(ACCOUNT_ID).agg(pl.col("problem").first())
        rows = self.found[ACCOUNTS].select(ACCOUNT_ID)
        # rows without an id have nothing in common, and stand for themselves
        nameless = problems.filter(pl.col(ACCOUNT_ID).is_null()).unique(
            ["table", ROW], keep="first"
        )
        return pl.concat(
            [
                rows.join(known, on=ACCOUNT_ID, how="inner"),
                known.join(rows, on=ACCOUNT_ID, how="anti"),
                nameless.select(ACCOUNT_ID, "problem"),
            ]
        )

    @cached_property
    def suspects(self) -> Mapping[str, pl.DataFrame]:
        """All rows of the accounts of which something may be wrong; mostly there are none."""
        which = _suspected(self.found, self._rows, self.strays.keys)
        if which.is_empty():
            return {n: pl.DataFrame(schema=f.collect_schema()) for n, f in self.found.items()}
        # a filter, and no join: of other rows, Polars then reads nothing but the id
        asked = [frame.filter(_KEY.is_in(which.implode())) for frame in self.found.values()]
        with reading():
            rows = pl.collect_all(asked, engine="streaming")
        return dict(zip(self.found, rows, strict=True))

    @cached_property
    def _rejects(self) -> pl.DataFrame:
        wrong = self._held_back
        if not all(frame.is_empty() for frame in self.suspects.values()):
            more = _rejected({n: f.lazy() for n, f in self.suspects.items()}, self.model)
            wrong = pl.concat([wrong, more.collect()])
        return wrong.sort("table", ROW, "column", "code", ACCOUNT_ID)

    @property
    def _held_back(self) -> pl.DataFrame:
        with reading():
            held = self.strays.held_back(self._rows[ACCOUNTS], self.whole)
        return _as_rejects(
            held.with_columns(
                pl.lit(ACCOUNT_ID).alias("column"),
                pl.lit(HELD_BACK).alias("code"),
                pl.col("value").str.slice(0, 60),
            ).lazy()
        ).collect()


def prepare(
    tables: Mapping[str, Any], model: type[History], options: InputOptions = AS_WRITTEN
) -> Prepared:
    """Normalised tables, lazily: nothing is read yet.

    Args:
        tables: as `scan.frames` takes them.
        model: the history model that they are tables of.
        options: how they are written, where they do not say it themselves.

    Raises:
        InvalidTables: names, columns or types that do not fit.

    >>> from eligibility import AccountHistory
    >>> premium = pl.DataFrame({"account_id": ["FICTIONAL-1"], "start": ["2024-02-30"]})
    >>> accounts = pl.DataFrame({"account_id": ["FICTIONAL-1", "FICTIONAL-2"]})
    >>> made = prepare({"accounts": accounts, "premium": premium}, AccountHistory)
    >>> made.rejects.select("table", "row", "column", "code", "value").collect().rows()
    [('premium', 1, 'start', 'moment-calendar', '2024-02-30')]
    """
    expect(tables, Mapping, "tables", TABLES_HINT)
    expect(model, type[History], "model")
    expect(options, InputOptions, "options", OPTIONS_HINT)
    return Prepared(model, numbered(frames(tables, model, options)))


def _read(found: Mapping[str, pl.LazyFrame], model: type[History]) -> dict[str, pl.LazyFrame]:
    lists = shape(model).lists
    return {
        name: normalise_table(_in_zones(name, found, table), table, lists.get(name), carry=(ROW,))
        for name, table in contract(model).items()
    }


def _suspected(
    found: Mapping[str, pl.LazyFrame], rows: Mapping[str, pl.LazyFrame], strays: pl.Series
) -> pl.Series:
    """The keys of accounts of which something may be wrong; those of what is nobody's are given.

    A key is a hash of 64 bits of the id: comparing ids takes many times as long. Of two ids that
    share one, both are asked about, for nothing.
    """
    asked = [read.filter(IS_WRONG).select(_KEY) for read in rows.values()]
    asked.append(_repeated(found[ACCOUNTS].select(_KEY)))
    for name in found:
        if name != ACCOUNTS and _has_ids(found[name]):
            named = found[name].filter(pl.col("id").is_not_null())
            pairs = named.select(_KEY, pair=pl.struct(ACCOUNT_ID, "id").hash())
            same = _repeated(pairs.select(key="pair"))
            asked.append(pairs.join(same, left_on="pair", right_on="key", how="semi").select("key"))
    with reading():
        found_wrong = pl.concat(pl.collect_all(asked, engine="streaming"))["key"]
    return pl.concat([found_wrong, strays]).unique()


def _repeated(keys: pl.LazyFrame) -> pl.LazyFrame:
    return keys.group_by("key").len().filter(pl.col("len") > 1).select("key")


def _has_ids(frame: pl.LazyFrame) -> bool:
    return frame.collect_schema().get("id", pl.Null()) != pl.Null


def _rejected(found: Mapping[str, pl.LazyFrame], model: type[History]) -> pl.LazyFrame:
    """Everything that does not fit."""
    known, lists = contract(model), shape(model).lists
    wrong: list[pl.LazyFrame] = []
    for name, table in known.items():
        of_rows = row_problems(_in_zones(name, found, table), table, lists.get(name), carry=(ROW,))
        where = (ACCOUNT_ID, pl.lit(name).alias("table"), ROW)
        wrong.append(of_rows.select(*where, "column", "code", "value"))
    accounts = found[ACCOUNTS].select(ACCOUNT_ID)
    twice = accounts.group_by(ACCOUNT_ID).len().filter(pl.col("len") > 1)
    again = found[ACCOUNTS].join(twice, on=ACCOUNT_ID, how="semi")
    wrong.append(_as_wrong(again, ACCOUNTS, "duplicate-account", ACCOUNT_ID))
    for name in lists:
        # of an id that is null or blank it is known already that it is missing
        named = found[name].filter(is_named(pl.col(ACCOUNT_ID)))
        lost = named.join(accounts, on=ACCOUNT_ID, how="anti")
        wrong.append(_as_wrong(lost, name, "unknown-account", ACCOUNT_ID))
        if _has_ids(found[name]):
            same = found[name].join(_same_ids(found[name]), on=[ACCOUNT_ID, "id"], how="semi")
            wrong.append(_as_wrong(same, name, "duplicate-id", "id"))
    return _as_rejects(pl.concat(wrong, how="vertical_relaxed"))


def _as_rejects(wrong: pl.LazyFrame) -> pl.LazyFrame:
    """What does not fit, with what each code means."""
    words = pl.col("code").replace_strict(CODES, default="", return_dtype=pl.String)
    rows = wrong.with_columns(words.alias("message"))
    return rows.select(pl.col(name).cast(kind) for name, kind in REJECTS.items())


def _in_zones(name: str, found: Mapping[str, pl.LazyFrame], table: TableContract) -> pl.LazyFrame:
    """A table with the zone of each row's account beside it, if anything in it hangs on that."""
    frame, accounts = found[name], found[ACCOUNTS]
    is_list = name != ACCOUNTS and TIME_ZONE not in frame.collect_schema()
    if not is_list or TIME_ZONE not in accounts.collect_schema() or not needs_zone(frame, table):
        return frame
    # few accounts state one, and whose zone is null is in the court's: that is quick to join
    stated = accounts.filter(pl.col(TIME_ZONE).cast(pl.String) != COURT_ZONE)
    zones = stated.select(ACCOUNT_ID, TIME_ZONE).unique(ACCOUNT_ID, keep="any")
    return frame.join(zones, on=ACCOUNT_ID, how="left", maintain_order="left")


def _as_wrong(rows: pl.LazyFrame, table: str, code: str, column: str) -> pl.LazyFrame:
    """Rows of a table, each as a reject."""
    return rows.select(
        ACCOUNT_ID,
        pl.lit(table).alias("table"),
        ROW,
        pl.lit(column).alias("column"),
        pl.lit(code).alias("code"),
        pl.col(column).cast(pl.String).str.slice(0, 60).alias("value"),
    )


def _same_ids(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts and ids that stand twice in one list."""
    named = frame.filter(pl.col("id").is_not_null()).group_by(ACCOUNT_ID, "id").len()
    return named.filter(pl.col("len") > 1).select(ACCOUNT_ID, "id")
