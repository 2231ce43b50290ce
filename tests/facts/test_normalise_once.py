"""A history is normalised once: what was found stays with it, and goes nowhere else."""

import copy
import json
import pickle
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any, Self

import pytest
from oracle_histories import random_history
from pydantic import ConfigDict, TypeAdapter, model_validator

from eligibility import AccountHistory, History, Record, Span, YesNo, evaluate, read_history, survey
from eligibility.errors import InconsistentHistory
from eligibility.facts import normalise as module
from eligibility.facts.known import KnownRecord
from eligibility.facts.normalise import facts_of_one, normalise
from eligibility.facts.rows import rows_of
from eligibility.rules import AS_ALLEGED
from eligibility.verdict import witnesses

COUNT = 60
HISTORIES = {
    "nothing is said": {"messages": [{}] * COUNT},
    "vague dates": {
        "messages": [{"sent_at": "2023", "inmail": True}] * COUNT,
        "premium": [{"start": "2022/2024", "end": "2024/2026"}] * 3,
    },
    "a list that is complete": {
        "messages": [{"direction": "sent"}] * COUNT,
        "complete": ["messages"],
    },
}


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """A list with an item for every call of a function of the module."""
    calls: list[object] = []
    really = getattr(module, name)

    def counting(*given: Any) -> Any:
        calls.append(given)
        return really(*given)

    monkeypatch.setattr(module, name, counting)
    return calls


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The records of histories that are normalised."""
    return counted(monkeypatch, "said")


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The records that are normalised, whether of a history or made up on the way."""
    return counted(monkeypatch, "normalise_record")


@pytest.mark.parametrize("kind", HISTORIES)
def test_what_was_normalised_is_not_normalised_again(
    kind: str, read: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted(monkeypatch, "_normalised")
    history = read_history(json.dumps({"account_id": "A-1", **HISTORIES[kind]}))
    assert whole == []  # that it contradicts nothing is seen at once; the rest when asked for
    normalise(history)
    assert len(whole) == 1
    evaluate(history)
    survey(history)
    assert len(whole) == 1
    assert read == []  # what was read has rows, which say all


def test_rows_say_what_is_found_without_them() -> None:
    rng, rows, compared = Random(11), rows_of(AccountHistory), 0
    assert rows is not None
    for _ in range(300):
        history = AccountHistory.model_validate(random_history(rng))
        if rows(history) is not None:
            known, without = normalise(history), normalise(history.model_copy())
            assert (known, repr(known)) == (without, repr(without))
            compared += bool(history.messages)
    assert compared > 50


@pytest.mark.parametrize("kind", HISTORIES)
def test_a_supposed_history_is_normalised_as_it_is_supposed_and_no_more(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted(monkeypatch, "_normalised")
    history = AccountHistory.model_validate({"account_id": "A-1", **HISTORIES[kind]})
    assert evaluate(history, supposing=AS_ALLEGED).exact  # which looks at the facts
    assert len(whole) == 1


@pytest.mark.parametrize("kind", HISTORIES)
def test_witnesses_normalise_no_record_but_those_that_they_change(
    kind: str, normalised: list[object], read: list[object]
) -> None:
    history = read_history(json.dumps({"account_id": "A-1", **HISTORIES[kind]}))
    verdict = evaluate(history)
    normalise(history)
    normalised.clear()
    scenarios = verdict.scenarios
    assert scenarios is not None
    found = len(normalised)
    changed = 0
    for witness in (scenarios.eligible_if, scenarios.ineligible_if):
        assert witness is not None
        for name in ("messages", "premium", "permissions"):
            now, before = getattr(witness, name), getattr(history, name)
            changed += len(now) - len(before)
            changed += sum(a != b for a, b in zip(now, before, strict=False))
    assert changed >= 1
    # A record that is added is blank at first, and so is the one that stands for those not listed.
    assert found <= changed + 12
    read.clear()
    both = (scenarios.eligible_if, scenarios.ineligible_if)
    assert [evaluate(each).status.value for each in both if each] == ["eligible", "ineligible"]
    assert read == []


def test_what_puts_an_account_in_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    really = witnesses.eligible_if
    monkeypatch.setattr(
        witnesses, "eligible_if", lambda *given: (calls.append(given), really(*given))[1]
    )
    evaluate(AccountHistory(account_id="A-1", messages=[{}])).to_json()
    assert len(calls) == 1


COPIES: dict[str, Callable[[AccountHistory], AccountHistory]] = {
    "copied": copy.copy,
    "copied deep": copy.deepcopy,
    "pickled": lambda history: pickle.loads(pickle.dumps(history)),  # noqa: S301 - our own bytes
    "copied by the model": lambda history: history.model_copy(),
    "validated again": AccountHistory.model_validate,
    "written and read": lambda history: AccountHistory.model_validate_json(
        history.model_dump_json()
    ),
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_is_equal_and_decided_alike(way: str) -> None:
    history = AccountHistory(account_id="A-1", messages=[{"sent_at": "2023"}])
    fresh = COPIES[way](history)
    verdict = evaluate(history)
    again = COPIES[way](history)
    assert fresh == history == again
    assert repr(fresh) == repr(history) == repr(again)
    assert vars(fresh) == vars(again)
    assert pickle.dumps(again) == pickle.dumps(fresh)
    assert evaluate(again).to_json() == verdict.to_json()


def test_a_copy_with_other_facts_is_decided_by_them() -> None:
    history = AccountHistory(account_id="A-1")
    assert evaluate(history).status.value == "indeterminate"
    closed = history.model_copy(update={"complete": ("messages",)})
    assert evaluate(closed).status.value == "ineligible"
    assert evaluate(history).status.value == "indeterminate"


class Change(Record):
    model_config = ConfigDict(frozen=False)
    is_so: YesNo = None


class ChangingRecords(History):
    changes: tuple[Change, ...] = ()


class ChangingHistory(History):
    model_config = ConfigDict(frozen=False)
    spans: tuple[Span, ...] = ()
    is_so: YesNo = None


def test_of_a_model_that_can_change_the_facts_are_those_of_now() -> None:
    records = ChangingRecords(account_id="A-1", changes=(Change(),))

    def first() -> KnownRecord:
        return normalise(records).lists["changes"][0]

    assert first().values["is_so"] == {True, False}
    records.changes[0].is_so = True
    assert first().values["is_so"] == {True}
    history = ChangingHistory(account_id="A-1")
    assert normalise(history).answers["is_so"] is None
    history.is_so = True
    history.spans = (Span(),)
    assert normalise(history).answers["is_so"] is True
    assert len(normalise(history).lists["spans"]) == 1


class FilledAfterwards(History):
    spans: tuple[Span, ...] = ()
    is_so: YesNo = None

    @model_validator(mode="after")
    def _fill(self) -> Self:
        if self.spans:  # of a history that says nothing, nothing may be made known
            object.__setattr__(self, "is_so", True)
            object.__setattr__(self, "spans", (*self.spans, Span()))
        return self


def test_what_a_model_changes_after_it_was_looked_at_counts() -> None:
    (history,) = TypeAdapter(list[FilledAfterwards]).validate_python(
        [{"account_id": "A-1", "spans": [{}]}]
    )
    assert normalise(history).answers["is_so"] is True
    assert len(normalise(history).lists["spans"]) == len(history.spans) == 2


@pytest.mark.parametrize("are_kept", [False, True])
def test_the_facts_of_one_record_are_those_of_all_without_the_others(are_kept: bool) -> None:
    rng, seen = Random(5), 0
    for _ in range(60):
        text = json.dumps(random_history(rng))
        with suppress(InconsistentHistory):
            facts, alone = normalise(read_history(text)), read_history(text)
            if are_kept:
                normalise(alone)
            for at, record in enumerate(facts.lists["messages"]):
                expected = facts.with_list("messages", (record,))
                assert facts_of_one(alone, "messages", at) == expected
                seen += 1
    assert seen > 20
