"""The facts of a history by their paths, and what a definition speaks of, in short words."""

from collections.abc import Iterator, Mapping
from typing import Any

from eligibility.audit.worlds import is_world
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import paths
from eligibility.errors import InconsistentHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import statements_of
from eligibility.facts.paths import complete_path, fact_path, parse, pattern, value_at
from eligibility.facts.refinement import forget, refine
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import known_by
from eligibility.testing.draw.instants import landmarks
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST


def every_fact(history: History) -> Iterator[str]:
    """The path of every fact that a history has a place for, known or not."""
    seen = shape(type(history))
    for name, list_shape in seen.lists.items():
        yield complete_path(name)
        for index in range(len(getattr(history, name))):
            yield from (fact_path(name, index, key) for key in list_shape.facts)
    yield from seen.yes_no


def stated(history: History) -> list[str]:
    """The path of every fact that a history states, and of every statement about a list.

    >>> from eligibility.history import AccountHistory
    >>> stated(AccountHistory(account_id="A-1001", complete=["premium"]))
    ['complete.premium']
    """
    lists = [path for name in shape(type(history)).lists for path in statements_of(history, name)]
    facts = (path for path in every_fact(history) if not parse(path).is_complete)
    return lists + [path for path in facts if value_at(path, history) is not None]


def transplanted(world: History, path: str, other: History, history: History) -> History | None:
    """A world with one fact as it is in another world of the same history; None if that is none.

    The records beyond those that the history lists are one fact, `complete.` and the list; with a
    yes/no fact come the moments that there are only if it is true.
    """
    at = parse(path)
    if at.is_complete:
        count = len(getattr(history, at.subject))
        records = getattr(world, at.subject)[:count] + getattr(other, at.subject)[count:]
        return world.model_copy(update={at.subject: records})
    if value_at(path, world) == value_at(path, other):
        return None
    moved, list_shape = {path}, shape(type(history)).lists.get(at.name)
    if list_shape is not None and at.index is not None:
        moved |= {
            fact_path(at.name, at.index, moment)
            for moment, existence_condition in list_shape.record.exists_if.items()
            if existence_condition == at.field
        }
    known = {each: value_at(each, other) for each in sorted(moved)}
    return _changed(world, known)


def as_others_know(world: History, history: History) -> History:
    """A world of a history, in which what only the defendant can know is as the history has it."""
    model, update = type(history), dict[str, Any]()
    for name, list_shape in shape(model).lists.items():
        listed, records = getattr(history, name), []
        hidden = [k for k in list_shape.facts if known_by(pattern(name, k), model) == "defendant"]
        for index, record in enumerate(getattr(world, name)):
            known = listed[index] if index < len(listed) else None
            left = {key: getattr(known, key, None) for key in hidden}
            so = record.model_copy(update=left)
            never = list_shape.gone(dict(so))  # it is known that they were not, whoever knows when
            records.append(so.model_copy(update=dict.fromkeys(never)))
        update[name] = tuple(records)
    for path in shape(model).yes_no:
        if known_by(path, model) == "defendant":
            at = parse(path)
            group, value = getattr(world, at.name), value_at(path, history)
            update[at.name] = group.model_copy(update={at.field: value}) if at.field else value
    return world.model_copy(update=update)


def moments_of(world: History, definition: ClassDefinition) -> tuple[str, ...]:
    """The paths of the moments of the records that the class may turn on."""
    name, list_shape = definition.record_list, definition.list_shape
    if name is None or list_shape is None:
        return ()
    places = range(len(getattr(world, name)))
    paths = (fact_path(name, at, moment) for at in places for moment in list_shape.moments)
    return tuple(path for path in paths if value_at(path, world) is not None)


def at_edges(world: History, path: str, definition: ClassDefinition) -> Iterator[History]:
    """The world with one moment on either side of where a condition begins or ends to hold."""
    found = {edge - side for edge in landmarks(definition) for side in (0, 1)}
    for name in definition.filters:
        for span in getattr(world, name):
            first, last = span.start.earliest, span.end.latest
            found |= {first - 1, first, last, last + 1}
    for at in sorted(at for at in found if EARLIEST <= at <= LATEST):
        moved = _changed(world, {path: Moment.at(at)})
        if moved is not None:
            yield moved


def _changed(world: History, known: Mapping[str, Any]) -> History | None:
    """A world with some facts known otherwise, or not there if None; None if that is no world."""
    said = {path: value for path, value in known.items() if value is not None}
    try:
        changed = refine(forget(world, known), said)
    except InconsistentHistory:
        return None
    return changed if is_world(changed) else None


def spoken_of(
    definition: ClassDefinition, history: History, so: Supposition | None = None
) -> set[str]:
    """The facts of a history that a definition can turn on at all, by what its conditions name.

    Those of a record that nobody listed are there as `messages[].shared`. What is supposed links
    facts: of a message that was not shared it is known that it came later.
    """
    named = {path for step in definition.steps for path in paths(step.condition)}
    named |= {pattern(so.list, key) for key in so.facts} if so else set()
    seen = shape(definition.model)
    spans = definition.filters
    for name, list_shape in seen.lists.items():
        if name in spans:
            named |= {pattern(name, "start"), pattern(name, "end")}
        named |= {
            pattern(name, existence_condition)
            for moment, existence_condition in list_shape.record.exists_if.items()
            if pattern(name, moment) in named
        }
        # A moment bounds those that come before it in their order, and after it.
        for first, then in (*list_shape.record.order, *reversed(list_shape.record.order)):
            pair = {pattern(name, first), pattern(name, then)}
            named |= pair if pair & named else set()
    about = [name for name in {*spans, definition.record_list} if name]
    of_lists = {complete_path(name) for name in about}
    of_lists |= {path for name in about for path in statements_of(history, name)}
    return of_lists | named | {p for p in every_fact(history) if parse(p).pattern in named}


def named(definition: ClassDefinition) -> str:
    """Which definition it is, and under which reading, on one line.

    >>> from eligibility.rules import class_definition
    >>> named(class_definition())[:45]
    'de-la-torre-v-linkedin, version 1: messages=s'
    """
    words = ", ".join(f"{name}={word}" for name, word in definition.reading.items())
    return f"{definition.id}, version {definition.version}" + (f": {words}" if words else "")
