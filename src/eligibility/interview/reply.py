"""What somebody replied to one question, as it is kept and saved."""

from typing import Any

from attrs import frozen


@frozen
class Reply:
    """A reply: the places of the answers chosen, a date, or 'I don't know'.

    `question` and `text` are the id and the words of the question.
    """

    question: str
    text: str
    chosen: tuple[int, ...] = ()
    rest: bool = True
    date: str | None = None
    dont_know: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The reply as plain data."""
        said: dict[str, Any] = {"question": self.question, "text": self.text}
        if self.dont_know:
            return {**said, "dont_know": True}
        if self.date is not None:
            return {**said, "date": self.date}
        said["chosen"] = list(self.chosen)
        return said if self.rest else {**said, "rest": False}
