"""All readings side by side: what each leads to, and on which words the outcome turns."""

from typing import Any

from attrs import frozen

from eligibility.arguments import checked, expect
from eligibility.evaluation.reference import membership
from eligibility.facts.model import History
from eligibility.facts.normalise import KnownHistory, normalise
from eligibility.facts.supposition import Supposition
from eligibility.rules import DIMENSIONS, Reading, class_definition, every_reading
from eligibility.values.truth import Status


@frozen(field_transformer=checked)
class Survey:
    """The status of an account under every reading, the default reading first."""

    statuses: tuple[tuple[Reading, Status], ...]
    supposing: Supposition | None = None

    @property
    def agrees(self) -> bool:
        """Whether the outcome is the same under every reading."""
        return len({status for _, status in self.statuses}) == 1

    @property
    def counts(self) -> dict[Status, int]:
        """How many readings lead to each status."""
        found = [status for _, status in self.statuses]
        return {status: found.count(status) for status in Status}

    @property
    def turns_on(self) -> tuple[str, ...]:
        """The dimensions of which some value alone, all others being equal, changes the status."""
        return tuple(name for name in DIMENSIONS if self._turns_on(name))

    def _turns_on(self, name: str) -> bool:
        found: dict[tuple[str, ...], set[Status]] = {}
        for reading, status in self.statuses:
            rest = tuple(word for key, word in reading.words().items() if key != name)
            found.setdefault(rest, set()).add(status)
        return any(len(statuses) > 1 for statuses in found.values())

    def to_dict(self) -> dict[str, Any]:
        """The survey as plain data."""
        return {
            "supposing": self.supposing.name if self.supposing else None,
            "agrees": self.agrees,
            "turns_on": list(self.turns_on),
            "counts": {status.value: count for status, count in self.counts.items()},
            "readings": [
                {"reading": reading.words(), "status": status.value}
                for reading, status in self.statuses
            ],
        }


def survey(history: History, *, supposing: Supposition | None = None) -> Survey:
    """The status under every reading of De La Torre v. LinkedIn.

    >>> from eligibility.history import AccountHistory
    >>> survey(AccountHistory(account_id="A-1001", complete=["messages"])).agrees
    True

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the history is not an `AccountHistory`.
    """
    expect(supposing, Supposition | None, "supposing")
    class_definition().expect(history)
    facts: dict[
        Supposition | None, KnownHistory
    ] = {}  # readings differ little in what they suppose
    statuses = []
    for reading in every_reading():
        definition = class_definition(reading)
        supposed = None if supposing is None else supposing.under(definition.reading)
        if supposed not in facts:
            facts[supposed] = normalise(history if supposed is None else supposed.apply(history))
        status = Status.of(membership(facts[supposed], definition))
        statuses.append((reading, status))
    return Survey(tuple(statuses), supposing)
