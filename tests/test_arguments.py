"""Whatever is passed, a public function takes it, or says in our own words what to pass."""

import inspect
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from pydoc import locate
from typing import Any

import pytest

import eligibility
from eligibility import (
    AccountHistory,
    AllOf,
    Answer,
    AnyOf,
    Certificate,
    Citation,
    ClassDefinition,
    Clause,
    ClauseTruth,
    CompletenessStatement,
    Covered,
    EligibilityError,
    Ever,
    Evidence,
    InvalidHistory,
    InvalidMoment,
    Is,
    Letter,
    Moment,
    OpenFact,
    Problem,
    Question,
    Reason,
    Scenarios,
    Status,
    Supposition,
    Survey,
    TimeSet,
    Truth,
    Uncovered,
    Verdict,
    Within,
    WrongArgument,
    all_of,
    any_of,
    evaluate,
    forget,
    letter_page,
    parse_json,
    read_history,
    refine,
    refines,
    survey,
    verdict_text,
    verify,
    write_letter,
)
from eligibility.definition.conditions import disjuncts, leaves, negated, paths
from eligibility.facts.normalise import normalise
from eligibility.linkedin import Limits, read_archive
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.testing import strategies
from eligibility.values.timeline import EARLIEST, LATEST

EXPORT = Path(__file__).parent.parent / "examples" / "archive" / "ada-example-export.zip"
HISTORY = AccountHistory(account_id="FICTIONAL-1", messages=[{"sent_at": "2023"}])
DEFINITION = class_definition()
VERDICT = evaluate(HISTORY)
LETTER = write_letter(HISTORY)
QUESTION = VERDICT.questions[0]
ANSWER = QUESTION.answers[0]
SOURCE = Citation("Order of 2025, p. 3", "the words")
INMAIL = Is("messages[].inmail", True)
CLAUSE = Clause("inmail", "whose InMails", SOURCE, INMAIL)
DAY = Moment.parse("2024-09-17")
DAYS = TimeSet.of((DAY.earliest, DAY.latest))
PROBLEM = Problem("missing", "a", "words", "hint")
SUPPOSED = {
    "name": "as-told",
    "text": "words",
    "citation": SOURCE,
    "list": "messages",
    "unless": ("inmail", False),
    "when": "sent_at",
    "before": DAY.latest,
    "fact": "shared",
    "then": "shared_at",
}

#: Each public function and constructor, with arguments that it takes, by name where it has names.
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "evaluate": (
        evaluate,
        {"history": HISTORY, "definition": DEFINITION, "supposing": AS_ALLEGED},
    ),
    "survey": (survey, {"history": HISTORY, "supposing": AS_ALLEGED}),
    "verify": (
        verify,
        {"history": HISTORY, "verdict": VERDICT.to_json(), "definition": DEFINITION},
    ),
    "parse_json": (parse_json, {"text": "{}"}),
    "write_letter": (
        write_letter,
        {
            "history": HISTORY,
            "definition": DEFINITION,
            "supposing": AS_ALLEGED,
            "unread": ("a.csv",),
        },
    ),
    "letter_page": (letter_page, {"letter": LETTER}),
    "Letter": (Letter, {"title": "Self-check", "about": "the club", "parts": LETTER.parts}),
    "verdict_text": (verdict_text, {"verdict": VERDICT}),
    "read_history": (
        read_history,
        {"text": '{"account_id": "A"}', "model": AccountHistory, "most_records": 10},
    ),
    "read_archive": (
        read_archive,
        {
            "path": EXPORT,
            "account_id": "FICTIONAL-2",
            "owner_profile_url": "https://www.linkedin.com/in/ada-example",
            "time_zone": "UTC",
            "limits": Limits(),
        },
    ),
    "Limits": (Limits, {"entries": 5, "line_chars": 1000}),
    "refine": (refine, {"history": HISTORY, "refinement": {"messages[0].shared": True}}),
    "forget": (forget, {"history": HISTORY, "paths": ["messages[0].sent_at"]}),
    "refines": (refines, {"finer": HISTORY, "coarser": HISTORY}),
    "class_definition": (class_definition, {"reading": Reading()}),
    "Reading": (Reading, {"messages": Reading().messages, "update_day": Reading().update_day}),
    "Reading.of": (Reading.of, {"messages": "sent"}),
    "Citation": (Citation, {"source": "Order", "quote": "words"}),
    "Is": (Is, {"path": "about.adult", "values": True}),
    "Within": (Within, {"moment": "messages[].sent_at", "times": DAYS}),
    "Covered": (Covered, {"moment": "messages[].sent_at", "spans": "premium", "where": (INMAIL,)}),
    "Uncovered": (Uncovered, {"moment": "messages[].sent_at", "spans": "p", "where": (INMAIL,)}),
    "Ever": (Ever, {"spans": "premium", "times": DAYS, "where": (INMAIL,)}),
    "AllOf": (AllOf, {"conditions": (INMAIL,)}),
    "AnyOf": (AnyOf, {"conditions": (INMAIL,)}),
    "Clause": (
        Clause,
        {"id": "a", "text": "words", "citation": SOURCE, "condition": INMAIL, "context": (SOURCE,)},
    ),
    "ClassDefinition": (
        ClassDefinition,
        {
            "id": "a",
            "version": "1",
            "title": "A class",
            "model": AccountHistory,
            "clauses": (CLAUSE,),
            "exclusions": (),
            "reading": {"messages": "sent"},
            "notice": "words",
        },
    ),
    "Supposition": (Supposition, SUPPOSED),
    "Supposition.suppose": (AS_ALLEGED.suppose, {"facts": normalise(HISTORY)}),
    "Supposition.under": (AS_ALLEGED.under, {"reading": DEFINITION.reading}),
    "Moment.parse": (Moment.parse, {"text": "2024", "zone": "UTC"}),
    "Moment.at": (Moment.at, {"when": DAY.earliest}),
    "Moment.between": (
        Moment.between,
        {"earliest": DAY.earliest, "latest": DAY.latest, "zone": "UTC"},
    ),
    "Moment.before": (DAY.before, {"other": DAY}),
    "Moment.after": (DAY.after, {"other": DAY}),
    "Moment.not_before": (DAY.not_before, {"other": DAY}),
    "Moment.not_after": (DAY.not_after, {"other": DAY}),
    "Moment.same": (DAY.same, {"other": DAY}),
    "Moment.within": (DAY.within, {"times": DAYS}),
    "Moment.in_zone": (DAY.in_zone, {"zone": "UTC"}),
    "TimeSet.before": (TimeSet.before, {"instant": DAY.earliest}),
    "TimeSet.since": (TimeSet.since, {"instant": DAY.earliest}),
    "TimeSet.union": (TimeSet.union, {"spans": [(1, 2)]}),
    "Status.of": (Status.of, {"truth": Truth.TRUE}),
    "Truth.of": (Truth.of, {"value": True}),
    "Truth.implies": (Truth.TRUE.implies, {"other": Truth.TRUE}),
    "Truth.some": (Truth.some, {"members": [Truth.TRUE]}),
    "Truth.every": (Truth.every, {"members": [Truth.TRUE]}),
    "Truth.none": (Truth.none, {"members": [Truth.TRUE]}),
    "Problem": (Problem, {"code": "a", "path": "b", "message": "c", "hint": "d"}),
    "Answer": (Answer, {"text": "yes", "refinement": {}, "truth": Truth.TRUE}),
    "OpenFact": (OpenFact, {"text": "Was it?", "paths": ("a",), "known_by": "defendant"}),
    "Question": (
        Question,
        {"code": "yes-no", "text": "Was it?", "paths": ("a",), "answers": (ANSWER,)},
    ),
    "CompletenessStatement": (
        CompletenessStatement,
        {"list": "messages", "where": {"inmail": True}},
    ),
    "Evidence": (Evidence, {"path": "a", "id": "b", "source": "c"}),
    "Reason": (
        Reason,
        {"code": "a", "text": "words", "citation": SOURCE, "facts": ("a",), "records": (1,)},
    ),
    "ClauseTruth": (
        ClauseTruth,
        {"id": "a", "truth": Truth.TRUE, "text": "words", "citation": SOURCE},
    ),
    "Scenarios": (Scenarios, {"eligible_if": HISTORY, "ineligible_if": HISTORY}),
    "Survey": (
        Survey,
        {"statuses": ((Reading(), Status.ELIGIBLE),), "supposing": AS_ALLEGED},
    ),
    "Verdict": (
        Verdict,
        {
            "status": VERDICT.status,
            "clauses": VERDICT.clauses,
            "definition": DEFINITION,
            "supposing": AS_ALLEGED,
            "history": HISTORY,
            "known": VERDICT._facts,
            "first": None,
        },
    ),
    "Certificate": (Certificate, {"findings": (PROBLEM,)}),
    "Verdict.evidence": (VERDICT.evidence, {"path": "messages[0].sent_at"}),
    "ClassDefinition.expect": (DEFINITION.expect, {"history": HISTORY}),
    "ClassDefinition.speaking_of": (DEFINITION.speaking_of, {"path": "messages[].shared"}),
    "leaves": (lambda condition: list(leaves(condition)), {"condition": INMAIL}),
    "paths": (paths, {"condition": INMAIL}),
    "disjuncts": (lambda condition: list(disjuncts(condition)), {"condition": INMAIL}),
    "negated": (negated, {"condition": Is("about.adult", True)}),
    **{
        kind.__name__: (kind, {"problems": [PROBLEM]})
        for kind in (EligibilityError, *EligibilityError.__subclasses__())
        if kind.__module__ == "eligibility.errors"
    },
}
#: What is passed by mistake: nothing, texts, numbers, what holds others, classes, and our own.
MISTAKES: dict[str, Any] = {
    "None": None,
    "a text": "as-alleged",
    "bytes": b"\x00",
    "a number": 5,
    "a number below nothing": -1,
    "a number that no clock has": 10**30,
    "a fraction": 0.5,
    "yes": True,
    "a dict": {"a": 1},
    "a dict of no texts": {5: 5},
    "a list": ["a", 5],
    "an empty list": [],
    "a list of lists": [[1, 2]],
    "a set": {"a"},
    "a date": date(2024, 9, 17),
    "a datetime": datetime(2024, 9, 17),  # noqa: DTZ001 - a mistake
    "a path": Path("history.json"),
    "any object": object(),
    "a function": evaluate,
    "a history": HISTORY,
    "a record": HISTORY.messages[0],
    "a group": HISTORY.exclusions,
    "a definition": DEFINITION,
    "a reading": Reading(),
    "a verdict": VERDICT,
    "a question": QUESTION,
    "an answer": ANSWER,
    "a clause": CLAUSE,
    "a condition": INMAIL,
    "a citation": SOURCE,
    "a moment": DAY,
    "a time set": DAYS,
    "a truth": Truth.TRUE,
    "a status": Status.ELIGIBLE,
    "a supposition": AS_ALLEGED,
    "a problem": PROBLEM,
    "the class of histories": AccountHistory,
    "the class of verdicts": Verdict,
    "the class of texts": str,
}


@pytest.mark.parametrize("name", CALLS)
def test_what_it_takes_it_takes(name: str) -> None:
    function, right = CALLS[name]
    function(**right)


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_argument_is_taken_or_told(name: str, mistake: str) -> None:
    function, right = CALLS[name]
    for argument in right:
        try:
            function(**{**right, argument: MISTAKES[mistake]})
        except EligibilityError as error:
            assert error.problems  # noqa: PT017 - most mistakes raise, and some are taken
            for problem in error.problems:
                assert problem.message
                if isinstance(error, WrongArgument):
                    assert problem.code == "wrong-argument"
                    assert " object at 0x" not in str(problem)


#: Records that `evaluate` alone makes, every time: to check them would cost it a tenth.
UNCHECKED = {"Verdict", "ClauseTruth"}


@pytest.mark.parametrize("name", sorted(CALLS.keys() - UNCHECKED))
def test_an_object_of_no_kind_is_never_taken(name: str) -> None:
    function, right = CALLS[name]
    for argument in right:
        if (name, argument) != ("verify", "verdict"):  # which is told as a finding
            with pytest.raises(EligibilityError):
                function(**{**right, argument: object()})


@pytest.mark.parametrize("name", sorted(CALLS.keys() - UNCHECKED))
def test_arguments_that_are_swapped_are_told(name: str) -> None:
    function, right = CALLS[name]
    names, values = list(right), list(right.values())
    for at in range(len(names) - 1):
        if type(values[at]) is type(values[at + 1]) or isinstance(values[at], tuple):
            continue
        swapped = [*values]
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        with pytest.raises(EligibilityError):
            function(**dict(zip(names, swapped, strict=True)))


def test_every_name_of_the_front_door_is_swept() -> None:
    """But for pydantic's own models, whose constructor raises pydantic's own error, and types."""
    models = {"AccountHistory", "Exclusions", "Message", "Permission", "Subscription"}
    models |= {"Facts", "History", "Record", "Span", "VerdictDocument"}
    types = {"CODES", "Condition", "EndField", "MomentField", "YesNo", "unique_ids", "Status"}
    by_method = {"Moment", "TimeSet", "Truth"}
    joined = {"all_of", "any_of"}  # below
    archive = {"ArchiveError"}
    swept = {name.partition(".")[0] for name in CALLS}
    assert set(eligibility.__all__) - swept <= models | types | by_method | joined | archive


@pytest.mark.parametrize(
    ("earliest", "latest", "code"),
    [
        (DAY.latest, DAY.earliest, "moment-order"),
        (LATEST, EARLIEST, "moment-order"),
        (EARLIEST - 1, DAY.latest, "moment-range"),
        (DAY.earliest, LATEST + 1, "moment-range"),
        (LATEST + 1, LATEST + 1, "moment-range"),
        (-(10**30), 10**30, "moment-range"),
    ],
)
def test_bounds_that_no_moment_has_are_refused(earliest: int, latest: int, code: str) -> None:
    with pytest.raises(InvalidMoment) as caught:
        Moment.between(earliest, latest)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_time_set_ends_where_the_time_line_does() -> None:
    assert TimeSet.before(10**30) == TimeSet.since(-(10**30)) == TimeSet.ALL
    assert TimeSet.before(-(10**30)) == TimeSet.since(10**30) == TimeSet.EMPTY


# ---- what is taken, being unambiguous ------------------------------------------------------------


def test_a_list_one_alone_and_a_generator_are_taken_for_several() -> None:
    whole = CALLS["ClassDefinition"][1]
    expected = ClassDefinition(**whole)
    for clauses in ([CLAUSE], CLAUSE, (each for each in [CLAUSE])):
        assert ClassDefinition(**{**whole, "clauses": clauses}) == expected
    for where in ([INMAIL], INMAIL):
        assert Covered("a", "b", where) == Covered("a", "b", (INMAIL,))
    assert AllOf([INMAIL]) == AllOf(INMAIL) == all_of(INMAIL)
    assert AnyOf(iter([INMAIL])) == any_of(INMAIL)
    for values in (True, [True], {True}, (True,), iter([True])):
        assert Is("a", values).values == frozenset({True})


def test_an_answer_refines() -> None:
    assert refine(HISTORY, ANSWER) == refine(HISTORY, ANSWER.refinement)


def test_one_path_is_forgotten() -> None:
    path = "messages[0].sent_at"
    assert forget(HISTORY, path) == forget(HISTORY, [path]) == forget(HISTORY, iter([path]))


def test_a_moment_stands_for_the_instants_that_it_may_mean() -> None:
    assert Within("messages[].sent_at", DAY) == Within("messages[].sent_at", DAYS)
    assert Ever("premium", DAY) == Ever("premium", DAYS)


def test_one_problem_makes_an_error() -> None:
    assert InvalidHistory(PROBLEM).problems == (PROBLEM,)


def test_a_reading_takes_its_own_values() -> None:
    reading = Reading.of(messages="sent")
    assert Reading.of(messages=reading.messages) == reading


# ---- what is told --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: evaluate(HISTORY, supposing="as-alleged"), "`supposing` takes a `Supposition`"),
        (lambda: evaluate(HISTORY, supposing="as-alleged"), "`rules.AS_ALLEGED`"),
        (lambda: evaluate(HISTORY, Reading()), "`rules.class_definition(reading)` makes one"),
        (lambda: evaluate(DEFINITION, HISTORY), "`history` takes a `History`, not a `ClassDef"),
        (lambda: evaluate(AccountHistory), "the class `AccountHistory`: pass one that was made"),
        (lambda: evaluate({"account_id": "A"}), "`read_history(text)` makes one of JSON"),
        (lambda: refine(HISTORY, QUESTION), "`verdict.questions[0].answers[0]`"),
        (lambda: read_history({"account_id": "A"}), "`AccountHistory.model_validate(data)`"),
        (lambda: read_history(Path("a.json")), "`path.read_bytes()`"),
        (lambda: read_history("{}", HISTORY), "takes a class, `History` or one made of it"),
        (lambda: TimeSet.of(("2016-03-30", "2021-07-30")), "`Moment.parse(text)` has them"),
        (lambda: TimeSet.of(DAY), "`earliest` and `latest`"),
        (lambda: Within("messages[].sent_at", "2024"), "`Within.times` takes a `TimeSet`, not the"),
        (lambda: Is("messages[].inmail", 5), "`Is.values` takes a list, each True or False or a"),
        (lambda: Is("messages[].inmail", [1]), "not the number `1`"),
        (lambda: Is("messages[].inmail", None), "not None"),
        (lambda: Clause("a", "words", "Order", INMAIL), "Write `Citation("),
        (lambda: all_of([INMAIL]), "takes a list, each a condition, not a `list`"),
        (lambda: Moment.parse(20240917), "in quotes"),
        (lambda: DAY.before("2024"), 'Write `Moment.parse("2024-09-17")`.'),
        (lambda: Truth.TRUE & True, "`Truth.of(value)`"),
        (lambda: DAYS & DAY, "a `TimeSet`"),
        (lambda: DAYS | None, "a `TimeSet`"),
        (lambda: DAY in DAYS, "`moment.within(times)`"),
        (lambda: TimeSet([(1, 2)]), "`TimeSet.of((first, last))`"),
        (lambda: Moment(DAY, DAY, "2024"), 'Write `Moment.parse("2024-09-17")`.'),
        (lambda: Truth("yes", "yes"), "`Truth.of(value)`"),
        (lambda: Reading(messages="sent"), "`Reading.messages` takes a `Messages`"),
        (lambda: class_definition("sent"), '`Reading.of(messages="sent")` makes one of words.'),
        (lambda: ClassDefinition("a", "1", "t", AccountHistory, {CLAUSE}), "a list, each a `Clau"),
        (lambda: ClassDefinition("a", "1", "t", HISTORY, (CLAUSE,)), "takes a class, `History`"),
        (lambda: VERDICT.evidence("messages[7].sent_at"), "`messages[7].sent_at` names nothing"),
        (lambda: VERDICT.evidence("nonsense"), "`nonsense` names nothing"),
        (lambda: VERDICT.to_json(indent="tab"), "`indent` takes a whole number"),
        (lambda: read_archive(EXPORT, progress=5), "Pass a function of one number."),
        (lambda: read_archive(EXPORT, limits={"rows": 5}), "Write `Limits(messages=50_000)`"),
        (lambda: Limits(rows=0), "`Limits.rows` takes a whole number from 1, not the number `0`"),
        (lambda: Limits(rows="5"), "not the text `5`"),
        (lambda: evaluate(10**5000), "not the number `too long to write out`"),
        (lambda: AccountHistory(account_id=10**5000), "not the number `too long to write out`"),
        (lambda: AccountHistory(account_id="A", schema_version=10**5000), "too long to write out"),
        (lambda: Reading.of(messages=10**5000), "cannot be read as `too long to write out`"),
    ],
)
def test_it_is_said_what_to_pass(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(EligibilityError) as caught:
        call()
    assert words in str(caught.value)


def test_all_that_is_wrong_with_a_record_is_said_at_once() -> None:
    with pytest.raises(WrongArgument) as caught:
        Clause(5, None, "Order", "messages[].inmail")
    assert [problem.path for problem in caught.value.problems] == [
        "Clause.id",
        "Clause.text",
        "Clause.citation",
        "Clause.condition",
    ]


def documented() -> list[Callable[..., Any]]:
    """Every function of the reference that must be given something, but for strategies.

    Hypothesis calls those when it draws, and has an error of its own for it.
    """
    pages = sorted(Path("docs/reference").glob("*.md"))
    named = (re.findall(r"(?m)^::: (\S+)$", page.read_text(encoding="utf-8")) for page in pages)
    found = [locate(path) for path in sorted({path for each in named for path in each})]
    functions = [each for each in found if inspect.isfunction(each) and needed(each)]
    return [each for each in functions if each.__module__ != strategies.__name__]


def needed(function: Callable[..., Any]) -> list[inspect.Parameter]:
    given = inspect.signature(function).parameters.values()
    return [each for each in given if each.default is each.empty and each.kind < each.KEYWORD_ONLY]


@pytest.mark.parametrize("function", documented(), ids=lambda each: each.__qualname__)
def test_no_function_of_the_reference_ends_in_a_strangers_words(
    function: Callable[..., Any],
) -> None:
    """Whatever stands in place of the first thing that it takes."""
    for value in (None, 5, 1.5, object()):
        with pytest.raises(EligibilityError):
            function(value, *[DEFINITION for _ in needed(function)[1:]])


def test_a_wrong_argument_is_a_type_error_too() -> None:
    with pytest.raises(TypeError, match="wrong-argument"):
        evaluate(None)
