"""Promise 6 on other models than the case, by every world of small histories.

Moments that need not exist, and others that hang on them; spans of a kind, of two lists, at some
time; facts of the account; what is supposed; a list that may lack a record.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, product
from random import Random
from typing import Any

import pytest
from shop import Shop, all_returned, shop
from small_case import club
from small_worlds import Worlds, axis_of, instant, random_history
from workshop import Workshop, all_extended, all_mended, workshop

from eligibility import (
    AllOf,
    AnyOf,
    ClassDefinition,
    Covered,
    Ever,
    History,
    Is,
    Moment,
    Status,
    Supposition,
    TimeSet,
    Uncovered,
    Within,
    evaluate,
)
from eligibility.audit.worlds import in_class
from eligibility.facts.paths import complete_path, fact_path, parse, pattern, value_at
from eligibility.facts.shape import ListShape, shape
from eligibility.values.timeline import write_instant
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import relevant_facts

EARLY = TimeSet.before(instant(2))
CAME, BROKE, FIXED = "visits[].came", "repairs[].broke", "repairs[].fixed"
GOLD, FULL = (Is("members[].level", "gold"),), (Is("warranties[].level", "full"),)
SILVER = (Is("members[].level", "silver"),)
VISIT = ("paid", "kind", "came")
DEFINITIONS = {
    "filters": club(
        Is("visits[].paid", True),
        Is("visits[].kind", {"short"}),
        Within(CAME, EARLY),
        Covered(CAME, "members", GOLD),
        Uncovered(CAME, "bans", (Is("bans[].level", {"gold", "guest"}),)),
        exclusions=(Is("about.resident", False),),
    ),
    "two lists help": club(
        Covered(CAME, "members", GOLD), Covered(CAME, "bans", (Is("bans[].level", "guest"),))
    ),
    "at some time": club(
        Ever("members", EARLY, GOLD), Within(CAME, ~EARLY), Uncovered(CAME, "bans")
    ),
    "account": club(Ever("members", EARLY, GOLD), Is("about.adult", True)),
    "two moments": workshop(
        Is("repairs[].mended", True), Within(BROKE, EARLY), Within(FIXED, ~EARLY)
    ),
    "may not exist": workshop(Is("repairs[].part", {"brake", "chain"}), Within(FIXED, EARLY)),
    "hangs on what may not exist": workshop(Within(BROKE, ~EARLY), Ever("recalls", EARLY)),
    "covered twice": workshop(
        Covered(BROKE, "warranties", FULL), Covered(FIXED, "warranties", FULL)
    ),
    "helps and harms": workshop(
        Is("repairs[].part", {"brake", "lamp"}),
        Covered(FIXED, "warranties", FULL),
        Uncovered(BROKE, "recalls"),
    ),
    "returned, by a member of age": shop(
        Within("purchases[].returned", ~EARLY),
        Covered("purchases[].bought", "memberships"),
        Is("of_age", True),
        exclusions=(Is("trader", True),),
    ),
}
SUPPOSED = {
    "mended": (Workshop, all_mended(instant(2))),
    "extended": (Workshop, all_extended(instant(2))),
    "returned": (Shop, all_returned(instant(2))),
}
MOST_WORLDS = 1500
#: So many as supposed, and so many with what a list may lack.
MOST_SUPPOSED, MOST_LACKING = 120, 1500
#: What is known of a world by somebody, fact by fact.
Told = tuple[tuple[str, Any], ...]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_fact_is_asked_for_if_and_only_if_it_matters(kind: str) -> None:
    rng, definition, done = Random(f"models {kind}"), DEFINITIONS[kind], 0
    while done < 14:
        history = _drawn(rng, definition.model)
        worlds = Worlds(history, None)
        verdict = evaluate(history, definition)
        if verdict.status is not Status.INDETERMINATE or worlds.count > MOST_WORLDS:
            continue
        done += 1
        knows = _some_knowable(rng, definition.model)
        found = relevant_facts(facts_under(definition, history, None), definition, knows)
        shown = history.model_dump_json(exclude_none=True)
        every = _all_told(worlds, history, definition, knows)
        assert {fact.path for fact in found} == _relevant(every), shown


@pytest.mark.parametrize(
    ("kind", "so"),
    [
        (k, s)
        for s, (model, _) in SUPPOSED.items()
        for k, d in DEFINITIONS.items()
        if d.model is model
    ],
)
def test_the_same_as_supposed(kind: str, so: str) -> None:
    rng, definition, done = Random(f"supposed {kind} {so}"), DEFINITIONS[kind], 0
    supposed = SUPPOSED[so][1]
    while done < 8:
        history = _drawn(rng, definition.model)
        worlds = Worlds(history, supposed)
        verdict = evaluate(history, definition, supposing=supposed)
        is_open = verdict.status is Status.INDETERMINATE and verdict.exact
        if not is_open or not 0 < worlds.count <= MOST_SUPPOSED:
            continue
        done += 1
        knows = _some_knowable(rng, definition.model)
        found = relevant_facts(facts_under(definition, history, supposed), definition, knows)
        expected = _relevant(_all_told(worlds, history, definition, knows))
        for mine, alone in _one_sided(supposed, definition, knows):
            others = _relevant(_all_told(worlds, history, definition, alone))
            expected |= {path for path in others if parse(path).pattern in mine}
        shown = history.model_dump_json(exclude_none=True)
        assert {fact.path for fact in found} == expected, shown


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_same_where_a_list_may_lack_a_record(kind: str) -> None:
    """Of it somebody can know what they can of a kind; it is stated which records are listed."""
    rng, definition, done = Random(f"lacking {kind}"), DEFINITIONS[kind], 0
    while done < 5:
        history, name = _lacking(rng, definition.model)
        worlds = Worlds(history, None)
        left, worlds.unlisted[name] = [*worlds.left(name, None)], ()
        if not 0 < worlds.count * len(left) <= MOST_LACKING:
            continue
        if evaluate(history, definition).status is not Status.INDETERMINATE:
            continue
        done += 1
        knows = _some_knowable(rng, definition.model)
        found = relevant_facts(facts_under(definition, history, None), definition, knows)
        every = _told_with_one_more(worlds, name, left, definition, knows)
        shown = history.model_dump_json(exclude_none=True)
        assert {fact.path for fact in found} == _relevant(every), shown


def test_whether_something_was_matters_by_what_would_hang_on_it() -> None:
    """If it was mended by then, it broke too early; if it never was, nobody can know."""
    definition = DEFINITIONS["hangs on what may not exist"]
    history = definition.model.model_validate(
        {
            "account_id": "W-1",
            "repairs": [{"part": "brake"}],
            "recalls": [{"start": "2020-01", "end": ".."}],
            "complete": ["repairs", "warranties", "recalls"],
        }
    )
    theirs = {"repairs[0].mended", "repairs[0].fixed"}
    facts = facts_under(definition, history, None)
    found = relevant_facts(facts, definition, theirs.__contains__)
    assert {fact.path for fact in found} == theirs


def _at(first: int, last: int) -> str:
    return f"{write_instant(instant(first))}/{write_instant(instant(last))}"


def _came(first: int, last: int, **known: Any) -> dict[str, Any]:
    return {"kind": "short", "came": _at(first, last), **known}


@pytest.mark.parametrize(
    ("definition", "visits", "level"),
    [
        pytest.param(
            club(
                AnyOf(
                    (
                        Is("visits[].paid", True),
                        AllOf((Is("visits[].paid", False), Is("visits[].kind", "short"))),
                    )
                ),
                Covered(CAME, "members"),
            ),
            [_came(1, 1), _came(2, 3)],
            None,
            id="in by one way or another",
        ),
        pytest.param(
            club(
                AnyOf(
                    (
                        AllOf((Is("visits[].paid", True), Covered(CAME, "members", GOLD))),
                        AllOf((Is("visits[].paid", False), Covered(CAME, "members", SILVER))),
                    )
                )
            ),
            [
                *(_came(1, 1, paid=paid) for paid in (True, False)),
                *(_came(2, last, paid=paid) for paid, last in ((True, 2), (False, 3))),
            ],
            ["gold", "silver"],
            id="covered by one kind of spans or another",
        ),
    ],
)
def test_in_one_of_several_ways_beside_a_span_that_nobody_can_know(
    definition: ClassDefinition, visits: list[Any], level: Any
) -> None:
    """It covers 1 or 2, so whether somebody came at 2 decides, whatever else is so."""
    history = definition.model.model_validate(
        {
            "account_id": "A-1001",
            "visits": visits,
            "members": [{"level": level, "start": _at(1, 2), "end": _at(1, 2)}],
            "complete": ["visits", "members", "bans"],
        }
    )
    last = f"visits[{len(visits) - 1}].came"
    every = _all_told(Worlds(history, None), history, definition, last.__eq__)
    found = relevant_facts(facts_under(definition, history, None), definition, last.__eq__)
    assert {fact.path for fact in found} == _relevant(every) == {last}


def test_beside_records_that_a_surely_lasting_span_leaves_in_none_more_matters() -> None:
    """Somebody came at 1 and at 2, one of which it covers, if only it was gold."""
    definition = club(Is("visits[].paid", True), Covered(CAME, "members", GOLD))
    history = definition.model.model_validate(
        {
            "account_id": "A-1001",
            "visits": [_came(at, at, paid=True) for at in (1, 2)],
            "members": [{"start": _at(1, 2), "end": _at(1, 2)}],
            "complete": ["members", "bans"],
        }
    )
    theirs = {"members[0].level", "complete.visits", *(f"visits[].{key}" for key in VISIT)}
    found = relevant_facts(facts_under(definition, history, None), definition, theirs.__contains__)
    assert {fact.path for fact in found} == {"members[0].level"}


def test_as_many_records_more_may_lie_beside_others_as_it_takes() -> None:
    """It covers one of four instants. If three more came at the others, the first one decides."""
    definition = club(Is("visits[].paid", True), Covered(CAME, "members", GOLD))

    def known(paid: bool | None, more: list[Any], *complete: str) -> History:
        return definition.model.model_validate(
            {
                "account_id": "A-1001",
                "visits": [_came(0, 0, paid=paid), _came(0, 0), _came(0, 0), *more],
                "members": [{"level": "gold", "start": _at(0, 3), "end": _at(0, 3)}],
                "complete": ["members", "bans", *complete],
            }
        )

    more = [_came(at, at, paid=True) for at in (1, 2, 3)]
    decided = [evaluate(known(paid, more, "visits"), definition).status for paid in (True, False)]
    assert decided == [Status.ELIGIBLE, Status.INDETERMINATE]
    theirs = {"visits[0].paid", "visits[1].paid", "complete.visits"}
    theirs |= {f"visits[].{key}" for key in VISIT}
    facts = facts_under(definition, known(None, []), None)
    found = relevant_facts(facts, definition, theirs.__contains__)
    assert "visits[0].paid" in {fact.path for fact in found}


def _drawn(rng: Random, model: type[History]) -> History:
    """A small history of complete lists that has a world."""
    while True:
        drawn = random_history(
            rng, model, most=rng.choice([1, 2, 3]), clarity=rng.choice([0.6, 0.9])
        )
        history = model.model_validate(
            {**drawn.model_dump(exclude_none=True), "complete": [*shape(model).lists]}
        )
        if Worlds(history, None).count:
            return history


def _some_knowable(rng: Random, model: type[History]) -> Callable[[str], bool]:
    """What somebody can know, by kind or path by path. Who knows when it was, knows that it was."""
    share, seed, by_kind = rng.choice([0.4, 0.6, 0.8, 1]), rng.random(), rng.random() < 0.5
    exists_if = {
        pattern(name, key): fact
        for name, each in shape(model).lists.items()
        for key, fact in each.record.exists_if.items()
    }

    def knows(path: str) -> bool:
        before, _, key = path.rpartition(".")
        kind = pattern(before.partition("[")[0], key)
        if kind in exists_if and not knows(f"{before}.{exists_if[kind]}"):
            return False
        is_of_record = by_kind and "[" in path
        return Random(f"{seed} {kind if is_of_record else path}").random() < share

    return knows


def _lacking(rng: Random, model: type[History]) -> tuple[History, str]:
    """A small history of which one list, of the first two mostly, may lack records; and that."""
    lists = [*shape(model).lists]
    drawn = random_history(rng, model, most=rng.choice([1, 1, 2]), clarity=rng.choice([0.8, 0.95]))
    data, name = drawn.model_dump(exclude_none=True), rng.choice([*lists[:1], *lists])
    stated = [each for each in data["complete"] if isinstance(each, dict) and each["list"] == name]
    others = [each for each in lists if each != name]
    return model.model_validate({**data, "complete": [*others, *stated]}), name


def _one_sided(
    so: Supposition, definition: ClassDefinition, knows: Callable[[str], bool]
) -> Iterator[tuple[set[str], Callable[[str], bool]]]:
    """The facts of each of two linked sides, with what is known by whoever knows no other."""
    if so.list == definition.record_list:
        sides = [
            {pattern(so.list, key) for key in keys} for keys in ([so.when], [so.fact, so.then])
        ]
        for mine, other in (sides, sides[::-1]):
            yield mine, lambda path, other=other: knows(path) and parse(path).pattern not in other


def _relevant(every: Iterable[tuple[Told, bool]]) -> set[str]:
    """The facts in which alone two differ of all that can be known, and what follows does too."""
    follows: dict[Told, set[bool]] = defaultdict(set)
    for told, outcome in every:
        follows[told].add(outcome)
    seen: dict[Any, set[frozenset[bool]]] = defaultdict(set)
    for told, outcomes in follows.items():
        for at, (path, _) in enumerate(told):
            seen[path, told[:at] + told[at + 1 :]].add(frozenset(outcomes))
    return {path for (path, _), several in seen.items() if len(several) > 1}


def _all_told(
    worlds: Worlds, history: History, definition: ClassDefinition, knows: Callable[[str], bool]
) -> Iterator[tuple[Told, bool]]:
    """All that can be known of each world, and whether it is in the class."""
    for world in worlds:
        outcome = in_class(world, definition)
        yield from ((told, outcome) for told in _told(world, history, knows))


def _told_with_one_more(
    worlds: Worlds,
    name: str,
    left: list[Any],
    definition: ClassDefinition,
    knows: Callable[[str], bool],
) -> Iterator[tuple[Told, bool]]:
    """The same, where a list has all that is listed, or one of what is left."""
    list_shape, path = worlds.lists[name], complete_path(name)
    nothing = list_shape.record.model_construct()
    theirs = {key: pattern(name, key) for key in list_shape.facts if knows(pattern(name, key))}
    for world in worlds:
        listed = [*_told(world, worlds.history, knows)]
        for more in (None, *left):
            one = () if more is None else (more,)
            after = world.model_copy(update={name: (*getattr(world, name), *one)})
            said = [None] if more is None else _of_record(list_shape, more, nothing, theirs)
            also = [((path, each),) for each in said] if knows(path) else [()]
            outcome = in_class(after, definition)
            yield from (((*told, *each), outcome) for told in listed for each in also)


def _told(world: History, history: History, knows: Callable[[str], bool]) -> Iterator[Told]:
    """All that can be known of a world; when something was that never was may be said to be any."""
    seen = shape(type(world))
    records = []
    for name in seen.lists:
        both = zip(getattr(world, name), getattr(history, name), strict=True)
        for at, (record, known) in enumerate(both):
            facts = [(key, fact_path(name, at, key)) for key in seen.lists[name].facts]
            theirs = {key: path for key, path in facts if knows(path)}
            records.append(_of_record(seen.lists[name], record, known, theirs))
    account = tuple((path, value_at(path, world)) for path in seen.yes_no if knows(path))
    for each in product(*records):
        yield (*chain.from_iterable(each), *account)


def _of_record(list_shape: ListShape, record: Any, known: Any, paths: dict[str, str]) -> set[Told]:
    """The same of some facts of one record, with their paths."""
    values = {key: getattr(record, key) for key in paths}
    never = [key for key in paths if key in list_shape.moments and values[key] is None]
    return {
        tuple(
            (paths[key], each.earliest if isinstance(each, Moment) else each)
            for key, each in {**values, **dict(zip(never, instants, strict=True))}.items()
        )
        for instants in product(*(axis_of(getattr(known, key)) for key in never))
    }
