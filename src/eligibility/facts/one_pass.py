"""JSON text to a history in one pass of pydantic, where the text is vouched for.

A text and a model come in; a history goes out that is equal to what the careful way makes of the
text (`read.parse_json`, then `model_validate`, then `normalise`), or None: then the careful way is
taken, which finds out what is wrong, if anything is. So every error is worded in one place.

Pydantic's own schema of the model is taken apart (`plain_schema`), and in what is made of it a
moment is a text. It is read as soon as the zone is known, by the loop that counts the keys
(`_List`). A history of which there are rows (`rows`) has a world, and only another is normalised;
whoever decides it finds what was made here kept with it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from attrs import frozen
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from eligibility.errors import InvalidDefinition, InvalidMoment
from eligibility.facts.fields import NOT_ENDED, zoned
from eligibility.facts.normalise import normalise
from eligibility.facts.plain_schema import PlainSchema, UnknownPartError, plain_schema
from eligibility.facts.records import HistoryFields
from eligibility.facts.rows import Rows, rows_of
from eligibility.facts.shape import ListShape, list_shapes, shape
from eligibility.facts.statements import read_statements
from eligibility.values.moment import Moment, read_moment

H = TypeVar("H", bound=HistoryFields)

#: With a smaller limit on records, an object could have more keys than there may be records.
_SMALL_LIMIT: Final = 1_000
#: How a key ends; a blank before a colon; and line breaks and tabs, which compact texts have none
#: of, with those that stand before a colon. What has one character is found much faster.
_IN_TEXT: Final = ('":', " :", (("\n", "\n:"), ("\r", "\r:"), ("\t", "\t:")))
_IN_BYTES: Final = (b'":', b" :", ((b"\n", b"\n:"), (b"\r", b"\r:"), (b"\t", b"\t:")))


def read_in_one_pass(
    text: str | bytes,
    model: type[H],
    *,
    most_records: int | None = None,
    most_bytes: int | None = None,
) -> H | None:
    """The history that a JSON text states, if it is sure that the careful way makes the same.

    Raises:
        InconsistentHistory: it does, and no world fits the history.
    """
    reader = _reader(model)
    if reader is None or type(text) not in (str, bytes):
        return None
    if (most_bytes is not None and len(text) > most_bytes) or not _is_within(text, most_records):
        return None
    try:
        history: H = reader.validator.validate_json(text)
        keys = reader.finish(history, most_records)
    except (ValidationError, InvalidMoment, UnicodeEncodeError):
        return None
    if keys is None or keys != _keys_of(text):
        return None
    if reader.rows is None or reader.rows(history) is None:
        normalise(history)
    return history


def _is_within(text: str | bytes, most_records: int | None) -> bool:
    """Whether no limit on records can be reached: every object begins with a brace."""
    if most_records is None or type(most_records) is not int:
        return most_records is None
    if len(text) <= most_records:
        return True
    braces = text.count("{") if isinstance(text, str) else text.count(b"{")
    return most_records >= _SMALL_LIMIT and braces <= most_records


def _keys_of(text: str | bytes) -> int | None:
    """How many keys a JSON text has, or more; None if that cannot be told.

    Where no white space stands before a colon, each key makes one `":`. So may a text within a
    string, and then there seem to be more. If as many keys were read as the text seems to have, no
    key stood twice: of two alike one is read, and nothing of what the other one holds.
    """
    given: Any = text
    key_end, blank, breaks = _IN_TEXT if isinstance(text, str) else _IN_BYTES
    if blank in given or any(each in given and before in given for each, before in breaks):
        return None
    count: int = given.count(key_end)
    return count


@frozen
class _List:
    """A list of records whose moments are texts still, and how each is read."""

    name: str
    moments: tuple[tuple[str, Callable[[str, str], Moment]], ...]
    has_unique_ids: bool

    def finish(self, records: Iterable[Any], zone: str) -> int | None:
        """Read the moments; how many keys were set, or None if an id stands twice that must not.

        Raises:
            InvalidMoment: a text is no moment.
        """
        keys, ids, moments = 0, [], self.moments
        for record in records:
            fields = record.__dict__
            keys += len(record.__pydantic_fields_set__)
            for name, read in moments:
                if (text := fields[name]) is not None:
                    fields[name] = read(text, zone)
            if (ident := fields["id"]) is not None:
                ids.append(ident)
        return None if self.has_unique_ids and len(set(ids)) < len(ids) else keys


def _read_end(text: str, zone: str) -> Moment:
    return NOT_ENDED if text == ".." else read_moment(text, zone)


@frozen
class _Reader:
    """How the texts of one model are read."""

    validator: SchemaValidator
    lists: tuple[_List, ...]
    groups: tuple[str, ...]
    shapes: Mapping[str, ListShape]
    rows: Callable[[HistoryFields], Rows] | None

    def finish(self, history: HistoryFields, most_records: int | None) -> int | None:
        """Make a history of what pydantic has read, as `_List.finish` does of a list.

        Raises:
            InvalidMoment: a text is no moment.
            ValidationError: a statement of completeness is none.
        """
        fields, given = history.__dict__, history.__pydantic_fields_set__
        keys = len(given)
        for each in self.lists:
            if records := fields[each.name]:
                more = each.finish(records, fields["time_zone"])
                if more is None:
                    return None
                keys += more
        for name in self.groups:
            if name in given:
                keys += len(fields[name].__pydantic_fields_set__)
        if stated := fields["complete"]:
            if most_records is not None and len(stated) > most_records:
                return None
            if all(type(each) is str and each in self.shapes for each in stated):
                fields["complete"] = tuple(name for name in self.shapes if name in stated)
            else:
                keys += sum(map(_keys_within, stated))
                with zoned(fields["time_zone"]):
                    fields["complete"] = read_statements(stated, self.shapes)
        return keys


def _keys_within(value: Any) -> int:
    """How many keys there are in plain data."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys_within, value.values()))
    return sum(map(_keys_within, value)) if isinstance(value, list) else 0


@lru_cache(maxsize=128)
def _reader(model: type[HistoryFields]) -> _Reader | None:
    """How the texts of a model are read; None if only the careful way knows."""
    try:
        lists, plain = shape(model).lists, plain_schema(model)
    except (InvalidDefinition, UnknownPartError):
        return None
    validator = _validator(plain.schema)
    moments = {name: dict.fromkeys(each.moments, "2024") for name, each in lists.items()}
    tried = {"account_id": "-"} | {name: [each] for name, each in moments.items()}
    read = validator.validate_python(tried)
    if not all(
        getattr(read, name)[0].__dict__.items() >= each.items() for name, each in moments.items()
    ):
        return None  # a pydantic that would rather have the models' own validators
    made = tuple(_list(name, lists[name], plain) for name in lists)
    return _Reader(validator, made, tuple(plain.groups), list_shapes(model), rows_of(model))


def _validator(schema: Any) -> SchemaValidator:
    """A validator that takes the parts of a schema as they stand there, not by their classes."""
    try:
        return SchemaValidator(schema, _use_prebuilt=False)
    except TypeError:  # an older pydantic knows nothing else
        return SchemaValidator(schema)


def _list(name: str, list_shape: ListShape, plain: PlainSchema) -> _List:
    moments = {m: _read_end if (name, m) in plain.ends else read_moment for m in list_shape.moments}
    return _List(name, tuple(moments.items()), name in plain.unique)
