"""What nobody writes by hand is refused when it is built: too deep, or too many ways to meet it."""

from collections.abc import Callable

import pytest
from small_case import Club, club

from eligibility import (
    AllOf,
    AnyOf,
    Condition,
    InvalidDefinition,
    Is,
    all_of,
    any_of,
    evaluate,
    verify,
)
from eligibility.definition.checks import MOST_DISJUNCTS
from eligibility.definition.conditions import (
    MOST_LEVELS,
    disjunct_count,
    disjuncts,
    leaves,
    negated,
    paths,
)
from eligibility.text.definition_prose import definition_sections
from eligibility.text.prose import verdict_sections
from eligibility.text.section import joined

PAID, LONG = Is("visits[].paid", True), Is("visits[].kind", "long")
ADULT, RESIDENT = Is("about.adult", True), Is("about.resident", True)

NESTINGS: dict[str, Callable[[Condition], Condition]] = {
    "all of one": lambda inner: AllOf((inner,)),
    "any of one": lambda inner: AnyOf((inner,)),
    "all of, last": lambda inner: all_of(PAID, inner),
    "any of, first": lambda inner: any_of(inner, LONG),
    "in turn": lambda inner: all_of(LONG, any_of(inner)),
}


def nested(kind: str, levels: int) -> Condition:
    condition: Condition = PAID
    for _ in range(levels):
        condition = NESTINGS[kind](condition)
    return condition


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 1_000, 20_000])
@pytest.mark.parametrize("kind", NESTINGS)
def test_conditions_nested_too_deep_are_refused_with_a_way_out(kind: str, levels: int) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        nested(kind, levels)
    (problem,) = refused.value.problems
    assert problem.code == "definition-too-deep"
    assert "side by side" in problem.hint


@pytest.mark.parametrize("kind", ["all of one", "any of one", "all of, last"])
def test_conditions_as_deep_as_may_be_are_read(kind: str) -> None:
    condition = nested(kind, MOST_LEVELS)
    definition = club(condition)
    assert definition.exact
    assert len(definition.digest) == 64
    assert hash(condition) == hash(nested(kind, MOST_LEVELS))
    assert condition == nested(kind, MOST_LEVELS)
    assert repr(condition).count("Of(") == MOST_LEVELS
    assert len(list(leaves(condition))) == len(disjuncts(condition)[0])
    assert paths(condition) == ("visits[].paid",)


def test_a_verdict_by_conditions_as_deep_as_may_be_is_whole() -> None:
    definition = club(nested("all of, last", MOST_LEVELS), nested("any of one", MOST_LEVELS))
    for visits in ({}, {"paid": True}, {"paid": False}):
        history = Club.model_validate({"account_id": "C-1", "visits": [visits]})
        verdict = evaluate(history, definition)
        assert not verify(history, verdict, definition).wrong
        assert joined(verdict_sections(verdict))
    assert "paid" in joined(definition_sections(definition)).lower()


def test_the_depth_is_no_part_of_a_condition() -> None:
    assert all_of(PAID) != all_of(all_of(PAID))
    assert repr(all_of(PAID)) == f"AllOf(conditions=({PAID!r},))"
    assert negated(all_of(ADULT, any_of(RESIDENT))).levels == 2


EITHER = any_of(PAID, LONG)
TOO_MANY: dict[str, Callable[[], object]] = {
    "in one clause": lambda: club(all_of(*[EITHER] * 14)),
    "over the clauses": lambda: club(*[all_of(EITHER, EITHER)] * 7),
    "by exclusions": lambda: club(PAID, exclusions=(any_of(*[all_of(ADULT, RESIDENT)] * 14),)),
    "past all counting": lambda: club(*[EITHER] * 5_000),
    "in one list": lambda: club(any_of(*[PAID] * (MOST_DISJUNCTS + 1))),
}


@pytest.mark.parametrize("kind", TOO_MANY)
def test_more_ways_than_can_be_tried_are_refused(kind: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        TOO_MANY[kind]()
    problems = [p for p in refused.value.problems if p.code == "definition-too-large"]
    assert [problem.path for problem in problems] == ["clauses"]
    assert "`any_of`" in problems[0].hint


def test_many_ways_are_fine() -> None:
    definition = club(all_of(*[EITHER] * 6), PAID)
    assert len(definition.normal_form.disjuncts) == 64
    for condition in (EITHER, all_of(EITHER, EITHER, PAID), any_of(all_of(ADULT, PAID), EITHER)):
        assert disjunct_count(condition) == len(disjuncts(condition))
    account = all_of(any_of(ADULT, RESIDENT), ADULT)
    assert disjunct_count(account, negated=True) == len(disjuncts(negated(account)))
