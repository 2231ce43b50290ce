"""Receipts: each payment for Premium is a span that covers it; nothing more is claimed."""

import zipfile

import pytest
from linkedin_archives import (
    RECEIPTS,
    messages_csv,
    noted,
    receipt,
    receipts_csv,
    table,
    write_zip,
)

from eligibility.linkedin import read_archive


def spans(reading):
    return [(p.plan, p.start.text, p.end.text) for p in reading.history.premium]


def test_a_payment_covers_its_instant(read):
    reading = read({"Receipts_v2.csv": receipts_csv(receipt())})
    assert spans(reading) == [
        ("premium_career", "../2024-08-16T11:57:00.999999Z", "2024-08-16T11:57:00Z/..")
    ]
    assert reading.history.premium[0].source == "receipt row 2 of Receipts_v2.csv"
    assert "archive-receipt-covers-payment" in noted(reading)
    assert reading.history.complete == ()


@pytest.mark.parametrize(
    ("time", "start", "end"),
    [
        ("2024-08-16 11:57:09 UTC", "../2024-08-16T11:57:09.999999Z", "2024-08-16T11:57:09Z/.."),
        ("2024/08/16 11:57:09 UTC", "../2024-08-16T11:57:09.999999Z", "2024-08-16T11:57:09Z/.."),
        ("2024-08-16T11:57:09.5Z", "../2024-08-16T11:57:09.999999Z", "2024-08-16T11:57:09Z/.."),
        (
            "Fri Aug 16 11:57:09 UTC 2024",
            "../2024-08-16T11:57:09.999999Z",
            "2024-08-16T11:57:09Z/..",
        ),
        ("8/16/24, 11:57 AM", "../2024-08-16T23:57:59.999999Z", "2024-08-15T21:57:00Z/.."),
        ("2024-08-16T11:57:00", "../2024-08-16T23:57:00.999999Z", "2024-08-15T21:57:00Z/.."),
        ("2024-08-16 11:57 UTC", "../2024-08-16T11:57:59.999999Z", "2024-08-16T11:57:00Z/.."),
        ("2024-08-16", "../2024-08-17T11:59:59.999999Z", "2024-08-15T10:00:00Z/.."),
    ],
)
def test_a_payment_of_which_only_bounds_are_known_covers_one_of_them(read, time, start, end):
    reading = read({"Receipts_v2.csv": receipts_csv(receipt(Transaction_Made_At=time))})
    assert spans(reading) == [("premium_career", start, end)]


def test_an_unquoted_time_is_made_whole(read):
    text = receipts_csv(receipt(Transaction_Made_At="TIME")).replace("TIME", "8/16/24, 11:57 AM")
    reading = read({"Receipts_v2.csv": text})
    assert spans(reading)[0][0] == "premium_career"


@pytest.mark.parametrize(
    "description",
    ["LinkedIn Learning", "Ads", "Job post: engineer", "Premium Company Page", "Hiring Pro"],
)
def test_other_products_make_no_span(read, description):
    reading = read({"Receipts.csv": receipts_csv(receipt(Description=description))})
    assert spans(reading) == []
    assert reading.report.files[0].passed_over == {"other-product": 1}


@pytest.mark.parametrize(
    "cells",
    [
        {"Total_Amount": "-35.99"},
        {"Total_Amount": "(35.99)"},
        {"Total_Amount": "35,99-"},
        {"Total_Amount": "\N{MINUS SIGN}35.99"},
        {"Description": "Refund: Premium Career"},
    ],
)
def test_refunds_make_no_span(read, cells):
    reading = read({"Receipts.csv": receipts_csv(receipt(**cells))})
    assert spans(reading) == []
    assert reading.report.files[0].passed_over == {"refund": 1}


def test_a_payment_without_a_time_has_no_place(read):
    reading = read({"Receipts.csv": receipts_csv(receipt(Transaction_Made_At="16.8.2024"))})
    assert spans(reading) == []
    assert reading.report.files[0].passed_over == {"time-unclear": 1}


def test_both_files_may_hold_the_same_receipt(read):
    old = receipts_csv(receipt(Transaction_Made_At="8/16/24, 11:57 AM"))
    reading = read({"Receipts.csv": old, "Receipts_v2.csv": receipts_csv(receipt())})
    assert [p.source for p in reading.history.premium] == ["receipt row 2 of Receipts_v2.csv"]
    assert {f.name: dict(f.passed_over) for f in reading.report.files} == {
        "Receipts_v2.csv": {},
        "Receipts.csv": {"duplicate": 1},
    }


def test_without_invoice_numbers_the_whole_row_must_be_the_same(read):
    one = receipt(Invoice_Number="")
    later = receipt(Invoice_Number="", Transaction_Made_At="2024-09-16 11:57:00 UTC")
    reading = read({"Receipts.csv": receipts_csv(one), "Receipts_v2.csv": receipts_csv(one, later)})
    assert len(reading.history.premium) == 2


def test_lines_of_one_invoice_are_not_duplicates(read):
    rows = [receipt(Description="Premium Business"), receipt(), receipt()]
    reading = read({"Receipts_v2.csv": receipts_csv(*rows)})
    assert [p.plan for p in reading.history.premium] == ["premium_business", "premium_career"]
    assert reading.report.files[0].passed_over == {"duplicate": 1}


def test_a_refund_does_not_hide_the_payment_with_its_invoice_number(read):
    rows = [receipt(Total_Amount="-35.99"), receipt()]
    assert len(read({"Receipts_v2.csv": receipts_csv(*rows)}).history.premium) == 1


def test_invoice_numbers_stay_in_the_reader(read):
    reading = read({"Receipts_v2.csv": receipts_csv(receipt(Invoice_Number="INV-SECRET"))})
    assert "SECRET" not in reading.history.model_dump_json() + str(reading.report.to_dict())


def test_no_receipts_is_no_evidence(read):
    reading = read({"messages.csv": messages_csv()})
    assert "archive-no-receipts" in noted(reading)
    assert reading.history.complete == ()


def test_a_receipts_file_with_another_header_is_named(read):
    reading = read({"Receipts.csv": "Date,Product\n2024-08-16,Premium Career\n"})
    (file,) = reading.report.files
    assert (file.name, file.problem.code) == ("Receipts.csv", "archive-file-no-header")
    assert "archive-no-receipts" not in noted(reading)


@pytest.mark.parametrize(
    "text",
    [
        'Registered At,Registration Ip,Subscription Types\n"1/12/10, 9:14 AM",,Anything\n',
        "Registered At,Registration Ip,Subscription Types\n1/12/10, 9:14 AM,,Anything\n",
        "Registration Date,Registration IP,Subscription Type\n1/12/10, 9:14 AM,,Anything\n",
    ],
)
def test_registration_is_told_and_bounds_nothing(read, text):
    reading = read({"Registration.csv": text, "Receipts.csv": receipts_csv(receipt())})
    note = noted(reading)["archive-registered"]
    assert note.text.endswith("It began between 11 January and 12 January 2010.")
    assert "archive-subscription-types" in noted(reading)
    assert spans(reading)[0][1] == "../2024-08-16T11:57:00.999999Z"
    assert "Anything" not in str(reading.report.to_dict())


def test_account_status_is_read_from_its_utf_16_and_tabs(read):
    text = '"Time"\t"Event"\n"2010/01/12 09:14:00 UTC"\t"Account Created"\n'
    reading = read({"Account Status History.csv": text.encode("utf-16")})
    assert "It began on 12 January 2010." in noted(reading)["archive-registered"].text


def test_short_rows_are_malformed(read):
    text = table(RECEIPTS, []) + "Ada,Example,UK\n"
    assert read({"Receipts.csv": text}).report.files[0].passed_over == {"malformed": 1}


def test_receipts_in_another_encoding_are_not_their_own_duplicates(read):
    """The file is begun as UTF-8 and begun again; nothing of the first pass may remain."""
    rows = [receipt(Invoice_Number=f"INV-{n}") for n in range(300)]
    data = receipts_csv(*rows, receipt(Last_Name="Müller", Invoice_Number="")).encode("cp1252")
    reading = read({"Receipts.csv": data})
    assert len(reading.history.premium) == 301


def test_a_damaged_file_takes_no_receipt_from_the_other(tmp_path):
    path = write_zip(
        tmp_path / "a.zip",
        {
            "Receipts_v2.csv": receipts_csv(receipt(Last_Name="Damaged")),
            "Receipts.csv": receipts_csv(receipt()),
        },
        zipfile.ZIP_STORED,
    )
    path.write_bytes(path.read_bytes().replace(b"Damaged", b"damaged"))
    reading = read_archive(path)
    assert [p.source for p in reading.history.premium] == ["receipt row 2 of Receipts.csv"]
    assert [f.problem is None for f in reading.report.files] == [False, True]


def test_of_two_receipts_for_one_invoice_the_one_that_names_a_plan_is_kept(read):
    vague, clear = receipt(Description="Premium"), receipt()
    reading = read({"Receipts_v2.csv": receipts_csv(vague), "Receipts.csv": receipts_csv(clear)})
    assert [p.plan if isinstance(p.plan, str) else "several" for p in reading.history.premium] == [
        "several",
        "premium_career",
    ]
    reading = read({"Receipts_v2.csv": receipts_csv(clear), "Receipts.csv": receipts_csv(vague)})
    assert [p.plan for p in reading.history.premium] == ["premium_career"]
