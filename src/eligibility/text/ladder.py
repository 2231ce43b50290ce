"""The record that gets furthest, clause by clause: what it meets, what it does not, what is open.

A verdict comes in; lines go out. Each clause is said of one and the same record. The first clause
that it cannot meet together with those above it is not met, and those below no longer matter.
"""

from collections.abc import Iterator
from functools import lru_cache

import attrs
from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.errors import printable
from eligibility.evaluation.reference import clause_truths, membership
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import parse
from eligibility.facts.wording import spoken_of
from eligibility.interview.remains import open_paths
from eligibility.values.english import sentence
from eligibility.values.truth import Status, Truth
from eligibility.verdict.record import Verdict, facts_under

#: How many records that fail in different ways are compared, to find the one that gets furthest.
_MOST_COMPARED = 20


@frozen
class Rung:
    """A clause of one record: `met`, `not met`, `not known`, or `-` where it no longer matters."""

    state: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:9}  {self.text}"


@frozen
class Ladder:
    """The clauses of one record: which one it is, and how far it gets."""

    heading: str
    rungs: tuple[Rung, ...]
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, one clause a line."""
        return (*map(str, self.rungs), *filter(None, [self.note]))


def ladder(verdict: Verdict) -> Ladder:
    """How far the best single record gets; of a class of accounts, the account."""
    name = verdict.definition.record_list
    facts = facts_under(verdict.definition, verdict.history, verdict.supposing)
    assumed = "clause by clause (each line assumes those above it)"
    if name is None:
        return Ladder(f"The account, {assumed}", tuple(_rungs(facts, verdict.definition)))
    alone = [_only(facts, name, record) for record in _candidates(verdict, facts, name)]
    if not alone:
        alone = [facts.with_list(name, ()).complete(name)]
    best = max(alone, key=lambda only: _reach(only, verdict.definition))
    if not best.lists[name]:
        return Ladder("", ())  # there is no such record, as the reason says
    (record,) = best.lists[name]
    noun, records = spoken_of(name, type(verdict.history)).noun, getattr(verdict.history, name)
    which = f" ({_which(verdict, name, record.index)})" if len(records) != 1 else ""
    note = ""
    if verdict.status is Status.ELIGIBLE and len(verdict.reasons[0].records) > 1:
        nouns = spoken_of(name, type(verdict.history)).nouns
        note = f"One of several {nouns} surely meets every clause, whichever that is."
    rungs = tuple(_rungs(best, verdict.definition))
    return Ladder(f"Best single {noun}{which}, {assumed}", rungs, note)


def _which(verdict: Verdict, name: str, index: int) -> str:
    records = getattr(verdict.history, name)
    if index == len(records):
        return "not listed"
    return printable(records[index].id or f"number {index + 1}")


def _only(facts: KnownHistory, name: str, record: KnownRecord) -> KnownHistory:
    """The facts as if this were the only record of a list."""
    return facts.with_list(name, (record,)).complete(name)


def _candidates(verdict: Verdict, facts: KnownHistory, name: str) -> Iterator[KnownRecord]:
    """Records one of which gets as far as any."""
    records = facts.lists[name]
    if verdict.status is not Status.INDETERMINATE:
        places = [reason.records[0] for reason in verdict.reasons if reason.records]
        yield from (records[place] for place in places[:_MOST_COMPARED])
        yield from records[: 0 if places else _MOST_COMPARED]
        return
    asked = map(parse, open_paths(verdict.history, verdict.definition, verdict.supposing))
    named = [at.index for at in asked if at.name == name]
    places = [place for place in dict.fromkeys(named) if place is not None]
    able = (records[place] for place in [*places, *range(len(records))])
    for record in able:
        if membership(_only(facts, name, record), verdict.definition).possibly:
            yield record
            return
    scenario = verdict.scenarios and verdict.scenarios.eligible_if
    if scenario is None or len(getattr(scenario, name)) > len(records):
        yield KnownRecord(len(records), {}, facts.unlisted[name])


def _reach(facts: KnownHistory, definition: ClassDefinition) -> int:
    """How many clauses a record can meet together, from the first one on."""
    return sum(truth.possibly for truth in clause_truths(facts, definition))


def _rungs(facts: KnownHistory, definition: ClassDefinition) -> Iterator[Rung]:
    steps, truths = definition.steps, clause_truths(facts, definition)
    for number, (step, together) in enumerate(zip(steps, truths, strict=True), 1):
        alone = membership(facts, _alone(definition, step))
        words = step.sentence(alone).removeprefix("it is not known ")
        if together.possibly:
            state = "met" if alone.surely else "not known"
            yield Rung(state, f"{number}. {sentence(words)}")
            continue
        if alone.possibly:
            words = f"not together with the lines above: {step.sentence(Truth.TRUE)}"
        yield Rung("not met", f"{number}. {sentence(words)}")
        if rest := len(steps) - number:
            those = f"{number + 1}" if rest == 1 else f"{number + 1} to {len(steps)}"
            yield Rung("-", f"{those}. No longer matters, since {number} is not met.")
        return


@lru_cache(maxsize=512)
def _alone(definition: ClassDefinition, step: Clause) -> ClassDefinition:
    """A definition of one clause alone."""
    return attrs.evolve(definition, clauses=(step,), exclusions=())
