"""What a witness changes: what it takes, and nothing that is so already."""

from typing import Any

import pytest
from small_case import Club, at, club

from eligibility import Condition, Covered, Ever, Is, Status, TimeSet, Uncovered, evaluate

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
