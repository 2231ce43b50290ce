"""THE RULES: De La Torre v. LinkedIn Corporation, as a news report describes its proposed class.

Each clause stands with its quotation, its citation and its condition, to be read side by side. What
the sources leave open is a dimension of `Reading`; a definition is a function of a reading. The
case was voluntarily dismissed and no class was ever certified: `NOTICE` says so on every verdict.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final

from eligibility.arguments import expect
from eligibility.case import (
    CASE,
    NOTICE,
    ON_PERMISSION,
    ON_THE_PARENT,
    ON_THE_UPDATE,
    READING_SOURCES,
    REPORT,
    REPORT_SHA256,
    CaseRecord,
)
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
    sentences,
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
from eligibility.spoken import EXCLUSION_FACTS, KNOWERS
from eligibility.values.citation import Citation
from eligibility.values.date_words import day_words
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

#: 2024-09-18T00:00 and 2024-09-19T00:00 in the court's zone, America/Los_Angeles (UTC-7 then).
UPDATE_DAY_BEGINS: Final = instant(datetime(2024, 9, 18, 7, tzinfo=UTC))
UPDATE_DAY_ENDS: Final = instant(datetime(2024, 9, 19, 7, tzinfo=UTC))

#: Plans with InMail credits: these count as Premium. No source lists them; the nearest paraphrases
#: the complaint, 'tiers like Premium Career and Sales Navigator' (technewstoday.co.za). An unknown
#: plan may be one of them.
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
    before_update, day = TimeSet.before(after), day_words(after)
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
                **_premium_sentences(reading.premium_when, day),
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
                **sentences(
                    "the message was an InMail"
                    if reading.messages is Messages.SENT_OR_RECEIVED
                    else "the message was an InMail that the member sent"
                ),
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
                **sentences(
                    "the message was shared to train AI"
                    if reading.recipient is Recipient.ANYONE
                    else "the message was shared with a third party to train AI"
                ),
            ),
            Clause(
                "without-permission",
                "at a time for which they had given no permission",
                Citation(f"{REPORT}, paragraph 6", "shared without permission for AI training"),
                Uncovered("messages[].shared_at", "permissions"),
                context=ON_PERMISSION,
                **sentences("the message was shared without the member's permission"),
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
                **sentences(
                    f"the message was shared before {day}"
                    if reading.date_limits is DateLimits.SHARING
                    else f"the message was sent or received before {day}"
                ),
            ),
        ),
        exclusions=_exclusions() if reading.exclusions is Exclusion.CUSTOMARY else (),
        reading=reading.words(),
        notice=NOTICE,
    )


def _premium_sentences(when: PremiumWhen, day: str) -> dict[str, str]:
    if when is PremiumWhen.EVER:
        return {
            "met": f"the member had Premium at some time before {day}",
            "not_met": f"the member did not have Premium at any time before {day}",
            "not_known": f"it is not known whether the member had Premium before {day}",
        }
    happened = "shared" if when is PremiumWhen.SHARED else "sent or received"
    return {
        **sentences(f"the message was {happened} while the member had Premium"),
        "not_known": (
            f"it is not known whether the member had Premium when the message was {happened}"
        ),
    }


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


def _left_out(key: str, *, is_one: bool) -> str:
    """That the member is, or is not, one of those whom an exclusion leaves out."""
    return f"the member {EXCLUSION_FACTS[key].of_value(is_one, '', KNOWERS['defendant'])}"


@cache
def _exclusions() -> tuple[Clause, ...]:
    return tuple(
        Clause(
            key,
            f"not counting {who}",
            READING_SOURCES[Exclusion.CUSTOMARY],
            Is(f"exclusions.{key}", True),
            context=(ON_THE_PARENT,) if key == "defendant_or_affiliate" else (),
            met=_left_out(key, is_one=False),
            not_met=f"{_left_out(key, is_one=True)}, which leaves the member out",
            not_known=f"it is not known whether {_left_out(key, is_one=True)}",
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
        "18 September 2024 began, in the court's zone, or, where the day of the update still "
        "counts (update_day=through), before it ended."
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
    in_short="what the complaint alleges",
)

#: Everything that can be supposed, by name.
SUPPOSITIONS: Final[Mapping[str, Supposition]] = FrozenDict({AS_ALLEGED.name: AS_ALLEGED})
