"""What a verdict claims, held to the enumeration: its clauses, reasons, questions and witnesses."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any, Final

from attrs import evolve, field, frozen

from eligibility.audit.enumeration import Enumeration
from eligibility.audit.ways import OfList
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.errors import EligibilityError, Problem, shown
from eligibility.facts.model import History, Record
from eligibility.facts.normalise import statements_of
from eligibility.facts.paths import answer_at, complete_path, fact_path, parse, record_path
from eligibility.facts.read import read_history
from eligibility.facts.refinement import forget, record_at, refine, refines
from eligibility.facts.shape import shape
from eligibility.facts.wording import known_by
from eligibility.values.truth import Status, Truth
from eligibility.verdict.document import CitationDocument, ReasonDocument, VerdictDocument

#: How many records are tried, all in all, for the answers and the cited facts of one verdict.
MOST_RECORDS: Final = 10_000_000
_STATUS: Final = {"eligible": Truth.TRUE, "ineligible": Truth.FALSE, "indeterminate": Truth.UNKNOWN}


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


@frozen(eq=False)
class Claims:
    """A verdict, and what it is about: what was given, and what follows, if need be supposing."""

    history: History
    definition: ClassDefinition
    verdict: VerdictDocument
    enumeration: Enumeration
    _decisions: Iterator[int] = field(factory=count)

    @property
    def _status(self) -> Truth:
        return _STATUS[self.verdict.status]

    @property
    def _is_modest(self) -> bool:
        """Whether it may well claim no exactness: `evaluate` does where spans are to be cut."""
        is_cut = bool(self.enumeration.crossing) or self.enumeration.supposes_spans
        return not self.verdict.exact and (is_cut or not self.definition.exact)

    def _differs(
        self, code: str, path: str, claimed: Truth, found: Truth | None, lead: str = "It leads to"
    ) -> Iterator[Problem]:
        """What is wrong with a claim of what follows, if anything is."""
        if found is None and self.definition.exact:
            yield Problem("too-many-worlds", path, "It takes more worlds than are tried here.")
        elif found is None:
            yield Problem("inexact", path, "Of this definition not all can be found out.")
        elif found != claimed:
            is_modest = claimed == Truth.UNKNOWN and self._is_modest
            of_clause = code == "clause-truth"
            is_so, is_not = (t.word if of_clause else Status.of(t).value for t in (found, claimed))
            said = f"{lead} {is_so}, not {is_not}."
            yield Problem("inexact" if is_modest else code, path, said)

    def _decided(
        self, history: Callable[[], History], definition: ClassDefinition | None = None
    ) -> Truth | None:
        """Whether the account is in the class, as another history has it, if not too much is."""
        size = 1 + sum(len(getattr(self.history, name)) for name in shape(type(self.history)).lists)
        if next(self._decisions) * size > MOST_RECORDS:
            return None
        definition = definition or self.definition
        return evolve(self.enumeration, history=history(), definition=definition).truth

    def clauses(self) -> Iterator[Problem]:
        """What is wrong with the clauses, the status, and the claim to be exact."""
        verdict, steps = self.verdict, self.definition.steps
        if [clause.id for clause in verdict.clauses] != [step.id for step in steps]:
            yield Problem("clauses", "clauses", "These are not the definition's, in its order.")
            steps = ()
        for at, (step, clause) in enumerate(zip(steps, verdict.clauses, strict=False)):
            path = f"clauses[{at}]"
            if clause.text != step.text:
                yield Problem("clauses", f"{path}.text", "These are not the clause's words.")
            yield from _miscited(f"{path}.citation", clause.citation, step)
            truth, found = clause.truth, self.enumeration.reach.truth(at + 1)
            lead = "With those before it, it is"
            yield from self._differs("clause-truth", f"{path}.truth", truth, found, lead)
        yield from self._differs("status", "status", self._status, self.enumeration.truth, "It is")
        if verdict.exact != self.definition.exact:
            is_modest = self._status == Truth.UNKNOWN and self._is_modest
            words = f"The definition is {'' if self.definition.exact else 'not '}exact."
            yield Problem("inexact" if is_modest else "exact", "exact", words)

    def reasons(self) -> Iterator[Problem]:
        """What is wrong with the reasons, each by itself and all together."""
        stated, steps = _stated(self.history), {step.id: step for step in self.definition.steps}
        cited: dict[str, str] = {}
        for at, reason in enumerate(self.verdict.reasons):
            path, ids = f"reasons[{at}]", reason.code.split("+")
            if not steps.keys() >= set(ids):
                words = f"`{shown(reason.code)}` does not name clauses."
                yield Problem("reason", f"{path}.code", words)
            else:
                yield from _miscited(f"{path}.citation", reason.citation, steps[ids[0]])
            for place, evidence in enumerate(reason.evidence):
                where = f"{path}.evidence[{place}]"
                if evidence.path not in stated:
                    words = f"The history says nothing of `{shown(evidence.path)}`."
                    yield Problem("evidence", f"{where}.path", words)
                    continue
                cited.setdefault(evidence.path, where)
                record = stated[evidence.path]
                for key in ("id", "source"):
                    if getattr(evidence, key) != getattr(record, key, None):
                        words = f"The record has another {key}, or there is none."
                        yield Problem("evidence", f"{where}.{key}", words)
        if self._status != Truth.UNKNOWN:
            yield from self._entailment(cited, stated)
            return
        first = next((clause.id for clause in self.verdict.clauses if not clause.truth.surely), "")
        if cited or [reason.code for reason in self.verdict.reasons] != [first]:
            words = "An indeterminate verdict names the first open clause, and cites nothing."
            yield Problem("reason", "reasons", words)

    def _entailment(
        self, cited: Mapping[str, str], stated: Mapping[str, Record | None]
    ) -> Iterator[Problem]:
        """Whether the cited facts alone lead to the status, and without any of them do not."""
        others = stated.keys() - cited.keys()
        known = forget(self.history, others)
        found, kept = evolve(self.enumeration, history=known), _stated(known)
        lead = "The cited facts alone lead to"
        yield from self._differs("not-entailed", "reasons", self._status, found.truth, lead)
        for path, where in cited.items() if found.truth == self._status else ():
            at, record = parse(path), kept.get(path)
            if at.index is not None and record and at.name == self.definition.record_list:
                less = record.model_copy(update={at.field: None})
                truth = found.truth_with(at.index, less)
            else:
                truth = self._decided(partial(forget, self.history, others | {path}))
            lead = "Without this fact, the others lead to"
            yield from self._differs("not-needed", where, Truth.UNKNOWN, truth, lead)
        codes = [reason.code for reason in self.verdict.reasons]
        if self._status == Truth.TRUE:
            if codes != [step.id for step in self.definition.steps]:
                yield Problem("reason", "reasons", "Eligible is by every clause, in their order.")
        elif len({*map(self._subject, self.verdict.reasons)}) < len(codes):
            yield Problem("reason", "reasons", "Two reasons name the same clauses.")
        elif found.truth == Truth.FALSE:
            for place, reason in enumerate(self.verdict.reasons):
                yield from self._failed(f"reasons[{place}]", reason, known, cited)

    def _subject(self, reason: ReasonDocument) -> tuple[str, bool]:
        """The clauses of a reason, and whether it is about records that nobody listed alone."""
        found = [parse(one.path) for one in reason.evidence]
        about = [at for at in found if at.subject == self.definition.record_list]
        return reason.code, bool(about) and all(at.is_complete for at in about)

    def _failed(
        self, path: str, reason: ReasonDocument, known: History, cited: Mapping[str, str]
    ) -> Iterator[Problem]:
        """Whether what a reason cites cannot meet its clauses together, and can all but any one."""
        ids, record_list = reason.code.split("+"), self.definition.record_list or ""
        steps = [step for step in self.definition.steps if step.id in ids]
        if [step.id for step in steps] != ids:
            yield Problem("reason", f"{path}.code", "It names no clauses once, in their order.")
            return
        found = [parse(one.path) for one in reason.evidence if one.path in cited]
        places = {at.index for at in found if at.index is not None and at.name == record_list}
        if places or self._subject(reason)[1]:  # those records, and no others
            records = tuple(getattr(known, record_list)[place] for place in sorted(places))
            complete = (*known.complete, record_list) if places else known.complete
            known = known.model_copy(update={record_list: records, "complete": complete})

        def truth(clauses: list[Clause]) -> Truth | None:
            alone = evolve(self.definition, clauses=tuple(clauses), exclusions=())
            return self._decided(lambda: known, alone)

        code = "not-entailed" if self.definition.exact else "inexact"
        lead = "By the clauses that it names, what it cites leads to"
        yield from self._differs(code, path, Truth.FALSE, truth(steps), lead)
        for dropped in steps if self.definition.exact and len(steps) > 1 else ():
            if truth([step for step in steps if step is not dropped]) == Truth.FALSE:
                yield Problem("reason", f"{path}.code", f"It is so without `{dropped.id}` as well.")

    def questions(self) -> Iterator[Problem]:
        """What is wrong with the questions and with where their answers lead."""
        if self._status != Truth.UNKNOWN and self.verdict.questions:
            yield Problem("not-open", "questions", "The verdict is decided.")
            return
        asked: set[str] = set()
        for at, question in enumerate(self.verdict.questions):
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
                if text in answered or not self._speaks_of(paths, said.refinement):
                    words = "It is given before, or does not speak of just what is asked."
                    yield Problem("question", f"{path}.refinement", words)
                answered.add(text)
                try:
                    found = self._answered(said.refinement)
                except EligibilityError as error:
                    words = error.problems[0].message
                    yield Problem("answer-not-a-refinement", f"{path}.refinement", words)
                else:
                    status = _STATUS[said.status]
                    yield from self._differs("answer-status", f"{path}.status", status, found)

    def open(self) -> Iterator[Problem]:
        """What is wrong with what it says that only the defendant can know."""
        if self._status != Truth.UNKNOWN and self.verdict.open:
            yield Problem("not-open", "open", "The verdict is decided.")
            return
        asked = {path for question in self.verdict.questions for path in question.paths}
        for at, fact in enumerate(self.verdict.open):
            is_so = fact.paths and fact.known_by == "defendant" and not asked & set(fact.paths)
            if not is_so or not all(map(self._is_defendants, fact.paths)):
                words = "It is no fact that only the defendant can know, or it is asked for."
                yield Problem("question", f"open[{at}]", words)

    def _is_defendants(self, path: str) -> bool:
        """Whether there is such a fact, and only the defendant can know it.

        One of whichever record is of one that nobody listed: the list must be able to lack it.
        """
        model, at = type(self.history), parse(path)
        if at.is_pattern and at.field:
            of = shape(model).lists.get(at.name)
            if of is None or at.name in self.history.complete or at.field not in of.facts:
                return False
        else:
            try:
                record_at(self.history, path)
            except EligibilityError:
                return False
        return known_by(path, model) == "defendant"

    def _speaks_of(self, paths: set[str], refinement: Mapping[str, Any]) -> bool:
        """Whether an answer says just what is asked, and what that entails.

        No entails that moments never came to be; of a list, it may say that there is one more, and
        what that is.
        """
        lists = shape(type(self.history)).lists
        for name, list_shape in lists.items():
            more = record_path(name, len(getattr(self.history, name)))
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

    def _answered(self, refinement: Mapping[str, Any]) -> Truth | None:
        """Whether the account is in the class if this is known as well.

        Of many records, only one that it speaks of is read again.
        """
        history, record_list = self.history, self.definition.record_list or ""
        found = {path: parse(path) for path in refinement}
        if not any(at.is_of_record and at.name == record_list for at in found.values()):
            return self._decided(lambda: _refined_but(record_list, history, refinement))
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
            return self._decided(partial(refine, history, refinement))
        alone = history.model_copy(
            update=dict.fromkeys(lists, ()) | {record_list: (records[index],)}
        )
        known = {
            fact_path(record_list, 0, key): refinement[path] for key, (_, path) in facts.items()
        }
        (record,) = getattr(refine(alone, known), record_list)
        return self.enumeration.truth_with(index, record)

    def scenarios(self) -> Iterator[Problem]:
        """What is wrong with the two histories that show an indeterminate verdict to be so."""
        for name, status in (("eligible_if", Truth.TRUE), ("ineligible_if", Truth.FALSE)):
            path, data = f"scenarios.{name}", getattr(self.verdict.scenarios, name)
            if data is None:
                if self._status == Truth.UNKNOWN:
                    code = "inexact" if self._is_modest else "scenario-missing"
                    yield Problem(code, path, "Nothing shows that it could go this way.")
                continue
            if self._status != Truth.UNKNOWN:
                yield Problem("not-open", path, "The verdict is decided.")
                continue
            try:
                scenario = read_history(json.dumps(data), type(self.history))
            except EligibilityError as error:
                for problem in error.problems:
                    yield evolve(problem, path=f"{path}.{problem.path}".rstrip("."))
                continue
            same = scenario.account_id == self.history.account_id
            if not same or not refines(scenario, self.history):
                words = "This contradicts the history, or is of another account."
                yield Problem("scenario-not-a-refinement", path, words)
            elif not self._is_as_supposed(scenario):
                words = "This contradicts what is supposed."
                yield Problem("scenario-not-a-refinement", path, words)
            else:
                found = evolve(self.enumeration, history=scenario, supposition=None).truth
                yield from self._differs("scenario-status", path, status, found)

    def _is_as_supposed(self, scenario: History) -> bool:
        """Whether a scenario can be as it is supposed, wherever the history itself can be."""
        so = self.enumeration.supposition
        if so is None:
            return True
        for name in so.complete:
            if len(getattr(scenario, name)) > len(getattr(self.history, name)):
                return False
        of_list = OfList.of(self.history, so.list, so)
        before: tuple[Record, ...] = getattr(self.history, so.list)
        spend = self.enumeration.budget.spend
        return all(
            of_list.can_agree(record, spend)
            or (at < len(before) and not of_list.can_agree(before[at], spend))
            for at, record in enumerate(getattr(scenario, so.list))
        )


def _refined_but(each: str, history: History, refinement: Mapping[str, Any]) -> History:
    """The history with more known, without reading again the records of a list."""
    if not each:
        return refine(history, refinement)
    known = refine(history.model_copy(update={each: ()}), refinement)
    return known.model_copy(update={each: getattr(history, each)})


def _miscited(path: str, cited: CitationDocument, step: Clause) -> Iterator[Problem]:
    if (cited.source, cited.quote) != (step.citation.source, step.citation.quote):
        yield Problem("citation", path, "This is not what the definition cites.")
