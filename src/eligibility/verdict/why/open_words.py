"""What is not known, as sentences: that a clause is open, and who can know what it asks for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from eligibility.definition.conditions import Clause
from eligibility.facts.model import History
from eligibility.facts.paths import parse
from eligibility.facts.phrases import Knower
from eligibility.facts.wording import Speaker, known_by, phrases_of, spoken_of
from eligibility.values.english import a, listed, sentence
from eligibility.values.truth import Truth

#: Who can know what is not known, after the fact: 'Only LinkedIn can know whether …'.
CAN_KNOW: Final[dict[Knower | None, str]] = {
    "defendant": "only {who} can know {what}",
    "documents": "{who} could show {what}",
    "claimant": "{who} can say {what}",
    None: "it is not stated who can know {what}",
}

#: How many exclusions a sentence names one by one.
MOST_NAMED: Final = 2


def among_excluded(model: type[History]) -> str:
    """Many exclusions in one, after 'can say'."""
    return f"whether {model.holder} is one of those whom the exclusions leave out"


def who_can_know(
    unknown: Iterable[tuple[Knower | None, str]],
    model: type[History],
    can_know: Mapping[Knower | None, str] = CAN_KNOW,
) -> Iterator[str]:
    """For what is not known, who could know it: one sentence for each of them, alike together."""
    found = list(dict.fromkeys(unknown))
    for knower, words in can_know.items():
        if what := [each for by, each in found if by == knower]:
            who = model.holder if knower in (None, "claimant") else model.knowers[knower]
            yield sentence(words.format(who=who, what=listed(what)))


def open_text(clause: Clause, unknown: Iterable[str], history: History) -> str:
    """That it is not known whether a clause is met, and who can know what it asks for.

    `unknown` are paths of what is not known: `messages[].shared_at` is that of some message. What
    only the defendant can know comes before all else: without it nothing else would do.
    """
    model, said = type(history), clause.sentence(Truth.UNKNOWN)
    named: set[str] = set()
    found: list[tuple[Knower | None, str]] = []
    for path in unknown:
        name, noun = parse(path).name, ""
        if parse(path).is_pattern:
            noun = spoken_of(name, model).noun
            what = phrases_of(path, model).unknown.format(it="it" if name in named else a(noun))
        else:
            what = Speaker(history).unknown(path)
        named.add(name)
        same = said == f"it is not known {what.replace(f' {a(noun)} ', f' the {noun} ')}"
        found.append((known_by(path, model), "that" if same else what))
    found = [each for each in found if each[0]]
    only = [each for each in found if each[0] == "defendant"]
    return " ".join([sentence(said), *who_can_know(only or found, model)])
