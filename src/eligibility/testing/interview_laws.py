"""One trial of each promise about interviews: they end, and ask only what can matter.

Somebody of a drawn world is interviewed, who knows a drawn part of what a claimant could know. Each
function says in words how its promise is broken, if it is; `laws` gives the promises their names.
"""

from collections.abc import Iterator
from typing import Any, Final

from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, parse, pattern, put_answer, value_at
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview, Question
from eligibility.interview.knowable import Knowable
from eligibility.testing.draw import st
from eligibility.testing.search import agreeing, outcomes
from eligibility.testing.strategies import worlds
from eligibility.testing.trial import Supposing, Trial, Words
from eligibility.testing.truthful import Truthful
from eligibility.values.truth import Status
from eligibility.verdict.record import evaluate, facts_under
from eligibility.verdict.relevance import relevant_facts

#: Nobody of a drawn world has so much to say.
MOST_QUESTIONS: Final = 100


def _drawn(trial: Trial) -> tuple[Truthful, Interview]:
    """Somebody to interview, and the interview before its first question.

    They are of a world of which it is so what the interview supposes, if it supposes anything.
    """
    definition, supposing = trial.definition, _supposed(trial)
    so = supposing and supposing.under(definition.reading)
    nothing = st.just(definition.model(account_id="A-1001"))
    histories = st.one_of(nothing, *outcomes(definition))
    history = trial.draw(agreeing(histories, so) if so else histories)
    world = trial.history = trial.draw(worlds(history, definition, supposing=supposing))
    unknown = trial.draw(st.sets(st.sampled_from(kinds(definition.model)), max_size=2))
    person = Truthful(world, definition, frozenset(unknown))
    begun = definition.model(account_id=world.account_id, time_zone=world.time_zone)
    return person, Interview.start(begun, definition, supposing=supposing)


def _supposed(trial: Trial) -> Supposition | None:
    """What the interview supposes: what decides supposes it as well, or may be asked to."""
    if isinstance(trial.decide, Supposing):
        return trial.decide.supposition
    return trial.draw(st.sampled_from([None, trial.supposing]))


def _status(trial: Trial, history: History, supposing: Supposition | None) -> Status:
    if supposing is None or isinstance(trial.decide, Supposing):
        return trial.status(history)
    return evaluate(history, trial.definition, supposing=supposing).status


def kinds(model: type[History]) -> list[str]:
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
    """By looking for what is asked among what can matter, and by saying, at the end, the rest."""
    person, interview = _drawn(trial)
    theirs = Knowable(trial.definition.model, interview.knower)
    for before, after in _steps(person, interview):
        question, interview = before.question, after
        assert question is not None  # noqa: S101 - there is one before each answer
        path = parse(question.path).pattern if question.path else complete_path(question.list or "")
        if not theirs.is_theirs(path):
            return f"It asks somebody who cannot know: {question.text}"
        if not _can_matter(before, question):
            return f"It asks for what can change nothing: {question.text}"
    world = trial.draw(worlds(interview.history, trial.definition, supposing=trial.under))
    known, supposing = _with_all(interview, world), interview.supposing
    ended, more = (_status(trial, each, supposing) for each in (interview.history, known))
    if more is not ended and supposing is None:
        return (
            f"It ends {ended.value}, and who is asked could still say what makes it {more.value}."
        )
    return None


def _can_matter(interview: Interview, question: Question) -> bool:
    """Whether some fact that a question asks for can change the status."""
    facts = facts_under(interview.definition, interview.history, interview.supposing)
    asked = {question.path} if question.path else {complete_path(question.list or "")}
    asked |= question.closes
    if _is_supposed(facts, question):
        return True  # what is supposed is asked for all the same, if it could be recorded otherwise

    def can_know(path: str) -> bool:
        at, known = parse(path), interview.knowable
        if path in asked:
            return True
        if at.is_complete:  # what they do not know of all the time, they may know of a part
            return known.records(at.field) or at.field in dict(known.doubted)
        return known.fact(at.name, at.index, at.field) if at.is_of_record else known.account(path)

    among = {parse(path).pattern for path in asked}.__contains__
    found = relevant_facts(facts, interview.definition, can_know, among)
    return any(fact.path in asked for fact in found)


def _is_supposed(facts: KnownHistory, question: Question) -> bool:
    supposed = facts.shape.lists[question.list].supposed if question.list else None
    return supposed is not None and supposed.is_complete


def _with_all(interview: Interview, world: History) -> History:
    """What was said in an interview, with all that could still be said, as it is in a world."""
    said, known, seen = interview.history, interview.knowable, shape(type(world))
    data: dict[str, Any] = said.model_dump(exclude_none=True)
    complete = list(data.get("complete", ()))
    for name, list_shape in seen.lists.items():
        records = data.setdefault(name, [])
        records = data[name] = [dict(record) for record in records]
        for index, record in enumerate(getattr(world, name)):
            is_more = index >= len(getattr(said, name))
            if is_more and not known.records(name):
                break
            records += [{}] if is_more else []
            for key in list_shape.facts:
                if known.fact(name, None if is_more else index, key):
                    records[index][key] = getattr(record, key)
        complete += [name] if known.records(name) and name not in complete else []
    for path in seen.yes_no:
        if known.account(path):
            put_answer(data, path, value_at(path, world))
    return type(world).model_validate({**data, "complete": complete})


def dont_know_is_final(trial: Trial) -> Words:
    """By looking for a question that was answered with 'I don't know' before."""
    person, interview = _drawn(trial)
    unknown: set[str] = set()
    for before, after in _steps(person, interview):
        question = before.question
        assert question is not None  # noqa: S101 - as above
        # of one more record it may be asked again, but in a shorter time
        asked = {question.text} if question.kind == "any" else {question.id, *question.closes}
        if unknown & asked:
            return f"It asks again what is not known: {question.text}"
        if after.replies[-1].dont_know:
            unknown |= asked
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
    said, known = (_status(trial, each, supposing) for each in (interview.history, person.known))
    if interview.verdict.status is not said:
        return f"It ends {interview.verdict.status.value}; evaluated, it is {said.value}."
    if known is not Status.INDETERMINATE and known is not said:
        return f"It ends {said.value}; of all that the person knows, it is {known.value}."
    return None
