"""Narrowing: more known of spans, so that an instant is covered or is not.

A narrowing says no more than it takes: a span that is to cover an instant started by then and ended
no earlier.
"""

from collections.abc import Iterator

from eligibility.definition.conditions import Is, SpanLeaf
from eligibility.evaluation.coverage import possibly_counts
from eligibility.facts.boxes import ANY_TIME, Bounds, Box, Values
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape


def can_cover(span: KnownRecord | Box, x: int) -> bool:
    """Whether a span covers an instant in some world, if it counts."""
    return span.bounds["start"][0] <= x <= span.bounds["end"][1]


def one(values: Values) -> Values:
    """The first of several values, as a set."""
    return frozenset({min(values, key=str)})


def counting(span: KnownRecord, where: tuple[Is, ...]) -> dict[str, Values | Bounds]:
    """What there is to know of a span so that it counts."""
    may_be = {
        field_of(only.path): (span.values[field_of(only.path)], only.values) for only in where
    }
    return {name: one(some & asked) for name, (some, asked) in may_be.items() if not some <= asked}


def covering(span: KnownRecord, x: int) -> dict[str, Values | Bounds]:
    """What there is to know of a span so that it covers an instant."""
    (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
    known: dict[str, Values | Bounds] = {}
    if begun > x:
        known["start"] = (first, x)
    if ending < x:
        known["end"] = (x, last)
    return known


def avoidances(span: KnownRecord, leaf: SpanLeaf, x: int) -> Iterator[dict[str, Values | Bounds]]:
    """How a span can fail to cover an instant: each as what more is then known of it."""
    begun, ending = span.bounds["start"][1], span.bounds["end"][0]
    if not possibly_counts(span, leaf.where) or not can_cover(span, x):
        yield {}
        return
    if ending < x:
        yield {"end": (ending, x - 1)}
    if begun > x:
        yield {"start": (x + 1, begun)}
    for only in leaf.where:
        if others := span.values[field_of(only.path)] - only.values:
            yield {field_of(only.path): one(others)}


def one_more(
    box: Box, list_shape: ListShape, where: tuple[Is, ...], first: int, last: int
) -> dict[str, Values | Bounds]:
    """What there is to say of a span that nobody listed and that counts.

    It lasts from the first instant to the last, as nearly as its box allows.
    """
    asked = {field_of(only.path): only.values for only in where}
    known: dict[str, Values | Bounds] = {
        name: one(may_be & asked.get(name, may_be))
        for name, may_be in box.values.items()
        if name in asked or may_be != list_shape.all_values[name]
    }
    at = {"start": first, "end": last}
    for name, (low, high) in box.bounds.items():
        if name in at:
            known[name] = (max(low, min(high, at[name])),) * 2
        elif (low, high) != ANY_TIME:
            known[name] = (low, high)
    return known
