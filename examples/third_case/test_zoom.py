# ruff: noqa: D103 - the names of tests say what they test
"""The third class, clause by clause. Every history here is fictional."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zoom import COUNTS, NOTICE, PERIOD, ZoomHistory, zoom_class

from eligibility import Moment, Status, evaluate, read_history
from eligibility.testing.laws import check_laws
from eligibility.text.prose import verdict_text

IN, OUT, OPEN = Status.ELIGIBLE, Status.INELIGIBLE, Status.INDETERMINATE
FIRST, LAST = PERIOD.spans[0]
PERSON = {
    "in_united_states": True,
    "officer_of_zoom": False,
    "of_the_court": False,
    "asked_to_be_left_out": False,
}
ACCOUNTS = ("own", "none", "organisation", "enterprise", "government")


def history(use: Mapping[str, Any] = {}, **more: object) -> ZoomHistory:
    """Somebody who is in the class, but for what is given."""
    data = {
        "account_id": "FICTIONAL",
        "uses": [{"through": "own", "used_at": "2020-04", **use}],
        "person": PERSON,
        "complete": ["uses"],
    }
    return ZoomHistory.model_validate(data | more)


def status(known: ZoomHistory) -> Status:
    return evaluate(known, zoom_class()).status


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ({}, IN),
        ({"through": "none"}, IN),
        ({"through": ["own", "organisation"]}, IN),
        ({"through": "enterprise"}, OUT),
        ({"through": ["enterprise", "government"]}, OUT),
        ({"through": ["organisation", "enterprise"]}, OPEN),
        ({"through": None}, OPEN),
        ({"used_at": "2016-03-29"}, OUT),
        ({"used_at": "2016-03-30"}, IN),
        ({"used_at": "2021-07-30T23:59:59.999999-07:00"}, IN),
        ({"used_at": "2021-07-31T00:00:00-07:00"}, OUT),
        ({"used_at": "2016"}, OPEN),
        ({"used_at": None}, OPEN),
    ],
)
def test_each_clause(use: dict[str, Any], expected: Status) -> None:
    assert status(history(use)) is expected


@pytest.mark.parametrize("name", PERSON)
def test_each_fact_of_the_person(name: str) -> None:
    is_asked_for = name == "in_united_states"
    for answer, expected in ((True, OUT), (False, IN), (None, OPEN)):
        wanted = answer if not is_asked_for or answer is None else not answer
        assert status(history(person=PERSON | {name: wanted})) is expected
        assert zoom_class().speaking_of(f"person.{name}")


def test_whoever_has_only_enterprise_uses_is_out_and_with_one_other_in() -> None:
    work = {"through": "enterprise", "used_at": "2020-04"}
    assert status(history(uses=[work, work])) is OUT
    assert status(history(uses=[work, {"through": "none", "used_at": "2020-05"}])) is IN
    assert status(history(uses=[work, {"through": "none", "used_at": "2022"}])) is OUT
    assert status(history(uses=[work], complete=[])) is OPEN


def test_a_use_that_nobody_had_is_said_once() -> None:
    where = {"through": sorted(COUNTS), "used_at": "2016-03-30/2021-07-30"}
    assert status(history(uses=[], complete=[{"list": "uses", "where": where}])) is OUT


def test_the_laws_hold() -> None:
    assert zoom_class().exact
    check_laws(zoom_class(), settings=settings(max_examples=10, derandomize=True, database=None))


def test_the_example_says_who_could_know() -> None:
    file = Path(__file__).parent / "work_account.json"
    told = verdict_text(evaluate(read_history(file.read_bytes(), ZoomHistory), zoom_class()))
    assert "Whoever runs the user's Zoom account could show which account the use" in told
    assert "a work or school account that is not Enterprise-Level: eligible" in told
    assert NOTICE in told


# ---- the same by listing worlds, on the five instants about the start of the period ----

GRID = range(FIRST - 2, FIRST + 3)
bounds = st.sampled_from([(a, b) for a in GRID for b in GRID if a <= b])
through = st.lists(st.sampled_from(ACCOUNTS), min_size=1, unique=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(through, bounds), max_size=3))
def test_status_is_what_listing_all_worlds_says(
    uses: list[tuple[list[str], tuple[int, int]]],
) -> None:
    one_by_one = [product(some, range(a, b + 1)) for some, (a, b) in uses]
    found = {
        any(account in COUNTS and at >= FIRST for account, at in world)
        for world in product(*one_by_one)
    }
    expected = OPEN if len(found) == 2 else IN if True in found else OUT
    listed = [{"through": t, "used_at": Moment.between(*at).text} for t, at in uses]
    assert status(history(uses=listed)) is expected
