"""That normalising a record loses nothing: the first step of a proof, one record at a time.

A record states bounds in any way; the library narrows them by what comes first. Shown here is that
what comes out is a record in normal form, that it is normalised into just the same, and that it has
just the same worlds; and that a record is refused only if no world fits it. So it is enough for the
other steps to look at records in normal form.
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
from eligibility.analysis.smt.worlds import symbolic_record
from eligibility.facts.normalise import KnownRecord
from eligibility.facts.shape import ListShape


def normalises_well(list_shape: ListShape, deadline: float) -> bool:
    """Whether it is so for the records of a list.

    Raises:
        NotKnownError: the solver does not know, or the time is over.
    """

    def run(branch: Branch) -> tuple[Values, Stated, KnownRecord | None, bool]:
        known: dict[str, Any] = dict.fromkeys(list_shape.values)
        if list_shape.existence_condition:
            known[list_shape.existence_condition] = branch.choose("existence", (None, True, False))
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
        after = z3.BoolVal(made is not None)
        if made:
            normal = _terms(_normal(list_shape, made))
            after = z3.And(*knows(record, made.values), *bounded(record, normal))
        if Solver(deadline, *differences(branch), *record.rules(), before != after).find():
            return False
    return True


def _normal(list_shape: ListShape, made: KnownRecord) -> dict[str, tuple[Any, Any]]:
    """What is known of the moments of a record that was normalised, each as far as it may exist."""
    exists_if = list_shape.record.exists_if
    return {
        moment: made.bounds[moment] if moment in exists_if else made.alone[moment]
        for moment in stated_moments(list_shape, made.values)
    }


def _is_normal(list_shape: ListShape, made: KnownRecord) -> bool:
    """Whether a record normalised, normalised again, is the same and in normal form."""
    stated = _normal(list_shape, made)
    again = known_record(list_shape, 0, made.values, stated)
    return (
        again is not None
        and again.values == made.values
        and dict(again.bounds) == dict(made.bounds)
        and dict(again.alone) == dict(made.alone)
        and all(
            earlier <= later for earlier, later in in_normal_form(list_shape, made.values, stated)
        )
    )


def _terms(stated: Stated) -> Mapping[str, tuple[Term, Term]]:
    return {
        moment: (symbol(earliest.place) + earliest.plus, symbol(latest.place) + latest.plus)
        for moment, (earliest, latest) in stated.items()
    }
