"""The order among definitions: which take in the same accounts, and which more than which."""

from collections.abc import Iterable
from itertools import product

from attrs import frozen

from eligibility.analysis.comparison import Classes
from eligibility.definition.class_definition import ClassDefinition


@frozen
class Order:
    """Classes of definitions that take in the same accounts, and how the classes are ordered.

    `covers` holds pairs of places in `classes`: the first takes in all that the second does and
    more, and no class lies between. `complete` is False where only worlds with few records could
    be looked at.
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
