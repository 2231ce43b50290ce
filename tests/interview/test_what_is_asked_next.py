"""What a careful person would ask next, and would not: kept cases, each of them invented."""

import re
from typing import ClassVar, Literal

import pytest
from pydantic import Field
from small_case import Club, club

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Facts,
    History,
    InvalidMoment,
    InvalidRefinement,
    Is,
    MomentField,
    Record,
    Status,
    Uncovered,
    Within,
    YesNo,
    all_of,
    any_of,
    evaluate,
)
from eligibility.facts.boxes import ANY_TIME
from eligibility.facts.normalise import statements_of
from eligibility.interview import Interview, Question
from eligibility.interview.plain_words import refused, unreadable, why
from eligibility.interview.transcript import said_so_far
from eligibility.interview.vague_dates import read_stretch
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.testing.truthful import Truthful
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.web.screens import SelfCheck

EMPTY = AccountHistory(account_id="A-1001")


def said(*answers: int | str | None, supposing: bool = True, **reading: str) -> Interview:
    """An interview after answers: a place, a date, or None for 'I don't know'."""
    definition = class_definition(Reading.of(**reading))
    interview = Interview.start(EMPTY, definition, supposing=AS_ALLEGED if supposing else None)
    for each in answers:
        if each is None:
            interview = interview.dont_know()
        else:
            interview = interview.date(each) if isinstance(each, str) else interview.answer(each)
    return interview


def receipts(*days: str) -> list[dict[str, str]]:
    """Subscriptions of which it is known only that each ran on a day."""
    paid = {"plan": "premium_career"}
    return [{**paid, "start": f"../{day}", "end": f"{day}/.."} for day in days]


def asked(interview: Interview) -> Question:
    assert interview.question is not None
    return interview.question


def test_premium_that_ended_is_spoken_of_to_its_end_before_inmails() -> None:
    then = said(0, 1, "2023-11")
    assert asked(then).text == (
        "Apart from that, did you have LinkedIn Premium at any time between 1 December 2023 and "
        "17 September 2024?"
    )
    other = asked(then.answer(0))
    assert other.text == "When did your other Premium end?"  # that it ended, they have said
    assert other.answers == ()
    assert "InMail before 1 December 2023" in asked(then.answer(1)).text


@pytest.mark.parametrize("supposing", [True, False])
def test_whoever_does_not_know_of_all_the_time_may_know_of_the_time_since_an_inmail(
    supposing: bool,
) -> None:
    """They paid for something in 2020, and do not know what; nobody asked when the InMail was."""
    then = said(None, 0, supposing=supposing)
    assert asked(then).text == "When was that InMail sent?"
    then = then.date("2023")
    when = "between 1 January 2023 and 17 September 2024"
    assert asked(then).text == f"Did you have LinkedIn Premium at any time {when}?"
    none_since = then.answer(1)
    assert asked(none_since).text == (
        "Apart from that, did you send or receive an InMail before 1 January 2023?"
    )
    assert none_since.answer(1).verdict.status is Status.INELIGIBLE
    assert asked(then.dont_know()).topic == "Permission"  # no other InMail is asked for in vain


def test_whoever_doubts_premium_and_inmails_may_say_when_there_was_none() -> None:
    """Of each alone they do not know; but Premium was over by 2021, and the InMails are later."""
    then = said(None, None)
    assert asked(then).text == "When did you definitely not have LinkedIn Premium?"
    since = then.date("after 2020")
    assert asked(since).text == "Did you send or receive an InMail before 1 January 2021?"
    assert since.answer(1).verdict.status is Status.INELIGIBLE
    assert (
        asked(since.dont_know()).text == asked(then).text
    )  # of another time they may be sure, too
    assert asked(then.dont_know()).topic == asked(since.dont_know().date("2019")).topic
    assert asked(then.dont_know()).topic == "Permission"
    assert asked(Interview.from_json(since.to_json(), since.definition)).text == asked(since).text


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("2019/2021", "between 1 January 2019 and 31 December 2021"),
        ("between 2019 and 2021", "in 2020"),
        ("until May 2020", "before 1 May 2020"),
        ("since 2020", "on 1 January 2021 or later"),
        ("2020-01-01T08:00:00Z/..", "on 1 January 2020 or later"),
        ("2021", "in 2021"),
    ],
)
def test_of_a_time_without_premium_no_more_is_taken_than_was_surely_said(
    typed: str, taken: str
) -> None:
    """Whoever had none until May 2020 may have had one in that month."""
    then = said(None, None).date(typed)
    *_, last = said_so_far(then)
    assert last.said == taken
    *_, stated = statements_of(then.history, "premium").values()
    time = read_stretch(typed, EMPTY.time_zone)
    ends = stated.get("end", ANY_TIME)[0], stated.get("start", ANY_TIME)[1]
    assert ends == (time.earliest, time.latest)


@pytest.mark.parametrize(
    "typed",
    [
        *("2019 or 2021", "not before 2020", "no later than 2020", "by 2020", "202X", "about 2020"),
        *("some time in 2020", "at some point in 2020", "2020 at the latest", "March/May 2021"),
        *("15/20 March 2021", "2019 and 2021", "2021+", "201x", "either 2019 or 2021"),
    ],
)
def test_a_time_without_premium_that_may_be_another_one_is_not_taken(typed: str) -> None:
    """Of one that was not before 2020, it was later; of none, it is the reverse."""
    then = said(None, None)
    with pytest.raises(InvalidMoment) as caught:
        then.date(typed)
    words = f"We cannot tell which time “{typed}” is. Write it like this: before 2020"
    assert words in refused(caught.value, typed, asked(then))
    check = SelfCheck.start(class_definition(), AS_ALLEGED).begin(EMPTY)
    for _ in range(2):
        check = check.send({"do": ["unknown"]})
    assert "definitely not" in check.title
    assert 'name="earliest"' not in check.html  # nor are there two that it lies between
    check = check.send({"do": ["continue"], "date": [typed]})
    assert words in check.wrong[0].text


def test_whoever_doubts_inmails_since_premium_may_know_of_those_before_a_permission() -> None:
    """What was asked began with Premium; what matters then ends with the permission."""
    answers = 0, 0, "2018-01-22", None, 0, 0, "2019-02-04", 1
    then = said(*answers, supposing=False, premium_when="messaged", messages="sent")
    assert asked(then).text == "Did you send an InMail before 5 February 2019?"
    assert then.answer(1).verdict.status is Status.INELIGIBLE


def test_each_yes_to_one_more_leads_on() -> None:
    """Whoever said yes again, with the same dates, was asked up to twenty times."""
    then = said(0, 1, "2021", 0)
    assert asked(then).text == "When did your other Premium end?"
    told = "what was said before: it was on 1 January 2022 or later"
    with pytest.raises(InvalidRefinement, match=told):
        then.date("2021")  # it was asked for a later one
    assert "between 1 January and 17 September 2024" in asked(then.date("2023")).text


@pytest.mark.parametrize("supposing", [True, False])
@pytest.mark.parametrize("premium_when", ["shared", "messaged"])
@pytest.mark.parametrize("permitted", ["2019", "2022", "2024-09"])
def test_whoever_says_the_same_twice_is_asked_for_something_else(
    supposing: bool, premium_when: str, permitted: str
) -> None:
    """They say yes to every question, and the same dates wherever they fit."""
    says = {"Premium end": "2023", "Premium begin": "2020", "InMail": "2022 or 2023"}
    says |= {"permission begin": "2019", "permission end": permitted}
    interview, texts = said(supposing=supposing, premium_when=premium_when), []
    while interview.question is not None:
        texts.append(interview.question.text)
        said_once = [day for part, day in says.items() if part in texts[-1]]
        interview = _replying(interview, said_once)
    assert len(texts) < 35
    assert not [text for text in texts if "shared to train AI" in text]
    assert not [text for text in texts if texts.count(text) > 2 and text.startswith("Apart")]


def _replying(interview: Interview, dates: list[str]) -> Interview:
    """The interview after a date, if one is asked for and fits; else after yes, but for ends."""
    question = asked(interview)
    if question.takes_date and dates:
        try:
            return interview.date(dates[0])
        except InvalidRefinement:
            return interview.dont_know()
    is_ended = "still have" in question.text or "last until" in question.text
    return interview.answer(1 if is_ended else 0) if question.answers else interview.dont_know()


def test_a_third_that_is_better_known_than_two_that_are_alike_is_asked_for() -> None:
    """Nobody was asked for the Premium from May 2020 to July 2024, beside two vague ones."""
    vague = ("2023-02-01/2024-08-31", "2019-01-01/2023-01-01")
    then = said(0, 1, *vague, 0, *vague, 1, 0, "2021", 1, premium_when="messaged")
    while "began between 1 January 2019 and 31 December 2020" not in asked(then).text:
        then = then.answer(1)
    assert then.answer(0).answer(1).verdict.status is Status.ELIGIBLE


def test_of_two_that_are_alike_it_is_said_that_there_was_no_other_kind() -> None:
    """It ended undecided: no other time was left to ask for, and another kind was not asked for."""
    either = any_of(Is("visits[].paid", True), Is("visits[].kind", "long"))
    definition = club(either, Within("visits[].came", TimeSet.before(Moment.parse("2021").latest)))
    visit = {"kind": "short", "paid": False, "came": "2020-01-01T00:00:00Z"}
    world = Club(account_id="C-1", visits=[visit, visit], complete=["visits"])
    person = Truthful(world, definition, frozenset())
    interview = Interview.start(Club(account_id="C-1"), definition)
    while interview.question is not None:
        interview = person.reply(interview)
    assert interview.verdict.status == evaluate(world, definition).status == "ineligible"


def test_it_is_asked_of_one_of_several_whether_it_lasted() -> None:
    """'Did you still have Premium?' was asked of a second one that was a part of the first."""
    then = said(0, 0, "2023", 0, "2022 or 2023", 0)
    assert asked(then).text == "Did your other Premium last until 1 January 2024, or longer?"


def test_a_span_that_must_cover_a_stretch_is_asked_for_by_the_stretch() -> None:
    then = said(0, 0, 0, 0, 1, "2024-09", "2020", 0, 1, "2024-09", "2020", supposing=False)
    assert asked(then).text == (
        "Did you allow LinkedIn to use your messages to train AI all the time from 17 September "
        "2024 until 18 September 2024?"
    )


def test_whoever_has_premium_still_can_say_so_where_no_day_is_asked_for() -> None:
    when = said(0, None)
    assert [answer.text for answer in asked(when).answers] == ["It has not ended"]
    (premium,) = when.answer(0).history.premium
    assert premium.end is not None
    assert premium.end.text == ".."


def test_whether_premium_lasted_is_asked_of_the_last_day_that_an_inmail_counts() -> None:
    """It was asked without a day: any end after the last InMail was taken for one that decides."""
    question = asked(said(0, supposing=False, date_limits="message"))
    assert question.text == "Did you still have Premium on 18 September 2024?"


def test_it_is_asked_once_whether_a_span_lasted_and_then_when_it_ended() -> None:
    """Whoever has said that it lasted may still know the day, where that matters."""
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career", "start": "2021"}],
            "messages": [{"inmail": True, "sent_at": "2024-08"}],
            "permissions": [{"start": "2020"}],
            "complete": ["messages"],
        }
    )
    reading = Reading.of(date_limits="message", premium_when="ever", update_day="through")
    start = Interview.start(history, class_definition(reading), supposing=AS_ALLEGED)
    interview = start.dont_know()
    assert asked(interview).text == "Did the permission still hold on 1 August 2024?"
    assert asked(interview.answer(0)).text == "When did you take the permission back?"


def test_nobody_is_asked_for_a_message_between_two_days() -> None:
    years = said(0, 1, "2022", "2021", 1, 0, "2022", premium_when="messaged")
    assert "1 January 2022" not in asked(years).text
    assert asked(years).topic == "Permission"
    exact = said(0, 1, "2022", "2022-01-01T00:00:00-08:00", 1, 0, "2022", premium_when="messaged")
    assert asked(exact).topic == "InMail messages"


def test_in_the_month_in_which_premium_began_an_earlier_one_is_asked_for() -> None:
    text = asked(said(0, 0, "March 2021", 0, "March 2021")).text
    assert text.endswith("did you have LinkedIn Premium at any time before 1 April 2021?")


def test_no_permission_is_as_stated_and_not_as_supposed() -> None:
    premium = said(0, 0, "March 2021", 0, "2023")
    without = why(premium.verdict)[3]
    assert without.endswith("There are no permissions (as supposed).")
    assert why(premium.dont_know().verdict)[3] == without
    stated = why(premium.answer(1).verdict)[3]
    assert stated.endswith("No permission began before 18 September 2024 (as you said).")


class Seen(Record):
    at: MomentField = None


class AboutYou(Facts):
    grown_up: YesNo = None


class Said(AboutYou):
    topic = "Who you are"


class Untitled(History):
    things_seen: tuple[Seen, ...] = ()
    about_you: AboutYou = AboutYou()
    about_them: Said = Said()


@pytest.mark.parametrize(
    ("path", "topic"),
    [("about_you.grown_up", "About you"), ("about_them.grown_up", "Who you are")],
)
def test_no_heading_is_the_name_of_a_field(path: str, topic: str) -> None:
    source = Citation("A fiction")
    seen = Within("things_seen[].at", TimeSet.before(Moment.parse("2020").earliest))
    so = Clause("so", "who is so", source, Is(path, True))
    clauses = so, Clause("saw", "who saw", source, seen)
    definition = ClassDefinition("seen", "1", "Whoever saw", Untitled, clauses)
    interview = Interview.start(Untitled(account_id="A-1001"), definition)
    topics = []
    while interview.question is not None:
        topics.append(interview.question.topic)
        interview = interview.answer(0)
    assert topics == ["Things seen", topic]


def test_whoever_can_date_no_inmail_is_not_asked_for_one_after_the_other() -> None:
    how = {"premium_when": "messaged", "date_limits": "message"}
    twice = said(0, 0, "2019", 0, None, 1, 0, 0, 1, "March 2023", None, **how)
    assert [reply.question for reply in twice.replies if reply.dont_know] == [
        "messages[0].sent_at",
        "messages[1].sent_at",
    ]
    assert "complete.messages" in twice.knowable.closed
    assert "an InMail between 1 April 2023 and 17 September 2024?" in asked(twice).text


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("spring 2024, I think", "March to June 2024"),
        ("about March 2021", "February to April 2021"),
        ("around December 2020", "November 2020 to January 2021"),
        ("c. January 2021", "December 2020 to February 2021"),
        ("early 2023", "January to April 2023"),
        ("mid-2022", "April to September 2022"),
        ("2021?", "2020 to 2022"),
        ("winter 2020/21", "December 2020 to March 2021"),
        ("winter 2021", "December 2020 to March 2022"),
        ("at the end of March 2021", "March 2021"),
    ],
)
def test_instead_of_a_vague_date_one_is_offered_that_can_be_typed(typed: str, offered: str) -> None:
    when = said(0, 0)
    with pytest.raises(InvalidMoment) as refused:
        when.date(typed)
    assert offered in unreadable(refused.value, typed, "March 2021")
    (noted,) = re.findall("`(.*)`", refused.value.problems[0].hint)
    assert when.date(noted).history == when.date(offered).history


@pytest.mark.parametrize("typed", ["some time", "about then", "when I changed jobs"])
def test_what_says_no_year_is_told_how_dates_are_written(typed: str) -> None:
    with pytest.raises(InvalidMoment) as refused:
        said(0, 0).date(typed)
    assert "between which dates: May to August 2021" in unreadable(refused.value, typed, "")


def test_whoever_types_that_they_do_not_know_is_told_where_to_say_so() -> None:
    with pytest.raises(InvalidMoment, match=r"dont_know\(\)") as refused:
        said(0, 0).date("no idea")
    assert "choose “I don't know”" in unreadable(refused.value, "no idea", "")


class Fee(Record):
    order: ClassVar = (("bought_at", "charged_at"),)

    overdraft: YesNo = Field(default=None, title="Was it an overdraft fee?")
    bought_at: MomentField = Field(default=None, title="When was the purchase?")
    charged_at: MomentField = Field(default=None, title="When was it charged?")


class Customer(History):
    fees: tuple[Fee, ...] = Field(default=(), title="Fees")


def test_what_follows_from_the_order_of_moments_is_not_asked_for_too() -> None:
    source = Citation("A fiction")
    charged = TimeSet.of((Moment.parse("2019").earliest, Moment.parse("2022").latest))
    bought = TimeSet.of((Moment.parse("2018").earliest, Moment.parse("2023").latest))
    definition = ClassDefinition(
        id="fees",
        version="1",
        title="A class",
        model=Customer,
        clauses=(
            Clause("fee", "an overdraft fee", source, Is("fees[].overdraft", True)),
            Clause("charged", "charged then", source, Within("fees[].charged_at", charged)),
            Clause("bought", "for a purchase then", source, Within("fees[].bought_at", bought)),
        ),
    )
    question = asked(Interview.start(Customer(account_id="F-1"), definition))
    assert question.condition == {
        "overdraft": True,
        "bought_at": "2018-01-01/..",
        "charged_at": "2019-01-01/2022-12-31",
    }


def test_premium_is_asked_for_from_the_first_message_to_the_last_and_not_day_by_day() -> None:
    messages = [{"sent_at": f"{year}-05-04"} for year in (2020, 2021, 2022, 2023)]
    history = AccountHistory(account_id="A-1", messages=messages)
    definition = class_definition(Reading.of(premium_when="messaged"))
    question = asked(Interview.start(history, definition, supposing=AS_ALLEGED))
    between = "between 4 May 2020 and 4 May 2023?"
    assert question.text == f"Did you have LinkedIn Premium at any time {between}"


@pytest.mark.parametrize("ended", ["2024-08", "2024-08-01/..", "2023/.."])
def test_whoever_had_no_break_says_no_more_than_what_is_stated_leaves(ended: str) -> None:
    """All that ended in August are listed. 'Without a break until 1 August?' 'Yes': another one.

    It was taken to have ended in August, perhaps; then nothing could be said of the history.
    """
    data = {
        "account_id": "A-1",
        "complete": [{"list": "premium", "where": {"end": ended}}],
        "premium": [
            {"plan": "premium_career", "start": "2022-05-04", "end": "2021/2022"},
            {"plan": "premium_career", "start": "2024-09-18", "end": "2024-09-18"},
        ],
        "messages": [{"inmail": True, "sent_at": "2022-05-04T10:00Z", "shared": True}],
    }
    interview = Interview.start(AccountHistory.model_validate(data), class_definition())
    is_one_part = ended != "2024-08"  # else it ended on the last of July, or after August
    assert asked(interview).id.startswith("premium.throughout.") is is_one_part
    while (question := interview.question) is not None and len(interview.replies) < 6:
        leads_to = question.answers[0].status if question.answers else None
        interview = interview.answer(0) if question.answers else interview.dont_know()
        assert leads_to in (None, interview.verdict.status)
    assert len(interview.history.premium) > 2 or "throughout" not in str(interview.replies)


def test_where_all_receipts_are_listed_it_is_asked_whether_one_lasted_so_long() -> None:
    """Whoever was without Premium after 4 May 2023 was not asked whether that was by March 2024."""
    data = {
        "account_id": "A-1",
        "premium": receipts("2015-05-04", "2023-05-04"),
        "messages": [{"inmail": True, "sent_at": "2024-03-03"}],
        "complete": ["premium", "permissions", "messages"],
    }
    history = AccountHistory.model_validate(data)
    then = Interview.start(history, class_definition(), supposing=AS_ALLEGED).dont_know().answer(1)
    when = "at any time between 3 March and 17 September 2024?"
    assert asked(then).text == f"Did you have LinkedIn Premium {when}"
    assert [answer.status for answer in asked(then).answers] == ["indeterminate", "ineligible"]
    assert [then.answer(at).verdict.status for at in (0, 1)] == ["indeterminate", "ineligible"]
    assert then.answer(0).history.premium == then.history.premium  # which of the two, nobody said
    some = {"list": "premium", "where": {"end": "2024-05"}}  # leaves what ended before, and after
    history = AccountHistory.model_validate({**data, "complete": [some, "permissions", "messages"]})
    then = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    while then.question is not None:
        assert ".within." not in then.question.id
        then = then.answer() if then.question.kind == "pick" else then.dont_know()


def test_beyond_receipts_it_is_asked_only_where_that_matters() -> None:
    """The InMail of 2024 was shared with permission, if at all: Premium then decides nothing."""
    data = {
        "account_id": "A-1",
        "premium": receipts("2021-05-04", "2023-05-04"),
        "messages": [{"inmail": True, "sent_at": f"{year}-03-03"} for year in (2022, 2024)],
        "permissions": [{"start": "2023-06-01", "end": ".."}],
        "complete": ["messages"],
    }
    history = AccountHistory.model_validate(data)
    interview = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    assert asked(interview).list == "permissions"
    assert interview.dont_know().question is None


def test_whoever_says_the_same_again_of_a_part_knows_of_no_third() -> None:
    """Of the part that a statement leaves they were asked for a third, a fourth, a fifth one."""
    data = {
        "account_id": "A-1",
        "complete": [{"list": "premium", "where": {"end": "2024-08"}}],
        "messages": [{"inmail": True, "sent_at": "2022-05-04"}],
    }
    history = AccountHistory.model_validate(data)
    interview = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    day, texts = "2023-05-04", list[str]()
    answers = (0, None, 0, None, None, None, 0, None, day, 0, None, None, None, 0, None, day)
    for each in (*answers, 0, 0, 0, 0):
        texts.append(asked(interview).text)
        if each is None:
            interview = interview.dont_know()
        else:
            interview = interview.date(each) if isinstance(each, str) else interview.answer(each)
    assert len({*texts[-4:]}) > 1


def test_nobody_is_asked_for_a_stretch_until_the_end_of_time() -> None:
    """Messages are limited, but not when they were shared: 'Premium … until 31 December 2200?'"""
    data = {
        "account_id": "A-1",
        "premium": [
            {"plan": "premium_career", "start": "2024-08", "end": "2024-09-17"},
            {"start": "2019"},
        ],
        "messages": [{"inmail": True, "sent_at": "2022-05-04", "shared_at": "2019"}],
        "complete": ["permissions"],
    }
    history = AccountHistory.model_validate(data)
    interview = Interview.start(history, class_definition(Reading.of(date_limits="message")))
    while interview.question is not None:
        assert "2200" not in interview.question.text
        interview = interview.dont_know()


def test_of_receipts_that_say_no_date_nobody_is_asked_for_breaks_between_them() -> None:
    """Receipts in another language claim nothing: 'After 31 December 1899' was offered."""
    premium = [{"plan": "premium_career", "source": f"receipt row {row}"} for row in (2, 3)]
    messages = [{"inmail": True, "sent_at": "2023-05-04T10:00:00Z"}]
    history = AccountHistory(account_id="A-1", premium=premium, messages=messages)
    interview, texts = Interview.start(history, class_definition(), supposing=AS_ALLEGED), []
    while interview.question is not None:
        texts += [interview.question.text, *(a.text for a in interview.question.answers)]
        interview = interview.dont_know()
    assert not [text for text in texts if "1899" in text or "1900" in text]
    assert "When did subscription number 1 (receipt row 2) begin?" in texts


class Call(Record):
    direction: Literal["made", "taken"] | None = Field(default=None, title="Which way was it?")
    called_at: MomentField = Field(default=None, title="When was it?")


class Caller(History):
    calls: tuple[Call, ...] = Field(default=(), title="Calls")


def test_where_either_value_may_be_in_each_record_is_asked_about_by_itself() -> None:
    """Made in 2020 or taken in 2021: nobody can tick 'which of these were so'."""
    source = Citation("A fiction")
    made, taken = (
        all_of(
            Is("calls[].direction", direction),
            Within("calls[].called_at", TimeSet.of((year.earliest, year.latest))),
        )
        for direction, year in (("made", Moment.parse("2020")), ("taken", Moment.parse("2021")))
    )
    definition = ClassDefinition(
        id="calls",
        version="1",
        title="A class",
        model=Caller,
        clauses=(Clause("call", "whoever called", source, any_of(made, taken)),),
    )
    calls = [{"called_at": at} for at in ("2020-05-04", "2020-06-04", "2021-06-04")]
    history = Caller.model_validate({"account_id": "F-1", "calls": calls})
    question = asked(Interview.start(history, definition))
    assert question.path == "calls[0].direction"
    assert [answer.text for answer in question.answers] == ["Made", "Taken"]


class Refund(Record):
    order: ClassVar = (("charged_at", "refunded_at"),)
    exists_if: ClassVar = {"refunded_at": "refunded"}

    refunded: YesNo = Field(default=None, title="Was it refunded?")
    charged_at: MomentField = Field(default=None, title="When was it charged?")
    refunded_at: MomentField = Field(default=None, title="When was it refunded?")


class Charged(History):
    charges: tuple[Refund, ...] = Field(default=(), title="Charges")


def test_whoever_doubts_what_either_way_needs_may_say_that_it_was_in_neither() -> None:
    """Charged at some time, refunded in 2020: they were asked for a charge then, and no more."""
    since, source = TimeSet.before(Moment.parse("2023").earliest), Citation("A fiction")
    kept = any_of(Is("charges[].refunded", False), Within("charges[].refunded_at", ~since))
    late = Within("charges[].charged_at", ~TimeSet.before(Moment.parse("2019").earliest))
    clauses = (Clause("kept", "kept", source, kept), Clause("late", "late", source, late))
    definition = ClassDefinition("charged", "1", "Charged", Charged, clauses)
    charge = {"refunded": True, "charged_at": "2020-05-04", "refunded_at": "2020-06-04"}
    world = Charged(account_id="C-1", charges=[charge], complete=["charges"])

    def questions(*unknown: str) -> tuple[int, Status, Status]:
        person = Truthful(world, definition, frozenset(unknown))
        interview = Interview.start(Charged(account_id="C-1"), definition)
        while interview.question is not None:
            interview = person.reply(interview)
        known = evaluate(person.known, definition).status
        return len(interview.replies), interview.verdict.status, known

    assert questions("charges[].charged_at") == (3, Status.INELIGIBLE, Status.INELIGIBLE)
    # whoever doubts one of the ways is not asked for the others: 'no' to these decides nothing
    assert questions("complete.charges") == (2, Status.INDETERMINATE, Status.INDETERMINATE)


def test_the_hour_of_a_day_is_asked_for_last() -> None:
    premium = [
        {"plan": "premium_career", "start": "2019-01-01", "end": "2020-12-31"},
        {"plan": "premium_career", "end": "2024-11-02"},
    ]
    messages = [{"sent_at": f"{year}-05-04"} for year in (2020, 2021)]
    history = AccountHistory(
        account_id="A-1", premium=premium, messages=messages, complete=["premium"]
    )
    definition = class_definition(Reading.of(premium_when="messaged"))
    interview = Interview.start(history, definition, supposing=AS_ALLEGED)
    picked = interview.answer(1)  # the message of 2021
    assert [m.inmail for m in picked.history.messages] == [False, True]
    assert asked(picked).path == "premium[1].start"
    same_day = picked.date("4 May 2021")
    assert asked(same_day).kind == "any"  # another InMail, another day
    assert asked(same_day.answer(1)).path == "messages[1].sent_at"


def test_beside_receipts_what_was_just_said_is_spoken_of_before_one_more_is_asked_for() -> None:
    """Not 'Apart from that, did you have Premium …?' again and again, and never when it began."""
    receipts = [
        {"plan": "premium_career", "start": f"2023-{month:02}-05/2023-{month:02}-06"}
        for month in (1, 2, 3)
    ]
    messages = [{"sent_at": f"{at}T10:00:00Z"} for at in ("2019-01-02", "2021-05-04")]
    history = AccountHistory(account_id="A-1", premium=receipts, messages=messages)
    definition = class_definition(Reading.of(premium_when="messaged"))
    picked = Interview.start(history, definition, supposing=AS_ALLEGED).answer(0)
    assert asked(picked).id == "premium.any.1"
    assert (asked(picked.answer(0)).path or "").startswith("premium[3].")


def test_whoever_knows_when_spans_ended_and_not_when_they_began_is_asked_for_others() -> None:
    """Of two they did not know the beginning; nobody asked for a third, or for another visit."""
    definition = club(Uncovered("visits[].came", "members"))
    interview = Interview.start(Club(account_id="A-1"), definition)
    ends = iter(["2024-02", "2023-12", "2021"])
    named = 0
    while (question := interview.question) is not None:
        if "end?" in question.text:
            named, interview = named + 1, interview.date(next(ends))
        elif "begin?" in question.text:
            interview = interview.dont_know()
        elif question.takes_date:
            interview = interview.date("2022")
        else:
            interview = interview.answer(int("last until" in question.text or named == 3))
    assert named == 3


def test_after_the_last_receipt_it_is_asked_whether_there_was_any_premium_at_all() -> None:
    """Without a break? No. Between which dates? After the last. Nobody asked when it ended."""
    receipts = [
        {"plan": "premium_career", "start": f"../2023-{m:02}-02", "end": f"2023-{m:02}-02/.."}
        for m in range(6, 13)
    ]
    sent = [{"inmail": True, "sent_at": day} for day in ("2024-02-19", "2022-05-01")]
    data = {"account_id": "A-1", "premium": receipts, "complete": ["messages"]}
    history = AccountHistory.model_validate({**data, "messages": sent[:1]})
    interview = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    while "without a break" in asked(interview).text:
        interview = interview.answer(1)
    when = "between 19 February and 17 September 2024"
    assert asked(interview).text == f"Did you have LinkedIn Premium at any time {when}?"
    assert interview.answer(1).verdict.status is Status.INELIGIBLE
    history = AccountHistory.model_validate({**data, "messages": sent[1:]})
    messaged = class_definition(Reading.of(premium_when="messaged"))
    earlier = Interview.start(history, messaged, supposing=AS_ALLEGED)
    assert asked(earlier).text == "Did you have LinkedIn Premium at any time on 1 May 2022?"
    assert earlier.answer(1).verdict.status is Status.INELIGIBLE


def test_whoever_knows_of_breaks_alone_is_asked_for_premium_before_the_first_receipt() -> None:
    """It began in May 2022: of 4 May they cannot say it, but they had none in 2020."""
    receipts = [
        {"plan": "premium_career", "start": f"../2022-{m:02}-04", "end": f"2022-{m:02}-04/.."}
        for m in range(5, 9)
    ]
    sent = [{"sent_at": day} for day in ("2024-02-06", "2020-08-08", "2020-07-01")]
    data = {"account_id": "A-1", "premium": receipts, "messages": sent, "complete": ["messages"]}
    reading = class_definition(Reading.of(premium_when="messaged", messages="sent"))
    interview = Interview.start(AccountHistory.model_validate(data), reading, supposing=AS_ALLEGED)
    then = interview.dont_know()
    assert asked(then).text == "Which of these messages were InMails?"
    then = then.answer(1, 2)
    assert asked(then).text == "Which of these messages did you send?"
    then = then.answer(0)
    assert asked(then).id == "premium.breaks"
    assert (
        asked(then.answer()).text == "Did you have LinkedIn Premium at any time on 8 August 2020?"
    )
    assert then.answer().answer(1).verdict.status is Status.INELIGIBLE


@pytest.mark.parametrize("words", [{"premium_when": "messaged"}, {"date_limits": "message"}, {}])
@pytest.mark.parametrize("by_day", [False, True])
def test_beside_receipts_nobody_is_asked_for_each_day_of_a_message(
    words: dict[str, str], by_day: bool
) -> None:
    """'Did you have Premium without a break from 2 December until 2 December?', again and again."""
    receipts = [
        {"plan": "premium_career", "start": f"../2023-{m:02}-02", "end": f"2023-{m:02}-02/.."}
        for m in range(1, 13)
    ]
    sent = [f"2023-{m:02}-{d:02}" for m in range(1, 13) for d in (5, 20)]
    messages = [{"sent_at": day if by_day else f"{day}T10:00:00Z"} for day in sent]
    history = AccountHistory(account_id="A-1", premium=receipts, messages=messages)
    for supposing in (None, AS_ALLEGED):
        interview = Interview.start(
            history, class_definition(Reading.of(**words)), supposing=supposing
        )
        while interview.question is not None:
            days = re.findall(r"\d+ \w+ \d{4}", interview.question.text)
            assert len(days) == len({*days}), interview.question.text
            interview = interview.dont_know()
        assert len(interview.replies) <= 6


def test_whoever_had_no_break_may_say_so_where_one_is_certain() -> None:
    """Premium that did not last to a day ended before: none can say that it went on."""
    receipts = [
        {"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."}
        for at in ("2021-05-02T11:57:00Z", "2023-05-02T11:57:00Z")
    ]
    history = AccountHistory(
        account_id="A-1",
        premium=receipts,
        permissions=[{"start": "2021", "end": "2021/2026"}],
        messages=[
            {"inmail": True, "direction": "sent", "sent_at": "2023-04-02T13:42:48Z"},
            {"inmail": True, "direction": "received", "sent_at": "2023-05-28T16:01:48Z"},
        ],
    )
    asked = []
    interview = Interview.start(history, class_definition(Reading.of(recipient="third-parties")))
    while (question := interview.question) is not None:
        asked.append(question.id)
        if question.kind == "pick":
            interview = interview.answer()
        elif question.takes_date:
            interview = interview.dont_know()
        else:
            interview = interview.answer(len(question.answers) - 1)
    assert "premium.breaks" in asked
