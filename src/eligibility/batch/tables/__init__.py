"""Tables as people bring them, and JSON lines, as the normalised tables that the statement reads.

The way of a folder: `folder` finds the files of each table; `text_files` and `parquet_files` open
and check them; `scan` makes one frame of each table, under our names (`options`), or says all that
does not fit (`fitting`). Frames of other libraries come in by `foreign`. `cutting` cuts all of them
into parts; `strays` finds the records that are nobody's; `prepare` holds a part's accounts apart
from what does not fit; `parts` writes them, with rejects that name file and row (`places`).

The way of a row: `normalise` takes each column by its kind: moments (`moments`; other notations are
rewritten first, by `notation` and `date_formats`), words (`words`), statements (`stated`).

The way of a line: `json_lines` cuts the file into chunks; `decoder` decodes what is sure to be
valid, and `convert` makes tables of it by the column. `schema` says what all of them come to, and
`identity` which input it was. `guarded` writes results that no spreadsheet runs.
"""
