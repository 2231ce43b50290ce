"""'None of all': said at once of all records to pick from, of which a question shows the first."""

from eligibility.facts.paths import parse
from eligibility.interview.question import Question
from eligibility.interview.session import Interview


def none_of_all(interview: Interview) -> Interview:
    """The interview after 'none of these', said of a question, and of its others where they come.

    It is one reply to each question that shows them, as if they had been gone through. Of a record
    that was not among them, since it did not matter then, it says nothing.

    Raises:
        InvalidRefinement: `no-question`, `no-such-answer`, there is nothing to pick from.
    """
    asked, interview = interview.question, interview.answer()
    while asked is not None and _shows_some_of(asked, interview.question):
        interview = interview.answer()
    return interview


def _shows_some_of(asked: Question, question: Question | None) -> bool:
    """Whether a question asks the same of the others of one before it, and of nothing else."""
    if question is None or question.kind != "pick":
        return False
    if (question.list, question.condition) != (asked.list, asked.condition):
        return False
    records = {parse(path).index for path in question.concludes}
    return bool(records) and records <= {*asked.others}
