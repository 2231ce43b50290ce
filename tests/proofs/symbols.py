"""Instants that stand for any number: a program run on them is run on all numbers at once.

All that is ever asked of instants is which comes first, and by how much. So wherever a program
compares two of them and what was compared before does not chooser it, the program is run once for
either answer. Each such `Branch` is a set of differences (`x - y <= c`) that some numbers satisfy,
and the branches together are all numbers there are: what the program does in each is what it does.

A branch can also be asked to choose between options, such as whether a fact is known. What a
program does that cannot be followed in this way, such as to multiply, is an error and never a
guess.
"""

from collections.abc import Callable, Iterator, Sequence
from numbers import Integral
from typing import Any, NoReturn, TypeAlias, TypeVar

from attrs import field, frozen

from eligibility.values.timeline import EARLIEST, LATEST

R = TypeVar("R")
#: `x - y <= c`, where x and y are places of symbols; place 0 is the instant 0.
Difference: TypeAlias = tuple[int, int, int]


class CannotFollowError(Exception):
    """The program did something with a symbol that is not followed."""


class Branch:
    """Some of all numbers: those of which all this is so.

    `differences` are those that were decided on the way, none of which followed from the others;
    `chosen` are the options that were chosen, by name.
    """

    def __init__(self, table: list[list[int]], waiting: "list[Branch]") -> None:
        self.differences: tuple[Difference, ...] = ()
        self.chosen: dict[str, Any] = {}
        self._table = table  # the least c of which `x - y <= c` follows, for all x and y
        self._waiting = waiting

    def _fork(self) -> "Branch":
        other = Branch(self._table, self._waiting)
        other.differences, other.chosen = self.differences, dict(self.chosen)
        self._waiting.append(other)
        return other

    def choose(self, name: str, options: Sequence[R]) -> R:
        """One of some options; the others are other branches."""
        if name not in self.chosen:
            for option in options[1:]:
                self._fork().chosen[name] = option
            self.chosen[name] = options[0]
        chosen: R = self.chosen[name]
        return chosen

    def is_at_most(self, x: int, y: int, most: int) -> bool:
        """Whether `x - y <= most`; if it may be or not be, the other is another branch."""
        if self._table[x][y] <= most:
            return True
        if self._table[y][x] < -most:
            return False
        self._fork().suppose(y, x, -most - 1)
        self.suppose(x, y, most)
        return True

    def suppose(self, x: int, y: int, most: int) -> None:
        """Narrows the branch to where `x - y <= most`, which must be possible."""
        if self._table[x][y] <= most:
            return
        self.differences = (*self.differences, (x, y, most))
        after = self._table[y]
        self._table = [
            [min(old, row[x] + most + more) for old, more in zip(row, after, strict=True)]
            for row in self._table
        ]

    def bounds(self, place: int) -> tuple["Instant", "Instant"]:
        """An earliest and a latest instant: the symbols at a place and at the next."""
        return Instant(self, place), Instant(self, place + 1)


def every_branch(bounds: int, run: Callable[[Branch], R]) -> Iterator[tuple[Branch, R]]:
    """What a program does with symbols, in every branch; together the branches are all there is.

    There are so many pairs of symbols, an earliest and a latest instant each, from place 1 on. What
    the program returns is told beside the branch that it was run in.
    """
    size = 1 + 2 * bounds
    lowest = [0] + [EARLIEST] * (size - 1)
    highest = [0] + [LATEST] * (size - 1)
    table = [[0 if x == y else highest[x] - lowest[y] for y in range(size)] for x in range(size)]
    waiting: list[Branch] = []
    first = Branch(table, waiting)
    for at in range(bounds):
        first.suppose(1 + 2 * at, 2 + 2 * at, 0)
    waiting.append(first)
    while waiting:
        branch = waiting.pop()
        yield branch, run(branch)


@Integral.register  # a time set takes whole numbers alone
@frozen(eq=False)
class Instant:
    """A symbol, and so many microseconds more."""

    branch: Branch = field(repr=False)
    place: int
    plus: int = 0

    def _minus(self, other: object) -> "Gap | None":
        if isinstance(other, Instant):
            return Gap(self.branch, self.place, other.place, self.plus - other.plus)
        return (
            Gap(self.branch, self.place, 0, self.plus - other) if isinstance(other, int) else None
        )

    def __lt__(self, other: object) -> bool:
        gap = self._minus(other)
        return NotImplemented if gap is None else gap < 0

    def __le__(self, other: object) -> bool:
        gap = self._minus(other)
        return NotImplemented if gap is None else gap <= 0

    def __gt__(self, other: object) -> bool:
        gap = self._minus(other)
        return NotImplemented if gap is None else not gap <= 0

    def __ge__(self, other: object) -> bool:
        gap = self._minus(other)
        return NotImplemented if gap is None else not gap < 0

    def __eq__(self, other: object) -> bool:
        gap = self._minus(other)
        return NotImplemented if gap is None else gap <= 0 and not gap < 0

    def __hash__(self) -> int:
        return 0  # equal ones must hash alike, and which are equal is not known yet

    def __add__(self, more: int) -> "Instant":
        return Instant(self.branch, self.place, self.plus + more)

    __radd__ = __add__

    def __sub__(self, other: "Instant | int") -> "Instant | Gap":
        if isinstance(other, int):
            return Instant(self.branch, self.place, self.plus - other)
        gap = self._minus(other)
        if gap is None:
            raise CannotFollowError
        return gap


@frozen(eq=False)
class Gap:
    """How much later one instant is than another, in microseconds: `x - y + plus`."""

    branch: Branch = field(repr=False)
    x: int
    y: int
    plus: int

    def __le__(self, most: int) -> bool:
        return self.branch.is_at_most(self.x, self.y, most - self.plus)

    def __lt__(self, most: int) -> bool:
        return self <= most - 1

    def __gt__(self, least: int) -> bool:
        return not self <= least

    def __ge__(self, least: int) -> bool:
        return not self <= least - 1

    def __add__(self, _: object) -> NoReturn:
        raise CannotFollowError

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __add__
