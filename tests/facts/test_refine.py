"""Knowing more, knowing less, and telling the two apart."""

from random import Random
from typing import Any

import pytest
from oracle_histories import random_history
from pydantic import field_validator

from eligibility import (
    AccountHistory,
    EligibilityError,
    History,
    InconsistentHistory,
    Record,
    YesNo,
    forget,
    refine,
    refines,
)
from eligibility.errors import InvalidRefinement
from eligibility.facts import refinement
from eligibility.facts.normalise import normalise

HISTORY = AccountHistory.model_validate(
    {
        "account_id": "A-1001",
        "premium": [{"id": "p1", "plan": "premium_career", "start": "2022", "end": ".."}],
        "messages": [{"sent_at": "2023", "shared_at": "2024"}, {"inmail": True}],
        "exclusions": {"counsel": False},
        "complete": ["permissions"],
    }
)


@pytest.mark.parametrize(
    ("refinement", "path", "value"),
    [
        ({"messages[0].shared": True}, ("messages", 0, "shared"), True),
        ({"messages[0].sent_at": "2023-05"}, ("messages", 0, "sent_at"), "2023-05"),
        ({"exclusions.requested_exclusion": True}, ("exclusions", "requested_exclusion"), True),
        ({"premium[1]": {"plan": "other"}}, ("premium", 1, "plan"), "other"),
        ({"complete.premium": True}, ("complete",), ["premium", "permissions"]),
    ],
)
def test_knowing_more(refinement: dict[str, Any], path: tuple[Any, ...], value: object) -> None:
    refined = refine(HISTORY, refinement)
    found: Any = refined.model_dump(mode="json")
    for step in path:
        found = found[step]
    assert found == value
    assert refines(refined, HISTORY)
    assert not refines(HISTORY, refined)


def test_what_was_not_shared_was_never_shared_at_any_time() -> None:
    refined = refine(HISTORY, {"messages[0].shared": False, "messages[0].shared_at": None})
    assert refined.messages[0].shared_at is None
    with pytest.raises(InconsistentHistory):
        refine(HISTORY, {"messages[0].shared": False})


@pytest.mark.parametrize(
    "refinement",
    [
        {"messages[1].inmail": False},
        {"messages[1].inmail": None},
        {"messages[0].sent_at": "2022/2023"},
        {"messages[0].sent_at": None},
        {"messages[0].shared_at": "2025"},
        {"exclusions.counsel": True},
        {"permissions[0]": {"start": "2023"}},
        {"complete.permissions": False},
    ],
)
def test_something_else_is_not_something_more(refinement: dict[str, Any]) -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(HISTORY, refinement)
    assert [problem.code for problem in caught.value.problems] == ["not-a-refinement"]


@pytest.mark.parametrize(
    "path",
    [
        "messages[9].inmail",
        "messages[2].inmail",
        "messages[0]",
        "messages[4]",
        "letters[0].inmail",
        "complete.letters",
        "exclusions.tall",
        "account_id",
        "",
    ],
)
def test_a_path_that_names_nothing(path: str) -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(HISTORY, {path: True, "messages[0].shared": True})
    assert [(p.code, p.path) for p in caught.value.problems] == [("unknown-path", path)]


def test_a_value_that_does_not_fit() -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(HISTORY, {"messages[0].shared": "yes", "messages[0].body": "private words"})
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert found == {("wrong-type", "messages[0].shared"), ("unknown-key", "messages[0].body")}


def test_a_refinement_that_no_world_fits() -> None:
    with pytest.raises(InconsistentHistory):
        refine(HISTORY, {"premium[0].end": "..", "premium[1]": {"start": "2024", "end": "2023"}})


def test_forgetting_is_the_way_back() -> None:
    paths = ["messages[0].sent_at", "messages[1].inmail", "exclusions.counsel"]
    less = forget(HISTORY, [*paths, "complete.permissions", "premium[0].end"])
    assert refines(HISTORY, less)
    assert less.messages[0].sent_at is None
    assert less.messages[1].inmail is None
    assert less.exclusions.counsel is None
    assert less.complete == ()
    assert less.premium[0].end is None
    assert less.premium[0].id == "p1"


def test_histories_of_different_length_or_kind() -> None:
    fewer = AccountHistory.model_validate(HISTORY.model_dump() | {"messages": []})
    assert not refines(fewer, HISTORY)
    more = AccountHistory.model_validate(HISTORY.model_dump() | {"permissions": [{}]})
    assert not refines(more, HISTORY)
    assert refines(HISTORY, HISTORY)


def test_an_index_without_end_is_no_path() -> None:
    with pytest.raises(InvalidRefinement):
        refine(HISTORY, {f"messages[{'9' * 5000}].inmail": True})


def test_a_path_that_is_no_text_can_still_be_printed() -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(HISTORY, {"\ud800": True})
    assert str(caught.value).encode()


@pytest.mark.parametrize("value", ["no", [1], 1, {}])
def test_a_list_is_complete_only_if_that_is_said_in_so_many_words(value: object) -> None:
    with pytest.raises(InvalidRefinement) as caught:
        refine(HISTORY, {"complete.premium": value})
    assert [(p.code, p.path) for p in caught.value.problems] == [("wrong-type", "complete.premium")]


@pytest.mark.parametrize("value", [5, "ab", None, [1]])
def test_a_record_that_is_none_and_a_field_of_it(value: object) -> None:
    with pytest.raises(InvalidRefinement):
        refine(HISTORY, {"permissions": 1, "premium[1]": value, "premium[1].plan": "other"})


def test_a_record_s_id_and_source_stand() -> None:
    with pytest.raises(InvalidRefinement):
        refine(HISTORY, {"premium[0].id": "other"})
    assert refine(HISTORY, {"messages[0].source": "attested"}).messages[0].source == "attested"


class Asked(History):
    """A yes/no fact that is in no group."""

    insured: YesNo = None


def test_a_fact_that_is_in_no_group_is_validated_too() -> None:
    history = Asked(account_id="A-1001")
    assert refine(history, {"insured": True}).insured is True
    for value in ("yes", 1, [True], {"insured": True}):
        with pytest.raises(InvalidRefinement):
            refine(history, {"insured": value})


class Doubting(History):
    """What a model asks of its own fields is asked of all of them again."""

    visits: tuple[Record, ...] = ()

    @field_validator("visits")
    @classmethod
    def _are_few(cls, visits: tuple[Record, ...]) -> tuple[Record, ...]:
        if len(visits) > 1:
            raise ValueError
        return visits


def test_what_a_model_asks_for_itself_is_asked_of_what_is_refined() -> None:
    history = refine(Doubting(account_id="A-1001"), {"visits[0]": {"source": "a ticket"}})
    assert len(history.visits) == 1
    with pytest.raises(InvalidRefinement):
        refine(history, {"visits[1]": {"source": "a ticket"}})


PATHS = [
    *("messages[0].shared", "messages[0].shared_at", "messages[0].direction", "messages[0].id"),
    *("messages[1].sent_at", "messages[1]", "messages[2]", "messages[9].shared", "premium[0].end"),
    *("premium[0]", "premium[1].plan", "complete.premium", "complete.messages", "complete.nothing"),
    *("exclusions.counsel", "exclusions.nobody", "account_id", "complete.messages[0]", "nonsense"),
]
VALUES: list[Any] = [
    *(None, True, False, 5, "2024-05", "../2024", "..", "sent", ["sent"], "m1", "2024-13", []),
    *(
        {"inmail": True, "sent_at": "2023"},
        {"start": "2023", "id": "p0"},
        {"id": "m1"},
        {"nothing": 1},
        {},
    ),
]


def told(history: AccountHistory, changes: dict[str, Any]) -> Any:
    """What comes of a refinement, to its last byte and problem."""
    try:
        made = refine(history, changes)
    except EligibilityError as error:
        return type(error), error.problems
    return made, made.model_dump_json(), normalise(made)


def test_only_what_changes_is_validated_again_and_nothing_else_comes_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng, made, refused = Random(5), 0, 0
    for _ in range(4_000):
        data = random_history(rng)
        for name in ("premium", "messages"):
            for at, record in enumerate(data.get(name, ())):
                record["id"] = f"{name[0]}{at}"
        history = AccountHistory.model_validate(data)
        paths = rng.sample(PATHS, rng.choice([1, 1, 2, 3]))
        changes = {path: rng.choice(VALUES) for path in paths}
        quick = told(history, changes)
        with monkeypatch.context() as patch:
            patch.setattr(refinement, "is_plain", lambda _: False)
            assert told(history, changes) == quick
        made += isinstance(quick[0], AccountHistory)
        refused += not isinstance(quick[0], AccountHistory)
    assert made > 30
    assert refused > 100
