"""A run: an input and a definition in, a folder of verdicts out; it can be taken up again.

What is read becomes parts (`parts`, `lines`), each part is decided into one file of verdicts, and
in the end everything is counted: read = decided + rejected + inconsistent. A file has its name only
when it is whole; so a run that was killed goes on where it was, and ends in the same bytes.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
from attrs import evolve, field, frozen

from eligibility.batch.errors import BatchError
from eligibility.batch.execute.attrition import statuses
from eligibility.batch.execute.decide import Inquiry, decided_to
from eligibility.batch.execute.engines import Engine, Frames
from eligibility.batch.execute.finished import (
    SUMMARY,
    VERDICTS,
    check_finished,
    files_said,
    verdict_files,
)
from eligibility.batch.state.counts import LOST_HINT, NOTHING, Counts, Records
from eligibility.batch.state.run_folder import RunFolder, damaged_run, held
from eligibility.batch.tables import json_lines
from eligibility.batch.tables.folder import check_lines
from eligibility.batch.tables.identity import identity, unchanged
from eligibility.batch.tables.json_lines import LINE, REJECTS
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.parts import PREPARED, open_prepared, prepare_in, tables_in
from eligibility.batch.tables.places import PLACED_REJECTS
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS
from eligibility.batch.tables.strays import HELD_BACK, alike_accounts
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import CODES, Problem, json_text
from eligibility.facts.supposition import Supposition

#: Kept in each file of verdicts: how many of them the reference decided.
_BY_REFERENCE: Final = "decided_by_reference"
#: Kept there too: which run they are of.
_RUN: Final = "eligibility_run"
#: Parts of JSON lines are decided together up to about so many accounts.
_ACCOUNTS_AT_ONCE: Final = 100_000
#: Of accounts whose ids are alike, so many are named.
_MOST_ALIKE: Final = 5

#: The lines of an account are searched among about so many at once.
_HASHES_AT_ONCE: Final = 500_000

Kind = Literal["prepared", "tables", "lines"]


@frozen
class Run:
    """One run over many accounts.

    Args:
        source: a folder of tables, a folder that was prepared, or a file of JSON lines.
        out: the folder that the results go to; it is made.
        definitions: one, or several for a survey.
        run: the engine, set up; `engine` is its name.
        supposing: facts that someone alleges.
        options: how tables are written, where they do not say it themselves.
        partitions: how many parts tables are cut into; None: as many as they need.
        workers: how many processes read JSON lines; None: one for each core.
        progress: called with what is being done, how much of it is done, and of how much.
    """

    source: Path
    out: Path
    definitions: Sequence[ClassDefinition]
    run: Engine
    engine: str = "polars"
    supposing: Supposition | None = None
    options: InputOptions = AS_WRITTEN
    partitions: int | None = None
    workers: int | None = None
    progress: Callable[[str, int, int], None] = field(default=lambda *_: None)
    _held: list[RunFolder] = field(factory=list, init=False, repr=False, eq=False)

    @property
    def kind(self) -> Kind:
        """What the source is."""
        if self.source.is_dir():
            return "prepared" if (self.source / PREPARED).exists() else "tables"
        return "lines"

    @contextmanager
    def holding(self) -> Iterator[RunFolder]:
        """Hold the folder for this run alone, until the end of the block.

        Raises:
            BatchError: what `run_folder.held` raises.
        """
        if self._held:
            yield self._held[-1]
            return
        self._check_source()
        with held(self.out, self._of, self.source) as folder:
            self._held.append(folder)
            try:
                yield folder
            finally:
                self._held.pop()

    def _check_source(self) -> None:
        if self.kind == "lines":
            check_lines(self.source)
        if self.kind != "tables" and self.options.identity:
            message = f"`{self.source.name}` is no folder of tables as they were written."
            hint = f"Leave {', '.join(self.options.identity)} out: they say how tables are written."
            raise BatchError([Problem("input-option", self.source.name, message, hint)])

    def _of(self) -> dict[str, Any]:
        """What the run is of: a folder that holds another run is refused."""
        run = {
            "source": identity(self.source),
            "definitions": [definition.digest for definition in self.definitions],
            "supposing": self.supposing.name if self.supposing else None,
            "engine": self.engine,
            "partitions": self.partitions,
        }
        return run | self.options.identity

    def go(self) -> Counts:
        """Decide everything; how many accounts were read, and what became of them.

        Raises:
            InvalidTables: names, columns or types that do not fit.
            BatchError: what `run_folder.held` raises, such as `another-run`; `input-changed`;
                `accounts-lost`, the sums do not add up, which is a bug of ours.
        """
        with self.holding() as folder:
            if (self.out / SUMMARY).exists():
                return check_finished(self.out)
            with unchanged(self.source):
                parts, counts, left_out = self._parts()
                self._rejects(parts, left_out)
                self._refuse_nameless(counts)
                groups = list(_groups(parts)) if self.kind == "lines" else [[p] for p in parts]
                names = [f"part-{at:05}.parquet" for at in range(len(groups))]
                self._refuse_strange(names)
                inquiry = Inquiry(self.definitions, self.supposing)
                for at, (name, group) in enumerate(zip(names, groups, strict=True), start=1):
                    if not self._has(name, folder.run):
                        self._decide(inquiry, self._tables(group, left_out), name)
                    self.progress("deciding", at, len(groups))
            return self._end(counts, parts)

    def _refuse_strange(self, names: Sequence[str]) -> None:
        strange = sorted({file.name for file in verdict_files(self.out)} - {*names})
        if strange:
            raise damaged_run(self.out / VERDICTS / strange[0], "is not of this run")

    def _has(self, name: str, run: str) -> bool:
        """Whether a file of verdicts is there, and of this run."""
        file = self.out / VERDICTS / name
        if not os.path.lexists(file):
            return False
        if not file.is_file():  # a pipe, say, which would be waited for
            raise damaged_run(file, "is no file")
        try:
            said = pl.read_parquet_metadata(file).get(_RUN)
        except (pl.exceptions.PolarsError, OSError):
            raise damaged_run(file, "is no file of verdicts") from None
        if said != run:
            raise damaged_run(file, "is of another run")
        return True

    def _parts(self) -> tuple[Sequence[Path], Counts, pl.DataFrame | None]:
        """The normalised parts, what became of what was read, and ids that stand on two lines."""
        place = self._held[-1].inner
        model = self.definitions[0].model
        if self.kind == "prepared":
            folder = open_prepared(self.source, model)
            return folder.parts, folder.counts, None
        if self.kind == "tables":
            made = prepare_in(
                place,
                self.source,
                model,
                options=self.options,
                partitions=self.partitions,
                progress=lambda done, of: self.progress("normalising", done, of),
            )
            return made.parts, made.counts, None
        size, done = self.source.stat().st_size, 0

        def report(more: int) -> None:
            nonlocal done
            done += more
            self.progress("reading", done, size)

        parts = json_lines.read_lines(
            self.source, place, model, workers=self.workers, progress=report
        )
        counts = sum(map(Counts.of, parts), NOTHING)
        if not counts.read:
            name = self.source.name
            message, hint = f"There are no accounts in `{name}`.", "Give one history on each line."
            raise BatchError([Problem("no-accounts", name, message, hint)])
        accounts = pl.scan_parquet([part / f"{ACCOUNTS}.parquet" for part in parts])
        refused = pl.scan_parquet([part / json_lines.REFUSED for part in parts])
        buckets = max(1, counts.read // _HASHES_AT_ONCE)
        twice = json_lines.duplicates(accounts, buckets, refused)
        lost = int(twice["lines"].list.len().sum())
        return parts, _without(counts, lost, _records_of(twice, parts, counts)), twice

    def _refuse_nameless(self, counts: Counts) -> None:
        """Refuse a supposition that a list is whole, where a record of it may be anybody's.

        Accounts that say so themselves are held back one by one; here it is every account.
        """
        whole = self.supposing.complete if self.supposing else ()
        words = "is supposed to hold every record, but some of its records name no account."
        hint = f"Give these their `{ACCOUNT_ID}`, or take them out; {REJECTS} names them."
        names = [name for name in counts.nameless if name in whole]
        if names:
            raise BatchError([Problem(HELD_BACK, n, f"`{n}` {words}", hint) for n in names])

    def _tables(self, group: Sequence[Path], left_out: pl.DataFrame | None) -> Frames:
        model = self.definitions[0].model
        if len(group) == 1 and left_out is None:
            return tables_in(group[0], model)
        every = {
            name: pl.scan_parquet([part / f"{name}.parquet" for part in group])
            for name in tables_in(group[0], model)
        }
        every[ACCOUNTS] = every[ACCOUNTS].drop(LINE, strict=False)
        if left_out is None or left_out.is_empty():
            return every
        lost = left_out.lazy().select(ACCOUNT_ID)
        return {name: t.join(lost, on=ACCOUNT_ID, how="anti") for name, t in every.items()}

    def _decide(self, inquiry: Inquiry, tables: Frames, name: str) -> None:
        folder = self._held[-1]
        with folder.whole(f"{VERDICTS}/{name}") as made:
            by_reference = decided_to(made, tables, inquiry, self.run)
            texts = inquiry.plan.texts.items()
            rows = pl.read_parquet(made).sort(
                ACCOUNT_ID
            )  # the same order and types, whoever ran it
            rows = rows.with_columns(pl.col(n).cast(pl.Enum(words)) for n, words in texts)
            rows.write_parquet(made, metadata={_BY_REFERENCE: f"{by_reference}", _RUN: folder.run})

    def _rejects(self, parts: Sequence[Path], left_out: pl.DataFrame | None) -> None:
        with self._held[-1].whole(REJECTS) as made, made.open("wb") as file:
            for part in parts:
                with (part / REJECTS).open("rb") as of_part:
                    shutil.copyfileobj(of_part, file)
            for account, lines, others in left_out.iter_rows() if left_out is not None else ():
                beside = ", ".join(f"{line:,}" for line in sorted(lines + others))
                for line in lines:
                    reject = {
                        LINE: line,
                        ACCOUNT_ID: account,
                        "code": "duplicate-account",
                        "path": ACCOUNT_ID,
                        "message": f"{CODES['duplicate-account']} It stands on lines {beside}.",
                        "hint": "Keep one of them.",
                    }
                    file.write(json_text(reject).encode() + b"\n")

    def _check(self, counts: Counts, parts: Sequence[Path]) -> None:
        """See that all that was read is accounted for, and that it is what the files hold."""
        counts.check(self.out.name)
        fit = {"verdicts": counts.fit}
        held = {"verdicts": self.verdicts().select(pl.len()).collect(engine="streaming").item()}
        for name, records in counts.records.items():
            # of JSON lines, a part holds the records of lines that are left out in the end
            fit[name] = records.used + (records.left_out if self.kind == "lines" else 0)
            files = [part / f"{name}.parquet" for part in parts]
            held[name] = pl.scan_parquet(files).select(pl.len()).collect().item() if files else 0
        words = {
            name: f"{held[name]:,} rows are there, and {fit[name]:,} should be." for name in fit
        }
        lost = [name for name in fit if fit[name] != held[name]]
        if lost:
            raise BatchError([Problem("accounts-lost", n, words[n], LOST_HINT) for n in lost])

    def _end(self, counts: Counts, parts: Sequence[Path]) -> Counts:
        self._check(counts, parts)
        first, alike = self.definitions[0], alike_accounts(self._accounts())
        summary: dict[str, Any] = {
            "definition": {"id": first.id, "version": first.version, "digest": first.digest},
            "reading": dict(first.reading) if len(self.definitions) == 1 else None,
            "readings": len(self.definitions),
            "supposing": self.supposing.name if self.supposing else None,
            "engine": self.engine,
            "counts": counts.as_json(),
            "alike_accounts": {"groups": len(alike), "first": alike[:_MOST_ALIKE]},
            "statuses": self._statuses_said(),
            _BY_REFERENCE: sum(
                int(pl.read_parquet_metadata(file)[_BY_REFERENCE]) for file in self._files()
            ),
            "files": files_said(self.out),
            "notice": first.notice,
        }
        self._held[-1].write(SUMMARY, json_text(summary, indent=2) + "\n")
        return counts

    def alike(self) -> tuple[int, list[list[str]]]:
        """How many groups of accounts have ids that are alike, and the first of these."""
        said = json.loads((self.out / SUMMARY).read_text(encoding="utf-8"))["alike_accounts"]
        return said["groups"], said["first"]

    def statuses(self) -> list[dict[str, int]]:
        """How many accounts have each status, by each definition."""
        return statuses(self.verdicts(), self.definitions)

    def _statuses_said(self) -> Any:
        found = self.statuses()
        if len(found) == 1:
            return found[0]
        readings = (dict(definition.reading) for definition in self.definitions)
        return [{"reading": reading, **by} for reading, by in zip(readings, found, strict=True)]

    def parts(self) -> Sequence[Path]:
        """The normalised parts; made again if they were removed."""
        with self.holding():
            return self._parts()[0]

    def verdicts(self) -> pl.LazyFrame:
        """The verdicts, as far as they are there."""
        return pl.scan_parquet(self._files())

    def rejects(self) -> pl.LazyFrame:
        """What was not decided, and why; a row for each problem."""
        schema = json_lines.LINE_REJECTS if self.kind == "lines" else PLACED_REJECTS
        file = self.out / REJECTS
        has_some = file.stat().st_size > 0  # Polars takes no empty file
        return pl.scan_ndjson(file, schema=schema) if has_some else pl.LazyFrame(schema=schema)

    def _accounts(self) -> pl.LazyFrame:
        """The ids of the accounts that are listed, whether they could be decided or not."""
        named = self.rejects().filter(pl.col(ACCOUNT_ID) != "")  # null neither
        nobodys = named.filter(pl.col("code") == "unknown-account")
        undecided = named.join(nobodys, on=ACCOUNT_ID, how="anti").select(ACCOUNT_ID).unique()
        return pl.concat([self.verdicts().select(ACCOUNT_ID), undecided])

    def _files(self) -> list[Path]:
        return verdict_files(self.out)

    def clear(self) -> None:
        """Remove what was only needed on the way."""
        with self.holding() as folder:
            folder.clear()


def _records_of(twice: pl.DataFrame, parts: Sequence[Path], counts: Counts) -> dict[str, Records]:
    """The records by table, where those of accounts that stand on two lines are left out."""
    if twice.is_empty():
        return dict(counts.records)
    ids = twice.lazy().select(ACCOUNT_ID)
    records = {}
    for name, each in counts.records.items():
        rows = pl.scan_parquet([part / f"{name}.parquet" for part in parts])
        found = rows.join(ids, on=ACCOUNT_ID, how="semi").select(pl.len())
        out = found.collect(engine="streaming").item()
        records[name] = evolve(each, used=each.used - out, left_out=each.left_out + out)
    return records


def _without(counts: Counts, lost: int, records: dict[str, Records]) -> Counts:
    """The counts, where so many lines that fit are not to be decided."""
    fit, rejected = counts.fit - lost, counts.rejected + lost
    return evolve(counts, fit=fit, rejected=rejected, records=records)


def _groups(parts: Sequence[Path]) -> Iterator[list[Path]]:
    """Consecutive parts, together about as many accounts as are decided at once."""
    group: list[Path] = []
    held = 0
    for part in parts:
        group.append(part)
        held += Counts.of(part).fit
        if held >= _ACCOUNTS_AT_ONCE:
            yield group
            group, held = [], 0
    if group:
        yield group
