"""Whether there was one more record of a list: under which conditions, and when no longer.

What can matter comes in, with what was said so far; the conditions to ask for go out. They are the
weakest under which one more record matters, so that 'no' says all that there is to say; but each
'yes' must lead on. So once the spans that were spoken of are over, it is asked for a later one; and
once somebody has said the same twice, for another one than that.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from eligibility.facts.boxes import ANY_TIME, Said, possible_boxes, restrictions, without
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.normalise import is_unlisted
from eligibility.facts.paths import complete_path, fact_path, pattern
from eligibility.facts.refinement import is_within
from eligibility.interview.knowable import Knowable
from eligibility.interview.matters import Matters
from eligibility.interview.question import Basis
from eligibility.values.timeline import LATEST, SECOND

#: How often it is asked whether there was one more record of a list.
MOST_MORE: Final = 20
#: How often it is asked when there surely was no span of a list.
MOST_SURE: Final = 2


@frozen
class OneMore:
    """Asks for one more record, on some basis; `asked` holds the ids of what was asked."""

    basis: Basis
    asked: Collection[str]

    @property
    def _facts(self) -> KnownHistory:
        return self.basis.facts

    @property
    def _spans(self) -> Collection[str]:
        """The lists that are read as spans."""
        return self.basis.definition.filters

    def where(self, matters: Matters, name: str) -> Said | None:
        """What to ask for of one more record of a list; None if nothing is."""
        where = None if self.is_worn_out(name) else matters.one_more(name)
        if where is None or self._is_an_instant(name, where):
            return None
        same = [record for record in self._said_again(name) if _may_be(record, where)]
        if not same:
            return self._earlier_too(name, where)
        parts = (*self._beyond(matters, name, where, same), *self._closer(matters, name, same))
        asked = filter(None, (matters.one_more_in(name, each) for each in parts))
        return next((each for each in asked if not self.is_said_again(name, each)), None)

    def is_said_again(self, name: str, where: Said) -> bool:
        """Whether they said again of a record that it meets conditions: they know of no other."""
        return any(_is_so(record, where) for record in self._said_again(name))

    def _beyond(
        self, matters: Matters, name: str, where: Said, same: Iterable[KnownRecord]
    ) -> list[Said]:
        """The conditions, in parts that leave out whatever may be like some records.

        All of it is left out that they could say of these. For a record just like them there is
        nothing to ask: it could not change what comes of two of them.
        """
        list_shape = evolve(self._facts.shape.lists[name], supposed=None)
        left = list(possible_boxes(list_shape, where))
        for box in (box for record in same for box in record.boxes):
            said = restrictions(box, list_shape).items()
            own = {k: v for k, v in said if matters.knowable.is_theirs(pattern(name, k))}
            if own.get("end") == (LATEST, LATEST):
                del own["end"]  # one that has ended lies within one that has not
            left = [piece for each in left for piece in without(each, list_shape, own)]
        return [restrictions(each, list_shape) for each in reversed(left)]

    def _closer(self, matters: Matters, name: str, same: Iterable[KnownRecord]) -> Iterator[Said]:
        """The conditions, in parts that say when a record was more closely than some alike do.

        Of a third record within the bounds of two vague ones they may know where it lies.
        """
        for record in same:
            for key in record.bounds:
                open_ = matters.knowable.saying(fact_path(name, record.index, key))
                several = evolve(matters, few=matters.few.knowing(open_))
                pieces = several.pieces(name, record, key)
                yield from ({key: piece} for piece in reversed(pieces[len(pieces) < 2 :]))

    def later(self, matters: Matters, name: str, spans: Collection[KnownRecord]) -> Said | None:
        """What to ask for of one more span than some that are over by the time that matters."""
        useful = None if self.is_worn_out(name) else matters.useful(name)
        over = max((span.bounds["end"][1] for span in spans), default=LATEST)
        if useful is None or over >= useful[1]:
            return None
        where = matters.one_more(name) or {}
        late = {**where, "end": (max(useful[0], over + 1), LATEST)}
        early = {**where, "end": (useful[0], over)}
        if len(spans) == 1 and matters.one_more_in(name, early) is not None:
            return self.where(matters, name)  # either may matter, and 'no' says it of both
        found = matters.one_more_in(name, late)
        return None if found is None or self.is_said_again(name, found) else found

    def in_one_way(self, matters: Matters, name: str, knowable: Knowable) -> Said | None:
        """What the first of several ways into the class asks for, of whoever doubts what all do.

        Whoever cannot say whether there was a charge then may know that there was none that was not
        refunded. It is asked only while 'no' may be said of every way: 'yes' to one of them would
        have been 'yes' before, and short of all of them 'no' decides nothing.
        """
        several = matters.few.definition.alternatives
        each = (matters.in_one_way(way).one_more(name) for way in several if len(several) > 1)
        ways = [where for where in each if where is not None]
        return ways[0] if ways and all(knowable.may_know(name, where) for where in ways) else None

    def none_of(self, matters: Matters, name: str, unknown: frozenset[str]) -> Said | None:
        """Of what kind it is asked when there surely was no span, once they doubt the list.

        None if it does not matter, or they have said all that they are sure of.
        """
        is_doubted = complete_path(name) in matters.knowable.closed
        if not is_doubted or len(asked := self._sure(name)) >= MOST_SURE or unknown & asked:
            return None
        records = matters.few.definition.record_list or ""
        few = matters.few.knowing(matters.knowable.reopened(name, records))
        where = evolve(matters, few=few).one_more(name)
        kind = {k: each for k, each in (where or {}).items() if isinstance(each, frozenset)}
        return None if where is None else kind

    def is_sure(self, name: str) -> bool:
        """Whether it was asked when there surely was none of a list: it says what 'no' would."""
        return bool(self._sure(name))

    def _sure(self, name: str) -> set[str]:
        return {each for each in self.asked if each.startswith(f"{name}.none.")}

    def is_worn_out(self, name: str) -> bool:
        """Whether it was asked often enough."""
        return sum(each.startswith(f"{name}.any.") for each in self.asked) >= MOST_MORE

    def _said_again(self, name: str) -> list[KnownRecord]:
        """The records that were said in this interview, and say no more than one before them.

        Whoever was asked for one more, and says the same again, has no other like it to speak of.
        """
        said = self._facts.lists[name][len(getattr(self.basis.history, name)) :]
        return [
            record
            for at, record in enumerate(said)
            if any(b.within(own) for one in said[:at] for b in one.boxes for own in record.boxes)
        ]

    def _is_an_instant(self, name: str, where: Said) -> bool:
        """Whether a record would have to lie between two days, which is to say in neither.

        It is so where one span began in one year and ended in the next: of midnight between the two
        it is known that the span ran, and nobody knows of a message that it was sent then. Where
        a span is known to have begun or ended just there, it may be known of; and so where the
        definition itself asks for an instant.
        """
        each = [at for at in where.values() if isinstance(at, tuple) and at[1] - at[0] < SECOND]
        if name in self._spans or not each:
            return False
        spans = (span for spans in self._spans for span in self._facts.lists[spans])
        known = {low for span in spans for low, high in span.bounds.values() if low == high}
        for disjunct in self.basis.definition.normal_form.disjuncts:
            asked = (pair for test in disjunct.moments.values() for pair in test.times.spans)
            known |= {low for low, high in asked if high - low < SECOND}
        return not any(abs(at - low) < SECOND for at in known for low, _ in each)

    def _earlier_too(self, name: str, where: Said) -> Said:
        """Conditions on one more span, without those that nobody would make.

        Where all that matters lies in the very month in which a span began, nobody asks for another
        one in this month, but for an earlier one.
        """
        last, first = (where.get(key) for key in ("start", "end"))
        if name not in self._spans or not (isinstance(first, tuple) and isinstance(last, tuple)):
            return where
        starts = [span.bounds["start"] for span in self._facts.lists[name]]
        stated = tuple(self._facts.stated[name].values())
        wider = {key: asked for key, asked in where.items() if key != "end"}
        is_free = is_unlisted(self._facts.shape.lists[name], stated, wider)
        is_within = any(low <= first[0] and last[1] <= high for low, high in starts)
        return wider if is_within and is_free else where


def _is_so(record: KnownRecord, where: Said) -> bool:
    """Whether a record surely meets conditions."""
    return all(
        is_within(box.values.get(key) or box.bounds.get(key, ANY_TIME), asked)
        for box in record.boxes
        for key, asked in where.items()
    )


def _may_be(record: KnownRecord, where: Said) -> bool:
    """Whether a record may meet conditions."""
    return any(
        all(
            bool(box.values[key] & asked)
            if isinstance(asked, frozenset)
            else box.bounds[key][0] <= asked[1] and asked[0] <= box.bounds[key][1]
            for key, asked in where.items()
            if key in box.values or key in box.bounds
        )
        for box in record.boxes
    )
