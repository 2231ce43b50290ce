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

from pydantic_core import to_json

from eligibility.facts.completeness import CompletenessStatement, plain
from eligibility.facts.fields import as_it_is, text_of
from eligibility.facts.generated import Lines
from eligibility.facts.plain_schema import is_plain as is_plain_model
from eligibility.facts.records import HistoryFields, Record
from eligibility.facts.shape import shape
from eligibility.values.moment import Moment

#: What is written as it stands.
_SCALARS: Final = frozenset({str, bool, type(None)})
_OURS: Final = (text_of, as_it_is, plain)
#: What making a part plain raises where it was never validated.
_NOT_PLAIN: Final = (TypeError, KeyError, AttributeError)
#: Of how many records a piece of text is at most.
_PIECE: Final = 1_000


def history_json(history: HistoryFields) -> Iterator[str]:
    """A history as JSON text, in pieces: that of a long list takes much room."""
    directly = _is_written_as_it_is(type(history))
    of = vars(history) if directly else {}
    long = {name for name, each in of.items() if isinstance(each, tuple) and len(each) > _PIECE}
    short = history.model_copy(update=dict.fromkeys(long, ())) if long else history
    data = _plain(short) if directly else short.model_dump(mode="json")
    if not long:
        yield _encode(data)
        return
    before = "{"
    for key, value in data.items():
        yield f"{before}{_encode(key)}: "
        yield from in_pieces(of[key], _encode_parts) if key in long else [_encode(value)]
        before = ", "
    yield "}"


def in_pieces(values: tuple[Any, ...], encode: Callable[[Any], str]) -> Iterator[str]:
    """A list as JSON text, in pieces none of which is long."""
    for at in range(0, max(len(values), 1), _PIECE):
        yield f"{', ' if at else '['}{encode(values[at : at + _PIECE])[1:-1]}"
    yield "]"


_encode: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def _encode_parts(parts: tuple[Any, ...]) -> str:
    return _encode(list(map(_plain, parts)))


def _plain(part: Any) -> Any:
    """What JSON has for a part of a history; pydantic says it of one that was never validated."""
    try:
        return _maker(part.__class__)(part)
    except _NOT_PLAIN:
        return part.model_dump(mode="json")


def _digested(part: Any) -> Any:
    """What the digest takes in of a part of a history, the keys in the order of RFC 8785."""
    return _maker(part.__class__, is_digested=True)(part)


@lru_cache(maxsize=1024)
def _maker(kind: type, *, is_digested: bool = False) -> Callable[[Any], Any]:
    """What makes a part plain: one function for each model, for records are many.

    What came later is left out of the digest where it is not known (`Record.later`).
    """
    if issubclass(kind, CompletenessStatement):
        return _in_order if is_digested else plain
    names = list(getattr(kind, "model_fields", ()))
    if not names or not "".join(names).isascii():
        raise TypeError(kind)  # no part; or its keys are not in the same order for all who write
    of_part = _digested if is_digested else _plain

    def of_field(value: Any) -> Any:
        if value.__class__ is not tuple:
            return of_part(value)
        return [each if each.__class__ in _SCALARS else of_part(each) for each in value]

    line, made = Lines("def made(part):"), []
    line("of = part.__dict__")
    line(f"if len(of) != {len(names)}: raise TypeError(part)")
    for at, name in enumerate(sorted(names) if is_digested else names):
        line(f"v{at} = of[{name!r}]")
        line(f"if v{at}.__class__ not in scalars:")
        line(f"    v{at} = v{at}.text if v{at}.__class__ is Moment else of_field(v{at})")
        made.append(f"{name!r}: v{at}")
    line(f"data = {{{', '.join(made)}}}")
    for name in getattr(kind, "later", ()) if is_digested else ():
        line(f"if data[{name!r}] is None: del data[{name!r}]")
    line("return data")
    function: Callable[[Any], Any]
    function = line.made({"scalars": _SCALARS, "Moment": Moment, "of_field": of_field})
    return function


def _in_order(statement: CompletenessStatement) -> Any:
    said = plain(statement)
    if not "".join(statement.where).isascii():
        raise TypeError(statement)  # as above
    return {**said, "where": dict(sorted(said["where"].items()))} if statement.where else said


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

    return hashlib.sha256(_canonical(history)).hexdigest()


def _canonical(history: HistoryFields) -> bytes:
    if _is_written_as_it_is(type(history)):
        try:
            return to_json(_digested(history))
        except (ValueError, *_NOT_PLAIN):  # ValueError: half a character, which rfc8785 refuses
            return _canonical_of_data(history)
    return _canonical_of_data(history)


def _canonical_of_data(history: HistoryFields) -> bytes:
    data = history.model_dump(mode="json")
    for name, list_shape in shape(type(history)).lists.items():
        data[name] = [_without_later(list_shape.record, record) for record in data[name]]
    return canonical_json(data)


def _without_later(record: type[Record], fields: dict[str, Any]) -> dict[str, Any]:
    for name in record.later:
        if fields[name] is None:
            del fields[name]
    return fields


#: As the RFC has it where there are no numbers, which it writes as ECMAScript does, and all keys
#: are ASCII: others it orders by UTF-16 code units. Of texts both escape quotes, backslashes and
#: control characters alone, and alike; so does pydantic's `to_json`.
_CANONICAL: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
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
