"""What a history says, as sentences: records, yes/no facts, completeness, and changes.

A history comes in, with the phrases of its model; sentences without a full stop go out. What a user
wrote (ids, sources) is shown as printable text only: control characters are spelt out, so that no
terminal obeys them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

from attrs import field, frozen

from eligibility.errors import printable
from eligibility.facts.model import History
from eligibility.facts.normalise import conditions_of
from eligibility.facts.paths import field_of, parse, pattern, value_at
from eligibility.facts.phrases import Kind, Knower, ListPhrases, Phrases, list_phrases, merged
from eligibility.facts.records import EXPORTED_ACCOUNT, MY_ACCOUNT
from eligibility.facts.shape import shape
from eligibility.values.date_words import is_midnight, near, when_words
from eligibility.values.english import capital, counted, listed
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

#: What may not have ended, as the words for dates say it.
_SINCE_DAY: Final = re.compile(r"on (.*) or later")
#: So many conditions on one record can be said of it in one clause.
MOST_IN_A_CLAUSE: Final = 2
#: Of how many records a sentence speaks before it counts the rest.
MOST_SAID: Final = 3


def value_words(value: object) -> str:
    """A known or unknown value of a history, as a word."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable(value.text if isinstance(value, Moment) else str(value).replace("_", " "))


# ---- the words of a model ----------------------------------------------------------------------


def _part(name: str, model: type[History]) -> Any:
    """The record or group that a field of a history is made of."""
    list_shape = shape(model).lists.get(name)
    return list_shape.record if list_shape else model.model_fields[name].annotation


def title_of(path: str, model: type[History]) -> str:
    """The model's title for a path such as `messages[].sent_at`, or the path's own last word."""
    at = parse(path)
    info = model.model_fields.get(at.name)
    if info is not None and at.field:
        info = getattr(_part(at.name, model), "model_fields", {}).get(at.field)
    return (info.title if info else None) or field_of(path).replace("_", " ")


def topic_of(group: str, model: type[History]) -> str:
    """The heading over questions about a group of facts, such as `exclusions`."""
    named = getattr(model.model_fields[group].annotation, "topic", "")
    return capital(named or title_of(group, model))


def phrases_of(path: str, model: type[History]) -> Phrases:
    """How people speak of a fact, such as `messages[].sent_at` or `exclusions.counsel`."""
    at = parse(path)
    return _phrases_of(at.name, at.field, model)


@lru_cache(maxsize=1024)
def _phrases_of(name: str, field: str, model: type[History]) -> Phrases:
    part, key = (_part(name, model), field) if field else (model, name)
    bases = (each.__dict__.get("phrases", {}) for each in getattr(part, "__mro__", ()))
    own = [phrases[key] for phrases in bases if key in phrases]
    path = f"{name}.{field}" if field else name
    return merged(own, title_of(path, model), _kind(path, model), model.holder)


def _kind(path: str, model: type[History]) -> Kind:
    at = parse(path)
    list_shape = shape(model).lists.get(at.name)
    if list_shape is None:
        return "yes-no"
    is_moment = at.field in list_shape.moments
    return "moment" if is_moment else "yes-no" if at.field in list_shape.yes_no else "word"


@lru_cache(maxsize=1024)
def spoken_of(name: str, model: type[History]) -> ListPhrases:
    """How people speak of a list of records."""
    return list_phrases(shape(model).lists[name].record.spoken, name, title_of(name, model))


def account_name(history: History) -> str:
    """The id of an account, for people to read; nothing where nobody gave it one.

    >>> from eligibility import AccountHistory
    >>> account_name(AccountHistory(account_id="A-1001"))
    'A-1001'
    >>> account_name(AccountHistory(account_id=MY_ACCOUNT))
    ''
    """
    name = history.account_id
    return "" if name in {MY_ACCOUNT, EXPORTED_ACCOUNT} else printable(name)


def known_by(path: str, model: type[History]) -> Knower | None:
    """Who can know a fact, such as `messages[].shared`, or which records a list has."""
    return _known_by(parse(path).pattern, model)


@lru_cache(maxsize=1024)
def _known_by(path: str, model: type[History]) -> Knower | None:
    at = parse(path)
    own = None if at.is_complete else phrases_of(path, model).known_by
    of_list = spoken_of(at.subject, model).known_by if at.subject in shape(model).lists else None
    return own or of_list


def word_of(path: str, word: object, model: type[History]) -> str:
    """A word of a closed vocabulary as people say it."""
    if isinstance(word, tuple):
        if name := phrases_of(path, model).values.get(frozenset(word)):
            return name
        several = shape(model).in_order(path, word)
        return listed([word_of(path, each, model) for each in several], "or")
    return phrases_of(path, model).values.get(str(word), value_words(word))


@lru_cache(maxsize=4096)
def _said(name: str, key: str, value: Any, model: type[History]) -> tuple[str, str]:
    """What yes or no, or a word, makes true of a record: of what, and what."""
    phrases = _phrases_of(name, key, model)
    return phrases.subject, phrases.of_value(value, word_of(pattern(name, key), value, model))


@lru_cache(maxsize=4096)
def said_when(name: str, key: str, when: str, model: type[History]) -> tuple[str, str]:
    """What a moment makes true of a record that has it: of what, and what."""
    phrases = _phrases_of(name, key, model)
    if shape(model).lists[name].is_end(key) and (day := _SINCE_DAY.fullmatch(when)):
        return phrases.subject, f"lasted until {day[1]} or longer"
    return phrases.subject, phrases.of_value(None, when).replace(" ,", ",")


# ---- what one history says ---------------------------------------------------------------------


@frozen
class Speaker:
    """Says facts of one history.

    `edges` are instants that something turns on: what lies on the same day is said with its time.
    So it is beside the `bounds` of what else is said, but for those with which a day begins.
    `exact` is for a speaker who says every time of day.
    """

    history: History
    edges: frozenset[int] = frozenset()
    exact: bool = False
    bounds: frozenset[int] = frozenset()
    model: type[History] = field(init=False)

    @model.default
    def _model(self) -> type[History]:
        return type(self.history)

    def called(self, name: str, index: int) -> str:
        """How a record is named: `Premium`, `the message`, or one of several by its id."""
        words, records = spoken_of(name, self.model), getattr(self.history, name)
        if len(records) == 1 or words.called != f"the {words.noun}":
            return words.called
        return f"{words.noun} {printable(records[index].id or str(index + 1))}"

    def about(self, name: str, index: int, *, is_numbered: bool = False) -> str:
        """Where a record is known from, or, where its name does not say so, which one it is."""
        records = getattr(self.history, name)
        record, words = records[index], spoken_of(name, self.model)
        if record.source:
            return printable(record.source)
        if is_numbered or len(records) == 1 or words.called == f"the {words.noun}":
            return ""
        return printable(record.id) if record.id else f"number {index + 1} of {len(records)}"

    def when(self, moment: Moment) -> str:
        """What is known of a moment, after a verb."""
        return self.between(moment.earliest, moment.latest)

    def between(self, first: int, last: int) -> str:
        """That something lies between two instants, after a verb."""
        own, zone = (first, last, last + 1), self.history.time_zone
        if self.exact:
            return when_words(first, last, own, zone)
        turning = self.edges | self.bounds
        edges = [
            at
            for at in (near(turning, first, last) if turning else ())
            if at not in own and (at in self.edges or not is_midnight(at, zone))
        ]
        return when_words(first, last, edges, zone)

    def says(self, name: str, index: int, key: str) -> tuple[str, str]:
        """What one fact makes true: of what, and what."""
        record = getattr(self.history, name)[index]
        value = getattr(record, key)
        if not isinstance(value, Moment):
            return _said(name, key, value, self.model)
        if value.earliest == LATEST:
            return _phrases_of(name, key, self.model).subject, "has not ended"
        condition, when = record.exists_if.get(key), self.when(value)
        sure = condition is None or getattr(record, condition) is True
        return said_when(name, key, when if sure else f", if at all, {when}", self.model)

    def predicates(self, name: str, index: int, wanted: AbstractSet[str]) -> dict[str, list[str]]:
        """What facts of a record make true, by what they speak of; '' is the record itself."""
        said: dict[str, list[str]] = {}
        for key in shape(self.model).lists[name].told:
            if key in wanted:
                subject, words = self.says(name, index, key)
                said.setdefault(subject, []).append(words)
        return dict(sorted(said.items())) if len(said) > 1 else said

    def record(
        self, name: str, index: int, keys: Iterable[str], called: str = "", *, about: bool = True
    ) -> str:
        """What facts of one record make true, and, if wanted, where that is known from."""
        wanted, exists_if = set(keys), shape(self.model).lists[name].record.exists_if
        if not exists_if.keys().isdisjoint(wanted):  # 'was shared in May'
            wanted -= {exists_if[key] for key in wanted if key in exists_if}
        said = self.predicates(name, index, wanted).items()
        words = "; ".join(
            [f"{self._subject(of, called, name, index)} {listed(each)}" for of, each in said]
        )
        source = self.about(name, index, is_numbered=any(of for of, _ in said)) if about else ""
        return f"{words} ({source})" if words and source else words

    def _subject(self, subject: str, called: str, name: str, index: int) -> str:
        """What a fact of a record is said of: the record, or, as 'the plan', something of it."""
        if not subject or len(getattr(self.history, name)) == 1:
            return subject or called or self.called(name, index)
        record, noun = getattr(self.history, name)[index], spoken_of(name, self.model).noun
        of = "for" if subject.startswith(("“", "the answer", "a ", "an ", "any ")) else "of"
        return f"{subject} {of} {noun} {printable(record.id or str(index + 1))}"

    def complete(self, paths: Iterable[str], whence: str = "as stated") -> str:
        """What is stated to be complete; empty if there is nothing to speak of."""
        at = [*map(parse, paths)]
        whole = [self._no(path.field, plural=True) for path in at if path.statement is None]
        said = [f"there are {listed(whole)}"] if whole else []
        said += [self._none_with(p.field, p.statement) for p in at if p.statement is not None]
        return f"{'; '.join(said)} ({whence})" if said else ""

    def _no(self, name: str, *, plural: bool = False) -> str:
        words = spoken_of(name, self.model)
        other = "other " if getattr(self.history, name) else ""
        return f"no {other}{words.nouns if plural else words.noun}"

    def _none_with(self, name: str, at: int) -> str:
        """That no record but those listed meets the conditions of a statement."""
        where = conditions_of(self.history, name)[at].where
        if several := self.all_so(name, where):
            return f"there is {self._no(name)} {several}"
        paths = {pattern(name, key): key for key in where}
        kinds = {p: kind for p in paths if (kind := phrases_of(p, self.model).of_kind)}
        own, of = self._asked(name, {k: where[k] for path, k in paths.items() if path not in kinds})
        said = (k.format(value=word_of(p, where[paths[p]], self.model)) for p, k in kinds.items())
        there, of = "there is " if not own else "", of.replace("of which the ", "whose ")
        return f"{there}{' '.join(filter(None, (self._no(name), *said, of, own)))}"

    def all_so(self, name: str, where: Mapping[str, Any]) -> str:
        """Conditions on a record, after `one`, if they are more than one clause can say."""
        points = self.points(name, where)
        return f"for which all of this is true: {listed(points)}" if points else ""

    def points(self, name: str, where: Mapping[str, Any]) -> tuple[str, ...]:
        """Those conditions as sentences; none, if one clause can say them."""
        said = [self._true(name, key, where[key]) for key in self._in_order(name, where)]
        is_short = len(where.keys() - {"end"}) <= MOST_IN_A_CLAUSE  # of spans, both ends are one
        return () if is_short else tuple(f"{of or 'it'} {words}" for of, words in said)

    def _in_order(self, name: str, where: Mapping[str, Any]) -> Iterator[str]:
        """The fields of conditions, as the model has them; of a span, an end that tells more."""
        list_shape = shape(self.model).lists[name]
        idle = _idle_end(where.get("start"), where.get("end")) if list_shape.is_spans else ""
        fields = list_shape.record.model_fields
        return (key for key in fields if key in where and key != idle)

    def one_that(self, name: str, where: Mapping[str, Any]) -> str:
        """What conditions ask of a record, after `one that`: values, words and moments by field."""
        return ", ".join(filter(None, self._asked(name, where)))

    def _asked(self, name: str, where: Mapping[str, Any]) -> tuple[str, str]:
        """What conditions ask of a record itself, and of what is its own: 'of which the plan …'."""
        said = [self._true(name, key, where[key]) for key in self._in_order(name, where)]
        own = listed([words for subject, words in said if not subject])
        of = listed([f"{subject} {words}" for subject, words in said if subject])
        return own, f"of which {of}" if of else ""

    def _true(self, name: str, key: str, value: Any) -> tuple[str, str]:
        """What a condition makes true of a record: of what, and what."""
        if not isinstance(value, Moment):
            return _said(name, key, value, self.model)
        return said_when(name, key, self.when(value), self.model)

    def answer(self, path: str) -> str:
        """What a yes/no fact of the account makes true."""
        phrases, value = phrases_of(path, self.model), value_at(path, self.history)
        said = phrases.of_value(value, value_words(value), self.model.knowers["defendant"])
        return f"{phrases.subject or self.model.holder} {said}"

    def facts(self, paths: Iterable[str]) -> Iterator[str]:
        """What the facts at several paths make true, record by record; of many, the first few."""
        keys: dict[tuple[str, int], list[str]] = {}
        for path in paths:
            at = parse(path)
            if at.index is not None:
                keys.setdefault((at.name, at.index), []).append(at.field)
            elif not at.is_complete:
                yield self.answer(path)
        for name in dict.fromkeys(name for name, _ in keys):
            records = {index: of for (of_list, index), of in keys.items() if of_list == name}
            for index, of in list(records.items())[:MOST_SAID]:
                yield self.record(name, index, of)
            if len(records) > MOST_SAID:
                words, more = spoken_of(name, self.model), len(records) - MOST_SAID
                yield f"and {counted(more, f'more {words.noun}', f'more {words.nouns}')} likewise"

    def unknown(self, path: str) -> str:
        """What is not known of the account, or of the records of a list, after 'can know'."""
        at = parse(path)
        if at.is_complete:
            spoken, some = spoken_of(at.field, self.model), getattr(self.history, at.field)
            return f"whether there are other {spoken.nouns}" if some else spoken.unknown_any
        defendant = self.model.knowers["defendant"]
        words = phrases_of(path, self.model).unknown
        return words.format(it=self.model.holder, defendant=defendant)


def _idle_end(start: Any, end: Any) -> str:
    """Which end of a span need not be said, since the other says as much; empty if both tell."""
    if not (isinstance(start, Moment) and isinstance(end, Moment)):
        return ""
    if start.earliest == EARLIEST and end.latest <= start.latest:
        return "start"  # it ended by then, so it began by then
    return "end" if end.latest == LATEST and start.earliest >= end.earliest else ""
