"""True, false or unknown, held as two booleans: *surely* and *possibly*.

The connectives are strong Kleene's. They say what follows when the operands know nothing of each
other; where they speak of the same unknown fact more follows, and that is `evaluate`'s business.
"""

from collections.abc import Iterable
from typing import ClassVar

from attrs import frozen


@frozen
class Truth:
    """One of `Truth.TRUE`, `Truth.FALSE`, `Truth.UNKNOWN`.

    >>> Truth.TRUE & Truth.UNKNOWN
    Truth.UNKNOWN
    >>> Truth.FALSE & Truth.UNKNOWN
    Truth.FALSE
    """

    surely: bool
    possibly: bool

    TRUE: ClassVar["Truth"]
    FALSE: ClassVar["Truth"]
    UNKNOWN: ClassVar["Truth"]

    def __attrs_post_init__(self) -> None:
        if self.surely and not self.possibly:
            raise ValueError("what is surely so is possibly so")

    @classmethod
    def of(cls, value: bool | None) -> "Truth":  # noqa: FBT001 - a yes/no fact is the argument
        """The truth of a yes/no fact; None is unknown."""
        return cls.UNKNOWN if value is None else cls(value, value)

    @property
    def word(self) -> str:
        """`true`, `false` or `unknown`: the word that JSON uses."""
        return "true" if self.surely else "unknown" if self.possibly else "false"

    def __bool__(self) -> bool:
        raise TypeError(
            "a Truth is not a bool: unknown is neither. Ask `.surely` (true in every world) "
            "or `.possibly` (true in some world)."
        )

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.surely and other.surely, self.possibly and other.possibly)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.surely or other.surely, self.possibly or other.possibly)

    def __xor__(self, other: "Truth") -> "Truth":
        return (self & ~other) | (~self & other)

    def __invert__(self) -> "Truth":
        return Truth(not self.possibly, not self.surely)

    def implies(self, other: "Truth") -> "Truth":
        """If this, then the other."""
        return ~self | other

    @classmethod
    def some(cls, members: Iterable["Truth"]) -> "Truth":
        """At least one member is true; false of no members."""
        result = cls.FALSE
        for member in members:
            result |= member
        return result

    @classmethod
    def every(cls, members: Iterable["Truth"]) -> "Truth":
        """All members are true; true of no members."""
        return ~cls.some(~member for member in members)

    @classmethod
    def none(cls, members: Iterable["Truth"]) -> "Truth":
        """No member is true; true of no members."""
        return ~cls.some(members)

    def __repr__(self) -> str:
        return f"Truth.{self.word.upper()}"


Truth.TRUE = Truth(True, True)
Truth.FALSE = Truth(False, False)
Truth.UNKNOWN = Truth(False, True)
