"""Golden cases: data that a lawyer can read, with the expected verdict worked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from eligibility import evaluate, read_history
from eligibility.rules import AS_ALLEGED, DIMENSIONS, Reading, class_definition

FOLDER = Path(__file__).parents[1] / "golden"
CASES = [
    pytest.param(case, id=f"{file.stem}-{number}")
    for file in sorted(FOLDER.glob("*.json"))
    for number, case in enumerate(json.loads(file.read_text(encoding="utf-8")))
]


def verdict_of(case: dict[str, Any]) -> Any:
    return evaluate(
        read_history(json.dumps(case["history"])),
        class_definition(Reading.of(**case["reading"])),
        supposing=AS_ALLEGED if case["supposing"] else None,
    )


@pytest.mark.parametrize("case", CASES)
def test_golden(case: dict[str, Any]) -> None:
    verdict, expected = verdict_of(case), case["expect"]
    assert verdict.status.value == expected["status"], case["name"]
    truths = {clause.id: clause.truth.word for clause in verdict.clauses}
    assert truths | expected["clauses"] == truths, case["why"]
    named = {part for reason in verdict.reasons for part in reason.code.split("+")}
    if verdict.status.value != "indeterminate":
        assert set(expected["reasons"]) <= named, case["why"]


def test_each_clause_and_each_reading_has_its_case() -> None:
    cases = [param.values[0] for param in CASES]
    failing = {
        reason
        for case in cases
        if case["expect"]["status"] == "ineligible"
        for reason in case["expect"]["reasons"]
    }
    assert {clause.id for clause in class_definition().clauses} <= failing
    read = {(name, word) for case in cases for name, word in case["reading"].items()}
    for name, values in DIMENSIONS.items():
        default, *others = (value.value for value in values)
        assert {(name, word) for word in others} <= read
        assert default
