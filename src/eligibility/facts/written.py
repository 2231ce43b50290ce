"""A history as plain data, for JSON and for its digest.

A validated history comes in; what goes out is what pydantic's `model_dump(mode="json")` says, field
by field. It is taken from the fields themselves where the model's schema has no part that is not
known (`plain_schema`) and nothing writes in a way of its own; else pydantic is asked.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from eligibility.facts.completeness import CompletenessStatement, plain
from eligibility.facts.fields import as_it_is, text_of
from eligibility.facts.plain_schema import is_plain as is_plain_model
from eligibility.facts.records import HistoryFields
from eligibility.facts.shape import shape
from eligibility.values.moment import Moment

#: What is written as it stands.
_SCALARS: Final = frozenset({str, bool, type(None)})
_OURS: Final = (text_of, as_it_is, plain)


def plain_history(history: HistoryFields) -> dict[str, Any]:
    """A history as plain data."""
    return _as_it_is(history) or history.model_dump(mode="json")


def _as_it_is(history: HistoryFields) -> dict[str, Any] | None:
    """The data, texts, yes and no alone; None where it takes pydantic to write something."""
    if _is_written_as_it_is(type(history)):
        with suppress(TypeError, KeyError, AttributeError):  # it was never validated
            return _fields(history)
    return None


def _fields(part: BaseModel) -> dict[str, Any]:
    values, names = part.__dict__, _names(part.__class__)
    if len(values) != len(names):
        raise TypeError(part)
    return {
        name: value if (value := values[name]).__class__ in _SCALARS else _plain(value)
        for name in names
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, tuple):
        return [each if each.__class__ in _SCALARS else _plain(each) for each in value]
    return plain(value) if isinstance(value, CompletenessStatement) else _fields(value)


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

    own = _as_it_is(history)
    data = history.model_dump(mode="json") if own is None else own
    for name, list_shape in shape(type(history)).lists.items():
        for later in list_shape.record.later:
            for record in data[name]:
                if record[later] is None:
                    del record[later]
    return hashlib.sha256(_canonical(data, is_plain=own is not None)).hexdigest()


def canonical_json(data: Any) -> bytes:
    """Plain data as RFC 8785 canonical JSON."""
    return _canonical(data, is_plain=_is_written_alike(data))


def _canonical(data: Any, *, is_plain: bool) -> bytes:
    """The bytes of some data, by the standard library where they are the same.

    They are where there are no numbers, which the RFC writes as ECMAScript does, and all keys are
    ASCII: others it orders by UTF-16 code units. Of texts both escape quotes, backslashes and
    control characters alone, and alike.
    """
    if is_plain:
        with suppress(UnicodeEncodeError):  # then the error is rfc8785's
            return _ENCODER.encode(data).encode()
    import rfc8785  # noqa: PLC0415 - only a full verdict needs it

    return rfc8785.dumps(data)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _is_written_alike(data: Any) -> bool:
    if isinstance(data, dict):
        keys = all(type(key) is str and key.isascii() for key in data)
        return keys and all(
            each.__class__ in _SCALARS or _is_written_alike(each) for each in data.values()
        )
    if isinstance(data, list):
        return all(each.__class__ in _SCALARS or _is_written_alike(each) for each in data)
    return data.__class__ in _SCALARS
