"""Pydantic's schema of a history model, taken apart, and put together with texts for moments.

A model comes in; what goes out accepts of JSON what the model accepts, moments aside. Each part of
the schema must be one that is known here, to its last key: a model with a validator, a type or a
setting of its own is not taken apart at all. So what is left out here is known to be left out.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from attrs import Factory, define

from eligibility.errors import InvalidDefinition
from eligibility.facts.fields import OneOf, read_end, read_instant, with_unique_ids
from eligibility.facts.records import HistoryFields, Validated
from eligibility.facts.shape import list_shapes

#: A part of a schema, as `pydantic_core.core_schema` makes them.
Part: TypeAlias = Mapping[str, Any]

#: What says nothing of which JSON is accepted.
_SILENT: Final = frozenset(
    {"type", "ref", "metadata", "serialization", "json_schema_input_schema", "computed_fields"}
)
_DEFAULTS: Final = ("default", "default_factory", "default_factory_takes_data", "copy_default")
_SETTINGS: Final = frozenset({"title", "extra_fields_behavior", "revalidate_instances"})
_TEXT: Final[Part] = {"type": "str", "strict": True}
#: The validators that every history has, by where they are written.
_HISTORY: Final = "eligibility.facts.model.History."
_HISTORY_FIELDS: Final = "eligibility.facts.records.HistoryFields."


class UnknownPartError(Exception):
    """A model has a part that is not known here."""


@define
class PlainSchema:
    """The schema, and what it leaves to be done of what a model says.

    `ends` are the moments, by list and field, that `..` can stand for; `groups` the groups of
    facts. That no id stands twice in a list is left to be looked at.
    """

    schema: Any = None
    ends: set[tuple[str, str]] = Factory(set)
    groups: list[str] = Factory(list)


@lru_cache(maxsize=128)
def is_plain(model: type[HistoryFields]) -> bool:
    """Whether each part of a model's schema is known here: it asks for nothing of its own."""
    try:
        plain_schema(model)
    except (InvalidDefinition, UnknownPartError):
        return False
    return True


def plain_schema(model: type[HistoryFields]) -> PlainSchema:
    """The schema of a model with texts for moments.

    Raises:
        UnknownPartError: the model has a part that is not known here.
    """
    method = getattr(model.model_validate, "__func__", None)
    if method is not vars(Validated)["model_validate"].__func__:
        raise UnknownPartError(method)
    return _TakenApart(model).made


class _TakenApart:
    """The parts of a model's schema, each put together again."""

    def __init__(self, model: type[HistoryFields]) -> None:
        self.made = PlainSchema()
        self.lists = tuple(list_shapes(model))
        self.shared: dict[str, Part] = {}
        part: Any = model.__pydantic_core_schema__
        if part["type"] == "definitions":
            part = _known(part, "definitions", "schema", "definitions")
            self.shared = {each["ref"]: each for each in part["definitions"]}
            part = self.resolved(part["schema"])
        part = _validated_by(_HISTORY + "_has_a_world", part, "function-after")
        part = _validated_by(_HISTORY_FIELDS + "_read_in_zone", part, "function-wrap")
        self.made.schema = self.model(part, self.field)

    def resolved(self, part: Part) -> Part:
        """What a reference to a part that stands elsewhere means."""
        if part["type"] == "definition-ref":
            return self.shared[_known(part, "definition-ref", "schema_ref")["schema_ref"]]
        return part

    def model(self, part: Part, field: Callable[[str, Part], Part]) -> Part:
        """A model, each of its fields made anew."""
        part = _known(
            self.resolved(part), "model", "cls", "schema", "config", "custom_init", "root_model"
        )
        config = part["config"]
        if part.get("custom_init") or part.get("root_model") or config.keys() - _SETTINGS:
            raise UnknownPartError(part["cls"])
        if config.get("extra_fields_behavior") != "forbid":
            raise UnknownPartError(part["cls"])
        of = _known(part["schema"], "model-fields", "fields", "model_name")
        fields = {
            name: {
                "type": "model-field",
                "schema": field(name, _known(each, "model-field", "schema")["schema"]),
            }
            for name, each in of["fields"].items()
        }
        schema = {"type": "model-fields", "model_name": of["model_name"], "fields": fields}
        return {"type": "model", "cls": part["cls"], "config": config, "schema": schema}

    def field(self, name: str, part: Part) -> Part:
        """A field of the history. Null is left to the careful way: there it is as if unsaid."""
        if part["type"] == "default":
            known = _known(part, "default", "schema", *_DEFAULTS)
            return {**_but_silent(known), "schema": self.field(name, known["schema"])}
        if part["type"] == "nullable":
            return self.field(name, _known(part, "nullable", "schema")["schema"])
        if name in self.lists:
            return self.records(name, part)
        if name == "complete":
            _validated_by(_HISTORY + "_known_lists", part, "function-before")
            data = {"type": "dict", "keys_schema": _TEXT, "values_schema": {"type": "any"}}
            either = {"type": "union", "mode": "left_to_right", "choices": [_TEXT, data]}
            return {"type": "tuple", "items_schema": [either], "variadic_item_index": 0}
        if name == "time_zone":
            text = _validated_by(_HISTORY_FIELDS + "_known_zone", part, "function-after")
            return {**_but_silent(part), "schema": _value(text)}
        if part["type"] in ("model", "definition-ref"):
            self.made.groups.append(name)
            return self.model(part, lambda _, each: _fact(each, _value))
        return _value(part)

    def records(self, name: str, part: Part) -> Part:
        """A list of records."""
        if part["type"] == "function-after":
            part = _known(part, "function-after", "function", "schema")
            if part["function"] != {"type": "no-info", "function": with_unique_ids}:
                raise UnknownPartError(name)
            part = part["schema"]
        part = _known(part, "tuple", "items_schema", "variadic_item_index")
        (record,) = part["items_schema"]

        def field(key: str, each: Part) -> Part:
            return _fact(each, lambda leaf: self.fact_of_record((name, key), leaf))

        return {**_but_silent(part), "items_schema": [self.model(record, field)]}

    def fact_of_record(self, at: tuple[str, str], part: Part) -> Part:
        """A moment, a word, or another fact of a record."""
        if part["type"] != "function-plain":
            return _value(part)
        read = _known(part, "function-plain", "function")["function"]
        reader = read["function"]
        if isinstance(reader, OneOf):
            word = {"type": "literal", "expected": [*reader.words]}
            several = {"type": "function-plain", "function": read}
            return {"type": "union", "mode": "left_to_right", "choices": [word, several]}
        if reader is read_end:
            self.made.ends.add(at)
        elif reader is not read_instant:
            raise UnknownPartError(at)
        return _TEXT


def _fact(part: Part, leaf: Callable[[Part], Part]) -> Part:
    """A fact, which may have a default and be null."""
    if part["type"] in ("default", "nullable"):
        part = _known(part, part["type"], "schema", *_DEFAULTS)
        return {**_but_silent(part), "schema": _fact(part["schema"], leaf)}
    return leaf(part)


def _value(part: Part) -> Part:
    """Yes or no, a word or a text: of what JSON has for each, pydantic takes nothing else."""
    if part["type"] == "bool" and _known(part, "bool", "strict").get("strict"):
        return _but_silent(part)
    if part["type"] == "literal":
        if all(type(each) is str for each in _known(part, "literal", "expected")["expected"]):
            return _but_silent(part)
        raise UnknownPartError(part)
    return _but_silent(_known(part, "str", "strict", "min_length", "max_length"))


def _known(part: Part, kind: str, *keys: str) -> Part:
    """A part, if it is of a kind and says no more than these keys do."""
    if part["type"] != kind or part.keys() - _SILENT - {*keys}:
        raise UnknownPartError(part["type"], *part)
    return part


def _but_silent(part: Part) -> dict[str, Any]:
    return {"type": part["type"]} | {key: part[key] for key in part if key not in _SILENT}


def _validated_by(name: str, part: Part, kind: str) -> Part:
    """What is validated beside by a validator of ours."""
    part = _known(part, kind, "function", "schema")
    function = part["function"]["function"]
    written = getattr(function, "__func__", function)
    if f"{written.__module__}.{written.__qualname__}" != name:
        raise UnknownPartError(name)
    inner: Part = part["schema"]
    return inner
