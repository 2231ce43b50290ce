"""The reading of one archive, from its path to a history and a report.

The way: sort the files by name; learn whose archive it is; read messages and receipts; look at the
account; build the history. `history_dict` is where the records become JSON of contract 4.1.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import define, field, frozen

from eligibility.arguments import expect
from eligibility.facts.records import EXPORTED_ACCOUNT
from eligibility.history import AccountHistory
from eligibility.linkedin import account, messages, owner, receipts, report
from eligibility.linkedin.account import Account
from eligibility.linkedin.archive import open_archive
from eligibility.linkedin.codes import CODES, UnreadableFile, problem, refusal
from eligibility.linkedin.entries import MOST_PROBLEMS, Archive, Entry
from eligibility.linkedin.messages import Inbox
from eligibility.linkedin.names import Role, is_csv, is_zip, meant_role, reading_order, shown
from eligibility.linkedin.owner import Connections, Invitations, Owner
from eligibility.linkedin.receipts import Receipts
from eligibility.linkedin.report import ArchiveReport, FileReport, Note, note, note_on
from eligibility.linkedin.stream import Limits, Meter
from eligibility.linkedin.table import Layout, Table, columns_of, read_table
from eligibility.values.date_words import when_words
from eligibility.values.timeline import instant

T = TypeVar("T")

#: Tables that are known by their header when their name is not one of LinkedIn's.
_BY_HEADER: Final[Mapping[Role, Layout]] = {
    Role.RECEIPTS: receipts.LAYOUT,
    Role.REGISTRATION: account.REGISTRATION_BY_HEADER,
    Role.MESSAGES: messages.BY_HEADER,
}


@frozen
class ArchiveReading:
    """What an archive shows of the account, and the report of how it was read."""

    history: AccountHistory
    report: ArchiveReport


def read_archive(  # noqa: PLR0913 - each is one thing that only the caller can know
    path: str | PathLike[str] | bytes,
    *,
    account_id: str | None = None,
    owner_profile_url: str | None = None,
    time_zone: str = "America/Los_Angeles",
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> ArchiveReading:
    """Read a LinkedIn export: the ZIP as it was sent, or the folder that it unpacks to.

    Args:
        path: the ZIP or the folder; or the bytes of the ZIP, which then stands nowhere else.
        account_id: how the history calls the account; `linkedin-export` if not given.
        owner_profile_url: the owner's profile address, which tells sent from received.
        time_zone: the zone in which the history reads dates without one. Times in the archive do
            not hang on it: those without a zone are widened.
        limits: how much is read before the archive is refused; a server may set them lower.
        progress: told, after every block, how many inflated bytes have been read so far.

    Raises:
        eligibility.errors.ArchiveError: the archive is refused, or there is none.
        eligibility.errors.InvalidHistory: the account's id or the zone is none.
        eligibility.errors.WrongArgument: an argument is of another kind.
    """
    expect(path, str | PathLike | bytes, "path", "Give the path of the ZIP or of the folder.")
    expect(account_id, str | None, "account_id")
    expect(owner_profile_url, str | None, "owner_profile_url")
    expect(time_zone, str, "time_zone", "Write an IANA name, such as `Europe/Paris`.")
    expect(limits, Limits | None, "limits", "Write `Limits(messages=50_000)`, or leave it out.")
    expect(progress, Callable | None, "progress", "Pass a function of one number.")
    given = owner.given_owner(owner_profile_url)
    meter = Meter(limits or Limits(), progress)
    with open_archive(path if isinstance(path, bytes) else Path(path), meter) as archive:
        reader = _Reader(archive, meter)
        reader.sort()
        whose = reader.owner_by(given)
        inbox = reader.messages(whose)
        paid = reader.receipts()
        data = history_dict(
            EXPORTED_ACCOUNT if account_id is None else account_id,
            time_zone,
            premium=paid.records,
            messages=inbox.records,
        )
        history = AccountHistory.model_validate(data)
        reader.account(history.time_zone)
        return ArchiveReading(history, reader.report(inbox, paid, whose))


def history_dict(
    account_id: str,
    time_zone: str,
    *,
    premium: list[dict[str, Any]],
    messages: list[dict[str, Any]],
) -> dict[str, Any]:
    """The history as JSON data. `complete` stays empty: an export shows no list to be complete."""
    for prefix, records in (("p", premium), ("m", messages)):
        for number, record in enumerate(records, 1):
            record["id"] = f"{prefix}{number}"
    return {
        "schema_version": "1",
        "account_id": account_id,
        "time_zone": time_zone,
        "premium": premium,
        "messages": messages,
        "permissions": [],
        "exclusions": {},
        "complete": [],
    }


@define
class _Reader:
    """The archive's files by role, and the report as it grows."""

    archive: Archive
    meter: Meter
    by_role: dict[Role, list[Entry]] = field(factory=dict)
    labels: dict[int, str] = field(factory=dict)
    names: Counter[str] = field(factory=Counter)
    files: list[FileReport] = field(factory=list)
    with_problems: int = 0
    notes: list[Note] = field(factory=list)
    connections: Connections = field(factory=Connections)

    def sort(self) -> None:
        """Which file is which. Unknown tables are known by their header, messages excepted."""
        zips: list[Entry] = []
        for entry in sorted(self.archive.entries, key=lambda entry: reading_order(entry.path)):
            role = entry.role
            self.labels[entry.number] = self._label(entry)
            if is_zip(entry.path):
                zips.append(entry)
                continue
            if (named := meant_role(entry.path)) is not None:
                self._failed(self.labels[entry.number], named, "archive-file-not-csv", "")
                continue
            if role is Role.UNKNOWN and is_csv(entry.path):
                role = self._role_by_header(entry)
            self.by_role.setdefault(role, []).append(entry)
        if not self.by_role.keys() - {Role.UNKNOWN} and not self.files:
            hint = "Read the ZIP inside it by itself." if zips else ""
            raise refusal("archive-not-an-export", hint=hint)
        for entry in zips:
            self._failed(self.labels[entry.number], Role.UNKNOWN, "archive-nested-zip", "")

    def _label(self, entry: Entry) -> str:
        """What sources and reports call the file; of two with one name, the second has a 2."""
        name = shown(entry.path, entry.number)
        self.names[name] += 1
        return name if self.names[name] == 1 else f"{name} ({self.names[name]})"

    def _role_by_header(self, entry: Entry) -> Role:
        layouts = Layout(
            tuple(needed for layout in _BY_HEADER.values() for needed in layout.known_by)
        )
        label = self.labels[entry.number]
        try:
            columns = columns_of(entry, layouts, self.meter)
        except UnreadableFile as error:
            self._failed(label, Role.UNKNOWN, error.code, error.hint)
            return Role.UNKNOWN
        for role, layout in _BY_HEADER.items():
            if layout.fits(columns):
                if role is not Role.MESSAGES:
                    return role
                hint = "If it holds the member's own messages, name it `messages.csv`."
                self._failed(label, Role.UNKNOWN, "archive-file-messages-unnamed", hint)
        return Role.UNKNOWN

    def _failed(self, label: str, role: Role, code: str, hint: str) -> None:
        self._list(FileReport(label, role.value, problem=problem(code, label, hint)))

    def _list(self, file: FileReport) -> None:
        """Put a file into the report; of those with a problem the first, the rest is counted."""
        self.with_problems += file.problem is not None
        if file.problem is None or self.with_problems <= MOST_PROBLEMS:
            self.files.append(file)

    def _read(
        self,
        role: Role,
        shape: Layout,
        take: Callable[[Table], T],
        tally: Callable[[T], tuple[int, Mapping[str, int]]],
    ) -> Iterator[T]:
        """All files of a role, one after the other, each with its line in the report."""
        for entry in self.by_role.get(role, []):
            label = self.labels[entry.number]
            try:
                read = read_table(entry, shape, take, where=label, meter=self.meter)
            except UnreadableFile as error:
                self._failed(label, role, error.code, error.hint)
                continue
            rows, passed_over = tally(read.value)
            reasons = {**passed_over, **({"blank": read.blank} if read.blank else {})}
            wrong = read.problem
            if wrong is None and not rows and passed_over.keys() == {"malformed"}:
                wrong = problem("archive-file-malformed", label)
            self._list(FileReport(label, role.value, rows, reasons, wrong))
            if read.recoded:
                self.notes.append(note_on("archive-encoding", [label]))
            yield read.value

    def owner_by(self, given: str | None) -> Owner:
        """Whose archive it is, by what the caller says, the invitations and the connections."""
        known = Invitations()
        for found in self._read(
            Role.INVITATIONS, owner.INVITATIONS, owner.read_invitations, _tally_addresses
        ):
            known.owners |= found.owners
        for linked in self._read(
            Role.CONNECTIONS, owner.CONNECTIONS, owner.read_connections, _tally_addresses
        ):
            self.connections.since.update(linked.since)
        return owner.agreed(given, known, self.connections)

    def messages(self, whose: Owner) -> Inbox:
        """The messages of all files, one file after the other."""
        inbox = Inbox()
        for found in self._read(
            Role.MESSAGES,
            messages.LAYOUT,
            lambda table: messages.read_messages(table, whose.who, self.connections),
            _tally_records,
        ):
            inbox.append(found)
        if whose.who and inbox.doubt_owner(shown=whose.shown):
            self.notes.append(note("archive-owner-doubted"))
        return inbox

    def receipts(self) -> Receipts:
        """The spans of all files; the later format is read first and wins over what repeats it."""
        self.by_role.get(Role.RECEIPTS, []).sort(key=lambda e: "v2" not in e.path.casefold())
        paid = Receipts()
        for found in self._read(
            Role.RECEIPTS,
            receipts.LAYOUT,
            lambda table: receipts.read_receipts(table, paid.seen),
            _tally_records,
        ):
            paid.append(found)
        return paid

    def account(self, zone: str) -> None:
        """When the account began, in days of a zone: a note, not a fact."""
        registered = self._read(
            Role.REGISTRATION, account.REGISTRATION, account.read_registration, _tally_account
        )
        events = self._read(
            Role.ACCOUNT_STATUS, account.STATUS, account.read_status, _tally_account
        )
        for one in (*registered, *events):
            for at in one.began[:1]:
                when = when_words(instant(at.earliest), instant(at.latest), (), zone)
                self.notes.append(note("archive-registered", f"It began {when}."))
            if one.has_subscription_types:
                self.notes.append(note("archive-subscription-types"))

    def report(self, inbox: Inbox, paid: Receipts, whose: Owner) -> ArchiveReport:
        """Everything that is to be said of the reading."""
        named = {
            role: [self.labels[entry.number] for entry in entries]
            for role, entries in self.by_role.items()
        }
        self.notes += [
            *report.on_messages(inbox, whose),
            *report.on_receipts(paid),
            *report.on_files(named),
            note("archive-lists-open"),
        ]
        if self.with_problems > MOST_PROBLEMS:
            code = "archive-more-unread"
            self.notes.append(Note(code, CODES[code], self.with_problems - MOST_PROBLEMS))
        return ArchiveReport(
            self.archive.kind, tuple(self.files), tuple(self.notes), report.hints(inbox, whose)
        )


def _tally_records(found: Inbox | Receipts) -> tuple[int, Mapping[str, int]]:
    return len(found.records), found.passed_over


def _tally_addresses(found: Invitations | Connections) -> tuple[int, Mapping[str, int]]:
    missing = found.without_address
    return found.rows - missing, {"no-address": missing} if missing else {}


def _tally_account(found: Account) -> tuple[int, Mapping[str, int]]:
    return found.rows - found.passed_over.total(), Counter(found.passed_over)
