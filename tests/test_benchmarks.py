"""The benchmarks run: what they print is no test, for times differ from machine to machine."""

import subprocess
import sys
from pathlib import Path

DECIDE = Path(__file__).parent.parent / "benchmarks" / "decide.py"


def test_deciding_runs() -> None:
    done = subprocess.run(  # noqa: S603 - a command of our own
        [sys.executable, str(DECIDE), "--smoke", "--only", "deciding"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("evaluate and verdict to JSON") == 9
