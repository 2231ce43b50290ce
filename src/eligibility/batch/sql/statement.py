"""The compiler: a class definition in, one SQL statement out.

The statement reads tables made ready (`contract`) and means what `evaluate` means, by the same two
looks (`looking`), *surely* and *possibly*; then it counts, for each account, how many clauses it
gets through (`counting`). What a record cannot get past at all is dropped early.

The one thing that it leaves to `evaluate` is what the module `joint` is about: accounts for which
it says that `exact` is false.
"""

from collections.abc import Sequence

from sqlglot import exp

from eligibility.batch.sql.counts import count, result, tangle
from eligibility.batch.sql.expressions import column
from eligibility.batch.sql.passes import look
from eligibility.batch.sql.plan import TANGLED, Plan
from eligibility.batch.sql.propagate import supposed
from eligibility.batch.sql.render import Relation, heading, write
from eligibility.batch.sql.support import refuse, refuse_together
from eligibility.batch.tables.schema import ACCOUNT_ID, contract
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition


def plan(
    definitions: Sequence[ClassDefinition], supposing: Supposition | None = None
) -> tuple[list[Relation], exp.Select]:
    """The relations, each with its name and what it is, and the select that is the result."""
    for definition in definitions:
        refuse(definition)
    made = Plan(definitions, supposing)
    refuse_together(made)
    for each in made.variants:
        if each.supposing is not None:
            each.supposing.expect(made.first.model)
            read = contract(made.first.model)[each.supposing.list]
            name = each.source(each.supposing.list)
            made.add(name, supposed(read, each.supposing), each.supposing.text)
    for surely in (True, False):
        look(made, surely=surely)
    tangle(made)
    count(made)
    return made.relations, result(made)


def statement(
    definition: ClassDefinition,
    *,
    dialect: str = "duckdb",
    supposing: Supposition | None = None,
) -> str:
    """One SQL statement that decides tables made ready by a definition.

    Args:
        definition: any definition of the exact fragment.
        dialect: `duckdb`, `postgres`, `spark` or `sqlite`; each is run in the tests.
        supposing: facts that someone alleges.

    Returns:
        The statement, with comments: what each relation is, and the words of each clause.

    Raises:
        InvalidDefinition: `not-compilable`, with the clauses that stand in the way.
        BatchError: `unknown-dialect`, `name-too-long`.

    >>> from eligibility.rules import class_definition
    >>> "clause_before_update" in statement(class_definition(), dialect="postgres")
    True
    """
    return write(plan([definition], supposing), dialect, heading(definition, supposing))


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
    words = [f"{len(definitions)} definitions, a status by each."]
    return write(plan(definitions, supposing), dialect, words)


def tangled_statement(
    definition: ClassDefinition, *, dialect: str, supposing: Supposition | None = None
) -> str | None:
    """The accounts for which `exact` is false, alone; None if there can be none.

    Cheap beside the whole, for an engine that would run the whole twice to find them.
    """
    relations, _ = plan([definition], supposing)
    names = [name for name, _, _ in relations]
    if TANGLED not in names:
        return None
    wanted = exp.select(column(ACCOUNT_ID)).from_(TANGLED)
    return write((relations[: names.index(TANGLED) + 1], wanted), dialect)
