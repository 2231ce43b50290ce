"""Which records may be let in by spans, and where they can lie."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Final

from eligibility.definition.conditions import Covered, SpanLeaf, Uncovered
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.pairs import Asked
from eligibility.verdict.turning.pivotal import Lying, Room
from eligibility.verdict.turning.taken import Taken

#: So many that have failed are remembered.
_FEW: Final = 4


def instants_of(turning: Turning, moment: str) -> frozenset[int]:
    """All instants of a moment, of whichever record, at which it could make a difference."""
    kept = "instants", moment
    if kept not in turning.kept:
        times = turning.times[moment]
        ends = (e for pair in times.spans for e in pair)
        boxes = (box for record in turning.contenders.able(moment) for box in record.boxes)
        own = (end for box in boxes for pair in box.bounds.values() for end in pair)
        every = chain(ends, own, turning.edges)
        turning.kept[kept] = frozenset(at for at in every if at in times)
    found: frozenset[int] = turning.kept[kept]
    return found


def able(
    turning: Turning, turned: str, moment: str = "", within: TimeSet = TimeSet.ALL
) -> Iterator[KnownRecord]:
    """The records that may be let in, and are not in anyway, or no more than another one.

    A span of a list is turned. Where it lets in a record that is outdone, it lets in the opponent
    that outdoes it as well, and with that a pair is found.
    """
    at = "idle", turned
    if at not in turning.kept:
        turning.kept[at] = _idle(turning, turned)
    return turning.contenders.able(moment, within, turning.kept[at])


def _idle(turning: Turning, turned: str) -> Callable[[KnownRecord], bool]:
    """Tells which records are none of these."""
    contenders, keeps = turning.contenders, turning.anyway.keeps
    if turning.surely:
        return contenders.surely_outdone(turned).has
    outdone, opposing = contenders.outdone, contenders.opposing
    return lambda r: keeps(r) or (r.index not in opposing and outdone.has(r))


def left(turning: Turning, leaf: SpanLeaf) -> TimeSet:
    """What spans do not cover anyway."""
    return ~turning.covered("least", leaf)


def where_one_is(turning: Turning, leaf: Covered | Uncovered) -> TimeSet:
    """Where spans do not cover anyway, and the moment may lie of a record that may be let in."""
    moment = field_of(leaf.moment)
    boxes = (box for record in able(turning, leaf.spans, moment) for box in record.boxes)
    lying = TimeSet.union(box.bounds[moment] for box in boxes if moment in box.bounds)
    return left(turning, leaf) & lying


def taken(turning: Turning, turned: str) -> Taken | None:
    """What is taken where a span of a list is turned; of the surely pass that is not asked."""
    if turning.surely:
        return None
    at = "taken", turned
    if at not in turning.kept:
        turning.kept[at] = Taken(turning.contenders, turning.anyway, turned)
    found: Taken = turning.kept[at]
    return found


def room(turning: Turning, turned: str) -> Room:
    """Where a record can be let in, and no opponent is in anyway, if a span of a list is turned."""
    is_taken = taken(turning, turned)
    if not is_taken:
        return Room(lambda _moment, _at: True, turned)
    return Room(lambda moment, at: not is_taken.leaves_none(moment, at), turned, is_taken.left)


def each_once(
    turning: Turning,
    every: Iterable[Iterator[Lying]],
    turned: str,
    differs: TimeSet = TimeSet.ALL,
) -> Iterator[tuple[KnownRecord, list[Asked]]]:
    """Where records can be let in that are not in anyway, without what is left alike of another.

    What is left alike asks the same, unless one of the two is an opponent. The two histories of a
    pair differ in what spans of a list that is `turned` cover, of no instants but some.
    """
    seen, is_taken = set[int](), taken(turning, turned)
    for one, _, asked in chain.from_iterable(every):
        if id(asked) not in seen or one.index in turning.contenders.opposing:
            seen.add(id(asked))
            if is_taken:
                is_in = is_taken.has(one, asked)
            else:
                is_outdone = turning.contenders.surely_outdone(turned).has(one)
                is_in = is_outdone or _lets_some_in(turning, asked, turned, differs)
            if not is_in:
                yield one, asked


def _lets_some_in(turning: Turning, asked: list[Asked], turned: str, differs: TimeSet) -> bool:
    """Whether an opponent is surely in, in both histories of a pair, where spans do what is asked.

    They do so in the first, and in the second as well where the two do not differ. Of one instant
    that is not looked for; nor where it has failed of the same instants and more.
    """
    if differs == TimeSet.ALL or not all(map(turning.anyway.holds, turning.disjunct.evers)):
        return False
    done: dict[SpanLeaf, TimeSet] = {
        leaf: TimeSet.of((first, last)) & (~differs if leaf.spans == turned else TimeSet.ALL)
        for leaf, first, last in asked
        if first < last
    }
    failed = turning.kept.setdefault(("failed", turned, differs.spans), deque(maxlen=_FEW))
    if not done or any(map(partial(_is_part, done), failed)):
        return False
    if turning.contenders.staying(turning.anyway.times_with(done)):
        return True
    failed.append(done)
    return False


def _is_part(done: Mapping[SpanLeaf, TimeSet], of: Mapping[SpanLeaf, TimeSet]) -> bool:
    return all((at & ~of.get(leaf, TimeSet.EMPTY)).is_empty for leaf, at in done.items())


def ways_in(turning: Turning, turned: str) -> Iterator[tuple[KnownRecord | None, list[Asked]]]:
    """Every record that may be let in, where it can be; or none, where none is asked for."""
    if not turning.disjunct.needs_record:
        yield None, []
        return
    every = (turning.pivotal.of(one, room=room(turning, turned)) for one in able(turning, turned))
    yield from each_once(turning, every, turned)
