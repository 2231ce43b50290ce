"""Promise 6 on the case itself, for several sets of facts that somebody can know, by brute force.

`benchmarks/long_relevance.py` is a long search of the same kind.
"""

from random import Random

import pytest
from drawn_questions import (
    THEIRS,
    Drawn,
    Knowable,
    Make,
    chained,
    of_each_kind,
    path_by_path,
    several,
    tiny,
    wrongly_asked,
)
from oracle_worlds import CUTOFF, moment

from eligibility import AccountHistory, evaluate
from eligibility.evaluation import work
from eligibility.facts.paths import parse
from eligibility.rules import Reading, class_definition
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import relevant_facts


@pytest.mark.parametrize(
    ("make", "knowable", "count"),
    [
        (tiny, of_each_kind, 50),
        (chained, of_each_kind, 80),
        (chained, path_by_path, 40),
        (several, path_by_path, 40),
    ],
)
def test_of_the_case_a_fact_is_asked_for_if_and_only_if_it_matters(
    make: Make, knowable: Knowable, count: int
) -> None:
    rng, done = Random(f"{make.__name__}, {knowable.__name__}"), 0
    while done < count:
        drawn = Drawn.of(rng, make, knowable)
        if drawn is not None:
            done += 1
            assert not wrongly_asked(drawn), str(drawn)


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


def test_one_more_permission_may_keep_out_whom_nothing_that_is_listed_keeps_out() -> None:
    """It may hide June, and Premium that began after March leaves out March: then nobody is in."""
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career", "start": "2023-01/2024-05", "end": ".."}],
            "messages": [
                {"inmail": True, "sent_at": "2023-05-04", "shared_at": day}
                for day in ("2024-03-05", "2024-06-05")
            ],
            "complete": [
                *("premium", "messages"),
                {"list": "permissions", "where": {"start": "../2023-12-31"}},
            ],
        }
    )
    asked = [question.paths for question in evaluate(history).questions]
    assert asked == [("premium[0].start",), ("complete.permissions",)]


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


@pytest.mark.parametrize("at", [0, 1])
def test_a_message_that_was_never_shared_is_not_taken_for_one_that_may_have_been(at: int) -> None:
    """Of both all lies within the same spans, but the one was sent after it can be shared."""
    messages = [{"sent_at": "2023-05-09", "shared_at": "2023-05-05/2023-05-06"}] * 2
    messages[at] = {**messages[at], "sent_at": "2023-05-01"}
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [subscribed("2020", "..")],
            "messages": messages,
            "complete": ["premium", "messages", "permissions"],
        }
    )
    verdict = evaluate(history)
    assert [each.paths for each in verdict.questions] == [(f"messages[{at}].inmail",)]
    assert [each.paths for each in verdict.open] == [(f"messages[{at}].shared",)]
