"""Class definitions, made of clauses.

A class definition is an instance: an ordered list of clauses, and exclusions. When it is built, all
that is wrong with it is said at once (`checks`), it is brought into the form that `evaluate` reads
(`NormalForm`), and it is decided whether evaluation is exact for it.
"""

from collections.abc import Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any

import attrs
from attrs import field, frozen

from eligibility.arguments import checked, expect, several
from eligibility.definition.checks import UNREADABLE, impossible, problems
from eligibility.definition.conditions import (
    AllOf,
    Clause,
    Is,
    Uncovered,
    disjuncts,
    negated,
    paths,
    span_leaves,
)
from eligibility.definition.fragment import outside_fragment
from eligibility.definition.normal_form import NormalForm, normal_form, record_lists, ways_to_meet
from eligibility.errors import InvalidDefinition, InvalidHistory, Problem
from eligibility.facts.model import History
from eligibility.facts.shape import ListShape, shape
from eligibility.immutable import FrozenDict, as_repr, freeze


@frozen(field_transformer=checked)
class ClassDefinition:
    """Who the class is: some one record meets all clauses, and no exclusion is true of the account.

    Args:
        id, version, title: which definition this is.
        model: the history model whose paths the conditions use.
        clauses: in the order of the words; the order changes no status.
        exclusions: the condition of each says who *is* excluded, as `Is("exclusions.counsel",
            True)` does, and asks for facts of the account alone. A verdict shows, under the
            exclusion's id and words ('not counting counsel'), whether the account is not excluded.
        reading: which of several readings it is, by dimension.
        notice: standing words about the status of the case, carried by every verdict.

    Raises:
        InvalidDefinition: everything that is wrong with it, at once.
    """

    id: str
    version: str
    title: str
    model: type[History]
    clauses: tuple[Clause, ...] = field(converter=several)
    exclusions: tuple[Clause, ...] = field(default=(), converter=several)
    reading: Mapping[str, str] = field(default=FrozenDict(), converter=freeze)
    notice: str = ""

    def __attrs_post_init__(self) -> None:
        wrong = [
            Problem("too-short", key, f"The `{key}` of a definition is empty.", "Give it one.")
            for key in ("id", "version", "title")
            if not getattr(self, key).strip()
        ]
        wrong += problems(self.clauses, self.exclusions, self.model)
        if not {problem.code for problem in wrong} & UNREADABLE:
            wrong += impossible(self.steps, self.normal_form_of, self.exclusions, self.model)
        if wrong:
            raise InvalidDefinition(wrong)

    def __repr__(self) -> str:
        words = "".join(f", {name}={value}" for name, value in self.reading.items())
        return f"<ClassDefinition {self.id}, version {self.version}{words}>"

    _repr_pretty_ = as_repr

    @cached_property
    def steps(self) -> tuple[Clause, ...]:
        """What must hold, in the order of a verdict: the clauses, then that no exclusion is true.

        This is the one place where exclusions are negated; whatever reads `steps` need not.
        """
        return self.clauses + tuple(
            attrs.evolve(exclusion, condition=negated(exclusion.condition))
            for exclusion in self.exclusions
        )

    @cached_property
    def record_list(self) -> str | None:
        """The list that 'some one record' is taken from; None if it is all about the account."""
        lists = (name for clause in self.clauses for name in record_lists(clause.condition))
        return next(lists, None)

    @cached_property
    def list_shape(self) -> ListShape | None:
        """The shape of that list."""
        return shape(self.model).lists[self.record_list] if self.record_list else None

    @property
    def first_of_record(self) -> Clause:
        """The first clause that asks for a record, not for something of the account alone."""
        needing = (
            step
            for step, form in zip(self.steps, self.normal_forms, strict=True)
            if all(disjunct.needs_record for disjunct in form.disjuncts)
        )
        return next(needing, self.steps[-1])

    @cached_property
    def normal_form(self) -> NormalForm:
        """What it takes to be in the class."""
        return self.normal_form_of(self.steps)

    @cached_property
    def normal_forms(self) -> tuple[NormalForm, ...]:
        """For each clause, what it takes to meet it together with all before it."""
        return tuple(
            self.normal_form_of(self.steps[: count + 1]) for count in range(len(self.steps))
        )

    @cached_property
    def filters(self) -> Mapping[str, tuple[tuple[Is, ...], ...]]:
        """The lists of spans that are read, and every way in which it is said which spans count."""
        leaves = (leaf for step in self.steps for leaf in span_leaves(step.condition))
        found: dict[str, dict[tuple[Is, ...], None]] = {}
        for leaf in leaves:
            found.setdefault(leaf.spans, {})[leaf.where] = None
        return FrozenDict({name: tuple(several) for name, several in found.items()})

    @cached_property
    def harming(self) -> frozenset[str]:
        """The lists of spans that only take out of the class whom they cover."""
        leaves = [leaf for step in self.steps for leaf in span_leaves(step.condition)]
        helping = {leaf.spans for leaf in leaves if not isinstance(leaf, Uncovered)}
        return frozenset(self.filters) - helping

    @cached_property
    def alternatives(self) -> tuple["ClassDefinition", ...]:
        """The ways to be in the class, each as a definition of its own; mostly this one alone."""
        if self.exact:
            return (self,)
        found = []
        for together in disjuncts(*(step.condition for step in self.steps)):
            clause = attrs.evolve(self.clauses[0], condition=AllOf(together))
            ways = ways_to_meet(clause.condition, self.model)
            if normal_form([ways], self.list_shape).disjuncts:
                found.append(attrs.evolve(self, clauses=(clause,), exclusions=()))
        return tuple(found)

    def normal_form_of(self, steps: tuple[Clause, ...]) -> NormalForm:
        """What it takes to meet some of the clauses together; found once."""
        key = ("normal form", *map(attrgetter("id"), steps))
        found: NormalForm | None = self.kept(key)
        if found is None:
            each = (ways_to_meet(step.condition, self.model) for step in steps)
            found = normal_form(each, self.list_shape)
            self.keep(key, found)
        return found

    @cached_property
    def exact(self) -> bool:
        """Whether the definition lies in the fragment in which evaluation is exact."""
        return not self.inexact_by

    @cached_property
    def inexact_by(self) -> tuple[Problem, ...]:
        """What keeps evaluation from being exact: `outside-fragment`, by clause; most have none.

        In the fragment, each list of spans is read in one direction, by one filter, and permissions
        and the like for one moment only; the list that a record is taken from is not also read as
        spans; and there is one way to meet each clause.
        """
        clauses = len(self.clauses)
        return tuple(outside_fragment(self.steps[:clauses], self.steps[clauses:], self.record_list))

    @cached_property
    def _made_of_it(self) -> dict[object, Any]:
        return {}

    def kept(self, key: object) -> Any:
        """What a later station has made of the definition, to be used again; None if nothing."""
        return self._made_of_it.get(key)

    def keep(self, key: object, value: Any) -> None:
        """Keep what follows from the definition: it stays with it, and goes with it."""
        self._made_of_it[key] = value

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over the RFC 8785 canonical JSON of the definition."""
        import hashlib  # noqa: PLC0415 - only a full verdict needs it, and it loads OpenSSL

        import rfc8785  # noqa: PLC0415 - only a full verdict needs it

        plain = {
            "id": self.id,
            "version": self.version,
            "model": self.model.__name__,
            "reading": dict(self.reading),
            "steps": [_plain(step) for step in self.steps],
            "exclusions": len(self.exclusions),
        }
        return hashlib.sha256(rfc8785.dumps(_plain(plain))).hexdigest()

    def expect(self, history: History) -> None:
        """Refuse a history of another model.

        Raises:
            InvalidHistory: `wrong-model`.
        """
        expect(history, History, "history")
        if not isinstance(history, self.model):
            raise InvalidHistory(
                [
                    Problem(
                        "wrong-model",
                        "",
                        f"The definition `{self.id}` speaks of `{self.model.__name__}`, "
                        f"not of `{type(history).__name__}`.",
                        "Pass a definition for this kind of history.",
                    )
                ]
            )

    def speaking_of(self, path: str) -> tuple[Clause, ...]:
        """The clauses and exclusions whose conditions speak of a path, such as `premium[].plan`."""
        expect(path, str, "path")
        return tuple(step for step in self.steps if path in paths(step.condition))


def _plain(value: Any) -> Any:
    """Attrs records, sets and tuples as plain JSON, with the names of the records."""
    if attrs.has(type(value)):
        shown = (
            a.name for a in attrs.fields(type(value)) if a.init and a.metadata.get("digest", True)
        )
        return {"is": type(value).__name__} | {name: _plain(getattr(value, name)) for name in shown}
    if isinstance(value, frozenset):
        return sorted(str(member) for member in value)
    if isinstance(value, tuple | list):
        return [_plain(member) for member in value]
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return value
