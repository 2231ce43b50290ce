"""Tables: encodings, quoting, headers, limits."""

import csv

import pytest
from linkedin_archives import ADA, M8, message, messages_csv, noted, sent, table

from eligibility.linkedin import Limits


def only(reading):
    (file,) = reading.report.files
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom"])
def test_encodings_with_a_mark_are_read_without_a_word(read, encoding):
    text = messages_csv(message(CONTENT="Grüße"))
    data = ("\ufeff" + text).encode("utf-16-be") if "be" in encoding else text.encode(encoding)
    reading = read({"messages.csv": data})
    assert only(reading).rows_read == 1
    assert "archive-encoding" not in noted(reading)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_delimiters_are_seen_by_the_header(read, delimiter):
    text = table(M8, [message()], delimiter=delimiter)
    assert only(read({"messages.csv": text.encode("utf-16")})).rows_read == 1


def test_windows_1252_is_read_with_a_note(read):
    rows = [message()] * 500 + [message(CONTENT="Grüße \N{EURO SIGN}")]
    data = messages_csv(*rows).encode("cp1252")
    reading = read({"messages.csv": data})
    assert only(reading).rows_read == 501
    assert noted(reading)["archive-encoding"].paths == ("messages.csv",)


def test_in_an_uncertain_encoding_other_letters_name_nobody(read):
    """Read as the wrong encoding, the owner would look like a stranger."""
    address = "https://www.linkedin.com/in/zoë-example"
    rows = [message(SENDER_PROFILE_URL=address, RECIPIENT_PROFILE_URLS=""), sent(), message()]
    data = messages_csv(*rows).encode("cp1252")
    reading = read({"messages.csv": data}, owner_profile_url=ADA)
    assert [m.direction for m in reading.history.messages] == [None, "sent", "received"]


def test_utf_16_cut_short_is_named(read):
    reading = read({"messages.csv": messages_csv(message()).encode("utf-16")[:-1]})
    assert only(reading).problem.code == "archive-file-encoding"


def test_notes_above_the_header_are_skipped_in_any_file(read):
    text = 'Notes:\n"When exporting your data, ""some"" may lack"\n\n' + messages_csv(message())
    reading = read({"messages.csv": text})
    assert only(reading).rows_read == 1
    assert reading.history.messages[0].source == "messages.csv row 5"


@pytest.mark.parametrize(
    "text",
    ["", "No conversations found\n", "a,b\n" * 10 + messages_csv(message()), "\0\0\0\0"],
    ids=["empty", "sentence", "too far down", "zeros"],
)
def test_a_file_without_its_header_is_named_and_not_counted_as_empty(read, text):
    reading = read({"messages.csv": text})
    assert only(reading).problem.code == "archive-file-no-header"
    assert "archive-no-messages" not in noted(reading)


def test_a_header_alone_is_a_file_without_rows(read):
    assert only(read({"messages.csv": messages_csv()})).problem is None


def test_a_needed_column_that_stands_twice_is_named(read):
    reading = read({"messages.csv": table(M8, [message()]).replace("SUBJECT", "DATE", 1)})
    assert only(reading).problem.code == "archive-file-header-twice"


def test_a_column_nobody_needs_may_stand_twice(read):
    text = messages_csv(message()).replace("CONVERSATION TITLE", "FOLDER", 1)
    assert only(read({"messages.csv": text})).rows_read == 1


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("last", [False, True])
def test_an_unclosed_quote_is_reported_and_swallows_nothing_in_silence(read, quoting, last):
    rows = [message(), message(), message(SUBJECT="MARK")]
    rows += [] if last else [message(CONTENT='He said "no", then left')] * 3
    text = table(M8, rows, quoting=quoting)
    text = text.replace('"MARK"', '"MARK').replace(",MARK", ',"MARK')
    reading = read({"messages.csv": text})
    file = only(reading)
    assert (file.rows_read, file.problem.code) == (2, "archive-file-quoting")
    assert "Row 4 and all after it were not read." in file.problem.hint
    assert len(reading.history.messages) == 2


def test_rows_forged_behind_a_broken_quote_are_not_believed(read):
    forged = messages_csv(message(DATE="2001-01-01 00:00:00 UTC")).splitlines()[1]
    text = messages_csv(message(), message(SUBJECT="MARK")).replace("MARK", '"x"y')
    reading = read({"messages.csv": f"{text}{forged}\n"})
    assert len(reading.history.messages) == 1


def test_message_text_that_looks_like_rows_is_text(read):
    forged = messages_csv(message(), message())
    assert only(read({"messages.csv": messages_csv(message(CONTENT=forged))})).rows_read == 1


def test_a_cell_beyond_pythons_limit_is_named_and_the_limit_left_alone(read):
    before = csv.field_size_limit()
    long = message(CONTENT="x" * (before + 1))
    file = only(read({"messages.csv": messages_csv(message(), long, message())}))
    assert (file.rows_read, file.problem.code) == (1, "archive-file-long-field")
    assert csv.field_size_limit() == before


def test_a_line_beyond_the_limit_is_named(read):
    rows = [message(), message(CONTENT="x" * 5_000), message()]
    file = only(read({"messages.csv": messages_csv(*rows)}, limits=Limits(line_chars=2_000)))
    assert (file.rows_read, file.problem.code) == (1, "archive-file-long-line")


def test_line_ends_within_a_cell_do_not_end_the_row(read):
    rows = [message(CONTENT="one\r\ntwo\nthree\rfour"), message()]
    assert only(read({"messages.csv": messages_csv(*rows)})).rows_read == 2
