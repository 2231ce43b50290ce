"""Values, titles and changes in words.

What a user wrote (ids, sources) is shown as printable text only: control characters are spelt out,
so that no terminal obeys them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from eligibility.errors import printable
from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, fact_path, field_of, parse, record_path, value_at
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment


def value_words(value: object) -> str:
    """A known or unknown value of a history, as a word."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable(value.text if isinstance(value, Moment) else str(value))


def title_of(path: str, model: type[History]) -> str:
    """The model's title for a path such as `messages[].sent_at`, or the path's own last word."""
    at = parse(path)
    info = model.model_fields.get(at.name)
    if info is not None and at.field:
        list_shape = shape(model).lists.get(at.name)
        inner = list_shape.record if list_shape else info.annotation
        info = getattr(inner, "model_fields", {}).get(at.field)
    return (info.title if info else None) or field_of(path)


def change_lines(before: History, after: History) -> Iterator[str]:
    """What one history says more than another of the same account, alike changes together."""
    for name, list_shape in shape(type(before)).lists.items():
        if name in after.complete and name not in before.complete:
            yield f"{complete_path(name)}: the list holds all there is"
        old, new = getattr(before, name), getattr(after, name)
        for key, found in _changes(list_shape, old, new).items():
            for index, (was, now) in list(found.items())[:2]:
                yield f"{fact_path(name, index, key)}: {value_words(was)} → {value_words(now)}"
            if len(found) > 2:
                yield f"  and {len(found) - 2:,} more of the {name} likewise"
        for index in range(len(old), len(new)):
            yield f"{record_path(name, index)}, one more: {_record_words(list_shape, new[index])}"
    for path in shape(type(before)).yes_no:
        was, now = value_at(path, before), value_at(path, after)
        if was != now:
            yield f"{path}: {value_words(was)} → {value_words(now)}"


def _changes(
    list_shape: ListShape, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Mapping[str, dict[int, tuple[object, object]]]:
    """For each field, the records in which it changed: what it was, and what it is."""
    found: dict[str, dict[int, tuple[object, object]]] = {}
    for index, (was, now) in enumerate(zip(old, new, strict=False)):
        if was is not now:
            for key in list_shape.facts:
                pair = getattr(was, key), getattr(now, key)
                if pair[0] != pair[1]:
                    found.setdefault(key, {})[index] = pair
    return found


def _record_words(list_shape: ListShape, record: object) -> str:
    said = {key: getattr(record, key) for key in list_shape.facts}
    words = [f"{key} {value_words(value)}" for key, value in said.items() if value is not None]
    return ", ".join(words) or "nothing known of it"
