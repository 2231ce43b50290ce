"""A large mailbox: rows stream through, and only the history grows."""

import csv
import tracemalloc

import pytest
from linkedin_archives import ADA, M8, message, write_zip

from eligibility.linkedin import read_archive
from eligibility.linkedin.archive import open_archive
from eligibility.linkedin.messages import LAYOUT
from eligibility.linkedin.stream import Limits, Meter
from eligibility.linkedin.table import read_table

ROWS = 200_000
MIB = 1024 * 1024


def write_messages(path, rows, content):
    path.parent.mkdir(exist_ok=True)
    row = [message(CONTENT=content).get(name, "") for name in M8]
    date = M8.index("DATE")
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(M8)
        for n in range(rows):
            at = f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"
            row[date] = f"2024-01-{n // 86400 + 1:02} {at} UTC"
            writer.writerow(row)
    return path.parent


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return write_messages(tmp_path_factory.mktemp("large") / "messages.csv", ROWS, "x" * 300)


def peak(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_rows_stream_in_flat_memory(large):
    counts = []

    def work():
        with open_archive(large, Meter(Limits())) as archive:
            read = read_table(
                archive.entries[0],
                LAYOUT,
                lambda table: sum(1 for _ in table),
                where="messages.csv",
                meter=Meter(Limits()),
            )
            counts.append(read.value)

    assert (large / "messages.csv").stat().st_size > 85 * MIB
    assert peak(work) < 2 * MIB
    assert counts == [ROWS]


def test_every_row_of_a_large_mailbox_is_read(large):
    reading = read_archive(large, owner_profile_url=ADA)
    assert reading.report.files[0].rows_read == ROWS
    assert len(reading.history.messages) == ROWS
    assert reading.history.messages[-1].source == f"messages.csv row {ROWS + 1}"
    assert {m.direction for m in reading.history.messages} == {"received"}


def test_what_people_wrote_takes_no_memory(tmp_path):
    """The same rows with ten times the text: the history is the same, and so is the peak."""
    peaks = []
    for length in (500, 5_000):
        folder = write_messages(tmp_path / str(length) / "messages.csv", 2_000, "x" * length)
        path = write_zip(
            tmp_path / f"{length}.zip", {"messages.csv": (folder / "messages.csv").read_bytes()}
        )
        read_archive(path)  # caches are warm now
        peaks.append(peak(lambda path=path: read_archive(path)))
    assert peaks[1] - peaks[0] < MIB / 2
