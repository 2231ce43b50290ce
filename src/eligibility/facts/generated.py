"""The text of functions that are made for one model or one definition, line by line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eligibility.facts.shape import ListShape


class Lines:
    """The text of a function, line by line."""

    def __init__(self, first: str) -> None:
        self.lines = [first]
        self.level = 1

    def __call__(self, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.level + text)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written here stands within a block."""
        self(f"{head}:")
        self.level += 1
        yield
        self.level -= 1

    def made(self, names: dict[str, Any]) -> Any:
        """The function, which speaks of these names."""
        exec(compile(str(self), "<generated>", "exec"), names)  # noqa: S102 - our own text: of others it holds identifiers and constants
        return names[self.lines[0].removeprefix("def ").partition("(")[0]]


def names_in(list_shape: ListShape) -> str:
    """What stands in each row of a list, by the names that generated text has for it."""
    bounds = (f"lo_{name}, hi_{name}" for name in list_shape.moments)
    return ", ".join([*(f"v_{name}" for name in list_shape.values), *bounds]) + ","
