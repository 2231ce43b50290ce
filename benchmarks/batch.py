"""What deciding many accounts costs, beside what else could be done.

Beside a plan written by hand, beside only reading, and as tables grow; JSON lines beside pydantic
alone; beside OpenFisca-Core, and beside a loop.

    python benchmarks/batch.py                    1 and 5 million accounts, growth to 10 million
    python benchmarks/batch.py --quick            0.1 million, some minutes
    python benchmarks/batch.py --accounts 1000000 --only plans
    python benchmarks/batch.py --only check       only: is the plan that was written by hand right?
    python benchmarks/batch.py --smoke            does all of it run? some seconds, in one process

Every measured run is a process of its own, and the cases take turns. What is printed are medians:
seconds by the clock and of the processor, and the most memory that the process held. The clock
starts when everything is imported. All accounts are fictional, made by `batch_tables.py`; the
tables, which take 0.4 GB of disk for a million accounts, are kept in the folder for the next time.
"""

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import polars as pl
from batch_cases import IN_A_LOOP, LIMIT, measured, run
from batch_check import check
from batch_tables import KINDS, tables_in, write_tables

from eligibility import AccountHistory
from eligibility.batch.demo.files import write_population
from eligibility.batch.tables.parts import prepare_to

PLANS = (
    "floor",
    "by hand, Polars",
    "generated, Polars",
    "generated, DuckDB",
    f"generated, DuckDB, {LIMIT}",
)
#: From a folder that `prepare` made, part by part, as a run decides it: accounts have numbers.
FLOOR_IN_PARTS = "floor, prepared"
PREPARED = (FLOOR_IN_PARTS, "generated, Polars, prepared", "generated, DuckDB, prepared")
#: From the same tables, all that the command does; in parts, so that memory is bounded.
RUNS = ("a whole run, Polars", f"a whole run, DuckDB, {LIMIT}")
LINES = (
    "pydantic alone, moments as plain texts",
    "pydantic alone, AccountHistory",
    "JSON lines to normalised tables",
)
#: From texts as people have them: what normalising costs, and all that the command does.
TEXTS = ("scan and write", "normalise", "a whole run, Polars")
SECTIONS = ("check", "plans", "texts", "runs", "growth", "lines", "openfisca", "loop")


class Bench:
    """Where tables lie, how often each case is run, and what runs it."""

    def __init__(self, folder, rounds, measured, partitions=None):
        self.folder, self.rounds, self.measured = folder, rounds, measured
        self.partitions = partitions
        folder.mkdir(parents=True, exist_ok=True)

    def tables(self, accounts, kind):
        """Tables of a kind, made if they are not there."""
        folder = self.folder / f"{accounts}"
        write_tables(folder, accounts)
        return folder / kind

    def prepared(self, accounts, kind):
        """The same tables as `prepare` leaves them, made if they are not there."""
        folder = self.folder / f"{accounts}" / f"prepared-{kind}"
        prepare_to(self.tables(accounts, kind), folder, AccountHistory, partitions=self.partitions)
        return folder

    def in_turns(self, cases):
        """Run cases, each a name and its source, in turns; for each the median of all it says."""
        found = [[] for _ in cases]
        for at in range(self.rounds):
            order = [*range(at % len(cases), len(cases)), *range(at % len(cases))]
            for place in order:
                name, source = cases[place]
                found[place].append(self.measured(name, source, self.out(place)))
        return [together(runs) for runs in found]

    def out(self, place):
        """Where the case of a place writes to."""
        return self.folder / f"out-{place}"

    def plans(self, sizes):
        """The generated plan beside the plan by hand and beside only reading."""
        for accounts in sizes:
            for kind in KINDS:
                source = self.tables(accounts, kind)
                cases = [(name, source) for name in PLANS]
                cases += [(name, self.prepared(accounts, kind)) for name in PREPARED]
                found = self.in_turns(cases)
                hand = pl.scan_parquet(self.out(1))
                for place in range(2, len(cases)):
                    if "failed" not in found[place] and cases[place][0] != FLOOR_IN_PARTS:
                        assert same_rows(hand, pl.scan_parquet(self.out(place))), cases[place]
                print(f"\n### {accounts:,} accounts, {kind}: {messages(source):,} messages\n")
                floors = {"of floor": found[0], "of floor, prepared": found[len(PLANS)]}
                beside = floors | {"of by hand": found[1]}
                table([name for name, _ in cases], found, beside)

    def texts(self, sizes):
        """Tables with moments as texts, which are normalised first."""
        for accounts in sizes:
            source = self.folder / f"texts-{accounts}"
            if not source.exists():
                write_population(source, accounts)
            found = self.in_turns([(name, source) for name in TEXTS])
            print(f"\n### From texts: {accounts:,} accounts\n")
            table(TEXTS, found, {"of scan and write": found[0]})

    def runs(self, sizes):
        """All that the command does, from tables as they are to verdicts."""
        for accounts in sizes:
            for kind in KINDS:
                source = self.tables(accounts, kind)
                found = self.in_turns([(name, source) for name in RUNS])
                print(f"\n### A whole run: {accounts:,} accounts, {kind}\n")
                table(RUNS, found, {})

    def growth(self, sizes):
        """Time as tables grow."""
        cases = [("generated, Polars", self.tables(accounts, "ready")) for accounts in sizes]
        found = self.in_turns(cases)
        print("\n## Growth: generated, Polars, normalised tables\n")
        head("accounts", "seconds", "processor", "microseconds an account", "memory, GB")
        for accounts, each in zip(sizes, found, strict=True):
            micro = each["seconds"] / accounts * 1e6
            row(f"{accounts:,}", *times(each), f"{micro:.2f}", memory(each))

    def lines(self, accounts):
        """JSON lines beside what pydantic alone validates, each in one process."""
        folder = self.folder / f"lines-{accounts}"
        source = folder / "histories.jsonl"
        if not source.exists():
            write_population(folder, accounts, format="jsonl")
        found = self.in_turns([(name, source) for name in LINES])
        print(f"\n## JSON lines: {accounts:,} histories, {source.stat().st_size / 1e6:,.0f} MB\n")
        of = [f"rate of {name}" for name in LINES[:2]]
        head("", "seconds", "processor", "histories a second of processor", *of)
        for name, each in zip(LINES, found, strict=True):
            rates = [other["processor"] / each["processor"] for other in found[:2]]
            rate = accounts / each["processor"]
            row(name, *times(each), f"{rate:,.0f}", *(f"{each:.2f}" for each in rates))

    def openfisca(self, accounts):
        """The nearest two-valued rule, over as many persons."""
        if find_spec("openfisca_core") is None:
            print("\nWithout OpenFisca-Core: pip install -r benchmarks/requirements.txt")
            return
        from batch_openfisca import two_valued  # noqa: PLC0415 - it imports the engine

        source = self.folder / f"{accounts}" / "two-valued" / "ready"
        two_valued(self.tables(accounts, "ready"), source)
        names = ("generated, Polars", "OpenFisca-Core")
        found = self.in_turns([(name, source) for name in names])
        fits = pl.scan_parquet(self.out(0)).filter(pl.col("status") == "eligible")
        assert fits.select(pl.len()).collect().item() == found[1]["found"]
        print(f"\n## Beside OpenFisca-Core: {accounts:,} accounts, everything known\n")
        table(names, found, {"of generated": found[0]})

    def loop(self, accounts):
        """Deciding by the statement beside `evaluate` in a loop."""
        source = self.tables(accounts, "ready")
        names = ("generated, Polars", "evaluate in a loop")
        found = self.in_turns([(name, source) for name in names])
        each = [used["seconds"] / n for used, n in zip(found, (accounts, IN_A_LOOP), strict=True)]
        print(f"\n## Beside a loop: {accounts:,} accounts, and {IN_A_LOOP:,} of them in a loop\n")
        head("", "microseconds an account")
        for name, used in zip(names, each, strict=True):
            row(name, f"{used * 1e6:.2f}")
        print(f"\nThe loop takes {each[1] / each[0]:,.0f} times as long.")


def together(runs):
    """The medians of several runs of a case; a case that failed once has failed."""
    for each in runs:
        if "failed" in each:
            return each
    keys = ("seconds", "processor", "memory")
    return {key: median(each[key] for each in runs) for key in keys} | {"found": runs[0]["found"]}


def same_rows(one, other):
    """Whether two results have the same rows, in any order; words may be texts or enumerations."""
    names = one.collect_schema().names()
    one, other = (each.with_columns(pl.exclude("exact").cast(pl.String)) for each in (one, other))
    counts = [each.select(pl.len()).collect().item() for each in (one, other)]
    alone = one.join(other, on=names, how="anti").select(pl.len())
    return counts[0] == counts[1] and alone.collect(engine="streaming").item() == 0


def messages(source):
    return pl.scan_parquet(tables_in(source)["messages"]).select(pl.len()).collect().item()


def table(names, found, beside):
    """Seconds and memory, and ratios by the clock (and of the processor)."""
    head("", "seconds", "processor", "memory, GB", *beside)
    for name, each in zip(names, found, strict=True):
        if "failed" in each:
            row(name, each["failed"])
            continue
        ratios = [
            f"{each['seconds'] / b['seconds']:.2f} ({each['processor'] / b['processor']:.2f})"
            for b in beside.values()
        ]
        row(name, *times(each), memory(each), *ratios)


def times(each):
    return f"{each['seconds']:.2f}", f"{each['processor']:.2f}"


def memory(each):
    return f"{each['memory'] / 1e9:.2f}"


def head(*names):
    row(*names)
    row(*("---" for _ in names))


def row(*cells):
    print("|", " | ".join(cells), "|", flush=True)


def main():
    parser = argparse.ArgumentParser(description="What deciding many accounts costs.")
    parser.add_argument("--accounts", type=int, nargs="+", help="sizes of tables")
    parser.add_argument("--growth", type=int, nargs="+", help="sizes to grow through")
    parser.add_argument("--lines", type=int, help="how many JSON lines")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--partitions", type=int, help="how many parts `prepare` makes of tables")
    parser.add_argument("--quick", action="store_true", help="0.1 million accounts")
    parser.add_argument("--smoke", action="store_true", help="next to none, in one process")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", default=SECTIONS)
    default = Path(tempfile.gettempdir()) / "eligibility-batch"
    parser.add_argument("--folder", type=Path, default=default, help="where tables are kept")
    said = parser.parse_args()
    if said.smoke:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), 1, run)
            few = {"sizes": [500], "growing": [200, 500], "lines": 300, "checked": 500}
            sections(bench, said.only, **few)
        return
    quick = said.quick
    sizes = said.accounts or ([100_000] if quick else [1_000_000, 5_000_000])
    growing = [10_000, 100_000, 200_000] if quick else [100_000, 1_000_000, 10_000_000]
    lines = said.lines or (20_000 if quick else 200_000)
    bench = Bench(said.folder, said.rounds, measured, said.partitions)
    packages = ("polars", "duckdb", "pydantic", "sqlglot")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores.")
    busy = os.getloadavg()[0]
    print(f"Medians of {said.rounds} runs; the machine's load was {busy:.1f} at the start.")
    how_many = {"sizes": sizes, "growing": said.growth or growing}
    sections(bench, said.only, **how_many, lines=lines, checked=20_000)


def sections(bench, asked, *, sizes, growing, lines, checked):  # noqa: PLR0913 - how much of each
    """Measure what is asked for."""
    known = {
        "check": lambda: check(checked),
        "plans": lambda: bench.plans(sizes),
        "texts": lambda: bench.texts(sizes),
        "runs": lambda: bench.runs(sizes),
        "growth": lambda: bench.growth(growing),
        "lines": lambda: bench.lines(lines),
        "openfisca": lambda: bench.openfisca(min(sizes)),
        "loop": lambda: bench.loop(min(sizes)),
    }
    for name in asked:
        known[name]()


if __name__ == "__main__":
    main()
