"""What the engine sees of a history model: its lists, their fields, and its yes/no facts.

A model of which something would be known without having been said is refused here.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, Final, Literal, Protocol

from attrs import evolve, field, frozen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from eligibility.errors import InvalidDefinition, Problem
from eligibility.facts.fields import is_a, members, words_of
from eligibility.facts.paths import parse, pattern
from eligibility.facts.records import Facts, HistoryFields, Record, Span, Value, validated
from eligibility.facts.unread import unread_fields
from eligibility.immutable import FrozenDict, freeze
from eligibility.values.moment import Moment

#: What a yes/no fact can be.
YES_NO: Final[tuple[Value, ...]] = (True, False)


class Supposed(Protocol):
    """What is supposed of the records of a list."""

    @property
    def is_complete(self) -> bool:
        """Whether the list is supposed to hold all there is."""

    @property
    def facts(self) -> frozenset[str]:
        """The facts of a record that what is supposed of it hangs on."""

    @property
    def linked(self) -> tuple[frozenset[str], ...]:
        """Sides of a record of which one, by what is supposed, is not otherwise without another."""

    @property
    def edges(self) -> tuple[int, ...]:
        """The instants from which on something else is supposed of a record than before."""

    def boxes(self, box: Any, list_shape: "ListShape") -> Iterable[Any]:
        """What is left of a box, all being so."""

    def instead_of(self, fact: str, record: Any) -> Iterable[str]:
        """What leaves a fact of a record open: the fact, or, of what is supposed, whether it is."""


@frozen(cache_hash=True)  # what is found of one is kept by it
class ListShape:
    """What the engine sees of a list of records; under a supposition, with what is `supposed`."""

    record: type[Record]
    moments: tuple[str, ...]
    yes_no: tuple[str, ...]
    vocabulary: Mapping[str, tuple[str, ...]] = field(converter=freeze)
    supposed: "Supposed | None" = None

    @property
    def is_spans(self) -> bool:
        """Whether its records have a start and an end."""
        return issubclass(self.record, Span)

    def is_end(self, moment: str) -> bool:
        """Whether a moment is the end of its span, which may not have ended."""
        return self.is_spans and moment == "end"

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Its moments, each after all that `order` puts before it."""
        ranks = dict.fromkeys(self.moments, 0)
        for first, then in self.record.order:
            ranks[then] = max(ranks[then], ranks[first] + 1)
        return tuple(sorted(self.moments, key=ranks.__getitem__))

    @cached_property
    def placing(self) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
        """Each of them in that order, with those that `order` puts before it, and after it."""
        order = self.record.order
        return tuple(
            (
                name,
                tuple(first for first, then in order if then == name),
                tuple(then for first, then in order if first == name),
            )
            for name in self.sequence
        )

    @cached_property
    def existence_condition(self) -> str | None:
        """The yes/no fact without which some of its moments do not exist."""
        return next(iter(self.record.exists_if.values()), None)

    def gone(self, known: Mapping[str, object]) -> tuple[str, ...]:
        """The moments of a record that never came to be, by what is known of it."""
        condition = self.existence_condition
        never = condition is not None and known.get(condition) in (False, {False})
        return tuple(self.record.exists_if) if never else ()

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Its yes/no facts and its closed vocabularies."""
        return (*self.yes_no, *self.vocabulary)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What can be known of a record, in the order in which it is told."""
        return (*self.values, *self.sequence)

    @cached_property
    def options(self) -> Mapping[str, tuple[Value, ...]]:
        """All that each yes/no fact, and each word, can be."""
        return FrozenDict(dict.fromkeys(self.yes_no, YES_NO) | dict(self.vocabulary))

    @cached_property
    def all_values(self) -> Mapping[str, frozenset[Value]]:
        """The same as sets: what is possible where nothing is known."""
        return FrozenDict({name: frozenset(values) for name, values in self.options.items()})

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Every field that can be known or unknown."""
        return (*self.values, *self.moments)

    @cached_property
    def plain(self) -> "ListShape":
        """The same with nothing supposed."""
        return evolve(self, supposed=None) if self.supposed else self


@frozen
class Shape:
    """What the engine sees of a history model: its lists, and its yes/no facts by dotted path."""

    lists: Mapping[str, ListShape] = field(converter=freeze)
    yes_no: tuple[str, ...]

    def options_at(self, path: str) -> frozenset[Value]:
        """All that a fact can be, by its path in a condition; nothing if there is no such path."""
        at = parse(path)
        if not at.is_pattern:
            return frozenset(YES_NO if path in self.yes_no else ())
        list_shape = self.lists.get(at.name)
        return frozenset(list_shape.options.get(at.field, ()) if list_shape else ())

    def in_order(self, path: str, words: Iterable[Value]) -> list[Value]:
        """Words of a vocabulary in the order in which the model has them."""
        at = parse(path)
        return sorted(words, key=self.lists[at.name].options[at.field].index)


@lru_cache(maxsize=128)
def shape(model: type[HistoryFields]) -> Shape:
    """The shape of a history model, from its annotations."""
    yes_no: list[str] = []
    if wrong := list(unread_fields(model)) or list(_known_defaults(model)):
        raise InvalidDefinition(wrong)
    lists = list_shapes(model)
    for name, info in model.model_fields.items():
        found = list(members(info.annotation))
        group = next((t for t in found if is_a(t, Facts)), None)
        if name in lists:
            continue
        if group is not None and (type(None) in found or info.default is None):
            raise _bad_model(f"`{name}` may be None: give it an empty group as its default.")
        if group is not None:
            yes_no += [f"{name}.{key}" for key in _yes_no_of(name, group)]
        elif bool in found:
            _check_field(model, name, info)
            yes_no.append(name)
    return Shape(lists, tuple(yes_no))


@lru_cache(maxsize=128)
def list_shapes(model: type[HistoryFields]) -> Mapping[str, ListShape]:
    """The shapes of its lists alone: a history is validated while it is asked what is made up."""
    lists: dict[str, ListShape] = {}
    for name, info in model.model_fields.items():
        found = list(members(info.annotation))
        record = next((t for t in found if is_a(t, Record)), None)
        if record is not None:
            lists[name] = _list_shape(record)
            if type(None) in found:
                raise _bad_model(f"`{name}` may be None: give it an empty tuple as its default.")
            if found != [record, ...]:
                raise _bad_model(f"Write `{name}` as `tuple[{record.__name__}, ...]`.")
    return FrozenDict(lists)


def _known_defaults(model: type[HistoryFields]) -> Iterator[Problem]:
    """Whatever a history of the model would know without its being said."""
    named: dict[str, Problem] = {}
    for name, info in model.model_fields.items():
        found = list(members(info.annotation))
        part = next((t for t in found if is_a(t, Record) or is_a(t, Facts)), None)
        if part is None:
            own = HistoryFields.model_fields.get(name)
            if own and name != "account_id" and info.default != own.default:
                named[name] = _known(name, model, "Leave it as it is in `eligibility.History`.")
            elif bool in found and not _is_unsaid(info, None):
                named[name] = _known(name, model, _UNKNOWN)
        elif issubclass(part, Record):
            named |= _known_facts(part, pattern(name))
            if not _is_unsaid(info, (), []):
                named[name] = _known(name, model, "Write `= ()`: a history lists its records.")
        elif of_group := _known_facts(part, name):
            named |= of_group
        elif not _is_empty_group(info, part):
            named[name] = _known(name, model, f"Write `= {part.__name__}()`.")
    yield from named.values() or _made_up(model)


def _made_up(model: type[HistoryFields]) -> Iterator[Problem]:
    """What the model's own validators make known of a history that says nothing."""
    with suppress(ValidationError):  # something must be said: then nothing is silently known
        made = validated(model, {"account_id": "-"})
        for name, value in made:
            if value is True or value is False or _facts_of(value):
                yield _known(name, model, _UNKNOWN)
            elif value and isinstance(value, tuple):
                yield _known(name, model, "A history lists its records itself.")


def _known_facts(part: type[BaseModel], at: str) -> dict[str, Problem]:
    """The facts of which something is known where nothing, or null, was said of them."""
    facts = {name: info for name, info in part.model_fields.items() if _is_fact(info)}
    named = [name for name, info in facts.items() if not _is_unsaid(info, None)]
    for unsaid in ({}, dict.fromkeys(facts)) if not named else ():  # `validate_default`, validators
        with suppress(ValidationError):  # a field that must be said is never silently known
            made = validated(part, unsaid)
            named += [name for name in facts if getattr(made, name) is not None]
    return {path: _known(path, part, _UNKNOWN) for path in (f"{at}.{name}" for name in named)}


_UNKNOWN: Final = "Write `= None`: what was not said is unknown."


def _known(path: str, part: type[BaseModel], hint: str) -> Problem:
    words = f"`{path}` would be known of every `{part.__name__}` that does not say it."
    return Problem("definition-model", path, words, hint)


def _is_fact(info: FieldInfo) -> bool:
    found = list(members(info.annotation))
    return Moment in found or bool in found or bool(words_of(found))


def _is_empty_group(info: FieldInfo, group: type[BaseModel]) -> bool:
    """Whether a group that is left out is refused, or knows nothing."""
    if info.is_required() or info.default_factory is not None:
        return info.default_factory in (None, group)
    return info.default is None or (isinstance(info.default, group) and not _facts_of(info.default))


def _facts_of(group: object) -> list[bool]:
    """What a group of facts knows."""
    return [fact for _, fact in group if fact is not None] if isinstance(group, Facts) else []


def _is_unsaid(info: FieldInfo, *unknown: object) -> bool:
    """Whether a field that is left out is refused, or is one of these; factories may vary."""
    if info.default_factory is not None:
        return info.default_factory in {type(each) for each in unknown} - {type(None)}
    return info.is_required() or info.default in unknown


def _yes_no_of(name: str, group: type[Facts]) -> Iterator[str]:
    for key, info in group.model_fields.items():
        found = list(members(info.annotation))
        if any(is_a(each, Facts) for each in found):
            raise _bad_model(f"`{name}.{key}` is a group within a group.")
        _check_field(group, key, info)
        if bool in found:
            yield key


def _list_shape(record: type[Record]) -> ListShape:
    moments: list[str] = []
    yes_no: list[str] = []
    vocabulary: dict[str, tuple[str, ...]] = {}
    for name, info in record.model_fields.items():
        found = list(members(info.annotation))
        if Moment in found:
            moments.append(name)
        elif bool in found:
            yes_no.append(name)
        elif words := words_of(found):
            vocabulary[name] = words
        elif any(isinstance(v, int) or is_a(v, Enum) for v in found):
            raise _bad_model(f"Write the words of `{record.__name__}.{name}` as `Literal` texts.")
        _check_field(record, name, info)
    _check_order(record, moments, yes_no)
    return ListShape(record, tuple(moments), tuple(yes_no), vocabulary)


def _check_field(part: type[BaseModel], name: str, info: FieldInfo) -> None:
    """Refuse a field that a witness could not leave out, or could not be read back with.

    Where a fact is not known, each of its values is possible, and no other: so they are of a kind.
    """
    found = list(members(info.annotation))
    nothing = {None, type(None)}.intersection(found)
    kinds = {Literal if isinstance(each, str) else each for each in found} - nothing - {...}
    named = f"`{part.__name__}.{name}`"
    if info.is_required() or (_is_fact(info) and not nothing):
        raise _bad_model(f"{named} cannot be unknown: let it be None, and write `= None`.")
    if _is_fact(info) and len(kinds) > 1:
        raise _bad_model(f"{named} is a moment, or yes or no, or one of some words: not a mixture.")
    if info.exclude or {info.alias, info.validation_alias} - {None, name}:
        raise _bad_model(f"{named} has another name in JSON, or none there: leave its own.")


def _check_order(record: type[Record], moments: list[str], yes_no: list[str]) -> None:
    """Refuse an `order` or `exists_if` that a history could not be normalised by."""
    name = record.__name__
    left: set[str] = set()  # moments that have been followed from: nothing may come before them
    given: Any = record.order
    if not isinstance(given, tuple | list) or any(
        not isinstance(pair, tuple | list) or len(pair) != 2 for pair in given
    ):
        raise _bad_model(f'`{name}.order` takes pairs of moments: `(("first", "then"),)`.')
    if not isinstance(record.exists_if, Mapping):
        raise _bad_model(f'`{name}.exists_if` takes a dict: `{{"moment": "yes_no_fact"}}`.')
    for first, then in record.order:
        if not {first, then} <= set(moments):
            raise _bad_model(f"`{name}.order` names `{first}` and `{then}`: both must be moments.")
        left.add(first)
        if then in left:
            words = f"`{name}.order` puts `{then}` after what follows it, or too late: write first"
            raise _bad_model(f"{words} the pairs of what comes first.")
    for moment, existence_condition in record.exists_if.items():
        if moment not in moments or existence_condition not in yes_no:
            raise _bad_model(f"`{name}.exists_if` takes a moment to a yes/no fact of the record.")
    if len(set(record.exists_if.values())) > 1:
        raise _bad_model(f"`{name}.exists_if` names more than one fact: each record has one.")
    ordered = {"start", "end", *(moment for pair in record.order for moment in pair)}
    if issubclass(record, Span) and ordered & set(record.exists_if):
        raise _bad_model(f"`{name}` is a span: a moment of it that may not exist is in no order.")


def _bad_model(words: str) -> InvalidDefinition:
    return InvalidDefinition([Problem("definition-model", "", words, "See `eligibility.Record`.")])
