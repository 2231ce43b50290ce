"""Where looking twice is not enough: spans that surely cover no single instant, yet cover some.

A span that starts by 6 and ends from 5 on covers 5 or 6, though neither surely. If one message was
shared at 5 and another at 6, one of them is met in every world. Such a span can be cut down to any
one instant between its earliest end and its latest start. What records lack is known to the
microsecond; so it is asked whether the spans can be cut so that every record still lacks something.
That takes spans as short as the records are many: hardly a history has them.
"""

from collections.abc import Iterator
from itertools import count

from attrs import field, frozen

from eligibility.conditions import Is
from eligibility.facts import Facts, Ready, certain_coverage, possible_coverage, surely_counts
from eligibility.stages import Alternative
from eligibility.timeset import TimeSet

#: How many cuts are tried before it is left open whether some record is always met.
MOST_STEPS = 20_000

_Reader = tuple[str, tuple[Is, ...]]
#: An instant that a reader of a list of spans lacks.
_Lack = tuple[_Reader, int]


@frozen(eq=False)
class _Span:
    """A span to be cut down to one instant, and the readers of its list that it counts for."""

    first: int
    last: int
    readers: frozenset[_Reader]

    def supplies(self, at: int) -> frozenset[_Lack]:
        """What it covers if it is cut down to this instant."""
        return frozenset((reader, at) for reader in self.readers)


@frozen
class _Tangle:
    """Spans and what records lack: is some record met however the spans are cut?"""

    spans: tuple[_Span, ...]
    lacks: tuple[frozenset[_Lack], ...]
    steps: Iterator[int] = field(factory=count, eq=False)


class _TooManyError(Exception):
    """More cuts than are looked at."""


def sure_together(
    facts: Facts, records: tuple[Ready, ...], ways: list[Alternative]
) -> bool | None:
    """Whether some record is met in every world, in any of some ways, though none surely is.

    None where that takes too long to see: then a verdict that turns on it is not exact.
    """
    try:
        return _forced(facts, records, ways)
    except _TooManyError:
        return None


def _forced(facts: Facts, records: tuple[Ready, ...], ways: list[Alternative]) -> bool:
    spans = _crossing(facts, ways)
    if not spans:
        return False
    lacks = _lacking(facts, records, ways, len(spans))
    tangle = _tightened(_Tangle(tuple(spans), tuple(lacks)))
    return any(not _can_escape(part) for part in _parts(tangle))


def _crossing(facts: Facts, ways: list[Alternative]) -> list[_Span]:
    readers: dict[str, set[_Reader]] = {}
    for way in ways:
        for test in way.moments.values():
            for leaf in test.covered:
                readers.setdefault(leaf.spans, set()).add((leaf.spans, leaf.where))
    found = []
    for name, reading in readers.items():
        for span in facts.lists[name]:
            counts = frozenset(r for r in reading if surely_counts(span, r[1]))
            if counts and span.is_crossing:
                found.append(_Span(span.bounds["end"][0], span.bounds["start"][1], counts))
    return found


def _lacking(
    facts: Facts, records: tuple[Ready, ...], ways: list[Alternative], most: int
) -> Iterator[frozenset[_Lack]]:
    """What each record that is sure but for the coverage of few instants lacks."""
    for way in ways:
        for record in records:
            if all(record.values[name] in allowed for name, allowed in way.values.items()):
                lacks = _lacks(facts, way, record, most)
                if lacks:
                    yield lacks


def _lacks(
    facts: Facts, way: Alternative, record: Ready, most: int
) -> frozenset[_Lack] | None:
    """What a record lacks; None if one condition alone lacks more than the spans can cover."""
    lacks: set[_Lack] = set()
    for name, test in way.moments.items():
        bounds = TimeSet.of(record.alone[name])
        allowed = test.times
        for hidden in test.uncovered:
            allowed &= ~possible_coverage(facts, hidden.spans, hidden.where)
        if not allowed.covers(*record.alone[name]):
            return None
        for leaf in test.covered:
            missing = (bounds & ~certain_coverage(facts, leaf.spans, leaf.where)).spans
            if sum(last - first + 1 for first, last in missing) > most:
                return None
            reader = (leaf.spans, leaf.where)
            lacks |= {(reader, at) for first, last in missing for at in range(first, last + 1)}
    return frozenset(lacks)


def _tightened(tangle: _Tangle) -> _Tangle:
    """Without the spans that can be cut where it helps nobody, and the records none can help."""
    spans, lacks = list(tangle.spans), list(tangle.lacks)
    while True:
        wanted = frozenset().union(*lacks)
        tight = [
            span
            for span in spans
            if span.last - span.first < len(wanted)
            and all(span.supplies(at) & wanted for at in range(span.first, span.last + 1))
        ]
        able = [lack for lack in lacks if _can_be_met(lack, tight)]
        if len(tight) == len(spans) and len(able) == len(lacks):
            return _Tangle(tuple(spans), tuple(lacks), tangle.steps)
        spans, lacks = tight, able


def _can_be_met(lack: frozenset[_Lack], spans: list[_Span]) -> bool:
    """Whether there is a span for every instant; each can be cut down to one instant only."""
    instants = {at for _, at in lack}
    helping = [s for s in spans if any(_helps(s, each) for each in lack)]
    return len(instants) <= len(helping) and all(
        any(_helps(span, each) for span in helping) for each in lack
    )


def _helps(span: _Span, lack: _Lack) -> bool:
    reader, at = lack
    return reader in span.readers and span.first <= at <= span.last


def _parts(tangle: _Tangle) -> Iterator[_Tangle]:
    """Spans that share no record are cut independently of each other."""
    spans, lacks = list(tangle.spans), list(tangle.lacks)
    while spans:
        mine, near = [spans.pop()], list[frozenset[_Lack]]()
        for span in mine:
            touched = [lack for lack in lacks if any(_helps(span, each) for each in lack)]
            lacks = [lack for lack in lacks if lack not in touched]
            near += touched
            joined = [s for s in spans if any(_helps(s, e) for lack in touched for e in lack)]
            spans = [s for s in spans if s not in joined]
            mine += joined  # and in turn what these touch
        yield _Tangle(tuple(mine), tuple(near), tangle.steps)


def _can_escape(part: _Tangle) -> bool:
    """Whether all spans can be cut so that every record still lacks something."""
    spans = sorted(part.spans, key=lambda span: span.last - span.first)
    return _cut(spans, part.lacks, part.steps)


def _cut(spans: list[_Span], lacks: tuple[frozenset[_Lack], ...], steps: Iterator[int]) -> bool:
    if not spans:
        return True
    span, *rest = spans
    for at in range(span.first, span.last + 1):
        if next(steps) >= MOST_STEPS:
            raise _TooManyError
        covered = span.supplies(at)
        left = tuple(lack - covered for lack in lacks)
        if all(left) and _cut(rest, left, steps):
            return True
    return False
