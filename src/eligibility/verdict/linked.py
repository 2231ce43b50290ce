"""What a supposition links: two sides of a record of which neither is otherwise without the other.

A message that was sent before the update is supposed to be shared by then; one that was sent later
was shared later, if at all. So no two worlds differ in the one alone, nor in the other: where both
can be known, neither would turn the outcome. Yet the first of them that is known may decide. So
each is looked at as whoever can know only of its own side would.
"""

from collections.abc import Callable, Iterator

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.known import KnownHistory
from eligibility.facts.paths import fact_path, parse, pattern


def linked_sides(
    facts: KnownHistory, definition: ClassDefinition, knowable: Callable[[str], bool]
) -> tuple[frozenset[str], ...]:
    """The linked sides of the records of the class, if something of each can be known."""
    name = definition.record_list
    supposed = facts.shape.lists[name].supposed if name else None
    if name is None or supposed is None:
        return ()

    def is_known(side: frozenset[str]) -> bool:
        listed = facts.lists[name]
        return any(knowable(fact_path(name, each.index, key)) for each in listed for key in side)

    return supposed.linked if all(map(is_known, supposed.linked)) else ()


def knowing_one(
    sides: tuple[frozenset[str], ...], name: str, knowable: Callable[[str], bool]
) -> Iterator[Callable[[str], bool]]:
    """What can be known by whoever knows nothing of one side, for each of them."""

    def but(gone: frozenset[str]) -> Callable[[str], bool]:
        paths = {pattern(name, key) for key in gone}
        return lambda path: parse(path).pattern not in paths and knowable(path)

    return map(but, sides)
