"""Cases that the test suites of others state, run against ours.

The files lie beside the checkout, in `../shared/external`, with a README that says where each case
is from. Every case either runs or is left out for a reason that `LEFT_OUT` names; both are counted,
so that none is dropped unseen.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from eligibility import EligibilityError, InvalidMoment, Moment, TimeSet, Truth
from eligibility.values.timeline import EARLIEST, LATEST, instant, load_zone, local_span, moment_of

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "external"
FILES = ("ternary_logic", "quantifiers", "partial_dates", "edtf", "date_parsing", "timezones")

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="THE CASES BY OTHERS ARE NOT HERE: no shared/external beside the checkout",
)

Case = dict[str, Any]


@frozen
class LeftOut:
    """Why a case says nothing about ours."""

    reason: str


OUTSIDE = LeftOut("outside the years 1900 to 2200")
NO_NOTATION = LeftOut("not in our notation, and refused by name")
SECONDS = LeftOut("a second without a fraction is one instant here, a thousand milliseconds there")
OLD_OFFSET = LeftOut("an old offset that the installed tz database tells otherwise")
LENIENT = LeftOut("refused by its profile, meant and read as another notation here")
OTHER_KIND = LeftOut("a time of day or a duration alone, which is no moment, and refused by name")
SOURCE_ONLY = LeftOut("the bounds are the source's own choice, and the text is refused by name")

MOMENT_CODES = {
    "moment-notation",
    "moment-qualifier",
    "moment-calendar",
    "moment-range",
    "moment-order",
}


def read(text: str) -> Moment | str:
    """The moment, in UTC, or the code with which it is refused."""
    try:
        return Moment.parse(text, "UTC")
    except InvalidMoment as error:
        (problem,) = error.problems
        assert problem.code in MOMENT_CODES
        assert problem.message
        return problem.code


# ---- truth ----


def word(truth: Truth) -> bool | None:
    return {"true": True, "false": False, "unknown": None}[truth.word]


def fold(join: Callable[[Truth, Truth], Truth]) -> Callable[..., bool | None]:
    def folded(first: Truth, *rest: Truth) -> bool | None:
        for other in rest:
            first = join(first, other)
        return word(first)

    return folded


CONNECTIVES: dict[str, Callable[..., bool | None]] = {
    "and": fold(Truth.__and__),
    "or": fold(Truth.__or__),
    "xor": fold(Truth.__xor__),
    "implies": fold(Truth.implies),
    "not": lambda a: word(~a),
    "eq": lambda a, b: word(~(a ^ b)),
    "neq": lambda a, b: word(a ^ b),
    "is_true": lambda a: a.surely,
    "is_not_true": lambda a: not a.surely,
    "is_false": lambda a: not a.possibly,
    "is_not_false": lambda a: a.possibly,
    "is_null": lambda a: a.possibly and not a.surely,
    "is_not_null": lambda a: a.surely or not a.possibly,
    "is_distinct": lambda a, b: a != b,
    "is_not_distinct": lambda a, b: a == b,
}


def ternary_logic(case: Case) -> LeftOut | None:
    assert CONNECTIVES[case["op"]](*map(Truth.of, case["args"])) is case["expected"]
    return None


def exactly_one(members: list[Truth]) -> Truth:
    return Truth.some(
        member & Truth.none(members[:at] + members[at + 1 :]) for at, member in enumerate(members)
    )


def one_of(item: Any, members: list[Any]) -> Truth:
    return Truth.some(
        Truth.of(None if item is None or member is None else item == member) for member in members
    )


def quantifiers(case: Case) -> LeftOut | None:
    if case["op"] in {"in", "not_in"}:
        found = one_of(*case["args"])
        found = found if case["op"] == "in" else ~found
    else:
        ours = {
            "some": Truth.some,
            "every": Truth.every,
            "none": Truth.none,
            "exactly_one": exactly_one,
        }
        found = ours[case["op"]]([Truth.of(member) for member in case["args"][0]])
    assert word(found) is case["expected"]
    return None


# ---- moments ----

RELATIONS: dict[str, Callable[[Moment, Moment], Truth]] = {
    "before": Moment.before,
    "lt": Moment.before,
    "range_lt": Moment.before,
    "after": Moment.after,
    "gt": Moment.after,
    "range_gt": Moment.after,
    "same_or_before": Moment.not_after,
    "lte": Moment.not_after,
    "range_lte": Moment.not_after,
    "same_or_after": Moment.not_before,
    "gte": Moment.not_before,
    "range_gte": Moment.not_before,
    "same": Moment.same,
    "eq": Moment.same,
    "range_eq": Moment.same,
    "neq": lambda a, b: ~a.same(b),
}
UNITS = ("year", "month", "day", "hour", "minute", "second", "millisecond")


def milliseconds(text: str) -> datetime:
    """A bound; a time of day is put on some one day."""
    return datetime.fromisoformat("2000-01-01" + text if text.startswith("T") else text)


def unit_of(when: datetime, unit: str) -> int:
    """Which of the units, counted one after the other, a time falls in."""
    if unit in {"year", "month"}:
        return when.year * 12 + when.month if unit == "month" else when.year
    length = {
        "day": timedelta(days=1),
        "hour": timedelta(hours=1),
        "minute": timedelta(minutes=1),
        "second": timedelta(seconds=1),
        "millisecond": timedelta(milliseconds=1),
    }[unit]
    return (when - datetime(1, 1, 1)) // length  # noqa: DTZ001 - both are in one zone, or in none


def stated(value: Case, unit: str, widened: bool) -> Moment | LeftOut:
    """A value of a case as a moment, counted in units; without a unit, in milliseconds."""
    if "text" in value and "lo" not in value:
        found = read(value["text"])
        return found if isinstance(found, Moment) else OUTSIDE
    if "text" not in value:
        low = EARLIEST if value["lo"] is None else value["lo"]
        high = LATEST if value["hi"] is None else value["hi"]
        return Moment(low, high, f"{low}/{high}")
    wide = timedelta(hours=14 if widened and value["offset_min"] is None else 0)
    first, last = milliseconds(value["lo"]) - wide, milliseconds(value["hi"]) + wide
    return Moment(unit_of(first, unit), unit_of(last, unit), value["text"])


def partial_dates(case: Case) -> LeftOut | None:
    """A relation 'to the year' is one between the years in which the two may lie, and so on."""
    values, unit = case["args"][:2], (*case["args"], "millisecond")[2]
    offsets = {value.get("offset_min") is None for value in values}
    a, b = (stated(value, unit, len(offsets) > 1) for value in values)
    if isinstance(a, LeftOut) or isinstance(b, LeftOut):
        return OUTSIDE
    found = word(RELATIONS[case["op"]](a, b))
    assert found in case.get("accept", [case["expected"]])
    assert found is case["possible_worlds"]
    return None


def reading_of(value: Case) -> LeftOut | None:
    """Whether a value of a case, where our notation has it, is read with the same bounds."""
    text = value["text"]
    found = read(text)
    if not isinstance(found, Moment):
        assert text.startswith("T") or found == "moment-range" or value["precision"] == "hour"
        return OUTSIDE if found == "moment-range" else NO_NOTATION
    if value["precision"] == "second":
        return SECONDS
    low, high = (
        instant(datetime.fromisoformat(value[end]).replace(tzinfo=UTC)) for end in ("lo", "hi")
    )
    exact = 0 if value["precision"] == "millisecond" else 999
    assert (found.earliest, found.latest) == (low, high + exact)
    return None


def day(when: int) -> date:
    return moment_of(when).date()


def within_bound(ours: int, theirs: str | None) -> bool:
    """Whether a bound is theirs, or theirs lies beyond the time line and ours on it."""
    if theirs is None:
        return True
    if theirs in {"-inf", "inf"}:
        return ours == (LATEST if theirs == "inf" else EARLIEST)
    if theirs[:4] < "1900" or theirs[:4] > "2200":  # cut to the years of the time line
        return day(ours).isoformat()[4:] == theirs[4:]
    return day(ours).isoformat() == theirs


def edtf(case: Case) -> LeftOut | None:
    text, expected = case["args"][0], case["expected"]
    found = read(text) if isinstance(text, str) else "not a text"
    if case["op"] == "valid" and not expected:
        if not isinstance(found, Moment):
            return None
        offset = text[-6:]
        assert offset in {"-00:00", "-12:01", "-13:00", "-14:00", "+14:01"}
        return LENIENT  # RFC 3339 has them
    if not isinstance(found, Moment):
        if case["op"] == "bounds_fuzzy":
            return SOURCE_ONLY
        return OUTSIDE if found == "moment-range" else NO_NOTATION
    return EDTF[case["op"]](found, case)


def edtf_plain(_: Moment, case: Case) -> None:
    """A text that is accepted is valid, and nothing in it is qualified."""
    assert case["expected"] is True or not any(case["expected"].values())


def edtf_bounds(found: Moment, case: Case) -> None:
    hours = 5 if case["args"][0].endswith("+05:00") else 0  # theirs are days of the offset
    offset = timedelta(hours=hours) // timedelta(microseconds=1)
    assert within_bound(found.earliest + offset, case["expected"]["lower"])
    assert within_bound(found.latest + offset, case["expected"]["upper"])


def edtf_bounds_ms(found: Moment, case: Case) -> LeftOut | None:
    lower, upper = (
        instant(datetime.fromisoformat(case["expected"][end]).replace(tzinfo=UTC))
        for end in ("lower", "upper")
    )
    if upper - lower == 999_000:
        return SECONDS
    assert found.earliest == lower
    assert found.latest == (upper if upper == lower else upper + 999)
    return None


def edtf_months(found: Moment, case: Case) -> None:
    assert day(found.earliest).isoformat()[:7] == case["expected"]["lower"]
    assert day(found.latest).isoformat()[:7] == case["expected"]["upper"]


def edtf_years(found: Moment, case: Case) -> None:
    said = case["expected"]
    years = range(said["first"], said["last"] + 1, said["step"])
    ours = [year for year in years if 1900 <= year <= 2200]
    assert (day(found.earliest).year, day(found.latest).year) == (ours[0], ours[-1])


def edtf_covers(found: Moment, case: Case) -> None:
    inner = Moment.parse(case["args"][1], "UTC")
    outer = TimeSet.of((found.earliest, found.latest))
    assert inner.within(outer).surely is case["expected"]


EDTF: dict[str, Callable[[Moment, Case], LeftOut | None]] = {
    "valid": edtf_plain,
    "qualifiers": edtf_plain,
    "bounds": edtf_bounds,
    "bounds_ms": edtf_bounds_ms,
    "bounds_at_precision": edtf_months,
    "possible_years": edtf_years,
    "covers": edtf_covers,
}


def value_of(value: Any) -> int | None:
    """The instant, or the first instant, that a source says was read; a local time is in UTC."""
    if isinstance(value, str):
        said = datetime.fromisoformat(value.removesuffix("T"))
        return instant(said if said.tzinfo else said.replace(tzinfo=UTC))
    if "local" in value:
        offset = timedelta(seconds=value["offset_s"] or 0)
        return instant(datetime.fromisoformat(value["local"]).replace(tzinfo=UTC) - offset)
    year, month, day, *time, milli = value["components"]
    local = datetime(year, month or 1, day or 1, *[part or 0 for part in time], tzinfo=UTC)
    local += timedelta(milliseconds=milli or 0)
    return instant(local - timedelta(hours=value["offset_h"] or 0))


def date_parsing(case: Case) -> LeftOut | None:
    (text,), profile = case["args"], case["profile"]
    found = read(text)
    if case.get("calendar_invalid"):
        assert not isinstance(found, Moment)
        return None
    if not case["expected"]:
        return LENIENT if isinstance(found, Moment) else None
    if not isinstance(found, Moment):
        if profile.endswith(("time-string", "-time", "isotime", "duration")) and (
            "date" not in profile
        ):
            return OTHER_KIND
        return OUTSIDE if found == "moment-range" else NO_NOTATION
    if "value" in case:
        assert found.earliest == value_of(case["value"])
    elif profile in {"rfc3339-date", "rfc3339-date-time", "fhirpath-date", "fhirpath-datetime"}:
        padded = {4: text + "-01-01", 7: text + "-01"}.get(len(text), text)
        assert found.earliest == value_of(padded.upper())
    else:
        raise AssertionError(profile)
    return None


# ---- zones ----


@cache
def retold() -> set[str]:
    """The changes of offset that today's tz database tells otherwise."""
    told = (case for case in cases("timezones") if "installed_tzdata_differs" in case)
    return {case["source"]["test"] for case in told}


def timezones(case: Case) -> LeftOut | None:
    name, *args = case["args"]
    if case["op"] == "zone_valid":
        if not case["expected"]:
            with pytest.raises(EligibilityError, match="unknown-zone"):
                load_zone(name)
        else:
            assert load_zone(name).key == name
        return None
    if "installed_tzdata_differs" in case or (
        case["op"] == "local_kind" and case["source"]["test"] in retold()
    ):
        return OLD_OFFSET
    zone = load_zone(name)
    if case["op"] == "offset_at_instant":
        when = moment_of(instant(datetime.fromisoformat(args[0])))
        assert when.astimezone(zone).utcoffset() == timedelta(seconds=case["expected"])
        return None
    local = datetime.fromisoformat(args[0])
    span = local_span(local, local, zone)
    if case["op"] == "local_kind":
        kind = "gap" if span is None else "normal" if span[0] == span[1] else "fold"
        assert kind == case["expected"]
    else:
        offset = timedelta(seconds=case["expected"])
        there = instant(local.replace(tzinfo=UTC) - offset)
        if span is None:  # either side of the jump: one instant reads later, the other earlier
            assert moment_of(there).astimezone(zone).replace(tzinfo=None) != local
        else:
            assert there == span[args[1]]
    if not EARLIEST <= instant(local.replace(tzinfo=UTC)) <= LATEST:
        return None
    if span is None:
        with pytest.raises(InvalidMoment, match="moment-gap"):
            Moment.parse(args[0], name)
    else:
        found = Moment.parse(args[0], name)
        assert (found.earliest, found.latest) == span
    return None


# ---- all of them ----

CHECKS = {
    "ternary_logic": ternary_logic,
    "quantifiers": quantifiers,
    "partial_dates": partial_dates,
    "edtf": edtf,
    "date_parsing": date_parsing,
    "timezones": timezones,
}


@cache
def cases(name: str) -> list[Case]:
    return json.loads((SHARED / f"{name}.json").read_text(encoding="utf-8"))["cases"]


RAN = {
    ("ternary_logic", "and"): 100,
    ("ternary_logic", "implies"): 18,
    ("ternary_logic", "not"): 18,
    ("ternary_logic", "or"): 100,
    ("ternary_logic", "xor"): 83,
    ("ternary_logic", "is_null"): 5,
    ("ternary_logic", "is_false"): 6,
    ("ternary_logic", "is_true"): 9,
    ("ternary_logic", "eq"): 12,
    ("ternary_logic", "neq"): 11,
    ("ternary_logic", "is_not_null"): 4,
    ("ternary_logic", "is_distinct"): 1,
    ("ternary_logic", "is_not_distinct"): 1,
    ("ternary_logic", "is_not_true"): 6,
    ("ternary_logic", "is_not_false"): 3,
    ("quantifiers", "none"): 115,
    ("quantifiers", "exactly_one"): 116,
    ("quantifiers", "some"): 285,
    ("quantifiers", "every"): 185,
    ("quantifiers", "in"): 30,
    ("quantifiers", "not_in"): 5,
    ("partial_dates", "after"): 172,
    ("partial_dates", "before"): 170,
    ("partial_dates", "same"): 630,
    ("partial_dates", "same_or_after"): 194,
    ("partial_dates", "same_or_before"): 187,
    ("partial_dates", "eq"): 46,
    ("partial_dates", "gt"): 52,
    ("partial_dates", "gte"): 28,
    ("partial_dates", "lt"): 38,
    ("partial_dates", "lte"): 26,
    ("partial_dates", "neq"): 10,
    ("partial_dates", "range_eq"): 53,
    ("partial_dates", "range_lt"): 52,
    ("partial_dates", "range_lte"): 52,
    ("partial_dates", "range_gt"): 52,
    ("partial_dates", "range_gte"): 52,
    ("edtf", "valid"): 159,
    ("edtf", "bounds"): 80,
    ("edtf", "qualifiers"): 2,
    ("edtf", "covers"): 3,
    ("edtf", "possible_years"): 5,
    ("edtf", "bounds_ms"): 6,
    ("edtf", "bounds_at_precision"): 1,
    ("date_parsing", "parse"): 505,
    ("timezones", "offset_at_instant"): 105,
    ("timezones", "local_kind"): 184,
    ("timezones", "offset_of_local"): 124,
    ("timezones", "zone_valid"): 6,
}
LEFT_OUT = {
    ("partial_dates", "lt", OUTSIDE): 2,
    ("partial_dates", "gt", OUTSIDE): 2,
    ("edtf", "valid", NO_NOTATION): 149,
    ("edtf", "bounds", NO_NOTATION): 67,
    ("edtf", "valid", OUTSIDE): 23,
    ("edtf", "bounds", OUTSIDE): 5,
    ("edtf", "bounds_fuzzy", SOURCE_ONLY): 38,
    ("edtf", "qualifiers", NO_NOTATION): 24,
    ("edtf", "valid", LENIENT): 5,
    ("edtf", "bounds_ms", SECONDS): 1,
    ("edtf", "bounds_ms", NO_NOTATION): 1,
    ("edtf", "bounds_at_precision", NO_NOTATION): 1,
    ("date_parsing", "parse", LENIENT): 6,
    ("date_parsing", "parse", OUTSIDE): 11,
    ("date_parsing", "parse", NO_NOTATION): 239,
    ("date_parsing", "parse", OTHER_KIND): 93,
    ("timezones", "offset_at_instant", OLD_OFFSET): 7,
    ("timezones", "local_kind", OLD_OFFSET): 20,
    ("timezones", "offset_of_local", OLD_OFFSET): 7,
}


def outcomes(name: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str, LeftOut]]]:
    ran: Counter[tuple[str, str]] = Counter()
    left: Counter[tuple[str, str, LeftOut]] = Counter()
    wrong = []
    for case in cases(name):
        try:
            why = CHECKS[name](case)
        except AssertionError as error:
            wrong.append(
                f"{case['id']}: {case['op']} {case['args']} is {case['expected']} ({error})"
            )
            continue
        if why is None:
            ran[name, case["op"]] += 1
        else:
            left[name, case["op"], why] += 1
    assert wrong == []
    return ran, left


@pytest.mark.parametrize("name", FILES)
def test_every_case_holds_or_is_left_out_by_name(name):
    ran, left = outcomes(name)
    assert ran == {key: count for key, count in RAN.items() if key[0] == name}
    assert left == {key: count for key, count in LEFT_OUT.items() if key[0] == name}
    assert ran.total() + left.total() == len(cases(name))


def test_every_file_is_run():
    assert {path.stem for path in SHARED.glob("*.json")} == set(CHECKS) == set(FILES)


def test_values_of_partial_dates_are_read_with_the_bounds_that_are_stated():
    values = {
        (value["text"], value["kind"]): value
        for case in cases("partial_dates")
        for value in case["args"][:2]
        if "text" in value and "lo" in value
    }
    found = Counter(reading_of(value) for value in values.values())
    assert found == {None: 243, NO_NOTATION: 87, SECONDS: 32}
