"""The reasons of a verdict: each cites what the history states, all suffice, and each is needed."""

from collections.abc import Iterator, Mapping
from functools import partial

from attrs import evolve

from eligibility.audit.claims.claimed import Claimed, miscited
from eligibility.audit.enumeration import Enumeration
from eligibility.definition.conditions import Clause
from eligibility.errors import Problem, shown
from eligibility.facts.model import History, Record
from eligibility.facts.normalise import statements_of
from eligibility.facts.paths import answer_at, fact_path, parse
from eligibility.facts.refinement import forget
from eligibility.facts.shape import shape
from eligibility.values.truth import Truth
from eligibility.verdict.document import EvidenceDocument, ReasonDocument


def reasons(given: Claimed) -> Iterator[Problem]:
    """What is wrong with the reasons, each by itself and all together."""
    stated, steps = _stated(given.history), {step.id: step for step in given.definition.steps}
    cited: dict[str, str] = {}
    for at, reason in enumerate(given.verdict.reasons):
        path, ids = f"reasons[{at}]", reason.code.split("+")
        if not steps.keys() >= set(ids):
            words = f"`{shown(reason.code)}` does not name clauses."
            yield Problem("reason", f"{path}.code", words)
        else:
            yield from miscited(f"{path}.citation", reason.citation, steps[ids[0]])
        for place, evidence in enumerate(reason.evidence):
            where = f"{path}.evidence[{place}]"
            if evidence.path in stated:
                cited.setdefault(evidence.path, where)
                yield from _misattributed(where, evidence, stated[evidence.path])
            else:
                words = f"The history says nothing of `{shown(evidence.path)}`."
                yield Problem("evidence", f"{where}.path", words)
    if given.is_open:
        codes = [reason.code for reason in given.verdict.reasons]
        first = next((each.id for each in given.verdict.clauses if not each.truth.surely), "")
        if cited or codes != [first]:
            words = "An indeterminate verdict names the first open clause, and cites nothing."
            yield Problem("reason", "reasons", words)
        return
    others = stated.keys() - cited.keys()
    known = forget(given.history, others)
    found = evolve(given.enumeration, history=known)
    lead = "The cited facts alone lead to"
    yield from given.differs("not-entailed", "reasons", given.truth, found.truth, lead)
    if found.truth == given.truth:
        yield from _not_needed(given, found, cited, others)
    yield from _misnamed(given)
    if given.truth == found.truth == Truth.FALSE:
        for at, reason in enumerate(given.verdict.reasons):
            yield from _failed(given, f"reasons[{at}]", reason, known, cited)


def _misattributed(where: str, evidence: EvidenceDocument, of: Record | None) -> Iterator[Problem]:
    """What is wrong with the id and the source of what is cited."""
    for key in ("id", "source"):
        if getattr(evidence, key) != getattr(of, key, None):
            words = f"The record has another {key}, or there is none."
            yield Problem("evidence", f"{where}.{key}", words)


def _not_needed(
    given: Claimed, found: Enumeration, cited: Mapping[str, str], others: set[str]
) -> Iterator[Problem]:
    """The cited facts without which what is left leads to the status as well."""
    kept = _stated(found.history)
    for path, where in cited.items():
        at, record = parse(path), kept.get(path)
        if at.index is not None and record and at.name == given.definition.record_list:
            less = record.model_copy(update={at.field: None})
            truth = found.truth_with(at.index, less)
        else:
            truth = given.decided(partial(forget, given.history, others | {path}))
        lead = "Without this fact, the others lead to"
        yield from given.differs("not-needed", where, Truth.UNKNOWN, truth, lead)


def _misnamed(given: Claimed) -> Iterator[Problem]:
    """What is wrong with the clauses that the reasons of a decided verdict name."""
    codes = [reason.code for reason in given.verdict.reasons]
    if given.truth == Truth.TRUE:
        if codes != [step.id for step in given.definition.steps]:
            yield Problem("reason", "reasons", "Eligible is by every clause, in their order.")
    elif len({_subject(given, reason) for reason in given.verdict.reasons}) < len(codes):
        yield Problem("reason", "reasons", "Two reasons name the same clauses.")


def _subject(given: Claimed, reason: ReasonDocument) -> tuple[str, bool]:
    """The clauses of a reason, and whether it is about records that nobody listed alone."""
    found = [parse(one.path) for one in reason.evidence]
    about = [at for at in found if at.subject == given.definition.record_list]
    return reason.code, bool(about) and all(at.is_complete for at in about)


def _failed(
    given: Claimed, path: str, reason: ReasonDocument, known: History, cited: Mapping[str, str]
) -> Iterator[Problem]:
    """Whether what a reason cites cannot meet its clauses together, and can all but any one."""
    ids, record_list = reason.code.split("+"), given.definition.record_list or ""
    steps = [step for step in given.definition.steps if step.id in ids]
    if [step.id for step in steps] != ids:
        yield Problem("reason", f"{path}.code", "It names no clauses once, in their order.")
        return
    found = [parse(one.path) for one in reason.evidence if one.path in cited]
    places = {at.index for at in found if at.index is not None and at.name == record_list}
    if places or _subject(given, reason)[1]:  # those records, and no others
        records = tuple(getattr(known, record_list)[place] for place in sorted(places))
        complete = (*known.complete, record_list) if places else known.complete
        known = known.model_copy(update={record_list: records, "complete": complete})

    def truth(clauses: list[Clause]) -> Truth | None:
        alone = evolve(given.definition, clauses=tuple(clauses), exclusions=())
        return given.decided(lambda: known, alone)

    code = "not-entailed" if given.definition.exact else "inexact"
    lead = "By the clauses that it names, what it cites leads to"
    yield from given.differs(code, path, Truth.FALSE, truth(steps), lead)
    for dropped in steps if given.definition.exact and len(steps) > 1 else ():
        if truth([step for step in steps if step is not dropped]) == Truth.FALSE:
            yield Problem("reason", f"{path}.code", f"It is so without `{dropped.id}` as well.")


def _stated(history: History) -> dict[str, Record | None]:
    """The path of every fact that a history states, and the record that it is of."""
    seen = shape(type(history))
    found: dict[str, Record | None] = {
        path: None for name in seen.lists for path in statements_of(history, name)
    }
    found |= {path: None for path in seen.yes_no if answer_at(path, history) is not None}
    for name, list_shape in seen.lists.items():
        for index, record in enumerate(getattr(history, name)):
            known = (key for key in list_shape.facts if getattr(record, key) is not None)
            found |= {fact_path(name, index, key): record for key in known}
    return found
