"""The time line of one account as a text picture.

What there is to draw comes in (`lanes`); lines of text go out, one character for each slice of
time.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import printable
from eligibility.facts.boxes import Bounds
from eligibility.facts.model import History
from eligibility.facts.paths import record_path
from eligibility.text.lanes import (
    LEGEND,
    Axis,
    ManyLane,
    Mark,
    MomentLane,
    SpanLane,
    TimeLine,
    short_name,
    time_line,
)
from eligibility.values.timeset import TimeSet

#: No picture is narrower, whatever is asked for.
LEAST_WIDTH: Final = 48
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)


@frozen
class Glyphs:
    """The characters that a picture is drawn with; `density` runs from few to many."""

    certain: str
    possible: str
    more: str
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
    drawn_of = time_line(history, definition)
    lanes = _Lanes(history, drawn_of, definition.record_list, ASCII if ascii_only else UNICODE)
    rows = list(lanes.rows())
    gutter = min(max([len(name) for name, _ in rows], default=0), max(LEAST_WIDTH, width) // 2)
    axis = _Columns(drawn_of.axis, max(LEAST_WIDTH, width) - gutter - 1)
    marks = drawn_of.marks
    drawn = [(name[:gutter], draw(axis)) for name, draw in rows]
    lines = [(name, _marked(line, axis, marks, lanes.glyphs)) for name, line in drawn]
    lines += [("", line) for line in _axis_lines(axis, marks, lanes.glyphs)]
    named = [
        f"{lanes.glyphs.mark} {mark.day}, in the court's zone ({', '.join(mark.clauses)})"
        for mark in marks
    ]
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
class _Columns:
    """The years of an axis, laid over a number of columns."""

    axis: Axis
    width: int

    def column(self, at: int) -> int:
        """The column that an instant lies in; the outermost one for whatever lies outside."""
        start, end = self.axis.start, self.axis.end
        return min(max((at - start) * self.width // (end - start), 0), self.width - 1)

    def slice(self, column: int) -> Bounds:
        """The first and the last instant of a column."""
        start, length = self.axis.start, self.axis.end - self.axis.start
        first = start - (-column * length // self.width)
        return first, start - (-(column + 1) * length // self.width) - 1


def _axis_lines(columns: _Columns, marks: Iterable[Mark], glyphs: Glyphs) -> list[str]:
    axis, width = columns.axis, columns.width
    room = width / axis.years
    step = next((step for step in _STEPS if room * step >= len("2024 ")), axis.years)
    line, labels = list(glyphs.axis * width), [" "] * width
    for at in range(0, axis.years, step):
        column = columns.column(axis.new_year(axis.first_year + at))
        line[column] = glyphs.tick
        label = str(axis.first_year + at)
        if column + len(label) <= width:
            labels[column : column + len(label)] = label
    for mark in marks:
        line[columns.column(mark.at)] = glyphs.mark
    return ["".join(line), "".join(labels)]


def _marked(line: str, columns: _Columns, marks: Iterable[Mark], glyphs: Glyphs) -> str:
    """The line with the marks drawn through it; only single moments stand before a mark."""
    kept = {glyphs.point, *glyphs.density}
    drawn = list(line)
    for mark in marks:
        column = columns.column(mark.at)
        if drawn[column] not in kept:
            drawn[column] = glyphs.mark
    return "".join(drawn)


# ---- the lanes ---------------------------------------------------------------------------------


@frozen
class _Lanes:
    """What there is to draw, line by line: a name, and how to draw it on an axis."""

    history: History
    of: TimeLine
    record_list: str | None
    glyphs: Glyphs

    def rows(self) -> Iterator[tuple[str, Callable[[_Columns], str]]]:
        """The lists of spans, then the records."""
        for lane in self.of.lanes:
            match lane:
                case SpanLane(name=name):
                    yield name, self._coverage(lane)
                case ManyLane(name=name, key=key, count=count):
                    yield f"{name}: {short_name(key)} ({count:,})", self._density(lane)
                case MomentLane(record=index, key=key):
                    yield f"{self._label(index)[:18]} {short_name(key)}", self._moment(lane)

    def _label(self, index: int) -> str:
        name = self.record_list or ""
        given = getattr(self.history, name)[index].id
        return printable(given) if given else record_path(name, index)

    def legend(self, drawn: set[str]) -> list[str]:
        """What the characters that were drawn mean."""
        density = self.glyphs.density
        signs = {kind: getattr(self.glyphs, kind) for kind in LEGEND}
        words = [f"{sign} {LEGEND[kind]}" for kind, sign in signs.items() if sign in drawn]
        if drawn & {*density} and any(isinstance(lane, ManyLane) for lane in self.of.lanes):
            words.append(f"{density[0]} to {density[-1]} few to many of the {self.record_list}")
        return words

    def _coverage(self, lane: SpanLane) -> Callable[[_Columns], str]:
        rest = self.glyphs.more if lane.is_open else " "

        def draw(columns: _Columns) -> str:
            line = []
            for first, last in map(columns.slice, range(columns.width)):
                if lane.certain.covers(first, last):
                    line.append(self.glyphs.certain)
                elif lane.possible.first(first, last) is not None:
                    line.append(self.glyphs.possible)
                else:
                    line.append(rest)
            return "".join(line)

        return draw

    def _moment(self, lane: MomentLane) -> Callable[[_Columns], str]:
        def draw(columns: _Columns) -> str:
            line = [" "] * columns.width
            if lane.bounds is not None:
                first, last = map(columns.column, lane.bounds)
                glyph = self.glyphs.range if lane.surely else self.glyphs.perhaps
                line[first : last + 1] = glyph * (last - first + 1)
                if first == last and lane.surely:
                    line[first] = self.glyphs.point
            return "".join(line)

        return draw

    def _density(self, lane: ManyLane) -> Callable[[_Columns], str]:
        def draw(columns: _Columns) -> str:
            counts = [0] * columns.width
            wide: dict[bool, list[Bounds]] = {True: [], False: []}
            for bounds, surely in lane.moments:
                first, last = map(columns.column, bounds)
                if first == last and surely:
                    counts[first] += 1
                else:
                    wide[surely].append((first, last))
            ranges = {surely: TimeSet.union(found) for surely, found in wide.items()}
            most = max(counts)
            return "".join(
                self._binned(column, counts[column], most, ranges)
                for column in range(columns.width)
            )

        return draw

    def _binned(self, column: int, count: int, most: int, ranges: dict[bool, TimeSet]) -> str:
        glyphs = self.glyphs
        if count:
            return glyphs.density[-(-count * len(glyphs.density) // most) - 1]
        if column in ranges[True]:
            return glyphs.range
        return glyphs.perhaps if column in ranges[False] else " "
