"""A verdict checked by somebody who trusts nothing.

A verdict comes in as JSON, from wherever it may be, beside the history that it speaks of; what goes
out is all that does not hold of it, and all that could not be checked. Nothing that decides or
explains a verdict is used here: what follows from a history is found by `enumeration`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from eligibility.arguments import expect
from eligibility.audit.claims.claimed import Claimed
from eligibility.audit.claims.clauses import clauses
from eligibility.audit.claims.questions import open_facts, questions
from eligibility.audit.claims.reasons import reasons
from eligibility.audit.claims.scenarios import scenarios
from eligibility.audit.enumeration import Enumeration
from eligibility.audit.findings import FINDINGS, UNCHECKED, Certificate
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import (
    EligibilityError,
    InvalidHistory,
    InvalidVerdict,
    Problem,
    UnknownReading,
    shown,
)
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.supposition import Supposition
from eligibility.facts.written import digest
from eligibility.immutable import FrozenDict
from eligibility.verdict.document import AnyVerdict, VerdictDocument, read_verdict

__all__ = ["FINDINGS", "UNCHECKED", "Certificate", "verify"]


#: The definition under a reading, given as the verdict names it: its words by dimension.
DefinitionOf: TypeAlias = Callable[[Mapping[str, str]], ClassDefinition]

_NONE: Final[Mapping[str, Supposition]] = FrozenDict()


def verify(
    history: History,
    verdict: AnyVerdict,
    definition: ClassDefinition | DefinitionOf,
    suppositions: Mapping[str, Supposition] = _NONE,
) -> Certificate:
    """Check a verdict on a history, independently of whatever decided it.

    Args:
        history: what the verdict is about, as it was given.
        verdict: the verdict, its document, or the text of that.
        definition: the definition that was evaluated, or a function of the reading that the verdict
            names. Such a function raises `UnknownReading` where there is no such reading.
        suppositions: by name, what the verdict may suppose.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> history = AccountHistory(account_id="A-1001")
    >>> verify(history, '{"schema_version": "1"}', class_definition()).wrong[0].code
    'missing'

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    expect(history, History, "history")
    (definition if isinstance(definition, ClassDefinition) else definition({})).expect(history)
    normalise(history)
    try:
        found = _findings(history, read_verdict(verdict), definition, suppositions)
        return Certificate(tuple(found))
    except (InvalidHistory, InvalidVerdict) as error:
        return Certificate(error.problems)
    except RecursionError:
        return Certificate((Problem("too-deep", "", "It is nested deeper than any verdict is."),))


# ---- what does not hold of it --------------------------------------------------------------------


def _findings(
    given: History,
    verdict: VerdictDocument,
    definition: ClassDefinition | DefinitionOf,
    suppositions: Mapping[str, Supposition],
) -> Iterator[Problem]:
    if not isinstance(definition, ClassDefinition) and verdict.definition.id != definition({}).id:
        words = f"The verdict is of `{shown(verdict.definition.id)}`."
        yield Problem("definition", "definition.id", words, "Pass its definition.")
        return
    supposition: Supposition | None = None
    try:
        if not isinstance(definition, ClassDefinition):
            definition = definition(verdict.reading)
        if verdict.supposing is not None:
            supposition = suppositions[verdict.supposing].under(definition.reading)
            supposition.expect(type(given))
    except UnknownReading:
        words = f"`{shown(verdict.definition.id)}` has no such reading."
        yield Problem("reading", "reading", words, "Pass the definition that was evaluated.")
        return
    except (KeyError, EligibilityError):
        words = f"`{shown(verdict.supposing or '')}` cannot be supposed of this history."
        yield Problem("supposing", "supposing", words, f"Known: {', '.join(suppositions)}.")
        return
    for path, ours, theirs in (
        ("definition.id", definition.id, verdict.definition.id),
        ("definition.version", definition.version, verdict.definition.version),
        ("definition.digest", definition.digest, verdict.definition.digest),
        ("reading", dict(definition.reading), verdict.reading),
        ("notice", definition.notice, verdict.notice),
    ):
        if ours != theirs:
            yield Problem(path.partition(".")[0], path, "This is not that of the definition.")
    if verdict.history_digest != digest(given):
        yield Problem("history", "history_digest", "This is not the digest of the history.")
    enumeration = Enumeration(given, definition, supposition=supposition)
    claimed = Claimed(given, definition, verdict, enumeration)
    for findings in (clauses, reasons, questions, open_facts, scenarios):
        yield from findings(claimed)
