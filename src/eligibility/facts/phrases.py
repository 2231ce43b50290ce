"""How people speak of a fact: said of a record, said to be unknown, and asked for.

A history model comes in, with the `phrases` that its records and groups of facts declare; words go
out, to `wording` and to the questions. Where a model declares none, they are made of its titles.
Who can know a fact is data as well: `known_by` of the fact, else of the list that it stands in.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from attrs import evolve, field, fields, frozen

from eligibility.immutable import FrozenDict, freeze
from eligibility.values.english import capital, uncapital

#: Who can know a fact: the claimant from memory, the claimant's documents, or only the defendant.
Knower: TypeAlias = Literal["claimant", "documents", "defendant"]


@frozen
class Phrases:
    """The words for one fact.

    Args:
        says: what it makes true of its record, after the name of the record: for a moment with
            `{when}` (`was sent {when}`); for other facts by value (`{True: "was an InMail"}`).
        unknown: what is not known, after 'whether it is known'; `{it}` is the record.
        asks: the question; of a moment with `{when}`, for where a date divides the answers.
        asks_when: the question for a moment by itself.
        values: the words of a closed vocabulary, as people say them in an answer and after `says`;
            also by a set of them, where 'one of these' has a name; of the end of a span, by `..`,
            the answer that it has not ended.
        subject: what `says` speaks of, where that is not the record.
        of_kind: how a sentence that there is no such record says it of the record, after its noun:
            `to {value}` makes 'no subscription to LinkedIn Premium'.
        known_by: who can know it.
        asks_lasting: of the end of a span: whether it lasted until a day, `{when}`; without `{it}`,
            where all spans of a list go by one name (`called`), whether any of them did.
        named: how the question whether there was a record names one of which this is so: by value,
            by a set of values, or by None where nothing is asked of it.
        asks_which: of which of several records it is so, by value, or by a set of them.
        help: what helps to answer, under the question; a page folds all but its first line.
        example: an answer, such as `March 2021`.
    """

    says: str | Mapping[Any, str] = field(default=FrozenDict(), converter=freeze)
    unknown: str = ""
    asks: str = ""
    asks_when: str = ""
    values: Mapping[Any, str] = field(default=FrozenDict(), converter=freeze)
    subject: str = ""
    of_kind: str = ""
    known_by: Knower | None = None
    asks_lasting: str = ""
    named: Mapping[Any, str] = field(default=FrozenDict(), converter=freeze)
    asks_which: Mapping[Any, str] = field(default=FrozenDict(), converter=freeze)
    help: str = ""
    example: str = ""

    def of_value(self, value: object, shown: str, defendant: str = "") -> str:
        """What a value makes true; `shown` is the value in words."""
        says = self.says if isinstance(self.says, str) else self.says.get(value, "is {value}")
        return says.format(when=shown, value=shown, defendant=defendant)


@frozen
class ListPhrases:
    """The words for a list of records.

    Args:
        noun, nouns: one of its records, and several.
        called: how a sentence names the one that it speaks of ('Premium began in May 2023').
        asks_any, asks_more: the question whether there was any, and whether there was another.
        unknown_any: what is not known where none is listed.
        known_by: who can know which records there are, and their facts, unless a fact says better.
        asks_some, asks_some_more: the question for a record of a kind and time, and for another:
            with `{when}`, and each field of which something may be asked, as its `named` says it.
            Of several moments of a record each has a place of its own, such as `{charged_at}`. What
            leaves out something that is asked is not used: whoever says yes would say that, too.
        asks_none: when there surely was none of a kind, with fields as in `asks_some`.
        asks_throughout: whether some span of a kind covers a stretch, with `{first}` and `{last}`
            and fields as in `asks_some`.
        asks_breaks: between which of some dates there was no span of a kind, with such fields.
        asks_which: which of the listed records are of a kind, with `{kind}`, of whichever fact.
        yours: how a question names the one record that it asks about.
        topic: what its questions are about, as a heading.
        help: what helps to answer: what counts, and where to look; a page folds all but its first
            line, which says what nearly everybody needs.
    """

    noun: str = ""
    nouns: str = ""
    called: str = ""
    asks_any: str = ""
    asks_more: str = ""
    unknown_any: str = ""
    known_by: Knower | None = None
    asks_some: str = ""
    asks_some_more: str = ""
    asks_none: str = ""
    asks_throughout: str = ""
    asks_breaks: str = ""
    asks_which: str = ""
    yours: str = ""
    topic: str = ""
    help: str = ""


#: What ends the noun of a title: of 'Entries into the app' the name of the list is taken instead.
_OF: Final = re.compile(
    r"\b(?:about|after|and|as|at|before|between|by|during|for|from|in|into|of|on|or|over|since|through"
    r"|to|under|until|when|where|which|while|with|within|without)\b"
)


def list_phrases(own: ListPhrases, name: str, title: str) -> ListPhrases:
    """A list's own phrases, and for those that it leaves out what its name and title make.

    >>> list_phrases(ListPhrases(), "entries", "Entries").asks_any
    'Was there any entry?'
    >>> list_phrases(ListPhrases(), "driving", "Driver accounts").asks_any
    'Was there any driver account?'
    >>> list_phrases(ListPhrases(), "homes", "Home addresses").asks_any
    'Was there any home address?'
    """
    nouns = uncapital(title)
    is_noun = not _OF.search(title) and title.replace(" ", "").replace("-", "").isalpha()
    noun = own.noun or _singular(nouns if is_noun else name.replace("_", " "))
    nouns = own.nouns or (f"{own.noun}s" if own.noun else nouns)
    return evolve(
        own,
        noun=noun,
        nouns=nouns,
        called=own.called or f"the {noun}",
        asks_any=own.asks_any or f"Was there any {noun}?",
        asks_more=own.asks_more or f"Was there any other {noun}?",
        unknown_any=own.unknown_any or f"whether there was any {noun}",
        asks_which=own.asks_which or f"For which of these {nouns} is this true: {{kind}}?",
        yours=own.yours or f"that {noun}",
        topic=own.topic or capital(title),
    )


def asked_of(asks: str, it: str, *, is_one: bool, **said: str) -> str:
    """The words of a question, in which a record that is not the only one is always named.

    What is said of a record may hold braces: it is put in last.

    >>> asked_of("Did you get it back?", "visit 2", is_one=False)
    'Did you get it back (visit 2)?'
    >>> asked_of("Did you get it back {when}?", "visit 2 (bill {3})", is_one=False, when="in May")
    'Did you get it back in May (visit 2, bill {3})?'
    """
    words = asks.format(it=it, **said)
    if is_one or "{it}" in asks:
        return words
    inner = it.removesuffix(")").replace(" (", ", ", 1)
    return f"{words.removesuffix('?')} ({inner})?"


def _singular(word: str) -> str:
    """One of several, as far as the end of a word tells.

    >>> [_singular(word) for word in ("entries", "addresses", "leases", "access", "stays")]
    ['entry', 'address', 'lease', 'access', 'stay']
    """
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


_WAS_IT: Final = re.compile(r"(Was|Is|Has) it (.*)\?")
_ABOUT_IT: Final = re.compile(r"\bit\b")
_WHEN: Final = re.compile(r"When (was|did) it (.*)\?")
_DID: Final = re.compile(r"(Did|Does) it (.*)\?")
_HOW: Final = re.compile(r"How (\w+) was it\?")
_WHAT: Final = re.compile(r"What was it (.*)\?")
#: 'In which city was it?', 'Which plan was it?'; and 'Who was the landlord?'
_WHICH: Final = re.compile(r"(?:(\w+) )?([Ww]hich|[Ww]hat) (.+) was (?:it|that)\?")
_WHO_WAS: Final = re.compile(r"(Who|What) was (the .+)\?")
_DATE_OF: Final = re.compile(r"(?:The )?([Dd]ate|[Dd]ay|[Tt]ime) (of .*[^?])")


_STATES: Final = r"Was|Were|Is|Are|Has|Have|Had|Did|Does"
#: What nobody takes for a part of a name: with it begins what is said of whatever is named.
_SAID: Final = (
    r"(?:not|an?|the|at|by|during|in|on|over|under|older|younger|\w+ed|sent|bought|sold|paid|made|lost|kept"
    r"|left|held|told|read|shown|given|taken|written|broken|chosen|found|put|set|shut)"
)
#: Something that a title names, and what is said of it.
_NAMED_SAID: Final = rf"((?:an?|any|the) \w+(?: (?!of\b|{_SAID}\b)\w+)?) ({_SAID}\b.*)\?"
#: 'Was a reminder sent before?', 'Is the account holder an employee?'
_WAS_NAMED: Final = re.compile(rf"(Was|Were|Is|Are|Has|Have|Had) {_NAMED_SAID}")
#: 'When was the notice sent?'
_WHEN_NAMED: Final = re.compile(rf"When (was|were) {_NAMED_SAID}")


#: What kind a fact is of, as far as words for it go.
Kind: TypeAlias = Literal["moment", "yes-no", "word"]


def from_title(title: str, kind: Kind = "word", holder: str = "") -> Phrases:
    """The phrases that a title makes: of 'Was it paid?', 'When was it sent?', or any other.

    Of the `holder` of an account more is understood than of anything else that a title names.

    >>> from_title("When was it sent?", "moment").unknown
    'when {it} was sent'
    >>> from_title("When was the notice sent?", "moment").asks
    'Was the notice sent {when}?'
    >>> from_title("What was it about?").says
    'was about {value}'
    >>> from_title("In which city was it?").asks
    'In which city was {it}?'
    >>> from_title("Date of moving out", "moment").asks_when
    'What is the date of moving out of {it}?'
    >>> from_title("Was a reminder sent before?", "yes-no").unknown
    'whether a reminder was sent before'
    >>> from_title("Did it fail?", "yes-no").says[False]
    'did not fail'
    >>> from_title("When did it begin?", "moment").says
    'did begin {when}'
    >>> from_title("How long was it?").asks
    'How long was {it}?'
    """
    if kind == "yes-no" and (yes_no := _WAS_IT.fullmatch(title)):
        verb, rest = yes_no[1].lower(), yes_no[2]
        return Phrases(
            {True: f"{verb} {rest}", False: f"{verb} not {rest}"},
            f"whether {{it}} {verb} {rest}",
            f"{yes_no[1]} {{it}} {rest}?",
        )
    if kind == "yes-no" and (stated := _stated(title, holder)):
        return stated
    if kind == "moment" and (dated := _dated(title)):
        return dated
    if kind == "word" and (what := _WHAT.fullmatch(title)):
        asks = f"What was {{it}} {what[1]}?"
        return Phrases(f"was {what[1]} {{value}}", f"what {{it}} was {what[1]}", asks)
    if kind == "word" and (named := _named(title)):
        return named
    if kind == "moment" and (date := _DATE_OF.fullmatch(title)):
        return _from_name("", kind, f"the {date[1].lower()} {date[2]}")
    if not title.endswith("?"):
        return _from_name(f"“{title}”", kind)
    answer, asks = f"the answer to “{title}”", _ABOUT_IT.sub("{it}", title)
    cut = f"{asks[:-1]}: {{when}}?" if kind == "moment" else asks
    unknown = f"what {answer} is for {{it}}"
    return Phrases("is {value}", unknown, cut, asks, subject=answer)


def _dated(title: str) -> Phrases | None:
    """The phrases of a question that asks when something was.

    >>> _dated("When did it begin?").asks
    'Did {it} begin {when}?'
    """
    if when := _WHEN.fullmatch(title):
        verb, rest = when.groups()
        asks = f"{capital(verb)} {{it}} {rest} {{when}}?"
        said = f"{verb} {rest} {{when}}"
        return Phrases(said, f"when {{it}} {verb} {rest}", asks, f"When {verb} {{it}} {rest}?")
    if of := _WHEN_NAMED.fullmatch(title):
        verb, subject, rest = of.groups()
        asks = f"{capital(verb)} {subject} {rest} {{when}}?"
        said = f"{verb} {rest} {{when}}"
        return Phrases(said, f"when {subject} {verb} {rest}", asks, title, subject=subject)
    return None


def _stated(title: str, holder: str) -> Phrases | None:
    """The phrases of a yes/no question about something that it names.

    >>> _stated("Was a reminder sent before?", "").says[False]
    'was not sent before'
    >>> _stated("Was the fee not paid?", "").says[False]
    'was paid'
    >>> _stated("Did the user agree?", "the user").unknown
    'whether the user did agree'
    """
    if did := _DID.fullmatch(title):
        verb, what = did[1].lower(), did[2]
        says = {True: f"{verb} {what}", False: f"{verb} not {what}"}
        return Phrases(says, f"whether {{it}} {verb} {what}", f"{did[1]} {{it}} {what}?")
    of_holder = holder and re.fullmatch(rf"({_STATES}) ({re.escape(holder)}) (.*)\?", title)
    if not (stated := of_holder or _WAS_NAMED.fullmatch(title)):
        return None
    verb, subject, rest = stated[1].lower(), stated[2], stated[3].removeprefix("not ")
    yes = {True: f"{verb} {rest}", False: f"{verb} not {rest}"}
    if rest != stated[3]:  # 'Was the fee not paid?'
        yes = {True: yes[False], False: yes[True]}
    return Phrases(yes, f"whether {subject} {yes[True]}", title, subject=subject)


def _named(title: str) -> Phrases | None:
    """The phrases of a question that has a name for what it asks, such as 'the landlord'.

    >>> _named("In which city was it?").asks, _named("Who was the landlord?").asks
    ('In which city was {it}?', 'Who was the landlord of {it}?')
    """
    if how := _HOW.fullmatch(title):
        return Phrases("was {value}", f"how {how[1]} {{it}} was", f"How {how[1]} was {{it}}?")
    if which := _WHICH.fullmatch(title):
        asks = " ".join(filter(None, (which[1], which[2], which[3])))
        unknown = f"{uncapital(asks)} {{it}} was"
        return Phrases("was {value}", unknown, f"{asks} was {{it}}?", subject=f"the {which[3]}")
    if who := _WHO_WAS.fullmatch(title):
        of = f"{who[2]} of {{it}}"
        unknown, asks = f"{who[1].lower()} {of} was", f"{who[1]} was {of}?"
        return Phrases("was {value}", unknown, asks, subject=who[2])
    return None


def _from_name(name: str, kind: Kind, date: str = "") -> Phrases:
    """The phrases of a fact that has a name and no words: they quote it, whatever word it is."""
    if kind == "yes-no":
        says = {True: "is true", False: "is not true"}
        return Phrases(
            says, f"whether {name} applies to {{it}}", f"Does {name} apply to {{it}}?", subject=name
        )
    if kind == "moment":
        date = date or f"the date {name}"
        asks, asks_when = f"Does {date} of {{it}} lie {{when}}?", f"What is {date} of {{it}}?"
        return Phrases("lies {when}", f"what {date} of {{it}} is", asks, asks_when, subject=date)
    return Phrases(
        "is {value}",
        f"what the {name} of {{it}} is",
        f"What is the {name} of {{it}}?",
        subject=f"the {name}",
    )


def merged(own: Sequence[Phrases], title: str, kind: Kind, holder: str = "") -> Phrases:
    """A model's own phrases, nearest first, and for those that all leave out what the title makes.

    >>> own = [Phrases(example="2021"), Phrases(asks="Did {it} begin {when}?")]
    >>> merged(own, "Start", "moment").asks
    'Did {it} begin {when}?'
    """
    made = from_title(title, kind, holder)
    for phrases in reversed(own):
        made = evolve(made, subject="") if phrases.says else made
        given = {each.name: getattr(phrases, each.name) for each in fields(Phrases)}
        made = evolve(made, **{name: value for name, value in given.items() if value})
    return made
