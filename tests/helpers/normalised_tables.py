"""Validated histories as the normalised tables that the statement reads."""

from collections.abc import Iterable

import polars as pl

from eligibility import History
from eligibility.batch.tables.convert import Filling


def tables_of(histories: Iterable[History], model: type[History]) -> dict[str, pl.DataFrame]:
    """The tables of some histories, each account once; the inverse of `convert.histories_of`."""
    filling = Filling(model)
    for history in histories:
        filling.add(history)
    return filling.tables()
