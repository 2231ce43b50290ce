"""The solver, z3: imported here and nowhere else, so that a missing extra is said once."""

from typing import Any, TypeAlias

from eligibility.errors import way_to_install

try:
    import z3  # type: ignore[import-untyped]  # z3 ships no types
except ImportError as missing:
    message = f"eligibility.analysis needs its extra. {way_to_install('analysis')}"
    raise ImportError(message) from missing

__all__ = ["Term", "can_be", "z3"]

#: A formula or a number of the solver. z3 ships no types.
Term: TypeAlias = Any


def can_be(solver: Term, *terms: Term) -> bool:
    """Whether what a solver has to satisfy can all be so, these terms too.

    Raises:
        RuntimeError: it does not know. Without a limit of time that is not expected.
    """
    found = solver.check(*terms)
    if found == z3.unknown:
        raise RuntimeError(f"the solver does not know: {solver.reason_unknown()}")
    return bool(found == z3.sat)
