"""The JSON of a history, written directly where it is sure how pydantic would write it.

A history comes in; its text goes out, or its canonical bytes, of which the digest is made. Of each
model one function is made that does so, field by field. It is sure where the model's schema has no
part that is not known (`plain_schema`), nothing writes in a way of its own, and all that a history
holds is a text, a moment, words, or yes or no. Whatever else there is pydantic writes.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from eligibility.facts.completeness import plain
from eligibility.facts.fields import as_it_is, is_a, members, text_of
from eligibility.facts.plain_schema import is_plain
from eligibility.facts.records import HistoryFields
from eligibility.facts.rows import Lines
from eligibility.facts.shape import ListShape, shape

Write: TypeAlias = Callable[[HistoryFields], str]

#: A text as JSON has it: quotes, backslashes and control characters are escaped, and nothing else.
quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring
#: A value `v` that is a text, or yes or no; `quoted` refuses all else.
_PLAIN: Final = (
    "'null' if v is None else 'true' if v is True else 'false' if v is False else quoted(v)"
)
_OURS: Final = (text_of, as_it_is, plain)


def history_json(history: HistoryFields) -> str:
    """The history as JSON text, in which nothing but what JSON asks for is escaped."""
    with suppress(TypeError, AttributeError):
        if write := _writer(type(history), False):
            return write(history)
    return json.dumps(history.model_dump(mode="json"), ensure_ascii=False)


def digest(history: HistoryFields) -> str:
    """SHA-256, in hex, over the history's RFC 8785 canonical JSON.

    What is not known stands there as null, but for fields that came later (`Record.later`).
    """
    with suppress(TypeError, AttributeError, UnicodeEncodeError):
        if write := _writer(type(history), True):
            return hashlib.sha256(write(history).encode()).hexdigest()
    data = history.model_dump(mode="json")
    for name, list_shape in shape(type(history)).lists.items():
        for record in data[name]:
            for later in list_shape.record.later:
                if record[later] is None:
                    del record[later]
    return hashlib.sha256(canonical_json(data)).hexdigest()


def canonical_json(data: Any) -> bytes:
    """Plain data as RFC 8785 canonical JSON.

    The standard library writes the same bytes where there are no numbers, which the RFC writes as
    ECMAScript does, and all keys are ASCII: others it orders by UTF-16 code units. Of texts both
    escape quotes, backslashes and control characters alone, and alike.
    """
    if _is_written_alike(data):
        with suppress(UnicodeEncodeError):  # then the error is rfc8785's
            return _canonical(data).encode()
    import rfc8785  # noqa: PLC0415 - only a full verdict needs it

    return rfc8785.dumps(data)


_canonical: Final = partial(json.dumps, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _is_written_alike(data: Any) -> bool:
    kind = type(data)
    if kind is dict:
        return all(type(key) is str and key.isascii() for key in data) and all(
            map(_is_written_alike, data.values())
        )
    if kind is list:
        return all(map(_is_written_alike, data))
    return kind is str or data is None or kind is bool


# ---- the function of a model ---------------------------------------------------------------------


@lru_cache(maxsize=256)
def _writer(model: type[HistoryFields], canonical: bool) -> Write | None:  # noqa: FBT001 - of a cache
    """What writes the histories of a model; None if only pydantic knows."""
    if not is_plain(model) or not all(
        _is_known(each) for each in _parts(model.__pydantic_core_schema__)
    ):
        return None
    fields = [name for part in _models_of(model) for name in part.model_fields]
    if canonical and not "".join(fields).isascii():
        return None
    write: Write = _Writer(canonical).function(model)
    return write


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


def _models_of(model: type[HistoryFields]) -> Iterator[type[BaseModel]]:
    """A model, its records and its groups of facts."""
    yield model
    for info in model.model_fields.values():
        yield from (each for each in members(info.annotation) if is_a(each, BaseModel))


class _Words(dict[Any, str]):
    """What is known of a word as JSON has it: nothing, one word, or several."""

    def __init__(self, words: Iterable[Any], comma: str) -> None:
        super().__init__({word: quoted(word) for word in words} | {None: "null"})
        self._comma = comma

    def __missing__(self, several: tuple[str, ...]) -> str:
        if type(several) is not tuple:
            raise TypeError(several)
        return f"[{self._comma.join(map(quoted, several))}]"


class _Writer:
    """Writes the function of a model: canonical JSON, or JSON as the standard library writes it."""

    def __init__(self, canonical: bool) -> None:  # noqa: FBT001 - of a cache
        self.canonical = canonical
        self.comma, self.colon = (",", ":") if canonical else (", ", ": ")
        self.line = Lines("def write(history):")
        self.names: dict[str, Any] = {"quoted": quoted, "stated": self.stated}

    def stated(self, each: Any) -> str:
        """A statement of completeness: the name of a list, or an object."""
        if type(each) is str:
            return quoted(each)
        separators = self.comma, self.colon
        return json.dumps(
            plain(each), ensure_ascii=False, sort_keys=self.canonical, separators=separators
        )

    def function(self, model: type[HistoryFields]) -> Any:
        """The function."""
        line, lists = self.line, shape(model).lists
        line("known = history.__dict__")
        for name, info in model.model_fields.items():
            part = next((each for each in members(info.annotation) if is_a(each, BaseModel)), None)
            if name in lists and part:
                line(f"all_{name} = []")
                with line.block(f"for record in known[{name!r}]"):
                    self.object("record", part, lists[name])
                    line(f"all_{name}.append(text)")
                line(f"h_{name} = '[' + {self.comma!r}.join(all_{name}) + ']'")
            elif name == "complete":
                line(f"h_{name} = '[' + {self.comma!r}.join(map(stated, known[{name!r}])) + ']'")
            elif part:
                self.object(f"known[{name!r}]", part, None)
                line(f"h_{name} = text")
            else:
                line(f"v = known[{name!r}]")
                line(f"h_{name} = {_PLAIN}")
        self.join("h", model)
        line("return text")
        return line.made(self.names)

    def object(self, record: str, part: type[BaseModel], list_shape: ListShape | None) -> None:
        """The text of a record, or of a group of facts."""
        line, cls = self.line, f"C{len(self.names)}"
        self.names[cls] = part
        line(f"fields = {record}.__dict__")
        line(f"if {record}.__class__ is not {cls} or len(fields) != {len(part.model_fields)}:")
        line("    raise TypeError")
        for name in part.model_fields:
            line(f"v = fields[{name!r}]")
            if list_shape and name in list_shape.moments:
                line(f"t_{name} = 'null' if v is None else quoted(v.text)")
            elif list_shape and name in list_shape.vocabulary:
                words = f"W{len(self.names)}"
                self.names[words] = _Words(list_shape.vocabulary[name], self.comma)
                line(f"t_{name} = {words}[v]")
            else:
                line(f"t_{name} = {_PLAIN}")
        later = list_shape.record.later if list_shape and self.canonical else frozenset()
        self.join("t", part, later)

    def join(self, prefix: str, part: type[BaseModel], later: Collection[str] = ()) -> None:
        """The texts of fields as one object."""
        names = sorted(part.model_fields) if self.canonical else [*part.model_fields]
        for name in names:
            if name in later:
                key = f"{quoted(name)}{self.colon}"
                of = f"{key!r} + t_{name} + {self.comma!r}"
                self.line(f"t_{name} = '' if t_{name} == 'null' else {of}")
        pieces = (
            f"{{t_{name}}}"
            if name in later
            else f'"{name}"{self.colon}{{{prefix}_{name}}}{self.comma}'
            for name in names
        )
        self.line(f"text = f'{{{{{''.join(pieces)}'[:-{len(self.comma)}] + '}}'")
