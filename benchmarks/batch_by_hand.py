"""The default reading of De La Torre v. LinkedIn, as somebody would write it for this case alone.

A Polars plan over normalised tables, as fast as its writer could make it, with the very rows of the
generated statement; and the floor, which only reads the same columns and writes as many rows.

What makes it fast, beside what every plan does: what is certain and what is possible stand side by
side in one row of an account, so that messages are joined and grouped once; accounts with several
spans or with permissions, which are few, are made such rows of before; whoever's list of messages
may lack some has, possibly, one that is as good as can be, which no join is needed to see; messages
that were not shared are never joined; accounts are known by a hash, which is compared much faster
than a text (to say of sorted tables that they are sorted gains less).
"""

import polars as pl

from eligibility.batch.tables.schema import clause_column, contract
from eligibility.history import AccountHistory
from eligibility.rules import PREMIUM_PLANS, UPDATE_DAY_BEGINS
from eligibility.values.timeline import EARLIEST, LATEST

ID, KEY = "account_id", "key"
#: Of an odd account, its place among them; of a row of it, that and a number.
PLACE, NUMBER = "place", "number"
CLAUSES = ("premium", "inmail", "shared", "without-permission", "before-update")
LISTS = ("premium", "messages", "permissions")
col, when, lit = pl.col, pl.when, pl.lit
#: How many clauses a record gets through that is shared under permission, too late, or in time.
NONE, PREMIUM, PERMITTED, TOO_LATE, IN_TIME = (lit(at, pl.Int8) for at in (0, 1, 3, 4, 5))
_PLANS = list(contract(AccountHistory)["premium"].codes("plan", frozenset(PREMIUM_PLANS)))
_UNTIL = UPDATE_DAY_BEGINS - 1
#: A window that holds nothing, and how far it lets records get.
_NOTHING = {"first": lit(LATEST), "last": lit(EARLIEST), "most": NONE}
_SURE_NOTHING = {f"sure_{name}": value for name, value in _NOTHING.items()}


def by_hand(tables):
    """The result, lazily."""
    key = col(ID).hash().alias(KEY)
    read = {name: pl.scan_parquet(file).with_columns(key) for name, file in tables.items()}
    told_apart = read["accounts"].select(col(KEY).n_unique() == pl.len())
    assert told_apart.collect(engine="streaming").item(), "two accounts share a hash"
    spans, permissions = _spans(read["premium"]), read["permissions"]
    flags = read["accounts"].select(KEY, **{name: col(f"complete_{name}") == 1 for name in LISTS})
    counted = pl.concat([spans.with_columns(pieces=lit(1, pl.Int32)), _hiding(permissions)])
    had = counted.group_by(KEY).agg(
        col("sure_first", "first").min(), col("sure_last", "last").max(), col("pieces").sum()
    )
    odd = had.filter(col("pieces") > 1).select(KEY).join(flags, on=KEY)
    odd = odd.collect(engine="streaming").sort(KEY).with_row_index(PLACE)
    of_odd = odd.lazy().select(KEY, PLACE, "premium")
    pieces, hidden = (
        frame.join(of_odd, on=KEY).drop(KEY).collect(engine="streaming")
        for frame in (spans, _spans(permissions.with_columns(plan=lit(0, pl.Int8))))
    )
    plain = _plain(flags.join(had, on=KEY, how="left"))
    windows = pl.concat([plain, _odd(odd, pieces, hidden).lazy()])
    holds = (col("sure_first") <= col("sure_last")) | (col("first") <= col("last"))
    reached = _reached(windows.filter(holds).join(_records(read["messages"]), on=KEY))
    reached = reached.filter((col("surely") > 0) | (col("possibly") > 0))
    unlisted = windows.select(KEY, surely=NONE, possibly="unlisted")
    found = pl.concat([reached, unlisted]).group_by(KEY).agg(pl.all().max())
    return _result(
        read["accounts"].select(KEY, ID).join(found, on=KEY), _needing_joint_coverage(read)
    )


def _spans(premium):
    """The spans that may count: what each surely covers, if anything, and what it may cover."""
    first = pl.min_horizontal("start_latest", "end_latest")
    last = pl.max_horizontal("start_earliest", "end_earliest")
    is_sure = (col("plan") >= 0) & (first <= last)
    return premium.filter(col("plan").is_in([*_PLANS, -1])).select(
        KEY,
        sure_first=when(is_sure).then(first).otherwise(LATEST),
        sure_last=when(is_sure).then(last).otherwise(EARLIEST),
        first="start_earliest",
        last="end_latest",
    )


def _hiding(permissions):
    """Permissions as spans that cover nothing, and are as odd as two."""
    ends = {"sure_first": LATEST, "sure_last": EARLIEST, "first": LATEST, "last": EARLIEST}
    nothing = {name: lit(value, pl.Int64) for name, value in ends.items()}
    return permissions.select(KEY, **nothing, pieces=lit(2, pl.Int32))


def _plain(known):
    """A row for each account with at most one span and no permission: all that matters of it."""
    is_open = ~col("premium")
    return _told(
        known.filter(col("pieces").fill_null(0) <= 1).select(
            KEY,
            "messages",
            sure_first=col("sure_first").fill_null(LATEST),
            sure_last=col("sure_last").fill_null(EARLIEST),
            sure_most=when("permissions").then(IN_TIME).otherwise(PERMITTED),
            first=when(is_open).then(EARLIEST).otherwise(col("first").fill_null(LATEST)),
            last=when(is_open).then(LATEST).otherwise(col("last").fill_null(EARLIEST)),
            most=IN_TIME,
        )
    )


def _told(windows):
    """The windows, with how far a message gets that is not listed.

    Where there may be one, no message that is listed can get further, possibly.
    """
    is_able, is_open = col("first") <= col("last"), ~col("messages")
    furthest = when(col("first") <= _UNTIL).then("most").otherwise(_late("most"))
    return windows.select(
        KEY,
        *_SURE_NOTHING,
        first=when(is_open).then(LATEST).otherwise("first"),
        last=when(is_open).then(EARLIEST).otherwise("last"),
        most="most",
        unlisted=when(is_open & is_able).then(furthest).otherwise(NONE),
    )


def _late(most):
    """How far a window lets records get that were shared too late."""
    return when(col(most) == IN_TIME).then(TOO_LATE).otherwise(most)


def _odd(odd, pieces, hidden):
    """The windows of accounts with several spans or with permissions, certain beside possible."""
    flags = odd.select(PLACE, "messages", "permissions")
    sure = _clipped(_merged(_sure(pieces)), hidden.select(PLACE, "first", "last"))
    is_whole = col("permissions") | (col("most") == PERMITTED)
    sure = sure.join(flags, on=PLACE).with_columns(
        most=when(is_whole).then("most").otherwise(PERMITTED)  # one may not be listed
    )
    whole = odd.filter(~col("premium")).select(PLACE, first=lit(EARLIEST), last=lit(LATEST))
    able = pl.concat([pieces.filter("premium").select(PLACE, "first", "last"), whole])
    able = _clipped(_merged(able), _sure(hidden)).join(flags, on=PLACE)
    furthest = when(col("first") <= _UNTIL).then("most").otherwise(_late("most"))
    unlisted = able.filter(~col("messages")).group_by(PLACE).agg(unlisted=furthest.max())
    sides = [
        _numbered(odd.select(PLACE, KEY).join(unlisted, on=PLACE, how="left")),
        _numbered(sure.select(PLACE, **{f"sure_{name}": col(name) for name in _NOTHING})),
        _numbered(able.filter("messages").select(PLACE, *_NOTHING)),
    ]
    rows = pl.concat([side.select(NUMBER) for side in sides]).unique().sort(NUMBER)
    for side in sides:
        rows = rows.join(side, on=NUMBER, how="left", maintain_order="left")
    nothing = _SURE_NOTHING | _NOTHING | {"unlisted": NONE}
    filled = {name: col(name).fill_null(value) for name, value in nothing.items()}
    return rows.select(col(KEY).forward_fill(), **filled)


def _numbered(rows):
    """Rows of accounts in order, numbered within each: 0 is its first."""
    ordered = rows.sort(PLACE).with_row_index("row")
    first = when((col(PLACE) != col(PLACE).shift()).fill_null(True)).then("row").forward_fill()
    number = col(PLACE).cast(pl.Int64) * 2**32 + (col("row") - first)
    return ordered.with_columns(number.alias(NUMBER)).drop(PLACE, "row")


def _sure(pieces):
    covered = pieces.select(PLACE, first="sure_first", last="sure_last")
    return covered.filter(col("first") <= col("last"))


def _clipped(pieces, hidden):
    """Pieces of coverage, and what of them lies outside of permissions, if there are any."""
    gaps = _gaps(_merged(hidden))
    outside = pieces.join(gaps, on=PLACE).select(
        PLACE,
        first=pl.max_horizontal("first", "gap_first"),
        last=pl.min_horizontal("last", "gap_last"),
        most=IN_TIME,
    )
    is_hidden = gaps.select(PLACE, most=PERMITTED).unique()
    whole = pieces.join(is_hidden, on=PLACE, how="left")
    whole = whole.with_columns(col("most").fill_null(IN_TIME))
    return pl.concat([whole, outside.filter(col("first") <= col("last"))])


def _merged(pieces):
    """Pieces that touch, merged; they come out sorted.

    The running maximum within an account is that of all, if accounts are far enough apart.
    """
    apart = col(PLACE).rle_id().cast(pl.Int128) * 2**60
    reach = (apart + col("last")).cum_max().shift() - apart
    return (
        pieces.sort(PLACE, "first")
        .with_columns(island=(col("first") > reach + 1).fill_null(True).cum_sum())
        .group_by("island", maintain_order=True)
        .agg(col(PLACE).first(), col("first").first(), col("last").max())
        .drop("island")
    )


def _gaps(merged):
    """What merged pieces, sorted, leave open; some gaps are empty."""
    is_same = col(PLACE) == col(PLACE).shift()
    before = merged.select(
        PLACE,
        gap_first=when(is_same).then(col("last").shift() + 1).otherwise(EARLIEST),
        gap_last=col("first") - 1,
    )
    after = merged.group_by(PLACE).agg(gap_first=col("last").max() + 1, gap_last=lit(LATEST))
    return pl.concat([before, after])


def _records(messages):
    """Messages that may have been shared, and between when and when."""
    records = messages.filter(col("shared") != 0).select(
        KEY,
        "inmail",
        is_shared=col("shared") == 1,
        earliest=pl.max_horizontal("sent_at_earliest", "shared_at_earliest"),
        latest="shared_at_latest",
    )
    return records.filter(col("earliest") <= col("latest"))


def _reached(joined):
    """How many clauses each record surely and possibly gets through, in each window."""
    soonest = pl.max_horizontal("first", "earliest")
    is_able = (soonest <= pl.min_horizontal("last", "latest")) & col("latest").is_not_null()
    is_sure = (
        col("is_shared")
        & (col("sure_first") <= col("earliest"))
        & (col("latest") <= col("sure_last"))
    )
    surely = (
        when(col("inmail") != 1)
        .then(PREMIUM)
        .when(col("latest") <= _UNTIL)
        .then("sure_most")
        .otherwise(_late("sure_most"))
    )
    possibly = (
        when(col("inmail") == 0)
        .then(PREMIUM)
        .when(soonest <= _UNTIL)
        .then("most")
        .otherwise(_late("most"))
    )
    return joined.select(
        KEY,
        surely=when(is_sure).then(surely).otherwise(NONE),
        possibly=pl.max_horizontal("unlisted", when(is_able).then(possibly).otherwise(NONE)),
    )


def _result(found, joint):
    counted = found.select(ID, "surely", possibly=pl.max_horizontal("surely", "possibly"))
    is_sure, is_able = (col(name) == IN_TIME for name in ("surely", "possibly"))
    agree = col("surely") == col("possibly")
    at = when(is_sure).then(lit(4, pl.Int8)).when(is_able).then("surely").otherwise("possibly")
    truths = {
        clause_column(name): when(col("surely") >= count)
        .then(lit("true"))
        .when(col("possibly") >= count)
        .then(lit("unknown"))
        .otherwise(lit("false"))
        for count, name in enumerate(CLAUSES, 1)
    }
    return counted.select(
        ID,
        status=when(is_sure)
        .then(lit("eligible"))
        .when(is_able)
        .then(lit("indeterminate"))
        .otherwise(lit("ineligible")),
        **truths,
        decided_by=at.replace_strict(dict(enumerate(CLAUSES)), return_dtype=pl.String),
        exact=~col(ID).is_in(joint.implode()) | agree if len(joint) else lit(value=True),
    )


def _needing_joint_coverage(read):
    """Accounts with spans so short that records could share one: none, as a rule."""
    most = read["messages"].select(pl.len()).collect().item()
    begun = pl.min_horizontal("start_latest", "end_latest")
    width = begun - pl.max_horizontal("start_earliest", "end_earliest") + 1
    crossed = (
        read["premium"]
        .filter(col("plan").is_in(_PLANS), width > 1)
        .group_by(ID)
        .agg(width=width.min(), spans=pl.len().cast(pl.Int64))
        .filter(col("width") <= most * col("spans"))
        .collect(engine="streaming")
    )
    if crossed.is_empty():
        return crossed[ID]
    shared = read["messages"].filter(col("shared") == 1).join(crossed.lazy(), on=ID)
    needed = shared.group_by(ID).agg(col("width").first(), needed=pl.len() * col("spans").first())
    return needed.filter(col("width") <= col("needed")).collect(engine="streaming")[ID]


def floor(tables):
    """Read what a verdict turns on, and write as many rows of as many texts; decide nothing."""
    read = {name: pl.scan_parquet(file) for name, file in tables.items()}
    unread = ("direction", "recipient", "exclusions_")
    lists = [
        read[name].select(pl.exclude(f"^({'|'.join(unread)}).*$").max().name.prefix(f"{name}_"))
        for name in LISTS
    ]
    seen = pl.concat(lists, how="horizontal").collect(engine="streaming")
    assert len(seen) == 1
    flags = [col(f"complete_{name}") == 1 for name in LISTS]
    some = {
        clause_column(name): when(flags[at % 3])
        .then(lit("true"))
        .when(flags[(at + 1) % 3])
        .then(lit("unknown"))
        .otherwise(lit("false"))
        for at, name in enumerate(CLAUSES)
    }
    return read["accounts"].select(
        ID,
        status=when(flags[0]).then(lit("indeterminate")).otherwise(lit("ineligible")),
        **some,
        decided_by=when(flags[1]).then(lit("premium")).otherwise(lit("without-permission")),
        exact=lit(True),
    )
