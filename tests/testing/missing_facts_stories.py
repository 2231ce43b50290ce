"""Fictional accounts for the missing-facts cases: first what happened, then what is told of it.

What happened is a *world* of an account: every instant to the microsecond. It is told as people
tell such things: a receipt has an instant, a memory a month, and some things are not told at all.
What is told is always true of the world, so that a history has at least that one. Nothing here
knows what a history's status is, and nothing here imports the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from oracle_worlds import CLAUSES, COUNTING, EXCLUSIONS, LISTS, NOT_COUNTING, READINGS

TICK = timedelta(microseconds=1)
FIRST, LAST = datetime(2021, 2, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
#: When the update's own day begins and has ended, in the court's zone.
UPDATE = {
    "before": datetime(2024, 9, 18, 7, tzinfo=UTC),
    "through": datetime(2024, 9, 19, 7, tzinfo=UTC),
}
COURT = "America/Los_Angeles"
ZONES = (COURT, COURT, COURT, "America/New_York", "Europe/London", "Asia/Tokyo")
#: How much is told: the chances that a moment is exact, a fact told, a list complete.
CLARITY = {
    "exact": (1.0, 1.0, 1.0),
    "all": (0.7, 1.0, 1.0),
    "most": (0.5, 0.96, 0.96),
    "little": (0.2, 0.7, 0.6),
}
TURNS = ("exact", "most", "all", "little", "exact")
#: What the account lacks, if anything.
PLOTS = (None, None, None, None, *CLAUSES, "exclusion")


class Teller:
    """Tells what happened, in the notation of a history."""

    def __init__(self, rng: Random, zone: str, clarity: str) -> None:
        self.rng, self.zone = rng, ZoneInfo(zone)
        self.exact, self.told, self.complete = CLARITY[clarity]

    def yes(self, chance: float) -> bool:
        return self.rng.random() < chance

    def answer(self, value: Any) -> Any:
        return value if self.yes(self.told) else None

    def moment(self, at: datetime) -> str | None:
        """A text that may mean this instant."""
        if not self.yes(self.told):
            return None
        return self._exactly(at) if self.yes(self.exact) else self._vaguely(at)

    def _exactly(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        texts = [at.isoformat().replace("+00:00", "Z"), local.isoformat()]
        return self.rng.choice([*texts, local.replace(tzinfo=None).isoformat()])

    def _vaguely(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        day = f"{local:%Y-%m-%d}"
        before, after = (
            f"{local + sign * timedelta(days=self.rng.choice([0, 1, 9, 40, 200])):%Y-%m-%d}"
            for sign in (-1, 1)
        )
        return self.rng.choice(
            [
                *[day] * 6,
                *[day[:7]] * 4,
                day[:4],
                f"{day[:9]}X",
                f"{day[:4]}-XX",
                f"{before}/{after}",
                f"{before[:7]}/{after[:7]}",
                f"../{after}",
                f"{before}/..",
            ]
        )

    def span(self, start: datetime, end: datetime | None) -> dict[str, Any]:
        told_end = self.answer("..") if end is None else self.moment(end)
        return {"start": self.moment(start), "end": told_end}


class Story:
    """What happened to one account, made to a plot: which clause, if any, nothing meets."""

    def __init__(self, rng: Random, reading: dict[str, str], plot: str | None) -> None:
        self.rng, self.reading, self.plot = rng, reading, plot
        self.cutoff = UPDATE[reading["update_day"]]
        self.premium: list[tuple[str, datetime, datetime | None]] = []
        self.messages: list[dict[str, Any]] = []
        self.permissions: list[tuple[datetime, datetime | None]] = []
        self._main_message()
        self._subscriptions()
        self._permission()
        if rng.random() < 0.4:
            self._other_message()
        rng.shuffle(self.messages)

    def instant(self, low: datetime, high: datetime) -> datetime:
        """Some instant from low to high; now and then an edge, else a minute of a day."""
        if self.rng.random() < 0.2:
            return self.rng.choice([low, high])
        at = low + self.rng.random() * (high - low)
        return max(low, at.replace(second=0, microsecond=0))

    def _main_message(self) -> None:
        limit = self.cutoff - TICK
        late = self.plot == "before-update"
        if self.reading["date_limits"] == "sharing":
            self.sent = self.instant(FIRST, limit)
            near = max(self.sent, limit - timedelta(days=60))
            shared = self.instant(self.cutoff, LAST) if late else self.instant(near, limit)
        else:
            self.sent = self.instant(self.cutoff, LAST) if late else self.instant(FIRST, limit)
            shared = self.instant(self.sent, min(LAST, self.sent + timedelta(days=90)))
        self.shared = shared
        kind: dict[str, Any] = {"inmail": True, "direction": self.rng.choice(["sent", "received"])}
        if self.reading["messages"] == "sent":
            kind["direction"] = "sent"
        if self.plot == "inmail":
            by_direction = self.reading["messages"] == "sent" and self.rng.random() < 0.5
            kind |= {"direction": "received"} if by_direction else {"inmail": False}
        kind |= {"shared_at": shared, "recipient": "third_party"}
        if self.plot == "shared":
            is_asked = self.reading["recipient"] == "third-parties"
            own = is_asked and self.rng.random() < 0.5
            kind |= {"recipient": "linkedin_or_affiliate"} if own else {"shared_at": None}
        self.messages.append(kind | {"sent_at": self.sent})

    def _other_message(self) -> None:
        """One that lacks something: no InMail, not shared, or shared long after the update."""
        lack = self.rng.choice(["inmail", "shared", "before-update"])
        low = self.cutoff if lack == "before-update" else FIRST
        sent = self.instant(low, LAST - timedelta(days=60))
        shared = None if lack == "shared" else self.instant(sent, LAST)
        if lack == "inmail" or (shared and shared >= self.cutoff):
            kind = {"inmail": lack != "inmail", "direction": "sent", "recipient": "third_party"}
            self.messages.append(kind | {"sent_at": sent, "shared_at": shared})

    def _subscriptions(self) -> None:
        """Premium when it is asked for; a change of plans has no gap between."""
        when = {"shared": self.shared, "messaged": self.sent, "ever": self.cutoff - TICK}
        at = when[self.reading["premium_when"]]
        start = self.instant(FIRST - timedelta(days=300), at)
        end = None if self.rng.random() < 0.4 else self.instant(at, LAST + timedelta(days=90))
        plan = self.rng.choice(sorted(COUNTING))
        if self.plot == "premium":
            if self.rng.random() < 0.4:
                plan = self.rng.choice(NOT_COUNTING)
            elif self.reading["premium_when"] == "ever" or self.rng.random() < 0.5:
                start, end = at + TICK, None
            else:
                end = self.instant(start, at) - TICK
                start = min(start, end)
        if self.rng.random() < 0.35 and (end is None or end > start):
            change = self.instant(start, end or LAST) if start < (end or LAST) else start
            other = plan if plan in NOT_COUNTING else self.rng.choice(sorted(COUNTING))
            self.premium = [(plan, start, change), (other, change, end)]
        else:
            self.premium = [(plan, start, end)]

    def _permission(self) -> None:
        if self.plot == "without-permission":
            start = self.instant(FIRST, self.shared)
            end = None if self.rng.random() < 0.5 else self.instant(self.shared, LAST)
            self.permissions = [(start, end)]
        elif self.rng.random() < 0.3:
            self.permissions = [(self.instant(self.shared + TICK, LAST + timedelta(days=1)), None)]

    def told(self, teller: Teller, account: str, zone: str) -> dict[str, Any]:
        """The history, as it is told; what is not told has no key."""
        history: dict[str, Any] = {"schema_version": "1", "account_id": account}
        if zone != COURT:
            history["time_zone"] = zone
        history["premium"] = [
            {"id": f"p{n}", "plan": teller.answer(plan), **teller.span(*span)}
            for n, (plan, *span) in enumerate(self.premium, 1)
        ]
        for one, other in pairwise(history["premium"]):  # when plans changed is told once
            other["start"] = one["end"]
        tells = self.reading["recipient"] == "third-parties" or teller.yes(0.1)
        history["messages"] = [
            _told_message(teller, n, m, tells_recipient=tells)
            for n, m in enumerate(self.messages, 1)
        ]
        history["permissions"] = [
            {"id": f"c{n}", **teller.span(*each)} for n, each in enumerate(self.permissions, 1)
        ]
        if self.reading["exclusions"] == "customary" or teller.yes(0.1):
            odd = self.rng.choice(EXCLUSIONS) if self.plot == "exclusion" else None
            history["exclusions"] = {name: teller.answer(name == odd) for name in EXCLUSIONS}
        history["complete"] = [name for name in LISTS if teller.yes(teller.complete)]
        return _without_nulls(history)


def _told_message(
    teller: Teller, number: int, message: dict[str, Any], *, tells_recipient: bool
) -> dict[str, Any]:
    sent, shared = message["sent_at"], message["shared_at"]
    found = {
        "id": f"m{number}",
        "inmail": teller.answer(message["inmail"]),
        "direction": teller.answer(message["direction"]),
        "sent_at": teller.moment(sent),
        "shared": teller.answer(shared is not None),
    }
    if shared is not None:
        found["shared_at"] = teller.moment(shared)
        found["recipient"] = teller.answer(message["recipient"]) if tells_recipient else None
    return found


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(known) for key, known in value.items() if known is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def stories(seed: str, count: int) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Histories, each with a reading: plots and clarities in turn, two in five by the default."""
    for number in range(1, count + 1):
        rng = Random(f"{seed} {number}")
        plot = PLOTS[number % len(PLOTS)]
        clarity = TURNS[number // len(PLOTS) % len(TURNS)]
        reading = dict(READINGS[0] if rng.random() < 0.4 else rng.choice(READINGS))
        if plot == "exclusion":
            reading["exclusions"] = "customary"
        zone = rng.choice(ZONES)
        teller = Teller(rng, zone, clarity)
        yield Story(rng, reading, plot).told(teller, f"FICTIONAL-{number:03}", zone), reading
