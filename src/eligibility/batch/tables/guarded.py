"""Results that nothing obeys: JSON lines that no terminal does, CSV that no spreadsheet runs.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, also behind blanks.
An id comes from outside, so it may be one on purpose. Such a text gets a `'` in front, which is how
spreadsheets themselves mark a text; one that begins with `'` gets another, so that taking one `'`
off always gives the text back.
"""

from pathlib import Path
from typing import Final

import polars as pl

from eligibility.errors import escaped

_MANY_BYTES: Final = 1 << 20


def sink_json_lines(frame: pl.LazyFrame, file: Path) -> None:
    """Write each row as a line of JSON, in which whatever is not plain printable is escaped."""
    raw = file.with_name(f"{file.name}.raw")
    frame.sink_ndjson(raw, engine="streaming")
    with raw.open("rb") as lines, file.open("wb") as plain:
        while some := lines.readlines(_MANY_BYTES):  # whole lines, so no character is cut
            text = b"".join(some)
            is_plain = text.isascii() and b"\x7f" not in text
            plain.write(text if is_plain else escaped(text.decode()).encode())
    raw.unlink()


#: How texts begin that are guarded: with blanks or what nobody sees, and then one of these, some of
#: which have full-width twins; with a tab or a line end; or with the mark itself.
_GUARDED: Final = (
    r"^([\s\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}]*"
    r"[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}\x{2212}]|[\t\r\n]|')"
)


def guarded(text: pl.Expr) -> pl.Expr:
    r"""A text that no spreadsheet takes for a formula.

    >>> ids = pl.DataFrame({"id": ["=1+1", " @SUM(A1)", "\t=1", "'quoted", "FICTIONAL-1", None]})
    >>> ids.select(guarded(pl.col("id")))["id"].to_list()
    ["'=1+1", "' @SUM(A1)", "'\t=1", "''quoted", 'FICTIONAL-1', None]
    """
    is_plain = ~text.str.contains(_GUARDED)
    return pl.when(is_plain).then(text).otherwise(pl.concat_str(pl.lit("'"), text))


def sink_csv(frame: pl.LazyFrame, file: Path) -> None:
    """Write a table as CSV (RFC 4180, UTF-8), its texts guarded and in quotes."""
    kinds = frame.collect_schema().items()
    texts = [name for name, kind in kinds if kind == pl.String or isinstance(kind, pl.Enum)]
    safe = frame.with_columns(guarded(pl.col(name).cast(pl.String)) for name in texts)
    safe.sink_csv(file, quote_style="non_numeric", engine="streaming")
