"""Instants at which people can say whether something was before or after: a question cuts there.

The calendar has a first and a last day, so that what is not known at all has bounds. Nobody thinks
of them: a message of which nothing is known may have been sent in 1900, and whether a subscription
had begun by then decides as much as whether it had begun in 2024, but only the second is asked.
"""

from collections.abc import Iterator

from eligibility.values.timeline import DAY, EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


def plain_instants(times: TimeSet, *, from_first: bool) -> Iterator[int]:
    """Instants at which a set begins or ends, a day within it, and one in the middle.

    UTC microseconds; those at which it has no end but that of the calendar are left out.
    """
    first, last = times.spans[0][0], times.spans[-1][1]
    begins, ends = first > EARLIEST, last < LATEST
    of_first = (first, first - 1 + DAY) if begins else ()
    of_last = (last, last + 1 - DAY) if ends else ()
    if begins and ends:
        yield from (first, last + 1 - DAY, last) if from_first else (last, first - 1 + DAY, first)
        if last - first > DAY:
            yield first + (last - first) // 2
    elif from_first:
        yield from (*of_first, *reversed(of_last))
    else:
        yield from (*of_last, *reversed(of_first))


def is_on_calendar_edge(at: int) -> bool:
    """Whether an instant lies on the first or the last day that there is."""
    return at < EARLIEST + DAY or at > LATEST - DAY
