"""What does not fit the question, in plain words, at the field where it was said.

The errors of the library speak to whoever programs with it; these speak to whoever is asked.
"""

from collections.abc import Iterator

from eligibility.errors import EligibilityError, InvalidMoment
from eligibility.interview import Question
from eligibility.interview.plain_words import refused
from eligibility.interview.said_dates import in_notation, is_about
from eligibility.interview.transcript import shortened
from eligibility.interview.vague_dates import is_endless, suggested, suggested_one
from eligibility.values.moment import Moment
from eligibility.web.screens.fields import Sent
from eligibility.web.screens.forms import Wrong

_BOTH = "Type the earliest and the latest date that it can have been."
UNKNOWN = "If you do not know, press “I don't know”."


def wrong_dates(sent: Sent, question: Question, zone: str) -> Iterator[Wrong]:
    """What is wrong with the dates that were typed, each at its own field."""
    bounds = {}
    for name in ("date", "earliest", "latest"):
        if not (typed := sent.one(name)):
            continue
        if name == "date" and is_endless(typed):
            continue  # whether it can be said here, the interview knows
        is_rough = name == "date" and question.none_of is None and is_about(typed)
        if is_rough:  # the other two fields say how far off it may be
            if not (sent.one("earliest") or sent.one("latest")):
                yield Wrong("earliest", _how_far_off(typed), asks=True)
            continue
        try:
            if name != "date" and "/" in in_notation(typed):
                yield Wrong(
                    name, f"“{shortened(typed)}” is more than one date. Type one date here."
                )
                continue
            bounds[name] = Moment.parse(in_notation(typed), zone)
        except InvalidMoment as error:
            one = suggested_one(typed, last=name == "latest") if name != "date" else None
            like = f"Type one date here. Instead of “{shortened(typed)}”, for example: {one}."
            yield Wrong(name, like if one else f"{refused(error, typed, question)} {UNKNOWN}")
    first, last = bounds.get("earliest"), bounds.get("latest")
    if first and last and first.earliest > last.latest:
        words = f"“{sent.one('latest')}” is earlier than “{sent.one('earliest')}”."
        yield Wrong("latest", f"{words} Type the earlier date first.")
    if ("date" in bounds or is_endless(sent.one("date"))) and (first or last):
        words = "You typed a date, and dates that it lies between. Leave one of them empty."
        yield Wrong("date", words)


def _how_far_off(typed: str) -> str:
    """What is asked of whoever said about when it was."""
    between = suggested(typed)
    or_so = f" Or type both as the date, such as: {between}." if between else ""
    return f"How far off may “{shortened(typed)}” be? {_BOTH}{or_so}"


def example(question: Question) -> str:
    """How a date is written."""
    return f"Write it like this: {question.example or 'March 2021'}. A year alone will do."


def misfit(error: EligibilityError, question: Question, sent: Sent) -> Wrong:
    """Why an answer that can be read does not fit, at the field that it was given in."""
    at = "date" if question.takes_date else "tick" if question.takes_several else "answer"
    if isinstance(error, InvalidMoment):
        words = refused(error, sent.one("date"), question)
        return Wrong("date", f"{words} {UNKNOWN}")
    if any(each.code == "not-a-refinement" for each in error.problems):
        at = next((name for name in ("date", "earliest", "latest") if sent.one(name)), at)
        otherwise = "Say something else here, or change an earlier answer in the list below."
        return Wrong(at, f"{refused(error, '', question)} {otherwise}")
    return missing(question)


def missing(question: Question) -> Wrong:
    """That nothing was said which answers the question."""
    if question.takes_several:
        return Wrong("tick", f"Nothing is ticked. Tick what is so. {UNKNOWN}")
    if question.takes_date and not question.answers:
        return Wrong("date", f"No date was typed. {example(question)} {UNKNOWN}")
    if question.takes_date:
        return Wrong("date", f"Type a date, or choose one of the answers. {UNKNOWN}")
    return Wrong("answer", f"Choose one of the answers. {UNKNOWN}")
