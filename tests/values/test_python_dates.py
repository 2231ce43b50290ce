"""Python's own dates, wherever the text of a moment is taken."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import (
    AccountHistory,
    InvalidHistory,
    InvalidMoment,
    InvalidRefinement,
    Message,
    Moment,
    read_history,
    refine,
)
from eligibility.values.timeline import instant

DAY = date(2024, 9, 17)
ZONES = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
AWARE = st.datetimes(
    datetime(1900, 1, 3),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2200, 12, 29),  # noqa: DTZ001 - as above
    timezones=st.one_of(OFFSETS, st.sampled_from(ZONES).map(ZoneInfo), st.just(UTC)),
)
NAIVE = [
    datetime(2024, 9, 17),  # noqa: DTZ001 - naive is what is tested
    datetime(2024, 9, 17, 23, 59, 59, 999_999),  # noqa: DTZ001 - as above
    datetime.min,  # noqa: DTZ901 - as above
    datetime.max,  # noqa: DTZ901 - as above
    pd.Timestamp("2024-09-17"),
    pd.NaT,
]


@given(AWARE)
def test_an_aware_datetime_is_its_instant(when):
    moment = Moment.parse(when)
    assert (moment.earliest, moment.latest) == (instant(when), instant(when))
    assert Moment.parse(moment.text) == moment


@given(st.dates(date(1900, 1, 3), date(2200, 12, 29)), st.sampled_from(ZONES))
def test_a_date_is_that_day_in_the_zone(day, zone):
    if (day, zone) != (date(2011, 12, 30), "Pacific/Apia"):  # a day that never was there
        assert Moment.parse(day, zone) == Moment.parse(day.isoformat(), zone)


def test_an_offset_of_long_ago_has_seconds():
    amsterdam = datetime(1930, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))
    for when in (amsterdam, datetime(2024, 1, 1, tzinfo=timezone(timedelta(seconds=-1)))):
        assert Moment.parse(when).earliest == instant(when)


@pytest.mark.parametrize("when", NAIVE, ids=repr)
def test_a_naive_datetime_is_no_date_and_is_refused_with_a_way_out(when):
    with pytest.raises(InvalidMoment) as caught:
        Moment.parse(when)
    (problem,) = caught.value.problems
    assert problem.code == "moment-naive"
    assert "tzinfo" in problem.hint
    with pytest.raises(InvalidHistory) as told:
        AccountHistory(account_id="F", messages=[{"sent_at": when}])
    assert [(p.code, p.path) for p in told.value.problems] == [
        ("moment-naive", "messages[0].sent_at")
    ]
    history = AccountHistory(account_id="F", messages=[{}])
    with pytest.raises(InvalidRefinement, match="moment-naive"):
        refine(history, {"messages[0].sent_at": when})


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (date.min, "moment-range"),
        (date.max, "moment-range"),
        (datetime.min.replace(tzinfo=UTC), "moment-range"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), "moment-range"),
        (datetime.min.replace(tzinfo=timezone(timedelta(seconds=1))), "moment-notation"),
        (pd.Timestamp("2024-09-17T00:00:00.000000001", tz="UTC"), "moment-notation"),
    ],
    ids=repr,
)
def test_what_lies_outside_or_says_too_much_is_refused(when, code):
    with pytest.raises(InvalidMoment) as caught:
        Moment.parse(when)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("written", [DAY, datetime(2024, 9, 17, 8, 30, tzinfo=UTC)], ids=repr)
def test_a_history_takes_them_wherever_it_takes_a_text(zone, written):
    data = {"start": written, "end": written}
    built = AccountHistory(
        account_id="F",
        time_zone=zone,
        premium=[data],
        messages=[Message(sent_at=written)],
        permissions=[data],
    )
    text = {"start": written.isoformat(), "end": written.isoformat()}
    said = {"account_id": "F", "time_zone": zone, "premium": [text], "permissions": [text]}
    said["messages"] = [{"sent_at": written.isoformat()}]
    assert built == read_history(json.dumps(said)) == AccountHistory.model_validate(said)
    assert read_history(built.model_dump_json()) == built
    nothing = AccountHistory(account_id="F", time_zone=zone, messages=[{}])
    known = refine(nothing, {"messages[0].sent_at": written, "premium[0]": data})
    assert known.messages == built.messages
    assert known.premium == built.premium
