"""A folder of tables as files: every entry is a part of a table, means nothing, or is refused.

What comes in is the user's folder; what goes out is, for each table, its parts in order. A table is
one file, or a folder of parts, however deep. Nothing is passed over but the names that mean nothing
to anybody (`_MEANS_NOTHING`), and what the caller says to leave out.
"""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from attrs import Factory, define, evolve, frozen

from eligibility.batch.errors import InvalidTables
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.schema import TableContract
from eligibility.errors import Problem, shown

#: Files of text that are read, and what parts their columns if their header does not tell.
TEXTS: Final = {".csv": ",", ".csv.gz": ",", ".tsv": "\t", ".tsv.gz": "\t"}
#: How a Parquet file may be called; one without such an ending is known by its first bytes.
PARQUETS: Final = (".parquet", ".parq", ".pq")
GZIP: Final = b"\x1f\x8b"
#: How texts begin that are written in UTF-16.
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
#: Nothing but brackets on its first line: each of its lines would be taken for an account.
_LAID_OUT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[][{\[ \t]*[\r\n]")
_PARQUET: Final = b"PAR1"
#: How files of other kinds begin, whatever they are called.
_FIRST_BYTES: Final = {
    b"PK\x03\x04": ".zip",
    GZIP: ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zX": ".xz",
}
#: Names that tools leave behind, which hold no rows; besides hidden ones and those with `_`.
_MEANS_NOTHING: Final = ("thumbs.db", "desktop.ini")
#: What lies in the folder of a table of which some files are no longer, or not yet, part.
_LOGS: Final = {"_delta_log": "Delta", ".hoodie": "Hudi"}
_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"
_AS_CSV: Final = "Write it as CSV (UTF-8) or Parquet."
_LINES: Final = (".jsonl", ".ndjson", ".json")
#: What other files are, and the way out.
_OTHERS: Final = {
    ".parquet.gz": ("a Parquet file that is compressed once more", "Unpack it."),
    ".zip": ("a ZIP archive", "Unpack it."),
    ".gz": ("compressed, and its name does not say what is in it", "Call it `.csv.gz`, or unpack."),
    ".zst": ("compressed with zstd", "Unpack it, or compress it with gzip."),
    ".bz2": ("compressed with bzip2", "Unpack it, or compress it with gzip."),
    ".xz": ("compressed with xz", "Unpack it, or compress it with gzip."),
    ".lz4": ("compressed with LZ4", "Unpack it, or compress it with gzip."),
    ".xlsx": ("a spreadsheet", "Save each sheet as `CSV UTF-8`, under the name of its table."),
    ".json": ("JSON", _AS_CSV),
    ".jsonl": ("JSON lines", "Give a file of histories as IN by itself, or write CSV or Parquet."),
    ".arrow": ("an Arrow file", "Write it as Parquet."),
    ".orc": ("an ORC file", "Write it as Parquet."),
    ".avro": ("an Avro file", "Write it as Parquet."),
    ".txt": ("a text file that may be anything", "If it is a table, call it `.csv` or `.tsv`."),
}
_SAME: Final = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".feather", ".ipc"), ".arrow"),
    ".ndjson": ".jsonl",
    ".zstd": ".zst",
    ".7z": ".zip",
    ".tgz": ".zip",
    ".tar": ".zip",
}


@frozen
class TableFile:
    """One file of a table.

    `name`: the path inside the input folder, with `/`, as people see it. `separator`: of a text
    file, what its ending says; None for Parquet. `labels`: what folders `name=value` say of all its
    rows, None for a value that is not known.
    """

    path: Path
    name: str
    separator: str | None
    labels: tuple[tuple[str, str | None], ...] = ()


def parts_of(
    folder: Path, known: Mapping[str, TableContract], options: InputOptions = AS_WRITTEN
) -> tuple[dict[str, list[TableFile]], list[Problem]]:
    """The parts of each table of a folder, in the order of their names; and all that is wrong.

    That is every entry that is neither a part of a table nor left out, and a table that is there
    twice, or has a folder and no part.

    Raises:
        InvalidTables: it is no folder.
    """
    if not folder.is_dir():
        check_lines(folder)
        words = "is no folder of tables"
        raise InvalidTables([wrong_file(folder.name, words, "Name their folder.")])
    walk = _Walk(options)
    tables: dict[str, list[TableFile]] = {}
    seen: dict[str, str] = {}
    for path in walk.entries(folder, ""):
        table = table_name(path)
        if table not in known:
            if not walk.is_strange(path):
                hint = f"Its tables are {', '.join(known)}. {_leave_out(path.name)}"
                walk.refuse(path.name, "is no table of this history", hint, "unknown-table")
        elif table in seen:
            message = f"`{table}` is there twice: `{shown(path.name)}` and `{shown(seen[table])}`."
            hint = f"Keep one of them, or put both into a folder `{table}`."
            walk.problems.append(Problem("duplicate-table", table, message, hint))
        else:
            seen[table] = path.name
            tables[table] = list(walk.parts(path, path.name, ()))
    return tables, walk.problems


def table_name(path: Path) -> str:
    """The table that a file or folder is called after.

    >>> table_name(Path("Messages.csv.gz"))
    'messages'
    """
    name = path.name.lower()
    ends = [end for end in (*TEXTS, *PARQUETS) if name.endswith(end)]
    return name.removesuffix(max(ends, key=len, default=""))


def other_kind(name: str, head: bytes) -> tuple[str, str] | None:
    """What a file is that is no table, by its name or its first bytes, and the way out."""
    lower = name.lower()
    ends = [end for end in (*_OTHERS, *_SAME) if lower.endswith(end)]
    if ends:
        end = max(ends, key=len)
        return _OTHERS[_SAME.get(end, end)]
    packed = _packed(head)
    return _OTHERS[packed] if packed else None


def _packed(head: bytes) -> str | None:
    """How a file is compressed, by its first bytes."""
    return next((end for start, end in _FIRST_BYTES.items() if head.startswith(start)), None)


def check_lines(path: Path) -> None:
    """See that a file may be one of JSON lines, by its name and its first bytes.

    Raises:
        InvalidTables: `not-readable`, it is something else; `no-accounts`, nothing stands in it.
    """
    name = shown(path.name, 120)
    try:
        mode = path.stat().st_mode
        head = head_of(path) if stat.S_ISREG(mode) else b""
        size = path.stat().st_size
    except OSError as error:
        words = f"cannot be read: {error.strerror or 'unknown cause'}"
        raise InvalidTables([wrong_file(name, words, "Name another.")]) from None
    is_table = table_name(path) != path.name.lower() or head == _PARQUET
    lines = tuple(f"{kind}{packed}" for kind in _LINES for packed in ("", ".gz"))
    what = None if path.name.lower().endswith(lines) else other_kind(path.name, head)
    if not stat.S_ISREG(mode):
        words, hint = "is no file: it is a pipe, a socket or a device", "Write a file."
    elif is_table:
        words = "is one table, and no file of histories as JSON lines"
        hint = "Name the folder that it lies in, with one file for each table."
    elif what is not None and not path.name.lower().endswith(".txt"):
        words, hint = f"is {what[0]}, and no file of histories as JSON lines", what[1]
    elif _packed(head):
        words, hint = "is compressed, and no file of histories as JSON lines", "Unpack it."
    elif head.startswith(UTF16) or b"\0" in head:
        words, hint = "is no text, or is written in UTF-16", "Save it as UTF-8."
    elif _LAID_OUT.match(head_of(path, 64)):
        words = "is JSON laid out over several lines, and no file of histories as JSON lines"
        hint = "Write each history on one line, or give one history to `eligibility check`."
    elif size == 0:
        message = f"There are no accounts: `{name}` is empty."
        hint = "Give a file with one history on each line."
        raise InvalidTables([Problem("no-accounts", name, message, hint)])
    else:
        return
    raise InvalidTables([wrong_file(name, words, hint)])


def head_of(path: Path, most: int = 4) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(most)


def wrong_file(name: str, words: str, hint: str, code: str = "not-readable") -> Problem:
    """That something is wrong with a file or a folder; the way out."""
    where = shown(name, 120)
    return Problem(code, where, f"`{where}` {words}.", hint)


def _leave_out(name: str) -> str:
    return f"To leave it out, say `--ignore-file {shown(name, 80)}`."


@define
class _Walk:
    """A walk through an input folder, with what is wrong on the way."""

    options: InputOptions
    problems: list[Problem] = Factory(list)
    #: The folders that the walk is in: a link may lead back to one of them.
    inside: list[tuple[int, int]] = Factory(list)

    def refuse(self, name: str, words: str, hint: str, code: str = "not-readable") -> None:
        """Note an entry that is not read."""
        self.problems.append(wrong_file(name, words, hint, code))

    def entries(self, folder: Path, name: str) -> Iterator[Path]:
        """The entries of a folder that mean something, sorted."""
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            words = f"cannot be opened: {error.strerror or 'unknown cause'}"
            self.refuse(name or folder.name, words, "See who may read it.")
            return
        for path in paths:
            inner = f"{name}/{path.name}" if name else path.name
            if {path.name, inner} & set(self.options.ignore_files):
                continue
            if path.name in _LOGS:
                words = f"is the log of a {_LOGS[path.name]} table, of which not every file counts"
                self.refuse(inner, words, "Export the table as plain Parquet.")
            elif not means_nothing(path.name):
                yield path

    def is_strange(self, path: Path) -> bool:
        """Whether an entry is refused for what it is, whatever table it should be of; say so."""
        before = len(self.problems)
        if self._mode(path, path.name) is not None and path.is_file():
            list(self._file(path, path.name, ()))
        return len(self.problems) > before

    def parts(
        self, path: Path, name: str, labels: tuple[tuple[str, str | None], ...]
    ) -> Iterator[TableFile]:
        """The parts that an entry of a table is, or holds."""
        mode = self._mode(path, name)
        if mode is None:
            return
        if not stat.S_ISDIR(mode):
            yield from self._file(path, name, labels)
            return
        place = path.stat().st_dev, path.stat().st_ino
        if place in self.inside:
            self.refuse(name, "leads back to a folder that it is in", "Remove it.")
            return
        before, count = len(self.problems), 0
        self.inside.append(place)
        for entry in self.entries(path, name):
            for part in self.parts(entry, f"{name}/{entry.name}", (*labels, *_label(entry))):
                count += 1
                yield part
        self.inside.pop()
        if not count and len(self.problems) == before:
            hint = f"Put its files there, or remove it. {_leave_out(name)}"
            self.refuse(name, "is a folder without a part of a table", hint)

    def _mode(self, path: Path, name: str) -> int | None:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            is_link = path.is_symlink()
            words = (
                "is a link that leads nowhere" if is_link else f"cannot be read: {error.strerror}"
            )
            self.refuse(name, words, f"Mend or remove it. {_leave_out(name)}")
            return None
        if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
            return mode
        words = "is no file: it is a pipe, a socket or a device"
        self.refuse(name, words, f"Write a file. {_leave_out(name)}")
        return None

    def _file(
        self, path: Path, name: str, labels: tuple[tuple[str, str | None], ...]
    ) -> Iterator[TableFile]:
        lower = path.name.lower()
        separator = next((TEXTS[end] for end in TEXTS if lower.endswith(end)), None)
        try:
            head = head_of(path)
        except OSError as error:
            words = f"cannot be opened: {error.strerror or 'unknown cause'}"
            self.refuse(name, words, "See who may read it.")
            return
        is_parquet = head == _PARQUET
        part = TableFile(path, name, separator, labels)
        if not head:
            words, hint = "is empty: it has not even a header", "Write it again, or remove it."
        elif separator is not None and not is_parquet and _packed(head) in (None, ".gz"):
            yield part
            return
        elif separator is not None:
            kind = "Parquet" if is_parquet else _OTHERS[_packed(head) or ".zip"][0]
            words, hint = f"is called a text file, and is {kind}", "Name it after what it is."
        elif is_parquet and other_kind(path.name, b"") is None:
            yield evolve(part, separator=None)
            return
        elif lower.endswith(PARQUETS):
            words, hint = "is called a Parquet file, and is none", _AS_CSV
        else:
            what = other_kind(path.name, head)
            words, hint = what or ("no file of a table: neither CSV nor Parquet", _AS_CSV)
            words = f"is {words}"
        self.refuse(name, words, f"{hint} {_leave_out(path.name)}")


def means_nothing(name: str) -> bool:
    """Whether a name is one of those that tools leave behind, of which nothing is read.

    >>> [means_nothing(name) for name in (".DS_Store", "_SUCCESS", "__MACOSX", "part-0.csv")]
    [True, True, True, False]
    """
    lower = name.lower()
    return lower.startswith((".", "_", "~$")) or lower.endswith(".crc") or lower in _MEANS_NOTHING


def _label(path: Path) -> tuple[tuple[str, str | None], ...]:
    """What the name of a folder says of all rows inside it, if it is `name=value`."""
    name, equals, value = path.name.partition("=")
    if not (equals and name and path.is_dir()):
        return ()
    return ((unquote(name), None if value == _NO_VALUE else unquote(value)),)
