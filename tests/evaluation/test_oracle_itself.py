"""Is the oracle right? Hand-worked histories, the full product, and the golden cases.

The golden cases (`golden/*.json`) were worked by hand from the case and the notation; here the
oracle must agree with them, without the library. What is written there as a date or a local time is
first written out as bounds, by a few lines that share nothing with the library's own parser.
"""

from __future__ import annotations

import itertools
import json
import math
from calendar import monthrange
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import oracle
import pytest
from oracle import CUTOFF, DEFAULT_READING, READINGS, History, Reading
from oracle_worlds import ALWAYS, CLAUSES, NEVER, choices, instant, moment, written

GOLDEN = {
    f"{path.stem}: {case['name']}": case
    for path in sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
}
TIMES = ("start", "end", "sent_at", "shared_at")

# ------------------------------------------------------- dates and local times, written as bounds


def _local(text: str, zone: str) -> tuple[int, int]:
    """A local time in a zone: one instant, or two, if clocks went back."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    first, last = (instant(local.replace(fold=fold).isoformat()) for fold in (0, 1))
    return first, last


def _dates(text: str) -> list[str]:
    """The first and the last day that a date may mean, trying every digit for an X."""
    year, month, day = [*text.split("-"), "XX", "XX"][:3]

    def fits(pattern: str, number: int) -> bool:
        digits = str(number).zfill(len(pattern))
        return all(p in {"X", d} for p, d in zip(pattern, digits, strict=True))

    days = [
        f"{y:04}-{m:02}-{d:02}"
        for y in range(1990, 2040)
        if fits(year, y)
        for m in range(1, 13)
        if fits(month, m)
        for d in range(1, monthrange(y, m)[1] + 1)
        if fits(day, d)
    ]
    return [days[0], days[-1]]


def _bounds(text: str, zone: str) -> tuple[int, int]:
    if "/" in text:
        low, high = text.split("/")
        return (
            ALWAYS if low == ".." else _bounds(low, zone)[0],
            NEVER if high == ".." else _bounds(high, zone)[1],
        )
    if "T" not in text:
        first, last = _dates(text)
        return _local(f"{first}T00:00", zone)[0], _local(f"{last}T23:59:59.999999", zone)[1]
    if datetime.fromisoformat(text).tzinfo:
        return instant(text), instant(text)
    return _local(text, zone)


def spelt_out(history: History) -> dict[str, Any]:
    """The history with each moment as RFC 3339 bounds in UTC, as the oracle takes it."""
    spelt: dict[str, Any] = json.loads(json.dumps(history))
    zone = spelt.get("time_zone", "America/Los_Angeles")
    for name in ("premium", "messages", "permissions"):
        for record, key in itertools.product(spelt.get(name, []), TIMES):
            if record.get(key) not in {None, ".."}:
                record[key] = moment(*_bounds(record[key], zone))
    return spelt


# ---------------------------------------------------------------------------------- golden cases


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_cases_are_what_brute_force_says(name: str) -> None:
    case = GOLDEN[name]
    history, reading = spelt_out(case["history"]), DEFAULT_READING | case["reading"]
    truths = oracle.clause_truths(history, reading, case["supposing"])
    words = {True: "true", False: "false", None: "unknown"}
    assert oracle.status(history, reading, case["supposing"]) == case["expect"]["status"]
    assert dict(zip(CLAUSES, map(words.get, truths), strict=True)) == case["expect"]["clauses"]


def test_golden_cases_turn_on_each_value_of_each_dimension() -> None:
    """Somewhere two cases differ in nothing but one dimension's value, and have other outcomes."""
    seen: dict[str, list[tuple[dict[str, str], str]]] = {}
    for case in GOLDEN.values():
        key = json.dumps([case["history"], case["supposing"]], sort_keys=True)
        reading = DEFAULT_READING | case["reading"]
        seen.setdefault(key, []).append((reading, case["expect"]["status"]))
    turning = {
        (dimension, reading[dimension])
        for cases in seen.values()
        for (reading, status), (other, other_status) in itertools.permutations(cases, 2)
        for dimension in reading
        if reading | {dimension: other[dimension]} == other and status != other_status
    }
    assert turning == {(d, value) for d, values in oracle.DIMENSIONS.items() for value in values}


def test_golden_cases_fail_on_each_clause() -> None:
    first_false = {
        next((c for c, truth in case["expect"]["clauses"].items() if truth == "false"), None)
        for case in GOLDEN.values()
        if case["expect"]["status"] == "ineligible"
    }
    assert first_false == {*CLAUSES, None}  # None: the clauses are met, an exclusion applies


# --------------------------------------------------------------------------- worked out by hand

BEFORE = CUTOFF["before"]


def at(low: int | None, high: int | None = None) -> str | None:
    """A moment in microseconds from the update: one instant, or bounds."""
    if low is None:
        return None
    return moment(BEFORE + low, BEFORE + (low if high is None else high))


def known(**changes: Any) -> dict[str, Any]:
    """A fitting history; changes are made to the record that has the key."""
    history: dict[str, Any] = {
        "account_id": "A-1001",
        "premium": [{"id": "p1", "plan": "premium_career", "start": at(-9), "end": at(9)}],
        "messages": [
            {"id": "m1", "inmail": True, "direction": "sent", "sent_at": at(-6), "shared": True}
            | {"shared_at": at(-3)}
        ],
        "permissions": [],
        "complete": ["premium", "messages", "permissions"],
    }
    places = [history, history["premium"][0], history["messages"][0]]
    for key, value in changes.items():
        next(place for place in places if key in place)[key] = value
    return history


def span(start: str | None, end: str | None) -> dict[str, Any]:
    return {"id": "s", "plan": "premium_career", "start": start, "end": end}


@pytest.mark.parametrize(
    ("expected", "relevant", "history"),
    [
        ("eligible", set(), known()),
        ("ineligible", set(), known(shared_at=at(0))),
        ("indeterminate", {"messages[0].shared_at"}, known(shared_at=at(-1, 0))),
        ("ineligible", set(), known(start=at(1), shared_at=at(-3, 3))),
        ("indeterminate", {"premium[0].plan"}, known(plan=None)),
        ("indeterminate", {"messages[0].inmail"}, known(inmail=None)),
        ("eligible", set(), known(direction=None)),
        ("indeterminate", {"messages[0].shared"}, known(shared=None)),
        (
            "indeterminate",
            {"complete.premium"},
            known(premium=[], complete=["messages", "permissions"]),
        ),
        (
            "indeterminate",
            {"complete.messages"},
            known(messages=[], complete=["premium", "permissions"]),
        ),
        ("indeterminate", {"complete.permissions"}, known(complete=["premium", "messages"])),
        ("indeterminate", {"permissions[0].end"}, known(permissions=[span(at(-9), at(-5, 0))])),
        ("inconsistent", set(), known(shared_at=at(-7))),
        ("inconsistent", set(), known(start=at(-2), end=at(-5, -3))),
        ("ineligible", set(), known(shared=None, shared_at=at(-8, -7))),
        ("eligible", set(), known(shared_at=at(-8, -5), sent_at=at(-7, -4))),
        # two that touch cover together what neither does alone; with a hole they do not
        (
            "eligible",
            set(),
            known(shared_at=at(-5, -2), premium=[span(at(-9), at(-4)), span(at(-3), "..")]),
        ),
        (
            "indeterminate",
            {"messages[0].shared_at"},
            known(shared_at=at(-5, -2), premium=[span(at(-9), at(-5)), span(at(-3), "..")]),
        ),
        # two permissions together leave no instant before the update
        (
            "ineligible",
            set(),
            known(shared_at=at(-5, 3), permissions=[span(at(-9), at(-4)), span(at(-3), at(-1))]),
        ),
        # the earliest end comes before the latest start; the span still covers one of two instants
        (
            "eligible",
            set(),
            known(
                premium=[span(at(-9, -3), at(-4, -1))],
                messages=[{**known()["messages"][0], "shared_at": at(t)} for t in (-4, -3)],
            ),
        ),
    ],
)
def test_histories_worked_out_by_hand(expected: str, relevant: set[str], history: History) -> None:
    assert oracle.status(history, DEFAULT_READING) == expected
    assert oracle.naive_status(history, DEFAULT_READING) == expected
    assert oracle.relevant_facts(history, DEFAULT_READING) == relevant


def test_the_clauses_say_how_far_any_message_got() -> None:
    first, second = known(inmail=False)["messages"][0], known(shared_at=at(0, 1))["messages"][0]
    history = known(messages=[first, second])
    assert oracle.clause_truths(history, DEFAULT_READING) == [True, True, True, True, False]
    assert oracle.clause_truths(known(inmail=None), DEFAULT_READING) == [True, *[None] * 4]


def test_what_does_not_come_first_may_not_matter() -> None:
    """Whether it was shared matters only if it may have been an InMail, and so on."""
    assert oracle.relevant_facts(known(inmail=False, shared=None), DEFAULT_READING) == set()
    both = oracle.relevant_facts(known(inmail=None, shared=None), DEFAULT_READING)
    assert both == {"messages[0].inmail", "messages[0].shared"}
    counsel = known() | {"exclusions": {"counsel": True}}
    assert oracle.relevant_facts(counsel, DEFAULT_READING | {"exclusions": "customary"}) == set()


# ------------------------------------------------------------------------------------ at random


def _random(seed: int, count: int, *, tiny: bool = False) -> list[tuple[History, Reading]]:
    rng = Random(seed)
    readings = [rng.choice(READINGS) for _ in range(count)]
    return [(oracle.random_history(rng, r["update_day"], tiny=tiny), r) for r in readings]


def _product_size(history: History, reading: Reading) -> int:
    c = choices(history, reading, None, 1)
    more = len(c.more_premium) * len(c.more_permissions) * len(c.more_messages)
    listed = (map(len, records) for records in (c.premium, c.permissions, c.messages, c.flags))
    return more * math.prod(itertools.chain.from_iterable(listed))


def test_every_status_is_frequent() -> None:
    statuses = Counter(oracle.status(*pair) for pair in _random(1, 1000))
    assert min(statuses[s] for s in ("eligible", "ineligible", "indeterminate")) >= 140
    assert statuses["inconsistent"] >= 70


def test_the_factored_oracle_says_what_the_full_product_says() -> None:
    compared: Counter[str] = Counter()
    for history, reading in _random(2, 400, tiny=True):
        if _product_size(history, reading) > 1000:
            continue
        for supposing in (None, "as-alleged"):
            listed = list(oracle.worlds(history, reading, supposing, 1))
            factored = oracle.status(history, reading, supposing, 1)
            assert factored == oracle.naive_status(history, reading, supposing), history
            truths = [
                {oracle.prefix_member(world, reading, k) for world in listed} for k in range(1, 6)
            ]
            assert oracle.clause_truths(history, reading, supposing, 1) == [
                None if len(truth) != 1 else True in truth for truth in truths
            ]
            compared[factored] += 1
        facts = oracle.relevant_facts(history, reading, None, 1)
        assert facts == oracle.naive_relevant_facts(history, reading), (history, reading)
        compared.update(fact.partition(".")[2] for fact in facts)
    assert min(compared[status] for status in ("eligible", "ineligible", "indeterminate")) > 15
    assert min(compared[fact] for fact in ("plan", "start", "inmail", "shared", "shared_at")) > 1


def _stretched(history: History, around: int, factor: int) -> dict[str, Any]:
    """The same history with its bounds further apart."""
    wide: dict[str, Any] = json.loads(json.dumps(history))
    for name in ("premium", "messages", "permissions"):
        for record, key in itertools.product(wide[name], TIMES):
            if record.get(key) not in {None, ".."}:
                low, high = (
                    bound if abs(bound) == NEVER else around + (bound - around) * factor
                    for bound in oracle.bounds(record[key])
                )
                record[key] = moment(low, high)
    return wide


def test_more_instants_change_nothing() -> None:
    """A handful around each bound stands for all, also where bounds lie far apart."""
    compared = 0
    for i, (history, reading) in enumerate(_random(3, 150)):
        factor = (3, 7, 10**9)[i % 3]
        wide = _stretched(history, CUTOFF[reading["update_day"]], factor)
        spans = choices(wide, reading, None, 3)
        premium, permissions = map(len, spans.premium), map(len, spans.permissions)
        if math.prod(premium) * math.prod(permissions) > 2000:
            continue
        answers = [
            (
                oracle.status(wide, reading, None, reach),
                oracle.clause_truths(wide, reading, None, reach),
                oracle.relevant_facts(wide, reading, None, reach),
            )
            for reach in (2, 3)
        ]
        assert answers[0] == answers[1], (wide, reading)
        compared += answers[0][0] == "indeterminate"
    assert compared > 20


def test_nothing_matters_once_it_is_decided_and_something_does_while_it_is_not() -> None:
    for history, reading in _random(4, 300):
        undecided = oracle.status(history, reading) == "indeterminate"
        assert bool(oracle.relevant_facts(history, reading)) == undecided, (history, reading)


def test_refining_decides_and_never_undecides() -> None:
    rng = Random(5)
    moved: Counter[tuple[str, str]] = Counter()
    for history, reading in _random(5, 700):
        before = oracle.status(history, reading)
        refined = oracle.refinement(history, rng)
        after = oracle.status(refined, reading)
        moved[before, after] += 1
        assert before in {"indeterminate", after} or after == "inconsistent", (history, refined)
    assert moved["indeterminate", "eligible"] > 5
    assert moved["indeterminate", "ineligible"] > 5


def test_an_instant_is_written_as_it_is_read() -> None:
    for text in ("2024-09-18T06:59:59.999999Z", "2024-09-18T00:00:00.000000Z"):
        assert written(instant(text)) == text
    assert instant("2024-09-18T00:00:00-07:00") == CUTOFF["before"]
    assert oracle.bounds(moment(None, 5)) == (ALWAYS, 5)
    assert oracle.bounds(moment(5, None)) == (5, NEVER)
    assert oracle.bounds(moment(None, None)) == (ALWAYS, NEVER)
