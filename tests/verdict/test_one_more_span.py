"""Whether a span that nobody listed matters, where it is stated which spans are all listed."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from small_case import Club, club

from eligibility import AccountHistory, Condition, Covered, Is, Uncovered, evaluate
from eligibility.evaluation.work import Work
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import field_of
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST, write_instant
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.relevance import Relevance, relevant_facts
from eligibility.verdict.turning import one_more_span
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.let_in import instants_of
from eligibility.verdict.turning.taken import Taken

START = 1_600_000_000_000_000
CAME = "visits[].came"


@pytest.mark.parametrize(
    ("where", "matters"),
    [
        pytest.param({"start": "2023"}, True, id="all are listed that began in its year"),
        pytest.param({"end": "2023-06-01"}, True, id="all are listed that ended on the same day"),
        pytest.param({"start": "../2023-06-01"}, False, id="all are listed that could cover it"),
    ],
)
def test_premium_may_have_lasted_longer_than_all_that_is_listed(
    where: dict[str, str], matters: bool
) -> None:
    """The shortest that covers the day of sharing is listed if there is one; a longer need not be.

    It was not asked whether there was one, though the status can turn on nothing else.
    """
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "messages": [{"inmail": True, "shared": True, "shared_at": "2023-06-01"}],
            "complete": ["messages", "permissions", {"list": "premium", "where": where}],
        }
    )
    asked = {question.paths[0] for question in evaluate(history).questions}
    assert ("complete.premium" in asked) is matters


# ---- of a small club, by what can be known of a span that nobody listed --------------------------


def at(first: int | None, last: int | None) -> str:
    """Bounds on a short axis of microseconds."""
    ends = (".." if x is None else write_instant(START + x) for x in (first, last))
    return "/".join(ends)


def asked_of(facts: Mapping[str, Any], known: set[str], *conditions: Condition) -> set[str]:
    """What is asked of a club, of all that can be known."""
    lists = {"visits": [{"came": at(2, 3)}], "members": [], "bans": []}
    history = Club.model_validate({"account_id": "C-1", **lists, **facts})

    found = relevant_facts(normalise(history), club(*conditions), known.__contains__)
    return {fact.path for fact in found}


def all_but(name: str, **where: Any) -> list[Any]:
    """That all lists are complete, but for one, of which all that meet conditions are listed."""
    others = [each for each in ("visits", "members", "bans") if each != name]
    return [*others, {"list": name, "where": where}] if where else others


def test_nobody_can_say_in_which_way_a_span_escapes_what_is_stated() -> None:
    """It is silver, or began by 0: only of the second kind would it cover the visit."""
    covered = Covered(CAME, "members", (Is("members[].level", "gold"),))
    stated = all_but("members", level="gold", start=at(1, None))
    told_apart = {f"members[].{key}" for key in ("level", "start", "end")}
    facts = {"complete": stated, "visits": [{"came": at(2, 2)}]}
    whole = {"complete.members"}
    assert asked_of(facts, whole | told_apart, covered) == whole
    assert asked_of(facts, whole, covered) == whole  # it is out of the class if there is none
    uncovered = Uncovered(CAME, "bans", (Is("bans[].level", "gold"),))
    stated = all_but("bans", level="gold", start=at(1, None))
    assert asked_of({**facts, "complete": stated}, {"complete.bans"}, uncovered) == {
        "complete.bans"
    }


def test_many_spans_of_which_one_end_can_be_known_cover_what_none_covers_alone() -> None:
    """Each surely covers the instant at which it began; with one at 2 and one at 3, both."""
    vague = {"start": at(0, 9), "end": at(0, 9)}  # so that the visit may be in anyway
    facts = {"complete": all_but("members", end=at(None, 0)), "members": [vague]}
    known = {"complete.members", "members[].start"}
    assert asked_of(facts, known, Covered(CAME, "members")) == {"complete.members"}
    assert asked_of(facts, {"complete.members"}, Covered(CAME, "members")) == set()


def test_two_more_may_cover_what_no_one_of_them_may() -> None:
    """All are listed that began by 2 and ended later; so one ended at 2, and another began at 3."""
    vague = {"start": at(0, 9), "end": at(0, 9)}  # so that the visit may be in anyway
    facts = {"complete": all_but("members", start=at(None, 2), end=at(3, None)), "members": [vague]}
    known = {"complete.members", *(f"members[].{key}" for key in ("level", "start", "end"))}
    assert asked_of(facts, known, Covered(CAME, "members")) == {"complete.members"}


def test_a_ban_that_may_lie_on_either_side_keeps_nobody_out_for_sure() -> None:
    """It began by 0 and ended by then or long after: so a visit at 2 or 3 may be out, or not."""
    facts = {"complete": all_but("bans", start=at(1, None)), "visits": [{"came": at(2, 3)}]}
    stated = [*facts["complete"], {"list": "bans", "where": {"end": at(1, 2)}}]
    known = {"complete.bans", "visits[0].came"}
    assert asked_of({**facts, "complete": stated}, known, Uncovered(CAME, "bans")) == {
        "complete.bans"
    }


def test_the_last_instant_may_be_that_from_which_all_are_counted() -> None:
    """One more member matters from the first visit to the second, which is at instant 0."""
    came = [Moment.at(-2_000_000), Moment.at(0)]
    history = Club(
        account_id="C-1", visits=[{"came": each} for each in came], complete=["visits", "bans"]
    )
    definition = club(Covered(CAME, "members"))
    where = Relevance(normalise(history), definition, can_be_asked(Club)).where("members")
    assert where == {"start": (EARLIEST, 0), "end": (-2_000_000, LATEST)}


@pytest.mark.parametrize("premium_when", ["shared", "messaged"])
@pytest.mark.parametrize("is_supposed", [False, True])
def test_nothing_is_asked_of_the_years_in_which_the_calendar_begins_or_ends(
    premium_when: str, is_supposed: bool
) -> None:
    """It was asked 'Did this subscription begin before 2 January 1900?' of messages without a date.

    It matters then as well, but just as much at the update.
    """
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career"}],
            "messages": [{"inmail": True}],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    definition = class_definition(Reading.of(premium_when=premium_when))
    verdict = evaluate(history, definition, supposing=AS_ALLEGED if is_supposed else None)
    (start,) = [q.text for q in verdict.questions if q.paths == ("premium[0].start",)]
    assert start == "Did this subscription begin before 18 September 2024?"
    years = {int(year) for q in verdict.questions for year in re.findall(r"\d{4}", q.text)}
    assert years <= {2024}


def test_a_span_is_told_apart_by_what_is_asked_of_none() -> None:
    """A golden one ended by 1, as all others are listed that ended later: so it covers 1 alone."""
    stated = [*all_but("bans", start=at(None, 0)), {"list": "bans", "where": {"level": "gold"}}]
    stated[-1]["where"]["end"] = at(2, None)
    facts = {"complete": stated, "visits": [{"came": at(1, 1)}]}
    known = {"complete.bans", "bans[].level"}
    assert asked_of(facts, known, Uncovered(CAME, "bans")) == {"complete.bans"}


def test_of_what_a_span_may_be_not_all_can_be_at_once() -> None:
    """It is golden and ended by 0, or another one at any time: it covers no visit at 1."""
    golden = (Is("members[].level", "gold"),)
    stated = all_but("members", level=["gold", "silver"], end=at(1, None))
    facts = {"complete": stated, "visits": [{"came": at(0, 1)}]}
    known = {"complete.members", "visits[0].came"}
    assert asked_of(facts, known, Covered(CAME, "members", golden)) == known


def test_a_span_that_may_be_one_of_several_is_not_beaten_by_a_shorter_one() -> None:
    """Another member covers the visit, if at all, by less; so the one more has to be tried too."""
    golden = (Is("members[].level", "gold"),)
    stated = all_but("members", start=at(0, 2))
    facts = {
        "complete": stated,
        "visits": [{"came": at(0, 0)}],
        "members": [{"start": at(0, 2), "end": at(2, 2)}],
    }
    known = {"complete.members", "members[].level", "members[0].level"}
    assert asked_of(facts, known, Covered(CAME, "members", golden)) == {
        "complete.members",
        "members[0].level",
    }


# ---- how much is looked at for when it was -------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "surely", "hull", "looked"),
    [
        pytest.param(
            {"date_limits": "message"},
            True,
            (Moment.parse("2023-05-04T00:30Z").earliest, LATEST),
            {"_could_be_sure": 25, "_with_one_more": 1},
            id="no later end could be than the last, so one way is made",
        ),
        pytest.param(
            {},
            False,
            (None, None),
            {"is_from": 6, "_with_one_more": 6},
            id="from when on another one is in is found by halves",
        ),
    ],
)
def test_one_more_span_is_looked_for_from_either_end(
    monkeypatch: pytest.MonkeyPatch,
    reading: dict[str, str],
    surely: bool,
    hull: tuple[int | None, int | None],
    looked: dict[str, int],
) -> None:
    hours = (f"2023-05-04T{hour:02}:30Z" for hour in range(24))
    days = ("2023-02-02", "2023-07-02")
    history = AccountHistory(
        account_id="A-1001",
        premium=[
            {"plan": "premium_career", "start": f"../{day}", "end": f"{day}/.."} for day in days
        ],
        messages=[{"inmail": True, "shared": True, "sent_at": hour} for hour in hours],
        complete=["permissions"],
    )
    definition, known = class_definition(Reading.of(**reading)), can_be_asked(AccountHistory)
    (disjunct,) = definition.normal_form.disjuncts
    turning = Turning(normalise(history), definition, disjunct, known, surely, Work(100_000))
    counted: Counter[str] = Counter()

    def count(of: Any, name: str) -> None:
        found = getattr(of, name)
        monkeypatch.setattr(of, name, lambda *args: counted.update([name]) or found(*args))

    count(Contenders, "_could_be_sure")
    count(Taken, "is_from")
    (leaf,) = (each for each in turning.leaves if each.spans == "premium")
    first = one_more_span._end_of_one_more(turning, leaf, 0)
    counted["is_from"] = 0
    count(one_more_span, "_with_one_more")
    assert (first, one_more_span._end_of_one_more(turning, leaf, 1)) == hull
    instants = instants_of(turning, field_of(leaf.moment))
    assert len(instants) > 70
    assert instants_of(turning, field_of(leaf.moment)) is instants
    assert +counted == looked
