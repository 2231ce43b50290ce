"""A truthful person to be interviewed: somebody of a world, who knows some of what is so in it.

A world comes in, and which kinds of facts the person knows of it; each question gets the answer
that is true, or 'I don't know'. `known` is all that they know, as a history of its own.
"""

from typing import Any

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.boxes import Said
from eligibility.facts.model import History
from eligibility.facts.paths import parse, pattern, value_at
from eligibility.facts.shape import shape
from eligibility.interview import Interview, Question
from eligibility.interview.knowable import Knowable
from eligibility.values.moment import Moment


@define
class Truthful:
    """A person of a world.

    `unknown` holds what they do not know of what they could: paths such as `messages[].sent_at`,
    `complete.premium`, `exclusions.counsel`. Whoever cannot tell of what kind records are cannot
    say which there are either. `_named` has, by list, which record of the world each record of the
    interview is, where the interview asked for them; else they are those of the world, in order.
    """

    world: History
    definition: ClassDefinition
    unknown: frozenset[str]
    _named: dict[str, list[int]] = field(factory=dict)

    def knows(self, path: str) -> bool:
        """Whether they know a fact of a kind."""
        model, at = type(self.world), parse(path)
        if not Knowable(model, "claimant").is_theirs(path) or path in self.unknown:
            return False
        if not at.is_complete:
            return True
        values = shape(model).lists[at.field].values
        return not any(pattern(at.field, key) in self.unknown for key in values)

    @property
    def known(self) -> History:
        """All that they know."""
        model, seen = type(self.world), shape(type(self.world))
        data: dict[str, Any] = {
            "account_id": self.world.account_id,
            "time_zone": self.world.time_zone,
        }
        complete = []
        for name, list_shape in seen.lists.items():
            if not self.knows(f"complete.{name}"):
                continue
            complete.append(name)
            data[name] = [
                {
                    key: getattr(record, key)
                    for key in list_shape.facts
                    if self.knows(pattern(name, key))
                }
                for record in getattr(self.world, name)
            ]
        for path in seen.yes_no:
            at = parse(path)
            value = value_at(path, self.world) if self.knows(path) else None
            if at.field:
                data.setdefault(at.name, {})[at.field] = value
            else:
                data[at.name] = value
        return model.model_validate({**data, "complete": complete})

    def reply(self, interview: Interview) -> Interview:
        """The interview after their answer to its question."""
        question = interview.question
        assert question is not None  # noqa: S101 - whoever calls it has seen one
        if question.kind == "any":
            return self._any(interview, question)
        path = question.path or next(iter(question.answers[0].changes))
        if not self.knows(parse(path).pattern):
            return interview.dont_know()
        true = [
            place
            for place, answer in enumerate(question.answers)
            if all(self._is_so(path, value) for path, value in answer.changes.items())
        ]
        if question.kind == "pick":
            return interview.answer(*true)
        if question.takes_date:
            return interview.date(self._value(path).text)
        assert true, question  # noqa: S101 - answers cover all that is possible
        return interview.answer(true[0])

    def _is_so(self, path: str, allowed: Any) -> bool:
        """Whether what an answer says of a fact is true."""
        value = self._value(path)
        if isinstance(value, Moment):
            return bool(allowed[0] <= value.earliest <= allowed[1])
        return value is allowed or (isinstance(allowed, frozenset) and value in allowed)

    def _value(self, path: str) -> Any:
        """What is so in the world; of a record, of the one that the interview means."""
        at = parse(path)
        if at.index is None:
            return value_at(path, self.world)
        return getattr(self._record(at.name, at.index), at.field)

    def _record(self, name: str, index: int) -> Any:
        named = self._named.get(name)
        return getattr(self.world, name)[named[index] if named else index]

    def _any(self, interview: Interview, question: Question) -> Interview:
        name = question.list or ""
        if not self.knows(f"complete.{name}"):
            return interview.dont_know()
        (condition,) = (
            each for path, each in question.answers[1].changes.items() if parse(path).is_complete
        )
        named, is_open = self._named.setdefault(name, []), False
        for index, record in enumerate(getattr(self.world, name)):
            meets = [] if index in named else [self._meets(name, record, condition)]
            if meets == [True]:
                named.append(index)
                return interview.answer(0)
            is_open |= meets == [None]
        return interview.dont_know() if is_open else interview.answer(1)

    def _meets(self, name: str, record: Any, condition: Said) -> bool | None:
        """Whether they know that a record meets conditions, or that it does not."""
        sure = True
        for key, asked in condition.items():
            value = getattr(record, key)
            if not self.knows(pattern(name, key)):
                sure = False
            elif isinstance(asked, frozenset):
                if value not in asked:
                    return False
            elif value is None or not asked[0] <= value.earliest <= asked[1]:
                return False
        return True if sure else None
