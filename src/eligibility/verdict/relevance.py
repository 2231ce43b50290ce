"""Which unknown facts can matter.

Every unknown fact that the definition speaks of, for now: too much is asked, never too little.
"""

from collections.abc import Iterator

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import span_leaves
from eligibility.facts.normalise import KnownHistory
from eligibility.values.timeline import DAY
from eligibility.values.timeset import TimeSet
from eligibility.verdict.unknown import RelevantFact, all_unknown


def relevant_facts(facts: KnownHistory, definition: ClassDefinition) -> Iterator[RelevantFact]:
    """Every unknown fact that the class may turn on, given that it is undecided."""
    read = {leaf.spans for step in definition.steps for leaf in span_leaves(step.condition)}
    yield from all_unknown(facts, definition, read)


def middle_day(times: TimeSet) -> Iterator[int]:
    """The start of the day in the middle of a time set, if it is longer than a day."""
    if not times.is_empty:
        first, last = times.spans[0][0], times.spans[-1][1]
        if last - first > DAY:
            yield first + (last - first) // 2
