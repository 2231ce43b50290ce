"""Writes histories that know more than a given one: a little more, or all there is to know.

Both begin with a world. To know a little more is to come some way towards that world, so whatever
is drawn is consistent.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from eligibility.facts.boxes import ANY_TIME, Bounds, Box, Said
from eligibility.facts.fields import NOT_ENDED
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import complete_path, fact_path, record_path
from eligibility.facts.refinement import refine
from eligibility.facts.shape import ListShape
from eligibility.facts.supposition import Supposition
from eligibility.testing.draw.histories import Draft, RecordData, after, free_statements, some_of
from eligibility.testing.draw.instants import Draws
from eligibility.values.moment import Moment
from eligibility.values.timeline import LATEST
from eligibility.values.timeset import TimeSet

H = TypeVar("H", bound=History)
#: Records that are added to a list that is not complete, at the most.
MORE = 2


def supposed(history: History, supposing: Supposition | None) -> KnownHistory:
    """The facts of a history, of which only what agrees with a supposition is possible."""
    facts = normalise(history)
    return facts if supposing is None else supposing.suppose(facts)


def world_of(draws: Draws, history: H, supposing: Supposition | None = None) -> H:
    """One way that everything could be: nothing of it is open."""
    facts = supposed(history, supposing)
    changes: dict[str, Any] = {complete_path(name): True for name in sorted(facts.lists)}
    for name, list_shape in facts.shape.lists.items():
        for record in facts.lists[name]:
            changes |= _paths(name, record.index, _completed(draws, list_shape, record))
        if name in facts.open:
            for more in range(draws.choose(range(MORE + 1))):
                box = draws.choose(facts.unlisted[name])
                whole = _in_box(draws, list_shape, {}, box)
                changes[record_path(name, len(facts.lists[name]) + more)] = whole
    changes |= _answers(draws, facts)
    return refine(history, changes)


def refinement_of(draws: Draws, history: H, supposing: Supposition | None = None) -> H:
    """The history with more known, or nothing more."""
    facts = supposed(history, supposing)
    changes: dict[str, Any] = {}
    for name, list_shape in facts.shape.lists.items():
        for record in facts.lists[name]:
            completed = _completed(draws, list_shape, record)
            some = {key: value for key, value in completed.items() if draws.flip()}
            some = {k: _towards(draws, list_shape, record, k, v) for k, v in some.items()}
            changes |= _paths(name, record.index, _fitting(list_shape, record, some))
        if name in facts.open:
            if draws.rarely(3):
                box = draws.choose(facts.unlisted[name])
                changes[record_path(name, len(facts.lists[name]))] = _new(draws, list_shape, box)
            if draws.rarely(3):
                changes[complete_path(name)] = _stated(draws, facts, name) or True
    changes |= {path: known for path, known in _answers(draws, facts).items() if draws.flip()}
    return refine(history, changes)


def _paths(name: str, at: int, known: Mapping[str, Any]) -> dict[str, Any]:
    return {fact_path(name, at, key): value for key, value in known.items()}


def _answers(draws: Draws, facts: KnownHistory) -> dict[str, bool]:
    """An answer to each fact that has none; one is drawn for all, so that what is known shrinks."""
    drawn = {path: draws.flip() for path in facts.answers}
    return {path: known for path, known in drawn.items() if facts.answers[path] is None}


def _new(draws: Draws, list_shape: ListShape, box: Box) -> RecordData:
    """A record that surely is within a box, of which no more is said than that, or more."""
    record: RecordData = {}
    for name, value in _in_box(draws, list_shape, {}, box).items():
        if isinstance(value, Moment):
            first, last = box.bounds[name]
            if (first, last) != ANY_TIME or draws.flip():
                within = TimeSet.of((first, last)).covers
                is_plain = value is NOT_ENDED or draws.flip()
                record[name] = value if is_plain else draws.moment(value.earliest, within)
        elif box.values[name] != list_shape.all_values[name] or draws.flip():
            record[name] = value
            if name in list_shape.vocabulary and draws.flip():
                words = [word for word in list_shape.options[name] if word in box.values[name]]
                record[name] = some_of(draws, words, value)
    return record


def _stated(draws: Draws, facts: KnownHistory, name: str) -> list[RecordData]:
    """The conditions of statements about a list, if there are any."""
    draft = Draft(draws, facts.shape)
    free_statements(draft, name)
    return [dict(each.where) for each in draft.statements]


def _completed(draws: Draws, list_shape: ListShape, record: KnownRecord) -> RecordData:
    """What there is to know of a record beyond what it says; None where a moment never was."""
    completed = _in_box(draws, list_shape, record.said, draws.choose(record.boxes))
    gone = list_shape.gone({**record.said, **completed})
    return completed | {name: None for name in gone if name in record.said}


def _in_box(draws: Draws, list_shape: ListShape, said: Said, box: Box) -> RecordData:
    """What there is to know of a record in a box, beyond what is said of it."""
    completed: RecordData = {}
    for name, options in list_shape.options.items():
        values = [each for each in options if each in box.values[name]]
        value = draws.choose(values[::-1] if name in list_shape.yes_no else values)
        if said.get(name) != frozenset({value}):
            completed[name] = value
    gone = list_shape.gone({n: next(iter(v)) for n, v in box.values.items()} | completed)
    at: dict[str, int] = {}
    for name, (first, last) in _room(list_shape, box, gone).items():
        low = after(list_shape, name, at)
        at[name] = draws.instant(TimeSet.of((first if low is None else max(first, low), last)))
        if said.get(name) != (at[name], at[name]):
            completed[name] = _exactly(list_shape, name, at[name])
    return completed


def _room(list_shape: ListShape, box: Box, gone: tuple[str, ...]) -> dict[str, Bounds]:
    """The bounds of each moment that there is, in an order in which they can be placed."""
    names = (name for name in list_shape.sequence if name in box.bounds and name not in gone)
    return {name: box.bounds[name] for name in names}


def _exactly(list_shape: ListShape, name: str, at: int) -> Moment:
    if at == LATEST and list_shape.is_end(name):
        return NOT_ENDED
    return Moment.at(at)


def _towards(draws: Draws, list_shape: ListShape, record: KnownRecord, key: str, value: Any) -> Any:
    """A value itself, or bounds or fewer words that come closer to it."""
    if not (isinstance(value, Moment) or key in list_shape.vocabulary) or not draws.flip():
        return value
    said = record.said.get(key)
    if key in list_shape.vocabulary:
        left = said if isinstance(said, frozenset) else list_shape.all_values[key]
        return some_of(draws, [w for w in list_shape.options[key] if w in left], value)
    known = TimeSet.of(said) if isinstance(said, tuple) else TimeSet.ALL
    return draws.moment(value.earliest, known.covers)


def _fitting(list_shape: ListShape, record: KnownRecord, some: RecordData) -> RecordData:
    """Some of what completes a record; that a moment never was only with what that follows from."""
    kept, gone = dict(some), list_shape.gone({**record.said, **some})
    for name in list_shape.record.exists_if:
        if name in gone:
            if name in record.said:
                kept[name] = None
        elif kept.get(name, name) is None:
            del kept[name]
    return kept
