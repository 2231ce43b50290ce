"""The CSV reader, with a limit of a row's length of our own.

Python's `csv` refuses cells of more than 131,072 characters, a setting of the whole process that is
not ours to change. The setting is one of the module's, so the module is loaded once more, for this
package alone; rows are bounded by counting what goes into each of them.
"""

import csv
import importlib.util
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Final, Protocol, cast

from eligibility.linkedin.codes import UnreadableFile
from eligibility.linkedin.stream import Limits

#: More than any row is let have; it fits the C type of the setting everywhere.
_NO_LIMIT: Final = 2**31 - 1


def _own_csv() -> ModuleType:
    """The module behind `csv`, by itself, so that its limit is nobody else's."""
    spec = importlib.util.find_spec("_csv")
    if spec is None or spec.loader is None:  # pragma: no cover - no Python is without it
        return csv
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)
    before = csv.field_size_limit()
    own.field_size_limit(_NO_LIMIT)
    if csv.field_size_limit() != before:  # pragma: no cover - a Python whose modules share it
        csv.field_size_limit(before)
    return own


_OWN: Final = _own_csv()
#: What is raised where the cells cannot be told apart.
CellError: Final[type[Exception]] = _OWN.Error


class RowLines:
    """Lines on their way into the CSV reader, counted row by row.

    The reader takes as many lines as a row has; whoever takes a row out says `next_row`.
    """

    def __init__(self, lines: Iterator[str], limits: Limits) -> None:
        self._lines = lines
        self._limits = limits
        self._chars = 0

    def next_row(self) -> None:
        """A row begins."""
        self._chars = 0

    def __iter__(self) -> "RowLines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._chars += len(line)
        if self._chars > self._limits.row_chars:
            raise UnreadableFile("archive-file-long-row", self._limits.way_out("row_chars"))
        return line


class Cells(Protocol):
    """The cells of each row, and the number of lines that they took so far."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def cells_of(lines: Iterable[str], delimiter: str, *, strict: bool) -> Cells:
    """The cells of each row.

    Args:
        lines: the lines, with their ends.
        delimiter: what stands between cells.
        strict: whether a quotation mark that is not closed, or stands where none may, is an error.
    """
    return cast("Cells", _OWN.reader(lines, delimiter=delimiter, strict=strict))
