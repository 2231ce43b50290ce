"""`eligibility check --letter`: by the ending of the name, or refused first."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligibility import letter_page, read_history, write_letter
from eligibility.cli import letters
from eligibility.cli.app import app

EXAMPLES = Path(__file__).parents[2] / "examples"
ADA = EXAMPLES / "histories" / "ada.json"


def check(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["check", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_a_letter_as_html_and_as_json(tmp_path: Path) -> None:
    written = write_letter(read_history(ADA.read_bytes()))
    status, shown, _ = check(ADA, "--letter", tmp_path / "a.html")
    assert (status, "INDETERMINATE" in shown) == (0, True)
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == letter_page(written)
    assert check(ADA, "--json", "--letter", tmp_path / "a.JSON")[0] == 0
    assert json.loads((tmp_path / "a.JSON").read_text(encoding="utf-8")) == written.to_dict()


def test_a_letter_of_an_archive_under_another_reading(tmp_path: Path) -> None:
    archive = EXAMPLES / "archive" / "ada-example-export.zip"
    out = tmp_path / "a.html"
    options = ("--reading", "messages=sent", "--suppose", "as-alleged")
    assert check(archive, *options, "--letter", out)[0] == 0
    text = out.read_text(encoding="utf-8")
    assert "(messages=sent)" in text
    assert "What is supposed" in text


@pytest.mark.parametrize(
    ("out", "files", "said"),
    [
        ("a.doc", [ADA], "must end in .html, .pdf or .json"),
        ("a.html", [ADA, ADA], "give one FILE"),
        ("nowhere/a.html", [ADA], "There is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, files: list[Path], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, shown, wrong = check(*files, "--letter", out)
    assert (status, shown) == (2, "")
    assert said in wrong
    assert list(tmp_path.iterdir()) == []


def test_a_letter_does_not_take_the_place_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(ADA.read_bytes())
    status, _, wrong = check(file, "--letter", file)
    assert status == 2
    assert "another name" in wrong
    assert file.read_bytes() == ADA.read_bytes()


def test_without_typst_it_says_what_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "find_spec", lambda _: None)
    status, _, wrong = check(ADA, "--letter", tmp_path / "a.pdf")
    assert status == 2
    assert "pip install '.[pdf]'" in wrong
    assert "HTML" in wrong


def test_a_folder_that_is_not_open_for_writing_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    status, shown, wrong = check(ADA, "--letter", tmp_path / "a.html")
    assert (status, shown) == (3, "")
    assert "[not-writable]" in wrong
