"""The printed text, on a real PostgreSQL: what people run whose tables live in a warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from engines import Population, agree, draw, drawn_for, raw_tables, small_worlds
from hard_cases import hard_cases

from eligibility import AccountHistory, ClassDefinition, History
from eligibility.batch import prepare, statement
from eligibility.batch.contract import contract
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.supposition import Supposition
from eligibility.testing import strategies as drawn
from small_case import Club

_KINDS = {"VARCHAR": "text", "TINYINT": "smallint", "BIGINT": "bigint"}


@contextmanager
def loaded(postgres: str, people: Population, model: type[History]) -> Iterator[Any]:
    """A connection that sees the tables of some accounts, made ready, and nobody else does."""
    psycopg = pytest.importorskip("psycopg")
    ready = prepare(raw_tables(people.histories, model, Random(5)), model)
    with psycopg.connect(
        host=postgres, user="tester", dbname="postgres", row_factory=psycopg.rows.dict_row
    ) as connection:
        for name, table in contract(model).items():
            columns = ", ".join(f'"{c}" {_KINDS[kind]}' for c, kind in table.ready_columns.items())
            connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
            rows = ready.tables[name].select(table.ready_columns.keys()).collect()
            with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
                copy.write(rows.write_csv(include_header=False))
            connection.execute(f"ANALYZE {name}")
        yield connection


def check(
    connection: Any,
    people: Population,
    definition: ClassDefinition,
    supposing: Supposition | None = None,
) -> int:
    """Hold the text to the reference; how many accounts it leaves to it."""
    text = statement(definition, dialect="postgres", supposing=supposing)
    found = connection.execute(text).fetchall()
    want = people.expected(definition, supposed=supposing is not None)
    assert {row["account_id"] for row in found} == want.keys()
    left = {row["account_id"]: row["status"] for row in found if not row["exact"]}
    sure = [row for row in found if row["exact"]]
    expected = {account: want[account] for account in want.keys() - left.keys()}
    words = f"PostgreSQL, {definition.steps}, {definition.reading}, {supposing}"
    agree(sure, expected, people, words)
    # of the others it may know less, and never says anything else
    assert all(status in ("indeterminate", want[name]["status"]) for name, status in left.items())
    return len(left)


def test_the_text_for_postgres_decides_as_evaluate_does(postgres: str) -> None:
    found = [*hard_cases(), *small_worlds(300, "elsewhere"), *drawn_for(class_definition(), 160)]
    people = Population.of(found, AS_ALLEGED)
    with loaded(postgres, people, AccountHistory) as connection:
        for reading in every_reading():
            for supposing in (None, AS_ALLEGED):
                left = check(connection, people, class_definition(reading), supposing)
                assert left < len(people.facts) / 10


def test_the_text_of_invented_definitions_too(postgres: str) -> None:
    definitions = draw(drawn.definitions(Club, exact=True), 12)
    found = [each for definition in definitions for each in drawn_for(definition, 40)]
    people = Population.of(found)
    with loaded(postgres, people, Club) as connection:
        for definition in definitions:
            check(connection, people, definition)
