"""Reasons: the facts that suffice for a verdict, and none that can be left out.

The facts of a decided verdict come in; what goes out is, for each group of clauses that decides,
the facts that it turns on. Why they suffice, and why each of them is needed:

Claim 1: facts can be left out one by one, in any order, for as long as the verdict stays. To know
less adds worlds and takes none away, so a verdict that is lost stays lost: what could not be left
out when more was known cannot be left out now. The order only picks one of several sufficient sets.

Claim 2, for an eligible account: one record that is surely in the class suffices, so all others go
at once. Only where there is none, and records cover for each other, is each of them tried.

Claim 3, for an ineligible one: every record is out, and so is any that nobody listed. If a record
of which nothing is known is out, no record needs to be cited. If not, the list must be complete,
and each record is cited with the fewest of its facts that keep it out. These are found record by
record, after the facts of all else: what one record may be does not bear on another.

Claim 4: a reason names the fewest clauses that its records cannot meet together, for smaller groups
are tried first; so none of them is to spare. Premium from October 2024, and a message shared in
2024, before 18 September: either clause can be met, both cannot, so the reason names the two.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve, field, frozen

from eligibility.arguments import checked
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause, paths
from eligibility.evaluation.reference import Surely
from eligibility.evaluation.work import Work
from eligibility.facts.known import NOTHING_STATED, KnownHistory, KnownRecord
from eligibility.facts.model import History, Record
from eligibility.facts.normalise import blank
from eligibility.facts.paths import Path, fact_path, parse, pattern
from eligibility.immutable import unchecked
from eligibility.values.citation import Citation
from eligibility.verdict.alike import Alike
from eligibility.verdict.minimise import minimise_record, needed_of
from eligibility.verdict.why.failing import Failing, failing_clauses, least_failing, never_came
from eligibility.verdict.why.open_clause import open_of_clause
from eligibility.verdict.why.open_words import open_text
from eligibility.verdict.why.sentences import Reasoner
from eligibility.verdict.why.sufficient import Sufficient


@frozen(field_transformer=checked)
class Evidence:
    """One fact of the history that a reason cites, with the record's own id and source."""

    path: str
    id: str | None = None
    source: str | None = None


def evidence_of(path: str, record: Record | None) -> Evidence:
    """The evidence of a fact, of a record or of none."""
    if record is None:
        return _new_evidence(path, None, None)
    return _new_evidence(path, record.id, record.source)


@frozen(field_transformer=checked)
class Reason:
    """One thing that decided the verdict.

    `code` is the id of the clause that it is about, or several ids joined by `+` where only
    together they decide; `records` are those of the list that fare alike. `facts` are the paths
    that it cites; in a verdict, `evidence` has the id and the source of each one's record besides.
    """

    code: str
    text: str
    citation: Citation
    facts: tuple[str, ...]
    records: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()


_new_evidence: Final = unchecked(Evidence)
_new_reason: Final = unchecked(Reason)

#: What the first reason says besides, where the search for the fewest facts had to end.
NOT_MINIMAL: Final = "Some of the facts that are cited may not be needed: not all could be tried."


@frozen
class _Group:
    """Records that fail alike: the clauses, and their fields that are cited, by record.

    `states` where it is of the records that nobody listed: it cites what is stated of the list.
    """

    clauses: tuple[Clause, ...]
    cited: dict[int, tuple[str, ...]] = field(factory=dict)
    states: bool = False


def reasons_for(
    facts: KnownHistory, definition: ClassDefinition, say: Reasoner, *, eligible: bool
) -> tuple[Reason, ...]:
    """The reasons of a decided verdict; `eligible` says which way it was decided.

    `say` has the words: it knows the history that the facts are of. Of an eligible one these may
    be without all records but one that is surely in (claim 2).
    """
    work = Work.on({name: getattr(say.history, name) for name in facts.lists})
    sufficient = Sufficient(definition, eligible, work, facts)
    if eligible:
        reasons = _reasons_in(_sufficient_in(facts, sufficient), definition, say)
    else:
        reasons = _reasons_out(facts, sufficient, say)
    if sufficient.work.is_spent:
        first, *others = reasons
        return (evolve(first, text=f"{first.text} {NOT_MINIMAL}"), *others)
    return reasons


def open_reason(
    facts: KnownHistory, definition: ClassDefinition, history: History, clause: str
) -> Reason:
    """The one reason of an undecided verdict: the first clause that is open. It cites no fact."""
    step = next(step for step in definition.steps if step.id == clause)
    unknown = open_of_clause(facts, definition, step)
    listing = tuple(name for name in facts.lists if facts.lists[name])
    key = open_text, type(history), clause, unknown, listing
    text: str | None = definition.kept(key)
    if text is None:  # it is the same where the same is open, and the same lists have records
        text = open_text(step, unknown, history)
        definition.keep(key, text)
    return _new_reason(step.id, text, step.citation, (), (), ())


def _cited(facts: KnownHistory, name: str) -> Iterator[str]:
    """The paths of what is still said of a list."""
    yield from facts.stated[name]
    for record in facts.lists[name]:
        for key in record.said:
            yield fact_path(name, record.index, key)


# ---- eligible -----------------------------------------------------------------------------


def _sufficient_in(facts: KnownHistory, sufficient: Sufficient) -> KnownHistory:
    definition, record_list = sufficient.definition, sufficient.definition.record_list
    if record_list is not None:
        view = Surely(facts, definition)
        disjuncts = [
            (disjunct, view.times(disjunct)) for disjunct in definition.normal_form.disjuncts
        ]
        disjuncts = [(disjunct, times) for disjunct, times in disjuncts if view.account(disjunct)]
        list_shape = facts.shape.lists[record_list]

        def is_in(record: KnownRecord) -> bool:
            return any(view.meets(record, disjunct, times) for disjunct, times in disjuncts)

        one = next(filter(is_in, view.records), None)  # claim 2: the first that is surely in
        if one is not None and definition.exact:  # of one record it takes no more than to ask it
            only = disjuncts[0][0].values if len(disjuncts) == 1 else None
            needed = {} if only is None else needed_of(list_shape, only)
            least = minimise_record(list_shape, one, is_in, needed)
            facts = facts.with_list(record_list, (least,), NOTHING_STATED)
        else:
            facts = facts if one is None else facts.with_list(record_list, (one,))
            facts = sufficient.of_list(facts, record_list)
    return sufficient.beside_records(facts)


def _reasons_in(
    facts: KnownHistory, definition: ClassDefinition, say: Reasoner
) -> tuple[Reason, ...]:
    left = [path for name in facts.shape.lists for path in _cited(facts, name)]
    left += [path for path, answer in facts.answers.items() if answer is not None]
    records = tuple(
        record.index for record in facts.lists.get(definition.record_list or "", ()) if record.said
    )
    bearing = _Bearing.of(definition)
    shares: dict[str, list[str]] = {step.id: [] for step in definition.steps}
    for path in left:
        for each in bearing.steps(path):
            shares[each].append(path)
    for path in left:
        if not bearing.steps(path):  # such as when it was sent, where it matters when it was shared
            shares[definition.steps[bearing.nearest(path, facts)].id].append(path)
    reasons, whom = [], say.of_whom(records)
    for step in definition.steps:
        text = say.met(step, shares[step.id], records, whom)
        reasons.append(_reason(say, (step,), text, shares[step.id], records))
    return tuple(reasons)


def _reason(
    say: Reasoner,
    clauses: Sequence[Clause],
    text: str,
    cited: Sequence[str],
    records: tuple[int, ...],
) -> Reason:
    """The reason that clauses are met or not, with its evidence."""
    history, evidence = say.history, []
    for path in cited:
        at = parse(path)
        record = None if at.index is None else getattr(history, at.name)[at.index]
        evidence.append(evidence_of(path, record))
    code = "+".join([step.id for step in clauses])
    return _new_reason(code, text, clauses[0].citation, tuple(cited), records, tuple(evidence))


@frozen
class _Bearing:
    """Which clauses speak of a fact: of the field itself, or of the list of spans that it is of."""

    definition: ClassDefinition
    _known: dict[str, frozenset[str]] = field(factory=dict)
    _clauses: dict[tuple[str, tuple[str, ...]], tuple[Clause, ...]] = field(factory=dict)

    @classmethod
    def of(cls, definition: ClassDefinition) -> "_Bearing":
        """The one of a definition, kept with it."""
        found: _Bearing | None = definition.kept(cls)
        if found is None:
            found = cls(definition)
            definition.keep(cls, found)
        return found

    def clauses(self, name: str, fields: tuple[str, ...]) -> tuple[Clause, ...]:
        """The clauses that speak of some fields of the records of a list."""
        key = name, fields
        found = self._clauses.get(key)
        if found is None:
            codes = frozenset[str]().union(*(self.steps(pattern(name, each)) for each in fields))
            found = tuple(step for step in self.definition.steps if step.id in codes)
            self._clauses[key] = found
        return found

    def steps(self, path: str) -> frozenset[str]:
        """The ids of the clauses that speak of the fact at a path."""
        fact = parse(path)
        found = self._known.get(fact.pattern)
        if found is None:
            found = self._known[fact.pattern] = frozenset(self._speaking(fact))
        return found

    def nearest(self, path: str, facts: KnownHistory) -> int:
        """Which clause, by its place, comes nearest to a fact that none speaks of.

        Of a moment it is one about a moment of the same record; the first, if there is none.
        """
        name = parse(path).name
        moments = facts.shape.lists[name].moments if name in facts.shape.lists else ()
        near = {pattern(name, key) for key in moments if parse(path).field in moments}
        steps = enumerate(self.definition.steps)
        return next((at for at, step in steps if near.intersection(paths(step.condition))), 0)

    def _speaking(self, fact: Path) -> Iterator[str]:
        for step in self.definition.steps:
            if {fact.pattern, pattern(fact.subject)}.intersection(paths(step.condition)):
                yield step.id


# ---- ineligible ---------------------------------------------------------------------------


def _reasons_out(facts: KnownHistory, sufficient: Sufficient, say: Reasoner) -> tuple[Reason, ...]:
    definition = sufficient.definition
    each = definition.record_list
    groups: list[_Group] = []
    if each is None:
        facts = sufficient.beside_records(facts)
        groups.append(_Group(failing_clauses(definition, facts, None)))
    else:
        any_one = blank(facts.shape.lists[each], 0)
        unlisted = facts.with_list(each, (any_one,), NOTHING_STATED)
        if sufficient.stays(unlisted):  # claim 3: whatever the records are
            facts = sufficient.beside_records(unlisted)
            groups.append(_Group(failing_clauses(definition, facts, any_one)))
        else:
            facts = sufficient.beside_records(facts)
            if len(facts.stated[each]) != 1 or not unlisted.unlisted[each]:
                facts = sufficient.statements(facts, each)  # one alone is needed: some may be in
            groups = list(_groups(facts, sufficient.whole, definition))
    return tuple(_reasons(groups, facts, definition, say))


def _groups(
    facts: KnownHistory, whole: KnownHistory, definition: ClassDefinition
) -> Iterator[_Group]:
    """Every record with the fewest of its facts that keep it out, those alike together."""
    each = definition.record_list or ""
    list_shape = facts.shape.lists[each]
    failing = Failing.of(facts, definition, definition.normal_form)
    known: dict[int, Failing] = {}
    bearing = _Bearing.of(definition)

    def failing_by(record: KnownRecord) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
        """The clauses that it cannot meet together, and its facts that keep it out."""
        least = least_failing(record, list_shape, failing)
        fields = tuple(least.said)
        never = tuple(at for at in never_came(list_shape, least) if at not in fields)
        spoken = bearing.clauses(each, never or fields)
        return failing_clauses(definition, facts, least, spoken, known), fields

    alike = Alike.of(whole, definition)
    found: dict[tuple[object, ...], tuple[_Group, tuple[str, ...]]] = {}
    groups: dict[tuple[str, ...], _Group] = {}
    for record in facts.lists[each]:  # claim 3: each by itself
        key = alike.key(record.said)
        if key not in found:
            clauses, fields = failing_by(record)
            codes = tuple(step.id for step in clauses)
            found[key] = groups.setdefault(codes, _Group(clauses)), fields
        group, fields = found[key]
        group.cited[record.index] = fields
    yield from groups.values()
    if facts.unlisted[each]:  # such a record fails what the statements of completeness leave it
        one_more = KnownRecord(len(facts.lists[each]), {}, facts.unlisted[each])
        yield _Group(failing_clauses(definition, facts, one_more), states=True)
    elif not groups:  # no record at all
        yield _Group((definition.first_of_record,), states=True)


def _reasons(
    groups: list[_Group], facts: KnownHistory, definition: ClassDefinition, say: Reasoner
) -> Iterator[Reason]:
    each = definition.record_list or ""
    shared = [path for name in facts.shape.lists if name != each for path in _cited(facts, name)]
    shared += [path for path, answer in facts.answers.items() if answer is not None]
    bearing = _Bearing.of(definition)
    codes = [{step.id for step in group.clauses} for group in groups]
    every = set[str]().union(*codes)
    stated = [*facts.stated[each]] if each else []
    states = next((at for at, group in enumerate(groups) if group.states), 0)
    for at, (group, own) in enumerate(zip(groups, codes, strict=True)):
        cited = [fact_path(each, index, key) for index, keys in group.cited.items() for key in keys]
        cited += [path for path in shared if not own.isdisjoint(bearing.steps(path))]
        cited += stated if at == states else []
        if at == 0:  # what none of them speaks of
            cited += [path for path in shared if every.isdisjoint(bearing.steps(path))]
        records = tuple(group.cited)
        text = say.not_met(group.clauses, cited, records)
        yield _reason(say, group.clauses, text, cited, records)
