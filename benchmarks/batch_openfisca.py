"""The nearest two-valued rule in OpenFisca-Core, over as many persons: arrays, no rows of Python.

It has no lists in lists: each message with each subscription and each permission of its account is
a row. Facts that are not known are taken for no, and moments for their earliest instant; integers
have 32 bits, so instants are seconds.
"""

import numpy as np
import polars as pl
from batch_tables import tables_in
from openfisca_core.simulation_builder import SimulationBuilder
from torture_peers import _SYSTEM, _YEAR

from eligibility.batch.tables.schema import contract
from eligibility.history import AccountHistory
from eligibility.rules import PREMIUM_PLANS, UPDATE_DAY_BEGINS
from eligibility.values.timeline import SECOND

PREMIUM = contract(AccountHistory)["premium"]
_PLANS = list(PREMIUM.codes("plan", frozenset(PREMIUM_PLANS)))
_OTHER = PREMIUM.values["plan"].index("other")
col = pl.col


def two_valued(source, folder):
    """Write the tables as somebody would who has to say yes or no: all is known, none missing."""
    folder.mkdir(parents=True, exist_ok=True)
    known = contract(AccountHistory)
    for name, file in tables_in(source).items():
        table = pl.scan_parquet(file)
        filled = {column: col(column).replace(-1, 0) for column in known[name].values}
        if name == "premium":
            filled["plan"] = col("plan").replace(-1, _OTHER)
        filled |= {flag: pl.lit(1, pl.Int8) for flag in known[name].flags}
        at = {moment: col(f"{moment}_earliest") for moment in known[name].moments}
        if "shared_at" in at:
            at["shared_at"] = pl.max_horizontal(at["sent_at"], at["shared_at"])
        if "end" in at:
            at["end"] = pl.max_horizontal(at["start"], at["end"])
        for moment, when in at.items():
            filled |= dict.fromkeys((f"{moment}_earliest", f"{moment}_latest"), when)
        table.with_columns(**filled).sink_parquet(folder / file.name, engine="streaming")
    return folder


def openfisca(source):
    """Make arrays for the engine; what is returned counts the accounts that fit."""
    read = {name: pl.scan_parquet(file) for name, file in tables_in(source).items()}
    messages = read["messages"].select(
        "account_id",
        inmail=col("inmail") == 1,
        shared=col("shared") == 1,
        shared_at=_seconds("shared_at"),
    )
    premium = read["premium"].select(
        "account_id",
        counts=col("plan").is_in(_PLANS),
        start=_seconds("start"),
        end=_seconds("end"),
    )
    permissions = read["permissions"].select(
        "account_id",
        is_permission=True,
        permission_start=_seconds("start"),
        permission_end=_seconds("end"),
    )
    pairs = messages.join(premium, on="account_id").with_row_index("pair")
    accounts = read["accounts"].select("account_id").with_row_index("account")
    rows = pairs.join(permissions, on="account_id", how="left").join(accounts, on="account_id")
    table = rows.sort("pair").collect().fill_null(False).fill_null(0)

    def run():
        system = _SYSTEM
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("row", np.arange(len(table)))
        for name in ("pair", "account"):
            own = table[name].unique().sort()
            group = builder.declare_entity(name, own.to_numpy())
            members = np.zeros(len(table), dtype=np.int16)  # each has the one role there is
            builder.join_with_persons(group, table[name].to_numpy(), members)
        simulation = builder.build(system)
        for name in ("inmail", "shared", "counts", "is_permission"):
            simulation.set_input(name, _YEAR, table[name].to_numpy())
        for name in ("shared_at", "start", "end", "permission_start", "permission_end"):
            simulation.set_input(name, _YEAR, table[name].to_numpy())
        update = np.full(len(table), UPDATE_DAY_BEGINS // SECOND, dtype=np.int32)
        simulation.set_input("update", _YEAR, update)
        return int(simulation.calculate("eligible", _YEAR).sum())

    return run


def _seconds(moment):
    """An instant that every 32 bits hold; the ends of the time line are cut to those."""
    last = 2**31 - 1
    return (col(f"{moment}_earliest") // SECOND).clip(-last, last).cast(pl.Int32)
