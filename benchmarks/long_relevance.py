"""A long search for a fact that matters and is not asked for, or the other way round.

    python benchmarks/long_relevance.py --histories 1000 --seed 1

Small histories of the case, with one record of each kind or with Premium in several spans, under
every reading, with and without the supposition, and for several sets of facts that somebody can
know; what matters is found by enumerating all worlds.
"""

import argparse
import sys
from pathlib import Path
from random import Random

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS / "helpers"), str(TESTS / "verdict")]

from test_relevance_of_linkedin import chained, disagreement, tiny  # noqa: E402 - the path is set above


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng, done, wrong = Random(asked.seed), 0, 0
    while done < asked.histories:
        found = disagreement(rng, rng.choice([tiny, chained]))
        done += found is not None
        wrong += bool(found)
        if found:
            print(found, flush=True)
    print(f"{done} histories, seed {asked.seed}: {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
