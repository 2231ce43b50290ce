"""The first screen: begin with an archive, with questions, or with a file that was saved."""

from collections.abc import Sequence
from typing import Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.wording import spoken_of
from eligibility.interview.second_person import said_to_you
from eligibility.text.markup import Html, tag
from eligibility.values.english import sentence
from eligibility.web.screens.archives import Archive
from eligibility.web.screens.forms import (
    Posts,
    Wrong,
    button,
    download_button,
    error_summary,
    file_field,
)
from eligibility.web.screens.frame import standing
from eligibility.web.screens.kept import SAVED

TITLE: Final = "Check whether you fit the description"
RESTART: Final = "Do you want to start again?"
_STEPS: Final = (
    "You answer a few questions, one at a time. “I don't know” is always an answer.",
    "At the end you read in plain words whether what you said fits the description, and why.",
    "What nobody here can know is named, with who could know it.",
)


def start_screen(
    definition: ClassDefinition, archive: Archive | None, posts: Posts, wrong: Sequence[Wrong]
) -> list[Html]:
    """What there is to begin with, before all that one may want to read first."""
    parts = [error_summary(wrong)] if wrong else []
    parts.append(tag("h1", TITLE, tabindex="-1"))
    parts += standing(definition)
    if archive is not None:
        parts.append(_with_archive(archive, posts, wrong))
    words = "Start with questions" if archive is None else "Start without it"
    look = "main" if archive is None else ""
    begin = posts.form(button(words, "begin", look))
    heading = "You need nothing at hand" if archive is None else "No export?"
    sentence = "You need nothing at hand. " * (archive is not None)
    sentence += "What you do not know, you can leave open."
    parts.append(tag("section", tag("h2", heading), tag("p", sentence), begin))
    parts.append(_saved(posts, wrong))
    parts += _description(definition)
    parts += [tag("h2", "How it goes"), tag("ul", *(tag("li", step) for step in _STEPS))]
    return parts


def _description(definition: ClassDefinition) -> list[Html]:
    """What the definition asks for, said to whoever reads it before they begin."""
    model, one = definition.model, ""
    if definition.record_list:
        one = f", of one and the same {spoken_of(definition.record_list, model).noun}"
    points = (sentence(step.met or step.text) for step in definition.steps)
    said = (tag("li", said_to_you(point, model)) for point in points)
    intro = tag("p", f"You fit it if all of this is true{one}:")
    return [tag("h2", "What the description asks for"), intro, tag("ol", *said)]


def _with_archive(archive: Archive, posts: Posts, wrong: Sequence[Wrong]) -> Html:
    steps = tag("ol", *(tag("li", step) for step in archive.steps))
    how = tag("details", tag("summary", "How to get it, and what is read of it"), steps)
    why = "It answers most questions, and more exactly than memory."
    field = file_field("archive", archive.label, archive.accept, wrong)
    form = posts.form(field, button("Start with my export", "begin-archive", "main"), upload=True)
    return tag("section", tag("h2", archive.asks), tag("p", why), form, how)


def _saved(posts: Posts, wrong: Sequence[Wrong]) -> Html:
    field = file_field("saved", "The file that “Save my answers” gave you", ".json", wrong)
    form = posts.form(field, button("Go on where I stopped", "resume"), upload=True)
    return tag("section", tag("h2", "Did you save your answers before?"), form)


def restart_screen(posts: Posts) -> list[Html]:
    """Whether to begin again: what was said would be gone."""
    words = "What you said will be gone, unless you save it first."
    buttons = (
        button("Keep what I said", "keep", "main"),
        download_button("Save my answers", SAVED),
        button("Delete it and start again", "restart-now"),
    )
    heading = tag("h1", RESTART, tabindex="-1", autofocus=True)
    return [heading, tag("p", words), posts.form(tag("div", *buttons, class_="buttons"))]
