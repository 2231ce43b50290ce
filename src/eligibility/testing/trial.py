"""What one trial of a law may draw, and what is on trial."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from attrs import define, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.supposition import Supposition
from eligibility.testing.draw import st
from eligibility.testing.search import agreeing, agrees, outcomes
from eligibility.testing.strategies import worlds
from eligibility.values.truth import Status
from eligibility.verdict import record
from eligibility.verdict.record import Verdict

T = TypeVar("T")
H = TypeVar("H", bound=History)
#: What is on trial: a history and a definition in, a verdict out.
Decide: TypeAlias = Callable[[Any, ClassDefinition], Verdict]
#: How a promise is broken, in words; None if it is kept.
Words: TypeAlias = str | None


@frozen
class Supposing:
    """Decides under a supposition: on trial then are only worlds that agree with it.

    Records that contradict it by what they say are not drawn.
    """

    supposition: Supposition

    def __call__(self, history: Any, definition: ClassDefinition) -> Verdict:
        """The verdict, supposing it."""
        return record.evaluate(history, definition, supposing=self.supposition)


@define
class Trial:
    """One trial of a law: what it may draw, and what is on trial.

    `supposing` is what may be supposed; `under` what `decide` supposes, if it is `Supposing`.
    """

    _draw: "st.DrawFn"
    definition: ClassDefinition
    decide: Decide
    supposing: Supposition | None
    history: History | None = None
    is_drawing: bool = False

    def draw(self, strategy: "st.SearchStrategy[T]") -> T:
        """Draw something; an error meanwhile is none of what is on trial."""
        self.is_drawing = True
        drawn = self._draw(strategy)
        self.is_drawing = False
        return drawn

    @property
    def under(self) -> Supposition | None:
        """What is supposed, under the definition's reading."""
        if not isinstance(self.decide, Supposing):
            return None
        return self.decide.supposition.under(self.definition.reading)

    def given(self, drawn: "st.SearchStrategy[History] | None" = None) -> Any:
        """The history of the trial, drawn."""
        histories = st.one_of(*outcomes(self.definition)) if drawn is None else drawn
        if drawn is None and self.under is not None:
            histories = agreeing(histories, self.under)
        self.history = self.draw(histories)
        return self.history

    def world(self, history: H) -> H:
        """A world of a history, drawn; one that agrees with what is supposed."""
        return self.draw(worlds(history, self.definition, supposing=self.under))

    def agrees(self, world: History) -> bool:
        """Whether a world agrees with what is supposed, if anything is."""
        return not self.under or agrees(world, self.under)

    def status(self, history: History, definition: ClassDefinition | None = None) -> Status:
        """What is said of a history, under the definition on trial or another."""
        return self.decide(history, definition or self.definition).status


def compact(history: History) -> str:
    """A history as JSON text on one line, without what it leaves open.

    >>> from eligibility.history import AccountHistory
    >>> compact(AccountHistory(account_id="A-1001", complete=["premium"]))
    '{"account_id":"A-1001","complete":["premium"]}'
    """
    return history.model_dump_json(exclude_none=True, exclude_defaults=True)
