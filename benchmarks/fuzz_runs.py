"""Whole runs over tables drawn at random, each row compared with what the reference says.

Each run has other accounts, their moments a few microseconds around a cut-off; another way to write
each column; sorted or shuffled Parquet, CSV, or JSON lines; another reading, or several for a
survey; the supposition or none; Polars or DuckDB; one part or three.

    python benchmarks/fuzz_runs.py --minutes 30 --seed 7
    python benchmarks/fuzz_runs.py --smoke           two small runs, some seconds

What differs is printed with its seed, which makes the same run again, and the exit status is 1.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import polars as pl
from attrs import frozen

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "batch"))

from engines import Population, differences, raw_tables, small_worlds

from eligibility import AccountHistory, ClassDefinition
from eligibility.batch.execute.engines import engine_named
from eligibility.batch.execute.job import Run
from eligibility.batch.tables.schema import survey_columns
from eligibility.facts.supposition import Supposition
from eligibility.rules import AS_ALLEGED, class_definition, every_reading

FORMS = ("parquet", "sorted", "csv", "lines")
READINGS = list(every_reading())


@frozen
class Drawn:
    """What a run is of."""

    form: str
    engine: str
    partitions: int
    supposing: Supposition | None
    definitions: Sequence[ClassDefinition]

    @classmethod
    def of(cls, rng: Random) -> "Drawn":
        """A run, drawn."""
        several = rng.sample(READINGS, 4 if rng.random() < 0.3 else 1)
        return cls(
            rng.choice(FORMS),
            rng.choice(["polars", "polars", "duckdb"]),
            rng.choice([1, 3]),
            rng.choice([None, AS_ALLEGED]),
            [class_definition(reading) for reading in several],
        )

    def words(self) -> str:
        """The run in words."""
        readings = "; ".join(" ".join(each.reading.values()) for each in self.definitions)
        supposing = "as alleged" if self.supposing else "as it is"
        return f"{self.form}, {self.engine}, {self.partitions} parts, {supposing}, {readings}"


def differing(seed: int, accounts: int, folder: Path) -> Iterator[str]:
    """Where the run of a seed says something else than the reference."""
    rng = Random(seed)
    drawn = Drawn.of(rng)
    people = Population.of(small_worlds(accounts, f"run {seed}"), AS_ALLEGED)
    source = _written(people, drawn.form, rng, folder)
    run = Run(
        source,
        folder / "out",
        drawn.definitions,
        engine_named(drawn.engine),
        drawn.engine,
        drawn.supposing,
        partitions=None if drawn.form == "lines" else drawn.partitions,
        workers=1,
    )
    run.go()
    rows = run.verdicts().collect().rows(named=True)
    is_supposed = drawn.supposing is not None
    wanted = [people.expected(each, supposed=is_supposed) for each in drawn.definitions]
    if len(wanted) == 1:
        wrong = list(differences(rows, wanted[0], people))
    else:
        columns = survey_columns(drawn.definitions)
        said = {row["account_id"]: [row[column] for column in columns] for row in rows}
        want = {name: [each[name]["status"] for each in wanted] for name in wanted[0]}
        alone = said.keys() ^ want.keys()
        others = [name for name in said.keys() & want.keys() if said[name] != want[name]]
        wrong = [f"{name} is missing, or not expected" for name in sorted(alone)]
        wrong += [f"{said[n]} is not {want[n]} of {people.history(n)}" for n in sorted(others)]
    yield from (f"seed {seed}, {drawn.words()}: {each}" for each in wrong)


def _written(people: Population, form: str, rng: Random, folder: Path) -> Path:
    """The accounts as an input of some form."""
    if form == "lines":
        source = folder / "histories.jsonl"
        lines = (each.model_dump_json(exclude_unset=True) for each in people.histories)
        source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return source
    source = folder / "tables"
    source.mkdir()
    for name, frame in raw_tables(people.histories, AccountHistory, rng).items():
        is_flat = not any(isinstance(kind, pl.List) for kind in frame.dtypes)
        if form == "csv" and is_flat:
            frame.write_csv(source / f"{name}.csv")
            continue
        rows = frame.sort("account_id", maintain_order=True) if form == "sorted" else frame
        rows.write_parquet(source / f"{name}.parquet")
    return source


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--runs", type=int, help="stop after so many, whatever the time")
    parser.add_argument("--accounts", type=int, default=300, help="of each run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="seconds: only to see that it runs")
    given = parser.parse_args()
    most, accounts = (2, 40) if given.smoke else (given.runs or sys.maxsize, given.accounts)
    until = time.monotonic() + 60 * given.minutes
    runs = wrong = 0
    while runs < most and time.monotonic() < until:
        with tempfile.TemporaryDirectory() as folder:
            for each in differing(given.seed + runs, accounts, Path(folder)):
                print(each, flush=True)
                wrong += 1
        runs += 1
    print(f"{runs:,} runs of {accounts:,} accounts from seed {given.seed}: {wrong:,} rows differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
