"""The time line as a picture: an SVG with its name and description, its legend, and it as a table.

What there is to draw comes in (`text.lanes`); a figure goes out. Places along the line are parts of
the width and heights are in letters, so that it fits any screen and grows with the text. Nothing is
said by colour alone: what is certain is a full bar, what is possible a thin one.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import printable
from eligibility.facts.boxes import Bounds
from eligibility.facts.model import History
from eligibility.facts.wording import Speaker, spoken_of
from eligibility.text.lanes import (
    LEGEND,
    Axis,
    Lane,
    ManyLane,
    MomentLane,
    SpanLane,
    TimeLine,
    short_name,
    time_line,
)
from eligibility.text.markup import Html, tag
from eligibility.values.date_words import Dates, is_midnight
from eligibility.values.english import capital, counted, listed, sentence
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: Heights, in letters: of a line of text, of a lane's bar, and of a lane in all.
_TEXT: Final = 1.4
_BAR: Final = 1.0
_LANE: Final = 3.0
#: How many years are named at most, and into how many columns many records are counted.
_MOST_YEARS: Final = 6
_COLUMNS: Final = 60
#: How many spans of a list the table names.
_MOST_SPANS: Final = 6
#: What is narrower is drawn as a point: a part of the width, in per cent.
_POINT: Final = 1.0
#: A name that is longer is cut in the picture; the table has it whole.
_MOST_LETTERS: Final = 34
_LEGEND: Final = {
    **LEGEND,
    "many": "how many, over time",
    "mark": "a day that the description turns on",
}


def time_line_part(history: History, definition: ClassDefinition) -> Html:
    """The figure: the picture, its legend, and the same as a table."""
    drawn = _Drawing(history, definition, time_line(history, definition))
    lanes = list(drawn.lanes())
    used = {kind for _, shapes in lanes for kind, _ in shapes}
    used |= {"mark"} if drawn.of.marks else set()
    legend = (
        tag("li", _swatch(kind), f" {words}") for kind, words in _LEGEND.items() if kind in used
    )
    table = tag("details", tag("summary", "The time line as a table"), drawn.table())
    picture = tag("div", drawn.picture(lanes))
    return tag("figure", picture, tag("ul", *legend, class_="legend"), table, class_="time-line")


#: A shape: its kind, which is its class, and the element.
_Shape = tuple[str, Html]


@frozen
class _Drawing:
    """One account's time line, laid out."""

    history: History
    definition: ClassDefinition
    of: TimeLine

    # ---- the picture -----------------------------------------------------------------------

    def lanes(self) -> Iterator[tuple[str, list[_Shape]]]:
        """Each lane's name, and the shapes in it, from the height 0."""
        for lane in self.of.lanes:
            match lane:
                case SpanLane():
                    yield lane.name, list(self._coverage(lane))
                case MomentLane():
                    yield self._name(lane), list(self._moment(lane.bounds, surely=lane.surely))
                case ManyLane():
                    yield f"{lane.name}: {short_name(lane.key)} ({lane.count:,})", self._many(lane)

    def picture(self, lanes: list[tuple[str, list[_Shape]]]) -> Html:
        """The whole picture."""
        top = _TEXT * len(self.of.marks) + 0.4
        bottom = top + _LANE * len(lanes)
        parts = [*self._years(top, bottom), *self._marks(bottom)]
        for at, (name, shapes) in enumerate(lanes):
            y = top + at * _LANE
            parts.append(tag("text", _cut(name), x="0", y=_em(y + _TEXT - 0.3), class_="name"))
            inside = (shape for _, shape in shapes)
            parts.append(tag("svg", *inside, x="0", y=_em(y + _TEXT), width="100%", height="1em"))
        return tag(
            "svg",
            tag("title", "Time line", id="time-line-title"),
            tag("desc", self._description(), id="time-line-about"),
            tag("g", *parts, aria_hidden="true"),  # the description says it in order
            role="img",
            width="100%",
            height=_em(bottom + _TEXT + 0.4),
            aria_labelledby="time-line-title time-line-about",
            focusable="false",
        )

    def _years(self, top: float, bottom: float) -> Iterator[Html]:
        axis = self.of.axis
        step = -(-axis.years // _MOST_YEARS)
        for year in range(0, axis.years, step):
            x = _percent(self._x(axis.new_year(axis.first_year + year)))
            yield _line("year", x, top, bottom + 0.2)
            label = str(axis.first_year + year)
            yield tag("text", label, x=x, y=_em(bottom + _TEXT), class_="number")

    def _marks(self, bottom: float) -> Iterator[Html]:
        for row, mark in enumerate(self.of.marks):
            x, y = self._x(mark.at), _TEXT * (row + 1) - 0.3
            anchor = "end" if x > 50 else "start"
            at = _percent(x - 1 if x > 50 else x + 1)
            yield tag("text", mark.day, x=at, y=_em(y), text_anchor=anchor, class_="day")
            yield _line("mark", _percent(x), y - 0.8, bottom + 0.2)

    def _coverage(self, lane: SpanLane) -> Iterator[_Shape]:
        if lane.is_open:
            yield "more", _bar("more", (0, 100), 0.45, 0.1)
        for span in lane.possible.spans:
            yield "possible", _bar("possible", self._part(span), 0.3, 0.4)
        for span in lane.certain.spans:
            yield "certain", _bar("certain", self._part(span), 0, _BAR)
        for moment in lane.touched:
            yield from self._moment(moment, surely=True)

    def _moment(self, bounds: Bounds | None, *, surely: bool) -> Iterator[_Shape]:
        if bounds is None:
            return
        first, last = self._part(bounds)
        if last - first < _POINT and surely:
            at = _percent((first + last) / 2)
            yield "point", tag("circle", cx=at, cy="0.5em", r="0.4em", class_="point")
        else:
            kind = "range" if surely else "perhaps"
            yield kind, _bar(kind, (first, max(last, first + _POINT)), 0.3, 0.4)

    def _many(self, lane: ManyLane) -> list[_Shape]:
        counts, wide = [0] * _COLUMNS, {True: list[Bounds](), False: list[Bounds]()}
        for bounds, surely in lane.moments:
            first, last = (min(int(x * _COLUMNS / 100), _COLUMNS - 1) for x in self._part(bounds))
            if first == last and surely:
                counts[first] += 1
            else:
                wide[surely].append(bounds)
        shapes: list[_Shape] = []
        for surely, kind in ((False, "perhaps"), (True, "range")):
            spans = TimeSet.union(wide[surely]).spans
            shapes += ((kind, _bar(kind, self._part(span), 0.3, 0.4)) for span in spans)
        width, most = 100 / _COLUMNS, max(counts)
        for column, count in enumerate(counts):
            if count:
                height = 0.15 + 0.85 * count / most
                part = (column * width, (column + 0.85) * width)
                shapes.append(("many", _bar("many", part, _BAR - height, height)))
        return shapes

    def _x(self, at: int) -> float:
        """Where an instant lies, in per cent of the width."""
        axis: Axis = self.of.axis
        return min(max((at - axis.start) * 100 / (axis.end - axis.start), 0), 100)

    def _part(self, bounds: Bounds) -> tuple[float, float]:
        return self._x(bounds[0]), self._x(bounds[1])

    def _name(self, lane: MomentLane) -> str:
        name = self.definition.record_list or ""
        given = getattr(self.history, name)[lane.record].id
        noun = spoken_of(name, self.definition.model).noun
        which = f"{noun} {printable(given or str(lane.record + 1))}"
        return f"{capital(which)}: {short_name(lane.key)}"

    def _description(self) -> str:
        axis = self.of.axis
        years = f"From {axis.first_year} to {axis.first_year + axis.years - 1}."
        rows = " ".join(f"{sentence(what)} {known}" for what, known in self._rows())
        words = f"{years} {rows}"
        return words if len(words) < 600 else f"{years} The table below says the same in words."

    # ---- the table -------------------------------------------------------------------------

    def table(self) -> Html:
        """The same in words, lane by lane."""
        head = tag("tr", tag("th", "What", scope="col"), tag("th", "What is known", scope="col"))
        rows = (
            tag("tr", tag("th", what, scope="row"), tag("td", known))
            for what, known in self._rows()
        )
        caption = tag("caption", "The time line in words")
        return tag("div", tag("table", caption, tag("thead", head), tag("tbody", *rows)))

    def _rows(self) -> Iterator[tuple[str, str]]:
        for lane in self.of.lanes:
            yield self._row(lane)
        for mark in self.of.marks:
            day = f"{mark.day} ({COURT_ZONE.rpartition('/')[2].replace('_', ' ')} time)"
            yield day, "The description turns on this day."

    def _row(self, lane: Lane) -> tuple[str, str]:
        zone = self.history.time_zone
        match lane:
            case SpanLane(name, certain, possible, is_open, touched):
                surely = [_times(certain, zone)] if certain.spans or not touched else []
                surely += _touched(touched, zone)
                words = f"Certain: {' and '.join(surely)}. Possible: {_times(possible, zone)}."
                if not possible.spans:
                    words = "None that counts is listed." if is_open else "At no time."
                return name, f"{words} The list may lack some." if is_open else words
            case MomentLane(record, key):
                name = self.definition.record_list or ""
                if lane.bounds is None:
                    return self._name(lane), "Nothing is known of it."
                subject, words = Speaker(self.history).says(name, record, key)
                if getattr(getattr(self.history, name)[record], key) is None:
                    words = Dates(zone).when(*lane.bounds)
                    return self._name(lane), sentence(
                        words if lane.surely else f"if at all, {words}"
                    )
                return self._name(lane), sentence(f"{subject} {words}".strip())
            case ManyLane(name, key, count, moments):
                ends = [at for bounds, _ in moments for at in bounds if EARLIEST < at < LATEST]
                when = Dates(zone).when(min(ends), max(ends)) if ends else "at some time"
                return f"{name}: {short_name(key)} ({count:,})", sentence(when)


def _times(times: TimeSet, zone: str) -> str:
    """Spans of time in words, in whole days: a day of which only one instant is meant is left out.

    >>> from eligibility.values.moment import Moment
    >>> day = Moment.parse("2024-05-04", "UTC")
    >>> _times(TimeSet.of((day.earliest - 1, day.latest + 1)), "UTC")
    'on 4 May 2024'
    """
    said = []
    for first, last in times.spans[:_MOST_SPANS]:
        begins = first + (first < last and is_midnight(first + 1, zone))
        ends = last - (begins < last < LATEST and is_midnight(last, zone))
        said.append(Dates(zone).when(begins, ends))
    more = len(times.spans) - len(said)
    return (
        " or ".join([*said, *([f"in {counted(more, 'more span')}"] if more else [])])
        or "at no time"
    )


def _touched(moments: Sequence[Bounds], zone: str) -> Iterator[str]:
    """Days on which it surely was so for some time, each once; of many the first few."""
    days = list(dict.fromkeys(Dates(zone).when(*each) for each in moments))
    more = len(days) - _MOST_SPANS
    named = [*days[:_MOST_SPANS], *([f"on {counted(more, 'more day')}"] if more > 0 else [])]
    if named:
        yield f"at some time {listed(named)}"


def _bar(kind: str, part: tuple[float, float], y: float, height: float) -> Html:
    first, last = part
    width = _percent(max(last - first, 0.4))
    return tag("rect", x=_percent(first), y=_em(y), width=width, height=_em(height), class_=kind)


def _line(kind: str, x: str, first: float, last: float) -> Html:
    return tag("line", x1=x, x2=x, y1=_em(first), y2=_em(last), class_=kind)


def _swatch(kind: str) -> Html:
    shape = {
        "certain": _bar(kind, (0, 100), 0, _BAR),
        "point": tag("circle", cx="50%", cy="0.5em", r="0.4em", class_=kind),
        "more": _bar(kind, (0, 100), 0.45, 0.1),
        "many": _bar(kind, (30, 70), 0.2, 0.8),
        "mark": _line(kind, "50%", 0, 1),
    }.get(kind, _bar(kind, (0, 100), 0.3, 0.4))
    return tag("svg", shape, width="2em", height="1em", aria_hidden="true", focusable="false")


def _cut(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"


def _percent(x: float) -> str:
    return f"{x:.2f}%"


def _em(y: float) -> str:
    return f"{y:.2f}em"
