"""Class definitions by their names, as on a command line: `my_package.rules:DEFINITION`."""

from collections.abc import Callable, Iterable
from importlib import import_module
from operator import attrgetter
from typing import Any

from eligibility.definition.class_definition import ClassDefinition


class BadTarget(ValueError):
    """A name behind which there is no class definition; its message says why."""


def definitions_at(target: str) -> tuple[ClassDefinition, ...]:
    """The definitions at a name: one, or several; a function is called to get them.

    >>> [each.id for each in definitions_at("eligibility.rules:class_definition")]
    ['de-la-torre-v-linkedin']

    Raises:
        BadTarget: nothing can be imported by that name, or it is no definition.
    """
    module, _, name = target.partition(":")
    if not module or not name:
        raise BadTarget(
            f"`{target}` is no module and a name in it: write `my_package.rules:DEFINITION`."
        )
    found = _tried(target, lambda: import_module(module), "cannot be imported")
    value = _tried(target, lambda: attrgetter(name)(found), "is not there")
    if callable(value):
        value = _tried(target, value, "cannot be called without arguments")
    if isinstance(value, ClassDefinition):
        return (value,)
    several = tuple(value) if isinstance(value, Iterable) else ()
    if not several or not all(isinstance(each, ClassDefinition) for each in several):
        kind = type(value).__name__
        raise BadTarget(
            f"`{target}` is no class definition, nor several of them, but of type {kind}."
        )
    return several


def _tried(target: str, step: Callable[[], Any], otherwise: str) -> Any:
    try:
        return step()
    except Exception as error:
        words = f"`{target}` {otherwise}: {type(error).__name__}: {error}"
        raise BadTarget(words) from error
