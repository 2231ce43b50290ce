"""Spark's own frames, on a real local Spark: lazy, in partitions, one account far too large."""

import runpy
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from engines import (
    HALVES,
    Population,
    agree,
    agree_or_are_open,
    drawn_for,
    raw_tables,
    small_worlds,
)
from hard_cases import hard_cases
from polars.testing import assert_frame_equal
from possibilities import loosened
from typer.testing import CliRunner

from eligibility import AccountHistory
from eligibility.batch import (
    InputOptions,
    InvalidTables,
    decide,
    prepare,
    statement,
    survey_statement,
)
from eligibility.batch.tables.schema import contract
from eligibility.cli.app import app
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.timeline import EARLIEST, LATEST

EXAMPLE = Path(__file__).parents[2] / "examples" / "spark" / "decide_accounts.py"
TABLES = tuple(contract(AccountHistory))
pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's own, about its own dependencies


def spark_frames(spark: Any, tables: dict[str, pl.DataFrame], partitions: int) -> dict[str, Any]:
    return {
        name: spark.createDataFrame(frame.to_arrow()).repartition(partitions)
        for name, frame in tables.items()
    }


@pytest.fixture
def as_people_run_it(spark: Any) -> Iterator[Any]:
    """Spark with the settings that are its own, but for the tests' being turned off."""
    usual = {
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.codegen.wholeStage": "true",
        "spark.sql.codegen.factoryMode": "FALLBACK",
    }
    before = {name: spark.conf.get(name) for name in usual}
    for name, value in usual.items():
        spark.conf.set(name, value)
    yield spark
    for name, value in before.items():
        spark.conf.set(name, value)


def test_spark_decides_as_evaluate_does(as_people_run_it: Any) -> None:
    """With its usual settings; all other tests have faster ones."""
    reading, supposing = Reading.of(premium_when="messaged", exclusions="customary"), AS_ALLEGED
    definition = class_definition(reading)
    found = [*hard_cases(), *small_worlds(300, "far away"), *drawn_for(definition, 200)]
    people = Population.of([*found, *loosened(found[::5], "far away")], AS_ALLEGED)
    tables = raw_tables(people.histories, AccountHistory, Random(4))
    lost = tables["messages"].head(1).with_columns(account_id=pl.lit("nobody"))
    tables["messages"] = pl.concat([tables["messages"], lost])
    result = decide(spark_frames(as_people_run_it, tables, 4), definition, supposing=supposing)
    rows = pl.DataFrame(result.toArrow()).rows(named=True)
    left_out = {row["account_id"]: row["problem"] for row in rows if row["status"] is None}
    assert left_out.pop("nobody") == "unknown-account: messages.account_id"
    assert left_out.keys() == {h.account_id for h in people.histories} - people.facts.keys()
    want = people.expected(definition, supposed=True)
    known = [row for row in rows if row["status"] is not None]
    agree(known, want, people, f"Spark, {reading.words()}, {supposing}")


def test_what_does_not_fit_is_named_on_spark_as_elsewhere(spark: Any) -> None:
    ids = [f"FICTIONAL-{at}" for at in range(11)]
    tables = {
        "accounts": pl.DataFrame(
            {
                "account_id": [*ids, ids[0], None],
                "complete_premium": ["maybe", *["true"] * 12],
                "complete_permissions": [*["false"] * 10, *["true"] * 3],
            }
        ),
        # what is nobody's, and whose it may be: by an id that is alike, and by none
        "permissions": pl.DataFrame(
            {"account_id": [None, "NULL", " fictional-8", ids[7]], "start": ["2024"] * 4}
        ),
        "premium": pl.DataFrame(
            {
                "account_id": [*ids[1:6], "nobody"],
                "id": ["a", "b", "b", "c", "d", "e"],
                "plan": ["gold", "other", None, "gold", "other", "gold"],
                "start": ["2024-13", "2024", "2024-02-30", "2025", "2025", "x"],
                "end": ["2023", "..", "2023", "2024", "2024", None],
            }
        ),
        "messages": pl.DataFrame(
            {
                "account_id": [ids[6], ids[6], ids[5], ids[4]],
                "id": ["m", "m", "n", None],
                "direction": ["sent", "sent", "up", "sideways"],
                "sent_at": ["2024", "2024", "2024-99", "spring"],
            }
        ),
    }
    found = decide(tables, class_definition())
    on_spark = decide(spark_frames(spark, tables, 3), class_definition())
    columns = ["account_id", "status", "problem"]
    said = [each.select(columns).rows() for each in (found, pl.DataFrame(on_spark.toArrow()))]
    assert sorted(said[0], key=str) == sorted(said[1], key=str)
    assert {each[0] for each in said[0] if each[1] is not None} == {ids[2], ids[7], ids[9]}
    held = {each[0] for each in said[0] if each[2] == "held-back: permissions.account_id"}
    assert held == {ids[8], ids[10]}
    # each row that was read, the three ids of stray records, and the record without one
    assert len(said[0]) == 13 + 3 + 1


def test_what_the_caller_says_of_the_tables_is_heard_on_spark_as_elsewhere(spark: Any) -> None:
    """Names, columns to leave out, dates, and units: of each, whatever else would be refused."""
    options = InputOptions(
        date_format="%d/%m/%Y",
        number_unit="s",
        ignore_columns=["name", "premium.note"],
        rename={"Member": "account_id", "messages.created": "sent_at"},
    )
    ids = ["FICTIONAL-1", "FICTIONAL-2", "FICTIONAL-3"]
    flags = {f"complete_{name}": True for name in ("premium", "messages", "permissions")}
    tables = {
        "accounts": pl.DataFrame({"Member": ids, "name": "x"}).with_columns(**flags),
        "premium": pl.DataFrame(
            {"MEMBER": ids, "Plan": "premium_career", "start": "01/02/2020", "end": "..", "note": 1}
        ),
        "messages": pl.DataFrame(
            {
                "member": ids,
                "inmail": "Yes",
                "shared": True,
                "created": [1_714_521_600, 1_714_521_600, 1_734_000_000],
                "shared_at": ["11/06/2024", "11/10/2024", "31/12/2024"],
            }
        ),
    }
    definition = class_definition()
    found = decide(tables, definition, options=options).sort("account_id")
    assert found["status"].to_list() == ["eligible", "ineligible", "ineligible"]
    on_spark = decide(spark_frames(spark, tables, 2), definition, options=options)
    columns = [name for name in found.columns if name != "problem"]
    rows = pl.DataFrame(on_spark.toArrow()).select(columns).sort("account_id")
    assert_frame_equal(rows, found.select(columns))
    with pytest.raises(InvalidTables) as refused:
        decide(spark_frames(spark, tables, 2), definition)
    said = {(problem.code, problem.path) for problem in refused.value.problems}
    assert said >= {("missing", "accounts.account_id"), ("unknown-column", "premium.note")}


@pytest.fixture(scope="module")
def normalised_views(spark: Any) -> Iterator[Population]:
    """Some accounts, whose normalised tables Spark knows by their names."""
    found = [*hard_cases(), *small_worlds(200, "in parts"), *drawn_for(class_definition(), 100)]
    people = Population.of(found, AS_ALLEGED)
    ready = prepare(raw_tables(people.histories, AccountHistory, Random(6)), AccountHistory)
    for name, frame in ready.tables.items():
        held = spark.createDataFrame(frame.collect().to_arrow()).repartition(3, "account_id")
        held.cache().createOrReplaceTempView(name)
    yield people
    for name in ready.tables:
        spark.catalog.dropTempView(name)


#: Any two words of two dimensions stand together in one of these.
PAIRWISE = [
    ("sent-or-received", "sharing", "shared", "before", "anyone", "none"),
    ("sent", "message", "ever", "before", "third-parties", "customary"),
    ("sent-or-received", "sharing", "messaged", "through", "third-parties", "customary"),
    ("sent", "message", "messaged", "through", "anyone", "none"),
    ("sent-or-received", "sharing", "ever", "through", "anyone", "none"),
    ("sent-or-received", "message", "shared", "through", "anyone", "customary"),
    ("sent", "sharing", "shared", "before", "third-parties", "none"),
    ("sent-or-received", "sharing", "messaged", "before", "anyone", "none"),
]


def _is_simple(history: AccountHistory) -> bool:
    """Whether it states nothing under conditions, and no span covers one of several instants."""
    bounds = [
        (at.earliest, at.latest) if at else (EARLIEST, LATEST)
        for span in history.premium
        for at in (span.start, span.end)
    ]
    crossing = [
        max(start[0], end[0]) < min(start[1], end[1])
        for start, end in zip(bounds[::2], bounds[1::2], strict=True)
    ]
    return all(isinstance(stated, str) for stated in history.complete) and not any(crossing)


@pytest.mark.parametrize("at", range(len(PAIRWISE)))
def test_the_text_for_spark_decides_as_evaluate_does(
    spark: Any, normalised_views: Population, at: int
) -> None:
    reading = Reading.of(**dict(zip(Reading().words(), PAIRWISE[at], strict=True)))
    definition, supposing = class_definition(reading), (None, AS_ALLEGED)[at % 2]
    text = statement(definition, dialect="spark", supposing=supposing)
    rows = pl.DataFrame(spark.sql(text).toArrow()).rows(named=True)
    want = normalised_views.expected(definition, supposed=supposing is not None)
    assert {row["account_id"] for row in rows} == want.keys()
    sure = [row for row in rows if row["exact"]]
    left = [row for row in rows if not row["exact"]]
    assert all("unknown" in row.values() for row in left), "what is decided is left to nobody"
    simple = {h.account_id for h in normalised_views.histories if _is_simple(h)}
    assert len(simple) > len(rows) * 0.75
    # of the others, a supposition may leave a gap where a definition asks when a message was sent
    most = 0.05 * len(simple) if supposing and reading.words()["premium_when"] == "messaged" else 0
    assert sum(row["account_id"] in simple for row in left) <= most
    known = {row["account_id"]: want[row["account_id"]] for row in sure}
    agree(sure, known, normalised_views, f"Spark, {reading.words()}, {supposing}")


@pytest.mark.parametrize(
    "some", [PAIRWISE, *([tuple(r.words().values()) for r in half] for half in HALVES)]
)
def test_any_two_words_of_two_dimensions_stand_together(some: list[tuple[str, ...]]) -> None:
    words = [list(reading.words().values()) for reading in every_reading()]
    for one, other in combinations(range(len(PAIRWISE[0])), 2):
        wanted = {(each[one], each[other]) for each in words}
        assert {(each[one], each[other]) for each in some} == wanted


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_half_of_the_readings_have_the_status_on_spark_that_evaluate_gives(
    spark: Any, normalised_views: Population, supposing: Any
) -> None:
    """In one pass; of accounts that need a search, the text may leave it open."""
    definitions = [class_definition(reading) for reading in HALVES[supposing is None]]
    text = survey_statement(definitions, dialect="spark", supposing=supposing)
    rows = pl.DataFrame(spark.sql(text).toArrow()).rows(named=True)
    agree_or_are_open(rows, definitions, normalised_views, supposed=supposing is not None)


def test_nothing_is_run_until_somebody_asks(spark: Any) -> None:
    def fails(batches: Any) -> Any:
        for _ in batches:
            raise RuntimeError
        yield from ()

    accounts = spark.range(10).selectExpr("concat('FICTIONAL-', id) AS account_id")
    trapped = accounts.mapInArrow(fails, "account_id string")
    result = decide({"accounts": trapped}, class_definition())
    assert result.columns[:2] == ["account_id", "status"]
    with pytest.raises(Exception, match="RuntimeError"):
        result.collect()


def test_names_that_do_not_fit_are_refused_at_once(spark: Any) -> None:
    accounts = spark.range(1).selectExpr("'FICTIONAL-1' AS account_id", "1 AS strange")
    with pytest.raises(InvalidTables, match="strange"):
        decide({"accounts": accounts}, class_definition())


def test_one_account_with_a_million_messages(spark: Any) -> None:
    """The account of the last message is decided by it, among a million that were not shared."""
    count = 1_000_000
    messages = spark.range(count, numPartitions=4).selectExpr(
        "IF(id % 1000 = 0, concat('FICTIONAL-', id DIV 1000), 'FICTIONAL-HUGE') AS account_id",
        "true AS inmail",
        f"id = {count - 1} AS shared",
        "timestamp_micros(1672531200000000 + id * 1000000) AS sent_at",
        f"IF(id = {count - 1}, '2024-02', NULL) AS shared_at",
    )
    ids = spark.range(1000).selectExpr("concat('FICTIONAL-', id) AS account_id")
    huge = spark.range(1).selectExpr("'FICTIONAL-HUGE' AS account_id")
    accounts = ids.unionByName(huge).selectExpr(
        "account_id", "true AS complete_messages", "true AS complete_permissions"
    )
    premium = accounts.selectExpr(
        "account_id", "'premium_career' AS plan", "'2020' AS start", "'..' AS end"
    )
    tables = {"accounts": accounts, "premium": premium, "messages": messages}
    found = decide(tables, class_definition()).groupBy("status").count().collect()
    assert {row["status"]: row["count"] for row in found} == {"eligible": 1, "ineligible": 1000}


@pytest.mark.usefixtures("spark")
def test_the_program_of_the_how_to_runs(tmp_path: Path) -> None:
    for name in ("accounts", "premium", "messages", "permissions"):
        frame = pl.DataFrame({"account_id": ["FICTIONAL-1"]})
        (tmp_path / name).mkdir()
        frame.write_parquet(tmp_path / name / "part.parquet")
    runpy.run_path(str(EXAMPLE))["main"](str(tmp_path), str(tmp_path / "verdicts"))
    written = pl.read_parquet(tmp_path / "verdicts" / "*.parquet")
    assert written["status"].to_list() == ["indeterminate"]


@pytest.mark.usefixtures("spark")
def test_every_engine_of_the_command_line_writes_the_same_verdicts(tmp_path: Path) -> None:
    people = Population.of(drawn_for(class_definition(), 60))
    for name, frame in raw_tables(people.histories, AccountHistory, Random(9)).items():
        (tmp_path / "in").mkdir(exist_ok=True)
        frame.write_parquet(tmp_path / "in" / f"{name}.parquet")
    found = []
    for engine in ("polars", "duckdb", "spark"):
        command = ["batch", str(tmp_path / "in"), "-o", str(tmp_path / engine), "--engine", engine]
        done = CliRunner().invoke(app, command)
        assert done.exit_code in (0, 3), done.output
        # the files' own bytes say which run they are of, and so which engine
        found.append(pl.read_parquet(tmp_path / engine / "verdicts" / "part-00000.parquet"))
    for other in found[1:]:
        assert_frame_equal(found[0], other)
