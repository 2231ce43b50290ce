"""Records that belong to nobody, and the accounts that are held back for them.

An id that a spreadsheet, a join or a hand has changed makes a record nobody's, and its account look
as if there were no such record. So no account is decided beside a record that may be its own: one
whose id is alike, or one that names no account, where the list is said to hold every record.

Ids that are alike may lie far apart; so what is nobody's is found in all pieces of some tables,
before any of them is normalised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import Factory, frozen

from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    KEY,
    STATEMENTS,
    complete_flag,
    is_named,
)
from eligibility.batch.tables.stated import says_something_of

#: The number of a row in the table as it came, from 1.
ROW: Final = "row"
HELD_BACK: Final = "held-back"

#: What nobody sees: blanks of all kinds, controls, characters without a width, empty Braille.
_UNSEEN: Final = r"[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\x{2800}]"
#: What spreadsheets put around a text that they are not to take for a number or a formula.
_MARKS_BEFORE: Final = "^[='\"“”„+]+"
_MARKS_BEHIND: Final = "['\"“”]+$"
#: A number whose thousands are parted.
_THOUSANDS: Final = "^[0-9]{1,3}(?:[,.'\u2019][0-9]{3})+$"
#: What programs write where there is no id, and what a spreadsheet makes of a long number.
_PLACEHOLDER: Final = (
    r"^(|null|nil|none|nan|nat|n/?a|<na>|\\n|[-.?_]+|#+|#n/a|#(null|ref|value|num|div/0|spill)!"
    r"|#name\?|[0-9]([.,][0-9]+)?e\+[0-9]+)$"
)
#: Ids of which the key is they themselves, but for case.
_PLAIN: Final = "^[1-9A-Za-z_-][0-9A-Za-z_-]*$"


def alike_key(account: pl.Expr) -> pl.Expr:
    """What an id is but for what gets lost on the way: ids with the same key are alike.

    Left aside are blanks and whatever else nobody sees, case, the Unicode form, zeros in front, and
    what spreadsheets and data frames add: quotation marks, `=`, `'` or `+` before a text, `.0`
    behind a number, and what parts its thousands.

    >>> ids = pl.DataFrame({"id": ["00123", " 123", "123.0", "\u200b'0123", "Ab-1", "AB-1\u00a0"]})
    >>> ids.select(alike_key(pl.col("id")))["id"].to_list()
    ['123', '123', '123', '123', 'ab-1', 'ab-1']
    """
    seen = account.str.normalize("NFKC").str.replace_all(_UNSEEN, "")
    bare = seen.str.replace(_MARKS_BEFORE, "").str.replace(_MARKS_BEHIND, "")
    folded = bare.str.to_uppercase().str.to_lowercase().str.normalize("NFKC")
    in_thousands = folded.str.contains(_THOUSANDS)
    whole = pl.when(in_thousands).then(folded.str.replace_all("[,.'\u2019]", "")).otherwise(folded)
    return whole.str.replace(r"^([0-9]+)[.,]0+$", "${1}").str.replace("^0+(.)", "${1}")


def names_none(account: pl.Expr) -> pl.Expr:
    """Whether an id that no account has names none at all: the record may be anybody's.

    >>> ids = pl.DataFrame({"id": [None, " ", "NULL", "#N/A", "1.23457E+15", "A-1"]})
    >>> ids.select(names_none(pl.col("id")))["id"].to_list()
    [True, True, True, True, True, False]
    """
    return account.is_null() | alike_key(account).str.contains(_PLACEHOLDER)


def says_something(schema: pl.Schema) -> pl.Expr:
    """Whether a record says anything but whose it is.

    A row that is empty all over, as spreadsheets leave behind, is no record of anybody.
    """
    said = [
        pl.col(name).is_not_null() & (pl.col(name).cast(pl.String) != "")
        for name, kind in schema.items()
        if name not in (ACCOUNT_ID, ROW) and kind != pl.Null
    ]
    return pl.any_horizontal(pl.lit(value=False), *said)


def may_be_anybodys(schema: pl.Schema) -> pl.Expr:
    """Whether a record that no account has may be that of any."""
    return names_none(pl.col(ACCOUNT_ID)) & says_something(schema)


def alike_accounts(accounts: pl.LazyFrame) -> list[list[str]]:
    """Accounts whose ids are alike, those of one key together; sorted.

    Each account is given once. Memory is some twenty bytes an account: a hash of each key, sorted.

    >>> ids = pl.LazyFrame({"account_id": ["0012", "12", "A-1", "B-1", "a-1 "]})
    >>> alike_accounts(ids)
    [['0012', '12'], ['A-1', 'a-1 ']]
    """
    account = pl.col(ACCOUNT_ID)
    keyed = _with_keys(accounts).select(ACCOUNT_ID, key=pl.col("alike").hash())
    keys = keyed.select("key").collect(engine="streaming")["key"].sort()
    shared = keys.filter(keys == keys.shift()).unique().to_frame()
    if shared.is_empty():
        return []
    seeming = keyed.join(shared.lazy(), on="key", how="semi").collect(engine="streaming")
    by_key = seeming.group_by(alike_key(account)).agg(account.sort().alias("ids"))
    return sorted(ids for ids in by_key["ids"].to_list() if len(ids) > 1)


def _with_keys(accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts, each with its key."""
    account = pl.col(ACCOUNT_ID)
    is_plain = account.str.contains(_PLAIN)  # the key of most ids, at a fifth of the time
    return pl.concat(
        accounts.filter(condition).select(ACCOUNT_ID, alike=key)
        for condition, key in (
            (is_plain, account.str.to_lowercase()),
            (~is_plain, alike_key(account)),
        )
    )


def _no_keys() -> pl.Series:
    return pl.Series("key", [], pl.UInt64)


def _none_held() -> pl.DataFrame:
    schema = {ACCOUNT_ID: pl.String, "table": pl.String, ROW: pl.UInt32, "value": pl.String}
    return pl.DataFrame(schema=schema)


@frozen
class Strays:
    """What is nobody's in some tables.

    `keys`: hashes of ids that records have and no account. `alike`: accounts with an id that is
    alike; for each such id of a table, that id as `value`, and its first row. `nameless`: by table,
    the first row that may be anybody's.
    """

    keys: pl.Series = Factory(_no_keys)
    alike: pl.DataFrame = Factory(_none_held)
    nameless: Mapping[str, int] = Factory(dict)

    def held_back(self, accounts: pl.LazyFrame, whole: Iterable[str] = ()) -> pl.DataFrame:
        """The accounts that are held back, with table and row of the record that may be theirs.

        Args:
            accounts: the normalised table, or a piece of it.
            whole: the lists that are supposed to hold every record.
        """
        held = [self.alike.lazy().join(accounts, on=ACCOUNT_ID, how="semi")]
        for name, row in self.nameless.items():
            says = (pl.col(complete_flag(name)) == 1) | says_something_of(name, pl.col(STATEMENTS))
            flag = pl.lit(value=True) if name in whole else says
            given = accounts.filter(flag, pl.col(ACCOUNT_ID).is_not_null())
            where = {"table": pl.lit(name), ROW: pl.lit(row, pl.UInt32)}
            held.append(given.select(ACCOUNT_ID, **where, value=pl.lit(None, pl.String)).unique())
        return pl.concat(held).collect(engine="streaming")


def strays_in(pieces: Sequence[Mapping[str, pl.LazyFrame]]) -> Strays:
    """What is nobody's in some tables, of which each piece holds all rows of its ids.

    Each piece is read by itself, and mostly only its ids are: memory is that of one piece, and a
    few numbers for each id that is nobody's.
    """
    ids = [_stray_ids(piece) for piece in pieces]
    found = [(p, each) for p, each in zip(pieces, ids, strict=True) if not each.is_empty()]
    if not found:
        return Strays()
    whole = pl.concat([each for _, each in found])
    nameless: dict[str, int] = {}
    for piece, each in found:
        for name, row in _first_nameless(piece, each).items():
            nameless[name] = min(row, nameless.get(name, row))
    held = _accounts_alike(pieces, whole["alike"].drop_nulls().unique())
    alike = _held_for(held, found) if len(held) else _none_held()
    return Strays(whole["key"].unique(), alike, nameless)


def _stray_ids(piece: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """The ids that records of a piece have and no account, each once for each table.

    Ids are compared by a hash first, since comparing texts takes many times as long.
    """
    key, account = KEY.alias("key"), pl.col(ACCOUNT_ID)
    accounts = piece[ACCOUNTS].filter(is_named(account)).select(key, known=account)
    lists = [name for name in piece if name != ACCOUNTS]
    asked = [
        piece[name]
        .select(account)
        .filter(account.is_null() | account.ne_missing(account.shift()))  # in a row, it is the same
        .select(key, account)
        .join(accounts, on="key", how="left")
        .filter((pl.col("known") != account).fill_null(value=True))  # a null id is nobody's too
        .select("key", account, pl.lit(name).alias("table"))
        .unique()
        for name in lists
    ]
    seeming = pl.concat(pl.collect_all(asked, engine="streaming"))
    if not seeming.is_empty():  # two accounts may share a hash: then one of them is another's
        own = accounts.select(account=pl.col("known"))
        seeming = (
            seeming.lazy().join(own, left_on=account, right_on="account", how="anti").collect()
        )
    return seeming.select(
        "key",
        "table",
        pl.when(account.is_not_null()).then(alike_key(account).hash()).alias("alike"),
        names_none(account).alias("is_nameless"),
    )


def _first_nameless(piece: Mapping[str, pl.LazyFrame], ids: pl.DataFrame) -> dict[str, int]:
    """By table, the first row of a piece that may be anybody's."""
    found = {}
    for name, keys in _by_table(ids.filter("is_nameless")):
        own = piece[name].filter(may_be_anybodys(piece[name].collect_schema()))
        first = own.with_columns(key=KEY).join(keys, on="key", how="semi").select(pl.col(ROW).min())
        row = first.collect(engine="streaming").item()
        if row is not None:
            found[name] = row
    return found


def _accounts_alike(
    pieces: Sequence[Mapping[str, pl.LazyFrame]], hashes: pl.Series
) -> pl.DataFrame:
    """The accounts whose key, here `alike`, has one of these hashes."""
    sought = hashes.to_frame("hash").lazy()
    asked = [
        _with_keys(piece[ACCOUNTS].drop_nulls(ACCOUNT_ID))
        .with_columns(hash=pl.col("alike").hash())
        .join(sought, on="hash", how="semi")
        .select(ACCOUNT_ID, "alike")
        .unique()
        for piece in pieces
    ]
    return pl.concat([each.collect(engine="streaming") for each in asked])


def _held_for(
    held: pl.DataFrame, found: Sequence[tuple[Mapping[str, pl.LazyFrame], pl.DataFrame]]
) -> pl.DataFrame:
    """Accounts, each with every id that is alike to its own and nobody's; see `Strays.alike`."""
    account = pl.col(ACCOUNT_ID)
    held_for = []
    for piece, ids in found:
        for name, keys in _by_table(ids):
            rows = piece[name].with_columns(key=KEY).join(keys, on="key", how="semi")
            alike = rows.select(ROW, value=account, alike=alike_key(account))
            first = alike.group_by("value", "alike").agg(pl.col(ROW).min())
            same = held.lazy().join(first, on="alike").with_columns(table=pl.lit(name))
            held_for.append(same.select(_none_held().columns).cast({ROW: pl.UInt32}).collect())
    return pl.concat([_none_held(), *held_for])


def _by_table(ids: pl.DataFrame) -> Iterator[tuple[str, pl.LazyFrame]]:
    for (name,), rows in ids.group_by("table", maintain_order=True):
        yield str(name), rows.select("key").lazy()
