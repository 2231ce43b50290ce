"""Builds export archives for the tests. Everybody in them is invented."""

import csv
import io
import json
import zipfile
from pathlib import Path

ADA = "https://www.linkedin.com/in/ada-example"
BO = "https://www.linkedin.com/in/bo-sample"
VARIANTS = json.loads((Path(__file__).parent / "header_variants.json").read_text("utf-8"))
M8 = VARIANTS[-1]["header"].split(",")
RECEIPTS = [
    "First Name",
    "Last Name",
    "Billing Country",
    "Postal Code",
    "Transaction Made At",
    "Payment Method Type",
    "Invoice Number",
    "Description",
    "Tax Amount",
    "Sub Total",
    "Total Amount",
    "Currency Code",
]
INVITATIONS = [
    "From",
    "To",
    "Sent At",
    "Message",
    "Direction",
    "inviterProfileUrl",
    "inviteeProfileUrl",
]
CONNECTIONS = [
    "First Name",
    "Last Name",
    "URL",
    "Email Address",
    "Company",
    "Position",
    "Connected On",
]


def table(header, rows, *, quoting=csv.QUOTE_MINIMAL, delimiter=","):
    """A CSV text; rows are dicts, and what they lack is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, header, restval="", quoting=quoting, delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def message(**cells):
    """A row of the newest header, from Bo to Ada unless the cells say otherwise."""
    row = {
        "CONVERSATION ID": "2-ZmljdGlvbg==",
        "FROM": "Bo Sample",
        "SENDER PROFILE URL": BO,
        "TO": "Ada Example",
        "RECIPIENT PROFILE URLS": ADA,
        "DATE": "2024-01-02 03:04:05 UTC",
        "CONTENT": "Hello",
        "FOLDER": "INBOX",
        "IS MESSAGE DRAFT": "No",
        "IS CONVERSATION DRAFT": "No",
    }
    return row | {name.replace("_", " "): value for name, value in cells.items()}


def sent(**cells):
    """The same from Ada to Bo."""
    return message(SENDER_PROFILE_URL=ADA, RECIPIENT_PROFILE_URLS=BO, **cells)


def receipt(**cells):
    row = {
        "First Name": "Ada",
        "Last Name": "Example",
        "Transaction Made At": "2024-08-16 11:57:00 UTC",
        "Invoice Number": "INV-1",
        "Description": "LinkedIn Premium Career (monthly)",
        "Total Amount": "35.99",
        "Currency Code": "GBP",
    }
    return row | {name.replace("_", " "): value for name, value in cells.items()}


def messages_csv(*rows):
    return table(M8, rows)


def receipts_csv(*rows):
    return table(RECEIPTS, rows)


def write_zip(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return path


def write_folder(path, files):
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(error):
    """The codes of what an `ArchiveError` names."""
    return [problem.code for problem in error.value.problems]


def noted(reading):
    """The report's notes by code."""
    return {note.code: note for note in reading.report.notes}


def hinted(reading):
    """The paths that each hint names."""
    return {hint.code: hint.paths for hint in reading.report.hints}
