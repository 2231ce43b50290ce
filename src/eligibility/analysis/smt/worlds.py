"""What a world is, and what conditions mean in one, said to the solver.

Written from the design's meaning of worlds, as `eligibility.audit.worlds` is, and sharing
nothing with `evaluate`: a list holds some records; a yes/no fact is yes or no; a moment is one
instant of the time line; a moment without its yes/no fact does not exist; moments that are
ordered lie in order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import frozen

from eligibility.analysis.smt.solver import Term, z3
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Covered,
    Ever,
    Is,
    Leaf,
    Uncovered,
    Within,
    leaves,
    paths,
)
from eligibility.facts.model import History, Value
from eligibility.facts.paths import field_of, parse
from eligibility.facts.shape import ListShape, shape
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


@frozen
class Requirements:
    """Conditions that one record of `record_list` must meet together; of no list, the account."""

    conditions: tuple[Condition, ...]
    record_list: str | None

    @classmethod
    def by(cls, definition: ClassDefinition) -> "Requirements":
        """All that a definition asks for."""
        return cls(tuple(step.condition for step in definition.steps), definition.record_list)

    def for_it(self, name: str) -> int:
        """How many records of a list help to meet all this, at the most."""
        return (name == self.record_list) + sum(
            isinstance(leaf, Covered | Ever) and leaf.spans == name for leaf in self.leaves()
        )

    def against_it(self, name: str) -> int:
        """How many conditions ask, for one record, that no span of a list be in the way."""
        return sum(isinstance(leaf, Uncovered) and leaf.spans == name for leaf in self.leaves())

    def leaves(self) -> Iterator[Leaf]:
        """Every leaf of the conditions."""
        return (leaf for condition in self.conditions for leaf in leaves(condition))

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that the conditions speak of."""
        named = [path for condition in self.conditions for path in paths(condition)]
        found = map(parse, named)
        return tuple(dict.fromkeys(at.name for at in found if at.is_pattern))


@frozen(eq=False)
class SymbolicRecord:
    """A record of a world, all of it open: whether there is one, and what it says.

    A yes/no fact is a truth of the solver; a word is a number, its place in its vocabulary; a
    moment is a number, UTC microseconds.
    """

    list_shape: ListShape
    there: Term
    facts: Mapping[str, Term]

    def exists(self, moment: str) -> Term:
        """Whether the record, if it is there, has such a moment."""
        existence_condition = self.list_shape.record.exists_if.get(moment)
        return self.facts[existence_condition] if existence_condition else z3.BoolVal(True)

    def is_one_of(self, name: str, values: Iterable[Value]) -> Term:
        """Whether a fact of the record is one of some values."""
        return z3.Or([equals(self.list_shape, name, self.facts[name], value) for value in values])

    def rules(self) -> Iterator[Term]:
        """What makes it the record of a world."""
        for name in self.list_shape.moments:
            yield self.facts[name] >= EARLIEST
            yield self.facts[name] <= LATEST
        for name, words in self.list_shape.vocabulary.items():
            yield self.facts[name] >= 0
            yield self.facts[name] < len(words)
        for first, then in self.list_shape.record.order:
            both = z3.And(self.exists(first), self.exists(then))
            yield z3.Implies(both, self.facts[first] <= self.facts[then])


def equals(list_shape: ListShape, name: str, fact: Term, value: Value) -> Term:
    """That a yes/no fact or a word of a record has a value."""
    if isinstance(value, bool):
        return fact == z3.BoolVal(value)
    return fact == list_shape.vocabulary[name].index(value)


@frozen(eq=False)
class Worlds:
    """All worlds of a history model with at most so many records, as places to be filled.

    `answers` are the yes/no facts of the account, by dotted path.
    """

    model: type[History]
    lists: Mapping[str, tuple[SymbolicRecord, ...]]
    answers: Mapping[str, Term]

    @classmethod
    def of(cls, model: type[History], sizes: Mapping[str, int], name: str = "w") -> "Worlds":
        """The worlds with at most so many records in each list; none where `sizes` is silent."""
        seen = shape(model)
        return cls(
            model,
            {
                key: tuple(
                    symbolic_record(list_shape, f"{name}.{key}{at}")
                    for at in range(sizes.get(key, 0))
                )
                for key, list_shape in seen.lists.items()
            },
            {path: z3.Bool(f"{name}.{path}") for path in seen.yes_no},
        )

    def rules(self) -> Iterator[Term]:
        """What makes it a world. Records fill the first places of their list."""
        for records in self.lists.values():
            for each in records:
                yield from each.rules()
            for before, after in pairwise(records):
                yield z3.Implies(after.there, before.there)

    def in_class(self, asked: Requirements) -> Term:
        """Whether some one record, or the account alone, meets all that is asked."""
        met_by = [z3.And([self.meets(condition, None) for condition in asked.conditions])]
        for record in self.lists[asked.record_list] if asked.record_list else ():
            met = [self.meets(condition, record) for condition in asked.conditions]
            met_by.append(z3.And(record.there, *met))
        return z3.Or(met_by)

    def meets(self, condition: Condition, record: SymbolicRecord | None) -> Term:
        """Whether a condition holds of a record and its account; of no record, of the account."""
        match condition:
            case AllOf(conditions=parts):
                return z3.And([self.meets(part, record) for part in parts])
            case AnyOf(conditions=parts):
                return z3.Or([self.meets(part, record) for part in parts])
            case Is(path=path, values=values):
                if not parse(path).is_pattern:
                    return z3.Or([self.answers[path] == z3.BoolVal(v) for v in values])
                return record.is_one_of(field_of(path), values) if record else z3.BoolVal(False)
            case Within(moment=path, times=times):
                return self._of_moment(record, path, lambda at: within(at, times))
            case Covered(moment=path, spans=name, where=where):
                return self._of_moment(record, path, lambda at: self._covers(name, where, at))
            case Uncovered(moment=path, spans=name, where=where):
                return self._of_moment(
                    record, path, lambda at: z3.Not(self._covers(name, where, at))
                )
            case Ever(spans=name, times=times, where=where):
                return z3.Or(
                    [
                        z3.And(counts, first <= span.facts["end"], span.facts["start"] <= last)
                        for span, counts in self._counting(name, where)
                        for first, last in times.spans
                    ]
                )

    def _of_moment(
        self, record: SymbolicRecord | None, path: str, test: Callable[[Term], Term]
    ) -> Term:
        if record is None:
            return z3.BoolVal(False)
        name = field_of(path)
        return z3.And(record.exists(name), test(record.facts[name]))

    def _covers(self, name: str, where: tuple[Is, ...], at: Term) -> Term:
        return z3.Or(
            [
                z3.And(counts, span.facts["start"] <= at, at <= span.facts["end"])
                for span, counts in self._counting(name, where)
            ]
        )

    def _counting(self, name: str, where: tuple[Is, ...]) -> Iterator[tuple[SymbolicRecord, Term]]:
        for span in self.lists[name]:
            said = [span.is_one_of(field_of(only.path), only.values) for only in where]
            yield span, z3.And(span.there, *said)


def symbolic_record(list_shape: ListShape, name: str) -> SymbolicRecord:
    """A record, with everything of it open."""
    facts = {key: z3.Bool(f"{name}.{key}") for key in list_shape.yes_no}
    numbers = (*list_shape.vocabulary, *list_shape.moments)
    facts |= {key: z3.Int(f"{name}.{key}") for key in numbers}
    return SymbolicRecord(list_shape, z3.Bool(name), facts)


def within(at: Term, times: TimeSet) -> Term:
    """Whether an instant lies in a set of instants."""
    return z3.Or([z3.And(first <= at, at <= last) for first, last in times.spans])
