"""Rows of a history as its known records, where they say all (`rows`): each is of one box."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from eligibility.facts.boxes import Said, Values, new_box
from eligibility.facts.completeness import values_of
from eligibility.facts.generated import Lines, names_in
from eligibility.facts.known import KnownRecord, new_record
from eligibility.facts.records import Record
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict


@lru_cache(maxsize=128)
def of_row(list_shape: ListShape) -> Callable[[int, Record, tuple[Any, ...]], KnownRecord]:
    """What makes a record, of its place and its row, as `normalise_record` would."""
    line, exists_if = Lines("def known(index, record, row):"), list_shape.record.exists_if
    line(f"{names_in(list_shape)} = row")
    line(f"known, values, never = said_of(({''.join(f'v_{n}, ' for n in list_shape.values)}))")
    line("said, of = {}, record.__dict__")
    for name in list_shape.moments:
        line(f"at = of[{name!r}]")
        line(f"if at is not None: said[{name!r}] = at.earliest, at.latest")
    line("said.update(known)")
    bounds = {name: f"{name!r}: (lo_{name}, hi_{name})" for name in list_shape.moments}
    line(f"bounds = {{{', '.join(bounds.values())}}}")
    if exists_if:
        alone = [each for name, each in bounds.items() if name not in exists_if]
        line(f"if never: bounds = {{{', '.join(alone)}}}")
    line("return new_record(index, FrozenDict(said), (new_box(values, FrozenDict(bounds)),))")

    @lru_cache(maxsize=1024)
    def said_of(row: tuple[Any, ...]) -> tuple[Said, FrozenDict[str, Values], bool]:
        """Of the values in a row: those that are known, all, and whether moments never were."""
        named = zip(list_shape.values, row, strict=True)
        known = {name: values_of(value) for name, value in named if value is not None}
        values = FrozenDict({**list_shape.all_values, **known})
        return known, values, bool(list_shape.gone(known))

    named = {"new_record": new_record, "new_box": new_box, "FrozenDict": FrozenDict}
    made: Callable[[int, Record, tuple[Any, ...]], KnownRecord]
    made = line.made({**named, "said_of": said_of})
    return made
