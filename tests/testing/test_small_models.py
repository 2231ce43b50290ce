"""The laws hold of correct definitions over the smallest models; one that says nothing says so."""

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from hypothesis import settings

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Ever,
    Facts,
    History,
    Is,
    Moment,
    MomentField,
    Record,
    Span,
    TimeSet,
    Within,
    YesNo,
    any_of,
)
from eligibility.facts.phrases import Phrases
from eligibility.rules import class_definition
from eligibility.testing.known import as_others_know
from eligibility.testing.laws import LAWS, check_laws, find_breach, laws_for, why_apart

BEFORE = TimeSet.before(Moment.parse("2020").earliest)


class Word(Record):
    kind: Literal["a", "b"] | None = None


class OneWord(Record):
    kind: Literal["a"] | None = None


class Fact(Record):
    ok: YesNo = None


class Came(Record):
    came: MomentField = None


class Gated(Record):
    exists_if: ClassVar[dict[str, str]] = {"came": "ok"}
    ok: YesNo = None
    came: MomentField = None


class Group(Facts):
    one: YesNo = None


class OfAccount(History):
    minor: YesNo = None


class OfGroup(History):
    group: Group = Group()


class OfWords(History):
    things: tuple[Word, ...] = ()
    minor: YesNo = None


class OfOneWord(History):
    things: tuple[OneWord, ...] = ()


class OfFacts(History):
    things: tuple[Fact, ...] = ()


class OfMoments(History):
    things: tuple[Came, ...] = ()


class OfSpans(History):
    things: tuple[Span, ...] = ()


class OfGates(History):
    things: tuple[Gated, ...] = ()


class OfNothing(History):
    things: tuple[Record, ...] = ()
    minor: YesNo = None


MINOR = Is("minor", True)


def a_class(
    model: type[History], *conditions: Condition, exclusions: tuple[Condition, ...] = ()
) -> ClassDefinition:
    source = Citation("A fiction, for tests")
    return ClassDefinition(
        "small",
        "1",
        "A small class",
        model,
        tuple(Clause(f"c{at}", "words", source, each) for at, each in enumerate(conditions)),
        tuple(Clause(f"x{at}", "but", source, each) for at, each in enumerate(exclusions)),
    )


SMALL: dict[str, ClassDefinition] = {
    "of the account alone": a_class(OfAccount, MINOR),
    "of a group alone": a_class(OfGroup, Is("group.one", False)),
    "that everybody meets": a_class(OfAccount, Is("minor", {True, False})),
    "of words": a_class(OfWords, Is("things[].kind", "a")),
    "that every record meets": a_class(OfWords, Is("things[].kind", {"a", "b"})),
    "of a vocabulary of one word": a_class(OfOneWord, Is("things[].kind", "a")),
    "of yes/no facts": a_class(OfFacts, Is("things[].ok", True)),
    "of moments": a_class(OfMoments, Within("things[].came", BEFORE)),
    "of any moment": a_class(OfMoments, Within("things[].came", TimeSet.ALL)),
    "of spans, ever": a_class(OfSpans, Ever("things", BEFORE)),
    "of spans, at any time": a_class(OfSpans, Ever("things", TimeSet.ALL)),
    "of one span": a_class(OfSpans, Within("things[].start", BEFORE)),
    "of moments that may not be": a_class(OfGates, Within("things[].came", BEFORE)),
    "of what did not happen": a_class(OfGates, Is("things[].ok", False)),
    "of the account, beside records without facts": a_class(OfNothing, MINOR),
    "with an exclusion": a_class(OfWords, Is("things[].kind", "a"), exclusions=(MINOR,)),
    "of either": a_class(OfWords, any_of(Is("things[].kind", "a"), MINOR)),
}
QUICK = settings(max_examples=10, database=None, derandomize=True)
CANNOT_CONTRADICT = [OfAccount, OfGroup, OfWords, OfOneWord, OfFacts, OfMoments, OfNothing]


@pytest.mark.parametrize("name", SMALL)
def test_every_law_that_says_something_of_it_holds(name: str) -> None:
    definition = SMALL[name]
    report = check_laws(definition, settings=QUICK)
    apart = {law.name for law, _ in report.apart}
    contradicts = {"inconsistent"} if definition.model in CANNOT_CONTRADICT else set()
    assert apart == {"supposing"} | contradicts
    assert report.held == laws_for(definition)
    assert {law.name for law in report.held} | apart == {law.name for law in LAWS}


@pytest.mark.parametrize("model", CANNOT_CONTRADICT, ids=lambda model: model.__name__)
def test_a_law_that_says_nothing_says_why(model: type[History]) -> None:
    definition = next(each for each in SMALL.values() if each.model is model)
    law = next(law for law in LAWS if law.name == "inconsistent")
    why = why_apart(law, definition)
    assert why.startswith(f"No record of a `{model.__name__}` can contradict itself:")
    assert find_breach(law, definition, settings=QUICK) is None
    assert f"`inconsistent` does not apply: {why}" in str(check_laws(definition, settings=QUICK))


def test_of_the_case_every_law_says_something() -> None:
    assert not [law.name for law in LAWS if why_apart(law, class_definition())]


def test_pytest_skips_it_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from hypothesis import settings\n"
        "settings.register_profile('quick', max_examples=3, database=None)\n"
        "settings.load_profile('quick')\n",
        encoding="utf-8",
    )
    (tmp_path / "small.py").write_text(
        "from eligibility import Citation, ClassDefinition, Clause, History, Is, YesNo\n"
        "class Mine(History):\n"
        "    minor: YesNo = None\n"
        "SOURCE = Citation('A fiction, for tests')\n"
        "CLAUSES = [Clause('minor', 'minors', SOURCE, Is('minor', True))]\n"
        "DEFINITION = ClassDefinition('mine', '1', 'Mine', Mine, CLAUSES)\n",
        encoding="utf-8",
    )
    option = ("--eligibility-laws", "small:DEFINITION", "-q", "-rs", "-p", "no:cacheprovider")
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-P", "-c", "import pytest, sys; sys.exit(pytest.main())", *option],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "16 passed, 2 skipped" in done.stdout
    assert "No record of a `Mine` can contradict itself" in done.stdout
    assert "Nothing is supposed of a `Mine`." in done.stdout
    assert len(done.stdout.splitlines()) < 20


class Leaked(Record):
    exists_if: ClassVar[dict[str, str]] = {"leaked_at": "leaked"}
    phrases: ClassVar[dict[str, Phrases]] = {"leaked_at": Phrases(known_by="defendant")}
    leaked: YesNo = None
    leaked_at: MomentField = None


class OfLeaks(History):
    leaks: tuple[Leaked, ...] = ()


def test_what_is_known_not_to_be_has_no_moment_that_the_defendant_alone_knows() -> None:
    """The law of questions took it from the history, and broke on what contradicts itself."""
    stated = OfLeaks(account_id="L-1", leaks=[{"leaked_at": "2024"}])
    world = OfLeaks(account_id="L-1", leaks=[{"leaked": False}], complete=["leaks"])
    (leak,) = as_others_know(world, stated).leaks
    assert (leak.leaked, leak.leaked_at) == (False, None)
