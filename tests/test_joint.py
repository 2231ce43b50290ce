"""How spans can be cut, against trying every cut; and that it is quick however many there are."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from attrs import evolve

from eligibility import AccountHistory, Citation, ClassDefinition, Clause, Condition, Covered, Is
from eligibility.evaluate import Surely
from eligibility.facts import Facts, ready
from eligibility.joint import escape
from eligibility.timeline import write_instant

START = 1_600_000_000_000_000
PAID = (Is("premium[].plan", "premium_career"),)
ANY = (Is("premium[].plan", {"premium_career", "other"}),)
SENT, SHARED = "messages[].sent_at", "messages[].shared_at"
SPAN_LISTS = ("premium", "permissions")


def meaning(*conditions: Condition) -> ClassDefinition:
    source = Citation("a fiction")
    clauses = (Clause(f"c{at}", "words", source, each) for at, each in enumerate(conditions))
    return ClassDefinition("fiction", "1", "A fiction", AccountHistory, tuple(clauses))


DEFINITIONS = [
    meaning(Covered(SENT, "premium", PAID)),
    meaning(Covered(SENT, "premium", PAID), Covered(SHARED, "premium", PAID)),
    meaning(Covered(SENT, "premium", PAID), Covered(SHARED, "permissions")),
    meaning(Covered(SENT, "premium", PAID), Covered(SHARED, "premium", ANY)),
    meaning(Covered(SENT, "premium", PAID), Covered(SENT, "permissions")),
]


def between(first: int, last: int) -> str:
    return f"{write_instant(START + first)}/{write_instant(START + last)}"


def crossing(rng: Random) -> dict[str, str]:
    """Mostly a span that surely covers no single instant."""
    ending = rng.randrange(3)
    begun = ending + rng.choice([0, 1, 1, 1, 2])
    return {"start": between(0, begun), "end": between(ending, 9)}


def drawn(rng: Random) -> Facts:
    def message() -> dict[str, Any]:
        sent = rng.randrange(4)
        shared = sent + rng.randrange(3)
        return {
            "shared": True,
            "sent_at": between(sent, sent + rng.choice([0, 0, 1])),
            "shared_at": between(shared, shared + rng.choice([0, 0, 1])),
        }

    plans = ["premium_career", "premium_career", "other"]
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1",
            "premium": [
                {**crossing(rng), "plan": rng.choice(plans)} for _ in range(rng.randrange(1, 4))
            ],
            "permissions": [crossing(rng) for _ in range(rng.randrange(1, 3))],
            "messages": [message() for _ in range(rng.randrange(4, 20))],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    return ready(history)


def cut(facts: Facts, cuts: dict[tuple[str, int], int]) -> Facts:
    """The facts with spans cut down to one instant each."""
    for (name, index), at in cuts.items():
        bounds = {"start": (at, at), "end": (at, at)}
        facts = facts.with_record(name, evolve(facts.lists[name][index], bounds=bounds))
    return facts


def every_cut(facts: Facts) -> Iterator[Facts]:
    crossing = [(n, span) for n in SPAN_LISTS for span in facts.lists[n] if span.is_crossing]
    ranges = [range(s.bounds["end"][0], s.bounds["start"][1] + 1) for _, s in crossing]
    places = [(name, span.index) for name, span in crossing]
    for instants in product(*ranges):
        yield cut(facts, dict(zip(places, instants, strict=True)))


def met(facts: Facts, definition: ClassDefinition) -> bool:
    """Whether a record surely is, each looked at alone."""
    view = Surely(facts, definition)
    (way,) = definition.stages[-1].alternatives
    times = view.times(way)
    return any(view.meets(record, way, times) for record in view.records)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_spans_can_be_cut_just_where_some_cut_is_found_by_trying_all(
    definition: ClassDefinition,
) -> None:
    rng, seen = Random(str(definition.clauses)), dict.fromkeys((True, False), 0)
    ways = list(definition.stages[-1].alternatives)
    for _ in range(600):
        facts = drawn(rng)
        if met(facts, definition):
            continue
        forced = all(met(each, definition) for each in every_cut(facts))
        seen[forced] += 1
        cuts = escape(facts, facts.lists["messages"], ways)
        assert (cuts is None) is forced, facts
        if cuts is not None:
            assert not met(cut(facts, dict(cuts)), definition), facts
    assert min(seen.values()) > 3, seen
