"""Questions about definitions, answered with a history that shows it. Needs the extra `analysis`.

`compare` says whom one definition takes in and another leaves out, and `order` how many definitions
lie to each other. `check` finds clauses that nothing can meet, or that ask for nothing.

The way through: `smt.worlds` says to the solver what a world is and what conditions mean in one,
`smt.simplest` makes a world that it finds a history, and `sentences` puts a comparison in words.
"""

from eligibility.analysis.comparison import Comparison, Order, Relation, compare, order
from eligibility.analysis.lint import FINDINGS, Finding, check

__all__ = ["FINDINGS", "Comparison", "Finding", "Order", "Relation", "check", "compare", "order"]
