"""A run: an input and a definition in, a folder of verdicts out; it can be taken up again.

What is read becomes parts (`intake`), each part is decided into one file of verdicts, and
in the end everything is counted: read = decided + rejected + inconsistent. A file has its name only
when it is whole; so a run that was killed goes on where it was, and ends in the same bytes.
"""

import glob
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
from attrs import field, frozen

from eligibility.arguments import expect
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
from eligibility.batch.execute.intake import Intake, of_lines
from eligibility.batch.state.counts import LOST_HINT, Counts
from eligibility.batch.state.run_folder import RunFolder, damaged_run, held
from eligibility.batch.tables.folder import check_lines
from eligibility.batch.tables.identity import States, identity, states, unchanged
from eligibility.batch.tables.json_lines import LINE_REJECTS, REJECTS, read_lines
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.parquet_files import height, stored
from eligibility.batch.tables.parts import PREPARED, open_prepared, prepare_in
from eligibility.batch.tables.places import PLACED_REJECTS
from eligibility.batch.tables.schema import ACCOUNT_ID
from eligibility.batch.tables.strays import HELD_BACK, alike_accounts
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import Problem, json_text
from eligibility.facts.supposition import Supposition

#: Kept in each file of verdicts: how many of them the reference decided.
_BY_REFERENCE: Final = "decided_by_reference"
#: Kept there too: which run they are of.
_RUN: Final = "eligibility_run"
#: Of accounts whose ids are alike, so many are named.
_MOST_ALIKE: Final = 5

Kind = Literal["prepared", "tables", "lines"]


@frozen
class _Held:
    """The folder that a run holds; how the files of its input were before."""

    folder: RunFolder
    since: States


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
    _held: list[_Held] = field(factory=list, init=False, repr=False, eq=False)

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
            yield self._folder
            return
        self._check_source()
        since = states(self.source)
        with held(self.out, self._of, self.source) as folder:
            self._held.append(_Held(folder, since))
            try:
                yield folder
            finally:
                self._held.pop()

    @property
    def _folder(self) -> RunFolder:
        return self._held[-1].folder

    def _check_source(self) -> None:
        for place, name in ((self.source, "source"), (self.out, "out")):
            expect(place, Path, name, "Pass `pathlib.Path(...)`.")
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
            with unchanged(self.source, self._held[-1].since):
                read = self._read()
                with folder.whole(REJECTS) as made, made.open("wb") as file:
                    read.write_rejects(file)
                self._refuse_nameless(read.counts)
                groups = read.groups()
                names = [f"part-{at:05}.parquet" for at in range(len(groups))]
                self._refuse_strange(names)
                inquiry = Inquiry(self.definitions, self.supposing)
                for at, (name, group) in enumerate(zip(names, groups, strict=True), start=1):
                    if not self._has(name, folder.run):
                        self._decide(inquiry, read.tables(group), name)
                    self.progress("deciding", at, len(groups))
            return self._end(read)

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

    def _read(self) -> Intake:
        """The input, as normalised parts."""
        place, model = self._folder.inner, self.definitions[0].model
        if self.kind == "prepared":
            made = open_prepared(self.source, model)
            return Intake(model, made.parts, made.counts)
        if self.kind == "tables":
            made = prepare_in(
                place,
                self.source,
                model,
                self._held[-1].since,
                options=self.options,
                partitions=self.partitions,
                progress=partial(self.progress, "normalising"),
            )
            return Intake(model, made.parts, made.counts)
        size, done = self.source.stat().st_size, 0

        def report(more: int) -> None:
            nonlocal done
            done += more
            self.progress("reading", done, size)

        parts = read_lines(self.source, place, model, workers=self.workers, progress=report)
        return of_lines(parts, model, self.source.name)

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

    def _decide(self, inquiry: Inquiry, tables: Frames, name: str) -> None:
        folder = self._folder
        with folder.whole(f"{VERDICTS}/{name}") as made:
            by_reference = decided_to(made, tables, inquiry, self.run)
            texts = inquiry.plan.texts.items()
            # the same order and types, whoever ran it
            rows = pl.read_parquet(made, glob=False).sort(ACCOUNT_ID)
            rows = rows.with_columns(pl.col(n).cast(pl.Enum(words)) for n, words in texts)
            rows.write_parquet(made, metadata={_BY_REFERENCE: f"{by_reference}", _RUN: folder.run})

    def _check(self, read: Intake) -> None:
        """See that all that was read is accounted for, and that it is what the files hold."""
        read.counts.check(self.out.name)
        fit = {"verdicts": read.counts.fit, **read.rows_counted()}
        held = {"verdicts": height(self.verdicts())}
        held |= read.rows_held()
        words = {
            name: f"{held[name]:,} rows are there, and {fit[name]:,} should be." for name in fit
        }
        lost = [name for name in fit if fit[name] != held[name]]
        if lost:
            raise BatchError([Problem("accounts-lost", n, words[n], LOST_HINT) for n in lost])

    def _end(self, read: Intake) -> Counts:
        self._check(read)
        first, alike = self.definitions[0], alike_accounts(self._accounts())
        kept = map(pl.read_parquet_metadata, verdict_files(self.out))
        by_reference = (int(each[_BY_REFERENCE]) for each in kept)
        summary: dict[str, Any] = {
            "definition": {"id": first.id, "version": first.version, "digest": first.digest},
            "reading": dict(first.reading) if len(self.definitions) == 1 else None,
            "readings": len(self.definitions),
            "supposing": self.supposing.name if self.supposing else None,
            "engine": self.engine,
            "counts": read.counts.as_json(),
            "alike_accounts": {"groups": len(alike), "first": alike[:_MOST_ALIKE]},
            "statuses": self._statuses_said(),
            _BY_REFERENCE: sum(by_reference),
            "files": files_said(self.out),
            "notice": first.notice,
        }
        self._folder.write(SUMMARY, json_text(summary, indent=2) + "\n")
        return read.counts

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
            return self._read().parts

    def verdicts(self) -> pl.LazyFrame:
        """The verdicts, as far as they are there."""
        return stored(*verdict_files(self.out))

    def rejects(self) -> pl.LazyFrame:
        """What was not decided, and why; a row for each problem."""
        schema = LINE_REJECTS if self.kind == "lines" else PLACED_REJECTS
        file = self.out / REJECTS
        if not file.stat().st_size:  # Polars takes no empty file
            return pl.LazyFrame(schema=schema)
        return pl.scan_ndjson(glob.escape(str(file)), schema=schema)

    def _accounts(self) -> pl.LazyFrame:
        """The ids of the accounts that are listed, whether they could be decided or not."""
        named = self.rejects().filter(pl.col(ACCOUNT_ID) != "")  # null neither
        nobodys = named.filter(pl.col("code") == "unknown-account")
        undecided = named.join(nobodys, on=ACCOUNT_ID, how="anti").select(ACCOUNT_ID).unique()
        return pl.concat([self.verdicts().select(ACCOUNT_ID), undecided])

    def clear(self) -> None:
        """Remove what was only needed on the way."""
        with self.holding() as folder:
            folder.clear()
