"""What it costs to draw a history: milliseconds each, the mean over some hundreds.

    python benchmarks/strategies.py

Hypothesis's own bookkeeping is part of it. All histories are fictional.
"""

import statistics
import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eligibility.rules import class_definition
from eligibility.testing import strategies as drawn

COUNT = 400
TEN = {"messages": 10, "premium": 2}


def times(strategy: st.SearchStrategy[object]) -> list[float]:
    """Seconds of processor time for each of some draws, the test itself doing nothing."""
    taken = []

    @settings(
        max_examples=COUNT,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        began = time.process_time()
        data.draw(strategy)
        taken.append(time.process_time() - began)

    draw()
    return taken


def main() -> None:
    definition = class_definition()
    few = drawn.histories(definition, max_size={"messages": 3})
    cases = {
        "histories, 10 messages and 2 subscriptions": drawn.histories(
            definition, min_size=TEN, max_size=TEN
        ),
        "histories": drawn.histories(definition),
        "eligible": drawn.eligible(definition),
        "ineligible": drawn.ineligible(definition),
        "indeterminate": drawn.indeterminate(definition),
        "a history and a world of it": few.flatmap(drawn.worlds),
        "documents": drawn.documents(definition),
        "broken documents": drawn.broken_documents(definition),
    }
    print("| milliseconds of processor time | mean | median |\n|---|---|---|")
    for name, strategy in cases.items():
        taken = [1000 * each for each in times(strategy)]
        print(f"| {name} | {statistics.mean(taken):.2f} | {statistics.median(taken):.2f} |")


if __name__ == "__main__":
    main()
