"""Random small histories for the oracle, and random refinements of them.

All moments lie on a short axis of integers around one cut-off, so that bounds meet, touch and cross
often, and each status comes up often. Nothing here knows what a history's status is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from oracle_worlds import (
    ALWAYS,
    COUNTING,
    CUTOFF,
    DIRECTIONS,
    EXCLUSIONS,
    LISTS,
    NEVER,
    NOT_COUNTING,
    RECIPIENTS,
    YES_NO,
    History,
    bounds,
    moment,
)

SIZE, UPDATE = 9, 5  # moments lie on 0..SIZE; the cut-off stands at UPDATE


class _Maker:
    """Makes one random history. `clarity` is how much of it is known."""

    def __init__(self, rng: Random, cutoff: int, clarity: float, *, tiny: bool) -> None:
        self.rng, self.cutoff, self.clarity, self.tiny = rng, cutoff, clarity, tiny
        self.favourites = [rng.randint(0, SIZE) for _ in range(3)]  # so that bounds are shared

    def yes(self, chance: float) -> bool:
        return self.rng.random() < chance

    def known(self, floor: float) -> bool:
        return self.yes(max(self.clarity, floor))

    def place(self, low: int = 0, high: int = SIZE) -> int:
        near = [f for f in self.favourites if low <= f <= high]
        return self.rng.choice(near) if near and self.yes(0.5) else self.rng.randint(low, high)

    def moment(self, low: int = 0, high: int = SIZE) -> str | None:
        """Known to the microsecond or nearly, or by bounds, or from one side, or not at all."""
        first, last = sorted((self.place(low, high), self.place(low, high)))
        if self.yes(self.clarity):
            last = first + self.yes(0.2)
        at = [self.cutoff + v - UPDATE for v in (first, last)]
        if self.tiny or self.known(0.5):
            return moment(at[0], at[1])
        return self.rng.choice([None, moment(None, at[1]), moment(at[0], None)])

    def answer(self, chance: float, floor: float = 0.4) -> bool | None:
        return self.yes(chance) if self.known(floor) else None

    def span(self, low: int, high: int) -> dict[str, Any]:
        """Start and end; now and then the earliest end comes before the latest start."""
        crossing = self.yes(0.2)
        first, last = (
            (high, low) if crossing else (low + (high - low) // 3, high - (high - low) // 3)
        )
        end = ".." if self.yes(0.2) else self.moment(last, high)
        return {"start": self.moment(low, first), "end": end}

    def premium(self) -> list[dict[str, Any]]:
        count = 1 if self.tiny else self.rng.choices([0, 1, 2], [1, 8, 8])[0]
        ranges = [(0, SIZE), (0, SIZE)]
        if count == 2 and self.yes(0.6):  # two that only together cover what neither does
            middle = self.place(2, SIZE - 2)
            ranges = [(0, middle), (middle, SIZE)]
        return [{"id": f"p{i}", "plan": self.plan(), **self.span(*ranges[i])} for i in range(count)]

    def plan(self) -> str | None:
        if not self.known(0.6):
            return None
        return self.rng.choice(NOT_COUNTING if self.yes(0.1) else sorted(COUNTING))

    def message(self, i: int) -> dict[str, Any]:
        shared = self.answer(0.95)
        sent = self.rng.randint(0, UPDATE)
        late = SIZE if self.yes(0.2) else max(sent, UPDATE - 1)
        early = 0 if self.yes(0.25) else sent  # now and then, shared before it was sent
        found: dict[str, Any] = {
            "id": f"m{i}",
            "inmail": self.answer(0.95),
            "direction": self.rng.choice(["sent", "sent", "received"]) if self.known(0.5) else None,
            "sent_at": self.moment(0, sent),
            "shared": shared,
            "shared_at": None if shared is False else self.moment(early, late),
            "recipient": self.recipient(),
        }
        return {key: value for key, value in found.items() if value is not None or self.yes(0.3)}

    def recipient(self) -> str | None:
        if not self.known(0.8):
            return None
        return "third_party" if self.yes(0.9) else "linkedin_or_affiliate"

    def exclusions(self) -> dict[str, Any]:
        odd = self.rng.choice(EXCLUSIONS) if self.yes(0.3) else None
        answers = {name: self.answer(0.5) if name == odd else False for name in EXCLUSIONS}
        return {name: answer for name, answer in answers.items() if self.yes(0.98)}


def random_history(
    rng: Random, update_day: str | None = None, *, tiny: bool = False
) -> dict[str, Any]:
    """A small history near a cut-off; a tenth has no world, each status comes up in a seventh.

    Tiny ones have one record of each kind at most, so that the full product can be listed.
    """
    cutoff = CUTOFF[update_day or rng.choice(sorted(CUTOFF))]
    make = _Maker(rng, cutoff, rng.choice([0.2, 0.7, 0.97, 1.0, 1.0]), tiny=tiny)
    messages = 1 if tiny else rng.choices(range(4), [1, 5, 5, 5])[0]
    permissions = rng.choices(range(3), [8, 4, 0] if tiny else [9, 3, 1])[0]
    history: dict[str, Any] = {
        "schema_version": "1",
        "account_id": "A-1001",
        "premium": make.premium(),
        "messages": [make.message(i) for i in range(messages)],
        "permissions": [{"id": f"c{i}", **make.span(0, SIZE)} for i in range(permissions)],
        "complete": [name for name in LISTS if make.known(0.5)],
    }
    if make.yes(0.7):
        history["exclusions"] = make.exclusions()
    return history


def with_words(history: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The history, some of whose words are one of several now."""
    several = {"plan": [*sorted(COUNTING), *NOT_COUNTING], "recipient": RECIPIENTS}
    for record in (*history["premium"], *history["messages"]):
        for key in several.keys() & record.keys():
            if rng.random() < 0.4:
                more = rng.sample(several[key], rng.choice([1, 1, 2]))
                record[key] = sorted({*more, record[key] or several[key][0]})
    return history


def with_statements(
    history: dict[str, Any], rng: Random, update_day: str | None = None
) -> dict[str, Any]:
    """The history, of which lists are complete under conditions, one or several of each list."""
    make = _Maker(rng, CUTOFF[update_day or rng.choice(sorted(CUTOFF))], 0.6, tiny=False)
    plans = [*sorted(COUNTING), *NOT_COUNTING]
    stated = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        name = rng.choice(["messages", "messages", "messages", "premium", "premium", "permissions"])
        counting = sorted(COUNTING)
        drawn: dict[str, Any] = {
            "plan": rng.choice([rng.choice(plans), counting, counting, rng.sample(plans, 3)]),
            "inmail": make.yes(0.85),
            "shared": make.yes(0.85),
            "direction": rng.choice(DIRECTIONS),
            "recipient": rng.choice(RECIPIENTS),
        }
        drawn |= {key: make.moment() for key in TIMES[name]}
        keys = [k for k in drawn if k in CONDITIONS[name] and drawn[k] is not None]
        chosen = rng.sample(keys, min(len(keys), rng.choice([1, 1, 2, 2, 3])))
        if chosen:
            stated.append({"list": name, "where": {key: drawn[key] for key in chosen}})
    about = {each["list"] for each in stated}
    names = [name for name in history["complete"] if name not in about or make.yes(0.05)]
    history["complete"] = [*names, *stated]
    return history


def rich_history(rng: Random, update_day: str) -> dict[str, Any]:
    """A small history with lists of words, mostly with statements of completeness."""
    near = update_day if rng.random() < 0.7 else None
    history = with_words(random_history(rng, near, tiny=rng.random() < 0.3), rng)
    return with_statements(history, rng, update_day) if rng.random() < 0.8 else history


CONDITIONS = {
    "premium": ("plan", "start", "end"),
    "messages": ("inmail", "shared", "direction", "recipient", "sent_at", "shared_at"),
    "permissions": ("start", "end"),
}


def refinement(history: History, rng: Random) -> dict[str, Any]:
    """The same history, with one thing more known; it may turn out that no world is left.

    Narrower bounds, a question answered, a list declared complete, or a record added to a list that
    is not complete. If nothing is open, a copy.
    """
    refined: dict[str, Any] = copy.deepcopy(dict(history))
    steps = [*_narrowings(refined, rng), *_answers(refined, rng), *_additions(refined, rng)]
    if steps:
        target, key, value = rng.choice(steps)
        target[key] = value
    return refined


Step = tuple[dict[str, Any], str, Any]  # in this record, give this key this value


TIMES = {
    "premium": ("start", "end"),
    "permissions": ("start", "end"),
    "messages": ("sent_at", "shared_at"),
}


def _narrowings(history: History, rng: Random) -> Iterator[Step]:
    moments = [
        (record, key)
        for name in LISTS
        for record in history.get(name) or ()
        for key in TIMES[name]
        if record.get(key) != ".." and (key != "shared_at" or record.get("shared") is not False)
    ]
    known = {b for record, key in moments for b in bounds(record.get(key))} - {ALWAYS, NEVER}
    for record, key in moments:
        low, high = bounds(record.get(key))
        places = {anchor + step for anchor in {*known, *CUTOFF.values()} for step in (-1, 0, 1)}
        inside = sorted(place for place in places if low <= place <= high)
        if low < high and inside:
            first, last = sorted((rng.choice(inside), rng.choice(inside)))
            first, last = rng.choice([(first, first), (first, last), (low, last), (first, high)])
            yield record, key, moment(first, last)
        if key == "end" and record.get(key) is None:
            yield record, key, ".."


def _answers(history: dict[str, Any], rng: Random) -> Iterator[Step]:
    plans = [*sorted(COUNTING), *NOT_COUNTING]
    answers: dict[str, dict[str, Sequence[Any]]] = {
        "premium": {"plan": plans},
        "messages": {
            "inmail": (True, False),
            "direction": ("sent", "received"),
            "recipient": ("third_party", "linkedin_or_affiliate"),
        },
        "permissions": {},
    }
    for name in LISTS:
        for record in history.get(name) or ():
            for key, values in answers[name].items():
                if record.get(key) is None:
                    yield record, key, rng.choice(values)
            if name == "messages" and record.get("shared") is None:
                yield record, "shared", record.get("shared_at") is not None or rng.choice(YES_NO)
    flags = history.get("exclusions") or {}
    for name in EXCLUSIONS:
        if flags.get(name) is None:
            yield history, "exclusions", {**flags, name: rng.choice(YES_NO)}


def _additions(history: dict[str, Any], rng: Random) -> Iterator[Step]:
    clarity = rng.choice([0.3, 1.0])
    make = _Maker(rng, rng.choice(sorted(CUTOFF.values())), clarity, tiny=False)
    more: dict[str, dict[str, Any]] = {
        "premium": {"plan": make.plan(), **make.span(0, SIZE)},
        "messages": make.message(0),
        "permissions": make.span(0, SIZE),
    }
    done = history.get("complete") or []
    for name, record in more.items():
        if name not in done:
            listed = history.get(name) or []
            yield history, "complete", [*done, name]
            yield history, name, [*listed, {**record, "id": f"{name[0]}-more-{len(listed)}"}]
