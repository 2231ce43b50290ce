"""The time line of one account as a text picture.

A history and a definition come in; lines of text go out, one character for each slice of time.
Lists of spans are drawn as what is certainly and what is possibly covered, by the spans that count
for the definition; the records that a definition takes one of, as the moments that it looks at; and
the edges of the definition's own time sets as marks through all of it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    Ever,
    Is,
    Within,
    leaves,
    span_leaves,
)
from eligibility.errors import printable
from eligibility.evaluation.coverage import certain_coverage, possible_coverage
from eligibility.facts.model import History
from eligibility.facts.normalise import Bounds, KnownHistory, KnownRecord, normalise
from eligibility.facts.paths import record_path
from eligibility.facts.wording import title_of
from eligibility.values.date_words import day_words
from eligibility.values.timeline import (
    COURT_ZONE,
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    instant,
    load_zone,
    moment_of,
)
from eligibility.values.timeset import TimeSet

#: Up to so many records get lines of their own; more are counted by slice of time.
MOST_RECORDS: Final = 6
#: No picture is narrower, whatever is asked for.
LEAST_WIDTH: Final = 48
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)


@frozen
class Glyphs:
    """The characters that a picture is drawn with; `density` runs from few to many."""

    certain: str
    possible: str
    open: str
    point: str
    range: str
    perhaps: str
    mark: str
    tick: str
    axis: str
    density: str


UNICODE: Final = Glyphs("█", "░", "·", "●", "─", "┄", "│", "┴", "─", "▁▂▃▄▅▆▇")
ASCII: Final = Glyphs("#", "=", ".", "o", "-", "~", "|", "+", "-", "123456789")


def timeline(
    history: History,
    definition: ClassDefinition,
    width: int = 80,
    *,
    ascii_only: bool = False,
) -> str:
    """The picture, at most `width` columns wide, without a line break at its end.

    Raises:
        InconsistentHistory: no world fits the history.
    """
    facts = normalise(history)
    lanes = _Lanes(history, facts, definition, ASCII if ascii_only else UNICODE)
    rows = list(lanes.rows())
    gutter = min(max([len(name) for name, _ in rows], default=0), max(LEAST_WIDTH, width) * 2 // 5)
    marks, zone = _marks(definition), load_zone(history.time_zone)
    axis = _axis(facts, [at for at, _ in marks], max(LEAST_WIDTH, width) - gutter - 1, zone)
    drawn = [(name[:gutter], draw(axis)) for name, draw in rows]
    lines = [(name, _marked(line, axis, marks, lanes.glyphs)) for name, line in drawn]
    lines += [("", line) for line in _axis_lines(axis, marks, lanes.glyphs)]
    named = [f"{lanes.glyphs.mark} {label}" for _, label in marks]
    legend = lanes.legend({glyph for _, line in drawn for glyph in line})
    return "\n".join(
        [
            *(f"{name:{gutter}} {line}".rstrip() for name, line in lines),
            *named,
            *_packed(legend, max(LEAST_WIDTH, width)),
        ]
    )


def _packed(words: list[str], width: int) -> list[str]:
    """Words in lines, as many to a line as fit, two spaces between them."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 2 + len(word) <= width:
            lines[-1] += f"  {word}"
        else:
            lines.append(word)
    return lines


# ---- the axis ----------------------------------------------------------------------------------


@frozen
class _Axis:
    """Whole years, in local time, laid over a number of columns."""

    first_year: int
    years: int
    width: int
    zone: ZoneInfo
    start: int = field(init=False)
    end: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "start", self.new_year(self.first_year))
        object.__setattr__(self, "end", self.new_year(self.first_year + self.years))

    def new_year(self, year: int) -> int:
        """The instant at which a year begins."""
        return instant(datetime(year, 1, 1, tzinfo=self.zone))

    def column(self, at: int) -> int:
        """The column that an instant lies in; the outermost one for whatever lies outside."""
        column = (at - self.start) * self.width // (self.end - self.start)
        return min(max(column, 0), self.width - 1)

    def slice(self, column: int) -> Bounds:
        """The first and the last instant of a column."""
        length = self.end - self.start
        first = self.start - (-column * length // self.width)
        return first, self.start - (-(column + 1) * length // self.width) - 1


def _axis(facts: KnownHistory, marks: list[int], width: int, zone: ZoneInfo) -> _Axis:
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
    years = [moment_of(at).astimezone(zone).year for at in (*said, *marks)] or [FIRST_YEAR]
    first, last = max(min(years), FIRST_YEAR), min(max(years), LAST_YEAR)
    return _Axis(first, last - first + 1, width, zone)


def _axis_lines(axis: _Axis, marks: list[tuple[int, str]], glyphs: Glyphs) -> list[str]:
    room = axis.width / axis.years
    step = next((step for step in _STEPS if room * step >= len("2024 ")), axis.years)
    line, labels = list(glyphs.axis * axis.width), [" "] * axis.width
    for at in range(0, axis.years, step):
        column = axis.column(axis.new_year(axis.first_year + at))
        line[column] = glyphs.tick
        label = str(axis.first_year + at)
        if column + len(label) <= axis.width:
            labels[column : column + len(label)] = label
    for at, _ in marks:
        line[axis.column(at)] = glyphs.mark
    return ["".join(line), "".join(labels)]


def _marks(definition: ClassDefinition) -> list[tuple[int, str]]:
    """The edges of the definition's time sets, each with the day and the clauses it belongs to."""
    found: dict[int, list[str]] = {}
    for step in definition.steps:
        for leaf in leaves(step.condition):
            for span in leaf.times.spans if isinstance(leaf, Within | Ever) else ():
                for at in (span[0], span[1] + 1):
                    if EARLIEST < at <= LATEST:
                        found.setdefault(at, []).append(step.id)
    return [
        (at, f"{day_words(at)} in {COURT_ZONE} ({', '.join(dict.fromkeys(ids))})")
        for at, ids in sorted(found.items())
    ]


def _marked(line: str, axis: _Axis, marks: list[tuple[int, str]], glyphs: Glyphs) -> str:
    """The line with the marks drawn through it; only single moments stand before a mark."""
    kept = {glyphs.point, *glyphs.density}
    drawn = list(line)
    for at, _ in marks:
        column = axis.column(at)
        if drawn[column] not in kept:
            drawn[column] = glyphs.mark
    return "".join(drawn)


# ---- the lanes ---------------------------------------------------------------------------------


@frozen
class _Lanes:
    """What there is to draw, line by line: a name, and how to draw it on an axis."""

    history: History
    facts: KnownHistory
    definition: ClassDefinition
    glyphs: Glyphs

    def rows(self) -> Iterator[tuple[str, Callable[[_Axis], str]]]:
        """The lists of spans, then the records."""
        for name, where in self._span_lists().items():
            yield title_of(name, type(self.history)), self._coverage(name, where)
        each, list_shape = self.definition.record_list, self.definition.list_shape
        if each is None or list_shape is None:
            return
        records = self.facts.lists[each]
        for key in list_shape.sequence:
            if len(records) > MOST_RECORDS:
                label = f"{title_of(each, type(self.history))}: {_short(key)}"
                yield f"{label} ({len(records):,})", self._density(records, key)
        for record in records if len(records) <= MOST_RECORDS else ():
            given = getattr(self.history, each)[record.index].id
            for key in list_shape.sequence:
                if key in record.said or key not in list_shape.record.exists_if:
                    label = printable(given) if given else record_path(each, record.index)
                    yield f"{label[:18]} {_short(key)}", self._moment(record, key)

    def legend(self, drawn: set[str]) -> list[str]:
        """What the characters that were drawn mean."""
        glyphs, record_list = self.glyphs, self.definition.record_list
        binned = record_list is not None and len(self.facts.lists[record_list]) > MOST_RECORDS
        many = f"{glyphs.density[0]} to {glyphs.density[-1]} few to many of the {record_list}"
        meanings = [
            (glyphs.certain, f"{glyphs.certain} certain (what counts)"),
            (glyphs.possible, f"{glyphs.possible} possible (what counts)"),
            (glyphs.open, f"{glyphs.open} perhaps more: the list is not complete"),
            (glyphs.point, f"{glyphs.point} a moment"),
            (glyphs.density, many if binned else ""),
            (glyphs.range, f"{glyphs.range} some time in this range"),
            (glyphs.perhaps, f"{glyphs.perhaps} if at all, some time in this range"),
        ]
        return [words for signs, words in meanings if words and drawn & set(signs)]

    def _span_lists(self) -> Mapping[str, tuple[Is, ...]]:
        """Lists of spans, and which of their spans count for the definition."""
        wheres = {
            leaf.spans: leaf.where
            for step in self.definition.steps
            for leaf in span_leaves(step.condition)
        }
        shapes = self.facts.shape.lists
        return {
            name: wheres.get(name, ()) for name, list_shape in shapes.items() if list_shape.is_spans
        }

    def _coverage(self, name: str, where: tuple[Is, ...]) -> Callable[[_Axis], str]:
        closed = self.facts.complete(name)
        certain = certain_coverage(self.facts, name, where)
        possible = possible_coverage(closed, name, where)
        rest = self.glyphs.open if name in self.facts.open else " "

        def draw(axis: _Axis) -> str:
            line = []
            for first, last in map(axis.slice, range(axis.width)):
                if certain.covers(first, last):
                    line.append(self.glyphs.certain)
                elif possible.first(first, last) is not None:
                    line.append(self.glyphs.possible)
                else:
                    line.append(rest)
            return "".join(line)

        return draw

    def _moment(self, record: KnownRecord, key: str) -> Callable[[_Axis], str]:
        def draw(axis: _Axis) -> str:
            line = [" "] * axis.width
            if key in record.bounds:
                first, last = map(axis.column, record.bounds[key])
                glyph = self.glyphs.range if self._exists(record, key) else self.glyphs.perhaps
                line[first : last + 1] = glyph * (last - first + 1)
                if first == last and self._exists(record, key):
                    line[first] = self.glyphs.point
            return "".join(line)

        return draw

    def _exists(self, record: KnownRecord, key: str) -> bool:
        list_shape = self.definition.list_shape
        existence_condition = list_shape.record.exists_if.get(key) if list_shape else None
        return existence_condition is None or record.values[existence_condition] == {True}

    def _density(self, records: tuple[KnownRecord, ...], key: str) -> Callable[[_Axis], str]:
        def draw(axis: _Axis) -> str:
            counts = [0] * axis.width
            wide: dict[bool, list[Bounds]] = {True: [], False: []}
            for record in records:
                if key not in record.bounds:
                    continue
                first, last = map(axis.column, record.bounds[key])
                exists = self._exists(record, key)
                if first == last and exists:
                    counts[first] += 1
                else:
                    wide[exists].append((first, last))
            ranges = {exists: TimeSet.union(found) for exists, found in wide.items()}
            most = max(counts)
            return "".join(
                self._binned(column, counts[column], most, ranges) for column in range(axis.width)
            )

        return draw

    def _binned(self, column: int, count: int, most: int, ranges: dict[bool, TimeSet]) -> str:
        glyphs = self.glyphs
        if count:
            return glyphs.density[-(-count * len(glyphs.density) // most) - 1]
        if column in ranges[True]:
            return glyphs.range
        return glyphs.perhaps if column in ranges[False] else " "


def _short(key: str) -> str:
    return key.removesuffix("_at").replace("_", " ")
