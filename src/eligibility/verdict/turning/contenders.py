"""The records that may be in the class by one disjunct, as one of the two passes sees them.

What is asked of the record decides which can be in at all. Of those, one that has a fact of its own
that can keep it out is no hindrance to another; only the *opponents*, which spans alone can keep
out, have to be kept out together.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, chain
from operator import itemgetter
from typing import TypeAlias

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly, Surely, Times
from eligibility.facts.boxes import ANY_TIME, Bounds, Box
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.shape import ListShape
from eligibility.values.timeset import TimeSet
from eligibility.verdict.alike import Alike
from eligibility.verdict.turning.anyway import Anyway
from eligibility.verdict.turning.keeping_out import KeepingOut
from eligibility.verdict.turning.outdone import Outdone, SurelyOutdone
from eligibility.verdict.turning.pairs import Spans
from eligibility.verdict.turning.pivotal import apt, core, one_apt
from eligibility.verdict.turning.reach import narrower
from eligibility.verdict.turning.staying import Plain, Staying

#: A moment, and which records are left out.
_Order: TypeAlias = tuple[str, Callable[[KnownRecord], bool]]


def _never(_record: KnownRecord) -> bool:
    return False


@define(eq=False)
class Contenders:
    """The records of a history in one disjunct; `times` are those of its moments."""

    facts: KnownHistory
    definition: ClassDefinition
    disjunct: Disjunct
    spans: Spans
    times: Times
    _can: dict[int, bool] = field(init=False, factory=dict)
    _out: dict[tuple[object, ...], KnownRecord | None] = field(init=False, factory=dict)
    _surely_outdone: dict[str, SurelyOutdone] = field(init=False, factory=dict)
    _hulls: dict[int, Mapping[str, Bounds]] = field(init=False, factory=dict)
    _order: dict[_Order, tuple[list[int], list[int], list[KnownRecord]]] = field(
        init=False, factory=dict
    )

    @property
    def name(self) -> str:
        """The list that they stand in."""
        return self.definition.record_list or ""

    @property
    def list_shape(self) -> ListShape:
        """The shape of that list."""
        return self.facts.shape.lists[self.name]

    def able(
        self,
        moment: str = "",
        within: TimeSet = TimeSet.ALL,
        is_idle: Callable[[KnownRecord], bool] = _never,
    ) -> Iterator[KnownRecord]:
        """The records that can be in the class, each kind once; a moment lying within instants.

        Those that are idle are left out.

        One that nobody listed comes last, but of an instant first: it can be anywhere just as well.
        It is surely in only if it can be known that there is one.
        """
        seen: set[tuple[object, ...]] = set()
        fitting = self.times.get(moment, TimeSet.ALL) & within
        if fitting.is_empty:
            return
        listed, unlisted = self.facts.lists[self.name], self.facts.unlisted[self.name]
        may_be = unlisted and (not self.spans.surely or self.spans.can_close(self.name))
        beyond = [KnownRecord(len(listed), {}, unlisted)] if may_be else []
        is_near = moment and within != TimeSet.ALL
        some = self._near((moment, is_idle), within) if is_near else listed
        is_brief = within.spans[-1][1] - within.spans[0][0] < 2
        for record in chain(beyond, some) if is_brief else chain(some, beyond):
            self.spans.work.spend(1)
            if moment and all(
                fitting.first(*box.bounds.get(moment, (1, 0))) is None
                for box in apt(record, self.disjunct)
            ):
                continue
            kind = self.spans.kind(self.name, record)
            if kind not in seen and self.can_be_in(record):
                seen.add(kind)
                if not is_idle(record):
                    yield record

    def _near(self, of: _Order, within: TimeSet) -> list[KnownRecord]:
        """The listed records of which a moment may lie between the first and the last of some."""
        firsts, lasts, records = self._in_order(of)
        (first, _), (_, last) = within.spans[0], within.spans[-1]
        found = []
        for at in range(bisect_right(firsts, last) - 1, -1, -1):
            if lasts[at] < first:
                break
            found.append(records[at])
        found.reverse()
        return found

    def _in_order(self, of: _Order) -> tuple[list[int], list[int], list[KnownRecord]]:
        """The listed records by when a moment of them can be, from the earliest on.

        Those that can be in, and are not idle. Of each, that instant; and the last at which it, or
        one before it, can be.
        """
        if of not in self._order:
            moment, is_idle = of
            self.spans.work.spend(len(self.facts.lists[self.name]))
            some = [
                (*record.bounds[moment], record)
                for record in self.facts.lists[self.name]
                if moment in record.bounds and self.can_be_in(record) and not is_idle(record)
            ]
            some.sort(key=itemgetter(0))
            firsts, lasts = [each[0] for each in some], [each[1] for each in some]
            self._order[of] = firsts, list(accumulate(lasts, max)), [each[2] for each in some]
        return self._order[of]

    def can_be_in(self, record: KnownRecord) -> bool:
        """Whether a record is in the class in some world; of the surely pass, could surely be."""
        if record.index not in self._can:
            view = Possibly(self.facts, self.definition)
            is_out = self.spans.surely and not self._could_be_sure(record)
            self._can[record.index] = not is_out and view.meets(record, self.disjunct, self.times)
        return self._can[record.index]

    @cached_property
    def opponents(self) -> tuple[KnownRecord, ...]:
        """The records that no fact of their own can keep out, without those that follow two others.

        An InMail may have been shared whenever a later one may: where the later one is in, it is.
        One of the two others may be let in itself; so one that follows a single one is kept.
        """
        asked = [name for name, test in self.disjunct.moments.items() if test.coverage]
        sign = -1 if self.spans.surely else 1
        ranges = [
            (sign * low, -sign * high, record.index)
            for record in self._in_the_way
            for low, high in (self._range(record, *asked) if len(asked) == 1 else ())
        ]
        ends: list[int] = []
        spare: set[int] = set()
        for _, end, at in sorted(ranges):
            if len(ends) > 1 and end >= ends[1]:
                spare.add(at)
            else:
                ends = sorted((*ends, end))[:2]
        return tuple(record for record in self._in_the_way if record.index not in spare)

    def _range(self, record: KnownRecord, moment: str) -> tuple[Bounds] | tuple[()]:
        """Where a record has a moment, as far as others can be kept from it; if that is one range.

        The possibly pass lets it in if it may be in somewhere there, the surely pass everywhere.
        """
        known = self.spans.known(self.name, record.index)
        made: KnownRecord | None = record
        if not self.spans.surely:
            if moment in known or self.disjunct.moments.keys() - known != {moment}:
                return ()
            order = self.list_shape.sequence
            later = order[order.index(moment) :]
            pins = {
                name: (low, low) if name in later else (high, high)
                for name, (low, high) in record.bounds.items()
                if name in known
            }
            made = narrower(self.list_shape, record, pins)
        boxes = apt(made, self.disjunct) if made else []
        return (boxes[0].bounds[moment],) if len(boxes) == 1 else ()

    def staying(self, times: Times) -> tuple[KnownRecord, ...]:
        """Two of the opponents, or fewer, that stay in where moments are held to some times."""
        return self._staying.at(times)

    @cached_property
    def _staying(self) -> Staying:
        view, work = Surely(self.facts, self.definition), self.spans.work

        def stays(record: KnownRecord, times: Times) -> bool:
            if self.spans.surely:
                return view.meets(record, self.disjunct, times)
            return not self.kept_out(record, times)

        return Staying.of(self.opponents, self._plainly, stays, work)

    def _plainly(self, record: KnownRecord) -> Plain | None:
        """What keeps an opponent in, if that is plain: that its values do is so, if it is one."""
        asked = self.disjunct.moments.keys()
        known = self.spans.known(self.name, record.index)
        if self.spans.surely and len(record.boxes) > 1:
            return None
        if not one_apt(record, known, self.disjunct):
            return None
        surely = asked if self.spans.surely else asked & known
        within = {name: record.bounds[name] for name in surely if name in record.bounds}
        if len(within) < len(surely) or len(asked - surely) > 1:
            return None
        for name in asked - surely:
            found = self._range(record, name)
            return Plain(record, within, (name, found[0])) if found else None
        return Plain(record, within)

    @cached_property
    def _in_the_way(self) -> tuple[KnownRecord, ...]:
        records = self.facts.lists[self.name] if self.name else ()
        self.spans.work.spend(len(records))
        if self.spans.surely or not records:
            sure = Surely(self.facts, self.definition)
            return tuple(r for r in records if sure.meets(r, self.disjunct, self.times))
        alike, known = Alike.of(self.facts, self.definition), self.spans.known
        keys = [(alike.key(r.said), known(self.name, r.index)) for r in records]
        each = dict(zip(keys, records, strict=True)).items()
        in_way = {k for k, r in each if self.can_be_in(r) and not self.kept_out(r, self.times)}
        return tuple(r for key, r in zip(keys, records, strict=True) if key in in_way)

    def is_outdone(self, record: KnownRecord) -> bool:
        """Whether a record is in only where an opponent is as well, by what spans do."""
        return (self.surely_outdone("") if self.spans.surely else self.outdone).has(record)

    def surely_outdone(self, turned: str) -> SurelyOutdone:
        """The records that are not surely in alone, if a span of a list is turned."""
        if turned not in self._surely_outdone:
            anyway = Anyway(self.facts, self.definition, self.disjunct, self.spans)
            self._surely_outdone[turned] = SurelyOutdone.of(self.opponents, anyway, turned)
        return self._surely_outdone[turned]

    @cached_property
    def outdone(self) -> Outdone:
        """The records that are not in alone, as the possibly pass reads them."""
        return Outdone.of(self.opponents, self.definition, self.disjunct, self.spans)

    @cached_property
    def cells(self) -> Alike:
        """Between which edges it is all one where a record lies that is none of these."""
        return Alike.of(self.facts, self.definition).beside(self.opponents)

    @cached_property
    def opposing(self) -> Mapping[int, int]:
        """Where each of the opponents stands among them, by its index."""
        return {record.index: at for at, record in enumerate(self.opponents)}

    def _could_be_sure(self, record: KnownRecord) -> bool:
        """Whether a record is surely in, as far as facts go that nobody can know.

        It is not if only boxes are left that are not what is asked, nor if one of these stays,
        whatever comes out of what can be known.
        """
        known = self.spans.known(self.name, record.index)
        open_ = known | {self.list_shape.record.exists_if.get(name) for name in known}
        bad = [
            box
            for box in record.boxes
            if any(
                name not in open_ and not box.values[name] <= allowed
                for name, allowed in self.disjunct.values.items()
            )
            or self._reaches_beyond(box, known)
        ]
        every = [*record.values.items(), *record.bounds.items()] if bad else []
        mine = [(name, each) for name, each in every if name in known]
        return len(bad) < len(record.boxes) and not any(
            all(each == (box.values.get(name) or box.bounds.get(name)) for name, each in mine)
            for box in bad
        )

    def _reaches_beyond(self, box: Box, known: frozenset[str]) -> bool:
        """Whether a moment that nobody can know may lie beyond all instants that are asked for.

        Only another one that can be known could say that it does not: one after it that it lay
        before the last of them, or one before it that it lay after the first. And it may lie where
        a span that harms is, if some span is in any case at an instant that nothing rules out.
        """
        sequence = self.list_shape.sequence
        for name in self.disjunct.moments.keys() - known:
            spans, (low, high) = self.times[name].spans, box.bounds.get(name, ANY_TIME)
            at = sequence.index(name)
            if known.isdisjoint(sequence[at:]) and not (spans and high <= spans[-1][1]):
                return True
            if known.isdisjoint(sequence[:at]) and not (spans and spans[0][0] <= low):
                return True
            low, high = core(box, sequence, known, name)
            if low <= high and self._is_harmed(name, TimeSet.of((low, high))):
                return True
        return False

    def _is_harmed(self, moment: str, times: TimeSet) -> bool:
        """Whether some span that harms has one of these instants, whatever comes out."""
        leaves = self.disjunct.moments[moment].uncovered
        return any(self.spans.touch_anyway(self.facts, leaf, times) for leaf in leaves)

    @cached_property
    def _keeping_out(self) -> KeepingOut:
        return KeepingOut(self.facts, self.definition, self.disjunct, self.spans)

    def kept_out(self, record: KnownRecord, times: Mapping[str, TimeSet]) -> KnownRecord | None:
        """A record with what can be known of it so that it is possibly in nowhere, if it can be.

        It is all one whether a moment is held to instants at which the record cannot have it. Where
        no span is asked for, it is always held to the same.
        """
        around = self._around(record)
        at = (record.index, *(times[name].between(*at).spans for name, at in around.items()))
        if at not in self._out:
            self._out[at] = self._keeping_out.narrowed(record, times)
        return self._out[at]

    def _around(self, record: KnownRecord) -> Mapping[str, Bounds]:
        """By moment that spans are asked to cover or not, all instants of it that bear on a record.

        What begins or ends beside an instant is tried there, for each moment that can be known.
        """
        if record.index not in self._hulls:
            known = self.spans.known(self.name, record.index)
            tried = [at for name, at in record.bounds.items() if name in known]
            self._hulls[record.index] = {
                name: (min(low for low, _ in pairs) - 2, max(high for _, high in pairs) + 2)
                for name, test in self.disjunct.moments.items()
                if test.coverage
                if (pairs := [*tried, *([record.bounds[name]] if name in record.bounds else [])])
            }
        return self._hulls[record.index]
