"""Random histories against the oracle, for as long as one likes: status, clause truths, questions.

    python benchmarks/long_run.py --seed 7 --histories 100000

Whatever disagrees is printed as a JSON line, and the exit status is 1. Histories whose questions
the oracle cannot count within some seconds are compared without them, and counted.
"""

import argparse
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

import oracle
from oracle_histories import random_history

from eligibility import AccountHistory, InconsistentHistory, evaluate
from eligibility.rules import Reading, class_definition

SECONDS = 4
WORDS = {True: "true", False: "false", None: "unknown"}


@contextmanager
def patience() -> Iterator[None]:
    """Give up after some seconds, with a TimeoutError."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def disagreements(history, reading, seen) -> Iterator[tuple[str, object, object]]:
    """What we say and what the oracle says, where they differ."""
    expected = oracle.status(history, reading)
    seen[expected] += 1
    try:
        verdict = evaluate(
            AccountHistory.model_validate(history), class_definition(Reading.of(**reading))
        )
    except InconsistentHistory:
        if expected != "inconsistent":
            yield "status", "inconsistent", expected
        return
    if verdict.status.value != expected:
        yield "status", verdict.status.value, expected
        return
    truths = [WORDS[truth] for truth in oracle.clause_truths(history, reading)]
    ours = [clause.truth.word for clause in verdict.clauses[: len(truths)]]
    if ours != truths:
        yield "clauses", ours, truths
    asked = {path for question in verdict.questions for path in question.paths}
    try:
        with patience():
            relevant = oracle.relevant_facts(history, reading) if asked else set()
    except TimeoutError:
        seen["questions not counted"] += 1
        return
    if asked != relevant:
        yield "questions", sorted(asked), sorted(relevant)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=10_000)
    given = parser.parse_args()
    rng, seen, wrong, began = Random(given.seed), Counter(), 0, time.monotonic()
    for _ in range(given.histories):
        history, reading = random_history(rng), rng.choice(oracle.READINGS)
        for what, ours, expected in disagreements(history, reading, seen):
            wrong += 1
            print(
                json.dumps(
                    {
                        "what": what,
                        "ours": ours,
                        "oracle": expected,
                        "reading": reading,
                        "history": history,
                    }
                )
            )
    print(
        f"{given.histories} histories, seed {given.seed}: {wrong} disagreements; "
        f"{dict(seen)}; {time.monotonic() - began:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
