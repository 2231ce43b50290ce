"""The benchmarks run: what they print is no test, for times differ from machine to machine."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def printed(name: str, *options: str) -> str:
    """What a benchmark prints that runs for seconds only."""
    done = subprocess.run(  # noqa: S603 - a command of our own
        [sys.executable, str(BENCHMARKS / name), *(options or ["--smoke"])],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_deciding_runs() -> None:
    shown = printed("decide.py", "--smoke", "--only", "deciding")
    assert shown.count("evaluate and verdict to JSON") == 9


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


def test_asking_next_runs() -> None:
    shown = printed("next_question.py", "--messages=30", "--every=96", "--answers=2")
    assert shown.splitlines()[0] == "30 messages; 1 readings, both suppositions; ms"
    assert len(shown.splitlines()) == 2 + 10


def test_people_who_recall_things_vaguely_are_interviewed() -> None:
    assert printed("recalled_interviews.py", "--people=20").startswith("20 people, seed 0: 0 lost")
    assert printed("recalled_interviews.py", "--people=10", "--archives").startswith("10 people")


def test_full_verdicts_of_more_and_more_messages_run() -> None:
    shown = printed("full_verdict.py", "--sizes", "20", "40", "--every=96")
    assert shown.count("  20: ") == shown.count("  40: ") == 2
    shown = printed("full_verdict.py", "--sizes", "10", "20", "--every=96", "--calls")
    assert shown.count("  20: ") == 2


def test_parts_of_a_verdict_run() -> None:
    shown = printed("verdict_parts.py", "--rounds=1")
    assert len(shown.splitlines()) == 1 + 3 + 4


def test_documents_that_are_slow_run() -> None:
    shown = printed("slow_documents.py", "--bytes=2000", "--families", "second_case")
    assert "second_case first question" in shown
