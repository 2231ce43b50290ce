"""Random histories against the oracle, for as long as one likes: status, clauses, relevant facts.

    python benchmarks/long_run.py --seed 7 --histories 100000
    python benchmarks/long_run.py --seed 7 --histories 100000 --rich

`--rich` is of lists of words, of statements of completeness with conditions, and of what is
supposed: without the relevant facts, and beside the enumeration of `audit`. The facts are those
that can change the status if anybody could know each of them; a verdict asks for those that others
than the defendant can know (`long_relevance.py`).

Whatever disagrees is printed as a JSON line, and the exit status is 1. Histories whose facts the
oracle cannot count within some seconds are compared without them, and counted.
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
from oracle_histories import random_history, rich_history

from eligibility import AccountHistory, InconsistentHistory, evaluate
from eligibility.audit.enumeration import Enumeration
from eligibility.facts.normalise import normalise
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.relevance import relevant_facts

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
    if verdict.status != "indeterminate":
        return
    facts = relevant_facts(normalise(verdict.history), verdict.definition)  # whoever knows them
    found = {fact.path for fact in facts}
    try:
        with patience():
            relevant = oracle.relevant_facts(history, reading)
    except TimeoutError:
        seen["facts not counted"] += 1
        return
    if found != relevant:
        yield "facts", sorted(found), sorted(relevant)


def rich_disagreements(history, reading, supposing, seen) -> Iterator[tuple[str, object, object]]:
    """The same of histories of which people say more; the third judge is `audit`."""
    expected = oracle.status(history, reading, supposing)
    seen[expected] += 1
    definition = class_definition(Reading.of(**reading))
    known = AccountHistory.model_validate(history)
    supposition = AS_ALLEGED.under(definition.reading) if supposing else None
    try:
        verdict = evaluate(known, definition, supposing=supposition)
    except InconsistentHistory:
        if expected != "inconsistent":
            yield "status", "inconsistent", expected
        return
    if verdict.status.value != expected:
        yield "status", verdict.status.value, expected
    truths = [WORDS[truth] for truth in oracle.clause_truths(history, reading, supposing)]
    ours = [clause.truth.word for clause in verdict.clauses[: len(truths)]]
    if ours != truths:
        yield "clauses", ours, truths
    reach = Enumeration(known, definition, supposition=supposition).reach
    found = [getattr(reach.truth(at), "word", None) for at in range(1, 1 + len(truths))]
    if found != truths:
        yield "audit", found, truths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--rich", action="store_true")
    given = parser.parse_args()
    rng, seen, wrong, began = Random(given.seed), Counter(), 0, time.monotonic()
    for _ in range(given.histories):
        reading = rng.choice(oracle.READINGS)
        if given.rich:
            supposing = rng.choice([None, "as-alleged"])
            history = rich_history(rng, reading["update_day"])
            found = rich_disagreements(history, reading, supposing, seen)
        else:
            supposing, history = None, random_history(rng)
            found = disagreements(history, reading, seen)
        for what, ours, expected in found:
            wrong += 1
            print(
                json.dumps(
                    {
                        "what": what,
                        "ours": ours,
                        "oracle": expected,
                        "reading": reading,
                        "supposing": supposing,
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
