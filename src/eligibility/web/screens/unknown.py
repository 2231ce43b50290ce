"""What is not known, and who could know it, as it is said to whoever was asked.

It speaks of both verdicts: of what the plain one turns on, for what is alleged is not known either,
and of what would still be open supposing it.
"""

from collections.abc import Collection, Iterator
from typing import Final, TypeAlias

from eligibility.facts.model import History
from eligibility.facts.phrases import Knower
from eligibility.interview import Interview
from eligibility.interview.remains import open_paths
from eligibility.interview.second_person import said_to_you
from eligibility.text.markup import Html, html, tag
from eligibility.text.prose import unknown_facts, unknown_words
from eligibility.values.english import capital
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict

#: Who can know it, in the order in which it is said.
_HEADINGS: Final[dict[Knower | None, str]] = {
    "claimant": "You could still find out",
    "documents": "{who} can show",
    "defendant": "Only {who} can know",
    None: "It is not stated who can know",
}
#: What is not known, in words, and who could know it.
_Open: TypeAlias = tuple[Knower | None, str]


def unknown_part(interview: Interview, plain: Verdict) -> list[Html]:
    """What is open, by who could know it; nothing where nothing is open."""
    if plain.status is not Status.INDETERMINATE:
        return []
    history, definition = interview.history, interview.definition
    paths = open_paths(history, definition)
    if interview.supposing is not None:
        supposed = open_paths(history, definition, interview.supposing)
        paths = tuple(dict.fromkeys((*paths, *supposed)))
    facts = unknown_words(paths, history, definition) or unknown_facts(plain)
    words = "The result may still turn on each of these. What you do not know is among them."
    if all(knower == "defendant" for knower, _ in facts):
        words = "You have said all that you can know of what it turns on. What is left is this."
    heading = tag("h2", "What is not known, and who could know it")
    return [heading, tag("p", words), *_by_knower(facts, type(history))]


def _by_knower(facts: Collection[_Open], model: type[History]) -> Iterator[Html]:
    for knower, words in _HEADINGS.items():
        found = dict.fromkeys(said_to_you(text, model) for by, text in facts if by == knower)
        if found:
            who = "" if knower is None else said_to_you(model.knowers[knower], model)
            heading = tag("h3", capital(words.format(who=who)))
            yield html(heading, tag("ul", *(tag("li", capital(fact)) for fact in found)))
