"""A run that is done, taken up again: its files are held to what its summary says of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from eligibility.batch.errors import BatchError
from eligibility.batch.state.counts import Counts
from eligibility.batch.state.run_folder import damaged_run, fingerprint, read_state
from eligibility.batch.tables.json_lines import REJECTS
from eligibility.batch.tables.parquet_files import height, stored

SUMMARY: Final = "summary.json"
VERDICTS: Final = "verdicts"


def verdict_files(out: Path) -> list[Path]:
    """The files of verdicts that are there, in order."""
    return sorted((out / VERDICTS).glob("*.parquet"))


def files_said(out: Path) -> dict[str, dict[str, Any]]:
    """What a summary says of the files beside it: a digest, and of verdicts how many rows."""
    found: dict[str, dict[str, Any]] = {}
    for file in verdict_files(out):
        said = {"rows": height(stored(file)), "blake2b": fingerprint(file)}
        found[f"{VERDICTS}/{file.name}"] = said
    return found | {REJECTS: {"blake2b": fingerprint(out / REJECTS)}}


def check_finished(out: Path) -> Counts:
    """The counts of a run that is done.

    Raises:
        BatchError: `damaged-run`, for each file that is missing, has changed, or is too many.
    """
    said = read_state(out / SUMMARY, _Summary.of)
    there = {f"{VERDICTS}/{path.name}" for path in verdict_files(out)}
    words = dict.fromkeys(sorted(there - said.files.keys()), "is not of this run")
    for name, (_, digest) in said.files.items():
        file = out / name
        if not file.is_file():
            words[name] = "is missing"
        elif fingerprint(file) != digest:
            words[name] = "has changed since the run was done"
    rows = sum(rows for rows, _ in said.files.values())
    if rows != said.counts.fit:
        words[SUMMARY] = f"says {said.counts.fit:,} accounts, and its files hold {rows:,}"
    if words:
        wrong = [damaged_run(out / name, what) for name, what in words.items()]
        raise BatchError(problem for error in wrong for problem in error.problems)
    said.counts.check(out.name)
    return said.counts


@frozen
class _Summary:
    """What a summary says: the counts; the files, with rows and a digest."""

    counts: Counts
    files: Mapping[str, tuple[int, str]]

    @classmethod
    def of(cls, written: Any) -> "_Summary":
        files = {
            str(name): (int(each.get("rows", 0)), str(each["blake2b"]))
            for name, each in written["files"].items()
        }
        return cls(Counts.from_json(written["counts"]), files)
