"""The benchmarks run: what they print is no test, for times differ from machine to machine."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def printed(name: str, *options: str) -> str:
    """What the smoke form of a benchmark prints."""
    done = subprocess.run(  # noqa: S603 - a command of our own
        [sys.executable, str(BENCHMARKS / name), "--smoke", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_deciding_runs() -> None:
    assert printed("decide.py", "--only", "deciding").count("evaluate and verdict to JSON") == 9


def test_reading_runs() -> None:
    assert printed("read.py").count("instants") == 5


def test_starting_runs() -> None:
    shown = printed("start.py")
    assert shown.count("eligibility check") == 1
    assert shown.count("indeterminate") == 1


def test_deciding_many_accounts_runs() -> None:
    shown = printed("batch.py")
    assert shown.count("| a whole run, Polars |") == 3
    assert shown.count("| JSON lines to normalised tables |") == 1


def test_runs_over_drawn_tables_run() -> None:
    assert "2 runs of 40 accounts from seed 0: 0 rows differ" in printed("fuzz_runs.py")
