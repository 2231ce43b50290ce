"""What is wrong with a definition is said when it is built; so is whether evaluation is exact."""

from typing import Any

import attrs
import pytest
from small_case import Club, at, club

from eligibility import (
    AnyOf,
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Covered,
    Ever,
    InvalidDefinition,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Within,
    all_of,
    any_of,
    evaluate,
)
from eligibility.definition.conditions import disjuncts, leaves, paths
from eligibility.rules import class_definition, every_reading

EARLY, LATE = TimeSet.before(at("2020")), TimeSet.since(at("2020"))
PAID = Is("visits[].paid", True)
CAME = Within("visits[].came", EARLY)
NO_LEVEL = Is("members[].level", ())
GOLD_BAN = Is("bans[].level", "gold")
GOLD = Is("members[].level", "gold")
AS_MEMBER = Covered("visits[].came", "members", (GOLD,))
NOT_BANNED = Uncovered("visits[].came", "bans")
ADULT = Is("about.adult", True)


def codes(*conditions: Condition) -> list[str]:
    with pytest.raises(InvalidDefinition) as caught:
        club(*conditions)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (Is("visits[].colour", True), "definition-path"),
        (Is("letters[].paid", True), "definition-path"),
        (Is("about.tall", True), "definition-path"),
        (Is("adult", True), "definition-path"),
        (Within("visits[].paid", EARLY), "definition-path"),
        (Within("letters[].came", EARLY), "definition-path"),
        (Covered("visits[].came", "letters"), "definition-path"),
        (Covered("visits[].came", "visits"), "definition-path"),
        (Covered("visits[].came", "members", (PAID,)), "definition-path"),
        (Covered("visits[].came", "members", (Is("members[].paid", True),)), "definition-path"),
        (Ever("letters", EARLY), "definition-path"),
        (Is("visits[].kind", "red"), "definition-value"),
        (Is("visits[].paid", "yes"), "definition-value"),
        (Is("about.adult", {True, "perhaps"}), "definition-value"),
        (Covered("visits[].came", "members", (Is("members[].level", "tin"),)), "definition-value"),
        (Is("visits[].paid", frozenset()), "definition-impossible"),
        (all_of(PAID, Is("visits[].paid", False)), "definition-impossible"),
        (all_of(CAME, Within("visits[].came", LATE)), "definition-impossible"),
        (Is("about.adult", frozenset()), "definition-impossible"),
        (Ever("members", TimeSet.EMPTY), "definition-impossible"),
        (Ever("members", EARLY, (NO_LEVEL,)), "definition-impossible"),
        (Covered("visits[].came", "members", (NO_LEVEL,)), "definition-impossible"),
        (
            all_of(Covered("visits[].came", "bans"), Uncovered("visits[].came", "bans")),
            "definition-impossible",
        ),
        (AnyOf(()), "definition-impossible"),
    ],
)
def test_a_condition_that_means_nothing(condition: Condition, code: str) -> None:
    assert code in codes(condition)


def test_only_what_no_disjunct_can_meet_is_impossible() -> None:
    never = all_of(PAID, Is("visits[].paid", False))
    assert club(any_of(never, CAME)).exact is False
    assert codes(PAID, any_of(never, Is("visits[].paid", False))) == ["definition-impossible"]


def test_one_definition_takes_its_record_from_one_list() -> None:
    assert codes(PAID, Is("members[].level", "gold")) == ["definition-path"]


def test_all_problems_of_a_definition_at_once() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        ClassDefinition(
            "club",
            "1",
            "The club",
            Club,
            (
                Clause("c", "words", Citation(""), PAID),
                Clause("c", "words", Citation("x"), Is("visits[].colour", True)),
            ),
            (Clause("e", "words", Citation(""), Is("about.tall", True)),),
        )
    found = [(problem.code, problem.path) for problem in caught.value.problems]
    assert found == [
        ("definition-duplicate", "clauses"),
        ("definition-uncited", "clauses[0]"),
        ("definition-path", "clauses[1]"),
        ("definition-uncited", "exclusions[0]"),
        ("definition-path", "exclusions[0]"),
    ]


def test_a_definition_and_its_clauses_have_ids_and_words() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        ClassDefinition("", "1", " ", Club, (Clause("", "", Citation("x"), PAID),))
    found = [(problem.code, problem.path) for problem in caught.value.problems]
    assert found == [
        ("too-short", "id"),
        ("too-short", "title"),
        ("too-short", "clauses[0]"),
        ("too-short", "clauses[0]"),
    ]


def test_a_definition_without_clauses() -> None:
    assert codes() == ["definition-empty"]


@pytest.mark.parametrize(
    ("conditions", "exact"),
    [
        ((PAID, CAME, AS_MEMBER, NOT_BANNED, ADULT), True),
        ((PAID, Ever("members", EARLY)), True),
        ((any_of(PAID, CAME),), False),
        ((AS_MEMBER, Uncovered("visits[].came", "members", (GOLD,))), None),
        ((AS_MEMBER, Covered("visits[].came", "members")), False),
        ((Ever("members", EARLY), NOT_BANNED, Ever("bans", EARLY)), False),
        ((Is("members[].level", "gold"), Ever("members", EARLY)), False),
    ],
)
def test_whether_it_is_exact_is_decided_when_it_is_built(
    conditions: tuple[Condition, ...], exact: bool | None
) -> None:
    if exact is None:
        assert codes(*conditions) == ["definition-impossible"]
    else:
        assert club(*conditions).exact is exact


def test_the_proposed_class_is_exact_in_every_reading() -> None:
    definitions = [class_definition(reading) for reading in every_reading()]
    assert all(definition.exact for definition in definitions)
    assert len({definition.digest for definition in definitions}) == 96


def test_the_digest_is_of_the_meaning() -> None:
    assert club(PAID).digest == club(PAID).digest
    assert club(PAID).digest != club(Is("visits[].paid", False)).digest
    assert club(CAME).digest != club(Within("visits[].came", LATE)).digest


def test_conditions_as_data() -> None:
    condition = all_of(any_of(PAID, CAME), AS_MEMBER, Ever("bans", EARLY))
    assert list(leaves(condition)) == [PAID, CAME, AS_MEMBER, Ever("bans", EARLY)]
    assert disjuncts(condition) == (
        (PAID, AS_MEMBER, Ever("bans", EARLY)),
        (CAME, AS_MEMBER, Ever("bans", EARLY)),
    )
    assert paths(condition) == (
        "visits[].paid",
        "visits[].came",
        "members[]",
        "members[].level",
        "bans[]",
    )
    assert attrs.evolve(PAID, values=[False, True]).values == {False, True}


def verdict(definition: ClassDefinition, **known: Any) -> Any:
    return evaluate(Club(account_id="C-1", time_zone="UTC", **known), definition)


ALL = ["visits", "members", "bans"]


def test_a_definition_about_the_account_alone() -> None:
    definition = club(ADULT, Ever("members", EARLY, (GOLD,)))
    gold = [{"level": "gold", "start": "2019", "end": ".."}]
    assert verdict(definition, members=gold, about={"adult": True}).status is Status.ELIGIBLE
    out = verdict(definition, members=gold, about={"adult": False})
    assert [reason.facts for reason in out.reasons] == [("about.adult",)]
    late = verdict(definition, members=[{"level": "gold", "start": "2020"}], complete=ALL)
    assert late.status is Status.INELIGIBLE
    assert late.reasons[0].code == "c2"
    open_one = verdict(definition, members=gold)
    assert [question.paths for question in open_one.questions] == [("about.adult",)]
    assert open_one.scenarios.eligible_if.about.adult is True
    assert open_one.scenarios.ineligible_if.about.adult is False
    in_one = verdict(definition, members=gold, about={"adult": True})
    assert {path for reason in in_one.reasons for path in reason.facts} == {
        "about.adult",
        "members[0].level",
        "members[0].start",
    }


def test_either_of_two_ways_is_sound_but_not_exact() -> None:
    definition = club(any_of(PAID, Is("visits[].paid", False)))
    unknown = verdict(definition, visits=[{}], complete=ALL)
    assert unknown.status is Status.INDETERMINATE  # it is true in every world: not exact
    assert unknown.exact is False
    assert verdict(definition, visits=[{"paid": False}]).status is Status.ELIGIBLE
    assert verdict(definition, complete=ALL).status is Status.INELIGIBLE


def test_outside_the_fragment_every_unknown_fact_is_asked_for() -> None:
    definition = club(any_of(PAID, CAME), AS_MEMBER, ADULT)
    open_one = verdict(
        definition,
        visits=[{"came": "2019"}],
        members=[{"start": "2018", "end": "2019-06"}],
        complete=["members"],
    )
    asked = {path for question in open_one.questions for path in question.paths}
    assert asked == {
        "about.adult",
        "visits[0].paid",
        "visits[0].came",
        "members[0].level",
        "members[0].start",
        "members[0].end",
        "complete.visits",
    }
    for question in open_one.questions:
        for answer in question.answers:
            assert answer.refinement


def test_one_of_two_ways_may_be_about_the_account_alone() -> None:
    definition = club(any_of(all_of(ADULT, PAID), Is("about.resident", True)))
    resident = verdict(definition, about={"resident": True})
    assert resident.status is Status.ELIGIBLE
    open_one = verdict(definition, about={"adult": False})
    assert open_one.status is Status.INDETERMINATE
    assert open_one.scenarios.eligible_if.about.resident is True
    assert open_one.scenarios.ineligible_if.about.resident is False
    assert verdict(definition, about={"adult": False, "resident": False}).reasons[0].code == "c1"


def test_a_filter_that_lets_everything_through_asks_nothing() -> None:
    every_level = Is("members[].level", {"gold", "silver", "guest"})
    definition = club(PAID, Covered("visits[].came", "members", (every_level,)))
    open_one = verdict(
        definition,
        visits=[{"paid": True, "came": "2019-03-01T00:00:00Z"}],
        members=[{"start": "2018", "end": "2019"}],
        complete=ALL,
    )
    assert [question.paths for question in open_one.questions] == [("members[0].end",)]


def test_a_ban_that_counts_only_at_some_levels() -> None:
    definition = club(PAID, Uncovered("visits[].came", "bans", (GOLD_BAN,)))
    known = {"visits": [{"paid": True, "came": "2019-03-01T00:00:00Z"}], "complete": ALL}
    banned = {"start": "2018", "end": "2020"}
    assert verdict(definition, bans=[{**banned, "level": "guest"}], **known).status.value == (
        "eligible"
    )
    assert verdict(definition, bans=[{**banned, "level": "gold"}], **known).status.value == (
        "ineligible"
    )
    open_one = verdict(definition, bans=[banned], **known)
    assert [question.paths for question in open_one.questions] == [("bans[0].level",)]
    assert open_one.scenarios.eligible_if.bans[0].level != "gold"
    assert open_one.scenarios.ineligible_if.bans[0].level == "gold"


def test_the_account_must_ever_have_had_a_span_at_some_time() -> None:
    middle = TimeSet.of((at("2019-02"), at("2019-04") - 1))
    definition = club(Ever("members", middle))
    spans = [{"start": "2018", "end": "2019-03"}, {"start": "2019-03", "end": "2021"}]
    for span in spans:
        assert verdict(definition, members=[span]).status is Status.ELIGIBLE
    for span, path in (
        ({"start": "2018", "end": "2019"}, "members[0].end"),
        ({"start": "2019", "end": "2020"}, "members[0].start"),
    ):
        open_one = verdict(definition, members=[span], complete=ALL)
        assert [question.paths for question in open_one.questions] == [(path,)]
        answers = {Status.of(answer.truth) for answer in open_one.questions[0].answers}
        assert answers & {Status.ELIGIBLE, Status.INELIGIBLE}


@pytest.mark.parametrize(
    "asked",
    [
        Is("visits[].paid", {True, False}),
        Is("visits[].kind", {"short", "long"}),
        Is("about.adult", {True, False}),
    ],
)
def test_what_is_true_of_every_value_asks_for_nothing(asked: Is) -> None:
    definition = club(CAME, asked)
    assert definition.exact
    early = [{"came": "2019"}]
    assert verdict(definition, visits=early).status is Status.ELIGIBLE
    assert verdict(definition, visits=[{"came": "2021"}], complete=ALL).status is Status.INELIGIBLE
    open_one = verdict(definition, visits=[{}], complete=ALL)
    assert [question.paths for question in open_one.questions] == [("visits[0].came",)]


def test_asking_for_any_record_asks_for_a_record() -> None:
    definition = club(Is("visits[].paid", {True, False}))
    assert verdict(definition, visits=[{}]).status is Status.ELIGIBLE
    assert verdict(definition, complete=ALL).status is Status.INELIGIBLE
    open_one = verdict(definition)
    assert open_one.status is Status.INDETERMINATE
    assert len(open_one.scenarios.eligible_if.visits) == 1


def test_a_filter_of_all_values_is_no_filter() -> None:
    every = (Is("members[].level", {"gold", "silver", "guest"}),)
    known = {
        "visits": [{"came": "2019-03-01"}],
        "members": [{"start": "2018", "end": "2020"}],
        "complete": ALL,
    }
    inside = club(Covered("visits[].came", "members", every))
    assert verdict(inside, **known).status is Status.ELIGIBLE
    outside = club(Uncovered("visits[].came", "members", every))
    assert verdict(outside, **known).status is Status.INELIGIBLE


def test_covered_by_some_of_what_it_must_not_be_covered_by_is_impossible() -> None:
    assert codes(AS_MEMBER, Uncovered("visits[].came", "members")) == ["definition-impossible"]
    wider = Is("members[].level", {"gold", "silver"})
    assert codes(AS_MEMBER, Uncovered("visits[].came", "members", (wider,))) == [
        "definition-impossible"
    ]
    other = Is("members[].level", "silver")
    assert not club(AS_MEMBER, Uncovered("visits[].came", "members", (other,))).exact


def test_outside_the_fragment_a_scenario_that_is_not_found_is_left_out() -> None:
    definition = club(Uncovered("visits[].came", "members"), Ever("members", TimeSet.ALL))
    document = verdict(definition).to_dict()
    assert document["status"] == "indeterminate"
    assert document["exact"] is False
    silver = Is("members[].level", "silver")
    mixed = club(AS_MEMBER, Uncovered("visits[].came", "members", (silver,)))
    both = verdict(mixed, visits=[{"came": "2019"}], members=[{"start": "2018"}]).scenarios
    for scenario, status in (
        (both.eligible_if, Status.ELIGIBLE),
        (both.ineligible_if, Status.INELIGIBLE),
    ):
        assert scenario is None or evaluate(scenario, mixed).status is status


def test_a_definition_is_shown_by_its_name_and_reading() -> None:
    assert repr(club(Is("about.adult", True))) == "<ClassDefinition club, version 1>"
