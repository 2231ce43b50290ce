"""What is known of each record as one plain row, for those who read a whole history at once.

A validated history comes in; for each of its lists a row a record goes out: what is said of each
yes/no fact and word, then the first and the last instant of each moment, with what follows from the
known orders filled in. That is its one box, written plainly. Where a history is not as plain as
that (a record contradicts itself, or is of two boxes) there are no rows: `normalise` is to be
asked. Of each model one function is made that does so, and rows are kept with their history.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

from eligibility.facts.generated import Lines, names_in
from eligibility.facts.normalise import has_frozen_parts
from eligibility.facts.records import HistoryFields, rows_kept
from eligibility.facts.shape import ListShape, shape
from eligibility.values.timeline import EARLIEST, LATEST

#: For each list of a history its rows, in the order of the model; None if they do not say all.
Rows: TypeAlias = tuple[list[tuple[Any, ...]], ...] | None


@lru_cache(maxsize=128)
def rows_of(model: type[HistoryFields]) -> Callable[[HistoryFields], Rows] | None:
    """What makes the rows of a history; None if parts can change, or lack plain names or facts."""
    lists = shape(model).lists
    names = chain(lists, *(each.facts for each in lists.values()))
    is_plain = has_frozen_parts(model) and all(each.facts for each in lists.values())
    if not is_plain or not all(map(str.isidentifier, names)):
        return None
    made: Callable[[HistoryFields], Rows] = row_lines(lists).made(
        {"keep": object.__setattr__, "rows_kept": rows_kept}
    )
    return made


#: How the text of a moment is read, in a zone.
ReadMoment: TypeAlias = Callable[[str, str], Any]


def reading_rows_of(
    model: type[HistoryFields], readers: Mapping[tuple[str, str], ReadMoment]
) -> Callable[[HistoryFields], int | None] | None:
    """What makes the rows of a history whose moments are texts still, and reads those.

    It says how many keys the records have set; None where there are no rows, or where two records
    of a list have the same id. Then the history is of no use.

    Args:
        model: of which histories.
        readers: by list and field, how each moment is read.
    """
    if rows_of(model) is None:
        return None
    named = {f"read_{name}_{field}": reader for (name, field), reader in readers.items()}
    names = {"keep": object.__setattr__, **named}
    made: Callable[[HistoryFields], int | None]
    made = row_lines(shape(model).lists, is_reading=True).made(names)
    return made


def row_lines(lists: Mapping[str, ListShape], *, is_reading: bool = False) -> Lines:
    """The text of the function that makes the rows of histories with these lists."""
    write = Lines("def rows(history):")
    write("known = history.__dict__")
    if is_reading:
        write("keys, zone = 0, known['time_zone']")
    else:
        write("kept = rows_kept(history)")
        same = (f"kept[{at}] is known[{name!r}]" for at, name in enumerate(lists))
        write(f"if {' and '.join(['kept is not None', *same])}: return kept[-1]")
    for name, list_shape in lists.items():
        write(f"r_{name} = []")
        if is_reading:
            write("ids = []")
        with write.block(f"for record in known[{name!r}]"):
            write("fields = record.__dict__")
            if is_reading:
                write("keys += len(record.__pydantic_fields_set__)")
                write("ident = fields['id']")
                write("if ident is not None: ids.append(ident)")
            _write_record(write, list_shape, f"read_{name}_" if is_reading else "")
            write(f"r_{name}.append(({names_in(list_shape)}))")
        if is_reading:
            write("if len(set(ids)) < len(ids): return None")
    write(f"rows = ({', '.join([*(f'r_{name}' for name in lists), ''])})")
    of = (f"known[{name!r}]" for name in lists)
    write(f"keep(history, '_rows', ({', '.join([*of, 'rows'])},))")
    write("return keys" if is_reading else "return rows")
    return write


def _write_record(write: Lines, list_shape: ListShape, reader: str) -> None:
    """Its facts, and the bounds of its moments with what follows from their order."""
    record, condition = list_shape.record, list_shape.existence_condition
    for name in list_shape.values:
        write(f"v_{name} = fields[{name!r}]")
    for name in list_shape.moments:
        write(f"at = fields[{name!r}]")
        write(f"if at is None: lo_{name} = {EARLIEST}; hi_{name} = {LATEST}")
        with write.block("else"):
            if reader:
                write(f"fields[{name!r}] = at = {reader}{name}(at, zone)")
            write(f"lo_{name} = at.earliest; hi_{name} = at.latest")
    alone = [pair for pair in record.order if not {*pair} & record.exists_if.keys()]
    _write_order(write, alone)
    if condition:
        said = " or ".join(f"fields[{name!r}] is not None" for name in record.exists_if)
        write(f"if v_{condition} is False and ({said}): return None")
    if len(alone) < len(record.order):
        with write.block(f"if v_{condition} is not False"):
            # where a moment that may not exist narrows others, there are two boxes
            others = {*list_shape.moments} - {*record.exists_if}
            _write_order(write, record.order, others, f"if v_{condition} is None: return None")


def _write_order(
    write: Lines,
    order: Iterable[tuple[str, str]],
    others: Iterable[str] = (),
    two_boxes: str = "",
) -> None:
    """Narrow bounds by what came first, forth and back; what clashes has no row."""
    pairs = list(order)
    narrowed = [(f"lo_{a} > lo_{b}", f"lo_{b} = lo_{a}", b) for a, b in pairs]
    narrowed += [(f"hi_{b} < hi_{a}", f"hi_{a} = hi_{b}", a) for a, b in reversed(pairs)]
    for if_so, then, name in narrowed:
        with write.block(f"if {if_so}"):
            if name in others:
                write(two_boxes)
            write(then)
    for name in dict.fromkeys(first for first, _ in pairs):
        write(f"if lo_{name} > hi_{name}: return None")
