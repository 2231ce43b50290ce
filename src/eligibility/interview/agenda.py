"""What to ask next: the questions that could be asked, in the order in which people answer them.

One topic after the other, and one record to its end before the next. First come the spans that
clauses ask for (Premium), then the records (messages), then whatever more spans there were, what
was allowed, and the account. Each question is made only if it matters.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from eligibility.facts.boxes import ANY_TIME, Bounds, Said, Values
from eligibility.facts.model import History
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, field_of, parse, record_path
from eligibility.interview.knowable import Knowable
from eligibility.interview.listing import Listing
from eligibility.interview.matters import Matters
from eligibility.interview.outcomes import Outlook
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

    `history` is the one that the interview began with; `asked` holds the ids of what was asked,
    `likely` the indexes of records that hints speak of.
    """

    facts: KnownHistory
    knowable: Knowable
    history: History
    basis: Basis
    asked: Collection[str]
    likely: Collection[int]
    listing: Listing

    @cached_property
    def matters(self) -> Matters:
        """What can still matter."""
        outlook = Outlook(self.basis.definition, self.knowable, self.facts, self.listing)
        return Matters(outlook, self.history.time_zone, self.asked)

    @property
    def outlook(self) -> Outlook:
        """What can still come of it."""
        return self.matters.outlook

    @cached_property
    def status(self) -> Status:
        """The status by now."""
        return self._few.status({})

    @cached_property
    def _few(self) -> Basis:
        """The basis with one record for all that nothing tells apart, of a long list."""
        name = self.outlook.records
        spans = (span for each in self.outlook.filters for span in self.facts.lists[each])
        if name is None or any(span.is_crossing for span in spans):
            return self.basis  # together, records may then be in that are not in one by one
        return evolve(self.basis, facts=self.facts.with_list(name, self.outlook.representatives))

    @cached_property
    def _words(self) -> Words:
        return Words(self.history)

    @cached_property
    def _stretches(self) -> Stretches:
        return Stretches(self.matters, self.basis, self._words, self.asked)

    def first(self) -> Question | None:
        """The next question; None if nothing that is asked can change the status."""
        has_ended = self.status is not Status.INDETERMINATE or self.matters.has_ended
        question = None if has_ended else next(self.questions(), None)
        return question or next(self._unless_recorded(), None)

    def questions(self) -> Iterator[Question]:
        """All that matters, in order."""
        helping = [name for name in self.outlook.filters if name not in self.outlook.harming]
        harming = [name for name in self.outlook.filters if name in self.outlook.harming]
        for name in harming:  # one that was just spoken of is spoken of to its end
            begun = len(getattr(self.history, name))
            yield from self._each_span(name, self.facts.lists[name][begun:])
        for name in helping:
            yield from self._spans(name)
        if self.outlook.records:
            yield from self._records(self.outlook.records)
        for name in helping:
            yield from self._stretches.of_records(name)
            yield from self._stretches.breaks(name)
            yield from self.more_spans(name)
            yield from self._each_span(name, self.matters.counting(name))
        for name in harming:
            yield from self._each_span(name, self.facts.lists[name])
            yield from self.more_spans(name)
        for path in self.facts.answers:
            if self._is_asked_of_account(path) and self.matters.does_account(path):
                yield self._yes_no(path)

    def _unless_recorded(self) -> Iterator[Question]:
        """Whether there was a span that nobody listed of a list that is supposed to lack none.

        What is supposed is supposed unless something else is recorded, and here it could be: who
        did give permission is asked, though nobody is supposed to have.
        """
        for name, where in self.outlook.filters.items():
            list_shape = self.facts.shape.lists[name]
            if list_shape.supposed is None or not list_shape.supposed.is_complete:
                continue
            always: dict[str, Values | Bounds] = {field_of(o.path): o.values for o in where}
            always |= {"start": (EARLIEST, EARLIEST), "end": (LATEST, LATEST)}
            record = record_path(name, len(self.facts.lists[name]))
            if self._few.status({record: always}) is not self.status:
                plain = evolve(list_shape, supposed=None)
                seen = evolve(self.facts.shape, lists={**self.facts.shape.lists, name: plain})
                facts = evolve(self.facts, shape=seen).stating(name, self.facts.stated[name])
                yield from evolve(self, facts=facts).more_spans(name)

    # ---- spans ---------------------------------------------------------------------------------

    def _spans(self, name: str) -> Iterator[Question]:
        spans, vague = self.matters.counting(name), self._stretches.vague(name)
        if not vague:
            yield from self._each_span(name, spans)
        elif not any(each.startswith(f"{name}.throughout.") for each in self.asked):
            starts = [s.bounds["start"][1] for s in vague if s.bounds["start"][1] < LATEST]
            useful = self.matters.useful(name)
            if starts and useful is not None:
                yield from self._stretches.throughout(name, min(starts), useful[1])
        if not spans:
            yield from self.more_spans(name)

    def _each_span(self, name: str, spans: Collection[KnownRecord]) -> Iterator[Question]:
        read = [field_of(only.path) for only in self.outlook.filters[name]]
        for span in spans:
            for key in ("end", "start", *read):
                yield from self._if_it_matters(name, span, key)

    def more_spans(self, name: str) -> Iterator[Question]:
        """Whether there was one more span of a list, if that matters."""
        if self._is_worn_out(name):
            return
        useful = self.matters.useful(name)
        if useful is None:
            return
        values = {field_of(only.path): only.values for only in self.outlook.filters[name]}
        bounds = {"start": (EARLIEST, useful[1]), "end": (useful[0], LATEST)}
        known: dict[str, Values | Bounds] = {**values, **bounds}
        where: dict[str, Values | Bounds] = {
            key: each
            for key, each in known.items()
            if each != ANY_TIME and self.knowable.fact(name, None, key)
        }
        yield self._any(name, where)

    # ---- records -------------------------------------------------------------------------------

    def _records(self, name: str) -> Iterator[Question]:
        list_shape, listed = self.facts.shape.lists[name], len(getattr(self.history, name))
        known = [r for r in self.outlook.representatives if r.index < listed]
        for record in self.facts.lists[name][listed:]:
            for key in (*list_shape.values, *list_shape.sequence):
                yield from self._if_it_matters(name, record, key)
        for key in list_shape.values:
            open_ones = [r for r in known if self.matters.does_fact(name, r, key)]
            yield from self._of_several(name, key, open_ones)
        for record in known:
            for key in list_shape.sequence:
                yield from self._if_it_matters(name, record, key)
        if not self._is_worn_out(name):
            where = self.matters.one_more()
            if where is not None:
                yield self._any(name, where)

    def _of_several(self, name: str, key: str, open_ones: list[KnownRecord]) -> Iterator[Question]:
        """Which of several records are so, where that is asked of more than one."""
        alike = self.outlook.alike(open_ones)
        if len(alike) < 2:
            yield from (self._of_fact(name, record, key) for record in alike)
            return
        wanted = frozenset().union(
            *(d.values.get(key, frozenset()) for d in self.outlook.disjuncts)
        )
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

    def _any(self, name: str, where: Said) -> Question:
        words = self._words.of_list(name)
        asked = sum(each.startswith(f"{name}.any.") for each in self.asked)
        index = len(self.facts.lists[name])
        more = bool(self.matters.counting(name)) if name in self.outlook.filters else index > 0
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

    def _if_it_matters(self, name: str, record: KnownRecord, key: str) -> Iterator[Question]:
        if self.matters.does_fact(name, record, key):
            yield self._of_fact(name, record, key)

    def _of_fact(self, name: str, record: KnownRecord, key: str) -> Question:
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
        pieces = self.matters.pieces(name, record, key)
        pieces = pieces if len(pieces) > 1 else []  # what counts is how it lies to other moments
        if name in self.outlook.filters and key == "end" and self._is_lasting(record, pieces):
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
                closes=frozenset({path}),
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

    def _is_lasting(self, record: KnownRecord, pieces: list[Bounds]) -> bool:
        """Whether a span may still last, and that is worth asking."""
        return record.bounds["end"][1] == LATEST and len(pieces) > 1

    # ---- the account ---------------------------------------------------------------------------

    def _is_asked_of_account(self, path: str) -> bool:
        return any(only.path == path for d in self.outlook.disjuncts for only in d.answers)

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
