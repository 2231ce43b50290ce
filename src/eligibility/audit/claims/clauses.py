"""The clauses of a verdict, its status, and its claim to be exact."""

from collections.abc import Iterator

from eligibility.audit.claims.claimed import Claimed, miscited
from eligibility.errors import Problem


def clauses(given: Claimed) -> Iterator[Problem]:
    """What is wrong with the clauses, the status, and the claim to be exact."""
    verdict, steps = given.verdict, given.definition.steps
    if [clause.id for clause in verdict.clauses] != [step.id for step in steps]:
        yield Problem("clauses", "clauses", "These are not the definition's, in its order.")
        steps = ()
    for at, (step, clause) in enumerate(zip(steps, verdict.clauses, strict=False)):
        path = f"clauses[{at}]"
        if clause.text != step.text:
            yield Problem("clauses", f"{path}.text", "These are not the clause's words.")
        yield from miscited(f"{path}.citation", clause.citation, step)
        truth, found = clause.truth, given.enumeration.reach.truth(at + 1)
        lead = "With those before it, it is"
        yield from given.differs("clause-truth", f"{path}.truth", truth, found, lead)
    yield from given.differs("status", "status", given.truth, given.enumeration.truth, "It is")
    if verdict.exact != given.definition.exact:
        is_modest = given.is_open and given.is_modest
        words = f"The definition is {'' if given.definition.exact else 'not '}exact."
        yield Problem("inexact" if is_modest else "exact", "exact", words)
