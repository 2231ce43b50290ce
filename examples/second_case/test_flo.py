# ruff: noqa: D103 - the names of tests say what they test
"""The second class, clause by clause. Every history here is fictional."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flo import NOTICE, PERIOD, FloHistory, flo_class
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import Moment, Status, evaluate, read_history, refine
from eligibility.facts.normalise import normalise
from eligibility.interview import Interview
from eligibility.interview.words import Words
from eligibility.text.definition_prose import definition_sections
from eligibility.text.prose import verdict_text
from eligibility.text.section import joined

HERE = Path(__file__).parent
Span: TypeAlias = tuple[str | None, tuple[int, int], tuple[int, int]]

IN, OUT, OPEN = Status.ELIGIBLE, Status.INELIGIBLE, Status.INDETERMINATE
FIRST, LAST = PERIOD.spans[0]
NOT_EXCLUDED = dict.fromkeys(FloHistory.model_fields["exclusions"].default.model_dump(), False)


def history(
    entry: Mapping[str, Any] = {}, residence: Mapping[str, Any] = {}, **more: object
) -> FloHistory:
    """An account that is in the class and in the subclass, but for what is given."""
    data = {
        "account_id": "FICTIONAL",
        "entries": [{"kind": "menstruation", "entered_at": "2018-06-01", **entry}],
        "residences": [{"place": "california", "start": "2015", "end": "..", **residence}],
        "exclusions": NOT_EXCLUDED,
        "complete": ["entries", "residences"],
    }
    return FloHistory.model_validate(data | more)


def statuses(known: FloHistory) -> tuple[Status, ...]:
    """The status in the class, and in the California subclass."""
    return tuple(evaluate(known, flo_class(california=just)).status for just in (False, True))


def test_a_californian_is_in_the_class_and_in_the_subclass() -> None:
    assert statuses(history()) == (IN, IN)


@pytest.mark.parametrize(
    ("entry", "residence", "expected"),
    [
        ({"kind": "pregnancy"}, {}, (IN, IN)),
        ({"kind": "other"}, {}, (OUT, OUT)),
        ({"kind": None}, {}, (OPEN, OPEN)),
        ({}, {"place": "elsewhere_in_us"}, (IN, OUT)),
        ({}, {"place": "outside_us"}, (OUT, OUT)),
        ({}, {"place": None}, (OPEN, OPEN)),
        ({}, {"end": "2018-05-31"}, (OUT, OUT)),
        ({}, {"end": "2018-06-02"}, (IN, IN)),
        ({}, {"end": "2018-06-01"}, (OPEN, OPEN)),
        ({}, {"end": None}, (OPEN, OPEN)),
        ({}, {"start": "2018-06-02"}, (OUT, OUT)),
        ({"entered_at": "2020"}, {}, (OUT, OUT)),
        ({"entered_at": "2019"}, {}, (OPEN, OPEN)),
        ({"entered_at": None}, {}, (OPEN, OPEN)),
    ],
)
def test_each_clause(
    entry: dict[str, str], residence: dict[str, str], expected: tuple[Status, Status]
) -> None:
    assert statuses(history(entry, residence)) == expected


@pytest.mark.parametrize(
    ("entered_at", "expected"),
    [
        ("2016-10-31T23:59:59.999999-07:00", OUT),
        ("2016-11-01T00:00:00-07:00", IN),
        ("2019-02-28T23:59:59.999999-08:00", IN),
        ("2019-03-01T00:00:00-08:00", OUT),
        ("2016-10-31", OUT),
        ("2016-11-01", IN),
        ("2016-11", IN),
        ("2019-02-28", IN),
        ("2019-03-01", OUT),
        ("2016-10-31/2016-11-01", OPEN),
        ("2019-02-28/2019-03-01", OPEN),
    ],
)
def test_the_period_is_inclusive_in_the_zone_of_the_court(
    entered_at: str, expected: Status
) -> None:
    assert statuses(history({"entered_at": entered_at})) == (expected, expected)


def test_a_day_elsewhere_is_another_day() -> None:
    for time, expected in (("16:59:59.999999", IN), ("17:00:00", OUT)):
        known = history({"entered_at": f"2019-03-01T{time}"}, time_zone="Asia/Tokyo")
        assert statuses(known) == (expected, expected)


@pytest.mark.parametrize("name", NOT_EXCLUDED)
def test_each_exclusion(name: str) -> None:
    for answer, expected in ((True, OUT), (False, IN), (None, OPEN)):
        known = history(exclusions=NOT_EXCLUDED | {name: answer})
        assert statuses(known) == (expected, expected)
        assert flo_class().speaking_of(f"exclusions.{name}")


def test_lists_that_may_lack_records_leave_it_open() -> None:
    assert statuses(history(entries=[], complete=["residences"])) == (OPEN, OPEN)
    assert statuses(history({"kind": "other"}, complete=["residences"])) == (OPEN, OPEN)
    assert statuses(history(residences=[], complete=["entries"])) == (OPEN, OPEN)
    assert statuses(history(residences=[])) == (OUT, OUT)
    assert statuses(history(complete=[])) == (IN, IN)


def test_both_definitions_are_in_the_exact_fragment() -> None:
    assert flo_class().exact
    assert flo_class(california=True).exact


def test_reasons_name_the_records() -> None:
    verdict = evaluate(history({"id": "e1", "source": "export, fictional"}), flo_class())
    assert [reason.code for reason in verdict.reasons][:3] == [
        "united-states",
        "information",
        "period",
    ]
    cited = {path for reason in verdict.reasons for path in reason.facts}
    assert {"entries[0].kind", "entries[0].entered_at", "residences[0].place"} <= cited
    assert verdict.evidence("entries[0].kind").source == "export, fictional"


@pytest.mark.parametrize("name", ["moved.json", "last_day.json"])
@pytest.mark.parametrize("california", [False, True])
def test_answers_lead_where_they_say(name: str, california: bool) -> None:  # noqa: FBT001 - a parameter of the test

    known = read_history((HERE / name).read_bytes(), FloHistory)
    definition = flo_class(california=california)
    verdict = evaluate(known, definition)
    assert (verdict.status is OPEN) == bool(verdict.questions) == bool(verdict.scenarios)
    for question in verdict.questions:
        for answer in question.answers:
            known_then = refine(known, answer.refinement)
            assert evaluate(known_then, definition).status is Status.of(answer.truth)
    if verdict.scenarios:
        assert verdict.scenarios.eligible_if
        assert verdict.scenarios.ineligible_if
        assert evaluate(verdict.scenarios.eligible_if, definition).status is IN
        assert evaluate(verdict.scenarios.ineligible_if, definition).status is OUT


def test_who_moved_within_the_country_that_month_is_surely_only_in_the_class() -> None:
    data = json.loads((HERE / "moved.json").read_text(encoding="utf-8"))
    data["residences"][1]["start"] = "2018-05-31"
    assert statuses(FloHistory.model_validate(data)) == (IN, OPEN)


def test_somebody_who_did_not_move_away_says_so() -> None:
    moved = {"place": "california", "start": "2015"}
    known = FloHistory(account_id="FICTIONAL", residences=[moved], complete=["residences"])
    asked = Interview.start(known, flo_class()).dont_know().question
    assert asked is not None
    assert asked.text == "When did you move away?"
    assert [answer.text for answer in asked.answers] == ["I still live there"]
    theirs = Words(known, normalise(known), is_claimant=False)
    assert theirs.not_ended("residences") == "It has not ended"


def test_the_schema_describes_the_history() -> None:
    schema = FloHistory.model_json_schema()
    names, *statements = schema["properties"]["complete"]["items"]["anyOf"]
    assert names["enum"] == ["entries", "residences"]
    assert len(statements) == 2
    assert "california" in json.dumps(schema["$defs"]["Residence"])


def test_the_prose_quotes_the_definition_and_says_what_it_means() -> None:
    text = joined(definition_sections(flo_class(california=True)))
    for step in flo_class(california=True).steps:
        assert step.text in text
        assert step.citation.quote in text
    assert "the entry was entered between 1 November 2016 and 28 February 2019" in text
    told = verdict_text(evaluate(history({"kind": None}), flo_class()))
    assert "What was this entry about?" in told
    assert NOTICE in told


# ---- the same by listing worlds, on the five instants about the start of the period ----

GRID = range(FIRST - 2, FIRST + 3)
PLACES = ("california", "elsewhere_in_us", "outside_us")
bounds = st.sampled_from([(a, b) for a in GRID for b in GRID if a <= b])
known_kinds = st.sampled_from([None, "menstruation", "other"])
lived = st.tuples(st.sampled_from([None, *PLACES]), bounds, bounds).filter(
    lambda span: span[1][0] <= span[2][1]
)


def worlds(span: Span) -> Iterator[tuple[str, int, int]]:
    place, start, end = span
    for a, b in product(range(start[0], start[1] + 1), range(end[0], end[1] + 1)):
        if a <= b:
            for there in [place] if place else PLACES:
                yield there, a, b


def by_listing(
    kind: str | None, entered: tuple[int, int], spans: list[Span], places: tuple[str, ...]
) -> Status:
    found = set()
    for at in range(entered[0], entered[1] + 1):
        for world in product(*(worlds(span) for span in spans)):
            covered = any(place in places and a <= at <= b for place, a, b in world)
            for what in [kind] if kind else ["menstruation", "other"]:
                found.add(covered and what == "menstruation" and at >= FIRST)
    return OPEN if len(found) == 2 else IN if True in found else OUT


@settings(max_examples=150, deadline=None)
@given(known_kinds, bounds, st.lists(lived, max_size=2))
def test_status_is_what_listing_all_worlds_says(
    kind: str | None, entered: tuple[int, int], spans: list[Span]
) -> None:
    known = history(
        {"kind": kind, "entered_at": Moment.between(*entered).text},
        residences=[
            {"place": p, "start": Moment.between(*a).text, "end": Moment.between(*b).text}
            for p, a, b in spans
        ],
    )
    expected = tuple(by_listing(kind, entered, spans, p) for p in (PLACES[:2], PLACES[:1]))
    assert statuses(known) == expected
