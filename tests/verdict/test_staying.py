"""Which opponents stay in is seen by their bounds, and all at once, as one by one."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.evaluation.reference import Surely, Times
from eligibility.evaluation.work import Work
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.timeline import DAY
from eligibility.values.timeset import TimeSet
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning.in_one_pass import Turning

READINGS = list(every_reading())
KNOWERS = [
    lambda path: "shared" not in path,
    lambda path: "sent_at" in path or "start" in path,
    lambda path: "recipient" not in path,
]


def drawn(rng: Random) -> AccountHistory:
    """InMails known to the day, or less, beside Premium and a permission."""
    dates = ["2023-05-0{}", "2023-0{}", "2023-05-0{}/2023-06", "202{}/2024", "../2023-05-0{}"]
    dates += ["2023-05-0{}T12:00:00Z"]
    messages = [
        {
            "inmail": rng.choice([True, True, None]),
            "direction": "sent",
            "sent_at": rng.choice(dates).format(rng.randrange(1, 5)),
            "recipient": rng.choice(["third_party", None]),
            **rng.choice([{}, {}, {"shared": True, "shared_at": "2024-0{}"}]),
        }
        for _ in range(8)
    ]
    for each in messages:
        if "shared_at" in each:
            each["shared_at"] = f"2024-0{rng.randrange(1, 9)}"
    return AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2022", "end": "2024-06/2026"}],
        messages=messages,
        permissions=[{"start": "2023/2024", "end": "2024-07/2025"}],
        complete=["premium", "messages", "permissions"],
    )


def searches(rng: Random, count: int) -> Iterator[Turning]:
    for _ in range(count):
        definition = class_definition(rng.choice(READINGS))
        supposing = rng.choice([None, AS_ALLEGED])
        try:
            verdict = evaluate(drawn(rng), definition, supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        if verdict.status is Status.INDETERMINATE:
            work = Work(100_000)
            yield from Relevance(verdict._facts, definition, rng.choice(KNOWERS), work=work)._passes


def some_times(rng: Random, turning: Turning) -> Times:
    """The times of moments, and less than that of those that spans are asked to cover, or not."""

    def part(name: str, within: TimeSet) -> TimeSet:
        first = 1_680_000_000_000_000 + rng.randrange(500) * DAY
        ends = [last for each in turning.contenders.opponents for last in each.bounds.get(name, ())]
        some = [(first, first + 300 * DAY), *((first, last) for last in ends if first <= last)]
        return within & rng.choice([TimeSet.ALL, TimeSet.of(rng.choice(some))])

    tests = turning.disjunct.moments
    return {
        name: part(name, held) if tests[name].coverage else held
        for name, held in turning.times.items()
    }


def test_they_are_those_that_nothing_keeps_out() -> None:
    rng, seen = Random("staying"), set[tuple[bool, int]]()
    for turning in searches(rng, 120):
        contenders = turning.contenders
        view = Surely(turning.facts, turning.definition)
        for _ in range(10):
            times = some_times(rng, turning)
            stay = {
                each.index
                for each in contenders.opponents
                if (
                    view.meets(each, turning.disjunct, times)
                    if turning.surely
                    else contenders.kept_out(each, times) is None
                )
            }
            found = {each.index for each in contenders.staying(times)}
            assert found <= stay
            assert len(found) == min(2, len(stay))
            seen.add((turning.surely, len(found)))
    assert len(seen) == 6


def units(messages: int) -> int:
    """What a search takes beside a vague permission, Premium being asked for when it was sent."""
    days = [date(2020, 1, 1) + timedelta(at * 1800 // messages) for at in range(messages)]
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2021-03", "end": "2023-10"}],
        messages=[
            {"sent_at": day.isoformat(), "inmail": at % 2 == 0 or None}
            for at, day in enumerate(days)
        ],
        permissions=[{"start": "2021", "end": "2021/2026"}],
    )
    verdict = evaluate(history, class_definition(Reading.of(premium_when="messaged")))
    asked, work = can_be_asked(AccountHistory), Work(10**6)
    assert list(Relevance(verdict._facts, verdict.definition, asked, work=work).matter())
    return 10**6 - work.left


def test_twice_the_messages_take_twice_the_work() -> None:
    assert units(240) < 2.1 * units(120)
