"""How the full verdict grows with an archive, reading by reading, with and without the supposition.

    python benchmarks/full_verdict.py --shape by_days --sizes 2500 5000 10000 --every 37

The archives are those of `next_question.py`. Printed are, for each reading and supposition, the
seconds of processor time that status, reasons, questions, what is open, witnesses and JSON take in
all, at each size, and in brackets how many times as long as at the size before; and each part of
the last. A reading that takes longer than `--most` seconds is not tried with more messages.
"""

import argparse
import gc
from time import process_time

from next_question import SHAPES, begun, different

from eligibility import AccountHistory, evaluate
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition
from eligibility.readings import every_reading
from eligibility.rules import AS_ALLEGED, class_definition

PARTS = ("reasons", "questions", "open", "scenarios")


def parts(
    history: AccountHistory, definition: ClassDefinition, supposing: Supposition | None
) -> dict[str, float]:
    """The seconds that each part takes, after those before it."""
    gc.collect()
    at = [process_time()]
    verdict = evaluate(history, definition, supposing=supposing)
    at.append(process_time())
    for part in PARTS:
        getattr(verdict, part)
        at.append(process_time())
    verdict.to_json()
    at.append(process_time())
    names = ("status", *PARTS, "JSON")
    return {name: then - first for name, first, then in zip(names, at[:-1], at[1:], strict=True)}


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", choices=[each.__name__ for each in SHAPES], default="archive")
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_500, 5_000, 10_000, 20_000])
    parser.add_argument("--every", type=int, default=37, help="one reading in so many; 1 is all")
    parser.add_argument("--most", type=float, default=60, help="seconds, at the size before")
    asked = parser.parse_args()
    shape = next(each for each in SHAPES if each.__name__ == asked.shape)
    histories = {size: begun(shape, size) for size in asked.sizes}
    for reading in list(every_reading())[:: asked.every]:
        for supposing in (None, AS_ALLEGED):
            row, last, found = "", 0.0, dict[str, float]()
            for size, history in histories.items():
                if last > asked.most:
                    break
                found = parts(history, class_definition(reading), supposing)
                seconds = sum(found.values())
                row += f"  {size:,}: {seconds:.2f}" + (f" ({seconds / last:.1f})" if last else "")
                last = seconds
            each = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found.items())
            words = different(reading) + ("; as alleged" if supposing else "")
            print(f"{asked.shape}; {words}\n{row}; {each}", flush=True)


if __name__ == "__main__":
    main()
