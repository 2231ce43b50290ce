"""Witnesses: one way the facts could be that puts the account in the class, and one that does not.

The facts of an indeterminate verdict come in; what goes out is what more is known in such a world.
A witness is not searched for. It goes to the world at which one of the two passes looks
(`evaluation.reference`), and says of it no more than it takes.

In the class: the possibly pass has found a disjunct, and a record that meets it with its moments at
certain instants. (1) What is unknown of the account and of the record, and asked for, is answered
as the disjunct allows. (2) A moment that may lie outside its times is put at its instant. (3) For
each such instant and clause, some span covers it, or none does. That contradicts nothing: to cover
one more instant a span only grows, and no list is asked to cover one and not to cover another.

Out of it: (1) An unknown answer goes against the account; no list of records lacks any. (2) Each
record that may be in the class fails by an unknown value, if it has one. (3) If some record is
still in, spans go to the worst: those that help shrink from their latest start to their earliest
end, or to the cuts that keep every record out (`joint_coverage`), and those that harm grow. Now the
times of a moment are those of the surely pass, which no record met: each has a moment that may lie
outside them, and is put there. Records do not bear on each other, so all of them can be so at once.

A message shared in 2024 by somebody with Premium from October, for one: in the class it is shared
on 1 October, out of it on 1 January. Where a search for cuts is out of work, there may be no second
witness, and the verdict is not exact; `Verdict` evaluates each before it shows it.
"""

from collections.abc import Iterator, Mapping

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.coverage import certain_coverage, possibly_counts, surely_touches
from eligibility.evaluation.joint_coverage import Cuts, failing_cuts
from eligibility.evaluation.reference import Possibly, Surely, possibly_in
from eligibility.evaluation.work import OutOfWorkError
from eligibility.facts.boxes import Bounds, Box, Said, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.normalise import knowing, pinned
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.alike import Able
from eligibility.verdict.narrowing import (
    avoidances,
    can_cover,
    counting,
    covering,
    one,
    one_more,
)
from eligibility.verdict.witness import Witness


def eligible_if(facts: KnownHistory, definition: ClassDefinition) -> Witness:
    """What could be so that puts the account in the class."""
    witness = Witness(facts, definition)
    witness.supposed()
    _bring_in(witness, facts, definition)
    witness.as_supposed()
    return witness


def _bring_in(witness: Witness, facts: KnownHistory, definition: ClassDefinition) -> None:
    """Let the first way into the class that is possible be so."""
    view, sure = Possibly(facts, definition), Surely(facts, definition)
    records = Able.of(facts, definition).kinds if definition.record_list else ()
    for disjunct in definition.normal_form.disjuncts:
        if not view.account(disjunct):
            continue
        times, certain = view.times(disjunct), sure.times(disjunct)
        able = [
            (record, box)
            for record in records
            for box in record.boxes
            if view.placed(box, disjunct, times) is not None
        ]
        if not disjunct.needs_record:
            _put_in(witness, disjunct, None, {})
            return
        if able:
            record, box = min(able, key=lambda each: len(_open_facts(each[1], disjunct, certain)))
            still_open = _open_facts(box, disjunct, certain)
            placed = view.placed(box, disjunct, times) or {}
            at = {name: x for name, x in placed.items() if name in still_open}
            _put_in(witness, disjunct, (record, box), at)
            return


def _open_facts(box: Box, disjunct: Disjunct, certain: Mapping[str, TimeSet]) -> list[str]:
    """What is still open in a box: values that may not fit, moments that may lie elsewhere."""
    values = [name for name, allowed in disjunct.values.items() if not box.values[name] <= allowed]
    return values + [n for n, within in certain.items() if not within.covers(*box.bounds[n])]


def _put_in(
    witness: Witness,
    disjunct: Disjunct,
    found: tuple[KnownRecord, Box] | None,
    at: dict[str, int],
) -> None:
    # (1) What is unknown and asked for, and (2) the moments that may lie outside their times.
    for only in disjunct.answers:
        if witness.facts.answers[only.path] is None:
            witness.answer(only, min(only.values, key=str))
    if found is not None and (name := witness.definition.record_list):
        record, box = found
        known = _pinned(witness.facts.shape.lists[name], record, box)
        known |= {
            name: one(box.values[name] & allowed)
            for name, allowed in disjunct.values.items()
            if not box.values[name] <= allowed
        }
        known |= {name: (x, x) for name, x in at.items() if box.bounds[name] != (x, x)}
        if known or record.index >= len(witness.facts.lists[name]):
            witness.record(name, record.index, known)
    # (3) Spans, which only grow where they help, and shrink where they harm.
    for ever in disjunct.evers:
        if not any(surely_touches(span, ever) for span in witness.facts.lists[ever.spans]):
            _touch(witness, ever)
    for moment, x in at.items():
        for covered in disjunct.moments[moment].covered:
            _cover(witness, covered, x)
        for uncovered in disjunct.moments[moment].uncovered:
            _avoid(witness, uncovered, x)


def _pinned(list_shape: ListShape, record: KnownRecord, box: Box) -> dict[str, Values | Bounds]:
    """What there is to say so that a record is in one of its boxes, also without what is supposed.

    There is nothing to say if it has no other, and nothing is supposed.
    """
    if list_shape.supposed is None and len(record.boxes) == 1 and record.said:
        return {}
    return pinned(list_shape.plain, record, box)


def _spans(facts: KnownHistory, name: str) -> Iterator[KnownRecord | Box]:
    """The spans of a list, and what one may be that nobody listed."""
    yield from facts.lists[name]
    yield from facts.unlisted[name]


def _touch(witness: Witness, ever: Ever) -> None:
    for span in _spans(witness.facts, ever.spans):
        if possibly_counts(span, ever.where):
            x = ever.times.first(span.bounds["start"][0], span.bounds["end"][1])
            if x is not None:
                _cover_with(witness, ever, span, x)
                return


def _cover(witness: Witness, leaf: Covered, x: int) -> None:
    facts = witness.facts
    if x in certain_coverage(facts, leaf.spans, leaf.where):
        return
    for span in _spans(facts, leaf.spans):
        if possibly_counts(span, leaf.where) and can_cover(span, x):
            _cover_with(witness, leaf, span, x)
            return


def _cover_with(witness: Witness, leaf: Covered | Ever, span: KnownRecord | Box, x: int) -> None:
    name = leaf.spans
    if isinstance(span, Box):
        list_shape, at = witness.facts.shape.lists[name], len(witness.facts.lists[name])
        witness.record(name, at, one_more(span, list_shape, leaf.where, x, x))
    elif known := counting(span, leaf.where) | covering(span, x):
        witness.record(name, span.index, known)


def _avoid(witness: Witness, leaf: Uncovered, x: int) -> None:
    witness.complete(leaf.spans)
    spans = witness.facts.lists[leaf.spans]
    known = {span.index: next(avoidances(span, leaf, x), {}) for span in spans}
    witness.records(leaf.spans, {index: each for index, each in known.items() if each})


# ---- out of the class -----------------------------------------------------------------------


def ineligible_if(facts: KnownHistory, definition: ClassDefinition) -> Witness:
    """What could be so that puts the account out of the class."""
    witness = Witness(facts, definition)
    # (1) One unknown answer is enough for a disjunct.
    for disjunct in definition.normal_form.disjuncts:
        for only in disjunct.answers:
            others = frozenset({True, False}) - only.values
            if witness.facts.answers[only.path] is None and others:
                witness.answer(only, min(others))
                break
    witness.supposed()
    if definition.record_list:
        witness.complete(definition.record_list)
    is_out = _fail_records(witness, by_moments=False)  # (2)
    if not is_out and possibly_in(witness.facts, definition):  # (3)
        _spans_at_worst(witness, _cuts(facts, definition))
        _fail_records(witness, by_moments=True)
    witness.as_supposed()
    return witness


def _fail_records(witness: Witness, *, by_moments: bool) -> bool:
    """Let every record that could be in the class fail at something that is not known.

    Returns whether the account is surely out then; where it is not, it may be out as well.
    """
    definition = witness.definition
    each = definition.record_list
    if each is None:
        return False
    view = Possibly(witness.facts, definition)
    ways = [way for way in definition.normal_form.disjuncts if view.account(way)]
    tests = [(disjunct, view.times(disjunct)) for disjunct in ways if disjunct.needs_record]
    is_out = len(tests) == len(ways)
    list_shape = witness.facts.shape.lists[each]
    failing: dict[int, Said] = {}
    for record in witness.facts.lists[each]:
        known: dict[str, Values | Bounds] = {}
        for disjunct, times in tests:
            # as it is with what has made it fail the disjuncts before this one
            now = knowing(list_shape, record, known) if known else record
            if isinstance(now, KnownRecord):
                more = _failing(view, now, (disjunct, times), list_shape, by_moments=by_moments)
                is_out = is_out and (more != {} or not view.meets(now, disjunct, times))
                known |= more
        if known:
            failing[record.index] = known
    witness.records(each, failing)
    return is_out


def _failing(
    view: Possibly,
    record: KnownRecord,
    test: tuple[Disjunct, Mapping[str, TimeSet]],
    list_shape: ListShape,
    *,
    by_moments: bool,
) -> dict[str, Values | Bounds]:
    """What more there is to know of a record that then fails a disjunct; nothing if it does."""
    disjunct, times = test
    able = [box for box in record.boxes if view.placed(box, disjunct, times) is not None]
    for box in record.boxes:
        if box not in able:  # it fails in this box, by what it supposes if by nothing else
            return _pinned(list_shape, record, box) if able or list_shape.supposed else {}
    for box in able:
        for name, allowed in disjunct.values.items():
            if others := box.values[name] - allowed:
                return _pinned(list_shape, record, box) | {name: one(others)}
    for box in able if by_moments else ():
        for name, within in times.items():
            outside = (~within).first(*box.bounds[name])
            if outside is not None:
                return _pinned(list_shape, record, box) | {name: (outside, outside)}
    return {}


def _cuts(facts: KnownHistory, definition: ClassDefinition) -> Cuts:
    """Where to cut the spans that surely cover no single instant, yet cover some.

    Where all that is asked of the account is sure, so that every record has a gap; where it is not,
    so that they have no instant of the time set that they are asked for.
    """
    sure, disjuncts = Surely(facts, definition), definition.normal_form.disjuncts
    asking = [
        disjunct for disjunct in disjuncts if disjunct.needs_record and sure.account(disjunct)
    ]
    try:
        cuts = dict(failing_cuts(facts, sure.records, asking) or {})
    except OutOfWorkError:  # then the verdict is not exact, and may lack a witness
        cuts = {}
    for disjunct in disjuncts:
        for ever in [each for each in disjunct.evers if not sure.ever(each)][:1]:
            for span in facts.lists[ever.spans]:
                outside = (~ever.times).first(span.bounds["end"][0], span.bounds["start"][1])
                if outside is not None:
                    cuts[ever.spans, span.index] = outside
    return cuts


def _spans_at_worst(witness: Witness, cuts: Cuts) -> None:
    """Let spans cover as little, and permissions as much, as is possible."""
    for disjunct in witness.definition.normal_form.disjuncts:
        for ever in disjunct.evers:
            _shrink(witness, ever, cuts)
        for test in disjunct.moments.values():
            for covered in test.covered:
                _shrink(witness, covered, cuts)
        for test in disjunct.moments.values():
            for hidden in test.uncovered:
                _stretch(witness, hidden)


def _shrink(witness: Witness, leaf: Covered | Ever, cuts: Cuts) -> None:
    witness.complete(leaf.spans)
    known_by_place: dict[int, Said] = {}
    for span in witness.facts.lists[leaf.spans]:
        if not possibly_counts(span, leaf.where):
            continue
        others = {field_of(o.path): span.values[field_of(o.path)] - o.values for o in leaf.where}
        name = next((name for name, some in others.items() if some), None)
        (_, begun), (ending, _) = span.bounds["start"], span.bounds["end"]
        if name is not None:
            known_by_place[span.index] = {name: one(others[name])}
        elif span.is_crossing:
            at = cuts.get((leaf.spans, span.index), ending)
            known_by_place[span.index] = {"start": (at, at), "end": (at, at)}
        elif span.bounds["start"] != (begun, begun) or span.bounds["end"] != (ending, ending):
            known_by_place[span.index] = {"start": (begun, begun), "end": (ending, ending)}
    witness.records(leaf.spans, known_by_place)


def _stretch(witness: Witness, leaf: Uncovered) -> None:
    facts, name = witness.facts, leaf.spans
    known_by_place: dict[int, Said] = {}
    for span in facts.lists[name]:
        if possibly_counts(span, leaf.where):
            (first, _), (_, last) = span.bounds["start"], span.bounds["end"]
            known_by_place[span.index] = {
                **counting(span, leaf.where),
                "start": (first, first),
                "end": (last, last),
            }
    counting_boxes = (box for box in facts.unlisted[name] if possibly_counts(box, leaf.where))
    for at, box in enumerate(counting_boxes, len(facts.lists[name])):
        list_shape = facts.shape.lists[name]
        known_by_place[at] = one_more(box, list_shape, leaf.where, EARLIEST, LATEST)
    witness.records(name, known_by_place)
