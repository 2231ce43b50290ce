"""`minimise` leaves the same as leaving out one part after the other, and asks less."""

from collections.abc import Sequence
from random import Random

import pytest
from odd_models import OnlySpans

from eligibility import AccountHistory, Is, Moment, TimeSet
from eligibility.evaluation.coverage import possibly_counts, surely_counts
from eligibility.evaluation.work import Work
from eligibility.facts.known import KnownRecord
from eligibility.facts.normalise import normalise
from eligibility.values.timeline import DAY
from eligibility.verdict.minimise import minimise, minimise_record
from eligibility.verdict.why.needs import Avoid, Cover

YEAR = 365 * DAY


def without(kept: frozenset[int], parts: Sequence[int]) -> frozenset[int]:
    return kept - frozenset(parts)


def one_by_one(parts: list[int], sufficient: list[frozenset[int]]) -> frozenset[int]:
    kept = frozenset(parts)
    for part in parts:
        if any(some <= kept - {part} for some in sufficient):
            kept -= {part}
    return kept


@pytest.mark.parametrize("seed", range(200))
def test_it_leaves_what_leaving_out_one_by_one_leaves(seed: int) -> None:
    rng = Random(seed)
    parts = rng.sample(range(30), rng.randrange(1, 20))
    sufficient = [
        frozenset(rng.sample(parts, rng.randrange(min(len(parts), 5) + 1)))
        for _ in range(rng.randrange(1, 4))
    ]
    left = minimise(
        frozenset(parts), parts, without, lambda kept: any(some <= kept for some in sufficient)
    )
    assert left == one_by_one(parts, sufficient)
    assert left in sufficient
    assert not any(some < left for some in sufficient)


def test_what_is_needed_in_a_long_list_is_soon_found() -> None:
    asked: list[int] = []

    def still_holds(kept: frozenset[int]) -> bool:
        asked.append(len(kept))
        return kept >= {500, 501, 900}

    parts = list(range(1024))
    assert minimise(frozenset(parts), parts, without, still_holds) == {500, 501, 900}
    assert len(asked) <= 2 * 3 * 11


def test_with_no_parts_nothing_is_asked() -> None:
    def never(_: frozenset[int]) -> bool:
        raise AssertionError

    assert minimise(frozenset({1}), [], without, never) == {1}


@pytest.mark.parametrize("most", range(12))
def test_out_of_work_it_leaves_more_and_still_what_holds(most: int) -> None:
    work = Work(most)

    def still_holds(kept: frozenset[int]) -> bool:
        work.spend(1)
        return kept >= {3, 6}

    parts = list(range(8))
    left = minimise(frozenset(parts), parts, without, still_holds)
    assert left >= {3, 6}
    assert (left == {3, 6}) is (not work.is_spent)


@pytest.mark.parametrize("seed", range(200))
def test_a_span_keeps_what_leaving_its_facts_out_one_by_one_keeps(seed: int) -> None:
    rng = Random(seed)
    plans = (None, "learning", "premium_career", ["learning", "premium_career"])
    spans = [
        {"start": start and f"20{start}", "end": end and f"20{end}", "plan": rng.choice(plans)}
        for start in (None, *range(10, 60, 3))
        for end in (None, *range(start or 10, 60, 3))
    ]
    history = AccountHistory(account_id="fictional", premium=rng.sample(spans, 40))
    first = Moment.parse(f"20{rng.randrange(10, 60)}", "UTC").earliest
    times = TimeSet.of(*((at, at + rng.randrange(9) * YEAR) for at in (first, first + 9 * YEAR)))
    where = rng.choice([(), (Is("premium[].plan", "premium_career"),)])
    facts, avoid = normalise(history), Avoid(where, times)
    list_shape = facts.shape.lists["premium"]

    def avoids(span: KnownRecord) -> bool:
        first, last = span.bounds["start"][0], span.bounds["end"][1]
        return not possibly_counts(span, where) or times.first(first, last) is None

    for span, least in zip(
        facts.lists["premium"], avoid.minimised(facts, "premium").lists["premium"], strict=True
    ):
        assert not avoids(span) or least == minimise_record(list_shape, span, avoids)


@pytest.mark.parametrize("seed", range(200))
def test_a_span_that_covers_keeps_what_leaving_its_facts_out_one_by_one_keeps(seed: int) -> None:
    rng = Random(seed)
    low, high = sorted(rng.sample(range(10, 60), 2))
    then = f"20{low}-03-04T05:06:07Z"
    said = {
        "start": rng.choice([f"20{low}", f"20{low}/20{high}", "20XX", then]),
        "end": rng.choice([f"20{high}", f"20{low}/20{high}", then, ".."]),
        "plan": rng.choice(["premium_career", "learning", None]),
    }
    facts = normalise(AccountHistory(account_id="fictional", premium=[said]))
    (span,), list_shape = facts.lists["premium"], facts.shape.lists["premium"]
    begun, ending = span.bounds["start"][1], span.bounds["end"][0]
    at = rng.choice([begun, ending, rng.randint(min(begun, ending), max(begun, ending))])
    times = TimeSet.of((at, rng.choice([at, ending])))
    where = rng.choice([(), (Is("premium[].plan", "premium_career"),)])

    def covers(span: KnownRecord) -> bool:
        surely = (span.bounds["start"][1], span.bounds["end"][0])
        return surely_counts(span, where) and all(
            TimeSet.of(surely).covers(*t) for t in times.spans
        )

    if not times.is_empty and covers(span):
        (least,) = Cover(where, times).minimised(facts, "premium").lists["premium"]
        assert least == minimise_record(list_shape, span, covers)


def test_of_several_values_that_keep_a_span_off_the_last_is_kept() -> None:
    """Each of them would do; which one is what leaving facts out one by one comes to."""
    where = (Is("stays[].plan", "p"), Is("stays[].live", True))
    history = OnlySpans(
        account_id="fictional", stays=[{"start": "2023", "plan": "q", "live": False}]
    )
    facts = normalise(history)
    (span,), list_shape = facts.lists["stays"], facts.shape.lists["stays"]
    (least,) = Avoid(where, TimeSet.ALL).minimised(facts, "stays").lists["stays"]
    assert least == minimise_record(list_shape, span, lambda left: not possibly_counts(left, where))
    assert len(least.said) == 1
