"""From the bytes of a file to its lines: the encoding is found first, and lines have an end.

A byte order mark says the encoding. Without one, UTF-16 and UTF-32 show themselves by the zeros
that stand beside every letter of the header. All else is strict UTF-8, or Windows-1252 for want
of better. A NUL that is left after that shows that the bytes are something else.
"""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from eligibility.linkedin.codes import UnreadableFile
from eligibility.linkedin.entries import Entry
from eligibility.linkedin.stream import Limits

#: What a file is read as if its bytes are no UTF-8.
FALLBACK: Final = "cp1252"
#: Longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings without a mark: bytes of a unit, and which of them are zero in a letter of English.
_WIDE: Final = (
    ("utf-32-le", 4, (1, 2, 3)),
    ("utf-32-be", 4, (0, 1, 2)),
    ("utf-16-le", 2, (1,)),
    ("utf-16-be", 2, (0,)),
)
_SAMPLE: Final = 512


@contextmanager
def open_text(entry: Entry, encoding: str | None = None) -> Iterator[tuple[TextIO, str]]:
    """A file as text, its line ends as they are, and its encoding, found if it is not given."""
    with entry.open() as stream:
        name = encoding or _encoding(stream.peek(_SAMPLE)[:_SAMPLE])
        errors = "replace" if name == FALLBACK else "strict"
        with io.TextIOWrapper(stream, encoding=name, errors=errors, newline="") as text:
            yield text, name


def _encoding(start: bytes) -> str:
    """The encoding, by the first bytes.

    >>> [_encoding("Date,Content".encode(name)) for name in ("utf-8", "utf-16-be", "utf-32-le")]
    ['utf-8', 'utf-16-be', 'utf-32-le']
    """
    marked = (name for mark, name in _MARKS if start.startswith(mark))
    return next(marked, None) or next((wide[0] for wide in _WIDE if _shows(start, *wide)), "utf-8")


def _shows(start: bytes, _name: str, size: int, zeros: tuple[int, ...]) -> bool:
    """Whether most units of the sample are letters of English in a wide encoding."""
    units = [start[at : at + size] for at in range(0, len(start) - size + 1, size)]
    letters = sum(all((byte == 0) == (at in zeros) for at, byte in enumerate(u)) for u in units)
    return letters > len(units) / 2


def lines_of(text: TextIO, limits: Limits) -> Iterator[str]:
    """The lines, none of them longer than the limit: `csv` takes each in one piece.

    Raises:
        UnreadableFile: at the first line that is too long, or holds a NUL.
    """
    while line := text.readline(limits.line_chars):
        if len(line) == limits.line_chars and not line.endswith(("\n", "\r")):
            raise UnreadableFile("archive-file-long-line", limits.way_out("line_chars"))
        if "\0" in line:
            raise UnreadableFile("archive-file-encoding")
        yield line
