"""As few parts of something as still hold: the one mechanism behind reasons and simplest examples.

Parts are left out for as long as something stays so. Where leaving out more never makes it so
again (as knowing less never decides a verdict), what remains is minimal, whatever the order: none
of it could be forgotten when more was left, so none can be now. For the same reason a group can be
left out at once if and only if its parts can, one after the other: groups save questions, and
change nothing of what remains.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from eligibility.evaluation.work import OutOfWorkError
from eligibility.facts.normalise import KnownRecord, forgetting
from eligibility.facts.shape import ListShape

T = TypeVar("T")
P = TypeVar("P")


def minimise(
    whole: T,
    parts: Sequence[P],
    without: Callable[[T, Sequence[P]], T],
    still_holds: Callable[[T], bool],
) -> T:
    """The whole without the parts that can be left out, tried in order; `still_holds` of it.

    All of them are tried at once, then half by half. A search that is out of work ends there, with
    more than it takes.
    """
    waiting = [parts] if parts else []
    while waiting:
        some = waiting.pop()
        less = without(whole, some)
        try:
            holds = still_holds(less)
        except OutOfWorkError:
            break
        if holds:
            whole = less
        elif len(some) > 1:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return whole


def minimise_record(
    list_shape: ListShape, record: KnownRecord, still_holds: Callable[[KnownRecord], bool]
) -> KnownRecord:
    """The record with as few of its facts as still hold."""
    return minimise(record, tuple(record.said), partial(forgetting, list_shape), still_holds)
