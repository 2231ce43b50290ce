"""What the spans of a history may cover, and what they cover whatever is so.

A span is its start and its end; which of its list count is asked of their yes/no facts and words. A
span that nobody listed may cover whatever the statements about its list leave.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import field, frozen

from eligibility.audit.ways import Bounds, OfList, bounds_of, values_of
from eligibility.definition.conditions import Is
from eligibility.facts.model import History, Record, Value
from eligibility.facts.paths import field_of
from eligibility.facts.supposition import Supposition
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


@frozen(eq=False)
class Known:
    """A history, and what is supposed of it."""

    history: History
    supposition: Supposition | None
    spend: Callable[[int], None]
    _lists: dict[str, OfList] = field(factory=dict)
    _unlisted: dict[tuple[str, frozenset[Is]], tuple[Bounds, ...]] = field(factory=dict)

    def list(self, name: str) -> OfList:
        """What holds of the records of a list."""
        if name not in self._lists:
            self._lists[name] = OfList.of(self.history, name, self.supposition)
        return self._lists[name]

    def sure(self, name: str, where: Iterable[Is]) -> Iterator[Bounds]:
        """Of each span that surely counts, the latest start and the earliest end.

        Of a span that surely covers no single instant the latest start lies after the earliest
        end: whatever is so, it covers some one instant from the one to the other.
        """
        asked = asked_of(where)
        for span in getattr(self.history, name):
            found = [*self._ways(name, span, asked)]
            if all(counts for counts, _, _ in found):
                begun = max(last for _, (_, last), _ in found)
                ending = min(first for _, _, (first, _) in found)
                yield begun, ending

    def possible(self, name: str, where: Iterable[Is]) -> Iterator[Bounds]:
        """What each span that may count covers at its widest, in every way that it may be."""
        asked = asked_of(where)
        for span in getattr(self.history, name):
            yield from self._widest(name, span, asked)
        if not self.list(name).is_complete:
            key = name, frozenset(where)
            if key not in self._unlisted:
                self._unlisted[key] = tuple(self._widest(name, None, asked))
            yield from self._unlisted[key]

    def coverage(self, name: str, where: Iterable[Is], *, most: bool) -> TimeSet:
        """The instants that some span may cover, or those that one covers whatever is so."""
        spans = (self.possible if most else self.sure)(name, where)
        return TimeSet.union(spans)

    def _widest(
        self, name: str, span: Record | None, asked: Mapping[str, frozenset[Value]]
    ) -> Iterator[Bounds]:
        found = self._ways(name, span, asked)
        yield from {(first, last) for counts, (first, _), (_, last) in found if counts}

    def _ways(
        self, name: str, span: Record | None, asked: Mapping[str, frozenset[Value]]
    ) -> Iterator[tuple[bool, Bounds, Bounds]]:
        """Whether a span counts, and the bounds of its start and its end, in every way."""
        of_list = self.list(name)
        list_shape = of_list.list_shape
        if span is not None and of_list.supposition is None:  # it is all ways at once
            *_, bounds = bounds_of(list_shape, span).values()  # the last are the widest
            may_be = {key: values_of(list_shape, span, key) for key in asked}
            if all(may_be[key] & asked[key] for key in asked):
                yield True, bounds["start"], bounds["end"]
            if not all(may_be[key] <= asked[key] for key in asked):
                yield False, bounds["start"], bounds["end"]
            return
        known = list_shape.record.model_construct() if span is None else span
        instants = (EARLIEST, *sorted(of_list.edges))
        ends = (*instants[1:], LATEST + 1)
        *_, bounds = bounds_of(list_shape, known).values()  # what may not exist is in no order
        for way, stretches in of_list.ways(span, tuple(asked), instants, self.spend):
            counts = all(getattr(way, key) in asked[key] for key in asked)
            start, end = (
                (max(instants[at], bounds[key][0]), min(ends[at] - 1, bounds[key][1]))
                for key, at in (("start", stretches["start"]), ("end", stretches["end"]))
            )
            yield counts, start, end


def asked_of(where: Iterable[Is]) -> dict[str, frozenset[Value]]:
    """The values that a span may have so that it counts, by field."""
    asked: dict[str, frozenset[Value]] = {}
    for only in where:
        asked[field_of(only.path)] = asked.get(field_of(only.path), only.values) & only.values
    return asked
