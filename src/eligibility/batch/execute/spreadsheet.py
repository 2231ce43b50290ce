"""Tables as CSV that a spreadsheet shows and never runs.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, also behind blanks.
An id comes from outside, so it may be one on purpose. Such a text gets a `'` in front, which is how
spreadsheets themselves mark a text; one that begins with `'` gets another, so that taking one `'`
off always gives the text back.
"""

from pathlib import Path
from typing import Final

import polars as pl

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
    texts = [name for name, kind in frame.collect_schema().items() if kind == pl.String]
    safe = frame.with_columns(guarded(pl.col(name)) for name in texts)
    safe.sink_csv(file, quote_style="non_numeric", engine="streaming")
