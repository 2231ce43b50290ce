"""Each promise of the design, as a property that bears its name."""

import json
from random import Random

import oracle
import pytest
from histories import (
    RANDOM,
    any_definition,
    any_history,
    any_rich_history,
    consistent,
    facts_of,
    is_consistent,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_histories import random_history, refinement

from eligibility import (
    AccountHistory,
    ClassDefinition,
    InconsistentHistory,
    Status,
    Verdict,
    evaluate,
    forget,
    read_history,
    refine,
    refines,
)
from eligibility.facts.normalise import normalise
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.relevance import relevant_facts

some = settings(max_examples=150, deadline=None, derandomize=True)
DECIDED = (Status.ELIGIBLE, Status.INELIGIBLE)


def verdict_with(rng: Random, *statuses: Status) -> Verdict:
    """A verdict with one of these statuses."""
    while True:
        verdict = evaluate(consistent(rng), any_definition(rng))
        if verdict.status in statuses:
            return verdict


def again(verdict: Verdict, history: AccountHistory) -> Status:
    """The status of another history under the same definition."""
    return evaluate(history, verdict.definition).status


@some
@given(RANDOM)
def test_exact(rng: Random) -> None:
    history, reading = random_history(rng), rng.choice(oracle.READINGS)
    definition = class_definition(Reading.of(**reading))
    try:
        status = evaluate(AccountHistory.model_validate(history), definition).status.value
    except InconsistentHistory:
        status = "inconsistent"
    assert status == oracle.status(history, reading)
    assert definition.exact


@some
@given(RANDOM)
def test_witnessed(rng: Random) -> None:
    verdict = verdict_with(rng, Status.INDETERMINATE)
    assert verdict.scenarios is not None
    for scenario, status in (
        (verdict.scenarios.eligible_if, Status.ELIGIBLE),
        (verdict.scenarios.ineligible_if, Status.INELIGIBLE),
    ):
        assert again(verdict, scenario) is status
        assert refines(scenario, verdict.history)
        assert read_history(scenario.model_dump_json()) == scenario


@some
@given(RANDOM)
def test_a_decided_verdict_has_no_scenarios_and_no_questions(rng: Random) -> None:
    verdict = verdict_with(rng, *DECIDED)
    assert verdict.scenarios is None
    assert verdict.questions == ()


@some
@given(RANDOM)
def test_monotone(rng: Random) -> None:
    reading = rng.choice(oracle.READINGS)
    definition = class_definition(Reading.of(**reading))
    history = random_history(rng)
    known = AccountHistory.model_validate(history)
    if not is_consistent(known):
        return
    status = evaluate(known, definition).status
    for _ in range(4):
        history = refinement(history, rng)
        more = AccountHistory.model_validate(history)
        if not is_consistent(more):
            return
        assert refines(more, known)
        if status in DECIDED:
            assert evaluate(more, definition).status is status
        status = evaluate(more, definition).status


@some
@given(RANDOM)
def test_order_free(rng: Random) -> None:
    history, definition = consistent(rng), any_definition(rng)
    data = history.model_dump(mode="json")
    for name in ("premium", "messages", "permissions"):
        rng.shuffle(data[name])
    shuffled = AccountHistory.model_validate(data)
    status = evaluate(history, definition).status
    assert evaluate(shuffled, definition).status is status
    clauses, exclusions = list(definition.clauses), list(definition.exclusions)
    rng.shuffle(clauses)
    rng.shuffle(exclusions)
    mixed = ClassDefinition(
        "mixed", "1", "mixed", AccountHistory, tuple(clauses), tuple(exclusions)
    )
    assert evaluate(history, mixed).status is status


@some
@given(RANDOM)
def test_reasons_suffice_and_each_is_needed(rng: Random) -> None:
    verdict = verdict_with(rng, *DECIDED)
    cited = {path for reason in verdict.reasons for path in reason.facts}
    stated = set(facts_of(verdict.history))
    assert cited <= stated
    assert again(verdict, forget(verdict.history, stated - cited)) is verdict.status
    for path in sorted(cited):
        without = forget(verdict.history, (stated - cited) | {path})
        assert again(verdict, without) is Status.INDETERMINATE, path


@some
@given(RANDOM)
def test_questions_matter(rng: Random) -> None:
    """Relevant is what two worlds that differ in it alone can turn on, by the oracle's count.

    Everything can be known here; what can be known by some is in `tests/verdict/test_relevance`.
    """
    while True:
        history, reading = random_history(rng, tiny=rng.random() < 0.5), rng.choice(oracle.READINGS)
        if sum(len(history[name]) for name in ("premium", "messages", "permissions")) > 4:
            continue
        if oracle.status(history, reading) == "indeterminate":
            break
    known = AccountHistory.model_validate(history)
    definition = class_definition(Reading.of(**reading))
    asked = {fact.path for fact in relevant_facts(normalise(known), definition)}
    assert asked == oracle.relevant_facts(history, reading), json.dumps(history)


@some
@given(RANDOM)
def test_each_answer_leads_where_it_says(rng: Random) -> None:
    verdict = verdict_with(rng, Status.INDETERMINATE)
    for question in verdict.questions:
        assert len(question.answers) >= 2
        for answer in question.answers:
            known = refine(verdict.history, answer.refinement)
            assert again(verdict, known) is Status.of(answer.truth), question.text


@some
@given(RANDOM)
def test_cited(rng: Random) -> None:
    verdict = evaluate(consistent(rng), any_definition(rng))
    for part in (*verdict.clauses, *verdict.reasons):
        assert part.citation.source
    ids = {clause.id for clause in verdict.clauses}
    assert verdict.reasons
    for reason in verdict.reasons:
        assert set(reason.code.split("+")) <= ids


@some
@given(RANDOM)
def test_inconsistent_is_an_error(rng: Random) -> None:
    history = any_history(rng)
    status = oracle.status(json.loads(history.model_dump_json()), oracle.DEFAULT_READING)
    if status == "inconsistent":
        with pytest.raises(InconsistentHistory) as caught:
            evaluate(history)
        stated = set(facts_of(history))
        assert all(problem.path in stated for problem in caught.value.problems)
    else:
        evaluate(history)


@some
@given(RANDOM)
def test_pure(rng: Random) -> None:
    history, definition = consistent(rng), any_definition(rng)
    supposing = rng.choice([None, AS_ALLEGED])
    first = evaluate(history, definition, supposing=supposing).to_json()
    copy = read_history(history.model_dump_json())
    assert evaluate(copy, definition, supposing=supposing).to_json() == first


@some
@given(RANDOM)
def test_a_supposition_leaves_fewer_worlds_and_undoes_nothing(rng: Random) -> None:
    """What is decided stays decided, clause by clause; and supposing is done once for all."""
    history, definition = consistent(rng, any_rich_history), any_definition(rng)
    plain = evaluate(history, definition)
    supposed = evaluate(history, definition, supposing=AS_ALLEGED)
    if plain.status in DECIDED:
        assert supposed.status is plain.status
    for before, after in zip(plain.clauses, supposed.clauses, strict=True):
        assert after.truth.surely or not before.truth.surely
        assert before.truth.possibly or not after.truth.possibly
    assert supposed.history == history
    so = AS_ALLEGED.under(definition.reading)
    once = so.suppose(normalise(history))
    assert so.suppose(once) == once


@some
@given(RANDOM)
def test_witnessed_as_supposed(rng: Random) -> None:
    """Witnesses agree with what is supposed: they are decided alike with it and without."""
    while True:
        history, definition = consistent(rng, any_rich_history), any_definition(rng)
        verdict = evaluate(history, definition, supposing=AS_ALLEGED)
        if verdict.status is Status.INDETERMINATE:
            break
    assert verdict.scenarios is not None
    for scenario, status in (
        (verdict.scenarios.eligible_if, Status.ELIGIBLE),
        (verdict.scenarios.ineligible_if, Status.INELIGIBLE),
    ):
        assert refines(scenario, history)
        assert evaluate(scenario, definition).status is status
        assert evaluate(scenario, definition, supposing=AS_ALLEGED).status is status


@some
@given(RANDOM, st.data())
def test_forgetting_never_turns_a_verdict(rng: Random, data: st.DataObject) -> None:
    verdict = verdict_with(rng, *DECIDED)
    stated = sorted(facts_of(verdict.history))
    lost = data.draw(st.sets(st.sampled_from(stated))) if stated else set()
    assert again(verdict, forget(verdict.history, lost)) in (verdict.status, Status.INDETERMINATE)
