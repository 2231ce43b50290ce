"""The words of an interview: questions and answers as people say them.

What is asked comes in, with the phrases of its model; English goes out.
"""

import re
from collections.abc import Mapping
from itertools import islice
from string import Formatter
from typing import Final

from attrs import evolve, frozen

from eligibility.errors import printable
from eligibility.facts.asking import Asker, side_words
from eligibility.facts.boxes import ANY_TIME, Bounds, Said, narrowed
from eligibility.facts.known import KnownHistory, KnownRecord, unlisted_of
from eligibility.facts.model import History
from eligibility.facts.paths import pattern
from eligibility.facts.phrases import ListPhrases, Phrases, asked_of
from eligibility.facts.shape import ListShape, shape
from eligibility.facts.templates import moments_of
from eligibility.facts.wording import phrases_of, said_when, spoken_of, word_of
from eligibility.interview.second_person import said_to_you
from eligibility.values.date_words import Dates, day_words, is_midnight, when_words
from eligibility.values.english import a, capital
from eligibility.values.timeline import DAY, EARLIEST, LATEST

#: Of the second that they speak of: 'your other Premium'.
_OTHER: Final = re.compile(r"^(your|that)\b")
_NTH: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_THAT: Final = re.compile(r"^that\b")
_MONTH: Final = 31 * DAY
_LASTING: Final = "Did {it} last until {when}, or longer?"


@frozen
class Words:
    """Words for questions about one history, and all that is known by now.

    They are put to the claimant, or to somebody who speaks of the claimant.
    """

    history: History
    facts: KnownHistory
    is_claimant: bool

    @property
    def _model(self) -> type[History]:
        return type(self.history)

    def of_list(self, name: str) -> ListPhrases:
        """The words for a list."""
        return spoken_of(name, self._model)

    def of_fact(self, name: str, key: str) -> Phrases:
        """The words for a fact of its records."""
        return phrases_of(pattern(name, key), self._model)

    def day(self, at: int) -> str:
        """The day of an instant."""
        return day_words(at, self.history.time_zone).rpartition(" on ")[2]

    def stretch(self, bounds: Bounds) -> str:
        """Where a moment lies, after a verb, in whole days."""
        first, last = self._days(bounds)
        if EARLIEST < first < last == LATEST:
            return f"on or after {self.day(first)}"
        return Dates(self.history.time_zone).when(first, last)

    def _days(self, bounds: Bounds) -> Bounds:
        """Bounds without the last instant of the day before, or the first of the day after."""
        (first, last), zone = bounds, self.history.time_zone
        if EARLIEST < first < last and is_midnight(first + 1, zone):
            first += 1  # nobody knows it from the next
        if first < last < LATEST and is_midnight(last, zone):
            last -= 1
        return first, last

    # ---- is there one more record? -------------------------------------------------------------

    def some(self, name: str, where: Said, *, more: bool) -> tuple[str, tuple[str, ...]]:
        """The question for a record that meets conditions, and its points, if they are many."""
        words, list_shape = self.of_list(name), shape(self._model).lists[name]
        template = words.asks_some_more if more else words.asks_some
        when = self._when(name, where, list_shape)
        moments = {} if list_shape.is_spans else self._moments(list_shape, where)
        said = moments if when is None else {**moments, "when": when}
        if asks := self._filled(template, name, where, said):
            return asks, ()
        if not where:
            return words.asks_more if more else words.asks_any, ()
        if list_shape.is_spans and (stretch := _across(where)):
            return self.throughout(name, *stretch, {}), ()
        is_when = list_shape.is_spans and when is not None
        rest = {k: each for k, each in where.items() if not (is_when and k in ("start", "end"))}
        days = {key: self._days(e) if isinstance(e, tuple) else e for key, e in rest.items()}
        asker = Asker(self.history)
        known = asker.one_that(name, days) if days else ""
        one = f"{words.noun}{f' {when},' if is_when else ''}"
        if more:
            one = f"another {one}"
        elif list_shape.is_spans:
            one = self._article(name, one)
        else:
            one = f"any {one}"
        was_there = f"Did {self._who} have" if list_shape.is_spans else "Was there"
        return f"{was_there} {one} {known}".rstrip(" ,") + "?", asker.points(name, days)

    def none(self, name: str, kind: Said, *, more: bool) -> str:
        """The question when there surely was no span of a kind; `more` than those known."""
        words = self.of_list(name)
        asks = self._filled(words.asks_none, name, kind, {})
        asks = asks or f"When did {self._who} definitely have no {self._one_of(name, kind)}?"
        return f"Apart from that, {asks[:1].lower()}{asks[1:]}" if more else asks

    def _filled(self, template: str, name: str, where: Said, said: Mapping[str, str]) -> str | None:
        """The words of a model, filled in; None if they leave out anything that is asked.

        Whoever says yes to them would else be taken to have said that as well. `said` fills in what
        is no value of a field.
        """
        list_shape = shape(self._model).lists[name]
        fields = {key for _, key, _, _ in Formatter().parse(template) if key}
        named = {key: self._named(name, key, where) for key in list_shape.values if key in fields}
        asked = fields.union(moments_of(list_shape) if "when" in fields else ())
        if not template or None in named.values() or not where.keys() <= asked:
            return None
        return _tidy(template.format(**said, **named)) if fields <= {*said, *named} else None

    def _one_of(self, name: str, kind: Said) -> str:
        """A record of a kind, after 'no' or 'some'."""
        known = Asker(self.history).one_that(name, kind) if kind else ""
        return f"{self.of_list(name).noun} {known}".rstrip()

    def _article(self, name: str, one: str) -> str:
        """A record, with the article of its noun: what has no plural, such as leave, has none."""
        words = self.of_list(name)
        return f"any {one}" if words.noun == words.nouns else a(one)

    def _named(self, name: str, key: str, where: Said) -> str | None:
        named, asked = self.of_fact(name, key).named, where.get(key)
        if not isinstance(asked, frozenset):
            return named.get(None)
        return named.get(asked) or (named.get(next(iter(asked))) if len(asked) == 1 else None)

    def _moments(self, list_shape: ListShape, where: Said) -> dict[str, str]:
        """The conditions on the moments of a record, after a verb, by their names."""
        asked = ((key, where.get(key)) for key in list_shape.moments)
        return {
            key: self.stretch(at) if isinstance(at, tuple) else "at any time" for key, at in asked
        }

    def _when(self, name: str, where: Said, list_shape: ListShape) -> str | None:
        """The conditions on what `{when}` speaks of; None if there is no simple way to say them."""
        if list_shape.is_spans:
            asked = {key: at for key, at in where.items() if isinstance(at, tuple)}
            first = asked.pop("end", (EARLIEST, LATEST))[0]
            last = asked.pop("start", (EARLIEST, LATEST))[1]
            if asked or first > last or not self._is_all(name, where, first, last):
                return None
            when = self.stretch((first, last))
            return f"at any time {when}" if when != "at some time" else "at any time"
        own = moments_of(list_shape)
        return self._moments(list_shape, where)[own[0]] if own else None

    def _is_all(self, name: str, where: Said, first: int, last: int) -> bool:
        """Whether conditions on a span are those of any that covers a part of a stretch.

        Others may be left out by what is stated already.
        """
        list_shape = evolve(shape(self._model).lists[name], supposed=None)
        stated = tuple(self.facts.stated[name].values())
        wider = {**where, "start": (EARLIEST, last), "end": (first, LATEST)}
        unlisted = unlisted_of(list_shape, stated)
        every = (left for box in unlisted for left in narrowed(box, list_shape, wider))
        asked = [(key, at) for key, at in where.items() if isinstance(at, tuple)]
        return all(
            at[0] <= box.bounds[key][0] and box.bounds[key][1] <= at[1]
            for box in every
            for key, at in asked
        )

    # ---- one fact ------------------------------------------------------------------------------

    def fact(self, name: str, index: int, key: str) -> str:
        """The question for a fact of one record."""
        it, is_one = self.one(name, index, key), len(self.facts.lists[name]) == 1
        return self._asked(self.of_fact(name, key), it, is_one=is_one)

    def _asked(self, phrases: Phrases, it: str, *, is_one: bool = True) -> str:
        asks = phrases.asks_when if "{when}" in phrases.asks else phrases.asks
        return capital(asked_of(asks, it, is_one=is_one, defendant=self._defendant))

    def side(self, piece: Bounds, bounds: Bounds) -> str:
        """An answer: where a moment lies."""
        return capital(side_words(piece, bounds, self.history.time_zone))

    def lasting(self, name: str, index: int, last: int) -> str:
        """The question whether a span lasted until the end of a day."""
        listed, every = len(getattr(self.history, name)), len(self.facts.lists[name])
        asks = self.of_fact(name, "end").asks_lasting
        if "{it}" not in asks and not listed == index == every - 1:  # one of several: say which
            asks = _LASTING
        return capital(asks.format(it=self.one(name, index, "end"), when=self.day(last)))

    def not_ended(self, name: str) -> str:
        """The answer that a span has not ended; a class's own is in the words of the claimant."""
        own = self.of_fact(name, "end").values if self.is_claimant else {}
        return capital(own.get("..", "it has not ended"))

    def lasts_any(self, name: str) -> bool:
        """Whether that question is about all spans of a list, which go by one name: 'Premium'.

        'Did you still live there?' asks of one home, though it does not say of which.
        """
        words = self.of_list(name)
        is_named = "{it}" in (self.of_fact(name, "end").asks_lasting or _LASTING)
        return not is_named and words.called != f"the {words.noun}"

    def throughout(self, name: str, first: int, last: int, kind: Said) -> str:
        """The question whether a stretch is covered by spans of a kind, without a break."""
        asks, days = self.of_list(name).asks_throughout, (self.day(first), self.day(last + 1))
        said = dict(zip(("first", "last"), days, strict=True))
        return self._filled(asks, name, kind, said) or (
            f"Did {self._who} have, without a break from {said['first']} until {said['last']}, "
            f"{self._article(name, self._one_of(name, kind))}?"
        )

    def breaks(self, name: str, kind: Said) -> str:
        """The question between which of some dates there was no span of a kind."""
        asks = self._filled(self.of_list(name).asks_breaks, name, kind, {})
        was, one = "were" if self.is_claimant else "was", self._one_of(name, kind)
        return asks or (
            f"Between which of these dates {was} {self._who}, for some time, without "
            f"{self._article(name, one)}?"
        )

    def gap(self, first: int, last: int) -> str:
        """A stretch from one day until another, or until nobody knows when, as an answer."""
        if last >= LATEST:
            return f"After {self.day(first)}"
        return f"Between {self.day(first)} and {self.day(last)}"

    def account(self, path: str) -> str:
        """The question for a fact of the account."""
        holder = self._model.holder
        asked = self._asked(phrases_of(path, self._model), holder)
        return said_to_you(asked, self._model) if self.is_claimant else asked

    @property
    def _who(self) -> str:
        """Who has what spans are: it is of theirs that is asked."""
        return "you" if self.is_claimant else self._model.holder

    @property
    def _defendant(self) -> str:
        return self._model.knowers["defendant"]

    def one(self, name: str, index: int, asked: str) -> str:
        """The record that a question is about, which asks for one of its facts."""
        records, words = getattr(self.history, name), self.of_list(name)
        if index >= len(records):  # said in this interview
            return self._said_one(name, index, asked)
        noun = words.noun
        record = records[index]
        which = f"the {noun}" if len(records) == 1 else f"{noun} number {index + 1}"
        about = [printable(record.source or record.id or "")]
        if len(records) > 1:
            about = [*self._dated(name, index, asked), *about]
        said = ", ".join(filter(None, about))
        return f"{which} ({said})" if said else which

    def _dated(self, name: str, index: int, asked: str) -> list[str]:
        """When a listed record was, if that is known to the month and is not what is asked.

        That it has not ended is no date of it, nor when it happened, if it ever did.
        """
        known, list_shape = self.facts.lists[name][index].said, shape(self._model).lists[name]
        keys = (key for key in list_shape.moments if key not in list_shape.record.exists_if)
        dates = (known.get(key) for key in keys if key != asked)
        whens = (
            each
            for each in dates
            if isinstance(each, tuple) and each[1] - each[0] <= _MONTH and each[1] < LATEST
        )
        when = Dates(self.history.time_zone).when
        return [when(*each).removeprefix("on ").removeprefix("in ") for each in islice(whens, 1)]

    def _said_one(self, name: str, index: int, asked: str) -> str:
        """A record that was said in this interview: of several, by what tells it apart."""
        yours, listed = self.of_list(name).yours, len(getattr(self.history, name))
        mine, *others = sorted(self.facts.lists[name][listed:], key=lambda r: r.index != index)
        for key in reversed(shape(self._model).lists[name].sequence) if others else ():
            bounds = mine.bounds.get(key, ANY_TIME)
            theirs = [each.bounds.get(key, ANY_TIME) for each in others]
            if key != asked and all(b[1] < bounds[0] or bounds[1] < b[0] for b in theirs):
                return f"{_THAT.sub('the', yours)} that {self._says(name, key, bounds)}"
        is_last = all(each.index < index for each in others)
        if others and not (is_last and index == 1):  # 'other' is the second of two
            return f"the {_nth(index - listed)} {self.of_list(name).noun} that you mentioned"
        return yours if index == 0 else _OTHER.sub(r"\1 other", yours, count=1)

    def _says(self, name: str, key: str, bounds: Bounds) -> str:
        """What a moment makes true of a record that was said in this interview."""
        if bounds[0] == LATEST:
            return "has not ended"
        return said_when(name, key, self.stretch(bounds), self._model)[1]

    # ---- listed records ------------------------------------------------------------------------

    def which(self, name: str, key: str, value: object) -> str:
        """The question which of several records are so."""
        words = self.of_list(name)
        phrases = self.of_fact(name, key)
        one_of = frozenset(value) if isinstance(value, tuple) else frozenset({value})
        for each in (value, one_of):
            if each in phrases.asks_which:
                return phrases.asks_which[each]
        shown = word_of(pattern(name, key), value, self._model)
        kind = f"{phrases.subject or 'it'} {phrases.of_value(value, shown)}"
        return words.asks_which.format(kind=kind)

    def described(self, name: str, record: KnownRecord) -> str:
        """A listed record, so that whoever has it knows it again: by date, direction and source."""
        list_shape = shape(self._model).lists[name]
        own = getattr(self.history, name)[record.index]
        when = [
            when_words(*known, [], self.history.time_zone)
            for key in list_shape.moments
            if isinstance(known := record.said.get(key), tuple)
        ]
        values = [
            word_of(pattern(name, key), value, self._model)
            for key in list_shape.vocabulary
            if (value := getattr(own, key, None)) is not None
        ]
        dated = [each.removeprefix("on ") for each in when[:1]]
        said = ": ".join(filter(None, (*dated, ", ".join(values))))
        source = printable(own.source or "")
        if said and source:
            return capital(f"{said} ({source})")
        return capital(said or source) or f"Number {record.index + 1}"

    def word(self, name: str, key: str, value: object) -> str:
        """One value of a fact, as an answer."""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return capital(word_of(pattern(name, key), value, self._model))

    def unknown(self, name: str, key: str) -> str:
        """What is not known, after 'can tell'."""
        words = self.of_list(name)
        if not key:
            return f"whether there are other {words.nouns}"
        return self.of_fact(name, key).unknown.format(it=words.called, defendant=self._defendant)


def _across(where: Said) -> Bounds | None:
    """The first and the last instant that a span must cover; None if one of a stretch will do."""
    first, last = where.get("start", ANY_TIME), where.get("end", ANY_TIME)
    if not (isinstance(first, tuple) and isinstance(last, tuple)) or last[0] < first[1]:
        return None
    is_plain = first[0] == EARLIEST and last[1] == LATEST and first[1] < LATEST
    return (first[1], last[0]) if is_plain and where.keys() <= {"start", "end"} else None


def _nth(place: int) -> str:
    """Which one of several, by its place, from 0.

    >>> [_nth(place) for place in (0, 7, 10, 20, 21, 22, 111)]
    ['first', 'eighth', '11th', '21st', '22nd', '23rd', '112th']
    """
    count = place + 1
    is_teen = count % 100 // 10 == 1
    end = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return _NTH[place] if place < len(_NTH) else f"{count}{end}"


def _tidy(words: str) -> str:
    return capital(" ".join(words.split())).replace(" ?", "?")
