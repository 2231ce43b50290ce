"""Statements of completeness with a condition: read, refused, refined, forgotten and combined."""

import json
from typing import Any

import pytest

from eligibility import (
    AccountHistory,
    CompletenessStatement,
    InvalidHistory,
    InvalidRefinement,
    Status,
    evaluate,
    forget,
    read_history,
    refine,
    refines,
)
from eligibility.facts.known import unlisted_of
from eligibility.facts.normalise import normalise
from eligibility.facts.refinement import record_at
from eligibility.facts.shape import shape
from eligibility.immutable import FrozenDict
from eligibility.rules import AS_ALLEGED

NEVER = {"list": "messages", "where": {"inmail": True, "sent_at": "../2024-09-17"}}


def history(*stated: object, **known: object) -> AccountHistory:
    data: dict[str, Any] = {"account_id": "A-1", "complete": list(stated), **known}
    return AccountHistory.model_validate(data)


def problems(*stated: object) -> set[tuple[str, str]]:
    with pytest.raises(InvalidHistory) as caught:
        history(*stated)
    assert all(problem.message.endswith(".") for problem in caught.value.problems)
    return {(problem.code, problem.path) for problem in caught.value.problems}


def test_names_stand_first_and_each_statement_stands_once() -> None:
    found = history("permissions", NEVER, "premium", NEVER, {"list": "messages", "where": {}})
    assert found.complete[:3] == ("premium", "messages", "permissions")
    (stated,) = found.complete[3:]
    assert isinstance(stated, CompletenessStatement)
    assert stated.plain() == NEVER
    assert AccountHistory.model_validate_json(found.model_dump_json()) == found


def test_what_every_record_meets_is_no_condition() -> None:
    always = "1900-01-01T00:00:00Z/2200-12-31T23:59:59.999999Z"
    every = {"direction": ["sent", "received"], "sent_at": always}
    stated = {"list": "messages", "where": {**every, "inmail": True}}
    (found,) = history(stated).complete
    assert isinstance(found, CompletenessStatement)
    assert dict(found.where) == {"inmail": True}
    assert history({"list": "messages", "where": every}).complete == ("messages",)
    exists = {"list": "messages", "where": {"shared_at": always}}
    assert history(exists).complete != ("messages",)  # only messages that were shared meet it


def test_a_statement_made_in_python_says_the_same() -> None:
    made = CompletenessStatement("messages", NEVER["where"])
    assert history(made) == history(NEVER)
    assert CompletenessStatement("messages").plain() == "messages"


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (["x"], {("unknown-list", "complete[0]")}),
        ([5], {("wrong-type", "complete[0]")}),
        ([{"where": {}}], {("missing", "complete[0].list")}),
        ([{"list": "x"}], {("unknown-list", "complete[0]")}),
        (
            ["premium", {"list": "premium", "were": {}}],
            {("unknown-key", "complete[1].were"), ("missing", "complete[1].where")},
        ),
        ([{"list": "premium"}], {("missing", "complete[0].where")}),  # not: of the whole list
        ([{"list": "premium", "where": 5}], {("wrong-type", "complete[0].where")}),
        (
            [
                {
                    "list": "messages",
                    "where": {"inmail": None, "no": 1, "sent_at": "x", "direction": ["sent", "r"]},
                }
            ],
            {
                ("wrong-type", "complete[0].where.inmail"),
                ("unknown-key", "complete[0].where.no"),
                ("moment-notation", "complete[0].where.sent_at"),
                ("not-in-vocabulary", "complete[0].where.direction[1]"),
            },
        ),
        ([{"list": "premium", "where": {"plan": []}}], {("no-word", "complete[0].where.plan")}),
    ],
)
def test_whatever_is_wrong_is_named_in_its_place(
    stated: list[object], found: set[tuple[str, str]]
) -> None:
    assert problems(*stated) == found


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "the number `5`"),
        ("", "an empty text"),
        ({}, "an object"),
        (False, "`false`"),
        ("premium", "the text `premium`"),
        ({"list": "premium"}, "an object"),
    ],
)
def test_what_is_complete_is_a_list(given: object, told: str) -> None:
    text = json.dumps({"account_id": "A-1", "complete": given})
    for take in (AccountHistory.model_validate_json, read_history):
        with pytest.raises(InvalidHistory) as caught:
            take(text)
        (problem,) = caught.value.problems
        assert (problem.code, problem.path) == ("wrong-type", "complete")
        assert problem.message == f"This must be a list, not {told}."


def test_a_statement_names_its_list() -> None:
    for given, says in (({}, "`list` is required."), ("", "An empty text is no list of this")):
        with pytest.raises(InvalidHistory) as caught:
            read_history(json.dumps({"account_id": "A-1", "complete": [given]}))
        assert caught.value.problems[0].message.startswith(says)


def test_more_statements_than_can_be_combined_are_refused() -> None:
    plans = ["premium_career", "premium_business", "sales_navigator_core", "recruiter_lite"]
    plans += ["sales_navigator_advanced", "recruiter_corporate", "job_seeker", "business_plus"]
    plans += ["learning", "premium_company_page", "hiring_pro", "other"]
    stated = [
        {
            "list": "premium",
            "where": {"plan": plan, "start": f"{2001 + at}", "end": f"{2050 - 7 * at % 12}"},
        }
        for at, plan in enumerate(plans)
    ]
    assert problems(*stated) == {("too-many-statements", "complete")}
    many = [{"list": "messages", "where": {"sent_at": f"{1950 + at}"}} for at in range(31)]
    assert problems(*many) == {("too-many-statements", "complete")}
    assert len(history(*many[:30]).complete) == 30
    assert evaluate(history(*stated[:3])).status is Status.INDETERMINATE


def test_statements_that_nobody_validated_say_nothing_if_they_are_too_many() -> None:
    list_shape = shape(AccountHistory).lists["messages"]
    year = 31_557_600_000_000
    many = tuple(FrozenDict({"sent_at": (at * year, at * year + 1)}) for at in range(31))
    assert unlisted_of(list_shape, many) == unlisted_of(list_shape, ())


# ---- what follows ------------------------------------------------------------------------------


def test_whoever_never_had_an_inmail_before_the_update_is_out() -> None:
    for supposing in (None, AS_ALLEGED):
        verdict = evaluate(history(NEVER), supposing=supposing)
        assert verdict.status is Status.INELIGIBLE
        assert verdict.reasons[0].facts == ("complete.messages[0]",)
    later = {"list": "messages", "where": {"inmail": True, "sent_at": "../2024-09-16"}}
    assert evaluate(history(later)).status is Status.INDETERMINATE


def test_several_statements_hold_together() -> None:
    early = {"list": "messages", "where": {"inmail": True, "sent_at": "../2023"}}
    late = {"list": "messages", "where": {"inmail": True, "sent_at": "2024-01/2024-09-17"}}
    assert evaluate(history(early, late)).status is Status.INELIGIBLE
    assert {evaluate(history(one)).status for one in (early, late)} == {Status.INDETERMINATE}
    yes, no = ({"list": "messages", "where": {"inmail": value}} for value in (True, False))
    assert "messages" not in normalise(history(yes, no)).open


# ---- to know more, and less --------------------------------------------------------------------


def test_a_refinement_states_more_and_forgetting_takes_it_back() -> None:
    plain = history()
    stated = refine(plain, {"complete.messages": NEVER["where"]})
    assert stated == history(NEVER)
    both = refine(plain, {"complete.messages": [NEVER["where"], {"direction": "sent"}]})
    assert len(both.complete) == 2
    assert forget(both, "complete.messages[0]").complete == both.complete[1:]
    assert forget(both, ["complete.messages[0]", "complete.messages[1]"]) == plain
    assert forget(both, "complete.messages") == both
    assert refines(both, stated)
    assert not refines(stated, both)
    assert record_at(both, "complete.messages[1]") is None


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("complete.messages", {"inmail": None}, ("wrong-type", "complete.messages")),
        ("complete.messages", {"no": 1}, ("unknown-key", "complete.messages")),
        ("complete.messages", [5], ("wrong-type", "complete.messages")),
        ("complete.messages", {}, ("wrong-type", "complete.messages")),
        ("complete.messages[0]", True, ("wrong-type", "complete.messages[0]")),
        ("complete.messages[7]", None, ("unknown-path", "complete.messages[7]")),
    ],
)
def test_what_can_not_be_stated_is_refused(
    path: str, value: object, found: tuple[str, str]
) -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(history(NEVER), {path: value})
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [found]


def test_a_record_is_added_only_where_the_statements_leave_room() -> None:
    stated = history(NEVER)
    for fits in ({"inmail": False}, {"sent_at": "2024-09-18"}, {"inmail": True, "sent_at": "2025"}):
        assert len(refine(stated, {"messages[0]": fits}).messages) == 1
    for may_meet in ({}, {"inmail": True}, {"sent_at": "2024-09"}):
        with pytest.raises(InvalidRefinement):
            refine(stated, {"messages[0]": may_meet})


def test_a_stronger_statement_refines_and_so_do_two_that_say_as_much() -> None:
    whole = history("messages")
    inmails = history({"list": "messages", "where": {"inmail": True}})
    early = {"list": "messages", "where": {"inmail": True, "sent_at": "../2023"}}
    late = {"list": "messages", "where": {"inmail": True, "sent_at": "2024/.."}}
    assert refines(whole, inmails)
    assert refines(inmails, history(early))
    assert refines(history(early, late), inmails)
    assert not refines(history(early), inmails)


def test_text_of_json_and_of_python_is_one() -> None:
    text = json.dumps({"account_id": "A-1", "complete": ["premium", NEVER]})
    assert AccountHistory.model_validate_json(text) == history("premium", NEVER)
