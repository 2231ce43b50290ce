"""Tables as people have them: frames of many kinds, or a folder of Parquet and text files.

What comes out is a lazy Polars frame for each table, of which names and types are known to fit.
Everything that does not is said at once. Whether the rows fit is another question: see `prepare`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.batch.errors import InvalidTables, is_full_disk
from eligibility.batch.tables.fitting import misfits, said_twice
from eligibility.batch.tables.folder import TableFile, parts_of
from eligibility.batch.tables.foreign import DAMAGED, Kinds, Piece, Unreadable, as_text, piece_of
from eligibility.batch.tables.notation import as_said
from eligibility.batch.tables.options import (
    AS_WRITTEN,
    InputOptions,
    expected_columns,
    moment_columns,
)
from eligibility.batch.tables.parquet_files import ParquetFile, heights
from eligibility.batch.tables.parquet_files import opened as opened_parquet
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, TableContract, contract
from eligibility.batch.tables.text_files import TextFile
from eligibility.batch.tables.text_files import opened as opened_text
from eligibility.errors import Problem, shown
from eligibility.facts.model import History
from eligibility.immutable import FrozenDict


def frames(
    tables: Mapping[str, Any], model: type[History], options: InputOptions = AS_WRITTEN
) -> dict[str, pl.LazyFrame]:
    """Tables as lazy Polars frames; a list that has no table is empty.

    Args:
        tables: by name: Polars frames, eager or lazy; pandas frames; and whatever speaks Arrow's
            stream interface, as PyArrow tables and DuckDB relations do.
        model: the history model that they are tables of.
        options: how they are written, where they do not say it themselves.

    Raises:
        InvalidTables: all that does not fit, with table and column.
    """
    known = contract(model)
    hint = f"Its tables are {', '.join(known)}."
    strange = [shown(name) for name in tables if name not in known]
    problems = [
        Problem("unknown-table", name, f"`{name}` is no table of this history.", hint)
        for name in strange
    ]
    pieces: dict[str, list[Piece]] = {}
    for name in known.keys() & tables.keys():
        try:
            pieces[name] = [piece_of(tables[name])]
        except Unreadable as error:
            words, cure = error.args
            problems.append(Problem("not-readable", name, f"`{name}` {words}.", cure))
            pieces[name] = []
    return _joined(pieces, known, options, problems)


def scan(
    folder: Path, model: type[History], options: InputOptions = AS_WRITTEN
) -> dict[str, pl.LazyFrame]:
    """The tables in a folder: for each, a file of Parquet or text, or a folder of such files.

    All that stands in a text file is read as text, and nothing between two commas is null. What
    else lies in the folder is refused, by name.

    Raises:
        InvalidTables: every file that is none of them, cannot be read, or does not fit.
    """
    known = contract(model)
    tables, problems = parts_of(folder, known, options)
    pieces: dict[str, list[Piece]] = {}
    for name, parts in tables.items():
        files, wrong = _files(parts, known[name], options)
        problems += wrong
        pieces[name] = list(_pieces(files, known[name], options))
    return _joined(pieces, known, options, problems)


def rows_by_file(
    folder: Path, table: str, model: type[History], options: InputOptions
) -> dict[str, int]:
    """How many rows the files of a table have, by their paths inside the folder, in their order."""
    known = contract(model)
    parts = parts_of(folder, known, options)[0].get(table, [])
    files, _ = _files(parts, known[table], options)
    rows = heights(file.scanned([file.part.path]) for file in files)
    return {file.part.name: each for file, each in zip(files, rows, strict=True)}


def _files(
    parts: Sequence[TableFile], table: TableContract, options: InputOptions
) -> tuple[list[TextFile | ParquetFile], list[Problem]]:
    """The parts of a table that can be read, opened; and what is wrong with the others."""
    opened = [_opened(part, table, options) for part in parts]
    files = [file for file, _ in opened if file is not None]
    return files, [problem for _, wrong in opened for problem in wrong]


def _opened(
    part: TableFile, table: TableContract, options: InputOptions, *, is_whole: bool = False
) -> tuple[TextFile | ParquetFile | None, list[Problem]]:
    """A part, opened; of a text file all rows are read anyway, of Parquet only if it `is_whole`."""
    if part.separator is None:
        return opened_parquet(part, is_whole=is_whole)
    return opened_text(part, table, options)


def are_parquet(folder: Path, model: type[History], options: InputOptions = AS_WRITTEN) -> bool:
    """Whether rows keep their order each time they are read, and are found without reading all."""
    tables, _ = parts_of(folder, contract(model), options)
    return all(part.separator is None for parts in tables.values() for part in parts)


def with_names(frame: pl.LazyFrame, table: TableContract, options: InputOptions) -> pl.LazyFrame:
    """A table with our names for its columns, without those that are left out."""
    naming = options.naming(table, frame.collect_schema().names())
    kept = {theirs: ours for theirs, ours in naming.items() if ours is not None}
    return frame.select(pl.col(theirs).alias(ours) for theirs, ours in kept.items())


def with_moments(frame: pl.LazyFrame, table: TableContract, options: InputOptions) -> pl.LazyFrame:
    """A table under our names, its moments read as the caller says that they are written."""
    if options.date_format is None and options.number_unit is None:
        return frame
    schema, moments = frame.collect_schema(), moment_columns(table)
    return frame.with_columns(
        as_said(name, kind, options).alias(name) for name, kind in schema.items() if name in moments
    )


@contextmanager
def reading(find: Callable[[], Iterator[Problem]] = lambda: iter(())) -> Iterator[None]:
    """Say plainly, as `not-readable`, what only shows while the rows are read.

    A Parquet file whose rows are damaged is such a thing, and a file that changes meanwhile.

    Args:
        find: which files it is, where that is known.

    Raises:
        InvalidTables: `not-readable`.
    """
    try:
        yield
    except InvalidTables as error:
        unnamed = all(problem.path == "" for problem in error.problems)
        raise (InvalidTables(named) if unnamed and (named := [*find()]) else error) from None
    except DAMAGED as error:
        if getattr(error, "errno", None) or is_full_disk(error):
            raise  # not the table's fault
        message = "A table cannot be read to its end: a file is damaged, or has changed meanwhile."
        hint = "Write it anew, as Parquet or CSV (UTF-8)."
        raise InvalidTables([*find()] or [Problem("not-readable", "", message, hint)]) from None


def damaged(
    folder: Path, model: type[History], options: InputOptions = AS_WRITTEN
) -> Iterator[Problem]:
    """The files of a folder that cannot be read to their end."""
    known = contract(model)
    for name, parts in parts_of(folder, known, options)[0].items():
        for part in parts:
            yield from _opened(part, known[name], options, is_whole=True)[1]


def _pieces(
    files: Sequence[TextFile | ParquetFile], table: TableContract, options: InputOptions
) -> Iterator[Piece]:
    """The files of a table; neighbours of one header as one, for there may be thousands."""
    for _, alike in groupby(files, key=lambda file: (file.part.labels, type(file), file.header)):
        same = list(alike)
        frame = same[0].scanned([file.part.path for file in same])
        columns = frame.collect_schema().names()
        for label, value in same[0].part.labels:
            # a folder that names no column of the table says where files lie, and no fact
            if options.naming(table, [label])[label] in expected_columns(table):
                # beside what says it already it keeps apart, and is then found to be said twice
                while label in columns:
                    label = f" {label}"  # noqa: PLW2901 - it is the same label, under another name
                columns.append(label)
                frame = frame.with_columns(pl.lit(value, pl.String).alias(label))
        yield Piece.of(frame, same[0].part.name)


def _joined(
    pieces: Mapping[str, Sequence[Piece]],
    known: Mapping[str, TableContract],
    options: InputOptions,
    problems: list[Problem],
) -> dict[str, pl.LazyFrame]:
    """Each table as one frame, under our names.

    Raises:
        InvalidTables: the problems that there are already, and all that does not fit.
    """
    if ACCOUNTS not in pieces:
        message = f"There is no table `{ACCOUNTS}`: it says which accounts there are."
        problems.append(Problem("missing-table", ACCOUNTS, message, "Add it; ids alone will do."))
    for name, of_table in pieces.items():
        alike: dict[object, Piece] = {}
        for each in of_table:  # of a thousand files there are a few kinds
            alike.setdefault(tuple(each.kinds.items()), each)
        for piece in alike.values():
            problems += _problems(piece, known[name], options)
        problems += said_twice(known[name], _names(of_table, known[name], options))
    problems += options.astray(known.values())
    if problems:
        raise InvalidTables(problems)
    empty = pl.LazyFrame(schema={ACCOUNT_ID: pl.String})
    account = pl.col(ACCOUNT_ID).cast(pl.String)
    found: dict[str, pl.LazyFrame] = {}
    for name, table in known.items():
        named = (with_names(piece.frame, table, options) for piece in pieces.get(name, ()))
        read = [with_moments(each, table, options).with_columns(account) for each in named]
        found[name] = _as_one(read) if read else empty
    return found


def _names(pieces: Sequence[Piece], table: TableContract, options: InputOptions) -> set[str | None]:
    """All columns of a table, in whichever of its pieces, under our names."""
    return {name for each in pieces for name in options.naming(table, list(each.kinds)).values()}


def _problems(piece: Piece, table: TableContract, options: InputOptions) -> Iterator[Problem]:
    """What does not fit of one piece, once its columns have our names."""
    naming = options.naming(table, list(piece.kinds))
    moments = moment_columns(table)
    kinds: dict[str, Kinds] = {}
    for theirs, ours in naming.items():
        if ours is None:
            continue
        if ours in kinds:
            other = next(each for each, name in naming.items() if name == ours)
            words = f"`{table.name}` has `{ours}` twice: `{shown(other)}` and `{shown(theirs)}`."
            hint = "Leave one out with `--ignore-column`, or name it with `--rename`."
            yield Problem("duplicate-column", f"{table.name}.{ours}", words, hint)
            continue
        held = piece.kinds[theirs]
        if options.number_unit is not None and ours in moments:
            held = FrozenDict({kind: row for kind, row in held.items() if not kind.is_numeric()})
        kinds[ours] = held
    yield from misfits(table, kinds, piece.where)


def _as_one(frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Parts of a table as one; what they hold in columns of several kinds becomes text."""
    if len(frames) == 1:
        return frames[0]
    schemas = [frame.collect_schema() for frame in frames]
    kinds: dict[str, set[pl.DataType]] = {}
    for schema in schemas:
        for column, kind in schema.items():
            kinds.setdefault(column, set()).add(kind)
    mixed = {name for name, held in kinds.items() if len(held - {pl.Null()}) > 1}
    return pl.concat(
        [
            frame.with_columns(
                as_text(pl.col(name), kind).alias(name)
                for name, kind in schema.items()
                if name in mixed
            )
            for frame, schema in zip(frames, schemas, strict=True)
        ],
        how="diagonal_relaxed",
    )
