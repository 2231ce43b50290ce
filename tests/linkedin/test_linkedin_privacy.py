"""What people wrote, their names and their addresses do not leave the reader."""

import json
import logging

import pytest
from linkedin_archives import (
    CONNECTIONS,
    INVITATIONS,
    M8,
    RECEIPTS,
    table,
    write_folder,
    write_zip,
)

from eligibility.errors import CODES as CORE_CODES
from eligibility.errors import ArchiveError
from eligibility.linkedin import CODES, read_archive

SECRET = "hush"


def secrets(header, **known):
    """A row with a secret in every cell that is not given."""
    return {name: f"{SECRET}{n}" for n, name in enumerate(header)} | {
        name.replace("_", " "): value for name, value in known.items()
    }


ADDRESS = f"https://www.linkedin.com/in/{SECRET}-owner"
OTHER = f"https://www.linkedin.com/in/{SECRET}-other"
NO = {"IS_MESSAGE_DRAFT": "No", "IS_CONVERSATION_DRAFT": "No"}
FILES = {
    f"{SECRET} export/messages.csv": table(
        M8,
        [
            secrets(M8, DATE="2024-01-02 03:04:05 UTC", SENDER_PROFILE_URL=ADDRESS, **NO),
            secrets(M8, SENDER_PROFILE_URL=OTHER, RECIPIENT_PROFILE_URLS=ADDRESS, **NO),
            secrets(M8),
        ],
    ),
    f"{SECRET} export/Receipts_v2.csv": table(
        RECEIPTS,
        [
            secrets(RECEIPTS, Transaction_Made_At="8/16/24, 11:57 AM", Total_Amount="1"),
            secrets(RECEIPTS),
        ],
    ),
    "Registration.csv": "Registered At,Registration Ip,Subscription Types\n"
    f'"1/12/10, 9:14 AM",{SECRET},{SECRET}\n',
    "Connections.csv": table(CONNECTIONS, [secrets(CONNECTIONS, URL=f"{OTHER}x")]),
    "Invitations.csv": table(
        INVITATIONS, [secrets(INVITATIONS, Direction="OUTGOING", inviterProfileUrl=ADDRESS)]
    ),
    f"{SECRET}.csv": f"{SECRET},{SECRET}\n",
    f"Nachrichten {SECRET}.csv": table(M8, [secrets(M8)]),
    f"Articles/{SECRET}.html": SECRET,
    "Comments_123456789.csv": f"Date,Link,Message\n{SECRET}\n",
    f"{SECRET}.zip": SECRET,
    "Account Status History.csv": f"Time,Event\n{SECRET},{SECRET}\n{SECRET},Account Created\n",
}


@pytest.mark.parametrize("write", [write_zip, write_folder])
def test_no_word_of_the_archive_leaves_the_reader(tmp_path, write, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    reading = read_archive(write(tmp_path / SECRET, FILES))
    assert [m.direction for m in reading.history.messages] == ["sent", "received"]
    assert len(reading.history.premium) == 1
    out, err = capfd.readouterr()
    said = [
        reading.history.model_dump_json(),
        json.dumps(reading.report.to_dict()),
        repr(reading.report),
        repr(reading.history),
        caplog.text,
        out,
        err,
    ]
    for text in said:
        assert SECRET not in text
        assert "123456789" not in text


@pytest.mark.parametrize(
    "files",
    [
        {f"../{SECRET}.csv": SECRET},
        {f"{SECRET}.csv": f"{SECRET}\n"},
        {f"{SECRET}.csv": "\0" * 5_000_000, "messages.csv": SECRET},
    ],
)
def test_no_error_repeats_a_word_of_the_archive(tmp_path, files):
    with pytest.raises(ArchiveError) as error:
        read_archive(write_zip(tmp_path / f"{SECRET}.zip", files))
    assert SECRET not in str(error.value)
    assert SECRET not in repr(error.value.problems)


def test_a_missing_archive_is_not_called_by_its_name(tmp_path):
    with pytest.raises(ArchiveError) as error:
        read_archive(tmp_path / f"{SECRET}.zip")
    assert SECRET not in str(error.value)


def test_every_code_that_a_report_uses_is_in_the_table(tmp_path):
    report = read_archive(write_zip(tmp_path / "a.zip", FILES)).report
    used = {note.code for note in (*report.notes, *report.hints)}
    used |= {problem.code for problem in report.problems}
    used |= {reason for file in report.files for reason in file.passed_over}
    assert used <= CODES.keys()
    assert len(used) > 10


def test_errors_and_problems_have_codes_of_their_own():
    assert not CODES.keys() & CORE_CODES.keys()


def test_the_account_gets_no_personal_name(tmp_path):
    path = write_zip(tmp_path / "a.zip", FILES)
    assert read_archive(path).history.account_id == "linkedin-export"
    assert read_archive(path, account_id="A-1").history.account_id == "A-1"
