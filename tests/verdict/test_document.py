"""The one JSON contract of a verdict: what is written is read back, and nothing else is."""

import copy
import json
import pickle
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from attrs import evolve
from fictional import stated
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import (
    AccountHistory,
    ClassDefinition,
    Clause,
    InvalidVerdict,
    Is,
    Status,
    Truth,
    Verdict,
    VerdictDocument,
    evaluate,
    read_history,
    verify,
)
from eligibility.errors import json_text
from eligibility.rules import AS_ALLEGED, REPORT, Reading, class_definition
from eligibility.testing.strategies import verdicts
from eligibility.values.citation import Citation

OPEN = AccountHistory(
    account_id="FICTIONAL-1",
    premium=[{"id": "p1", "plan": "premium_career", "start": "2023", "end": ".."}],
    messages=[{"id": "m1", "inmail": True, "shared": True, "shared_at": "2024-09"}],
    complete=["premium", "messages", "permissions"],
)
VERDICT = evaluate(OPEN)
DATA = VERDICT.to_dict()
SCHEMA = VerdictDocument.model_json_schema()


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to everything in a document, but into data that is of another contract."""
    yield way
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    if way[-1:] not in (("refinement",), ("reading",), ("eligible_if",), ("ineligible_if",)):
        for key, each in inner:
            yield from places(each, (*way, key))


KEYS = [way for way in places(DATA) if way and isinstance(way[-1], str)]


def changed(way: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    at: Any = data
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return data


def codes(text: str | bytes) -> set[tuple[str, str]]:
    with pytest.raises(InvalidVerdict) as caught:
        Verdict.from_json(text)
    assert isinstance(caught.value, ValueError)
    return {(problem.code, problem.path) for problem in caught.value.problems}


@settings(max_examples=30, deadline=None)
@given(verdicts(), st.sampled_from([None, 2]))
def test_what_is_written_is_read_back_and_says_the_same(verdict, indent):
    text = verdict.to_json(indent=indent)
    document = Verdict.from_json(text)
    assert document.to_json(indent=indent) == text
    assert document.to_dict() == verdict.to_dict() == json.loads(text)
    assert document == verdict
    assert verdict == document
    assert hash(document) == hash(verdict)
    jsonschema.validate(json.loads(text), SCHEMA)
    assert document.status is verdict.status
    assert document.exact is verdict.exact
    assert document.history_digest == verdict.history_digest
    assert document.definition.digest == verdict.definition.digest
    assert [c.truth for c in document.clauses] == [c.truth for c in verdict.clauses]
    assert [(r.code, r.text, r.facts) for r in document.reasons] == [
        (r.code, r.text, r.facts) for r in verdict.reasons
    ]
    assert [[(a.text, a.status) for a in q.answers] for q in document.questions] == [
        [(a.text, a.status) for a in q.answers] for q in verdict.questions
    ]
    given = type(verdict.history)
    if verdict.scenarios is not None:
        for name in ("eligible_if", "ineligible_if"):
            data = getattr(document.scenarios, name)
            known = getattr(verdict.scenarios, name)
            assert (None if data is None else given.model_validate(data)) == known


@given(verdicts(), verdicts())
@settings(max_examples=15, deadline=None)
def test_verdicts_are_equal_if_and_only_if_they_say_the_same(one, other):
    assert (one == other) == (one.to_json() == other.to_json())
    if one == other:
        assert hash(one) == hash(other)


def test_a_document_travels_and_is_as_good_as_the_verdict():
    document = Verdict.from_json(VERDICT.to_json())
    for arrived in (copy.deepcopy(document), pickle.loads(pickle.dumps(document))):  # noqa: S301 - ours
        assert arrived == document == VERDICT
        assert hash(arrived) == hash(VERDICT)
    assert verify(OPEN, document).holds
    assert {document, VERDICT} == {VERDICT}
    assert len({VERDICT, evaluate(OPEN), evaluate(read_history(OPEN.model_dump_json()))}) == 1


def test_questions_and_what_they_hold_are_hashable():
    asked = VERDICT.questions + evaluate(AccountHistory(account_id="F", messages=[{}])).questions
    documents = Verdict.from_json(VERDICT.to_json())
    assert len(set(asked)) == len(asked)
    assert len({answer for question in asked for answer in question.answers}) > 1
    assert len(set(documents.questions)) == len(documents.questions)
    assert hash(documents.scenarios) == hash(Verdict.from_json(VERDICT.to_json()).scenarios)


@pytest.mark.parametrize(
    "other",
    [
        evaluate(OPEN, class_definition(Reading.of(messages="sent"))),
        evaluate(OPEN, supposing=AS_ALLEGED),
        evaluate(OPEN.model_copy(update={"account_id": "FICTIONAL-2"})),
        evaluate(OPEN, evolve(class_definition(), notice="Other words.")),
        VERDICT.to_dict(),
        VERDICT.to_json(),
        None,
    ],
    ids=["reading", "supposing", "account", "notice", "data", "text", "nothing"],
)
def test_a_verdict_that_says_something_else_is_another(other):
    assert other != VERDICT
    assert other != VERDICT
    assert Verdict.from_json(VERDICT.to_json()) != other


def test_verdicts_say_the_same_though_made_of_definitions_built_twice():
    def built() -> ClassDefinition:
        clause = Clause("inmail", "whose InMails", Citation(REPORT), Is("messages[].inmail", True))
        return ClassDefinition("a", "1", "A class", AccountHistory, (clause,))

    assert evaluate(OPEN, built()) == evaluate(OPEN, built())


# ---- broken, foreign, hostile --------------------------------------------------------------------


@pytest.mark.parametrize("way", [way for way in places(DATA) if way], ids=str)
def test_whatever_is_of_another_type_is_named(way):
    found = codes(json.dumps(changed(way, [[5]] if way[-1] != "known_by" else {})))
    path = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in way).removeprefix(".")
    assert any(where.startswith(path) for _, where in found), found


@pytest.mark.parametrize("way", KEYS, ids=str)
def test_a_key_that_is_missing_is_named(way):
    data = copy.deepcopy(DATA)
    at: Any = data
    for step in way[:-1]:
        at = at[step]
    del at[way[-1]]
    path = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in way).removeprefix(".")
    if way[-1] in ("known_by", "open"):  # came later
        assert Verdict.from_json(json.dumps(data)).to_dict() == data
    else:
        assert codes(json.dumps(data)) == {("missing", path)}


def test_all_that_is_wrong_is_said_at_once():
    data = {**DATA, "status": "maybe", "exact": "yes", "file": "a.json"}
    del data["notice"]
    data["clauses"] = [{**DATA["clauses"][0], "truth": "perhaps"}]
    assert codes(json.dumps(data)) == {
        ("not-in-vocabulary", "status"),
        ("wrong-type", "exact"),
        ("unknown-key", "file"),
        ("missing", "notice"),
        ("not-in-vocabulary", "clauses[0].truth"),
    }


DEEP = json.dumps(changed(("scenarios", "eligible_if"), "X")).replace(
    '"X"', '{"a": ' * 60 + "1" + "}" * 60
)
HOSTILE = {
    "no text": ("", "malformed-json"),
    "another document": (OPEN.model_dump_json(), "unknown-key"),
    "a list": ("[]", "wrong-type"),
    "nothing": ("null", "wrong-type"),
    "a word": ('"eligible"', "wrong-type"),
    "no UTF-8": (b'{"status": "\xff"}', "not-unicode"),
    "twice": ('{"status": "eligible", "status": "ineligible"}', "duplicate-key"),
    "no number": ('{"exact": NaN}', "not-a-number"),
    "too large a number": ('{"exact": 1e999}', "not-a-number"),
    "too many digits": ('{"exact": ' + "9" * 5000 + "}", "malformed-json"),
    "deeper than JSON is read": ("[" * 100_000, "too-deep"),
    "deeper than a history": (DEEP, "too-deep"),
    "half a character": (VERDICT.to_json().replace("FICTIONAL-1", r"\ud800"), "not-unicode"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_is_refused_with_a_code(kind):
    text, code = HOSTILE[kind]
    assert code in {found for found, _ in codes(text)}


@pytest.mark.parametrize("text", [None, 5, {}, VERDICT, ["a"]])
def test_what_is_no_text_is_said_so(text):
    with pytest.raises(TypeError, match="JSON text of a verdict"):
        Verdict.from_json(text)


def test_the_schema_is_one_and_refuses_what_reading_refuses():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for wrong in (
        changed(("status",), "maybe"),
        changed(("clauses", 0, "truth"), "perhaps"),
        changed(("more",), 1),
        {key: value for key, value in DATA.items() if key != "notice"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)
        assert codes(json.dumps(wrong))


def test_a_document_is_read_and_not_believed():
    document = Verdict.from_json(json.dumps(changed(("status",), "eligible")))
    assert document.status is Status.ELIGIBLE
    assert document.clauses[-1].truth == Truth.UNKNOWN
    assert document != VERDICT
    assert not verify(OPEN, document).holds


@pytest.mark.parametrize("kind", ["eligible", "ineligible", "indeterminate"])
def test_what_is_written_field_by_field_is_what_is_written_at_once(kind: str) -> None:
    verdict = evaluate(read_history(stated(kind, 3)))
    assert verdict.status.value == kind
    assert verdict.to_json() == json_text(verdict.to_dict())
    again = Verdict.from_json(verdict.to_json())
    assert again.to_json() == verdict.to_json()
    assert json.loads(again.to_json(indent=1)) == json.loads(verdict.to_json())
