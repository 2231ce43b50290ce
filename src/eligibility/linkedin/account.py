"""When the account began: `Registration.csv` and `Account Status History.csv`.

Both go into the report only. Nothing can have been sent or paid for before the account began, but
whether an older account was merged into it no export says, and the types of subscription that
`Registration.csv` names are those at the time of the export.
"""

from collections import Counter
from typing import Final

from attrs import define, field

from eligibility.linkedin.table import Layout, Table
from eligibility.linkedin.times import Bounds, read_time

_REGISTERED: Final = ("registeredat", "registrationdate")
_TYPES: Final = ("subscriptiontypes", "subscriptiontype")

REGISTRATION: Final = Layout(
    (frozenset({"registeredat"}), frozenset({"registrationdate"})),
    used=frozenset(_TYPES),
    times=_REGISTERED,
)
#: Enough to know the file when its name is not one of LinkedIn's.
REGISTRATION_BY_HEADER: Final = Layout(
    (
        frozenset({"registeredat", "subscriptiontypes"}),
        frozenset({"registrationdate", "subscriptiontype"}),
    )
)
STATUS: Final = Layout((frozenset({"time", "event"}),))


@define
class Account:
    """What the files say of the account itself."""

    began: list[Bounds] = field(factory=list)
    has_subscription_types: bool = False
    rows: int = 0
    passed_over: Counter[str] = field(factory=Counter)


def read_registration(table: Table) -> Account:
    """The day of registration, in both headers the file has had."""
    found = Account()
    for row in table:
        found.rows += 1
        at = read_time(next(filter(None, (row[column] for column in _REGISTERED)), ""))
        found.has_subscription_types |= any(row[column].strip() for column in _TYPES)
        _began(found, at)
    return found


def read_status(table: Table) -> Account:
    """The event that created the account; other events say nothing about a history."""
    found = Account()
    for row in table:
        found.rows += 1
        if row["event"].strip().casefold() == "account created":
            _began(found, read_time(row["time"]))
        else:
            found.passed_over["not-needed"] += 1
    return found


def _began(found: Account, at: Bounds | None) -> None:
    if at is None:
        found.passed_over["time-unclear"] += 1
    else:
        found.began.append(at)
