"""What may matter since spans that nobody here can know cover one of a few instants.

A span that starts at 6 or earlier and ends at 5 or later, in microseconds, surely covers one of the
two instants, and neither of them surely. So a message at 5 and one at 6 are in together, and what
is said of the one can turn the outcome beside the other. The search for pairs lets in one record at
a time: where that may happen by a span of which neither end can be known, what is unknown of the
records that may lie there counts as relevant. It takes a record at each of those instants, so it is
rare: a span that is known to the second has a million of them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import Possibly
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path
from eligibility.verdict.unknown import hanging_on, is_open

#: How many records that nobody listed are thought of.
_MOST_UNLISTED: Final = 2


def together(
    facts: KnownHistory, definition: ClassDefinition, knowable: Callable[[str], bool]
) -> Iterator[tuple[str, int | None, str]]:
    """The facts of such records, by list, place and field, and whether there are more of them."""
    name = definition.record_list
    windows = [
        (span.bounds["end"][0], span.bounds["start"][1])
        for spans in definition.filters
        for span in facts.lists[spans]
        if span.is_crossing
        and not any(knowable(fact_path(spans, span.index, key)) for key in ("start", "end"))
    ]
    if name is None or not windows:
        return
    more = _MOST_UNLISTED if name in facts.open and knowable(complete_path(name)) else 0
    able = (
        []
        if all(b - a >= len(facts.lists[name]) + more for a, b in windows)
        else list(_able(facts, definition, name))
    )
    for window in windows:
        there = [record for record in able if _may_lie(record, window)]
        if window[1] - window[0] < len(there) + more:
            if more:
                yield name, None, "complete"
            for record in there:
                for key in hanging_on(definition, name, facts.shape.lists[name]):
                    if is_open(record, key):
                        yield name, record.index, key


def _able(facts: KnownHistory, definition: ClassDefinition, name: str) -> Iterator[KnownRecord]:
    """The records that may be in the class."""
    view = Possibly(facts, definition)
    disjuncts = [(each, view.times(each)) for each in definition.normal_form.disjuncts]
    for record in facts.lists[name]:
        if any(view.meets(record, disjunct, times) for disjunct, times in disjuncts):
            yield record


def _may_lie(record: KnownRecord, window: Bounds) -> bool:
    return any(low <= window[1] and window[0] <= high for low, high in record.bounds.values())
