"""Long archives: what is asked of whoever does not know, and how much is looked at for it."""

import pytest

from eligibility import AccountHistory, Status
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import write_instant
from eligibility.verdict.turning import Turning

START = 1_577_836_800_000_000  # 1 January 2020
HOUR = 3_600_000_000


def archive(messages: int, **more: object) -> AccountHistory:
    """As an export shows it: exact times, receipts, and nobody says which were InMails."""
    sent = [
        {"sent_at": write_instant(START + at * HOUR), "direction": ("sent", "received")[at % 2]}
        for at in range(messages)
    ]
    days = (f"2020-{month:02}-02" for month in range(1, 13))
    paid = [{"plan": "premium_career", "start": f"../{day}", "end": f"{day}/.."} for day in days]
    return AccountHistory.model_validate(
        {"account_id": "A-1001", "messages": sent, "premium": paid, **more}
    )


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_who_cannot_tell_inmails_is_asked_once_however_many_are_listed(supposing) -> None:
    interview = Interview.start(archive(1000), class_definition(), supposing=supposing)
    kinds = []
    while interview.question is not None:
        kinds.append(interview.question.id.partition(".pick")[1])
        interview = interview.dont_know()
    assert kinds.count(".pick") == 1
    assert interview.verdict.status is Status.INDETERMINATE


def test_who_can_tell_inmails_of_some_goes_on_with_the_rest() -> None:
    interview = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED)
    while interview.question is not None and interview.question.kind != "pick":
        interview = interview.dont_know()
    first = interview.question
    assert first is not None
    after = interview.answer().question
    assert after is not None
    assert after.kind == "pick"
    assert not first.closes & {answer.text for answer in after.answers}
    assert after.id != first.id


def test_what_nothing_can_turn_is_seen_before_pairs_are_made(monkeypatch) -> None:
    """A permission of which nobody knows the end leaves each marked message possible for ever."""
    history = archive(
        400, permissions=[{"start": "2020/2024", "end": "2021/2026"}], complete=["messages"]
    )
    reading = Reading.of(messages="sent", date_limits="message", recipient="third-parties")
    tried, turns = [], Turning.turns
    monkeypatch.setattr(Turning, "turns", lambda *args: tried.append(args) or turns(*args))
    interview = Interview.start(history, class_definition(reading), supposing=AS_ALLEGED)
    while interview.question is not None:
        interview = interview.dont_know()
    assert len(tried) < 200
