"""From tables made ready back to histories: for full verdicts, and for the few that need them.

The statement says who is in; `evaluate` says why. The accounts for which two looks are not enough
(`joint`) are decided here as well, by the reference, one by one: hardly any account is among them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    DECIDED_BY,
    EXACT,
    STATUS,
    TIME_ZONE,
    UNKNOWN,
    TableContract,
    bounds_of,
    clause_columns,
    contract,
    survey_columns,
)
from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import clause_truths, is_exact
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import put_answer
from eligibility.facts.shape import ListShape, shape
from eligibility.facts.supposition import Supposition
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST
from eligibility.values.truth import Truth

_NO_YES: Final = {1: True, 0: False, UNKNOWN: None}
_WORDS: Final = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown"}


def histories_of(
    tables: Mapping[str, pl.LazyFrame | pl.DataFrame],
    accounts: Iterable[str],
    model: type[History],
) -> Iterator[History]:
    """The histories of some accounts, in the order of their ids.

    Moments are written anew from their bounds; ids and sources stand as the tables have them. What
    was said of a moment and leaves the whole time line open is as if it had not been said.
    """
    wanted = sorted(set(accounts))
    known, lists_of = contract(model), shape(model).lists
    found = {
        name: tables[name].lazy().filter(pl.col(ACCOUNT_ID).is_in(wanted)).collect()
        for name in known
    }
    lists = {
        name: frame.partition_by(ACCOUNT_ID, as_dict=True)
        for name, frame in found.items()
        if name != ACCOUNTS
    }
    for row in found[ACCOUNTS].sort(ACCOUNT_ID).iter_rows(named=True):
        data = _account(row, known[ACCOUNTS])
        zone = data.get(TIME_ZONE, COURT_ZONE)
        for name, parts in lists.items():
            records = parts.get((row[ACCOUNT_ID],))
            if records is not None:
                listed = records.iter_rows(named=True)
                data[name] = [_record(each, known[name], lists_of[name], zone) for each in listed]
        yield model.model_validate(data)


def _account(row: Mapping[str, Any], table: TableContract) -> dict[str, Any]:
    data: dict[str, Any] = {ACCOUNT_ID: row[ACCOUNT_ID]}
    data["complete"] = [name.removeprefix("complete_") for name in table.flags if row[name] == 1]
    if row.get(TIME_ZONE) is not None:
        data[TIME_ZONE] = row[TIME_ZONE]
    for column, path in table.paths.items():
        put_answer(data, path, _NO_YES[row[column]])
    return data


def _record(
    row: Mapping[str, Any], table: TableContract, list_shape: ListShape, zone: str
) -> dict[str, Any]:
    data: dict[str, Any] = {name: row.get(name) for name in table.carried}
    for name in list_shape.yes_no:
        data[name] = _NO_YES[row[name]]
    for name, words in list_shape.vocabulary.items():
        data[name] = None if row[name] == UNKNOWN else words[row[name]]
    for name in table.moments:
        first, last = (row[column] for column in bounds_of(name))
        if list_shape.is_spans and name == "end" and first == LATEST:
            data[name] = ".."
        elif (first, last) != (EARLIEST, LATEST):
            data[name] = Moment.between(first, last, zone)
    return data


def settled(
    tables: Mapping[str, pl.LazyFrame | pl.DataFrame],
    accounts: Iterable[str],
    definition: ClassDefinition,
    supposing: Supposition | None = None,
) -> pl.DataFrame:
    """The rows of the result for some accounts, as the reference decides them."""
    rows = [
        row_of(history, definition, supposing)
        for history in histories_of(tables, accounts, definition.model)
    ]
    texts = [ACCOUNT_ID, STATUS, *clause_columns(definition.steps), DECIDED_BY]
    schema = dict.fromkeys(texts, pl.String()) | {EXACT: pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def settled_survey(
    tables: Mapping[str, pl.LazyFrame | pl.DataFrame],
    accounts: Iterable[str],
    definitions: Sequence[ClassDefinition],
    supposing: Supposition | None = None,
) -> pl.DataFrame:
    """The rows of a survey for some accounts, a status by each definition, by the reference."""
    rows = []
    for history in histories_of(tables, accounts, definitions[0].model):
        found = [row_of(history, definition, supposing) for definition in definitions]
        statuses, exact = (row[1] for row in found), all(row[-1] for row in found)
        rows.append((history.account_id, *statuses, exact))
    texts = [ACCOUNT_ID, *survey_columns(definitions)]
    schema = dict.fromkeys(texts, pl.String()) | {EXACT: pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def row_of(
    history: History, definition: ClassDefinition, supposing: Supposition | None = None
) -> tuple[str | bool, ...]:
    """One row of the result, by the reference."""
    if supposing is not None:
        history = supposing.under(definition.reading).apply(history)
    facts = normalise(history)
    truths = clause_truths(facts, definition)
    ids = [step.id for step in definition.steps]
    last = truths[-1]
    status = {Truth.TRUE: "eligible", Truth.FALSE: "ineligible"}.get(last, "indeterminate")
    deciding = ids[-1] if last == Truth.TRUE else ids[truths.index(last)]
    exact = is_exact(facts, definition) if last == Truth.UNKNOWN else definition.exact
    return (history.account_id, status, *(_WORDS[truth] for truth in truths), deciding, exact)
