"""'None of all': said at once of all records to pick from, of which a question shows the first."""

from eligibility.interview.question import Question
from eligibility.interview.session import Interview


def none_of_all(interview: Interview) -> Interview:
    """The interview after 'none of these', said of a question and of all that show others next.

    It is one reply to each of them, as if they had been gone through.

    Raises:
        InvalidRefinement: `no-question`, `no-such-answer`, there is nothing to pick from.
    """
    asked, interview = interview.question, interview.answer()
    while _shows_others(interview.question, asked):
        interview = interview.answer()
    return interview


def _shows_others(question: Question | None, asked: Question | None) -> bool:
    """Whether a question asks the same of other records."""
    if question is None or asked is None or question.kind != "pick":
        return False
    return (question.list, question.condition) == (asked.list, asked.condition)
