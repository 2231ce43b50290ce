"""What a record must meet to bear on the outcome at all: what is asked where no search says more.

Facts, a definition and a list come in; for each way to be in the class, conditions go out. A record
of the class bears on it only where it can be in; a span only where it counts, and where it can
reach an instant at which something is asked of coverage. Whatever fails them all changes nothing.
"""

from collections.abc import Iterator, Mapping

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, SpanLeaf
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import ANY_TIME, Bounds, Said, Values
from eligibility.facts.known import KnownHistory
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet


def least_asked(facts: KnownHistory, definition: ClassDefinition, name: str) -> Iterator[Said]:
    """The conditions on one more record of a list, for each thing that it may be wanted for."""
    view = Possibly(facts, definition)
    for disjunct in definition.normal_form.disjuncts:
        times = view.times(disjunct)
        if not all(map(_hull, times.values())):
            continue  # nothing can be in this way
        if name == definition.record_list:
            yield {**disjunct.values, **_moments(facts, name, times)}
        for leaf in disjunct.span_leaves:
            if leaf.spans == name:
                within = leaf.times if isinstance(leaf, Ever) else _asked(leaf, disjunct)
                yield _of_span(leaf, within)


def _asked(leaf: SpanLeaf, disjunct: Disjunct) -> TimeSet:
    """When the moment that a span is wanted for may lie."""
    return TimeSet.ALL if isinstance(leaf, Ever) else disjunct.moments[field_of(leaf.moment)].times


def _of_span(leaf: SpanLeaf, within: TimeSet) -> Said:
    values: dict[str, Values | Bounds] = {field_of(only.path): only.values for only in leaf.where}
    first, last = _hull(within) or ANY_TIME
    return {**values, "start": (ANY_TIME[0], last), "end": (first, ANY_TIME[1])}


def _moments(
    facts: KnownHistory, name: str, times: Mapping[str, TimeSet]
) -> dict[str, Values | Bounds]:
    """Where the moments of a record lie that is held to times: each, and those before and after.

    Not of one that may not exist, and is held to none: the record is without it what it is with it.
    """
    list_shape = facts.shape.lists[name]
    idle = list_shape.record.exists_if.keys() - times.keys()
    found = {key: _hull(times[key]) or ANY_TIME for key in list_shape.moments if key in times}
    bounds = {key: found.get(key, ANY_TIME) for key in list_shape.moments}
    for first, then in list_shape.record.order:
        bounds[first] = bounds[first][0], min(bounds[first][1], bounds[then][1])
        bounds[then] = max(bounds[first][0], bounds[then][0]), bounds[then][1]
    return {k: each for k, each in bounds.items() if each[0] <= each[1] and k not in idle}


def _hull(times: TimeSet) -> Bounds | None:
    return None if times.is_empty else (times.spans[0][0], times.spans[-1][1])
