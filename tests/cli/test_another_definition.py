"""`--definition MODULE:NAME`, completion, and the command alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligibility import evaluate, read_history
from eligibility.cli.app import app
from eligibility.rules import Reading, class_definition

ROOT = Path(__file__).parents[2]
ADA = ROOT / "examples" / "histories" / "ada.json"
SECOND = ROOT / "examples" / "second_case"
#: What may stand behind a name.
MODULE = """
from enum import Enum
from eligibility import AccountHistory, Citation, ClassDefinition, Clause, Is
from eligibility.rules import class_definition

class Whose(Enum):
    SENT = "sent"
    BOTH = "both"

def made(id="mine"):
    clause = Clause("inmail", "whose InMails", Citation("Nowhere"), Is("messages[].inmail", True))
    return ClassDefinition(id, "1", "A class of mine", AccountHistory, (clause,))

DEFINITION = made()
NUMBER = 5

class Holder:
    DEFINITION = made("held")

def of_readings(whose: Whose = Whose.BOTH, old: bool = False, name: str = ""):
    return made(f"{whose.name}-{old}-{name}")

def needy(one):
    return made()

def nothing():
    return None

def raising():
    raise RuntimeError("no \\x1b[31mway")

def leaving():
    raise SystemExit(7)

def impossible():
    return ClassDefinition("a", "1", "t", AccountHistory, ())
"""


pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "mine.py").write_text(MODULE, "utf-8")
    (tmp_path / "broken.py").write_text("import nowhere_at_all", "utf-8")
    yield
    for name in ("mine", "broken"):
        sys.modules.pop(name, None)


def run(*args):
    result = CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)
    return result.exit_code, result.stdout, " ".join(result.stderr.split())


def id_of(*args):
    code, out, err = run("check", ADA, "--json", *args)
    assert (code, err) == (0, "")
    return json.loads(out)["definition"]["id"]


@pytest.mark.parametrize(
    ("target", "readings", "expected"),
    [
        ("mine:DEFINITION", [], "mine"),
        ("mine:Holder.DEFINITION", [], "held"),
        ("mine:made", [], "mine"),
        ("mine:made", ["id=other"], "other"),
        ("mine:of_readings", [], "BOTH-False-"),
        ("mine:of_readings", ["whose=sent", "old=yes", "name=a=b"], "SENT-True-a=b"),
        ("mine:of_readings", ["old=false"], "BOTH-False-"),
        ("eligibility.rules:class_definition", [], "de-la-torre-v-linkedin"),
    ],
)
def test_a_definition_or_a_function_of_readings_is_used(target, readings, expected):
    options = [f"--reading={each}" for each in readings]
    assert id_of("--definition", target, *options) == expected
    code, out, _ = run("define", "--definition", target, *options)
    assert code == 0
    assert f"{expected}, version 1" in out


def test_the_function_of_this_case_takes_its_own_readings():
    options = ("--definition", "eligibility.rules:class_definition", "--reading", "messages=sent")
    code, out, _ = run("check", ADA, "--json", *options)
    expected = evaluate(
        read_history(ADA.read_bytes()), class_definition(Reading.of(messages="sent"))
    )
    assert code == 0
    assert json.loads(out) == {**expected.to_dict(), "file": str(ADA)}
    code, _, err = run("check", ADA, *options[:-1], "messages=both")
    assert code == 2
    assert "unknown-reading" in err
    assert "--reading" in err


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("mine", "is no module and a name in it"),
        (":DEFINITION", "is no module and a name in it"),
        ("mine:", "is no module and a name in it"),
        (
            "nowhere_at_all:X",
            "`nowhere_at_all` cannot be imported: there is no module `nowhere_at_all`.",
        ),
        ("broken:X", "`broken` cannot be imported: there is no module `nowhere_at_all`."),
        ("..:X", "is no module and a name in it"),
        (".mine:X", "is no module and a name in it"),
        ("mine.deeper:X", "`mine.deeper` cannot be imported: there is no module `mine.deeper`."),
        ("mine:NOTHING", "`mine:NOTHING` is not there: `mine` has no `NOTHING`."),
        ("mine:Holder.NO", "is not there: `mine` has no `Holder.NO`."),
        ("mine:NUMBER", "is of type `int`, not a class definition"),
        ("mine:needy", "cannot be called without `one`. Say it with `--reading one=VALUE`."),
        ("mine:nothing", "returns a `NoneType`"),
        ("mine:raising", r"cannot be called: its code failed, with `RuntimeError: no \x1b[31mway`"),
        ("mine:leaving", "cannot be called: its code ended the program"),
        ("mine:Whose", "cannot be called"),
    ],
)
@pytest.mark.parametrize("command", [["check", ADA], ["define"], ["batch", "sql"]], ids=str)
def test_what_is_no_definition_is_bad_usage_with_a_code_and_a_way_out(command, target, words):
    code, out, err = run(*command, "--definition", target)
    assert (code, out) == (2, "")
    assert words in err
    assert "not-a-definition" in err
    assert "Write `MODULE:NAME`" in err
    assert "Traceback" not in err
    assert "ModuleNotFoundError" not in err
    assert "AttributeError" not in err


def test_a_definition_that_cannot_mean_what_it_says_is_told_in_full():
    code, _, err = run("define", "--definition", "mine:impossible")
    assert code == 2
    assert "definition-empty" in err


@pytest.mark.parametrize(
    ("target", "readings", "words"),
    [
        ("mine:DEFINITION", ["messages=sent"], "is one definition, and no function of a reading"),
        (
            "mine:nothing",
            ["a=b"],
            "There is no disputed term `a`. Leave it out: the definition has none.",
        ),
        ("mine:of_readings", ["who=sent", "age=5"], "The disputed terms are whose, old, name."),
        (
            "mine:of_readings",
            ["whose=mine"],
            "cannot be read as `mine`. Its readings are sent, both.",
        ),
        (
            "mine:of_readings",
            ["old=maybe"],
            "cannot be read as `maybe`. Its readings are yes, true, no",
        ),
        ("mine:of_readings", ["old"], "is not written NAME=VALUE"),
        ("mine:of_readings", ["old=yes", "old=no"], "is said twice"),
    ],
)
def test_a_reading_that_it_does_not_have_is_refused(target, readings, words):
    options = [f"--reading={each}" for each in readings]
    code, _, err = run("check", ADA, "--definition", target, *options)
    assert code == 2
    assert "--reading" in err
    assert "unknown-reading" in err
    assert words in err


def test_a_survey_is_of_this_case_alone(tmp_path):
    for command in (["check", ADA], ["batch", ADA, "-o", tmp_path / "out"]):
        code, _, err = run(*command, "--survey", "--definition", "mine:DEFINITION")
        assert code == 2
        assert "--survey" in err


def test_the_model_of_the_definition_reads_the_history(monkeypatch):
    monkeypatch.chdir(SECOND)
    monkeypatch.setattr(sys, "path", [*sys.path])
    code, out, err = run("check", "last_day.json", "--definition", "flo:flo_class")
    assert (code, err) == (0, "")
    assert "ELIGIBLE" in out.splitlines()
    assert "premium" not in out.lower()
    assert run("check", "last_day.json", "--full", "--definition", "flo:flo_class")[0] == 0
    code, _, err = run("check", ADA, "--definition", "flo:flo_class")
    assert code == 3
    assert "unknown-key" in err
    code, _, err = run(
        "check", "last_day.json", "--definition", "flo:flo_class", "--suppose", "as-alleged"
    )
    assert code == 2
    assert "--suppose" in err
    assert "wrong-model" in err


def test_the_schema_is_that_of_the_definition_s_own_model(monkeypatch):
    monkeypatch.chdir(SECOND)
    monkeypatch.setattr(sys, "path", [*sys.path])
    code, out, err = run("schema", "--definition", "flo:flo_class")
    assert (code, err) == (0, "")
    assert "entries" in json.loads(out)["properties"]
    code, out, err = run("schema", "--verdict", "--definition", "flo:flo_class")
    assert (code, out) == (2, "")
    assert "leave --definition out" in err


def test_batch_decides_by_another_definition(tmp_path, monkeypatch):
    lines = tmp_path / "all.jsonl"
    told = [json.loads((SECOND / f"{name}.json").read_text()) for name in ("moved", "last_day")]
    lines.write_text("\n".join(map(json.dumps, told)))
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [
            *(sys.executable, "-m", "eligibility.cli", "batch", str(lines)),
            *("-o", str(tmp_path / "out"), "--definition", "flo:flo_class", "--jsonl"),
        ],
        cwd=SECOND,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2 accounts read: 2 decided" in done.stdout
    rows = (tmp_path / "out" / "verdicts.jsonl").read_text().splitlines()
    decided = {row["account_id"]: row["status"] for row in map(json.loads, rows)}
    monkeypatch.syspath_prepend(str(SECOND))
    import flo  # noqa: PLC0415 - an example, which is no package

    histories = [flo.FloHistory.model_validate(each) for each in told]
    assert decided == {
        each.account_id: evaluate(each, flo.flo_class()).status for each in histories
    }


def test_eligibility_alone_prints_help_and_is_no_failure():
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out == run("--help")[1]
    for command in ("check", "define", "schema", "batch"):
        assert f"\n  {command} " in out


def test_the_shell_can_complete():
    code, out, _ = run("--help")
    assert code == 0
    assert "--install-completion" in out
    done = subprocess.run(
        [sys.executable, "-m", "eligibility.cli"],
        env={
            **os.environ,
            "_ELIGIBILITY_COMPLETE": "complete_bash",
            "COMP_WORDS": "eligibility sch",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["schema"]
