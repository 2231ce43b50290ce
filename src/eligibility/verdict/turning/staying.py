"""Which opponents stay in where moments are held to some times, whatever can be known of them.

Of a record of one box it is plain: each moment that can be known must lie within its times with all
its bounds, and the one that nobody can know must be able to lie in them where the others leave it
least room. Such records are looked for in the order of a moment. Of two it is enough to know: one
of them may be let in itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from eligibility.evaluation.reference import Times
from eligibility.evaluation.work import Work
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownRecord

#: So many are enough to know.
_ENOUGH: Final = 2


@frozen(eq=False)
class Plain:
    """A record of one box: `within` are bounds that must lie in their times, `meets` one that may.

    Both by moment.
    """

    record: KnownRecord
    within: Mapping[str, Bounds]
    meets: tuple[str, Bounds] | None = None

    def stays(self, times: Times) -> bool:
        """Whether it is in."""
        if not all(times[name].covers(*bounds) for name, bounds in self.within.items()):
            return False
        return self.meets is None or times[self.meets[0]].first(*self.meets[1]) is not None


@frozen(eq=False)
class Staying:
    """Tells which of some records stay in; `stays` says it of those that are not plain."""

    others: tuple[KnownRecord, ...]
    by: str
    lows: list[int]
    plain: list[Plain]
    stays: Callable[[KnownRecord, Times], bool]
    work: Work
    _found: dict[object, tuple[KnownRecord, ...]] = field(init=False, factory=dict)

    @classmethod
    def of(
        cls,
        records: Iterable[KnownRecord],
        plainly: Callable[[KnownRecord], Plain | None],
        stays: Callable[[KnownRecord, Times], bool],
        work: Work,
    ) -> "Staying":
        """Of these records, in the order of a moment that has to lie within its times."""
        every = [(record, plainly(record)) for record in records]
        by = next((name for _, plain in every if plain for name in plain.within), "")
        ordered = [plain for _, plain in every if plain and by in plain.within]
        ordered.sort(key=lambda plain: plain.within[by])
        lows = [plain.within[by][0] for plain in ordered]
        others = (record for record, plain in every if not plain or by not in plain.within)
        return cls(tuple(others), by, lows, ordered, stays, work)

    def at(self, times: Times) -> tuple[KnownRecord, ...]:
        """Two that stay in at some times, or as many as there are."""
        key = tuple(within.spans for within in times.values())
        if key not in self._found:
            found: list[KnownRecord] = []
            for record, stays in self._tried(times):
                self.work.spend(1)
                if stays:
                    found.append(record)
                    if len(found) == _ENOUGH:
                        break
            self._found[key] = tuple(found)
        return self._found[key]

    def _tried(self, times: Times) -> Iterator[tuple[KnownRecord, bool]]:
        for first, last in times[self.by].spans if self.by else ():
            begin = bisect_left(self.lows, first)
            for plain in self.plain[begin : bisect_right(self.lows, last, begin)]:
                yield plain.record, plain.stays(times)
        for record in self.others:
            yield record, self.stays(record, times)
