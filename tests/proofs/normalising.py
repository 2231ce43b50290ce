"""That normalising a record loses nothing: the first step of a proof, one record at a time.

A record states bounds in any way; the library makes boxes of it, narrowed by what comes first.
Shown here is that the boxes hold just the worlds of the record, no more and no fewer; that what
they leave possible, stated as a record, is in normal form, and is normalised into just the same
boxes; and that a record is refused only if no world fits it. So it is enough for the other steps to
look at records in normal form.
"""

from collections.abc import Mapping
from typing import Any

from refinements import bounded, knows
from solving import Solver
from symbolic_histories import (
    Stated,
    Values,
    differences,
    in_normal_form,
    known_record,
    stated_moments,
    symbol,
)
from symbols import Branch, every_branch

from eligibility.analysis.smt.solver import Term, z3
from eligibility.analysis.smt.worlds import SymbolicRecord, symbolic_record
from eligibility.facts.boxes import Box
from eligibility.facts.known import KnownRecord
from eligibility.facts.shape import ListShape


def normalises_well(list_shape: ListShape, deadline: float) -> bool:
    """Whether it is so for the records of a list.

    Raises:
        NotKnownError: the solver does not know, or the time is over.
    """

    def run(branch: Branch) -> tuple[Values, Stated, KnownRecord | None, bool]:
        known = dict(list_shape.all_values)
        if condition := list_shape.existence_condition:
            one = (frozenset({True}), frozenset({False}))
            known[condition] = branch.choose("existence", (known[condition], *one))
        stated = {
            moment: branch.bounds(1 + 2 * list_shape.moments.index(moment))
            for moment in stated_moments(list_shape, known)
        }
        made = known_record(list_shape, 0, known, stated)
        return known, stated, made, made is None or _is_normal(list_shape, made)

    for branch, (known, stated, made, is_normal) in every_branch(len(list_shape.moments), run):
        if not is_normal:
            return False
        record = symbolic_record(list_shape, "record")
        before = z3.And(*knows(record, known), *bounded(record, _terms(stated)))
        after = [z3.BoolVal(False)]
        if made:
            after = [z3.Or([_within(record, box) for box in made.boxes])]
            normal = _terms(_normal(list_shape, made))
            after.append(z3.And(*knows(record, made.values), *bounded(record, normal)))
        other = z3.Or([before != worlds for worlds in after])
        if Solver(deadline, *differences(branch), *record.rules(), other).find():
            return False
    return True


def _within(record: SymbolicRecord, box: Box) -> Term:
    """That a record is in a box: it has the moments of the box, and no others."""
    exists_if = record.list_shape.record.exists_if
    gone = [z3.Not(record.exists(moment)) for moment in exists_if if moment not in box.bounds]
    bounds: dict[str, Any] = dict(box.bounds)
    return z3.And(*knows(record, box.values), *bounded(record, _terms(bounds)), *gone)


def _normal(list_shape: ListShape, made: KnownRecord) -> dict[str, tuple[Any, Any]]:
    """What is left possible of the moments of a record, each as far as it may exist."""
    return {moment: made.bounds[moment] for moment in stated_moments(list_shape, made.values)}


def _is_normal(list_shape: ListShape, made: KnownRecord) -> bool:
    """Whether a record normalised, normalised again, is the same and in normal form."""
    stated = _normal(list_shape, made)
    again = known_record(list_shape, 0, made.values, stated)
    pairs = in_normal_form(list_shape, made.values, stated)
    return (
        again is not None
        and again.boxes == made.boxes
        and all(earlier <= later for earlier, later in pairs)
    )


def _terms(stated: Stated) -> Mapping[str, tuple[Term, Term]]:
    return {
        moment: (symbol(earliest.place) + earliest.plus, symbol(latest.place) + latest.plus)
        for moment, (earliest, latest) in stated.items()
    }
