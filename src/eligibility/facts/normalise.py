"""Station 2: a history, normalised.

A validated history comes in; what goes on to `evaluate` is the same facts as boxes of plain values
and bounds (`boxes`), with what follows from known orders filled in: nothing is shared before it is
sent, nothing ends before it starts, what was not shared was never shared at any time. What cannot
be so at all is reported here, all of it at once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from operator import attrgetter, is_
from typing import Any

from pydantic import BaseModel

from eligibility.errors import InconsistentHistory, Problem, first_of
from eligibility.facts.boxes import (
    Bounds,
    Box,
    Said,
    Values,
    boxes_of,
    hull,
    is_possible,
    largest,
    narrowed,
    possible_boxes,
)
from eligibility.facts.completeness import CompletenessStatement, values_of
from eligibility.facts.fields import is_a, members
from eligibility.facts.known import (
    EVERY,
    Known,
    KnownHistory,
    KnownRecord,
    new_history,
    new_record,
    unlisted_of,
)
from eligibility.facts.known_rows import of_row
from eligibility.facts.paths import complete_path, fact_path
from eligibility.facts.records import HistoryFields, Record, facts_kept, rows_kept
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.immutable import FrozenDict


def normalise(history: HistoryFields, before: Known | None = None) -> KnownHistory:
    """The facts of a history, found once and kept with it for as long as it says the same.

    Records that have been in the history `before` are taken from its facts.

    Raises:
        InconsistentHistory: no world fits the history; every clash is named with its paths.
    """
    values = tuple(map(vars(history).get, type(history).model_fields))
    of, known = facts_kept(history) or ((), None)
    if known is None or not all(map(is_, of, values)):
        known = _normalised(history, before)
        if has_frozen_parts(type(history)):
            object.__setattr__(history, "_normalised", (values, known))
    return known


def forget_facts(history: HistoryFields) -> None:
    """Keep the facts of a history no longer, nor its rows."""
    object.__setattr__(history, "_normalised", None)
    object.__setattr__(history, "_rows", None)


@lru_cache(maxsize=128)
def has_frozen_parts(model: type[HistoryFields]) -> bool:
    """Whether no record or group of a model can change; they may be declared to be changeable."""
    fields = model.model_fields.values()
    parts = (part for info in fields for part in members(info.annotation) if is_a(part, BaseModel))
    return all(part.model_config.get("frozen") for part in parts)


def facts_of_one(history: HistoryFields, name: str, index: int) -> KnownHistory:
    """The facts of a history, but of one list those of one record alone."""
    if facts_kept(history) or not (rows := _rows_of(history, shape(type(history)))):
        facts = normalise(history)
        return facts.with_list(name, facts.lists[name][index : index + 1])
    return _of_rows(history, rows, name, index)


def _of_rows(
    history: HistoryFields,
    rows: Mapping[str, list[tuple[Any, ...]]],
    alone: str = "",
    index: int = 0,
) -> KnownHistory:
    """The facts of a history of which all is in its rows; of a list, those of one record alone."""
    seen, values = shape(type(history)), vars(history)
    lists: dict[str, tuple[KnownRecord, ...]] = {}
    for name, list_shape in seen.lists.items():
        made, records, of = of_row(list_shape), values[name], rows[name]
        if name == alone:
            lists[name] = (made(index, records[index], of[index]),)
        else:
            lists[name] = tuple(map(made, count(), records, of))
    return _known_history(history, lists)


def _known_history(
    history: HistoryFields, lists: Mapping[str, tuple[KnownRecord, ...]]
) -> KnownHistory:
    """The facts of a history whose records are normalised."""
    seen = shape(type(history))
    stated = {name: FrozenDict(statements_of(history, name)) for name in seen.lists}
    unlisted = {n: unlisted_of(seen.lists[n], each.values()) for n, each in stated.items()}
    mappings = (lists, stated, unlisted, answers_of(history))
    return new_history(seen, *map(FrozenDict, mappings))


def _normalised(history: HistoryFields, before: Known | None) -> KnownHistory:
    seen = shape(type(history))
    if not before and (rows := _rows_of(history, seen)):
        return _of_rows(history, rows)
    problems: list[Problem] = []
    lists: dict[str, tuple[KnownRecord, ...]] = {}
    for name, list_shape in seen.lists.items():
        records = []
        was = getattr(before[0], name) if before else ()
        for index, record in enumerate(getattr(history, name)):
            if before and index < len(was) and was[index] is record:
                records.append(before[1].lists[name][index])
                continue
            known = said(list_shape, record)
            made = normalise_record(list_shape, index, known)
            if isinstance(made, tuple):
                problems.append(_clash(name, index, made))
            else:
                records.append(made)
        lists[name] = tuple(records)
    if problems:
        raise InconsistentHistory(first_of(problems))
    return _known_history(history, lists)


def _rows_of(history: HistoryFields, seen: Shape) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each list, where they are kept with the history and say all (`facts.rows`)."""
    *of, rows = rows_kept(history) or (None,)
    same = rows is not None and all(map(is_, of, map(vars(history).get, seen.lists)))
    return dict(zip(seen.lists, rows, strict=True)) if same and rows is not None else {}


def statements_of(history: HistoryFields, name: str) -> dict[str, Said]:
    """By path, the conditions of every statement of completeness about a list."""
    stated = {complete_path(name): EVERY} if name in history.complete else {}
    for at, each in enumerate(conditions_of(history, name)):
        stated[complete_path(name, at)] = each.said
    return stated


def conditions_of(history: HistoryFields, name: str) -> tuple[CompletenessStatement, ...]:
    """The statements with conditions about a list, in their order."""
    return tuple(
        each
        for each in history.complete
        if isinstance(each, CompletenessStatement) and each.list == name
    )


def is_unlisted(list_shape: ListShape, stated: Sequence[Said], where: Said) -> bool:
    """Whether no record that meets conditions can be one that is stated to be listed."""
    boxes = possible_boxes(list_shape, where)
    meets = (narrowed(box, list_shape, each) for box in boxes for each in stated)
    return not any(True for found in meets for _ in found)


def said(list_shape: ListShape, record: Record) -> dict[str, Values | Bounds]:
    """What a record says: the values of its known facts, and the bounds of its known moments."""
    fields = vars(record)
    known: dict[str, Values | Bounds] = {}
    for name in list_shape.moments:
        if (moment := fields[name]) is not None:
            known[name] = (moment.earliest, moment.latest)
    for name in list_shape.values:
        if (value := fields[name]) is not None:
            known[name] = values_of(value)
    return known


def normalise_record(
    list_shape: ListShape, index: int, known: Said
) -> KnownRecord | tuple[str, ...]:
    """One record, normalised, or the fields that contradict each other.

    What it says stands, also where it contradicts what is supposed.
    """
    found = boxes_of(list_shape, known)
    if not is_possible(found):
        return tuple(each for each in found if isinstance(each, str))
    boxes = found
    if list_shape.supposed:
        so = largest(left for box in boxes for left in list_shape.supposed.boxes(box, list_shape))
        boxes = so or boxes
    return new_record(index, FrozenDict(known), boxes)


def consequences(
    list_shape: ListShape, record: KnownRecord | None, known: Said
) -> dict[str, Values | Bounds | None]:
    """What is to be known of a record, and None for the moments that then never came to be."""
    said, gone = record.said if record is not None else {}, list_shape.gone(known)
    left = {name: each for name, each in known.items() if name not in gone}
    return {**left, **{name: None for name in gone if name in said}}


def knowing(
    list_shape: ListShape, record: KnownRecord, known: Said
) -> KnownRecord | tuple[str, ...]:
    """A record of which more is known, or the fields that then contradict each other."""
    return changed(list_shape, record, consequences(list_shape, record, known))


def changed(
    list_shape: ListShape, record: KnownRecord, known: Mapping[str, Values | Bounds | None]
) -> KnownRecord | tuple[str, ...]:
    """A record of which other things are known, `consequences` among them; or what clashes."""
    return normalise_record(list_shape, record.index, saying(list_shape, record, known))


def saying(
    list_shape: ListShape, record: KnownRecord, known: Mapping[str, Values | Bounds | None]
) -> dict[str, Values | Bounds]:
    """What a record then says."""
    merged = {**record.said, **known}
    fields = (*list_shape.moments, *list_shape.values)  # in the order of `said`
    return {name: value for name in fields if (value := merged.get(name)) is not None}


def pinned(list_shape: ListShape, record: KnownRecord, box: Box) -> dict[str, Values | Bounds]:
    """What there is to say of a record so that it is in one of its boxes and in no other.

    Bounds of moments that follow from what is said are left out.
    """
    own = hull(possible_boxes(list_shape, record.said))
    known: dict[str, Values | Bounds] = {
        name: may_be for name, may_be in box.values.items() if may_be != own.values[name]
    }
    moments = {name: at for name, at in box.bounds.items() if at != own.bounds[name]}
    said = {**known, **moments}
    spare = [*list_shape.sequence[::-1], *(list_shape.values if list_shape.supposed else ())]
    for name in spare:
        rest = {each: value for each, value in said.items() if each != name}
        if name in said and _is_in(list_shape, record, rest, box):
            said = rest
    return said


def _is_in(list_shape: ListShape, record: KnownRecord, known: Said, box: Box) -> bool:
    """Whether a record of which so much more is known is in a box, and in no other."""
    made = knowing(list_shape, record, known)
    return isinstance(made, KnownRecord) and made.boxes == (box,)


def forgetting(list_shape: ListShape, record: KnownRecord, fields: Sequence[str]) -> KnownRecord:
    """A record without what it says of some fields."""
    known = {name: value for name, value in record.said.items() if name not in fields}
    if not known:
        return blank(list_shape, record.index)
    made = normalise_record(list_shape, record.index, known)
    return made if isinstance(made, KnownRecord) else record


def _clash(name: str, index: int, fields: tuple[str, ...]) -> Problem:
    named = " and ".join(f"`{fact_path(name, index, field)}`" for field in fields)
    return Problem(
        "inconsistent",
        fact_path(name, index, fields[-1]),
        f"{named} contradict each other: they cannot both be so.",
        "Correct one of them, or leave out what is not known.",
    )


def answers_of(history: HistoryFields) -> dict[str, bool | None]:
    """The yes/no facts about the account, by path; None is unknown."""
    found = {path: _taking(path)(history) for path in shape(type(history)).yes_no}
    return {path: value if value.__class__ is bool else None for path, value in found.items()}


@lru_cache(maxsize=1024)
def _taking(path: str) -> Callable[[object], Any]:
    return attrgetter(path)


def blank(list_shape: ListShape, index: int) -> KnownRecord:
    """A record of which nothing is known."""
    return new_record(index, EVERY, _blank_boxes(list_shape))


@lru_cache(maxsize=256)
def _blank_boxes(list_shape: ListShape) -> tuple[Box, ...]:
    made = normalise_record(list_shape, 0, EVERY)
    assert isinstance(made, KnownRecord)  # noqa: S101 - nothing known cannot clash
    return made.boxes
