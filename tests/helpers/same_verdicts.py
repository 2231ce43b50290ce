"""What is decided about histories, in few words, so that two Pythons can be held to each other.

A line of input is JSON: `history`, `reading`, `supposing`. A line of output is the status, the
digests, and the SHA-256 of the whole verdict as JSON; or the codes of what is wrong.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from eligibility import EligibilityError, evaluate, read_history
from eligibility.rules import AS_ALLEGED, Reading, class_definition


def told(lines: Iterable[str]) -> Iterator[str]:
    """A line for each line."""
    for line in lines:
        given = json.loads(line)
        definition = class_definition(Reading.of(**given["reading"]))
        supposing = AS_ALLEGED.under(definition.reading) if given["supposing"] else None
        try:
            verdict = evaluate(
                read_history(json.dumps(given["history"])), definition, supposing=supposing
            )
            whole = hashlib.sha256(verdict.to_json().encode()).hexdigest()
        except EligibilityError as error:
            yield " ".join(f"{each.code}@{each.path}" for each in error.problems)
        else:
            digests = definition.digest, verdict.history_digest, whole
            yield " ".join([verdict.status.value, *digests])


if __name__ == "__main__":
    given_lines = (Path(__file__).parent / "input").read_text(encoding="utf-8").splitlines()
    sys.stdout.write("".join(f"{line}\n" for line in told(given_lines)))
