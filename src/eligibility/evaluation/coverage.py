"""What spans do in every world, and what they do in some: whether they count, what they cover.

Instants are UTC microseconds, and bounds include both ends. A span surely covers what lies from its
latest start to its earliest end. One whose latest start comes after its earliest end (a *crossing*
span) surely covers no single instant, though it covers some one of those between: what follows from
that is in `joint_coverage`.
"""

from eligibility.definition.conditions import Ever, Is
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet


def surely_counts(span: KnownRecord, where: tuple[Is, ...]) -> bool:
    """Whether a span counts, in every world."""
    return all(span.values[field_of(only.path)] in only.values for only in where)


def possibly_counts(span: KnownRecord, where: tuple[Is, ...]) -> bool:
    """Whether a span counts, in some world."""
    for only in where:
        value = span.values[field_of(only.path)]
        if value is not None and value not in only.values:
            return False
    return True


def surely_touches(span: KnownRecord, ever: Ever) -> bool:
    """Whether a span counts and has an instant in the time set, in every world."""
    start, end = span.bounds["start"][1], span.bounds["end"][0]
    return surely_counts(span, ever.where) and (
        ever.times.covers(end, start)  # it may have any one of these instants and no other
        if span.is_crossing
        else ever.times.first(start, end) is not None
    )


def possibly_touches(span: KnownRecord, ever: Ever) -> bool:
    """Whether a span counts and has an instant in the time set, in some world."""
    start, end = span.bounds["start"][0], span.bounds["end"][1]
    return possibly_counts(span, ever.where) and ever.times.first(start, end) is not None


def certain_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span covers in every world."""
    return TimeSet.union(
        (span.bounds["start"][1], span.bounds["end"][0])
        for span in facts.lists[spans]
        if surely_counts(span, where) and not span.is_crossing
    )


def possible_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span covers in some world; all of them if the list is open."""
    if spans in facts.open:
        return TimeSet.ALL
    return TimeSet.union(
        (span.bounds["start"][0], span.bounds["end"][1])
        for span in facts.lists[spans]
        if possibly_counts(span, where)
    )
