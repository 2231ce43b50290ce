"""An interview: what was asked and said so far, and from it the next question and the verdict.

A history, which may be empty, and a definition come in; each answer gives another interview, and
none ever changes. It asks only what its knower can know, never the same twice, and ends when
nothing that it could still ask changes the status.

>>> from eligibility.history import AccountHistory
>>> from eligibility.rules import class_definition
>>> interview = Interview.start(AccountHistory(account_id="A-1001"), class_definition())
>>> interview.question.text
'Did you have LinkedIn Premium at any time before 18 September 2024?'
>>> interview.answer(1).verdict.status
<Status.INELIGIBLE: 'ineligible'>
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from eligibility.arguments import expect, several, wrong
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import InvalidRefinement, Problem
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import parse
from eligibility.facts.phrases import Knower
from eligibility.facts.refinement import refined
from eligibility.facts.supposition import Supposition
from eligibility.interview import saved
from eligibility.interview.agenda import Agenda
from eligibility.interview.changes import Changes, applied, dated, none_in, said_since
from eligibility.interview.few import Few
from eligibility.interview.knowable import KNOWERS, Knowable
from eligibility.interview.listing import Listing
from eligibility.interview.question import Basis, Question
from eligibility.interview.remains import OpenFact, open_facts, open_sentences, topics_left
from eligibility.interview.reply import Reply, still_meant, without
from eligibility.interview.second_person import said_to_you
from eligibility.interview.since_when import expect_one_side
from eligibility.interview.vague_dates import is_endless, read_date, read_stretch
from eligibility.values.moment import Moment
from eligibility.values.timeline import DAY, LATEST
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict, evaluate


@frozen(slots=False, repr=False)
class Interview:
    """What was asked and said so far. `before` is the same without the last answer.

    `likely` are paths of records that hints speak of, such as those of an archive's report: of
    records to pick from they stand first.
    """

    start_history: History
    definition: ClassDefinition
    supposing: Supposition | None
    knower: Knower
    likely: tuple[str, ...]
    replies: tuple[Reply, ...] = ()
    before: "Interview | None" = field(default=None, eq=False)
    _facts: KnownHistory = field(kw_only=True, eq=False)
    _knowable: Knowable = field(kw_only=True, eq=False)
    _kept: tuple[Reply, ...] = field(default=(), kw_only=True, eq=False)
    _grouped: Any = field(default=None, kw_only=True, eq=False)

    @classmethod
    def start(
        cls,
        history: History,
        definition: ClassDefinition,
        *,
        supposing: Supposition | None = None,
        knower: Knower = "claimant",
        likely: Iterable[str] = (),
    ) -> "Interview":
        """An interview that begins with what a history says.

        Args:
            history: what is known already: an archive, or nothing but the account.
            definition: the class.
            supposing: what is taken as given.
            knower: who is asked: the claimant, who has papers, too; whoever has the papers alone;
                or the defendant.
            likely: paths of records to offer first, such as `messages[3]`.

        Raises:
            InconsistentHistory: no world fits the history.
            InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
        """
        expect(history, History, "history")
        expect(definition, ClassDefinition, "definition")
        expect(supposing, Supposition | None, "supposing")
        definition.expect(history)
        if knower not in KNOWERS:
            raise wrong("knower", f"one of {', '.join(KNOWERS)}", knower)
        expect(likely := several(likely), tuple[str, ...], "likely", 'Write `["messages[3]"]`.')
        for odd in (each for each in likely if parse(each).index is None):
            raise wrong("likely", "paths of records, such as `messages[3]`", odd)
        facts = normalise(history)
        if supposing is not None:
            facts = supposing.under(definition.reading).suppose(facts)
        listed = {name: len(records) for name, records in facts.lists.items()}
        begun = cls(
            history,
            definition,
            supposing,
            knower,
            tuple(likely),
            facts=facts,
            knowable=Knowable(type(history), knower, listed=listed),
        )
        _ = begun._listing  # in groups, once, for all that comes after it
        return begun

    # ---- what comes next -----------------------------------------------------------------------

    @cached_property
    def question(self) -> Question | None:
        """The next question; None when the interview has ended."""
        return self._agenda.first()

    @cached_property
    def _agenda(self) -> Agenda:
        listed = self.definition.record_list
        return Agenda(
            self._basis,
            tuple(reply.question for reply in self.replies),
            tuple(reply.question for reply in self.replies if reply.chosen != (0,)),
            tuple(reply.question for reply in self.replies if reply.dont_know),
            frozenset(at.index or 0 for at in map(parse, self.likely) if at.name == listed),
        )

    @cached_property
    def _basis(self) -> Basis:
        few = Few(self._facts, self.definition, self._knowable, self._listing)
        return Basis(few, self.start_history)

    @property
    def _listing(self) -> Listing:
        """The records of the class, in groups; kept as long as nothing more is said of one."""
        name, closed = self.definition.record_list or "", self._knowable.closed
        records = self._facts.lists[name] if name else ()
        kept = self._grouped
        if kept is None or kept[0] is not records or kept[1] is not closed:
            listed = self._knowable.listed.get(name, 0)
            before = kept[2] if kept else Listing.nothing(self._facts, self.definition, listed)
            more: dict[int, set[str]] = {}
            for at in map(parse, closed - kept[1] if kept else closed):
                if at.name == name and at.index is not None:
                    more.setdefault(at.index, set()).add(at.field)
            object.__setattr__(self, "_grouped", (records, closed, before.now(records, more)))
        found: Listing = self._grouped[2]
        return found

    def answer(self, *chosen: int, rest: bool = True) -> "Interview":
        """The interview after an answer, or several where the question takes them, by their place.

        Of records to pick from, those that are not picked are then known not to be so; with
        `rest=False` nothing is said of them. To pick none is an answer, too.

        Raises:
            InvalidRefinement: `no-question`, `no-such-answer`.
        """
        expect(chosen, tuple[int, ...], "chosen", "Pass the place of an answer, from 0.")
        expect(rest, bool, "rest")
        question = self._asked
        places = [*range(len(question.answers))]
        if any(at not in places for at in chosen) or (not chosen and question.kind != "pick"):
            words = f"The answers to choose from are {', '.join(map(str, places))}."
            hint = "Choose one of them, or say `dont_know()`."
            if not places:
                words, hint = "There is no answer to choose.", "Say `date()` or `dont_know()`."
            raise _refusal("no-such-answer", words, hint)
        if len(chosen) > 1 and not question.takes_several:
            words, hint = "This question takes one answer.", "Choose the one that fits best."
            raise _refusal("no-such-answer", words, hint)
        changes = question.known_after(chosen, with_rest=rest)
        reply = Reply(question.id, question.text, chosen, rest, question.offered)
        closes = question.closes if self._is_all(changes) else question.concludes
        return self._after(reply, changes, self._knowable.without(frozenset(closes)))

    def _is_all(self, changes: Changes) -> bool:
        """Whether a moment was narrowed to a day, or not at all: it is known as it will be."""
        for path, bounds in changes.items():
            at = parse(path)
            if isinstance(bounds, tuple) and at.index is not None:
                known = self._facts.lists[at.name][at.index].bounds[at.field]
                return bounds == known or bounds[1] - bounds[0] <= DAY
        return False

    def date(self, text: str) -> "Interview":
        """The interview after a date, as exactly as it is known: `2021-03`, `2023`, `2021/2022`.

        Dates as people say them are taken as well: `March 2021`, `4 May 2023`, `2021 or 2022`.
        Of the end of a span, `..` or `not ended` says that it has not ended. Asked when there
        surely was none of something, `after 2021` says that there was none in all that time; what
        may mean another time, such as `2019 or 2021`, is refused; and so is `since 2018` when
        something began, that may be then or later.

        Raises:
            InvalidMoment: it is no date; of a vague one (`spring 2024`) the hint has one.
            InvalidRefinement: `no-such-answer`, the question asks for none; `not-a-refinement`, it
                contradicts what was said before.
        """
        expect(text, str, "text", 'Write a date as it is known, such as `"March 2021"`.')
        expect_one_side(text, self._asked)
        return self._dated(text)

    def _dated(self, text: str) -> "Interview":
        question = self._asked
        zone, reply = self.start_history.time_zone, Reply(question.id, question.text, date=text)
        if question.none_of is not None:
            changes = none_in(question.list or "", question.none_of, read_stretch(text, zone))
            return self._after(reply, changes, self._knowable)
        if not question.takes_date or question.path is None:
            raise _refusal("no-such-answer", "This question asks for no date.", "Choose an answer.")
        at = parse(question.path)
        if at.field == "end" and (text.strip() == ".." or is_endless(text)):
            moment = Moment.at(LATEST)  # it has not ended
        else:
            moment = read_date(text, zone)
        bounds = dated(self._facts, question.path, moment, zone)
        knowable = self._knowable.without(frozenset({question.path}))
        return self._after(reply, {question.path: bounds}, knowable)

    def dont_know(self) -> "Interview":
        """The interview after 'I don't know': it never asks for the same again.

        Of whoever does not know whether there was one more record of some kind, it may still be
        asked whether there was one in a shorter time.
        """
        question = self._asked
        reply = Reply(question.id, question.text, offered=question.offered, dont_know=True)
        knowable = self._knowable.without(question.closes)
        for name, where in self._agenda.doubted(question):
            knowable = knowable.doubting(name, where)
        return self._after(reply, {}, knowable)

    @property
    def _asked(self) -> Question:
        if self.question is not None:
            return self.question
        words, hint = "The interview has ended: nothing is asked.", "Go back with `undo()`."
        raise _refusal("no-question", words, hint)

    def _after(self, reply: Reply, changes: Changes, knowable: Knowable) -> "Interview":
        after = evolve(
            self,
            replies=(*self.replies, reply),
            before=self,
            facts=applied(self._facts, changes),
            knowable=knowable,
            kept=(),
        )
        return _again(after, still_meant(self._kept, reply, changes))

    # ---- what came of it -----------------------------------------------------------------------

    @cached_property
    def history(self) -> History:
        """The history that it began with, and all that was said."""
        begun = self.start_history
        said = said_since(normalise(begun), self._facts)
        return refined(begun, self._basis.refinement(said)) if said else begun

    @property
    def knowable(self) -> Knowable:
        """What whoever is asked can still say more of, as far as it is known."""
        return self._knowable

    @cached_property
    def verdict(self) -> Verdict:
        """What `evaluate` says of all that was said."""
        return evaluate(self.history, self.definition, supposing=self.supposing)

    @cached_property
    def open(self) -> tuple[OpenFact, ...]:
        """What stays open, and who could know it; nothing, once the account is decided."""
        is_open = self._agenda.status is Status.INDETERMINATE
        return open_facts(self._agenda.few, self.start_history.time_zone) if is_open else ()

    @property
    def open_sentences(self) -> tuple[str, ...]:
        """What stays open, in words: a sentence for each who could know it.

        A claimant is spoken to: 'You could still find out when Premium began.'
        """
        found = open_sentences(self.open, self.definition, asked=self.knower)
        if self.knower != "claimant":
            return found
        return tuple(said_to_you(each, self.definition.model) for each in found)

    @property
    def progress(self) -> float:
        """How far it is, from 0 to 1 when it has ended; with each answer it goes on, never back."""
        return 1.0 if self.question is None else max(each.reached for each in self._back())

    @cached_property
    def reached(self) -> float:
        """How far it seems, of what is asked and left now: an answer may lead to more questions."""
        return (done := len(self.replies)) / (done + 1 + topics_left(self._agenda.few))

    # ---- saved, and taken up again -------------------------------------------------------------

    def to_json(self) -> str:
        """The interview as JSON text: what it began with, every reply, and those to be kept."""
        return saved.written(self, self._kept)

    @classmethod
    def from_json(cls, text: str | bytes, definition: ClassDefinition) -> "Interview":
        """The interview that was saved, about the same definition, in whatever words by now.

        Raises:
            InvalidHistory: `not-an-interview`, the text is no interview that was saved.
            InvalidRefinement: a reply does not fit its question.
        """
        expect(text, str | bytes, "text", "Pass what `to_json()` made.")
        expect(definition, ClassDefinition, "definition")
        found = saved.parts(text, definition)
        replies, kept = found.pop("replies"), found.pop("kept")
        interview = cls.start(found.pop("history"), definition, **found)
        for reply in replies:
            if interview.question is None or not interview.question.is_meant_by(reply):
                words = "A reply is to another question than is asked there."
                raise _refusal("no-question", words, "Begin the interview again.")
            interview = interview.reply(reply)
        return evolve(interview, kept=kept)

    # ---- taking back ---------------------------------------------------------------------------

    def undo(self) -> "Interview":
        """The interview as it was before the last answer; itself, if nothing was said.

        What is kept while an earlier answer is changed stays kept, but for that answer.
        """
        if self.before is None:
            return self
        asked = self.question.id if self.question else ""
        return evolve(self.before, kept=without(self._kept, asked)) if self._kept else self.before

    def change(self, question: str, time: int = 1) -> "Interview":
        """The interview at an earlier question, by its id, as if it had not been answered.

        What was said after it is said again by itself where the same is asked again. A moment may
        be asked for more than once, each time more closely: `time` says which time, from 1.

        Raises:
            InvalidRefinement: `no-question`, that was not asked.
        """
        expect(question, str, "question")
        expect(time, int, "time", "Pass 1 for the first time that it was asked.")
        asked = [n for n, reply in enumerate(self.replies) if reply.question == question]
        if not 1 <= time <= len(asked):
            raise _refusal("no-question", "That was not asked.", "Name the id of a reply.")
        earlier = next(each for each in self._back() if len(each.replies) == asked[time - 1])
        return evolve(earlier, kept=self.replies[asked[time - 1] :])

    def _back(self) -> Iterator["Interview"]:
        each: Interview | None = self
        while each is not None:
            yield each
            each = each.before

    def reply(self, reply: Reply) -> "Interview":
        """The interview after a reply, as an earlier interview had it: to the words of then."""
        expect(reply, Reply, "reply", "Pass one of another interview's `replies`.")
        if reply.dont_know:
            after = self.dont_know()
        elif reply.date is not None:
            after = self._dated(reply.date)
        else:
            after = self.answer(*reply.chosen, rest=reply.rest)
        given = len(self.replies) + 1  # after a change, more are then said again by themselves
        return evolve(after, replies=(*self.replies, reply, *after.replies[given:]))


def _again(interview: Interview, kept: tuple[Reply, ...]) -> Interview:
    """The interview after what is kept of later replies, where the same is asked."""
    while kept:
        question = interview.question
        fits = [reply for reply in kept if question and question.is_answered_by(reply)]
        if not fits:
            return evolve(interview, kept=kept)
        kept = tuple(reply for reply in kept if reply is not fits[0])
        try:
            interview = interview.reply(fits[0])
        except InvalidRefinement:
            return evolve(interview, kept=kept)
    return interview


def _refusal(code: str, words: str, hint: str) -> InvalidRefinement:
    return InvalidRefinement([Problem(code, "", words, hint)])
