"""One trial of each promise about interviews: they end, and ask only what can matter.

Somebody of a drawn world is interviewed, who knows a drawn part of what a claimant could know. Each
function says in words how its promise is broken, if it is; `laws` gives the promises their names.
"""

from collections.abc import Iterator
from typing import Final

from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, parse, pattern
from eligibility.facts.shape import shape
from eligibility.interview import Interview
from eligibility.interview.knowable import Knowable
from eligibility.testing.draw import st
from eligibility.testing.strategies import worlds
from eligibility.testing.trial import Trial, Words
from eligibility.testing.truthful import Truthful
from eligibility.values.truth import Status

#: Nobody of a drawn world has so much to say.
MOST_QUESTIONS: Final = 100


def _drawn(trial: Trial) -> tuple[Truthful, Interview]:
    """Somebody to interview, and the interview before its first question."""
    model = trial.definition.model
    nothing = model(account_id="A-1001")
    world = trial.draw(worlds(nothing, trial.definition))
    trial.history = world
    unknown = trial.draw(st.sets(st.sampled_from(_kinds(model)), max_size=2))
    person = Truthful(world, trial.definition, frozenset(unknown))
    supposing = trial.draw(st.sampled_from([None, trial.supposing]))
    return person, Interview.start(nothing, trial.definition, supposing=supposing)


def _kinds(model: type[History]) -> list[str]:
    """The kinds of facts that a history of a model has."""
    seen = shape(model)
    of_records = [pattern(name, key) for name, each in seen.lists.items() for key in each.facts]
    return [*of_records, *map(complete_path, seen.lists), *seen.yes_no]


def _steps(person: Truthful, interview: Interview) -> Iterator[tuple[Interview, Interview]]:
    """The interview before and after each answer, as far as a person would go."""
    for _ in range(MOST_QUESTIONS):
        if interview.question is None:
            return
        after = person.reply(interview)
        yield interview, after
        interview = after


def interview_ends(trial: Trial) -> Words:
    """By interviewing somebody to the end; its progress never goes back."""
    person, interview = _drawn(trial)
    for before, after in _steps(person, interview):
        if after.progress < before.progress:
            return f"Its progress went back from {before.progress} to {after.progress}."
        interview = after
    return None if interview.question is None else f"It asked {MOST_QUESTIONS} questions."


def asks_what_can_matter(trial: Trial) -> Words:
    """By looking at whom each question is put to, and that its answers are different news."""
    person, interview = _drawn(trial)
    theirs = Knowable(trial.definition.model, interview.knower)
    for before, _ in _steps(person, interview):
        question = before.question
        assert question is not None  # noqa: S101 - there is one before each answer
        path = parse(question.path).pattern if question.path else complete_path(question.list or "")
        if not theirs.is_theirs(path):
            return f"It asks somebody who cannot know: {question.text}"
        if len({str(dict(answer.changes)) for answer in question.answers}) == 1:
            return f"It has one answer only: {question.text}"
    return None


def dont_know_is_final(trial: Trial) -> Words:
    """By looking for a question that was answered with 'I don't know' before."""
    person, interview = _drawn(trial)
    unknown: set[str] = set()
    for before, after in _steps(person, interview):
        question = before.question
        assert question is not None  # noqa: S101 - as above
        if unknown & question.closes:
            return f"It asks again what is not known: {question.text}"
        if after.replies[-1].dont_know:
            unknown |= question.closes
    return None


def undo_is_never_said(trial: Trial) -> Words:
    """By taking back one answer, and by saving and taking up what is left."""
    person, interview = _drawn(trial)
    for before, after in _steps(person, interview):
        back = after.undo()
        if back != before or back.question != before.question or back.history != before.history:
            return "An answer that is taken back leaves a trace."
        again = Interview.from_json(after.to_json(), trial.definition)
        if again != after or again.history != after.history:
            return "An interview that is saved and taken up again is another."
    return None


def ends_in_evaluate(trial: Trial) -> Words:
    """By evaluating, with whatever decides, all that the person knows."""
    person, interview = _drawn(trial)
    supposing = interview.supposing
    for _, after in _steps(person, interview):
        interview = after
    if supposing is not None:
        return None if interview.verdict.supposing == supposing else "It supposes something else."
    said, known = trial.status(interview.history), trial.status(person.known)
    if interview.verdict.status is not said:
        return f"It ends {interview.verdict.status.value}; evaluated, it is {said.value}."
    if known is not Status.INDETERMINATE and known is not said:
        return f"It ends {said.value}; of all that the person knows, it is {known.value}."
    return None
