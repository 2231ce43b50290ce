"""A history as JSON text, and its digest.

A validated history comes in; what goes out is what pydantic's `model_dump(mode="json")` says, field
by field, or the same in the order and the spacing of RFC 8785. It is written from the fields
themselves where the model's schema has no part that is not known (`plain_schema`) and nothing
writes in a way of its own; else pydantic is asked.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

from attrs import frozen
from pydantic import BaseModel

from eligibility.facts.completeness import CompletenessStatement, plain
from eligibility.facts.fields import as_it_is, members, text_of
from eligibility.facts.generated import Lines
from eligibility.facts.plain_schema import is_plain as is_plain_model
from eligibility.facts.records import HistoryFields, Record
from eligibility.facts.shape import shape
from eligibility.values.moment import Moment

#: What is written as it stands.
_SCALARS: Final = frozenset({str, bool, type(None)})
_WORDS: Final[dict[object, str]] = {None: "null", True: "true", False: "false"}
_OURS: Final = (text_of, as_it_is, plain)
#: Of how many records a piece of text is at most.
_PIECE: Final = 1_000
#: What writing a part directly raises where it was never validated.
_NOT_PLAIN: Final = (TypeError, KeyError, AttributeError)


def history_json(history: HistoryFields) -> Iterator[str]:
    """A history as JSON text, in pieces: that of a long list takes much room."""
    values = vars(history)
    long = {n for n, each in values.items() if isinstance(each, tuple) and len(each) > _PIECE}
    short = _short_fields(history, long) if long else None
    if short is None:
        directly = _is_written_as_it_is(type(history))
        yield _AS_IT_IS.one(history) if directly else _encode(history.model_dump(mode="json"))
        return
    before = "{"
    for name in type(history).model_fields:
        yield f"{before}{encode_basestring(name)}: "
        yield from in_pieces(values[name], _AS_IT_IS.value) if name in long else [short[name]]
        before = ", "
    yield "}"


def _short_fields(history: HistoryFields, long: set[str]) -> dict[str, str] | None:
    """The fields beside long lists, as text; None if some field, or record, was never validated."""
    values, fields = vars(history), type(history).model_fields
    if len(values) != len(fields) or not _is_written_as_it_is(type(history)):
        return None
    try:
        for name in long:
            for each in values[name]:
                _way_to_write(each.__class__, _AS_IT_IS)
        return {name: _AS_IT_IS.value(values[name]) for name in fields if name not in long}
    except _NOT_PLAIN:
        return None


def in_pieces(values: tuple[Any, ...], encode: Callable[[Any], str]) -> Iterator[str]:
    """A list as JSON text, in pieces none of which is long."""
    for at in range(0, max(len(values), 1), _PIECE):
        yield f"{', ' if at else '['}{encode(values[at : at + _PIECE])[1:-1]}"
    yield "]"


@frozen(eq=False)
class _Form:
    """How a history is written: as its fields come, or, canonically, as RFC 8785 has it.

    The RFC orders keys, by UTF-16 code units: of ASCII it is the order of Python. A history has no
    numbers, and in texts both escape quotes, backslashes and control characters alone, and alike.
    """

    comma: str
    colon: str
    is_canonical: bool
    encode: Callable[[Any], str]

    def one(self, value: Any) -> str:
        """A part of a history, or what stands in a field that may have several."""
        return _way_to_write(value.__class__, self)(value)

    def value(self, value: Any) -> str:
        """What a field has."""
        if value.__class__ is Moment:
            return encode_basestring(value.text)
        if isinstance(value, tuple):
            kinds = set(map(type, value))
            write = _way_to_write(kinds.pop(), self) if len(kinds) == 1 else self.one
            return f"[{self.comma.join(map(write, value))}]"
        return self.one(value)


_encode: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_AS_IT_IS: Final = _Form(", ", ": ", is_canonical=False, encode=_encode)


@lru_cache(maxsize=1024)
def _way_to_write(kind: type, form: _Form) -> Callable[[Any], str]:
    """What writes all that is of a kind."""
    if kind is str:
        return encode_basestring
    if kind is bool or kind is type(None):
        return _WORDS.__getitem__
    if issubclass(kind, CompletenessStatement):
        return lambda statement: form.encode(plain(statement))
    if not issubclass(kind, BaseModel):
        raise TypeError(kind)
    write = _part_writer(kind, form)
    if form.is_canonical:
        return write

    def written(part: BaseModel) -> str:
        try:
            return write(part)
        except _NOT_PLAIN:
            return form.encode(part.model_dump(mode="json"))

    return written


_IF_PLAIN: Final = "text(v) if v.__class__ is str else words[v] if v is True or v is False"


def _part_writer(model: type[BaseModel], form: _Form) -> Callable[[BaseModel], str]:
    """What writes the fields of a part: one function for each model, for records are many.

    What came later is left out of the digest where it is not known (`Record.later`).
    """
    fields, names, later = model.model_fields, list(model.model_fields), frozenset[str]()
    if form.is_canonical:
        if not "".join(names).isascii():
            raise TypeError(model)  # others are not in the same order for all who write JSON
        names, later = sorted(names), getattr(model, "later", later)
    line, pieces = Lines("def written(part):"), []
    line("of = part.__dict__")
    line(f"if len(of) != {len(names)}: raise TypeError(part)")
    for at, name in enumerate(names):
        key = f"{form.comma}{encode_basestring(name)}{form.colon}"
        is_moment = Moment in members(fields[name].annotation)
        so = "text(v.text) if v.__class__ is Moment" if is_moment else _IF_PLAIN
        line(f"v = of[{name!r}]")
        if name in later:
            line(f"v{at} = '' if v is None else {key!r} + ({so} else value(v))")
        else:
            line(f"v{at} = 'null' if v is None else {so} else value(v)")
            pieces.append(repr(key))
        pieces.append(f"v{at}")
    line(f"return '{{' + ''.join(({', '.join(pieces)},))[{len(form.comma)}:] + '}}'")
    known = {"text": encode_basestring, "words": _WORDS, "Moment": Moment, "value": form.value}
    made: Callable[[BaseModel], str] = line.made(known)
    return made


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
            return hashlib.sha256(_CANONICAL.one(history).encode()).hexdigest()
    data = history.model_dump(mode="json")
    for name, list_shape in shape(type(history)).lists.items():
        data[name] = [_without_later(list_shape.record, record) for record in data[name]]
    return hashlib.sha256(canonical_json(data)).hexdigest()


def _without_later(record: type[Record], fields: dict[str, Any]) -> dict[str, Any]:
    for name in record.later:
        if fields[name] is None:
            del fields[name]
    return fields


#: As the RFC has it where there are no numbers, which it writes as ECMAScript does, and all keys
#: are ASCII.
_encode_canonical: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode
_CANONICAL: Final = _Form(",", ":", is_canonical=True, encode=_encode_canonical)


def canonical_json(data: Any) -> bytes:
    """Plain data as RFC 8785 canonical JSON."""
    if _is_written_alike(data):
        with suppress(UnicodeEncodeError):  # then the error is rfc8785's
            return _encode_canonical(data).encode()
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
