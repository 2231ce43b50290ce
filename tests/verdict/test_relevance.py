"""Promise 6, by brute force: asked is what matters, whatever is known by whom.

The worlds of a small history are put together by all that can be known of them. Two such groups
that differ in one fact, and in what can be said of them, make that fact relevant. The definition is
that of `test_another_case`: spans that help, spans that harm, words, an exclusion.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement, islice, product
from random import Random
from typing import Any

import pytest
from small_case import Club
from test_another_case import (
    BEYOND,
    DEFINITION,
    World,
    instants,
    member,
    random_known,
    spans_of,
    written,
)

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    Status,
    evaluate,
    refine,
    verify,
)
from eligibility.facts.normalise import normalise
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, EXCLUDED, Reading, class_definition, every_reading
from eligibility.values.timeline import write_instant
from eligibility.verdict.open_facts import open_of_one_more
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import relevant_facts
from eligibility.verdict.turning import joint_outside

FIELDS = {
    "visits": ("paid", "kind", "came"),
    "members": ("level", "start", "end"),
    "bans": ("level", "start", "end"),
}
PATTERNS = (
    *(f"{name}[].{key}" for name, keys in FIELDS.items() for key in keys),
    *(f"complete.{name}" for name in FIELDS),
    "about.resident",
)
MOST_WORLDS = 6_000
OWN = {"inmail": True, "direction": "sent", "recipient": "third_party"}
Known = dict[str, Any]


def pattern_of(path: str) -> str:
    """The path of a fact, without the place of its record."""
    return re.sub(r"\[\d+\]", "[]", path)


def some_knowable(rng: Random) -> frozenset[str]:
    """What somebody can know: everything, one list, or this and that."""
    kind, name = rng.random(), rng.choice(list(FIELDS))
    if kind < 0.15:
        return frozenset(PATTERNS)
    if kind < 0.3:
        return frozenset(p for p in PATTERNS if p.removeprefix("complete.").startswith(name))
    share = rng.choice([0.4, 0.7, 0.9])
    return frozenset(p for p in PATTERNS if rng.random() < share)


def worlds(known: Known, knowable: frozenset[str], bans: int = 2) -> Iterator[World]:
    """All of them, with as many records beyond the listed ones as mostly make a difference."""

    def each(path: str, good: Any, other: Any) -> tuple[Any, ...]:
        return (good,) if path in knowable else (good, other)

    def beyond(name: str) -> list[tuple[Any, ...]]:
        levels = each(f"{name}[].level", "gold", "silver")
        return [(level, a, b) for level in levels for a in BEYOND for b in BEYOND if a <= b]

    visits = [
        product(
            [v["paid"]] if v["paid"] is not None else (True, False),
            [v["kind"]] if v["kind"] is not None else ("short", "long"),
            instants(v["came"]),
        )
        for v in known["visits"]
    ]
    more: dict[str, list[Any]] = {name: [()] for name in FIELDS}
    more["visits"] += [
        (visit,)
        for visit in product(
            each("visits[].paid", True, False), each("visits[].kind", "short", "long"), BEYOND
        )
    ]
    more["members"] += [(span,) for span in beyond("members")]
    more["bans"] += [(span,) for span in beyond("bans")] + [*product(beyond("bans"), repeat=2)]
    more["bans"] += combinations_with_replacement(beyond("bans"), bans) if bans > 2 else []
    resident = [True, False] if known["resident"] is None else [known["resident"]]
    yield from (
        World(*world)
        for world in product(
            product(*visits),
            product(*map(spans_of, known["members"])),
            product(*map(spans_of, known["bans"])),
            resident,
            *(more[name] if name not in known["complete"] else [()] for name in FIELDS),
        )
    )


def known_of(world: World, known: Known, knowable: frozenset[str]) -> dict[str, Any]:
    """All that can be known of a world, by path."""
    facts = {"about.resident": world.resident} if "about.resident" in knowable else {}
    for name, keys in FIELDS.items():

        def told(record: Any, name: str = name, keys: tuple[str, ...] = keys) -> dict[str, Any]:
            named = zip(keys, record, strict=True)
            return {key: value for key, value in named if f"{name}[].{key}" in knowable}

        for index, record in enumerate(getattr(world, name)):
            facts |= {f"{name}[{index}].{key}": value for key, value in told(record).items()}
        if name not in known["complete"] and f"complete.{name}" in knowable:
            more = getattr(world, f"more_{name}")
            facts[f"complete.{name}"] = tuple(tuple(told(each).values()) for each in more)
    return facts


def relevant(known: Known, every: list[World], knowable: frozenset[str]) -> set[str]:
    """The facts in which alone two differ of all that can be known, and what follows does too."""
    follows: dict[tuple[Any, ...], set[bool]] = defaultdict(set)
    for world in every:
        follows[tuple(known_of(world, known, knowable).items())].add(member(world))
    seen: dict[tuple[Any, ...], set[frozenset[bool]]] = defaultdict(set)
    for facts, outcomes in follows.items():
        for path, _ in facts:
            rest = tuple(fact for fact in facts if fact[0] != path)
            seen[path, rest].add(frozenset(outcomes))
    return {path for (path, _), several in seen.items() if len(several) > 1}


def asked(known: Known, knowable: frozenset[str]) -> set[str]:
    facts = normalise(written(known))
    found = relevant_facts(facts, DEFINITION, lambda path: pattern_of(path) in knowable)
    return {fact.path for fact in found}


@pytest.mark.parametrize("seed", range(4))
def test_a_fact_is_asked_for_if_and_only_if_it_matters(seed: int) -> None:
    rng, done = Random(f"relevance {seed}"), 0
    while done < 120:
        known, knowable = random_known(rng), some_knowable(rng)
        every = list(islice(worlds(known, knowable), MOST_WORLDS))
        if len(every) == MOST_WORLDS or len({member(world) for world in every}) < 2:
            continue
        done += 1
        shown = json.dumps({**known, "knowable": sorted(knowable)})
        assert asked(known, knowable) == relevant(known, every, knowable), shown


@pytest.mark.parametrize(("bans", "matters"), [(2, False), (3, True)])
def test_of_bans_of_which_only_the_end_can_be_known_there_may_be_one_at_each_instant(
    bans: int, matters: bool
) -> None:
    """Each surely harms just where it ends, and there are three instants at which they came."""
    known = {
        "visits": [{"paid": True, "kind": "short", "came": None}],
        "members": [{"level": "gold", "start": None, "end": [2, 2]}],
        "bans": [],
        "resident": True,
        "complete": ["visits", "members"],
    }
    knowable = frozenset({"bans[].level", "bans[].end", "complete.bans"})
    every = [*worlds(known, knowable, bans)]
    assert (relevant(known, every, knowable) == {"complete.bans"}) is matters
    assert asked(known, knowable) == {"complete.bans"}


@pytest.mark.parametrize(
    ("known", "unknowable", "matters"),
    [
        pytest.param(
            {
                "visits": [{"paid": None, "kind": "short", "came": [0, 2]}],
                "members": [{"level": "gold", "start": [0, 1], "end": [0, 3]}],
                "bans": [{"level": "guest", "start": [0, 2], "end": None}],
                "resident": None,
            },
            {"about.resident", "bans[].level", "bans[].start", "visits[].came"},
            {"visits[0].paid", "members[0].start", "members[0].end", "bans[0].end"},
            id="a span of which only the end can be known harms just there",
        ),
        pytest.param(
            {
                "visits": [{"paid": True, "kind": "short", "came": None}],
                "members": [
                    {"level": None, "start": None, "end": None},
                    {"level": "gold", "start": [0, 0], "end": None},
                ],
                "bans": [],
                "resident": True,
            },
            {"members[].end", "visits[].paid"},
            {"visits[0].came", "members[0].level", "members[0].start"},
            id="a span of which only the start can be known surely covers that",
        ),
    ],
)
def test_of_a_span_one_end_can_be_known(
    known: Known, unknowable: set[str], matters: set[str]
) -> None:
    known = {**known, "complete": ["visits", "members", "bans"]}
    assert asked(known, frozenset(PATTERNS) - unknowable) == matters


# ---- counterexamples that were kept --------------------------------------------------------------


def instant(at: int) -> str:
    return write_instant(1_600_000_000_000_000 + at)


def between(first: int, last: int) -> str:
    return f"{instant(first)}/{instant(last)}"


SHARED = {"shared": True, "direction": "sent"}
COMPLETE = ["premium", "messages", "permissions"]


@pytest.mark.parametrize("exact", [2, 14, 40])
def test_no_fact_is_dropped_beside_many_exact_messages(exact: int) -> None:
    """One vague subscription and one vague message; whether others are covered decides."""
    far = 10_000_000
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": between(0, far), "end": between(0, far)}],
        messages=[
            {**SHARED, "inmail": True, "sent_at": between(0, far), "shared_at": "2021"},
            *(
                {**SHARED, "inmail": True, "sent_at": instant(at * 1000), "shared_at": "2021"}
                for at in range(1, exact + 1)
            ),
        ],
        complete=COMPLETE,
    )
    definition = class_definition(Reading.of(premium_when="messaged"))
    facts = normalise(known)
    found = {fact.path for fact in relevant_facts(facts, definition)}
    assert found == {"premium[0].start", "premium[0].end", "messages[0].sent_at"}


@pytest.mark.parametrize("vague", [1, 9, 30])
def test_no_fact_is_dropped_beside_many_vague_permissions(vague: int) -> None:
    """Each of them can lie on either side of the sharing, so there are many ways to lie."""
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        messages=[{**SHARED, "sent_at": "2022-01-01", "shared_at": "2023"}],
        permissions=[{"start": "2022/2024", "end": "2022/2024"}] * vague,
        complete=COMPLETE,
    )
    found = {fact.path for fact in relevant_facts(normalise(known), class_definition())}
    ends = {f"permissions[{at}].{key}" for at in range(vague) for key in ("start", "end")}
    assert found == {"messages[0].inmail", "messages[0].shared_at", *ends}


def test_a_span_may_decide_only_where_a_moment_of_the_record_never_was() -> None:
    """It was sent on 5 January, when Premium may have been over, only if it was never shared."""
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2023", "end": "2024-01-04/2024-01-05"}],
        messages=[{"sent_at": "2024-01-02/2024-01-05", "shared_at": "2024-01-03"}],
        complete=COMPLETE,
    )
    covered = Covered("messages[].sent_at", "premium")
    clause = Clause("sent", "sent with Premium", Citation("A fiction"), covered)
    definition = ClassDefinition("senders", "1", "Senders", AccountHistory, (clause,))
    found = {fact.path for fact in relevant_facts(normalise(known), definition)}
    assert found == {"premium[0].end", "messages[0].sent_at"}


def test_a_moment_is_divided_where_the_outcome_turns() -> None:
    """Nothing turns on 6 September: the message came on the 2nd."""
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2024-08/2024-09-10", "end": ".."}],
        messages=[
            {**SHARED, "inmail": True, "sent_at": "2024-01-01", "shared_at": "2024-09-02"},
        ],
        complete=COMPLETE,
    )
    (start,) = [q for q in evaluate(known).questions if q.paths == ("premium[0].start",)]
    assert start.text == "Did this subscription begin before 3 September 2024?"


def test_a_span_is_divided_at_the_end_of_a_day_also_where_only_one_more_record_turns_it() -> None:
    """It was asked 'by 00:00 on 1 January 2022?', which nobody knows from a moment later."""
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2022", "end": ".."}],
        complete=["premium", "permissions"],
    )
    asked = [question.text for question in evaluate(known, supposing=AS_ALLEGED).questions]
    assert "Did this subscription begin before 2 January 2022?" in asked


def test_answers_of_a_which_question_hold_their_whole_group() -> None:
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"start": "2020", "end": ".."}],
        messages=[{**SHARED, "inmail": True, "sent_at": "2022", "shared_at": "2023"}],
        complete=COMPLETE,
    )
    (plan,) = evaluate(known).questions
    assert plan.code == "which"
    said = [refine(known, answer).premium[0].plan for answer in plan.answers]
    assert all(isinstance(words, tuple) for words in said)
    assert [evaluate(refine(known, answer)).status for answer in plan.answers] == [
        answer.status for answer in plan.answers
    ]
    assert {answer.status for answer in plan.answers} == {Status.ELIGIBLE, Status.INELIGIBLE}


def test_what_only_the_defendant_can_know_is_open_and_not_asked() -> None:
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        messages=[{"inmail": True, "sent_at": "2022"}],
        complete=COMPLETE,
    )
    verdict = evaluate(known)
    assert verdict.questions == ()
    assert [fact.paths for fact in verdict.open] == [
        ("messages[0].shared",),
        ("messages[0].shared_at",),
    ]
    assert verdict.to_dict()["open"][0]["known_by"] == "defendant"
    assert type(verdict).from_json(verdict.to_json()) == verdict


@pytest.mark.parametrize("listed", [[], [{"inmail": False}]])
def test_what_only_the_defendant_can_know_of_a_record_that_nobody_listed_is_open(
    listed: list[dict[str, Any]],
) -> None:
    """Else an empty history would say that the defendant could tell nothing more."""
    verdict = evaluate(AccountHistory(account_id="A-1001", messages=listed))
    assert [(fact.paths, fact.known_by) for fact in verdict.open] == [
        (("messages[].shared",), "defendant"),
        (("messages[].shared_at",), "defendant"),
    ]
    assert verdict.open[0].text == "Was a message that is not listed shared to train AI?"
    assert verify(verdict.history, verdict).holds
    whole = AccountHistory(account_id="A-1001", messages=listed, complete=["messages"])
    assert not evaluate(whole).open
    data = verdict.to_dict() | {"history_digest": evaluate(whole).history_digest}
    assert "open[0]" in [found.path for found in verify(whole, data).findings]


def beyond(every: list[World]) -> set[str]:
    """The facts of one more record in which alone two worlds differ, one of them in the class."""
    found, seen = set(), dict[tuple[Any, ...], bool]()
    for world, (name, keys) in product(every, FIELDS.items()):
        more = getattr(world, f"more_{name}")
        for at, key in product(range(len(more)), range(len(keys))):
            less = tuple(
                (*one[:key], *one[key + 1 :]) if n == at else one for n, one in enumerate(more)
            )
            rest = (name, at, key, world._replace(**{f"more_{name}": less}))
            if seen.setdefault(rest, member(world)) is not member(world):
                found.add(f"{name}[].{keys[key]}")
    return found


@pytest.mark.parametrize("seed", range(2))
def test_of_a_record_that_nobody_listed_is_open_what_matters(seed: int) -> None:
    rng, done = Random(f"one more {seed}"), 0
    while done < 60:
        known = random_known(rng)
        every = list(islice(worlds(known, frozenset()), MOST_WORLDS))
        if len(every) == MOST_WORLDS or len({member(world) for world in every}) < 2:
            continue
        done += 1
        facts = normalise(written(known))
        found = set(open_of_one_more(facts, DEFINITION, lambda _: False))
        assert found == beyond(every), json.dumps(known)


def test_the_first_fact_does_not_wait_for_the_others() -> None:
    """Work is counted, not time: it is spent as facts are found."""
    known = Club(account_id="C-1", visits=[{}] * 50, members=[{"level": "gold"}] * 50)
    found = relevant_facts(normalise(known), DEFINITION)
    assert next(found).path == "about.resident"


def test_answers_about_a_list_of_which_something_is_stated_refine_it_and_do_not_overlap() -> None:
    """There may be a message more, but none of which it is stated that all are listed."""
    where = {"inmail": True, "sent_at": "2023/2024-09-17"}
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        complete=["premium", "permissions", {"list": "messages", "where": where}],
    )
    (asked,) = [q for q in evaluate(known).questions if q.paths == ("complete.messages",)]
    no, *yes = asked.answers
    assert no.status is Status.INELIGIBLE
    said = [refine(known, answer).messages[0] for answer in yes]
    assert [(m.inmail, m.sent_at and m.sent_at.text) for m in said] == [
        (False, None),
        (True, "../2022-12-31"),
        (True, "2024-09-18/.."),
    ]
    for answer in asked.answers:
        assert evaluate(refine(known, answer)).status is answer.status


def test_such_answers_refine_it_too_where_something_is_supposed() -> None:
    """What was not shared came after the update, as it is supposed: but the history says no such.

    So the answer has to, or it may be one of 2023, which is stated to be listed.
    """
    where = {"inmail": True, "sent_at": "2023"}
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        complete=["premium", {"list": "messages", "where": where}],
    )
    verdict = evaluate(known, supposing=AS_ALLEGED)
    (asked,) = [q for q in verdict.questions if q.paths == ("complete.messages",)]
    for answer in asked.answers:
        said = refine(known, answer)
        assert evaluate(said, supposing=AS_ALLEGED).status is answer.status
    assert verify(known, verdict).wrong == ()


def test_of_two_moments_that_a_supposition_links_either_decides() -> None:
    """Where both could be known, no two worlds differed in one of them, and neither was asked."""
    premium = {"plan": "premium_career", "start": "2010-01-01T00:00:00Z", "end": ".."}
    sent = {"inmail": True, "direction": "sent", "sent_at": "2020/.."}
    complete = ["premium", "messages", "permissions"]
    known = AccountHistory(
        account_id="A-1001", premium=[premium], messages=[sent], complete=complete
    )
    facts = facts_under(class_definition(), known, AS_ALLEGED)
    asked = {fact.path for fact in relevant_facts(facts, class_definition())}
    assert asked == {"messages[0].sent_at", "messages[0].shared", "messages[0].shared_at"}
    for said, status in (
        ({"messages[0].sent_at": "2023"}, Status.ELIGIBLE),
        ({"messages[0].sent_at": "2025"}, Status.INELIGIBLE),
        ({"messages[0].shared": True, "messages[0].shared_at": "2023"}, Status.ELIGIBLE),
        ({"messages[0].shared_at": "2025"}, Status.INELIGIBLE),
    ):
        assert evaluate(refine(known, said), supposing=AS_ALLEGED).status is status
    start = Interview.start(known, class_definition(), supposing=AS_ALLEGED, knower="defendant")
    assert start.question is not None
    assert {answer.status for answer in start.question.answers} > {Status.INELIGIBLE}


@pytest.mark.parametrize("reading", [*every_reading()], ids=str)
def test_whoever_knows_everything_is_asked_for_something_as_long_as_it_is_open(
    reading: Reading,
) -> None:
    definition = class_definition(reading)
    known = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2010-01-01T00:00:00Z", "end": ".."}],
        messages=[{**OWN, "sent_at": "2020/.."}],
        exclusions=dict.fromkeys(EXCLUDED, False),
        complete=["premium", "messages", "permissions"],
    )
    assert evaluate(known, definition, supposing=AS_ALLEGED).status is Status.INDETERMINATE
    facts = facts_under(definition, known, AS_ALLEGED)
    assert "messages[0].sent_at" in {fact.path for fact in relevant_facts(facts, definition)}


def test_records_that_a_span_covers_only_together_are_asked_for_beside_each_other() -> None:
    """It covers 1 or 2, whichever way it is, and nobody can say which: so a visit at 1 decides."""
    known = {
        "visits": [
            {"paid": True, "kind": "short", "came": None},
            {"paid": True, "kind": "short", "came": [2, 2]},
        ],
        "members": [{"level": "gold", "start": None, "end": [1, 2]}],
        "bans": [],
        "resident": True,
        "complete": ["visits", "members", "bans"],
    }
    theirs = frozenset({"visits[].came", "visits[].kind", "visits[].paid"})
    every = list(worlds(known, theirs))
    assert asked(known, theirs) == relevant(known, every, theirs) == {"visits[0].came"}


def test_beside_a_record_that_is_in_at_an_instant_no_other_one_matters_there() -> None:
    """The member was there at 1 or 2, and a visit at 1 is certain: only whether one was at 2."""
    known = {
        "visits": [
            {"paid": True, "kind": "short", "came": [1, 1]},
            {"paid": None, "kind": "short", "came": [1, 1]},
            {"paid": True, "kind": "short", "came": None},
        ],
        "members": [{"level": "gold", "start": None, "end": [1, 2]}],
        "bans": [],
        "resident": True,
        "complete": ["visits", "members", "bans"],
    }
    theirs = frozenset({"visits[].came", "visits[].kind", "visits[].paid"})
    every = list(worlds(known, theirs))
    assert asked(known, theirs) == relevant(known, every, theirs) == {"visits[2].came"}


def test_beside_a_span_that_nobody_can_know_only_what_matters_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It covers one of two instants; a visit matters if it can be known to lie at one of them.

    And if others can lie at the other one, and none lies surely at its own. The worlds have one
    visit at most that nobody listed.
    """
    monkeypatch.setattr(joint_outside, "_MOST_UNLISTED", 1)
    rng, done = Random("covered together"), 0
    while done < 250:
        visits = []
        for _ in range(rng.choice([1, 2, 2, 3])):
            at = rng.randrange(4)
            came = rng.choice([None, [at, at], [at, at], [at, min(at + 1, 3)]])
            kind = rng.choice(["short", "short", None])
            visits.append({"paid": rng.choice([True, True, None]), "kind": kind, "came": came})
        first = rng.randrange(3)
        start, end = rng.choice([None, [first, first + 1]]), [first, rng.choice([first + 1, 3])]
        known = {
            "visits": visits,
            "members": [{"level": "gold", "start": start, "end": end}],
            "bans": [],
            "resident": True,
            "complete": ["members", "bans", *(["visits"] if rng.random() < 0.7 else [])],
        }
        facts = ("visits[].came", "visits[].kind", "visits[].paid", "complete.visits")
        theirs = frozenset(path for path in facts if rng.random() < 0.8)
        every = list(worlds(known, theirs))
        if len({member(world) for world in every}) == 2:
            done += 1
            assert asked(known, theirs) == relevant(known, every, theirs), (known, theirs)


def test_a_permission_that_nobody_listed_may_keep_another_message_out() -> None:
    """It is put there by what is asked of when a message was shared, not of when it was sent."""
    ran = {"start": "2024-09-18T06:59:59.999997Z", "plan": "sales_navigator_advanced_plus"}
    sent = {"inmail": True, "direction": "sent", "recipient": "third_party", "shared": True}
    history = AccountHistory(
        account_id="A-1001",
        premium=[{"end": ".."}, ran],
        messages=[
            {**sent, "sent_at": "../2024-09-18T06:59:59.999995Z"},
            {**sent, "sent_at": "2024-09-18T06:59:59.999995Z"},
        ],
        complete=["messages"],
    )
    reading = Reading.of(messages="sent", date_limits="message", premium_when="ever")
    found = {fact.path for fact in relevant_facts(normalise(history), class_definition(reading))}
    assert {"messages[0].shared_at", "messages[1].shared_at"} <= found
