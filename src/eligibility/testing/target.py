"""Class definitions by their names, as on a command line: `my_package.rules:DEFINITION`."""

from collections.abc import Iterable

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError
from eligibility.target import BadTarget, lacking, object_at, tried


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
