"""Tables made ready once, on disk: Parquet in parts, each sorted by account.

Tables larger than memory are cut, and the parts made ready one after the other. Parquet files
sorted by account are cut where they lie: a part is accounts that follow one another. Others are cut
by a hash of the account: first every row goes to its part as it came, in one stream. Whatever is
finished has its name; what has a temporary name was cut off, and is made again.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import polars as pl
from attrs import frozen

from eligibility.batch.contract import ACCOUNT_ID, ACCOUNTS, contract
from eligibility.batch.counts import COUNTS, NOTHING, Counts, Records
from eligibility.batch.engines import KEY
from eligibility.batch.errors import BatchError
from eligibility.batch.inputs import are_parquet, damaged, frames, reading, scan
from eligibility.batch.json_lines import sink_json_lines
from eligibility.batch.lines import REJECTS
from eligibility.batch.options import AS_WRITTEN, InputOptions
from eligibility.batch.prepare import Prepared, prepared
from eligibility.batch.strays import HELD_BACK, ROW, Strays, may_be_anybodys, strays_in
from eligibility.errors import Problem
from eligibility.model import History

#: About how many accounts a part has, if nobody says how many parts there are to be.
ACCOUNTS_IN_PART: Final = 250_000
#: Fixed, so that the same rows make the same bytes.
_ROWS_IN_GROUP: Final = 100_000
#: The file that tells a folder of tables made ready.
PREPARED: Final = "prepared.json"
_CONTRACT: Final = 2
#: Grows when what is kept of an unfinished run is read in another way.
_FORMAT: Final = 2
#: What a folder is being made of, before it is whole.
_BEGUN: Final = "preparing.json"
#: Where the rows lie by part, while tables that are not sorted are made ready.
_SPOOL: Final = "spool"


@frozen
class PreparedFolder:
    """A folder of tables made ready: its parts, and what became of what was read."""

    folder: Path
    parts: tuple[Path, ...]
    counts: Counts


def tables_in(part: Path, model: type[History]) -> dict[str, Path]:
    """The tables of a part, by name."""
    return {name: part / f"{name}.parquet" for name in contract(model)}


def prepare_to(  # noqa: PLR0913 - each is one thing that a caller may want to set
    source: Path | Mapping[str, Any],
    folder: Path,
    model: type[History],
    *,
    options: InputOptions = AS_WRITTEN,
    partitions: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PreparedFolder:
    """Make tables ready, once, in a folder.

    Args:
        source: a folder of tables (`inputs.scan`), or tables by name (`inputs.frames`).
        folder: where the parts go, with `rejects.jsonl` in each. What is finished there stays, if
            it was made of the same files; of frames that cannot be told, and the folder is refused.
        model: the history model.
        options: how the tables are written, where they do not say it themselves.
        partitions: how many parts; one for each quarter of a million accounts if it is not said.
        progress: told how many parts are done, of how many.

    Raises:
        InvalidTables: names, columns or types that do not fit.
        BatchError: `another-run`, the folder was begun with other tables, for another model, or in
            other parts.
    """
    place: Path | None = None
    if isinstance(source, Path):
        place, found = source, scan(source, model, options)
    else:
        found = frames(source, model, options)
    with reading():
        read = found[ACCOUNTS].select(pl.len()).collect(engine="streaming").item()
    partitions = (partitions or -(-read // ACCOUNTS_IN_PART)) if read else 1
    folder.mkdir(parents=True, exist_ok=True)
    told = {"source": identity(source), "model": model.__name__, "partitions": partitions}
    begin(folder / _BEGUN, told | options.told)
    if (folder / PREPARED).exists():
        return open_prepared(folder, model)
    parts = tuple(folder / f"part-{at:05}" for at in range(partitions))
    with reading(lambda: damaged(place, model, options) if place else iter(())):
        if partitions == 1:
            pieces = [_numbered(found)]
        elif place and are_parquet(place, model, options) and _in_order(found):
            pieces = _cut(found, [read * at // partitions for at in range(1, partitions)])
        else:
            pieces = _spooled(found, folder / _SPOOL, partitions)
        strays = _strays(pieces, parts)
        for at, (part, piece) in enumerate(zip(parts, pieces, strict=True), start=1):
            if not part.exists():
                _make(prepared(piece, model, strays), part)
            if progress:
                progress(at, partitions)
    counts = sum(map(Counts.of, parts), NOTHING)
    whole: dict[str, Any] = {"contract": _CONTRACT, "model": model.__name__, "parts": partitions}
    whole["counts"] = counts.as_json()
    write_whole(folder / PREPARED, json.dumps(whole, indent=2) + "\n")
    shutil.rmtree(folder / _SPOOL, ignore_errors=True)
    return PreparedFolder(folder, parts, counts)


def open_prepared(folder: Path, model: type[History]) -> PreparedFolder:
    """A folder of tables made ready before.

    Raises:
        BatchError: `wrong-model`, if they are tables of another model or contract.
    """
    told = json.loads((folder / PREPARED).read_text(encoding="utf-8"))
    if (told["contract"], told["model"]) != (_CONTRACT, model.__name__):
        message = f"The tables in `{folder.name}` were made ready for `{told['model']}`."
        hint = f"Make tables of `{model.__name__}` ready, in a folder of their own."
        raise BatchError([Problem("wrong-model", str(folder.name), message, hint)])
    parts = tuple(folder / f"part-{at:05}" for at in range(told["parts"]))
    return PreparedFolder(folder, parts, Counts.told(told["counts"]))


def _numbered(found: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    return {name: frame.with_row_index(ROW, 1) for name, frame in found.items()}


def _strays(pieces: Sequence[Mapping[str, pl.LazyFrame]], parts: Sequence[Path]) -> Strays:
    """What is nobody's in all pieces; nobody asks if all of them are made."""
    if all(part.exists() for part in parts):
        return Strays()
    with reading():
        return strays_in(pieces)


def _in_order(found: Mapping[str, pl.LazyFrame]) -> bool:
    """Whether all tables are sorted by account, and every row names one."""
    ids = pl.col(ACCOUNT_ID)
    asked = [frame.select(ids.is_sorted() & (ids.null_count() == 0)) for frame in found.values()]
    return all(answer.item() for answer in pl.collect_all(asked, engine="streaming"))


def _cut(found: Mapping[str, pl.LazyFrame], at: Sequence[int]) -> list[dict[str, pl.LazyFrame]]:
    """Sorted tables before, between and from the accounts of some rows on."""
    ids = pl.col(ACCOUNT_ID)
    first = found[ACCOUNTS].select(ids.gather(list(at))).collect(engine="streaming")[ACCOUNT_ID]
    before = [(ids < account).sum().alias(f"{nth}") for nth, account in enumerate(first)]
    asked = [frame.select(*before, pl.len()) for frame in found.values()]
    ends = [answer.row(0) for answer in pl.collect_all(asked, engine="streaming")]
    return [
        {
            name: frame.slice(start, end - start).with_row_index(ROW, start + 1)
            for (name, frame), (start, end) in zip(found.items(), piece, strict=True)
        }
        for piece in zip(*(pairwise((0, *each)) for each in ends), strict=True)
    ]


def _spooled(
    found: Mapping[str, pl.LazyFrame], spool: Path, partitions: int
) -> list[dict[str, pl.LazyFrame]]:
    """Every row, as it came, in the part of its account."""
    numbered = _numbered(found)
    if not spool.exists():
        made = spool.with_suffix(".tmp")
        shutil.rmtree(made, ignore_errors=True)
        part = (KEY % partitions).alias("part")
        for name, frame in numbered.items():
            frame.with_columns(part).sink_parquet(
                pl.PartitionBy(made / name, key="part", include_key=False),
                engine="streaming",
                mkdir=True,
            )
        made.rename(spool)
    return [
        {name: _of_part(spool / name / f"part={at}", frame) for name, frame in numbered.items()}
        for at in range(partitions)
    ]


def _of_part(folder: Path, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of one part; a table that has none there keeps its columns."""
    files = sorted(folder.glob("*.parquet"))
    return pl.scan_parquet(files) if files else frame.clear()


def _make(ready: Prepared, part: Path) -> None:
    made = part.with_suffix(".tmp")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    for name, frame in ready.in_order.items():
        path = made / f"{name}.parquet"
        frame.sink_parquet(path, engine="streaming", row_group_size=_ROWS_IN_GROUP)
    rejects = ready.rejects.collect(engine="streaming")
    sink_json_lines(rejects.lazy(), made / REJECTS)
    counts = _counts(ready.found, made, rejects)
    counts.check(part.name)
    (made / COUNTS).write_text(json.dumps(counts.as_json()), encoding="utf-8")
    made.rename(part)


def _counts(found: Mapping[str, pl.LazyFrame], made: Path, rejects: pl.DataFrame) -> Counts:
    """What became of the rows of a part: each number is counted by itself."""
    rank = pl.col("code").replace_strict(_RANKS, default=len(_RANKS) + 1).max().alias("rank")
    only = rejects.group_by(ACCOUNT_ID).agg(rank).lazy()
    accounts = found[ACCOUNTS].select(ACCOUNT_ID)
    how = accounts.join(only, on=ACCOUNT_ID, how="left", nulls_equal=True)
    counted = how.select(
        read=pl.len(),
        **{code: (pl.col("rank") == rank).sum() for code, rank in _RANKS.items()},
        rejected=(pl.col("rank") > len(_RANKS)).sum(),
    )
    read, inconsistent, held_back, rejected = counted.collect(engine="streaming").row(0)
    lost = accounts.filter(pl.col(ACCOUNT_ID) != "").join(only, on=ACCOUNT_ID, how="semi")
    records = {
        name: _records(name, frame, made, rejects, lost.unique())
        for name, frame in found.items()
        if name != ACCOUNTS
    }
    return Counts(read, _rows(made, ACCOUNTS), rejected, inconsistent, held_back, records)


#: What an account is counted as whose problems are none but these: as the last of them.
_RANKS: Final = {"inconsistent": 1, HELD_BACK: 2}


def _records(
    name: str, frame: pl.LazyFrame, made: Path, rejects: pl.DataFrame, lost: pl.LazyFrame
) -> Records:
    """What became of the records of a table; `lost` are the accounts that do not fit."""
    if rejects.is_empty():
        read = frame.select(pl.len()).collect(engine="streaming").item()
        return Records(read=read, used=_rows(made, name))
    is_nobodys = pl.col("code").is_in(["unknown-account", "missing"])
    told = rejects.lazy().filter(is_nobodys, table=name, column=ACCOUNT_ID)
    nobodys = frame.join(told.select(ROW).unique(), on=ROW, how="semi")
    asked = {
        "read": frame,
        "left_out": frame.join(lost, on=ACCOUNT_ID, how="semi"),
        "nobodys": nobodys,
        "nameless": nobodys.filter(may_be_anybodys(frame.collect_schema())),
    }
    counted = pl.collect_all([f.select(pl.len()) for f in asked.values()], engine="streaming")
    found = {key: each.item() for key, each in zip(asked, counted, strict=True)}
    return Records(used=_rows(made, name), **found)


def _rows(part: Path, name: str) -> int:
    rows: int = pl.scan_parquet(part / f"{name}.parquet").select(pl.len()).collect().item()
    return rows


def begin(path: Path, told: dict[str, Any]) -> None:
    """Say in a file what is made in its folder; if it was begun before, that it is the same.

    Raises:
        BatchError: `another-run`; also if there are parts of which nothing is said.
    """
    written = json.dumps({"format": _FORMAT, **told}, indent=2) + "\n"
    said = path.read_text(encoding="utf-8") if path.exists() else ""
    if said == written:
        return
    if said or any(path.parent.rglob("part-*")):
        name = path.parent.name
        message = f"`{name}` holds another run, or its input has changed since."
        hint = "Name another folder, or remove this one."
        raise BatchError([Problem("another-run", name, message, hint)])
    write_whole(path, written)


def identity(source: Path | Mapping[str, Any]) -> list[Any]:
    """Enough of an input to notice that it is another one: names, sizes, and when last written.

    Of frames nothing can be told: each time they are others.
    """
    if not isinstance(source, Path):
        return [uuid4().hex]
    files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
    stats = ((path, path.stat()) for path in files)
    return [[path.name, stat.st_size, stat.st_mtime_ns] for path, stat in stats]


def write_whole(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    made = path.with_suffix(".tmp")
    made.write_text(text, encoding="utf-8")
    made.replace(path)
