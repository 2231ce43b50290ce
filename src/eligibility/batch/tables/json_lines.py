"""JSON lines to normalised tables: histories one per line, read in a stream on all cores.

The file is cut at line ends into chunks; each is read, validated and written by one worker, as
tables and as a file of rejects. A chunk that stands there is not read again. What a line means is
what `read_history` says: where the quick way through pydantic cannot vouch for a line, that is
asked.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl
from attrs import Factory, asdict, define, evolve, frozen

from eligibility.batch.state.counts import COUNTS, Counts, Records
from eligibility.batch.state.run_folder import Place
from eligibility.batch.state.workers import workers as working
from eligibility.batch.tables.convert import Filling
from eligibility.batch.tables.decoder import decoder_of
from eligibility.batch.tables.normalise import IS_WRONG, normalise_table
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    KEY,
    TIME_ZONE,
    bounds_of,
    contract,
)
from eligibility.errors import EligibilityError, Problem, json_text, shown
from eligibility.facts.model import History
from eligibility.facts.read import MOST_BYTES, read_history, too_large
from eligibility.facts.shape import shape
from eligibility.values.timeline import zone_names

#: Of `accounts`, where they come from JSON lines: the number of the line, from 1.
LINE: Final = "line"
CHUNK_BYTES: Final = 16 << 20
REJECTS: Final = "rejects.jsonl"
#: What a line of rejects says, of JSON lines.
LINE_REJECTS: Final = {
    LINE: pl.Int64(),
    **dict.fromkeys((ACCOUNT_ID, "code", "path", "message", "hint"), pl.String()),
}
#: The accounts of lines that are no valid history, where those say whose they are.
REFUSED: Final = "refused.parquet"
#: What to do about a history of too many records.
_AS_TABLES: Final = "Give its records as tables, which have no such limit."
#: A column of hashes of ids; no column of a model has such a name.
_HASH: Final = "account hash"
#: No account is named in more bytes than this: an id has 200 characters, each escaped at most.
_LONGEST_SAYING: Final = 4_000
#: What a line says of an account, also where the line is cut off, or is no JSON for another reason.
_SAYS_ACCOUNT: Final = re.compile(rb'"account_id"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]{1,200}\b)')


@frozen
class Chunk:
    """A piece of the file, from `start` to `end` in bytes, whole lines; its first line's number."""

    number: int
    start: int
    end: int
    first_line: int

    @property
    def name(self) -> str:
        """What the folder is called that it is read into."""
        return f"chunk-{self.number:05}"


def read_lines(  # noqa: PLR0913 - each is one thing that a caller may want to set
    path: Path,
    folder: Path | Place,
    model: type[History],
    *,
    workers: int | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Callable[[int], None] | None = None,
) -> list[Path]:
    """Turn JSON lines into normalised tables.

    Args:
        path: a file of histories, one per line; empty lines are passed over.
        folder: where the chunks go, each a folder of Parquet tables with its rejects and counts; of
            a run that holds it, the place.
        model: the history model.
        workers: how many processes; as many as there are cores.
        chunk_bytes: about how many bytes a chunk has.
        progress: called with the bytes of each chunk that is done.

    Returns:
        The folders of the chunks, in the order of the lines.
    """
    place = folder if isinstance(folder, Place) else Place(folder)
    place.path.mkdir(parents=True, exist_ok=True)
    report = progress or (lambda _: None)
    waiting, pieces = [], []
    for chunk in chunks_of(path, chunk_bytes):
        pieces.append(place.path / chunk.name)
        if place.has(chunk.name):
            report(chunk.end - chunk.start)
        else:
            waiting.append(chunk)
    count = min(workers or os.cpu_count() or 1, len(waiting))
    if count <= 1:
        for chunk in waiting:
            report(read_chunk(path, chunk, place, model))
        return pieces
    with working(count) as pool:
        jobs = [pool.submit(read_chunk, path, chunk, place, model) for chunk in waiting]
        for job in as_completed(jobs):
            report(job.result())
    return pieces


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


def read_chunk(path: Path, chunk: Chunk, place: Place, model: type[History]) -> int:
    """Read one chunk into its folder; how many bytes it has."""
    with place.piece(chunk.name) as made:
        spool = made / "spool"
        with path.open("rb") as file, spool.open("w+b") as spooled:
            read = _Read(model, spooled)
            file.seek(chunk.start)
            for number, line in enumerate(_lines(file, chunk), chunk.first_line):
                read.line(number, line)
            tables = read.tables()
            with (made / REJECTS).open("wb") as rejects:
                read.rejects.copy(rejects)
        spool.unlink()
        read.rejects.accounts().write_parquet(made / REFUSED, compression="lz4")
        for name, table in tables.items():
            table.write_parquet(made / f"{name}.parquet", compression="lz4")
        counts = read.counts(tables)
        (made / COUNTS).write_text(json.dumps(counts.as_json()), encoding="utf-8")
    return chunk.end - chunk.start


@frozen
class _TooLong:
    """A line that is too long to be read: how long it is, and the accounts that it names."""

    size: int
    accounts: tuple[str, ...]


def _lines(file: Any, chunk: Chunk) -> Iterator[bytes | _TooLong]:
    """The lines of a chunk without their ends, but for what is too long to be one."""
    left = chunk.end - chunk.start
    while left > 0:
        line = file.readline(min(left, MOST_BYTES + 2))
        if not line:
            return  # the file has become shorter
        left -= len(line)
        if len(line) > MOST_BYTES + 1 and not line.endswith(b"\n"):
            size, accounts = len(line), dict.fromkeys(_accounts_in(line))
            while left > 0 and line and not line.endswith(b"\n"):
                before, line = line[-_LONGEST_SAYING:], file.readline(min(left, 1 << 20))
                left, size = left - len(line), size + len(line)
                accounts |= dict.fromkeys(_accounts_in(before + line))
            yield _TooLong(size - line.endswith(b"\n"), tuple(accounts))
            continue
        if chunk.start == 0 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        yield line.rstrip(b"\r\n")


@define
class _Kept:
    """Histories that are kept, and their lines."""

    filling: Filling
    lines: list[int] = Factory(list)

    def add(self, number: int, history: Any) -> None:
        """Keep the history of a line."""
        self.lines.append(number)
        self.filling.add(history)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables, with the line that each row is from."""
        lines = pl.Series(LINE, self.lines, dtype=pl.Int64)
        return {
            name: table.with_columns(
                lines if name == ACCOUNTS else self.filling.spread(name, lines)
            )
            for name, table in self.filling.tables().items()
        }


class _Read:
    """What a chunk holds, as far as it has been read."""

    def __init__(self, model: type[History], rejects: BinaryIO) -> None:
        self.model = model
        self.decode = decoder_of(model)
        self.lists = tuple(shape(model).lists)
        self.vouched = _Kept(Filling(model, self.decode.zone if self.decode else None))
        self.asked = _Kept(Filling(model))
        self.said: dict[int, bytes] = {}
        self.rejects = _Rejects(rejects)
        self.read = 0

    def line(self, number: int, line: bytes | _TooLong) -> None:
        """Read one line."""
        if isinstance(line, _TooLong):
            self.read += 1
            self.rejects.add(number, line.accounts, too_large(line.size).problems)
        elif line.strip():
            self.read += 1
            history = self.decode and self.decode(line)
            if history is not None:
                self.said[number] = line
                self.vouched.add(number, history)
            else:
                self._carefully(number, line)

    def _carefully(self, number: int, line: bytes) -> None:
        try:
            history = read_history(line, self.model)
        except EligibilityError as error:
            problems = [
                evolve(each, hint=_AS_TABLES) if each.code == "too-many-records" else each
                for each in error.problems  # another command has an option for it, this one has not
            ]
            self.rejects.add(number, _accounts_of(line), tuple(problems))
        else:
            self.asked.add(number, history)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of all that fits, in the order of the lines."""
        quick = self.vouched.tables()
        doubtful = self._doubtful(quick)
        for number in doubtful:
            self._carefully(number, self.said[number])
        self.said.clear()
        if self.asked.lines or len(doubtful):
            asked = self.asked.tables()
            for name, table in quick.items():
                kept = table.filter(~pl.col(LINE).is_in(doubtful.implode()))
                quick[name] = pl.concat([kept, asked[name]]).sort(LINE, maintain_order=True)
        return {name: t if name == ACCOUNTS else t.drop(LINE) for name, t in quick.items()}

    def _doubtful(self, tables: dict[str, pl.DataFrame]) -> pl.Series:
        """The lines that a decoder lets pass, and that may be wrong.

        That is a zone or a moment that is none, an id that stands twice in a list, and moments that
        contradict each other.
        """
        zones = [zone for zone in tables[ACCOUNTS][TIME_ZONE].unique() if zone not in zone_names()]
        found = [tables[ACCOUNTS].lazy().filter(pl.col(TIME_ZONE).is_in(zones)).select(LINE)]
        for name, list_shape in shape(self.model).lists.items():
            table = contract(self.model)[name]
            firsts = [pl.col(bounds_of(moment)[0]).is_null() for moment in table.moments]
            is_twice = pl.col("id").is_not_null() & pl.struct(LINE, "id").is_duplicated()
            odd = pl.any_horizontal(is_twice, *firsts).alias("odd")
            rows = tables[name].lazy().with_columns(odd)
            made = normalise_table(rows, table, list_shape, carry=(LINE, "odd"), is_ours=True)
            found.append(made.filter(pl.col(IS_WRONG) | pl.col("odd")).select(LINE))
        return pl.concat(found).collect()[LINE].unique().sort()

    def counts(self, tables: dict[str, pl.DataFrame]) -> Counts:
        """What became of the lines; and of the records, those of the lines that fit."""
        rejected, inconsistent = self.rejects.counts()
        heights = {name: tables[name].height for name in self.lists}
        records = {name: Records(read=height, used=height) for name, height in heights.items()}
        fit = tables[ACCOUNTS].height
        return Counts(self.read, fit, rejected, inconsistent, records=records)


class _Rejects:
    """What is wrong with lines, written as it is found; read again in the order of the lines."""

    def __init__(self, spool: BinaryIO) -> None:
        self.spool = spool
        self.pieces: list[tuple[int, int, int, bool]] = []
        self.named: list[tuple[str, int]] = []

    def add(self, number: int, accounts: tuple[str, ...], problems: tuple[Problem, ...]) -> None:
        """Write every problem of a line, which may be one of some accounts."""
        start = self.spool.tell()
        named = shown(accounts[0], 200) if accounts else None
        texts = (each for each in accounts if each == each.encode("utf-8", "ignore").decode())
        self.named += ((each, number) for each in texts)
        for problem in problems:
            row = {LINE: number, ACCOUNT_ID: named, **asdict(problem)}
            self.spool.write(json_text(row).encode() + b"\n")
        inconsistent = all(problem.code == "inconsistent" for problem in problems)
        self.pieces.append((number, start, self.spool.tell() - start, inconsistent))

    def copy(self, file: BinaryIO) -> None:
        """Write everything in the order of the lines."""
        for _, start, size, _ in sorted(self.pieces):
            self.spool.seek(start)
            file.write(self.spool.read(size))

    def accounts(self) -> pl.DataFrame:
        """The accounts that the lines name, and the lines."""
        schema = {ACCOUNT_ID: pl.String(), LINE: pl.Int64()}
        return pl.DataFrame(sorted(self.named), schema=schema, orient="row")

    def counts(self) -> tuple[int, int]:
        """How many lines are rejected, and how many are inconsistent."""
        inconsistent = sum(each[-1] for each in self.pieces)
        return len(self.pieces) - inconsistent, inconsistent


def _accounts_of(line: bytes) -> tuple[str, ...]:
    """The accounts that a line may be about: that of its JSON, and whatever it calls one.

    Where a line is no history, none of them is decided by another line: it may be theirs as well.
    """
    try:
        account = json.loads(line)[ACCOUNT_ID]
    except (ValueError, KeyError, TypeError, RecursionError):
        account = None
    said = (account,) if isinstance(account, str) else ()
    return tuple(dict.fromkeys((*said, *_accounts_in(line))))


def _accounts_in(text: bytes) -> tuple[str, ...]:
    found = []
    for said in _SAYS_ACCOUNT.findall(text):
        with suppress(ValueError):  # a text with a control in it, say, is that of no account
            found.append(str(json.loads(said)))
    return tuple(dict.fromkeys(found))


def duplicates(accounts: pl.LazyFrame, buckets: int, refused: pl.LazyFrame) -> pl.DataFrame:
    """The accounts that stand on several lines, and on one at least that would be decided.

    Args:
        accounts: the table of all chunks.
        buckets: hashes of ids are compared in so many parts, one after the other, so that memory
            is bounded.
        refused: the accounts of lines that are rejects anyway, of all chunks (`REFUSED`); an
            account that stands on such a line as well is not decided by its other line.

    Returns:
        `account_id`, the `lines` that are not to be decided, and the lines `refused` anyway.
    """
    found = ((accounts, True), (refused, False))
    lines = pl.concat(each.select(ACCOUNT_ID, LINE, fits=pl.lit(fits)) for each, fits in found)
    # Ids are only brought together where their hashes are the same: those of a bucket are a few
    # megabytes, however long the ids are and however many lines there are.
    lines = lines.with_columns(KEY.alias(_HASH))
    repeated = [
        lines.filter(pl.col(_HASH) % buckets == at)
        .group_by(_HASH)
        .len()
        .filter(pl.col("len") > 1)
        .select(_HASH)
        .collect(engine="streaming")
        for at in range(buckets)
    ]
    line, fits = pl.col(LINE), pl.col("fits")
    return (
        lines.join(pl.concat(repeated).lazy(), on=_HASH, how="semi")
        .group_by(ACCOUNT_ID)
        .agg(line.filter(fits).sort().alias("lines"), line.filter(~fits).sort().alias("refused"))
        .filter(
            pl.col("lines").list.len() > 0,
            pl.col("lines").list.len() + pl.col("refused").list.len() > 1,
        )
        .sort(ACCOUNT_ID)
        .collect(engine="streaming")
    )
