"""Promise 6, by brute force: questions cut where the outcome turns, and answers lead as they say.

Of a small history, each value of a moment is tried beside the next, whatever else can be known.
`benchmarks/long_relevance.py --cuts` is a long search of the same kind.
"""

from random import Random
from typing import Any

import pytest
from drawn_questions import (
    MOST_LACKING,
    Drawn,
    Knowable,
    Make,
    chained,
    lacking,
    of_a_knower,
    of_each_kind,
    opened,
    path_by_path,
    several,
    tiny,
    wrong_questions,
    wrongly_asked,
)
from oracle_worlds import CUTOFF, moment

from eligibility import AccountHistory, Status, Supposition, evaluate, refine
from eligibility.evaluation import work
from eligibility.facts.paths import parse
from eligibility.facts.refinement import record_at
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.record import facts_under
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.unknown import RelevantFact


@pytest.mark.parametrize(
    ("make", "count"), [(tiny, 20), (several, 80), (chained, 20), (opened, 30)]
)
def test_a_question_cuts_where_the_outcome_turns(make: Make, count: int) -> None:
    rng, done = Random(f"cuts {make.__name__} 0"), 0
    while done < count:
        drawn = Drawn.of(rng, make, rng.choice([of_each_kind, path_by_path]))
        if drawn is not None:
            done += 1
            assert not wrong_questions(drawn), str(drawn)


@pytest.mark.parametrize(("make", "count"), [(chained, 40), (opened, 15)])
def test_a_question_cuts_on_whole_days_where_whole_days_do(make: Make, count: int) -> None:
    """Here a day is two instants long."""
    rng, done = Random(f"cuts {make.__name__} 0"), 0
    while done < count:
        drawn = Drawn.of(rng, make, rng.choice([of_each_kind, path_by_path]))
        if drawn is not None:
            done += 1
            assert not wrong_questions(drawn, day=2), str(drawn)


@pytest.mark.parametrize("knowable", [path_by_path, of_a_knower])
def test_records_that_nobody_listed_are_known_of(knowable: Knowable) -> None:
    rng, done = Random(f"lacking {knowable.__name__} 0"), 0
    while done < 15:
        drawn = Drawn.of(rng, lacking, knowable, most=MOST_LACKING)
        if drawn is not None:
            done += 1
            assert not wrongly_asked(drawn), str(drawn)
            assert not wrong_questions(drawn), str(drawn)


@pytest.mark.parametrize("most", [0, 60])
def test_where_the_allowance_is_spent_answers_are_right_all_the_same(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moment is then cut at the earliest that it may be: that may be too much, and not wrong."""
    monkeypatch.setattr(work, "MOST_WORK", most)
    monkeypatch.setattr(work, "WORK_PER_RECORD", 0)
    rng, done, too_much = Random(f"spent {most}"), 0, ("cuts after", "though nothing turns")
    while done < 15:
        drawn = Drawn.of(rng, several, path_by_path)
        if drawn is not None and drawn.verdict.status is Status.INDETERMINATE:
            done += 1
            found = wrong_questions(drawn)
            assert all(any(words in each for words in too_much) for each in found), str(drawn)


def at(first: int, last: int) -> str | None:
    """Bounds on a short axis, at whose end 18 September 2024 begins."""
    return moment(CUTOFF["before"] - 9 + first, CUTOFF["before"] - 9 + last)


@pytest.mark.parametrize(
    ("reading", "facts", "path", "last"),
    [
        pytest.param(
            {},
            {
                "premium": [{"plan": "premium_career", "start": at(0, 0), "end": ".."}],
                "permissions": [{"start": at(6, 8), "end": ".."}],
                "messages": [{"sent_at": at(5, 5), "shared": True, "shared_at": at(6, 9)}],
            },
            "permissions[0].start",
            at(6, 6),
            id="it keeps out all times of sharing only from the first of them on",
        ),
        pytest.param(
            {"date_limits": "message"},
            {
                "premium": [{"plan": "premium_career", "start": at(0, 0), "end": ".."}],
                "messages": [{"sent_at": at(5, 7), "shared_at": at(5, 5)}],
            },
            "messages[0].sent_at",
            at(5, 5),
            id="sent later than it was shared, it never was",
        ),
    ],
)
def test_it_does_not_cut_beside_where_the_outcome_turns(
    reading: dict[str, str], facts: dict[str, Any], path: str, last: str
) -> None:
    complete = ["premium", "messages", "permissions"]
    history = AccountHistory.model_validate({"account_id": "A-1001", **facts, "complete": complete})
    verdict = evaluate(history, class_definition(Reading.of(**reading)))
    (question,) = [each for each in verdict.questions if each.paths == (path,)]
    assert question.answers[0].refinement == {path: last}


def test_beside_messages_of_exact_times_a_subscription_is_still_asked_for_by_days() -> None:
    """It was asked `by 10:22:05 on 4 May 2023?`; one that nobody listed turns it anywhere."""
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [{"plan": "premium_career", "start": "../2024-01-02T11:57:00Z"}],
            "messages": [{"sent_at": f"2023-05-04T17:22:0{second}Z"} for second in (5, 7)],
        }
    )
    texts = [each.text for each in evaluate(history, supposing=AS_ALLEGED).questions]
    assert "Did this subscription begin before 4 May 2023?" in texts


@pytest.mark.parametrize("premium_when", ["shared", "messaged"])
@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_of_messages_that_lie_alike_each_is_cut_where_its_own_outcome_turns(
    premium_when: str, supposing: Supposition | None
) -> None:
    """What is found of one is not looked for again of the next, but its place is another."""
    seconds = [f"2023-{month:02}-14T10:22:{month:02}" for month in range(1, 13)]
    history = AccountHistory.model_validate(
        {
            "account_id": "A-1001",
            "premium": [
                {"plan": "premium_career", "start": f"../{at}T11:57:00Z", "end": f"{at}T11:57Z/.."}
                for at in ("2023-03-02", "2023-08-02")
            ],
            "messages": [{"sent_at": f"{at}Z/{at}.999999Z"} for at in seconds],
        }
    )
    definition = class_definition(Reading.of(premium_when=premium_when))
    facts = facts_under(definition, history, supposing)
    relevance = Relevance(facts, definition, can_be_asked(AccountHistory))
    cuts = 0
    for question in evaluate(history, definition, supposing=supposing).questions:
        at = parse(question.paths[0])
        if at.field == "sent_at":
            record = record_at(refine(history, question.answers[0]), question.paths[0])
            fact = RelevantFact(at.name, at.index, at.field)
            cuts += 1
            assert relevance.divides(fact, getattr(record, at.field).latest), question.text
    assert cuts
