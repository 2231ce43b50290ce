"""The questions of a verdict, where their answers lead, and what nobody here can tell."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from eligibility.audit.claims.claimed import TRUTHS, Claimed
from eligibility.errors import EligibilityError, Problem
from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, fact_path, parse, record_path
from eligibility.facts.refinement import record_at, refine
from eligibility.facts.shape import shape
from eligibility.facts.wording import known_by
from eligibility.values.truth import Truth


def questions(given: Claimed) -> Iterator[Problem]:
    """What is wrong with the questions and with where their answers lead."""
    if not given.is_open and given.verdict.questions:
        yield Problem("not-open", "questions", "The verdict is decided.")
        return
    asked: set[str] = set()
    for at, question in enumerate(given.verdict.questions):
        paths = set(question.paths)
        if not paths or paths & asked or not question.answers:
            words = "It asks for nothing, or for what is asked before."
            yield Problem("question", f"questions[{at}].paths", words)
            continue
        asked |= paths
        answered: set[str] = set()
        for place, said in enumerate(question.answers):
            path = f"questions[{at}].answers[{place}]"
            text = json.dumps(said.refinement, sort_keys=True)
            if text in answered or not _speaks_of(given, paths, said.refinement):
                words = "It is given before, or does not speak of just what is asked."
                yield Problem("question", f"{path}.refinement", words)
            answered.add(text)
            try:
                found = _answered(given, said.refinement)
            except EligibilityError as error:
                words = error.problems[0].message
                yield Problem("answer-not-a-refinement", f"{path}.refinement", words)
            else:
                status = TRUTHS[said.status]
                yield from given.differs("answer-status", f"{path}.status", status, found)


def open_facts(given: Claimed) -> Iterator[Problem]:
    """What is wrong with what it says that only the defendant can know."""
    if not given.is_open and given.verdict.open:
        yield Problem("not-open", "open", "The verdict is decided.")
        return
    asked = {path for question in given.verdict.questions for path in question.paths}
    for at, fact in enumerate(given.verdict.open):
        is_so = fact.paths and fact.known_by == "defendant" and not asked & set(fact.paths)
        if not is_so or not all(_is_defendants(given, path) for path in fact.paths):
            words = "It is no fact that only the defendant can know, or it is asked for."
            yield Problem("question", f"open[{at}]", words)


def _is_defendants(given: Claimed, path: str) -> bool:
    """Whether there is such a fact, and only the defendant can know it.

    One of whichever record is of one that nobody listed: the list must be able to lack it.
    """
    model, at = type(given.history), parse(path)
    if at.is_pattern and at.field:
        of = shape(model).lists.get(at.name)
        if of is None or at.name in given.history.complete or at.field not in of.facts:
            return False
    else:
        try:
            record_at(given.history, path)
        except EligibilityError:
            return False
    return known_by(path, model) == "defendant"


def _speaks_of(given: Claimed, paths: set[str], refinement: Mapping[str, Any]) -> bool:
    """Whether an answer says just what is asked, and what that entails.

    No entails that moments never came to be; of a list, it may say that there is one more, and
    what that is.
    """
    lists = shape(type(given.history)).lists
    for name, list_shape in lists.items():
        more = record_path(name, len(getattr(given.history, name)))
        if paths == {complete_path(name)} and refinement.keys() == {more}:
            one = refinement[more]
            return isinstance(one, Mapping) and set(one) <= set(list_shape.facts)
    entailed: set[str] = set()
    for path in refinement.keys() - paths:
        at = parse(path)
        if at.index is not None and at.name in lists and refinement[path] is None:
            existence_condition = lists[at.name].record.exists_if.get(at.field, "")
            if refinement.get(fact_path(at.name, at.index, existence_condition)) is False:
                entailed.add(path)
    says = all(refinement.get(path) is not None for path in paths)
    return says and refinement.keys() - entailed == paths


def _answered(given: Claimed, refinement: Mapping[str, Any]) -> Truth | None:
    """Whether the account is in the class if this is known as well.

    Of many records, only one that it speaks of is read again.
    """
    history, record_list = given.history, given.definition.record_list or ""
    found = {path: parse(path) for path in refinement}
    if not any(at.is_of_record and at.name == record_list for at in found.values()):
        return given.decided(lambda: _refined_but(record_list, history, refinement))
    lists, records = shape(type(history)).lists, getattr(history, record_list)
    facts = {
        at.field: (at.index, path)
        for path, at in found.items()
        if at.index is not None and at.field and at.name == record_list
    }
    places = {place for place, _ in facts.values()}
    index = min(places, default=len(records))
    is_one = len(facts) == len(refinement) and len(places) == 1 and index < len(records)
    if not is_one or not facts.keys() <= set(lists[record_list].facts):
        return given.decided(partial(refine, history, refinement))
    alone = history.model_copy(update=dict.fromkeys(lists, ()) | {record_list: (records[index],)})
    known = {fact_path(record_list, 0, key): refinement[path] for key, (_, path) in facts.items()}
    (record,) = getattr(refine(alone, known), record_list)
    return given.enumeration.truth_with(index, record)


def _refined_but(each: str, history: History, refinement: Mapping[str, Any]) -> History:
    """The history with more known, without reading again the records of a list."""
    if not each:
        return refine(history, refinement)
    known = refine(history.model_copy(update={each: ()}), refinement)
    return known.model_copy(update={each: getattr(history, each)})
