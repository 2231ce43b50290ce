"""Records normalised many at once are what each is by itself."""

from random import Random

from eligibility import AccountHistory
from eligibility.facts.known import KnownRecord
from eligibility.facts.many import normalised_each
from eligibility.facts.normalise import normalise, normalise_record
from eligibility.rules import AS_ALLEGED, Reading, class_definition

TIMES = [
    *("2023-05-04", "2023-05-05", "2023-05-04T10:00:00Z", "2023-05-06T10:00:00Z", "../2024-09-17"),
    *("2024-09-17", "2024-09-18", "2024-09-18T07:00:00Z", "2024-09-18T06:59:59.999999Z", "2024"),
    *("2024-10-01", "2024-10-02", "2024-09-18/..", None),
]


def drawn(rng: Random) -> AccountHistory:
    """Messages of which little is known, some at the very instant at which the update began."""
    messages = [
        {
            "inmail": rng.choice([None, None, True, False]),
            "direction": rng.choice(["sent", "received", None]),
            "shared": rng.choice([None, None, None, True]),
            rng.choice(["sent_at", "sent_at", "shared_at"]): rng.choice(TIMES),
            **rng.choice([{}, {}, {"sent_at": "2022", "shared_at": "2024-09-18"}]),
        }
        for _ in range(60)
    ]
    return AccountHistory(account_id="A-1", messages=messages)


def test_each_is_as_it_would_be_by_itself() -> None:
    for seed in range(60):
        rng = Random(seed)
        definition = class_definition(rng.choice([Reading(), Reading.of(update_day="through")]))
        facts = AS_ALLEGED.under(definition.reading).suppose(normalise(drawn(rng)))
        list_shape = facts.shape.lists["messages"]
        for record in facts.lists["messages"]:
            assert record == normalise_record(list_shape, record.index, record.said)


def test_what_contradicts_itself_is_told_of_each() -> None:
    """Of two that say the same but for a moment, both clash, or neither does."""
    for seed in range(20):
        rng = Random(seed)
        facts = normalise(drawn(rng))
        if seed % 2:
            facts = AS_ALLEGED.under(Reading().words()).suppose(facts)
        list_shape = facts.shape.lists["messages"]
        said = [
            (at, {**record.said, "shared": frozenset({rng.choice([True, False])})})
            for at, record in enumerate(facts.lists["messages"])
        ]
        found = list(normalised_each(list_shape, said))
        assert found == [normalise_record(list_shape, *each) for each in said]
        assert {type(each) for each in found} == {tuple, KnownRecord}
