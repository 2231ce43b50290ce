"""A clause in three sentences: met, not met, not known. They change no digest."""

import json
from pathlib import Path

import attrs
import pytest
from small_case import club

from eligibility import Citation, Clause, Is, Truth
from eligibility.rules import Reading, class_definition, every_reading

DIGESTS = json.loads(Path(__file__).with_name("definition_digests.json").read_text("utf-8"))
FORMS = ("met", "not_met", "not_known")


def test_every_reading_keeps_its_digest() -> None:
    found = {
        " ".join(f"{name}={word}" for name, word in reading.words().items()): class_definition(
            reading
        ).digest
        for reading in every_reading()
    }
    assert found == DIGESTS
    assert len(set(found.values())) == 96


@pytest.mark.parametrize("form", FORMS)
def test_sentences_are_no_part_of_the_digest(form: str) -> None:
    definition = club(Is("visits[].paid", True), exclusions=(Is("about.adult", False),))
    other = attrs.evolve(
        definition,
        clauses=tuple(attrs.evolve(each, **{form: "other words"}) for each in definition.clauses),
    )
    assert other.digest == definition.digest


def test_the_words_are_part_of_the_digest() -> None:
    definition = club(Is("visits[].paid", True))
    (clause,) = definition.clauses
    other = attrs.evolve(definition, clauses=(attrs.evolve(clause, text="other words"),))
    assert other.digest != definition.digest


def test_without_sentences_they_are_made_of_the_words() -> None:
    clause = Clause("a", "who paid,", Citation("The rules"), Is("visits[].paid", True))
    assert [clause.sentence(t) for t in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)] == [
        "“who paid” is met",
        "“who paid” is not met",
        "it is not known whether “who paid” is met",
    ]


def test_every_clause_of_the_case_has_three_sentences_of_its_own() -> None:
    for reading in every_reading():
        for step in class_definition(reading).steps:
            said = [getattr(step, form) for form in FORMS]
            assert len(set(said)) == 3
            for words in said:
                assert words
                assert words[0].islower()
                assert not words.endswith(".")
            assert step.not_known.startswith("it is not known whether ")


def test_sentences_say_the_day_that_the_reading_means() -> None:
    before = class_definition().clauses[-1]
    through = class_definition(Reading.of(update_day="through")).clauses[-1]
    assert before.met == "the message was shared before 18 September 2024"
    assert through.met == "the message was shared before 19 September 2024"
