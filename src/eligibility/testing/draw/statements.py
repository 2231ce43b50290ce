"""Writes statements of completeness that leave no room for a record of some kind.

A record that nobody listed fails one condition of each statement. So a list needs not be complete
for nothing of a kind to be missing: one statement does that all records of that kind meet, or
several of which they meet one.
"""

from collections.abc import Mapping

from eligibility.facts.boxes import Bounds
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.model import Value
from eligibility.testing.draw.histories import Draft, RecordData, some_of
from eligibility.testing.draw.instants import Draws
from eligibility.testing.draw.spans import either
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


def close(
    draft: Draft, name: str, values: Mapping[str, frozenset[Value]], bounds: Mapping[str, Bounds]
) -> None:
    """State that a list lacks nothing with such values, and moments within such bounds.

    It is the simplest to state that it lacks nothing.
    """
    where = _conditions(draft, name, values, bounds) if draft.draws.flip() else {}
    if not where:
        draft.complete.add(name)
        return
    cut = _cut(draft.draws, where)
    several = [where | {key: part} for key, parts in cut.items() for part in parts] or [where]
    draft.statements += [CompletenessStatement(name, each) for each in several]


def _conditions(
    draft: Draft, name: str, values: Mapping[str, frozenset[Value]], bounds: Mapping[str, Bounds]
) -> RecordData:
    """Conditions that all such records meet, and perhaps some others."""
    draws, list_shape = draft.draws, draft.seen.lists[name]
    where: RecordData = {}
    for key, allowed in values.items():
        options = list_shape.options[key]
        if len(allowed) < len(options) and draws.flip():
            must = [value for value in options if value in allowed]
            where[key] = some_of(draws, options, *must) if key in list_shape.vocabulary else must[0]
    for key, (first, last) in bounds.items():
        if (first, last) != (EARLIEST, LATEST) and draws.flip():
            where[key] = either(draws, first, last)
    return where


def _cut(draws: Draws, where: RecordData) -> dict[str, tuple[object, object]]:
    """One of the conditions in two parts, or none."""
    key = draws.choose(("", *where))
    value = where.get(key)
    if isinstance(value, tuple):
        at = draws.choose(range(1, len(value)))
        first, then = (part if len(part) > 1 else part[0] for part in (value[:at], value[at:]))
        return {key: (first, then)}
    if isinstance(value, Moment) and value.earliest < value.latest:
        at = draws.instant(TimeSet.of((value.earliest, value.latest - 1)))
        early = either(draws, value.earliest, at)
        return {key: (early, either(draws, at + 1, value.latest))}
    return {}
