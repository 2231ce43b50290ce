"""The laws hold of what there is, and each is broken by a slip that was planted for it."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import Phase, settings

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Covered,
    Ever,
    History,
    InconsistentHistory,
    Is,
    Status,
    Supposition,
    TimeSet,
    Truth,
    Uncovered,
    Within,
    all_of,
    any_of,
    evaluate,
)
from eligibility.facts.normalise import normalise
from eligibility.interview import Interview
from eligibility.interview.agenda import Agenda
from eligibility.interview.knowable import Knowable
from eligibility.rules import AS_ALLEGED, UPDATE_DAY_BEGINS, class_definition, every_reading
from eligibility.testing.known import named, stated
from eligibility.testing.laws import LAWS, Breach, LawBroken, check_laws, find_breach, laws_for
from eligibility.testing.trial import Supposing
from eligibility.verdict.questions import Question
from eligibility.verdict.reasons import Reason
from eligibility.verdict.record import Scenarios

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "examples" / "second_case")]

from flo import flo_class  # noqa: E402 - examples are no package
from small_case import at, club  # noqa: E402 - nor are tests
from workshop import all_mended, workshop  # noqa: E402 - as above

DEFINITION = class_definition()
LAW = {law.name: law for law in LAWS}


def some(count: int) -> settings:
    return settings(max_examples=count, derandomize=True, database=None)


def unshrunk(count: int) -> settings:
    return settings(some(count), phases=[Phase.generate])


# ---- the laws hold -----------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_law_holds_in_every_reading(law: Any) -> None:
    for reading in [*every_reading()][:: 12 if law.most else 1]:  # an interview takes its time
        breach = find_breach(law, class_definition(reading), settings=some(2))
        assert breach is None, str(breach)


def test_the_laws_hold_on_the_second_case() -> None:
    for california in (False, True):
        check_laws(flo_class(california=california), settings=some(10))


PAID, ADULT = Is("visits[].paid", True), Is("about.adult", True)
OLD = TimeSet.before(at("2020"))
UNWELCOME = Uncovered("visits[].came", "members", (Is("members[].level", "guest"),))
INEXACT = [
    club(any_of(PAID, Is("visits[].kind", "long")), Within("visits[].came", OLD)),
    club(PAID, Covered("visits[].came", "members"), UNWELCOME),
    club(any_of(all_of(PAID, Covered("visits[].came", "members")), ADULT), Ever("bans", OLD)),
]


@pytest.mark.parametrize("definition", INEXACT, ids=["either", "both ways", "mixed"])
def test_the_laws_hold_in_their_weaker_form(definition: ClassDefinition) -> None:
    assert not definition.exact
    check_laws(definition, settings=some(20))


# ---- and can be broken -------------------------------------------------------------------------


class Doctored:
    """A verdict that says some things otherwise."""

    def __init__(self, verdict: Any, **otherwise: Any) -> None:
        self.__dict__ = {"verdict": verdict, **otherwise}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.verdict, name)


def truths(verdict: Any, change: Callable[[Truth], Truth]) -> Doctored:
    """The verdict with all truths changed, the status with them."""
    clauses = tuple(evolve(clause, truth=change(clause.truth)) for clause in verdict.clauses)
    status = Status.of(clauses[-1].truth)
    return Doctored(verdict, clauses=clauses, status=status, scenarios=None, questions=())


def unknown_is_no(history: History, definition: ClassDefinition) -> Any:
    return truths(evaluate(history, definition), lambda truth: Truth.of(truth.surely))


def unknown_is_yes(history: History, definition: ClassDefinition) -> Any:
    return truths(evaluate(history, definition), lambda truth: Truth.of(truth.possibly))


def shrugging(history: History, definition: ClassDefinition) -> Any:
    return truths(evaluate(history, definition), lambda _: Truth.UNKNOWN)


def late_by_a_microsecond(history: History, definition: ClassDefinition) -> Any:
    before = Within("messages[].shared_at", TimeSet.before(UPDATE_DAY_BEGINS + 1))
    clauses = tuple(
        evolve(clause, condition=before) if clause.id == "before-update" else clause
        for clause in definition.clauses
    )
    verdict = evaluate(history, evolve(definition, clauses=clauses))
    return evolve(verdict, definition=definition)


def clause_by_clause(history: History, definition: ClassDefinition) -> Any:
    """Three-valued logic: each clause on its own, and then all of them."""
    alone = (evolve(definition, clauses=(step,), exclusions=()) for step in definition.steps)
    clauses, so_far = [], Truth.TRUE
    for clause in (evaluate(history, each).clauses[0] for each in alone):
        so_far = so_far & clause.truth
        clauses.append(evolve(clause, truth=so_far))
    verdict = evaluate(history, definition)
    if Status.of(so_far) is verdict.status:
        return Doctored(verdict, clauses=tuple(clauses))
    return Doctored(verdict, clauses=tuple(clauses), status=Status.of(so_far), scenarios=None)


def sure_of_the_first_clause(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    first, *rest = verdict.clauses
    return Doctored(verdict, clauses=(evolve(first, truth=Truth.TRUE), *rest))


def one_sided(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    scenarios = verdict.scenarios and Scenarios(verdict.scenarios.eligible_if, None)
    return Doctored(verdict, scenarios=scenarios)


def with_another_account(history: History, definition: ClassDefinition) -> Any:
    """The witness is a history that is in the class; it is no refinement of the given one."""
    verdict = evaluate(history, definition)
    if verdict.scenarios is None:
        return verdict
    blank = evaluate(type(history)(account_id="A-1"), definition).scenarios
    assert blank is not None
    scenarios = Scenarios(blank.eligible_if, verdict.scenarios.ineligible_if)
    return Doctored(verdict, scenarios=scenarios)


def no_way_in(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    out = verdict.scenarios and verdict.scenarios.ineligible_if
    return Doctored(verdict, scenarios=verdict.scenarios and Scenarios(out, out))


def only_the_first_message(history: Any, definition: ClassDefinition) -> Any:
    return evaluate(history.model_copy(update={"messages": history.messages[:1]}), definition)


def by_the_first_clause(history: Any, definition: ClassDefinition) -> Any:
    """The status is that of whichever clause comes first."""
    verdict = evaluate(history, definition)
    return Doctored(verdict, status=Status.of(verdict.clauses[0].truth))


def reasons(change: Callable[[tuple[Reason, ...], list[str]], Iterable[Reason]]) -> Any:
    def decide(history: History, definition: ClassDefinition) -> Any:
        verdict = evaluate(history, definition)
        if verdict.status is Status.INDETERMINATE:
            return verdict
        cited = {path for reason in verdict.reasons for path in reason.facts}
        spare = [path for path in stated(history) if path not in cited]
        return Doctored(verdict, reasons=tuple(change(verdict.reasons, spare)))

    return decide


def one_fact_less(given: tuple[Reason, ...], _: list[str]) -> Iterable[Reason]:
    return (evolve(reason, facts=reason.facts[1:]) for reason in given)


def one_fact_more(given: tuple[Reason, ...], spare: list[str]) -> Iterable[Reason]:
    return (evolve(reason, facts=(*reason.facts, *spare[:1])) for reason in given)


def a_fact_made_up(given: tuple[Reason, ...], _: list[str]) -> Iterable[Reason]:
    return (evolve(reason, facts=(*reason.facts, "messages[9].shared")) for reason in given)


def questions(change: Callable[[tuple[Question, ...]], Iterable[Question]]) -> Any:
    def decide(history: History, definition: ClassDefinition) -> Any:
        verdict = evaluate(history, definition)
        return Doctored(verdict, questions=tuple(change(verdict.questions)))

    return decide


def idle(given: tuple[Question, ...]) -> Iterable[Question]:
    question = Question("yes-no", "Counsel?", ("exclusions.counsel",), ())
    return (*given, question) if given else ()


def swapped(given: tuple[Question, ...]) -> Iterable[Question]:
    for question in given:
        first, *rest = question.answers
        yield evolve(question, answers=(evolve(first, truth=~first.truth), *rest))


def of_no_effect(given: tuple[Question, ...]) -> Iterable[Question]:
    for question in given:
        answers = [evolve(answer, refinement={}) for answer in question.answers]
        yield evolve(question, answers=tuple(answers))


def not_to_be_given(given: tuple[Question, ...]) -> Iterable[Question]:
    for question in given:
        answers = [evolve(answer, refinement={"messages": 1}) for answer in question.answers]
        yield evolve(question, answers=tuple(answers))


def sourceless(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    return Doctored(
        verdict, reasons=[evolve(each, citation=Citation("")) for each in verdict.reasons]
    )


def of_no_clause(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    return Doctored(verdict, reasons=[evolve(each, code="fate") for each in verdict.reasons])


def ladder_upside_down(history: History, definition: ClassDefinition) -> Any:
    verdict = evaluate(history, definition)
    return Doctored(verdict, clauses=verdict.clauses[::-1])


def swallowing(history: History, definition: ClassDefinition) -> Any:
    try:
        return evaluate(history, definition)
    except InconsistentHistory:
        return evaluate(type(history)(account_id="A-1"), definition)


def blaming_another(history: History, definition: ClassDefinition) -> Any:
    try:
        return evaluate(history, definition)
    except InconsistentHistory as error:
        raise InconsistentHistory(evolve(p, path="account_id") for p in error.problems) from None


def moody() -> Any:
    asked: list[History] = []

    def decide(history: History, definition: ClassDefinition) -> Any:
        asked.append(history)
        verdict = evaluate(history, definition)
        return Doctored(verdict, to_json=lambda: f"{len(asked)}")

    return decide


def lazy(history: Any, definition: ClassDefinition) -> Any:
    """A slip of another kind: it raises on some histories."""
    if any(span.plan == "learning" for span in history.premium):
        raise KeyError("learning")
    return evaluate(history, definition)


PLANTED = {
    "exact": [
        unknown_is_no,
        unknown_is_yes,
        shrugging,
        late_by_a_microsecond,
        clause_by_clause,
        sure_of_the_first_clause,
        one_sided,
        no_way_in,
        by_the_first_clause,
    ],
    "witnessed": [shrugging, one_sided, with_another_account, no_way_in],
    "monotone": [unknown_is_no, unknown_is_yes],
    "forgetting": [unknown_is_no, unknown_is_yes],
    "order-free": [only_the_first_message, by_the_first_clause],
    "reasons-suffice": [reasons(one_fact_less), reasons(a_fact_made_up)],
    "reasons-needed": [reasons(one_fact_more)],
    "questions-matter": [
        questions(lambda given: given[1:]),
        questions(lambda given: given[:-1]),
        questions(lambda _: ()),
        questions(idle),
        questions(lambda given: given or [Question("yes-no", "?", ("complete.premium",), ())]),
    ],
    "answers-lead": [questions(swapped), questions(of_no_effect), questions(not_to_be_given)],
    "cited": [
        sourceless,
        of_no_clause,
        ladder_upside_down,
        reasons(lambda *_: ()),
    ],
    "inconsistent": [swallowing, blaming_another],
    "pure": [moody(), lazy],
    "ends-in-evaluate": [unknown_is_no],
}


@pytest.mark.parametrize(
    ("name", "decide"),
    [(name, decide) for name, planted in PLANTED.items() for decide in planted],
    ids=lambda each: each if isinstance(each, str) else each.__qualname__.split(".")[0],
)
def test_a_planted_slip_breaks_the_law(name: str, decide: Any) -> None:
    breach = find_breach(LAW[name], DEFINITION, decide=decide, settings=unshrunk(1000))
    assert breach is not None
    assert breach.law.name == name


#: What is broken of interviews, for the law that says otherwise: an object, and a name of it.
SPOILT: dict[str, tuple[Any, str, Any]] = {
    "interview-ends": (Interview, "dont_know", lambda self: evolve(self, before=self)),
    "asks-what-can-matter": (Agenda, "first", lambda _: None),
    "dont-know-is-final": (Knowable, "without", lambda self, _: self),
    "undo-is-never-said": (Interview, "undo", lambda self: self),
}


@pytest.mark.parametrize("name", SPOILT)
def test_an_interview_that_goes_wrong_breaks_the_law(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*SPOILT[name])
    breach = find_breach(LAW[name], DEFINITION, settings=unshrunk(200))
    assert breach is not None


def test_every_law_can_be_broken() -> None:
    assert {*PLANTED, *SPOILT, "supposing"} == set(LAW)


class Forgetting(Supposition):
    """A supposition that forgets what is known."""

    def suppose(self, facts: Any) -> Any:
        del facts
        return normalise(AccountHistory(account_id="A-1001"))


class OfListedAlone(Supposition):
    """A supposition that says nothing of the records that nobody listed."""

    def suppose(self, facts: Any) -> Any:
        so = super().suppose(facts)
        return evolve(so, unlisted={**so.unlisted, "messages": facts.unlisted["messages"]})


class Blind(Supposition):
    """A supposition that shuts out what it does not."""

    def suppose(self, facts: Any) -> Any:
        return super().suppose(facts).complete("messages").complete("premium")


@pytest.mark.parametrize("kind", [Forgetting, OfListedAlone, Blind])
def test_a_supposition_that_says_something_else_breaks_the_law(kind: Any) -> None:
    parts = {a.name: getattr(AS_ALLEGED, a.name) for a in fields(Supposition)}
    wrong = kind(**parts | {"name": "wrong"})
    breach = find_breach(LAW["supposing"], DEFINITION, supposing=wrong, settings=unshrunk(300))
    assert breach is not None


def test_all_laws_hold_under_a_supposition() -> None:
    check_laws(DEFINITION, decide=Supposing(AS_ALLEGED), settings=some(10))


@pytest.mark.parametrize("law", ["questions-matter", "ends-in-evaluate"])
def test_laws_hold_of_a_class_that_does_not_speak_of_what_is_supposed(law: str) -> None:
    """Of a brake that was not mended it is known that it broke later: so it is asked for.

    Whoever knows that it was not, though it broke before, is of no world of which it is supposed.
    """
    turn = at("2020")
    broke = Within("repairs[].broke", TimeSet.before(turn))
    definition = workshop(Is("repairs[].part", "brake"), broke)
    decide = Supposing(all_mended(turn))
    assert find_breach(LAW[law], definition, decide=decide, settings=unshrunk(60)) is None


# ---- how it is told ----------------------------------------------------------------------------


def test_all_broken_laws_are_told_at_once() -> None:
    with pytest.raises(LawBroken) as caught:
        check_laws(DEFINITION, decide=unknown_is_no, settings=unshrunk(100))
    broken = {breach.law.name for breach in caught.value.breaches}
    assert {"exact", "monotone", "forgetting"} <= broken
    for breach in caught.value.breaches:
        assert breach.law.sentence in str(caught.value)


def breach_by(decide: Any, name: str) -> Breach:
    breach = find_breach(LAW[name], DEFINITION, decide=decide, settings=some(200))
    assert breach is not None
    return breach


def test_a_breach_tells_sentence_history_and_reading() -> None:
    lines = str(breach_by(shrugging, "exact")).splitlines()
    assert lines == [
        f"The law `exact` does not hold: {LAW['exact'].sentence}",
        "  It says indeterminate, with no witness that would be eligible.",
        f"  Definition: {named(DEFINITION)}",
        '  History: {"account_id":"A-1001"}',
    ]


def test_a_breach_is_shrunk() -> None:
    history: Any = breach_by(only_the_first_message, "order-free").history
    assert isinstance(history, AccountHistory)
    assert len(history.messages) == 2
    assert len(history.premium) <= 1
    assert history.permissions == ()


def test_what_raises_is_told_as_a_breach() -> None:
    breach = breach_by(lazy, "cited")
    assert breach.words == "It raised KeyError: 'learning'"
    assert '"plan":"learning"' in str(breach)


def test_who_says_this_and_that_is_told_as_a_breach() -> None:
    turns = iter([True, False] * 10_000)

    def fickle(history: History, definition: ClassDefinition) -> Any:
        return (unknown_is_no if next(turns) else evaluate)(history, definition)

    assert find_breach(LAW["exact"], DEFINITION, decide=fickle, settings=unshrunk(100)) is not None


def test_without_a_supposition_its_law_is_not_held() -> None:
    names = [law.name for law in laws_for(flo_class())]
    assert names == [law.name for law in LAWS if law.name != "supposing"]
    assert laws_for(DEFINITION) == LAWS


def test_the_documented_laws_are_the_laws() -> None:
    text = (ROOT / "docs" / "reference" / "testing.md").read_text(encoding="utf-8")
    about = text.partition("## The pytest plugin")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", about, re.MULTILINE)
    said = [(law.name, law.sentence) for law in LAWS]
    assert rows == said + [(law.name, law.weaker) for law in LAWS if law.weaker]
