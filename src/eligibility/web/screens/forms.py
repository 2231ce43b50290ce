"""The parts of forms: fields with their labels, hints and errors, choices, buttons.

What is asked comes in, HTML goes out. An error stands at its field, which names it, and in a
summary at the top, which links to the field.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import field, frozen

from eligibility.immutable import FrozenDict
from eligibility.text.markup import Html, tag

Attribute: TypeAlias = str | bool | None


@frozen
class Wrong:
    """What is wrong with what was sent: the field, by its id, and the words for whoever sent it.

    Or what it only `asks`: something that may well be said, and that leaves a question.
    """

    field: str
    text: str
    asks: bool = False


@frozen
class Posts:
    """Where forms are posted to, and what each of them carries along."""

    action: str | None = None
    carries: Mapping[str, str] = field(default=FrozenDict())

    def form(self, *parts: str, upload: bool = False) -> Html:
        """A form; `upload` of a file."""
        kept = (
            tag("input", type="hidden", name=name, value=value)
            for name, value in self.carries.items()
        )
        kind = "multipart/form-data" if upload else None
        return tag(
            "form",
            *kept,
            *parts,
            method="post",
            action=self.action,
            enctype=kind,
            novalidate=True,
            autocomplete="off",
        )


def button(text: str, do: str, look: str = "", **attributes: Attribute) -> Html:
    """A button that sends its form, and says by `do` what is to be done."""
    named = {"name": "do", "value": do, "class_": look or None, **attributes}
    return tag("button", text, type="submit", **named)


def download_button(text: str, name: str, look: str = "") -> Html:
    """A button that asks for a file, by its name; the screen stays as it is."""
    return tag("button", text, type="submit", name="download", value=name, class_=look or None)


def error_summary(wrong: Sequence[Wrong]) -> Html:
    """All that is wrong, each with a link to its field; it takes the focus."""
    links = (tag("li", tag("a", each.text, href=f"#{each.field}")) for each in wrong)
    asks = all(each.asks for each in wrong)
    return tag(
        "div",
        tag("h2", "One thing more" if asks else "There is a problem", id="errors-title"),
        tag("ul", *links),
        class_="errors asks" if asks else "errors",
        id="errors",
        role="alert",
        tabindex="-1",
        autofocus=True,
        aria_labelledby="errors-title",
    )


def error_at(name: str, wrong: Iterable[Wrong]) -> list[Html]:
    """What is wrong with a field, as it stands at the field."""
    said = [each for each in wrong if each.field == name]
    words = " ".join(each.text for each in said)
    if all(each.asks for each in said):
        return [tag("p", words, class_="wrong asks", id=f"{name}-error")] if said else []
    prefix = tag("span", "Error: ", class_="unseen")
    return [tag("p", prefix, words, class_="wrong", id=f"{name}-error")]


def described(name: str, wrong: Sequence[Wrong], *others: str) -> dict[str, Attribute]:
    """The attributes by which a field names its hint and its error."""
    said = [each for each in wrong if each.field == name]
    ids = [*others, *([f"{name}-error"] if said else [])]
    is_wrong = not all(each.asks for each in said)
    return {"aria_describedby": " ".join(ids) or None, "aria_invalid": "true" * is_wrong or None}


def text_field(name: str, label: str, value: str, wrong: Sequence[Wrong], hint: str = "") -> Html:
    """A field for a line of text."""
    how = {"type": "text", "value": value or None, "spellcheck": "false", "autocomplete": "off"}
    return _field(name, label, wrong, hint, how)


def file_field(name: str, label: str, accept: str, wrong: Sequence[Wrong], hint: str = "") -> Html:
    """A field for a file."""
    return _field(name, label, wrong, hint, {"type": "file", "accept": accept})


def _field(
    name: str, label: str, wrong: Sequence[Wrong], hint: str, how: Mapping[str, Attribute]
) -> Html:
    """A field with its label, its hint and what is wrong with it."""
    hints = [tag("p", hint, class_="hint", id=f"{name}-hint")] if hint else []
    about = described(name, wrong, *([f"{name}-hint"] if hint else []))
    shown = tag("input", id=name, name=name, **how, **about)
    errors = error_at(name, wrong)
    inside = (tag("label", label, for_=name), *hints, *errors, shown)
    look = " bad" if about["aria_invalid"] else " bad asks" if errors else ""
    return tag("div", *inside, class_=f"field{look}")


def choice(kind: str, at: str, text: str, **attributes: Attribute) -> Html:
    """One of several answers: a `radio` or a `checkbox`, with its id, name and value."""
    box = tag("input", type=kind, id=at, **attributes)
    return tag("div", box, tag("label", text, for_=at), class_="choice")


def choices(
    kind: str,
    name: str,
    options: Iterable[tuple[str, str]],
    chosen: Collection[str],
    *,
    first: bool = True,
) -> Html:
    """Answers to choose from, by value and text; the first has the id of the field itself.

    `first` says that no answer to the same question stands above.
    """
    drawn: list[Html] = []
    for value, text in options:
        at = f"{name}-{value}" if drawn or not first else name
        drawn.append(choice(kind, at, text, name=name, value=value, checked=value in chosen))
    return tag("div", *drawn, class_="choices")


def group(
    legend: str, parts: Iterable[str], about: Mapping[str, Attribute], *, takes_focus: bool
) -> Html:
    """Fields that belong together, under the question that they answer, the page's heading."""
    heading = tag("h1", legend, tabindex="-1", autofocus=takes_focus)
    is_bad = bool(about.get("aria_invalid"))
    inside = tag("div", *parts, class_="field bad" if is_bad else None)
    named = {"aria_describedby": about.get("aria_describedby")}
    return tag("fieldset", tag("legend", heading), inside, **named)
