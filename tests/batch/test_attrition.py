"""How many accounts are left after each clause, as a table and as a picture."""

import sys
from pathlib import Path

import polars as pl
import pytest
from small_case import club

from eligibility import ClassDefinition, Is
from eligibility.batch import BatchError, attrition, decide
from eligibility.batch.demo.population import blocks
from eligibility.batch.execute.attrition import ALL_ACCOUNTS, draw
from eligibility.batch.tables.schema import clause_columns
from eligibility.rules import Reading, class_definition

CUSTOMARY = class_definition(Reading.of(exclusions="customary"))
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def verdicts() -> pl.DataFrame:
    """A few thousand fictional accounts, decided."""
    (block,) = blocks(4_000, seed=7)
    tables = {name: table.select(pl.exclude("^.*_known$")) for name, table in block.tables.items()}
    found = decide(tables, CUSTOMARY)
    assert isinstance(found, pl.DataFrame)
    return found


def rows_of(*rows: tuple[str | None, ...]) -> tuple[pl.DataFrame, ClassDefinition]:
    """Verdicts by a definition of two clauses: status, and a truth for each."""
    definition = club(Is("visits[].paid", True), Is("visits[].kind", "long"))
    names = ["status", *clause_columns(definition.steps)]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), definition


def test_accounts_are_counted_after_each_clause() -> None:
    found, definition = rows_of(
        ("eligible", "true", "true"),
        ("indeterminate", "true", "unknown"),
        ("ineligible", "unknown", "false"),
        ("ineligible", "false", "false"),
    )
    first, second = definition.steps
    assert attrition(found, definition).rows() == [
        (ALL_ACCOUNTS, "all accounts that were decided", 4, 0, 0),
        (first.id, first.text, 2, 1, 1),
        (second.id, second.text, 1, 1, 2),
    ]


def test_accounts_without_a_status_are_not_counted() -> None:
    found, definition = rows_of(("eligible", "true", "true"), (None, None, None))
    assert attrition(found.lazy(), definition)["still_in"].to_list() == [1, 1, 1]


def test_nobody_decided_is_a_table_of_zeros() -> None:
    found, definition = rows_of()
    table = attrition(found, definition)
    assert table.select("still_in", "undecided", "out").rows() == [(0, 0, 0)] * 3
    assert table.schema["out"] == pl.Int64


def test_every_account_is_in_undecided_or_out_after_every_clause(verdicts: pl.DataFrame) -> None:
    table = attrition(verdicts, CUSTOMARY)
    sums = table.select(pl.sum_horizontal("still_in", "undecided", "out")).to_series()
    assert sums.to_list() == [4_000] * (len(CUSTOMARY.steps) + 1)
    assert table["step"].to_list() == [ALL_ACCOUNTS, *(step.id for step in CUSTOMARY.steps)]


def test_nobody_comes_back_in(verdicts: pl.DataFrame) -> None:
    table = attrition(verdicts, CUSTOMARY)
    assert table["still_in"].is_sorted(descending=True)
    assert table["out"].is_sorted()
    assert table["out"].n_unique() > 3


def test_the_last_clause_counts_the_statuses(verdicts: pl.DataFrame) -> None:
    last = attrition(verdicts, CUSTOMARY).row(-1)
    counts = dict(verdicts["status"].value_counts().iter_rows())
    assert last[2:] == (counts["eligible"], counts["indeterminate"], counts["ineligible"])


def test_the_same_table_draws_the_same_picture(verdicts: pl.DataFrame, tmp_path: Path) -> None:
    table = attrition(verdicts, CUSTOMARY)
    for ending in ("svg", "png"):
        for name in ("once", "again"):
            draw(table, CUSTOMARY, tmp_path / f"{name}.{ending}")
        once = (tmp_path / f"once.{ending}").read_bytes()
        assert once == (tmp_path / f"again.{ending}").read_bytes()
    assert once.startswith(PNG)


def test_the_picture_shows_steps_numbers_and_the_standing_words(
    verdicts: pl.DataFrame, tmp_path: Path
) -> None:
    definition = class_definition()
    table = attrition(verdicts, definition)
    draw(table, definition, tmp_path / "attrition.svg")
    svg = (tmp_path / "attrition.svg").read_text(encoding="utf-8")
    assert all(f">{step}<" in svg for step in table["step"])
    assert all(f">{count:,}<" in svg for count in table["undecided"] if count)
    assert all(f">{count:,}<" in svg for count in table["still_in"])  # beside its bar, if need be
    assert "no class was certified" in svg
    assert "<dc:date>" not in svg


def test_a_picture_of_nobody_can_be_drawn(tmp_path: Path) -> None:
    found, definition = rows_of()
    draw(attrition(found, definition), definition, tmp_path / "nobody.png")
    assert (tmp_path / "nobody.png").read_bytes().startswith(PNG)


def test_without_matplotlib_the_way_to_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found, definition = rows_of()
    with pytest.raises(BatchError, match=r"pip install '\.\[batch\]'"):
        draw(attrition(found, definition), definition, tmp_path / "nothing.svg")
    assert not (tmp_path / "nothing.svg").exists()
