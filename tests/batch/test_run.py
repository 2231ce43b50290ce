"""Runs over many accounts: files in, files out, cut off and taken up again, broken and refused."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve
from typer.testing import CliRunner

from eligibility import AccountHistory
from eligibility.batch import BatchError
from eligibility.batch.execute.engines import Frames, polars_to, scanned
from eligibility.batch.execute.job import Run
from eligibility.batch.sql.plan import Plan
from eligibility.batch.state.counts import NOTHING, Counts, Records
from eligibility.batch.tables.json_lines import read_lines
from eligibility.batch.tables.parts import prepare_to
from eligibility.cli.app import app
from eligibility.rules import class_definition

RUNNER = CliRunner()
#: A message that was shared before it was sent.
_CONTRADICTION = (
    '{"account_id": "FICTIONAL-z", "messages": [{"sent_at": "2021", "shared": true,'
    ' "shared_at": "2020"}]}'
)


def batch(*words: object) -> tuple[int, str]:
    """The exit status of `eligibility batch ...`, and all that it said."""
    done = RUNNER.invoke(app, ["batch", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def needs_a_search(account: str) -> str:
    """A fictional history that only the reference can decide: eligible by one message or another.

    The subscription starts by microsecond 6 and ends from 5 on: so it covers 5 or 6.
    """
    instants = [f"2024-05-01T00:00:00.00000{micro}Z" for micro in (5, 6)]
    messages = [{"inmail": True, "sent_at": at, "shared": True, "shared_at": at} for at in instants]
    start, end = f"2020/{instants[1]}", f"{instants[0]}/.."
    history = {
        "account_id": account,
        "premium": [{"plan": "premium_career", "start": start, "end": end}],
        "messages": messages,
        "complete": ["premium", "permissions"],
    }
    return json.dumps(history)


def lines(count: int) -> list[str]:
    """Histories as JSON lines, every third one eligible; the accounts are fictional."""
    made = []
    for at in range(count):
        history: dict[str, object] = {"account_id": f"FICTIONAL-{at:05}"}
        if at % 3 == 0:
            message = {"inmail": True, "sent_at": "2023-05", "shared": True, "shared_at": "2024-02"}
            history |= {
                "premium": [{"plan": "premium_career", "start": "2020", "end": ".."}],
                "messages": [message],
                "complete": ["premium", "permissions"],
            }
        made.append(json.dumps(history))
    return made


def tables(folder: Path, accounts: int) -> Path:
    """The same as tables, in CSV files."""
    folder.mkdir()
    ids = [f"FICTIONAL-{at:05}" for at in range(accounts)]
    some = ids[::3]
    pl.DataFrame(
        {
            "account_id": ids,
            "complete_premium": [at % 3 == 0 for at in range(accounts)],
            "complete_permissions": [at % 3 == 0 for at in range(accounts)],
        }
    ).write_csv(folder / "accounts.csv")
    pl.DataFrame(
        {"account_id": some, "plan": "premium_career", "start": "2020", "end": ".."}
    ).write_csv(folder / "premium.csv")
    pl.DataFrame(
        {
            "account_id": some,
            "inmail": "true",
            "sent_at": "2023-05",
            "shared": "true",
            "shared_at": "2024-02",
        }
    ).write_csv(folder / "messages.csv")
    return folder


def said_in(*files: Path) -> list[dict[str, object]]:
    """What JSON lines say."""
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def digests(out: Path) -> dict[str, str]:
    """What the files of a run hold, but for when and where it ran."""
    files = [path for path in out.rglob("*") if path.is_file() and path.name != "run.json"]
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def statuses(out: Path) -> dict[str, int]:
    """How many accounts have each status."""
    found = pl.scan_parquet(out / "verdicts" / "*.parquet").group_by("status").len().collect()
    return dict(found.iter_rows())


def test_tables_and_json_lines_of_the_same_accounts_come_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n".join(lines(300)), encoding="utf-8")
    sources = {"lines": tmp_path / "in.jsonl", "tables": tables(tmp_path / "in", 300)}
    for name, source in sources.items():
        assert batch(source, "-o", tmp_path / name)[0] == 0
    assert statuses(tmp_path / "lines") == {"eligible": 100, "indeterminate": 200}
    one, other = (
        pl.read_parquet(tmp_path / name / "verdicts" / "*.parquet").sort("account_id")
        for name in sources
    )
    assert one.equals(other)
    csv = [(tmp_path / name / "attrition.csv").read_bytes() for name in sources]
    assert csv[0] == csv[1]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_parts_and_the_engine_change_no_verdict(tmp_path: Path, engine: str) -> None:
    source = tables(tmp_path / "in", 300)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert batch(source, "-o", whole)[0] == 0
    assert batch(source, "-o", cut, "--engine", engine, "--partitions", 5)[0] == 0
    assert len(list((cut / "verdicts").iterdir())) == 5
    one, other = (
        pl.read_parquet(out / "verdicts" / "*.parquet").sort("account_id") for out in (whole, cut)
    )
    assert one.equals(other)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_sorted_parquet_is_cut_where_it_lies_the_rest_by_a_hash(
    tmp_path: Path, suffix: str
) -> None:
    columns = {
        "accounts": ["account_id", "complete_premium"],
        "premium": ["account_id", "start"],
        "messages": ["account_id", "sent_at"],
    }
    ids = [f"FICTIONAL-{at:03}" for at in range(40)]
    rows = {
        "accounts": [(each, "true") for each in [*ids[:20], *[ids[19]] * 30, *ids[20:]]],
        "premium": [("FICTIONAL-", "2020"), *((each, "2020") for each in ids for _ in range(2))],
        "messages": [(ids[3], "2023"), (ids[35], "2023-02-30"), ("FICTIONAL-999", "2023")],
    }
    made = {}
    for name in ("sorted", "shuffled", "nameless"):
        source = tmp_path / name
        source.mkdir()
        for table, found in rows.items():
            frame = pl.DataFrame(found, schema=columns[table], orient="row")
            if name == "nameless" and table == "messages":
                frame = pl.concat([frame.clear(1).with_columns(sent_at=pl.lit("2023")), frame])
            frame = frame if name != "shuffled" else frame.reverse()
            getattr(frame, f"write_{suffix}")(source / f"{table}.{suffix}")
        made[name] = prepare_to(source, tmp_path / f"{name}-ready", AccountHistory, partitions=4)

    def held(part: Path) -> list[str]:
        return pl.read_parquet(part / "accounts.parquet")["account_id"].to_list()

    # one account stands in rows 20 to 50, about row 36, where the second cut would be
    follow = [ids[:17], ids[17:19], ids[20:22], [each for each in ids[22:] if each != ids[35]]]
    assert ([held(part) for part in made["sorted"].parts] == follow) is (suffix == "parquet")
    assert [held(part) for part in made["shuffled"].parts] != follow
    assert [held(part) for part in made["nameless"].parts] != follow
    records = {
        "premium": Records(read=81, used=76, left_out=4, nobodys=1),
        "messages": Records(read=3, used=1, left_out=1, nobodys=1),
        "permissions": Records(),
    }
    assert made["sorted"].counts == made["shuffled"].counts == Counts(70, 38, 32, records=records)
    keys = ("account_id", "table", "code", "row")
    told = {
        name: sorted(
            tuple(map(str, map(each.get, keys)))
            for each in said_in(*(part / "rejects.jsonl" for part in folder.parts))
        )
        for name, folder in made.items()
    }
    assert ("FICTIONAL-035", "messages", "moment-calendar", "2") in told["sorted"]
    assert ("FICTIONAL-999", "messages", "unknown-account", "3") in told["sorted"]
    assert ("FICTIONAL-", "premium", "unknown-account", "1") in told["sorted"]
    assert sum(code == "duplicate-account" for _, _, code, _ in told["sorted"]) == 31
    assert [each[:3] for each in told["sorted"]] == [each[:3] for each in told["shuffled"]]
    assert len(told["nameless"]) == len(told["sorted"]) + 1


def test_normalised_tables_are_decided_as_they_are(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 30)
    assert batch("prepare", source, "-o", tmp_path / "ready", "--partitions", 2)[0] == 0
    assert batch(tmp_path / "ready", "-o", tmp_path / "out")[0] == 0
    assert statuses(tmp_path / "out") == {"eligible": 10, "indeterminate": 20}
    for part in (tmp_path / "ready").glob("part-*"):
        for file in part.glob("*.parquet"):
            assert pl.read_parquet(file)["account_id"].is_sorted()


def test_a_folder_of_other_tables_or_of_other_parts_is_not_taken_up(tmp_path: Path) -> None:
    source, ready = tables(tmp_path / "in", 30), tmp_path / "ready"

    def cut_off(done: int, _: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_to(source, ready, AccountHistory, partitions=3, progress=cut_off)
    other = type("Other", (AccountHistory,), {})
    with pytest.raises(BatchError, match="another-run"):
        prepare_to(source, ready, other, partitions=3)
    status, said = batch("prepare", source, "-o", ready, "--partitions", 2)
    assert (status, "[another-run]" in said) == (3, True), said
    assert batch("prepare", source, "-o", ready, "--partitions", 3)[0] == 0
    assert batch(ready, "-o", tmp_path / "out")[0] == 0
    assert batch("prepare", source, "-o", ready, "--partitions", 3)[0] == 0
    assert batch(ready, "-o", tmp_path / "out")[0] == 0
    with (source / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("FICTIONAL-99999,true,true\n")
    status, said = batch("prepare", source, "-o", ready, "--partitions", 3)
    assert (status, "[another-run]" in said) == (3, True), said
    frames = {"accounts": pl.DataFrame({"account_id": ["FICTIONAL-1"]})}
    with pytest.raises(BatchError, match="another-run"):
        prepare_to(frames, ready, AccountHistory)
    (ready / "run.json").unlink()  # parts, and no word of what they are of
    status, said = batch("prepare", source, "-o", ready, "--partitions", 3)
    assert (status, "[not-ours]" in said) == (3, True), said


def test_tables_are_cut_into_no_more_parts_than_there_are_accounts(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 3)
    made = prepare_to(source, tmp_path / "ready", AccountHistory, partitions=5)
    assert (len(made.parts), made.counts.read) == (3, 3)


@pytest.mark.parametrize("partitions", [1, 3])
def test_no_account_at_all_is_no_error(tmp_path: Path, partitions: int) -> None:
    source = tables(tmp_path / "in", 3)
    (source / "accounts.csv").write_text("account_id\n", encoding="utf-8")
    made = prepare_to(source, tmp_path / "ready", AccountHistory, partitions=partitions)
    assert evolve(made.counts, records={}) == NOTHING
    rejects = said_in(*(part / "rejects.jsonl" for part in made.parts))
    assert [each["code"] for each in rejects] == ["unknown-account"] * 2
    status, said = batch(source, "-o", tmp_path / "out", "--partitions", partitions)
    assert (status, "0 accounts read" in said) == (3, True), said  # two records are nobody's
    for name in ("premium", "messages"):
        (source / f"{name}.csv").unlink()
    assert batch(source, "-o", tmp_path / "none", "--partitions", partitions)[0] == 0


def test_a_run_that_was_killed_is_taken_up_again_and_ends_in_the_same_bytes(
    tmp_path: Path,
) -> None:
    histories = lines(3000)
    histories[5:3000:500] = [needs_a_search(f"FICTIONAL-{at:05}") for at in range(5, 3000, 500)]
    (tmp_path / "in.jsonl").write_text("\n".join(histories), encoding="utf-8")
    program = (
        "import sys, time; import eligibility.batch.execute.job as run; from pathlib import Path\n"
        "import eligibility.batch.execute.intake as intake\n"
        "from eligibility.batch.execute.engines import polars_to\n"
        "from eligibility.rules import class_definition\n"
        "import eligibility.batch.tables.json_lines as lines\n"
        "lines.read_lines.__kwdefaults__['chunk_bytes'] = 60_000\n"
        "intake._ACCOUNTS_AT_ONCE = 500\n"
        "def tell(what, done, of):\n"
        "    print(what, done, flush=True)\n"
        "    time.sleep(float(sys.argv[3]))\n"
        "made = run.Run(Path(sys.argv[1]), Path(sys.argv[2]), [class_definition()], polars_to,"
        " workers=1, progress=tell)\n"
        "print(made.go())\n"
    )

    def start(out: Path, pause: float) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", program, tmp_path / "in.jsonl", out, str(pause)],
            stdout=subprocess.PIPE,
            text=True,
        )

    whole = start(tmp_path / "whole", 0)
    told, _ = whole.communicate(timeout=120)
    assert "Counts(read=3000, fit=3000" in told
    parts = told.count("deciding")
    assert parts > 3
    for stop_at in ("reading", "deciding 1", "deciding 3"):
        running = start(tmp_path / "cut", 0.2)
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith(stop_at):
                os.kill(running.pid, signal.SIGKILL)
                break
        running.wait()
        running.stdout.close()
        assert running.returncode == -signal.SIGKILL
    written = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "cut" / "verdicts").glob("*.parquet")
    }
    assert len(written) >= 3
    time.sleep(0.01)
    last = start(tmp_path / "cut", 0)
    assert "Counts(read=3000, fit=3000" in last.communicate(timeout=120)[0]
    assert all(path.stat().st_mtime_ns == when for path, when in written.items())
    assert digests(tmp_path / "cut") == digests(tmp_path / "whole")
    summary = json.loads((tmp_path / "cut" / "summary.json").read_text(encoding="utf-8"))
    assert summary["decided_by_reference"] == 6


def test_another_run_is_not_mixed_into_a_folder(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 9)
    assert batch(source, "-o", tmp_path / "out")[0] == 0
    assert batch(source, "-o", tmp_path / "out")[0] == 0
    status, said = batch(source, "-o", tmp_path / "out", "--suppose", "as-alleged")
    assert (status, "another-run" in said) == (3, True)


def test_a_full_disk_is_said_plainly_and_the_run_goes_on_later(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:  # noqa: S603 - fixed
        pytest.skip("no small disk can be mounted here: run the tests as root to see a full one")
    try:
        source = tables(tmp_path / "in", 20_000)
        status, said = batch(source, "-o", disk / "out")
        assert (status, "[disk-full]" in said, "Traceback" in said) == (3, True, False)
        assert not list((disk / "out").glob("verdicts/*.parquet"))
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)  # noqa: S603, S607 - fixed
        assert batch(source, "-o", disk / "out")[0] == 0
        assert sum(statuses(disk / "out").values()) == 20_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607 - fixed


def test_lines_that_are_no_history_are_named_and_nothing_is_lost(tmp_path: Path) -> None:
    good = lines(6)
    strange = [
        good[0],
        "",
        "{",
        '{"account_id": "FICTIONAL-x", "account_id": "FICTIONAL-x"}',
        '{"account_id": "FICTIONAL-y", "messages": [{"sent_at": "2023-13"}], "no": 1}',
        _CONTRADICTION,
        good[1],
        good[0],
    ]
    source = tmp_path / "in.jsonl"
    source.write_bytes("\r\n".join(strange).encode() + b'\n{"account_id": "\xff"}\n\x00')
    status, said = batch(source, "-o", tmp_path / "out")
    assert status == 3
    assert "9 accounts read: 1 decided" in said
    told = said_in(tmp_path / "out" / "rejects.jsonl")
    found = [(each["line"], each["code"]) for each in told]
    assert sorted(found) == [
        (1, "duplicate-account"),
        (3, "malformed-json"),
        (4, "duplicate-key"),
        (5, "moment-calendar"),
        (5, "unknown-key"),
        (6, "inconsistent"),
        (8, "duplicate-account"),
        (9, "not-unicode"),
        (10, "malformed-json"),
    ]
    assert "lines 1, 8" in next(str(e["message"]) for e in told if e["code"] == "duplicate-account")
    assert statuses(tmp_path / "out") == {"indeterminate": 1}


def test_an_engine_is_given_no_record_of_an_account_that_is_not_decided(tmp_path: Path) -> None:
    seen: list[tuple[set[str], set[str]]] = []

    def engine(plan: Plan, given: Frames, file: Path) -> None:
        ids = [set(scanned(given[name]).collect()["account_id"]) for name in sorted(given)]
        seen.append((ids[0], ids[1].union(*ids[2:])))
        polars_to(plan, given, file)

    histories = [*lines(9), _CONTRADICTION, lines(1)[0], "no history"]
    (tmp_path / "in.jsonl").write_text("\n".join(histories), encoding="utf-8")
    source = tables(tmp_path / "in", 9)
    with (source / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("FICTIONAL-00000,true,true\n")
    for at, given in enumerate((tmp_path / "in.jsonl", source)):
        counts = Run(given, tmp_path / f"out-{at}", [class_definition()], engine, workers=1).go()
        assert (counts.fit, counts.rejected) == ((8, 3), (8, 2))[at]
        ((accounts, records),) = seen
        assert "FICTIONAL-00000" not in accounts
        assert records == {"FICTIONAL-00003", "FICTIONAL-00006"}
        seen.clear()


def test_chunks_of_any_size_read_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join([*lines(200), "{"]), encoding="utf-8")
    found = []
    for size in (1, 1000, 1 << 20):
        place = tmp_path / str(size)
        parts = read_lines(source, place, AccountHistory, chunk_bytes=size, workers=1)
        accounts = pl.read_parquet([part / "accounts.parquet" for part in parts])
        rejects = "".join((part / "rejects.jsonl").read_text() for part in parts)
        found.append((accounts.sort("line").rows(), rejects))
    assert found[0] == found[1] == found[2]
    assert '"line": 201' in found[0][1]


def test_a_line_longer_than_any_history_is_rejected_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.batch.tables.json_lines.MOST_BYTES", 10_000)
    source = tmp_path / "in.jsonl"
    source.write_text('{"account_id": "' + "x" * 50_000 + '"}\n' + lines(1)[0], encoding="utf-8")
    (part,) = read_lines(source, tmp_path / "parts", AccountHistory, workers=1)
    counts = Counts.of(part)
    assert evolve(counts, records={}) == Counts(read=2, fit=1, rejected=1)
    assert {name: each.read for name, each in counts.records.items()} == {
        "premium": 1,
        "messages": 1,
        "permissions": 0,
    }
    assert "too-large" in (part / "rejects.jsonl").read_text()


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda folder: (folder / "premium.parquet").write_bytes(b"PAR1 no more"), "not-readable"),
        (lambda folder: (folder / "strange.csv").write_text("a\n1\n"), "unknown-table"),
        (lambda folder: (folder / "accounts.csv").unlink(), "missing-table"),
        (lambda folder: (folder / "messages.csv").write_text("id\nx\n"), "missing"),
        (
            lambda folder: pl.DataFrame({"account_id": ["x"], "sent_at": [[1]]}).write_parquet(
                folder / "messages.parquet"
            ),
            "duplicate-table",
        ),
    ],
)
def test_files_that_are_no_tables_are_refused_all_at_once(
    tmp_path: Path, spoil: object, expected: str
) -> None:
    source = tables(tmp_path / "in", 3)
    (source / "premium.csv").unlink()
    assert callable(spoil)
    spoil(source)
    status, said = batch(source, "-o", tmp_path / "out")
    assert (status, f"[{expected}]" in said) == (3, True), said


def test_a_table_cut_off_in_the_middle_is_said_plainly(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 5000)
    pl.read_csv(source / "messages.csv").write_parquet(source / "messages.parquet")
    (source / "messages.csv").unlink()
    whole = (source / "messages.parquet").read_bytes()
    spoiled = bytearray(whole)
    spoiled[20:200] = b"\x00" * 180
    (source / "messages.parquet").write_bytes(bytes(spoiled))
    status, said = batch(source, "-o", tmp_path / "out")
    assert (status, "Traceback" in said) == (3, False), said
    (source / "messages.parquet").write_bytes(whole[:-100])
    status, said = batch(source, "-o", tmp_path / "cut")
    assert (status, "[not-readable]" in said) == (3, True), said


def test_ten_thousand_strange_columns_are_counted_not_listed(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 3)
    (source / "accounts.csv").unlink()
    wide = {f"c{at}": [0] for at in range(10_000)}
    pl.DataFrame({"account_id": ["FICTIONAL-1"], **wide}).write_parquet(source / "accounts.parquet")
    status, said = batch(source, "-o", tmp_path / "out")
    assert (status, "9,995 more columns" in said, len(said) < 6000) == (3, True, True)


def test_full_verdicts_are_written_for_chosen_accounts(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 9)
    status, _ = batch(source, "-o", tmp_path / "out", "--reasons", "FICTIONAL-00003", "--jsonl")
    assert status == 0
    (verdict,) = said_in(tmp_path / "out" / "reasons.jsonl")
    assert (verdict["status"], bool(verdict["reasons"])) == ("eligible", True)
    assert len(said_in(tmp_path / "out" / "verdicts.jsonl")) == 9
    status, said = batch(source, "-o", tmp_path / "out", "--reasons", "FICTIONAL-99999")
    assert (status, "unknown-account" in said) == (3, True)


def test_a_survey_gives_a_status_by_each_reading(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join([*lines(9), needs_a_search("FICTIONAL-9")]), encoding="utf-8")
    status, said = batch(source, "-o", tmp_path / "out", "--survey")
    assert status == 0
    found = pl.read_parquet(tmp_path / "out" / "verdicts" / "*.parquet")
    assert (found.shape, found["exact"].all()) == ((10, 1 + 96 + 1), True)
    (searched,) = found.filter(account_id="FICTIONAL-9").rows(named=True)
    assert searched["status_sent_or_received__sharing__shared__before__anyone__none"] == "eligible"
    rows = [line.split() for line in said.splitlines()]  # a long reading is folded into two lines
    at = rows.index(["sent-or-received", "sharing", "shared", "before", "4", "0", "6"])
    assert rows[at + 1] == ["anyone", "none"]


def test_counts_of_rejected_tables_add_up(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 30)
    accounts = pl.read_csv(source / "accounts.csv", infer_schema=False)
    twice = pl.concat([accounts, accounts.head(1), accounts.head(1).with_columns(account_id=None)])
    twice.write_csv(source / "accounts.csv")
    messages = pl.read_csv(source / "messages.csv", infer_schema=False)
    wrong = messages.head(3).with_columns(
        account_id=pl.Series(["FICTIONAL-00003", "FICTIONAL-00006", "nobody"]),
        shared_at=pl.Series(["2024-99", "2020", "2024"]),
    )
    pl.concat([messages, wrong]).write_csv(source / "messages.csv")
    made = prepare_to(source, tmp_path / "ready", AccountHistory, partitions=3)
    records = {
        "premium": Records(read=10, used=7, left_out=3),
        "messages": Records(read=13, used=7, left_out=5, nobodys=1),
        "permissions": Records(),
    }
    assert made.counts == Counts(32, 27, rejected=4, inconsistent=1, records=records)
    rejects = said_in(*(part / "rejects.jsonl" for part in made.parts))
    assert sorted((each["table"], each["row"], each["code"]) for each in rejects) == [
        ("accounts", 1, "duplicate-account"),
        ("accounts", 31, "duplicate-account"),
        ("accounts", 32, "missing"),
        ("messages", 11, "moment-calendar"),
        ("messages", 12, "inconsistent"),
        ("messages", 13, "unknown-account"),
    ]


def test_the_extra_that_is_missing_is_named_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eligibility.cli.batch.find_spec", lambda _: None)
    status, said = batch("sql")
    assert (status, "pip install '.[batch]'" in said) == (2, True)


@pytest.mark.parametrize(
    "limit", ["", "much", "-2GB", "80%", "499MB", "2GB/s", "5 GB please", "99999PB", "..GB"]
)
def test_a_limit_that_is_none_is_refused_before_anything_is_read(
    tmp_path: Path, limit: str
) -> None:
    words = ("-o", tmp_path / "out", "--engine", "duckdb", "--memory-limit", limit)
    status, said = batch(tables(tmp_path / "in", 3), *words)
    assert (status, "[memory-limit]" in said) == (2, True), said
    assert not (tmp_path / "out").exists()


def test_too_little_memory_is_said_plainly_and_what_is_ready_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tables(tmp_path / "in", 5_000), tmp_path / "out"
    least = "eligibility.batch.execute.engines._LEAST_LIMIT"
    with monkeypatch.context() as patched:
        patched.setattr(least, 0)  # leaves DuckDB one megabyte
        status, said = batch(source, "-o", out, "--engine", "duckdb", "--memory-limit", "301MB")
    assert (status, "[engine-failed]" in said, "Traceback" in said) == (3, True, False), said
    assert batch(source, "-o", out, "--engine", "duckdb", "--memory-limit", "500MB")[0] == 0
    assert sum(statuses(out).values()) == 5_000


def test_a_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    words = ("-o", tmp_path / "out", "--engine", "spark")
    status, said = batch(tables(tmp_path / "in", 3), *words)
    assert (status, "pip install '.[spark]'" in said) == (2, True), said


def test_spark_without_java_is_said_plainly(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not here: pip install '.[spark]'")
    source = tables(tmp_path / "in", 3)
    command = [sys.executable, "-m", "eligibility.cli", "batch", source, "-o", tmp_path / "out"]
    done = subprocess.run(  # noqa: S603 - this very Python
        [*command, "--engine", "spark"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 3
    assert "[engine-failed]" in done.stderr
    assert "Traceback" not in done.stderr
