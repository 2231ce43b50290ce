"""Proves that evaluation is exact on every history up to some sizes, and says how long it took.

    python tests/proofs/prove.py                      the sizes below, default reading
    python tests/proofs/prove.py 1,1,1 2,1,0          messages, premium, permissions: these sizes
    python tests/proofs/prove.py --readings 1,0,0     under every reading
    python tests/proofs/prove.py --seconds 7200 2,1,1

A line says `proved`, `REFUTED` with the history, or `not known` where the time was over: that is no
proof. `exact` is `prove_exact`; `alike` is `prove_alike`, that `evaluate` does what that is about.
The status is 0 where all is proved, else 1.
"""

import argparse
import sys
from time import perf_counter

from exactness import Proof, prove_alike, prove_exact

from eligibility.rules import Reading, class_definition, every_reading

LISTS = ("messages", "premium", "permissions")
SIZES = ("0,0,0", "1,0,0", "0,1,1", "1,1,0", "1,0,1", "2,0,0", "1,1,1", "1,2,0", "2,1,0")
WORDS = {True: "proved", False: "REFUTED", None: "not known"}


def report(kind: str, proof: Proof, seconds: float) -> str:
    line = f"{kind}  {WORDS[proof.proved]:9}  {proof.cases:>9,} cases  {seconds:>8.1f} s"
    if proof.counterexample is None:
        return line
    return f"{line}\n  {proof.wrong}: {proof.counterexample.model_dump_json(exclude_none=True)}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves that evaluation is exact.")
    parser.add_argument("sizes", nargs="*", default=SIZES)
    parser.add_argument("--readings", action="store_true", help="every reading")
    parser.add_argument("--seconds", type=float, default=600, help="for each proof")
    chosen = parser.parse_args()
    proved = True
    for reading in every_reading() if chosen.readings else [Reading()]:
        print(", ".join(reading.words().values()), flush=True)
        definition = class_definition(reading)
        for size in chosen.sizes:
            sizes = dict(zip(LISTS, map(int, size.split(",")), strict=True))
            for kind, prove in (("exact", prove_exact), ("alike", prove_alike)):
                began = perf_counter()
                proof = prove(definition, sizes, seconds=chosen.seconds)
                proved &= proof.proved is True
                print(f"  {size}  {report(kind, proof, perf_counter() - began)}", flush=True)
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main())
