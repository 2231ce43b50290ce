"""Whether a fact of a record can turn the outcome, or whether there is a record more."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Final

from attrs import frozen

from eligibility.facts.boxes import ANY_TIME, Bounds
from eligibility.facts.known import KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning import alone
from eligibility.verdict.turning.edges import between
from eligibility.verdict.turning.in_one_pass import Out, Turning
from eligibility.verdict.turning.let_in import taken
from eligibility.verdict.turning.pairs import Asked, Pair
from eligibility.verdict.turning.pivotal import Room, values_apart
from eligibility.verdict.turning.reach import More, narrower
from eligibility.verdict.turning.span_turns import Cuts

#: At how many instants it is looked whether a moment divides there.
_MOST_CUTS: Final = 6


def record_turns(
    turning: Turning, record: KnownRecord, key: str, *, is_cut: bool = True
) -> Cuts | None:
    """Where a fact of a record divides; None if it does not.

    Unless it `is_cut` there, it is enough to know of one instant.
    """
    if key in record.values:
        return _value_turns(turning, record, key)
    if not _can_fail_by(turning, record, key) or (
        not turning.surely and turning.anyway.keeps(record)
    ):
        return None
    cuts = (at for at in _edges(turning, record, key) if divides(turning, record, key, at))
    if found := tuple(cuts if is_cut else islice(cuts, 1)):
        return tuple(sorted(found))
    for one, more, asked in _places(turning, record):
        if key not in one.bounds:  # where it never was, it is nowhere else either
            continue
        other = _Elsewhere(turning, record, key, turning.pivotal.rest(more, key), one)
        out = turning.turns(Pair(turning.base, turning.base), asked, one, other)
        if out and out.record:
            return (_between(other, out, out.record.bounds[key][0]),)
    return None


def _between(at: "_Elsewhere", out: Out, far: int) -> int:
    """Where the outcome turns between where a record is in and where it is out.

    That need not be beside where it is out: all instants between may be so, by what hangs on them.
    """
    near = at.one.bounds[at.key][0]
    while abs(near - far) > 1:
        middle = (near + far) // 2
        made = at.made(middle)
        if made and at.turning.lets_in(out, made):
            near = middle
        else:
            far = middle
    return min(near, far)


def _places(
    turning: Turning, record: KnownRecord, held: str = "", within: TimeSet = TimeSet.ALL
) -> Iterator[tuple[KnownRecord, More, list[Asked]]]:
    """Where a record can be in, and no other one is in anyway."""
    is_outdone = turning.contenders.is_outdone
    if is_outdone(record):
        return iter(())
    is_taken = taken(turning, "")

    def room(moment: str, at: int) -> bool:  # spans that let it in there, or later, let another in
        return not is_taken or not is_taken.leaves_none(moment, at)

    every = turning.pivotal.of(record, held, within, room=Room(room))
    return (way for way in every if not is_outdone(way[0]))


def _can_fail_by(turning: Turning, record: KnownRecord, moment: str) -> bool:
    """Whether a moment of a record can decide anything: by itself, or by another that hangs on it.

    What another moment may be hangs on it only if that one stays open.
    """
    known = turning.spans.known(turning.records_in, record.index)
    linked = {name for pair in turning.list_shape.record.order if moment in pair for name in pair}
    if len(record.boxes) > 1 or (linked & turning.disjunct.moments.keys()) - known:
        return True
    asked = turning.anyway.times.get(moment)
    return asked is not None and not asked.covers(*record.bounds[moment])


def _value_turns(turning: Turning, record: KnownRecord, key: str) -> Cuts | None:
    if not _is_free(turning, record, key):
        return None
    for one, more, asked in _places(turning, record):
        for first, known in _first_of(turning, record, key, (one, more)):
            others = record.values[key] - first.values[key]
            each = ({**rest, key: frozenset({value})} for rest in known for value in others)
            made = (narrower(turning.list_shape, record, only) for only in each)
            outs = [other for other in made if other]
            if outs and alone.turns(turning, asked, first, outs):
                return ()
    return None


def _first_of(
    turning: Turning, record: KnownRecord, key: str, way: tuple[KnownRecord, More]
) -> Iterator[tuple[KnownRecord, list[More]]]:
    """A record as it is let in, and what else may be known of it where it is kept out.

    If a moment exists only where a fact is so, others may hang on when it was: most if that is as
    early, or as late, as can be. So the record may be let in where it never was.
    """
    one, more = way
    rest, exists_if = turning.pivotal.rest(more, key), turning.list_shape.record.exists_if
    yield one, [rest]
    known = turning.spans.known(turning.records_in, record.index)
    bounds = {m: record.bounds[m] for m, fact in exists_if.items() if fact == key and m in known}
    never = narrower(turning.list_shape, record, {**rest, key: frozenset({False})})
    if bounds and never:
        yield never, [{**rest, **{m: (at[end],) * 2 for m, at in bounds.items()}} for end in (0, 1)]


def _is_free(turning: Turning, record: KnownRecord, key: str) -> bool:
    """Whether a value of a record can make a difference: that it is open with the others as asked.

    One that is not asked for can if it puts the record into another box, or says what exists.
    """
    known, values = turning.spans.known(turning.records_in, record.index), turning.disjunct.values
    bearing = {*values, *turning.list_shape.record.exists_if.values()}
    if key not in bearing and key not in values_apart(record, known, turning.disjunct):
        return False
    asked = {name: each for name, each in values.items() if name in known and name != key}
    each = ({**asked, key: frozenset({value})} for value in record.values[key])
    made = (narrower(turning.list_shape, record, only) for only in each)
    return sum(one is not None for one in made) > 1


def _edges(turning: Turning, record: KnownRecord, key: str) -> list[int]:
    """Where what is asked of a moment, or of one that hangs on it, begins or ends.

    Each is the last instant of the earlier side.
    """
    low, high = record.bounds[key]
    order = turning.list_shape.record.order
    linked = [other for pair in order if key in pair for other in pair if other != key]
    asked = [name for name in (key, *linked) if name in turning.disjunct.moments]
    sets = [turning.disjunct.moments[name].times for name in asked]
    sets += [kind[name] for name in asked for kind in (turning.times, turning.certain)]
    spans = (pair for times in sets for pair in times.spans)
    edges = (edge for first, last in spans for edge in (first - 1, last))
    return list(islice(dict.fromkeys(at for at in edges if low <= at < high), _MOST_CUTS))


def divides(turning: Turning, record: KnownRecord, key: str, at: int) -> bool:
    """Whether it can make the difference if a moment is this instant or the next."""
    for x, y in ((at, at + 1), (at + 1, at)):
        for one, more, asked in _places(turning, record, key, TimeSet.of((x, x))):
            known = {**turning.pivotal.rest(more, key), key: (y, y)}
            out = narrower(turning.list_shape, record, known)
            if out and alone.turns(turning, asked, one, [out]):
                return True
    return False


def one_more_record_turns(turning: Turning) -> bool:
    """Whether a record that nobody listed can turn the outcome."""
    ways = _one_more(turning)
    return any(alone.turns(turning, asked, one, [None]) for one, _, asked in ways)


def _one_more(turning: Turning) -> Iterator[tuple[KnownRecord, More, list[Asked]]]:
    name = turning.records_in
    if turning.spans.can_close(name):
        more = KnownRecord(len(turning.facts.lists[name]), {}, turning.facts.unlisted[name])
        yield from _places(turning, more)


def moments_of_one_more(turning: Turning) -> dict[str, Bounds]:
    """Of each moment that can be known, where a record that nobody listed can turn the outcome.

    Of one that may not exist, and of which nothing is asked, nothing is said: the record matters
    without it, too.
    """
    found: dict[str, Bounds] = {}
    ways = list(_one_more(turning))
    idle = turning.list_shape.record.exists_if.keys() - turning.disjunct.moments.keys()
    moments = set(turning.list_shape.moments) - idle
    for key in {key for _, more, _ in ways for key in more if key in moments}:
        ends = []
        for at, sign in ((0, 1), (1, -1)):
            ordered = sorted(ways, key=lambda way: sign * way[0].bounds.get(key, ANY_TIME)[at])
            for one, _, asked in ordered:
                if alone.turns(turning, asked, one, [None]):
                    ends.append(one.bounds.get(key, ANY_TIME)[at])
                    break
        if len(ends) == 2:
            found[key] = ends[0], ends[1]
    return found


@frozen(eq=False)
class _Elsewhere:
    """A record with one of its moments where it may be out, nearest to where it is in first.

    `rest` is what else is known of it, `one` the record where it is in.
    """

    turning: Turning
    record: KnownRecord
    key: str
    rest: More
    one: KnownRecord

    def __call__(self, times: Mapping[str, TimeSet]) -> Iterator[KnownRecord]:
        """All such records, the moments being held to `times`."""
        key, turning = self.key, self.turning
        (low, high), at = self.record.bounds[key], self.one.bounds[key]
        outside = ~times[key] if key in times else TimeSet.EMPTY
        found = [outside.last(low, at[0] - 1), outside.first(at[1] + 1, high)]
        found += [outside.first(low, high), outside.last(low, high)]
        if turning.pivotal.hangs_together(self.record, key):  # by where it lies, another may be out
            found = [at[0] - 1, at[1] + 1, *found, low, high]
            outside = TimeSet.ALL
        # What is asked of a moment that hangs on it can only be met less, the further it lies to
        # one side; so of one box, what the possibly pass meets at the last it meets everywhere.
        is_plain = len(self.record.boxes) == 1 and not turning.surely
        edges = () if is_plain else between(turning.edges, low, high)
        tried: set[int] = set()
        for other in chain((e for e in found if e is not None), (e for e in edges if e in outside)):
            if low <= other <= high and other not in tried:
                tried.add(other)
                turning.work.spend(1)
                if made := self.made(other):
                    yield made

    def made(self, at: int) -> KnownRecord | None:
        """The record, if its moment is an instant; None if no world has it so."""
        known = {**self.rest, self.key: (at, at)}
        return narrower(self.turning.list_shape, self.record, known)
