"""What a class definition means in one world, where nothing is unknown: plain two-valued logic.

This is the meaning that everything else is measured by. `evaluate` says what holds in every world
and in some world of a history without going through any; here there is one world. It shares no
code with `evaluate`, so that laws, certificates and proofs can hold the one against the other.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    Within,
)
from eligibility.facts.model import History, Record, Span
from eligibility.facts.paths import answer_at, field_of, parse
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.values.moment import Moment


def is_world(history: History) -> bool:
    """Whether nothing of a history is open: every list complete, every fact known exactly.

    >>> from eligibility.history import AccountHistory
    >>> is_world(AccountHistory(account_id="A-1001"))
    False
    """
    seen = shape(type(history))
    return (
        set(history.complete) >= set(seen.lists)
        and all(answer_at(path, history) is not None for path in seen.yes_no)
        and all(_is_known(record) for name in seen.lists for record in getattr(history, name))
    )


def _is_known(record: Record) -> bool:
    exists_if = type(record).exists_if
    for name, value in record:
        if name in ("id", "source"):
            continue
        if value is None:
            if getattr(record, exists_if.get(name, ""), None) is not False:
                return False
        elif isinstance(value, tuple) or (isinstance(value, Moment) and not value.is_exact):
            return False
    return True


def in_class(world: History, definition: ClassDefinition) -> bool:
    """Whether the account is in the class, in this one world.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> lists = ("premium", "messages", "permissions")
    >>> in_class(AccountHistory(account_id="A-1001", complete=lists), class_definition())
    False
    """
    return clauses_met(world, definition)[-1]


def clauses_met(world: History, definition: ClassDefinition) -> tuple[bool, ...]:
    """For each clause, whether some one record meets it and all before it, in this one world.

    A clause that is about the account alone needs no record. An exclusion is met, in this sense,
    if its condition is not true of the account.
    """
    records = getattr(world, definition.record_list) if definition.record_list else ()
    left: list[Record | None] = [*records, None]
    met: list[bool] = []
    for clause in definition.clauses:
        left = [record for record in left if holds(clause.condition, record, world)]
        met.append(bool(left))
    for exclusion in definition.exclusions:
        met.append(met[-1] and not holds(exclusion.condition, None, world))
    return tuple(met)


def holds(condition: Condition, record: Record | None, world: History) -> bool:
    """Whether a condition holds of a record and its account; of no record, only of the account."""
    match condition:
        case AllOf(conditions=parts):
            return all(holds(part, record, world) for part in parts)
        case AnyOf(conditions=parts):
            return any(holds(part, record, world) for part in parts)
        case Is(path=path, values=values):
            if not parse(path).is_pattern:
                return answer_at(path, world) in values
            return record is not None and getattr(record, field_of(path)) in values
        case Within(moment=path, times=times):
            at = _instant(record, path)
            return at is not None and at in times
        case Covered(moment=path, spans=name, where=where):
            at = _instant(record, path)
            return at is not None and _covers(_counting(world, name, where), at)
        case Uncovered(moment=path, spans=name, where=where):
            at = _instant(record, path)
            return at is not None and not _covers(_counting(world, name, where), at)
        case Ever(spans=name, times=times, where=where):
            return any(
                times.first(*_lasting(span)) is not None for span in _counting(world, name, where)
            )


def meets(record: Record, where: Mapping[str, Any]) -> bool:
    """Whether a record of a world meets the conditions of a statement of completeness."""
    for name, asked in where.items():
        value = getattr(record, name)
        if isinstance(asked, Moment):
            if value is None or not asked.earliest <= value.earliest <= asked.latest:
                return False
        elif value not in (asked if isinstance(asked, tuple) else (asked,)):
            return False
    return True


def agrees(record: Record, supposition: Supposition) -> bool:
    """Whether a record of a world is as it is supposed to be.

    It is of the kind that nothing is supposed of, or it came at the instant or later, or never; or
    what is alleged happened to it before the instant.
    """
    so = supposition
    unless, value = so.unless
    when, then = _instant(record, so.when), _instant(record, so.then)
    if getattr(record, unless) == value or when is None or when >= so.before:
        return True
    return getattr(record, so.fact) is True and then is not None and then < so.before


def _instant(record: Record | None, path: str) -> int | None:
    moment = getattr(record, field_of(path)) if record is not None else None
    return None if moment is None else int(moment.earliest)


def _counting(world: History, name: str, where: tuple[Is, ...]) -> list[Span]:
    return [
        span
        for span in getattr(world, name)
        if all(getattr(span, field_of(only.path)) in only.values for only in where)
    ]


def _covers(spans: Iterable[Span], at: int) -> bool:
    return any(first <= at <= last for first, last in map(_lasting, spans))


def _lasting(span: Span) -> tuple[int, int]:
    if span.start is None or span.end is None:
        raise ValueError("in a world every span has a start and an end")
    return span.start.earliest, span.end.latest
