"""Station 5: the record that evaluation returns.

Status and clause truths are there at once. Reasons, questions and scenarios are computed when they
are asked for, from the same facts, and so are the modules that compute them loaded.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import frozen

from eligibility.arguments import checked, expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, json_text, shown
from eligibility.evaluation.compiled import clauses_met
from eligibility.evaluation.reference import clause_truths, is_exact, membership
from eligibility.facts.built import built
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import facts_of_one, forget_facts, normalise
from eligibility.facts.refinement import record_at
from eligibility.facts.supposition import Supposition
from eligibility.facts.written import digest
from eligibility.immutable import as_repr
from eligibility.values.citation import Citation
from eligibility.values.truth import Status, Truth

if TYPE_CHECKING:
    from eligibility.verdict.document import VerdictDocument
    from eligibility.verdict.open_facts import OpenFact
    from eligibility.verdict.questions import Question
    from eligibility.verdict.reasons import Evidence, Reason
    from eligibility.verdict.witness import Witness


@frozen(cache_hash=True)  # not checked, as `Verdict`: `evaluate` alone makes it, and is to be quick
class ClauseTruth:
    """How far any record got: whether some one of them meets this clause and all before it."""

    id: str
    truth: Truth
    text: str
    citation: Citation


@frozen(field_transformer=checked)
class Scenarios:
    """Two whole histories that refine the given one: one eligible, one ineligible.

    Where the verdict is not exact, one that was not found is None.
    """

    eligible_if: History | None
    ineligible_if: History | None


@frozen(eq=False, repr=False)
class Verdict:
    """What follows about one account, and why.

    `history` is what was decided about; what is supposed, if anything, is in no history.
    """

    status: Status
    clauses: tuple[ClauseTruth, ...]
    definition: ClassDefinition
    supposing: Supposition | None
    history: History
    _known: KnownHistory | None  # where it was decided by normalised facts: those
    _first: int | None  # where it was not, and one record decides: its place

    @cached_property
    def _facts(self) -> KnownHistory:
        """They follow from the history and from what is supposed."""
        return self._known or facts_under(self.definition, self.history, self.supposing)

    def _facts_of_one(self, index: int) -> KnownHistory:
        """The facts without any record but the one that is surely in: it suffices."""
        facts = facts_of_one(self.history, self.definition.record_list or "", index)
        return _supposed(facts, self.definition, self.supposing)

    @property
    def exact(self) -> bool:
        """Whether the status is exactly what follows; if not, it is still sound.

        It is, of a definition in the exact fragment, and of all histories but those that take too
        long to look at (see `evaluation.joint_coverage`).
        """
        is_open = self.status is Status.INDETERMINATE
        return is_exact(self._facts, self.definition) if is_open else self.definition.exact

    @property
    def notice(self) -> str:
        """The standing words about the status of the case."""
        return self.definition.notice

    @property
    def reading(self) -> Mapping[str, str]:
        """Which reading of the sources it was decided under."""
        return self.definition.reading

    @cached_property
    def history_digest(self) -> str:
        """SHA-256 over the RFC 8785 canonical JSON of the history that was given."""
        return digest(self.history)

    @cached_property
    def reasons(self) -> "tuple[Reason, ...]":
        """Why: the cited facts suffice for the status, and each of them is needed.

        Of an indeterminate verdict there is one reason, which names the first clause that is open
        and cites no fact: what is known decides nothing.
        """
        return self._reasons()

    @cached_property
    def reasons_in_days(self) -> "tuple[Reason, ...]":
        """The reasons for whoever was asked for days, their words without times of day.

        But on a day on which the definition asks for one: where the history has another zone.
        """
        if self.status is Status.INDETERMINATE:  # its reason cites no fact, and so no time
            return self.reasons
        return self._reasons(in_days=True)

    def _reasons(self, *, in_days: bool = False) -> "tuple[Reason, ...]":
        from eligibility.verdict.reasons import open_reason, reasons_for  # noqa: PLC0415 - loaded when asked for
        from eligibility.verdict.why.sentences import Reasoner  # noqa: PLC0415 - loaded when asked for

        if self.status is Status.INDETERMINATE:
            first = next(clause.id for clause in self.clauses if not clause.truth.surely)
            return (open_reason(self._facts, self.definition, self.history, first),)
        eligible = self.status is Status.ELIGIBLE
        say = Reasoner(self.history, self.definition, self.supposing, in_days)
        facts = self._facts if self._first is None else self._facts_of_one(self._first)
        return reasons_for(facts, self.definition, say, eligible=eligible)

    @cached_property
    def questions(self) -> "tuple[Question, ...]":
        """What to ask of what others than the defendant can know; what may decide it first."""
        if self.status is not Status.INDETERMINATE:
            return ()
        from eligibility.verdict.questions import questions_for  # noqa: PLC0415 - loaded when asked for

        near = self._eligible_if.changes
        return questions_for(self._facts, self.definition, self.history, near)

    @cached_property
    def open(self) -> "tuple[OpenFact, ...]":
        """What it can turn on and only the defendant can know: nobody here can tell."""
        if self.status is not Status.INDETERMINATE:
            return ()
        from eligibility.verdict.open_facts import open_facts  # noqa: PLC0415 - loaded when asked for

        return tuple(open_facts(self._facts, self.definition, self.history))

    @cached_property
    def scenarios(self) -> Scenarios | None:
        """One way the facts could be that puts the account in, and one that puts it out."""
        if self.status is not Status.INDETERMINATE:
            return None
        from eligibility.verdict.witnesses import ineligible_if  # noqa: PLC0415 - loaded when asked for

        return Scenarios(
            self._scenario(self._eligible_if, Status.ELIGIBLE),
            self._scenario(ineligible_if(self._facts, self.definition), Status.INELIGIBLE),
        )

    @cached_property
    def _eligible_if(self) -> "Witness":
        from eligibility.verdict.witnesses import eligible_if  # noqa: PLC0415 - loaded when asked for

        return eligible_if(self._facts, self.definition)

    def _scenario(self, witness: "Witness", status: Status) -> History | None:
        either = dict.fromkeys((None, self.supposing))  # once, where nothing is supposed
        try:
            scenario = built(self.history, self._facts, witness.changes)
            found = {self._status_of(scenario, so) for so in either}
        except EligibilityError:
            if self.exact:
                raise
            return None  # outside of the exact fragment there may be no such world
        forget_facts(scenario)  # nobody may ask again, and of a long history they take their room
        assert found == {status} or not self.exact, found  # noqa: S101 - promised: a bug of ours
        return scenario if found == {status} else None

    def _status_of(self, scenario: History, supposing: Supposition | None) -> Status:
        """The status of a history that refines this one."""
        met = clauses_met(scenario, self.definition, supposing)
        if met is not None:
            every = len(self.definition.steps)
            return Status.of(Truth(met[0] == every, met[1] == every))
        normalise(scenario, (self.history, normalise(self.history)))
        facts = facts_under(self.definition, scenario, supposing)
        return Status.of(membership(facts, self.definition))

    def evidence(self, path: str) -> "Evidence":
        """A fact that a reason cites, with the id and source of its record.

        Raises:
            InvalidRefinement: `unknown-path`, it names no fact of the history.
        """
        from eligibility.verdict.reasons import evidence_of  # noqa: PLC0415 - loaded when asked for

        expect(path, str, "path")
        return evidence_of(path, record_at(self.history, path))

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data, in the order of the JSON contract."""
        data: dict[str, Any] = json.loads(self.to_json())
        return data

    def to_json(self, *, indent: int | None = None) -> str:
        """The verdict as JSON text; the same history, definition and reading give the same text."""
        from eligibility.verdict.written import verdict_json  # noqa: PLC0415 - loaded when asked for

        if indent is None:
            return verdict_json(self)
        expect(indent, int | None, "indent")
        return json_text(self.to_dict(), indent=indent)

    @staticmethod
    def from_json(text: str | bytes) -> "VerdictDocument":
        """A verdict document read back: what a verdict says, by the same names.

        It is equal to the verdict that it was written of. It is not believed: `verify` checks it.

        >>> from eligibility import AccountHistory, evaluate
        >>> verdict = evaluate(AccountHistory(account_id="A-1001"))
        >>> Verdict.from_json(verdict.to_json()) == verdict
        True

        Raises:
            InvalidVerdict: the text is no JSON, or no verdict: all problems, with their paths.
        """
        from eligibility.verdict.document import read_verdict  # noqa: PLC0415 - loaded when asked for

        expect(text, str | bytes | bytearray, "text", "Pass the JSON text of a verdict.")
        return read_verdict(text if isinstance(text, str) else bytes(text))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Verdict):
            if self._decided == other._decided:
                return True
            if hash(self) != hash(other):
                return False
        from eligibility.verdict.document import VerdictDocument  # noqa: PLC0415 - loaded when asked for

        if not isinstance(other, Verdict | VerdictDocument):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    @property
    def _decided(self) -> tuple[object, ...]:
        """What was decided, and of what: all else that a verdict says follows from these."""
        return (self.status, self.clauses, self.definition, self.supposing, self.history)

    def __hash__(self) -> int:
        from eligibility.verdict.document import hash_of  # noqa: PLC0415 - loaded when asked for

        return hash_of(self)

    def __repr__(self) -> str:
        supposing = f", supposing {self.supposing.name}" if self.supposing else ""
        clauses = ", ".join(f"{clause.id} {clause.truth.word}" for clause in self.clauses)
        account = shown(self.history.account_id)
        return f"<Verdict {self.status}: account {account}{supposing}; {clauses}>"

    _repr_pretty_ = as_repr


def evaluate(
    history: History,
    definition: ClassDefinition,
    *,
    supposing: Supposition | None = None,
) -> Verdict:
    """Whether the account is in the class, exactly as far as the history carries.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> evaluate(AccountHistory(account_id="A-1001"), class_definition()).status
    <Status.INDETERMINATE: 'indeterminate'>

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    if definition.__class__ is not ClassDefinition or history.__class__ is not definition.model:
        expect(history, History, "history")
        expect(definition, ClassDefinition, "definition")
        definition.expect(history)
    if supposing is not None:
        expect(supposing, Supposition | None, "supposing")
    met = clauses_met(history, definition, supposing)
    if met is not None:
        surely, possibly, first = met
        status, clauses = definition.kept((surely, possibly)) or _row(definition, surely, possibly)
        return Verdict(status, clauses, definition, supposing, history, None, first)
    facts = facts_under(definition, history, supposing)
    truths = clause_truths(facts, definition)
    surely, possibly = sum(each.surely for each in truths), sum(each.possibly for each in truths)
    status, clauses = definition.kept((surely, possibly)) or _row(definition, surely, possibly)
    return Verdict(status, clauses, definition, supposing, history, facts, None)


def _row(
    definition: ClassDefinition, surely: int, possibly: int
) -> tuple[Status, tuple[ClauseTruth, ...]]:
    """The status, and a truth for each clause, where so many are met; kept with the definition."""
    truths = [Truth(at < surely, at < possibly) for at in range(len(definition.steps))]
    clauses = tuple(
        ClauseTruth(step.id, truth, step.text, step.citation)
        for step, truth in zip(definition.steps, truths, strict=True)
    )
    row = Status.of(truths[-1]), clauses
    definition.keep((surely, possibly), row)
    return row


def facts_under(
    definition: ClassDefinition, history: History, supposing: Supposition | None
) -> KnownHistory:
    """The facts of a history, and of what is supposed under the definition's reading."""
    return _supposed(normalise(history), definition, supposing)


def _supposed(
    facts: KnownHistory, definition: ClassDefinition, supposing: Supposition | None
) -> KnownHistory:
    return facts if supposing is None else supposing.under(definition.reading).suppose(facts)
