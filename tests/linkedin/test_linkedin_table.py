"""Tables: encodings, quoting, headers, limits."""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkedin_archives import (
    ADA,
    M8,
    message,
    messages_csv,
    noted,
    receipt,
    receipts_csv,
    sent,
    table,
)

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


#: All that a cell can hold; a NUL is no text.
TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "marked"])
@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize(
    "text",
    [
        messages_csv(message(), sent()),
        messages_csv(message(CONTENT="一二三 Ā \N{GRINNING FACE}" * 50), sent()),
        "Notes:\n\n" + messages_csv(message(), sent()),
        "DATE,CONTENT\n2024-01-02 03:04:05 UTC,x\n2024-01-02 03:04:05 UTC,y\n",
    ],
    ids=["plain", "many scripts", "notes first", "short"],
)
def test_wide_encodings_are_known_with_and_without_their_mark(read, encoding, mark, text):
    reading = read({"messages.csv": (mark + text).encode(encoding)})
    assert (only(reading).rows_read, only(reading).problem) == (2, None)
    assert "archive-encoding" not in noted(reading)
    assert all(m.sent_at is not None for m in reading.history.messages)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.tuples(st.text(TEXT, max_size=80), st.text(TEXT, max_size=20)), min_size=1, max_size=8
    ),
    encoding=st.sampled_from(["utf-8", *WIDE]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_whatever_people_wrote_the_encoding_changes_nothing(read_zip, texts, encoding, mark):
    rows = [message(CONTENT=content, SUBJECT=subject) for content, subject in texts]
    text = table(M8, rows, quoting=csv.QUOTE_ALL)
    reading = read_zip({"messages.csv": (mark + text).encode(encoding)})
    assert only(reading).problem is None
    assert reading.history == read_zip({"messages.csv": text.encode()}).history
    assert only(reading).rows_read == len(rows)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.binary(max_size=12),
    text=st.sampled_from([messages_csv(message(), sent()), "", "DATE,CONTENT\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", *WIDE]),
    after=st.binary(max_size=60),
)
def test_no_bytes_lose_a_message_in_silence(read_zip, before, text, encoding, after):
    """The messages are read, or counted as passed over with a reason, or the file has a problem."""
    file = only(read_zip({"messages.csv": before + text.encode(encoding) + after}))
    assert file.problem or file.rows_read + sum(file.passed_over.values()) >= text.count("Hello")


@pytest.mark.parametrize("encoding", WIDE)
def test_other_tables_are_known_in_wide_encodings_too(read, encoding):
    files = {
        "Receipts.csv": receipts_csv(receipt()).encode(encoding),
        "Registration.csv": 'Registered At\n"1/12/10, 9:14 AM"\n'.encode(encoding),
        "Belege.csv": receipts_csv(receipt(Invoice_Number="INV-2")).encode(encoding),
    }
    reading = read(files)
    assert len(reading.history.premium) == 2
    assert "archive-registered" in noted(reading)
    assert reading.report.problems == ()


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "marked"])
def test_a_wide_encoding_cut_short_is_named(read, encoding, mark):
    reading = read({"messages.csv": (mark + messages_csv(message())).encode(encoding)[:-1]})
    problem = only(reading).problem
    assert problem.code == "archive-file-encoding"
    assert "save it under the same name as CSV in UTF-8" in problem.hint
    assert reading.history.messages == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\0",
        b"\0" + messages_csv(message()).encode(),
        messages_csv(message()).replace("DATE", "DA\0TE").encode(),
        messages_csv(message()).replace("FOLDER", "FOLDER\0").encode(),
        "№Ω一 ".encode("utf-16-le") * 300 + messages_csv(message()).encode("utf-16-le"),
        messages_csv(message()).encode("utf-16-le")[1:],
        messages_csv(message()).encode() + messages_csv(message()).encode("utf-16"),
    ],
    ids=["zeros", "first", "in a name", "in another", "unknown wide", "one byte off", "two in one"],
)
def test_a_nul_is_a_problem_of_encoding_and_never_an_empty_file(read, data):
    file = only(read({"messages.csv": data}))
    assert file.problem.code == "archive-file-encoding"


@pytest.mark.parametrize("filler", [0, 100], ids=["near the header", "far from it"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32-le"])
def test_a_nul_in_the_text_ends_the_reading_there(read, encoding, filler):
    rows = [message()] * (filler + 2) + [message(CONTENT="N\0L"), message()]
    file = only(read({"messages.csv": messages_csv(*rows).encode(encoding)}))
    assert (file.rows_read, file.problem.code) == (filler + 2, "archive-file-encoding")
    assert f"Row {filler + 4} and all after it were not read. Unpack" in file.problem.hint


@pytest.mark.parametrize("lines", ["a\n" * 3, "Ada,Bo\n", "2024-01-02 03:04:05 UTC\n"])
def test_a_file_of_which_no_row_fits_its_header_is_a_problem(read, lines):
    """Whatever broke it, no messages were read, and that is no sign that there were none."""
    file = only(read({"messages.csv": messages_csv() + lines}))
    assert file.rows_read == 0
    assert file.problem.code == "archive-file-malformed"
    file = only(read({"messages.csv": messages_csv(message()) + lines}))
    assert (file.rows_read, file.problem) == (1, None)


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


def test_notes_above_the_header_are_skipped_in_any_file(read):
    text = 'Notes:\n"When exporting your data, ""some"" may lack"\n\n' + messages_csv(message())
    reading = read({"messages.csv": text})
    assert only(reading).rows_read == 1
    assert reading.history.messages[0].source == "messages.csv row 5"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No conversations found\n",
        "a,b\n" * 10 + messages_csv(message()),
        f"{'x' * 70_000}\n{messages_csv(message())}",
        "x" * 70_000 + messages_csv(message()),
        "," * 500_000 + messages_csv(message()),
        "x," * 1_000 + messages_csv(message()),
    ],
    ids=["empty", "sentence", "far down", "behind a book", "long name", "commas", "columns"],
)
def test_a_file_without_its_header_is_named_and_not_counted_as_empty(read, text):
    reading = read({"messages.csv": text})
    assert only(reading).problem.code == "archive-file-no-header"
    assert "archive-no-messages" not in noted(reading)


@pytest.mark.parametrize(
    "end", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"], ids=ascii
)
@pytest.mark.parametrize("name", ["messages.csv", "Receipts.csv", "export.csv"])
def test_rows_in_a_header_whose_line_has_another_end_are_named(read, end, name):
    rows = receipts_csv(receipt()) if name == "Receipts.csv" else messages_csv(message(), sent())
    file = only(read({name: end.join(rows.splitlines())}))
    assert (file.rows_read, file.problem.code) == (0, "archive-file-line-ends")


@pytest.mark.parametrize("end", ["\x0c", "\x85", "\u2028"], ids=ascii)
def test_such_an_end_within_a_text_or_at_a_headers_end_loses_nothing(read, end):
    text = messages_csv(message(CONTENT=f"one{end}two"), sent())
    header, rest = text.split("\n", 1)
    file = only(read({"messages.csv": f"{header}{end}\n{rest}"}))
    assert (file.rows_read, file.problem) == (2, None)


@pytest.mark.parametrize("column", ["CONVERSATION TITLE", "FOLDER", "IS CONVERSATION DRAFT"])
@pytest.mark.parametrize("rows", [3, 100], ids=["all in the head", "more than the head"])
def test_rows_that_a_quotation_of_the_header_takes_in_are_named(read, column, rows):
    text = messages_csv(*[message()] * rows).replace(column, f'"{column}', 1)
    file = only(read({"messages.csv": text}))
    assert file.rows_read == 0
    assert file.problem.code in {"archive-file-quoting", "archive-file-no-header"}


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


@pytest.mark.parametrize("cell", ["x" * 131_073, "line\n" * 40_000, "\N{GRINNING FACE}" * 200_000])
def test_a_cell_beyond_pythons_limit_is_read_and_that_limit_left_alone(read, cell):
    before = csv.field_size_limit()
    file = only(read({"messages.csv": messages_csv(message(), message(CONTENT=cell), message())}))
    assert (file.rows_read, file.problem) == (3, None)
    assert csv.field_size_limit() == before
    with pytest.raises(csv.Error, match="field limit"):
        list(csv.reader(["x" * (before + 1)]))


@pytest.mark.parametrize(
    "long", [message(CONTENT="line\n" * 1_000), message(CONTENT="x" * 3_000, SUBJECT="y" * 3_000)]
)
def test_a_row_beyond_the_limit_is_named_with_a_way_out(read, long):
    text = messages_csv(message(), long, message())
    file = only(read({"messages.csv": text}, limits=Limits(row_chars=5_000)))
    assert (file.rows_read, file.problem.code) == (1, "archive-file-long-row")
    assert file.problem.hint.startswith("Row 3 and all after it were not read.")
    assert "`--limit row_chars=N`" in file.problem.hint
    assert only(read({"messages.csv": text}, limits=Limits(row_chars=9_000))).rows_read == 3


def test_a_quote_that_never_closes_takes_no_more_than_a_row_may(read):
    text = messages_csv(message(), message(CONTENT="MARK")).replace("MARK", '"open')
    file = only(read({"messages.csv": text + "line\n" * 200_000}, limits=Limits(row_chars=50_000)))
    assert (file.rows_read, file.problem.code) == (1, "archive-file-long-row")


def test_a_line_beyond_the_limit_is_named(read):
    rows = [message(), message(CONTENT="x" * 5_000), message()]
    file = only(read({"messages.csv": messages_csv(*rows)}, limits=Limits(line_chars=2_000)))
    assert (file.rows_read, file.problem.code) == (1, "archive-file-long-line")


def test_line_ends_within_a_cell_do_not_end_the_row(read):
    rows = [message(CONTENT="one\r\ntwo\nthree\rfour"), message()]
    assert only(read({"messages.csv": messages_csv(*rows)})).rows_read == 2
