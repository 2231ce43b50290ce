"""An exclusion says who is excluded; a verdict shows whether the account is not excluded."""

from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_case import Club, at, club

from eligibility import (
    Condition,
    Covered,
    Ever,
    InvalidDefinition,
    Is,
    Status,
    TimeSet,
    Truth,
    Uncovered,
    Within,
    all_of,
    any_of,
    evaluate,
)
from eligibility.audit.worlds import clauses_met, holds
from eligibility.definition.conditions import AllOf, AnyOf
from eligibility.rules import EXCLUDED, Reading, class_definition
from eligibility.text.definition_prose import definition_sections
from eligibility.text.section import joined

PAID = Is("visits[].paid", True)
ADULT, RESIDENT = Is("about.adult", True), Is("about.resident", True)
CHILD = Is("about.adult", False)
ANSWERS = (True, False, None)
ALL = ("visits", "members", "bans")


def account(adult: bool | None, resident: bool | None = None) -> Club:
    about = {"adult": adult, "resident": resident}
    return Club(account_id="A", visits=[{"paid": True}], about=about, complete=ALL)


@pytest.mark.parametrize(
    ("adult", "status", "truth"),
    [
        (True, Status.INELIGIBLE, "false"),
        (None, Status.INDETERMINATE, "unknown"),
        (False, Status.ELIGIBLE, "true"),
    ],
)
def test_who_is_excluded_is_out(adult: bool | None, status: Status, truth: str) -> None:
    verdict = evaluate(account(adult), club(PAID, exclusions=(ADULT,)))
    assert verdict.status is status
    assert [(c.id, c.text, c.truth.word) for c in verdict.clauses] == [
        ("c1", "words 1", "true"),
        ("x1", "but 1", truth),
    ]


def test_what_decides_and_what_is_asked() -> None:
    definition = club(PAID, exclusions=(ADULT,))
    out = evaluate(account(True), definition)
    assert [(reason.code, reason.facts) for reason in out.reasons] == [("x1", ("about.adult",))]
    (question,) = evaluate(account(None), definition).questions
    led = {answer.refinement["about.adult"]: answer.truth for answer in question.answers}
    assert led == {True: Truth.FALSE, False: Truth.TRUE}
    scenarios = evaluate(account(None), definition).scenarios
    assert scenarios is not None
    assert (scenarios.eligible_if.about.adult, scenarios.ineligible_if.about.adult) == (False, True)


@pytest.mark.parametrize(
    ("exclusion", "clause"),
    [
        (ADULT, CHILD),
        (any_of(ADULT, RESIDENT), all_of(CHILD, Is("about.resident", False))),
        (all_of(ADULT, RESIDENT), any_of(CHILD, Is("about.resident", False))),
        (any_of(ADULT, all_of(any_of(RESIDENT))), all_of(CHILD, Is("about.resident", False))),
    ],
)
def test_it_leaves_out_just_whom_the_opposite_clause_would(
    exclusion: Condition, clause: Condition
) -> None:
    for adult, resident in product(ANSWERS, ANSWERS):
        known = account(adult, resident)
        excluded = evaluate(known, club(PAID, exclusions=(exclusion,)))
        assert excluded.status is evaluate(known, club(PAID, clause)).status


_account_conditions = st.recursive(
    st.builds(
        Is,
        st.sampled_from(["about.adult", "about.resident"]),
        st.sampled_from([(True,), (False,), (True, False)]),
    ),
    lambda parts: st.builds(
        lambda kind, some: kind(tuple(some)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


@given(_account_conditions, st.booleans(), st.booleans())
def test_in_a_world_it_is_met_by_whom_its_condition_does_not_describe(
    condition: Condition,
    adult: bool,
    resident: bool,
) -> None:
    world = account(adult, resident)
    try:
        definition = club(PAID, exclusions=(condition,))
    except InvalidDefinition:  # nobody is excluded by it, or everybody
        worlds = [account(*both) for both in product((True, False), repeat=2)]
        every = [holds(condition, None, each) for each in worlds]
        assert all(every) or not any(every)
        return
    excluded = holds(condition, None, world)
    assert clauses_met(world, definition) == (True, not excluded)
    assert evaluate(world, definition).status is Status.of(Truth(not excluded, not excluded))


def test_the_digest_tells_who_is_excluded() -> None:
    definitions = [
        club(PAID, exclusions=(ADULT,)),
        club(PAID, exclusions=(CHILD,)),
        club(PAID, CHILD),
        club(PAID),
    ]
    assert len({definition.digest for definition in definitions}) == len(definitions)


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (Is("visits[].kind", "long"), "write the clause `Is(\"visits[].kind\", {'short'})`"),
        (PAID, 'write the clause `Is("visits[].paid", {False})`'),
        (Is("visits[].kind", {"long", "short"}), "To exclude whoever has any such record"),
        (Within("visits[].came", TimeSet.before(at("2020"))), 'Within("visits[].came", ~times)'),
        (Covered("visits[].came", "members"), 'Uncovered("visits[].came", "members", …)'),
        (Uncovered("visits[].came", "bans"), 'Covered("visits[].came", "bans", …)'),
        (Ever("members", TimeSet.ALL), "a yes/no fact of the account"),
        (all_of(ADULT, PAID), 'write the clause `Is("visits[].paid", {False})`'),
    ],
)
def test_one_that_speaks_of_records_is_refused_with_a_way_out(
    condition: Condition, hint: str
) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        club(PAID, exclusions=(CHILD, condition))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("definition-path", "exclusions[1]")
    assert "of records and not of the account" in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("exclusions", "where", "words"),
    [
        ((Is("about.adult", ()),), "exclusions[0]", "it excludes nobody"),
        ((ADULT, AnyOf(())), "exclusions[1]", "it excludes nobody"),
        ((Is("about.adult", {True, False}),), "exclusions[0]", "Whoever meets the clauses is"),
        ((ADULT, CHILD), "exclusions[1]", "is excluded by `x2` or one before it"),
    ],
)
def test_one_that_takes_out_nobody_or_everybody_is_refused(
    exclusions: tuple[Condition, ...], where: str, words: str
) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        club(PAID, exclusions=exclusions)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("definition-impossible", where)
    assert words in problem.message


def test_those_of_the_case_say_who_is_excluded() -> None:
    definition = class_definition(Reading.of(exclusions="customary"))
    assert [(x.id, x.condition) for x in definition.exclusions] == [
        (key, Is(f"exclusions.{key}", True)) for key in EXCLUDED
    ]
    assert [step.condition for step in definition.steps[len(definition.clauses) :]] == [
        Is(f"exclusions.{key}", False) for key in EXCLUDED
    ]
    said = joined(definition_sections(definition))
    left_out = "Left out if: the member is a lawyer in the case."
    assert f"counsel: not counting counsel in the case\n  {left_out}" in said


def test_the_words_and_the_source_stay_with_the_step() -> None:
    definition = club(PAID, exclusions=(ADULT,))
    (exclusion,), step = definition.exclusions, definition.steps[-1]
    assert attrs.evolve(step, condition=exclusion.condition) == exclusion
