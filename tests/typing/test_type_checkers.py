"""mypy and pyright, without any plugin, take what the docs show and refuse what is misspelt."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import eligibility
from eligibility import AccountHistory, Message, Permission, Subscription

ROOT = Path(__file__).parent.parent.parent
WRONG = Path(__file__).with_name("wrong.py.txt")  # no checker of this repository is to see it
RIGHT = Path(__file__).with_name("front_door.py")
#: The pages whose examples are programs of their own.
SHOWN = ("README.md", "docs/index.md", "docs/reference/python.md")
#: Strict, but that a test in the docs need not say what Hypothesis gives it.
MYPY = "[mypy]\nstrict = True\ndisallow_untyped_defs = False\ndisallow_untyped_calls = False\n"


def examples(page: str) -> Iterator[str]:
    """Each program that a page shows, without what it prints."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        lines = [line[4:] for line in block.splitlines() if line.startswith((">>>", "..."))]
        yield "\n".join(lines) if lines else block


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("typed")
    programs = [program for page in SHOWN for program in examples(page)]
    assert len(programs) >= len(SHOWN)
    named = {f"example_{at}.py": program for at, program in enumerate(programs)}
    named["wrong.py"] = WRONG.read_text(encoding="utf-8")
    for name, program in named.items():
        (folder / name).write_text(program, "utf-8")
    return [*(folder / name for name in named), RIGHT]


def mypy(files: list[Path], folder: Path) -> set[tuple[str, int]]:
    (folder / "mypy.ini").write_text(MYPY)
    command = ["-m", "mypy", "--config-file", "mypy.ini", "--no-error-summary", *map(str, files)]
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, *command], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    found = re.findall(r"(\w+\.py):(\d+): error: ", done.stdout)
    assert done.returncode == (1 if found else 0), done.stdout + done.stderr
    return {(name, int(line)) for name, line in found}


def pyright(files: list[Path], folder: Path) -> set[tuple[str, int]]:
    settings = {"typeCheckingMode": "standard", "include": list(map(str, files))}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = ["-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, "-p", "."]
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, *command], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == len(files), done.stdout + done.stderr
    return {
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1)
        for each in said["generalDiagnostics"]
        if each["severity"] == "error"
    }


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_the_docs_are_taken_and_what_is_misspelt_is_refused(
    checker: Callable[[list[Path], Path], set[tuple[str, int]]], files: list[Path], tmp_path: Path
) -> None:
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    wrong = {("wrong.py", at) for at, line in enumerate(lines, 1) if line.endswith("# error")}
    assert len(wrong) > 10
    assert checker(files, tmp_path) == wrong


@pytest.mark.parametrize("model", [AccountHistory, Message, Permission, Subscription])
def test_type_checkers_are_told_every_field(model: type) -> None:
    """The `__init__` that only they see names each field, with a default where that has one."""
    source = (ROOT / "src/eligibility/history.py").read_text(encoding="utf-8")
    body = source.partition(f"class {model.__name__}(")[2].partition("def __init__(")[2]
    told = re.findall(
        r"^ {12}(\w+): .*?( = .+?)?,(?:  # .*)?$", body.partition(") -> None")[0], re.MULTILINE
    )
    fields = model.model_fields.items()  # type: ignore[attr-defined]  # each is a pydantic model
    assert {name: not default for name, default in told} == {
        name: info.is_required() for name, info in fields
    }


def test_every_exported_name_is_one_to_type_checkers() -> None:
    text = (ROOT / "src/eligibility/__init__.py").read_text(encoding="utf-8")
    seen_by_them = text.partition("\nelse:")[0]
    assert [n for n in eligibility.__all__ if not re.search(rf"\b{n}\b", seen_by_them)] == []
