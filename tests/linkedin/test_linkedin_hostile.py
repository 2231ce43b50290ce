"""Archives that want to do harm, and archives that are broken."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from linkedin_archives import (
    codes,
    message,
    messages_csv,
    noted,
    receipt,
    receipts_csv,
    write_folder,
    write_zip,
)

from eligibility.errors import ArchiveError, InvalidHistory
from eligibility.linkedin import CODES, Limits, read_archive
from eligibility.linkedin.archive import open_archive
from eligibility.linkedin.codes import UnreadableFile
from eligibility.linkedin.stream import Meter

GOOD = messages_csv(message())


def refused(path, **options):
    with pytest.raises(ArchiveError) as error:
        read_archive(path, **options)
    assert set(codes(error)) <= CODES.keys()
    return codes(error)


def list_shape(name, *, mode=0, flags=0, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits = flags
    info.compress_type = method
    return info


def patched(path, old, new, count=-1):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, count))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../messages.csv",
        "a/../../messages.csv",
        "/messages.csv",
        "//host/messages.csv",
        "C:/messages.csv",
        "c:messages.csv",
        "..\\messages.csv",
        "a\\..\\..\\messages.csv",
        "a/..\\messages.csv",
        "\\messages.csv",
        "\\\\host\\share\\messages.csv",
        "C:\\messages.csv",
        "a\\C:\\messages.csv",
        "./../messages.csv",
        ".\\..\\messages.csv",
        "..",
        ".",
        "/",
        "//",
        "\\",
        ".//",
        "a//",
        "../",
        "...",
        "a/.. /messages.csv",
        " /messages.csv",
    ],
)
def test_names_that_reach_outside_are_refused(tmp_path, name):
    path = write_zip(tmp_path / "a.zip", {name: GOOD})
    assert refused(path) == ["archive-unsafe-name"]


@pytest.mark.parametrize("size", [0, 3])
def test_an_entry_without_a_name_is_refused(tmp_path, size):
    """`zipfile` will not write one, so one is made: a name of one letter is cut out of both lists.

    Nothing but the two lengths and the letters change; what comes behind moves up by one and two.
    """
    files = {"messages.csv": GOOD, "x": "y" * size}
    data = bytearray(write_zip(tmp_path / "a.zip", files, zipfile.ZIP_STORED).read_bytes())
    local, listed = data.rindex(b"PK\x03\x04"), data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    size_at, offset_at = end + 12, end + 16
    for at, less in ((size_at, 1), (offset_at, 1)):
        value = struct.unpack_from("<I", data, at)[0]
        struct.pack_into("<I", data, at, value - less)
    struct.pack_into("<H", data, local + 26, 0)
    struct.pack_into("<H", data, listed + 28, 0)
    del data[listed + 46]
    del data[local + 30]
    path = tmp_path / "nameless.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as zipped:
        assert zipped.namelist() == ["messages.csv", ""]
    assert refused(path) == ["archive-unsafe-name"]


def test_a_name_that_is_not_in_its_encoding_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"Zoë/messages.csv": GOOD})
    assert refused(patched(path, "ë".encode(), b"\xff\xfe")) == ["archive-not-a-zip"]


def test_a_name_in_the_old_encoding_of_zips_is_read(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"Zo#/messages.csv": GOOD})
    assert len(read_archive(patched(path, b"Zo#", b"Zo\x89")).history.messages) == 1


@pytest.mark.parametrize(
    "name",
    [
        "My export\\messages.csv",
        "My export\\deeper/messages.csv",
        ".\\messages.csv",
        "./My export/./messages.csv",
    ],
)
def test_a_zip_of_another_system_is_read(tmp_path, name):
    folder = name[: -len("messages.csv")]
    files = {folder: "", name: GOOD, f"{folder}Receipts.csv": receipts_csv(receipt())}
    reading = read_archive(write_zip(tmp_path / "a.zip", files))
    assert [file.name for file in reading.report.files] == ["messages.csv", "Receipts.csv"]
    assert (len(reading.history.messages), len(reading.history.premium)) == (1, 1)


@pytest.mark.skipif(os.name == "nt", reason="no file there has a backslash in its name")
def test_a_folder_that_was_unpacked_with_backslashes_in_its_names_is_read(tmp_path):
    folder = write_folder(tmp_path / "a", {"My export\\messages.csv": GOOD})
    (file,) = read_archive(folder).report.files
    assert (file.name, file.rows_read) == ("messages.csv", 1)
    write_folder(folder, {"My export/messages.csv": GOOD})
    assert refused(folder) == ["archive-duplicate-name"]
    assert refused(write_folder(tmp_path / "b", {"..\\messages.csv": GOOD})) == [
        "archive-unsafe-name"
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_folder_with_a_name_in_no_encoding_is_read(tmp_path):
    folder = os.fsencode(write_folder(tmp_path / "a", {"messages.csv": GOOD}))
    for name in (b"\xff.csv", b"\xfe\xff"):
        try:
            Path(os.fsdecode(os.path.join(folder, name))).write_bytes(b"x")  # noqa: PTH118 - bytes
        except OSError:
            pytest.skip("this file system takes Unicode only")
    assert len(read_archive(os.fsdecode(folder)).history.messages) == 1


def test_folders_are_as_deep_with_backslashes(tmp_path):
    files = {"a\\" * 20 + "messages.csv": GOOD}
    assert refused(write_zip(tmp_path / "a.zip", files)) == ["archive-too-deep"]


def test_clutter_is_known_with_backslashes(tmp_path):
    files = {"x\\messages.csv": GOOD, "__MACOSX\\x\\messages.csv": GOOD}
    assert len(read_archive(write_zip(tmp_path / "a.zip", files)).history.messages) == 1


@pytest.mark.parametrize("name", ["messages.csv/", "messages.csv\\"])
def test_a_folder_that_holds_bytes_is_refused(tmp_path, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("Profile.csv", "")
        zipped.writestr(list_shape(name), GOOD)
    assert refused(path) == ["archive-unsafe-name"]


def test_a_nul_in_a_name_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"messages.csv#txt": GOOD})
    assert refused(patched(path, b"messages.csv#", b"messages.csv\0")) == ["archive-unsafe-name"]


@pytest.mark.parametrize(
    "names",
    [
        ("messages.csv", "messages.csv"),
        ("messages.csv", "Messages.CSV"),
        ("x/messages.csv", "x//messages.csv"),
        ("x/messages.csv", "x\\messages.csv"),
        ("x/messages.csv", "X\\Messages.csv"),
        ("messages.csv", "./messages.csv"),
        ("messages.csv", "messages.csv. "),
        ("x/messages.csv", "x./messages.csv"),
        ("Zoë/messages.csv", "Zoe\u0308/messages.csv"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_names_are_refused(tmp_path, names):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name in names:
            zipped.writestr(name, GOOD)
    assert refused(path) == ["archive-duplicate-name"]


def test_duplicates_in_a_folder_are_refused_too(tmp_path):
    folder = write_folder(tmp_path / "a", {"messages.csv": GOOD, "Messages.csv": GOOD})
    if len(list(folder.iterdir())) == 1:
        pytest.skip("this file system does not tell case apart")
    assert refused(folder) == ["archive-duplicate-name"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_in_a_zip_are_refused(tmp_path, kind):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("messages.csv", GOOD)
        zipped.writestr(list_shape("Profile.csv", mode=kind | 0o777), "/etc/passwd")
    assert refused(path) == ["archive-link"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege there")
@pytest.mark.parametrize("target", ["outside.csv", "missing.csv", "."])
def test_links_in_a_folder_are_refused_and_not_followed(tmp_path, target):
    (tmp_path / "outside.csv").write_text(GOOD)
    folder = write_folder(tmp_path / "export", {"Profile.csv": ""})
    (folder / "messages.csv").symlink_to(tmp_path / target)
    assert refused(folder) == ["archive-link"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_a_pipe_in_a_folder_is_refused_and_does_not_block(tmp_path):
    folder = write_folder(tmp_path / "export", {"Profile.csv": ""})
    os.mkfifo(folder / "messages.csv")
    assert refused(folder) == ["archive-link"]


def test_encrypted_entries_are_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD})
    data = bytearray(path.read_bytes())
    listing = data.index(b"PK\x01\x02")
    data[listing + 8] |= 1
    path.write_bytes(data)
    assert refused(path) == ["archive-encrypted"]


def test_too_many_entries_are_refused(tmp_path):
    files = {f"Jobs/{n}.csv": "" for n in range(11)}
    limits = Limits(entries=10)
    assert refused(write_zip(tmp_path / "a.zip", files), limits=limits) == [
        "archive-too-many-entries"
    ]
    assert refused(write_folder(tmp_path / "a", files), limits=limits) == [
        "archive-too-many-entries"
    ]


def test_a_huge_listing_is_refused_before_it_is_taken_in(tmp_path):
    names = {f"{n:04}{'x' * 60_000}": "" for n in range(40)}
    path = write_zip(tmp_path / "a.zip", names, zipfile.ZIP_STORED)
    assert refused(path, limits=Limits(entries=50)) == ["archive-long-listing"]


def test_deep_folders_are_refused(tmp_path):
    files = {"a/" * 20 + "messages.csv": GOOD}
    assert refused(write_zip(tmp_path / "a.zip", files)) == ["archive-too-deep"]
    assert refused(write_folder(tmp_path / "a", files)) == ["archive-too-deep"]


@pytest.mark.parametrize("name", ["messages.csv", "bomb.bin"])
def test_a_bomb_is_refused_by_its_ratio(tmp_path, name):
    path = write_zip(tmp_path / "a.zip", {name: b"\0" * 20_000_000, "Profile.csv": ""})
    assert refused(path) == ["archive-ratio"]


def test_a_bomb_that_declares_less_never_inflates_beyond_it(tmp_path):
    """The listing says 1,000 bytes; 20 MB come out of it, unless somebody counts."""
    path = write_zip(tmp_path / "a.zip", {"messages.csv": b"a" * 20_000_000, "Profile.csv": ""})
    size = struct.pack("<I", 20_000_000)
    patched(path, size, struct.pack("<I", 1_000))
    counts = []
    reading = read_archive(path, progress=counts.append)
    assert [f.problem.code for f in reading.report.files] == ["archive-file-damaged"]
    assert reading.history.messages == ()
    assert max(counts, default=0) <= 2_000


@pytest.mark.parametrize(
    "limits", [Limits(file_bytes=1_000), Limits(total_bytes=1_000)], ids=["file", "total"]
)
def test_sizes_are_capped(tmp_path, limits):
    files = {"messages.csv": messages_csv(*[message()] * 50)}
    for path in (write_zip(tmp_path / "a.zip", files), write_folder(tmp_path / "a", files)):
        assert refused(path, limits=limits) == ["archive-too-large"]


def test_a_file_that_declares_too_much_is_refused_before_it_is_read(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"messages.csv": messages_csv(*[message()] * 50)})
    counts = []
    assert refused(path, limits=Limits(file_bytes=1_000), progress=counts.append) == [
        "archive-too-large"
    ]
    assert counts == []


def test_the_total_is_over_all_files(tmp_path):
    files = {f"{n}/messages.csv": messages_csv(*[message()] * 10) for n in range(5)}
    path = write_zip(tmp_path / "a.zip", files)
    size = len(files["0/messages.csv"])
    assert read_archive(path, limits=Limits(total_bytes=6 * size)).report.problems == ()
    assert refused(path, limits=Limits(total_bytes=4 * size)) == ["archive-too-large"]


def test_rows_are_capped(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"messages.csv": messages_csv(*[message()] * 10)})
    assert refused(path, limits=Limits(rows=10)) == ["archive-too-many-rows"]
    assert len(read_archive(path, limits=Limits(rows=12)).history.messages) == 10


def test_entries_that_share_bytes_are_refused(tmp_path):
    """Two listings for one block of data: the trick by which a small ZIP holds many bombs."""
    path = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD, "messagez.csv": GOOD})
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(data)
    assert refused(path) == ["archive-overlap"]


def test_all_reasons_are_named_at_once(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("../messages.csv", GOOD)
        zipped.writestr(list_shape("Profile.csv", mode=stat.S_IFLNK), "x")
        zipped.writestr("profile.csv", "")
    assert sorted(refused(path)) == [
        "archive-duplicate-name",
        "archive-link",
        "archive-unsafe-name",
    ]


def test_nothing_there_is_refused(tmp_path):
    assert refused(tmp_path / "missing.zip") == ["archive-missing"]
    assert refused(tmp_path / "nul\0.zip") == ["archive-missing"]


@pytest.mark.parametrize("content", [b"", b"CONVERSATION ID,DATE\n", b"PK\x05\x06"])
def test_what_is_no_zip_is_refused(tmp_path, content):
    path = tmp_path / "messages.zip"
    path.write_bytes(content)
    assert refused(path) == ["archive-not-a-zip"]


def test_a_zip_cut_short_anywhere_is_refused_or_named(tmp_path):
    whole = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD}).read_bytes()
    for length in range(0, len(whole), 7):
        path = tmp_path / "cut.zip"
        path.write_bytes(whole[:length])
        assert refused(path) == ["archive-not-a-zip"]


def test_a_zip_with_any_byte_changed_is_read_refused_or_named(tmp_path):
    """Whatever is broken, nothing but an `ArchiveError` comes out."""
    whole = write_zip(
        tmp_path / "a.zip", {"messages.csv": GOOD, "Receipts.csv": receipts_csv(receipt())}
    ).read_bytes()
    path = tmp_path / "changed.zip"
    outcomes = set()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        path.write_bytes(changed)
        try:
            reading = read_archive(path)
        except ArchiveError:
            outcomes.add("refused")
        else:
            outcomes.add("named" if reading.report.problems else "read")
    assert outcomes == {"refused", "named", "read"}


def test_an_archive_of_something_else_is_refused(tmp_path):
    assert refused(write_zip(tmp_path / "a.zip", {"holiday.jpg": b"x"})) == [
        "archive-not-an-export"
    ]
    assert refused(write_folder(tmp_path / "a", {"letter.csv": "Dear,Ada\n"})) == [
        "archive-not-an-export"
    ]


def test_a_zip_within_is_not_opened_and_named(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {"messages.csv": GOOD}).read_bytes()
    path = write_zip(tmp_path / "outer.zip", {"inner.zip": inner, "Profile.csv": ""})
    reading = read_archive(path)
    assert reading.history.messages == ()
    assert [(p.code, p.path) for p in reading.report.problems] == [
        ("archive-nested-zip", "entry 1")
    ]
    alone = write_zip(tmp_path / "alone.zip", {"inner.zip": inner})
    with pytest.raises(ArchiveError, match="by itself"):
        read_archive(alone)


@pytest.mark.parametrize("name", ["messages.xlsx", "Receipts_v2.csv.gz", "x/MESSAGES (1).txt"])
def test_a_table_that_was_saved_as_another_kind_of_file_is_named_as_not_read(tmp_path, name):
    """It was counted among files that say nothing about the history, with exit status 0."""
    path = write_zip(tmp_path / "a.zip", {name: GOOD, "Profile.csv": "", "holiday.jpg": "x"})
    report = read_archive(path).report
    found = [(each.code, each.path) for each in report.problems]
    assert found == [("archive-file-not-csv", name.rpartition("/")[2])]
    assert noted(read_archive(path))["archive-other-files"].paths == ("Profile.csv", "entry 3")


def test_rows_that_might_have_said_something_are_a_problem_of_their_file(tmp_path):
    header, row = GOOD.splitlines()[:2]
    path = write_zip(tmp_path / "a.zip", {"messages.csv": f"{header}\n{row}\ncut,short\n\n"})
    (problem,) = read_archive(path).report.problems
    assert (problem.code, problem.path) == ("archive-file-rows", "messages.csv")
    assert "1 row: The row does not have the cells" in problem.hint
    blank = write_zip(tmp_path / "b.zip", {"messages.csv": f"{header}\n{row}\n\n"})
    assert read_archive(blank).report.problems == ()


def test_system_clutter_is_no_part_of_the_archive(read_zip):
    files = {
        "x/messages.csv": GOOD,
        "__MACOSX/x/._messages.csv": b"\0\5\x16\7",
        "__MACOSX/x/messages.csv": GOOD,
        "x/._Receipts.csv": b"\0",
        "x/.DS_Store": b"\0",
    }
    reading = read_zip(files)
    assert len(reading.history.messages) == 1
    assert "archive-other-files" not in noted(reading)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_inflate_without_bound_are_not_read_and_named(tmp_path, method):
    path = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD}, method)
    reading = read_archive(path)
    (file,) = reading.report.files
    assert (file.name, file.problem.code) == ("messages.csv", "archive-file-compression")


def test_a_damaged_file_is_named_and_the_others_are_read(tmp_path):
    path = write_zip(
        tmp_path / "a.zip",
        {"messages.csv": GOOD, "Receipts.csv": receipts_csv(receipt())},
        zipfile.ZIP_STORED,
    )
    patched(path, b"2024-01-02 03:04:05", b"2023-01-02 03:04:05")
    reading = read_archive(path)
    by_name = {file.name: file for file in reading.report.files}
    assert by_name["messages.csv"].problem.code == "archive-file-damaged"
    assert by_name["messages.csv"].rows_read == 0
    assert by_name["Receipts.csv"].problem is None
    assert (len(reading.history.messages), len(reading.history.premium)) == (0, 1)
    assert "archive-no-messages" not in noted(reading)


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user"
)
def test_a_file_without_permission_is_named(tmp_path):
    folder = write_folder(tmp_path / "a", {"messages.csv": GOOD, "Profile.csv": ""})
    (folder / "messages.csv").chmod(0)
    reading = read_archive(folder)
    assert reading.report.files[0].problem.code == "archive-file-not-readable"


def test_nothing_is_written_anywhere(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD, "x/Receipts.csv": ""})
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(zipfile.ZipFile, "extract", None)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", None)
    read_archive(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_progress_is_told_how_many_bytes_were_read(tmp_path):
    text = messages_csv(*[message(CONTENT="x" * 500)] * 2_000)
    path = write_zip(tmp_path / "a.zip", {"messages.csv": text})
    counts = []
    read_archive(path, progress=counts.append)
    assert counts == sorted(counts)
    assert counts[-1] >= len(text)
    assert len(counts) > 20


def test_a_zip_behind_other_bytes_is_read(tmp_path):
    """Some browsers and mailers put something in front; the listing still says where all is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("messages.csv", GOOD)
    path = tmp_path / "a.zip"
    path.write_bytes(b"some bytes" + buffer.getvalue())
    assert len(read_archive(path).history.messages) == 1


def test_damage_far_into_a_file_drops_all_of_it(tmp_path):
    rows = [message(CONTENT=f"text {n}") for n in range(2_000)]
    path = write_zip(tmp_path / "a.zip", {"messages.csv": messages_csv(*rows)}, zipfile.ZIP_STORED)
    reading = read_archive(patched(path, b"text 1999", b"text 9999"))
    assert [f.problem.code for f in reading.report.files] == ["archive-file-damaged"]
    assert reading.history.messages == ()


@pytest.mark.parametrize("write", [write_zip, write_folder])
def test_a_system_that_refuses_to_read_on_is_named(tmp_path, monkeypatch, write):
    path = write(tmp_path / "a.zip", {"messages.csv": GOOD, "Profile.csv": ""})

    def failing(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(zipfile.ZipExtFile, "read", failing)
    monkeypatch.setattr("eligibility.linkedin.folder.os.open", failing)
    reading = read_archive(path)
    assert reading.report.files[0].problem.code == "archive-file-not-readable"


def test_a_zip_that_cannot_be_read_on_is_not_called_damaged(tmp_path, monkeypatch):
    """Where a file was moved or changed since it was chosen: `zipfile` calls it no ZIP."""

    def failing(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("eligibility.linkedin.zipped._Careful.read", failing)
    path = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD})
    assert refused(path) == ["archive-not-readable"]


def test_a_system_that_refuses_to_open_refuses_the_archive(tmp_path, monkeypatch):
    zipped = write_zip(tmp_path / "a.zip", {"messages.csv": GOOD})
    folder = write_folder(tmp_path / "a", {"messages.csv": GOOD})

    def failing(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("eligibility.linkedin.zipped.Path.open", failing)
    monkeypatch.setattr("eligibility.linkedin.folder.os.scandir", failing)
    assert refused(zipped) == ["archive-not-readable"]
    assert refused(folder) == ["archive-not-readable"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege there")
def test_a_link_put_in_place_after_the_listing_is_not_followed(tmp_path):
    (tmp_path / "outside.csv").write_text(GOOD)
    folder = write_folder(tmp_path / "export", {"messages.csv": GOOD})
    with open_archive(folder, Meter(Limits())) as archive:
        (folder / "messages.csv").unlink()
        (folder / "messages.csv").symlink_to(tmp_path / "outside.csv")
        with pytest.raises(UnreadableFile):
            archive.entries[0].open()


@pytest.mark.parametrize(
    ("given", "code"), [({"account_id": ""}, "too-short"), ({"time_zone": "X"}, "unknown-zone")]
)
def test_what_the_caller_gives_is_refused_like_any_other_history(given, code):
    archive = Path(__file__).parents[2] / "examples/archive/ada-example-export.zip"
    with pytest.raises(InvalidHistory) as caught:
        read_archive(archive, **given)
    assert [problem.code for problem in caught.value.problems] == [code]
