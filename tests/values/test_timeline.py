from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import EligibilityError
from eligibility.values.timeline import (
    COURT_ZONE,
    EARLIEST,
    LATEST,
    instant,
    load_zone,
    local_span,
    moment_of,
    write_instant,
    zone_names,
)

MICRO = timedelta(microseconds=1)


def utc(text):
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def span(first, last, zone):
    """The instants of a local span, as UTC texts."""
    found = local_span(datetime.fromisoformat(first), datetime.fromisoformat(last), load_zone(zone))
    return found and tuple(write_instant(at) for at in found)


def day(text, zone):
    return span(f"{text}T00:00:00", f"{text}T23:59:59.999999", zone)


def test_the_line_runs_from_1900_to_2200_in_utc():
    assert write_instant(EARLIEST) == "1900-01-01T00:00:00Z"
    assert write_instant(LATEST) == "2200-12-31T23:59:59.999999Z"
    assert EARLIEST == -2208988800000000
    assert LATEST == 7289654399999999
    assert COURT_ZONE == "America/Los_Angeles"


@given(st.integers(EARLIEST, LATEST))
def test_instants_and_datetimes_are_each_other_s_inverse(at):
    assert instant(moment_of(at)) == at
    assert datetime.fromisoformat(write_instant(at)) == moment_of(at)
    assert moment_of(at).tzinfo is UTC


def test_instants_are_utc_whatever_the_offset():
    assert instant(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert instant(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    assert instant(datetime.fromisoformat("1970-01-02T00:00:01.000002+01:00")) == 82_801_000_002


def test_zones_come_from_the_tzdata_package():
    assert {"America/Los_Angeles", "UTC", "Asia/Tokyo", "Etc/GMT+8"} <= zone_names()
    assert load_zone("Asia/Tokyo").key == "Asia/Tokyo"
    assert load_zone("Asia/Tokyo") is load_zone("Asia/Tokyo")


@pytest.mark.parametrize(
    "name", ["", "xyz/abc", "PST8PDT ", "../UTC", "america/los_angeles", "tzdata"]
)
def test_any_other_name_is_refused(name):
    with pytest.raises(EligibilityError) as caught:
        load_zone(name)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("unknown-zone", "time_zone")
    assert problem.message == f"`{name}` is no IANA time zone."
    assert "America/Los_Angeles" in problem.hint


def test_a_refused_name_is_quoted_as_short_and_printable_text():
    for name, quoted in (("\ud800", "\\ud800"), ("x" * 100, "x" * 39 + "…")):
        with pytest.raises(EligibilityError) as caught:
            load_zone(name)
        assert caught.value.problems[0].message == f"`{quoted}` is no IANA time zone."


@pytest.mark.parametrize(
    ("text", "zone", "first", "last"),
    [
        ("2024-09-17", "UTC", "2024-09-17T00:00:00Z", "2024-09-17T23:59:59.999999Z"),
        ("2024-09-17", COURT_ZONE, "2024-09-17T07:00:00Z", "2024-09-18T06:59:59.999999Z"),
        ("2024-03-10", COURT_ZONE, "2024-03-10T08:00:00Z", "2024-03-11T06:59:59.999999Z"),
        ("2024-11-03", COURT_ZONE, "2024-11-03T07:00:00Z", "2024-11-04T07:59:59.999999Z"),
        # half an hour, at 2:00
        (
            "2024-04-07",
            "Australia/Lord_Howe",
            "2024-04-06T13:00:00Z",
            "2024-04-07T13:29:59.999999Z",
        ),
        # back from 00:01 to 23:01 of the day before: each of the two days holds that hour
        ("2006-10-28", "America/St_Johns", "2006-10-28T02:30:00Z", "2006-10-29T03:29:59.999999Z"),
        ("2006-10-29", "America/St_Johns", "2006-10-29T02:30:00Z", "2006-10-30T03:29:59.999999Z"),
        # on from 00:01 to 01:01
        ("2006-04-02", "America/St_Johns", "2006-04-02T03:30:00Z", "2006-04-03T02:29:59.999999Z"),
        # on from 23:30 to 00:30: one day ends early, the next begins late, at one instant
        ("1919-03-30", "America/Toronto", "1919-03-30T05:00:00Z", "1919-03-31T04:29:59.999999Z"),
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00Z", "1919-04-01T03:59:59.999999Z"),
        # a midnight that is skipped
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59.999999Z"),
        # a midnight that is repeated
        ("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", "2018-02-18T02:59:59.999999Z"),
        # the day before and the day after the one that was skipped
        ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-30T09:59:59.999999Z"),
        ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T09:59:59.999999Z"),
    ],
)
def test_a_day_of_a_zone(text, zone, first, last):
    assert day(text, zone) == (first, last)


def test_a_day_that_the_date_line_skips_has_no_instant():
    assert day("2011-12-30", "Pacific/Apia") is None
    assert span("2011-12-29T12:00:00", "2011-12-30T12:00:00", "Pacific/Apia") == (
        "2011-12-29T22:00:00Z",
        "2011-12-30T09:59:59.999999Z",
    )
    assert span("2011-12-30T12:00:00", "2011-12-31T00:00:00", "Pacific/Apia") == (
        "2011-12-30T10:00:00Z",
        "2011-12-30T10:00:00Z",
    )


@pytest.mark.parametrize(
    ("zone", "last_before", "gap", "jump"),
    [
        (COURT_ZONE, "2024-03-10T01:59:59.999999", "2024-03-10T02:30:00", "2024-03-10T03:00:00"),
        (
            "Australia/Lord_Howe",
            "2024-10-06T01:59:59.999999",
            "2024-10-06T02:29:00",
            "2024-10-06T02:30:00",
        ),
        (
            "America/St_Johns",
            "2006-04-02T00:00:59.999999",
            "2006-04-02T00:01:00",
            "2006-04-02T01:01:00",
        ),
    ],
)
def test_a_time_that_daylight_saving_skips(zone, last_before, gap, jump):
    assert span(gap, gap, zone) is None
    before, after = span(last_before, last_before, zone), span(jump, jump, zone)
    assert utc(after[0].removesuffix("Z")) == utc(before[0].removesuffix("Z")) + 1
    assert before[0] == before[1]
    assert after[0] == after[1]
    assert span(last_before, gap, zone) == before
    assert span(gap, jump, zone) == after


@pytest.mark.parametrize(
    ("zone", "repeated", "first", "last"),
    [
        (COURT_ZONE, "2024-11-03T01:30:00", "2024-11-03T08:30:00Z", "2024-11-03T09:30:00Z"),
        (
            "Australia/Lord_Howe",
            "2024-04-07T01:45:00",
            "2024-04-06T14:45:00Z",
            "2024-04-06T15:15:00Z",
        ),
        ("America/St_Johns", "2006-10-28T23:30:00", "2006-10-29T02:00:00Z", "2006-10-29T03:00:00Z"),
    ],
)
def test_a_time_that_is_repeated_counts_twice(zone, repeated, first, last):
    assert span(repeated, repeated, zone) == (first, last)


zones = st.sampled_from(
    [COURT_ZONE, "UTC", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"]
)
naive = st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("2199-12-31"))


@given(zones, st.integers(EARLIEST, LATEST))
def test_every_instant_lies_in_the_span_of_its_own_local_time(name, at):
    local = moment_of(at).astimezone(load_zone(name)).replace(tzinfo=None, fold=0)
    first, last = local_span(local, local, load_zone(name))
    assert first <= at <= last
    assert at in (first, last)


@given(zones, naive, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_span_begins_and_ends_with_local_times_of_its_own(name, first, length):
    zone = load_zone(name)
    last = first + length
    found = local_span(first, last, zone)
    if found is None:
        return
    for at in found:
        assert first <= moment_of(at).astimezone(zone).replace(tzinfo=None) <= last
    assert found[0] <= found[1]
    for outside in (found[0] - 1, found[1] + 1):
        assert not first <= moment_of(outside).astimezone(zone).replace(tzinfo=None) <= last
