"""A definition and a verdict as sentences, for this case and for another."""

import re
from typing import Annotated

from pydantic import Field

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Ever,
    History,
    Is,
    Moment,
    MomentField,
    Record,
    Span,
    TimeSet,
    Uncovered,
    Within,
    YesNo,
    all_of,
    any_of,
    evaluate,
    survey,
)
from eligibility.cli.sections import survey_lines
from eligibility.errors import printable
from eligibility.facts.more_known import change_lines
from eligibility.facts.wording import title_of, value_words
from eligibility.rules import (
    AS_ALLEGED,
    NOTICE,
    UPDATE_DAY_BEGINS,
    UPDATE_DAY_ENDS,
    Reading,
    class_definition,
    every_reading,
)
from eligibility.text.definition_prose import condition_words, definition_sections
from eligibility.text.picture import timeline
from eligibility.text.prose import reason_lines, verdict_sections, verdict_text
from eligibility.text.section import joined
from eligibility.values.date_words import Dates, day_words, times_words
from eligibility.values.timeline import DAY, EARLIEST, LATEST


class Entry(Record):
    at: MomentField = Field(default=None, title="When was it entered?")
    by_user: YesNo = Field(default=None, title="Did the user enter it?")


class Residence(Span):
    pass


class AppHistory(History):
    entries: tuple[Entry, ...] = ()
    residences: Annotated[tuple[Residence, ...], Field(title="Residences in California")] = ()
    is_minor: YesNo = Field(default=None, title="A minor?")


PERIOD = TimeSet.of((UPDATE_DAY_BEGINS, UPDATE_DAY_ENDS - 1))
REPORT = Citation("Order of 2025", "menstruation")
APP_CLASS = ClassDefinition(
    id="app",
    version="7",
    title="The class of an app",
    model=AppHistory,
    clauses=(
        Clause("entered", "who entered it", REPORT, Is("entries[].by_user", True)),
        Clause("in-period", "in the period", REPORT, Within("entries[].at", PERIOD)),
        Clause("resident", "while residing there", REPORT, Covered("entries[].at", "residences")),
    ),
    exclusions=(Clause("minor", "not counting minors", REPORT, Is("is_minor", True)),),
)


def app(**data):
    return evaluate(AppHistory(account_id="U-1", **data), APP_CLASS)


def history(**data):
    return AccountHistory.model_validate({"account_id": "A-1", **data})


# ---- words -------------------------------------------------------------------------------------


def test_times_in_words():
    assert times_words(PERIOD) == "on 18 September 2024"
    assert times_words(TimeSet.since(UPDATE_DAY_BEGINS)) == "on 18 September 2024 or later"
    assert times_words(TimeSet.ALL) == "at any time"
    assert times_words(TimeSet.EMPTY) == "at no time"
    assert times_words(~PERIOD) == "before 18 September 2024 or on 19 September 2024 or later"
    assert day_words(UPDATE_DAY_BEGINS, "UTC") == "07:00 on 18 September 2024"
    assert day_words(EARLIEST, "UTC") == "1 January 1900"
    assert day_words(LATEST + 1, "UTC").endswith("31 December 2200")


def test_printable_text_is_left_alone_and_the_rest_is_spelt_out():
    assert printable("Zoë [b] “x”") == "Zoë [b] “x”"
    assert printable("\x1b\x9b\u202e\n\udc80") == "\\x1b\\x9b\\u202e\\n\\udc80"


def test_values_and_titles_in_words():
    assert [value_words(value) for value in (None, True, False)] == ["not known", "yes", "no"]
    assert title_of("messages[].sent_at", AccountHistory) == "When was it sent?"
    assert title_of("exclusions.counsel", AccountHistory) == "Counsel in the case?"
    assert title_of("residences", AppHistory) == "Residences in California"
    assert title_of("entries", AppHistory) == "entries"
    assert title_of("is_minor", AppHistory) == "A minor?"


# ---- a definition ------------------------------------------------------------------------------


def test_every_condition_has_words():
    condition = all_of(
        Is("premium[].plan", {"premium_career", "job_seeker"}),
        any_of(
            Within("messages[].sent_at", PERIOD),
            Covered("messages[].sent_at", "premium", (Is("premium[].plan", "job_seeker"),)),
        ),
        Uncovered("messages[].shared_at", "permissions"),
        Ever("premium", TimeSet.before(UPDATE_DAY_BEGINS)),
    )
    assert condition_words(condition, AccountHistory) == (
        "the plan was Job Seeker or Premium Career; and (either the message was sent on 18 "
        "September 2024; or the message was sent while one of the Premium subscriptions of which "
        "the plan was Job Seeker lasted); and the message was shared while none of the "
        "permissions lasted; and one of the Premium subscriptions lasted before 18 September 2024"
    )


def test_a_definition_is_told_whole():
    assert (
        joined(definition_sections(APP_CLASS))
        == f"""\
The class of an app
app, version 7
SHA-256 of the definition: {APP_CLASS.digest}
An account fits the description if some one of its entries meets all of these together, \
and no exclusion takes it out.

Clauses
1. entered: who entered it
  Means: the answer to “Did the user enter it?” is yes.
  Source: Order of 2025: “menstruation”
2. in-period: in the period
  Means: the entry was entered on 18 September 2024.
  Source: Order of 2025: “menstruation”
3. resident: while residing there
  Means: the entry was entered while one of the residences in California lasted.
  Source: Order of 2025: “menstruation”

Exclusions: whoever is one of these is left out
4. minor: not counting minors
  Left out if: the answer to “A minor?” is yes.
  Source: Order of 2025: “menstruation”"""
    )


def test_a_definition_about_the_account_alone_speaks_of_no_list():
    alone = ClassDefinition(
        "a", "1", "T", AppHistory, (Clause("minor", "a minor", REPORT, Is("is_minor", True)),)
    )
    said = joined(definition_sections(alone))
    assert "An account fits the description if it meets this." in said
    said = verdict_text(evaluate(AppHistory(account_id="U"), alone))
    assert (
        "The account, clause by clause (each line assumes those above it)\nnot known  1. " in said
    )


def test_every_reading_of_the_case_has_words_that_promise_nothing():
    for reading in every_reading():
        said = joined(definition_sections(class_definition(reading)))
        assert NOTICE in said
        assert "certified class" not in said


# ---- a verdict ---------------------------------------------------------------------------------


def test_a_verdict_over_another_model_is_told():
    verdict = app(
        entries=[{"id": "e1", "at": "2024-09-18", "by_user": True, "source": "log"}],
        residences=[{"start": "2020", "end": ".."}],
        is_minor=False,
    )
    said = verdict_text(verdict)
    assert said.startswith(
        "ELIGIBLE\nAccount U-1 fits the description under the stated reading. The entry meets "
        "every clause: "
    )
    assert "it was entered on 18 September 2024" in said
    assert "(log)" in said
    assert "Best single entry, clause by clause (each line assumes those above it)\nmet " in said
    assert "the answer to “A minor?” is no" in said
    assert "18 September 2024, in" in timeline(verdict.history, APP_CLASS)


def test_an_open_verdict_tells_its_question_and_both_ways():
    verdict = app(
        entries=[{"at": "2024-09-18", "by_user": True}],
        residences=[{"start": "2020", "end": ".."}],
        complete=["entries"],
    )
    said = verdict_text(verdict)
    assert said.startswith("INDETERMINATE\nWhat is known does not decide whether account U-1 fits")
    assert "Questions\nA minor?\n  yes: ineligible\n  no: eligible\n" in said
    one_way, other_way = said.partition("One way it would be eligible\n")[2].split("\n\n")[:2]
    assert "The answer to “A minor?” is no." in one_way.splitlines()
    assert other_way == "One way it would be ineligible\nThe answer to “A minor?” is yes."


def test_a_definition_shows_what_the_report_says_besides_below_the_clause_it_bears_on():
    definition = class_definition(Reading.of(exclusions="customary"))
    text = joined(definition_sections(definition))
    below = dict(part.partition(":")[::2] for part in re.split(r"(?m)^\d+\. ", text)[1:])
    for step in definition.steps:
        for citation in step.context:
            assert f"  See also: {citation}" in below[step.id].splitlines()
    assert sum(len(step.context) for step in definition.steps) == text.count("See also:") == 5


def test_a_verdict_under_a_supposition_always_says_so():
    known = history(
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        messages=[{"inmail": True, "sent_at": "2023"}],
    )
    first, second, *_ = verdict_text(evaluate(known, supposing=AS_ALLEGED)).splitlines()
    assert first == "ELIGIBLE, supposing what the complaint alleges"
    assert second.startswith("This is no finding of what happened.")


def test_the_notice_stands_in_every_text_of_the_case():
    assert verdict_text(evaluate(history())).endswith(NOTICE)
    assert verdict_text(evaluate(history(complete=["messages"]))).endswith(NOTICE)


def test_facts_are_told_with_their_source_in_plain_text():
    verdict = evaluate(
        history(
            complete=["messages"],
            messages=[{"id": "m\x1b", "inmail": False, "source": "a\nb"}],
        )
    )
    (reason,) = verdict.reasons
    assert reason.text == (
        "The only message was not an InMail (a\\nb). There are no other messages (as stated)."
    )


def test_many_facts_are_counted_not_listed():
    messages = [{"inmail": False}] * 40
    (line,) = reason_lines(evaluate(history(complete=["messages"], messages=messages)))
    assert line == (
        "None of the 40 messages was an InMail. There are no other messages (as stated)."
    )


def test_changes_are_told_as_what_is_new():
    before = history(messages=[{"sent_at": "2023"}] * 4)
    after = AccountHistory.model_validate(
        {
            **before.model_dump(mode="json"),
            "messages": [{"sent_at": "2023-05", "inmail": False}] * 4 + [{}],
            "premium": [{"plan": "other", "end": ".."}],
            "exclusions": {"counsel": True},
            "complete": ["messages"],
        }
    )
    assert list(change_lines(before, before)) == []
    assert list(change_lines(before, after)) == [
        "One more subscription has not ended; the plan was another paid product.",
        "Message 1 was not an InMail.",
        "Message 2 was not an InMail.",
        "  and 2 more of the messages likewise",
        "Message 1 was sent in May 2023.",
        "Message 2 was sent in May 2023.",
        "  and 2 more of the messages likewise",
        "There is one more message, of which nothing is known.",
        "There are no other messages.",
        "The member is a lawyer in the case.",
    ]


def test_what_is_known_better_within_one_day_is_said_only_if_something_lies_on_that_day():
    def changes(sent, start, turns=()):
        message, span = {"sent_at": "2023-05-04"}, {"start": "2023-05-04"}
        before = history(messages=[message] * 3, premium=[span])
        after = history(messages=[{"sent_at": sent}] * 3, premium=[{"start": start}])
        return list(change_lines(before, after, turns))

    noon, just_before = "2023-05-04T12:00:00", "2023-05-04T11:59:59.999999"
    assert changes("2023-05-04", noon) == []
    assert changes("2023-05-04", noon, [Moment.parse(noon).earliest]) == [
        "Premium began on 4 May 2023 at 12:00."
    ]
    assert changes(noon, just_before) == [
        "Premium began on 4 May 2023 at 11:59:59.999999.",
        "Message 1 was sent on 4 May 2023 at 12:00.",
        "Message 2 was sent on 4 May 2023 at 12:00.",
        "  and 1 more of the messages likewise",
    ]


def test_in_days_a_time_is_said_only_on_a_day_on_which_the_definition_asks_for_one():
    def why(zone: str, sent: str) -> str:
        messages = [{"inmail": True, "sent_at": sent}]
        premium = [{"plan": "premium_career", "start": "2024-05-02T12:00Z", "end": ".."}]
        told = history(messages=messages, premium=premium, time_zone=zone, complete=["messages"])
        (reason,) = evaluate(told).reasons_in_days
        return reason.text.partition(",")[0]

    court, tokyo = "America/Los_Angeles", "Asia/Tokyo"
    assert why(court, "2024-10-02T13:00Z") == "The only message was sent on 2 October 2024"
    assert why(court, "2024-09-18T08:00Z") == "The only message was sent on 18 September 2024"
    assert why(tokyo, "2024-10-02T13:00Z") == "The only message was sent on 2 October 2024"
    assert why(tokyo, "2024-09-18T08:00:00.000000Z") == (
        "The only message was sent on 18 September 2024 at 17:00"
    )  # there, the court's 18 September begins at 16:00


def test_a_zone_that_is_not_the_courts_is_named_with_that_of_the_definition():
    shared = {"shared": True, "shared_at": "2024-09-18T03:00:00"}
    berlin = history(messages=[shared], time_zone="Europe/Berlin")
    line = "Dates of this account are in its time zone, Europe/Berlin"
    assert verdict_sections(evaluate(berlin))[0].lines[-1] == (
        f"{line}; days of the definition are in the court's, America/Los_Angeles."
    )
    assert "time zone" not in verdict_text(evaluate(history(messages=[shared])))
    noon = TimeSet.before(Moment.parse("2024-09-17T12:00:00").earliest)
    rules = Citation("Rules, a fiction")
    for condition in (Within("messages[].sent_at", noon), Is("messages[].inmail", True)):
        clause = Clause("a", "which count", rules, condition)
        definition = ClassDefinition("c", "1", "C", AccountHistory, (clause,))
        assert verdict_sections(evaluate(berlin, definition))[0].lines[-1] == f"{line}."


def test_several_records_are_spoken_of_together_unless_something_turns_on_the_time_of_day():
    def reasons(first, second):
        messages = [
            {"id": f"m{at}", "inmail": True, "shared": True, "shared_at": when}
            for at, when in enumerate((first, second), 1)
        ]
        # one of the two is surely covered, and nobody can tell which
        premium = [{"plan": "other", "start": f"../{second}", "end": f"{first}/.."}]
        clause = Clause(
            "premium", "when it was shared", REPORT, Covered("messages[].shared_at", "premium")
        )
        before = Clause("period", "in time", REPORT, Within("messages[].shared_at", PERIOD))
        definition = ClassDefinition("c", "1", "C", AccountHistory, (clause, before))
        given = history(messages=messages, premium=premium, complete=["premium"])
        return [reason.text for reason in evaluate(given, definition).reasons]

    covered, in_time = reasons("2024-09-18T12:00:00Z", "2024-09-18T12:00:00.000001Z")
    assert "message m1 was shared on 18 September 2024 at 05:00; message m2" in covered
    assert in_time.endswith(": they were shared on 18 September 2024.")


# ---- all readings ------------------------------------------------------------------------------


def test_agreement_and_survey():
    same = survey(history(complete=["messages"]))
    (status,) = {status for _, status in same.statuses}
    assert same.agreement(status) == "The answer is the same on all 96 readings."
    assert list(survey_lines(same)) == ["Of 96 readings: 96 ineligible."]
    split = survey(history(messages=[{"direction": "received"}], complete=["messages"]))
    assert list(survey_lines(split)) == [
        "Of 96 readings: 48 ineligible, 48 indeterminate.",
        "It depends on whose messages count. Nothing else in the reading changes it.",
        "  indeterminate  messages=sent-or-received",
        "  ineligible     messages=sent",
        "  messages=sent-or-received: InMails that the member sent or received count",
        "  messages=sent: only InMails that the member sent count",
    ]
    supposed = survey(history(complete=["messages"]), supposing=AS_ALLEGED)
    assert next(survey_lines(supposed)) == "Supposing what the complaint alleges."


def test_the_last_instant_of_a_day_is_said_as_the_next_day():
    """So it was asked: 'an InMail between 1 August 2023 and 17 September 2024?'"""
    last = "2023-07-31T23:59:59.999999-07:00"
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2023-07", "end": ".."}],
        messages=[{"inmail": True, "sent_at": f"{last}/2024-09-17"}],
        complete=["premium", "permissions"],
    )
    text = evaluate(history, supposing=AS_ALLEGED).reasons[0].text
    assert "it was sent between 1 August 2023 and 17 September 2024" in text
    update = Dates(edges=[UPDATE_DAY_BEGINS]).when(UPDATE_DAY_BEGINS - 1, UPDATE_DAY_ENDS + DAY)
    assert update.startswith("between 17 September")  # something turns on that instant
