"""A long search for a fact that matters and is not asked for, or the other way round.

    python benchmarks/long_relevance.py --histories 1000 --seed 1
    python benchmarks/long_relevance.py --histories 1000 --seed 1 --cuts

Small histories of the case, with one record of each kind, with Premium in several spans, or with a
few records of each kind, or with lists that may lack some, under every reading, with and without
the supposition, and for several sets of facts that somebody can know: by their kind, by who they
are, or path by path. What matters is found by
enumerating all worlds. With `--cuts` the questions themselves are looked at: whether they cut where
the outcome turns, and whether answers leave nothing out and lead where they say; some histories
then lack records. At most `--worlds` of a history are looked at.
"""

import argparse
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

import drawn_questions as drawn


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cuts", action="store_true", help="where questions cut, and answers lead")
    parser.add_argument("--worlds", type=int, default=drawn.MOST_WORLDS)
    parser.add_argument("--lacking", action="store_true", help="only lists that lack records")
    asked = parser.parse_args()
    rng, done, wrong = Random(asked.seed), 0, 0
    makes = [drawn.tiny, drawn.chained, drawn.several, drawn.lacking, *[drawn.opened] * asked.cuts]
    while done < asked.histories:
        make = rng.choice([drawn.lacking] if asked.lacking else makes)
        knowable = rng.choice([drawn.of_each_kind, drawn.path_by_path, drawn.of_a_knower])
        each = drawn.Drawn.of(rng, make, knowable, most=asked.worlds)
        if each is None:
            continue
        done += 1
        found = drawn.wrong_questions(each) if asked.cuts else drawn.wrongly_asked(each)
        if found:
            wrong += 1
            print(found, each, sep="\n", flush=True)
    print(f"{done} histories, seed {asked.seed}: {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
