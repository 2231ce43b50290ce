"""The time line of one account as data: what there is to draw, whoever draws it.

A history and a definition come in; lanes go out. Lists of spans are lanes of what is certainly and
what is possibly covered, by the spans that count for the definition; the records that a definition
takes one of are lanes of the moments that it looks at; the edges of the definition's own time sets
are marks through all of it. `picture` draws it with characters.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, Is, Within, leaves, span_leaves
from eligibility.evaluation.coverage import certain_coverage, possible_coverage, surely_counts
from eligibility.facts.boxes import Bounds
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.wording import title_of
from eligibility.immutable import FrozenDict
from eligibility.values.date_words import day_words
from eligibility.values.english import capital
from eligibility.values.timeline import (
    COURT_ZONE,
    DAY,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    instant,
    load_zone,
    moment_of,
)
from eligibility.values.timeset import TimeSet

#: Up to so many records get lanes of their own; the moments of more are drawn together.
MOST_RECORDS: Final = 6


#: What there is to draw, in words, by what it is called in a legend.
LEGEND: Final = FrozenDict(
    {
        "certain": "certain (what counts)",
        "possible": "possible (what counts)",
        "more": "perhaps more, not listed",
        "point": "a moment",
        "range": "some time in this range",
        "perhaps": "if at all, some time in this range",
    }
)


@frozen
class SpanLane:
    """A list of spans: the instants that those which count cover surely, and may cover.

    `is_open`: the list may lack spans, which may lie anywhere. `touched` are days and less, within
    each of which some span surely covers an instant, though none is known that it covers: a receipt
    that is known to the second shows no more.
    """

    name: str
    certain: TimeSet
    possible: TimeSet
    is_open: bool
    touched: tuple[Bounds, ...] = ()


@frozen
class MomentLane:
    """One moment of one record: its bounds, if anything is known of it, and whether it surely was.

    `record` is the place of the record, `key` the field.
    """

    record: int
    key: str
    bounds: Bounds | None
    surely: bool


@frozen
class ManyLane:
    """One moment of many records: for each the bounds, and whether it surely was."""

    name: str
    key: str
    count: int
    moments: tuple[tuple[Bounds, bool], ...]


Lane: TypeAlias = SpanLane | MomentLane | ManyLane


@frozen
class Mark:
    """An instant that the definition turns on, its day in words, and the clauses it belongs to."""

    at: int
    day: str
    clauses: tuple[str, ...]


@frozen
class Axis:
    """Whole years, in local time."""

    first_year: int
    years: int
    zone: ZoneInfo
    start: int = field(init=False)
    end: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "start", self.new_year(self.first_year))
        object.__setattr__(self, "end", self.new_year(self.first_year + self.years))

    def new_year(self, year: int) -> int:
        """The instant at which a year begins."""
        return instant(datetime(year, 1, 1, tzinfo=self.zone))


@frozen
class TimeLine:
    """All that there is to draw of one account."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    axis: Axis


def short_name(key: str) -> str:
    """What a lane calls the moment that it is of.

    >>> short_name("shared_at")
    'shared'
    """
    return key.removesuffix("_at").replace("_", " ")


def time_line(history: History, definition: ClassDefinition) -> TimeLine:
    """What there is to draw.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> drawn = time_line(AccountHistory(account_id="A-1001"), class_definition())
    >>> [lane.name for lane in drawn.lanes], drawn.marks[0].day, drawn.axis.first_year
    (['Premium subscriptions', 'Permissions'], '18 September 2024', 2024)

    Raises:
        InconsistentHistory: no world fits the history.
    """
    facts = normalise(history)
    marks = tuple(_marks(definition))
    lanes = (*_spans(history, facts, definition), *_moments(history, facts, definition))
    return TimeLine(lanes, marks, _axis(facts, marks, load_zone(history.time_zone)))


def _spans(
    history: History, facts: KnownHistory, definition: ClassDefinition
) -> Iterator[SpanLane]:
    """Lists of spans, and of each the spans that count for the definition."""
    wheres = {
        leaf.spans: leaf.where for step in definition.steps for leaf in span_leaves(step.condition)
    }
    for name, list_shape in facts.shape.lists.items():
        if list_shape.is_spans:
            where = wheres.get(name, ())
            certain = certain_coverage(facts, name, where)
            possible = possible_coverage(facts.complete(name), name, where)
            touched = tuple(_touched(facts.lists[name], where, certain))
            title, is_open = capital(title_of(name, type(history))), name in facts.open
            yield SpanLane(title, certain, possible, is_open, touched)


def _touched(
    spans: Iterable[KnownRecord], where: tuple[Is, ...], certain: TimeSet
) -> Iterator[Bounds]:
    """Between the earliest end and the latest start, where that is a day at most.

    A span that has begun by the earliest end covers that; one that begins later covers its start.
    """
    found = {
        (span.bounds["end"][0], span.bounds["start"][1])
        for span in spans
        if surely_counts(span, where)
    }
    for first, last in sorted(found):
        if first < last <= first + DAY and (certain & TimeSet.of((first, last))).is_empty:
            yield first, last


def _moments(
    history: History, facts: KnownHistory, definition: ClassDefinition
) -> Iterator[MomentLane | ManyLane]:
    """The records that the definition takes one of: each by itself, or many together."""
    name, list_shape = definition.record_list, definition.list_shape
    if name is None or list_shape is None:
        return
    records, exists_if = facts.lists[name], list_shape.record.exists_if

    def surely(record: KnownRecord, key: str) -> bool:
        return key not in exists_if or record.values[exists_if[key]] == {True}

    if len(records) > MOST_RECORDS:
        title = capital(title_of(name, type(history)))
        for key in list_shape.sequence:
            known = ((r.bounds[key], surely(r, key)) for r in records if key in r.bounds)
            yield ManyLane(title, key, len(records), tuple(known))
        return
    for record in records:
        for key in list_shape.sequence:
            if key in record.said or key not in exists_if:
                yield MomentLane(record.index, key, record.bounds.get(key), surely(record, key))


def _marks(definition: ClassDefinition) -> Iterator[Mark]:
    """The edges of the definition's time sets."""
    found: dict[int, list[str]] = {}
    for step in definition.steps:
        for leaf in leaves(step.condition):
            for span in leaf.times.spans if isinstance(leaf, Within | Ever) else ():
                for at in (span[0], span[1] + 1):
                    if EARLIEST < at <= LATEST:
                        found.setdefault(at, []).append(step.id)
    for at, ids in sorted(found.items()):
        yield Mark(at, day_words(at, COURT_ZONE), tuple(dict.fromkeys(ids)))


def _axis(facts: KnownHistory, marks: tuple[Mark, ...], zone: ZoneInfo) -> Axis:
    """The years in which something that is known, or asked for, lies."""
    said = [
        at
        for records in facts.lists.values()
        for record in records
        for value in record.said.values()
        if isinstance(value, tuple)
        for at in value
        if EARLIEST < at < LATEST
    ]
    ats = (*said, *(mark.at for mark in marks))
    years = [moment_of(at).astimezone(zone).year for at in ats] or [FIRST_YEAR]
    # In some zones the first or the last instant lies in a year beside those that there are.
    first, last = (min(max(year, FIRST_YEAR), LAST_YEAR) for year in (min(years), max(years)))
    return Axis(first, last - first + 1, zone)
