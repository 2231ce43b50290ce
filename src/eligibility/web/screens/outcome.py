"""The last screen: what follows from what was said, in plain words, and what stays open."""

from typing import Final

from eligibility.interview import Interview, OpenFact
from eligibility.interview.plain_words import headline, meaning
from eligibility.text.markup import Html, tag
from eligibility.text.prose import NO_FINDING
from eligibility.verdict.record import Verdict
from eligibility.web.screens.answers import answers_part, back_button
from eligibility.web.screens.forms import Posts, download_button
from eligibility.web.screens.frame import restart_part
from eligibility.web.screens.kept import SAVED, plain_verdict

TITLE: Final = "The result of your self-check"


def outcome_screen(interview: Interview, posts: Posts) -> list[Html]:
    """What follows, without what is alleged and supposing it."""
    plain = plain_verdict(interview)
    parts = [tag("h1", TITLE, tabindex="-1", autofocus=True)]
    parts.append(_panel("On what you said", plain))
    if interview.supposing is not None:
        parts.append(_panel("Supposing what is alleged", interview.verdict))
    if interview.open:
        left = (tag("li", f"It is not known {each.text}. {_who(each)}") for each in interview.open)
        parts += [tag("h2", "What stays open"), tag("ul", *left)]
    if interview.replies:
        back = tag("div", *back_button(interview), class_="buttons")
        said = posts.form(answers_part(interview), back)
        parts += [tag("h2", "What you said"), said]
    keep = [
        download_button("Save my answers", SAVED),
        download_button("Download what you said, as JSON", "history"),
        download_button("Download the result, as JSON", "verdict"),
    ]
    parts += [tag("h2", "Keep it"), posts.form(tag("div", *keep, class_="buttons"))]
    parts.append(restart_part(posts))
    return parts


def _panel(heading: str, found: Verdict) -> Html:
    parts = [tag("p", headline(found), class_="headline"), tag("p", meaning(found))]
    if found.supposing:
        parts.append(tag("p", NO_FINDING))
    parts += [tag("h3", "Why"), tag("ul", *(tag("li", each.text) for each in found.reasons))]
    return tag("section", tag("h2", heading), *parts, class_=f"result {found.status.value}")


def _who(fact: OpenFact) -> str:
    """Who could know what stays open, as it is said to the claimant."""
    if fact.known_by == "documents":
        return "Your own papers may show it."
    if fact.known_by == "claimant":
        return "You may know it."
    return f"{fact.who} may know it." if fact.who else ""
