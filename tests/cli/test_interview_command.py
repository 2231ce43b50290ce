"""`eligibility interview`: what is typed and chosen, and what is said at the end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from typer.testing import CliRunner

from eligibility.cli.app import app
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


def test_somebody_without_premium_has_a_verdict_after_one_question(run: Run) -> None:
    status, said = run(keys=ENTER + DOWN + ENTER)
    assert status == 0
    assert "INELIGIBLE, supposing as-alleged" in said
    assert "No export" not in said


def test_an_interview_that_is_stopped_goes_on_where_it_was(run: Run, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept.json")
    status, said = run("--save", kept, keys=ENTER * 3 + "March 2021" + ENTER + STOP)
    assert (status, "Go on with" in said) == (1, True)
    saved = Interview.from_json(Path(kept).read_text(encoding="utf-8"), class_definition())
    assert [reply.date for reply in saved.replies] == [None, None, "March 2021"]
    status, said = run(kept, keys=ENTER + ENTER + "2023" + ENTER + DOWN + ENTER)
    assert status == 0
    assert said.count("ELIGIBLE, supposing as-alleged") == 1
    assert "the plan was LinkedIn Premium" in " ".join(said.split())


def test_a_date_that_is_none_is_asked_for_again(run: Run) -> None:
    back = "back" + ENTER + DOWN * 3 + ENTER
    keys = ENTER * 3 + "long ago" + ENTER + back + DOWN + ENTER
    status, said = run(keys=keys)
    assert status == 0
    assert "is not a moment" in said
    assert "INELIGIBLE" in said


def test_without_a_terminal_it_says_so() -> None:
    found = CliRunner().invoke(app, ["interview"])
    assert found.exit_code == 2
    assert "needs a terminal" in found.output
