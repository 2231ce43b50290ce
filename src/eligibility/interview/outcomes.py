"""What can still come of an interview: statuses under what a person may yet say.

A history normalised, a definition and K come in. To see whether something matters, all else of K is
taken to be known in one way or another (a *completion*), and the statuses are compared. What lies
outside K stays unknown throughout.

The spans of a list are completed all at once: grown to all that they may cover, or shrunk to the
least. Then one record at a time is looked at, each of its moments of K at an instant on either side
of whatever a condition can turn on; the others are such that they do not count, where they can be.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product
from typing import Final, TypeAlias

from attrs import frozen

from eligibility.definition.conditions import time_edges
from eligibility.evaluation.coverage import possibly_counts
from eligibility.evaluation.reference import Possibly, Surely
from eligibility.facts.boxes import Bounds, Box, Said, narrowed
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.interview.completions import Completions
from eligibility.interview.listing import Listing
from eligibility.values.timeline import DAY, EARLIEST, LATEST

#: A status as a number: ineligible, indeterminate, eligible.
OUT, OPEN, IN = range(3)
#: Statuses, one for each way in which the records could be.
Outcomes: TypeAlias = tuple[int, ...]
#: So many edges are looked at one by one; of more, those that lie at the ends.
MOST_EDGES: Final = 60
_MOST_WAYS: Final = 200


@frozen
class Way:
    """One way in which one record could be; `record` is its place, if it is listed."""

    record: int | None
    boxes: tuple[Box, ...]


@frozen(slots=False)
class Outlook(Completions):
    """What can still come of it, of some facts."""

    facts: KnownHistory
    listing: Listing

    @cached_property
    def records(self) -> str | None:
        """The list of which one record must meet all clauses."""
        return self.definition.record_list

    # ---- edges ---------------------------------------------------------------------------------

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """The instants from which on something may be otherwise than before."""
        found = set(time_edges(step.condition for step in self.definition.steps))
        for list_shape in self.facts.shape.lists.values():
            supposition = getattr(list_shape.supposed, "supposition", None)
            if supposition is not None:
                found.add(supposition.before)
        bounds: set[int] = set()
        for name in self.filters:
            for span in self.facts.lists[name]:
                if possibly_counts(span, self.filters[name]):
                    bounds |= {at for b in span.bounds.values() for at in (b[0], b[1] + 1)}
        for boxes in self.facts.unlisted.values():
            bounds |= {at for x in boxes for b in x.bounds.values() for at in (b[0], b[1] + 1)}
        return tuple(sorted(found | set(_ends(bounds))))

    @cached_property
    def all_edges(self) -> tuple[int, ...]:
        """The same, with the bounds of the records that may count."""
        bounds = {
            at
            for record in self.representatives
            for box in record.boxes
            for b in box.bounds.values()
            for at in (b[0], b[1] + 1)
        }
        inside = {at for at in (*self.edges, *_ends(bounds)) if EARLIEST < at <= LATEST}
        return tuple(sorted(inside))

    @cached_property
    def halved(self) -> tuple[int, ...]:
        """The edges, and between any two the middle: of two moments there, one is the earlier."""
        return halved(self.edges)

    def cells(self, within: Bounds, edges: Iterable[int]) -> list[Bounds]:
        """Bounds, cut at edges."""
        low, high = within
        cuts = [low, *sorted({edge for edge in edges if low < edge <= high}), high + 1]
        return [(a, b - 1) for a, b in pairwise(cuts)]

    # ---- records -------------------------------------------------------------------------------

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Every way in which one record could be, listed or not; alike ones once."""
        if self.records is None:
            return ()
        found: list[Way] = []
        for record in self.representatives:
            found += [
                Way(record.index, boxes) for boxes in self.assignments(record.boxes, record.index)
            ]
        if self.knowable.records(self.records):
            for box in self.facts.unlisted[self.records]:
                found += [Way(None, boxes) for boxes in self.assignments((box,), None)]
        return tuple(dict.fromkeys(found))[:_MOST_WAYS]

    @cached_property
    def representatives(self) -> tuple[KnownRecord, ...]:
        """Of listed records that could count, and of which nothing tells apart, the first."""
        return tuple(part[0] for part in self._slices)

    @cached_property
    def _slices(self) -> tuple[Sequence[KnownRecord], ...]:
        slices = self.listing.slices(self.edges)
        return tuple(part for part in slices if any(map(self.could_count, part[0].boxes)))

    def alike(self, some: Iterable[KnownRecord]) -> list[KnownRecord]:
        """All listed records that nothing tells apart from some representatives."""
        indexes = {record.index for record in some}
        return [each for part in self._slices if part[0].index in indexes for each in part]

    @cached_property
    def knows_instants(self) -> bool:
        """Whether some moment that may count is known to the instant, and not to the day."""
        spans = (
            span
            for name, where in self.filters.items()
            for span in self.facts.lists[name]
            if possibly_counts(span, where)
        )
        return any(
            EARLIEST < low == high < LATEST
            for record in (*spans, *self.representatives)
            for low, high in record.bounds.values()
        )

    def could_count(self, box: Box) -> bool:
        """Whether the values of a box allow what some disjunct asks for."""
        return any(
            all(box.values[name] & allowed for name, allowed in disjunct.values.items())
            for disjunct in self.disjuncts
        )

    def assignments(
        self, boxes: tuple[Box, ...], index: int | None, *, fixed: str = ""
    ) -> Iterator[tuple[Box, ...]]:
        """A record as it counts, if it can: its values of K so, its moments of K at an instant."""
        for said in self._good_values(index, fixed):
            for at in self._instants(boxes, index, fixed):
                made = self._narrowed(boxes, {**said, **at})
                if made:
                    yield made

    def _good_values(self, index: int | None, fixed: str) -> Iterator[Said]:
        name = self.records or ""
        done = []
        for disjunct in self.disjuncts:
            said = {
                key: allowed
                for key, allowed in disjunct.values.items()
                if key != fixed and self.knowable.fact(name, index, key)
            }
            if said not in done:
                done.append(said)
                yield said

    def _instants(
        self, boxes: tuple[Box, ...], index: int | None, fixed: str
    ) -> Iterator[dict[str, Bounds]]:
        list_shape = self.facts.shape.lists[self.records or ""]
        names = [
            key
            for key in list_shape.moments
            if key != fixed and self.knowable.fact(self.records or "", index, key)
        ]
        points = []
        for key in names:
            bounds = [box.bounds[key] for box in boxes if key in box.bounds]
            cells = [cell for b in bounds for cell in self.cells(b, self.halved)]
            ends = {at for c in cells for at in (c if self.knows_instants else inside(c))}
            points.append([(at, at) for at in sorted(ends)])
        for at in product(*points):
            yield dict(zip(names, at, strict=True))

    def _narrowed(self, boxes: Iterable[Box], said: Said) -> tuple[Box, ...]:
        list_shape = self.facts.shape.lists[self.records or ""]
        return tuple(left for box in boxes for left in narrowed(box, list_shape, said))

    @cached_property
    def stubborn(self) -> tuple[Way, ...]:
        """Records of the list that count for something whatever is said of their values of K."""
        return tuple(
            Way(record.index, self._narrowed(record.boxes, self._late(record)) or record.boxes)
            for record in self.representatives
            if not self._can_fail(record)
        )

    def _can_fail(self, record: KnownRecord) -> bool:
        """Whether something can be said of its values that lets it meet no disjunct."""
        return all(
            any(
                record.values[key] - allowed
                and self.knowable.fact(self.records or "", record.index, key)
                for key, allowed in disjunct.values.items()
            )
            for disjunct in self.disjuncts
        )

    def _late(self, record: KnownRecord) -> Said:
        name = self.records or ""
        return {
            key: (last, last)
            for key, (_, last) in record.bounds.items()
            if self.knowable.fact(name, record.index, key)
        }

    # ---- outcomes ------------------------------------------------------------------------------

    def of(
        self,
        facts: KnownHistory,
        ways: Iterable[Way] | None = None,
        stubborn: tuple[Way, ...] | None = None,
    ) -> Outcomes:
        """The statuses of facts whose spans are completed: without any way, and in each of them."""
        sure, maybe = Surely(facts, self.definition), Possibly(facts, self.definition)
        tests = [
            (each, sure.times(each) if sure.account(each) else None, maybe.times(each))
            for each in self.disjuncts
            if maybe.account(each)
        ]

        def status(boxes: tuple[Box, ...]) -> int:
            best = OUT
            for disjunct, certain, possible in tests:
                if certain is not None and all(sure.inside(b, disjunct, certain) for b in boxes):
                    return IN
                if any(maybe.placed(box, disjunct, possible) is not None for box in boxes):
                    best = OPEN
            return best

        base = OUT
        for disjunct, certain, _ in tests:
            if not disjunct.needs_record:
                base = max(base, OPEN if certain is None else IN)
        if self.records and not self.knowable.records(self.records):
            boxes = facts.unlisted[self.records]
            base = max(base, min(status(boxes), OPEN)) if boxes else base
        certain_others = self.stubborn if stubborn is None else stubborn
        others = [(way.record, status(way.boxes)) for way in certain_others]
        found = [max([base, *(each for _, each in others)])]
        for way in self.ways if ways is None else ways:
            rest = [each for record, each in others if record != way.record]
            found.append(max([base, status(way.boxes), *rest]))
        return tuple(found)

    def extremes(self) -> tuple[int, int]:
        """The worst and the best status that something of K can still lead to."""
        best = worst = self.facts
        for name in self.filters:
            harms = name in self.harming
            best = self.shrunk(best, name) if harms else self.grown(best, name)
        ends = []
        for early in (False, True):
            worst = self.facts
            for name in self.filters:
                harms = name in self.harming
                worst = self.grown(worst, name) if harms else self.shrunk(worst, name, early=early)
            worst = self.answered(worst, good=False)
            ends.append(self._worst(worst))
        return min(ends), max(self.of(self.answered(best, good=True)))

    def _worst(self, facts: KnownHistory) -> int:
        """The status where each listed record is as bad as can be, and there are no others."""
        found = [self.of(facts, (), ())[0]]
        for record in (way.record for way in self.stubborn):
            own = [way for way in self.ways if way.record == record]
            found.append(min(self.of(facts, own, ())[1:], default=OUT))
        return max(found)


def inside(cell: Bounds) -> Bounds:
    """Instants near either end of a stretch: its first and last are as the others, to anybody."""
    first, last = cell
    return min(first + 1, last), max(first, last - 1)


def halved(edges: tuple[int, ...]) -> tuple[int, ...]:
    """Edges, and the middle of what lies between any two of them."""
    whole = (EARLIEST, *edges, LATEST)
    middles = {a + (b - a) // 2 for a, b in pairwise(whole) if b - a > DAY}
    return tuple(sorted({*edges, *middles}))


def _ends(bounds: set[int]) -> Iterator[int]:
    inside = sorted(at for at in bounds if EARLIEST < at <= LATEST)
    half = MOST_EDGES // 2
    yield from inside if len(inside) <= MOST_EDGES else (*inside[:half], *inside[-half:])
