"""Making tables ready: what every column means, what does not fit, and that nothing gets lost.

What a row or an account means is held to what the history model says of the same facts as JSON.
All accounts are fictional.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eligibility import (
    AccountHistory,
    History,
    InconsistentHistory,
    InvalidHistory,
    Moment,
    MomentField,
    Record,
    YesNo,
    read_history,
)
from eligibility.batch.errors import InvalidTables
from eligibility.batch.tables.moments import read_dates, read_instants, read_texts, read_timestamps
from eligibility.batch.tables.normalise import IS_WRONG, normalise_table, row_problems
from eligibility.batch.tables.parts import prepare_to
from eligibility.batch.tables.prepare import Prepared, prepare
from eligibility.batch.tables.scan import frames, reading, scan
from eligibility.batch.tables.schema import POLARS_TYPES, bounds_of, contract
from eligibility.batch.tables.strays import strays_in
from eligibility.errors import CODES, InvalidMoment
from eligibility.facts.model import unique_ids
from eligibility.facts.normalise import normalise_record
from eligibility.facts.shape import shape
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST

CONTRACT = contract(AccountHistory)
LISTS = shape(AccountHistory).lists
ZONES = [
    COURT_ZONE,
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # daylight saving of half an hour
    "America/St_Johns",  # changed the clock a minute past midnight
    "Pacific/Apia",  # has no 30 December 2011
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/Nuuk",  # an hour in 2023 of which Python's zones say two things
]

# ---- moments: the same meaning as `Moment.parse` -----------------------------------------------


def meaning(text: str | None, zone: str | None, *, is_end: bool = False) -> dict[str, Any]:
    """What the reference says of a text."""
    if text is None:
        return {"earliest": None, "latest": None, "code": None}
    if is_end and text == "..":
        return {"earliest": LATEST, "latest": LATEST, "code": None}
    try:
        moment = Moment.parse(text, zone or COURT_ZONE)
    except InvalidMoment as error:
        return {"earliest": None, "latest": None, "code": error.problems[0].code}
    return {"earliest": moment.earliest, "latest": moment.latest, "code": None}


HARD_TEXTS = [
    *("2024-03-10T02:30:00", "2024-03-10T01:59:59.999999", "2024-03-10", "2024-11-03T01:30"),
    *("2024-11-03T01:30:00", "2024-11-03", "2011-12-30", "2011-12-30T12:00:00", "2011-12-29"),
    *("1899-12-31T23:00:00-02:00", "1899-12-31T23:00:00", "1900-01-01T00:00:00+00:01"),
    *("2200-12-31T23:59:59.999999Z", "2200-12-31T23:59Z", "2201-01-01T00:00:00+14:00"),
    *("2200-12-31T23:59", "1900-01-01", "2200-12-31", "2200-12-31T23:59:59-00:01"),
    *("9999-12-31T00:00:00Z", "9999-02-30T00:00:00Z", "0001-01-01T00:00:00"),
    *("..", "../..", "../2024-09-17", "2024-05/2024-08", "2024-08/2024-05", "2024-09-1X"),
    *(
        "202X",
        "2024-XX",
        "2024-21",
        "2024~",
        "",
        " 2024",
        "2024 ",
        "2024\n",
        "\uff12\uff10\uff12\uff14",
        "2024-02-30",
    ),
    *("2024-02-30T00:00:00Z", "2024-09-17T24:00:00Z", "2024-09-17T10:00:60Z", "2024-13-01"),
    *("2024-09-17t10:00:00z", "2024-09-17T10:00:00.1234567Z", "2024-09-17T10:00:00.12+05:45"),
    *("2024-09-17T10:00.5Z", "2024-09-17T10:00:00+24:00", "2024-09-17T10:00:00-00:00"),
    *("2024-09-17 10:00:00", "2024-09-17T10:00:00Z/..", "20240917", "1726642800000000"),
    *(
        "2007-10-28T00:01",
        "2007-11-04T00:00:30",
        "2024-04-07T01:45:00",
        "2024-10-06T02:15:00",
        "2023-10-28T23:15:00",
        "2023-10-28",
    ),
]


@st.composite
def _texts(draw: st.DrawFn) -> str:
    year = draw(st.sampled_from(["2024", "2024", "2011", "1900", "2200", "1899", "2201", "1966"]))
    month = draw(st.sampled_from(["03", "11", "12", "10", "04", "01", "02", "13", "1X", "XX"]))
    day = draw(st.sampled_from(["10", "03", "30", "31", "01", "06", "07", "29", "3X", "XX"]))
    time = draw(st.sampled_from(["01:30", "02:30", "02:15", "00:00", "23:59", "12:00", "24:00"]))
    second = draw(st.sampled_from(["", ":00", ":59", ":30.5", ":59.999999", ":60"]))
    offset = draw(st.sampled_from(["", "", "Z", "-07:00", "+14:00", "-00:01", "+05:45"]))
    full = f"{year}-{month}-{day}"
    simple = draw(
        st.sampled_from([year, f"{year}-{month}", full, f"{full}T{time}{second}{offset}"])
    )
    return draw(st.sampled_from([simple, simple, f"../{simple}", f"{simple}/..", f"{simple}/2024"]))


@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), _texts(), st.sampled_from(HARD_TEXTS), st.text(max_size=12)),
            st.one_of(st.none(), st.sampled_from([*ZONES, "Nowhere/At_All"])),
        ),
        max_size=40,
    ),
    is_end=st.booleans(),
)
@example(rows=[(text, zone) for text in HARD_TEXTS for zone in ZONES], is_end=False)
@example(rows=[(text, zone) for text in HARD_TEXTS for zone in ZONES], is_end=True)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_text_means_what_a_moment_means(
    rows: list[tuple[str | None, str | None]], is_end: bool
) -> None:
    values = pl.Series([text for text, _ in rows], dtype=pl.String)
    zones = pl.Series([zone for _, zone in rows], dtype=pl.String)
    known = [zone if zone in ZONES else None for _, zone in rows]  # any other is refused elsewhere
    wanted = [
        meaning(text, zone, is_end=is_end) for (text, _), zone in zip(rows, known, strict=True)
    ]
    assert read_texts(values, zones, is_end=is_end).to_list() == wanted
    in_court = [meaning(text, None, is_end=is_end) for text, _ in rows]
    assert read_texts(values, None, is_end=is_end).to_list() == in_court


local_time = datetime.fromisoformat
_TIMES = st.one_of(
    st.datetimes(local_time("1899-12-31"), local_time("2201-01-02")),
    st.datetimes(local_time("2024-03-10"), local_time("2024-03-11")),
    st.datetimes(local_time("2024-11-03"), local_time("2024-11-04")),
    st.datetimes(),
)


@given(
    times=st.lists(st.tuples(st.one_of(st.none(), _TIMES), st.sampled_from(ZONES)), max_size=30),
    unit=st.sampled_from(["ms", "us", "ns"]),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_naive_timestamp_means_its_local_time(
    times: list[tuple[datetime | None, str]], unit: Any
) -> None:
    if unit == "ms":
        times = [(t and t.replace(microsecond=t.microsecond // 1000 * 1000), z) for t, z in times]
    if unit == "ns":  # reaches from 1677 to 2262
        times = [(t if t and 1700 < t.year < 2260 else None, zone) for t, zone in times]
    values = pl.Series([time for time, _ in times], dtype=pl.Datetime(unit))
    zones = pl.Series([zone for _, zone in times], dtype=pl.String)
    wanted = [meaning(t and t.isoformat(timespec="microseconds"), zone) for t, zone in times]
    assert read_timestamps(values, zones).to_list() == wanted


@given(
    days=st.lists(
        st.tuples(
            st.one_of(
                st.none(),
                st.dates(),
                st.dates(date(2024, 1, 1), date(2024, 12, 31)),
                st.just(date(2011, 12, 30)),
            ),
            st.sampled_from(ZONES),
        ),
        max_size=30,
    )
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_date_means_that_day(days: list[tuple[date | None, str]]) -> None:
    values = pl.Series([day for day, _ in days], dtype=pl.Date)
    zones = pl.Series([zone for _, zone in days], dtype=pl.String)
    wanted = [meaning(day and day.isoformat(), zone) for day, zone in days]
    assert read_dates(values, zones).to_list() == wanted


@given(st.lists(st.one_of(st.none(), _TIMES), max_size=30))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_timestamp_with_a_zone_is_an_instant(times: list[datetime | None]) -> None:
    minute = timedelta(minutes=1)
    safe = [t and min(max(t, local_time("0002-01-01")), local_time("9998-01-01")) for t in times]
    aware = [t and t.replace(tzinfo=timezone(345 * minute)) for t in safe]
    values = pl.Series(aware, dtype=pl.Datetime("us", "UTC"))
    in_utc = [t and t.astimezone(timezone.utc).replace(tzinfo=None) for t in aware]  # noqa: UP017 - a zone of its own kind above
    wanted = [meaning(t and t.isoformat(timespec="microseconds") + "Z", None) for t in in_utc]
    assert read_instants(values).to_list() == wanted


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([2**62, -(2**62)]).cast(pl.Datetime("ms")),
        pl.Series([2**62, -(2**62)]).cast(pl.Datetime("us")),
        pl.Series([2**63 - 1, -(2**63) + 1]).cast(pl.Datetime("ns")),
        pl.Series([2**62, -(2**62)]).cast(pl.Datetime("ms", "UTC")),
        pl.Series([2**30, -(2**30)]).cast(pl.Date),
    ],
    ids=lambda values: str(values.dtype),
)
def test_times_that_no_calendar_has_are_out_of_range(values: pl.Series) -> None:
    table = {"account_id": ["FICTIONAL-1", "FICTIONAL-2"], "sent_at": values}
    found = told("messages", pl.DataFrame(table))
    assert [code for code, _, _ in found] == ["moment-range", "moment-range"]
    assert all(value.lstrip("-").isdigit() for _, _, value in found)


# ---- rows: what a column says ------------------------------------------------------------------


def told(name: str, table: pl.DataFrame) -> list[tuple[str, str, str]]:
    """What is wrong with the rows of a table."""
    rows = table.lazy().with_row_index("row", 1)
    found = row_problems(rows, CONTRACT[name], LISTS.get(name), carry=("row",)).collect()
    return found.select("code", "column", "value").rows()


def made(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """A normalised table."""
    return normalise_table(table.lazy(), CONTRACT[name], LISTS.get(name)).collect()


def column(name: str, values: Any) -> pl.DataFrame:
    held = pl.Series(name, values, strict=False)
    return pl.DataFrame({"account_id": [f"FICTIONAL-{at}" for at in range(len(held))], name: held})


@pytest.mark.parametrize(
    "values",
    [
        [True, False, None],
        ["true", "FALSE", "unknown"],
        ["True", "false", None],
        ["1", "0", "-1"],
        [1, 0, -1],
        [1.0, 0.0, float("nan")],
        [1, 0, None],
        ["true", "false", ""],
        ["Yes", "No", ""],
        ["y", "N", None],
        ["t", "f", "unknown"],
        ["TRUE", "FALSE", "Unknown"],
    ],
)
def test_a_fact_can_be_said_in_many_ways(values: list[Any]) -> None:
    read = made("messages", column("shared", values))
    assert read["shared"].to_list() == [1, 0, -1]
    assert read["shared"].dtype == pl.Int8
    assert not read[IS_WRONG].any()


@pytest.mark.parametrize(
    "kind", [pl.Int8, pl.Int64, pl.UInt8, pl.UInt64, pl.Float32, pl.Decimal(9, 2)]
)
def test_a_number_that_stands_for_no_fact_is_told(kind: Any) -> None:
    values = pl.Series([0, 1, 2]).cast(kind)
    read = made("messages", column("shared", values))
    assert read[IS_WRONG].to_list() == [False, False, True]
    assert [code for code, _, _ in told("messages", column("shared", values))] == ["wrong-type"]


@pytest.mark.parametrize("word", ["yess", "ok", "x", "2", "1.5", " true", "null"])
def test_a_word_that_says_no_fact_is_told(word: str) -> None:
    assert told("messages", column("shared", [word])) == [("wrong-type", "shared", word)]


def test_half_a_fact_is_told() -> None:
    assert [code for code, _, _ in told("messages", column("shared", [0.5]))] == ["wrong-type"]


@pytest.mark.parametrize(
    "values",
    [
        ["sent", "received", None],
        ["SENT", "Received", ""],
        ["0", "1", "unknown"],
        [0, 1, -1],
        [0.0, 1.0, None],
    ],
)
def test_a_word_of_a_vocabulary_is_its_place(values: list[Any]) -> None:
    read = made("messages", column("direction", values))
    assert read["direction"].to_list() == [0, 1, -1]
    assert not read[IS_WRONG].any()


@pytest.mark.parametrize("word", ["sent ", "forwarded", "2", "true"])
def test_a_word_of_no_vocabulary_is_told(word: str) -> None:
    assert told("messages", column("direction", [word])) == [
        ("not-in-vocabulary", "direction", word)
    ]


def test_a_list_is_complete_only_if_somebody_says_so() -> None:
    values = [True, False, None, "unknown"]
    for table in (
        column("complete_premium", values[:3]),
        column("complete_premium", ["true", "0", ""]),
        column("complete_premium", [1, 0, -1]),
        column("complete_premium", pl.Series([1, 0, -1], dtype=pl.Int8)),
    ):
        assert made("accounts", table)["complete_premium"].to_list() == [1, 0, 0]
    assert made("accounts", column("time_zone", ["UTC"]))["complete_premium"].to_list() == [0]


#: The microseconds of the first instant of May 2024, in UTC.
_MAY = 1_714_521_600_000_000


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        ([_MAY, None], [_MAY + 5, None]),
        ([float(_MAY), float("nan")], [_MAY + 5.0, None]),
        (["2024-05-01T00:00:00Z", None], ["2024-05-01T00:00:00.000005Z", ""]),
        ([local_time("2024-04-30T17:00"), None], [local_time("2024-04-30T17:00:00.000005"), None]),
    ],
)
def test_bounds_can_be_said_in_many_ways(earliest: list[Any], latest: list[Any]) -> None:
    table = column("sent_at_earliest", earliest).with_columns(sent_at_latest=pl.Series(latest))
    read = made("messages", table)
    assert read["sent_at_earliest"].to_list() == [_MAY, EARLIEST]
    assert read["sent_at_latest"].to_list() == [_MAY + 5, LATEST]
    assert not read[IS_WRONG].any()


def test_a_text_as_a_bound_counts_with_its_own_bound() -> None:
    table = column("sent_at_earliest", ["2024-09"]).with_columns(sent_at_latest=pl.lit("2024-10"))
    read = made("messages", table)
    assert read["sent_at_earliest"].item() == Moment.parse("2024-09").earliest
    assert read["sent_at_latest"].item() == Moment.parse("2024-10").latest


def test_microseconds_may_stand_as_text() -> None:
    values = [str(EARLIEST), str(LATEST), "1726642800000000", "2024"]
    read = made("messages", column("sent_at_latest", values))
    wanted = [EARLIEST, LATEST, 1726642800000000, Moment.parse("2024").latest]
    assert read["sent_at_latest"].to_list() == wanted


@pytest.mark.parametrize("digits", ["1726642800", "1726642800000", "20240917", "20240917102200"])
def test_digits_that_are_more_likely_something_else_are_told(digits: str) -> None:
    assert [code for code, _, _ in told("messages", column("sent_at_latest", [digits]))] == [
        "number-unit"
    ]


@pytest.mark.parametrize("value", [LATEST + 1, EARLIEST - 1, 2**63 - 1, -(2**63)])
def test_an_instant_that_is_not_on_the_line_is_told(value: int) -> None:
    for kind in (pl.Int64, pl.Int128):
        values = pl.Series([value], dtype=kind)
        (found,) = told("messages", column("sent_at_earliest", values))
        assert found[:2] == ("moment-range", "sent_at_earliest")


def test_a_later_bound_before_the_earlier_is_told() -> None:
    table = column("sent_at_earliest", [_MAY + 1]).with_columns(sent_at_latest=pl.lit(_MAY))
    assert told("messages", table) == [("moment-order", "sent_at", f"{_MAY + 1}/{_MAY}")]


def test_an_end_of_two_dots_has_not_come() -> None:
    read = made("premium", column("end", ["..", None]))
    assert read["end_earliest"].to_list() == [LATEST, EARLIEST]
    assert read["end_latest"].to_list() == [LATEST, LATEST]
    assert told("premium", column("start", [".."])) == [("moment-notation", "start", "..")]


def test_ids_and_sources_have_a_length() -> None:
    assert told("accounts", column("account_id", ["x" * 201])) == [
        ("too-long", "account_id", "x" * 60)
    ]
    assert told("accounts", column("account_id", ["", None])) == [
        ("missing", "account_id", ""),
        ("missing", "account_id", ""),
    ]
    assert told("messages", column("source", ["x" * 201, "é" * 200, ""])) == [
        ("too-long", "source", "x" * 60)
    ]


def test_a_zone_that_there_is_not_is_told() -> None:
    assert told("accounts", column("time_zone", ["UTC", None, "Mars/Olympus"])) == [
        ("unknown-zone", "time_zone", "Mars/Olympus")
    ]


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    table = column("sent_at", ["2023-13"]).with_columns(
        inmail=pl.lit("maybe"), direction=pl.lit("up"), shared_at=pl.lit("2024~")
    )
    assert {code for code, _, _ in told("messages", table)} == {
        "moment-calendar",
        "moment-qualifier",
        "not-in-vocabulary",
        "wrong-type",
    }


def test_no_normalised_table_holds_a_null_but_in_what_is_carried() -> None:
    for name, table in CONTRACT.items():
        bare = made(name, pl.DataFrame({"account_id": ["FICTIONAL-1"]}))
        assert bare.drop(IS_WRONG).schema == {
            column: POLARS_TYPES[kind] for column, kind in table.normalised_columns.items()
        }
        assert sum(bare.drop(table.carried).null_count().row(0)) == 0
        nulls = pl.DataFrame(
            {"account_id": ["FICTIONAL-1"], **dict.fromkeys([*table.values, *table.moments])}
        )
        assert made(name, nulls).equals(bare)


def test_a_normalised_table_stays_as_it_is() -> None:
    once = made("messages", column("sent_at", HARD_TEXTS[:3])).drop(IS_WRONG)
    again = made("messages", once)
    assert again.drop(IS_WRONG).equals(once)


@given(st.lists(st.integers(0, 60), max_size=4))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_row_is_read_alike_in_any_piece(cuts: list[int]) -> None:
    rows = pl.DataFrame({"account_id": "FICTIONAL-1", "sent_at": HARD_TEXTS[:60]})
    edges = sorted({0, 60, *cuts})
    pieces = [made("messages", rows[first:last]) for first, last in pairwise(edges)]
    assert pl.concat(pieces).equals(made("messages", rows))


# ---- records that no world fits ----------------------------------------------------------------


class Step(Record):
    order: ClassVar[tuple[tuple[str, str], ...]] = (
        ("first", "second"),
        ("second", "third"),
        ("third", "fourth"),
    )
    exists_if: ClassVar[dict[str, str]] = {"second": "went_on", "fourth": "went_on"}

    went_on: YesNo = None
    first: MomentField = None
    second: MomentField = None
    third: MomentField = None
    fourth: MomentField = None


class Way(History):
    steps: Annotated[tuple[Step, ...], unique_ids] = ()


_BOUND = st.integers(_MAY, _MAY + 6)
_RECORD = st.tuples(
    st.sampled_from([None, True, False]),
    *[st.one_of(st.none(), st.tuples(_BOUND, _BOUND).map(sorted)) for _ in range(4)],
)


@given(st.lists(_RECORD, min_size=1, max_size=60))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_record_is_inconsistent_if_and_only_if_no_world_fits_it(records: list[Any]) -> None:
    list_shape = shape(Way).lists["steps"]
    wanted = []
    columns: dict[str, list[Any]] = {"account_id": [], "went_on": []}
    for went_on, *moments in records:
        columns["account_id"].append("FICTIONAL-1")
        columns["went_on"].append(went_on)
        known: dict[str, Any] = {"went_on": {went_on}} if went_on is not None else {}
        known = {name: frozenset(value) for name, value in known.items()}
        for name, bounds in zip(list_shape.moments, moments, strict=True):
            for bound, value in zip(bounds_of(name), bounds or (None, None), strict=True):
                columns.setdefault(bound, []).append(value)
            known |= {name: tuple(bounds)} if bounds else {}
        wanted.append(isinstance(normalise_record(list_shape, 0, known), tuple))
    kinds = dict.fromkeys(columns, pl.Int64) | {"account_id": pl.String, "went_on": pl.Boolean}
    table = pl.DataFrame(columns, schema=kinds)
    read = normalise_table(table.lazy(), contract(Way)["steps"], list_shape).collect()
    assert read[IS_WRONG].to_list() == wanted


# ---- accounts: held to what JSON of the same facts is read as ----------------------------------

_WORD = st.sampled_from(["2024-02", "2023", "2024-09-1X", "2024-05-01T10:00:00Z", "2024-02-30"])
_SAID = st.sampled_from(["2020", "2021", "2022-05/2023", "2020-01-01T00:00:00Z", ".."])
_MESSAGE = st.fixed_dictionaries(
    {
        "id": st.sampled_from([None, None, None, "m1", "m2"]),
        "inmail": st.sampled_from([None, True, False]),
        "direction": st.sampled_from([None, "sent", "received", "received", "sideways"]),
        "sent_at": st.one_of(st.none(), _WORD),
        "shared": st.sampled_from([None, True, False]),
        "shared_at": st.one_of(st.none(), _WORD),
    }
)
_PREMIUM = st.fixed_dictionaries(
    {
        "plan": st.sampled_from([None, "other", "premium_career"]),
        "start": st.one_of(st.none(), _SAID),
        "end": st.one_of(st.none(), _SAID),
    }
)
_ACCOUNT = st.fixed_dictionaries(
    {
        "time_zone": st.sampled_from([None, "UTC", "Asia/Tokyo", "Asia/Tokyo", "Moon/Base"]),
        "complete_premium": st.sampled_from([None, True, False]),
        "exclusions_counsel": st.sampled_from([None, True, False]),
        "messages": st.lists(_MESSAGE, max_size=3),
        "premium": st.lists(_PREMIUM, max_size=2),
        "times": st.sampled_from([1, 1, 1, 1, 1, 1, 2, 0]),
    }
)


def as_tables(accounts: list[Any]) -> dict[str, pl.DataFrame]:
    """Accounts as tables; `times` says how often an account stands in its table."""
    kinds = {"time_zone": pl.String, "complete_premium": pl.Boolean}
    rows: dict[str, list[Any]] = {"accounts": [], "messages": [], "premium": []}
    for at, account in enumerate(accounts):
        own = {"account_id": f"FICTIONAL-{at}"}
        told = {k: v for k, v in account.items() if k not in ("messages", "premium", "times")}
        rows["accounts"] += [own | told] * account["times"]
        for name in ("messages", "premium"):
            rows[name] += [own | record for record in account[name]]
    schemas = {
        "accounts": {"account_id": pl.String, **kinds, "exclusions_counsel": pl.Boolean},
        "messages": {
            "account_id": pl.String,
            **dict.fromkeys(["id", "direction", "sent_at", "shared_at"], pl.String),
            **dict.fromkeys(["inmail", "shared"], pl.Boolean),
        },
        "premium": dict.fromkeys(["account_id", "plan", "start", "end"], pl.String),
    }
    return {name: pl.DataFrame(rows[name], schema=schemas[name]) for name in rows}


def as_read(account: Any) -> str:
    """What becomes of the same facts as JSON."""
    if account["times"] != 1:
        return "rejected"
    history = {
        "account_id": "FICTIONAL-1",
        "time_zone": account["time_zone"],
        "complete": ["premium"] if account["complete_premium"] else [],
        "exclusions": {"counsel": account["exclusions_counsel"]},
        "messages": account["messages"],
        "premium": account["premium"],
    }
    try:
        read_history(json.dumps(history))
    except InconsistentHistory:
        return "inconsistent"
    except InvalidHistory:
        return "rejected"
    return "fit"


@given(st.lists(_ACCOUNT, max_size=12))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_an_account_fits_if_and_only_if_its_history_does(accounts: list[Any]) -> None:
    ready = prepare(as_tables(accounts), AccountHistory)
    fit = ready.tables["accounts"].collect()["account_id"].to_list()
    left_out = dict(ready.left_out().collect().rows())
    told = ready.rejects.collect()
    for at, account in enumerate(accounts):
        name = f"FICTIONAL-{at}"
        become = as_read(account)
        is_there = account["times"] > 0 or account["messages"] or account["premium"]
        assert fit.count(name) == (become == "fit")
        assert (name in left_out) == bool(become != "fit" and is_there)
        if name in left_out:
            assert left_out[name].startswith("inconsistent") == (become == "inconsistent")
            assert name in told["account_id"].to_list()
    read = sum(account["times"] for account in accounts)
    rows = ready.left_out().collect()
    known = [f"FICTIONAL-{at}" for at, account in enumerate(accounts) if account["times"]]
    assert read == len(fit) + rows.filter(pl.col("account_id").is_in(known)).height
    assert set(told["code"]) <= set(CODES)


@given(st.lists(_ACCOUNT, max_size=8))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_the_bounds_of_an_account_that_fits_are_those_of_its_history(accounts: list[Any]) -> None:
    ready = prepare(as_tables(accounts), AccountHistory)
    fit = set(ready.tables["accounts"].collect()["account_id"])
    read = ready.tables["messages"].collect()
    wanted = []
    for at, account in enumerate(accounts):
        if f"FICTIONAL-{at}" in fit:
            history = AccountHistory.model_validate(
                {
                    "account_id": f"FICTIONAL-{at}",
                    "time_zone": account["time_zone"],
                    "messages": account["messages"],
                }
            )
            for message in history.messages:
                sent = message.sent_at
                bounds = (sent.earliest, sent.latest) if sent else (EARLIEST, LATEST)
                direction = {None: -1, "sent": 0, "received": 1}[message.direction]
                wanted.append((history.account_id, direction, *bounds))
    kept = read.filter(pl.col("account_id").is_in(list(fit)))
    names = ["account_id", "direction", "sent_at_earliest", "sent_at_latest"]
    assert kept.select(names).rows() == wanted


def test_what_does_not_fit_is_told_with_its_table_row_and_words() -> None:
    tables = {
        "accounts": pl.DataFrame({"account_id": ["A", "B", "B", None, "C"]}),
        "messages": pl.DataFrame(
            {
                "account_id": ["A", "Z", "C", "C", None],
                "id": ["m", None, "m", "m", None],
                "sent_at": ["2023", "2023", "2023", "2023", "2023-13"],
            }
        ),
    }
    ready = prepare(tables, AccountHistory)
    told = ready.rejects.select("account_id", "table", "row", "column", "code", "value").collect()
    assert told.rows() == [
        ("B", "accounts", 2, "account_id", "duplicate-account", "B"),
        ("B", "accounts", 3, "account_id", "duplicate-account", "B"),
        (None, "accounts", 4, "account_id", "missing", ""),
        ("Z", "messages", 2, "account_id", "unknown-account", "Z"),
        ("C", "messages", 3, "id", "duplicate-id", "m"),
        ("C", "messages", 4, "id", "duplicate-id", "m"),
        (None, "messages", 5, "account_id", "missing", ""),
        (None, "messages", 5, "sent_at", "moment-calendar", "2023-13"),
    ]
    for name in ("accounts", "messages"):
        assert ready.tables[name].collect()["account_id"].to_list() == ["A"]
    assert sorted(ready.left_out().collect().rows(), key=str) == [
        ("B", "duplicate-account: accounts.account_id"),
        ("B", "duplicate-account: accounts.account_id"),
        ("C", "duplicate-id: messages.id"),
        ("Z", "unknown-account: messages.account_id"),
        (None, "missing: accounts.account_id"),
        (None, "missing: messages.account_id"),
    ]


def test_ids_that_share_a_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are first looked over by a hash; a record of nobody may share it with an account."""
    one = pl.col("account_id").str.len_bytes().cast(pl.UInt64).alias("key")
    monkeypatch.setattr(sys.modules[prepare.__module__], "_KEY", one)
    monkeypatch.setattr(sys.modules[strays_in.__module__], "KEY", one)
    ids = {"accounts": ["A", "B"], "messages": ["B", "Z", "A"]}
    tables = {name: pl.DataFrame({"account_id": each}) for name, each in ids.items()}
    ready = prepare(tables, AccountHistory)
    assert ready.rejects.select("account_id", "code").collect().rows() == [("Z", "unknown-account")]
    assert ready.tables["accounts"].collect()["account_id"].to_list() == ["A", "B"]
    assert sorted(ready.tables["messages"].collect()["account_id"]) == ["A", "B"]


def test_an_account_that_nobody_listed_is_told_even_if_its_record_does_not_fit() -> None:
    tables = {
        "accounts": pl.DataFrame({"account_id": ["A"]}),
        "messages": pl.DataFrame({"account_id": ["Z"], "sent_at": ["2023-13"]}),
    }
    left_out = prepare(tables, AccountHistory).left_out().collect()
    assert left_out["account_id"].to_list() == ["Z"]


def test_the_order_of_normalised_tables_is_that_of_their_rows() -> None:
    """However the rows arrive: cut-up tables come in an order that no two runs share."""
    sent = [f"20{at:02}" for at in range(20)]
    tables = {
        "accounts": PLAIN["accounts"],
        "premium": PLAIN["premium"],
        "messages": pl.DataFrame(
            {"account_id": ["FICTIONAL-1", "FICTIONAL-2"] * 10, "sent_at": sent}
        ),
        "permissions": pl.DataFrame(schema={"account_id": pl.String}),
    }
    rows = {name: frame.with_row_index("row", 1) for name, frame in tables.items()}
    straight = Prepared(AccountHistory, {name: frame.lazy() for name, frame in rows.items()})
    backwards = {name: frame.reverse().lazy() for name, frame in rows.items()}
    turned = Prepared(AccountHistory, backwards)
    wanted = dict(straight.in_order())
    for name, held in turned.in_order():
        assert held.equals(wanted[name])
        assert held["account_id"].is_sorted()
        ids = dict(wanted["accounts"].select("account_id", "account number").rows())
        assert [ids[each] for each in held["account_id"]] == held["account number"].to_list()


# ---- tables as people have them ----------------------------------------------------------------

PLAIN = {
    "accounts": pl.DataFrame(
        {
            "account_id": ["FICTIONAL-1", "FICTIONAL-2"],
            "complete_premium": [True, None],
            "time_zone": ["UTC", None],
        }
    ),
    "premium": pl.DataFrame(
        {"account_id": ["FICTIONAL-1"], "plan": ["other"], "start": ["2023"], "end": [".."]}
    ),
    "messages": pl.DataFrame(
        {
            "account_id": ["FICTIONAL-1", "FICTIONAL-2"],
            "inmail": [None, True],
            "direction": [None, 1],
            "sent_at_earliest": [1726642800000000, None],
            "sent_at_latest": [1726642800000000, None],
        }
    ),
}


def _nullable(frame: pl.DataFrame) -> pd.DataFrame:
    return frame.to_pandas().convert_dtypes()


def _objects(frame: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(frame[name].to_list(), dtype=object) for name in frame.columns}
    )


KINDS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "polars, lazy": lambda frame: frame.lazy(),
    "arrow": lambda frame: frame.to_arrow(),
    "arrow, by the batch": lambda frame: frame.to_arrow().to_reader(),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas, nullable": _nullable,
    "pandas, objects": _objects,
    "pandas, arrow": partial(pl.DataFrame.to_pandas, use_pyarrow_extension_array=True),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_frames_of_every_kind_say_the_same(kind: str) -> None:
    plain = prepare(PLAIN, AccountHistory)
    same = prepare({name: KINDS[kind](frame) for name, frame in PLAIN.items()}, AccountHistory)
    assert same.rejects.collect().is_empty()
    for name, frame in plain.tables.items():
        assert same.tables[name].collect().equals(frame.collect()), name


def test_python_objects_of_several_types_are_read_as_their_texts() -> None:
    table = pd.DataFrame({"account_id": ["A", "B", "C"], "shared": [True, "unknown", None]})
    read = prepare({"accounts": table[["account_id"]], "messages": table}, AccountHistory)
    assert read.tables["messages"].collect()["shared"].to_list() == [1, -1, -1]


def test_a_folder_of_files_says_the_same(tmp_path: Path) -> None:
    plain = prepare(PLAIN, AccountHistory)
    (tmp_path / "messages").mkdir()
    PLAIN["accounts"].write_parquet(tmp_path / "accounts.parquet")
    PLAIN["premium"].write_csv(tmp_path / "premium.csv", quote_style="always")
    for at in range(2):
        PLAIN["messages"][at : at + 1].write_parquet(tmp_path / "messages" / f"part-{at}.parquet")
    (tmp_path / "_SUCCESS").touch()
    same = prepare(scan(tmp_path, AccountHistory), AccountHistory)
    for name, frame in plain.tables.items():
        assert same.tables[name].collect().equals(frame.collect()), name


def test_normalised_tables_can_go_by_way_of_csv(tmp_path: Path) -> None:
    ready = prepare(PLAIN, AccountHistory).tables
    for name, frame in ready.items():
        frame.collect().write_csv(tmp_path / f"{name}.csv", include_bom=True)
    again = prepare(scan(tmp_path, AccountHistory), AccountHistory)
    assert again.rejects.collect().is_empty()
    for name, frame in ready.items():
        assert again.tables[name].collect().equals(frame.collect()), name


# ---- tables that are none ----------------------------------------------------------------------


def refused(tables: Any) -> list[tuple[str, str]]:
    """The codes and paths of what is wrong with tables, or with a folder of them."""
    with pytest.raises(InvalidTables) as error:
        scan(tables, AccountHistory) if isinstance(tables, Path) else frames(tables, AccountHistory)
    assert all(problem.code in CODES for problem in error.value.problems)
    assert len(str(error.value)) < 6000
    return [(problem.code, problem.path) for problem in error.value.problems]


def test_everything_that_is_wrong_with_tables_is_told_at_once() -> None:
    times = pl.Series([local_time("2024-01-01")])
    tables = {
        "account": pl.DataFrame({"account_id": ["A"]}),
        "premium": pl.DataFrame({"account": ["A"], "start": [5], "plan": [True]}),
        "messages": pl.DataFrame(
            {
                "account_id": [1.0],
                "sent_at": ["2024"],
                "sent_at_latest": ["2024"],
                "inmail": times,
                "shared_at": [timedelta(1)],
            }
        ),
        "permissions": "no table",
    }
    assert refused(tables) == [
        ("unknown-table", "account"),
        ("missing-table", "accounts"),
        ("wrong-type", "messages.account_id"),
        ("wrong-type", "messages.inmail"),
        ("unknown-column", "messages.sent_at"),
        ("wrong-type", "messages.shared_at"),
        ("not-readable", "permissions"),
        ("unknown-column", "premium.account"),
        ("missing", "premium.account_id"),
        ("wrong-type", "premium.plan"),
        ("wrong-type", "premium.start"),
    ]


def test_ten_thousand_columns_are_told_in_a_few_words() -> None:
    wide = pl.DataFrame({"account_id": ["A"], **{f"c{at}": [at] for at in range(10_000)}})
    found = refused({"accounts": wide})
    assert len(found) == 6
    assert {code for code, _ in found} == {"unknown-column"}


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    PLAIN["accounts"].write_parquet(tmp_path / "accounts.parquet")
    whole = (tmp_path / "accounts.parquet").read_bytes()
    (tmp_path / "messages.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "premium.csv").write_bytes(b"")
    (tmp_path / "permissions.parquet").write_bytes(b"PAR1 no, it is not")
    PLAIN["accounts"].write_csv(tmp_path / "accounts.csv")
    PLAIN["accounts"].write_csv(tmp_path / "customers.csv")
    assert refused(tmp_path) == [
        ("duplicate-table", "accounts"),
        ("unknown-table", "customers.csv"),
        ("not-readable", "messages.parquet"),
        ("not-readable", "permissions.parquet"),
        ("not-readable", "premium.csv"),
    ]
    assert refused(tmp_path / "nowhere") == [("not-readable", "nowhere")]


def test_arrow_types_that_polars_does_not_know_are_told() -> None:
    strange = pa.table(
        {
            "account_id": pa.array(["A"]),
            "source": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        }
    )
    found = refused({"accounts": PLAIN["accounts"], "messages": strange})
    assert found == [("wrong-type", "messages.source")]


def test_two_pandas_columns_of_one_name_are_told() -> None:
    twice = pd.DataFrame([["A", "B"]], columns=["account_id", "account_id"])
    assert refused({"accounts": twice}) == [("not-readable", "accounts")]


def test_a_fault_of_the_machine_is_not_laid_on_the_table() -> None:
    with pytest.raises(OSError, match="No space left"), reading():
        raise OSError(28, "No space left on device")


# ---- on disk -----------------------------------------------------------------------------------


@pytest.mark.parametrize("partitions", [1, 3])
def test_parts_hold_every_account_once_sorted_and_the_sums_are_right(
    tmp_path: Path, partitions: int
) -> None:
    ids = [f"FICTIONAL-{at:03}" for at in range(60, 0, -1)]
    tables = {
        "accounts": pl.DataFrame({"account_id": [*ids, ids[0], None]}),
        "messages": pl.DataFrame(
            {
                "account_id": [*ids, "FICTIONAL-999", ids[1], ids[2]],
                "sent_at": [*["2023"] * 61, "2023-13", "2024-05"],
                "shared_at": [*[None] * 62, "2020"],
                "shared": [*[None] * 62, True],
            }
        ),
    }
    plain: Prepared = prepare(tables, AccountHistory)
    done = prepare_to(tables, tmp_path / "ready", AccountHistory, partitions=partitions)
    counts = done.counts
    assert (counts.read, counts.fit, counts.rejected, counts.inconsistent) == (62, 57, 4, 1)
    every = []
    for part in done.parts:
        accounts = pl.read_parquet(part / "accounts.parquet")["account_id"]
        assert accounts.is_sorted()
        assert pl.read_parquet(part / "messages.parquet")["account_id"].is_sorted()
        every += accounts.to_list()
    assert sorted(every) == sorted(plain.tables["accounts"].collect()["account_id"])
    rejects = [
        json.loads(line)
        for part in done.parts
        for line in (part / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    of_no_file = {"file": None, "file_row": None}  # the tables are frames
    wanted = [each | of_no_file for each in plain.rejects.collect().to_dicts()]
    by_row = partial(sorted, key=lambda each: (each["table"], each["row"], each["column"]))
    assert by_row(rejects) == by_row(wanted)
