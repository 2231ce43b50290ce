"""What `eligibility.audit.certificate` finds: its codes, and the record of a check."""

from typing import Final, NoReturn

from attrs import frozen

from eligibility.arguments import checked
from eligibility.errors import Problem
from eligibility.immutable import FrozenDict

#: Every code of a finding, besides those of `CODES`, which say what is wrong with the JSON itself.
FINDINGS: Final = FrozenDict(
    {
        "definition": "The id, the version or the digest is not that of the definition.",
        "reading": "The reading is not that of the definition, or there is none such.",
        "notice": "The notice is not that of the definition.",
        "history": "The digest is not that of the history.",
        "supposing": "The supposition is not known here, or does not fit the history.",
        "exact": (
            "The definition is exact and the verdict says that it is not, or the other way round."
        ),
        "clauses": "The clauses are not those of the definition, in its order and its words.",
        "clause-truth": "The truth of a clause is another one.",
        "status": "The status is another one.",
        "reason": "The reasons do not name the clauses that such a verdict turns on, each once.",
        "citation": "A citation is not that of its clause in the definition.",
        "evidence": "A cited fact is not in the history, or its record has another id or source.",
        "not-entailed": (
            "The cited facts alone do not lead to the status, or a reason's to its clause."
        ),
        "not-needed": "The other cited facts lead to the status without this one.",
        "not-open": "A decided verdict has no questions and no scenarios.",
        "scenario-missing": "An indeterminate verdict that is exact has two scenarios.",
        "scenario-not-a-refinement": (
            "A scenario contradicts the history, or is of another account."
        ),
        "scenario-status": "A scenario leads to another status than it stands for.",
        "question": "A question asks for nothing, or twice, or an answer is not just one to it.",
        "answer-not-a-refinement": (
            "An answer contradicts what is known, or says nothing that can be."
        ),
        "answer-status": "An answer leads to another status.",
        "inexact": "Not checked: the verdict claims no exactness, or the definition allows none.",
        "too-many-worlds": "Not checked: it takes more worlds than are tried here.",
    }
)
#: Those of them that say that something was not checked.
UNCHECKED: Final = frozenset({"inexact", "too-many-worlds"})


@frozen(field_transformer=checked)
class Certificate:
    """What an independent check of a verdict found.

    Each of the `findings` has its path in the verdict and a code, of `FINDINGS` or of `CODES`.
    """

    findings: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether everything was checked and everything is right."""
        return not self.findings

    @property
    def wrong(self) -> tuple[Problem, ...]:
        """The findings without those that say that something was not checked."""
        return tuple(each for each in self.findings if each.code not in UNCHECKED)

    def __bool__(self) -> NoReturn:
        raise TypeError("a certificate is no yes or no: ask whether it `holds`.")
