"""Reasons as sentences: the facts first, then what follows from them.

The clauses and the facts of a reason come in; its text goes out. 'The only message was sent on
12 August 2024, after Premium ended (June 2024, receipt 2), so it was not shared while the member
had Premium.' Paths and codes stay in the record; they are in no sentence.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import field_of, parse, pattern, value_at
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import MOST_SAID, Speaker, phrases_of, spoken_of
from eligibility.immutable import FrozenDict
from eligibility.values.date_words import Dates
from eligibility.values.english import listed, sentence
from eligibility.values.moment import Moment
from eligibility.values.truth import Truth
from eligibility.verdict.alike import edges_of
from eligibility.verdict.why.supposed_words import SupposedWords


@frozen
class _Cited:
    """The facts that a reason cites, by their paths: of the records, of all else, and statements.

    Whoever speaks of them minds the edges of the definition, and what else is said.
    """

    own: list[str]
    others: list[str]
    stated: list[str]
    speaker: Speaker

    @property
    def complete(self) -> str:
        """What is stated to be complete; empty if nothing is."""
        return self.speaker.complete(self.stated) if self.stated else ""


@frozen
class Reasoner:
    """The words of the reasons of one verdict, which say what rests on what is supposed.

    `in_days` they say no time of day, but where the definition asks for one on that very day.
    """

    history: History
    definition: ClassDefinition
    supposing: Supposition | None = None
    in_days: bool = False

    @cached_property
    def _supposed(self) -> SupposedWords:
        return SupposedWords(self.history, self.definition, self.supposing)

    @cached_property
    def _noun(self) -> str:
        name = self.definition.record_list
        return spoken_of(name, self.definition.model).noun if name else ""

    # ---- met ----

    def met(
        self, clause: Clause, paths: Sequence[str], records: Sequence[int], whom: tuple[str, str]
    ) -> str:
        """That a clause is met, by whom (`of_whom`), and by which facts."""
        who, whence = whom
        cited, name = self._cited(paths), self.definition.record_list
        own, others, speaker = cited.own, cited.others, cited.speaker
        words = clause.sentence(Truth.TRUE)
        facts = list(speaker.facts(others))
        if len(records) > 1 and (said := self._alike(words, own, others, records)) is not None:
            who = f"each {who.removeprefix('one ')}" if not said else who
            facts = [*said, *facts]
        elif name and own and len(records) == 1:
            keys, the = map(field_of, own), f"the {self._noun}"
            told = speaker.record(name, records[0], keys, the, about=False)
            if told == words:
                words = f"{_of(told, self._noun, who)}{whence}"
            else:
                facts.insert(0, f"{_of(told, self._noun, 'it')}{whence}")
        else:
            facts = [*speaker.facts(own), *facts]
        words = _of(words, self._noun, who)
        facts = [fact for fact in facts if fact != words]
        if self.supposing is not None:
            facts += self._supposed.moment([clause], paths, records)
            words = self._supposed.noted(words, [clause], paths)
        words = f"{words}: {'; '.join(facts)}" if facts else words
        return _with(words, cited.complete, self._supposed.complete([clause], paths))

    def of_whom(self, records: Sequence[int]) -> tuple[str, str]:
        """What a clause is met by, and, of one record, whence it is known."""
        name, who = self.definition.record_list, f"the {self._noun}"
        if len(records) != 1 or not name:
            return f"one of these {len(records):,} {self._nouns}" if records else who, ""
        speaker = Speaker(self.history)
        source = speaker.about(name, records[0])
        if len(self._records) > 1:
            who = speaker.called(name, records[0])
        return who, f" ({source})" if source else ""

    def _alike(
        self, words: str, own: Sequence[str], others: Sequence[str], records: Sequence[int]
    ) -> list[str] | None:
        """What several records have in common; nothing if each of them is what the clause asks.

        None where they differ in what something turns on: then each is spoken of by itself.
        """
        beside = self._cited(others).speaker
        dates = Dates(self.history.time_zone, beside.edges | beside.bounds)
        known = [value_at(path, self.history) for path in own]
        bounds = {at for m in known if isinstance(m, Moment) for at in (m.earliest, m.latest)}
        said = self._together(own, records, Speaker(self.history))
        if not said or any(map(dates.is_near, bounds)):
            return None
        return [] if f"the {self._noun} {said}" == _plural(words) else [f"they {said}"]

    def all_met(self, paths: Sequence[str], records: Sequence[int]) -> str:
        """That every clause is met, in short: by which record, and by which facts."""
        cited, name = self._cited(paths), self.definition.record_list
        own, others, speaker = cited.own, cited.others, cited.speaker
        answers = [path for path in others if not parse(path).is_of_record]
        if len(answers) > 2:
            others = [path for path in others if path not in answers]
        facts = list(speaker.facts(others))
        if name and len(records) == 1:
            who = speaker.called(name, records[0])
            keys = map(field_of, own)
            facts = [speaker.record(name, records[0], keys, "it"), *facts]
        elif records:
            who = f"one of these {len(records):,} {self._nouns}"
            facts = [*speaker.facts(own), *facts]
        else:
            who = "the account"
        facts += self._supposed.moment(self.definition.clauses, paths, records)
        excluded = "no exclusion applies" if len(answers) > 2 else ""
        words = f"{who} meets every clause: {'; '.join(filter(None, facts))}"
        words = words if any(facts) else f"{who} meets every clause"
        supposed = self._supposed.complete(self.definition.clauses, paths)
        return _with(words, excluded, cited.complete, supposed)

    def _cited(self, paths: Iterable[str]) -> _Cited:
        history, name = self.history, self.definition.record_list
        found: tuple[list[str], list[str], list[str]] = ([], [], [])
        own, others, stated = found
        bounds: set[int] = set()
        for path in paths:
            at = parse(path)
            (stated if at.is_complete else own if at.name == name else others).append(path)
            if at.index is not None:  # nothing else is a moment
                value = getattr(getattr(history, at.name)[at.index], at.field)
                if isinstance(value, Moment):
                    bounds.update((value.earliest, value.latest + 1))
        near = frozenset[int]() if self.in_days else frozenset(bounds)
        speaker = Speaker(history, edges_of(self.definition), bounds=near)
        return _Cited(own, others, stated, speaker)

    @property
    def _nouns(self) -> str:
        name = self.definition.record_list
        return spoken_of(name, self.definition.model).nouns if name else ""

    @property
    def _records(self) -> tuple[object, ...]:
        name = self.definition.record_list
        return getattr(self.history, name) if name else ()

    # ---- not met ----

    def not_met(
        self, clauses: Sequence[Clause], paths: Sequence[str], records: Sequence[int]
    ) -> str:
        """That no record meets the clauses, or these records do not, and by which facts."""
        cited = self._cited(paths)
        own, others, speaker, complete = cited.own, cited.others, cited.speaker, cited.complete
        lead, who = self._lead(own, others, records, speaker)
        follows = self._supposed.noted(_not_together(clauses, self._noun, who), clauses, paths)
        if not lead:
            lead, complete = complete, ""
        if lead in (f"{follows} (as stated)", f"{_none_was(clauses, self._noun)} (as stated)"):
            return _with(lead)
        if self._says_it_all(clauses, own, others, records, speaker):
            if len(records) == len(self._records) > 1:
                lead = _not_together(
                    clauses, self._noun, f"none of the {len(records):,} {self._nouns}"
                )
            return _with(follows if others else lead, complete)
        return _with(f"{lead}, so {follows}" if lead else follows, complete)

    def _says_it_all(
        self,
        clauses: Sequence[Clause],
        own: Sequence[str],
        others: Sequence[str],
        records: Sequence[int],
        speaker: Speaker,
    ) -> bool:
        """Whether the facts are the very thing that a clause asks for, and say no more."""
        if len(clauses) > 1 or bool(own) == bool(others):
            return False
        words = clauses[0].sentence(Truth.FALSE)
        if others:
            return words.startswith(tuple(speaker.facts(others))) and len(others) == 1
        name, keys = self.definition.record_list or "", {field_of(path) for path in own}
        return len(keys) == 1 and words == speaker.record(
            name, records[0], keys, f"the {self._noun}", about=False
        )

    def _lead(
        self, own: Sequence[str], others: Sequence[str], records: Sequence[int], speaker: Speaker
    ) -> tuple[str, str]:
        """The facts in words, and what the conclusion then speaks of."""
        name = self.definition.record_list or ""
        spans = [path for path in others if parse(path).is_of_record]
        facts = list(speaker.facts(path for path in others if path not in spans))
        if len(records) == 1 and own:
            is_only = len(self._records) == 1 and name not in normalise(self.history).open
            only = f"the only {self._noun}" if is_only else ""
            one = speaker.record(name, records[0], map(field_of, own), only)
            beside, spans = self._beside(own, spans, speaker)
            return "; ".join([f"{one}{beside}", *facts, *speaker.facts(spans)]), "it"
        facts += speaker.facts(spans)
        if not records:
            return listed(facts) if len(facts) < 3 else "; ".join(facts), f"no {self._noun}" * bool(
                name
            )
        count, total = len(records), len(self._records)
        many = f"all {count:,}" if count == total else f"{count:,} of the {total:,}"
        said = self._together(own, records, speaker)
        each = [f"{many} {self._nouns} {said}"] if said else list(speaker.facts(own))
        of = f"none of the {count:,} {self._nouns}" if count == total else "none of them"
        return "; ".join([*each, *facts]), of if not said else "none of them"

    def _together(self, own: Sequence[str], records: Sequence[int], speaker: Speaker) -> str:
        """What several records have in common: the same values, or the time that spans them all."""
        name = self.definition.record_list or ""
        cited: dict[int | None, list[str]] = {}
        for at in map(parse, own):
            cited.setdefault(at.index, []).append(at.field)
        keys, *others = cited.values() or [[]]
        if any(other != keys for other in others):
            return ""
        said: list[str] = []
        for key in keys:
            values = [getattr(record, key) for record in map(self._records.__getitem__, records)]
            if {type(value) for value in values} == {Moment}:
                hull = min([each.earliest for each in values]), max([m.latest for m in values])
                words = phrases_of(pattern(name, key), speaker.model).of_value(
                    None, speaker.between(*hull)
                )
            elif len(set(values)) == 1:
                words = speaker.says(name, records[0], key)[1]
            else:
                return ""
            said.append(words)
        return _plural(listed(said))

    def _beside(
        self, own: Sequence[str], spans: Sequence[str], speaker: Speaker
    ) -> tuple[str, list[str]]:
        """Where the record lies beside single ends of spans, and the spans left to speak of."""
        moments = [
            m for m in (value_at(path, self.history) for path in own) if isinstance(m, Moment)
        ]
        said: list[str] = []
        left: list[str] = []
        for paths in _by_record(spans):
            words = self._relation(paths, moments, speaker) if len(said) < MOST_SAID else ""
            said += [words] if words else []
            left += [] if words else paths
        return f", {listed(said)}" if said else "", left

    def _relation(self, paths: Sequence[str], moments: Sequence[Moment], speaker: Speaker) -> str:
        (path, *more) = paths
        at = parse(path)
        name, index, key = at.name, at.index, at.field
        if more or index is None or key not in ("start", "end") or not moments:
            return ""
        edge = value_at(path, self.history)
        if not isinstance(edge, Moment):
            return ""
        after = key == "end" and max(m.earliest for m in moments) > edge.latest
        before = key == "start" and min(m.latest for m in moments) < edge.earliest
        if not after and not before:
            return ""
        verb = phrases_of(pattern(name, key), speaker.model).of_value(None, "").strip()
        when = speaker.when(edge)
        for preposition in ("in ", "on "):
            when = when.removeprefix(preposition)
        about = speaker.about(name, index)
        known = f"{when}, {about}" if about else when
        return f"{'after' if after else 'before'} {speaker.called(name, index)} {verb} ({known})"


def _by_record(paths: Iterable[str]) -> Iterable[list[str]]:
    """The paths of each record together."""
    records: dict[tuple[str, int | None], list[str]] = {}
    for path in paths:
        at = parse(path)
        records.setdefault((at.name, at.index), []).append(path)
    return records.values()


def _with(*words: str) -> str:
    """What follows, and what is stated to be complete, as sentences."""
    return " ".join([sentence(each) for each in words if each])


_PLURALS: Final = FrozenDict({"was": "were", "has": "have", "is": "are"})


def _plural(words: str) -> str:
    return " ".join([_PLURALS.get(word, word) for word in words.split(" ")])


def _of(words: str, noun: str, who: str) -> str:
    """A sentence about `the message`, said of another subject."""
    subject = f"the {noun} "
    return f"{who} {words[len(subject) :]}" if words.startswith(subject) else words


def _none_was(clauses: Sequence[Clause], noun: str) -> str:
    """That no record was all that the clauses say, as it is stated of those that nobody listed."""
    subject = f"the {noun} "
    said = [clause.sentence(Truth.TRUE) for clause in clauses]
    return f"no {noun} {listed([words.removeprefix(subject) for words in said])}"


def _not_together(clauses: Sequence[Clause], noun: str, who: str) -> str:
    """That no such record meets the clauses, all of them at once if they are several."""
    subject = f"the {noun} "
    if len(clauses) == 1:
        if who == "it":
            words = clauses[0].sentence(Truth.FALSE)
            return _of(words, noun, "it")
        met = clauses[0].sentence(Truth.TRUE)
        return _of(met, noun, who) if met.startswith(subject) else clauses[0].sentence(Truth.FALSE)
    said = [clause.sentence(Truth.TRUE) for clause in clauses]
    if not who or not all(words.startswith(f"{subject}was ") for words in said):
        return f"it cannot {'both' if len(said) == 2 else 'all'} be so that {listed(said)}"
    rests = [words.removeprefix(f"{subject}was ").split(" ") for words in said]
    shared = 0
    while all(len(rest) > shared + 1 and rest[shared] == rests[0][shared] for rest in rests):
        shared += 1
    common = " ".join(["been", *rests[0][:shared]])
    ends = [" ".join(rest[shared:]) for rest in rests]
    both = "both " if len(ends) == 2 else ""
    once = "" if len(ends) == 2 else ", all at once"
    can = "cannot" if who == "it" else "can"
    return f"{who} {can} have {common} {both}{listed(ends)}{once}"
