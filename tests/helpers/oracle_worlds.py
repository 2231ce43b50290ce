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

Where statements of completeness leave only some records to be added, the same holds of those: one
span of Premium that is left, or none; of permissions none, all that are left, or all that leave out
one instant; one message that is left, or none. A record is left if it fails a condition of each
statement. What is supposed leaves fewer messages, of those that are listed too.

Where somebody can know what a list lacks, it makes a difference which spans these are, and not only
what they cover. Then it lacks nothing, any one record that is left, or any two spans of which
neither holds the other; of more it is not told apart here.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

History = Mapping[str, Any]
Reading = Mapping[str, str]
Bounds = tuple[int, int]

CLAUSES = ("premium", "inmail", "shared", "without-permission", "before-update")
LISTS = ("premium", "messages", "permissions")
COUNTING = frozenset(
    {
        "premium_career",
        "premium_business",
        "sales_navigator_core",
        "sales_navigator_advanced",
        "sales_navigator_advanced_plus",
        "recruiter_lite",
        "recruiter_corporate",
        "recruiter_professional",
        "job_seeker",
        "business_plus",
    }
)
YES_NO = (True, False)
DIRECTIONS = ("sent", "received")
RECIPIENTS = ("third_party", "linkedin_or_affiliate")
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
    "recipient": ("anyone", "third-parties"),
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
    if low in {None, ALWAYS} and high in {None, NEVER}:
        return None
    if low is not None and low == high:
        return written(low)
    return "/".join(
        ".." if value in {None, ALWAYS, NEVER} else written(value) for value in (low, high)
    )


CUTOFF = {
    "before": instant("2024-09-18T07:00:00Z"),  # 18 September 2024 begins in Los Angeles (PDT)
    "through": instant("2024-09-19T07:00:00Z"),  # and is over
}


def axis_of(history: History, cutoffs: set[int], reach: int) -> list[int]:
    """The instants that stand for all: near each bound, and near the update."""
    anchors = set(cutoffs)
    for name in LISTS:
        for record in history.get(name) or ():
            for key in ("start", "end", "sent_at", "shared_at"):
                anchors.update(end_bounds(record.get(key)))
    for _, where in statements(history):
        for key in MOMENTS & where.keys():
            anchors.update(end_bounds(where[key]))
    anchors -= {ALWAYS, NEVER}
    beyond = {min(anchors) - 2, max(anchors) + 2}  # of two that lie beyond, one may come first
    return sorted(beyond | {a + step for a in anchors for step in range(-reach, reach + 1)})


# ---------------------------------------------------------------------------------- statements

MOMENTS = {"start", "end", "sent_at", "shared_at"}


def statements(history: History) -> list[tuple[str, History]]:
    """What is stated of lists under conditions: the list, and the conditions."""
    complete = history.get("complete") or ()
    return [(each["list"], each["where"]) for each in complete if not isinstance(each, str)]


def words_of(value: str | list[str] | None, every: Iterable[str]) -> list[str]:
    """The words that a fact may be: it is unknown, or one word, or one of a list of words."""
    return list(every) if value is None else [value] if isinstance(value, str) else value


def is_left(record: Mapping[str, Any], history: History, name: str) -> bool:
    """Whether nobody need have listed a record: it fails a condition of each statement.

    Of a moment, the bounds are conditions, and it must exist.
    """
    return not any(
        all(
            record[key] is not None and bounds[0] <= record[key] <= bounds[1]
            if key in MOMENTS and (bounds := end_bounds(value))
            else record[key] in (value if isinstance(value, list) else [value])
            for key, value in where.items()
        )
        for of_list, where in statements(history)
        if of_list == name
    )


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
    recipient: str  # whom it was shared with, if it was
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
    counts = message.recipient == "third_party" or reading["recipient"] == "anyone"
    allowed = any(c.start <= (message.shared_at or 0) <= c.end for c in world.permissions)
    limited = message.shared_at if reading["date_limits"] == "sharing" else message.sent_at
    before = limited is not None and limited < CUTOFF[reading["update_day"]]
    return [premium, inmail, shared and counts, shared and not allowed, before]


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
    history: History,
    reading: Reading,
    supposing: str | None = None,
    reach: int = 2,
    known: Collection[str] = (),
) -> Choices:
    """List them. An empty list among `premium`, `permissions`, `messages`: there is no world.

    `known` are the lists of which somebody can know what they lack.
    """
    update = CUTOFF[reading["update_day"]]  # also that of what is alleged
    axis = axis_of(history, {update}, reach)

    def instants(limits: Bounds) -> list[int]:
        low, high = limits
        return [low] if low == high else [p for p in axis if low <= p <= high]

    def spans(record: History) -> list[tuple[int, int]]:
        starts, ends = (
            instants(bounds(record.get("start"))),
            instants(end_bounds(record.get("end"))),
        )
        return [(start, end) for start in starts for end in ends if start <= end]

    def message_choices(record: History) -> list[Message]:
        inmail, shared = record.get("inmail"), record.get("shared")
        direction, shared_at = record.get("direction"), record.get("shared_at")
        recipients = words_of(record.get("recipient"), RECIPIENTS)
        if reading["recipient"] == "anyone":
            recipients = recipients[:1]
        if shared is False and shared_at is not None:
            return []
        sharings: list[int | None] = [] if shared else [None]
        sharings += [] if shared is False else instants(bounds(shared_at))
        found = [
            Message(i, d, r, sent, sharing)
            for i in ((True, False) if inmail is None else (inmail,))
            for d in words_of(direction, DIRECTIONS)
            for r in recipients  # of no interest where anyone counts
            for sent in instants(bounds(record.get("sent_at")))
            for sharing in sharings
            if sharing is None or sent <= sharing
        ]
        return as_supposed(found) or found

    def as_supposed(messages: list[Message]) -> list[Message]:
        return [m for m in messages if _as_alleged(m, update)] if supposing else messages

    done = history.get("complete") or ()
    closed = {name: name in done for name in LISTS}
    closed["permissions"] |= supposing == "as-alleged"  # 'unless one is recorded'
    permissions = [(), (Permission(ALWAYS, NEVER),)]
    permissions += [(Permission(ALWAYS, t - 1), Permission(t + 1, NEVER)) for t in axis]
    pairs = [(s, t) for s in axis for t in axis if s <= t]
    more_premium = [Subscription(True, t, t) for t in axis]
    more_messages = [Message(True, "sent", "third_party", *pair) for pair in pairs]
    stated = {name for name, _ in statements(history)}
    if "premium" in stated:
        more_premium = [Subscription(True, *span) for span in _left_spans(history, "premium", axis)]
    if "permissions" in stated:
        left = [Permission(*span) for span in _left_spans(history, "permissions", axis)]
        gaps = ([p for p in left if not p.start <= t <= p.end] for t in axis)
        permissions = [(), *{_largest(spans): None for spans in (left, *gaps)}]
    if "messages" in stated or supposing:
        more_messages = as_supposed(_left_messages(history, axis))
    more: dict[str, list[tuple[Any, ...]]] = {
        "premium": [(span,) for span in more_premium],
        "permissions": permissions[1:],
        "messages": [(message,) for message in more_messages],
    }
    more |= {name: _left(history, name, axis, as_supposed) for name in known}
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
        more_premium=[()] if closed["premium"] else [(), *more["premium"]],
        more_permissions=[()] if closed["permissions"] else [(), *more["permissions"]],
        more_messages=[()] if closed["messages"] else [(), *more["messages"]],
        flags=[[name if on else None for on in possible[given.get(name)]] for name in EXCLUSIONS],
    )


def _counts(record: History) -> list[bool]:
    plans = words_of(record.get("plan"), [*COUNTING, *NOT_COUNTING])
    return sorted({plan in COUNTING for plan in plans})


def _as_alleged(m: Message, update: int) -> bool:
    """An InMail sent before the update was shared before it."""
    early = m.inmail and m.sent_at < update
    return not early or (m.shared_at is not None and m.shared_at < update)


def _left_spans(history: History, name: str, axis: list[int]) -> list[tuple[int, int]]:
    """The spans that nobody need have listed; of Premium, those of a plan that counts."""
    plans = sorted(COUNTING) if name == "premium" else ["none"]
    pairs = [(s, e) for s in (ALWAYS, *axis) for e in (*axis, NEVER) if s <= e]
    return [
        (s, e)
        for s, e in pairs
        if any(is_left({"plan": plan, "start": s, "end": e}, history, name) for plan in plans)
    ]


def _left(
    history: History, name: str, axis: list[int], as_supposed: Callable[[list[Message]], Any]
) -> list[tuple[Any, ...]]:
    """What a list may lack, told apart: any record, or any two spans."""
    if name == "messages":
        return [(message,) for message in as_supposed(_left_messages(history, axis))]
    spans = _left_spans(history, name, axis)
    if name == "permissions":
        return _one_or_two([Permission(*span) for span in spans])
    return _one_or_two([Subscription(True, *span) for span in spans])


def _one_or_two(spans: list[Any]) -> list[tuple[Any, ...]]:
    """Each of some spans, and each two of which neither holds the other."""
    pairs = itertools.combinations(sorted(spans, key=lambda each: (each.start, each.end)), 2)
    apart = (pair for pair in pairs if pair[0].start < pair[1].start and pair[0].end < pair[1].end)
    return [*((span,) for span in spans), *apart]


def _largest(spans: list[Permission]) -> tuple[Permission, ...]:
    """Those that lie within no other."""
    kept: list[Permission] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _left_messages(history: History, axis: list[int]) -> list[Message]:
    """The messages that nobody need have listed."""
    found = []
    for inmail, direction, recipient in itertools.product(YES_NO, DIRECTIONS, RECIPIENTS):
        for sent in axis:
            for shared_at in (None, *(t for t in axis if t >= sent)):
                m = Message(inmail, direction, recipient, sent, shared_at)
                if is_left({**m._asdict(), "shared": shared_at is not None}, history, "messages"):
                    found.append(m)
    return found


# ------------------------------------------------------------- naively: one world after another


def worlds(
    history: History,
    reading: Reading,
    supposing: str | None = None,
    reach: int = 2,
    known: Collection[str] = (),
) -> Iterator[World]:
    """All of them, up to order type: the full product. Only for tiny histories."""
    c = choices(history, reading, supposing, reach, known)
    for premium, permissions, messages, p, q, m, flags in itertools.product(
        itertools.product(*c.premium),
        itertools.product(*c.permissions),
        itertools.product(*c.messages),
        c.more_premium,
        c.more_permissions,
        c.more_messages,
        itertools.product(*c.flags) if reading["exclusions"] == "customary" else [()],
    ):
        yield World(premium + p, permissions + q, messages + m, frozenset(filter(None, flags)))


def naive_status(history: History, reading: Reading, supposing: str | None = None) -> str:
    return verdict({member(w, reading) for w in worlds(history, reading, supposing, 1)})


def verdict(outcomes: set[bool]) -> str:
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
        facts = facts_of(world, history)
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


def facts_of(world: World, history: History) -> dict[str, Any]:
    facts: dict[str, Any] = {f"exclusions.{name}": name in world.excluded for name in EXCLUSIONS}
    for name in LISTS:
        records, listed = getattr(world, name), len(history.get(name) or ())
        facts[f"complete.{name}"] = records[listed:]
        for i, record in enumerate(records[:listed]):
            facts |= {f"{name}[{i}].{key}": v for key, v in record._asdict().items()}
    return facts
