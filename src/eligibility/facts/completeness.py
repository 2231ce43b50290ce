"""What is stated to be complete: a whole list, or all of its records that meet some conditions.

`{"list": "messages", "where": {"inmail": true, "sent_at": "../2024-09-17"}}` says that every InMail
that was sent by 17 September 2024 is listed. Several statements about a list hold together. A
condition on a moment is met by a record whose moment exists and lies within the bounds, both ends
included.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from attrs import field, frozen

from eligibility.arguments import checked
from eligibility.immutable import FrozenDict, as_repr, freeze
from eligibility.values.moment import Moment


@frozen(field_transformer=checked)
class CompletenessStatement:
    """That a list holds every record that meets `where`; without conditions, every one there is.

    `where` holds, by field, yes or no, a word or a tuple of words, or a moment.

    >>> from eligibility.history import AccountHistory
    >>> never = CompletenessStatement("messages", {"inmail": True, "sent_at": "../2024-09-17"})
    >>> AccountHistory(account_id="A-1001", complete=["premium", never]).complete[1].list
    'messages'
    """

    list: str
    where: Mapping[str, Any] = field(default=FrozenDict(), converter=freeze)

    def plain(self) -> Any:
        """The statement as JSON has it: the name of the list, or an object."""
        if not self.where:
            return self.list
        return {"list": self.list, "where": {k: _plain(each) for k, each in self.where.items()}}

    def __repr__(self) -> str:
        where = {name: _plain(value) for name, value in self.where.items()}
        return f"CompletenessStatement({self.list!r}{f', {where!r}' if where else ''})"

    _repr_pretty_ = as_repr

    @property
    def said(self) -> Mapping[str, Any]:
        """Its conditions: sets of values, and bounds."""
        return FrozenDict({name: said_of(value) for name, value in self.where.items()})


def said_of(value: Any) -> Any:
    """What a field of a record says: the values or the bounds that it leaves possible."""
    return (value.earliest, value.latest) if isinstance(value, Moment) else values_of(value)


@lru_cache(maxsize=4096)
def values_of(value: Any) -> frozenset[bool | str]:
    """The values that a yes or no, a word or a tuple of words leaves possible."""
    return frozenset(value) if isinstance(value, tuple) else frozenset({value})


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.text
    return list(value) if isinstance(value, tuple) else value


def plain(stated: str | CompletenessStatement) -> Any:
    """What is stated of a list, as JSON has it."""
    return stated if isinstance(stated, str) else stated.plain()
