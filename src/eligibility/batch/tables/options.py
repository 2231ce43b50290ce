"""What only the caller can say of tables: how they are written, and what of them to leave out.

One record, for every way in. It is part of what a run is of: said otherwise, it is another run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, get_args

from attrs import asdict, field, frozen

from eligibility.batch.errors import BatchError
from eligibility.batch.tables.date_formats import problem_of
from eligibility.batch.tables.schema import ACCOUNT_ID, TableContract, bounds_of
from eligibility.errors import Problem, shown

#: What a number counts from 1970 on, in UTC: seconds, milliseconds, microseconds, nanoseconds.
NumberUnit = Literal["s", "ms", "us", "ns"]
#: Separators that are hard to type on a command line, and those that a header is tried with.
SEPARATORS: Final = {"tab": "\t", r"\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}

_SEPARATOR: Final = re.compile(r"[!#$%&*,/;<=>?@\\^`|~\t]")

_Pairs: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]


def _pairs(said: _Pairs) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(said).items()))


def _names(said: Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _separator(said: str | None) -> str | None:
    return None if said is None else SEPARATORS.get(said, said)


@frozen
class InputOptions:
    """How tables are written, where they do not say it themselves.

    Args:
        separator: what parts the columns of a text file: one sign, or `tab`.
        date_format: how dates are written: `%d/%m/%Y`, `%m/%d/%Y %H:%M`. Moments in the notation of
            histories are read all the same.
        number_unit: what the numbers of a column of moments count: `s`, `ms`, `us` or `ns`.
        ignore_columns: columns to leave out, as `name` or as `table.name`.
        ignore_files: files and folders to leave out, by name or by path inside the input folder.
        rename: what columns are to be called, by what they are called: `{"created": "sent_at"}` or
            `{"messages.created": "sent_at"}`.

    Raises:
        BatchError: `input-option`, all that cannot be meant.

    >>> InputOptions(separator="tab", rename={"created": "sent_at"}).rename
    (('created', 'sent_at'),)
    """

    separator: str | None = field(default=None, converter=_separator)
    date_format: str | None = None
    number_unit: NumberUnit | None = None
    ignore_columns: tuple[str, ...] = field(default=(), converter=_names)
    ignore_files: tuple[str, ...] = field(default=(), converter=_names)
    rename: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise BatchError(problems)

    def _problems(self) -> Iterator[Problem]:
        if self.separator is not None and not re.fullmatch(_SEPARATOR, self.separator):
            message = f"`{shown(self.separator)}` cannot part columns."
            hint = "Give one sign, such as `;`, or the word `tab`."
            yield Problem("input-option", "separator", message, hint)
        if self.date_format is not None:
            yield from problem_of(self.date_format)
        if self.number_unit not in (None, *get_args(NumberUnit)):
            message = f"`{shown(self.number_unit)}` is no unit of time."
            yield Problem("input-option", "number_unit", message, "Say `s`, `ms`, `us` or `ns`.")

    @property
    def identity(self) -> dict[str, object]:
        """All that is said, for the identity of a run; empty where nothing is."""
        return {name: said for name, said in asdict(self).items() if said}

    def naming(self, table: TableContract, columns: Sequence[str]) -> dict[str, str | None]:
        """What each column of a table is to be called; None for one that is left out.

        Case does not matter, nor whether the words of a name are parted by `_`, `-` or a blank.
        """
        expected = expected_columns(table)
        ours = {self._key(table, theirs): name for theirs, name in self.rename if name in expected}
        ignored = {self._key(table, name) for name in self.ignore_columns}
        found: dict[str, str | None] = {}
        for column in columns:
            key = folded(column)
            name = ours.get(key, key if key in expected else column)
            found[column] = None if key in ignored else name
        return found

    def astray(self, tables: Iterable[TableContract]) -> Iterator[Problem]:
        """What columns are to be called, where no table has a column of that name."""
        names = frozenset().union(*map(expected_columns, tables))
        for theirs, ours in self.rename:
            if ours not in names:
                message = f"`{shown(theirs, 60)}` cannot be called `{shown(ours, 60)}`."
                hint = f"No table has such a column. There are {', '.join(sorted(names))}."
                yield Problem("input-option", "rename", message, hint)

    def _key(self, table: TableContract, said: str) -> str:
        return folded(said.removeprefix(f"{table.name}."))


#: Nothing is said: everything is as the tables themselves say it.
AS_WRITTEN: Final = InputOptions()


def folded(name: str) -> str:
    """A column's name without what changes from tool to tool.

    >>> folded(" Account ID")
    'account_id'
    """
    return re.sub(r"[\s_-]+", "_", name.strip().lstrip("\ufeff")).lower()


def expected_columns(table: TableContract) -> frozenset[str]:
    """All columns that a table may have."""
    return moment_columns(table) | {ACCOUNT_ID, *table.normalised_columns}


def moment_columns(table: TableContract) -> frozenset[str]:
    """The columns that moments are said in: by themselves, or by their bounds."""
    bounds = (column for moment in table.moments for column in bounds_of(moment))
    return frozenset({*table.moments, *bounds})
