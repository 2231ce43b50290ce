"""Runs of the command line in processes of their own, to be killed, stopped, and set on each other.

The test of a few kills and `benchmarks/kill_runs.py`, with as many as one likes, share this.
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from attrs import frozen

from eligibility.batch.demo.files import Format, write_population

ACCOUNTS: Final = 1_500
#: How long anything may take before something is wrong, however busy the machine.
PATIENCE: Final = 120
#: The exit status: the population has some accounts that do not fit.
_SOME_REJECTS: Final = 3
#: Pieces are made small, so that a kill falls between any two of them.
_PROGRAM: Final = """
import eligibility.batch.tables.json_lines as lines
import eligibility.batch.execute.intake as intake
import eligibility.batch.execute.job as run
from eligibility.cli import main
lines.read_lines.__kwdefaults__["chunk_bytes"] = 200_000
intake._ACCOUNTS_AT_ONCE = 500
"""
_MAIN: Final = "main()"


@frozen
class Case:
    """What a run reads, and by which engine it is decided."""

    form: Format
    engine: str

    def source(self, home: Path) -> Path:
        """A fictional population, made once."""
        made = home / f"in-{self.form}"
        if not made.exists():
            write_population(made, ACCOUNTS, format=self.form)
        return made / "histories.jsonl" if self.form == "jsonl" else made


CASES: Final = tuple(
    Case(form, engine) for form in ("csv", "jsonl") for engine in ("polars", "duckdb")
)


@contextmanager
def started(
    case: Case, home: Path, out: Path, program: str = ""
) -> Iterator["subprocess.Popen[str]"]:
    """A run in a process of its own, and in a group of its own, so that its workers are found."""
    words = ["batch", case.source(home), "-o", out, "--engine", case.engine]
    words += ["--partitions", "3"] if case.form == "csv" else ["--workers", "2"]
    command = [sys.executable, "-c", _PROGRAM + program + _MAIN, *map(str, words)]
    process = subprocess.Popen(  # noqa: S603 - this very Python
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def ran(case: Case, home: Path, out: Path, program: str = "") -> tuple[int, str]:
    """The exit status of a run that nobody disturbs, and what it said."""
    with started(case, home, out, program) as process:
        said, wrong = process.communicate(timeout=PATIENCE)
    return process.returncode, said + wrong


def results(out: Path) -> dict[str, str]:
    """Everything that a run has made, as digests; only `run.json` says when and in what order."""
    files = [path for path in out.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name != "run.json"
    }


def undisturbed(home: Path, case: Case) -> dict[str, str]:
    """The results of a run that nobody disturbs; made once."""
    whole = _whole(home, case)
    if not whole.exists():
        began = time.monotonic()
        status, said = ran(case, home, whole)
        assert status == _SOME_REJECTS, said
        took = time.monotonic() - began
        whole.with_name(f"{whole.name}.seconds").write_text(f"{took}", encoding="utf-8")
    return results(whole)


def _whole(home: Path, case: Case) -> Path:
    return home / f"whole-{case.form}-{case.engine}"


def left_alive(group: int) -> list[int]:
    """The processes of a group that have not ended; none where the system does not say."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group, *_ = stat.read_text(encoding="utf-8").rpartition(") ")[2].split()
        except OSError:  # it has ended
            continue
        if int(of_group) == group and state not in "ZX":
            found.append(int(stat.parent.name))
    return found


def ends(group: int, within: float) -> bool:
    """Whether all processes of a group end soon."""
    until = time.monotonic() + within
    while left_alive(group):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def killed(case: Case, home: Path, kills: int, seed: int) -> Iterator[str]:
    """Kill runs at random moments, each taken up at once, until so many have been killed.

    Yields:
        What was wrong: nothing, if all is well.
    """
    whole = undisturbed(home, case)
    took = float((home / f"{_whole(home, case).name}.seconds").read_text(encoding="utf-8"))
    moments, done, at = Random(seed), 0, 0
    while done < kills:
        out = home / f"cut-{case.form}-{case.engine}-{at}"
        at += 1
        for _ in range(moments.randint(2, 6)):
            with started(case, home, out) as process:
                try:
                    process.wait(moments.uniform(0.25, 1.05) * took)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if process.returncode != -signal.SIGKILL:
                break
            done += 1
        status, said = ran(case, home, out)
        if (status, results(out)) != (_SOME_REJECTS, whole):
            yield f"{case}, seed {seed}, folder {at}: {status}, {said}, {out}"
