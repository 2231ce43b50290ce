"""How a history model is declared: the base classes, and what they let the engine see.

A history model is a `History` with lists of `Record`s. A `Span` is a record with a start and an
end. From the annotations alone the engine knows which fields are moments, which are yes/no facts
and which take a closed vocabulary; `order` and `exists_if` on a record say what else must hold.
"""

import types
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    TypeAlias,
    Union,
    get_args,
    get_origin,
)

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    Strict,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from eligibility.errors import EligibilityError, shown
from eligibility.facts.fields import (
    EndField,
    MomentField,
    ShortText,
    YesNo,
    custom,
    duplicate_ids,
    unique_ids,
    zoned,
)
from eligibility.facts.phrases import Knower, ListPhrases, Phrases
from eligibility.immutable import FrozenDict, freeze
from eligibility.values.timeline import COURT_ZONE, load_zone

__all__ = [
    "EndField",
    "Facts",
    "History",
    "MomentField",
    "Record",
    "Span",
    "YesNo",
    "duplicate_ids",
    "unique_ids",
]

_CONFIG = ConfigDict(
    frozen=True, extra="forbid", revalidate_instances="always", arbitrary_types_allowed=True
)


class Facts(BaseModel):
    """A named group of yes/no facts about the account, such as `exclusions`.

    `phrases` holds how people speak of them; those it leaves out are made of the titles.
    """

    model_config = _CONFIG
    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict()


class Record(BaseModel):
    """One entry of a list in a history. Whatever is absent or null is unknown.

    `order` lists pairs of moments of which the first is never later than the second, those that
    come first before those that follow; `exists_if` names, for a moment, the yes/no fact without
    which there is no such moment, the same fact for all moments of a record that have one. `later`
    names fields that came when histories were already in use: the digest of a history leaves them
    out where they are not known, and so it stays what it was. `spoken` and `phrases` hold how
    people speak of a record and of its fields; what they leave out is made of names and titles.
    """

    model_config = _CONFIG
    order: ClassVar[tuple[tuple[str, str], ...]] = ()
    exists_if: ClassVar[Mapping[str, str]] = FrozenDict()
    later: ClassVar[frozenset[str]] = frozenset()
    spoken: ClassVar[ListPhrases] = ListPhrases()
    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict()

    id: ShortText | None = Field(default=None, title="Id", description="Unique in its list.")
    source: ShortText | None = Field(
        default=None,
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
    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict(
        {
            "start": Phrases(
                "began {when}",
                "when {it} began",
                "Did {it} begin {when}?",
                "When did {it} begin?",
            ),
            "end": Phrases(
                "ended {when}", "when {it} ended", "Did {it} end {when}?", "When did {it} end?"
            ),
        }
    )

    start: MomentField = Field(default=None, title="Start", description="When it began.")
    end: EndField = Field(
        default=None, title="End", description="When it ended; `..` says that it has not."
    )


def _schema_extra(schema: dict[str, Any], model: "type[History]") -> None:
    items = {"type": "string", "enum": list(_list_names(model))}
    schema["properties"]["complete"].update({"items": items, "uniqueItems": True})
    schema["description"] = (model.__doc__ or "").partition("\n\n    >>>")[0]


class History(BaseModel):
    """What is known of one account. Subclass it and add lists of records and groups of facts.

    `holder` is how sentences name whoever has the account, `knowers` whoever can know a fact.
    """

    holder: ClassVar[str] = "the account holder"
    knowers: ClassVar[Mapping[Knower, str]] = FrozenDict(
        {
            "claimant": "the account holder",
            "documents": "documents",
            "defendant": "the defendant",
        }
    )
    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict()

    # What `normalise` has found. As a slot it is no field: not compared, copied, pickled or shown.
    __slots__ = ("_normalised",)

    model_config = ConfigDict(**_CONFIG, json_schema_extra=_schema_extra)

    schema_version: Literal["1"] = Field(default="1", title="Schema version")
    account_id: ShortText = Field(
        title="Account", description="Any id of the account. No name.", examples=["A-1001"]
    )
    time_zone: Annotated[str, Strict()] = Field(
        default=COURT_ZONE,
        title="Time zone",
        description="The IANA zone in which dates and local times are read.",
    )
    complete: tuple[Annotated[str, Strict()], ...] = Field(
        default=(),
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
        with zoned(zone):
            return handler(data)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            load_zone(name)
        except EligibilityError as error:
            raise custom(error) from None
        return name

    @field_validator("complete")
    @classmethod
    def _known_lists(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = _list_names(cls)
        for name in names:
            if name not in known:
                raise PydanticCustomError(
                    "unknown-list",
                    "`{name}` is no list of this history; its lists are {known}.",
                    {"name": shown(name, 40), "known": ", ".join(known)},
                )
        return tuple(name for name in known if name in names)


@lru_cache(maxsize=128)
def _list_names(model: type[History]) -> tuple[str, ...]:
    """The names alone: a history is validated while it is asked what the model would make up."""
    fields = model.model_fields.items()
    return tuple(
        name
        for name, info in fields
        if any(is_a(each, Record) for each in members(info.annotation))
    )


def is_a(annotation: Any, kind: type) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, kind)


def members(annotation: Any) -> Iterator[Any]:
    """The types, and the words of closed vocabularies, that an annotation is made of."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType, tuple):
        for arg in get_args(annotation):
            yield from members(arg)
    elif origin is Literal:
        yield from get_args(annotation)
    else:
        yield annotation


#: A known value of a yes/no fact or of a closed vocabulary.
Value: TypeAlias = bool | str
