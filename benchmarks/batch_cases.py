"""What `batch.py` measures, each case in a process of its own, and how it is measured.

    python benchmarks/batch_cases.py CASE SOURCE OUT

prints seconds by the clock and of the processor, and what was found, as JSON. Imports and what
comes before the clock starts are not counted in the seconds, but they are in the memory.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from shutil import rmtree
from time import perf_counter

import polars as pl
from batch_by_hand import by_hand, floor
from batch_tables import tables_in

from eligibility import AccountHistory, evaluate
from eligibility.batch.execute.engines import duckdb_to, polars_to
from eligibility.batch.execute.job import Run
from eligibility.batch.sql.statement import plan_of
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.json_lines import read_lines
from eligibility.batch.tables.parts import open_prepared, prepare_to
from eligibility.batch.tables.parts import tables_in as tables_of
from eligibility.rules import class_definition

#: What the process keeps to where DuckDB is told to.
LIMIT = "1GB"
#: So many accounts are decided in a loop.
IN_A_LOOP = 2_000


# ---- cases: what is there before the clock starts; then what is measured -------------------------


def _floor(source, out):
    floor(tables_in(source)).sink_parquet(out, engine="streaming")


def _hand(source, out):
    by_hand(tables_in(source)).sink_parquet(out, engine="streaming")


def _generated(engine, source, out):
    """The statement of the compiler, compiled within the time."""
    engine(plan_of([class_definition()]), tables_in(source), out)


def _in_parts(engine, source, out):
    """The same, of a folder that `prepare` made: part by part, as a run decides it."""
    out.mkdir()
    plan = plan_of([class_definition()])
    for part in open_prepared(source, AccountHistory).parts:
        engine(plan, tables_of(part, AccountHistory), out / f"{part.name}.parquet")


def _floor_in_parts(source, out):
    """The floor of the same folder: the columns that a run reads there, and as many rows."""
    out.mkdir()
    for part in open_prepared(source, AccountHistory).parts:
        found = floor(tables_of(part, AccountHistory))
        found.sink_parquet(out / f"{part.name}.parquet", engine="streaming")


def _as_it_is(source, out):
    """Scan tables and write them, and do nothing else."""
    out.mkdir()
    for name, file in tables_in(source).items():
        pl.scan_parquet(file).sink_parquet(out / f"{name}.parquet", engine="streaming")


def _normalised(source, out):
    """Tables as they came, normalised in a folder."""
    prepare_to(source, out, AccountHistory)


def _run(engine, source, out):
    """All that `eligibility batch` does of tables: normalising, parts, deciding, counting."""
    Run(source, out, [class_definition()], engine).go()


def _loop(source, _):
    files = tables_in(source)
    ids = pl.scan_parquet(files["accounts"]).head(IN_A_LOOP).collect()["account_id"]
    found = {
        name: pl.scan_parquet(file).filter(pl.col("account_id").is_in(ids.implode())).collect()
        for name, file in files.items()
    }
    histories = list(histories_of(found, ids, AccountHistory))
    return lambda: [evaluate(history).status for history in histories]


def _validated(model, source, _):
    """Validate each line; how many are valid."""
    if model == "plain":
        from decide import PlainHistory as Model  # noqa: PLC0415 - only for this one case
    else:
        Model = AccountHistory  # noqa: N806 - a class
    valid = 0
    with source.open("rb") as file:
        for line in file:
            try:
                Model.model_validate_json(line)
            except ValueError:
                continue
            valid += 1
    return valid


def _lines(source, out):
    """Histories to normalised tables, in this process alone."""
    return len(read_lines(source, out, AccountHistory, workers=1))


def _openfisca(source, _):
    from batch_openfisca import openfisca  # noqa: PLC0415 - another engine, not always there

    return openfisca(source)


_PREPARED = {
    "evaluate in a loop": _loop,
    "OpenFisca-Core": _openfisca,
}
_AT_ONCE = {
    "floor": _floor,
    "by hand, Polars": _hand,
    "generated, Polars": partial(_generated, polars_to),
    "generated, DuckDB": partial(_generated, duckdb_to),
    "floor, prepared": _floor_in_parts,
    "generated, Polars, prepared": partial(_in_parts, polars_to),
    "generated, DuckDB, prepared": partial(_in_parts, duckdb_to),
    "scan and write": _as_it_is,
    "pydantic alone, moments as plain texts": partial(_validated, "plain"),
    "pydantic alone, AccountHistory": partial(_validated, "whole"),
    "JSON lines to normalised tables": _lines,
    "normalise": _normalised,
    f"generated, DuckDB, {LIMIT}": partial(_generated, partial(duckdb_to, memory_limit=LIMIT)),
    "a whole run, Polars": partial(_run, polars_to),
    f"a whole run, DuckDB, {LIMIT}": partial(_run, partial(duckdb_to, memory_limit=LIMIT)),
}


def run(name, source, out):
    """Run a case here; its seconds, and what it found."""
    if out.is_dir():
        rmtree(out)
    out.unlink(missing_ok=True)
    if name in _AT_ONCE:
        case = partial(_AT_ONCE[name], source, out)
    else:
        case = _PREPARED[name](source, out)
    began, used = perf_counter(), _processor()
    found = case()
    seconds, processor = perf_counter() - began, _processor() - used
    count = len(found) if isinstance(found, list) else found
    return {"seconds": seconds, "processor": processor, "memory": _most_held(), "found": count}


def _processor():
    """The processor time of this process and of those that it started and has waited for."""
    each = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in each)


def _most_held():
    """The most memory that this process has held, in bytes; not what it had of its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return getrusage(RUSAGE_SELF).ru_maxrss * 1024
    (most,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(most) * 1024


# ---- measuring -----------------------------------------------------------------------------------


def measured(name, source, out):
    """Run a case in a process of its own; what it says of itself, or how it failed."""
    command = [sys.executable, __file__, name, str(source), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - us
    if done.returncode:
        said = done.stderr.splitlines()
        lines = [line for line in said if "Error" in line or "Exception" in line]
        return {"failed": lines[-1] if lines else f"exit status {done.returncode}"}
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
