"""Tables as JSON lines that no terminal obeys and no reader of lines is torn by."""

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
