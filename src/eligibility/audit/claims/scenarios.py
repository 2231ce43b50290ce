"""The two histories that show that an indeterminate verdict is open."""

import json
from collections.abc import Iterator

from attrs import evolve

from eligibility.audit.claims.claimed import Claimed
from eligibility.audit.ways import OfList
from eligibility.errors import EligibilityError, Problem
from eligibility.facts.model import History, Record
from eligibility.facts.read import read_history
from eligibility.facts.refinement import refines
from eligibility.values.truth import Truth


def scenarios(given: Claimed) -> Iterator[Problem]:
    """What is wrong with the two histories that show an indeterminate verdict to be so."""
    for name, status in (("eligible_if", Truth.TRUE), ("ineligible_if", Truth.FALSE)):
        path, data = f"scenarios.{name}", getattr(given.verdict.scenarios, name)
        if data is None:
            if given.is_open:
                code = "inexact" if given.is_modest else "scenario-missing"
                yield Problem(code, path, "Nothing shows that it could go this way.")
            continue
        if not given.is_open:
            yield Problem("not-open", path, "The verdict is decided.")
            continue
        try:
            scenario = read_history(json.dumps(data), type(given.history))
        except EligibilityError as error:
            for problem in error.problems:
                yield evolve(problem, path=f"{path}.{problem.path}".rstrip("."))
            continue
        same = scenario.account_id == given.history.account_id
        if not same or not refines(scenario, given.history):
            words = "This contradicts the history, or is of another account."
            yield Problem("scenario-not-a-refinement", path, words)
        elif not _is_as_supposed(given, scenario):
            words = "This contradicts what is supposed."
            yield Problem("scenario-not-a-refinement", path, words)
        else:
            found = evolve(given.enumeration, history=scenario, supposition=None).truth
            yield from given.differs("scenario-status", path, status, found)


def _is_as_supposed(given: Claimed, scenario: History) -> bool:
    """Whether a scenario can be as it is supposed, wherever the history itself can be."""
    so = given.enumeration.supposition
    if so is None:
        return True
    for name in so.complete:
        if len(getattr(scenario, name)) > len(getattr(given.history, name)):
            return False
    of_list = OfList.of(given.history, so.list, so)
    before: tuple[Record, ...] = getattr(given.history, so.list)
    spend = given.enumeration.budget.spend
    return all(
        of_list.can_agree(record, spend)
        or (at < len(before) and not of_list.can_agree(before[at], spend))
        for at, record in enumerate(getattr(scenario, so.list))
    )
