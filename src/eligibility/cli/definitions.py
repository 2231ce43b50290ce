"""Which definition a command uses: that of the case, or `--definition MODULE:NAME`.

What stands behind that name is imported, and so its code runs, as `python -m MODULE` would run it.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from eligibility.cli.options import misused, reading_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, Problem, UnknownReading, shown
from eligibility.facts.supposition import Supposition
from eligibility.rules import class_definition, every_reading
from eligibility.target import definition_at

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
    if target is None:
        return class_definition(reading_of(reading))
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # as `python -m` has it, but after what is installed
    try:
        return definition_at(target, pairs_of(reading or []))
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


def pairs_of(given: list[str]) -> dict[str, str]:
    """The terms that `--reading` says how to read; each is said once."""
    pairs = [word.partition("=") for word in given]
    names = [name for name, _, _ in pairs]
    wrong = [
        Problem("unknown-reading", "", f"`{shown(name + equals + word)}` {why}", hint)
        for name, equals, word in pairs
        for why, hint, is_so in (
            ("is not written NAME=VALUE.", "Write the term, `=` and its reading.", not equals),
            ("is said twice.", "Say each once.", names.count(name) > 1),
        )
        if is_so
    ]
    if wrong:
        raise UnknownReading(wrong)
    return {name: word for name, _, word in pairs}
