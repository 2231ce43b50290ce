"""One question, one screen: what is asked, how it can be answered, and 'I don't know'.

No screen shows a status beside an answer: it would tempt.
"""

from collections.abc import Sequence

from eligibility.interview import Interview, Question
from eligibility.text.markup import Html, tag
from eligibility.values.english import capital
from eligibility.web.screens.answers import SAID, answers_part, back_button
from eligibility.web.screens.fields import Sent
from eligibility.web.screens.forms import (
    Posts,
    Wrong,
    button,
    choices,
    described,
    download_button,
    error_at,
    error_summary,
    group,
    text_field,
)
from eligibility.web.screens.kept import SAVED
from eligibility.web.screens.picking import none_buttons, pick_part
from eligibility.web.screens.replying import DATE


def question_screen(
    interview: Interview, question: Question, posts: Posts, sent: Sent, wrong: Sequence[Wrong]
) -> list[Html]:
    """The question with its fields, and what was said so far."""
    parts = [error_summary(wrong)] if wrong else []
    done = round(100 * interview.progress)
    how_far = f" · about {done}% done" if done else ""
    parts.append(tag("p", f"{question.topic}{how_far}", class_="caption"))
    hinted = bool(interview.likely) and question.kind == "pick"
    asked = _asked(question, sent, wrong, hinted=hinted)
    inside = [asked, _buttons(interview, question)]
    if interview.replies:
        told = tag("summary", f"What you said so far ({len(interview.replies)})")
        inside.append(tag("details", told, answers_part(interview), id=SAID))
    parts.append(posts.form(*inside))
    return parts


def _asked(question: Question, sent: Sent, wrong: Sequence[Wrong], *, hinted: bool) -> Html:
    """The fields that answer a question, under it."""
    name = "tick" if question.takes_several else "answer"
    below = [each for each in ("points", "help") if getattr(question, each)]
    about = described(name, wrong, *below)
    points = [tag("li", capital(each)) for each in question.points]
    parts = [tag("ul", *points, id="points")] if points else []
    parts += _help(question)
    parts += error_at(name, wrong)
    if hinted:
        parts.append(tag("p", "Those that your archive hints at stand first.", class_="hint"))
    if question.takes_several:
        parts.append(tag("p", "Tick all that apply.", class_="hint"))
    if question.kind == "pick":
        parts += pick_part(question, sent, takes_focus=not wrong)
    elif question.takes_several:
        parts.append(choices("checkbox", "tick", _options(question), sent.all("tick")))
    elif not question.takes_date:
        parts.append(choices("radio", "answer", _options(question), sent.all("answer")))
    elif question.answers:
        parts += _date_or_answer(question, sent, wrong)
    else:
        parts += _date_fields(question, sent, wrong)
    return group(question.lead, parts, about, takes_focus=not (wrong or sent.one("page")))


def _help(question: Question) -> list[Html]:
    """What helps to answer: what nearly everybody needs, and the rest to unfold."""
    if not question.help:
        return []
    first, *others = question.help.splitlines()
    more = [tag("p", each, class_="hint") for each in others]
    summary = tag("summary", "More about this question")
    folded = [tag("details", summary, *more)] if more else []
    return [tag("p", first, class_="hint", id="help"), *folded]


def _options(question: Question) -> list[tuple[str, str]]:
    return [(str(at), answer.text) for at, answer in enumerate(question.answers)]


def _date_or_answer(question: Question, sent: Sent, wrong: Sequence[Wrong]) -> list[Html]:
    """A date of one's own, or one of the answers."""
    chosen = sent.all("answer")
    own = choices("radio", "answer", [(DATE, "I know when, or about when")], chosen)
    fields = tag("div", *_date_fields(question, sent, wrong), class_="under")
    others = choices("radio", "answer", _options(question), chosen, first=False)
    return [own, fields, tag("p", "or", class_="or"), others]


def _date_fields(question: Question, sent: Sent, wrong: Sequence[Wrong]) -> list[Html]:
    """The fields for a date, as exactly as it is known, and for two that it lies between."""
    like = question.example or "March 2021"
    hint = f"For example: {like}. A year alone will do."
    rough = ("earliest", "latest")
    is_open = any(sent.one(name) for name in rough) or any(w.field in rough for w in wrong)
    between = tag(
        "details",
        tag("summary", "I only know that it was between two dates"),
        tag("p", "Leave one of them empty if you only know the other.", class_="hint"),
        text_field("earliest", "Not before", sent.one("earliest"), wrong),
        text_field("latest", "Not after", sent.one("latest"), wrong),
        open=is_open,
    )
    date = text_field("date", "Date", sent.one("date"), wrong, hint)
    return [date, between] if question.none_of is None else [date]


def _buttons(interview: Interview, question: Question) -> Html:
    """What can be pressed; pressing Enter in a field presses the first."""
    none = none_buttons(question) if question.kind == "pick" else []
    first = [button("Continue", "continue", "main"), *none, button("I don't know", "unknown")]
    then = [*back_button(interview), download_button("Save my answers", SAVED, "plain")]
    return tag(
        "div",
        tag("div", *first, class_="buttons"),
        tag("div", *then, button("Start again", "restart", "plain"), class_="buttons"),
    )
