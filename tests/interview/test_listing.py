"""The groups of a long list: what changes of it is put in its place, and the rest is left alone."""

from random import Random

import pytest
from attrs import evolve

from eligibility import AccountHistory
from eligibility.facts.known import KnownRecord
from eligibility.facts.normalise import normalise
from eligibility.interview.listing import Listing
from eligibility.rules import class_definition

SAID = {
    "inmail": [True, False, None],
    "direction": ["sent", "received", None],
    "sent_at": ["2023", "2022", "2024-08", "2022-05-04T10:00:00Z", "2022-05-04T10:00:00Z", None],
    "shared_at": ["2024", None, None, None],
}
CLOSED = [frozenset({"inmail"}), frozenset({"sent_at"}), frozenset({"inmail", "sent_at"})]
EDGES = [1_650_000_000_000_000, 1_704_067_200_000_000, 1_726_617_600_000_000]


def records_of(rng: Random, count: int) -> tuple[KnownRecord, ...]:
    messages = [
        {key: word for key, words in SAID.items() if (word := rng.choice(words))}
        for _ in range(count)
    ]
    history = AccountHistory.model_validate({"account_id": "A-1001", "messages": messages})
    return normalise(history).lists["messages"]


def groups(listing: Listing) -> set[frozenset[int]]:
    """Which records each slice holds; each holds those of the list as it is now."""
    found = listing.slices(EDGES)
    assert all(each is listing.records[each.index] for some in found for each in some)
    assert sorted(each.index for some in found for each in some) == [*range(len(listing.records))]
    return {frozenset(each.index for each in some) for some in found}


@pytest.mark.parametrize("seed", range(60))
def test_a_list_that_changed_is_grouped_as_if_it_were_new(seed: int) -> None:
    rng = Random(f"changed {seed}")
    facts = normalise(AccountHistory(account_id="A-1001"))
    records, listed = records_of(rng, 12), rng.choice([8, 12])
    listing = nothing = Listing.nothing(facts, class_definition(), listed)
    closed: dict[int, frozenset[str]] = {}
    for _ in range(5):
        more = {at: rng.choice(CLOSED) for at in rng.sample(range(12), rng.choice([0, 0, 1, 4]))}
        closed = {at: closed.get(at, frozenset()) | more.get(at, frozenset()) for at in range(12)}
        listing = listing.now(records, more)
        assert groups(listing) == groups(nothing.now(records, closed))
        said = records_of(rng, 12)
        changed = rng.sample(range(12), rng.choice([0, 1, 3]))
        records = tuple(
            evolve(said[at], index=at) if at in changed else record
            for at, record in enumerate(records)
        )
