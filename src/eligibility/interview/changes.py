"""What an answer adds to normalised facts: the same that its refinement adds to the history.

Values are sets, moments are bounds in UTC microseconds, conditions are both; so nothing that is
long, such as the messages of an archive, is read again for each answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import evolve

from eligibility.errors import InvalidRefinement, Problem
from eligibility.facts.boxes import Bounds, Said
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.many import normalised_each
from eligibility.facts.normalise import consequences, saying
from eligibility.facts.paths import complete_path, fact_path, parse, record_path
from eligibility.facts.shape import ListShape
from eligibility.immutable import FrozenDict
from eligibility.values.date_words import Dates
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

#: By path: values of a fact, bounds of a moment, yes or no of the account, conditions of a
#: statement of completeness, or what is said of one more record.
Changes: TypeAlias = Mapping[str, Any]


def applied(facts: KnownHistory, changes: Changes) -> KnownHistory:
    """The facts, with more known.

    Raises:
        InvalidRefinement: `not-a-refinement`, it contradicts what is known.
    """
    of_records: dict[str, dict[int, dict[str, Any]]] = {}
    for path, value in changes.items():
        at = parse(path)
        if at.index is not None:
            known = value if not at.field else {at.field: value}
            of_records.setdefault(at.name, {}).setdefault(at.index, {}).update(known)
        elif at.is_complete:
            stated = dict(facts.stated[at.field])
            several = sum(1 for each in stated if parse(each).statement is not None)
            stated[complete_path(at.field, several if value else None)] = FrozenDict(value)
            facts = facts.stating(at.field, stated)
        else:
            facts = evolve(facts, answers={**facts.answers, path: value})
    for name, known_of in of_records.items():
        list_shape, records = facts.shape.lists[name], list(facts.lists[name])
        said = {n: _saying(list_shape, records, n, known) for n, known in known_of.items()}
        for n, made in zip(said, normalised_each(list_shape, said.items()), strict=True):
            if not isinstance(made, KnownRecord):
                raise contradiction(fact_path(name, n, made[-1]))
            records[n : n + 1] = [made]
        facts = facts.with_list(name, tuple(records))
    return facts


def said_since(begun: KnownHistory, facts: KnownHistory) -> dict[str, Any]:
    """All that is known beyond what was known to begin with, by path."""
    said: dict[str, Any] = {}
    for name, records in facts.lists.items():
        before = begun.lists[name]
        for record in records:
            if record.index >= len(before):
                said[record_path(name, record.index)] = dict(record.said)
            elif record.said is not before[record.index].said:
                known = before[record.index].said
                for key, value in record.said.items():
                    if known.get(key) != value:
                        said[fact_path(name, record.index, key)] = value
        more = [w for path, w in facts.stated[name].items() if path not in begun.stated[name]]
        if more:
            said[complete_path(name)] = () if {} in more else tuple(map(dict, more))
    answers = facts.answers.items()
    return said | {path: each for path, each in answers if each is not begun.answers[path]}


def _saying(list_shape: ListShape, records: Sequence[KnownRecord], index: int, known: Said) -> Said:
    """What a record says once so much more is known; it may be one more."""
    if index == len(records):
        return known
    more = consequences(list_shape, records[index], _narrower(records[index], known))
    return saying(list_shape, records[index], more)


def _narrower(record: KnownRecord, known: Said) -> Said:
    """What more is known, within what is known already."""
    found: dict[str, Any] = {}
    for name, value in known.items():
        if isinstance(value, frozenset):
            found[name] = value & record.values[name]
        else:
            low, high = record.said.get(name, value)
            found[name] = max(low, value[0]), min(high, value[1])
        if not found[name] or (isinstance(found[name], tuple) and found[name][0] > found[name][1]):
            raise contradiction(name)
    return found


def dated(facts: KnownHistory, path: str, moment: Moment, zone: str) -> Bounds:
    """The bounds of a moment of a record, of which more is known now.

    Raises:
        InvalidRefinement: `not-a-refinement`, as above.
    """
    at = parse(path)
    low, high = facts.lists[at.name][at.index or 0].bounds[at.field]
    if moment.latest < low or high < moment.earliest:
        raise contradiction(path, Dates(zone).when(low, high))
    return max(low, moment.earliest), min(high, moment.latest)


def none_in(name: str, kind: Said, moment: Moment) -> Changes:
    """That a list lacks no span of a kind at any time within the bounds of a moment."""
    spans = {"start": (EARLIEST, moment.latest), "end": (moment.earliest, LATEST)}
    return {complete_path(name): {**kind, **spans}}


def contradiction(path: str, when: str = "") -> InvalidRefinement:
    """That an answer cannot be, by what was said before it; and of a date, when it was by that."""
    so = f": it was {when}" if when else ""
    words = f"This does not fit what is known already, or what was said before{so}."
    hint = "Answer otherwise, or go back and change what does not fit."
    return InvalidRefinement([Problem("not-a-refinement", path, words, hint)])


def of_record(name: str, index: int, known: Iterable[tuple[str, Any]]) -> Changes:
    """What is known of one more record."""
    return {record_path(name, index): dict(known)}
