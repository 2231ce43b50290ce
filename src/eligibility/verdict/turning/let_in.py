"""Which records may be let in by spans, and where they can lie."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias

from eligibility.definition.conditions import Covered, SpanLeaf, Uncovered
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.pairs import Asked
from eligibility.verdict.turning.pivotal import Lying, Room
from eligibility.verdict.turning.taken import Taken

#: So many that were found, or have failed, are remembered.
_FEW: Final = 4
#: From when until when spans do what a leaf asks, by leaf.
_Done: TypeAlias = Mapping[Covered | Uncovered, Bounds]


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
    outdone = contenders.outdone
    return lambda record: keeps(record) or outdone.has(record)


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
        outdone = turning.contenders.surely_outdone(turned)
        return Room(lambda _moment, _at: True, turned, outdone.left)
    return Room(lambda moment, at: not is_taken.leaves_none(moment, at), turned, is_taken.left)


def each_once(
    turning: Turning, every: Iterable[Iterator[Lying]], turned: str
) -> Iterator[tuple[KnownRecord, list[Asked]]]:
    """Where records can be let in that are not in anyway, without what is left alike of another.

    What is left alike asks the same, unless one of the two is an opponent. The two histories of a
    pair differ in what spans of a list that is `turned` cover.
    """
    seen, is_taken = set[int](), taken(turning, turned)
    for one, _, asked in chain.from_iterable(every):
        if id(asked) not in seen or one.index in turning.contenders.opposing:
            seen.add(id(asked))
            if is_taken:
                is_in = is_taken.has(one, asked)
            else:
                is_in = turning.contenders.surely_outdone(turned).has(one)
            if not is_in:
                yield one, asked


def contested(turning: Turning, asked: list[Asked], turned: str) -> TimeSet:
    """The instants at which it can decide what spans of a list do, where they do what is asked.

    Where that lets an opponent in, surely, it is in in the first history of a pair, and in the
    second as well if spans cover the same where it has its moments. Of one instant that is not
    looked for; nor where it was found of the same instants and fewer, or has failed of the same and
    more.
    """
    if not turning.surely or not all(map(turning.anyway.holds, turning.disjunct.evers)):
        return TimeSet.ALL
    done: _Done = {leaf: (low, high) for leaf, low, high in asked if low < high}
    at = ("contested",)
    found, failed = turning.kept.setdefault(at, (deque(maxlen=_FEW), deque(maxlen=_FEW)))
    if not done or any(_is_part(done, more) for more in failed):
        return TimeSet.ALL
    if not any(_is_part(less, done) for less in found):
        times = turning.anyway.times_with({leaf: TimeSet.of(at) for leaf, at in done.items()})
        staying = turning.contenders.staying(times)
        found += (_of_one(done, one) for one in staying)
        if not staying:
            failed.append(done)
    region = TimeSet.ALL
    for less in found:
        if _is_part(less, done):
            region &= TimeSet.of(*(at for leaf, at in less.items() if leaf.spans == turned))
    return region


def _of_one(done: _Done, one: KnownRecord) -> _Done:
    """What of it bears on a record: where it has its moments."""
    found = {}
    for leaf, (low, high) in done.items():
        first, last = one.bounds[field_of(leaf.moment)]
        if low <= last and first <= high:
            found[leaf] = max(low, first), min(high, last)
    return found


def _is_part(done: _Done, of: _Done) -> bool:
    for leaf, (low, high) in done.items():
        if leaf not in of or low < of[leaf][0] or of[leaf][1] < high:
            return False
    return True


def ways_in(turning: Turning, turned: str) -> Iterator[tuple[KnownRecord | None, list[Asked]]]:
    """Every record that may be let in, where it can be; or none, where none is asked for."""
    if not turning.disjunct.needs_record:
        yield None, []
        return
    every = (turning.pivotal.of(one, room=room(turning, turned)) for one in able(turning, turned))
    yield from each_once(turning, every, turned)
