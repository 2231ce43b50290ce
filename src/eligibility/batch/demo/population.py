"""A fictional population, block by block, as normalised tables: realistic, and hardly ever known.

Most accounts have a few messages and some have thousands. Most dates are imprecise, and of most
messages nobody knows whether they were shared. Everything follows from the seed: the same seed and
size, the same population. What is drawn first is what was so; what is known of it are bounds around
that, so that every history has a world.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from attrs import field, frozen

from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    STATEMENTS,
    UNKNOWN,
    bounds_of,
    complete_flag,
    contract,
)
from eligibility.history import AccountHistory
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    LATEST,
    SECOND,
    instant,
    load_zone,
    local_span,
)

#: So many accounts are made at a time; the last block may have fewer.
BLOCK: Final = 50_000
#: How a moment is known, as `<name>_known` says it; what is unknown is the last.
EXACT, DAYS, MONTHS, UNKNOWN_MOMENT = range(4)

_Array: TypeAlias = np.ndarray[Any, Any]
#: By how a moment is known, how often it is.
_Shares: TypeAlias = tuple[float, float, float, float]

#: Nothing happens before, and nothing is known after.
_BEGIN: Final = instant(datetime(2019, 1, 1, tzinfo=UTC))
_END: Final = instant(datetime(2025, 1, 21, tzinfo=UTC))

#: The middle account has two or three messages, the average account eight.
_MESSAGES_MEDIAN: Final = 2.6
_MESSAGES_SPREAD: Final = 1.5
_SUBSCRIPTIONS: Final = (0.15, 0.55, 0.2, 0.08, 0.02)
_PERMISSIONS: Final = (0.92, 0.07, 0.01)
#: How often a list is complete.
_COMPLETE: Final = {"premium": 0.7, "messages": 0.35, "permissions": 0.65}
#: How often who is customarily left out is known not to be, and known to be.
_EXCLUDED: Final = (0.85, 0.003)
_PLAN_UNKNOWN: Final = 0.08
#: Unknown, no, yes.
_INMAIL: Final = (0.2, 0.5, 0.3)
_DIRECTION: Final = (0.1, 0.4, 0.5)
_RECIPIENT: Final = (0.8, 0.1, 0.1)
_SHARED: Final = (0.55, 0.32, 0.13)

_SPAN: Final = (0.55, 0.2, 0.13, 0.12)
_SENT: Final = (0.7, 0.15, 0.1, 0.05)
_SHARED_AT: Final = (0.25, 0.2, 0.3, 0.25)
_SHARED_AT_IF_AT_ALL: Final = (0.02, 0.03, 0.05, 0.9)


@frozen
class Block:
    """Some accounts that follow each other: their normalised tables, all sorted by account.

    Beside its two bounds, each moment has `<name>_known`, which says how it is known.
    """

    first: int
    accounts: int
    tables: dict[str, pl.DataFrame]
    random: np.random.Generator = field(eq=False)


def blocks(accounts: int, seed: int) -> Iterator[Block]:
    """The population, block by block.

    >>> (block,) = blocks(3, seed=1)
    >>> block.tables["accounts"]["account_id"].to_list()
    ['FICTIONAL-0000001', 'FICTIONAL-0000002', 'FICTIONAL-0000003']
    """
    for at, first in enumerate(range(0, accounts, BLOCK)):
        random = np.random.default_rng([seed, at])
        count = min(BLOCK, accounts - first)
        ids = account_ids(first, count, accounts)
        tables = {
            ACCOUNTS: _accounts(random, ids),
            "premium": _premium(random, ids),
            "messages": _messages(random, ids),
            "permissions": _permissions(random, ids),
        }
        yield Block(first, count, tables, random)


def account_ids(first: int, count: int, accounts: int) -> pl.Series:
    """The ids of some of so many accounts: sorted as texts, they are sorted as numbers."""
    numbers = pl.int_range(first + 1, first + count + 1, eager=True).cast(pl.String)
    padded = numbers.str.zfill(max(7, len(str(accounts))))
    return (pl.lit("FICTIONAL-") + padded).pipe(pl.select).to_series().alias(ACCOUNT_ID)


def _accounts(random: np.random.Generator, ids: pl.Series) -> pl.DataFrame:
    table = contract(AccountHistory)[ACCOUNTS]
    no, yes = _EXCLUDED
    flags = {
        complete_flag(name): (random.random(len(ids)) < share).astype(np.int8)
        for name, share in _COMPLETE.items()
    }
    answers = {name: _chosen(random, len(ids), (1 - no - yes, no, yes)) for name in table.values}
    stated = pl.repeat("", len(ids), eager=True)
    return pl.DataFrame({ACCOUNT_ID: ids, **flags, STATEMENTS: stated, **answers})


def _chosen(random: np.random.Generator, count: int, shares: tuple[float, ...]) -> _Array:
    """Codes from -1 on, each as often as its share."""
    edges = np.cumsum(shares)[:-1]
    return (np.searchsorted(edges, random.random(count), side="right") + UNKNOWN).astype(np.int8)


def _premium(random: np.random.Generator, ids: pl.Series) -> pl.DataFrame:
    counts = _chosen(random, len(ids), _SUBSCRIPTIONS) + 1
    owners, start, end = _spans(random, counts, lasting=400 * DAY, still=0.4)
    words = len(contract(AccountHistory)["premium"].values["plan"])
    plan = random.integers(0, words, len(owners)).astype(np.int16)
    plan[random.random(len(owners)) < _PLAN_UNKNOWN] = UNKNOWN
    known = {"plan": plan} | _known_span(random, start, end)
    return pl.DataFrame({ACCOUNT_ID: ids.gather(owners), **known})


def _permissions(random: np.random.Generator, ids: pl.Series) -> pl.DataFrame:
    counts = _chosen(random, len(ids), _PERMISSIONS) + 1
    owners, start, end = _spans(random, counts, lasting=200 * DAY, still=0.6)
    return pl.DataFrame({ACCOUNT_ID: ids.gather(owners), **_known_span(random, start, end)})


def _spans(
    random: np.random.Generator, counts: _Array, *, lasting: int, still: float
) -> tuple[_Array, _Array, _Array]:
    """Spans of each owner, one after the other; of these, many touch and some overlap.

    One that is still going on ends with the time line.
    """
    owners, starts, ends = [], [], []
    begin = random.integers(_BEGIN, _END - 200 * DAY, len(counts))
    for at in range(counts.max(initial=0)):
        who = np.flatnonzero(counts > at)
        start = begin[who] // SECOND * SECOND
        length = 20 * DAY + random.exponential(lasting, len(who)).astype(np.int64)
        end = (start + length) // SECOND * SECOND - 1
        is_last = counts[who] == at + 1
        goes_on = (is_last & (random.random(len(who)) < still)) | (end >= _END)
        kind = random.random(len(who))
        apart = np.where(kind < 0.3, random.integers(1, 300 * DAY, len(who)), 1)
        begin[who] = end + np.where(kind > 0.8, -10 * DAY, apart)
        owners.append(who)
        starts.append(start)
        ends.append(np.where(goes_on, LATEST, end))
    if not owners:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    owner, start, end = (np.concatenate(each) for each in (owners, starts, ends))
    kept = np.flatnonzero(start < _END)
    order = kept[np.argsort(owner[kept], kind="stable")]
    return owner[order], start[order], end[order]


def _known_span(random: np.random.Generator, start: _Array, end: _Array) -> dict[str, _Array]:
    goes_on = end == LATEST
    begun = _known(random, "start", start, _SPAN)
    ended = _known(random, "end", np.where(goes_on, _END, end), _SPAN)
    first, last = bounds_of("end")
    for column in (first, last):
        ended[column] = np.where(goes_on, LATEST, ended[column])
    ended["end_known"] = np.where(goes_on, EXACT, ended["end_known"]).astype(np.int8)
    return begun | ended


def _messages(random: np.random.Generator, ids: pl.Series) -> pl.DataFrame:
    tail = random.lognormal(np.log(_MESSAGES_MEDIAN), _MESSAGES_SPREAD, len(ids))
    owners = np.repeat(np.arange(len(ids)), np.rint(tail).astype(np.int64))
    count = len(owners)
    sent = random.integers(_BEGIN, _END - 3 * DAY, count) // SECOND * SECOND
    since = 2 * DAY + random.exponential(180 * DAY, count).astype(np.int64)
    shared_at = np.minimum(sent + since, _END) // SECOND * SECOND
    shared = _chosen(random, count, _SHARED)
    was = _known(random, "shared_at", shared_at, _SHARED_AT)
    perhaps = _known(random, "shared_at", shared_at, _SHARED_AT_IF_AT_ALL)
    never = {**dict(zip(bounds_of("shared_at"), (EARLIEST, LATEST), strict=True))}
    never["shared_at_known"] = UNKNOWN_MOMENT
    known = {
        name: np.select([shared == 1, shared == 0], [was[name], never[name]], perhaps[name])
        for name in was
    }
    known["shared_at_known"] = known["shared_at_known"].astype(np.int8)
    return pl.DataFrame(
        {
            ACCOUNT_ID: ids.gather(owners),
            "inmail": _chosen(random, count, _INMAIL),
            "shared": shared,
            "direction": _chosen(random, count, _DIRECTION),
            **_known(random, "sent_at", sent, _SENT),
            **known,
            "recipient": _chosen(random, count, _RECIPIENT),
        }
    )


def _known(
    random: np.random.Generator, name: str, truly: _Array, shares: _Shares
) -> dict[str, _Array]:
    """What is known of moments, of which it is said when they truly were."""
    how = _chosen(random, len(truly), shares) + 1
    some_months = random.integers(0, 4, len(truly)) // 3 * random.integers(1, 5, len(truly))
    days, months = day_edges(), month_edges()
    day = np.searchsorted(days, truly, side="right") - 1
    month = np.searchsorted(months, truly, side="right") - 1
    first, last = bounds_of(name)
    until = np.minimum(month + some_months + 1, len(months) - 1)
    return {
        first: np.choose(how, [truly, days[day], months[month], EARLIEST]),
        last: np.choose(how, [truly, days[day + 1] - 1, months[until] - 1, LATEST]),
        f"{name}_known": how.astype(np.int8),
    }


@cache
def day_edges() -> _Array:
    """When each day begins in the court's zone, from 2019 on, and the end of the last."""
    first, last = datetime(2018, 12, 1), datetime(2026, 1, 1)  # noqa: DTZ001 - local days
    count = (last - first).days
    days = pl.datetime_range(first, last, "1d", eager=True)
    return np.array([_begins(day) for day in days[: count + 1]])


@cache
def month_edges() -> _Array:
    """When each month begins in the court's zone, from 2019 on, and the end of the last."""
    months = [datetime(year, month, 1) for year in range(2018, 2026) for month in range(1, 13)]  # noqa: DTZ001 - local days
    return np.array([_begins(month) for month in months])


def _begins(day: datetime) -> int:
    span = local_span(day, day, load_zone(COURT_ZONE))
    assert span is not None  # noqa: S101 - the court's clocks are never changed at midnight
    return span[0]
