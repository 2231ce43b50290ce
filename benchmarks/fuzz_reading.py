"""Texts of every kind, read the quick way and the careful way: the same history, or the same error.

Documents are drawn for a model from its shape, some of them wrong on purpose; then keys are said
twice, white space is put anywhere, and characters are changed. Moments are drawn and changed alike.

    python benchmarks/fuzz_reading.py --texts 100000 --moments 1000000 --seed 7

The first text that is read differently is printed, and the exit status is 1.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel

from eligibility import AccountHistory, EligibilityError, History, Moment
from eligibility.facts.one_pass import read_in_one_pass
from eligibility.facts.read import MOST_RECORDS, read_carefully, read_history
from eligibility.facts.shape import ListShape, shape
from eligibility.values.notation import meant_by

ZONES = ("America/Los_Angeles", "UTC", "Europe/Berlin", "Pacific/Apia")
MOMENTS = (
    *("2024-09-17", "2024-09", "2024", "2024-09-1X", "202X", "2024-XX", "20XX-02-3X"),
    *("2024-05/2024-08", "../2024-09-17", "2024-05-01/..", "../..", "2024-08/2024-05"),
    *("2024-09-17T23:59:00Z", "2024-09-17T23:59:00-07:00", "2024-09-17T23:59:00.123456Z"),
    *("2024-09-17T23:59:00.123+14:00", "2024-09-17T23:59:00.5Z", "2024-09-17T23:59Z"),
    *("2024-09-17T23:59:00", "2024-03-10T02:30", "2024-11-03T01:30:00", "2024-09-17t23:59:00z"),
    *("1900-01-01T00:00:00Z", "2200-12-31T23:59:59Z", "1899-12-31T23:59:59Z", "2201-01-01"),
    *("1899-12-31T20:00:00-07:00", "2201-01-01T00:00:00+05:00", "2200-12-31T23:59:59-01:00"),
    *("2024-02-29T24:00:00Z", "2023-02-29T10:00:00Z", "2024-12-31T23:59:60Z", "1900-01-01"),
    *("2024-W09-1T23:59:00Z", "20240917T23:59:0000Z", "2024-09-17 23:59:00Z", "2024-21", ""),
    *(
        "2024-09-17T23:59:Z\0Z",
        "2024-09-17T23:59:00+24:00",
        "2024-09-17T23:59:00+05:60",
        "2024-09-17T23:59:00,123Z",
    ),
)
CHARACTERS = "0123456789-:.,+/TtZzXWx ~?[]{}\"\\'ntu\t\n\r\0\x1f\x7f\u0661\uff11\ud800\u2028é"
#: What stands in a text in place of something else, or between.
PIECES = (
    *('"id": null, ', '"id":"a",', '"account_id": "x", ', '"sent_at": null, ', '"complete": [], '),
    *('"id" : "a", ', '"id"\n: null, ', '"id"\t:1,', '"i\\u0064": "a", ', '"exclusions": {}, '),
    *('"schema_version": "1", ', '"time_zone": "UTC", ', '"messages": [], ', '"premium": null,'),
    *(" ", "\n", "\t", "\r\n", "\ufeff", "null", "true", "NaN", "-Infinity", "1e999", "[]", "{}"),
    *('"', '":', '\\":', "\\ud83d", "\\ud83d\\ude00", "\\u0022:", ",", "}", "]", "//", "'"),
)


def moment(rng: Random) -> str:
    """A text that is a moment, or nearly one."""
    kind = rng.random()
    if kind < 0.5:
        text = (
            f"{rng.randint(1890, 2210):04}-{rng.randint(0, 13):02}-{rng.randint(0, 32):02}"
            f"T{rng.randint(0, 25):02}:{rng.randint(0, 61):02}:{rng.randint(0, 61):02}"
        )
        text += rng.choice(("", "", f".{rng.randrange(10 ** rng.choice((1, 3, 6, 7)))}"))
        text += rng.choice(("Z", "Z", "", f"{rng.choice('+-')}{rng.randint(0, 25):02}:30"))
    else:
        text = rng.choice(MOMENTS)
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(CHARACTERS) + text[at + rng.randrange(2) :]
    return text


def sound_moment(rng: Random) -> str:
    """A text that is a moment; mostly of a few days, so that some contradict each other."""
    day = f"2024-0{rng.randint(1, 9)}-{rng.randint(10, 28)}"
    clock = f"T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    end = rng.choice(("Z", "Z", "Z", ".250Z", ".000001Z", "+02:00", "-07:00", "", ".123456-07:00"))
    kinds = (day + clock + end, day, day[:7], day[:4], f"{day}/2025", f"../{day}", day[:9] + "X")
    return rng.choice(kinds)


def value(rng: Random, list_shape: ListShape, name: str, wrong: float) -> Any:
    """What a field of a record says; something else, with a probability."""
    if rng.random() < wrong:
        return rng.choice(
            (None, "", "x", 5, 0.5, [], {}, True, [None], "a" * 201, "..", moment(rng))
        )
    if rng.random() < 0.15:
        return None
    if name in list_shape.moments:
        if name == "end" and rng.random() < 0.3:
            return ".."
        return moment(rng) if rng.random() < wrong else sound_moment(rng)
    if name in list_shape.yes_no:
        return rng.random() < 0.7
    if name in list_shape.vocabulary:
        words = list_shape.vocabulary[name]
        return rng.choice(words) if rng.random() < 0.7 else rng.choices(words, k=rng.randint(1, 3))
    return f"{name[:1]}{rng.randrange(8)}"


def document(rng: Random, model: type[History]) -> dict[str, Any]:
    """A history of a model as plain data; of some, something is wrong."""
    wrong = rng.choice((0, 0, 0, 0.01, 0.1))
    seen = shape(model)
    data: dict[str, Any] = {"account_id": rng.choice((*["A-1"] * 6, "a :b", 'a":b', "ä\u2028"))}
    for name, list_shape in seen.lists.items():
        fields = [*list_shape.record.model_fields]
        records = []
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            said = rng.sample(fields, rng.randint(0, len(fields)))
            records.append({key: value(rng, list_shape, key, wrong) for key in said})
        if records or rng.random() < 0.5:
            data[name] = records
    for path in seen.yes_no:
        group, _, key = path.partition(".")
        if rng.random() < 0.1:
            said = data.setdefault(group, {}) if key else data
            said[key or group] = rng.choice((True, False, None))
    if rng.random() < 0.7:
        data["complete"] = list(stated(rng, seen.lists, wrong))
    if rng.random() < 0.2:
        data["time_zone"] = rng.choice((*ZONES, "Mars/Base" if wrong else "UTC"))
    if rng.random() < wrong:
        data[rng.choice(("more", "premium", "schema_version", "exclusions"))] = None
    items = list(data.items())
    rng.shuffle(items)
    return dict(items)


def stated(rng: Random, lists: Mapping[str, ListShape], wrong: float) -> Iterator[Any]:
    """Statements of completeness."""
    for name in rng.choices([*lists], k=rng.randint(0, 3)) if lists else ():
        if rng.random() < 0.7:
            yield "nothing" if rng.random() < wrong else name
        else:
            list_shape = lists[name]
            fields = rng.sample(list_shape.facts, rng.randint(0, min(2, len(list_shape.facts))))
            where = {key: value(rng, list_shape, key, wrong) for key in fields}
            yield {"list": name, "where": where}


def garbled(rng: Random, text: str) -> str:
    """A text with something said twice, put in, left out, or changed."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        kind, at = rng.random(), rng.randrange(len(text) + 1)
        if kind < 0.4:
            places = [i + 1 for i, each in enumerate(text) if each in "{,"] or [0]
            at = rng.choice(places)
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind < 0.6:
            places = [i for i, each in enumerate(text) if each in ':"'] or [0]
            at = rng.choice(places)
            text = text[:at] + rng.choice(("", " ", "  ", "\n", "\t", "\r")) + text[at:]
        elif kind < 0.8:
            text = text[:at] + rng.choice((*CHARACTERS, *PIECES)) + text[at + rng.randrange(3) :]
        else:  # a piece of the text once more
            end = min(len(text), at + rng.randrange(60))
            text = text[:end] + text[at:]
    return text


def texts(rng: Random, model: type[History]) -> Iterator[str | bytes]:
    """Texts that state a history of a model, or nearly, without end."""
    while True:
        data = document(rng, model)
        text = json.dumps(
            data,
            indent=rng.choice((None, None, None, 0, 2)),
            ensure_ascii=rng.random() < 0.5,
            separators=rng.choice((*[None] * 5, *[(",", ":")] * 3, (" , ", " : "))),
        )
        if rng.random() < 0.4:
            text = garbled(rng, text)
        kind = rng.random()
        yield (
            text
            if kind < 0.6
            else text.encode("utf-8" if kind < 0.97 else "utf-16", "surrogatepass")
        )


def seen_of(value: object) -> object:
    """All that there is to see of a history: kinds, fields in their order, what was set."""
    if isinstance(value, BaseModel):
        fields = [(name, seen_of(each)) for name, each in vars(value).items()]
        return type(value), fields, sorted(value.model_fields_set), value.model_extra
    if isinstance(value, Moment):
        return value.earliest, value.latest, value.text, value.zone
    if isinstance(value, tuple):
        return tuple(map(seen_of, value))
    return type(value), value


def outcome(read: Callable[..., object], *given: object) -> Any:
    """What reading comes to: what is seen of it, or the error to its last word."""
    try:
        return seen_of(read(*given))
    except EligibilityError as error:
        return type(error), str(error), error.problems


def careful_moment(text: str, zone: str) -> Moment:
    """A moment, read by the notation alone."""
    earliest, latest, hangs_on_zone = meant_by(text, zone)
    return Moment(earliest, latest, text, zone if hangs_on_zone else None)


def differing_texts(
    rng: Random, model: type[History], count: int, seen: Counter[str]
) -> Iterator[Any]:
    """The texts that are read differently, with both outcomes."""
    for text, _ in zip(texts(rng, model), range(count), strict=False):
        limit = rng.choice((*[MOST_RECORDS] * 8, 1_000, 8, 3, 0))
        careful = outcome(read_carefully, text, model, limit)
        quick = outcome(partial(read_history, most_records=limit), text, model)
        seen["texts"] += 1
        seen["histories"] += careful[0] is model
        seen["read in one pass"] += read_in_one_pass(text, model, most_records=limit) is not None
        if quick != careful:
            yield text, quick, careful


def differing_moments(rng: Random, count: int, seen: Counter[str]) -> Iterator[Any]:
    """The texts that are no moment, or another one, the quick way, with both outcomes."""
    for _ in range(count):
        text, zone = moment(rng), rng.choice(ZONES)
        quick, careful = outcome(Moment.parse, text, zone), outcome(careful_moment, text, zone)
        seen["moments"] += 1
        seen["moments that are some"] += not isinstance(careful[0], type)
        if quick != careful:
            yield text, quick, careful


def main() -> int:
    """Compare, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--moments", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent / "examples" / "second_case"))
    from flo import FloHistory  # noqa: PLC0415 - the example is no package

    rng, seen = Random(asked.seed), Counter[str]()
    for model, share in ((AccountHistory, 3), (FloHistory, 1)):
        for text, quick, careful in differing_texts(rng, model, asked.texts * share // 4, seen):
            print(f"{model.__name__} of {text!r}\n  quick:   {quick}\n  careful: {careful}")
            return 1
    for text, quick, careful in differing_moments(rng, asked.moments, seen):
        print(f"{text!r}\n  quick:   {quick}\n  careful: {careful}")
        return 1
    print(", ".join(f"{count:,} {what}" for what, count in seen.items()), "; all read alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
