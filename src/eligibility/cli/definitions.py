"""Which definition a command uses: that of the case, or `--definition MODULE:NAME`.

What stands behind that name is imported, and so its code runs, as `python -m MODULE` would run it.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from eligibility.cli.options import misused
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, UnknownReading
from eligibility.facts.supposition import Supposition
from eligibility.rules import class_definition, every_reading
from eligibility.target import definition_as_read

DefinitionOption = Annotated[
    str | None,
    typer.Option(
        "--definition",
        metavar="MODULE:NAME",
        help="Use this class definition, or what this function of a reading returns. It is "
        "imported: its code runs.",
    ),
]


def definition_of(target: str | None, reading: list[str] | None) -> ClassDefinition:
    """The definition of a command; bad usage if there is none such."""
    here = str(Path.cwd())
    if target is not None and here not in sys.path:
        sys.path.append(here)  # as `python -m` has it, but after what is installed
    try:
        return definition_as_read(target, reading or ())
    except UnknownReading as error:
        raise misused(error, "--reading") from None
    except EligibilityError as error:
        raise misused(error, "--definition") from None


def definitions_of(
    target: str | None, reading: list[str] | None, *, survey: bool
) -> list[ClassDefinition]:
    """The definition of a command, or with a survey those of every reading of the case."""
    if not survey:
        return [definition_of(target, reading)]
    if reading:
        raise typer.BadParameter("--survey decides by every reading: leave --reading out.")
    refuse_survey(target)
    return list(map(class_definition, every_reading()))


def refuse_survey(target: str | None) -> None:
    """Refuse a survey of another definition: only of the case are all readings known."""
    if target is not None:
        words = "--survey is of the readings of this case: leave --survey or --definition out."
        raise typer.BadParameter(words)


def fitting(supposing: Supposition | None, definition: ClassDefinition) -> Supposition | None:
    """A supposition; bad usage if it speaks of another kind of history than the definition."""
    try:
        if supposing is not None:
            supposing.expect(definition.model)
    except EligibilityError as error:
        raise misused(error, "--suppose") from None
    return supposing
