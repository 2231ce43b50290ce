"""What is on record about De La Torre v. LinkedIn Corporation, and the sources, letter by letter.

`rules` sets these quotations beside the conditions that mean them.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import frozen

from eligibility.immutable import FrozenDict
from eligibility.readings import DateLimits, Exclusion, Messages, PremiumWhen, Recipient, UpdateDay
from eligibility.values.citation import Citation

#: SHA-256 of the text of the report that every quotation is taken from, letter by letter.
REPORT_SHA256: Final = "71f17c1856f7b47669b02008dafb5182df8806094d5b0f7559dc0e4acc5e76d2"
#: Its paragraphs are counted from the byline, which is the first.
REPORT: Final = "Report by Jonathan Stempel on De La Torre v. LinkedIn, January 2025"

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
