"""The questions of an interview, one after the other, at the prompts of a terminal.

An interview comes in; after every answer the next one goes out, until it has ended.
"""

from collections.abc import Iterator
from typing import Final

from eligibility.cli import terminal as show
from eligibility.cli.prompts import choose, tick, type_text
from eligibility.errors import EligibilityError, InvalidMoment
from eligibility.interview import Interview, Question
from eligibility.interview.none_of_all import none_of_all
from eligibility.interview.plain_words import refused
from eligibility.interview.transcript import NONE, in_short, said_so_far
from eligibility.text.section import Section

#: What is chosen instead of an answer.
_DONT_KNOW: Final = "I don't know"
_BACK: Final = "Go back to the question before"
_CHANGE: Final = "Change an earlier answer"
_DATE: Final = "I will type when"
_AGAIN: Final = "Let me tick again"
_OTHERWISE: Final = "Say something else here, or go back."


def asked(interview: Interview) -> Iterator[Interview]:
    """The interview after each answer, until it has ended."""
    helped: set[str] = set()
    while (question := interview.question) is not None:
        screen = show.console()
        if question.help not in {*helped, ""}:
            topic = f"{question.topic} ({round(interview.progress * 100)}% done)"
            show.show(screen, [Section(topic, tuple(question.help.splitlines()))])
        helped.add(question.help)
        try:
            interview = _after(interview, question)
        except EligibilityError as error:
            words = f"{refused(error, '', question)} {_OTHERWISE}"
            show.show(screen, [Section("", (words,))])
        else:
            yield interview


def changed(interview: Interview) -> Interview:
    """The interview at an earlier question that is chosen, or as it is."""
    said = list(said_so_far(interview))
    rows: list[tuple[str, int]] = [(f"{s.asked} {s.said}", at) for at, s in enumerate(said)]
    chosen = choose("Which answer?", [*rows, ("None: leave them as they are", -1)])
    return interview if chosen < 0 else interview.change(said[chosen].question, said[chosen].time)


def _after(interview: Interview, question: Question) -> Interview:
    """The interview after one question."""
    if question.takes_several:
        return _ticked(interview, question)
    answers: list[tuple[str, int | str]] = [(a.text, at) for at, a in enumerate(question.answers)]
    date: list[tuple[str, int | str]] = [(_DATE, _DATE)] if question.takes_date else []
    chosen = choose(question.text, [*date, *answers, *_others(interview)])
    if isinstance(chosen, int):
        return interview.answer(chosen)
    return _typed(interview, question) if chosen == _DATE else _other(interview, chosen)


def _others(interview: Interview) -> list[tuple[str, int | str]]:
    """What can be chosen at every question."""
    count = len(interview.replies)
    words = [_DONT_KNOW, *([_BACK] if count else []), *([_CHANGE] if count > 1 else [])]
    return [(each, each) for each in words]


def _other(interview: Interview, chosen: int | str) -> Interview:
    if chosen == _DONT_KNOW:
        return interview.dont_know()
    return interview.undo() if chosen == _BACK else changed(interview)


def _typed(interview: Interview, question: Question) -> Interview:
    """The interview after a date that is typed; as it is, if nothing is."""
    words = "Type when, as exactly as you know. For example: "
    words += question.example or "March 2021"
    while typed := type_text(words):
        try:
            return interview.date(typed)
        except InvalidMoment as error:
            why = f"{refused(error, typed, question)} Or press Enter to choose."
            show.show(show.console(), [Section("", (why,))])
    return interview


def _ticked(interview: Interview, question: Question) -> Interview:
    """The interview after several answers; with none, it is asked what that means."""
    picks = question.kind == "pick"
    while True:
        ticked = tick(question.text, [(a.text, at) for at, a in enumerate(question.answers)])
        named = in_short([question.answers[at].text for at in ticked]) if ticked else ""
        show.show(show.console(), [Section(f"? {question.text}", (named,))])
        if ticked and picks and len(ticked) < len(question.answers):
            sure = "None of the others was so", "I am not sure about the others"
            rest = choose("And the others?", [(sure[0], True), (sure[1], False)])
            return interview.answer(*ticked, rest=rest)
        if ticked:
            return interview.answer(*ticked)
        of_all = f"None of all {len(question.answers) + len(question.others):,}"
        none = [NONE] * picks + [of_all] * bool(question.others)
        nothing = [(each, each) for each in (*none, _AGAIN)]
        chosen = choose("Nothing is ticked.", [*nothing, *_others(interview)])
        if chosen in none:
            return interview.answer() if chosen == NONE else none_of_all(interview)
        if chosen != _AGAIN:
            return _other(interview, chosen)
