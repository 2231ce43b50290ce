"""As few parts of something as still hold: the one mechanism behind reasons and simplest examples.

Parts are left out for as long as something stays so. Where leaving out more never makes it so
again (as knowing less never decides a verdict), what remains is minimal, whatever the order: none
of it could be forgotten when more was left, so none can be now. For the same reason a group can be
left out at once if and only if its parts can, one after the other: groups save questions, and
change nothing of what remains.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from eligibility.evaluation.work import OutOfWorkError
from eligibility.facts.boxes import Values
from eligibility.facts.known import KnownRecord
from eligibility.facts.normalise import forgetting
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict

T = TypeVar("T")
P = TypeVar("P")


def minimise(
    whole: T,
    parts: Sequence[P],
    without: Callable[[T, Sequence[P]], T],
    still_holds: Callable[[T], bool],
) -> T:
    """The whole without the parts that can be left out, tried in order; `still_holds` of it.

    All of them are tried at once if they are more than two, then half by half. A search that is out
    of work ends there, with more than it takes.
    """
    waiting = [parts] if len(parts) > 2 else [parts[at : at + 1] for at in range(len(parts))][::-1]
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
    list_shape: ListShape,
    record: KnownRecord,
    still_holds: Callable[[KnownRecord], bool],
    needed: Mapping[str, bool] = FrozenDict(),
) -> KnownRecord:
    """The record with as few of its facts as still hold.

    Of some it is known beforehand whether they are `needed`, whatever else is known of it.
    """
    if spare := [name for name in record.said if needed.get(name) is False]:
        record = forgetting(list_shape, record, spare)
    tried = tuple(name for name in record.said if name not in needed)
    return minimise(record, tried, partial(forgetting, list_shape), still_holds)


def needed_of(list_shape: ListShape, asked: Mapping[str, Values]) -> dict[str, bool]:
    """Which values of a record are needed for it to be surely as it is asked, whatever else is.

    Those are that are asked for, unless all that they can be will do. No others are, but for a
    value by which moments exist, and where something is supposed: these are to be tried.
    """
    if list_shape.supposed is not None:
        return {}
    every = list_shape.all_values
    needed = {name: name in asked and not every[name] <= asked[name] for name in list_shape.values}
    condition = list_shape.existence_condition
    if condition is not None and not needed[condition]:
        del needed[condition]
    return needed
