"""What the app answers: its own code, which keeps the period of the class in its own words."""

from eligibility import TimeSet, evaluate, read_history
from eligibility.values.timeline import EARLIEST
from tunebox.rules import UPDATE, TuneboxHistory, class_of

PERIOD = TimeSet.of((EARLIEST, UPDATE))  # planted: a span holds both its ends


def decide(text: str) -> str:
    """The status of an account, from its history as JSON."""
    history = read_history(text, TuneboxHistory)
    return evaluate(history, class_of(PERIOD)).status.value
