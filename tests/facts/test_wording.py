"""What a history says, in words: the ends of what a sentence has to say. All is fictional."""

import pytest

from eligibility import AccountHistory
from eligibility.facts.asking import Asker
from eligibility.facts.phrases import ListPhrases, list_phrases
from eligibility.facts.wording import Speaker, word_of
from eligibility.rules import PREMIUM_PLANS, UPDATE_DAY_BEGINS
from eligibility.values.date_words import Dates
from eligibility.values.english import a
from eligibility.values.timeline import EARLIEST, LATEST


@pytest.mark.parametrize(
    ("title", "asks"),
    [
        ("SMS messages", "Was there any SMS message?"),
        ("PayPal payments", "Was there any PayPal payment?"),
        ("URLs", "Was there any URL?"),
        ("Driver accounts", "Was there any driver account?"),
    ],
)
def test_a_name_in_capitals_keeps_them_within_a_question(title: str, asks: str) -> None:
    assert list_phrases(ListPhrases(), "records", title).asks_any == asks


def test_the_article_of_a_noun_is_that_of_its_sound() -> None:
    open_ = ["entry", "hour of use", "heir", "unidentified payment", "SMS", "ATM visit", "AI tool"]
    others = ["user", "unit", "one-time fee", "URL", "USB stick", "SIM card", "house", "utility"]
    assert [a(noun) for noun in open_] == [f"an {noun}" for noun in open_]
    assert [a(noun) for noun in others] == [f"a {noun}" for noun in others]


def test_of_many_records_a_sentence_speaks_of_the_first_few_and_counts_the_rest() -> None:
    spans = [{"start": f"20{year}-01", "source": f"receipt {year}"} for year in range(11, 16)]
    history = AccountHistory.model_validate({"account_id": "FICTIONAL", "premium": spans})
    said = list(Speaker(history).facts(f"premium[{at}].start" for at in range(5)))
    assert said == [
        "Premium began in January 2011 (receipt 11)",
        "Premium began in January 2012 (receipt 12)",
        "Premium began in January 2013 (receipt 13)",
        "and 2 more Premium subscriptions likewise",
    ]


def test_facts_of_two_lists_are_said_list_by_list() -> None:
    history = AccountHistory.model_validate(
        {
            "account_id": "FICTIONAL",
            "premium": [{"start": "2011"}],
            "messages": [{"inmail": False}],
            "exclusions": {"counsel": True},
        }
    )
    paths = ["complete.premium", "messages[0].inmail", "premium[0].start", "exclusions.counsel"]
    assert list(Speaker(history).facts(paths)) == [
        "the member is a lawyer in the case",
        "the message was not an InMail",
        "Premium began in 2011",
    ]


def test_a_statement_with_many_conditions_says_them_one_after_the_other() -> None:
    where = {"inmail": True, "direction": "sent", "sent_at": "../2024-09-17"}
    history = AccountHistory.model_validate(
        {"account_id": "FICTIONAL", "complete": [{"list": "messages", "where": where}]}
    )
    assert Speaker(history).complete(["complete.messages[0]"]) == (
        "there is no message for which all of this is true: it was an InMail, it was sent by the "
        "member and it was sent before 18 September 2024 (as stated)"
    )


def test_of_a_span_an_end_is_left_out_that_the_other_tells() -> None:
    def said(**where: str) -> str:
        stated = {"list": "permissions", "where": where}
        history = AccountHistory.model_validate({"account_id": "FICTIONAL", "complete": [stated]})
        return Speaker(history).complete(["complete.permissions[0]"])

    assert said(start="../2022", end="../2022") == (
        "no permission ended before 1 January 2023 (as stated)"
    )
    assert said(start="2022/..", end="2022/..") == (
        "no permission began on 1 January 2022 or later (as stated)"
    )
    assert said(start="../2022", end="2022/..") == (
        "no permission began before 1 January 2023 and lasted until 1 January 2022 or longer "
        "(as stated)"
    )


def test_one_more_record_is_described_condition_by_condition_if_they_are_many() -> None:
    asker = Asker(AccountHistory(account_id="FICTIONAL"))
    few = {"inmail": frozenset({True}), "direction": frozenset({"sent"})}
    assert asker.one_that("messages", few) == "that was an InMail and was sent by the member"
    many = {**few, "sent_at": (EARLIEST, UPDATE_DAY_BEGINS - 1)}
    assert asker.one_that("messages", many) == (
        "for which all of this is true: it was an InMail, it was sent by the member and it was "
        "sent before 18 September 2024"
    )


def test_a_moment_of_which_nothing_is_known_was_at_some_time() -> None:
    assert Dates().when(EARLIEST, LATEST) == "at some time"


def test_words_that_people_have_one_name_for_are_said_by_that_name() -> None:
    plans = tuple(sorted(PREMIUM_PLANS))
    assert word_of("premium[].plan", plans, AccountHistory) == "LinkedIn Premium"
    two = word_of("premium[].plan", ("premium_career", "learning"), AccountHistory)
    assert two == "Premium Career or LinkedIn Learning"


def test_several_words_are_said_in_the_order_of_the_model_and_not_of_the_alphabet() -> None:
    """Of shifts it was asked whether they were 'over 12 or over 8' hours long."""
    two = word_of("premium[].plan", ("learning", "premium_career"), AccountHistory)
    assert two == "Premium Career or LinkedIn Learning"
