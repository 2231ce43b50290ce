"""Runs that are killed, told to stop, or set on each other: what they come to stays the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killing import CASES, PATIENCE, Case, ends, killed, ran, results, started, undisturbed

from eligibility.batch.state.run_folder import WORK


def seconds_to_end() -> float:
    """Two, as the docs promise; more where every core has several other things to do."""
    return min(6.0, 2.0 * max(1.0, os.getloadavg()[0] / 4 / (os.cpu_count() or 1)))


_A_LONG_QUERY = {
    "polars": """
import polars as pl
def long(*_):
    print("now", file=sys.stderr, flush=True)
    some = pl.LazyFrame({"a": range(4_000)})
    pairs = some.join(some, how="cross", suffix="_b").join(some, how="cross", suffix="_c")
    pairs.select((pl.col("a") * pl.col("a_b") % (pl.col("a_c") + 1)).sum()).collect(
        engine="streaming"
    )
""",
    "duckdb": """
import duckdb
def long(*_):
    print("now", file=sys.stderr, flush=True)
    duckdb.sql(
        "SELECT sum(hash(a.range * b.range)) FROM range(1000000) a, range(1000000) b"
    ).fetchall()
""",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the inputs lie, and the undisturbed runs."""
    return tmp_path_factory.mktemp("runs")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.form}-{case.engine}")
def test_a_run_that_is_killed_at_any_moment_is_taken_up_and_ends_in_the_same_bytes(
    home: Path, case: Case
) -> None:
    assert list(killed(case, home, kills=3, seed=20240918)) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_run(tmp_path: Path, home: Path, number: signal.Signals) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("only Linux says in /proc which processes are left")
    case = Case("jsonl", "polars")
    with started(case, home, tmp_path / "out") as process:
        until = time.monotonic() + PATIENCE
        while not list((tmp_path / "out" / WORK).glob("tmp/*/chunk-*")):  # a worker is at work
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.005)
        os.kill(process.pid, number)
        assert ends(process.pid, seconds_to_end())
    assert ran(case, home, tmp_path / "out")[0] == 3  # some of the accounts are rejects
    assert results(tmp_path / "out") == undisturbed(home, case)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("library", _A_LONG_QUERY)
def test_a_signal_ends_a_run_in_the_middle_of_a_long_query(
    tmp_path: Path, home: Path, library: str, number: signal.Signals
) -> None:
    case = Case("csv", "polars")
    program = "import sys\nfrom eligibility.batch.execute import engines\n" + _A_LONG_QUERY[library]
    program += 'engines.ENGINES = {"polars": long}\n'
    with started(case, home, tmp_path / "out", program) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "now\n"
        time.sleep(0.5)
        began = time.monotonic()
        os.kill(process.pid, number)
        assert process.wait(PATIENCE) == 128 + number
        assert time.monotonic() - began < seconds_to_end()
        told = process.stderr.read()
        assert ("[stopped]" in told, "Traceback" in told) == (True, False), told
    assert ran(case, home, tmp_path / "out")[0] == 3
    assert results(tmp_path / "out") == undisturbed(home, case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.form}-{case.engine}")
def test_of_two_runs_into_one_folder_one_goes_on_and_the_other_names_it(
    tmp_path: Path, home: Path, case: Case
) -> None:
    # whoever has the folder keeps it until the other one has ended
    program = f"""
import time
from pathlib import Path
end = run.Run._end
def waiting(*given):
    while not Path({str(tmp_path / "go on")!r}).exists():
        time.sleep(0.02)
    return end(*given)
run.Run._end = waiting
"""
    out = tmp_path / "out"
    with started(case, home, out, program) as one, started(case, home, out, program) as other:
        until = time.monotonic() + PATIENCE
        while one.poll() is None and other.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.02)
        (tmp_path / "go on").touch()
        refused, holder = (one, other) if one.poll() is not None else (other, one)
        said, wrong = refused.communicate(timeout=PATIENCE)
        assert (refused.returncode, said, "[folder-in-use]" in wrong) == (3, "", True), wrong
        assert f"process {holder.pid} on {os.uname().nodename}, since 20" in wrong
        said, wrong = holder.communicate(timeout=PATIENCE)
        assert (holder.returncode, wrong) == (3, "")
        assert "accounts read" in said
    assert results(out) == undisturbed(home, case)


def test_a_process_that_starts_no_run_is_none_the_worse_for_signals() -> None:
    # outside of a run, signals mean what they meant before
    program = (
        "import os, signal\n"
        "from eligibility.cli.stopping import stoppable\n"
        "before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)\n"
        "with stoppable(): pass\n"
        "assert before == (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))\n"
        "assert signal.set_wakeup_fd(-1) == -1\n"
        "import threading\n"
        "def elsewhere():\n"
        "    with stoppable(): print('none')\n"
        "thread = threading.Thread(target=elsewhere); thread.start(); thread.join()\n"
    )
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "none\n"), done.stderr
