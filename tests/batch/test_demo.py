"""The fictional population: realistic, repeatable, and with as many flaws as it says."""

import hashlib
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

from eligibility import AccountHistory, read_history
from eligibility.batch.demo.files import Format, Population, write_population
from eligibility.batch.demo.population import BLOCK, account_ids, blocks
from eligibility.batch.execute.engines import ENGINES
from eligibility.batch.execute.job import REJECTS, Run
from eligibility.batch.state.counts import Counts
from eligibility.batch.tables.schema import bounds_of, contract, normalised_schema
from eligibility.rules import class_definition

ACCOUNTS = 3_000


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Population]:
    folder = tmp_path_factory.mktemp("population")
    return folder, write_population(folder, ACCOUNTS)


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, form: Format) -> None:
    for name, seed in (("once", 1), ("again", 1), ("other", 2)):
        write_population(tmp_path / name, 300, seed=seed, format=form)
    assert digests(tmp_path / "once") == digests(tmp_path / "again")
    assert digests(tmp_path / "once") != digests(tmp_path / "other")


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_a_run_rejects_what_the_population_says_does_not_fit(tmp_path: Path, form: Format) -> None:
    made = write_population(tmp_path / "made", ACCOUNTS, format=form)
    source = tmp_path / "made" / "histories.jsonl" if form == "jsonl" else tmp_path / "made"
    run = Run(source, tmp_path / "out", [class_definition()], ENGINES["polars"], workers=1)
    rejected = sum(made.rejected.values())
    counts = run.go()
    assert evolve(counts, records={}) == Counts(
        made.accounts, made.fit, rejected, made.inconsistent
    )
    assert counts.nobodys == made.lost
    if form != "jsonl":  # a line that is no history is one line, whatever it was to hold
        assert {name: each.read for name, each in counts.records.items()} == made.records
    told = pl.read_ndjson(run.out / REJECTS).unique("account_id")["code"].value_counts()
    codes = dict(told.iter_rows())
    said = {**made.rejected, "inconsistent": made.inconsistent, "unknown-account": made.lost}
    said["duplicate-account"] //= 2  # both rows are rejected, of one account
    assert codes == {code: count for code, count in said.items() if count}


def test_the_three_formats_hold_the_same_population(tmp_path: Path) -> None:
    verdicts = []
    forms: tuple[Format, ...] = ("parquet", "csv", "jsonl")
    for form in forms:
        write_population(tmp_path / form, 1_000, format=form)
        source = tmp_path / form / "histories.jsonl" if form == "jsonl" else tmp_path / form
        run = Run(
            source, tmp_path / f"{form}-out", [class_definition()], ENGINES["polars"], workers=1
        )
        run.go()
        verdicts.append(run.verdicts().collect().sort("account_id"))
    assert verdicts[0].equals(verdicts[1])
    assert verdicts[0].equals(verdicts[2])
    assert set(verdicts[0]["status"]) == {"eligible", "indeterminate", "ineligible"}


def test_a_population_too_small_for_flaws_has_none(tmp_path: Path) -> None:
    assert write_population(tmp_path, 50) == Population(
        50, {name: len(pl.read_parquet(tmp_path / f"{name}.parquet")) for name in LISTS}, {}, 0, 0
    )


LISTS = ("premium", "messages", "permissions")


def test_most_accounts_have_few_messages_and_some_have_very_many() -> None:
    (block,) = blocks(BLOCK, seed=3)
    messages = block.tables["messages"].group_by("account_id").len()["len"]
    counts = pl.concat([messages, pl.repeat(0, BLOCK - len(messages), dtype=pl.UInt32, eager=True)])
    assert counts.median() in (2, 3)
    assert 7 < len(block.tables["messages"]) / BLOCK < 9
    assert counts.max() > 1_000


def test_hardly_any_fact_is_always_known(population: tuple[Path, Population]) -> None:
    folder, _ = population
    for name in ("accounts", *LISTS):
        table = pl.read_parquet(folder / f"{name}.parquet")
        unknown = {column: table[column].null_count() for column in table.columns}
        carried = {"account_id", "id", "source"}
        assert all(0 < unknown[each] < len(table) for each in table.columns if each not in carried)


def test_dates_are_written_in_many_ways(population: tuple[Path, Population]) -> None:
    folder, _ = population
    ends = pl.read_parquet(folder / "premium.parquet")["end"].drop_nulls()
    month = r"\d{4}-\d\d"
    for form in (r"^\.\.$", f"^{month}$", rf"^{month}-\d\d$", f"^{month}/{month}$", "Z$"):
        assert ends.str.contains(form).any(), form


def test_subscriptions_of_an_account_touch_and_overlap() -> None:
    (block,) = blocks(5_000, seed=3)
    spans = block.tables["premium"].filter(
        (pl.col("start_known") == 0) & (pl.col("end_known") == 0)
    )
    pairs = spans.join(spans, on="account_id").filter(
        pl.col("start_earliest") < pl.col("start_earliest_right")
    )
    apart = pairs["start_earliest_right"] - pairs["end_latest"]
    assert (apart == 1).any()
    assert (apart < 0).any()
    assert (apart > 1).any()


def test_blocks_are_normalised_tables_sorted_by_account() -> None:
    for block in blocks(BLOCK + 10, seed=5):
        for name, table in block.tables.items():
            known = contract(AccountHistory)[name]
            assert table["account_id"].is_sorted()
            assert sum(table.select(pl.all().null_count()).row(0)) == 0
            ready = {k: v for k, v in normalised_schema(known).items() if k not in known.carried}
            assert {column: table.schema[column] for column in ready} == ready
            for moment in known.moments:
                first, last = bounds_of(moment)
                assert (table[first] <= table[last]).all()


def test_ids_sort_as_texts_as_they_do_as_numbers() -> None:
    assert account_ids(9_999_998, 2, 10_000_000).to_list() == [
        "FICTIONAL-09999999",
        "FICTIONAL-10000000",
    ]


def test_every_line_without_a_flaw_is_a_valid_history(tmp_path: Path) -> None:
    write_population(tmp_path, 60, format="jsonl")
    lines = (tmp_path / "histories.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 60
    histories = [read_history(line, AccountHistory) for line in lines]
    assert all(history.account_id.startswith("FICTIONAL-") for history in histories)
