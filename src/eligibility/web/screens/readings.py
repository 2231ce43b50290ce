"""What each reading would say: the disputed terms, and the status by how they are read.

It is there for a definition of which all readings are known. Looking at all of them takes a while,
so it is shown on request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from eligibility.api import Survey, reading_of_case
from eligibility.history import AccountHistory
from eligibility.interview.second_person import said_to_you
from eligibility.readings import DIMENSIONS, MEANS, Reading
from eligibility.text.markup import Html, tag
from eligibility.values.english import sentence
from eligibility.values.truth import Status
from eligibility.web.screens.findings import Findings
from eligibility.web.screens.forms import button

READINGS: Final = "readings"
_HEADING: Final = "What other readings would say"
_STATUS: Final = {
    Status.ELIGIBLE: "Fits",
    Status.INELIGIBLE: "Does not fit",
    Status.INDETERMINATE: "Open",
}


def readings_part(found: Findings, shows: Sequence[str]) -> list[Html]:
    """The survey, or the button that asks for it; nothing for other classes."""
    reading = reading_of_case(found.interview.definition)
    if reading is None:
        return []
    words = "The sources leave some words of the description open. This check reads them so:"
    means = (MEANS[getattr(reading, name)] for name in DIMENSIONS)
    read = tag("ul", *(tag("li", _said(each)) for each in means))
    is_last = READINGS in shows[-1:]
    parts = [tag("h2", _HEADING, tabindex="-1", autofocus=is_last)]
    parts += [tag("p", words), read]
    if READINGS not in shows:
        shown = button("Show what each reading would say", READINGS)
        return [*parts, tag("div", shown, class_="buttons")]
    tables = found.surveys
    for heading, table in tables.items():
        status = dict(table.statuses)[reading]
        parts.append(tag("p", tag("strong", f"{heading}: "), _said(table.agreement(status))))
    rows = [("as this check reads it", reading), *_alone(reading)]
    parts.append(_table("If one thing alone is read otherwise", tables, rows))
    names = [name for name in DIMENSIONS if any(name in t.turns_on for t in tables.values())]
    if several := list(_together(reading, names)):
        shown = tag("summary", "Show what several of them together would say")
        parts.append(tag("details", shown, *_by_status(tables, several), class_="unprinted"))
    return parts


def _alone(reading: Reading) -> Iterator[tuple[str, Reading]]:
    """The readings that differ in one term, by what that then means."""
    for name, values in DIMENSIONS.items():
        for value in values:
            if value is not getattr(reading, name):
                yield MEANS[value], Reading.of(**{**reading.words(), name: value.value})


def _together(reading: Reading, names: Sequence[str]) -> Iterator[tuple[str, Reading]]:
    """The readings that differ in several of these terms; what is read as before is not said."""
    for values in product(*(DIMENSIONS[name] for name in names)):
        read = dict(zip(names, values, strict=True))
        other = {name: value for name, value in read.items() if value is not getattr(reading, name)}
        if len(other) > 1:
            words = {name: value.value for name, value in other.items()}
            said = "; ".join(MEANS[value] for value in other.values())
            yield said, Reading.of(**{**reading.words(), **words})


def _by_status(tables: Mapping[str, Survey], rows: Iterable[tuple[str, Reading]]) -> Iterator[Html]:
    """What is read otherwise, below what follows then, with and without what is supposed."""
    statuses = {heading: dict(table.statuses) for heading, table in tables.items()}
    found: dict[str, list[Html]] = {}
    for words, reading in rows:
        says = ". ".join(f"{name}: {_STATUS[of[reading]].lower()}" for name, of in statuses.items())
        found.setdefault(says, []).append(tag("li", _said(words)))
    for says, several in found.items():
        yield tag("h3", says)
        yield tag("ul", *several)


def _table(caption: str, tables: Mapping[str, Survey], rows: Iterable[tuple[str, Reading]]) -> Html:
    """The status by how words are read, with and without what is supposed.

    On a phone each row becomes a block, and each status says of what it is. Without the roles, a
    row that is a block would be no row any more to whoever hears the page.
    """
    statuses = {heading: dict(table.statuses) for heading, table in tables.items()}
    head = (
        tag("th", heading, scope="col", role="columnheader")
        for heading in ("If it is read so", *tables)
    )
    body = (
        tag(
            "tr",
            tag("th", _said(words), scope="row", role="rowheader"),
            *(_status(heading, of[reading]) for heading, of in statuses.items()),
            role="row",
        )
        for words, reading in rows
    )
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        class_="stacked",
        role="table",
    )


def _status(heading: str, status: Status) -> Html:
    """A cell that names its column where that does not stand above it; it is heard once."""
    name = tag("span", f"{heading}: ", class_="column", aria_hidden="true")
    return tag("td", name, _STATUS[status], role="cell")


def _said(words: str) -> str:
    """What a term means, said to whoever was asked."""
    return said_to_you(sentence(words), AccountHistory)
