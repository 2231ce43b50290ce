"""Whose archive it is, and who its owner is connected to. Both by profile address only.

No column of a modern export says which address is the owner's, and a wrong guess would turn every
direction round. Only three things are believed: what the caller says, the side of an invitation
that must be the owner's, and that nobody is their own connection. Names are never looked at.
"""

import re
import unicodedata
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from attrs import define, field, frozen

from eligibility.linkedin.codes import refusal
from eligibility.linkedin.table import Layout, Row, Table
from eligibility.linkedin.times import read_time

INVITATIONS: Final = Layout(
    (frozenset({"direction", "sentat"}),),
    used=frozenset({"inviterprofileurl", "inviteeprofileurl"}),
    times=("sentat",),
)
CONNECTIONS: Final = Layout((frozenset({"connectedon"}),), used=frozenset({"url"}))
#: The columns of a messages file that hold addresses. Both are optional.
ADDRESS_COLUMNS: Final = ("senderprofileurl", "recipientprofileurls")

_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com/in/([^/?#\s]+)(?:/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
#: Characters of an address, and of a cell of them, that are looked at: the people of any group.
_LONGEST: Final = 2_000
_LONGEST_CELL: Final = 100_000
#: Which side of an invitation is the owner's.
_OWN_SIDE: Final = {"outgoing": "inviterprofileurl", "incoming": "inviteeprofileurl"}


def profile(address: str, *, ascii_only: bool = False) -> str | None:
    """Whom a profile address names, so that spellings of one address compare equal; None if nobody.

    With `ascii_only`, other letters may have been misread and name nobody.

    >>> profile("https://www.linkedin.com/in/Zo%C3%AB-Example/?trk=x") == profile(
    ...     "linkedin.com/in/zoë-example")
    True
    """
    match = _ADDRESS.fullmatch(address.strip()) if len(address) <= _LONGEST else None
    if match is None or (ascii_only and not address.isascii()):
        return None
    try:
        slug = unquote(match[1], errors="strict")
    except UnicodeDecodeError:
        return None
    return unicodedata.normalize("NFC", slug).casefold()


@define
class Connections:
    """Who is connected, and since when at the earliest."""

    since: dict[str, datetime | None] = field(factory=dict)
    rows: int = 0
    without_address: int = 0

    def outside(self, who: str | None, latest: datetime | None) -> bool:
        """Whether somebody is not in the list, or came into it only after an instant."""
        if who is None or not self.since:
            return False
        if who not in self.since:
            return True
        since = self.since[who]
        return since is not None and latest is not None and latest < since


def read_connections(table: Table) -> Connections:
    """Connections with an address; those without are counted."""
    found = Connections()
    for row in table:
        found.rows += 1
        who = profile(row["url"], ascii_only=table.recoded)
        if who is None or row.surplus:
            found.without_address += 1
            continue
        since = read_time(row["connectedon"])
        found.since[who] = since.earliest if since else None
    return found


@define
class Invitations:
    """The addresses that invitations show to be the owner's; two contradict each other."""

    owners: set[str] = field(factory=set)
    rows: int = 0
    without_address: int = 0


def read_invitations(table: Table) -> Invitations:
    """The owner's side of each invitation: the inviter of those that went out, and so on."""
    found = Invitations()
    for row in table:
        found.rows += 1
        side = _OWN_SIDE.get(row["direction"].strip().casefold(), "")
        who = profile(row[side], ascii_only=table.recoded)
        if who is None or row.surplus:
            found.without_address += 1
        elif len(found.owners) < 2:
            found.owners.add(who)
    return found


@frozen
class Owner:
    """Whose archive it is, as far as that is certain; a note's code if it is not."""

    who: str | None
    note: str | None = None
    shown: bool = False
    """Whether the archive itself shows it, not the caller alone."""


def agreed(given: str | None, invitations: Invitations, connections: Connections) -> Owner:
    """The owner on whom all the evidence agrees, or nobody.

    >>> agreed("ada", Invitations({"bo"}), Connections())
    Owner(who=None, note='archive-owner-conflict', shown=False)
    """
    shown = invitations.owners | ({given} if given else set())
    if not shown:
        return Owner(None, "archive-owner-unknown")
    if len(shown) > 1 or shown & connections.since.keys():
        return Owner(None, "archive-owner-conflict")
    return Owner(next(iter(shown)), shown=bool(invitations.owners))


def given_owner(address: str | None) -> str | None:
    """The owner whom the caller names; an address that is none is refused, and not repeated."""
    if address is None:
        return None
    who = profile(address)
    if who is None:
        hint = "Give it as `https://www.linkedin.com/in/…`."
        raise refusal("archive-owner-address", "owner_profile_url", hint)
    return who


@frozen
class People:
    """Sender and recipients of one message."""

    sender: str | None
    recipients: frozenset[str]
    readable: bool
    """Whether every address in the row could be read."""
    hidden: bool
    """Whether the cell of the sender's address is empty."""

    def include(self, who: str | None) -> bool:
        """Whether somebody is known to be among them."""
        return who is not None and (who == self.sender or who in self.recipients)


def people(row: Row, *, ascii_only: bool) -> People:
    """Who sent a message, and to whom, by address. The columns are optional."""
    cell = row[ADDRESS_COLUMNS[0]].strip()
    joined = row[ADDRESS_COLUMNS[1]]
    whole = len(joined) <= _LONGEST_CELL
    cells = [part for part in re.split(r"[,;]", joined) if part.strip()] if whole else []
    sender = profile(cell, ascii_only=ascii_only)
    recipients = [profile(part, ascii_only=ascii_only) for part in cells]
    return People(
        sender,
        frozenset(who for who in recipients if who),
        whole and bool(sender) == bool(cell) and all(recipients),
        not cell,
    )
