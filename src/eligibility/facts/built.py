"""A history of which more is known, built of values that are valid already.

A history, its facts, and what more is known come in, as values and bounds; what goes out is the
history that `refinement.refined` makes of the same in words. Nothing is written and read again, and
every record of which no more is known is the very record that it was.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from eligibility.facts.boxes import Bounds, Said, Values
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.fields import NOT_ENDED
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import has_frozen_parts
from eligibility.facts.paths import parse
from eligibility.facts.plain_schema import is_plain
from eligibility.facts.refinement import changes_text, is_within, not_a_refinement, refined, refines
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import LATEST

H = TypeVar("H", bound=History)
M = TypeVar("M", bound=BaseModel)
#: What is known of a record: None of a moment that then never came to be.
_Known = Mapping[str, Values | Bounds | None]


def built(history: H, facts: KnownHistory, changes: Mapping[str, Any]) -> H:
    """The history with more known, by paths: values, bounds, all that is said of a new record.

    Whether some world fits it is found when it is normalised.

    Raises:
        InvalidRefinement: it would say something else than what is known, not more.
        InconsistentHistory: no world fits it.
    """
    model, parts = type(history), vars(history)
    seen = shape(model)
    in_no_group = any(path in parts for path in changes)
    if in_no_group or not is_plain(model) or not has_frozen_parts(model):
        return refined(history, changes_text(changes, history))
    records: dict[str, dict[int, dict[str, Any]]] = {}
    stated: set[str] = set()
    groups: dict[str, Any] = {}
    for path, known in changes.items():
        at = parse(path)
        if at.index is not None:
            of_record = records.setdefault(at.name, {}).setdefault(at.index, {})
            of_record.update({at.field: known} if at.field else known)
        elif at.is_complete:
            stated.add(at.field)
        else:
            groups[at.name] = _with(groups.get(at.name, parts[at.name]), {at.field: known})
    lists = {
        name: _records(seen.lists[name], history, facts, name, known)
        for name, known in records.items()
    }
    if stated:
        stated.update(each for each in history.complete if isinstance(each, str))
        others = (each for each in history.complete if isinstance(each, CompletenessStatement))
        groups["complete"] = (*(name for name in seen.lists if name in stated), *others)
    made = _with(history, {**groups, **lists})
    is_grown = any(len(lists[name]) > len(parts[name]) for name in lists)
    if is_grown and not refines(made, history):
        raise not_a_refinement(changes)
    return made


def _records(
    list_shape: ListShape,
    history: History,
    facts: KnownHistory,
    name: str,
    known_by_place: Mapping[int, _Known],
) -> tuple[Any, ...]:
    """The records of a list, with more known of some, and those behind the last one added."""
    records = list(getattr(history, name))
    for index, known in known_by_place.items():
        fields = {key: _value(list_shape, key, each, history) for key, each in known.items()}
        if index == len(records):
            records.append(list_shape.record.model_construct(**fields))
            continue
        if not _narrows(known, facts.lists[name][index].said):
            raise not_a_refinement([f"{name}[{index}].{key}" for key in known])
        records[index] = _with(records[index], fields)
    return tuple(records)


def _narrows(known: _Known, said: Said) -> bool:
    """Whether values and bounds lie within what was said."""
    return all(
        each is None or key not in said or is_within(each, said[key]) for key, each in known.items()
    )


def _value(list_shape: ListShape, key: str, known: Values | Bounds | None, history: History) -> Any:
    """What a field holds of which so much is known."""
    if isinstance(known, tuple):
        if known == (LATEST, LATEST) and list_shape.is_end(key):
            return NOT_ENDED
        return Moment.between(*known, history.time_zone)
    if known is None or len(known) == 1:
        return known and next(iter(known))
    words = list_shape.options[key]
    return None if known.issuperset(words) else tuple(word for word in words if word in known)


def _with(part: M, fields: Mapping[str, Any]) -> M:
    """A part of a history with other values in some of its fields, all of which it then has set."""
    model = type(part)
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", {**vars(part), **fields})
    object.__setattr__(made, "__pydantic_fields_set__", _every_field(model))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


@lru_cache(maxsize=1024)
def _every_field(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)
