"""A small model of a workshop: moments in order, some of which need not exist, also of spans."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from numbered import numbered

from eligibility import (
    Citation,
    ClassDefinition,
    Condition,
    Facts,
    History,
    MomentField,
    Record,
    Span,
    Supposition,
    YesNo,
)


class Repair(Record):
    order: ClassVar = (("broke", "fixed"),)
    exists_if: ClassVar[Mapping[str, str]] = {"fixed": "mended"}

    part: Literal["brake", "chain", "lamp"] | None = None
    mended: YesNo = None
    broke: MomentField = None
    fixed: MomentField = None


class Warranty(Span):
    exists_if: ClassVar[Mapping[str, str]] = {"extended_on": "extended"}

    level: Literal["full", "parts", "none"] | None = None
    extended: YesNo = None
    extended_on: MomentField = None


class Owner(Facts):
    trader: YesNo = None


class Workshop(History):
    repairs: tuple[Repair, ...] = ()
    warranties: tuple[Warranty, ...] = ()
    recalls: tuple[Warranty, ...] = ()
    owner: Owner = Owner()


def workshop(*conditions: Condition, exclusions: tuple[Condition, ...] = ()) -> ClassDefinition:
    """A definition whose clauses are these conditions."""
    source = Citation("The workshop's terms, a fiction")
    return numbered("workshop", Workshop, source, conditions, exclusions)


def all_mended(before: int, complete: tuple[str, ...] = ()) -> Supposition:
    """Whatever broke before an instant, but for lamps, was mended by then."""
    return Supposition(
        "all-mended",
        "Whatever broke was mended",
        Citation("The workshop, a fiction"),
        list="repairs",
        unless=("part", "lamp"),
        when="broke",
        before=before,
        fact="mended",
        then="fixed",
        complete=complete,
    )


def all_extended(before: int) -> Supposition:
    """Every warranty that began before an instant was extended by then, if it was in full."""
    return Supposition(
        "all-extended",
        "Every warranty was extended",
        Citation("The workshop, a fiction"),
        list="warranties",
        unless=("level", "none"),
        when="start",
        before=before,
        fact="extended",
        then="extended_on",
    )
