"""The last screen: what follows from what was said, in plain words, and what stays open.

The plain verdict stands first. What would follow supposing what is alleged stands beside it, never
instead of it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from eligibility.facts.model import History
from eligibility.interview import Interview
from eligibility.interview.plain_words import headline, meaning
from eligibility.interview.second_person import said_to_you
from eligibility.text.evidence import rests_on
from eligibility.text.ladder import Ladder
from eligibility.text.letter import MOST_REASONS
from eligibility.text.markup import Html, html, tag
from eligibility.text.prose import NO_FINDING, zone_lines
from eligibility.text.section import inexact
from eligibility.values.english import counted, sentence
from eligibility.verdict.reasons import Reason
from eligibility.verdict.record import Verdict
from eligibility.web.screens.answers import SAID, answers_part, back_button
from eligibility.web.screens.findings import Findings
from eligibility.web.screens.forms import Posts, Wrong, button, download_button, error_summary
from eligibility.web.screens.frame import about
from eligibility.web.screens.given import Given, given_part
from eligibility.web.screens.kept import LETTER, SAVED
from eligibility.web.screens.readings import readings_part

TITLE: Final = "The result of your self-check"
#: What takes a while to work out, or few want to see, is shown on request.
POINTS: Final = "points"
#: How many reasons stand in the open; of more, the others can be unfolded.
_MOST_REASONS: Final = 3


def outcome_screen(
    found: Findings,
    posts: Posts,
    given: Given,
    shows: Sequence[str],
    wrong: Sequence[Wrong] = (),
) -> list[Html]:
    """What follows, without what is alleged and supposing it."""
    interview = found.interview
    heading = tag("h1", TITLE, tabindex="-1", autofocus=not (shows or wrong))
    parts = [
        *(_panel(title, verdict) for title, verdict in found.verdicts.items()),
        about(interview.definition),
        *_keep_part(),
        *found.unknown,
        html(tag("h2", "The time line of what you said"), found.time_line),
        *_points_part(found, shows),
        *readings_part(found, shows),
        *given_part(given),
        *_said_part(interview),
        *_data_part(interview),
        tag("div", button("Start again", "restart", "plain"), class_="buttons"),
    ]
    summary = [error_summary(wrong)] if wrong else []
    return [*summary, heading, posts.form(*parts)]  # one form, so that what it carries stands once


def _panel(heading: str, found: Verdict) -> Html:
    parts = [tag("p", headline(found), class_="headline"), tag("p", meaning(found))]
    if found.supposing is not None:
        nobody = "Nobody here can know whether what is alleged is so. Here it is taken as so."
        source = tag("p", tag("small", f"Source: {found.supposing.citation}"))
        what = tag("summary", "What exactly is supposed")
        parts.append(tag("p", f"{nobody} {NO_FINDING}"))
        parts.append(tag("details", what, tag("p", found.supposing.text), source))
    parts += [tag("h3", "Why"), *_reasons(found.reasons_in_days, type(found.history))]
    parts += (tag("p", line) for line in zone_lines(found))
    if not found.exact:
        parts += (tag("p", line) for line in inexact(in_fragment=found.definition.exact).lines)
    return tag("section", tag("h2", heading), *parts, class_=f"result {found.status.value}")


def _reasons(reasons: Iterable[Reason], model: type[History]) -> list[Html]:
    """The reasons; of many the first few, and the others to unfold."""
    said = [tag("li", said_to_you(reason.text, model)) for reason in reasons]
    parts = [tag("ul", *said[:_MOST_REASONS])]
    if more := said[_MOST_REASONS:]:
        summary = tag("summary", counted(len(more), "more reason"))
        parts.append(tag("details", summary, tag("ul", *more)))
    return parts


# ---- point by point, and who says so -----------------------------------------------------------


def _points_part(found: Findings, shows: Sequence[str]) -> list[Html]:
    """How far it gets, point by point, and the sources: for whoever wants to check it."""
    is_last = POINTS in shows[-1:]
    parts = [tag("h2", "Point by point, with sources", tabindex="-1", autofocus=is_last)]
    if POINTS not in shows:
        parts.append(button("Show each point and its source", POINTS))
        return [tag("div", *parts, class_="unprinted")]
    definition = found.interview.definition
    words = (
        tag("li", sentence(step.text), tag("small", f"Source: {step.citation}"))
        for step in definition.steps
    )
    parts += [tag("h3", "The description in its own words"), tag("ol", *words, class_="sourced")]
    for heading, verdict in found.verdicts.items():
        parts.append(html(tag("h3", heading), *_points(verdict, found.ladders[heading])))
    return parts


def _points(found: Verdict, steps: Ladder) -> list[Html]:
    model = found.definition.model
    head = tag("tr", tag("th", "Point", scope="col"), tag("th", "So far", scope="col"))
    rows = (
        tag("tr", tag("th", said_to_you(rung.text, model), scope="row"), tag("td", state))
        for rung in steps.rungs
        for state in ["no longer matters" if rung.state == "-" else rung.state]
    )
    table = tag(
        "table",
        tag("caption", sentence(steps.heading)),
        tag("thead", head),
        tag("tbody", *rows),
    )
    told = found.reasons[:MOST_REASONS]
    why = [tag("li", said_to_you(reason.text, model), *_sources(reason, model)) for reason in told]
    if more := len(found.reasons) - len(told):
        why.append(tag("li", f"{more:,} more, of the same kind."))
    return [
        *([tag("div", table, class_="wide")] if steps.rungs else []),
        *([tag("p", steps.note)] if steps.note else []),
        tag("h4", "The reasons, and what they rest on"),
        tag("ul", *why, class_="sourced"),
        tag("p", _checks(found), class_="hint"),
    ]


def _sources(reason: Reason, model: type[History]) -> list[Html]:
    """Who says the point, and the facts that the reason rests on."""
    facts = rests_on(reason.evidence, model, "as you said")
    lines = (f"Source: {reason.citation}", f"Rests on: {facts}" if facts else "")
    return [tag("small", line) for line in lines if line]


def _checks(found: Verdict) -> str:
    definition = found.definition
    name = f"{definition.id}, version {definition.version}"
    digests = f"SHA-256 {definition.digest}. What was said: SHA-256 {found.history_digest}."
    return f"Status: {found.status.value}. Description: {name}, {digests}"


# ---- what was given, and what is taken along ---------------------------------------------------


def _said_part(interview: Interview) -> list[Html]:
    if not interview.replies:
        return []
    back = tag("div", *back_button(interview), class_="buttons")
    return [tag("h2", "What you said", id=SAID), answers_part(interview), back]


def _keep_part() -> list[Html]:
    """The letter, soon in sight: it says all that stands below."""
    letter = "The letter says all of this, for you to print, keep or send."
    buttons = (
        download_button("Save the letter", LETTER, "main"),
        download_button("Save my answers", SAVED),
    )
    parts = (
        tag("h2", "Keep it, or send it"),
        tag("p", letter),
        tag("div", *buttons, class_="buttons"),
    )
    return [tag("div", *parts, class_="unprinted")]


def _data_part(interview: Interview) -> list[Html]:
    data = [
        download_button("Download what you said, as JSON", "history"),
        download_button("Download the result, as JSON", "verdict"),
    ]
    if interview.supposing is not None:
        data.append(
            download_button(
                "Download the result supposing what is alleged, as JSON", "verdict-supposing"
            )
        )
    parts = tag("h2", "For programs"), tag("div", *data, class_="buttons")
    return [tag("div", *parts, class_="unprinted")]
