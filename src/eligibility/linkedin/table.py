"""One CSV file, read row by row from front to back. Memory does not grow with the file.

An entry's bytes come in; rows go out, with cells found by normalised column name. The header is
looked for in the first ten records, because some exports put notes above it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain, islice
from typing import Final, Generic, TypeVar

from attrs import define, field, frozen

from eligibility.errors import Problem
from eligibility.linkedin.cells import CellError, RowLines, cells_of
from eligibility.linkedin.codes import WAYS_OUT, UnreadableFile, problem
from eligibility.linkedin.entries import Entry
from eligibility.linkedin.stream import Meter
from eligibility.linkedin.text import FALLBACK, lines_of, open_text
from eligibility.linkedin.times import read_time

T = TypeVar("T")

_HEADER_WITHIN: Final = 10
_HEAD_LINES: Final = 60
_DELIMITERS: Final = (",", "\t", ";")
#: What ends the reading of a file at a row; the rows before it stand.
_ENDS_READING: Final = frozenset(
    {"archive-file-encoding", "archive-file-long-line", "archive-file-long-row"}
)
#: No header is longer, has more columns, or a longer name: what has, is not looked at.
_HEAD_CHARS: Final = 65_536
_COLUMNS: Final = 200
_NAME_CHARS: Final = 200
#: What ends a line in other places, but none in CSV: CR and LF alone do.
_OTHER_ENDS: Final = frozenset("\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def normalised(name: str) -> str:
    r"""A column name with nothing but its letters and digits, in lower case.

    >>> normalised("\ufeffSENDER PROFILE URL"), normalised("inviterProfileUrl")
    ('senderprofileurl', 'inviterprofileurl')
    """
    if len(name) > _NAME_CHARS:
        return ""
    return "".join(char for char in name.casefold() if char.isalnum())


@frozen
class Layout:
    """How a kind of table is known, by normalised column names, and what is read of it."""

    known_by: tuple[frozenset[str], ...]
    """Sets of columns, each of them enough to know the header."""
    used: frozenset[str] = frozenset()
    """Columns that are read where the header has them; none of them may stand twice."""
    times: tuple[str, ...] = ()
    """Columns, of which a header has one, whose times may be cut at a comma for want of quotes."""

    def fits(self, columns: Collection[str]) -> bool:
        """Whether a header is that of such a table."""
        return any(needed <= set(columns) for needed in self.known_by)


@frozen
class Row:
    """One row: its number as a spreadsheet counts, the header's rows included, and its cells."""

    number: int
    cells: list[str]
    columns: Mapping[str, int]

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty if the header or the row does not have it."""
        at = self.columns.get(column)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def has(self, *columns: str) -> bool:
        """Whether the row is long enough for those of the columns that the header has."""
        return all(self.columns.get(column, -1) < len(self.cells) for column in columns)

    def says_more_than(self, names: Collection[str]) -> bool:
        """Whether there is something in a column that has none of these names."""
        others = (at for name, at in self.columns.items() if name.partition("#")[0] not in names)
        return any(cell.strip() for at in others for cell in self.cells[at : at + 1])

    @property
    def surplus(self) -> bool:
        """Whether there are more cells, with something in them, than the header announces."""
        return any(cell.strip() for cell in self.cells[len(self.columns) :])


@define
class Table:
    """The rows of one file. Iterate over it once; then `blank` and `problem` are final."""

    columns: dict[str, int]
    encoding: str
    meter: Meter
    where: str
    """What a report calls the file."""
    _lines: RowLines = field(repr=False)
    _delimiter: str
    _number: int
    _times: tuple[str, ...]
    blank: int = 0
    problem: Problem | None = None

    @property
    def recoded(self) -> bool:
        """Whether the encoding is a fallback, so that letters beyond ASCII may be wrong."""
        return self.encoding == FALLBACK

    def __iter__(self) -> Iterator[Row]:
        rows = cells_of(self._lines, self._delimiter, strict=True)
        self.meter.count("rows", self.where, self._number)
        while True:
            self._number += 1
            self._lines.next_row()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except (CellError, UnreadableFile) as error:
                self.problem = self._broken(error)
                return
            self.meter.count("rows", self.where)
            if any(map(str.strip, cells)):
                yield Row(self._number, self._mended(cells), self.columns)
            else:
                self.blank += 1

    def _broken(self, error: Exception) -> Problem:
        """Rows behind a broken quotation may be pieces of a message: none of them is believed.

        Bytes that cannot be had are no matter of rows: then nothing of the file is believed.
        """
        code, hint = "archive-file-quoting", ""
        if isinstance(error, UnreadableFile):
            if error.code not in _ENDS_READING:
                raise error
            code, hint = error.code, error.hint
        return problem(code, self.where, f"{self._lost()} {hint or WAYS_OUT[code]}")

    def _lost(self) -> str:
        return f"Row {self._number} and all after it were not read."

    def _mended(self, cells: list[str]) -> list[str]:
        """The cells, with a time that was cut at its own comma for want of quotes made whole."""
        surplus = len(cells) - len(self.columns)
        at = next((self.columns[name] for name in self._times if name in self.columns), None)
        if at is None or surplus not in (1, 2):
            return cells
        whole = ",".join(cells[at : at + surplus + 1])
        return [*cells[:at], whole, *cells[at + surplus + 1 :]] if read_time(whole) else cells


@frozen
class Read(Generic[T]):
    """What came of reading a table: a value, and what the report must say about the file."""

    value: T
    blank: int
    recoded: bool
    problem: Problem | None


def read_table(
    entry: Entry, shape: Layout, take: Callable[[Table], T], *, where: str, meter: Meter
) -> Read[T]:
    """Give a file's rows to `take`, which must make its result anew if it is called again.

    Args:
        entry: the file.
        shape: what kind of table it is.
        take: reads the rows and says what they come to.
        where: what a report calls the file.
        meter: counts rows and records, and holds the limits.

    Raises:
        UnreadableFile: nothing of the file can be used.
        ArchiveError: a limit is passed.
    """
    before = meter.counts.copy()
    try:
        return _read(entry, None, shape, take, where, meter)
    except UnicodeDecodeError as error:
        if error.encoding.startswith(("utf-16", "utf-32")):
            raise UnreadableFile("archive-file-encoding") from None
    meter.counts = before
    return _read(entry, FALLBACK, shape, take, where, meter)


def columns_of(entry: Entry, shape: Layout, meter: Meter) -> frozenset[str]:
    """The columns of a file of an unknown name, if its header is known; else none."""

    def columns(table: Table) -> frozenset[str]:
        return frozenset(table.columns)

    try:
        return read_table(entry, shape, columns, where="", meter=meter).value
    except UnreadableFile as error:
        if error.code == "archive-file-no-header":
            return frozenset()
        raise


def _read(  # noqa: PLR0913, PLR0917 - the two calls above pass on what they were given
    entry: Entry,
    encoding: str | None,
    shape: Layout,
    take: Callable[[Table], T],
    where: str,
    meter: Meter,
) -> Read[T]:
    with open_text(entry, encoding) as (text, name):
        lines = lines_of(text, meter.limits)
        head, stopped = _head(lines)
        try:
            delimiter, columns, number, line = _header(head, shape)
        except UnreadableFile as error:
            raise stopped or error from None
        if stopped:
            lines = _raising(stopped)
        rest = RowLines(chain(head[line:], lines), meter.limits)
        table = Table(columns, name, meter, where, rest, delimiter, number, shape.times)
        value = take(table)
        return Read(value, table.blank, table.recoded, table.problem)


def _head(lines: Iterator[str]) -> tuple[list[str], UnreadableFile | None]:
    """The lines in which the header is looked for, and what was wrong with the one behind them."""
    head: list[str] = []
    chars = 0
    try:
        for line in islice(lines, _HEAD_LINES):
            head.append(line)
            chars += len(line)
            if chars > _HEAD_CHARS:
                break
    except UnreadableFile as error:
        if error.code not in _ENDS_READING:
            raise
        return head, error
    return head, None


def _raising(error: UnreadableFile) -> Iterator[str]:
    """No lines: what was wrong with the next one comes up when it is its turn."""
    yield from ()
    raise error


def _header(head: list[str], shape: Layout) -> tuple[str, dict[str, int], int, int]:
    """The delimiter, the columns, the header's row number, and the line behind the header."""
    head_lines = [line if len(line) <= _HEAD_CHARS else "" for line in head]
    for delimiter in _DELIMITERS:
        reader = cells_of(head_lines, delimiter, strict=False)
        first = 0
        try:
            for number, cells in enumerate(islice(reader, _HEADER_WITHIN), 1):
                names = [normalised(cell) for cell in cells] if len(cells) <= _COLUMNS else []
                if shape.fits(names):
                    _refuse_rows_within(head_lines[first : reader.line_num], delimiter)
                    return delimiter, _columns(names, shape), number, reader.line_num
                first = reader.line_num
        except CellError:
            continue
    raise UnreadableFile("archive-file-no-header")


def _refuse_rows_within(header: list[str], delimiter: str) -> None:
    """Refuse a header that may have taken rows in: they would be lost, and nobody would know.

    Either a quotation is not closed, or the lines end in what ends none in CSV.
    """
    try:
        cells = next(cells_of(header, delimiter, strict=True))
    except CellError:
        raise UnreadableFile("archive-file-quoting") from None
    if not _OTHER_ENDS.isdisjoint(delimiter.join(cells).strip()):
        raise UnreadableFile("archive-file-line-ends", "Save it with plain line ends (CR LF, LF).")


def _columns(names: list[str], shape: Layout) -> dict[str, int]:
    """Where each column stands. One that nobody needs may stand twice, or have no name."""
    for name in shape.used.union(*shape.known_by):
        if names.count(name) > 1:
            raise UnreadableFile("archive-file-header-twice")
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        columns[name if name and name not in columns else f"{name}#{at}"] = at
    return columns
