"""A question asks for all that 'yes' is taken to say: half of it puts nobody into a class."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

import pytest
from flo import FloHistory, flo_class
from pydantic import Field

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    History,
    Is,
    MomentField,
    Record,
    Status,
    TimeSet,
    Within,
    YesNo,
    evaluate,
)
from eligibility.facts.paths import parse
from eligibility.facts.phrases import ListPhrases, Phrases
from eligibility.interview import Interview, Question
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.moment import Moment

SINCE: Final = TimeSet.since(Moment.parse("2023-07-01").earliest)
SOURCE: Final = Citation("A fiction")


def asked(interview: Interview) -> Question:
    assert interview.question is not None
    return interview.question


# ---- of which kind a stretch was covered --------------------------------------------------------


def bills(**said: Any) -> FloHistory:
    """A user with bills, each of which shows one day on which she lived in California."""
    days = ["2016-05-01", "2018-05-01", "2019-05-01"]
    shown = [
        {"place": "california", "start": f"../{day}", "end": f"{day}/..", **said} for day in days
    ]
    entry = {"kind": "pregnancy", "entered_at": "2017"}
    return FloHistory.model_validate(
        {"account_id": "A", "residences": shown, "entries": [entry], "complete": ["entries"]}
    )


@pytest.mark.parametrize(
    ("california", "where", "place"),
    [
        (True, "California", "california"),
        (False, "the United States", ["california", "elsewhere_in_us"]),
    ],
)
def test_coverage_is_asked_for_spans_of_the_kind_that_is_recorded(
    *, california: bool, where: str, place: object
) -> None:
    """'Was there some residence at every time?' is true of everybody, wherever they lived."""
    question = asked(Interview.start(bills(), flo_class(california=california)))
    assert question.text == (
        "Did you have, without a break from 1 May 2016 until 1 January 2018, a residence that was "
        f"in {where}?"
    )
    assert question.condition is not None
    assert question.condition["place"] == place
    assert question.answers[0].refinement["residences[3]"]["place"] == place


def test_breaks_are_asked_for_between_spans_of_that_kind() -> None:
    interview = Interview.start(bills(), flo_class(california=True))
    assert ".throughout." in asked(interview).id
    while asked(interview).kind != "pick":
        interview = interview.dont_know()
    assert asked(interview).text == (
        "Between which of these dates were you, for some time, without a residence that was in "
        "California?"
    )


def receipts(*days: str) -> list[dict[str, object]]:
    """Payments for Premium, each of which shows one day."""
    return [{"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."} for at in days]


@pytest.mark.parametrize("premium_when", ["shared", "messaged"])
def test_no_span_that_is_listed_ends_by_what_is_said_of_another(premium_when: str) -> None:
    """Asked for Premium 'that began before 2023' they said no, and what began in May had ended."""
    data = {
        "account_id": "A",
        "premium": receipts("2023-05-04", "2023-08-04"),
        "messages": [{"inmail": True, "sent_at": "2024-03-03"}],
        "complete": ["messages", "permissions", {"list": "premium", "where": {"start": "2023/.."}}],
    }
    definition = class_definition(Reading.of(premium_when=premium_when))
    history = AccountHistory.model_validate(data)
    interview = Interview.start(history, definition, supposing=AS_ALLEGED)
    while (question := interview.question) is not None:
        is_of_others = "before 1 January 2023" in question.text
        interview = interview.answer(1) if is_of_others else interview.dont_know()
        assert [span.end for span in interview.history.premium] == [s.end for s in history.premium]
    assert interview.verdict.status is Status.INDETERMINATE


def test_a_stretch_that_is_covered_covers_nothing_before_it() -> None:
    """Of receipts of 2019 and 2024 the first was said to run until 2024, over all between."""
    data = {
        "account_id": "A",
        "premium": receipts("2019-05-04", "2019-06-04", "2024-03-04", "2024-04-04"),
        "messages": [{"inmail": True, "sent_at": day} for day in ("2021-05-04", "2024-03-20")],
        "complete": ["messages", "permissions", "premium"],
    }
    history = AccountHistory.model_validate(data)
    question = asked(Interview.start(history, class_definition(), supposing=AS_ALLEGED))
    assert question.text == (
        "Did you have LinkedIn Premium without a break from 20 March 2024 until 18 September 2024?"
    )
    said = question.answers[0].refinement
    assert {parse(path).index for path in said} == {3}
    earlier = AccountHistory.model_validate(
        {**data, "premium": receipts("2019-05-04", "2019-06-04")}
    )
    interview = Interview.start(earlier, class_definition(), supposing=AS_ALLEGED)
    while (question := interview.question) is not None:  # the InMail of 2021 lies between
        assert "20 March 2024 until" not in question.text
        interview = interview.dont_know()


# ---- words of one's own -------------------------------------------------------------------------


def letters(template: str, *conditions: Any) -> ClassDefinition:
    """A class about letters, with words of its own to ask for one."""

    class Letter(Record):
        spoken: ClassVar[ListPhrases] = ListPhrases(asks_some=template)
        phrases: ClassVar[Mapping[str, Phrases]] = {
            "signed": Phrases(named={None: "a letter", True: "a signed letter"}),
            "kind": Phrases(named={None: "of any kind"}),
        }
        signed: YesNo = Field(default=None, title="Was it signed?")
        kind: Literal["notice", "offer"] | None = Field(default=None, title="What was it about?")
        sent_at: MomentField = Field(default=None, title="When was it sent?")
        answered_at: MomentField = Field(default=None, title="When was it answered?")

    class Mail(History):
        letters: tuple[Letter, ...] = ()

    clauses = [Clause(f"c{at}", "so", SOURCE, each) for at, each in enumerate(conditions)]
    return ClassDefinition("letters", "1", "Letters", Mail, tuple(clauses))


SIGNED: Final = Is("letters[].signed", True)
SENT: Final = Within("letters[].sent_at", SINCE)
ANSWERED: Final = Within("letters[].answered_at", SINCE)


@pytest.mark.parametrize(
    ("template", "conditions", "text"),
    [
        (
            "Did you get {signed} {sent_at}?",
            (SIGNED, SENT),
            "Did you get a signed letter on or after 1 July 2023?",
        ),
        ("Did you get {signed}?", (SIGNED,), "Did you get a signed letter?"),
        (
            "Did you get {signed} {sent_at}, answered {answered_at}?",
            (SENT, ANSWERED),
            "Did you get a letter on or after 1 July 2023, answered on or after 1 July 2023?",
        ),
        (
            "Did you get {signed} {sent_at}?",
            (SIGNED,),
            "Did you get a signed letter at any time?",
        ),
        (  # whoever got a signed letter in 2010 would say yes
            "Did you get {signed}?",
            (SIGNED, SENT),
            "Was there any letter that was signed and was sent on 1 July 2023 or later?",
        ),
        (  # or whoever got one since then that was not answered until 2022
            "Did you get {signed} {sent_at}?",
            (SIGNED, ANSWERED),
            "Was there any letter that was signed and was answered on 1 July 2023 or later?",
        ),
        (
            "Did you get {signed} {kind}?",
            (Is("letters[].kind", "notice"),),
            "Was there any letter that was about notice?",
        ),
    ],
)
def test_words_that_leave_out_what_is_asked_are_not_used(
    template: str, conditions: tuple[Any, ...], text: str
) -> None:
    definition = letters(template, *conditions)
    assert asked(Interview.start(definition.model(account_id="A"), definition)).text == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (SIGNED, "Which of these letters were signed?"),
        (Is("letters[].kind", {"notice", "offer"}), "Which of these came from Acme?"),
        (Is("letters[].kind", "notice"), "Which of these told of the breach?"),
        (
            Is("letters[].kind", "offer"),
            "For which of these letters is this true: it was about offer?",
        ),
    ],
)
def test_which_of_several_is_asked_of_the_fact_that_is_recorded(condition: Is, text: str) -> None:
    """A list's own words asked which letters were signed, whatever was recorded of them."""

    class Letter(Record):
        phrases: ClassVar[Mapping[str, Phrases]] = {
            "signed": Phrases(asks_which={True: "Which of these letters were signed?"}),
            "kind": Phrases(
                asks_which={
                    frozenset({"notice", "offer"}): "Which of these came from Acme?",
                    frozenset({"notice"}): "Which of these told of the breach?",
                }
            ),
        }
        signed: YesNo = Field(default=None, title="Was it signed?")
        kind: Literal["notice", "offer", "other"] | None = Field(
            default=None, title="What was it about?"
        )

    class Mail(History):
        letters: tuple[Letter, ...] = Field(default=(), title="Letters")

    definition = ClassDefinition("m", "1", "M", Mail, (Clause("so", "so", SOURCE, condition),))
    interview = Interview.start(Mail(account_id="A", letters=(Letter(), Letter())), definition)
    assert (asked(interview).kind, asked(interview).text) == ("pick", text)


def test_one_home_that_was_left_says_nothing_of_another() -> None:
    """Who moved away, and back, and lives there still, had no answer that was true."""
    interview = Interview.start(FloHistory(account_id="A"), flo_class(california=True))
    interview = interview.answer(0).answer(1).date("June 2017").date("May 2015").answer(0)
    question = asked(interview)
    assert question.text == "Did your other stay there last until 1 March 2019, or longer?"
    assert [answer.text for answer in question.answers] == ["Yes", "No"]


# ---- what people wrote --------------------------------------------------------------------------


@pytest.mark.parametrize("wrote", ["{}", "{0}", "{x}", "{", "}", "{it.__class__}", "{{"])
def test_braces_that_somebody_wrote_are_shown_as_they_are(wrote: str) -> None:
    """Of several homes it is said of which is asked, and by what it is known: a lease {3}."""
    homes = [{"start": "2015", "source": f"lease {wrote}"}, {"start": "2017", "source": "another"}]
    entry = {"kind": "pregnancy", "entered_at": "2017"}
    data = {"account_id": "A", "residences": homes, "entries": [entry]}
    history = FloHistory.model_validate(data)
    texts = [question.text for question in evaluate(history, flo_class()).questions]
    interview = Interview.start(history, flo_class())
    while interview.question is not None:
        texts.append(asked(interview).text)
        interview = interview.dont_know()
    assert any(f"(residence number 1, lease {wrote})" in text for text in texts)
