"""Where a question could cut so that people can answer it: at the end of a day.

Facts, a definition and a zone come in; for a cut, the last instants of days go out, to be tried in
its place. Whether the outcome turns there as well is for `relevance` to say.
"""

from bisect import bisect_left
from functools import cached_property
from typing import Final

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownHistory
from eligibility.values.date_words import day_before_and_after, is_midnight
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.verdict.alike import edges_of

#: Of days at whose end something begins or ends, so many are tried on either side of a cut.
_MOST_EDGES: Final = 3


@frozen(slots=False, eq=False)
class Days:
    """The ends of days of a zone that a question could cut at."""

    facts: KnownHistory
    definition: ClassDefinition
    zone: str

    def near(self, at: int, bounds: Bounds, *, of_record: bool) -> list[int]:
        """Ends of days near a cut, near bounds, and where something begins or ends; nearest first.

        Of a record nothing turns where another one lies, so only spans and clauses count.
        """
        low, high = bounds
        edges = self._edges[of_record]
        first, last = bisect_left(edges, low), bisect_left(edges, high)
        near = min(max(bisect_left(edges, at), first), last)
        some = edges[max(first, near - _MOST_EDGES) : min(last, near + _MOST_EDGES)]
        days = (day_before_and_after(x, self.zone) for x in (at + 1, low, high))
        ends = {*some, *(day - 1 for each in days for day in each)}
        return sorted((x for x in ends if low <= x < high), key=lambda x: (abs(x - at), x))

    @cached_property
    def _edges(self) -> tuple[list[int], list[int]]:
        """The ends of days at which something begins or ends: anything, and a span or a clause."""
        spans: set[int] = {*edges_of(self.definition)}
        records: set[int] = set()
        for name, known in self.facts.lists.items():
            found = spans if self.facts.shape.lists[name].is_spans else records
            for first, last in (each for record in known for each in record.bounds.values()):
                found.update((first, last + 1))
        return self._ends_of_days(spans | records), self._ends_of_days(spans)

    def _ends_of_days(self, instants: set[int]) -> list[int]:
        inner = (at for at in instants if EARLIEST < at <= LATEST)
        return sorted(at - 1 for at in inner if is_midnight(at, self.zone))
