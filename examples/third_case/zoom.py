"""A third class: In re Zoom, whose words leave out whoever has *only* used the app in some way.

No stretch of time is asked for here, as Premium or a residence is; one fact is about the person and
not about any use; and what a person cannot say is not the defendant's secret but known to whoever
runs the account. The words are chosen for an interview: `spoken` and `phrases` below.

    eligibility interview --definition zoom:zoom_class  (with `examples/third_case` as the folder)
    python examples/third_case/zoom.py examples/third_case/work_account.json
"""

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Facts,
    History,
    Is,
    Moment,
    MomentField,
    Record,
    TimeSet,
    Within,
    YesNo,
    evaluate,
    read_history,
    unique_ids,
    verdict_text,
)
from eligibility.definition.conditions import sentences
from eligibility.facts.phrases import Knower, ListPhrases, Phrases

# ---- What can be known of one person ----

#: One way or the other, each use was through one of these; the last two are left out.
Account = Literal["own", "none", "organisation", "enterprise", "government"]
COUNTS: Final[frozenset[Account]] = frozenset({"own", "none", "organisation"})


class Use(Record):
    """One use of the Zoom Meetings App: to register, use, open or download it."""

    spoken: ClassVar[ListPhrases] = ListPhrases(
        noun="use of Zoom",
        nouns="uses of Zoom",
        called="the use of Zoom",
        asks_any="Did you ever use Zoom?",
        asks_more="Did you use Zoom at any other time, or in another way?",
        unknown_any="whether the user ever used Zoom, and with which kind of account",
        known_by="documents",
        asks_some="Did you use Zoom {when}, {through}?",
        asks_some_more="Apart from that, did you use Zoom {when}, {through}?",
        yours="that use of Zoom",
        topic="Using Zoom",
        help=(
            "These count: your own account, free or paid; a link to a meeting, with no account; a "
            "work or school account, but no Enterprise-Level Account or Zoom for Government.\n"
            "If you used Zoom in several ways, say yes if one of them counts. Whoever runs a work "
            "or school account can tell you its kind. To register, to open or to download the app "
            "is to use it, too."
        ),
    )
    phrases: ClassVar[Mapping[str, Phrases]] = {
        "through": Phrases(
            "was with {value}",
            "which account {it} was with",
            "Which account was {it} with?",
            values={
                "own": "a personal account, free or paid",
                "none": "no account, but the link of a meeting",
                "organisation": "a work or school account that is not Enterprise-Level",
                "enterprise": "an Enterprise-Level Account",
                "government": "Zoom for Government",
                COUNTS: "an account that counts or no account",
            },
            named={
                None: "in any way",
                COUNTS: "with an account that counts, or with no account",
            },
            asks_which={
                COUNTS: "Which of these times did you use Zoom with an account that counts?"
            },
            help="Choose all that it may have been. Whoever runs the account knows.",
        ),
        "used_at": Phrases(
            "was {when}",
            "when {it} was",
            "Was {it} {when}?",
            "When was {it}?",
            help="As exactly as you know: a year, a month or a day will do. Any one time will do.",
            example="April 2020",
            known_by="claimant",
        ),
    }

    through: Account | tuple[Account, ...] | None = Field(
        default=None, title="Which account was it with?"
    )
    used_at: MomentField = Field(default=None, title="When was it?")


def _of_person(is_so: str, is_not: str, asks: str) -> Phrases:
    says = {True: is_so, False: is_not}
    return Phrases(says, f"whether {{it}} {is_so}", asks, known_by="claimant")


class Person(Facts):
    """What is known of the person, whatever they used."""

    phrases: ClassVar[Mapping[str, Phrases]] = {
        "in_united_states": _of_person(
            "is in the United States",
            "is not in the United States",
            "Are you in the United States?",
        ),
        "officer_of_zoom": _of_person(
            "is an officer or director of Zoom",
            "is no officer or director of Zoom",
            "Are you an officer or director of Zoom?",
        ),
        "of_the_court": _of_person(
            "is a judge of the case, or of the judge's staff or immediate family",
            "is no judge of the case, nor of the judge's staff or immediate family",
            "Are you a judge of this case, or of the judge's staff or immediate family?",
        ),
        "asked_to_be_left_out": _of_person(
            "asked in time to be left out",
            "did not ask in time to be left out",
            "Did you ask in time to be left out of the settlement?",
        ),
    }

    in_united_states: YesNo = Field(default=None, title="In the United States?")
    officer_of_zoom: YesNo = Field(default=None, title="An officer or director of Zoom?")
    of_the_court: YesNo = Field(default=None, title="A judge, or of the judge's staff or family?")
    asked_to_be_left_out: YesNo = Field(default=None, title="Asked to be left out?")


class ZoomHistory(History):
    """What is known of one user of the Zoom Meetings App. Whatever is absent or null is unknown."""

    holder: ClassVar[str] = "the user"
    knowers: ClassVar[Mapping[Knower, str]] = {
        "claimant": "the user",
        "documents": "whoever runs the user's Zoom account",
        "defendant": "Zoom",
    }

    uses: Annotated[tuple[Use, ...], unique_ids] = Field(default=(), title="Uses of Zoom")
    person: Person = Field(default=Person(), title="About you")


# ---- Who is in the class ----

ZOOM_NOTICE: Final = (
    "In re: Zoom Video Communications, Inc. Privacy Litigation, N.D. Cal., No. 5:20-cv-02155: the "
    "court-approved notice of the settlement"
)
NOTICE: Final = (
    "This is an example of a class definition as data. It is no legal advice, says nothing about "
    "where the case stands today or whether a claim can still be made, and promises nothing."
)
_PERIOD: Final = Moment.parse("2016-03-30/2021-07-30")
PERIOD: Final = TimeSet.of((_PERIOD.earliest, _PERIOD.latest))

_PEOPLE: Final = Clause(
    "united-states",
    "all persons in the United States",
    Citation(ZOOM_NOTICE, "All Persons in the United States"),
    Is("person.in_united_states", True),
    **sentences("the user is in the United States"),
)
# 'except for … all Persons who have only … through': whoever has some other use is in. So the
# exception is a clause, and asks of one and the same use what the clauses beside it ask of it.
_OTHER_ACCOUNT: Final = Clause(
    "other-account",
    "who have used the app otherwise than through an Enterprise-Level or a Government account",
    Citation(
        ZOOM_NOTICE,
        "except for (i) all Persons who have only registered, used, opened, or downloaded the Zoom "
        "Meetings App through an Enterprise-Level Account or Zoom for Government Account",
    ),
    Is("uses[].through", COUNTS),
    **sentences("the use of Zoom was with an account that counts or no account"),
)
_WHEN: Final = Clause(
    "period",
    "between 30 March 2016 and 30 July 2021, both days included, in the court's zone",
    Citation(ZOOM_NOTICE, "between March 30, 2016, and July 30, 2021"),
    Within("uses[].used_at", PERIOD),
    **sentences("the use of Zoom was between 30 March 2016 and 30 July 2021"),
)
#: Who is left out, by fact: the words of the clause, and the words of the notice.
_LEFT_OUT: Final = {
    "officer_of_zoom": (
        "Zoom and its officers and directors",
        "Zoom and its officers and directors",
    ),
    "of_the_court": (
        "the judges of the case, their staff and immediate family",
        "any member of those Judges\u2019 staffs or immediate family members",
    ),
    "asked_to_be_left_out": ("those who asked in time to be left out", ""),
}


def _exclusion(key: str, who: str, quote: str) -> Clause:
    phrases = Person.phrases[key]
    is_one, is_none = (f"the user {phrases.of_value(value, '')}" for value in (True, False))
    return Clause(
        key.replace("_", "-"),
        f"not counting {who}",
        Citation(ZOOM_NOTICE, quote),
        Is(f"person.{key}", True),
        met=is_none,
        not_met=f"{is_one}, and so is left out",
        not_known=f"it is not known whether {is_one}",
    )


@cache
def zoom_class() -> ClassDefinition:
    """The settlement class: some one use must meet the clauses that speak of a use."""
    return ClassDefinition(
        id="in-re-zoom",
        version="1",
        title="In re Zoom: the settlement class",
        model=ZoomHistory,
        clauses=(_PEOPLE, _OTHER_ACCOUNT, _WHEN),
        exclusions=tuple(_exclusion(key, *words) for key, words in _LEFT_OUT.items()),
        notice=NOTICE,
    )


if __name__ == "__main__":
    history = read_history(Path(sys.argv[1]).read_bytes(), ZoomHistory)
    print(zoom_class().title, verdict_text(evaluate(history, zoom_class())), sep="\n\n")
