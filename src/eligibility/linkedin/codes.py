"""Every code of the archive reader, in one table, and the errors that carry them.

Five families: what refuses the whole archive, what makes one file unreadable, why a row was passed
over, what the report notes, and what the report hints at. No sentence here ever holds a word from
the archive: its text, names and addresses do not leave the reader.
"""

from collections.abc import Mapping
from typing import Final

from eligibility.errors import ArchiveError, Problem
from eligibility.immutable import FrozenDict

#: The whole archive is refused: `ArchiveError`. Nothing of it is used.
REFUSALS: Final[dict[str, str]] = {
    "archive-missing": "There is no file or folder at this path.",
    "archive-not-readable": "The operating system does not let this be read.",
    "archive-not-a-zip": "The file is no ZIP archive, or it is cut short or damaged.",
    "archive-not-an-export": "None of the files is one that a LinkedIn export holds.",
    "archive-too-many-entries": "The archive holds more files than the limit.",
    "archive-too-deep": "The folders are nested deeper than the limit.",
    "archive-too-large": "The files are larger, once inflated, than the limit.",
    "archive-ratio": "A file inflates to more times its packed size than the limit.",
    "archive-long-listing": "The list of the files is longer than so many files need.",
    "archive-too-many-lines": "The files have more lines, together, than the limit.",
    "archive-too-many-rows": "The tables have more rows, together, than the limit.",
    "archive-too-many-messages": "The archive holds more messages than the limit.",
    "archive-too-many-receipts": "The archive holds more receipts than the limit.",
    "archive-unsafe-name": (
        "A name is empty, absolute, climbs out with `..`, or is no portable path."
    ),
    "archive-duplicate-name": "Two files have the same name, so which is meant is not certain.",
    "archive-link": "An entry is a link or a device, not a file.",
    "archive-encrypted": "An entry is encrypted.",
    "archive-overlap": "Two entries share the same bytes, which no honest archive does.",
    "archive-more-problems": "There are more problems than are listed.",
    "archive-owner-address": "The owner's address is no LinkedIn profile address.",
}

#: One file could not be read, or not to its end. It is named; it never counts as empty.
FILE_PROBLEMS: Final[dict[str, str]] = {
    "archive-file-damaged": "The file's bytes are damaged; nothing of it was used.",
    "archive-file-compression": "The file is packed by a method that is not read here.",
    "archive-file-not-readable": "The operating system does not let the file be read.",
    "archive-file-encoding": (
        "The file's bytes do not fit the encoding it begins with, or hold a NUL, as no text does."
    ),
    "archive-file-no-header": "None of the first ten rows names the columns that such a file has.",
    "archive-file-header-twice": "A column that is needed stands twice in the header.",
    "archive-file-line-ends": (
        "The header holds what ends a line elsewhere, but not in CSV, such as U+2028. Rows may "
        "stand in it, so nothing of the file was used."
    ),
    "archive-file-quoting": "A quotation mark is not closed, or stands where none may.",
    "archive-file-malformed": "No row has the cells that the header announces.",
    "archive-file-long-row": "A row, over all of its lines, is longer than the limit.",
    "archive-file-long-line": "A line is longer than the limit.",
    "archive-file-messages-unnamed": (
        "The header is that of messages, but the name is not; the assistants' logs have it too."
    ),
    "archive-file-not-csv": "The name is that of a table that is read, but it is no CSV file.",
    "archive-file-rows": "Some rows could not be read, so they were left out.",
    "archive-nested-zip": "A ZIP inside the archive was not opened; read it by itself.",
}

#: Why a row was read and left out.
PASSED_OVER: Final[dict[str, str]] = {
    "blank": "The row is empty.",
    "draft": "The message is a draft: it was not sent.",
    "draft-unclear": "The draft column says neither yes nor no.",
    "malformed": "The row does not have the cells that the header announces.",
    "refund": "The receipt is a refund, which shows no subscription at its time.",
    "other-product": "The receipt is for a product that is no Premium subscription.",
    "time-unclear": "The time cannot be read, so the payment has no place in time.",
    "duplicate": "The same receipt stands in the archive already.",
    "no-address": "The row has no profile address.",
    "not-needed": "The row says nothing that the history holds.",
}

#: Of these, why it might have said something, had it been read.
UNREAD_ROWS: Final = ("malformed", "time-unclear", "draft-unclear")

#: What the report says about the reading as a whole.
NOTES: Final[dict[str, str]] = {
    "archive-lists-open": "An export never shows that a list is complete, so none is taken to be.",
    "archive-no-messages": "No messages file was found. That does not show that there were none.",
    "archive-no-receipts": "No receipts file was found. That does not show that nothing was paid.",
    "archive-other-files": (
        "Other files were not opened; none is known to say anything about the history."
    ),
    "archive-more-unread": "More files could not be read, or not to their end, than are listed.",
    "archive-several-files": (
        "Several files hold messages; one that stands in two of them is in the history twice."
    ),
    "archive-encoding": (
        "The file is not UTF-8 and was read as Windows-1252. Dates and flags do not suffer; "
        "profile addresses with other letters count as unknown."
    ),
    "archive-inmail-unknown": "No column says which messages are InMails, so it is known of none.",
    "archive-time-unread": "The time of these messages cannot be read, so it is not known.",
    "archive-time-no-zone": (
        "These times have no zone. Each is widened to every instant at which some clock on Earth "
        "showed it, from 14 hours before it in UTC to 12 hours after."
    ),
    "archive-owner-unknown": (
        "Nothing shows which profile address is the owner's. Give it: `--owner-url`, or "
        "`owner_profile_url` in Python."
    ),
    "archive-owner-conflict": (
        "The evidence for the owner's profile address contradicts itself; none was believed."
    ),
    "archive-owner-doubted": (
        "The messages do not bear out the owner's address: it is in none of them, or missing from "
        "most that name all their people. It was not believed."
    ),
    "archive-assistant-logs": "Logs of LinkedIn's assistants are no messages of the member.",
    "archive-direction-unknown": "For these messages nothing says who sent them.",
    "archive-direction-conflict": "The direction column and the addresses disagree.",
    "archive-receipt-covers-payment": (
        "Assumed: whoever pays for a Premium product has it at the instant of payment, and for "
        "themselves. Start and end of the subscription are not in an export."
    ),
    "archive-receipt-plan-unknown": (
        "These receipts do not name one product: it is one of several, or not known."
    ),
    "archive-receipt-unclear": (
        "The words or amounts of these receipts are in no known form. They may be for something "
        "else, for somebody else, for a later time, or not paid at all. Nothing is claimed of "
        "them: neither the plan nor any time. Ask whoever was billed."
    ),
    "archive-registered": (
        "The archive says when the account began. That bounds nothing in the history, "
        "for whether an older account was merged into this one, the export does not say."
    ),
    "archive-subscription-types": (
        "The registration file names a type of subscription at the time of the export. It says "
        "nothing about any earlier time and was not used."
    ),
}

#: What may be so. Hints go into the report and never into the history.
HINTS: Final[dict[str, str]] = {
    "hint-subject": "The message has a subject. Most InMails do; so do some other messages.",
    "hint-sender-not-connected": (
        "The sender is not, or was not yet, among the connections that the archive lists."
    ),
    "hint-recipient-not-connected": (
        "The owner wrote to somebody not, or not yet, among the connections that it lists."
    ),
    "hint-sponsored": (
        "The message looks like sponsored messaging (no sender, campaign markup). LinkedIn lists "
        "that apart from InMail, but the look is no proof, so it stays unknown."
    ),
}

_ASK_AGAIN: Final = "Ask LinkedIn for the export again, and give it as it comes."
_OPEN_AND_SAVE: Final = (
    "Unpack the archive, open the file in a spreadsheet, save it under the same name as CSV in "
    "UTF-8, and give the folder."
)
#: What to do, where a problem says nothing closer.
WAYS_OUT: Final[dict[str, str]] = {
    "archive-missing": "Give the export's ZIP, or its folder.",
    "archive-not-readable": "Let it be read, or give a copy of it.",
    "archive-not-an-export": "Give the export's ZIP as LinkedIn sent it, or its folder.",
    "archive-unsafe-name": "Give a folder that holds the export's own files and nothing else.",
    "archive-link": "Give a folder that holds the export's own files and nothing else.",
    "archive-encrypted": "Unpack it with its password, and give the folder.",
    "archive-overlap": _ASK_AGAIN,
    "archive-file-damaged": _ASK_AGAIN,
    "archive-file-not-readable": "Let it be read, or give a copy of the folder.",
    "archive-file-encoding": _OPEN_AND_SAVE,
    "archive-file-no-header": _ASK_AGAIN,
    "archive-file-header-twice": _ASK_AGAIN,
    "archive-file-quoting": _ASK_AGAIN,
    "archive-file-malformed": _ASK_AGAIN,
    "archive-file-not-csv": _OPEN_AND_SAVE,
    "archive-nested-zip": "Unpack it, and give what is in it.",
}

#: All of them. The reference page is checked against this table.
CODES: Final[Mapping[str, str]] = FrozenDict(
    {**REFUSALS, **FILE_PROBLEMS, **PASSED_OVER, **NOTES, **HINTS}
)


class UnreadableFile(Exception):
    """One file of the archive cannot be read; the others can."""

    def __init__(self, code: str, hint: str = "") -> None:
        self.code = code
        self.hint = hint
        super().__init__(code)


def problem(code: str, where: str, hint: str = "") -> Problem:
    """The problem that a code stands for, in the words of the table.

    >>> str(problem("archive-link", "entry 3", "Leave it out."))
    'entry 3: An entry is a link or a device, not a file. Leave it out. [archive-link]'
    """
    return Problem(code, where, CODES[code], hint or WAYS_OUT.get(code, ""))


def refusal(code: str, where: str = "", hint: str = "") -> ArchiveError:
    """The error that refuses the whole archive for one reason."""
    return ArchiveError([problem(code, where, hint)])
