"""'None of all': said at once of all records to pick from, of which a question shows the first."""

from collections.abc import Collection

from eligibility.facts.paths import fact_path, parse
from eligibility.interview.session import Interview


def none_of_all(interview: Interview) -> Interview:
    """The interview after 'none of these', said of a question, and of its others where they come.

    It is one reply to each question that asks about them, as if they had been gone through. Of a
    record that was not among them, since it did not matter then, it says nothing.

    Raises:
        InvalidRefinement: `no-question`, `no-such-answer`, there is nothing to pick from.
    """
    asked, interview = interview.question, interview.answer()
    assert asked is not None  # noqa: S101 - or there was nothing to answer
    keys = asked.condition or ()
    others = {fact_path(asked.list or "", at, key) for key in keys for at in asked.others}
    while (chosen := _none(interview, others)) is not None:
        interview = interview.answer(*chosen)
    return interview


def _none(interview: Interview, others: Collection[str]) -> tuple[int, ...] | None:
    """What says 'no' to a question about some of these facts alone; None if it asks for others.

    The last one of many is asked about by itself.
    """
    question = interview.question
    if question is None or not question.concludes or not question.concludes.issubset(others):
        return None
    if question.path is None:
        return ()
    wanted = interview.definition.normal_form.wanted(parse(question.path).field)
    said = [answer.changes[question.path] for answer in question.answers]
    return tuple(at for at, values in enumerate(said) if wanted.isdisjoint(values)) or None
