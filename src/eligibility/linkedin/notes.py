"""What the report says of what was read: notes on messages, receipts and files, and the hints.

A note on messages has a count and no list: which messages it means, the history itself shows. A
hint has the list, for nothing else has it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eligibility.linkedin.codes import CODES
from eligibility.linkedin.messages import Basis, Inbox
from eligibility.linkedin.names import Role
from eligibility.linkedin.owner import Owner
from eligibility.linkedin.receipts import Receipts
from eligibility.linkedin.report import Note, note, note_on


def on_messages(inbox: Inbox, whose: Owner) -> Iterator[Note]:
    """What is not known of the messages, and how many it concerns."""
    no_direction = inbox.count(Basis.NOTHING, Basis.ABSENT)
    for code, count in (
        ("archive-inmail-unknown", len(inbox.records)),
        ("archive-time-unread", len(inbox.unread_times)),
        ("archive-time-no-zone", len(inbox.without_zone)),
        ("archive-direction-unknown", no_direction),
        ("archive-direction-conflict", inbox.count(Basis.CONFLICT)),
    ):
        if count:
            yield Note(code, CODES[code], count)
    if whose.note and no_direction:
        yield note(whose.note)


def on_receipts(paid: Receipts) -> Iterator[Note]:
    """What is assumed of each span, and what is not known of some."""
    for code, indexes in (
        (
            "archive-receipt-covers-payment",
            sorted(set(range(len(paid.records))) - set(paid.unclear)),
        ),
        ("archive-receipt-plan-unknown", paid.without_plan),
        ("archive-receipt-unclear", paid.unclear),
        ("archive-time-no-zone", paid.without_zone),
    ):
        if indexes:
            yield note_on(code, _paths("premium", indexes))


def on_files(named: Mapping[Role, Sequence[str]], zips: Sequence[str]) -> Iterator[Note]:
    """What was not there, and what was there and not opened.

    Args:
        named: what the report calls the files of each role.
        zips: and the ZIPs within the archive, which have no role.
    """
    for role, code in (
        (Role.MESSAGES, "archive-no-messages"),
        (Role.RECEIPTS, "archive-no-receipts"),
    ):
        if not named.get(role):
            yield note(code)
    if len(named.get(Role.MESSAGES, ())) > 1:
        yield note_on("archive-several-files", named[Role.MESSAGES])
    for code, names in (
        ("archive-assistant-logs", named.get(Role.ASSISTANT_LOG, ())),
        ("archive-nested-zip", zips),
    ):
        if names:
            yield note_on(code, names)
    known = named.get(Role.OTHER, ())
    count = len(known) + len(named.get(Role.UNKNOWN, ())) - len(zips)
    if count:
        yield Note("archive-other-files", CODES["archive-other-files"], count, tuple(known))


def hints(inbox: Inbox, whose: Owner) -> tuple[Note, ...]:
    """What may be so of which messages."""
    caution = "" if whose.who else "The owner is not known; the sender may be the owner."
    return tuple(
        note_on(code, _paths("messages", indexes), caution if "sender" in code else "")
        for code, indexes in sorted(inbox.hints.items())
    )


def _paths(of: str, indexes: Iterable[int]) -> list[str]:
    return [f"{of}[{index}]" for index in indexes]
