"""Random histories on which the compiled twin is held to the reference, for as long as one likes.

    python benchmarks/twin_run.py --seed 7 --histories 100000

Every reading of the case with and without its supposition, a second case, other models, and drawn
definitions (`tests/helpers/twin_cases.py`). What differs is printed, and the exit status is 1.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

from twin_cases import differing, groups


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=10_000)
    given = parser.parse_args()
    seen, handed, wrong, began = Counter(), Counter(), 0, time.monotonic()
    for group in groups(Random(given.seed)):
        found, handed_on = differing(group)
        of = group.definition.model.__name__ + (" as supposed" if group.supposing else "")
        seen[of] += len(group.histories)
        handed[of] += handed_on
        wrong += len(found)
        for history, ours, law in found:
            print(group.definition.clauses, group.supposing, history.model_dump_json())
            print(f"the twin: {ours}; the reference: {law}")
        if sum(seen.values()) >= given.histories:
            break
    for of, count in sorted(seen.items()):
        print(f"{of:28} {count:8,} histories, {handed[of]:8,} left to the reference")
    seconds = time.monotonic() - began
    print(f"{sum(seen.values()):,} histories, seed {given.seed}: {wrong} differ; {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
