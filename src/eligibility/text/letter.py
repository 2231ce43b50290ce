"""The letter about a self-check: what a person can keep, or send to somebody who can advise.

A history and a definition come in; a `Letter` goes out, as data. It says what follows from what is
known, and beside it, never instead of it, what would follow supposing what is alleged. It shows no
way in which the account would be in the class, and no answer that would lead there.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.phrases import Knower
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import account_name
from eligibility.text.evidence import rests_on
from eligibility.text.ladder import ladder
from eligibility.text.prose import NO_FINDING, lead_lines, unknown_facts, zone_lines
from eligibility.text.section import inexact
from eligibility.text.writing import (
    Block,
    Item,
    Items,
    Letter,
    Pairs,
    Paragraph,
    Part,
    Subheading,
    Table,
)
from eligibility.values.english import capital, sentence
from eligibility.values.truth import Status
from eligibility.verdict.reasons import Reason
from eligibility.verdict.record import Verdict, evaluate
from eligibility.verdict.why.open_words import who_can_know

#: How many reasons a letter gives before it counts the rest.
MOST_REASONS: Final = 20
_RESULT: Final = {
    Status.ELIGIBLE: "Eligible",
    Status.INELIGIBLE: "Not eligible",
    Status.INDETERMINATE: "Not decided",
}
_MEANS: Final = {
    Status.ELIGIBLE: "This means only that what is known meets every point of the description.",
    Status.INELIGIBLE: (
        "This means that at least one point of the description is not met, whatever else turns out "
        "to be so."
    ),
    Status.INDETERMINATE: "This is neither a yes nor a no.",
}
#: Who can know what is open, and how that is headed.
_WHO: Final[dict[Knower | None, str]] = {
    "claimant": "{who} can say",
    "documents": "{who} can show",
    "defendant": "Only {who} can know",
    None: "It is not stated who can know",
}


@frozen
class ReadWord:
    """How one disputed term is read: what was chosen and what that means, who says so, what else.

    Without a meaning, the word itself stands there.
    """

    name: str
    word: str
    means: str = ""
    source: str = ""
    others: tuple[str, ...] = ()


def letter_of(  # noqa: PLR0913 - each is something that a letter may say
    history: History,
    definition: ClassDefinition,
    *,
    supposing: Supposition | None = None,
    readings: Sequence[ReadWord] = (),
    agreement: str = "",
    unread: tuple[str, ...] = (),
) -> Letter:
    """The letter about one account, for any definition over any history model.

    Args:
        history: what is known of the account.
        definition: the class.
        supposing: what is alleged; where what is known leaves it open, what would follow then.
        readings: how each disputed term is read; without it, the words of the definition's reading.
        agreement: what other readings would say, as a sentence.
        unread: what of the person's files could not be read, a line each.

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    verdict = evaluate(history, definition)
    supposed = None
    if supposing is not None and verdict.status is Status.INDETERMINATE:
        supposed = evaluate(history, definition, supposing=supposing)
    parts = [
        _head(verdict, supposed),
        Part("Notice", [Paragraph(definition.notice, "notice")] if definition.notice else []),
        Part("Result", tuple(_result(verdict))),
        Part("Why", tuple(_reasons(verdict))),
        Part("What could not be read", [Items(map(Item, unread))] if unread else []),
        Part("Who can know what is open", tuple(_open(verdict))),
        Part("Only supposing what is alleged", tuple(_supposed(supposed) if supposed else ())),
        Part("Point by point", tuple(_points(verdict))),
        Part("How disputed terms are read", tuple(_readings(verdict, readings, agreement))),
        Part("How to check this letter", tuple(_digests(verdict))),
    ]
    return Letter("Self-check", definition.title, tuple(part for part in parts if part.blocks))


def _head(verdict: Verdict, supposed: Verdict | None) -> Part:
    account = account_name(verdict.history)
    pairs = [
        *([("Account", account)] if account else ()),
        ("Checked against", verdict.definition.title),
        ("Result", _RESULT[verdict.status]),
    ]
    if supposed is not None:
        pairs.append(("Only supposing what is alleged", _RESULT[supposed.status]))
    defendant = verdict.definition.model.knowers["defendant"]
    words = (
        "A program wrote this letter from what is known of one account. Nobody else has checked "
        f"it: no court, no law firm, and not {defendant}. It makes no claim for anybody."
    )
    return Part("", (Paragraph(words), Pairs(tuple(pairs))))


def _result(verdict: Verdict) -> Iterator[Block]:
    _, *lines = lead_lines(verdict)
    yield Paragraph(_RESULT[verdict.status], "status")
    yield from map(Paragraph, (*lines, *zone_lines(verdict)))
    yield Paragraph(_MEANS[verdict.status])
    yield from _not_exact(verdict)


def _not_exact(verdict: Verdict) -> Iterator[Block]:
    if not verdict.exact:
        yield from map(Paragraph, inexact(in_fragment=verdict.definition.exact).lines)


# ---- why ---------------------------------------------------------------------------------------


def _reasons(verdict: Verdict) -> Iterator[Block]:
    """Each reason, with what it rests on and the source of the words that it is about."""
    told = verdict.reasons[:MOST_REASONS]
    yield Items(
        Item(
            reason.text,
            (
                *_rests_on(reason, verdict.definition.model),
                f"Source of the description: {reason.citation}",
            ),
        )
        for reason in told
    )
    if more := len(verdict.reasons) - len(told):
        yield Paragraph(f"There {'is' if more == 1 else 'are'} {more:,} more, of the same kind.")


def _rests_on(reason: Reason, model: type[History]) -> Iterator[str]:
    if reason.evidence:
        yield f"Rests on: {rests_on(reason.evidence, model, 'no source given')}"


# ---- what is open ------------------------------------------------------------------------------


def _open(verdict: Verdict) -> Iterator[Block]:
    if verdict.status is not Status.INDETERMINATE:
        return
    model = verdict.definition.model
    unknown = unknown_facts(verdict)
    for knower, heading in _WHO.items():
        found = list(dict.fromkeys(what for by, what in unknown if by == knower))
        if not found:
            continue
        who = "" if knower is None else model.knowers[knower]
        who = model.holder if knower == "claimant" else who
        yield Subheading(capital(heading.format(who=who)))
        yield Items(map(Item, found))


def _supposed(verdict: Verdict) -> Iterator[Block]:
    """What would follow, what is supposed and who alleges it."""
    supposing = verdict.supposing
    if supposing is None:
        return
    yield Paragraph(NO_FINDING)
    yield Paragraph(f"{_RESULT[verdict.status]}, if that were so", "status")
    yield from map(Paragraph, lead_lines(verdict)[2:])
    yield from _not_exact(verdict)
    if verdict.status is Status.INDETERMINATE:
        yield Subheading("What would then still be open")
        yield Items(map(Item, who_can_know(unknown_facts(verdict), type(verdict.history))))
    else:
        yield Subheading("Why, if that were so")
        yield from _reasons(verdict)
    yield Subheading("What is supposed")
    yield Paragraph(supposing.text)
    yield Paragraph(f"Source: {supposing.citation}", "source")


# ---- the description, and how to check it ------------------------------------------------------


def _points(verdict: Verdict) -> Iterator[Block]:
    steps = ladder(verdict)
    if steps.rungs:
        rows = [(rung.text, "" if rung.state == "-" else rung.state) for rung in steps.rungs]
        yield Table(sentence(steps.heading), ("Point", "So far"), rows)
        yield from map(Paragraph, filter(None, [steps.note]))
    yield Subheading("The description in its own words")
    yield Items(
        (
            Item(capital(step.text), (f"Source: {step.citation}",))
            for step in verdict.definition.steps
        ),
        ordered=True,
    )


def _readings(verdict: Verdict, given: Sequence[ReadWord], agreement: str) -> Iterator[Block]:
    read = given or [ReadWord(name, word) for name, word in verdict.reading.items()]
    if not read:
        return
    yield Items(
        Item(
            f"{capital(each.means)} ({each.name}={each.word})"
            if each.means
            else f"{each.name}={each.word}",
            (
                *(f"Or: {other}" for other in each.others),
                *([f"Source: {each.source}"] if each.source else ()),
            ),
        )
        for each in read
    )
    if agreement:
        yield Paragraph(agreement)


def _digests(verdict: Verdict) -> Iterator[Block]:
    definition = verdict.definition
    yield Paragraph(
        "Whoever has the history as a file can check it again. The same history, description and "
        "reading always give this result and these two digests."
    )
    yield Pairs(
        (
            ("Status, as the verdict has it", verdict.status.value),
            ("Description", f"{definition.id}, version {definition.version}"),
            ("SHA-256 of the description", definition.digest),
            ("SHA-256 of the history", verdict.history_digest),
        )
    )
