"""Which spans count, where a filter says several things of one fact: they hold together."""

from itertools import permutations
from typing import Any

import pytest
from small_case import Club, club

from eligibility import (
    Condition,
    Covered,
    Ever,
    InvalidDefinition,
    Is,
    Status,
    TimeSet,
    Uncovered,
    evaluate,
    verify,
)

CAME, PAID = "visits[].came", Is("visits[].paid", True)
LEVEL = "members[].level"
ASKED: dict[str, Any] = {
    "covered": lambda where: Covered(CAME, "members", where),
    "uncovered": lambda where: Uncovered(CAME, "members", where),
    "ever": lambda where: Ever("members", TimeSet.ALL, where),
}
#: Levels that a filter allows, one condition after the other, and what is left of them.
OVERLAPPING = [
    ({"gold", "silver"}, {"silver", "guest"}),
    ({"gold", "silver"}, {"silver"}),
    ({"gold", "silver"}, {"silver", "guest"}, {"silver", "gold"}),
    ({"gold", "silver", "guest"}, {"silver", "gold"}, {"silver"}),
]
DISJOINT = [({"gold"}, {"guest"}), ({"gold", "silver"}, {"silver", "guest"}, {"gold"})]


def where(levels: tuple[set[str], ...]) -> tuple[Is, ...]:
    return tuple(Is(LEVEL, some) for some in levels)


def history(level: str | None) -> Club:
    return Club.model_validate(
        {
            "account_id": "C-1",
            "time_zone": "UTC",
            "visits": [{"paid": True, "came": "2020"}],
            "members": [{"start": "2018", "end": "2022", "level": level}],
            "complete": ["visits", "members", "bans"],
        }
    )


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("levels", OVERLAPPING)
def test_several_conditions_on_one_fact_of_a_span_are_one(
    kind: str, levels: tuple[set[str], ...]
) -> None:
    for order in permutations(levels):
        condition: Condition = ASKED[kind](where(order))
        definition = club(PAID, condition)
        for level in ("gold", "silver", "guest"):
            counts = level == "silver"
            expected = Status.ELIGIBLE if counts is (kind != "uncovered") else Status.INELIGIBLE
            assert evaluate(history(level), definition).status is expected
        verdict = evaluate(history(None), definition)
        assert verdict.status is Status.INDETERMINATE
        assert verify(history(None), verdict, definition).holds
        scenarios = verdict.scenarios
        assert scenarios is not None
        assert scenarios.eligible_if is not None
        assert scenarios.ineligible_if is not None


@pytest.mark.parametrize("levels", DISJOINT)
def test_no_span_counts_by_a_filter_that_contradicts_itself(levels: tuple[set[str], ...]) -> None:
    for order in permutations(levels):
        for kind in ("covered", "ever"):
            with pytest.raises(InvalidDefinition) as refused:
                club(PAID, ASKED[kind](where(order)))
            assert {problem.code for problem in refused.value.problems} == {"definition-impossible"}
        definition = club(PAID, ASKED["uncovered"](where(order)))
        verdict = evaluate(history(None), definition)
        assert verdict.status is Status.ELIGIBLE
        assert verify(history(None), verdict, definition).holds
