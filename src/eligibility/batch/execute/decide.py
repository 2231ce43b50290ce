"""Deciding tables: the one call for frames of any kind.

Tables come in as people have them; a frame of the same kind goes out, with one row per account.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl
from attrs import frozen

from eligibility.arguments import expect
from eligibility.batch.execute.engines import Engine, Frames, engine_named, scanned
from eligibility.batch.execute.fallback import by_reference
from eligibility.batch.sql.plan import Plan
from eligibility.batch.sql.statement import plan_of
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.parquet_files import stored
from eligibility.batch.tables.prepare import OPTIONS_HINT, TABLES_HINT, Prepared, prepare
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, EXACT, KEY, PROBLEM
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition

#: Accounts with more spans than this in one list are decided by the reference.
MOST_SPANS: Final = 100


@frozen
class Inquiry:
    """What is asked of many accounts: one definition, or several for a survey."""

    definitions: Sequence[ClassDefinition]
    supposing: Supposition | None = None

    @cached_property
    def plan(self) -> Plan:
        """The plan that engines run; made once."""
        return plan_of(self.definitions, self.supposing)


def decide(
    tables: Mapping[str, Any] | Prepared,
    definition: ClassDefinition,
    *,
    engine: str = "polars",
    supposing: Supposition | None = None,
    options: InputOptions = AS_WRITTEN,
) -> Any:
    """Decide about every account of some tables.

    Args:
        tables: `accounts` and the lists of the model, by name: Polars, pandas, PyArrow, DuckDB
            relations, or Spark frames; or tables that `prepare` has normalised.
        definition: any definition of the exact fragment.
        engine: `polars`, or `duckdb` where memory is short; Spark frames are decided by Spark.
        supposing: facts that someone alleges.
        options: how tables are written, where they do not say it themselves.

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
    expect(definition, ClassDefinition, "definition")
    expect(supposing, Supposition | None, "supposing")
    if not isinstance(tables, Prepared):
        expect(tables, Mapping, "tables", TABLES_HINT)
        expect(options, InputOptions, "options", OPTIONS_HINT)
    if not isinstance(tables, Prepared) and _is_spark(tables):
        from eligibility.batch.execute.spark import decide_on_spark  # noqa: PLC0415 - needs PySpark

        return decide_on_spark(tables, definition, supposing=supposing, options=options)
    known = tables if isinstance(tables, Prepared) else prepare(tables, definition.model, options)
    if supposing is not None:
        known = known.supposing(supposing.complete)
    run = engine_named(engine)
    with TemporaryDirectory() as folder:
        read = known.read_once(Path(folder))
        verdicts = decided(read.tables, definition, run, supposing)
        left_out = read.left_out().collect(engine="streaming")
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
    """The rows of the result for normalised tables, the reference asked where it must be."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "verdicts.parquet"
        inquiry = Inquiry((definition,), supposing)
        decided_to(file, tables, inquiry, run)
        return pl.read_parquet(file, glob=False).cast(dict.fromkeys(inquiry.plan.texts, pl.String))


def decided_to(file: Path, tables: Frames, inquiry: Inquiry, run: Engine) -> int:
    """Write the rows of the result to a Parquet file; how many accounts the reference decided.

    Those are the accounts of which the statement says that they are not exact, and those with so
    many spans that the statement, which compares each span of an account with each other, would
    take long.
    """
    frames = {name: scanned(table) for name, table in tables.items()}
    crowded = _crowded(frames, inquiry.definitions[0].model)
    if crowded.is_empty():
        run(inquiry.plan, tables, file)
    else:
        is_crowded = pl.col(ACCOUNT_ID).is_in(crowded.implode())
        others = {name: frame.filter(~is_crowded) for name, frame in frames.items()}
        run(inquiry.plan, others, file)
    joint = stored(file).filter(~pl.col(EXACT)).select(ACCOUNT_ID).collect()
    ids = pl.concat([crowded, joint[ACCOUNT_ID]])
    if ids.is_empty():
        return 0
    rows = by_reference(frames, ids, inquiry.definitions, inquiry.supposing)
    whole = file.with_suffix(".whole")
    rest = stored(file).filter(EXACT)
    alike = rows.lazy().select(pl.col(n).cast(kind) for n, kind in rest.collect_schema().items())
    pl.concat([rest, alike]).sink_parquet(whole, engine="streaming")
    whole.replace(file)
    return len(rows)


def _crowded(frames: Mapping[str, pl.LazyFrame], model: type[History]) -> pl.Series:
    """The accounts that have many spans in one list (and those that share a hash with one)."""
    spans = [frames[name] for name, list_shape in shape(model).lists.items() if list_shape.is_spans]
    counted = [frame.group_by(KEY.alias("key")).len() for frame in spans]
    many = [each.filter(pl.col("len") > MOST_SPANS).select("key") for each in counted]
    found = [frame["key"] for frame in pl.collect_all(many, engine="streaming")]
    keys = pl.concat([pl.Series("key", [], pl.UInt64), *found])
    if keys.is_empty():
        return pl.Series(ACCOUNT_ID, [], pl.String)
    ids = frames[ACCOUNTS].filter(KEY.is_in(keys.implode())).select(ACCOUNT_ID)
    return ids.collect(engine="streaming")[ACCOUNT_ID]


def _is_spark(tables: Mapping[str, Any]) -> bool:
    return any(type(table).__module__.startswith("pyspark.sql") for table in tables.values())


def _like(tables: Mapping[str, Any], whole: pl.DataFrame) -> Any:
    """The result as the kind of frame that the accounts came in."""
    given = tables[ACCOUNTS]
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
