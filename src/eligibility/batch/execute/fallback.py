"""The reference, account by account, for the few that the plan leaves to it.

The accounts that may need joint coverage are decided here: hardly any account is among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.schema import EXACT, result_columns
from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import clause_truths, is_exact
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.supposition import Supposition
from eligibility.values.truth import Truth

_WORDS: Final = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown"}


def by_reference(
    tables: Mapping[str, pl.LazyFrame | pl.DataFrame],
    accounts: Iterable[str],
    definitions: Sequence[ClassDefinition],
    supposing: Supposition | None = None,
) -> pl.DataFrame:
    """The rows of the result for some accounts: of one definition, or of a survey by several."""
    rows = []
    for history in histories_of(tables, accounts, definitions[0].model):
        found = [row_of(history, definition, supposing) for definition in definitions]
        if len(found) > 1:
            statuses, exact = (row[1] for row in found), all(row[-1] for row in found)
            found = [(history.account_id, *statuses, exact)]
        rows += found
    schema = dict.fromkeys(result_columns(definitions), pl.String()) | {EXACT: pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def row_of(
    history: History, definition: ClassDefinition, supposing: Supposition | None = None
) -> tuple[str | bool, ...]:
    """One row of the result, by the reference."""
    facts = normalise(history)
    if supposing is not None:
        facts = supposing.under(definition.reading).suppose(facts)
    truths = clause_truths(facts, definition)
    ids = [step.id for step in definition.steps]
    last = truths[-1]
    status = {Truth.TRUE: "eligible", Truth.FALSE: "ineligible"}.get(last, "indeterminate")
    deciding = ids[-1] if last == Truth.TRUE else ids[truths.index(last)]
    exact = is_exact(facts, definition) if last == Truth.UNKNOWN else definition.exact
    return (history.account_id, status, *(_WORDS[truth] for truth in truths), deciding, exact)
