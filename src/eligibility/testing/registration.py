"""What Hypothesis loads of us by itself: `st.from_type(AccountHistory)` works without an import.

Hypothesis calls the hook while it is being imported. So the strategies, which import Hypothesis,
are only looked up when one of the types is asked for.
"""

from importlib import import_module
from typing import Any

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.rules import AS_ALLEGED, Reading
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth
from eligibility.verdict.record import Verdict


def _hypothesis_setup_hook() -> None:
    from hypothesis import strategies as st  # noqa: PLC0415 - loaded by Hypothesis, never before it

    def ours(name: str, *args: Any) -> Any:
        return lambda _: getattr(import_module("eligibility.testing.strategies"), name)(*args)

    st.register_type_strategy(AccountHistory, ours("histories"))
    st.register_type_strategy(Moment, ours("moments"))
    st.register_type_strategy(TimeSet, ours("time_sets"))
    st.register_type_strategy(Reading, ours("readings"))
    st.register_type_strategy(ClassDefinition, ours("definitions"))
    st.register_type_strategy(Verdict, ours("verdicts"))
    st.register_type_strategy(
        Truth, lambda _: st.sampled_from([Truth.FALSE, Truth.TRUE, Truth.UNKNOWN])
    )
    st.register_type_strategy(Supposition, lambda _: st.just(AS_ALLEGED))
