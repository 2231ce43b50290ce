"""Histories become tables, and tables become histories again that are decided alike."""

from random import Random
from typing import Any, Literal

import flo
import polars as pl
import pytest
from engines import draw, drawn_for, small_worlds
from normalised_tables import tables_of
from oracle_histories import random_history
from small_case import Club

from eligibility import AccountHistory, ClassDefinition, InconsistentHistory, evaluate
from eligibility.batch.execute.fallback import by_reference, row_of
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.schema import contract, normalised_schema
from eligibility.evaluation.reference import clause_truths, is_exact
from eligibility.facts.model import History, Record, YesNo
from eligibility.facts.normalise import normalise
from eligibility.facts.shape import shape
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.testing import strategies as drawn
from eligibility.values.timeline import EARLIEST, LATEST


def _numbered(histories: list[Any]) -> list[Any]:
    """Histories that some world fits, each with an id of its own, in the order of the ids."""
    fitting = []
    for history in histories:
        try:
            normalise(history)
        except InconsistentHistory:
            continue
        fitting.append(history.model_copy(update={"account_id": f"FICTIONAL-{len(fitting):05}"}))
    return fitting


def _back(histories: list[Any], model: type[History]) -> list[History]:
    tables = tables_of(histories, model)
    return list(histories_of(tables, [each.account_id for each in histories], model))


def _known(history: History) -> dict[str, Any]:
    """Everything a history says but how its moments are written."""
    data: dict[str, Any] = history.model_dump(exclude={"schema_version"})
    for name, list_shape in shape(type(history)).lists.items():
        for told, record in zip(data[name], getattr(history, name), strict=True):
            for moment in list_shape.moments:
                when = getattr(record, moment)
                told[moment] = (when.earliest, when.latest) if when else (EARLIEST, LATEST)
    return data


def test_a_history_that_went_through_tables_says_the_same() -> None:
    for model in (AccountHistory, Club):
        histories = _numbered(draw(drawn.histories(model), 400))
        back = _back(histories, model)
        assert [_known(each) for each in back] == [_known(each) for each in histories]


@pytest.mark.parametrize(
    "definition", [class_definition(), flo.flo_class()], ids=["de la torre", "flo"]
)
def test_a_history_that_went_through_tables_is_decided_alike(definition: ClassDefinition) -> None:
    histories = _numbered(drawn_for(definition, 400))
    for history, back in zip(histories, _back(histories, definition.model), strict=True):
        was, facts = normalise(history), normalise(back)
        assert clause_truths(facts, definition) == clause_truths(was, definition), history
        assert is_exact(facts, definition) == is_exact(was, definition), history


def test_a_history_that_went_through_tables_is_decided_alike_under_every_reading() -> None:
    histories = _numbered(small_worlds(120, "tables and back"))
    definitions = [class_definition(reading) for reading in every_reading()]
    for history, back in zip(histories, _back(histories, AccountHistory), strict=True):
        for supposing in (None, AS_ALLEGED):
            for definition in definitions:
                was, found = (row_of(each, definition, supposing) for each in (history, back))
                assert found == was, history


def test_tables_of_histories_hold_what_the_contract_says() -> None:
    for model in (AccountHistory, Club):
        for histories in ([], _numbered(draw(drawn.histories(model), 50))):
            tables = tables_of(histories, model)
            assert list(tables) == list(contract(model))
            for name, table in tables.items():
                assert dict(table.schema) == normalised_schema(contract(model)[name])
                carried = contract(model)[name].carried
                assert not sum(table.drop(carried).null_count().row(0)) if len(table) else True


def test_a_span_that_has_not_ended_has_not_ended_afterwards() -> None:
    history = AccountHistory.model_validate(
        {
            "account_id": "FICTIONAL-1",
            "time_zone": "Asia/Tokyo",
            "premium": [{"id": "p1", "source": "receipt 1", "start": "2024-09", "end": ".."}],
            "messages": [{"sent_at": "../.."}, {"sent_at": "2024-09-17"}],
        }
    )
    (back,) = _back([history], AccountHistory)
    assert isinstance(back, AccountHistory)
    (span,) = back.premium
    assert (span.id, span.source) == ("p1", "receipt 1")
    assert span.start is not None
    assert span.end is not None
    assert (span.start.text, span.end.text) == ("2024-09-01/2024-09-30", "..")
    assert (span.end.earliest, span.end.latest) == (LATEST, LATEST)
    first, second = back.messages
    assert first.sent_at is None
    assert second.sent_at is not None
    assert second.sent_at.text == "2024-09-17"
    assert back.time_zone == "Asia/Tokyo"


class _Asked(Record):
    answer: Literal["no", "yes"] | None = None
    sure: YesNo = None


class _Asking(History):
    questions: tuple[_Asked, ...] = ()
    adult: YesNo = None


def test_words_no_and_yes_stay_words() -> None:
    history = _Asking.model_validate(
        {
            "account_id": "FICTIONAL-1",
            "adult": False,
            "questions": [
                {"answer": "yes", "sure": False},
                {"answer": "no", "sure": True},
                {"answer": None, "sure": None},
            ],
        }
    )
    assert _back([history], _Asking) == [history]


def test_histories_come_in_the_order_of_their_ids_and_only_those_asked_for() -> None:
    histories = [AccountHistory(account_id=each) for each in ("c", "a", "b", "d")]
    tables = {name: table.lazy() for name, table in tables_of(histories, AccountHistory).items()}
    found = histories_of(tables, ["d", "a", "d", "nobody"], AccountHistory)
    assert [each.account_id for each in found] == ["a", "d"]


def test_tables_without_what_is_only_carried_will_do() -> None:
    rng = Random("carried")
    histories = [AccountHistory.model_validate(random_history(rng)) for _ in range(30)]
    histories = _numbered(histories)
    tables = {
        name: table.drop(contract(AccountHistory)[name].carried)
        for name, table in tables_of(histories, AccountHistory).items()
    }
    found = histories_of(tables, [each.account_id for each in histories], AccountHistory)
    definition = class_definition()
    for history, back in zip(histories, found, strict=True):
        assert clause_truths(normalise(back), definition) == clause_truths(
            normalise(history), definition
        )


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED], ids=["as it is", "as alleged"])
def test_what_the_reference_settles_is_what_a_full_verdict_says(supposing: Any) -> None:
    definition = class_definition()
    histories = _numbered(drawn_for(definition, 100))
    tables = tables_of(histories, AccountHistory)
    rows = by_reference(tables, [each.account_id for each in histories], [definition], supposing)
    assert rows.schema["exact"] == pl.Boolean
    for history, row in zip(histories, rows.iter_rows(named=True), strict=True):
        verdict = evaluate(history, definition, supposing=supposing)
        assert row["account_id"] == history.account_id
        assert row["status"] == verdict.status.value
        assert row["exact"] == verdict.exact
        truths = [clause.truth.word for clause in verdict.clauses]
        assert [row[key] for key in row if key.startswith("clause_")] == truths
        at = truths.index(truths[-1]) if truths[-1] != "true" else -1
        assert row["decided_by"] == verdict.clauses[at].id
