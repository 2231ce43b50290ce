"""Bad input: a clear error with code and path, all problems at once, and nothing else."""

import json
from typing import Any, Self

import pytest
from pydantic import model_validator

from eligibility import AccountHistory, EligibilityError, InconsistentHistory, read_history
from eligibility.errors import CODES, InvalidHistory, Problem
from eligibility.facts import read as reading


def problems(text: str | bytes) -> list[tuple[str, str]]:
    """The code and path of every problem of a text."""
    with pytest.raises(EligibilityError) as caught:
        read_history(text)
    assert all(problem.code in CODES for problem in caught.value.problems)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def of(**history: Any) -> list[tuple[str, str]]:
    return problems(json.dumps({"account_id": "A-1001", **history}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed-json"),
        ('{"account_id": "A-1001"', "malformed-json"),
        ("{'account_id': 1}", "malformed-json"),
        ("[" * 10_000, "too-deep"),
        ("[" * 101, "too-deep"),
        (("[" * 101).encode("utf-16"), "too-deep"),
        ('["]", ' * 101, "too-deep"),
        ('["\\\\", "\\"]", ' * 101, "too-deep"),
        ("[" * 100 + "]" * 100, "wrong-type"),
        ("[" + '"[", ' * 200 + '"["]', "wrong-type"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "too-deep"),
        ('{"account_id": NaN}', "not-a-number"),
        ('{"account_id": -Infinity}', "not-a-number"),
        (b'{"account_id": "\xff"}', "not-unicode"),
        ('{"account_id": ' + "9" * 5000 + "}", "malformed-json"),
        ('{"account_id": "\\ud800"}', "not-unicode"),
        ('{"account_id": "A", "\\ud800": 1}', "not-unicode"),
        ("[]", "wrong-type"),
        ("null", "wrong-type"),
        ("{}", "missing"),
        ('{"account_id": null}', "missing"),
        ('{"account_id": 7}', "wrong-type"),
        ('{"account_id": ""}', "too-short"),
        ('{"account_id": "' + "x" * 201 + '"}', "too-long"),
        ('{"account_id": "A-1001", "time_zone": "Mars/Olympus"}', "unknown-zone"),
        ('{"account_id": "A-1001", "time_zone": "../../etc/passwd"}', "unknown-zone"),
        ('{"account_id": "A-1001", "time_zone": 8}', "wrong-type"),
        ('{"account_id": "A-1001", "complete": ["letters"]}', "unknown-list"),
        ('{"account_id": "A-1001", "schema_version": "2"}', "not-in-vocabulary"),
    ],
)
def test_a_text_that_is_no_history(text: str | bytes, code: str) -> None:
    assert [found for found, _ in problems(text)] == [code]


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ('{"account_id": "A", "schema_version": 1}', 'Write `"1"`, a text in quotes.'),
        ('{"account_id": "A", "premium": [{"plan": "Premium Career"}]}', '`"premium_career"`'),
        ('{"account_id": "A", "premium": [{"plan": "premium-career"}]}', '`"premium_career"`'),
        ('{"account_id": "A", "messages": [{"direction": ["Sent"]}]}', '`"sent"`'),
        ('{"account_id": "A", "messages": [{"direction": "up"}]}', "Write one of them"),
        ('{"account_id": "A", "messages": [{"sent_at": "2567-01-01"}]}', "Check the year."),
    ],
)
def test_the_way_out_names_the_word_that_was_probably_meant(text: str, way_out: str) -> None:
    with pytest.raises(InvalidHistory) as caught:
        read_history(text)
    assert way_out in str(caught.value)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2023-02-29", "moment-calendar"),
        ("2024-13", "moment-calendar"),
        ("2024-03-10T02:30:00", "moment-gap"),
        ("1899-12-31", "moment-range"),
        ("2201", "moment-range"),
        ("spring", "moment-notation"),
        ("2024-21", "moment-qualifier"),
        ("2024~", "moment-qualifier"),
        ("2024-09/2024-08", "moment-order"),
        (2024, "wrong-type"),
        (True, "wrong-type"),
        ("..", "moment-notation"),
    ],
)
def test_a_moment_that_is_none(written: object, code: str) -> None:
    assert of(messages=[{}, {"sent_at": written}]) == [(code, "messages[1].sent_at")]


@pytest.mark.parametrize("value", ["yes", 1, 0, "true", [], {}])
def test_yes_no_facts_are_never_guessed(value: object) -> None:
    assert of(messages=[{"inmail": value}]) == [("wrong-type", "messages[0].inmail")]


def test_all_problems_at_once() -> None:
    found = of(
        text="hello",
        premium=[{"id": "p1", "plan": "gold"}, {"id": "p1", "start": "2023-02-29"}],
        messages=[{"direction": "sideways", "body": "private words"}],
        exclusions={"counsel": "no"},
    )
    assert set(found) == {
        ("unknown-key", "text"),
        ("not-in-vocabulary", "premium[0].plan"),
        ("moment-calendar", "premium[1].start"),
        ("duplicate-id", "premium"),
        ("not-in-vocabulary", "messages[0].direction"),
        ("unknown-key", "messages[0].body"),
        ("wrong-type", "exclusions.counsel"),
    }


def test_what_a_message_says_is_never_repeated() -> None:
    with pytest.raises(InvalidHistory) as caught:
        read_history('{"account_id": "A-1001", "messages": [{"body": "private words"}]}')
    assert "private words" not in str(caught.value)


def test_duplicate_ids_alone() -> None:
    assert of(messages=[{"id": "m1"}, {"id": "m1"}, {"id": "m1"}]) == [("duplicate-id", "messages")]
    assert read_history('{"account_id": "A", "messages": [{}, {}]}').messages[1].id is None


def test_the_same_key_twice_is_named_with_its_path() -> None:
    assert problems('{"account_id": "A", "messages": [{}, {"shared": true, "shared": false}]}') == [
        ("duplicate-key", "messages[1].shared")
    ]
    assert problems('{"account_id": "A", "account_id": "B"}') == [("duplicate-key", "account_id")]


def test_strange_keys_are_shown_as_printable_text() -> None:
    with pytest.raises(InvalidHistory) as caught:
        read_history(json.dumps({"account_id": "A", "\x1b[31m" + "x" * 100: 1}))
    (problem,) = caught.value.problems
    assert problem.code == "unknown-key"
    assert str(problem).isprintable()
    assert len(str(problem)) < 250


def test_a_text_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert problems("x" * 101) == [("too-large", "")]


def test_inconsistent_histories_name_every_clash() -> None:
    text = json.dumps(
        {
            "account_id": "A-1001",
            "premium": [{"start": "2024", "end": "2023"}],
            "messages": [
                {"sent_at": "2024", "shared": True, "shared_at": "2023"},
                {"shared": False, "shared_at": "2023"},
                {"sent_at": "2024", "shared_at": "2023"},
            ],
        }
    )
    with pytest.raises(InconsistentHistory):
        read_history(text)
    assert problems(text) == [
        ("inconsistent", "premium[0].end"),
        ("inconsistent", "messages[0].shared_at"),
        ("inconsistent", "messages[1].shared_at"),
    ]


def test_missing_and_null_both_mean_unknown() -> None:
    lists = dict.fromkeys(("premium", "messages", "permissions", "exclusions", "complete"))
    nothing = read_history(json.dumps({"account_id": "A", "time_zone": None, **lists}))
    assert nothing == AccountHistory(account_id="A")


def test_a_byte_order_mark_is_read_over() -> None:
    assert read_history(b'\xef\xbb\xbf{"account_id": "A"}').account_id == "A"


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(Problem("missing", "", "It is not there.")) == "It is not there. [missing]"


def test_a_repeated_key_inside_what_a_repeated_key_hides() -> None:
    text = '{"account_id": {"x": 1, "x": 2}, "account_id": "A"}'
    assert problems(text) == [("duplicate-key", "x"), ("duplicate-key", "account_id")]


def test_many_repeated_keys_are_named_and_counted() -> None:
    inner = "{" + ", ".join(f'"k{n}": 1' for n in range(20_000)) + ', "k0": 2}'
    assert problems(inner) == [("duplicate-key", "k0")]
    many = '{"messages": [' + ", ".join(['{"id": "a", "id": "b"}'] * 3_000) + "]}"
    assert problems(many)[-2:] == [("duplicate-key", "messages[99].id"), ("more-problems", "")]


def test_contradictions_are_told_beside_what_is_not_valid() -> None:
    clash = {"sent_at": "2024", "shared": True, "shared_at": "2023"}
    found = of(
        messages=[{"inmail": 1}, clash, 5, {"id": "m", **clash}, {"id": "m"}],
        premium="none",
        exclusions={"counsel": 3},
    )
    assert set(found) == {
        ("wrong-type", "messages[0].inmail"),
        ("wrong-type", "messages[2]"),
        ("wrong-type", "premium"),
        ("wrong-type", "exclusions.counsel"),
        ("duplicate-id", "messages"),
        ("inconsistent", "messages[1].shared_at"),
        ("inconsistent", "messages[3].shared_at"),
    }


def test_a_model_that_asks_more_than_each_fact_by_itself_gives_its_own_problems() -> None:
    class Pair(AccountHistory):
        @model_validator(mode="after")
        def _two_messages(self) -> Self:
            if len(self.messages or ()) != 2:
                raise ValueError("there are to be two messages")
            return self

    text = json.dumps({"account_id": "A", "messages": [{"inmail": 1}], "premium": 5})
    with pytest.raises(InvalidHistory) as caught:
        read_history(text, Pair)
    found = [(problem.code, problem.path) for problem in caught.value.problems]
    assert found == [("wrong-type", "premium"), ("wrong-type", "messages[0].inmail")]
    with pytest.raises(InvalidHistory, match=r"there are to be two messages\."):
        read_history('{"account_id": "A"}', Pair)


def test_contradictions_are_looked_for_in_the_history_s_own_zone() -> None:
    span = {"start": "2024-03-01", "end": "2024-02-29T16:00:00Z"}
    bad = {"sent_at": "never"}
    found = ("inconsistent", "premium[0].end")
    assert found in of(premium=[span], messages=[bad])
    assert found not in of(premium=[span], messages=[bad], time_zone="Asia/Tokyo")
    assert found in of(premium=[span], messages=[bad], time_zone="Mars/Olympus")


def test_a_key_that_there_is_not_is_refused_also_if_it_says_nothing() -> None:
    assert of(nickname=None) == [("unknown-key", "nickname")]
    assert of(messages=[{"text": None}]) == [("unknown-key", "messages[0].text")]
