"""A small model of a shop: what was bought and brought back, and yes/no facts of the account."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from numbered import numbered

from eligibility import (
    Citation,
    ClassDefinition,
    Condition,
    History,
    MomentField,
    Record,
    Span,
    Supposition,
    YesNo,
)

SOURCE = Citation("The shop's terms, a fiction")


class Purchase(Record):
    order: ClassVar = (("bought", "returned"),)
    exists_if: ClassVar[Mapping[str, str]] = {"returned": "back"}

    way: Literal["online", "counter"] | None = None
    back: YesNo = None
    bought: MomentField = None
    returned: MomentField = None


class Shop(History):
    purchases: tuple[Purchase, ...] = ()
    memberships: tuple[Span, ...] = ()
    trader: YesNo = None
    of_age: YesNo = None


def shop(*conditions: Condition, exclusions: tuple[Condition, ...] = ()) -> ClassDefinition:
    """A definition whose clauses are these conditions."""
    return numbered("shop", Shop, SOURCE, conditions, exclusions)


def all_returned(before: int, complete: tuple[str, ...] = ()) -> Supposition:
    """Whatever was bought before an instant was brought back by then, but for the counter."""
    return Supposition(
        "all-returned",
        "Whatever was bought was brought back",
        SOURCE,
        list="purchases",
        unless=("way", "counter"),
        when="bought",
        before=before,
        fact="back",
        then="returned",
        complete=complete,
    )
