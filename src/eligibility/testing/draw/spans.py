"""Writes spans that surely cover instants, surely miss them, or could do either."""

from typing import Any

from attrs import frozen

from eligibility.audit.spans import asked_of
from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Bounds
from eligibility.facts.fields import NOT_ENDED
from eligibility.facts.model import Value
from eligibility.facts.shape import ListShape
from eligibility.testing.draw.histories import RecordData, ends_never, free_values, one_of, some_of
from eligibility.testing.draw.instants import Draws
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

ALWAYS: Bounds = (EARLIEST, LATEST)


@frozen
class SpanDrawer:
    """Writes the spans of one list, which is read through one filter."""

    draws: Draws
    list_shape: ListShape
    where: tuple[Is, ...]

    def covering(self, hull: Bounds, room: Bounds = ALWAYS) -> RecordData:
        """A span that counts and surely covers a hull, and surely nothing outside of its room."""
        span = self._counting()
        span["start"] = self.draws.within(TimeSet.of((room[0], hull[0])))
        span["end"] = self._ending((hull[1], room[1]))
        return span

    def covering_together(self, hull: Bounds, room: Bounds = ALWAYS) -> list[RecordData]:
        """Two such spans that cover a hull, of two instants at least, only together."""
        first, last = hull
        cut = self.draws.instant(TimeSet.of((first, last - 1)))
        early, late = self._counting(), self._counting()
        early["start"] = self.draws.within(TimeSet.of((room[0], first)))
        early["end"] = self.draws.within(TimeSet.of((cut, last - 1)))
        late["start"] = self.draws.within(TimeSet.of((first + 1, cut + 1)))
        late["end"] = self._ending((last, room[1]))
        return [early, late]

    def missing(self, holes: TimeSet) -> RecordData | None:
        """A span that surely covers none of some instants or does not count; None for no such."""
        gaps, strange = ~holes, openable(self.list_shape, self.where)
        if not strange and gaps.is_empty:
            return None
        span = free_values(self.draws, self.list_shape)
        if strange and (gaps.is_empty or self.draws.flip()):
            name = self.draws.choose(tuple(strange))
            span[name] = one_of(self.draws, strange[name])
            gaps = TimeSet.ALL
        at = self.draws.instant(gaps)
        gap = around(gaps, at)
        if gap[0] > EARLIEST or self.draws.flip():
            span["start"] = self.draws.within(TimeSet.of(gap), at)
        if gap[1] < LATEST or self.draws.flip():
            span["end"] = self._ending((at, gap[1]))
        return span

    def open_field(self, hull: Bounds, name: str) -> RecordData:
        """A span that covers a hull if it counts, which hangs on a field that is not known."""
        span = self.covering(hull)
        span[name] = open_value(self.draws, self.list_shape, name, asked_of(self.where)[name])
        return span

    def open_edge(self, edge: str, sides: Bounds, other: Bounds) -> RecordData:
        """A span that counts, with a start or end that may be either of two instants.

        Its other edge surely lies within `other`, beyond both.
        """
        span = self._counting()
        if edge == "start":
            span["end"] = self._ending(other)
        else:
            span["start"] = self.draws.within(TimeSet.of(other))
        if self.draws.flip():
            span[edge] = either(self.draws, *sorted(sides))
        return span

    def crossing(self, at: int) -> RecordData:
        """A span that surely covers one of two instants, `at` and the next, and neither surely."""
        span = self._counting()
        span["start"] = Moment.between(self.draws.instant(TimeSet.of((EARLIEST, at))), at + 1)
        span["end"] = Moment.between(at, self.draws.instant(TimeSet.since(at + 1)))
        return span

    def _counting(self) -> RecordData:
        span, allowed = free_values(self.draws, self.list_shape), asked_of(self.where)
        for name, values in self.list_shape.options.items():
            if name in allowed:
                counting = [value for value in values if value in allowed[name]]
                span[name] = one_of(self.draws, counting)
        return span

    def _ending(self, room: Bounds) -> Moment:
        if room[1] == LATEST and ends_never(self.draws, self.list_shape, "end"):
            return NOT_ENDED
        return self.draws.within(TimeSet.of(room))


def open_value(draws: Draws, list_shape: ListShape, name: str, allowed: frozenset[Value]) -> Any:
    """What is said of a fact that may be as is asked or not: nothing, or words of both kinds."""
    words = list_shape.vocabulary.get(name, ())
    inside = [word for word in words if word in allowed]
    outside = [word for word in words if word not in allowed]
    if not (inside and outside) or len(words) == len({*inside[:1], *outside[:1]}):
        return None
    if not draws.rarely(3):
        return None
    return some_of(draws, words, draws.choose(inside), draws.choose(outside))


def around(times: TimeSet, at: int) -> Bounds:
    """The span of a set that an instant of it lies in."""
    return next(span for span in times.spans if span[0] <= at <= span[1])


def either(draws: Draws, low: int, high: int) -> Moment:
    """A moment that may mean either of two instants."""

    def means_both(first: int, last: int) -> bool:
        return first <= low and high <= last

    found = draws.moment(low, means_both)
    if means_both(found.earliest, found.latest):
        return found
    return Moment.between(low, high, draws.zone)


def openable(list_shape: ListShape, where: tuple[Is, ...]) -> dict[str, list[Value]]:
    """For each field that a filter asks for, the values with which a span does not count."""
    others = {
        name: [value for value in list_shape.options[name] if value not in values]
        for name, values in asked_of(where).items()
    }
    return {name: values for name, values in others.items() if values}
