"""What stands in a table is read as what it says; what only the caller can know is never guessed.

All accounts are fictional.
"""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from eligibility import AccountHistory, Moment, WrongArgument
from eligibility.batch import BatchError, InputOptions, InvalidTables, decide, prepare, statement
from eligibility.batch.tables.parts import prepare_to
from eligibility.batch.tables.scan import scan
from eligibility.cli.app import app
from eligibility.rules import class_definition
from eligibility.values.timeline import EARLIEST, LATEST

RUNNER = CliRunner()
ELSEWHERE: Final = "Asia/Kathmandu"
NOTHING: Final = (EARLIEST, LATEST)


def read(column: str, values: Any, zone: str = ELSEWHERE, **said: Any) -> list[Any]:
    """The bounds that a column of moments says, or the code of what is wrong: for each row."""
    ids = [f"FICTIONAL-{at}" for at in range(len(values))]
    accounts = pl.DataFrame({"account_id": ids, "time_zone": [zone] * len(ids)})
    if isinstance(values, pd.Series):
        table: Any = pd.DataFrame({"account_id": ids, column: values})
    elif isinstance(values, pa.Array | pa.ChunkedArray):
        table = pa.table({"account_id": ids, column: values})
    else:
        table = pl.DataFrame({"account_id": ids, column: values})
    options = InputOptions(**said)
    ready = prepare({"accounts": accounts, "messages": table}, AccountHistory, options)
    name = column.removesuffix("_earliest").removesuffix("_latest")
    rows = ready.tables["messages"].collect().rows_by_key("account_id", named=True, unique=True)
    wrong = dict(ready.rejects.select("account_id", "code").collect().iter_rows())
    return [
        wrong.get(each) or (rows[each][f"{name}_earliest"], rows[each][f"{name}_latest"])
        for each in ids
    ]


def meant(text: str, zone: str = ELSEWHERE) -> tuple[int, int]:
    """The bounds that the reference reads in a text."""
    moment = Moment.parse(text, zone)
    return moment.earliest, moment.latest


# ---- numbers -----------------------------------------------------------------------------------

SECONDS: Final = 1_733_000_000  # a day of 2024
COUNTED: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_ARRAYS: Final[dict[str, Callable[[int], Any]]] = {
    "integers": lambda number: pl.Series([number]),
    "floats": lambda number: pl.Series([float(number)]),
    "decimals": lambda number: pl.Series([Decimal(number)], dtype=pl.Decimal(20, 0)),
    "unsigned": lambda number: pl.Series([number], dtype=pl.UInt64),
    "texts": lambda number: pl.Series([str(number)]),
    "pandas": lambda number: pd.Series([number]),
    "objects": lambda number: pd.Series([number], dtype=object),
    "arrow": lambda number: pa.array([number]),
}


@pytest.mark.parametrize("kind", _ARRAYS)
@pytest.mark.parametrize("unit", ["s", "ms"])
@pytest.mark.parametrize("bound", ["sent_at_earliest", "sent_at_latest"])
def test_a_number_without_a_unit_is_no_microsecond(kind: str, unit: str, bound: str) -> None:
    assert read(bound, _ARRAYS[kind](SECONDS * COUNTED[unit])) == ["number-unit"]


@pytest.mark.parametrize(
    "number", [0, 1, -1, 2024, 45_000, 20_240_917, 20_240_917_102_200, 10**14 - 1]
)
def test_no_small_number_is_an_instant(number: int) -> None:
    for kind in ("integers", "floats"):
        assert read("sent_at_earliest", _ARRAYS[kind](number)) == ["number-unit"]
        assert read("sent_at_latest", _ARRAYS[kind](-number)) == ["number-unit"]


@pytest.mark.parametrize("kind", _ARRAYS)
def test_microseconds_are_instants_and_nanoseconds_are_out_of_range(kind: str) -> None:
    micro = SECONDS * 10**6
    assert read("sent_at_earliest", _ARRAYS[kind](micro)) == [(micro, LATEST)]
    told = "moment-notation" if kind in ("texts", "objects") else "moment-range"
    assert read("sent_at_earliest", _ARRAYS[kind](micro * 1000)) in ([told], ["number-unit"])


@pytest.mark.parametrize("kind", _ARRAYS)
@pytest.mark.parametrize("unit", COUNTED)
@pytest.mark.parametrize("column", ["sent_at", "sent_at_earliest"])
def test_a_number_is_an_instant_once_its_unit_is_said(kind: str, unit: str, column: str) -> None:
    (found,) = read(column, _ARRAYS[kind](SECONDS * COUNTED[unit]), number_unit=unit)
    instant = SECONDS * 10**6
    assert found == (instant, LATEST if column.endswith("earliest") else instant)


def test_parts_of_a_unit_and_what_lies_far_off_are_read_right() -> None:
    values = pl.Series([SECONDS + 0.25, 1e300, -1e300, float("nan"), None])
    instant = SECONDS * 10**6 + 250_000
    wanted = [(instant, instant), "moment-range", "moment-range", NOTHING, NOTHING]
    assert read("sent_at", values, number_unit="s") == wanted
    texts = pl.Series([f"{SECONDS}.25", f"{SECONDS}.0", "2024", "2024-09", "20240917", ""])
    wanted = [
        (instant, instant),
        (SECONDS * 10**6, SECONDS * 10**6),
        meant("2024"),
        meant("2024-09"),
        "number-unit",
        NOTHING,
    ]
    assert read("sent_at", texts, number_unit="s") == wanted


def test_numbers_in_a_column_of_moments_are_refused_with_the_way_out() -> None:
    with pytest.raises(InvalidTables, match="--number-unit"):
        read("sent_at", pl.Series([SECONDS]))


# ---- Python objects ----------------------------------------------------------------------------

_AWARE: Final = datetime(2024, 9, 18, 2, tzinfo=UTC)
_NAIVE: Final = datetime.fromisoformat("2024-09-18T02:00:00")
OBJECTS: Final = [
    (date(2024, 9, 1), meant("2024-09-01")),
    (_AWARE, meant("2024-09-18T02:00:00Z")),
    (_NAIVE, meant("2024-09-18T02:00:00")),
    (_AWARE.astimezone(ZoneInfo("America/Los_Angeles")), meant("2024-09-18T02:00:00Z")),
    (_AWARE.astimezone(timezone(timedelta(minutes=345))), meant("2024-09-18T02:00:00Z")),
    (pd.Timestamp(_NAIVE), meant("2024-09-18T02:00:00")),
    (pd.Timestamp(_AWARE), meant("2024-09-18T02:00:00Z")),
    (pd.Timestamp("2024-09-18T02:00:00.123456789"), meant("2024-09-18T02:00:00.123456")),
    (np.datetime64("2024-09-18T02:00:00"), meant("2024-09-18T02:00:00")),
    (np.datetime64("2024-09-18"), meant("2024-09-18")),
    (np.datetime64("2024-09"), meant("2024-09")),
    (np.datetime64("2024-09-18T02:00:00", "ns"), meant("2024-09-18T02:00:00")),
    ("2024-09", meant("2024-09")),
    (np.str_("2024"), meant("2024")),
    (None, NOTHING),
    (float("nan"), NOTHING),
    (np.float64("nan"), NOTHING),
    (pd.NaT, NOTHING),
    (np.datetime64("NaT"), NOTHING),
    (pd.NA, NOTHING),
    ("", NOTHING),
]


@pytest.mark.parametrize("turned", [False, True])
def test_each_object_of_a_column_is_read_as_what_it_is(turned: bool) -> None:
    pairs = OBJECTS[::-1] if turned else OBJECTS
    values = pd.Series([value for value, _ in pairs], dtype=object)
    assert read("sent_at", values) == [wanted for _, wanted in pairs]
    inside = pl.Series("sent_at", [value for value, _ in pairs], dtype=pl.Object)
    assert read("sent_at", inside) == [wanted for _, wanted in pairs]


@pytest.mark.parametrize("value", [each for each in OBJECTS if each[1] != NOTHING], ids=str)
def test_one_object_beside_each_other_means_what_it_means_alone(value: Any) -> None:
    pairs = [value] + [each for each in OBJECTS[:4] if each is not value]
    for beside in pairs[1:]:
        values = pd.Series([beside[0], value[0]], dtype=object)
        assert read("sent_at", values) == [beside[1], value[1]]
    assert read("sent_at", pd.Series([value[0]], dtype=object)) == [value[1]]


def test_a_category_of_objects_is_read_by_its_objects() -> None:
    values = pd.Series([date(2024, 9, 1), _AWARE], dtype=object).astype("category")
    assert read("sent_at", values) == [meant("2024-09-01"), meant("2024-09-18T02:00:00Z")]


def test_facts_as_objects_are_facts() -> None:
    said = [True, False, np.bool_(True), 1, 0, 1.0, np.int64(0), "yes", "Unknown", None, pd.NA, -1]
    ids = [f"FICTIONAL-{at}" for at in range(len(said))]
    table = pd.DataFrame({"account_id": ids, "shared": pd.Series(said, dtype=object)})
    ready = prepare({"accounts": table[["account_id"]], "messages": table}, AccountHistory)
    found = ready.tables["messages"].collect()["shared"].to_list()
    assert found == [1, 0, 1, 1, 0, 1, 0, 1, -1, -1, -1, -1]


@pytest.mark.parametrize(
    "value",
    [
        b"2024",
        time(10),
        timedelta(1),
        {"a": 1},
        pd.Timedelta(1),
        pd.Period("2024-09"),
        1j,
        "half a pair \ud83d",
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_object_that_says_nothing_to_a_table_is_refused_with_its_row(value: Any) -> None:
    with pytest.raises(InvalidTables, match=r"`messages` has a column `sent_at` that .*row 2"):
        read("sent_at", pd.Series(["2024", value], dtype=object))


def test_a_list_says_several_words_and_no_moment() -> None:
    with pytest.raises(InvalidTables, match=r"`messages` holds lists in `sent_at` \(row 2\)"):
        read("sent_at", pd.Series(["2024", ["2024"]], dtype=object))


@pytest.mark.parametrize("stated", [["premium"], [{"list": "premium", "where": {"plan": "other"}}]])
def test_statements_as_objects_are_refused_with_their_row(stated: Any) -> None:
    column = pd.Series([None, None, stated], dtype=object)
    accounts = pd.DataFrame({"account_id": ["A", "B", "C"], "complete": column})
    with pytest.raises(InvalidTables, match=r"`accounts`.*`complete`.*row 3"):
        prepare({"accounts": accounts}, AccountHistory)


@pytest.mark.parametrize("value", [1.5, True, _NAIVE, Decimal("1.0")])
def test_an_id_that_is_an_object_is_a_text_or_a_whole_number(value: Any) -> None:
    ids = pd.DataFrame({"account_id": pd.Series(["A", 7, value], dtype=object)})
    with pytest.raises(InvalidTables, match=r"`account_id`"):
        prepare({"accounts": ids}, AccountHistory)
    found = prepare({"accounts": ids[:2]}, AccountHistory).tables["accounts"].collect()
    assert sorted(found["account_id"]) == ["7", "A"]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(pd.period_range("2024-09", periods=1, freq="M")),
        pd.Series(pd.interval_range(0, 1)),
        pd.Series([timedelta(1)]),
        pd.Series([1j]),
    ],
    ids=lambda values: str(values.dtype),
)
def test_pandas_columns_of_other_kinds_are_refused_by_name(values: Any) -> None:
    with pytest.raises(InvalidTables, match="sent_at") as error:
        read("sent_at", values)
    assert "olars" not in str(error.value).replace("Polars, pandas", "")


def test_what_stands_in_the_index_of_a_pandas_frame_is_read() -> None:
    tables = {name: pd.read_csv(io.StringIO(text), dtype=str) for name, text in ROWS.items()}
    for keys in ("sent_at", ["account_id", "shared_at"], "account_id"):
        indexed = {**tables, "messages": tables["messages"].set_index(keys)}
        assert decide(indexed, class_definition())["status"].to_list() == ["eligible"]
    for name, said in (("row", "no place for `row`"), ("inmail", "two columns of one name")):
        with pytest.raises(InvalidTables, match=said):
            prepare({**tables, "messages": tables["messages"].rename_axis(name)}, AccountHistory)
    with pytest.raises(InvalidTables, match="two columns of one name"):
        prepare({"accounts": pd.DataFrame({"account_id": ["A"], 7: [1], "7": [2]})}, AccountHistory)


def test_what_is_no_table_and_no_definition_is_refused_in_words() -> None:
    accounts: Any = pl.DataFrame({"account_id": ["A"]})
    wrong: Any
    for wrong in ([accounts], accounts, None):
        with pytest.raises(WrongArgument, match="tables"):
            decide(wrong, class_definition())
    for wrong in (None, "x", class_definition):
        with pytest.raises(WrongArgument, match="definition"):
            decide({"accounts": accounts}, wrong)
        with pytest.raises(WrongArgument, match="definition"):
            statement(wrong)
    with pytest.raises(InvalidTables, match="`1` is no table"):
        decide({1: accounts}, class_definition())


# ---- Arrow -------------------------------------------------------------------------------------

_DAY: Final = meant("2024-09-18")
_LOCAL: Final = meant("2024-09-18T02:00:00")
_INSTANT: Final = meant("2024-09-18T02:00:00Z")
ARROW: Final = [
    (pa.array([date(2024, 9, 18)], pa.date32()), _DAY),
    (pa.array([date(2024, 9, 18)], pa.date64()), _DAY),
    (pa.chunked_array([pa.array([date(2024, 9, 18)], pa.date64())]), _DAY),
    *((pa.array([_NAIVE], pa.timestamp(unit)), _LOCAL) for unit in ("s", "ms", "us", "ns")),
    *(
        (pa.array([_AWARE], pa.timestamp(unit, "UTC")), _INSTANT)
        for unit in ("s", "ms", "us", "ns")
    ),
    (pa.array([_AWARE], pa.timestamp("us", "America/New_York")), _INSTANT),
    (pa.array(["2024-09-18"], pa.large_string()), _DAY),
    (pa.array(["2024-09-18"], pa.string_view()), _DAY),
    (pa.array(["2024-09-18"]).dictionary_encode(), _DAY),
    (pa.array([date(2024, 9, 18)], pa.date32()).dictionary_encode(), _DAY),
    (pa.array([date(2024, 9, 18)], pa.date64()).dictionary_encode(), _DAY),
    (pa.array([_NAIVE], pa.timestamp("ms")).dictionary_encode(), _LOCAL),
    (pa.array([None], pa.null()), NOTHING),
    (pa.array([None], pa.date64()), NOTHING),
]


@pytest.mark.parametrize(
    ("values", "wanted"), ARROW, ids=lambda each: str(getattr(each, "type", ""))
)
def test_each_type_of_arrow_means_what_it_is(tmp_path: Path, values: Any, wanted: Any) -> None:
    assert read("sent_at", values) == [wanted]
    plain = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    (tmp_path / "in").mkdir()
    pq.write_table(
        pa.table({"account_id": ["A"], "time_zone": [ELSEWHERE]}), tmp_path / "in/accounts.parquet"
    )
    pq.write_table(
        pa.table({"account_id": ["A"], "sent_at": plain}), tmp_path / "in/messages.parquet"
    )
    made = prepare(scan(tmp_path / "in", AccountHistory), AccountHistory)
    row = made.tables["messages"].select("sent_at_earliest", "sent_at_latest").collect().row(0)
    assert row == wanted


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([date(2024, 9, 18)], dtype=pd.ArrowDtype(pa.date64())),
        pd.Series([date(2024, 9, 18)], dtype=pd.ArrowDtype(pa.date32())),
    ],
    ids=lambda values: str(values.dtype),
)
def test_days_of_arrow_inside_pandas_are_days(values: Any) -> None:
    assert read("sent_at", values) == [_DAY]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([_AWARE], pa.timestamp("us", "+05:30")),
        pa.array([_AWARE], pa.timestamp("ns", "-09:30")),
        pd.Series([_AWARE.astimezone(timezone(timedelta(hours=-9, minutes=-30)))]),
        pd.Series(pd.array([_AWARE], dtype=pd.ArrowDtype(pa.timestamp("us", "+05:30")))),
    ],
    ids=lambda values: str(getattr(values, "type", None) or values.dtype),
)
def test_a_timestamp_in_a_zone_without_a_name_is_an_instant_as_any_other(values: Any) -> None:
    """So pandas has `2024-09-18T07:30:00+05:30`; it was refused: 'write it as timestamps'."""
    assert read("sent_at", values) == [_INSTANT]


def test_a_day_far_off_the_calendar_is_out_of_range() -> None:
    far = pa.array([2**62, -(2**62), 86_400_000 * 2**33], pa.int64()).cast(pa.date64())
    assert read("sent_at", far) == ["moment-range"] * 3


@pytest.mark.parametrize(
    "values",
    [
        pa.array([b"2024"]),
        pa.array([time(10)], pa.time64("us")),
        pa.array([timedelta(1)], pa.duration("s")),
        pa.array([["2024"]]),
        pa.array([{"a": 1}]),
        pa.array([True]),
        pa.array([Decimal("1.5")]),
        pa.array([b"0123456789abcdef"], pa.uuid()),
        pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
        pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
    ],
    ids=lambda values: str(values.type),
)
def test_types_that_say_no_moment_are_refused_by_name(values: Any) -> None:
    with pytest.raises(InvalidTables, match="sent_at") as error:
        read("sent_at", values)
    assert "olars" not in str(error.value)


# ---- texts that cannot be misread --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2024-01-01 10:00:00", "2024-01-01T10:00:00"),
        ("2024-01-01 10:00", "2024-01-01T10:00"),
        ("2024-05-07 10:00:00+00", "2024-05-07T10:00:00Z"),
        ("2024-05-07 10:00:00-07", "2024-05-07T10:00:00-07:00"),
        ("2024-05-07 10:00:00.5+0545", "2024-05-07T10:00:00.5+05:45"),
        ("2024-05-07T10:00:00+00", "2024-05-07T10:00:00Z"),
        ("2024-05-07T10:00:00-0700", "2024-05-07T10:00:00-07:00"),
        ("2024-05-07 10:00:00 UTC", "2024-05-07T10:00:00Z"),
        ("2024-05-07 10:00:00.123456 UTC", "2024-05-07T10:00:00.123456Z"),
        ("2024-05-07 10:00:00Z", "2024-05-07T10:00:00Z"),
        ("2024-05-07 10:00:00 +05:45", "2024-05-07T10:00:00+05:45"),
        ("2024-05-07 10:00:00.123456789", "2024-05-07T10:00:00.123456"),
        ("2024-05-07T10:00:00.1234567Z", "2024-05-07T10:00:00.123456Z"),
    ],
)
def test_a_timestamp_as_databases_write_it_is_read(text: str, same: str) -> None:
    assert read("sent_at", pl.Series([text])) == [meant(same)]
    assert read("sent_at_earliest", pl.Series([text])) == [(meant(same)[0], LATEST)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9/17/2024", "date-format"),
        ("17/9/2024", "date-format"),
        ("17.09.2024", "date-format"),
        ("09-17-2024", "date-format"),
        ("9/17/24", "date-format"),
        ("2024/09/17", "date-format"),
        ("17-Sep-2024", "date-format"),
        ("Sep 17, 2024", "date-format"),
        ("9/17/2024 10:00", "date-format"),
        ("20240917", "number-unit"),
        ("45552", "number-unit"),
        ("1726642800", "number-unit"),
        ("1726642800.5", "number-unit"),
        ("2024-09-17 25:00:00", "moment-calendar"),
        ("2024-02-30 10:00:00", "moment-calendar"),
        ("2024-09-17 10:001", "moment-notation"),
        ("2024-09-17 10", "moment-notation"),
        ("2024-09-17 10:00:00 PST", "moment-notation"),
        ("yesterday", "moment-notation"),
    ],
)
def test_what_only_the_caller_knows_is_refused_with_the_option_that_helps(
    text: str, code: str
) -> None:
    found = read("sent_at", pl.Series([text]))
    assert found == [code] or (code == "date-format" and found == ["moment-order"])


@pytest.mark.parametrize(
    ("date_format", "text", "same"),
    [
        ("%m/%d/%Y", "9/7/2024", "2024-09-07"),
        ("%d/%m/%Y", "9/7/2024", "2024-07-09"),
        ("%d.%m.%Y", "09.07.2024", "2024-07-09"),
        ("%d/%m/%Y", "9/7/2024 10:05", "2024-07-09T10:05"),
        ("%m/%d/%Y", "9/7/2024 1:05:30 PM", "2024-09-07T13:05:30"),
        ("%m/%d/%Y %I:%M %p", "9/7/2024 12:05 AM", "2024-09-07T00:05"),
        ("%m/%d/%Y %I:%M %p", "9/7/2024 12:05 pm", "2024-09-07T12:05"),
        ("%d-%b-%Y", "07-Sep-2024", "2024-09-07"),
        ("%d %B %Y", "7 september 2024", "2024-09-07"),
        ("%b %d, %Y", "Sept 7, 2024", "2024-09-07"),
        ("%Y%m%d", "20240907", "2024-09-07"),
        ("%Y/%m/%d", "2024/9/7", "2024-09-07"),
        ("%d/%m/%Y %H:%M:%S.%f%z", "07/09/2024 10:00:00.25+0545", "2024-09-07T10:00:00.25+05:45"),
        ("%Y%m%dT%H%M%S%z", "20240907T100000Z", "2024-09-07T10:00:00Z"),
        ("%d/%m/%Y", "2024-09", "2024-09"),
        ("%d/%m/%Y", "2024-09-07", "2024-09-07"),
        ("%d/%m/%Y", "../2024-09-17", "../2024-09-17"),
        ("%d/%m/%Y", "2024-09-07 10:00:00+00", "2024-09-07T10:00:00Z"),
    ],
)
def test_a_date_is_read_as_the_caller_says_that_it_is_written(
    date_format: str, text: str, same: str
) -> None:
    found = read("sent_at", pl.Series([text, None, ""]), date_format=date_format)
    assert found == [meant(same), NOTHING, NOTHING]
    assert (
        read("sent_at_latest", pl.Series([text]), date_format=date_format)[0][1] == meant(same)[1]
    )


@pytest.mark.parametrize(
    ("date_format", "text"),
    [
        ("%d/%m/%Y", "9/17/2024"),
        ("%m/%d/%Y", "17/9/2024"),
        ("%d/%m/%Y", "31/02/2024"),
        ("%d/%m/%Y", "1/1/24"),
        ("%d-%b-%Y", "07-Xyz-2024"),
        ("%d-%b-%Y", "07-Marble-2024"),
        ("%Y%m%d", "2024117"),
        ("%m/%d/%Y %H:%M", "9/7/2024 25:00"),
        ("%m/%d/%Y %I:%M %p", "9/7/2024 13:05 PM"),
        ("%d/%m/%Y", "x 9/7/2024"),
    ],
)
def test_a_date_that_does_not_fit_its_format_is_refused(date_format: str, text: str) -> None:
    (code,) = read("sent_at", pl.Series([text]), date_format=date_format)
    assert code in ("date-format", "moment-notation", "moment-order", "number-unit")


@pytest.mark.parametrize(
    "said",
    [
        {"date_format": "%m/%d/%y"},
        {"date_format": "%m/%Y"},
        {"date_format": "%d/%m"},
        {"date_format": "DD/MM/YYYY"},
        {"date_format": "%Y-%d-%m"},
        {"date_format": "%d/%m/%m/%Y"},
        {"date_format": "%d/%m/%b/%Y"},
        {"date_format": "%d/%m/%Y %I:%M"},
        {"date_format": "%d/%m/%Y %H"},
        {"date_format": "%d/%m/%Y %H:%M %f"},
        {"date_format": "%d/%m/%Y %H %I:%M %p"},
        {"date_format": ""},
        {"date_format": "%"},
        {"number_unit": "h"},
        {"number_unit": "seconds"},
        {"separator": ""},
        {"separator": '"'},
        {"separator": "ab"},
        {"separator": "a"},
        {"separator": "\n"},
    ],
    ids=str,
)
def test_an_option_that_cannot_be_meant_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BatchError) as error:
        InputOptions(**said)
    (problem,) = error.value.problems
    assert (problem.code, problem.path) == ("input-option", *said)
    words = [f"--{name.replace('_', '-')}={value}" for name, value in said.items()]
    done = RUNNER.invoke(app, ["batch", str(Path(__file__).parent), "-o", "nowhere", *words])
    assert done.exit_code == 2, done.output


# ---- headers -----------------------------------------------------------------------------------

ROWS: Final = {
    "accounts": "account_id,complete_premium,complete_messages,complete_permissions\nA,1,1,1\n",
    "premium": "account_id,plan,start,end\nA,premium_career,2020,..\n",
    "messages": "account_id,inmail,shared,sent_at,shared_at\nA,Yes,TRUE,2024-05-01,2024-06\n",
}


def folder(place: Path, **texts: str) -> Path:
    """A folder of tables, some of which are written in another way."""
    place.mkdir()
    for name, text in (ROWS | texts).items():
        (place / f"{name}.csv").write_text(text)
    return place


def status(source: Path, said: InputOptions) -> str:
    tables = scan(source, AccountHistory, said)
    row = decide(tables, class_definition()).collect().row(0, named=True)
    assert row["problem"] is None, row
    return str(row["status"])


def _head(text: str, change: Callable[[str], str]) -> str:
    head, rest = text.split("\n", 1)
    return f"{change(head)}\n{rest}"


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.title,
        lambda head: head.replace("_", " "),
        lambda head: head.replace("_", "-"),
        lambda head: head.replace(",", ", "),
        lambda head: head.title().replace("_", " "),
    ],
)
def test_headers_are_read_however_a_tool_writes_them(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    source = folder(tmp_path / "in", **{name: _head(text, change) for name, text in ROWS.items()})
    assert status(source, InputOptions()) == "eligible"
    frames = {name: pl.read_csv(source / f"{name}.csv", infer_schema=False) for name in ROWS}
    assert decide(frames, class_definition())["status"].to_list() == ["eligible"]
    relations = {name: duckdb.from_arrow(frame.to_arrow()) for name, frame in frames.items()}
    assert decide(relations, class_definition()).fetchall()[0][1] == "eligible"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_what_parts_the_columns_is_seen_from_the_header(tmp_path: Path, separator: str) -> None:
    parted = {name: text.replace(",", separator) for name, text in ROWS.items()}
    assert status(folder(tmp_path / "in", **parted), InputOptions()) == "eligible"


def test_other_separators_are_said(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", messages=ROWS["messages"].replace(",", "^"))
    with pytest.raises(InvalidTables, match="--rename"):
        scan(source, AccountHistory)
    for name, text in ROWS.items():
        (source / f"{name}.csv").write_text(text.replace(",", "^"))
    assert status(source, InputOptions(separator="^")) == "eligible"


@pytest.mark.parametrize("said", ["name", "messages.name", "NAME"])
def test_a_column_that_no_table_has_is_left_out_if_the_caller_says_so(
    tmp_path: Path, said: str
) -> None:
    text = ROWS["messages"].replace("\n", ",Name\n", 1).replace("2024-06", "2024-06,x")
    source = folder(tmp_path / "in", messages=text)
    with pytest.raises(InvalidTables, match="--ignore-column Name"):
        scan(source, AccountHistory)
    assert status(source, InputOptions(ignore_columns=[said])) == "eligible"
    with pytest.raises(InvalidTables, match="Name"):
        scan(source, AccountHistory, InputOptions(ignore_columns=["premium.name"]))


@pytest.mark.parametrize("said", ["created", "messages.created", "Created"])
def test_a_column_is_renamed_if_the_caller_says_so(tmp_path: Path, said: str) -> None:
    source = folder(tmp_path / "in", messages=ROWS["messages"].replace("sent_at", "created", 1))
    with pytest.raises(InvalidTables, match="--rename"):
        scan(source, AccountHistory)
    assert status(source, InputOptions(rename={said: "sent_at"})) == "eligible"


def test_a_column_is_never_called_what_no_table_has(tmp_path: Path) -> None:
    """`shared_at` would else stay what it is, though the caller says that it is something else."""
    source = folder(tmp_path / "in")
    with pytest.raises(InvalidTables, match="`shared_at` cannot be called `sent_att`"):
        scan(source, AccountHistory, InputOptions(rename={"shared_at": "sent_att"}))


@pytest.mark.parametrize("header", ["Plan", " plan", "PLAN"])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, header: str) -> None:
    text = f"account_id,plan,{header}\nA,premium_career,learning\n"
    with pytest.raises(InvalidTables, match="`premium` has `plan` twice"):
        scan(folder(tmp_path / "in", premium=text), AccountHistory)
    renamed = InputOptions(rename={"tariff": "plan"})
    (tmp_path / "in" / "premium.csv").write_text(text.replace(header + "\n", "tariff\n"))
    with pytest.raises(InvalidTables, match="`premium` has `plan` twice"):
        scan(tmp_path / "in", AccountHistory, renamed)


# ---- the command, and the identity of a run ----------------------------------------------------

SPREADSHEET: Final = {
    "accounts": (
        "Account ID;Name;Complete Premium;Complete Messages;Complete Permissions\nA;x;Yes;Yes;Yes\n"
    ),
    "premium": "Account ID;Plan;Begun;End\nA;premium_career;1/2/2020;..\n",
    "messages": "Account ID;Inmail;Shared;Sent At;Shared At\nA;TRUE;yes;5/1/2024;1/6/2024 10:00\n",
}
WORDS: Final = ["--date-format", "%d/%m/%Y", "--rename", "begun=start", "--ignore-column", "name"]


def test_the_command_takes_what_a_spreadsheet_writes(tmp_path: Path) -> None:
    source, out = folder(tmp_path / "in", **SPREADSHEET), tmp_path / "out"
    done = RUNNER.invoke(app, ["batch", str(source), "-o", str(out)])
    assert done.exit_code == 3
    for option in ("--ignore-column Name", "--rename"):
        assert option in done.output
    out = tmp_path / "again"
    done = RUNNER.invoke(app, ["batch", str(source), "-o", str(out), *WORDS])
    assert done.exit_code == 0, done.output
    assert pl.read_parquet(out / "verdicts/*.parquet")["status"].to_list() == ["eligible"]
    done = RUNNER.invoke(app, ["batch", "prepare", str(source), "-o", f"{out}-2", *WORDS])
    assert done.exit_code == 0, done.output
    done = RUNNER.invoke(app, ["batch", f"{out}-2", "-o", f"{out}-3"])
    assert pl.read_parquet(f"{out}-3/verdicts/*.parquet")["status"].to_list() == ["eligible"]


def test_said_otherwise_it_is_another_run(tmp_path: Path) -> None:
    source, out = folder(tmp_path / "in", **SPREADSHEET), tmp_path / "out"
    assert RUNNER.invoke(app, ["batch", str(source), "-o", str(out), *WORDS]).exit_code == 0
    other = [word.replace("%d/%m", "%m/%d") for word in WORDS]
    done = RUNNER.invoke(app, ["batch", str(source), "-o", str(out), *other])
    assert done.exit_code == 3
    assert "another" in done.output
    said = InputOptions(date_format="%d/%m/%Y", rename={"begun": "start"}, ignore_columns="name")
    prepare_to(source, tmp_path / "ready", AccountHistory, options=said)
    with pytest.raises(BatchError, match="another"):
        prepare_to(
            source,
            tmp_path / "ready",
            AccountHistory,
            options=InputOptions(
                date_format="%m/%d/%Y", rename={"begun": "start"}, ignore_columns="name"
            ),
        )


@pytest.mark.parametrize("word", ["created", "=sent_at", "created="])
def test_a_rename_that_says_no_two_names_is_bad_usage(tmp_path: Path, word: str) -> None:
    source = folder(tmp_path / "in")
    done = RUNNER.invoke(app, ["batch", str(source), "-o", str(tmp_path / "o"), "--rename", word])
    assert done.exit_code == 2
