"""What a definition can be failed at, and which facts its outcome can turn on."""

from collections.abc import Iterator
from functools import lru_cache

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause, Ever, Is, Leaf, SpanLeaf, Within, leaves
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import ANY_TIME, place
from eligibility.facts.paths import complete_path, pattern
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw.core import INSIDE, Opening
from eligibility.testing.draw.spans import openable
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


def disjunct_of(definition: ClassDefinition) -> Disjunct:
    """The one disjunct that meets all clauses of a definition in the exact fragment."""
    return definition.normal_form.disjuncts[0]


# ---- what can be failed ----


def breaches(definition: ClassDefinition, clause: Clause) -> list[Leaf]:
    """The leaves at which an account can fail a clause; of a time set, within the other clauses."""
    own = definition.normal_form_of((clause,)).disjuncts[0]
    found: list[Leaf] = [*own.answers, *own.evers]
    list_shape, record_list = definition.list_shape, definition.record_list
    if list_shape is None or record_list is None:
        return found
    asked = {leaf.path for leaf in leaves(clause.condition) if isinstance(leaf, Is)}
    for name, allowed in own.values.items():
        path = pattern(record_list, name)
        if path in asked and set(list_shape.options[name]) - allowed:
            found.append(Is(path, allowed))
    rest = definition.normal_form_of(tuple(step for step in definition.steps if step != clause))
    for name, test in own.moments.items():
        beside = rest.disjuncts[0].moments.get(name)
        outside = ~test.times & (beside.times if beside else TimeSet.ALL)
        if _fits({**_times(disjunct_of(definition)), name: outside}, list_shape):
            found.append(Within(pattern(record_list, name), ~outside))
        found += test.coverage
    return found


def _times(disjunct: Disjunct) -> dict[str, TimeSet]:
    return {name: test.times for name, test in disjunct.moments.items()}


def _fits(times: dict[str, TimeSet], list_shape: ListShape) -> bool:
    return place(times, dict.fromkeys(list_shape.moments, ANY_TIME), list_shape) is not None


# ---- what can be left open ----


@lru_cache(maxsize=256)
def openings(definition: ClassDefinition) -> dict[str, list[Opening]]:
    """The facts that the outcome can turn on, by path, and for each the ways in which it can.

    >>> from eligibility.rules import class_definition
    >>> list(openings(class_definition()))[:3]
    ['messages.inmail', 'messages.shared', 'messages.shared_at']
    """
    found: dict[str, list[Opening]] = {}
    for opening in _openings(definition):
        found.setdefault(opening.path, []).append(opening)
    return found


def _openings(definition: ClassDefinition) -> Iterator[Opening]:
    disjunct = disjunct_of(definition)
    record_list, list_shape = definition.record_list, definition.list_shape
    if record_list is not None and list_shape is not None:
        for name, allowed in disjunct.values.items():
            if set(list_shape.options[name]) - allowed:
                yield Opening(f"{record_list}.{name}")
        for name, test in disjunct.moments.items():
            path = f"{record_list}.{name}"
            yield from (Opening(path, None, sides) for sides in _edges(disjunct, list_shape, name))
            if _has_room(disjunct, list_shape, name):
                yield from (Opening(path, leaf) for leaf in test.coverage)
        yield Opening(complete_path(record_list))
    for name, spans in shape(definition.model).lists.items():
        reading = [leaf for leaf in disjunct.span_leaves if leaf.spans == name]
        inside = {moment: test.times & INSIDE for moment, test in disjunct.moments.items()}
        can_move = list_shape is None or _fits(inside, list_shape)
        if reading:
            yield from (Opening(path) for path in _of_spans(name, spans, reading, can_move))
    yield from (Opening(only.path) for only in disjunct.answers)


def _edges(disjunct: Disjunct, list_shape: ListShape, name: str) -> Iterator[tuple[int, int]]:
    """Each edge of a moment's time set that it can stand at: the instant inside, and outside."""
    for first, last in disjunct.moments[name].times.spans:
        for inside, outside in ((first, first - 1), (last, last + 1)):
            low, high = sorted((inside, outside))
            bounds = dict.fromkeys(list_shape.moments, ANY_TIME) | {name: (inside, inside)}
            for before, then in list_shape.record.order:
                if before == name:
                    bounds[then] = (high, LATEST)
                elif then == name:
                    bounds[before] = (EARLIEST, low)
            on_the_line = low >= EARLIEST and high <= LATEST
            if on_the_line and place(_times(disjunct), bounds, list_shape) is not None:
                yield inside, outside


def _has_room(disjunct: Disjunct, list_shape: ListShape, name: str) -> bool:
    """Whether a moment can lie at either of two instants, with all others where they are."""
    first = place(_times(disjunct), dict.fromkeys(list_shape.moments, ANY_TIME), list_shape) or {}
    low = max((first[f] for f, then in list_shape.record.order if then == name), default=EARLIEST)
    last: dict[str, int] = {}
    for each in reversed(list_shape.sequence):
        high = min((last[then] for f, then in list_shape.record.order if f == each), default=LATEST)
        if each == name:
            return low < high
        at = _times(disjunct).get(each, TimeSet.ALL).last(EARLIEST, high)
        last[each] = EARLIEST if at is None else at
    return False


def _of_spans(
    name: str,
    list_shape: ListShape,
    reading: list[SpanLeaf],
    can_move: bool,  # noqa: FBT001 - read once
) -> Iterator[str]:
    evers = [leaf for leaf in reading if isinstance(leaf, Ever)]
    only_ever = len(evers) == len(reading)
    if len(evers) <= 1 or not only_ever:  # two of them may be met by two spans
        for edge in ("start", "end") if can_move or only_ever else ():
            if not only_ever or ends_of(evers[0].times, edge):
                yield f"{name}.{edge}"
        yield from (f"{name}.{key}" for key in openable(list_shape, reading[0].where))
    yield complete_path(name)


def ends_of(times: TimeSet, key: str) -> list[tuple[int, int]]:
    """The spans of a set that a start can be moved out of to the right, or an end to the left."""
    if key == "start":
        return [span for span in times.spans if span[1] < LATEST]
    return [span for span in times.spans if span[0] > EARLIEST]
