"""Records that are never in alone: wherever they are possibly in, so is another one.

Take an opponent, which no fact of its own keeps out, and let all that can be known of it speak
against it. If it can still lie at every instant at which another record may lie, then it is in
wherever that one is: what spans cover is the same for both, and a moment of which nothing is asked
can be placed, since what follows from the order is filled in. So no fact of the other one turns
what the possibly pass says, and neither does whether there is such a record.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds, Box
from eligibility.facts.known import KnownRecord
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.alike import values_asked
from eligibility.verdict.turning.anyway import Anyway
from eligibility.verdict.turning.pairs import Spans
from eligibility.verdict.turning.pivotal import apt, core, one_apt
from eligibility.verdict.turning.reach import narrower
from eligibility.verdict.unknown import open_of

#: With so many opponents, at most, a record is compared.
_MOST: Final = 8


@frozen(eq=False)
class Outdone:
    """Tells which records of a list are outdone, in one disjunct; `by` are opponents, by place."""

    disjunct: Disjunct
    by: tuple[tuple[int, Mapping[str, Bounds]], ...]

    @classmethod
    def of(
        cls,
        opponents: Iterable[KnownRecord],
        definition: ClassDefinition,
        disjunct: Disjunct,
        spans: Spans,
    ) -> "Outdone":
        """By these opponents, of the possibly pass."""
        name, asked = definition.record_list or "", values_asked(definition)
        list_shape = spans.facts.shape.lists[name]
        kept: list[tuple[int, Mapping[str, Bounds]]] = []
        for record in opponents:
            known = open_of(record, spans.known(name, record.index))
            if asked.isdisjoint(known):
                kept += (
                    (record.index, box.bounds)
                    for box in _at_worst(record, list_shape, known, disjunct)
                    if len(kept) < _MOST and not any(_is_within(box, b, disjunct) for _, b in kept)
                )
        return cls(disjunct, tuple(kept))

    def has(self, record: KnownRecord) -> bool:
        """Whether a record is outdone by another one."""
        return any(
            index != record.index
            and all(_is_within(box, bounds, self.disjunct) for box in apt(record, self.disjunct))
            for index, bounds in self.by
        )


@frozen(eq=False)
class SurelyOutdone:
    """Tells the same of the surely pass: a record is surely in only where another one is, too.

    Whatever is known of a record, its moments may still lie in their `core`, so where it is surely
    in, spans let in all of that. An opponent that lies there with all its bounds, or where spans
    let it in whatever comes out, is surely in as well, and what spans do is the same for both. If
    it is the record itself, no fact of its own keeps it out. Where a span of a list is `turned`,
    spans of that list do what they do in one of the two histories only: what is asked of them, at
    some time or of a moment of the opponent, has to be met whatever comes out. `by` are the bounds
    of opponents that have to lie in a core.
    """

    anyway: Anyway
    by: tuple[Mapping[str, Bounds], ...]
    #: By place and boxes of a record; these are kept so that nothing else is taken for them.
    _has: dict[tuple[int, int], tuple[tuple[Box, ...], bool]] = field(init=False, factory=dict)

    @classmethod
    def of(cls, opponents: Iterable[KnownRecord], anyway: Anyway, turned: str) -> "SurelyOutdone":
        """By these opponents, where spans let in some times anyway."""
        kept: list[Mapping[str, Bounds]] = []
        tests = anyway.disjunct.moments
        leaves = (leaf for test in tests.values() for leaf in test.coverage)
        common = anyway.times_with({o: TimeSet.ALL for o in leaves if o.spans != turned})
        evers = (ever for ever in anyway.disjunct.evers if ever.spans == turned)
        for record in opponents if all(map(anyway.holds, evers)) else ():
            bounds = {key: record.bounds[key] for key in tests}
            left = {key: at for key, at in bounds.items() if not anyway.times[key].covers(*at)}
            is_common = all(common[key].covers(*at) for key, at in left.items())
            if is_common and not any(_lies_in(each, left) for each in kept):
                kept = [*(each for each in kept if not _lies_in(left, each)), left][-_MOST:]
        return cls(anyway, tuple(kept))

    def has(self, record: KnownRecord) -> bool:
        """Whether a record is outdone by another one."""
        if not self.by:
            return False
        at = record.index, id(record.boxes)
        if at not in self._has:
            cores = [self._cores(box, record.index) for box in apt(record, self.anyway.disjunct)]
            is_so = any(all(_lies_in(bounds, each) for each in cores) for bounds in self.by)
            self._has[at] = record.boxes, is_so
        return self._has[at][1]

    def left(self, record: KnownRecord, moment: str) -> TimeSet:
        """The instants of a moment at which a record may be surely in alone.

        Where it is at an instant, what comes later may be there at the earliest, and what comes
        before there at the latest; and it is in a box in which it can be so.
        """
        known, sequence = self._known(record.index) - {moment}, self._sequence
        at, boxes = sequence.index(moment), apt(record, self.anyway.disjunct)
        outdone = []
        for bounds in self.by:
            first = max(
                (high for key, (_, high) in bounds.items() if sequence.index(key) <= at),
                default=EARLIEST,
            )
            last = min(
                (low for key, (low, _) in bounds.items() if sequence.index(key) >= at),
                default=LATEST,
            )
            if first <= last and all(
                _lies_in(bounds, {key: core(box, sequence, known, key) for key in bounds})
                for box in boxes
                if moment not in box.bounds
                or not (box.bounds[moment][1] < first or last < box.bounds[moment][0])
            ):
                outdone.append((first, last))
        return ~TimeSet.union(outdone)

    def _cores(self, box: Box, index: int) -> Mapping[str, Bounds]:
        known, sequence = self._known(index), self._sequence
        return {key: core(box, sequence, known, key) for key in self.anyway.disjunct.moments}

    def _known(self, index: int) -> frozenset[str]:
        return self.anyway.spans.known(self.anyway.definition.record_list or "", index)

    @property
    def _sequence(self) -> Sequence[str]:
        lists = self.anyway.spans.facts.shape.lists
        return lists[self.anyway.definition.record_list or ""].sequence


def _lies_in(bounds: Mapping[str, Bounds], others: Mapping[str, Bounds]) -> bool:
    """Whether others have the same moments, and these lie within them."""
    return all(
        key in others and others[key][0] <= low and high <= others[key][1]
        for key, (low, high) in bounds.items()
    )


def _at_worst(
    record: KnownRecord, list_shape: ListShape, known: list[str], disjunct: Disjunct
) -> list[Box]:
    """The box of a record of which all that can be known speaks against it, where that is plain.

    The later a moment is that comes before others, the later are they. Of a moment that is asked
    for, or that comes after others, or where what is supposed leaves several boxes, it is not as
    plain.
    """
    supposed = list_shape.supposed if len(record.boxes) > 1 else None
    moments = [key for key in known if key in list_shape.moments]
    late = disjunct.moments.keys() | {then for _, then in list_shape.record.order}
    if (supposed and known) or not late.isdisjoint(moments):
        return []
    if not one_apt(record, known, disjunct):
        return []
    made = narrower(list_shape, record, {key: (record.bounds[key][1],) * 2 for key in moments})
    return apt(made, disjunct) if made else []


def _is_within(box: Box, bounds: Mapping[str, Bounds], disjunct: Disjunct) -> bool:
    """Whether all moments exist that do elsewhere, and those asked for lie where they may there."""
    return bounds.keys() <= box.bounds.keys() and all(
        bounds[name][0] <= box.bounds[name][0] and box.bounds[name][1] <= bounds[name][1]
        for name in disjunct.moments
    )
