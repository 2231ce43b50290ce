"""What reading costs beside pydantic alone, for texts of several kinds and sizes.

*Pydantic alone* reads the same text into the same model with plain strings in place of moments: it
reads no date, and notices no key that stands twice and no contradiction. *Carefully* is the way
that texts take which are not vouched for.

    python benchmarks/read.py [--quick | --smoke | --growth]
"""

import argparse
import json
import platform
from collections.abc import Callable
from functools import partial

from fictional import KINDS, stated
from plain_history import PlainHistory
from turns import in_turns, installed, machine

from eligibility import AccountHistory, evaluate, read_history
from eligibility.facts.read import MOST_RECORDS, read_carefully

PYDANTIC = "pydantic alone, plain strings"


def with_days(text: str) -> str:
    """The same with days and months in place of instants."""
    data = json.loads(text)
    for at, message in enumerate(data["messages"]):
        for key in ("sent_at", "shared_at"):
            if key in message:
                message[key] = message[key][: 10 if at % 3 else 7]
    return json.dumps(data)


def with_offsets(text: str) -> str:
    """The same with an offset and microseconds in every instant."""
    return text.replace('Z"', '.000000+00:00"')


def printed(text: str) -> str:
    """The same, as people print it."""
    return json.dumps(json.loads(text), indent=2)


TEXTS: dict[str, tuple[str, Callable[[str], str]]] = {
    **{f"instants, {kind}": (kind, str) for kind in KINDS},
    "instants with offsets": ("eligible", with_offsets),
    "days and months": ("eligible", with_days),
    "instants, indented": ("eligible", printed),
}


def reading(messages: int, rounds: int, batch: int) -> None:
    """One size of history, for each kind of text."""
    print(f"\n## {messages:,} messages (medians of {rounds} rounds over {batch} histories)\n")
    names = (PYDANTIC, "read", "read and decide", "carefully")
    print(f"{'microseconds, of pydantic alone':32}" + "".join(f"{name:>24}" for name in names))
    for name, (kind, changed) in TEXTS.items():
        texts = [changed(stated(kind, messages, seed)) for seed in range(batch)]
        carefully = partial(read_carefully, model=AccountHistory, most_records=MOST_RECORDS)
        assert all(read_history(text) == carefully(text) for text in texts)
        found = in_turns(
            {
                PYDANTIC: lambda t=texts: [PlainHistory.model_validate_json(text) for text in t],
                "read": lambda t=texts: [read_history(text) for text in t],
                "read and decide": lambda t=texts: [evaluate(read_history(text)) for text in t],
                "carefully": lambda t=texts, c=carefully: [c(text) for text in t],
            },
            rounds,
        )
        row = "".join(
            f"{found[each] / batch * 1e6:15,.0f} ({found[each] / found[PYDANTIC]:6.2f})"
            for each in names
        )
        print(f"{name:32}{row}")


def growth(sizes: list[int]) -> None:
    """From few messages to many: microseconds a message."""
    print("\n## Growth (microseconds a message; in brackets, of pydantic alone)\n")
    names = (PYDANTIC, "read", "read and decide")
    print(f"{'messages':>10}" + "".join(f"{name:>32}" for name in names))
    for size in sizes:
        text = stated("eligible", size)
        found = in_turns(
            {
                PYDANTIC: lambda t=text: PlainHistory.model_validate_json(t),
                "read": lambda t=text: read_history(t, most_records=2 * MOST_RECORDS),
                "read and decide": lambda t=text: evaluate(
                    read_history(t, most_records=2 * MOST_RECORDS)
                ),
            },
            rounds=max(3, min(99, 20_000 // size)),
        )
        row = "".join(
            f"{found[name] / size * 1e6:22.2f} ({found[name] / found[PYDANTIC]:7.2f})"
            for name in names
        )
        print(f"{size:10,}{row}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a minute, not several")
    parser.add_argument("--smoke", action="store_true", help="seconds: only to see that it runs")
    parser.add_argument("--growth", action="store_true", help="only how it grows")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}", installed("pydantic"), machine(), sep=", ")
    sizes = ((10, 31, 60), (1_000, 15, 2), (20_000, 5, 1))
    for messages, rounds, batch in () if given.growth else sizes[:1] if given.smoke else sizes:
        fewer = 1 if given.smoke else (rounds + 2) // 3 if given.quick else rounds
        reading(messages, fewer, 2 if given.smoke else batch)
    growth([10] if given.smoke else [10, 100, 1_000, 10_000, 20_000, 100_000])


if __name__ == "__main__":
    main()
