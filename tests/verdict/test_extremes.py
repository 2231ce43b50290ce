"""Where nobody knows when a record was shared, the search tries few instants, and misses none."""

from collections.abc import Iterator
from random import Random

import pytest

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
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
