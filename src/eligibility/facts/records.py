"""The parts that a history is declared with: records, spans, groups of facts, and what all have.

They never change. What is wrong with one that is built in Python is said as it is of JSON: an
`InvalidHistory`, never an error of pydantic's own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    Strict,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from eligibility.errors import EligibilityError, InvalidHistory, first_of
from eligibility.facts.completeness import CompletenessStatement, plain
from eligibility.facts.fields import (
    EndField,
    MomentField,
    ShortText,
    custom,
    members,
    one_of,
    words_of,
    zoned,
)
from eligibility.facts.phrases import ListPhrases, Phrases
from eligibility.facts.problems import problems_of
from eligibility.immutable import FrozenDict, freeze
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, load_zone

_CONFIG: Final = ConfigDict(
    frozen=True, extra="forbid", revalidate_instances="always", arbitrary_types_allowed=True
)

_asked: ContextVar[bool] = ContextVar("asked", default=False)


@contextmanager
def asked() -> Iterator[None]:
    """Within, it is our own doors that a history is validated by, and not somebody's own model."""
    token = _asked.set(True)
    try:
        yield
    finally:
        _asked.reset(token)


def is_asked() -> bool:
    """Whether a history is being validated by our own doors."""
    return _asked.get()


#: Marks a field that takes several words.
ONE_OF: Final = "one of these words"

#: Of a longer list, `repr` shows so many records.
_MOST_SHOWN: Final = 20


class _First(tuple[Any, ...]):
    """A long list, which shows its first records, and how many more there are."""

    __slots__ = ()

    def __repr__(self) -> str:
        first = ", ".join(map(repr, self[:_MOST_SHOWN]))
        return f"({first}, ... and {len(self) - _MOST_SHOWN:,} more)"


P = TypeVar("P", bound=BaseModel)

if TYPE_CHECKING:
    _Declared = BaseModel
else:

    class _Calling(type(BaseModel)):
        """Has the call of a class refuse in our words; pydantic itself does not call classes."""

        def __call__(cls, *args: Any, **data: Any) -> Any:
            with cls._telling(data):
                return super().__call__(*args, **data)

    class _Declared(BaseModel, metaclass=_Calling):
        pass


class Validated(_Declared):
    """Pydantic's model, with one family of errors.

    Where pydantic validates one as a part of something else (a field of somebody's own model, a
    route of FastAPI), the error is pydantic's, with each problem in its place.
    """

    model_config = _CONFIG

    @classmethod
    @contextmanager
    def _telling(cls, data: object) -> Iterator[None]:
        try:
            with asked():
                yield
        except ValidationError as error:
            raise cls._refusal(error, data) from None

    @classmethod
    def _refusal(cls, error: ValidationError, _data: object) -> EligibilityError:
        return InvalidHistory(first_of(problems_of(error)))

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        """One of Python data.

        Raises:
            InvalidHistory: everything that is wrong with it.
        """
        with cls._telling(obj):
            return super().model_validate(obj, **how)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **how: Any) -> Self:
        """One of JSON text; raises as `model_validate`."""
        with cls._telling(None):
            return super().model_validate_json(json_data, **how)

    @classmethod
    def model_validate_strings(cls, obj: Any, **how: Any) -> Self:
        """One of data in which all is text; raises as `model_validate`."""
        with cls._telling(obj):
            return super().model_validate_strings(obj, **how)

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """What is known, as the call that makes it says it; of a long list the first records."""
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, Moment):
                yield name, value.text
            elif isinstance(value, tuple) and len(value) > _MOST_SHOWN:
                yield name, _First(value)
            elif value is not None and value != info.default:
                yield name, value

    def __setattr__(self, name: str, value: Any) -> None:
        with self._telling(None):
            super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        with self._telling(None):
            super().__delattr__(name)


class Facts(Validated):
    """A named group of yes/no facts about the account, such as `exclusions`.

    `phrases` holds how people speak of them; those it leaves out are made of the titles. `topic` is
    the heading over questions about them; without it, that is the title of the group, or its name.
    """

    phrases: ClassVar[Mapping[str, Phrases]] = FrozenDict()
    topic: ClassVar[str] = ""


class Record(Validated):
    """One entry of a list in a history. Whatever is absent or null is unknown.

    `order` lists pairs of moments of which the first is never later than the second, those that
    come first before those that follow; `exists_if` names, for a moment, the yes/no fact without
    which there is no such moment, the same fact for all moments of a record that have one. `later`
    names fields that came when histories were already in use: the digest of a history leaves them
    out where they are not known, and so it stays what it was. `spoken` and `phrases` hold how
    people speak of a record and of its fields; what they leave out is made of names and titles.
    """

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
        cls._take_several_words()

    @classmethod
    def model_rebuild(cls, *, _parent_namespace_depth: int = 2, **how: Any) -> bool | None:
        """As pydantic's: of a model whose annotations could not be read before."""
        made = super().model_rebuild(_parent_namespace_depth=_parent_namespace_depth + 1, **how)
        cls._take_several_words()
        return made

    @classmethod
    def _take_several_words(cls) -> None:
        """Have every field that takes a word of a vocabulary take several: one of these."""
        changed = False
        for info in cls.model_fields.values():
            found = [each for each in members(info.annotation) if each is not ...]
            words = words_of(found)
            others = {each for each in found if not isinstance(each, str)} - {None, type(None)}
            if words and not others and ONE_OF not in info.metadata:
                info.annotation = one_of(words) | None if type(None) in found else one_of(words)
                info.metadata.append(ONE_OF)
                changed = True
        if changed:
            super().model_rebuild(force=True)


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
                "ended {when}",
                "when {it} ended",
                "Did {it} end {when}?",
                "When did {it} end?",
                asks_lasting="Did {it} last until {when}, or longer?",
            ),
        }
    )

    start: MomentField = Field(default=None, title="Start", description="When it began.")
    end: EndField = Field(
        default=None, title="End", description="When it ended; `..` says that it has not."
    )


#: What is stated of the lists of a history: the name of one, or a statement with conditions.
Stated = Annotated[
    str | CompletenessStatement, PlainSerializer(plain, return_type=Any), WithJsonSchema({})
]

#: What an account is called that nobody named: that of whoever is asked, and that of an export.
MY_ACCOUNT: Final = "my-account"
EXPORTED_ACCOUNT: Final = "linkedin-export"


class HistoryFields(Validated):
    """What every history says: its account, its zone, and which of its lists are complete."""

    # What `normalise` and `rows` have found, and the parts that it was found of. As slots they are
    # no fields: not compared, copied, pickled or shown.
    __slots__ = ("_normalised", "_rows")

    schema_version: Literal["1"] = Field(default="1", title="Schema version")
    account_id: ShortText = Field(
        title="Account", description="Any id of the account. No name.", examples=["A-1001"]
    )
    time_zone: Annotated[str, Strict()] = Field(
        default=COURT_ZONE,
        title="Time zone",
        description="The IANA zone in which dates and local times are read.",
    )
    complete: tuple[Stated, ...] = Field(
        default=(),
        title="Complete lists",
        description=(
            "Lists that hold every record there is, by name; or, with `where`, every record that "
            "meets its conditions. Any other list may lack some."
        ),
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


def _kept_in(slot: str) -> Callable[[HistoryFields], Any]:
    """What is kept with a history; None if nothing is, which pydantic would take long to say."""
    get = vars(HistoryFields)[slot].__get__

    def kept(history: HistoryFields) -> Any:
        try:
            return get(history)
        except AttributeError:
            return None

    return kept


#: The facts of a history, and its rows, each behind what it was found of.
facts_kept: Final = _kept_in("_normalised")
rows_kept: Final = _kept_in("_rows")


def validated(model: type[P], data: object) -> P:
    """One of data.

    Raises:
        ValidationError: pydantic's own.
    """
    with asked():
        made: P = model.__pydantic_validator__.validate_python(data)
    return made


#: A known value of a yes/no fact or of a closed vocabulary.
Value: TypeAlias = bool | str
