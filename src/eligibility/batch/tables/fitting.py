"""Whether names and types of a table fit what a history model asks of it; all that does not."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import polars as pl

from eligibility.batch.tables.foreign import Kinds
from eligibility.batch.tables.options import expected_columns
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    NO_YES,
    STATEMENTS,
    TIME_ZONE,
    TableContract,
    bounds_of,
)
from eligibility.errors import Problem, shown
from eligibility.values.english import counted

#: More than so many names of unknown columns are only counted.
_MOST_NAMED: Final = 5
#: What a type is called to somebody who does not know ours; of each, the class of types.
_WORDS: Final = {
    pl.Boolean: "true and false",
    pl.Datetime: "timestamps",
    pl.Date: "days",
    pl.Time: "times of day",
    pl.Duration: "lengths of time",
    pl.Binary: "bytes",
    pl.List: "lists",
    pl.Array: "lists",
    pl.Struct: "records",
    pl.String: "texts",
}
_IN_BOUNDS: Final = "Write UTC microseconds, a timestamp, or a text like `2024-09`."
# a number would be read as microseconds where somebody may have written years
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum, pl.Null)
_IN_MOMENTS: Final = (
    "Write a text such as `2024-09`, a timestamp, or bounds; or say what its numbers count, with "
    "`--number-unit`."
)


def misfits(table: TableContract, kinds: Mapping[str, Kinds], where: str = "") -> Iterator[Problem]:
    """What does not fit of a table, or of a part of one, which stands in the file `where`."""
    name, expected = table.name, expected_columns(table)
    named = f"`{name}`" if where in ("", name) else f"`{name}` (in `{shown(where, 120)}`)"
    if ACCOUNT_ID not in kinds:
        hint = "Add it; one of another name is renamed with `--rename theirs=account_id`."
        message = f"{named} has no column `{ACCOUNT_ID}`."
        yield Problem("missing", f"{name}.{ACCOUNT_ID}", message, hint)
    strange = [column for column in kinds if column not in expected]
    for column in strange[:_MOST_NAMED]:
        what = f"has no place for `{shown(column, 60)}`"
        if not column.strip():
            what = "has a column without a name: a separator ends its header, or rows are numbered"
        message = f"{named} {what}."
        hint = f"Its columns are {', '.join(sorted(expected))}. "
        hint += f"Leave it out with `--ignore-column {shown(column, 60) or repr('')}`, or name it "
        hint += "with `--rename`."
        yield Problem("unknown-column", f"{name}.{shown(column, 60)}", message, hint)
    if len(strange) > _MOST_NAMED:
        more = counted(len(strange) - _MOST_NAMED, "more column")
        message = f"{named} has {more} that it has no place for."
        yield Problem("unknown-column", name, message, "Leave them out.")
    for column, held in kinds.items():
        if column not in expected:
            continue
        for kind in sorted(held, key=str):
            fits, hint = _fits(column, kind, table)
            if not fits:
                at = f"`{column}`" if (row := held[kind]) is None else f"`{column}` (row {row:,})"
                words = f"{named} holds {_words(kind)} in {at}, which are not read there."
                yield Problem("wrong-type", f"{name}.{column}", words, hint)


def said_twice(table: TableContract, columns: Collection[str | None]) -> Iterator[Problem]:
    """The moments that a table says by themselves and by bounds, be it in different files."""
    for moment in table.moments:
        if moment in columns and any(column in columns for column in bounds_of(moment)):
            message = f"`{table.name}` says `{moment}` in two ways."
            where = f"{table.name}.{moment}"
            hint = f"Keep `{moment}`, or its bounds: one of them in all of its files."
            yield Problem("unknown-column", where, message, hint)


def _words(kind: pl.DataType) -> str:
    if kind.is_numeric():
        return "whole numbers" if kind.is_integer() else "numbers"
    return _WORDS.get(type(kind), "values of a kind")


def _fits(column: str, kind: pl.DataType, table: TableContract) -> tuple[bool, str]:
    """Whether a column can be of a type; and what it should be."""
    is_text = kind in _TEXTS
    is_time = isinstance(kind, pl.Datetime | pl.Date)
    if any(column in bounds_of(moment) for moment in table.moments):
        return is_text or is_time or kind.is_numeric(), _IN_BOUNDS
    if column in table.moments:
        return is_text or is_time, _IN_MOMENTS
    if column in table.flags or table.values.get(column) == NO_YES:
        hint = "Write true, false or unknown."
        return is_text or kind == pl.Boolean or kind.is_numeric(), hint
    if column in table.values:
        listed = isinstance(kind, pl.List | pl.Array) and kind.inner in _TEXTS
        hint = "Write a word of its vocabulary, the word's number, or a list of words."
        return is_text or listed or kind.is_numeric(), hint
    if column == STATEMENTS:
        return is_text, 'Write JSON as text, such as `[{"list": ..., "where": {...}}]`.'
    if column == TIME_ZONE:
        return is_text, "Write a name such as `America/Los_Angeles`."
    return is_text or kind.is_integer(), "Write it as text."
