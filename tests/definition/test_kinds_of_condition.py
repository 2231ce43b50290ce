"""A new kind of condition: these tests name the files that do not speak of it yet."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import eligibility
from eligibility.definition.conditions import Leaf

SOURCE = Path(eligibility.__file__).parent
ROOT = Path(__file__).parents[2]
#: Where each kind is told apart by its own name. `evaluation`, `verdict` and what draws accounts
#: around a definition read normal forms.
BY_NAME = [
    "__init__.py",
    "analysis/smt/worlds.py",
    "audit/one_record.py",
    "audit/worlds.py",
    "definition/checks.py",
    "definition/conditions.py",
    "definition/normal_form.py",
    "facts/kinds.py",
    "testing/draw/definitions.py",
    "text/definition_prose.py",
]


def names_in(file: str) -> set[str]:
    """The words of a file's code and of the texts in it; its docstrings do not count."""
    tree = ast.parse((SOURCE / file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return set(re.findall(r"\w+", ast.unparse(tree)))


@pytest.mark.parametrize("file", BY_NAME)
def test_every_kind_of_condition_is_spoken_of(file: str) -> None:
    kinds = {kind.__name__ for kind in get_args(Leaf)}
    assert len(kinds) == 5
    assert kinds - names_in(file) == set()


def test_the_contributors_page_names_the_same_files() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [file for file in BY_NAME if f"`{file}`" not in page] == []
