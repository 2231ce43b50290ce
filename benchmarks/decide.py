"""What deciding costs beside reading, beside other engines, and as a history grows.

Everything is measured in one run, the cases taking turns, and printed as medians and ratios. What
is measured is the time of the processor, which other work on the machine disturbs least.

    python benchmarks/decide.py [--quick | --smoke] [--only deciding]
"""

import argparse
import platform
from collections.abc import Callable

from fictional import KINDS, plain, stated
from plain_history import PlainHistory
from turns import in_turns, installed, machine, once

from eligibility import AccountHistory, evaluate, read_history
from eligibility.evaluation.reference import clause_truths
from eligibility.facts.normalise import normalise
from eligibility.rules import class_definition

try:
    from peers import PEERS
except ImportError as error:
    PEERS = {}
    print(f"Without other engines ({error}): pip install -r benchmarks/requirements.txt")


PYDANTIC, EVALUATE = "pydantic alone, plain strings", "evaluate: status and clause truths"
ZEN = "zen-engine, compiled expression"
OF = {PYDANTIC: "of pydantic", EVALUATE: "of evaluate", ZEN: "of zen-engine"}


#: More records than any history here has.
MOST = 1_000_000


def deciding(messages: int, rounds: int, batch: int) -> None:
    """One size of history: reading, deciding, the full verdict, and other engines, in turns."""
    of = f"{messages:,} message{'s' * (messages > 1)}, 2 subscriptions"
    print(f"\n## {of} (medians of {rounds} rounds over {batch} histories)")
    definition = class_definition()
    for kind in KINDS:
        texts = [stated(kind, messages, seed) for seed in range(batch)]
        histories = [read_history(text, AccountHistory) for text in texts]
        assert {evaluate(history).status.value for history in histories} == {kind}
        cases: dict[str, Callable[[], object]] = {
            PYDANTIC: lambda t=texts: [PlainHistory.model_validate_json(text) for text in t],
            EVALUATE: lambda h=histories: [evaluate(each) for each in h],
            "read_history": lambda t=texts: [read_history(text, AccountHistory) for text in t],
            "read_history and evaluate": lambda t=texts: [
                evaluate(read_history(text, AccountHistory)) for text in t
            ],
            "the reference, facts being normalised": lambda h=histories: [
                clause_truths(normalise(each), definition) for each in h
            ],
            "evaluate and verdict to JSON": lambda h=histories: [
                evaluate(each).to_json() for each in h
            ],
            "read_history and verdict to JSON": lambda t=texts: [
                evaluate(read_history(text, AccountHistory)).to_json() for text in t
            ],
        }
        if kind != "indeterminate":
            contexts = [plain(text) for text in texts]
            for name, rule in PEERS.items():
                assert {rule(context) for context in contexts} == {kind == "eligible"}, name
                cases[name] = lambda r=rule, c=contexts: [r(context) for context in c]
        found = in_turns(cases, rounds)
        compared = [name for name in (PYDANTIC, EVALUATE, ZEN) if name in found]
        print(f"\n{kind:38} {'microseconds':>12}" + "".join(f" {OF[n]:>12}" for n in compared))
        for name, seconds in found.items():
            ratios = "".join(f" {seconds / found[other]:12.2f}" for other in compared)
            print(f"{name:38} {seconds / batch * 1e6:12.1f}{ratios}")


def growth(sizes: list[int], patience: float) -> None:
    """From few messages to many: seconds, and microseconds a message."""
    print("\n## Growth (seconds; in brackets, microseconds a message)")
    names = ("read_history", "evaluate", "verdict to JSON")
    for kind in KINDS:
        print(f"\n{kind:14} {'messages':>9}" + "".join(f"{name:>22}" for name in names))
        last: dict[str, float] = {}
        for size in sizes:
            text = stated(kind, size)
            history = read_history(text, AccountHistory, most_records=MOST)
            cases: dict[str, Callable[[], object]] = {
                "read_history": lambda t=text: read_history(t, AccountHistory, most_records=MOST),
                "evaluate": lambda h=history: evaluate(h),
                "verdict to JSON": lambda h=history: evaluate(h).to_json(),
            }
            row = ""
            for name in names:
                if last.get(name, 0) > patience:
                    row += f"{'not run':>22}"
                    continue
                rounds = max(1, min(9, int(2 / (1e-3 + last.get(name, 0)))))
                seconds = once(cases[name], rounds)
                last[name] = seconds
                row += f"{seconds:12.4f} ({seconds / size * 1e6:7.1f})"
            print(f"{'':14} {size:>9,}{row}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, not several")
    parser.add_argument("--smoke", action="store_true", help="seconds: only to see that it runs")
    parser.add_argument("--only", choices=("deciding", "growth"), help="one section")
    given = parser.parse_args()
    packages = ("pydantic", "zen-engine", "json-logic-qubit", "rule-engine")
    print(f"Python {platform.python_version()}", *map(installed, packages), sep=", ")
    print(machine())
    rounds = 1 if given.smoke else 5 if given.quick else 31
    if given.only in (None, "deciding"):
        for messages, batch in ((1, 100), (10, 100), (1_000, 2)):
            deciding(messages, rounds, 2 if given.smoke else batch)
    if given.only in (None, "growth"):
        sizes = [10] if given.smoke else [10, 100, 1_000]
        growth(sizes if given.smoke or given.quick else [*sizes, 10_000, 20_000, 100_000], 60)


if __name__ == "__main__":
    main()
