"""A witness as it is made: facts that are narrowed, and what is then known, by path.

`witnesses` says what more is known, one thing after the other; `facts.built` makes the history.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Said
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.model import Value
from eligibility.facts.normalise import blank, consequences, knowing, pinned
from eligibility.facts.paths import complete_path, fact_path, record_path

#: By path, what is known there now: a value, bounds of a moment, or the fields of a new record.
Changes: TypeAlias = dict[str, Any]


@define
class Witness:
    """Facts that are narrowed step by step, and the changes made so far."""

    _facts: KnownHistory
    definition: ClassDefinition
    changes: Changes = field(factory=dict)
    _listed: dict[str, int] = field(init=False)
    #: Of records of a list, by place, what the changes say and the facts do not have yet.
    _waiting: tuple[str, Mapping[int, Said]] = field(init=False, default=("", {}))

    def __attrs_post_init__(self) -> None:
        self._listed = {name: len(records) for name, records in self._facts.lists.items()}

    @property
    def facts(self) -> KnownHistory:
        """The facts, as they are narrowed by now: made when they are asked for."""
        name, known_by_place = self._waiting
        self._waiting = "", {}
        if known_by_place:
            list_shape, records = self._facts.shape.lists[name], list(self._facts.lists[name])
            for at, known in known_by_place.items():
                record = records[at] if at < len(records) else blank(list_shape, at)
                made = knowing(list_shape, record, known)
                assert isinstance(made, KnownRecord), made  # noqa: S101 - chosen to fit: a bug of ours
                records[at : at + 1] = [made]
            self._facts = self._facts.with_list(name, tuple(records))
        return self._facts

    def complete(self, name: str) -> None:
        """Say that a list holds all there is: also where it does as supposed, but need not."""
        may_lack = name in self.facts.open or self.facts.shape.lists[name].supposed is not None
        if may_lack and complete_path(name) not in self.facts.stated[name]:
            self.changes[complete_path(name)] = True
            self._facts = self.facts.complete(name)

    def supposed(self) -> None:
        """Say of lists that are supposed to be complete that they are."""
        for name, list_shape in self.facts.shape.lists.items():
            if list_shape.supposed and list_shape.supposed.is_complete:
                self.complete(name)

    def as_supposed(self) -> None:
        """Say of spans what follows from what is supposed of them, so that it is so without it.

        What is so in all worlds that are left is so in those that are then left.
        """
        for name in self.definition.filters:
            list_shape = self._facts.shape.lists[name]  # nothing is made of what waits for it
            if list_shape.supposed and not list_shape.supposed.is_complete:
                self.complete(name)
                spans = self.facts.lists[name]
                known = {x.index: pinned(list_shape.plain, x, x.boxes[0]) for x in spans}
                self.records(name, {at: each for at, each in known.items() if each})

    def answer(self, only: Is, value: Value) -> None:
        """Answer a yes/no fact about the account."""
        self.changes[only.path] = value
        self._facts = self.facts.answering({only.path: value is True})

    def record(self, name: str, at: int, known: Said) -> None:
        """Know more of the record at a place of a list; behind the last one, add it."""
        self.records(name, {at: known})

    def records(self, name: str, known_by_place: Mapping[int, Said]) -> None:
        """Know more of several records of a list."""
        list_shape, records = self.facts.shape.lists[name], self.facts.lists[name]
        for at, known in known_by_place.items():
            if at >= self._listed[name]:
                path = record_path(name, at)
                self.changes[path] = {**self.changes.get(path, {}), **known}
                continue
            for key, value in consequences(list_shape, records[at], known).items():
                self.changes[fact_path(name, at, key)] = value
        self._waiting = name, known_by_place
