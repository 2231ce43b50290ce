"""Canonical JSON is what RFC 8785 says, and that of a history what pydantic says."""

import json
import random
from typing import Any

import pytest
import rfc8785
import twin_cases
from odd_models import ODD_MODELS
from pydantic import computed_field, field_serializer
from small_worlds import random_history as small_history

from eligibility import AccountHistory, History, Record, YesNo
from eligibility.facts import written
from eligibility.facts.written import canonical_json

ODD = [
    *map(chr, range(0x80)),
    *"é\u2028\u2029\ue000\uffff\U00010000\U0001f600",
    "\\u0041",
    '"',
    "</script>",
    "",
]


@pytest.mark.parametrize("as_key", [False, True])
def test_every_text_is_written_alike(as_key: bool) -> None:
    for text in ODD:
        data = {text: None, "a": True} if as_key else [text, {"a": text}]
        assert canonical_json(data) == rfc8785.dumps(data)


def test_keys_are_ordered_by_code_units() -> None:
    """Of these two the standard library would put the other one first."""
    data = {"\U0001f600": 1, "\ue000": None, "b": [{}], "a": []}
    assert canonical_json(data) == rfc8785.dumps(data)


@pytest.mark.parametrize("number", [0, -0.0, 1e21, 1e-7, 0.1, 5e-324, 2**53 - 1, True])
def test_numbers_are_those_of_the_rfc(number: float) -> None:
    assert canonical_json({"n": [number]}) == rfc8785.dumps({"n": [number]})


def test_drawn_data_is_written_alike() -> None:
    rng = random.Random(5)

    def drawn(levels: int) -> Any:
        kind = rng.randrange(7 if levels else 5)
        if kind > 4:
            several = [drawn(levels - 1) for _ in range(rng.randrange(4))]
            return several if kind == 5 else {rng.choice(ODD): each for each in several}
        return [None, True, False, rng.choice(ODD), "".join(rng.sample(ODD, 5))][kind]

    for _ in range(2_000):
        data = drawn(3)
        assert canonical_json(data) == rfc8785.dumps(data)


def test_half_a_character_is_refused_as_ever() -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json({"a": "\ud800"})


def directly_written(history: History) -> bool:
    """Whether pydantic is not asked to write it."""
    if not written._is_written_as_it_is(type(history)):
        return False
    try:
        return bool(written._digested(history))
    except written._NOT_PLAIN:
        return False


def as_one(history: History) -> str:
    return "".join(written.history_json(history))


@pytest.fixture(params=[False, True], ids=["history_json", "digest"])
def both_ways(request: Any, monkeypatch: Any) -> Any:
    """How a history is taken from its fields, and as pydantic and the RFC have it."""
    write = written.digest if request.param else as_one

    def by_pydantic(history: History) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(written, "_is_written_as_it_is", lambda _: False)
            return write(history)

    return write, by_pydantic


def test_histories_are_written_as_pydantic_writes_them(both_ways: Any) -> None:
    directly, by_pydantic = both_ways
    groups = twin_cases.groups(random.Random(3))
    histories = [each for _ in range(40) for each in next(groups).histories]
    histories += [each.model_copy(update={"account_id": "".join(ODD)}) for each in histories[:9]]
    models = {type(each) for each in histories}
    assert len(models) > 3
    assert all(map(directly_written, histories))
    for each in histories:
        assert directly(each) == by_pydantic(each)


@pytest.mark.parametrize("model", ODD_MODELS, ids=lambda model: model.__name__)
def test_histories_of_odd_models_are_written_as_pydantic_writes_them(
    model: type[History], both_ways: Any
) -> None:
    directly, by_pydantic = both_ways
    for _ in range(20):
        made = small_history(random.Random(1), model, most=3)
        assert directly(made) == by_pydantic(made)


class Own(History):
    """A fact that is written in a way of its own."""

    asked: YesNo = None

    @field_serializer("asked")
    def _as_number(self, value: bool | None) -> int:
        return int(value or False)


class Computed(History):
    """What is written besides."""

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's docs have it
    @property
    def twice(self) -> str:
        return self.account_id * 2


class Named(History):
    """A name that not everybody puts in the same order."""

    größe: YesNo = None  # noqa: PLC2401 - such a name is what is tested


class Box(Record):
    """The same of a record."""

    größe: YesNo = None  # noqa: PLC2401 - as above


class Boxes(History):
    """Of which it can be stated that all of a kind are listed."""

    boxes: tuple[Box, ...] = ()


def test_a_statement_about_such_a_name_is_left_to_pydantic(both_ways: Any) -> None:
    directly, by_pydantic = both_ways
    stated = Boxes(account_id="A-1", complete=[{"list": "boxes", "where": {"größe": True}}])
    assert not directly_written(stated)
    assert directly(stated) == by_pydantic(stated)


@pytest.mark.parametrize("model", [Own, Computed, Named])
def test_what_a_model_writes_itself_is_left_to_it(model: type[History], both_ways: Any) -> None:
    directly, by_pydantic = both_ways
    history = model(account_id="A-1001")
    assert not directly_written(history)
    assert directly(history) == by_pydantic(history)


@pytest.mark.parametrize(
    "other",
    [{"messages": [{"inmail": True}]}, {"time_zone": 1}, {"messages": (1,)}, {"more": True}],
)
def test_what_was_never_validated_is_left_to_pydantic(other: Any) -> None:
    made = AccountHistory(account_id="A-1001").model_copy(update=other)
    assert not directly_written(made)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("records", [0, 1, 999, 1_000, 1_001, 2_000, 2_001])
def test_a_long_list_is_written_as_pydantic_writes_it(records: int) -> None:
    message = AccountHistory(account_id="A", messages=[{"sent_at": "2023"}]).messages[0]
    odd = message.model_copy(update={"inmail": 1})  # never validated
    history = AccountHistory(account_id="A-1001").model_copy(
        update={"messages": (*[message] * (records - 1), odd)[:records]}
    )
    assert as_one(history) == json.dumps(history.model_dump(mode="json"))
