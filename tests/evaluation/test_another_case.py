"""The promises on a definition of another kind, against brute force of its own.

The proposed class of De La Torre v. LinkedIn has no filter on permissions, and no vocabulary of
more than two sides that is not settled by one word. This one has both.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice, product
from random import Random
from typing import Any, NamedTuple

import pytest
from small_case import Club, at, club

from eligibility import (
    Covered,
    InconsistentHistory,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Within,
    evaluate,
    forget,
    refine,
    refines,
)
from eligibility.values.timeline import EARLIEST, write_instant

START = at("2020")
AXIS = range(4)
BEYOND = range(-1, 4)  # what is not listed may lie before all that is
LEVELS = ("gold", "silver", "guest")
HELPS, HARMS = frozenset({"gold"}), frozenset({"gold", "guest"})

DEFINITION = club(
    Is("visits[].paid", True),
    Is("visits[].kind", {"short"}),
    Within("visits[].came", TimeSet.of((EARLIEST, START + 2))),
    Covered("visits[].came", "members", (Is("members[].level", HELPS),)),
    Uncovered("visits[].came", "bans", (Is("bans[].level", HARMS),)),
    exclusions=(Is("about.resident", False),),
)


class World(NamedTuple):
    """What is so: visits (paid, kind, came), spans (level, start, end), resident, and records
    beyond the listed ones."""

    visits: tuple[Any, ...]
    members: tuple[Any, ...]
    bans: tuple[Any, ...]
    resident: bool
    more_visits: tuple[Any, ...]
    more_members: tuple[Any, ...]
    more_bans: tuple[Any, ...]


def member(world: World) -> bool:
    def covered(x: int, spans: tuple[Any, ...], levels: frozenset[str]) -> bool:
        return any(level in levels and start <= x <= end for level, start, end in spans)

    return world.resident and any(
        paid
        and kind == "short"
        and came <= 2
        and covered(came, world.members + world.more_members, HELPS)
        and not covered(came, world.bans + world.more_bans, HARMS)
        for paid, kind, came in world.visits + world.more_visits
    )


def instants(pair: list[int] | None) -> range:
    return AXIS if pair is None else range(pair[0], pair[1] + 1)


def spans_of(record: dict[str, Any]) -> list[tuple[str, int, int]]:
    levels = [record["level"]] if record["level"] else LEVELS
    edges = product(levels, instants(record["start"]), instants(record["end"]))
    return [(level, start, end) for level, start, end in edges if start <= end]


def worlds(known: dict[str, Any]) -> Iterator[World]:
    visits = [
        [
            *product(
                *(
                    ([v[k]] if v[k] is not None else both)
                    for k, both in (("paid", (True, False)), ("kind", ("short", "long")))
                ),
                instants(v["came"]),
            )
        ]
        for v in known["visits"]
    ]
    listed = {name: [spans_of(record) for record in known[name]] for name in ("members", "bans")}
    resident = [True, False] if known["resident"] is None else [known["resident"]]
    everywhere = [("gold", a, b) for a in BEYOND for b in BEYOND if a <= b]
    more_visits = [((True, "short", x),) for x in BEYOND]
    # two bans, on both sides of a visit, are the most that can matter
    more_bans = [(), *((b,) for b in everywhere), *product(everywhere, everywhere)]
    yield from (
        World(*world)
        for world in product(
            product(*visits),
            product(*listed["members"]),
            product(*listed["bans"]),
            resident,
            [(), *more_visits] if "visits" not in known["complete"] else [()],
            [(), *((m,) for m in everywhere)] if "members" not in known["complete"] else [()],
            more_bans if "bans" not in known["complete"] else [()],
        )
    )


def random_known(rng: Random) -> dict[str, Any]:
    def pair() -> list[int] | None:
        low = rng.choice(AXIS)
        return rng.choice([None, [low, low], sorted((low, rng.choice(AXIS)))])

    def span() -> dict[str, Any]:
        return {"level": rng.choice([*LEVELS, None, "gold"]), "start": pair(), "end": pair()}

    visits, members, bans = rng.choice(
        [(1, 1, 0), (1, 1, 1), (2, 1, 0), (1, 2, 0), (2, 1, 1), (0, 1, 0), (1, 0, 1)]
    )
    kept = rng.choice([0.5, 0.9, 1])
    return {
        "visits": [
            {
                "paid": rng.choice([True, True, True, None, False]),
                "kind": rng.choice(["short", "short", "short", None, "long"]),
                "came": pair(),
            }
            for _ in range(visits)
        ],
        "members": [span() for _ in range(members)],
        "bans": [span() for _ in range(bans)],
        "resident": rng.choice([True, True, True, True, None, False]),
        "complete": [n for n in ("visits", "members", "bans") if rng.random() < kept],
    }


def written(known: dict[str, Any]) -> Club:
    def moment(pair: list[int] | None) -> str:
        low, high = pair or (AXIS[0], AXIS[-1])
        return f"{write_instant(START + low)}/{write_instant(START + high)}"

    data = json.loads(json.dumps(known))
    for record in data["visits"]:
        record["came"] = moment(record["came"])
    for record in data["members"] + data["bans"]:
        record |= {"start": moment(record["start"]), "end": moment(record["end"])}
    resident = data.pop("resident")
    return Club(account_id="C-1", time_zone="UTC", about={"resident": resident}, **data)


def status_of(outcomes: set[bool]) -> str:
    return {frozenset(): "inconsistent", frozenset({True}): "eligible"}.get(
        frozenset(outcomes), "indeterminate" if True in outcomes else "ineligible"
    )


FIELDS = {"visits": ("paid", "kind", "came")} | dict.fromkeys(
    ("members", "bans"), ("level", "start", "end")
)


def facts_of(known: dict[str, Any]) -> list[str]:
    """The facts of each of its worlds, in the order of `values_of`."""
    listed = [
        f"{name}[{index}].{key}"
        for name, keys in FIELDS.items()
        for index in range(len(known[name]))
        for key in keys
    ]
    return [*listed, "about.resident", *(f"complete.{name}" for name in FIELDS)]


def values_of(world: World) -> tuple[Any, ...]:
    listed = chain.from_iterable(chain(world.visits, world.members, world.bans))
    return (*listed, world.resident, world.more_visits, world.more_members, world.more_bans)


def relevant(known: dict[str, Any], every: list[tuple[World, bool]]) -> set[str]:
    """The facts in which alone two worlds differ of which one is in the class."""
    found: set[str] = set()
    sides: dict[tuple[Any, ...], bool] = {}
    facts = list(enumerate(facts_of(known)))
    for world, inside in every:
        values = values_of(world)
        for place, path in facts:
            if path not in found:
                rest = (place, values[:place], values[place + 1 :])
                if sides.setdefault(rest, inside) is not inside:
                    found.add(path)
    return found


MOST_WORLDS = 6_000


@pytest.mark.parametrize("seed", range(2))
def test_every_promise_by_brute_force(seed: int) -> None:
    rng = Random(f"club {seed}")
    seen: Counter[str] = Counter()
    while min(seen[s] for s in ("eligible", "ineligible", "indeterminate")) < 15:
        known = random_known(rng)
        some = list(islice(worlds(known), MOST_WORLDS))
        if len(some) == MOST_WORLDS:
            continue
        every = [(world, member(world)) for world in some]
        status, shown = status_of({inside for _, inside in every}), json.dumps(known)
        seen[status] += 1
        if status == "inconsistent":
            with pytest.raises(InconsistentHistory):
                evaluate(written(known), DEFINITION)
            continue
        verdict = evaluate(written(known), DEFINITION)
        assert verdict.status.value == status, shown
        if verdict.status is Status.INDETERMINATE:
            _check_undecided(verdict, shown)
            asked = {path for question in verdict.questions for path in question.paths}
            assert asked == relevant(known, every), shown
        else:
            _check_decided(verdict, shown)


def _check_undecided(verdict: Any, shown: str) -> None:
    both = verdict.scenarios
    assert evaluate(both.eligible_if, DEFINITION).status is Status.ELIGIBLE, shown
    assert evaluate(both.ineligible_if, DEFINITION).status is Status.INELIGIBLE, shown
    assert refines(both.eligible_if, verdict.history), shown
    assert refines(both.ineligible_if, verdict.history), shown
    for question in verdict.questions:
        for answer in question.answers:
            known = refine(verdict.history, answer.refinement)
            assert evaluate(known, DEFINITION).status is Status.of(answer.truth), shown


def _check_decided(verdict: Any, shown: str) -> None:
    cited = {path for reason in verdict.reasons for path in reason.facts}
    stated = {f"complete.{name}" for name in verdict.history.complete} | {"about.resident"}
    for name in ("visits", "members", "bans"):
        for index, record in enumerate(getattr(verdict.history, name)):
            stated |= {f"{name}[{index}].{k}" for k, v in record if v is not None}
    kept = evaluate(forget(verdict.history, stated - cited), DEFINITION)
    assert kept.status is verdict.status, shown
    for path in cited:
        less = evaluate(forget(verdict.history, (stated - cited) | {path}), DEFINITION)
        assert less.status is Status.INDETERMINATE, (path, shown)
