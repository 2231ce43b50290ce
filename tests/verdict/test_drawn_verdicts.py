"""Drawn verdicts of every reading and of other models: each is written whole, and read back."""

from itertools import islice

import same_bytes

from eligibility import EligibilityError, Verdict, evaluate


def test_drawn_verdicts_are_written_and_read_back() -> None:
    seen = set()
    for history, definition, so in islice(same_bytes.cases(5), 240):
        try:
            verdict = evaluate(history, definition, supposing=so)
        except EligibilityError:
            continue
        text = verdict.to_json()
        assert Verdict.from_json(text).to_json() == text
        seen.add((verdict.status, definition.model, so is not None))
    assert len(seen) > 6
