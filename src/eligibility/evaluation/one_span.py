"""One span of a list known better: what spans cover then, told from what they covered before.

What is asked of each of a thousand spans would else look at all of them each time. Whatever is
known better, the span surely covers what it did, and perhaps more; what others cover possibly stays
covered, and only what the span covered *alone* can go.
"""

from collections.abc import Mapping
from itertools import pairwise

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is
from eligibility.evaluation import coverage
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet


def with_span(
    facts: KnownHistory, definition: ClassDefinition, name: str, span: KnownRecord
) -> KnownHistory:
    """Facts with one span of a list known better, and with what follows for its coverage."""
    made = facts.with_record(name, span)
    kept = made.kept(name)
    for where in definition.filters.get(name, ()):
        certain, possible = _covered(facts, name, where, span)
        kept[coverage.certain_coverage, where] = certain
        kept[coverage.possible_coverage, where] = possible
    for ever in (each for form in definition.normal_form.disjuncts for each in form.evers):
        if ever.spans == name:
            touched = coverage.surely_touched(facts, ever) or coverage.surely_touches(span, ever)
            kept[coverage.surely_touched, ever] = touched
    (_, last), (first, _) = span.bounds["start"], span.bounds["end"]
    least = coverage.narrowest_crossing(facts, name)
    kept[coverage.narrowest_crossing] = min(least, last - first) if first < last else least
    return made


def _covered(
    facts: KnownHistory, name: str, where: tuple[Is, ...], span: KnownRecord
) -> tuple[TimeSet, TimeSet]:
    """What is covered surely and possibly with one span known better."""
    certain = coverage.certain_coverage(facts, name, where)
    possible = coverage.possible_coverage(facts, name, where)
    if coverage.surely_counts(span, where) and not span.is_crossing:
        certain |= TimeSet.of((span.bounds["start"][1], span.bounds["end"][0]))
    alone = _covered_alone(facts, name, where).get(span.index)
    if alone is not None:
        possible &= ~(alone & ~coverage.possibly_covered(span.boxes, where))
    return certain, possible


def _covered_alone(facts: KnownHistory, name: str, where: tuple[Is, ...]) -> Mapping[int, TimeSet]:
    """What each span of a list covers possibly, and no other one, listed or not."""
    kept, key = facts.kept(name), (_covered_alone, where)
    if key not in kept:
        by_index = {-1: coverage.possibly_covered(facts.unlisted[name], where)}
        by_index |= {s.index: coverage.possibly_covered(s.boxes, where) for s in facts.lists[name]}
        kept[key] = _alone(by_index)
    found: Mapping[int, TimeSet] = kept[key]
    return found


def _alone(covered: Mapping[int, TimeSet]) -> dict[int, TimeSet]:
    """Of several time sets, by some number, what lies in each and in no other."""
    changes: dict[int, list[int]] = {}
    for index, times in covered.items():
        for first, last in times.spans:
            changes.setdefault(first, []).append(index)
            changes.setdefault(last + 1, []).append(index)
    pieces: dict[int, list[tuple[int, int]]] = {}
    inside: set[int] = set()
    for at, then in pairwise(sorted(changes)):
        inside.symmetric_difference_update(changes[at])
        if len(inside) == 1:
            pieces.setdefault(next(iter(inside)), []).append((at, then - 1))
    return {index: TimeSet.union(spans) for index, spans in pieces.items()}
