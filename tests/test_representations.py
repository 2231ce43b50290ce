"""How things show themselves: short, as the call that makes them, without what is not known."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.vendor.pretty import pretty

import eligibility
from eligibility import (
    AccountHistory,
    Exclusions,
    Message,
    Moment,
    Subscription,
    Truth,
    Verdict,
    evaluate,
)
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.testing.strategies import histories, moments, verdicts

NAMES = {name: getattr(eligibility, name) for name in eligibility.__all__}
ADA = AccountHistory(
    account_id="FICTIONAL-1",
    premium=[{"start": "2023", "end": ".."}],
    messages=[{"sent_at": "2024-09", "inmail": False}, {}],
    complete=["premium"],
    exclusions={"counsel": True},
)
SHOWN = [
    (
        ADA,
        (
            "AccountHistory(account_id='FICTIONAL-1', complete=('premium',), "
            "premium=(Subscription(start='2023', end='..'),), "
            "messages=(Message(inmail=False, sent_at='2024-09'), Message()), "
            "exclusions=Exclusions(counsel=True))"
        ),
    ),
    (AccountHistory(account_id="F"), "AccountHistory(account_id='F')"),
    (
        AccountHistory(account_id="F", time_zone="UTC"),
        "AccountHistory(account_id='F', time_zone='UTC')",
    ),
    (Message(), "Message()"),
    (Message(shared=True, sent_at="2024"), "Message(sent_at='2024', shared=True)"),
    (Subscription(id="p1", end=".."), "Subscription(id='p1', end='..')"),
    (Exclusions(), "Exclusions()"),
    (
        AccountHistory(account_id="F", complete=[{"list": "permissions", "where": {"end": ".."}}]),
        (
            "AccountHistory(account_id='F', "
            "complete=(CompletenessStatement('permissions', {'end': '..'}),))"
        ),
    ),
    (Moment.parse("2024-09"), "Moment.parse('2024-09')"),
    (Moment.parse("2024-09", "Europe/Paris"), "Moment.parse('2024-09', 'Europe/Paris')"),
    (Truth.UNKNOWN, "Truth.UNKNOWN"),
]
#: An instant as the engine counts it.
MICROSECONDS = re.compile(r"\d[\d_]{14,}")


@pytest.mark.parametrize(("thing", "shown"), SHOWN, ids=[shown for _, shown in SHOWN])
def test_it_is_shown_as_it_is_made_and_nowhere_otherwise(thing: Any, shown: str) -> None:
    assert repr(thing) == pretty(thing) == shown
    assert eval(shown, dict(NAMES)) == thing  # noqa: S307 - our own words


@settings(max_examples=30, deadline=None)
@given(histories(AccountHistory))
def test_what_a_history_shows_makes_it_again(history: AccountHistory) -> None:
    assert eval(repr(history), dict(NAMES)) == history  # noqa: S307 - our own words
    assert "None" not in repr(history)


@given(moments())
def test_what_a_moment_shows_makes_it_again(moment: Moment) -> None:
    assert eval(repr(moment), dict(NAMES)).text == moment.text  # noqa: S307 - our own words


def test_a_long_list_shows_how_many_more_there_are() -> None:
    history = AccountHistory(account_id="F", messages=[{}] * 20_000)
    assert repr(history).endswith("Message(), ... and 19,980 more))")
    assert len(repr(history)) < 500


@settings(max_examples=15, deadline=None)
@given(verdicts())
def test_a_verdict_is_shown_on_a_line_or_two(verdict: Verdict) -> None:
    document = Verdict.from_json(verdict.to_json())
    for shown in (repr(verdict), pretty(verdict), repr(document), pretty(document)):
        assert verdict.status in shown
        assert len(shown) < 600
        assert "\n" not in shown
        assert not MICROSECONDS.search(shown)
    for clause in verdict.clauses:
        assert f"{clause.id} {clause.truth.word}" in repr(verdict)


def test_a_verdict_shows_what_was_supposed() -> None:
    assert "supposing as-alleged" in repr(evaluate(ADA, supposing=AS_ALLEGED))


def test_what_hypothesis_prints_of_a_failure_is_short() -> None:
    @settings(max_examples=20, deadline=None, database=None)
    @given(histories(AccountHistory), verdicts(), moments(), st.just(class_definition()))
    def fails(history: Any, verdict: Any, moment: Any, definition: Any) -> None:
        assert (history, verdict, moment, definition) is None

    with pytest.raises((AssertionError, Flaky)) as caught:
        fails()
    told = "\n".join(caught.value.__notes__)
    assert "AccountHistory(account_id=" in told
    assert "Moment.parse(" in told
    assert "<ClassDefinition de-la-torre-v-linkedin, version 1" in told
    assert "=None" not in told
    assert not MICROSECONDS.search(told)
    assert len(told) < 2_000
