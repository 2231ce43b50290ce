"""Tables as people have them: frames of many kinds, or a folder of Parquet or CSV files.

What comes out is a lazy Polars frame for each table, of which names and types are known to fit.
Everything that does not is said at once. Whether the rows fit is another question: see `prepare`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from eligibility.batch.contract import (
    ACCOUNT_ID,
    ACCOUNTS,
    TableContract,
    bounds_of,
    contract,
)
from eligibility.batch.errors import BatchError
from eligibility.errors import Problem, shown
from eligibility.model import History

#: More than so many names of unknown columns are only counted.
_MOST_NAMED: Final = 5


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
        except (pl.exceptions.PolarsError, TypeError, ValueError, OSError) as error:
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

    Raises:
        InvalidTables: a file that is none of them, cannot be read, or does not fit.
    """
    known = contract(model)
    problems: list[Problem] = []
    tables: dict[str, pl.LazyFrame] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        if path.stem not in known or not (path.is_dir() or path.suffix in _SCANS):
            if path.suffix in _SCANS or path.is_dir():
                problems.append(_unknown_table(path.stem, known))
        elif path.stem in tables:
            message = f"`{path.stem}` is there twice."
            problems.append(Problem("duplicate-table", path.stem, message, "Keep one of them."))
        else:
            try:
                tables[path.stem] = _scan(path)
            except (pl.exceptions.PolarsError, OSError) as error:
                problems.append(_unreadable(path.stem, error))
    if problems:
        raise InvalidTables(problems)
    return frames(tables, model)


_SCANS: Final = (".parquet", ".csv")


def _scan(path: Path) -> pl.LazyFrame:
    inside = path.iterdir() if path.is_dir() else [path]
    files = sorted(each for each in inside if each.suffix in _SCANS)
    if not files:
        return pl.LazyFrame(schema={ACCOUNT_ID: pl.String})
    if all(file.suffix == ".csv" for file in files):
        frame = pl.scan_csv(files, infer_schema=False)
    else:
        frame = pl.scan_parquet(files)
    frame.collect_schema()
    return frame


def _lazy(table: Any) -> pl.LazyFrame:
    if isinstance(table, pl.LazyFrame):
        return table
    if isinstance(table, pl.DataFrame):
        return table.lazy()
    if type(table).__module__.partition(".")[0] == "pandas":
        made = pl.from_pandas(table)
        if isinstance(made, pl.DataFrame):
            return made.lazy()
    if hasattr(table, "__arrow_c_stream__"):
        return pl.DataFrame(table).lazy()
    raise TypeError(f"a {type(table).__name__} is no table")


def _unknown_table(name: str, known: Mapping[str, TableContract]) -> Problem:
    message = f"`{shown(name, 40)}` is no table of this history."
    return Problem("unknown-table", name, message, f"Its tables are {', '.join(known)}.")


def _unreadable(name: str, error: Exception) -> Problem:
    lines = str(error).splitlines() or [type(error).__name__]
    return Problem("not-readable", name, f"`{name}` cannot be read: {shown(lines[0], 120)}.")


def _misfits(table: TableContract, schema: pl.Schema) -> Iterator[Problem]:
    name = table.name
    bounds = {column for moment in table.moments for column in bounds_of(moment)}
    expected = {ACCOUNT_ID, *table.flags, *table.values, *table.moments, *bounds, *table.carried}
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
        yield Problem("unknown-column", name, message)
    for moment in table.moments:
        if moment in schema and any(column in schema for column in bounds_of(moment)):
            message = f"`{name}` says `{moment}` in two ways."
            yield Problem("unknown-column", f"{name}.{moment}", message, "Keep the bounds, or it.")
    for column, kind in schema.items():
        if column in expected and not _can_be_read(kind, column in {*table.moments, *bounds}):
            message = f"`{name}.{column}` is of the type {kind}, which is not read."
            yield Problem("wrong-type", f"{name}.{column}", message, _hint(column, table))


def _can_be_read(kind: pl.DataType, is_moment: bool) -> bool:  # noqa: FBT001 - private, and plain
    if kind in (pl.String, pl.Categorical, pl.Enum, pl.Null) or kind.is_numeric():
        return True
    return isinstance(kind, pl.Datetime | pl.Date) if is_moment else kind == pl.Boolean


def _hint(column: str, table: TableContract) -> str:
    if column in table.values or column in table.flags:
        return "Write true, false or unknown, or a word of its vocabulary."
    if column in (ACCOUNT_ID, *table.carried):
        return "Write it as text."
    return "Write a text such as `2024-09`, a timestamp, or UTC microseconds."
