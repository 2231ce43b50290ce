"""What is open of an undecided clause: the facts on which it can turn, by their paths.

An undecided history and a clause come in; the paths go out that its reason speaks of. Only records
that can be in the class count, listed or not. Of a moment that spans must cover, what is open may
be the moment, the spans, or both: where the spans may cover all that it may be, or none of it, it
does not matter when it was.
"""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    Clause,
    Covered,
    Ever,
    Is,
    Leaf,
    SpanLeaf,
    Uncovered,
    Within,
    leaves,
)
from eligibility.evaluation.coverage import certain_coverage, possible_coverage, possibly_counts
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, field_of, parse, pattern
from eligibility.values.timeset import TimeSet
from eligibility.verdict.alike import Able


def open_of_clause(
    facts: KnownHistory, definition: ClassDefinition, step: Clause
) -> tuple[str, ...]:
    """What a clause can turn on: `messages[].shared_at` is that of some message."""
    records = Able.of(facts, definition).kinds if definition.record_list else ()
    open_clause = _OpenClause(facts, records)
    found = (path for leaf in leaves(step.condition) for path in open_clause.of_leaf(leaf))
    return tuple(dict.fromkeys(found))


@frozen
class _OpenClause:
    """What is known, and one of each kind of the records that can be in the class."""

    facts: KnownHistory
    records: tuple[KnownRecord, ...]

    def of_leaf(self, leaf: Leaf) -> Iterator[str]:
        """The paths on which one condition can turn."""
        if isinstance(leaf, Ever):
            yield from self._spans(leaf, leaf.times.spans)
        elif isinstance(leaf, Is):
            at = parse(leaf.path)
            if not at.is_pattern:
                yield from [leaf.path] if self.facts.answers[leaf.path] is None else []
                return
            records = [r for r in self.records if not r.values[at.field] <= leaf.values]
            yield from self._value(at.name, at.field, records)
        else:
            yield from self._moment(leaf)

    def _value(self, name: str, key: str, records: Iterable[KnownRecord]) -> Iterator[str]:
        """What leaves a fact of some records open."""
        supposed = self.facts.shape.lists[name].supposed
        keys = {k for r in records for k in (supposed.instead_of(key, r) if supposed else (key,))}
        yield from (pattern(name, each) for each in sorted(keys))

    def _moment(self, leaf: Within | Covered | Uncovered) -> Iterator[str]:
        at = parse(leaf.moment)
        exists = self.facts.shape.lists[at.name].record.exists_if.get(at.field)
        if exists:
            records = [record for record in self.records if len(record.values[exists]) > 1]
            yield from self._value(at.name, exists, records)
        bounds = [each.bounds[at.field] for each in self.records if at.field in each.bounds]
        if isinstance(leaf, Within):
            yield from [leaf.moment] if any(_is_cut(leaf.times, each) for each in bounds) else []
            return
        certain = certain_coverage(self.facts, leaf.spans, leaf.where)
        possible = possible_coverage(self.facts, leaf.spans, leaf.where)
        vague = [each for each in bounds if each[0] < each[1]]
        is_cut = any(_is_cut(times, each) for times in (certain, possible) for each in vague)
        if is_cut or any(True for _ in self._lasting(leaf, vague)):
            yield leaf.moment
        unsure = possible & ~certain
        yield from self._spans(leaf, [each for each in bounds if unsure.first(*each) is not None])

    def _spans(self, leaf: SpanLeaf, times: Sequence[Bounds]) -> Iterator[str]:
        """What is open of the spans at some times: how long they last, and whether they count."""
        yield from self._lasting(leaf, times)
        for only in leaf.where if times else ():
            values = [each.values[field_of(only.path)] for each in self.facts.lists[leaf.spans]]
            if any(each & only.values and each - only.values for each in values):
                yield only.path

    def _lasting(self, leaf: SpanLeaf, times: Sequence[Bounds]) -> Iterator[str]:
        """What is open of how long the spans last that may count: others, and their bounds."""
        if times and leaf.spans in self.facts.open:
            yield complete_path(leaf.spans)
        spans = [s for s in self.facts.lists[leaf.spans] if possibly_counts(s, leaf.where)]
        for moment in self.facts.shape.lists[leaf.spans].moments:
            ranges = [span.bounds[moment] for span in spans if moment in span.bounds]
            if any(a < b and a <= hi and lo <= b for a, b in ranges for lo, hi in times):
                yield pattern(leaf.spans, moment)


def _is_cut(times: TimeSet, bounds: Bounds) -> bool:
    """Whether a moment can lie among some instants, and beside them."""
    return times.first(*bounds) is not None and not times.covers(*bounds)
