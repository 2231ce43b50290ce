"""Makes the missing-facts cases: `python tests/testing/make_missing_facts.py` writes the data file.

Every history of a corpus, and again with each single fact forgotten, with some two, with half of
them and with all. The statuses and truths are the oracle's, which counts worlds; nothing here
imports the library, so that the library can be held to what stands in the file. The corpus:

- `golden`: the histories of the golden cases, without what two of them suppose;
- `told`: fictional accounts, told as people tell such things (`missing_facts_stories`);
- `grid`: the oracle's own small histories, whose moments lie microseconds around the update.

Histories of which the oracle would have to count too many worlds are left out: of the corpus, if
that is so with some single fact forgotten.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from math import prod
from pathlib import Path
from random import Random
from typing import Any

if __name__ == "__main__":
    tests = Path(__file__).parents[1]
    sys.path[:0] = [str(tests / "helpers"), str(tests / "evaluation")]

import oracle
from missing_facts_stories import stories
from oracle_histories import random_history
from oracle_worlds import CLAUSES, DEFAULT_READING, LISTS, READINGS, choices
from test_oracle_itself import GOLDEN, TIMES, spelt_out

TARGET = Path(__file__).parents[2] / "src/eligibility/testing/missing_facts.jsonl.gz"
SEED = "missing facts, first edition"
TOLD, GRID = 125, 40
MOST_WAYS = 40_000  # in which the spans of one list may lie; the oracle counts them all
WORDS = {True: "true", False: "false", None: "unknown"}

Json = dict[str, Any]

#: What is no longer known when a fact is forgotten.
LOST = {
    "plan": "which paid product {it} was",
    "inmail": "whether {it} was an InMail",
    "direction": "whether the member sent or received {it}",
    "sent_at": "when {it} was sent",
    "shared": "whether {it} was shared",
    "shared_at": "when {it} was shared",
    "recipient": "whom {it} was shared with",
    "start": "when {it} began",
    "end": "when, or whether, {it} ended",
}
NOUNS = {"premium": "subscription", "messages": "message", "permissions": "permission"}


def facts_of(history: Json) -> list[str]:
    """The path of every fact that a history states."""
    records = [
        f"{name}[{index}].{key}"
        for name in LISTS
        for index, record in enumerate(history.get(name) or ())
        for key, value in record.items()
        if key not in ("id", "source") and value is not None
    ]
    answers = [
        f"exclusions.{key}"
        for key, value in (history.get("exclusions") or {}).items()
        if value is not None
    ]
    return [f"complete.{name}" for name in history.get("complete") or ()] + records + answers


def without(history: Json, paths: tuple[str, ...]) -> Json:
    """The history with these facts forgotten: their keys are gone, the records are not."""
    left = deepcopy(history)
    for path in paths:
        place, key = path.rsplit(".", 1)
        if place == "complete":
            left["complete"].remove(key)
        elif place == "exclusions":
            del left["exclusions"][key]
        else:
            name, index = place.removesuffix("]").split("[")
            del left[name][int(index)][key]
    return left


def to_forget(history: Json, rng: Random) -> Iterator[tuple[str, ...]]:
    """What is forgotten of a history: each fact; of two facts, half and all, some."""
    facts = facts_of(history)
    yield from ((path,) for path in facts)
    if len(facts) > 2:
        pairs = list(itertools.combinations(facts, 2))
        yield from rng.sample(pairs, 2)
        half = set(rng.sample(facts, len(facts) // 2))
        yield tuple(path for path in facts if path in half)
        yield tuple(facts)


def corpus() -> Iterator[tuple[str, Json, Json, str]]:
    """Every history that is given whole: an id, the history, the reading, and its story."""
    for number, case in enumerate(GOLDEN.values(), 1):
        told = f"{case['name']} {case['why']}"
        if case["supposing"]:
            told = f"'{case['name']}' But here nothing is supposed."
        yield f"golden-{number:03}", case["history"], DEFAULT_READING | case["reading"], told
    for number, (history, reading) in enumerate(stories(SEED, TOLD), 1):
        yield f"told-{number:03}", history, reading, "A fictional account."
    rng = Random(SEED)
    grid = ((random_history(rng), rng.choice(READINGS)) for _ in itertools.count())
    consistent = (each for each in grid if oracle.status(*each) != "inconsistent")
    for number, (history, reading) in enumerate(itertools.islice(consistent, GRID), 1):
        yield f"grid-{number:03}", history, reading, "Moments that lie microseconds apart."


@cache
def _spelt_moment(text: str, zone: str) -> str:
    history = {"time_zone": zone, "messages": [{"sent_at": text}]}
    return spelt_out(history)["messages"][0]["sent_at"]


def spelt(history: Json) -> Json:
    """As `spelt_out` does it, each text once."""
    plain, zone = deepcopy(history), history.get("time_zone", "America/Los_Angeles")
    for name in LISTS:
        for record in plain.get(name) or ():
            for key in TIMES:
                if record.get(key) not in (None, ".."):
                    record[key] = _spelt_moment(record[key], zone)
    return plain


def countable(history: Json, reading: Json) -> bool:
    """Whether the oracle counts the worlds of such a history soon."""
    found = choices(spelt(history), reading, None, 1)
    premium = prod(map(len, [*found.premium, found.more_premium]))
    permissions = prod(map(len, [*found.permissions, found.more_permissions]))
    return max(premium, permissions) <= MOST_WAYS


def families() -> Iterator[tuple[Json, list[Json]]]:
    """Each history of the corpus with those that are made of it by forgetting; no case twice.

    Each is a case without its status, its clauses and the end of its `why`.
    """
    seen: set[str] = set()
    for name, history, reading, told in corpus():
        forgettings = list(to_forget(history, Random(f"{SEED} {name}")))
        versions = [(paths, without(history, paths)) for paths in ((), *forgettings)]
        fit = {paths for paths, left in versions if countable(left, reading)}
        if any(len(paths) < 2 and paths not in fit for paths, _ in versions):
            continue
        family: list[Json] = []
        for number, (paths, left) in enumerate(versions):
            key = json.dumps([left, reading], sort_keys=True)
            if key in seen and not paths:
                break
            if key in seen or paths not in fit:
                continue
            seen.add(key)
            family.append(
                {
                    "id": f"{name}.{number:02}" if paths else name,
                    "parent": name if paths else None,
                    "forgotten": list(paths),
                    "why": "" if paths else told,
                    "reading": reading,
                    "history": left,
                }
            )
        if family:
            yield family[0], family[1:]


def decided(parent: Json, children: list[Json]) -> Iterator[Json]:
    """A family with its statuses and truths, as the oracle counts them."""
    for case in (parent, *children):
        plain = spelt(case["history"])
        truths = oracle.clause_truths(plain, case["reading"])
        case["clauses"] = {name: WORDS[at] for name, at in zip(CLAUSES, truths, strict=True)}
        case["status"] = oracle.status(plain, case["reading"])
        told = case["why"] if case is parent else _as_before(parent, case)
        case["why"] = f"{told} {_because(case)}"
        keys = ("id", "parent", "forgotten", "why", "status", "clauses", "reading", "history")
        yield {key: case[key] for key in keys}


def _as_before(parent: Json, case: Json) -> str:
    paths, was, now = case["forgotten"], parent["status"], case["status"]
    stated = facts_of(parent["history"])
    if paths == stated:
        lost = "everything that it states: only the records themselves are left"
    elif len(paths) == 1:
        lost = f"{paths[0]}: {_lost(case['history'], paths[0])} is no longer known"
    else:
        lost = f"{', '.join(paths)}: none of these is known any more"
    follows = f"It is still {now}." if now == was else "So it becomes indeterminate."
    return f"As {parent['id']}, which is {was}, without {lost}. {follows}"


def _lost(history: Json, path: str) -> str:
    place, key = path.rsplit(".", 1)
    if place == "exclusions":
        return "whether this exclusion applies"
    if place == "complete":
        return f"whether every {NOUNS[key]} is listed"
    name, index = place.removesuffix("]").split("[")
    known_as = history[name][int(index)].get("id")
    return LOST[key].format(it=f"{NOUNS[name]} {known_as}" if known_as else f"the {NOUNS[name]}")


def _because(case: Json) -> str:
    """The status in a sentence, from how far any message got."""
    words = {"ineligible": "false", "indeterminate": "unknown"}.get(case["status"])
    stop = next((name for name, truth in case["clauses"].items() if truth == words), None)
    match case["status"], stop:
        case "eligible", _:
            return "However the open facts turn out, every clause is met."
        case "ineligible", None:
            return "An exclusion applies."
        case "ineligible", "premium":
            return "However the open facts turn out, the first clause is not met."
        case "ineligible", _:
            return f"However the open facts turn out, no message meets all clauses up to `{stop}`."
        case _, None:
            return "Every clause is met, but whether an exclusion applies is open."
        case _, "premium":
            return "It is open whether the first clause is met."
        case _:
            return f"It is open whether some message meets all clauses up to `{stop}`."


def main() -> None:
    """Write the file: the same bytes each time, on one version of zlib."""
    lines = [
        json.dumps(case, ensure_ascii=False, separators=(",", ":"))
        for family in families()
        for case in decided(*family)
    ]
    data = gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)
    TARGET.write_bytes(data)
    print(f"{len(lines)} cases, {len(data)} bytes")  # noqa: T201 - a script that says what it did


if __name__ == "__main__":
    main()
