"""A span known better: what spans cover then is what they are found to cover from nothing."""

from random import Random

import pytest

from eligibility import AccountHistory, InconsistentHistory
from eligibility.evaluation.coverage import surely_touched
from eligibility.evaluation.one_span import with_span
from eligibility.evaluation.reference import Possibly, Surely, membership
from eligibility.facts.known import KnownRecord
from eligibility.facts.normalise import knowing, normalise
from eligibility.rules import Reading, class_definition
from eligibility.values.timeline import write_instant

START = 1_726_600_000_000_000
READINGS = [Reading(), Reading.of(premium_when="messaged"), Reading.of(premium_when="ever")]


def some_history(rng: Random) -> AccountHistory:
    """A few spans and messages within a few microseconds; some plans do not count."""
    while True:
        try:
            return _drawn(rng)
        except InconsistentHistory:
            continue


def _drawn(rng: Random) -> AccountHistory:

    def bounds() -> str:
        first, last = sorted((rng.randrange(12), rng.randrange(12)))
        return f"{write_instant(START + first)}/{write_instant(START + last)}"

    def span() -> dict[str, object]:
        return {"start": bounds(), "end": bounds()}

    def paid() -> dict[str, object]:
        plan = rng.choice(["premium_career", "learning", ["premium_career", "learning"]])
        return {**span(), "plan": plan}

    def message() -> dict[str, object]:
        return {"inmail": True, "shared": True, "sent_at": f"../{write_instant(START + 3)}"} | (
            {"shared_at": bounds()} if rng.random() < 0.7 else {}
        )

    history = AccountHistory.model_validate(
        {
            "account_id": "A-1",
            "premium": [paid() for _ in range(rng.randrange(1, 5))],
            "permissions": [span() for _ in range(rng.randrange(3))],
            "messages": [message() for _ in range(rng.randrange(1, 4))],
            "complete": [n for n in ("premium", "messages", "permissions") if rng.random() < 0.8],
        }
    )
    normalise(history)
    return history


@pytest.mark.parametrize("reading", READINGS, ids=lambda each: each.premium_when.value)
def test_what_spans_cover_with_one_known_better_is_what_they_cover(reading: Reading) -> None:
    rng, definition = Random(reading.premium_when.value), class_definition(reading)
    tried = changed = 0
    while tried < 400:
        facts = normalise(some_history(rng))
        name = rng.choice([each for each in ("premium", "permissions") if facts.lists[each]])
        span = rng.choice(facts.lists[name])
        key = rng.choice(["start", "end"])
        low, high = span.bounds[key]
        at = rng.randrange(low, min(high, low + 12) + 1)
        list_shape = facts.shape.lists[name]
        made = knowing(list_shape, span, {key: rng.choice([(low, at), (at, high), (at, at)])})
        if not isinstance(made, KnownRecord):
            continue
        tried += 1
        seen, plain = with_span(facts, definition, name, made), facts.with_record(name, made)
        changed += membership(seen, definition) != membership(facts, definition)
        (disjunct,) = definition.normal_form.disjuncts
        for view in (Surely, Possibly):
            assert view(seen, definition).times(disjunct) == view(plain, definition).times(disjunct)
        for ever in disjunct.evers:
            assert surely_touched(seen, ever) == surely_touched(plain, ever)
        assert membership(seen, definition) == membership(plain, definition)
        again = with_span(facts, definition, name, span)  # as it was, by what was found before
        assert membership(again, definition) == membership(facts, definition)
    assert changed
