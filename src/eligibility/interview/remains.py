"""What is left when an interview pauses or ends: how far it is, and what nobody here can tell."""

import re
from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import paths
from eligibility.facts.known import KnownRecord
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import complete_path, fact_path, field_of, pattern
from eligibility.facts.phrases import Knower
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import known_by, phrases_of, spoken_of
from eligibility.interview.few import Few
from eligibility.interview.knowable import Knowable
from eligibility.interview.listing import Listing
from eligibility.interview.matters import Matters, is_day
from eligibility.values.date_words import Dates
from eligibility.verdict.open_facts import open_of_one_more
from eligibility.verdict.questions import can_be_asked
from eligibility.verdict.why.open_words import CAN_KNOW, MOST_NAMED, among_excluded, who_can_know

#: Of what the claimant could know, and said that they do not.
_FIND_OUT: Final = "{who} could still find out {what}"


@frozen
class OpenFact:
    """Something that stays open: what, as words after 'it is not known', and who could know it.

    `who` says the same in words, such as `LinkedIn`; it is empty where the model does not say.
    `path` is the fact, such as `messages[].shared`, of whichever record.
    """

    text: str
    known_by: Knower | None
    who: str
    path: str = ""


def open_facts(few: Few, zone: str) -> tuple[OpenFact, ...]:
    """What could still change the status, and cannot be asked for here: others may know it."""
    return tuple(dict.fromkeys(_Open(few, zone).facts()))


def open_paths(
    history: History, definition: ClassDefinition, supposing: Supposition | None = None
) -> tuple[str, ...]:
    """The facts that a verdict on a history turns on.

    These are the facts of its questions, which somebody other than the defendant can answer, and
    those of `open`, which nobody else can; `messages[].shared` is that of a record that nobody
    listed. A long history is looked through in short, as an interview does it, and so sooner than a
    verdict is asked.

    >>> from eligibility import AccountHistory
    >>> from eligibility.rules import class_definition
    >>> history = AccountHistory(account_id="A-1", premium=[{"end": ".."}], complete=["premium"])
    >>> for path in open_paths(history, class_definition()):
    ...     print(path)
    premium[0].plan
    premium[0].start
    complete.permissions
    complete.messages
    messages[].shared
    messages[].shared_at
    """
    facts, name, model = normalise(history), definition.record_list, type(history)
    if supposing is not None:
        facts = supposing.under(definition.reading).suppose(facts)
    records = facts.lists[name] if name else ()
    listing = Listing.nothing(facts, definition, len(records)).now(records, {})
    few = Few(facts, definition, Knowable(model, "claimant"), listing)
    theirs = Matters(few, history.time_zone)
    every = Matters(evolve(few, knowable=Knowable(model, None)), history.time_zone)

    def by(path: str) -> Matters:
        return every if known_by(path, model) == "defendant" else theirs

    found = []
    for each in filter(None, (*definition.filters, name)):
        is_class = each == name
        for key in facts.shape.lists[each].facts:
            turns = partial(by(pattern(each, key)).fact, each, key=key)
            parts = few.alike(turns) if is_class else [[*filter(turns, facts.lists[each])]]
            found += [fact_path(each, one.index, key) for part in parts for one in part]
        if by(complete_path(each)).is_one_more(each):
            found.append(complete_path(each))
    found += [path for path in facts.answers if by(path).account(path)]
    if theirs.relevance is not None:
        found += open_of_one_more(facts, definition, can_be_asked(model))
    return tuple(dict.fromkeys(found))


class _Open:
    """What of a history would matter to somebody who can know everything."""

    def __init__(self, few: Few, zone: str) -> None:
        self._theirs = few.knowable
        self._model = few.definition.model
        self._all = Matters(evolve(few, knowable=Knowable(self._model, None)), zone)

    def facts(self) -> Iterator[OpenFact]:
        few = self._all.few
        for name in few.definition.filters:
            yield from self._spans(name)
        if few.definition.record_list:
            yield from self._records(few.definition.record_list)
        for path in few.facts.answers:
            if not self._theirs.account(path) and self._all.account(path):
                yield self._said(phrases_of(path, self._model).unknown, self._model.holder, path)

    def _spans(self, name: str) -> Iterator[OpenFact]:
        several = self._all.few.definition.filters[name]
        read = dict.fromkeys(field_of(only.path) for where in several for only in where)
        for key in ("start", "end", *read):
            for span in self._all.few.facts.lists[name]:
                yield from self._fact(name, span, key)
        yield from self._list(name)

    def _records(self, name: str) -> Iterator[OpenFact]:
        for key in self._all.few.facts.shape.lists[name].facts:
            for record in self._all.few.records:
                yield from self._fact(name, record, key)
        yield from self._list(name)

    def _fact(self, name: str, record: KnownRecord, key: str) -> Iterator[OpenFact]:
        if not self._theirs.fact(name, record.index, key) and self._all.fact(name, record, key):
            path = pattern(name, key)
            unknown = phrases_of(path, self._model).unknown
            if key in record.bounds and is_day(record, key):  # which day it was, is known
                day = Dates(self._all.zone).when(*record.bounds[key])
                unknown = re.sub("^when ", f"at what time {day} ", unknown)
            yield self._said(unknown, spoken_of(name, self._model).called, path)

    def _list(self, name: str) -> Iterator[OpenFact]:
        """What is not known of records that nobody listed: whether there are any, and what kind."""
        words, few = spoken_of(name, self._model), self._all.few
        if not self._theirs.records(name) and self._all.is_one_more(name):
            is_first = not few.facts.lists[name]
            text = words.unknown_any if is_first else f"whether there were other {words.nouns}"
            yield self._said(text, "", complete_path(name))
            disjuncts = few.definition.normal_form.disjuncts
            asked = {key for d in disjuncts for key in (*d.values, *d.moments)}
            is_record = name == few.definition.record_list
            for key in few.facts.shape.lists[name].facts if is_record else ():
                if is_first and key in asked and not self._theirs.fact(name, None, key):
                    path = pattern(name, key)
                    yield self._said(phrases_of(path, self._model).unknown, words.called, path)

    def _said(self, unknown: str, it: str, path: str) -> OpenFact:
        knowers, who = self._model.knowers, known_by(path, self._model)
        text = unknown.format(it=it, defendant=knowers["defendant"])
        named = self._model.holder if who == "claimant" else knowers.get(who, "") if who else ""
        return OpenFact(text, who, named, path)


def open_sentences(
    found: Collection[OpenFact], definition: ClassDefinition, *, asked: Knower | None = None
) -> tuple[str, ...]:
    """What stays open as sentences, one for each who could know it.

    Whoever was `asked` has said all that they know: what is theirs they could only find out.
    """
    model = definition.model
    excluding = {path for each in definition.exclusions for path in paths(each.condition)}
    out = [fact for fact in found if fact.path in excluding]
    facts = [(fact.known_by, fact.text) for fact in found if fact not in out]
    if len(out) > MOST_NAMED:  # nobody reads on where each of them is named
        facts.append((out[0].known_by, among_excluded(model)))
    else:
        facts += [(fact.known_by, fact.text) for fact in out]
    words = {**CAN_KNOW, asked: _FIND_OUT} if asked == "claimant" else CAN_KNOW
    return tuple(who_can_know(facts, model, words))


def topics_left(few: Few) -> int:
    """How much there is still to ask about, roughly: lists that may lack records, and facts."""
    definition, facts = few.definition, few.facts
    names = [*definition.filters, *([definition.record_list] if definition.record_list else [])]
    lists = sum(1 for n in names if facts.unlisted[n] and few.knowable.records(n))
    disjuncts = definition.normal_form.disjuncts
    asked = {only.path for each in disjuncts for only in each.answers}
    open_paths = (p for p in asked if facts.answers[p] is None and few.knowable.account(p))
    return lists + sum(1 for _ in open_paths)
