"""To know more, and to know less: refinements of a history, and forgetting.

A refinement maps paths to what is now known: `{"messages[0].shared": True}`, bounds for a moment
(`"messages[0].shared_at": "../2024-09-17"`), `{"complete.premium": True}`, or, at the end of a list
that is not complete, a whole record (`"premium[2]": {"start": "2023"}`). Verdicts speak the same
language: reasons cite such paths, and every answer to a question is such a refinement.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from attrs import evolve
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from eligibility.arguments import expect
from eligibility.errors import InvalidRefinement, Problem, first_of, shown
from eligibility.facts.boxes import ANY_TIME, Bounds, Values, narrowed, possible_boxes
from eligibility.facts.fields import with_unique_ids, zoned
from eligibility.facts.known import unlisted_of
from eligibility.facts.model import History, Record, problems_in
from eligibility.facts.normalise import (
    answers_of,
    conditions_of,
    has_frozen_parts,
    normalise,
    said,
    statements_of,
)
from eligibility.facts.paths import complete_path, field_of, parse
from eligibility.facts.plain_schema import is_plain
from eligibility.facts.problems import problems_of
from eligibility.facts.records import asked, validated
from eligibility.facts.shape import Shape, list_shapes, shape
from eligibility.facts.statements import read_statements
from eligibility.values.moment import Moment
from eligibility.values.timeline import LATEST

H = TypeVar("H", bound=History)


class Refining(Protocol):
    """What carries a refinement, as the answers to a question do."""

    @property
    def refinement(self) -> Mapping[str, Any]:
        """What is then known."""


def refine(history: H, refinement: Mapping[str, Any] | Refining) -> H:
    """The history, with more known: what a refinement says, or an answer to a question.

    >>> from eligibility.history import AccountHistory
    >>> history = AccountHistory(account_id="A-1001", messages=[{"sent_at": "2023"}])
    >>> refine(history, {"messages[0].sent_at": "2023-06"}).messages[0].sent_at.text
    '2023-06'

    Raises:
        InvalidRefinement: a path names nothing, a value does not fit, or it says something else
            than what is known instead of something more.
        InconsistentHistory: no world fits the result.
    """
    known: Any = getattr(refinement, "refinement", refinement)
    expect(history, History, "history")
    hint = "Write a dict of paths, or pass an answer: `verdict.questions[0].answers[0]`."
    expect(known, Mapping[str, Any], "refinement", hint)
    return refined(history, known)


def refined(history: H, known: Mapping[str, Any]) -> H:
    """The history with more known, as `refine` says."""
    result = _changed(history, known)
    before = normalise(history)
    if not refines(result, history):
        raise not_a_refinement(known)
    normalise(result, (history, before))
    return result


def not_a_refinement(known: Iterable[str]) -> InvalidRefinement:
    """That what is said at these paths is something else than what is known, not more."""
    return InvalidRefinement(
        [
            Problem(
                "not-a-refinement",
                shown(", ".join(known), 200),
                "This contradicts what is known, or widens it.",
                "A refinement only narrows bounds, answers what is unknown, or adds records "
                "to lists that are not complete.",
            )
        ]
    )


def forget(history: H, paths: Iterable[str] | str) -> H:
    """The history without the facts at these paths, or at one.

    >>> from eligibility.history import AccountHistory
    >>> history = AccountHistory(account_id="A-1001", complete=["premium"])
    >>> forget(history, ["complete.premium"]).complete
    ()
    """
    expect(history, History, "history")
    named: Any = [paths] if isinstance(paths, str) else paths
    named = tuple(named) if isinstance(named, Iterable) else named
    hint = "Write a list of paths, such as `reason.facts`."
    expect(named, tuple[str, ...], "paths", hint)
    return _changed(history, {path: False if parse(path).is_complete else None for path in named})


def _changed(history: H, changes: Mapping[str, Any]) -> H:
    """The history with other values at some paths, validated again."""
    data: dict[str, Any] = {name: getattr(history, name) for name in type(history).model_fields}
    lists = {name: list(data[name]) for name in shape(type(history)).lists}
    stated = _Stated(history)
    problems: list[Problem] = []
    for path, value in changes.items():
        at = parse(path)
        records = lists.get(at.name)
        if records is not None and at.index is not None and at.index <= len(records):
            if not _set_record(records, at.index, at.field, value):
                problems.append(_nothing(path))
        elif at.is_complete and at.field in lists:
            problems += stated.change(path, value)
        elif path in shape(type(history)).yes_no:
            group = data[at.name]
            data[at.name] = {**dict(group), at.field: value} if at.field else value
        else:
            problems.append(_nothing(path))
    if problems:
        raise InvalidRefinement(first_of(problems))
    is_sure = is_plain(type(history)) and has_frozen_parts(type(history))
    if is_sure and not any(path in data for path in changes):  # a fact that is in no group
        with suppress(ValidationError, PydanticCustomError):  # said below, of the whole
            return _rebuilt(history, data, lists, stated.left())
    try:
        return validated(type(history), {**data, **lists, "complete": stated.left()})
    except ValidationError as error:
        raise InvalidRefinement(first_of(problems_in(error, type(history)))) from None


def _rebuilt(
    history: H, data: dict[str, Any], lists: Mapping[str, list[Any]], stated: tuple[object, ...]
) -> H:
    """The history that is made of the data, of which only what has changed is looked at again.

    Raises:
        ValidationError: something of it is not valid.
        PydanticCustomError: an id stands twice in a list.
    """
    made: dict[str, Any] = {}
    model: Any = type(history)
    with zoned(history.time_zone), asked():
        for name, value in data.items():
            before = getattr(history, name)
            if name in lists:
                made[name] = tuple(_records(lists[name], shape(model).lists[name].record))
                with_unique_ids(made[name])
            elif isinstance(value, dict):
                made[name] = type(before).__pydantic_validator__.validate_python(value)
            else:
                made[name] = value
        made["complete"] = read_statements(stated, list_shapes(model))
    result: H = model.model_construct({*made}, **made)
    return result


def _records(given: Iterable[Any], record: type[Record]) -> Iterator[Record]:
    """The records of a list, those validated that are data; they share what fields they set."""
    every = set(record.model_fields)
    for each in given:
        if each.__class__ is record:
            yield each
            continue
        made: Record = record.__pydantic_validator__.validate_python(each)
        if made.model_fields_set == every:
            object.__setattr__(made, "__pydantic_fields_set__", every)
        yield made


def _conditions(value: object) -> list[object]:
    """The conditions of one statement, or of several; none where it is neither."""
    several = value if isinstance(value, list | tuple) else [value]
    return list(several) if all(isinstance(each, Mapping) and each for each in several) else []


class _Stated:
    """The statements of completeness of a history, as a refinement changes them."""

    def __init__(self, history: History) -> None:
        self._left: dict[str, object] = {}
        for name in shape(type(history)).lists:
            if name in history.complete:
                self._left[complete_path(name)] = name
            for at, each in enumerate(conditions_of(history, name)):
                self._left[complete_path(name, at)] = each
        self._more: list[object] = []
        self._model, self._zone = type(history), history.time_zone

    def change(self, path: str, value: object) -> Iterator[Problem]:
        """State more about a list, or take a statement back; or say what is wrong."""
        at = parse(path)
        if value is None or value is False:
            if self._left.pop(path, None) is None and at.statement is not None:
                yield _nothing(path)
        elif value is True and at.statement is None:
            self._left[path] = at.field
        elif at.statement is None and (several := _conditions(value)):
            given = [{"list": at.field, "where": each} for each in several]
            try:
                with zoned(self._zone):
                    self._more += read_statements(given, list_shapes(self._model))
            except ValidationError as error:
                yield from (evolve(each, path=path) for each in problems_of(error))
        else:
            words = "What is stated of a list is true, or conditions that its records meet."
            hint = 'Write true, or an object of conditions such as `{"inmail": true}`.'
            yield Problem("wrong-type", path, words, hint)

    def left(self) -> tuple[object, ...]:
        """What is stated now."""
        return (*self._left.values(), *self._more)


def record_at(history: History, path: str) -> Record | None:
    """The record of a fact such as `messages[0].shared`; None for what is known of the account.

    Raises:
        InvalidRefinement: `unknown-path`, the history has no such fact.
    """
    seen, at = shape(type(history)), parse(path)
    if at.index is not None and at.name in seen.lists:
        records: tuple[Record, ...] = getattr(history, at.name)
        if at.index < len(records) and at.field in ("", *seen.lists[at.name].facts):
            return records[at.index]
    whole = at.is_complete and at.field in seen.lists and at.statement is None
    if path in seen.yes_no or whole or path in statements_of(history, at.field):
        return None
    raise InvalidRefinement([_nothing(path)])


def _set_record(records: list[Any], index: int, field: str, value: Any) -> bool:
    if not field:
        if index != len(records):
            return False
        records.append(value)
        return True
    if index == len(records):
        return False
    record = records[index]
    if not isinstance(record, Record | dict):
        return False
    records[index] = {**(record if isinstance(record, dict) else dict(record)), field: value}
    return True


def _nothing(path: str) -> Problem:
    hint = "Use a path of the history, such as `messages[0].shared_at` or `complete.premium`."
    words = f"`{shown(path, 80)}` names nothing that could change."
    return Problem("unknown-path", shown(path, 200), words, hint)


def refines(finer: History, coarser: History) -> bool:
    """Whether one history knows all that the other knows, and perhaps more."""
    expect(finer, History, "finer")
    expect(coarser, History, "coarser")
    seen = shape(type(coarser))
    return (
        type(finer) is type(coarser)
        and all(_list_refines(finer, coarser, name, seen) for name in seen.lists)
        and _answers_refine(answers_of(finer), answers_of(coarser))
    )


def _answers_refine(finer: Mapping[str, bool | None], coarser: Mapping[str, bool | None]) -> bool:
    return all(known is None or finer[path] is known for path, known in coarser.items())


def _list_refines(finer: History, coarser: History, name: str, seen: Shape) -> bool:
    list_shape = seen.lists[name]
    new, old = getattr(finer, name), getattr(coarser, name)
    stated = statements_of(coarser, name)
    if len(new) < len(old) or (len(new) > len(old) and complete_path(name) in stated):
        return False
    for now, before in zip(new, old, strict=False):
        if now is before:
            continue
        if any(getattr(before, key) not in (None, getattr(now, key)) for key in ("id", "source")):
            return False
        knows, knew = said(list_shape, now), said(list_shape, before)
        gone = list_shape.gone(knows)
        if not all(
            field in gone or is_within(knows.get(field, ANY_TIME), knew[field]) for field in knew
        ):
            return False
    if not stated:
        return True
    # Whatever was not listed before fails each of the statements, listed by now or not.
    since = (said(list_shape, record) for record in new[len(old) :])
    boxes = [box for each in since for box in possible_boxes(list_shape, each)]
    boxes += unlisted_of(list_shape, tuple(statements_of(finer, name).values()))
    return not any(
        any(True for _ in narrowed(box, list_shape, where))
        for box in boxes
        for where in stated.values()
    )


def is_within(finer: Values | Bounds, coarser: Values | Bounds) -> bool:
    """Whether values, or bounds, lie within others."""
    if isinstance(finer, frozenset) and isinstance(coarser, frozenset):
        return finer <= coarser
    return (
        isinstance(finer, tuple)
        and isinstance(coarser, tuple)
        and coarser[0] <= finer[0]
        and finer[1] <= coarser[1]
    )


def bounds_text(earliest: int, latest: int, history: History) -> str:
    """Bounds in the notation, written in days of the history's zone where they are whole days."""
    return Moment.between(earliest, latest, history.time_zone).text


def plain_value(values: Values) -> Any:
    """The values that a fact may have, as a history says them: one, or a list of words."""
    return next(iter(values)) if len(values) == 1 else sorted(map(str, values))


def changes_text(changes: Mapping[str, Any], history: History) -> dict[str, Any]:
    """Changes with bounds in microseconds, as a refinement in the notation of the history."""
    return {path: _text(path, value, history) for path, value in changes.items()}


def _text(path: str, value: Any, history: History) -> Any:
    if isinstance(value, frozenset):
        return plain_value(value)
    if isinstance(value, dict):
        return {key: _text(key, known, history) for key, known in value.items()}
    if isinstance(value, tuple):
        if value == (LATEST, LATEST) and field_of(path) == "end":
            return ".."  # a span that lasts to the end of the time line has not ended
        return bounds_text(value[0], value[1], history)
    return value
