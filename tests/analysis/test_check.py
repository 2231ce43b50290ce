"""Planted mistakes in definitions, and what is found in those of the case."""

import pytest
from small_case import at, club

from eligibility import (
    AllOf,
    ClassDefinition,
    Condition,
    Covered,
    Ever,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Within,
    all_of,
    any_of,
    evaluate,
)
from eligibility.analysis import FINDINGS, check
from eligibility.rules import Reading, class_definition

CAME = "visits[].came"
GOLD, SILVER = Is("members[].level", "gold"), Is("members[].level", "silver")
EITHER = Is("members[].level", {"gold", "silver"})
NEITHER = AllOf((Uncovered(CAME, "members", (GOLD,)), Uncovered(CAME, "members", (SILVER,))))
COVERED = Covered(CAME, "members", (EITHER,))
PAID = Is("visits[].paid", True)
BEFORE = TimeSet.before(at("2020"))
ADULT, RESIDENT = Is("about.adult", True), Is("about.resident", True)
#: What nobody meets, which the definition itself does not notice.
NOBODY = AllOf((COVERED, NEITHER))


def findings(definition: ClassDefinition) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.clauses) for finding in check(definition)]


def test_a_definition_in_order() -> None:
    assert check(club(PAID, COVERED, exclusions=(ADULT,))) == ()


def test_a_clause_that_nothing_meets() -> None:
    definition = club(PAID, AllOf((COVERED, NEITHER)))
    (finding,) = check(definition)
    assert (finding.code, finding.clauses) == ("never-holds", ("c2",))
    assert finding.text == "`c2` (“words 2”): No history meets the clause."
    assert finding.witness is not None
    assert evaluate(finding.witness, definition).status is Status.INELIGIBLE
    assert evaluate(finding.witness, club(PAID)).status is Status.ELIGIBLE


def test_two_clauses_that_contradict() -> None:
    (finding,) = check(club(COVERED, PAID, NEITHER))
    assert (finding.code, finding.clauses) == ("contradict", ("c1", "c3"))
    assert finding.witness is not None
    assert evaluate(finding.witness, club(COVERED, PAID)).status is Status.ELIGIBLE


def test_every_pair_that_contradicts_is_told() -> None:
    assert findings(club(COVERED, NEITHER, AllOf((PAID, NEITHER)))) == [
        ("contradict", ("c1", "c2")),
        ("contradict", ("c1", "c3")),
    ]


def test_three_clauses_of_which_no_two_contradict() -> None:
    three = (Uncovered(CAME, "members", (GOLD,)), Uncovered(CAME, "members", (SILVER,)), COVERED)
    assert findings(club(PAID, *three)) == [("contradict", ("c2", "c3", "c4"))]


def test_an_exclusion_that_takes_out_everybody() -> None:
    definition = club(any_of(RESIDENT, NOBODY), exclusions=(ADULT, RESIDENT))
    (finding,) = check(definition)
    assert (finding.code, finding.clauses) == ("excludes-everybody", ("x2",))
    assert finding.witness is not None
    assert evaluate(finding.witness, definition).status is Status.INELIGIBLE


def test_exclusions_that_take_out_everybody_together() -> None:
    definition = club(any_of(ADULT, RESIDENT, NOBODY), exclusions=(ADULT, RESIDENT))
    assert findings(definition) == [("contradict", ("c1", "x1", "x2"))]


def test_an_exclusion_that_takes_out_nobody() -> None:
    (finding,) = check(club(all_of(PAID, ADULT), exclusions=(Is("about.adult", False),)))
    assert (finding.code, finding.clauses, finding.witness) == ("excludes-nobody", ("x1",), None)


def test_an_exclusion_whom_another_leaves_nobody_to_take_out() -> None:
    definition = club(PAID, exclusions=(ADULT, all_of(ADULT, RESIDENT)))
    assert findings(definition) == [("redundant", ("x2",))]


@pytest.mark.parametrize(
    ("conditions", "idle"),
    [
        ((Covered(CAME, "members", (GOLD,)), COVERED), ["c2"]),
        ((COVERED, Covered(CAME, "members", (GOLD,))), ["c1"]),
        ((Covered(CAME, "members", (GOLD,)), Ever("members", TimeSet.ALL, (EITHER,))), ["c2"]),
        ((Within(CAME, BEFORE), COVERED, Ever("members", BEFORE, (EITHER,))), ["c3"]),
        ((COVERED, Ever("members", BEFORE, (EITHER,))), []),
        ((PAID, AllOf((PAID,))), ["c1", "c2"]),  # either could go, not both
        ((PAID, Is("visits[].kind", {"short", "long"})), ["c2"]),
    ],
)
def test_a_clause_that_asks_for_nothing_more(
    conditions: tuple[Condition, ...], idle: list[str]
) -> None:
    assert findings(club(*conditions)) == [("redundant", (name,)) for name in idle]


def test_what_is_idle_is_not_told_where_it_is_not_certain() -> None:
    any_level = Is("members[].level", {"gold", "silver", "guest"})
    assert check(club(Uncovered("members[].start", "members", (GOLD,)), any_level)) == ()


def test_a_definition_of_one_clause() -> None:
    (finding,) = check(club(AllOf((COVERED, NEITHER))))
    assert finding.witness is not None


@pytest.mark.parametrize("premium_when", ["shared", "messaged", "ever"])
@pytest.mark.parametrize("exclusions", ["none", "customary"])
def test_of_the_case_it_is_redundant_to_say_that_it_was_shared(
    premium_when: str, exclusions: str
) -> None:
    """What was shared at a time for which no permission was given was shared."""
    for recipient, found in (("anyone", [("redundant", ("shared",))]), ("third-parties", [])):
        words = {"premium_when": premium_when, "exclusions": exclusions, "recipient": recipient}
        assert findings(class_definition(Reading.of(**words))) == found


def test_every_code_is_explained() -> None:
    assert set(FINDINGS) == {
        "never-holds",
        "contradict",
        "excludes-everybody",
        "excludes-nobody",
        "redundant",
    }
