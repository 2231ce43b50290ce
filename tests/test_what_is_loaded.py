"""What is loaded is what is used: names of modules, since times vary."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ADA = str(ROOT / "examples" / "histories" / "ada.json")
COMMAND = (
    "import sys\n"
    "from eligibility.cli import main\n"
    "sys.argv = ['eligibility', {words}]\n"
    "try: main()\n"
    "except SystemExit: pass"
)


def loaded(program: str) -> set[str]:
    """Every module that a fresh interpreter has when it has run a program."""
    shown = f"{program}\nimport sys; print('loaded:', *sys.modules)"
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", shown], check=True, capture_output=True, encoding="utf-8"
    )
    return set(done.stdout.rpartition("loaded: ")[2].split())


def ours(modules: set[str]) -> set[str]:
    """Those of the package, by what follows its name."""
    return {name.removeprefix("eligibility.") for name in modules if name.startswith("eligibility")}


def rooms(modules: set[str]) -> set[str]:
    """The folders of those of the package; a module of none is a room of its own."""
    return {name.partition(".")[0] for name in modules}


def test_to_import_the_library_loads_nothing_until_something_is_named() -> None:
    modules = loaded("import eligibility")
    assert ours(modules) == {"eligibility"}
    assert not modules & {"pydantic", "attrs", "attr", "rfc8785"}


@pytest.mark.parametrize("name", ["Moment", "Truth", "TimeSet", "Status", "Citation"])
def test_a_value_needs_no_model(name: str) -> None:
    modules = loaded(f"from eligibility import {name}")
    assert "pydantic" not in modules
    of_ours = rooms(ours(modules))
    assert "values" in of_ours
    assert of_ours <= {"eligibility", "values", "errors", "immutable", "arguments"}


def test_a_decision_loads_nothing_of_what_only_a_full_verdict_has() -> None:
    program = (
        "from eligibility import AccountHistory, evaluate; evaluate(AccountHistory(account_id='A'))"
    )
    modules = ours(loaded(program))
    assert {name for name in modules if name.startswith("verdict")} == {"verdict", "verdict.record"}
    later = {"audit", "text", "interview", "linkedin", "cli", "batch", "testing", "analysis", "web"}
    assert not rooms(modules) & later


@pytest.mark.parametrize("words", [f"'check', {ADA!r}", f"'check', {ADA!r}, '--json'"])
def test_a_check_of_a_history_loads_nothing_of_archives_interviews_and_many_accounts(
    words: str,
) -> None:
    modules = loaded(COMMAND.format(words=words))
    assert not modules & {"questionary", "prompt_toolkit", "rich.progress", "polars", "duckdb"}
    of_ours = ours(modules)
    assert not rooms(of_ours) & {"audit", "batch", "testing", "analysis", "web", "pdf"}
    assert not of_ours & {"interview.session", "interview.agenda", "interview.question"}
    archives = {name for name in of_ours if name.startswith("linkedin")}
    assert archives == {"linkedin", "linkedin.codes", "linkedin.stream"}  # the limits in a help
    assert not of_ours & {"cli.interview", "cli.batch", "cli.web", "text.writing", "text.picture"}


def test_commands_that_have_a_module_of_their_own_are_there_when_they_are_called() -> None:
    listed = loaded(COMMAND.format(words="'--help'"))
    assert {"eligibility.cli.interview", "eligibility.cli.batch", "eligibility.cli.web"} <= listed
    assert not listed & {"questionary", "prompt_toolkit", "polars", "duckdb", "pyodide"}
    assert "eligibility.cli.batch" in loaded(COMMAND.format(words="'batch', '--help'"))
    assert "eligibility.cli.batch" not in loaded(COMMAND.format(words="'interview', '--help'"))


def test_garbage_is_looked_for_again_once_all_is_loaded() -> None:
    assert "pydantic" in loaded(
        COMMAND.format(words="'--version'") + "\nimport gc\nassert gc.isenabled()"
    )
