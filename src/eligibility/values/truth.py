"""True, false or unknown, held as two booleans: *surely* and *possibly*.

The connectives are strong Kleene's. They say what follows when the operands know nothing of each
other; where they speak of the same unknown fact more follows, and that is `evaluate`'s business.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Final

from attrs import frozen

from eligibility.arguments import expect, wrong
from eligibility.immutable import as_repr

_OF: Final = "Write `Truth.of(value)`, `Truth.TRUE`, `Truth.FALSE` or `Truth.UNKNOWN`."


def _expect_truth(value: "Truth") -> "Truth":
    if not isinstance(value, Truth):
        raise wrong("value", "a `Truth`", value, _OF)
    return value


def _truths(members: object) -> "list[Truth]":
    if not isinstance(members, Iterable):
        raise wrong("members", "several truths", members, _OF)
    return [_expect_truth(member) for member in members]


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
        if (type(self.surely), type(self.possibly)) != (bool, bool):
            raise wrong("Truth", "True or False, twice", (self.surely, self.possibly), _OF)
        if self.surely and not self.possibly:
            raise ValueError("what is surely so is possibly so")

    @classmethod
    def of(cls, value: bool | None) -> "Truth":  # noqa: FBT001 - a yes/no fact is the argument
        """The truth of a yes/no fact; None is unknown."""
        expect(value, bool | None, "value", "Write True, False, or None for unknown.")
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
        _expect_truth(other)
        return Truth(self.surely and other.surely, self.possibly and other.possibly)

    def __or__(self, other: "Truth") -> "Truth":
        _expect_truth(other)
        return Truth(self.surely or other.surely, self.possibly or other.possibly)

    def __xor__(self, other: "Truth") -> "Truth":
        _expect_truth(other)
        return (self & ~other) | (~self & other)

    def __invert__(self) -> "Truth":
        return Truth(not self.possibly, not self.surely)

    def implies(self, other: "Truth") -> "Truth":
        """If this, then the other."""
        _expect_truth(other)
        return ~self | other

    @classmethod
    def some(cls, members: Iterable["Truth"]) -> "Truth":
        """At least one member is true; false of no members."""
        result = cls.FALSE
        for member in _truths(members):
            result |= member
        return result

    @classmethod
    def every(cls, members: Iterable["Truth"]) -> "Truth":
        """All members are true; true of no members."""
        return ~cls.some(~member for member in _truths(members))

    @classmethod
    def none(cls, members: Iterable["Truth"]) -> "Truth":
        """No member is true; true of no members."""
        return ~cls.some(members)

    def __repr__(self) -> str:
        return f"Truth.{self.word.upper()}"

    _repr_pretty_ = as_repr


Truth.TRUE = Truth(True, True)
Truth.FALSE = Truth(False, False)
Truth.UNKNOWN = Truth(False, True)


class Status(StrEnum):
    """What a verdict says of the account under one definition; each is also its word.

    >>> Status.ELIGIBLE == "eligible"
    True
    """

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    INDETERMINATE = "indeterminate"

    @classmethod
    def of(cls, truth: Truth) -> "Status":
        """The status of a membership."""
        _expect_truth(truth)
        if truth.surely:
            return cls.ELIGIBLE
        return cls.INDETERMINATE if truth.possibly else cls.INELIGIBLE
