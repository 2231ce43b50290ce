"""Draws instants and moments, where it matters.

Instants crowd around anchors: the edges of a definition's time sets, days on which clocks and
calendars are odd, and the bounds that the history has already. A moment is drawn from an instant
that it surely may mean, in a precision that fits; so nothing is ever drawn and thrown away, and
everything shrinks to whole days at plain anchors. (Hypothesis takes fewer draws for
simpler, so what is plain must not take more of them than what is not.)
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeVar

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import time_edges
from eligibility.errors import InvalidMoment
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.testing.draw import st
from eligibility.values.moment import Moment
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    SECOND,
    instant,
    load_zone,
    moment_of,
)
from eligibility.values.timeset import TimeSet

T = TypeVar("T")
#: Whether bounds, earliest and latest, will do.
Fits = Callable[[int, int], bool]

#: Zones that histories are written in, the simplest first: odd offsets, odd changes, date lines.
ZONES: Final = (
    COURT_ZONE,
    "UTC",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Tokyo",
)
#: What a drawn instant may be away from its anchor, in microseconds, the simplest first.
_AWAY: Final = (
    0, -DAY, DAY, -1, 1, -SECOND, SECOND, -3600 * SECOND, 3600 * SECOND,
    -30 * DAY, 30 * DAY, -365 * DAY, 365 * DAY,
)  # fmt: skip
#: A plain day; a leap day; the hours that the court's zone skips and repeats; a far leap day.
_PLAIN: Final = tuple(
    instant(datetime(*day, tzinfo=UTC))
    for day in (
        (2024, 1, 1, 8),
        (2024, 2, 29, 20),
        (2024, 3, 10, 10),
        (2023, 11, 5, 9),
        (2000, 2, 29, 8),
    )
)
#: How a moment is written, the simplest first.
PRECISIONS: Final = (
    "day", "instant", "month", "year", "minute", "local", "tens", "decade", "months",
    "bounds", "not-after", "not-before",
)  # fmt: skip
#: What is tried where a precision does not fit, from coarse to fine. An instant always fits.
_FINER: Final = ("decade", "year", "months", "month", "tens", "day", "minute", "local")


def landmarks(definition: ClassDefinition) -> tuple[int, ...]:
    """The edges of a definition's time sets: where they begin, and where they no longer are.

    >>> from eligibility.rules import UPDATE_DAY_BEGINS, class_definition
    >>> landmarks(class_definition()) == (UPDATE_DAY_BEGINS,)
    True
    """
    return time_edges(step.condition for step in definition.steps)


def edges_of(history: History) -> tuple[int, ...]:
    """Every instant that a moment of a history begins or ends with, but for the time line's own."""
    found = {
        edge
        for name, list_shape in shape(type(history)).lists.items()
        for record in getattr(history, name)
        for key in list_shape.moments
        if (moment := getattr(record, key)) is not None
        for edge in (moment.earliest, moment.latest)
    }
    found |= {
        edge
        for stated in history.complete
        if isinstance(stated, CompletenessStatement)
        for moment in stated.where.values()
        if isinstance(moment, Moment)
        for edge in (moment.earliest, moment.latest)
    }
    return tuple(sorted(found - {EARLIEST, LATEST}))


@lru_cache(maxsize=256)
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


_ANYWHERE: Final = st.integers(0, LATEST - EARLIEST)


def _with_plain_days(anchors: Iterable[int]) -> list[int]:
    return [*anchors, *_PLAIN]


@define
class Draws:
    """What one history is made of: draws choices, instants and moments, in a zone."""

    draw: st.DrawFn
    zone: str
    anchors: list[int] = field(converter=_with_plain_days)
    _fixed: int = field(init=False)

    @_fixed.default
    def _given(self) -> int:
        return len(self.anchors)

    def choose(self, options: Sequence[T]) -> T:
        """One of some options; it shrinks to the first."""
        return options[0] if len(options) == 1 else options[self.draw(_below(len(options)))]

    def flip(self) -> bool:
        """Yes or no; it shrinks to no."""
        return self.draw(_below(2)) == 1

    def rarely(self, one_in: int) -> bool:
        """Yes once in so many times; it shrinks to no."""
        return self.draw(_below(one_in)) == one_in - 1

    def instant(self, within: TimeSet = TimeSet.ALL) -> int:
        """An instant of a set that is not empty, near an anchor."""
        at = self.draw(_below(len(self.anchors) + 1))
        if at == len(self.anchors):
            return nearest(within, EARLIEST + self.draw(_ANYWHERE))
        return nearest(within, self.anchors[at] + self.choose(_AWAY))

    def moment(self, at: int, fits: Fits = lambda *_: True) -> Moment:
        """A moment that may mean an instant, in a drawn precision or a finer one that fits."""
        return self.written(at, self.choose(PRECISIONS), fits)

    def within(self, times: TimeSet, at: int | None = None) -> Moment:
        """A moment all of whose instants lie in a set that is not empty; `at` is one of them."""
        return self.moment(self.instant(times) if at is None else at, times.covers)

    def written(self, at: int, precision: str, fits: Fits) -> Moment:
        """A moment that may mean an instant, in a precision, or a finer one where that fits not."""
        if precision == "instant":
            return self._kept(_instant(at, self.zone, offset=self.flip()))
        if precision in ("bounds", "not-after", "not-before"):
            other = self.instant()
            first = EARLIEST if precision == "not-after" else min(at, other)
            last = LATEST if precision == "not-before" else max(at, other)
            if fits(first, last):
                return self._kept(Moment.between(first, last, self.zone))
            precision = "decade"
        for each in _FINER[_FINER.index(precision) :]:
            text = _text(at, each, self.zone)
            found = _read(text, self.zone) if text else None
            if (
                found
                and found.earliest <= at <= found.latest
                and fits(found.earliest, found.latest)
            ):
                return self._kept(found)
        return self._kept(Moment.at(at))

    def _kept(self, moment: Moment) -> Moment:
        """The moment, whose bounds are anchors from now on: the last few are enough."""
        self.anchors += [moment.earliest, moment.latest]
        del self.anchors[self._fixed : -8]
        return moment


def nearest(times: TimeSet, at: int) -> int:
    """The instant of a set that is nearest to a place on or off the time line."""
    after, before = times.first(at, LATEST), times.last(EARLIEST, at)
    if after is None or (before is not None and at - before < after - at):
        assert before is not None, "the set is empty"  # noqa: S101 - callers ask for no such set
        return before
    return after


def _instant(at: int, zone: str, *, offset: bool) -> Moment:
    if offset:
        local = moment_of(at).astimezone(load_zone(zone))
        found = _read(local.isoformat(), zone)
        if found and found.earliest == found.latest == at:
            return found
    return Moment.at(at)


def _read(text: str, zone: str) -> Moment | None:
    try:
        return Moment.parse(text, zone)
    except InvalidMoment:  # beyond the time line, or an offset with seconds, as of 1900
        return None


def _text(at: int, precision: str, zone: str) -> str | None:
    """An instant in the notation, read in a zone; None beyond the years that can be written."""
    local = moment_of(at).astimezone(load_zone(zone))
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        return None
    day = local.date().isoformat()
    match precision:
        case "decade":
            return day[:3] + "X"
        case "year":
            return day[:4]
        case "months":
            return day[:4] + "-XX"
        case "month":
            return day[:7]
        case "tens":
            return day[:9] + "X"
        case "day":
            return day
        case "minute":
            return f"{day}T{local:%H:%M}"
        case _:
            return local.replace(tzinfo=None, fold=0).isoformat()


def draws_for(draw: st.DrawFn, anchors: Iterable[int], zone: str | None = None) -> Draws:
    """Draws in a zone, itself drawn if none is given."""
    return Draws(draw, zone or ZONES[draw(_below(len(ZONES)))], anchors)
