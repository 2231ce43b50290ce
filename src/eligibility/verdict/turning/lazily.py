"""One of each of several choices, of which no more is looked for than it takes."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def lazy_product(choices: Sequence[Iterator[T]]) -> Iterator[tuple[T, ...]]:
    """Every way to take one of each, the last changing first.

    >>> list(lazy_product([iter("ab"), iter("cd")]))
    [('a', 'c'), ('a', 'd'), ('b', 'c'), ('b', 'd')]
    """
    seen: list[list[T]] = [[] for _ in choices]

    def has(which: int, at: int) -> bool:
        """Whether there are so many of one of the choices."""
        if at == len(seen[which]):
            seen[which] += islice(choices[which], 1)
        return at < len(seen[which])

    places = range(len(choices))
    at = [0] * len(choices)
    turned: int | None = -1
    if not all(has(which, 0) for which in places):
        return
    while turned is not None:
        yield tuple(seen[which][at[which]] for which in places)
        turned = next((which for which in reversed(places) if has(which, at[which] + 1)), None)
        if turned is not None:
            at[turned:] = [at[turned] + 1, *[0] * (len(at) - turned - 1)]
