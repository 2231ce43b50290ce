"""The two ways that an indeterminate verdict could still go, each as a refinement of the history.

Both change no more than they need: the one picks a record that can be in the class and settles
what it turns on; the other lets every record fail at something that is not known.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import define, evolve, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, Is, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.coverage import certain_coverage, possibly_counts
from eligibility.evaluation.joint_coverage import Cuts, failing_cuts
from eligibility.evaluation.reference import Possibly, Surely, possibly_in
from eligibility.evaluation.work import OutOfWorkError
from eligibility.facts.model import Value
from eligibility.facts.normalise import (
    Bounds,
    KnownHistory,
    KnownRecord,
    blank,
    consequences,
    knowing,
)
from eligibility.facts.paths import complete_path, fact_path, field_of, record_path
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.narrowing import (
    Known,
    can_cover,
    counting,
    covering,
    spanning,
    ways_round,
)

#: A path, and what is now known there: a value, bounds of a moment, or a record's own fields.
Changes: TypeAlias = dict[str, Any]


@define
class Settling:
    """Facts that are being settled, one by one, and the changes made so far."""

    facts: KnownHistory
    definition: ClassDefinition
    changes: Changes = field(factory=dict)
    _listed: dict[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._listed = {name: len(records) for name, records in self.facts.lists.items()}

    def complete(self, name: str) -> None:
        """Say that a list holds all there is."""
        if name in self.facts.open:
            self.changes[complete_path(name)] = True
            self.facts = evolve(self.facts, open=self.facts.open - {name})

    def answer(self, only: Is, value: Value) -> None:
        """Answer a yes/no fact about the account."""
        self.changes[only.path] = value
        answers = {**self.facts.answers, only.path: value is True}
        self.facts = evolve(self.facts, answers=answers)

    def record(self, name: str, at: int, known: Known) -> None:
        """Know more of the record at a place of a list; behind the last one, add it."""
        self.records(name, {at: known})

    def records(self, name: str, known_by_place: Mapping[int, Known]) -> None:
        """Know more of several records of a list."""
        list_shape, records = self.facts.shape.lists[name], list(self.facts.lists[name])
        for at, known in known_by_place.items():
            record = records[at] if at < len(records) else blank(list_shape, at)
            made = knowing(list_shape, record, known)
            assert isinstance(made, KnownRecord), made  # noqa: S101 - chosen to fit: a bug of ours
            records[at : at + 1] = [made]
            if at >= self._listed[name]:
                path = record_path(name, at)
                self.changes[path] = {**self.changes.get(path, {}), **known}
            else:
                changed = consequences(list_shape, record, known)
                self.changes |= {fact_path(name, at, key): value for key, value in changed.items()}
        self.facts = self.facts.with_list(name, tuple(records))


def eligible_if(facts: KnownHistory, definition: ClassDefinition) -> Settling:
    """What could be so that puts the account in the class."""
    view, sure = Possibly(facts, definition), Surely(facts, definition)
    for way in definition.normal_forms[-1].disjuncts:
        if not view.account(way):
            continue
        times, certain = view.times(way), sure.times(way)
        able = [r for r in view.records if view.meets(r, way, times)]
        if not way.needs_record:
            return _settle_in(Settling(facts, definition), way, None, {})
        if able:
            record = min(able, key=lambda r: len(_open_facts(r, way, certain)))
            still_open = _open_facts(record, way, certain)
            placed = view.placed(record, way, times) or {}
            at = {name: x for name, x in placed.items() if name in still_open}
            return _settle_in(Settling(facts, definition), way, record, at)
    return Settling(facts, definition)


def _open_facts(record: KnownRecord, way: Disjunct, certain: Mapping[str, TimeSet]) -> list[str]:
    """What is still open of a record: its unknown values, and moments that may lie elsewhere."""
    bounds = record.bounds if way.assumes_existence else record.alone
    values = [name for name in way.values if record.values[name] is None]
    return values + [n for n, within in certain.items() if not within.covers(*bounds[n])]


def _settle_in(
    settling: Settling, way: Disjunct, record: KnownRecord | None, at: dict[str, int]
) -> Settling:
    for only in way.answers:
        if settling.facts.answers[only.path] is None:
            settling.answer(only, min(only.values, key=str))
    if record is not None and settling.definition.record_list:
        known: dict[str, Value | Bounds] = {
            name: min(allowed, key=str)
            for name, allowed in way.values.items()
            if record.values[name] is None
        }
        bounds = record.bounds if way.assumes_existence else record.alone
        known |= {name: (x, x) for name, x in at.items() if bounds[name] != (x, x)}
        at_end = record.index >= len(settling.facts.lists[settling.definition.record_list])
        if known or at_end:
            settling.record(settling.definition.record_list, record.index, known)
    for ever in way.evers:
        _cover_ever(settling, ever)
    for name, x in at.items():
        for covered in way.moments[name].covered:
            cover(settling, covered, x)
        for uncovered in way.moments[name].uncovered:
            uncover(settling, uncovered, x)
    return settling


def _cover_ever(settling: Settling, ever: Ever) -> None:
    for span in settling.facts.lists[ever.spans]:
        if possibly_counts(span, ever.where):
            x = ever.times.first(span.bounds["start"][0], span.bounds["end"][1])
            if x is not None:
                cover_with(settling, ever.spans, span, ever.where, x)
                return
    cover(settling, ever, ever.times.spans[0][0])


def cover(settling: Settling, leaf: Covered | Ever, x: int) -> None:
    """Let some span that counts cover an instant."""
    if x in certain_coverage(settling.facts, leaf.spans, leaf.where):
        return
    for span in settling.facts.lists[leaf.spans]:
        if possibly_counts(span, leaf.where) and can_cover(span, x):
            cover_with(settling, leaf.spans, span, leaf.where, x)
            return
    at = len(settling.facts.lists[leaf.spans])
    settling.record(leaf.spans, at, spanning(leaf, x, x))


def cover_with(
    settling: Settling, name: str, span: KnownRecord, where: tuple[Is, ...], x: int
) -> None:
    """Let this span count, and cover an instant."""
    known = counting(span, where) | covering(span, x)
    if known:
        settling.record(name, span.index, known)


def uncover(settling: Settling, leaf: Uncovered, x: int) -> None:
    """Let no span that counts cover an instant."""
    settling.complete(leaf.spans)
    list_shape = settling.facts.shape.lists[leaf.spans]
    spans = settling.facts.lists[leaf.spans]
    known = {span.index: next(ways_round(span, leaf, x, list_shape), {}) for span in spans}
    settling.records(leaf.spans, {index: each for index, each in known.items() if each})


# ---- out of the class -----------------------------------------------------------------------


def ineligible_if(facts: KnownHistory, definition: ClassDefinition) -> Settling:
    """What could be so that puts the account out of the class."""
    settling = Settling(facts, definition)
    for way in definition.normal_forms[-1].disjuncts:
        for only in way.answers:
            others = frozenset({True, False}) - only.values
            if settling.facts.answers[only.path] is None and others:
                settling.answer(only, min(others))
                break
    if definition.record_list:
        settling.complete(definition.record_list)
    _fail_records(settling, by_moments=False)
    if possibly_in(settling.facts, definition):
        _shrink_spans(settling, _cuts(facts, definition))
        _fail_records(settling, by_moments=True)
    return settling


def _fail_records(settling: Settling, *, by_moments: bool) -> None:
    """Let every record that could be in the class fail at something that is not known."""
    definition = settling.definition
    each = definition.record_list
    if each is None:
        return
    view = Possibly(settling.facts, definition)
    tests = [
        (way, view.times(way))
        for way in definition.normal_forms[-1].disjuncts
        if view.account(way) and way.needs_record
    ]
    list_shape = settling.facts.shape.lists[each]
    failing: dict[int, Known] = {}
    for record in settling.facts.lists[each]:
        known: dict[str, Value | Bounds] = {}
        for way, times in tests:
            # with what the ways before this one have settled
            now = knowing(list_shape, record, known) if known else record
            if isinstance(now, KnownRecord) and view.meets(now, way, times):
                known |= _failing_fact(now, way, times, list_shape, by_moments=by_moments)
        if known:
            failing[record.index] = known
    settling.records(each, failing)


def _failing_fact(
    record: KnownRecord,
    way: Disjunct,
    times: dict[str, Any],
    list_shape: ListShape,
    *,
    by_moments: bool,
) -> dict[str, Value | Bounds]:
    for name, allowed in way.values.items():
        other = list_shape.other_than(name, allowed)
        if record.values[name] is None and other is not None:
            return {name: other}
    bounds = record.bounds if way.assumes_existence else record.alone
    for name, within in times.items() if by_moments else ():
        outside = (~within).first(*bounds[name])
        if outside is not None:
            return {name: (outside, outside)}
    return {}


def _cuts(facts: KnownHistory, definition: ClassDefinition) -> Cuts:
    """Where to cut the spans that surely cover no single instant, yet cover some.

    Out of the way of every record, where the account fits; else, where it need not fit, out of the
    time set that some of them would have to meet.
    """
    sure, ways = Surely(facts, definition), definition.normal_forms[-1].disjuncts
    asking = [way for way in ways if way.needs_record and sure.account(way)]
    try:
        cuts = dict(failing_cuts(facts, sure.records, asking) or {})
    except OutOfWorkError:  # then the verdict is not exact, and may lack a witness
        cuts = {}
    for way in ways:
        for ever in [each for each in way.evers if not sure.ever(each)][:1]:
            for span in facts.lists[ever.spans]:
                outside = (~ever.times).first(span.bounds["end"][0], span.bounds["start"][1])
                if outside is not None:
                    cuts[ever.spans, span.index] = outside
    return cuts


def _shrink_spans(settling: Settling, cuts: Cuts) -> None:
    """Let spans cover as little, and permissions as much, as is possible."""
    for way in settling.definition.normal_forms[-1].disjuncts:
        for ever in way.evers:
            _shrink(settling, ever, cuts)
        for test in way.moments.values():
            for covered in test.covered:
                _shrink(settling, covered, cuts)
        for test in way.moments.values():
            for hidden in test.uncovered:
                _stretch(settling, hidden)


def _shrink(settling: Settling, leaf: Covered | Ever, cuts: Cuts) -> None:
    settling.complete(leaf.spans)
    list_shape = settling.facts.shape.lists[leaf.spans]
    known_by_place: dict[int, Known] = {}
    for span in settling.facts.lists[leaf.spans]:
        if not possibly_counts(span, leaf.where):
            continue
        first = next((o for o in leaf.where if span.values[field_of(o.path)] is None), None)
        name = field_of(first.path) if first else ""
        other = list_shape.other_than(name, first.values) if first else None
        (_, begun), (ending, _) = span.bounds["start"], span.bounds["end"]
        if other is not None:
            known_by_place[span.index] = {name: other}
        elif span.is_crossing:
            at = cuts.get((leaf.spans, span.index), ending)
            known_by_place[span.index] = {"start": (at, at), "end": (at, at)}
        elif span.bounds["start"] != (begun, begun) or span.bounds["end"] != (ending, ending):
            known_by_place[span.index] = {"start": (begun, begun), "end": (ending, ending)}
    settling.records(leaf.spans, known_by_place)


def _stretch(settling: Settling, leaf: Uncovered) -> None:
    facts = settling.facts
    if leaf.spans in facts.open:
        at = len(facts.lists[leaf.spans])
        settling.record(leaf.spans, at, spanning(leaf, EARLIEST, LATEST))
        return
    known_by_place: dict[int, Known] = {}
    for span in facts.lists[leaf.spans]:
        if possibly_counts(span, leaf.where):
            (first, _), (_, last) = span.bounds["start"], span.bounds["end"]
            known_by_place[span.index] = {
                **counting(span, leaf.where),
                "start": (first, first),
                "end": (last, last),
            }
    settling.records(leaf.spans, known_by_place)
