"""How a history model is declared: the base classes, and what they let the engine see.

A history model is a `History` with lists of `Record`s. A `Span` is a record with a start and an
end. From the annotations alone the engine knows which fields are moments, which are yes/no facts
and which take a closed vocabulary; `order` and `exists_if` on a record say what else must hold.
"""

import types
from collections import Counter
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from enum import Enum
from functools import cached_property, lru_cache
from typing import Annotated, Any, ClassVar, Final, Literal, Self, Union, get_args, get_origin

from attrs import field, frozen
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from eligibility.errors import EligibilityError, InvalidDefinition, InvalidMoment, Problem, shown
from eligibility.immutable import FrozenDict, freeze
from eligibility.moment import Moment
from eligibility.timeline import COURT_ZONE, LATEST, load_zone, zone_names

_zone: ContextVar[str | None] = ContextVar("zone", default=None)

#: The notation's own words, for forms made from the JSON Schema.
_NOTATION: Final = (
    "A date or time, as exactly as it is known: `2024-09-17T23:59:00-07:00`, `2024-09-17`, "
    "`2024-09`, `2024`, `2024-09-1X`, or bounds: `2024-05/2024-08` (some instant from the first of "
    "May to the end of August), `../2024-09-17` (not later), `2024-05-01/..` (not earlier)."
)


def _custom(error: EligibilityError) -> PydanticCustomError:
    problem = error.problems[0]
    words = f"{problem.message} {problem.hint}".strip()
    return PydanticCustomError(problem.code, "{words}", {"words": words})


def _read_moment(value: object) -> Moment:
    zone = _zone.get()
    try:
        if isinstance(value, Moment):
            return value.in_zone(zone) if zone else value
        if isinstance(value, str):
            return Moment.parse(value, zone) if zone else Moment.parse(value).afloat()
    except InvalidMoment as error:
        raise _custom(error) from None
    raise PydanticCustomError("wrong-type", "A moment is a text, such as `2024-09-17`.")


def _read_end(value: object) -> Moment:
    return Moment(LATEST, LATEST, "..") if value == ".." else _read_moment(value)


_write_moment = PlainSerializer(lambda moment: moment.text, return_type=str)
_EXAMPLES: Final = ["2024-09-17T23:59:00-07:00", "2024-09-17", "2024-09", "../2024-09-17"]

#: A moment; None is unknown.
MomentField = (
    Annotated[
        Moment,
        PlainValidator(_read_moment),
        _write_moment,
        WithJsonSchema({"type": "string", "description": _NOTATION, "examples": _EXAMPLES}),
    ]
    | None
)
#: The end of a span: a moment, `..` for 'has not ended'; None is unknown.
EndField = (
    Annotated[
        Moment,
        PlainValidator(_read_end),
        _write_moment,
        WithJsonSchema(
            {
                "type": "string",
                "description": _NOTATION + " `..` alone says that it has not ended.",
                "examples": ["..", *_EXAMPLES],
            }
        ),
    ]
    | None
)
#: A yes/no fact; None is unknown.
YesNo = Annotated[bool, Strict()] | None
#: A short text that reasons may quote. No names, no message text.
ShortText = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=200)]

_CONFIG: Final = ConfigDict(
    frozen=True, extra="forbid", revalidate_instances="always", arbitrary_types_allowed=True
)


class Facts(BaseModel):
    """A named group of yes/no facts about the account, such as `exclusions`."""

    model_config = _CONFIG


class Record(BaseModel):
    """One entry of a list in a history. Whatever is absent or null is unknown.

    `order` lists pairs of moments of which the first is never later than the second, those that
    come first before those that follow; `exists_if` names, for a moment, the yes/no fact without
    which there is no such moment, the same fact for all moments of a record that have one.
    """

    model_config = _CONFIG
    order: ClassVar[tuple[tuple[str, str], ...]] = ()
    exists_if: ClassVar[Mapping[str, str]] = FrozenDict()

    id: ShortText | None = Field(None, title="Id", description="Unique in its list.")
    source: ShortText | None = Field(
        None,
        title="Source",
        description="Where this is known from; reasons quote it. No names, no message text.",
        examples=["receipt 8841", "attested"],
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        # Shapes are cached and read these: what changed them would change later verdicts.
        cls.order, cls.exists_if = freeze(cls.order), freeze(cls.exists_if)


class Span(Record):
    """A record that lasts from its start to its end, both inclusive."""

    order: ClassVar[tuple[tuple[str, str], ...]] = (("start", "end"),)

    start: MomentField = Field(None, title="Start", description="When it began.")
    end: EndField = Field(
        None, title="End", description="When it ended; `..` says that it has not."
    )


def _unique_ids(records: tuple[Record, ...]) -> tuple[Record, ...]:
    for twice in duplicate_ids([record.id for record in records]):
        raise PydanticCustomError(
            "duplicate-id", "`{id}` stands twice in this list.", {"id": shown(twice)}
        )
    return records


def duplicate_ids(ids: list[str | None]) -> list[str]:
    """The ids that stand more than once, each named once, in order."""
    named = list(filter(None, ids))
    if len(set(named)) == len(named):
        return []
    return [each for each, count in Counter(named).items() if count > 1]


def _schema_extra(schema: dict[str, Any], model: "type[History]") -> None:
    items = {"type": "string", "enum": list(shape(model).lists)}
    schema["properties"]["complete"].update({"items": items, "uniqueItems": True})
    schema["description"] = (model.__doc__ or "").partition("\n\n    >>>")[0]


class History(BaseModel):
    """What is known of one account. Subclass it and add lists of records and groups of facts."""

    model_config = ConfigDict(**_CONFIG, json_schema_extra=_schema_extra)

    schema_version: Literal["1"] = Field("1", title="Schema version")
    account_id: ShortText = Field(
        title="Account", description="Any id of the account. No name.", examples=["A-1001"]
    )
    time_zone: Annotated[str, Strict()] = Field(
        COURT_ZONE,
        title="Time zone",
        description="The IANA zone in which dates and local times are read.",
    )
    complete: tuple[Annotated[str, Strict()], ...] = Field(
        (),
        title="Complete lists",
        description="Lists that hold every record there is. Any other list may lack some.",
    )

    @model_validator(mode="wrap")
    @classmethod
    def _read_in_zone(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        zone = data.get("time_zone") if isinstance(data, dict) else getattr(data, "time_zone", None)
        if isinstance(data, dict) and None in data.values():
            given, known = data.items(), cls.model_fields  # a key that there is not is refused
            data = {key: value for key, value in given if value is not None or key not in known}
        token = _zone.set(zone if isinstance(zone, str) and zone in zone_names() else COURT_ZONE)
        try:
            return handler(data)
        finally:
            _zone.reset(token)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            load_zone(name)
        except EligibilityError as error:
            raise _custom(error) from None
        return name

    @field_validator("complete")
    @classmethod
    def _known_lists(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = list(shape(cls).lists)
        for name in names:
            if name not in known:
                raise PydanticCustomError(
                    "unknown-list",
                    "`{name}` is no list of this history; its lists are {known}.",
                    {"name": shown(name, 40), "known": ", ".join(known)},
                )
        return tuple(name for name in known if name in names)


@frozen
class ListShape:
    """What the engine sees of a list of records."""

    record: type[Record]
    moments: tuple[str, ...]
    yes_no: tuple[str, ...]
    vocabulary: Mapping[str, tuple[str, ...]] = field(converter=freeze)

    @property
    def is_spans(self) -> bool:
        """Whether its records have a start and an end."""
        return issubclass(self.record, Span)

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Its moments, each after all that `order` puts before it."""
        ranks = dict.fromkeys(self.moments, 0)
        for first, then in self.record.order:
            ranks[then] = max(ranks[then], ranks[first] + 1)
        return tuple(sorted(self.moments, key=ranks.__getitem__))

    @cached_property
    def gate(self) -> str | None:
        """The yes/no fact without which some of its moments do not exist."""
        return next(iter(self.record.exists_if.values()), None)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Its yes/no facts and its closed vocabularies."""
        return (*self.yes_no, *self.vocabulary)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every field that can be known or unknown."""
        return (*self.values, *self.moments)


@frozen
class Shape:
    """What the engine sees of a history model: its lists, and its yes/no facts by dotted path."""

    lists: Mapping[str, ListShape] = field(converter=freeze)
    yes_no: tuple[str, ...]


@lru_cache(maxsize=128)
def shape(model: type[History]) -> Shape:
    """The shape of a history model, from its annotations."""
    lists: dict[str, ListShape] = {}
    yes_no: list[str] = []
    for name, info in model.model_fields.items():
        found = list(_members(info.annotation))
        record = next((t for t in found if _is_a(t, Record)), None)
        group = next((t for t in found if _is_a(t, Facts)), None)
        if record is not None:
            lists[name] = _list_shape(record)
            if type(None) in found:
                raise _bad_model(f"`{name}` may be None: give it an empty tuple as its default.")
        elif group is not None and type(None) in found:
            raise _bad_model(f"`{name}` may be None: give it an empty group as its default.")
        elif group is not None:
            yes_no += [f"{name}.{key}" for key in _yes_no_of(name, group)]
        elif bool in found:
            yes_no.append(name)
    return Shape(lists, tuple(yes_no))


def _is_a(annotation: Any, kind: type) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, kind)


def _yes_no_of(name: str, group: type[Facts]) -> Iterator[str]:
    for key, info in group.model_fields.items():
        found = list(_members(info.annotation))
        if any(_is_a(each, Facts) for each in found):
            raise _bad_model(f"`{name}.{key}` is a group within a group.")
        if bool in found:
            yield key


def _list_shape(record: type[Record]) -> ListShape:
    moments: list[str] = []
    yes_no: list[str] = []
    vocabulary: dict[str, tuple[str, ...]] = {}
    for name, info in record.model_fields.items():
        found = list(_members(info.annotation))
        if Moment in found:
            moments.append(name)
        elif bool in found:
            yes_no.append(name)
        elif values := tuple(v for v in found if isinstance(v, str)):
            vocabulary[name] = values
        elif any(isinstance(v, int) or _is_a(v, Enum) for v in found):
            raise _bad_model(f"Write the words of `{record.__name__}.{name}` as `Literal` texts.")
    _check_order(record, moments, yes_no)
    return ListShape(record, tuple(moments), tuple(yes_no), vocabulary)


def _check_order(record: type[Record], moments: list[str], yes_no: list[str]) -> None:
    """Refuse an `order` or `exists_if` that the facts could not be made ready by."""
    name = record.__name__
    left: set[str] = set()  # moments that have been followed from: nothing may come before them
    for first, then in record.order:
        if not {first, then} <= set(moments):
            raise _bad_model(f"`{name}.order` names `{first}` and `{then}`: both must be moments.")
        left.add(first)
        if then in left:
            raise _bad_model(f"`{name}.order` puts `{then}` after what follows it, or too late.")
    for moment, gate in record.exists_if.items():
        if moment not in moments or gate not in yes_no:
            raise _bad_model(f"`{name}.exists_if` takes a moment to a yes/no fact of the record.")
    if len(set(record.exists_if.values())) > 1:
        raise _bad_model(f"`{name}.exists_if` names more than one fact.")
    ordered = {"start", "end", *(moment for pair in record.order for moment in pair)}
    if issubclass(record, Span) and ordered & set(record.exists_if):
        raise _bad_model(f"`{name}` is a span: a moment of it that may not exist is in no order.")


def _bad_model(words: str) -> InvalidDefinition:
    return InvalidDefinition([Problem("definition-model", "", words, "See `eligibility.Record`.")])


def _members(annotation: Any) -> Iterator[Any]:
    """The types, and the words of closed vocabularies, that an annotation is made of."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType, tuple):
        for arg in get_args(annotation):
            yield from _members(arg)
    elif origin is Literal:
        yield from get_args(annotation)
    else:
        yield annotation


#: Put beside a list of records (`Annotated[tuple[Visit, ...], unique_ids]`): no id stands twice.
unique_ids = AfterValidator(_unique_ids)
