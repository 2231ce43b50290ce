"""Verdicts checked by somebody who trusts nothing: right ones hold, each tampering is found."""

import ast
import copy
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
import test_another_case as another_case
from histories import RANDOM, any_definition, consistent
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import Club, club
from test_golden import CASES, verdict_of

import eligibility.audit.claims.claimed as claimed_module
import eligibility.audit.one_record as one_record_module
import eligibility.verdict.document as document_module
from eligibility import (
    CODES,
    AccountHistory,
    Certificate,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Ever,
    History,
    InconsistentHistory,
    InvalidDefinition,
    InvalidHistory,
    Is,
    TimeSet,
    Truth,
    Uncovered,
    Within,
    any_of,
    evaluate,
    forget,
    read_history,
    refine,
    verify,
)
from eligibility.audit.certificate import FINDINGS, UNCHECKED
from eligibility.audit.enumeration import Enumeration, Reach
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.values.timeline import EARLIEST, LATEST, write_instant

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "eligibility"
some = settings(max_examples=120, deadline=None, derandomize=True)

HISTORY = {
    "account_id": "A-1001",
    "premium": [
        {"id": "p1", "plan": "premium_career", "start": "2022", "end": "..", "source": "receipt"},
        {"id": "p2", "plan": "learning", "start": "2020", "end": "2021"},
    ],
    "messages": [
        {"id": "m1", "inmail": True, "sent_at": "2023-05", "shared": True, "shared_at": "2024-05"},
        {"id": "m2", "inmail": False, "direction": "sent", "sent_at": "2023-06"},
    ],
    "complete": ["premium", "messages", "permissions"],
}


def history_with(**messages: Any) -> AccountHistory:
    """The history, with the first message known differently."""
    data = copy.deepcopy(HISTORY)
    data["messages"][0].update(messages)
    return AccountHistory.model_validate(data)


ELIGIBLE = history_with()
INELIGIBLE = history_with(shared_at="2025")
OPEN = refine(
    forget(history_with(shared_at="2024-09", inmail=None), "premium[0].end"),
    {"premium[0].end": "2024-08/.."},
)
#: What is alleged would decide it.
UNSHARED = history_with(shared=None, shared_at=None)


def document(history: History, **more: Any) -> dict[str, Any]:
    """The verdict on a history as it comes from elsewhere."""
    verdict: dict[str, Any] = json.loads(evaluate(history, **more).to_json())
    return verdict


def codes(certificate: Certificate) -> set[str]:
    return {finding.code for finding in certificate.findings}


# ---- what is right, holds ----------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_golden_verdicts_hold(case: dict[str, Any]) -> None:
    verdict = verdict_of(case)
    assert verify(verdict.history, verdict.to_json()).findings == ()


@some
@given(RANDOM)
def test_verdicts_hold(rng: Random) -> None:
    history, definition = consistent(rng), any_definition(rng)
    verdict = evaluate(history, definition, supposing=rng.choice([None, None, AS_ALLEGED]))
    certificate = verify(history, verdict.to_json())
    assert certificate.findings == ()
    assert certificate.holds
    assert certificate.wrong == ()


def test_every_reading_holds() -> None:
    for reading, history in product(every_reading(), (ELIGIBLE, INELIGIBLE, OPEN)):
        assert verify(history, evaluate(history, class_definition(reading))).holds


def test_a_verdict_may_be_text_bytes_data_or_a_record() -> None:
    verdict = evaluate(OPEN)
    for form in (verdict, verdict.to_dict(), verdict.to_json(), verdict.to_json().encode()):
        assert verify(OPEN, form).holds


def test_another_case_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "second_case"))
    import flo  # noqa: PLC0415 - an example, which is no package

    for file in ("moved", "last_day"):
        history = read_history(
            (ROOT / "examples" / "second_case" / f"{file}.json").read_bytes(), flo.FloHistory
        )
        for california in (True, False):
            definition = flo.flo_class(california=california)
            verdict = evaluate(history, definition)
            assert verify(history, verdict.to_json(), definition).findings == ()
    assert codes(verify(ELIGIBLE, verdict)) == {"definition"}
    with pytest.raises(InvalidHistory, match="Pass a definition"):
        verify(history, verdict)


def test_a_case_with_filters_holds() -> None:
    rng = Random("filters")
    seen: Counter[str] = Counter()
    while min(seen[s] for s in ("eligible", "ineligible", "indeterminate")) < 3:
        history = another_case.written(another_case.random_known(rng))
        try:
            verdict = evaluate(history, another_case.DEFINITION)
        except InconsistentHistory:
            continue
        seen[verdict.status.value] += 1
        certificate = verify(history, verdict, another_case.DEFINITION)
        assert certificate.findings == (), history.model_dump_json()


# ---- what follows, by enumeration --------------------------------------------------------------


def assert_enumerated_as_decided(history: History, definition: ClassDefinition) -> None:
    """Where both are exact they say the same, else nothing that excludes the other."""
    verdict, reach = evaluate(history, definition), Enumeration(history, definition).reach
    for count, clause in enumerate(verdict.clauses, 1):
        found = reach.truth(count)
        agreed = found == clause.truth
        if not definition.exact:
            agreed = agreed or found is None or clause.truth == Truth.UNKNOWN
        assert agreed, (clause.id, found, clause.truth, history.model_dump_json(), definition)


def test_a_case_about_the_account_alone_holds() -> None:
    gold = (Is("members[].level", "gold"),)
    definition = club(Ever("members", TimeSet.of((EARLIEST, another_case.START)), gold))
    for members, complete in product(([], [{}], [{"level": "gold"}]), ([], ["members"])):
        history = Club(account_id="C-1", members=members, complete=complete)
        assert verify(history, evaluate(history, definition), definition).findings == ()


@pytest.mark.parametrize("seed", range(4))
def test_enumeration_agrees_with_evaluate(seed: int) -> None:
    rng = Random(f"listing {seed}")
    for _ in range(300):
        history = consistent(rng)
        for _ in range(3):
            assert_enumerated_as_decided(history, any_definition(rng))


def random_definition(rng: Random) -> ClassDefinition:
    """A definition of the club, of the exact fragment or not."""
    start = another_case.START
    levels = {
        name: rng.choice([(), (Is(f"{name}[].level", set(rng.sample(("gold", "silver"), 1))),)])
        for name in ("members", "bans")
    }

    def times() -> TimeSet:
        first, last = sorted((start + rng.randrange(4), start + rng.randrange(4)))
        return rng.choice(
            [
                TimeSet.of((EARLIEST, last)),
                TimeSet.of((first, LATEST)),
                TimeSet.of((first, last)),
                TimeSet.of((EARLIEST, first), (last + 1, LATEST)),
            ]
        )

    def leaf() -> Any:
        return rng.choice(
            [
                lambda: Is("visits[].paid", rng.random() < 0.5),
                lambda: Is("visits[].kind", rng.choice(["short", "long"])),
                lambda: Is("about.resident", rng.random() < 0.5),
                lambda: Within("visits[].came", times()),
                lambda: Covered("visits[].came", "members", levels["members"]),
                lambda: Uncovered("visits[].came", "bans", levels["bans"]),
                lambda: Ever("members", times(), levels["members"]),
            ]
        )()

    some_of = 0.3 if rng.random() < 0.3 else 0
    while True:
        asked = [any_of(leaf(), leaf()) if rng.random() < some_of else leaf() for _ in range(4)]
        try:
            return club(*asked)
        except InvalidDefinition:
            continue


@pytest.mark.parametrize("seed", range(3))
def test_enumeration_agrees_with_evaluate_on_definitions_of_many_kinds(seed: int) -> None:
    rng = Random(f"many kinds {seed}")
    exact = 0
    for _ in range(250):
        definition = random_definition(rng)
        exact += definition.exact
        history = another_case.written(another_case.random_known(rng))
        try:
            assert_enumerated_as_decided(history, definition)
        except InconsistentHistory:
            continue
    assert 100 < exact < 245


def at(*bounds: int) -> str:
    """Bounds in microseconds of one instant's morning."""
    start = another_case.START
    return f"{write_instant(start + bounds[0])}/{write_instant(start + bounds[-1])}"


def crossing(rng: Random) -> AccountHistory:
    """Spans that surely cover no instant, and records known to the microsecond."""
    spans, messages = [], []
    for _ in range(rng.randint(1, 4)):
        end = rng.randint(2, 5)
        start = end + rng.choice([1, 1, 1, 2])
        plan = rng.choice([*["premium_career"] * 5, None])
        spans.append({"plan": plan, "start": at(0, start), "end": at(end, 9)})
    for _ in range(rng.randint(2, 7)):
        first = rng.randint(2, 6)
        last = min(9, first + rng.choice([0, 0, 0, 1, 2]))
        shared = rng.choice([*[True] * 6, None])
        messages.append({"inmail": True, "shared": shared, "shared_at": at(first, last)})
    return AccountHistory(
        account_id="A-1001", premium=spans, messages=messages, complete=["permissions"]
    )


def test_enumeration_agrees_with_evaluate_where_spans_are_to_be_cut() -> None:
    rng = Random("crossing")
    statuses: Counter[Any] = Counter()
    for _ in range(250):
        history = crossing(rng)
        assert_enumerated_as_decided(history, class_definition())
        statuses[Enumeration(history, class_definition()).truth] += 1
    assert min(statuses.values()) > 40
    assert len(statuses) == 2


PAID = Is("premium[].plan", {"premium_career", "premium_business"})
CAREER = Is("premium[].plan", {"premium_career", "learning"})


@pytest.mark.parametrize("again", [(CAREER, PAID), (PAID, CAREER, PAID), (PAID, CAREER)])
def test_a_span_is_cut_once_for_all_that_ask_for_the_same_spans(again: tuple[Is, ...]) -> None:
    """However they write it: what covers the 5th or the 6th covers the same day for all of them."""
    source = Citation("a fiction")
    covered = (Covered("messages[].shared_at", "premium", some) for some in ((PAID, CAREER), again))
    clauses = tuple(Clause(f"c{at}", "words", source, each) for at, each in enumerate(covered))
    definition = ClassDefinition("fiction", "1", "A fiction", AccountHistory, clauses)
    assert definition.exact
    rng = Random("filters")
    statuses: Counter[Any] = Counter()
    for _ in range(150):
        history = crossing(rng)
        assert_enumerated_as_decided(history, definition)
        statuses[Enumeration(history, definition).truth] += 1
    assert min(statuses.values()) > 5
    assert len(statuses) == 2


@pytest.mark.parametrize("kind", ["plain", "crossing"])
def test_one_record_known_otherwise_is_decided_as_the_whole(kind: str) -> None:
    rng = Random(f"one record {kind}")
    seen: Counter[Any] = Counter()
    for _ in range(300):
        made = consistent if kind == "plain" else crossing
        history, other, definition = made(rng), made(rng), any_definition(rng)
        if not history.messages or not other.messages:
            continue
        index, record = rng.randrange(len(history.messages)), rng.choice(other.messages)
        records = list(history.messages)
        records[index] = record
        known = history.model_copy(update={"messages": tuple(records)})
        found = Enumeration(history, definition).truth_with(index, record)
        assert found == Enumeration(known, definition).truth
        seen[found] += 1
    assert len(seen) > 1


def test_many_spans_are_cut_where_the_shortest_are() -> None:
    span = {"plan": "premium_career", "start": at(0, 6), "end": at(5, 9)}
    wider = {"plan": "premium_career", "start": at(0, 7), "end": at(5, 9)}
    messages = [{"inmail": True, "shared": True, "shared_at": at(n)} for n in (5, 6, 7)]
    history = AccountHistory(
        account_id="A-1001", premium=[span, wider] * 20, messages=messages, complete=["permissions"]
    )
    assert Enumeration(history, class_definition()).reach == Reach(5, 5, exact=True)


def test_too_many_ways_to_cut_are_said() -> None:
    spans = [
        {"plan": "premium_career", "start": at(0, 3 * n + 1), "end": at(3 * n, 99)}
        for n in range(18)
    ]
    messages = [
        {"inmail": True, "shared": True, "shared_at": at(3 * n + k, 3 * (n + 1) + k)}
        for n, k in product(range(17), range(2))
    ]
    history = AccountHistory(
        account_id="A-1001", premium=spans, messages=messages, complete=["permissions"]
    )
    assert Enumeration(history, class_definition()).truth is None
    verdict = evaluate(OPEN).to_dict()
    verdict["scenarios"]["eligible_if"] = None
    assert "too-many-worlds" in codes(verify(history, verdict))


def test_too_many_ways_of_a_record_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_record_module, "MOST_WAYS", 3)
    assert Enumeration(OPEN, class_definition()).reach == Reach(0, 5, exact=False)
    certificate = verify(OPEN, evaluate(OPEN))
    assert codes(certificate) == {"too-many-worlds"}
    assert not certificate.holds
    assert certificate.wrong == ()


def test_too_much_work_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    history = AccountHistory(account_id="A-1001", premium=[{}, {}], messages=[{}])
    verdict = evaluate(history)
    assert verify(history, verdict).holds
    monkeypatch.setattr(claimed_module, "MOST_RECORDS", 8)
    assert codes(verify(history, verdict)) == {"too-many-worlds"}


def test_a_scenario_of_a_great_many_ways_is_not_looked_into(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though there are not too many of any one of its records."""
    monkeypatch.setattr(one_record_module, "MOST_IN_ALL", 150_000)
    history = AccountHistory(account_id="A-1001")
    verdict = document(history)
    months = [f"{1950 + n // 12}-{n % 12 + 1:02d}" for n in range(120)]
    premium = [
        {"plan": "premium_career", "start": f"{month}-01", "end": f"{month}-15"} for month in months
    ]
    messages = [
        {"inmail": False, "sent_at": "../2150", "shared_at": f"{month}/.."} for month in months
    ]
    verdict["scenarios"]["ineligible_if"] = {
        "account_id": "A-1001",
        "premium": premium,
        "messages": messages,
        "complete": ["premium", "messages", "permissions"],
    }
    certificate = verify(history, verdict)
    assert [each.path for each in certificate.findings] == ["scenarios.ineligible_if"]
    assert codes(certificate) == {"too-many-worlds"}


def test_ways_are_counted_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = evaluate(OPEN)
    monkeypatch.setattr(one_record_module, "MOST_IN_ALL", 40)
    assert codes(verify(OPEN, verdict)) == {"too-many-worlds"}
    monkeypatch.setattr(one_record_module, "MOST_IN_ALL", 4_000)
    assert verify(OPEN, verdict).holds


def test_a_no_may_say_what_never_came_to_be() -> None:
    history = history_with(shared=None)
    history = history.model_copy(update={"messages": history.messages[:1]})
    verdict = document(history)
    assert verify(history, verdict).holds


def test_no_exactness_may_be_claimed_where_spans_are_to_be_cut() -> None:
    span = {"plan": "premium_career", "start": at(0, 6), "end": at(5, 9)}
    history = AccountHistory(account_id="A-1001", premium=[span], messages=[{}])
    assert codes(verify(history, document(history) | {"exact": False})) == {"inexact"}


# ---- what is wrong, is found -------------------------------------------------------------------

Tampering = Callable[[dict[str, Any]], Any]


def put(*way: str | int, value: Any) -> Tampering:
    """A tampering that writes a value at a place of the verdict."""

    def tampered(verdict: dict[str, Any]) -> None:
        for step in way[:-1]:
            verdict = verdict[step]
        verdict[way[-1]] = value

    return tampered


def second_of_two() -> tuple[AccountHistory, dict[str, Any]]:
    """A verdict that cites the facts of two messages, where one would do."""
    data = copy.deepcopy(HISTORY)
    data["messages"][1] = {**data["messages"][0], "id": "m2"}
    history = AccountHistory.model_validate(data)
    verdict = document(history)
    for reason in verdict["reasons"]:
        for fact in [fact for fact in reason["evidence"] if fact["id"] == "m1"]:
            path = fact["path"].replace("[0]", "[1]")
            reason["evidence"].append({**fact, "id": "m2", "path": path})
    return history, verdict


def test_facts_of_a_second_message_are_not_needed() -> None:
    history, verdict = second_of_two()
    found = [each.code for each in verify(history, verdict).findings]
    assert found == ["not-needed"] * 6


def test_answers_about_the_records_of_an_open_list_are_checked() -> None:
    data = copy.deepcopy(HISTORY)
    del data["messages"][0]["id"], data["messages"][0]["inmail"], data["complete"]
    history = AccountHistory.model_validate(data)
    verdict = document(history)
    assert verify(history, verdict).holds
    (number,) = [
        at for at, each in enumerate(verdict["questions"]) if each["paths"] == ["complete.messages"]
    ]
    more = verdict["questions"][number]["answers"][1]
    assert more["refinement"] == {"messages[2]": {}}
    more["refinement"] = {"messages[1].direction": "sent"}  # of a list, but not that there is more
    assert codes(verify(history, verdict)) == {"question"}
    more["refinement"] = {"messages[2]": {"id": "m7"}}  # and more than that there is more
    assert codes(verify(history, verdict)) == {"question"}
    more["refinement"] = {"messages[2]": {"id": "m2"}}
    assert codes(verify(history, verdict)) == {"question", "answer-not-a-refinement"}
    more["refinement"] = {"messages[2]": {}, "messages[0].id": "m2"}
    assert codes(verify(history, verdict)) == {"question", "answer-not-a-refinement"}
    more["refinement"] = {"messages[0].id": "m2"}
    assert codes(verify(history, verdict)) == {"question", "answer-not-a-refinement"}


def added_fact(verdict: dict[str, Any]) -> None:
    fact = {"path": "messages[0].sent_at", "id": "m1", "source": None}
    verdict["reasons"][0]["evidence"].append(fact)


def swapped(verdict: dict[str, Any]) -> None:
    both = verdict["scenarios"]
    both["eligible_if"], both["ineligible_if"] = both["ineligible_if"], both["eligible_if"]


def loosened(verdict: dict[str, Any]) -> None:
    verdict["scenarios"]["eligible_if"]["messages"][0]["sent_at"] = "2022"


def never_complete(verdict: dict[str, Any]) -> None:
    verdict["scenarios"]["ineligible_if"]["complete"] = []


def modest(verdict: dict[str, Any]) -> None:
    verdict.update(status="indeterminate", exact=False, reasons=[], questions=[])


def again(verdict: dict[str, Any]) -> None:
    answers = verdict["questions"][0]["answers"]
    answers.append(answers[0])


def renamed(code: str) -> Tampering:
    """A tampering that names other clauses for the first reason, and cites the first of them."""
    step = next(s for s in class_definition().steps if s.id == code.partition("+")[0])

    def tampered(verdict: dict[str, Any]) -> None:
        citation = {"source": step.citation.source, "quote": step.citation.quote}
        verdict["reasons"][0].update(code=code, citation=citation)

    return tampered


def exchanged(verdict: dict[str, Any]) -> None:
    """The reasons of two records, each with the evidence of the other."""
    one, other = verdict["reasons"]
    one["evidence"], other["evidence"] = other["evidence"], one["evidence"]


def baseless(verdict: dict[str, Any]) -> None:
    reason = {**copy.deepcopy(verdict["reasons"][0]), "evidence": []}
    verdict["reasons"].append(reason)
    renamed("premium")({"reasons": [reason]})


def merged(verdict: dict[str, Any]) -> None:
    reasons = verdict["reasons"]
    facts = {fact["path"]: fact for reason in reasons for fact in reason["evidence"]}
    verdict["reasons"] = [{**reasons[0], "evidence": list(facts.values())}]


TAMPERINGS: list[tuple[str, AccountHistory, str, Tampering]] = [
    ("another status", ELIGIBLE, "status", put("status", value="ineligible")),
    ("decided, though open", OPEN, "status", put("status", value="ineligible")),
    ("open, though decided", ELIGIBLE, "status", put("status", value="indeterminate")),
    ("a clause", OPEN, "clause-truth", put("clauses", 4, "truth", value="true")),
    ("words", OPEN, "clauses", put("clauses", 0, "text", value="LinkedIn users")),
    ("a clause lost", OPEN, "clauses", lambda v: v["clauses"].pop()),
    ("clauses turned", OPEN, "clauses", lambda v: v["clauses"].reverse()),
    ("a quotation", OPEN, "citation", put("clauses", 1, "citation", "quote", value="InMail")),
    (
        "a reason's source",
        ELIGIBLE,
        "citation",
        put("reasons", 2, "citation", "source", value="Somewhere"),
    ),
    ("not exact", ELIGIBLE, "exact", put("exact", value=False)),
    ("modest", OPEN, "exact", put("exact", value=False)),
    ("modest, though decided", ELIGIBLE, "status", modest),
    ("a fact lost", ELIGIBLE, "not-entailed", lambda v: v["reasons"][1]["evidence"].clear()),
    ("no reason", INELIGIBLE, "not-entailed", lambda v: v["reasons"].clear()),
    ("a fact too many", ELIGIBLE, "not-needed", added_fact),
    ("a fact too many out", INELIGIBLE, "not-needed", added_fact),
    ("a fact of an open one", OPEN, "reason", added_fact),
    ("a strange clause", ELIGIBLE, "reason", put("reasons", 0, "code", value="premium+gold")),
    ("a wrong clause", OPEN, "reason", put("reasons", 0, "code", value="shared")),
    ("an id", ELIGIBLE, "evidence", put("reasons", 1, "evidence", 0, "id", value="m2")),
    (
        "a source",
        ELIGIBLE,
        "evidence",
        put("reasons", 1, "evidence", 0, "source", value="attested"),
    ),
    *(
        ("no such fact", ELIGIBLE, "evidence", put("reasons", 1, "evidence", 0, "path", value=path))
        for path in (
            "messages[0].direction",  # not known
            "messages[7].inmail",
            "messages[0]",
            "messages[0].id",
            "exclusions.counsel",
            "complete.nothing",
            "account_id",
            "__class__",
            "",
            "\x1b[31m",
        )
    ),
    (
        "an answer",
        OPEN,
        "answer-status",
        put("questions", 0, "answers", 0, "status", value="eligible"),
    ),
    (
        "an answer that contradicts",
        OPEN,
        "answer-not-a-refinement",
        put("questions", 1, "answers", 0, "refinement", value={"messages[0].shared_at": "2025"}),
    ),
    *(
        (
            "no answer at all",
            OPEN,
            "answer-not-a-refinement",
            put("questions", 1, "answers", 0, "refinement", value=refinement),
        )
        for refinement in (
            {"messages[0].shared_at": 7},
            {"messages[0].shared_at": "2024-06", "messages[1].inmail": None},
            {"messages[9].inmail": True},
            {"messages[2]": {}},  # the list is complete
            {"premium[0].plan": [[]]},
            {"premium[0].start": "2023"},
            {"complete.premium": "yes"},
            {"messages[0].id": "m7"},
            {"messages[0].inmail": True, "messages[1].inmail": True},
            {"messages[0].inmail": True, "messages[1].direction": "received"},
            {"messages[0].inmail": True, "premium[0].start": "2023"},
            {"premium[0].start": "2023", "messages[0].inmail": True},
            {"anything": None},
        )
    ),
    (
        "an answer to something else",
        OPEN,
        "question",
        put("questions", 1, "answers", 0, "refinement", value={"messages[0].direction": "sent"}),
    ),
    *(
        (
            "an answer that says more, or nothing",
            OPEN,
            "question",
            put("questions", 0, "answers", 0, "refinement", value=refinement),
        )
        for refinement in (
            {"messages[0].inmail": True, "messages[0].shared_at": "2024-09-01"},
            {"messages[0].inmail": True, "premium[0].plan": "premium_career"},
            {"messages[0].inmail": True, "messages[1].shared_at": None},
            {"messages[0].inmail": None},
            {"messages[0].shared_at": "2024-09-01"},
        )
    ),
    ("answered twice", OPEN, "question", again),
    ("another clause", INELIGIBLE, "not-entailed", renamed("shared")),
    ("clauses turned in a reason", INELIGIBLE, "reason", renamed("before-update+inmail")),
    ("a clause too many", INELIGIBLE, "reason", renamed("inmail+before-update")),
    ("reasons exchanged", INELIGIBLE, "not-entailed", exchanged),
    ("a reason without a fact", INELIGIBLE, "not-entailed", baseless),
    ("a reason twice", INELIGIBLE, "reason", lambda v: v["reasons"].append(v["reasons"][0])),
    ("one reason for all", ELIGIBLE, "reason", merged),
    ("reasons turned", ELIGIBLE, "reason", lambda v: v["reasons"].reverse()),
    ("asked twice", OPEN, "question", lambda v: v["questions"].append(v["questions"][0])),
    ("nothing asked", OPEN, "question", put("questions", 0, "paths", value=[])),
    ("no answers", OPEN, "question", put("questions", 0, "answers", value=[])),
    ("a lost scenario", OPEN, "scenario-missing", put("scenarios", "eligible_if", value=None)),
    ("the other scenario", OPEN, "scenario-status", swapped),
    ("a scenario that knows less", OPEN, "scenario-not-a-refinement", loosened),
    ("a scenario that is open", OPEN, "scenario-not-a-refinement", never_complete),
    (
        "another account's scenario",
        OPEN,
        "scenario-not-a-refinement",
        put("scenarios", "eligible_if", "account_id", value="A-1002"),
    ),
    (
        "a scenario that no world fits",
        OPEN,
        "inconsistent",
        put("scenarios", "eligible_if", "messages", 0, "sent_at", value="2026"),
    ),
    ("a broken scenario", OPEN, "missing", put("scenarios", "ineligible_if", value={})),
    ("a needless scenario", ELIGIBLE, "not-open", put("scenarios", "eligible_if", value=HISTORY)),
    (
        "a needless question",
        ELIGIBLE,
        "not-open",
        lambda v: v["questions"].extend(document(OPEN)["questions"]),
    ),
    ("another history", ELIGIBLE, "history", put("history_digest", value="0" * 64)),
    ("a digest", ELIGIBLE, "definition", put("definition", "digest", value="0" * 64)),
    ("a version", ELIGIBLE, "definition", put("definition", "version", value="2")),
    ("another case", ELIGIBLE, "definition", put("definition", "id", value="flo")),
    ("a reading", ELIGIBLE, "definition", put("reading", "messages", value="sent")),
    ("less of a reading", ELIGIBLE, "reading", put("reading", value={})),
    ("no such reading", ELIGIBLE, "reading", put("reading", "messages", value="\x1b[31m")),
    ("a supposition", UNSHARED, "status", put("supposing", value="as-alleged")),
    ("no such supposition", OPEN, "supposing", put("supposing", value="as-rumoured")),
    ("no notice", ELIGIBLE, "notice", put("notice", value="")),
    ("version 2", ELIGIBLE, "not-in-vocabulary", put("schema_version", value="2")),
    ("no status", ELIGIBLE, "not-in-vocabulary", put("status", value="maybe")),
    ("a status of another kind", ELIGIBLE, "not-in-vocabulary", put("status", value=[["a"]])),
    ("yes", ELIGIBLE, "wrong-type", put("exact", value="true")),
    ("one", ELIGIBLE, "wrong-type", put("exact", value=1)),
    ("null", ELIGIBLE, "wrong-type", put("clauses", value=None)),
    ("a text for a list", ELIGIBLE, "wrong-type", put("reasons", value="none")),
    ("more", ELIGIBLE, "unknown-key", put("amount", value=1000)),
    ("less", ELIGIBLE, "missing", lambda v: v.pop("notice")),
    ("half a pair", ELIGIBLE, "notice", put("notice", value="\ud800")),
    ("no number", ELIGIBLE, "malformed-json", put("exact", value=float("nan"))),
    ("no JSON", ELIGIBLE, "malformed-json", put("reasons", value={1, 2})),
    ("a huge number", ELIGIBLE, "malformed-json", put("exact", value=10**5000)),
]


@pytest.mark.parametrize(
    ("name", "history", "code", "tampering"),
    [
        pytest.param(*each, id=f"{at}-{each[0]}".encode("unicode_escape").decode())
        for at, each in enumerate(TAMPERINGS)
    ],
)
def test_each_tampering_is_found(
    name: str, history: AccountHistory, code: str, tampering: Tampering
) -> None:
    verdict = document(history)
    tampering(verdict)
    certificate = verify(history, verdict)
    assert not certificate.holds
    assert code in codes(certificate), certificate.findings
    for finding in certificate.findings:
        assert str(finding).isprintable(), name
        assert finding.message.endswith(".")


def test_every_finding_is_shown_by_some_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in FINDINGS if f'"{code}"' not in source] == []


def test_findings_say_where() -> None:
    verdict = document(OPEN)
    verdict["questions"][1]["answers"][0]["status"] = "ineligible"
    (finding,) = verify(OPEN, verdict).findings
    assert finding.code == "answer-status"
    assert finding.path == "questions[1].answers[0].status"
    assert finding.message == "It leads to indeterminate, not ineligible."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed-json"),
        ("[]", "wrong-type"),
        ("null", "wrong-type"),
        ("{}", "missing"),
        ('{"status": "eligible", "status": "ineligible"}', "duplicate-key"),
        ("[" * 100_000, "too-deep"),
        ('{"notice": "' + "x" * 100_000 + '"}', "missing"),
        (b"\xff", "not-unicode"),
    ],
)
def test_what_is_no_verdict_is_said(text: str | bytes, code: str) -> None:
    assert code in codes(verify(ELIGIBLE, text))


@pytest.mark.parametrize("data", [None, 7, [], {}, {"status": None}, {7: 7}, object()])
def test_data_that_is_no_verdict_is_said(data: Any) -> None:
    found = codes(verify(ELIGIBLE, data))
    assert found
    assert found <= CODES.keys()


def test_data_without_an_end_is_said() -> None:
    verdict = document(OPEN)
    verdict["scenarios"]["eligible_if"]["premium"] = verdict
    assert codes(verify(OPEN, verdict)) <= {"malformed-json", "too-deep"}
    for depth in (200, 900, 5_000):
        deep: Any = None
        for _ in range(depth):
            deep = [deep]
        verdict = document(OPEN)
        verdict["questions"][0]["answers"][0]["refinement"] = {"messages[0].inmail": deep}
        assert codes(verify(OPEN, verdict)) <= {"answer-not-a-refinement", "too-deep"}


def test_a_great_many_words_are_read_in_the_end() -> None:
    verdict = document(ELIGIBLE)
    verdict["reasons"] *= 300
    verdict["reasons"][7]["evidence"] *= 30
    assert codes(verify(ELIGIBLE, verdict)) == {"reason"}  # each is to be cited once
    verdict["reasons"][7]["code"] = "+".join(["premium"] * 1_000)
    assert codes(verify(ELIGIBLE, verdict)) == {"citation", "reason"}  # that of inmail
    verdict["reading"] |= {f"word{n}": "x" for n in range(10_000)}
    assert codes(verify(ELIGIBLE, verdict)) == {"reading"}


def test_the_history_must_be_one() -> None:
    wrong = history_with(shared_at="2022")
    with pytest.raises(InconsistentHistory):
        verify(wrong, document(OPEN))
    with pytest.raises(InvalidHistory, match="speaks of"):
        verify(Club(account_id="C-1"), document(OPEN))


def test_a_supposition_must_fit() -> None:
    history = Club(account_id="C-1")
    definition = club(Is("visits[].paid", True))
    verdict = evaluate(history, definition).to_dict()
    assert verify(history, verdict, definition).holds
    verdict["supposing"] = "as-alleged"
    assert codes(verify(history, verdict, definition)) == {"supposing"}


def test_a_verdict_that_is_not_exact_is_not_called_wrong() -> None:
    definition = club(any_of(Is("visits[].paid", True), Is("visits[].paid", False)))
    history = Club(account_id="C-1", visits=[{}])
    verdict = evaluate(history, definition)
    assert verdict.status.value == "indeterminate"  # though it must be one or the other
    certificate = verify(history, verdict, definition)
    assert codes(certificate) == {"inexact"}
    assert certificate.wrong == ()
    assert {"status", "scenarios.ineligible_if"} <= {each.path for each in certificate.findings}
    claimed = verdict.to_dict() | {"exact": True}
    assert {"exact", "status", "scenario-missing"} <= codes(verify(history, claimed, definition))
    other = Club(account_id="C-1", complete=["visits"])
    verdict = evaluate(other, definition)
    assert codes(verify(other, verdict, definition)) == {"inexact"}  # is the fact needed?


def test_a_certificate_is_no_yes_or_no() -> None:
    with pytest.raises(TypeError, match="holds"):
        assert verify(ELIGIBLE, document(ELIGIBLE))


# ---- every word --------------------------------------------------------------------------------

#: Sentences are not checked, nor of which kind a question is; scenarios and answers may be others.
UNREAD = re.compile(
    r"reasons\.\d+\.text|questions\.\d+\.(text|code|answers\.\d+\.(text|refinement.*))"
    r"|open\.\d+\.text|scenarios.*"
)
WORDS = ["", "eligible", "ineligible", "indeterminate", "true", "false", "unknown", "premium"]
JUNK = [None, True, 7, 1e400, "\x00", [], {}, [[]], {"a": {}}, "messages[0]", "2024", -(10**30)]


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value in the JSON."""
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield (*way, key)
        yield from places(child, (*way, key))


def value_at(value: Any, way: tuple[str | int, ...]) -> Any:
    for step in way:
        value = value[step]
    return value


@settings(max_examples=250, deadline=None, derandomize=True)
@given(RANDOM)
def test_every_word_but_its_sentences_is_checked(rng: Random) -> None:
    history, definition = consistent(rng), any_definition(rng)
    verdict = document(history, definition=definition)
    texts = [
        way
        for way in places(verdict)
        if isinstance(value_at(verdict, way), str | bool | None)
        and not UNREAD.fullmatch(".".join(map(str, way)))
    ]
    way = rng.choice(texts)
    before = value_at(verdict, way)
    after = rng.choice([word for word in (*WORDS, not before) if word != before])
    put(*way, value=after)(verdict)
    assert not verify(history, verdict, definition).holds, (way, before, after)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(RANDOM, st.integers(1, 4))
def test_no_verdict_makes_it_fail(rng: Random, times: int) -> None:
    history = consistent(rng)
    verdict = document(history, supposing=rng.choice([None, AS_ALLEGED]))
    for _ in range(times):
        way = rng.choice(list(places(verdict)))
        put(*way, value=copy.deepcopy(rng.choice([*JUNK, *WORDS, verdict["reasons"]])))(verdict)
        if not isinstance(verdict.get("reasons"), list):
            break
    try:
        certificate = verify(history, verdict)
    except InconsistentHistory:
        pytest.fail("only the history that is given may be inconsistent")
    known = CODES.keys() | FINDINGS.keys()
    assert codes(certificate) <= known


# ---- the house ---------------------------------------------------------------------------------

#: Of the room of the verdict, only its document says nothing of how it came about.
DECIDES = re.compile(r"eligibility\.(evaluation|text|verdict\.(?!document$)\w+)")


def imported(module: str) -> set[str]:
    """The modules of the package that one imports."""
    path = SOURCE.parent.joinpath(*module.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name for name in names if name.startswith("eligibility.")}


def test_nothing_that_decides_or_explains_a_verdict_is_used() -> None:
    """Not by way of others either; a normal form is there only as part of a definition."""
    reached, waiting = set[str](), ["eligibility.audit.certificate"]
    while waiting:
        new = imported(waiting.pop()) - reached
        reached |= new
        waiting += new
    assert {"eligibility.audit.enumeration", "eligibility.verdict.document"} <= reached
    assert [name for name in reached if DECIDES.match(name)] == []
    shelf = [name for name in reached if ".audit." in name] + ["eligibility.verdict.document"]
    for name in shelf:
        assert "eligibility.definition.normal_form" not in imported(name)


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs" / "how-to" / "check-a-verdict.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \| *([^|]*?) \|$", page, re.MULTILINE))
    assert rows == FINDINGS
    assert not FINDINGS.keys() & CODES.keys()
    assert FINDINGS.keys() > UNCHECKED


def test_the_contract_is_that_of_the_verdict() -> None:
    verdict = document(OPEN)
    assert list(verdict) == list(document_module.VerdictDocument.model_fields)
    assert sys.getrecursionlimit() < 5_000  # or the deep data above is not deep
