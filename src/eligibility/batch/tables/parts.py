"""Normalised tables once, on disk: Parquet in parts, each sorted by account.

Tables larger than memory are cut, and the normalised parts one after the other. Parquet files
sorted by account are cut where they lie: a part is accounts that follow one another. Others are cut
by a hash of the account: first every row goes to its part as it came, in one stream. Whatever is
finished has its name, and what is not is made again (`run_folder`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import frozen

from eligibility.arguments import expect
from eligibility.batch.errors import BatchError
from eligibility.batch.state.counts import COUNTS, LOST_HINT, NOTHING, Counts, Records
from eligibility.batch.state.run_folder import Place, damaged_run, held, read_state
from eligibility.batch.tables.cutting import cut, is_sorted, numbered, spooled
from eligibility.batch.tables.guarded import sink_json_lines
from eligibility.batch.tables.identity import States, identity, states, unchanged
from eligibility.batch.tables.json_lines import REJECTS
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.parquet_files import height, heights, stored
from eligibility.batch.tables.places import Places
from eligibility.batch.tables.prepare import OPTIONS_HINT, Prepared
from eligibility.batch.tables.scan import are_parquet, damaged, frames, reading, scan
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, contract, is_named
from eligibility.batch.tables.strays import HELD_BACK, ROW, Strays, may_be_anybodys, strays_in
from eligibility.errors import Problem, shown
from eligibility.facts.model import History

#: About how many accounts a part has, if nobody says how many parts there are to be.
ACCOUNTS_IN_PART: Final = 250_000
#: Fixed, so that the same rows make the same bytes.
_ROWS_IN_GROUP: Final = 100_000
#: The file that marks a folder of normalised tables.
PREPARED: Final = "prepared.json"
_CONTRACT: Final = 2


@frozen
class PreparedFolder:
    """A folder of normalised tables: its parts, and what became of what was read."""

    folder: Path
    parts: tuple[Path, ...]
    counts: Counts


def tables_in(part: Path, model: type[History]) -> dict[str, Path]:
    """The tables of a part, by name."""
    return {name: part / f"{name}.parquet" for name in contract(model)}


def tables_together(parts: Sequence[Path], model: type[History]) -> dict[str, pl.LazyFrame]:
    """The tables of several parts, by name."""
    return {
        name: stored(*(tables_in(part, model)[name] for part in parts)) for name in contract(model)
    }


def prepare_to(  # noqa: PLR0913 - each is one thing that a caller may want to set
    source: Path | Mapping[str, Any],
    folder: Path,
    model: type[History],
    *,
    options: InputOptions = AS_WRITTEN,
    partitions: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PreparedFolder:
    """Normalise tables, once, in a folder.

    Args:
        source: a folder of tables (`scan.scan`), or tables by name (`scan.frames`).
        folder: where the parts go, with `rejects.jsonl` in each. What is finished there stays, if
            it was made of the same files; frames have no identity, and the folder is refused.
        model: the history model.
        options: how the tables are written, where they do not say it themselves.
        partitions: how many parts, of one account or more; one for each quarter of a million
            accounts if it is not said.
        progress: called with how many parts are done, of how many.

    Raises:
        InvalidTables: names, columns or types that do not fit.
        BatchError: what `run_folder.held` raises: the folder is not empty and not ours, say, or was
            begun with other tables, for another model, or in other parts.
    """
    expect(source, Path | Mapping, "source", "Pass `pathlib.Path(folder)`, or tables by name.")
    expect(folder, Path, "folder", "Pass `pathlib.Path(folder)`.")
    expect(model, type[History], "model")
    expect(options, InputOptions, "options", OPTIONS_HINT)

    def of() -> dict[str, Any]:
        run = {"prepared": identity(source), "model": model.__name__, "partitions": partitions}
        return run | options.identity

    since = states(source)
    with held(folder, of, source if isinstance(source, Path) else None) as ours:
        made = prepare_in(
            ours, source, model, since, options=options, partitions=partitions, progress=progress
        )
        ours.clear()
    return made


def prepare_in(  # noqa: PLR0913 - as for `prepare_to`
    place: Place,
    source: Path | Mapping[str, Any],
    model: type[History],
    since: States,
    *,
    options: InputOptions = AS_WRITTEN,
    partitions: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PreparedFolder:
    """Normalise tables in a place that is held already; see `prepare_to` and `unchanged`."""
    if (place.path / PREPARED).exists():
        return open_prepared(place.path, model, place.run)
    folder: Path | None = None
    if isinstance(source, Path):
        folder, found = source, scan(source, model, options)
    else:
        found = frames(source, model, options)
    rows, places = _rows_of(found), Places(folder, model, options)
    wanted = partitions or -(-rows[ACCOUNTS] // ACCOUNTS_IN_PART)
    partitions = max(1, min(wanted, rows[ACCOUNTS]))  # a part without an account is of no use
    names = _names(partitions)
    place.note(PREPARED, *names)
    find = partial(damaged, folder, model, options) if folder else lambda: iter(())
    with unchanged(source, since), reading(find):
        if partitions == 1:
            pieces = [numbered(found)]
        elif folder and are_parquet(folder, model, options) and is_sorted(found):
            cuts = [rows[ACCOUNTS] * at // partitions for at in range(1, partitions)]
            pieces = cut(found, cuts)
        else:
            pieces = spooled(found, rows, Place(place.work, place.run), partitions)
        missing = {name for name in names if not place.has(name)}
        strays = strays_in(pieces) if missing else Strays()
        for at, (name, piece) in enumerate(zip(names, pieces, strict=True), start=1):
            if name in missing:
                with place.piece(name) as made:
                    _write(Prepared(model, piece, strays), made, places)
            if progress:
                progress(at, partitions)
    counts = _counted(place, names)
    read = {ACCOUNTS: counts.read} | {name: each.read for name, each in counts.records.items()}
    lost = [name for name in rows if rows[name] != read[name]]
    if lost:
        words = "{:,} rows of `{}` were read, and its files hold {:,}."
        raise BatchError(
            Problem("accounts-lost", name, words.format(read[name], name, rows[name]), LOST_HINT)
            for name in lost
        )
    whole: dict[str, Any] = {"contract": _CONTRACT, "model": model.__name__, "run": place.run}
    whole |= {"parts": partitions, "counts": counts.as_json()}
    place.write(PREPARED, json.dumps(whole, indent=2) + "\n")
    return PreparedFolder(place.path, tuple(place.path / name for name in names), counts)


def open_prepared(folder: Path, model: type[History], run: str | None = None) -> PreparedFolder:
    """A folder of normalised tables before; if it is said, in this run and no other.

    Raises:
        BatchError: `wrong-model`, if they are tables of another model or contract; `damaged-run`,
            if a part is missing, is not whole, or is one too many.
    """
    state = read_state(folder / PREPARED, _State.of)
    if (state.contract, state.model) != (_CONTRACT, model.__name__):
        message = f"The tables in `{folder.name}` were normalised for `{shown(state.model)}`."
        hint = f"Normalise tables of `{model.__name__}`, in a folder of their own."
        raise BatchError([Problem("wrong-model", str(folder.name), message, hint)])
    place, names = Place(folder, state.run), _names(state.parts)
    if run not in {None, state.run}:
        raise damaged_run(folder / PREPARED, "is of another run")
    strange = sorted({path.name for path in folder.glob("part-*")} - {*names})
    if strange:
        raise damaged_run(folder / strange[0], "is a part too many")
    missing = [name for name in names if not place.has(name)]
    if missing:
        raise damaged_run(folder / missing[0], "is missing")
    if _counted(place, names) != state.counts:
        raise damaged_run(folder / PREPARED, "counts something else than the parts do")
    return PreparedFolder(folder, tuple(folder / name for name in names), state.counts)


@frozen
class _State:
    """What a folder of normalised tables keeps of itself."""

    contract: int
    model: str
    run: str
    parts: int
    counts: Counts

    @classmethod
    def of(cls, said: Any) -> "_State":
        if not (isinstance(said["parts"], int) and isinstance(said["model"], str)):
            raise TypeError
        counts = Counts.from_json(said["counts"])
        return cls(said["contract"], said["model"], said["run"], said["parts"], counts)


def _names(parts: int) -> list[str]:
    return [f"part-{at:05}" for at in range(parts)]


def _counted(place: Place, names: Sequence[str]) -> Counts:
    counts = sum((Counts.of(place.path / name) for name in names), NOTHING)
    counts.check(place.path.name)
    return counts


def _rows_of(found: Mapping[str, pl.LazyFrame]) -> dict[str, int]:
    """How many rows each table has, counted by itself."""
    with reading():
        return dict(zip(found, heights(found.values()), strict=True))


def _write(piece: Prepared, made: Path, places: Places) -> None:
    tables = piece.read_once()
    for name, rows in tables.in_order():
        file = made / f"{name}.parquet"
        rows.write_parquet(file, compression="lz4", row_group_size=_ROWS_IN_GROUP)
    rejects = tables.rejects.collect(engine="streaming")
    sink_json_lines(places.of(rejects).lazy(), made / REJECTS)
    counts = _counts(tables, made, rejects)
    counts.check(made.name)
    (made / COUNTS).write_text(json.dumps(counts.as_json()), encoding="utf-8")


def _counts(tables: Prepared, made: Path, rejects: pl.DataFrame) -> Counts:
    """What became of the rows of a part: each number is counted by itself."""
    found = tables.found
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
    lost = accounts.filter(is_named(pl.col(ACCOUNT_ID))).join(only, on=ACCOUNT_ID, how="semi")
    records = {
        name: _records(name, tables, made, rejects, lost.unique())
        for name in found
        if name != ACCOUNTS
    }
    return Counts(read, _rows(made, ACCOUNTS), rejected, inconsistent, held_back, records)


#: What an account is counted as whose problems are none but these: as the last of them.
_RANKS: Final = {"inconsistent": 1, HELD_BACK: 2}


def _records(
    name: str, tables: Prepared, made: Path, rejects: pl.DataFrame, lost: pl.LazyFrame
) -> Records:
    """What became of the records of a table; `lost` are the accounts that do not fit."""
    frame, used = tables.found[name], _rows(made, name)
    if rejects.is_empty():
        return Records(read=height(frame), used=used)
    read, left_out = heights([frame, frame.join(lost, on=ACCOUNT_ID, how="semi")])
    suspects = tables.suspects[name]  # among which all are that are nobody's
    of_nobody = rejects.filter(pl.col("code").is_in(["unknown-account", "missing"]), table=name)
    rows = of_nobody.filter(column=ACCOUNT_ID)[ROW].unique()
    nobodys = suspects.filter(pl.col(ROW).is_in(rows.implode()))
    nameless = nobodys.filter(may_be_anybodys(suspects.schema))
    return Records(
        read=read,
        used=used,
        left_out=left_out,
        nobodys=len(nobodys),
        nameless=len(nameless),
    )


def _rows(part: Path, name: str) -> int:
    return height(stored(part / f"{name}.parquet"))
