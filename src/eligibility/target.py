"""What stands behind `MODULE:NAME`, as a command line says it. To find it, its code runs."""

from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from typing import Any

from eligibility.errors import EligibilityError, shown


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
    """Why a step failed: a module that is missing in our words, all else in those of its code."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"there is no module `{shown(error.name)}`"
    return shown(f"{type(error).__name__}: {error}", 200)
