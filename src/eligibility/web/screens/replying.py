"""What somebody said to a question, by the form of its screen: the interview after that.

A form comes in; another interview goes out, or what is wrong with the form, field by field.
"""

from typing import TypeAlias

from eligibility.errors import EligibilityError, InvalidRefinement, Problem
from eligibility.interview import Interview, Question
from eligibility.interview.none_of_all import none_of_all
from eligibility.interview.said_dates import in_notation, is_about
from eligibility.web.screens.answers import SAID
from eligibility.web.screens.fields import NOTHING, Sent, place
from eligibility.web.screens.forms import Wrong
from eligibility.web.screens.frame import ABOUT
from eligibility.web.screens.picking import marks_of_the_rest, of_the_rest
from eligibility.web.screens.wrong import misfit, missing, wrong_dates

#: The value by which a date of one's own is chosen among other answers.
DATE = "date"
After: TypeAlias = Interview | tuple[Wrong, ...]
_DATES = ("date", "earliest", "latest")


def replied(interview: Interview, sent: Sent) -> After:
    """The interview after a button of a question's screen was pressed."""
    try:
        return _pressed(interview, sent)
    except EligibilityError as error:
        question = interview.question
        if question is not None and not sent.one("change"):
            return (misfit(error, question, sent),)
        words = "That cannot be changed any more. Choose one of the answers in the list."
        return (Wrong(SAID if interview.replies else ABOUT, words),)


def _pressed(interview: Interview, sent: Sent) -> After:
    if changed := sent.one("change"):
        asked, _, time = changed.rpartition("#")
        return interview.change(asked, place(time))
    match sent.one("do"):
        case "back":
            return interview.undo()
        case "unknown":
            return interview.dont_know()
        case "none":
            return interview.answer()
        case "none-of-all":
            return none_of_all(interview)
    if interview.question is None:
        words = "Every question is answered."
        raise InvalidRefinement([Problem("no-question", "", words, "Change an answer.")])
    if interview.question.takes_date:
        return _date_or_answer(interview, interview.question, sent)
    return _answered(interview, interview.question, sent)


def without_old_date(sent: Sent, stood: Sent) -> Sent:
    """What is sent, without a date that stood there already, if another answer is chosen instead.

    Whoever goes back finds the date that they said, and may now choose an answer.
    """
    is_other = sent.one("answer") not in ("", DATE) and stood.one("answer") == DATE
    if not is_other or any(sent.one(name) != stood.one(name) for name in _DATES):
        return sent
    return Sent({name: each for name, each in sent.fields.items() if name not in _DATES})


def said_there(before: Interview, after: Interview) -> Sent:
    """The form as somebody sent it who has gone back to its question; else an empty one."""
    question, place_of = after.question, len(after.replies)
    if question is None or place_of >= len(before.replies):
        return NOTHING
    reply = before.replies[place_of]
    if reply.dont_know or not question.is_meant_by(reply):
        return NOTHING
    if reply.date is not None:
        return Sent({"answer": (DATE,), **_dates_of(question, reply.date)})
    name = "tick" if question.takes_several else "answer"
    fields = {name: tuple(map(str, reply.chosen))}
    return Sent(fields | dict.fromkeys(marks_of_the_rest(question, rest=reply.rest), ("yes",)))


def _dates_of(question: Question, date: str) -> dict[str, tuple[str, ...]]:
    """A date in its field, or the two that it lies between in theirs."""
    if question.none_of is not None or "/" not in date or in_notation(date) != date:
        return {"date": (date,)}
    bounds = zip(("earliest", "latest"), date.split("/"), strict=True)
    return {name: (each,) for name, each in bounds if each != ".."}


def _answered(interview: Interview, question: Question, sent: Sent) -> After:
    name = "tick" if question.takes_several else "answer"
    places = [place(text) for text in sent.all(name)]
    if not places:
        return (missing(question),)
    return interview.answer(*places, rest=of_the_rest(question, sent))


def _date_or_answer(interview: Interview, question: Question, sent: Sent) -> After:
    chosen, typed = sent.one("answer"), any(map(sent.one, _DATES))
    if chosen and chosen != DATE:
        if not typed:
            return _answered(interview, question, sent)
        words = "You typed a date, and chose another answer. Keep one of the two."
        return (Wrong("date", words),)
    if wrong := tuple(wrong_dates(sent, question, interview.start_history.time_zone)):
        return wrong
    return interview.date(_date_of(sent, question)) if typed else (missing(question),)


def _date_of(sent: Sent, question: Question) -> str:
    """The date that was typed, or the two that it lies between, in the notation."""
    date = sent.one("date")
    if question.none_of is not None or (date and not is_about(date)):
        return date
    return "/".join(in_notation(sent.one(name)) or ".." for name in ("earliest", "latest"))
