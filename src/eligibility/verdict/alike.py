"""Records that fare alike, so that what is found of one of them need not be looked for again.

All that a definition asks of a moment is that it lies in a set of instants, and all these sets
begin and end at the edges of spans, or of the times that a clause names. So it is all one where
between two edges a bound lies. The moments of one record come in their order, also between two
edges: known to be shared only before it was sent, a message never was. So take two records whose
values are the same, as far as a clause asks for them, and whose bounds lie between the same edges,
and before and after each other alike: whatever the one can meet or fail, the other can, and so it
is when the same is forgotten of both. A supposition has an edge of its own, and speaks of facts.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias, TypeVar

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import time_edges
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly, Times
from eligibility.facts.boxes import Box, Said
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import pattern
from eligibility.facts.shape import ListShape

T = TypeVar("T")

#: So many instants are enough for all that may have to lie between a moment and an edge.
_ROOM: Final = 10
#: What is the same for records that fare alike.
_Key: TypeAlias = tuple[object, ...]


def edges_of(definition: ClassDefinition) -> frozenset[int]:
    """Where the times that a definition asks for begin, and the instants after they end."""
    found: frozenset[int] | None = definition.kept(edges_of)
    if found is None:
        found = frozenset(time_edges(step.condition for step in definition.steps))
        definition.keep(edges_of, found)
    return found


def kept_with(
    facts: KnownHistory,
    definition: ClassDefinition,
    find: Callable[[KnownHistory, ClassDefinition], T],
) -> T:
    """What is found of facts under a definition, found once: it is kept with the facts."""
    kept, key = facts.kept(), (find, id(definition))
    if key not in kept:  # the definition is kept as well, so that no other has its id
        kept[key] = definition, find(facts, definition)
    found: T = kept[key][1]
    return found


@frozen(eq=False)
class Alike:
    """Tells which records of a list fare alike.

    `asked` are the values that matter at all; `edges` are sorted, each the first of its side;
    `order` are the moments of which the one cannot come after the other.
    """

    asked: frozenset[str]
    edges: tuple[int, ...]
    order: tuple[tuple[str, str], ...]
    #: What was found: by what a record says, which is kept so that nothing else is taken for it.
    _found: dict[int, tuple[Said, _Key]] = field(init=False, factory=dict)
    _keys: dict[_Key, _Key] = field(init=False, factory=dict)

    @classmethod
    def of(cls, facts: KnownHistory, definition: ClassDefinition) -> "Alike":
        """As the definition asks of the records that it turns on, and these facts stand."""
        return kept_with(facts, definition, cls._of)

    @classmethod
    def _of(cls, facts: KnownHistory, definition: ClassDefinition) -> "Alike":
        list_shape = facts.shape.lists[definition.record_list or ""]
        edges = {*edges_of(definition), *_edges_of_spans(facts)}
        if list_shape.supposed:
            edges.update(list_shape.supposed.edges)
        asked = values_that_count(definition, list_shape)
        return cls(asked, tuple(sorted(edges)), list_shape.record.order)

    def beside(self, records: Iterable[KnownRecord]) -> "Alike":
        """The same where some records have edges of their own."""
        boxes = (box for record in records for box in record.boxes)
        bounds = {at for box in boxes for at in box.bounds.values()}
        own = (edge for low, high in bounds for edge in (low, high + 1))
        return Alike(self.asked, tuple(sorted({*self.edges, *own})), self.order)

    def is_between(self, first: int, last: int) -> bool:
        """Whether no edge lies among some instants, or so near that nothing else could lie between.

        Then all that lies near can be moved along with what lies there.
        """
        return bisect_right(self.edges, first - _ROOM) == bisect_right(self.edges, last + _ROOM)

    def roomy_key(self, said: Said) -> _Key | None:
        """What is the same for records that fare alike also where other records may be in the way.

        As much must lie between as between any: so each moment is known as exactly, and has room.
        """
        bounds = [known for known in said.values() if isinstance(known, tuple)]
        if not all(self.is_between(at, at) for known in bounds for at in known):
            return None
        return (*self.key(said), *(high - low for low, high in bounds))

    def key(self, said: Said) -> _Key:
        """What is the same for records that fare alike, of what one says."""
        found = self._found.get(id(said))
        if found is None:
            key = self.cell(said)
            found = self._found[id(said)] = said, self._keys.setdefault(key, key)
        return found[1]

    def cell(self, said: Said) -> _Key:
        """The same, found anew."""
        edges = self.edges
        found: list[object] = [
            (name, bisect_right(edges, known[0]), bisect_right(edges, known[1]))
            if isinstance(known, tuple)
            else (name, known)
            for name, known in said.items()
            if name in self.asked or isinstance(known, tuple)
        ]
        for earlier, later in self.order:
            one, two = said.get(earlier), said.get(later)
            if isinstance(one, tuple) and isinstance(two, tuple):
                is_apart = one[1] < two[0]
                found += [is_apart] if is_apart else [(x > y, x == y) for x in one for y in two]
        return tuple(found)


@frozen(slots=False, eq=False)
class Able:
    """Tells which records can be in the class; of those that fare alike it is found once."""

    view: Possibly
    alike: Alike
    tests: tuple[tuple[Disjunct, Times], ...]
    _found: dict[_Key, bool] = field(init=False, factory=dict)

    @classmethod
    def of(cls, facts: KnownHistory, definition: ClassDefinition) -> "Able":
        """In a class that turns on records, as these facts stand; kept with them."""
        return kept_with(facts, definition, cls._of)

    @classmethod
    def _of(cls, facts: KnownHistory, definition: ClassDefinition) -> "Able":
        view = Possibly(facts, definition)
        ways = [each for each in definition.normal_form.disjuncts if view.account(each)]
        tests = tuple((each, view.times(each)) for each in ways if each.needs_record)
        return cls(view, Alike.of(facts, definition), tests)

    def has(self, record: KnownRecord) -> bool:
        """Whether a record meets one way to be in the class in some world."""
        if not record.said:  # it may be one that nobody listed
            return self._meets(record)
        key = self.alike.key(record.said)
        if key not in self._found:
            self._found[key] = self._meets(record)
        return self._found[key]

    @cached_property
    def kinds(self) -> tuple[KnownRecord, ...]:
        """The first of each kind that can be in: of those that fare alike and touch edges alike.

        One that nobody listed is a kind of its own.
        """
        found: dict[object, KnownRecord] = {}
        edges = frozenset(self.alike.edges)
        for record in filter(self.has, self.view.records):
            kind: _Key = (record.index,)
            if record.said:
                bounds = record.bounds.values()
                touch = [(low == high, low in edges, high + 1 in edges) for low, high in bounds]
                kind = (self.alike.key(record.said), *touch)
            found.setdefault(kind, record)
        return tuple(found.values())

    def _meets(self, record: KnownRecord) -> bool:
        return any(self.view.meets(record, disjunct, times) for disjunct, times in self.tests)


def values_asked(definition: ClassDefinition) -> frozenset[str]:
    """The values that the definition asks of a record, and those by which its moments exist."""
    found: frozenset[str] | None = definition.kept(values_asked)
    if found is None and definition.list_shape is not None:
        name, list_shape = definition.record_list or "", definition.list_shape
        asked = {key for key in list_shape.values if definition.speaking_of(pattern(name, key))}
        found = frozenset(asked.union(list_shape.record.exists_if.values()))
        definition.keep(values_asked, found)
    return found or frozenset()


def values_that_count(definition: ClassDefinition, list_shape: ListShape) -> frozenset[str]:
    """The same, and those that what is supposed of a record hangs on."""
    supposed = list_shape.supposed
    return values_asked(definition) | (supposed.facts if supposed else frozenset())


def _edges_of_spans(facts: KnownHistory) -> Iterator[int]:
    """Where spans begin and end, in every world or in some."""
    for name, list_shape in facts.shape.lists.items():
        if list_shape.is_spans:
            of_records = (span.boxes for span in facts.lists[name])
            boxes: Iterator[Box] = chain(facts.unlisted[name], *of_records)
            for box in boxes:
                (first, begun), (ending, last) = box.bounds["start"], box.bounds["end"]
                yield from (first, begun, ending + 1, last + 1)
