"""Promise 6 where what a record may be takes several boxes, and where a span lies within a moment.

Whatever broke before an instant was mended by then, but for lamps: so it is supposed.
"""

from typing import Any
from unittest.mock import patch

from small_case import Club, club
from workshop import Workshop, all_mended, workshop

from eligibility import Covered, Is, Status, Uncovered, evaluate, refine
from eligibility.facts.known import KnownHistory
from eligibility.facts.normalise import normalise
from eligibility.values.timeline import write_instant
from eligibility.verdict import questions
from eligibility.verdict.relevance import relevant_facts

START = 1_600_000_000_000_000
ALL = ["repairs", "warranties", "recalls"]
MENDED = workshop(
    Is("repairs[].part", {"brake", "lamp"}),
    Is("repairs[].mended", True),
    Uncovered("repairs[].fixed", "recalls"),
)


def at(first: int, last: int) -> str:
    """Bounds on a short axis of microseconds."""
    return f"{write_instant(START + first)}/{write_instant(START + last)}"


def supposed(repairs: list[dict[str, Any]], recalls: list[dict[str, Any]]) -> KnownHistory:
    """A workshop's facts, supposing that what broke by 1 was mended by 1."""
    lists = {"repairs": repairs, "recalls": recalls}
    known = Workshop.model_validate({"account_id": "W-1", **lists, "complete": [*lists]})
    return all_mended(START + 2).suppose(normalise(known))


def asked(facts: KnownHistory, *known: str) -> set[str]:
    """What is asked of such facts, of what can be known."""
    return {fact.path for fact in relevant_facts(facts, MENDED, known.__contains__)}


def test_of_two_values_that_are_asked_for_only_one_may_make_it_sure() -> None:
    """A brake was mended at 1, and is in if the recall began later; a lamp may be in, or not."""
    facts = supposed(
        [{"part": ["brake", "lamp"], "broke": at(1, 1)}], [{"start": at(1, 2), "end": at(9, 9)}]
    )
    theirs = "repairs[0].part", "recalls[0].start"
    assert asked(facts, *theirs) == {*theirs}


def test_a_record_is_kept_out_by_a_value_that_is_asked_for() -> None:
    """If the first was a brake, it was mended at 1, when it was recalled: so the second decides."""
    facts = supposed(
        [
            {"part": ["brake", "lamp"], "broke": at(1, 1)},
            {"part": "brake", "broke": at(3, 3), "fixed": at(3, 4)},
        ],
        [{"start": at(1, 1), "end": at(1, 1)}, {"start": at(4, 4), "end": at(4, 4)}],
    )
    theirs = "repairs[0].part", "repairs[1].mended"
    assert asked(facts, *theirs) == {*theirs}


def test_words_of_which_less_is_supposed_are_another_answer() -> None:
    """The class asks for no part, and so all parts were one answer: there was nothing to choose."""
    repairs = [{"broke": at(1, 1), "part": ["brake", "chain", "lamp"]}]
    known = Workshop.model_validate({"account_id": "W-1", "repairs": repairs, "complete": ALL})
    mended, so = workshop(Is("repairs[].mended", True)), all_mended(START + 2)
    theirs = {"repairs[0].part"}
    with patch.object(questions, "can_be_asked", lambda _model: theirs.__contains__):
        (part,) = evaluate(known, mended, supposing=so).questions
    assert [each.status for each in part.answers] == [Status.ELIGIBLE, Status.INDETERMINATE]
    for answer in part.answers:
        assert evaluate(refine(known, answer), mended, supposing=so).status is answer.status


def test_a_record_that_nobody_knows_of_is_never_surely_in() -> None:
    """There may be a visit that nobody listed; whether all times are covered cannot matter."""
    known = Club.model_validate(
        {
            "account_id": "C-1",
            "members": [{"start": at(0, 0), "end": at(1, 1)}],
            "complete": ["bans"],
        }
    )
    covered = Covered("visits[].came", "members")
    theirs = {"complete.members", *(f"members[].{key}" for key in ("level", "start", "end"))}
    assert not list(relevant_facts(normalise(known), club(covered), theirs.__contains__))


def test_a_ban_within_the_time_of_a_visit_may_make_it_unsure() -> None:
    """The visit was at some time from 0 to 5; if the ban at 2 counts, it is not surely in."""
    known = Club.model_validate(
        {
            "account_id": "C-1",
            "visits": [{"came": at(0, 5)}],
            "bans": [{"start": at(2, 2), "end": at(2, 2)}],
            "complete": ["visits", "members", "bans"],
        }
    )
    uncovered = Uncovered("visits[].came", "bans", (Is("bans[].level", "gold"),))
    found = relevant_facts(normalise(known), club(uncovered), {"bans[0].level"}.__contains__)
    assert [fact.path for fact in found] == ["bans[0].level"]


def test_an_answer_does_not_count_on_a_record_that_nobody_listed() -> None:
    """A visit at 3 would be in for sure, but there need not be one: it was said to be eligible."""
    known = Club.model_validate(
        {
            "account_id": "C-1",
            "visits": [{"came": at(2, 2)}, {"came": at(0, 2)}],
            "members": [{"start": at(1, 2), "end": at(9, 9)}],
            "bans": [{"start": at(1, 2), "end": at(1, 2)}],
            "complete": [
                "members",
                "bans",
                {"list": "visits", "where": {"came": f"../{write_instant(START + 2)}"}},
                {"list": "visits", "where": {"came": f"{write_instant(START + 10)}/.."}},
            ],
        }
    )
    definition = club(Covered("visits[].came", "members"), Uncovered("visits[].came", "bans"))
    asked = {q.paths[0]: q.answers for q in evaluate(known, definition).questions}
    assert asked["visits[1].came"]
    for answer in [answer for answers in asked.values() for answer in answers]:
        assert evaluate(refine(known, answer), definition).status is answer.status
