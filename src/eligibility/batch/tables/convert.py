"""Validated histories as normalised tables, and back.

Histories come in, one after the other; only what they hold is kept of them. When all
are there, the tables are made of those by the column. Back go the few accounts that are decided, or
explained, one by one.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import numpy as np
import polars as pl

from eligibility.batch.tables.decoder import UNSET
from eligibility.batch.tables.moments import read_texts
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    NO_YES,
    STATEMENTS,
    TIME_ZONE,
    UNKNOWN,
    TableContract,
    bounds_of,
    complete_flag,
    contract,
    normalised_schema,
)
from eligibility.batch.tables.stated import plain_of, text_of
from eligibility.batch.tables.words import number_of, words_of
from eligibility.facts.fields import EndField
from eligibility.facts.model import History
from eligibility.facts.paths import parse, put_answer
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST

_NOTHING: Final[dict[object, int]] = {None: UNKNOWN, UNSET: UNKNOWN}
_NO_YES: Final[dict[object, int]] = {True: 1, False: 0, **_NOTHING}
_ANSWERS: Final = {1: True, 0: False, UNKNOWN: None}


class Filling:
    """Tables that are being filled, one history after the other."""

    def __init__(self, model: type[History], zone: str | None = None) -> None:
        """Start with empty tables.

        Args:
            model: what the histories are of.
            zone: if they are what a `Decoder` makes of lines, the zone of those that state none.
                Bounds are then null where a text is no moment, or leaves the whole time line open:
                such a record has to be read by itself.
        """
        known, seen = contract(model), shape(model)
        self._table, self._zone = known[ACCOUNTS], zone
        heads = dict.fromkeys(parse(path).name for path in seen.yes_no)
        self._heads = (ACCOUNT_ID, TIME_ZONE, STATEMENTS, *heads)
        self._row = attrgetter(*self._heads)
        self._cells: list[Any] = []
        self._lists = {
            name: _List(known[name], None if zone is None else _ends(list_shape.record))
            for name, list_shape in seen.lists.items()
        }
        self._each = [(attrgetter(name), filling.add) for name, filling in self._lists.items()]

    def add(self, history: Any) -> None:
        """Add one account."""
        self._cells += self._row(history)
        for records, add in self._each:
            add(records(history))

    def spread(self, name: str, values: pl.Series) -> pl.Series:
        """Something of each account, for each of its records in a list."""
        return self._lists[name].spread(values)

    def tables(self) -> dict[str, pl.DataFrame]:
        """All that was added."""
        columns = _columns(self._cells, self._heads)
        accounts = pl.Series(ACCOUNT_ID, columns[ACCOUNT_ID], dtype=pl.String)
        zones = pl.Series(TIME_ZONE, _said(columns[TIME_ZONE], self._zone), dtype=pl.String)
        made: dict[str, Any] = {ACCOUNT_ID: accounts, TIME_ZONE: zones}
        complete = _said(columns[STATEMENTS], ())
        for name in self._lists:
            made[complete_flag(name)] = [name in each for each in complete]
        made[STATEMENTS] = list(map(text_of, complete))
        for column, path in self._table.paths.items():
            at = parse(path)
            said = columns[at.name]
            if at.field:
                get = attrgetter(at.field)
                said = [None if group is UNSET else get(group) for group in said]
            made[column] = list(map(_NO_YES.__getitem__, said))
        elsewhere = None if (zones == COURT_ZONE).all() else zones
        lists = {name: each.table(accounts, elsewhere) for name, each in self._lists.items()}
        schema = normalised_schema(self._table)
        return {ACCOUNTS: pl.DataFrame(made, schema_overrides=schema).select(*schema)} | lists


class _List:
    """One list, being filled."""

    def __init__(self, table: TableContract, ends: frozenset[str] | None) -> None:
        """`ends`: if moments are texts, those that may say `..`."""
        self.contract = table
        self.ends = ends
        self.names = (*table.values, *table.moments, *table.carried)
        self.row = attrgetter(*self.names)
        self.cells: list[Any] = []
        self.sizes: list[int] = []

    def add(self, records: Any) -> None:
        """Add the records of one account."""
        if records:
            self.sizes.append(len(records))
            self.cells += chain.from_iterable(map(self.row, records))
        else:
            self.sizes.append(0)

    def spread(self, values: pl.Series) -> pl.Series:
        """Something of each account, for each of its records."""
        return values.gather(np.repeat(np.arange(len(self.sizes)), self.sizes))

    def table(self, accounts: pl.Series, zones: pl.Series | None) -> pl.DataFrame:
        """All that was added; `zones` of the accounts, unless all are the court's."""
        columns = _columns(self.cells, self.names)
        made: dict[str, Any] = {ACCOUNT_ID: self.spread(accounts)}
        for name, words in self.contract.values.items():
            made[name] = list(map(_Codes(words).__getitem__, columns[name]))
        for name in self.contract.moments:
            if self.ends is None:
                bounds = _bounds(columns[name])
            else:
                texts = pl.Series(_said(columns[name], None), dtype=pl.String)
                spread = None if zones is None else self.spread(zones)
                bounds = _bounds_of_texts(texts, spread, is_end=name in self.ends)
            made |= dict(zip(bounds_of(name), bounds, strict=True))
        for name in self.contract.carried:
            made[name] = _said(columns[name], None)
        schema = normalised_schema(self.contract)
        return pl.DataFrame(made, schema_overrides=schema).select(*schema)


def _columns(cells: list[Any], names: tuple[str, ...]) -> dict[str, list[Any]]:
    """The columns of rows that stand one after the other: rows would be garbage to be collected."""
    return {name: cells[at :: len(names)] for at, name in enumerate(names)}


def _said(column: list[Any], nothing: Any) -> list[Any]:
    return [nothing if value is UNSET else value for value in column]


def _ends(record: type[Any]) -> frozenset[str]:
    return frozenset(
        name for name, info in record.model_fields.items() if info.annotation == EndField
    )


class _Codes(dict[object, int]):
    """The number of each value of a column, that of several words found when it is asked for."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(_NO_YES if words == NO_YES else _NOTHING)
        self.update({word: code for code, word in enumerate(words)})
        self.words = words

    def __missing__(self, several: object) -> int:
        self[several] = number_of(several, self.words)  # type: ignore[arg-type]  # it is validated
        return self[several]


def _bounds(moments: list[Moment | None]) -> tuple[Any, Any]:
    return (
        [EARLIEST if moment is None else moment.earliest for moment in moments],
        [LATEST if moment is None else moment.latest for moment in moments],
    )


def _bounds_of_texts(
    texts: pl.Series, zones: pl.Series | None, *, is_end: bool
) -> tuple[pl.Series, pl.Series]:
    given = texts.is_not_null().arg_true()
    where = None if zones is None else zones.gather(given)
    read = read_texts(texts.gather(given), where, is_end=is_end).struct
    first, last = read.field("earliest"), read.field("latest")
    # no bounds tell `../..`, which is said, from what nothing is said of
    first = first.set((first == EARLIEST) & (last == LATEST), None)
    whole = [pl.repeat(end, len(texts), dtype=pl.Int64, eager=True) for end in (EARLIEST, LATEST)]
    return whole[0].scatter(given, first), whole[1].scatter(given, last)


def histories_of(
    tables: Mapping[str, pl.LazyFrame | pl.DataFrame],
    accounts: Iterable[str],
    model: type[History],
) -> Iterator[History]:
    """The histories of some accounts, in the order of their ids.

    Moments are written anew from their bounds; ids and sources stand as the tables have them. What
    was said of a moment and leaves the whole time line open is as if it had not been said.
    """
    wanted = sorted(set(accounts))
    known, lists_of = contract(model), shape(model).lists
    found = {
        name: tables[name].lazy().filter(pl.col(ACCOUNT_ID).is_in(wanted)).collect()
        for name in known
    }
    lists = {
        name: frame.partition_by(ACCOUNT_ID, as_dict=True)
        for name, frame in found.items()
        if name != ACCOUNTS
    }
    for row in found[ACCOUNTS].sort(ACCOUNT_ID).iter_rows(named=True):
        data = _account(row, known[ACCOUNTS])
        zone = data.get(TIME_ZONE, COURT_ZONE)
        for name, parts in lists.items():
            records = parts.get((row[ACCOUNT_ID],))
            if records is not None:
                listed = records.iter_rows(named=True)
                data[name] = [_record(each, known[name], lists_of[name], zone) for each in listed]
        yield model.model_validate(data)


def _account(row: Mapping[str, Any], table: TableContract) -> dict[str, Any]:
    data: dict[str, Any] = {ACCOUNT_ID: row[ACCOUNT_ID]}
    named = [name.removeprefix("complete_") for name in table.flags if row[name] == 1]
    data["complete"] = [*named, *plain_of(row[STATEMENTS])]
    if row.get(TIME_ZONE) is not None:
        data[TIME_ZONE] = row[TIME_ZONE]
    for column, path in table.paths.items():
        put_answer(data, path, _ANSWERS[row[column]])
    return data


def _record(
    row: Mapping[str, Any], table: TableContract, list_shape: ListShape, zone: str
) -> dict[str, Any]:
    data: dict[str, Any] = {name: row.get(name) for name in table.carried}
    for name in list_shape.yes_no:
        data[name] = _ANSWERS[row[name]]
    for name, words in list_shape.vocabulary.items():
        data[name] = words_of(row[name], words)
    for name in table.moments:
        first, last = (row[column] for column in bounds_of(name))
        if list_shape.is_end(name) and first == LATEST:
            data[name] = ".."
        elif (first, last) != (EARLIEST, LATEST):
            data[name] = Moment.between(first, last, zone)
    return data
