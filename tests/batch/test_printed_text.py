"""The printed text, on PostgreSQL and on SQLite: what people run whose tables lie elsewhere.

DuckDB's text is run with every decision (`test_same_as_evaluate`), Spark's in `test_spark`.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from random import Random
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from engines import (
    HALVES,
    Population,
    agree,
    agree_or_are_open,
    draw,
    drawn_for,
    raw_tables,
    small_worlds,
)
from hard_cases import hard_cases
from possibilities import loosened
from pydantic import BaseModel
from small_case import Club
from sqlglot import exp

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    History,
    Is,
    MomentField,
    Record,
    Span,
    YesNo,
)
from eligibility.batch import prepare, statement, survey_statement
from eligibility.batch.errors import BatchError
from eligibility.batch.sql.expressions import column, table
from eligibility.batch.sql.render import DIALECTS
from eligibility.batch.tables.schema import contract, survey_columns
from eligibility.facts.supposition import Supposition
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.testing import strategies as drawn

Rows = list[dict[str, Any]]
#: Runs a statement and hands out its rows.
Ask = Callable[[str], Rows]
#: Normalised tables, by name, each with what its columns are.
Tables = Mapping[str, tuple[Mapping[str, str], pl.DataFrame]]
Engine = Callable[[Tables], AbstractContextManager[Ask]]
_POSTGRES_KINDS: Final = {
    "VARCHAR": "text",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "BIGINT": "bigint",
}


@contextmanager
def on_sqlite(tables: Tables) -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for name, (kinds, rows) in tables.items():
            columns = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            places = ", ".join("?" * len(kinds))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows.iter_rows())  # noqa: S608 - names of our models

        def ask(text: str) -> Rows:
            found = [dict(row) for row in connection.execute(text)]
            for row in found:
                if "status" in row:
                    assert row["exact"] in (0, 1)  # SQLite has no other yes and no
                    row["exact"] = bool(row["exact"])
            return found

        yield ask


@contextmanager
def on_postgres(folder: str, tables: Tables) -> Iterator[Ask]:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(
        host=folder, user="tester", dbname="postgres", row_factory=psycopg.rows.dict_row
    ) as connection:
        for name, (kinds, rows) in tables.items():
            columns = ", ".join(f'"{c}" {_POSTGRES_KINDS[kind]}' for c, kind in kinds.items())
            connection.execute(f'CREATE TEMP TABLE "{name}" ({columns})')
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copy:
                copy.write(rows.write_csv(include_header=False))
            connection.execute(f'ANALYZE "{name}"')
        yield lambda text: connection.execute(text).fetchall()


@pytest.fixture(params=["postgres", "sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(dialect: str, request: pytest.FixtureRequest) -> Engine:
    if dialect == "sqlite":
        return on_sqlite
    folder = request.getfixturevalue("postgres")
    return lambda tables: on_postgres(folder, tables)


def tables_of(people: Population, model: type[History]) -> Tables:
    ready = prepare(raw_tables(people.histories, model, Random(5)), model)
    return {
        name: (
            each.normalised_columns,
            ready.tables[name].select(each.normalised_columns.keys()).collect(),
        )
        for name, each in contract(model).items()
    }


def check(
    ask: Ask,
    people: Population,
    definition: ClassDefinition,
    dialect: str,
    supposing: Supposition | None = None,
) -> int:
    """Hold the text to the reference; how many that state no conditions it leaves to it."""
    found = ask(statement(definition, dialect=dialect, supposing=supposing))
    want = people.expected(definition, supposed=supposing is not None)
    assert {row["account_id"] for row in found} == want.keys()
    left = {row["account_id"]: row["status"] for row in found if not row["exact"]}
    sure = [row for row in found if row["exact"]]
    expected = {account: want[account] for account in want.keys() - left.keys()}
    words = f"{dialect}, {definition.steps}, {definition.reading}, {supposing}"
    agree(sure, expected, people, words)
    # of the others it may know less, and never says anything else
    assert all(status in ("indeterminate", want[name]["status"]) for name, status in left.items())
    stating = {h.account_id for h in people.histories if not all(map(is_name, h.complete))}
    return len(left.keys() - stating)


def is_name(stated: object) -> bool:
    return isinstance(stated, str)


@pytest.fixture(scope="module")
def people() -> Population:
    found = [*hard_cases(), *small_worlds(300, "elsewhere"), *drawn_for(class_definition(), 160)]
    return Population.of([*found, *loosened(found[::4], "elsewhere")], AS_ALLEGED)


def test_the_text_decides_by_half_of_the_readings_as_evaluate_does(
    engine: Engine, dialect: str, people: Population
) -> None:
    with engine(tables_of(people, AccountHistory)) as ask:
        # any two words of a reading stand together in either half
        for at, reading in enumerate(HALVES[dialect == "sqlite"]):
            supposing = (None, AS_ALLEGED)[at % 2]
            left = check(ask, people, class_definition(reading), dialect, supposing)
            assert left < len(people.facts) / 10


def test_the_text_of_a_survey_decides_as_evaluate_does(
    engine: Engine, dialect: str, people: Population
) -> None:
    most = DIALECTS[dialect] or 1000
    every = [class_definition(reading) for reading in every_reading()]
    definitions = [each for each in every if len(survey_columns([each])[0]) <= most]
    assert len(definitions) > 10
    with engine(tables_of(people, AccountHistory)) as ask:
        rows = ask(survey_statement(definitions, dialect=dialect))
    agree_or_are_open(rows, definitions, people)


def test_names_that_an_engine_would_cut_off_are_refused() -> None:
    every = [class_definition(reading) for reading in every_reading()]
    assert max(len(name) for name in survey_columns(every)) > 63
    with pytest.raises(BatchError, match=r"63 bytes.*`status_\w{57,}`") as refused:
        survey_statement(every, dialect="postgres")
    assert [problem.code for problem in refused.value.problems] == ["name-too-long"]
    for dialect in ("duckdb", "spark", "sqlite"):
        assert survey_statement(every[:2], dialect=dialect)


def test_the_text_of_invented_definitions_too(engine: Engine, dialect: str) -> None:
    definitions = draw(drawn.definitions(Club, exact=True), 12)
    found = [each for definition in definitions for each in drawn_for(definition, 40)]
    people = Population.of(found)
    with engine(tables_of(people, Club)) as ask:
        for definition in definitions:
            check(ask, people, definition, dialect)


# ---- names that are words of SQL ----


class Ring(Span):
    """A span of a list that is named as a word of SQL."""


class Visit(Record):
    limit: YesNo = None
    user: YesNo = None
    Paid: YesNo = None
    when: MomentField = None


class Sql(History):
    group: tuple[Visit, ...] = ()
    check: tuple[Ring, ...] = ()
    primary: YesNo = None


def test_a_model_may_have_names_that_are_words_of_sql(engine: Engine, dialect: str) -> None:
    conditions = (
        Is("primary", True),
        Is("group[].limit", True),
        Is("group[].user", True),
        Is("group[].Paid", True),
        Covered("group[].when", "check"),
    )
    named = [f"c{at}" for at in range(len(conditions))]
    clauses = tuple(
        Clause(name, name, Citation("A fiction"), each)
        for name, each in zip(named, conditions, strict=True)
    )
    definition = ClassDefinition("d", "1", "d", Sql, clauses)
    people = Population.of(drawn_for(definition, 80))
    with engine(tables_of(people, Sql)) as ask:
        check(ask, people, definition, dialect)


@pytest.fixture(scope="module")
def words_of_sql() -> list[str]:
    """The keywords of DuckDB, which has PostgreSQL's too, that a model could have as names."""
    listed = duckdb.sql("SELECT DISTINCT keyword_name FROM duckdb_keywords() ORDER BY 1")
    of_sqlite = {"glob", "indexed", "match", "nothing", "raise", "regexp", "rowid", "transaction"}
    words = {word for (word,) in listed.fetchall()} | of_sqlite
    return sorted(word for word in words if not hasattr(BaseModel, word))


def test_no_word_of_sql_is_taken_for_another_thing_than_a_name(
    engine: Engine, dialect: str, words_of_sql: list[str]
) -> None:
    named = {f"t{at}": word for at, word in enumerate(words_of_sql)}
    tables = {
        name: ({word: "BIGINT"}, pl.DataFrame({word: [at]}))
        for at, (name, word) in enumerate(named.items())
    }
    tables |= {word: ({"one": "BIGINT"}, pl.DataFrame({"one": [-1]})) for word in words_of_sql}
    with engine(tables) as ask:
        for at, (name, word) in enumerate(named.items()):
            asked = exp.select(column(word)).from_(table(name)).sql(dialect)
            assert [list(row.values()) for row in ask(asked)] == [[at]], word
            asked = exp.select(column("one")).from_(table(word)).sql(dialect)
            assert ask(asked) == [{"one": -1}], word


def test_whoever_offers_another_dialect_must_run_it_too() -> None:
    """DuckDB: `test_same_as_evaluate`; Spark: `test_spark`; the others: here."""
    assert set(DIALECTS) == {"duckdb", "spark", "postgres", "sqlite"}
