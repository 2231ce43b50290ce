"""How people speak of a LinkedIn account: the words of `history` for sentences and questions.

Data only: what each list is called, what each fact makes true, and how it is asked for.
"""

from collections.abc import Mapping
from typing import Final

from eligibility.facts.phrases import Knower, ListPhrases, Phrases
from eligibility.immutable import FrozenDict

HOLDER: Final = "the member"
KNOWERS: Final[Mapping[Knower, str]] = FrozenDict(
    {
        "claimant": "the member",
        "documents": "the member or the member's receipts and data export",
        "defendant": "LinkedIn",
    }
)

SUBSCRIPTION: Final = ListPhrases(
    noun="Premium subscription",
    called="Premium",
    asks_any="Did you ever have a paid LinkedIn subscription?",
    asks_more="Did you ever have any other paid LinkedIn subscription?",
    unknown_any="whether the member ever had Premium",
    known_by="documents",
)
SUBSCRIPTION_FACTS: Final = FrozenDict(
    {
        "plan": Phrases(
            "was {value}",
            "which plan {it} was",
            "Which plan was {it}?",
            subject="the plan",
            values={
                "premium_career": "Premium Career",
                "premium_business": "Premium Business",
                "sales_navigator_core": "Sales Navigator Core",
                "sales_navigator_advanced": "Sales Navigator Advanced",
                "sales_navigator_advanced_plus": "Sales Navigator Advanced Plus",
                "recruiter_lite": "Recruiter Lite",
                "recruiter_corporate": "Recruiter Corporate",
                "recruiter_professional": "Recruiter Professional Services",
                "job_seeker": "Job Seeker",
                "business_plus": "Business Plus",
                "learning": "LinkedIn Learning",
                "premium_company_page": "Premium Company Page",
                "hiring_pro": "Hiring Pro",
                "other": "another paid product",
            },
        ),
    }
)

MESSAGE: Final = ListPhrases(
    noun="message",
    asks_any="Did you ever send or receive a message on LinkedIn?",
    asks_more="Were there any other messages that you sent or received?",
    unknown_any="whether the member ever sent or received a message",
    known_by="documents",
)
MESSAGE_FACTS: Final = FrozenDict(
    {
        "inmail": Phrases(
            {True: "was an InMail", False: "was not an InMail"},
            "whether {it} was an InMail",
            "Was {it} an InMail?",
        ),
        "direction": Phrases(
            {"sent": "was sent by the member", "received": "was received by the member"},
            "whether the member sent or received {it}",
            "Did you send or receive {it}?",
            values={"sent": "I sent it", "received": "I received it"},
        ),
        "shared": Phrases(known_by="defendant"),
        "shared_at": Phrases(known_by="defendant"),
        "recipient": Phrases(
            {
                "third_party": "went to a third party if it was shared",
                "linkedin_or_affiliate": "went to LinkedIn or an affiliate only, if it was shared",
            },
            "with whom {it} was shared",
            "If {it} was shared to train AI, whom was it shared with?",
            values={
                "third_party": "a third party",
                "linkedin_or_affiliate": "LinkedIn or an affiliate, such as Microsoft",
            },
            known_by="defendant",
        ),
    }
)

PERMISSION: Final = ListPhrases(
    noun="permission",
    called="the member's permission",
    asks_any="Did you ever allow LinkedIn to use your messages to train AI?",
    asks_more="Did you allow LinkedIn to use your messages to train AI at any other time?",
    unknown_any="whether the member ever allowed LinkedIn to use messages to train AI",
    known_by="claimant",
)

EXCLUSION_FACTS: Final = FrozenDict(
    {
        "presiding_judge_or_family": Phrases(
            unknown="whether the member is the presiding judge or of the judge's family",
            asks="Are you the presiding judge, or of the judge's family?",
            known_by="claimant",
        ),
        "defendant_or_affiliate": Phrases(
            unknown=(
                "whether the member is an officer, director or employee of LinkedIn or of a "
                "company of its group"
            ),
            asks=(
                "Are you an officer, director or employee of LinkedIn, of its parent Microsoft or "
                "of a company that it owns?"
            ),
            known_by="claimant",
        ),
        "counsel": Phrases(
            unknown="whether the member is a lawyer in the case",
            asks="Are you a lawyer in this case?",
            known_by="claimant",
        ),
        "requested_exclusion": Phrases(
            unknown="whether the member asked in time to be left out",
            asks="Did you ask in time to be left out of the class?",
            known_by="claimant",
        ),
        "claims_adjudicated_or_released": Phrases(
            unknown="whether the member's claims were already decided or given up",
            asks="Were your claims already decided by a court, or did you give them up?",
            known_by="claimant",
        ),
        "successor_of_excluded": Phrases(
            unknown="whether the member stands in for somebody who is left out",
            asks="Do you stand in for somebody who is left out, as an heir or representative?",
            known_by="claimant",
        ),
    }
)
