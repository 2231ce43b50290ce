"""Asking the solver about histories and their worlds, for as long as there is time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from time import monotonic
from typing import Any

from attrs import frozen
from refinements import Refinements

from eligibility.analysis.smt.simplest import simple_instants
from eligibility.analysis.smt.solver import Term, z3
from eligibility.values.timeline import EARLIEST, LATEST


class NotKnownError(Exception):
    """The solver gave no answer, or the time is over."""


@frozen(eq=False)
class Solution:
    """What the solver found: a value for each of its terms."""

    model: Term

    def term(self, term: Term) -> Term:
        """The value of a term, as a term."""
        return self.model.eval(term, model_completion=True)

    def value(self, term: Term) -> Any:
        """The value of a term: a truth or a number."""
        found = self.term(term)
        return z3.is_true(found) if z3.is_bool(found) else found.as_long()


class Solver:
    """The solver, told some terms."""

    def __init__(self, deadline: float, *terms: Term) -> None:
        self._deadline = deadline
        self._solver = z3.Solver()
        self._solver.add(*terms)

    def add(self, term: Term) -> None:
        """Tells it one more."""
        self._solver.add(term)

    def find(self, *terms: Term) -> Solution | None:
        """Values with which all is so, these terms too; None if there are none.

        Raises:
            NotKnownError: it does not know, or the time is over.
        """
        left = self._deadline - monotonic()
        self._solver.set("timeout", max(1, int(left * 1000)))
        found = self._solver.check(*terms) if left > 0 else z3.unknown
        if found == z3.unknown:
            raise NotKnownError
        return Solution(self._solver.model()) if found == z3.sat else None


def without_world(
    deadline: float, histories: list[Term], refinements: Refinements, goal: Term
) -> Solution | None:
    """One of some histories that has no world with a goal; None if each has one.

    That is a question about all worlds of a history, and is answered by turns. The solver offers a
    history. A world of it with the goal is looked for; if there is none, the history is found. Else
    the world is told by names, such as 'sent at its earliest, shared at its latest', and the solver
    is to offer only histories that have no such world. When it has none left, each has a world.
    """
    offers = Solver(deadline, *histories)
    worlds = Solver(deadline, *refinements.rules, goal)
    having = z3.And(*refinements.rules, goal)
    fixed = [z3.IntVal(at) for at in sorted({*refinements.edges, EARLIEST, LATEST})]
    apart = _apart(refinements.bounds, fixed)
    while offered := offers.find(*apart) or offers.find():
        here = [term == offered.term(term) for term in refinements.said]
        ways = _ways(refinements, offered, fixed)
        world = next(filter(None, (worlds.find(*here, *near) for near in ways)), None)
        if world is None:
            return offered
        offers.add(z3.Not(z3.substitute(having, *_names(refinements, offered, world, fixed))))
    return None


def simplest(
    refinements: Refinements, found: Solution, still: Callable[..., Solution | None]
) -> Solution:
    """A plainer history than one that was found: open bounds, or dull ones, where that will do.

    `still` gives the answer that is found with the terms, if there is one.
    """
    kept = [found.term(term) for term in refinements.said]
    dull = simple_instants(refinements.histories.asked.conditions)
    places = range(len(refinements.bounds))
    for place in (*places, *places):  # twice: what comes later may stand in the way at first
        open_end = LATEST if place % 2 else EARLIEST  # a latest bound follows each earliest
        for at in (open_end, *dull):
            trial = [*kept[:place], z3.IntVal(at), *kept[place + 1 :]]
            pairs = zip(refinements.said, trial, strict=True)
            if plainer := still(*(term == value for term, value in pairs)):
                kept, found = trial, plainer
                break
    return found


def _apart(bounds: list[Term], fixed: list[Term]) -> list[Term]:
    """That no two bounds lie close to each other or to a time: then a place has but one name."""
    pairs = [*combinations(bounds, 2), *product(bounds, fixed)]
    return [z3.Or(x - y > 2, y - x > 2) for x, y in pairs]


def _ways(refinements: Refinements, offered: Solution, fixed: list[Term]) -> Iterator[list[Term]]:
    """Where to look for a world, the simplest places first, at last anywhere.

    All that matters of an instant is how it lies to the bounds and to the times that the definition
    names: it may as well be one of these, or next to one. But nothing hangs on that.
    """
    own = [(at, [offered.term(bound) for bound in bounds]) for at, bounds in refinements.moments]
    yield [
        *(z3.Not(there) for there in refinements.unlisted),
        *(_is_one_of(at, places) for at, places in own if places),
    ]
    yield [_is_one_of(at, places or fixed) for at, places in own]
    every = list(_places((*fixed, *refinements.bounds), offered))
    yield [_is_one_of(at, every) for at, _ in refinements.moments]
    yield []


def _is_one_of(at: Term, places: Iterable[Any]) -> Term:
    return z3.Or([at == place for place in places])


def _places(terms: Iterable[Term], offered: Solution) -> dict[int, Term]:
    """The instants of some terms, and those next to them, by what they are in an offered history.

    Of several names for one place, the first wins.
    """
    places: dict[int, Term] = {}
    for term in terms:
        at = offered.value(term)
        for beside in (0, 1, -1):
            places.setdefault(at + beside, term + beside)
    return places


def _names(
    refinements: Refinements, offered: Solution, world: Solution, fixed: list[Term]
) -> Iterator[tuple[Term, Term]]:
    """A world of an offered history, told so that other histories may have it."""
    for fact in refinements.facts:
        yield fact.so, fact.as_possible(world.term(fact.so))
    for term in refinements.free:
        yield term, world.term(term)
    for at, own in refinements.moments:
        number = world.value(at)
        names = {offered.value(bound): bound for bound in own}
        if number not in names:
            names = _places((*fixed, *refinements.bounds), offered)
        yield at, names.get(number, z3.IntVal(number))
