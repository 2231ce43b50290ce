"""What can be wrong with tables, files and runs, beside what can be wrong with one history."""

from collections.abc import Iterable
from typing import Final

from eligibility.errors import EligibilityError, Problem

#: Of more problems than this with tables, the rest is only counted.
MOST_PROBLEMS: Final = 40


class BatchError(EligibilityError):
    """A run over many accounts cannot start, or cannot go on; every problem at once."""


class InvalidTables(BatchError):
    """Tables that are not those of a history model: files, names, columns, types; all problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        told = sorted(problems, key=lambda problem: problem.path)
        more = len(told) - MOST_PROBLEMS
        if more > 1:
            message = f"There are {more:,} more problems with these tables."
            told = [*told[:MOST_PROBLEMS], Problem(told[-1].code, "", message, "Mend these first.")]
        super().__init__(told)
