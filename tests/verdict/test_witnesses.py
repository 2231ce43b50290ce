"""What a witness changes: what it takes, and nothing that is so already."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from small_case import Club, at, club
from small_worlds import Worlds, instant, random_history
from workshop import Workshop, all_extended, workshop

from eligibility import Condition, Covered, Ever, Is, Status, TimeSet, Uncovered, evaluate
from eligibility.values.timeline import write_instant

ADULT = Is("about.adult", True)
GOLD = (Is("members[].level", "gold"),)
EARLY = TimeSet.before(at("2020"))
VISIT = {"came": "2018-06"}
PERHAPS = {"start": "2018", "end": "2019"}
SURELY = {"level": "gold", "start": "2017", "end": "2019"}
GUEST = {"level": "guest", "start": "2017", "end": "2019"}

#: A condition that is surely met by the second span, or by neither; the first one could do so too.
MET_ALREADY: dict[str, tuple[Condition, list[dict[str, Any]]]] = {
    "a span that there ever was": (Ever("members", EARLY, GOLD), [PERHAPS, SURELY]),
    "a span that covers": (Covered("visits[].came", "members", GOLD), [PERHAPS, SURELY]),
    "no span that covers": (
        Uncovered("visits[].came", "members", GOLD),
        [{"start": "2020", "end": "2021"}, GUEST],
    ),
}


@pytest.mark.parametrize("kind", MET_ALREADY)
def test_a_witness_leaves_alone_what_meets_a_clause_already(kind: str) -> None:
    condition, members = MET_ALREADY[kind]
    history = Club.model_validate(
        {
            "account_id": "C-1",
            "time_zone": "UTC",
            "visits": [VISIT],
            "members": members,
            "complete": ["members", "bans"],
        }
    )
    verdict = evaluate(history, club(ADULT, condition))
    assert verdict.status is Status.INDETERMINATE
    scenarios = verdict.scenarios
    assert scenarios is not None
    assert scenarios.eligible_if is not None
    assert scenarios.eligible_if.model_dump(exclude={"about"}) == history.model_dump(
        exclude={"about"}
    )
    assert scenarios.ineligible_if is not None
    assert evaluate(scenarios.ineligible_if, verdict.definition).status is Status.INELIGIBLE


FULL = (Is("warranties[].level", "full"),)
COVERED = workshop(
    Covered("repairs[].broke", "warranties", FULL), Covered("repairs[].fixed", "warranties", FULL)
)
EXTENDED = all_extended(instant(2))


@pytest.mark.parametrize(
    ("others", "warranties"),
    [
        ([], []),
        (
            [{"level": "none"}, {"start": f"{write_instant(instant(2))}/.."}],
            [{"start": "2019", "end": "2021", "extended": True, "extended_on": "2019-06"}],
        ),
    ],
    ids=["some may be", "as supposed there are no more"],
)
def test_a_witness_says_what_is_supposed_of_spans_so_that_it_holds_without_it(
    others: list[dict[str, Any]], warranties: list[dict[str, Any]]
) -> None:
    """As supposed, nobody can have another warranty that began in time; without that, they can."""
    history = Workshop.model_validate(
        {
            "account_id": "W-1",
            "repairs": [
                {"part": "brake", "mended": True, "broke": "2020-01", "fixed": "2020-09-30"}
            ],
            "warranties": warranties,
            "complete": [
                "recalls",
                *(
                    {"list": "warranties", "where": where}
                    for where in ({"extended_on": "../2020-12"}, *others)
                ),
            ],
        }
    )
    assert evaluate(history, COVERED, supposing=EXTENDED).status is Status.INDETERMINATE
    assert_witnessed(history)


def test_witnesses_hold_whatever_is_supposed_of_spans() -> None:
    rng, seen = Random("supposed of spans"), Counter[str]()
    while seen[Status.INDETERMINATE.value] < 40:
        history = random_history(rng, Workshop, most=rng.choice([1, 2, 3]))
        if Worlds(history, EXTENDED).count:
            seen[evaluate(history, COVERED, supposing=EXTENDED).status.value] += 1
            assert_witnessed(history)


def assert_witnessed(history: Workshop) -> None:
    """Each scenario is what it is called, as supposed and without that."""
    verdict = evaluate(history, COVERED, supposing=EXTENDED)
    if (scenarios := verdict.scenarios) is None:
        return
    for scenario, status in (
        (scenarios.eligible_if, Status.ELIGIBLE),
        (scenarios.ineligible_if, Status.INELIGIBLE),
    ):
        assert scenario is not None
        assert evaluate(scenario, COVERED, supposing=EXTENDED).status is status
        assert evaluate(scenario, COVERED).status is status
