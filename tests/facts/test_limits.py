"""What is read has limits, counted before anything is built; what is said of it has limits, too."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import eligibility.facts.read as reading
from eligibility import AccountHistory, EligibilityError, read_history, refine
from eligibility.errors import MOST_PROBLEMS
from eligibility.facts import one_pass
from eligibility.facts.read import MOST_RECORDS

LONG = "x" * 100_000
#: More than anything that is said of one problem, however long what was given is.
WORDS = 1_000


def text(**more: Any) -> str:
    return json.dumps({"account_id": "A-1", **more})


def problems(call: Callable[[], object]) -> tuple[Any, ...]:
    with pytest.raises(EligibilityError) as caught:
        call()
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return caught.value.problems


TOO_MANY = {
    "records of one list": {"messages": [{}] * 11},
    "records of several lists": {"messages": [{}] * 6, "premium": [{}] * 6},
    "things that are no records": {"messages": [0] * 11},
    "words": {"complete": ["premium"] * 11},
    "keys of one record": {"messages": [{f"k{at}": 1 for at in range(11)}]},
    "keys of the history": {f"k{at}": 1 for at in range(11)},
    "objects that nobody reads": {"messages": {"a": [{}] * 11}},
}


@pytest.fixture
def not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """No history may be built, in either way."""

    def built(*_: object) -> None:
        pytest.fail("it was built")

    monkeypatch.setattr(AccountHistory, "model_validate", built)
    reader = SimpleNamespace(validator=SimpleNamespace(validate_json=built))
    monkeypatch.setattr(one_pass, "_reader", lambda _: reader)


@pytest.mark.parametrize("kind", TOO_MANY)
@pytest.mark.usefixtures("not_built")
def test_more_records_than_the_limit_are_refused_before_a_history_is_built(kind: str) -> None:
    found = problems(lambda: read_history(text(**TOO_MANY[kind]), most_records=10))
    assert [each.code for each in found] == ["too-many-records"]
    assert "10 records" in found[0].message


def test_as_many_records_as_the_limit_are_read() -> None:
    assert len(read_history(text(messages=[{}] * 10), most_records=10).messages) == 10
    heavy = text(messages=[{}] * 20_000, premium=[{}] * 500)
    assert len(read_history(heavy).messages) == 20_000
    assert MOST_RECORDS > 4 * 20_500


@pytest.mark.usefixtures("not_built")
def test_the_limit_holds_without_being_asked_for() -> None:
    found = problems(lambda: read_history(text(messages=[{}] * (MOST_RECORDS + 1))))
    assert [each.code for each in found] == ["too-many-records"]


MANY = {
    "of the model": lambda: read_history(text(messages=[{"inmail": "perhaps"}] * 500)),
    "of a key": lambda: read_history(text(messages=[{"body": "words"}] * 500)),
    "of a word": lambda: read_history(text(premium=[{"plan": "gold"}] * 500)),
    "of a date": lambda: read_history(text(messages=[{"sent_at": "2024-13"}] * 500)),
    "of a world": lambda: read_history(text(premium=[{"start": "2024", "end": "2023"}] * 500)),
    "of an id": lambda: read_history(text(messages=[{"id": f"m{at // 2}"} for at in range(999)])),
    "of a repeated key": lambda: read_history(
        '{"account_id": "A", "messages": [' + '{"id": "a", "id": "a"},' * 500 + "{}]}"
    ),
    "of a refinement": lambda: refine(
        AccountHistory(account_id="A-1"), {f"nothing[{at}]": 1 for at in range(500)}
    ),
    "of values": lambda: refine(
        AccountHistory(account_id="A-1", messages=[{}] * 500),
        {f"messages[{at}].inmail": "perhaps" for at in range(500)},
    ),
}


@pytest.mark.parametrize("kind", MANY)
def test_a_hundred_problems_are_listed_and_the_others_counted(kind: str) -> None:
    found = problems(MANY[kind])
    assert len(found) == MOST_PROBLEMS + 1 or kind == "of an id"
    if kind != "of an id":  # a list says once that its ids are not all different
        *listed, rest = found
        assert rest.code == "more-problems"
        assert "400 more" in rest.message
        assert "more-problems" not in {each.code for each in listed}


ECHOED = {
    "a key": lambda: read_history(text(**{LONG: 1})),
    "a key of a record": lambda: read_history(text(messages=[{LONG: 1}])),
    "a key that is no name": lambda: read_history(text(messages=[{f"- {LONG}": {LONG: 1}}])),
    "a key twice": lambda: read_history(f'{{"account_id": "A", "{LONG}": 1, "{LONG}": 2}}'),
    "a key in a group": lambda: read_history(text(exclusions={LONG: True})),
    "an account": lambda: read_history(text(account_id=LONG)),
    "an id": lambda: read_history(text(messages=[{"id": LONG}, {"id": LONG}])),
    "a source": lambda: read_history(text(messages=[{"source": LONG}])),
    "a word": lambda: read_history(text(premium=[{"plan": LONG}])),
    "a moment": lambda: read_history(text(messages=[{"sent_at": LONG}])),
    "digits": lambda: read_history(text(messages=[{"sent_at": "1" * 100_000}])),
    "bounds": lambda: read_history(text(messages=[{"sent_at": f"{LONG}/{LONG}"}])),
    "a zone": lambda: read_history(text(time_zone=LONG)),
    "a list": lambda: read_history(text(complete=[LONG])),
    "a version": lambda: read_history(text(schema_version=LONG)),
    "a path": lambda: refine(AccountHistory(account_id="A-1"), {LONG: 1}),
    "a path of a list": lambda: refine(
        AccountHistory(account_id="A-1"), {f"messages[0].{LONG}": 1}
    ),
    "a path of what is complete": lambda: refine(
        AccountHistory(account_id="A-1"), {f"complete.{LONG}": True}
    ),
    "a field that there is not": lambda: refine(
        AccountHistory(account_id="A-1", messages=[{}]), {f"messages[0].{LONG}": 1}
    ),
    "many paths": lambda: refine(
        AccountHistory(account_id="A-1", messages=[{"inmail": True}] * 3_000),
        {f"messages[{at}].inmail": False for at in range(3_000)},
    ),
}


@pytest.mark.parametrize("kind", ECHOED)
def test_what_was_given_is_named_and_not_echoed_whole(kind: str) -> None:
    for each in problems(ECHOED[kind]):
        assert len(str(each)) < WORDS, str(each)[:200]


@pytest.mark.usefixtures("not_built")
def test_a_text_of_more_bytes_than_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.MOST_BYTES == 64 * 2**20
    monkeypatch.setattr(reading, "MOST_BYTES", 20)
    assert [each.code for each in problems(lambda: read_history("[" * 21))] == ["too-large"]
