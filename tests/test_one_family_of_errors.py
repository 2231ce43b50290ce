"""Whatever a history is made of, by whichever door: what is wrong is said in our own errors.

Pydantic's `ValidationError` comes only to whoever has pydantic validate a history as a part of
something else; then each problem stands in its place there, and a route of FastAPI answers 422.
"""

import asyncio
import json
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError

from eligibility import (
    AccountHistory,
    EligibilityError,
    Exclusions,
    History,
    InconsistentHistory,
    InvalidHistory,
    Message,
    Permission,
    Subscription,
    evaluate,
    read_history,
)

GOOD: dict[str, Any] = {"account_id": "FICTIONAL-1", "messages": [{"sent_at": "2023-05"}]}
BACKWARDS = {"start": "2024", "end": "2023"}
EARLY = {"sent_at": "2024", "shared": True, "shared_at": "2023"}
#: What is wrong, and the codes and paths of what is said of it.
BAD: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "nothing": ({}, {("missing", "account_id")}),
    "a key too many": ({"account_id": "F", "x": 1}, {("unknown-key", "x")}),
    "a type": ({"account_id": 5}, {("wrong-type", "account_id")}),
    "no text at all": ({"account_id": ""}, {("too-short", "account_id")}),
    "a list": ({"account_id": "F", "premium": {}}, {("wrong-type", "premium")}),
    "a record": ({"account_id": "F", "premium": [5]}, {("wrong-type", "premium[0]")}),
    "a word": (
        {"account_id": "F", "messages": [{"direction": "out"}]},
        {("not-in-vocabulary", "messages[0].direction")},
    ),
    "a moment": (
        {"account_id": "F", "messages": [{}, {"sent_at": "May"}]},
        {("moment-notation", "messages[1].sent_at")},
    ),
    "a zone": ({"account_id": "F", "time_zone": "Mars"}, {("unknown-zone", "time_zone")}),
    "a list's name": ({"account_id": "F", "complete": ["x"]}, {("unknown-list", "complete[0]")}),
    "an id twice": (
        {"account_id": "F", "premium": [{"id": "p"}, {"id": "p"}]},
        {("duplicate-id", "premium")},
    ),
    "several things": (
        {"premium": [{"plan": "gold"}], "messages": [{"sent_at": "x"}]},
        {
            ("missing", "account_id"),
            ("not-in-vocabulary", "premium[0].plan"),
            ("moment-notation", "messages[0].sent_at"),
        },
    ),
    "what contradicts itself beside it": (
        {"premium": [BACKWARDS]},
        {("missing", "account_id"), ("inconsistent", "premium[0].end")},
    ),
    "a contradiction": (
        {"account_id": "F", "premium": [{}, BACKWARDS]},
        {("inconsistent", "premium[1].end")},
    ),
    "contradictions": (
        {"account_id": "F", "permissions": [BACKWARDS], "messages": [{}, EARLY]},
        {("inconsistent", "permissions[0].end"), ("inconsistent", "messages[1].shared_at")},
    ),
    "not shared, but at a time": (
        {"account_id": "F", "messages": [{"shared": False, "shared_at": "2023"}]},
        {("inconsistent", "messages[0].shared_at")},
    ),
}
CONTRADICTORY = [
    name for name, (_, told) in BAD.items() if {code for code, _ in told} == {"inconsistent"}
]
DOORS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "called": lambda data: AccountHistory(**data),
    "model_validate": AccountHistory.model_validate,
    "model_validate_json": lambda data: AccountHistory.model_validate_json(json.dumps(data)),
    "read_history": lambda data: read_history(json.dumps(data)),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("wrong", [name for name in BAD if name not in CONTRADICTORY])
def test_every_door_says_the_same_in_our_own_words(door: str, wrong: str) -> None:
    data, expected = BAD[wrong]
    with pytest.raises(InvalidHistory) as caught:
        DOORS[door](data)
    error = caught.value
    assert isinstance(error, ValueError)
    assert {(problem.code, problem.path) for problem in error.problems} == expected
    with pytest.raises(InvalidHistory) as read:
        DOORS["read_history"](data)
    assert error.problems == read.value.problems
    for problem in error.problems:
        assert "pydantic" not in str(problem)
        assert "Error" not in str(problem)
    assert error.__cause__ is None
    assert pickle.loads(pickle.dumps(error)).problems == error.problems  # noqa: S301 - our own


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("wrong", CONTRADICTORY)
def test_what_contradicts_itself_is_refused_by_whatever_decides_of_it(
    door: str, wrong: str
) -> None:
    data, expected = BAD[wrong]
    with pytest.raises(InconsistentHistory) as caught:
        evaluate(DOORS[door](data))
    assert {(problem.code, problem.path) for problem in caught.value.problems} == expected


@pytest.mark.parametrize(
    ("part", "data", "path"),
    [
        (Message, {"sent_at": "May"}, "sent_at"),
        (Message, {"direction": 5}, "direction"),
        (Subscription, {"plan": "gold"}, "plan"),
        (Permission, {"begin": "2023"}, "begin"),
        (Exclusions, {"counsel": "no"}, "counsel"),
    ],
)
def test_a_record_or_group_alone_is_refused_alike(
    part: type[BaseModel], data: dict[str, Any], path: str
) -> None:
    texts = {key: str(value) for key, value in data.items()}
    for door in (
        lambda: part(**data),
        lambda: part.model_validate(data),
        lambda: part.model_validate_json(json.dumps(data)),
        lambda: part.model_validate_strings(texts) if part is not Exclusions else part(**data),
    ):
        with pytest.raises(InvalidHistory) as caught:
            door()
        assert [problem.path for problem in caught.value.problems] == [path]


@pytest.mark.parametrize(
    "text", ["", "{", "[1,]", b"\xff", '{"account_id": "F", "account_id": "G"}']
)
def test_a_text_that_is_no_json_is_refused_alike(text: str | bytes) -> None:
    with pytest.raises(InvalidHistory) as read:
        read_history(text)
    with pytest.raises(InvalidHistory) as caught:
        AccountHistory.model_validate_json(text)
    assert caught.value.problems == read.value.problems
    with pytest.raises(InvalidHistory, match="malformed-json"):
        Message.model_validate_json("{")


def test_what_never_changes_says_so() -> None:
    history = AccountHistory(**GOOD)
    for change in (
        lambda: setattr(history, "complete", ("premium",)),
        lambda: setattr(history.messages[0], "shared", True),
        lambda: setattr(history.exclusions, "counsel", True),
        lambda: delattr(history, "messages"),
    ):
        with pytest.raises(InvalidHistory) as caught:
            change()
        assert [problem.code for problem in caught.value.problems] == ["never-changes"]


# ---- as a part of something else ---------------------------------------------------------------


class Claim(BaseModel):
    """Somebody's own model, which holds histories."""

    note: str = ""
    history: AccountHistory
    others: list[AccountHistory] = []


app = FastAPI()


@app.post("/verdict")
def verdict(history: AccountHistory) -> dict[str, Any]:
    return evaluate(history).to_dict()


@app.post("/claim")
def claim(claim: Claim) -> str:
    return evaluate(claim.history).status


def posted(path: str, data: Any) -> httpx.Response:
    """What the app answers; whatever a route raises is raised here."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.post(path, json=data)

    return asyncio.run(post())


def places(response: httpx.Response) -> set[tuple[str, str]]:
    assert response.status_code == 422
    found = response.json()["detail"]
    return {(each["type"], ".".join(map(str, each["loc"]))) for each in found}


@pytest.mark.parametrize("wrong", BAD)
def test_a_route_answers_422_never_500(wrong: str) -> None:
    data, _ = BAD[wrong]
    assert places(posted("/verdict", data))
    assert places(posted("/claim", {"history": data}))
    if wrong in CONTRADICTORY:
        assert {kind for kind, _ in places(posted("/verdict", data))} == {"inconsistent"}


def test_a_route_says_each_contradiction_in_its_place() -> None:
    data, _ = BAD["contradictions"]
    at = {"permissions.0.end", "messages.1.shared_at"}
    assert places(posted("/verdict", data)) == {("inconsistent", f"body.{each}") for each in at}
    nested = {"history": data, "others": [GOOD, data]}
    assert places(posted("/claim", nested)) == {
        ("inconsistent", f"body.{where}.{each}") for where in ("history", "others.1") for each in at
    }


def test_a_route_takes_a_good_history() -> None:
    answered = posted("/verdict", GOOD)
    assert answered.status_code == 200
    assert answered.json()["status"] == "indeterminate"
    assert posted("/claim", {"history": GOOD}).json() == "indeterminate"


def test_a_history_in_a_model_of_somebodys_own_is_told_as_pydantic_tells() -> None:
    data, _ = BAD["contradictions"]
    with pytest.raises(ValidationError) as caught:
        Claim(history=data)  # type: ignore[arg-type]  # pydantic makes a history of it
    messages = {each["loc"]: each["msg"] for each in caught.value.errors()}
    assert messages["history", "messages", 1, "shared_at"].startswith("`messages[1].sent_at` and ")
    with pytest.raises(ValidationError):
        TypeAdapter(AccountHistory).validate_python(data)
    with pytest.raises(ValidationError):
        Claim(history=AccountHistory(**data))
    claim = Claim(history=AccountHistory(**GOOD))
    assert Claim.model_validate_json(claim.model_dump_json()) == claim


def test_a_model_that_cannot_be_read_is_told_to_whoever_declares_a_class() -> None:
    """A history of it can be made, alone or as a part; nothing is decided of it."""

    class Odd(History):
        adult: bool = True  # known of everybody who does not say it

    assert Odd(account_id="F").adult is True
    assert TypeAdapter(Odd).validate_python({"account_id": "F"}).adult is True
    with pytest.raises(EligibilityError) as caught:
        read_history('{"account_id": "F"}', Odd)
    assert [problem.code for problem in caught.value.problems] == ["definition-model"]
