"""The folder of a run: what is refused, what stays, what is noticed when a run is taken up."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest
from test_run import batch, lines, statuses, tables

from eligibility import AccountHistory
from eligibility.batch import BatchError
from eligibility.batch.errors import is_full_disk, naming_full_disk
from eligibility.batch.execute import outputs as beside
from eligibility.batch.execute.engines import Frames, polars_to
from eligibility.batch.execute.job import Run
from eligibility.batch.sql.plan import Plan
from eligibility.batch.state.lock import LOCK, locked
from eligibility.batch.state.run_folder import WORK, Place, held
from eligibility.batch.tables.cutting import spooled
from eligibility.batch.tables.identity import identity, states, unchanged
from eligibility.batch.tables.json_lines import read_lines
from eligibility.batch.tables.parts import prepare_to
from eligibility.rules import class_definition


def snapshot(folder: Path) -> dict[str, bytes | str]:
    """Everything below a folder: what stands in files, where links lead."""
    return {
        str(path.relative_to(folder)): (
            str(path.readlink())
            if path.is_symlink()
            else path.read_bytes()
            if path.is_file()
            else "folder"
        )
        for path in sorted(folder.rglob("*"))
    }


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


# ---- what is refused ---------------------------------------------------------------------------


def _own(home: Path, *names: str) -> str:
    for name in names:
        path = home / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    return "own"


def _link(home: Path, to: str) -> str:
    (home / "link").symlink_to(home / to)
    return "link"


TAKEN: dict[str, Callable[[Path], str]] = {
    "a folder called as ours was": lambda home: _own(home, "work/mine.txt"),
    "a folder called as ours is": lambda home: _own(home, f"{WORK}/mine.txt"),
    "chunks and no word of whose": lambda home: _own(home, f"{WORK}/chunk-00000/accounts.parquet"),
    "a file that a run would write": lambda home: _own(home, "rejects.jsonl", "attrition.csv"),
    "a hidden file": lambda home: _own(home, ".mine"),
    "a list of a run that is not one": lambda home: _own(home, "run.json", "mine.txt"),
    "a file": lambda home: _own(home, "mine.txt") + "/mine.txt",
    "below a file": lambda home: _own(home, "mine.txt") + "/mine.txt/out",
    "a link that leads nowhere": lambda home: _link(home, "nowhere"),
    "a link that leads round": lambda home: _link(home, "link"),
    "a link to a folder of somebody's": lambda home: _link(home, _own(home, "mine.txt")),
}
AROUND: dict[str, Callable[[Path], str]] = {
    "the input": lambda _: "in",
    "in the input": lambda _: "in/out",
    "deep in the input": lambda _: "in/a/b",
    "around the input": lambda _: ".",
    "the input by a detour": lambda _: "in/../in",
    "the input by a link": lambda home: _link(home, "in"),
    "in the input by a link": lambda home: _link(home, "in") + "/out",
    "out of the input and back": lambda home: _link(home, "in") + "/../in",
}


@pytest.mark.parametrize("command", ["decide", "prepare", "demo"])
@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_not_ours_is_refused_and_stays_as_it_is(
    tmp_path: Path, kind: str, command: str
) -> None:
    source = tables(tmp_path / "in", 3)
    out = tmp_path / TAKEN[kind](tmp_path)
    before = snapshot(tmp_path)
    words = ["--accounts", 3] if command == "demo" else [source]
    status, said = batch(command, *words, "-o", out)
    code = "[damaged-run]" if "list" in kind else "[not-ours]"
    assert (status, code in said) == (3, True), said
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("command", ["decide", "prepare"])
@pytest.mark.parametrize("kind", AROUND)
def test_a_folder_that_is_the_input_or_around_it_is_refused(
    tmp_path: Path, kind: str, command: str
) -> None:
    source = tables(tmp_path / "in", 3)
    out = tmp_path / AROUND[kind](tmp_path)
    before = snapshot(tmp_path)
    status, said = batch(command, source, "-o", out)
    assert (status, "[output-is-input]" in said) == (3, True), said
    assert snapshot(tmp_path) == before


def test_a_folder_around_a_file_of_histories_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines(1)[0], encoding="utf-8")
    for out in (tmp_path, source):
        status, said = batch(source, "-o", out)
        assert (status, "[output-is-input]" in said) == (3, True), said
    assert names(tmp_path) == ["in.jsonl"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("form", ["tables", "lines"])
def test_the_name_of_a_folder_is_no_pattern_that_another_fits(
    tmp_path: Path, form: str, engine: str
) -> None:
    """Files of another run, of other accounts, lie where the name would lead if it were one."""
    told = {}
    for name, ids in (("out1", "AB"), ("out[1]", "CD")):
        source = tmp_path / f"in-{name}"
        if form == "lines":
            source.write_text("\n".join(f'{{"account_id": "{each}"}}' for each in ids))
        else:
            source.mkdir()
            (source / "accounts.csv").write_text("account_id\n" + "\n".join(ids))
        out = tmp_path / name
        command = ("decide", source, "-o", out, "--engine", engine, "--csv", "--reasons", ids[0])
        assert batch(*command)[0] == 0
        (file,) = (out / "verdicts").iterdir()
        told[name] = pl.read_parquet(file, glob=False)["account_id"].to_list()
        assert f'"{ids[0]}"' in (out / "verdicts.csv").read_text()
    assert told == {"out1": ["A", "B"], "out[1]": ["C", "D"]}


def test_an_empty_folder_and_a_link_to_one_are_taken(tmp_path: Path) -> None:
    source, empty = tables(tmp_path / "in", 3), tmp_path / "empty"
    empty.mkdir()
    assert batch(source, "-o", tmp_path / _link(tmp_path, "empty"))[0] == 0
    assert statuses(empty) == {"eligible": 1, "indeterminate": 2}
    assert batch(source, "-o", empty)[0] == 0


# ---- what stays --------------------------------------------------------------------------------


def test_a_file_of_somebodys_in_the_folder_of_a_run_stays(tmp_path: Path) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    assert batch(source, "-o", out, "--keep")[0] == 0
    mine = ["notes.txt", "mine/notes.txt", "verdicts/notes.txt", f"{WORK}/mine.txt"]
    mine += [f"{WORK}/part-of/mine.txt", f"{WORK}/theirs/mine.txt"]
    for name in mine:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("mine", encoding="utf-8")
    (out / WORK / "chunk-of-mine").symlink_to(tmp_path / "in")
    assert batch(source, "-o", out)[0] == 0
    assert all((out / name).read_text(encoding="utf-8") == "mine" for name in mine)
    assert names(out / WORK) == ["chunk-of-mine", "mine.txt", "part-of", "theirs"]
    assert names(source) == ["accounts.csv", "messages.csv", "premium.csv"]


@pytest.mark.parametrize("name", ["verdicts.jsonl", "reasons.jsonl", "verdicts.csv", "rejects.csv"])
def test_a_file_that_this_run_did_not_make_is_never_replaced(tmp_path: Path, name: str) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    assert batch(source, "-o", out)[0] == 0
    (out / name).write_text("mine", encoding="utf-8")
    status, said = batch(source, "-o", out, "--jsonl", "--csv", "--reasons", "FICTIONAL-00000")
    assert (status, "[not-ours]" in said) == (3, True), said
    assert (out / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["attrition.csv", "attrition.svg", "verdicts.jsonl"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    assert batch(source, "-o", out, "--jsonl")[0] == 0
    mine = tmp_path / "mine"
    mine.write_text("mine", encoding="utf-8")
    (out / name).unlink()
    (out / name).symlink_to(mine)
    assert batch(source, "-o", out, "--jsonl")[0] == 0
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (out / name).is_symlink()


@pytest.mark.parametrize("name", ["verdicts", WORK, LOCK])
def test_a_link_in_place_of_a_folder_of_the_run_is_refused(tmp_path: Path, name: str) -> None:
    source, out, mine = tables(tmp_path / "in", 3), tmp_path / "out", tmp_path / "mine"
    assert batch(source, "-o", out, "--keep")[0] == 0
    (out / name).rename(tmp_path / "away")
    mine.mkdir()
    (out / name).symlink_to(mine)
    (out / "summary.json").unlink()
    status, said = batch(source, "-o", out)
    assert (status, "[not-ours]" in said) == (3, True), said
    assert names(mine) == []


def test_what_a_process_left_that_was_killed_goes_when_the_next_one_starts(tmp_path: Path) -> None:
    left = tmp_path / WORK / "tmp" / "of-a-process-that-was-killed"
    left.mkdir(parents=True)
    (left / "duckdb_temp_block.tmp").write_bytes(b"spilled")
    with held(tmp_path, dict) as folder:
        assert not left.exists()
        with pytest.raises(ZeroDivisionError), folder.whole("half.csv") as made:
            _fails(made.write_text("half", encoding="utf-8"))
        with folder.temporary("spilled"):
            assert len(names(folder.work / "tmp")) == 1
        assert names(folder.work / "tmp") == []
    assert names(tmp_path) == [LOCK, WORK, "run.json"]


def test_attrition_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    assert batch(source, "-o", out)[0] == 0
    before = snapshot(out)

    def half(_table: object, _definition: object, file: Path) -> None:
        file.write_text("<svg", encoding="utf-8")
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(beside, "draw", half)
    assert "[cut-short]" in batch(source, "-o", out)[1]
    assert snapshot(out).keys() - before.keys() == {WORK, str(Path(WORK, "tmp"))}
    assert all(snapshot(out)[name] == what for name, what in before.items())


# ---- one at a time -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["decide", "prepare", "demo"])
def test_a_folder_in_use_is_refused_and_the_holder_is_named(tmp_path: Path, command: str) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    words = (["--accounts", 3] if command == "demo" else [source]) + ["-o", out]
    out.mkdir()
    with locked(out):
        status, said = batch(command, *words)
        assert (status, "[folder-in-use]" in said) == (3, True), said
        assert f"process {os.getpid()} on {os.uname().nodename}, since 20" in said
        assert names(out) == [LOCK]
    assert batch(command, *words)[0] == 0


@pytest.mark.parametrize("text", [b"", b" ", b"{}", b" []", b"\xff\xff"])
def test_a_holder_that_has_not_written_who_it_is_holds_the_folder_too(
    tmp_path: Path, text: bytes
) -> None:
    with locked(tmp_path):
        (tmp_path / LOCK).write_bytes(text)
        with pytest.raises(BatchError, match=r"another run.*folder-in-use"), locked(tmp_path):
            pass


def test_a_file_system_without_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_file: int, *, blocking: bool) -> bool:
        raise OSError(errno.ENOLCK, f"No locks available, blocking={blocking}")

    monkeypatch.setattr("eligibility.batch.state.lock.lock_descriptor", none)
    with pytest.raises(BatchError, match="not-lockable"), locked(tmp_path):
        pass


# ---- what is noticed ---------------------------------------------------------------------------

STRANGE = {
    "empty": b"",
    "no text": b"\xff\xfe{",
    "cut off": b'{"counts": {"re',
    "a list": b"[]",
    "a text": b'"counts"',
    "nothing": b"null",
    "no keys": b"{}",
    "other kinds": b'{"counts": 1, "files": 2, "of": 3, "made": 4, "format": 5, "run": 6}',
    "deep": b"[" * 100_000,
    "counts below nothing": b'{"read": -1, "fit": 0, "rejected": 0, "inconsistent": 0, '
    b'"held_back": 0, "records": {}, "files": {}, "run": "", "counts": {"read": -1}}',
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs, and runs of them that are done: of `tables`, of `lines`, and of tables `ready`."""
    home = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("eligibility.batch.execute.intake._ACCOUNTS_AT_ONCE", 1)
        patched.setitem(read_lines.__kwdefaults__, "chunk_bytes", 400)
        (home / "lines").write_text("\n".join([*lines(6), "no history"]), encoding="utf-8")
        with (tables(home / "tables", 6) / "messages.csv").open("a", encoding="utf-8") as file:
            file.write("FICTIONAL-00000,true,2023-13,true,2024\n")
        for form in ("tables", "lines"):
            assert batch(home / form, "-o", home / f"of-{form}", *_TWO)[0] == 3
            assert len(names(home / f"of-{form}" / "verdicts")) == 2
            assert "decided" in batch(home / form, "-o", home / f"of-{form}", *_TWO)[1]
    prepare_to(home / "tables", home / "ready", AccountHistory, partitions=2)
    return home


_TWO = ("--partitions", 2, "--workers", 1)


def copied(finished: Path, to: Path, *folders: str) -> list[Path]:
    """The same run at another place; it is the same there."""
    return [shutil.copytree(finished / each, to / each) for each in folders]


@pytest.mark.parametrize("what", STRANGE)
@pytest.mark.parametrize("name", ["summary.json", "run.json"])
def test_what_a_run_says_of_itself_is_never_guessed(
    tmp_path: Path, finished: Path, name: str, what: str
) -> None:
    (out,) = copied(finished, tmp_path, "of-tables")
    (out / name).write_bytes(STRANGE[what])
    before = snapshot(out)
    status, said = batch(finished / "tables", "-o", out, *_TWO)
    assert (status, "[damaged-run]" in said, name in said) == (3, True, True), said
    assert snapshot(out) == before


@pytest.mark.parametrize("what", STRANGE)
@pytest.mark.parametrize("name", ["prepared.json", "part-00001/counts.json"])
def test_what_normalised_tables_say_of_themselves_is_never_guessed(
    tmp_path: Path, finished: Path, name: str, what: str
) -> None:
    (ready,) = copied(finished, tmp_path, "ready")
    (ready / name).write_bytes(STRANGE[what])
    status, said = batch(ready, "-o", tmp_path / "out")
    assert (status, "[damaged-run]" in said) == (3, True), said


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "lost": lambda out: (out / "verdicts/part-00001.parquet").unlink(),
    "emptied": lambda out: (out / "verdicts/part-00001.parquet").write_bytes(b""),
    "a folder": lambda out: _folder(out / "verdicts/part-00001.parquet"),
    "gained": lambda out: shutil.copy(
        out / "verdicts/part-00001.parquet", out / "verdicts/part-00002.parquet"
    ),
    "gained by another name": lambda out: shutil.copy(
        out / "verdicts/part-00001.parquet", out / "verdicts/more.parquet"
    ),
    "replaced by another": lambda out: shutil.copy(
        out / "verdicts/part-00001.parquet", out / "verdicts/part-00000.parquet"
    ),
    "a row less": lambda out: pl.read_parquet(out / "verdicts/part-00000.parquet")[
        1:
    ].write_parquet(out / "verdicts/part-00000.parquet"),
    "rejects lost": lambda out: (out / "rejects.jsonl").unlink(),
    "rejects changed": lambda out: (out / "rejects.jsonl").write_bytes(b"{}\n"),
    "all lost": lambda out: shutil.rmtree(out / "verdicts"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("form", ["tables", "lines"])
def test_a_finished_run_whose_files_have_changed_is_not_said_to_be_done(
    tmp_path: Path, finished: Path, form: str, change: str
) -> None:
    (out,) = copied(finished, tmp_path, f"of-{form}")
    CHANGES[change](out)
    before = snapshot(out)
    status, said = batch(finished / form, "-o", out, *_TWO)
    assert (status, "[damaged-run]" in said, "decided" in said) == (3, True, False), said
    assert snapshot(out) == before


def test_a_summary_that_counts_otherwise_than_its_files_is_noticed(
    tmp_path: Path, finished: Path
) -> None:
    (out,) = copied(finished, tmp_path, "of-tables")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    summary["counts"]["fit"] += 1
    summary["counts"]["read"] += 1
    (out / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    status, said = batch(finished / "tables", "-o", out, *_TWO)
    assert (status, "[damaged-run]" in said, "decided" in said) == (3, True, False), said


@pytest.mark.parametrize("change", ["a part lost", "a part gained", "a file lost", "a row less"])
def test_normalised_tables_that_have_changed_are_not_decided(
    tmp_path: Path, finished: Path, change: str
) -> None:
    (ready,) = copied(finished, tmp_path, "ready")
    part, messages = ready / "part-00001", ready / "part-00001" / "messages.parquet"
    if change == "a part lost":
        shutil.rmtree(part)
    elif change == "a part gained":
        shutil.copytree(part, ready / "part-00002")
    elif change == "a file lost":
        messages.unlink()
    else:
        pl.read_parquet(messages).clear().write_parquet(messages)
    status, said = batch(ready, "-o", tmp_path / "out")
    assert (status, "[damaged-run]" in said) == (3, True), said


def _cut_off(source: Path, out: Path, engine: Callable[[str, Frames, Path], None]) -> None:
    with pytest.raises(ZeroDivisionError):
        Run(source, out, [class_definition()], engine, partitions=3, workers=1).go()


def _fails(*_: object) -> None:
    raise ZeroDivisionError


def test_chunks_of_another_run_are_never_taken_for_ones_own(tmp_path: Path) -> None:
    sources = {}
    for name, histories in {"one": lines(3), "other": lines(2)}.items():
        sources[name] = tmp_path / f"{name}.jsonl"
        sources[name].write_text("\n".join(histories), encoding="utf-8")
        _cut_off(sources[name], tmp_path / name, _fails)
    one, other = tmp_path / "one", tmp_path / "other"
    assert "[another-run]" in batch(sources["other"], "-o", one, "--partitions", 3)[1]
    (one / "run.json").unlink()
    assert "[not-ours]" in batch(sources["other"], "-o", one, "--partitions", 3)[1]
    shutil.rmtree(other / WORK / "chunk-00000")
    shutil.copytree(one / WORK / "chunk-00000", other / WORK / "chunk-00000")
    status, said = batch(sources["other"], "-o", other, "--partitions", 3)
    assert (status, "[damaged-run]" in said) == (3, True), said


def test_verdicts_of_another_run_are_never_taken_for_ones_own(tmp_path: Path) -> None:
    finished: list[Path] = []

    def once(plan: Plan, given: Frames, file: Path) -> None:
        if finished:
            raise ZeroDivisionError
        finished.append(file)
        polars_to(plan, given, file)

    for name, count in {"one": 30, "other": 33}.items():
        _cut_off(tables(tmp_path / f"in-{name}", count), tmp_path / name, once)
        finished.clear()
    (file,) = (tmp_path / "other" / "verdicts").iterdir()
    for change in (b"no parquet", (tmp_path / "one" / "verdicts" / file.name).read_bytes()):
        file.write_bytes(change)
        words = ("-o", tmp_path / "other", "--partitions", 3)
        status, said = batch(tmp_path / "in-other", *words)
        assert (status, "[damaged-run]" in said) == (3, True), said


@pytest.mark.parametrize("form", ["tables", "lines", "prepared"])
def test_a_change_that_keeps_size_and_time_is_noticed(tmp_path: Path, form: str) -> None:
    source = file = tmp_path / "in.jsonl"
    file.write_text("\n".join(lines(3)), encoding="utf-8")
    if form != "lines":
        source = tables(tmp_path / "in", 3)
        file = source / "messages.csv"
    if form == "prepared":
        tables_before, source = source, tmp_path / "ready"
        assert batch("prepare", tables_before, "-o", source)[0] == 0
    out, when = tmp_path / "out", file.stat()
    assert batch(source, "-o", out)[0] == 0
    file.write_bytes(file.read_bytes().replace(b"2024-02", b"2024-12"))
    os.utime(file, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (when.st_size, when.st_mtime_ns)
    again = ("prepare", tables_before, "-o", source) if form == "prepared" else (source, "-o", out)
    status, said = batch(*again)
    assert (status, "[another-run]" in said) == (3, True), said


def test_a_named_pipe_among_what_a_run_kept_is_not_waited_for(
    tmp_path: Path, finished: Path
) -> None:
    for name in ("summary.json", "run.json", "verdicts/part-00000.parquet"):
        (out,) = copied(finished, tmp_path / name, "of-tables")
        (out / name).unlink()
        os.mkfifo(out / name)
        if "verdicts" in name:
            (out / "summary.json").unlink()
        status, said = batch(finished / "tables", "-o", out, *_TWO)
        assert (status, "[damaged-run]" in said) == (3, True), said


def test_a_file_whose_name_is_no_unicode_is_known_again(tmp_path: Path) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    (source / os.fsdecode(b"\xff.txt")).write_bytes(b"of somebody")
    for _ in range(2):
        with Run(source, out, [class_definition()], polars_to).holding() as folder:
            assert folder.path == out


def test_an_input_that_was_only_touched_or_tidied_is_the_same(tmp_path: Path) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    assert batch(source, "-o", out)[0] == 0
    (source / "messages.csv").touch()
    (source / ".DS_Store").write_bytes(b"of a tool")
    assert batch(source, "-o", out)[0] == 0


def test_an_input_that_changes_while_it_is_read_is_named(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 3)

    def engine(plan: Plan, given: Frames, file: Path) -> None:
        with (source / "messages.csv").open("a", encoding="utf-8") as more:
            more.write("FICTIONAL-00000,true,2023,true,2024\n")
        polars_to(plan, given, file)

    with pytest.raises(BatchError, match=r"messages\.csv.*input-changed"):
        Run(source, tmp_path / "out", [class_definition()], engine).go()
    assert not (tmp_path / "out" / "summary.json").exists()
    with unchanged({"accounts": pl.DataFrame()}, states({})):
        pass  # of frames nothing can be told


@pytest.mark.parametrize("command", ["decide", "prepare"])
def test_an_input_that_changes_once_it_is_known_is_named(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the run would be known by what stands there no longer."""
    source = tables(tmp_path / "in", 3)

    def known_and_changed(path: Path) -> list[object]:
        known = identity(path)
        with (source / "messages.csv").open("a", encoding="utf-8") as more:
            more.write("FICTIONAL-00000,true,2023,true,2024\n")
        return known

    for module in ("execute.job", "tables.parts"):
        monkeypatch.setattr(f"eligibility.batch.{module}.identity", known_and_changed)
    status, said = batch(command, source, "-o", tmp_path / "out")
    assert (status, "`messages.csv` changed while it was read" in said) == (3, True)
    assert not (tmp_path / "out" / "prepared.json").exists()
    assert not (tmp_path / "out" / "summary.json").exists()


@pytest.mark.parametrize("change", ["a new file", "one file less", "a folder with a file"])
def test_files_that_come_or_go_while_an_input_is_read_are_named(
    tmp_path: Path, change: str
) -> None:
    source = tables(tmp_path / "in", 3)

    def read() -> None:
        with unchanged(source, states(source)):
            if change == "one file less":
                (source / "messages.csv").unlink()
            else:
                late = source / "late" if change == "a new file" else source / "late" / "part-0.csv"
                late.parent.mkdir(exist_ok=True)
                late.write_text("account_id\n", encoding="utf-8")

    with pytest.raises(BatchError, match=r"(messages|late).*input-changed"):
        read()


def test_each_file_of_an_input_counts_once_where_a_link_leads_back(tmp_path: Path) -> None:
    source = tables(tmp_path / "in", 3)
    before = [name for name, _ in identity(source)]
    (source / "messages").mkdir()
    (source / "messages" / "back").symlink_to(source)
    assert [name for name, _ in identity(source)] == before


def test_an_input_that_could_not_be_read_may_be_mended_and_said_again(tmp_path: Path) -> None:
    source, out = tables(tmp_path / "in", 3), tmp_path / "out"
    (source / "strange.csv").write_text("a\n", encoding="utf-8")
    assert "[unknown-table]" in batch(source, "-o", out)[1]
    (source / "strange.csv").unlink()
    assert batch(source, "-o", out)[0] == 0


@pytest.mark.parametrize("lost", ["a table", "the rows of a part", "a file", "a part, all of it"])
def test_rows_that_are_missing_on_the_way_are_an_error_and_never_none(
    tmp_path: Path, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tables(tmp_path / "in", 30), tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr("eligibility.batch.tables.parts._write", _fails)
        _cut_off(source, out, polars_to)
    spool = out / WORK / "spool"
    (some,) = (spool / "messages" / "part=1").glob("*.parquet")
    if lost == "a table":
        shutil.rmtree(spool / "messages")
    elif lost == "the rows of a part":
        shutil.rmtree(some.parent)
    elif lost == "a file":
        some.unlink()
    else:
        for table in spool.glob("*/part=1"):
            shutil.rmtree(table)
    status, said = batch(source, "-o", out, "--partitions", 3)
    assert (status, "[damaged-run]" in said, "decided" in said) == (3, True, False), said


def test_rows_that_vanish_while_a_part_is_made_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tables(tmp_path / "in", 30), tmp_path / "out"
    monkeypatch.setattr("eligibility.batch.tables.cutting._files_of", lambda _table, _part: [])
    status, said = batch(source, "-o", out, "--partitions", 3)
    assert (status, "decided" in said) == (3, False), said
    assert "[damaged-run]" in said or "[accounts-lost]" in said


def test_a_part_that_holds_other_rows_than_were_counted_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"FICTIONAL-{at}" for at in range(20)]
    found = {"accounts": pl.LazyFrame({"account_id": ids})}
    place = Place(tmp_path, "a run")
    parts = spooled(found, {"accounts": 20}, place, 2)
    assert sum(part["accounts"].collect().height for part in parts) == 20
    monkeypatch.setattr(Place, "has", lambda _place, _name: True)  # it was whole a moment ago
    next((tmp_path / "spool").glob("accounts/part=1/*.parquet")).unlink()
    with pytest.raises(BatchError, match=r"part=1.*does not hold its.*damaged-run"):
        spooled(found, {"accounts": 20}, place, 2)


def test_a_piece_that_another_process_of_the_run_made_first_is_taken(tmp_path: Path) -> None:
    ours, theirs = Place(tmp_path, "this run"), Place(tmp_path, "another run")
    with ours.piece("chunk") as made:
        (made / "rows").write_text("rows", encoding="utf-8")
        with ours.piece("chunk") as first:
            (first / "rows").write_text("rows", encoding="utf-8")
    assert ours.has("chunk")
    with pytest.raises(BatchError, match="another run"):
        theirs.has("chunk")
    with pytest.raises(BatchError, match="another run"), theirs.piece("chunk"):
        pass
    (tmp_path / "chunk" / "rows").write_text("row", encoding="utf-8")
    with pytest.raises(BatchError, match="not whole"):
        ours.has("chunk")


# ---- a full disk -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        OSError("No space left on device (os error 28)"),
        pl.exceptions.ComputeError("could not write: No space left on device (os error 28)"),
        duckdb.IOException("Could not write file: No space left on device"),
        duckdb.OutOfMemoryException("... set by the 'max_temp_directory_size' setting."),
        pl.exceptions.PanicException("called `unwrap()`: No space left on device (os error 28)"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_full_disk_is_told_whoever_met_it(error: BaseException) -> None:
    with pytest.raises(BatchError, match="disk-full"), naming_full_disk("out"):
        raise error
    assert not is_full_disk(ValueError("a table cannot be read"))


@pytest.mark.parametrize(("free", "told"), [(0, True), (1 << 15, True), (1 << 30, False)])
def test_a_full_disk_is_told_where_a_library_does_not_say_why_it_could_not_write(
    tmp_path: Path, free: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def footer(file: Path) -> None:
        file.write_bytes(b"PAR1")
        raise pl.exceptions.ComputeError("parquet: Invalid thrift: transport error")

    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    error, words = (BatchError, "disk-full") if told else (pl.exceptions.ComputeError, "thrift")

    def run() -> None:
        with held(tmp_path / "out", dict) as folder, folder.whole("some.parquet") as made:
            footer(made)

    with pytest.raises(error, match=words):
        run()
    assert "some.parquet" not in names(tmp_path / "out")
