"""A verdict beside what it is about, and what is wrong with a claim of what follows."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from attrs import evolve, field, frozen

from eligibility.audit.enumeration import Enumeration
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.errors import Problem
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.values.truth import Status, Truth
from eligibility.verdict.document import CitationDocument, VerdictDocument

#: How many records are tried, all in all, for the answers and the cited facts of one verdict.
MOST_RECORDS: Final = 10_000_000
#: What a status says of whether the account is in the class.
TRUTHS: Final = {"eligible": Truth.TRUE, "ineligible": Truth.FALSE, "indeterminate": Truth.UNKNOWN}


@frozen(eq=False)
class Claimed:
    """A verdict, and what it is about: what was given, and what follows, if need be supposing."""

    history: History
    definition: ClassDefinition
    verdict: VerdictDocument
    enumeration: Enumeration
    _decisions: Iterator[int] = field(factory=count)

    @property
    def truth(self) -> Truth:
        """Whether the account is in the class, as the verdict has it."""
        return TRUTHS[self.verdict.status]

    @property
    def is_open(self) -> bool:
        """Whether it is not decided, as the verdict has it."""
        return self.truth == Truth.UNKNOWN

    @property
    def is_modest(self) -> bool:
        """Whether it may well claim no exactness: `evaluate` does where spans are to be cut."""
        is_cut = bool(self.enumeration.crossing) or self.enumeration.supposes_spans
        return not self.verdict.exact and (is_cut or not self.definition.exact)

    def differs(
        self, code: str, path: str, claimed: Truth, found: Truth | None, lead: str = "It leads to"
    ) -> Iterator[Problem]:
        """What is wrong with a claim of what follows, if anything is."""
        if found is None and self.definition.exact:
            yield Problem("too-many-worlds", path, "It takes more worlds than are tried here.")
        elif found is None:
            yield Problem("inexact", path, "Of this definition not all can be found out.")
        elif found != claimed:
            is_modest = claimed == Truth.UNKNOWN and self.is_modest
            of_clause = code == "clause-truth"
            is_so, is_not = (t.word if of_clause else Status.of(t).value for t in (found, claimed))
            said = f"{lead} {is_so}, not {is_not}."
            yield Problem("inexact" if is_modest else code, path, said)

    def decided(
        self, history: Callable[[], History], definition: ClassDefinition | None = None
    ) -> Truth | None:
        """Whether the account is in the class, as another history has it, if not too much is."""
        size = 1 + sum(len(getattr(self.history, name)) for name in shape(type(self.history)).lists)
        if next(self._decisions) * size > MOST_RECORDS:
            return None
        definition = definition or self.definition
        return evolve(self.enumeration, history=history(), definition=definition).truth


def miscited(path: str, cited: CitationDocument, step: Clause) -> Iterator[Problem]:
    """What is wrong with a citation: it must be that of the clause."""
    if (cited.source, cited.quote) != (step.citation.source, step.citation.quote):
        yield Problem("citation", path, "This is not what the definition cites.")
