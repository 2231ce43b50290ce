"""One instant of which only bounds are known.

It is written in the notation (`notation`). What a text leaves open is kept as the earliest and the
latest instant that it may mean.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NoReturn

from attrs import evolve, frozen

from eligibility.arguments import expect, wrong
from eligibility.errors import InvalidMoment
from eligibility.immutable import as_repr
from eligibility.values.notation import SWAP, machine_instant, meant_by, out_of_range, refusal
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    SECOND,
    instant,
    load_zone,
    moment_of,
    write_instant,
)
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth

_INSTANT: Final = "Instants are UTC microseconds; of a text, `Moment.parse(text)` makes a moment."


@frozen(order=False, repr=False)
class Moment:
    """One instant somewhere from `earliest` to `latest`: UTC microseconds, both inclusive.

    `text` is the moment as it was written. `zone` names the zone that the text was read in if the
    text alone does not say which instants it means; it is empty for a record that stands in no
    history yet, and None where the text needs no zone.

    >>> Moment.parse("2024-09-17T23:59:00-07:00").before(Moment.parse("2024-09-18"))
    Truth.TRUE
    >>> Moment.parse("2024").before(Moment.parse("2024-09-18"))
    Truth.UNKNOWN
    """

    earliest: int
    latest: int
    text: str
    zone: str | None = None

    @classmethod
    def parse(cls, text: str | date, zone: str = COURT_ZONE) -> "Moment":
        """The moment that a text means, dates being read in `zone`.

        A `date` of Python is that day in the zone; a `datetime` must have an offset of its own.

        >>> from datetime import UTC, datetime
        >>> Moment.parse(datetime(2024, 9, 18, 7, tzinfo=UTC)).text
        '2024-09-18T07:00:00+00:00'

        Raises:
            InvalidMoment: `moment-notation`, `moment-qualifier`, `moment-calendar`,
                `moment-range`, `moment-order`, `moment-gap` or `moment-naive`.
        """
        if not isinstance(text, str):
            expect(text, str | date, "text", "Write `2024-09-17`, in quotes.")
            return cls.parse(_written(text), zone)
        if type(zone) is not str:
            expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        return read_moment(text, zone)

    @classmethod
    def at(cls, when: int) -> "Moment":
        """The moment that is exactly this instant."""
        expect(when, int, "when", _INSTANT)
        return cls.between(when, when)

    @classmethod
    def between(cls, earliest: int, latest: int, zone: str = COURT_ZONE) -> "Moment":
        """The moment with these bounds, written in days of `zone` where they are whole days.

        >>> Moment.between(EARLIEST, Moment.parse("2024-09-17").latest).text
        '../2024-09-17'

        Raises:
            InvalidMoment: `moment-order` or `moment-range`.
        """
        if type(earliest) is not int or type(latest) is not int:
            expect(earliest, int, "earliest", _INSTANT)
            expect(latest, int, "latest", _INSTANT)
        elif not EARLIEST <= earliest <= latest <= LATEST:
            raise _no_bounds(earliest, latest)
        expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        if earliest == latest:
            return cls(earliest, latest, write_instant(earliest))
        first, first_local = _write_bound(earliest, zone, 0)
        last, last_local = _write_bound(latest, zone, 1)
        text = first if first == last and first_local else f"{first}/{last}"
        return cls(earliest, latest, text, zone if first_local or last_local else None)

    @property
    def is_exact(self) -> bool:
        """Whether the instant is known to the microsecond."""
        return self.earliest == self.latest

    @property
    def sort_key(self) -> tuple[int, int]:
        """A total order for display; it says nothing of which moment came first."""
        return (self.earliest, self.latest)

    def before(self, other: "Moment") -> Truth:
        """Whether this instant is earlier than the other."""
        _expect_moment(other)
        return Truth(self.latest < other.earliest, self.earliest < other.latest)

    def after(self, other: "Moment") -> Truth:
        """Whether this instant is later than the other."""
        return _expect_moment(other).before(self)

    def not_after(self, other: "Moment") -> Truth:
        """Whether this instant is the other or earlier."""
        return ~_expect_moment(other).before(self)

    def not_before(self, other: "Moment") -> Truth:
        """Whether this instant is the other or later."""
        return ~self.before(other)

    def same(self, other: "Moment") -> Truth:
        """Whether the two are one instant; two moments of the same year may not be."""
        return self.not_after(other) & self.not_before(other)

    def within(self, times: TimeSet) -> Truth:
        """Whether the instant is in a set of instants."""
        expect(times, TimeSet, "times")
        return Truth(
            times.covers(self.earliest, self.latest),
            times.first(self.earliest, self.latest) is not None,
        )

    def in_zone(self, zone: str) -> "Moment":
        """This moment as a history of that zone holds it.

        A text that has been read in no history's zone yet is read again; any other moment keeps
        its instants, and is written so that it needs no other zone.
        """
        if self.zone is None or self.zone == zone:
            return self
        expect(zone, str, "zone", "Write an IANA name, such as `Europe/Paris`.")
        if not self.zone:
            return Moment.parse(self.text, zone)
        return Moment.between(self.earliest, self.latest, zone)

    def afloat(self) -> "Moment":
        """This moment, to be read again in the zone of the history that it comes into."""
        return evolve(self, zone="") if self.zone is not None else self

    def __repr__(self) -> str:
        zone = f", {self.zone!r}" if self.zone not in (None, "", COURT_ZONE) else ""
        return f"Moment.parse({self.text!r}{zone})"

    _repr_pretty_ = as_repr

    def __attrs_post_init__(self) -> None:
        if (type(self.earliest), type(self.latest)) != (int, int):
            hint = 'Write `Moment.parse("2024-09-17")`.'
            raise wrong("Moment", "two instants and a text", (self.earliest, self.latest), hint)

    def _refuse(self, other: object) -> NoReturn:
        raise TypeError(
            f"moments have no order of their own (compared with {type(other).__name__}): ask "
            "`a.before(b)`, which answers with a Truth, or sort by `sort_key`."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _refuse


# Histories hold tens of thousands of moments that machines wrote: past the checks of `Moment(...)`.
_new: Final = object.__new__
_set_earliest: Final = vars(Moment)["earliest"].__set__
_set_latest: Final = vars(Moment)["latest"].__set__
_set_text: Final = vars(Moment)["text"].__set__
_set_zone: Final = vars(Moment)["zone"].__set__

#: What the parts of an instant mean, such as `2024-09-17`, `T23:59`, `:00` and `-07:00`, as far as
#: they have been met. Each is right by itself, so any of them together are an instant.
_DAYS: Final[dict[str, int]] = {}
_MINUTES: Final[dict[str, int]] = {}
_SECONDS: Final[dict[str, int]] = {}
_OFFSETS: Final[dict[str, int]] = {"Z": 0}
_MILLISECONDS: Final = {f".{part:03}": 1000 * part for part in range(1000)}
_MICROSECONDS: Final = {f"{part:03}": part for part in range(1000)}
_MOST_DAYS: Final = 10_000
#: How long `2024-09-17T23:59:00Z` is, and no other instant; none is shorter.
_UTC_SECOND: Final = 20
#: Where the offset of any other begins, by its length.
_OFFSET_AT: Final = {24: 23, 25: 19, 27: 26, 29: 23, 32: 26}


def read_moment(text: str, zone: str) -> Moment:
    """The moment that a text means, as `Moment.parse` says, which also looks at its arguments."""
    if len(text) < _UTC_SECOND:
        return _read(text, zone)
    try:
        if len(text) == _UTC_SECOND:
            at = _DAYS[text[:10]] + _MINUTES[text[10:16]] + _SECONDS[text[16:]]
        else:
            at = _with_offset(text)
    except LookupError:
        found = machine_instant(text)
        if found is None:
            return _read(text, zone)
        _keep(text, at := found)
    moment = _new(Moment)
    _set_earliest(moment, at)
    _set_latest(moment, at)
    _set_text(moment, text)
    _set_zone(moment, None)
    return moment


def _with_offset(text: str) -> int:
    """The instant of a text that has an offset, a part of a second, or both.

    Raises:
        LookupError: some part has not been met, or the text is no such instant.
    """
    offset_at = _OFFSET_AT[len(text)]
    at = (
        _DAYS[text[:10]]
        + _MINUTES[text[10:16]]
        + _SECONDS[text[16:19]]
        + _OFFSETS[text[offset_at:]]
    )
    if offset_at > 19:
        at += _MILLISECONDS[text[19:23]]
        if offset_at > 23:
            at += _MICROSECONDS[text[23:26]]
    if not EARLIEST <= at <= LATEST:
        raise LookupError
    return at


def _keep(text: str, at: int) -> None:
    """What the parts of an instant mean, for those that are met again."""
    utc = instant(datetime.fromisoformat(text[:19] + "Z"))
    of_day = utc % DAY
    if len(_DAYS) < _MOST_DAYS:
        _DAYS[text[:10]] = utc - of_day
    second = of_day % (60 * SECOND)
    _SECONDS[text[16:19]] = _SECONDS[text[16:19] + "Z"] = second
    _MINUTES[text[10:16]] = of_day - second
    offset_at = _OFFSET_AT.get(len(text), 19)
    _OFFSETS[text[offset_at:]] = (at - utc) // (60 * SECOND) * 60 * SECOND  # in whole minutes


@lru_cache(maxsize=4096)
def _read(text: str, zone: str) -> Moment:
    earliest, latest, hangs_on_zone = meant_by(text, zone)
    return Moment(earliest, latest, text, zone if hangs_on_zone else None)


def _written(when: date) -> str:
    """A `date`, or a `datetime` with its offset, in the notation. A `datetime` is a `date` too."""
    text = when.isoformat()
    if not isinstance(when, datetime):
        return text
    offset = None if when.tzinfo is None else when.utcoffset()
    if offset is None:
        hint = (
            "Give it its zone, as in `value.replace(tzinfo=UTC)`, or pass the text "
            "`value.isoformat()`: that is read in the history's zone."
        )
        raise refusal("moment-naive", text, "is a datetime that does not say its zone.", hint)
    if offset % timedelta(minutes=1) and FIRST_YEAR <= when.year <= LAST_YEAR:
        # No notation has seconds in an offset. Zones had, a hundred years ago.
        return f"{(when.replace(tzinfo=None) - offset).isoformat()}Z"
    return text


def _expect_moment(value: Moment) -> Moment:
    if not isinstance(value, Moment):
        raise wrong("other", "a `Moment`", value, 'Write `Moment.parse("2024-09-17")`.')
    return value


def _write_bound(when: int, zone: str, end: int) -> tuple[str, bool]:
    """A bound as text, and whether the text is a day of the zone."""
    if when == (EARLIEST, LATEST)[end]:
        return "..", False
    local = moment_of(when + end).astimezone(load_zone(zone))
    day = moment_of(when).astimezone(load_zone(zone)).date()
    if local.time() == time(0) and FIRST_YEAR <= day.year <= LAST_YEAR:
        read = _read(day.isoformat(), zone)
        if (read.earliest, read.latest)[end] == when:
            return day.isoformat(), True
    return write_instant(when), False


def _no_bounds(earliest: int, latest: int) -> InvalidMoment:
    if earliest > latest:
        return refusal("moment-order", f"{earliest}/{latest}", "ends before it starts.", SWAP)
    return out_of_range(f"{earliest}/{latest}")
