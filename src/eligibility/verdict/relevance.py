"""Which unknown facts can matter, of all that somebody can know: the one place that says so.

Facts and a definition come in, and which facts can be known; each fact is then asked about by
itself, or all of them one by one. `turning` says when a fact can change the status and why none is
missed. Of several ways to be in the class each is searched as a class of its own: what turns their
union turns one of them. Outside of the fragment that the argument holds for, every unknown fact
that the definition speaks of is taken for relevant: too much may be asked there, never too little.
So is what is unknown where spans that nobody can know more closely may cover for each other, and
what the search has not come to when its allowance of work is spent.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from operator import attrgetter
from typing import Final, ParamSpec, TypeVar

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.coverage import in_one_box
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.boxes import ANY_TIME, Bounds, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, pattern
from eligibility.verdict import records_or_spans, unknown
from eligibility.verdict.alike import Alike, values_asked
from eligibility.verdict.least_asked import least_asked
from eligibility.verdict.linked import knowing_one, linked_sides
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.joint_outside import together
from eligibility.verdict.turning.plainly import Plainly
from eligibility.verdict.turning.span_turns import Cuts
from eligibility.verdict.unknown import ByKind, RelevantFact, all_unknown, is_open, open_of

P = ParamSpec("P")
T = TypeVar("T")


#: Any fact can be known.
everything: Final = ByKind(lambda _path: True)


@frozen(slots=False, eq=False)
class Relevance:
    """What can matter of some facts, under a definition, of what can be known.

    `knowable` says which facts can be known, by their paths (`messages[].sent_at` of a record that
    nobody listed); those outside stay unknown. Nothing is looked for before it is asked. Where a
    moment turns the outcome is only right if it `is_cut` there, and not where it is enough to know
    that it does. Searches of the same question may share what `work` they may take.
    """

    facts: KnownHistory
    definition: ClassDefinition
    knowable: Callable[[str], bool] = everything
    is_cut: bool = True
    work: Work = field(kw_only=True)
    _found: dict[tuple[object, ...], Cuts | None] = field(init=False, factory=dict)
    _knowns: dict[tuple[str, object], tuple[str, ...]] = field(init=False, factory=dict)

    @work.default
    def _of_its_own(self) -> Work:
        return Work.on(self.facts.lists)

    @cached_property
    def _passes(self) -> tuple[Turning, ...]:
        """The passes in which anything can turn the outcome, of each way to be in the class.

        Where all is known, what is possible and what is sure is the same.
        """
        return self._passes_for(self.knowable)

    def _passes_for(self, knowable: Callable[[str], bool]) -> tuple[Turning, ...]:
        passes = (True,) if knowable is everything else (True, False)
        found = []
        for each in self.definition.alternatives:
            if self._is_exact(each):
                (disjunct,) = each.normal_form.disjuncts
                for surely in passes:
                    turning = Turning(self.facts, each, disjunct, knowable, surely, self.work)
                    if self._tried(attrgetter("can_turn"), turning):
                        found.append(turning)
        return tuple(found)

    @cached_property
    def _linked(self) -> tuple[frozenset[str], ...]:
        return linked_sides(self.facts, self.definition, self.knowable)

    @cached_property
    def _one_sided(self) -> tuple[Turning, ...]:
        """The passes for whoever knows of one of two linked sides alone."""
        name = self.definition.record_list or ""
        several = knowing_one(self._linked, name, self.knowable)
        return tuple(turning for known in several for turning in self._passes_for(known))

    def _passes_of(self, fact: RelevantFact) -> Iterator[Turning]:
        """The passes in which a fact of a record may turn the outcome."""
        yield from self._passes
        if fact.list == self.definition.record_list and any(fact.field in s for s in self._linked):
            yield from (each for each in self._one_sided if each.knowable(fact.path))

    @cached_property
    def is_idle(self) -> bool:
        """Whether no fact of a record can matter, nor that a list lacks one."""
        every = self._passes or self._one_sided or self._inexact or self._together
        return not every and not self.work.is_spent

    @property
    def may_be_in(self) -> bool:
        """Whether something that can be known may make it sure that the account is in the class."""
        return self.knowable is everything or any(turning.surely for turning in self._passes)

    def _is_exact(self, definition: ClassDefinition) -> bool:
        return definition.exact and in_one_box(self.facts, definition)

    def _tried(self, find: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """What is found; None if there is no more work to spend."""
        if self.work.is_spent:
            return None
        try:
            return find(*args, **named)
        except OutOfWorkError:
            return None

    def _is_taken(self, *at: str | int | None) -> bool:
        """Whether a fact counts as relevant, since there is no exact search or no more work."""
        is_beyond = at in self._inexact or at in self._together
        return is_beyond or (self.work.is_spent and at in self._spoken_of)

    @cached_property
    def _together(self) -> frozenset[tuple[str, int | None, str]]:
        return frozenset(together(self.facts, self.definition, self.knowable))

    @cached_property
    def _inexact(self) -> frozenset[tuple[str, int | None, str]]:
        every = self.definition.alternatives
        return self._unknown(each for each in every if not self._is_exact(each))

    @cached_property
    def _spoken_of(self) -> frozenset[tuple[str, int | None, str]]:
        return self._unknown(iter(self.definition.alternatives))

    def _unknown(
        self, definitions: Iterator[ClassDefinition]
    ) -> frozenset[tuple[str, int | None, str]]:
        """What is unknown, and some of the definitions speak of it."""
        return frozenset(
            (fact.list, fact.index, fact.field)
            for each in definitions
            for fact in all_unknown(self.facts, each)
        )

    # ---- one fact ------------------------------------------------------------------------------

    def of_account(self, path: str) -> RelevantFact | None:
        """A yes/no fact of the account, if it can matter: without it nobody is in the class."""
        if self.facts.answers[path] is not None or not self.knowable(path):
            return None
        is_relevant = path in self._answers_asked or self._is_taken("", None, path)
        return RelevantFact("", None, path) if is_relevant else None

    @cached_property
    def _answers_asked(self) -> frozenset[str]:
        """The yes/no facts of the account that some way to be in the class asks for."""
        forms = (each.normal_form for each in self.definition.alternatives)
        return frozenset(o.path for form in forms for each in form.disjuncts for o in each.answers)

    def of_fact(self, name: str, record: KnownRecord, key: str) -> RelevantFact | None:
        """A fact of a record, if it can matter; those that fare alike share what is found.

        What fares alike does so only if the same can be known of it.
        """
        if not is_open(record, key) or self.is_idle or self._bears_on_nothing(name, record, key):
            return None
        is_known = self.knowable(fact_path(name, record.index, key))
        return next(self._of_open(name, record, [key]), None) if is_known else None

    def _of_open(self, name: str, record: KnownRecord, keys: list[str]) -> Iterator[RelevantFact]:
        """Those that can matter of the facts of a record that are open, known, and not idle."""
        alike = (name, self._cell(name, record), self._known(name, record))
        for key in keys:
            found = self._found_of(name, record, key, alike)
            if found is not None:
                yield RelevantFact(name, record.index, key, found)

    def _found_of(self, name: str, record: KnownRecord, key: str, alike: object) -> Cuts | None:
        """Where a fact of a record divides, found once of those that fare alike."""
        cell = (key, alike)
        if self._found.get(cell, ()) is None:
            return None  # of those that fare alike it matters of all, or of none
        is_cut = self.is_cut and key in record.bounds
        slid = self._slid(name, record, key) if is_cut else None
        said = (*cell, slid) if slid else (*cell, tuple(record.said.items()) if is_cut else ())
        start = record.bounds[key][0] if slid else 0
        if said not in self._found:
            at = self._looked_for(RelevantFact(name, record.index, key), record)
            self._found[said] = None if at is None else tuple(x - start for x in at)
            if at is None:
                self._found[cell] = None
        found = self._found[said]
        return None if found is None else tuple(x + start for x in found)

    def _slid(self, name: str, record: KnownRecord, key: str) -> tuple[int] | None:
        """How wide a moment is, if where it lies changes nothing but the cut: no edge is near."""
        if name != self.definition.record_list or self._opponents != {} or self._linked:
            return None
        others = (each for field, each in record.said.items() if field != key)
        if any(isinstance(each, tuple) and each != ANY_TIME for each in others):
            return None
        low, high = record.bounds[key]
        return (high - low,) if self._cells.is_between(low, high) else None

    def _looked_for(self, fact: RelevantFact, record: KnownRecord) -> Cuts | None:
        if self._is_whole and self._plainly.turns(fact.list, record, fact.field):
            return ()
        at = next(self.cuts_by_pass(fact), None)
        if at is None and self._is_taken(fact.list, fact.index, fact.field):
            at = (record.bounds[fact.field][0],) if fact.field in record.bounds else ()
        return at

    def _known(self, name: str, record: KnownRecord) -> tuple[str, ...]:
        """The facts of a record that can be known; not asked where they are those of any other."""
        if isinstance(self.knowable, ByKind):
            return ()
        alike = name, unknown.known_alike(self.knowable, name, record.index)
        if alike not in self._knowns:
            keys = [*self.facts.shape.lists[name].facts]
            self._knowns[alike] = tuple(self._known_of(name, record, keys))
        return self._knowns[alike]

    @property
    def _is_whole(self) -> bool:
        """Whether everything can be known, and nobody asks where it turns."""
        return self.knowable is everything and not self.is_cut

    @cached_property
    def _plainly(self) -> Plainly:
        return Plainly.of(self.facts, self.definition)

    def _bears_on_nothing(self, name: str, record: KnownRecord, key: str) -> bool:
        """Whether no clause asks for a value of a record, and nothing else of it hangs on it."""
        is_of_class = name == self.definition.record_list and len(record.boxes) == 1
        if is_of_class and key in record.values and key not in values_asked(self.definition):
            return True
        return self._plainly.bears_on_nothing(name, record, key)

    def _cell(self, name: str, record: KnownRecord) -> object:
        """What is the same of records of which the same facts matter; where one turns is its own.

        Between two edges it is all one where a record lies. One that nothing of its own keeps out
        has edges, too: of it and another one, a span can cover the one, or both.
        """
        said = tuple(record.said.items())
        if name != self.definition.record_list or self._linked:
            return said
        if (self._is_whole and self._plainly.are_apart) or self._opponents == {}:
            return self._cells.key(record.said)
        if self._opponents is None or record.index in self._opponents:
            return said
        return self._beside.roomy_key(record.said) or said

    @cached_property
    def _cells(self) -> Alike:
        return Alike.of(self.facts, self.definition)

    @cached_property
    def _beside(self) -> Alike:
        return self._cells.beside((self._opponents or {}).values())

    @cached_property
    def _opponents(self) -> dict[int, KnownRecord] | None:
        """The records that nothing of their own keeps out, by place; None if too much is to do."""
        of = attrgetter("contenders.opponents")
        found = [self._tried(of, turning) for turning in self._passes]
        if None in found:
            return None
        return {each.index: each for some in found for each in some or ()}

    def of_list(self, name: str) -> RelevantFact | None:
        """Whether a list lacks records, if that can matter."""
        if name not in self.facts.open or self.is_idle or not self.knowable(complete_path(name)):
            return None
        does = any(
            self._tried(records_or_spans.can_be_one_more, turning, name) for turning in self._passes
        )
        is_relevant = does or self._is_taken(name, None, "complete")
        return RelevantFact(name, None, "complete") if is_relevant else None

    # ---- where it turns ------------------------------------------------------------------------

    def cuts_by_pass(self, fact: RelevantFact) -> Iterator[Cuts]:
        """Where a fact of a record divides, in one pass after the other."""
        record = self.facts.lists[fact.list][fact.index or 0]
        turns = partial(records_or_spans.turns, is_cut=self.is_cut)
        for turning in self._passes_of(fact):
            cuts = self._tried(turns, turning, fact.list, record, fact.field)
            if cuts is not None:
                yield cuts

    def divides(self, fact: RelevantFact, at: int) -> bool:
        """Whether it can make the difference that a moment is this instant, or the next."""
        record = self.facts.lists[fact.list][fact.index or 0]
        return any(
            self._tried(records_or_spans.divides, turning, record, fact, at)
            for turning in self._passes_of(fact)
        )

    def cuts(self, fact: RelevantFact) -> Iterator[Cuts]:
        """Where a fact divides, in one pass after the other.

        Of the start of a span first where it does at the earliest, of its end at the latest.
        """
        record = self.facts.lists[fact.list][fact.index or 0]
        for turning in self._passes:
            extreme = self._tried(
                records_or_spans.turns_at_the_end, turning, fact.list, record, fact.field
            )
            if extreme is not None:
                yield extreme
        yield from self.cuts_by_pass(fact)

    def where(self, name: str) -> dict[str, Values | Bounds]:
        """The weakest conditions that one more record of a list must meet to matter."""
        each = [
            where
            for turning in self._passes
            for where in self._tried(records_or_spans.where, turning, name) or ()
        ]
        if self.work.is_spent or self._is_taken(name, None, "complete"):
            each += least_asked(self.facts, self.definition, name)
        known = {
            key
            for key in self.facts.shape.lists[name].facts
            if self.knowable(pattern(name, key)) and all(key in where for where in each)
        }
        weakest = {key: _either([where[key] for where in each]) for key in known if each}
        list_shape = self.facts.shape.lists[name]
        return {
            key: weakest[key]
            for key in list_shape.facts
            if key in weakest and weakest[key] not in (ANY_TIME, list_shape.all_values.get(key))
        }

    # ---- all of them ---------------------------------------------------------------------------

    def _known_of_any(self, name: str, keys: list[str]) -> list[str]:
        """Those of some fields of a list that may be known of any of its records."""
        if isinstance(self.knowable, ByKind):
            return [key for key in keys if self.knowable(pattern(name, key))]
        return keys

    def _known_of(self, name: str, record: KnownRecord, keys: list[str]) -> list[str]:
        """Those of them that can be known of one record."""
        if isinstance(self.knowable, ByKind):
            return keys
        return [key for key in keys if self.knowable(fact_path(name, record.index, key))]

    def matter(self, among: Callable[[str], bool] = everything) -> Iterator[RelevantFact]:
        """All that matter `among` some, by their patterns: of the account and of spans first."""
        read, records = self.definition.filters, self.definition.record_list
        for path in self.facts.answers:
            if among(path) and (account := self.of_account(path)):
                yield account
        for name in dict.fromkeys((*read, *([records] if records else []))):
            first, of = ("start", "end") if name in read else (), self.facts.shape.lists[name]
            fields = [k for k in dict.fromkeys((*first, *of.facts)) if among(pattern(name, k))]
            every = self._known_of_any(name, fields)
            asked = {*of.moments, *values_asked(self.definition)}
            bearing = every if name != records else [key for key in every if key in asked]
            for record in self.facts.lists[name] if every else ():
                some = open_of(record, every if len(record.boxes) > 1 else bearing)
                keys = self._known_of(name, record, some)
                if keys and name == records and self._plainly.bears_on_nothing(name, record, ""):
                    continue  # nothing of it matters
                if name != records:
                    keys = [k for k in keys if not self._bears_on_nothing(name, record, k)]
                if keys:
                    yield from self._of_open(name, record, keys)
            if among(complete_path(name)) and (more := self.of_list(name)):
                yield more


def relevant_facts(
    facts: KnownHistory,
    definition: ClassDefinition,
    knowable: Callable[[str], bool] = everything,
    among: Callable[[str], bool] = everything,
) -> Iterator[RelevantFact]:
    """Every unknown fact that can be known and can change the status; where, it is not said."""
    return Relevance(facts, definition, knowable, is_cut=False).matter(among)


def _either(asked: list[Values | Bounds]) -> Values | Bounds:
    """The condition that is met by whatever meets one of several."""
    values = [each for each in asked if isinstance(each, frozenset)]
    bounds = [each for each in asked if isinstance(each, tuple)]
    if values:
        return frozenset[bool | str]().union(*values)
    return min(low for low, _ in bounds), max(high for _, high in bounds)
