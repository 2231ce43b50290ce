"""What was said after an answer that is changed: it is said again only as it was meant.

Interviews are answered at random, one answer is changed, and whatever is then given again by itself
is held to what was chosen before: the same words, of the same records.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from attrs import evolve

from eligibility import AccountHistory, EligibilityError, InvalidRefinement
from eligibility.interview import Interview
from eligibility.interview.words import Words
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading

READINGS = list(every_reading())


def begun(rng: Random) -> Interview:
    """An interview about nothing, or about a few messages."""
    days = [
        f"{rng.randrange(2019, 2025)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02}"
        for _ in range(rng.choice([0, 0, 3, 5]))
    ]
    history = AccountHistory(account_id="F-1", messages=[{"sent_at": day} for day in days])
    return Interview.start(
        history,
        class_definition(rng.choice(READINGS)),
        supposing=rng.choice([None, AS_ALLEGED]),
        likely=["messages[0]"] if days and rng.random() < 0.5 else [],
    )


def said(rng: Random, interview: Interview) -> Interview:
    """The interview after some answer."""
    question = interview.question
    assert question is not None
    places = range(len(question.answers))
    try:
        if question.kind == "pick":
            picked = [at for at in places if rng.random() < 0.4]
            return interview.answer(*picked, rest=rng.random() < 0.7)
        if question.takes_date and (rng.random() < 0.4 or not places):
            return interview.date(f"{rng.randrange(2018, 2025)}-{rng.randrange(1, 13):02}")
        if places and rng.random() < 0.9:
            return interview.answer(rng.choice(places))
    except EligibilityError:
        pass  # it does not fit what was said before
    return interview.dont_know()


def meant(interview: Interview) -> Iterator[tuple[Any, ...]]:
    """Of each reply: the question, the words that were chosen and of what, and all there was."""
    then = [interview]
    while (before := then[-1].before) is not None:
        then.append(before)
    for earlier, reply in zip(reversed(then[1:]), interview.replies, strict=True):
        assert earlier.question is not None
        answers = earlier.question.answers
        chosen = [(answers[at].text, *answers[at].changes) for at in reply.chosen]
        is_of_all = earlier.question.kind == "pick" and reply.rest and not reply.dont_know
        offered = [(answer.text, *answer.changes) for answer in answers] if is_of_all else []
        yield reply.question, reply.text, chosen, reply.date, reply.dont_know, offered


@pytest.mark.parametrize("seed", range(12))
def test_what_is_said_again_is_what_was_meant(seed: int) -> None:
    rng = Random(f"changed answers {seed}")
    interview = begun(rng)
    while interview.question is not None and len(interview.replies) < 15:
        interview = said(rng, interview)
    before = list(meant(interview))
    for reply in rng.sample(interview.replies, min(3, len(interview.replies))):
        back = interview.change(reply.question)
        changed = said(rng, back)
        for again in list(meant(changed))[len(back.replies) + 1 :]:
            assert again in before
        assert Interview.from_json(changed.to_json(), interview.definition) == changed


def test_what_was_saved_is_taken_up_in_whatever_words_it_is_asked_by_now(monkeypatch) -> None:
    """It was refused with the next version that had a better word for Premium."""
    history = AccountHistory(account_id="F-1")
    begun = Interview.start(history, class_definition(), supposing=AS_ALLEGED)
    said = begun.answer(0).dont_know().date("2023").answer(0)
    saved, worded = said.to_json(), Words.of_list

    def reworded(self: Words, name: str) -> Any:
        words = worded(self, name)
        return evolve(words, asks_some=words.asks_some.replace("Did you", "Do you recall: did you"))

    monkeypatch.setattr(Words, "of_list", reworded)
    again = Interview.from_json(saved, said.definition)
    first = again.undo().undo().undo().undo().question
    assert first is not None
    assert first.text.startswith("Do you recall: did you have")
    assert again.history == said.history
    assert again.to_json() == saved  # what was asked then stays what was asked


def test_what_no_longer_fits_is_asked_again_and_the_rest_stays_kept() -> None:
    """Premium that began in 2023 did not end in 2019; what was said of InMails may fit later."""
    definition = class_definition(Reading.of(messages="sent", premium_when="messaged"))
    interview = Interview.start(AccountHistory(account_id="F-1"), definition)
    interview = interview.answer(0).dont_know().date("2024").date("2023-11").dont_know()
    changed = interview.change("premium[0].end").date("2019")
    assert changed.question is not None
    assert changed.question.id == "premium[0].start"
    kept = json.loads(changed.to_json())["kept"]
    assert [each["question"] for each in kept] == [interview.replies[-1].question]


@pytest.mark.parametrize("damage", [{"question": "premium.any.2"}, {"offered": "0" * 16}])
def test_a_reply_to_something_else_is_refused(damage: dict[str, str]) -> None:
    begun = Interview.start(AccountHistory(account_id="F-1"), class_definition())
    for said in (begun.answer(0), begun.dont_know()):
        data = json.loads(said.to_json())
        data["replies"][0] |= damage
        with pytest.raises(InvalidRefinement, match="another question"):
            Interview.from_json(json.dumps(data), begun.definition)


def test_however_long_an_interview_is_it_can_be_changed_and_taken_up_again() -> None:
    """Python goes no deeper than so many calls; of each of these InMails it is asked when."""
    months = (f"{year}-{month:02}" for year in range(2003, 2007) for month in range(1, 13))
    inmails = [{"inmail": True, "sent_at": f"{month}/2024"} for month in months]
    paid = [{"plan": "premium_career", "start": f"20{at:02}/2024"} for at in range(3, 20)]
    history = AccountHistory(account_id="F-1", messages=inmails, premium=paid)
    definition = class_definition(Reading.of(premium_when="messaged"))
    interview = Interview.start(history, definition)
    while interview.question is not None:
        interview = interview.answer(len(interview.question.answers) - 1)
    assert len(interview.replies) > 48
    deep = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 70)
    try:
        again = Interview.from_json(interview.to_json(), definition)
        changed = again.change(again.replies[0].question).reply(again.replies[0])
        assert (changed.replies, changed.progress) == (interview.replies, 1)
        assert changed.before is not None
        assert changed.before.progress < 1
    finally:
        sys.setrecursionlimit(deep)
