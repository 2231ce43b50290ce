"""Counterexamples that generators and the independent check found; each was a bug once."""

import pytest
from small_case import Club, at, club

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Covered,
    Ever,
    Is,
    Status,
    TimeSet,
    Truth,
    Uncovered,
    Within,
    any_of,
    evaluate,
    refine,
    verify,
)
from eligibility.values.timeline import EARLIEST, LATEST, write_instant

START = at("2020")


def between(first: int, last: int) -> str:
    """Some microsecond of the year 2020, counted from its first."""
    return f"{write_instant(START + first)}/{write_instant(START + last)}"


def test_that_there_are_more_records_may_decide() -> None:
    """More bans are more bans, if nobody knows when: a visit can still lie outside of them."""
    definition = club(Uncovered("visits[].came", "bans"))
    verdict = evaluate(Club(account_id="C-1", complete=["bans"]), definition)
    (question,) = (q for q in verdict.questions if q.paths == ("complete.visits",))
    for answer in question.answers:
        known = evaluate(refine(verdict.history, answer.refinement), definition)
        assert known.status is Status.of(answer.truth)


def test_a_way_that_nothing_can_meet_is_no_way() -> None:
    paid = Is("visits[].paid", True)
    definition = club(paid, any_of(Is("visits[].paid", False), Is("visits[].kind", "short")))
    history = Club(account_id="C-1", visits=[{"kind": "long"}], complete=["visits"])
    verdict = evaluate(history, definition)
    assert verdict.status is Status.INELIGIBLE
    assert verify(history, verdict, definition).wrong == ()
    assert not definition.exact  # as it is written, there are two disjuncts


def test_a_span_is_cut_where_it_decides_nothing() -> None:
    """Of two readers of one list the one would have it cut where the other is helped."""
    definition = club(
        Covered("visits[].came", "members"),
        Ever("members", TimeSet.of((EARLIEST, START + 1), (START + 3, LATEST))),
    )
    history = Club(
        account_id="C-1",
        time_zone="UTC",
        visits=[{"came": between(2, 3)}],
        members=[
            {"start": between(0, 3), "end": between(3, 3)},
            {"start": between(0, 2), "end": between(1, 2)},
        ],
        complete=["visits", "members"],
    )
    verdict = evaluate(history, definition)
    assert verdict.scenarios is not None
    out = verdict.scenarios.ineligible_if
    assert out is not None
    assert evaluate(out, definition).status is Status.INELIGIBLE
    assert verify(history, verdict, definition).holds


def test_a_span_is_cut_outside_of_the_time_set_that_decides() -> None:
    """The first condition that reads the list is met anyway, so it is the second that must fail."""
    definition = club(
        Is("visits[].paid", True),
        Ever("members", TimeSet.of((EARLIEST, START), (START + 2, LATEST))),
        Ever("members", TimeSet.of((START, START + 1))),
    )
    history = Club(
        account_id="C-1",
        time_zone="UTC",
        visits=[{"paid": True, "came": between(2, 2)}],
        members=[
            {"start": between(3, 3), "end": between(0, 3)},
            {"start": between(0, 3), "end": between(0, 3)},
        ],
        complete=["visits", "members", "bans"],
    )
    verdict = evaluate(history, definition)
    assert verdict.exact
    assert verdict.scenarios is not None
    out = verdict.scenarios.ineligible_if
    assert out is not None
    assert evaluate(out, definition).status is Status.INELIGIBLE
    assert verify(history, verdict, definition).holds


SHARED_AT = "messages[].shared_at"


def test_an_instant_that_two_conditions_lack_is_one_instant() -> None:
    """A span that is cut to it supplies both; so one of the two messages is met in every world."""
    conditions = (Covered("messages[].sent_at", "premium"), Covered(SHARED_AT, "premium"))
    clauses = tuple(
        Clause(f"c{n}", "words", Citation("A fiction"), condition)
        for n, condition in enumerate(conditions)
    )
    definition = ClassDefinition("d", "1", "d", AccountHistory, clauses)
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"start": between(0, 3), "end": between(2, 4)}],
        messages=[
            {"sent_at": between(x, x), "shared": True, "shared_at": between(x, x)} for x in (2, 3)
        ],
        complete=["premium"],
    )
    verdict = evaluate(history, definition)
    assert verdict.status is Status.ELIGIBLE
    assert verify(history, verdict, definition).holds


@pytest.mark.parametrize(
    "conditions",
    [
        (Covered(SHARED_AT, "premium"), Ever("premium", TimeSet.ALL)),
        (any_of(Uncovered(SHARED_AT, "permissions"), Covered(SHARED_AT, "premium")),),
    ],
)
def test_a_fact_that_no_clause_names_is_open_if_moments_hang_on_it(
    conditions: tuple[Condition, ...],
) -> None:
    """What was not shared was shared at no time, so it matters whether it was."""
    clauses = tuple(
        Clause(f"c{n}", "words", Citation("A fiction"), condition)
        for n, condition in enumerate(conditions)
    )
    definition = ClassDefinition("d", "1", "d", AccountHistory, clauses)
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"start": "2020", "end": ".."}],
        messages=[{"shared_at": "2024-01-01"}],
        complete=["premium", "messages", "permissions"],
    )
    verdict = evaluate(history, definition)
    assert verdict.status is Status.INDETERMINATE
    assert ("messages[0].shared",) in [fact.paths for fact in verdict.open]


def test_a_span_that_cannot_be_cut_so_that_it_helps_nobody_is_no_endless_search() -> None:
    """Outside of the exact fragment: one list both for and against."""
    definition = club(
        Covered("visits[].came", "members"),
        Uncovered("visits[].came", "members", (Is("members[].level", "guest"),)),
    )
    history = Club(
        account_id="C-1",
        visits=[{"came": "2020-06-01T00:00:00Z"}],
        members=[
            {"level": "gold", "start": "2019-01-01", "end": "2021"},
            {"level": "gold", "start": "../2024", "end": "2019/.."},
        ],
        complete=["visits"],
    )
    verdict = evaluate(history, definition)
    assert verdict.status is Status.INDETERMINATE
    assert verify(history, verdict, definition).wrong == ()


def test_where_no_world_is_a_scenario_there_is_none_of_it() -> None:
    """Outside of the exact fragment: one list through two filters, which one span must pass."""
    gold, guest = (Is("members[].level", level) for level in ("gold", "guest"))
    definition = club(
        Covered("visits[].came", "members", (gold,)), Covered("visits[].came", "members", (guest,))
    )
    history = Club(account_id="C-1", members=[{}], complete=["members"])
    verdict = evaluate(history, definition)
    assert not verdict.exact
    assert verdict.scenarios is not None
    assert verdict.scenarios.eligible_if is None
    assert verify(history, verdict, definition).wrong == ()


def test_a_record_that_must_fail_in_two_ways_fails_in_both_at_once() -> None:
    """Outside of the exact fragment: moments that fail the two disjuncts must fit each other."""
    either = any_of(
        Within(SHARED_AT, TimeSet.of((START, START))), Uncovered("messages[].sent_at", "premium")
    )
    clause = Clause("c", "words", Citation("A fiction"), either)
    definition = ClassDefinition("d", "1", "d", AccountHistory, (clause,))
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"start": "2020-01-01"}],
        messages=[{"shared": True}],
        complete=["premium"],
    )
    verdict = evaluate(history, definition)
    assert verdict.status is Status.INDETERMINATE
    assert verify(history, verdict, definition).wrong == ()


def test_a_moment_may_lie_where_only_a_message_that_was_not_shared_was_sent() -> None:
    """Nobody knows whether it was shared: if not, then it may have been sent after that too."""
    covered = Covered("messages[].sent_at", "premium")
    clause = Clause("c", "words", Citation("A fiction"), covered)
    definition = ClassDefinition("d", "1", "d", AccountHistory, (clause,))
    history = AccountHistory(
        account_id="A-1001",
        time_zone="UTC",
        premium=[{"start": "2019", "end": "2020-01-01T00:00:00Z"}],
        messages=[{"sent_at": between(0, 1), "shared_at": "2020-01-01T00:00:00Z"}],
        complete=["premium", "messages", "permissions"],
    )
    verdict = evaluate(history, definition)
    (question,) = verdict.questions
    assert [answer.truth for answer in question.answers] == [Truth.TRUE, Truth.FALSE]
    assert verify(history, verdict, definition).holds
