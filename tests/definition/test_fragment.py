"""What keeps a definition out of the exact fragment is named by clause, and so batch says it."""

import pytest
from small_case import Club, club

from eligibility import (
    Condition,
    Covered,
    Ever,
    InvalidDefinition,
    Is,
    TimeSet,
    Uncovered,
    Within,
    all_of,
    any_of,
)
from eligibility.batch import statement
from eligibility.rules import class_definition, every_reading

CAME, START = "visits[].came", "members[].start"
PAID, LATE = Is("visits[].paid", True), Within(CAME, TimeSet.before(9))
GOLD = (Is("members[].level", "gold"),)
NOW = TimeSet.before(0)
OTHER_WAY = "in the other direction, for the member or against"

#: Conditions, and for each problem the place of its clause and what its sentence says.
OUTSIDE: dict[str, tuple[tuple[Condition, ...], list[tuple[str, str]]]] = {
    "two ways": ((any_of(PAID, LATE),), [("clauses[0]", "`c1` can be met in more than one way")]),
    "two ways, deep": (
        (LATE, all_of(PAID, any_of(Ever("bans", NOW), Ever("members", NOW)))),
        [("clauses[1]", "`c2` can be met in more than one way")],
    ),
    "another filter": (
        (Covered(CAME, "members"), Ever("members", NOW, GOLD)),
        [("clauses[1]", "`c2` reads `members` through another filter, unlike `c1`")],
    ),
    "another filter in one clause": (
        (all_of(Covered(CAME, "members"), Covered(CAME, "members", GOLD)),),
        [("clauses[0]", "`c1` reads `members` through another filter.")],
    ),
    "for and against": (
        (Ever("members", NOW), PAID, Uncovered(CAME, "members")),
        [
            (
                "clauses[2]",
                f"`c3` reads `members` {OTHER_WAY}, unlike `c1`",
            )
        ],
    ),
    "against and ever": (
        (Uncovered(CAME, "members"), Ever("members", NOW)),
        [
            (
                "clauses[1]",
                f"`c2` reads `members` {OTHER_WAY}, unlike `c1`",
            )
        ],
    ),
    "against, by another filter": (
        (Covered(CAME, "members"), Uncovered(CAME, "members", GOLD)),
        [
            ("clauses[1]", "`c2` reads `members` through another filter, unlike `c1`"),
            (
                "clauses[1]",
                f"`c2` reads `members` {OTHER_WAY}, unlike `c1`",
            ),
        ],
    ),
    "the record's own list": (
        (Covered(START, "members"),),
        [("clauses[0]", "`c1` reads `members` as spans, and the record is taken from it")],
    ),
    "two kinds at once": (
        (any_of(PAID, LATE), Ever("bans", NOW), Uncovered(CAME, "bans")),
        [
            ("clauses[0]", "`c1` can be met in more than one way"),
            (
                "clauses[2]",
                f"`c3` reads `bans` {OTHER_WAY}, unlike `c2`",
            ),
        ],
    ),
    "against at two moments": (
        (Uncovered(START, "bans"), Uncovered("members[].end", "bans")),
        [("clauses[1]", "`c2` asks whether `bans` leaves out another moment, unlike `c1`")],
    ),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_lies_outside_is_named(kind: str) -> None:
    conditions, expected = OUTSIDE[kind]
    definition = club(*conditions)
    problems = definition.inexact_by
    assert [problem.path for problem in problems] == [place for place, _ in expected]
    for problem, (_, words) in zip(problems, expected, strict=True):
        assert words in problem.message
        assert problem.code == "outside-fragment"
    assert not definition.exact


@pytest.mark.parametrize("kind", OUTSIDE)
def test_batch_refuses_it_with_the_same_words(kind: str) -> None:
    definition = club(*OUTSIDE[kind][0])
    with pytest.raises(InvalidDefinition) as refused:
        statement(definition)
    said = [(problem.path, problem.message) for problem in refused.value.problems]
    assert said == [(problem.path, problem.message) for problem in definition.inexact_by]
    assert {problem.code for problem in refused.value.problems} == {"not-compilable"}


def test_an_exclusion_has_its_own_place() -> None:
    definition = club(
        PAID,
        exclusions=(all_of(Is("about.adult", False), Is("about.resident", False)),),
    )
    (problem,) = definition.inexact_by
    assert problem.path == "exclusions[0]"
    assert "`x1`" in problem.message


INSIDE: tuple[tuple[Condition, ...], ...] = (
    (PAID,),
    (Covered(CAME, "members", GOLD), Ever("members", NOW, GOLD), Uncovered(CAME, "bans")),
    (Covered(CAME, "members"), Covered(CAME, "bans", (Is("bans[].level", "gold"),))),
    (all_of(any_of(PAID), Uncovered(CAME, "bans")), Uncovered(CAME, "bans")),
    (Is("about.adult", True),),
)


@pytest.mark.parametrize("conditions", INSIDE)
def test_what_lies_inside_is_exact(conditions: tuple[Condition, ...]) -> None:
    definition = club(*conditions)
    assert definition.model is Club
    assert definition.inexact_by == ()
    assert definition.exact


def test_the_case_lies_inside_under_every_reading() -> None:
    assert not any(class_definition(reading).inexact_by for reading in every_reading())


def test_each_way_to_be_in_is_a_definition_of_its_own_and_what_no_record_can_be_is_none() -> None:
    free = Is("visits[].paid", False)
    ways = club(PAID, any_of(LATE, free, Covered(CAME, "members"))).alternatives
    assert [way.exact for way in ways] == [True, True]
    assert [way.clauses[0].condition for way in ways] == [
        all_of(PAID, LATE),
        all_of(PAID, Covered(CAME, "members")),
    ]
    (alone,) = club(PAID, LATE).alternatives
    assert alone == club(PAID, LATE)
