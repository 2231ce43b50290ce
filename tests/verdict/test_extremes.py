"""Where nobody knows when a record was shared, the search tries few instants, and misses none."""

import re
from collections.abc import Iterator
from random import Random

import pytest

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning import pivotal

READINGS = list(every_reading())
#: In these it matters that another message can no longer have been shared.
SEEDS = (800, 1139, *range(60))
KNOWERS = [
    lambda path: "shared_at" not in path,
    lambda path: "shared" not in path and "inmail" not in path,
]


def drawn(rng: Random) -> AccountHistory:
    """InMails, some of them shared within some time, beside permissions that are vague."""

    def exactly(day: str) -> tuple[str, str]:
        first, last = sorted(rng.sample(range(1, 9), 2))
        return f"2023-0{first}-{day}", f"2023-0{last}-{day}"

    def some(day: str) -> str:
        first, last = exactly(day)
        return rng.choice([f"{first}/{last}", first, f"{first}/..", f"../{last}"])

    def closely(day: str) -> str:
        first, last = exactly(day)
        return rng.choice([f"{first}/{last}", first])

    def message() -> dict[str, object]:
        kind = {"inmail": rng.choice([True, True, None]), "sent_at": closely("05")}
        shared = {"shared": True, "shared_at": closely(rng.choice(["20", "25"]))}
        more = shared if rng.random() < 0.7 else {}
        return {"direction": "sent", "recipient": "third_party", **kind, **more}

    return AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": some("02"), "end": ".."}],
        messages=[message() for _ in range(rng.choice([2, 2, 3]))],
        permissions=[
            {"start": some("10"), "end": rng.choice([some("15"), None])}
            for _ in range(rng.choice([1, 2]))
        ],
        complete=["premium", "permissions", "messages"],
    )


def searches() -> Iterator[Relevance]:
    for seed in SEEDS:
        rng = Random(seed)
        definition = class_definition(rng.choice(READINGS))
        supposing = rng.choice([None, None, AS_ALLEGED])
        try:
            verdict = evaluate(drawn(rng), definition, supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        if verdict.status is Status.INDETERMINATE:
            yield Relevance(verdict._facts, definition, rng.choice(KNOWERS), is_cut=False)


def found() -> list[set[str]]:
    return [{fact.path for fact in each.matter()} for each in searches()]


def test_few_instants_are_as_good_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    few, asked = found(), set[object]()

    def never(*of: object) -> bool:
        asked.update(of[-1:])
        return False

    monkeypatch.setattr(pivotal, "lies_early", never)
    monkeypatch.setattr(pivotal, "lies_late", never)
    assert few == found()
    assert asked == {"sent_at", "shared_at"}
    assert sum(map(len, few)) > 50


def matter(data: dict[str, object], knower: str, **reading: str) -> set[str]:
    """What matters to somebody who can know what `knower` finds in a path."""
    data = {"account_id": "A-1", "permissions": [], **data}
    facts = evaluate(AccountHistory.model_validate(data))._facts
    definition = class_definition(Reading.of(**reading))
    search = Relevance(facts, definition, lambda path: bool(re.search(knower, path)))
    return {fact.path for fact in search.matter()}


def test_what_is_sent_lies_late_only_if_the_record_is_the_same_in_both_histories() -> None:
    """To be shared before Premium began it was sent before that, and not as late as can be."""
    message = {
        "sent_at": "2023-05-04T00:00:00Z/2023-05-04T12:00:00Z",
        "shared": True,
        "shared_at": "2023-05-04T00:00:00Z/2023-05-04T18:00:00Z",
    }
    premium = {"plan": "premium_career", "start": "2023-05-04T06:00:00Z", "end": ".."}
    complete = ["premium", "messages", "permissions"]
    data = {"premium": [premium], "messages": [message], "complete": complete}
    assert "messages[0].shared_at" in matter(data, "_at$")


SPRING = {"plan": "premium_career", "start": "2023-04-01", "end": "2023-05-03"}


def test_what_is_shared_may_lie_just_after_the_first_end_of_a_span() -> None:
    """The permission must cover what another message needs, and so it lasted until June."""
    other = {
        "sent_at": "2023-05-01T10:00:00Z",
        "shared": True,
        "shared_at": "2023-05-01/2023-05-20",
    }
    data = {
        "premium": [SPRING, {"start": "2023-05-04", "end": "2023-05-06"}],
        "messages": [
            {"inmail": True, "sent_at": "2023-05-05T10:00:00Z"},
            {"inmail": True, **other},
        ],
        "permissions": [{"start": "2023-01-01/2023-06-30", "end": "2023-06-01/2025"}],
        "complete": ["premium", "messages", "permissions"],
    }
    assert "premium[1].plan" in matter(data, "premium|permissions", premium_when="messaged")


def test_what_is_shared_may_lie_just_after_its_own_end_in_another_box() -> None:
    """A message that nobody listed was sent in June, or was shared before August.

    In June it counts by the plan. So the permission lasts until August, and it is shared after.
    """
    where = {"sent_at": "../2023-05-31", "shared_at": "2023-08-01/.."}
    data = {
        "premium": [SPRING, {"start": "2023-06-10", "end": "2023-06-20"}],
        "messages": [],
        "permissions": [{"start": "2023-01-01", "end": "2023-06-01/2025"}],
        "complete": ["premium", "permissions", {"list": "messages", "where": where}],
    }
    assert "premium[1].plan" in matter(data, "premium|permissions", premium_when="messaged")
