"""Which unknown facts can matter, of all that somebody can know.

Facts and a definition come in, and which facts can be known; out come those of them that can change
the status, one by one. `turning` says when that is and why none is missed. Outside of the fragment
that the argument holds for, every unknown fact that the definition speaks of is taken for relevant:
too much may be asked there, never too little. So is what the search has not come to when its
allowance of work is spent.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import span_leaves
from eligibility.evaluation.work import OutOfWorkError, Work
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, field_of
from eligibility.verdict.record_turns import one_more_record_turns, record_turns
from eligibility.verdict.span_turns import one_more_turns, span_turns
from eligibility.verdict.turning import Turning
from eligibility.verdict.unknown import RelevantFact, all_unknown


def everything(_path: str) -> bool:
    """That any fact can be known."""
    return True


def relevant_facts(
    facts: KnownHistory,
    definition: ClassDefinition,
    knowable: Callable[[str], bool] = everything,
    among: Callable[[str], bool] = everything,
) -> Iterator[RelevantFact]:
    """Every unknown fact that can be known and can change the status, of an undecided history.

    `knowable` says which facts can be known, by their paths (`messages[].sent_at` of a record that
    nobody listed); those outside stay unknown. Only facts `among` some are looked at.
    """
    read = {leaf.spans for step in definition.steps for leaf in span_leaves(step.condition)}
    in_one_box = all(len(span.boxes) == 1 for name in read for span in facts.lists[name])
    everywhere = (
        fact
        for fact in all_unknown(facts, definition, read)
        if knowable(fact.path) and among(fact.path)
    )
    disjuncts = definition.normal_forms[-1].disjuncts
    if len(disjuncts) != 1 or not definition.exact or not in_one_box:
        yield from everywhere
        return
    # Where all is known, what is possible and what is sure is the same.
    passes = (True,) if knowable is everything else (False, True)
    work = Work.on(facts.lists)
    found: set[tuple[str, int | None, str]] = set()
    try:
        turnings = tuple(
            Turning(facts, definition, disjuncts[0], knowable, surely, work) for surely in passes
        )
        for fact in _Search(facts, definition, turnings, among).relevant_facts():
            found.add((fact.list, fact.index, fact.field))
            yield fact
    except OutOfWorkError:
        for fact in everywhere:
            if (fact.list, fact.index, fact.field) not in found:
                yield fact


@frozen(eq=False)
class _Search:
    """One history and definition, by the passes in which a fact may turn the outcome."""

    facts: KnownHistory
    definition: ClassDefinition
    passes: tuple[Turning, ...]
    among: Callable[[str], bool]

    @property
    def turning(self) -> Iterator[Turning]:
        """The passes in which anything can turn the outcome."""
        return (turning for turning in self.passes if turning.can_turn)

    def looked_at(self, path: str) -> bool:
        """Whether a fact can be known, and is one of those that are looked at."""
        return self.passes[0].knowable(path) and self.among(path)

    def relevant_facts(self) -> Iterator[RelevantFact]:
        """All of them, those of the account and of spans first.

        Raises:
            OutOfWorkError: it takes too long to find the others.
        """
        first, disjunct = self.passes[0], self.passes[0].disjunct
        for only in disjunct.answers:
            if self.facts.answers[only.path] is None and self.looked_at(only.path):
                yield RelevantFact("", None, only.path)
        for name in dict.fromkeys(leaf.spans for leaf in first.leaves):
            yield from self._of_spans(name)
        if self.definition.record_list:
            yield from self._of_records(self.definition.record_list)

    # ---- spans -----------------------------------------------------------------------------------

    def _of_spans(self, name: str) -> Iterator[RelevantFact]:
        first = self.passes[0]
        leaves = [leaf for leaf in first.leaves if leaf.spans == name]
        fields = ["start", "end", *(field_of(only.path) for only in leaves[0].where)]

        def found(span: KnownRecord) -> Iterator[RelevantFact]:
            known = first.spans.known(name, span.index)
            for key in fields:
                path = fact_path(name, span.index, key)
                if key in known and _is_open(span, key) and self.among(path):
                    each = (span_turns(turning, name, span, key) for turning in self.turning)
                    at = next((cuts for cuts in each if cuts is not None), None)
                    if at is not None:
                        yield RelevantFact(name, span.index, key, at)

        yield from self._alike(name, found)
        if self.looked_at(complete_path(name)) and any(
            one_more_turns(turning, leaf) for turning in self.turning for leaf in leaves
        ):
            yield RelevantFact(name, None, "complete")

    # ---- records ---------------------------------------------------------------------------------

    def _of_records(self, name: str) -> Iterator[RelevantFact]:
        yield from self._alike(name, self._of_record)
        if self.looked_at(complete_path(name)) and any(map(one_more_record_turns, self.turning)):
            yield RelevantFact(name, None, "complete")

    def _of_record(self, record: KnownRecord) -> Iterator[RelevantFact]:
        first, name = self.passes[0], self.definition.record_list or ""
        if not first.can_be_in(record):
            return
        known = first.spans.known(name, record.index)
        for key in first.list_shape.facts:
            path = fact_path(name, record.index, key)
            if (
                key in known
                and _is_open(record, key)
                and self.among(path)
                and first.bears(record, key)
            ):
                found = (record_turns(turning, record, key) for turning in self.turning)
                at = next((each for each in found if each is not None), None)
                if at is not None:
                    yield RelevantFact(name, record.index, key, at)

    def _alike(
        self, name: str, found: Callable[[KnownRecord], Iterable[RelevantFact]]
    ) -> Iterator[RelevantFact]:
        """The relevant facts of each record of a list; those that say the same share theirs.

        What says the same is the same only if the same can be known of it.
        """
        shared: dict[tuple[Any, ...], list[RelevantFact]] = {}
        for record in self.facts.lists[name]:
            kind = self.passes[0].spans.kind(name, record)
            if kind in shared:
                yield from (evolve(fact, index=record.index) for fact in shared[kind])
                continue
            shared[kind] = []
            for fact in found(record):
                shared[kind].append(fact)
                yield fact


def _is_open(record: KnownRecord, key: str) -> bool:
    if key in record.values:
        return len(record.values[key]) > 1
    return key in record.bounds and record.bounds[key][0] < record.bounds[key][1]
