"""What holds of every interview: taking back, changing, saving, and whom it asks for what."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import (
    AccountHistory,
    EligibilityError,
    InvalidHistory,
    InvalidRefinement,
    Status,
    evaluate,
    refine,
)
from eligibility.interview import Interview
from eligibility.interview.said_dates import in_notation
from eligibility.interview.transcript import said_so_far
from eligibility.linkedin import read_archive
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.testing.strategies import worlds
from eligibility.testing.truthful import Truthful

EMPTY = AccountHistory(account_id="A-1001")
READINGS = list(every_reading())


def begun(**how: object) -> Interview:
    return Interview.start(EMPTY, class_definition(), supposing=AS_ALLEGED, **how)  # type: ignore[arg-type]  # tests pass wrong ones too


def test_an_answer_that_is_taken_back_was_never_said() -> None:
    one = begun().answer(0).answer(0)
    assert one.date("March 2021").undo() == one
    assert one.undo().undo() == begun()
    assert begun().undo() == begun()


def test_an_earlier_answer_can_be_changed_and_the_others_stay() -> None:
    ended = begun().answer(0).answer(0).date("2021-03").answer(0).date("2023")
    assert ended.verdict.status is Status.ELIGIBLE
    changed = ended.change("premium[0].start")
    assert changed.question is not None
    assert changed.question.id == "premium[0].start"
    again = changed.date("2022")
    assert [reply.date for reply in again.replies if reply.date] == ["2022", "2023"]
    with pytest.raises(InvalidRefinement, match="no-question"):
        ended.change("premium[0].start", 2)
    saved = Interview.from_json(changed.to_json(), class_definition())
    assert saved.undo().answer(0).date("2022") == again
    assert saved.date("2022") == again
    with pytest.raises(InvalidRefinement, match="no-question"):
        ended.change("messages[7].sent_at")


def test_what_does_not_fit_is_refused_and_changes_nothing() -> None:
    asked = begun().answer(0).answer(0)
    for wrong in (lambda: asked.answer(7), asked.answer, lambda: begun().date("2021")):
        with pytest.raises(InvalidRefinement, match="no-such-answer"):
            wrong()
    with pytest.raises(InvalidRefinement, match="not-a-refinement"):
        asked.date("2030")
    with pytest.raises(InvalidRefinement, match="no-question"):
        begun().answer(1).answer(0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda i: i.answer(1.0), "each a whole number, not the number `1.0`"),
        (lambda i: i.answer(True), "not True. Pass the place of an answer, from 0"),
        (lambda i: i.answer([0]), "not a `list`"),
        (lambda i: i.answer(0, rest="no"), "`rest` takes True or False"),
        (lambda i: i.answer(2), "The answers to choose from are 0, 1."),
        (lambda i: i.answer(0).answer(0).answer(0), "There is no answer to choose. Say `date()`"),
        (lambda i: i.answer(0).answer(0).date(2021), "not the number `2021`. Write a date"),
        (lambda i: i.change(None), "`question` takes a text, not None"),
        (lambda i: i.change("premium.any.1", "2"), "`time` takes a whole number"),
        (lambda i: i.reply(0), "one of another interview's `replies`"),
        (lambda i: Interview.from_json(i, i.definition), "Pass what `to_json()` made."),
        (lambda i: Interview.start(i.history, i.definition, likely=5), 'Write `["messages[3]"]`.'),
        (lambda i: Interview.start(i.history, i.definition, likely="messages[0]"), "takes a list"),
        (lambda i: Interview.start(i.history, i.definition, likely=["m"]), "not the text `m`"),
    ],
)
def test_what_is_no_answer_is_refused_in_our_own_words(
    call: Callable[[Interview], object], words: str
) -> None:
    with pytest.raises(EligibilityError, match=re.escape(words)):
        call(begun())


@pytest.mark.parametrize(("likely", "first"), [("messages[2]", 2), ("premium[2]", 0)])
def test_records_of_the_class_that_hints_speak_of_stand_first(likely: str, first: int) -> None:
    messages = [{"sent_at": f"2023-05-0{day}"} for day in (1, 2, 3)]
    premium = [{"plan": "premium_career", "start": "2020", "end": ".."}]
    known = AccountHistory(account_id="A-1", messages=messages, premium=premium)
    question = Interview.start(known, class_definition(), likely=[likely]).question
    assert question is not None
    assert question.kind == "pick"
    assert [*question.answers[0].changes] == [f"messages[{first}].inmail"]


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"interview": "1"}', '{"interview": "1", "definition": 3}']
)
def test_a_text_that_is_no_interview_is_refused(text: str) -> None:
    with pytest.raises(InvalidHistory, match="not-an-interview"):
        Interview.from_json(text, class_definition())


@pytest.mark.parametrize(
    "damage",
    [
        {"chosen": None},  # whoever is read as having picked none says what nobody said
        {"chosen": [True]},
        {"dont_know": True},
        {"date": "2021", "chosen": None, "dont_know": False},
        {"rest": "false"},
        {"chosn": [0]},
    ],
)
def test_of_a_reply_that_was_damaged_nothing_is_guessed(damage: dict[str, object]) -> None:
    data = json.loads(begun().answer(0).to_json())
    reply = {**data["replies"][0], **damage}
    data["replies"] = [{key: value for key, value in reply.items() if value is not None}]
    with pytest.raises(InvalidHistory, match="not-an-interview"):
        Interview.from_json(json.dumps(data), class_definition())


def test_the_words_of_a_saved_question_cannot_paint_a_terminal() -> None:
    data = json.loads(begun().answer(0).to_json())
    data["replies"][0]["text"] = "Is it so?\x1b[2J\u202e"
    (said,) = said_so_far(Interview.from_json(json.dumps(data), class_definition()))
    assert said.asked == r"Is it so?\x1b[2J\u202e"


@pytest.mark.parametrize("more", [{"notes": ""}, {"likely": ["no path"]}, {"likely": [1]}])
def test_what_no_interview_holds_is_refused_and_not_passed_over(more: dict[str, object]) -> None:
    data = {**json.loads(begun().to_json()), **more}
    with pytest.raises(InvalidHistory, match="not-an-interview"):
        Interview.from_json(json.dumps(data), class_definition())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("March 2021", "2021-03"),
        ("in Sept. 2023", "2023-09"),
        ("4th of May 2023", "2023-05-04"),
        ("May 4, 2023", "2023-05-04"),
        ("2021 or 2022", "2021/2022"),
        ("between May and July 2024", "2024-05/2024-07"),
        ("2021-03", "2021-03"),
        ("../2020", "../2020"),
        ("03/2021", "2021-03"),
        ("2020 - 2022", "2020/2022"),
        ("the 4th of May 2023", "2023-05-04"),
        ("before May 4, 2023", "../2023-05-03"),
        ("after May 4, 2023", "2023-05-05/.."),
        ("after December 2023", "2024-01-01/.."),
        ("after 2023", "2024-01-01/.."),
        ("not later than March 2021", "../2021-03"),
        ("since March 2021", "2021-03/.."),
        ("before 30 February 2021", "before 30 February 2021"),
        ("around 2020", "around 2020"),  # it may have been 2019
        ("some time in 2021", "2021"),
        ("03.2021", "2021-03"),
        ("Apr-Jun 2024", "2024-04/2024-06"),
        ("2019 or earlier", "../2019"),
        ("2021 or later", "2021/.."),
        ("2010/11", "2010/11"),  # one year and the next, or November
        ("4/5/2023", "4/5/2023"),
    ],
)
def test_dates_are_taken_as_people_say_them(said: str, meant: str) -> None:
    assert in_notation(said) == meant


#: What a person may not know; who cannot tell what kind a record is does not know the list.
KINDS = [
    *("premium[].start", "premium[].end", "messages[].inmail", "messages[].sent_at"),
    *("complete.premium", "complete.messages", "complete.permissions", "permissions[].start"),
    "exclusions.counsel",
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whoever_answers_truthfully_gets_the_verdict_on_all_that_they_know(
    data: st.DataObject,
) -> None:
    definition = class_definition(data.draw(st.sampled_from(READINGS)))
    world = data.draw(worlds(EMPTY, definition))
    supposing = data.draw(st.sampled_from([None, AS_ALLEGED]))
    unknown = set(data.draw(st.lists(st.sampled_from(KINDS), max_size=1)))
    person = Truthful(world, definition, frozenset(unknown))
    interview = Interview.start(EMPTY, definition, supposing=supposing)
    seen: list[str] = []
    while interview.question is not None:
        before = interview.progress
        assert interview.question.id not in seen or interview.question.kind == "when"
        seen.append(interview.question.id)
        assert Interview.from_json(interview.to_json(), definition) == interview
        interview = person.reply(interview)
        assert interview.progress >= before
        assert len(seen) < 60
    assert (
        interview.verdict.status is evaluate(person.known, definition, supposing=supposing).status
    )


def test_a_truthful_person_picks_the_records_that_are_so() -> None:
    sent = ("2023-05-01T00:00:00Z", "2023-06-01T00:00:00Z", "2023-07-01T00:00:00Z")
    messages = [{"sent_at": at, "direction": "sent"} for at in sent]
    premium = [{"plan": "premium_career", "start": "2020", "end": ".."}]
    lists = ["premium", "messages", "permissions"]
    told = {"account_id": "A-1", "premium": premium, "complete": lists}
    begun = AccountHistory.model_validate({**told, "messages": messages})
    so = [{**each, "inmail": at == 1} for at, each in enumerate(messages)]
    world = AccountHistory.model_validate({**told, "messages": so})
    interview = Interview.start(begun, class_definition(), supposing=AS_ALLEGED)
    assert interview.question is not None
    assert interview.question.kind == "pick"
    after = Truthful(world, class_definition(), frozenset()).reply(interview)
    assert [message.inmail for message in after.history.messages] == [False, True, False]
    unsure = Truthful(world, class_definition(), frozenset({"messages[].inmail"}))
    assert unsure.reply(interview).history == begun


#: What may be stated of a list before anybody is asked: part of what is then asked for.
STATED = [
    {"list": "premium", "where": {"start": "2022/2023"}},
    {"list": "premium", "where": {"plan": "premium_career", "start": "2022"}},
    {"list": "permissions", "where": {"start": "2022"}},
    {"list": "messages", "where": {"inmail": True, "sent_at": "2022/2023"}},
    {"list": "messages", "where": {"direction": "sent"}},
]


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
@pytest.mark.parametrize("stated", [*([each] for each in STATED), STATED], ids=str)
def test_one_more_is_asked_for_only_where_the_list_may_lack_one(
    stated: list[object], supposing: object
) -> None:
    """A yes once contradicted what was stated, and the history could not be made."""
    history = AccountHistory.model_validate({"account_id": "F", "complete": stated})
    asked = set()
    interview = Interview.start(history, class_definition(), supposing=supposing)  # type: ignore[arg-type]  # one of two
    while question := interview.question:
        if question.kind == "any":
            asked.add(question.list)
            yes = interview.answer(0)
            assert len(getattr(yes.history, question.list or "")) > 0
            assert yes.history.complete == interview.history.complete
            interview = yes if len(interview.replies) < 5 else interview.answer(1)
        else:
            interview = interview.dont_know()
        assert len(interview.replies) < 25
    assert {"premium", "messages"} <= asked
    assert interview.verdict == evaluate(
        interview.history,
        class_definition(),
        supposing=supposing,  # type: ignore[arg-type]  # as above
    )


def test_it_is_said_which_ones_are_not_listed_yet() -> None:
    stated = {"list": "messages", "where": {"inmail": True, "sent_at": "2022/2023"}}
    history = AccountHistory.model_validate(
        {
            "account_id": "F",
            "premium": [{"plan": "premium_career", "start": "2020", "end": ".."}],
            "complete": [stated],
        }
    )
    interview = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    texts = []
    while question := interview.question:
        texts.append(question.text)
        interview = interview.answer(1) if question.kind == "any" else interview.dont_know()
    assert texts[-2:] == [
        "Did you send or receive an InMail before 1 January 2022?",
        "Did you send or receive an InMail between 1 January and 17 September 2024?",
    ]
    assert interview.verdict.status is Status.INELIGIBLE


EXPORT = Path(__file__).parents[2] / "examples" / "archive" / "ada-example-export.zip"


@pytest.mark.parametrize(("supposing", "most"), [(None, 4), (AS_ALLEGED, 6)])
def test_whoever_cannot_say_of_a_stretch_is_not_asked_for_a_longer_one(
    supposing: object, most: int
) -> None:
    history = read_archive(EXPORT).history
    interview = Interview.start(history, class_definition(), supposing=supposing)  # type: ignore[arg-type]  # one of two
    asked = []
    while question := interview.question:
        asked += [question.text, *(answer.text for answer in question.answers)]
        interview = interview.dont_know()
    assert len(interview.replies) <= most
    assert not [text for text in asked if "2200" in text or "1900" in text]
    assert not [text for text in asked if "6 May 2024 until" in text]


def test_breaks_are_asked_for_between_receipts_of_whoever_cannot_say_of_the_whole() -> None:
    history = read_archive(EXPORT).history
    interview = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    asked = {}
    while question := interview.question:
        asked[question.text] = [answer.text for answer in question.answers]
        is_pick = question.text == "Which of these messages were InMails?"
        interview = interview.answer(0, 1) if is_pick else interview.dont_know()
    assert asked[
        "Between which of these dates were you without LinkedIn Premium for some time?"
    ] == [
        "Between 2 August 2024 and 2 September 2024",
        "Between 2 September 2024 and 18 September 2024",
    ]


def test_what_was_chosen_among_other_answers_is_not_said_again() -> None:
    """'On 1 April 2021 or later' stood where now 'On 1 July 2023 or later' does."""
    ended = begun().answer(0).answer(0).date("March 2021").answer(0).answer(1).answer(1)
    assert ended.verdict.status is Status.ELIGIBLE
    asked = ended.change("premium[0].start").date("June 2023")
    assert asked.question is not None
    assert (asked.question.id, asked.verdict.status) == (
        "messages[0].sent_at",
        Status.INDETERMINATE,
    )
    assert asked.answer(1).verdict.status is Status.ELIGIBLE  # the permission is not asked again
    assert ended.change("premium[0].start").date("March 2021") == ended


def test_records_to_pick_from_stand_in_their_order() -> None:
    """As in the archive, though those of July and those of the autumn are two kinds."""
    messages = [{"sent_at": f"2022-{month:02}-04"} for month in (10, 7, 11, 7, 12)]
    premium = [{"plan": "premium_career", "start": "2022-06/2022-08", "end": "2023"}]
    history = AccountHistory(
        account_id="A-1", premium=premium, messages=messages, complete=["premium"]
    )
    definition = class_definition(Reading.of(premium_when="messaged"))
    asked = Interview.start(history, definition, supposing=AS_ALLEGED)
    question = asked.dont_know().question  # when Premium began
    assert question is not None
    assert question.kind == "pick"
    assert [path for answer in question.answers for path in answer.changes] == [
        f"messages[{index}].inmail" for index in range(5)
    ]


def test_what_was_picked_is_not_said_of_other_records() -> None:
    """Once that of 2020 no longer counts, the message of 2021 stands in its place."""
    messages = [{"sent_at": f"{year}-05-04"} for year in (2020, 2021, 2022, 2023)]
    history = AccountHistory(account_id="A-1", messages=messages)
    definition = class_definition(Reading.of(premium_when="messaged"))
    likely = ["messages[3]"]
    asked = Interview.start(history, definition, supposing=AS_ALLEGED, likely=likely)
    picked = asked.answer(0).answer(0).date("2019").answer(1)
    assert [m.inmail for m in picked.history.messages] == [True, False, False, False]
    changed = picked.change("premium[0].start").date("2021")
    assert changed.question is not None
    assert (changed.question.id, len(changed.question.answers)) == (picked.replies[-1].question, 3)
    assert {m.inmail for m in changed.history.messages} == {None}


def test_what_was_said_of_one_record_is_not_said_of_the_next_in_its_place() -> None:
    definition = class_definition(Reading.of(premium_when="messaged"))
    begins = Interview.start(EMPTY, definition, supposing=AS_ALLEGED)
    ended = begins.answer(0).answer(1).date("May 2023").date("2019").answer(1)
    dated = ended.answer(0).date("2021")  # an InMail before June 2023
    assert dated.replies[-1].question == "messages[0].sent_at"
    changed = dated.change("premium[0].end").date("January 2022")
    assert changed.question is not None
    assert "InMail" in changed.question.text  # before February 2022
    other = changed.answer(0)
    assert other.question is not None
    assert other.question.id == "messages[0].sent_at"


def test_who_gives_the_same_answer_again_is_not_asked_all_that_followed() -> None:
    ended = begun().answer(0).answer(0).date("2021-03").answer(0).date("2023").answer(1)
    assert ended.change("premium.any.1").answer(0) == ended
    assert ended.change("messages.any.1").answer(0) == ended
    assert ended.change("messages.any.1").undo().date("2021-03").replies == ended.replies[:3]


def test_what_is_said_never_to_have_been_takes_back_when_it_was() -> None:
    """A date that is stated speaks of the worlds in which there is one; 'no' ended in an error."""
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2010", "end": ".."}],
        messages=[{"inmail": True, "sent_at": "2023-05-04", "shared_at": "2024-02"}],
        complete=["premium", "messages", "permissions"],
    )
    start = Interview.start(known, class_definition(), knower="defendant")
    assert start.question is not None
    assert start.question.path == "messages[0].shared"
    for place, status in enumerate((Status.ELIGIBLE, Status.INELIGIBLE)):
        answer = start.question.answers[place]
        assert answer.status is status
        assert evaluate(refine(known, answer.refinement)).status is status
        ended = start.answer(place)
        assert ended.verdict.status is status
        again = Interview.from_json(ended.to_json(), class_definition())
        assert again.history == ended.history
