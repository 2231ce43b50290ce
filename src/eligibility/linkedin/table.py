"""One CSV file, read row by row from front to back. Memory does not grow with the file.

An entry's bytes come in; rows go out, with cells found by normalised column name. The encoding
comes from the byte order mark, else it is strict UTF-8, else Windows-1252 with a note. The header
is looked for in the first ten records, because some exports put notes above it.
"""

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain, islice
from typing import Final, Generic, TextIO, TypeVar

from attrs import define, field, frozen

from eligibility.errors import Problem
from eligibility.linkedin.archive import Entry
from eligibility.linkedin.codes import UnreadableFile, problem, refusal
from eligibility.linkedin.stream import Limits
from eligibility.linkedin.times import read_time

T = TypeVar("T")

_HEADER_WITHIN: Final = 10
_HEAD_LINES: Final = 60
_DELIMITERS: Final = (",", "\t", ";")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONG_LINE: Final = "archive-file-long-line"
_FALLBACK: Final = "cp1252"


def normalised(name: str) -> str:
    r"""A column name with nothing but its letters and digits, in lower case.

    >>> normalised("\ufeffSENDER PROFILE URL"), normalised("inviterProfileUrl")
    ('senderprofileurl', 'inviterprofileurl')
    """
    return "".join(char for char in name.casefold() if char.isalnum())


@frozen
class Shape:
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

    @property
    def surplus(self) -> bool:
        """Whether there are more cells, with something in them, than the header announces."""
        return any(cell.strip() for cell in self.cells[len(self.columns) :])


@define
class Table:
    """The rows of one file. Iterate over it once; then `blank` and `problem` are final."""

    columns: dict[str, int]
    encoding: str
    _reader: Iterator[list[str]] = field(repr=False)
    _number: int
    _times: tuple[str, ...]
    _where: str
    _limits: Limits
    blank: int = 0
    problem: Problem | None = None

    @property
    def recoded(self) -> bool:
        """Whether the encoding is a fallback, so that letters beyond ASCII may be wrong."""
        return self.encoding == _FALLBACK

    def __iter__(self) -> Iterator[Row]:
        while True:
            self._number += 1
            if self._number > self._limits.rows:
                hint = "If it is honest, raise `Limits.rows`."
                raise refusal("archive-too-many-rows", self._where, hint)
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.problem = self._broken(str(error))
                return
            except UnreadableFile as error:
                if error.code != _LONG_LINE:
                    raise
                self.problem = problem(error.code, self._where, self._lost())
                return
            if any(map(str.strip, cells)):
                yield Row(self._number, self._mended(cells), self.columns)
            else:
                self.blank += 1

    def _broken(self, why: str) -> Problem:
        """Rows behind a broken quotation may be pieces of a message: none of them is believed."""
        if "field limit" in why:
            hint = f"{self._lost()} Call `csv.field_size_limit` with more before reading."
            return problem("archive-file-long-field", self._where, hint)
        return problem("archive-file-quoting", self._where, self._lost())

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
    entry: Entry, shape: Shape, take: Callable[[Table], T], *, where: str, limits: Limits
) -> Read[T]:
    """Give a file's rows to `take`, which must make its result anew if it is called again.

    Args:
        entry: the file.
        shape: what kind of table it is.
        take: reads the rows and says what they come to.
        where: what a report calls the file.
        limits: rows, and characters of a line.

    Raises:
        UnreadableFile: nothing of the file can be used.
    """
    try:
        return _read(entry, None, shape, take, where, limits)
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise UnreadableFile("archive-file-encoding") from None
    return _read(entry, _FALLBACK, shape, take, where, limits)


def columns_of(entry: Entry, shape: Shape, limits: Limits) -> frozenset[str]:
    """The columns of a file of an unknown name, if its header is known; else none."""

    def columns(table: Table) -> frozenset[str]:
        return frozenset(table.columns)

    try:
        return read_table(entry, shape, columns, where="", limits=limits).value
    except UnreadableFile as error:
        if error.code == "archive-file-no-header":
            return frozenset()
        raise


def _encoding(stream: io.BufferedReader) -> str:
    start = stream.peek(4)
    return next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")


def _read(  # noqa: PLR0913, PLR0917 - the two calls above pass on what they were given
    entry: Entry,
    encoding: str | None,
    shape: Shape,
    take: Callable[[Table], T],
    where: str,
    limits: Limits,
) -> Read[T]:
    with entry.open() as stream:
        encoding = encoding or _encoding(stream)
        errors = "replace" if encoding == _FALLBACK else "strict"
        with io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="") as text:
            head, lines = _head(_lines(text, limits))
            delimiter, columns, number, line = _header(head, shape)
            reader = csv.reader(chain(head[line:], lines), delimiter=delimiter, strict=True)
            table = Table(columns, encoding, reader, number, shape.times, where, limits)
            value = take(table)
            return Read(value, table.blank, table.recoded, table.problem)


def _lines(text: TextIO, limits: Limits) -> Iterator[str]:
    """The lines, none of them longer than the limit: `csv` takes each in one piece."""
    while line := text.readline(limits.line_chars):
        if len(line) == limits.line_chars and not line.endswith(("\n", "\r")):
            raise UnreadableFile(_LONG_LINE)
        yield line


def _head(lines: Iterator[str]) -> tuple[list[str], Iterator[str]]:
    """The lines in which the header is looked for, and those behind them."""
    head: list[str] = []
    try:
        head.extend(islice(lines, _HEAD_LINES))
    except UnreadableFile as error:
        if error.code != _LONG_LINE:
            raise
        return head, _raising(error)
    return head, lines


def _raising(error: UnreadableFile) -> Iterator[str]:
    """No lines: what was wrong with the next one comes up when it is its turn."""
    yield from ()
    raise error


def _header(head: list[str], shape: Shape) -> tuple[str, dict[str, int], int, int]:
    """The delimiter, the columns, the header's row number, and the line behind the header."""
    for delimiter in _DELIMITERS:
        reader = csv.reader(head, delimiter=delimiter)
        try:
            for number, cells in enumerate(islice(reader, _HEADER_WITHIN), 1):
                names = [normalised(cell) for cell in cells]
                if shape.fits(names):
                    return delimiter, _columns(names, shape), number, reader.line_num
        except csv.Error:
            continue
    raise UnreadableFile("archive-file-no-header")


def _columns(names: list[str], shape: Shape) -> dict[str, int]:
    """Where each column stands. One that nobody needs may stand twice, or have no name."""
    for name in shape.used.union(*shape.known_by):
        if names.count(name) > 1:
            raise UnreadableFile("archive-file-header-twice")
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        columns[name if name and name not in columns else f"{name}#{at}"] = at
    return columns
