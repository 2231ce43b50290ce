"""The fast twin of `reference`: a definition compiled to one Python function over plain rows.

A validated history comes in, not normalised; out goes how many clauses some one record meets
together, surely and possibly, or None: ask the reference. None is said of all that is not plain: a
record that has no row (`facts.rows`) or is of several boxes under what is supposed, a statement of
completeness with conditions, spans so short that records could share them (`joint_coverage`). A
definition outside the exact fragment, or of a model that has no rows, is not compiled at all.

The function is straight-line code, and each clause adds only what it asks beyond those before it:

1. spans: what those that count surely cover, and what they possibly cover;
2. what is asked of the account alone: how many clauses can be met at most;
3. by moment, the instants at which it may lie: one set, as each clause narrows it;
4. one walk over the records: how many clauses each meets, surely and possibly;
5. the record that nobody listed.

`docs/explanation/the-compiled-twin.md` shows one, and says what holds it to the reference.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Covered, Ever, Is, SpanLeaf
from eligibility.definition.normal_form import Disjunct, MomentTest
from eligibility.evaluation.spans import HELPERS, Ranks
from eligibility.facts.boxes import Box
from eligibility.facts.generated import Lines, names_in
from eligibility.facts.known import unlisted_of
from eligibility.facts.model import History, Value
from eligibility.facts.paths import field_of
from eligibility.facts.rows import rows_of
from eligibility.facts.shape import ListShape, shape
from eligibility.facts.supposition import Supposition
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

#: How many clauses are met together, surely and possibly, and the first record that surely meets
#: all, if one does. None: ask the reference.
Met: TypeAlias = tuple[int, int, int | None] | None
Twin: TypeAlias = Callable[[History], Met]
#: By moment, the expressions of its bounds, or the name of the instants that it is held to.
_Bounds: TypeAlias = Mapping[str, tuple[str, str]]
_Times: TypeAlias = Mapping[str, str]

_ANY_TIME: Final = MomentTest(TimeSet.ALL, (), ())
_NOTHING: Final = Disjunct((), (), {}, {}, assumes_existence=False, needs_record=False)


def clauses_met(
    history: History, definition: ClassDefinition, supposing: Supposition | None = None
) -> Met:
    """How many clauses some record meets together; None where the reference is to say it.

    Compiling takes longer than deciding, so a definition is compiled when it is used again.
    """
    twin: Twin | None = definition.kept(supposing)
    if twin is None:
        definition.keep(supposing, _first_use)
        return None
    if twin is _first_use:
        twin = compiled(definition, supposing)
        definition.keep(supposing, twin)
    return twin(history) if history.__class__ is definition.model else None


def _first_use(_: History) -> Met:
    """What is kept of a definition that has been used once."""


def compiled(definition: ClassDefinition, supposing: Supposition | None = None) -> Twin:
    """The definition as one function; one that always says None if it cannot be compiled."""
    rows = rows_of(definition.model)
    if rows is None or not definition.exact or not _is_simple(definition, supposing):
        return lambda _: None
    lines, names = source(definition, supposing)
    twin: Twin = lines.made({**names, "rows_of": rows})
    return twin


def _is_simple(definition: ClassDefinition, supposing: Supposition | None) -> bool:
    """Whether what is supposed is of the definition's records, and takes a box to a box."""
    if supposing is None:
        return True
    if supposing.list != definition.record_list:
        return False
    exists_if = shape(definition.model).lists[supposing.list].record.exists_if
    return supposing.when not in exists_if and exists_if.get(supposing.then) == supposing.fact


def source(
    definition: ClassDefinition, supposing: Supposition | None = None
) -> tuple[Lines, dict[str, Any]]:
    """The text of the function, and what it speaks of by name beside `rows_of`."""
    writer = _Writer(definition, supposing.under(definition.reading) if supposing else None)
    writer.write()
    return writer.line, writer.names


@frozen
class _Added:
    """What a clause asks of a record beyond those before it; of moments, and what they asked."""

    values: Mapping[str, frozenset[Value]]
    moments: Mapping[str, tuple[MomentTest, MomentTest]]

    @classmethod
    def by(cls, before: Disjunct, step: Disjunct) -> "_Added":
        """What one asks that the other did not ask."""
        values = {k: asked for k, asked in step.values.items() if before.values.get(k) != asked}
        tests = {k: (test, before.moments.get(k, _ANY_TIME)) for k, test in step.moments.items()}
        return cls(values, {k: t for k, t in tests.items() if before.moments.get(k) != t[0]})


@frozen
class _Writer:
    """One function, as it is written."""

    definition: ClassDefinition
    so: Supposition | None
    line: Lines = field(init=False, factory=lambda: Lines("def clauses_met(history):"))
    names: dict[str, Any] = field(init=False, factory=lambda: dict(HELPERS))
    steps: tuple[Disjunct, ...] = field(init=False)
    added: tuple[_Added, ...] = field(init=False)
    lists: Mapping[str, ListShape] = field(init=False)

    @steps.default
    def _one_way_each(self) -> tuple[Disjunct, ...]:
        return tuple(form.disjuncts[0] for form in self.definition.normal_forms)

    @added.default
    def _clause_by_clause(self) -> tuple[_Added, ...]:
        return tuple(_Added.by(*both) for both in pairwise((_NOTHING, *self.steps)))

    @lists.default
    def _as_supposed(self) -> Mapping[str, ListShape]:
        seen = shape(self.definition.model)
        return self.so.of(seen).lists if self.so else seen.lists

    def write(self) -> None:
        """Write the function."""
        line, records = self.line, self.definition.record_list
        line("known = history.__dict__")
        line("complete = known['complete']")
        with line.block("for each in complete"):
            line("if each.__class__ is not str: return None")
        line("rows = rows_of(history)")
        line("if rows is None: return None")
        if self.lists:
            line(f"{', '.join(f'r_{name}' for name in self.lists)}, = rows")
        for name in self.lists:
            if name != records and (leaves := self._reading(name)):
                self._write_spans(name, leaves)
        self._write_account()
        line(f"surely = possibly = {self._alone}; first = None")
        if records:
            self._write_records(records, self.lists[records])
        line(f"first = first if most_surely == {len(self.steps)} else None")
        line("return min(surely, most_surely), min(possibly, most_possibly), first")

    @property
    def _alone(self) -> int:
        """How many clauses come before the first that asks for a record."""
        return sum(not step.needs_record for step in self.steps)

    def _constant(self, value: object) -> str:
        name = f"K{len(self.names)}"
        self.names[name] = value
        return name

    # ---- 1: spans ----------------------------------------------------------------------------

    def _reading(self, name: str) -> list[SpanLeaf]:
        """What asks for the spans of a list."""
        last = self.steps[-1]
        asking = [leaf for test in last.moments.values() for leaf in test.coverage]
        return [leaf for leaf in (*asking, *last.evers) if leaf.spans == name]

    def _write_spans(self, name: str, leaves: list[SpanLeaf]) -> None:
        line, list_shape = self.line, self.lists[name]
        values = {field_of(only.path): only.values for only in leaves[0].where}
        sure, able = self._values(values, list_shape)
        line(f"sure_{name} = []; able_{name} = []")
        with line.block(f"for {names_in(list_shape)} in r_{name}"):
            line(f"if {_all(able)}: able_{name}.append((lo_start, hi_end))")
            with line.block(f"if {_all(sure)}"):
                line(f"sure_{name}.append((hi_start, lo_end))")
                if self.definition.record_list and any(
                    isinstance(leaf, Covered) for leaf in leaves
                ):
                    # one of more instants than there are records can be cut clear of all of them
                    count = f"len(r_{self.definition.record_list})"
                    line(f"if 0 < hi_start - lo_end < {count}: return None")
        line(f"certain_{name} = union(sure_{name})")
        if any(isinstance(leaf, Covered) for leaf in leaves):
            line(_hull(f"certain_{name}"))
        any_time = "" if self._is_complete(name) else f" if {name!r} in complete else ALL"
        line(f"able_{name} = union(able_{name}){any_time}")

    def _is_complete(self, name: str) -> bool:
        supposed = self.lists[name].supposed
        return supposed is not None and supposed.is_complete

    # ---- 2: what is asked of the account alone -------------------------------------------------

    def _write_account(self) -> None:
        """The most clauses that can be met; the first that fails has the last word."""
        self.line(f"most_surely = most_possibly = {len(self.steps)}")
        for at, (before, step) in reversed([*enumerate(pairwise((_NOTHING, *self.steps)))]):
            asked: tuple[Is | Ever, ...] = (*step.answers, *step.evers)
            for each in asked:
                if each not in (*before.answers, *before.evers):
                    sure, able = self._of_account(each)
                    self.line(f"if not {sure}: most_surely = {at}")
                    self.line(f"if not {able}: most_possibly = {at}")

    def _of_account(self, each: Is | Ever) -> tuple[str, str]:
        if isinstance(each, Ever):
            times = self._constant(each.times.spans)
            return f"touches({times}, sure_{each.spans})", f"both(able_{each.spans}, {times})"
        group, _, key = each.path.partition(".")
        got = f"known[{group!r}]" + (f".__dict__[{key!r}]" if key else "")
        sure, able = _yes_no(got, each.values)
        return f"({sure})", f"({able})"

    # ---- 3: the instants that each clause leaves -----------------------------------------------

    def _write_times(self) -> list[_Times]:
        names: dict[str, str] = {}
        found: list[_Times] = []
        for at, added in enumerate(self.added, 1):
            for moment, (test, before) in added.moments.items():
                of = [names[moment]] if moment in names else []
                if test.times != before.times:
                    of.append(self._constant(test.times.spans))
                of += [f"able_{leaf.spans}" for leaf in test.covered[len(before.covered) :]]
                times = reduce("both({}, {})".format, of or ["ALL"])
                for leaf in test.uncovered[len(before.uncovered) :]:
                    times = f"minus({times}, certain_{leaf.spans})"
                names[moment] = f"in_{moment}_{at}"
                self.line(f"{names[moment]} = {times}")
                self.line(_hull(names[moment]))
            found.append(dict(names))
        return found

    # ---- 4 and 5: the records, listed and not --------------------------------------------------

    def _write_records(self, name: str, list_shape: ListShape) -> None:
        line, times = self.line, self._write_times()
        bounds = {moment: (f"lo_{moment}", f"hi_{moment}") for moment in list_shape.moments}
        values = [self._values(added.values, list_shape) for added in self.added]
        placed = self._placed(times, bounds, list_shape)
        line(f"left = iter(r_{name})")
        with line.block(f"for {names_in(list_shape)} in left"):
            if self.so:
                self._write_supposed(self.so, list_shape)
            with line.block("if surely < most_surely"):
                inside = [[*self._inside(added, bounds)] for added in self.added]
                self._count("surely", [s + t for (s, _), t in zip(values, inside, strict=True)])
                with line.block(f"if surely == {len(self.steps)}"):
                    line(f"first = len(r_{name}) - length_hint(left) - 1")
            with line.block("if possibly < most_possibly"):
                self._count("possibly", [a + t for (_, a), t in zip(values, placed, strict=True)])
        if not self._is_complete(name):
            with line.block(f"if {name!r} not in complete"):
                for box in unlisted_of(list_shape, ()):
                    at = {moment: (f"{lo}", f"{hi}") for moment, (lo, hi) in box.bounds.items()}
                    placed = self._placed(times, bounds | at, list_shape)
                    self._count("possibly", placed[: self._allowed_by(box)])

    def _write_supposed(self, so: Supposition, list_shape: ListShape) -> None:
        """A record that surely came before is as supposed, unless it says something else."""
        name, value = so.unless
        options = list_shape.all_values[name]
        (sure,), (able,) = self._values({name: options - {value}}, list_shape)
        line = self.line
        with line.block(f"if {able} and lo_{so.when} < {so.before}"):
            line(f"if not ({sure} and hi_{so.when} < {so.before}): return None")
            with line.block(f"if v_{so.fact} is not False and lo_{so.then} < {so.before}"):
                line(f"v_{so.fact} = True")
                with line.block(f"if hi_{so.then} >= {so.before}"):
                    line(f"hi_{so.then} = {so.before - 1}")
                    for first, then in reversed(list_shape.record.order):
                        if first != so.when:  # that surely lies before already
                            line(f"if hi_{then} < hi_{first}: hi_{first} = hi_{then}")

    def _allowed_by(self, box: Box) -> int:
        """How many clauses come before the first that asks for values that a box has not."""
        for at, step in enumerate(self.steps):
            if any(box.values[name].isdisjoint(asked) for name, asked in step.values.items()):
                return at
        return len(self.steps)

    def _count(self, side: str, tests: list[list[str]]) -> None:
        """Each clause within the one before it, so that the innermost reached says how many."""
        line, level = self.line, self.line.level
        for count, asked in enumerate(tests[self._alone :], self._alone + 1):
            if asked:
                line(f"if {_all(asked)}:")
                line.level += 1
            if tests[count : count + 1] != [[]]:
                line(f"if {side} < {count}: {side} = {count}")
        line.level = level

    # ---- tests -----------------------------------------------------------------------------------

    def _values(
        self, asked: Mapping[str, frozenset[Value]], list_shape: ListShape
    ) -> tuple[list[str], list[str]]:
        """Tests that values surely are, and possibly are, among those that are asked for."""
        tests = []
        for name, values in asked.items():
            if name in list_shape.yes_no:
                tests.append(_yes_no(f"v_{name}", values))
            else:
                rank = f"{self._constant(Ranks(list_shape.all_values[name], values))}[v_{name}]"
                tests.append((f"{rank} == 2", rank))
        return [sure for sure, _ in tests], [able for _, able in tests]

    def _inside(self, added: _Added, bounds: _Bounds) -> Iterator[str]:
        """Tests that the moments surely lie where a clause wants them, and those before did not."""
        for name, (test, before) in added.moments.items():
            low, high = bounds[name]
            if test.times != before.times:
                yield self._among(test.times, low, high)
            for leaf in test.covered[len(before.covered) :]:
                times = f"certain_{leaf.spans}"
                rest = f"{times}_one or covers({times}, {low}, {high})"
                yield f"{times}_lo <= {low} and {high} <= {times}_hi and ({rest})"
            for hidden in test.uncovered[len(before.uncovered) :]:
                times = f"able_{hidden.spans}"
                yield f"not meets({times}, {low}, {high})"

    def _among(self, times: TimeSet, low: str, high: str) -> str:
        """That all from the one to the other is among some instants."""
        if len(times.spans) > 1:
            return f"covers({self._constant(times.spans)}, {low}, {high})"
        ((first, last),) = times.spans
        bounds = [f"{first} <= {low}"] if first > EARLIEST else []
        return " and ".join([*bounds, f"{high} <= {last}"] if last < LATEST else bounds)

    def _placed(
        self, times: list[_Times], bounds: _Bounds, list_shape: ListShape
    ) -> list[list[str]]:
        """For each clause, tests that the moments can lie in their instants, and in their order."""
        before: dict[str, set[str]] = {name: set() for name in list_shape.moments}
        for first, then in list_shape.record.order:
            before[then] |= {first} | before[first]
        found = []
        for step, added, held in zip(self.steps, self.added, times, strict=True):
            asked = [name for name in list_shape.sequence if name in step.moments]
            tests = []
            for name in asked if added.moments else ():
                low, high = bounds[name]
                earlier = [f"t_{each}" for each in asked if each in before[name]]
                if earlier:
                    low = f"max({', '.join([low, *earlier])})"
                if earlier or any(name in before[each] for each in asked):
                    test = f"(t_{name} := earliest({held[name]}, {low}, {high})) is not None"
                else:
                    test = _meets(held[name], low, high)
                tests.append(test)
            found.append(tests)
        return found


def _meets(times: str, low: str, high: str) -> str:
    """That something from the one to the other is among some instants."""
    if not low.startswith("lo_"):  # of the record that nobody listed, once a history
        return f"meets({times}, {low}, {high})"
    rest = f"{times}_one or meets({times}, {low}, {high})"
    return f"{times}_lo <= {high} and {low} <= {times}_hi and ({rest})"


def _yes_no(got: str, values: frozenset[Value]) -> tuple[str, str]:
    """Tests that a yes/no fact surely is, and possibly is, the one value that is asked for."""
    return f"{got} is {True in values}", f"{got} is not {True not in values}"


def _all(tests: list[str]) -> str:
    return " and ".join(tests) or "True"


def _hull(name: str) -> str:
    """The first and the last of some instants, and whether all between are among them."""
    hull = f"({name}[0][0], {name}[-1][1], len({name}) == 1) if {name} else NOWHERE"
    return f"{name}_lo, {name}_hi, {name}_one = {hull}"
