"""Where a pivotal record lies: narrowed so that it is in, if spans do what it asks of them.

Of all instants at which a moment may lie, those are tried at which something begins or ends, and
before them those at which a question divides best: whole days.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, product, tee
from typing import TypeAlias

from attrs import field, frozen

from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds, Box, Values
from eligibility.facts.known import KnownRecord, new_record
from eligibility.facts.records import Value
from eligibility.facts.shape import ListShape
from eligibility.values.timeline import DAY, EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.edges import between
from eligibility.verdict.turning.extremes import ends_of, lies_early, lies_late
from eligibility.verdict.turning.lazily import lazy_product
from eligibility.verdict.turning.pairs import Asked, Spans
from eligibility.verdict.turning.plain_instants import is_on_calendar_edge, plain_instants
from eligibility.verdict.turning.reach import More, narrower

#: A record narrowed so that it is in, what that takes, and what it asks of spans.
Lying: TypeAlias = tuple[KnownRecord, More, list[Asked]]
#: A moment that is held, and the instants within which it is.
Held: TypeAlias = tuple[str, TimeSet]


@frozen(eq=False)
class Room:
    """Whether it `has` room for a record to be in, and others out, with a moment at an instant.

    If a list is `turned`, of which a span differs, the record is the same in both histories, and
    `left` are the instants of a moment at which it need not be in both of them.
    """

    has: Callable[[str, int], bool]
    turned: str = ""
    left: Callable[[KnownRecord, str], TimeSet] = lambda _record, _moment: TimeSet.ALL


def apt(record: KnownRecord, disjunct: Disjunct) -> list[Box]:
    """The boxes in which a record has the values that are asked for."""
    left = [*record.boxes]
    for name, asked in disjunct.values.items():
        left = [box for box in left if not box.values[name].isdisjoint(asked)]
    return left


def one_apt(record: KnownRecord, known: Iterable[str], disjunct: Disjunct) -> Box | None:
    """The one box in which a record can be in, if nothing that can be known shows it in another."""
    boxes = apt(record, disjunct)
    is_like = len(boxes) == 1 and all(
        boxes[0].values.get(key) == record.values.get(key)
        and boxes[0].bounds.get(key) == record.bounds.get(key)
        for key in known
    )
    return boxes[0] if is_like else None


def core(box: Box, sequence: Sequence[str], known: Container[str], moment: str) -> Bounds:
    """The instants at which a moment may lie whatever is known of others; none if they end first.

    Those that come before it may lie as late as can be, those that come after it as early.
    """
    at, (low, high) = sequence.index(moment), box.bounds.get(moment, (LATEST, EARLIEST))
    before = [n for n in sequence[: at + 1] if n in known and n in box.bounds]
    after = [n for n in sequence[at:] if n in known and n in box.bounds]
    first = max([low, *(box.bounds[name][1] for name in before)])
    return first, min([high, *(box.bounds[name][0] for name in after)])


def values_apart(
    record: KnownRecord, known: Container[str], disjunct: Disjunct
) -> dict[str, list[Value]]:
    """The values, of those asked for, by which a record is in one of its boxes or in another."""
    if len(record.boxes) == 1:
        return {}
    every = {name: disjunct.values.get(name, each) & each for name, each in record.values.items()}
    return {
        name: sorted(some, key=str)
        for name, some in every.items()
        if name in known and len(some) > 1 and len({b.values[name] for b in record.boxes}) > 1
    }


@frozen(eq=False)
class Pivotal:
    """Where the records of a list can be in one disjunct; `times` are those of its moments."""

    spans: Spans
    records_in: str
    disjunct: Disjunct
    times: Mapping[str, TimeSet]
    edges: Callable[[], tuple[int, ...]]
    stops: Callable[[str], frozenset[int]]
    _found: dict[tuple[object, ...], Iterator[Lying]] = field(init=False, factory=dict)
    _lying: dict[tuple[int | None, ...], tuple[Lying, ...]] = field(init=False, factory=dict)
    _made: dict[tuple[object, ...], KnownRecord | None] = field(init=False, factory=dict)
    _likes: dict[tuple[object, ...], int] = field(init=False, factory=dict)
    _apt: dict[int, list[Box]] = field(init=False, factory=dict)

    def _apt_of(self, record: KnownRecord) -> list[Box]:
        """The boxes in which a record has the values that are asked for."""
        if record.index not in self._apt:
            self._apt[record.index] = apt(record, self.disjunct)
        return self._apt[record.index]

    @property
    def _list_shape(self) -> ListShape:
        return self.spans.facts.shape.lists[self.records_in]

    def bears(self, record: KnownRecord, key: str) -> bool:
        """Whether a fact of a record is asked for, or may bear on another one that is."""
        asked = self.disjunct.values.keys() | self.disjunct.moments.keys()
        return key in asked or self.hangs_together(record, key)

    def of(
        self,
        record: KnownRecord,
        held: str = "",
        within: TimeSet = TimeSet.ALL,
        *,
        from_first: bool = False,
        room: Room,
    ) -> Iterator[Lying]:
        """A record where it can be in: narrowed, with what that takes, and what it asks of spans.

        `held` is a moment that must lie `within` some instants, the first or the last come first.
        What was found of the same is not looked for again. Of what is asked of spans, `room` says
        whether it can be: where it cannot, nothing is made.
        """
        at = record.index, held, within.spans, from_first, room.turned
        every = self._found.get(at)
        if every is None:
            every = self._of(record, held, within, room, from_first=from_first)
        self._found[at], found = tee(every)
        return found

    def _of(
        self,
        record: KnownRecord,
        held: str,
        within: TimeSet,
        room: Room,
        *,
        from_first: bool,
    ) -> Iterator[Lying]:
        every = self._moments(record)
        within = within if held in every else TimeSet.ALL
        others = [n for n in every if n != held]
        early, late = self._extremes(record, others, is_same=bool(room.turned))
        moments = [n for n in every if n not in early]
        choices = [
            self._best(record, n, from_first=from_first)
            if n in late
            else self._choices(record, n, (held, within), room, from_first=from_first)
            for n in moments
        ]
        like = self._like(record, every)
        for chosen in lazy_product(choices):
            pairs = zip(moments, chosen, strict=True)
            at = {name: x for name, x in pairs if x is not None}
            left = [name for name in late if name not in at]
            for instants in self._with_extremes(record, early, left, at, room):
                self.spans.work.spend(1)
                where = like, *map(instants.get, every)
                if where not in self._lying:
                    self.spans.work.spend(2)  # to narrow one takes longer than to try it
                    self._lying[where] = tuple(self._at(record, instants, like))
                for one, more, asked in self._lying[where]:
                    yield new_record(record.index, record.said, one.boxes), more, asked

    def _best(self, record: KnownRecord, name: str, *, from_first: bool) -> Iterator[int | None]:
        """The instants at which a question divides best, if it can; None for as late as can be."""
        low, high = record.bounds[name]
        if high - low >= DAY:
            yield from self._plain(record, name, TimeSet.ALL, from_first=from_first)
        yield None

    def _choices(
        self, record: KnownRecord, name: str, held: Held, room: Room, *, from_first: bool
    ) -> Iterator[int | None]:
        """The instants of a moment, where one is held within some; None if it never was."""
        fits = self._beside(record, name, *held) & room.left(record, name)
        for at in self._instants(record, name, fits, from_first=from_first):
            if room.has(name, at):
                yield at
        if name != held[0] and self._may_lack(record, name):
            yield None

    def _beside(self, record: KnownRecord, name: str, held: str, within: TimeSet) -> TimeSet:
        """Where a moment can lie if it is held within some instants, or another one is."""
        if name == held or within in (TimeSet.ALL, TimeSet.EMPTY):
            return within
        order, (low, *_, high) = self._list_shape.record.order, chain(*within.spans)
        first = low if (held, name) in order else EARLIEST
        last = high if (name, held) in order else LATEST
        boxes = (box.bounds for box in self._apt_of(record) if name in box.bounds)
        may_be = (b[name] for b in boxes if held in b and within.first(*b[held]) is not None)
        return TimeSet.union(may_be) & TimeSet.of((first, last))

    def _extremes(
        self, record: KnownRecord, moments: list[str], *, is_same: bool
    ) -> tuple[list[str], list[str]]:
        """The moments that lie as early as can be, and those that lie as late (`extremes`)."""
        known, shape = self.spans.known(self.records_in, record.index), self._list_shape
        early = [n for n in moments if n not in known and lies_early(self.disjunct, n)]
        if early or not is_same or self.spans.surely:
            return early, []
        late = [n for n in moments if n in known and lies_late(self.disjunct, shape, n)]
        return [], [n for n in late if not self._may_lack(record, n)]

    def _with_extremes(
        self,
        record: KnownRecord,
        early: list[str],
        late: list[str],
        at: dict[str, int],
        room: Room,
    ) -> Iterator[dict[str, int]]:
        """Some instants, with others as early, or as late, as can be (`extremes`)."""
        if not early and not late:
            yield at
            return
        name, *others = early or late
        tried = self._earliest(record, name, at) if early else self._latest(record, name, at)
        for x in tried:
            if room.has(name, x):
                left = (others, late) if early else (early, others)
                yield from self._with_extremes(record, *left, {**at, name: x}, room)

    def _earliest(self, record: KnownRecord, name: str, at: Mapping[str, int]) -> list[int]:
        order = self._list_shape.record.order
        first = max((at[a] for a, b in order if b == name and a in at), default=EARLIEST)
        left = self._could(record, name) & TimeSet.of((first, LATEST))
        tried = {low for low, _ in left.spans} | self.stops(name)
        tried |= {box.bounds[name][0] for box in record.boxes if name in box.bounds}
        return sorted(x for x in tried.union(ends_of(record, self._list_shape, name)) if x in left)

    def _latest(self, record: KnownRecord, name: str, at: Mapping[str, int]) -> list[int]:
        order = self._list_shape.record.order
        last = min((at[b] for a, b in order if a == name and b in at), default=LATEST)
        left = self._could(record, name) & TimeSet.of((EARLIEST, last))
        own = [box.bounds[name] for box in record.boxes if name in box.bounds]
        tried = {high for _, high in left.spans}.union(*((low - 1, high) for low, high in own))
        return sorted((x for x in tried if x in left), reverse=True)

    def _like(self, record: KnownRecord, moments: list[str]) -> int:
        """A number that is the same of records that differ only in moments that will be known.

        Once these are the same instants of them, the same is left of all, box by box.
        """
        if not record.said:  # it may be one that nobody listed
            return -1 - record.index
        known = self.spans.known(self.records_in, record.index)
        pinned = {n for n in moments if n in known and not self._may_lack(record, n)}
        own = (each for each in record.said.items() if each[0] in self._list_shape.moments)
        rest = tuple(each for each in own if each[0] not in pinned)
        values = tuple(box.values[name] for box in record.boxes for name in self._counting)
        return self._likes.setdefault((*moments, known, rest, values), len(self._likes))

    @cached_property
    def _counting(self) -> tuple[str, ...]:
        """The values that are asked for, or that others hang on."""
        supposed = self._list_shape.supposed
        asked = {*self.disjunct.values, *self._list_shape.record.exists_if.values()}
        asked |= supposed.facts if supposed else frozenset()
        return tuple(name for name in self._list_shape.values if name in asked)

    def _moments(self, record: KnownRecord) -> list[str]:
        """The moments of a record of which it makes a difference where they lie."""
        known = self.spans.known(self.records_in, record.index)
        boxes = self._apt_of(record)
        return [
            name
            for name in self._list_shape.sequence
            if any(name in box.bounds for box in boxes)
            and (
                self.bears(record, name)
                if name in known
                else name in self.disjunct.moments and not self.spans.surely
            )
        ]

    def _at(self, record: KnownRecord, instants: Mapping[str, int], like: int) -> Iterator[Lying]:
        """The same where each of some moments is one instant: it is one, whatever was asked for."""
        for a, b in self._list_shape.record.order:
            if a in instants and b in instants and instants[a] > instants[b]:
                return
        known = self.spans.known(self.records_in, record.index)
        at = {name: (x, x) for name, x in instants.items()}
        if not any(_allows(box, at) for box in self._apt_of(record)):
            return
        pins: dict[str, Values | Bounds] = {
            name: record.values[name] & allowed
            for name, allowed in self.disjunct.values.items()
            if name in known and record.values[name] - allowed
        }
        pins |= {name: each for name, each in at.items() if name in known}
        for more in self._other_values(record, known, pins):
            how = like, *more.items()
            if how not in self._made:
                self._made[how] = narrower(self._list_shape, record, more)
            made = self._made[how]
            if made is None:
                continue
            asked = list(self._asked(made, at))
            if all(
                not self.spans.surely or self.times[n].covers(*made.bounds[n])
                for n in self.disjunct.moments
                if n in made.bounds
            ):
                yield made, more, asked

    def _may_lack(self, record: KnownRecord, name: str) -> bool:
        """Whether a record may be in the class that never has a moment."""
        boxes = self._apt_of(record)
        return name not in self.disjunct.moments and any(name not in box.bounds for box in boxes)

    def rest(self, more: More, key: str) -> dict[str, Values | Bounds]:
        """What is known of a record besides a fact, and the moments that exist only with it."""
        exists_if = self._list_shape.record.exists_if
        return {n: each for n, each in more.items() if key not in (n, exists_if.get(n))}

    def hangs_together(self, record: KnownRecord, name: str) -> bool:
        """Whether what a fact is may bear on another one of its record, by an order of moments."""
        of_record = self._list_shape.record
        moments = {name, *(moment for moment, fact in of_record.exists_if.items() if fact == name)}
        return len(record.boxes) > 1 or any(moments.intersection(pair) for pair in of_record.order)

    def _other_values(
        self, record: KnownRecord, known: frozenset[str], pins: More
    ) -> Iterator[dict[str, Values | Bounds]]:
        """What else is known of a record of several boxes: one value of each fact.

        Of several that are asked for alike, one may be in a box in which the others are not.
        """
        choices = values_apart(record, known, self.disjunct)
        for chosen in product(*choices.values()):
            each = zip(choices, chosen, strict=True)
            more = {**pins, **{name: frozenset({value}) for name, value in each}}
            gone = self._list_shape.gone(more)
            yield {name: each for name, each in more.items() if name not in gone}

    def _asked(self, record: KnownRecord, at: Mapping[str, Bounds]) -> Iterator[Asked]:
        for name, test in self.disjunct.moments.items():
            first, last = at.get(name) or record.bounds.get(name, (1, 0))
            if first <= last:
                yield from ((leaf, first, last) for leaf in test.coverage)

    def _could(self, record: KnownRecord, name: str) -> TimeSet:
        """All instants at which a moment of a record could lie that is in."""
        could = TimeSet.union(b.bounds[name] for b in self._apt_of(record) if name in b.bounds)
        return self.times.get(name, TimeSet.ALL) & could

    def _plain(
        self, record: KnownRecord, name: str, within: TimeSet, *, from_first: bool
    ) -> Iterator[int]:
        """The instants of a moment at which a question divides best."""
        times = self._could(record, name) & within
        every = () if times.is_empty else plain_instants(times, from_first=from_first)
        return (at for at in every if at in times)

    def _instants(
        self, record: KnownRecord, name: str, within: TimeSet, *, from_first: bool = False
    ) -> Iterator[int]:
        """Instants of a moment at which it could make a difference that it lies there.

        Those come first at which a question divides best: ends of what is asked for, whole days.
        Where the calendar begins or ends, it divides worst.
        """
        times = self._could(record, name) & within
        if times.is_empty:
            return
        seen = dict.fromkeys(self._plain(record, name, within, from_first=from_first))
        yield from seen
        own = (e for box in record.boxes for pair in box.bounds.values() for e in pair)
        first, last = times.spans[0][0], times.spans[-1][1]
        near = between(self.edges(), first, last)
        edges = chain((e for pair in times.spans for e in pair), own, near)
        found = dict.fromkeys(at for at in edges if at not in seen and at in times)
        yield from (at for at in found if not is_on_calendar_edge(at))
        yield from (at for at in found if is_on_calendar_edge(at))


def _allows(box: Box, at: Mapping[str, Bounds]) -> bool:
    """Whether moments can lie at some instants in a box."""
    none = (1, 0)
    return all(
        low <= x <= high
        for name, (x, _) in at.items()
        for low, high in (box.bounds.get(name, none),)
    )
