"""Joint coverage: spans that surely cover no single instant, and yet cover one of several.

The surely pass asks of each record by itself whether it is met in every world. It may be that none
is, and that in every world some one is. A subscription that started by the 6th and ended on the 5th
or later covers the 5th or the 6th, neither surely. Of two messages, shared on the 5th and on the
6th, it lets in one, whichever. So the question is whether some world keeps all records out at once.

Claim 1: such a *crossing* span may be cut down to any one instant from its earliest end to its
latest start, and in every world it covers one of these. For it starts by the latest start and ends
no sooner than the earliest end: if it starts after the earliest end, it covers its own start, which
is one of them; if not, it covers the earliest end. Smaller spans let in fewer records. So only
*cuts* need to be looked at: one instant for each crossing span.

Claim 2: a record of which all else is sure stays out just if one of its moments can lie in a *gap*,
an instant that a clause wants covered and that neither a cut nor a certain span covers. In which of
its boxes is all the same: a gap of any of them will do. Where one record lies is no concern of
another, so cuts keep all records out if they leave each some gap.

Claim 3: which record needs which gap is all that has to be chosen. A record that can do with one of
several gaps splits the search into as many *cases*, in each of which it is given one (`_split`).

Claim 4: in one case the cuts are found by a sweep through the instants in order, list by list, for
lists have no span in common (`_Sweep`). Between two instants at which a bound lies all are alike;
of two alike, one can be a gap and the other take all cuts. What is still possible then depends only
on where the last gap and the last cut of each kind lay, and later ones are better than earlier.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from attrs import field, frozen

from eligibility.definition.conditions import Is
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.evaluation.coverage import (
    certain_coverage,
    narrowest_crossing,
    possible_coverage,
    surely_counts,
)
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.boxes import Box
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.values.timeset import TimeSet

#: A list of spans, and which of them count: what one clause reads.
_Reader: TypeAlias = tuple[str, tuple[Is, ...]]
#: A reader, and the first and last of the instants of which it must leave one uncovered.
_Gap: TypeAlias = tuple[_Reader, int, int]
#: The place of a span, its list and index, and the instant that it is cut down to.
Cuts: TypeAlias = Mapping[tuple[str, int], int]
#: For each reader the last step at which it left a gap, and for each kind of span the last at
#: which one could be cut.
_State: TypeAlias = tuple[int, ...]
#: The states after a step, each with the state before it and the readers that left a gap.
_Step: TypeAlias = dict[_State, tuple[_State, frozenset[_Reader]]]

_NEVER: Final = -1


def jointly_met(
    facts: KnownHistory,
    records: tuple[KnownRecord, ...],
    disjuncts: list[Disjunct],
    work: Work | None = None,
) -> bool | None:
    """Whether in every world some record meets some disjunct, though none surely does.

    Of the disjuncts, the account surely meets what is asked of it alone. None where it takes too
    long to see: then a verdict that turns on it is not exact. A span that can be cut to more
    instants than there are records can be cut clear of a gap of each. The work is what such a
    history is allowed, unless it is said.
    """
    lists = {leaf.spans for each in disjuncts for t in each.moments.values() for leaf in t.covered}
    gaps = len(records) * len(disjuncts)
    if all(narrowest_crossing(facts, name) >= gaps for name in lists):
        return False
    try:
        return failing_cuts(facts, records, disjuncts, work) is None
    except OutOfWorkError:
        return None


def failing_cuts(
    facts: KnownHistory,
    records: tuple[KnownRecord, ...],
    disjuncts: list[Disjunct],
    work: Work | None = None,
) -> Cuts | None:
    """Cuts of the crossing spans with which no record meets any disjunct; None if there are none.

    The work is what such a history is allowed, unless it is said.

    Raises:
        OutOfWorkError: that takes too long to see.
    """
    crossing = _crossing(facts, disjuncts)
    if not crossing:
        return {}
    needed = list(_gaps_needed(facts, records, disjuncts, crossing))
    return _split(crossing, needed, work or Work.on(facts.lists))


@frozen(eq=False)
class _Span:
    """A crossing span: from its earliest end to its latest start, and the readers it counts for."""

    index: int
    first: int
    last: int
    readers: frozenset[_Reader]


@frozen(eq=False)
class _Crossing:
    """The crossing spans of one list, and what each reader surely has covered besides."""

    spans: tuple[_Span, ...]
    certain: Mapping[_Reader, TimeSet]
    coverable: Mapping[_Reader, TimeSet] = field(init=False)

    @coverable.default
    def _by_some_cut(self) -> Mapping[_Reader, TimeSet]:
        return {
            reader: TimeSet.union(
                (*sure.spans, *((s.first, s.last) for s in self.spans if reader in s.readers))
            )
            for reader, sure in self.certain.items()
        }


def _crossing(facts: KnownHistory, disjuncts: list[Disjunct]) -> dict[str, _Crossing]:
    """By list, the crossing spans that could help a record: those that surely count."""
    readers: dict[str, dict[_Reader, None]] = {}
    for disjunct in disjuncts:
        for test in disjunct.moments.values():
            for leaf in test.covered:
                readers.setdefault(leaf.spans, {})[leaf.spans, leaf.where] = None
    found: dict[str, _Crossing] = {}
    for name, reading in readers.items():
        spans = tuple(
            _Span(span.index, span.bounds["end"][0], span.bounds["start"][1], counts)
            for span in facts.lists[name]
            if span.is_crossing
            and (counts := frozenset(r for r in reading if surely_counts(span, r[1])))
        )
        if spans:
            found[name] = _Crossing(spans, {r: certain_coverage(facts, *r) for r in reading})
    return found


# ---- claim 2: the gaps that keep records out ----------------------------------------------------


def _gaps_needed(
    facts: KnownHistory,
    records: tuple[KnownRecord, ...],
    disjuncts: list[Disjunct],
    crossing: Mapping[str, _Crossing],
) -> Iterator[tuple[_Gap, ...]]:
    """For each record that some cut lets in: the gaps of which it needs one to stay out.

    A record that is in whatever is cut has none.
    """
    for disjunct in disjuncts:
        held = {name: _held_to(facts, test, crossing) for name, test in disjunct.moments.items()}
        for record in records:
            found = [_gaps_of(box, disjunct, held, crossing) for box in record.boxes]
            if None not in found:
                yield tuple(dict.fromkeys(gap for each in found for gap in each or ()))


def _gaps_of(
    box: Box,
    disjunct: Disjunct,
    held: Mapping[str, TimeSet],
    crossing: Mapping[str, _Crossing],
) -> tuple[_Gap, ...] | None:
    """The gaps of which a record in a box needs one; None if it stays out without any."""
    if not all(box.values[name] <= allowed for name, allowed in disjunct.values.items()):
        return None
    if not all(times.covers(*box.bounds[name]) for name, times in held.items()):
        return None
    return _gaps(box, disjunct, crossing)


def _held_to(facts: KnownHistory, test: MomentTest, crossing: Mapping[str, _Crossing]) -> TimeSet:
    """The instants that a moment is held to by all that no cut can change."""
    asked = [~possible_coverage(facts, leaf.spans, leaf.where) for leaf in test.uncovered]
    asked += [
        certain_coverage(facts, leaf.spans, leaf.where)
        for leaf in test.covered
        if leaf.spans not in crossing
    ]
    return TimeSet.intersection(test.times, *asked)


def _gaps(
    box: Box, disjunct: Disjunct, crossing: Mapping[str, _Crossing]
) -> tuple[_Gap, ...] | None:
    """The gaps that spans leave; None if one is there whatever is cut."""
    gaps: list[_Gap] = []
    for name, test in disjunct.moments.items():
        bounds = box.bounds[name]
        for leaf in test.covered:
            spans, reader = crossing.get(leaf.spans), (leaf.spans, leaf.where)
            if spans and not spans.certain[reader].covers(*bounds):
                if not spans.coverable[reader].covers(*bounds):
                    return None
                gaps.append((reader, *bounds))
    return tuple(gaps)


# ---- claim 3: cases ------------------------------------------------------------------------------


def _split(
    crossing: Mapping[str, _Crossing], needed: list[tuple[_Gap, ...]], work: Work
) -> Cuts | None:
    """Cuts that leave every record one of the gaps that it needs, if there are any.

    A record that needs one of several gaps mostly has one anyway. Only for one that has none are
    the cases split; in each, it is given one gap more, so no case goes deeper than there are
    records.
    """
    choices = [gaps for gaps in needed if len(gaps) != 1]
    cases = [[gaps[0] for gaps in needed if len(gaps) == 1]]
    while cases:
        given = cases.pop()
        work.spend(1 + len(needed))
        cuts = _cuts_leaving(crossing, given, work)
        if cuts is not None:
            covered = _covered(crossing, cuts)
            without = (c for c in choices if all(covered[r].covers(*bounds) for r, *bounds in c))
            some = next(without, None)
            if some is None:
                return cuts
            cases += [[*given, gap] for gap in some]
    return None


def _covered(crossing: Mapping[str, _Crossing], cuts: Cuts) -> dict[_Reader, TimeSet]:
    """What each reader has covered, the spans being cut."""
    return {
        reader: sure
        | TimeSet.union(
            (cuts[name, span.index],) * 2 for span in of_list.spans if reader in span.readers
        )
        for name, of_list in crossing.items()
        for reader, sure in of_list.certain.items()
    }


def _cuts_leaving(crossing: Mapping[str, _Crossing], gaps: list[_Gap], work: Work) -> Cuts | None:
    """Cuts of all spans that leave all of these gaps, if there are any."""
    cuts: dict[tuple[str, int], int] = {}
    for name, of_list in crossing.items():
        wanted = [gap for gap in gaps if gap[0][0] == name]
        in_the_way = TimeSet.union((first, last) for _, first, last in wanted)
        tight = []
        for span in of_list.spans:
            harmless = (~in_the_way).first(span.first, span.last)
            if harmless is None:
                tight.append(span)
            else:
                cuts[name, span.index] = harmless
        if tight:
            found = _Sweep(tuple(tight), wanted, of_list.certain).cuts(work)
            if found is None:
                return None
            cuts |= {(name, index): at for index, at in found.items()}
    return cuts


# ---- claim 4: one list, swept in order -----------------------------------------------------------


@frozen(eq=False)
class _Sweep:
    """The instants of one list in order, in steps of instants that nothing tells apart.

    At an instant a reader has a gap, or the spans that count for it may be cut there, never both.
    Spans that count for the same readers are of one *kind*.
    """

    spans: tuple[_Span, ...]
    gaps: Sequence[_Gap]
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
        pairs += [(first, last) for _, first, last in self.gaps]
        pairs += [pair for sure in self.certain.values() for pair in sure.spans]
        ends = sorted(edge for first, last in pairs for edge in (first, last + 1))
        return ends[:1] + [after for before, after in pairwise(ends) if before < after]

    def cuts(self, work: Work) -> dict[int, int] | None:
        """An instant for each span, by its index, so that there are all the gaps."""
        due = self._due()
        states: _Step = {(_NEVER,) * (len(self.readers) + len(self.kinds)): ((), frozenset())}
        steps: list[_Step] = []
        for step, (at, after) in enumerate(pairwise(self.edges)):
            free = [reader for reader in self.readers if at not in self.certain[reader]]
            single = after - at == 1
            # Of several instants alike all readers have a gap at one, and all cuts go to another.
            choices = [
                frozenset(some)
                for size in (range(len(free) + 1) if single else (len(free),))
                for some in combinations(free, size)
            ]
            work.spend(len(states) * len(choices))
            reached = {
                self._after(state, step, gap_of, single=single): (state, gap_of)
                for state in states
                for gap_of in choices
            }
            states = _best({s: came for s, came in reached.items() if _reaches(s, due[step])})
            if not states:
                return None
            steps.append(states)
        return self._traced(steps)

    def _due(self) -> list[_State]:
        """By each step, since which step every reader must have had a gap, every kind a cut.

        A gap or a cut that may lie from `first` to `last` is due when the sweep leaves `last`, and
        then the last one must not lie before `first`.
        """
        due = [[_NEVER] * (len(self.readers) + len(self.kinds)) for _ in self.edges]
        asked = [(self.readers.index(reader), first, last) for reader, first, last in self.gaps]
        asked += [
            (len(self.readers) + self.kinds.index(span.readers), span.first, span.last)
            for span in self.spans
        ]
        for place, first, last in asked:
            step = bisect_left(self.edges, last + 1) - 1
            due[step][place] = max(due[step][place], bisect_left(self.edges, first))
        return [tuple(each) for each in due]

    def _after(
        self, state: _State, step: int, gap_of: frozenset[_Reader], *, single: bool
    ) -> _State:
        """The state after a step at which some readers have a gap."""
        now = [reader in gap_of for reader in self.readers]
        now += [not (single and gap_of & kind) for kind in self.kinds]
        return tuple(step if so else last for so, last in zip(now, state, strict=True))

    def _traced(self, steps: list[_Step]) -> dict[int, int]:
        """Where the spans are cut, read back from a state that reached the end."""
        state = next(iter(steps[-1]))
        free: dict[frozenset[_Reader], list[int]] = {kind: [] for kind in self.kinds}
        for (at, after), states in zip(
            reversed(list(pairwise(self.edges))), reversed(steps), strict=True
        ):
            state, gap_of = states[state]
            for kind, instants in free.items():
                if not gap_of & kind:
                    instants.append(at)
                elif after - at > 1:
                    instants.append(at + 1)  # the gap is at the first of them
        found = {kind: instants[::-1] for kind, instants in free.items()}
        return {
            span.index: found[span.readers][bisect_left(found[span.readers], span.first)]
            for span in self.spans
        }


def _reaches(state: _State, due: _State) -> bool:
    return all(last >= since for last, since in zip(state, due, strict=True))


def _best(states: _Step) -> _Step:
    """The states without those that another is as good as in everything: later is better."""
    return {
        state: came
        for state, came in states.items()
        if not any(other != state and _reaches(other, state) for other in states)
    }
