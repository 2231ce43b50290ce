"""What is plain to see is what the search for a pair of worlds finds; most facts are plain."""

from collections.abc import Callable
from random import Random

import pytest
from attrs import evolve
from twin_cases import groups

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.evaluation.work import Work
from eligibility.rules import Reading, class_definition
from eligibility.verdict import relevance
from eligibility.verdict.alike import Able
from eligibility.verdict.record import Verdict
from eligibility.verdict.relevance import Relevance, everything
from eligibility.verdict.turning.outdone import Outdone
from eligibility.verdict.turning.pairs import Spans
from eligibility.verdict.turning.plainly import Plainly
from eligibility.verdict.unknown import RelevantFact
from eligibility.verdict.why.open_clause import open_of_clause
from eligibility.verdict.witnesses import eligible_if


class Nothing(Plainly):
    """Nothing is plain."""

    are_apart = False

    def bears_on_nothing(self, *_: object) -> bool:
        return False

    def turns(self, *_: object) -> bool:
        return False


def open_verdicts(rng: Random, count: int) -> list[Verdict]:
    found: list[Verdict] = []
    for group in groups(rng):
        for history in group.histories:
            try:
                verdict = evaluate(history, group.definition, supposing=group.supposing)
            except EligibilityError:
                continue
            if verdict.status is Status.INDETERMINATE:
                found.append(verdict)
        if len(found) >= count:
            return found
    return found


def test_it_is_what_a_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts, few = open_verdicts(Random("plainly"), 120), 1_000
    knowers: list[Callable[[str], bool]] = [everything, lambda path: "shared" not in path]

    def matter(verdict: Verdict, knower: Callable[[str], bool]) -> list[RelevantFact] | None:
        facts, work = verdict._facts, Work(few)
        is_cut = knower is not everything
        found = Relevance(facts, verdict.definition, knower, is_cut=is_cut, work=work)
        every = [evolve(fact, at=fact.at if is_cut else ()) for fact in found.matter()]
        return None if work.is_spent else every

    plain = [matter(verdict, each) for verdict in verdicts for each in knowers]
    monkeypatch.setattr(relevance, "Plainly", Nothing)
    for where, name in ((Outdone, "has"), (Spans, "one_more_covers")):
        monkeypatch.setattr(where, name, lambda *_: False)
    searched = [matter(verdict, each) for verdict in verdicts for each in knowers]
    both = [(found, each) for found, each in zip(plain, searched, strict=True) if each is not None]
    assert len(both) > 150
    assert all(found == each for found, each in both)


def test_one_record_of_each_kind_says_what_all_of_them_say(monkeypatch: pytest.MonkeyPatch) -> None:
    last = "2022-04-01T06:59:59.999999Z"  # of March, where the member may just have begun
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2022-03", "end": ".."}],
        messages=[{"inmail": True, "sent_at": at} for at in ("2022-04-02T09:00:00Z", last)],
        complete=["premium", "messages", "permissions"],
    )
    verdicts = [evaluate(history), *open_verdicts(Random("kinds"), 200)]

    def said() -> list[object]:
        return [
            (open_of_clause(each._facts, each.definition, step), changes)
            for each in verdicts
            for changes in (eligible_if(each._facts, each.definition).changes,)
            for step in each.definition.steps
        ]

    of_kinds = said()
    every = property(lambda able: tuple(filter(able.has, able.view.records)))
    monkeypatch.setattr(Able, "kinds", every)
    assert said() == of_kinds


def test_of_most_facts_no_pair_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [{"inmail": True, "sent_at": f"2023-0{month}-02T10:00:00Z"} for month in range(1, 8)]
    premium = [{"plan": "premium_career", "start": "2022-01-05", "end": ".."}]
    lists = ["premium", "messages", "permissions"]
    history = AccountHistory(account_id="A-1", premium=premium, messages=sent, complete=lists)
    monkeypatch.setattr(relevance, "Turning", None)
    assert len(evaluate(history).open) == 14
    assert evaluate(history).questions == ()


def test_a_span_that_covers_an_instant_may_be_longer_where_the_shortest_is_listed() -> None:
    at = "2024-09-{:02}T12:00:00Z".format
    shortest = {"start": at(5), "end": at(5)}
    history = AccountHistory(
        account_id="A-1",
        messages=[{"inmail": True, "sent_at": at(5), "shared": True, "shared_at": at(6)}],
        complete=["messages", "permissions", {"list": "premium", "where": shortest}],
    )
    definition = class_definition(Reading.of(premium_when="messaged", recipient="third-parties"))
    (fact,) = evaluate(history, definition).open
    assert fact.paths == ("messages[0].recipient",)
