"""A small model of a club, for tests of definitions that De La Torre v. LinkedIn has no need of."""

from typing import Annotated, Literal

from numbered import numbered
from pydantic import Field

from eligibility import (
    Citation,
    ClassDefinition,
    Condition,
    Facts,
    History,
    Moment,
    MomentField,
    Record,
    Span,
    YesNo,
)
from eligibility.facts.model import unique_ids


class Visit(Record):
    kind: Literal["short", "long"] | None = None
    paid: YesNo = None
    came: MomentField = None


class Membership(Span):
    level: Literal["gold", "silver", "guest"] | None = None


class About(Facts):
    adult: YesNo = None
    resident: YesNo = None


class Club(History):
    visits: Annotated[tuple[Visit, ...], unique_ids] = Field(default=(), title="Visits")
    members: Annotated[tuple[Membership, ...], unique_ids] = Field(default=(), title="Memberships")
    bans: Annotated[tuple[Membership, ...], unique_ids] = Field(default=(), title="Bans")
    about: About = About()


def club(*conditions: Condition, exclusions: tuple[Condition, ...] = ()) -> ClassDefinition:
    """A definition whose clauses are these conditions."""
    source = Citation("The club's rules, a fiction")
    return numbered("club", Club, source, conditions, exclusions)


def at(text: str) -> int:
    """The first instant that a text may mean, in UTC."""
    return Moment.parse(text, "UTC").earliest
