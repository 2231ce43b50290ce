"""Validated histories as tables made ready: the way in for histories that come one by one."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from eligibility.batch.contract import (
    ACCOUNT_ID,
    ACCOUNTS,
    NO_YES,
    TIME_ZONE,
    UNKNOWN,
    TableContract,
    bounds_of,
    contract,
)
from eligibility.batch.engines import ready_schema
from eligibility.model import History, shape
from eligibility.timeline import EARLIEST, LATEST

_NO_YES: Final[dict[object, int]] = {True: 1, False: 0, None: UNKNOWN}


def tables_of(histories: Iterable[History], model: type[History]) -> dict[str, pl.DataFrame]:
    """The tables of some histories, each account once; the inverse of `histories_of`."""
    known = contract(model)
    columns: dict[str, dict[str, list[Any]]] = {
        name: {key: [] for key in table.ready_columns} for name, table in known.items()
    }
    lists = [(name, _Filling(known[name], columns[name])) for name in shape(model).lists]
    accounts = columns[ACCOUNTS]
    flags = [(name, accounts[f"complete_{name}"]) for name in shape(model).lists]
    answers = [(path.split("."), accounts[key]) for key, path in known[ACCOUNTS].paths.items()]
    for history in histories:
        fields = vars(history)
        account = fields[ACCOUNT_ID]
        accounts[ACCOUNT_ID].append(account)
        accounts[TIME_ZONE].append(fields[TIME_ZONE])
        complete = fields["complete"]
        for name, flag in flags:
            flag.append(1 if name in complete else 0)
        for path, answer in answers:
            value: Any = fields
            for key in path:
                value = value[key] if isinstance(value, dict) else getattr(value, key)
            answer.append(_NO_YES[value])
        for name, filling in lists:
            if fields[name]:
                filling.add(account, fields[name])
    return {
        name: pl.DataFrame(columns[name], schema=ready_schema(table))
        for name, table in known.items()
    }


class _Filling:
    """The columns of one list, being filled."""

    def __init__(self, table: TableContract, columns: dict[str, list[Any]]) -> None:
        self.accounts = columns[ACCOUNT_ID]
        self.values = [
            (name, _codes(words), columns[name]) for name, words in table.values.items()
        ]
        self.moments = [
            (name, columns[first], columns[last])
            for name in table.moments
            for first, last in [bounds_of(name)]
        ]
        self.carried = [(name, columns[name]) for name in table.carried]

    def add(self, account: str, records: Iterable[Any]) -> None:
        """Add the records of one account."""
        known = [vars(record) for record in records]
        self.accounts += [account] * len(known)
        for name, codes, column in self.values:
            column += [codes[fields[name]] for fields in known]
        for name, firsts, lasts in self.moments:
            moments = [fields[name] for fields in known]
            firsts += [EARLIEST if moment is None else moment.earliest for moment in moments]
            lasts += [LATEST if moment is None else moment.latest for moment in moments]
        for name, column in self.carried:
            column += [fields[name] for fields in known]


def _codes(words: tuple[str, ...]) -> dict[object, int]:
    if words == NO_YES:
        return _NO_YES
    return {None: UNKNOWN, **{word: code for code, word in enumerate(words)}}
