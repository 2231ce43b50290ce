"""Documents that are slow to decide: hard families at a size, under a spread of readings.

For each family it prints the slowest case that was drawn, with the seconds of processor time that
status, first question, reasons and witnesses took. With `--questions`, all questions, too.

    python benchmarks/slow_documents.py --bytes 100000 --seeds 3
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from attrs import frozen

from eligibility import EligibilityError, History, evaluate, read_history
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview
from eligibility.readings import every_reading
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.values.timeline import write_instant

for folder in ("second_case", "third_case"):
    sys.path.insert(0, str(Path(__file__).parent.parent / "examples" / folder))

START = 1_600_000_000_000_000
COMPLETE = ["premium", "messages", "permissions"]
Data = dict[str, Any]
#: A family makes a document of about so many records.
Family = Callable[[Random, int], Data]
#: Family, words, history, definition and supposition.
Case = tuple[str, str, History, ClassDefinition, Supposition | None]


def b(first: int, last: int | None = None) -> str:
    """Some microsecond, counted from an arbitrary first one, or from one to another."""
    text = write_instant(START + first)
    return text if last is None or last == first else f"{text}/{write_instant(START + last)}"


def document(premium: list[Data], messages: list[Data], permissions: list[Data]) -> Data:
    lists = {"premium": premium, "messages": messages, "permissions": permissions}
    return {"account_id": "A-1", **lists, "complete": COMPLETE}


def paid(start: str, end: str) -> Data:
    return {"plan": "premium_career", "start": start, "end": end}


def shared(at: str, sent: str = "2019") -> Data:
    return {"inmail": True, "direction": "sent", "shared": True, "sent_at": sent, "shared_at": at}


def same_bounds(rng: Random, n: int) -> Data:
    """Spans that may all lie anywhere in one stretch, messages at its instants."""
    bounds = b(0, n)
    instants = [b(at) for at in range(n // 2 + rng.randrange(2))]
    return document([paid(bounds, bounds)] * (n // 2), [shared(at) for at in instants], [])


def sliding(rng: Random, n: int) -> Data:
    wide = rng.choice([1, 2, 3, 7])
    spans = [paid(b(at, at + wide), b(at, at + wide)) for at in range(n // 2)]
    return document(spans, [shared(b(at)) for at in range(n // 2)], [])


def one_long_crossing(rng: Random, n: int) -> Data:
    """One span, and a message at every instant that it can be cut to, or at all but one."""
    instants = range(n - rng.randrange(2))
    return document([paid(b(0, n - 1), b(0, n - 1))], [shared(b(at)) for at in instants], [])


def random_crossing(rng: Random, n: int) -> Data:
    def bounds() -> str:
        at = rng.randrange(n)
        return b(at, at + rng.choice([0, 1, 1, 2, 5, 50]))

    spans = [paid(each := bounds(), each) for _ in range(n // 3)]
    messages = [shared(bounds()) for _ in range(n // 3)]
    return document(spans, messages, [])


def ends_too_early(rng: Random, n: int) -> Data:
    days = [f"20{rng.randrange(10, 20)}-{rng.randrange(1, 13):02}" for _ in range(n)]
    return document([paid(day, f"{day}/2020") for day in days], [shared("2023")], [])


def abutting(rng: Random, n: int) -> Data:
    """Spans that touch, all needed to cover one vague message."""
    spans = [paid(b(at * 10), b(at * 10 + 9 + rng.randrange(2))) for at in range(n)]
    return document(spans, [shared(b(0, n * 10 - 1))], [])


def nested(rng: Random, n: int) -> Data:
    spans = [paid(b(at), b(2 * n - at)) for at in range(n // 2)]
    permitted = [{"start": b(at), "end": b(2 * n - at)} for at in range(n // 4)]
    messages = [shared(b(n + at)) for at in range(n // 4)]
    return document(spans, messages, permitted[rng.randrange(2) :])


def permitted_here_and_there(rng: Random, n: int) -> Data:
    permitted = [{"start": b(3 * at), "end": b(3 * at + 1)} for at in range(n // 2)]
    messages = [shared(b(3 * at, 3 * at + rng.choice([0, 1, 2]))) for at in range(n // 2)]
    return document([paid("2015", "..")], messages, permitted)


def vague_everywhere(rng: Random, n: int) -> Data:
    def year(low: int, high: int) -> str:
        first = rng.randrange(low, high)
        return f"{first}/{rng.randrange(first, 2026)}"

    spans = [{"start": year(2015, 2023), "end": f"2023/20{rng.randrange(24, 27)}"}] * (n // 3)
    messages = [{"sent_at": year(2015, 2024)} for _ in range(n // 3)]
    permitted = [{"start": year(2016, 2023), "end": "2024/2026"} for _ in range(n // 3)]
    return {**document(spans, messages, permitted), "complete": rng.sample(COMPLETE, 1)}


def nothing_known(rng: Random, n: int) -> Data:
    name = rng.choice(["premium", "messages", "permissions"])
    return {"account_id": "A-1", "messages": [{}], name: [{}] * n}


def told_apart(rng: Random, n: int) -> Data:
    """Records with ids and sources; every kind of fact known of some."""
    facts = {
        "inmail": [True, False],
        "shared": [True, False],
        "direction": ["sent", "received"],
        "sent_at": ["2023", "2024-08-1X", "../2024-09-17"],
    }
    messages = [
        {"id": f"m{at}", "source": f"a fiction {at}"}
        | {key: rng.choice(values) for key, values in facts.items() if rng.random() < 0.6}
        for at in range(n)
    ]
    return {"account_id": "A-1", "messages": messages, "complete": ["messages", "premium"]}


def excluded(rng: Random, n: int) -> Data:
    keys = ["counsel", "requested_exclusion", "successor_of_excluded"]
    return {**ends_too_early(rng, n), "exclusions": {key: rng.random() < 0.5 for key in keys}}


# ---- what people and archives leave vague --------------------------------------------------------


def day(rng: Random, low: int = 2019, high: int = 2024) -> str:
    return f"{rng.randrange(low, high)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def vague(rng: Random) -> str:
    """A date that is known to the month, to some days, by bounds that nest in others, or so."""
    at = day(rng)
    return rng.choice(
        [at[:7], f"{at[:9]}X", f"{at}/{at[:4]}-12-31", f"../{at}", f"{at}/..", at[:4]]
    )


def vague_spans(rng: Random, count: int) -> list[Data]:
    """Spans of which both ends are vague, each in its own way."""
    starts = [day(rng) for _ in range(count)]
    return [{"start": at[:7], "end": f"{at[:7]}/{int(at[:4]) + 1}{at[4:7]}"} for at in starts]


def different_messages(rng: Random, count: int) -> list[Data]:
    """No two are known alike."""
    facts: dict[str, list[Any]] = {
        "inmail": [True, False, None],
        "direction": ["sent", "received", None],
        "shared": [True, None, None],
        "recipient": ["third_party", ["third_party", "linkedin_or_affiliate"], None],
    }
    return [
        {key: rng.choice(words) for key, words in facts.items()} | {"sent_at": vague(rng)}
        for _ in range(count)
    ]


def vague_subscriptions(rng: Random, n: int) -> Data:
    """Many subscriptions of vague months, and few messages."""
    premium = [{"plan": "premium_career", **span} for span in vague_spans(rng, n)]
    messages = different_messages(rng, rng.choice([1, 10, 50]))
    return {"account_id": "A-1", "premium": premium, "messages": messages}


def plans(rng: Random, n: int) -> Data:
    """Many subscriptions of which the plan is one of several."""
    some = ["premium_career", "learning", "other", "sales_navigator_core", "recruiter_lite"]
    premium = [{"plan": rng.sample(some, 2), **span} for span in vague_spans(rng, n)]
    return {"account_id": "A-1", "premium": premium, "messages": different_messages(rng, 10)}


def vague_permissions(rng: Random, n: int) -> Data:
    """Many permissions of vague months, and few messages."""
    messages = different_messages(rng, rng.choice([1, 10, 50]))
    premium = [{"plan": "premium_career", "start": "2020-03", "end": "2024-05"}]
    complete = rng.choice([[], ["permissions"], ["permissions", "messages"]])
    permissions = vague_spans(rng, n)
    data: Data = {"account_id": "A-1", "premium": premium, "messages": messages}
    return data | {"permissions": permissions, "complete": complete}


def statements(rng: Random, n: int) -> Data:
    """Statements, each that a list holds every record that meets a condition, and messages."""
    where: list[Callable[[], Data]] = [
        lambda: {"list": "messages", "where": {"inmail": True, "sent_at": f"../{day(rng)}"}},
        lambda: {"list": "messages", "where": {"sent_at": f"{day(rng)}/{day(rng, 2024, 2026)}"}},
        lambda: {"list": "premium", "where": {"start": f"../{day(rng)}"}},
        lambda: {"list": "premium", "where": {"plan": ["premium_career"], "end": f"{day(rng)}/.."}},
        lambda: {"list": "permissions", "where": {"start": f"{day(rng)}/.."}},
    ]
    complete = [rng.choice(where)() for _ in range(6)]
    messages = different_messages(rng, n)
    premium = [{"plan": "premium_career", "start": "2021", "end": "2023"}]
    return {"account_id": "A-1", "premium": premium, "messages": messages, "complete": complete}


def messages_by_days(rng: Random, n: int) -> Data:
    """InMails known by the day, one subscription, some vague permissions."""
    messages = [{"inmail": True, "sent_at": day(rng)} for _ in range(n)]
    premium = [{"plan": "premium_career", "start": "2021-03", "end": "2023-10"}]
    permissions = vague_spans(rng, rng.choice([0, 1, 3]))
    data: Data = {"account_id": "A-1", "premium": premium, "messages": messages}
    return data | {"permissions": permissions}


def all_different(rng: Random, n: int) -> Data:
    """Messages of which no two are known alike, few spans."""
    premium = [{"plan": "premium_career", **span} for span in vague_spans(rng, 3)]
    permissions = vague_spans(rng, 2)
    data: Data = {"account_id": "A-1", "premium": premium, "permissions": permissions}
    return data | {"messages": different_messages(rng, n)}


def all_together(rng: Random, n: int) -> Data:
    """Vague subscriptions, permissions, statements, and messages that are all different."""
    some = statements(rng, 1)
    spans = [{"plan": "premium_career", **span} for span in vague_spans(rng, n // 3)]
    messages, permissions = different_messages(rng, n // 3), vague_spans(rng, n // 3)
    return some | {"premium": spans, "messages": messages, "permissions": permissions}


def open_ended(rng: Random, n: int) -> Data:
    """Subscriptions of which one end is known, or a bound of it, and few messages."""
    ends: list[Callable[[], Data]] = [
        lambda: {"start": day(rng)},
        lambda: {"end": day(rng, 2021, 2026)},
        lambda: {"start": f"../{day(rng)}"},
        lambda: {"end": f"{day(rng)}/.."},
    ]
    premium = [{"plan": "premium_career", **rng.choice(ends)()} for _ in range(n)]
    complete = rng.choice([[], ["premium"], ["messages"]])
    data: Data = {"account_id": "A-1", "premium": premium, "complete": complete}
    return data | {"messages": different_messages(rng, 10)}


def alike_permissions(rng: Random, n: int) -> Data:
    """Permissions of few kinds, each many times."""
    kinds = [{"start": "2020"}, {"end": ".."}, {}, {"start": "2021/2024"}]
    permissions = [rng.choice(kinds) for _ in range(n)]
    data: Data = {"account_id": "A-1", "permissions": permissions}
    premium = [{"plan": "premium_career", "start": "2020-03", "end": "2024-05"}]
    return data | {"premium": premium, "messages": different_messages(rng, 20)}


def shared_spread(rng: Random, n: int) -> Data:
    """InMails shared some time in a stretch, vague subscriptions and permissions."""
    messages = [
        {"inmail": True, "shared": True, "sent_at": vague(rng)}
        | {"shared_at": f"{day(rng, 2022, 2024)}/{day(rng, 2024, 2026)}"}
        for _ in range(n // 2)
    ]
    premium = [{"plan": "premium_career", **span} for span in vague_spans(rng, n // 4)]
    complete = rng.choice([[], ["messages", "premium"], COMPLETE])
    data: Data = {"account_id": "A-1", "premium": premium, "messages": messages}
    return data | {"permissions": vague_spans(rng, n // 4), "complete": complete}


FAMILIES: list[Family] = [
    *(same_bounds, sliding, one_long_crossing, random_crossing, ends_too_early, abutting, nested),
    *(permitted_here_and_there, vague_everywhere, nothing_known, told_apart, excluded),
    *(vague_subscriptions, plans, vague_permissions, statements, messages_by_days, all_different),
    *(all_together, open_ended, alike_permissions, shared_spread),
]
READINGS = [
    Reading(),
    Reading.of(date_limits="message"),
    Reading.of(premium_when="messaged", messages="sent"),
    Reading.of(premium_when="ever", exclusions="customary"),
    Reading.of(date_limits="message", premium_when="messaged", exclusions="customary"),
]
NAMES = [family.__name__ for family in FAMILIES]


@frozen
class Timed:
    """Seconds of one case."""

    family: str
    case: str
    status: str
    exact: bool
    seconds: dict[str, float]


def of_size(family: Family, seed: int, size: int) -> str:
    """A document of a family of at most about so many bytes."""
    small = len(json.dumps(family(Random(seed), 60)).encode())
    return json.dumps(family(Random(seed), max(4, size * 60 // small)), separators=(",", ":"))


def cases(size: int, seeds: int, readings: list[Reading], names: list[str]) -> Iterator[Case]:
    """Every case: family, words, history, definition and supposition."""
    for family in FAMILIES:
        if family.__name__ not in names:
            continue
        for seed in range(seeds):
            try:
                history = read_history(of_size(family, seed, size))
            except EligibilityError as refused:  # more records than are read
                print(f"{family.__name__}: {refused}", flush=True)
                continue
            for reading in readings:
                words = ", ".join(
                    f"{key}={word}"
                    for key, word in reading.words().items()
                    if word != Reading().words()[key]
                )
                for supposing in (None, AS_ALLEGED):
                    case = f"seed {seed}; {words or 'default'}"
                    case += "; supposed" if supposing else ""
                    yield family.__name__, case, history, class_definition(reading), supposing
    yield from (case for case in other_cases(size) if case[0] in names)


def other_cases(size: int) -> Iterator[Case]:
    """The definitions of the other cases, with many records in each of their lists."""
    import flo  # noqa: PLC0415 - an example, not a package
    import zoom  # noqa: PLC0415 - as above

    for name, model, definition in (
        ("second_case", flo.FloHistory, flo.flo_class()),
        ("third_case", zoom.ZoomHistory, zoom.zoom_class()),
    ):
        yield name, "", model.model_validate(data_of(model, size // 90)), definition, None


def data_of(model: type[History], count: int) -> Data:
    """So many records in every list of a model, with vague bounds where they have moments."""
    from eligibility.facts.shape import shape  # noqa: PLC0415 - as above

    data: Data = {"account_id": "F-1"}
    lists = shape(model).lists
    for name, entry in lists.items():
        spread = (f"{2015 + at % 5}/{2020 + at % 3}" for at in range(count // len(lists)))
        data[name] = [dict.fromkeys(entry.moments, bounds) for bounds in spread]
    return data


def timed(found: Case, *, questions: bool) -> Timed:
    """The seconds of each part."""
    family, case, history, definition, supposing = found
    seconds: dict[str, float] = {}
    at = process_time()
    verdict = evaluate(history, definition, supposing=supposing)
    exact = verdict.exact
    seconds["status"] = process_time() - at
    at = process_time()
    _ = Interview.start(history, definition, supposing=supposing).question
    seconds["first question"] = process_time() - at
    for part in ("reasons", "scenarios", *(["questions"] if questions else [])):
        at = process_time()
        getattr(verdict, part)
        seconds[part] = process_time() - at
    return Timed(family, case, verdict.status.value, exact, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--questions", action="store_true")
    parser.add_argument("--every", type=int, help="one of so many of all readings, not the spread")
    parser.add_argument("--families", nargs="+", default=[*NAMES, "second_case", "third_case"])
    asked = parser.parse_args()
    print(f"{asked.bytes:,} bytes", flush=True)
    readings = list(every_reading())[:: asked.every] if asked.every else READINGS
    drawn = cases(asked.bytes, asked.seeds, readings, asked.families)
    for _, family in groupby(drawn, key=itemgetter(0)):
        slowest: dict[str, Timed] = {}
        for case in family:
            found = timed(case, questions=asked.questions)
            for part, seconds in found.seconds.items():
                if part not in slowest or slowest[part].seconds[part] < seconds:
                    slowest[part] = found
        for part, found in slowest.items():
            words = f"{found.status}, {'exact' if found.exact else 'not exact'}; {found.case}"
            name = f"{found.family} {part}"
            print(f"{name:40} {found.seconds[part]:6.2f} s  {words}", flush=True)


if __name__ == "__main__":
    main()
