"""Text files of tables, CSV and its kin: what their header says, and that their rows are whole.

Polars reads them; but it fills up short rows, and names neither file nor row of what it cannot
read. So each file is checked before: line by line by the column, which is quick; and where that
cannot vouch for a file, row by row.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, cast

import polars as pl
from attrs import define, frozen

from eligibility.batch.tables.folder import GZIP, UTF16, TableFile, head_of, wrong_file
from eligibility.batch.tables.options import SEPARATORS, InputOptions, expected_columns
from eligibility.batch.tables.parquet_files import height
from eligibility.batch.tables.schema import TableContract
from eligibility.errors import Problem, shown

_UTF8: Final = "Save it as UTF-8: in a spreadsheet, `CSV UTF-8 (comma delimited)`."
_RAGGED: Final = "Complete the row; a text with the separator in it stands in quotation marks."
_QUOTES: Final = (
    "A quotation mark inside a text is doubled, and the whole text stands in quotation marks."
)
_BROKEN_HEADER: Final = (
    "has a header with a line end in a name, or quotation marks that do not pair"
)
_ONE_LINE: Final = "Write the header on one line; a quotation mark inside a name is doubled."
#: What DOS and its kin put behind the last row.
_CTRL_Z: Final = "\x1a"
_NO_CTRL_Z: Final = "Take that character out, which marks the end of a file for old programs."
_MAC: Final = "ends lines as old Macs do"
_AS_UTF8: Final = "Save it as `CSV UTF-8`."
#: So many lines are tried for a header, where the first is none.
_MOST_BEFORE: Final = 20
#: Longer headers are none.
_LONGEST_HEADER: Final = 1 << 20
#: Of one file, so many problems are named.
_MOST_NAMED: Final = 5
#: What no text holds: it parts nothing, and so a line is one column.
_NOTHING: Final = "\x1f"
#: What stands for a text in quotation marks, once that has been checked.
_MARKER: Final = "\x1e"
#: A text in quotation marks, these inside it doubled.
_QUOTED: Final = '"(?:[^"]|"")*"'


@frozen
class TextFile:
    """A text file whose header is known: what parts its columns, and what they are called.

    `has_blanks`: whether some rows say nothing at all; they are passed over.
    """

    part: TableFile
    separator: str
    columns: tuple[str, ...]
    has_blanks: bool = False

    @property
    def header(self) -> tuple[object, ...]:
        """What files must share to be scanned as one."""
        return self.separator, self.columns, self.has_blanks

    def scanned(self, paths: Sequence[Path]) -> pl.LazyFrame:
        """The rows of files that all have this header; all is text, and null if nothing stands."""
        frame = pl.scan_csv(
            list(paths),
            separator=self.separator,
            infer_schema=False,
            glob=False,
            with_column_names=lambda _: list(self.columns),
        )
        if self.has_blanks:
            frame = frame.filter(~pl.all_horizontal(pl.all().fill_null("") == ""))
        return frame


def opened(
    part: TableFile, table: TableContract, options: InputOptions
) -> tuple[TextFile | None, list[Problem]]:
    """A text file, once header and rows are checked; or all that is wrong with it."""
    try:
        header = _header(part)
        _check_first(header, options.separator, part, table, options)
        separator = options.separator or _separator(header, part, table, options)
        columns = next(csv.reader([header], delimiter=separator, strict=True), [])
    except csv.Error:
        return None, [wrong_file(part.name, _BROKEN_HEADER, _ONE_LINE)]
    except _Unreadable as error:
        return None, [wrong_file(part.name, *error.args)]
    except (OSError, EOFError, zlib.error) as error:
        return None, [wrong_file(part.name, *_cut_off(error))]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        words = f"has two columns `{shown(twice[0], 60)}`"
        return None, [wrong_file(part.name, words, "Name each column once.")]
    file = TextFile(part, separator, tuple(columns))
    return _checked_rows(file)


class _Unreadable(Exception):
    """What is wrong with a file, and the way out."""


def _cut_off(error: BaseException) -> tuple[str, str]:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read: {error.strerror}", "See who may read it, and whether it is whole."
    return "is damaged, or was cut off: it cannot be unpacked to its end", "Write it again."


def _bytes_of(part: TableFile) -> IO[bytes]:
    """The bytes of a file, unpacked."""
    if head_of(part.path).startswith(GZIP):
        return cast("IO[bytes]", gzip.open(part.path, "rb"))
    return part.path.open("rb")


def _header(part: TableFile) -> str:
    """The first line that is not blank, without its end."""
    with _bytes_of(part) as file:
        line = file.readline(_LONGEST_HEADER)
        if line.startswith(UTF16):
            raise _Unreadable("is written in UTF-16", _UTF8)
        line = line.removeprefix(b"\xef\xbb\xbf")
        while line and not line.strip(b"\r\n"):
            line = file.readline(_LONGEST_HEADER)
    if not line:
        raise _Unreadable("is empty: it has not even a header", "Write it again, or remove it.")
    if b"\0" in line:
        raise _Unreadable("is no text, or is written in UTF-16", _UTF8)
    if line.lower().startswith(b"sep="):
        hint = (
            "Take that line out. If need be, give the separator that it names with `--separator`."
        )
        raise _Unreadable("begins with a line `sep=`, which is for spreadsheets alone", hint)
    text = line.rstrip(b"\r\n")
    if b"\r" in re.sub(_QUOTED.encode(), b"", text):
        raise _Unreadable(_MAC, _AS_UTF8)
    if b"\r" in text:
        raise _Unreadable(_BROKEN_HEADER, _ONE_LINE)
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise _Unreadable("has a header that is not UTF-8", _UTF8) from None


def _separator(header: str, part: TableFile, table: TableContract, options: InputOptions) -> str:
    """What parts the columns: what makes most known names of a header, if only one does."""
    fits = {sign: _known_names(header, sign, table, options) for sign in SEPARATORS.values()}
    best = [separator for separator, count in fits.items() if count == max(fits.values())]
    (found,) = best if len(best) == 1 else (part.separator or ",",)
    return found


def _known_names(header: str, separator: str, table: TableContract, options: InputOptions) -> int:
    names = next(csv.reader([header], delimiter=separator), [])
    return len(expected_columns(table) & set(options.naming(table, names).values()))


def _check_first(
    header: str, separator: str | None, part: TableFile, table: TableContract, options: InputOptions
) -> None:
    """See that no title and no comment stands before the header, which names known columns."""

    def knows(line: str) -> bool:
        signs = SEPARATORS.values() if separator is None else (separator,)
        return any(_known_names(line, sign, table, options) for sign in signs)

    if knows(header):
        return
    with _bytes_of(part) as file:
        lines = [
            file.readline(_LONGEST_HEADER).decode("utf-8-sig", "replace")
            for _ in range(_MOST_BEFORE)
        ]
    at = next((at for at, line in enumerate(lines, 1) if knows(line.rstrip("\r\n"))), None)
    if at is not None:
        words = f"has `{shown(header, 60)}` before its header, which is line {at}"
        raise _Unreadable(words, "Take out what stands before the header.")


def _checked_rows(file: TextFile) -> tuple[TextFile | None, list[Problem]]:
    """The file, if its rows are whole; or which are not."""
    line = pl.col("line")
    has_marks = line.str.contains('"', literal=True)
    bare = pl.when(has_marks).then(line.str.replace_all(_QUOTED, _MARKER)).otherwise(line)
    # what is left of a well quoted text stands alone between two separators
    ends = pl.lit(file.separator)
    apart = re.escape(file.separator)
    is_ill_quoted = pl.format("{}{}{}", ends, bare, ends).str.contains(
        f'"|[^{apart}]{_MARKER}|{_MARKER}[^{apart}]'
    )
    ends_inside = bare.str.contains("\r", literal=True)
    is_odd = line.str.ends_with(_CTRL_Z) | ends_inside | has_marks & is_ill_quoted
    width = bare.str.count_matches(file.separator, literal=True) + 1
    is_ragged = (width != len(file.columns)) & (line != "")
    # a row in which perhaps nothing stands: whether it is so, its cells tell
    is_blank = line.str.strip_chars(f'"{file.separator}').fill_null("") == ""
    lines = pl.scan_csv(
        file.part.path,
        has_header=False,
        separator=_NOTHING,
        quote_char=None,
        schema={"line": pl.String},
        glob=False,
    )
    asked = lines.select(
        is_odd=is_odd.fill_null(value=False),
        is_ragged=is_ragged.fill_null(value=False),
        is_blank=is_blank,
    ).filter(pl.any_horizontal("is_odd", "is_ragged", "is_blank"))
    try:
        found = asked.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError):
        return _row_by_row(file)
    if found["is_odd"].any() or found["is_ragged"].any():
        return _row_by_row(file)
    return TextFile(file.part, file.separator, file.columns, not found.is_empty()), []


def _row_by_row(file: TextFile) -> tuple[TextFile | None, list[Problem]]:
    """The same, by a reader that knows where it is; rows may hold line ends, in quotation marks."""
    part, problems, blanks, rows = file.part, list[Problem](), 0, 0

    def report(row: int, line: int, words: str, hint: str) -> None:
        problems.append(wrong_file(part.name, f"{words}: row {row:,} (line {line:,})", hint))

    try:
        with _bytes_of(part) as stream:
            lines = _Lines(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
            reader = csv.reader(lines, delimiter=file.separator, strict=True)
            records = (cells for cells in reader if cells)
            next(records)
            start = reader.line_num
            for rows, cells in enumerate(records, 1):
                wrong = _wrong_with(cells, lines.last, len(file.columns))
                if wrong is not None and len(problems) < _MOST_NAMED:
                    report(rows, reader.line_num, *wrong)
                blanks += not any(cells)
                start = reader.line_num
    except UnicodeDecodeError:
        report(*_first_strange(part), "has a row that is not UTF-8", _UTF8)
    except csv.Error:
        words = "has quotation marks that do not pair, or a text of more than"
        report(rows + 1, start + 1, f"{words} {csv.field_size_limit():,} characters", _QUOTES)
    except (OSError, EOFError, zlib.error) as error:
        problems.append(wrong_file(part.name, *_cut_off(error)))
    if problems:
        return None, problems
    whole = TextFile(part, file.separator, file.columns, has_blanks=True)
    return _as_polars_has_it(whole, rows - blanks)


def _wrong_with(cells: Sequence[str], line: str, width: int) -> tuple[str, str] | None:
    """What is wrong with a row, which ends in a line; and the way out."""
    if cells[-1].endswith(_CTRL_Z):
        return "ends with Ctrl-Z, which is no text", _NO_CTRL_Z
    if line.endswith("\r"):
        return _MAC, _AS_UTF8
    if len(cells) > width or (len(cells) < width and any(cells)):
        cell = "cell" if len(cells) == 1 else "cells"
        words = f"has {len(cells)} {cell} in a row, where its header has {width}"
        return words, _RAGGED
    return None


@define
class _Lines:
    """The lines of a text, with their ends, and the last one that was read."""

    text: Iterable[str]
    last: str = ""

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.last = line
            yield line


def _as_polars_has_it(file: TextFile, rows: int) -> tuple[TextFile | None, list[Problem]]:
    """The same once more, if Polars finds as many rows in it."""
    try:
        if height(file.scanned([file.part.path])) == rows:
            return file, []
    except (pl.exceptions.PolarsError, OSError):
        pass
    words = "has quotation marks inside texts that have none"
    if head_of(file.part.path).startswith(GZIP):
        words += ", or more bytes behind the end of what is packed"
    return None, [wrong_file(file.part.name, words, _QUOTES)]


def _first_strange(part: TableFile) -> tuple[int, int]:
    """The row and the line of the first bytes that are not UTF-8."""
    blank = 0
    with _bytes_of(part) as stream:
        for number, line in enumerate(stream, 1):
            blank += not line.strip(b"\r\n")
            try:
                line.decode()
            except UnicodeDecodeError:
                return number - 1 - blank, number
    raise AssertionError  # pragma: no cover - it was there a moment ago
