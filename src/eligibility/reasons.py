"""Why a verdict is as it is: the facts that suffice, and no fact that could be spared.

For a decided verdict, facts are forgotten for as long as the verdict stays; those that are left
are the reasons. Since knowing less never turns one decided verdict into another, the result is
minimal whatever the order; the order only picks, among several sufficient sets, one that is short
to tell.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from attrs import evolve, field, frozen

from eligibility.citation import Citation
from eligibility.conditions import Clause, paths
from eligibility.definition import ClassDefinition
from eligibility.evaluate import Possibly, Surely, possibly_in, surely_in
from eligibility.facts import Facts, Ready, blank, make_ready
from eligibility.model import ListShape
from eligibility.stages import Alternative, Stage
from eligibility.timeset import TimeSet


@frozen
class Evidence:
    """One fact of the history that a reason cites, with the record's own id and source."""

    path: str
    id: str | None = None
    source: str | None = None


@frozen
class Reason:
    """One thing that decided the verdict.

    `code` is the id of the clause that it is about, or several ids joined by `+` where only
    together they decide; `records` are those of the list that fare alike.
    """

    code: str
    text: str
    citation: Citation
    facts: tuple[str, ...]
    records: tuple[int, ...] = ()


#: A group of records that fail alike: the clauses, and their fields that are cited, by record.
@frozen
class _Group:
    clauses: tuple[Clause, ...]
    cited: dict[int, tuple[str, ...]] = field(factory=dict)


def reasons_for(facts: Facts, definition: ClassDefinition, *, eligible: bool) -> tuple[Reason, ...]:
    """The reasons of a decided verdict; `eligible` says which way it was decided."""
    if eligible:
        return _reasons_in(_sufficient_in(facts, definition), definition)
    return _reasons_out(facts, definition)


# ---- forgetting ---------------------------------------------------------------------------


def forgotten(entry: ListShape, record: Ready, fields: tuple[str, ...]) -> Ready:
    """A record without what it says of some fields."""
    known = {name: value for name, value in record.said.items() if name not in fields}
    made = make_ready(entry, record.index, known)
    return made if isinstance(made, Ready) else record


def _spared(facts: Facts, name: str, holds: Callable[[Facts], bool]) -> Facts:
    """The facts, with as little of one list as keeps `holds` true: list, record, then field."""
    entry, records = facts.shape.lists[name], facts.lists[name]
    all_blank = tuple(blank(entry, record.index) for record in records)
    nothing = evolve(facts.with_list(name, all_blank), open=facts.open | {name})
    if holds(nothing):
        return nothing
    unsaid = evolve(facts, open=facts.open | {name})
    facts = unsaid if holds(unsaid) else facts
    for at, record in enumerate(records):
        for fields in (tuple(record.said), *((each,) for each in record.said)):
            now = list(facts.lists[name])
            if any(each in now[at].said for each in fields):
                now[at] = forgotten(entry, now[at], fields)
                trial = facts.with_list(name, tuple(now))
                facts = trial if holds(trial) else facts
    return facts


def _spared_everywhere(
    facts: Facts, definition: ClassDefinition, holds: Callable[[Facts], bool]
) -> Facts:
    """`_spared` for every list but the one that the record is taken from, and for the answers."""
    for path, answer in facts.answers.items():
        trial = evolve(facts, answers={**facts.answers, path: None})
        if answer is not None and holds(trial):
            facts = trial
    for name in facts.shape.lists:
        if name != definition.each:
            facts = _spared(facts, name, holds)
    return facts


def _cited(facts: Facts, name: str) -> Iterator[str]:
    """The paths of what is still said of a list."""
    if name not in facts.open:
        yield f"complete.{name}"
    for record in facts.lists[name]:
        for key in record.said:
            yield f"{name}[{record.index}].{key}"


# ---- eligible -----------------------------------------------------------------------------


def _sufficient_in(facts: Facts, definition: ClassDefinition) -> Facts:
    def holds(trial: Facts) -> bool:
        return surely_in(trial, definition)

    each = definition.each
    if each is not None:
        view = Surely(facts, definition)
        ways = [(way, view.times(way)) for way in definition.stages[-1].alternatives]
        ways = [(way, times) for way, times in ways if view.account(way)]
        for record in view.records:
            if any(view.meets(record, way, times) for way, times in ways):
                facts = facts.with_list(each, (record,))
                break
        facts = _spared(facts, each, holds)
    return _spared_everywhere(facts, definition, holds)


def _reasons_in(facts: Facts, definition: ClassDefinition) -> tuple[Reason, ...]:
    left = [path for name in facts.shape.lists for path in _cited(facts, name)]
    left += [path for path, answer in facts.answers.items() if answer is not None]
    records = tuple(
        record.index for record in facts.lists.get(definition.each or "", ()) if record.said
    )
    shares = [(step, [path for path in left if _bears_on(step, path)]) for step in definition.steps]
    told = {path for _, share in shares for path in share}
    shares[0][1].extend(path for path in left if path not in told)
    return tuple(
        Reason(step.id, f"Met: {step.text}.", step.citation, tuple(share), records)
        for step, share in shares
    )


def _bears_on(step: Clause, path: str) -> bool:
    """Whether a clause speaks of a fact: the field itself, or the list of spans that it is of."""
    spoken = paths(step.condition)
    if path.startswith("complete."):
        return f"{path.partition('.')[2]}[]" in spoken
    name, bracket, rest = path.partition("[")
    key = rest.partition("].")[2]
    return path in spoken or (
        bool(bracket) and (f"{name}[].{key}" in spoken or f"{name}[]" in spoken)
    )


# ---- ineligible ---------------------------------------------------------------------------


def _reasons_out(facts: Facts, definition: ClassDefinition) -> tuple[Reason, ...]:
    def holds(trial: Facts) -> bool:
        return not possibly_in(trial, definition)

    each, entry = definition.each, definition.entry
    groups: list[_Group] = []
    if each is None or entry is None:
        facts = _spared_everywhere(facts, definition, holds)
        groups.append(_Group(_failing(definition, facts, None)))
    else:
        unlisted = evolve(
            facts.with_list(each, (blank(entry, 0),)), open=facts.open | {each}
        )
        if holds(unlisted):  # whatever the records are
            facts = _spared_everywhere(unlisted, definition, holds)
            groups.append(_Group(_failing(definition, facts, blank(entry, 0))))
        else:
            facts = _spared_everywhere(facts, definition, holds)
            groups = list(_groups(facts, definition, entry))
    return tuple(_told(groups, facts, definition))


def _groups(facts: Facts, definition: ClassDefinition, entry: ListShape) -> Iterator[_Group]:
    """Every record with the fewest of its facts that keep it out, those alike together."""
    each = definition.each or ""
    fails = Failing(facts, definition.stages[-1], definition)
    known: dict[tuple[str, ...], Failing] = {}
    groups: dict[tuple[str, ...], _Group] = {}
    for record in facts.lists[each]:
        least = _least(record, entry, fails)
        fields = tuple(least.said)
        never = [gate for gate in _never(entry, least) if gate not in fields]
        spoken = tuple(
            step
            for step in definition.steps
            if any(_bears_on(step, f"{each}[{record.index}].{key}") for key in never or fields)
        )
        clauses = _failing(definition, facts, least, spoken, known)
        key = tuple(step.id for step in clauses)
        groups.setdefault(key, _Group(clauses)).cited[record.index] = fields
    if not groups:  # no record at all
        yield _Group((definition.first_of_record,))
    yield from groups.values()


def _never(entry: ListShape, record: Ready) -> Iterator[str]:
    """The facts that its moments rule out: what could only have come after it had to come first."""
    for gate in set(entry.record.exists_if.values()):
        if record.values[gate] is False:
            yield gate


@frozen
class Failing:
    """Whether a record cannot meet a stage, the other lists being as they are known."""

    facts: Facts
    stage: Stage
    definition: ClassDefinition
    _view: Possibly = field(init=False, repr=False)
    _tests: list[tuple[Alternative, dict[str, TimeSet]]] = field(init=False, repr=False)

    @_view.default
    def _looking(self) -> Possibly:
        return Possibly(self.facts, self.definition)

    @_tests.default
    def _asked(self) -> list[tuple[Alternative, dict[str, TimeSet]]]:
        ways = self.stage.alternatives
        return [(way, self._view.times(way)) for way in ways if self._view.account(way)]

    def fails(self, record: Ready | None) -> bool:
        """Whether this record fails in every world; None stands for no record being needed."""
        for way, times in self._tests:
            if not way.needs_record or (record and self._view.meets(record, way, times)):
                return False
        return True


def _least(record: Ready, entry: ListShape, failing: Failing) -> Ready:
    """The record with as few facts as still keep it out; a single one if one suffices."""
    said = tuple(record.said)
    for kept in sorted(said, key=list(entry.facts).index):
        only = forgotten(entry, record, tuple(name for name in said if name != kept))
        if failing.fails(only):
            least = forgotten(entry, only, (kept,))
            return least if failing.fails(least) else only
    for name in said:
        trial = forgotten(entry, record, (name,))
        if failing.fails(trial):
            record = trial
    return record


def _failing(
    definition: ClassDefinition,
    facts: Facts,
    record: Ready | None,
    spoken: tuple[Clause, ...] = (),
    known: dict[tuple[str, ...], Failing] | None = None,
) -> tuple[Clause, ...]:
    """The fewest clauses that a record cannot meet together; if it can be, among `spoken`."""
    known = {} if known is None else known
    for steps in (spoken, definition.steps):
        for size in range(1, len(steps) + 1):
            for some in combinations(steps, size):
                key = tuple(step.id for step in some)
                if key not in known:
                    known[key] = Failing(facts, definition.stage_of(some), definition)
                if known[key].fails(record):
                    return some
    return definition.steps


def _told(
    groups: list[_Group], facts: Facts, definition: ClassDefinition
) -> Iterator[Reason]:
    each = definition.each or ""
    shared = [
        path for name in facts.shape.lists if name != each for path in _cited(facts, name)
    ]
    shared += [path for path, answer in facts.answers.items() if answer is not None]
    untold = set(shared)
    for group in groups:
        for path in shared:
            if any(_bears_on(step, path) for step in group.clauses):
                untold.discard(path)
    listed = [f"complete.{each}"] if each and each not in facts.open else []
    for at, group in enumerate(groups):
        cited = [f"{each}[{index}].{key}" for index, keys in group.cited.items() for key in keys]
        cited += [path for path in shared if any(_bears_on(step, path) for step in group.clauses)]
        cited += [*listed, *(path for path in shared if path in untold)] if at == 0 else []
        words = "; and ".join(step.text for step in group.clauses)
        count = len(group.cited)
        of = f"{each}: {count} of {len(facts.lists[each])} cannot be" if count else "Not met"
        of += ", not both" if len(group.clauses) == 2 else ", not all" if group.clauses[2:] else ""
        yield Reason(
            "+".join(step.id for step in group.clauses),
            f"{of}: {words}.",
            group.clauses[0].citation,
            tuple(cited),
            tuple(group.cited),
        )
