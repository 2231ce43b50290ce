"""A line of JSON decoded at once, where it is sure that `read_history` takes it.

Pydantic's schema of a model, with texts for moments (`plain_schema`), becomes types of msgspec.
They take no key and no word that the model does not know. What they let pass is looked at
afterwards, by the column: texts that are no moment or no zone, contradictions, ids that stand
twice.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from attrs import frozen
from pydantic import BaseModel

from eligibility.errors import InvalidDefinition
from eligibility.facts.model import History
from eligibility.facts.plain_schema import Part, UnknownPartError, plain_schema
from eligibility.facts.read import MOST_RECORDS
from eligibility.facts.shape import shape

try:
    import msgspec
except ImportError:  # no wheel for this machine: then `read_history` reads every line
    msgspec = None  # type: ignore[assignment]  # asked for before it is used

#: What a field is that is not said.
UNSET: Final[Any] = getattr(msgspec, "UNSET", None)
#: For types that are only known when a model is.
_TUPLE: Final[Any] = tuple
#: Longer lines are read by themselves, not kept until their chunk is done.
MOST_AT_ONCE: Final = 1 << 20
#: What a history says where it states nothing.
_SAID: Final = ("schema_version", "time_zone")


@frozen
class Decoder:
    """How lines are decoded; `zone` is that of a history that states none."""

    decode: Callable[[bytes], Any]
    encode: Callable[[Any], bytes]
    zone: str

    def __call__(self, line: bytes) -> Any | None:
        """The history of a line, its moments texts, what is not said `UNSET`; None if unsure.

        Of keys that stand twice one is lost. So the history is written again, as short as JSON can
        be: if that is as long as the line, nothing is lost. If it is shorter, there was white space
        perhaps, and what ends keys is counted.
        """
        if len(line) > MOST_RECORDS and not _is_within_limits(line):
            return None
        try:
            history = self.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):  # the second of some versions
            return None
        written = self.encode(history)
        return history if len(written) == len(line) or _has_no_more_keys(line, written) else None


def _has_no_more_keys(line: bytes, written: bytes) -> bool:
    """Whether a line has only the keys that are written again.

    Each key makes one `":`, and so does a quote, or the beginning of a text, that a colon follows.
    In the line each does so as well, where no colon has white space before it, and neither a quote
    nor a colon is escaped by its number.
    """
    if b" :" in line or b"\t" in line or b"\r" in line:
        return False
    if b"\\" in line and (b"\\u002" in line or b"\\u003" in line):
        return False
    return written.count(b'":') == line.count(b'":')


def _is_within_limits(line: bytes) -> bool:
    return len(line) <= MOST_AT_ONCE and line.count(b"{") <= MOST_RECORDS


@lru_cache(maxsize=128)
def decoder_of(model: type[History]) -> Decoder | None:
    """What decodes lines of a model; None if it asks for more than is known here."""
    if msgspec is None:
        return None
    try:
        fields = plain_schema(model).schema["schema"]["fields"]
        types = _struct(model.__name__, fields, tuple(shape(model).lists), _SAID)
    except (InvalidDefinition, UnknownPartError):
        return None
    zone = model.model_fields["time_zone"].default
    return Decoder(msgspec.json.Decoder(types).decode, msgspec.json.Encoder().encode, zone)


def _type(part: Part, lists: tuple[str, ...]) -> Any:
    """What msgspec takes for a part of the schema."""
    kind = part["type"]
    if kind == "model":
        return _struct(part["cls"].__name__, part["schema"]["fields"], lists)
    if kind == "tuple":
        (item,) = part["items_schema"]
        return _TUPLE[_type(item, lists), ...]
    if kind == "nullable":
        return _type(part["schema"], lists) | None
    if kind == "function-after":  # a zone; its name is looked up afterwards
        return _type(part["schema"], lists)
    if kind == "union":  # a word, or several; in `complete` a list, or a statement with conditions
        first, then = part["choices"]
        if then["type"] == "dict":
            return Literal[lists] if lists else str
        word = _type(first, lists)
        return word | Annotated[_TUPLE[word, ...], msgspec.Meta(min_length=1)]
    if kind == "literal":
        return Literal[tuple(part["expected"])]
    if kind == "bool":
        return bool
    if kind != "str":
        raise UnknownPartError(kind)
    limits = {key: part[key] for key in ("min_length", "max_length") if key in part}
    return Annotated[str, msgspec.Meta(**limits)] if limits else str


def _struct(
    name: str, fields: Mapping[str, Part], lists: tuple[str, ...], said: tuple[str, ...] = ()
) -> Any:
    """A type for a model; `said`: what may have a default that says something."""
    made: list[Any] = []
    for field, each in fields.items():
        part = each["schema"]
        if part["type"] != "default":
            made.append((field, _type(part, lists)))
            continue
        if field not in said and not _is_nothing(part.get("default", 0)):
            raise UnknownPartError(field)
        made.append((field, _type(part["schema"], lists) | msgspec.UnsetType, UNSET))
    return msgspec.defstruct(name, made, forbid_unknown_fields=True, kw_only=True, gc=False)


def _is_nothing(default: object) -> bool:
    """Whether a default says nothing: no value, no records, no fact of a group."""
    if isinstance(default, BaseModel):
        return all(value is None for value in vars(default).values())
    return default is None or default == ()
