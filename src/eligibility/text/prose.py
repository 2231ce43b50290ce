"""A verdict as sentences: plain text, for any definition over any history model.

A verdict comes in; sections of lines go out, to a terminal or a page: first what it is and why,
then clause by clause, then what is not known and who could know it, then the sources.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import paths
from eligibility.errors import printable
from eligibility.facts.model import History
from eligibility.facts.more_known import change_lines
from eligibility.facts.paths import parse, value_at
from eligibility.facts.phrases import Knower
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import Speaker, account_name, known_by, phrases_of, spoken_of
from eligibility.interview.remains import open_paths
from eligibility.text.ladder import ladder
from eligibility.text.section import Section, inexact, joined
from eligibility.values.date_words import is_midnight
from eligibility.values.english import a, capital, counted, sentence
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST, SECOND
from eligibility.values.truth import Status, Truth
from eligibility.verdict.alike import edges_of
from eligibility.verdict.questions import Question
from eligibility.verdict.record import Verdict
from eligibility.verdict.why.open_words import MOST_NAMED, among_excluded, who_can_know
from eligibility.verdict.why.sentences import Reasoner

#: How many reasons and questions are told before the rest is counted.
MOST_REASONS: Final = 6
MOST_QUESTIONS: Final = 20


def verdict_text(verdict: Verdict) -> str:
    """A verdict as one text, with its sources, its questions, its two scenarios and its notice.

    >>> from eligibility.history import AccountHistory
    >>> from eligibility import evaluate
    >>> verdict_text(evaluate(AccountHistory(account_id="A-1001"))).splitlines()[0]
    'INDETERMINATE'
    """
    expect(verdict, Verdict, "verdict", "`evaluate(history)` makes one.")
    return joined(
        (
            *verdict_sections(verdict),
            *open_sections(verdict),
            *([supposed_section(verdict.supposing)] if verdict.supposing else ()),
            *source_sections(verdict),
            Section("Reading", (reading_line(verdict),)),
            notice_section(verdict),
        )
    )


def verdict_sections(verdict: Verdict) -> tuple[Section, ...]:
    """What the verdict is and why, then clause by clause, then what is not known."""
    steps = ladder(verdict)
    lead = (*lead_lines(verdict), *zone_lines(verdict))
    sections = [Section("", lead), Section(steps.heading, steps.lines)]
    if len(verdict.reasons) > 1 and verdict.status is Status.INELIGIBLE:
        sections.append(Section("All the reasons", tuple(reason_lines(verdict))))
    if verdict.status is Status.INDETERMINATE:
        sections.append(_unknown_section(verdict))
    if not verdict.exact:
        sections.append(inexact(in_fragment=verdict.definition.exact))
    return tuple(sections)


def notice_section(verdict: Verdict) -> Section:
    """The standing words about the status of the case."""
    return Section("Notice", (verdict.notice,) if verdict.notice else ())


# ---- what it is, and why -----------------------------------------------------------------------

_FITS: Final = {
    Status.ELIGIBLE: "{account} fits the description under the stated reading.",
    Status.INELIGIBLE: "{account} does not fit the description under the stated reading.",
    Status.INDETERMINATE: (
        "What is known does not decide whether {account} fits the description under the "
        "stated reading."
    ),
}
_WOULD_FIT: Final = {
    Status.ELIGIBLE: "{account} would fit the description under the stated reading.",
    Status.INELIGIBLE: "{account} would still not fit the description under the stated reading.",
    Status.INDETERMINATE: (
        "it would still not be decided whether {account} fits the description under the "
        "stated reading."
    ),
}
NO_FINDING: Final = "This is no finding of what happened."


def lead_lines(verdict: Verdict, *, with_why: bool = True) -> tuple[str, ...]:
    """The status and, in two or three sentences, what it means and why; what it supposes.

    Without the why, nor is it said what is supposed: that stands beside it.
    """
    status, name = verdict.status, account_name(verdict.history)
    account = f"account {name}" if name else "this account"
    why = f" {_why(verdict)}" if with_why else ""
    if verdict.supposing is None:
        return (status.value.upper(), f"{capital(_FITS[status].format(account=account))}{why}")
    heading = f"{status.value.upper()}, supposing {verdict.supposing.words}"
    would = f"If that were so, {_WOULD_FIT[status].format(account=account)}{why}"
    if not with_why:
        return (heading, f"{NO_FINDING} {would}")
    supposed = verdict.supposing.text.partition(". ")[0].rstrip(".")
    return (heading, f"{NO_FINDING} {supposed}.", would)


def zone_lines(verdict: Verdict) -> Iterator[str]:
    """In which zone the dates are, and in which the definition's days, where these differ."""
    zone = verdict.history.time_zone
    if zone == COURT_ZONE:
        return
    edges = {*edges_of(verdict.definition)}
    of_court = [is_midnight(at, COURT_ZONE) for at in edges if EARLIEST < at <= LATEST]
    words = f"Dates of this account are in its time zone, {zone}"
    if of_court and all(of_court):
        words += f"; days of the definition are in the court's, {COURT_ZONE}"
    yield f"{words}."


def _why(verdict: Verdict) -> str:
    if verdict.status is Status.ELIGIBLE:
        cited = dict.fromkeys(path for reason in verdict.reasons for path in reason.facts)
        records = dict.fromkeys(at for reason in verdict.reasons for at in reason.records)
        say = Reasoner(verdict.history, verdict.definition, verdict.supposing)
        return say.all_met(tuple(cited), tuple(records))
    if verdict.status is Status.INDETERMINATE:  # who could know is said below, of all that is open
        (reason,) = verdict.reasons
        step = next(step for step in verdict.definition.steps if step.id == reason.code)
        return sentence(step.sentence(Truth.UNKNOWN))
    text, others = verdict.reasons[0].text, len(verdict.reasons) - 1
    if others:
        text += " Others fail for other reasons, which are listed below."
    return text


def reason_lines(verdict: Verdict) -> Iterator[str]:
    """The reasons, one a line; of many the first few."""
    for reason in verdict.reasons[:MOST_REASONS]:
        yield reason.text
    if len(verdict.reasons) > MOST_REASONS:
        yield f"and {counted(len(verdict.reasons) - MOST_REASONS, 'more reason')}"


# ---- what is open ------------------------------------------------------------------------------


def _unknown_section(verdict: Verdict) -> Section:
    """What is not known that matters, and who could know it."""
    lines = who_can_know(unknown_facts(verdict), type(verdict.history))
    return Section("What is not known, and who could know it", tuple(lines))


def unknown_facts(verdict: Verdict) -> list[tuple[Knower | None, str]]:
    """What is not known that matters, as words after 'to know', with who could know it."""
    found = open_paths(verdict.history, verdict.definition, verdict.supposing)
    if not found:  # what matters lies within one second: nobody knows it, and it is said
        named = (*(o.paths for o in verdict.open), *(q.paths for q in verdict.questions))
        found = tuple(path for paths_of in named for path in paths_of)
    model = type(verdict.history)
    asked_for = sorted(found, key=lambda path: known_by(path, model) != "defendant")
    return unknown_words(asked_for, verdict.history, verdict.definition)


def unknown_words(
    asked_for: Sequence[str], history: History, definition: ClassDefinition
) -> list[tuple[Knower | None, str]]:
    """Facts that are not known as words after 'to know', alike ones together: who could know it."""
    model, speaker = type(history), Speaker(history)
    records: dict[str, list[int | None]] = {}
    lists: list[tuple[Knower | None, str]] = []
    excluding = {path for each in definition.exclusions for path in paths(each.condition)}
    if len(excluded := [path for path in asked_for if path in excluding]) > MOST_NAMED:
        lists.append((known_by(excluded[0], model), among_excluded(model)))
        asked_for = [path for path in asked_for if path not in excluding]
    for path in asked_for:
        at = parse(path)
        if at.is_of_record:
            records.setdefault(at.pattern, []).append(at.index)
        else:
            lists.append((known_by(path, model), speaker.unknown(path)))
    unknown: list[tuple[Knower | None, str]] = []
    last: dict[Knower | None, str] = {}  # what a sentence spoke of last, it need not name again
    for asked, places in records.items():
        knower, many = known_by(asked, model), len(places) > 1 and None not in places
        it = _those(speaker, parse(asked).name, places)
        said = ("each of them" if many else "it") if last.get(knower) == it else it
        last[knower] = it
        unknown.append((knower, phrases_of(asked, model).unknown.format(it=said)))
    return [*unknown, *lists]


def _those(speaker: Speaker, name: str, places: Sequence[int | None]) -> str:
    """Records of a list, by their places; None is that of one that nobody listed."""
    spoken, listed = spoken_of(name, speaker.model), [at for at in places if at is not None]
    if not listed:
        other = getattr(speaker.history, name)
        return f"another {spoken.noun}" if other else a(spoken.noun)
    is_all = len(listed) == len(places)
    named = f"{'each' if is_all else 'any'} of {len(listed):,} {spoken.nouns}"
    named = named if len(listed) > 1 else speaker.called(name, listed[0])
    return named if is_all else f"{named} or another one"


#: What gives, for a path, what hints at the answer without being a fact.
Hints: TypeAlias = Callable[[str], Iterable[str]]


def no_hints(_path: str) -> Iterable[str]:
    """Nothing hints at any answer."""
    return ()


def open_sections(verdict: Verdict, hints_for: Hints = no_hints) -> tuple[Section, ...]:
    """Of an indeterminate verdict: the questions, and the two ways it could go."""
    if verdict.status is not Status.INDETERMINATE:
        return ()
    lines = question_lines(answerable(verdict), hints_for, most=MOST_QUESTIONS)
    return (Section("Questions", tuple(lines)), *scenario_sections(verdict))


def first_question(verdict: Verdict, hints_for: Hints) -> Section:
    """The first question, and of how many."""
    able = answerable(verdict)
    of = f" (of {len(able):,})" if len(able) > 1 else ""
    return Section(f"First question to answer{of}", tuple(question_lines(able[:1], hints_for)))


def answerable(verdict: Verdict) -> tuple[Question, ...]:
    """The questions that a person could answer: nobody knows a moment better than to the second."""

    def is_open(path: str) -> bool:
        moment = None if parse(path).is_complete else value_at(path, verdict.history)
        return not isinstance(moment, Moment) or moment.latest - moment.earliest >= SECOND

    return tuple(each for each in verdict.questions if all(map(is_open, each.paths)))


def question_lines(questions: Sequence[Question], hints_for: Hints, most: int = 1) -> Iterator[str]:
    """Questions with the status that each answer leads to, and how many more there are."""
    for question in questions[:most]:
        yield printable(question.text)
        leads_to = {Status.of(answer.truth).value for answer in question.answers}
        if len(leads_to) == 1 < len(question.answers):
            either = "either" if len(question.answers) == 2 else "any"
            yield f"  {either} answer: still {leads_to.pop()}"
        else:
            for answer in question.answers:
                yield f"  {printable(answer.text)}: {Status.of(answer.truth).value}"
        for hint in (hint for path in question.paths for hint in hints_for(path)):
            yield f"  A hint, no fact: {printable(hint)}"
    if len(questions) > most:
        yield f"{counted(len(questions) - most, 'more question')} may matter."


def scenario_sections(verdict: Verdict) -> tuple[Section, ...]:
    """The two ways it could go, each told as what would then be known besides."""
    scenarios = verdict.scenarios
    if scenarios is None:
        return ()
    turns = edges_of(verdict.definition)
    ways = (("eligible", scenarios.eligible_if), ("ineligible", scenarios.ineligible_if))
    return tuple(
        Section(
            f"One way it would be {status}", tuple(change_lines(verdict.history, history, turns))
        )
        for status, history in ways
        if history is not None
    )


# ---- sources -----------------------------------------------------------------------------------


def source_sections(verdict: Verdict) -> tuple[Section, ...]:
    """Why an account is in, clause by clause; the definition's own words; and who says so."""
    sections = []
    if verdict.status is Status.ELIGIBLE:
        sections.append(Section("All the reasons", tuple(reason_lines(verdict))))
    lines: list[str] = []
    for number, step in enumerate(verdict.definition.steps, 1):
        lines += [f"{number}. {step.id}: {step.text}", f"  Source: {step.citation}"]
    sections.append(Section("The definition's own words, and their sources", tuple(lines)))
    return tuple(sections)


def supposed_section(supposing: Supposition) -> Section:
    """What is supposed, in full, with what the source says of it and what is our reading."""
    return Section("What is supposed", (supposing.text, f"Source: {supposing.citation}"))


def reading_line(verdict: Verdict) -> str:
    """The definition, and how its words were read."""
    words = ", ".join(f"{name}={value}" for name, value in verdict.reading.items())
    name = f"{verdict.definition.id}, version {verdict.definition.version}"
    return f"{name}: {words}" if words else name
