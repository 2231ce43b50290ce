"""The missing-facts cases: made as they stand, wide enough, and met by `evaluate`."""

from collections import Counter
from typing import Any

import pytest
from make_missing_facts import TARGET, decided, facts_of, families, without
from oracle_worlds import CLAUSES, DIMENSIONS

from eligibility import AccountHistory, ClassDefinition, evaluate
from eligibility.evaluation.reference import Possibly
from eligibility.rules import Reading, class_definition
from eligibility.testing.missing_facts import Case, Kind, cases, run

CASES = {case.id: case for case in cases()}
STATUSES = ("eligible", "ineligible", "indeterminate")


def definition_of(case: Case) -> ClassDefinition:
    return class_definition(Reading.of(**case.reading))


def ours(history: dict[str, Any], reading: dict[str, str]) -> str:
    definition = class_definition(Reading.of(**reading))
    return evaluate(AccountHistory.model_validate(history), definition).status.value


def in_json(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__slots__ if not name.startswith("__")}


# ---- they are what the generator makes ---------------------------------------------------------


def test_the_file_holds_what_the_generator_makes() -> None:
    """Every history of it; the statuses, truths and words of every fifth family."""
    made = list(families())
    assert [case["id"] for family in made for case in (family[0], *family[1])] == list(CASES)
    for number, (parent, children) in enumerate(made):
        for case in (parent, *children):
            held = CASES[case["id"]]
            assert (held.history, held.reading) == (case["history"], case["reading"])
            assert (held.parent, list(held.forgotten)) == (case["parent"], case["forgotten"])
        if number % 5 == 0:
            for case in decided(parent, children):
                assert in_json(CASES[case["id"]]) == {**case, "forgotten": tuple(case["forgotten"])}


def test_the_file_is_small() -> None:
    assert 3_000 <= len(CASES) <= 6_000
    assert len(TARGET.read_bytes()) < 300_000
    assert TARGET.read_bytes()[4:8] == bytes(4)  # no time of making


# ---- they are what they say --------------------------------------------------------------------


def test_to_forget_makes_a_status_indeterminate_and_never_another() -> None:
    for case in CASES.values():
        if case.parent:
            assert case.status in (CASES[case.parent].status, "indeterminate"), case.id


def test_each_case_is_its_parent_without_what_was_forgotten() -> None:
    for case in CASES.values():
        if case.parent:
            parent = CASES[case.parent]
            assert parent.reading == case.reading
            assert without(parent.history, case.forgotten) == case.history
            assert parent.parent is None
            assert case.forgotten


def test_every_single_fact_is_forgotten() -> None:
    held = {(str(case.history), str(case.reading)) for case in CASES.values()}
    for case in CASES.values():
        if case.parent is None:
            for path in facts_of(case.history):
                left = without(case.history, (path,))
                assert (str(left), str(case.reading)) in held, (case.id, path)


def test_no_case_stands_twice() -> None:
    held = Counter((str(case.history), str(case.reading)) for case in CASES.values())
    assert max(held.values()) == 1


def test_every_case_says_why() -> None:
    for case in CASES.values():
        assert case.why.endswith(".")
        if case.parent:
            assert case.parent in case.why
            assert len(case.forgotten) > 1 or case.forgotten[0] in case.why


# ---- they are wide -----------------------------------------------------------------------------


def test_every_status_and_every_way_to_it_is_there_often() -> None:
    assert min(Counter(case.status for case in CASES.values())[name] for name in STATUSES) > 600
    turns = Counter(
        (CASES[case.parent].status, case.status) for case in CASES.values() if case.parent
    )
    assert len(turns) == 5
    assert min(turns.values()) > 400, turns
    whole = Counter(case.status for case in CASES.values() if not case.parent)
    assert min(whole[name] for name in STATUSES) > 60, whole


def test_every_value_of_a_reading_meets_every_status_often() -> None:
    seen = Counter(
        (name, word, case.status) for case in CASES.values() for name, word in case.reading.items()
    )
    for name, words in DIMENSIONS.items():
        for word in words:
            assert min(seen[name, word, status] for status in STATUSES) > 90, (name, word)


def first(case: Case, word: str) -> str | None:
    """The first clause with this truth."""
    return next((name for name, truth in case.clauses.items() if truth == word), None)


def test_every_clause_is_what_an_account_fails_on_alone() -> None:
    alone: Counter[str | None] = Counter()
    for case in CASES.values():
        if case.status == "ineligible":
            verdict = evaluate(AccountHistory.model_validate(case.history), definition_of(case))
            if {reason.code for reason in verdict.reasons} == {first(case, "false")}:
                alone[first(case, "false")] += 1
    assert min(alone[name] for name in CLAUSES) > 20, alone


def test_every_clause_is_what_one_forgotten_fact_leaves_open() -> None:
    opened = Counter(
        first(case, "unknown")  # None: the exclusions
        for case in CASES.values()
        if len(case.forgotten) == 1
        and (CASES[str(case.parent)].status, case.status) == ("eligible", "indeterminate")
    )
    assert min(opened[name] for name in (*CLAUSES, None)) > 10, opened


def test_every_notation_and_every_open_list_is_there() -> None:
    texts = Counter(
        "".join("9" if char.isdigit() else char for char in value)
        for case in CASES.values()
        for name in ("premium", "messages", "permissions")
        for record in case.history.get(name, ())
        for key, value in record.items()
        if key in ("start", "end", "sent_at", "shared_at") and value is not None
    )
    wanted = [
        "9999-99-99T99:99:99Z",
        "9999-99-99T99:99:99-99:99",
        "9999-99-99T99:99:99",
        "9999-99-99",
        "9999-99",
        "9999",
        "9999-99-9X",
        "9999-XX",
        "9999-99-99/9999-99-99",
        "9999-99/9999-99",
        "../9999-99-99",
        "9999-99-99/..",
        "..",
    ]
    assert min(texts[shape] for shape in wanted) > 20, texts
    closed = Counter(len(case.history.get("complete", ())) for case in CASES.values())
    assert min(closed[count] for count in range(4)) > 100, closed


# ---- evaluate meets them, and who errs is found ------------------------------------------------


def test_evaluate_is_right_in_every_case() -> None:
    for case in CASES.values():
        verdict = evaluate(AccountHistory.model_validate(case.history), definition_of(case))
        truths = {clause.id: clause.truth.word for clause in verdict.clauses[: len(CLAUSES)]}
        assert (verdict.status.value, truths) == (case.status, case.clauses), case.id


def test_check_finds_nothing_against_evaluate() -> None:
    report = run(ours)
    assert report.departures == ()
    total = len(CASES)
    assert str(report) == f"{total} cases: {total} right, 0 wrong, 0 undecided, 0 raised"


def test_check_catches_an_evaluate_that_takes_unknown_for_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meets = Possibly.meets

    def unknown_is_no(self: Any, record: Any, disjunct: Any, times: Any) -> bool:
        known = all(len(record.values[name]) == 1 for name in disjunct.values)
        return known and bool(meets(self, record, disjunct, times))

    monkeypatch.setattr(Possibly, "meets", unknown_is_no)
    report = run(ours)
    assert report.count(Kind.WRONG) > 100
    assert report.count(Kind.WRONG) == len(report.departures)
    assert {departure.case.status for departure in report.departures} == {"indeterminate"}


def test_check_catches_who_takes_a_list_for_complete() -> None:
    def closed(history: dict[str, Any], reading: dict[str, str]) -> str:
        return ours({**history, "complete": ["premium", "messages", "permissions"]}, reading)

    assert run(closed).count(Kind.WRONG) > 100


def test_check_tells_the_kinds_apart() -> None:
    some = [case for case in CASES.values() if case.status == "eligible"][:4]
    answers: Any = iter(["eligible", "ineligible", "indeterminate", None])
    report = run(lambda *_: next(answers), among=some)
    assert [departure.kind for departure in report.departures] == list(Kind)
    assert [report.count(kind) for kind in Kind] == [1, 1, 1]
    lines = str(report).splitlines()
    assert lines[0] == "4 cases: 1 right, 1 wrong, 1 undecided, 1 raised"
    assert lines[1].startswith(f"wrong {some[1].id}: it said ineligible, but it is eligible.")
    assert "it said None, which is no status" in lines[3]


def test_check_tells_what_was_raised_and_goes_on() -> None:
    def stumbles(history: dict[str, Any], _: dict[str, str]) -> str:
        return str(history["premium"][0]["plan"])

    report = run(stumbles)
    assert report.count(Kind.RAISED) == report.cases == len(CASES)
    assert any("it raised KeyError: 'plan'" in departure.said for departure in report.departures)
    assert str(report).endswith(f"and {report.cases - 10} more")
