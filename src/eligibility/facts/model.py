"""How a history model is declared, and how a history is validated.

A history model is a `History` with lists of `Record`s. A `Span` is a record with a start and an
end. From the annotations alone the engine knows which fields are moments, which are yes/no facts
and which take a closed vocabulary; `order` and `exists_if` on a record say what else must hold.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from eligibility.errors import (
    EligibilityError,
    InconsistentHistory,
    InvalidDefinition,
    InvalidHistory,
    Problem,
    first_of,
    shown,
)
from eligibility.facts.fields import EndField, MomentField, YesNo, duplicate_ids, unique_ids
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import steps_of
from eligibility.facts.phrases import Knower, Phrases
from eligibility.facts.problems import HINTS, Way, problems_of
from eligibility.facts.read import parse_json
from eligibility.facts.records import Facts, HistoryFields, Record, Span, Value, is_asked, validated
from eligibility.facts.shape import list_shapes, shape
from eligibility.facts.statements import read_statements, statement_schemas
from eligibility.immutable import FrozenDict

__all__ = [
    "EndField",
    "Facts",
    "History",
    "MomentField",
    "Record",
    "Span",
    "Value",
    "YesNo",
    "duplicate_ids",
    "unique_ids",
]


def _schema_extra(schema: dict[str, Any], model: "type[History]") -> None:
    lists = list_shapes(model)
    items = [{"type": "string", "enum": list(lists)}, *statement_schemas(lists)]
    schema["properties"]["complete"].update({"items": {"anyOf": items}, "uniqueItems": True})
    schema["description"] = (model.__doc__ or "").partition("\n\n    >>>")[0]


class History(HistoryFields):
    """What is known of one account. Subclass it and add lists of records and groups of facts.

    `holder` is how sentences name whoever has the account, `knowers` whoever can know a fact.
    """

    holder: ClassVar[str] = "the account holder"
    knowers: ClassVar[Mapping[Knower, str]] = FrozenDict(
        {"claimant": "the account holder", "documents": "documents", "defendant": "the defendant"}
    )
    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict()

    model_config = ConfigDict(json_schema_extra=_schema_extra)

    @field_validator("complete", mode="before")
    @classmethod
    def _known_lists(cls, given: object) -> tuple[Any, ...]:
        return () if given in ((), []) else read_statements(given, list_shapes(cls))

    @model_validator(mode="after")
    def _has_a_world(self) -> Self:
        # By our own doors, a history may contradict itself until somebody wants to know what
        # follows from it. Elsewhere nobody looks again: a route would fail on what it was given.
        if is_asked():
            return self
        try:
            normalise(self)
        except InvalidDefinition:  # the model cannot be read: whoever declares a class is told
            return self
        except InconsistentHistory as error:
            clashes = [_as_pydantic_says(problem) for problem in error.problems]
            raise ValidationError.from_exception_data(type(self).__name__, clashes) from None
        return self

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **how: Any) -> Self:
        """One of JSON text, in which no key stands twice; raises as `model_validate`."""
        return cls.model_validate(parse_json(json_data), **how)

    @classmethod
    def _refusal(cls, error: ValidationError, data: object) -> EligibilityError:
        found = problems_in(error, cls)
        named = {(problem.code, problem.path) for problem in found}
        found += [p for p in _duplicates(data, cls) if (p.code, p.path) not in named]
        return InvalidHistory(first_of([*found, *_clashes(data, cls, error)]))


def problems_in(error: ValidationError, model: type[History]) -> list[Problem]:
    """The problems of what was to be a history of a model."""
    return problems_of(error, lambda way: _may_be_null(way, model))


def _as_pydantic_says(problem: Problem) -> InitErrorDetails:
    words = {"words": f"{problem.message} {problem.hint}"}
    kind = PydanticCustomError(problem.code, "{words}", words)
    return InitErrorDetails(type=kind, loc=steps_of(problem.path), input=problem.path)


def _may_be_null(way: Way, model: type[History]) -> bool:
    """Whether null says 'unknown' there: for every key that may be absent, never in a list."""
    if not way or not isinstance(way[-1], str):
        return False
    list_shape = shape(model).lists.get(str(way[0]))
    info = model.model_fields.get(str(way[0]))
    part: Any = (
        model if len(way) == 1 else list_shape.record if list_shape else info and info.annotation
    )
    named = getattr(part, "model_fields", {}).get(way[-1])
    return named is not None and not named.is_required()


def _clashes(data: Any, model: type[History], error: ValidationError) -> tuple[Problem, ...]:
    """What contradicts itself in the records that are valid, each in its place."""
    if not isinstance(data, dict):
        return ()
    wrong = [each["loc"] for each in error.errors(include_url=False)]
    blank = {way[:2] for way in wrong if len(way) > 1}
    lists = shape(model).lists.keys() & data.keys()
    sound: dict[str, Any] = {
        name: [
            {key: value for key, value in record.items() if key != "id"}
            if isinstance(record, dict) and (name, at) not in blank
            else {}
            for at, record in enumerate(data[name])
        ]
        for name in lists
        if isinstance(data[name], list)
    }
    if isinstance(data.get("time_zone"), str) and ("time_zone",) not in wrong:
        sound["time_zone"] = data["time_zone"]
    try:
        normalise(validated(model, {"account_id": "any", **sound}))
    except InconsistentHistory as found:
        return found.problems
    except ValidationError:  # the model asks more than that each fact is valid by itself
        return ()
    return ()


def _duplicates(data: Any, model: type[History]) -> list[Problem]:
    """Ids that stand twice, found even where the rest of the list is not valid."""
    found: list[Problem] = []
    for name in shape(model).lists if isinstance(data, dict) else ():
        records = data.get(name)
        if isinstance(records, list):
            ids = (record.get("id") for record in records if isinstance(record, dict))
            for twice in duplicate_ids([each for each in ids if isinstance(each, str)]):
                words = f"`{shown(twice, 40)}` stands twice in this list."
                found.append(Problem("duplicate-id", name, words, HINTS["duplicate-id"]))
    return found
