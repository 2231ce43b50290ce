"""What a list of spans must do for a decided verdict, seen from everything else that is known.

Everything else leaves open at which instants a record could still get in, or out. Of these a list
must keep clear (*avoid*: Premium, for who is out), or it must hold them all (*cover*: Premium, for
who is in). So it is seen at once, without asking for the verdict again, which of the facts of a
span can be left out:

- What avoids does so span by span: a fact of a span is needed just if without it the span may count
  and reach one of the instants.
- What covers does so with its neighbours. As few spans as possible are kept: from the first instant
  on, always the one that reaches farthest. Of these none but the next and the one before can cover
  what a span covers, so a fact of it is needed just if these do not do without it.

Where a list must do several such things, there is no one need, and the verdict is asked for after
all (`sufficient`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeAlias

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, Is, SpanLeaf
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.evaluation.coverage import possibly_counts, surely_counts, surely_touches
from eligibility.evaluation.reference import Possibly, Surely, Times
from eligibility.facts.boxes import ANY_TIME, Bounds, Box, place
from eligibility.facts.known import NOTHING_STATED, KnownHistory, KnownRecord, unlisted_of
from eligibility.facts.normalise import blank, forgetting
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.alike import Alike
from eligibility.verdict.minimise import minimise_record, needed_of


def _is_plain(list_shape: ListShape) -> bool:
    """Whether spans have nothing but their ends and values: what is left of one is seen at once."""
    return list_shape.supposed is None and list_shape.moments == ("start", "end")


def _said(span: KnownRecord, moment: str) -> Bounds:
    """The bounds of a moment as they were said, without what follows from others."""
    known = span.said.get(moment)
    return known if isinstance(known, tuple) else ANY_TIME


@frozen
class Avoid:
    """No span that may count may lie at any of these instants."""

    where: tuple[Is, ...]
    times: TimeSet

    def minimised(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts with as little of the list as still avoids them."""
        list_shape, stated = facts.shape.lists[name], facts.stated[name]
        kept = [self._least(list_shape, span) for span in facts.lists[name]]
        for path in stated:
            left = FrozenDict({each: said for each, said in stated.items() if each != path})
            if all(map(self._avoids_in, unlisted_of(list_shape, left.values()))):
                stated = left
        return facts.with_list(name, tuple(kept), stated)

    def _least(self, list_shape: ListShape, span: KnownRecord) -> KnownRecord:
        """A span with as few of its facts as still avoid them.

        One that has nothing but its ends and values does so by a value, by an end, or by both ends.
        """
        if not _is_plain(list_shape):
            return minimise_record(list_shape, span, self._avoids)
        (first, _), (_, last) = _said(span, "start"), _said(span, "end")
        asked = ((field_of(only.path), only.values) for only in self.where)
        values = {key for key, allowed in asked if span.values[key].isdisjoint(allowed)}
        if values:  # the last that was said, as if they were left out one by one
            needed = [key for key in span.said if key in values][-1:]
        elif self.times.first(EARLIEST, last) is None:
            needed = ["end"]
        elif self.times.first(first, LATEST) is None:
            needed = ["start"]
        else:
            needed = ["start", "end"]
        return forgetting(list_shape, span, [key for key in span.said if key not in needed])

    def _avoids(self, span: KnownRecord) -> bool:
        return all(map(self._avoids_in, span.boxes))

    def _avoids_in(self, box: Box) -> bool:
        first, last = box.bounds["start"][0], box.bounds["end"][1]
        return not possibly_counts(box, self.where) or self.times.first(first, last) is None


@frozen
class Cover:
    """Spans that surely count must surely lie at all of these instants, each at some."""

    where: tuple[Is, ...]
    times: TimeSet

    def minimised(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts with as little of the list as still covers them; it may lack some."""
        list_shape, spans = facts.shape.lists[name], facts.lists[name]
        chain, asked = self._chain(spans), {field_of(o.path): o.values for o in self.where}
        needed = needed_of(list_shape, asked)
        kept = [blank(list_shape, span.index) for span in spans]
        before: list[Bounds] = []
        for at, after in zip(chain, [*chain[1:], None], strict=True):
            near = before if after is None else [*before, self._piece(spans[after])]
            kept[at] = self._least(list_shape, spans[at], near, needed)
            before = [self._piece(kept[at])] if after is not None else []
        return facts.with_list(name, tuple(kept), NOTHING_STATED)

    def _least(
        self,
        list_shape: ListShape,
        span: KnownRecord,
        near: Sequence[Bounds],
        needed: Mapping[str, bool],
    ) -> KnownRecord:
        """A span with as few of its facts as, with the pieces near it, still cover what it covers.

        Of one that has nothing but its ends and values, either end alone says where it surely is.
        """
        covers = partial(self._cover_with, self._piece(span), near)
        if not _is_plain(list_shape):
            return minimise_record(list_shape, span, lambda less: covers(self._piece(less)), needed)
        start, end = _said(span, "start"), _said(span, "end")
        spare = [key for key in span.said if needed.get(key) is False]
        if covers(end[::-1]):
            spare.append("start")
            start = ANY_TIME
        if covers(start[::-1]):
            spare.append("end")
        return forgetting(list_shape, span, spare)

    def _piece(self, span: KnownRecord) -> Bounds:
        """Where a span surely is, if it surely counts; else the last comes before the first."""
        if not surely_counts(span, self.where):
            return LATEST, EARLIEST
        return span.bounds["start"][1], span.bounds["end"][0]

    def _chain(self, spans: Sequence[KnownRecord]) -> list[int]:
        """The places of the fewest spans that cover all: always the one that reaches farthest."""
        pieces = sorted((*self._piece(span), at) for at, span in enumerate(spans))
        chain: list[int] = []
        farthest, tried = (EARLIEST - 1, 0), 0
        missing = self.times.first(EARLIEST, LATEST)
        while missing is not None:
            while tried < len(pieces) and pieces[tried][0] <= missing:
                farthest = max(farthest, pieces[tried][1:])
                tried += 1
            chain.append(farthest[1])
            missing = self.times.first(farthest[0] + 1, LATEST)
        return chain

    def _cover_with(self, bounds: Bounds, near: Sequence[Bounds], piece: Bounds) -> bool:
        """Whether a piece, and those near it, cover what is to be covered within bounds."""
        pieces = [*near, piece]
        missing = self.times.first(*bounds)
        while missing is not None:
            reach = max((last for first, last in pieces if first <= missing), default=missing - 1)
            if reach < missing:
                return False
            missing = self.times.first(reach + 1, bounds[1])
        return True


@frozen
class Meet:
    """Some span that surely counts must surely have one of these instants."""

    leaf: Ever

    def minimised(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts with as little of the list as has one; it may lack some."""
        list_shape, spans = facts.shape.lists[name], facts.lists[name]
        kept = [blank(list_shape, span.index) for span in spans]
        at = next(span.index for span in reversed(spans) if self._met(span))
        kept[at] = minimise_record(list_shape, spans[at], self._met)
        return facts.with_list(name, tuple(kept), NOTHING_STATED)

    def _met(self, span: KnownRecord) -> bool:
        return surely_touches(span, self.leaf)


@frozen
class Nothing:
    """The list need do nothing."""

    def minimised(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts without anything of the list."""
        list_shape = facts.shape.lists[name]
        spans = tuple(blank(list_shape, span.index) for span in facts.lists[name])
        return facts.with_list(name, spans, NOTHING_STATED)


Need: TypeAlias = Avoid | Cover | Meet | Nothing


def need_of(
    facts: KnownHistory,
    definition: ClassDefinition,
    name: str,
    alike: Callable[[], Alike],
    *,
    eligible: bool,
) -> Need | None:
    """What a list of spans must do for a decided verdict; None if that is not one such thing.

    Of an eligible account, the facts have the one record that is surely in the class; of any other,
    `alike` tells which records fare alike.
    """
    asking = _asking(definition, name)
    records = facts.lists.get(definition.record_list or "", ())
    several = len(definition.normal_form.disjuncts) > 1 or len(records) > 1
    if asking is None or (eligible and several):
        return None
    if eligible:
        needs: list[Need] = [_needed_in(facts, definition, asked) for asked in asking]
    else:
        found = (_needed_out(facts, definition, asked, alike) for asked in asking)
        needs = [each for each in found if each]
    if len(needs) > 1:
        return None
    return needs[0] if needs else Nothing()


@frozen(eq=False)
class _Asked:
    """What a disjunct asks of a list, the moment that it is asked for, and all else it asks."""

    leaf: SpanLeaf
    moment: str
    rest: Disjunct


def _asking(definition: ClassDefinition, name: str) -> tuple[_Asked, ...] | None:
    """What each disjunct asks of a list; None where one asks several things. Found once."""
    key = _asking, name
    kept: list[list[_Asked]] | None = definition.kept(key)
    if kept is None:
        kept = [list(_asked_by(disjunct, name)) for disjunct in definition.normal_form.disjuncts]
        definition.keep(key, kept)
    return None if any(len(each) > 1 for each in kept) else tuple(chain(*kept))


def _asked_by(disjunct: Disjunct, name: str) -> Iterator[_Asked]:
    asked: list[tuple[SpanLeaf, str]] = [
        (ever, "") for ever in disjunct.evers if ever.spans == name
    ]
    for moment, test in disjunct.moments.items():
        asked += [(leaf, moment) for leaf in test.coverage if leaf.spans == name]
    for leaf, moment in asked:
        yield _Asked(leaf, moment, _without(disjunct, leaf))


def _needed_in(facts: KnownHistory, definition: ClassDefinition, asked: _Asked) -> Need:
    leaf, moment = asked.leaf, asked.moment
    if isinstance(leaf, Ever):
        return Meet(leaf)
    (record,) = Surely(facts, definition).records
    times = TimeSet.union(box.bounds[moment] for box in record.boxes)
    return Cover(leaf.where, times) if isinstance(leaf, Covered) else Avoid(leaf.where, times)


def _needed_out(
    facts: KnownHistory,
    definition: ClassDefinition,
    asked: _Asked,
    alike: Callable[[], Alike],
) -> Need | None:
    """What keeps all records out of a disjunct, if nothing else does."""
    leaf, moment, rest = asked.leaf, asked.moment, asked.rest
    view = Possibly(facts, definition)
    if not view.account(rest):
        return None
    times = view.times(rest)
    if isinstance(leaf, Ever):
        free = not rest.needs_record or any(view.meets(r, rest, times) for r in view.records)
        return Avoid(leaf.where, leaf.times) if free else None
    records, out = view.records, set[object]()
    key_of = alike().key if len(records) > 1 else None
    reaches: list[Bounds] = []
    for record in records:
        key = key_of(record.said) if key_of and record.said else None
        if key in out:
            continue
        some = [_reach(view, box, rest, times, moment) for box in record.boxes]
        reaches += filter(None, some)
        if key is not None and not any(some):  # and so it is of all that fare alike
            out.add(key)
    found = times[moment] & TimeSet.union(reaches)
    if found.is_empty:
        return None
    return Avoid(leaf.where, found) if isinstance(leaf, Covered) else Cover(leaf.where, found)


def _reach(
    view: Possibly, box: Box, disjunct: Disjunct, times: Times, moment: str
) -> Bounds | None:
    """The first and the last instant at which a moment may lie for a box to meet a disjunct.

    At any instant between them that fits the moment, the others fit as well: those before it lie
    where they lie for the first, those after it where they lie for the last.
    """
    list_shape = view.definition.list_shape
    first = view.placed(box, disjunct, times)
    if list_shape is None or first is None:
        return None
    last = place(times, box.bounds, list_shape, last=True)
    return (first[moment], last[moment]) if last else None


def _without(disjunct: Disjunct, leaf: SpanLeaf) -> Disjunct:
    """A disjunct without one of the things that it asks for."""
    moments = {
        moment: MomentTest(
            test.times,
            tuple(each for each in test.covered if each is not leaf),
            tuple(each for each in test.uncovered if each is not leaf),
        )
        for moment, test in disjunct.moments.items()
    }
    return evolve(
        disjunct, evers=tuple(e for e in disjunct.evers if e is not leaf), moments=moments
    )
