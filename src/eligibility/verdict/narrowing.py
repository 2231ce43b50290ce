"""Narrowing: more known of spans, so that an instant is covered or is not.

A witness needs one such narrowing, the search for relevant facts needs all of them. A narrowing
says no more than it takes: a span that is to cover an instant started by then and ended no earlier.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from attrs import evolve

from eligibility.definition.conditions import Covered, Is, SpanLeaf, Uncovered
from eligibility.evaluation.coverage import certain_coverage, possibly_counts
from eligibility.evaluation.work import Work
from eligibility.facts.model import Value
from eligibility.facts.normalise import Bounds, KnownHistory, KnownRecord, blank, knowing
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST

#: What more is known of a record: values, and bounds of moments.
More: TypeAlias = Mapping[str, Value | Bounds]


def can_cover(span: KnownRecord, x: int) -> bool:
    """Whether a span covers an instant in some world, if it counts."""
    return span.bounds["start"][0] <= x <= span.bounds["end"][1]


def counting(span: KnownRecord, where: tuple[Is, ...]) -> dict[str, Value | Bounds]:
    """What there is to know of a span so that it counts."""
    return {
        field_of(only.path): min(only.values, key=str)
        for only in where
        if span.values[field_of(only.path)] is None
    }


def covering(span: KnownRecord, x: int) -> dict[str, Value | Bounds]:
    """What there is to know of a span so that it covers an instant."""
    (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
    known: dict[str, Value | Bounds] = {}
    if begun > x:
        known["start"] = (first, x)
    if ending < x:
        known["end"] = (x, last)
    return known


def avoidances(
    span: KnownRecord, leaf: SpanLeaf, x: int, list_shape: ListShape
) -> Iterator[dict[str, Value | Bounds]]:
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
        name = field_of(only.path)
        other = list_shape.other_than(name, only.values)
        if span.values[name] is None and other is not None:
            yield {name: other}


def satisfy(
    facts: KnownHistory, asked: list[tuple[Covered | Uncovered, int]], work: Work
) -> Iterator[KnownHistory]:
    """Every narrowing of the spans with which each instant is covered, or is not, as asked.

    Raises:
        OutOfWorkError: there are more than can be tried.
    """
    steps = [partial(_satisfy_one, leaf=leaf, x=x, work=work) for leaf, x in asked]
    return _in_turn(facts, steps, work)


def _satisfy_one(
    facts: KnownHistory, leaf: Covered | Uncovered, x: int, work: Work
) -> Iterator[KnownHistory]:
    work.spend(len(facts.lists[leaf.spans]))
    if isinstance(leaf, Covered):
        return cover(facts, leaf, x)
    return avoid_all(facts, leaf, x, None, work)


def _in_turn(
    facts: KnownHistory,
    steps: Sequence[Callable[[KnownHistory], Iterator[KnownHistory]]],
    work: Work,
) -> Iterator[KnownHistory]:
    """All that comes of taking every step, each from all that comes of those before it.

    There may be a step for every span of a history, so what waits is kept in a list, and not in
    calls that wait for calls.
    """
    waiting = [iter((facts,))]
    while waiting:
        work.spend(1)
        now = next(waiting[-1], None)
        if now is None:
            waiting.pop()
        elif len(waiting) > len(steps):
            yield now
        else:
            waiting.append(steps[len(waiting) - 1](now))


def cover(facts: KnownHistory, leaf: Covered, x: int) -> Iterator[KnownHistory]:
    """Every narrowing with which some span covers an instant; none, if one surely does."""
    if x in certain_coverage(facts, leaf.spans, leaf.where):
        yield facts
        return
    for span in facts.lists[leaf.spans]:
        if possibly_counts(span, leaf.where) and can_cover(span, x):
            known = {**counting(span, leaf.where), **covering(span, x)}
            narrower = narrowed(facts, leaf.spans, span, known)
            if narrower:
                yield narrower
    if leaf.spans in facts.open:
        yield added(facts, leaf, (x, x))


def avoid_all(
    facts: KnownHistory, leaf: Uncovered, x: int, but: KnownRecord | None, work: Work
) -> Iterator[KnownHistory]:
    """Every narrowing with which no span, `but` aside, covers an instant; they cover all else."""
    spans = [s for s in facts.lists[leaf.spans] if but is None or s.index != but.index]
    for narrower in avoid_each(facts, leaf, x, spans, work):
        if leaf.spans in facts.open:  # others may cover all but this instant
            around = added(narrower, leaf, (EARLIEST, x - 1))
            around = added(around, leaf, (x + 1, LATEST))
            yield evolve(around, open=around.open - {leaf.spans})
        else:
            yield narrower


def avoid_each(
    facts: KnownHistory, leaf: Covered | Uncovered, x: int, spans: list[KnownRecord], work: Work
) -> Iterator[KnownHistory]:
    """Every narrowing with which none of these spans covers an instant."""
    able = [span for span in spans if possibly_counts(span, leaf.where) and can_cover(span, x)]
    around = [partial(_avoid_one, span=span, leaf=leaf, x=x) for span in able]
    return _in_turn(facts, around, work)


def _avoid_one(
    facts: KnownHistory,
    span: KnownRecord,
    leaf: Covered | Uncovered,
    x: int,
) -> Iterator[KnownHistory]:
    for known in avoidances(span, leaf, x, facts.shape.lists[leaf.spans]):
        narrower = narrowed(facts, leaf.spans, span, known)
        if narrower:
            yield narrower


def narrowed(facts: KnownHistory, name: str, span: KnownRecord, known: More) -> KnownHistory | None:
    """The facts with more known of one span, or None if that cannot be."""
    if not known:
        return facts
    made = knowing(facts.shape.lists[name], facts.lists[name][span.index], known)
    return facts.with_record(name, made) if isinstance(made, KnownRecord) else None


def added(facts: KnownHistory, leaf: Covered | Uncovered, bounds: Bounds) -> KnownHistory:
    """The facts with one more span that counts, from its first to its last instant."""
    first, last = bounds
    if first > last:
        return facts
    list_shape, records = facts.shape.lists[leaf.spans], facts.lists[leaf.spans]
    made = knowing(list_shape, blank(list_shape, len(records)), spanning(leaf, first, last))
    return facts.with_list(leaf.spans, (*records, made)) if isinstance(made, KnownRecord) else facts


def spanning(leaf: SpanLeaf, first: int, last: int) -> dict[str, Value | Bounds]:
    """What there is to know of a span that counts and lasts from one instant to another."""
    counts: dict[str, Value | Bounds] = {
        field_of(only.path): min(only.values, key=str) for only in leaf.where
    }
    return {**counts, "start": (first, first), "end": (last, last)}


def turning(
    facts: KnownHistory,
    asked: tuple[Covered | Uncovered, int],
    span: KnownRecord | None,
    key: str,
    work: Work,
) -> Iterator[KnownHistory]:
    """Every narrowing with which one fact of a span, and no other span, keeps out a record.

    Had the fact been otherwise, the record would be in. Without a span it is the absence of one.
    """
    leaf, x = asked
    known = turned(facts, leaf, x, span, key) if span else {}
    turn = narrowed(facts, leaf.spans, span, known) if span and known is not None else facts
    if known is None or turn is None:
        return
    if isinstance(leaf, Uncovered):
        yield from avoid_all(turn, leaf, x, span, work)
    else:
        others = [s for s in turn.lists[leaf.spans] if not span or s.index != span.index]
        yield from avoid_each(turn, leaf, x, [s for s in others if s.is_crossing], work)


def turned(
    facts: KnownHistory, leaf: Covered | Uncovered, x: int, span: KnownRecord, key: str
) -> More | None:
    """What there is to know of a span so that this fact of it keeps out a record at an instant.

    The instant lies where the fact is open: from the earliest start to before the latest, or from
    after the earliest end to the latest. None if no value of the fact would.
    """
    (first, begun), (ending, last) = span.bounds["start"], span.bounds["end"]
    harms = isinstance(leaf, Uncovered)
    known = counting(span, leaf.where)
    if key == "start":
        known["end"] = (max(ending, x + 1), last)
        known["start"] = (first, min(begun, x)) if harms else (max(first, x + 1), begun)
    elif key == "end":
        known["start"] = (first, min(begun, x - 1))
        known["end"] = (max(ending, x), last) if harms else (ending, min(last, x - 1))
    else:
        known |= covering(span, x)
        counts = {value for o in leaf.where if field_of(o.path) == key for value in o.values}
        other = facts.shape.lists[leaf.spans].other_than(key, counts)
        if other is None:
            return None
        if not harms:
            known[key] = other
    return known
