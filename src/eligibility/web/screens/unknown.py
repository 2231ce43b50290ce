"""What is not known, and who could know it, as it is said to whoever was asked."""

from collections.abc import Iterator, Sequence
from typing import Final

from eligibility.facts.model import History
from eligibility.facts.paths import pattern
from eligibility.facts.phrases import Knower
from eligibility.facts.wording import known_by, phrases_of, spoken_of
from eligibility.interview import Interview, OpenFact
from eligibility.interview.second_person import to_you
from eligibility.text.markup import Html, html, tag
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict

#: Who can know it, in the order in which it is said.
_HEADINGS: Final[dict[Knower | None, str]] = {
    "claimant": "You can say",
    "documents": "{who} can show",
    "defendant": "Only {who} can know",
    None: "It is not stated who can know",
}


def unknown_part(interview: Interview, plain: Verdict) -> list[Html]:
    """What is open, by who could know it; nothing where nothing is open."""
    if Status.INDETERMINATE not in (plain.status, interview.verdict.status):
        return []
    facts = list(interview.open)
    words = "What you said you do not know stands here as well."
    if not facts:
        words = "You have said all that you can know of what it turns on. What is left is this."
    named = {each.path for each in facts}
    facts += [each for each in _supposed(interview) if each.path not in named]
    heading = tag("h2", "What is not known, and who could know it")
    return [heading, tag("p", words), *_by_knower(facts, type(interview.history))]


def _supposed(interview: Interview) -> Iterator[OpenFact]:
    """What is alleged: nobody is asked for it, and the plain verdict turns on it."""
    supposing, model = interview.supposing, type(interview.history)
    if supposing is None:
        return
    for key in (supposing.fact, supposing.then):
        path = pattern(supposing.list, key)
        words = phrases_of(path, model).unknown.format(
            it=spoken_of(supposing.list, model).called, defendant=model.knowers["defendant"]
        )
        yield OpenFact(words, known_by(path, model), "", path)


def _by_knower(facts: Sequence[OpenFact], model: type[History]) -> Iterator[Html]:
    for knower, words in _HEADINGS.items():
        said = (to_you(each.text, model.holder) for each in facts if each.known_by == knower)
        found = dict.fromkeys(said)
        if found:
            who = "" if knower is None else to_you(model.knowers[knower], model.holder)
            heading = tag("h3", _whole(words.format(who=who)))
            yield html(heading, tag("ul", *(tag("li", _whole(fact)) for fact in found)))


def _whole(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
