"""What is wrong with a path in a condition is said truthfully, in paths of the model at hand."""

from collections.abc import Callable
from typing import Final

import pytest
from small_case import Club, at

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Covered,
    Ever,
    History,
    InvalidDefinition,
    Is,
    Problem,
    Record,
    TimeSet,
    Uncovered,
    Within,
    YesNo,
)
from eligibility.facts.kinds import PathKind, kinds_of

EARLY: Final = TimeSet.before(at("2020"))
#: Each place in a condition where a path can stand, and the kinds of paths that it takes.
PLACES: dict[str, tuple[Callable[[str], Condition], set[PathKind]]] = {
    "Is": (lambda path: Is(path, True), {PathKind.YES_NO, PathKind.WORD}),
    "Within": (lambda path: Within(path, EARLY), {PathKind.MOMENT}),
    "Covered": (lambda path: Covered(path, "members"), {PathKind.MOMENT}),
    "Uncovered": (lambda path: Uncovered(path, "bans"), {PathKind.MOMENT}),
    "Covered, spans": (lambda path: Covered("visits[].came", path), {PathKind.SPANS}),
    "Uncovered, spans": (lambda path: Uncovered("visits[].came", path), {PathKind.SPANS}),
    "Ever, spans": (lambda path: Ever(path, EARLY), {PathKind.SPANS}),
}


def problems(condition: Condition, model: type[History] = Club) -> list[Problem]:
    """What is wrong with a condition, of whatever kind it is, without its values."""
    clause = Clause("c1", "words", Citation("A fiction"), condition)
    try:
        ClassDefinition("a", "1", "A class", model, (clause,))
    except InvalidDefinition as error:
        return [problem for problem in error.problems if problem.code == "definition-path"]
    return []


@pytest.mark.parametrize("path", kinds_of(Club))
@pytest.mark.parametrize("place", PLACES)
def test_each_condition_with_each_kind_of_path(place: str, path: str) -> None:
    make, wanted = PLACES[place]
    kind, found = kinds_of(Club)[path], problems(make(path))
    if kind in wanted:
        assert not found
        return
    (problem,) = found
    asked = " or ".join(each.words for each in PathKind if each in wanted)
    by = place.partition(",")[0]
    assert problem.message == f"`{by}` asks for {asked}; `{path}` is {kind.words}."
    assert problem.hint.startswith(kind.asked)
    named = [each for each in kinds_of(Club) if f"`{each}`" in problem.hint]
    assert named
    assert all(kinds_of(Club)[each] in wanted for each in named)


@pytest.mark.parametrize("model", [Club, AccountHistory])
def test_every_path_is_of_the_kind_that_is_said(model: type[History]) -> None:
    kinds = kinds_of(model)
    assert {"account_id", "complete", "time_zone"} <= kinds.keys()
    assert PathKind.GROUP in kinds.values()
    for path, kind in kinds.items():
        taken = {by for by, (make, _) in PLACES.items() if not problems(make(path), model)}
        others = {by for by, (_, wanted) in PLACES.items() if kind in wanted}
        if model is Club:
            assert taken == others


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Is("visits[].piad", True), "Did you mean `visits[].paid`?"),
        (Is("visits.paid", True), "Did you mean `visits[].paid`?"),
        (Is("visits[0].paid", True), "Did you mean `visits[].paid`?"),
        (Is("Visits[].Paid", True), "Did you mean `visits[].paid`?"),
        (Is("visit[].paid", True), "Did you mean `visits[].paid`?"),
        (Is("about.adlt", True), "Did you mean `about.adult`?"),
        (Within("visits[].cmae", EARLY), "Did you mean `visits[].came`?"),
        (Within("visits.came", EARLY), "Did you mean `visits[].came`?"),
        (Covered("visits[].came", "members[]"), "Did you mean `members`?"),
        (Covered("visits[].came", "member"), "Did you mean `members`?"),
        (Uncovered("visits[].came", "ban"), "Did you mean `bans`?"),
        (Ever("membres", EARLY), "Did you mean `members`?"),
        (
            Covered("visits[].came", "members", (Is("members[].levl", "gold"),)),
            "Did you mean `members[].level`?",
        ),
        (Within("visits.paid", EARLY), "`visits[].paid` is a yes/no fact: `Is` asks for one."),
        (Is("visits[0].came", True), "`visits[].came` is a moment: `Within`, `Covered`"),
    ],
)
def test_what_was_meant_is_asked(condition: Condition, words: str) -> None:
    (problem,) = problems(condition)
    assert "which `Club` does not have" in problem.message
    assert problem.hint.startswith(words)


def test_what_nobody_can_guess_is_told_what_there_is() -> None:
    (problem,) = problems(Within("letters[].posted", EARLY))
    assert problem.message == "`Within` asks for `letters[].posted`, which `Club` does not have."
    assert problem.hint == (
        "Here it can be `visits[].came`, `members[].start`, `members[].end`, `bans[].start`, "
        "`bans[].end`."
    )
    (problem,) = problems(Is("letters[].sealed", True), AccountHistory)
    assert problem.hint.endswith(" more.")
    assert "messages[].sent_at" not in str(problem)


class Bare(History):
    is_minor: YesNo = None
    notes: tuple[Record, ...] = ()


def test_a_model_without_such_paths_is_said_to_have_none() -> None:
    assert problems(Within("is_minor", EARLY), Bare)[0].hint.endswith("There is no moment here.")
    assert problems(Ever("notes", EARLY), Bare)[0].hint.endswith("There is no list of spans here.")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("visits[].paid", "`where` asks for a fact of the spans of `members`, which"),
        ("bans[].level", "`where` asks for a fact of the spans of `members`, which"),
        ("about.adult", "`where` asks for a fact of the spans of `members`, which"),
        ("members[].start", "a vocabulary; `members[].start` is a moment."),
        ("members[].colour", "which `Club` does not have."),
    ],
)
def test_a_filter_speaks_of_the_spans_that_it_filters(path: str, words: str) -> None:
    (problem,) = problems(Covered("visits[].came", "members", (Is(path, True),)))
    assert words in problem.message
    assert "`members[].level`" in problem.hint


def test_a_typing_error_is_one_problem_and_not_one_for_each_clause() -> None:
    source = Citation("A fiction")
    paths = ("visit[].paid", "visits[].paid", "about.adult")
    with pytest.raises(InvalidDefinition) as caught:
        ClassDefinition(
            "a",
            "1",
            "A class",
            Club,
            tuple(Clause(path, "words", source, Is(path, True)) for path in paths),
        )
    assert [problem.path for problem in caught.value.problems] == ["clauses[0]"]


@pytest.mark.parametrize(
    ("condition", "message", "hint"),
    [
        (
            Is("visits[].kind", "shrt"),
            "`visits[].kind` is never `shrt`.",
            "Did you mean `short`? Its values are long, short.",
        ),
        (Is("visits[].kind", True), "never `True`.", "Its values are long, short."),
        (Is("visits[].paid", "yes"), "`visits[].paid` is never `yes`.", "Write True or False."),
        (
            Covered("visits[].came", "members", (Is("members[].level", {"tin", "gold"}),)),
            "`members[].level` is never `tin`.",
            "Its values are gold, guest, silver.",
        ),
    ],
)
def test_a_value_that_a_path_never_has(condition: Condition, message: str, hint: str) -> None:
    clause = Clause("c1", "words", Citation("A fiction"), condition)
    with pytest.raises(InvalidDefinition) as caught:
        ClassDefinition("a", "1", "A class", Club, (clause,))
    (problem,) = caught.value.problems
    assert problem.code == "definition-value"
    assert message in problem.message
    assert problem.hint == hint
