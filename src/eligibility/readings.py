"""The words that a reading of De La Torre v. LinkedIn is made of, and all readings.

Strings from a command line or a file come in, a `Reading` goes out, to `rules`: there stands who
says so, and what each word means.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product
from typing import Final, Self

from attrs import frozen

from eligibility.arguments import checked
from eligibility.errors import Problem, UnknownReading, shown
from eligibility.immutable import FrozenDict


class Messages(Enum):
    """Whose InMails count."""

    SENT_OR_RECEIVED = "sent-or-received"
    SENT = "sent"


class DateLimits(Enum):
    """What must come before the update."""

    SHARING = "sharing"
    MESSAGE = "message"


class PremiumWhen(Enum):
    """When the account must have had Premium."""

    SHARED = "shared"
    MESSAGED = "messaged"
    EVER = "ever"


class UpdateDay(Enum):
    """Whether the day of the update itself still counts."""

    BEFORE = "before"
    THROUGH = "through"


class Recipient(Enum):
    """Whom a message must have been shared with."""

    ANYONE = "anyone"
    THIRD_PARTIES = "third-parties"


class Exclusion(Enum):
    """Who is left out."""

    NONE = "none"
    CUSTOMARY = "customary"


@frozen(field_transformer=checked)
class Reading:
    """One way to read what the sources leave open; the default is the report's most literal one.

    >>> Reading.of(messages="sent").messages
    <Messages.SENT: 'sent'>
    """

    messages: Messages = Messages.SENT_OR_RECEIVED
    date_limits: DateLimits = DateLimits.SHARING
    premium_when: PremiumWhen = PremiumWhen.SHARED
    update_day: UpdateDay = UpdateDay.BEFORE
    recipient: Recipient = Recipient.ANYONE
    exclusions: Exclusion = Exclusion.NONE

    @classmethod
    def of(cls, /, **words: str | Enum) -> Self:
        """A reading from strings; what is not named keeps its default.

        Raises:
            UnknownReading: `unknown-reading`, for every dimension or value that there is not.
        """
        chosen: dict[str, Enum] = {}
        problems: list[Problem] = []
        for name, word in words.items():
            values, named = DIMENSIONS.get(name), shown(name)
            if values is None:
                hint = f"Write one or more of {', '.join(reading_options())}."
                problems.append(
                    Problem("unknown-reading", named, f"There is no disputed term `{named}`.", hint)
                )
            elif isinstance(word, values):
                chosen[name] = word
            elif not isinstance(word, str) or word not in {value.value for value in values}:
                hint = f"Its readings are {', '.join(value.value for value in values)}."
                problems.append(
                    Problem(
                        "unknown-reading",
                        named,
                        f"`{named}` cannot be read as `{shown(word)}`.",
                        hint,
                    )
                )
            else:
                chosen[name] = values(word)
        if problems:
            raise UnknownReading(problems)
        return cls(**chosen)  # type: ignore[arg-type]  # each value was made by its own dimension

    def words(self) -> dict[str, str]:
        """The reading as strings, by dimension."""
        return {name: getattr(self, name).value for name in DIMENSIONS}


def reading_options() -> Iterator[str]:
    """Each disputed term, and how it may be read."""
    for name, values in DIMENSIONS.items():
        yield f"{name}={'|'.join(value.value for value in values)}"


#: Each dimension of a reading, and its values, the default first.
DIMENSIONS: Final[Mapping[str, type[Enum]]] = FrozenDict(
    {
        "messages": Messages,
        "date_limits": DateLimits,
        "premium_when": PremiumWhen,
        "update_day": UpdateDay,
        "recipient": Recipient,
        "exclusions": Exclusion,
    }
)


#: What each dimension decides, after 'it depends on', and what each value says.
DEPENDS_ON: Final[Mapping[str, str]] = FrozenDict(
    {
        "messages": "whose messages count",
        "date_limits": "whether the sharing or the message itself must come before the update",
        "premium_when": "when the member must have had Premium",
        "update_day": "whether the day of the update still counts",
        "recipient": "who must have received a message",
        "exclusions": "whether exclusions apply",
    }
)
MEANS: Final[Mapping[Enum, str]] = FrozenDict(
    {
        Messages.SENT_OR_RECEIVED: "InMails that the member sent or received count",
        Messages.SENT: "only InMails that the member sent count",
        DateLimits.SHARING: "the sharing must come before the update",
        DateLimits.MESSAGE: "the message itself must come before the update",
        PremiumWhen.SHARED: "the member must have had Premium when the message was shared",
        PremiumWhen.MESSAGED: "the member must have had Premium when it was sent or received",
        PremiumWhen.EVER: "the member must have had Premium at some time before the update",
        UpdateDay.BEFORE: "the day of the update does not count",
        UpdateDay.THROUGH: "the day of the update still counts",
        Recipient.ANYONE: "it does not matter whom a message was shared with",
        Recipient.THIRD_PARTIES: "the message must have been shared with a third party",
        Exclusion.NONE: "nobody is excluded",
        Exclusion.CUSTOMARY: "the customary exclusions apply",
    }
)


def every_reading() -> Iterator[Reading]:
    """All readings, the default first."""
    for values in product(*DIMENSIONS.values()):
        yield Reading(*values)  # type: ignore[arg-type]  # product keeps the dimensions' order
