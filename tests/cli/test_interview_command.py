"""`eligibility interview`: what is typed and chosen, and what is said at the end."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from typer.testing import CliRunner

from eligibility.cli.app import app
from eligibility.cli.prompts import with_room
from eligibility.interview import Interview
from eligibility.rules import class_definition

ENTER, DOWN, STOP = "\r", "\x1b[B", "\x03"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, with keys typed at its prompts."""

    def typed(*given: str, keys: str) -> tuple[int, str]:
        monkeypatch.setattr("eligibility.cli.interview.is_terminal", lambda: True)
        with create_pipe_input() as typing, create_app_session(input=typing, output=DummyOutput()):
            typing.send_text(keys + STOP * 9)  # should more be asked, it stops
            found = CliRunner().invoke(app, ["interview", *given])
        return found.exit_code, found.output

    return typed


#: Before the first question: there is no export.
NO_EXPORT = ENTER
ARCHIVE = Path(__file__).parents[2] / "examples" / "archive" / "ada-example-export.zip"


def test_somebody_without_premium_has_a_verdict_after_one_question(run: Run) -> None:
    status, said = run(keys=NO_EXPORT + DOWN + ENTER)
    assert status == 0
    assert "INELIGIBLE, supposing what the complaint alleges" in said
    assert "you would not fit the description" in said
    assert "Did you have LinkedIn Premium at any time before 18 September 2024? No" in said


def test_an_interview_that_is_stopped_goes_on_where_it_was(run: Run, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept.json")
    begins = NO_EXPORT + ENTER * 2 + ENTER + "March 2021" + ENTER
    status, said = run("--save", kept, keys=begins + STOP)
    assert (status, "To go on: eligibility interview" in said) == (1, True)
    saved = Interview.from_json(Path(kept).read_text(encoding="utf-8"), class_definition())
    assert [reply.date for reply in saved.replies] == [None, None, "March 2021"]
    for how in ([kept], ["--save", kept]):
        status, said = run(*how, keys=ENTER + STOP)
        assert (status, "go on where you stopped" in said) == (1, True)
        saved = Interview.from_json(Path(kept).read_text(encoding="utf-8"), class_definition())
        saved.undo()
        Path(kept).write_text(saved.undo().to_json(), encoding="utf-8")
    status, said = run(kept, keys=ENTER + ENTER + "2023" + ENTER + DOWN + ENTER)
    assert status == 0
    assert said.count("ELIGIBLE, supposing what the complaint alleges") == 1
    assert "the plan was LinkedIn Premium" in " ".join(said.split())


def test_whoever_named_no_file_can_still_keep_what_was_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("my-interview.json", "my-interview-1.json"):
        status, said = run(keys=NO_EXPORT + ENTER + STOP + ENTER)
        assert (status, f"eligibility interview {name}" in said) == (1, True)
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert "Nothing is kept." in run(keys=NO_EXPORT + STOP)[1]
    assert "Nothing is kept." in run(keys=NO_EXPORT + ENTER + STOP + STOP)[1]


def test_where_a_file_cannot_be_written_another_one_can(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interview ended there, and all that was said was lost."""
    monkeypatch.chdir(tmp_path)
    replace = Path.replace

    def full(new: Path, kept: Path) -> Path:
        if kept.name in ("full.json", "my-interview.json"):
            raise OSError(28, "No space left on device")
        return replace(new, kept)

    monkeypatch.setattr(Path, "replace", full)
    for name in ("there.json", "mine.json.new"):
        (tmp_path / name).touch()
    typed = "full.json", "there.json", "~no-such-person/a.json", "x" * 300, "mine.json"
    keys = NO_EXPORT + ENTER + ENTER + STOP + ENTER + "".join(each + ENTER for each in typed)
    status, said = run("--save", "full.json", keys=keys)
    assert "kept in there.json: there is such a file already" in said
    assert "kept in ~no-such-person/a.json: No such file" in said
    assert "File name too long" in said
    assert (status, "eligibility interview mine.json" in said) == (1, True)
    assert said.count("cannot be kept in full.json: No space left on device") == 2
    saved = (tmp_path / "mine.json").read_text(encoding="utf-8")
    assert len(Interview.from_json(saved, class_definition()).replies) == 2
    left = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert left == {"there.json": 0, "mine.json.new": 0, "mine.json": len(saved)}
    assert (tmp_path / "mine.json").stat().st_mode & 0o077 == 0  # for nobody else to read


def test_a_date_that_is_none_is_asked_for_again(run: Run) -> None:
    back = ENTER + DOWN * 2 + ENTER + DOWN * 3 + ENTER
    keys = NO_EXPORT + ENTER * 3 + "long ago" + ENTER + back + DOWN + ENTER
    status, said = run(keys=keys)
    assert status == 0
    assert "We cannot read “long ago” as a date" in said
    assert "INELIGIBLE" in said


def test_when_it_is_known_what_follows_an_answer_can_be_changed(run: Run) -> None:
    change_the_first = DOWN + ENTER + ENTER
    unknown = DOWN * 2 + ENTER
    no_date = DOWN + ENTER  # when there surely was no Premium
    ends = NO_EXPORT + unknown + unknown + no_date + DOWN + ENTER  # the permission: no
    status, said = run(keys=ends + change_the_first + DOWN + ENTER)
    assert status == 0
    assert said.index("INDETERMINATE") < said.index("INELIGIBLE")
    leave_all = DOWN + ENTER + DOWN * 4 + ENTER
    assert run(keys=ends + leave_all)[1].count("INDETERMINATE") == 2


def test_an_export_is_read_where_it_is_typed(run: Run) -> None:
    there = DOWN + ENTER + "nowhere.zip" + ENTER + ENTER + f"'{ARCHIVE}'" + ENTER
    no = DOWN + ENTER
    premium, first, others = ENTER, " " + ENTER, ENTER
    status, said = run(keys=there + premium + first + others + no)
    assert status == 0
    assert "This cannot be read: No such file or directory" in said
    assert "Which of these messages were InMails? 17 September 2024: I sent it" in said
    assert "? Which of these messages were InMails?\n  17 September 2024: I sent it" in said
    assert not re.search(r"[0-9]:[0-9]{2}", said)  # the archive has times of day, but nobody asked
    nothing = ENTER + DOWN + ENTER + ENTER + ENTER  # ticked; again; none of them
    status, said = run(str(ARCHIVE), keys=premium + nothing + no)
    assert (status, said.count("None of these")) == (0, 1)  # what was not said is not shown


def test_none_of_all_is_said_at_once_of_what_is_asked_about_next_too(
    run: Run, tmp_path: Path
) -> None:
    sent = [f"{year}-{month:02}" for year in range(2020, 2024) for month in range(1, 13)] * 10
    told = {"account_id": "fiction", "messages": [{"sent_at": at} for at in sent]}
    (tmp_path / "told.json").write_text(json.dumps(told), encoding="utf-8")
    premium = ENTER * 2 + ENTER + "2020" + ENTER
    status, said = run(
        str(tmp_path / "told.json"), keys=premium + ENTER + DOWN + ENTER + DOWN + ENTER
    )
    assert status == 0
    assert said.count("None of these") == 1
    assert "INELIGIBLE, supposing what the complaint alleges" in said


def test_an_answer_that_does_not_fit_behind_its_question_stands_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 40 columns it was 'When did that end? I will typ' and 'e when'."""
    monkeypatch.setenv("COLUMNS", "40")
    answers = ["I will type when", "I don't know"]
    assert with_room("When did that military end?", answers).endswith("end?\n ")
    assert with_room("When did it end?", answers) == "When did it end?"


def test_who_lives_in_another_zone_is_told_in_which_the_dates_are(run: Run, tmp_path: Path) -> None:
    """A day of theirs begins in a day of the court's, and may be another in the 'Why'."""
    told = {"account_id": "fiction", "complete": ["premium"]}
    for zone, is_told in (("Asia/Tokyo", True), ("America/Los_Angeles", False)):
        kept = tmp_path / "history.json"
        kept.write_text(json.dumps(told | {"time_zone": zone}), encoding="utf-8")
        status, said = run(str(kept), keys="")
        assert status == 0
        words = f"in its time zone, {zone}; days of the definition are in the court's, America/Los"
        assert (words in " ".join(said.split())) is is_told


def test_a_file_of_something_else_is_not_written_over(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("mine", encoding="utf-8")
    for wrong in (other, tmp_path, tmp_path / "no" / "where.json"):
        assert run("--save", str(wrong), keys="")[0] == 2
    assert other.read_text(encoding="utf-8") == "mine"
    status, said = run(str(other), keys="")
    assert (status, "other.txt cannot be read" in " ".join(said.split())) == (3, True)


def test_what_is_said_is_supposed_or_it_is_said_that_it_is_not(run: Run, tmp_path: Path) -> None:
    """An interview that was begun supposing something never goes on as if nothing were supposed."""
    kept = tmp_path / "kept.json"
    run("--save", str(kept), keys=NO_EXPORT + ENTER + STOP)
    for how in ([str(kept)], ["--save", str(kept)]):
        assert run(*how, "--suppose", "as-alleged", keys=STOP)[0] == 1
        status, said = run(*how, "--suppose", "nothing", keys=STOP)
        assert (status, "begun with `--suppose as-alleged`" in " ".join(said.split())) == (2, True)
    zoom = ("--definition", "zoom:zoom_class", "--suppose", "as-alleged")
    assert run(*zoom, keys=STOP)[0] == 2  # it is no supposition about Zoom


def test_a_saved_interview_that_an_editor_laid_out_is_still_kept_there(
    run: Run, tmp_path: Path
) -> None:
    """It was taken up, and what was said from there on was kept nowhere."""
    kept = tmp_path / "kept.json"
    run("--save", str(kept), keys=NO_EXPORT + ENTER + STOP)
    saved = json.loads(kept.read_text(encoding="utf-8"))
    for how in ([str(kept)], ["--save", str(kept)]):
        kept.write_text(json.dumps(saved, indent=2), encoding="utf-8-sig")
        assert run(*how, keys=ENTER + STOP)[0] == 1
        after = Interview.from_json(kept.read_text(encoding="utf-8"), class_definition())
        assert len(after.replies) == len(saved["replies"]) + 1


def test_a_saved_interview_that_was_damaged_is_said_so_in_plain_words(
    run: Run, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    run("--save", str(kept), keys=NO_EXPORT + ENTER + STOP)
    saved = kept.read_text(encoding="utf-8")
    for damaged in (saved.replace('"chosen": [0]', '"chosen": [7]'), saved[:-20]):
        assert damaged != saved
        kept.write_text(damaged, encoding="utf-8")
        status, said = run(str(kept), keys="")
        assert (status, "begin again" in said) == (3, True)
        assert not re.search(r"\(\)|\[[a-z-]+\]", said), "names for whoever programs"


def test_another_definition_is_introduced_by_its_title(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ARCHIVE.parents[1] / "third_case")
    status, said = run("--definition", "zoom:zoom_class", keys=DOWN + ENTER)
    assert status == 0
    assert "In re Zoom" in said
    assert "LinkedIn" not in said
    assert "What you said does not fit the description." in said


def test_without_a_terminal_it_says_so() -> None:
    found = CliRunner().invoke(app, ["interview"])
    assert found.exit_code == 2
    assert "needs a terminal" in found.output
