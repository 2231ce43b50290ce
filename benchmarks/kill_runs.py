"""Kill runs at random moments, and take them up at once: the results are those of undisturbed runs.

    python benchmarks/kill_runs.py --kills 200 [--seed N]

Tables and JSON lines, by Polars and by DuckDB, in turn. It ends with 1 if any result differs, and
names the seed and the folder, which stays.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "batch"))

from killing import CASES, killed

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20240918)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="eligibility-kills-"))
    wrong = 0
    for at, case in enumerate(CASES):
        kills = asked.kills * (at + 1) // len(CASES) - asked.kills * at // len(CASES)
        found = list(killed(case, home, kills, asked.seed + at))
        wrong += len(found)
        print(f"{case.form} by {case.engine}: {kills} kills, {len(found)} wrong", *found, sep="\n")
    if wrong:
        sys.exit(1)
    shutil.rmtree(home)
