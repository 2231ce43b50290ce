"""Many records of a list normalised anew, as when something is supposed of each of them.

What comes of a record's bounds is decided by how they lie to each other and to a few instants: the
ends of the calendar, and those from which on something else is supposed. So of records that say the
same but for one moment, which lies between the same instants, the boxes are the same but for that
moment: they are found of the first, and its own bounds are put in for those of each other one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from eligibility.facts.boxes import Bounds, Box, Said, new_box
from eligibility.facts.known import KnownRecord, new_record
from eligibility.facts.normalise import normalise_record
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict
from eligibility.values.timeline import EARLIEST, LATEST


def normalised_anew(list_shape: ListShape, records: Iterable[KnownRecord]) -> Iterator[KnownRecord]:
    """Records of a list, in another shape of that list."""
    for made in normalised_each(list_shape, ((record.index, record.said) for record in records)):
        assert isinstance(made, KnownRecord)  # noqa: S101 - what was normalised does not clash
        yield made


def normalised_each(
    list_shape: ListShape, every: Iterable[tuple[int, Said]]
) -> Iterator[KnownRecord | tuple[str, ...]]:
    """Records that say so much, by place; or, of each that contradicts itself, what clashes."""
    begins = list_shape.supposed.edges if list_shape.supposed else ()
    fixed = sorted({EARLIEST, LATEST, *(at + d for at in begins for d in (-1, 0))})
    found: dict[object, tuple[Bounds, tuple[Box, ...]]] = {}
    for index, said in every:
        moments = [(name, at) for name, at in said.items() if isinstance(at, tuple)]
        if len(moments) > 1 or not {x for _, at in moments for x in at}.isdisjoint(fixed):
            yield normalise_record(list_shape, index, said)
            continue
        name, (low, high) = moments[0] if moments else ("", (EARLIEST, LATEST))
        rest = tuple([each for each in said.items() if each[0] != name])
        like = (rest, name, bisect_right(fixed, low), bisect_right(fixed, high), low == high)
        if like not in found:
            made = normalise_record(list_shape, index, said)
            if isinstance(made, KnownRecord):
                found[like] = (low, high), made.boxes
            yield made
            continue
        ends, boxes = found[like]
        put = {ends[0]: low, ends[1]: high}
        yield new_record(index, FrozenDict(said), tuple([_with(box, put) for box in boxes]))


def _with(box: Box, put: dict[int, int]) -> Box:
    """A box with other instants put in for some of its bounds."""
    bounds = {name: (put.get(a, a), put.get(b, b)) for name, (a, b) in box.bounds.items()}
    return new_box(box.values, FrozenDict(bounds))
