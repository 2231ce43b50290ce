"""Clauses, and class definitions made of them.

A class definition is an instance: an ordered list of clauses, and exclusions. When it is built, all
that is wrong with it is said at once, it is brought into the form that `evaluate` reads (`Stage`),
and it is decided whether evaluation is exact for it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs
from attrs import field, frozen

from eligibility.citation import Citation
from eligibility.conditions import (
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    alternatives,
    leaves,
    paths,
)
from eligibility.errors import InvalidDefinition, InvalidHistory, Problem
from eligibility.model import History, ListShape, Shape, shape
from eligibility.stages import Stage, known_values, record_lists, stage_of


@frozen
class Clause:
    """One clause: an id, the words of the definition, where they come from, what they mean.

    `context` is what else the sources say that bears on the words; it decides nothing.
    """

    id: str
    text: str
    citation: Citation
    condition: Condition
    context: tuple[Citation, ...] = ()


@frozen
class ClassDefinition:
    """Who the class is: some one record of the history meets all clauses, and no exclusion holds.

    Args:
        id, version, title: which definition this is.
        model: the history model whose paths the conditions use.
        clauses: in the order of the words; the order changes no status.
        exclusions: clauses that must hold besides; each says who is *not* excluded.
        reading: which of several readings it is, by dimension.
        notice: standing words about the status of the case, carried by every verdict.

    Raises:
        InvalidDefinition: everything that is wrong with it, at once.
    """

    id: str
    version: str
    title: str
    model: type[History]
    clauses: tuple[Clause, ...]
    exclusions: tuple[Clause, ...] = ()
    reading: Mapping[str, str] = field(factory=dict)
    notice: str = ""

    def __attrs_post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise InvalidDefinition(problems)

    def __repr__(self) -> str:
        words = "".join(f", {name}={value}" for name, value in self.reading.items())
        return f"<ClassDefinition {self.id}, version {self.version}{words}>"

    @property
    def steps(self) -> tuple[Clause, ...]:
        """Clauses and then exclusions, in the order in which a verdict lists them."""
        return self.clauses + self.exclusions

    @cached_property
    def each(self) -> str | None:
        """The list that 'some one record' is taken from; None if it is all about the account."""
        return _each(self.steps)

    @cached_property
    def entry(self) -> ListShape | None:
        """The shape of that list."""
        return shape(self.model).lists[self.each] if self.each else None

    @property
    def first_of_record(self) -> Clause:
        """The first clause that asks for a record, not for something of the account alone."""
        needing = (
            step
            for step, stage in zip(self.steps, self.stages, strict=True)
            if all(way.needs_record for way in stage.alternatives)
        )
        return next(needing, self.steps[-1])

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """For each clause, what it takes to meet it together with all before it."""
        return tuple(
            self.stage_of(self.steps[: count + 1]) for count in range(len(self.steps))
        )

    def stage_of(self, steps: tuple[Clause, ...]) -> Stage:
        """What it takes to meet some of the clauses together."""
        return stage_of((step.condition for step in steps), self.each, shape(self.model))

    @cached_property
    def exact(self) -> bool:
        """Whether the definition lies in the fragment in which evaluation is exact.

        There, each list of spans is read in one direction, by one filter, and permissions and the
        like for one moment only; the list that a record is taken from is not also read as spans;
        and there is one way to meet each clause.
        """
        return all(len(alternatives(step.condition)) == 1 for step in self.steps) and not any(
            _is_entangled(name, self) for name in shape(self.model).lists
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over the RFC 8785 canonical JSON of the definition."""
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
        return tuple(step for step in self.steps if path in paths(step.condition))


def _plain(value: Any) -> Any:
    """Attrs records, sets and tuples as plain JSON, with the names of the records."""
    if attrs.has(type(value)):
        shown = (a.name for a in attrs.fields(type(value)) if a.init)
        return {"is": type(value).__name__} | {name: _plain(getattr(value, name)) for name in shown}
    if isinstance(value, frozenset):
        return sorted(str(member) for member in value)
    if isinstance(value, tuple | list):
        return [_plain(member) for member in value]
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return value


def _each(steps: Iterable[Clause]) -> str | None:
    return next((name for step in steps for name in record_lists(step.condition)), None)


def _is_entangled(name: str, definition: ClassDefinition) -> bool:
    """Whether a list of spans is read in a way that the two evaluations cannot take apart."""
    read = [
        leaf
        for step in definition.steps
        for leaf in leaves(step.condition)
        if isinstance(leaf, Covered | Uncovered | Ever) and leaf.spans == name
    ]
    against = {leaf.moment for leaf in read if isinstance(leaf, Uncovered)}
    filters = {frozenset(leaf.where) for leaf in read}
    in_favour = any(not isinstance(leaf, Uncovered) for leaf in read)
    return (
        (bool(read) and name == definition.each)
        or len(against) > 1
        or len(filters) > 1
        or (bool(against) and in_favour)
    )


def _problems(definition: ClassDefinition) -> Iterator[Problem]:
    seen = shape(definition.model)
    steps = definition.steps
    if not definition.clauses:
        yield Problem("definition-empty", "clauses", "A definition needs at least one clause.")
    for name, count in Counter(step.id for step in steps).items():
        if count > 1:
            yield Problem(
                "definition-duplicate", "clauses", f"`{name}` stands {count} times.", "Rename one."
            )
    each = _each(steps)
    sound = True
    for at, step in enumerate(steps):
        where = f"clauses[{at}]" if at < len(definition.clauses) else (
            f"exclusions[{at - len(definition.clauses)}]"
        )
        if not step.citation.source:
            hint = "Say where the words come from."
            yield Problem("definition-uncited", where, f"`{step.id}` names no source.", hint)
        for problem in _path_problems(step, where, seen, each):
            sound = False
            yield problem
    if sound:
        yield from _impossible(definition)


def _path_problems(
    step: Clause, where: str, seen: Shape, each: str | None
) -> Iterator[Problem]:
    for leaf in leaves(step.condition):
        if isinstance(leaf, Is):
            yield from _value_problems(leaf, where, seen)
        elif not isinstance(leaf, Ever):
            name, _, moment = leaf.moment.partition("[].")
            if name not in seen.lists or moment not in seen.lists[name].moments:
                yield _no_path(leaf.moment, where)
        if isinstance(leaf, Covered | Uncovered | Ever):
            yield from _span_problems(leaf, where, seen)
    for name in record_lists(step.condition):
        if name != each:
            yield Problem(
                "definition-path",
                where,
                f"`{step.id}` speaks of one of `{name}`, the definition of one of `{each}`.",
                "One definition takes its record from one list; use `Ever` for the other.",
            )


def _span_problems(
    leaf: Covered | Uncovered | Ever, where: str, seen: Shape
) -> Iterator[Problem]:
    if leaf.spans not in seen.lists or not seen.lists[leaf.spans].is_spans:
        yield _no_path(leaf.spans, where)
    for only in leaf.where:
        if only.path.partition("[]")[0] != leaf.spans:
            yield _no_path(only.path, where)
        else:
            yield from _value_problems(only, where, seen)


def _no_path(path: str, where: str) -> Problem:
    hint = "Use a path of the history model, such as `messages[].sent_at`."
    return Problem("definition-path", where, f"No such history has `{path}`.", hint)


def _value_problems(leaf: Is, where: str, seen: Shape) -> Iterator[Problem]:
    known = known_values(leaf.path, seen)
    if not known:
        yield _no_path(leaf.path, where)
    elif strange := sorted(str(value) for value in leaf.values - known):
        yield Problem(
            "definition-value",
            where,
            f"`{leaf.path}` is never {', '.join(strange)}.",
            f"Its values are {', '.join(sorted(str(value) for value in known))}.",
        )


def _impossible(definition: ClassDefinition) -> Iterator[Problem]:
    """The first clause that no history can meet together with those before it."""
    for at, stage in enumerate(definition.stages):
        if not stage.alternatives:
            step = definition.steps[at]
            yield Problem(
                "definition-impossible",
                f"clauses[{at}]",
                f"No history meets `{step.id}` together with the clauses before it.",
                "Look for a value, a time or a list that two conditions ask for differently.",
            )
            return
