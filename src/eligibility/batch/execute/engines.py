"""The engines that run the statement: Polars by default, DuckDB where memory is short, Spark.

Tables made ready come in, as Polars frames or Parquet files: each account once, and no record of
any other. The rows of the result go out, as a Parquet file. Spark's own frames, which stay on their
cluster, have a module of their own (`spark`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import polars as pl
import sqlglot
from pydantic import ByteSize, TypeAdapter, ValidationError
from sqlglot import exp

from eligibility.batch.errors import BatchError, is_full_disk
from eligibility.batch.sql.plan import look_name
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, KEY
from eligibility.errors import Problem, shown, way_to_install

#: Tables by name: a frame, or where its Parquet file (or files) lie.
Frames: TypeAlias = Mapping[str, pl.LazyFrame | Path]
#: An engine: the statement and the tables made ready in, the result as a Parquet file.
Engine: TypeAlias = Callable[[str, Frames, Path], None]

#: What the process takes beside what DuckDB keeps to: Python, Polars, what DuckDB does not count.
#: At five million accounts it was 0.2 GB, whatever the limit.
_BESIDE_DUCKDB: Final = 300_000_000
_LEAST_LIMIT: Final = 500_000_000
_MOST_LIMIT: Final = 1 << 60
_SIZE: Final = re.compile(r"\s*[0-9.]+\s*[A-Za-z]*\s*")

#: Its column; no column of a model has such a name.
_HASH: Final = "account hash"
#: Up to so many accounts, Polars runs the whole statement at once.
_MOST_AT_ONCE: Final = 2_000_000


def on_polars(statement: str, tables: Frames) -> pl.LazyFrame:
    """The result as a lazy frame: nothing is run yet."""
    frames = {name: scanned(table) for name, table in tables.items()}
    return pl.SQLContext(frames=frames, eager=False).execute(statement)


def scanned(table: pl.LazyFrame | Path) -> pl.LazyFrame:
    """A table as a lazy frame."""
    return pl.scan_parquet(table) if isinstance(table, Path) else table


def polars_to(statement: str, tables: Frames, file: Path) -> None:
    """Run the statement on Polars' streaming engine.

    Polars compares texts much slower than numbers; so accounts are known to it by a hash of 64
    bits, unless two of them share one. And it runs all branches of a statement at once: where there
    are many accounts, the two looks are taken one after the other, in two thirds of the memory.
    """
    frames = {name: scanned(table) for name, table in tables.items()}
    told = frames[ACCOUNTS].select(accounts=pl.len(), keys=KEY.n_unique())
    accounts, keys = told.collect(engine="streaming").row(0)
    if keys == accounts:
        frames = {name: frame.with_columns(KEY.alias(_HASH)) for name, frame in frames.items()}
        statement = _by_hash(statement)
    if accounts > _MOST_AT_ONCE:
        looks, statement = _in_turn(statement)
        for look in looks:
            asked = [on_polars(text, frames) for text in look.values()]
            found = pl.collect_all(asked, engine="streaming")
            frames |= {name: frame.lazy() for name, frame in zip(look, found, strict=True)}
    on_polars(statement, frames).sink_parquet(file, engine="streaming")


@lru_cache(maxsize=8)
def _by_hash(statement: str) -> str:
    """The same statement, in which accounts are known by their hashes until all is counted.

    Its last relation reads the table of accounts: from there on an account has its own name.
    """
    whole = _parsed(statement)
    relations = [relation.this for relation in whole.ctes]
    for column in [column for query in relations for column in query.find_all(exp.Column)]:
        if column.name == ACCOUNT_ID:
            column.set("this", exp.to_identifier(_HASH))
    relations[-1].expressions[0].set("this", exp.to_identifier(ACCOUNT_ID))
    return whole.sql("duckdb")


@lru_cache(maxsize=8)
def _in_turn(statement: str) -> tuple[list[dict[str, str]], str]:
    """What each look finds by account, by name, as statements of their own; and what is left.

    That is the last relation, which brings together what was found, and the result.
    """
    whole = _parsed(statement)
    *relations, last = whole.ctes
    looks: list[dict[str, str]] = [{}, {}]
    read = {read.name for read in last.find_all(exp.Table)}
    for at, relation in enumerate(relations):
        if relation.alias in read:
            found = exp.select("*").from_(exp.to_identifier(relation.alias))
            found.set("with_", exp.With(expressions=[r.copy() for r in relations[: at + 1]]))
            is_second = relation.alias.startswith(look_name(surely=False))
            looks[is_second][relation.alias] = found.sql("duckdb")
    whole.set("with_", exp.With(expressions=[last.copy()]))
    return looks, whole.sql("duckdb")


def _parsed(statement: str) -> exp.Select:
    return sqlglot.parse_one(statement, read="duckdb", into=exp.Select)


def duckdb_to(
    statement: str,
    tables: Frames,
    file: Path,
    *,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> None:
    """Run the statement on DuckDB, which goes to disk where memory is short.

    Args:
        statement: in the dialect `duckdb`.
        tables: made ready; a frame is written to Parquet first.
        file: where the result goes, as Parquet.
        memory_limit: that of the process, such as `2GB`; see `memory_of`. DuckDB's own default is
            most of the machine.
        threads: how many; DuckDB's own default is every core.

    Raises:
        BatchError: `memory-limit`; `engine-failed`, if that is too little, say.
    """
    import duckdb  # noqa: PLC0415 - only who asks for it needs it

    hint = "Cut the tables into more parts (`--partitions`), or give it more memory."
    with (
        TemporaryDirectory(dir=file.parent) as spill,
        duckdb.connect() as connection,
        _running("DuckDB", hint, duckdb.Error),
    ):
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET preserve_insertion_order = false")
        if memory_limit:
            kept = memory_of(memory_limit) - _BESIDE_DUCKDB
            connection.execute("SET memory_limit = ?", [f"{kept}B"])
        if threads:
            connection.execute("SET threads = ?", [threads])
        for name, table in tables.items():
            path = table if isinstance(table, Path) else Path(spill) / f"{name}.parquet"
            if not isinstance(table, Path):
                table.sink_parquet(path, engine="streaming")
            connection.read_parquet(str(path)).create_view(name)
        connection.sql(statement).write_parquet(str(file))


def memory_of(limit: str) -> int:
    """A limit of memory in bytes.

    Raises:
        BatchError: `memory-limit`: it is no size, or too little to start with.

    >>> memory_of("2GB")
    2000000000
    """
    try:
        size = int(TypeAdapter(ByteSize).validate_python(limit))
    except ValidationError:
        size = 0
    # pydantic passes over what comes after a size
    if not (_SIZE.fullmatch(limit) and _LEAST_LIMIT <= size < _MOST_LIMIT):
        message = f"`{shown(limit, 20)}` is no size from {_LEAST_LIMIT // 10**6} MB on."
        hint = "Say `2GB`, for example."
        raise BatchError([Problem("memory-limit", "memory_limit", message, hint)])
    return size


@contextmanager
def _running(name: str, hint: str, *failures: type[Exception]) -> Iterator[None]:
    try:
        yield
    except failures as error:
        if is_full_disk(error):
            raise
        first = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        message = f"{name} could not start, or could not run to its end: {shown(first, 160)}."
        raise BatchError([Problem("engine-failed", "engine", message, hint)]) from error


def spark_to(statement: str, tables: Frames, file: Path) -> None:
    """Run the statement on Spark, in the session that is there or a local one.

    Raises:
        BatchError: `engine-failed`, if there is no Java, say.
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with Spark
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra of its own
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra of its own

    hint = "Spark needs Java, and tells more above this line."
    with (
        TemporaryDirectory(dir=file.parent) as spill,
        _running("Spark", hint, PySparkException, Py4JError),
    ):
        spark = SparkSession.builder.appName("eligibility").getOrCreate()
        for name, table in tables.items():
            path = table if isinstance(table, Path) else Path(spill) / f"{name}.parquet"
            if not isinstance(table, Path):
                table.sink_parquet(path, engine="streaming")
            spark.read.parquet(str(path.absolute())).createOrReplaceTempView(name)
        text = sqlglot.transpile(statement, read="duckdb", write="spark", comments=False)[0]
        made = Path(spill) / "made"
        spark.sql(text).write.parquet(str(made.absolute()))
        pl.scan_parquet(sorted(made.glob("*.parquet"))).sink_parquet(file, engine="streaming")


#: The engines, by name.
ENGINES: Final[Mapping[str, Engine]] = {
    "polars": polars_to,
    "duckdb": duckdb_to,
    "spark": spark_to,
}


#: The package that an engine is, and the extra that has it.
_NEEDED: Final = {
    "polars": ("polars", "batch"),
    "duckdb": ("duckdb", "batch"),
    "spark": ("pyspark", "spark"),
}


def engine_named(name: str) -> Engine:
    """An engine.

    Raises:
        BatchError: `unknown-engine`; `missing-extra`, its package is not installed.
    """
    if name not in ENGINES:
        message = f"`{shown(name)}` is no engine."
        hint = f"There are {', '.join(ENGINES)}."
        raise BatchError([Problem("unknown-engine", "engine", message, hint)])
    package, extra = _NEEDED[name]
    if find_spec(package) is None:
        message = f"The engine `{name}` needs `{package}`, which is not installed."
        raise BatchError([Problem("missing-extra", "engine", message, way_to_install(extra))])
    return ENGINES[name]
