"""What is handed on: the sdist holds what is committed and no more, the wheel only the package."""

import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
#: What a build of the docs, of a test run or of an editor leaves.
LEFT = (
    "docs/site/index.html",
    "docs/how-to/index.html",
    "site/index.html",
    "site/docs/index.html",
    "tests/__pycache__/test_cli.cpython-311.pyc",
    "src/eligibility.egg-info/PKG-INFO",
    "build/src/eligibility/old.py",
    ".venv/lib/src/old.py",
)
NOT_CODE = {"PKG-INFO", "LICENSE", ".gitignore"}


def committed() -> set[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no clone: nobody can say what is committed")
    words = ["git", "ls-files", "-z"]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - git
    return set(filter(None, listed.stdout.decode().split("\0")))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The tree as it is committed, with what builds leave lying about in it."""
    for name in committed():
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in LEFT:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("left", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("is_ignored", [True, False], ids=["as .gitignore says", "no .gitignore"])
def test_the_sdist_holds_what_is_committed_and_no_more(tree: Path, *, is_ignored: bool) -> None:
    if not is_ignored:
        (tree / ".gitignore").unlink()
    (made,) = SdistBuilder(str(tree)).build(directory=str(tree / "made"), versions=["standard"])
    with tarfile.open(made) as sdist:
        names = {member.name.partition("/")[2] for member in sdist.getmembers() if member.isfile()}
    handed_on = committed() - {".ci/run", ".ci/other-versions", ".gitignore"}
    assert names - NOT_CODE == handed_on - NOT_CODE
    assert {"LICENSE", "PKG-INFO", "README.md", "CHANGELOG.md"} <= names


def test_the_wheel_holds_the_package_and_nothing_else(tree: Path) -> None:
    (made,) = WheelBuilder(str(tree)).build(directory=str(tree / "made"), versions=["standard"])
    with zipfile.ZipFile(made) as wheel:
        names = set(wheel.namelist())
    about = "eligibility-0.1.0.dist-info/"
    package = {name for name in names if not name.startswith(about)}
    source = {name.removeprefix("src/") for name in committed() if name.startswith("src/")}
    assert package == source
    assert {"METADATA", "RECORD", "WHEEL", "entry_points.txt"} <= {
        name.removeprefix(about) for name in names
    }
    assert "eligibility/py.typed" in package
