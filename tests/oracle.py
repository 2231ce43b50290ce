"""A second opinion on every verdict, by brute force.

The library decides a history by evaluating it twice, 'surely' and 'possibly'. This module decides
it by listing what the history can be: *worlds*, in which every moment is one instant, every
question is answered and every list is complete. A history is eligible if all its worlds are in the
class. Nothing here imports the library, and nothing here uses its ideas; it reads the JSON of a
history (design, 4.1) and plain integers, microseconds since 1970.

**Why a handful of instants is enough.** Whether a world is in the class depends only on how its
instants compare with each other and with the update; which instants are allowed depends on how they
compare with the bounds. So only the *order type* counts: take any world and slide its instants, as
long as none passes another, a bound or the update, and its outcome stays. Between two neighbours
among bounds and update, k sliding instants need at most k places. Fewer do: for a status two places
are enough (one for a span that has shrunk to a point, one beside it), and for two worlds that
differ in one fact three are (the instant of sharing, one place before it, one after). We list all
integers within `reach` = 2 of each bound and of the update: four in each gap that is wide enough,
every integer in one that is not, and two beyond the outermost bounds, for what is not known at all.
`test_oracle_itself` checks that a wider reach changes nothing.

**Why a few added records are enough.** A list that is not complete may hold any number of records
more. Look at two worlds with the same additions, the first in the class by one message, sent at s
and shared at t, the second outside.
- Premium only helps. Keep of the added spans just the point the message needs, [t, t] or [s, s]:
  the first world stays in, the second stays out. So: nothing, or one point.
- Permission only hurts. Add permission everywhere but at t: the first stays in, the second out. So:
  nothing, one span over all, or two that leave out one instant.
- Messages only help. Keep just the message by which the first is in: nothing, or one that fits.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

History = Mapping[str, Any]
Reading = Mapping[str, str]
Bounds = tuple[int, int]

CLAUSES = ("premium", "inmail", "shared", "without-permission", "before-update")
LISTS = ("premium", "messages", "permissions")
COUNTING = frozenset(
    "premium_career premium_business sales_navigator_core sales_navigator_advanced "
    "sales_navigator_advanced_plus recruiter_lite recruiter_corporate recruiter_professional "
    "job_seeker business_plus".split()
)
NOT_COUNTING = ("learning", "premium_company_page", "hiring_pro", "other")
EXCLUSIONS = (
    "presiding_judge_or_family",
    "defendant_or_affiliate",
    "counsel",
    "requested_exclusion",
    "claims_adjudicated_or_released",
    "successor_of_excluded",
)
DIMENSIONS: dict[str, tuple[str, ...]] = {  # the default comes first
    "messages": ("sent-or-received", "sent"),
    "date_limits": ("sharing", "message"),
    "premium_when": ("shared", "messaged", "ever"),
    "update_day": ("before", "through"),
    "exclusions": ("none", "customary"),
}
DEFAULT_READING: dict[str, str] = {name: values[0] for name, values in DIMENSIONS.items()}
READINGS: list[dict[str, str]] = [
    dict(zip(DIMENSIONS, values, strict=True)) for values in itertools.product(*DIMENSIONS.values())
]

# ------------------------------------------------------------------------------------- moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
NEVER = 10**18  # later than any instant that can be written
ALWAYS = -NEVER


def instant(text: str) -> int:
    """An RFC 3339 instant as microseconds since 1970."""
    return (datetime.fromisoformat(text) - EPOCH) // TICK


def written(value: int) -> str:
    """The instant in RFC 3339, in UTC."""
    return (EPOCH + value * TICK).isoformat(timespec="microseconds").replace("+00:00", "Z")


def bounds(moment: str | None) -> Bounds:
    """Inclusive bounds of a moment: unknown, one instant, or `a/b` where either may be `..`."""
    if moment is None:
        return ALWAYS, NEVER
    if "/" not in moment:
        return instant(moment), instant(moment)
    low, high = moment.split("/")
    return (ALWAYS if low == ".." else instant(low)), (NEVER if high == ".." else instant(high))


def end_bounds(end: str | None) -> Bounds:
    """As `bounds`; an end may also be `..`, has not ended."""
    return (NEVER, NEVER) if end == ".." else bounds(end)


def moment(low: int | None, high: int | None) -> str | None:
    """Bounds as they are written in a history; None is 'no bound on this side'."""
    if low is None and high is None:
        return None
    if low is not None and low == high:
        return written(low)
    return "/".join(".." if value is None else written(value) for value in (low, high))


CUTOFF = {
    "before": instant("2024-09-18T07:00:00Z"),  # 18 September 2024 begins in Los Angeles (PDT)
    "through": instant("2024-09-19T07:00:00Z"),  # and is over
}


def axis_of(history: History, reading: Reading, reach: int = 2) -> list[int]:
    """The instants that stand for all: near each bound, and near the update."""
    anchors = {CUTOFF[reading["update_day"]]}
    for name in LISTS:
        for record in history.get(name) or ():
            for key in ("start", "end", "sent_at", "shared_at"):
                anchors.update(end_bounds(record.get(key)))
    anchors -= {ALWAYS, NEVER}
    return sorted({a + step for a in anchors for step in range(-reach, reach + 1)})


# -------------------------------------------------------------------------------------- worlds


class Subscription(NamedTuple):
    plan: bool  # does the plan count as Premium?
    start: int
    end: int


class Permission(NamedTuple):
    start: int
    end: int


class Message(NamedTuple):
    inmail: bool
    direction: str
    sent_at: int
    shared_at: int | None  # None: it was not shared


class World(NamedTuple):
    """Everything known. Records that were added to an open list stand after the listed ones."""

    premium: tuple[Subscription, ...]
    permissions: tuple[Permission, ...]
    messages: tuple[Message, ...]
    excluded: frozenset[str]


def member(world: World, reading: Reading) -> bool:
    """Is the account in the proposed class? As `facts/case.md` has it, word by word."""
    out = reading["exclusions"] == "customary" and bool(world.excluded)
    return prefix_member(world, reading, len(CLAUSES)) and not out


def prefix_member(world: World, reading: Reading, k: int) -> bool:
    """Does some one message meet the first k clauses together?"""
    if k == 1 and reading["premium_when"] == "ever":
        return _ever_premium(world, reading)
    return any(all(_meets(message, world, reading)[:k]) for message in world.messages)


def _ever_premium(world: World, reading: Reading) -> bool:
    return any(p.plan and p.start < CUTOFF[reading["update_day"]] for p in world.premium)


def _meets(message: Message, world: World, reading: Reading) -> list[bool]:
    """What one message meets, clause by clause. Nothing is true of a sharing that never was."""
    if reading["premium_when"] == "ever":
        premium = _ever_premium(world, reading)
    else:
        when = message.shared_at if reading["premium_when"] == "shared" else message.sent_at
        premium = when is not None and any(
            p.plan and p.start <= when <= p.end for p in world.premium
        )
    inmail = message.inmail and (reading["messages"] != "sent" or message.direction == "sent")
    shared = message.shared_at is not None
    allowed = any(c.start <= (message.shared_at or 0) <= c.end for c in world.permissions)
    limited = message.shared_at if reading["date_limits"] == "sharing" else message.sent_at
    before = limited is not None and limited < CUTOFF[reading["update_day"]]
    return [premium, inmail, shared, shared and not allowed, before]


# ------------------------------------------------------- what each record of a history can be


class Choices(NamedTuple):
    """For each record, all it can be; and what may be added to each list (nothing, if closed)."""

    axis: list[int]
    premium: list[list[Subscription]]
    permissions: list[list[Permission]]
    messages: list[list[Message]]
    more_premium: list[tuple[Subscription, ...]]
    more_permissions: list[tuple[Permission, ...]]
    more_messages: list[tuple[Message, ...]]
    flags: list[list[str | None]]  # for each exclusion: its name, or None for 'does not apply'


def choices(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> Choices:
    """List them. An empty list among `premium`, `permissions`, `messages`: there is no world."""
    axis = axis_of(history, reading, reach)

    def instants(limits: Bounds) -> list[int]:
        low, high = limits
        return [low] if low == high else [p for p in axis if low <= p <= high]

    def spans(record: History) -> list[tuple[int, int]]:
        starts, ends = instants(bounds(record.get("start"))), instants(end_bounds(record.get("end")))
        return [(start, end) for start in starts for end in ends if start <= end]

    def message_choices(record: History) -> list[Message]:
        inmail, shared = record.get("inmail"), record.get("shared")
        direction, shared_at = record.get("direction"), record.get("shared_at")
        if shared is False and shared_at is not None:
            return []
        sharings: list[int | None] = [] if shared else [None]
        sharings += [] if shared is False else instants(bounds(shared_at))
        found = [
            Message(i, d, sent, sharing)
            for i in ((True, False) if inmail is None else (inmail,))
            for d in (("sent", "received") if direction is None else (direction,))
            for sent in instants(bounds(record.get("sent_at")))
            for sharing in sharings
            if sharing is None or sent <= sharing
        ]
        return _as_alleged(found, reading) if supposing == "as-alleged" else found

    done = history.get("complete") or ()
    closed = {name: name in done for name in LISTS}
    closed["permissions"] |= supposing == "as-alleged"  # 'unless one is recorded'
    permissions = [(), (Permission(ALWAYS, NEVER),)]
    permissions += [(Permission(ALWAYS, t - 1), Permission(t + 1, NEVER)) for t in axis]
    pairs = [(s, t) for s in axis for t in axis if s <= t]
    given = history.get("exclusions") or {}
    possible = {None: (None, True), True: (True,), False: (None,)}
    return Choices(
        axis=axis,
        premium=[
            [Subscription(counts, *span) for counts in _counts(record) for span in spans(record)]
            for record in history.get("premium") or ()
        ],
        permissions=[
            [Permission(*span) for span in spans(record)]
            for record in history.get("permissions") or ()
        ],
        messages=[message_choices(record) for record in history.get("messages") or ()],
        more_premium=[()]
        if closed["premium"]
        else [(), *((Subscription(True, t, t),) for t in axis)],
        more_permissions=[()] if closed["permissions"] else permissions,
        more_messages=[()]
        if closed["messages"]
        else [(), *((Message(True, "sent", *pair),) for pair in pairs)],
        flags=[[name if on else None for on in possible[given.get(name)]] for name in EXCLUSIONS],
    )


def _counts(record: History) -> tuple[bool, ...]:
    plan = record.get("plan")
    return (True, False) if plan is None else (plan in COUNTING,)


def _as_alleged(found: list[Message], reading: Reading) -> list[Message]:
    """An InMail sent before the update was shared before it, wherever the history lets it be."""
    cutoff = CUTOFF[reading["update_day"]]

    def alleged(m: Message) -> bool:
        return m.shared_at is not None and m.shared_at < cutoff

    can_be = {m[:3] for m in found if m.inmail and alleged(m)}  # then m was sent before, too
    return [m for m in found if m[:3] not in can_be or alleged(m)]


# ------------------------------------------------------------- naively: one world after another


def worlds(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> Iterator[World]:
    """All of them, up to order type: the full product. Only for tiny histories."""
    c = choices(history, reading, supposing, reach)
    for premium, permissions, messages, p, q, m, flags in itertools.product(
        itertools.product(*c.premium),
        itertools.product(*c.permissions),
        itertools.product(*c.messages),
        c.more_premium,
        c.more_permissions,
        c.more_messages,
        itertools.product(*c.flags) if reading["exclusions"] == "customary" else [()],
    ):
        yield World(premium + p, permissions + q, messages + m, frozenset(flags) - {None})


def naive_status(history: History, reading: Reading, supposing: str | None = None) -> str:
    return _status({member(w, reading) for w in worlds(history, reading, supposing, 1)})


def _status(outcomes: set[bool]) -> str:
    if not outcomes:
        return "inconsistent"
    if outcomes == {True, False}:
        return "indeterminate"
    return "eligible" if outcomes == {True} else "ineligible"


def naive_relevant_facts(history: History, reading: Reading) -> set[str]:
    """Group the worlds by all facts but one; a group with both outcomes tells on that fact."""
    together: dict[Any, set[tuple[bool, bool]]] = defaultdict(set)
    for world in worlds(history, reading, None, 1):
        outcome = member(world, reading)
        facts = _facts(world, history)
        for fact, value in facts.items():
            rest = frozenset((f, v) for f, v in facts.items() if f != fact)
            together[fact, rest].add((value is None, outcome))
    relevant = set()
    for (fact, _), seen in together.items():
        if fact.endswith(".shared_at"):  # not shared, against shared; or one time against another
            if {(True, True), (False, False)} <= seen or {(True, False), (False, True)} <= seen:
                relevant.add(fact.removesuffix("_at"))
            if {(False, True), (False, False)} <= seen:
                relevant.add(fact)
        elif len({outcome for _, outcome in seen}) == 2:
            relevant.add(fact)
    return relevant


def _facts(world: World, history: History) -> dict[str, Any]:
    facts: dict[str, Any] = {f"exclusions.{name}": name in world.excluded for name in EXCLUSIONS}
    for name in LISTS:
        records, listed = getattr(world, name), len(history.get(name) or ())
        facts[f"complete.{name}"] = records[listed:]
        for i, record in enumerate(records[:listed]):
            facts |= {f"{name}[{i}].{key}": v for key, v in record._asdict().items()}
    return facts


# --------------------------------------------- factored: the same worlds, without the product
#
# Premium, permissions and messages vary independently, and all that a message sees of the spans is
# which instants they cover. So a combination of spans is a bit mask over the axis, and what a
# message can be is what it *needs*: Premium at (one of) these instants, no permission at that one.


class Need(NamedTuple):
    premium: int  # mask: Premium must cover one of these
    permission: int  # mask: permission must cover none of these

    def met(self, premium: int, permission: int) -> bool:
        return bool(self.premium & premium) and not self.permission & permission


Record = list[tuple[str, list[Any]]]  # groups: (fact, alternatives that differ in that fact only)


class Factored:
    """One history under one reading, ready to be asked."""

    def __init__(self, history: History, reading: Reading, supposing: str | None, reach: int):
        self.reading = reading
        c = self.choices = choices(history, reading, supposing, reach)
        self.consistent = all([*c.premium, *c.permissions, *c.messages])
        self.cutoff = CUTOFF[reading["update_day"]]
        self.bit = {t: 1 << i for i, t in enumerate(c.axis)}
        self.before = sum(bit for t, bit in self.bit.items() if t < self.cutoff)
        self.premium = [[self.mask([p]) for p in record] for record in c.premium]
        self.premium.append([self.mask(more) for more in c.more_premium])
        self.permissions = [[self.mask([p]) for p in record] for record in c.permissions]
        self.permissions.append([self.mask(more) for more in c.more_permissions])
        self.premiums, self.permits = _unions(self.premium), _unions(self.permissions)
        self.excluded = self.may_be_excluded = False
        if reading["exclusions"] == "customary":
            self.excluded = any(None not in flag for flag in c.flags)
            self.may_be_excluded = any(flag != [None] for flag in c.flags)

    def mask(self, spans: Iterable[Subscription | Permission]) -> int:
        found = 0
        for span in spans:
            if not isinstance(span, Subscription) or span.plan:
                found |= sum(b for t, b in self.bit.items() if span.start <= t <= span.end)
        return found

    def need(self, message: Message, k: int) -> Need | None:
        """What it takes of the spans for the message to meet clauses 1 to k; None: impossible."""
        shared = self.bit.get(message.shared_at, 0) if message.shared_at is not None else 0
        limited = message.shared_at if self.reading["date_limits"] == "sharing" else message.sent_at
        fits = (
            message.inmail and (self.reading["messages"] != "sent" or message.direction == "sent"),
            message.shared_at is not None,
            True,
            limited is not None and limited < self.cutoff,
        )
        premium = {
            "shared": shared,
            "messaged": self.bit[message.sent_at],
            "ever": self.before,
        }[self.reading["premium_when"]]
        return Need(premium, shared if k >= 4 else 0) if all(fits[: k - 1]) and premium else None

    def needs(self, k: int) -> list[set[Need | None]]:
        """For each message, listed or added, all it can need. An added one need not be there."""
        found = [{self.need(m, k) for m in record} for record in self.choices.messages]
        more = {self.need(m, k) for added in self.choices.more_messages for m in added}
        return [*found, more | {None}]

    def outcomes(self, k: int) -> set[bool]:
        """Can some one message meet clauses 1 to k? Can none?"""
        if not self.consistent:
            return set()
        if k == 1 and self.reading["premium_when"] == "ever":
            return {bool(self.before & premium) for premium in self.premiums}
        needs = self.needs(k)
        can = any(
            any(n.premium & p for p in self.premiums)
            and any(not n.permission & q for q in self.permits)
            for n in set().union(*needs)
            if n is not None
        )
        cannot = any(  # if all are out, they stay out with less Premium and more permission
            _all_out(needs, premium, permission)
            for premium in _smallest(self.premiums)
            for permission in _largest(self.permits)
        )
        return {outcome for outcome, holds in ((True, can), (False, cannot)) if holds}

    def status(self) -> str:
        outcomes = self.outcomes(len(CLAUSES))
        if outcomes and self.may_be_excluded:
            outcomes = {False} if self.excluded else outcomes | {False}
        return _status(outcomes)

    def relevant(self) -> set[str]:
        """The facts on which two worlds that differ in nothing else differ in outcome.

        The world that is in has one message whose need n is met. Given n, Premium elsewhere and a
        lack of permission elsewhere only endanger the other world, so the facts that do not differ
        may be taken smallest (or largest) among those that still meet n.
        """
        if self.excluded or not self.consistent:
            return set()
        needs = self.needs(len(CLAUSES))
        wanted = {n for n in set().union(*needs) if n is not None}
        found: set[str] = set()
        for n in wanted:
            premiums = _smallest({p for p in self.premiums if p & n.premium})
            permits = _largest({q for q in self.permits if not q & n.permission})
            for fact, without in self._premium_facts.items():
                lacking = {p for p, gain in without if n.premium & gain and not n.premium & p}
                pairs = itertools.product(_smallest(lacking), permits)
                if fact not in found and any(_all_out(needs, p, q) for p, q in pairs):
                    found.add(fact)
            for fact, within in self._permission_facts.items():
                holding = {q for q, loss in within if n.permission & q & loss}
                pairs = itertools.product(premiums, _largest(holding))
                if fact not in found and any(_all_out(needs, p, q) for p, q in pairs):
                    found.add(fact)
            for pair in itertools.product(premiums, permits):
                for j in range(len(needs)):
                    if n in needs[j] and _all_out(needs[:j] + needs[j + 1 :], *pair):
                        found |= {
                            fact
                            for fact, group in self._message_facts[j]
                            if n in group and _can_be_out(group, *pair)
                        }
        if self.may_be_excluded and True in self.outcomes(len(CLAUSES)):
            found |= {f"exclusions.{next(filter(None, f))}" for f in self.choices.flags if f[1:]}
        return found

    @functools.cached_property
    def _premium_facts(self) -> dict[str, set[tuple[int, int]]]:
        """For each fact: what may be covered, and what another value of the fact would add."""
        return self._span_facts("premium", self.choices.premium, self.premium)

    @functools.cached_property
    def _permission_facts(self) -> dict[str, set[tuple[int, int]]]:
        """For each fact: what may be covered, and what another value of the fact would free."""
        return self._span_facts("permissions", self.choices.permissions, self.permissions)

    def _span_facts(
        self, name: str, records: Sequence[Sequence[Any]], masks: list[list[int]]
    ) -> dict[str, set[tuple[int, int]]]:
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for i, of_record in enumerate(masks):
            elsewhere = _unions(masks[:i] + masks[i + 1 :])
            if i == len(records):
                groups = [(f"complete.{name}", of_record)]
            else:
                groups = [
                    (f"{name}[{i}].{fact}", [self.mask([row]) for row in rows])
                    for fact, rows in _groups(records[i])
                ]
            for fact, group in groups:
                if len(group) > 1:
                    any_of, all_of = _or(group), _and(group)
                    change = any_of if name == "premium" else ~all_of
                    found[fact] |= {
                        (mask | other, change & ~other) for mask in group for other in elsewhere
                    }
        return found

    @functools.cached_property
    def _message_facts(self) -> list[list[tuple[str, set[Need | None]]]]:
        """For each message: facts, each with needs between which nothing but the fact decides."""
        k = len(CLAUSES)
        found: list[list[tuple[str, set[Need | None]]]] = []
        for j, record in enumerate(self.choices.messages):
            groups = [(f, {self.need(m, k) for m in rows}) for f, rows in _groups(record)]
            found.append([(f"messages[{j}].{fact}", group) for fact, group in groups])
        return [*found, [("complete.messages", self.needs(k)[-1])]]


def _groups(rows: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Group what a record can be by all its fields but one, for each field in turn.

    A message that was not shared has no time of sharing, so it differs in `shared` alone from
    each one that was; two that were shared differ in `shared_at`.
    """
    found: list[tuple[str, list[Any]]] = []
    for position, fact in enumerate(rows[0]._fields):
        by_rest: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            by_rest[row[:position] + row[position + 1 :]].append(row)
        for group in by_rest.values():
            if fact == "shared_at":
                not_shared = [row for row in group if row.shared_at is None]
                group = [row for row in group if row.shared_at is not None]
                found += [("shared", [*not_shared, row]) for row in group]
            found.append((fact, group))
    return [(fact, group) for fact, group in found if len(group) > 1]


def _can_be_out(needs: Iterable[Need | None], premium: int, permission: int) -> bool:
    return any(n is None or not n.met(premium, permission) for n in needs)


def _all_out(needs: Iterable[Iterable[Need | None]], premium: int, permission: int) -> bool:
    return all(_can_be_out(of_message, premium, permission) for of_message in needs)


def _or(masks: Iterable[int]) -> int:
    return functools.reduce(operator.or_, masks)


def _and(masks: Iterable[int]) -> int:
    return functools.reduce(operator.and_, masks)


def _unions(records: Iterable[Iterable[int]]) -> set[int]:
    """All that the records can cover together."""
    found = {0}
    for record in records:
        found = {mask | other for mask in set(record) for other in found}
    return found


def _smallest(masks: set[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if all(other & ~mask for other in kept):
            kept.append(mask)
    return kept


def _largest(masks: set[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count, reverse=True):
        if all(mask & ~other for other in kept):
            kept.append(mask)
    return kept


def status(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> str:
    """'eligible', 'ineligible', 'indeterminate' or, where there is no world, 'inconsistent'."""
    return Factored(history, reading, supposing, reach).status()


def clause_truths(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> list[bool | None]:
    """For each clause: does some one message meet it and all before it? None is unknown."""
    factored = Factored(history, reading, supposing, reach)
    found = [factored.outcomes(k) for k in range(1, len(CLAUSES) + 1)]
    return [None if len(outcomes) != 1 else True in outcomes for outcomes in found]


def relevant_facts(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> set[str]:
    """The unknown facts that matter: two worlds that differ in that fact only differ in outcome.

    `messages[0].shared_at` and the like are paths of the history; `complete.premium` stands for
    the records that an open list may hold beyond those listed.
    """
    return Factored(history, reading, supposing, reach).relevant()


# ------------------------------------------------------------------------- histories at random

SIZE, UPDATE = 9, 5  # random moments lie on 0..SIZE, and the update at UPDATE


class _Maker:
    """Makes one random history, on a small axis of integers around one cut-off."""

    def __init__(self, rng: Random, cutoff: int, clarity: float, tiny: bool):
        self.rng, self.cutoff, self.clarity, self.tiny = rng, cutoff, clarity, tiny
        self.favourites = [rng.randint(0, SIZE) for _ in range(3)]  # so that bounds are shared

    def yes(self, chance: float) -> bool:
        return self.rng.random() < chance

    def place(self, low: int = 0, high: int = SIZE) -> int:
        near = [f for f in self.favourites if low <= f <= high]
        return self.rng.choice(near) if near and self.yes(0.5) else self.rng.randint(low, high)

    def moment(self, low: int = 0, high: int = SIZE) -> str | None:
        """Known to the microsecond, or by bounds, or from one side, or not at all."""
        first, last = self.place(low, high), self.place(low, high)
        first, last = min(first, last), max(first, last)
        if self.yes(self.clarity):
            last = first + self.yes(0.2)
        at = [self.cutoff + v - UPDATE for v in (first, last)]
        if self.yes(self.clarity) or self.yes(0.5) or self.tiny:
            return moment(*at)
        return self.rng.choice([None, moment(None, at[1]), moment(at[0], None)])

    def answer(self, chance: float) -> bool | None:
        known = self.yes(self.clarity) or self.yes(0.3)
        return self.yes(chance) if known else None

    def span(self, low: int, high: int) -> dict[str, Any]:
        middle = (low + high) // 2
        crossing = self.yes(0.15)  # the end may come before the start may
        end = self.moment(low if crossing else middle, high)
        return {
            "start": self.moment(low, high if crossing else middle),
            "end": ".." if self.yes(0.2) else end,
        }

    def plan(self) -> str | None:
        if not (self.yes(self.clarity) or self.yes(0.6)):
            return None
        return self.rng.choice(NOT_COUNTING if self.yes(0.1) else sorted(COUNTING))

    def premium(self) -> list[dict[str, Any]]:
        count = 1 if self.tiny else self.rng.choices([0, 1, 2], [1, 6, 5])[0]
        ranges = [(0, SIZE), (0, SIZE)]
        if count == 2 and self.yes(0.6):  # two that cover only together what neither does
            middle = self.place(2, SIZE - 2)
            ranges = [(0, middle), (middle + self.yes(0.3), SIZE)]
        return [
            {"id": f"p{i}", "plan": self.plan(), **self.span(*ranges[i])} for i in range(count)
        ]

    def message(self, i: int) -> dict[str, Any]:
        shared = self.answer(0.85)
        sent = self.place(0, UPDATE)
        found: dict[str, Any] = {
            "id": f"m{i}",
            "inmail": self.answer(0.85),
            "direction": self.rng.choice(["sent", "sent", "received"]),
            "sent_at": self.moment(0, sent),
            "shared": shared,
            "shared_at": self.moment(sent, SIZE if self.yes(0.3) else max(sent, UPDATE - 1)),
        }
        if not (self.yes(self.clarity) or self.yes(0.5)):
            found["direction"] = None
        if shared is False:
            del found["shared_at"]
        return {key: value for key, value in found.items() if value is not None or self.yes(0.5)}


def random_history(rng: Random, update_day: str | None = None, *, tiny: bool = False) -> History:
    """A small history near one of the cut-offs; every status comes up often.

    `tiny` ones have one record of each kind at most, so that the full product can be listed.
    """
    cutoff = CUTOFF[update_day or rng.choice(sorted(CUTOFF))]
    make = _Maker(rng, cutoff, rng.choice([0.2, 0.6, 0.9, 1.0]), tiny)
    messages = [make.message(i) for i in range(1 if tiny else rng.choices(range(4), [1, 6, 5, 3])[0])]
    permissions = [{"id": f"c{i}", **make.span(0, SIZE)} for i in range(rng.choices([0, 1, 2], [8, 4, 0 if tiny else 2])[0])]
    history: dict[str, Any] = {
        "schema_version": "1",
        "account_id": "A-1001",
        "premium": make.premium(),
        "messages": messages,
        "permissions": permissions,
        "complete": [name for name in LISTS if make.yes(0.4 + 0.55 * make.clarity)],
    }
    if make.yes(0.4):
        history["exclusions"] = {name: False if make.yes(0.95) else make.answer(0.5) for name in EXCLUSIONS if make.yes(0.97)}
    return history
