"""The one grammar of paths, such as `messages[0].shared_at`, and what stands at one."""

from typing import Any

from eligibility.facts.model import History


def field_of(path: str) -> str:
    """The field that a path such as `premium[].plan` ends with."""
    return path.rpartition(".")[2]


def value_at(path: str, history: History) -> object:
    """What a history says at a path such as `messages[0].sent_at` or `exclusions.counsel`."""
    value: Any = history
    for step in path.split("."):
        name, bracket, index = step.partition("[")
        value = getattr(value, name)
        value = value[int(index[:-1])] if bracket else value
    return value
