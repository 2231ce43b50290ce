"""Messages known by days, beside several subscriptions: what is left out turns nothing."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from eligibility import AccountHistory, Status, evaluate
from eligibility.evaluation.work import Work
from eligibility.facts.known import KnownRecord
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.values.timeline import write_instant
from eligibility.values.timeset import TimeSet
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning import one_more_span
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.outdone import Outdone
from eligibility.verdict.turning.pivotal import apt
from eligibility.verdict.turning.reach import Reach, narrower

PLANS = ["premium_career", ["premium_career", "premium_business"], ["premium_career", "learning"]]
READINGS = [*every_reading()]


def drawn(rng: Random) -> AccountHistory:
    """Marked messages, each sent on a day; one subscription of known months, and vague ones."""
    premium: list[dict[str, Any]] = [
        {"plan": rng.choice(PLANS), "start": "2023-03", "end": f"2023-0{rng.randrange(4, 9)}"}
    ]
    for _ in range(rng.choice([1, 1, 2])):
        at = f"2023-0{rng.randrange(1, 10)}"
        start, end = rng.choice([("2022", f"{at}/.."), (f"../{at}-12", f"{at}-12/.."), (at, None)])
        premium.append({"plan": rng.choice(PLANS), "start": start, "end": end})
    messages = [
        {"inmail": True, "direction": "sent", "sent_at": f"2023-0{month}-{day:02}"}
        for month, day in sorted((rng.randrange(1, 10), rng.choice([5, 6])) for _ in range(3))
    ]
    permissions = [{"start": "2023", "end": "2023/2024"}] * rng.choice([0, 0, 1])
    complete = rng.choice([[], ["messages"], ["messages", "premium", "permissions"]])
    return AccountHistory(
        account_id="A-1",
        premium=premium,
        messages=messages,
        permissions=permissions,
        complete=complete,
    )


def knows(path: str) -> bool:
    """Whoever cannot know what was shared."""
    return "shared" not in path


def searches() -> Iterator[Relevance]:
    for seed in range(120):
        rng = Random(f"by days {seed}")
        definition, supposing = (
            class_definition(rng.choice(READINGS)),
            rng.choice([None, AS_ALLEGED]),
        )
        verdict = evaluate(drawn(rng), definition, supposing=supposing)
        if verdict.status is Status.INDETERMINATE:
            yield Relevance(verdict._facts, definition, knows, work=Work(1_000_000))


def found() -> list[tuple[object, object, object]]:
    return [
        (
            every := [fact.path for fact in each.matter()],
            {name: each.where(name) for name in each.facts.lists if each.of_list(name)},
            [next(each.cuts(f)) for f in each.matter() if f.path in every and f.field == "end"],
        )
        for each in searches()
    ]


def test_whatever_is_left_out_would_turn_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    few, left_out = found(), Counter[str]()
    outdone, decides, covered = Outdone.has, Reach.decides, Turning.covered

    def has(self: Outdone, record: Any) -> bool:
        left_out["outdone"] += outdone(self, record)
        return False

    def may_decide(self: Reach, key: str) -> bool:
        left_out["decides"] += not decides(self, key)
        return True

    def least(self: Turning, how: Any, leaf: Any, but: int = -1) -> TimeSet:
        times = covered(self, how, leaf, but)
        if how != "least" or but < 0:
            return times
        left_out["covered"] += not times.is_empty
        return TimeSet.EMPTY

    monkeypatch.setattr(Outdone, "has", has)
    monkeypatch.setattr(Reach, "decides", may_decide)
    monkeypatch.setattr(Turning, "covered", least)
    assert found() == few
    assert min(left_out[each] for each in ("outdone", "decides", "covered")) > 50, left_out


def test_where_a_message_is_not_surely_in_alone_it_is_not_once_it_lies_there() -> None:
    told: Counter[bool] = Counter()
    for turning in (each for search in searches() for each in search._passes if each.surely):
        listed, unlisted = (of["messages"] for of in (turning.facts.lists, turning.facts.unlisted))
        outdone, known = turning.contenders.surely_outdone("premium"), turning.spans.known
        for record in (*listed, KnownRecord(len(listed), {}, unlisted)):
            moments = record.bounds.keys() & known("messages", record.index) if record.boxes else ()
            for moment in moments:
                left = outdone.left(record, moment)
                for at in turning.edges:
                    made = narrower(turning.list_shape, record, {moment: (at, at)})
                    if made and apt(made, turning.disjunct):
                        told[is_out := at not in left] += 1
                        assert outdone.has(made) or not is_out
    assert min(told[True], told[False]) > 100, told


def test_one_more_span_is_wanted_from_the_first_of_all_ways_to_the_last() -> None:
    """Of the surely pass ways come in order, and those that cannot be the first are not made."""
    wanted: Counter[bool] = Counter()
    for turning in (each for search in searches() for each in search._passes if each.surely):
        for leaf in turning.leaves:
            every = [
                hull
                for more in turning.spans.beyond(leaf)
                for hull, way in one_more_span._ways_with(turning, leaf, more, TimeSet.ALL)
                if way.turns(turning)
            ]
            hull = one_more_span.hull(turning, leaf)
            wanted[hull is not None] += 1
            first, last = (low for low, _ in every), (high for _, high in every)
            assert hull == ((min(first), max(last)) if every else None)
    assert wanted[True] > 20, wanted


def test_the_last_of_many_days_that_matters_is_found_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the end of the first day on somebody is in, whoever the other 143 messages let in."""
    sent = [
        f"20{y}-{m:02}-{d:02}" for y in (20, 21, 22) for m in range(1, 13) for d in (3, 4, 17, 18)
    ]
    history = AccountHistory(
        account_id="A-1",
        premium=[
            {"plan": "premium_career", "start": "2021-03", "end": ".."},
            {"plan": PLANS[1], "start": "../2021-02", "end": "2020/.."},
        ],
        messages=[{"inmail": True, "direction": "sent", "sent_at": each} for each in sent],
        permissions=[{"start": "2021", "end": "2022/2026"}],
        complete=["messages", "premium", "permissions"],
    )
    tried, turns = [], Turning.turns
    monkeypatch.setattr(Turning, "turns", lambda *args: tried.append(args) or turns(*args))
    for supposing in (None, AS_ALLEGED):
        facts = evaluate(history, supposing=supposing)._facts
        relevance, span = Relevance(facts, class_definition(), knows), facts.lists["premium"][1]
        assert relevance.of_fact("premium", span, "plan") is None
        end = relevance.of_fact("premium", span, "end")
        assert end is not None
        (last,) = next(relevance.cuts(end))
        assert write_instant(last) == "2020-01-04T07:59:59.999998Z"  # the day ends there
    assert len(tried) < 1000
