"""Makes `ada-example-export.zip`, a small LinkedIn export of people who do not exist.

Ada Example, Bo Sample and all others in it are invented; so are the receipts and every word of the
messages. The headers are those that real exports have. Run it to make the file again, byte by byte
the same:

    python examples/archive/make_example_export.py
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

ARCHIVE = Path(__file__).with_name("ada-example-export.zip")

ADA = {"name": "Ada Example", "url": "https://www.linkedin.com/in/ada-example-fictional"}
BO = {"name": "Bo Sample", "url": "https://www.linkedin.com/in/bo-sample-fictional"}
CY = {"name": "Cy Third", "url": "https://www.linkedin.com/in/cy-third-fictional"}
CAMPAIGN = {"name": "Fictional Campaign", "url": ""}

MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,"
    "SUBJECT,CONTENT,FOLDER,ATTACHMENTS,IS MESSAGE DRAFT,IS CONVERSATION DRAFT"
)
RECEIPTS = (
    "First Name,Last Name,Billing Country,Postal Code,Transaction Made At,Payment Method Type,"
    "Invoice Number,Description,Tax Amount,Sub Total,Total Amount,Currency Code"
)
CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
INVITATIONS = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl"


def table(header: str, rows: Iterable[list[str]], *, preamble: str = "") -> str:
    """A CSV text with every field quoted, as exports write it since 2026."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return preamble + text.getvalue()


def message(  # noqa: PLR0913 - the cells of a row
    number: int,
    sender: dict[str, str],
    recipient: dict[str, str],
    date: str,
    content: str,
    *,
    subject: str = "",
    draft: str = "No",
) -> list[str]:
    """One row of `messages.csv`."""
    people = [sender["name"], sender["url"], recipient["name"], recipient["url"]]
    return [f"2-fiction{number}", "", *people, date, subject, content, "INBOX", "", draft, "No"]


def receipt(date: str, number: int, description: str, total: str) -> list[str]:
    """One row of `Receipts_v2.csv`."""
    who = ["Ada", "Example", "Fictionland", "00000"]
    return [*who, date, "CARD", f"FICTION-{number}", description, "0.00", total, total, "USD"]


FILES = {
    "messages.csv": table(
        MESSAGES,
        [
            message(4, ADA, CY, "2024-10-02 09:30:00 UTC", "Not sent yet", draft="Yes"),
            message(3, BO, ADA, "2024-09-18 16:05:12 UTC", "See you on Friday!"),
            message(
                2,
                ADA,
                CY,
                "2024-09-17 23:59:59 UTC",
                "Dear Cy,\nyour fictional bridge is splendid. Shall we talk?",
                subject="Your bridge",
            ),
            message(
                1,
                CAMPAIGN,
                ADA,
                "2024-05-06 07:08:09 UTC",
                '<p class="spinmail-quill-editor__spin-break">Hi %FIRSTNAME%,</p>',
            ),
            message(0, CY, ADA, "2023-05-04 10:22:00 UTC", "Hello Ada", subject="A bridge"),
        ],
    ),
    "learning_coach_messages.csv": "No conversations found\n",
    "Receipts_v2.csv": table(
        RECEIPTS,
        [
            receipt("2024-09-02 11:57:00 UTC", 3, "LinkedIn Premium Career (monthly)", "29.99"),
            receipt("2024-08-02 11:57:00 UTC", 2, "LinkedIn Premium Career (monthly)", "29.99"),
            receipt("2023-04-20 08:00:00 UTC", 1, "LinkedIn Learning (monthly)", "19.99"),
        ],
    ),
    "Registration.csv": table(
        "Registered At,Registration Ip,Subscription Types", [["1/12/10, 9:14 AM", "", ""]]
    ),
    "Connections.csv": table(
        CONNECTIONS,
        [["Bo", "Sample", BO["url"], "", "Sample & Sons (fictional)", "", "08 Feb 2020"]],
        preamble='Notes:\n"Everybody in this archive is invented."\n\n',
    ),
    "Invitations.csv": table(
        INVITATIONS,
        [["Ada Example", "Bo Sample", "2/7/20, 2:37 PM", "", "OUTGOING", ADA["url"], BO["url"]]],
    ),
    "Profile.csv": table("First Name,Last Name,Headline", [["Ada", "Example", "Fictional"]]),
}


def main() -> None:
    """Write the archive beside this file."""
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in FILES.items():
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            zipped.writestr(info, text, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
