"""What to ask: a question for every unknown fact that can matter, and for no other.

A question asks no more than it must ('shared before 18 September 2024?', not 'shared when?'). Each
answer is a refinement of the history, and says which status it leads to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from eligibility.arguments import checked
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is, leaves
from eligibility.definition.normal_form import Disjunct
from eligibility.evaluation.one_span import with_span
from eligibility.evaluation.reference import Possibly, Surely, membership
from eligibility.facts.asking import Asker, side_words
from eligibility.facts.boxes import Bounds, Said, Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.model import History
from eligibility.facts.normalise import changed, consequences
from eligibility.facts.paths import fact_path, pattern, record_path
from eligibility.facts.refinement import changes_text
from eligibility.facts.wording import known_by
from eligibility.immutable import freeze, unchecked
from eligibility.values.date_words import day_before_and_after
from eligibility.values.timeline import DAY
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Status, Truth
from eligibility.verdict.alike import Able, Alike
from eligibility.verdict.days import Days
from eligibility.verdict.one_more_record import ways_of_one_more
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.unknown import ByKind, RelevantFact


@frozen(field_transformer=checked)
class Answer:
    """One answer: what it adds to the history, and whether the account is in the class then."""

    text: str
    refinement: Mapping[str, Any] = field(converter=freeze)
    truth: Truth

    @property
    def status(self) -> Status:
        """The status that it leads to."""
        return Status.of(self.truth)


@frozen(field_transformer=checked)
class Question:
    """One open question. `code` says what kind of fact it asks for, `paths` which one.

    `known_by` says who can know it, if the model does: the claimant, the claimant's documents, or
    only the defendant.
    """

    code: str
    text: str
    paths: tuple[str, ...]
    answers: tuple[Answer, ...]
    known_by: str | None = None


_fresh_answer: Final = unchecked(Answer)
#: Made here, and known to be right.
_new_question: Final = unchecked(Question)
#: The code of a question, its text, and its answers.
_Worded: TypeAlias = tuple[str, str, Iterable[Answer]]


def _new_answer(text: str, refinement: Mapping[str, Any], truth: Truth) -> Answer:
    return _fresh_answer(text, freeze(refinement), truth)


@lru_cache(maxsize=128)
def can_be_asked(model: type[History]) -> ByKind:
    """Whether somebody else than the defendant can know a fact, by its path.

    >>> from eligibility.history import AccountHistory
    >>> asked = can_be_asked(AccountHistory)
    >>> asked("messages[0].sent_at"), asked("messages[0].shared_at")
    (True, False)
    """
    return ByKind(lambda path: known_by(path, model) != "defendant")


def questions_for(
    facts: KnownHistory, definition: ClassDefinition, history: History, near: Collection[str]
) -> tuple[Question, ...]:
    """All questions of an undecided history, the most useful first.

    They are about what can matter of what others than the defendant can know, whatever only the
    defendant could tell. First come those that an answer may decide at once, then those about
    `near`: the paths of what is open of the record that is nearest to being in the class.
    """
    relevance = Relevance(facts, definition, can_be_asked(type(history)))
    found = tuple(relevance.matter())
    if not found:
        return ()
    asking = _Asking(facts, definition, history, relevance)
    nearest = frozenset(near)

    def rank(question: Question) -> int:
        if any(answer.truth != Truth.UNKNOWN for answer in question.answers):
            return 0
        return 1 if nearest.intersection(question.paths) else 2

    return tuple(sorted(map(asking.question, found), key=rank))


@frozen
class _Test:
    """A disjunct of the class, and where its moments must lie, possibly and surely."""

    disjunct: Disjunct
    possible: Mapping[str, TimeSet]
    certain: Mapping[str, TimeSet]
    view: Possibly
    sure: Surely

    def possibly(self, record: KnownRecord) -> bool:
        """Whether a record meets it in some world."""
        return self.view.meets(record, self.disjunct, self.possible)

    def surely(self, record: KnownRecord) -> bool:
        """Whether a record meets it in every world."""
        return self.sure.account(self.disjunct) and self.sure.meets(
            record, self.disjunct, self.certain
        )


@frozen(slots=False)
class _Asking:
    facts: KnownHistory
    definition: ClassDefinition
    history: History
    _relevance: Relevance
    _truths: dict[tuple[Any, ...], Truth] = field(init=False, factory=dict)

    @cached_property
    def _tests(self) -> tuple[_Test, ...]:
        view, sure = Possibly(self.facts, self.definition), Surely(self.facts, self.definition)
        return tuple(
            _Test(disjunct, view.times(disjunct), sure.times(disjunct), view, sure)
            for disjunct in self.definition.normal_form.disjuncts
            if view.account(disjunct)
        )

    @cached_property
    def _able(self) -> tuple[KnownRecord, ...]:
        records = Possibly(self.facts, self.definition).records
        return tuple(filter(Able.of(self.facts, self.definition).has, records)) if records else ()

    @cached_property
    def _sure_records(self) -> tuple[KnownRecord, ...]:
        """Those that could be sure, together with one that is known better; none, as a rule.

        It takes a span that surely covers no single instant, and ends as close as they are many.
        """
        most, listed = len(self._able), self.facts.lists.get(self.definition.record_list or "", ())
        if not any(
            span.is_crossing and span.bounds["start"][1] - span.bounds["end"][0] < most
            for name, list_shape in self.facts.shape.lists.items()
            if list_shape.is_spans
            for span in self.facts.lists[name]
        ):
            return ()
        return tuple(
            r
            for r in self._able
            if r.index < len(listed)  # one that nobody listed need not be there
            and any(t.sure.meets(r, t.disjunct, t.possible) for t in self._tests)
        )

    def question(self, fact: RelevantFact) -> Question:
        """The question for an unknown fact."""
        path = fact.path
        code, text, answers = self._worded(fact, path)
        known = known_by(path, type(self.history))
        return _new_question(code, text, (path,), tuple(answers), known)

    def _worded(self, fact: RelevantFact, path: str) -> _Worded:
        if not fact.list:
            return "yes-no", self._asker.fact(path), self._of_account(path)
        if fact.index is None:
            return "complete", self._asker.complete(fact.list), self._of_list(fact.list, path)
        record = self.facts.lists[fact.list][fact.index]
        if fact.field in record.values:
            choices = self._choices(fact, record)
            answers = [self._answer(text, fact, value) for text, value in choices.items()]
            code = "yes-no" if set(choices) == {"yes", "no"} else "which"
            return code, self._asker.fact(path), answers
        return self._of_moment(fact, path, record)

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self.history)

    # ---- the account, and whole lists ----

    def _of_account(self, path: str) -> Iterator[Answer]:
        for text, value in (("yes", True), ("no", False)):
            trial = self.facts.answering({path: value})
            yield _new_answer(text, {path: value}, membership(trial, self.definition))

    def _of_list(self, name: str, path: str) -> Iterator[Answer]:
        closed = self.facts.complete(name)
        yield _new_answer("no", {path: True}, membership(closed, self.definition))
        some = list(ways_of_one_more(self.facts, name))
        for known, more, record in some:
            refinement = changes_text({record_path(name, record.index): known}, self.history)
            one = "yes" if len(some) == 1 else f"yes, one {self._asker.one_that(name, known)}"
            yield _new_answer(one, refinement, membership(more, self.definition))

    # ---- one fact of one record ----

    def _choices(self, fact: RelevantFact, record: KnownRecord) -> dict[str, Values]:
        """What can be answered: yes and no, or which words count and which do not."""
        list_shape, left = self.facts.shape.lists[fact.list], record.values[fact.field]
        if fact.field in list_shape.yes_no:
            return {"yes": frozenset({True}), "no": frozenset({False})}
        path = pattern(fact.list, fact.field)
        groups: dict[tuple[bool, ...], list[str]] = {}
        asked = [only.values for only in _asked_values(self.definition, path)]
        for word in list_shape.vocabulary[fact.field]:
            if word in left:
                alike = tuple(
                    word in values
                    for values in (*asked, *(box.values[fact.field] for box in record.boxes))
                )
                groups.setdefault(alike, []).append(word)
        return {self._asker.word(path, words): frozenset(words) for words in groups.values()}

    def _of_moment(self, fact: RelevantFact, path: str, record: KnownRecord) -> _Worded:
        bounds, zone = record.bounds[fact.field], self.history.time_zone
        pieces = self._pieces(fact, bounds)
        answers = [self._answer(side_words(piece, bounds, zone), fact, piece) for piece in pieces]
        if len(pieces) == 2:
            return "before", self._asker.fact(path, answers[0].text), answers
        return "when", self._asker.fact(path), answers

    def _pieces(self, fact: RelevantFact, bounds: Bounds) -> list[Bounds]:
        """The bounds, cut where it makes a difference on which side the moment lies."""
        low, high = bounds
        cuts = sorted({self._plain_cut(fact, at, bounds) for at in fact.at})
        ends = [low - 1, *(at for at in cuts if low <= at < high), high]
        return [(first + 1, last) for first, last in pairwise(ends)]

    def _plain_cut(self, fact: RelevantFact, at: int, bounds: Bounds) -> int:
        """A cut that people can answer, where a day ends, if the outcome turns just there as well.

        It must make a difference, with some further facts known, whether the moment is the last
        instant of one day or the first of the next: a whole day is held to nothing less.
        """
        zone = self.history.time_zone
        if bounds[1] - bounds[0] < DAY or day_before_and_after(at + 1, zone) == (at + 1,):
            return at
        ends = self._days.near(at, bounds, of_record=fact.list == self.definition.record_list)
        return next((x for x in ends if x == at or self._relevance.divides(fact, x)), at)

    @cached_property
    def _days(self) -> Days:
        return Days(self.facts, self.definition, self.history.time_zone)

    def _answer(self, text: str, fact: RelevantFact, value: Any) -> Answer:
        index = fact.index or 0
        list_shape, record = self.facts.shape.lists[fact.list], self.facts.lists[fact.list][index]
        known = consequences(list_shape, record, {fact.field: value})
        changes = {fact_path(fact.list, index, key): each for key, each in known.items()}
        refinement = changes_text(changes, self.history)
        said = {key: each for key, each in {**record.said, **known}.items() if each is not None}
        alike = self._alike(fact.list, record, said)
        if alike not in self._truths:  # of records that fare alike, all that follows is the same
            made = changed(list_shape, record, known)
            assert isinstance(made, KnownRecord), made  # noqa: S101 - a fact's answers fit: a bug of ours
            self._truths[alike] = self._truth(fact.list, made)
        return _new_answer(text, refinement, self._truths[alike])

    def _alike(self, name: str, record: KnownRecord, said: Said) -> tuple[object, ...]:
        """What is the same where the same follows from what is said of a record."""
        if name != self.definition.record_list or self._sure_records:
            return name, tuple(record.said.items()), tuple(said.items())
        alone = all(able.index == record.index for able in self._able[:2])
        of_records = Alike.of(self.facts, self.definition)
        return name, alone, of_records.cell({key: said[key] for key in sorted(said)})

    def _truth(self, name: str, record: KnownRecord) -> Truth:
        """Membership with one record known better, without those that it leaves as they are."""
        if name != self.definition.record_list:
            return membership(with_span(self.facts, self.definition, name, record), self.definition)
        others = any(able.index != record.index for able in self._able[:2])
        sure = tuple(other for other in self._sure_records if other.index != record.index)
        if not sure:
            surely = any(test.surely(record) for test in self._tests)
            return Truth(surely, others or any(test.possibly(record) for test in self._tests))
        alone = self.facts.with_list(name, (*sure, record)).complete(name)
        return membership(alone, self.definition) | Truth(surely=False, possibly=others)


def _asked_values(definition: ClassDefinition, path: str) -> Iterator[Is]:
    for step in definition.steps:
        for leaf in leaves(step.condition):
            parts = (leaf,) if isinstance(leaf, Is) else getattr(leaf, "where", ())
            yield from (only for only in parts if only.path == path)
