"""Who is in the class of a fictional case: subscribers whose recordings trained a model."""

from typing import Annotated, ClassVar, Final, Literal

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    History,
    Is,
    Moment,
    MomentField,
    Record,
    Span,
    TimeSet,
    Within,
    YesNo,
    unique_ids,
)


class Recording(Record):
    """One recording."""

    order: ClassVar[tuple[tuple[str, str], ...]] = (("uploaded_at", "used_at"),)
    exists_if: ClassVar[dict[str, str]] = {"used_at": "used"}

    uploaded_at: MomentField = None
    used: YesNo = None
    used_at: MomentField = None


class Subscription(Span):
    """One subscription."""

    tier: Literal["free", "plus", "studio"] | None = None


class TuneboxHistory(History):
    """What is known of one account."""

    recordings: Annotated[tuple[Recording, ...], unique_ids] = ()
    subscriptions: Annotated[tuple[Subscription, ...], unique_ids] = ()


TERMS: Final = Citation("Complaint (a fiction), paragraph 4")
#: The first instant of the day of the update, in the zone of the court.
UPDATE: Final = Moment.parse("2025-03-02", "America/New_York").earliest


def class_of(period: TimeSet) -> ClassDefinition:
    """The class, of those whose recordings were used in a period."""
    return ClassDefinition(
        id="tunebox",
        version="1",
        title="The class of a fictional case",
        model=TuneboxHistory,
        clauses=(
            Clause(
                "subscriber",
                "subscribers",
                TERMS,
                Covered(
                    "recordings[].used_at",
                    "subscriptions",
                    (Is("subscriptions[].tier", {"plus", "studio"}),),
                ),
            ),
            Clause(
                "used",
                "whose recordings were used to train a model",
                TERMS,
                Is("recordings[].used", True),
            ),
            Clause(
                "before-update",
                "before the update",
                TERMS,
                Within("recordings[].used_at", period),
            ),
        ),
    )


DEFINITION: Final = class_of(TimeSet.before(UPDATE))
