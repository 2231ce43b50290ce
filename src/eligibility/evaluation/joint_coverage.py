"""Where looking twice is not enough: spans that surely cover no single instant, yet cover some.

A span that starts by 6 and ends from 5 on covers 5 or 6, though neither surely. If one message was
shared at 5 and another at 6, one of them is met in every world. Such a span can be cut down to any
one instant between its earliest end and its latest start. So it is asked whether all of them can be
cut so that every record still lacks something: then there is a world without any that is met.

For each list of spans the instants are walked through in order. At each the spans are cut, or a
record is left wanting; what counts for what comes later is only where the last of either was. That
is as quick as sorting. A search is needed only where records lack one of several things.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from attrs import field, frozen

from eligibility.definition.conditions import Is
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.evaluation.coverage import certain_coverage, possible_coverage, surely_counts
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet

#: Which spans of a list count.
_Reader: TypeAlias = tuple[str, tuple[Is, ...]]
#: A reader, and the first and last of the instants of which it must leave out one.
_Lack: TypeAlias = tuple[_Reader, int, int]
#: The place of a span, its list and index, and the instant that it is cut down to.
Cuts: TypeAlias = Mapping[tuple[str, int], int]
#: For each reader the last step at which it left out an instant, and for each kind of span the
#: last at which it was cut.
_State: TypeAlias = tuple[int, ...]

_NEVER: Final = -1


def sure_together(
    facts: KnownHistory, records: tuple[KnownRecord, ...], ways: list[Disjunct]
) -> bool | None:
    """Whether some record is met in every world, in any of some ways, though none surely is.

    None where that takes too long to see: then a verdict that turns on it is not exact.
    """
    try:
        return escape(facts, records, ways) is None
    except OutOfWorkError:
        return None


def escape(
    facts: KnownHistory,
    records: tuple[KnownRecord, ...],
    ways: list[Disjunct],
    work: Work | None = None,
) -> Cuts | None:
    """How the spans can be cut so that none of the records is met; None if they cannot be.

    The work is what such a history is allowed, unless it is said.

    Raises:
        OutOfWorkError: that takes too long to see.
    """
    lines = _lines(facts, ways)
    if not lines:
        return {}
    lacks = list(_lacking(facts, records, ways, lines))
    return _searched(lines, lacks, work or Work.on(facts.lists))


@frozen(eq=False)
class _Span:
    """A span that can be cut down to any one instant, and the readers that it counts for."""

    index: int
    first: int
    last: int
    readers: frozenset[_Reader]


@frozen(eq=False)
class _Line:
    """The spans of one list that are to be cut, and what its readers surely cover besides."""

    name: str
    spans: tuple[_Span, ...]
    certain: Mapping[_Reader, TimeSet]
    reached: Mapping[_Reader, TimeSet] = field(init=False)

    @reached.default
    def _with_what_may_be_cut(self) -> Mapping[_Reader, TimeSet]:
        return {
            reader: TimeSet.union(
                (*sure.spans, *((s.first, s.last) for s in self.spans if reader in s.readers))
            )
            for reader, sure in self.certain.items()
        }


def _lines(facts: KnownHistory, ways: list[Disjunct]) -> dict[str, _Line]:
    readers: dict[str, dict[_Reader, None]] = {}
    for way in ways:
        for test in way.moments.values():
            for leaf in test.covered:
                readers.setdefault(leaf.spans, {})[leaf.spans, leaf.where] = None
    found: dict[str, _Line] = {}
    for name, reading in readers.items():
        crossing = [span for span in facts.lists[name] if span.is_crossing]
        spans = tuple(
            _Span(span.index, span.bounds["end"][0], span.bounds["start"][1], counts)
            for span in crossing
            if (counts := frozenset(r for r in reading if surely_counts(span, r[1])))
        )
        if spans:
            certain = {reader: certain_coverage(facts, *reader) for reader in reading}
            found[name] = _Line(name, spans, certain)
    return found


# ---- what records lack --------------------------------------------------------------------------


def _lacking(
    facts: KnownHistory,
    records: tuple[KnownRecord, ...],
    ways: list[Disjunct],
    lines: Mapping[str, _Line],
) -> Iterator[tuple[_Lack, ...]]:
    """Of each record that cuts could let in: what it must lack one of, to stay out."""
    for way in ways:
        allowed = {name: _allowed(facts, test, lines) for name, test in way.moments.items()}
        for record in records:
            if all(record.values[name] in values for name, values in way.values.items()) and all(
                times.covers(*record.alone[name]) for name, times in allowed.items()
            ):
                lacks = _lacks(record, way, lines)
                if lacks:
                    yield lacks


def _allowed(facts: KnownHistory, test: MomentTest, lines: Mapping[str, _Line]) -> TimeSet:
    """Where a moment must lie, surely, for all that no cut can change."""
    asked = [~possible_coverage(facts, leaf.spans, leaf.where) for leaf in test.uncovered]
    asked += [
        certain_coverage(facts, leaf.spans, leaf.where)
        for leaf in test.covered
        if leaf.spans not in lines
    ]
    return TimeSet.intersection(test.times, *asked)


def _lacks(record: KnownRecord, way: Disjunct, lines: Mapping[str, _Line]) -> tuple[_Lack, ...]:
    """What a record lacks; nothing if no cut can help it, for it lacks more than that."""
    found: list[_Lack] = []
    for name, test in way.moments.items():
        bounds = record.alone[name]
        for leaf in test.covered:
            line, reader = lines.get(leaf.spans), (leaf.spans, leaf.where)
            if line and not line.certain[reader].covers(*bounds):
                if not line.reached[reader].covers(*bounds):
                    return ()
                found.append((reader, *bounds))
    return tuple(found)


# ---- cutting ------------------------------------------------------------------------------------


def _searched(
    lines: Mapping[str, _Line], lacks: list[tuple[_Lack, ...]], work: Work
) -> Cuts | None:
    """Cuts of all spans that leave every record something that it lacks, if there are any.

    Of records that lack one of several things, it is first seen which lack one anyway; only for
    one that lacks none is each tried. So there are no more tries in a row than things to lack.
    """
    choices = [each for each in lacks if len(each) > 1]
    waiting = [[each[0] for each in lacks if len(each) == 1]]
    while waiting:
        chosen = waiting.pop()
        work.spend(1 + len(lacks))
        cuts = _cut(lines, chosen, work)
        if cuts is not None:
            covered = _covered(lines, cuts)
            met = (c for c in choices if all(covered[r].covers(*bounds) for r, *bounds in c))
            some = next(met, None)
            if some is None:
                return cuts
            waiting += [[*chosen, lack] for lack in some]
    return None


def _covered(lines: Mapping[str, _Line], cuts: Cuts) -> dict[_Reader, TimeSet]:
    """What is covered for each reader, the spans being cut."""
    return {
        reader: sure
        | TimeSet.union(
            (cuts[name, span.index],) * 2 for span in line.spans if reader in span.readers
        )
        for name, line in lines.items()
        for reader, sure in line.certain.items()
    }


def _cut(lines: Mapping[str, _Line], lacks: list[_Lack], work: Work) -> Cuts | None:
    """Cuts of all spans that leave all of this lacking, if there are any."""
    cuts: dict[tuple[str, int], int] = {}
    for name, line in lines.items():
        wanting = [lack for lack in lacks if lack[0][0] == name]
        wanted = TimeSet.union((first, last) for _, first, last in wanting)
        tight = []
        for span in line.spans:
            harmless = (~wanted).first(span.first, span.last)
            if harmless is None:
                tight.append(span)
            else:
                cuts[name, span.index] = harmless
        if tight:
            found = _Walk(tuple(tight), wanting, line.certain).cuts(work)
            if found is None:
                return None
            cuts |= {(name, index): at for index, at in found.items()}
    return cuts


@frozen(eq=False)
class _Walk:
    """A walk through the instants of one list, in steps of instants that nothing tells apart.

    At an instant a reader either lacks it, or the spans that count for it may be cut there. Of
    two instants alike one can be lacked and spans be cut at the other, so a step has no more.
    """

    spans: tuple[_Span, ...]
    lacks: Sequence[_Lack]
    certain: Mapping[_Reader, TimeSet]
    readers: tuple[_Reader, ...] = field(init=False)
    kinds: tuple[frozenset[_Reader], ...] = field(init=False)
    edges: list[int] = field(init=False)

    @readers.default
    def _all_readers(self) -> tuple[_Reader, ...]:
        return tuple(self.certain)

    @kinds.default
    def _all_kinds(self) -> tuple[frozenset[_Reader], ...]:
        return tuple(dict.fromkeys(span.readers for span in self.spans))

    @edges.default
    def _all_edges(self) -> list[int]:
        pairs = [(span.first, span.last) for span in self.spans]
        pairs += [(first, last) for _, first, last in self.lacks]
        pairs += [pair for sure in self.certain.values() for pair in sure.spans]
        ends = sorted(edge for first, last in pairs for edge in (first, last + 1))
        return ends[:1] + [after for before, after in pairwise(ends) if before < after]

    def cuts(self, work: Work) -> dict[int, int] | None:
        """An instant for each span, by its index, so that all is lacked that must be."""
        due = self._due()
        states: dict[_State, tuple[_State, frozenset[_Reader]]]
        states = {(_NEVER,) * (len(self.readers) + len(self.kinds)): ((), frozenset())}
        walked = []
        for step, (at, after) in enumerate(pairwise(self.edges)):
            free = [reader for reader in self.readers if at not in self.certain[reader]]
            alone = not after - at > 1
            choices = [
                frozenset(some)
                for size in (range(len(free) + 1) if alone else (len(free),))
                for some in combinations(free, size)
            ]
            work.spend(len(states) * len(choices))
            reached = {
                self._after(state, step, lacked, alone=alone): (state, lacked)
                for state in states
                for lacked in choices
            }
            states = _best({s: came for s, came in reached.items() if _meets(s, due[step])})
            if not states:
                return None
            walked.append(states)
        return self._traced(walked)

    def _due(self) -> list[_State]:
        """For each step, since when each reader must have lacked, each kind been cut, by then."""
        due = [[_NEVER] * (len(self.readers) + len(self.kinds)) for _ in self.edges]
        asked = [(self.readers.index(reader), first, last) for reader, first, last in self.lacks]
        asked += [
            (len(self.readers) + self.kinds.index(span.readers), span.first, span.last)
            for span in self.spans
        ]
        for place, first, last in asked:
            step = bisect_left(self.edges, last + 1) - 1
            due[step][place] = max(due[step][place], bisect_left(self.edges, first))
        return [tuple(each) for each in due]

    def _after(
        self, state: _State, step: int, lacked: frozenset[_Reader], *, alone: bool
    ) -> _State:
        """What is so after a step at which some readers lack an instant.

        The others cover it, if they can, and so do all of them if it does not stand alone.
        """
        now = [reader in lacked for reader in self.readers]
        now += [not (alone and lacked & kind) for kind in self.kinds]
        return tuple(step if so else last for so, last in zip(now, state, strict=True))

    def _traced(
        self, walked: list[dict[_State, tuple[_State, frozenset[_Reader]]]]
    ) -> dict[int, int]:
        """Where the spans are cut, on a way that leads to the end."""
        state = next(iter(walked[-1]))
        free: dict[frozenset[_Reader], list[int]] = {kind: [] for kind in self.kinds}
        for (at, after), states in zip(
            reversed(list(pairwise(self.edges))), reversed(walked), strict=True
        ):
            state, lacked = states[state]
            for kind, instants in free.items():
                if not lacked & kind:
                    instants.append(at)
                elif after - at > 1:
                    instants.append(at + 1)
        found = {kind: instants[::-1] for kind, instants in free.items()}
        return {
            span.index: found[span.readers][bisect_left(found[span.readers], span.first)]
            for span in self.spans
        }


def _meets(state: _State, due: _State) -> bool:
    return all(last >= since for last, since in zip(state, due, strict=True))


def _best(
    states: dict[_State, tuple[_State, frozenset[_Reader]]],
) -> dict[_State, tuple[_State, frozenset[_Reader]]]:
    """The states without those that another is as good as in everything."""
    return {
        state: came
        for state, came in states.items()
        if not any(other != state and _meets(other, state) for other in states)
    }
