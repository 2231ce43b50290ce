"""Long archives: what is asked of whoever does not know, and how much is looked at for it."""

import pytest
from attrs import evolve

from eligibility import AccountHistory, Status
from eligibility.errors import InvalidRefinement
from eligibility.evaluation import work
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import parse
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview
from eligibility.interview.none_of_all import none_of_all
from eligibility.interview.transcript import said_so_far
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import write_instant
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.turning.in_one_pass import Turning

START = 1_577_836_800_000_000  # 1 January 2020
HOUR = 3_600_000_000


def archive(messages: int, **more: object) -> AccountHistory:
    """As an export shows it: exact times, receipts, and nobody says which were InMails."""
    sent = [
        {"sent_at": write_instant(START + at * HOUR), "direction": ("sent", "received")[at % 2]}
        for at in range(messages)
    ]
    days = (f"2020-{month:02}-02" for month in range(1, 13))
    paid = [{"plan": "premium_career", "start": f"../{day}", "end": f"{day}/.."} for day in days]
    return AccountHistory.model_validate(
        {"account_id": "A-1001", "messages": sent, "premium": paid, **more}
    )


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_who_cannot_tell_inmails_is_asked_once_however_many_are_listed(supposing) -> None:
    interview = Interview.start(archive(1000), class_definition(), supposing=supposing)
    kinds = []
    while interview.question is not None:
        kinds.append(interview.question.id.partition(".pick")[1])
        interview = interview.dont_know()
    assert kinds.count(".pick") == 1
    assert interview.verdict.status is Status.INDETERMINATE


def test_who_can_tell_inmails_of_some_goes_on_with_the_rest() -> None:
    interview = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED)
    while interview.question is not None and interview.question.kind != "pick":
        interview = interview.dont_know()
    first = interview.question
    assert first is not None
    after = interview.answer().question
    assert after is not None
    assert after.kind == "pick"
    assert not first.closes & {answer.text for answer in after.answers}
    assert after.id != first.id
    for question, count in ((first, "1,000"), (after, "600")):  # or they look for one in vain
        assert question.help.startswith(f"These are 400 of {count} messages")


@pytest.mark.parametrize("likely", [[], ["messages[3]"]])
def test_of_more_than_are_shown_those_come_first_that_would_decide(likely) -> None:
    """Or somebody goes through years in which it is not known whether they had Premium at all."""
    asked = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED, likely=likely)
    assert asked.question is not None
    assert asked.question.text.startswith("Did you have LinkedIn Premium without a break from 2 J")
    picks = asked.answer(0).question
    assert picks is not None
    shown = [int(path[9:-8]) for answer in picks.answers for path in answer.changes]
    before = [at for at in shown if START + at * HOUR < START + 35 * HOUR]  # 2 January, 11:00
    assert before == [3] * len(likely)
    assert shown == [*before, *sorted(shown[len(before) :])]
    statuses = [answer.status for answer in picks.answers[len(before) :]]
    assert set(statuses) == {Status.ELIGIBLE}
    ended = asked.answer(0).answer(399).answer(1)
    assert (ended.question, ended.verdict.status) == (None, Status.ELIGIBLE)


def test_none_of_all_says_what_going_through_all_of_them_says() -> None:
    """With one press, where 20,000 messages take fifty; and one row tells of it."""
    asked = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED).answer(0)
    gone_through, others = asked, []
    while gone_through.question is not None and gone_through.question.kind == "pick":
        others.append(len(gone_through.question.others))
        gone_through = gone_through.answer()
    assert others == [600, 200, 0]
    at_once = none_of_all(asked)
    assert at_once == gone_through
    assert all(message.inmail is False for message in at_once.history.messages)
    assert at_once.question is not None
    assert at_once.question.text.startswith("Apart from that, did you send or receive an InMail")
    said = [each.said for each in said_so_far(at_once)]
    assert said == ["Yes", "None of these"]
    assert at_once.change(asked.question.id).question.to_dict() == asked.question.to_dict()


def test_none_of_all_is_said_of_the_last_one_too_which_is_asked_about_by_itself() -> None:
    asked = Interview.start(archive(801), class_definition(), supposing=AS_ALLEGED).answer(0)
    last = asked.answer().answer().question
    assert last is not None
    assert (last.kind, last.condition) == ("yes-no", None)
    at_once = none_of_all(asked)
    assert at_once == asked.answer().answer().answer(1)
    assert all(message.inmail is False for message in at_once.history.messages)


def test_that_somebody_is_not_sure_of_several_lists_is_told_of_each() -> None:
    asked = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED).answer(0)
    unsure = asked.answer(rest=False).answer(rest=False)
    assert [each.said for each in said_so_far(unsure)][1:] == [
        "None of these; not sure about the others"
    ] * 2


def test_none_of_all_says_nothing_of_records_that_were_not_counted() -> None:
    """They were told of 500, not of those of which another 100 matter only then."""
    asked = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED).answer(0)
    assert asked.question is not None
    counted = evolve(asked.question, others=asked.question.others[:-100])
    vars(asked)["question"] = counted
    after = none_of_all(asked)
    assert len(after.replies) == 3  # the next 400 were among them
    assert after.question is not None
    assert after.question.kind == "pick"
    denied = {at for at, each in enumerate(after.history.messages) if each.inmail is False}
    assert len(denied) == 800
    assert denied - {*counted.others} == {path.index for path in map(parse, counted.concludes)}


def test_none_of_all_is_said_of_records_to_pick_from_alone() -> None:
    asked = Interview.start(archive(1000), class_definition(), supposing=AS_ALLEGED)
    with pytest.raises(InvalidRefinement, match="no-such-answer"):
        none_of_all(asked)


def test_what_nothing_can_turn_is_seen_before_pairs_are_made(monkeypatch) -> None:
    """A permission of which nobody knows the end leaves each marked message possible for ever."""
    history = archive(
        400, permissions=[{"start": "2020/2024", "end": "2021/2026"}], complete=["messages"]
    )
    reading = Reading.of(messages="sent", date_limits="message", recipient="third-parties")
    tried, turns = [], Turning.turns
    monkeypatch.setattr(Turning, "turns", lambda *args: tried.append(args) or turns(*args))
    interview = Interview.start(history, class_definition(reading), supposing=AS_ALLEGED)
    while interview.question is not None:
        interview = interview.dont_know()
    assert len(tried) < 200


LEARNING = {"plan": "learning", "start": "2022-05-04"}
SHARED = {"inmail": True, "shared_at": "2019", "recipient": "linkedin_or_affiliate"}
VAGUE = {
    "premium": [{"start": "2022-05-04T10:00:00Z"}, {"start": "2024-09-17", "end": ".."}],
    "messages": [
        {"inmail": True, "sent_at": "2024-09-18", "shared_at": "2023"},
        {"inmail": True, "sent_at": "2019", "shared_at": "2019"},
        {"inmail": True, "sent_at": "2019"},
    ],
    "permissions": [{"start": "2023/.."}],
    "complete": ["permissions"],
}
OPEN_ENDED = {
    "premium": [LEARNING],
    "messages": [SHARED],
    "permissions": [{"start": "2024-08"}],
    "complete": [{"list": "premium", "where": {"start": "2023"}}, "permissions"],
}


@pytest.mark.parametrize(
    ("data", "reading", "supposing", "said"),
    [
        (OPEN_ENDED, {"update_day": "through"}, AS_ALLEGED, [0, "2024-09-18", 0]),
        (VAGUE, {"date_limits": "message", "messages": "sent"}, None, [0, 0]),
    ],
)
def test_a_small_history_takes_little_of_the_allowance(
    monkeypatch, data, reading, supposing, said
) -> None:
    """Each took a hundred times as much, or all there is: some seconds, and idle questions."""
    history = AccountHistory.model_validate({"account_id": "A-1001", **data})
    more = {"premium_when": "ever", "exclusions": "customary", **reading}
    definition = class_definition(Reading.of(**more))
    spent, spend = [0], work.Work.spend
    monkeypatch.setattr(work.Work, "spend", lambda of, n: (spent.append(n), spend(of, n))[1])
    interview = Interview.start(history, definition, supposing=supposing)
    for each in (*said, None):
        spent[:] = [0]
        assert interview.question is not None
        assert sum(spent) < work.MOST_WORK / 20
        if each is not None:
            interview = interview.answer(each) if each == 0 else interview.date(each)


def test_one_question_has_half_the_allowance_for_so_many_records_at_most(monkeypatch) -> None:
    """Somebody waits for it; of 20,000 subscriptions the first took 5.4 seconds with all of it."""
    most, per_record = work.MOST_WORK, work.WORK_PER_RECORD
    few, many = {"messages": range(20)}, {"messages": range(1_500), "premium": range(1_500)}
    assert work.Work.of_a_question(few).left == most // 2 + 20 * per_record // 2
    assert work.Work.of_a_question(many).left == most // 2 + 2_000 * per_record // 2
    spent, spend = [0], work.Work.spend
    monkeypatch.setattr(work, "MOST_WORK", 1_000)  # to look for all that matters takes more
    monkeypatch.setattr(work, "WORK_PER_RECORD", 0)
    monkeypatch.setattr(work.Work, "spend", lambda of, n: (spend(of, n), spent.append(n))[1])
    interview = Interview.start(archive(20), class_definition(), supposing=AS_ALLEGED)
    assert interview.question is not None
    assert 400 < sum(spent) <= 500


@pytest.mark.parametrize(("supposing", "days"), [(None, (1, 2)), (AS_ALLEGED, (28, 27))])
def test_of_many_inmails_two_stand_in_the_way_of_others(
    supposing: Supposition | None, days: tuple[int, int]
) -> None:
    """One that was sent later may be shared, or surely was, at no other time than an earlier one.

    Where it is not known, the earlier ones may be in at more instants; where it is supposed that
    all of them were shared by the update, the later ones surely are in at fewer.
    """
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "../2022-03-02", "end": "2022-03-02/.."}],
        messages=[{"inmail": True, "sent_at": f"2022-05-{day:02}T12:00Z"} for day in range(1, 29)],
    )
    definition = class_definition()
    facts = normalise(history)
    if supposing is not None:
        facts = supposing.under(definition.reading).suppose(facts)
    (disjunct,) = definition.normal_form.disjuncts
    asked, surely = can_be_asked(AccountHistory), supposing is not None
    turning = Turning(facts, definition, disjunct, asked, surely, work.Work(10_000))
    assert [r.index + 1 for r in turning.contenders.opponents] == sorted(days)


def test_of_messages_that_may_be_no_inmails_no_stretch_is_asked_for() -> None:
    """That Premium covers such a message decides nothing: it was asked of one after the other."""
    sent = [f"{year}-{month:02}-03" for year in (2022, 2023, 2024) for month in range(1, 13)]
    messages = [{"sent_at": day} for day in sent]
    days = [f"2023-{month:02}-04" for month in range(1, 13)]
    paid = [{"plan": "premium_career", "start": f"../{day}", "end": f"{day}/.."} for day in days]
    data = {"account_id": "A-1", "premium": paid, "messages": messages}
    history = AccountHistory.model_validate(data)
    start = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    assert start.question is not None
    assert ".throughout." in start.question.id
    interview = start.answer(1).answer(0, 1, rest=False)  # InMails of 2022; others may be some
    asked = []
    while interview.question is not None:
        asked.append(interview.question.id)
        can_say = interview.question.kind != "when" and ".pick" not in interview.question.id
        interview = interview.answer(0) if can_say else interview.dont_know()
    assert not [each for each in asked if ".throughout." in each]
    assert len(asked) < 15


def test_of_a_break_between_receipts_it_is_asked_where_an_inmail_was_sent_in_it() -> None:
    """'Between which of these dates were you without it?' does not say when it ended, or began."""
    days = ("2021-05-04", "2021-06-04", "2023-05-04", "2023-06-04")
    paid = [{"plan": "premium_career", "start": f"../{day}", "end": f"{day}/.."} for day in days]
    data = {
        "account_id": "A-1",
        "premium": paid,
        "messages": [{"inmail": True, "sent_at": day} for day in ("2022-03-03", "2022-04-08")],
        "complete": ["messages", "permissions"],
    }
    history = AccountHistory.model_validate(data)
    definition = class_definition(Reading.of(premium_when="messaged"))
    start = Interview.start(history, definition, supposing=AS_ALLEGED)
    broken = start.answer(1)
    assert broken.question is not None
    assert broken.question.answers[0].text == "Between 4 June 2021 and 4 May 2023"
    after = broken.answer(0)
    assert after.question is not None
    when = "at any time between 3 March and 8 April 2022?"
    assert after.question.text == f"Did you have LinkedIn Premium {when}"
    assert after.answer(1).verdict.status is Status.INELIGIBLE
    had = after.answer(0)
    while had.question is not None:  # there was some then: of more time it is known
        assert ".within." not in had.question.id
        had = had.dont_know()


@pytest.mark.parametrize("is_so", [True, False])
def test_the_second_of_two_that_stand_for_many_is_looked_at_if_the_first_is_not_so(is_so) -> None:
    few, looked = Interview.start(archive(1000), class_definition())._basis.few, []
    alike = few.alike(lambda record: looked.append(record.index) or is_so)
    assert [record.index for part in alike for record in part] == [*range(1000)] * is_so
    assert len(few.places) == 10
    assert tuple(looked) == few.places[:: 2 if is_so else 1]


def test_what_somebody_can_know_is_looked_through_once() -> None:
    """Whether there was Premium before the first receipt is asked of the same as after the last."""
    few = Interview.start(archive(20), class_definition(), knower="claimant")._basis.few
    ends = few.knowable.without(frozenset({"premium[0].end", "premium[1].end"}))
    less = few.knowing(ends)
    assert less.knowable == ends
    assert few.knowing(few.knowable.without(ends.closed)) is less
    assert less.knowing(ends) is less


def test_where_nothing_matters_nothing_is_looked_for_once_more_is_known() -> None:
    interview = Interview.start(archive(20), class_definition(), supposing=AS_ALLEGED)
    few = interview._basis.few
    open_, less = few.short, few.short.complete("messages")
    assert not few.relevance(open_).is_idle
    assert few.relevance(less).facts is less
    while interview.question is not None:
        interview = interview.dont_know()
    few = interview._basis.few
    open_, less = few.short, few.short.complete("messages")
    answered = open_.answering(dict.fromkeys(open_.answers, True))
    assert few.relevance(open_).is_idle
    assert few.relevance(less) is few.relevance(answered) is few.relevance(open_)
    # the other way round it is looked for
    few = evolve(few)
    assert few.relevance(less).facts is less
    assert few.relevance(open_).facts is open_
