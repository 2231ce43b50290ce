"""The compiler: a class definition in, one SQL statement out.

The statement reads normalised tables (`schema.contract`) and means what `evaluate` means, by the
same two passes (`passes`), *surely* and *possibly*; then it counts, for each account, how many
clauses it gets through (`counts`). Records that cannot meet the first clause are dropped early.

It leaves a few accounts to `evaluate` (`left`), for which it says that `exact` is false.
"""

from collections.abc import Sequence
from functools import lru_cache

from eligibility.arguments import expect, several, wrong
from eligibility.batch.sql.builder import PlanBuilder
from eligibility.batch.sql.counts import add_counts, result
from eligibility.batch.sql.left import add_left
from eligibility.batch.sql.passes import add_pass
from eligibility.batch.sql.plan import Plan
from eligibility.batch.sql.render import LEGEND, heading, write
from eligibility.batch.sql.support import refuse, refuse_together
from eligibility.batch.tables.schema import result_words
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition


def plan_of(definitions: Sequence[ClassDefinition], supposing: Supposition | None = None) -> Plan:
    """The plan that decides by some definitions in one pass over the tables.

    Raises:
        InvalidDefinition: `not-compilable`, with the clauses that stand in the way.
    """
    expect(definitions := several(definitions), tuple[ClassDefinition, ...], "definitions")
    expect(supposing, Supposition | None, "supposing")
    if not definitions:
        raise wrong("definitions", "one definition or more", definitions)
    if len(definitions) == 1:
        return _plan_of_one(definitions[0], supposing)
    return _planned(definitions, supposing)


# Who decides table after table by one definition waits for one plan; that of a survey is large.
@lru_cache(maxsize=8)
def _plan_of_one(definition: ClassDefinition, supposing: Supposition | None) -> Plan:
    return _planned([definition], supposing)


def _planned(definitions: Sequence[ClassDefinition], supposing: Supposition | None) -> Plan:
    for definition in definitions:
        refuse(definition)
    builder = PlanBuilder(definitions, supposing)
    refuse_together(builder)
    for variant in builder.variants:
        if variant.supposing is not None:
            variant.supposing.expect(builder.first.model)
    for surely in (True, False):
        add_pass(builder, surely=surely)
    add_left(builder)
    add_counts(builder)
    return Plan(tuple(builder.steps), result(builder), result_words(definitions))


def statement(
    definition: ClassDefinition,
    *,
    dialect: str = "duckdb",
    supposing: Supposition | None = None,
) -> str:
    """One SQL statement that decides normalised tables by a definition.

    Args:
        definition: any definition of the exact fragment.
        dialect: `duckdb`, `postgres`, `spark` or `sqlite`; each is run in the tests.
        supposing: facts that someone alleges.

    Returns:
        The statement, with comments: what each step finds, and the words of each clause.

    Raises:
        InvalidDefinition: `not-compilable`, with the clauses that stand in the way.
        BatchError: `unknown-dialect`, `name-too-long`.

    >>> from eligibility.rules import class_definition
    >>> "clause_before_update" in statement(class_definition(), dialect="postgres")
    True
    """
    return write(plan_of([definition], supposing), dialect, heading(definition, supposing))


def survey_statement(
    definitions: Sequence[ClassDefinition],
    *,
    dialect: str = "duckdb",
    supposing: Supposition | None = None,
) -> str:
    """One SQL statement that decides by several definitions in one pass: a status by each.

    Where `exact` is false, a status may be `indeterminate` and `evaluate` know more; a run asks it.

    Args:
        definitions: such as all readings of a case: of one model, about records of one list, each
            list of spans read by the same filter.
        dialect: `duckdb`, `postgres`, `spark` or `sqlite`.
        supposing: facts that someone alleges.

    Raises:
        InvalidDefinition: `not-compilable`.
        BatchError: `unknown-dialect`, `name-too-long`.
    """
    plan = plan_of(definitions := several(definitions), supposing)
    words = [f"A status by each of {len(definitions)} definitions.", *LEGEND]
    return write(plan, dialect, words)
