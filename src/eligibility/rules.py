"""THE RULES: De La Torre v. LinkedIn Corporation, as a news report describes its proposed class.

Each clause stands with its quotation, its citation and its condition, to be read side by side. What
the sources leave open is a dimension of `Reading`; a definition is a function of a reading. The
case was voluntarily dismissed and no class was ever certified: `NOTICE` says so on every verdict.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Final

from attrs import frozen

from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    Clause,
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    Within,
    all_of,
)
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.immutable import FrozenDict
from eligibility.readings import (
    DIMENSIONS,
    DateLimits,
    Exclusion,
    Messages,
    PremiumWhen,
    Reading,
    Recipient,
    UpdateDay,
    every_reading,
)
from eligibility.values.citation import Citation
from eligibility.values.timeline import instant
from eligibility.values.timeset import TimeSet

__all__ = [
    "AS_ALLEGED",
    "CASE",
    "DIMENSIONS",
    "EXCLUDED",
    "NOTICE",
    "ON_PERMISSION",
    "ON_THE_PARENT",
    "ON_THE_UPDATE",
    "PREMIUM_PLANS",
    "READING_SOURCES",
    "REPORT",
    "REPORT_SHA256",
    "SUPPOSITIONS",
    "UPDATE_DAY_BEGINS",
    "UPDATE_DAY_ENDS",
    "CaseRecord",
    "DateLimits",
    "Exclusion",
    "Messages",
    "PremiumWhen",
    "Reading",
    "Recipient",
    "UpdateDay",
    "class_definition",
    "every_reading",
]

#: SHA-256 of the text of the report that every quotation is taken from, letter by letter.
REPORT_SHA256: Final = "71f17c1856f7b47669b02008dafb5182df8806094d5b0f7559dc0e4acc5e76d2"
#: Its paragraphs are counted from the byline, which is the first.
REPORT: Final = "Report by Jonathan Stempel on De La Torre v. LinkedIn, January 2025"

#: 2024-09-18T00:00 and 2024-09-19T00:00 in the court's zone, America/Los_Angeles (UTC-7 then).
UPDATE_DAY_BEGINS: Final = instant(datetime(2024, 9, 18, 7, tzinfo=UTC))
UPDATE_DAY_ENDS: Final = instant(datetime(2024, 9, 19, 7, tzinfo=UTC))

#: Plans with InMail credits: these count as Premium. An unknown plan may be one of them.
PREMIUM_PLANS: Final = frozenset(
    {
        "premium_career",
        "premium_business",
        "sales_navigator_core",
        "sales_navigator_advanced",
        "sales_navigator_advanced_plus",
        "recruiter_lite",
        "recruiter_corporate",
        "recruiter_professional",
        "job_seeker",
        "business_plus",
    }
)

NOTICE: Final = (
    "This encodes a proposed class as a news report describes it. The case was voluntarily "
    "dismissed without prejudice on 30 January 2025; no class was certified; LinkedIn denies the "
    "allegation. 'Eligible' means only 'fits the description under the stated reading'. It is no "
    "legal advice and no promise of money: $1,000 per person is what was asked for, never an "
    "amount due."
)


@frozen
class CaseRecord:
    """What is on record about a case. Dates are ISO days."""

    name: str
    court: str
    number: str
    filed: str
    ended: str
    status: str
    on_behalf_of: Citation
    sought: tuple[Citation, ...]
    sources: tuple[str, ...]


CASE: Final = CaseRecord(
    name="De La Torre v. LinkedIn Corporation",
    court="U.S. District Court, Northern District of California (San Jose)",
    number="5:25-cv-00709",
    filed="2025-01-21",
    ended="2025-01-30",
    status="proposed class action; voluntarily dismissed without prejudice; no class certified",
    on_behalf_of=Citation(
        f"{REPORT}, paragraph 3", "representing millions of LinkedIn Premium subscribers"
    ),
    sought=(
        Citation(
            f"{REPORT}, paragraph 7",
            "unspecified damages for the breach of contract and violations of California’s unfair "  # noqa: RUF001 - the report's own apostrophe
            "competition law, alongside a request for $1,000 per person under the federal Stored "
            "Communications Act",
        ),
    ),
    sources=(
        REPORT,
        "ClassAction.org, updated 6 February 2025",
        "Reuters of 31 January 2025 in The Star",
        "18 U.S.C. 2702, 2707(c)",
    ),
)


#: Who says so, for each value of each dimension.
READING_SOURCES: Final[Mapping[Enum, Citation]] = FrozenDict(
    {
        Messages.SENT_OR_RECEIVED: Citation(
            "techweez.com, newsbytesapp.com and econotimes.com, after Reuters",
            "sent or received InMail messages",
        ),
        Messages.SENT: Citation(
            "evilcorporations.com", "paid for LinkedIn Premium and sent private messages"
        ),
        DateLimits.SHARING: Citation(
            f"{REPORT}, paragraph 6",
            "had their InMail messages shared without permission for AI training before the policy "
            "update on September 18",
        ),
        DateLimits.MESSAGE: Citation(
            "pymnts.com", "exchanged private InMail messages before the policy change"
        ),
        PremiumWhen.SHARED: Citation(
            f"{REPORT}, paragraph 6", "LinkedIn Premium users who had their InMail messages shared"
        ),
        PremiumWhen.MESSAGED: Citation("No source says when the user must have had Premium"),
        PremiumWhen.EVER: Citation("No source says when the user must have had Premium"),
        UpdateDay.BEFORE: Citation(
            f"{REPORT}, paragraph 6", "before the policy update on September 18"
        ),
        UpdateDay.THROUGH: Citation("No source gives the update a time of day or a zone"),
        Recipient.ANYONE: Citation(
            f"{REPORT}, paragraph 2", "disclosed without their consent to assist in training"
        ),
        Recipient.THIRD_PARTIES: Citation(
            "techweez.com and newsbytesapp.com, after Reuters",
            "whose private information was shared with third parties for AI training",
        ),
        Exclusion.NONE: Citation("No exclusion is reported for this case"),
        Exclusion.CUSTOMARY: Citation(
            "Frasco v. Flo Health, N.D. Cal., certified 2025: the exclusions of "
            "its class definition"
        ),
    }
)


#: The update, which the class names without its year.
ON_THE_UPDATE: Final = Citation(
    f"{REPORT}, paragraph 4",
    "LinkedIn modified its privacy policy on September 18, 2024, to state that user data could be "
    "used for AI model training",
)

#: What permission means. It is what a member has *affirmatively* allowed: a setting that is on
#: unless it is turned off is none, and turning it off undoes nothing that was shared before.
ON_PERMISSION: Final = (
    Citation(
        f"{REPORT}, paragraph 3",
        "a change made quietly last August, when LinkedIn introduced a privacy setting allowing "
        "users to choose if they wanted their personal data shared or not",
    ),
    Citation(
        f"{REPORT}, paragraph 4",
        "in a “Frequently Asked Questions” link, it mentioned that opting out would “not affect "
        "training that has already taken place.”",
    ),
    Citation(
        f"{REPORT}, paragraph 5",
        "this effort to “cover its tracks” indicates that LinkedIn was fully aware it was "
        "infringing on users’ privacy",  # noqa: RUF001 - the report's own apostrophe
    ),
)

#: Who the parent is, so that its officers, directors and employees are excluded with it.
ON_THE_PARENT: Final = Citation(
    f"{REPORT}, paragraph 2",
    "Microsoft’s business-centric social media platform LinkedIn",  # noqa: RUF001 - as above
)


def class_definition(reading: Reading = Reading()) -> ClassDefinition:
    """The proposed class of De La Torre v. LinkedIn under a reading.

    One and the same message must meet all five clauses; with `premium_when=ever`, the first is
    about the account alone.

    >>> [clause.id for clause in class_definition().clauses]
    ['premium', 'inmail', 'shared', 'without-permission', 'before-update']
    """
    expect(reading, Reading, "reading", '`Reading.of(messages="sent")` makes one of words.')
    return _class_definition(reading)


@cache
def _class_definition(reading: Reading) -> ClassDefinition:
    after = UPDATE_DAY_BEGINS if reading.update_day is UpdateDay.BEFORE else UPDATE_DAY_ENDS
    before_update = TimeSet.before(after)
    limited = (
        "messages[].shared_at"
        if reading.date_limits is DateLimits.SHARING
        else "messages[].sent_at"
    )
    return ClassDefinition(
        id="de-la-torre-v-linkedin",
        version="1",
        title="The proposed class of De La Torre v. LinkedIn Corporation",
        model=AccountHistory,
        clauses=(
            Clause(
                "premium",
                _PREMIUM_WORDS[reading.premium_when],
                Citation(f"{REPORT}, paragraph 6", "LinkedIn Premium users")
                if reading.premium_when is PremiumWhen.SHARED
                else READING_SOURCES[reading.premium_when],
                _premium(reading.premium_when, before_update),
            ),
            Clause(
                "inmail",
                "whose InMail messages"
                if reading.messages is Messages.SENT_OR_RECEIVED
                else "whose own InMail messages, those they sent,",
                Citation(f"{REPORT}, paragraph 6", "who had their InMail messages")
                if reading.messages is Messages.SENT_OR_RECEIVED
                else READING_SOURCES[reading.messages],
                _inmail(reading.messages),
            ),
            Clause(
                "shared",
                "were shared for AI training"
                if reading.recipient is Recipient.ANYONE
                else "were shared with a third party for AI training",
                Citation(
                    f"{REPORT}, paragraph 2",
                    "their private messages were disclosed without their consent to assist in "
                    "training generative artificial intelligence models",
                )
                if reading.recipient is Recipient.ANYONE
                else READING_SOURCES[reading.recipient],
                _shared(reading.recipient),
            ),
            Clause(
                "without-permission",
                "at a time for which they had given no permission",
                Citation(f"{REPORT}, paragraph 6", "shared without permission for AI training"),
                Uncovered("messages[].shared_at", "permissions"),
                context=ON_PERMISSION,
            ),
            Clause(
                "before-update",
                _LIMIT_WORDS[reading.date_limits]
                + (
                    " began, in the court's zone"
                    if reading.update_day is UpdateDay.BEFORE
                    else " ended, in the court's zone"
                ),
                Citation(f"{REPORT}, paragraph 6", "before the policy update on September 18")
                if reading.date_limits is DateLimits.SHARING
                else READING_SOURCES[reading.date_limits],
                Within(limited, before_update),
                context=(ON_THE_UPDATE,),
            ),
        ),
        exclusions=_exclusions() if reading.exclusions is Exclusion.CUSTOMARY else (),
        reading=reading.words(),
        notice=NOTICE,
    )


_PREMIUM_WORDS: Final = {
    PremiumWhen.SHARED: "LinkedIn Premium users when it was shared",
    PremiumWhen.MESSAGED: "LinkedIn Premium users when it was sent or received",
    PremiumWhen.EVER: "LinkedIn Premium users at any time before the update",
}
_LIMIT_WORDS: Final = {
    DateLimits.SHARING: "shared before the day of the policy update, 18 September 2024,",
    DateLimits.MESSAGE: "exchanged before the day of the policy update, 18 September 2024,",
}


def _premium(when: PremiumWhen, before_update: TimeSet) -> Condition:
    counts = (Is("premium[].plan", PREMIUM_PLANS),)
    if when is PremiumWhen.EVER:
        return Ever("premium", before_update, counts)
    moment = "messages[].shared_at" if when is PremiumWhen.SHARED else "messages[].sent_at"
    return Covered(moment, "premium", counts)


def _inmail(messages: Messages) -> Condition:
    inmail = Is("messages[].inmail", True)
    if messages is Messages.SENT:
        return all_of(inmail, Is("messages[].direction", "sent"))
    return inmail


def _shared(recipient: Recipient) -> Condition:
    shared = Is("messages[].shared", True)
    if recipient is Recipient.THIRD_PARTIES:
        return all_of(shared, Is("messages[].recipient", "third_party"))
    return shared


#: The customary exclusions: the key of a history's `exclusions`, and whom it leaves out.
EXCLUDED: Final[Mapping[str, str]] = FrozenDict(
    {
        "presiding_judge_or_family": "the presiding judge and the judge's family",
        "defendant_or_affiliate": (
            "the defendant, its parents (Microsoft) and subsidiaries, their "
            "officers, directors and "
            "employees"
        ),
        "counsel": "counsel in the case",
        "requested_exclusion": "whoever asked in time to be excluded",
        "claims_adjudicated_or_released": "whoever's claims were already adjudicated or released",
        "successor_of_excluded": "legal representatives, successors and assigns of those excluded",
    }
)


def _exclusions() -> tuple[Clause, ...]:
    return tuple(
        Clause(
            key,
            f"not counting {who}",
            READING_SOURCES[Exclusion.CUSTOMARY],
            Is(f"exclusions.{key}", True),
            context=(ON_THE_PARENT,) if key == "defendant_or_affiliate" else (),
        )
        for key, who in EXCLUDED.items()
    )


AS_ALLEGED: Final = Supposition(
    name="as-alleged",
    text=(
        "Supposing what the complaint alleges, as we read the report of it: every InMail of the "
        "account that was sent before the update was shared, without permission unless one is "
        "recorded, at some moment after it was sent and before the update. The report says that "
        "'their private messages were disclosed without their consent' (paragraph 2). 'Every', "
        "and 'before the update' (paragraph 6), are our reading of it, for the complaint itself "
        "was not found. The update is that of the reading in force: the sharing came before "
        "18 September 2024 began, in the court's zone, or, with update_day=through, before it "
        "ended."
    ),
    citation=Citation(
        f"{REPORT}, paragraph 2",
        "These users claim that their private messages were disclosed without their consent",
    ),
    list="messages",
    unless=("inmail", False),
    when="sent_at",
    before=UPDATE_DAY_BEGINS,
    before_under=(("update_day", UpdateDay.THROUGH.value, UPDATE_DAY_ENDS),),
    fact="shared",
    then="shared_at",
    complete=("permissions",),
)

#: Everything that can be supposed, by name.
SUPPOSITIONS: Final[Mapping[str, Supposition]] = {AS_ALLEGED.name: AS_ALLEGED}
