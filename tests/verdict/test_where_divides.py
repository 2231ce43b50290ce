"""Where a span covers too much nothing turns: looked for there as well, the same is found."""

from collections.abc import Callable
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from eligibility import AccountHistory, Status, evaluate
from eligibility.definition.conditions import Covered
from eligibility.evaluation.work import Work
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.timeset import TimeSet
from eligibility.verdict.record import Verdict
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning import span_turns
from eligibility.verdict.turning.reach import Reach
from eligibility.verdict.turning.where_divides import Where, where_divides
from eligibility.verdict.unknown import RelevantFact

READINGS = list(every_reading())


def drawn(rng: Random) -> AccountHistory:
    """Receipts with an open end, or two, and messages of exact times or of a few days."""

    def day(first: int) -> str:
        last = first + rng.choice([0, 0, 0, 3])
        return f"2023-05-{first:02}T10:00:00Z/2023-05-{last:02}T10:00:00Z"

    premium: list[dict[str, Any]] = []
    for at in sorted(rng.sample(range(2, 26), rng.choice([1, 2, 3]))):
        ends = {"start": f"../2023-05-{at:02}", "end": f"2023-05-{at:02}/.."}
        ends |= rng.choice([{}, {}, {"end": day(26)}, {"start": day(1)}])
        premium.append({"plan": rng.choice(["premium_career", None]), **ends})
    messages = [
        {
            "inmail": rng.choice([True, True, None]),
            "sent_at": day(rng.randrange(1, 27)),
            **rng.choice([{}, {}, {"shared": True, "shared_at": day(27)}]),
        }
        for _ in range(rng.choice([2, 3, 5, 8]))
    ]
    lists = ["premium", "messages", "permissions"]
    complete = rng.choice([lists, lists, ["messages", "permissions"], ["premium"]])
    return AccountHistory(account_id="A-1", premium=premium, messages=messages, complete=complete)


def open_verdicts(rng: Random, count: int) -> list[Verdict]:
    found: list[Verdict] = []
    while len(found) < count:
        reading = rng.choice([Reading.of(premium_when="messaged"), rng.choice(READINGS)])
        verdict = evaluate(
            drawn(rng), class_definition(reading), supposing=rng.choice([None, AS_ALLEGED])
        )
        if verdict.status is Status.INDETERMINATE:
            found.append(verdict)
    return found


KNOWERS: list[Callable[[str], bool]] = [
    lambda path: "shared" not in path,
    lambda path: "shared" not in path and "inmail" not in path,
    lambda path: path.endswith(("start", "end")),
]


def test_all_else_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = open_verdicts(Random("where"), 90)
    seen: list[Where] = []

    def matter(verdict: Verdict, knower: Callable[[str], bool]) -> list[RelevantFact] | None:
        work = Work(3_000)
        found = Relevance(verdict._facts, verdict.definition, knower, is_cut=True, work=work)
        every = list(found.matter())
        return None if work.is_spent else every

    def noted(*of: Any) -> Where:
        seen.append(where_divides(*of))
        return seen[-1]

    def everywhere(*of: Any) -> Where:
        *_, (_, reach), key = of
        bounds = {"start": reach.start, "end": reach.end}.get(key, reach.region)
        return Where(is_plain=False, near=TimeSet.of(bounds))

    monkeypatch.setattr(span_turns, "where_divides", noted)
    here = [matter(verdict, each) for verdict in verdicts for each in KNOWERS]
    monkeypatch.setattr(span_turns, "where_divides", everywhere)
    anywhere = [matter(verdict, each) for verdict in verdicts for each in KNOWERS]
    every = zip(product(verdicts, KNOWERS), here, anywhere, strict=True)
    both = [(whose, a, b) for whose, a, b in every if a is not None and b is not None]
    assert len(both) > 200
    others = []
    for (verdict, knower), some, same in both:
        assert [fact.path for fact in some] == [fact.path for fact in same]
        search = Relevance(verdict._facts, verdict.definition, knower)
        others += [(search, fact) for fact in some if fact not in same]
    # of several places in which one divides any may come first
    assert len(others) < 10
    assert all(search.divides(fact, at) for search, fact in others for at in fact.at)
    assert sum(where.exempt is not None for where in seen) > 60
    assert sum(not where.far.is_empty for where in seen) > 30


@pytest.mark.parametrize(
    ("key", "is_around", "is_plain"),
    [
        ("start", False, True),
        ("start", True, False),  # it may say in which box it is, and so when it ended
        ("plan", False, False),
    ],
)
def test_two_histories_differ_just_where_a_moment_divides(
    key: str, is_around: bool, is_plain: bool
) -> None:
    known = frozenset({"start", "plan"})
    reach = Reach((1, 3), (7, 9), {}, {}, known, grown=False, is_around=is_around)
    leaf = Covered("visits[].at", "spans", ())
    found = where_divides(SimpleNamespace(surely=True), leaf, (0, reach), key)
    assert found.is_plain is is_plain
