"""Accounting: what became of everything that was read. Each number is counted by itself.

Accounts: read = fit + held back + rejected + inconsistent. Records of each table: read = used +
left out + nobody's. Parts are added up to runs; sums that do not hold are an error, not a result.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import Factory, asdict, astuple, field, frozen, validators

from eligibility.batch.errors import BatchError
from eligibility.batch.state.run_folder import read_state
from eligibility.errors import Problem

#: Where a part keeps its counts.
COUNTS: Final = "counts.json"

_number: Final = (validators.instance_of(int), validators.ge(0))


@frozen
class Records:
    """What became of the records of one table.

    `used`: of accounts that fit. `left_out`: of accounts that are held back, rejected or
    inconsistent. `nobodys`: of no account that was read; `nameless` of these name none at all.
    """

    read: int = field(default=0, validator=_number)
    used: int = field(default=0, validator=_number)
    left_out: int = field(default=0, validator=_number)
    nobodys: int = field(default=0, validator=_number)
    nameless: int = field(default=0, validator=_number)

    @property
    def adds_up(self) -> bool:
        """Whether every record that was read became one thing."""
        whole = self.used + self.left_out + self.nobodys
        return self.read == whole and self.nameless <= self.nobodys

    def __add__(self, other: "Records") -> "Records":
        return Records(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@frozen
class Counts:
    """What became of the accounts that were read, and of their records by table.

    `fit`: decided, or to be decided. `rejected`: not read to their end, or standing twice.
    `inconsistent`: contradictory; no verdict. `held_back`: a record that may be theirs is nobody's.
    """

    read: int = field(default=0, validator=_number)
    fit: int = field(default=0, validator=_number)
    rejected: int = field(default=0, validator=_number)
    inconsistent: int = field(default=0, validator=_number)
    held_back: int = field(default=0, validator=_number)
    records: Mapping[str, Records] = Factory(dict)

    @classmethod
    def of(cls, part: Path) -> "Counts":
        """The counts of a part, from its folder.

        Raises:
            BatchError: `damaged-run`.
        """
        return read_state(part / COUNTS, cls.from_json)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Counts":
        """The counts that `as_json` wrote."""
        records = {name: Records(**each) for name, each in written["records"].items()}
        return cls(**{**written, "records": records})

    def as_json(self) -> dict[str, Any]:
        """The counts as plain data."""
        return asdict(self)

    @property
    def all_decided(self) -> bool:
        """Whether every account fits, and every record belongs to one."""
        return self.fit == self.read and not self.nobodys

    @property
    def nobodys(self) -> int:
        """How many records belong to no account that was read."""
        return sum(records.nobodys for records in self.records.values())

    @property
    def nameless(self) -> tuple[str, ...]:
        """The tables with records that name no account."""
        return tuple(name for name, records in self.records.items() if records.nameless)

    def check(self, where: str) -> None:
        """See that everything adds up.

        Raises:
            BatchError: `accounts-lost`.
        """
        accounts = self.fit + self.held_back + self.rejected + self.inconsistent
        lost = [ACCOUNTS_LOST.format(self.read, accounts)] if self.read != accounts else []
        lost += [
            f"Of {each.read:,} records of `{name}`, {each.used:,} were used, {each.left_out:,} left"
            f" out with their accounts, and {each.nobodys:,} belong to nobody."
            for name, each in self.records.items()
            if not each.adds_up
        ]
        if lost:
            raise BatchError([Problem("accounts-lost", where, each, LOST_HINT) for each in lost])

    def __add__(self, other: "Counts") -> "Counts":
        nothing, names = Records(), dict.fromkeys((*self.records, *other.records))
        return Counts(
            self.read + other.read,
            self.fit + other.fit,
            self.rejected + other.rejected,
            self.inconsistent + other.inconsistent,
            self.held_back + other.held_back,
            {
                name: self.records.get(name, nothing) + other.records.get(name, nothing)
                for name in names
            },
        )


#: Of nothing, nothing was read.
NOTHING: Final = Counts()
ACCOUNTS_LOST: Final = "{:,} accounts were read, and {:,} are accounted for."
LOST_HINT: Final = (
    "Run it anew in an empty folder. If it happens again, report it, without the data."
)
