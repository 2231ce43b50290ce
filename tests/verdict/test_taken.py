"""What is left out of the search since it is in anyway: looked for as well, the same is found."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.evaluation.work import Work
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.let_in import taken
from eligibility.verdict.turning.taken import Taken

READINGS = [
    *every_reading(),
    *(Reading.of(premium_when="messaged", exclusions=each) for each in ("none", "customary") * 24),
]
SEEDS = range(80)
DATES = ("start", "end", "sent_at", "shared_at")


def drawn(rng: Random) -> AccountHistory:
    """Messages sent exactly or vaguely, beside receipts and permissions with vague ends."""

    def month() -> int:
        return rng.randrange(1, 10)

    def sent() -> str:
        at = month()
        return rng.choice([f"2023-0{at}-05", f"2023-0{at}", f"../2023-0{at}-05", "2023"])

    def shared() -> dict[str, object]:
        at = rng.choice([f"2023-1{rng.choice('01')}", f"../2023-0{month()}-25", None])
        return rng.choice([{}, {}, {"shared": True, "shared_at": at}])

    premium: list[dict[str, Any]] = []
    for _ in range(rng.choice([1, 2])):
        at = f"2023-0{month()}-12"
        premium.append({"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."})
    messages = [
        {"inmail": rng.choice([True, None]), "direction": "sent", "sent_at": sent(), **shared()}
        for _ in range(rng.choice([1, 2, 3]))
    ]
    permissions = [
        {"start": rng.choice([f"2023-0{month()}", "2022/2023"]), "end": "2023/2024"}
        for _ in range(rng.choice([0, 1, 1]))
    ]
    names = ["premium", "permissions", "messages"]
    return AccountHistory(
        account_id="A-1",
        premium=premium,
        messages=messages,
        permissions=permissions,
        complete=rng.choice([names, names[1:], names[:2], names[::2]]),
    )


KNOWERS: list[Callable[[str], bool]] = [
    lambda path: "shared" not in path,
    lambda path: "shared" not in path and "inmail" not in path,
    lambda path: "messages[" not in path,
    lambda path: "sent_at" not in path,
]


def searches() -> Iterator[Relevance]:
    for seed in SEEDS:
        rng = Random(seed)
        definition, supposing = (
            class_definition(rng.choice(READINGS)),
            rng.choice([None, AS_ALLEGED]),
        )
        try:
            verdict = evaluate(drawn(rng), definition, supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        if verdict.status is Status.INDETERMINATE:
            plenty = Work(1_000_000)
            yield Relevance(verdict._facts, definition, rng.choice(KNOWERS), work=plenty)


def found() -> list[object]:
    return [
        (
            [(f.path, f.field in DATES and list(each.cuts(f))) for f in each.matter()],
            {name: each.where(name) for name in each.facts.lists if each.of_list(name)},
        )
        for each in searches()
    ]


def test_whatever_is_left_out_would_turn_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    few, asked = found(), Counter[str]()

    def never(of: type, name: str, instead: Callable[..., bool]) -> None:
        is_so = getattr(of, name)

        def says(self: Any, *said: Any) -> bool:
            asked[name] += is_so(self, *said) and not instead(self, *said)
            return instead(self, *said)

        monkeypatch.setattr(of, name, says)

    never(Taken, "is_at", lambda *_: False)
    never(Taken, "is_from", lambda *_: False)
    never(Taken, "has", lambda taken, one, _asked: taken.anyway.has(one))
    never(Contenders, "_reaches_beyond", lambda *_: False)
    assert found() == few
    assert min(asked[each] for each in ("is_at", "is_from", "has", "_reaches_beyond")) > 10


def test_an_instant_is_taken_from_where_another_record_can_follow() -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023-03", "end": "2023-05"}],
        messages=[
            {"inmail": True, "sent_at": "2023-04-05", "shared": True, "shared_at": "2023-11/2025"},
            {"inmail": True, "sent_at": "2023"},
        ],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(premium_when="messaged"))
    facts, (disjunct,) = evaluate(history)._facts, definition.normal_form.disjuncts
    turning = Turning(facts, definition, disjunct, KNOWERS[0], False, Work(10_000))
    is_taken = taken(turning, "premium")
    assert is_taken is not None
    before, after = (Moment.parse(day).earliest for day in ("2023-10-31", "2023-11-02"))
    assert is_taken.is_at("shared_at", after)
    assert not is_taken.is_at("shared_at", before)
    assert is_taken.is_from("sent_at", after)
    assert not is_taken.is_from("sent_at", before)


@pytest.mark.parametrize(
    ("reading", "sent", "shared", "asked"),
    [
        ({"date_limits": "message"}, "2024-06/2025", "2024-07/2025", "shared_at"),
        ({"premium_when": "shared"}, "2023-05/2023-08", "2023-05/2023-08", "sent_at"),
    ],
)
def test_what_hangs_on_a_moment_may_say_that_it_lies_within(
    reading: dict[str, str], sent: str, shared: str, asked: str
) -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023-06-01", "end": ".."}],
        messages=[{"inmail": True, "sent_at": sent, "shared": True, "shared_at": shared}],
        complete=["premium", "messages", "permissions"],
    )
    relevance = Relevance(
        evaluate(history)._facts,
        class_definition(Reading.of(**reading)),
        lambda path: path.endswith(asked),
    )
    assert [fact.path for fact in relevance.matter()] == [f"messages[0].{asked}"]


@pytest.mark.parametrize(("boxes", "is_so"), [(1, True), (2, False)])
def test_only_an_opponent_of_one_box_is_in_at_every_instant_between_two(
    boxes: int, is_so: bool
) -> None:
    """One of two boxes may be in at the first instant, the other at the last, and none between."""
    both = SimpleNamespace(index=0, boxes=("a box",) * boxes)
    order = (("sent_at", "shared_at"),)
    contenders = SimpleNamespace(
        list_shape=SimpleNamespace(record=SimpleNamespace(order=order)), staying=lambda _: (both,)
    )
    shared = SimpleNamespace(times=TimeSet.of((1, 9)), coverage=(SimpleNamespace(spans="premium"),))
    anyway = SimpleNamespace(
        times={}, lets_in=True, disjunct=SimpleNamespace(moments={"shared_at": shared})
    )
    found = Taken(contenders, anyway, "permissions")
    assert found.is_from("sent_at", 5) is is_so
    assert found.is_from("sent_at", 10)  # later than it can be shared
