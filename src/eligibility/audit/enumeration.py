"""What follows from a history, by enumeration: slow, plain, and nothing of `evaluation` in it.

To try every world is out of reach, for there are as many as there are microseconds. `one_record`
(claims 1 and 2) leaves the ways in which each one record may be, few enough to try. From there:

Claim 3: records are tried one by one. In every world some record meets the clauses, if one record
does in all its ways. If each fails in some way, some world has all of them fail: they do not meet.

Claim 4: a span whose latest start lies after its earliest end has no worst. It covers some one of
the instants from the one to the other, and may cover no other. So claim 3 is asked again for every
choice of such instants, the *cuts*: some record must meet the clauses under each of them. Of a span
that covers the 5th or the 6th, a message shared on the 5th does under one cut, and one shared on
the 6th under the other. A span that reaches round another one can be cut where that one is, so it
adds nothing. Nor does one with more instants than there are records: it can be cut where no record
that stays out wants it.

Where a definition lies outside the fragment, or there are too many cuts, what is found to be so in
every world is so, what is found in none is in none, and the rest is not known (`Reach.exact`).
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Final

from attrs import evolve, field, frozen

from eligibility.audit.one_record import Budget, OneRecord, Reader, TooManyWaysError
from eligibility.audit.spans import Known
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, Uncovered, leaves
from eligibility.facts.model import History, Record
from eligibility.facts.supposition import Supposition
from eligibility.values.timeline import EARLIEST
from eligibility.values.truth import Truth

#: How many records are tried with all cuts.
MOST_CUTS: Final = 50_000


@frozen
class Reach:
    """How many clauses, from the first on, some one record meets: in every world, and in some.

    Where `exact` is false, it may be more in every world, or fewer in some.
    """

    surely: int
    possibly: int
    exact: bool

    def truth(self, count: int) -> Truth | None:
        """Whether some record meets so many clauses together; None if that was not found out."""
        found = Truth(count <= self.surely, count <= self.possibly)
        return found if self.exact or found != Truth.UNKNOWN else None


@frozen(eq=False)
class Enumeration:
    """What follows from a history under a definition, and under what is supposed, if anything is.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> Enumeration(AccountHistory(account_id="A-1001"), class_definition()).reach
    Reach(surely=0, possibly=5, exact=True)
    """

    history: History
    definition: ClassDefinition
    budget: Budget = field(factory=Budget)
    supposition: Supposition | None = None

    @cached_property
    def reach(self) -> Reach:
        """How far some record gets."""
        try:
            surely, exact = self._surely()
            possibly = self._farthest(self._at_best())
        except TooManyWaysError:
            return Reach(0, self._all, exact=False)
        is_exact = self.definition.exact and exact and not self.supposes_spans
        return Reach(surely, max(surely, possibly), is_exact)

    @property
    def truth(self) -> Truth | None:
        """Whether the account is in the class; None if that was not found out."""
        return self.reach.truth(self._all)

    def truth_with(self, index: int, record: Record) -> Truth | None:
        """The same, if another record stood at a place of the list that one is taken from."""
        if self._narrow:
            records = (*self._records[:index], record, *self._records[index + 1 :])
            known = self.history.model_copy(update={self.definition.record_list or "": records})
            return evolve(self, history=known).truth
        try:
            surely = self._worst.reach(record)[0] == self._all or bool({*self._sure} - {index})
            possibly = self._best.reach(record)[1] == self._all or bool({*self._fit} - {index})
        except TooManyWaysError:
            return None
        is_exact = self.definition.exact and not self.supposes_spans
        whole = Reach(self._all * surely, self._all * possibly, is_exact)
        return whole.truth(self._all)

    @property
    def _all(self) -> int:
        return len(self.definition.steps)

    @cached_property
    def _known(self) -> Known:
        return Known(self.history, self.supposition, self.budget.spend)

    @cached_property
    def _best(self) -> OneRecord:
        return OneRecord(self._known, self.definition, best=True)

    @cached_property
    def _worst(self) -> OneRecord:
        return OneRecord(self._known, self.definition, best=False)

    @cached_property
    def supposes_spans(self) -> bool:
        """Whether something is supposed of spans that are read: then they need have no worst."""
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        read = {leaf.spans for leaf in asked if isinstance(leaf, Covered | Uncovered | Ever)}
        return self.supposition is not None and self.supposition.list in read

    @property
    def _records(self) -> tuple[Record, ...]:
        each = self.definition.record_list
        return getattr(self.history, each) if each else ()

    def _at_best(self) -> Iterator[int]:
        """How far each gets at best: the records, one more if there may be one, and none.

        Clauses may be of the account alone: they need no record.
        """
        yield from (self._best.reach(record)[1] for record in self._records)
        if self.definition.list_shape is not None:
            yield self._best.reach_unlisted[1]
        yield self._best.reach(None)[1]

    @cached_property
    def _sure(self) -> tuple[int, ...]:
        """The places of the first two records that are surely in the class, if there are two."""
        reaches = (self._worst.reach(record)[0] for record in (*self._records, None))
        return tuple(islice((at for at, met in enumerate(reaches) if met == self._all), 2))

    @cached_property
    def _fit(self) -> tuple[int, ...]:
        """The places of the first two that are possibly in the class, if there are two."""
        reaches = enumerate(self._at_best())
        return tuple(islice((at for at, met in reaches if met == self._all), 2))

    def _farthest(self, reaches: Iterable[int]) -> int:
        farthest = 0
        for reach in reaches:
            farthest = max(farthest, reach)
            if farthest == self._all:
                break
        return farthest

    # ---- claim 4: spans that surely cover no single instant, and yet cover some ----

    def _surely(self) -> tuple[int, bool]:
        """How far some record gets in every world, and whether every cut was tried.

        A cut is no worse than no cut, so one record that meets all without any needs none.
        """
        records = (*self._records, None)
        least = self._farthest(self._worst.reach(record)[0] for record in records)
        ways = prod(last - first + 1 for _, first, last in self._narrow)
        if least == self._all or not self._narrow:
            return least, True
        if ways * len(records) > MOST_CUTS:
            return least, False
        readers = [reader for reader, _, _ in self._narrow]
        found = self._all
        for places in product(*(range(first, last + 1) for _, first, last in self._narrow)):
            cuts = frozenset(zip(readers, places, strict=True))
            cut = evolve(self._worst, cuts=cuts, reached={})
            found = min(found, self._farthest(cut.reach(record)[0] for record in records))
        return found, True

    @cached_property
    def crossing(self) -> tuple[tuple[Reader, int, int], ...]:
        """The instants, first to last, to cut such spans to; without what reaches round another.

        In the order of their latest starts, a span reaches round none of those before it just if
        its earliest end lies after all of theirs.
        """
        asked = (leaf for step in self.definition.steps for leaf in leaves(step.condition))
        covered = [leaf for leaf in asked if isinstance(leaf, Covered)]
        found: list[tuple[Reader, int, int]] = []
        for reader in dict.fromkeys((leaf.spans, frozenset(leaf.where)) for leaf in covered):
            farthest = EARLIEST - 1
            spans = self._known.sure(*reader)
            for begun, ending in sorted(spans, key=lambda bounds: (bounds[0], -bounds[1])):
                if farthest < ending < begun:
                    farthest = ending
                    found.append((reader, ending, begun))
        return tuple(found)

    @cached_property
    def _narrow(self) -> tuple[tuple[Reader, int, int], ...]:
        """Those of them that may help a record: with no more instants than there are records.

        Where all records stay out, each wants some instant covered that is not. A span that has
        more instants than there are records can be cut to one that is none of these.
        """
        return tuple(each for each in self.crossing if each[2] - each[1] < len(self._records))
