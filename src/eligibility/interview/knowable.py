"""What the person who is asked can know: the set K of facts, in which alone an interview asks.

A model says who can know each fact (`known_by`); to some of them whoever is asked has said 'I don't
know', or has said them as exactly as they know. The rest is K.
"""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Final

from attrs import evolve, field, frozen

from eligibility.facts.boxes import Said
from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, fact_path, pattern
from eligibility.facts.phrases import Knower
from eligibility.facts.wording import known_by
from eligibility.immutable import freeze

#: Whose facts each person can know; the claimant has the papers as well.
_KNOWS: Final[dict[Knower, frozenset[Knower | None]]] = {
    "claimant": frozenset({None, "claimant", "documents"}),
    "documents": frozenset({None, "documents"}),
    "defendant": frozenset({None, "documents", "defendant"}),
}

#: Who can be asked.
KNOWERS: Final = tuple(_KNOWS)


@lru_cache(maxsize=4096)
def who_knows(path: str, model: type[History]) -> Knower | None:
    """Who can know a fact, such as `messages[].shared`; None if the model does not say."""
    return known_by(path, model)


#: The list and the place of a record, in the path of a fact of it.
_OF_RECORD: Final = re.compile(r"(\w+)\[(\d+)\]")


@frozen
class Knowable:
    """The facts that somebody can still say more of; of the paths in `closed` they cannot.

    A path such as `messages[].inmail` closes that fact of all records that were `listed` when it
    began: so many of each list. Without a knower it is whoever knows everything. `doubted` are the
    lists, and the conditions, of which they do not know whether there is one more record that meets
    them.
    """

    model: type[History]
    knower: Knower | None
    closed: frozenset[str] = frozenset()
    doubted: tuple[tuple[str, Said], ...] = ()
    listed: Mapping[str, int] = field(factory=dict, converter=freeze)

    def fact(self, name: str, index: int | None, key: str) -> bool:
        """Whether they can know a fact of one record, or of a record that nobody has listed."""
        every = pattern(name, key)
        if index is not None and self.closed:
            is_of_kind = every in self.closed and index < self.listed.get(name, 0)
            if is_of_kind or fact_path(name, index, key) in self.closed:
                return False
        return self.is_theirs(every)

    @cached_property
    def apart(self) -> frozenset[tuple[str, int]]:
        """The records of which some fact is closed by itself, each by its list and its place."""
        found = filter(None, map(_OF_RECORD.match, self.closed))
        return frozenset((each[1], int(each[2])) for each in found)

    def records(self, name: str) -> bool:
        """Whether they can know which records a list has."""
        path = complete_path(name)
        return path not in self.closed and self.is_theirs(path)

    def account(self, path: str) -> bool:
        """Whether they can know a yes/no fact of the account."""
        return path not in self.closed and self.is_theirs(path)

    def is_theirs(self, path: str) -> bool:
        """Whether a fact is of a kind that they can know at all."""
        return self.knower is None or who_knows(path, self.model) in _KNOWS[self.knower]

    def without(self, paths: frozenset[str]) -> "Knowable":
        """The same, without facts of which they can say no more."""
        return evolve(self, closed=self.closed | paths)

    def doubting(self, name: str, where: Said) -> "Knowable":
        """The same, where they do not know whether there is one more record of a list."""
        more = self.without(frozenset({complete_path(name)}))
        return evolve(more, doubted=(*self.doubted, (name, where)))

    def reopened(self, *names: str) -> "Knowable":
        """The same, as if they could say which records some lists have."""
        return self.saying(*map(complete_path, names))

    def saying(self, *paths: str) -> "Knowable":
        """The same, as if they could say more of some facts."""
        return evolve(self, closed=self.closed.difference(paths))

    def may_know(self, name: str, where: Said) -> bool:
        """Whether they may know of records what they did not know of those that were asked for.

        They do not, if these are among the records.
        """
        return not any(of == name and _is_within(each, where) for of, each in self.doubted)


def _is_within(where: Said, other: Said) -> bool:
    """Whether whatever meets some conditions meets others as well."""
    for key, asked in other.items():
        own = where.get(key)
        if isinstance(asked, frozenset):
            if not (isinstance(own, frozenset) and own <= asked):
                return False
        elif not (isinstance(own, tuple) and asked[0] <= own[0] and own[1] <= asked[1]):
            return False
    return True
