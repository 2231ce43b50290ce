"""The quick way to read a text makes the same history as the careful way, or leaves it to that."""

import json
from collections import Counter
from datetime import date
from random import Random
from typing import Annotated, Any, ClassVar, Literal, Self

import fuzz_reading
import pytest
from flo import FloHistory
from odd_models import ODD_MODELS
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    field_validator,
    model_validator,
)
from pydantic_core import SchemaValidator

import eligibility
from eligibility import (
    AccountHistory,
    Facts,
    History,
    Moment,
    MomentField,
    Record,
    WrongArgument,
    YesNo,
    unique_ids,
)
from eligibility.facts import one_pass, read
from eligibility.facts.one_pass import read_in_one_pass

SHARED = {
    "account_id": "A-1001",
    "messages": [
        {"id": "m1", "shared": True, "sent_at": "2023-05-04T10:22:00Z", "shared_at": "2024-08"}
    ],
    "complete": ["premium", "messages"],
}


def differing(model: type[History], count: int, seed: int) -> tuple[list[Any], Counter[str]]:
    seen = Counter[str]()
    return list(fuzz_reading.differing_texts(Random(seed), model, count, seen)), seen


def test_thousands_of_texts_are_read_alike() -> None:
    found, seen = differing(AccountHistory, 3_000, seed=1)
    assert found == []
    assert seen["texts"] > 2 * seen["histories"] > 2 * seen["read in one pass"] > 600


@pytest.mark.parametrize("model", [FloHistory, *ODD_MODELS], ids=lambda model: model.__name__)
def test_texts_of_other_models_are_read_alike(model: type[History]) -> None:
    found, seen = differing(model, 150, seed=2)
    assert found == []
    assert seen["read in one pass"] > 15


def test_moments_that_machines_write_are_read_as_the_notation_has_them() -> None:
    seen = Counter[str]()
    assert list(fuzz_reading.differing_moments(Random(3), 8_000, seen)) == []
    assert seen["moments that are some"] > 2_000


def one_pass_of(data: object, model: type[History] = AccountHistory, **how: Any) -> Any:
    return read_in_one_pass(json.dumps(data, **how), model)


@pytest.mark.parametrize("indent", [None, 2])
def test_what_machines_write_is_read_in_one_pass(indent: int | None) -> None:
    text = json.dumps(SHARED, indent=indent)
    assert one_pass_of(SHARED, indent=indent) == read.read_carefully(text, AccountHistory, 10)
    assert read_in_one_pass(text.encode(), AccountHistory) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"premium": None},
        {"account_id": 'a":b'},
        {"account_id": "a :b"},
        {"account_id": ""},
        {"complete": ["premium", {"list": "messages", "where": {"inmail": 1}}]},
        {"messages": [{"sent_at": "2024-13"}]},
        {"messages": [{"shared_at": "2024", "shared": False}]},
        {"messages": [{"shared_at": "2024", "shared": True, "sent_at": "2025"}]},
        {"messages": [{"id": "m1"}, {"id": "m1"}]},
    ],
)
def test_what_may_be_wrong_is_left_to_the_careful_way(change: dict[str, Any]) -> None:
    assert one_pass_of(SHARED | change) is None


@pytest.mark.parametrize(
    "said",
    [
        '{"account_id": "A", "account_id": "A"}',
        '{"account_id" : "A", "account_id": "A"}',
        '{"account_id"\n: "A", "account_id": "A"}',
        '{"account_id": "A", "messages": [{"id": "m"}], "messages": []}',
        '{"account_id": "A", "complete": [{"list": "messages", "list": "messages"}]}',
        '{"account_id": "A", "exclusions": {"counsel": true, "counsel" : true}}',
    ],
)
def test_a_key_that_stands_twice_is_never_passed_over(said: str) -> None:
    assert read_in_one_pass(said, AccountHistory) is None
    assert read_in_one_pass(said.encode(), AccountHistory) is None


def test_what_is_stated_in_conditions_counts_its_keys() -> None:
    where = {"inmail": True, "direction": ["sent"], "sent_at": "../2024-09-17"}
    stated = [{"list": "messages", "where": where}, "premium"]
    (first, then) = one_pass_of(SHARED | {"complete": stated}).complete
    assert first == "premium"
    assert then.where["sent_at"].text == "../2024-09-17"


def test_a_limit_that_may_be_reached_is_left_to_the_careful_way() -> None:
    text = json.dumps(SHARED)
    many = json.dumps(SHARED | {"messages": [{}] * 1_000})
    assert read_in_one_pass(text, AccountHistory, most_records=len(text)) is not None
    assert read_in_one_pass(text, AccountHistory, most_records=100) is None
    assert read_in_one_pass(many, AccountHistory, most_records=1_000) is None
    assert read_in_one_pass(many, AccountHistory, most_records=1_001) is not None
    assert read_in_one_pass(many.encode(), AccountHistory, most_records=1_001) is not None
    often = json.dumps(SHARED | {"complete": ["premium"] * 1_001})
    assert read_in_one_pass(often, AccountHistory, most_records=1_000) is None


def test_what_is_no_text_or_half_a_character_is_left_to_the_careful_way() -> None:
    assert read_in_one_pass('{"account_id": "\ud800"}', AccountHistory) is None
    assert read_in_one_pass(bytearray(b'{"account_id": "A"}'), AccountHistory) is None
    for given, most in ((5, 10), ('{"account_id": "A"}', "5"), ('{"account_id": "A"}', True)):
        with pytest.raises(WrongArgument):
            eligibility.read_history(given, most_records=most)  # type: ignore[arg-type]  # on purpose


# ---- models that are not taken apart -------------------------------------------------------------


class Visit(Record):
    order: ClassVar[tuple[tuple[str, str], ...]] = (("asked", "came"),)
    asked: MomentField = None
    came: MomentField = None
    was_seen: YesNo = None


class Visits(History):
    visits: Annotated[tuple[Visit, ...], unique_ids] = ()
    again: tuple[Visit, ...] = ()
    adult: YesNo = None


class Checked(Visit):
    @field_validator("came")
    @classmethod
    def _at_noon(cls, given: Any) -> Any:
        return given


class Whole(Visit):
    @model_validator(mode="after")
    def _whole(self) -> Self:
        return self


class Lenient(Visit):
    model_config = ConfigDict(str_strip_whitespace=True)


class Open(Visit):
    model_config = ConfigDict(extra="ignore")


class Hidden(Visit):
    _seen: int = PrivateAttr(default=0)


class Built(Visit):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)


class Changeable(Visit):
    model_config = ConfigDict(frozen=False)


class Counted(Visit):
    times: int | None = None


class Dated(Visit):
    day: date | None = None


class Loose(Visit):
    is_so: bool | None = None


class Elsewhere(Visit):
    left: Annotated[Moment, PlainValidator(Moment.parse)] | None = None


class Numbered(Visit):
    grade: Annotated[Literal["1", "2"], Field(description="a word")] | None = None


def visits_of(record: type[Record]) -> type[History]:
    annotations = {"visits": tuple[record, ...]}  # type: ignore[valid-type]  # made for each record
    return type(f"{record.__name__}s", (History,), {"__annotations__": annotations, "visits": ()})


def test_a_record_may_stand_in_two_lists() -> None:
    data = {"account_id": "A", "visits": [{"asked": "2024"}], "again": [{}, {}], "adult": True}
    history = one_pass_of(data, Visits)
    assert history == Visits.model_validate(data)
    assert one_pass_of(data | {"adult": None}, Visits) is None
    assert one_pass_of(data | {"again": [{"id": "v"}] * 2}, Visits) is None  # though it may be so


@pytest.mark.parametrize(
    "record",
    [Changeable, Checked, Whole, Lenient, Open, Hidden, Built, Counted, Dated, Loose, Elsewhere],
)
def test_a_record_with_a_part_of_its_own_is_read_the_careful_way(record: type[Record]) -> None:
    assert one_pass_of({"account_id": "A"}, visits_of(record)) is None
    assert one_pass_of({"account_id": "A"}, visits_of(Visit)) is not None


def test_a_word_with_a_description_is_a_word() -> None:
    data = {"account_id": "A", "visits": [{"grade": "2"}, {"grade": ["2", "1"]}]}
    first, then = one_pass_of(data, visits_of(Numbered)).visits
    assert (first.grade, then.grade) == ("2", None)


class OwnDoor(History):
    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        return super().model_validate(obj, **how)


class OwnWorld(History):
    @model_validator(mode="after")
    def _has_a_world(self) -> Self:
        return self


class OwnList(History):
    visits: Annotated[tuple[Visit, ...], AfterValidator(tuple)] = ()


class Grades(Facts):
    grade: Literal[1, 2] | None = None


class Graded(History):
    grades: Grades = Grades()


class Unreadable(History):
    visits: tuple[Visit, ...] | None = None


@pytest.mark.parametrize("model", [OwnDoor, OwnWorld, OwnList, Graded, Unreadable])
def test_a_history_with_a_part_of_its_own_is_read_the_careful_way(model: type[History]) -> None:
    assert one_pass_of({"account_id": "A"}, model) is None


def test_a_pydantic_that_would_use_the_classes_own_validators_is_not_relied_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Older ones know no other way; some of them have nothing that would stand in the way."""

    def older(schema: Any, **how: Any) -> SchemaValidator:
        del schema
        if how:
            raise TypeError
        return SchemaValidator(AccountHistory.__pydantic_core_schema__)

    monkeypatch.setattr(one_pass, "SchemaValidator", older)
    one_pass._reader.cache_clear()
    assert one_pass_of(SHARED) is None
    one_pass._reader.cache_clear()
