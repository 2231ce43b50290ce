"""The words of a model are checked when a class is declared, before anybody is asked."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pytest
from pydantic import Field

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Facts,
    History,
    InvalidDefinition,
    Is,
    MomentField,
    Record,
    Span,
    YesNo,
)
from eligibility.facts.phrases import ListPhrases, Phrases
from eligibility.facts.shape import shape
from eligibility.facts.templates import moments_of

SIGNED: ClassVar = {True: "was signed", False: "was not signed"}


def declared(
    *,
    spoken: Any = None,
    of_letters: Any = None,
    of_plans: Any = None,
    of_you: Any = None,
    of_account: Any = None,
    **own: Any,
) -> ClassDefinition:
    """A class about letters, plans and a person, with words of its own."""

    class Letter(Record):
        kind: Literal["notice", "offer"] | None = Field(default=None, title="What was it about?")
        signed: YesNo = Field(default=None, title="Was it signed?")
        came: MomentField = Field(default=None, title="When was it received?")
        answered: MomentField = Field(default=None, title="When was the answer sent?")

    class Plan(Span):
        tier: Literal["silver", "gold"] | None = None

    class You(Facts):
        staff: YesNo = Field(default=None, title="Does the patient work there?")

    class Patient(History):
        holder: ClassVar[str] = "the patient"

        letters: tuple[Letter, ...] = ()
        plans: tuple[Plan, ...] = ()
        you: You = You()
        minor: YesNo = None

    Letter.spoken = ListPhrases() if spoken is None else spoken
    for part, words in ((Letter, of_letters), (Plan, of_plans), (You, of_you)):
        part.phrases = words or {}
    Patient.phrases = of_account or {}
    You.topic = own.pop("topic", "")
    for name, words in own.items():
        setattr(Patient, name, words)
    source = Citation("A fiction")
    clauses = (Clause("signed", "signed", source, Is("letters[].signed", True)),)
    return ClassDefinition("letters", "1", "Letters", Patient, clauses)


@pytest.mark.parametrize(
    ("words", "path", "message"),
    [
        ({"spoken": ListPhrases(known_by="clamant")}, "letters[]", "`clamant`"),  # type: ignore[arg-type]  # it is misspelt
        ({"of_letters": {"came": Phrases(known_by="me")}}, "letters[].came", "`me`"),  # type: ignore[arg-type]  # nobody
        ({"of_you": {"staff": Phrases(known_by="claimnt")}}, "you.staff", "`claimnt`"),  # type: ignore[arg-type]  # as above
        ({"of_letters": {"cane": Phrases()}}, "letters[].cane", "no fact `cane`"),
        ({"of_plans": {"begin": Phrases()}}, "plans[].begin", "no fact `begin`"),
        ({"of_you": {"stuff": Phrases()}}, "you.stuff", "no fact `stuff`"),
        ({"of_account": {"letters": Phrases()}}, "letters", "no fact `letters`"),
        ({"of_account": {"minor": Phrases(asks="{x}?")}}, "minor", "`{x}`"),
        ({"of_letters": {"came": "When?"}}, "letters[].came", "the text `When?`"),
        ({"of_letters": [Phrases()]}, "letters[]", "takes a dict, not a `list`"),
        ({"spoken": {"noun": "letter"}}, "letters[]", "not a `dict`"),
        ({"spoken": ListPhrases(noun=3)}, "letters[]", "the number `3`"),  # type: ignore[arg-type]  # no words
        ({"of_letters": {"came": Phrases(help=3)}}, "letters[].came", "the number `3`"),  # type: ignore[arg-type]  # as above
        ({"of_letters": {"came": Phrases("came {when} {wen}")}}, "letters[].came", "`{wen}`"),
        ({"of_letters": {"came": Phrases("came")}}, "letters[].came", "`says` needs `{when}`"),
        ({"of_letters": {"came": Phrases({True: "came"})}}, "letters[].came", "takes one text"),
        ({"of_letters": {"came": Phrases(asks="Did it?")}}, "letters[].came", "`asks` needs"),
        ({"of_letters": {"kind": Phrases("was one")}}, "letters[].kind", "`says` needs `{value}`"),
        ({"of_letters": {"kind": Phrases(asks="What {when}?")}}, "letters[].kind", "`{when}`"),
        ({"of_letters": {"kind": Phrases(values={"ofer": "x"})}}, "letters[].kind", "`ofer`"),
        ({"of_letters": {"signed": Phrases("was signed")}}, "letters[].signed", "`{value}`"),
        ({"of_letters": {"signed": Phrases({True: "was"})}}, "letters[].signed", "yes and for no"),
        ({"of_letters": {"signed": Phrases(SIGNED, "{it.id}")}}, "letters[].signed", "`{it.id}`"),
        ({"of_plans": {"end": Phrases(asks_lasting="Still?")}}, "plans[].end", "needs `{when}`"),
        ({"spoken": ListPhrases(asks_some="Any {kidn}?")}, "letters[]", "`{kidn}`"),
        ({"spoken": ListPhrases(asks_some="Any {kind?")}, "letters[]", "a brace by itself"),
        ({"spoken": ListPhrases(asks_some="Any {}?")}, "letters[]", "`{}`"),
        ({"spoken": ListPhrases(asks_some_more="More {when}?")}, "letters[]", "no one moment"),
        ({"spoken": ListPhrases(asks_throughout="From {first}?")}, "letters[]", "`{last}`"),
        ({"spoken": ListPhrases(asks_which="Which were signed?")}, "letters[]", "`{kind}`"),
        ({"spoken": ListPhrases(asks_any="Any {kind}?")}, "letters[]", "`{kind}`"),
        ({"topic": 3}, "you", "`topic`"),
        ({"holder": " "}, "holder", "whoever has an account"),
        ({"knowers": {"claimant": "the patient"}}, "knowers", "`documents`"),
        ({"knowers": None}, "knowers", "`defendant`"),
    ],
)
def test_words_that_cannot_be_said_are_refused_with_their_place(
    words: Mapping[str, Any], path: str, message: str
) -> None:
    """A knower who is misspelt knows nothing: what they could know was never asked, in silence."""
    with pytest.raises(InvalidDefinition) as caught:
        declared(**words)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("definition-model", path)
    assert message in problem.message


def test_what_was_meant_is_said() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        declared(spoken=ListPhrases(known_by="claimnt", asks_some="Any {kind} {when}?"))  # type: ignore[arg-type]  # misspelt
    assert [problem.hint for problem in caught.value.problems] == [
        "Did you mean `claimant`? There are `claimant`, `defendant`, `documents`.",
        "Say of which: `{came}`, `{answered}`.",
    ]


def test_all_words_that_a_model_may_have_are_taken() -> None:
    declared(
        spoken=ListPhrases(
            known_by="documents",
            asks_some="Did you get {kind} {came}, {signed}, answered {answered}?",
            asks_throughout="From {first} to {last}?",
            asks_which="Of which is it so: {kind}?",
        ),
        of_letters={
            "kind": Phrases("was {value}", named={None: "one", frozenset({"notice"}): "a notice"}),
            "signed": Phrases(SIGNED, "whether {it} was", "Was {it} of {defendant}?"),
            "came": Phrases("came {when}", asks="Did it come {when}?", asks_when="When {it}?"),
        },
        of_plans={"end": Phrases(asks_lasting="Until {when}?", values={"..": "I have it"})},
        of_account={"minor": Phrases(known_by="claimant")},
    )


def test_the_moment_that_a_question_speaks_of_is_the_one_that_each_record_has() -> None:
    class Sent(Record):
        exists_if: ClassVar[Mapping[str, str]] = {"shared_at": "shared"}
        sent_at: MomentField = None
        shared: YesNo = None
        shared_at: MomentField = None

    class Shared(Record):
        exists_if: ClassVar[Mapping[str, str]] = {"shared_at": "shared"}
        shared: YesNo = None
        shared_at: MomentField = None

    class Mail(History):
        sent: tuple[Sent, ...] = ()
        shared: tuple[Shared, ...] = ()

    lists = shape(Mail).lists
    assert [moments_of(lists[name]) for name in lists] == [("sent_at",), ("shared_at",)]
    (letters, plans) = shape(declared().model).lists.values()
    assert (moments_of(letters), moments_of(plans)) == ((), ("start", "end"))
