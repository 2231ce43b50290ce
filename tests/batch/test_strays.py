"""Records that belong to no account: counted, named, and no account is decided beside its own.

Each account here is eligible by records of its own; take its subscription away, and it would be
ineligible. All accounts are fictional.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner

from eligibility import AccountHistory
from eligibility.batch import BatchError, decide, prepare
from eligibility.batch.state.counts import Counts, Records
from eligibility.batch.tables.parts import prepare_to
from eligibility.batch.tables.strays import alike_accounts, alike_key, strays_in
from eligibility.cli.app import app
from eligibility.rules import AS_ALLEGED, class_definition

RUNNER = CliRunner()
Tables = dict[str, pl.DataFrame]

#: An account, and what became of its id on a record.
ALIKE = {
    "zeros that a spreadsheet ate": ("0012345", "12345"),
    "zeros that somebody put back": ("777", "000777"),
    "a number that a data frame made": ("0889", "889.0"),
    "a text that a spreadsheet marked": ("0042", "'0042"),
    "full-width digits": ("5150", "\uff15\uff11\uff15\uff10"),
    "a blank in front": ("FICTIONAL-A", " FICTIONAL-A"),
    "blanks behind": ("FICTIONAL-B", "FICTIONAL-B  "),
    "a tab behind": ("FICTIONAL-C", "FICTIONAL-C\t"),
    "a line end behind": ("FICTIONAL-D", "FICTIONAL-D\r\n"),
    "a blank within": ("FICTIONAL E", "FICTIONAL  E"),
    "a blank of the account": (" FICTIONAL-F", "FICTIONAL-F"),
    "a no-break space": ("FICTIONAL-G", "FICTIONAL-G\u00a0"),
    "an ideographic space": ("FICTIONAL-H", "\u3000FICTIONAL-H"),
    "a zero-width space": ("FICTIONAL-I", "\u200bFICTIONAL-I"),
    "a byte-order mark": ("FICTIONAL-J", "\ufeffFICTIONAL-J"),
    "a soft hyphen": ("FICTIONAL-K", "FICTIO\u00adNAL-K"),
    "a mark of direction": ("FICTIONAL-L", "FICTIONAL-L\u200e"),
    "another case": ("Fictional-M", "fictional-m"),
    "case beyond ASCII": ("fictional-\u00d1", "FICTIONAL-\u00f1"),
    "case in two letters": ("fictional-stra\u00dfe", "FICTIONAL-STRASSE"),
    "composed and decomposed": ("fictional-\u00e9", "fictional-e\u0301"),
    "a ligature": ("fictional-ffi", "fictional-\ufb03"),
    "parted thousands": ("1234567", "1,234,567"),
    "thousands parted by points": ("1234000", "1.234.000"),
    "thousands parted as in Switzerland": ("7654321", "7'654'321"),
    "a number with a decimal comma": ("4321", "4321,0"),
    "a sign in front": ("987", "+987"),
    "quotation marks that are part of it": ("FICTIONAL-N", '"FICTIONAL-N"'),
    "a formula that is to keep a text": ("0555", '="0555"'),
    "several at once": ("00099-Q", "\u00a099-q "),
}
#: Ids that name no account at all.
NAMELESS = [None, "", " ", "\u200b\u00a0", "NULL", "nan", "None", "#N/A", "\\N", "1.23457E+15"]
#: Of these an account may be as well, and nobody takes one for the other.
DIFFERENT = [("FICTIONAL-1", "FICTIONAL-2"), ("100", "1000"), ("A-007", "A-07"), ("10", "1")]


def tables(ids: list[str], *, complete: bool = True) -> Tables:
    """Accounts that are eligible, each by a subscription and a message."""
    flags = {f"complete_{name}": complete for name in ("premium", "messages", "permissions")}
    known = pl.Series("account_id", ids, pl.String).to_frame()
    said = {"inmail": True, "shared": True, "sent_at": "2024-05-01", "shared_at": "2024-06"}
    return {
        "accounts": known.with_columns(**{n: pl.lit(v) for n, v in flags.items()}),
        "premium": known.with_columns(
            plan=pl.lit("premium_career"), start=pl.lit("2020"), end=pl.lit("..")
        ),
        "messages": known.with_columns(**{name: pl.lit(value) for name, value in said.items()}),
    }


def renamed(made: Tables, table: str, names: dict[str, str | None]) -> Tables:
    """The same, where records of one table say another id."""
    ids = [names.get(each, each) for each in made[table]["account_id"].to_list()]
    return made | {table: made[table].with_columns(account_id=pl.Series(ids, dtype=pl.String))}


def spoiled() -> tuple[Tables, dict[str, str], list[str]]:
    """Tables in which the ids of some records have changed; which, and who is well."""
    well = [f"FICTIONAL-{at:03}" for at in range(60)]
    made = tables([*well, *(account for account, _ in ALIKE.values())])
    return renamed(made, "premium", dict(ALIKE.values())), dict(ALIKE.values()), well


def batch(*words: object) -> tuple[int, str]:
    done = RUNNER.invoke(app, ["batch", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def written(folder: Path, made: Tables, how: str) -> Path:
    """Tables on disk, sorted or shuffled, as Parquet or CSV."""
    folder.mkdir()
    order, _, kind = how.partition(" ")
    for name, table in made.items():
        rows = table.sort("account_id")
        if order == "shuffled":
            rows = rows.sample(fraction=1, shuffle=True, seed=3)
        getattr(rows, f"write_{kind}")(folder / f"{name}.{kind}")
    return folder


def rejects(*files: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def verdicts(out: Path) -> dict[str, str]:
    found = pl.read_parquet(out / "verdicts" / "*.parquet").select("account_id", "status")
    return dict(found.iter_rows())


@pytest.mark.parametrize(("account", "stray"), ALIKE.values(), ids=ALIKE)
def test_an_id_and_what_became_of_it_are_alike(account: str, stray: str) -> None:
    keys = pl.DataFrame({"id": [account, stray]}).select(alike_key(pl.col("id")))["id"]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(("account", "other"), DIFFERENT)
def test_ids_that_differ_in_more_are_not_alike(account: str, other: str) -> None:
    made = renamed(tables([account, "FICTIONAL-Z"]), "premium", {account: other})
    found = decide(made, class_definition()).rows(named=True)
    assert {row["account_id"]: row["status"] for row in found} == {
        account: "ineligible",
        "FICTIONAL-Z": "eligible",
        other: None,
    }


def as_they_are(frame: pl.DataFrame) -> Any:
    return frame


def lazily(frame: pl.DataFrame) -> Any:
    return frame.lazy()


def by_pandas(frame: pl.DataFrame) -> Any:
    return frame.to_pandas()


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("form", [as_they_are, lazily, by_pandas])
@pytest.mark.parametrize("table", ["premium", "messages"])
def test_an_account_whose_record_may_be_nobodys_has_a_problem_and_no_status(
    engine: str, form: Callable[[pl.DataFrame], Any], table: str
) -> None:
    made, names, well = spoiled()
    made = renamed(tables([*well, *names]), table, dict(names))
    found = decide({n: form(t) for n, t in made.items()}, class_definition(), engine=engine)
    found = found.collect() if isinstance(found, pl.LazyFrame) else found
    rows = pl.from_pandas(found) if isinstance(found, pd.DataFrame) else found
    told = {
        row["account_id"]: (row["status"], row["problem"]) for row in rows.iter_rows(named=True)
    }
    assert len(told) == len(rows)
    assert {each: told.pop(each) for each in well} == dict.fromkeys(well, ("eligible", None))
    held = (None, f"held-back: {table}.account_id")
    assert {each: told.pop(each) for each in names} == dict.fromkeys(names, held)
    lost = (None, f"unknown-account: {table}.account_id")
    assert told == dict.fromkeys(names.values(), lost)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("partitions", [1, 3])
def test_a_row_without_an_id_is_said_once_with_its_file_and_row(
    tmp_path: Path, form: str, partitions: int
) -> None:
    """However many accounts wait for it: the screen says which row to mend, and how."""
    ids = [f"FICTIONAL-{at:02}" for at in range(20)]
    made = tables(ids)
    source, out = tmp_path / "in", tmp_path / "out"
    blank = made["premium"].head(1).with_columns(account_id=pl.lit(None, pl.String))
    parts = [made["premium"].head(12), made["premium"].slice(12), blank]
    (source / "premium").mkdir(parents=True)
    parts[1] = pl.concat([parts[1].head(3), blank, parts[1].slice(3)])
    for at, part in enumerate(parts[:2]):
        getattr(part, f"write_{form}")(source / "premium" / f"part-{at}.{form}")
    for name in ("accounts", "messages"):
        getattr(made[name], f"write_{form}")(source / f"{name}.{form}")
    status, said = batch(source, "-o", out, "--partitions", partitions)
    assert (status, "0 decided, 20 held back" in said) == (3, True), said
    where = f"premium/part-1.{form}, row 4, names no account"
    assert said.count(where) == 1
    assert said.count(", row ") == 1
    held = [each for each in rejects(out / "rejects.jsonl") if each["code"] == "held-back"]
    assert {each["account_id"] for each in held} == set(ids)
    places = {(each["row"], each["file"], each["file_row"]) for each in held}
    assert places == {(16, f"premium/part-1.{form}", 4)}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("how", ["sorted parquet", "shuffled parquet", "shuffled csv"])
@pytest.mark.parametrize("partitions", [1, 5])
def test_a_run_holds_back_whoever_a_stray_record_may_be_of(
    tmp_path: Path, engine: str, how: str, partitions: int
) -> None:
    made, names, well = spoiled()
    source, out = written(tmp_path / "in", made, how), tmp_path / "out"
    status, said = batch(
        source, "-o", out, "--engine", engine, "--partitions", partitions, "--keep"
    )
    assert status == 3
    assert verdicts(out) == dict.fromkeys(well, "eligible")
    count = len(names)
    assert f"{len(well)} decided, {count} held back, 0 unreadable, 0 contradictory" in said
    read = 2 * len(well) + 2 * count
    assert (
        f"{read} records read: {read - 2 * count} used, {count} of accounts not decided, " in said
    )
    assert f"{count} of no account." in said
    assert "alike but for blanks, case or leading zeros" in said
    ending = "parquet" if "parquet" in how else "csv"
    assert said.count(f"  premium.{ending}, row ") == 5  # the first few; the file has them all
    assert "Give each of these rows the id of its account, or take it out of its file" in said
    told = rejects(out / "rejects.jsonl")
    premium = (
        pl.read_parquet(source / "premium.parquet")
        if "parquet" in how
        else pl.read_csv(source / "premium.csv", infer_schema=False)
    )
    held = {
        e["account_id"]: (e["table"], e["row"], e["value"])
        for e in told
        if e["code"] == "held-back"
    }
    ids = premium["account_id"].to_list()
    assert held == {a: ("premium", ids.index(stray) + 1, stray) for a, stray in names.items()}
    assert {e["value"] for e in told if e["code"] == "unknown-account"} == set(names.values())
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (
        summary["counts"]
        == Counts(
            read=len(well) + count,
            fit=len(well),
            held_back=count,
            records={
                "premium": Records(read=len(well) + count, used=len(well), nobodys=count),
                "messages": Records(read=len(well) + count, used=len(well), left_out=count),
                "permissions": Records(),
            },
        ).as_json()
    )
    assert summary["statuses"] == {"eligible": len(well), "ineligible": 0, "indeterminate": 0}
    if partitions > 1:  # or else the test would show nothing
        apart = [part / "rejects.jsonl" for part in sorted(out.glob("*/part-*/"))]
        places = {
            (each["code"], each["account_id"]): at
            for at, file in enumerate(apart)
            for each in rejects(file)
        }
        assert any(
            places["held-back", account] != places["unknown-account", stray]
            for account, stray in names.items()
        )


@pytest.mark.parametrize("how", ["sorted parquet", "shuffled csv"])
def test_a_run_that_was_cut_off_holds_back_the_same(tmp_path: Path, how: str) -> None:
    made, names, _ = spoiled()
    source = written(tmp_path / "in", made, how)
    whole = prepare_to(source, tmp_path / "whole", AccountHistory, partitions=4)

    def cut_off(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_to(source, tmp_path / "cut", AccountHistory, partitions=4, progress=cut_off)
    cut = prepare_to(source, tmp_path / "cut", AccountHistory, partitions=4)
    assert cut.counts == whole.counts
    assert cut.counts.held_back == len(names)
    for one, other in zip(cut.parts, whole.parts, strict=True):
        for file in other.iterdir():
            assert (one / file.name).read_bytes() == file.read_bytes()
    for folder in ("whole", "cut"):
        assert batch(tmp_path / folder, "-o", tmp_path / f"{folder}-out")[0] == 3
    assert verdicts(tmp_path / "cut-out") == verdicts(tmp_path / "whole-out")
    again = batch(tmp_path / "cut", "-o", tmp_path / "cut-out")
    assert again == batch(tmp_path / "cut", "-o", tmp_path / "cut-out")
    assert (again[0], f"{len(names)} held back" in again[1]) == (3, True)


@pytest.mark.parametrize("stray", NAMELESS)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_record_without_an_id_may_be_that_of_any_account_whose_list_is_complete(
    stray: str | None, engine: str
) -> None:
    made = renamed(tables(["FICTIONAL-A", "FICTIONAL-B"]), "premium", {"FICTIONAL-A": stray})
    open_list = tables(["FICTIONAL-C"], complete=False)
    whole = {name: pl.concat([made[name], open_list[name]]) for name in made}
    found = decide(whole, class_definition(), engine=engine)
    told = {row["account_id"]: (row["status"], row["problem"]) for row in found.rows(named=True)}
    held = (None, "held-back: premium.account_id")
    assert (told["FICTIONAL-A"], told["FICTIONAL-B"]) == (held, held)
    # what may lack records is decided so that one more changes nothing
    assert told["FICTIONAL-C"][0] == "indeterminate"
    code = "unknown-account" if stray and stray.strip() else "missing"
    assert told[stray] == (None, f"{code}: premium.account_id")  # type: ignore[index]  # null, too


@pytest.mark.parametrize("partitions", [1, 4])
def test_a_record_without_an_id_is_counted_and_named_by_a_run(
    tmp_path: Path, partitions: int
) -> None:
    ids = [f"FICTIONAL-{at}" for at in range(9)]
    made = renamed(tables(ids), "premium", {ids[0]: None, ids[4]: "NULL"})
    accounts = made["accounts"].with_columns(complete_premium=pl.col("account_id") < ids[3])
    source = written(tmp_path / "in", made | {"accounts": accounts}, "shuffled parquet")
    status, said = batch(source, "-o", tmp_path / "out", "--partitions", partitions)
    assert (status, "6 decided, 3 held back" in said, "2 of no account" in said) == (3, True, True)
    assert set(verdicts(tmp_path / "out")) == set(ids[3:])
    told = rejects(tmp_path / "out" / "rejects.jsonl")
    first = [each["row"] for each in told if each["code"] in ("missing", "unknown-account")]
    held = [each for each in told if each["code"] == "held-back"]
    assert {(e["account_id"], e["row"]) for e in held} == {(each, min(first)) for each in ids[:3]}


def test_a_row_that_is_empty_all_over_is_counted_and_is_nobodys_record(tmp_path: Path) -> None:
    made = tables(["FICTIONAL-A", "FICTIONAL-B"])
    empty = made["premium"].clear(2).with_columns(account_id=pl.Series([None, ""]))
    made["premium"] = pl.concat([made["premium"], empty])
    source = written(tmp_path / "in", made, "shuffled parquet")
    status, said = batch(source, "-o", tmp_path / "out")
    assert (status, "2 decided, 0 held back" in said, "2 of no account" in said) == (3, True, True)


def test_an_account_whose_id_is_blank_is_none_and_takes_no_record_in() -> None:
    made = tables(["FICTIONAL-A", "FICTIONAL-B", " \u00a0"])
    found = decide(made, class_definition())
    assert found["status"].null_count() == len(found)
    problems = {row["account_id"]: row["problem"] for row in found.rows(named=True)}
    assert problems["FICTIONAL-A"] == "held-back: messages.account_id"
    assert problems[" \u00a0"] == "missing: accounts.account_id"


def test_an_account_without_an_id_takes_no_record_in() -> None:
    made = renamed(tables(["", "FICTIONAL-A"]), "premium", {"FICTIONAL-A": ""})
    ready = prepare(made, AccountHistory)
    assert {
        (code, table) for code, table in ready.rejects.select("code", "table").collect().rows()
    } == {
        ("missing", "accounts"),
        ("missing", "premium"),
        ("missing", "messages"),
        ("held-back", "premium"),
        ("held-back", "messages"),
    }
    assert ready.tables["accounts"].collect().is_empty()


def test_a_list_is_not_supposed_complete_while_a_record_of_it_may_be_anybodys(
    tmp_path: Path,
) -> None:
    """As alleged, the list of permissions is taken as complete; so the record counts for all."""
    made = tables(["FICTIONAL-A", "FICTIONAL-B"], complete=False)
    made["permissions"] = pl.DataFrame({"account_id": [None], "start": ["2020"]})
    usual = decide(made, class_definition())
    assert usual["status"].drop_nulls().to_list() == ["indeterminate", "indeterminate"]
    alleged = decide(made, class_definition(), supposing=AS_ALLEGED)
    assert set(alleged["problem"]) == {
        "held-back: permissions.account_id",
        "missing: permissions.account_id",
    }
    source = written(tmp_path / "in", made, "sorted parquet")
    assert batch(source, "-o", tmp_path / "usual")[0] == 3
    status, said = batch(source, "-o", tmp_path / "alleged", "--suppose", "as-alleged")
    assert (status, "permissions" in said, "[held-back]" in said) == (3, True, True), said
    assert not list((tmp_path / "alleged").glob("verdicts/*"))
    assert [e["code"] for e in rejects(tmp_path / "alleged" / "rejects.jsonl")] == ["missing"]


def test_listed_accounts_whose_ids_are_alike_are_found_and_no_others() -> None:
    pairs = [sorted(pair) for pair in ALIKE.values()]
    for pair in pairs:
        assert alike_accounts(pl.LazyFrame({"account_id": pair})) == [pair]
    every = pl.LazyFrame({"account_id": [each for pair in pairs for each in pair]})
    assert alike_accounts(every) == sorted(pairs)
    alone = pl.LazyFrame({"account_id": [first for first, _ in pairs] + ["a-b", "a_b", "b", "0"]})
    assert alike_accounts(alone) == []


def test_listed_accounts_whose_ids_are_alike_are_named_and_decided(tmp_path: Path) -> None:
    ids = ["00123", "123", "FICTIONAL-1", "fictional-1 ", "FICTIONAL-2"]
    source, out = written(tmp_path / "in", tables(ids), "sorted parquet"), tmp_path / "out"
    for _ in ("decided", "taken up again"):
        status, said = batch(source, "-o", out)
        assert status == 0
        assert "Check 2 groups of accounts whose ids differ only in blanks, case" in said
        assert "  `00123` and `123`\n  `FICTIONAL-1` and `fictional-1 `\n" in said
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["alike_accounts"] == {
        "groups": 2,
        "first": [["00123", "123"], ["FICTIONAL-1", "fictional-1 "]],
    }
    source = written(tmp_path / "other", tables(ids[1:3]), "sorted parquet")
    assert "alike" not in (said := batch(source, "-o", tmp_path / "none")[1])
    assert "Check" not in said


def test_an_account_that_is_not_decided_is_alike_and_what_is_nobodys_is_no_account(
    tmp_path: Path,
) -> None:
    made = renamed(tables(["00123", "123", "A", "B"]), "premium", {"A": "a ", "B": None})
    wrong = pl.col("account_id").is_in(["00123", "a "])  # an account, and a record of nobody
    start = pl.when(wrong).then(pl.lit("no date")).otherwise("start").alias("start")
    made |= {"premium": made["premium"].with_columns(start)}
    blank = made["accounts"].head(3).with_columns(account_id=pl.Series(["", None, " "]))
    made |= {"accounts": pl.concat([made["accounts"], blank])}
    status, said = batch(written(tmp_path / "in", made, "sorted parquet"), "-o", tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (status, verdicts(tmp_path / "out")) == (3, {})
    assert summary["alike_accounts"] == {"groups": 1, "first": [["00123", "123"]]}
    assert "Check 1 group of accounts" in said


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_first_row_that_may_be_anybodys_is_named_whatever_piece_it_is_in(
    order: tuple[int, int],
) -> None:
    accounts = pl.LazyFrame({"account_id": ["A"], "row": pl.Series([1], dtype=pl.UInt32)})
    rows = pl.DataFrame({"account_id": [None, "NULL"], "plan": ["other"] * 2, "row": [2, 1]})
    pieces = [{"accounts": accounts, "premium": rows.lazy().slice(at, 1)} for at in order]
    assert dict(strays_in(pieces).nameless) == {"premium": 1}


def test_what_else_is_wrong_with_an_account_counts_before_what_may_be_its_own() -> None:
    made = renamed(tables(["01", "02", "03"]), "premium", {"01": "1", "02": "2", "03": "3"})
    late = pl.col("account_id").replace({"01": "2024-99", "02": "2024-07"})
    messages = made["messages"].with_columns(sent_at=late.replace({"03": "2024-05"}))
    found = decide(made | {"messages": messages}, class_definition())
    told = {row["account_id"]: row["problem"] for row in found.rows(named=True)}
    assert (told["01"], told["02"], told["03"]) == (
        "moment-calendar: messages.sent_at",
        "held-back: premium.account_id",
        "held-back: premium.account_id",
    )


def test_numbers_that_do_not_add_up_are_an_error() -> None:
    Counts(3, 2, 1, records={"premium": Records(read=2, used=1, nobodys=1)}).check("part")
    for wrong in (
        Counts(3, 2),
        Counts(2, 2, 1),
        Counts(1, 1, records={"premium": Records(read=2, used=1)}),
        Counts(1, 1, records={"premium": Records(read=1, used=1, left_out=1)}),
    ):
        with pytest.raises(BatchError, match="accounts-lost"):
            wrong.check("part")
