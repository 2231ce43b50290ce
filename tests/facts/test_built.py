"""What is built of parts is what is made of the same said in words."""

from random import Random
from typing import Any, Literal

import pytest
from twin_cases import groups

from eligibility import (
    AccountHistory,
    EligibilityError,
    Facts,
    History,
    InvalidRefinement,
    Record,
    YesNo,
    evaluate,
)
from eligibility.facts.built import built
from eligibility.facts.normalise import normalise
from eligibility.facts.refinement import changes_text, refined
from eligibility.values.moment import Moment
from eligibility.values.timeline import LATEST
from eligibility.verdict import record


def all_of(history: History) -> Any:
    """Everything that two histories could differ in."""
    fields = [
        each.model_fields_set
        for name in type(history).model_fields
        for each in parts(history, name)
    ]
    return history, repr(history), history.model_dump_json(), fields


def parts(history: History, name: str) -> list[Any]:
    value = getattr(history, name)
    several = value if isinstance(value, tuple) else (value,)
    return [each for each in several if hasattr(each, "model_fields_set")]


def in_words(history: History, changes: Any) -> Any:
    try:
        return all_of(refined(history, changes_text(changes, history)))
    except EligibilityError as error:
        return type(error)


def test_a_witness_is_the_history_that_its_changes_say(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def both(history: History, facts: Any, changes: Any) -> History:
        nonlocal compared
        compared += 1
        expected = in_words(history, changes)
        if isinstance(expected, type):
            with pytest.raises(expected):
                built(history, facts, changes)
        else:
            assert all_of(built(history, facts, changes)) == expected
        return built(history, facts, changes)

    monkeypatch.setattr(record, "built", both)
    drawn = groups(Random("built"))
    while compared < 300:
        group = next(drawn)
        for history in group.histories:
            try:
                _ = evaluate(history, group.definition, supposing=group.supposing).scenarios
            except EligibilityError:
                continue


class Pass(Record):
    level: Literal["gold", "silver", "bronze"] | None = None


class About(Facts):
    adult: YesNo = None


class Member(History):
    passes: tuple[Pass, ...] = ()
    about: About = About()
    resident: YesNo = None


@pytest.mark.parametrize(
    "changes",
    [
        {"passes[0].level": frozenset({"silver", "gold"})},
        {"passes[0].level": frozenset({"bronze", "silver", "gold"})},
        {"passes[0].level": frozenset({"bronze"}), "about.adult": True, "complete.passes": True},
        {"passes[1]": {"level": frozenset({"bronze"})}, "resident": False},
        {
            "passes[1]": {"level": frozenset({"silver"})},
            "passes[2]": {"level": frozenset({"bronze"})},
        },
    ],
)
def test_it_is_so_of_words_of_groups_and_of_what_is_in_none(changes: Any) -> None:
    history = Member(
        account_id="A-1",
        passes=[{"id": "p"}],
        complete=[{"list": "passes", "where": {"level": "gold"}}],
    )
    made = built(history, normalise(history), changes)
    assert all_of(made) == in_words(history, changes)


def test_the_end_of_a_span_that_lasts_is_said_so() -> None:
    history = AccountHistory(account_id="A-1", premium=[{}])
    changes = {"premium[0].end": (LATEST, LATEST)}
    assert built(history, normalise(history), changes).premium[0].end.text == ".."


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({"messages": [{"shared": True}]}, {"messages[0].shared": frozenset({False})}),
        (
            {"messages": [{"sent_at": "2024"}]},
            {"messages[0].sent_at": (Moment.parse("2023").earliest, Moment.parse("2024").latest)},
        ),
        ({"complete": ["messages"]}, {"messages[0]": {}}),
    ],
)
def test_what_is_no_refinement_is_refused(said: Any, changes: Any) -> None:
    history = AccountHistory(account_id="A-1", **said)
    with pytest.raises(InvalidRefinement) as refused:
        built(history, normalise(history), changes)
    assert refused.value.problems[0].code == "not-a-refinement"
