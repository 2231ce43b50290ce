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
    filling = Filling(model)
    for history in histories:
        filling.add(history)
    return filling.tables()


class Filling:
    """Tables that are being filled, one history after the other."""

    def __init__(self, model: type[History]) -> None:
        """`model`: what the histories are of."""
        known = contract(model)
        self._contract = known
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {key: [] for key in table.ready_columns} for name, table in known.items()
        }
        accounts = self._columns[ACCOUNTS]
        self._accounts = accounts
        lists = shape(model).lists
        self._lists = [(name, _List(known[name], self._columns[name])) for name in lists]
        self._flags = [(name, accounts[f"complete_{name}"]) for name in lists]
        self._answers = [(p.split("."), accounts[key]) for key, p in known[ACCOUNTS].paths.items()]

    def add(self, history: History) -> None:
        """Add one account."""
        fields = vars(history)
        account = fields[ACCOUNT_ID]
        self._accounts[ACCOUNT_ID].append(account)
        self._accounts[TIME_ZONE].append(fields[TIME_ZONE])
        complete = fields["complete"]
        for name, flag in self._flags:
            flag.append(1 if name in complete else 0)
        for path, answer in self._answers:
            value: Any = fields[path[0]]
            for key in path[1:]:
                value = vars(value)[key]
            answer.append(_NO_YES[value])
        for name, filling in self._lists:
            if fields[name]:
                filling.add(account, fields[name])

    def tables(self) -> dict[str, pl.DataFrame]:
        """All that was added."""
        return {
            name: pl.DataFrame(self._columns[name], schema=ready_schema(table))
            for name, table in self._contract.items()
        }


class _List:
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
