"""Writes histories as JSON text: valid ones, and ones that are broken in one known way."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from attrs import frozen

from eligibility.facts.model import History
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw import st
from eligibility.testing.draw.histories import Draft, free_draft, free_record
from eligibility.testing.draw.instants import Draws
from eligibility.testing.draw.outcomes import contradictable, inconsistent_draft
from eligibility.values.timeline import COURT_ZONE

Data: TypeAlias = dict[str, Any]


@frozen
class BrokenDocument:
    """A text that is no valid history, and the code of the one problem that it has."""

    text: str
    code: str


def document(draws: Draws, draft: Draft, model: type[History]) -> str:
    """A history as JSON text: keys in any order, what is unknown left out or null."""
    data = draft.history(model).model_dump(mode="json")
    plain = model(account_id="A").model_dump(mode="json")
    is_wordy = draws.flip()  # some of what need not be said is said
    kept = {k: v for k, v in data.items() if v != plain.get(k) or (is_wordy and draws.flip())}
    if "complete" in kept:
        kept["complete"] = draws.draw(st.permutations(kept["complete"]))
    return written(draws, _thinned(draws, kept))


def written(draws: Draws, data: Data) -> str:
    """Plain data as JSON text, in one of the ways that programs write it."""
    data = {key: data[key] for key in draws.draw(st.permutations(list(data)))}
    indent = draws.choose((None, 2, "\t"))
    return json.dumps(data, ensure_ascii=draws.flip(), indent=indent)


def _thinned(draws: Draws, value: Any) -> Any:
    """Plain data with some of its nulls left out, and some of its keys the other way round."""
    if isinstance(value, dict):
        kept = [(key, each) for key, each in value.items() if each is not None or draws.flip()]
        return {key: _thinned(draws, each) for key, each in (kept[::-1] if draws.flip() else kept)}
    if isinstance(value, list):
        return [_thinned(draws, each) for each in value]
    return value


def broken_document(draws: Draws, model: type[History]) -> BrokenDocument:
    """A document that is valid but for one thing."""
    code, break_ = draws.choose(tuple(_breaks(model)))
    return BrokenDocument(break_(draws, model), code)


#: Writes a document that has one problem.
Break: TypeAlias = Callable[[Draws, type[History]], str]


def _breaks(model: type[History]) -> Iterator[tuple[str, Break]]:
    """All ways in which a document of a model can be broken, each with its code."""
    yield "malformed-json", _cut_short
    yield "duplicate-key", _said_twice
    yield "too-deep", _nested
    yield "not-a-number", _no_number
    if contradictable(model):
        yield "inconsistent", _without_a_world
    yield "missing", _without("account_id")
    for code, key, value in _OF_ACCOUNT:
        yield code, _with(key, value)
    for name, list_shape in shape(model).lists.items():
        yield "wrong-type", _with(name, "none")
        yield "duplicate-id", _with(name, [{"id": "twin"}, {"id": "twin"}])
        for code, key, values in _of_records(list_shape):
            yield code, _with_record(name, list_shape, key, values)
        for key in list_shape.moments:
            yield "moment-gap", _with_record(name, list_shape, key, _SKIPPED, zone=COURT_ZONE)


#: Values of keys that every history has, or has not.
_OF_ACCOUNT: Final[tuple[tuple[str, str, Any], ...]] = (
    ("wrong-type", "account_id", 1001),
    ("wrong-type", "complete", "all"),
    ("too-short", "account_id", ""),
    ("too-long", "account_id", "A" * 201),
    ("not-unicode", "account_id", "half a pair \ud83d"),
    ("unknown-zone", "time_zone", "America/Springfield"),
    ("unknown-list", "complete", ["letters"]),
    ("not-in-vocabulary", "schema_version", "0"),
    ("unknown-key", "nickname", None),
)
#: Texts that are no moment in any zone, and values that are no text.
_NO_MOMENTS: Final[dict[str, tuple[Any, ...]]] = {
    "moment-notation": ("yesterday", "18 Sep 2024", "2024-9-18", "", "2024-09-18T12:00:00Z "),
    "moment-qualifier": ("2024~", "2024-09?", "2024-21"),
    "moment-calendar": ("2023-02-29", "2024-13", "2024-04-31", "2024-01-01T24:00:00Z"),
    "moment-range": ("1899", "2201-01-01", "9999-12-31T00:00:00Z"),
    "moment-order": ("2024-09/2024-08", "2024-09-18/2024-09-17"),
    "wrong-type": (2024, True, ["2024"]),
}
#: Local times that the court's zone skips.
_SKIPPED: Final = ("2024-03-10T02:30", "2023-03-12T02:00:00")


def _of_records(list_shape: ListShape) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    for name in list_shape.moments:
        for code, texts in _NO_MOMENTS.items():
            yield code, name, texts
    for name in list_shape.yes_no:
        yield "wrong-type", name, ("yes", 1, "true")
    for name in list_shape.vocabulary:
        yield "not-in-vocabulary", name, ("no such word", "")
    yield "unknown-key", "note", (None, "a note")
    yield "too-long", "source", ("s" * 201,)


def _data(draws: Draws, model: type[History]) -> Data:
    data: Data = free_draft(draws, model, {}).history(model).model_dump(mode="json")
    return data


def _with(key: str, value: Any) -> Break:
    """A valid document but for the value of one key."""
    return lambda draws, model: written(draws, _data(draws, model) | {key: value})


def _without(key: str) -> Break:
    """A valid document but for a key that it lacks."""

    def broken(draws: Draws, model: type[History]) -> str:
        return written(draws, {k: value for k, value in _data(draws, model).items() if k != key})

    return broken


def _with_record(
    name: str, list_shape: ListShape, key: str, values: tuple[Any, ...], *, zone: str | None = None
) -> Break:
    """A valid document but for one value of one record."""

    def broken(draws: Draws, model: type[History]) -> str:
        data = _data(draws, model)
        if zone is not None:
            data = {"account_id": data["account_id"], "time_zone": zone, name: []}
        record = list_shape.record.model_validate(free_record(draws, list_shape)).model_dump(
            mode="json"
        )
        record[key] = draws.choose(values)
        data[name].insert(draws.choose(range(len(data[name]) + 1)), record)
        return written(draws, data)

    return broken


def _without_a_world(draws: Draws, model: type[History]) -> str:
    return written(draws, inconsistent_draft(draws, model).history(model).model_dump(mode="json"))


def _cut_short(draws: Draws, model: type[History]) -> str:
    text = written(draws, _data(draws, model))
    return text[: draws.choose(range(len(text)))]


def _said_twice(draws: Draws, model: type[History]) -> str:
    return '{"account_id": "A-1002", ' + written(draws, _data(draws, model))[1:]


def _nested(draws: Draws, model: type[History]) -> str:
    deep = draws.choose((10_000, 200_000))
    return _and_more(draws, model, "[" * deep + "]" * deep)


def _no_number(draws: Draws, model: type[History]) -> str:
    return _and_more(draws, model, draws.choose(("NaN", "Infinity", "-Infinity")))


def _and_more(draws: Draws, model: type[History], value: str) -> str:
    return f'{{"nickname": {value}, {written(draws, _data(draws, model))[1:]}'
