"""Promise 8, one meaning: tables give what `evaluate` gives, row by row, on Polars and DuckDB.

Spark and the printed text have files of their own. Which readings each is held to, and with whose
supposition, its test says by its name.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import polars.selectors as cs
import pytest
from engines import (
    HALVES,
    Population,
    Tables,
    agree,
    agree_or_are_open,
    draw,
    drawn_for,
    raw_tables,
    small_worlds,
)
from flo import flo_class
from hard_cases import hard_cases
from small_case import Club, club

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    InvalidDefinition,
    Is,
    Uncovered,
)
from eligibility.batch import decide, prepare
from eligibility.batch.execute.decide import Inquiry, decided_to
from eligibility.batch.execute.decide import decided as decided_of
from eligibility.batch.execute.engines import ENGINES, engine_named
from eligibility.batch.sql.statement import statement
from eligibility.batch.tables.scan import scan
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.testing import strategies as drawn

READINGS = list(every_reading())
SUPPOSITIONS = {"as it is": None, "as alleged": AS_ALLEGED}


@cache
def people() -> Population:
    """Some thousand accounts: the hard cases, small worlds, and what strategies draw."""
    found = [*hard_cases(), *small_worlds(450, "one meaning")]
    for reading in READINGS[::25]:  # both values of each dimension
        found += drawn_for(class_definition(reading), 120)
    return Population.of(found, AS_ALLEGED)


@cache
def tables() -> Tables:
    """The same accounts, as tables."""
    return raw_tables(people().histories, AccountHistory, Random(8))


@cache
def invented() -> list[tuple[ClassDefinition, Population]]:
    """Definitions of another case, of the exact fragment and not, with accounts around each."""
    found = draw(drawn.definitions(Club), 60)
    return [(each, Population.of(drawn_for(each, 60) if each.exact else ())) for each in found]


def decided(found: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows that have a status; the others are the accounts that no world fits."""
    rows = list(found.iter_rows(named=True))
    left_out = {row["account_id"] for row in rows if row["status"] is None}
    assert left_out == {h.account_id for h in people().histories} - people().facts.keys()
    return [row for row in rows if row["status"] is not None]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("supposing", SUPPOSITIONS)
def test_each_engine_decides_by_every_reading_half_of_them_as_alleged(
    engine: str, supposing: str
) -> None:
    ready = prepare(tables(), AccountHistory)
    held = {name: frame.collect().lazy() for name, frame in ready.tables.items()}
    supposed = SUPPOSITIONS[supposing]
    for reading in HALVES[(engine == "polars") == (supposed is None)]:
        definition = class_definition(reading)
        found = decided_of(held, definition, engine_named(engine), supposed)
        want = people().expected(definition, supposed=supposed is not None)
        words = f"{engine}, {reading.words()}, {supposing}"
        agree(found.rows(named=True), want, people(), words)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_survey_of_half_of_the_readings_says_of_each_what_it_says_alone(
    tmp_path: Path, engine: str
) -> None:
    ready = prepare(tables(), AccountHistory)
    held = {name: frame.collect().lazy() for name, frame in ready.tables.items()}
    definitions = [class_definition(reading) for reading in HALVES[engine == "polars"]]
    file, inquiry, run = tmp_path / "survey", Inquiry(definitions), engine_named(engine)
    run(inquiry.plan, held, file)
    once = pl.read_parquet(file)
    alone = once.rows(named=True)
    assert agree_or_are_open(alone, definitions, people()), "no account needs a search"
    # what the engine found is not asked for again
    settled = decided_to(file, held, inquiry, lambda _plan, _tables, to: once.write_parquet(to))
    assert settled == sum(not row["exact"] for row in alone)
    assert not agree_or_are_open(pl.read_parquet(file).rows(named=True), definitions, people())


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_accounts_with_many_spans_are_left_to_evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(import_module("eligibility.batch.execute.decide"), "MOST_SPANS", 1)
    ready, definition = prepare(tables(), AccountHistory), class_definition()
    file = tmp_path / "verdicts"
    settled = decided_to(file, ready.tables, Inquiry([definition]), engine_named(engine))
    known = [h for h in people().histories if h.account_id in people().facts]
    crowded = [h for h in known if max(len(h.premium), len(h.permissions)) > 1]
    assert len(crowded) <= settled < len(known)
    rows = pl.read_parquet(file).rows(named=True)
    agree(rows, people().expected(definition), people(), "many spans")


def test_an_account_with_ten_thousand_spans_takes_no_longer_than_its_history() -> None:
    """The statement alone would take some eight minutes: it compares each with each."""
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    minutes = [(begun + timedelta(minutes=at)).isoformat() for at in range(20_000)]
    spans = {"account_id": "FICTIONAL-1", "start": minutes[::2], "end": minutes[1::2]}
    between = [f"{minute[:17]}30Z" for minute in minutes[1:2_000:2]]  # in no subscription
    message = {"account_id": "FICTIONAL-1", "inmail": True, "shared": True}
    lists = ("premium", "messages", "permissions")
    given = {
        "accounts": pl.DataFrame(
            {"account_id": ["FICTIONAL-1"], **{f"complete_{name}": True for name in lists}}
        ),
        "premium": pl.DataFrame({**spans, "plan": "premium_career"}),
        "permissions": pl.DataFrame(spans),
        "messages": pl.DataFrame({**message, "sent_at": between, "shared_at": between}),
    }
    (row,) = decide(given, class_definition()).rows(named=True)
    assert (row["status"], row["decided_by"], row["exact"]) == ("ineligible", "premium", True)


KINDS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "Polars": lambda frame: frame,
    "Polars, lazily": pl.DataFrame.lazy,
    "PyArrow": pl.DataFrame.to_arrow,
    "pandas, as it comes": pl.DataFrame.to_pandas,
    "pandas of objects": lambda frame: frame.to_pandas().astype(object),
    "pandas, nullable": lambda frame: frame.to_pandas().convert_dtypes(),
    "pandas of Arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "DuckDB": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_frames_of_every_kind_come_to_the_same_and_come_back_as_they_came(kind: str) -> None:
    definition = class_definition()
    given = {name: KINDS[kind](frame) for name, frame in tables().items()}
    found = decide(given, definition)
    assert type(found).__module__.split(".")[0] == type(given["accounts"]).__module__.split(".")[0]
    agree(decided(_polars(found)), people().expected(definition), people(), kind)


def _polars(found: Any) -> pl.DataFrame:
    if isinstance(found, pl.LazyFrame):
        return found.collect()
    return pl.from_pandas(found) if isinstance(found, pd.DataFrame) else pl.DataFrame(found)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_come_to_the_same(kind: str, tmp_path: Path) -> None:
    instants = cs.datetime(time_zone="*").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    for name, frame in tables().items():
        texts = frame.with_columns(instants, cs.list().list.join("|"))
        written = frame if kind == "parquet" else texts
        getattr(written, f"write_{kind}")(tmp_path / f"{name}.{kind}")
    definition = class_definition(READINGS[5])
    found = decide(scan(tmp_path, AccountHistory), definition).collect()
    agree(decided(found), people().expected(definition), people(), kind)


@pytest.mark.parametrize("engine", sorted(ENGINES.keys() - {"spark"}))
def test_tables_that_hold_hardly_anything(engine: str) -> None:
    definition = class_definition()
    accounts = pl.DataFrame({"account_id": ["FICTIONAL-1"]})
    nothing = pl.DataFrame(schema={"account_id": pl.String})
    nulls = pl.DataFrame({"account_id": ["FICTIONAL-1"], "shared": [None], "sent_at": [None]})
    for more in ({}, {"messages": nothing, "premium": nothing}, {"messages": nulls}):
        (row,) = decide({"accounts": accounts, **more}, definition, engine=engine).rows(named=True)
        assert row["status"] == "indeterminate"
    assert (
        decide({"accounts": nothing, "messages": nulls}, definition, engine=engine)
        .rows(named=True)[0]["problem"]
        .startswith("unknown-account")
    )
    assert decide({"accounts": nothing}, definition, engine=engine).is_empty()


def test_accounts_that_share_a_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polars knows accounts by a hash, unless two share one; here, four share each."""
    few = pl.col("account_id").str.tail(4).str.to_integer().cast(pl.UInt64) // 4
    monkeypatch.setattr("eligibility.batch.tables.schema.KEY", few)
    definition = class_definition()
    agree(decided(decide(tables(), definition)), people().expected(definition), people(), "")


def test_of_many_accounts_polars_runs_one_pass_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As it does of more than two million accounts; here of any, by clauses of every kind."""
    engines = import_module("eligibility.batch.execute.engines")
    monkeypatch.setattr(engines, "_MOST_AT_ONCE", 0)
    engines._in_turn.cache_clear()
    ready = prepare(tables(), AccountHistory)
    held = {name: frame.collect().lazy() for name, frame in ready.tables.items()}
    for reading, supposed in zip(READINGS[::13], (None, AS_ALLEGED) * 4, strict=False):
        definition = class_definition(reading)
        rows = decided_of(held, definition, engine_named("polars"), supposed).rows(named=True)
        want = people().expected(definition, supposed=supposed is not None)
        agree(rows, want, people(), reading.words())
    definitions = [class_definition(reading) for reading in READINGS[::11]]
    file = tmp_path / "survey"
    decided_to(file, held, Inquiry(definitions, AS_ALLEGED), engine_named("polars"))
    rows = pl.read_parquet(file).rows(named=True)
    assert not agree_or_are_open(rows, definitions, people(), supposed=True)
    exact = [(each, some) for each, some in invented() if each.exact]
    flo = [
        (each, Population.of(drawn_for(each, 60)))
        for each in (flo_class(), flo_class(california=True))
    ]
    for each, some in (*flo, *exact):
        found = decide(raw_tables(some.histories, each.model, Random(4)), each).rows(named=True)
        known = [row for row in found if row["status"] is not None]
        agree(known, some.expected(each), some, f"{each.steps}")
    asked = [*READINGS[::13], "a survey", *flo, *exact]
    taken = engines._in_turn.cache_info()
    assert taken.hits + taken.misses == len(asked)


def test_a_clause_may_ask_that_something_was_not_so() -> None:
    """What cannot have come to be, by its moments, was not so, though nobody said it."""
    source = Citation("A fiction")
    asked = (Is("messages[].shared", False), Is("messages[].inmail", True))
    clauses = tuple(Clause(f"c{n}", "words", source, each) for n, each in enumerate(asked))
    definition = ClassDefinition("d", "1", "d", AccountHistory, clauses)
    for engine in ("polars", "duckdb"):
        rows = decided(decide(tables(), definition, engine=engine))
        agree(rows, people().expected(definition), people(), engine)


def test_the_second_case() -> None:
    definition = flo_class()
    some = Population.of(drawn_for(definition, 600))
    made = raw_tables(some.histories, definition.model, Random(2))
    for engine in ("polars", "duckdb"):
        rows = decide(made, definition, engine=engine).rows(named=True)
        known = [row for row in rows if row["status"] is not None]
        agree(known, some.expected(definition), some, engine)


def test_invented_definitions_of_the_exact_fragment() -> None:
    compiled = 0
    for definition, some in invented():
        if not definition.exact:
            with pytest.raises(InvalidDefinition, match="not-compilable"):
                statement(definition)
            continue
        compiled += 1
        made = prepare(raw_tables(some.histories, Club, Random(3)), Club)
        for engine in ("polars", "duckdb"):
            rows = decide(made, definition, engine=engine).rows(named=True)
            known = [row for row in rows if row["status"] is not None]
            words = f"{engine}, {definition.steps}"
            agree(known, some.expected(definition), some, words)
    assert compiled > 20


def test_a_gap_counts_for_clauses_that_ask_for_nothing_else() -> None:
    """The clause before asks for no coverage: a gap that meets none must be seen all the same."""
    came = "visits[].came"
    definition = club(Uncovered(came, "bans"), Covered(came, "members"))
    history = Club(
        account_id="C-1",
        visits=[{"came": "2024-06-01T00:00:00Z"}],
        members=[{"start": "2020-01-01", "end": "2020-02-01"}],
        bans=[{"start": "2022-01-01", "end": "2022-02-01"}],
        complete=["visits", "members", "bans"],
    )
    some = Population.of([history])
    for engine in ("polars", "duckdb"):
        found = decide(raw_tables(some.histories, Club, Random(1)), definition, engine=engine)
        assert found["clause_c1"].to_list() == ["true"]
        agree(found.rows(named=True), some.expected(definition), some, engine)
