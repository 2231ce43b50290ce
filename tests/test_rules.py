"""The rules: readings, the case record, the supposition, and the survey over all readings."""

import hashlib
from typing import Any

import pytest
import rfc8785
from attrs import evolve
from small_case import Club, club

from eligibility import (
    AccountHistory,
    InvalidHistory,
    Status,
    TimeSet,
    UnknownReading,
    Within,
    evaluate,
    survey,
)
from eligibility.api import reading_of_case
from eligibility.facts.boxes import Box
from eligibility.facts.normalise import normalise
from eligibility.facts.shape import shape
from eligibility.facts.written import digest
from eligibility.history import Message
from eligibility.rules import (
    AS_ALLEGED,
    CASE,
    DIMENSIONS,
    EXCLUDED,
    NOTICE,
    PREMIUM_PLANS,
    READING_SOURCES,
    UPDATE_DAY_BEGINS,
    UPDATE_DAY_ENDS,
    Messages,
    PremiumWhen,
    Reading,
    Recipient,
    class_definition,
    every_reading,
)
from eligibility.values.moment import Moment
from eligibility.values.timeline import write_instant

LISTS = shape(AccountHistory).lists
FITS = {
    "account_id": "A-1001",
    "premium": [{"plan": "premium_career", "start": "2022", "end": ".."}],
    "messages": [
        {
            "inmail": True,
            "direction": "received",
            "sent_at": "2023-05-04T10:22:00Z",
            "shared": True,
            "shared_at": "2024-08",
        }
    ],
    "complete": ["premium", "permissions"],
}


def test_the_default_reading_is_the_first_value_of_every_dimension() -> None:
    assert Reading() == next(every_reading())
    assert Reading().words() == {
        "messages": "sent-or-received",
        "date_limits": "sharing",
        "premium_when": "shared",
        "update_day": "before",
        "recipient": "anyone",
        "exclusions": "none",
    }
    assert len(set(every_reading())) == 96


def test_a_reading_from_words() -> None:
    reading = Reading.of(messages="sent", premium_when="ever")
    assert reading == Reading(messages=Messages.SENT, premium_when=PremiumWhen.EVER)
    assert Reading.of(**reading.words()) == reading


def test_every_unknown_word_of_a_reading_is_named_at_once() -> None:
    with pytest.raises(UnknownReading) as caught:
        Reading.of(messages="read", colour="red", update_day="through")
    found = [(problem.code, problem.path) for problem in caught.value.problems]
    assert found == [("unknown-reading", "messages"), ("unknown-reading", "colour")]
    assert "sent-or-received, sent" in caught.value.problems[0].hint


def test_every_value_of_every_dimension_says_who_says_so() -> None:
    values = [value for dimension in DIMENSIONS.values() for value in dimension]
    assert list(READING_SOURCES) == values
    assert all(citation.source for citation in READING_SOURCES.values())


def test_the_update_is_in_the_courts_zone_in_summer_time() -> None:
    assert write_instant(UPDATE_DAY_BEGINS) == "2024-09-18T07:00:00Z"
    assert write_instant(UPDATE_DAY_ENDS) == "2024-09-19T07:00:00Z"


def test_the_case_record_and_the_notice_say_what_became_of_the_case() -> None:
    assert (CASE.filed, CASE.ended) == ("2025-01-21", "2025-01-30")
    for words in ("proposed", "voluntarily dismissed without prejudice", "no class"):
        assert words in CASE.status
    for words in ("no class was certified", "denies", "no legal advice", "never an amount due"):
        assert words in NOTICE
    assert evaluate(AccountHistory(account_id="A")).notice == NOTICE


@pytest.mark.parametrize("plan", sorted(PREMIUM_PLANS))
def test_plans_with_inmail_credits_count(plan: str) -> None:
    premium = [{"plan": plan, "start": "2022", "end": ".."}]
    assert evaluate(AccountHistory(**FITS | {"premium": premium})).status is Status.ELIGIBLE


@pytest.mark.parametrize("plan", ["learning", "premium_company_page", "hiring_pro", "other"])
def test_other_products_do_not(plan: str) -> None:
    premium = [{"plan": plan, "start": "2022", "end": ".."}]
    assert evaluate(AccountHistory(**FITS | {"premium": premium})).status is Status.INELIGIBLE


def test_an_unknown_plan_may() -> None:
    premium = [{"start": "2022", "end": ".."}]
    verdict = evaluate(AccountHistory(**FITS | {"premium": premium}))
    assert verdict.status is Status.INDETERMINATE
    (plan,) = [q for q in verdict.questions if q.paths == ("premium[0].plan",)]
    assert plan.code == "which"
    assert [Status.of(a.truth) for a in plan.answers] == [Status.ELIGIBLE, Status.INELIGIBLE]


def test_the_survey_says_on_which_words_the_outcome_turns() -> None:
    table = survey(AccountHistory(**FITS))
    assert table.statuses[0] == (Reading(), Status.ELIGIBLE)
    assert table.turns_on == ("messages", "recipient", "exclusions")
    assert not table.agrees
    assert sum(table.counts.values()) == 96
    told = table.to_dict()
    assert told["turns_on"] == ["messages", "recipient", "exclusions"]
    assert told["readings"][0]["status"] == "eligible"
    assert told["supposing"] is None


def test_the_survey_can_suppose() -> None:
    unknown = {"inmail": True, "direction": "sent", "sent_at": "2023", "recipient": "third_party"}
    excluded = dict.fromkeys(EXCLUDED, False)
    history = AccountHistory(**FITS | {"messages": [unknown], "exclusions": excluded})
    assert survey(history).counts[Status.INDETERMINATE] == 96
    supposed = survey(history, supposing=AS_ALLEGED)
    assert supposed.agrees
    assert supposed.counts[Status.ELIGIBLE] == 96
    assert supposed.to_dict()["supposing"] == "as-alleged"


def supposed(**message: object) -> tuple[Box, ...]:
    """What a message may be, if what is alleged is so."""
    history = AccountHistory(account_id="A", messages=[message])
    return AS_ALLEGED.suppose(normalise(history)).lists["messages"][0].boxes


def under(recipient: str, message: dict[str, object]) -> str:
    """The status of the account that fits but for whom its message was shared with."""
    shared = {**FITS["messages"][0], **message}  # type: ignore[index]  # it is a list
    history = AccountHistory(**FITS | {"messages": [shared], "complete": list(LISTS)})
    return evaluate(history, class_definition(Reading.of(recipient=recipient))).status.value


@pytest.mark.parametrize(
    ("message", "anyone", "third_parties"),
    [
        ({"recipient": "third_party"}, "eligible", "eligible"),
        ({"recipient": "linkedin_or_affiliate"}, "eligible", "ineligible"),
        ({}, "eligible", "indeterminate"),
        # it says nothing of a message that was not shared, nor that it was
        ({"recipient": "third_party", "shared": False, "shared_at": None}, *["ineligible"] * 2),
        ({"recipient": "third_party", "shared": None}, *["indeterminate"] * 2),
        ({"recipient": "linkedin_or_affiliate", "shared": None}, "indeterminate", "ineligible"),
    ],
)
def test_a_reading_says_whom_a_message_must_have_been_shared_with(
    message: dict[str, object], anyone: str, third_parties: str
) -> None:
    assert under("anyone", message) == anyone
    assert under("third-parties", message) == third_parties


def test_no_allegation_says_whom_a_message_was_shared_with() -> None:
    third_parties = class_definition(Reading.of(recipient="third-parties"))
    for recipient, status in (
        ("third_party", Status.ELIGIBLE),
        (None, Status.INDETERMINATE),
        ("linkedin_or_affiliate", Status.INELIGIBLE),
    ):
        sent = {"inmail": True, "sent_at": "2023", "recipient": recipient}
        history = AccountHistory(**FITS | {"messages": [sent], "complete": list(LISTS)})
        assert evaluate(history, supposing=AS_ALLEGED).status is Status.ELIGIBLE
        assert evaluate(history, third_parties, supposing=AS_ALLEGED).status is status


def test_words_about_a_third_party_stand_where_a_reading_asks_for_one_alone() -> None:
    for reading in every_reading():
        asks = reading.recipient is Recipient.THIRD_PARTIES
        (shared,) = (c for c in class_definition(reading).clauses if c.id == "shared")
        assert ("third part" in f"{shared.text} {shared.citation}") == asks
    assert "third" not in (Message.model_fields["shared"].title or "")


def test_what_is_asked_is_whom_it_was_shared_with_where_that_decides() -> None:
    history = AccountHistory(**FITS | {"complete": list(LISTS)})
    verdict = evaluate(history, class_definition(Reading.of(recipient="third-parties")))
    (left,) = verdict.open
    assert (left.paths, left.known_by) == (("messages[0].recipient",), "defendant")
    assert not verdict.questions
    assert not evaluate(history).open


def test_a_field_that_came_later_leaves_the_digests_of_histories_that_lack_it() -> None:
    history = AccountHistory(**FITS)
    plain = history.model_dump(mode="json")
    del plain["messages"][0]["recipient"]
    assert digest(history) == hashlib.sha256(rfc8785.dumps(plain)).hexdigest()
    told = [{**FITS["messages"][0], "recipient": "third_party"}]  # type: ignore[index]  # a list
    known = AccountHistory(**FITS | {"messages": told})
    whole = rfc8785.dumps(known.model_dump(mode="json"))
    assert digest(known) == hashlib.sha256(whole).hexdigest() != digest(history)


def alleged(update_day: str, message: dict[str, object], **known: object) -> Status:
    """The status as alleged; without more said, Premium lasts, and no permission was given."""
    history = AccountHistory(**FITS | {"messages": [{"inmail": True, **message}]} | known)
    definition = class_definition(Reading.of(update_day=update_day))
    status = evaluate(history, definition, supposing=AS_ALLEGED).status
    table = survey(history, supposing=AS_ALLEGED)
    assert dict(table.statuses)[Reading.of(update_day=update_day)] is status
    return status


ON_THE_DAY = {"plan": "premium_career", "start": "2024-09-18T12:00", "end": "2024-09-18T18:00"}
FROM_THE_DAY_ON = [{"start": "2024-09-18T00:00", "end": ".."}]
UP_TO_THE_DAY = [{"plan": "premium_career", "start": "2022", "end": "2024-09-18T00:00:00"}]


@pytest.mark.parametrize(
    ("message", "known", "before", "through"),
    [
        ({"sent_at": "2023-06"}, {}, "eligible", "eligible"),
        # it may have been shared on the day, with permission
        ({"sent_at": "2023-06"}, {"permissions": FROM_THE_DAY_ON}, "eligible", "indeterminate"),
        # it came before the day ended, so it was shared before that; not before the day began
        ({"sent_at": "2024-09-18T12:00"}, {}, "ineligible", "eligible"),
        ({"sent_at": "2024-09-18"}, {}, "ineligible", "eligible"),
        # it may have been shared in those hours
        ({"sent_at": "2023"}, {"premium": [ON_THE_DAY]}, "ineligible", "indeterminate"),
        # or when Premium was over
        ({"sent_at": "2023"}, {"premium": UP_TO_THE_DAY}, "eligible", "indeterminate"),
        # what came after the day is not alleged
        ({"sent_at": "2024-09-19T00:00:00"}, {}, "ineligible", "ineligible"),
        # what is stated stands
        ({"sent_at": "2023", "shared": False}, {}, "ineligible", "ineligible"),
        ({"sent_at": "2023", "shared_at": "2024-09-18"}, {}, "ineligible", "eligible"),
    ],
)
def test_the_update_of_the_supposition_is_that_of_the_reading(
    message: dict[str, object], known: dict[str, object], before: str, through: str
) -> None:
    known = {"complete": ["premium", "messages"]} | known
    assert alleged("before", message, **known).value == before
    assert alleged("through", message, **known).value == through


def test_a_survey_as_alleged_turns_on_the_day_of_the_update_where_it_decides() -> None:
    history = AccountHistory(
        **FITS
        | {
            "messages": [
                {
                    "inmail": True,
                    "direction": "sent",
                    "sent_at": "2024-09-18T12:00",
                    "recipient": "third_party",
                }
            ],
            "exclusions": dict.fromkeys(EXCLUDED, False),
        }
    )
    table = survey(history, supposing=AS_ALLEGED)
    assert not table.agrees
    assert table.turns_on == ("update_day",)


def test_what_is_supposed_under_a_reading_is_one_thing() -> None:
    through = AS_ALLEGED.under({"update_day": "through"})
    assert (through.before, through.name) == (UPDATE_DAY_ENDS, AS_ALLEGED.name)
    assert AS_ALLEGED.under({"update_day": "before"}).before == UPDATE_DAY_BEGINS
    assert AS_ALLEGED.under({}).before == UPDATE_DAY_BEGINS
    assert through.under({"update_day": "before"}) == through
    assert len({through, AS_ALLEGED.under({}), AS_ALLEGED.under({"messages": "sent"})}) == 2


def test_the_supposition_says_what_is_reported_and_what_is_our_reading() -> None:
    assert "'their private messages were disclosed without their consent'" in AS_ALLEGED.text
    for words in ("paragraph 2", "'Every'", "paragraph 6", "our reading", "complaint itself was"):
        assert words in AS_ALLEGED.text
    assert "update_day=through" in AS_ALLEGED.text


def test_the_supposition_fills_only_what_is_unknown() -> None:
    (filled,) = supposed(sent_at="2023", inmail=True)
    assert filled.values["shared"] == {True}
    alleged = Moment.parse("2023-01-01/2024-09-17")
    assert filled.bounds["shared_at"] == (alleged.earliest, alleged.latest)
    (kept,) = supposed(sent_at="2023", inmail=True, shared_at="2024-08")
    august = Moment.parse("2024-08")
    assert kept.bounds["shared_at"] == (august.earliest, august.latest)
    history = AccountHistory(account_id="A")
    assert "permissions" not in AS_ALLEGED.suppose(normalise(history)).open


@pytest.mark.parametrize(
    "message",
    [
        {"sent_at": "2023", "inmail": False},
        {"sent_at": "2024-09-19"},
        {"sent_at": "2023", "inmail": True, "shared": False},
        {"sent_at": "2023", "inmail": True, "shared_at": "2025"},
    ],
)
def test_what_the_history_says_stands_against_the_allegation(message: dict[str, object]) -> None:
    history = AccountHistory(account_id="A", messages=[message])
    assert supposed(**message) == normalise(history).lists["messages"][0].boxes


@pytest.mark.parametrize("known", [{"shared": False}, {"shared_at": "2025"}])
def test_what_was_not_shared_as_alleged_was_no_inmail_or_came_later(
    known: dict[str, object],
) -> None:
    (no_inmail,) = supposed(sent_at="2023", **known)
    assert no_inmail.values["inmail"] == {False}
    later = supposed(inmail=True, **known)
    assert {box.bounds["sent_at"][0] for box in later} == {UPDATE_DAY_BEGINS}


def test_of_a_message_that_may_be_no_inmail_both_is_possible() -> None:
    boxes = supposed(sent_at="2023")
    inmail = [box for box in boxes if box.values["inmail"] == {True}]
    assert [box.values["shared"] for box in inmail] == [{True}]
    other = [box for box in boxes if box.values["inmail"] == {False}]
    assert [box.values["shared"] for box in other] == [{True, False}]


def test_a_verdict_under_a_supposition_always_says_so() -> None:
    history = AccountHistory(**FITS)
    assert evaluate(history).to_dict()["supposing"] is None
    verdict = evaluate(history, supposing=AS_ALLEGED)
    assert verdict.to_dict()["supposing"] == "as-alleged"
    assert verdict.history_digest == evaluate(history).history_digest


def test_a_definition_is_built_once_for_each_reading() -> None:
    assert class_definition(Reading.of(messages="sent")) is class_definition(
        Reading(messages=Messages.SENT)
    )


def test_a_history_of_another_kind_is_refused() -> None:
    club = Club(account_id="C-1")
    for refused in (evaluate, survey):
        with pytest.raises(InvalidHistory) as caught:
            refused(club)  # type: ignore[operator]  # both take a history
        assert [problem.code for problem in caught.value.problems] == ["wrong-model"]
    with pytest.raises(InvalidHistory):
        evaluate(club, supposing=AS_ALLEGED)


def test_a_supposition_about_another_kind_of_history_is_refused() -> None:
    with pytest.raises(InvalidHistory) as caught:
        AS_ALLEGED.suppose(normalise(Club(account_id="C-1")))
    assert [problem.code for problem in caught.value.problems] == ["wrong-model"]
    with pytest.raises(InvalidHistory, match="another kind of history"):
        AS_ALLEGED.expect(Club)
    AS_ALLEGED.expect(AccountHistory)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"when": "direction"}, "`when` .* takes a moment; `direction` is none. Here it can be"),
        ({"then": "inmail"}, "`then` .* takes a moment; `inmail` is none"),
        ({"fact": "direction"}, "`fact` .* takes a yes/no fact; `direction` is none"),
        ({"unless": ("sent_at", False)}, "`unless` .* takes a word or a yes/no fact"),
        ({"unless": ("direction", "read")}, "`direction`, which is never `read`. Its values are"),
        (
            {"list": "premium", "unless": ("plan", "other"), "when": "start", "then": "end"}
            | {"fact": "plan"},
            "`fact` .* takes a yes/no fact; `plan` is none. `premium` has none",
        ),
    ],
)
def test_a_supposition_that_asks_a_fact_for_what_it_is_not_is_refused(
    changed: dict[str, Any], words: str
) -> None:
    """It decided: of a word in place of a moment it was supposed that no record could be in."""
    supposed = evolve(AS_ALLEGED, **changed)
    with pytest.raises(InvalidHistory, match=words) as caught:
        evaluate(AccountHistory(account_id="A"), supposing=supposed)
    assert {problem.code for problem in caught.value.problems} == {"wrong-model"}
    with pytest.raises(InvalidHistory, match=words):
        supposed.expect(AccountHistory)


def test_a_reading_that_is_no_word_is_refused_without_its_place_in_memory() -> None:
    for given in (object(), lambda: None):
        with pytest.raises(UnknownReading) as caught:
            Reading.of(messages=given)  # type: ignore[arg-type]  # the slip that is refused
        assert "cannot be read as `<" in str(caught.value)
        assert "0x" not in str(caught.value)


def test_only_a_definition_of_this_case_is_one_of_its_readings() -> None:
    reading = Reading.of(messages="sent", update_day="through")
    assert reading_of_case(class_definition(reading)) == reading
    assert reading_of_case(evolve(class_definition(reading), version="2")) is None
    assert reading_of_case(club(Within("visits[].came", TimeSet.ALL))) is None
    assert reading_of_case(evolve(class_definition(), reading={"messages": "read"})) is None


def test_a_reading_is_no_definition() -> None:
    with pytest.raises(TypeError, match="class_definition"):
        evaluate(AccountHistory(account_id="A"), Reading())  # type: ignore[arg-type]  # the slip
