"""Statements of completeness, read from data, and what they leave of a record that nobody listed.

Such a record fails one of the conditions of each statement: it is a union of boxes.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import InitErrorDetails, PydanticCustomError

from eligibility.errors import InvalidHistory, Problem, shown
from eligibility.facts.boxes import ANY_TIME, Box, Said, boxes_of, largest, without
from eligibility.facts.completeness import CompletenessStatement, said_of
from eligibility.facts.fields import End, Instant, one_of
from eligibility.facts.shape import ListShape

#: How many boxes the records that nobody listed may take: beyond it, statements are refused.
MOST_BOXES: Final = 1000


def read_statements(given: object, shapes: Mapping[str, ListShape]) -> tuple[Any, ...]:
    """What is stated: names of lists first, in the order of the model, then statements with where.

    Raises:
        ValidationError: all that is wrong, each in its place.
    """
    if not isinstance(given, list | tuple | set | frozenset):
        raise ValidationError.from_exception_data("complete", [_wrong("tuple_type", (), given)])
    wrong: list[InitErrorDetails] = []
    names: set[str] = set()
    stated: dict[CompletenessStatement, None] = {}
    for at, each in enumerate(given):
        plain = each.plain() if isinstance(each, CompletenessStatement) else each
        name = plain.get("list") if isinstance(plain, Mapping) else plain
        if not isinstance(name, str):
            way = (at, "list") if isinstance(plain, Mapping) else (at,)
            wrong.append(_wrong("string_type", way, name))
        elif name not in shapes:
            words = {"name": shown(name, 40), "known": ", ".join(shapes)}
            message = "`{name}` is no list of this history; its lists are {known}."
            error = PydanticCustomError("unknown-list", message, words)
            wrong.append({"type": error, "loc": (at,), "input": name})
        elif isinstance(plain, Mapping):
            unknown = [key for key in plain if key not in ("list", "where")]
            wrong += [_wrong("extra_forbidden", (at, key), plain[key]) for key in unknown]
            try:
                conditions = _read_where(plain.get("where", {}), shapes[name])
                stated[CompletenessStatement(name, conditions)] = None
            except ValidationError as error:
                wrong += _within(error, (at, "where"))
        else:
            names.add(name)
    if wrong:
        raise ValidationError.from_exception_data("complete", wrong)
    names |= {each.list for each in stated if not each.where}
    left = [each for name in shapes for each in stated if each.list == name and each.where]
    return (*(name for name in shapes if name in names), *left)


def _read_where(given: object, list_shape: ListShape) -> Mapping[str, Any]:
    """Conditions by field, without those that every record meets."""
    model = where_model(list_shape)
    read = model.model_validate(dict(given) if isinstance(given, Mapping) else given)
    said = {name: value for name, value in read if value is not None}
    every: Said = list_shape.all_values
    return {
        name: value
        for name, value in said.items()
        if said_of(value) != every.get(name, ANY_TIME) or name in list_shape.record.exists_if
    }


@lru_cache(maxsize=128)
def where_model(list_shape: ListShape) -> type[BaseModel]:
    """The conditions of a statement about a list, as data is validated and as JSON Schema."""
    fields: dict[str, Any] = {
        name: (one_of(list_shape.options[name]), None) for name in list_shape.values
    }
    for name in list_shape.moments:
        fields[name] = (End if list_shape.is_spans and name == "end" else Instant, None)
    return create_model(
        f"{list_shape.record.__name__}Condition",
        __config__=ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True),
        **fields,
    )


def statement_schemas(shapes: Mapping[str, ListShape]) -> Iterator[dict[str, Any]]:
    """The JSON Schema of a statement with conditions, for each list."""
    for name, list_shape in shapes.items():
        where = where_model(list_shape).model_json_schema()
        conditions = {
            key: {k: v for k, v in each.items() if k not in ("default", "title")}
            for key, each in where["properties"].items()
        }
        yield {
            "type": "object",
            "properties": {
                "list": {"const": name, "type": "string"},
                "where": {
                    "type": "object",
                    "properties": conditions,
                    "additionalProperties": False,
                },
            },
            "required": ["list", "where"],
            "additionalProperties": False,
        }


def _wrong(kind: str, way: tuple[str | int, ...], given: object) -> InitErrorDetails:
    return {"type": kind, "loc": way, "input": given}


def _within(error: ValidationError, way: tuple[str | int, ...]) -> Iterable[InitErrorDetails]:
    """The problems of a part, in their place."""
    for each in error.errors(include_url=False):
        kind: Any = each["type"]
        if "-" in kind:
            kind = PydanticCustomError(kind, "{words}", {"words": each["msg"]})
        yield {
            "type": kind,
            "loc": (*way, *each["loc"]),
            "input": each["input"],
            "ctx": each.get("ctx", {}),
        }


def unlisted_boxes(list_shape: ListShape, stated: Iterable[Said]) -> tuple[Box, ...]:
    """What a record that nobody listed may be: it fails each statement. None if there is none.

    Raises:
        InvalidHistory: `too-many-statements`, they leave more boxes than anybody could mean.
    """
    boxes: tuple[Box, ...] = tuple(b for b in boxes_of(list_shape, {}) if isinstance(b, Box))
    for where in stated:
        boxes = largest(left for box in boxes for left in without(box, list_shape, where))
        if len(boxes) > MOST_BOXES:
            words = "The statements of completeness about one list are too many to be combined."
            hint = "State what matters in one or two of them."
            raise InvalidHistory([Problem("too-many-statements", "complete", words, hint)])
    return boxes
