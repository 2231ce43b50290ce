"""What stands on every screen: that this is a self-check, of what, and what it cannot tell."""

from collections.abc import Sequence
from typing import Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.text.markup import Html, html, tag

#: The id of what every screen says of itself.
ABOUT: Final = "about"
_WHAT: Final = (
    "This is a self-check. It compares what you say with the words of a description. It is no "
    "claim form: nothing is claimed by it, and nobody decides anything by it."
)


def banner(definition: ClassDefinition) -> Html:
    """The first line of every screen."""
    what = tag("strong", "Self-check", class_="tag")
    more = tag("a", "What it can and cannot tell you", href=f"#{ABOUT}")
    return tag("p", what, " ", tag("span", definition.title), more, class_="banner")


def about(definition: ClassDefinition, said: Sequence[str] = ()) -> Html:
    """The standing words about the check, and, unless they are `said`, about the case."""
    notice = [each for each in _notice(definition) if not any(each in part for part in said)]
    heading = tag("h2", "What this self-check can and cannot tell you")
    return tag("aside", heading, tag("p", _WHAT), *notice, class_="about", id=ABOUT)


def standing(definition: ClassDefinition) -> list[Html]:
    """The standing words about the case, for whoever has not begun."""
    notice = _notice(definition)
    heading = tag("h2", "Before you start")
    return [tag("div", heading, *notice, class_="about first")] if notice else []


def framed(definition: ClassDefinition, parts: Sequence[str]) -> Html:
    """A screen with the words that stand on each: at its end, unless it says them before."""
    is_said = any(about(definition) in part for part in parts)
    return html(banner(definition), *parts, *(() if is_said else (about(definition, parts),)))


def _notice(definition: ClassDefinition) -> list[Html]:
    return [tag("p", definition.notice)] if definition.notice else []
