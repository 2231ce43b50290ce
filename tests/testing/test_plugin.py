"""The pytest plugin, as somebody else's project would run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eligibility.target import BadTarget, definitions_at

RULES = """
from attrs import evolve
from eligibility import Is, TimeSet, Within
from eligibility.rules import Reading, class_definition

DEFINITION = class_definition()
BOTH = (DEFINITION, class_definition(Reading.of(messages="sent")))
NUMBER = 7


def made():
    return DEFINITION


def several():
    yield from BOTH


def of_something(reading):
    return class_definition(reading)


def leaving():
    raise SystemExit(7)


def refused():
    return evolve(DEFINITION, clauses=())
"""
#: A plugin of the tests' own: it has `evaluate` decide wrongly, and Hypothesis be quick.
WRONG = """
from attrs import evolve
from hypothesis import settings

settings.register_profile("quick", max_examples=20, derandomize=True, database=None)
settings.load_profile("quick")

from eligibility import Status
from eligibility.testing import laws

right = laws.evaluate


def shrugging(history, definition):
    return evolve(right(history, definition), status=Status.INELIGIBLE)


def find_breach(law, definition):
    return kept(law, definition, decide=shrugging)


kept, laws.find_breach = laws.find_breach, find_breach
"""
QUICK = WRONG.partition("from eligibility import Status")[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "my_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "rules.py").write_text(RULES, encoding="utf-8")
    (package / "broken.py").write_text("import no_such_module\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text(QUICK, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """What `pytest` does in a folder, with no settings but those of the folder."""
    command = [sys.executable, "-P", "-c", "import pytest, sys; sys.exit(pytest.main())"]
    return subprocess.run(  # noqa: S603 - this very Python
        # a plugin of another package, which loads Hypothesis
        [*command, "-p", "no:cacheprovider", "-p", "no:schemathesis", "-W", "error", *words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        timeout=120,
    )


def test_every_law_is_a_test_also_where_there_are_no_others(project: Path) -> None:
    done = run(project, "-q", "--eligibility-laws", "my_package.rules:DEFINITION")
    assert done.returncode == 0, done.stdout
    assert "18 passed" in done.stdout


def test_tests_are_named_by_definition_and_law(project: Path) -> None:
    targets = ("my_package.rules:made", "my_package.rules:several")
    words = [word for target in targets for word in ("--eligibility-laws", target)]
    done = run(project, "-q", "--collect-only", *words)
    lines = done.stdout.splitlines()
    assert "eligibility-laws::my_package.rules:made::exact" in lines
    assert "eligibility-laws::my_package.rules:several#0::order-free" in lines
    assert "eligibility-laws::my_package.rules:several#1::supposing" in lines
    assert len([line for line in lines if "::" in line]) == 3 * 18


def test_some_can_be_chosen(project: Path) -> None:
    (project / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")
    option = ("--eligibility-laws", "my_package.rules:DEFINITION")
    done = run(project, *option, "-k", "pure or cited", "-v")
    assert "2 passed, 17 deselected" in done.stdout
    done = run(project, *option, "-k", "not eligibility-laws")
    assert "1 passed, 18 deselected" in done.stdout


def test_they_run_in_several_processes(project: Path) -> None:
    done = run(project, "-n", "2", "--eligibility-laws", "my_package.rules:BOTH", "-k", "cited")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_without_the_option_nothing_is_added(project: Path) -> None:
    assert run(project, "-q").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("my_package.rules", "is no module and a name in it"),
        ("my_package.rules:", "is no module and a name in it"),
        ("my_package.rules:MISSING", "`my_package.rules:MISSING` is not there"),
        ("my_package.nowhere:IT", "cannot be imported"),
        ("my_package.broken:IT", "there is no module `no_such_module`"),
        ("my_package.rules:NUMBER", "is no class definition, nor several of them, but of type int"),
        ("my_package.rules:of_something", "without arguments: it needs `reading`."),
        ("my_package.rules:Reading", "but of type Reading"),
        (
            "my_package.rules:leaving",
            "cannot be called without arguments: its code ended the program.",
        ),
        ("my_package.rules:refused", "cannot be used: clauses: A definition needs at least"),
    ],
)
def test_a_target_that_is_none_is_said(
    project: Path, target: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(project)
    for name in [name for name in sys.modules if name.startswith("my_package")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(BadTarget, match=re.escape(message)):
        definitions_at(target)


def test_a_target_that_is_none_is_bad_usage(project: Path) -> None:
    done = run(project, "-q", "--eligibility-laws", "my_package.broken:IT")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no module `no_such_module`" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "INTERNALERROR" not in done.stderr + done.stdout


def test_a_broken_law_is_told_without_a_traceback(project: Path) -> None:
    (project / "conftest.py").write_text(WRONG, encoding="utf-8")
    done = run(project, "--eligibility-laws", "my_package.rules:DEFINITION", "-k", "exact")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    failure = done.stdout.partition("= FAILURES =")[2]
    assert "eligibility-laws::my_package.rules:DEFINITION::exact" in failure
    assert "The law `exact` does not hold: Eligible if every world of the history" in failure
    assert 'History: {"account_id":"A-1001"' in failure
    assert "messages=sent-or-received" in failure
    for word in ("Traceback", ".py:", "Falsifying example", "find_breach"):
        assert word not in failure


def test_pytest_loads_nothing_of_the_package_unasked(project: Path) -> None:
    (project / "conftest.py").unlink()
    (project / "test_own.py").write_text(
        "import sys\n"
        "def test_own():\n"
        "    assert 'pytest_eligibility' in sys.modules\n"
        "    assert not {'eligibility', 'hypothesis', 'pydantic'} & sys.modules.keys()\n",
        encoding="utf-8",
    )
    done = run(project, "-q", "-p", "no:hypothesispytest")
    assert done.returncode == 0, done.stdout


def test_a_missing_extra_is_said_with_the_install_line(project: Path) -> None:
    (project / "hypothesis.py").write_text(
        "raise ModuleNotFoundError('No module named hypothesis', name='hypothesis')\n",
        encoding="utf-8",
    )
    (project / "conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(project)!r})\n", encoding="utf-8"
    )
    done = run(project, "-p", "no:hypothesispytest", "--eligibility-laws", "my_package.rules:BOTH")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "pip install '.[testing]'" in done.stderr
