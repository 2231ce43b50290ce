"""What a history does not say is unknown: a model that would make it known is refused."""

from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import BeforeValidator, Field, create_model, field_validator, model_validator

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    EndField,
    Facts,
    History,
    InvalidDefinition,
    Is,
    Moment,
    MomentField,
    Record,
    Span,
    Status,
    YesNo,
    evaluate,
    read_history,
)
from eligibility.facts.shape import shape


class Visit(Record):
    kind: Literal["a", "b"] | None = None
    ok: YesNo = None
    came: MomentField = None


class About(Facts):
    counsel: YesNo = None
    adult: YesNo = None


class Places(History):
    visits: tuple[Visit, ...] = ()
    stays: tuple[Span, ...] = ()
    about: About = About()
    is_minor: YesNo = None


def the_class(model: type[History]) -> ClassDefinition:
    clauses = (Clause("ok", "words", Citation("A fiction"), Is("visits[].ok", True)),)
    return ClassDefinition("a", "1", "A class", model, clauses)


def with_record(base: type[Record], name: str, field: Any) -> type[History]:
    """The model, with another record in its list of visits."""
    record = create_model("Own", __base__=base, **{name: field})
    return create_model("Model", __base__=Places, visits=(tuple[record, ...], ()))


def with_field(name: str, field: Any) -> type[History]:
    return create_model("Model", __base__=Places, **{name: field})


def with_group(name: str, field: Any) -> type[History]:
    group = create_model("Own", __base__=About, **{name: field})
    return create_model("Model", __base__=Places, about=(group, group()))


class Eager(Visit):
    ok: YesNo = True
    kind: Literal["a"] | None = "a"


class Ended(Span):
    end: EndField = Moment.parse("2024")


class Filled(Visit):
    @model_validator(mode="after")
    def _fill(self) -> Self:
        return self if self.ok is not None else self.model_copy(update={"ok": True})


class Guessed(Visit):
    @field_validator("ok", mode="before")
    @classmethod
    def _guess(cls, value: object) -> object:
        return True if value is None else value


class FilledHistory(Places):
    @model_validator(mode="after")
    def _fill(self) -> Self:
        return self.model_copy(update={"is_minor": False})


class FilledGroup(Places):
    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"about": {"adult": True}, **data}


class FilledList(Places):
    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"visits": [{}], "complete": ["visits"], **data}


def _true() -> bool:
    return True


SOMETHING = BeforeValidator(lambda value: "a" if value is None else value)
YEAR = Moment.parse("2024")
KNOWN: dict[str, tuple[type[History], list[str]]] = {
    "a word": (with_record(Visit, "kind", (Literal["a", "b"], "a")), ["visits[].kind"]),
    "a word that may be null": (
        with_record(Visit, "kind", (Literal["a", "b"] | None, "a")),
        ["visits[].kind"],
    ),
    "yes": (with_record(Visit, "ok", (YesNo, True)), ["visits[].ok"]),
    "no": (with_record(Visit, "ok", (YesNo, False)), ["visits[].ok"]),
    "by Field": (with_record(Visit, "ok", (YesNo, Field(default=True))), ["visits[].ok"]),
    "by Annotated": (
        with_record(Visit, "ok", (Annotated[bool | None, Field()], True)),
        ["visits[].ok"],
    ),
    "by a factory": (
        with_record(Visit, "ok", (YesNo, Field(default_factory=_true))),
        ["visits[].ok"],
    ),
    "by a factory that may vary": (
        with_record(Visit, "ok", (YesNo, Field(default_factory=lambda: None))),
        ["visits[].ok"],
    ),
    "a moment": (with_record(Visit, "came", (MomentField, YEAR)), ["visits[].came"]),
    "a moment, as text": (
        with_record(Visit, "came", (MomentField, Field(default="2024", validate_default=True))),
        ["visits[].came"],
    ),
    "an end": (
        create_model("Model", __base__=Places, stays=(tuple[Ended, ...], ())),
        ["stays[].end"],
    ),
    "a validated default": (
        with_record(
            Visit,
            "kind",
            (
                Annotated[Literal["a", "b"] | None, SOMETHING],
                Field(default=None, validate_default=True),
            ),
        ),
        ["visits[].kind"],
    ),
    "what null is taken for": (
        create_model("Model", __base__=Places, visits=(tuple[Guessed, ...], ())),
        ["visits[].ok"],
    ),
    "what a validator fills in": (
        create_model("Model", __base__=Places, visits=(tuple[Filled, ...], ())),
        ["visits[].ok"],
    ),
    "two at once": (
        create_model(
            "Model",
            __base__=Places,
            visits=(tuple[Eager, ...], ()),
            is_minor=(YesNo, False),
        ),
        ["visits[].kind", "visits[].ok", "is_minor"],
    ),
    "in a group": (with_group("counsel", (YesNo, False)), ["about.counsel"]),
    "in a group, by a factory": (
        with_group("counsel", (YesNo, Field(default_factory=_true))),
        ["about.counsel"],
    ),
    "a group": (with_field("about", (About, About(counsel=False))), ["about"]),
    "a group, by a factory": (
        with_field("about", (About, Field(default_factory=lambda: About(adult=True)))),
        ["about"],
    ),
    "of the account": (with_field("is_minor", (YesNo, False)), ["is_minor"]),
    "of the account, by a factory": (
        with_field("is_minor", (YesNo, Field(default_factory=_true))),
        ["is_minor"],
    ),
    "a list": (with_field("visits", (tuple[Visit, ...], (Visit(ok=True),))), ["visits"]),
    "a list of a record of which nothing is known": (
        with_field("visits", (tuple[Visit, ...], (Visit(),))),
        ["visits"],
    ),
    "a list, by a factory": (
        with_field("visits", (tuple[Visit, ...], Field(default_factory=lambda: (Visit(),)))),
        ["visits"],
    ),
    "that a list is complete": (
        with_field("complete", (tuple[str, ...], ("visits",))),
        ["complete"],
    ),
    "another zone": (with_field("time_zone", (str, "UTC")), ["time_zone"]),
    "what a history's validator fills in": (FilledHistory, ["is_minor"]),
    "what it fills into a group": (FilledGroup, ["about"]),
    "what it fills into a list": (FilledList, ["complete", "visits"]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_would_be_known_by_default_is_refused_and_named(name: str) -> None:
    model, paths = KNOWN[name]
    with pytest.raises(InvalidDefinition) as caught:
        the_class(model)
    assert sorted(problem.path for problem in caught.value.problems) == sorted(paths)
    for problem in caught.value.problems:
        assert problem.code == "definition-model"
        assert f"`{problem.path}` would be known" in problem.message
        assert problem.hint


UNKNOWN: dict[str, type[History]] = {
    "nothing": Places,
    "None by Field": with_record(Visit, "ok", (YesNo, Field(default=None, title="Fine?"))),
    "an empty tuple, by a factory": with_field(
        "visits", (tuple[Visit, ...], Field(default_factory=tuple))
    ),
    "an empty list": with_field("visits", (tuple[Visit, ...], [])),
    "a group, by itself": with_field("about", (About, Field(default_factory=About))),
    "a group that must be there": with_field("about", (About, ...)),
    "a list that must be there": with_field("visits", (tuple[Visit, ...], ...)),
    "a text": with_record(Visit, "note", (str, "nothing that a condition asks for")),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_leaves_it_unknown_is_taken(name: str) -> None:
    model = UNKNOWN[name]
    history = model.model_validate({"account_id": "A", "visits": [{}], "about": {}})
    assert evaluate(history, the_class(model)).status is Status.INDETERMINATE


class Careful(Visit):
    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.kind is None:
            raise ValueError("what kind of visit?")
        return self


def test_a_record_that_must_say_something_makes_nothing_up() -> None:
    model = create_model("Model", __base__=Places, visits=(tuple[Careful, ...], ()))
    assert shape(model).lists["visits"].record is Careful


NOT_READ: dict[str, type[History]] = {
    "a word, or yes": with_record(Visit, "kind", (Literal["a", True] | None, None)),
    "a word, or any text": with_record(
        Visit,
        "kind",
        (Literal["a"] | str | None, None),  # noqa: PYI051 - what is to be refused
    ),
    "a word, or a number": with_record(Visit, "kind", (Literal["a"] | int | None, None)),
    "yes, or a word": with_record(Visit, "ok", (bool | Literal["a"] | None, None)),
    "yes, or a number": with_record(Visit, "ok", (bool | int | None, None)),
    "a moment, or yes": with_record(Visit, "came", (MomentField | bool, None)),
    "of a group": with_group("counsel", (bool | str | None, None)),
    "of the account": with_field("is_minor", (bool | str | None, None)),
    "a fact that is never unknown": with_record(Visit, "ok", (bool, None)),
    "a fact that must be said": with_record(Visit, "ok", (YesNo, ...)),
    "a moment that must be said": with_record(Visit, "came", (MomentField, ...)),
    "a text that must be said": with_record(Visit, "note", (str, ...)),
    "a fact of a group that must be said": create_model(
        "Model",
        __base__=Places,
        about=(create_model("Own", __base__=About, counsel=(YesNo, ...)), ...),
    ),
    "a fact of the account that must be said": with_field("is_minor", (YesNo, ...)),
    "another name": with_record(Visit, "ok", (YesNo, Field(default=None, alias="fine"))),
    "another name when it is read": with_record(
        Visit, "ok", (YesNo, Field(default=None, validation_alias="fine"))
    ),
    "no place in JSON": with_record(Visit, "ok", (YesNo, Field(default=None, exclude=True))),
    "a group of no such kind": with_field("about", (About, {"counsel": None})),
    "a group that is None": with_field("about", (About, None)),
    "records of two kinds": with_field("visits", (tuple[Span | Visit, ...], ())),
    "one record": with_field("visits", (Visit, ...)),
    "a tuple of one record": with_field("visits", (tuple[Visit], ...)),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_a_model_whose_unknown_facts_could_be_taken_wrongly_is_refused(name: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        the_class(NOT_READ[name])
    assert {problem.code for problem in caught.value.problems} == {"definition-model"}


def test_no_history_of_such_a_model_is_read_either() -> None:
    model, _ = KNOWN["yes"]
    with pytest.raises(InvalidDefinition, match=r"visits\[\]\.ok"):
        read_history('{"account_id": "A", "complete": ["visits"]}', model)
