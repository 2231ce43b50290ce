"""The printed text, on a real PostgreSQL: what people run whose tables live in a warehouse."""

from random import Random

import pytest
from engines import Population, agree, drawn_for, raw_tables, small_worlds
from hard_cases import hard_cases

from eligibility import AccountHistory
from eligibility.batch import prepare, statement
from eligibility.batch.contract import contract
from eligibility.rules import AS_ALLEGED, class_definition, every_reading

_KINDS = {"VARCHAR": "text", "TINYINT": "smallint", "BIGINT": "bigint"}


@pytest.fixture(scope="module")
def people() -> Population:
    found = [*hard_cases(), *small_worlds(500, "elsewhere"), *drawn_for(class_definition(), 300)]
    return Population.of(found, AS_ALLEGED)


def test_the_text_for_postgres_decides_as_evaluate_does(postgres: str, people: Population) -> None:
    psycopg = pytest.importorskip("psycopg")
    ready = prepare(raw_tables(people.histories, AccountHistory, Random(5)), AccountHistory)
    with psycopg.connect(
        host=postgres, user="tester", dbname="postgres", row_factory=psycopg.rows.dict_row
    ) as connection:
        for name, table in contract(AccountHistory).items():
            columns = ", ".join(f'"{c}" {_KINDS[kind]}' for c, kind in table.ready_columns.items())
            connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
            rows = ready.tables[name].select(table.ready_columns.keys()).collect()
            with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
                copy.write(rows.write_csv(include_header=False))
            connection.execute(f"ANALYZE {name}")
        for reading in list(every_reading())[::5]:
            for supposing in (None, AS_ALLEGED):
                definition = class_definition(reading)
                text = statement(definition, dialect="postgres", supposing=supposing)
                found = connection.execute(text).fetchall()
                want = people.expected(definition, supposed=supposing is not None)
                assert {row["account_id"] for row in found} == want.keys()
                left = {row["account_id"] for row in found if not row["exact"]}
                assert len(left) < len(found) / 10  # what is left to the reference
                sure = [row for row in found if row["exact"]]
                expected = {account: want[account] for account in want.keys() - left}
                agree(sure, expected, people, f"PostgreSQL, {reading.words()}, {supposing}")
