"""Coverage, asked as people know it: of a stretch of time, not of the ends of every span.

A receipt shows that a subscription ran at one instant, and leaves both its ends open. With a dozen
of them, nobody should be asked for two dozen ends: whether there was a break, and between which of
them, says the same.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Any

from attrs import evolve, field, frozen

from eligibility.definition.conditions import Covered, span_leaves
from eligibility.facts.boxes import ANY_TIME, Bounds, Said, disjoint, narrowed, restrictions
from eligibility.facts.known import KnownRecord, unlisted_of
from eligibility.facts.paths import fact_path, field_of, record_path
from eligibility.facts.records import Value
from eligibility.interview.asks import Asks
from eligibility.interview.matters import Matters
from eligibility.interview.question import Answer, Basis, Question
from eligibility.interview.words import Words
from eligibility.values.date_words import whole_days
from eligibility.values.moment import Moment
from eligibility.values.timeline import DAY, EARLIEST, LATEST, write_instant


@frozen(eq=False)
class Stretches:
    """Questions for the coverage of stretches, on some basis.

    `asked` holds the ids of what was asked, `denied` of what was not said to be so.
    """

    matters: Matters
    basis: Basis
    words: Words
    asked: Collection[str]
    denied: Collection[str]
    _vague: dict[str, tuple[KnownRecord, ...]] = field(init=False, factory=dict)
    _mattering: dict[str, bool] = field(init=False, factory=dict)

    def vague(self, name: str) -> tuple[KnownRecord, ...]:
        """Of several spans that were listed from the start, those of which more could be said."""
        if name not in self._vague:
            found = tuple(self._open(name))
            self._vague[name] = found if len(found) > 1 else ()
        return self._vague[name]

    def _open(self, name: str) -> Iterator[KnownRecord]:
        listed = len(getattr(self.basis.history, name))
        return (
            span
            for span in self.matters.counting(name)
            if span.index < listed
            and any(
                span.bounds[key][0] < span.bounds[key][1]
                and self.matters.knowable.fact(name, span.index, key)
                for key in ("start", "end")
            )
        )

    def of_records(self, name: str) -> Iterator[Question]:
        """Whether some span covers all the time that one of the records needs, which is in then.

        One that needs a day at the most is not asked about: there may be as many as there are
        records, and of several spans people know between which of them there was a break.
        """
        if not self._matters(name):
            return
        for first, last in sorted(self._needed(name, is_sure=True), reverse=True):
            if last - first >= DAY:
                yield from self.throughout(name, first, last)

    def _needed(self, name: str, *, is_sure: bool) -> set[Bounds]:
        """The times that spans would have to cover for one of the records each, that it is in.

        With `is_sure` only for those that are surely in then.
        """
        few = self.matters.few
        moments = [
            leaf.moment
            for step in self.basis.definition.steps
            for leaf in span_leaves(step.condition)
            if isinstance(leaf, Covered) and leaf.spans == name
        ]
        useful = self.matters.useful(name) or ANY_TIME
        return {
            (box.bounds[key][0], min(box.bounds[key][1], useful[1]))
            for record in few.records
            if few.is_in_by_values(record)
            for box in (few.surely_in_by_values(record) if is_sure else record.boxes)
            for key in map(field_of, moments)
            if key in box.bounds and EARLIEST < box.bounds[key][0] <= useful[1]
        }

    def beyond(self, name: str) -> Iterator[Question]:
        """Whether any span covers what records need before the first of several, or after the last.

        Where receipts end in 2023, and an InMail was sent in 2024, no other question says so; nor
        where it was sent between two of them, of which it is known that there was a break.
        """
        dated = self._dated(name)
        if len(dated) < 2 or len(self.basis.definition.filters[name]) > 1:
            return
        needed = self._needed(name, is_sure=False)
        for after, before in self._around(name, dated):
            group = [each for each in needed if after < each[0] and each[1] < before]
            if group:
                hull = min(at for at, _ in group), max(at for _, at in group)
                low, high = whole_days(hull, self.basis.history.time_zone)
                is_free = after < low and high < before
                if is_free and self._may_have(name, dated, low, high):
                    yield from self._at_any_time(name, low, high)

    def _around(self, name: str, dated: Collection[KnownRecord]) -> Iterator[Bounds]:
        """The times after the last of some spans, before the first, and in breaks between two."""
        yield max(span.bounds["end"][0] for span in dated), LATEST + 1
        yield EARLIEST - 1, min(span.bounds["start"][1] for span in dated)
        counting = self.matters.counting(name) if f"{name}.breaks" in self.asked else ()
        ran = (span for span in counting if span.bounds["end"][0] > EARLIEST)
        for one, then in pairwise(sorted(ran, key=lambda span: span.bounds["end"][0])):
            if one.bounds["end"][1] < then.bounds["start"][1]:
                yield one.bounds["end"][0], then.bounds["start"][1]

    def _may_have(self, name: str, dated: Iterable[KnownRecord], first: int, last: int) -> bool:
        """Whether it matters that there was a span in a time, one more or one of those."""
        ends = (fact_path(name, span.index, key) for span in dated for key in ("start", "end"))
        few = self.matters.few
        matters = evolve(self.matters, few=few.knowing(few.knowable.saying(*ends)))
        within: Said = {"start": (EARLIEST, last), "end": (first, LATEST), **self._kind(name)}
        if self._unlisted(name, within):
            return matters.one_more_in(name, within) is not None
        return any(matters.fact(name, span, key) for span in dated for key in ("start", "end"))

    def _dated(self, name: str) -> list[KnownRecord]:
        """The spans listed from the start that ran at some known time, and of which more is open.

        It may be that they have said of them all that they can, but not of others.
        """
        listed = len(getattr(self.basis.history, name))
        spans = [s for s in self.matters.counting(name) if s.index < listed]
        return [
            span
            for span in spans
            if span.bounds["end"][0] > EARLIEST
            and any(span.bounds[key][0] < span.bounds[key][1] for key in ("start", "end"))
        ]

    def _at_any_time(self, name: str, first: int, last: int) -> Iterator[Question]:
        """Whether there was a span in a time that none is known to lie in."""
        id_ = f"{name}.within.{write_instant(first)}/{write_instant(last)}"
        kind = self._kind(name)
        changes: dict[str, Any] = {}
        for span in self._dated(name):
            if all(span.values[key] <= values for key, values in kind.items()):
                start, end = span.bounds["start"], span.bounds["end"]
                if start[1] < first <= end[1]:  # it ran before, and so it ended before
                    changes[fact_path(name, span.index, "end")] = (end[0], first - 1)
                elif start[0] <= last < end[0]:
                    changes[fact_path(name, span.index, "start")] = (last + 1, start[1])
        within: Said = {"start": (EARLIEST, last), "end": (first, LATEST), **kind}
        parts = self._unlisted(name, within)
        is_new = id_ not in self.asked and not self._is_known(name, first, last)
        if changes and is_new and len(parts) < 2 and self._is_of_all(name, within):
            where = parts[0] if parts else within
            question = Asks(self.basis, self.words, self.asked).any(name, where, more=False)
            yes, no = question.answers
            if parts:
                no = evolve(no, changes={**no.changes, **changes})
            else:  # all that there are are listed
                yes = evolve(yes, changes=self._running(name, first, last))
                no = evolve(no, changes=changes)
            # of another time they may know all the same
            yield evolve(question, id=id_, answers=(yes, no), closes=frozenset())

    def _running(self, name: str, first: int, last: int) -> dict[str, Bounds]:
        """What is known of the one listed span that may have run in a time, if one surely did."""
        spans = [
            span
            for span in self.matters.counting(name)
            if span.bounds["start"][0] <= last and first <= span.bounds["end"][1]
        ]
        if len(spans) != 1:
            return {}
        at, start, end = spans[0].index, spans[0].bounds["start"], spans[0].bounds["end"]
        return {
            fact_path(name, at, "start"): (start[0], min(start[1], last)),
            fact_path(name, at, "end"): (max(end[0], first), end[1]),
        }

    def throughout(self, name: str, first: int, last: int) -> Iterator[Question]:
        """Whether a stretch was covered without a break, if that matters and was not asked yet.

        Of one that never ends nobody can say it.
        """
        id_ = f"{name}.throughout.{write_instant(first)}/{write_instant(last)}"
        changes = self._covering(name, first, last) if first < last < LATEST else None
        if id_ in self.asked or changes is None or self._is_denied(name, first, last):
            return
        if self._matters(name):
            words, kind = self.words.of_list(name), self._kind(name)
            yield Question(
                id_,
                words.topic,
                self.words.throughout(name, first, last, kind),
                "any",
                (Answer("Yes", changes, self.basis), Answer("No", {}, self.basis)),
                words.help,
                list=name,
                condition=self.basis.refinement(
                    {"": {"start": (EARLIEST, first), "end": (last, LATEST), **kind}}
                )[""],
            )

    def _kind(self, name: str) -> dict[str, frozenset[Value]]:
        """Of what kind the spans are that the class reads."""
        return {field_of(only.path): only.values for only in self.basis.definition.filters[name][0]}

    def _unlisted(self, name: str, within: Said) -> list[Said]:
        """What is so of one more span within conditions, in the parts that statements leave."""
        return self._within(name, within, tuple(self.basis.facts.stated[name].values()))

    def _is_of_all(self, name: str, within: Said) -> bool:
        """Whether what statements leave of conditions may be said of all spans, listed or not.

        Where every span since 2023 is stated to be listed, one more began before 2023; the listed
        ones need not. What none of them may be, within the conditions, is so of all.
        """
        list_shape, spans = self.basis.facts.shape.lists[name], self.basis.facts.lists[name]
        boxes = [box for span in spans for box in span.boxes]
        may_be = [left for box in boxes for left in narrowed(box, list_shape, within)]
        of_others = tuple(
            where
            for where in self.basis.facts.stated[name].values()
            if any(narrowed(may, list_shape, where) for may in may_be)
        )
        left = self._within(name, within, of_others)
        return not left or left == self._within(name, within, ())

    def _within(self, name: str, within: Said, stated: tuple[Said, ...]) -> list[Said]:
        list_shape = evolve(self.basis.facts.shape.lists[name], supposed=None)
        parts = disjoint(unlisted_of(list_shape, stated), list_shape)
        every = (left for part in parts for left in narrowed(part, list_shape, within))
        return [restrictions(each, list_shape) for each in every]

    def _matters(self, name: str) -> bool:
        """Whether it matters of some of them when they began or ended."""
        if name not in self._mattering:
            self._mattering[name] = any(
                self.matters.fact(name, span, key)
                for span in self.vague(name)
                for key in ("start", "end")
            )
        return self._mattering[name]

    def _is_denied(self, name: str, first: int, last: int) -> bool:
        """Whether a part of a stretch was asked for, and not said to be covered."""
        return self._holds_any(f"{name}.throughout.", self.denied, first, last)

    def _is_known(self, name: str, first: int, last: int) -> bool:
        """Whether it was said that there was a span in a part of a time, and so in all of it."""
        said = [each for each in self.asked if each not in self.denied]
        return self._holds_any(f"{name}.within.", said, first, last)

    @staticmethod
    def _holds_any(start: str, ids: Iterable[str], first: int, last: int) -> bool:
        """Whether a stretch holds one of those that questions were about."""
        for each in ids:
            if each.startswith(start):
                begun, _, ended = each.removeprefix(start).partition("/")
                if first <= Moment.parse(begun).earliest and Moment.parse(ended).latest <= last:
                    return True
        return False

    def breaks(self, name: str) -> Iterator[Question]:
        """Between which of several spans, such as receipts, there was a break.

        Of a span that may have been at any time there is no date to speak of.
        """
        id_, words = f"{name}.breaks", self.words.of_list(name)
        useful = self.matters.useful(name) or ANY_TIME
        dated = (span for span in self.vague(name) if span.bounds["end"][0] > EARLIEST)
        vague = sorted(dated, key=lambda span: span.bounds["end"][0])
        if id_ in self.asked or len(vague) < 2:
            return
        answers, rest = [], []
        last = min(useful[1] + 1, LATEST)
        until = [*(span.bounds["start"][1] for span in vague[1:]), last]
        for span, following, then in zip(vague, [*vague[1:], None], until, strict=True):
            end = fact_path(name, span.index, "end")
            (low, high) = span.bounds["end"]
            if not low < then - 1 <= high or useful[0] >= then:
                continue
            begins = following is not None and self.matters.fact(name, following, "start")
            if not begins and not self.matters.fact(name, span, "end"):
                continue
            gone = {end: (low, then - 1)}
            if following is not None:
                begun = fact_path(name, following.index, "start")
                first, latest = following.bounds["start"]
                gone[begun] = (max(first, low), latest)
            answers.append(Answer(self.words.gap(low, then), gone, self.basis))
            rest.append({end: (then, high)} if then <= high else {})  # else they must have had one
        if answers:
            theirs = frozenset(
                fact_path(name, span.index, key) for span in vague for key in ("start", "end")
            )
            yield Question(
                id_,
                words.topic,
                self.words.breaks(name, self._kind(name)),
                "pick",
                tuple(answers),
                words.help,
                list=name,
                takes_several=True,
                closes=theirs,
                concludes=theirs,
                rest=tuple(rest),
            )

    def _covering(self, name: str, first: int, last: int) -> dict[str, Any] | None:
        """What is known if a stretch is covered: one more span is, or one of those listed is."""
        kind = self._kind(name)
        within: Said = {"start": (EARLIEST, first), "end": (last, LATEST), **kind}
        if self.matters.knowable.records(name) and self.basis.facts.unlisted[name]:
            parts = self._unlisted(name, within)
            if parts:  # of several no answer could say in which it lies
                at = record_path(name, len(self.basis.facts.lists[name]))
                is_sure = len(parts) == 1 and self._is_of_all(name, within)
                return {at: parts[0]} if is_sure else None
        # one that ran in it, else the nearest: of what lies between the two nobody was asked
        for span in sorted(self.vague(name), key=lambda span: max(0, *_apart(span, first, last))):
            start, end = span.bounds["start"], span.bounds["end"]
            if start[0] <= first and last <= end[1] and self._is_free(name, span, first, last):
                return {
                    fact_path(name, span.index, "start"): (start[0], min(first, start[1])),
                    fact_path(name, span.index, "end"): (max(last, end[0]), end[1]),
                }
        return None

    def _is_free(self, name: str, span: KnownRecord, first: int, last: int) -> bool:
        """Whether no record needs a span between one and a stretch that is apart from it."""
        before, after = _apart(span, first, last)
        return not any(
            (before > 0 and low < first and first - before < high)
            or (after > 0 and last < high and low < last + after)
            for low, high in (self._needed(name, is_sure=False) if max(before, after) > 0 else ())
        )


def _apart(span: KnownRecord, first: int, last: int) -> tuple[int, int]:
    """How long before a stretch a span ran, as far as is known, and how long after it."""
    known = span.bounds["end"][0], span.bounds["start"][1]
    return first - max(known), min(known) - last
