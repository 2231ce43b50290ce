"""Reasons of histories with many spans: they suffice, each is needed, and are soon found."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from test_joint_coverage import PAID, SENT, SHARED, START, between, meaning

from eligibility import (
    AccountHistory,
    Covered,
    Ever,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Verdict,
    Within,
    any_of,
    evaluate,
    forget,
)
from eligibility.definition.class_definition import ClassDefinition
from eligibility.rules import class_definition, every_reading
from eligibility.verdict.reasons import NOT_MINIMAL

LIMIT = TimeSet.before(START + 12)
DEFINITIONS = [
    *every_reading(),
    meaning(Covered(SENT, "premium", PAID), Within(SENT, LIMIT), Is("messages[].shared", True)),
    meaning(Covered(SENT, "premium", PAID), Covered(SHARED, "premium", PAID)),
    meaning(Covered(SENT, "premium", PAID), Uncovered(SENT, "permissions")),
    meaning(Covered(SENT, "premium", PAID), Covered(SHARED, "permissions")),
    meaning(Uncovered(SENT, "premium", PAID), Uncovered(SHARED, "permissions")),
    meaning(Ever("premium", LIMIT, PAID), Ever("permissions", LIMIT)),
    meaning(Ever("premium", LIMIT, PAID), Covered(SENT, "premium", PAID)),
    meaning(any_of(Covered(SENT, "premium", PAID), Covered(SHARED, "permissions"))),
]


def span(rng: Random, **more: Any) -> dict[str, Any]:
    start = rng.randrange(16)
    end = start + rng.choice([1, 3, 6])
    vague = rng.choice([0, 0, 0, 1])
    bounds = {"start": between(start, start + vague), "end": between(end - vague, end + vague)}
    return {key: value for key, value in {**bounds, **more}.items() if rng.random() < 0.93}


def drawn(rng: Random) -> AccountHistory:
    def message() -> dict[str, Any]:
        sent = rng.randrange(12)
        shared = sent + rng.randrange(6)
        known = {
            "inmail": rng.random() < 0.9,
            "direction": "sent",
            "shared": rng.random() < 0.9,
            "sent_at": between(sent, sent + rng.choice([0, 0, 2])),
            "shared_at": between(shared, shared + rng.choice([0, 0, 3])),
        }
        if not known["shared"]:
            del known["shared_at"]
        return {key: value for key, value in known.items() if rng.random() < 0.95}

    plans = ["premium_career", "premium_career", "other"]
    lists = {
        "premium": [span(rng, plan=rng.choice(plans)) for _ in range(rng.randrange(8))],
        "permissions": [span(rng) for _ in range(rng.randrange(5))],
        "messages": [message() for _ in range(rng.randrange(1, 5))],
    }
    complete = [name for name in lists if rng.random() < 0.9]
    return AccountHistory.model_validate({"account_id": "A-1", **lists, "complete": complete})


def cited(verdict: Verdict) -> set[str]:
    return {path for reason in verdict.reasons for path in reason.facts}


def stated(history: AccountHistory) -> set[str]:
    found = {f"complete.{name}" for name in history.complete}
    for name in ("premium", "permissions", "messages"):
        for at, record in enumerate(getattr(history, name)):
            known = {key for key, value in record if value is not None}
            found |= {f"{name}[{at}].{key}" for key in known - {"id", "source"}}
    return found


@pytest.mark.parametrize("seed", range(3))
def test_reasons_suffice_and_each_is_needed_where_spans_are_many(seed: int) -> None:
    rng, seen = Random(seed), Counter[Status]()
    while min(seen[Status.ELIGIBLE], seen[Status.INELIGIBLE]) < 60:
        chosen = rng.choice(DEFINITIONS)
        definition = chosen if isinstance(chosen, ClassDefinition) else class_definition(chosen)
        history = drawn(rng)
        try:
            verdict = evaluate(history, definition)
        except ValueError:  # no world fits it
            continue
        seen[verdict.status] += 1
        if verdict.status is Status.INDETERMINATE:
            continue
        said = f"{definition.reading} {definition.clauses} {history.model_dump_json()}"
        known = forget(history, stated(history) - cited(verdict))
        assert evaluate(known, definition).status is verdict.status, said
        for path in cited(verdict):
            less = evaluate(forget(known, [path]), definition).status
            assert less is Status.INDETERMINATE, f"{path} is not needed: {said}"


def test_a_span_is_needed_at_the_first_instant_that_there_is() -> None:
    """The laws found it under another Python, whose generators draw otherwise."""
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1",
            "premium": [
                {"start": "1900-01-01T00:00:00Z", "end": "2024-09-17", "plan": "premium_career"},
                {"start": "1900-01-01T00:00:00.000001Z", "end": "..", "plan": "premium_career"},
            ],
            "messages": [{"inmail": True, "shared": True, "shared_at": "../2024-09-17"}],
            "complete": ["permissions"],
        }
    )
    verdict = evaluate(history)
    assert verdict.status is Status.ELIGIBLE
    assert "premium[0].start" in cited(verdict)
    assert evaluate(forget(history, stated(history) - cited(verdict))).status is Status.ELIGIBLE


@pytest.mark.parametrize("most", [0, 1, 2, 5, 20])
def test_reasons_suffice_and_say_so_where_not_all_could_be_tried(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.evaluation.work.MOST_WORK", most)
    monkeypatch.setattr("eligibility.evaluation.work.WORK_PER_RECORD", 0)
    rng, cut = Random(most), 0
    for _ in range(60):
        chosen = rng.choice(DEFINITIONS)
        definition = chosen if isinstance(chosen, ClassDefinition) else class_definition(chosen)
        history = drawn(rng)
        try:
            verdict = evaluate(history, definition)
        except ValueError:  # no world fits it
            continue
        if verdict.status is Status.INDETERMINATE:
            continue
        said = f"{definition.reading} {definition.clauses} {history.model_dump_json()}"
        cut += (is_said := verdict.reasons[0].text.endswith(NOT_MINIMAL))
        with monkeypatch.context() as whole:
            whole.setattr("eligibility.evaluation.work.MOST_WORK", 100_000)
            known = forget(history, stated(history) - cited(verdict))
            assert evaluate(known, definition).status is verdict.status, said
            spare = [
                path
                for path in cited(verdict)
                if evaluate(forget(known, [path]), definition).status is verdict.status
            ]
        assert is_said or not spare, f"{spare} are not needed: {said}"
    assert cut or most > 5
