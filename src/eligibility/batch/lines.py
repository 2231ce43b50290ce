"""JSON lines to tables made ready: histories one per line, read in a stream on all cores.

The file is cut at line ends into chunks; each is read, validated and written by one worker, as
tables and as a file of rejects, under a temporary name and then renamed. A chunk that stands there
is not read again. What a line means is what `read_history` says: where the quick way through
pydantic cannot vouch for a line, that is asked.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import asdict, frozen
from pydantic import ValidationError

from eligibility.batch.columns import Filling
from eligibility.batch.contract import ACCOUNT_ID, ACCOUNTS, contract
from eligibility.batch.normal import IS_WRONG, normalised
from eligibility.errors import EligibilityError, Problem
from eligibility.model import History, shape
from eligibility.read import MOST_BYTES, read_history, too_large

#: Of `accounts`, where they come from JSON lines: the number of the line, from 1.
LINE: Final = "line"
CHUNK_BYTES: Final = 16 << 20
REJECTS: Final = "rejects.jsonl"
COUNTS: Final = "counts.json"


@frozen
class Chunk:
    """A piece of the file, from `start` to `end` in bytes, whole lines; its first line's number."""

    number: int
    start: int
    end: int
    first_line: int


@frozen
class Counts:
    """What became of what was read: `read` is `fit`, `rejected` and `inconsistent` together."""

    read: int
    fit: int
    rejected: int
    inconsistent: int


def read_lines(  # noqa: PLR0913 - each is one thing that a caller may want to set
    path: Path,
    folder: Path,
    model: type[History],
    *,
    workers: int | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Callable[[int], None] | None = None,
) -> list[Path]:
    """Turn JSON lines into tables made ready.

    Args:
        path: a file of histories, one per line; empty lines are passed over.
        folder: where the chunks go, each a folder of Parquet tables with its rejects and counts.
        model: the history model.
        workers: how many processes; as many as there are cores.
        chunk_bytes: about how many bytes a chunk has.
        progress: told the bytes of each chunk that is done.

    Returns:
        The folders of the chunks, in the order of the lines.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chunks = list(chunks_of(path, chunk_bytes))
    places = [folder / f"chunk-{chunk.number:05}" for chunk in chunks]
    waiting = [
        (chunk, place) for chunk, place in zip(chunks, places, strict=True) if not place.exists()
    ]
    told = progress or (lambda _: None)
    for chunk in chunks:
        if places[chunk.number].exists():
            told(chunk.end - chunk.start)
    count = min(workers or os.cpu_count() or 1, len(waiting))
    if count <= 1:
        for chunk, place in waiting:
            told(read_chunk(path, chunk, place, model))
        return places
    with ProcessPoolExecutor(count, mp_context=get_context("forkserver")) as pool:
        jobs = [pool.submit(read_chunk, path, *each, model) for each in waiting]
        for job in as_completed(jobs):
            told(job.result())
    return places


def chunks_of(path: Path, chunk_bytes: int) -> Iterator[Chunk]:
    """Cut a file at line ends, and count its lines."""
    number = start = at = 0
    first_line = line = 1
    at_once = max(1 << 12, min(chunk_bytes, 1 << 20))
    with path.open("rb") as file:
        while block := file.read(at_once):
            cut = block.rfind(b"\n") + 1
            line += block.count(b"\n")
            at += len(block)
            end = at - len(block) + cut
            if cut and end - start >= chunk_bytes:
                yield Chunk(number, start, end, first_line)
                number, start, first_line = number + 1, end, line
    if at > start:
        yield Chunk(number, start, at, first_line)


def read_chunk(path: Path, chunk: Chunk, place: Path, model: type[History]) -> int:
    """Read one chunk into its folder; how many bytes it has."""
    made = place.with_suffix(".tmp")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    read = _Read(model)
    with path.open("rb") as file:
        file.seek(chunk.start)
        for number, line in enumerate(_lines(file, chunk), chunk.first_line):
            read.line(number, line)
    for name, table in read.tables().items():
        table.write_parquet(made / f"{name}.parquet")
    with (made / REJECTS).open("w", encoding="utf-8") as rejects:
        rejects.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in read.rejects())
    (made / COUNTS).write_text(json.dumps(asdict(read.counts())), encoding="utf-8")
    made.rename(place)
    return chunk.end - chunk.start


def _lines(file: Any, chunk: Chunk) -> Iterator[bytes | int]:
    """The lines of a chunk without their ends; of one that is too long, how long it is."""
    left = chunk.end - chunk.start
    while left > 0:
        line = file.readline(min(left, MOST_BYTES + 2))
        left -= len(line)
        if len(line) > MOST_BYTES + 1 and not line.endswith(b"\n"):
            size = len(line)
            while left > 0 and not line.endswith(b"\n"):
                line = file.readline(min(left, 1 << 20))
                left, size = left - len(line), size + len(line)
            yield size
            continue
        if chunk.start == 0 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        yield line.rstrip(b"\r\n")


class _Read:
    """What a chunk holds, as far as it has been read."""

    def __init__(self, model: type[History]) -> None:
        self.model = model
        self.lists = tuple(shape(model).lists)
        self.groups = {path.partition(".")[0] for path in shape(model).yes_no if "." in path}
        self.filling = Filling(model)
        self.lines: list[int] = []
        self.said: dict[int, bytes] = {}
        self.wrong: dict[int, tuple[str | None, tuple[Problem, ...]]] = {}

    def line(self, number: int, line: bytes | int) -> None:
        """Read one line."""
        if isinstance(line, int):
            self.wrong[number] = (None, too_large(line).problems)
        elif line.strip():
            history = self._quickly(line)
            if history is not None:
                self.said[number] = line
            else:
                history = self._carefully(number, line)
            if history is not None:
                self.lines.append(number)
                self.filling.add(history)

    def _quickly(self, line: bytes) -> History | None:
        """A history, if it is sure that `read_history` reads it too, but for contradictions."""
        if b"\\" in line or b'"../.."' in line or len(line) > 1 << 20:
            return None
        try:
            history = self.model.model_validate_json(line)
        except ValidationError:
            return None
        # a key that stands twice would be counted more often than it is set
        return history if line.count(b'":') == self._keys(history) else None

    def _keys(self, history: History) -> int:
        fields, told = vars(history), history.__pydantic_fields_set__
        count = len(told)
        for name in self.lists:
            for record in fields[name]:
                count += len(record.__pydantic_fields_set__)
        for name in self.groups & told:
            count += len(fields[name].__pydantic_fields_set__)
        return count

    def _carefully(self, number: int, line: bytes) -> History | None:
        try:
            return read_history(line, self.model)
        except EligibilityError as error:
            self.wrong[number] = (_account_of(line), error.problems)
            return None

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of all that fits; contradictions are found here, by the column."""
        tables = self.filling.tables()
        accounts = tables[ACCOUNTS].with_columns(pl.Series(LINE, self.lines, dtype=pl.Int64))
        known, lists = contract(self.model), shape(self.model).lists
        clashing = pl.concat(
            normalised(tables[name].lazy(), known[name], entry).filter(IS_WRONG).select(ACCOUNT_ID)
            for name, entry in lists.items()
        ).collect()
        suspects = accounts.filter(pl.col(ACCOUNT_ID).is_in(clashing[ACCOUNT_ID].implode()))[LINE]
        for number in suspects:
            if number in self.said:
                self._carefully(number, self.said[number])
        return {**tables, ACCOUNTS: accounts.filter(~pl.col(LINE).is_in(list(self.wrong)))}

    def rejects(self) -> Iterator[dict[str, Any]]:
        """Every problem of every line that is no valid history."""
        for number, (account, problems) in sorted(self.wrong.items()):
            for problem in problems:
                yield {LINE: number, ACCOUNT_ID: account, **asdict(problem)}

    def counts(self) -> Counts:
        """What became of the lines."""
        inconsistent = sum(
            all(problem.code == "inconsistent" for problem in problems)
            for _, problems in self.wrong.values()
        )
        rejected = len(self.wrong) - inconsistent
        read = len(set(self.lines) | self.wrong.keys())
        return Counts(read, read - len(self.wrong), rejected, inconsistent)


def _account_of(line: bytes) -> str | None:
    """The account that a line is about, if it says so."""
    try:
        account = json.loads(line)[ACCOUNT_ID]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return account[:200] if isinstance(account, str) else None


def duplicates(accounts: pl.LazyFrame, buckets: int = 1) -> pl.DataFrame:
    """The accounts that stand on several lines: `account_id`, and the `lines`.

    `buckets`: ids are looked at in so many parts, one after the other, so that memory is bounded.
    """
    bucket = pl.col(ACCOUNT_ID).hash() % buckets
    found = [
        accounts.filter(bucket == at)
        .group_by(ACCOUNT_ID)
        .agg(pl.col(LINE).sort().alias("lines"))
        .filter(pl.col("lines").list.len() > 1)
        .collect(engine="streaming")
        for at in range(buckets)
    ]
    return pl.concat(found).sort(ACCOUNT_ID)
