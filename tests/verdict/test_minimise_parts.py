"""`minimise` leaves the same as leaving out one part after the other, and asks less."""

from collections.abc import Sequence
from random import Random

import pytest

from eligibility.evaluation.work import Work
from eligibility.verdict.minimise import minimise


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
