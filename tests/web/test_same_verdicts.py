"""The page's own Python gives the same verdicts as this one, byte for byte: a short run of it.

`benchmarks/page_python.py` is the long run, and holds the laws there too.
"""

import json
import shutil
from pathlib import Path
from random import Random

import oracle
import pytest
import same_verdicts
from must_run import missing
from oracle_histories import random_history, rich_history
from under_node import UnderNode

from eligibility.web.build import Page


@pytest.fixture(scope="module")
def under_node(page_built: Page, tmp_path_factory: pytest.TempPathFactory) -> UnderNode:
    if shutil.which("node") is None:
        missing("Browser", "apt-get install npm")
    return UnderNode(page_built.content, tmp_path_factory.mktemp("node"))


def drawn(rng: Random) -> str:
    reading = rng.choice(oracle.READINGS)
    history = random_history(rng)
    if rng.random() < 0.5:
        history = rich_history(rng, reading["update_day"])
    supposing = rng.random() < 0.5
    return json.dumps({"history": history, "reading": reading, "supposing": supposing})


def test_two_pythons_give_the_same_verdicts(under_node: UnderNode) -> None:
    rng = Random(20260929)
    lines = [drawn(rng) for _ in range(100)]
    native = list(same_verdicts.told(lines))
    there = under_node.run(Path(same_verdicts.__file__), input_="\n".join(lines)).splitlines()
    assert there == native
    assert len({each.partition(" ")[0] for each in native}) > 3
