"""A long random run of the strategies against three judges, for as long as one likes.

    python benchmarks/long_laws.py --minutes 60

Definitions are readings of De La Torre v. LinkedIn, the second case, or invented over one of three
models. Of each drawn history `evaluate` is compared with `listing`, which shares nothing with it;
its verdict is checked by `verify`, reasons, questions and scenarios and all; and some worlds of it
are decided by two-valued logic alone. What disagrees is printed, shrunk, and the exit status is 1.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "examples" / "second_case")]

from flo import FloHistory, flo_class  # noqa: E402 - the path is set above
from hypothesis import HealthCheck, given, note, settings  # noqa: E402 - the path is set above
from hypothesis import strategies as st  # noqa: E402 - the path is set above
from small_case import Club  # noqa: E402 - the path is set above

from eligibility import AccountHistory, Status, evaluate, refines  # noqa: E402 - the path is set above
from eligibility.audit.certificate import verify  # noqa: E402 - the path is set above
from eligibility.audit.enumeration import Enumeration  # noqa: E402 - the path is set above
from eligibility.audit.worlds import clauses_met, in_class, is_world  # noqa: E402 - the path is set above
from eligibility.rules import class_definition  # noqa: E402 - the path is set above
from eligibility.testing import strategies as drawn  # noqa: E402 - the path is set above
from eligibility.testing.draw.turning import breaches, openings  # noqa: E402 - the path is set above

DEFINITIONS = st.one_of(
    drawn.readings().map(class_definition),
    st.booleans().map(lambda california: flo_class(california=california)),
    *(drawn.definitions(model) for model in (AccountHistory, FloHistory, Club)),
)
SEEN: Counter[str] = Counter()
SECONDS = 30


def drawn_from(definition):
    """Every strategy of histories for a definition."""
    yield drawn.histories(definition)
    if definition.exact:
        yield drawn.eligible(definition)
        yield from (
            drawn.ineligible(definition, step.id)
            for step in definition.steps
            if breaches(definition, step)
        )
        yield from (drawn.indeterminate(definition, path) for path in openings(definition))


def in_time(data) -> None:
    """`agree`, within some seconds: an endless search is a defect as well."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        agree(data)
    finally:
        signal.alarm(0)


def _too_long(*_: object) -> None:
    raise AssertionError(f"longer than {SECONDS} s")


def agree(data) -> None:
    definition = data.draw(DEFINITIONS)
    note("\n".join(str(step.condition) for step in definition.steps))
    history = data.draw(data.draw(st.sampled_from(list(drawn_from(definition)))))
    verdict = evaluate(history, definition)
    SEEN[f"{verdict.status.value}, {'' if verdict.exact else 'not '}exact"] += 1
    listed = Enumeration(history, definition).truth
    if verdict.exact and listed is not None:
        assert Status.of(listed) is verdict.status, listed
    certificate = verify(history, verdict, definition)
    assert certificate.wrong == (), certificate.wrong
    for _ in range(3):
        world = data.draw(drawn.worlds(history, definition))
        assert is_world(world)
        assert refines(world, history)
        met = clauses_met(world, definition)
        for clause, holds in zip(verdict.clauses, met, strict=True):
            assert clause.truth.possibly if holds else not clause.truth.surely, clause.id
        status = Status.ELIGIBLE if in_class(world, definition) else Status.INELIGIBLE
        assert evaluate(world, definition).status is status
    finer = data.draw(drawn.refinements(history, definition))
    if verdict.status is not Status.INDETERMINATE:
        assert evaluate(finer, definition).status is verdict.status


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1)
    end = time.monotonic() + 60 * parser.parse_args().minutes
    some = settings(
        max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    rounds = 0
    while time.monotonic() < end:
        some(given(st.data())(in_time))()
        rounds += 1
        print(f"{rounds} rounds, {sum(SEEN.values())} histories: {dict(SEEN)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
