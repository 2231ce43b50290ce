"""Values that are shared and so never change: mappings that refuse to, and what holds them.

A definition is cached, a shape too, and a verdict keeps the facts that it was decided by: whoever
could change one of them would change later verdicts. `MappingProxyType` neither pickles nor hashes,
so that records that hold one could not travel to another process.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final, NoReturn, Self, TypeVar

import attrs

K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R", bound=attrs.AttrsInstance)


class FrozenDict(dict[K, V]):
    """A dict that never changes; it pickles, copies as itself, and hashes where its values do.

    >>> reading = FrozenDict(messages="sent")
    >>> reading["messages"] = "received"
    Traceback (most recent call last):
    TypeError: This mapping is shared and never changes. Change a copy: `dict(mapping)`.
    >>> reading == {"messages": "sent"}
    True
    """

    __slots__ = ()

    def _refuse(self, *_args: object, **_named: object) -> NoReturn:
        raise TypeError("This mapping is shared and never changes. Change a copy: `dict(mapping)`.")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # dict says None, for its own can change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Self], tuple[dict[K, V]]]:
        return type(self), (dict(self),)

    def copy(self) -> Self:
        """Itself: nobody can tell it from a copy."""
        return self

    __copy__ = copy

    def __deepcopy__(self, _memo: object) -> Self:
        return self


#: What most values are, and can be told at once.
_UNCHANGING: Final = frozenset({str, bool, int, type(None), tuple, frozenset, FrozenDict})


def freeze(value: Any) -> Any:
    """A value in which no dict, list or set can change; what is neither stays as it is.

    >>> freeze({"messages[1]": {"ids": ["m1"]}})
    {'messages[1]': {'ids': ('m1',)}}
    """
    if value.__class__ in _UNCHANGING:
        return value
    if isinstance(value, dict | MappingProxyType):
        return FrozenDict({key: freeze(each) for key, each in value.items()})
    if isinstance(value, list):
        return tuple(map(freeze, value))
    return frozenset(value) if isinstance(value, set) else value


def unchecked(record: type[R]) -> Callable[..., R]:
    """What makes records of a kind past their checks and converters, all fields in their order.

    There are tens of thousands of some, and what they are made of is known to be right.

    >>> @attrs.frozen
    ... class Pair:
    ...     first: int
    ...     second: int
    >>> unchecked(Pair)(1, 2)
    Pair(first=1, second=2)
    """
    names = [each.name for each in attrs.fields(record)]
    put = {f"put_{name}": vars(record)[name].__set__ for name in names}
    lines = [f"def make({', '.join(names)}):", "made = new(record)"]
    lines += [f"put_{name}(made, {name})" for name in names]
    known = {"new": object.__new__, "record": record, **put}
    exec("\n ".join([*lines, "return made"]), known)  # noqa: S102 - our own text, of the names of fields
    made: Callable[..., R] = known["make"]
    return made


def as_repr(record: object, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
    """Have IPython and Hypothesis show a record as `repr` does: `_repr_pretty_ = as_repr`.

    Without it they show every field of it, whatever its `repr` leaves out.
    """
    printer.text(repr(record))
