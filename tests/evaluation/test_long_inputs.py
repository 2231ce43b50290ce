"""No input is recursed into by its length, and none takes more work than it may."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from eligibility import (
    evaluate,
    forget,
    read_history,
    refine,
    survey,
    verify,
)
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import write_instant

START = 1_600_000_000_000_000
COMPLETE = ["premium", "messages", "permissions"]
PAID = {"plan": "premium_career"}
SHARED = {"inmail": True, "shared": True, "sent_at": "2019"}


def b(at: int, last: int | None = None) -> str:
    """Some microsecond, counted from an arbitrary first one, or from one to another."""
    first = write_instant(START + at)
    return first if last is None else f"{first}/{write_instant(START + last)}"


def of(**lists: Any) -> dict[str, Any]:
    return {"account_id": "A-1", **lists}


def both(bounds: str) -> dict[str, str]:
    """A span that starts and ends somewhere within bounds."""
    return {"start": bounds, "end": bounds}


def one_message_in_spans_that_all_may_lie_anywhere(count: int) -> dict[str, Any]:
    bounds = b(0, count)
    message = {**SHARED, "shared_at": bounds}
    return of(premium=[PAID | both(bounds)] * count, messages=[message], complete=COMPLETE)


def a_message_at_every_instant_of_such_spans(count: int) -> dict[str, Any]:
    messages = [{**SHARED, "shared_at": b(at)} for at in range(count)]
    return of(premium=[PAID | both(b(0, count))] * count, messages=messages, complete=COMPLETE)


def sliding_spans(count: int) -> dict[str, Any]:
    messages = [{**SHARED, "shared_at": b(at)} for at in range(count)]
    premium = [PAID | both(b(at, at + 3)) for at in range(count)]
    return of(premium=premium, messages=messages, complete=COMPLETE)


LONG: dict[str, Callable[[int], dict[str, Any]]] = {
    "one message, crossing spans": one_message_in_spans_that_all_may_lie_anywhere,
    "many messages, crossing spans": a_message_at_every_instant_of_such_spans,
    "sliding spans": sliding_spans,
    "nothing known of premium": lambda n: of(messages=[{}], premium=[{}] * n),
    "nothing known of messages": lambda n: of(messages=[{}] * n),
    "nothing known of permissions": lambda n: of(messages=[{}], permissions=[{}] * n),
    "overlapping permissions": lambda n: of(
        messages=[{}], permissions=[{"start": "2022/2024", "end": "2022/2025"}] * n
    ),
    "overlapping premium": lambda n: of(
        messages=[{}], premium=[{"start": "2020/2023", "end": "2023/2025"}] * n
    ),
    "premium that ends too early": lambda n: of(
        premium=[{**PAID, "start": "2021-03-01", "end": "2021-04-01"}] * n,
        messages=[{**SHARED, "shared_at": "2023"}],
        complete=COMPLETE,
    ),
    "ids and sources": lambda n: of(
        messages=[{"id": f"m{at}", "source": "a fiction", "sent_at": "2023"} for at in range(n)]
    ),
}
READINGS = [
    Reading(),
    Reading.of(date_limits="message", premium_when="messaged"),
    Reading.of(premium_when="ever"),
]


@contextmanager
def few_calls_deep(more: int = 100) -> Iterator[None]:
    """Only so many calls may wait for each other, beside those that already do."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + more)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("reading", READINGS, ids=lambda each: each.date_limits.value)
def test_nothing_recurses_by_the_length_of_a_history(name: str, reading: Reading) -> None:
    text, definition = json.dumps(LONG[name](130)), class_definition(reading)
    evaluate(read_history(json.dumps(LONG[name](1)))).to_json()  # what is loaded when first used
    with few_calls_deep():
        history = read_history(text)
        verdict = evaluate(history, definition)
        document = json.loads(verdict.to_json())
        document["questions"] = document["questions"][:2]  # each is decided anew, by enumeration
        assert verify(history, document, definition).wrong == ()
        assert evaluate(history, definition, supposing=AS_ALLEGED).reasons
        assert survey(history).to_dict()
        path = "messages[0].id"
        assert refine(history, {path: "x"} if history.messages[0].id is None else {})
        assert forget(history, ["complete.premium"]).premium == history.premium
