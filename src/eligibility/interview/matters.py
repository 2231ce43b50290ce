"""What of K matters, and where it turns: the one place that decides what is worth asking.

Something matters if, all else of K being known in some way, one answer leads to another status
than another one. All else is completed in the few ways that tell: the other lists help as much as
they can, the other spans of the same list as little as they can, or everywhere else.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from attrs import evolve, frozen

from eligibility.evaluation.coverage import possibly_counts
from eligibility.facts.boxes import ANY_TIME, Bounds, Said, Values, narrowed
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import fact_path, field_of
from eligibility.interview.outcomes import Outcomes, Outlook, Way, halved, inside
from eligibility.values.date_words import day_before_and_after, whole_days
from eligibility.values.timeline import EARLIEST, LATEST


@frozen(slots=False)
class Matters:
    """What can still matter, of some facts.

    Dates are cut on days of `zone` where days do; `asked` are facts that were asked for before.
    """

    outlook: Outlook
    zone: str
    asked: Collection[str] = ()

    @cached_property
    def has_ended(self) -> bool:
        """Whether nothing that is still said of K changes the status."""
        worst, best = self.outlook.extremes()
        return worst == best

    @property
    def _facts(self) -> KnownHistory:
        return self.outlook.facts

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """Where something may turn, as the beginnings of days."""
        days = (day for at in self.outlook.all_edges for day in day_before_and_after(at, self.zone))
        return tuple(sorted({at for at in days if EARLIEST < at <= LATEST}))

    def _all_good(self, but: str = "") -> KnownHistory:
        facts = self.outlook.answered(self._facts, good=True)
        for name in self.outlook.filters:
            if name != but:
                harms = name in self.outlook.harming
                facts = (
                    self.outlook.shrunk(facts, name) if harms else self.outlook.grown(facts, name)
                )
        return facts

    # ---- spans ---------------------------------------------------------------------------------

    def useful(self, name: str) -> Bounds | None:
        """The first and the last instant that one more span of a list could matter by covering."""
        out, others = self.outlook, self._all_good(but=name)
        if not out.knowable.records(name) or not self._facts.unlisted[name]:
            return None
        bare = out.shrunk(others, name)
        none, whole = (
            out.of(bare),
            out.of(out.with_span(bare_open(others, bare, name), name, ANY_TIME)),
        )
        if none == whole:
            return None
        open_list = bare_open(others, bare, name)

        def matters(cell: Bounds) -> bool:
            rest = [(EARLIEST, cell[0] - 1), (cell[1] + 1, LATEST)]
            rest = [each for each in rest if each[0] <= each[1]]
            return (
                out.of(out.with_span(open_list, name, cell)) != none
                or out.of(out.with_span(open_list, name, *rest)) != whole
            )

        cells = out.cells(ANY_TIME, out.all_edges)
        first = next((cell for cell in cells if matters(cell)), None)
        if first is None:
            return ANY_TIME
        last = next(cell for cell in reversed(cells) if matters(cell))
        return whole_days((first[0], last[1]), self.zone)

    def _contexts(self, name: str, index: int) -> Iterator[KnownHistory]:
        """What else could be, where a fact of one span is asked for."""
        out, others = self.outlook, self._all_good(but=name)
        late, early = (out.shrunk(others, name, index, early=each) for each in (False, True))
        yield late
        if early != late:
            yield early
        if out.knowable.records(name) and self._facts.unlisted[name]:
            span = self._facts.lists[name][index]
            first, last = span.bounds["start"][0], span.bounds["end"][1]
            rest = [(EARLIEST, first - 1), (last + 1, LATEST)]
            rest = [each for each in rest if each[0] <= each[1]]
            if rest:
                yield out.with_span(bare_open(others, late, name), name, *rest)

    def of_span(self, name: str, index: int, said: Said) -> tuple[Outcomes, ...] | None:
        """What comes of it that so much is said of one span; None if that cannot be."""
        out, span = self.outlook, self._facts.lists[name][index]
        list_shape = self._facts.shape.lists[name]
        boxes = tuple(b for box in span.boxes for b in narrowed(box, list_shape, said))
        if not boxes:
            return None
        span = evolve(span, boxes=boxes)
        most = {k: v for k, v in out.longest(name, span).items() if k not in said}
        grown = tuple(b for box in boxes for b in narrowed(box, list_shape, most))
        span = evolve(span, boxes=grown or boxes)
        return tuple(out.of(c.with_record(name, span)) for c in self._contexts_of(name, index))

    def _contexts_of(self, name: str, index: int) -> tuple[KnownHistory, ...]:
        key = (name, index)
        if key not in self._kept:
            self._kept[key] = tuple(self._contexts(name, index))
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[str, int], tuple[KnownHistory, ...]]:
        return {}

    def do_spans(self, name: str, other: KnownHistory) -> bool:
        """Whether other spans of a list make a difference, as little as the others may cover."""
        out, others = self.outlook, self._all_good(but=name)
        lists, unlisted = {**others.lists, name: other.lists[name]}, dict(others.unlisted)
        instead = evolve(others, lists=lists, unlisted=unlisted)
        return out.of(out.shrunk(others, name)) != out.of(out.shrunk(instead, name))

    # ---- records -------------------------------------------------------------------------------

    @cached_property
    def _extremes(self) -> tuple[KnownHistory, ...]:
        """What spans could be, where a record is asked about: all that they can, and least."""
        good, bad = self._all_good(), self.outlook.answered(self._facts, good=True)
        for name in self.outlook.filters:
            bad = self.outlook.shrunk(bad, name)
        return (good,) if good == bad else (good, bad)

    def of_record(self, index: int, said: Said, fixed: str) -> Outcomes | None:
        """What can come of it at best that so much is said of one record; None if it cannot be."""
        out = self.outlook
        name = out.records or ""
        record, list_shape = self._facts.lists[name][index], self._facts.shape.lists[name]
        boxes = tuple(b for box in record.boxes for b in narrowed(box, list_shape, said))
        if not boxes:
            return None
        others = tuple(way for way in out.stubborn if way.record != index)
        ways = [Way(index, each) for each in out.assignments(boxes, index, fixed=fixed)]
        return tuple(max(out.of(facts, ways, others)) for facts in self._extremes)

    def one_more(self) -> dict[str, Values | Bounds] | None:
        """The conditions that one more record must meet to matter; None if none could."""
        out = self.outlook
        name = out.records
        if name is None or not out.knowable.records(name) or not self._facts.unlisted[name]:
            return None
        ways = [way for way in out.ways if way.record is None]
        telling = []
        for facts in self._extremes:
            none, *found = out.of(facts, ways)
            telling += [way for way, status in zip(ways, found, strict=True) if status != none]
        return self._conditions(name, telling) if telling else None

    def _conditions(self, name: str, telling: list[Way]) -> dict[str, Values | Bounds]:
        out, list_shape = self.outlook, self._facts.shape.lists[name]
        conditions: dict[str, Values | Bounds] = {}
        for key in list_shape.values:
            asked = [disjunct.values.get(key) for disjunct in out.disjuncts]
            if all(asked) and out.knowable.fact(name, None, key):
                conditions[key] = frozenset().union(*(each for each in asked if each))
        for key in list_shape.moments:
            if not out.knowable.fact(name, None, key):
                continue
            spots = [b.bounds[key] for way in telling for b in way.boxes if key in b.bounds]
            if not spots:
                continue
            first, last = min(low for low, _ in spots), max(high for _, high in spots)
            bounds = whole_days((first, last), self.zone)
            if bounds != ANY_TIME:
                conditions[key] = bounds
        return conditions

    # ---- moments, values, the account ----------------------------------------------------------

    def pieces(self, name: str, record: KnownRecord, key: str) -> list[Bounds]:
        """The bounds of a moment, cut where it makes a difference on which side it lies."""
        return [cell for cell, _ in self._pieces(name, record, key, self.edges)]

    def _pieces(
        self, name: str, record: KnownRecord, key: str, edges: tuple[int, ...]
    ) -> list[tuple[Bounds, set[object]]]:
        """The pieces, each with what comes of it that the moment lies near either end of it.

        Of a day, the first instant and the last are as the others: nobody knows them apart.
        """
        found: list[tuple[Bounds, set[object]]] = []
        for cell in self.outlook.cells(record.bounds[key], edges):
            near = inside(cell)
            ends = {self.of_fact(name, record.index, key, (at, at)) for at in near} - {None}
            if found and found[-1][1] == ends:
                found[-1] = ((found[-1][0][0], cell[1]), ends)
            elif ends:
                found.append((cell, ends))
        return found

    def of_fact(self, name: str, index: int, key: str, value: Values | Bounds) -> object:
        """What comes of it that one fact of a record is so."""
        if name in self.outlook.filters:
            return self.of_span(name, index, {key: value})
        return self.of_record(index, {key: value}, key)

    def does_fact(self, name: str, record: KnownRecord, key: str) -> bool:
        """Whether a fact of one record can matter."""
        out = self.outlook
        if not out.knowable.fact(name, record.index, key):
            return False
        if key in record.values:
            several = record.values[key]
            if len(several) < 2 or not self._is_read(name, key):
                return False
            found = {self.of_fact(name, record.index, key, frozenset({v})) for v in several}
            return len(found - {None}) > 1
        first, last = record.bounds.get(key, (0, 0))
        if first == last or (name == self.outlook.records and not self._is_tested(key)):
            return False
        pieces = self._pieces(name, record, key, halved(self.edges))
        if len(set().union(*(ends for _, ends in pieces))) > 1:
            return True
        if fact_path(name, record.index, key) in self.asked or not out.knows_instants:
            return False  # whoever speaks of days does not know one instant from the next
        cells = out.cells((first, last), halved(out.all_edges))
        exact = {self.of_fact(name, record.index, key, (at, at)) for c in cells for at in c}
        return len(exact - {None}) > 1 or self._turns_with_other_end(name, record, key)

    def _turns_with_other_end(self, name: str, span: KnownRecord, key: str) -> bool:
        """Whether one end of a span matters where the other end lies close to it."""
        if name not in self.outlook.filters or key not in ("start", "end"):
            return False
        within = span.bounds["start"][0], span.bounds["end"][1]
        cells = self.outlook.cells(within, halved(self.outlook.all_edges))
        for first, last in pairwise(sorted({at for cell in cells for at in cell})):
            both = {"start": (first, first), "end": (last, last)}
            at = both["end" if key == "start" else "start"]
            found = {
                self.of_span(name, span.index, each) for each in (both, dict.fromkeys(both, at))
            }
            if len(found - {None}) > 1:
                return True
        return False

    def _is_tested(self, key: str) -> bool:
        """Whether a moment of a record is asked for, or one that follows it or that it follows."""
        list_shape = self._facts.shape.lists[self.outlook.records or ""]
        near = {key, *(each for pair in list_shape.record.order if key in pair for each in pair)}
        return any(near & disjunct.moments.keys() for disjunct in self.outlook.disjuncts)

    def _is_read(self, name: str, key: str) -> bool:
        if name in self.outlook.filters:
            return any(field_of(only.path) == key for only in self.outlook.filters[name])
        return any(key in disjunct.values for disjunct in self.outlook.disjuncts)

    def does_account(self, path: str) -> bool:
        """Whether a yes/no fact of the account can matter."""
        facts = self._all_good()
        if self._facts.answers[path] is not None or not self.outlook.knowable.account(path):
            return False
        said = [evolve(facts, answers={**facts.answers, path: each}) for each in (True, False)]
        return self.outlook.of(said[0]) != self.outlook.of(said[1])

    def counting(self, name: str) -> tuple[KnownRecord, ...]:
        """The spans of a list that may count."""
        where = self.outlook.filters[name]
        return tuple(span for span in self._facts.lists[name] if possibly_counts(span, where))


def bare_open(others: KnownHistory, bare: KnownHistory, name: str) -> KnownHistory:
    """The spans as in `bare`, and more of them possible as in the others."""
    unlisted: Mapping[str, object] = {**bare.unlisted, name: others.unlisted[name]}
    return evolve(bare, unlisted=unlisted)
