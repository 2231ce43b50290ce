"""What each part of a full verdict takes, of histories of ten messages and of the examples.

    python benchmarks/verdict_parts.py --rounds 100

Printed are microseconds: of each history the least of all rounds, and of some like histories the
mean. Each history is read anew and decided whole in each round, one after the other, so that each
part comes after those before it, as it does for whoever is sent one. To compare two states of the
library, run them in turns: `PYTHONPATH=other/src python benchmarks/verdict_parts.py`.
"""

import argparse
import json
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from fictional import KINDS, stated
from plain_history import PlainHistory

from eligibility import AccountHistory, evaluate, read_history

EXAMPLES = Path(__file__).parent.parent / "examples" / "histories"
NAMES = ("pydantic", "read", "evaluate", "reasons", "questions", "open", "scenarios")
#: So many like histories, which differ in their ids, or in their times as well.
LIKE = 20


def texts() -> dict[str, list[str]]:
    """Every kind of history, as JSON texts."""
    found = {kind: [stated(kind, 10, seed) for seed in range(LIKE)] for kind in KINDS}
    for path in sorted(EXAMPLES.glob("*.json")):
        text = json.dumps(json.loads(path.read_bytes()))
        found[path.stem] = [text.replace("fictional-", f"like-{at}-") for at in range(LIKE)]
    return found


def parts(text: str) -> list[float]:
    """The seconds that each part takes, after those before it."""
    at = [perf_counter()]
    PlainHistory.model_validate_json(text)
    at.append(perf_counter())
    history = read_history(text, AccountHistory)
    at.append(perf_counter())
    verdict = evaluate(history)
    at.append(perf_counter())
    for part in (*NAMES[3:], "history_digest"):
        getattr(verdict, part)
        at.append(perf_counter())
    verdict.to_json()
    at.append(perf_counter())
    return [then - first for first, then in pairwise(at)]


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    names = (*NAMES, "digest", "JSON")
    print(f"{'':14}" + "".join(f"{name:>10}" for name in (*names, "verdict", "of pydantic")))
    for kind, some in texts().items():
        least = [parts(text) for text in some]
        for _ in range(rounds - 1):
            again = map(parts, some)
            least = [list(map(min, *both)) for both in zip(least, again, strict=True)]
        each = [1e6 * sum(found) / len(least) for found in zip(*least, strict=True)]
        whole = sum(each[2:])
        row = "".join(f"{microseconds:10.1f}" for microseconds in (*each, whole))
        print(f"{kind:14}{row}{whole / each[0]:11.1f}", flush=True)


if __name__ == "__main__":
    main()
