"""What is not known, as questions to a person, in the words of the model.

A path of a history comes in; the question and the words of its answers go out.
"""

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from eligibility.errors import printable
from eligibility.facts.boxes import Said
from eligibility.facts.model import History
from eligibility.facts.paths import parse, pattern
from eligibility.facts.phrases import asked_of
from eligibility.facts.refinement import plain_value
from eligibility.facts.shape import shape
from eligibility.facts.wording import Speaker, phrases_of, spoken_of, word_of
from eligibility.values.date_words import Dates, is_midnight
from eligibility.values.english import a, capital, listed
from eligibility.values.moment import Moment


@frozen
class Asker:
    """Asks for facts of one history."""

    history: History
    _called: dict[tuple[str, int, str], str] = field(init=False, eq=False, factory=dict)
    _speaker: Speaker = field(init=False, eq=False)

    @_speaker.default
    def _of_history(self) -> Speaker:
        return Speaker(self.history)

    def fact(self, path: str, cut: str = "") -> str:
        """The question for a fact; `cut` are the dates on whose one side its moment may lie."""
        model, at = type(self.history), parse(path)
        it = model.holder if at.index is None else self._this(at.name, at.index, at.field)
        if at.is_pattern:
            it = f"{a(spoken_of(at.name, model).noun)} that is not listed"
        phrases, defendant = phrases_of(path, model), model.knowers["defendant"]
        asks = phrases.asks if cut or "{when}" not in phrases.asks else phrases.asks_when
        is_one = at.index is None or len(getattr(self.history, at.name)) == 1
        return capital(asked_of(asks, it, is_one=is_one, when=cut, defendant=defendant))

    def complete(self, name: str) -> str:
        """The question whether a list lacks a record."""
        words = spoken_of(name, type(self.history))
        return words.asks_more if getattr(self.history, name) else words.asks_any

    def word(self, path: str, words: Iterable[str]) -> str:
        """An answer: one of several words of a vocabulary that count alike."""
        model, at = type(self.history), parse(path)
        said = [word_of(pattern(at.name, at.field), word, model) for word in words]
        return listed(said, "or")

    def one_that(self, name: str, known: Said) -> str:
        """A record that nobody listed, by what is known of it, after `one`."""
        where = self._where(known)
        if several := self._speaker.all_so(name, where):
            return several
        known_so = self._speaker.one_that(name, where)
        return known_so if known_so.startswith("of which ") else f"that {known_so}"

    def points(self, name: str, known: Said) -> tuple[str, ...]:
        """What is known of such a record, point by point, if that is too much for one clause."""
        return self._speaker.points(name, self._where(known))

    def _where(self, known: Said) -> dict[str, Any]:
        zone = self.history.time_zone
        where: dict[str, Any] = {}
        for key, each in known.items():
            plain = Moment.between(*each, zone) if isinstance(each, tuple) else plain_value(each)
            where[key] = tuple(plain) if isinstance(plain, list) else plain
        return where

    def _this(self, name: str, index: int, asked: str) -> str:
        """The record that is asked about, so that a person knows which one it is."""
        record = getattr(self.history, name)[index]
        of = name, index, asked if getattr(record, asked, None) is not None else ""
        if of not in self._called:
            self._called[of] = self._which(name, index, asked)
        return self._called[of]

    def _which(self, name: str, index: int, asked: str) -> str:
        records, noun = getattr(self.history, name), spoken_of(name, type(self.history)).noun
        if len(records) == 1:
            return f"this {noun}"
        record = records[index]
        which = f"{noun} {printable(record.id)}" if record.id else f"{noun} number {index + 1}"
        speaker = self._speaker
        known = [
            words
            for key in shape(type(self.history)).lists[name].moments
            if key != asked and getattr(record, key) is not None
            for subject, words in [speaker.says(name, index, key)]
            if not subject
        ]
        about = known[0] if known else printable(record.source or "")
        return f"{which} ({about.removeprefix('was ')})" if about else which


def side_words(piece: tuple[int, int], bounds: tuple[int, int], zone: str) -> str:
    """Which side of a date a moment lies on: one piece of its bounds, UTC microseconds, inclusive.

    >>> side_words((5, 1726642799999999), (5, 9), "America/Los_Angeles")
    'before 18 September 2024'
    """
    first, last = piece
    dates = Dates(zone, [first - 1, first, last, last + 1])
    if first == bounds[0]:
        return dates.up_to(last)
    if last != bounds[1] and is_midnight(first, zone) and is_midnight(last + 1, zone):
        return Dates(zone).when(first, last)
    since = dates.since(first)
    return since if last == bounds[1] else f"{since}, and {dates.up_to(last)}"
