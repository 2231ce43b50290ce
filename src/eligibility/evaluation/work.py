"""How much work a search may take: counted in what it tries, never by the clock.

What is asked of a history costs as much as it is long. Few things need a search beside that, which
could take far longer: how spans can lie, which facts can be left out, what could be asked. Each has
an allowance, and ends with a sound answer when it is spent. The same history gets the same
allowance on every machine, so the same answer.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

#: The units that any search may take, and how many more for each record of the history.
MOST_WORK: Final = 100_000
WORK_PER_RECORD: Final = 25
#: One question has half of that, for so many records at most: somebody waits for it.
MOST_RECORDS: Final = 2_000


class OutOfWorkError(Exception):
    """A search has spent its allowance."""


class Work:
    """An allowance of work. One record, one span or one instant that is tried is one unit.

    >>> work = Work(3)
    >>> work.spend(2)
    >>> work.left
    1
    """

    def __init__(self, most: int) -> None:
        self.left = most
        self.is_spent = False

    @classmethod
    def on(cls, lists: Mapping[str, Collection[Any]]) -> "Work":
        """The allowance of one search in a history with these records."""
        return cls(MOST_WORK + WORK_PER_RECORD * sum(map(len, lists.values())))

    @classmethod
    def of_a_question(cls, lists: Mapping[str, Collection[Any]]) -> "Work":
        """The allowance of all that is looked for while somebody waits for the next question."""
        records = sum(map(len, lists.values()))
        return cls((MOST_WORK + WORK_PER_RECORD * min(records, MOST_RECORDS)) // 2)

    def spend(self, units: int) -> None:
        """Take so much of the allowance.

        Raises:
            OutOfWorkError: so much is not left; from then on, nothing is.
        """
        self.left -= units
        if self.left < 0:
            self.left, self.is_spent = 0, True
        if self.is_spent:
            raise OutOfWorkError
