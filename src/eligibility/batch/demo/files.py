"""The fictional population as files: tables or JSON lines, with all that real data has wrong in it.

Moments are written as people write them, from timestamps to months; facts that nobody knows are
null. Some rows do not fit, and the report says how many of each kind. Blocks are written as they
are made, so that memory stays bounded.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import numpy as np
import polars as pl
from attrs import frozen

from eligibility.batch.demo.population import (
    DAYS,
    EXACT,
    MONTHS,
    Block,
    blocks,
    day_edges,
    month_edges,
)
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    NO_YES,
    TIME_ZONE,
    bounds_of,
    complete_flag,
    contract,
)
from eligibility.facts.paths import parse
from eligibility.facts.shape import shape
from eligibility.history import AccountHistory
from eligibility.values.timeline import COURT_ZONE, LATEST, SECOND

Tables = dict[str, pl.DataFrame]
Format = Literal["parquet", "jsonl", "csv"]

#: Of so many accounts, one has each kind of flaw.
_ONE_IN: Final = 5_000
#: Fewer accounts than this have no flaws.
_FEWEST: Final = 100
#: How often an account has another zone than the court's.
_ELSEWHERE: Final = 0.05
_ZONES: Final = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "UTC")
_SOURCES: Final = ("export", "attested", "e-mail notification")
#: What is appended for a flaw: the table, and what its row says.
_FLAWS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    ("moment-notation", "messages", {"sent_at": "last spring", "inmail": True}),
    ("moment-order", "messages", {"sent_at": "2024-08/2024-05", "inmail": True}),
    ("not-in-vocabulary", "premium", {"plan": "gold", "start": "2023-02"}),
    ("inconsistent", "messages", {"shared": False, "shared_at": "2024-03", "inmail": True}),
    ("inconsistent", "premium", {"start": "2024-05", "end": "2023-11"}),
    ("duplicate-id", "premium", {"id": "the same", "start": "2023-02", "end": "2023-05"}),
    ("duplicate-account", ACCOUNTS, {}),
    ("unknown-account", "messages", {"sent_at": "2023-06", "inmail": True}),
)


@frozen
class Population:
    """What was written.

    `accounts`: rows of accounts, or lines. `records`: rows of each list. `rejected`: rows of
    accounts that do not fit, by code. `inconsistent`: those with no world. `lost`: records of
    accounts that are not listed.
    """

    accounts: int
    records: Mapping[str, int]
    rejected: Mapping[str, int]
    inconsistent: int
    lost: int

    @property
    def fit(self) -> int:
        """The accounts that can be decided."""
        return self.accounts - sum(self.rejected.values()) - self.inconsistent


def write_population(
    folder: Path,
    accounts: int,
    *,
    seed: int = 20240918,
    format: Format = "parquet",  # noqa: A002 - the word for it
) -> Population:
    """Write a fictional population.

    Args:
        folder: where to; it is made. Tables are files such as `accounts.parquet`, JSON lines are
            `histories.jsonl`.
        accounts: how many accounts, those not counted that stand twice.
        seed: the same seed and size, the same population.
        format: `parquet`, `csv`, or `jsonl`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made = write_population(Path(folder), 1000)
    >>> made.accounts, made.fit
    (1001, 993)
    """
    folder.mkdir(parents=True, exist_ok=True)
    flaws: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    with ExitStack() as files:
        write = _WRITERS[format](folder, files)
        for block in blocks(accounts, seed):
            tables = _written(block)
            flaws += _spoil(tables, block, lines=format == "jsonl")
            rows.update({name: len(table) for name, table in tables.items()})
            write(tables)
    inconsistent, lost = flaws.pop("inconsistent", 0), flaws.pop("unknown-account", 0)
    flaws["duplicate-account"] *= 2
    records = {name: rows[name] for name in shape(AccountHistory).lists}
    return Population(rows[ACCOUNTS], records, dict(+flaws), inconsistent, lost)


def _written(block: Block) -> Tables:
    """A block as people bring it."""
    random, tables = block.random, block.tables
    premium, messages, accounts = (tables[name] for name in ("premium", "messages", ACCOUNTS))
    zone = random.integers(0, len(_ZONES), block.accounts)
    zone[random.random(block.accounts) > _ELSEWHERE] = -1
    receipt = pl.int_range(len(premium), eager=True) + block.first * 10
    tables = {
        ACCOUNTS: accounts.with_columns(
            _words(pl.lit(pl.Series(zone)), _ZONES).alias(TIME_ZONE),
            # what is not said to be complete is not
            *(pl.col(complete_flag(n)).replace(0, -1) for n in shape(AccountHistory).lists),
        ),
        "premium": premium.with_columns(
            id=pl.format("receipt {}", receipt), source=pl.lit("subscription records")
        ),
        "messages": messages.with_columns(
            source=_words(pl.lit(pl.Series(random.integers(-1, 3, len(messages)))), _SOURCES)
        ),
        "permissions": tables["permissions"],
    }
    return {name: _as_texts(name, table) for name, table in tables.items()}


def _as_texts(name: str, table: pl.DataFrame) -> pl.DataFrame:
    known = contract(AccountHistory)[name]
    values: dict[str, pl.Expr] = {}
    for column, words in (dict.fromkeys(known.flags, NO_YES) | dict(known.values)).items():
        code = pl.col(column)
        values[column] = (
            pl.when(code >= 0).then(code == 1) if words == NO_YES else _words(code, words)
        )
    moments = {moment: _moment(table, moment) for moment in known.moments}
    carried = [column for column in known.carried if column in table.columns]
    return table.select(ACCOUNT_ID, *carried, **values, **moments)


def _words(code: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    return code.replace_strict(dict(enumerate(words)), default=None, return_dtype=pl.String)


def _moment(table: pl.DataFrame, name: str) -> pl.Series:
    """A moment as somebody would write what is known of it."""
    first, last = (table[column] for column in bounds_of(name))
    when, how = first.cast(pl.Datetime("us")).dt, table[f"{name}_known"]
    days, months = _labels(day_edges(), "%Y-%m-%d"), _labels(month_edges(), "%Y-%m")
    until = months.gather(_at(month_edges(), last))
    since = months.gather(_at(month_edges(), first))
    known = pl.DataFrame(
        {
            "how": how,
            "is_whole": first % SECOND == 0,
            "whole": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exact": when.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"),
            "day": days.gather(_at(day_edges(), first)),
            "since": since,
            "until": until,
            "goes_on": first == LATEST,
        }
    )
    is_how = {each: pl.col("how") == each for each in (EXACT, DAYS, MONTHS)}
    text = (
        pl.when("goes_on")
        .then(pl.lit(".."))
        .when(is_how[EXACT] & pl.col("is_whole"))
        .then("whole")
        .when(is_how[EXACT])
        .then("exact")
        .when(is_how[DAYS])
        .then("day")
        .when(is_how[MONTHS] & (pl.col("since") == pl.col("until")))
        .then("since")
        .when(is_how[MONTHS])
        .then(pl.format("{}/{}", "since", "until"))
    )
    return known.select(text.alias(name)).to_series()


def _at(edges: "np.ndarray[Any, Any]", when: pl.Series) -> pl.Series:
    places = np.searchsorted(edges, when.to_numpy(), side="right") - 1
    return pl.Series(np.clip(places, 0, len(edges) - 1))


def _labels(edges: "np.ndarray[Any, Any]", form: str) -> pl.Series:
    begins = pl.Series(edges).cast(pl.Datetime("us", "UTC"))
    return begins.dt.convert_time_zone(COURT_ZONE).dt.strftime(form)


def _spoil(tables: Tables, block: Block, *, lines: bool) -> Counter[str]:
    """Append rows that do not fit, each kind to accounts of its own; how many accounts of each."""
    each = max(1, block.accounts // _ONE_IN) if block.accounts >= _FEWEST else 0
    who = block.random.choice(block.accounts, (len(_FLAWS), each), replace=False)
    found: Counter[str] = Counter()
    for (code, name, said), places in zip(_FLAWS, who, strict=True):
        if code == "unknown-account" and lines:
            continue  # a line has its account with it
        ids = tables[ACCOUNTS][ACCOUNT_ID].gather(places)
        if code == "unknown-account":
            ids = ids + "-LOST"
        row = ids.to_frame().with_columns(pl.lit(value).alias(key) for key, value in said.items())
        if code == "duplicate-id":
            row = pl.concat([row, row])
        tables[name] = pl.concat([tables[name], row], how="diagonal")
        found[code] += each
    return found


def _lines(tables: Tables) -> pl.Series:
    """A line for each account; what is unknown has no key."""
    known = contract(AccountHistory)
    lists = list(shape(AccountHistory).lists)
    groups: dict[str, dict[str, str]] = {}
    for column, path in known[ACCOUNTS].paths.items():
        at = parse(path)
        groups.setdefault(at.name, {})[at.field] = column
    complete = [pl.when(complete_flag(name)).then(pl.lit(name)) for name in lists]
    rows = tables[ACCOUNTS].select(
        ACCOUNT_ID,
        TIME_ZONE,
        complete=pl.concat_list(complete).list.drop_nulls(),
        **{
            group: pl.struct(pl.col(column).alias(key) for key, column in keys.items())
            for group, keys in groups.items()
        },
    )
    for name in lists:
        records = tables[name].group_by(ACCOUNT_ID, maintain_order=True)
        listed = records.agg(pl.struct(pl.exclude(ACCOUNT_ID)).alias(name))
        rows = rows.join(listed, on=ACCOUNT_ID, how="left", maintain_order="left")
    text = rows.select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return text.str.replace_all(_NULL_KEY, "").str.replace_all("{,", "{", literal=True)


#: A key without a value; no text of the population looks like one.
_NULL_KEY: Final = r',?"[a-z_]+":null'
Write = Callable[[Tables], None]


def _to_parquet(folder: Path, files: ExitStack) -> Write:
    import pyarrow.parquet as pq  # noqa: PLC0415 - it alone writes row group by row group

    writers: dict[str, Any] = {}

    def write(tables: Tables) -> None:
        for name, table in tables.items():
            made = table.to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in writers:
                path = folder / f"{name}.parquet"
                writers[name] = files.enter_context(
                    pq.ParquetWriter(path, made.schema, compression="zstd")
                )
            writers[name].write_table(made)

    return write


def _to_csv(folder: Path, files: ExitStack) -> Write:
    opened: dict[str, BinaryIO] = {}

    def write(tables: Tables) -> None:
        for name, table in tables.items():
            is_first = name not in opened
            if is_first:
                opened[name] = files.enter_context((folder / f"{name}.csv").open("wb"))
            table.write_csv(opened[name], include_header=is_first)

    return write


def _to_lines(folder: Path, files: ExitStack) -> Write:
    file = files.enter_context((folder / "histories.jsonl").open("wb"))

    def write(tables: Tables) -> None:
        file.write(_lines(tables).str.join("\n").item().encode() + b"\n")

    return write


_WRITERS: Final[Mapping[Format, Callable[[Path, ExitStack], Write]]] = {
    "parquet": _to_parquet,
    "csv": _to_csv,
    "jsonl": _to_lines,
}
