"""What a history model declares and nobody would read: said when its shape is read.

A model comes in; problems go out. A list in another form than a tuple, a word or a date of the
account, a record within a record: histories could say all that, and no verdict would heed it.
"""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from eligibility.errors import Problem
from eligibility.facts.fields import is_a, members, words_of
from eligibility.facts.paths import pattern
from eligibility.facts.records import Facts, HistoryFields, Record
from eligibility.values.moment import Moment


def unread_fields(model: type[HistoryFields]) -> Iterator[Problem]:
    """Every field of a model that has the form of a fact or of records, and is not read as one."""
    if not model.__pydantic_complete__ and model.model_rebuild(raise_errors=False) is not True:
        words = f"`{model.__name__}` names a class that is not there yet."
        yield _unread(model.__name__, words, "Declare records before the history that lists them.")
        return
    for name, info in model.model_fields.items():
        own = HistoryFields.model_fields.get(name)
        if own is not None:
            is_other = {*members(own.annotation)} != {*members(info.annotation)}
            if is_other and info.default in (own.default, None):
                words = f"`{name}` is of every history, and of another type there."
                yield _unread(name, words, "Give the field another name.")
        elif record := _part(info, Record):
            if record not in members(info.annotation):
                hint = f"Write `{name}: tuple[{record.__name__}, ...] = ()`."
                yield _unread(name, f"`{name}` holds records, and is no tuple of them.", hint)
            yield from _of_record(record, pattern(name))
        elif group := _part(info, Facts):
            if group not in (found := [*members(info.annotation)]) or ... in found:
                words = f"`{name}` holds groups of facts: of an account there is one."
                yield _unread(
                    name, words, f"Write `{name}: {group.__name__} = {group.__name__}()`."
                )
            fields = group.model_fields.items()
            yield from (
                found for key, each in fields for found in _of_account(f"{name}.{key}", each)
            )
        else:
            yield from _of_account(name, info)


def _of_record(record: type[Record], at: str) -> Iterator[Problem]:
    for key, info in record.model_fields.items():
        path = f"{at}.{key}"
        if _part(info, Record) or _part(info, Facts):
            words = f"`{path}` holds records or facts within a record."
            yield _unread(path, words, "Let the history list them, or the record have the facts.")
        elif key in ("id", "source") and (bool in members(info.annotation) or _is_fact(info)):
            words = f"`{path}` names a record, or where it is known from: it is no fact."
            yield _unread(path, words, "Give the fact another name.")


def _of_account(path: str, info: FieldInfo) -> Iterator[Problem]:
    if _is_fact(info):
        words = f"`{path}` is a word or a moment; of an account, only yes/no facts are read."
        hint = (
            "Write a `YesNo` for what is asked of it, or let the history list records that have it."
        )
        yield _unread(path, words, hint)


def _is_fact(info: FieldInfo) -> bool:
    """Whether a field is a word or a moment; yes and no are read wherever they are."""
    found = [*members(info.annotation)]
    return Moment in found or bool(words_of(found))


def _part(info: FieldInfo, kind: type[Any]) -> Any:
    """The first class of a kind that a field is made of, however deep."""

    def within(annotation: Any) -> Iterator[Any]:
        yield annotation
        for each in get_args(annotation):
            yield from within(each)

    return next((each for each in within(info.annotation) if is_a(each, kind)), None)


def _unread(path: str, words: str, hint: str) -> Problem:
    return Problem("definition-model", path, words, hint)
