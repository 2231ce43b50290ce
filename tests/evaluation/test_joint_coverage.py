"""How spans can be cut, against trying every cut; and that it is quick however many there are."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from attrs import evolve

from eligibility import AccountHistory, Citation, ClassDefinition, Clause, Condition, Covered, Is
from eligibility.evaluation.joint_coverage import failing_cuts
from eligibility.evaluation.reference import Surely
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.known import KnownHistory
from eligibility.facts.normalise import normalise
from eligibility.values.timeline import write_instant

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


def drawn(rng: Random) -> KnownHistory:
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
    return normalise(history)


def cut(facts: KnownHistory, cuts: dict[tuple[str, int], int]) -> KnownHistory:
    """The facts with spans cut down to one instant each."""
    for (name, index), at in cuts.items():
        bounds = {"start": (at, at), "end": (at, at)}
        span = facts.lists[name][index]
        boxes = tuple(evolve(box, bounds=bounds) for box in span.boxes)
        facts = facts.with_record(name, evolve(span, boxes=boxes))
    return facts


def every_cut(facts: KnownHistory) -> Iterator[KnownHistory]:
    crossing = [(n, span) for n in SPAN_LISTS for span in facts.lists[n] if span.is_crossing]
    ranges = [range(s.bounds["end"][0], s.bounds["start"][1] + 1) for _, s in crossing]
    places = [(name, span.index) for name, span in crossing]
    for instants in product(*ranges):
        yield cut(facts, dict(zip(places, instants, strict=True)))


def met(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Whether a record surely is, each by itself."""
    view = Surely(facts, definition)
    (disjunct,) = definition.normal_form.disjuncts
    times = view.times(disjunct)
    return any(view.meets(record, disjunct, times) for record in view.records)


@pytest.mark.parametrize("place", range(len(DEFINITIONS)))
def test_spans_can_be_cut_just_where_some_cut_is_found_by_trying_all(place: int) -> None:
    definition = DEFINITIONS[place]
    rng, seen = Random(place), dict.fromkeys((True, False), 0)
    disjuncts = list(definition.normal_form.disjuncts)
    for _ in range(400):
        facts = drawn(rng)
        if met(facts, definition):
            continue
        forced = all(met(each, definition) for each in every_cut(facts))
        seen[forced] += 1
        cuts = failing_cuts(facts, facts.lists["messages"], disjuncts)
        assert (cuts is None) is forced, facts
        if cuts is not None:
            assert not met(cut(facts, dict(cuts)), definition), facts
    assert min(seen.values()) > 0, seen


WALKED = {
    "one stretch": [(0, 899)] * 400,
    "sliding": [(at, at + 3) for at in range(800)],
    "all alike": [(0, 1)] * 800,
    "nested": [(at, 900 - at) for at in range(400)],
}


@pytest.mark.parametrize("kind", WALKED)
@pytest.mark.parametrize("width", [0, 1, 40])
def test_one_gap_for_each_record_takes_a_sweep_and_no_search(kind: str, width: int) -> None:
    """The work grows with the records, not with the ways in which spans can lie."""
    bounds = [between(first, last) for first, last in WALKED[kind]]
    messages = [{"shared": True, "sent_at": between(at, at + width)} for at in range(900)]
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1",
            "premium": [{"plan": "premium_career", "start": b, "end": b} for b in bounds],
            "messages": messages,
            "complete": ["premium", "messages", "permissions"],
        }
    )
    facts, definition = normalise(history), DEFINITIONS[0]
    work = Work(10 * (len(bounds) + len(messages)))
    cuts = failing_cuts(
        facts, facts.lists["messages"], list(definition.normal_form.disjuncts), work
    )
    assert (cuts is None) is (width == 0)  # a message that may move needs none of them


def test_a_search_that_takes_too_long_is_given_up() -> None:
    """Records that need one of two gaps, each in the way of others: that is a hard problem."""
    rng = Random(1)

    def pair() -> dict[str, Any]:
        first = rng.randrange(40)
        return {
            "shared": True,
            "sent_at": between(first, first),
            "shared_at": between(*[first + rng.randrange(1, 20)] * 2),
        }

    bounds = [between(at, at + 2) for at in range(60)]
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1",
            "premium": [{"plan": "premium_career", "start": b, "end": b} for b in bounds],
            "messages": [pair() for _ in range(400)],
            "complete": ["premium", "messages", "permissions"],
        }
    )
    facts, definition = normalise(history), DEFINITIONS[1]
    disjuncts = list(definition.normal_form.disjuncts)
    assert not met(facts, definition)
    with pytest.raises(OutOfWorkError):
        failing_cuts(facts, facts.lists["messages"], disjuncts, Work(1000))
