"""What is wrong with the words of a model: said when a class is declared, before anybody is asked.

A history model comes in; problems go out. Words for a fact that there is not, a knower that there
is not, or a place that nothing fills in would show in an interview only: by a question that is
never asked, that cannot be put into words, or that asks for less than 'yes' is taken to say.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from string import Formatter
from typing import Any, Final, get_args

from attrs import fields

from eligibility.arguments import described
from eligibility.errors import Problem
from eligibility.facts.model import History
from eligibility.facts.paths import pattern
from eligibility.facts.phrases import Knower, ListPhrases, Phrases
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.facts.wording import phrases_of

#: What is filled in, where anything is.
_OF_FACT: Final = {
    "says": {"when", "value", "defendant"},
    "unknown": {"it", "defendant"},
    "asks": {"it", "when", "defendant"},
    "asks_when": {"it", "defendant"},
    "of_kind": {"value"},
    "asks_lasting": {"it", "when"},
}
_OF_LIST: Final = {
    "asks_some": {"when"},
    "asks_some_more": {"when"},
    "asks_none": set[str](),
    "asks_throughout": {"first", "last"},
    "asks_breaks": set[str](),
    "asks_which": {"kind"},
}
#: Without what they ask for something else than what is recorded.
_NEEDS: Final = {"asks_throughout": frozenset({"first", "last"}), "asks_which": frozenset({"kind"})}
#: What says of which kind of record it speaks, field by field.
_OF_KIND: Final = {"asks_some", "asks_some_more", "asks_none", "asks_throughout", "asks_breaks"}


def moments_of(list_shape: ListShape) -> tuple[str, ...]:
    """The moments that `{when}` speaks of, in a question for one more record of a list.

    Of a span they are its start and its end. Of a record it is the one moment that each has; of
    several there is none that everybody would take it for.
    """
    if list_shape.is_spans:
        return ("start", "end")
    always = [key for key in list_shape.moments if key not in list_shape.record.exists_if]
    found = always or list_shape.moments
    return tuple(found) if len(found) == 1 else ()


@lru_cache(maxsize=128)
def word_problems(model: type[History]) -> tuple[Problem, ...]:
    """All that is wrong with the words of a model."""
    return tuple(_problems(model, shape(model)))


def _problems(model: type[History], seen: Shape) -> Iterator[Problem]:
    holder, knowers = (getattr(model, name) for name in ("holder", "knowers"))  # of any kind
    if not isinstance(holder, str) or not holder.strip():
        takes = 'words for whoever has an account, such as `"the member"`'
        yield _problem("holder", f"`{model.__name__}.holder` takes {takes}.")
    named = dict(knowers) if isinstance(knowers, Mapping) else {}
    if not all(isinstance(named.get(each), str) and named[each] for each in get_args(Knower)):
        words = f"`{model.__name__}.knowers` needs words for each of {_row(get_args(Knower))}."
        yield _problem("knowers", words)
        return
    yield from _of_part(model, "", (key for key in seen.yes_no if "." not in key), model)
    for name, list_shape in seen.lists.items():
        yield from _of_part(list_shape.record, pattern(name), list_shape.facts, model)
        yield from _of_spoken(name, list_shape)
    for name in dict.fromkeys(key.partition(".")[0] for key in seen.yes_no if "." in key):
        own = [key.partition(".")[2] for key in seen.yes_no if key.startswith(f"{name}.")]
        part = model.model_fields[name].annotation
        yield from _of_part(part, name, own, model)
        if not isinstance(getattr(part, "topic", ""), str):
            yield _problem(name, f"The `topic` of `{name}` takes a text.")


def _of_part(part: Any, at: str, own: Iterable[str], model: type[History]) -> Iterator[Problem]:
    """What is wrong with the phrases of a record, of a group of facts, or of a history itself."""
    facts, fits = [*own], True
    for base in (each for each in getattr(part, "__mro__", ()) if "phrases" in vars(each)):
        given = vars(base)["phrases"]
        if not isinstance(given, Mapping):
            yield _problem(at, f"`{base.__name__}.phrases` takes a dict, not {described(given)}.")
            return
        for key, phrases in given.items():
            where = f"{at}.{key}" if at else str(key)
            if key not in facts:
                fits = False
                yield _problem(where, f"`{base.__name__}` has no fact `{key}`.", _meant(key, facts))
            if not isinstance(phrases, Phrases):
                fits = False
                yield _problem(where, f"It takes `Phrases(...)`, not {described(phrases)}.")
    for key in facts if fits else ():
        path = f"{at}.{key}" if at else key
        yield from _of_phrases(path, phrases_of(path, model), shape(model).options_at(path))


def _of_phrases(path: str, phrases: Phrases, options: frozenset[object]) -> Iterator[Problem]:
    """What is wrong with the words for one fact; of a moment, `options` are none."""
    yield from _knower(path, phrases.known_by)
    for name in (each.name for each in fields(Phrases) if each.name != "known_by"):
        given = getattr(phrases, name)
        of_date = {"when"} if options and name in ("says", "asks") else set[str]()
        for words in given.values() if isinstance(given, Mapping) else (given,):
            if isinstance(words, str):
                yield from _template(path, name, words, _OF_FACT.get(name, set()) - of_date)
            else:
                yield _problem(path, f"`{name}` takes words, not {described(words)}.")
        for value in given if options and isinstance(given, Mapping) else ():
            if not (value if isinstance(value, frozenset) else {value}) <= {*options, None, ".."}:
                words = f"`{name}` has words for {described(value)}, which it never is."
                yield _problem(path, words, _meant(value, map(str, options)))
    yield from _must_say(path, phrases, options)


def _must_say(path: str, phrases: Phrases, options: frozenset[object]) -> Iterator[Problem]:
    """Refuse words that say the same whatever the fact is, or ask without the date they ask for."""
    says, needs = phrases.says, dict[str, tuple[str, ...]]()
    if isinstance(says, str):
        needs["says"] = ("{value}",) if options else ("{when}", "{value}")
    elif not options:
        yield _problem(path, "`says` of a moment takes one text, such as `was sent {when}`.")
    elif True in options and not says.keys() >= options:
        yield _problem(path, "`says` needs words for yes and for no: `{True: …, False: …}`.")
    needs |= {} if options else {"asks": ("{when}",)}
    needs |= {"asks_lasting": ("{when}",)} if phrases.asks_lasting else {}
    for name, places in needs.items():
        given = getattr(phrases, name)
        if not any(place in given for place in places):
            yield _problem(path, f"`{name}` needs `{places[0]}`: “{given}”.")


def _of_spoken(name: str, list_shape: ListShape) -> Iterator[Problem]:
    """What is wrong with the words for a list."""
    spoken: object = list_shape.record.spoken
    if not isinstance(spoken, ListPhrases):
        yield _problem(
            pattern(name), f"`spoken` takes `ListPhrases(...)`, not {described(spoken)}."
        )
        return
    yield from _knower(pattern(name), spoken.known_by)
    for key in (each.name for each in fields(ListPhrases) if each.name != "known_by"):
        words = getattr(spoken, key)
        if not isinstance(words, str):
            yield _problem(pattern(name), f"`{key}` takes words, not {described(words)}.")
            continue
        own = {*list_shape.values, *(() if list_shape.is_spans else list_shape.moments)}
        takes = _OF_LIST.get(key, set()) | (own if key in _OF_KIND else set())
        found = yield from _template(pattern(name), key, words, takes)
        if "when" in found and not moments_of(list_shape):
            several = _row(f"{{{each}}}" for each in list_shape.moments)
            hint = f"Say of which: {several}." if several else "Leave it out."
            yield _problem(pattern(name), f"`{key}` says `{{when}}`, which no one moment is.", hint)
        needs = _NEEDS.get(key, frozenset()) if words else frozenset()
        for place in sorted(needs - found):
            yield _problem(pattern(name), f"`{key}` needs `{{{place}}}`: “{words}”.")


def _template(
    path: str, name: str, words: str, takes: set[str]
) -> Generator[Problem, None, set[str]]:
    """What is wrong with places to fill in, and which there are."""
    try:
        found = {key for _, key, _, _ in Formatter().parse(words) if key is not None}
    except ValueError:
        yield _problem(path, f"`{name}` has a brace by itself: “{words}”.")
        return set()
    for key in sorted(found - takes):
        hint = f"It takes {_row(f'{{{each}}}' for each in sorted(takes))}." if takes else ""
        yield _problem(path, f"`{name}` has a place `{{{key}}}` that nothing fills in.", hint)
    return found


def _knower(path: str, knower: object) -> Iterator[Problem]:
    if knower is not None and knower not in get_args(Knower):
        hint = _meant(knower, get_args(Knower))
        yield _problem(path, f"`known_by` names nobody: {described(knower)}.", hint)


def _meant(value: object, known: Iterable[str]) -> str:
    """What somebody may have meant, and what there is to choose from."""
    known = sorted(known)
    near = get_close_matches(str(value), known, n=1)
    return (f"Did you mean `{near[0]}`? " if near else "") + f"There are {_row(known)}."


def _row(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _problem(path: str, words: str, hint: str = "") -> Problem:
    return Problem("definition-model", path, words, hint)
