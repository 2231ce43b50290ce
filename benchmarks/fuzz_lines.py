"""Lines of every kind, read many at once and each by itself: the same rows, or the same problems.

Histories are drawn for a model from its shape and garbled, as `fuzz_reading.py` does; a thousand of
them are one file of JSON lines.

    python benchmarks/fuzz_lines.py --lines 1000000 --seed 7

The first line that is read differently is printed, and the exit status is 1.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from fuzz_reading import texts

from eligibility import AccountHistory, EligibilityError, History, read_history
from eligibility.batch.tables.convert import Filling
from eligibility.batch.tables.decoder import decoder_of
from eligibility.batch.tables.json_lines import LINE, REJECTS, read_lines
from eligibility.batch.tables.schema import ACCOUNTS, contract
from eligibility.errors import shown

AT_ONCE = 1_000


def line_of(text: str | bytes) -> bytes:
    """A text as one line; where it broke, a blank or nothing, or a sign that is white space too."""
    line = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return line.replace(b"\r\n", b"").replace(b"\n", b" ").rstrip(b"\r")


def read_by_themselves(lines: list[bytes], model: type[History]) -> Any:
    """The tables, the lines of their accounts, and the rejects, as `read_history` has them."""
    histories, numbers, rejects = [], [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            histories.append(read_history(line, model))
            numbers.append(number)
        except EligibilityError as error:
            rejects += [(number, each.code, each.path, each.message) for each in error.problems]
    filling = Filling(model)
    for history in histories:
        filling.add(history)
    tables = filling.tables()
    tables[ACCOUNTS] = tables[ACCOUNTS].with_columns(pl.Series(LINE, numbers, dtype=pl.Int64))
    return {name: table.rows() for name, table in tables.items()}, rejects


def read_at_once(lines: list[bytes], model: type[History], folder: Path) -> Any:
    """The same, as they are read from a file."""
    path = folder / "histories.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    with tempfile.TemporaryDirectory(dir=folder) as chunks:
        found: dict[str, list[Any]] = {name: [] for name in contract(model)}
        rejects = []
        for place in read_lines(path, Path(chunks), model, workers=1):
            for name, rows in found.items():
                rows.extend(pl.read_parquet(place / f"{name}.parquet").rows())
            for text in place.joinpath(REJECTS).read_text("utf-8").splitlines():
                said = json.loads(text)
                rejects.append((said[LINE], said["code"], said["path"], said["message"]))
    return found, rejects


def differing(lines: list[bytes], model: type[History], folder: Path) -> list[bytes]:
    """The fewest lines that are read differently at once, of the first half that has some."""
    if read_at_once(lines, model, folder) == read_by_themselves(lines, model):
        return []
    middle = len(lines) // 2
    halves = (lines[:middle], lines[middle:]) if middle else ()
    return next(filter(None, (differing(half, model, folder) for half in halves)), lines)


def some_lines(rng: Random, model: type[History], count: int) -> list[bytes]:
    """Lines of a model, the first of which does not begin with a mark, which a file may have."""
    drawn = map(line_of, texts(rng, model))
    return [b"{}", *islice(drawn, count - 1)]


def main() -> int:
    """Compare, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent / "examples" / "second_case"))
    from flo import FloHistory  # noqa: PLC0415 - the example is no package

    rng, seen = Random(asked.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        while seen["lines"] < asked.lines:
            model = rng.choice((AccountHistory, AccountHistory, AccountHistory, FloHistory))
            lines = some_lines(rng, model, AT_ONCE)
            if odd := differing(lines, model, Path(folder)):
                for line in odd:
                    print(f"{model.__name__} of {shown(repr(line), 4_000)}")
                    print(f"  at once:   {read_at_once([line], model, Path(folder))}")
                    print(f"  by itself: {read_by_themselves([line], model)}")
                return 1
            decode = decoder_of(model)
            seen["lines"] += len(lines)
            seen["decoded at once"] += sum(decode(each) is not None for each in lines)
    print(", ".join(f"{count:,} {what}" for what, count in seen.items()), "; all read alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
