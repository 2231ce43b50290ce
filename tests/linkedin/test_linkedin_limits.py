"""Limits: what is read of an archive is counted as it comes, before anything is built of it."""

import json
import tracemalloc

import attrs
import pytest
from linkedin_archives import (
    ADA,
    codes,
    message,
    messages_csv,
    noted,
    receipt,
    receipts_csv,
    write_folder,
    write_zip,
)
from typer.testing import CliRunner

from eligibility.cli.app import app
from eligibility.errors import ArchiveError
from eligibility.linkedin import Limits, read_archive

MIB = 1024 * 1024


def bills(count, start=0):
    return receipts_csv(*[receipt(Invoice_Number=f"INV-{start + n}") for n in range(count)])


def files(what, count):
    """So many records or rows, in two files."""
    if what == "receipts":
        return {"Receipts.csv": bills(count - 3), "Receipts_v2.csv": bills(3, start=count)}
    more = messages_csv(*[message()] * 3)
    headers = 2 if what == "rows" else 0
    return {
        "messages_1.csv": messages_csv(*[message()] * (count - 3 - headers)),
        "messages_2.csv": more,
    }


@pytest.mark.parametrize("write", [write_zip, write_folder])
@pytest.mark.parametrize("what", ["messages", "receipts", "rows"])
def test_records_and_rows_are_limited_over_all_files_together(tmp_path, write, what):
    limits = Limits(**{what: 12})
    assert read_archive(write(tmp_path / "at.zip", files(what, 12)), limits=limits)
    with pytest.raises(ArchiveError) as error:
        read_archive(write(tmp_path / "over.zip", files(what, 13)), limits=limits)
    assert codes(error) == [f"archive-too-many-{what}"]
    assert f"`--limit {what}=N`, or `Limits({what}=N)` in Python" in str(error.value)


@pytest.mark.parametrize("line", ["\n", ",\n", "a\n", '""\n', ",,,,,,08 Feb 2026\n"], ids=repr)
@pytest.mark.parametrize("name", ["messages.csv", "Receipts.csv", "Connections.csv"])
def test_rows_that_become_no_record_are_limited_too(tmp_path, line, name):
    header = "DATE,CONTENT,Transaction Made At,Description,URL,Connected On\n"
    path = write_zip(tmp_path / "a.zip", {name: header + line * 50})
    assert read_archive(path, limits=Limits(rows=51))
    with pytest.raises(ArchiveError) as error:
        read_archive(path, limits=Limits(rows=50))
    assert codes(error) == ["archive-too-many-rows"]


def test_lines_are_limited_even_within_one_row(tmp_path):
    """A quotation that is never closed makes one row of any number of lines."""
    texts = {f"{n}/messages.csv": 'DATE,CONTENT\n"' + "x\r\n" * 100 for n in range(10)}
    path = write_zip(tmp_path / "a.zip", texts)
    assert read_archive(path, limits=Limits(lines=2_010)).report.problems
    with pytest.raises(ArchiveError) as error:
        read_archive(path, limits=Limits(lines=2_009))
    assert codes(error) == ["archive-too-many-lines"]


def test_cells_that_no_export_writes_are_not_taken_apart(tmp_path):
    """An address, a cell of addresses, a total: what is far too long says nothing."""
    addresses = ",".join([ADA] * 10_000)
    rows = [
        message(SENDER_PROFILE_URL="linkedin.com/in/" + "%41" * 300_000),
        message(RECIPIENT_PROFILE_URLS=addresses),
        message(),
    ]
    bill = receipt(Total_Amount="1" + ",111" * 200_000)
    files = {"messages.csv": messages_csv(*rows), "Receipts.csv": receipts_csv(bill)}
    reading = read_archive(write_zip(tmp_path / "a.zip", files), owner_profile_url=ADA)
    assert [m.direction for m in reading.history.messages] == [None, None, "received"]
    assert [p.plan for p in reading.history.premium] == [None]


def test_a_file_that_is_begun_anew_is_counted_once(tmp_path):
    """Its last letter shows that it is no UTF-8, when all of its rows have been counted."""
    rows = [message()] * 999 + [message(CONTENT="Grüße")]
    path = write_zip(tmp_path / "a.zip", {"messages.csv": messages_csv(*rows).encode("cp1252")})
    reading = read_archive(path, limits=Limits(messages=1_000, rows=1_001))
    assert len(reading.history.messages) == 1_000
    assert "archive-encoding" in noted(reading)


def test_a_heavy_member_is_far_below_every_limit(tmp_path):
    """20,000 messages and 500 receipts, as the heaviest real archives have."""
    text = messages_csv(*[message(CONTENT="x" * 100)] * 20_000)
    path = write_folder(tmp_path / "a", {"messages.csv": text, "Receipts.csv": bills(500)})
    half = Limits(**{name: field.default // 2 for name, field in attrs.fields_dict(Limits).items()})
    reading = read_archive(path, limits=half)
    assert (len(reading.history.messages), len(reading.history.premium)) == (20_000, 500)


def test_what_is_refused_costs_no_more_than_the_limit_allows(tmp_path):
    """A million equal rows pack into little; they cost the memory of those that are allowed."""
    head, row = messages_csv(message(CONTENT="")).splitlines(keepends=True)
    counts, peaks = [], []
    for count in (2_000, 200_000):
        path = write_zip(tmp_path / f"{count}.zip", {"messages.csv": head + row * count})
        tracemalloc.start()
        with pytest.raises(ArchiveError):
            read_archive(path, limits=Limits(messages=1_000), progress=counts.append)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(counts) < len(row) * 1_200
    assert peaks[1] < peaks[0] + MIB


def test_a_long_cell_of_a_receipt_is_not_kept(tmp_path):
    """What tells receipts apart is remembered by its digest."""
    rows = [
        receipt(Invoice_Number=f"{n}" + "x" * 400_000, Description=f"{n}" + "y" * 400_000)
        for n in range(20)
    ]
    path = write_folder(tmp_path / "a", {"Receipts.csv": receipts_csv(*rows)})
    read_archive(path)  # what is loaded once is loaded now
    tracemalloc.start()
    assert len(read_archive(path).history.premium) == 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


def test_problems_beyond_a_hundred_are_counted(tmp_path):
    path = write_zip(tmp_path / "a.zip", {f"../{n}/messages.csv": "" for n in range(1_234)})
    with pytest.raises(ArchiveError) as error:
        read_archive(path)
    assert codes(error) == ["archive-unsafe-name"] * 100 + ["archive-more-problems"]
    assert "1,134 more." in str(error.value)


@pytest.mark.parametrize("name", ["{}/messages.csv", "{}.csv"])
def test_files_with_a_problem_beyond_a_hundred_are_counted(tmp_path, name):
    damaged = {name.format(n): b"\0" for n in range(250)}
    path = write_folder(tmp_path / "a", {"Receipts.csv": bills(1), **damaged})
    reading = read_archive(path)
    assert len(reading.report.problems) == 100
    assert noted(reading)["archive-more-unread"].count == 150
    assert [file.rows_read for file in reading.report.files if file.problem is None] == [1]


@pytest.mark.parametrize("name", ["messages" + "_" * 200 + ".csv", "_" * 200 + "Receipts.csv"])
def test_a_name_that_is_known_but_endless_is_not_repeated(tmp_path, name):
    path = write_zip(tmp_path / "a.zip", {name: messages_csv(), "Profile.csv": ""})
    (file,) = read_archive(path).report.files
    assert file.name == "entry 1"


# ---- on the command line -----------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path):
    return write_zip(
        tmp_path / "a.zip", {"messages.csv": messages_csv(*[message(CONTENT="x" * 500)] * 50)}
    )


@pytest.mark.parametrize(
    "name", ["messages", "rows", "file_bytes", "total_bytes", "row_chars", "line_chars"]
)
def test_the_way_out_of_a_limit_works_where_it_is_told(archive, name):
    """What the command line says to do is done there, and the archive is read."""
    refused = CliRunner().invoke(app, ["check", str(archive), "--limit", f"{name}=40", "--json"])
    said = refused.stdout + refused.stderr
    assert f"`--limit {name}=N`" in said
    plenty = CliRunner().invoke(app, ["check", str(archive), "--limit", f"{name}=60000", "--json"])
    assert plenty.exit_code == 0
    assert json.loads(plenty.stdout)["archive"]["files"][0]["rows_read"] == 50


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["colour=3"], "`colour` is no limit. There are entries, depth,"),
        (["rows"], "`rows`: give a whole number from 1, as in `rows=1000`."),
        (["rows=0"], "give a whole number"),
        (["rows=-1"], "give a whole number"),
        (["rows=1e9"], "give a whole number"),
        (["rows=" + "9" * 5_000], "give a whole number"),
        (["rows=1", "rows=2"], "`rows` is said twice"),
    ],
)
def test_a_limit_that_is_none_is_bad_usage(archive, words, said):
    options = [part for word in words for part in ("--limit", word)]
    result = CliRunner().invoke(app, ["check", str(archive), *options])
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert len(result.stderr) < 1_000


def test_a_limit_without_an_archive_is_bad_usage(tmp_path):
    history = tmp_path / "history.json"
    history.write_text('{"account_id": "A"}')
    result = CliRunner().invoke(app, ["check", str(history), "--limit", "rows=5"])
    assert result.exit_code == 2
