"""A definition of nothing but conditions, for the small models beside it."""

from collections.abc import Iterable

from eligibility import Citation, ClassDefinition, Clause, Condition, History


def numbered(
    name: str,
    model: type[History],
    source: Citation,
    conditions: Iterable[Condition],
    exclusions: Iterable[Condition],
) -> ClassDefinition:
    """A definition whose clauses are these conditions, numbered c1, c2 ..."""
    return ClassDefinition(
        name,
        "1",
        f"The {name}",
        model,
        tuple(Clause(f"c{n}", f"words {n}", source, c) for n, c in enumerate(conditions, 1)),
        tuple(Clause(f"x{n}", f"but {n}", source, c) for n, c in enumerate(exclusions, 1)),
    )
