"""Times as exports write them: each reading holds every instant that the text may mean."""

import locale
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.linkedin.times import read_time


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024-09-17 23:59:59 UTC", "2024-09-17T23:59:59Z", "2024-09-17T23:59:59.999999Z"),
        ("2024-09-17 23:59 UTC", "2024-09-17T23:59:00Z", "2024-09-17T23:59:59.999999Z"),
        ("2024/09/17 23:59:59 UTC", "2024-09-17T23:59:59Z", "2024-09-17T23:59:59.999999Z"),
        ("Tue Sep 17 23:59:59 UTC 2024", "2024-09-17T23:59:59Z", "2024-09-17T23:59:59.999999Z"),
        ("2024-09-17T23:59:59+02:00", "2024-09-17T21:59:59Z", "2024-09-17T21:59:59.999999Z"),
        ("2024-09-17T12:00:00", "2024-09-16T22:00:00Z", "2024-09-18T00:00:00.999999Z"),
        ("9/17/24, 12:05 AM", "2024-09-16T10:05:00Z", "2024-09-17T12:05:59.999999Z"),
        ("9/17/24, 12:05 PM", "2024-09-16T22:05:00Z", "2024-09-18T00:05:59.999999Z"),
        ("9/17/24, 1:05\u202fPM", "2024-09-16T23:05:00Z", "2024-09-18T01:05:59.999999Z"),
        ("09/17/18, 13:05 PM", "2018-09-16T23:05:00Z", "2018-09-18T01:05:59.999999Z"),
        ("July 05, 2017, 11:05 AM", "2017-07-04T21:05:00Z", "2017-07-05T23:05:59.999999Z"),
        ("08 Feb 2026", "2026-02-07T10:00:00Z", "2026-02-09T11:59:59.999999Z"),
        ("12 Mar 19", "2019-03-11T10:00:00Z", "2019-03-13T11:59:59.999999Z"),
        ("2024-08-16", "2024-08-15T10:00:00Z", "2024-08-17T11:59:59.999999Z"),
    ],
)
def test_every_shape_is_read(text, earliest, latest):
    assert str(read_time(text)) == f"{earliest}/{latest}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N/A",
        "yesterday",
        "17/9/24, 1:05 PM",  # day before month: US order only
        "9/17/24, 13:05 AM",
        "9/17/24, 0:05 PM",
        "9/17/24, 1:05",  # morning or afternoon?
        "2024-02-30 00:00:00 UTC",
        "2024-09-17 24:00:00 UTC",
        "2024-09-17 23:59:60 UTC",
        "2024-09/17 23:59:00 UTC",
        "0001-01-01 00:00:00",
        "1999-01-01 00:00:00 UTC",
        "Juli 05, 2017, 11:05 AM",
        "2024-09-17 10:00:00 PST",
        "2024-09-17 10:00:00+15:00",
        "\uff12024-09-17 10:00:00 UTC",  # a digit, but not one that exports write
        "2024-09-17 10:00:00 UTC" + " " * 80,
    ],
)
def test_anything_else_is_not_guessed(text):
    assert read_time(text) is None


#: Offsets that clocks on Earth have shown.
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
INSTANTS = st.integers(1_054_425_600, 4_039_372_800).map(lambda at: datetime.fromtimestamp(at, UTC))


@given(INSTANTS, OFFSETS)
def test_a_time_without_zone_holds_the_instant_in_whatever_zone_it_was_written(instant, offset):
    local = instant.astimezone(timezone(offset))
    for shape in ("%Y-%m-%dT%H:%M:%S", "%m/%d/%y, %I:%M %p", "%Y-%m-%d"):
        bounds = read_time(local.strftime(shape))
        assert bounds is not None
        assert bounds.earliest <= instant <= bounds.latest
        assert bounds.zoned is False


@given(INSTANTS)
def test_a_time_in_utc_holds_its_instant_and_little_more(instant):
    bounds = read_time(instant.strftime("%Y-%m-%d %H:%M:%S UTC"))
    assert bounds is not None
    assert bounds.earliest <= instant <= bounds.latest
    assert bounds.latest - bounds.earliest < timedelta(seconds=1)


def test_month_names_do_not_hang_on_the_locale():
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert read_time("December 05, 2017, 11:05 AM") is not None
    finally:
        locale.setlocale(locale.LC_TIME, before)
