"""What a span that nobody listed may be, of a list that is known to lack one.

What the statements about its list leave is one box or several. What can be known of such a span
narrows it; of what nobody can know it may be all that any of the boxes leaves.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from attrs import evolve, frozen

from eligibility.definition.conditions import Ever
from eligibility.facts.boxes import Bounds, Box, Said, Values, narrowed, restrictions, without
from eligibility.facts.known import KnownHistory
from eligibility.verdict.turning.reach import Reach

#: One of the boxes that such a span may be in, and how far it can be narrowed there.
OfBox: TypeAlias = tuple[Box, Reach]


@frozen(eq=False)
class MoreSpans:
    """The spans of some facts that nobody listed; `known` says which of their facts can be."""

    facts: KnownHistory
    known: Callable[[str], frozenset[str]]

    def like(self, name: str, box: Box, known: Said) -> Iterator[tuple[Box, ...]]:
        """What such a span of a list may be of which so much more is known, and else as in a box.

        It is in that box, if it can be told apart from all others; if not, it is so in every way in
        which it can be told apart from some.
        """
        list_shape, can_be_known = self.facts.shape.lists[name], self.known(name)
        if self._is_told_apart(name):
            yield narrowed(box, list_shape, known)
            return
        for cell in self._cells(name, box):
            said: dict[str, Values | Bounds] = {**cell.values, **cell.bounds}
            own = {key: each for key, each in said.items() if key in can_be_known}
            yield tuple(
                left
                for other in self.facts.unlisted[name]
                for same in narrowed(other, list_shape, own)
                for left in narrowed(same, list_shape, known)
            )

    def _cells(self, name: str, box: Box) -> list[Box]:
        """A box, and what is left of it without others, as far as these can be told apart."""
        list_shape, can_be_known = self.facts.shape.lists[name], self.known(name)
        cells = [box]
        for other in self.facts.unlisted[name]:
            asked = restrictions(other, list_shape)
            apart = {key: each for key, each in asked.items() if key in can_be_known}
            cells += [left for cell in cells for left in without(cell, list_shape, apart)]
        return cells

    def _is_told_apart(self, name: str) -> bool:
        """Whether all can be known of such a span."""
        return self.known(name).issuperset(self.facts.shape.lists[name].facts)

    def covering(
        self, name: str, of: OfBox, first: int, last: int, *, longest: bool = False
    ) -> Iterator[tuple[Box, ...]]:
        """What such a span may be so that it covers some instants.

        That is the shortest, or any that does if these are stated to be listed; or the other way
        round. It is both where it cannot be told apart from others.
        """
        box, reach = of
        longer, many = reach.covering(first, last), reach.of_many
        if many and longest:
            first, last = many
        if many and (longest or longer is None):
            yield from self._many(name, of, first, last)
        elif longer is not None:
            shorter = {**reach.counting(), **reach.exactly(first, last)}
            ways = (longer, shorter) if longest else (shorter, longer)
            found = filter(None, (each for known in ways for each in self.like(name, box, known)))
            yield from islice(found, 1) if self._is_told_apart(name) else dict.fromkeys(found)

    def _many(self, name: str, of: OfBox, first: int, last: int) -> Iterator[tuple[Box, ...]]:
        """What does as spans each of which surely covers one instant of some.

        A list may lack so many that there is one at each of them; they are taken for one span.
        """
        box, reach = of
        ends = [reach.covering(at, at) for at in (first, last)]
        if all(known is not None and any(self.like(name, box, known)) for known in ends):
            bounds = {**box.bounds, "start": (first, first), "end": (last, last)}
            counting = narrowed(box, self.facts.shape.lists[name], reach.counting())
            yield tuple(evolve(left, bounds=bounds) for left in counting)

    def having(self, ever: Ever, of: OfBox) -> Iterator[tuple[Box, ...]]:
        """What such a span may be so that it has an instant in a time set."""
        box, reach = of
        every = (self.like(ever.spans, box, known) for known in reach.having(ever.times))
        yield from dict.fromkeys(filter(None, chain.from_iterable(every)))
