"""What the library declares of others: the lowest versions are those that CI has run."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: The checks and the docs need the newest; nobody who uses the library needs them.
RUN = ["testing", "analysis", "batch", "spark", "web", "test"]


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]
    named = [*PROJECT["dependencies"], *(each for extra in RUN for each in extras[extra])]
    return [each for each in map(Requirement, named) if each.name != PROJECT["name"]]


def pins(name: str) -> dict[str, Version]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    split = (line.partition("==") for line in lines if not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", name).lower(): Version(pin) for name, _, pin in split}


LOWEST, LATEST = pins("constraints-lowest.txt"), pins("constraints.txt")


@pytest.mark.parametrize("required", requirements(), ids=lambda each: each.name)
def test_the_lowest_version_declared_is_the_lowest_that_is_run(required: Requirement) -> None:
    (declared,) = required.specifier
    assert declared.operator == ">="
    assert LOWEST[required.name.lower()] == Version(declared.version)


@pytest.mark.parametrize("required", requirements(), ids=lambda each: each.name)
def test_what_the_tests_were_last_passed_with_is_pinned_and_allowed(required: Requirement) -> None:
    assert required.specifier.contains(LATEST[required.name.lower()])
