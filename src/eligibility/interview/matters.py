"""What of K is worth asking: what `verdict.relevance` says of it, for one who is interviewed.

Nothing is decided here of what can change the status. What is added: a long list is looked through
in short (`few`), conditions and cuts lie on whole days, and a fact may be looked at as if nothing
more than is known spoke for or against the account, so that nobody is asked for dates, or for one
more message, before it is known that they can matter.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import Final

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.coverage import possibly_counts
from eligibility.evaluation.reference import Surely, Times
from eligibility.facts.boxes import (
    ANY_TIME,
    Bounds,
    Box,
    Said,
    Values,
    disjoint,
    narrowed,
    restrictions,
    unimplied,
)
from eligibility.facts.known import KnownHistory, KnownRecord, unlisted_of
from eligibility.facts.normalise import is_unlisted
from eligibility.interview.few import Few
from eligibility.interview.knowable import Knowable
from eligibility.values.date_words import day_before_and_after, whole_days
from eligibility.values.timeline import DAY, EARLIEST, LATEST, SECOND
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.unknown import RelevantFact

#: How many records are shown to pick from at once.
MOST_SHOWN: Final = 400
#: So near to either end of the time line, nobody asks for a date.
LONG_AGO: Final = 366 * DAY
#: A day on which clocks are set back.
_LONGEST_DAY: Final = 25 * DAY // 24


@frozen(slots=False, eq=False)
class Matters:
    """What can matter of some facts. Dates are cut on days of `zone` where days do.

    It may be supposed that some lists that they can know are `closed`, and, if it is `hopeful`,
    that the account is all that is asked of it. What matters then matters anyway.
    """

    few: Few
    zone: str
    hopeful: bool = False
    closed: frozenset[str] = frozenset()

    @property
    def knowable(self) -> Knowable:
        """The facts that can still be said."""
        return self.few.knowable

    @cached_property
    def relevance(self) -> Relevance | None:
        """What can matter; nothing, if all is decided."""
        return self.few.relevance(self._facts)

    @cached_property
    def _facts(self) -> KnownHistory:
        facts, definition = self.few.short, self.few.definition
        for name in self.closed & facts.open:
            facts = facts.complete(name) if self.knowable.records(name) else facts
        if not self.hopeful:
            return facts
        answers = dict(facts.answers)
        for form in definition.normal_form.disjuncts[:1]:
            for only in form.answers:
                if answers[only.path] is None and self.knowable.account(only.path):
                    answers[only.path] = True in only.values
        return evolve(facts, answers=answers)

    def in_one_way(self, way: ClassDefinition) -> "Matters":
        """What matters of one way to be in the class, one of `alternatives`, by itself."""
        return evolve(self, few=evolve(self.few, definition=way))

    # ---- what matters --------------------------------------------------------------------------

    def fact(self, name: str, record: KnownRecord, key: str) -> RelevantFact | None:
        """A fact of a record, if it can matter."""
        if self.relevance is None or self.relevance.is_idle:
            return None
        if not self.knowable.fact(name, record.index, key):
            return None
        low, high = record.bounds.get(key, ANY_TIME)
        if high - low < SECOND:
            return None  # nobody knows it more closely than to the second
        if name == self.few.definition.record_list:
            if record.index not in self.few.numbers:
                return None  # it could not count
            record = self.few.short.lists[name][self.few.numbers[record.index]]
        return self.relevance.of_fact(name, record, key)

    def to_pick_from(
        self,
        name: str,
        key: str,
        parts: Sequence[Sequence[KnownRecord]],
        likely: Collection[int],
    ) -> tuple[list[KnownRecord], tuple[int, ...]]:
        """The records of which to ask at once whether a fact is as asked for; the places of others.

        They come in parts that fare alike, and go out in their order, those first that hints speak
        of. Of more than can be shown these are shown, and those that would decide.
        """
        by_index, of_all = attrgetter("index"), chain.from_iterable
        every, others = [*of_all(parts)], frozenset[int]()
        if len(every) > MOST_SHOWN:  # there may be thousands
            more = {key: self.few.definition.normal_form.wanted(key)}
            telling: dict[bool, list[Sequence[KnownRecord]]] = {True: [], False: []}
            for part in parts:
                telling[self._is_in(name, part[0], more)].append(part)
            hinted = [each for each in every if each.index in likely] if likely else []
            first = of_all(sorted(of_all(some), key=by_index) for some in telling.values())
            order = {r.index: r for r in islice(chain(hinted, first), MOST_SHOWN + len(hinted))}
            others = frozenset(map(by_index, every)).difference(islice(order, MOST_SHOWN))
            every = [*islice(order.values(), MOST_SHOWN)]
        every.sort(key=lambda each: (each.index not in likely, each.index))
        return every, tuple(sorted(others))

    def _is_in(self, name: str, record: KnownRecord, more: Said) -> bool:
        """Whether a record surely puts the account in the class, once so much more is known."""
        list_shape = self._facts.shape.lists[name]
        boxes = [made for box in record.boxes for made in narrowed(box, list_shape, more)]
        view, ways = self._sure_ways
        known = evolve(record, boxes=tuple(boxes))
        return bool(boxes) and any(view.meets(known, *way) for way in ways)

    @cached_property
    def _sure_ways(self) -> tuple[Surely, tuple[tuple[Disjunct, Times], ...]]:
        """The ways to be surely in, each with where it holds the moments of a record."""
        view = Surely(self._facts, self.few.definition)
        ways = filter(view.account, self.few.definition.normal_form.disjuncts)
        return view, tuple((way, view.times(way)) for way in ways)

    def one_more(self, name: str) -> dict[str, Values | Bounds] | None:
        """The weakest conditions under which one more record of a list matters, if one can."""
        if name not in self._where:
            self._where[name] = self._of_one_more(name)
        return self._where[name]

    @cached_property
    def _where(self) -> dict[str, dict[str, Values | Bounds] | None]:
        return {}

    def is_one_more(self, name: str) -> bool:
        """Whether it can matter that there is one more record of a list."""
        return self.relevance is not None and self.relevance.of_list(name) is not None

    def _of_one_more(self, name: str) -> dict[str, Values | Bounds] | None:
        if self.relevance is None or not self.is_one_more(name):
            return None
        where = self._in_days(name, self.relevance.where(name))
        list_shape = evolve(self._facts.shape.lists[name], supposed=None)
        stated = tuple(self._facts.stated[name].values())
        if is_unlisted(list_shape, stated, where):
            return where
        # No record can be added of what is stated to be listed, so each part that is left is asked
        # for by itself.
        return self.one_more_in(name, {})

    def one_more_in(self, name: str, within: Said) -> dict[str, Values | Bounds] | None:
        """The weakest conditions under which one more record of a list matters, of those within.

        Where statements about the list leave several parts, it is asked for one of them.
        """
        if self.relevance is None or not self.is_one_more(name):
            return None
        list_shape = evolve(self._facts.shape.lists[name], supposed=None)
        stated = tuple(self._facts.stated[name].values())
        for each in disjoint(unlisted_of(list_shape, stated), list_shape):
            for part in narrowed(each, list_shape, within):
                relevance = self._of_part(name, part)
                if relevance is not None and relevance.of_list(name) is not None:
                    asked = self._in_days(name, relevance.where(name))
                    for left in narrowed(part, list_shape, asked):
                        return dict(restrictions(left, list_shape))
        return None

    def _of_part(self, name: str, part: Box) -> Relevance | None:
        """What can matter, if one more record of a list is in one box or there is none."""
        list_shape = self._facts.shape.lists[name]
        supposed = list_shape.supposed
        boxes = tuple(supposed.boxes(part, list_shape)) if supposed else (part,)
        facts = evolve(self._facts, unlisted={**self._facts.unlisted, name: boxes})
        return self.few.relevance_now(facts)

    def _in_days(self, name: str, where: Said) -> dict[str, Values | Bounds]:
        """Conditions, on whole days where they are on moments, without what follows from others."""
        days = {
            key: whole_days(each, self.zone) if isinstance(each, tuple) else each
            for key, each in where.items()
        }
        return unimplied(days, self._facts.shape.lists[name].record)

    def useful(self, name: str) -> Bounds | None:
        """The first and the last instant that one more span of a list could matter by covering."""
        where = self.one_more(name)
        if where is None:
            return None
        first, last = where.get("end", ANY_TIME), where.get("start", ANY_TIME)
        assert isinstance(first, tuple)  # noqa: S101 - moments have bounds
        assert isinstance(last, tuple)  # noqa: S101 - as above
        return first[0], last[1]

    def account(self, path: str) -> bool:
        """Whether a yes/no fact of the account can matter."""
        return self.relevance is not None and self.relevance.of_account(path) is not None

    def counting(self, name: str) -> tuple[KnownRecord, ...]:
        """The spans of a list that may count."""
        several = self.few.definition.filters[name]
        spans = self.few.facts.lists[name]
        return tuple(s for s in spans if any(possibly_counts(s, where) for where in several))

    # ---- where it turns ------------------------------------------------------------------------

    def pieces(self, name: str, record: KnownRecord, key: str) -> list[Bounds]:
        """The bounds of a moment, cut on days where it makes a difference on which side it lies."""
        fact, (low, high) = self.fact(name, record, key), record.bounds[key]
        first, last = max(low + DAY, EARLIEST + LONG_AGO), min(high - DAY, LATEST - LONG_AGO)
        for cuts in self.relevance.cuts(fact) if fact and self.relevance else ():
            days = {day for at in cuts for day in self._days(at + 1) if first < day <= last}
            if days:
                edges = [low, *sorted(days), high + 1]
                return [(at, then - 1) for at, then in pairwise(edges)]
        return [(low, high)]

    def _days(self, at: int) -> tuple[int, ...]:
        """The beginnings of days to cut on for an instant: its own, or those on either side."""
        before, *after = day_before_and_after(at, self.zone)
        for day in (before, *after):
            if abs(day - at) < SECOND:  # nobody knows the last instant of a day from the next
                return (day,)
        return (before, *after)


def is_day(record: KnownRecord, key: str) -> bool:
    """Whether a moment is known to the day."""
    low, high = record.bounds.get(key, ANY_TIME)
    return high - low < _LONGEST_DAY
