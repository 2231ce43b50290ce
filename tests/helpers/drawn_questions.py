"""What matters of small drawn histories of the case, and where it turns, by brute force.

All worlds of a history, by the oracle that shares nothing with the engine, are put together by what
can be known of them. A fact matters if two such groups differ in it alone and do not come out the
same; a moment turns the outcome between two instants side by side if they differ in that alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from itertools import islice, pairwise
from random import Random
from typing import Any, NamedTuple, TypeAlias
from unittest.mock import patch

import oracle
from oracle_histories import random_history
from oracle_worlds import (
    ALWAYS,
    COUNTING,
    CUTOFF,
    EXCLUSIONS,
    LISTS,
    MOMENTS,
    NEVER,
    History,
    World,
    facts_of,
    moment,
)

from eligibility import AccountHistory, ClassDefinition, Verdict, evaluate, refine
from eligibility.facts.paths import parse
from eligibility.facts.refinement import record_at
from eligibility.facts.wording import known_by
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import DAY, EARLIEST, LATEST
from eligibility.verdict import days, questions
from eligibility.verdict.questions import Question
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import relevant_facts

#: What a claimant can know; what is shared hangs together, and is known by others.
THEIRS = (
    *(f"premium[].{key}" for key in ("plan", "start", "end")),
    *(f"messages[].{key}" for key in ("inmail", "direction", "sent_at")),
    *(f"permissions[].{key}" for key in ("start", "end")),
    "exclusions.counsel",
)
MOST_WORLDS = 3_000
#: So many where somebody knows of records that nobody listed.
MOST_LACKING = 30_000
#: Makes a history for a reading of the day of the update.
Make: TypeAlias = Callable[[Random, str], dict[str, Any]]
#: What of all paths of a history somebody can know.
Knowable: TypeAlias = Callable[[Random], Callable[[str], bool]]
#: Between which two instants of a moment, side by side, the outcome turns, by the moment's path.
Turns: TypeAlias = Mapping[str, set[tuple[int, int]]]


# ---- what is drawn -------------------------------------------------------------------------------


def tiny(rng: Random, update_day: str) -> dict[str, Any]:
    """One record of each kind at most."""
    return {**random_history(rng, update_day, tiny=True), "complete": [*LISTS]}


def chained(rng: Random, update_day: str) -> dict[str, Any]:
    """Two or three spans of Premium, end to end, and a message that may be shared in any."""
    count, near = rng.choice([2, 2, 3]), _near(update_day)

    def at(first: int) -> str | None:
        return near(first, rng.choice([0, 0, 1, 1, 2]))

    seams = sorted(rng.sample(range(1, 9), count - 1))
    premium = [
        {
            "plan": _plan(rng),
            "start": at(max(0, first + rng.choice([-2, -1, 0, 1]))),
            "end": at(last + rng.choice([-1, 0, 0, 1])),
        }
        for first, last in pairwise([0, *seams, 9])
    ]
    sent, last = rng.choice([0, 1]), rng.choice([6, 8])
    sent_at, shared_at = near(sent, rng.choice([0, 0, 1])), near(sent, last - sent)
    message = {**_INMAIL, "shared": True, "sent_at": sent_at, "shared_at": shared_at}
    return {**_of_lists(premium, [message], []), "complete": [*LISTS]}


def several(rng: Random, update_day: str) -> dict[str, Any]:
    """A few records of each kind, of which most is known."""
    near = _near(update_day)

    def at(first: int, wide: list[int]) -> str | None:
        return near(first, rng.choice(wide))

    def span() -> dict[str, Any]:
        first, wide = rng.randrange(8), [0, 0, 0, 0, 1, 1, 2]
        end = ".." if rng.random() < 0.2 else at(rng.randrange(first, 11), wide)
        return {"start": at(first, wide), "end": end}

    def message() -> dict[str, Any]:
        sent = rng.randrange(6)
        return {
            "inmail": rng.choice([True, True, None]),
            "direction": rng.choice(["sent", "sent", "received", None]),
            "recipient": "third_party",
            "sent_at": at(sent, [0, 0, 0, 0, 1, 1, 2]),
            "shared": rng.choice([True, True, None]),
            "shared_at": at(rng.randrange(max(0, sent - 2), 9), [0, 0, 1, 2, 3]),
        }

    premium = [{"plan": _plan(rng), **span()} for _ in range(rng.choice([1, 2, 2, 3]))]
    permissions = [span() for _ in range(rng.choice([0, 0, 1, 1, 2]))]
    messages = [message() for _ in range(rng.choice([1, 1, 2, 2]))]
    return {**_of_lists(premium, messages, permissions), "complete": [*LISTS]}


def opened(rng: Random, update_day: str) -> dict[str, Any]:
    """The same, where one list may lack records; some are stated to be none."""
    history, near = rng.choice([chained, several])(rng, update_day), _near(update_day)
    name = rng.choice(LISTS)
    history[name] = history[name][: rng.choice([0, 1, 1, 3])]
    history["complete"].remove(name)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        first = rng.randrange(7)
        before, within = f"../{near(first, 0)}", near(first, rng.randrange(10 - first))
        key = "sent_at" if name == "messages" else rng.choice(["start", "end"])
        where: dict[str, Any] = {key: rng.choice([before, within])}
        if name == "messages":
            where |= rng.choice([{}, {"inmail": True}, {"direction": "sent"}])
        history["complete"].append({"list": name, "where": where})
    return history


def lacking(rng: Random, update_day: str) -> dict[str, Any]:
    """One record of each kind at most, on a very short axis; lists may lack records.

    It is stated which of these are none, so that few ways are left for one that covers something.
    """
    start = CUTOFF[update_day] - 3

    def at(first: int, wide: int) -> str | None:
        return moment(start + first, start + first + wide)

    def span() -> dict[str, Any]:
        first = rng.randrange(3)
        return {"start": at(first, rng.choice([0, 0, 1])), "end": at(first + 1, rng.choice([0, 1]))}

    sent = rng.randrange(2)
    message = {
        **_INMAIL,
        "inmail": rng.choice([True, True, None]),
        "shared": rng.choice([True, True, None]),
        "sent_at": at(sent, rng.choice([0, 0, 1])),
        "shared_at": at(sent, rng.choice([0, 1, 2])),
    }
    premium = [{"plan": _plan(rng), **span()} for _ in range(rng.choice([0, 1, 1]))]
    permissions = [span() for _ in range(rng.choice([0, 0, 1]))]
    history = _of_lists(premium, [message], permissions) | {"complete": [*LISTS]}
    name = rng.choice(["premium", "premium", "permissions", "permissions", "messages"])
    history["complete"].remove(name)
    for _ in range(rng.choice([0, 1, 1, 2])):
        where: dict[str, Any] = {}
        for key in rng.choice([["start"], ["end"], ["start", "end"]]):
            first = rng.randrange(4)
            bounds = (
                (None, start + first),
                (start + first, None),
                (start + first, start + first + 1),
            )
            where["sent_at" if name == "messages" else key] = moment(*rng.choice(bounds))
        if name == "premium" and rng.random() < 0.3:
            where["plan"] = rng.choice(["premium_career", sorted(COUNTING)])
        history["complete"].append({"list": name, "where": where})
    return history


_INMAIL = {"inmail": True, "direction": "sent", "recipient": "third_party"}


def _plan(rng: Random) -> Any:
    return rng.choice([["premium_career", "learning"], "premium_career", "premium_career"])


def _near(update_day: str) -> Callable[[int, int], str | None]:
    """Makes moments of a first place on a short axis before the update, and of a width."""
    start = CUTOFF[update_day] - 9
    return lambda first, wide: moment(start + first, start + first + wide)


def _of_lists(premium: list[Any], messages: list[Any], permissions: list[Any]) -> dict[str, Any]:
    return {
        "account_id": "A-1001",
        "premium": premium,
        "messages": messages,
        "permissions": permissions,
        "exclusions": dict.fromkeys(EXCLUSIONS, False),
    }


# ---- what somebody can know ----------------------------------------------------------------------


def of_each_kind(rng: Random) -> Callable[[str], bool]:
    """Facts by their kind, of all records alike."""
    share = rng.choice([0.3, 0.6, 0.9, 1])
    known = frozenset(path for path in THEIRS if rng.random() < share)
    return lambda path: parse(path).pattern in known


def path_by_path(rng: Random) -> Callable[[str], bool]:
    """This fact of one record, that one of another; of what nobody listed, everything."""
    share, seed = rng.choice([0.3, 0.5, 0.7, 0.9, 1]), rng.random()

    @lru_cache
    def known(path: str) -> bool:
        if "[]" in path:
            return True
        if ".shared" in path:
            return False
        return Random(f"{seed} {path}").random() < share

    return known


def of_a_knower(rng: Random) -> Callable[[str], bool]:
    """Facts by who can know them: a claimant, with papers or without, the papers alone, or nobody.

    They know of the records that nobody listed what they could of those that are.
    """
    theirs = rng.choice([{"claimant", "documents"}, {"documents"}, {"claimant"}, {""}])
    return lambda path: known_by(path, AccountHistory) in theirs


# ---- what the oracle says ------------------------------------------------------------------------


class Drawn(NamedTuple):
    """A history with a reading, a supposition, and what somebody can know; and all its worlds."""

    history: History
    reading: dict[str, str]
    supposing: str | None
    knows: Callable[[str], bool]
    worlds: list[World]

    @classmethod
    def of(
        cls, rng: Random, make: Make, knowable: Knowable, most: int = MOST_WORLDS
    ) -> Drawn | None:
        """One that is undecided and has fewer worlds than so many, if it is."""
        reading, knows = rng.choice(oracle.READINGS), knowable(rng)
        supposing = rng.choice([None, "as-alleged"])
        history = make(rng, reading["update_day"])
        lacks = [name for name in LISTS if knows(f"complete.{name}")]
        worlds = list(islice(oracle.worlds(history, reading, supposing, 1, lacks), most))
        if len(worlds) == most or len({oracle.member(w, reading) for w in worlds}) < 2:
            return None
        return cls(history, reading, supposing, knows, worlds)

    def __str__(self) -> str:
        known = sorted(path for path in facts_of(self.worlds[0], self.history) if self.knows(path))
        rest = {"reading": self.reading, "supposing": self.supposing, "history": self.history}
        return json.dumps({"known": known, **rest})

    @property
    def read(self) -> AccountHistory:
        """The history."""
        return AccountHistory.model_validate(self.history)

    @property
    def definition(self) -> ClassDefinition:
        """The class, by the reading."""
        return class_definition(Reading.of(**self.reading))

    @property
    def verdict(self) -> Verdict:
        """What the library says."""
        return evaluate(
            self.read, self.definition, supposing=AS_ALLEGED if self.supposing else None
        )

    def status(self, worlds: list[World]) -> str:
        """What follows of some worlds."""
        return oracle.verdict({oracle.member(world, self.reading) for world in worlds})

    def outcomes(self) -> Iterator[tuple[str, dict[Any, frozenset[bool]]]]:
        """Of each fact that can be known, what follows from each value, all else being the same."""
        follows: dict[tuple[Any, ...], set[bool]] = defaultdict(set)
        for world in self.worlds:
            facts = facts_of(world, self.history).items()
            told = tuple((path, self._told(path, each)) for path, each in facts if self.knows(path))
            follows[told].add(oracle.member(world, self.reading))
        found: dict[tuple[Any, ...], dict[Any, frozenset[bool]]] = defaultdict(dict)
        for told, outcomes in follows.items():
            for at, (path, value) in enumerate(told):
                found[path, told[:at] + told[at + 1 :]][value] = frozenset(outcomes)
        yield from ((path, each) for (path, _), each in found.items())

    def _told(self, path: str, value: Any) -> Any:
        """What can be known of a fact: of records that nobody listed, some of theirs."""
        if not path.startswith("complete."):
            return value
        name = path.removeprefix("complete.")
        return tuple(
            tuple(fact for key, fact in record._asdict().items() if self.knows(f"{name}[].{key}"))
            for record in value
        )

    def matters(self) -> set[str]:
        """The facts that matter."""
        return {path for path, each in self.outcomes() if len(set(each.values())) > 1}

    def turns(self) -> Turns:
        """Where the outcome turns, of each moment."""
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for path, each in self.outcomes():
            if parse(path).field in MOMENTS:
                beside = pairwise(sorted(at for at in each if at is not None))
                found[path].update((x, y) for x, y in beside if each[x] != each[y])
        return found


# ---- what the library says -----------------------------------------------------------------------


def wrongly_asked(drawn: Drawn) -> dict[str, list[str]]:
    """What is asked for and does not matter, or the other way round."""
    facts = facts_under(drawn.definition, drawn.read, AS_ALLEGED if drawn.supposing else None)
    asked = {fact.path for fact in relevant_facts(facts, drawn.definition, drawn.knows)}
    expected = drawn.matters()
    wrong = {"too much": sorted(asked - expected), "too little": sorted(expected - asked)}
    return {key: paths for key, paths in wrong.items() if paths}


def wrong_questions(drawn: Drawn, day: int = DAY) -> list[str]:
    """What is wrong with the questions of a verdict: where they cut, or what their answers say.

    A `day` may be a few instants long, so that a drawn history has several.
    """
    with (
        patch.object(questions, "can_be_asked", lambda _model: drawn.knows),
        patch.object(questions, "DAY", day),
        nullcontext() if day == DAY else _short_days(day),
    ):
        verdict, turns = drawn.verdict, drawn.turns()
        return [
            f"{question.paths[0]} {wrong}: {question.text}"
            for question in verdict.questions
            for wrong in _wrong(drawn, question, verdict.history, turns, day)
        ]


def _short_days(day: int) -> AbstractContextManager[Any]:
    return patch.multiple(
        days,
        is_midnight=lambda at, _zone: at % day == 0,
        day_before_and_after=lambda at, _zone: (at // day * day, -(-at // day) * day),
    )


def _wrong(drawn: Drawn, question: Question, history: Any, turns: Turns, day: int) -> Iterator[str]:
    path = question.paths[0]
    whole = path.startswith("complete.")
    answers = question.answers[:1] if whole else question.answers  # 'yes' adds a record
    after = [refine(history, answer) for answer in answers]
    each = [
        [world for world in drawn.worlds if _fits(world, known, drawn.reading)] for known in after
    ]
    for answer, worlds in zip(answers, each, strict=True):
        if answer.status.value != drawn.status(worlds):
            yield f"leads to {drawn.status(worlds)}, not {answer.status.value}"
    if not whole and sum(map(len, each)) < len(drawn.worlds):
        yield "has no answer for some world"
    if parse(path).field in MOMENTS and not turns[path]:
        yield "is asked for though nothing turns on it"
    elif parse(path).field in MOMENTS:
        moments = [record_at(known, path) for known in after]
        bounds = [getattr(record, parse(path).field) for record in moments]
        for one, two in pairwise(bounds):
            if one.latest + 1 != two.earliest:
                yield "leaves a gap, or overlaps"
            if not any(x <= one.latest < y for x, y in turns[path]):
                yield f"cuts after {one.latest}, and turns between {sorted(turns[path])}"
            wide = bounds[-1].latest - bounds[0].earliest >= day
            whole = [y for _, y in turns[path] if y % day == 0] if wide and day < DAY else []
            if whole and two.earliest % day:
                yield f"cuts after {one.latest}, and whole days would do: {whole}"


def _fits(world: World, known: Any, reading: Mapping[str, str]) -> bool:
    """Whether a world is one of a history of which more is known than was drawn."""
    for name in LISTS:
        records, listed = getattr(world, name), getattr(known, name)
        if name in known.complete and len(records) > len(listed):
            return False
        for record, of_it in zip(records, listed, strict=False):
            if not all(_may_be(of_it, key, value) for key, value in record._asdict().items()):
                return False
    flags = ((getattr(known.exclusions, name), name in world.excluded) for name in EXCLUSIONS)
    counts = reading["exclusions"] == "customary"
    return not counts or all(said in (None, so) for said, so in flags)


def _may_be(record: Any, key: str, value: Any) -> bool:
    known = getattr(record, key)
    if key == "shared_at" and record.shared is not None and record.shared is (value is None):
        return False
    if known is None or value is None:
        return True
    if key in MOMENTS:
        first = ALWAYS if known.earliest == EARLIEST else known.earliest
        return first <= value <= (NEVER if known.latest == LATEST else known.latest)
    words = known if isinstance(known, tuple) else (known,)
    return value in ([word in COUNTING for word in words] if key == "plan" else words)
