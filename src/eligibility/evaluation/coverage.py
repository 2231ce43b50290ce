"""The instants that spans cover: in every world, and in some world."""

from collections.abc import Iterator

from eligibility.definition.conditions import Is
from eligibility.facts.normalise import Bounds, KnownHistory, KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet


def surely_counts(record: KnownRecord, where: tuple[Is, ...]) -> bool:
    """Whether a span is one of those that count, in every world."""
    return all(record.values[field_of(only.path)] in only.values for only in where)


def possibly_counts(record: KnownRecord, where: tuple[Is, ...]) -> bool:
    """Whether a span is one of those that count, in some world."""
    for only in where:
        value = record.values[field_of(only.path)]
        if value is not None and value not in only.values:
            return False
    return True


def certain_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span covers in every world, whichever world it is."""
    return TimeSet.union(_certain(facts.lists[spans], where))


def _certain(records: tuple[KnownRecord, ...], where: tuple[Is, ...]) -> Iterator[Bounds]:
    for record in records:
        if surely_counts(record, where) and not record.is_crossing:
            yield record.bounds["start"][1], record.bounds["end"][0]


def possible_coverage(facts: KnownHistory, spans: str, where: tuple[Is, ...]) -> TimeSet:
    """The instants that some span covers in some world; all of them if the list is open."""
    if spans in facts.open:
        return TimeSet.ALL
    return TimeSet.union(
        (record.bounds["start"][0], record.bounds["end"][1])
        for record in facts.lists[spans]
        if possibly_counts(record, where)
    )
