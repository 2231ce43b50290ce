"""What spans do in every world, and what they do in some: whether they count, what they cover.

Instants are UTC microseconds, and bounds include both ends. A span surely covers what lies from its
latest start to its earliest end. One whose latest start comes after its earliest end (a *crossing*
span) surely covers no single instant, though it covers some one of those between: what follows from
that is in `joint_coverage`.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, Is
from eligibility.facts.boxes import Box, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


def surely_counts(span: KnownRecord | Box, where: tuple[Is, ...]) -> bool:
    """Whether a span counts, in every world."""
    values = span.values
    return all(values[name] <= allowed for name, allowed in _asked(where))


def possibly_counts(span: KnownRecord | Box, where: tuple[Is, ...]) -> bool:
    """Whether a span counts, in some world; of a record, whether one of its boxes may."""
    if not where:
        return True
    asked = _asked(where)
    for box in span.boxes if isinstance(span, KnownRecord) else (span,):
        for name, allowed in asked:
            if box.values[name].isdisjoint(allowed):
                break
        else:
            return True
    return False


@lru_cache(maxsize=1024)
def _asked(where: tuple[Is, ...]) -> tuple[tuple[str, Values], ...]:
    """What is asked of which fields."""
    return tuple((field_of(only.path), only.values) for only in where)


def surely_touches(span: KnownRecord, ever: Ever) -> bool:
    """Whether a span counts and has an instant in the time set, in every world."""
    return surely_counts(span, ever.where) and all(_must_touch(b, ever) for b in span.boxes)


def _must_touch(box: Box, ever: Ever) -> bool:
    start, end = box.bounds["start"][1], box.bounds["end"][0]
    if start > end:  # it may have any one of the instants between and no other
        return ever.times.covers(end, start)
    return ever.times.first(start, end) is not None


def possibly_touched(facts: KnownHistory, ever: Ever) -> bool:
    """Whether some span that counts has an instant in the time set, in some world."""
    return not (possible_coverage(facts, ever.spans, ever.where) & ever.times).is_empty


def in_one_box(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether each span that the definition reads may be all that one box allows."""
    return all(len(span.boxes) == 1 for name in definition.filters for span in facts.lists[name])


def certain_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span covers in every world."""
    kept, key = facts.kept(spans), (certain_coverage, where)
    if key not in kept:
        kept[key] = _certain_coverage(facts, spans, where)
    found: TimeSet = kept[key]
    return found


def possible_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span, listed or not, covers in some world."""
    kept, key = facts.kept(spans), (possible_coverage, where)
    if key not in kept:
        boxes = chain(facts.unlisted[spans], *(span.boxes for span in facts.lists[spans]))
        kept[key] = possibly_covered(boxes, where)
    found: TimeSet = kept[key]
    return found


def narrowest_crossing(facts: KnownHistory, spans: str) -> int:
    """How far the first and the last instant lie apart of the crossing span that has the fewest."""
    kept = facts.kept(spans)
    if narrowest_crossing not in kept:
        ends = ((span.bounds["end"][0], span.bounds["start"][1]) for span in facts.lists[spans])
        widths = (last - first for first, last in ends if first < last)
        kept[narrowest_crossing] = min(widths, default=LATEST - EARLIEST)
    found: int = kept[narrowest_crossing]
    return found


def surely_touched(facts: KnownHistory, ever: Ever) -> bool:
    """Whether some one span that counts has an instant in the time set, in every world."""
    kept, key = facts.kept(ever.spans), (surely_touched, ever)
    if key not in kept:
        kept[key] = any(surely_touches(span, ever) for span in facts.lists[ever.spans])
    found: bool = kept[key]
    return found


def _certain_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    counting = [s.bounds for s in facts.lists[spans] if not where or surely_counts(s, where)]
    # of a crossing span nothing is left between the two
    return TimeSet.union([(bounds["start"][1], bounds["end"][0]) for bounds in counting])


def possibly_covered(boxes: Iterable[Box], where: tuple[Is, ...]) -> TimeSet:
    """The instants that spans of some boxes may cover."""
    counting = [box.bounds for box in boxes if not where or possibly_counts(box, where)]
    return TimeSet.union([(bounds["start"][0], bounds["end"][1]) for bounds in counting])
