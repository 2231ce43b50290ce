"""The example archive: it is what its script makes, and it is read as its readers expect."""

import importlib.util
import json
import zipfile
from pathlib import Path

import pytest
from linkedin_archives import hinted, noted

from eligibility import ArchiveError
from eligibility.linkedin import read_archive

FOLDER = Path(__file__).parents[2] / "examples" / "archive"
ARCHIVE = FOLDER / "ada-example-export.zip"


def script():
    spec = importlib.util.spec_from_file_location("make", FOLDER / "make_example_export.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_archive_is_what_the_script_makes():
    with zipfile.ZipFile(ARCHIVE) as zipped:
        held = {name: zipped.read(name).decode() for name in zipped.namelist()}
    assert held == script().FILES


def test_the_example_is_read():
    reading = read_archive(ARCHIVE)
    history = reading.history
    assert [(p.plan, p.start.text) for p in history.premium] == [
        ("premium_career", "../2024-09-02T11:57:00.999999Z"),
        ("premium_career", "../2024-08-02T11:57:00.999999Z"),
    ]
    assert [(m.direction, m.sent_at.text[:10]) for m in history.messages] == [
        ("received", "2024-09-18"),
        ("sent", "2024-09-17"),
        ("received", "2024-05-06"),
        ("received", "2023-05-04"),
    ]
    assert history.complete == ()
    assert {file.name: dict(file.passed_over) for file in reading.report.files} == {
        "Invitations.csv": {},
        "Connections.csv": {},
        "messages.csv": {"draft": 1},
        "Receipts_v2.csv": {"other-product": 1},
        "Registration.csv": {},
    }
    assert reading.report.problems == ()
    assert hinted(reading) == {
        "hint-recipient-not-connected": ("messages[1]",),
        "hint-sender-not-connected": ("messages[3]",),
        "hint-sponsored": ("messages[2]",),
        "hint-subject": ("messages[1]", "messages[3]"),
    }
    assert "archive-owner-unknown" not in noted(reading)


def test_its_bytes_are_read_as_the_file_is():
    from_bytes = read_archive(ARCHIVE.read_bytes())
    assert from_bytes == read_archive(ARCHIVE)
    with pytest.raises(ArchiveError) as caught:
        read_archive(ARCHIVE.read_bytes()[:-30])
    assert [each.code for each in caught.value.problems] == ["archive-not-a-zip"]


def test_the_report_as_data_is_what_its_json_is():
    data = read_archive(ARCHIVE).report.to_dict()
    assert json.loads(json.dumps(data)) == data
