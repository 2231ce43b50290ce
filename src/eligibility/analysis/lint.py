"""What is odd about a definition: clauses that nothing can meet, or that ask for nothing more.

`ClassDefinition` refuses what its own reading of the conditions shows to be impossible. Here the
solver is asked, over all worlds, and it is also asked for what is merely idle. The records that are
tried are enough for the reason that `compare` gives.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from attrs import evolve, frozen

from eligibility.analysis.comparison import enough_records, reads_its_own
from eligibility.analysis.smt.simplest import promised, simplest, supposing
from eligibility.analysis.smt.solver import Term, can_be, z3
from eligibility.analysis.smt.worlds import Requirements, Worlds
from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.facts.model import History
from eligibility.immutable import FrozenDict
from eligibility.values.truth import Status

#: What a finding can say, by its code.
FINDINGS: Final[Mapping[str, str]] = FrozenDict(
    {
        "never-holds": "No history meets the clause.",
        "contradict": "Each of the clauses can be met, but no history meets them together.",
        "excludes-everybody": "Whoever meets the clauses is excluded by this exclusion.",
        "excludes-nobody": "Whoever meets the clauses is not excluded by this exclusion.",
        "redundant": "Whoever meets everything else meets this clause or exclusion too.",
    }
)


@frozen
class Finding:
    """One thing that is odd about a definition.

    `code` is one of `FINDINGS`, `clauses` are the ids of the clauses or exclusions. `witness` is
    the simplest history that would be in the class but for the last of them, where there is one.
    """

    code: str
    clauses: tuple[str, ...]
    text: str
    witness: History | None = None


def check(definition: ClassDefinition) -> tuple[Finding, ...]:
    """What is odd about a definition, in the order of its clauses.

    That a clause is redundant is no fault: it may stand there because the words of the law do. Of
    a definition that nobody can meet, only that is reported. That something is idle is not reported
    where only histories with few records could be tried (see `Comparison.complete`).

    >>> from eligibility.rules import class_definition
    >>> [(finding.code, finding.clauses) for finding in check(class_definition())]
    [('redundant', ('shared',))]
    """
    expect(definition, ClassDefinition, "definition")
    return tuple(_Linter(definition).findings())


class _Linter:
    """A definition, said to the solver, clause by clause."""

    def __init__(self, definition: ClassDefinition) -> None:
        self.definition = definition
        self.asked = Requirements.by(definition)
        self.worlds = Worlds.of(definition.model, enough_records([self.asked]))
        self.solver = z3.Solver()
        self.solver.add(*self.worlds.rules())

    def findings(self) -> Iterator[Finding]:
        """All findings."""
        clauses, steps = self.definition.clauses, self.definition.steps
        if not self._possible(clauses):
            yield from self._impossible(clauses)
        elif not self._possible(steps):
            exclusions = steps[len(clauses) :]
            everybody = [step for step in exclusions if not self._possible((*clauses, step))]
            for step in everybody:
                yield self._finding("excludes-everybody", step)
            if not everybody:
                yield from self._impossible(steps)
        elif not reads_its_own(self.asked):
            yield from self._idle()

    def _met(self, steps: tuple[Clause, ...]) -> Term:
        conditions = tuple(step.condition for step in steps)
        return self.worlds.in_class(Requirements(conditions, self.definition.record_list))

    def _possible(self, steps: tuple[Clause, ...]) -> bool:
        return can_be(self.solver, self._met(steps))

    def _implied(self, step: Clause, others: tuple[Clause, ...]) -> bool:
        """Whether whoever meets the others meets this too."""
        apart = z3.Not(self._met((*others, step)))
        return not can_be(self.solver, self._met(others), apart)

    # ---- what nothing can meet -----------------------------------------------------------------

    def _impossible(self, steps: tuple[Clause, ...]) -> Iterator[Finding]:
        """Why no history meets them all: each, each two, or failing those some few of them."""
        alone = {step.id for step in steps if not self._possible((step,))}
        for step in steps:
            if step.id in alone:
                yield self._finding("never-holds", step)
        pairs = [two for two in combinations(steps, 2) if not self._possible(two)]
        pairs = [two for two in pairs if alone.isdisjoint(step.id for step in two)]
        for two in pairs:
            yield self._finding("contradict", *two)
        if not alone and not pairs:
            yield self._finding("contradict", *self._core(steps))

    def _core(self, steps: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """Some of the clauses that cannot be met together, each of which is needed."""
        for step in steps:
            fewer = tuple(other for other in steps if other is not step)
            if not self._possible(fewer):
                return self._core(fewer)
        return steps

    # ---- what is idle --------------------------------------------------------------------------

    def _idle(self) -> Iterator[Finding]:
        clauses, steps = self.definition.clauses, self.definition.steps
        for step in steps:
            others = tuple(other for other in steps if other is not step)
            if step in steps[len(clauses) :] and self._implied(step, clauses):
                yield self._finding("excludes-nobody", step)
            elif self._implied(step, others):
                yield self._finding("redundant", step)

    # ---- in words ------------------------------------------------------------------------------

    def _finding(self, code: str, *steps: Clause) -> Finding:
        named = " and ".join(f"`{step.id}` (“{step.text.rstrip(',;. ')}”)" for step in steps)
        ids = tuple(step.id for step in steps)
        return Finding(code, ids, f"{named}: {FINDINGS[code]}", self._but_for(steps[-1]))

    def _but_for(self, step: Clause) -> History | None:
        """The simplest history that would be in the class without a clause, and is not with it."""
        others = tuple(other for other in self.definition.steps if other is not step)
        with supposing(self.solver, self._met(others), z3.Not(self._met(self.definition.steps))):
            if not can_be(self.solver):
                return None
            history = simplest(self.solver, self.worlds, self.asked.conditions)
        promised(history, self.definition, Status.INELIGIBLE)
        clauses = tuple(other for other in self.definition.clauses if other is not step)
        if clauses:
            exclusions = tuple(other for other in self.definition.exclusions if other.id != step.id)
            fewer = evolve(self.definition, clauses=clauses, exclusions=exclusions)
            promised(history, fewer, Status.ELIGIBLE)
        return history
