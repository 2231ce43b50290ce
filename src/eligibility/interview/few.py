"""A long history in short: of the records that nothing tells apart, two stand for all.

Whether a message is sent on one day or on the next makes no difference, unless something begins or
ends between the two: something that the definition or a supposition asks for, or a span that may
count. The first and the last stand for those between.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from attrs import evolve, field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.evaluation.coverage import possibly_counts
from eligibility.evaluation.reference import membership
from eligibility.evaluation.work import Work
from eligibility.facts.boxes import Box
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import parse
from eligibility.interview.changes import Changes, applied
from eligibility.interview.knowable import Knowable
from eligibility.interview.listing import Listing
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.truth import Status, Truth
from eligibility.verdict.alike import edges_of
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.unknown import ByRecord


@frozen(slots=False, eq=False)
class Few:
    """Facts, in short, under a definition, for somebody who can know so much."""

    facts: KnownHistory
    definition: ClassDefinition
    knowable: Knowable
    listing: Listing
    _relevances: dict[tuple[object, ...], Relevance | None] = field(init=False, factory=dict)
    _paths: dict[str, bool] = field(init=False, factory=dict)
    _others: list["Few"] = field(init=False, factory=list)

    def knowing(self, knowable: Knowable) -> "Few":
        """The same for somebody who can know so much; what was found for them is kept."""
        found = next((each for each in (self, *self._others) if each.knowable == knowable), None)
        if found is None:
            found = evolve(self, knowable=knowable)
            self._others.append(found)
        return found

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Which records of the class stand for all, by their places in the whole list."""
        return tuple(record.index for part in self._parts for record in self._standing(part))

    @cached_property
    def numbers(self) -> dict[int, int]:
        """Their places in the short list, by those in the whole list."""
        return {at: number for number, at in enumerate(self.places)}

    @cached_property
    def short(self) -> KnownHistory:
        """The facts with these records only, numbered from 0."""
        return self._with(self.places)

    @property
    def records(self) -> tuple[KnownRecord, ...]:
        """These records, as they are in the whole list."""
        name = self.definition.record_list
        return tuple(self.facts.lists[name][at] for at in self.places) if name else ()

    def alike(self, is_so: Callable[[KnownRecord], object]) -> list[Sequence[KnownRecord]]:
        """All records that nothing tells apart from one that stands for them and is so, in parts.

        Of two that stand for a part it is asked of the second only if the first is not.
        """
        return [part for part in self._parts if any(map(is_so, self._standing(part)))]

    def status(self, changes: Changes) -> Status:
        """The status, with so much more known: that of the whole history."""
        name = self.definition.record_list
        paths = {path: parse(path) for path in changes}
        touched = {at.index for at in paths.values() if at.index is not None and at.name == name}
        if name is None or len(touched) > 1:
            return Status.of(membership(applied(self.facts, changes), self.definition))
        listed = self.facts.lists[name]
        places = list(self.places)
        places += [at for at in touched - set(places) if at < len(listed)]
        left = [
            next((r.index for r in part if r.index not in touched), None)
            for part in self._parts
            if touched.intersection(record.index for record in self._standing(part))
        ]
        places += [at for at in left if at is not None and at not in places]
        number = {at: place for place, at in enumerate(places)} | {len(listed): len(places)}
        moved = {
            path.replace(f"[{at.index}]", f"[{number[at.index]}]", 1)
            if at.name == name and at.index is not None
            else path: changes[path]
            for path, at in paths.items()
        }
        return Status.of(membership(applied(self._with(places), moved), self.definition))

    # ---- what matters of them --------------------------------------------------------------------

    def relevance(self, facts: KnownHistory) -> Relevance | None:
        """What can matter of the short history with other answers, or some lists closed.

        What was found of the same is not looked for again; nor is anything where nothing matters of
        less: what matters with more known matters anyway.
        """
        of = (facts.open, tuple(facts.answers.values()))
        if of not in self._relevances:
            less = (r for r in self._relevances.values() if r and _is_more(facts, r.facts))
            idle = next((each for each in less if each.is_idle), None)
            self._relevances[of] = idle or self.relevance_now(facts)
        return self._relevances[of]

    def relevance_now(self, facts: KnownHistory) -> Relevance | None:
        """What can matter of a history with the records of the short one; nothing, if decided."""
        is_open = membership(facts, self.definition) == Truth.UNKNOWN
        knowable = ByRecord(self._can_know, self._alike)
        return Relevance(facts, self.definition, knowable, work=self.work) if is_open else None

    @cached_property
    def work(self) -> Work:
        """What may be spent on one question, whatever is looked for."""
        return Work.of_a_question(self.short.lists)

    def _can_know(self, path: str) -> bool:
        if path not in self._paths:
            self._paths[path] = self._can(path)
        return self._paths[path]

    def _can(self, path: str) -> bool:
        at = parse(path)
        if at.is_complete:
            return self.knowable.records(at.field)
        if at.is_pattern:
            return self.knowable.fact(at.name, None, at.field)
        if at.index is None:
            return self.knowable.account(path)
        index = self.places[at.index] if at.name == self.definition.record_list else at.index
        return self.knowable.fact(at.name, index, at.field)

    def _alike(self, name: str, number: int) -> object:
        """What is the same for records of the short history of which the same can be said."""
        at = self.places[number] if name == self.definition.record_list else number
        if (name, at) in self.knowable.apart:
            return at
        return "listed" if at < self.knowable.listed.get(name, 0) else "said"

    # ---- which stand for which -----------------------------------------------------------------

    def _with(self, places: Sequence[int]) -> KnownHistory:
        name = self.definition.record_list
        if not name:
            return self.facts
        records = self.facts.lists[name]
        kept = (evolve(records[at], index=number) for number, at in enumerate(places))
        return self.facts.with_list(name, tuple(kept))

    @cached_property
    def _parts(self) -> tuple[Sequence[KnownRecord], ...]:
        name = self.definition.record_list
        if name is None:
            return ()
        if self._hangs_together:
            parts: Iterable[Sequence[KnownRecord]] = ([each] for each in self.facts.lists[name])
        else:
            parts = self.listing.slices(self._edges)
        return tuple(part for part in parts if any(map(self._could_count, part[0].boxes)))

    @property
    def _hangs_together(self) -> bool:
        """Whether records may be in together of which none is in by itself.

        It takes a span that surely covers no single instant, and ends as close as they are many.
        """
        name = self.definition.record_list or ""
        return any(
            span.is_crossing
            and span.bounds["start"][1] - span.bounds["end"][0] < len(self.facts.lists[name])
            for spans in self.definition.filters
            for span in self.facts.lists[spans]
        )

    @cached_property
    def _edges(self) -> tuple[int, ...]:
        """The instants from which on something may be otherwise than before."""
        found = set(edges_of(self.definition))
        for list_shape in self.facts.shape.lists.values():
            found.update(list_shape.supposed.edges if list_shape.supposed else ())
        boxes = [box for several in self.facts.unlisted.values() for box in several]
        for name, several in self.definition.filters.items():
            for span in self.facts.lists[name]:
                if any(possibly_counts(span, where) for where in several):
                    boxes += span.boxes
        found |= {
            at for box in boxes for low, high in box.bounds.values() for at in (low, high + 1)
        }
        return tuple(sorted(at for at in found if EARLIEST < at <= LATEST))

    def _could_count(self, box: Box) -> bool:
        """Whether the values of a box allow what is asked in some way."""
        return any(
            all(box.values[name] & allowed for name, allowed in disjunct.values.items())
            for disjunct in self.definition.normal_form.disjuncts
        )

    def _standing(self, part: Sequence[KnownRecord]) -> Sequence[KnownRecord]:
        """The records that stand for all of a part: the first and the last."""
        return (part[0], part[-1]) if len(part) > 1 else part[:1]

    def is_in_by_values(self, record: KnownRecord) -> bool:
        """Whether nothing can be said of the values of a record that keeps it out."""
        name = self.definition.record_list or ""
        return any(
            not any(
                record.values[key] - allowed and self.knowable.fact(name, record.index, key)
                for key, allowed in disjunct.values.items()
            )
            for disjunct in self.definition.normal_form.disjuncts
        )

    def surely_in_by_values(self, record: KnownRecord) -> Iterator[Box]:
        """The ways in which a record may be that are in by their values, if it was at their time.

        Another way that is out may be at the same time: nobody can tell the two by a date. So it is
        of a message that may have been an InMail, once they do not know.
        """
        for disjunct in self.definition.normal_form.disjuncts:
            ways: dict[bool, list[Box]] = {True: [], False: []}
            for box in record.boxes:
                asked = disjunct.values.items()
                ways[all(box.values[key] <= allowed for key, allowed in asked)].append(box)
            yield from (b for b in ways[True] if not any(_meets(b, out) for out in ways[False]))


def _is_more(facts: KnownHistory, less: KnownHistory) -> bool:
    """Whether more lists are closed, or answers given, than by others that say the same else."""
    answers = zip(facts.answers.values(), less.answers.values(), strict=True)
    return facts.open <= less.open and all(known in (None, each) for each, known in answers)


def _meets(one: Box, other: Box) -> bool:
    """Whether two ways in which a record may be can be at the same time."""
    return all(
        bounds[0] <= other.bounds[key][1] and other.bounds[key][0] <= bounds[1]
        for key, bounds in one.bounds.items()
        if key in other.bounds
    )
