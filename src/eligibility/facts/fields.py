"""The types of fields that a history model is declared with: moments, yes/no facts, texts, ids.

A moment in a history is read in the history's zone, whichever record or group it stands in: `zoned`
says which that is while a history is validated.
"""

import types
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from attrs import frozen
from pydantic import (
    AfterValidator,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from eligibility.errors import EligibilityError, InvalidMoment, shown
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, LATEST, zone_names

_zone: ContextVar[str | None] = ContextVar("zone", default=None)


@contextmanager
def zoned(zone: object) -> Iterator[None]:
    """Read moments in a zone; in the court's if there is no such zone, which is said elsewhere."""
    token = _zone.set(zone if isinstance(zone, str) and zone in zone_names() else COURT_ZONE)
    try:
        yield
    finally:
        _zone.reset(token)


#: The notation's own words, for forms made from the JSON Schema.
_NOTATION: Final = (
    "A date or time, as exactly as it is known: `2024-09-17T23:59:00-07:00`, `2024-09-17`, "
    "`2024-09`, `2024`, `2024-09-1X`, or bounds: `2024-05/2024-08` (some instant from the first of "
    "May to the end of August), `../2024-09-17` (not later), `2024-05-01/..` (not earlier)."
)


def custom(error: EligibilityError) -> PydanticCustomError:
    """An error of ours as pydantic takes it, with its code."""
    problem = error.problems[0]
    words = f"{problem.message} {problem.hint}".strip()
    return PydanticCustomError(problem.code, "{words}", {"words": words})


def read_instant(value: object) -> Moment:
    """What a field for a moment takes, read in the zone of its history."""
    zone = _zone.get()
    try:
        if isinstance(value, Moment):
            return value.in_zone(zone) if zone else value
        if isinstance(value, str | date):
            return Moment.parse(value, zone) if zone else Moment.parse(value).afloat()
    except InvalidMoment as error:
        raise custom(error) from None
    raise PydanticCustomError("wrong-type", "A moment is a text, such as `2024-09-17`.")


#: The end of a span that has not ended.
NOT_ENDED: Final = Moment(LATEST, LATEST, "..")


def read_end(value: object) -> Moment:
    """What a field for the end of a span takes."""
    return NOT_ENDED if value == ".." else read_instant(value)


def text_of(moment: Moment) -> str:
    """How a moment is written."""
    return moment.text


_write_moment = PlainSerializer(text_of, return_type=str)
_EXAMPLES: Final = ["2024-09-17T23:59:00-07:00", "2024-09-17", "2024-09", "../2024-09-17"]

Instant = Annotated[
    Moment,
    PlainValidator(read_instant),
    _write_moment,
    WithJsonSchema({"type": "string", "description": _NOTATION, "examples": _EXAMPLES}),
]
End = Annotated[
    Moment,
    PlainValidator(read_end),
    _write_moment,
    WithJsonSchema(
        {
            "type": "string",
            "description": _NOTATION + " `..` alone says that it has not ended.",
            "examples": ["..", *_EXAMPLES],
        }
    ),
]
#: A moment; None is unknown.
MomentField = Instant | None
#: The end of a span: a moment, `..` for 'has not ended'; None is unknown.
EndField = End | None
#: A yes/no fact; None is unknown.
YesNo = Annotated[bool, Strict()] | None


@frozen
class OneOf:
    """Reads a word of a vocabulary, or several."""

    words: tuple[str, ...]

    @property
    def _expected(self) -> str:
        quoted = [f"'{word}'" for word in self.words]
        return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))

    def __call__(self, value: object) -> object:
        """The word; a tuple of several; None where all of them are possible."""
        words = self.words
        if type(value) is str and value in words:
            return value
        several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        wrong: list[InitErrorDetails] = [
            {
                "type": "literal_error",
                "loc": (at,) if several is value else (),
                "input": each,
                "ctx": {"expected": self._expected},
            }
            for at, each in enumerate(several)
            if each not in words
        ]
        if not several:
            wrong = [{"type": _NO_WORD, "loc": (), "input": value}]
        if wrong:
            raise ValidationError.from_exception_data("word", wrong)
        kept = tuple(word for word in words if word in several)
        return None if kept == words and len(words) > 1 else kept if len(kept) > 1 else kept[0]


def one_of(options: tuple[bool | str, ...]) -> Any:
    """The type of what is known of a fact: yes or no; or a word of a vocabulary, or several.

    Several words say 'one of these'. They are kept in the order of the vocabulary, each once: one
    alone is the word itself, and all of them say nothing.
    """
    words = words_of(options)
    if not words:
        return Annotated[bool, Strict()]
    either = {"enum": [*words], "type": "string"}
    schema = {"anyOf": [either, {"type": "array", "items": either, "minItems": 1}]}
    word = Literal[words]  # type: ignore[valid-type]  # the words of a model, known when it is made
    plain = PlainSerializer(as_it_is, return_type=Any)
    return Annotated[
        word | tuple[word, ...], PlainValidator(OneOf(words)), plain, WithJsonSchema(schema)
    ]


def as_it_is(value: Any) -> Any:
    """How what is known of a word is written."""
    return value


_NO_WORD: Final = PydanticCustomError("no-word", "A list of words says which ones are possible.")

#: A short text that reasons may quote. No names, no message text.
ShortText = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=200)]


def words_of(found: Iterable[Any]) -> tuple[str, ...]:
    """The words of a closed vocabulary, of all that an annotation is made of (`members`)."""
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str)))


def with_unique_ids(records: tuple[Any, ...]) -> tuple[Any, ...]:
    """The records, of which no two have the same id."""
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


#: Put beside a list of records (`Annotated[tuple[Visit, ...], unique_ids]`): no id stands twice.
unique_ids = AfterValidator(with_unique_ids)


def is_a(annotation: Any, kind: type) -> bool:
    """Whether what an annotation is made of is a class of a kind."""
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
