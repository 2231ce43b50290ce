"""From JSON text to a history, or to everything that is wrong with it, at once."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any, Final, NoReturn, TypeVar

from pydantic import ValidationError

from eligibility.arguments import described, expect
from eligibility.errors import (
    InconsistentHistory,
    InvalidHistory,
    Problem,
    first_of,
    shown,
)
from eligibility.facts.model import History, duplicate_ids
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import place_in_data
from eligibility.facts.shape import shape

H = TypeVar("H", bound=History)

#: Larger texts are refused before they are parsed. 100,000 messages take some 20 MB.
MOST_BYTES: Final = 64 * 1024 * 1024
#: How many records a history may have, unless the caller says otherwise. Heavy use of an account
#: comes to 20,000 messages and 500 receipts; each takes some kilobytes of memory.
MOST_RECORDS: Final = 100_000

_CODES: Final = {
    "extra_forbidden": "unknown-key",
    "missing": "missing",
    "literal_error": "not-in-vocabulary",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "string_unicode": "not-unicode",
}
#: What must stand there, and how it is written, by pydantic's name of the error.
_TYPES: Final = {
    "string_type": ("a text", "Write it in quotes."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "tuple_type": ("a list", "Write it in square brackets."),
    "model_type": ("an object", 'Write it in braces, such as `{"id": "m1"}`.'),
    "dict_type": ("an object", 'Write it in braces, such as `{"id": "m1"}`.'),
}
_OF_DATA: Final = (
    "Pass JSON text. Of Python data, `AccountHistory.model_validate(data)` makes a history; of a "
    "file, pass `path.read_bytes()`."
)
_HINTS: Final = {
    "unknown-key": "Remove it; the model has no place for it.",
    "missing": "Add it.",
    "not-in-vocabulary": "Leave it out if it is not known.",
    "not-unicode": "Write the text as whole Unicode characters.",
    "duplicate-id": "Give each record of a list an id of its own, or none.",
}


def read_history(
    text: str | bytes,
    model: type[H],
    *,
    most_records: int = MOST_RECORDS,
) -> H:
    """The history of a model that a JSON text states.

    A text of more than 64 MiB, or of more than `most_records` records in all, is refused before
    anything is built of it. A server that reads what strangers send may set that lower.

    >>> from eligibility.history import AccountHistory
    >>> read_history('{"account_id": "A-1001", "complete": ["premium"]}', AccountHistory).complete
    ('premium',)

    Raises:
        InvalidHistory: the text is no JSON, or does not fit the model: all problems, with paths;
            beyond a hundred they are counted.
        InconsistentHistory: no world fits the history.
    """
    expect(model, type[History], "model")
    expect(text, str | bytes | bytearray, "text", _OF_DATA)
    data = parse_json(text, most_records=most_records)
    try:
        history = model.model_validate(data)
    except ValidationError as error:
        problems = problems_of(error, model)
        named = {(problem.code, problem.path) for problem in problems}
        more = [p for p in _duplicates(data, model) if (p.code, p.path) not in named]
        found = [*problems, *more, *_clashes(data, model, error)]
        raise InvalidHistory(first_of(found)) from None
    normalise(history)
    return history


def parse_json(text: str | bytes, *, most_records: int | None = None) -> Any:
    """A JSON text as plain data, with the same key never said twice.

    Raises:
        InvalidHistory: `malformed-json`, `duplicate-key`, `too-deep`, `too-large`, `not-unicode`,
            `not-a-number` or, where there is a limit, `too-many-records`.
    """
    expect(text, str | bytes | bytearray, "text", _OF_DATA)
    if len(text) > MOST_BYTES:
        raise too_large(len(text))
    twice: list[tuple[int, str]] = []
    kept: list[dict[str, Any]] = []
    objects = count(0)  # the history itself is no record

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if most_records is not None and (next(objects) > most_records or len(pairs) > most_records):
            raise _too_many(most_records)
        result = dict(pairs)
        if len(result) < len(pairs):
            kept.append(result)  # kept alive, so that its identity stays its own
            said = Counter(key for key, _ in pairs)
            twice.extend((id(result), key) for key in result if said[key] > 1)
        return result

    data = _loaded(text, made)
    values = data.values() if isinstance(data, dict) else ()
    lists = (each for each in values if isinstance(each, list))
    if most_records is not None and max(map(len, lists), default=0) > most_records:
        raise _too_many(most_records)
    if twice:
        ways = _ways(data, {ident for ident, _ in twice})
        raise InvalidHistory(
            first_of(
                Problem(
                    "duplicate-key",
                    place_in_data((*ways.get(ident, ()), key)),
                    f"The key `{shown(key, 40)}` stands twice in one object.",
                    "Keep one of them.",
                )
                for ident, key in twice
            )
        )
    return data


def _loaded(text: str | bytes, made: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=made, parse_constant=_no_number)
    except RecursionError:
        raise _refusal("too-deep", "It is nested too deep.", "A history has four levels.") from None
    except UnicodeDecodeError:
        raise _refusal("not-unicode", "It is not UTF-8.", "Save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _refusal("malformed-json", f"It is not JSON ({where}): {error.msg}.") from None
    except InvalidHistory:
        raise
    except ValueError:
        raise _refusal("malformed-json", "It holds a number with too many digits.") from None


def too_large(size: int) -> InvalidHistory:
    """The error for a text that is not even parsed."""
    message = f"It has {size:,} bytes, more than {MOST_BYTES:,}."
    return _refusal("too-large", message, "Split it, or use the batch engine.")


def _too_many(most: int) -> InvalidHistory:
    hint = "If it is honest: `read_history(text, most_records=N)` in Python."
    return _refusal("too-many-records", f"It has more than {most:,} records.", hint)


def _no_number(word: str) -> NoReturn:
    raise _refusal("not-a-number", f"`{word}` is no JSON number.", "Write null for unknown.")


def _refusal(code: str, message: str, hint: str = "") -> InvalidHistory:
    return InvalidHistory([Problem(code, "", message, hint)])


def _ways(data: Any, idents: set[int]) -> dict[int, tuple[str | int, ...]]:
    """The way to each object, by its identity; none to what a repeated key has hidden."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    found: dict[int, tuple[str | int, ...]] = {}
    for way, value in waiting:
        if id(value) in idents:
            found[id(value)] = way
        children = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value if isinstance(value, list) else ())
        )
        waiting.extend(((*way, key), child) for key, child in children)
    return found


def problems_of(error: ValidationError, model: type[History] | None = None) -> list[Problem]:
    """A pydantic error as problems with stable codes; `model` says where null is taken."""
    return [_problem(dict(each), model) for each in error.errors(include_url=False)]


def _problem(each: dict[str, Any], model: type[History] | None) -> Problem:
    kind, given = each["type"], each.get("input")
    code = _CODES.get(kind) or (kind if "-" in kind else "wrong-type")
    words = each["msg"]
    if code == "unknown-key":
        words = f"`{shown(str(each['loc'][-1]), 40)}` is no key of the model."
    elif code == "not-in-vocabulary":
        words = f"`{shown(str(given), 40)}` is not one of {each['ctx']['expected']}."
    elif code == "missing":
        words = f"`{shown(str(each['loc'][-1]), 40)}` is required."
    elif kind in _TYPES:
        words = f"This must be {_TYPES[kind][0]}, not {_told(given)}."
    elif not words.endswith("."):
        words += "."
    hint = _HINTS.get(code, "")
    if code == "wrong-type":
        null = "Leave out what is not known, or write null."
        hint = _TYPES.get(kind, ("", ""))[1]
        hint = f"{hint} {null}".strip() if _may_be_null(each["loc"], model) else hint
    return Problem(code, place_in_data(each["loc"]), words, hint)


def _told(given: object) -> str:
    """What stands in a JSON text, by JSON's words."""
    if isinstance(given, dict | list | tuple):
        return "an object" if isinstance(given, dict) else "a list"
    written = {None: "null", True: "`true`", False: "`false`"}
    if given is None or isinstance(given, bool):
        return written[given]
    return described(given)


def _may_be_null(way: tuple[str | int, ...], model: type[History] | None) -> bool:
    """Whether null says 'unknown' there: for every key that may be absent, never in a list."""
    if model is None or not way or not isinstance(way[-1], str):
        return False
    list_shape = shape(model).lists.get(str(way[0]))
    info = model.model_fields.get(str(way[0]))
    part: Any = (
        model if len(way) == 1 else list_shape.record if list_shape else info and info.annotation
    )
    named = getattr(part, "model_fields", {}).get(way[-1])
    return named is not None and not named.is_required()


def _clashes(data: Any, model: type[History], error: ValidationError) -> tuple[Problem, ...]:
    """What contradicts itself in the records that are valid, each in its place."""
    if not isinstance(data, dict):
        return ()
    wrong = [each["loc"] for each in error.errors(include_url=False)]
    blank = {way[:2] for way in wrong if len(way) > 1}
    lists = shape(model).lists.keys() & data.keys()
    sound: dict[str, Any] = {
        name: [
            {key: value for key, value in record.items() if key != "id"}
            if isinstance(record, dict) and (name, at) not in blank
            else {}
            for at, record in enumerate(data[name])
        ]
        for name in lists
        if isinstance(data[name], list)
    }
    if isinstance(data.get("time_zone"), str) and ("time_zone",) not in wrong:
        sound["time_zone"] = data["time_zone"]
    try:
        normalise(model.model_validate({"account_id": "any", **sound}))
    except InconsistentHistory as found:
        return found.problems
    except ValidationError:  # the model asks more than that each fact is valid by itself
        return ()
    return ()


def _duplicates(data: Any, model: type[History]) -> list[Problem]:
    """Ids that stand twice, found even where the rest of the list is not valid."""
    found: list[Problem] = []
    for name in shape(model).lists if isinstance(data, dict) else ():
        records = data.get(name)
        if isinstance(records, list):
            ids = (record.get("id") for record in records if isinstance(record, dict))
            for twice in duplicate_ids([each for each in ids if isinstance(each, str)]):
                words = f"`{shown(twice, 40)}` stands twice in this list."
                found.append(Problem("duplicate-id", name, words, _HINTS["duplicate-id"]))
    return found


def digest(history: History) -> str:
    """SHA-256, in hex, over the history's RFC 8785 canonical JSON.

    What is not known stands there as null, but for fields that came later (`Record.later`).
    """
    import rfc8785  # noqa: PLC0415 - only a full verdict needs it

    plain = history.model_dump(mode="json")
    for name, list_shape in shape(type(history)).lists.items():
        for record in plain[name]:
            for later in list_shape.record.later:
                if record[later] is None:
                    del record[later]
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()
