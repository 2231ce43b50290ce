"""Where a record can be in is its own, though what is left alike of another is found once."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from attrs import evolve

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.evaluation.work import Work
from eligibility.facts.known import KnownRecord
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.values.timeset import TimeSet
from eligibility.verdict.relevance import Relevance, everything
from eligibility.verdict.turning.pivotal import Pivotal, Room

READINGS = list(every_reading())
KNOWERS = [everything, lambda path: "shared_at" not in path, lambda path: "sent" not in path]
#: What spans leave room for anywhere, the record being the same in both histories.
ROOM = Room(lambda _moment, _at: True, "premium")
SENT = ["2023-05", "2023", "../2023-05-04", "2023-05-04", None]
SHARED = ["2022", "2023-05/2025", "2024-08", "../2023-05-02", None]


def drawn(rng: Random) -> AccountHistory:
    """Messages of which many differ in one moment only."""
    messages = [
        {
            "inmail": rng.choice([True, None]),
            "direction": "sent",
            "sent_at": rng.choice(SENT),
            "shared": rng.choice([True, None]),
            "shared_at": rng.choice(SHARED),
        }
        for _ in range(6)
    ]
    premium = [{"plan": "premium_career", "start": "2022", "end": "2024-06/2026"}]
    return AccountHistory(account_id="A-1", premium=premium, messages=messages)


def places(rng: Random) -> Iterator[tuple[Pivotal, tuple[KnownRecord, ...]]]:
    """Where records can be in, if all is asked of them, or nothing of their sharing."""
    definition, supposing = class_definition(rng.choice(READINGS)), rng.choice([None, AS_ALLEGED])
    try:
        verdict = evaluate(drawn(rng), definition, supposing=supposing)
    except EligibilityError:  # it contradicts itself
        return
    if verdict.status is Status.INDETERMINATE:
        relevance = Relevance(verdict._facts, definition, rng.choice(KNOWERS), work=Work(10**6))
        for turning in relevance._passes:
            asked = turning.disjunct
            others = evolve(asked, values=without(asked.values), moments=without(asked.moments))
            for disjunct in (asked, others):
                yield evolve(turning.pivotal, disjunct=disjunct), turning.facts.lists["messages"]


def without(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of other facts than whether and when a message was shared."""
    return {name: each for name, each in asked.items() if not name.startswith("shared")}


def test_what_is_left_of_a_record_is_its_own() -> None:
    rng, seen = Random("pivotal"), 0
    for _ in range(60):
        for pivotal, records in places(rng):
            for record in records:
                same, other = (p.of(record, room=ROOM) for p in (pivotal, evolve(pivotal)))
                assert list(same) == list(other)
                seen += 1
    assert seen > 200


def test_beside_a_moment_that_is_held_another_one_lies_where_it_can(monkeypatch) -> None:
    """Hundreds of instants at which it was sent were tried beside each at which it was shared."""
    rng, tried, choices = Random("beside"), 0, Pivotal._choices

    def note(of: Pivotal, record: KnownRecord, name: str, *more: Any, **named: Any) -> Any:
        nonlocal tried
        for at in choices(of, record, name, *more, **named):
            if name == "sent_at" and at is not None:
                tried += 1
                assert at <= x
                assert any(
                    box.bounds[name][0] <= at <= box.bounds[name][1]
                    and box.bounds["shared_at"][0] <= x <= box.bounds["shared_at"][1]
                    for box in record.boxes
                    if "shared_at" in box.bounds
                )
            yield at

    monkeypatch.setattr(Pivotal, "_choices", note)
    for _ in range(60):
        for pivotal, records in places(rng):
            asked = "shared_at" in pivotal.disjunct.moments and not pivotal.spans.surely
            for record in records if asked else ():
                for x in pivotal.edges()[::9]:
                    list(pivotal.of(record, "shared_at", TimeSet.of((x, x)), room=ROOM))
    assert tried > 80
