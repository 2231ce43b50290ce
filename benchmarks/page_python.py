"""The page's own Python against this one: many histories, and the laws, under Node.

    python benchmarks/page_python.py --seed 7 --histories 2000 --examples 20

The page is built, its parts are taken out of the file, and Node runs them. Of each history, status,
digests and the whole verdict must be the same, byte for byte. Then the laws are held there, on that
Python alone: of the case's definition, and of the same supposing what is alleged. It takes npm,
Node, and pip, which fetches Hypothesis for that runtime. What differs is printed, and the exit
status is 1 if anything does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

import oracle
import same_verdicts
from oracle_histories import random_history, rich_history
from under_node import UnderNode

import eligibility
from eligibility.web.build import build
from eligibility.web.inputs import kept_in, pins

LAWS = """
import sys
from hypothesis import settings
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.testing.laws import check_laws
from eligibility.testing.trial import Supposing
chosen = settings(max_examples=int(sys.argv[1]), derandomize=True, database=None, deadline=None)
print(check_laws(class_definition(), settings=chosen))
print(check_laws(class_definition(), decide=Supposing(AS_ALLEGED), settings=chosen))
"""


def drawn(rng: Random) -> str:
    reading = rng.choice(oracle.READINGS)
    is_rich, supposing = rng.random() < 0.5, rng.random() < 0.5
    history = rich_history(rng, reading["update_day"]) if is_rich else random_history(rng)
    return json.dumps({"history": history, "reading": reading, "supposing": supposing})


def with_hypothesis(node: UnderNode, folder: Path) -> None:
    """What the laws need beside the page: our own `testing`, and Hypothesis."""
    wanted = [f"{name}=={version(name)}" for name in ("hypothesis", "sortedcontainers")]
    words = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
    subprocess.run(  # noqa: S603 - pip, with two packages of the versions that are here
        [*words, *pins()[2], "--dest", str(folder), *wanted], check=True
    )
    for wheel in folder.glob("*.whl"):
        node.add_wheel(wheel.read_bytes())
    ours = Path(eligibility.__file__).parent / "testing"
    for source in ours.rglob("*.py"):
        place = node.site / "eligibility" / "testing" / source.relative_to(ours)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(source.read_bytes())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=2_000)
    parser.add_argument("--examples", type=int, default=20)
    given = parser.parse_args()
    rng = Random(given.seed)
    lines = [drawn(rng) for _ in range(given.histories)]
    with tempfile.TemporaryDirectory() as folder:
        node = UnderNode(build(folder=kept_in()).content, Path(folder) / "node")
        began = time.monotonic()
        native = list(same_verdicts.told(lines))
        between = time.monotonic()
        program = Path(same_verdicts.__file__)
        there = node.run(program, input_="\n".join(lines), seconds=3600).splitlines()
        took = between - began, time.monotonic() - between
        apart = [
            {"given": json.loads(line), "native": ours, "page": theirs}
            for line, ours, theirs in zip(lines, native, there, strict=True)
            if ours != theirs
        ]
        for each in apart:
            print(json.dumps(each))
        seen = Counter(each.partition(" ")[0].partition("@")[0] for each in native)
        print(f"{len(lines)} histories, seed {given.seed}: {len(apart)} differ; {dict(seen)}")
        print(f"native {took[0]:.1f} s, in the page's Python {took[1]:.1f} s with its start")
        with_hypothesis(node, Path(folder))
        laws = Path(folder) / "laws.py"
        laws.write_text(LAWS, encoding="utf-8")
        print(node.run(laws, str(given.examples), seconds=3600))
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
