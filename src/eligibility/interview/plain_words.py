"""What follows from an interview, and what does not fit, as it is said to whoever was asked.

The errors of the library speak to whoever programs with it, and a verdict to whoever checks it.
"""

from typing import Final

from eligibility.errors import EligibilityError, InvalidMoment
from eligibility.interview.question import Question
from eligibility.interview.second_person import said_to_you
from eligibility.interview.since_when import which_is_meant
from eligibility.interview.transcript import shortened
from eligibility.interview.unclear_dates import lacking
from eligibility.interview.vague_dates import is_unknown, put_right, suggested
from eligibility.values.english import counted, sentence
from eligibility.values.truth import Status, Truth
from eligibility.verdict.record import Verdict

_FITS: Final = {
    Status.ELIGIBLE: "What you said fits the description.",
    Status.INELIGIBLE: "What you said does not fit the description.",
    Status.INDETERMINATE: "It is open whether you fit the description.",
}
_WOULD_FIT: Final = {
    Status.ELIGIBLE: "If what is alleged were so, you would fit the description.",
    Status.INELIGIBLE: "Even if what is alleged were so, you would not fit the description.",
    Status.INDETERMINATE: (
        "Even if what is alleged were so, it would stay open whether you fit the description."
    ),
}
_MEANS: Final = {
    Status.ELIGIBLE: "Your answers meet every point of it. That is all it means.",
    Status.INELIGIBLE: "At least one point of it is not met, whatever else is so.",
    Status.INDETERMINATE: "What is known does not decide it. It is neither a yes nor a no.",
}


#: Of many reasons, so many are said.
_MOST_REASONS: Final = 6


def headline(verdict: Verdict) -> str:
    """Whether they fit the description, in one sentence."""
    return (_WOULD_FIT if verdict.supposing else _FITS)[verdict.status]


def meaning(verdict: Verdict) -> str:
    """What the headline means, and no more."""
    return _MEANS[verdict.status]


def why(verdict: Verdict) -> tuple[str, ...]:
    """The reasons, said to whoever was asked, in days; of many the first few.

    Of what is open only what it is: who could know it, `Interview.open_sentences` says.
    """
    model, reasons = type(verdict.history), verdict.reasons_in_days
    if verdict.status is Status.INDETERMINATE:
        step = next(each for each in verdict.definition.steps if each.id == reasons[0].code)
        return (said_to_you(sentence(step.sentence(Truth.UNKNOWN)), model),)
    said = [said_to_you(reason.text, model) for reason in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        more = len(reasons) - _MOST_REASONS
        there = "There is" if more == 1 else "There are"
        said.append(f"{there} {counted(more, 'more reason')} like these.")
    return tuple(said)


def unreadable(error: EligibilityError, typed: str, example: str) -> str:
    """Why a text is no date that can be read, and how to write one, as in an example."""
    codes = {each.code for each in error.problems}
    shown = shortened(typed)
    if "moment-calendar" in codes:
        return f"There is no such day as “{shown}”. Please check it."
    if "moment-range" in codes:
        return f"“{shown}” is not between the years 1900 and 2200. Please check it."
    if "moment-order" in codes:
        return f"“{shown}” ends before it begins. Write the earlier date first."
    if right := put_right(typed):
        return f"We cannot read “{shown}” as a date. Did you mean {right}? Then write it like that."
    if between := suggested(typed):
        like = f"Instead of “{shown}”, for example: {between}."
        return f"Write the dates that you are sure of. {like}"
    if is_unknown(typed):
        return f"“{shown}” is no date. If you do not know when it was, choose “I don't know”."
    if lacks := lacking(typed):
        return f"We cannot read “{shown}” as a date. {lacks}"
    how = f"Write it like this: {example or 'March 2021'}. A year alone will do."
    unsure = "If you are not sure, write between which dates: May to August 2021."
    return f"We cannot read “{shown}” as a date. {how} {unsure}"


def refused(error: EligibilityError, typed: str, question: Question) -> str:
    """Why what was said to a question is no answer to it, in words for whoever said it."""
    if isinstance(error, InvalidMoment):
        is_open = any(each.code == "moment-notation" for each in error.problems)
        if question.none_of is not None and is_open and not is_unknown(typed):
            how = "before 2020, after May 2021, or 4 May 2019 to 6 June 2021"
            return f"We cannot tell which time “{shortened(typed)}” is. Write it like this: {how}."
        meant = which_is_meant(typed, question, shortened(typed))
        return meant or unreadable(error, typed, question.example)
    if any(each.code == "not-a-refinement" for each in error.problems):
        return error.problems[0].message
    return "Choose one of the answers." if question.answers else "Type when it was."
