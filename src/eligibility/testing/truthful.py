"""A truthful person to be interviewed: somebody of a world, who knows some of what is so in it.

A world comes in, and which kinds of facts the person knows of it; each question gets the answer
that is true, or 'I don't know'. `known` is all that they know, as a history of its own.
"""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.boxes import Bounds, Said, narrowed
from eligibility.facts.completeness import said_of
from eligibility.facts.known import KnownHistory, KnownRecord, unlisted_of
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise, normalise_record
from eligibility.facts.paths import complete_path, parse, pattern, put_answer, value_at
from eligibility.facts.shape import shape
from eligibility.interview import Interview, Question
from eligibility.interview.knowable import Knowable
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST, write_instant


@define
class Truthful:
    """A person of a world.

    `unknown` holds what they do not know of what they could: paths such as `messages[].sent_at`,
    `complete.premium`, `exclusions.counsel`. Whoever cannot tell of what kind records are cannot
    say which there are either. `parts` are lists of which they know only those records of which
    each of some moments lies within bounds, but of these every one. `_named` has, by list, which
    record of the world each record of the interview is, where the interview asked for them; else
    they are those of the world, in order. `_sure` are the times of which they said that there was
    none of something.
    """

    world: History
    definition: ClassDefinition
    unknown: frozenset[str]
    parts: Mapping[str, Mapping[str, Bounds]] = field(factory=dict)
    _named: dict[str, list[int]] = field(factory=dict)
    _sure: list[Bounds] = field(factory=list)

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
        complete: list[Any] = []
        for name, list_shape in seen.lists.items():
            if not self.knows(f"complete.{name}"):
                continue
            complete.append(self._statement(name))
            data[name] = [
                {
                    key: getattr(record, key)
                    for key in list_shape.facts
                    if self.knows(pattern(name, key))
                }
                for record in getattr(self.world, name)
                if self._knows_of(name, record)
            ]
        for path in seen.yes_no:
            put_answer(data, path, value_at(path, self.world) if self.knows(path) else None)
        return model.model_validate({**data, "complete": complete})

    def _statement(self, name: str) -> Any:
        """That the list of what they know holds every record, or all of a part."""
        if not (part := self.parts.get(name)):
            return name
        where = {key: "/".join(map(write_instant, bounds)) for key, bounds in part.items()}
        return {"list": name, "where": where}

    def reply(self, interview: Interview) -> Interview:
        """The interview after their answer to its question."""
        question = interview.question
        assert question is not None  # noqa: S101 - whoever calls it has seen one
        if question.kind == "any":
            return self._any(interview, question)
        if question.none_of is not None:
            return self._none(interview, question)
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

    def _none(self, interview: Interview, question: Question) -> Interview:
        free = surely_none(normalise(self.known), question.list or "", question.none_of or {})
        left = [each for each in free if each not in self._sure]
        if not left:
            return interview.dont_know()
        self._sure.append(max(left, key=lambda each: each[1] - each[0]))
        return interview.date(said_stretch(self._sure[-1]))

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
        (condition,) = (
            each for path, each in question.answers[1].changes.items() if parse(path).is_complete
        )
        named, is_open = self._named.setdefault(name, []), not self._knows_all(name, condition)
        for index, record in enumerate(getattr(self.world, name)):
            if index in named or not self._knows_of(name, record):
                continue
            meets = self._meets(name, record, condition)
            if meets:
                named.append(index)
                return interview.answer(0)
            is_open |= meets is None
        return interview.dont_know() if is_open else interview.answer(1)

    def _knows_all(self, name: str, condition: Said) -> bool:
        """Whether they know of every record of a list that meets conditions.

        What has ended by some day had begun by then, too.
        """
        if not self.knows(complete_path(name)):
            return False
        made = normalise_record(shape(type(self.world)).lists[name], 0, condition)
        return isinstance(made, KnownRecord) and all(
            low <= box.bounds[key][0] and box.bounds[key][1] <= high
            for box in made.boxes
            for key, (low, high) in self.parts.get(name, {}).items()
        )

    def _knows_of(self, name: str, record: Any) -> bool:
        """Whether they know of a record at all."""
        return self.knows(complete_path(name)) and all(
            low <= getattr(record, key).earliest <= high
            for key, (low, high) in self.parts.get(name, {}).items()
        )

    def _meets(self, name: str, record: Any, condition: Said) -> bool | None:
        """Whether they know that a record meets conditions, or that it does not.

        What follows from all else that they know of it they know as well.
        """
        list_shape = shape(type(self.world)).lists[name]
        keys = (key for key in list_shape.facts if self.knows(pattern(name, key)))
        said = {key: said_of(v) for key in keys if (v := getattr(record, key)) is not None}
        made = normalise_record(list_shape, 0, said)
        assert isinstance(made, KnownRecord)  # noqa: S101 - it is so in a world
        boxes = [left for box in made.boxes for left in narrowed(box, list_shape, condition)]
        if not boxes:
            return False
        return True if all(any(b.within(left) for left in boxes) for b in made.boxes) else None


def surely_none(facts: KnownHistory, name: str, kind: Said) -> list[Bounds]:
    """The times in which there surely was no span of a kind, as far as facts go."""
    list_shape = facts.shape.lists[name]
    boxes = [box for record in facts.lists[name] for box in record.boxes]
    boxes += unlisted_of(list_shape, tuple(facts.stated[name].values()))
    may_be = [left for box in boxes for left in narrowed(box, list_shape, kind)]
    taken = sorted((box.bounds["start"][0], box.bounds["end"][1]) for box in may_be)
    free, begins = [], EARLIEST
    for start, end in (*taken, (LATEST + 1, LATEST)):
        free += [(begins, start - 1)] if begins < start else []
        begins = max(begins, end + 1)
    return free


def said_stretch(bounds: Bounds) -> str:
    """A time as a date, in the notation."""
    low, high = bounds
    first = ".." if low == EARLIEST else write_instant(low)
    return f"{first}/{'..' if high == LATEST else write_instant(high)}"
