"""What a definition means in one world: plain two-valued logic."""

import pytest
from small_case import Club, at, club

from eligibility import Covered, Ever, Is, TimeSet, Uncovered, Within, all_of, any_of, refine
from eligibility.audit.worlds import clauses_met, holds, in_class, is_world
from eligibility.facts.paths import answer_at
from eligibility.values.timeline import EARLIEST

LISTS = ("visits", "members", "bans")
VISIT = {"kind": "short", "paid": True, "came": "2020-06-01T00:00:00Z"}
WORLD = Club(
    account_id="C-1",
    time_zone="UTC",
    visits=[VISIT],
    members=[{"level": "gold", "start": "2020-06-01T00:00:00Z", "end": "2020-06-01T00:00:00Z"}],
    bans=[{"level": "guest", "start": "2020-06-01T00:00:00.000001Z", "end": ".."}],
    about={"adult": True, "resident": False},
    complete=LISTS,
)
CAME = "visits[].came"
BEFORE = TimeSet.of((EARLIEST, at("2020-06-01")))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Is("visits[].kind", "short"), True),
        (Is("visits[].kind", "long"), False),
        (Is("about.adult", True), True),
        (Is("about.resident", True), False),
        (Within(CAME, BEFORE), True),
        (Within(CAME, ~BEFORE), False),
        (Covered(CAME, "members"), True),
        (Covered(CAME, "members", (Is("members[].level", {"silver"}),)), False),
        (Covered(CAME, "bans"), False),
        (Uncovered(CAME, "bans"), True),
        (Uncovered(CAME, "members"), False),
        (Ever("members", BEFORE), True),
        (Ever("bans", BEFORE), False),
        (Ever("bans", ~BEFORE, (Is("bans[].level", {"gold"}),)), False),
        (all_of(Is("visits[].paid", True), Is("visits[].kind", "long")), False),
        (any_of(Is("visits[].paid", True), Is("visits[].kind", "long")), True),
    ],
)
def test_each_condition(condition: object, expected: bool) -> None:
    assert holds(condition, WORLD.visits[0], WORLD) is expected
    assert in_class(WORLD, club(condition)) is expected


def test_some_one_record_must_meet_all_clauses() -> None:
    two = refine(
        WORLD.model_copy(update={"complete": ("members", "bans")}),
        {"visits[1]": VISIT | {"paid": False}, "complete.visits": True},
    )
    wanted = club(Is("visits[].paid", False), Is("visits[].kind", "short"))
    assert in_class(two, wanted)
    assert clauses_met(two, club(Is("visits[].paid", False), Is("visits[].kind", "long"))) == (
        True,
        False,
    )


def test_a_clause_about_the_account_needs_no_record() -> None:
    nobody = WORLD.model_copy(update={"visits": ()})
    definition = club(Is("about.adult", True), Is("visits[].paid", {True, False}))
    assert clauses_met(nobody, definition) == (True, False)
    either = club(any_of(Is("visits[].paid", True), Is("about.adult", True)))
    assert clauses_met(nobody, either) == (True,)


def test_a_world_has_nothing_open() -> None:
    assert is_world(WORLD)
    for changed in (
        {"complete": LISTS[:2]},
        {"about": {"adult": True}},
        {"visits": [VISIT | {"paid": None}]},
        {"visits": [VISIT | {"came": "2020-06-01"}]},
        {"visits": [VISIT | {"came": None}]},
        {"members": [{"level": "gold", "start": "2020-06-01T00:00:00Z"}]},
    ):
        assert not is_world(Club.model_validate(WORLD.model_dump(mode="json") | changed))


def test_a_span_without_an_end_is_no_world() -> None:
    open_one = WORLD.model_copy(update={"members": (type(WORLD.members[0])(level="gold"),)})
    with pytest.raises(ValueError, match="start and an end"):
        in_class(open_one, club(Covered(CAME, "members")))


def test_answers() -> None:
    assert answer_at("about.adult", WORLD) is True
    assert answer_at("about.adult", Club(account_id="C-1")) is None
