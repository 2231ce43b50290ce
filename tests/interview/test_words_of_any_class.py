"""A class that nobody listed, with titles alone: what its people are asked, word by word."""

from typing import ClassVar, Literal

import pytest
from pydantic import Field
from zoom import zoom_class

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Ever,
    Facts,
    History,
    Is,
    MomentField,
    Record,
    Span,
    TimeSet,
    Uncovered,
    Within,
    YesNo,
    any_of,
    evaluate,
    read_history,
)
from eligibility.facts.normalise import normalise
from eligibility.facts.wording import Speaker
from eligibility.interview import Interview, Question
from eligibility.interview.plain_words import why
from eligibility.interview.second_person import to_you
from eligibility.interview.words import Words
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.text.lanes import time_line
from eligibility.values.moment import Moment
from eligibility.values.timeline import LATEST
from eligibility.web.screens import SelfCheck


class Tenancy(Record):
    order: ClassVar = (("moved_in", "moved_out"), ("moved_out", "returned_on"))
    exists_if: ClassVar = {"returned_on": "returned"}

    landlord: Literal["acme", "acme_homes", "other"] | None = Field(
        default=None, title="Who was the landlord?"
    )
    kind: Literal["house", "room"] | None = Field(default=None, title="Of which kind was it?")
    inspected: YesNo = Field(default=None, title="Was it inspected?")
    moved_in: MomentField = None
    moved_out: MomentField = Field(default=None, title="Date of moving out")
    returned: YesNo = Field(default=None, title="Did you get the deposit back?")
    returned_on: MomentField = Field(default=None, title="When did you get the deposit back?")


class Service(Span):
    """A time in military service."""


class Person(Facts):
    minor: YesNo = None


class Tenant(History):
    holder: ClassVar[str] = "the tenant"

    tenancies: tuple[Tenancy, ...] = Field(default=(), title="Tenancies")
    service: tuple[Service, ...] = Field(default=(), title="Military service")
    person: Person = Person()


class Soldier(History):
    leave: tuple[Service, ...] = ()


SOURCE = Citation("A fiction")
PERIOD = TimeSet.of((Moment.parse("2019").earliest, Moment.parse("2021").latest))
ACME = Clause("acme", "Acme's", SOURCE, Is("tenancies[].landlord", {"acme", "acme_homes"}))
HOUSE = Clause("house", "of a house", SOURCE, Is("tenancies[].kind", "house"))
LEFT = Clause("left", "left then", SOURCE, Within("tenancies[].moved_out", PERIOD))
SERVED = Clause("civilian", "a civilian", SOURCE, Uncovered("tenancies[].moved_out", "service"))
ADULT = Clause("adult", "no minors", SOURCE, Is("person.minor", True))
INSPECTED = Clause(
    "inspected",
    "inspected",
    SOURCE,
    Is("tenancies[].inspected", True),
    not_met="it was not looked at",
)
BACK = Clause("back", "not returned", SOURCE, Is("tenancies[].returned", False))


def tenants(*clauses: Clause) -> ClassDefinition:
    return ClassDefinition("tenants", "1", "Tenants", Tenant, clauses, exclusions=(ADULT,))


def asked(interview: Interview) -> Question:
    assert interview.question is not None
    return interview.question


def test_a_moment_that_may_not_exist_divides_no_question_that_has_no_need_of_it() -> None:
    """It was asked three times, by whether and when the deposit came back, which is not asked."""
    start = Interview.start(Tenant(account_id="T-1"), tenants(ACME, HOUSE, LEFT, SERVED))
    assert asked(start).condition == {
        "landlord": ["acme", "acme_homes"],
        "kind": "house",
        "moved_out": "2019-01-01/2021-12-31",
    }
    assert asked(start).text == (
        "Was there any tenancy for which all of this is true: the landlord was acme or acme "
        "homes, the kind was house and the date of moving out lies between 1 January 2019 and 31 "
        "December 2021?"
    )
    assert start.answer(1).question is None


class Charge(Record):
    reminded: YesNo = Field(default=None, title="Was a reminder sent before?")
    refunded: YesNo = Field(default=None, title="Was it refunded?")
    charged_at: MomentField = Field(default=None, title="When was it charged?")


class Living(Span):
    state: Literal["ohio", "elsewhere"] | None = Field(
        default=None, title="In which state was that?"
    )


class Buyer(Facts):
    staff: YesNo = Field(default=None, title="Is the customer an employee?")


class Customer(History):
    holder: ClassVar[str] = "the customer"

    charges: tuple[Charge, ...] = Field(default=(), title="Charges")
    living: tuple[Living, ...] = Field(default=(), title="Residences")
    buyer: Buyer = Field(default=Buyer(), title="The customer")


CHARGED = ClassDefinition(
    "renewals",
    "1",
    "Renewals",
    Customer,
    (
        Clause("kept", "not refunded", SOURCE, Is("charges[].refunded", False)),
        Clause("unasked", "no reminder", SOURCE, Is("charges[].reminded", False)),
        Clause("then", "then", SOURCE, Within("charges[].charged_at", PERIOD)),
        Clause(
            "ohio",
            "in Ohio",
            SOURCE,
            Covered("charges[].charged_at", "living", (Is("living[].state", "ohio"),)),
        ),
    ),
    exclusions=(Clause("staff", "no staff", SOURCE, Is("buyer.staff", True)),),
)


def test_many_conditions_are_asked_for_one_after_the_other_as_the_model_has_them() -> None:
    """They stood in one clause, in any order: 'of which the answer to “Was …?” is no'."""
    living = Interview.start(Customer(account_id="C-1"), CHARGED)
    when = "at any time between 1 January 2019 and 31 December 2021"
    assert asked(living).text == f"Did you have a residence {when}, of which the state was ohio?"
    charged = living.answer(0).answer(0).answer(0)
    every = (
        "for which all of this is true: a reminder was not sent before, it was not refunded and it "
        "was charged between 1 January 2019 and 31 December 2021"
    )
    assert asked(charged).text == f"Was there any charge {every}?"
    assert asked(charged).lead == "Was there any charge for which all of this is true?"
    screen = SelfCheck.start(CHARGED).begin(charged.history)
    assert "<li>A reminder was not sent before</li>" in screen.html
    none = f"There is no charge {every} (as you said),"
    assert why(charged.answer(1).verdict)[0].startswith(none)
    staff = charged.answer(0)
    assert asked(staff).text == "Are you an employee?"
    assert "you are not an employee" in " ".join(why(staff.answer(1).verdict))
    assert "whether you are an employee" in " ".join(staff.dont_know().open_sentences)


def test_of_several_it_is_said_what_is_asked_and_of_which_one() -> None:
    charges = [{"charged_at": "2020-05"}, {"charged_at": "2021-05"}]
    living = [{"start": "2010", "end": "..", "state": "ohio"}]
    history = Customer(account_id="C-1", charges=charges, living=living)
    picked = asked(Interview.start(history, CHARGED))
    assert picked.text == "For which of these charges is this true: a reminder was not sent before?"
    texts = {each.text for each in evaluate(history, CHARGED).questions}
    assert "Was a reminder sent before (charge number 2, charged in May 2021)?" in texts


def test_a_class_that_asks_for_one_instant_is_asked_about() -> None:
    """It ended undecided without a question, as if it lay between two days of a span."""
    noon = TimeSet.of((Moment.parse("2020-01-01T12:00:00Z").earliest,) * 2)
    then = Clause("then", "then", SOURCE, Within("tenancies[].moved_out", noon))
    start = Interview.start(Tenant(account_id="T-1"), tenants(then))
    assert asked(start).list == "tenancies"
    assert start.answer(1).verdict.status == "ineligible"


def test_a_span_is_asked_for_by_the_time_in_which_it_matters() -> None:
    said = Interview.start(Tenant(account_id="T-1"), tenants(LEFT, SERVED)).answer(0)
    when = "at any time between 1 January 2019 and 31 December 2021?"
    assert asked(said).text == f"Did you have any military service {when}"


def test_a_home_is_asked_for_as_people_ask_for_one() -> None:
    """'Was there any home at any time on 1 December 2020 or later', and 'some home'."""

    class Home(Span):
        pass

    class Owner(History):
        homes: tuple[Home, ...] = ()

    since = TimeSet.of((Moment.parse("2020-12-01").earliest, LATEST))
    definition = ClassDefinition(
        "owners", "1", "Owners", Owner, (Clause("home", "a home", SOURCE, Ever("homes", since)),)
    )
    start = Interview.start(Owner(account_id="O-1"), definition)
    assert asked(start).text == "Did you have a home at any time on or after 1 December 2020?"
    words = Words(start.history, normalise(start.history), is_claimant=True)
    day = since.spans[0][0]
    assert words.none("homes", {}, more=False) == "When did you definitely have no home?"
    assert words.throughout("homes", day, day, {}) == (
        "Did you have, without a break from 1 December 2020 until 1 December 2020, a home?"
    )
    assert words.breaks("homes", {}) == (
        "Between which of these dates were you, for some time, without a home?"
    )


@pytest.mark.parametrize(
    ("sent", "asked_of"),
    [
        ("2023-05-04T10:00", "message number 2 (4 May 2023, inbox)"),
        ("2023-05", "message number 2 (May 2023, inbox)"),
        ("2023", "message number 2 (inbox)"),
    ],
)
def test_of_several_listed_it_is_said_when_the_one_was_that_is_asked_about(
    sent: str, asked_of: str
) -> None:
    """Whoever is asked whether they sent 'message number 2' does not know which one that is."""
    messages = [{"sent_at": "2020"}, {"sent_at": sent, "source": "inbox"}]
    history = AccountHistory(account_id="F-1", messages=messages)
    words = Words(history, normalise(history), is_claimant=True)
    assert words.fact("messages", 1, "direction") == f"Did you send or receive {asked_of}?"
    assert words.fact("messages", 1, "sent_at") == "When was message number 2 (inbox) sent?"


def test_what_has_not_ended_or_may_never_have_been_is_no_date_of_a_record() -> None:
    """'Subscription number 1 (31 December 2200)' was that of somebody who still has it."""
    messages = [{"shared_at": "2023-05", "source": "inbox"}, {"sent_at": "2020"}]
    premium = [{"end": ".."}, {"plan": "learning", "start": "2023-05", "end": ".."}]
    history = AccountHistory(account_id="F-1", messages=messages, premium=premium)
    words = Words(history, normalise(history), is_claimant=True)
    direction = words.fact("messages", 0, "direction")
    assert direction == "Did you send or receive message number 1 (inbox)?"
    assert words.fact("premium", 0, "plan") == "Which plan was subscription number 1?"
    assert words.fact("premium", 1, "plan").endswith("number 2 (May 2023)?")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"start": "../2022-12-31", "end": "../2022-12-31"}, "ended before 1 January 2023"),
        ({"start": "../2023-12-31", "end": "../2022-12-31"}, "ended before 1 January 2023"),
        ({"start": "2022-01-01/..", "end": "2022-01-01/.."}, "began on 1 January 2022 or later"),
        (
            {"start": "2020-01-01/..", "end": "2022-01-01/.."},
            "began on 1 January 2020 or later and lasted until 1 January 2022 or longer",
        ),
        (
            {"start": "2021", "end": "../2022-12-31"},
            "began in 2021 and ended before 1 January 2023",
        ),
    ],
)
def test_of_a_span_it_is_not_asked_what_its_other_end_says(
    where: dict[str, str], said: str
) -> None:
    """'Another permission that began before 1 January 2023 and ended before 1 January 2023?'"""
    history = AccountHistory(account_id="F-1")
    moments = {key: Moment.parse(when, history.time_zone) for key, when in where.items()}
    bounds = {key: (when.earliest, when.latest) for key, when in moments.items()}
    text, _ = Words(history, normalise(history), is_claimant=True).some(
        "permissions", bounds, more=True
    )
    assert text == f"Did you have another permission that {said}?"


def test_the_claimant_is_asked_as_you_and_whoever_has_the_papers_as_they() -> None:
    for knower, text in (("claimant", "you"), ("documents", "the tenant")):
        start = Interview.start(Tenant(account_id="T-1"), tenants(LEFT, SERVED), knower=knower)
        served = asked(start.answer(0)).text
        assert served.startswith(f"Did {text} have any military service at any time")
        start = Interview.start(Tenant(account_id="T-1"), tenants(LEFT), knower=knower)
        assert asked(start.answer(0)).text == f"Does “minor” apply to {text}?"


def test_a_title_that_names_no_record_is_told_of_which_one_it_asks() -> None:
    history = Tenant(account_id="T-1", tenancies=[{"moved_out": "2020", "source": "lease 7"}, {}])
    questions = evaluate(history, tenants(BACK)).questions
    assert "Did you get the deposit back (tenancy number 2)?" in {each.text for each in questions}
    alone = Tenant(account_id="T-1", tenancies=[{}], complete=["tenancies"])
    assert asked(Interview.start(alone, tenants(BACK))).text == "Did you get the deposit back?"


def test_each_of_several_that_were_said_is_told_from_the_others() -> None:
    """Of three times with Premium it was asked 'When did your other Premium end?' of each."""
    history = AccountHistory(account_id="A-1001")
    said = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    said = said.answer(0).answer(1).date("June 2019").answer(0)
    assert asked(said).text == "When did your other Premium end?"
    said = said.date("December 2021").answer(0)
    assert asked(said).text == "When did the third subscription that you mentioned end?"
    history, said = said.start_history, said.date("August 2024").history
    words = Words(history, normalise(said), is_claimant=True)
    assert words.one("premium", 1, "start") == "your Premium that ended in December 2021"


def test_of_several_that_nothing_tells_apart_each_has_a_number() -> None:
    history = AccountHistory(account_id="A-1001")
    said = AccountHistory(account_id="A-1001", premium=[{"start": "2019"}, {"start": "2019"}, {}])
    words = Words(history, normalise(said), is_claimant=True)
    named = [words.one("premium", at, "end") for at in range(3)]
    assert named == [
        "the first subscription that you mentioned",
        "the second subscription that you mentioned",
        "the third subscription that you mentioned",
    ]


def test_whoever_cannot_say_how_long_one_lasted_is_not_asked_the_same_of_another() -> None:
    """'Did you still have Premium on …?' does not say which: 'I don't know' is final."""
    history = AccountHistory(account_id="A-1001")
    said = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    said = said.answer(0).dont_know().dont_know().date("2019").answer(0).date("2021").answer(0)
    assert asked(said).text == "When did your other Premium end?"


def test_of_a_receipt_that_ended_nothing_is_said_of_what_is_said_later() -> None:
    """How long the receipt's subscription lasted was asked of that one alone."""
    premium = [{"plan": "premium_career", "start": "2019", "source": "receipt 7"}]
    history = AccountHistory(account_id="A-1001", premium=premium)
    start = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    assert asked(start).text.startswith("Did the subscription (receipt 7) last until")
    later = start.answer(1).date("2021").answer(0)
    assert asked(later).text == "Did you still have Premium on 18 September 2024?"


def test_the_only_one_is_said_only_of_a_list_that_lacks_none() -> None:
    tenancy = {"inspected": False, "moved_out": "2020"}
    statement = {"list": "tenancies", "where": {"inspected": True}}
    for complete, who in ((["tenancies"], "The only tenancy"), ([statement], "The tenancy")):
        history = Tenant(account_id="T-1", tenancies=[{**tenancy}], complete=complete)
        text = evaluate(history, tenants(INSPECTED)).reasons[0].text
        assert text.startswith(who), text


def test_what_none_was_is_said_before_when_none_was() -> None:
    never = Interview.start(AccountHistory(account_id="A-1"), class_definition()).answer(1)
    start = "No subscription to LinkedIn Premium began before 18 September 2024"
    assert why(never.verdict)[0].startswith(start)


def test_what_was_said_of_all_uses_is_not_said_twice() -> None:
    never = Interview.start(zoom_class().model(account_id="A-1"), zoom_class()).answer(1)
    (reason,) = why(never.verdict)
    assert reason.endswith("between 30 March 2016 and 30 July 2021 (as you said).")


@pytest.mark.parametrize(("own", "named"), [({}, "1"), ({"id": "p-1"}, "p-1")])
def test_one_of_several_is_named_once(own: dict[str, str], named: str) -> None:
    plan = {"plan": "premium_career"}
    subscriptions = [plan | own | {"start": "2020", "end": ".."}, plan | {"end": "2019"}]
    inmail = {"inmail": True, "shared": True, "shared_at": "2023"}
    history = AccountHistory(
        account_id="A-1", premium=subscriptions, messages=[inmail], complete=["permissions"]
    )
    text = why(evaluate(history, class_definition()))[0]
    assert f"the plan of subscription {named} was Premium Career" in text
    assert "number 1" not in text
    assert text.count("p-1") == ("p-1" in named)


@pytest.mark.parametrize(
    ("said", "to_whom"),
    [
        ("Is the user in the United States?", "Are you in the United States?"),
        ("Has the user's claim been settled?", "Has your claim been settled?"),
        ("When was the user away?", "When were you away?"),
        (
            "the user still lives there and the user was away",
            "you still live there and you were away",
        ),
        ("The user never watches it.", "You never watch it."),
        ("the account of the user is open", "the account of you is open"),
        ("what the user always says", "what you always say"),
        ("it is the user", "it is you"),
    ],
)
def test_what_is_said_of_the_holder_is_said_to_you(said: str, to_whom: str) -> None:
    assert to_you(said, "the user") == to_whom


def test_the_first_screen_and_the_time_line_read_without_words_of_the_model() -> None:
    start = SelfCheck.start(tenants(LEFT, SERVED))
    assert "<li>Left then.</li>" in start.html
    assert "is met" not in start.html
    served = Clause("served", "served", SOURCE, Ever("leave", PERIOD))
    definition = ClassDefinition("soldiers", "1", "Soldiers", Soldier, (served,))
    drawn = time_line(Soldier(account_id="T-1", leave=[{"start": "2020"}]), definition)
    assert [lane.name for lane in drawn.lanes] == ["Leave"]


def test_one_more_of_anything_is_one() -> None:
    spans = [{"start": f"20{year}"} for year in range(10, 14)]
    text = Tenant(account_id="T-1", service=spans).model_dump_json(exclude_none=True)
    history = read_history(text, Tenant)
    said = list(Speaker(history).facts(f"service[{at}].start" for at in range(4)))
    assert said[-1] == "and 1 more military service likewise"


def test_what_one_way_or_another_into_the_class_leaves_open_is_no_condition() -> None:
    """'It is False or True' was asked; whoever said no could not be told anything any more."""
    late = any_of(Is("charges[].refunded", False), Is("charges[].refunded", True))
    clauses = (Clause("late", "not refunded in time", SOURCE, late), CHARGED.clauses[1])
    definition = ClassDefinition("late", "1", "Late", Customer, clauses)
    start = Interview.start(Customer(account_id="C-1"), definition)
    assert asked(start).condition == {"reminded": False}
    assert start.answer(1).verdict.status == "ineligible"


class Treatment(Record):
    exists_if: ClassVar = {"failed_at": "failed"}
    length: Literal["short", "over_8_hours"] | None = Field(default=None, title="How long was it?")
    failed: YesNo = Field(default=None, title="Did it fail?")
    failed_at: MomentField = Field(default=None, title="When did it fail?")
    began_at: MomentField = Field(default=None, title="When did it begin?")


class Address(Span):
    """Where the patient lived."""


class Patient(History):
    holder: ClassVar[str] = "the patient"

    treatments: tuple[Treatment, ...] = Field(default=(), title="Patient treatments")
    addresses: tuple[Address, ...] = Field(default=(), title="Addresses after a move")


TREATED = ClassDefinition(
    "treated",
    "1",
    "Treated",
    Patient,
    (
        Clause("long", "long", SOURCE, Is("treatments[].length", "over_8_hours")),
        Clause("failed", "failed", SOURCE, Is("treatments[].failed", True)),
        Clause("then", "then", SOURCE, Within("treatments[].began_at", PERIOD)),
        Clause("moved", "after a move", SOURCE, Covered("treatments[].began_at", "addresses")),
    ),
)


def test_what_a_record_did_and_how_it_was_is_said_and_not_quoted() -> None:
    start = Interview.start(Patient(account_id="P-1"), TREATED)
    assert asked(start).text == (
        "Did you have an address at any time between 1 January 2019 and 31 December 2021?"
    )
    treated = start.answer(0).answer(0).answer(0)
    assert asked(treated).text == (
        "Was there any patient treatment for which all of this is true: it was over 8 hours, it "
        "did fail and it did begin between 1 January 2019 and 31 December 2021?"
    )
    history = Patient(account_id="P-1", treatments=[{"length": "short"}, {"failed": False}])
    said = [*Speaker(history).facts(["treatments[0].length", "treatments[1].failed"])]
    assert said == ["patient treatment 1 was short", "patient treatment 2 did not fail"]


def test_a_record_that_is_named_after_the_holder_is_not_spoken_to() -> None:
    """'When you account was opened' was said of a patient account."""
    history = Patient(account_id="P-1", treatments=[{"length": "over_8_hours", "failed": True}])
    left = Interview.start(history, TREATED)
    while left.question is not None:
        left = left.dont_know()
    words = " ".join(left.open_sentences)
    assert "when the patient treatment did begin" in words
    assert "you treatment" not in words
