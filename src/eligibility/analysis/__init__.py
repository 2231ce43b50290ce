"""Questions about definitions, answered with a history that shows it. Needs the extra `analysis`.

`compare` says whom one definition takes in and another leaves out, and `order` how many definitions
lie to each other. `check` finds clauses that nothing can meet, or that ask for nothing.
`prove_exact` shows that evaluation is right about every history up to a size; `prove_alike` that
`evaluate` does what that is about.

The way through: `meaning` says to the solver what a world is and what conditions mean in one, and
`witness` makes a world that it finds a history: that is all that `compare`, `order` and `check`
need. For a proof, `symbols` runs a program on all instants at once, `symbolic` makes all histories
of them, `refining` says what their worlds are, `asking` asks, and `prove` puts it together.
"""

from eligibility.analysis.comparison import Comparison, Order, Relation, compare, order
from eligibility.analysis.lint import FINDINGS, Finding, check
from eligibility.analysis.proof.prove import Proof, prove_alike, prove_exact

__all__ = [
    "FINDINGS",
    "Comparison",
    "Finding",
    "Order",
    "Proof",
    "Relation",
    "check",
    "compare",
    "order",
    "prove_alike",
    "prove_exact",
]
