"""Status and clause truths against the oracle, which lists worlds and shares nothing with us."""

import json
from collections import Counter
from random import Random
from typing import Any

import oracle
import pytest
from oracle_histories import random_history, rich_history

from eligibility import AccountHistory, InconsistentHistory, Supposition, Truth, evaluate
from eligibility.audit.enumeration import Enumeration
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


def assert_decided_alike(
    history: dict[str, Any], reading: dict[str, str], supposing: str | None, reach: int = 1
) -> str:
    """The status, which is that of brute force, as are the clause truths; `audit` says so too."""
    shown = f"{supposing} {reading} {json.dumps(history)}"
    supposition = AS_ALLEGED if supposing else None
    expected = oracle.status(history, reading, supposing, reach)
    ours, truths = decided(history, reading, supposition)
    assert ours == expected, shown
    if expected != "inconsistent":
        found = oracle.clause_truths(history, reading, supposing, reach)
        assert truths == [WORDS[truth] for truth in found], shown
        known = AccountHistory.model_validate(history)
        definition = class_definition(Reading.of(**reading))
        so = supposition and supposition.under(definition.reading)
        reaches = Enumeration(known, definition, supposition=so).reach
        assert [reaches.truth(at) for at in range(1, 6)] == [
            Truth(truth is True, truth is not False) for truth in found
        ], shown
    return expected


@pytest.mark.parametrize("supposing", [None, "as-alleged"])
@pytest.mark.parametrize("seed", range(3))
def test_what_people_can_say_and_suppose_is_decided_as_by_brute_force(
    seed: int, supposing: str | None
) -> None:
    """Lists of words, statements of completeness with conditions, and what is supposed."""
    rng, seen = Random(f"rich {seed} {supposing}"), Counter[str]()
    for _ in range(HISTORIES // 2):
        reading = rng.choice(oracle.READINGS)
        history = rich_history(rng, reading["update_day"])
        seen[assert_decided_alike(history, reading, supposing)] += 1
    assert min(seen.values()) > HISTORIES / 100, seen
    assert len(seen) == 4


@pytest.mark.parametrize("supposing", [None, "as-alleged"])
def test_every_reading_decides_statements_as_brute_force_does(supposing: str | None) -> None:
    rng, seen = Random(f"rich readings {supposing}"), Counter[str]()
    for _ in range(2):
        for reading in oracle.READINGS:
            history = rich_history(rng, reading["update_day"])
            seen[assert_decided_alike(history, reading, supposing)] += 1
    assert len(seen) == 4


@pytest.mark.parametrize("name", ["premium", "messages", "permissions"])
def test_statements_about_every_list_decide_something(name: str) -> None:
    """Histories of which a status hangs on a statement about one list, by brute force."""
    rng, turned = Random(f"turned {name}"), 0
    while turned < 3:
        reading = rng.choice(oracle.READINGS)
        history = rich_history(rng, reading["update_day"])
        complete = history["complete"]
        left = [each for each in complete if isinstance(each, str) or each["list"] != name]
        if len(left) < len(complete):
            less = oracle.status({**history, "complete": left}, reading, None, 1)
            turned += assert_decided_alike(history, reading, None) != less


SENT = {"id": "m1", "direction": "sent", "sent_at": "2023-05-04T10:22:00Z"}


@pytest.mark.parametrize(
    ("message", "complete", "truths"),
    [
        ({"inmail": None}, True, ["unknown"] * 5),
        ({"inmail": False}, True, ["unknown", *["false"] * 4]),  # as it was, without supposing
        ({"inmail": True}, True, ["true"] * 5),
        ({"inmail": True, "shared": False}, True, ["false"] * 5),  # what is known stands
        ({"inmail": None, "shared": False}, True, ["false"] * 5),
        ({"inmail": True, "shared_at": "2024-11-01T00:00:00Z"}, True, [*["unknown"] * 4, "false"]),
        ({"inmail": False}, False, ["unknown"] * 5),  # an unlisted one that was an InMail
    ],
)
def test_only_inmails_are_as_alleged(
    message: dict[str, Any], complete: bool, truths: list[str]
) -> None:
    """Messages that are no InMails are left as they were, also in the clause truths."""
    lists = ["premium", "permissions", *(["messages"] if complete else [])]
    history = {
        "account_id": "A-1001",
        "premium": [{"plan": "premium_career", "start": "2020-01-01T00:00:00Z", "end": ".."}],
        "messages": [{**SENT, **message}],
        "complete": lists,
    }
    reading = oracle.DEFAULT_READING
    assert decided(history, reading, AS_ALLEGED)[1] == truths
    assert_decided_alike(history, reading, "as-alleged", reach=2)


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
