"""Beside many spans, most is found at once, or once for all: a search finds the same."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.evaluation.work import Work
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning import alone
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.ends import Ends
from eligibility.verdict.unknown import ByRecord

READINGS = list(every_reading())
SEEDS = range(30)
DATES = ("start", "end", "sent_at", "shared_at")
KNOWERS: list[Callable[[str], bool]] = [
    lambda path: "shared" not in path,
    lambda path: "shared" not in path and "inmail" not in path,
    lambda path: "shared" not in path and not path.startswith("permissions[1]"),
    lambda path: "shared" not in path and path != "complete.messages",
    lambda _path: True,
]


def drawn(rng: Random) -> AccountHistory:
    """Receipts, permissions that are vague, and messages of which some are InMails."""

    def day() -> str:
        return f"2024-0{rng.randrange(1, 10)}-{rng.choice(['05', '15'])}"

    def vague(at: str) -> dict[str, object]:
        return {"start": at[:7], "end": rng.choice([f"{at[:7]}/2026", f"{at}/..", at[:7]])}

    receipts = [day() for _ in range(rng.randrange(2, 5))]
    return AccountHistory(
        account_id="A-1",
        premium=[
            {"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."} for at in receipts
        ],
        messages=[
            {
                "inmail": rng.choice([True, None]),
                "direction": "sent",
                "sent_at": rng.choice([day(), day(), day()[:7]]),
                "shared": rng.choice([True, None, None]),
            }
            for _ in range(rng.randrange(1, 4))
        ],
        permissions=[vague(day()) for _ in range(rng.choice([0, 1, 2, 2]))],
        complete=rng.choice(
            [["messages"], ["permissions", "messages"], ["premium", "messages"], []]
        ),
    )


def searches() -> Iterator[Relevance]:
    for seed in SEEDS:
        rng = Random(seed)
        definition = class_definition(rng.choice(READINGS))
        supposing = rng.choice([None, AS_ALLEGED])
        try:
            verdict = evaluate(drawn(rng), definition, supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        if verdict.status is Status.INDETERMINATE:
            plenty = Work(200_000)
            yield Relevance(verdict._facts, definition, rng.choice(KNOWERS), work=plenty)


def found() -> list[object]:
    every: list[object] = []
    for each in searches():
        facts = list(each.matter())
        every.append([(fact.path, fact.at) for fact in facts if fact.list != "messages"])
        every.append([fact.path for fact in facts])
        every += [(name, each.where(name)) for name in each.facts.lists if each.of_list(name)]
        every += [list(each.cuts(fact)) for fact in facts if fact.list == "premium"]
    return every


def test_what_is_found_at_once_a_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, asked = found(), Counter[str]()
    plainly, places, plain = alone._turns_plainly, Ends._places, Contenders._plainly

    def not_at_once(*said: Any) -> bool:
        asked["at once"] += plainly(*said)
        return False

    def one_by_one(ends: Ends, *said: Any) -> list[Any]:
        every = places(ends, *said)
        asked["once for all"] += sum(each.ended is not None for each in every)
        return [type(each)(each.span, None) for each in every]

    def none_plain(contenders: Contenders, *said: Any) -> object:
        made = plain(contenders, *said)
        asked["plain"] += made is not None and not made.within
        return made if made and made.within else None

    monkeypatch.setattr(alone, "_turns_plainly", not_at_once)
    monkeypatch.setattr(Ends, "_places", one_by_one)
    monkeypatch.setattr(Contenders, "_plainly", none_plain)
    assert found() == at_once
    assert len(asked) == 3
    assert min(asked.values()) > 0, asked


def many(receipts: int, permissions: int) -> AccountHistory:
    """Messages of every day of two years, one a week an InMail if there are permissions."""
    days = [
        f"{year}-{month:02}-{day:02}"
        for year in (2022, 2023)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    some = days[:: len(days) // receipts]
    vague = [each[:7] for each in days[:: len(days) // permissions]] if permissions else []
    return AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."} for at in some],
        messages=[
            {
                "direction": "sent",
                "sent_at": at,
                "inmail": True if vague and not number % 7 else None,
            }
            for number, at in enumerate(days)
        ],
        permissions=[{"start": at, "end": f"{at}/2026"} for at in vague],
    )


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_beside_many_spans_a_question_does_not_spend_its_allowance(supposing: Any) -> None:
    start = Interview.start(many(200, 0), class_definition(), supposing=supposing)
    for interview in (start, start.dont_know(), start.answer(0)):
        assert interview.question is not None
        assert not interview._basis.few.work.is_spent


def test_records_of_which_the_same_can_be_said_are_told_by_what_was_closed() -> None:
    interview = Interview.start(many(4, 2), class_definition())
    for _ in range(6):
        interview = interview.dont_know()
        few, relevance = (
            interview._basis.few,
            interview._basis.few.relevance(interview._basis.few.short),
        )
        if relevance is None:
            break
        assert isinstance(relevance.knowable, ByRecord)
        for name, records in few.short.lists.items():
            kinds: dict[object, set[tuple[str, ...]]] = {}
            for record in records:
                keys = [
                    k
                    for k in few.short.shape.lists[name].facts
                    if relevance.knowable(f"{name}[{record.index}].{k}")
                ]
                kinds.setdefault(relevance.knowable.alike(name, record.index), set()).add(
                    tuple(keys)
                )
            assert all(len(each) == 1 for each in kinds.values())
