"""Which definition a command line names: `MODULE:NAME`, and how disputed terms are read.

A class definition may stand there, or a function of a reading that makes one. To find it, its code
runs.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from importlib import import_module
from inspect import Parameter
from operator import attrgetter
from typing import Any, Final, get_type_hints

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InvalidDefinition, Problem, UnknownReading, shown
from eligibility.facts.fields import is_a

#: Where the definition of the case stands, which is meant where no other is named.
_THE_CASE: Final = "eligibility.rules:class_definition"
_HINT: Final = "Write `MODULE:NAME`, of a class definition or of a function that returns one."
_WORDS_OF_BOOL: Final = {"yes": True, "true": True, "no": False, "false": False}


class BadTarget(ValueError):
    """A name behind which nothing can be used; its message says why."""


def object_at(target: str) -> Any:
    """What stands behind a name.

    >>> object_at("eligibility.rules:class_definition").__name__
    'class_definition'

    Raises:
        BadTarget: nothing can be imported by that name.
        EligibilityError: what its code raised.
    """
    module, _, name = target.partition(":")
    if not module or not name or module.startswith("."):
        raise BadTarget(
            f"`{shown(target)}` is no module and a name in it, such as `mine.rules:DEFINITION`."
        )
    found = tried(f"`{shown(module)}` cannot be imported", lambda: import_module(module))
    missing = f"`{shown(target)}` is not there: `{shown(module)}` has no `{shown(name)}`."

    def step() -> Any:
        try:
            return attrgetter(name)(found)
        except AttributeError as error:
            raise BadTarget(missing) from error

    return tried(f"`{shown(target)}` cannot be used", step)


def definitions_at(target: str) -> tuple[ClassDefinition, ...]:
    """The definitions at a name: one, or several; a function is called to get them.

    >>> [each.id for each in definitions_at("eligibility.rules:class_definition")]
    ['de-la-torre-v-linkedin']

    Raises:
        BadTarget: nothing can be imported by that name, or it is no definition.
    """
    try:
        value = object_at(target)
        if callable(value):
            if needed := lacking(value):
                named = " and ".join(f"`{name}`" for name in needed)
                raise BadTarget(f"`{target}` cannot be called without arguments: it needs {named}.")
            value = tried(f"`{target}` cannot be called without arguments", value)
    except EligibilityError as error:
        raise BadTarget(f"`{target}` cannot be used: {error}") from error
    if isinstance(value, ClassDefinition):
        return (value,)
    several = tuple(value) if isinstance(value, Iterable) else ()
    if not several or not all(isinstance(each, ClassDefinition) for each in several):
        kind = type(value).__name__
        raise BadTarget(
            f"`{target}` is no class definition, nor several of them, but of type {kind}."
        )
    return several


def lacking(function: Callable[..., Any], given: Iterable[str] = ()) -> tuple[str, ...]:
    """The arguments that a function needs and that are not given.

    >>> lacking(object_at), lacking(object_at, ["target"])
    (('target',), ())
    """
    several = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # of what is written in C nobody can say
        return ()
    needed = (each.name for each in parameters if each.kind not in several)
    has_default = {each.name for each in parameters if each.default is not Parameter.empty}
    return tuple(name for name in needed if name not in {*has_default, *given})


def tried(otherwise: str, step: Callable[[], Any]) -> Any:
    """What a step in the code of somebody else returns.

    Raises:
        BadTarget: the step failed: `otherwise`, and why.
        EligibilityError: what it raised of ours.
    """
    try:
        return step()
    except (BadTarget, EligibilityError):
        raise
    except (Exception, SystemExit) as error:
        raise BadTarget(f"{otherwise}: {_cause(error)}.") from error


def _cause(error: BaseException) -> str:
    """Why a step failed, in our words; what its code says of it is quoted."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"there is no module `{shown(error.name)}`"
    if isinstance(error, SystemExit):
        return "its code ended the program"
    said = shown(f"{type(error).__name__}: {error}", 200)
    return f"its code failed, with `{said}`"


def definition_as_read(target: str | None, readings: Iterable[str]) -> ClassDefinition:
    """The class definition behind a name, or else of the case; readings are `NAME=VALUE` each.

    >>> definition_as_read(None, ["messages=sent"]).reading["messages"]
    'sent'

    Raises:
        UnknownReading: one is not written so, is said twice, or there is no such reading.
        EligibilityError: there is no definition: `not-a-definition`, or what its code raised.
    """
    pairs = [reading.partition("=") for reading in readings]
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
    try:
        found = definition_at(target, {name: word for name, equals, word in pairs if equals})
    except UnknownReading as error:
        wrong += error.problems
    if wrong:
        raise UnknownReading(wrong)
    return found


def definition_at(target: str | None, words: Mapping[str, str]) -> ClassDefinition:
    """The class definition behind a name, or else of the case, under a reading in words.

    >>> name = "eligibility.rules:class_definition"
    >>> definition_at(name, {"messages": "sent"}).reading["messages"]
    'sent'

    Raises:
        UnknownReading: there is no such reading, or the definition takes none.
        EligibilityError: there is no definition: `not-a-definition`, or what its code raised.
    """
    target = target or _THE_CASE
    try:
        found = object_at(target)
        if not isinstance(found, ClassDefinition):
            return _made(target, found, words)
    except BadTarget as error:
        raise _no_definition(str(error)) from None
    if words:
        message = f"`{shown(target)}` is one definition, and no function of a reading."
        raise UnknownReading([Problem("unknown-reading", "", message, "Leave it out.")])
    return found


def _made(target: str, function: Any, words: Mapping[str, str]) -> ClassDefinition:
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
        if missing := lacking(function, values):
            named = " and ".join(f"`{shown(name)}`" for name in missing)
            raise BadTarget(
                f"{failed} without {named}. Say it with `--reading {missing[0]}=VALUE`."
            )
        made = tried(failed, lambda: function(**values))
    if not isinstance(made, ClassDefinition):
        raise _no_definition(f"`{shown(target)}` returns a `{type(made).__name__}`.")
    return made


def _value(name: str, word: str, kind: Any) -> Any:
    """A word of the command line as what a function takes."""
    if kind is bool and word in _WORDS_OF_BOOL:
        return _WORDS_OF_BOOL[word]
    named = {each.value: each for each in kind} if is_a(kind, Enum) else {}
    if kind is not bool and (word in named or not named):
        return named.get(word, word)
    hint = f"Its readings are {', '.join(map(str, named or _WORDS_OF_BOOL))}."
    words = f"`{shown(name)}` cannot be read as `{shown(word)}`."
    raise UnknownReading([Problem("unknown-reading", shown(name), words, hint)])


def _no_definition(words: str) -> InvalidDefinition:
    return InvalidDefinition([Problem("not-a-definition", "", words, _HINT)])
