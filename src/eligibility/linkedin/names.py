"""Which file is which, by its name, and how a file may be named in a report.

Spellings drift between exports (`Rich Media.csv`, `Rich_Media.csv`), case does too, large tables
come in chunks (`_1`, `_2`), and some names carry the member's number. So names are compared folded:
case, spaces, underscores and hyphens do not count, nor does a number at the end.
"""

import re
from enum import StrEnum
from typing import Final

_NUMBERED: Final = re.compile(r"(.+?)(?:_[0-9]+| ?\([0-9]+\))?\.csv", re.IGNORECASE | re.DOTALL)
#: Kinds of files that a table may have been saved or packed as, and is not read as.
_OTHER_KIND: Final = re.compile(
    r"(.+?)(?:\.csv)?\.(?:txt|tsv|tab|xls|xlsx|xlsm|ods|numbers|json|gz|bz2|xz|zst|7z|rar|tar|bak)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_NUMBER: Final = re.compile(r"_[0-9]{4,}(?=\.)")
#: From the root, or with a drive.
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:|.*/[A-Za-z]:/", re.DOTALL)
#: What is longer is shown by its place: underscores and zeros can make a known name endless.
_LONGEST_NAME: Final = 80
_ASSISTANT: Final = re.compile(r"(?:guide|coach|learning)\w*messages")
_CLUTTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Role(StrEnum):
    """What a file of the archive is to the reader."""

    MESSAGES = "messages"
    RECEIPTS = "receipts"
    REGISTRATION = "registration"
    ACCOUNT_STATUS = "account-status"
    CONNECTIONS = "connections"
    INVITATIONS = "invitations"
    ASSISTANT_LOG = "assistant-log"
    OTHER = "other"
    UNKNOWN = "unknown"


_READ: Final = {
    "messages": Role.MESSAGES,
    "inbox": Role.MESSAGES,
    "receipts": Role.RECEIPTS,
    "receiptsv2": Role.RECEIPTS,
    "registration": Role.REGISTRATION,
    "accountstatushistory": Role.ACCOUNT_STATUS,
    "connections": Role.CONNECTIONS,
    "invitations": Role.INVITATIONS,
}

#: Files that exports hold and that say nothing about a history. They are never opened.
# fmt: off
_OTHER: Final = frozenset({
    "adtargeting", "adsclicked", "calendar", "causesyoucareabout", "certifications", "comments",
    "companyfollows", "contacts", "courses", "education", "emailaddresses", "endorsementgiveninfo",
    "endorsementreceivedinfo", "engagements", "events", "hashtagfollows", "honors",
    "importedcontacts", "inferencesaboutyou", "instantreposts", "jobapplicantsavedanswers",
    "jobapplicantsavedscreeningquestionresponses", "jobapplications", "jobseekerpreferences",
    "lanadsengagement", "languages", "learning", "logins", "memberfollows", "memberhashtags",
    "mobileapplications", "notes", "onlinejobpostings", "opprtunities", "organizations", "patents",
    "phonenumbers", "positions", "privateidentityasset", "profile", "profilesummary", "projects",
    "providers", "publications", "reactions", "recommendationsgiven", "recommendationsreceived",
    "reviews", "richmedia", "savedjobalerts", "savedjobs", "saveditems", "searchqueries",
    "securitychallenges", "shares", "skills", "testscores", "verifications", "volunteering",
    "votes", "whatsappphonenumbers",
})
# fmt: on


def inside(name: str) -> str:
    r"""A name of an archive's listing as a path, whichever system wrote it.

    Some programs on Windows write backslashes, and some elsewhere begin every name with `./`.

    >>> inside("My export\\messages.csv"), inside("./messages.csv"), inside("./")
    ('My export/messages.csv', 'messages.csv', './')
    """
    path = name.replace("\\", "/")
    if path == "./":  # the root itself
        return path
    return "/".join(part for part in path.split("/") if part != ".")


def is_safe(path: str) -> bool:
    """Whether a path, as `inside` gives it, lies within the archive on every system.

    >>> [is_safe(path) for path in ("a/messages.csv", "../messages.csv", "/messages.csv", "c:x")]
    [True, False, False, False]
    """
    if path == "./":
        return True
    parts = path.removesuffix("/").split("/")
    climbs = any(part and not part.strip(" .") for part in parts)
    return not (climbs or "\0" in path or _ABSOLUTE.match(path) or not parts[-1])


def base_name(path: str) -> str:
    """The last part of a path inside the archive."""
    return path.rpartition("/")[2]


def is_clutter(path: str) -> bool:
    """Whether a system left the file there: it is no part of any export."""
    base = base_name(path).casefold()
    return base in _CLUTTER or base.startswith("._") or "__MACOSX" in path.split("/")


def role_of(path: str) -> Role:
    """What a file is, by its name alone.

    >>> role_of("My export/MESSAGES_2.CSV"), role_of("learning_coach_messages.csv")
    (<Role.MESSAGES: 'messages'>, <Role.ASSISTANT_LOG: 'assistant-log'>)
    """
    match = _NUMBERED.fullmatch(base_name(path))
    if match is None:
        return Role.UNKNOWN
    name = re.sub(r"[ _-]", "", match[1].casefold())
    if _ASSISTANT.fullmatch(name):
        return Role.ASSISTANT_LOG
    return _READ.get(name, Role.OTHER if name in _OTHER else Role.UNKNOWN)


def meant_role(path: str) -> Role | None:
    """What a file would be if it were a CSV file: whoever saved or packed it as another meant it.

    >>> meant_role("messages.xlsx"), meant_role("Receipts_v2.csv.gz"), meant_role("Photos.tar")
    (<Role.MESSAGES: 'messages'>, <Role.RECEIPTS: 'receipts'>, None)
    """
    match = _OTHER_KIND.fullmatch(base_name(path))
    role = role_of(f"{match[1]}.csv") if match else Role.UNKNOWN
    return role if role in _READ.values() else None


def is_csv(path: str) -> bool:
    """Whether the name says that it is a table."""
    return path.casefold().endswith(".csv")


def is_zip(path: str) -> bool:
    """Whether the name says that it is an archive within the archive."""
    return path.casefold().endswith(".zip")


def shown(path: str, number: int) -> str:
    """How a report may call a file: by its name if that is one of LinkedIn's, else by its place.

    Folders and other names can hold people's names, so they are not shown. The place is that in
    the archive's own listing, from 1.

    >>> shown("Ada's export/Comments_123456789.csv", 4), shown("for Ada/letter.csv", 7)
    ('Comments_<id>.csv', 'entry 7')
    """
    is_known = role_of(path) is not Role.UNKNOWN or meant_role(path) is not None
    if not is_known or len(base_name(path)) > _LONGEST_NAME:
        return f"entry {number}"
    return _LONG_NUMBER.sub("_<id>", base_name(path))


def reading_order(path: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """A sort key that is the same for a ZIP and its unpacked folder, and puts `_2` before `_10`."""
    pieces = re.split(r"([0-9]+)", path.casefold())
    return tuple(pieces[::2]), tuple(int(number[:18]) for number in pieces[1::2])
