"""A verdict in Python: what its record says, and what it does not."""

import copy
import json
import pickle

import pytest

from eligibility import AccountHistory, Evidence, Status, Truth, Verdict, evaluate, read_history
from eligibility.rules import AS_ALLEGED

STATUSES = list(Status)
#: Fictional accounts, one of each status.
OF_STATUS = {
    "eligible": {
        "premium": [{"id": "p1", "plan": "premium_career", "start": "2023", "end": ".."}],
        "messages": [{"id": "m1", "inmail": True, "shared": True, "shared_at": "2024-08"}],
        "complete": ["permissions"],
    },
    "ineligible": {"complete": ["messages"]},
    "indeterminate": {"premium": [{"id": "p1", "start": "2023", "source": "receipt 2"}]},
}


def verdict_of(status: str, supposing=None) -> Verdict:
    text = json.dumps({"account_id": "FICTIONAL-1", **OF_STATUS[status]})
    return evaluate(read_history(text), supposing=supposing)


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_its_word(status):
    verdict = verdict_of(status.value)
    assert verdict.status is status
    assert verdict.status == status.value
    assert {status.value: 1}[verdict.status] == 1
    assert f"{status}" == str(status) == json.loads(json.dumps(status)) == status.value
    assert repr(status) == f"<Status.{status.name}: '{status.value}'>"
    assert Status(status.value) is status
    assert verdict.status != "Status." + status.name
    for arrived in (pickle.loads(pickle.dumps(status)), copy.deepcopy(status)):  # noqa: S301 - ours
        assert arrived is status


@pytest.mark.parametrize("status", STATUSES)
def test_what_a_reason_cites_has_the_id_and_source_of_its_record(status):
    verdict = verdict_of(status.value, AS_ALLEGED if status == "eligible" else None)
    for reason in verdict.reasons:
        assert tuple(each.path for each in reason.evidence) == reason.facts
        assert reason.evidence == tuple(verdict.evidence(path) for path in reason.facts)
    if status == "eligible":
        cited = [each for reason in verdict.reasons for each in reason.evidence]
        assert Evidence("premium[0].start", "p1", None) in cited


def test_the_source_of_a_record_is_evidence():
    history = AccountHistory(
        account_id="FICTIONAL-1",
        messages=[{"id": "m1", "inmail": False, "source": "attested"}],
        complete=["messages"],
    )
    (cited,) = (e for r in evaluate(history).reasons for e in r.evidence if "inmail" in e.path)
    assert cited == Evidence("messages[0].inmail", "m1", "attested")


def test_an_answer_says_the_status_that_it_leads_to():
    answers = [each for q in verdict_of("indeterminate").questions for each in q.answers]
    assert answers
    for answer in answers:
        assert answer.status is Status.of(answer.truth)
        assert (answer.status == "indeterminate") == (answer.truth == Truth.UNKNOWN)


def test_what_the_engine_works_with_is_not_public():
    verdict = verdict_of("indeterminate")
    assert {name for name in dir(verdict) if not name.startswith("_")} == {
        *("clauses", "definition", "evidence", "exact", "history", "history_digest"),
        *(
            "notice",
            "open",
            "questions",
            "reading",
            "reasons",
            "reasons_in_days",
            "scenarios",
            "status",
            "supposing",
        ),
        *("from_json", "to_dict", "to_json"),
    }


PREMIUM = {"plan": "premium_career", "start": "2022-03", "end": ".."}
MESSAGE = {"inmail": True, "sent_at": "2023-05", "shared": True, "shared_at": "2024-08"}
EVERY = ("premium", "messages", "permissions")
#: What the one reason of an undecided verdict says after its first sentence.
OPEN = {
    "the plan alone": (
        {"premium": [PREMIUM | {"plan": ["premium_career", "learning"]}], "messages": [MESSAGE]},
        EVERY,
        "The member's receipts or data export could show which plan a subscription was.",
    ),
    "the end, before anybody can have shared it": (
        {"premium": [PREMIUM | {"end": "2024-01/.."}], "messages": [MESSAGE | {"shared": True}]},
        EVERY,
        "Only LinkedIn can know when a message was shared.",
    ),
    "the end, and not when it was shared": (
        {
            "premium": [PREMIUM | {"end": "2024-01/.."}],
            "messages": [MESSAGE | {"shared_at": "2024-08-15T10:00:00Z"}],
        },
        EVERY,
        "The member's receipts or data export could show when a subscription ended.",
    ),
    "when it was shared, where permission began at a time in between": (
        {
            "premium": [PREMIUM],
            "messages": [MESSAGE],
            "permissions": [{"start": "2024-08-15", "end": ".."}],
        },
        EVERY,
        "Only LinkedIn can know when a message was shared.",
    ),
    "a message that cannot be in is not spoken of": (
        {
            "premium": [PREMIUM],
            "messages": [MESSAGE | {"inmail": None}, {"inmail": False, "sent_at": "2023"}],
        },
        EVERY,
        "The member's receipts or data export could show that.",
    ),
    "nor one that nobody listed, where what is stated leaves none that can be": (
        {"premium": [PREMIUM], "messages": [MESSAGE | {"inmail": None}]},
        ("premium", "permissions", {"list": "messages", "where": {"sent_at": "../2024-09-17"}}),
        "The member's receipts or data export could show that.",
    ),
}


@pytest.mark.parametrize("case", OPEN)
def test_an_open_reason_speaks_of_what_its_clause_can_turn_on(case):
    said, complete, expected = OPEN[case]
    verdict = evaluate(AccountHistory(account_id="fictional", complete=complete, **said))
    (reason,) = verdict.reasons
    assert verdict.status is Status.INDETERMINATE
    assert reason.text.partition(". ")[2] == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            {"sent_at": "2023"},
            "The member's receipts or data export could show whether a message was an InMail.",
        ),
        (
            {"inmail": True, "sent_at": "2024"},
            "The member's receipts or data export could show when a message was sent.",
        ),
    ],
)
def test_what_is_supposed_shared_is_open_for_another_reason(message, expected):
    """Who supposes that every InMail was shared need not ask LinkedIn whether one was."""
    history = AccountHistory(
        account_id="fictional", premium=[PREMIUM], messages=[message], complete=EVERY
    )
    (reason,) = evaluate(history, supposing=AS_ALLEGED).reasons
    assert reason.text.partition(". ")[2] == expected
