"""What tables hold follows from the history model, and is documented."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from normalised_tables import tables_of
from pydantic import create_model
from small_case import Club

from eligibility import AccountHistory, Facts, History, InvalidDefinition, Record, YesNo
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.schema import clause_column, contract
from eligibility.rules import class_definition

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "tables.md"


def test_the_page_lists_every_column() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`account_id`.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    listed = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}
    expected = {
        name: [
            *("account_id", *table.flags, *table.values, *table.moments),
            *(*table.statements, *table.carried),
        ]
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


def test_a_vocabulary_has_as_many_words_as_a_number_has_bits() -> None:
    def holding(count: int) -> type[History]:
        words = tuple(f"w{at}" for at in range(count))
        fields: Any = {"word": (Literal[words] | None, None)}
        visit = create_model("Visit", __base__=Record, **fields)
        visits: Any = {"visits": (tuple[visit, ...], ())}  # type: ignore[valid-type]  # it is made here
        return create_model("Odd", __base__=History, **visits)

    for count in (7, 8, 15, 16, 31, 32, 63):
        model = holding(count)
        given = {"account_id": "FICTIONAL-1", "visits": [{"word": [f"w{count - 1}", "w0"]}]}
        history = model.model_validate(given)
        (back,) = histories_of(tables_of([history], model), ["FICTIONAL-1"], model)
        assert back == history
    with pytest.raises(InvalidDefinition, match="more than 63 words"):
        contract(holding(64))


def test_every_clause_has_a_column_of_its_own() -> None:
    columns = [clause_column(step.id) for step in class_definition().steps]
    assert len(set(columns)) == len(columns)
    assert all(column.isidentifier() for column in columns)
