"""Random verdicts, each as the bytes of its JSON: whether two states of the library say the same.

    python benchmarks/same_bytes.py --seed 7 --verdicts 5000 --write before.txt
    python benchmarks/same_bytes.py --seed 7 --verdicts 5000 --against before.txt

The histories, readings and suppositions are those of `twin_run.py`, the fictional histories of the
other benchmarks between them. What differs is printed, the first of it whole, and the exit status
is 1. Another state is run by putting its sources first: `PYTHONPATH=other/src python ...`.
"""

import argparse
import sys
from collections import Counter
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

from fictional import KINDS, stated
from twin_cases import groups

from eligibility import AccountHistory, EligibilityError, evaluate, read_history


def fictional():
    """The fictional histories of the other benchmarks."""
    texts = (stated(kind, messages, 7) for kind in KINDS for messages in (1, 2, 7))
    return [read_history(text, AccountHistory) for text in texts]


def cases(seed):
    """Every case: a history, a definition and what is supposed."""
    for group in groups(Random(seed)):
        histories = group.histories
        if group.definition.id.startswith("de-la-torre"):
            histories = [*histories, *fictional()]
        for history in histories:
            yield history, group.definition, group.supposing


def said(history, definition, supposing):
    """The JSON of a verdict, or the error in its place."""
    try:
        verdict = evaluate(history, definition, supposing=supposing)
        return verdict.status.value, verdict.to_json()
    except EligibilityError as error:
        return "refused", repr(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verdicts", type=int, default=2_000)
    parser.add_argument("--write", type=Path, help="where to write the digest of each")
    parser.add_argument("--against", type=Path, help="digests that were written before")
    given = parser.parse_args()
    before = given.against.read_text().split() if given.against else []
    lines, seen, differ = [], Counter(), 0
    expected = before or cycle([None])
    for (history, definition, so), was in zip(
        islice(cases(given.seed), given.verdicts), expected, strict=False
    ):
        status, text = said(history, definition, so)
        seen[status] += 1
        lines.append(sha256(text.encode()).hexdigest())
        if was and was != lines[-1]:
            differ += 1
            if differ == 1:
                print(definition.reading, so and so.name, history.model_dump_json())
                print(text)
    if given.write:
        given.write.write_text("\n".join(lines))
    print(f"{len(lines):,} verdicts, {dict(seen)}, seed {given.seed}: {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
