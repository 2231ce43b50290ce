"""Whom one definition takes in and another leaves out, over all worlds, with a history to show it.

Why this decides it, though worlds may hold any number of records. Let a world be in `a` and out of
`b`. Keep the one record with which it is in `a`; for each `Covered` and each `Ever` of `a`, one
span that meets it; and, for each record kept that `b` could take and each `Uncovered` of `b`, one
span that stands in its way, if one does. Strike out everything else. The world is still in `a`:
what `a` asks for was kept, and `Uncovered` asks only for absence. It is still out of `b`: there are
fewer records to be taken, fewer spans to cover a moment, and what stood in the way of `Uncovered`
was kept. So if there is any such world, there is one with so few records; and among those, the
solver decides. Likewise a world in both needs no more than what each of them asks for.

One kind of definition escapes this. If `b` takes its record from a list that its own `Uncovered`
reads as spans, then a span that stands in the way may itself have to be kept out by another, and so
on. There the answer is of the histories that were tried, and `complete` is False.
"""

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from itertools import product

from attrs import frozen

from eligibility.analysis.sentences import difference_words
from eligibility.analysis.smt.simplest import promised, simplest, supposing
from eligibility.analysis.smt.solver import can_be, z3
from eligibility.analysis.smt.worlds import Requirements, Worlds
from eligibility.arguments import expect, several
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import InvalidDefinition, Problem
from eligibility.facts.model import History
from eligibility.values.truth import Status


class Relation(Enum):
    """How the accounts that one definition takes in stand to those that another takes in."""

    EQUIVALENT = "equivalent"
    WIDER = "wider"
    NARROWER = "narrower"
    OVERLAPPING = "overlapping"
    DISJOINT = "disjoint"


@frozen
class Comparison:
    """How `a` stands to `b`, over all worlds.

    `only_a` is the simplest history that `a` takes in and `b` leaves out, `only_b` the other way
    round; None if there is none. `complete` is False where only worlds with few records could be
    tried.
    """

    a: ClassDefinition
    b: ClassDefinition
    relation: Relation
    only_a: History | None
    only_b: History | None
    complete: bool

    @property
    def sentence(self) -> str:
        """What `a` does to `b`, for a lawyer: in the words of the readings and of the clauses."""
        words = difference_words(self.a, self.b, self.only_a, self.only_b)
        if self.relation is Relation.DISJOINT:
            words += " No account fits both."
        if not self.complete:
            words += " Only histories with few records could be tried."
        return words


def compare(a: ClassDefinition, b: ClassDefinition) -> Comparison:
    """Whether `a` is wider than `b`, narrower, equivalent, overlapping or disjoint.

    >>> from eligibility.rules import Reading, class_definition
    >>> found = compare(class_definition(Reading.of(messages="sent")), class_definition())
    >>> found.relation
    <Relation.NARROWER: 'narrower'>
    >>> found.only_b.messages[0].direction
    'received'

    Raises:
        InvalidDefinition: `definition-model`, the two speak of different kinds of history.
    """
    both = Classes((a, b))
    only_a, only_b = both.between(0, 1), both.between(1, 0)
    if only_a is None:
        relation = Relation.EQUIVALENT if only_b is None else Relation.NARROWER
    elif only_b is None:
        relation = Relation.WIDER
    else:
        relation = Relation.OVERLAPPING if both.meet(0, 1) else Relation.DISJOINT
    return Comparison(a, b, relation, only_a, only_b, both.complete)


class Classes:
    """The classes of some definitions, said to the solver once; compared by their places."""

    def __init__(self, definitions: Iterable[ClassDefinition]) -> None:
        self.definitions = several(definitions)
        expect(self.definitions, tuple[ClassDefinition, ...], "definitions")
        asked = [Requirements.by(definition) for definition in self.definitions]
        worlds = Worlds.of(_one_model(self.definitions), enough_records(asked))
        self.complete = not any(reads_its_own(each) for each in asked)
        self._worlds, self._asked = worlds, asked
        self._solver = z3.Solver()
        self._solver.add(*worlds.rules())
        self._inside = [z3.Bool(f"class{at}") for at in range(len(asked))]
        for inside, each in zip(self._inside, asked, strict=True):
            self._solver.add(inside == worlds.in_class(each))

    def takes_more(self, a: int, b: int) -> bool:
        """Whether some world is in one class and out of another."""
        return can_be(self._solver, self._inside[a], z3.Not(self._inside[b]))

    def meet(self, a: int, b: int) -> bool:
        """Whether some world is in both classes."""
        return can_be(self._solver, self._inside[a], self._inside[b])

    def between(self, a: int, b: int) -> History | None:
        """The simplest history that is in one class and out of another."""
        if not self.takes_more(a, b):
            return None
        with supposing(self._solver, self._inside[a], z3.Not(self._inside[b])):
            conditions = (*self._asked[a].conditions, *self._asked[b].conditions)
            history = simplest(self._solver, self._worlds, conditions)
        promised(history, self.definitions[a], Status.ELIGIBLE)
        return promised(history, self.definitions[b], Status.INELIGIBLE)


def _one_model(definitions: tuple[ClassDefinition, ...]) -> type[History]:
    models = list(dict.fromkeys(definition.model for definition in definitions))
    if len(models) != 1:
        names = ", ".join(f"`{model.__name__}`" for model in models)
        words = f"Definitions can be compared over one kind of history, not over {names or 'none'}."
        hint = "Declare them over the same model."
        raise InvalidDefinition([Problem("definition-model", "", words, hint)])
    return models[0]


def enough_records(asked: Iterable[Requirements]) -> dict[str, int]:
    """How many records of each list are enough to tell any two of these apart (see above)."""
    sizes: Counter[str] = Counter()
    for a, b in product(asked, repeat=2):
        taken = a.for_it(b.record_list) if b.record_list else 0
        for name in {*a.lists, *b.lists}:
            apart = a.for_it(name) + taken * b.against_it(name)
            sizes[name] = max(sizes[name], apart, a.for_it(name) + b.for_it(name))
    return sizes


def reads_its_own(asked: Requirements) -> bool:
    """Whether a record may be kept out by another of its own list, and that by another."""
    return asked.record_list is not None and asked.against_it(asked.record_list) > 0


@frozen
class Order:
    """Classes of definitions that take in the same accounts, and how the classes are ordered.

    `covers` holds pairs of places in `classes`: the first takes in all that the second does and
    more, and no class lies between. `complete` is False where only worlds with few records could
    be tried.
    """

    classes: tuple[tuple[ClassDefinition, ...], ...]
    covers: tuple[tuple[int, int], ...]
    complete: bool

    def mermaid(self) -> str:
        """The order as a Mermaid flow chart: what takes in more stands above, equals share a box.

        Definitions are called by the words of their readings in which they are not all alike, or,
        if there are no such words, by their ids.
        """
        boxes = ["<br>or<br>".join(map(self._label, members)) for members in self.classes]
        return "\n".join(
            [
                "flowchart TD",
                *(f'  c{at}["{box}"]' for at, box in enumerate(boxes)),
                *(f"  c{wider} --> c{narrower}" for wider, narrower in self.covers),
            ]
        )

    def _label(self, definition: ClassDefinition) -> str:
        readings = [each.reading for members in self.classes for each in members]
        words = [
            word
            for name, word in definition.reading.items()
            if any(other.get(name) != word for other in readings)
        ]
        return ("<br>".join(words) or definition.id).replace('"', "#quot;")


def order(definitions: Iterable[ClassDefinition]) -> Order:
    """The order among definitions over one model; the classes in the order in which they came.

    >>> from eligibility.rules import Reading, class_definition
    >>> two = [class_definition(Reading.of(messages=m)) for m in ("sent", "sent-or-received")]
    >>> order(two).covers
    ((1, 0),)

    Raises:
        InvalidDefinition: `definition-model`, they speak of different kinds of history.
    """
    asked = Classes(definitions)
    places = range(len(asked.definitions))
    inside = {(a, b) for a, b in product(places, repeat=2) if a == b or not asked.takes_more(a, b)}
    first = {a: min(b for b in places if {(a, b), (b, a)} <= inside) for a in places}
    heads = sorted(set(first.values()))
    below = {(a, b) for a, b in product(heads, repeat=2) if a != b and (b, a) in inside}
    covers = [
        (heads.index(a), heads.index(b))
        for a, b in sorted(below)
        if not any((a, c) in below and (c, b) in below for c in heads)
    ]
    classes = [[asked.definitions[a] for a in places if first[a] == head] for head in heads]
    return Order(tuple(map(tuple, classes)), tuple(covers), asked.complete)
