"""How a record can be kept out: by what can be known of it, it is then possibly in nowhere.

One fact of it may do that by itself: a value that is not allowed, a moment where nothing that is
asked can hold. If none does, all its moments together may, since they come in an order.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Box, place
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.shape import ListShape
from eligibility.values.timeset import TimeSet
from eligibility.verdict.turning.pairs import Spans
from eligibility.verdict.turning.pivotal import values_apart
from eligibility.verdict.turning.reach import More, narrower


@frozen(eq=False)
class KeepingOut:
    """What keeps records out of one disjunct, of all that can be known of them."""

    facts: KnownHistory
    definition: ClassDefinition
    disjunct: Disjunct
    spans: Spans

    @property
    def _list_shape(self) -> ListShape:
        return self.facts.shape.lists[self.definition.record_list or ""]

    def narrowed(self, record: KnownRecord, times: Mapping[str, TimeSet]) -> KnownRecord | None:
        """A record with what can be known of it so that it is possibly in nowhere, if it can be."""
        known = self.spans.known(self.definition.record_list or "", record.index)
        for more in self._ways_out(record, known, times):
            if not any(self._can_be_in(box, more, times) for box in record.boxes):
                made = narrower(self._list_shape, record, more)
                if made:  # some world has it so
                    return made
        return None

    def _can_be_in(self, box: Box, more: More, times: Mapping[str, TimeSet]) -> bool:
        """Whether a record of a box, of which so much more is known, is in in some world."""
        exists_if = self._list_shape.record.exists_if
        values, bounds = {**box.values}, {**box.bounds}
        for name, known in more.items():
            if isinstance(known, frozenset):
                values[name] &= known
            elif name in bounds:
                bounds[name] = max(bounds[name][0], known[0]), min(bounds[name][1], known[1])
                if condition := exists_if.get(name, ""):
                    values[condition] &= {True}
            else:
                return False
        for name, allowed in self.disjunct.values.items():
            values[name] &= allowed
        if not all(values.values()) or any(low > high for low, high in bounds.values()):
            return False
        may_be = values.get(self._list_shape.existence_condition or "", frozenset({True}))
        alone = {name: at for name, at in bounds.items() if name not in exists_if}
        worlds = [bounds] * (True in may_be) + [alone] * (False in may_be)
        return any(place(times, each, self._list_shape) is not None for each in worlds)

    def _ways_out(
        self, record: KnownRecord, known: frozenset[str], times: Mapping[str, TimeSet]
    ) -> Iterator[More]:
        for name, allowed in self.disjunct.values.items():
            if name in known and (others := record.values[name] - allowed):
                yield {name: others}
        for name, within in times.items():
            if name in known and name in record.bounds:
                at = (~within).first(*record.bounds[name])
                if at is not None:
                    yield {name: (at, at)}
        yield from self._pins(record, known, times.values())
        choices = values_apart(record, known, self.disjunct)
        for chosen in product(*choices.values()) if choices else ():
            values = {n: frozenset({v}) for n, v in zip(choices, chosen, strict=True)}
            gone = self._list_shape.gone(values)
            for pins in self._pins(record, known - {*gone}, times.values()):
                yield {**values, **pins}

    def _pins(
        self, record: KnownRecord, known: frozenset[str], times: Collection[TimeSet]
    ) -> Iterator[More]:
        """All moments of a record that can be known, at every instant that may count."""
        names = [name for name in self._list_shape.moments if name in known & record.bounds.keys()]
        own = {e for box in record.boxes for pair in box.bounds.values() for e in pair}
        choices = []
        for name in names:
            low, high = record.bounds[name]
            near = [pair for within in times for pair in within.between(low - 1, high + 1).spans]
            found = own.union([e + d for pair in near for e in pair for d in (-1, 0, 1)])
            choices.append(sorted({low, high} | {e for e in found if low <= e <= high}))
        for chosen in product(*choices):
            self.spans.work.spend(1)
            yield {name: (at, at) for name, at in zip(names, chosen, strict=True)}
