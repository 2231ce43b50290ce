"""The statement itself: what it says, in which dialects, and what it refuses."""

import re
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
import sqlglot
from attrs import evolve
from engines import Population, agree, raw_tables
from normalised_tables import tables_of
from polars.testing import assert_frame_equal
from small_case import club
from sqlglot import exp
from typer.testing import CliRunner

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Ever,
    History,
    InvalidDefinition,
    InvalidHistory,
    Is,
    MomentField,
    Record,
    Span,
    Supposition,
    TimeSet,
    Uncovered,
    Within,
    YesNo,
    any_of,
)
from eligibility.batch import decide
from eligibility.batch.errors import BatchError
from eligibility.batch.execute.decide import Inquiry, decided_to
from eligibility.batch.execute.engines import engine_named
from eligibility.batch.execute.fallback import by_reference
from eligibility.batch.sql.coverage import gaps
from eligibility.batch.sql.render import DIALECTS
from eligibility.batch.sql.statement import plan_of, statement, survey_statement
from eligibility.batch.tables.schema import POLARS_TYPES, contract
from eligibility.cli.app import app
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.timeline import EARLIEST, LATEST

CAME = "visits[].came"
_GOLD = Covered(CAME, "members", (Is("members[].level", "gold"),))
_NO_GUEST = Uncovered(CAME, "members", (Is("members[].level", "guest"),))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_every_dialect_reads_its_own_text(dialect: str, supposing: object) -> None:
    for reading in list(every_reading())[::11]:
        text = statement(class_definition(reading), dialect=dialect, supposing=supposing)
        assert isinstance(sqlglot.parse_one(text, dialect=dialect), exp.Select)


def test_no_null_stands_for_unknown_in_the_statement() -> None:
    """Outer joins find no row; what they then stand for is said there and then."""
    parsed = sqlglot.parse_one(statement(class_definition()), dialect="duckdb")
    assert not list(parsed.find_all(exp.Null))


def test_an_auditor_finds_the_words_of_every_clause_above_the_statement() -> None:
    definition = class_definition(Reading.of(exclusions="customary"))
    head, _, _ = statement(definition).partition("WITH ")
    assert all(step.text in head and step.citation.source in head for step in definition.steps)
    assert definition.notice in head
    assert definition.digest in head
    assert AS_ALLEGED.text in statement(definition, supposing=AS_ALLEGED).partition("WITH ")[0]


def test_every_step_says_in_a_sentence_what_it_finds() -> None:
    asked = club(Covered(CAME, "members"), Ever("members", TimeSet.ALL))
    for definition in (class_definition(), asked):
        words = [step.words for step in plan_of([definition]).steps]
        assert all(re.fullmatch(r"[A-Z][^.]*(\. [A-Z][^.]*)*\.", each) for each in words), words
    # once for each pass, and for each list whose periods are merged
    assert len(set(words)) > len(words) / 2


def test_no_words_of_a_definition_end_a_comment() -> None:
    given = club(Is("visits[].paid", True))
    (clause,) = given.clauses
    hostile = type(clause)(
        "c1", "paid\n; DROP TABLE accounts; */ SELECT 1 --", clause.citation, clause.condition
    )
    text = statement(ClassDefinition("club", "1", "*/ x\ny", given.model, (hostile,)))
    assert len(sqlglot.parse(text, dialect="duckdb")) == 1
    assert not list(sqlglot.parse_one(text, dialect="duckdb").find_all(exp.Drop))


def test_it_can_be_run_as_it_is_printed() -> None:
    tables = {
        name: pl.DataFrame(
            schema={column: POLARS_TYPES[kind] for column, kind in table.normalised_columns.items()}
        )
        for name, table in contract(class_definition().model).items()
    }
    known = {name: [1] for name in contract(class_definition().model)["accounts"].flags}
    tables["accounts"] = pl.DataFrame({"account_id": ["FICTIONAL-1"], "complete": [""], **known})
    tables["premium"] = pl.DataFrame(
        {
            "account_id": ["FICTIONAL-1"],
            "plan": [0],
            "start_earliest": [0],
            "start_latest": [0],
            "end_earliest": [LATEST],
            "end_latest": [LATEST],
        }
    )
    tables["messages"] = pl.DataFrame(
        {
            "account_id": ["FICTIONAL-1"],
            "inmail": [1],
            "shared": [-1],
            "direction": [0],
            "sent_at_earliest": [5],
            "sent_at_latest": [5],
            "shared_at_earliest": [EARLIEST],
            "shared_at_latest": [LATEST],
        }
    )
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table.to_arrow())
        (row,) = connection.execute(statement(class_definition())).fetchall()
    unknown = ("unknown",) * 5
    assert row == ("FICTIONAL-1", "indeterminate", *unknown, "premium", True)


@pytest.mark.parametrize(
    ("conditions", "named"),
    [
        ((any_of(Is("visits[].paid", True), Is("visits[].kind", "long")),), "c1"),
        ((Covered(CAME, "members"), _NO_GUEST), "c2"),
        ((Uncovered(CAME, "bans"), _NO_GUEST, _GOLD), "c3"),
        (
            (
                Covered(CAME, "members", (Is("members[].level", "gold"),)),
                Within(CAME, TimeSet.before(0)),
                Ever("members", TimeSet.ALL),
            ),
            "c3",
        ),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_the_clause_named(
    conditions: tuple[object, ...], named: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        statement(club(*conditions))
    assert {problem.code for problem in refused.value.problems} == {"not-compilable"}
    assert any(f"`{named}`" in problem.message for problem in refused.value.problems)


def test_an_auditor_finds_what_the_numbers_stand_for() -> None:
    head, _, text = statement(class_definition(Reading.of(messages="sent"))).partition("WITH ")
    assert "messages.direction: 0 sent, 1 received." in head
    assert "plan IN (0, 1, 2" in text
    assert "premium.plan: 0 premium_career, 1 premium_business" in head


class Ring(Span):
    """A span of a list that has a name of the statement's own."""


class Visit(Record):
    came: MomentField = None


class Odd(History):
    visits: tuple[Visit, ...] = ()
    crossing: tuple[Ring, ...] = ()


class Plain(History):
    visits: tuple[Visit, ...] = ()
    never_ever_far: tuple[Ring, ...] = ()


def within(model: type[History], spans: str) -> ClassDefinition:
    """Whoever came within some span."""
    clause = Clause("c", "words", Citation("A fiction"), Covered(CAME, spans))
    return ClassDefinition("d", "1", "d", model, (clause,))


def test_a_list_that_the_statement_would_hide_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="`crossing`"):
        statement(within(Odd, "crossing"))


def test_a_list_may_have_a_name_that_sounds_like_the_statements_own() -> None:
    ids = ["FICTIONAL-1", "FICTIONAL-1"]
    listed = pl.DataFrame({"account_id": ids, "start": ["2023", "2022"], "end": ["..", "2022"]})
    tables = {
        "accounts": pl.DataFrame({"account_id": ["FICTIONAL-1"]}),
        "visits": pl.DataFrame({"account_id": ["FICTIONAL-1"], "came": ["2024-02"]}),
        "never_ever_far": listed,
    }
    found = decide(tables, within(Plain, "never_ever_far"))
    assert found["status"].to_list() == ["eligible"]


@pytest.mark.parametrize("other", ["a_b", "A-b"])
def test_two_clauses_that_would_share_a_column_are_refused(other: str) -> None:
    given = club(Is("visits[].paid", True), Is("visits[].kind", "long"))
    first, second = given.clauses
    twins = tuple(
        type(each)(name, each.text, each.citation, each.condition)
        for name, each in (("a-b", first), (other, second))
    )
    with pytest.raises(InvalidDefinition, match="clause_a_b"):
        statement(ClassDefinition("club", "1", "x", given.model, twins))


@pytest.mark.parametrize("dialect", ["klingon", "snowflake", "bigquery", "mysql", "DuckDB", ""])
def test_a_dialect_that_nobody_has_run_is_refused_with_those_that_are_offered(dialect: str) -> None:
    with pytest.raises(BatchError, match=rf"`{dialect}`.*{', '.join(DIALECTS)}") as refused:
        statement(class_definition(), dialect=dialect)
    assert [problem.code for problem in refused.value.problems] == ["unknown-dialect"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_command_line_offers_just_these(dialect: str) -> None:
    said = CliRunner().invoke(app, ["batch", "sql", "--help"], env={"COLUMNS": "200"}).output
    assert dialect in said
    assert "snowflake" not in said


class Stay(Span):
    paid: YesNo = None


class Hotel(History):
    stays: tuple[Stay, ...] = ()
    visits: tuple[Visit, ...] = ()


def test_accounts_are_left_to_evaluate_where_spans_are_supposed() -> None:
    source = Citation("A fiction")
    paid = Clause("c", "words", source, Covered(CAME, "stays", (Is("stays[].paid", True),)))
    early, late = (
        ClassDefinition("d", "1", "d", Hotel, (paid,), reading={"day": word})
        for word in ("early", "late")
    )
    supposing = Supposition(
        name="as-told",
        text="Whoever came early paid at the end.",
        citation=source,
        list="stays",
        unless=("paid", False),
        when="start",
        before=10,
        fact="paid",
        then="end",
        before_under=(("day", "late", 20),),
    )
    assert "stays_supposed" not in survey_statement([early, late], supposing=supposing)
    told: dict[str, Any] = {
        "visits": [{"came": "1970-01-01T00:00:00.000005Z"}],
        "stays": [{"start": "1970", "end": "1970"}],
        "complete": ["stays", "visits"],
    }
    hotels = Population.of([Hotel(account_id="H"), Hotel(account_id="H", **told)], supposing)
    tables = raw_tables(hotels.histories, Hotel, Random(1))
    for definition in (early, late):
        rows = decide(tables, definition, supposing=supposing).rows(named=True)
        agree(rows, hotels.expected(definition, supposed=True), hotels, "spans")


def test_a_supposition_about_another_kind_of_history_is_refused() -> None:
    with pytest.raises(InvalidHistory, match="wrong-model"):
        statement(club(Is("visits[].paid", True)), supposing=AS_ALLEGED)


def test_readings_of_different_classes_are_not_surveyed_together() -> None:
    other = club(Is("visits[].paid", True))
    with pytest.raises(InvalidDefinition, match="different records"):
        survey_statement([class_definition(), other])
    with pytest.raises(InvalidDefinition, match="same reading"):
        survey_statement([class_definition(), class_definition()])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_definitions_that_ask_for_no_record_are_surveyed_with_others(
    engine: str, tmp_path: Path
) -> None:
    asking = class_definition()
    (first, *_), before = asking.clauses, TimeSet.before(1_704_067_200_000_000)
    alone = [
        evolve(
            asking,
            clauses=(evolve(first, condition=condition),),
            exclusions=(),
            reading={"of": word},
        )
        for word, condition in (
            ("counsel", Is("exclusions.counsel", False)),
            ("premium", Ever("premium", before, first.condition.where)),
        )
    ]
    whole = {"complete": ["premium", "messages", "permissions"]}
    had = {"premium": [{"plan": "premium_career", "start": "2020", "end": ".."}]}
    told = ({"exclusions": {"counsel": False}}, whole, {**whole, **had})
    made = [{"account_id": name, **each} for name, each in zip("ABC", told, strict=True)]
    histories = [AccountHistory.model_validate(each) for each in made]
    frames = {n: t.lazy() for n, t in tables_of(histories, AccountHistory).items()}
    for chosen in permutations([*alone, asking], 2):
        inquiry = Inquiry(chosen, AS_ALLEGED)
        decided_to(tmp_path / "survey", frames, inquiry, engine_named(engine))
        wanted = by_reference(frames, "ABC", chosen, AS_ALLEGED)
        found = pl.read_parquet(tmp_path / "survey").sort("account_id")
        assert_frame_equal(found.cast(wanted.schema), wanted)


def test_readings_that_differ_in_exclusions_alone_share_how_far_records_get() -> None:
    plan = plan_of([class_definition(reading) for reading in every_reading()])
    columns = {step.name: len(step.query.named_selects) for step in plan.steps}
    for name in ("surely_far", "possibly_far"):
        assert columns[name] == 1 + len(list(every_reading())) // 2


def test_gaps_are_what_no_piece_covers_up_to_the_ends_of_the_time_line() -> None:
    rng, points = Random(7), [EARLIEST, EARLIEST + 1, *range(8), LATEST - 1, LATEST]
    pieces = [
        (f"{account}", *sorted(rng.choices(points, k=2)))
        for account in range(2_000)
        for _ in range(rng.randint(1, 4))
    ]
    names = ("account_id", "first_at", "last_at")
    frame = pl.DataFrame(pieces, schema=names, orient="row")
    covered: dict[str, set[int]] = {account: set() for account, _, _ in pieces}
    for account, first, last in pieces:
        covered[account] |= {at for at in points if first <= at <= last}
    open_at: dict[str, list[int]] = {account: [] for account in covered}
    rows = pl.SQLContext(p=frame, eager=True).execute(gaps("p").sql("duckdb")).select(names).rows()
    for account, first, last in rows:
        assert first <= last + 1
        open_at[account] += [at for at in points if first <= at <= last]
    assert {account for account, _, _ in rows} == covered.keys()
    for account, at in open_at.items():
        assert sorted(at) == [point for point in points if point not in covered[account]]
