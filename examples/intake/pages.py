"""The pages of the interview: one question a page, and at the end what follows from the answers.

Each page carries the interview, once, in a form that all its buttons post. No page shows a status
beside an answer: it would tempt.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from eligibility import Status, Verdict
from eligibility.interview import Interview, OpenFact, Question, Reply
from eligibility.text.markup import Html, tag

_STEPS: Final = (
    "In LinkedIn, open Settings, then Data privacy, then “Get a copy of your data”. LinkedIn sends "
    "a ZIP file. It is read here, and not kept; no message text is looked at but to find its date."
)
#: From so many answers on, the buttons stand above them as well.
MANY: Final = 8
#: How many of the records that were picked are named in the list of what was said.
MOST_NAMED: Final = 3
_FITS: Final = {
    Status.ELIGIBLE: "What you said fits the description of the proposed class.",
    Status.INELIGIBLE: "What you said does not fit the description of the proposed class.",
    Status.INDETERMINATE: "It is open whether you fit the description of the proposed class.",
}
_WOULD_FIT: Final = {
    Status.ELIGIBLE: (
        "If what the complaint alleges were so, you would fit the description of the "
        "proposed class."
    ),
    Status.INELIGIBLE: (
        "Even if what the complaint alleges were so, you would not fit the description of the "
        "proposed class."
    ),
    Status.INDETERMINATE: (
        "Even if what the complaint alleges were so, it would stay open whether you fit the "
        "description of the proposed class."
    ),
}
_MEANS: Final = {
    Status.ELIGIBLE: "This means only that your answers meet every point of the description.",
    Status.INELIGIBLE: (
        "This means that at least one point of the description is not met, whatever else is so."
    ),
    Status.INDETERMINATE: (
        "This means that what is known by now does not decide it. It is neither a yes nor a no."
    ),
}
_SUPPOSED: Final = (
    "Nobody outside LinkedIn can know whether messages were shared to train AI. Here it is taken "
    "as so, as the complaint alleges. That is no finding that it happened: LinkedIn denies it."
)


def start_page() -> tuple[Html, ...]:
    """What is asked first: the data export, for it answers most questions."""
    words = "A few questions follow. “I don't know” is always an answer."
    export = _upload("archive", "Your data export, a ZIP file", ".zip", "Go on with my export")
    without = tag("form", tag("button", "Go on without it"), method="post", action="/begin")
    saved = _upload("saved", "The file that “Save” gave you", ".json", "Go on where I stopped")
    return (
        tag("p", words),
        tag(
            "section",
            tag("h2", "Do you have your LinkedIn data export?"),
            tag("p", _STEPS),
            export,
            without,
        ),
        tag("section", tag("h2", "Did you save an interview here before?"), saved),
    )


def _upload(name: str, label: str, accept: str, words: str) -> Html:
    return tag(
        "form",
        tag("label", label, for_=name),
        tag("input", type="file", name=name, id=name, accept=accept, required="required"),
        tag("button", words, class_="main"),
        method="post",
        action="/begin",
        enctype="multipart/form-data",
    )


def unread_part(unread: Sequence[str]) -> tuple[Html, ...]:
    """What of the export could not be read."""
    words = "Some of your export could not be read. You are asked for it instead."
    listed = tag("ul", *(tag("li", each) for each in unread))
    return tag("p", words, class_="wrong"), listed


def asked_page(
    interview: Interview, question: Question, wrong: str = "", typed: str = ""
) -> tuple[Html, ...]:
    """One question, its answers as buttons, and 'I don't know'; what is wrong with what was said.

    `typed` is a date that did not fit: it stands there to be mended.
    """
    parts = [tag("p", wrong, class_="wrong", role="alert")] if wrong else []
    if question.help:
        parts.append(tag("small", question.help))
    if question.takes_several:
        parts += _ticks(interview, question)
    else:
        if question.takes_date:
            example = f", for example: {question.example}" if question.example else ""
            words = f"The date, as exactly as you know it{example}"
            parts += [tag("label", words, for_="date")]
            parts += [tag("input", type="text", name="date", id="date", value=typed)]
            parts += [_button("That is when", "date", class_="main")]
        parts += [_button(each.text, str(at)) for at, each in enumerate(question.answers)]
        parts += _always(interview)
    done = f"{question.topic} ({round(100 * interview.progress)} % done)"
    section = tag("section", tag("small", done), tag("h2", question.text), *parts)
    told = tag("details", tag("summary", "What you said so far"), *_told(interview))
    return (_form(interview, section, *([told] if interview.replies else [])),)


def _ticks(interview: Interview, question: Question) -> Iterator[Html]:
    """Boxes to tick, with the buttons below, and above too where the list is long."""
    buttons = [_button("Go on with what is ticked", "ticked", class_="main")]
    if question.kind == "pick":
        buttons.append(_button("None of these", "none"))
    buttons += _always(interview)
    if len(question.answers) >= MANY:
        yield tag("div", *buttons)
    for at, answer in enumerate(question.answers):
        box = tag("input", type="checkbox", name="tick", value=str(at))
        yield tag("label", box, answer.text, class_="tick")
    if question.kind == "pick":
        box = tag("input", type="checkbox", name="unsure", value="yes")
        yield tag("label", box, "I am not sure about those that I did not tick", class_="tick sure")
    yield tag("div", *buttons)


def _always(interview: Interview) -> list[Html]:
    """The buttons that every question has."""
    back = [_button("Back", "back")] if interview.replies else []
    return [_button("I don't know", "unknown"), *back, _save()]


def verdict_page(interview: Interview, wrong: str = "") -> tuple[Html, ...]:
    """What follows, in plain words: what it means, what stays open; the details after that."""
    found = interview.verdict
    headline = (_WOULD_FIT if found.supposing else _FITS)[found.status]
    parts = [tag("p", wrong, class_="wrong", role="alert")] if wrong else []
    parts += [tag("p", headline, class_=f"status {found.status.value}")]
    parts.append(tag("p", _MEANS[found.status]))
    parts += [tag("p", _SUPPOSED)] if found.supposing else []
    if interview.open:
        left = (tag("li", f"It is not known {each.text}. {_who(each)}") for each in interview.open)
        parts += [tag("h2", "What stays open"), tag("ul", *left)]
    parts += [tag("h2", "Why"), tag("ul", *(tag("li", each.text) for each in found.reasons))]
    if interview.replies:
        buttons = (_button("Back", "back"), _save("Save"))
        parts += [tag("h2", "What you said"), *_told(interview), *buttons]
    else:
        parts.append(_save("Save"))
    return (_form(interview, *parts), _details(found))


def _who(fact: OpenFact) -> str:
    """Who could know what stays open, as it is said to the claimant."""
    if fact.known_by == "documents":
        return "Your receipts or your data export may show it."
    if fact.known_by == "claimant":
        return "You may know it."
    return f"{fact.who} may know it." if fact.who else ""


def _details(found: Verdict) -> Html:
    """The verdict for whoever wants to check it: sources, paths, clauses."""
    supposed = ", supposing what the complaint alleges" if found.supposing else ""
    parts = [tag("p", f"Under the default reading{supposed}: {found.status.value}")]
    why = []
    for reason in found.reasons:
        facts = "; ".join(f"{e.path} ({e.source or 'no source given'})" for e in reason.evidence)
        about = (tag("small", text) for text in (str(reason.citation), facts) if text)
        why.append(tag("li", reason.text, *about))
    head = tag("tr", tag("th", "One and the same message must meet"), tag("th", "So far"))
    rows = (tag("tr", tag("td", c.text), tag("td", c.truth.word)) for c in found.clauses)
    parts += [tag("h2", "Reasons, with their sources"), tag("ul", *why)]
    parts += [tag("h2", "Clause by clause"), tag("table", head, *rows)]
    if found.supposing:
        source = tag("small", str(found.supposing.citation))
        parts += [tag("h2", "What is supposed"), tag("p", found.supposing.text, source)]
    return tag("details", tag("summary", "Details"), *parts)


def _told(interview: Interview) -> Iterator[Html]:
    """What was asked and said, each with a button to say something else."""
    then = [interview]  # and as it was before each reply, the latest first
    while (before := then[-1].before) is not None:
        then.append(before)
    rows, asked = [], Counter[str]()
    for earlier, reply in zip(reversed(then[1:]), interview.replies, strict=True):
        asked[reply.question] += 1  # a moment may be asked for twice
        change = tag(
            "button",
            "Change",
            name="change",
            value=f"{reply.question}#{asked[reply.question]}",
            aria_label=f"Change: {reply.text}",
        )
        answer = _answered(earlier.question, reply)
        rows.append(tag("tr", tag("td", reply.text), tag("td", answer), tag("td", change)))
    yield tag("table", *rows, class_="told")
    words = "What you said after a changed answer stays, wherever the same is asked again."
    yield tag("small", words)


def _answered(question: Question | None, reply: Reply) -> str:
    """What was said, in the words of the answers."""
    if reply.dont_know or question is None:
        return "I don't know"
    if reply.date is not None:
        return reply.date
    named = [question.answers[at].text for at in reply.chosen]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    words = "; ".join(named[:MOST_NAMED]) or "None of these"
    return f"{words}{more}" + ("" if reply.rest else "; not sure about the others")


def _form(interview: Interview, *parts: Html) -> Html:
    kept = tag("input", type="hidden", name="interview", value=interview.to_json())
    return tag("form", kept, *parts, method="post", action="/say")


def _button(text: str, say: str, **attributes: str) -> Html:
    return tag("button", text, name="say", value=say, **attributes)


def _save(words: str = "Save and stop here") -> Html:
    return tag("button", words, formaction="/save")
