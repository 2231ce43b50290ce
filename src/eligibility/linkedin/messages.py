"""Messages: from the rows of `messages.csv`, in every header it has had, to records of a history.

Of a row there remain its time, its direction where that is certain, and its place in the file.
Whether it is an InMail no column says, so that is always unknown; what hints at it goes into the
report. Text, names and addresses are looked at here and stay here.
"""

from array import array
from collections import Counter
from enum import Enum, auto
from typing import Any, Final

from attrs import define, field

from eligibility.linkedin.owner import ADDRESS_COLUMNS, Connections, People, people
from eligibility.linkedin.table import Layout, Row, Table
from eligibility.linkedin.times import Bounds, read_time

_DRAFT_COLUMNS: Final = ("ismessagedraft", "isconversationdraft")

LAYOUT: Final = Layout(
    known_by=(frozenset({"date", "content"}), frozenset({"date", "conversationid"})),
    used=frozenset({*_DRAFT_COLUMNS, "direction", "subject", "content", *ADDRESS_COLUMNS}),
    times=("date",),
)
#: Enough to suspect messages when the name is not one of LinkedIn's.
BY_HEADER: Final = Layout(
    (frozenset({"date", "conversationid"}), frozenset({"from", "to", "date", "content"}))
)

_YES: Final = frozenset({"yes", "true", "1"})
_NO: Final = frozenset({"no", "false", "0", ""})
_COLUMN_SAYS: Final = {"incoming": "received", "outgoing": "sent"}
#: How campaign messages began in every export seen; never a proof.
_CAMPAIGN: Final = '<p class="spinmail-quill-editor__spin-break"'
#: An address made from a number instead of a name; one person may have both kinds.
_NUMBERED: Final = "acoaa"


class Basis(Enum):
    """What a direction rests on, or why there is none."""

    COLUMN = auto()
    ADDRESS = auto()
    SENDER_ALONE = auto()
    ABSENT = auto()
    CONFLICT = auto()
    NOTHING = auto()


@define
class Inbox:
    """The messages of one file, or of several in turn, with what the report needs to say of them.

    Lists of indexes are arrays of numbers: with 200,000 messages that is what keeps them small.
    """

    records: list[dict[str, Any]] = field(factory=list)
    passed_over: Counter[str] = field(factory=Counter)
    bases: dict[Basis, "array[int]"] = field(factory=lambda: {b: array("L") for b in Basis})
    owner_seen: int = 0
    unread_times: "array[int]" = field(factory=lambda: array("L"))
    without_zone: "array[int]" = field(factory=lambda: array("L"))
    hints: dict[str, "array[int]"] = field(factory=dict)

    def append(self, other: "Inbox") -> None:
        """Take in the messages of one more file, behind those that are there."""
        start = len(self.records)

        def shifted(indexes: "array[int]") -> "array[int]":
            return array("L", (start + index for index in indexes))

        self.records += other.records
        self.passed_over += other.passed_over
        self.owner_seen += other.owner_seen
        self.unread_times += shifted(other.unread_times)
        self.without_zone += shifted(other.without_zone)
        for basis, indexes in other.bases.items():
            self.bases[basis] += shifted(indexes)
        for code, indexes in other.hints.items():
            self.hints.setdefault(code, array("L")).extend(shifted(indexes))

    def hint(self, code: str) -> None:
        """Note that the message that comes next may be an InMail, or may not."""
        self.hints.setdefault(code, array("L")).append(len(self.records))

    def doubt_owner(self, *, shown: bool) -> bool:
        """Take back what rested on an owner whom the messages do not bear out; whether any did.

        The owner is party to every message. If most messages that name all their people lack the
        supposed owner, it is somebody else, or an address that is not used any more. An address
        that only the caller gives may be mistyped; it must be in some message.

        Args:
            shown: whether the archive itself shows whose it is.
        """
        if (shown or self.owner_seen) and len(self.bases[Basis.ABSENT]) <= self.owner_seen:
            return False
        taken_back = self.bases[Basis.ADDRESS] + self.bases[Basis.SENDER_ALONE]
        for index in taken_back:
            self.records[index]["direction"] = None
        self.bases[Basis.ADDRESS] = self.bases[Basis.SENDER_ALONE] = array("L")
        self.bases[Basis.NOTHING].extend(taken_back)
        self.hints.pop("hint-recipient-not-connected", None)
        return bool(taken_back or self.bases[Basis.ABSENT])

    def count(self, *bases: Basis) -> int:
        """How many messages have their direction, or none, on these grounds."""
        return sum(len(self.bases[basis]) for basis in bases)


def read_messages(table: Table, owner: str | None, connections: Connections) -> Inbox:
    """The messages of one file. Nothing of a row is kept but its record."""
    inbox = Inbox()
    for row in table:
        at = read_time(row["date"])
        reason = _passed_over(row, at)
        if reason:
            inbox.passed_over[reason] += 1
            continue
        table.meter.count("messages", table.where)
        parties = people(row, ascii_only=table.recoded)
        direction, basis = _direction(row, parties, owner)
        _note(inbox, at, basis, sees_owner=parties.include(owner))
        _hint(inbox, row, parties, direction, at, owner, connections)
        inbox.records.append(
            {
                "inmail": None,
                "direction": direction,
                "sent_at": str(at) if at else None,
                "source": f"{table.where} row {row.number}",
            }
        )
    return inbox


def _passed_over(row: Row, at: Bounds | None) -> str | None:
    """Why a row is no message that was sent; None if it is one."""
    complete = row.has("date", *_DRAFT_COLUMNS)
    if row.surplus or not complete or (at is None and len(row.cells) < len(row.columns)):
        return "malformed"
    flags = {row[column].strip().casefold() for column in _DRAFT_COLUMNS}
    if flags & _YES:
        return "draft"
    return None if flags <= _NO else "draft-unclear"


def _note(inbox: Inbox, at: Bounds | None, basis: Basis, *, sees_owner: bool) -> None:
    index = len(inbox.records)
    inbox.bases[basis].append(index)
    inbox.owner_seen += sees_owner
    if at is None:
        inbox.unread_times.append(index)
    elif not at.zoned:
        inbox.without_zone.append(index)


def _direction(row: Row, parties: People, owner: str | None) -> tuple[str | None, Basis]:
    """Sent or received, by the column that says so and by the owner's address; both must agree."""
    column = _COLUMN_SAYS.get(row["direction"].strip().casefold())
    address, basis = _by_address(parties, owner)
    if column and address and column != address:
        return None, Basis.CONFLICT
    return (column, Basis.COLUMN) if column else (address, basis)


def _by_address(parties: People, owner: str | None) -> tuple[str | None, Basis]:
    if owner is None:
        return None, Basis.NOTHING
    if parties.sender == owner:
        return "sent", Basis.ADDRESS
    if owner in parties.recipients and (parties.sender or parties.hidden):
        return "received", Basis.ADDRESS
    if parties.sender is None or not parties.readable:
        return None, Basis.NOTHING
    if parties.recipients:
        return None, Basis.ABSENT
    # Before mid-2023 there is no column of recipients. The owner is party to every message, so one
    # from another address came in, unless the owner has a second address of the other kind.
    if parties.sender.startswith(_NUMBERED) != owner.startswith(_NUMBERED):
        return None, Basis.NOTHING
    return "received", Basis.SENDER_ALONE


def _hint(  # noqa: PLR0913, PLR0917 - everything that is known of one row
    inbox: Inbox,
    row: Row,
    parties: People,
    direction: str | None,
    at: Bounds | None,
    owner: str | None,
    connections: Connections,
) -> None:
    latest = at.latest if at else None
    if row["subject"].strip():
        inbox.hint("hint-subject")
    if parties.sender is not None and parties.sender == owner:
        strangers = [connections.outside(who, latest) for who in parties.recipients]
        if strangers and parties.readable and all(strangers):
            inbox.hint("hint-recipient-not-connected")
    elif direction != "sent" and connections.outside(parties.sender, latest):
        inbox.hint("hint-sender-not-connected")
    if parties.hidden and row["content"].lstrip().casefold().startswith(_CAMPAIGN):
        inbox.hint("hint-sponsored")
