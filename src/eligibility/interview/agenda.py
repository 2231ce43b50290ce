"""What to ask next: the questions that could be asked, in the order in which people answer them.

One topic after the other, and one record to its end before the next. First come the spans that
clauses ask for (Premium), then the records (messages), then whatever more spans there were, what
was allowed, and the account. Each question is made only if it matters.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Bounds, Said, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.model import History
from eligibility.facts.paths import complete_path, fact_path, field_of, parse, record_path
from eligibility.interview.asks import Asks
from eligibility.interview.few import Few
from eligibility.interview.knowable import Knowable
from eligibility.interview.matters import Matters, is_day
from eligibility.interview.one_more import OneMore
from eligibility.interview.question import Basis, Question
from eligibility.interview.stretches import Stretches
from eligibility.interview.words import Words
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.truth import Status

#: Whoever cannot say when so many of them were will not know it of another.
MOST_UNDATED: Final = 2


@frozen(slots=False)
class Agenda:
    """What could be asked next.

    `asked` holds the ids of what was asked, `denied` of what was not answered by yes, `unknown` of
    what they do not know, `likely` the indexes of records that hints speak of.
    """

    basis: Basis
    asked: Collection[str]
    denied: Collection[str]
    unknown: Collection[str]
    likely: Collection[int]

    @property
    def few(self) -> Few:
        """The facts in short."""
        return self.basis.few

    @property
    def facts(self) -> KnownHistory:
        """All that is known."""
        return self.few.facts

    @property
    def knowable(self) -> Knowable:
        """What can still be said."""
        return self.few.knowable

    @property
    def history(self) -> History:
        """The history that the interview began with."""
        return self.basis.history

    @cached_property
    def matters(self) -> Matters:
        """What can still matter."""
        return Matters(self.few, self.history.time_zone)

    @cached_property
    def _hopeful(self) -> tuple[Matters, ...]:
        """What can still matter if nothing more speaks against the account.

        First if there is also nothing in its favour but what is listed, then with more spans, then
        with more records.
        """
        definition = self.basis.definition
        stretches = self._stretches(self.matters)
        listed = {n for n in self._filters if self.matters.counting(n) and not stretches.vague(n)}
        records = {definition.record_list or ""} if self.few.records else set()
        several = dict.fromkeys(map(frozenset, (listed | records, records, ())))
        return tuple(
            evolve(self.matters, hopeful=True, closed=definition.harming | closed)
            for closed in several
        )

    @cached_property
    def status(self) -> Status:
        """The status by now."""
        return self.few.status({})

    @cached_property
    def _words(self) -> Words:
        return Words(self.history, self.facts, self.knowable.knower == "claimant")

    @property
    def _asks(self) -> Asks:
        return Asks(self.basis, self._words, self.asked)

    @property
    def _more(self) -> OneMore:
        return OneMore(self.basis, self.asked)

    def first(self) -> Question | None:
        """The next question; None if nothing that is asked can change the status."""
        question = next(self.questions(), None) if self.status is Status.INDETERMINATE else None
        return question or next(self._unless_recorded(), None)

    def questions(self) -> Iterator[Question]:
        """All that matters, in order."""
        helping = [name for name in self._filters if name not in self.basis.definition.harming]
        harming = [name for name in self._filters if name in self.basis.definition.harming]
        for name in harming:  # one that was just spoken of is spoken of to its end
            begun = self.facts.lists[name][len(getattr(self.history, name)) :]
            yield from self._each_span(self.matters, name, begun)
            if begun:
                yield from self._one_more(self.matters, name)
        for hopeful in self._hopeful:
            yield from self._in_favour(hopeful, helping)
        for name in harming:
            yield from self._each_span(self.matters, name, self.facts.lists[name])
            yield from self._one_more(self.matters, name)
        for path in self.facts.answers:
            if self.matters.account(path):
                yield self._asks.yes_no(path)
        yield from self._in_favour(self.matters, helping)
        for name in self.facts.lists:
            yield from self._of_fewer(name, self.matters)
        yield from self._sure_of_none(helping)
        yield from self._to_the_hour()

    def _of_fewer(self, name: str, matters: Matters) -> Iterator[Question]:
        """Whether there was one more record of a list in a shorter time than they could say it of.

        Whoever does not know of the year may know of the month in which alone it matters by now.
        """
        is_doubted = complete_path(name) in self.knowable.closed
        if is_doubted and not self._more.is_worn_out(name) and not self._more.is_sure(name):
            open_ = evolve(matters, few=self.few.knowing(self.knowable.reopened(name)))
            where: Said | None = open_.one_more(name)
            if where is not None and not self.knowable.may_know(name, where):
                where = self._more.in_one_way(open_, name, self.knowable)
            if where is not None and not self._more.is_said_again(name, where):
                yield self._any(self.matters, name, where)

    def _sure_of_none(self, helping: list[str]) -> Iterator[Question]:
        """When there surely was no span, of whoever doubts spans and records: that may decide."""
        if complete_path(self.basis.definition.record_list or "") in self.knowable.closed:
            for name in helping:
                if (
                    kind := self._more.none_of(self.matters, name, frozenset(self.unknown))
                ) is not None:
                    yield self._asks.none(name, kind, more=bool(self.matters.counting(name)))

    def _to_the_hour(self) -> Iterator[Question]:
        """When on a day something was: few can say it, and little hangs on it."""
        name = self.basis.definition.record_list or ""
        records = [(name, record) for record in self.few.records]
        spans = [(n, span) for n in self._filters for span in self.facts.lists[n]]
        for name, record in (*spans, *records):
            for key in record.bounds:
                if is_day(record, key) and self.matters.fact(name, record, key):
                    yield self._of_fact(self.matters, name, record, key)

    def _in_favour(self, matters: Matters, helping: list[str]) -> Iterator[Question]:
        """What may let the account in: spans that help, and records."""
        stretches = self._stretches(matters)
        for name in helping:
            yield from self._spans(matters, stretches, name)
        if self.basis.definition.record_list:
            yield from self._records(matters, self.basis.definition.record_list)
        for name in helping:
            yield from stretches.of_records(name)
            is_doubted = any(each.startswith(f"{name}.throughout.") for each in self.unknown)
            breaks = f"{name}.breaks"
            if not is_doubted or (breaks in self.asked and breaks not in self.unknown):
                yield from stretches.beyond(name)
            yield from stretches.breaks(name)
            yield from self._each_span(matters, name, self._just_said(matters, name))
            yield from self._one_more(matters, name)
            yield from self._each_span(matters, name, matters.counting(name))

    def _stretches(self, matters: Matters) -> Stretches:
        return Stretches(matters, self.basis, self._words, self.asked, self.denied)

    @property
    def _filters(self) -> Mapping[str, tuple[tuple[Is, ...], ...]]:
        return self.basis.definition.filters

    def _unless_recorded(self) -> Iterator[Question]:
        """Whether there was a span that nobody listed of a list that is supposed to lack none.

        What is supposed is supposed unless something else is recorded, and here it could be: who
        did give permission is asked, though nobody is supposed to have.
        """
        for name, (where, *_) in self._filters.items():
            list_shape = self.facts.shape.lists[name]
            if list_shape.supposed is None or not list_shape.supposed.is_complete:
                continue
            always: dict[str, Values | Bounds] = {field_of(o.path): o.values for o in where}
            always |= {"start": (EARLIEST, EARLIEST), "end": (LATEST, LATEST)}
            record = record_path(name, len(self.facts.lists[name]))
            if self.few.status({record: always}) is not self.status:
                plain = evolve(list_shape, supposed=None)
                seen = evolve(self.facts.shape, lists={**self.facts.shape.lists, name: plain})
                facts = evolve(self.facts, shape=seen).stating(name, self.facts.stated[name])
                few = evolve(self.few, facts=facts)
                yield from self._one_more(evolve(self.matters, few=few), name)

    # ---- spans ---------------------------------------------------------------------------------

    def _spans(self, matters: Matters, stretches: Stretches, name: str) -> Iterator[Question]:
        spans, vague = matters.counting(name), stretches.vague(name)
        if not vague:
            yield from self._each_span(matters, name, self._just_said(matters, name))
            yield from self._each_span(matters, name, spans)
        elif not any(each.startswith(f"{name}.throughout.") for each in self.asked):
            starts = [s.bounds["start"][1] for s in vague if s.bounds["start"][1] < LATEST]
            useful = matters.useful(name)
            if starts and useful is not None:
                yield from stretches.throughout(name, min(starts), useful[1])
        if not spans:
            yield from self._one_more(matters, name)
        elif not vague:
            # once it is known that they ended, what was later is asked before another topic
            hopeful = self._hopeful[-1] if self._may_be_in else matters
            if (where := self._more.later(hopeful, name, spans)) is not None:
                yield self._any(hopeful, name, where)

    def _just_said(self, matters: Matters, name: str) -> list[KnownRecord]:
        """The spans that were said in this interview, the last first: it was just spoken of."""
        listed = len(getattr(self.history, name))
        return [span for span in reversed(matters.counting(name)) if span.index >= listed]

    @property
    def _may_be_in(self) -> bool:
        """Whether what they can know may make it sure that the account is in the class."""
        relevance = self._hopeful[-1].relevance
        return relevance is not None and relevance.may_be_in

    def _each_span(
        self, matters: Matters, name: str, spans: Collection[KnownRecord]
    ) -> Iterator[Question]:
        read = dict.fromkeys(field_of(o.path) for where in self._filters[name] for o in where)
        for span in spans:
            for key in (*read, "end", "start"):
                yield from self._if_it_matters(matters, name, span, key)

    # ---- records -------------------------------------------------------------------------------

    def _records(self, matters: Matters, name: str) -> Iterator[Question]:
        list_shape, listed = self.facts.shape.lists[name], len(getattr(self.history, name))
        own = self.facts.lists[name][listed:]
        for record in own:
            for key in (*list_shape.values, *list_shape.sequence):
                yield from self._if_it_matters(matters, name, record, key)
        for key in list_shape.values:
            yield from self._of_several(matters, name, key, listed)
        for record in self.few.records:
            for key in list_shape.sequence if record.index < listed else ():
                yield from self._if_it_matters(matters, name, record, key)
        yield from self._one_more(matters, name)
        if own:
            yield from self._in_part(name, own)

    def _in_part(self, name: str, own: Sequence[KnownRecord]) -> Iterator[Question]:
        """When a record was, for whoever could not say of all the time whether there was a span.

        Whoever does not know whether they ever had Premium may know that they had none since the
        InMail. It is asked as if there were no other, so that nobody is asked for others in vain.
        """
        doubted = {spans for spans, _ in self.knowable.doubted if spans in self._filters}
        few = self.few.knowing(self.knowable.reopened(*doubted))
        matters = evolve(self.matters, few=few, closed=frozenset({name}))
        for record in own if doubted else ():
            for key in self.facts.shape.lists[name].sequence:
                yield from self._if_it_matters(matters, name, record, key)
        for spans in sorted(doubted):
            yield from self._of_fewer(spans, matters)

    def _of_several(self, matters: Matters, name: str, key: str, listed: int) -> Iterator[Question]:
        """Which of several records, of the first that were listed, are so; or whether one is."""
        parts = self.few.alike(lambda r: r.index < listed and bool(matters.fact(name, r, key)))
        if sum(map(len, parts)) > 1:
            shown = matters.to_pick_from(name, key, parts, self.likely)
            question = self._asks.pick(name, key, *shown)
            if question.answers:
                yield question
                return
        # one record, or no one value is asked for: each way into the class has another
        yield from (self._of_fact(matters, name, each, key) for part in parts for each in part)

    # ---- one question --------------------------------------------------------------------------

    def doubted(self, question: Question) -> Iterator[tuple[str, Said]]:
        """Of which list and conditions 'I don't know' says that they cannot tell of one more.

        That is what was asked for, or what they said of a record that they cannot date either.
        """
        for path, where in (
            question.answers[-1].changes.items() if question.list and question.answers else ()
        ):
            if path in question.closes and parse(path).is_complete:
                yield question.list or "", where
        at = parse(question.path or "")
        if question.takes_date and at.index is not None:
            begun = len(getattr(self.history, at.name))
            own = self.facts.lists[at.name][begun:]
            unknown = {*self.unknown, question.path}
            undated = [each for each in own if self._is_undated(at.name, each, own, unknown)]
            if at.index >= begun and len(undated) >= MOST_UNDATED:
                yield at.name, own[at.index - begun].said

    def _is_undated(
        self,
        name: str,
        record: KnownRecord,
        own: Collection[KnownRecord],
        unknown: Collection[str | None],
    ) -> bool:
        """Whether they could not say when a record was, nor what tells it from others in time."""
        paths = {key: fact_path(name, record.index, key) for key in record.bounds}
        return any(path in unknown for path in paths.values()) and not any(
            path in self.asked
            and path not in unknown
            and sum(each.bounds.get(key) == record.bounds[key] for each in own) == 1
            for key, path in paths.items()
        )

    def _one_more(self, matters: Matters, name: str) -> Iterator[Question]:
        """Whether there was one more record of a list, if that matters."""
        if (where := self._more.where(matters, name)) is not None:
            yield self._any(matters, name, where)

    def _any(self, matters: Matters, name: str, where: Said) -> Question:
        is_spans = name in self._filters
        more = bool(matters.counting(name) if is_spans else self.facts.lists[name])
        return self._asks.any(name, where, more=more)

    def _if_it_matters(
        self, matters: Matters, name: str, record: KnownRecord, key: str
    ) -> Iterator[Question]:
        if not is_day(record, key) and matters.fact(name, record, key):
            yield self._of_fact(matters, name, record, key)

    def _of_fact(self, matters: Matters, name: str, record: KnownRecord, key: str) -> Question:
        if key in record.values:
            return self._asks.value(name, record, key)
        path, (low, high) = fact_path(name, record.index, key), record.bounds[key]
        pieces = matters.pieces(name, record, key)
        if len(pieces) < 2 or self._is_past_telling(name, record):
            pieces = []  # what counts is how it lies to other moments; or they could not say it
        is_asked = f"{path}.lasting" in self.asked  # once; then they are asked for the end itself
        if name in self._filters and key == "end" and pieces and high == LATEST and not is_asked:
            if not self._is_over(name, record, pieces[-1][0]):
                return self._asks.lasting(name, record, pieces[-1][0])
            high = pieces[-1][0] - 1  # that it did not last so long, they have said
            pieces = pieces[:-1] if len(pieces) > 2 else []
        return self._asks.when(path, (low, high), pieces)

    def _is_past_telling(self, name: str, record: KnownRecord) -> bool:
        """Whether they could not say how long a span lasted, or any one of a list."""
        spans = (record, *self._asked_of_any(name, record))
        return any(f"{_end_of(name, span)}.lasting" in self.knowable.closed for span in spans)

    def _is_over(self, name: str, record: KnownRecord, at: int) -> bool:
        """Whether they said that no span of a list lasted so long, when asked of another one."""
        return any(
            f"{_end_of(name, span)}.lasting" in self.asked and span.bounds["end"][1] < at
            for span in self._asked_of_any(name, record)
        )

    def _asked_of_any(self, name: str, record: KnownRecord) -> tuple[KnownRecord, ...]:
        """The span of which it was asked how long it lasted without saying of which.

        That is the first that they spoke of, if there was no other then.
        """
        listed = len(getattr(self.history, name))
        is_other = record.index > listed and self._words.lasts_any(name)
        return self.facts.lists[name][listed : listed + 1] if is_other else ()


def _end_of(name: str, span: KnownRecord) -> str:
    """The path of the end of a span."""
    return fact_path(name, span.index, "end")
