"""A second class: Frasco v. Flo Health, to show what it takes to declare one's own.

Two things are written down: what can be known of one account (a `History` with its records), and
who is in the class (a `ClassDefinition` whose conditions name the history's fields). All else comes
with them: verdict, reasons, questions, scenarios, prose, JSON Schema.

    python examples/second_case/flo.py examples/second_case/moved.json
"""

import sys
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Exclusions,
    History,
    Is,
    Moment,
    MomentField,
    Record,
    Span,
    TimeSet,
    Within,
    evaluate,
    read_history,
    unique_ids,
    verdict_text,
)
from eligibility.definition.conditions import sentences
from eligibility.facts.phrases import ListPhrases, Phrases
from eligibility.rules import EXCLUDED

# ---- The words to ask in ----

ENTRY: Final = ListPhrases(
    unknown_any="whether the user ever entered anything into the Flo app",
    known_by="claimant",
    asks_some="Did you enter {kind} into the Flo app {when}?",
    asks_some_more="Apart from that, did you enter {kind} into the Flo app {when}?",
    help="What you entered does not matter here, only what kind of information it was.",
)
_ASKED_FOR: Final = frozenset({"menstruation", "pregnancy"})
ENTRY_FACTS: Final = {
    "kind": Phrases(
        named={None: "anything", _ASKED_FOR: "anything about your period or a pregnancy"},
        values={"other": "something else"},
    ),
    "entered_at": Phrases(
        unknown="when {it} was made",
        asks_when="When did you make {it}?",
        help="As exactly as you know. Of several entries, take the one that you can date best.",
        example="June 2018",
    ),
}
RESIDENCE: Final = ListPhrases(
    unknown_any="where the user lived",
    known_by="claimant",
    asks_some="Did you live {place} {when}?",
    asks_some_more="Apart from that, did you live {place} {when}?",
    asks_none="When did you definitely not live {place}?",
    yours="your stay there",
    topic="Where you lived",
)
RESIDENCE_FACTS: Final = {
    "start": Phrases(asks_when="When did you begin to live there?", example="May 2015"),
    "end": Phrases(
        asks_when="When did you move away?",
        asks_lasting="Did you still live there on {when}?",
        values={"..": "I still live there"},
        example="May 2018",
    ),
    "place": Phrases(
        "was {value}",
        "where {it} was",
        values={
            "california": "in California",
            "elsewhere_in_us": "elsewhere in the United States",
            "outside_us": "outside the United States",
            frozenset({"california", "elsewhere_in_us"}): "in the United States",
        },
        named={
            None: "in one place",
            "california": "in California",
            frozenset({"california", "elsewhere_in_us"}): "in the United States",
        },
    ),
}

# ---- What can be known of one account ----


class Entry(Record):
    """One entry into the app. It has no place for what was entered, only for its kind."""

    spoken: ClassVar = ENTRY
    phrases: ClassVar = ENTRY_FACTS

    kind: Literal["menstruation", "pregnancy", "other"] | None = Field(
        default=None, title="What was it about?"
    )
    entered_at: MomentField = Field(default=None, title="When was it entered?")


class Residence(Span):
    """A time in which the user lived in one place."""

    spoken: ClassVar = RESIDENCE
    phrases: ClassVar = RESIDENCE_FACTS

    place: Literal["california", "elsewhere_in_us", "outside_us"] | None = Field(
        default=None, title="Where was that?"
    )


class FloHistory(History):
    """What is known of one user of the Flo App. Whatever is absent or null is unknown."""

    holder: ClassVar[str] = "the user"

    entries: Annotated[tuple[Entry, ...], unique_ids] = Field(
        default=(), title="Entries into the app"
    )
    residences: Annotated[tuple[Residence, ...], unique_ids] = Field(default=(), title="Residences")
    exclusions: Exclusions = Field(default=Exclusions(), title="Exclusions")


# ---- Who is in the class ----

ORDER: Final = "Frasco v. Flo Health, N.D. Cal., certified 2025: the class definition"
NOTICE: Final = (
    "This is an example of a class definition as data. It is no legal advice, says nothing about "
    "where the case stands today, and promises nothing."
)
#: 'between November 1, 2016 and February 28, 2019, inclusive', in days of the court's zone.
_PERIOD: Final = Moment.parse("2016-11-01/2019-02-28")
PERIOD: Final = TimeSet.of((_PERIOD.earliest, _PERIOD.latest))


def _living(*places: str) -> Covered:
    return Covered("entries[].entered_at", "residences", (Is("residences[].place", places),))


_USERS = Clause(
    "united-states",
    "Flo App users who lived in the United States when they entered it",
    Citation(ORDER, "All Flo App users in the United States"),
    _living("california", "elsewhere_in_us"),
    **sentences("the entry was made while the user lived in the United States"),
)
_CALIFORNIANS = Clause(  # in place of the one above: California is in the United States
    "california",
    "Flo App users who lived in California when they entered it",
    Citation(f"{ORDER}, California subclass", "while residing in California"),
    _living("california"),
    **sentences("the entry was made while the user lived in California"),
)
_INFORMATION = Clause(
    "information",
    "who entered menstruation or pregnancy information into the app",
    Citation(
        ORDER, "who entered menstruation and/or pregnancy information into the Flo Health App"
    ),
    Is("entries[].kind", {"menstruation", "pregnancy"}),
    **sentences("the entry was about menstruation or pregnancy"),
)
_WHEN = Clause(
    "period",
    "between 1 November 2016 and 28 February 2019, both days included, in the court's zone",
    Citation(ORDER, "between November 1, 2016 and February 28, 2019, inclusive"),
    Within("entries[].entered_at", PERIOD),
    **sentences("the entry was made between 1 November 2016 and 28 February 2019"),
)
#: The customary exclusions, of another defendant.
_EXCLUDED: Final = {
    **EXCLUDED,
    "defendant_or_affiliate": (
        "the defendant, its parents and subsidiaries, their officers, directors and employees"
    ),
}


def _left_out(key: str, *, is_one: bool) -> str:
    return f"the user {Exclusions.phrases[key].of_value(is_one, '', 'the defendant')}"


_EXCLUSIONS = tuple(
    Clause(
        key,
        f"not counting {who}",
        Citation(ORDER),
        Is(f"exclusions.{key}", True),
        met=_left_out(key, is_one=False),
        not_met=f"{_left_out(key, is_one=True)}, which leaves the user out",
        not_known=f"it is not known whether {_left_out(key, is_one=True)}",
    )
    for key, who in _EXCLUDED.items()
)


@cache
def flo_class(*, california: bool = False) -> ClassDefinition:
    """The class, or its California subclass: some one entry must meet all clauses."""
    return ClassDefinition(
        id="frasco-v-flo-health" + ("-california" if california else ""),
        version="1",
        title="Frasco v. Flo Health: the " + ("California subclass" if california else "class"),
        model=FloHistory,
        clauses=(_CALIFORNIANS if california else _USERS, _INFORMATION, _WHEN),
        exclusions=_EXCLUSIONS,
        notice=NOTICE,
    )


if __name__ == "__main__":
    history = read_history(Path(sys.argv[1]).read_bytes(), FloHistory)
    for definition in (flo_class(), flo_class(california=True)):
        print(definition.title, verdict_text(evaluate(history, definition)), sep="\n\n", end="\n\n")
