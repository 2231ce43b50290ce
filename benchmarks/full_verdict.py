"""How the full verdict grows with an archive, reading by reading, with and without the supposition.

    python benchmarks/full_verdict.py --shape by_days --sizes 2500 5000 10000 --every 37
    python benchmarks/full_verdict.py --shape by_days --sizes 1000 2000 4000 --every 1 --calls

The archives are those of `next_question.py`. Printed are, for each reading and supposition, the
seconds of processor time that status, reasons, questions, what is open, witnesses and JSON take in
all, at each size, and in brackets how many times as long as at the size before; and each part of
the last. A reading that takes longer than `--most` seconds is not tried with more messages.

With `--calls`, calls of Python functions are counted instead, which is the same on every machine
and at every load; and named is what is called more often than in proportion to the messages, if it
is a hundredth of all calls.
"""

import argparse
import gc
from collections import Counter
from cProfile import Profile
from pathlib import Path
from time import process_time

from next_question import SHAPES, begun, different

from eligibility import AccountHistory, evaluate
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition
from eligibility.readings import every_reading
from eligibility.rules import AS_ALLEGED, class_definition

#: So much more than in proportion is named, of so many functions.
_MORE, _NAMED = 1.1, 4
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


def calls(
    history: AccountHistory, definition: ClassDefinition, supposing: Supposition | None
) -> Counter[str]:
    """How often each function is called, for the whole of a verdict.

    The collector of garbage is at rest: a search that it ends counts as a call, whenever it comes.
    """
    gc.collect()
    gc.disable()
    profile = Profile(builtins=False)
    profile.runcall(parts, history, definition, supposing)
    gc.enable()
    found: Counter[str] = Counter()
    for each in profile.getstats():
        if not isinstance(each.code, str):
            found[f"{Path(each.code.co_filename).stem}.{each.code.co_qualname}"] += each.callcount
    return found


def growing(before: Counter[str], after: Counter[str], proportion: float) -> str:
    """What is called more often than in proportion, the worst first, with how much more often."""
    least = after.total() / 100
    ratios = {name: count / max(1, before[name]) for name, count in after.items() if count >= least}
    worst = sorted(ratios.items(), key=lambda each: -each[1])[:_NAMED]
    return ", ".join(f"{name} {r:.1f}" for name, r in worst if r > proportion * _MORE)


def counted(
    histories: dict[int, AccountHistory],
    definition: ClassDefinition,
    supposing: Supposition | None,
) -> str:
    """Calls at each size, how many times as many as at the size before, and what grows faster."""
    row, size_before, before, grown = "", 0, Counter[str](), ""
    for size, history in histories.items():
        found = calls(history, definition, supposing)
        row += f"  {size:,}: {found.total():,}"
        if size_before:
            row += f" ({found.total() / before.total():.2f})"
            grown = growing(before, found, size / size_before)
        size_before, before = size, found
    return f"{row}; {grown or 'nothing grows faster'}"


def timed(
    histories: dict[int, AccountHistory],
    definition: ClassDefinition,
    supposing: Supposition | None,
    most: float,
) -> str:
    """Seconds at each size, how many times as many as at the size before, and each part."""
    row, last, found = "", 0.0, dict[str, float]()
    for size, history in histories.items():
        if last > most:
            break
        found = parts(history, definition, supposing)
        seconds = sum(found.values())
        row += f"  {size:,}: {seconds:.2f}" + (f" ({seconds / last:.1f})" if last else "")
        last = seconds
    return f"{row}; {', '.join(f'{name} {seconds:.2f}' for name, seconds in found.items())}"


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", choices=[each.__name__ for each in SHAPES], default="archive")
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_500, 5_000, 10_000, 20_000])
    parser.add_argument("--every", type=int, default=37, help="one reading in so many; 1 is all")
    parser.add_argument("--most", type=float, default=60, help="seconds, at the size before")
    parser.add_argument("--calls", action="store_true", help="count calls, and take no time")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first reading")
    asked = parser.parse_args()
    shape = next(each for each in SHAPES if each.__name__ == asked.shape)
    histories = {size: begun(shape, size) for size in asked.sizes}
    for reading in list(every_reading())[asked.first :: asked.every]:
        for supposing in (None, AS_ALLEGED):
            definition = class_definition(reading)
            row = (
                counted(histories, definition, supposing)
                if asked.calls
                else timed(histories, definition, supposing, asked.most)
            )
            words = different(reading) + ("; as alleged" if supposing else "")
            print(f"{asked.shape}; {words}\n{row}", flush=True)


if __name__ == "__main__":
    main()
