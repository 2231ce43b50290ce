"""Documents that were slow to ask about: how much is tried for each of their messages."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from eligibility import AccountHistory, evaluate
from eligibility.facts.known import KnownRecord
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.turning.keeping_out import KeepingOut

MESSAGED = class_definition(Reading.of(premium_when="messaged"))
MESSAGES = 40


def day(rng: Random) -> str:
    return f"{rng.randrange(2021, 2024)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def by_days(count: int) -> AccountHistory:
    """InMails known by the day, beside Premium and a permission that are known by months."""
    rng = Random("by days")
    return AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2021-03", "end": "2023-10"}],
        messages=[{"inmail": True, "direction": "sent", "sent_at": day(rng)} for _ in range(count)],
        permissions=[{"start": "2021", "end": "2021/2026"}],
    )


def all_different(count: int) -> AccountHistory:
    """Messages of which no two are known alike."""
    rng = Random("different")
    some = [True, None, None]
    return AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2020", "end": "2022"}],
        messages=[
            {"inmail": rng.choice(some), "sent_at": f"../{day(rng)}", "recipient": None}
            for _ in range(count)
        ],
    )


@pytest.mark.parametrize("make", [by_days, all_different])
@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_no_opponent_is_narrowed_in_every_way_that_is_tried(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[int], AccountHistory], supposing: Any
) -> None:
    tried: list[KnownRecord] = []
    narrowed = KeepingOut.narrowed

    def counted(self: KeepingOut, record: KnownRecord, times: Any) -> KnownRecord | None:
        tried.append(record)
        return narrowed(self, record, times)

    monkeypatch.setattr(KeepingOut, "narrowed", counted)
    verdict = evaluate(make(MESSAGES), MESSAGED, supposing=supposing)
    assert verdict.questions
    assert verdict.open
    assert len(tried) <= 3 * MESSAGES  # it was sixty for each where a day is known
