"""What the next question of an interview costs, on long archives: every reading, both suppositions.

    python benchmarks/next_question.py                  # a spread of readings, several minutes
    python benchmarks/next_question.py --every 1        # all readings
    python benchmarks/next_question.py --small 1000     # small histories, in place of archives

Archives of several shapes are answered by several people: one who knows nothing, one who says yes,
one who says no, and one who answers this and that, with at most 25 questions. Printed are, for each
shape, how many questions were asked, and the milliseconds of processor time from an answer to the
next question: the median, how many of a hundred took longer than 50, and the slowest, with its
reading. What takes long is measured three times, and the best counts. Small histories are drawn,
with a reading, a supposition and answers each: what takes a quarter of a second is printed whole.
Everything is fictional.
"""

import argparse
import gc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from statistics import median
from time import process_time
from typing import Any

from attrs import frozen

from eligibility import AccountHistory
from eligibility.errors import EligibilityError
from eligibility.interview import Interview
from eligibility.readings import every_reading
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import write_instant

Data = dict[str, Any]
#: What somebody says next.
Person = Callable[[Interview], Interview]

HOUR = 3_600_000_000
#: 1 January 2020 and 1 January 2025, in UTC microseconds.
FIRST, LAST = 1_577_836_800_000_000, 1_735_689_600_000_000
MOST_QUESTIONS = 25
#: From so many seconds on, it is measured again.
_SLOW = 0.02


# ---- archives ------------------------------------------------------------------------------------


def _messages(rng: Random, count: int, width: int = 999_999) -> list[Data]:
    """Messages over five years, each known as exactly as so many microseconds."""
    times = sorted(rng.randrange(FIRST, LAST) // 1_000_000 * 1_000_000 for _ in range(count))
    return [
        {
            "id": f"m{at}",
            "direction": rng.choice(["sent", "received"]),
            "sent_at": f"{write_instant(time)}/{write_instant(time + width)}",
        }
        for at, time in enumerate(times)
    ]


def _receipts(*months: str, at: str = "-02") -> list[Data]:
    return [
        {
            "plan": "premium_career",
            "start": f"../{each}{at}T11:57:00Z",
            "end": f"{each}{at}T11:57Z/..",
        }
        for each in months
    ]


def _vague() -> list[Data]:
    return [{"start": f"{year}", "end": f"{year}/2026"} for year in (2021, 2022, 2023)]


def archive(rng: Random, count: int) -> Data:
    """As an export shows it: exact times, a dozen receipts, nobody says which were InMails."""
    return {
        "messages": _messages(rng, count),
        "premium": _receipts(*(f"2023-{month:02}" for month in range(1, 13))),
    }


def two_receipts(rng: Random, count: int) -> Data:
    """Few receipts."""
    return {"messages": _messages(rng, count), "premium": _receipts("2022-03", "2024-08")}


def marked(rng: Random, count: int) -> Data:
    """Some messages are known to be InMails, some known not to be, some neither."""
    messages = _messages(rng, count)
    for each in messages:
        if (kind := rng.random()) < 0.8:
            each["inmail"] = kind < 0.1
    return {"messages": messages, "premium": _receipts("2023-03")}


def all_marked(rng: Random, count: int) -> Data:
    """Of each message it is known whether it was an InMail; Premium is known by its years."""
    messages = [{**each, "inmail": rng.random() < 0.05} for each in _messages(rng, count)]
    premium = [{"plan": "premium_career", "start": "2022", "end": "2024"}]
    return {"messages": messages, "premium": premium, "complete": ["messages"]}


def permitted(rng: Random, count: int) -> Data:
    """Vague permissions, beside receipts and messages of which some are InMails."""
    return {**marked(rng, count), "permissions": _vague()}


def by_days(rng: Random, count: int) -> Data:
    """Messages known to the day only, half of them InMails, and a subscription of known months."""
    messages = _messages(rng, count, 24 * HOUR)
    for each in messages:
        if rng.random() < 0.5:
            each["inmail"] = True
    return {
        "messages": messages,
        "premium": [{"plan": "premium_career", "start": "2021-03", "end": "2023-10"}],
        "permissions": _vague()[:1],
    }


def messages_alone(rng: Random, count: int) -> Data:
    """No receipt was found."""
    return {"messages": _messages(rng, count)}


def mixed(rng: Random, count: int) -> Data:
    """Everything of everything: what is said of each message differs."""
    messages = _messages(rng, count)
    for each in messages:
        if rng.random() < 0.2:
            each["sent_at"] = rng.choice(["2023", "2024-08", "../2024-09-17", "2024-09-1X"])
        if rng.random() < 0.1:
            each["shared"] = rng.random() < 0.5
        if rng.random() < 0.3:
            each["inmail"] = rng.random() < 0.5
    return {
        "messages": messages,
        "premium": [*_receipts("2021-05", "2023-05"), {"start": "2019", "end": "2020"}],
        "permissions": _vague()[:2],
    }


def _days(rng: Random, count: int) -> list[str]:
    """Days on which something was, in the order of time."""
    first = date(2020, 1, 1)
    return sorted({str(first + timedelta(days=rng.randrange(1800))) for _ in range(count)})


def receipts(rng: Random, count: int) -> Data:
    """Two hundred receipts."""
    return {"messages": _messages(rng, count), "premium": _receipts(*_days(rng, 200), at="")}


def permissions(rng: Random, count: int) -> Data:
    """Five hundred permissions, of each the month in which it began, and not how long it lasted."""
    months = [day[:7] for day in _days(rng, 500)]
    vague = [{"start": month, "end": f"{month}/2026"} for month in months]
    return {**marked(rng, count), "permissions": vague}


SHAPES: list[Callable[[Random, int], Data]] = [
    *(archive, two_receipts, marked, all_marked, permitted, by_days, messages_alone, mixed),
    *(receipts, permissions),
]


# ---- people --------------------------------------------------------------------------------------


def lost(interview: Interview) -> Interview:
    """Who knows nothing."""
    return interview.dont_know()


def yes(interview: Interview) -> Interview:
    """Who says yes, picks the first, and knows when by the day."""
    question = interview.question
    if question is not None and question.takes_date:
        return _dated(interview, "2023-05-04")
    return interview.answer(0)


def no(interview: Interview) -> Interview:
    """Who says no, picks none, and knows when by the month."""
    question = interview.question
    if question is not None and question.takes_date:
        return _dated(interview, "2024-02")
    if question is not None and question.kind == "pick":
        return interview.answer()
    return interview.answer(len(question.answers) - 1 if question else 0)


def _dated(interview: Interview, text: str) -> Interview:
    try:
        return interview.date(text)
    except EligibilityError:
        return interview.dont_know()


def wavering(seed: int) -> Person:
    """Who answers this and that, the same at each seed."""

    def say(interview: Interview) -> Interview:
        rng = Random(seed * 1000 + len(interview.replies))
        return rng.choice([lost, yes, no])(interview)

    return say


PEOPLE: dict[str, Person] = {"lost": lost, "yes": yes, "no": no, "wavering": wavering(0)}


# ---- what it takes -------------------------------------------------------------------------------


@frozen
class Step:
    """From one answer to the next question."""

    seconds: float
    words: str


def steps(
    interview: Interview, person: Person, words: str, most: int = MOST_QUESTIONS
) -> Iterator[Step]:
    """Every step of an interview, up to so many answers."""
    while interview.question is not None and len(interview.replies) < most:
        seconds, after = _timed(interview, person)
        asked = after.question.text if after.question else "(the end)"
        yield Step(seconds, f"{words}; {len(after.replies)}: {asked[:100]}")
        interview = after


def _timed(interview: Interview, person: Person) -> tuple[float, Interview]:
    best = float("inf")
    for _ in range(3):
        at = process_time()
        after = person(interview)
        _ = after.question
        best = min(best, process_time() - at)
        if best < _SLOW:
            break
    return best, after


def begun(shape: Callable[[Random, int], Data], count: int) -> AccountHistory:
    """An archive of a shape."""
    data = {"account_id": "A-1001", **shape(Random(shape.__name__), count)}
    return AccountHistory.model_validate(data)


# ---- small histories -----------------------------------------------------------------------------

DATES = [
    *("2019", "2022-05-04", "2023", "2024-08", "2024-09-17", "2024-09-18", "../2024-09-17"),
    *("2023/..", "2024", "2022-05-04T10:00:00Z", "2021/2022"),
]
PLANS = ["premium_career", "learning", ["premium_career", "learning"], None]
#: From so many seconds on, a small history is printed.
_MOST = 0.25


def small(rng: Random) -> Data:
    """A few records, of which this and that is known."""

    def some(**options: list[Any]) -> list[Data]:
        return [
            {key: word for key, words in options.items() if (word := rng.choice(words))}
            for _ in range(rng.choice([0, 1, 1, 2, 3]))
        ]

    maybe = [*DATES, None]
    return {
        "account_id": "A-1001",
        "premium": some(plan=PLANS, start=maybe, end=[*DATES, "..", None]),
        "messages": some(
            inmail=[True, True, None],
            direction=["sent", "received", None],
            sent_at=maybe,
            shared=[True, None],
            shared_at=[*DATES[::3], None, None],
            recipient=["third_party", "linkedin_or_affiliate", None],
        ),
        "permissions": some(start=maybe, end=[*DATES, "..", None]),
        "complete": [
            *(name for name in ("premium", "messages", "permissions") if rng.random() < 0.3),
            {"list": "premium", "where": {rng.choice(["start", "end"]): rng.choice(DATES)}},
        ][: rng.choice([3, 4])],
    }


def search_small(histories: int, seed: int) -> None:
    """Print what takes long, of so many small histories, each with one reading and one person."""
    readings, found = list(every_reading()), list[Step]()
    for number in range(seed, seed + histories):
        rng = Random(number)
        data, reading = small(rng), rng.choice(readings)
        supposing = rng.choice([None, AS_ALLEGED])
        try:
            history = AccountHistory.model_validate(data)
            start = Interview.start(history, class_definition(reading), supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        words = f"{number}: {different(reading)}; {supposing and supposing.name}; {data}"
        found += steps(start, wavering(number), words)
    for step in sorted(found, key=lambda each: each.seconds):
        if step.seconds > _MOST:
            print(f"{step.seconds:.2f} s  {step.words}")
    times = sorted(step.seconds * 1000 for step in found)
    slow = sum(time > _MOST * 1000 for time in times)
    print(f"{len(times):,} questions, median {median(times):.1f} ms, slowest {times[-1]:.0f} ms;")
    print(f"{slow} over {_MOST} s")


def different(reading: Reading) -> str:
    """How a reading differs from the default."""
    plain = Reading().words()
    said = (f"{key}={word}" for key, word in reading.words().items() if word != plain[key])
    return ", ".join(said) or "default"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--every", type=int, default=7, help="one reading in so many; 1 is all")
    parser.add_argument("--shape", choices=[each.__name__ for each in SHAPES])
    parser.add_argument("--person", choices=[*PEOPLE])
    parser.add_argument("--answers", type=int, default=MOST_QUESTIONS, help="so many at most")
    parser.add_argument("--small", type=int, help="so many small histories, and no archives")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.small:
        search_small(asked.small, asked.seed)
        return
    readings = list(every_reading())[:: asked.every]
    print(f"{asked.messages:,} messages; {len(readings)} readings, both suppositions; ms")
    print(f"{'archive':16}{'questions':>10}{'median':>8}{'over 50':>9}{'slowest':>9}")
    for shape in SHAPES:
        if asked.shape in (None, shape.__name__):
            history = begun(shape, asked.messages)
            found: list[Step] = []
            for reading in readings:
                for supposing in (None, AS_ALLEGED):
                    start = Interview.start(history, class_definition(reading), supposing=supposing)
                    _ = start.question
                    gc.collect()
                    for name, person in PEOPLE.items():
                        if asked.person in (None, name):
                            alleged = "as alleged; " if supposing else ""
                            words = f"{different(reading)}; {alleged}{name}"
                            found += steps(start, person, words, asked.answers)
            times = sorted(step.seconds * 1000 for step in found)
            slowest = max(found, key=lambda step: step.seconds)
            over = sum(time > 50 for time in times) * 100 / len(times)
            print(
                f"{shape.__name__:16}{len(times):>10,}{median(times):>8.0f}{over:>8.1f}%"
                f"{times[-1]:>9.0f}  {slowest.words}",
                flush=True,
            )


if __name__ == "__main__":
    main()
