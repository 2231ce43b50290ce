"""The exact fragment: the definitions for which two passes say all that follows, and no more.

The *surely* pass takes each list of spans as short as it can be, the *possibly* pass as long; both
take one record, and one way to meet the clauses. That is exact if no list has to be short and long
at once, in favour of the member here and against there, or by different spans of it, or at two
moments of which one span can cover either; if no list is both that of the record and of its spans;
and if no clause can be met in several ways, of which neither may be sure and yet one of them must
be. What a definition does beyond that is named here. It may be evaluated all the same: what is
decided is right, but less may be decided than could be.
"""

from collections.abc import Iterator
from typing import Final, assert_never

from eligibility.definition.checks import place_of
from eligibility.definition.conditions import (
    Clause,
    Covered,
    Ever,
    SpanLeaf,
    Uncovered,
    disjunct_count,
    span_leaves,
)
from eligibility.errors import Problem

_STILL_SOUND: Final = "What is decided is right; more may be left open than need be."


def outside_fragment(
    clauses: tuple[Clause, ...], exclusions: tuple[Clause, ...], record_list: str | None
) -> Iterator[Problem]:
    """All that keeps evaluation from being exact, by clauses and negated exclusions."""
    steps = (*clauses, *exclusions)
    places = {step.id: place_of(at, len(clauses)) for at, step in enumerate(steps)}

    def problem(step: Clause, words: str) -> Problem:
        said = f"The clause `{step.id}` {words}."
        return Problem("outside-fragment", places[step.id], said, _STILL_SOUND)

    readers: dict[str, list[tuple[Clause, SpanLeaf]]] = {}
    for step in steps:
        if disjunct_count(step.condition) > 1:
            yield problem(step, "can be met in more than one way")
        for leaf in span_leaves(step.condition):
            readers.setdefault(leaf.spans, []).append((step, leaf))
    for name, ((first, leaf), *others) in readers.items():
        if name == record_list:
            yield problem(first, f"reads `{name}` as spans, and the record is taken from it")
        for step, other in others:
            beside = "" if step is first else f", unlike `{first.id}`"
            yield from (problem(step, f"{words}{beside}") for words in _apart(name, leaf, other))


def _apart(name: str, leaf: SpanLeaf, other: SpanLeaf) -> Iterator[str]:
    """How two conditions read a list of spans in ways that one pass cannot take together."""
    if frozenset(other.where) != frozenset(leaf.where):
        yield f"reads `{name}` through another filter"
    against = [at for each in (leaf, other) if (at := _moment_uncovered(each)) is not None]
    if len(against) == 1:
        yield f"reads `{name}` in the other direction, for the member or against"
    elif len(set(against)) > 1:
        yield f"asks whether `{name}` leaves out another moment"


def _moment_uncovered(leaf: SpanLeaf) -> str | None:
    """The moment that no span is to cover; None: the condition asks for a span."""
    match leaf:
        case Uncovered(moment=moment):
            return moment
        case Covered() | Ever():
            return None
    assert_never(leaf)
