"""Statements of completeness, read from data, and what they leave of a record that nobody listed.

Such a record fails one of the conditions of each statement: it is a union of boxes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import InitErrorDetails, PydanticCustomError

from eligibility.errors import shown
from eligibility.facts.boxes import ANY_TIME, Box, Said, largest, possible_boxes, without
from eligibility.facts.completeness import CompletenessStatement, said_of
from eligibility.facts.fields import End, Instant, one_of
from eligibility.facts.problems import Way
from eligibility.facts.shape import ListShape

#: How many statements about one list are combined, and how many boxes they may leave of a record
#: that nobody listed. An interview states some twenty at most; together they leave as many boxes.
MOST_STATEMENTS: Final = 30
MOST_BOXES: Final = 100


def read_statements(given: object, shapes: Mapping[str, ListShape]) -> tuple[Any, ...]:
    """What is stated: names of lists first, in the order of the model, then statements with where.

    Raises:
        ValidationError: all that is wrong, each in its place.
    """
    if not isinstance(given, list | tuple | set | frozenset):
        raise ValidationError.from_exception_data("complete", [_wrong("tuple_type", (), given)])
    wrong: list[InitErrorDetails] = []
    stated: dict[CompletenessStatement, None] = {}
    for at, each in enumerate(given):
        try:
            stated[_read(each, shapes)] = None
        except ValidationError as error:
            wrong += _within(error, (at,))
    left = [each for name in shapes for each in stated if each.list == name and each.where]
    for name in () if wrong else dict.fromkeys(each.list for each in left):
        about = [each.said for each in left if each.list == name]
        if unlisted_boxes(shapes[name], about) is None:
            words = "The statements about one list are too many to be combined."
            many = PydanticCustomError("too-many-statements", words)
            wrong.append({"type": many, "loc": (), "input": None})
    if wrong:
        raise ValidationError.from_exception_data("complete", wrong)
    whole = {each.list for each in stated if not each.where}
    return (*(name for name in shapes if name in whole), *left)


def _read(given: object, shapes: Mapping[str, ListShape]) -> CompletenessStatement:
    """One statement: the name of a list, or an object that names it and has conditions."""
    plain = given.plain() if isinstance(given, CompletenessStatement) else given
    if not isinstance(plain, Mapping):
        return CompletenessStatement(_known_list(plain, (), shapes))
    if "list" not in plain:
        raise ValidationError.from_exception_data("complete", [_wrong("missing", ("list",), None)])
    name = _known_list(plain["list"], ("list",), shapes)
    unknown = [key for key in plain if key not in ("list", "where")]
    wrong = [_wrong("extra_forbidden", (key,), plain[key]) for key in unknown]
    conditions: Mapping[str, Any] = {}
    if "where" not in plain:  # not taken for no condition: that would state the whole list
        wrong.append(_wrong("missing", ("where",), None))
    else:
        try:
            conditions = _read_where(plain["where"], shapes[name])
        except ValidationError as error:
            wrong += _within(error, ("where",))
    if wrong:
        raise ValidationError.from_exception_data("complete", wrong)
    return CompletenessStatement(name, conditions)


def _known_list(name: object, way: Way, shapes: Mapping[str, ListShape]) -> str:
    """The name of a list that there is."""
    if isinstance(name, str) and name in shapes:
        return name
    wrong = _wrong("string_type", way, name)
    if isinstance(name, str):
        called = f"`{shown(name, 40)}`" if name else "An empty text"
        words = {"called": called, "known": ", ".join(shapes)}
        message = "{called} is no list of this history; its lists are {known}."
        wrong = {
            "type": PydanticCustomError("unknown-list", message, words),
            "loc": (),
            "input": name,
        }
    raise ValidationError.from_exception_data("complete", [wrong])


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
        fields[name] = (End if list_shape.is_end(name) else Instant, None)
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


def _wrong(kind: str, way: Way, given: object) -> InitErrorDetails:
    return {"type": kind, "loc": way, "input": given}


def _within(error: ValidationError, way: Way) -> Iterable[InitErrorDetails]:
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


def unlisted_boxes(list_shape: ListShape, stated: Sequence[Said]) -> tuple[Box, ...] | None:
    """What a record may be that nobody listed: it fails each statement. None if they are too many.

    The statements of a history are not: such a history is refused.
    """
    boxes: tuple[Box, ...] = possible_boxes(list_shape, {})
    for count, where in enumerate(stated, 1):
        boxes = largest(left for box in boxes for left in without(box, list_shape, where))
        if count > MOST_STATEMENTS or len(boxes) > MOST_BOXES:
            return None
    return boxes
