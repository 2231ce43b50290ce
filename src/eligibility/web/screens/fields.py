"""What a form has sent: its fields, each with one value or several, and the paths of its files."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Final, TypeAlias

from attrs import field, frozen

from eligibility.immutable import FrozenDict

Fields: TypeAlias = Mapping[str, Sequence[str]]
Files: TypeAlias = Mapping[str, str | PathLike[str]]
#: Fields that are kept while a question stands: what was typed, chosen or looked for.
DRAFT: Final = ("answer", "tick", "unsure", "sure", "date", "earliest", "latest", "seek", "page")


@frozen
class Sent:
    """What a form has sent."""

    fields: Fields = field(default=FrozenDict())
    files: Files = field(default=FrozenDict())

    def one(self, name: str) -> str:
        """The value of a field, without blanks around it; nothing if there is none."""
        values = self.fields.get(name, ())
        return values[0].strip() if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(self.fields.get(name, ()))

    @property
    def draft(self) -> "Sent":
        """What stays in the fields, while the same question stands."""
        return Sent({name: self.all(name) for name in DRAFT if self.all(name)})


def place(text: str) -> int:
    """A number of a list, or -1.

    >>> place("12"), place("-1"), place("x"), place("9" * 20)
    (12, -1, -1, -1)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


NOTHING: Final = Sent()
