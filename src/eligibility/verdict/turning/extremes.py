"""Moments that need not be tried everywhere: as early as can be does, or as late.

One that nobody can know, and of which spans must keep off, lies as early as can be. It stays open
in both histories of a pair, and all that its instant decides is what spans have to leave free. Let
it lie earlier, as long as every span that could lie before it still can, and no instant lies
between that ends what an opponent may have for it. Then spans can do whatever they could do before:
what lies after it can still do so, what lies before it covers the same opponents, and none of these
has an instant that is free now and was not. So it is tried just after each of these, where what is
asked of it begins, and as soon as the moments before it allow.

One that can be known, and of which no span is asked, lies as late as can be, if the record is the
same in both histories, and what comes after it has its instant. It takes nothing from the first
history, and what it comes before has fewer instants left to be in at in the second. So it is tried
as late as what comes after it allows, and where what is asked of it, or a box, ends.
"""

from collections.abc import Iterable, Iterator

from eligibility.definition.normal_form import Disjunct
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.shape import ListShape


def lies_early(disjunct: Disjunct, moment: str) -> bool:
    """Whether only spans that must keep off it are asked of a moment, and of no other the same."""
    asked = {leaf.spans for leaf in disjunct.moments[moment].uncovered}
    others = (test for name, test in disjunct.moments.items() if name != moment)
    return not disjunct.moments[moment].covered and asked.isdisjoint(
        leaf.spans for test in others for leaf in test.coverage
    )


def lies_late(disjunct: Disjunct, list_shape: ListShape, moment: str) -> bool:
    """Whether no span is asked of a moment, and none has to come before it."""
    test = disjunct.moments.get(moment)
    return not (test and test.coverage) and all(
        then != moment for _, then in list_shape.record.order
    )


def stops(
    facts: KnownHistory,
    disjunct: Disjunct,
    list_shape: ListShape,
    opponents: Iterable[KnownRecord],
    moment: str,
) -> frozenset[int]:
    """The instants just before which spans, or opponents, leave a moment less room."""
    lists = [leaf.spans for leaf in disjunct.moments[moment].uncovered]
    boxes = [box for name in lists for box in facts.unlisted[name]]
    boxes += [box for name in lists for span in facts.lists[name] for box in span.boxes]
    found = {end + 1 for box in boxes for pair in box.bounds.values() for end in pair}
    for record in opponents:
        found.update(ends_of(record, list_shape, moment))
    return frozenset(found)


def ends_of(record: KnownRecord, list_shape: ListShape, moment: str) -> Iterator[int]:
    """The first instants after those that a record may have for a moment, whatever is known."""
    after = list_shape.sequence[list_shape.sequence.index(moment) + 1 :]
    for bounds in (box.bounds for box in record.boxes):
        ends = [bounds[moment][1]] if moment in bounds else []
        ends += [end for name in after if name in bounds for end in bounds[name]]
        yield from (end + 1 for end in ends)
