"""From JSON text to a history, or to everything that is wrong with it, at once."""

import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import accumulate, count
from typing import Any, Final, NoReturn, TypeVar

from eligibility.arguments import expect
from eligibility.errors import InvalidHistory, Problem, first_of, shown
from eligibility.facts.normalise import normalise
from eligibility.facts.one_pass import read_in_one_pass
from eligibility.facts.paths import place_in_data
from eligibility.facts.problems import NEAR_BY
from eligibility.facts.records import HistoryFields

H = TypeVar("H", bound=HistoryFields)

#: Larger texts are refused before they are parsed. 100,000 messages take some 20 MB.
MOST_BYTES: Final = 64 * 1024 * 1024
#: How many records a history may have, unless the caller says otherwise. Heavy use of an account
#: comes to 20,000 messages and 500 receipts; each takes some kilobytes of memory.
MOST_RECORDS: Final = 100_000

#: How deep lists and objects may be nested: a history has four levels, other documents few more.
MOST_LEVELS: Final = 100
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_STEPS: Final = bytes(set(range(256)) - _STEPS.keys())

_OF_DATA: Final = (
    "Pass JSON text. Of Python data, `AccountHistory.model_validate(data)` makes a history; of a "
    "file, pass `path.read_bytes()`."
)


def read_history(text: str | bytes, model: type[H], *, most_records: int = MOST_RECORDS) -> H:
    """The history of a model that a JSON text states; `eligibility.read_history` says more of it.

    Raises:
        InvalidHistory: the text is no JSON, or does not fit the model.
        InconsistentHistory: no world fits the history.
    """
    history = read_in_one_pass(text, model, most_records=most_records, most_bytes=MOST_BYTES)
    return read_carefully(text, model, most_records) if history is None else history


def read_carefully(text: str | bytes, model: type[H], most_records: int) -> H:
    """The history that a JSON text states, or everything that is wrong with the text.

    What `read_in_one_pass` is held to: it makes the same of a text, or nothing.
    """
    history = model.model_validate(parse_json(text, most_records=most_records))
    normalise(history)
    return history


def parse_json(text: str | bytes | bytearray, *, most_records: int | None = None) -> Any:
    """A JSON text as plain data, with the same key never said twice.

    Raises:
        InvalidHistory: `malformed-json`, `duplicate-key`, `too-deep`, `too-large`, `not-unicode`,
            `not-a-number` or, where there is a limit, `too-many-records`.
    """
    expect(text, str | bytes | bytearray, "text", _OF_DATA)
    expect(most_records, int | None, "most_records", "Write how many records there may be.")
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


def _loaded(
    text: str | bytes | bytearray, made: Callable[[list[tuple[str, Any]]], dict[str, Any]]
) -> Any:
    try:
        if not isinstance(text, str):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        if _levels(text) > MOST_LEVELS:
            hint = "A history has four levels: an object, its lists, their records, their values."
            raise _refusal("too-deep", "Lists and objects are nested too deep.", hint)
        return json.loads(
            text, object_pairs_hook=made, parse_constant=_no_number, parse_float=_finite
        )
    except UnicodeDecodeError:
        raise _refusal("not-unicode", "The text is not UTF-8.", "Save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        words = f"The text stops being JSON at line {error.lineno} column {error.colno}."
        if not text.strip():
            raise _refusal("malformed-json", "The text is empty.", "Give a history.") from None
        raise _refusal("malformed-json", words, NEAR_BY) from None
    except InvalidHistory:
        raise
    except ValueError:
        words = "The text holds a number of too many digits."
        raise _refusal("malformed-json", words, "Remove it: no history needs one.") from None


def _levels(text: str) -> int:
    """How deep lists and objects are nested at most; fewer brackets than the limit count as none.

    It is counted and not left to the parser, which goes down level by level: where its stack is
    short, as in a browser, that ends the whole interpreter and no error can be caught.

    >>> _levels("[" * 200), _levels("[]" * 200), _levels('["' + "[" * 200 + '"]')
    (200, 1, 1)
    """
    if text.count("[") + text.count("{") <= MOST_LEVELS:
        return 0
    bare = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]  # what no string holds
    brackets = "".join(bare).encode("ascii", "replace").translate(None, _NO_STEPS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def too_large(size: int) -> InvalidHistory:
    """The error for a text that is not even parsed."""
    message = f"The text has {size:,} bytes, more than {MOST_BYTES:,}."
    return _refusal("too-large", message, "Give its records as tables to `eligibility batch`.")


def _too_many(most: int) -> InvalidHistory:
    hint = (
        "If that is right, raise the limit: `eligibility check --limit records=N`, or "
        "`read_history(text, most_records=N)` in Python."
    )
    return _refusal("too-many-records", f"The history has more than {most:,} records.", hint)


def _no_number(word: str) -> NoReturn:
    raise _refusal("not-a-number", f"`{word}` is no JSON number.", "Write null if it is not known.")


def _finite(digits: str) -> float:
    number = float(digits)
    return _no_number(shown(digits)) if math.isinf(number) else number


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
