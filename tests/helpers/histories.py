"""Histories and their facts for property tests, made by the oracle's own generator."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import oracle
from hypothesis import strategies as st
from oracle_histories import random_history, rich_history

from eligibility import AccountHistory, ClassDefinition, InconsistentHistory
from eligibility.facts.normalise import normalise, statements_of
from eligibility.facts.shape import shape
from eligibility.rules import Reading, class_definition

#: A seeded source for the oracle's generator. It does not shrink: what it makes is small already.
RANDOM = st.integers(0, 2**32 - 1).map(Random)


def any_history(rng: Random) -> AccountHistory:
    """A small history; about one in ten is inconsistent."""
    return AccountHistory.model_validate(random_history(rng))


def any_rich_history(rng: Random) -> AccountHistory:
    """The same, with lists of words and with statements of completeness."""
    return AccountHistory.model_validate(rich_history(rng, rng.choice(sorted(oracle.CUTOFF))))


def any_definition(rng: Random) -> ClassDefinition:
    """The proposed class under any reading."""
    return class_definition(Reading.of(**rng.choice(oracle.READINGS)))


def is_consistent(history: AccountHistory) -> bool:
    """Whether some world fits."""
    try:
        normalise(history)
    except InconsistentHistory:
        return False
    return True


def consistent(
    rng: Random, drawn: Callable[[Random], AccountHistory] = any_history
) -> AccountHistory:
    """A history that some world fits."""
    while True:
        history = drawn(rng)
        if is_consistent(history):
            return history


def facts_of(history: AccountHistory) -> Iterator[str]:
    """The path of every fact that a history states."""
    seen = shape(type(history))
    for name, list_shape in seen.lists.items():
        yield from statements_of(history, name)
        for index, record in enumerate(getattr(history, name)):
            for key in list_shape.facts:
                if getattr(record, key) is not None:
                    yield f"{name}[{index}].{key}"
    for path in seen.yes_no:
        value: Any = history
        for key in path.split("."):
            value = getattr(value, key)
        if value is not None:
            yield path
