"""Results as CSV: a spreadsheet shows them, and runs nothing. All accounts are fictional."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from eligibility.batch.tables.guarded import guarded
from eligibility.cli.app import app

RUNNER = CliRunner()
FORMULAS = {
    "a formula": '=HYPERLINK("http://example.invalid","FICTIONAL")',
    "a sum": "+1+1",
    "a difference": "-2+3",
    "a function of old": "@SUM(1+1)*cmd",
    "a tab in front": "\t=1+1",
    "a line end in front": "\r=1+1",
    "a new line in front": "\n=1+1",
    "a blank in front": " =1+1",
    "a no-break space in front": "\u00a0=1+1",
    "a zero-width space in front": "\u200b=1+1",
    "a byte-order mark in front": "\ufeff=1+1",
    "full-width": "\uff1d1+1",
    "a minus sign": "\u22121",
    "quotes and a separator": '=1+1",=2+2;=3+3',
    "the mark itself": "'=1+1",
}
PLAIN = [
    "FICTIONAL-1",
    "00123",
    "a=b",
    "fictional@example.invalid",
    "7",
    "\u00e9",
    'say "1"',
    "a,b",
]


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_is_marked_as_a_text(text: str) -> None:
    made = pl.DataFrame({"id": [text]}).select(guarded(pl.col("id"))).item()
    assert made == f"'{text}"


def test_all_other_texts_stay_as_they_are() -> None:
    frame = pl.DataFrame({"id": [*PLAIN, "", None]})
    assert frame.select(guarded(pl.col("id"))).equals(frame)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _batch(*words: object) -> int:
    done = RUNNER.invoke(app, ["batch", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code


def _back(text: str) -> str:
    return text.removeprefix("'")


@pytest.mark.parametrize("survey", [False, True])
def test_verdicts_as_csv_are_those_of_the_parquet_files(tmp_path: Path, survey: bool) -> None:
    ids = [*FORMULAS.values(), *PLAIN]
    source = tmp_path / "in"
    source.mkdir()
    pl.DataFrame({"account_id": ids}).write_parquet(source / "accounts.parquet")
    assert _batch(source, "-o", tmp_path / "out", "--csv", *(["--survey"] if survey else [])) == 0
    wanted = pl.read_parquet(tmp_path / "out" / "verdicts" / "*.parquet")
    rows = _rows(tmp_path / "out" / "verdicts.csv")
    assert list(rows[0]) == wanted.columns
    found = [{**row, "account_id": _back(row["account_id"])} for row in rows]
    texts = wanted.with_columns(pl.col(pl.Boolean).cast(pl.String))
    assert found == texts.rows(named=True)
    for row in rows:
        assert row["account_id"] in PLAIN or row["account_id"].startswith("'")
    assert _rows(tmp_path / "out" / "rejects.csv") == []


def test_what_was_not_decided_is_guarded_as_well(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    pl.DataFrame({"account_id": ["@1", "FICTIONAL-1"]}).write_parquet(source / "accounts.parquet")
    premium = {"account_id": ["@1", "=nobody"], "start": ["=2024", "2024"]}
    pl.DataFrame(premium).write_parquet(source / "premium.parquet")
    assert _batch(source, "-o", tmp_path / "out", "--csv") == 3
    rows = _rows(tmp_path / "out" / "rejects.csv")
    told = (tmp_path / "out" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(row["account_id"], row["value"]) for row in rows] == [
        ("'@1", "'=2024"),
        ("'=nobody", "'=nobody"),
    ]
    assert [row["code"] for row in rows] == [json.loads(line)["code"] for line in told]


def test_lines_that_are_no_history_are_there_with_their_numbers(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"account_id": "-1"}\n{"account_id": "=1", "x": 1}\n{\n', encoding="utf-8")
    assert _batch(source, "-o", tmp_path / "out", "--csv", "--jsonl") == 3
    rows = _rows(tmp_path / "out" / "rejects.csv")
    assert [(row["line"], row["account_id"], row["code"]) for row in rows] == [
        ("2", "'=1", "unknown-key"),
        ("3", "", "malformed-json"),
    ]
    (row,) = _rows(tmp_path / "out" / "verdicts.csv")
    assert row["account_id"] == "'-1"
    assert '"account_id":"-1"' in (tmp_path / "out" / "verdicts.jsonl").read_text(encoding="utf-8")
