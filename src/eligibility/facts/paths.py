"""The one grammar of paths: they are read, written and followed here.

messages[0].shared_at     a fact of one record
messages[0]               one record
messages[].shared_at      a fact of whichever record: so conditions write it
premium[]                 a list of spans, as conditions speak of it
exclusions.counsel        a fact of the account, in a group; or, without one, `adult`
complete.premium          that a list holds all there is
complete.messages[0]      the first statement that a list holds all that meet some conditions
"""

import re
from functools import cached_property, lru_cache
from typing import Any, Final

from attrs import frozen

from eligibility.errors import json_text, shown

_COMPLETE: Final = "complete"
_PATH: Final = re.compile(
    r"complete\.(?P<list>\w+)\[(?P<statement>[0-9]{1,9})\]|(\w+)(?:\[([0-9]{0,9})\])?(?:\.(\w+))?"
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@frozen
class Path:
    """A path, taken apart.

    `name` is its list, its group or, without one, the fact itself; `field` the fact in it, if it
    names one. It is of one record (`index`), of whichever (`is_pattern`), or of none. `statement`
    is the place of a statement with conditions among those about its list.
    """

    name: str
    field: str = ""
    index: int | None = None
    is_pattern: bool = False
    statement: int | None = None

    @cached_property
    def is_complete(self) -> bool:
        """Whether it is about a list: that it holds all there is, or all that meet conditions."""
        return self.name == _COMPLETE and bool(self.field) and not self.is_of_record

    @property
    def is_of_record(self) -> bool:
        """Whether it is about a record, or a fact of one."""
        return self.is_pattern or self.index is not None

    @property
    def subject(self) -> str:
        """The list or group that it is about, also where it says that a list is complete."""
        return self.field if self.is_complete else self.name

    @cached_property
    def pattern(self) -> str:
        """The path as conditions write it, without the place of a record."""
        field = f".{self.field}" if self.field else ""
        return f"{self.name}{'[]' if self.is_of_record else ''}{field}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Path:
    """A path, taken apart; what is none is taken for a name that no history has.

    >>> parse("messages[0].shared_at")
    Path(name='messages', field='shared_at', index=0, is_pattern=False, statement=None)
    >>> parse("complete.premium").subject
    'premium'
    """
    match = _PATH.fullmatch(text)
    if match is None:
        return Path(text)
    stated, at, name, index, field = match.groups()
    if stated:
        return Path(_COMPLETE, stated, statement=int(at))
    return Path(name, field or "", int(index) if index else None, index == "")


def record_path(name: str, index: int) -> str:
    """The path of one record of a list."""
    return f"{name}[{index}]"


def fact_path(name: str, index: int, field: str) -> str:
    """The path of a fact of one record of a list."""
    return f"{name}[{index}].{field}"


def pattern(name: str, field: str = "") -> str:
    """The path of a fact of whichever record of a list, or of the list, as conditions write it."""
    return f"{name}[].{field}" if field else f"{name}[]"


def complete_path(name: str, statement: int | None = None) -> str:
    """The path of whether a list holds all there is, or of one statement with conditions."""
    return f"{_COMPLETE}.{name}" if statement is None else f"{_COMPLETE}.{name}[{statement}]"


def field_of(path: str) -> str:
    """The field that a path such as `premium[].plan` ends with."""
    return path.rpartition(".")[2]


def value_at(path: str, history: object) -> Any:
    """What a history says at a path such as `messages[0].sent_at` or `exclusions.counsel`."""
    at = parse(path)
    value = getattr(history, at.name)
    value = value if at.index is None else value[at.index]
    return getattr(value, at.field) if at.field else value


def answer_at(path: str, history: object) -> bool | None:
    """A yes/no fact of the account; None is unknown."""
    value = value_at(path, history)
    return value if isinstance(value, bool) else None


def put_answer(data: dict[str, Any], path: str, value: object) -> None:
    """Put a fact of the account in its place in the data of a history."""
    at = parse(path)
    if at.field:
        data.setdefault(at.name, {})[at.field] = value
    else:
        data[at.name] = value


def steps_of(path: str) -> tuple[str | int, ...]:
    """The way to what a path of a history names, in its data."""
    at = parse(path)
    return tuple(step for step in (at.name, at.index, at.field) if step not in ("", None))


def place_in_data(steps: tuple[str | int, ...]) -> str:
    """The way to a place in data that may be no history, as a path: any key, any depth."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _IDENTIFIER.fullmatch(step):
            path += f".{shown(step)}" if path else shown(step)
        else:
            path += f"[{json_text(step[:40])}]"
    return path
