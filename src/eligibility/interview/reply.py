"""What somebody replied to one question, as it is kept and saved."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from eligibility.facts.paths import parse


@frozen
class Reply:
    """A reply: the places of the answers chosen, a date, or 'I don't know'.

    `question` and `text` are the id and the words of the question, `offered` is what was asked and
    what there was to choose from (`Question.offered`): the same place would say something else
    elsewhere.
    """

    question: str
    text: str
    chosen: tuple[int, ...] = ()
    rest: bool = True
    offered: str = ""
    date: str | None = None
    dont_know: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The reply as plain data."""
        said: dict[str, Any] = {"question": self.question, "text": self.text}
        if self.dont_know:
            return {**said, "dont_know": True, "offered": self.offered}
        if self.date is not None:
            return {**said, "date": self.date}
        said |= {"chosen": list(self.chosen), "offered": self.offered}
        return said if self.rest else {**said, "rest": False}


def without(kept: tuple[Reply, ...], question: str) -> tuple[Reply, ...]:
    """What is kept, without what was said first to a question."""
    first = next((each for each in kept if each.question == question), None)
    return tuple(each for each in kept if each is not first)


def still_meant(kept: tuple[Reply, ...], reply: Reply, paths: Iterable[str]) -> tuple[Reply, ...]:
    """What is kept of later replies, once a reply is given that says something of some paths.

    Where it is another one than before and there is a new record now, what was said of the record
    in its place is dropped: nobody said it of this one.
    """
    left = without(kept, reply.question)
    if reply in kept:
        return left
    parsed = ((path, parse(path)) for path in paths)
    new = tuple(f"{path}." for path, at in parsed if at.index is not None and not at.field)
    return tuple(each for each in left if not each.question.startswith(new))
