"""What was asked and said so far, each with a button to say something else."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from eligibility.errors import EligibilityError
from eligibility.interview import Interview, Question, Reply
from eligibility.interview.said_dates import in_notation
from eligibility.text.markup import Html, tag
from eligibility.values.date_words import Dates
from eligibility.values.moment import Moment
from eligibility.web.screens.forms import button

#: How many of the records that were picked are named.
_MOST_NAMED: Final = 3
#: Longer texts that were typed are cut.
_MOST_SHOWN: Final = 40


@frozen
class Said:
    """One question that was asked, what was said, and how the button `Change` names it."""

    asked: str
    said: str
    name: str


def said_so_far(interview: Interview) -> Iterator[Said]:
    """All that was asked and said, in order."""
    then = [interview]  # and as it was before each reply, the latest first
    while (before := then[-1].before) is not None:
        then.append(before)
    asked = Counter[str]()
    for earlier, reply in zip(reversed(then[1:]), interview.replies, strict=True):
        asked[reply.question] += 1  # a moment may be asked for twice
        words = _answered(earlier.question, reply, interview.start_history.time_zone)
        yield Said(reply.text, words, f"{reply.question}#{asked[reply.question]}")


def answers_part(interview: Interview) -> Html:
    """The list of answers; each button says, to those who hear it alone, what it changes."""
    rows = []
    for each in said_so_far(interview):
        about = tag("span", f": {each.asked}", class_="unseen")
        change = tag("button", "Change", about, type="submit", name="change", value=each.name)
        inside = tag("dt", each.asked), tag("dd", each.said), tag("dd", change, class_="act")
        rows.append(tag("div", *inside))
    words = "What you said after a changed answer stays, wherever the same is asked again."
    return tag("div", tag("dl", *rows, class_="answers"), tag("p", words, class_="hint"))


def back_button(interview: Interview) -> list[Html]:
    """The button that takes the last answer back, if there is one."""
    return [button("Back", "back", "plain")] if interview.replies else []


def _answered(question: Question | None, reply: Reply, zone: str) -> str:
    """What was said, in the words of the answers."""
    if reply.dont_know or question is None:
        return "I don't know"
    if reply.date is not None:
        return date_words(reply.date, zone)
    named = [question.answers[at].text for at in reply.chosen]
    more = f" and {len(named) - _MOST_NAMED:,} more" if len(named) > _MOST_NAMED else ""
    words = "; ".join(named[:_MOST_NAMED]) or "None of these"
    return f"{words}{more}" + ("" if reply.rest else "; not sure about the others")


def date_words(typed: str, zone: str) -> str:
    """A date as it was typed; of bounds in the notation, what they mean.

    >>> date_words("March 2021", "UTC"), date_words("2021/2022", "UTC")
    ('March 2021', 'between 1 January 2021 and 31 December 2022')
    """
    if typed.strip() == "..":
        return "It has not ended"
    if "/" not in typed:
        return shortened(typed)
    try:
        moment = Moment.parse(in_notation(typed), zone)
    except EligibilityError:
        return shortened(typed)
    return Dates(zone).when(moment.earliest, moment.latest)


def shortened(typed: str) -> str:
    """What was typed, no longer than anybody types a date."""
    typed = typed.strip()
    return typed if len(typed) <= _MOST_SHOWN else f"{typed[:_MOST_SHOWN]}…"
