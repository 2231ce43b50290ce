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
        "documents": "the member's receipts or data export",
        "defendant": "LinkedIn",
    }
)

#: The plans that people call Premium: those with InMail credits (`rules.PREMIUM_PLANS`).
_PREMIUM: Final = frozenset(
    {
        *("premium_career", "premium_business", "job_seeker", "business_plus"),
        *("sales_navigator_core", "sales_navigator_advanced", "sales_navigator_advanced_plus"),
        *("recruiter_lite", "recruiter_corporate", "recruiter_professional"),
    }
)

SUBSCRIPTION: Final = ListPhrases(
    noun="subscription",
    nouns="Premium subscriptions",
    called="Premium",
    asks_any="Did you ever have a paid LinkedIn subscription?",
    asks_more="Did you ever have any other paid LinkedIn subscription?",
    unknown_any="whether the member ever had Premium",
    known_by="documents",
    asks_some="Did you have {plan} {when}?",
    asks_some_more="Apart from that, did you have {plan} {when}?",
    asks_none="When did you definitely not have {plan}?",
    asks_throughout="Did you have {plan} without a break from {first} until {last}?",
    asks_breaks="Between which of these dates were you without {plan} for some time?",
    yours="your Premium",
    topic="LinkedIn Premium",
    help=(
        "These paid plans count: Premium Career, Premium Business, Sales Navigator and Recruiter. "
        "A free trial of one counts, too. LinkedIn Learning alone does not.\n"
        "Job Seeker is an older name of Premium Career, and Business Plus of Premium Business: "
        "they count. A Premium page for a company and Hiring Pro do not. A plan that you cancelled "
        "counts for as long as you could still use it. No report says whether a free trial counts, "
        "or a plan that somebody else paid for: here both do."
    ),
)
SUBSCRIPTION_FACTS: Final = FrozenDict(
    {
        "plan": Phrases(
            "was {value}",
            "which plan {it} was",
            "Which plan was {it}?",
            subject="the plan",
            of_kind="to {value}",
            named={None: "a paid LinkedIn account", _PREMIUM: "LinkedIn Premium"},
            help="Choose all that it may have been. Your receipts name the plan.",
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
                _PREMIUM: "LinkedIn Premium",
            },
        ),
        "start": Phrases(
            help=(
                "If there was a break, say when it last began again. As exactly as you know: a "
                "year, a month or a day will do."
            ),
            example="March 2021",
        ),
        "end": Phrases(
            asks_lasting="Did you still have Premium on {when}?",
            help=(
                "If you had it more than once, say when it last ended. As exactly as you know: a "
                "year, a month or a day will do."
            ),
            example="April 2023",
        ),
    }
)

MESSAGE: Final = ListPhrases(
    noun="message",
    asks_any="Did you ever send or receive a message on LinkedIn?",
    asks_more="Were there any other messages that you sent or received?",
    unknown_any="whether the member ever sent or received a message",
    known_by="documents",
    asks_some="Did you {direction} {inmail} {when}?",
    asks_some_more="Apart from that, did you {direction} {inmail} {when}?",
    yours="that InMail",
    topic="InMail messages",
    help=(
        "An InMail is a message between two people who are not connected on LinkedIn. Your inbox "
        "marks it as InMail. Messages between connections, and advertisements, are not InMails.\n"
        "Only members with Premium can send an InMail. Anybody can receive one."
    ),
)
MESSAGE_FACTS: Final = FrozenDict(
    {
        "inmail": Phrases(
            {True: "was an InMail", False: "was not an InMail"},
            "whether {it} was an InMail",
            "Was {it} an InMail?",
            named={None: "a message", True: "an InMail", False: "a message that was not an InMail"},
            asks_which={True: "Which of these messages were InMails?"},
        ),
        "direction": Phrases(
            {"sent": "was sent by the member", "received": "was received by the member"},
            "whether the member sent or received {it}",
            "Did you send or receive {it}?",
            values={"sent": "I sent it", "received": "I received it"},
            named={None: "send or receive", "sent": "send", "received": "receive"},
            asks_which={"sent": "Which of these messages did you send?"},
        ),
        "sent_at": Phrases(
            help=(
                "As exactly as you know: a year, a month or a day will do. Of several InMails, "
                "take the one that you can date best."
            ),
            example="2023",
        ),
        "shared": Phrases(known_by="defendant"),
        "shared_at": Phrases(known_by="defendant"),
        "recipient": Phrases(
            {
                "third_party": "can only have gone to a third party",
                "linkedin_or_affiliate": "can only have gone to LinkedIn or an affiliate",
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
    asks_some="Did you allow LinkedIn to use your messages to train AI {when}?",
    asks_some_more=(
        "Apart from that, did you allow LinkedIn to use your messages to train AI {when}?"
    ),
    asks_throughout=(
        "Did you allow LinkedIn to use your messages to train AI all the time from {first} until "
        "{last}?"
    ),
    yours="that permission",
    topic="Permission",
    help=(
        "Say yes only if you agreed to it yourself. A setting that LinkedIn had turned on for you "
        "does not count."
    ),
)
PERMISSION_FACTS: Final = FrozenDict(
    {
        "start": Phrases(asks_when="When did you give {it}?"),
        "end": Phrases(
            asks_when="When did you take {it} back?",
            asks_lasting="Did {it} still hold on {when}?",
            values={"..": "I have not taken it back"},
        ),
    }
)


def _left_out(is_one: str, is_none: str, asks: str) -> Phrases:
    says = {True: is_one, False: is_none}
    return Phrases(says, f"whether {{it}} {is_one}", asks, known_by="claimant")


_IN_GROUP: Final = "an officer, director or employee of {defendant} or of a company in its group"
EXCLUSION_FACTS: Final[Mapping[str, Phrases]] = FrozenDict(
    {
        "presiding_judge_or_family": _left_out(
            "is the presiding judge or of the judge's family",
            "is neither the presiding judge nor of the judge's family",
            "Are you the presiding judge, or of the judge's family?",
        ),
        "defendant_or_affiliate": _left_out(
            f"is {_IN_GROUP}", f"is not {_IN_GROUP}", f"Are you {_IN_GROUP}?"
        ),
        "counsel": _left_out(
            "is a lawyer in the case",
            "is not a lawyer in the case",
            "Are you a lawyer in this case?",
        ),
        "requested_exclusion": _left_out(
            "asked in time to be left out",
            "did not ask in time to be left out",
            "Did you ask in time to be left out of the class?",
        ),
        "claims_adjudicated_or_released": _left_out(
            "has had the claims decided by a court or has given them up",
            "has neither had the claims decided by a court nor given them up",
            "Were your claims already decided by a court, or did you give them up?",
        ),
        "successor_of_excluded": _left_out(
            "is the heir or representative of somebody who is left out",
            "is not the heir or representative of somebody who is left out",
            "Are you the heir or representative of somebody who is left out?",
        ),
    }
)
