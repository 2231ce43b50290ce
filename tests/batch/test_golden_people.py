"""The table of invented people by readings (`golden/people.toml`), held to every way to decide."""

import json
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from engines import raw_tables
from golden_people import FILE, LETTERS, SUPPOSING, by_brute_force, filled, people, read
from test_oracle_itself import spelt_out

from eligibility import AccountHistory, evaluate, survey
from eligibility.batch import prepare
from eligibility.batch.execute.decide import Inquiry, decided_to
from eligibility.batch.execute.engines import engine_named
from eligibility.batch.tables.schema import survey_columns
from eligibility.rules import DIMENSIONS, SUPPOSITIONS, Reading, class_definition, every_reading

PEOPLE = {person["name"]: person for person in people()}


def history(person: dict[str, Any]) -> AccountHistory:
    return AccountHistory.model_validate_json(person["history"])


def key(reading: Reading) -> tuple[str, ...]:
    return tuple(reading.words().values())


def test_there_are_people_of_every_outcome_and_each_word_decides_about_some() -> None:
    assert len(PEOPLE) == 28
    turning: dict[str, set[str]] = {name: set() for name in SUPPOSING}
    for person in PEOPLE.values():
        for name in SUPPOSING:
            table = read(person[name])
            assert table.keys() == {key(reading) for reading in every_reading()}
            found = survey(history(person), supposing=SUPPOSITIONS.get(SUPPOSING[name] or ""))
            turning[name] |= set(found.turns_on)
    assert turning == {name: set(DIMENSIONS) for name in SUPPOSING}


@pytest.mark.parametrize("supposing", SUPPOSING)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_table_is_what_brute_force_says(name: str, supposing: str) -> None:
    plain = spelt_out(json.loads(PEOPLE[name]["history"]))
    assert read(PEOPLE[name][supposing]) == by_brute_force(plain, SUPPOSING[supposing])


@pytest.mark.parametrize("supposing", SUPPOSING)
@pytest.mark.parametrize("name", PEOPLE)
def test_every_reading_gives_what_the_table_says(name: str, supposing: str) -> None:
    given, table = history(PEOPLE[name]), read(PEOPLE[name][supposing])
    alleged = SUPPOSITIONS.get(SUPPOSING[supposing] or "")
    found = survey(given, supposing=alleged)
    assert {key(reading): status.value for reading, status in found.statuses} == table
    assert found.agrees == (len(set(table.values())) == 1)
    for at, dimension in enumerate(DIMENSIONS):
        rest: dict[tuple[str, ...], set[str]] = {}
        for words, status in table.items():
            rest.setdefault(words[:at] + words[at + 1 :], set()).add(status)
        assert (dimension in found.turns_on) == any(len(each) > 1 for each in rest.values())
    for reading in every_reading():
        verdict = evaluate(given, class_definition(reading), supposing=alleged)
        assert verdict.status.value == table[key(reading)]


@pytest.mark.parametrize("supposing", SUPPOSING)
def test_tables_of_many_accounts_give_what_the_table_says(supposing: str, tmp_path: Path) -> None:
    definitions = [class_definition(reading) for reading in every_reading()]
    histories = [history(person) for person in PEOPLE.values()]
    made = prepare(raw_tables(histories, AccountHistory, Random(28)), AccountHistory)
    inquiry = Inquiry(definitions, SUPPOSITIONS.get(SUPPOSING[supposing] or ""))
    decided_to(tmp_path / "found", made.tables, inquiry, engine_named("duckdb"))
    rows = {row["account_id"]: row for row in pl.read_parquet(tmp_path / "found").to_dicts()}
    for person, given in zip(PEOPLE.values(), histories, strict=True):
        columns = zip(every_reading(), survey_columns(definitions), strict=True)
        found = {key(reading): rows[given.account_id][column] for reading, column in columns}
        assert found == read(person[supposing]), person["name"]


@pytest.mark.parametrize(
    ("name", "words", "status"),
    [
        # `through`, as alleged: it may have been shared on the day, with permission
        ("Dan", {}, "indeterminate"),
        # sent on the day at noon, so it was shared before the day ended
        ("Eva", {}, "eligible"),
        # it may have been shared in those hours
        ("Fay", {"premium_when": "shared"}, "indeterminate"),
    ],
)
def test_as_alleged_the_day_of_the_update_counts_where_it_is_read_through(
    name: str, words: dict[str, str], status: str
) -> None:
    reading = Reading.of(update_day="through", **words)
    assert read(PEOPLE[name]["as_alleged"])[key(reading)] == status
    alleged = SUPPOSITIONS["as-alleged"]
    definition = class_definition(reading)
    assert evaluate(history(PEOPLE[name]), definition, supposing=alleged).status.value == status
    assert "update_day" in survey(history(PEOPLE[name]), supposing=alleged).turns_on


def test_the_file_is_as_it_is_written() -> None:
    text = FILE.read_text(encoding="utf-8")
    _, mark, blocks = text.partition("[[person]]")
    tables = ({name: read(each[name]) for name in SUPPOSING} for each in PEOPLE.values())
    assert mark + blocks == "\n".join(map(filled, PEOPLE.values(), tables))
    assert set(LETTERS) == {"eligible", "ineligible", "indeterminate"}
