"""One trial of each promise: what is drawn, what is asked, and what would break the promise.

A trial draws a history and what else it takes, asks for verdicts, and says in words how the promise
is broken, if it is. What a definition means is taken from `worlds`, never from the verdict that is
on trial. `laws` gives the promises their names and runs the trials.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from eligibility.audit.worlds import clauses_met, in_class
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InconsistentHistory
from eligibility.facts.model import History
from eligibility.facts.read import read_history
from eligibility.facts.refinement import forget, refine, refines
from eligibility.testing.draw import st
from eligibility.testing.known import (
    as_others_know,
    at_edges,
    every_fact,
    moments_of,
    spoken_of,
    stated,
    transplanted,
)
from eligibility.testing.search import agrees, contradictions, finer, remnants, shuffles
from eligibility.testing.strategies import inconsistent as inconsistent_histories
from eligibility.testing.strategies import worlds
from eligibility.testing.trial import Trial, Words, compact
from eligibility.values.truth import Status, Truth
from eligibility.verdict import record
from eligibility.verdict.record import Verdict

DECIDED: Final = (Status.ELIGIBLE, Status.INELIGIBLE)


# ---- in worlds ---------------------------------------------------------------------------------


def exact(trial: Trial) -> Words:
    """In drawn worlds, clause by clause, of the history and of both witnesses."""
    history, whole = trial.given(), trial.definition
    count = trial.draw(st.integers(1, len(whole.steps)))
    verdict, part = trial.decide(history, whole), trial.decide(history, first_steps(whole, count))
    last = Status.of(verdict.clauses[-1].truth)
    if last is not verdict.status:
        return f"It says {verdict.status.value}, though {last.value} of the last clause."
    claimed = Status.of(verdict.clauses[count - 1].truth)
    if verdict.exact and part.exact and claimed is not part.status:
        return (
            f"It says {claimed.value} of `{whole.steps[count - 1].id}` with all before it, and "
            f"{part.status.value} where these are the whole definition."
        )
    return _refuted(trial, verdict) or _refuted(trial, part) or _refuted_at_edges(trial, history)


def first_steps(definition: ClassDefinition, count: int) -> ClassDefinition:
    """The definition as if it ended after so many clauses and exclusions, at least one."""
    kept = definition.exclusions[: max(0, count - len(definition.clauses))]
    return evolve(definition, clauses=definition.clauses[:count], exclusions=kept)


def _refuted(trial: Trial, verdict: Verdict) -> Words:
    """How a drawn world contradicts a verdict, or one of its two witnesses."""
    definition = verdict.definition
    world = trial.world(verdict.history)
    for clause, is_met in zip(verdict.clauses, clauses_met(world, definition), strict=True):
        if not _allows(clause.truth, is_met):
            return (
                f"It says {clause.truth.word} of `{clause.id}` with all before it; "
                f"in this world of the history it is {Truth.of(is_met).word}: {compact(world)}"
            )
    if verdict.status is not Status.INDETERMINATE:
        return None
    for status, witness in _witnesses(verdict):
        if witness is None:
            if verdict.exact:
                return f"It says indeterminate, with no witness that would be {status.value}."
            continue
        world = trial.draw(worlds(witness, definition))
        if in_class(world, definition) is not (status is Status.ELIGIBLE):
            return (
                f"Its witness, {compact(witness)}, is not {status.value} "
                f"in this world: {compact(world)}"
            )
        if not trial.agrees(trial.world(witness)):
            return f"Its witness, {compact(witness)}, contradicts what is supposed."
    return None


def _refuted_at_edges(trial: Trial, history: History) -> Words:
    """How it is wrong about a world in which one moment is just in the class, or just out."""
    definition = trial.definition
    world = trial.world(history)
    moments = moments_of(world, definition) if in_class(world, definition) else ()
    path = trial.draw(st.sampled_from(moments)) if moments else ""
    for moved in at_edges(world, path, definition) if moments else ():
        said = trial.status(moved)
        is_so = Status.ELIGIBLE if in_class(moved, definition) else Status.INELIGIBLE
        if said is not is_so:
            trial.history = moved
            return f"It says {said.value}; with nothing left open it is {is_so.value}."
    return None


def _allows(truth: Truth, is_so: bool) -> bool:  # noqa: FBT001 - what is so is the argument
    return truth.possibly if is_so else not truth.surely


def _witnesses(verdict: Verdict) -> Iterator[tuple[Status, History | None]]:
    found = verdict.scenarios
    yield Status.ELIGIBLE, found.eligible_if if found else None
    yield Status.INELIGIBLE, found.ineligible_if if found else None


def witnessed(trial: Trial) -> Words:
    """By refining, writing, reading and deciding each witness."""
    history = trial.given()
    verdict = trial.decide(history, trial.definition)
    if verdict.status is not Status.INDETERMINATE:
        is_open = f"It says {verdict.status.value}, and yet has witnesses."
        return is_open if verdict.scenarios else None
    for status, witness in _witnesses(verdict):
        if witness is None:
            if verdict.exact:
                return f"It says indeterminate, with no witness that would be {status.value}."
            continue
        if not refines(witness, history):
            return f"Its witness does not refine the history: {compact(witness)}"
        if read_history(witness.model_dump_json(), type(history)) != witness:
            return f"Its witness, written and read again, is another: {compact(witness)}"
        found = trial.status(witness)
        if found is not status:
            return f"Its witness of {status.value} is {found.value}: {compact(witness)}"
    return None


# ---- knowing more, and less --------------------------------------------------------------------


def monotone(trial: Trial) -> Words:
    """By deciding a refinement."""
    history = trial.given()
    before = trial.status(history)
    more = trial.draw(finer(history, trial.definition, trial.under))
    after = trial.status(more)
    if before in DECIDED and after is not before:
        return f"It says {before.value}; once this is known, {after.value}: {compact(more)}"
    return None


def forgetting(trial: Trial) -> Words:
    """By deciding without some facts."""
    history = trial.given()
    before = trial.status(history)
    left = trial.draw(remnants(history))
    after = trial.status(left)
    if before in DECIDED and after not in (before, Status.INDETERMINATE):
        return f"It says {before.value}; of what is left of it, {after.value}: {compact(left)}"
    return None


def order_free(trial: Trial) -> Words:
    """By shuffling lists, clauses and exclusions."""
    history, definition = trial.given(), trial.definition
    before = trial.status(history)
    shuffled = trial.draw(shuffles(history))
    after = trial.status(shuffled)
    if after is not before:
        return f"It says {before.value}; in this order, {after.value}: {compact(shuffled)}"
    mixed = evolve(
        definition,
        clauses=trial.draw(st.permutations(definition.clauses).map(tuple)),
        exclusions=trial.draw(st.permutations(definition.exclusions).map(tuple)),
    )
    after = trial.status(history, mixed)
    if after is not before:
        order = ", ".join(step.id for step in mixed.steps)
        return f"It says {before.value}; with the clauses in the order {order}, {after.value}."
    return None


# ---- why, and what else ------------------------------------------------------------------------


def reasons_suffice(trial: Trial) -> Words:
    """By forgetting all that is not cited."""
    history = trial.given()
    verdict = trial.decide(history, trial.definition)
    known, cited = set(stated(history)), _cited_facts(verdict)
    if cited - known:
        return f"Its reasons cite {_listed(cited - known)}, which the history does not say."
    after = trial.status(forget(history, known - cited))
    if verdict.status in DECIDED and after is not verdict.status:
        return (
            f"It says {verdict.status.value} because of {_listed(cited)}; "
            f"if nothing else is known, {after.value}."
        )
    return None


def reasons_needed(trial: Trial) -> Words:
    """By forgetting, besides, each fact that is cited."""
    history = trial.given()
    verdict = trial.decide(history, trial.definition)
    known, cited = set(stated(history)), _cited_facts(verdict)
    for dropped in sorted(cited & known) if verdict.status in DECIDED else ():
        after = trial.status(forget(history, known - cited | {dropped}))
        if after is not Status.INDETERMINATE:
            return (
                f"It says {verdict.status.value} because of {_listed(cited)}; "
                f"without {dropped} it is still {after.value}."
            )
    return None


def _cited_facts(verdict: Verdict) -> set[str]:
    return {path for reason in verdict.reasons for path in reason.facts}


def questions_matter(trial: Trial) -> Words:
    """By changing, in a world, what is not asked for, one fact after the other.

    What only the defendant can know stays as the history has it.
    """
    history, definition = trial.given(), trial.definition
    verdict = trial.decide(history, definition)
    asked = {path for question in verdict.questions for path in question.paths}
    asked |= {path for each in verdict.open for path in each.paths}
    if verdict.status in DECIDED:
        return f"It says {verdict.status.value}, and asks for {_listed(asked)}." if asked else None
    if not asked and verdict.exact:
        return "It says indeterminate, and asks nothing."
    if idle := asked - spoken_of(definition, history, trial.under):
        path = min(idle)
        return f"It asks for {path}, of which the definition does not speak."
    start = trial.draw(st.sampled_from([history, *(s for _, s in _witnesses(verdict) if s)]))
    world, other = trial.world(start), trial.world(history)
    for path in sorted(set(every_fact(history)) - asked):
        changed = transplanted(world, path, other, history)
        if changed is None or not trial.agrees(changed):
            continue
        one, two = (as_others_know(each, history) for each in (world, changed))
        if trial.status(one) is not trial.status(two):
            return (
                f"It does not ask for {path}, in which alone these two refinements of the history "
                f"differ; their status is not the same: {compact(one)} and {compact(two)}"
            )
        world = changed
    return None


def answers_lead(trial: Trial) -> Words:
    """By giving every answer, in a world in which one of them is true."""
    history, definition = trial.given(), trial.definition
    verdict = trial.decide(history, definition)
    for question in verdict.questions:
        for answer in question.answers:
            claimed, answered = Status.of(answer.truth), f"“{question.text} {answer.text}”"
            try:
                known = refine(history, answer.refinement)
            except EligibilityError as error:
                return f"The answer {answered} cannot be given: {error}"
            found = trial.status(known)
            if found is not claimed:
                return f"{answered} is said to lead to {claimed.value}; it leads to {found.value}."
    if verdict.questions:  # and so it does in worlds, not only in verdicts
        question = trial.draw(st.sampled_from(verdict.questions))
        answer = trial.draw(st.sampled_from(question.answers))
        known = refine(history, answer.refinement)
        world = trial.world(known)
        if not _allows(answer.truth, in_class(world, definition)):
            answered = f"“{question.text} {answer.text}” leads to {Status.of(answer.truth).value}"
            return f"{answered}; not so in {compact(world)}"
    return None


def cited(trial: Trial) -> Words:
    """By comparing clauses and reasons with the definition."""
    history, definition = trial.given(), trial.definition
    verdict = trial.decide(history, definition)
    shown = [(clause.id, clause.text, clause.citation) for clause in verdict.clauses]
    if shown != [(step.id, step.text, step.citation) for step in definition.steps]:
        return "Its clauses are not those of the definition, in their order, with their sources."
    if not verdict.reasons:
        return f"It says {verdict.status.value}, and gives no reason."
    for reason in verdict.reasons:
        if not reason.citation.source:
            return f"Its reason `{reason.code}` names no source."
        if strange := set(reason.code.split("+")) - {step.id for step in definition.steps}:
            return f"Its reason `{reason.code}` is about {_listed(strange)}, which is no clause."
    return None


# ---- what is no verdict, and what else must not be ---------------------------------------------


def inconsistent(trial: Trial) -> Words:
    """By asking about a history that has no world."""
    history = trial.given(inconsistent_histories(trial.definition))
    try:
        status = trial.status(history)
    except InconsistentHistory as error:
        if strange := {problem.path for problem in error.problems} - set(stated(history)):
            return f"It refuses it because of {_listed(strange)}, which the history does not say."
        return None
    return f"No world fits this history, and it says {status.value}."


def pure(trial: Trial) -> Words:
    """By asking twice, the second time about a copy that was written and read."""
    history = trial.given()
    written = history.model_dump_json()
    first = trial.decide(history, trial.definition).to_json()
    copy = read_history(written, type(history))
    if trial.decide(copy, trial.definition).to_json() != first:
        return "Asked the same again, it says something else."
    if history.model_dump_json() != written:
        return "It changed the history that it was asked about."
    return None


def supposing(trial: Trial) -> Words:
    """By supposing it: what is decided stays so, and what is not is refuted by no world."""
    history, definition, alleged = trial.given(), trial.definition, trial.supposing
    assert alleged is not None  # noqa: S101 - without one the law is not tried
    plain = trial.decide(history, definition)
    so = record.evaluate(history, definition, supposing=alleged)
    if plain.status in DECIDED and so.status is not plain.status:
        return (
            f"It is {plain.status.value} without supposing `{alleged.name}`, and "
            f"{so.status.value} with it."
        )
    alleged = alleged.under(definition.reading)
    stands = contradictions(history, alleged)
    world = trial.draw(worlds(history, definition, supposing=alleged))
    if not _allows(so.clauses[-1].truth, in_class(world, definition)):
        return (
            f"Supposing `{alleged.name}` it is {so.status.value}; not so in this world, which "
            f"agrees: {compact(world)}"
        )
    for status, witness in _witnesses(so):
        if witness is None:
            continue
        if not refines(witness, history):
            return f"Its witness does not refine the history: {compact(witness)}"
        found = trial.status(witness)
        if found is not status:
            return (
                f"Its witness of {status.value}, supposing `{alleged.name}`, is {found.value} "
                f"without: {compact(witness)}"
            )
        world = trial.draw(worlds(witness, definition, supposing=alleged))
        if not agrees(world, alleged, but=stands):
            return f"Its witness contradicts `{alleged.name}`: {compact(witness)}"
    return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"
