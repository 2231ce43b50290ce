"""Which facts of a decided history can be spared: forgotten, and the verdict stays.

Knowing less never turns one decided verdict into the other. So facts can be forgotten one after the
other, and what is left is minimal whatever the order. To ask each time whether the verdict stays
takes the square of the length; as a rule it is seen without asking (`needs`). Where a list must do
several things at once, or only several records together are in the class, it is asked after all, as
long as the allowance of work lasts.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import possibly_in, surely_in
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.normalise import KnownHistory, blank, forgetting
from eligibility.verdict.needs import need_of


@frozen
class Sparing:
    """A definition, which of the two verdicts is to stay, and the work that may be spent."""

    definition: ClassDefinition
    eligible: bool
    work: Work

    def everywhere(self, facts: KnownHistory) -> KnownHistory:
        """The facts with as little as possible of the account, and of all lists but the records'.

        The verdict stays in any case; if the work does not last, more is kept than it takes.
        """
        for path, answer in facts.answers.items():
            if answer is not None:
                less = evolve(facts, answers={**facts.answers, path: None})
                facts = less if self._stays(less) else facts
        for name in facts.shape.lists:
            if name != self.definition.record_list:
                need = need_of(facts, self.definition, name, eligible=self.eligible)
                facts = need.spared(facts, name) if need else self.by_asking(facts, name)
        return facts

    def by_asking(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The same for any one list: all of it, its records half by half, then field by field."""
        list_shape, records = facts.shape.lists[name], facts.lists[name]
        for places in (range(len(records)), range(0)):
            less = evolve(self._without(facts, name, places), open=facts.open | {name})
            if self._stays(less):
                facts = less
                break
        waiting = [range(len(facts.lists[name]))]
        while waiting and not self.work.is_spent:
            places = waiting.pop()
            less = self._without(facts, name, places)
            if self._stays(less):
                facts = less
            elif len(places) > 1:
                half = len(places) // 2
                waiting += [places[half:], places[:half]]
            else:
                for field in facts.lists[name][places[0]].said:
                    now = list(facts.lists[name])
                    now[places[0]] = forgetting(list_shape, now[places[0]], (field,))
                    less = facts.with_list(name, tuple(now))
                    facts = less if self._stays(less) else facts
        return facts

    def _without(self, facts: KnownHistory, name: str, places: Sequence[int]) -> KnownHistory:
        list_shape, now = facts.shape.lists[name], list(facts.lists[name])
        for at in places:
            now[at] = blank(list_shape, now[at].index)
        return facts.with_list(name, tuple(now))

    def _stays(self, facts: KnownHistory) -> bool:
        """Whether the verdict stays; if no work is left to see it, it is taken not to."""
        try:
            self.work.spend(1 + sum(map(len, facts.lists.values())))
        except OutOfWorkError:
            return False
        return self.stays(facts)

    def stays(self, facts: KnownHistory) -> bool:
        """Whether the verdict stays if only so much is known."""
        if self.eligible:
            return surely_in(facts, self.definition)
        return not possibly_in(facts, self.definition)
