"""A history as JSON text, and its digest.

A validated history comes in; what goes out is what pydantic's `model_dump(mode="json")` says, field
by field. It is taken from the fields themselves where the model's schema has no part that is not
known (`plain_schema`) and nothing writes in a way of its own; else pydantic is asked. A record is
made plain only while it is written, for there may be many.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from eligibility.facts.completeness import CompletenessStatement, plain
from eligibility.facts.fields import as_it_is, text_of
from eligibility.facts.plain_schema import is_plain as is_plain_model
from eligibility.facts.records import HistoryFields, Record
from eligibility.facts.shape import shape
from eligibility.values.moment import Moment

#: What is written as it stands.
_SCALARS: Final = frozenset({str, bool, type(None)})
_OURS: Final = (text_of, as_it_is, plain)


def history_json(history: HistoryFields) -> Iterator[str]:
    """A history as JSON text, in pieces: that of a long list takes much room."""
    directly = _is_written_as_it_is(type(history))
    data = _written(history) if directly else history.model_dump(mode="json")
    if not any(isinstance(each, tuple) and len(each) > _PIECE for each in data.values()):
        yield _encode(data)
        return
    before = "{"
    for key, value in data.items():
        yield f"{before}{_encode(key)}: "
        yield from in_pieces(value, _encode) if isinstance(value, tuple) else [_encode(value)]
        before = ", "
    yield "}"


def in_pieces(values: tuple[Any, ...], encode: Callable[[Any], str]) -> Iterator[str]:
    """A list as JSON text, in pieces none of which is long."""
    for at in range(0, max(len(values), 1), _PIECE):
        yield f"{', ' if at else '['}{encode(values[at : at + _PIECE])[1:-1]}"
    yield "]"


def _written(part: Any) -> Any:
    """What JSON has for a part; pydantic says it of one that was never validated."""
    try:
        return _plain(part)
    except _NOT_PLAIN:
        return part.model_dump(mode="json")


def _plain(part: Any) -> Any:
    """What JSON has for a part of a history, the parts of which are made plain in their turn."""
    if isinstance(part, CompletenessStatement):
        return plain(part)
    values, names = part.__dict__, _names(part.__class__)
    if len(values) != len(names):
        raise TypeError(part)
    return {
        name: value if (value := values[name]).__class__ in _SCALARS else _field(value)
        for name in names
    }


def _field(value: Any) -> Any:
    if value.__class__ is Moment:
        return value.text
    parts = value if isinstance(value, tuple) else (value,)
    if all(each.__class__ in _SCALARS or isinstance(each, _PARTS) for each in parts):
        return value
    raise TypeError(value)


_PARTS: Final = (BaseModel, CompletenessStatement)
#: What making a part plain raises where it was never validated.
_NOT_PLAIN: Final = (TypeError, KeyError, AttributeError)
#: Of how many records a piece of text is at most.
_PIECE: Final = 1_000
_encode: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_written).encode


@lru_cache(maxsize=1024)
def _names(model: type[BaseModel]) -> tuple[str, ...]:
    if "".join(model.model_fields).isascii():
        return tuple(model.model_fields)
    raise TypeError(model)  # others are not in the same order for all who write JSON


@lru_cache(maxsize=128)
def _is_written_as_it_is(model: type[HistoryFields]) -> bool:
    return is_plain_model(model) and all(map(_is_known, _parts(model.__pydantic_core_schema__)))


def _parts(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every part of a schema, and of its parts."""
    waiting = [schema]
    for each in waiting:
        if isinstance(each, dict):
            yield each
            waiting += (inner for key, inner in each.items() if key != "metadata")
        elif isinstance(each, list | tuple):
            waiting += each


def _is_known(part: Mapping[str, Any]) -> bool:
    """Whether a part of a schema is written as it is, or in a way of ours."""
    own = part.get("serialization")
    return not part.get("computed_fields") and (own is None or own.get("function") in _OURS)


# ---- the digest ----------------------------------------------------------------------------------


def digest(history: HistoryFields) -> str:
    """SHA-256, in hex, over the history's RFC 8785 canonical JSON.

    What is not known stands there as null, but for fields that came later (`Record.later`).
    """
    import hashlib  # noqa: PLC0415 - only a full verdict needs it, and it loads OpenSSL

    if _is_written_as_it_is(type(history)):
        with suppress(UnicodeEncodeError, *_NOT_PLAIN):
            return hashlib.sha256(_CANONICAL.encode(history).encode()).hexdigest()
    data = history.model_dump(mode="json")
    for name, list_shape in shape(type(history)).lists.items():
        data[name] = [_without_later(list_shape.record, record) for record in data[name]]
    return hashlib.sha256(canonical_json(data)).hexdigest()


def _without_later(record: type[Record], fields: dict[str, Any]) -> dict[str, Any]:
    for name in record.later:
        if fields[name] is None:
            del fields[name]
    return fields


def _digested(part: Any) -> Any:
    """What the digest takes in of a part of a history."""
    data = _plain(part)
    return _without_later(part.__class__, data) if isinstance(part, Record) else data


#: As the RFC has it where there are no numbers, which it writes as ECMAScript does, and all keys
#: are ASCII: others it orders by UTF-16 code units. Of texts both escape quotes, backslashes and
#: control characters alone, and alike.
_CANONICAL: Final = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_digested,
)


def canonical_json(data: Any) -> bytes:
    """Plain data as RFC 8785 canonical JSON."""
    if _is_written_alike(data):
        with suppress(UnicodeEncodeError):  # then the error is rfc8785's
            return _CANONICAL.encode(data).encode()
    import rfc8785  # noqa: PLC0415 - only a full verdict needs it

    return rfc8785.dumps(data)


def _is_written_alike(data: Any) -> bool:
    if isinstance(data, dict):
        keys = all(type(key) is str and key.isascii() for key in data)
        return keys and all(
            each.__class__ in _SCALARS or _is_written_alike(each) for each in data.values()
        )
    if isinstance(data, list):
        return all(each.__class__ in _SCALARS or _is_written_alike(each) for each in data)
    return data.__class__ in _SCALARS
