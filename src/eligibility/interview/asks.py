"""One question: its words, what there is to answer, and what each answer says of the history.

What is asked for comes in, from the agenda, which says that it matters; a question goes out.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from attrs import frozen

from eligibility.facts.boxes import Bounds, Said
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import complete_path, fact_path, parse, pattern, record_path
from eligibility.facts.wording import topic_of
from eligibility.interview.matters import MOST_SHOWN
from eligibility.interview.question import Answer, Basis, Question
from eligibility.interview.words import Words
from eligibility.values.timeline import LATEST

#: How to say when there was none of something.
SURE_OF_NONE: Final = (
    "Give the longest time that you are sure of: before a date, after one, or between two."
)


def _of_more(count: int, nouns: str) -> str:
    """That more records may be asked about than are shown at once; nothing, if there are none.

    >>> _of_more(1200, "messages")
    'These are 400 of 1,200 messages: you may be asked about the others next. '
    """
    if count <= MOST_SHOWN:
        return ""
    these = f"These are {MOST_SHOWN} of {count:,} {nouns}"
    return f"{these}: you may be asked about the others next. "


@frozen
class Asks:
    """Makes questions, on some basis; `asked` holds the ids of what was asked."""

    basis: Basis
    words: Words
    asked: Collection[str]

    def any(self, name: str, where: Said, *, more: bool) -> Question:
        """Whether there was a record of a list that meets conditions; `more` than those known."""
        words, (text, points) = self.words.of_list(name), self.words.some(name, where, more=more)
        asked = sum(each.startswith(f"{name}.any.") for each in self.asked)
        record = record_path(name, len(self.basis.facts.lists[name]))
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
            condition=self.basis.refinement({"": dict(where)})[""],
            points=points,
            closes=frozenset({complete_path(name)}),
        )

    def none(self, name: str, kind: Said, *, more: bool) -> Question:
        """When there surely was no span of a kind; `more` than those known."""
        asked = sum(each.startswith(f"{name}.none.") for each in self.asked)
        return Question(
            f"{name}.none.{asked + 1}",
            self.words.of_list(name).topic,
            self.words.none(name, kind, more=more),
            "when",
            (),
            SURE_OF_NONE,
            list=name,
            takes_date=True,
            example="before 2020, or after May 2021",
            none_of=kind,
        )

    def pick(
        self, name: str, key: str, shown: Sequence[KnownRecord], others: tuple[int, ...]
    ) -> Question:
        """Which of the records that are `shown` are so; there may be others to ask about next."""
        wanted = self.basis.definition.normal_form.wanted(key)
        answers, rest = [], []
        for record in shown:
            path, may_be = fact_path(name, record.index, key), record.values[key]
            yes, no = may_be & wanted, may_be - wanted
            if yes and no:
                text = self.words.described(name, record)
                answers.append(Answer(text, {path: yes}, self.basis))
                rest.append({path: no})
        value = next(iter(wanted)) if len(wanted) == 1 else tuple(sorted(map(str, wanted)))
        words = self.words.of_list(name)
        return Question(
            f"{name}.{key}.pick.{shown[0].index}",
            words.topic,
            self.words.which(name, key, value),
            "pick",
            tuple(answers),
            f"{_of_more(len(shown) + len(others), words.nouns)}{words.help}",
            list=name,
            condition={key: value if not isinstance(value, tuple) else list(value)},
            others=others,
            takes_several=True,
            closes=frozenset({pattern(name, key), *(path for each in rest for path in each)}),
            concludes=frozenset(path for each in rest for path in each),
            rest=tuple(rest),
        )

    def value(self, name: str, record: KnownRecord, key: str) -> Question:
        """Which value a fact of a record has."""
        path, list_shape = fact_path(name, record.index, key), self.basis.facts.shape.lists[name]
        words, is_yes_no = self.words.of_list(name), key in list_shape.yes_no
        several = (v for v in list_shape.options[key] if v in record.values[key])
        return Question(
            path,
            words.topic,
            self.words.fact(name, record.index, key),
            "yes-no" if is_yes_no else "which",
            tuple(
                Answer(self.words.word(name, key, v), {path: frozenset({v})}, self.basis)
                for v in several
            ),
            self.words.of_fact(name, key).help or words.help,
            path=path,
            takes_several=not is_yes_no,
            closes=frozenset({path}),
            concludes=frozenset({path}),
        )

    def when(self, path: str, bounds: Bounds, pieces: Sequence[Bounds]) -> Question:
        """When something was, of which bounds are known: in one of several pieces, or a date."""
        at = parse(path)
        name, index, key = at.name, at.index or 0, at.field
        words, phrases = self.words.of_list(name), self.words.of_fact(name, key)
        return Question(
            path,
            words.topic,
            self.words.fact(name, index, key),
            "when",
            tuple(self._sides(path, bounds, pieces)),
            phrases.help or words.help,
            path=path,
            takes_date=True,
            example=phrases.example,
            closes=frozenset({path}),
        )

    def _sides(self, path: str, bounds: Bounds, pieces: Sequence[Bounds]) -> Iterator[Answer]:
        """What there is to choose of a moment, for whoever does not type when it was."""
        for piece in pieces:
            yield Answer(self.words.side(piece, bounds), {path: piece}, self.basis)
        at = parse(path)
        is_end = self.basis.facts.shape.lists[at.name].is_end(at.field)
        if is_end and not pieces and bounds[1] == LATEST:
            yield Answer(self.words.not_ended(at.name), {path: (LATEST, LATEST)}, self.basis)

    def lasting(self, name: str, record: KnownRecord, first: int) -> Question:
        """Whether a span lasted until an instant: a day is easier to say than when it ended."""
        path, words = fact_path(name, record.index, "end"), self.words.of_list(name)
        return Question(
            f"{path}.lasting",
            words.topic,
            self.words.lasting(name, record.index, first),
            "yes-no",
            (
                Answer("Yes", {path: (first, LATEST)}, self.basis),
                Answer("No", {path: (record.bounds["end"][0], first - 1)}, self.basis),
            ),
            words.help,
            path=path,
            closes=frozenset({f"{path}.lasting"}),  # when it ended, they may know
        )

    def yes_no(self, path: str) -> Question:
        """A yes/no fact of the account."""
        answers = (("Yes", True), ("No", False))
        return Question(
            path,
            topic_of(parse(path).name, type(self.basis.history)),
            self.words.account(path),
            "yes-no",
            tuple(Answer(text, {path: value}, self.basis) for text, value in answers),
            path=path,
            closes=frozenset({path}),
        )
