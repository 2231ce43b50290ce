"""The first case: what is known of one LinkedIn account, as data is validated at the edge.

A history comes in as JSON (`read_history`), as Python data (`AccountHistory(...)`) or from an
export archive (`eligibility.linkedin`), and goes on to be normalised. Nothing about the case is
decided here.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from eligibility import spoken as words
from eligibility.facts.model import Facts, History, MomentField, Record, Span, YesNo, unique_ids

if TYPE_CHECKING:
    from datetime import date

    from eligibility.facts.completeness import CompletenessStatement
    from eligibility.values.moment import Moment

    #: What a moment is taken from.
    When = Moment | str | date | None

Plan = Literal[
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
    "learning",
    "premium_company_page",
    "hiring_pro",
    "other",
]
Direction = Literal["sent", "received"]
Recipient = Literal["third_party", "linkedin_or_affiliate"]


# Pydantic takes more than a field holds: a text or a `date` for a moment, a dict for a record.
# A type checker knows that only from an `__init__` that says so; it has one here, and nobody else.


class Subscription(Span):
    """One subscription, from its start to its end."""

    spoken: ClassVar = words.SUBSCRIPTION
    phrases: ClassVar = words.SUBSCRIPTION_FACTS

    plan: Plan | tuple[Plan, ...] | None = Field(
        default=None,
        title="Plan",
        description="Which paid product it was, or a list of those that it may have been.",
    )

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str | None = None,  # noqa: A002 - the key of a record
            source: str | None = None,
            start: When = None,
            end: When = None,
            plan: Plan | Iterable[Plan] | None = None,
        ) -> None: ...


class Message(Record):
    """One message of the account. It has no place for text, names or addresses.

    `shared_at` and `recipient` speak of the worlds in which it was shared, and say nothing of
    others: to know a recipient is not to know that there was a sharing.
    """

    later: ClassVar[frozenset[str]] = frozenset({"recipient"})
    order: ClassVar[tuple[tuple[str, str], ...]] = (("sent_at", "shared_at"),)
    exists_if: ClassVar[Mapping[str, str]] = {"shared_at": "shared"}
    spoken: ClassVar = words.MESSAGE
    phrases: ClassVar = words.MESSAGE_FACTS

    inmail: YesNo = Field(default=None, title="Was it an InMail?")
    direction: Direction | tuple[Direction, ...] | None = Field(
        default=None, title="Did the account send or receive it?"
    )
    sent_at: MomentField = Field(default=None, title="When was it sent?")
    shared: YesNo = Field(default=None, title="Was it shared to train AI?")
    shared_at: MomentField = Field(default=None, title="When was it shared?")
    recipient: Recipient | tuple[Recipient, ...] | None = Field(
        default=None,
        title="Whom was it shared with?",
        description=(
            "If it was shared: a third party is anybody but LinkedIn and its affiliates (such as "
            "Microsoft), also where these are among the recipients."
        ),
    )

    if TYPE_CHECKING:

        def __init__(  # noqa: PLR0913 - each is a field
            self,
            *,
            id: str | None = None,  # noqa: A002 - the key of a record
            source: str | None = None,
            inmail: bool | None = None,
            direction: Direction | Iterable[Direction] | None = None,
            sent_at: When = None,
            shared: bool | None = None,
            shared_at: When = None,
            recipient: Recipient | Iterable[Recipient] | None = None,
        ) -> None: ...


class Permission(Span):
    """A time in which the member had affirmatively allowed the sharing.

    A setting that is on by default is no permission, and turning it off afterwards undoes nothing;
    `eligibility.rules` has the words of the report on both.
    """

    spoken: ClassVar = words.PERMISSION
    phrases: ClassVar = words.PERMISSION_FACTS

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str | None = None,  # noqa: A002 - the key of a record
            source: str | None = None,
            start: When = None,
            end: When = None,
        ) -> None: ...


class Exclusions(Facts):
    """Who is customarily left out of a class; used only by readings that have exclusions."""

    phrases: ClassVar = words.EXCLUSION_FACTS
    topic: ClassVar = "Who is left out"

    presiding_judge_or_family: YesNo = Field(
        default=None, title="The presiding judge, or the judge's family?"
    )
    defendant_or_affiliate: YesNo = Field(
        default=None,
        title="The defendant or an affiliate?",
        description="Parents (Microsoft), subsidiaries, their officers, directors and employees.",
    )
    counsel: YesNo = Field(default=None, title="Counsel in the case?")
    requested_exclusion: YesNo = Field(default=None, title="Asked to be excluded?")
    claims_adjudicated_or_released: YesNo = Field(
        default=None, title="Claims already adjudicated or released?"
    )
    successor_of_excluded: YesNo = Field(
        default=None,
        title="Successor of somebody excluded?",
        description="Legal representatives, successors and assigns.",
    )


class AccountHistory(History):
    """What is known of one LinkedIn account.

    Only `account_id` is required. A missing key and null both mean unknown; a list that `complete`
    does not name may hold records that nobody has listed.

    >>> history = AccountHistory(account_id="A-1001", messages=[{"sent_at": "2023-06"}])
    >>> history.messages[0].sent_at.text
    '2023-06'
    """

    holder: ClassVar = words.HOLDER
    knowers: ClassVar = words.KNOWERS

    premium: Annotated[tuple[Subscription, ...], unique_ids] = Field(
        default=(), title="Premium subscriptions"
    )
    messages: Annotated[tuple[Message, ...], unique_ids] = Field(default=(), title="Messages")
    permissions: Annotated[tuple[Permission, ...], unique_ids] = Field(
        default=(),
        title="Permissions",
        description="Times in which sharing was affirmatively allowed.",
    )
    exclusions: Exclusions = Field(default=Exclusions(), title="Exclusions")

    if TYPE_CHECKING:

        def __init__(  # noqa: PLR0913 - each is a field
            self,
            *,
            account_id: str,
            schema_version: Literal["1"] = "1",
            time_zone: str = ...,
            complete: Iterable[str | CompletenessStatement | Mapping[str, Any]] = (),
            premium: Iterable[Subscription | Mapping[str, Any]] = (),
            messages: Iterable[Message | Mapping[str, Any]] = (),
            permissions: Iterable[Permission | Mapping[str, Any]] = (),
            exclusions: Exclusions | Mapping[str, bool | None] = ...,
        ) -> None: ...
