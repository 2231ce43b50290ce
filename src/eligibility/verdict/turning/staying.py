"""Which opponents stay in where moments are held to some times, whatever can be known of them.

Of a record of one box it is plain: each moment that can be known must lie within its times with all
its bounds, and the one that nobody can know must be able to lie in them where the others leave it
least room. They are looked for in the order of whichever bound leaves the fewest to look at. Of two
it is enough to know: one of them may be let in itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
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
class _Row:
    """Plain records in the order of a moment, `by`, that has to lie within its times.

    That is the order of when it can be at first, or at last: `ends` are these instants. `meets` is
    the moment that all of them meet, if they meet one; `left` then says of each where it may lie of
    that record, or of any after it: where no time is left, none of these stays in.
    """

    by: str
    meets: str
    plain: list[Plain]
    ends: list[int]
    left: list[Bounds]

    @classmethod
    def of(cls, by: str, end: int, meets: str, records: Iterable[Plain]) -> "_Row":
        """Of some plain records, by the first of the bounds of a moment, or by the last."""
        plain = sorted(records, key=lambda each: each.within[by][end])
        ranges = [each.meets[1] for each in reversed(plain) if each.meets]
        firsts = accumulate((low for low, _ in ranges), min)
        lasts = accumulate((high for _, high in ranges), max)
        left = [*zip(firsts, lasts, strict=True)][::-1]
        return cls(by, meets, plain, [each.within[by][end] for each in plain], left)

    def count(self, times: Times) -> int:
        """How many may stay in, as far as this bound goes."""
        return sum(
            bisect_right(self.ends, last) - bisect_left(self.ends, first)
            for first, last in times[self.by].spans
        )

    def tried(self, times: Times) -> Iterator[tuple[KnownRecord, bool]]:
        """Each that may stay in, and whether it does."""
        for first, last in times[self.by].spans:
            begin = bisect_left(self.ends, first)
            for at in range(begin, bisect_right(self.ends, last, begin)):
                if self.left and times[self.meets].first(*self.left[at]) is None:
                    return
                yield self.plain[at].record, self.plain[at].stays(times)


@frozen(eq=False)
class Staying:
    """Tells which of some records stay in; `stays` says it of those that are not plain.

    The plain ones that have to lie within some times are in `rows` of the same records, each in the
    order of another bound.
    """

    rows: tuple[tuple[_Row, ...], ...]
    others: tuple[tuple[KnownRecord, Plain | None], ...]
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
        """Of these records."""
        alike: dict[tuple[str, ...], list[Plain]] = {}
        others: list[tuple[KnownRecord, Plain | None]] = []
        for record in records:
            plain = plainly(record)
            if plain and plain.within:
                meets = plain.meets[0] if plain.meets else ""
                alike.setdefault((meets, *sorted(plain.within)), []).append(plain)
            else:
                others.append((record, plain))
        rows = (
            tuple(_Row.of(by, end, meets, some) for by in within for end in (0, 1))
            for (meets, *within), some in alike.items()
        )
        return cls(tuple(rows), tuple(others), stays, work)

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
        for rows in self.rows:
            yield from min(rows, key=lambda row: row.count(times)).tried(times)
        for record, plain in self.others:
            yield record, plain.stays(times) if plain else self.stays(record, times)
