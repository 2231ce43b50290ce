"""Promise 6 on the case itself, for several sets of facts that somebody can know, by brute force.

All worlds of a small history, by the oracle that shares nothing with the engine, are put together
by what can be known of them. A fact matters if two such groups differ in it alone and do not come
out the same. `benchmarks/long_relevance.py` is a long search of the same kind.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from itertools import islice, pairwise
from random import Random
from typing import Any, TypeAlias

import oracle
import pytest
from oracle_histories import random_history
from oracle_worlds import CUTOFF, EXCLUSIONS, facts_of, moment

from eligibility import AccountHistory, evaluate, read_history
from eligibility.evaluation import work
from eligibility.facts.paths import parse
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import relevant_facts

#: What a claimant can know; what is shared hangs together, and is known by others.
THEIRS = (
    *(f"premium[].{key}" for key in ("plan", "start", "end")),
    *(f"messages[].{key}" for key in ("inmail", "direction", "sent_at")),
    *(f"permissions[].{key}" for key in ("start", "end")),
    "exclusions.counsel",
)
MOST_WORLDS = 3_000
#: Makes a history for a reading of the day of the update.
Make: TypeAlias = Callable[[Random, str], dict[str, Any]]


def some_knowable(rng: Random) -> frozenset[str]:
    share = rng.choice([0.3, 0.6, 0.9, 1])
    return frozenset(path for path in THEIRS if rng.random() < share)


def matters(worlds: list[Any], history: Any, reading: Any, known: frozenset[str]) -> set[str]:
    follows: dict[tuple[Any, ...], set[bool]] = defaultdict(set)
    for world in worlds:
        facts = facts_of(world, history).items()
        told = tuple((path, each) for path, each in facts if parse(path).pattern in known)
        follows[told].add(oracle.member(world, reading))
    seen: dict[tuple[Any, ...], set[frozenset[bool]]] = defaultdict(set)
    for told, outcomes in follows.items():
        for path, _ in told:
            rest = tuple(fact for fact in told if fact[0] != path)
            seen[path, rest].add(frozenset(outcomes))
    return {path for (path, _), several in seen.items() if len(several) > 1}


def tiny(rng: Random, update_day: str) -> dict[str, Any]:
    """One record of each kind at most."""
    history = random_history(rng, update_day, tiny=True)
    return {**history, "complete": ["premium", "messages", "permissions"]}


def chained(rng: Random, update_day: str) -> dict[str, Any]:
    """Two or three spans of Premium, end to end, and a message that may be shared in any."""
    count, update = rng.choice([2, 2, 3]), CUTOFF[update_day]

    def at(first: int) -> str:
        wide = rng.choice([0, 0, 1, 1, 2])
        return moment(update - 9 + first, update - 9 + first + wide)

    seams = sorted(rng.sample(range(1, 9), count - 1))
    plans = [["premium_career", "learning"], "premium_career", "premium_career"]
    premium = [
        {
            "plan": rng.choice(plans),
            "start": at(max(0, first + rng.choice([-2, -1, 0, 1]))),
            "end": at(last + rng.choice([-1, 0, 0, 1])),
        }
        for first, last in pairwise([0, *seams, 9])
    ]
    sent, last = rng.choice([0, 1]), rng.choice([6, 8])
    message = {
        "inmail": True,
        "direction": "sent",
        "recipient": "third_party",
        "sent_at": moment(update - 9 + sent, update - 9 + sent + rng.choice([0, 0, 1])),
        "shared": True,
        "shared_at": moment(update - 9 + sent, update - 9 + last),
    }
    complete = ["premium", "messages", "permissions"]
    exclusions = dict.fromkeys(EXCLUSIONS, False)
    return {
        "account_id": "A-1001",
        "premium": premium,
        "messages": [message],
        "exclusions": exclusions,
        "complete": complete,
    }


def disagreement(rng: Random, make: Make = tiny) -> str | None:
    """What is asked for and does not matter, or the other way round; empty if nothing is."""
    reading, known = rng.choice(oracle.READINGS), some_knowable(rng)
    supposing = rng.choice([None, "as-alleged"])
    history = make(rng, reading["update_day"])
    worlds = list(islice(oracle.worlds(history, reading, supposing, 1), MOST_WORLDS))
    if len(worlds) == MOST_WORLDS or len({oracle.member(w, reading) for w in worlds}) < 2:
        return None
    definition = class_definition(Reading.of(**reading))
    facts = facts_under(
        definition, read_history(json.dumps(history)), AS_ALLEGED if supposing else None
    )
    found = relevant_facts(facts, definition, lambda path: parse(path).pattern in known)
    asked, expected = {fact.path for fact in found}, matters(worlds, history, reading, known)
    if asked == expected:
        return ""
    wrong = {"too much": sorted(asked - expected), "too little": sorted(expected - asked)}
    rest = {"known": sorted(known), "reading": reading, "supposing": supposing, "history": history}
    return json.dumps({**wrong, **rest})


@pytest.mark.parametrize("seed", range(2))
def test_of_spans_that_only_together_cover_a_fact_is_asked_for_as_well(seed: int) -> None:
    rng, done = Random(f"relevance of chains {seed}"), 0
    while done < 40:
        found = disagreement(rng, chained)
        assert not found, found
        done += found is not None


@pytest.mark.parametrize("seed", range(2))
def test_of_the_case_a_fact_is_asked_for_if_and_only_if_it_matters(seed: int) -> None:
    rng, done = Random(f"relevance of the case {seed}"), 0
    while done < 25:
        found = disagreement(rng)
        assert not found, found
        done += found is not None


def test_what_others_hang_on_is_asked_for_where_the_allowance_is_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No clause names when a message was sent, and when it was shared hangs on that."""
    message = {"sent_at": "2023-05-04T10:00:00Z/2023-05-04T10:00:01Z"}
    history = AccountHistory(account_id="fictional", messages=[message], premium=[{}])
    monkeypatch.setattr(work, "MOST_WORK", 0)
    monkeypatch.setattr(work, "WORK_PER_RECORD", 0)
    asked = {path for question in evaluate(history).questions for path in question.paths}
    assert {"messages[0].sent_at", "messages[0].inmail", "premium[0].start"} <= asked


@pytest.mark.parametrize(
    ("path", "unknown"),
    [("premium[0].end", {}), ("premium[0].plan", {"plan": None}), ("messages[0].inmail", {})],
)
def test_a_span_of_which_not_both_ends_can_be_known_may_surely_begin_before_the_update(
    path: str, unknown: dict[str, None]
) -> None:
    """It did if it had ended before it; and if it began, or ended, just before it."""
    last, first = "2024-09-18T06:59:59.999999Z", "2024-09-18T07:00:00Z"
    before = "2024-09-18T06:59:59.999998Z"
    start, end = (f"{last}/{first}",) * 2 if path == "premium[0].end" else (f"{before}/{last}",) * 2
    at = {"sent_at": "2024-09-18T06:59:59.999995Z", "shared_at": "2024-09-18T06:59:59.999997Z"}
    inmail = None if path == "messages[0].inmail" else True
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_business", "start": start, "end": end, **unknown}],
            "messages": [{"inmail": inmail, "shared": True, **at}],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    definition = class_definition(Reading.of(premium_when="ever"))
    facts = facts_under(definition, history, None)
    found = relevant_facts(facts, definition, lambda each: each == path)
    assert [fact.path for fact in found] == [path]


def test_a_moment_that_nothing_is_asked_of_may_have_to_lie_in_the_middle() -> None:
    """Sent at 7, it was shared at 7 or 8: out if the permission began at 7, open if at 8."""

    def at(*micro: int) -> str:
        return "/".join(f"2024-09-19T06:59:59.99999{each}Z" for each in micro)

    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career", "start": "2024-09-01", "end": ".."}],
            "messages": [
                {"inmail": True, "shared": True, "sent_at": at(6, 8), "shared_at": at(5, 8)}
            ],
            "permissions": [{"start": at(7, 8), "end": ".."}],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    definition = class_definition(Reading.of(update_day="through"))
    facts = facts_under(definition, history, None)
    known = {"messages[0].sent_at", "permissions[0].start"}
    found = relevant_facts(facts, definition, lambda path: path in known)
    assert "permissions[0].start" in {fact.path for fact in found}


def subscribed(start: str, end: str, plan: str | None = "premium_career") -> dict[str, str | None]:
    return {"plan": plan, "start": start, "end": end}


@pytest.mark.parametrize(
    ("premium", "asked"),
    [
        (
            [
                subscribed("2023-01-01", "2024-03-31T20:00:00Z"),
                subscribed("2024-03-31T18:00:00Z", "2024-07-15", None),
                subscribed("2024-07-01", "2024-12-01"),
            ],
            ["premium[1].plan"],
        ),
        (
            [subscribed("2023-01-01", "2024-03"), subscribed("2024-03", "2024-12-01")],
            ["premium[0].end", "premium[1].start"],
        ),
        (
            [subscribed("2023-01-01", "2024-03-10T10:00:00Z"), subscribed("2024-03", "2024-12-01")],
            ["premium[1].start"],
        ),
    ],
)
def test_what_one_of_several_spans_adds_in_the_middle_is_asked_for(
    premium: list[dict[str, str | None]], asked: list[str]
) -> None:
    """The message was shared at some time that they only cover together."""
    message = {
        "inmail": True,
        "direction": "sent",
        "sent_at": "2024-01-01T10:00:00Z",
        "shared": True,
        "shared_at": "../2024-09-10",
    }
    complete = ["premium", "messages", "permissions"]
    verdict = evaluate(
        AccountHistory.model_validate(
            {"account_id": "F", "premium": premium, "messages": [message], "complete": complete}
        )
    )
    assert [path for question in verdict.questions for path in question.paths] == asked


def test_when_a_message_was_sent_matters_where_some_span_may_begin_just_then() -> None:
    """Covered from its second instant on, it may be without the span that has the first as well."""

    def at(first: int, last: int) -> str:
        return moment(CUTOFF["through"] - 9 + first, CUTOFF["through"] - 9 + last)

    ends = [((0, 1), (0, 2)), ((1, 2), (4, 5)), ((5, 6), (8, 9))]
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [subscribed(at(*start), at(*end)) for start, end in ends],
            "messages": [
                {"inmail": True, "sent_at": at(1, 2), "shared": True, "shared_at": at(1, 8)}
            ],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    definition = class_definition(Reading.of(update_day="through"))
    found = relevant_facts(
        facts_under(definition, history, None), definition, lambda p: parse(p).pattern in THEIRS
    )
    assert "messages[0].sent_at" in {fact.path for fact in found}


def test_a_span_that_surely_covers_one_instant_may_be_what_a_chain_lacks() -> None:
    """Of the first span nobody can know when it began: if it ended at once, it began at once."""

    def at(first: int, last: int) -> str:
        return moment(CUTOFF["before"] - 9 + first, CUTOFF["before"] - 9 + last)

    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [
                subscribed(at(0, 1), at(0, 1)),
                subscribed(at(0, 1), at(4, 6)),
                subscribed(at(3, 3), at(9, 9), None),
            ],
            "messages": [
                {"inmail": True, "sent_at": at(0, 0), "shared": True, "shared_at": at(0, 8)}
            ],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    found = relevant_facts(
        facts_under(class_definition(), history, None),
        class_definition(),
        {f"premium[{index}].{key}" for index in range(3) for key in ("end", "plan")}.__contains__,
    )
    assert "premium[2].plan" in {fact.path for fact in found}
