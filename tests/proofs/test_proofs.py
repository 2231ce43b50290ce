"""Proofs about `evaluate`, and programs that are wrong, so that a proof could fail."""

from random import Random
from time import monotonic
from typing import Any

import attrs
import pytest
from exactness import Proof, prove_alike, prove_exact
from normalising import normalises_well
from small_case import at, club
from symbolic_histories import Histories
from symbols import (
    Branch,
    every_branch,
)

from eligibility import (
    Covered,
    Ever,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Within,
    evaluate,
)
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.reference import Possibly, Surely, possibly_in, surely_in
from eligibility.facts.boxes import _propagate
from eligibility.facts.known import KnownHistory
from eligibility.facts.normalise import normalise
from eligibility.facts.shape import shape
from eligibility.rules import UPDATE_DAY_BEGINS, Reading, class_definition
from eligibility.values.timeline import EARLIEST, LATEST

CAME = "visits[].came"
GUEST = Is("members[].level", "guest")
CLUB = club(
    Is("visits[].paid", True),
    Within(CAME, TimeSet.of((EARLIEST, at("2020") + 2))),
    Covered(CAME, "members", (Is("members[].level", "gold"),)),
    Uncovered(CAME, "bans", (Is("bans[].level", {"gold", "guest"}),)),
    exclusions=(Is("about.resident", False),),
)


# ---- what is right is proved ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "sizes"),
    [
        (class_definition(), {}),
        (class_definition(), {"messages": 1}),
        (class_definition(), {"permissions": 1}),
        (class_definition(Reading.of(messages="sent")), {"messages": 1}),
        (class_definition(Reading.of(premium_when="ever")), {"premium": 1}),
        (class_definition(Reading.of(date_limits="message")), {"messages": 1}),
        (CLUB, {"visits": 1}),
        (club(Is("about.adult", True), Ever("bans", TimeSet.before(at("2020")))), {"bans": 2}),
    ],
)
def test_evaluation_is_exact(definition: ClassDefinition, sizes: dict[str, int]) -> None:
    proof = prove_exact(definition, sizes)
    assert (proof.proved, proof.sizes, proof.counterexample) == (True, sizes, None)
    assert proof.cases > 0
    assert prove_alike(definition, sizes).proved


# ---- what is wrong is refuted --------------------------------------------------------------------


def refuted(proof: Proof) -> Any:
    """The counterexample, as a history that there is."""
    assert proof.proved is False
    assert proof.counterexample is not None
    return proof.counterexample


def one_by_one(disjunct: Disjunct) -> list[Disjunct]:
    """A disjunct, once for each of its conditions on a moment."""
    tests = [
        (name, attrs.evolve(test, times=times, covered=covered, uncovered=uncovered))
        for name, test in disjunct.moments.items()
        for times, covered, uncovered in [
            (test.times, (), ()),
            *((TimeSet.ALL, (leaf,), ()) for leaf in test.covered),
            *((TimeSet.ALL, (), (leaf,)) for leaf in test.uncovered),
        ]
    ]
    return [attrs.evolve(disjunct, moments={name: test}) for name, test in tests]


def kleene_possibly(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Three-valued logic: each condition is possible by itself, so they are said to be together."""
    view = Possibly(facts, definition)
    return any(
        view.account(disjunct)
        and all(view.meets(record, one, view.times(one)) for one in one_by_one(disjunct))
        for disjunct in definition.normal_form.disjuncts
        for record in view.records
    )


def test_three_valued_logic_is_refuted() -> None:
    """By the design's own example: Premium only after the update, shared at any time."""
    sizes = {"messages": 1, "premium": 1}
    proof = prove_exact(class_definition(), sizes, seconds=600, possibly=kleene_possibly)
    history = refuted(proof)
    assert proof.wrong == "it says possibly, and no world is in the class"
    assert evaluate(history).status is Status.INELIGIBLE
    assert kleene_possibly(normalise(history), class_definition())
    assert history.premium[0].start.earliest >= UPDATE_DAY_BEGINS
    assert not history.messages[0].shared_at or not history.messages[0].shared_at.is_exact


def without_merging(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """Takes each span for itself, as if two that touch did not cover what lies across them."""
    for at_ in range(len(facts.lists["members"])):
        alone = facts.with_list("members", facts.lists["members"][at_ : at_ + 1])
        if surely_in(alone, definition):
            return True
    return False


def test_spans_that_cover_only_together_are_found() -> None:
    definition = club(Covered(CAME, "members"))
    assert prove_exact(definition, {"visits": 1, "members": 1}, surely=without_merging).proved
    proof = prove_exact(definition, {"visits": 1, "members": 2}, surely=without_merging)
    history = refuted(proof)
    assert proof.wrong == "it does not say surely, and no world is out of it"
    assert evaluate(history, definition).status is Status.ELIGIBLE


def not_looking_together(facts: KnownHistory, definition: ClassDefinition) -> bool:
    """`surely_in` without `joint`: a span that covers no one instant surely covers nothing."""
    view = Surely(facts, definition)
    return any(
        view.account(disjunct) and view.meets(record, disjunct, view.times(disjunct))
        for disjunct in definition.normal_form.disjuncts
        for record in view.records
    )


def test_the_crossing_span_is_found() -> None:
    """The one thing that looking twice misses, to the microsecond (`joint`)."""
    definition = club(Covered(CAME, "members"))
    proof = prove_exact(definition, {"visits": 2, "members": 1}, surely=not_looking_together)
    history = refuted(proof)
    assert evaluate(history, definition).status is Status.ELIGIBLE
    first, then = sorted(visit.came.earliest for visit in history.visits)
    assert then == first + 1


@pytest.mark.parametrize(
    ("wrong", "programs"),
    [
        ("it says surely, and some world is out of the class", {"surely": possibly_in}),
        ("it does not say surely, and no world is out of it", {"surely": lambda *_: False}),
        ("it does not say possibly, and some world is in it", {"possibly": surely_in}),
        ("it says possibly, and no world is in the class", {"possibly": lambda *_: True}),
    ],
)
def test_a_program_may_be_wrong_in_four_ways(wrong: str, programs: dict[str, Any]) -> None:
    definition = club(Is("about.adult", True), Ever("bans", TimeSet.before(at("2020"))))
    proof = prove_exact(definition, {"bans": 1}, **programs)
    assert proof.wrong == wrong
    ((name, program),) = programs.items()
    right = {"surely": surely_in, "possibly": possibly_in}[name]
    facts = normalise(refuted(proof))
    assert program(facts, definition) is not right(facts, definition)


def test_an_edge_off_by_one_is_found() -> None:
    wrong = club(Within(CAME, TimeSet.before(at("2020") + 1)))
    right = club(Within(CAME, TimeSet.before(at("2020"))))
    proof = prove_exact(right, {"visits": 1}, surely=lambda facts, _: surely_in(facts, wrong))
    assert refuted(proof).visits[0].came.latest == at("2020")


# ---- what is not known is not proved -------------------------------------------------------------


def test_without_time_nothing_is_proved() -> None:
    proof = prove_exact(class_definition(), {"messages": 1}, seconds=0)
    assert (proof.proved, proof.counterexample) == (None, None)
    short = prove_exact(class_definition(), {"messages": 3, "premium": 3}, seconds=1)
    assert short.proved is None
    assert prove_alike(class_definition(), {"messages": 3, "premium": 3}, seconds=1).proved is None


def test_a_program_that_cannot_be_followed_is_not_proved() -> None:
    def backwards(facts: KnownHistory, _: ClassDefinition) -> bool:
        return any(
            sum([span.bounds["start"][0] - span.bounds["end"][1]] * 2) > 5
            for span in facts.lists["bans"]
        )

    definition = club(Ever("bans", TimeSet.before(at("2020"))))
    proof = prove_exact(definition, {"bans": 1}, surely=backwards)
    assert (proof.proved, proof.counterexample) == (None, None)


def test_what_there_is_nothing_to_prove_of() -> None:
    with pytest.raises(ValueError, match=r"`club` lies outside the fragment .*: there is nothing"):
        prove_exact(club(Covered(CAME, "members"), Uncovered(CAME, "members", (GUEST,))), {})
    with pytest.raises(ValueError, match=r"`visits` is no list of this history; its lists are "):
        prove_alike(class_definition(), {"visits": 1})


# ---- the steps -----------------------------------------------------------------------------------


SOON = monotonic() + 3600


@pytest.mark.parametrize("name", ["messages", "premium", "permissions"])
def test_records_are_made_ready_without_loss(name: str) -> None:
    assert normalises_well(shape(class_definition().model).lists[name], SOON)


def backwards_only(bounds: dict[str, Any], order: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Narrows what came first, and forgets to narrow what follows."""
    for first, then in order:
        if {first, then} <= bounds.keys() and bounds[then][1] < bounds[first][1]:
            bounds[first] = (bounds[first][0], bounds[then][1])
    return ()


def refusing(bounds: dict[str, Any], order: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Refuses what is shared no earlier than it is sent if the bounds merely touch."""
    clash = _propagate(bounds, order)
    known = [pair for pair in order if set(pair) <= bounds.keys()]
    return clash or next((pair for pair in known if bounds[pair[0]][0] == bounds[pair[1]][1]), ())


@pytest.mark.parametrize("wrong", [backwards_only, refusing])
def test_a_loss_is_seen(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligibility.facts.boxes._propagate", wrong)
    assert not normalises_well(shape(class_definition().model).lists["premium"], SOON)
    assert prove_exact(class_definition(), {"premium": 1}).proved is None


FAVOURABLE = {
    "messages[0].inmail": frozenset({True}),
    "messages[0].shared": frozenset({True}),
    "premium[0].plan": frozenset({"premium_career"}),
}


def really(
    histories: Histories, chosen: dict[str, Any], numbers: dict[str, Any]
) -> tuple[bool, bool]:
    """What the programs say of the one history of which the symbols are these numbers."""
    facts = normalise(histories.history(chosen, lambda term: numbers[str(term)]))
    return surely_in(facts, histories.definition), possibly_in(facts, histories.definition)


def test_each_case_is_what_the_program_does() -> None:
    """Numbers fall in just one branch, in which the program does what it does with numbers."""
    rng = Random(3)
    histories = Histories(class_definition(), {"messages": 1, "premium": 1})

    def run(branch: Branch) -> tuple[bool, bool]:
        facts = histories.normalised(branch)
        return surely_in(facts, histories.definition), possibly_in(facts, histories.definition)

    cases = list(every_branch(len(histories.moments), run))
    seen = []
    while len(seen) < 60:
        numbers: dict[str, Any] = {}
        for (_, _, moment), place in histories.moments.items():
            near = UPDATE_DAY_BEGINS + rng.randrange(-4, 2) - (5 if moment == "start" else 0)
            numbers[f"symbol{place}"] = near
            numbers[f"symbol{place + 1}"] = near + rng.choice((0, 1, 3, 10**15))
        chosen: dict[str, Any] = {"messages.count": 1, "premium.count": 1, "permissions.count": 0}
        chosen |= {f"complete.{name}": rng.random() < 0.9 for name in histories.lists}
        for path, fact in histories.facts.items():
            chosen[path] = rng.choice((FAVOURABLE[path], FAVOURABLE[path], *fact.options))
            pairs = zip(fact.may_be, fact.values, strict=True)
            numbers |= {str(may_be): value in chosen[path] for may_be, value in pairs}
        fitting = [
            result
            for branch, result in cases
            if all(chosen[name] == value for name, value in branch.chosen.items())
            and all(
                numbers.get(f"symbol{x}", 0) - numbers.get(f"symbol{y}", 0) <= most
                for x, y, most in branch.differences
            )
        ]
        if fitting:  # else the numbers are not in normal form
            real = really(histories, chosen, numbers)
            assert fitting == [real]
            seen.append(real)
    assert set(seen) == {(False, False), (False, True), (True, True)}


def outcomes(program: Any, bounds: int = 1) -> list[Any]:
    return [result for _, result in every_branch(bounds, program)]


def test_comparisons_make_cases() -> None:
    def program(branch: Branch) -> str:
        earliest, latest = branch.bounds(1)
        return "one" if earliest == latest else "more" if earliest < 0 else "later"

    assert sorted(outcomes(program)) == ["later", "more", "one"]


def test_what_follows_is_not_asked_again() -> None:
    def program(branch: Branch) -> tuple[bool, ...]:
        earliest, latest = branch.bounds(1)
        return (earliest > latest, latest >= earliest, latest > LATEST, earliest + 1 <= latest + 1)

    assert outcomes(program) == [(False, True, False, True)]


def test_options_make_cases() -> None:
    assert sorted(
        outcomes(lambda branch: branch.choose("a", "xyz") + branch.choose("a", "xyz"), 0)
    ) == [*("xx", "yy", "zz")]
