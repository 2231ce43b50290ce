"""That `evaluate` is right about every history up to a size: by the solver, not by sampling.

What decides is a program, and it is this program that is looked at, not a copy of it. It is run on
symbols (`symbols`): that tells what it says in each of finitely many cases, which together are all
histories of the size, whatever their bounds. Then the solver is asked for a history about which the
program is wrong:

- it says *surely*, and some world of the history is out of the class;
- it does not say *surely*, and no world is out;
- it says *possibly*, and no world of the history is in the class;
- it does not say *possibly*, and some world is in.

What a world is, and what being in the class means, is said to the solver in `meaning`, which knows
nothing of the program. How the second and the third question are answered, which are about all
worlds of a history, is told in `asking`.
"""

from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import TypeAlias

from attrs import frozen
from normalising import normalises_well
from refinements import Refinements
from solving import (
    NotKnownError,
    Solution,
    Solver,
    simplest,
    without_world,
)
from symbolic_histories import Frame, Histories
from symbols import Branch, CannotFollowError, every_branch

from eligibility.analysis.smt.solver import Term, z3
from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.reference import clause_truths, membership, possibly_in, surely_in
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise

#: A program that says of facts whether they are surely, or possibly, in the class.
Program: TypeAlias = Callable[[KnownHistory, ClassDefinition], bool]


@frozen
class Proof:
    """Whether a program was shown to be right about every history of a size.

    `proved` is True if it was, False if a history was found about which it is wrong, and None if
    neither was, for want of time or because the program could not be followed: never a proof.
    `cases` counts the cases that were told apart. `wrong` says in what it is wrong about the
    `counterexample`.
    """

    sizes: Mapping[str, int]
    proved: bool | None
    cases: int
    counterexample: History | None = None
    wrong: str = ""


def prove_exact(
    definition: ClassDefinition,
    sizes: Mapping[str, int],
    *,
    surely: Program = surely_in,
    possibly: Program = possibly_in,
    seconds: float = 60,
) -> Proof:
    """Whether evaluation is exact on every history with at most so many records in each list.

    Lists that `sizes` does not name are empty; each may be complete or not. The programs under
    proof are the library's own, unless others are given. After about `seconds` it is given up.

    >>> from eligibility.rules import class_definition
    >>> prove_exact(class_definition(), {"messages": 1}).proved
    True

    Raises:
        ValueError: `sizes` names no list of the history; or the definition lies outside the
            fragment in which evaluation is exact, so that there is nothing to prove.
    """
    prover = _prover(definition, sizes, seconds)
    return prover.proof(
        prover.normalising,
        lambda: prover.hold_surely(surely),
        lambda: prover.hold_possibly(possibly),
    )


def prove_alike(
    definition: ClassDefinition, sizes: Mapping[str, int], *, seconds: float = 60
) -> Proof:
    """Whether `evaluate` says of every history of a size what `prove_exact` is about.

    `evaluate` decides all clauses in one go, with `clause_truths`; `prove_exact` is about
    `membership`. Here both are run in every branch.

    >>> from eligibility.rules import class_definition
    >>> prove_alike(class_definition(), {"messages": 1}).proved
    True

    Raises:
        ValueError: as `prove_exact`.
    """
    prover = _prover(definition, sizes, seconds)
    return prover.proof(prover.normalising, prover.agree)


def _prover(definition: ClassDefinition, sizes: Mapping[str, int], seconds: float) -> "_Prover":
    histories = Histories(definition, sizes)
    known = list(histories.shape.lists)
    if strange := [name for name in sizes if name not in known]:
        raise ValueError(f"`{strange[0]}` is no list of this history; its lists are {known}.")
    if not definition.exact:
        raise ValueError(
            f"`{definition.id}` lies outside the fragment in which evaluation is exact, and every "
            "verdict under it says so: there is nothing to prove."
        )
    return _Prover(histories, monotonic() + seconds)


class _RefutedError(Exception):
    def __init__(self, history: History, wrong: str) -> None:
        super().__init__(wrong)
        self.history, self.wrong = history, wrong


class _Prover:
    def __init__(self, histories: Histories, deadline: float) -> None:
        self.histories = histories
        self.deadline = deadline
        self.count = 0

    def proof(self, *steps: Callable[[], None]) -> Proof:
        """What comes of some steps, each of which raises where it does not succeed."""
        sizes = self.histories.sizes
        try:
            for step in steps:
                step()
        except _RefutedError as found:
            return Proof(sizes, False, self.count, found.history, found.wrong)
        except (NotKnownError, CannotFollowError):
            return Proof(sizes, None, self.count)
        return Proof(sizes, True, self.count)

    # ---- the steps -----------------------------------------------------------------------------

    def normalising(self) -> None:
        """Shows that it is enough to look at records in normal form."""
        for list_shape in self.histories.lists.values():
            if not normalises_well(list_shape, self.deadline):
                raise NotKnownError

    def hold_surely(self, program: Program) -> None:
        """Shows that a program says *surely* just if all worlds are in the class."""
        for group in self._groups(program):
            out = z3.Not(group.worlds.inside)
            group.never(out, "it says surely, and some world is out of the class", says=True)
            group.always(out, "it does not say surely, and no world is out of it", says=False)

    def hold_possibly(self, program: Program) -> None:
        """Shows that a program says *possibly* just if some world is in the class."""
        for group in self._groups(program):
            goal = group.worlds.inside
            group.never(goal, "it does not say possibly, and some world is in it", says=False)
            group.always(goal, "it says possibly, and no world is in the class", says=True)

    def agree(self) -> None:
        """Shows that `clause_truths` and `membership` say the same."""

        def alike(facts: KnownHistory, definition: ClassDefinition) -> bool:
            return clause_truths(facts, definition)[-1] == membership(facts, definition)

        for group in self._groups(alike):
            group.never(z3.BoolVal(True), "`clause_truths` and `membership` differ", says=False)

    def _groups(self, program: Program) -> Iterator["_Group"]:
        """All cases of a program, by the frame of their histories."""
        histories, groups = self.histories, dict[object, _Group]()

        def run(branch: Branch) -> bool:
            return program(histories.normalised(branch), histories.definition)

        for branch, says in every_branch(len(histories.moments), run):
            if monotonic() > self.deadline:
                raise NotKnownError
            self.count += 1
            frame = histories.frame_of(branch)
            key = frozenset(frame.items())
            if key not in groups:
                groups[key] = _Group(histories, frame, program, self.deadline)
            groups[key].cases[says].append(histories.of_branch(branch))
        yield from groups.values()


class _Group:
    """The cases of a program whose histories have one frame."""

    def __init__(
        self, histories: Histories, frame: Frame, program: Program, deadline: float
    ) -> None:
        self.histories = histories
        self.program = program
        self.deadline = deadline
        self.worlds = Refinements(histories, frame)
        self.cases: dict[bool, list[Term]] = {True: [], False: []}

    def never(self, goal: Term, wrong: str, *, says: bool) -> None:
        """Shows that, where the program says so, no world of any history has a goal."""
        if self.cases[says]:
            solver = Solver(self.deadline, *self._saying(says=says), *self.worlds.rules, goal)
            if found := solver.find():
                raise self._refuted(found, solver.find, wrong, says=says)

    def always(self, goal: Term, wrong: str, *, says: bool) -> None:
        """Shows that, where the program says so, some world of every history has a goal."""
        if self.cases[says]:
            found = without_world(self.deadline, self._saying(says=says), self.worlds, goal)
            if found is not None:
                saying = Solver(self.deadline, *self._saying(says=says))
                having = Solver(self.deadline, *self.worlds.rules, goal)

                def still(*terms: Term) -> Solution | None:
                    return None if having.find(*terms) else saying.find(*terms)

                raise self._refuted(found, still, wrong, says=says)

    def _saying(self, *, says: bool) -> list[Term]:
        return [*self.histories.rules(), z3.Or(self.cases[says])]

    def _refuted(
        self, found: Solution, still: Callable[..., Solution | None], wrong: str, *, says: bool
    ) -> _RefutedError:
        """A history about which the program is wrong, made plain; it really says so of it."""
        plain = simplest(self.worlds, found, still)
        history = self.histories.history(self.worlds.frame, plain.value)
        if self.program(normalise(history), self.histories.definition) is not says:
            raise RuntimeError(
                "a program was followed to what it does not do: please report this, with "
                f"{history.model_dump_json()}"
            )
        return _RefutedError(history, wrong)
