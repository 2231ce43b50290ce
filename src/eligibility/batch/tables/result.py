"""The result: one row per account, on every engine with the same columns."""

from collections.abc import Iterable, Sequence
from typing import Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause

STATUS: Final = "status"
DECIDED_BY: Final = "decided_by"
EXACT: Final = "exact"


def clause_column(clause_id: str) -> str:
    """The column that holds how far accounts got with a clause: `true`, `false` or `unknown`.

    >>> clause_column("before-update")
    'clause_before_update'
    """
    return "clause_" + "".join(c if c.isalnum() else "_" for c in clause_id)


def clause_columns(steps: Iterable[Clause]) -> list[str]:
    """The columns of all clauses and exclusions, in order."""
    return [clause_column(step.id) for step in steps]


def survey_columns(definitions: Sequence[ClassDefinition]) -> list[str]:
    """The columns that hold the status by each of several readings, named by their words.

    >>> from eligibility.rules import class_definition
    >>> survey_columns([class_definition()])
    ['status_sent_or_received__sharing__shared__before__anyone__none']
    """
    return [
        "status_" + "__".join(word.replace("-", "_") for word in definition.reading.values())
        for definition in definitions
    ]
