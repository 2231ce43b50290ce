"""What a record must meet at the least holds of all that a search finds worth asking for."""

from itertools import product

import pytest

from eligibility import AccountHistory
from eligibility.facts.boxes import boxes_of, narrowed
from eligibility.facts.normalise import normalise
from eligibility.rules import (
    AS_ALLEGED,
    UPDATE_DAY_BEGINS,
    Reading,
    class_definition,
    every_reading,
)
from eligibility.values.timeline import EARLIEST
from eligibility.verdict.least_asked import least_asked
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import Relevance

PREMIUM = [{"plan": "premium_career", "start": "2021", "end": "2023"}]
KNOWN = [
    AccountHistory(account_id="A-1001", premium=premium, messages=messages, permissions=allowed)
    for premium, messages, allowed in product(
        ([], PREMIUM), ([], [{"inmail": True, "sent_at": "2022"}]), ([], [{"start": "2022"}])
    )
]


@pytest.mark.parametrize("reading", list(every_reading())[::7], ids=lambda r: r.premium_when.value)
def test_what_is_asked_of_one_more_record_is_no_weaker_than_it_must_be(reading: object) -> None:
    definition = class_definition(reading)  # type: ignore[arg-type]  # as `every_reading` makes them
    for history, supposing in product(KNOWN, (None, AS_ALLEGED)):
        facts = facts_under(definition, history, supposing)
        relevance = Relevance(facts, definition)
        for name in ("premium", "messages", "permissions"):
            list_shape = normalise(history).shape.lists[name]
            found = relevance.where(name) if relevance.of_list(name) else None
            least = list(least_asked(facts, definition, name))
            assert found is None or all(
                any(list(narrowed(box, list_shape, each)) == [box] for each in least)
                for box in boxes_of(list_shape, found)
            )


def test_where_no_work_is_left_it_is_still_an_inmail_that_is_asked_for() -> None:
    definition = class_definition(Reading.of(messages="sent"))
    facts = facts_under(definition, AccountHistory(account_id="A-1001"), AS_ALLEGED)
    relevance = Relevance(facts, definition)
    relevance.work.is_spent = True
    assert relevance.where("messages")["inmail"] == frozenset({True})
    assert relevance.where("messages")["sent_at"] == (EARLIEST, UPDATE_DAY_BEGINS - 1)
    assert relevance.where("premium")["start"] == (EARLIEST, UPDATE_DAY_BEGINS - 1)
