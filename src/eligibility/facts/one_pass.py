"""JSON text to a history in one pass of pydantic, where the text is vouched for.

A text and a model come in; a history goes out that is equal to what the careful way makes of the
text (`read.parse_json`, then `model_validate`, then `normalise`), or None: then the careful way is
taken, which finds out what is wrong, if anything is. So every error is worded in one place.

Pydantic's own schema of the model is taken apart (`plain_schema`), and in what is made of it a
moment is a text. It is read once the zone is known, by the same loop that makes the rows of the
history (`rows`). They stay with it for whoever decides it; and a history that has some has a world.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from attrs import frozen
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from eligibility.errors import InvalidDefinition, InvalidMoment
from eligibility.facts.fields import NOT_ENDED, zoned
from eligibility.facts.plain_schema import UnknownPartError, plain_schema
from eligibility.facts.records import HistoryFields
from eligibility.facts.rows import reading_rows_of
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
    """The history that a JSON text states, if it is sure that the careful way makes the same."""
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
    return history if keys is not None and keys == _keys_of(text) else None


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


def _read_end(text: str, zone: str) -> Moment:
    return NOT_ENDED if text == ".." else read_moment(text, zone)


@frozen
class _Reader:
    """How the texts of one model are read."""

    validator: SchemaValidator
    make_rows: Callable[[HistoryFields], int | None]
    groups: tuple[str, ...]
    shapes: Mapping[str, ListShape]

    def finish(self, history: HistoryFields, most_records: int | None) -> int | None:
        """Make a history of what pydantic has read; how many keys were set, or None.

        Raises:
            InvalidMoment: a text is no moment.
            ValidationError: a statement of completeness is none.
        """
        fields, given = history.__dict__, history.__pydantic_fields_set__
        keys = self.make_rows(history)
        if keys is None:
            return None
        keys += len(given)
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
    moments = {name: dict.fromkeys(each.moments, "2024") for name, each in lists.items()}
    tried = {"account_id": "-"} | {name: [each] for name, each in moments.items()}
    validator = _validator(plain.schema)
    read = validator.validate_python(tried)
    if not all(
        vars(getattr(read, name)[0]).items() >= each.items() for name, each in moments.items()
    ):
        return None  # a pydantic that would rather have the models' own validators
    places = [(name, moment) for name, each in lists.items() for moment in each.moments]
    readers = {at: _read_end if at in plain.ends else read_moment for at in places}
    make_rows = reading_rows_of(model, readers)
    return make_rows and _Reader(validator, make_rows, tuple(plain.groups), list_shapes(model))


def _validator(schema: Any) -> SchemaValidator:
    """A validator that takes the parts of a schema as they stand there, not by their classes."""
    try:
        return SchemaValidator(schema, _use_prebuilt=False)
    except TypeError:  # an older pydantic knows nothing else
        return SchemaValidator(schema)
