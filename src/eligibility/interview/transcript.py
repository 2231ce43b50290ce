"""What was asked and said so far, in words: for a list of answers, each of which can be changed.

An interview comes in; for each reply the question and the answer go out, as whoever was asked would
read them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from eligibility.errors import EligibilityError, printable
from eligibility.interview.question import Question
from eligibility.interview.reply import Reply
from eligibility.interview.said_dates import in_notation
from eligibility.interview.session import Interview
from eligibility.interview.vague_dates import read_stretch
from eligibility.values.date_words import Dates
from eligibility.values.moment import Moment

#: What says that none was picked.
NONE: Final = "None of these"
#: How many of the records that were picked are named.
_MOST_NAMED: Final = 3
#: Longer texts that were typed are cut.
_MOST_SHOWN: Final = 40


@frozen
class Said:
    """One question that was asked, and what was said.

    `question` and `time` are what `Interview.change` takes to ask it again.
    """

    asked: str
    said: str
    question: str
    time: int


def said_so_far(interview: Interview) -> Iterator[Said]:
    """All that was asked and said, in order.

    Where none of several lists of the same was picked, one after the other, it is said once.
    """
    then = [interview]  # and as it was before each reply, the latest first
    while (before := then[-1].before) is not None:
        then.append(before)
    asked, shown = Counter[str](), ("", "")
    for earlier, reply in zip(reversed(then[1:]), interview.replies, strict=True):
        asked[reply.question] += 1  # a moment may be asked for twice
        words = _answered(earlier.question, reply, interview.start_history.time_zone)
        # the words are those of the file that it was taken up from, whoever wrote that
        if (reply.text, words) != shown or words != NONE:
            yield Said(printable(reply.text), words, reply.question, asked[reply.question])
        shown = reply.text, words


def _answered(question: Question | None, reply: Reply, zone: str) -> str:
    """What was said, in the words of the answers."""
    if reply.dont_know or question is None:
        return "I don't know"
    if reply.date is not None and question.none_of is not None:
        taken = read_stretch(reply.date, zone)  # it may be less than somebody thinks
        return Dates(zone).when(taken.earliest, taken.latest)
    if reply.date is not None:
        return date_words(reply.date, zone)
    words = in_short([question.answers[at].text for at in reply.chosen])
    return words + ("" if reply.rest else "; not sure about the others")


def in_short(named: Sequence[str]) -> str:
    """What was picked, of many the first few.

    >>> in_short(["the first", "the second"]), in_short([])
    ('the first; the second', 'None of these')
    """
    more = f" and {len(named) - _MOST_NAMED:,} more" if len(named) > _MOST_NAMED else ""
    return f"{'; '.join(named[:_MOST_NAMED]) or NONE}{more}"


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
