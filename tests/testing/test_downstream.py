"""Somebody else's project: it installs the wheel, writes five lines, and finds its own bug."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eligibility import Moment
from eligibility.values.timeline import COURT_ZONE

#: The first instant of the update in the project's own rules.
UPDATE = Moment.parse("2025-03-02", "America/New_York").earliest
ROOT = Path(__file__).parent.parent.parent


def run(*words: object, cwd: Path, ok: bool = True) -> str:
    done = subprocess.run(  # noqa: S603 - our own project, in a folder of its own
        [str(word) for word in words],
        cwd=cwd,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        # in CI Hypothesis draws the same at each run
        env={
            **{name: each for name, each in os.environ.items() if name != "PYTEST_ADDOPTS"},
            "CI": "true",
        },
    )
    assert (done.returncode == 0) is ok, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, installed from wheels into an environment of its own."""
    folder = tmp_path_factory.mktemp("downstream")
    shutil.copytree(ROOT / "tests" / "downstream", folder / "project")
    run(sys.executable, "-m", "venv", "env", cwd=folder)
    pip = (folder / "env" / "bin" / "python", "-m", "pip", "-q", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "-w", folder / "wheels", ROOT, cwd=folder)
    run(
        *(*pip, "install", "-c", ROOT / "constraints.txt", "--find-links", folder / "wheels"),
        *(*folder.glob("wheels/eligibility-*.whl"), "eligibility[testing]", folder / "project"),
        cwd=folder,
    )
    return folder / "project"


def pytest_of(project: Path, *words: object, ok: bool = True) -> str:
    python = project.parent / "env" / "bin" / "python"
    return run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, cwd=project, ok=ok)


def test_five_lines_find_the_planted_bug_with_a_shrunk_history(project: Path) -> None:
    lines = (project / "tests" / "test_intake.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line]) == 5
    output = pytest_of(project, "tests", ok=False)
    assert "[eligible-for-ineligible]" in output
    found = re.search(r"\[eligible-for-ineligible\]\s+(?:E\s+)?Document: (\{.*\})", output)
    assert found, output
    history = json.loads(found[1])
    (recording,) = history["recordings"]
    used_at = Moment.parse(recording["used_at"], history.get("time_zone", COURT_ZONE))
    assert used_at.earliest == used_at.latest == UPDATE
    assert len(history["subscriptions"]) == 1


def test_without_the_bug_it_passes_and_so_do_the_laws(project: Path) -> None:
    intake = project.parent / "env" / "lib"
    (installed,) = intake.glob("python3*/site-packages/tunebox/intake.py")
    text = installed.read_text(encoding="utf-8")
    planted = "TimeSet.of((EARLIEST, UPDATE))"
    assert planted in text
    installed.write_text(text.replace(planted, "TimeSet.before(UPDATE)"), encoding="utf-8")
    output = pytest_of(project, "tests", "--eligibility-laws", "tunebox.rules:DEFINITION")
    assert re.search(r"\b[12][0-9] passed", output)
