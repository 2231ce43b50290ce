"""What to ask next: the questions that could be asked, in the order in which people answer them.

One topic after the other, and one record to its end before the next. First come the spans that
clauses ask for (Premium), then the records (messages), then whatever more spans there were, what
was allowed, and the account. Each question is made only if it matters.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Bounds, Said, Values
from eligibility.facts.model import History
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, field_of, parse, record_path
from eligibility.interview.few import Few
from eligibility.interview.knowable import Knowable
from eligibility.interview.matters import Matters
from eligibility.interview.question import Answer, Basis, Question
from eligibility.interview.stretches import Stretches
from eligibility.interview.words import Words
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.truth import Status

#: How often it is asked whether there was one more record of a list.
MOST_MORE: Final = 20
#: How many records are shown to pick from at once.
MOST_SHOWN: Final = 400


@frozen(slots=False)
class Agenda:
    """What could be asked next.

    `asked` holds the ids of what was asked, `denied` of what was not answered by yes,
    `likely` the indexes of records that hints speak of.
    """

    basis: Basis
    asked: Collection[str]
    denied: Collection[str]
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
        return Words(self.history)

    def first(self) -> Question | None:
        """The next question; None if nothing that is asked can change the status."""
        question = next(self.questions(), None) if self.status is Status.INDETERMINATE else None
        return question or next(self._unless_recorded(), None)

    def questions(self) -> Iterator[Question]:
        """All that matters, in order."""
        helping = [name for name in self._filters if name not in self.basis.definition.harming]
        harming = [name for name in self._filters if name in self.basis.definition.harming]
        for name in harming:  # one that was just spoken of is spoken of to its end
            begun = len(getattr(self.history, name))
            yield from self._each_span(self.matters, name, self.facts.lists[name][begun:])
        for hopeful in self._hopeful:
            yield from self._in_favour(hopeful, helping)
        for name in harming:
            yield from self._each_span(self.matters, name, self.facts.lists[name])
            yield from self._more_spans(self.matters, name)
        for path in self.facts.answers:
            if self.matters.account(path):
                yield self._yes_no(path)
        yield from self._in_favour(self.matters, helping)
        for name in self.facts.lists:
            yield from self._of_fewer(name)

    def _of_fewer(self, name: str) -> Iterator[Question]:
        """Whether there was one more record of a list in a shorter time than they could say it of.

        Whoever does not know of the year may know of the month in which alone it matters by now.
        """
        if complete_path(name) in self.knowable.closed and not self._is_worn_out(name):
            few = evolve(self.few, knowable=self.knowable.reopened(name))
            where = evolve(self.matters, few=few).one_more(name)
            if where is not None and self.knowable.may_know(name, where):
                yield self._any(self.matters, name, where)

    def _in_favour(self, matters: Matters, helping: list[str]) -> Iterator[Question]:
        """What may let the account in: spans that help, and records."""
        stretches = self._stretches(matters)
        for name in helping:
            yield from self._spans(matters, stretches, name)
        if self.basis.definition.record_list:
            yield from self._records(matters, self.basis.definition.record_list)
        for name in helping:
            yield from stretches.of_records(name)
            yield from stretches.breaks(name)
            yield from self._more_spans(matters, name)
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
                yield from self._more_spans(evolve(self.matters, few=few), name)

    # ---- spans ---------------------------------------------------------------------------------

    def _spans(self, matters: Matters, stretches: Stretches, name: str) -> Iterator[Question]:
        spans, vague = matters.counting(name), stretches.vague(name)
        if not vague:
            yield from self._each_span(matters, name, spans)
        elif not any(each.startswith(f"{name}.throughout.") for each in self.asked):
            starts = [s.bounds["start"][1] for s in vague if s.bounds["start"][1] < LATEST]
            useful = matters.useful(name)
            if starts and useful is not None:
                yield from stretches.throughout(name, min(starts), useful[1])
        if not spans:
            yield from self._more_spans(matters, name)

    def _each_span(
        self, matters: Matters, name: str, spans: Collection[KnownRecord]
    ) -> Iterator[Question]:
        read = dict.fromkeys(field_of(o.path) for where in self._filters[name] for o in where)
        for span in spans:
            for key in (*read, "end", "start"):
                yield from self._if_it_matters(matters, name, span, key)

    def _more_spans(self, matters: Matters, name: str) -> Iterator[Question]:
        """Whether there was one more span of a list, if that matters."""
        where = None if self._is_worn_out(name) else matters.one_more(name)
        if where is not None:
            yield self._any(matters, name, where)

    # ---- records -------------------------------------------------------------------------------

    def _records(self, matters: Matters, name: str) -> Iterator[Question]:
        list_shape, listed = self.facts.shape.lists[name], len(getattr(self.history, name))
        known = [r for r in self.few.records if r.index < listed]
        for record in self.facts.lists[name][listed:]:
            for key in (*list_shape.values, *list_shape.sequence):
                yield from self._if_it_matters(matters, name, record, key)
        for key in list_shape.values:
            open_ones = [r for r in known if matters.fact(name, r, key)]
            yield from self._of_several(matters, name, key, open_ones)
        for record in known:
            for key in list_shape.sequence:
                yield from self._if_it_matters(matters, name, record, key)
        where = None if self._is_worn_out(name) else matters.one_more(name)
        if where is not None:
            yield self._any(matters, name, where)

    def _of_several(
        self, matters: Matters, name: str, key: str, open_ones: list[KnownRecord]
    ) -> Iterator[Question]:
        """Which of several records are so, where that is asked of more than one."""
        alike = self.few.alike(open_ones)
        if len(alike) < 2:
            yield from (self._of_fact(matters, name, record, key) for record in alike)
            return
        disjuncts = self.basis.definition.normal_forms[-1].disjuncts
        wanted = frozenset().union(*(d.values.get(key, frozenset()) for d in disjuncts))
        order = sorted(alike, key=lambda r: (r.index not in self.likely, r.index))[:MOST_SHOWN]
        answers, rest = [], []
        for record in order:
            path, may_be = fact_path(name, record.index, key), record.values[key]
            yes, no = may_be & wanted, may_be - wanted
            if yes and no:
                text = self._words.described(name, record)
                answers.append(Answer(text, {path: yes}, self.basis))
                rest.append({path: no})
        value = next(iter(wanted)) if len(wanted) == 1 else tuple(sorted(map(str, wanted)))
        words = self._words.of_list(name)
        yield Question(
            f"{name}.{key}.pick.{order[0].index}",
            words.topic,
            self._words.which(name, key, value),
            "pick",
            tuple(answers),
            words.help,
            list=name,
            condition={key: value if not isinstance(value, tuple) else list(value)},
            takes_several=True,
            closes=frozenset(path for each in rest for path in each),
            concludes=frozenset(path for each in rest for path in each),
            rest=tuple(rest),
        )

    # ---- one question --------------------------------------------------------------------------

    def _is_worn_out(self, name: str) -> bool:
        return sum(each.startswith(f"{name}.any.") for each in self.asked) >= MOST_MORE

    def _any(self, matters: Matters, name: str, where: Said) -> Question:
        words = self._words.of_list(name)
        asked = sum(each.startswith(f"{name}.any.") for each in self.asked)
        index = len(self.facts.lists[name])
        more = bool(matters.counting(name)) if name in self._filters else index > 0
        record = record_path(name, index)
        text = self._words.some(name, where, more=more)
        refined = self.basis.refinement({"": dict(where)})[""]
        return Question(
            f"{name}.any.{asked + 1}",
            words.topic,
            text,
            "any",
            (
                Answer("Yes", {record: dict(where)}, self.basis),
                Answer("No", {complete_path(name): dict(where)}, self.basis),
            ),
            words.help,
            list=name,
            condition=refined,
            closes=frozenset({complete_path(name)}),
        )

    def _if_it_matters(
        self, matters: Matters, name: str, record: KnownRecord, key: str
    ) -> Iterator[Question]:
        if matters.fact(name, record, key):
            yield self._of_fact(matters, name, record, key)

    def _of_fact(self, matters: Matters, name: str, record: KnownRecord, key: str) -> Question:
        path = fact_path(name, record.index, key)
        text, words = self._words.fact(name, record.index, key), self._words.of_list(name)
        phrases = self._words.of_fact(name, key)
        about = phrases.help or words.help
        if key in record.values:
            several = [
                v for v in self.facts.shape.lists[name].options[key] if v in record.values[key]
            ]
            answers = tuple(
                Answer(self._words.word(name, key, v), {path: frozenset({v})}, self.basis)
                for v in several
            )
            is_yes_no = key in self.facts.shape.lists[name].yes_no
            return Question(
                path,
                words.topic,
                text,
                "yes-no" if is_yes_no else "which",
                answers,
                about,
                path=path,
                takes_several=not is_yes_no,
                closes=frozenset({path}),
                concludes=frozenset({path}),
            )
        pieces = matters.pieces(name, record, key)
        if len(pieces) < 2 or f"{path}.lasting" in self.knowable.closed:
            pieces = []  # what counts is how it lies to other moments; or they could not say it
        if name in self._filters and key == "end" and self._may_last(path, record, pieces):
            first = pieces[-1][0]
            return Question(
                f"{path}.lasting",
                words.topic,
                self._words.lasting(name, record.index, first),
                "yes-no",
                (
                    Answer("Yes", {path: (first, LATEST)}, self.basis),
                    Answer("No", {path: (record.bounds[key][0], first - 1)}, self.basis),
                ),
                words.help,
                path=path,
                closes=frozenset({f"{path}.lasting"}),  # when it ended, they may know
            )
        return Question(
            path,
            words.topic,
            text,
            "when",
            tuple(
                Answer(self._words.side(piece, record.bounds[key]), {path: piece}, self.basis)
                for piece in pieces
            ),
            about,
            path=path,
            takes_date=True,
            example=phrases.example,
            closes=frozenset({path}),
        )

    def _may_last(self, path: str, record: KnownRecord, pieces: list[Bounds]) -> bool:
        """Whether a span may still last, and that is worth asking of whoever may know it."""
        is_known = f"{path}.lasting" not in self.knowable.closed
        return record.bounds["end"][1] == LATEST and len(pieces) > 1 and is_known

    # ---- the account ---------------------------------------------------------------------------

    def _yes_no(self, path: str) -> Question:
        answers = tuple(
            Answer(text, {path: value}, self.basis)
            for text, value in (("Yes", True), ("No", False))
        )
        group = parse(path).name
        topic = type(self.history).model_fields[group].title or group
        return Question(
            path,
            topic,
            self._words.account(path),
            "yes-no",
            answers,
            path=path,
            closes=frozenset({path}),
        )
