"""Deciding tables: the one call for frames of any kind.

Tables come in as people have them; a frame of the same kind goes out, with one row per account.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from eligibility.batch.compile import statement
from eligibility.batch.contract import ACCOUNT_ID
from eligibility.batch.engines import Engine, Frames, engine_named, scanned
from eligibility.batch.histories import settled, settled_survey
from eligibility.batch.prepare import Prepared, prepare
from eligibility.batch.result import EXACT
from eligibility.definition import ClassDefinition
from eligibility.supposition import Supposition

#: Why an account has no status; null for one that has.
PROBLEM = "problem"


def decide(
    tables: Mapping[str, Any] | Prepared,
    definition: ClassDefinition,
    *,
    engine: str = "polars",
    supposing: Supposition | None = None,
) -> Any:
    """Decide about every account of some tables.

    Args:
        tables: `accounts` and the lists of the model, by name: Polars, pandas, PyArrow, DuckDB
            relations, or Spark frames; or tables that `prepare` has made ready.
        definition: any definition of the exact fragment.
        engine: `polars`, or `duckdb` where memory is short; Spark frames are decided by Spark.
        supposing: facts that someone alleges.

    Returns:
        A frame of the kind that came in, one row per account that was read: `account_id`,
        `status`, a truth for each clause (`clause_...`: `true`, `false` or `unknown`, of whether
        some one record meets it and all before it), `decided_by`, `exact`, and `problem`. Where an
        account does not fit, `problem` says why, and there is no status. A Spark frame is lazy.

    Raises:
        InvalidTables: names, columns or types that do not fit.
        InvalidDefinition: `not-compilable`.
        BatchError: `unknown-engine`.

    >>> import polars as pl
    >>> from eligibility.rules import class_definition
    >>> accounts = pl.DataFrame({"account_id": ["FICTIONAL-1"], "complete_premium": [True]})
    >>> decide({"accounts": accounts}, class_definition()).row(0)[:3]
    ('FICTIONAL-1', 'ineligible', 'false')
    """
    if not isinstance(tables, Prepared) and _is_spark(tables):
        from eligibility.batch.spark import decide_on_spark  # noqa: PLC0415 - needs PySpark

        return decide_on_spark(tables, definition, supposing=supposing)
    ready = tables if isinstance(tables, Prepared) else prepare(tables, definition.model)
    run = engine_named(engine)
    verdicts = decided(ready.tables, definition, run, supposing)
    left_out = ready.left_out().collect(engine="streaming")
    whole = pl.concat([verdicts, left_out], how="diagonal")
    if PROBLEM not in whole.columns:
        whole = whole.with_columns(pl.lit(None, pl.String).alias(PROBLEM))
    return whole if isinstance(tables, Prepared) else _like(tables, whole)


def decided(
    tables: Frames,
    definition: ClassDefinition,
    run: Engine,
    supposing: Supposition | None = None,
) -> pl.DataFrame:
    """The rows of the result for tables made ready, all of them settled."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "verdicts.parquet"
        run(statement(definition, supposing=supposing), tables, file)
        settle(file, tables, [definition], supposing)
        return pl.read_parquet(file)


def settle(
    file: Path,
    tables: Frames,
    definitions: Sequence[ClassDefinition],
    supposing: Supposition | None = None,
) -> int:
    """Let the reference decide what the statement left to it; how many accounts that were.

    Args:
        file: the rows of the result, as the statement left them.
        tables: what the statement read.
        definitions: what was asked: one, or several for a survey.
        supposing: facts that someone alleges.
    """
    tangled = pl.scan_parquet(file).filter(~pl.col(EXACT)).select(ACCOUNT_ID).collect()
    if tangled.is_empty():
        return 0
    frames = {name: scanned(table) for name, table in tables.items()}
    ids = tangled[ACCOUNT_ID]
    if len(definitions) == 1:
        rows = settled(frames, ids, definitions[0], supposing)
    else:
        rows = settled_survey(frames, ids, definitions, supposing)
    mended = file.with_suffix(".settled")
    rest = pl.scan_parquet(file).filter(EXACT)
    pl.concat([rest, rows.lazy()]).sink_parquet(mended, engine="streaming")
    mended.replace(file)
    return len(rows)


def _is_spark(tables: Mapping[str, Any]) -> bool:
    return any(type(table).__module__.startswith("pyspark.sql") for table in tables.values())


def _like(tables: Mapping[str, Any], whole: pl.DataFrame) -> Any:
    """The result as the kind of frame that the accounts came in."""
    given = tables["accounts"]
    package = type(given).__module__.partition(".")[0]
    if isinstance(given, pl.LazyFrame):
        return whole.lazy()
    if package == "pandas":
        return whole.to_pandas()
    if package == "pyarrow":
        return whole.to_arrow()
    if package.lstrip("_").startswith("duckdb"):
        import duckdb  # noqa: PLC0415 - only who came with a relation has it

        return duckdb.from_arrow(whole.to_arrow())
    return whole
