"""The engines that run a plan: Polars by default, DuckDB where memory is short, Spark.

Normalised tables come in, as Polars frames or Parquet files: each account once, and no record of
any other. The rows of the result go out, as a Parquet file. Spark's own frames, which stay on their
cluster, have a module of their own (`spark`).
"""

import glob
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import polars as pl
from pydantic import ByteSize, TypeAdapter, ValidationError

from eligibility.batch.errors import BatchError, is_full_disk
from eligibility.batch.sql.plan import Plan
from eligibility.batch.tables.parquet_files import height, stored
from eligibility.batch.tables.schema import ACCOUNTS, KEY, NUMBER
from eligibility.errors import Problem, shown, way_to_install

#: Tables by name: a frame, or where its Parquet file (or files) lie.
Frames: TypeAlias = Mapping[str, pl.LazyFrame | Path]
#: An engine: a plan and the normalised tables in, the result as a Parquet file.
Engine: TypeAlias = Callable[[Plan, Frames, Path], None]

#: What the process takes beside what DuckDB keeps to: Python, Polars, what DuckDB does not count.
#: At five million accounts it was 0.2 GB, whatever the limit.
_BESIDE_DUCKDB: Final = 300_000_000
_LEAST_LIMIT: Final = 500_000_000
_MOST_LIMIT: Final = 1 << 60
_SIZE: Final = re.compile(r"\s*[0-9.]+\s*[A-Za-z]*\s*")

#: What Spark takes for a pattern in the name of a file.
_PATTERN: Final = re.compile(r"[][{}*?\\]")

#: Its column; no column of a model has such a name.
_HASH: Final = "account hash"
#: Up to so many accounts, Polars runs the whole plan at once.
_MOST_AT_ONCE: Final = 2_000_000
#: And up to so many columns of the result: more than one definition has, but for a long one.
_MOST_COLUMNS: Final = 12


def on_polars(plan: Plan, frames: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """The result as a lazy frame: nothing is run yet."""
    return pl.SQLContext(frames=frames, eager=False).execute(_polars_sql(plan))


def scanned(table: pl.LazyFrame | Path) -> pl.LazyFrame:
    """A table as a lazy frame."""
    return stored(table) if isinstance(table, Path) else table


def polars_to(plan: Plan, tables: Frames, file: Path) -> None:
    """Run a plan on Polars' streaming engine.

    Polars compares and makes texts much slower than numbers. So accounts are known to it by their
    number, or by a hash of 64 bits, unless two of them share one; and the words of the result are
    numbers until all is decided. And it runs all branches of a statement at once, and plans each
    column of a step by going through all that the step reads: where there are many accounts, or
    many columns, what is found on the way is written, pass by pass.
    """
    frames = {name: scanned(table) for name, table in tables.items()}
    accounts = height(frames[ACCOUNTS])
    is_wide = len(plan.texts) > _MOST_COLUMNS
    if _are_numbered(frames):
        plan = _keyed_by(plan, NUMBER)
    elif frames[ACCOUNTS].select(KEY.n_unique()).collect(engine="streaming").item() == accounts:
        frames = {name: frame.with_columns(KEY.alias(_HASH)) for name, frame in frames.items()}
        plan = _keyed_by(plan, _HASH)
    with TemporaryDirectory(dir=file.parent) as spill:
        if is_wide or accounts > _MOST_AT_ONCE:
            passes, plan = _in_turn(plan, is_wide=is_wide)
            for found in passes:
                frames |= _written(found, frames, Path(spill))
        words = [_in_words(name, words) for name, words in plan.texts.items()]
        result = on_polars(_in_numbers(plan), frames).with_columns(words)
        result.sink_parquet(file, engine="streaming")


def _in_words(name: str, words: Sequence[str]) -> pl.Expr:
    """A column of places among some words, as these words."""
    kind = pl.Enum(words)
    gather = pl.Series(words, dtype=kind).gather
    return pl.col(name).map_batches(gather, return_dtype=kind, is_elementwise=True)


def _written(
    found: Mapping[str, Plan], frames: Mapping[str, pl.LazyFrame], spill: Path
) -> dict[str, pl.LazyFrame]:
    """What some plans find, each in a file."""
    files = {name: spill / f"{name}.parquet" for name in found}
    asked_of = [
        on_polars(only, frames).sink_parquet(files[name], compression="lz4", lazy=True)
        for name, only in found.items()
    ]
    pl.collect_all(asked_of, engine="streaming")
    return {name: stored(file) for name, file in files.items()}


def _are_numbered(tables: Frames) -> bool:
    """Whether each account has a number in all of some tables."""
    return all(NUMBER in scanned(table).collect_schema() for table in tables.values())


# A run decides many parts by one plan: what is made of it is kept.
@lru_cache(maxsize=32)
def _polars_sql(plan: Plan) -> str:
    return plan.sql("duckdb")  # of all dialects, the one that Polars reads


@lru_cache(maxsize=8)
def _keyed_by(plan: Plan, key: str) -> Plan:
    return plan.keyed_by(key)


@lru_cache(maxsize=8)
def _in_turn(plan: Plan, *, is_wide: bool) -> tuple[Sequence[Mapping[str, Plan]], Plan]:
    return plan.in_turn(is_wide=is_wide)


@lru_cache(maxsize=8)
def _in_numbers(plan: Plan) -> Plan:
    return plan.in_numbers()


def duckdb_to(plan: Plan, tables: Frames, file: Path, *, memory_limit: str | None = None) -> None:
    """Run a plan on DuckDB, which goes to disk where memory is short.

    Args:
        plan: what is to be run.
        tables: normalised; a frame is written to Parquet first.
        file: where the result goes, as Parquet.
        memory_limit: that of the process, such as `2GB`; see `memory_of`. DuckDB's own default is
            most of the machine.

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
        if _are_numbered(tables):
            plan = _keyed_by(plan, NUMBER)
        for name, path in _as_files(tables, Path(spill)):
            connection.read_parquet(glob.escape(str(path))).create_view(name)
        connection.sql(plan.sql("duckdb")).write_parquet(str(file))


def _as_files(tables: Frames, spill: Path) -> Iterator[tuple[str, Path]]:
    """The tables as Parquet files; a frame is written to one."""
    for name, table in tables.items():
        path = table if isinstance(table, Path) else spill / f"{name}.parquet"
        if not isinstance(table, Path):
            table.sink_parquet(path, engine="streaming")
        yield name, path


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
        message = (
            f"`{shown(limit, 20)}` is no memory limit: the least is {_LEAST_LIMIT // 10**6} MB."
        )
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


def spark_to(plan: Plan, tables: Frames, file: Path) -> None:
    """Run a plan on Spark, in the session that is there or a local one.

    Raises:
        BatchError: `engine-failed`, if there is no Java, say.
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with Spark
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra of its own
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra of its own

    hint = "Spark needs Java, and says more above this line."
    with (
        TemporaryDirectory(dir=file.parent) as spill,
        _running("Spark", hint, PySparkException, Py4JError),
    ):
        spark = SparkSession.builder.appName("eligibility").getOrCreate()
        for name, path in _as_files(tables, Path(spill)):
            literal = _PATTERN.sub(r"\\\g<0>", str(path.absolute()))
            spark.read.parquet(literal).createOrReplaceTempView(name)
        made = Path(spill) / "made"
        spark.sql(plan.sql("spark")).write.parquet(str(made.absolute()))
        stored(*sorted(made.glob("*.parquet"))).sink_parquet(file, engine="streaming")


#: The engines, by name.
ENGINES: Final[Mapping[str, Engine]] = {"polars": polars_to, "duckdb": duckdb_to, "spark": spark_to}


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
