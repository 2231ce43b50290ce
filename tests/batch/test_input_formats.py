"""Every entry of an input folder is read, means nothing, or is refused by name: nothing is lost.

The account of these tests is in the class by one message alone, and out of it by one permission. So
a table that is lost, or half of one, changes its status. All accounts are fictional.
"""

import csv
import gzip
import io
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from eligibility import AccountHistory
from eligibility.batch import InvalidTables, decide
from eligibility.batch.tables.folder import TableFile
from eligibility.batch.tables.options import InputOptions
from eligibility.batch.tables.scan import reading, scan
from eligibility.batch.tables.schema import contract
from eligibility.batch.tables.text_files import opened
from eligibility.cli.app import app
from eligibility.errors import CODES
from eligibility.rules import class_definition

RUNNER = CliRunner()
ACCOUNTS: Final = (
    "account_id,complete_premium,complete_messages,complete_permissions\nA,true,true,true\n"
)
PREMIUM: Final = "account_id,plan,start,end\nA,premium_career,2020,..\n"
MESSAGES: Final = "account_id,inmail,shared,sent_at,shared_at\nA,true,true,2024-05-01,2024-06\n"
OTHER: Final = "account_id,inmail,shared,sent_at,shared_at\nA,false,false,2024-05-01,\n"
SOURCED: Final = "account_id,inmail,shared,sent_at,shared_at,source\n"
PERMISSIONS: Final = "account_id,start,end\nA,2020,..\n"
#: Words of the libraries underneath, which mean nothing to who reads an error.
INNER_WORDS: Final = ("polars", "arrow error", "duckdb", "schema", "dtype", "ragged", "utf8", "pl.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An input folder of an account that has Premium, and no message yet."""
    made = tmp_path / "exports"
    made.mkdir()
    (made / "accounts.csv").write_text(ACCOUNTS)
    (made / "premium.csv").write_text(PREMIUM)
    return made


def put(path: Path, text: str) -> Path:
    """Write a text in the kind of file that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pl.read_csv(text.encode(), infer_schema=False)
    if path.name.lower().endswith(".gz"):
        is_tsv = ".tsv" in path.name.lower()
        path.write_bytes(gzip.compress((text.replace(",", "\t") if is_tsv else text).encode()))
    elif path.suffix.lower() == ".tsv":
        path.write_text(text.replace(",", "\t"))
    elif path.suffix.lower() == ".csv":
        path.write_text(text)
    else:
        frame.write_parquet(path)
    return path


def batch(*words: object) -> tuple[int, str]:
    """The exit status of `eligibility batch …`, and all that it said."""
    done = RUNNER.invoke(app, ["batch", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def status(folder: Path, said: InputOptions | None = None) -> str:
    """The status of account A, which fits."""
    tables = scan(folder, AccountHistory, said or InputOptions())
    row = decide(tables, class_definition()).collect().row(0, named=True)
    assert row["problem"] is None, row
    return str(row["status"])


def status_by_command(folder: Path, *options: str) -> str:
    """The same by the command line, with exit status 0."""
    out = folder.parent / f"out-{len(list(folder.parent.iterdir()))}"
    code, output = batch(folder, "-o", out, *options)
    assert code == 0, output
    return str(pl.read_parquet(out / "verdicts" / "*.parquet")["status"].item())


def refused(source: Path, *options: str, said: InputOptions | None = None) -> str:
    """What is said of an input that is refused: with exit status 3, and in words of our own."""
    code, output = batch(source, "-o", source.parent / "out", *options)
    assert code == 3, output
    assert not (source.parent / "out" / "summary.json").exists()
    if source.is_dir():
        with pytest.raises(InvalidTables) as error:
            scan(source, AccountHistory, said or InputOptions())
        assert {problem.code for problem in error.value.problems} <= set(CODES)
        for problem in error.value.problems:
            assert problem.hint
            assert problem.message in output
    assert not any(word in output.lower() for word in INNER_WORDS), output
    assert "Traceback" not in output
    return output


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"BZh91AY", "compressed with bzip2"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"\xfd7zXZ", "compressed with xz"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"PAR1", "Parquet"),
    ],
)
def test_what_is_called_text_and_is_not_is_named_as_what_it_is(
    folder: Path, head: bytes, kind: str
) -> None:
    (folder / "messages.csv").write_bytes(head + bytes(range(64)))
    assert f"`messages.csv` is called a text file, and is {kind}." in refused(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sep=,\n" + MESSAGES, "begins with a line `sep=`"),
        (MESSAGES.replace("\n", ",\n"), "has a column without a name"),
        ("," + MESSAGES.replace("\nA", "\n0,A"), "has a column without a name"),
    ],
)
def test_what_spreadsheets_and_data_frames_add_is_named(folder: Path, text: str, said: str) -> None:
    (folder / "messages.csv").write_text(text)
    assert said in " ".join(refused(folder).split())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_named_and_how_to_save_it(folder: Path, encoding: str) -> None:
    (folder / "messages.csv").write_bytes(MESSAGES.encode(encoding))
    output = refused(folder)
    assert "UTF-16" in output
    assert "CSV UTF-8" in output


# ---- what is read ------------------------------------------------------------------------------

READ: Final = [
    "messages.csv",
    "messages.tsv",
    "messages.csv.gz",
    "messages.tsv.gz",
    "messages.parquet",
    "messages",
    "messages.parq",
    "Messages.CSV",
    "MESSAGES.Parquet",
    "messages.Csv.Gz",
    "messages/part-0.csv",
    "messages/part-0",
    "messages/part-00000-c000.snappy.parquet",
    "messages/00000",
    "messages/year=2024/part-0.csv",
    "messages/year=2024/month=5/part-0.parquet",
    "messages/year=2024/month=5/data",
    "messages/2024/05/may.tsv.gz",
    "messages.csv/part-00000.csv",
    "messages.parquet/part-00000",
    "Messages/part-0.CSV.GZ",
]


@pytest.mark.parametrize("name", READ)
def test_a_table_is_read_whatever_file_it_is(folder: Path, name: str) -> None:
    put(folder / name, MESSAGES)
    assert status(folder) == "eligible"


@pytest.mark.parametrize("name", READ)
def test_no_permission_is_lost_either(folder: Path, name: str) -> None:
    put(folder / "messages.csv", MESSAGES)
    name = name.replace("messages", "permissions").replace("Messages", "Permissions")
    put(folder / name.replace("MESSAGES", "PERMISSIONS"), PERMISSIONS)
    assert status(folder) == "ineligible"


@pytest.mark.parametrize(
    "name",
    ["messages/year=2024/part-0.csv", "messages.tsv", "messages.csv.gz", "messages/part-0"],
)
def test_the_command_reads_them_too(folder: Path, name: str) -> None:
    assert status_by_command(folder) == "ineligible"
    put(folder / name, MESSAGES)
    assert status_by_command(folder) == "eligible"
    assert status_by_command(folder, "--partitions", "3", "--engine", "duckdb") == "eligible"
    put(folder / name.replace("messages", "permissions"), PERMISSIONS)
    assert status_by_command(folder) == "ineligible"


@pytest.mark.parametrize(
    "names",
    [
        ("a.csv", "b.csv.gz"),
        ("a.csv.gz", "b.csv"),
        ("a.csv", "b.tsv"),
        ("a.parquet", "b.csv"),
        ("a.csv", "b"),
        ("year=2023/a.csv", "year=2024/b.csv"),
        ("year=2023/a.csv", "b.parquet"),
        ("deep/er/a.tsv", "b.tsv.gz"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_parts_of_several_kinds_none_is_lost(
    folder: Path, names: tuple[str, str], is_turned: bool
) -> None:
    texts = (OTHER, MESSAGES) if is_turned else (MESSAGES, OTHER)
    for name, text in zip(names, texts, strict=True):
        put(folder / "messages" / name, text)
    assert status(folder) == "eligible"


def test_typed_parts_beside_texts_mean_what_they_mean(folder: Path) -> None:
    put(folder / "messages" / "a.csv", OTHER)
    days = pa.table(
        {
            "shared_at": pa.array([19875, None], pa.int32()).cast(pa.date32()).cast(pa.date64()),
            "shared": [True, None],
            "account_id": ["A", "A"],
            "sent_at": pa.array([19844, None], pa.date32()),
            "inmail": pa.array([1, None], pa.int64()),
        }
    )
    pq.write_table(days, folder / "messages" / "b.parquet")
    assert status(folder) == "eligible"


@pytest.mark.parametrize("links", ["file", "folder", "part"])
def test_links_are_followed(folder: Path, links: str) -> None:
    away = folder.parent / "away"
    target = put(away / "part-0.csv", MESSAGES)
    if links == "file":
        (folder / "messages.csv").symlink_to(target)
    elif links == "folder":
        (folder / "messages").symlink_to(away)
    else:
        put(folder / "messages" / "a.csv", OTHER)
        (folder / "messages" / "b.csv").symlink_to(target)
    assert status(folder) == "eligible"


def test_a_packed_file_of_several_members_is_read_to_its_end(folder: Path) -> None:
    head, row = MESSAGES.splitlines(keepends=True)
    other = OTHER.splitlines(keepends=True)[1]
    packed = gzip.compress((head + other).encode()) + gzip.compress(row.encode())
    (folder / "messages.csv.gz").write_bytes(packed)
    assert status(folder) == "eligible"


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("inmail=true/a.csv", ("inmail",)),
        ("shared=true/inmail=1/a.csv", ("shared", "inmail")),
        ("Shared=True/a.parquet", ("shared",)),
        ("account_id=A/a.csv", ("account_id",)),
        ("shared_at=2024-06/a.csv.gz", ("shared_at",)),
        ("sent_at=2024-05-01%2010%3A00%3A00/a.csv", ("sent_at",)),
        ("direction=__HIVE_DEFAULT_PARTITION__/a.csv", ()),
    ],
)
def test_a_folder_that_names_a_column_says_it_of_all_its_rows(
    folder: Path, path: str, columns: tuple[str, ...]
) -> None:
    frame = pl.read_csv(MESSAGES.encode(), infer_schema=False).drop(columns)
    put(folder / "messages" / path, frame.write_csv())
    assert status(folder) == "eligible"


def test_a_column_that_two_folders_say_is_refused(folder: Path) -> None:
    rest = pl.read_csv(MESSAGES.encode(), infer_schema=False).drop("account_id").write_csv()
    put(folder / "messages" / "account_id=A" / "account_id=B" / "part-0.csv", rest)
    assert "`messages` has `account_id` twice" in refused(folder)


def test_a_moment_that_one_part_says_and_another_bounds_is_refused(folder: Path) -> None:
    put(folder / "messages" / "part-0.csv", OTHER)
    header = "account_id,inmail,shared,sent_at,shared_at_earliest,shared_at_latest\n"
    rows = "A,true,true,2024-05-01,2024-06-01,2024-06-02\n"
    put(folder / "messages" / "part-1.csv", header + rows)
    assert "`messages` says `shared_at` in two ways" in refused(folder)


def test_a_packed_file_with_more_behind_its_end_is_refused(folder: Path) -> None:
    (folder / "messages.csv.gz").write_bytes(gzip.compress(MESSAGES.encode()) + bytes(100))
    assert "more bytes behind the end of what is packed" in refused(folder)


def test_a_column_that_folder_and_file_both_say_is_refused(folder: Path) -> None:
    put(folder / "messages" / "shared=false" / "a.csv", MESSAGES)
    assert "`messages` has `shared` twice" in refused(folder)


MEANS_NOTHING: Final = [
    ".DS_Store",
    "._messages.csv",
    ".messages.csv.crc",
    "messages.csv.crc",
    "_SUCCESS",
    "_metadata",
    "_started_1",
    "__MACOSX/._messages.csv",
    ".ipynb_checkpoints/messages.csv",
    "Thumbs.db",
    "desktop.ini",
    "~$messages.xlsx",
]


@pytest.mark.parametrize("name", MEANS_NOTHING)
def test_names_that_mean_nothing_are_passed_over(folder: Path, name: str) -> None:
    put(folder / "messages" / "part-0.csv", MESSAGES)
    for place in (folder, folder / "messages"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(b"\0 whatever a tool leaves")
    assert status(folder) == "eligible"


# ---- what is refused ---------------------------------------------------------------------------


#: Files that could be read, if there were such a table.
STRAY: Final = ("messages.old.csv", "messages (1).csv")


@pytest.mark.parametrize(
    "name",
    [
        "README.txt",
        "notes.md",
        "messages.json",
        "messages.jsonl",
        "messages.xlsx",
        "messages.xls",
        "messages.ods",
        "messages.zip",
        "messages.csv.zip",
        "messages.csv.zst",
        "messages.csv.bz2",
        "messages.parquet.gz",
        "messages.gz",
        "messages.arrow",
        "messages.feather",
        "messages.orc",
        "messages.avro",
        "messages.txt",
        "messages.csv~",
        "messages.csv.bak",
        "messages.csv.part",
        "messages.old.csv",
        "messages (1).csv",
        "customers.csv",
        "customers/part-0.csv",
        "messages",
        "messages.parquet",
        "messages/README.txt",
        "messages/part-1.json",
        "messages/year=2024/part-1.csv.zst",
        "messages/part-1",
    ],
)
def test_what_is_not_read_is_refused_by_name(folder: Path, name: str) -> None:
    if "/" in name and "customers" not in name:
        put(folder / "messages" / "part-0.csv", MESSAGES)
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    (folder / name).write_bytes(b"something that is no table, fictional")
    shown = name.partition("/")[0] if name.startswith("customers/") else name
    said = refused(folder)
    assert f"`{shown}`" in said
    assert ("is no table of this history" in said) == ("customers" in name or name in STRAY)


def test_a_parquet_file_that_polars_cannot_read_is_named_as_what_it_is(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It was called damaged or cut off, after a hundred lines of what had panicked where."""
    sent = pa.array([0], pa.timestamp("us", "+05:30"))
    pq.write_table(pa.table({"account_id": ["A"], "sent_at": sent}), folder / "messages.parquet")
    assert "has timestamps in the zone `+05:30`, which is no IANA name" in refused(folder)
    assert "panicked" not in capfd.readouterr().err
    two = pa.table([pa.array(["A"]), pa.array([True]), pa.array([True])], ["account_id", "x", "x"])
    pq.write_table(two, folder / "messages.parquet")
    assert "has two columns of one name" in refused(folder)


def test_a_parquet_file_whose_names_look_like_such_a_zone_is_read(folder: Path) -> None:
    sent = pa.array([0], pa.timestamp("us", "-08:00"))  # whole hours have a name: Etc/GMT+8
    table = pa.table({"account_id": ["A"], "sent_at": sent})
    noted = table.replace_schema_metadata({"created": "2024-01-01T00:00:00+05:30"})
    pq.write_table(noted, folder / "messages.parquet")
    code, output = batch(folder, "-o", folder.parent / "out")
    assert code == 0, output


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("messages.csv", b"PAR1....PAR1"),
        ("messages.csv", b"PK\x03\x04...."),
        ("messages.tsv", b"\xff\xfea\x00c\x00"),
        ("messages.csv", b"\xfe\xff\x00a\x00c"),
        ("messages.csv", b"\0\0\0\0"),
        ("messages.csv.gz", b"\x1f\x8bnot packed at all"),
        ("messages.csv", b""),
        ("messages.parquet", b""),
        ("messages.csv.gz", gzip.compress(b"", mtime=0)),
        ("messages.csv", b"\n\n\n"),
        ("messages/part-1.csv", b""),
        ("messages/part-1", b""),
        ("messages.parquet", b"PAR1 no, it is not"),
        ("messages.csv.gz", gzip.compress(MESSAGES.encode() * 99, mtime=0)[:-9]),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    folder: Path, name: str, head: bytes
) -> None:
    if "/" in name:
        put(folder / "messages" / "part-0.csv", MESSAGES)
    (folder / name).write_bytes(head)
    assert f"`{name}`" in refused(folder)


@pytest.mark.parametrize(
    "name", ["messages", "messages/year=2024", "messages.csv", "messages/_tmp"]
)
def test_a_folder_without_a_part_is_refused(folder: Path, name: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "_SUCCESS").touch()
    assert "`messages" in refused(folder)


@pytest.mark.parametrize(
    "names",
    [
        ("messages.csv", "messages.tsv"),
        ("messages.csv", "messages.csv.gz"),
        ("messages.csv", "Messages.parquet"),
        ("messages.csv", "messages/part-0.csv"),
        ("messages", "messages.tsv"),
    ],
)
def test_two_files_of_one_table_are_refused(folder: Path, names: tuple[str, str]) -> None:
    for name in names:
        put(folder / name, MESSAGES)
    assert "`messages` is there twice" in refused(folder)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    there = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(there)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere.csv")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [_fifo, _socket, _device, _dangling, _loop])
@pytest.mark.parametrize(
    "name", ["messages.csv", "messages/part-1.csv", "messages/part-1", "README"]
)
def test_what_is_no_file_is_refused_and_never_waited_for(
    folder: Path, make: Callable[[Path], None], name: str
) -> None:
    if "/" in name:
        put(folder / "messages" / "part-0.csv", MESSAGES)
    make(folder / name)
    assert f"`{name}`" in refused(folder)


def test_a_link_that_leads_back_is_refused(folder: Path) -> None:
    put(folder / "messages" / "part-0.csv", MESSAGES)
    (folder / "messages" / "again").symlink_to(folder / "messages")
    assert "`messages/again` leads back" in refused(folder)


@pytest.mark.parametrize("log", ["_delta_log", ".hoodie"])
def test_a_table_of_which_not_every_file_counts_is_refused(folder: Path, log: str) -> None:
    put(folder / "messages" / "part-0.parquet", MESSAGES)
    (folder / "messages" / log).mkdir()
    assert f"`messages/{log}` is the log" in refused(folder)


@pytest.mark.parametrize("name", ["README.txt", "messages/notes.md", "messages/old"])
def test_what_the_caller_leaves_out_is_left_out(folder: Path, name: str) -> None:
    put(folder / "messages" / "part-0.csv", MESSAGES)
    if name.endswith("old"):
        (folder / name).mkdir()
    else:
        (folder / name).write_text("fictional")
    assert "--ignore-file" in refused(folder)
    for said in {name, Path(name).name}:
        options = InputOptions(ignore_files=[said])
        assert status(folder, options) == "eligible"
        assert status_by_command(folder, "--ignore-file", said) == "eligible"


def test_all_that_is_wrong_is_said_at_once_and_not_without_end(folder: Path) -> None:
    for at in range(300):
        (folder / f"note-{at:03}.txt").write_text("fictional")
    (folder / "accounts.xlsx").write_text("fictional")
    said = refused(folder)
    assert "`accounts.xlsx`" in said
    assert "`note-000.txt`" in said
    assert "261 more problems" in said


# ---- rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"account_id,plan,start,end\nA,premium_career,2020\n", "row 1 (line 2)"),
        (b"account_id,plan,start,end\nA,premium_career,2020,..,x\n", "row 1 (line 2)"),
        (b"account_id,plan,start,end\nA,,,\nA\n", "row 2 (line 3)"),
        (b"account_id,plan,start,end\n\n\nA,premium_career\n", "row 1 (line 4)"),
        (b'account_id,plan,start,source\nA,,,"two\nlines"\nA,x\n', "row 2 (line 4)"),
        (b'account_id,plan,start,source\nA,,2020,"a, b"\nA,,"x, y"\n', "row 2 (line 3)"),
        (b"account_id,plan,start,source\nA,,,\nA,,,caf\xe9\n", "row 2 (line 3)"),
        (b'account_id,plan,start,source\nA,,,"open\nA,,,\nA,,,\n', "row 1 (line 2)"),
        (b'account_id,plan,start,source\nA,,,"x\nA,,,"y"\nA,,,\n', "row 1 (line 2)"),
        (b'account_id,plan,start,source\nA,,,5"\nA,,,6"\n', "quotation marks"),
        (b"account_id,plan,start,end\rA,,,\r", "old Macs"),
        (b"account_id,plan,plan,end\nA,,,\n", "two columns `plan`"),
        (b"account_id,caf\xe9\nA,\n", "not UTF-8"),
        (b"# of May\naccount_id,plan\nA,\n", "`# of May` before its header, which is line 2"),
        (
            b"Premium, all\n\naccount_id,plan\nA,\n",
            "`Premium, all` before its header, which is line 3",
        ),
        (b"-- of May\nAccount ID;Plan\nA;\n", "`-- of May` before its header, which is line 2"),
        (b"\xef\xbb\xbf// x\naccount_id\nA\n", "`// x` before its header, which is line 2"),
        (
            b"account_id,plan,start,end\nA,,,\n\x1a",
            "ends with Ctrl-Z, which is no text: row 2 (line 3)",
        ),
        (
            b"account_id,plan\r\nA,\r\n\x1a\r\n",
            "ends with Ctrl-Z, which is no text: row 2 (line 3)",
        ),
        (b"account_id,source\nA,x\x1a", "ends with Ctrl-Z, which is no text: row 1 (line 2)"),
        (b"account_id\nA\n\x1a", "ends with Ctrl-Z, which is no text: row 2 (line 3)"),
        (b'account_id,"pl\nan"\nA,\n', "a line end in a name"),
        (b'account_id,"pl\r\nan"\r\nA,\r\n', "a line end in a name"),
        (b'account_id,"pl\ran"\nA,\n', "a line end in a name"),
        (b'account_id,"plan\nA,\n', "quotation marks that do not pair"),
        (b"account_id\nA\rB\n", "ends lines as old Macs do: row 1 (line 2)"),
        (b"account_id,plan\r\r\nA,\r\r\n", "ends lines as old Macs do"),
        (
            b'account_id,source\nA,"' + b"x" * 200_000 + b'\n"\n',
            "or a text of more than 131,072 characters: row 1 (line 2)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["premium.csv", "premium.csv.gz", "premium/part-7.csv"])
def test_rows_that_are_not_whole_are_refused_with_file_and_row(
    folder: Path, text: bytes, said: str, name: str
) -> None:
    (folder / "premium.csv").unlink()
    put(folder / "messages.csv", MESSAGES)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    told = refused(folder)
    assert said in told
    assert f"`{name}`" in told


@pytest.mark.parametrize(
    "text",
    [
        MESSAGES + "\n\n",
        "\n\n" + MESSAGES,
        MESSAGES.replace("\n", "\r\n"),
        MESSAGES.replace("\n", "\r\n") + "\r\n\r\n",
        MESSAGES + ",,,,\n",
        MESSAGES.replace("\nA,", "\n\nA,"),
        MESSAGES.removesuffix("\n"),
        "\ufeff" + MESSAGES,
        '\ufeff"account_id","inmail","shared","sent_at","shared_at"\n"A","1","1","2024-05-01","2024-06"\n',
        SOURCED + 'A,true,true,2024-05-01,2024-06,"said ""so"",\nwith a line"\n',
        SOURCED + 'A,true,true,2024-05-01,2024-06,"said ""so"", and more"\n',
    ],
)
def test_rows_that_are_whole_are_read(folder: Path, text: str) -> None:
    (folder / "messages.csv").write_bytes(text.encode())
    assert status(folder) == "eligible"


# ---- parts that differ -------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [("csv", "csv"), ("parquet", "parquet"), ("csv", "parquet")])
def test_columns_in_another_order_are_read_by_name(folder: Path, kinds: tuple[str, str]) -> None:
    for at, (kind, text) in enumerate(zip(kinds, (OTHER, MESSAGES), strict=True)):
        frame = pl.read_csv(text.encode(), infer_schema=False)
        turned = frame.select(reversed(frame.columns)) if at else frame
        put(folder / "messages" / f"part-{at}.{kind}", turned.write_csv())
    assert status(folder) == "eligible"


def test_a_part_without_a_type_or_without_rows_loses_no_other(folder: Path) -> None:
    frame = pl.read_csv(MESSAGES.encode(), infer_schema=False)
    (folder / "messages").mkdir()
    nothing = {name: pl.Series([None], dtype=pl.Null) for name in frame.columns}
    nothing["account_id"] = pl.Series(["A"])
    pl.DataFrame(nothing).write_parquet(folder / "messages" / "a.parquet")
    frame.clear().write_parquet(folder / "messages" / "b.parquet")
    frame.drop("sent_at").write_parquet(folder / "messages" / "c.parquet")
    frame.clear().write_csv(folder / "messages" / "d.csv")
    assert status(folder) == "eligible"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_one_part_has_too_many_is_named_with_its_file(
    folder: Path, kind: str
) -> None:
    put(folder / "messages" / f"part-0.{kind}", OTHER)
    text = MESSAGES.replace("\n", ",name\n", 1).replace("2024-06", "2024-06,x")
    put(folder / "messages" / f"part-1.{kind}", text)
    said = refused(folder)
    assert f"`messages` (in `messages/part-1.{kind}`) has no place for `name`" in said
    assert "--ignore-column name" in said


def test_a_folder_of_links_to_many_parts_is_one_table(folder: Path) -> None:
    for at in range(60):
        put(folder / "messages" / f"part-{at:02}.csv", MESSAGES if at == 59 else OTHER)
    assert status(folder) == "eligible"


@pytest.mark.parametrize("error", [TypeError, ValueError, KeyError, AttributeError])
def test_an_error_of_our_own_is_no_damaged_file(error: type[Exception]) -> None:
    with pytest.raises(error, match="ours"), reading():
        raise error("ours")


# ---- a file as IN ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("messages.csv", MESSAGES.encode(), "is one table"),
        ("messages.tsv.gz", b"\x1f\x8b", "is one table"),
        ("messages.parquet", b"PAR1", "is one table"),
        ("data", b"PAR1", "is one table"),
        ("accounts.xlsx", b"PK\x03\x04", "is a spreadsheet"),
        ("accounts.ods", b"PK\x03\x04", "is a spreadsheet"),
        ("histories.zip", b"PK\x03\x04", "is a ZIP archive"),
        ("histories.jsonl", b"PK\x03\x04", "is compressed"),
        ("histories.jsonl.gz", b"\x1f\x8b", "as JSON lines. Unpack it."),
        ("histories.jsonl", '{"account_id":"A"}\n'.encode("utf-16"), "UTF-16"),
        ("histories.jsonl", '{"account_id":"A"}\n'.encode("utf-16-le"), "UTF-16"),
        ("ada.json", b'{\n  "account_id": "A"\n}\n', "laid out over several lines"),
        ("all.json", b'[\r\n{"account_id": "A"}\r\n]', "laid out over several lines"),
        ("all.json", b'\xef\xbb\xbf\n [{\n"account_id": "A"}]', "laid out over several lines"),
        ("histories.jsonl", b"", "no accounts"),
        ("histories.jsonl", b"\n\n  \n", "no accounts"),
        ("nothing", b"", "no accounts"),
    ],
)
def test_a_file_that_is_no_json_lines_is_named_as_what_it_is(
    tmp_path: Path, name: str, text: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(text)
    told = refused(tmp_path / name)
    assert said in told
    assert f"`{name}`" in told
    if "accounts" not in said:
        assert batch("prepare", tmp_path / name, "-o", tmp_path / "ready")[0] == 3


def test_a_pipe_as_input_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "histories.jsonl")
    assert "is no file" in refused(tmp_path / "histories.jsonl")


def test_options_of_tables_are_refused_where_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"account_id": "A"}) + "\n")
    assert "separator" in refused(tmp_path / "in.jsonl", "--separator", ";")


CELLS: Final = {
    "A": 8.0,
    "": 6.0,
    '"x"': 3.0,
    '"a,b"': 2.0,
    '"a""b"': 1.0,
    '"': 0.3,
    '"x': 0.3,
    'x"y': 0.3,
    '"x"y': 0.2,
    '"l\nm"': 0.5,
    '""': 1.0,
    '""""': 0.3,
    '"a"",b"': 0.5,
    "a\rb": 0.2,
    '"a\rb"': 0.3,
    "é": 1.0,
    " ": 1.0,
}


def test_a_text_file_is_read_as_csv_says_or_refused(tmp_path: Path) -> None:
    rng, path, ends = Random(20240918), tmp_path / "messages.csv", {True: 0, False: 0}
    table = contract(AccountHistory)["messages"]
    for _ in range(500):
        header = ["account_id", "source", "id"][: rng.randint(1, 3)]
        lines = [",".join(header)]
        for _ in range(rng.randrange(7)):
            width = len(header) if rng.random() < 0.93 else rng.randrange(5)
            lines.append(",".join(rng.choices([*CELLS], [*CELLS.values()], k=width)))
        text = "\n".join(lines) + rng.choice(["", "\n", "\n\n"])
        text = text.replace("\n", rng.choice(["\n", "\r\n"]))
        path.write_bytes(text.encode())
        file, problems = opened(TableFile(path, path.name, ","), table, InputOptions())
        ends[file is None] += 1
        assert (file is None) == bool(problems)
        if file is not None:  # then nothing in it is odd, and its rows are those of another reader
            _, *cells = filter(None, csv.reader(io.StringIO(text, newline=""), strict=True))
            wanted = [tuple(cell or None for cell in row) for row in cells if any(row)]
            found = file.scanned([path]).collect().rows()
            assert [tuple(cell or None for cell in row) for row in found] == wanted, text
    assert min(ends.values()) > 50
