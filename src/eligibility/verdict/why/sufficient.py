"""The facts of a decided history that suffice for its verdict, and no more than it takes.

To ask for each fact whether the verdict stays without it takes the square of the length; as a rule
it is seen without asking (`needs`). Where a list must do several things at once, or only several
records together are in the class, it is asked after all, as long as the allowance of work lasts.
"""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import possibly_in, surely_in
from eligibility.evaluation.work import Work
from eligibility.facts.known import KnownHistory
from eligibility.facts.normalise import forgetting
from eligibility.verdict.alike import Alike
from eligibility.verdict.minimise import minimise
from eligibility.verdict.why.needs import Need, need_of

#: A fact of a list: the place of its record and its field; no place: the path of a statement.
_Part: TypeAlias = tuple[int | None, str]


@frozen
class Sufficient:
    """A definition, which of the two verdicts is to stay, and the work that may be spent."""

    definition: ClassDefinition
    eligible: bool
    work: Work
    whole: KnownHistory  # all that is known: records that fare alike do so with less as well

    def beside_records(self, facts: KnownHistory) -> KnownHistory:
        """The facts with as little as possible of the account, and of all lists but the records'.

        The verdict stays in any case; if the work does not last, more is kept than it takes.
        """
        known = [path for path, answer in facts.answers.items() if answer is not None]
        if known:
            disjuncts = self.definition.normal_form.disjuncts
            asked = {only.path for each in disjuncts for only in each.answers}
            facts = _unanswered(facts, [path for path in known if path not in asked])
            tried = [path for path in known if path in asked]
            facts = minimise(facts, tried, _unanswered, self._stays)
        for name in facts.shape.lists:
            is_silent = not facts.lists[name] and not facts.stated[name]
            if name != self.definition.record_list and not is_silent:
                need = self._need(facts, name)
                facts = need.minimised(facts, name) if need else self.of_list(facts, name)
        return facts

    def _need(self, facts: KnownHistory, name: str) -> Need | None:
        alike = partial(Alike.of, self.whole, self.definition)
        return need_of(facts, self.definition, name, alike, eligible=self.eligible)

    def of_list(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts with as little as possible of one list, whatever it has to do."""
        list_shape = facts.shape.lists[name]
        parts: list[_Part] = [(None, path) for path in facts.stated[name]]
        parts += [(at, key) for at, record in enumerate(facts.lists[name]) for key in record.said]

        def without(facts: KnownHistory, some: Sequence[_Part]) -> KnownHistory:
            records = list(facts.lists[name])
            for at, fields in groupby(some, key=itemgetter(0)):
                keys = [key for _, key in fields]
                if at is None:
                    facts = _unstated(facts, name, keys)
                else:
                    records[at] = forgetting(list_shape, records[at], keys)
            return facts.with_list(name, tuple(records))

        return minimise(facts, parts, without, self._stays)

    def statements(self, facts: KnownHistory, name: str) -> KnownHistory:
        """The facts with as few statements as possible about the list of records.

        Nobody is in by one that is listed, whatever is stated: only one more record is looked at.
        """
        least = minimise(
            facts.with_list(name, ()),
            tuple(facts.stated[name]),
            lambda facts, some: _unstated(facts, name, some),
            partial(self._stays, listed=len(facts.lists[name])),
        )
        return facts.stating(name, least.stated[name])

    def _stays(self, facts: KnownHistory, listed: int = 0) -> bool:
        """Whether the verdict stays; it takes work, for records that are `listed` besides as well.

        Raises:
            OutOfWorkError: no work is left to see it.
        """
        self.work.spend(1 + listed + sum(map(len, facts.lists.values())))
        return self.stays(facts)

    def stays(self, facts: KnownHistory) -> bool:
        """Whether the verdict stays if only so much is known."""
        if self.eligible:
            return surely_in(facts, self.definition)
        return not possibly_in(facts, self.definition)


def _unanswered(facts: KnownHistory, paths: Sequence[str]) -> KnownHistory:
    return facts.answering(dict.fromkeys(paths))


def _unstated(facts: KnownHistory, name: str, paths: Sequence[str]) -> KnownHistory:
    left = {path: said for path, said in facts.stated[name].items() if path not in paths}
    return facts.stating(name, left)
