"""Tables as people have them: frames of many kinds, or a folder of Parquet or CSV files.

What comes out is a lazy Polars frame for each table, of which names and types are known to fit.
Everything that does not is said at once. Whether the rows fit is another question: see `prepare`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from eligibility.batch.contract import (
    ACCOUNT_ID,
    ACCOUNTS,
    NO_YES,
    TIME_ZONE,
    TableContract,
    bounds_of,
    contract,
)
from eligibility.batch.errors import BatchError
from eligibility.errors import Problem, shown
from eligibility.model import History

#: More than so many names of unknown columns are only counted.
_MOST_NAMED: Final = 5
_SCANS: Final = (".parquet", ".csv")
#: What Polars, Arrow and the system raise at what they cannot read. A panic is no `Exception`.
_FAILURES: Final = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    TypeError,
    ValueError,
    OSError,
)


class InvalidTables(BatchError):
    """Tables that are not those of a history model: names, columns or types; all problems."""


def frames(tables: Mapping[str, Any], model: type[History]) -> dict[str, pl.LazyFrame]:
    """Tables as lazy Polars frames; a list that has no table is empty.

    Args:
        tables: by name: Polars frames, eager or lazy; pandas frames; and whatever speaks Arrow's
            stream interface, as PyArrow tables and DuckDB relations do.
        model: the history model that they are tables of.

    Raises:
        InvalidTables: all that does not fit, with table and column.
    """
    known = contract(model)
    problems = [_unknown_table(name, known) for name in tables if name not in known]
    found: dict[str, pl.LazyFrame] = {}
    for name in known.keys() & tables.keys():
        try:
            found[name] = _lazy(tables[name])
            found[name].collect_schema()
        except _FAILURES as error:
            problems.append(_unreadable(name, error))
            found.pop(name, None)
    if ACCOUNTS not in tables:
        message = f"There is no table `{ACCOUNTS}`: it says which accounts there are."
        problems.append(Problem("missing-table", ACCOUNTS, message, "Add it; ids alone will do."))
    for name, frame in found.items():
        problems += _misfits(known[name], frame.collect_schema())
    if problems:
        raise InvalidTables(sorted(problems, key=lambda problem: problem.path))
    empty = pl.LazyFrame(schema={ACCOUNT_ID: pl.String})
    account = pl.col(ACCOUNT_ID).cast(pl.String)
    return {name: found.get(name, empty).with_columns(account) for name in known}


def scan(folder: Path, model: type[History]) -> dict[str, pl.LazyFrame]:
    """The tables in a folder: for each, `NAME.parquet`, `NAME.csv`, or a folder of such files.

    All that stands in a CSV file is read as text, and nothing between two commas is null.

    Raises:
        InvalidTables: a file that is none of them, cannot be read, or does not fit.
    """
    known = contract(model)
    problems: list[Problem] = []
    tables: dict[str, pl.LazyFrame] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise InvalidTables([_unreadable(folder.name, error)]) from None
    for path in paths:
        name = path.stem
        if path.name.startswith((".", "_")) or not (path.is_dir() or _is_table(path)):
            continue
        if name not in known:
            problems.append(_unknown_table(name, known))
        elif name in tables:
            message = f"`{name}` is there twice."
            problems.append(Problem("duplicate-table", name, message, "Keep one of them."))
        else:
            tables[name] = pl.LazyFrame(schema={ACCOUNT_ID: pl.String})
            try:
                tables[name] = _scan(path)
            except _FAILURES as error:
                problems.append(_unreadable(name, error))
    if problems:
        raise InvalidTables(sorted(problems, key=lambda problem: problem.path))
    return frames(tables, model)


@contextmanager
def reading() -> Iterator[None]:
    """Say plainly, as `not-readable`, what only shows while the rows are read.

    A CSV file with a line that is too long or that is not UTF-8 is such a thing, and so is a
    Parquet file whose rows are damaged.

    Raises:
        InvalidTables: `not-readable`.
    """
    try:
        yield
    except _FAILURES as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the machine's fault, not the table's: a full disk, say
        raise InvalidTables([_unreadable("", error)]) from None


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in _SCANS


def _scan(path: Path) -> pl.LazyFrame:
    inside = path.iterdir() if path.is_dir() else [path]
    files = sorted(each for each in inside if _is_table(each) and not each.name.startswith("."))
    if not files:
        return pl.LazyFrame(schema={ACCOUNT_ID: pl.String})
    kinds = {file.suffix.lower() for file in files}
    if len(kinds) > 1:
        raise ValueError("its parts are files of two kinds")
    if kinds == {".csv"}:
        schemas = [_of_csv([file]).collect_schema() for file in files]
        frame = _of_csv(files)
    else:
        schemas = [pl.Schema(pl.read_parquet_schema(file)) for file in files]
        frame = pl.scan_parquet(files)
    for file, schema in zip(files, schemas, strict=True):
        if schema != schemas[0]:
            raise ValueError(f"`{file.name}` has other columns than `{files[0].name}`")
    return frame


def _of_csv(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_csv(files, infer_schema=False)


def _lazy(table: Any) -> pl.LazyFrame:
    if isinstance(table, pl.LazyFrame):
        return table
    if isinstance(table, pl.DataFrame):
        return table.lazy()
    if type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "columns"):
        return _of_pandas(table).lazy()
    if hasattr(table, "__arrow_c_stream__"):
        return pl.DataFrame(table).lazy()
    raise TypeError(f"a {type(table).__name__} is no table")


def _of_pandas(table: Any) -> pl.DataFrame:
    """A pandas frame; of a column of Python objects of several types, the texts."""
    if table.columns.has_duplicates:
        raise ValueError("two of its columns have the same name")
    columns = []
    for name in table.columns:
        column = table[name]
        try:
            read: pl.Series = pl.from_pandas(column)  # type: ignore[assignment]  # of a column, one
        except _FAILURES as error:
            if column.dtype != object:
                lines = str(error).splitlines() or [""]
                raise ValueError(f"its column `{shown(str(name))}`: {lines[0]}") from None
            held = column.where(column.notna(), None).to_list()
            read = pl.Series(held, dtype=pl.String, strict=False)
        columns.append(read.alias(str(name)))
    return pl.DataFrame(columns)


def _unknown_table(name: str, known: Mapping[str, TableContract]) -> Problem:
    message = f"`{shown(name, 40)}` is no table of this history."
    return Problem("unknown-table", shown(name, 40), message, f"Its tables are {', '.join(known)}.")


def _unreadable(name: str, error: BaseException) -> Problem:
    lines = str(error).splitlines() or [type(error).__name__]
    what = f"`{shown(name, 40)}`" if name else "A table"
    message = f"{what} cannot be read: {shown(lines[0].rstrip('.'), 160)}."
    return Problem("not-readable", shown(name, 40), message, "Write it anew, as Parquet or CSV.")


def _misfits(table: TableContract, schema: pl.Schema) -> Iterator[Problem]:
    name = table.name
    bounds = {column for moment in table.moments for column in bounds_of(moment)}
    expected = {*table.ready_columns, *table.moments}
    if ACCOUNT_ID not in schema:
        message = f"`{name}` has no column `{ACCOUNT_ID}`."
        yield Problem("missing", f"{name}.{ACCOUNT_ID}", message, "Add it.")
    strange = [column for column in schema if column not in expected]
    for column in strange[:_MOST_NAMED]:
        message = f"`{name}` has no place for `{shown(column, 60)}`."
        hint = f"Its columns are {', '.join(sorted(expected))}."
        yield Problem("unknown-column", f"{name}.{shown(column, 60)}", message, hint)
    if len(strange) > _MOST_NAMED:
        more = len(strange) - _MOST_NAMED
        message = f"`{name}` has {more:,} more columns that it has no place for."
        yield Problem("unknown-column", name, message, "Leave them out.")
    for moment in table.moments:
        if moment in schema and any(column in schema for column in bounds_of(moment)):
            message = f"`{name}` says `{moment}` in two ways."
            yield Problem("unknown-column", f"{name}.{moment}", message, "Keep the bounds, or it.")
    for column, kind in schema.items():
        if column not in expected:
            continue
        fits, hint = _fits(column, kind, table, bounds)
        if not fits:
            message = f"`{name}.{column}` has the type {shown(str(kind), 60)}, which is not read."
            yield Problem("wrong-type", f"{name}.{column}", message, hint)


def _fits(
    column: str, kind: pl.DataType, table: TableContract, bounds: set[str]
) -> tuple[bool, str]:
    """Whether a column can be of a type; and what it should be."""
    is_text = kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)
    if column in bounds:
        is_time = kind.is_numeric() or isinstance(kind, pl.Datetime | pl.Date)
        return is_text or is_time, "Write UTC microseconds, a timestamp, or a text like `2024-09`."
    if column in table.moments:
        # a number would be read as microseconds where somebody may have written years
        is_time = isinstance(kind, pl.Datetime | pl.Date)
        return is_text or is_time, "Write a text such as `2024-09`, a timestamp, or bounds."
    if column in table.flags or table.values.get(column) == NO_YES:
        hint = "Write true, false or unknown."
        return is_text or kind == pl.Boolean or kind.is_numeric(), hint
    if column in table.values:
        return is_text or kind.is_numeric(), "Write a word of its vocabulary, or the word's number."
    if column == TIME_ZONE:
        return is_text, "Write a name such as `America/Los_Angeles`."
    return is_text or kind.is_integer(), "Write it as text."
