"""Somebody's own function, asked about drawn histories, and how its answers depart."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError
from eligibility.facts.model import History
from eligibility.facts.read import read_history
from eligibility.testing.draw import st
from eligibility.testing.draw.documents import BrokenDocument
from eligibility.testing.known import at_edges, moments_of
from eligibility.testing.search import finer, outcomes, remnants, shuffles
from eligibility.testing.strategies import broken_documents, documents, worlds
from eligibility.testing.subprocess_port import PortError, PortLost
from eligibility.testing.trial import compact
from eligibility.text.prose import reason_lines, scenario_sections
from eligibility.text.section import Section
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict, evaluate

#: What is held to the reference: a history as JSON text in, a `Status` or its value out.
Decider: TypeAlias = Callable[[str], object]

_STATUSES: Final = frozenset(status.value for status in Status)
_DECIDED: Final = frozenset({"eligible", "ineligible"})
#: How much of a document is shown; one that is nested too deep has thousands of characters.
_SHOWN: Final = 4000
#: How many documents, the shortest first, are sent a second time.
_AGAIN: Final = 100


@frozen
class Departure:
    """One kind of departure, and the smallest document that shows it.

    `kind` is a code, such as `eligible-for-indeterminate`; `verdict` is what follows, if anything
    does: not from a document that is broken, and not where there is no reference.
    """

    kind: str
    words: str
    document: str
    verdict: Verdict | None = field(default=None, repr=False)

    def __str__(self) -> str:
        document, size = self.document[:_SHOWN], len(self.document)
        cut = f" ... ({size:,} characters)" if size > _SHOWN else ""
        lines = [f"{self.words} [{self.kind}]", f"  Document: {document}{cut}"]
        for section in _why(self.verdict) if self.verdict is not None else ():
            lines += [f"  {section.heading}:", *(f"    {line}" for line in section.lines)]
        return "\n".join(lines)


def _why(verdict: Verdict) -> tuple[Section, ...]:
    """Why a verdict is as it is: its reasons, or the two ways that it could still go."""
    heading = f"Why it is {verdict.status.value}"
    sources = dict.fromkeys(f"Source: {reason.citation}" for reason in verdict.reasons)
    return scenario_sections(verdict) or (Section(heading, (*reason_lines(verdict), *sources)),)


#: What draws departures, and whether what is found is to be shrunk.
Search: TypeAlias = "tuple[st.SearchStrategy[Departure | None], bool]"


@frozen
class _Said:
    """What was answered: a status, or, if it is none, what kind of answer it is."""

    status: str | None
    kind: str
    words: str


def _said(decider: Decider, text: str) -> _Said:
    try:
        answer = decider(text)
    except PortError as error:
        return _Said(None, error.kind, str(error))
    except Exception as error:  # noqa: BLE001 - whatever somebody else's function raises
        name = type(error).__name__
        return _Said(None, f"raises-{name}", f"It raises {name}: {error}")
    word = answer.value if isinstance(answer, Status) else answer
    if isinstance(word, str) and word in _STATUSES:
        return _Said(word, word, f"It says {word}.")
    if isinstance(word, str) and (word == "error" or word.startswith("error:")):
        return _Said(None, word, f"It refuses it: `{word}`.")
    return _Said(None, "no-status", f"It answers {word!r}, which is no status.")


@define
class Asking:
    """Somebody's function, asked no document twice, and what it answered."""

    decider: Decider
    of: ClassDefinition | type[History]
    said: dict[str, _Said] = field(factory=dict)
    is_lost: bool = False

    def ask(self, text: str) -> _Said | None:
        """What it answers; None if it was not asked, since it answers no more."""
        if text not in self.said and not self.is_lost:
            self.said[text] = said = _said(self.decider, text)
            self.is_lost = said.kind == PortLost.kind
        return self.said.get(text)

    def again(self) -> Iterator[Departure]:
        """A document that it answers otherwise when it is asked again, if there is one."""
        for text in sorted(self.said, key=len)[: 0 if self.is_lost else _AGAIN]:
            first, then = self.said[text], _said(self.decider, text)
            if then != first:
                words = f"{first.words} Asked again: {then.words}"
                yield Departure("pure", words, text)
                return

    @property
    def model(self) -> type[History]:
        """The model of the histories that it is asked about."""
        return self.of.model if isinstance(self.of, ClassDefinition) else self.of

    def verdict(self, history: History) -> Verdict | None:
        """What follows, if there is a reference."""
        return evaluate(history, self.of) if isinstance(self.of, ClassDefinition) else None

    def searches(self, found: Mapping[str, Departure], *, errors: bool) -> Iterator[Search]:
        """What to search for departures, given what was found on the way, and whether to shrink it.

        At edges so many are asked about that leaving out what can be left out has to do. A promise
        is broken only where an answer is wrong: if there are such, they say it better.
        """
        for drawn in outcomes(self.of):
            yield drawn.flatmap(_texts).map(self.answer), True
        if isinstance(self.of, ClassDefinition):
            yield _at_edges(self, self.of, found), False
        yield documents(self.of).map(self.answer), True
        for change in ("less", "more", "order") if not found else ():
            yield _promises(self, change), True
        if errors:
            yield broken_documents(self.of).map(self.refusal), True

    def answer(self, text: str) -> Departure | None:
        """How the answer to a valid document departs."""
        verdict = self.verdict(read_history(text, self.model))
        said = self.ask(text)
        if said is None or (verdict is None and said.status is not None):
            return None
        if verdict is None or said.status is None:
            return Departure(said.kind, said.words, text, verdict)
        is_so = verdict.status.value
        if said.status == is_so:
            return None
        words = f"{said.words} It is {is_so}."
        return Departure(f"{said.status}-for-{is_so}", words, text, verdict)

    def simplest(self, departure: Departure) -> Departure:
        """The departure, with a document of which nothing can be left out."""
        if self._same(departure.document, departure.kind) is None:
            return departure  # it is shown by two histories, or by a document that is broken
        for part in _less(json.loads(departure.document)):
            text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
            found = self._same(text, departure.kind)
            if found is not None:
                return self.simplest(found)
        return departure

    def _same(self, text: str, kind: str) -> Departure | None:
        try:
            found = self.answer(text)
        except EligibilityError:
            return None
        return found if found is not None and found.kind == kind else None

    def refusal(self, broken: BrokenDocument) -> Departure | None:
        """How the answer to a document that is broken in one way departs."""
        text, code = broken.text, broken.code
        said = self.ask(text) if text.strip() else None
        if said is None or said.kind in ("error", f"error:{code}") or said.kind[:7] == "raises-":
            return None
        if said.status is not None:
            words = f"{said.words} The document is to be refused: `{code}`."
            return Departure(f"takes-{code}", words, text)
        if said.kind.startswith("error:"):
            return Departure(f"{said.kind}-for-{code}", f"{said.words} It is `{code}`.", text)
        return Departure(said.kind, said.words, text)


def _texts(history: History) -> "st.SearchStrategy[str]":
    """A history as JSON text, with what is unknown left out, or as null."""
    return st.sampled_from([compact(history), history.model_dump_json()])


def _less(data: Any) -> Iterator[Any]:
    """Plain data with one thing less, the largest things first."""
    if isinstance(data, dict):
        yield from ({key: data[key] for key in data if key != gone} for gone in data)
        yield from ({**data, key: part} for key in data for part in _less(data[key]))
    elif isinstance(data, list):
        yield from (data[:at] + data[at + 1 :] for at in range(len(data)))
        for at, member in enumerate(data):
            yield from ([*data[:at], part, *data[at + 1 :]] for part in _less(member))


@st.composite
def _at_edges(
    draw: "st.DrawFn", asking: Asking, definition: ClassDefinition, found: Mapping[str, Departure]
) -> Departure | None:
    """A world in which one moment lies at one side of where a condition begins or ends to hold."""
    history = draw(outcomes(definition)[1 if definition.exact else 0])
    world = draw(worlds(history, definition))
    moments = moments_of(world, definition)
    path = draw(st.sampled_from(moments)) if moments else ""
    for moved in at_edges(world, path, definition) if moments else ():
        departure = asking.answer(compact(moved))
        if departure is not None and departure.kind not in found:
            return departure
    return None


@st.composite
def _promises(draw: "st.DrawFn", asking: Asking, change: str) -> Departure | None:
    """Two histories of which one knows more, or that are the same in another order."""
    before = draw(st.one_of(*outcomes(asking.of)))
    if change == "less":
        before, after = draw(remnants(before)), before
    elif change == "more":
        after = draw(finer(before, asking.of))
    else:
        after = draw(shuffles(before))
    first, then = asking.ask(compact(before)), asking.ask(compact(after))
    if first is None or then is None or None in (first.status, then.status):
        return None  # what is no status is reported elsewhere
    if first.status == then.status or (change != "order" and first.status not in _DECIDED):
        return None
    kind, when = "monotone", "knowing this"
    if change == "order":
        kind, when = "order-free", "in this order"
    words = f"{first.words} And {when}, {then.status}: {compact(after)}"
    return Departure(kind, words, compact(before), asking.verdict(before))
