"""What tables hold follows from the history model, and is documented."""

import re
from pathlib import Path

import pytest
from small_case import Club

from eligibility import AccountHistory, Facts, History, InvalidDefinition, Record, YesNo
from eligibility.batch.tables.schema import clause_column, contract
from eligibility.rules import class_definition

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "tables.md"


def test_the_page_lists_every_column() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`account_id`.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    listed = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}
    expected = {
        name: ["account_id", *table.flags, *table.values, *table.moments, *table.carried]
        for name, table in contract(AccountHistory).items()
    }
    assert listed == expected


def test_the_columns_are_the_models_own() -> None:
    known = contract(Club)
    assert list(known) == ["accounts", "visits", "members", "bans"]
    assert list(known["accounts"].values) == ["about_adult", "about_resident"]
    assert known["visits"].codes("kind", frozenset({"long"})) == (1,)
    assert known["visits"].codes("paid", frozenset({True, False})) == (0, 1)


def test_names_that_would_be_one_column_are_refused() -> None:
    class Visit(Record):
        account_id: YesNo = None

    class About(Facts):
        b: YesNo = None

    class Odd(History):
        accounts: tuple[Visit, ...] = ()
        a: About = About()
        a_b: YesNo = None

    with pytest.raises(InvalidDefinition) as refused:
        contract(Odd)
    assert {problem.code for problem in refused.value.problems} == {"definition-model"}
    assert any("account_id" in problem.message for problem in refused.value.problems)


def test_names_that_most_engines_hold_for_one_are_refused() -> None:
    class Visit(Record):
        paid: YesNo = None
        Paid: YesNo = None

    class Odd(History):
        visits: tuple[Visit, ...] = ()

    with pytest.raises(InvalidDefinition, match="Paid"):
        contract(Odd)


def test_every_clause_has_a_column_of_its_own() -> None:
    columns = [clause_column(step.id) for step in class_definition().steps]
    assert len(set(columns)) == len(columns)
    assert all(column.isidentifier() for column in columns)
