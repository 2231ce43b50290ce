"""Deciding on Spark: the same statement, lazily, over Spark's own frames.

Rows are normalised by the same code as elsewhere, a batch of Arrow at a time on Spark's workers;
which accounts fit as a whole is asked with Spark's joins. Nothing is run until somebody asks.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import count
from operator import or_
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa

from eligibility.batch.execute.fallback import by_reference
from eligibility.batch.sql.builder import LEFT
from eligibility.batch.sql.plan import Plan
from eligibility.batch.sql.statement import plan_of
from eligibility.batch.tables.normalise import IS_WRONG, normalise_table, row_problems
from eligibility.batch.tables.options import AS_WRITTEN, InputOptions
from eligibility.batch.tables.scan import frames, with_moments
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    EXACT,
    PROBLEM,
    STATEMENTS,
    TIME_ZONE,
    TableContract,
    complete_flag,
    contract,
    normalised_schema,
    result_columns,
)
from eligibility.batch.tables.strays import HELD_BACK, ROW, alike_key, names_none, says_something
from eligibility.batch.tables.words import as_one_text, is_list
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Columns that no model has: whether a row says anything; what ids are alike by; whether one names
#: no account.
_SAYS: Final = "says something"
_ALIKE: Final = "alike key"
_NAMES_NONE: Final = "names none"
_TABLE: Final = "table"
_ARROW: Final = {
    "VARCHAR": pa.string(),
    "TINYINT": pa.int8(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
}
#: Views are named anew for each call, for they belong to the whole session.
_calls: Final = count(1)

Batches = Iterator[pa.RecordBatch]


def decide_on_spark(
    tables: Mapping[str, "DataFrame"],
    definition: ClassDefinition,
    *,
    supposing: Supposition | None = None,
    options: InputOptions = AS_WRITTEN,
) -> "DataFrame":
    """The result for Spark frames, as a lazy Spark frame; see `decide`."""
    # the statement reads each table several times: rows are normalised once, and kept by Spark
    made = normalise_on_spark(tables, definition.model, options)
    normal = {name: frame.persist() for name, frame in made.items()}
    whole = supposing.complete if supposing else ()
    left_out = _left_out(normal, tables, whole).persist()
    named = normal[ACCOUNTS].where(f"{ACCOUNT_ID} IS NOT NULL")
    fit = named.join(left_out, ACCOUNT_ID, "left_anti").persist()
    held = {**normal, ACCOUNTS: fit}
    plan = plan_of([definition], supposing)
    verdicts = _run(plan, held)
    # cheap beside the whole, which Spark would run twice to find those whom the passes leave open
    left = _run(plan.only(LEFT), held).select(ACCOUNT_ID)
    verdicts = verdicts.join(left, ACCOUNT_ID, "left_anti")
    verdicts = verdicts.unionByName(_by_reference(left, held, definition, supposing))
    return verdicts.unionByName(left_out, allowMissingColumns=True)


def normalise_on_spark(
    tables: Mapping[str, "DataFrame"], model: type[History], options: InputOptions = AS_WRITTEN
) -> dict[str, "DataFrame"]:
    """Normalised tables, each row with what is wrong with it as `problem`, null where it fits.

    Beside it stands whether the row says anything but whose it is.

    Raises:
        InvalidTables: names, columns or types that do not fit.
    """
    from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415 - Spark is an extra

    empty = {
        name: to_arrow_schema(frame.schema, timezone="UTC").empty_table()
        for name, frame in tables.items()
    }
    checked = frames(empty, model, options)
    spark = tables[ACCOUNTS].sparkSession
    found = {
        name: _named(tables[name], contract(model)[name], options)
        if name in tables
        else spark.createDataFrame([], f"{ACCOUNT_ID} string")
        for name in checked
    }
    accounts = found[ACCOUNTS]
    if TIME_ZONE in accounts.columns:
        zones = accounts.select(ACCOUNT_ID, TIME_ZONE).dropDuplicates([ACCOUNT_ID])
        for name in set(found) - {ACCOUNTS}:
            found[name] = found[name].join(zones, ACCOUNT_ID, "left")
    normal = {}
    for name, table in contract(model).items():
        columns = table.normalised_columns.items()
        # of all types, Spark calls one otherwise
        written = ", ".join(
            f"`{name}` {kind.replace('VARCHAR', 'STRING')}" for name, kind in columns
        )
        making = _normaliser(name, model, options)
        written += f", {PROBLEM} string, `{_SAYS}` boolean"
        normal[name] = found[name].mapInArrow(making, written)
    return normal


def _named(frame: "DataFrame", table: TableContract, options: InputOptions) -> "DataFrame":
    """A table with our names for its columns, without those that are left out."""
    naming = options.naming(table, frame.columns)
    return frame.select(*(frame[f"`{name}`"].alias(ours) for name, ours in naming.items() if ours))


def _normaliser(
    name: str, model: type[History], options: InputOptions
) -> Callable[[Batches], Batches]:
    table, list_shape = contract(model)[name], shape(model).lists.get(name)
    target = pa.schema(
        [
            *((column, _ARROW[kind]) for column, kind in table.normalised_columns.items()),
            (PROBLEM, pa.string()),
            (_SAYS, pa.bool_()),
        ]
    )

    def make(batches: Batches) -> Batches:
        for batch in batches:
            rows = pl.DataFrame(batch).with_columns(pl.col(ACCOUNT_ID).cast(pl.String))
            several = ((column, kind) for column, kind in rows.schema.items() if is_list(kind))
            rows = rows.with_columns(as_one_text(pl.col(c), kind).alias(c) for c, kind in several)
            says = says_something(rows.drop(TIME_ZONE, strict=False).schema).alias(_SAYS)
            frame = with_moments(rows.with_columns(says).lazy(), table, options)
            frame = frame.with_row_index(ROW)
            read = normalise_table(frame, table, list_shape, carry=(ROW, _SAYS)).collect()
            problem = pl.lit(None, pl.String).alias(PROBLEM)
            if read[IS_WRONG].any():
                found = row_problems(frame, table, list_shape, carry=(ROW,)).collect()
                words = pl.format(f"{{}}: {name}.{{}}", "code", "column").alias(PROBLEM)
                first = found.with_columns(words).sort(pl.col("code") == "inconsistent", PROBLEM)
                problem = pl.col(PROBLEM)
                named = first.select(ROW, PROBLEM).unique(ROW, keep="first")
                read = read.join(named, ROW, "left", maintain_order="left")
            made = read.select(*table.normalised_columns, problem, _SAYS)
            yield from made.to_arrow().cast(target).to_batches()

    return make


def _left_out(
    normal: Mapping[str, "DataFrame"],
    tables: Mapping[str, "DataFrame"],
    whole: tuple[str, ...],
) -> "DataFrame":
    """Accounts that are not decided, with one problem each; those that stand twice, twice.

    `whole`: the lists that are supposed to hold every record.
    """
    from pyspark.sql import functions as F  # noqa: N812, PLC0415 - Spark's own habit; an extra

    accounts = normal[ACCOUNTS]
    is_named = F.col(ACCOUNT_ID).rlike(r"(?U)\S")  # as `schema.is_named` has it
    wrong = f"{PROBLEM} IS NOT NULL"
    problems = [frame.where(wrong).select(ACCOUNT_ID, PROBLEM) for frame in normal.values()]
    twice = accounts.groupBy(ACCOUNT_ID).count().where("count > 1").select(ACCOUNT_ID)
    problems.append(twice.withColumn(PROBLEM, F.lit(f"duplicate-account: {ACCOUNTS}.{ACCOUNT_ID}")))
    strays: dict[str, DataFrame] = {}
    for name, frame in normal.items():
        if name == ACCOUNTS:
            continue
        stray = frame.join(accounts.where(is_named), ACCOUNT_ID, "left_anti")
        strays[name] = stray.select(ACCOUNT_ID, _SAYS, F.lit(name).alias(_TABLE)).distinct()
        lost = stray.where(is_named)
        where = F.lit(f"unknown-account: {name}.{ACCOUNT_ID}")
        problems.append(lost.select(ACCOUNT_ID).distinct().withColumn(PROBLEM, where))
        if name in tables:
            named_rows = frame.where("id IS NOT NULL").groupBy(ACCOUNT_ID, "id")
            same = named_rows.count().where("count > 1")
            named = F.lit(f"duplicate-id: {name}.id")
            problems.append(same.select(ACCOUNT_ID).distinct().withColumn(PROBLEM, named))
    problems += _held_back(accounts, strays, whole)
    every = reduce(_union, problems)
    nameless = every.where(f"{ACCOUNT_ID} IS NULL")
    first = every.where(f"{ACCOUNT_ID} IS NOT NULL").groupBy(ACCOUNT_ID)
    rank = F.when(F.col(PROBLEM).startswith(HELD_BACK), 1)
    rank = rank.when(F.col(PROBLEM).startswith("inconsistent"), 2).otherwise(0)
    one = first.agg(F.min_by(PROBLEM, F.struct(rank, PROBLEM)).alias(PROBLEM))
    rows = accounts.groupBy(ACCOUNT_ID).count().withColumnRenamed("count", "rows")
    times = F.array_repeat(F.col(PROBLEM), F.coalesce(F.col("rows"), F.lit(1)).cast("int"))
    listed = one.join(rows, ACCOUNT_ID, "left").select(ACCOUNT_ID, F.explode(times).alias(PROBLEM))
    return listed.unionByName(nameless)


def _union(one: "DataFrame", other: "DataFrame") -> "DataFrame":
    return one.unionByName(other)


def _held_back(
    accounts: "DataFrame", strays: Mapping[str, "DataFrame"], whole: tuple[str, ...]
) -> list["DataFrame"]:
    """The accounts that records, by list, may be of that are nobody's; see `strays`."""
    from pyspark.sql import functions as F  # noqa: N812, PLC0415 - Spark's own habit; an extra

    named = accounts.where(f"{ACCOUNT_ID} IS NOT NULL")
    keys = _with_keys(reduce(_union, strays.values()))
    alike = _with_keys(named.select(ACCOUNT_ID, _SAYS, F.lit(ACCOUNTS).alias(_TABLE)))
    alike = alike.drop(_TABLE).join(keys.select(_ALIKE, _TABLE).distinct(), _ALIKE)
    nameless = keys.where(F.col(_SAYS) & F.col(_NAMES_NONE)).select(_TABLE).distinct()
    says_whole = [
        (F.col(_TABLE) == name)
        & (
            F.lit(name in whole)
            | (F.col(complete_flag(name)) == 1)
            | F.col(STATEMENTS).contains(f'"{name}"')
        )
        for name in strays
    ]
    anybodys = named.crossJoin(F.broadcast(nameless)).where(reduce(or_, says_whole))
    problem = F.concat(F.lit(f"{HELD_BACK}: "), _TABLE, F.lit(f".{ACCOUNT_ID}")).alias(PROBLEM)
    return [each.select(ACCOUNT_ID, problem).distinct() for each in (alike, anybodys)]


def _with_keys(frame: "DataFrame") -> "DataFrame":
    """The ids of some rows, with what they are alike by and whether they name none."""
    texts, flags = (ACCOUNT_ID, _TABLE, _ALIKE), (_SAYS, _NAMES_NONE)
    kinds = dict.fromkeys(texts, pa.string()) | dict.fromkeys(flags, pa.bool_())
    target = pa.schema(list(kinds.items()))
    account = pl.col(ACCOUNT_ID)
    of_id = {_ALIKE: alike_key(account), _NAMES_NONE: names_none(account)}

    def keyed(batches: Batches) -> Batches:
        for batch in batches:
            rows = pl.DataFrame(batch).with_columns(pl.col(ACCOUNT_ID).cast(pl.String))
            made = rows.with_columns(**of_id).select(target.names)
            yield from made.to_arrow().cast(target).to_batches()

    written = [f"`{name}` string" for name in texts] + [f"`{name}` boolean" for name in flags]
    return frame.mapInArrow(keyed, ", ".join(written))


def _run(plan: Plan, tables: Mapping[str, "DataFrame"]) -> "DataFrame":
    """The result of a plan over these frames, as views that no other call uses."""
    call = next(_calls)
    views = {name: f"eligibility_{call}_{name}" for name in tables}
    for name, frame in tables.items():
        frame.createOrReplaceTempView(views[name])
    return tables[ACCOUNTS].sparkSession.sql(plan.reading(views).sql("spark"))


def _by_reference(
    left: "DataFrame",
    tables: Mapping[str, "DataFrame"],
    definition: ClassDefinition,
    supposing: Supposition | None,
) -> "DataFrame":
    """The rows of the few accounts that the reference has to decide."""
    from pyspark.sql import functions as F  # noqa: N812, PLC0415 - Spark's own habit; an extra

    ids = left.distinct()
    tagged = [
        frame.join(ids, ACCOUNT_ID, "left_semi").select(
            ACCOUNT_ID, F.lit(name).alias("table"), F.to_json(F.struct("*")).alias("row")
        )
        for name, frame in tables.items()
    ]
    every = reduce(_union, tagged)
    gathered = every.groupBy(ACCOUNT_ID).agg(F.collect_list(F.struct("table", "row")).alias("rows"))
    known = contract(definition.model)
    types = {name: normalised_schema(table) for name, table in known.items()}
    texts = result_columns([definition])
    target = pa.schema([*((name, pa.string()) for name in texts), (EXACT, pa.bool_())])

    def decide_each(batches: Batches) -> Batches:
        for batch in batches:
            pieces = pl.DataFrame(batch).explode("rows").select(pl.col("rows").struct.unnest())
            frames_of = {}
            for name, schema in types.items():
                rows = pieces.filter(pl.col("table") == name)["row"]
                read = rows.str.json_decode(pl.Struct(schema)).struct.unnest()
                frames_of[name] = (read if len(rows) else pl.DataFrame(schema=schema)).lazy()
            wanted = frames_of[ACCOUNTS].select(ACCOUNT_ID).collect()[ACCOUNT_ID]
            done = by_reference(frames_of, wanted, [definition], supposing)
            yield from done.to_arrow().cast(target).to_batches()

    written = ", ".join(f"`{name}` string" for name in texts) + f", {EXACT} boolean"
    return gathered.mapInArrow(decide_each, written)
