"""Status and clause truths against the oracle, which lists worlds and shares nothing with us."""

import json
from collections import Counter
from random import Random
from typing import Any

import oracle
import pytest
from oracle_histories import random_history

from eligibility import AccountHistory, InconsistentHistory, Supposition, evaluate
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading

HISTORIES = 400
WORDS = {True: "true", False: "false", None: "unknown"}


def decided(
    history: dict[str, Any], reading: Any, supposing: Supposition | None = None
) -> tuple[str, list[str]]:
    """Our status and clause truths."""
    definition = class_definition(Reading.of(**reading))
    try:
        verdict = evaluate(AccountHistory.model_validate(history), definition, supposing=supposing)
    except InconsistentHistory:
        return "inconsistent", []
    return verdict.status.value, [clause.truth.word for clause in verdict.clauses[:5]]


@pytest.mark.parametrize("seed", range(8))
def test_status_and_clause_truths_are_those_of_brute_force(seed: int) -> None:
    rng = Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(HISTORIES):
        history = random_history(rng)
        for reading in rng.sample(oracle.READINGS, 3):
            status = oracle.status(history, reading)
            seen[status] += 1
            ours, truths = decided(history, reading)
            shown = f"{reading} {json.dumps(history)}"
            assert ours == status, shown
            if status != "inconsistent":
                expected = [WORDS[truth] for truth in oracle.clause_truths(history, reading)]
                assert truths == expected, shown
    assert min(seen.values()) > HISTORIES / 10, seen
    assert len(seen) == 4


def test_every_reading_is_compared() -> None:
    rng = Random("every reading")
    histories = [random_history(rng) for _ in range(12)]
    ours = {tuple(reading.words().values()) for reading in every_reading()}
    assert ours == {tuple(reading.values()) for reading in oracle.READINGS}
    assert len(ours) == 96
    for history in histories:
        for reading in oracle.READINGS:
            assert decided(history, reading)[0] == oracle.status(history, reading)


def test_a_span_that_surely_covers_no_instant_may_still_let_some_message_through() -> None:
    """A counterexample to evaluating twice: it takes two messages, a microsecond apart."""
    at = "2024-01-01T00:00:00.00000{}Z".format
    message = {"inmail": True, "shared": True}
    history = {
        "account_id": "A-1001",
        "premium": [
            {
                "plan": "premium_career",
                "start": f"{at(0)}/{at(6)}",
                "end": f"{at(5)}/{at(9)}",
            }
        ],
        "messages": [
            {**message, "sent_at": at(1), "shared_at": at(5)},
            {**message, "sent_at": at(1), "shared_at": at(6)},
        ],
        "complete": ["permissions"],
    }
    assert oracle.status(history, oracle.DEFAULT_READING) == "eligible"
    assert decided(history, oracle.DEFAULT_READING)[0] == "eligible"
    history["messages"] = history["messages"][:1]
    assert decided(history, oracle.DEFAULT_READING)[0] == "indeterminate"


@pytest.mark.parametrize("seed", range(4))
def test_the_supposition_says_no_more_than_what_is_alleged(seed: int) -> None:
    """Under the supposition a decided status is that of brute force, and never another one."""
    rng = Random(f"as alleged {seed}")
    decided_count = 0
    for _ in range(HISTORIES // 2):
        history, reading = random_history(rng), rng.choice(oracle.READINGS)
        expected = oracle.status(history, reading, "as-alleged")
        status, _ = decided(history, reading, AS_ALLEGED)
        if status not in ("inconsistent", "indeterminate") and expected != "inconsistent":
            decided_count += 1
            assert status == expected, f"{reading} {json.dumps(history)}"
    assert decided_count > HISTORIES / 8


def test_as_alleged_what_surely_was_an_inmail_is_decided_exactly() -> None:
    """Where each message is known to be one, or none, and was sent surely before, or after."""
    rng, seen = Random("surely alleged"), Counter[str]()
    while sum(seen.values()) < 2 * HISTORIES:
        reading = rng.choice(oracle.READINGS)
        history = random_history(rng, reading["update_day"])
        update = oracle.CUTOFF[reading["update_day"]]
        sent = [oracle.bounds(message.get("sent_at")) for message in history["messages"]]
        is_sure = all(last < update or first >= update for first, last in sent)
        if not is_sure or any(m.get("inmail") is None for m in history["messages"]):
            continue
        expected = oracle.status(history, reading, "as-alleged")
        status, _ = decided(history, reading, AS_ALLEGED)
        if status == "inconsistent":
            continue
        seen[f"{expected} {reading['update_day']}"] += 1
        assert status == expected, f"{reading} {json.dumps(history)}"
    assert min(seen.values()) > HISTORIES / 10, seen
    assert len(seen) == 6


@pytest.mark.parametrize("spans", [1, 12, 13, 40])
def test_many_such_spans_are_still_decided_and_soon(spans: int) -> None:
    at = "2024-01-01T00:00:00.00000{}Z".format
    crossing = {"plan": "other", "start": f"{at(0)}/{at(6)}", "end": f"{at(5)}/{at(9)}"}
    message = {"inmail": True, "shared": True, "sent_at": at(1)}
    history = {
        "account_id": "A-1001",
        "premium": [{**crossing, "plan": "premium_career"}, *[crossing] * (spans - 1)],
        "messages": [{**message, "shared_at": at(5)}, {**message, "shared_at": at(6)}],
        "complete": ["permissions"],
    }
    assert decided(history, oracle.DEFAULT_READING)[0] == "eligible"
    history["premium"] = [{**crossing, "plan": "premium_career"}] * spans
    assert decided(history, oracle.DEFAULT_READING)[0] == "eligible"


def _instant(microsecond: int) -> str:
    return f"2024-01-01T00:00:00.{microsecond:06d}Z"


def _long_way_round(spans: int) -> dict[str, Any]:
    """Spans that each could be cut in many places, and one that cannot be cut anywhere."""
    ranges = [(at * 100, at * 100 + 10) for at in range(1, spans)]
    message = {"inmail": True, "shared": True, "sent_at": _instant(0)}
    between = [f"{_instant(first)}/{_instant(last)}" for first, last in ranges]
    edge = f"{_instant(90_000)}/{_instant(90_001)}"
    return {
        "account_id": "A-1001",
        "premium": [
            {"plan": "premium_career", "start": span, "end": span} for span in [*between, edge]
        ],
        "messages": [
            {**message, "shared_at": at} for at in [*between, _instant(90_000), _instant(90_001)]
        ],
        "complete": ["permissions"],
    }


@pytest.mark.parametrize("spans", [3, 12, 60])
def test_spans_that_are_cut_apart_from_each_other_do_not_multiply(spans: int) -> None:
    history = _long_way_round(spans)
    assert decided(history, oracle.DEFAULT_READING)[0] == "eligible"
    history["messages"] = history["messages"][:-1]
    assert decided(history, oracle.DEFAULT_READING)[0] == "indeterminate"


def test_what_takes_too_long_to_see_is_said_not_to_be_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = AccountHistory.model_validate(_long_way_round(3))
    assert evaluate(history).exact
    monkeypatch.setattr("eligibility.evaluation.work.MOST_WORK", 1)
    monkeypatch.setattr("eligibility.evaluation.work.WORK_PER_RECORD", 0)
    verdict = evaluate(history)
    assert verdict.status.value == "indeterminate"
    assert verdict.exact is False
    assert verdict.scenarios is not None
    assert verdict.scenarios.eligible_if is not None


@pytest.mark.parametrize("seed", range(4))
def test_crossing_spans_that_share_messages(seed: int) -> None:
    """Messages that lack two instants, spans that overlap: by the oracle's count of worlds."""
    rng = Random(f"tight {seed}")
    seen: Counter[str] = Counter()
    for _ in range(150):
        low = [rng.randrange(10, 13) for _ in range(2)]
        spans = [f"{_instant(at)}/{_instant(at + rng.choice([1, 2]))}" for at in low]
        message = {"inmail": True, "shared": True, "sent_at": _instant(1)}
        shared = [(rng.randrange(10, 15), rng.choice([0, 0, 1])) for _ in range(6)]
        history = {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career", "start": s, "end": s} for s in spans],
            "messages": [
                {**message, "shared_at": f"{_instant(at)}/{_instant(at + more)}"}
                for at, more in shared
            ],
            "complete": ["permissions", "premium"],
        }
        status = oracle.status(history, oracle.DEFAULT_READING)
        seen[status] += 1
        assert decided(history, oracle.DEFAULT_READING)[0] == status, json.dumps(history)
    assert min(seen["eligible"], seen["indeterminate"]) > 10, seen
