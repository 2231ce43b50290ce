"""A question of an interview, and its answers: data, as plain as JSON.

`kind` says how it is answered: `any` and `yes-no` by one of two answers, `which` by one or several,
`when` by one stretch of time or by a date as exactly as it is known, `pick` by ticking records.
Every question can be answered with 'I don't know' as well.
"""

import json
from collections.abc import Collection, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.boxes import Said
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.paths import fact_path, parse
from eligibility.facts.refinement import changes_text
from eligibility.immutable import FrozenDict, freeze
from eligibility.interview.changes import Changes
from eligibility.interview.few import Few
from eligibility.interview.reply import Reply
from eligibility.values.truth import Status

Kind: TypeAlias = Literal["any", "yes-no", "which", "when", "pick"]


@frozen(eq=False)
class Basis:
    """What a question is asked on the basis of: facts, in short, and the history begun with."""

    few: Few
    history: History

    @property
    def facts(self) -> KnownHistory:
        """All that is known."""
        return self.few.facts

    @property
    def definition(self) -> ClassDefinition:
        """The class."""
        return self.few.definition

    def status(self, changes: Changes) -> Status:
        """The status, with so much more known."""
        return self.few.status(changes)

    def refinement(self, changes: Changes) -> dict[str, Any]:
        """The same as a refinement of the history, in its notation."""
        text: dict[str, Any] = {}
        for path, each in changes.items():
            if parse(path).is_complete:
                several = [each] if isinstance(each, Mapping) else each
                wheres = [changes_text(where, self.history) for where in several]
                text[path] = wheres if len(wheres) > 1 else next(iter(wheres), True)
                text[path] = text[path] if all(wheres) else True
            else:
                known = dict(each) if isinstance(each, Mapping) else each
                text |= changes_text({path: known}, self.history) | self._taken_back(path, each)
        return text

    def _taken_back(self, path: str, value: Any) -> dict[str, None]:
        """The moments that the history states of a record, and that, as is known now, never were.

        What it says of one speaks of the worlds in which there was one.
        """
        at = parse(path)
        listed = getattr(self.history, at.name, ()) if at.index is not None and at.field else ()
        if at.index is None or at.index >= len(listed):
            return {}
        gone = self.facts.shape.lists[at.name].gone({at.field: value})
        stated = [key for key in gone if getattr(listed[at.index], key) is not None]
        return {fact_path(at.name, at.index, key): None for key in stated}


def _plain(meant: Any) -> Any:
    """What is meant as plain data, the same however it is ordered."""
    if isinstance(meant, Mapping):
        return sorted([str(key), _plain(each)] for key, each in meant.items())
    if isinstance(meant, frozenset):
        return sorted(map(str, meant))
    return [*map(_plain, meant)] if isinstance(meant, tuple | list) else meant


@frozen(slots=False)
class Answer:
    """One answer: its words, what is then known, and the status that `evaluate` gives then."""

    text: str
    changes: Changes = field(converter=freeze, repr=False)
    basis: Basis = field(repr=False, eq=False)

    @cached_property
    def refinement(self) -> Mapping[str, Any]:
        """What it adds to the history; nothing, if the history has no words for it."""
        return FrozenDict(self.basis.refinement(self.changes))

    @cached_property
    def status(self) -> Status:
        """The status that it leads to."""
        return self.basis.status(self.changes)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data."""
        known = dict(self.refinement)
        return {"text": self.text, "refinement": known, "status": self.status.value}


@frozen(slots=False)
class Question:
    """One question, with all that it takes to answer it.

    Args:
        id: which one it is, in its interview.
        topic, text, help: a heading, the question, and what helps to answer it, in one line or
            several: the first says what nearly everybody needs.
        kind: how it is answered.
        points: of an `any` that asks much of one record, what it asks, point by point; the text
            says it too.
        answers: what there is to choose from.
        path: the fact that it asks for, of one record or of the account.
        list, condition: of `any` and `pick`, the list, and what it asks of a record, in the
            notation of a statement of completeness.
        others: of `pick`, the places of more records of the list that it may be asked about next.
        takes_several: whether several answers can be given at once.
        takes_date: whether a date of one's own is an answer.
        example: such a date.
        closes: the facts of which 'I don't know' says that nobody here can tell.
        concludes: the facts of which an answer says all that there is to say here.
        rest: of `pick`, what each record is that is not picked.
        none_of: of `when` that asks for a time without spans of a list, what they would be.
    """

    id: str
    topic: str
    text: str
    kind: Kind
    answers: tuple[Answer, ...]
    help: str = ""
    path: str | None = None
    list: str | None = None
    condition: Mapping[str, Any] | None = None
    others: tuple[int, ...] = field(default=(), repr=False)
    takes_several: bool = False
    takes_date: bool = False
    example: str = ""
    points: tuple[str, ...] = ()
    closes: frozenset[str] = field(default=frozenset(), repr=False)
    concludes: frozenset[str] = field(default=frozenset(), repr=False)
    rest: tuple[Changes, ...] = field(default=(), repr=False)
    none_of: Said | None = field(default=None, repr=False)

    def known_after(self, chosen: Collection[int], *, with_rest: bool) -> dict[str, Any]:
        """What is known after some answers, by their place; `with_rest` of what is not picked, too.

        Of several words for one fact, it is one of them.
        """
        known: dict[str, Any] = {}
        for at in dict.fromkeys(chosen):
            for path, value in self.answers[at].changes.items():
                is_more = isinstance(value, frozenset) and path in known
                known[path] = known[path] | value if is_more else value
        if self.kind == "pick" and with_rest:
            for at, each in enumerate(self.rest):
                known |= {} if at in chosen else each
        return known

    @property
    def lead(self) -> str:
        """The question without its points, for whoever shows them below it."""
        start = self.text.partition(f": {self.points[0]}")[0] if self.points else ""
        return f"{start}?" if start else self.text

    @cached_property
    def offered(self) -> str:
        """What is asked, and what each answer would say, in short: the same in whatever words."""
        asked = self.kind, self.path, self.list, self.condition, self.rest
        meant = json.dumps(_plain((asked, [answer.changes for answer in self.answers])))
        return sha256(meant.encode()).hexdigest()[:16]

    def is_answered_by(self, reply: Reply) -> bool:
        """Whether a reply was given to this very question, in these words."""
        return reply.text == self.text and self.is_meant_by(reply)

    def is_meant_by(self, reply: Reply) -> bool:
        """Whether a reply says the same of this question as of the one that it was given to.

        That is so of a date wherever the same is asked for.
        """
        is_date = reply.date is not None and self.takes_date
        return reply.question == self.id and (is_date or reply.offered == self.offered)

    def to_dict(self) -> dict[str, Any]:
        """The question as plain data."""
        return {
            "id": self.id,
            "topic": self.topic,
            "text": self.text,
            "help": self.help,
            "kind": self.kind,
            "path": self.path,
            "list": self.list,
            "condition": None if self.condition is None else dict(self.condition),
            "others": len(self.others),
            "takes_several": self.takes_several,
            "takes_date": self.takes_date,
            "example": self.example,
            "answers": [answer.to_dict() for answer in self.answers],
        }
