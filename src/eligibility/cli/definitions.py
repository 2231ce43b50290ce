"""Which definition a command uses: that of the case, or `--definition MODULE:NAME`.

What stands behind that name is imported, and so its code runs, as `python -m MODULE` would run it.
"""

import inspect
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from eligibility.cli.options import misused, reading_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InvalidDefinition, Problem, UnknownReading, shown
from eligibility.facts.supposition import Supposition
from eligibility.rules import class_definition, every_reading
from eligibility.target import BadTarget, object_at, tried

DefinitionOption = Annotated[
    str | None,
    typer.Option(
        "--definition",
        metavar="MODULE:NAME",
        help="Use this class definition, or what this function of a reading returns. It is "
        "imported: its code runs.",
    ),
]
_HINT = "Write `MODULE:NAME`, of a class definition or of a function that returns one."
_WORDS_OF_BOOL = {"yes": True, "true": True, "no": False, "false": False}


def definition_of(target: str | None, reading: list[str] | None) -> ClassDefinition:
    """The definition of a command; bad usage if there is none such."""
    if target is None:
        return class_definition(reading_of(reading))
    try:
        found = _imported(target)
        if isinstance(found, ClassDefinition):
            if reading:
                words = f"`{shown(target)}` is one definition, and no function of a reading."
                raise UnknownReading([Problem("unknown-reading", "", words, "Leave it out.")])
            return found
        return _made(target, found, _pairs(reading or []))
    except UnknownReading as error:
        raise misused(error, "--reading") from None
    except EligibilityError as error:
        raise misused(error, "--definition") from None
    except BadTarget as error:
        raise misused(_no_definition(str(error)), "--definition") from None


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


def _imported(target: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # as `python -m` has it, but after what is installed
    return object_at(target)


def _made(target: str, function: Any, words: dict[str, str]) -> ClassDefinition:
    """What a function makes of a reading, given as the class of its one argument or by name."""
    if not callable(function):
        kind = type(function).__name__
        raise _no_definition(f"`{shown(target)}` is of type `{kind}`, not a class definition.")
    failed = f"`{shown(target)}` cannot be called"
    parameters = tried(failed, lambda: inspect.signature(function).parameters)
    kinds = tried(failed, lambda: get_type_hints(function))
    only = kinds.get(next(iter(parameters), ""))
    if len(parameters) == 1 and hasattr(only, "of"):
        made = tried(failed, lambda: function(only.of(**words)))
    else:
        hint = f"The disputed terms are {', '.join(parameters)}."
        hint = hint if parameters else "Leave it out: the definition has none."
        unknown = [
            f"There is no disputed term `{shown(name)}`."
            for name in words
            if name not in parameters
        ]
        if unknown:
            raise UnknownReading(Problem("unknown-reading", "", each, hint) for each in unknown)
        values = {name: _value(name, word, kinds.get(name)) for name, word in words.items()}
        made = tried(failed, lambda: function(**values))
    if not isinstance(made, ClassDefinition):
        raise _no_definition(f"`{shown(target)}` returns a `{type(made).__name__}`.")
    return made


def _pairs(given: list[str]) -> dict[str, str]:
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


def _value(name: str, word: str, kind: Any) -> Any:
    """A word of the command line as what a function takes."""
    if kind is bool and word in _WORDS_OF_BOOL:
        return _WORDS_OF_BOOL[word]
    named = {each.value: each for each in kind} if _is_enum(kind) else {}
    if kind is not bool and (word in named or not named):
        return named.get(word, word)
    hint = f"Its readings are {', '.join(map(str, named or _WORDS_OF_BOOL))}."
    words = f"`{shown(name)}` cannot be read as `{shown(word)}`."
    raise UnknownReading([Problem("unknown-reading", shown(name), words, hint)])


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _no_definition(words: str) -> InvalidDefinition:
    return InvalidDefinition([Problem("not-a-definition", "", words, _HINT)])
