"""Messages in every header that exports have had."""

import csv
import json
from pathlib import Path

import pytest
from linkedin_archives import (
    ADA,
    VARIANTS,
    message,
    messages_csv,
    noted,
    receipt,
    receipts_csv,
    sent,
    table,
    write_folder,
    write_zip,
)

from eligibility.linkedin import read_archive

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "linkedin_headers.json"


def cells(variant, row):
    """The row in the variant's own column names, with the variant's date."""
    folded = {name.casefold(): value for name, value in row.items()}
    header = variant["header"].split(",")
    return {name: folded[name.casefold()] for name in header if name.casefold() in folded}


def archive(variant):
    extra = {"DATE": variant["date"]}
    rows = [
        message(**extra, DIRECTION="INCOMING"),
        sent(**extra, DIRECTION="OUTGOING", SUBJECT="An idea"),
    ]
    if "IS MESSAGE DRAFT" in variant["header"]:
        rows.append(sent(**extra, IS_MESSAGE_DRAFT="Yes"))
    header = variant["header"].split(",")
    return header, [cells(variant, row) for row in rows]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v["name"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("place", ["{}", "My export/deeper/{}", "upper"])
def test_every_header_variant_is_read(read, variant, quoting, place):
    name = variant["file"].upper() if place == "upper" else place.format(variant["file"])
    header, rows = archive(variant)
    reading = read({name: table(header, rows, quoting=quoting)}, owner_profile_url=ADA)
    file = reading.report.files[0]
    assert (file.role, file.rows_read, file.problem) == ("messages", 2, None)
    assert file.passed_over == ({"draft": 1} if len(rows) == 3 else {})
    assert [m.inmail for m in reading.history.messages] == [None, None]
    assert [m.id for m in reading.history.messages] == ["m1", "m2"]
    assert all(m.sent_at is not None for m in reading.history.messages)
    directions = [m.direction for m in reading.history.messages]
    assert directions == ([None, None] if variant["name"] == "M0" else ["received", "sent"])
    assert ("archive-time-no-zone" in noted(reading)) is not variant["zoned"]


def test_m0_knows_no_direction_and_says_so(read):
    variant = VARIANTS[0]
    header, rows = archive(variant)
    reading = read({variant["file"]: table(header, rows)}, owner_profile_url=ADA)
    assert noted(reading)["archive-direction-unknown"].count == 2


def test_columns_are_matched_by_name_not_by_place(read):
    header = list(reversed(VARIANTS[-1]["header"].split(",")))
    reading = read({"messages.csv": table(header, [sent()])}, owner_profile_url=ADA)
    assert reading.history.messages[0].direction == "sent"


def test_chunks_and_copies_are_read_in_order(read):
    files = {
        f"messages_{n}.csv": messages_csv(message(DATE=f"2024-01-{n:02} 00:00:00 UTC"))
        for n in (10, 2, 1)
    }
    reading = read(files | {"copy/Messages.csv": messages_csv(message())})
    days = [m.sent_at.text[8:10] for m in reading.history.messages]
    assert days == ["02", "01", "02", "10"]
    assert noted(reading)["archive-several-files"].paths == (
        "Messages.csv",
        "messages_1.csv",
        "messages_2.csv",
        "messages_10.csv",
    )


@pytest.mark.parametrize(
    "name",
    [
        "guide_messages.csv",
        "coach_messages.csv",
        "learning_coach_messages.csv",
        "learning_role_play_messages.csv",
        "LearningCoachMessages.csv",
    ],
)
def test_assistant_logs_are_never_messages(read, name):
    reading = read({name: messages_csv(message()), "messages.csv": messages_csv(sent())})
    assert len(reading.history.messages) == 1
    assert noted(reading)["archive-assistant-logs"].paths == (name,)


def test_messages_under_another_name_are_named_and_not_believed(read):
    reading = read({"Nachrichten.csv": messages_csv(message()), "Profile.csv": "First Name\n"})
    assert reading.history.messages == ()
    (file,) = reading.report.files
    assert (file.name, file.problem.code) == ("entry 1", "archive-file-messages-unnamed")


def test_receipts_under_another_name_are_known_by_their_header(read):
    reading = read({"Belege.csv": receipts_csv(receipt())})
    assert [p.plan for p in reading.history.premium] == ["premium_career"]
    assert reading.history.premium[0].source == "receipt row 2 of entry 1"


def test_zip_and_folder_give_the_same_history(tmp_path):
    files = {
        "b/messages_2.csv": messages_csv(message(), sent()),
        "b/messages_1.csv": messages_csv(sent()),
        "Receipts.csv": receipts_csv(receipt(), receipt(Invoice_Number="INV-2")),
        "Receipts_v2.csv": receipts_csv(receipt()),
    }
    zipped = read_archive(write_zip(tmp_path / "a.zip", files), owner_profile_url=ADA)
    folder = read_archive(write_folder(tmp_path / "a", files), owner_profile_url=ADA)
    assert zipped.history == folder.history
    assert [f.to_dict() for f in zipped.report.files] == [f.to_dict() for f in folder.report.files]


@pytest.mark.skipif(not FACTS.exists(), reason=f"the facts are not beside the repository: {FACTS}")
def test_the_committed_variants_are_those_of_the_facts():
    facts = json.loads(FACTS.read_text("utf-8"))
    assert [v["header"] for v in VARIANTS[1:]] == [v["header"] for v in facts["messages.csv"]]
