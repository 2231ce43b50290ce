"""Paths are read and written by one grammar, and nothing else is a path."""

import pytest

from eligibility import AccountHistory
from eligibility.facts.kinds import kinds_of
from eligibility.facts.paths import (
    Path,
    answer_at,
    complete_path,
    fact_path,
    parse,
    pattern,
    put_answer,
    record_path,
    value_at,
)
from eligibility.testing.known import every_fact

HISTORY = AccountHistory.model_validate(
    {
        "account_id": "A-1",
        "premium": [{}, {"start": "2020"}],
        "messages": [{"shared": True}],
        "exclusions": {"counsel": False},
    }
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("messages[0].shared_at", Path("messages", "shared_at", 0)),
        ("messages[12]", Path("messages", "", 12)),
        ("messages[].shared_at", Path("messages", "shared_at", is_pattern=True)),
        ("premium[]", Path("premium", is_pattern=True)),
        ("exclusions.counsel", Path("exclusions", "counsel")),
        ("adult", Path("adult")),
        ("complete.premium", Path("complete", "premium")),
        ("fête.était_là", Path("fête", "était_là")),
    ],
)
def test_a_path_is_taken_apart(text: str, path: Path) -> None:
    assert parse(text) == path


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ".",
            "[0]",
            "a.",
            "a[",
            "a[-1].b",
            "a[1.b",
            "a[x]",
            "a[0]b",
            "a.b.c",
            "a[0][0]",
            " a",
        ),
        *("a\n", "messages[1234567890].shared", "messages[0].sent at", "messages[].a.b"),
    ],
)
def test_what_is_no_path_is_a_name_that_no_history_has(text: str) -> None:
    assert parse(text) == Path(text)
    assert text not in AccountHistory.model_fields


def test_what_is_written_is_read_as_it_was_meant() -> None:
    for name in ("messages", "a_1"):
        assert parse(record_path(name, 3)) == Path(name, index=3)
        assert parse(fact_path(name, 3, "x")) == Path(name, "x", 3)
        assert parse(pattern(name)) == Path(name, is_pattern=True)
        assert parse(pattern(name, "x")) == Path(name, "x", is_pattern=True)
        at = parse(complete_path(name))
        assert at.is_complete
        assert at.subject == name


def test_every_fact_of_a_history_has_the_pattern_that_conditions_write() -> None:
    known = set(kinds_of(AccountHistory))
    for path in every_fact(HISTORY):
        at = parse(path)
        assert at.is_complete or at.pattern in known
        assert at.subject in AccountHistory.model_fields
        assert at.is_of_record is ("[" in path)


@pytest.mark.parametrize("text", ["complete[0].x", "complete[].x", "complete", "complete[0]"])
def test_that_a_list_is_complete_is_said_in_one_way(text: str) -> None:
    assert not parse(text).is_complete
    assert parse(text).subject == "complete"


def test_a_path_is_followed_and_an_answer_put_in_its_place() -> None:
    assert value_at("premium[1].start", HISTORY).text == "2020"
    assert value_at("messages[0]", HISTORY) == HISTORY.messages[0]
    assert value_at("messages[0].shared", HISTORY) is True
    assert answer_at("exclusions.counsel", HISTORY) is False
    assert answer_at("exclusions.requested_exclusion", HISTORY) is None
    data: dict[str, object] = {}
    for path in ("exclusions.counsel", "adult", "exclusions.requested_exclusion"):
        put_answer(data, path, value=True)
    assert data == {"exclusions": {"counsel": True, "requested_exclusion": True}, "adult": True}
