"""Invents class definitions over a history model.

Every definition is written around a world that is in its class: a condition is only drawn if it
holds there. So no two of them rule each other out, and none is thrown away.
"""

from collections.abc import Mapping, Sequence

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AnyOf,
    Clause,
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    Within,
    all_of,
    negated,
)
from eligibility.facts.model import History, Value
from eligibility.facts.paths import pattern
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw import InvalidArgument
from eligibility.testing.draw.histories import after
from eligibility.testing.draw.instants import Draws
from eligibility.values.citation import Citation
from eligibility.values.timeset import TimeSet

_SOURCE = Citation("A fiction, for tests")


@define
class Inventor:
    """Invents one definition; `exact` says that it is to lie in the exact fragment."""

    draws: Draws
    model: type[History]
    exact: bool
    _record_list: str | None = field(init=False, default=None)
    _at: dict[str, int] = field(init=False, factory=dict)
    _values: dict[str, Value] = field(init=False, factory=dict)
    _answers: dict[str, bool] = field(init=False, factory=dict)
    #: For each list of spans: how it is read, of which moment if against, through which filter.
    _read: dict[str, tuple[str, str, tuple[Is, ...]]] = field(init=False, factory=dict)

    def definition(self) -> ClassDefinition:
        """A definition whose class some world is in."""
        lists = shape(self.model).lists
        kinds = self._kinds(lists)
        clauses = [self._clause(f"c{n + 1}", kinds) for n in range(1 + self.draws.choose(range(4)))]
        paths = shape(self.model).yes_no
        out = self.draws.choose(range(3)) if paths else 0
        exclusions = tuple(
            Clause(f"x{n + 1}", "but", _SOURCE, self._excluded(paths)) for n in range(out)
        )
        return ClassDefinition(
            "invented", "1", "An invented class", self.model, tuple(clauses), exclusions
        )

    def _kinds(self, lists: Mapping[str, ListShape]) -> list[str]:
        """Choose the list that a record is taken from, and a world; the conditions there can be."""
        of_records = [name for name, list_shape in lists.items() if list_shape.facts]
        spans = [name for name, list_shape in lists.items() if list_shape.is_spans]
        kinds: list[str] = []
        if of_records and not (self.draws.rarely(6) and shape(self.model).yes_no):
            self._record_list = self.draws.choose(of_records)
            list_shape = lists[self._record_list]
            self._place(list_shape)
            spans = [name for name in spans if name != self._record_list]
            kinds += ["within"] * bool(list_shape.moments) + ["is"] * bool(list_shape.values)
            kinds += ["covered", "uncovered"] * bool(spans and list_shape.moments)
        kinds += ["ever"] * bool(spans) + ["answer"] * bool(shape(self.model).yes_no)
        if not kinds:
            raise InvalidArgument(f"{self.model.__name__} has nothing that a clause could ask for.")
        return kinds

    def _place(self, list_shape: ListShape) -> None:
        exists_if = set(list_shape.record.exists_if.values())
        for name, values in list_shape.options.items():
            self._values[name] = True if name in exists_if else self.draws.choose(values)
        for name in list_shape.sequence:
            low = after(list_shape, name, self._at)
            times = TimeSet.ALL if low is None else TimeSet.since(low)
            self._at[name] = self.draws.instant(times)

    def _clause(self, name: str, kinds: Sequence[str]) -> Clause:
        condition = self._condition(kinds)
        if self.draws.rarely(4):
            condition = all_of(condition, self._condition(kinds))
        if not self.exact and self.draws.rarely(3):
            condition = AnyOf((condition, self._condition(kinds)))
        return Clause(name, f"words of {name}", _SOURCE, condition)

    def _condition(self, kinds: Sequence[str]) -> Condition:
        """A condition that holds in the world."""
        match self.draws.choose(kinds):
            case "is":
                name = self.draws.choose(tuple(self._values))
                known = shape(self.model).lists[str(self._record_list)].options[name]
                return Is(
                    pattern(str(self._record_list), name), self._some(known, self._values[name])
                )
            case "within":
                name = self.draws.choose(tuple(self._at))
                return Within(pattern(str(self._record_list), name), self._around(self._at[name]))
            case "ever":
                return self._of_spans("for", "")
            case "answer":
                return self._answer(shape(self.model).yes_no)
            case kind:
                moment = pattern(str(self._record_list), self.draws.choose(tuple(self._at)))
                use = "for" if kind == "covered" else "against"
                return self._of_spans(use, moment)

    def _answer(self, paths: Sequence[str]) -> Is:
        """What the account answers; of one question always the same."""
        path = self.draws.choose(paths)
        if path not in self._answers:
            self._answers[path] = self.draws.flip()
        return Is(path, self._answers[path])

    def _excluded(self, paths: Sequence[str]) -> Condition:
        """What is not true of the account: an answer that it does not give, or either of two."""
        other = negated(self._answer(paths))
        return AnyOf((other, negated(self._answer(paths)))) if self.draws.rarely(3) else other

    def _of_spans(self, use: str, moment: str) -> Condition:
        """A condition on a list of spans, read as it is already: for or against, one filter."""
        lists = {
            name: list_shape
            for name, list_shape in shape(self.model).lists.items()
            if list_shape.is_spans and name != self._record_list
        }
        name = self.draws.choose(tuple(lists))
        read = self._read.setdefault(name, (use, moment, self._filter(name, lists[name])))
        if read[0] == "against":
            return Uncovered(read[1], name, read[2])
        if moment:
            return Covered(moment, name, read[2])
        return Ever(name, self._around(self.draws.instant()), read[2])

    def _filter(self, name: str, list_shape: ListShape) -> tuple[Is, ...]:
        if not list_shape.values or self.draws.flip():
            return ()
        key = self.draws.choose(list_shape.values)
        known = list_shape.options[key]
        return (Is(pattern(name, key), self._some(known, self.draws.choose(known))),)

    def _some(self, known: Sequence[Value], one: Value) -> frozenset[Value]:
        """Some of the values, among them one."""
        return frozenset({one, *(value for value in known if self.draws.flip())})

    def _around(self, at: int) -> TimeSet:
        """A set of instants, among them one."""
        ends = [at, *(self.draws.instant() for _ in range(1 + self.draws.choose(range(3))))]
        spans = [(min(pair), max(pair)) for pair in zip(ends[::2], ends[1::2], strict=False)]
        return TimeSet.union([(at, at), *spans])


def time_set(draws: Draws) -> TimeSet:
    """Any set of instants: none, all, or a few spans of them."""
    if draws.rarely(8):
        return TimeSet.ALL
    pairs = [(draws.instant(), draws.instant()) for _ in range(draws.choose(range(5)))]
    return TimeSet.union((min(pair), max(pair)) for pair in pairs)
