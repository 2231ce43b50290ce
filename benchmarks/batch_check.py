"""Whether the plan by hand means what the reference means: on tables full of hard cases.

Every instant lies within a few microseconds of the update, so that spans touch, overlap, cross and
hide each other, and bounds stand on either side of it by one.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from batch_by_hand import by_hand
from batch_tables import KINDS, tables_in

from eligibility.batch.execute.fallback import by_reference
from eligibility.batch.tables.schema import ACCOUNT_ID, EXACT, STATEMENTS, bounds_of, contract
from eligibility.history import AccountHistory
from eligibility.rules import UPDATE_DAY_BEGINS, class_definition
from eligibility.values.timeline import EARLIEST, LATEST

_AROUND = 9
_MOST = {"premium": 4, "messages": 4, "permissions": 2}
#: Spans are long enough to cover something, and messages as often in time as not.
_SHIFT = {"start": -6, "end": 2, "sent_at": -6, "shared_at": -2}


def check(accounts, seed=1):
    """Compare the plan by hand with the reference, row by row, sorted and shuffled."""
    with TemporaryDirectory() as folder:
        for kind in KINDS:
            _write(Path(folder) / kind, accounts, seed, is_sorted=kind == "ready")
        for kind in KINDS:
            files = tables_in(Path(folder) / kind)
            found = by_hand(files).collect(engine="streaming").sort(ACCOUNT_ID)
            tables = {name: pl.read_parquet(file) for name, file in files.items()}
            expected = by_reference(tables, found[ACCOUNT_ID], [class_definition()])
            sure = found.filter(EXACT)
            wrong = sure.join(expected, on=expected.columns[:-1], how="anti")
            assert wrong.is_empty(), wrong
            counts = dict(expected["status"].value_counts(sort=True).iter_rows())
            print(f"By hand, {kind}: {len(sure):,} of {accounts:,} accounts as `evaluate` has")
            print(f"them; the others it leaves to it, as the statement does. {counts}")


def _write(folder, accounts, seed, *, is_sorted):
    folder.mkdir()
    random = np.random.default_rng(seed)
    ids = pl.Series(ACCOUNT_ID, [f"FICTIONAL-{at:06}" for at in range(accounts)])
    for name, table in contract(AccountHistory).items():
        counts = random.integers(0, _MOST.get(name, 0) + 1, accounts) if name in _MOST else 1
        owners = np.repeat(np.arange(accounts), counts)
        columns = {
            column: random.integers(-1, len(words), len(owners)).astype(np.int8)
            for column, words in table.values.items()
        }
        columns |= {
            flag: (random.random(len(owners)) < 0.7).astype(np.int8) for flag in table.flags
        }
        if table.lists:
            columns[STATEMENTS] = np.full(len(owners), "")
        for moment in table.moments:
            first, last = _bounds(random, len(owners), _SHIFT.get(moment, 0))
            columns |= dict(zip(bounds_of(moment), (first, last), strict=True))
        made = _consistent(pl.DataFrame({ACCOUNT_ID: ids.gather(owners), **columns}), name)
        if not is_sorted:
            made = made.sample(fraction=1, shuffle=True, seed=seed)
        made.write_parquet(folder / f"{name}.parquet")


def _bounds(random, count, shift):
    first = UPDATE_DAY_BEGINS + shift + random.integers(-_AROUND, _AROUND, count)
    last = first + random.integers(0, 4, count) * random.integers(0, 2, count)
    none = random.random((2, count)) < 0.15
    return np.where(none[0], EARLIEST, first), np.where(none[1], LATEST, last)


def _consistent(table, name):
    """Without the records that no world fits, and the time of what was not shared."""
    if name in ("premium", "permissions"):
        return table.filter(pl.col("start_earliest") <= pl.col("end_latest"))
    if name != "messages":
        return table
    first, last = bounds_of("shared_at")
    never = pl.col("shared") == 0
    known = table.with_columns(
        pl.when(never).then(EARLIEST).otherwise(first).alias(first),
        pl.when(never).then(LATEST).otherwise(last).alias(last),
    )
    return known.filter((pl.col("shared") != 1) | (pl.col("sent_at_earliest") <= pl.col(last)))
