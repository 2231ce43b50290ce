"""JSON lines become the tables that `read_history` would give, and rejects it would raise."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Annotated, Any, ClassVar, Literal

import fuzz_lines
import polars as pl
import pytest
from attrs import evolve
from engines import draw
from normalised_tables import tables_of
from polars.testing import assert_frame_equal
from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator
from small_case import Club

import eligibility.facts.read
from eligibility import AccountHistory, EligibilityError, Moment, read_history
from eligibility.batch.state.counts import NOTHING, Counts, Records
from eligibility.batch.tables import decoder, json_lines
from eligibility.batch.tables.decoder import decoder_of
from eligibility.batch.tables.json_lines import duplicates, read_lines
from eligibility.batch.tables.schema import contract
from eligibility.facts.model import History, MomentField, Record, Span, YesNo
from eligibility.facts.read import MOST_RECORDS
from eligibility.history import Message, Subscription
from eligibility.rules import class_definition
from eligibility.testing import strategies as drawn

#: Lines that only look as if they were fine, or only look as if they were not.
HARD = [
    rb'{"account_id":"a","account_id":"b"}',
    rb'{"account_id":"a","account_id" :"b"}',
    b'{"account_id":"a","account_id"\t:"b"}',
    b'{"account_id":"a","account_id"\r:"b"}',
    rb'{"account_id":"a","messages":[{"inmail":true}],"messages" :[]}',
    rb'{"account_id":"a","messages":[{"inmail":true,"inmail" : false}]}',
    rb'{"account_id":"a","exclusions":{"counsel":true,"counsel" : false}}',
    rb'{"account_id":"a","premium":[{"plan":null}],"premium":[]}',
    rb'{"account_id":":a"}',
    rb'{"account_id":": a","account_id":"b"}',
    rb'{"account_id":"a : b"}',
    rb'{"account_id":"a\":b"}',
    rb'{"acc\u006funt_id":"a"}',
    rb'{"account_id":"a","acc\u006funt_id":"b"}',
    rb'{"account_id":"b","account_id":"\u003aa"}',
    rb'{"account_id":"a","premium":[{"id":"b","id":"a\u0022:"}]}',
    rb'{"account_id": "b\u0022\u003a\u002f\u00e9\/"}',
    rb'{"account_id":"half a pair \ud83d"}',
    rb'{"account_id":"\ud83d\ude00"}',
    rb'{"account_id":"a","messages":[{"shared":false,"shared_at":"../.."}]}',
    rb'{"account_id":"a","messages":[{"shared":false,"shared_at":"1900/2200"}],"time_zone":"UTC"}',
    rb'{"account_id":"a","messages":[{"shared":false,"shared_at":"XXXX"}],"time_zone":"UTC"}',
    rb'{"account_id":"a","messages":[{"shared":null,"shared_at":"../.."}]}',
    rb'{"account_id":"a","messages":[{"shared":false,"shared_at":null}]}',
    rb'{"account_id":"a","messages":[{"shared":false,"shared_at":"2024"}]}',
    rb'{"account_id":"a","messages":[{"shared":true,"sent_at":"2024","shared_at":"2023"}]}',
    rb'{"account_id":"a","messages":[{"shared":null,"sent_at":"2024","shared_at":"2023"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-03-10T02:30"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-03-10T02:30"}],"time_zone":"UTC"}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-11-03T01:30"}],"time_zone":"Asia/Tokyo"}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-09-17T23:59:00z"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-09-17t23:59:00Z"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-09-17 23:59:00Z"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"2024-09-17T24:00:00Z"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"1899-12-31T23:59:00-08:00"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"1900-01-01T00:00:00+08:00"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":" 2024"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":""}]}',
    rb'{"account_id":"a","messages":[{"sent_at":".."}]}',
    rb'{"account_id":"a","messages":[{"sent_at":"1726642800000000"}]}',
    rb'{"account_id":"a","messages":[{"sent_at":1726642800000000}]}',
    rb'{"account_id":"a","messages":[{"sent_at":true}]}',
    rb'{"account_id":"a","messages":[{"id":"m","sent_at":"2024"},{"id":"m"}]}',
    rb'{"account_id":"a","messages":[{"id":"m","sent_at":"2024-13"},{"id":"m"}]}',
    rb'{"account_id":"a","premium":[{"start":"2024","end":".."}]}',
    rb'{"account_id":"a","premium":[{"start":"..","end":".."}]}',
    rb'{"account_id":"a","premium":[{"start":"2024","end":"2023"}]}',
    rb'{"account_id":"a","premium":null,"exclusions":null,"time_zone":null,"complete":null}',
    rb'{"account_id":"a","time_zone":"America/Springfield","premium":[{"start":"2024-09-18"}]}',
    rb'{"account_id":"a","complete":["messages","messages"]}',
    rb'{"account_id":"a","weight":NaN}',
    rb'{"account_id":NaN}',
    rb'{"account_id":1e999}',
    b'{"account_id":' + b"1" * 5000 + b"}",
    b'{"account_id":"tab\there"}',
    b'{"account_id":"del\x7f"}',
    b'{"account_id":"nul\x00"}',
    b'\x00{"account_id":"a"}',
    b"\x00",
    b'{"account_id":"\xff"}',
    b'{"account_id":"\xed\xa0\xbd"}',
    '{"account_id":"a"}'.encode("utf-16"),
    b'\xef\xbb\xbf{"account_id":"a"}',
    b'{"account_id":"a"}\r',
    b' {"account_id":"a"} ',
    b'{"account_id":"a"}{"account_id":"b"}',
    b'{"account_id":"a"} x',
    b'[{"account_id":"a"}]',
    b'"a"',
    b"7",
    b"null",
    b"true",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"account_id":"' + b"a" * 201 + b'"}',
    b'{"account_id":""}',
    b"{}",
]
BLANK = (b"", b" ", b"\r", b"\t")


class Link(Record):
    """Moments in an order, of which those in the middle hang on a fact."""

    order: ClassVar[tuple[tuple[str, str], ...]] = (("a", "g"), ("g", "h"), ("h", "b"))
    exists_if: ClassVar[dict[str, str]] = {"g": "ok", "h": "ok"}
    a: MomentField = None
    ok: YesNo = None
    g: MomentField = None
    h: MomentField = None
    b: MomentField = None


class Stay(Span):
    order: ClassVar[tuple[tuple[str, str], ...]] = (("start", "middle"), ("middle", "end"))
    middle: MomentField = None
    live: YesNo = None


class Chain(History):
    links: tuple[Link, ...] = ()
    stays: tuple[Stay, ...] = ()
    adult: YesNo = None


def _one_line(text: str) -> bytes:
    return text.replace("\n", " ").encode("utf-8", "surrogatepass")


def _lines(model: type[History], count: int) -> list[bytes]:
    of: Any = class_definition() if model is AccountHistory else model
    fine = [_one_line(text) for text in draw(drawn.documents(of), count)]
    broken = [_one_line(each.text) for each in draw(drawn.broken_documents(of), count // 2)]
    return [*fine, *broken]


def _wanted(lines: list[bytes], model: type[History]) -> tuple[Any, list[int], list[Any]]:
    """The tables, the lines of their accounts, and the rejects, as `read_history` has them."""
    histories, numbers, rejects = [], [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            histories.append(read_history(line.rstrip(b"\r"), model))
            numbers.append(number)
        except EligibilityError as error:
            rejects += [(number, each.code, each.path, each.message) for each in error.problems]
    return tables_of(histories, model), numbers, rejects


def _read(path: Path, folder: Path, model: type[History], **how: Any) -> tuple[Any, Any, Counts]:
    """The tables of all chunks, their rejects, and the sum of their counts."""
    places = read_lines(path, folder, model, **how)
    tables = {
        name: pl.concat([pl.read_parquet(place / f"{name}.parquet") for place in places])
        for name in contract(model)
    }
    texts = [place.joinpath("rejects.jsonl").read_text("utf-8") for place in places]
    rejects = [json.loads(line) for text in texts for line in text.splitlines()]
    return tables, rejects, sum(map(Counts.of, places), NOTHING)


def _agrees(lines: list[bytes], folder: Path, model: type[History], **how: Any) -> None:
    path = folder / "histories.jsonl"
    path.write_bytes(b"\n".join(lines))
    tables, rejects, counts = _read(path, folder / "chunks", model, **how)
    wanted, numbers, wrong = _wanted(lines, model)
    assert tables["accounts"]["line"].to_list() == numbers
    assert_frame_equal(tables["accounts"].drop("line"), wanted["accounts"])
    for name in list(wanted)[1:]:
        assert_frame_equal(tables[name], wanted[name])
    assert [(r["line"], r["code"], r["path"], r["message"]) for r in rejects] == wrong
    codes: dict[int, set[str]] = {}
    for number, code, *_ in wrong:
        codes.setdefault(number, set()).add(code)
    inconsistent = sum(each == {"inconsistent"} for each in codes.values())
    read = sum(bool(line.strip()) for line in lines)
    rejected = len(codes) - inconsistent
    heights = {name: wanted[name].height for name in list(wanted)[1:]}
    records = {name: Records(read=height, used=height) for name, height in heights.items()}
    assert counts == Counts(read, len(numbers), rejected, inconsistent, records=records)


@pytest.mark.parametrize("model", [AccountHistory, Club, Chain])
def test_every_line_means_what_read_history_says(model: type[History], tmp_path: Path) -> None:
    lines = _lines(model, 100)
    _agrees(lines, tmp_path, model, workers=1, chunk_bytes=20_000)


@pytest.mark.parametrize("model", [AccountHistory, Chain])
def test_garbled_lines_mean_what_read_history_says(model: type[History], tmp_path: Path) -> None:
    lines = fuzz_lines.some_lines(Random(5), model, 1_500)
    assert fuzz_lines.differing(lines, model, tmp_path) == []
    decode = decoder_of(model)
    assert decode is not None
    assert sum(decode(line) is not None for line in lines) > 400


def test_hard_lines_mean_what_read_history_says(tmp_path: Path) -> None:
    fine = rb'{"account_id":"fine","messages":[{"id":"m1","sent_at":"2024-09-17"}]}'
    lines = [each for line in HARD for each in (fine, line)]
    lines.remove(b'\xef\xbb\xbf{"account_id":"a"}')
    _agrees(lines, tmp_path, AccountHistory, workers=1)


def test_a_line_of_more_records_than_the_limit_is_refused_like_any_history(
    tmp_path: Path,
) -> None:
    crowded = b'{"account_id":"a","messages":[' + b"{}," * MOST_RECORDS + b"{}]}"
    _agrees([crowded, rb'{"account_id":"fine"}'], tmp_path, AccountHistory, workers=1)
    (tmp_path / "crowded.jsonl").write_bytes(crowded)
    (reject,) = _read(tmp_path / "crowded.jsonl", tmp_path / "its", AccountHistory, workers=1)[1]
    assert (reject["code"], "as tables" in reject["hint"]) == ("too-many-records", True)
    assert "check" not in reject["hint"]


def test_nearly_every_valid_line_is_read_the_quick_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def noted(line: bytes, model: type[History]) -> History:
        asked.append(line)
        return read_history(line, model)

    monkeypatch.setattr(json_lines, "read_history", noted)
    drawn_ones = draw(drawn.histories(class_definition()), 400)
    # A statement with conditions is read the thorough way, by itself.
    histories = [h for h in drawn_ones if all(isinstance(each, str) for each in h.complete)]
    assert len(histories) > 50
    path = tmp_path / "histories.jsonl"
    path.write_text("\n".join(each.model_dump_json() for each in histories), "utf-8")
    _, _, counts = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    assert counts.fit == len(histories)
    assert len(asked) < len(histories) // 10, asked[:3]


def test_where_msgspec_is_not_installed_lines_are_read_all_the_same(tmp_path: Path) -> None:
    program = """
import sys
sys.modules["msgspec"] = None
from pathlib import Path
from eligibility import AccountHistory
from eligibility.batch.tables.json_lines import read_lines
print(read_lines(Path("histories.jsonl"), Path("chunks"), AccountHistory, workers=1))
"""
    (tmp_path / "histories.jsonl").write_text('{"account_id":"a","messages":[{"inmail":true}]}')
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)  # noqa: S603 - ours
    messages = pl.read_parquet(tmp_path / "chunks" / "chunk-00000" / "messages.parquet")
    assert messages.select("account_id", "inmail").rows() == [("a", 1)]


# ---- the file ----


def test_ends_of_lines_and_a_mark_at_the_start_are_no_part_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "histories.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"account_id":"a"}\r\n\r\n\n  \n{"account_id":"b"}\r\n{"account_id":"c"}'
    )
    tables, rejects, counts = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    assert tables["accounts"].select("account_id", "line").rows() == [("a", 1), ("b", 5), ("c", 6)]
    assert (rejects, evolve(counts, records={})) == ([], Counts(3, 3))


@pytest.mark.parametrize("blank", BLANK)
def test_a_file_of_blank_lines_has_no_histories(blank: bytes, tmp_path: Path) -> None:
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join([blank] * 3 + [b""]))
    tables, rejects, counts = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    assert (tables["accounts"].height, rejects, evolve(counts, records={})) == (0, [], NOTHING)


def test_an_empty_file_has_no_chunks(tmp_path: Path) -> None:
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"")
    assert read_lines(path, tmp_path / "chunks", AccountHistory) == []


def test_a_line_that_is_too_long_is_a_reject_and_is_never_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (json_lines, eligibility.facts.read):
        monkeypatch.setattr(module, "MOST_BYTES", 1000)
    monkeypatch.setattr(decoder, "MOST_AT_ONCE", 999)
    monkeypatch.setattr(decoder, "MOST_RECORDS", 100)

    def line(size: int) -> bytes:
        return b'{"account_id":"a"' + b" " * (size - 18) + b"}"

    sizes = [999, 1000, 1001, 1002, 1003, 5000]
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(line(size) for size in [*sizes, *sizes]))
    tables, rejects, counts = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    assert tables["accounts"]["line"].to_list() == [1, 2, 7, 8]
    assert [(each["line"], each["code"]) for each in rejects] == [
        (number, "too-large") for number in (3, 4, 5, 6, 9, 10, 11, 12)
    ]
    assert {each["message"].split()[3] for each in rejects} == {"1,001", "1,002", "1,003", "5,000"}
    assert evolve(counts, records={}) == Counts(12, 4, rejected=8)


def test_chunks_and_processes_change_nothing(tmp_path: Path) -> None:
    lines = _lines(AccountHistory, 80)
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(lines))
    whole = _read(path, tmp_path / "whole", AccountHistory, workers=1)
    pieces = _read(path, tmp_path / "pieces", AccountHistory, workers=2, chunk_bytes=9_000)
    assert len(list((tmp_path / "pieces").iterdir())) > 3
    for name, table in whole[0].items():
        assert_frame_equal(table, pieces[0][name])
    assert whole[1:] == pieces[1:]


def test_progress_is_told_of_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b'{"account_id":"a"}\n' * 2000)
    for _ in range(2):  # the second time, everything is there already
        told: list[int] = []
        read_lines(
            path,
            tmp_path / "chunks",
            AccountHistory,
            workers=1,
            chunk_bytes=5_000,
            progress=told.append,
        )
        assert sum(told) == path.stat().st_size
        assert len(told) > 3


def test_a_run_that_was_cut_off_is_taken_up_and_ends_in_the_same_bytes(tmp_path: Path) -> None:
    lines = _lines(AccountHistory, 80)
    path, folder = tmp_path / "histories.jsonl", tmp_path / "chunks"
    path.write_bytes(b"\n".join(lines))
    how: dict[str, Any] = {"workers": 1, "chunk_bytes": 9_000}
    places = read_lines(path, folder, AccountHistory, **how)
    before = {file: file.read_bytes() for file in sorted(folder.rglob("*.*")) if file.is_file()}
    kept = places[0].joinpath("accounts.parquet").stat().st_mtime_ns
    half = folder / "tmp" / "of-a-process-that-was-killed"
    places[1].rename(half)
    (half / "accounts.parquet").write_bytes(b"half")
    for file in places[2].iterdir():
        file.unlink()
    places[2].rmdir()
    read_lines(path, folder, AccountHistory, **how)
    shutil.rmtree(half)  # as the next run does that holds the folder
    after = {file: file.read_bytes() for file in sorted(folder.rglob("*.*")) if file.is_file()}
    assert after == before
    assert places[0].joinpath("accounts.parquet").stat().st_mtime_ns == kept


# ---- accounts ----


def test_an_account_on_several_lines_is_found_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "histories.jsonl"
    ids = ["a", "b", "a", "c", "b", "a", "d"]
    path.write_text("".join(json.dumps({"account_id": each}) + "\n" for each in ids), "utf-8")
    tables, _, _ = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    accounts = tables["accounts"].lazy()
    for buckets in (1, 3):
        found = duplicates(accounts, buckets, accounts.clear())
        assert found.rows() == [("a", [1, 3, 6], []), ("b", [2, 5], [])]


def test_an_account_is_not_decided_by_one_line_if_another_of_its_lines_is_a_reject(
    tmp_path: Path,
) -> None:
    lines = [
        rb'{"account_id":"a"}',
        rb'{"account_id":"a","nickname":1}',
        rb'{"account_id":"b","messages":[{"shared":false,"shared_at":"2024"}]}',
        rb'{"account_id":"c","nickname":1}',
        rb'{"account_id":"c","nickname":2}',
        rb'{"account_id":"b"}',
        rb'{"account_id":"d"}',
        rb'{"account_id":"half a pair \ud83d","nickname":1}',
        rb'{"account_id":"half a pair \\ud83d"}',
        rb'{"account_id":"e\u0007","nickname":1}',
        rb'{"account_id":"e\u0007"}',
    ]
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(lines))
    (place,) = read_lines(path, tmp_path / "chunks", AccountHistory, workers=1)
    accounts = pl.scan_parquet(place / "accounts.parquet")
    refused = pl.scan_parquet(place / json_lines.REFUSED)
    for buckets in (1, 3):
        found = duplicates(accounts, buckets, refused)
        assert found.rows() == [("a", [1], [2]), ("b", [6], [3]), ("e\a", [11], [10])]


@pytest.mark.parametrize(
    "line",
    [
        b'{"account_id":"a","messages":[{"inmail":true',  # cut off
        b'{"account_id": "a"}\0\0\0',
        b'{"account_id":"a","premium":[{"source":"\xff"}]}',
        b'{"account_id":"a","account_id":"b"}',
        b'[{"account_id":"a"}]',
        b'{"account_id":"b","premium":[{"account_id":"a"}]}',
        rb'{"account_id":"\u0061","premium":[',
        rb'{"account\u005fid":"a","premium":1}',
        b'{"account_id":"a","premium":' + b"[" * 100_000,
        b'{"account_id":"a","premium":[{"start":' + b"9" * 5_000 + b"}]}",
        # longer than any history, here
        b'{"account_id":"a","source":"' + b"x" * 2_000 + b'"}',
        b'{"source":"' + b"x" * 990 + b'","account_id":"a","' + b"x" * 2_000 + b'"}',
        b'{"source":"' + b"x" * 5_000 + b'","account_id":"a","' + b"x" * 2_000 + b'"}',
    ],
    ids=lambda line: line[:40].decode(errors="replace"),
)
def test_no_account_is_decided_beside_a_line_that_may_be_its_own(
    line: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if line.endswith(b'x"}'):
        for module in (json_lines, eligibility.facts.read):
            monkeypatch.setattr(module, "MOST_BYTES", 1000)
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b'{"account_id":"a"}\n{"account_id":"c"}\n' + line)
    (place,) = read_lines(path, tmp_path / "chunks", AccountHistory, workers=1)
    accounts = pl.scan_parquet(place / "accounts.parquet")
    refused = pl.scan_parquet(place / json_lines.REFUSED)
    assert duplicates(accounts, 1, refused).rows() == [("a", [1], [3])]


def test_records_of_a_line_that_contradicts_itself_are_nowhere(tmp_path: Path) -> None:
    lines = [
        rb'{"account_id":"a","messages":[{"id":"kept"}]}',
        rb'{"account_id":"a","messages":[{"id":"gone","shared":false,"shared_at":"2024"}]}',
        rb'{"account_id":"b","premium":[{"id":"gone","start":"2024","end":"2023"}]}',
    ]
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(lines))
    tables, _, counts = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    assert tables["messages"]["id"].to_list() == ["kept"]
    assert tables["premium"].is_empty()
    assert evolve(counts, records={}) == Counts(3, 1, inconsistent=2)
    assert counts.records["messages"] == Records(read=1, used=1)


def test_a_reject_names_its_account_if_the_line_does(tmp_path: Path) -> None:
    lines = [
        rb'{"account_id":"known","nickname":1}',
        rb'{"account_id":"half a pair \ud83d"}',
        rb'{"account_id":7}',
        rb'{"account_id":',
    ]
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(lines))
    _, rejects, _ = _read(path, tmp_path / "chunks", AccountHistory, workers=1)
    named = [each["account_id"] for each in rejects]
    assert named == ["known", "half a pair \\ud83d", "7", None]
    assert rejects[0] == {
        "line": 1,
        "account_id": "known",
        "code": "unknown-key",
        "path": "nickname",
        "message": rejects[0]["message"],
        "hint": "Remove it, or correct its name.",
    }


# ---- models that ask for more than the quick way can see ----


def _not_hidden(moment: Moment | None) -> Moment | None:
    if moment is not None and moment.text == "2024":
        raise ValueError
    return moment


class _Checked(Record):
    sent_at: MomentField = None

    @field_validator("sent_at")
    @classmethod
    def _never_2024(cls, moment: Moment | None) -> Moment | None:
        return _not_hidden(moment)


class _Annotated(Record):
    sent_at: Annotated[MomentField, AfterValidator(_not_hidden)] = None


class _Told(Record):
    sent_at: MomentField = None
    weight: float | None = None


class _Stripped(Record):
    model_config = ConfigDict(str_strip_whitespace=True)
    sent_at: MomentField = None


class _Posted(Record):
    sent_at: MomentField = None

    def model_post_init(self, _: object, /) -> None:
        _not_hidden(self.sent_at)


def _with(record: type[Record]) -> type[History]:
    class Odd(History):
        messages: tuple[record, ...] = ()  # type: ignore[valid-type]  # made for the test

    return Odd


class _WholeChecked(History):
    messages: tuple[Message, ...] = ()

    @model_validator(mode="after")
    def _few(self) -> "_WholeChecked":
        for each in self.messages:
            _not_hidden(each.sent_at)
        return self


class _ListChecked(History):
    messages: Annotated[tuple[Message, ...], Field(max_length=1)] = ()


class _Remembering(History):
    messages: tuple[Message, ...] = ()
    note: str = ""


class _Lax(History):
    messages: tuple[Message, ...] = ()
    adult: bool | None = None


_ODD = [
    *map(_with, (_Checked, _Annotated, _Told, _Stripped, _Posted)),
    _Remembering,
    _Lax,
]


@pytest.mark.parametrize("model", _ODD)
def test_a_model_that_asks_for_more_is_asked_itself(model: type[History], tmp_path: Path) -> None:
    assert decoder_of(model) is None
    lines = [
        b'{"account_id":"a"}',
        b'{"account_id":"a","messages":[{"sent_at":"2024"}]}',
        b'{"account_id":"a","messages":[{"sent_at":"2023"}]}',
        b'{"account_id":"a","messages":[{"sent_at":" 2023"},{"sent_at":"2022"}]}',
        b'{"account_id":"a","messages":[{"when":"2023"}]}',
        b'{"account_id":"a","messages":[{"weight":NaN}]}',
        b'{"account_id":"a","note":"n"}',
        b'{"account_id":"a","adult":"yes"}',
    ]
    _agrees(lines, tmp_path, model, workers=1)


class _Wordy(Record):
    answer: Literal["no", "yes"] | None = None
    sure: YesNo = None


@pytest.mark.parametrize("model", [_WholeChecked, _ListChecked])
def test_a_model_that_looks_at_its_moments_as_a_whole_gets_them(model: type[History]) -> None:
    assert decoder_of(model) is None


@pytest.mark.parametrize("model", [AccountHistory, Club, _with(_Wordy), _with(Subscription)])
def test_a_model_like_the_shipped_one_is_read_the_quick_way(model: type[History]) -> None:
    assert decoder_of(model) is not None


def test_words_no_and_yes_are_no_yes_or_no_facts(tmp_path: Path) -> None:
    lines = [
        b'{"account_id":"a","messages":[{"answer":"yes","sure":false},{"answer":"no"}]}',
        b'{"account_id":"a","messages":[{"answer":true}]}',
        b'{"account_id":"a","messages":[{"sure":"no"}]}',
    ]
    _agrees(lines, tmp_path, _with(_Wordy), workers=1)
